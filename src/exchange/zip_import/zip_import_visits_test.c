/* SPDX-License-Identifier: Apache-2.0 */
/* Visits in the ZIP with everything and out of it: what the patient wants to talk about, and what they asked for. */
#include "exchange/zip_import/zip_import_test_help.h"

#include "care/appointments/appointments.h"

/* A visit of another system, one that she asks for, and what she wants to talk about in both. */
static void
plan_visits(struct two *two)
{
	static const struct outbox_kind kinds[] = {{RECORD_FOLLOW_KIND, visit_follow_deliver, DAY_MS}, {0}};
	struct clinic *c = &two->clinic;
	struct cx cx = world_cx(two->old);
	struct resource_draft *draft;
	const struct json_value *json;
	struct appointment a;
	struct db_rows rows;
	int64_t delivered;

	cx.now = c->px.now;
	assert_ok(json_parse(cx.arena,
	    arena_printf(cx.arena,
		"{\"resourceType\":\"Appointment\",\"id\":\"dentist\",\"status\":\"booked\",\"description\":"
		"\"Dentist\","
		"\"comment\":\"Bring the old "
		"crown\",\"start\":\"2026-04-01T10:00:00-04:00\",\"end\":\"2026-04-01T10:30:00-04:00\","
		"\"participant\":[{\"actor\":{\"reference\":\"Patient/%s\"},\"status\":\"accepted\"}]}",
		arena_z(cx.arena, uuid_text(cx.arena, c->patient.v))),
	    &json, NULL));
	assert_ok(resource_prepare(&cx,
	    &(struct resource_new){.patient = c->patient, .json = json, .id = S("dentist"), .updated = cx.now},
	    &draft));
	assert_ok(db_write(&cx, two_put_draft, draft));
	assert_ok(jobs_deliver_due(&cx, kinds, &delivered));
	db_release(&cx);
	c->cx = people_as_at(two->old, c->account, c->px.now);
	assert_ok(appointment_list(&c->cx, c->patient, APPOINTMENTS_TO_COME, 0, 5, &rows));
	assert_int_equal(rows.count, 1);
	assert_ok(appointment_agenda_set(
	    &c->cx, c->patient, ((const struct appointment *)rows.items)->id, S("Whether the crown can stay")));
	db_refresh(&c->cx);
	assert_ok(appointment_ask_new(&c->cx,
	    &(struct appointment_request){.key = uuid_new(c->px.now),
		.patient = c->patient,
		.team = c->people.maple,
		.reason = S("My knee"),
		.wish = S("Mornings suit me")},
	    &a));
	db_refresh(&c->cx);
	assert_ok(appointment_agenda_set(&c->cx, c->patient, a.id, S("Stairs, and the tablets")));
	db_release(&c->cx);
}

static void
what_she_wants_to_talk_about_comes_along(void **state)
{
	static const struct outbox_kind kinds[] = {{RECORD_FOLLOW_KIND, visit_follow_deliver, DAY_MS}, {0}};
	static const char *const lists[] = {"Whether the crown can stay", "Stairs, and the tablets"};
	struct two *two = *state;
	struct zip_import_report report;
	struct appointment *a;
	struct set brought;
	struct db_rows rows;
	struct cx cx;
	int64_t delivered;

	if (!make_archive_of(two, plan_visits))
		return;
	for (size_t i = 0; i < 2; i++) { /* in what people read and in what programs read */
		assert_true(str_contains(file_of(two, "record/record.txt"), str_from_z(lists[i])));
		assert_true(str_contains(file_of(two, "appointments.html"), str_from_z(lists[i])));
		assert_true(str_contains(file_of(two, "visits/visits.ndjson"), str_from_z(lists[i])));
	}
	assert_true(str_contains(file_of(two, "record/record.json"), S("Stairs, and the tablets")));
	assert_true(str_contains(file_of(two, "visits/visits.ndjson"), S("Mornings suit me")));
	assert_ok(import(two, buf_str(&two->archive), false, &report));
	assert_int_equal(report.refused, 0);
	brought = all_of(two->new, two->clinic.patient, each_current);
	assert_kept(two, &brought, "visits/visits.ndjson");
	cx = world_cx(two->new);
	assert_ok(jobs_deliver_due(&cx, kinds, &delivered));
	cx.now = two->clinic.px.now;
	db_refresh(&cx);
	assert_ok(appointment_list(&cx, two->clinic.patient, APPOINTMENTS_ASKED, 0, 5, &rows));
	a = rows.items;
	assert_int_equal(rows.count, 1);
	assert_str_equal(a[0].agenda, "Stairs, and the tablets");
	assert_ok(appointment_list(&cx, two->clinic.patient, APPOINTMENTS_TO_COME, 0, 5, &rows));
	a = rows.items;
	assert_int_equal(rows.count, 1);
	assert_int_equal(a[0].agenda.n, 0); /* a comment of another system is nobody's list */
	db_release(&cx);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    BOTH_WAYS(what_she_wants_to_talk_about_comes_along),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
