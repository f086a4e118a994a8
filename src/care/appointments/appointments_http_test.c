/* SPDX-License-Identifier: Apache-2.0 */
/* The pages and the FHIR face over a real server: the office opens, a patient books, changes, calls off and asks, the team answers;
 * whoever acts for the patient does so with the right alone. */
#include "visitor.h"

#include <unistd.h>

#include "care/appointments/appointments_test_help.h"
#include "care/home/home.h"
#include "care/record/record_api.h"
#include "care/record/record_pages.h"
#include "trust/portal/portal.h"

struct room {
	struct clinic c;
	struct visits v;
	struct visitor maria, ana, root, ben;
};

/* Clinic and server see the same clock here, the real one. */
static void
room_open(struct room *r, void **state)
{
	static const struct route *const doors[] = {appointments_routes, appointments_fhir_routes, record_api_routes,
	    record_pages_routes, messaging_routes, home_routes, portal_routes, asset_routes, NULL};

	*r = (struct room){0};
	clinic_open(&r->c, state, 1);
	r->v.people = r->c.people;
	visit_begin(&r->v, *state, doors);
	r->maria = visitor_of(&r->v, r->c.people.maria_account);
	r->ana = visitor_of(&r->v, r->c.people.ana);
	r->ben = visitor_of(&r->v, r->c.people.ben);
	r->root = visitor_of(&r->v, r->c.people.root);
}

static void
room_close(struct room *r)
{
	visit_end(&r->v);
	clinic_close(&r->c);
}

static const char *
slot_z(struct room *r, size_t i)
{
	const struct slot *slots;
	size_t count;

	slots = clinic_slots(&r->c, &count);
	assert_true(i < count);
	return id_z(&r->v, slots[i].id.v);
}

/* "/appointments/ID" out of where a form led to. */
static const char *
page_of(struct room *r, str moved)
{
	str path;

	str_cut(moved, '?', &path);
	return arena_z(&r->v.trial.arena, path);
}

static void
a_patient_books_writes_a_list_changes_and_calls_off(void **state)
{
	struct room r;
	const char *one, *second;
	struct reply reply;

	room_open(&r, state);
	assert_shows(visit(&r.v, &r.maria, "/appointments"), "No visit is planned");
	assert_shows(visit(&r.v, &r.maria, "/appointments/new"), "Follow-up");
	assert_int_equal(submit(&r.v, &r.maria, "/appointments/book", "reason=x").status, 400);
	one = page_of(
	    &r, assert_moved(submit(&r.v, &r.maria, "/appointments/book", "slot=%s&reason=My+knee", slot_z(&r, 0))));
	assert_shows(visit(&r.v, &r.maria, one), "My knee");
	assert_shows(visit(&r.v, &r.maria, one), "Through the garden.");
	assert_shows(visit(&r.v, &r.maria, "/home"), "Follow-up");
	assert_moved(submit(&r.v, &r.maria, path_z(&r.v, "%s/agenda", one), "agenda=The+tablets"));
	assert_shows(visit(&r.v, &r.maria, one), "The tablets");
	reply = visit(&r.v, &r.maria, path_z(&r.v, "%s/visit.ics", one));
	assert_shows(reply, "DTSTART;TZID=America/New_York:");
	assert_true(str_starts(reply_header(reply, "Content-Type"), S("text/calendar")));
	second = slot_z(&r, 0);
	assert_moved(submit(&r.v, &r.maria, path_z(&r.v, "%s/change", one), "deed=take&slot=%s", second));
	assert_int_equal(submit(&r.v, &r.maria, path_z(&r.v, "%s/change", one), "deed=ask&words=").status, 400);
	assert_int_equal(submit(&r.v, &r.maria, path_z(&r.v, "%s/cancel", one), "words=").status, 400);
	assert_moved(submit(&r.v, &r.maria, path_z(&r.v, "%s/cancel", one), "reason=better&words="));
	assert_shows(visit(&r.v, &r.maria, one), "I feel better and do not need it");
	assert_int_equal(visit(&r.v, &r.maria, path_z(&r.v, "%s/check-in", one)).status, 405);
	room_close(&r);
}

static void
a_request_is_answered_with_one_button(void **state)
{
	struct room r;
	const char *one, *id, *team, *slot, *thread;
	struct db_rows rows;

	room_open(&r, state);
	team = id_z(&r.v, r.c.people.maple.v);
	slot = slot_z(&r, 4);
	assert_shows(visit(&r.v, &r.maria, "/appointments/ask"), "Your request goes to Maple Team.");
	assert_int_equal(submit(&r.v, &r.maria, "/appointments/ask", "team=%s&reason=", team).status, 400);
	one = page_of(
	    &r, assert_moved(submit(&r.v, &r.maria, "/appointments/ask",
		    "team=%s&kind=%s&reason=My+knee&wish=Mornings&slot=%s", team, id_z(&r.v, r.c.kind.v), slot)));
	id = one + sizeof("/appointments/") - 1;
	assert_shows(visit(&r.v, &r.maria, "/appointments"), "asked for");
	assert_shows(visit(&r.v, &r.ana, "/schedule"), "1 request waits for an answer");
	assert_shows(visit(&r.v, &r.ana, "/schedule/requests"), "Mornings");
	assert_lacks(visit(&r.v, &r.ben, "/schedule/requests"), "Mornings");
	assert_int_equal(
	    visit(&r.v, &r.ben, path_z(&r.v, "/patients/%s/appointments/%s", id_z(&r.v, r.c.people.maria.v), id))
		.status,
	    404);
	clinic_refresh(&r.c);
	assert_ok(thread_list(&r.c.maria, r.c.people.maria, THREADS_ALL, 0, 10, &rows));
	thread = path_z(&r.v, "/inbox/%s", id_z(&r.v, ((const struct thread *)rows.items)->id.v));
	assert_shows(visit(&r.v, &r.ana, thread), ">Book "); /* in the inbox the proposed time is a button */
	assert_moved(
	    submit(&r.v, &r.ana, path_z(&r.v, "/patients/%s/appointments/%s", id_z(&r.v, r.c.people.maria.v), id),
		"deed=accept&slot=%s&back=%s", slot, thread));
	assert_lacks(visit(&r.v, &r.ana, thread), ">Book ");
	assert_shows(visit(&r.v, &r.ana, "/schedule/requests"), "Nothing waits");
	assert_shows(visit(&r.v, &r.maria, one), "booked");
	clinic_refresh(&r.c);
	assert_ok(thread_list(&r.c.maria, r.c.people.maria, THREADS_ALL, 0, 10, &rows));
	assert_int_equal(rows.count, 1);
	assert_shows(
	    visit(&r.v, &r.maria, path_z(&r.v, "/messages/%s", id_z(&r.v, ((const struct thread *)rows.items)->id.v))),
	    one); /* the conversation leads to the visit */
	room_close(&r);
}

static void
the_office_opens_hours_and_is_told_what_is_wrong(void **state)
{
	struct room r;
	const char *team;

	room_open(&r, state);
	team = id_z(&r.v, r.c.people.maple.v);
	assert_shows(visit(&r.v, &r.root, "/admin/schedule"), "Follow-up");
	assert_int_equal(visit(&r.v, &r.ana, "/admin/schedule").status, 403);
	assert_int_equal(
	    submit(&r.v, &r.root, "/admin/schedule/kinds/new", "name=&minutes=30&mode=in-person").status, 400);
	assert_moved(submit(
	    &r.v, &r.root, "/admin/schedule/kinds/new", "name=Video&minutes=20&mode=video&bookable=yes&active=yes"));
	assert_int_equal(submit(&r.v, &r.root, "/admin/schedule/hours/new",
			     "team=%s&account=none&kind=%s&from=noon&until=15:00&seats=1&mon=yes&active=yes", team,
			     id_z(&r.v, r.c.kind.v))
			     .status,
	    400);
	assert_moved(submit(&r.v, &r.root, "/admin/schedule/hours/new",
	    "team=%s&account=%s&kind=%s&from=13:00&until=15:00&seats=1&mon=yes&active=yes", team,
	    id_z(&r.v, r.c.people.okafor.v), id_z(&r.v, r.c.kind.v)));
	assert_shows(visit(&r.v, &r.root, "/admin/schedule"), "Ada Okafor");
	assert_shows(visit(&r.v, &r.root, path_z(&r.v, "/admin/schedule/hours/%s", id_z(&r.v, r.c.hours.v))), "Room 4");
	room_close(&r);
}

static void
who_acts_for_a_patient_needs_the_right(void **state)
{
	struct room r;
	struct cx acting;
	struct db_rows rows;

	room_open(&r, state);
	people_delegate(r.v.world, &r.c.people, RIGHT_APPOINTMENTS);
	acting = people_acting(r.v.world, r.c.people.maria_account, r.c.people.bo);
	assert_ok(appointment_list(&acting, r.c.people.bo, APPOINTMENTS_PAST, 0, 10, &rows));
	db_release(&acting);
	people_delegate(r.v.world, &r.c.people, RIGHT_MESSAGES_READ);
	acting = people_acting(r.v.world, r.c.people.maria_account, r.c.people.bo);
	assert_fails(appointment_list(&acting, r.c.people.bo, APPOINTMENTS_PAST, 0, 10, &rows), ERR_GONE);
	db_release(&acting);
	room_close(&r);
}

static struct reply
post_fhir(struct room *r, const struct visitor *who, str body)
{
	struct arena *arena = &r->v.trial.arena;

	return client_ask(&r->v.trial,
	    arena_printf(arena,
		"POST /fhir/Appointment HTTP/1.1\r\nHost: here\r\nSec-Fetch-Site: same-origin\r\nCookie: salve=%.*s\r\n"
		"Content-Type: application/fhir+json\r\nContent-Length: %zu\r\n\r\n%.*s",
		STR_ARG(who->cookie), body.n, STR_ARG(body)));
}

static void
programs_find_slots_and_take_one(void **state)
{
	struct room r;
	const struct json_value *json;
	struct reply reply;
	const char *slot;
	str body;

	room_open(&r, state);
	slot = slot_z(&r, 2);
	reply = visit(&r.v, &r.maria, "/fhir/Slot?status=free&_count=3&start=ge2026-01-01");
	assert_int_equal(reply.status, 200);
	assert_ok(json_parse(&r.v.trial.arena, reply.body, &json, NULL));
	assert_int_equal(json_count(json_get(json, "entry")), 3);
	assert_true(str_equal(json_text_at(json, "entry.0.resource.status"), S("free")));
	assert_true(str_contains(json_text_at(json, "link.1.url"), S("_offset=3")));
	assert_int_equal(visit(&r.v, &r.maria, "/fhir/Slot?start=soon").status, 400);
	assert_shows(visit(&r.v, &r.maria, path_z(&r.v, "/fhir/Slot/%s", slot)), "\"status\":\"free\"");
	assert_shows(visit(&r.v, &r.maria, "/fhir/Schedule?active=true"), "Follow-up");
	assert_int_equal(visit(&r.v, &r.maria, "/fhir/Slot/00000000-0000-7000-8000-000000000001").status, 404);
	body = arena_printf(&r.v.trial.arena,
	    "{\"resourceType\":\"Appointment\",\"status\":\"proposed\",\"identifier\":[{\"value\":"
	    "\"00000000-0000-7000-8000-0000000000aa\"}],\"slot\":[{\"reference\":\"Slot/"
	    "%s\"}],\"reasonCode\":[{\"text\":"
	    "\"My knee\"}],\"participant\":[{\"status\":\"accepted\"}]}",
	    slot);
	reply = post_fhir(&r, &r.maria, body);
	assert_int_equal(reply.status, 201);
	assert_true(str_contains(reply.body, S("\"status\":\"booked\"")));
	assert_int_equal(post_fhir(&r, &r.maria, body).status, 201); /* the same again */
	assert_shows(visit(&r.v, &r.maria, path_z(&r.v, "/fhir/Slot/%s", slot)), "\"status\":\"busy\"");
	assert_int_equal(
	    post_fhir(&r, &r.maria, S("{\"resourceType\":\"Appointment\",\"status\":\"proposed\"}")).status, 400);
	room_close(&r);
}

static void
a_visit_that_took_place_has_a_summary(void **state)
{
	struct room r;

	room_open(&r, state);
	put_text(r.v.world, r.c.people.maria,
	    S("{\"resourceType\":\"Encounter\",\"id\":\"e1\",\"status\":\"finished\",\"class\":{\"code\":\"AMB\"},"
	      "\"type\":[{"
	      "\"text\":\"Yearly check\"}],\"subject\":{\"reference\":\"Patient/x\"},\"period\":{\"start\":"
	      "\"2026-01-05T14:00:00Z\"}}"));
	put_text(r.v.world, r.c.people.maria,
	    S("{\"resourceType\":\"MedicationRequest\",\"id\":\"m1\",\"status\":\"active\",\"intent\":\"order\","
	      "\"medicationCodeableConcept\":{\"text\":\"Lisinopril\"},\"subject\":{\"reference\":\"Patient/x\"},"
	      "\"encounter\":{\"reference\":\"Encounter/e1\"}}"));
	put_text(r.v.world, r.c.people.maria,
	    S("{\"resourceType\":\"DocumentReference\",\"id\":\"d1\",\"status\":\"current\",\"type\":{\"text\":"
	      "\"Progress "
	      "note\"},\"subject\":{\"reference\":\"Patient/x\"},\"content\":[{\"attachment\":{\"contentType\":\"text/"
	      "plain\","
	      "\"data\":\"V2FsayBtb3JlLg==\"}}],\"context\":{\"encounter\":[{\"reference\":\"Encounter/e1\"}]}}"));
	put_text(r.v.world, r.c.people.maria,
	    S("{\"resourceType\":\"MedicationRequest\",\"id\":\"m2\",\"status\":\"active\",\"intent\":\"order\","
	      "\"medicationCodeableConcept\":{\"text\":\"Metformin\"},\"subject\":{\"reference\":\"Patient/x\"}}"));
	assert_shows(visit(&r.v, &r.maria, "/appointments"), "/appointments/after/e1");
	assert_shows(visit(&r.v, &r.maria, "/appointments/after/e1"), "Lisinopril");
	assert_shows(visit(&r.v, &r.maria, "/appointments/after/e1"), "Walk more.");
	assert_lacks(visit(&r.v, &r.maria, "/appointments/after/e1"), "Metformin"); /* not of this visit */
	assert_int_equal(visit(&r.v, &r.maria, "/appointments/after/none").status, 404);
	room_close(&r);
}

/* ---- open pages ---- */

static int
listen_as(struct room *r, const struct visitor *who)
{
	int fd = client_connect(&r->v.trial);

	client_send(fd, arena_printf(&r->v.trial.arena,
			    "GET /events HTTP/1.1\r\nHost: here\r\nCookie: salve=%.*s\r\n\r\n", STR_ARG(who->cookie)));
	assert_true(str_contains(client_read_some(&r->v.trial, fd, 4096, 500), S("text/event-stream")));
	return fd;
}

static bool
hears(struct room *r, int fd, const char *what)
{
	return str_contains(client_read_some(&r->v.trial, fd, 8192, 500), str_from_z(what));
}

static void
open_pages_hear_what_waits_of_visits(void **state)
{
	struct room r;
	int ana, ben, maria;
	const char *one;

	room_open(&r, state);
	ana = listen_as(&r, &r.ana);
	ben = listen_as(&r, &r.ben);
	maria = listen_as(&r, &r.maria);
	one = page_of(&r, assert_moved(submit(&r.v, &r.maria, "/appointments/ask", "team=%s&reason=My+knee",
			      id_z(&r.v, r.c.people.maple.v))));
	assert_true(hears(&r, ana, "event: visits\ndata: 1\n"));
	assert_false(hears(&r, ben, "event: visits"));
	assert_shows(visit(&r.v, &r.ana, "/inbox"), "data-live-count=\"visits\">1<");
	client_read_some(&r.v.trial, maria, 8192, 300);
	assert_moved(submit(&r.v, &r.ana, path_z(&r.v, "/patients/%s%s", id_z(&r.v, r.c.people.maria.v), one),
	    "deed=offer&slot=%s", slot_z(&r, 2)));
	assert_true(hears(&r, ana, "event: visits\ndata: 0\n"));
	assert_true(hears(&r, maria, "event: visits\ndata: 1\n")); /* times to choose among */
	assert_shows(visit(&r.v, &r.maria, "/home"), "data-live-count=\"visits\">1<");
	close(ana);
	close(ben);
	close(maria);
	room_close(&r);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    WORLD_TEST(a_patient_books_writes_a_list_changes_and_calls_off),
	    WORLD_TEST(a_request_is_answered_with_one_button),
	    WORLD_TEST(the_office_opens_hours_and_is_told_what_is_wrong),
	    WORLD_TEST(who_acts_for_a_patient_needs_the_right),
	    WORLD_TEST(programs_find_slots_and_take_one),
	    WORLD_TEST(a_visit_that_took_place_has_a_summary),
	    WORLD_TEST(open_pages_hear_what_waits_of_visits),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
