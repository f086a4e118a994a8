/* SPDX-License-Identifier: Apache-2.0 */
/* Asking, answering, more time, withdrawing, disagreeing; who may; what stands in the record afterwards; that a statement that fails
 * keeps nothing of it. */
#include "visitor.h"

#include "care/corrections/corrections.h"
#include "care/messaging/messaging.h"
#include "care/record/record_pages.h"
#include "care/record/record_test_help.h"
#include "platform/format/base64.h"
#include "platform/jobs/jobs.h"
#include "trust/portal/portal.h"

#define GLUCOSE                                                                                                     \
	"{\"resourceType\":\"Observation\",\"id\":\"g\",\"status\":\"final\",\"category\":[{\"coding\":[{\"code\":" \
	"\"laboratory\"}]}],\"code\":{\"text\":\"Glucose\"},\"subject\":{\"reference\":\"Patient/x\"}}"

struct room {
	struct world *world;
	struct people people;
	struct cx bo, root, maria;
	struct correction_new ask;
};

static void
room_open(struct room *r, void **state)
{
	*r = (struct room){.world = *state};
	setup(r->world, &r->people);
	put_text(r->world, r->people.bo, S(GLUCOSE));
	r->bo = people_as(r->world, r->people.bo_account);
	r->root = people_as(r->world, r->people.root);
	r->maria = people_as(r->world, r->people.maria_account);
	r->ask = (struct correction_new){.key = uuid_new(r->world->cx.now),
	    .kind = CORRECTION_AMENDMENT,
	    .about = S("Observation/g"),
	    .title = S("Glucose"),
	    .asked = S(" It was taken after breakfast. ")};
}

static void
room_close(struct room *r)
{
	db_release(&r->bo);
	db_release(&r->root);
	db_release(&r->maria);
}

/* Each deed of a test is a request of its own, with a snapshot of its own. */
static void
look_anew(struct room *r)
{
	db_refresh(&r->bo);
	db_refresh(&r->root);
}

static struct correction
only_one(struct room *r)
{
	struct db_rows rows;

	look_anew(r);
	assert_ok(corrections_own(&r->bo, &rows));
	assert_int_equal(rows.count, 1);
	return *(struct correction *)rows.items;
}

/* What the record says of it to the patient; absent: nothing. */
static str
in_record(struct room *r, correction_id id)
{
	struct resource resource;
	const struct json_value *json;
	str text;

	look_anew(r);
	if (resource_get(&r->bo, RESOURCE_DOCUMENT_REFERENCE, uuid_text(r->bo.arena, id.v), &resource))
		return STR_NONE;
	assert_ok(json_parse(r->bo.arena, resource.body, &json, NULL));
	assert_true(base64_decode(r->bo.arena, json_text_at(json, "content.0.attachment.data"), &text));
	return text;
}

/* How many notices wait for the patient, none with a word of what it is about. */
static size_t
notices(struct room *r)
{
	struct db_rows rows;
	const struct outbox_item *item;

	look_anew(r);
	assert_ok(outbox_of_patient(
	    &r->root, "notice", r->people.bo, (instant){0}, instant_add_ms(r->world->cx.now, DAY_MS), 100, &rows));
	item = rows.items;
	for (size_t i = 0; i < rows.count; i++) {
		assert_true(str_contains(item[i].payload, S("\"reason\":\"correction\"")));
		assert_false(str_contains(item[i].payload, S("Glucose")));
	}
	return rows.count;
}

static void
the_patient_is_told_when_the_clinic_moves(void **state)
{
	struct room r;
	struct correction c;

	room_open(&r, state);
	assert_ok(correction_ask(&r.bo, &r.ask));
	assert_int_equal(notices(&r), 0);
	c = only_one(&r);
	assert_ok(correction_extend(&r.root, &c, S("The laboratory must look for it.")));
	assert_int_equal(notices(&r), 1);
	c = only_one(&r);
	assert_ok(correction_settle(
	    &r.root, &c, &(struct correction_answer){.accept = true, .words = S("We marked it as not fasting.")}));
	assert_int_equal(notices(&r), 2);

	assert_ok(notice_choice_set(&r.bo, NOTICES_NONE));
	r.ask.key = uuid_new(instant_add_ms(r.world->cx.now, 1));
	assert_ok(correction_ask(&r.bo, &r.ask));
	look_anew(&r);
	assert_ok(correction_own(&r.bo, (correction_id){r.ask.key}, &c));
	assert_ok(correction_settle(&r.root, &c, &(struct correction_answer){.accept = true, .words = S("Done.")}));
	assert_int_equal(notices(&r), 2);
	room_close(&r);
}

static void
a_request_is_answered_and_stands_in_the_record(void **state)
{
	struct room r;
	struct correction c;
	struct db_rows rows;
	int64_t waiting;

	room_open(&r, state);
	assert_ok(correction_ask(&r.bo, &r.ask));
	assert_ok(correction_ask(&r.bo, &r.ask)); /* pressed twice */
	c = only_one(&r);
	assert_true(str_equal(c.asked, S("It was taken after breakfast.")));
	assert_int_equal(c.due.ms - c.made.ms, 60 * DAY_MS);
	assert_false(correction_is_late(&c, instant_add_ms(c.made, 60 * DAY_MS)));
	assert_true(correction_is_late(&c, instant_add_ms(c.made, 60 * DAY_MS + 1)));
	assert_ok(corrections_of_office(&r.root, true, &rows));
	assert_int_equal(rows.count, 1);
	assert_ok(corrections_waiting_count(&r.root, r.people.facility.id, &waiting));
	assert_int_equal(waiting, 1);
	assert_false(in_record(&r, c.id).p);
	assert_ok(correction_settle(
	    &r.root, &c, &(struct correction_answer){.accept = true, .words = S("We marked it as not fasting.")}));
	c = only_one(&r);
	assert_int_equal(c.state, CORRECTION_ACCEPTED);
	assert_true(str_contains(in_record(&r, c.id), S("We marked it as not fasting.")));
	assert_true(str_contains(in_record(&r, c.id), S("It was taken after breakfast.")));
	assert_fails(
	    correction_settle(&r.root, &c, &(struct correction_answer){.accept = true, .words = S("x")}), ERR_CONFLICT);
	assert_fails(correction_withdraw(&r.bo, c.id), ERR_CONFLICT);
	look_anew(&r);
	assert_ok(corrections_of_office(&r.root, true, &rows));
	assert_int_equal(rows.count, 0);
	assert_ok(corrections_of_office(&r.root, false, &rows));
	assert_int_equal(rows.count, 1);
	room_close(&r);
}

static void
a_refusal_needs_a_reason_and_the_patient_can_disagree_once(void **state)
{
	struct room r;
	struct correction c;

	room_open(&r, state);
	assert_ok(correction_ask(&r.bo, &r.ask));
	c = only_one(&r);
	assert_fails(correction_disagree(&r.bo, c.id, S("No!")), ERR_CONFLICT); /* nothing to disagree with yet */
	assert_ok(correction_extend(&r.root, &c, S("We ask the laboratory.")));
	c = only_one(&r);
	assert_int_equal(c.due.ms - c.made.ms, 90 * DAY_MS);
	assert_fails(correction_extend(&r.root, &c, S("Again.")), ERR_CONFLICT);
	assert_fails(correction_settle(&r.root, &c, &(struct correction_answer){.words = S("No.")}), ERR_INVALID);
	assert_fails(
	    correction_settle(&r.root, &c, &(struct correction_answer){.basis = BASIS_ACCURATE, .words = S(" ")}),
	    ERR_INVALID);
	assert_ok(correction_settle(
	    &r.root, &c, &(struct correction_answer){.basis = BASIS_ACCURATE, .words = S("The result is right.")}));
	look_anew(&r);
	assert_ok(correction_disagree(&r.bo, c.id, S("It is not.")));
	look_anew(&r);
	assert_fails(correction_disagree(&r.bo, c.id, S("It is not!")), ERR_CONFLICT);
	c = only_one(&r);
	assert_true(str_contains(in_record(&r, c.id), S("It is accurate and complete.")));
	assert_true(str_contains(in_record(&r, c.id), S("It is not.")));
	assert_true(str_contains(in_record(&r, c.id), S("We ask the laboratory.")));
	room_close(&r);
}

static void
care_paid_for_in_full_cannot_be_refused(void **state)
{
	struct room r;
	struct correction c;
	struct correction_answer refusal = {.basis = BASIS_CANNOT_KEEP, .words = S("We cannot.")};

	room_open(&r, state);
	r.ask.kind = CORRECTION_RESTRICTION;
	r.ask.about = STR_NONE;
	r.ask.paid = true;
	assert_ok(correction_ask(&r.bo, &r.ask));
	c = only_one(&r);
	assert_int_equal(c.due.ms - c.made.ms, 30 * DAY_MS);
	assert_fails(correction_settle(&r.root, &c, &refusal), ERR_INVALID);
	assert_ok(correction_withdraw(&r.bo, c.id));
	refusal.accept = true;
	assert_fails(correction_settle(&r.root, &c, &refusal), ERR_CONFLICT);
	room_close(&r);
}

static void
only_the_patient_asks_and_only_their_office_answers(void **state)
{
	struct room r;
	struct correction c;
	struct cx ben, acting;
	struct db_rows rows;

	room_open(&r, state);
	people_delegate(r.world, &r.people, RIGHT_RECORD_READ);
	acting = people_acting(r.world, r.people.maria_account, r.people.bo);
	assert_fails(correction_ask(&acting, &r.ask), ERR_GONE); /* who acts for him does not decide this */
	assert_ok(correction_ask(&r.bo, &r.ask));
	c = only_one(&r);
	assert_fails(correction_own(&r.maria, c.id, &c), ERR_GONE);
	ben = people_as(r.world, r.people.ben);
	assert_fails(corrections_of_office(&ben, true, &rows), ERR_GONE);
	assert_fails(
	    correction_settle(&ben, &c, &(struct correction_answer){.accept = true, .words = S("x")}), ERR_GONE);
	assert_fails(correction_of_office(&r.root, r.people.maria, c.id, &c), ERR_GONE);
	r.ask =
	    (struct correction_new){.key = uuid_new(r.world->cx.now), .kind = CORRECTION_AMENDMENT, .asked = S(" ")};
	assert_fails(correction_ask(&r.bo, &r.ask), ERR_INVALID);
	r.ask.asked = S("Wrong.");
	r.ask.about = S("Observation/of-somebody-else");
	assert_fails(correction_ask(&r.bo, &r.ask), ERR_INVALID);
	db_release(&ben);
	db_release(&acting);
	room_close(&r);
}

static void
a_failing_statement_keeps_nothing_of_an_answer(void **state)
{
	struct room r;
	struct correction c;
	struct correction_answer answer = {.accept = true, .words = S("Done.")};
	bool failed = true;

	room_open(&r, state);
	assert_ok(correction_ask(&r.bo, &r.ask));
	c = only_one(&r);
	for (int64_t n = 1; failed; n++) {
		const struct err *error;

		assert_true(n < 50);
		db_fault_arm(r.world->db, DB_FAULT_ERROR, n);
		error = correction_settle(&r.root, &c, &answer);
		db_fault_arm(r.world->db, DB_FAULT_NONE, 0);
		failed = error != NULL;
		if (!failed)
			break;
		assert_int_equal(only_one(&r).state, CORRECTION_ASKED);
		assert_false(in_record(&r, c.id).p);
	}
	assert_int_equal(only_one(&r).state, CORRECTION_ACCEPTED);
	assert_true(in_record(&r, c.id).p != NULL);
	room_close(&r);
}

static void
the_pages_lead_from_the_entry_to_the_answer(void **state)
{
	static const struct route *const doors[] = {
	    corrections_routes, record_pages_routes, portal_routes, asset_routes, NULL};
	struct visits v = {0};
	struct visitor bo, root;
	struct db_rows rows;
	struct cx cx;
	const char *one;

	visit_begin(&v, *state, doors);
	assert_ok(record_init(v.world->vault));
	put_text(v.world, v.people.bo, S(GLUCOSE));
	bo = visitor_of(&v, v.people.bo_account);
	root = visitor_of(&v, v.people.root);
	assert_shows(visit(&v, &bo, "/record/labs/g"), "/corrections/new?about=Observation/g");
	assert_shows(visit(&v, &bo, "/corrections/new?about=Observation/g"), "About: Glucose");
	assert_int_equal(submit(&v, &bo, "/corrections/new", "kind=amendment&asked=").status, 400);
	assert_moved(submit(&v, &bo, "/corrections/new", "kind=amendment&about=Observation/g&asked=After+breakfast"));
	assert_shows(visit(&v, &bo, "/corrections"), "waits for an answer");
	assert_shows(visit(&v, &root, "/admin/corrections"), "Bo Lee");
	cx = people_as_at(v.world, v.people.bo_account, instant_read_clock());
	assert_ok(corrections_own(&cx, &rows));
	one = path_z(
	    &v, "/admin/corrections/%s/%s", id_z(&v, v.people.bo.v), id_z(&v, ((struct correction *)rows.items)->id.v));
	db_release(&cx);
	assert_shows(visit(&v, &root, one), "After breakfast");
	assert_int_equal(submit(&v, &root, path_z(&v, "%s/settle", one), "verdict=refuse&basis=&words=No").status, 400);
	assert_int_equal(submit(&v, &root, path_z(&v, "%s/settle", one), "words=No").status, 400);
	assert_moved(submit(&v, &root, path_z(&v, "%s/settle", one), "verdict=agree&basis=&words=Mended"));
	assert_shows(visit(&v, &bo, "/corrections"), "agreed");
	assert_shows(visit(&v, &bo, "/record/documents"), "Request to correct: Glucose");
	visit_end(&v);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    WORLD_TEST(a_request_is_answered_and_stands_in_the_record),
	    WORLD_TEST(the_patient_is_told_when_the_clinic_moves),
	    WORLD_TEST(a_refusal_needs_a_reason_and_the_patient_can_disagree_once),
	    WORLD_TEST(care_paid_for_in_full_cannot_be_refused),
	    WORLD_TEST(only_the_patient_asks_and_only_their_office_answers),
	    WORLD_TEST(a_failing_statement_keeps_nothing_of_an_answer),
	    WORLD_TEST(the_pages_lead_from_the_entry_to_the_answer),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
