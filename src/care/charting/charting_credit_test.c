/* SPDX-License-Identifier: Apache-2.0 */
/* Credit that is taken back, the lists of a facility, and the number beside "Chart notes". */
#include "care/charting/charting_internal.h"
#include "care/messaging/messaging_test_help.h"
#include "platform/pages/pages.h"

struct scene {
	struct world *world;
	struct people p;
	thread_id thread;
	struct chart_note note; /* with credit */
};

/* Ana answered Maria and keeps both messages, with credit; `ehr`: there is another system, which nobody can reach. */
static void
set_scene(struct world *world, struct scene *s, bool ehr)
{
	static const int64_t both[] = {1, 2};
	struct chart_wish wish = {.title = TITLE_GENERAL, .messages = both, .count = 2};
	struct cx ana;

	*s = (struct scene){.world = world};
	assert_ok(record_init(world->vault));
	clinic_setup(world, &s->p);
	if (ehr)
		assert_ok(ehr_settings_set(
		    &world->cx, &(struct ehr_settings){S("http://127.0.0.1:1/fhir"), S("secret-token")}));
	s->thread = maria_writes(world, &s->p, S("May I take both pills?")).thread;
	assert_ok(reply_as(world, s->p.ana, s->thread, S("Yes."), instant_add_ms(world->cx.now, 1000)));
	world->cx.now = instant_add_ms(world->cx.now, 10000);
	db_refresh(&world->cx);
	wish.key = uuid_new(world->cx.now);
	wish.thread = s->thread;
	wish.credit = (struct chart_credit){.clinic = S("323"), .minutes = 12};
	ana = people_as(world, s->p.ana);
	assert_ok(chart_save(&ana, &wish, &s->note));
	db_release(&ana);
	db_refresh(&world->cx);
}

static const struct err *
take_back_as(const struct scene *s, account_id who, str reason)
{
	struct cx cx = people_as(s->world, who);
	const struct err *error = chart_credit_take_back(&cx, s->note.id, reason);

	db_release(&cx);
	db_refresh(&s->world->cx);
	return error;
}

static str
encounter_status(const struct scene *s)
{
	struct resource resource;
	const struct json_value *json;

	assert_ok(
	    resource_get(&s->world->cx, RESOURCE_ENCOUNTER, uuid_text(&s->world->arena, s->note.encounter), &resource));
	assert_ok(json_parse(&s->world->arena, resource.body, &json, NULL));
	return json_text_at(json, "status");
}

static struct chart_note
note_now(const struct scene *s)
{
	struct chart_note note;
	bool found;

	db_refresh(&s->world->cx);
	assert_ok(chart_row_by_id(&s->world->cx, s->note.id, &note, &found));
	assert_true(found);
	return note;
}

static int64_t
number(const struct scene *s, struct sql sql)
{
	int64_t n;

	db_refresh(&s->world->cx);
	assert_ok(db_one(&s->world->cx, sql, BIND_NONE, INTO(&n, ONE_INT)));
	return n;
}

static void
credit_is_taken_back_with_a_reason_and_the_note_stays(void **state)
{
	struct scene s;
	struct cx ana;
	struct db_rows rows;
	struct resource resource;

	set_scene(*state, &s, false);
	assert_fails(take_back_as(&s, s.p.ana, S("  ")), ERR_INVALID);
	assert_str_equal(encounter_status(&s), "finished");
	assert_ok(take_back_as(&s, s.p.okafor, S("Counted twice")));
	assert_str_equal(encounter_status(&s), "entered-in-error");
	assert_int_equal(note_now(&s).state, CHART_KEPT);
	ana = people_as(s.world, s.p.ana);
	assert_ok(chart_notes(&ana, s.thread, &rows));
	assert_str_equal(((const struct chart_note *)rows.items)[0].credit_why, "Counted twice");
	assert_false(instant_is_none(((const struct chart_note *)rows.items)[0].credit_gone));
	db_release(&ana);
	assert_fails(take_back_as(&s, s.p.ana, S("Again")), ERR_CONFLICT);
	assert_ok(
	    resource_get(&s.world->cx, RESOURCE_DOCUMENT_REFERENCE, uuid_text(&s.world->arena, s.note.id), &resource));
	assert_true(str_contains(resource.body, S("\"current\"")));
	/* The version before stays, and a Provenance says why. */
	assert_ok(resource_get_version(
	    &s.world->cx, RESOURCE_ENCOUNTER, uuid_text(&s.world->arena, s.note.encounter), 1, &resource));
	assert_true(str_contains(resource.body, S("\"finished\"")));
	assert_ok(resource_get(
	    &s.world->cx, RESOURCE_PROVENANCE, uuid_text(&s.world->arena, note_now(&s).provenance), &resource));
	assert_true(str_contains(resource.body, S("Counted twice")));
	assert_false(str_contains(resource.body, S("DocumentReference")));
}

static void
credit_taken_back_leaves_for_the_other_system(void **state)
{
	static const struct outbox_kind kinds[] = {{"ehr", ehr_deliver, 2 * EHR_GIVE_UP_MS}, {0}};
	struct scene s;
	struct cx cx;
	int64_t delivered;

	set_scene(*state, &s, true);
	assert_int_equal(number(&s, SQL("SELECT count(*) FROM outbox WHERE kind = 'ehr'")), 1);
	assert_ok(take_back_as(&s, s.p.ana, S("The wrong patient's work")));
	assert_int_equal(number(&s, SQL("SELECT count(*) FROM outbox WHERE kind = 'ehr'")), 2);
	assert_int_equal(note_now(&s).state, CHART_WAITING);
	assert_int_equal(note_now(&s).tries, s.note.tries + 1);
	assert_int_equal(count_of(s.world, s.p.ana, COUNT_CHART), 0);
	/* Nobody takes it for days: a trouble, and a number beside "Chart notes" for those who may work on it. */
	s.world->cx.now = instant_add_ms(s.world->cx.now, EHR_GIVE_UP_MS + HOUR_MS);
	db_refresh(&s.world->cx);
	assert_ok(jobs_deliver_due(&s.world->cx, kinds, &delivered));
	assert_int_equal(note_now(&s).state, CHART_TROUBLE);
	assert_int_equal(count_of(s.world, s.p.ana, COUNT_CHART), 1);
	assert_int_equal(count_of(s.world, s.p.okafor, COUNT_CHART), 1);
	assert_int_equal(count_of(s.world, s.p.ben, COUNT_CHART), 0);
	assert_int_equal(count_of(s.world, s.p.maria_account, COUNT_CHART), 0);
	/* Sent again it is still taken back. */
	cx = people_as(s.world, s.p.okafor);
	assert_ok(chart_retry(&cx, s.note.id));
	db_release(&cx);
	assert_false(instant_is_none(note_now(&s).credit_gone));
	assert_str_equal(encounter_status(&s), "entered-in-error");
	assert_int_equal(count_of(s.world, s.p.ana, COUNT_CHART), 0);
}

static void
nobody_else_takes_credit_back(void **state)
{
	struct scene s;

	set_scene(*state, &s, false);
	const account_id others[] = {s.p.ben, s.p.bo_account, s.p.root, s.p.maria_account};
	for (size_t i = 0; i < 4; i++)
		assert_fails(take_back_as(&s, others[i], S("Mine")), ERR_GONE);
	assert_str_equal(encounter_status(&s), "finished");
}

static void
a_failing_statement_leaves_the_credit_as_it_was(void **state)
{
	struct scene s;
	const struct err *error = NULL;
	int64_t nth = 0, before;

	set_scene(*state, &s, true);
	before = number(&s, SQL("SELECT (SELECT count(*) FROM resource) * 100 + (SELECT count(*) FROM outbox)"));
	do {
		db_fault_arm(s.world->db, DB_FAULT_ERROR, ++nth);
		error = take_back_as(&s, s.p.ana, S("A mistake"));
		db_fault_arm(s.world->db, DB_FAULT_NONE, 0);
		if (error) {
			assert_str_equal(encounter_status(&s), "finished");
			assert_true(instant_is_none(note_now(&s).credit_gone));
			assert_int_equal(
			    number(&s,
				SQL("SELECT (SELECT count(*) FROM resource) * 100 + (SELECT count(*) FROM outbox)")),
			    before);
		}
	} while (error && nth < 100);
	assert_null(error);
	assert_true(nth > 5);
	assert_str_equal(encounter_status(&s), "entered-in-error");
}

/* ---- lists ---- */

static const struct err *
lists_as(const struct scene *s, account_id who, str clinics, str titles, const char **wrong)
{
	struct cx cx = people_as(s->world, who);
	const struct err *error = chart_choices_save(&cx, clinics, titles, wrong);

	db_release(&cx);
	db_refresh(&s->world->cx);
	return error;
}

static void
a_facility_has_lists_of_its_own_and_older_notes_keep_their_words(void **state)
{
	struct scene s;
	struct cx root;
	struct db_rows rows;
	const char *wrong;
	str text, words;
	bool offered;

	set_scene(*state, &s, false);
	root = people_as(s.world, s.p.root);
	assert_ok(chart_choices_text(&root, CHOICE_CLINIC, &text));
	assert_true(str_starts(text, S("323 Primary care\n322 Women's primary care\n")));
	db_release(&root);
	assert_ok(lists_as(&s, s.p.root, S("350 GeriPACT\r\n\r\n 160  Clinical pharmacy "),
	    S("Secure messaging note: medicines\nDiabetes by message"), &wrong));
	assert_ok(chart_choices(&s.world->cx, s.p.facility.id, CHOICE_CLINIC, &rows));
	assert_int_equal(rows.count, 2);
	assert_int_equal(((const struct chart_choice *)rows.items)[0].n, 350);
	assert_ok(chart_choices(&s.world->cx, s.p.facility.id, CHOICE_TITLE, &rows));
	assert_int_equal(((const struct chart_choice *)rows.items)[0].n, 2); /* as it was */
	assert_int_equal(((const struct chart_choice *)rows.items)[1].n, 100);
	/* What is offered no more keeps its name. */
	assert_ok(chart_choice_is_offered(&s.world->cx, s.p.facility.id, CHOICE_CLINIC, 323, &offered));
	assert_false(offered);
	assert_ok(chart_choice_words(&s.world->cx, s.p.facility.id, CHOICE_CLINIC, 323, &words));
	assert_str_equal(words, "Primary care");
	assert_ok(lists_as(&s, s.p.root, S("160 Pharmacy"), S("Another title"), &wrong));
	assert_ok(chart_choice_words(&s.world->cx, s.p.facility.id, CHOICE_TITLE, 100, &words));
	assert_str_equal(words, "Diabetes by message");
	assert_ok(chart_choice_words(&s.world->cx, s.p.facility.id, CHOICE_TITLE, 101, &words));
	assert_str_equal(words, "Another title");
	assert_ok(chart_choice_words(&s.world->cx, s.p.facility.id, CHOICE_CLINIC, 999, &words));
	assert_int_equal(words.n, 0);
}

static void
bad_lists_and_the_wrong_person_change_nothing(void **state)
{
	struct scene s;
	const char *wrong = NULL;
	static const struct {
		const char *clinics, *titles, *wrong;
	} bad[] = {{"Primary care", "A title", "clinics"}, {"32 Primary care", "A title", "clinics"},
	    {"323", "A title", "clinics"}, {"323 A\n323 B", "A title", "clinics"}, {"", "A title", "clinics"},
	    {"323 A", " \n ", "titles"}, {"323 A", "One\nOne", "titles"}, {"323 A", "\x01", "titles"}};

	set_scene(*state, &s, false);
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		assert_fails(
		    lists_as(&s, s.p.root, str_from_z(bad[i].clinics), str_from_z(bad[i].titles), &wrong), ERR_INVALID);
		assert_string_equal(wrong, bad[i].wrong);
	}
	assert_fails(lists_as(&s, s.p.ana, S("323 A"), S("A title"), &wrong), ERR_GONE);
	assert_fails(lists_as(&s, s.p.maria_account, S("323 A"), S("A title"), &wrong), ERR_GONE);
	for (int64_t nth = 1; nth <= 3; nth++) {
		db_fault_arm(s.world->db, DB_FAULT_ERROR, nth);
		assert_non_null(lists_as(&s, s.p.root, S("323 A"), S("A title"), &wrong));
		db_fault_arm(s.world->db, DB_FAULT_NONE, 0);
	}
	assert_int_equal(number(&s, SQL("SELECT count(*) FROM chart_choice")), 0);
}

int
main(void)
{
	const struct CMUnitTest list[] = {
	    WORLD_TEST(credit_is_taken_back_with_a_reason_and_the_note_stays),
	    WORLD_TEST(credit_taken_back_leaves_for_the_other_system),
	    WORLD_TEST(nobody_else_takes_credit_back),
	    WORLD_TEST(a_failing_statement_leaves_the_credit_as_it_was),
	    WORLD_TEST(a_facility_has_lists_of_its_own_and_older_notes_keep_their_words),
	    WORLD_TEST(bad_lists_and_the_wrong_person_change_nothing),
	};

	return cmocka_run_group_tests_name("charting credit", list, NULL, NULL);
}
