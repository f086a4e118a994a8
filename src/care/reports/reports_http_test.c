/* SPDX-License-Identifier: Apache-2.0 */
/* The pages over a real server: who gets in, what stands there, what does not. */
#include "visitor.h"

#include "care/messaging/messaging.h"
#include "care/reports/reports_internal.h"
#include "platform/format/csv.h"
#include "platform/format/json.h"
#include "trust/portal/portal.h"

static const struct route *const tables[] = {reports_routes, messaging_routes, portal_routes, asset_routes, NULL};

static void
maria_asks(struct visits *v, str subject, str body)
{
	struct cx cx = people_as(v->world, v->people.maria_account);
	struct sent sent;

	assert_ok(thread_send_new(&cx,
	    &(struct thread_new){.key = uuid_new(cx.now),
		.patient = v->people.maria,
		.team = v->people.maple,
		.subject = subject,
		.body = body},
	    &sent));
	db_release(&cx);
}

static void
staff_see_reports_and_patients_do_not(void **state)
{
	struct visits v = {0};
	struct visitor root, ana, ben, maria;
	struct reply reply;

	visit_begin(&v, *state, tables);
	maria_asks(&v, S("SECRET subject"), S("SECRET body"));
	root = visitor_of(&v, v.people.root);
	ana = visitor_of(&v, v.people.ana);
	ben = visitor_of(&v, v.people.ben);
	maria = visitor_of(&v, v.people.maria_account);
	reply = visit(&v, &root, "/reports");
	assert_shows(reply, "Messages over time");
	assert_shows(reply, "<title>Messages over time</title>");
	assert_lacks(reply, "SECRET");
	assert_lacks(reply, "López");
	assert_shows(visit(&v, &root, "/reports?period=year"), "Ada Okafor");
	reply = visit(&v, &ana, "/reports");
	assert_shows(reply, "You see your own load.");
	assert_lacks(reply, "Ada Okafor");
	assert_int_equal(visit(&v, &ben, path_z(&v, "/reports?team=%s", id_z(&v, v.people.maple.v))).status, 404);
	assert_int_equal(visit(&v, &ben, path_z(&v, "/reports.csv?team=%s", id_z(&v, v.people.maple.v))).status, 404);
	assert_int_equal(visit(&v, &root, "/reports?team=nonsense").status, 404);
	assert_int_equal(visit(&v, &maria, "/reports").status, 403);
	assert_int_equal(visit(&v, &maria, "/reports.csv").status, 403);
	visit_end(&v);
}

static void
days_that_cannot_be_are_said_at_their_field(void **state)
{
	struct visits v = {0};
	struct visitor root;
	struct reply reply;

	visit_begin(&v, *state, tables);
	root = visitor_of(&v, v.people.root);
	reply = visit(&v, &root, "/reports?period=own&from=2026-02-30&to=2026-03-01");
	assert_int_equal(reply.status, 400);
	assert_true(str_contains(reply.body, S("Give the first and the last day.")));
	assert_true(str_contains(reply.body, S("value=\"2026-02-30\"")));
	assert_false(str_contains(reply.body, S("Messages over time")));
	assert_int_equal(visit(&v, &root, "/reports.csv?period=own&from=2026-03-02&to=2026-03-01").status, 400);
	visit_end(&v);
}

static void
the_file_comes_as_a_download(void **state)
{
	struct visits v = {0};
	struct visitor root;
	struct reply reply;

	visit_begin(&v, *state, tables);
	maria_asks(&v, S("SECRET subject"), S("SECRET body"));
	root = visitor_of(&v, v.people.root);
	reply = visit(&v, &root, "/reports.csv");
	assert_int_equal(reply.status, 200);
	assert_true(str_contains(reply.head, S("text/csv; charset=utf-8")));
	assert_true(str_contains(reply.head, S("attachment; filename=\"messages-")));
	assert_true(str_starts(reply.body, S("facility,team,from,to,figure,of,unit,value,out_of\r\n")));
	assert_false(str_contains(reply.body, S("SECRET")));
	visit_end(&v);
}

static void
the_clean_up_list_is_the_offices(void **state)
{
	struct visits v = {0};
	struct visitor root, ana;

	visit_begin(&v, *state, tables);
	root = visitor_of(&v, v.people.root);
	ana = visitor_of(&v, v.people.ana);
	assert_shows(visit(&v, &root, "/admin/cleanup"), "Teams that say no hours");
	assert_shows(
	    visit(&v, &root, "/admin/cleanup?days=30"), path_z(&v, "/admin/teams/%s", id_z(&v, v.people.maple.v)));
	assert_shows(visit(&v, &root, "/admin/cleanup?days=nonsense"), "value=\"90\" selected");
	assert_int_equal(visit(&v, &ana, "/admin/cleanup").status, 403);
	visit_end(&v);
}

static void
a_timeline_opens_conversations_for_those_who_may_open_them_only(void **state)
{
	struct visits v = {0};
	struct visitor root, ana, ben;
	const char *care, *office;
	struct reply reply;

	visit_begin(&v, *state, tables);
	maria_asks(&v, S("SECRET subject"), S("SECRET body"));
	root = visitor_of(&v, v.people.root);
	ana = visitor_of(&v, v.people.ana);
	ben = visitor_of(&v, v.people.ben);
	care = path_z(&v, "/patients/%s/communication", id_z(&v, v.people.maria.v));
	office = path_z(&v, "/admin%s", care);
	reply = visit(&v, &ana, care);
	assert_shows(reply, "the patient, wrote");
	assert_shows(reply, "SECRET subject");
	assert_lacks(reply, "SECRET body");
	reply = visit(&v, &root, office);
	assert_shows(reply, "the patient, wrote");
	assert_lacks(reply, "SECRET");
	assert_lacks(reply, "/inbox/");
	assert_int_equal(visit(&v, &ben, care).status, 404);
	assert_int_equal(visit(&v, &ana, office).status, 403);
	assert_int_equal(visit(&v, &root, care).status, 403);
	assert_lacks(visit(&v, &ana, path_z(&v, "%s?kind=chart", care)), "the patient, wrote");
	assert_lacks(visit(&v, &ana, path_z(&v, "%s?to=2020-01-01", care)), "the patient, wrote");
	assert_int_equal(visit(&v, &ana, path_z(&v, "%s?from=soon", care)).status, 400);
	visit_end(&v);
}

/* One line of the file, from a figure as JSON has it. */
static str
csv_line(struct visits *v, str facility, const struct json_value *figure)
{
	struct buf line = BUF_INIT(&v->trial.arena);
	struct csv_writer csv = {.out = &line};
	static const char *const texts[] = {"team", "from", "to", "figure", "of", "unit"};

	csv_text(&csv, facility);
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
		csv_text(&csv, json_text_at(figure, texts[i]));
	csv_text(&csv, json_number_text(json_get(figure, "value")));
	csv_text(&csv, json_number_text(json_get(figure, "outOf")));
	csv_row_end(&csv);
	return buf_str(&line);
}

static void
json_and_the_file_tell_the_same_figures(void **state)
{
	struct visits v = {0};
	struct visitor root;
	struct cx cx;
	struct buf json = BUF_INIT(&v.trial.arena), lines = BUF_INIT(&v.trial.arena);
	struct json_writer w = JSON_WRITER(&json);
	const struct json_value *parsed;
	str first, rest;

	visit_begin(&v, *state, tables);
	for (int i = 0; i < 12; i++)
		maria_asks(&v, S("Question"), S("May I?"));
	root = visitor_of(&v, v.people.root);
	cx = people_as(v.world, v.people.root);
	json_write_object(&w);
	assert_ok(report_json(&cx, &(struct report_wish){.period = {.kind = S("quarter")}}, &w));
	json_write_end(&w);
	json_write_done(&w);
	assert_ok(json_parse(&v.trial.arena, buf_str(&json), &parsed, NULL));
	json_each_item (json_get(parsed, "figures"), figure)
		buf_add(&lines, csv_line(&v, json_text_at(parsed, "facility"), figure));
	rest = str_cut(visit(&v, &root, "/reports.csv?period=quarter").body, '\n', &first);
	assert_true(json_count(json_get(parsed, "figures")) > 50);
	assert_true(str_contains(rest, S("questions")));
	assert_str_equal(rest, arena_z(&v.trial.arena, buf_str(&lines)));
	db_release(&cx);
	visit_end(&v);
}

int
main(void)
{
	const struct CMUnitTest list[] = {
	    WORLD_TEST(json_and_the_file_tell_the_same_figures),
	    WORLD_TEST(staff_see_reports_and_patients_do_not),
	    WORLD_TEST(days_that_cannot_be_are_said_at_their_field),
	    WORLD_TEST(the_file_comes_as_a_download),
	    WORLD_TEST(the_clean_up_list_is_the_offices),
	    WORLD_TEST(a_timeline_opens_conversations_for_those_who_may_open_them_only),
	};

	return cmocka_run_group_tests_name("reports http", list, NULL, NULL);
}
