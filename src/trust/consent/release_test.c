/* SPDX-License-Identifier: Apache-2.0 */
/* Who may set which rule of release, what is refused, and whom the rules are for. */
#include "people.h"

#include "trust/consent/release.h"

static size_t
rules_seen(struct world *world, account_id who, patient_id patient, enum access_why why, struct release_rule *first)
{
	struct cx cx = people_as(world, who);
	struct db_rows rows;

	assert_ok(release_rules(&cx, patient, why, &rows));
	if (rows.count && first)
		*first = *(const struct release_rule *)rows.items;
	db_release(&cx);
	return rows.count;
}

static void
a_rule_of_the_facility_is_for_its_patients_and_nobody_else(void **state)
{
	struct world *world = *state;
	struct people p;
	struct cx cx;
	struct release_rule rule = {.class = RELEASE_PATHOLOGY, .mode = RELEASE_AFTER, .hours = 336}, seen;
	struct db_rows rows;

	people_setup(world, &p);
	assert_int_equal(rules_seen(world, p.maria_account, p.maria, ACCESS_SELF, NULL), 0);
	cx = people_as(world, p.root);
	assert_ok(release_rules_set(&cx, &rule, 1));
	assert_int_equal(rules_seen(world, p.maria_account, p.maria, ACCESS_SELF, &seen), 1);
	assert_true(seen.class == RELEASE_PATHOLOGY && seen.mode == RELEASE_AFTER && seen.hours == 336 && !seen.own);
	assert_true(str_equal(seen.code, S("")));
	assert_int_equal(rules_seen(world, p.maria_account, p.maria, ACCESS_DELEGATE, NULL), 1);
	assert_int_equal(rules_seen(world, p.ana, p.maria, ACCESS_CARE_TEAM, NULL), 0);
	assert_int_equal(rules_seen(world, p.ana, p.maria, ACCESS_SYSTEM, NULL), 0);

	rule.hours = 24; /* a second time changes it */
	assert_ok(release_rules_set(&cx, &rule, 1));
	rule = (struct release_rule){.class = RELEASE_LABS, .mode = RELEASE_ASK, .code = S(" 5221-7 ")};
	assert_ok(release_rules_set(&cx, &rule, 1));
	assert_ok(release_rules_of_office(&cx, &rows));
	assert_int_equal(rows.count, 2);
	assert_true(str_equal(((struct release_rule *)rows.items)[0].code, S("5221-7")));
	assert_int_equal(((struct release_rule *)rows.items)[1].hours, 24);

	assert_ok(release_rule_remove(&cx, RELEASE_LABS, S("5221-7")));
	rule = (struct release_rule){.class = RELEASE_PATHOLOGY, .mode = RELEASE_AT_ONCE};
	assert_ok(release_rules_set(&cx, &rule, 1)); /* at once for a whole class is no rule */
	assert_ok(release_rules_of_office(&cx, &rows));
	assert_int_equal(rows.count, 0);
	db_release(&cx);
}

static void
rules_that_make_no_sense_are_refused(void **state)
{
	static const struct release_rule bad[] = {
	    {.class = 0, .mode = RELEASE_ASK},
	    {.class = RELEASE_CLASSES, .mode = RELEASE_ASK},
	    {.class = RELEASE_LABS, .mode = 7},
	    {.class = RELEASE_LABS, .mode = RELEASE_DISCUSSED}, /* a patient's choice */
	    {.class = RELEASE_LABS, .mode = RELEASE_AFTER, .hours = 0},
	    {.class = RELEASE_LABS, .mode = RELEASE_AFTER, .hours = RELEASE_HOURS_MAX + 1},
	    {.class = RELEASE_LABS, .mode = RELEASE_ASK, .hours = 3},
	    {.class = RELEASE_LABS, .mode = RELEASE_ASK, .code = S_INIT("two words")},
	    {.class = RELEASE_LABS, .mode = RELEASE_ASK, .code = S_INIT("line\nbreak")},
	};
	struct world *world = *state;
	struct people p;
	struct cx cx, maria;
	struct release_rule edge = {.class = RELEASE_LABS, .mode = RELEASE_AFTER, .hours = RELEASE_HOURS_MAX};
	struct release_rule chosen[RELEASE_CLASSES];

	people_setup(world, &p);
	cx = people_as(world, p.root);
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		assert_fails(release_rules_set(&cx, &bad[i], 1), ERR_INVALID);
	assert_ok(release_rules_set(&cx, &edge, 1));
	maria = people_as(world, p.maria_account);
	assert_fails(release_rules_set(&maria, &edge, 1), ERR_GONE);
	assert_fails(release_rule_remove(&maria, RELEASE_LABS, STR_NONE), ERR_GONE);
	edge.own = true;
	assert_ok(release_pacing_set(&maria, p.maria, &edge));
	edge.hours = 0;
	assert_fails(release_pacing_set(&maria, p.maria, &edge), ERR_INVALID);
	edge = (struct release_rule){.class = RELEASE_NOTES, .mode = RELEASE_DISCUSSED, .own = true};
	assert_ok(release_pacing_set(&maria, p.maria, &edge));
	assert_ok(release_pacing(&maria, p.maria, chosen));
	assert_true(chosen[RELEASE_NOTES].own && chosen[RELEASE_NOTES].mode == RELEASE_DISCUSSED);
	assert_false(chosen[RELEASE_PROBLEMS].own);
	edge.own = false; /* gives it up */
	assert_ok(release_pacing_set(&maria, p.maria, &edge));
	assert_ok(release_pacing(&maria, p.maria, chosen));
	assert_false(chosen[RELEASE_NOTES].own);
	db_release(&cx);
	db_release(&maria);
}

static void
only_the_patient_paces_and_only_those_who_may_let_through(void **state)
{
	struct world *world = *state;
	struct people p;
	struct release_rule choice = {.class = RELEASE_LABS, .mode = RELEASE_ASK, .own = true}, out[RELEASE_CLASSES];
	struct release_let let = {.type = 7, .n = 3, .subject = AUDIT_LABS};
	struct db_rows rows;
	struct cx cx;

	people_setup(world, &p);
	const account_id others[] = {p.bo_account, p.ben, p.root};

	let.patient = p.maria;
	for (size_t i = 0; i < 3; i++) {
		cx = people_as(world, others[i]);
		assert_fails(release_pacing(&cx, p.maria, out), ERR_GONE);
		assert_fails(release_pacing_set(&cx, p.maria, &choice), ERR_GONE);
		assert_fails(release_let_through(&cx, &let), ERR_GONE);
		db_release(&cx);
	}
	cx = people_as(world, p.ana);
	assert_fails(release_pacing_set(&cx, p.maria, &choice), ERR_GONE); /* the team does not pace for her */
	assert_ok(release_let_through(&cx, &let));
	assert_ok(release_let_through(&cx, &let));
	db_release(&cx);
	cx = people_as(world, p.maria_account);
	assert_ok(release_let_through(&cx, &let));
	assert_ok(release_passes(&cx, p.maria, 7, &rows));
	assert_int_equal(rows.count, 2);
	assert_false(((struct release_pass *)rows.items)[0].by_team);
	assert_true(((struct release_pass *)rows.items)[1].by_team);
	assert_ok(release_passes(&cx, p.maria, 8, &rows));
	assert_int_equal(rows.count, 0);
	db_release(&cx);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    WORLD_TEST(a_rule_of_the_facility_is_for_its_patients_and_nobody_else),
	    WORLD_TEST(rules_that_make_no_sense_are_refused),
	    WORLD_TEST(only_the_patient_paces_and_only_those_who_may_let_through),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
