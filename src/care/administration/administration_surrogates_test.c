/* SPDX-License-Identifier: Apache-2.0 */
/* Who stands in for whom: at the edges of time, what it does to messages, and that it is found by index. */
#include "care/administration/administration_test_help.h"

/* ---- who stands in ---- */

static const struct err *
ben_for_ana(struct world *world, const struct people *p, account_id says, instant since, instant until)
{
	struct cx cx = people_as(world, says);
	const struct err *error = surrogate_make(
	    &cx, &(struct surrogate){.account = p->ana, .by_account = p->ben, .since = since, .until = until});

	db_release(&cx);
	return error;
}

static void
who_stands_in_sees_exactly_for_that_time(void **state)
{
	struct world *world = *state;
	struct people p;
	struct db_rows rows;
	struct cx ben;
	thread_id thread;
	instant since, until, t = wednesday();
	struct surrogate who;
	int64_t before;
	bool found;

	clinic_setup(world, &p);
	thread = maria_writes(world, &p, S("May I?")).thread;
	since = instant_add_ms(t, DAY_MS);
	until = instant_add_ms(t, 3 * DAY_MS);
	assert_ok(ben_for_ana(world, &p, p.ana, since, until));
	assert_false(sees(world, p.ben, thread, instant_add_ms(since, -1)));
	assert_true(sees(world, p.ben, thread, since));
	assert_true(sees(world, p.ben, thread, instant_add_ms(until, -1)));
	assert_false(sees(world, p.ben, thread, until));
	assert_true(sees(world, p.ana, thread, since)); /* nothing changed hands */
	/* They are reached and told, may take it, and let go at the end. */
	before = notices_waiting(world);
	ben = people_as_at(world, p.ben, since);
	assert_ok(notice_choice_set(&ben, NOTICES_EACH));
	maria_writes_at(world, &p, S("Another"), instant_add_ms(since, 1));
	assert_int_equal(notices_waiting(world), before + 1);
	assert_ok(thread_claim(&ben, thread));
	assert_ok(surrogate_of_account(&ben, p.ana, &who, &found));
	assert_true(found);
	assert_str_equal(who.by_name, "Ben Hart");
	assert_ok(surrogate_list(&ben, p.facility.id, &rows));
	assert_int_equal(rows.count, 1);
	world->cx.now = since;
	assert_sound(world);
	world->cx.now = until;
	assert_ok(messaging_escalate(&world->cx));
	assert_true(uuid_is_none(thread_now(world, thread).owner.v));
	assert_sound(world);
	db_release(&ben);
}

static void
ending_a_surrogate_ends_it_at_once(void **state)
{
	struct world *world = *state;
	struct people p;
	struct db_rows rows;
	struct cx ana, ben;
	thread_id thread;
	instant t = wednesday();

	clinic_setup(world, &p);
	thread = maria_writes(world, &p, S("May I?")).thread;
	assert_ok(ben_for_ana(world, &p, p.root, instant_add_ms(t, -DAY_MS), instant_add_ms(t, DAY_MS)));
	assert_true(sees(world, p.ben, thread, t));
	ana = people_as(world, p.ana);
	ben = people_as(world, p.ben);
	assert_ok(surrogate_list(&ana, p.facility.id, &rows));
	assert_fails(surrogate_end(&ben, ((struct surrogate *)rows.items)[0].id), ERR_GONE);
	assert_ok(surrogate_end(&ana, ((struct surrogate *)rows.items)[0].id));
	assert_fails(surrogate_end(&ana, ((struct surrogate *)rows.items)[0].id), ERR_CONFLICT);
	assert_false(sees(world, p.ben, thread, t));
	db_release(&ana);
	db_release(&ben);
	assert_sound(world);
}

static void
teams_stand_in_and_are_stood_in_for(void **state)
{
	struct world *world = *state;
	struct people p;
	struct cx cx;
	thread_id thread;
	struct surrogate s = {0};
	instant t = wednesday(), end = instant_add_ms(wednesday(), DAY_MS);

	clinic_setup(world, &p);
	thread = maria_writes(world, &p, S("May I?")).thread;
	cx = office(world, &p);
	s = (struct surrogate){.account = p.ana, .by_team = p.birch, .since = t, .until = end};
	assert_ok(surrogate_make(&cx, &s));
	assert_true(sees(world, p.ben, thread, t));
	/* Somebody who comes to the team that stands in, stands in too; who leaves, does not. */
	assert_ok(group_add_member(&cx, p.birch, p.okafor));
	assert_ok(group_remove_member(&cx, p.birch, p.ben));
	assert_false(sees(world, p.ben, thread, instant_add_ms(t, 1)));
	assert_ok(group_add_member(&cx, p.birch, p.ben));
	assert_ok(group_remove_member(&cx, p.birch, p.okafor));
	/* A team that is away. */
	s = (struct surrogate){
	    .team = p.maple, .by_account = p.ben, .since = end, .until = instant_add_ms(end, DAY_MS)};
	assert_ok(surrogate_make(&cx, &s));
	assert_true(sees(world, p.ben, thread, end));
	assert_false(sees(world, p.ben, thread, instant_add_ms(end, DAY_MS)));
	s = (struct surrogate){.team = p.maple,
	    .by_team = p.birch,
	    .since = instant_add_ms(end, DAY_MS),
	    .until = instant_add_ms(end, 2 * DAY_MS)};
	assert_ok(surrogate_make(&cx, &s));
	assert_true(sees(world, p.ben, thread, instant_add_ms(end, DAY_MS)));
	db_release(&cx);
	assert_sound(world);
}

static void
nobody_stands_in_for_themselves_nor_in_chains(void **state)
{
	struct world *world = *state;
	struct people p;
	struct cx cx;
	instant t = wednesday(), end = instant_add_ms(wednesday(), DAY_MS), later_end = instant_add_ms(end, DAY_MS);
	struct surrogate bad[12];
	size_t n = 0;

	clinic_setup(world, &p);
	cx = office(world, &p);
	assert_ok(ben_for_ana(world, &p, p.root, t, end));
#define WHEN .since = t, .until = end
	bad[n++] = (struct surrogate){.account = p.okafor, .by_account = p.okafor, WHEN};
	bad[n++] = (struct surrogate){.team = p.maple, .by_team = p.maple, WHEN};
	bad[n++] = (struct surrogate){.account = p.okafor, WHEN};
	bad[n++] = (struct surrogate){.account = p.okafor, .team = p.maple, .by_account = p.ben, WHEN};
	bad[n++] = (struct surrogate){.account = p.ana, .by_account = p.okafor, WHEN}; /* somebody does already */
	bad[n++] = (struct surrogate){.account = p.okafor, .by_account = p.ana, WHEN}; /* she is away */
	bad[n++] = (struct surrogate){.account = p.ben, .by_account = p.okafor, WHEN}; /* he stands in */
	bad[n++] = (struct surrogate){.account = p.ben, .by_account = p.ana, WHEN};    /* a loop */
	bad[n++] = (struct surrogate){.team = p.maple, .by_account = p.okafor, WHEN};  /* a member */
	bad[n++] = (struct surrogate){.account = p.okafor, .by_account = p.maria_account, WHEN};
	bad[n++] = (struct surrogate){.account = p.okafor, .by_account = p.ben, .since = end, .until = t};
	bad[n++] = (struct surrogate){
	    .account = p.okafor, .by_account = p.ben, .since = instant_add_ms(t, -2), .until = instant_add_ms(t, -1)};
	for (size_t i = 0; i < n; i++)
		assert_fails(surrogate_make(&cx, &bad[i]), ERR_INVALID);
	/* One after the other is no loop: she comes back when he goes. */
	assert_ok(surrogate_make(
	    &cx, &(struct surrogate){.account = p.ben, .by_account = p.ana, .since = end, .until = later_end}));
	/* Of others only coordinators say that they are away. */
	assert_fails(ben_for_ana(world, &p, p.okafor, later_end, instant_add_ms(later_end, 1)), ERR_GONE);
	assert_fails(ben_for_ana(world, &p, p.maria_account, later_end, instant_add_ms(later_end, 1)), ERR_GONE);
	db_release(&cx);
	assert_sound(world);
}

static void
whole_days_begin_and_end_at_midnight_whatever_the_clocks_do(void **state)
{
	const struct zone *zone;
	instant since, until;
	int32_t sunday = civil_date_to_days((struct civil_date){2026, 3, 8}); /* clocks go forward in New York */

	(void)state;
	assert_ok(zone_find(S("America/New_York"), &zone));
	surrogate_days(zone, sunday, sunday, &since, &until);
	assert_int_equal(until.ms - since.ms, 23 * HOUR_MS);
	assert_int_equal(zone_civil(zone, since).hour, 0);
	assert_int_equal(zone_civil(zone, until).date.day, 9);
	surrogate_days(zone, sunday - 1, sunday + 1, &since, &until);
	assert_int_equal(until.ms - since.ms, 71 * HOUR_MS);
	sunday = civil_date_to_days((struct civil_date){2026, 11, 1}); /* and back */
	surrogate_days(zone, sunday, sunday, &since, &until);
	assert_int_equal(until.ms - since.ms, 25 * HOUR_MS);
}

static void
standing_in_is_whole_or_not_at_all(void **state)
{
	struct world *world = *state;
	struct people p;
	thread_id thread;
	const struct err *error = NULL;
	int64_t nth = 0;
	instant t = wednesday();

	clinic_setup(world, &p);
	thread = maria_writes(world, &p, S("May I?")).thread;
	do {
		db_fault_arm(world->db, DB_FAULT_ERROR, ++nth);
		error = ben_for_ana(world, &p, p.ana, t, instant_add_ms(t, DAY_MS));
		db_fault_arm(world->db, DB_FAULT_NONE, 0);
		assert_int_equal(sees(world, p.ben, thread, t), error == NULL);
		assert_sound(world);
		assert_true(nth < 20);
	} while (error);
	assert_true(nth > 2);
}

/* ---- speed ---- */

struct plan {
	int64_t id, parent, unused;
	str detail;
};
static const struct db_column PLAN[] = {
    COL(struct plan, id), COL(struct plan, parent), COL(struct plan, unused), COL(struct plan, detail)};

static void
assert_by_index(struct world *world, struct sql sql)
{
	struct db_value of_caller[] = {DB(uuid_new(world->cx.now)), DB(world->cx.now), DB(uuid_new(world->cx.now))};
	struct db_rows rows;
	const struct plan *step;

	assert_ok(db_all(&world->cx, sql, (struct db_bind){of_caller, 3}, ROWS(struct plan, PLAN), &rows));
	step = rows.items;
	assert_true(rows.count > 0);
	for (size_t i = 0; i < rows.count; i++)
		/* A view's result is read from end to end, whatever it was made from; no table is. */
		if (str_starts(step[i].detail, S("SCAN")) && !str_equal(step[i].detail, S("SCAN page_item")) &&
		    !str_equal(step[i].detail, S("SCAN v")))
			fail_msg("%.*s", STR_ARG(step[i].detail));
}

/* What is asked on every page and at every deed looks up rows, and reads no table from end to end. */
static void
who_sees_what_is_found_by_index(void **state)
{
	struct world *world = *state;
	struct people p;

	if (strcmp(world->product, "sqlite") != 0)
		return; /* PostgreSQL reads small tables whole, and is right to */
	clinic_setup(world, &p);
	assert_by_index(
	    world, SQL("EXPLAIN QUERY PLAN SELECT kind, count(DISTINCT item) FROM page_item WHERE account = $1"
		       " AND since <= $2 AND until > $2 AND care_since <= $2 AND care_until > $2 AND $3 = $3"
		       " GROUP BY kind"));
	assert_by_index(world, SQL("EXPLAIN QUERY PLAN SELECT v.why FROM visible_patient v"
				   " WHERE v.account = $1 AND v.patient = $3 AND v.since <= $2 AND v.until > $2"
				   " ORDER BY v.why LIMIT 1"));
	assert_by_index(world,
	    SQL("EXPLAIN QUERY PLAN SELECT count(*) FROM thread t WHERE t.team = $3 AND t.status < 20"
		" AND EXISTS (SELECT 1 FROM team_patient p WHERE p.patient = t.patient AND p.since <= $2"
		"  AND p.until > $2 AND p.team IN (SELECT w.team FROM team_worker w JOIN account a"
		"  ON a.id = w.account WHERE w.account = $1 AND w.since <= $2 AND w.until > $2 AND a.active = 1))"));
	assert_by_index(world, SQL("EXPLAIN QUERY PLAN SELECT a.id FROM account a WHERE a.active = 1 AND $1 = $1"
				   " AND a.id IN (SELECT w.account FROM team_worker w"
				   "  WHERE w.team = $3 AND w.since <= $2 AND w.until > $2) ORDER BY a.role, a.id"));
}

int
main(void)
{
	const struct CMUnitTest list[] = {
	    WORLD_TEST(who_stands_in_sees_exactly_for_that_time),
	    WORLD_TEST(ending_a_surrogate_ends_it_at_once),
	    WORLD_TEST(teams_stand_in_and_are_stood_in_for),
	    WORLD_TEST(nobody_stands_in_for_themselves_nor_in_chains),
	    cmocka_unit_test(whole_days_begin_and_end_at_midnight_whatever_the_clocks_do),
	    WORLD_TEST(standing_in_is_whole_or_not_at_all),
	    WORLD_TEST(who_sees_what_is_found_by_index),
	};

	return cmocka_run_group_tests_name("administration surrogates", list, NULL, NULL);
}
