/* SPDX-License-Identifier: Apache-2.0 */
/* The pages of coordinators and administrators over a real server: who gets in, what a form changes, what it refuses. */
#include "visitor.h"

#include "care/administration/administration_internal.h"

static const struct route *const tables[] = {
    administration_routes, organization_routes, messaging_routes, portal_routes, asset_routes, NULL};

/* Every setting as the form sends it, `name` with another value. */
static const char *
settings_form(struct visits *v, const char *name, const char *value)
{
	struct buf out = BUF_INIT(&v->trial.arena);

	buf_add(&out, S("name=Cedar+Valley&zone=America/Chicago&phone=555-0100&emergency_number=911&reply_days=3"));
	for (const struct facility_setting_rule *rule = facility_setting_rules; rule->name; rule++)
		if (strcmp(rule->name, name) == 0)
			buf_printf(&out, "&%s=%s", name, value);
		else if (rule->kind != SETTING_SWITCH)
			buf_printf(&out, "&%s=%lld", rule->name, (long long)rule->otherwise);
	return arena_z(&v->trial.arena, buf_str(&out));
}

static struct facility_settings
settings_now(struct visits *v)
{
	struct facility_settings settings;

	db_refresh(&v->world->cx);
	assert_ok(facility_settings_get(&v->world->cx, v->people.facility.id, &settings));
	return settings;
}

static void
an_administrator_changes_a_setting_and_it_holds(void **state)
{
	struct visits v = {0};
	struct visitor root;
	struct facility facility;

	visit_begin(&v, *state, tables);
	root = visitor_of(&v, v.people.root);
	assert_shows(visit(&v, &root, "/admin/settings"), "Days in which a patient can reply");
	assert_int_equal(settings_now(&v).reply_window_days, 45);
	assert_moved(submit(&v, &root, "/admin/settings", "%s", settings_form(&v, "reply_window_days", "60")));
	assert_int_equal(settings_now(&v).reply_window_days, 60);
	assert_int_equal(settings_now(&v).claim_lease_minutes, 15);
	assert_moved(submit(&v, &root, "/admin/settings", "%s", settings_form(&v, "attachments_large", "yes")));
	assert_true(settings_now(&v).attachments_large);
	assert_int_equal(settings_now(&v).reply_window_days, 45);
	assert_ok(facility_get(&v.world->cx, v.people.facility.id, &facility));
	assert_str_equal(facility.zone, "America/Chicago");
	assert_shows(visit(&v, &root, "/admin/settings?done=saved"), "The settings were saved.");
	visit_end(&v);
}

static void
a_setting_outside_its_limits_is_refused_and_nothing_changes(void **state)
{
	struct visits v = {0};
	struct visitor root;
	static const char *const bad[][2] = {{"reply_window_days", "-1"}, {"reply_window_days", "3651"},
	    {"claim_lease_minutes", "0"}, {"claim_lease_minutes", "many"}, {"clock_stops", "2"},
	    {"escalation_tries_max", ""}};
	struct reply reply;

	visit_begin(&v, *state, tables);
	root = visitor_of(&v, v.people.root);
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		reply = submit(&v, &root, "/admin/settings", "%s", settings_form(&v, bad[i][0], bad[i][1]));
		assert_int_equal(reply.status, 400);
		assert_true(str_contains(reply.body, S("give a whole number from")));
		assert_true(str_contains(reply.body, S("America/Chicago"))); /* what was typed is kept */
	}
	reply = submit(&v, &root, "/admin/settings", "name=&zone=Mars/Base&emergency_number=911&reply_days=3");
	assert_int_equal(reply.status, 400);
	reply = submit(&v, &root, "/admin/settings", "name=A&zone=Mars/Base&emergency_number=911&reply_days=3");
	assert_int_equal(reply.status, 400);
	assert_int_equal(settings_now(&v).claim_lease_minutes, 15);
	visit_end(&v);
}

static void
days_off_are_added_and_taken_back(void **state)
{
	struct visits v = {0};
	struct visitor root;
	struct db_rows rows;
	int32_t day = civil_date_to_days((struct civil_date){2031, 12, 24});
	struct reply reply;

	visit_begin(&v, *state, tables);
	root = visitor_of(&v, v.people.root);
	assert_moved(
	    submit(&v, &root, "/admin/settings/closures", "day.month=12&day.day=24&day.year=2031&reason=Staff+day"));
	assert_shows(visit(&v, &root, "/admin/settings"), "24 December 2031");
	db_refresh(&v.world->cx);
	assert_ok(facility_closures(&v.world->cx, v.people.facility.id, day, &rows));
	assert_int_equal(rows.count, 1);
	reply = submit(&v, &root, "/admin/settings/closures", "day.month=2&day.day=30&day.year=2031&reason=x");
	assert_int_equal(reply.status, 400);
	reply = submit(&v, &root, "/admin/settings/closures", "day.month=2&day.day=3&day.year=2031&reason=+");
	assert_int_equal(reply.status, 400);
	assert_moved(submit(&v, &root, path_z(&v, "/admin/settings/closures/%d/open", day), "x=1"));
	assert_int_equal(submit(&v, &root, path_z(&v, "/admin/settings/closures/%d/open", day), "x=1").status, 404);
	visit_end(&v);
}

static void
a_team_is_made_filled_and_closed_by_forms(void **state)
{
	struct visits v = {0};
	struct visitor root;
	struct reply reply;
	str path;

	visit_begin(&v, *state, tables);
	root = visitor_of(&v, v.people.root);
	assert_shows(visit(&v, &root, "/admin/teams"), "Maple Team");
	assert_shows(visit(&v, &root, "/admin/teams/new"), "Topics that go here");
	reply =
	    submit(&v, &root, "/admin/teams/new", "name=CVC_3&care=Foot+care&place=Ground+floor&lead=none&day_1=yes");
	assert_int_equal(reply.status, 400);
	assert_true(str_contains(reply.body, S("Foot care"))); /* what was typed is kept */
	reply = submit(&v, &root, "/admin/teams/new",
	    "name=Cedar+Team&care=Foot+care&place=Ground+floor&lead=%s&takes_messages=yes&topic_1=yes&day_1=yes"
	    "&open_from=8:00&open_until=16:30",
	    id_z(&v, v.people.okafor.v));
	path = str_take(assert_moved(reply), strlen("/admin/teams/") + UUID_TEXT_CHARS);
	reply = visit(&v, &root, arena_z(&v.trial.arena, path));
	assert_shows(reply, "Cedar Team, Foot care, Ground floor, with Ada Okafor");
	assert_shows(reply, "value=\"16:30\"");
	assert_moved(
	    submit(&v, &root, path_z(&v, "%.*s/members", STR_ARG(path)), "account=%s", id_z(&v, v.people.ben.v)));
	assert_shows(visit(&v, &root, arena_z(&v.trial.arena, path)), "Ben Hart");
	reply = submit(&v, &root, path_z(&v, "%.*s/members/%s/remove", STR_ARG(path), id_z(&v, v.people.ben.v)), "x=1");
	assert_int_equal(reply.status, 409); /* the last one */
	reply = submit(&v, &root, path_z(&v, "%.*s/patients", STR_ARG(path)), "numbers=%s&relation=2&reason=List",
	    coded(&v, S("mrn-1001\nnobody\n")));
	assert_int_equal(reply.status, 400);
	assert_true(str_contains(reply.body, S("these lines: 2.")));
	assert_moved(submit(&v, &root, path_z(&v, "%.*s/patients", STR_ARG(path)), "numbers=%s&relation=2&reason=List",
	    coded(&v, S("mrn-1001\nmrn-1002\n"))));
	assert_shows(visit(&v, &root, arena_z(&v.trial.arena, path)), "2 patients belong to this team.");
	assert_moved(submit(&v, &root, path_z(&v, "%.*s/close", STR_ARG(path)), "successor=none"));
	assert_shows(visit(&v, &root, arena_z(&v.trial.arena, path)), "Nobody writes to this team any more.");
	visit_end(&v);
}

static void
a_patient_is_found_put_into_a_team_and_blocked_by_forms(void **state)
{
	struct visits v = {0};
	struct visitor root;
	struct reply reply;
	const char *patient, *birch;

	visit_begin(&v, *state, tables);
	root = visitor_of(&v, v.people.root);
	patient = id_z(&v, v.people.maria.v);
	birch = id_z(&v, v.people.birch.v);
	assert_shows(visit(&v, &root, "/admin/patients?q=lopez"), "María López");
	assert_lacks(visit(&v, &root, "/admin/patients?q="), "María López");
	assert_shows(visit(&v, &root, path_z(&v, "/admin/patients/%s", patient)), "primary care panel");
	reply = submit(&v, &root, path_z(&v, "/admin/patients/%s/teams", patient),
	    "team=%s&relation=1&reason=Visit+on+3+March&until.month=2&until.day=30&until.year=2030", birch);
	assert_int_equal(reply.status, 400);
	assert_moved(submit(&v, &root, path_z(&v, "/admin/patients/%s/teams", patient),
	    "team=%s&relation=1&reason=Visit+on+3+March&until.month=3&until.day=30&until.year=2070", birch));
	assert_shows(visit(&v, &root, path_z(&v, "/admin/patients/%s", patient)), "Visit on 3 March");
	assert_moved(submit(&v, &root, path_z(&v, "/admin/patients/%s/teams/%s/end", patient, birch), "x=1"));
	reply = submit(&v, &root, path_z(&v, "/admin/patients/%s/blocks", patient), "where=all&code=6&note=");
	assert_int_equal(reply.status, 400);
	assert_int_equal(visit(&v, &root, "/admin/patients/00000000-0000-7000-8000-000000000001").status, 404);
	assert_shows(visit(&v, &root, "/admin/blocks"), "Nobody is blocked");
	visit_end(&v);
}

static void
the_staff_see_who_is_away_and_say_it_of_themselves(void **state)
{
	struct visits v = {0};
	struct visitor ana, ben, maria;
	struct reply reply;
	struct db_rows rows;
	struct cx cx;
	const struct surrogate *item;
	size_t before;

	visit_begin(&v, *state, tables);
	ana = visitor_of(&v, v.people.ana);
	ben = visitor_of(&v, v.people.ben);
	maria = visitor_of(&v, v.people.maria_account);
	assert_shows(visit(&v, &ana, "/cover"), "I am away");
	assert_int_equal(visit(&v, &maria, "/cover").status, 403);
	reply = submit(&v, &ana, "/cover",
	    "away=a%s&by=a%s&since.month=3&since.day=7&since.year=2071&until.month=3&until.day=9&until.year=2071",
	    id_z(&v, v.people.ben.v), id_z(&v, v.people.okafor.v));
	assert_int_equal(reply.status, 404); /* not hers to say */
	reply = submit(&v, &ana, "/cover",
	    "away=a%s&by=a%s&since.month=3&since.day=9&since.year=2071&until.month=3&until.day=7&until.year=2071",
	    id_z(&v, v.people.ana.v), id_z(&v, v.people.ben.v));
	assert_int_equal(reply.status, 400);
	assert_moved(submit(&v, &ana, "/cover",
	    "away=a%s&by=a%s&since.month=3&since.day=7&since.year=2071&until.month=3&until.day=9&until.year=2071",
	    id_z(&v, v.people.ana.v), id_z(&v, v.people.ben.v)));
	assert_shows(visit(&v, &ben, "/cover"), "Ana Ruiz");
	cx = people_as(v.world, v.people.ana);
	assert_ok(surrogate_list(&cx, v.people.facility.id, &rows));
	assert_int_equal(rows.count, 1);
	reply = submit(&v, &ben, path_z(&v, "/cover/%s/end", id_z(&v, ((struct surrogate *)rows.items)[0].id)), "x=1");
	assert_int_equal(reply.status, 404);
	assert_moved(
	    submit(&v, &ana, path_z(&v, "/cover/%s/end", id_z(&v, ((struct surrogate *)rows.items)[0].id)), "x=1"));
	db_refresh(&cx);
	assert_ok(surrogate_list(&cx, v.people.facility.id, &rows));
	before = rows.count; /* it ended just now */
	/* Every Wednesday for six weeks; and all or none, where one of the days is taken. */
	assert_moved(submit(&v, &ana, "/cover",
	    "away=a%s&by=a%s&since.month=4&since.day=1&since.year=2071&until.month=4&until.day=1&until.year=2071&weeks="
	    "6",
	    id_z(&v, v.people.ana.v), id_z(&v, v.people.ben.v)));
	db_refresh(&cx);
	assert_ok(surrogate_list(&cx, v.people.facility.id, &rows));
	assert_int_equal(rows.count, before + 6);
	item = rows.items;
	assert_int_equal((item[before + 5].since.ms - item[before].since.ms) / DAY_MS, 35);
	reply = submit(&v, &ana, "/cover",
	    "away=a%s&by=a%s&since.month=3&since.day=25&since.year=2071&until.month=3&until.day=25&until.year=2071&"
	    "weeks=2",
	    id_z(&v, v.people.ana.v), id_z(&v, v.people.okafor.v));
	assert_int_equal(reply.status, 400);
	reply = submit(&v, &ana, "/cover",
	    "away=a%s&by=a%s&since.month=6&since.day=3&since.year=2071&until.month=6&until.day=3&until.year=2071&weeks="
	    "99",
	    id_z(&v, v.people.ana.v), id_z(&v, v.people.okafor.v));
	assert_int_equal(reply.status, 400);
	db_refresh(&cx);
	assert_ok(surrogate_list(&cx, v.people.facility.id, &rows));
	assert_int_equal(rows.count, before + 6);
	db_release(&cx);
	visit_end(&v);
}

static void
templates_and_lists_are_made_by_forms(void **state)
{
	struct visits v = {0};
	struct visitor root, ana, maria;
	struct reply reply;

	visit_begin(&v, *state, tables);
	root = visitor_of(&v, v.people.root);
	ana = visitor_of(&v, v.people.ana);
	maria = visitor_of(&v, v.people.maria_account);
	assert_int_equal(visit(&v, &maria, "/templates").status, 403);
	assert_shows(visit(&v, &ana, "/templates"), "No templates yet");
	reply = submit(&v, &ana, "/templates", "scope=facility&name=All&body=Hello");
	assert_int_equal(reply.status, 404);
	reply = submit(&v, &ana, "/templates", "scope=mine&name=&body=Hello+there");
	assert_int_equal(reply.status, 400);
	assert_true(str_contains(reply.body, S("Hello there")));
	assert_moved(submit(&v, &ana, "/templates", "scope=mine&name=Greeting&body=Hello+there"));
	assert_shows(visit(&v, &ana, "/templates"), "Greeting");
	assert_shows(visit(&v, &root, "/admin/lists"), "New list");
	reply = submit(&v, &root, "/admin/lists", "name=Foot+people");
	assert_int_equal(reply.status, 400);
	assert_moved(submit(&v, &root, "/admin/lists", "name=Foot+people&a_%s=yes", id_z(&v, v.people.ana.v)));
	assert_shows(visit(&v, &root, "/admin/lists"), "Foot people");
	visit_end(&v);
}

static void
only_coordinators_and_administrators_come_in(void **state)
{
	struct visits v = {0};
	struct visitor others[3];

	visit_begin(&v, *state, tables);
	others[0] = visitor_of(&v, v.people.maria_account);
	others[1] = visitor_of(&v, v.people.ana);
	others[2] = visitor_of(&v, v.people.ben);
	for (const struct route *route = administration_routes; route->handler; route++)
		for (size_t i = 0; i < 3; i++) {
			struct reply reply = route->method == GET ? visit(&v, &others[i], route->pattern)
			                                          : submit(&v, &others[i], route->pattern, "x=1");

			if (reply.status != 403 && reply.status != 404)
				fail_msg("%s answered %d", route->pattern, reply.status);
		}
	assert_int_equal(submit_across(&v, &others[0], "/admin/settings", "x=1").status, 403);
	assert_int_equal(settings_now(&v).reply_window_days, 45);
	visit_end(&v);
}

int
main(void)
{
	const struct CMUnitTest list[] = {
	    WORLD_TEST(an_administrator_changes_a_setting_and_it_holds),
	    WORLD_TEST(a_setting_outside_its_limits_is_refused_and_nothing_changes),
	    WORLD_TEST(days_off_are_added_and_taken_back),
	    WORLD_TEST(a_team_is_made_filled_and_closed_by_forms),
	    WORLD_TEST(a_patient_is_found_put_into_a_team_and_blocked_by_forms),
	    WORLD_TEST(the_staff_see_who_is_away_and_say_it_of_themselves),
	    WORLD_TEST(templates_and_lists_are_made_by_forms),
	    WORLD_TEST(only_coordinators_and_administrators_come_in),
	};

	return cmocka_run_group_tests_name("administration_http", list, NULL, NULL);
}
