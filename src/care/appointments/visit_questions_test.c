/* SPDX-License-Identifier: Apache-2.0 */
/* Questionnaires before a visit: asked by the team or by the kind's rule, handed in by the patient alone, read by the team of the visit and
 * by nobody else, whatever the switch of the health log says. */
#include "visitor.h"

#include "care/appointments/appointments_test_help.h"
#include "care/appointments/visit_questions_internal.h"
#include "care/home/home.h"
#include "care/journal/journal.h"
#include "care/questionnaires/questionnaires.h"
#include "care/record/record_api.h"
#include "care/record/record_pages.h"
#include "trust/portal/portal.h"

/* As seen by `cx`. */
static struct db_rows
seen_by(struct clinic *c, struct cx *cx, const struct appointment *a)
{
	struct db_rows rows;

	clinic_refresh(c);
	db_refresh(cx);
	assert_ok(visit_questions(cx, a, &rows));
	return rows;
}

static const struct visit_question *
only_one(struct db_rows rows)
{
	assert_int_equal(rows.count, 1);
	return rows.items;
}

static size_t
to_do(struct clinic *c)
{
	struct db_rows rows;

	clinic_refresh(c);
	assert_ok(visit_questions_to_do(&c->maria, c->people.maria, &rows));
	return rows.count;
}

static const struct err *
hand_in(struct clinic *c, struct cx *cx, const struct appointment *a, const char *questionnaire, const char *words)
{
	clinic_refresh(c);
	db_refresh(cx);
	return visit_question_answer(cx, &(struct visit_answers){.patient = a->patient,
					     .appointment = a->id,
					     .questionnaire = str_from_z(questionnaire),
					     .entry = uuid_new(cx->now),
					     .has_score = true,
					     .score = 12,
					     .meaning = S("Moderate"),
					     .words = str_from_z(words)});
}

static struct appointment
book_first(struct clinic *c)
{
	const struct slot *slots;
	size_t count;

	slots = clinic_slots(c, &count);
	return clinic_book(c, slots[0].id);
}

static void
the_team_asks_once_and_reads_what_the_patient_hands_in(void **state)
{
	struct clinic c;
	struct appointment a;
	const struct visit_question *q;
	int64_t notices;

	clinic_open(&c, state, 2);
	a = book_first(&c);
	assert_int_equal(seen_by(&c, &c.ana, &a).count, 0);
	assert_int_equal(to_do(&c), 0);
	notices = clinic_outbox(&c, "visit_notice");
	assert_ok(visit_question_ask(&c.ana, a.patient, a.id, S("phq-9")));
	db_refresh(&c.ana);
	assert_ok(visit_question_ask(&c.ana, a.patient, a.id, S("phq-9"))); /* pressed twice */
	assert_int_equal(clinic_outbox(&c, "visit_notice"), notices + 1);
	q = only_one(seen_by(&c, &c.ana, &a));
	assert_true(str_contains(q->title, S("PHQ-9")));
	assert_true(instant_is_none(q->answered_at));
	assert_false(q->has_score);
	assert_int_equal(to_do(&c), 1);
	assert_ok(hand_in(&c, &c.maria, &a, "phq-9", "first words"));
	assert_int_equal(to_do(&c), 0);
	q = only_one(seen_by(&c, &c.ana, &a));
	assert_false(instant_is_none(q->answered_at));
	assert_int_equal(q->score, 12);
	assert_true(str_equal(q->words, S("first words")));
	assert_ok(hand_in(&c, &c.maria, &a, "phq-9", "second words")); /* again takes its place */
	assert_true(str_equal(only_one(seen_by(&c, &c.ana, &a))->words, S("second words")));
	db_refresh(&c.ana);
	assert_fails(visit_question_drop(&c.ana, a.patient, a.id, q->id), ERR_CONFLICT);
	clinic_close(&c);
}

static void
nobody_else_asks_answers_or_reads(void **state)
{
	struct clinic c;
	struct appointment a;
	struct cx ben, bo;
	struct db_rows rows;
	const struct visit_question *q;

	clinic_open(&c, state, 2);
	a = book_first(&c);
	ben = people_as(c.world, c.people.ben);
	bo = people_as(c.world, c.people.bo_account);
	assert_fails(visit_question_ask(&ben, a.patient, a.id, S("phq-9")), ERR_GONE);
	assert_fails(visit_question_ask(&bo, a.patient, a.id, S("phq-9")), ERR_GONE);
	assert_fails(visit_question_ask(&c.maria, a.patient, a.id, S("phq-9")), ERR_GONE);
	assert_fails(visit_question_ask(&c.ana, a.patient, a.id, S("no-such")), ERR_INVALID);
	assert_fails(
	    visit_question_ask(&c.ana, a.patient, (appointment_id){uuid_new(c.ana.now)}, S("phq-9")), ERR_GONE);
	assert_ok(visit_question_ask(&c.ana, a.patient, a.id, S("phq-9")));
	q = only_one(seen_by(&c, &c.ana, &a));
	assert_fails(hand_in(&c, &c.ana, &a, "phq-9", "x"), ERR_GONE);
	assert_fails(hand_in(&c, &bo, &a, "phq-9", "x"), ERR_GONE);
	assert_fails(hand_in(&c, &c.maria, &a, "gad-7", "x"), ERR_GONE); /* not asked */
	assert_fails(visit_questions(&ben, &a, &rows), ERR_GONE);
	assert_fails(visit_question_drop(&ben, a.patient, a.id, q->id), ERR_GONE);
	assert_fails(visit_question_drop(&c.maria, a.patient, a.id, q->id), ERR_GONE);
	db_refresh(&c.ana);
	assert_ok(visit_question_drop(&c.ana, a.patient, a.id, q->id));
	db_refresh(&c.ana);
	assert_ok(visit_question_drop(&c.ana, a.patient, a.id, q->id)); /* pressed twice */
	assert_int_equal(to_do(&c), 0);
	db_release(&ben);
	db_release(&bo);
	clinic_close(&c);
}

/* María acts for Bo: his visits, not his answers. */
static void
who_acts_for_a_patient_sees_what_is_asked_and_no_answer(void **state)
{
	struct clinic c;
	struct cx bo, ben, acting;
	struct appointment a;
	const struct visit_question *q;
	struct db_rows rows;
	struct schedule s;
	const struct slot *slot;

	clinic_open(&c, state, 2);
	bo = people_as(c.world, c.people.bo_account);
	ben = people_as(c.world, c.people.ben);
	assert_ok(schedule_get(&c.root, c.hours, &s));
	s.id.v = uuid_new(c.world->cx.now);
	s.team = c.people.birch;
	assert_ok(schedule_save(&c.root, &s));
	db_refresh(&bo);
	assert_ok(slots_open(&bo,
	    &(struct slot_query){
		.patient = c.people.bo, .bookable = true, .from = INSTANT_NONE, .until = INSTANT_NONE, .count_max = 5},
	    &rows));
	slot = rows.items;
	assert_ok(appointment_book(&bo,
	    &(struct appointment_booking){.key = uuid_new(bo.now), .patient = c.people.bo, .slot = slot[0].id}, &a));
	db_refresh(&ben);
	assert_ok(visit_question_ask(&ben, a.patient, a.id, S("phq-9")));
	assert_ok(hand_in(&c, &bo, &a, "phq-9", "secret words"));
	people_delegate(c.world, &c.people, RIGHT_APPOINTMENTS | RIGHT_RECORD_READ);
	acting = people_acting(c.world, c.people.maria_account, c.people.bo);
	q = only_one(seen_by(&c, &acting, &a));
	assert_true(str_contains(q->title, S("PHQ-9")));
	assert_false(q->has_score);
	assert_int_equal(q->words.n, 0);
	assert_int_equal(q->meaning.n, 0);
	assert_fails(hand_in(&c, &acting, &a, "phq-9", "x"), ERR_GONE);
	people_delegate(c.world, &c.people, RIGHT_MESSAGES_READ);
	db_refresh(&acting);
	assert_fails(visit_questions(&acting, &a, &rows), ERR_GONE);
	db_release(&acting);
	db_release(&bo);
	db_release(&ben);
	clinic_close(&c);
}

static void
a_kind_brings_its_questionnaires_along(void **state)
{
	static const str two[] = {{"phq-9", 5}, {"gad-7", 5}};
	static const str six[] = {{"phq-9", 5}, {"gad-7", 5}, {"phq-9", 5}, {"gad-7", 5}, {"phq-9", 5}, {"gad-7", 5}};
	static const str none[] = {{"no-such", 7}};
	struct clinic c;
	struct appointment a;
	const struct slot *slots;
	const struct visit_question *q;
	size_t count;

	clinic_open(&c, state, 2);
	assert_fails(visit_kind_questions_set(&c.ana, c.kind, two, 2), ERR_GONE);
	assert_fails(visit_kind_questions_set(&c.root, c.kind, none, 1), ERR_INVALID);
	assert_fails(visit_kind_questions_set(&c.root, c.kind, six, 6), ERR_INVALID);
	a = book_first(&c);
	assert_ok(visit_kind_questions_set(&c.root, c.kind, two, 2));
	assert_int_equal(seen_by(&c, &c.ana, &a).count, 0); /* from the next booking on */
	assert_ok(clinic_do(&c.maria, &a, DEED_CANCEL, NULL, "Not now"));
	slots = clinic_slots(&c, &count);
	a = clinic_book(&c, slots[1].id);
	assert_int_equal(to_do(&c), 2);
	q = seen_by(&c, &c.ana, &a).items;
	assert_true(uuid_is_none(q[0].asked_by.v));
	db_refresh(&c.ana);
	assert_ok(visit_question_drop(&c.ana, a.patient, a.id, q[0].id));
	assert_ok(clinic_do(&c.maria, &a, DEED_MOVE, &slots[2].id, ""));
	assert_int_equal(seen_by(&c, &c.ana, &a).count, 1); /* what was taken away stays away */
	a = clinic_look(&c, a.id);
	assert_ok(clinic_do(&c.maria, &a, DEED_CANCEL, NULL, "Not now"));
	assert_int_equal(to_do(&c), 0); /* nothing is to be done before a visit that is off */
	assert_fails(hand_in(&c, &c.maria, &a, "phq-9", "x"), ERR_CONFLICT);
	db_refresh(&c.ana);
	assert_fails(visit_question_ask(&c.ana, a.patient, a.id, S("audit-c")), ERR_CONFLICT);
	clinic_close(&c);
}

static void
nothing_is_half_asked_or_half_answered(void **state)
{
	struct clinic c;
	struct appointment a;
	int64_t notices;

	clinic_open(&c, state, 2);
	a = book_first(&c);
	notices = clinic_outbox(&c, "visit_notice");
	for (int n = 1;; n++) {
		const struct err *error;

		db_refresh(&c.ana);
		db_fault_arm(c.world->cx.db, DB_FAULT_ERROR, n);
		error = visit_question_ask(&c.ana, a.patient, a.id, S("phq-9"));
		db_fault_arm(c.world->cx.db, DB_FAULT_NONE, 0);
		if (!error)
			break;
		assert_int_equal(to_do(&c), 0);
		assert_int_equal(clinic_outbox(&c, "visit_notice"), notices);
		assert_true(n < 50);
	}
	assert_int_equal(to_do(&c), 1);
	assert_int_equal(clinic_outbox(&c, "visit_notice"), notices + 1);
	clinic_close(&c);
}

/* ---- the pages ---- */

struct room {
	struct clinic c;
	struct visits v;
	struct visitor maria, ana, root;
};

static void
room_open(struct room *r, void **state)
{
	static const struct route *const doors[] = {appointments_routes, record_pages_routes, messaging_routes,
	    home_routes, journal_routes, questionnaires_routes, portal_routes, asset_routes, NULL};

	*r = (struct room){0};
	clinic_open(&r->c, state, 2);
	r->v.people = r->c.people;
	visit_begin(&r->v, *state, doors);
	r->maria = visitor_of(&r->v, r->c.people.maria_account);
	r->ana = visitor_of(&r->v, r->c.people.ana);
	r->root = visitor_of(&r->v, r->c.people.root);
}

static void
room_close(struct room *r)
{
	visit_end(&r->v);
	clinic_close(&r->c);
}

#define GAD_SHOWN "s0=1&s1=1&s2=1&s3=1&s4=1&s5=1&s6=1&s7=1&s8=1&s9=1"
#define GAD_ALL   GAD_SHOWN "&q0=2&q1=2&q2=2&q3=1&q4=1&q5=1&q6=1&q7=1&q8=1"

static void
the_form_is_begun_left_and_finished_from_the_visit(void **state)
{
	struct room r;
	struct appointment a;
	const char *team, *own, *form;

	room_open(&r, state);
	a = book_first(&r.c);
	team = path_z(&r.v, "/patients/%s/appointments/%s", id_z(&r.v, a.patient.v), id_z(&r.v, a.id.v));
	own = path_z(&r.v, "/appointments/%s", id_z(&r.v, a.id.v));
	form = path_z(&r.v, "%s/questionnaires/gad-7", own);
	assert_lacks(visit(&r.v, &r.maria, "/home"), "To do before your visit");
	assert_lacks(visit(&r.v, &r.maria, own), "To do before your visit");
	assert_int_equal(visit(&r.v, &r.maria, form).status, 404); /* nobody asked */
	assert_int_equal(submit(&r.v, &r.ana, path_z(&r.v, "%s/questionnaires", team), "questionnaire=").status, 400);
	assert_moved(submit(&r.v, &r.ana, path_z(&r.v, "%s/questionnaires", team), "questionnaire=gad-7"));
	assert_shows(visit(&r.v, &r.maria, "/home"), "To do before your visit");
	assert_shows(visit(&r.v, &r.maria, own), "Fill in: ");
	assert_shows(visit(&r.v, &r.maria, form), "they see your answers beside the visit");
	assert_moved(submit(&r.v, &r.maria, form, "do=half&" GAD_SHOWN "&q1=2"));
	assert_shows(visit(&r.v, &r.maria, own), "begun");
	assert_shows(visit(&r.v, &r.ana, team), "not answered yet"); /* half-way answers are nobody's but hers */
	assert_shows(submit(&r.v, &r.maria, form, "do=finish&" GAD_ALL), "Your team sees them beside your visit.");
	assert_lacks(visit(&r.v, &r.maria, "/home"), "To do before your visit");
	assert_shows(visit(&r.v, &r.maria, own), "answered");
	assert_shows(visit(&r.v, &r.ana, team), "Score: ");
	assert_shows(visit(&r.v, &r.ana, team), "The answers");
	room_close(&r);
}

static void
the_day_list_shows_the_score_beside_the_visit(void **state)
{
	struct room r;
	struct appointment a;
	const char *day, *team;

	room_open(&r, state);
	a = book_first(&r.c);
	day = path_z(&r.v, "/schedule?day=%.*s", STR_ARG(str_take(fhir_instant_text(r.c.maria.arena, a.start), 10)));
	assert_lacks(visit(&r.v, &r.ana, day), "not answered yet");
	assert_ok(visit_question_ask(&r.c.ana, a.patient, a.id, S("gad-7")));
	assert_shows(visit(&r.v, &r.ana, day), "not answered yet");
	assert_ok(hand_in(&r.c, &r.c.maria, &a, "gad-7", "words of hers"));
	assert_shows(visit(&r.v, &r.ana, day), "<strong>12</strong>, Moderate");
	team = path_z(&r.v, "/patients/%s/appointments/%s", id_z(&r.v, a.patient.v), id_z(&r.v, a.id.v));
	assert_shows(visit(&r.v, &r.ana, team), "words of hers");
	room_close(&r);
}

static void
the_office_says_what_a_kind_brings_along(void **state)
{
	struct room r;
	const char *kind;

	room_open(&r, state);
	kind = path_z(&r.v, "/admin/schedule/kinds/%s", id_z(&r.v, r.c.kind.v));
	assert_shows(visit(&r.v, &r.root, kind), "Questionnaires to fill in before");
	assert_moved(submit(&r.v, &r.root, kind, "name=Follow-up&mode=in-person&minutes=30&active=yes&ask-phq-9=yes"));
	assert_shows(visit(&r.v, &r.root, kind), "name=\"ask-phq-9\" value=\"yes\" checked");
	assert_int_equal(
	    submit(&r.v, &r.root, kind, "name=&mode=in-person&minutes=30&active=yes&ask-gad-7=yes").status, 400);
	assert_moved(submit(&r.v, &r.root, kind, "name=Follow-up&mode=in-person&minutes=30&active=yes"));
	assert_lacks(visit(&r.v, &r.root, kind), "name=\"ask-phq-9\" value=\"yes\" checked");
	room_close(&r);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    WORLD_TEST(the_team_asks_once_and_reads_what_the_patient_hands_in),
	    WORLD_TEST(nobody_else_asks_answers_or_reads),
	    WORLD_TEST(who_acts_for_a_patient_sees_what_is_asked_and_no_answer),
	    WORLD_TEST(a_kind_brings_its_questionnaires_along),
	    WORLD_TEST(nothing_is_half_asked_or_half_answered),
	    WORLD_TEST(the_form_is_begun_left_and_finished_from_the_visit),
	    WORLD_TEST(the_day_list_shows_the_score_beside_the_visit),
	    WORLD_TEST(the_office_says_what_a_kind_brings_along),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
