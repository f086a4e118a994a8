/* SPDX-License-Identifier: Apache-2.0 */
/* The pages of coordinators and administrators over a real server: who gets in, what a form changes, what it refuses. */
#include "visitor.h"

#include "care/administration/administration_internal.h"

static const struct route *const tables[] = {administration_routes, portal_routes, asset_routes, NULL};

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
	assert_false(settings_now(&v).patients_see_chart_notes); /* a box that was not ticked */
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
	    WORLD_TEST(only_coordinators_and_administrators_come_in),
	};

	return cmocka_run_group_tests_name("administration_http", list, NULL, NULL);
}
