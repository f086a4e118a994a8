/* SPDX-License-Identifier: Apache-2.0 */
#include "people.h"

#include <stdio.h>
#include <stdlib.h>

#define PASSWORD S("a long enough sentence")

static const struct err *
put_account(struct tx *tx, void *arg)
{
	return account_put(tx, arg);
}

static account_id
account_with_password(struct world *world, struct people *p, enum staff_role role, str login)
{
	struct account_sealed *sealed;
	struct account_new in = {.id = {uuid_new(world->cx.now)},
	    .role = role,
	    .facility = p->facility.id,
	    .patient = role == ROLE_NONE ? p->maria : (patient_id){{{0}}},
	    .login = login,
	    .name = S("Somebody"),
	    .password = PASSWORD};

	assert_ok(account_seal(&world->cx, &in, &sealed));
	assert_ok(db_write(&world->cx, put_account, sealed));
	return in.id;
}

static void
patients_are_found_by_any_beginning_of_their_names(void **state)
{
	struct world *world = *state;
	struct people p;
	struct cx ana, ben;
	struct db_rows rows;
	static const char *const hits[] = {
	    "maria", "MARÍA", "lo", "lopez", "lópez maria", "mrn-1001", "1950-03-05", ""};
	static const char *const misses[] = {"bo", "lee", "mariana", "lopez bo", "1950", "mrn-1002"};

	people_setup(world, &p);
	ana = people_as(world, p.ana);
	ben = people_as(world, p.ben);
	for (size_t i = 0; i < sizeof(hits) / sizeof(hits[0]); i++) {
		assert_ok(patient_search(&ana, str_from_z(hits[i]), (patient_id){{{0}}}, 10, &rows));
		assert_int_equal(rows.count, 1);
		assert_str_equal(((struct patient *)rows.items)[0].name, "María López");
	}
	for (size_t i = 0; i < sizeof(misses) / sizeof(misses[0]); i++) {
		assert_ok(patient_search(&ana, str_from_z(misses[i]), (patient_id){{{0}}}, 10, &rows));
		assert_int_equal(rows.count, 0);
	}
	assert_ok(patient_search(&ben, S("maria"), (patient_id){{{0}}}, 10, &rows)); /* not ben's patient */
	assert_int_equal(rows.count, 0);
	db_release(&ana);
	db_release(&ben);
}

static void
sign_in_names_are_taken_once_in_any_writing(void **state)
{
	struct world *world = *state;
	struct people p;
	struct account_sealed *sealed;

	people_setup(world, &p);
	assert_ok(account_seal(&world->cx,
	    &(struct account_new){.id = {uuid_new(world->cx.now)},
		.role = ROLE_CLERK,
		.facility = p.facility.id,
		.login = S("ANA"),
		.name = S("Another Ana")},
	    &sealed));
	assert_fails(db_write(&world->cx, put_account, sealed), ERR_CONFLICT);
}

static void
a_new_account_is_checked_field_by_field(void **state)
{
	struct world *world = *state;
	struct people p;
	struct account_sealed *sealed;
	struct account_new good, bad;

	people_setup(world, &p);
	good = (struct account_new){.id = {uuid_new(world->cx.now)},
	    .role = ROLE_NURSE,
	    .facility = p.facility.id,
	    .login = S("new"),
	    .name = S("New Nurse")};
	assert_ok(account_seal(&world->cx, &good, &sealed));
	bad = good, bad.login = S("");
	assert_fails(account_seal(&world->cx, &bad, &sealed), ERR_INVALID);
	bad = good, bad.name = S("two\nlines");
	assert_fails(account_seal(&world->cx, &bad, &sealed), ERR_INVALID);
	bad = good, bad.patient = p.maria; /* staff who is a patient too has two accounts */
	assert_fails(account_seal(&world->cx, &bad, &sealed), ERR_INVALID);
	bad = good, bad.role = ROLE_NONE;
	assert_fails(account_seal(&world->cx, &bad, &sealed), ERR_INVALID);
	bad = good, bad.password = S("short");
	assert_fails(account_seal(&world->cx, &bad, &sealed), ERR_INVALID);
	bad = good, bad.role = ROLE_NONE, bad.patient = p.maria, bad.password = S("only-14-chars."); /* alone: 15 */
	assert_fails(account_seal(&world->cx, &bad, &sealed), ERR_INVALID);
}

static void
a_patient_signs_in_with_a_password_and_staff_need_a_code(void **state)
{
	struct world *world = *state;
	struct people p;
	struct cx cx;
	struct sign_in in;
	account_id nurse, who;
	const unsigned char *secret = (const unsigned char *)"abcdefghijklmnopqrst";
	char code[7];
	int64_t step;

	people_setup(world, &p);
	account_with_password(world, &p, ROLE_NONE, S("p"));
	nurse = account_with_password(world, &p, ROLE_NURSE, S("n"));
	cx = world_cx(world);
	cx.who = (struct who){.is = WHO_ANYONE};
	assert_ok(sign_in(&cx, S("P"), PASSWORD, &in));
	assert_int_equal(in.need, SIGN_IN_DONE);
	assert_fails(sign_in(&cx, S("p"), S("a wrong sentence here"), &in), ERR_DENIED);
	assert_fails(sign_in(&cx, S("nobody"), PASSWORD, &in), ERR_DENIED);

	assert_ok(sign_in(&cx, S("n"), PASSWORD, &in));
	assert_int_equal(in.need, SIGN_IN_NEEDS_ENROLMENT);
	assert_ok(sign_in_pending(&cx, in.pending, &who));
	assert_true(uuid_equal(who.v, nurse.v));
	step = cx.now.ms / SECOND_MS / TOTP_STEP_SECONDS;
	assert_fails(totp_enrol(&cx, nurse, secret, S("000000x")), ERR_INVALID);
	totp_code(secret, step - 1, code);
	assert_ok(totp_enrol(&cx, nurse, secret, str_from_z(code)));

	assert_ok(sign_in(&cx, S("n"), PASSWORD, &in));
	assert_int_equal(in.need, SIGN_IN_NEEDS_CODE);
	assert_fails(sign_in_code(&cx, in.pending, str_from_z(code), &who), ERR_DENIED); /* used at enrolment */
	totp_code(secret, step, code);
	assert_ok(sign_in_code(&cx, in.pending, str_from_z(code), &who));
	assert_true(uuid_equal(who.v, nurse.v));
	assert_fails(sign_in_code(&cx, in.pending, str_from_z(code), &who), ERR_DENIED); /* counts once */
	assert_fails(sign_in_by_link(&cx, in.pending, &who), ERR_GONE); /* a pending secret is no link */
	cx.now = instant_add_ms(cx.now, 11 * MINUTE_MS);
	assert_fails(sign_in_pending(&cx, in.pending, &who), ERR_GONE);
	db_release(&cx);
}

static void
wrong_passwords_make_the_next_try_wait_longer(void **state)
{
	struct world *world = *state;
	struct people p;
	struct cx cx;
	struct sign_in in;

	people_setup(world, &p);
	account_with_password(world, &p, ROLE_NONE, S("p"));
	cx = world_cx(world);
	for (int i = 0; i < 5; i++)
		assert_fails(sign_in(&cx, S("p"), S("a wrong sentence here"), &in), ERR_DENIED);
	assert_fails(sign_in(&cx, S("p"), PASSWORD, &in), ERR_DENIED); /* right, but too early */
	cx.now = instant_add_ms(cx.now, 31 * SECOND_MS);
	assert_fails(sign_in(&cx, S("p"), S("a wrong sentence here"), &in), ERR_DENIED);
	cx.now = instant_add_ms(cx.now, 31 * SECOND_MS);
	assert_fails(sign_in(&cx, S("p"), PASSWORD, &in), ERR_DENIED); /* the wait has doubled */
	cx.now = instant_add_ms(cx.now, 31 * SECOND_MS);
	assert_ok(sign_in(&cx, S("p"), PASSWORD, &in));
	assert_fails(sign_in(&cx, S("p"), S("a wrong sentence here"), &in), ERR_DENIED);
	assert_ok(sign_in(&cx, S("p"), PASSWORD, &in)); /* counted from zero again */
	db_release(&cx);
}

static void
a_session_survives_a_restart_and_ends_when_idle_or_old(void **state)
{
	struct world *world = *state;
	struct people p;
	struct cx cx;
	str token;
	instant start;

	people_setup(world, &p);
	cx = world_cx(world);
	start = cx.now;
	assert_ok(session_open(&cx, p.ana, &token));
	db_release(&cx);
	world_reopen(world);
	cx = world_cx(world);
	cx.now = start;
	assert_ok(session_find(&cx, token, true));
	assert_true(uuid_equal(cx.who.account.v, p.ana.v));
	assert_int_equal(cx.who.is, WHO_CARE_TEAM);
	assert_fails(session_find(&cx, S("guess"), true), ERR_GONE);
	/* kept alive by use … */
	for (int minutes = 14; minutes < 12 * 60; minutes += 14) {
		cx.now = instant_add_ms(start, minutes * MINUTE_MS);
		assert_ok(session_find(&cx, token, true));
	}
	/* … but not beyond twelve hours */
	cx.now = instant_add_ms(start, 12 * HOUR_MS);
	assert_fails(session_find(&cx, token, true), ERR_GONE);
	cx.now = start;
	assert_ok(session_open(&cx, p.ana, &token));
	cx.now = instant_add_ms(start, 15 * MINUTE_MS);
	assert_fails(session_find(&cx, token, true), ERR_GONE);
	db_release(&cx);
}

static const struct err *
switch_off(struct tx *tx, void *arg)
{
	return account_set_active(tx, *(account_id *)arg, false);
}

static void
signing_out_everywhere_and_switching_off_end_sessions_at_once(void **state)
{
	struct world *world = *state;
	struct people p;
	struct cx cx;
	str one, two, other;

	people_setup(world, &p);
	cx = world_cx(world);
	assert_ok(session_open(&cx, p.ana, &one));
	assert_ok(session_open(&cx, p.ana, &two));
	assert_ok(session_open(&cx, p.ben, &other));
	assert_ok(session_find(&cx, one, true));
	assert_ok(session_close(&cx));
	assert_fails(session_find(&cx, one, true), ERR_GONE);
	assert_ok(session_open(&cx, p.ana, &one));
	assert_ok(session_find(&cx, two, true));
	assert_ok(session_close_all(&cx));
	assert_fails(session_find(&cx, one, true), ERR_GONE);
	assert_fails(session_find(&cx, two, true), ERR_GONE);
	assert_ok(session_find(&cx, other, true));
	assert_ok(db_write(&cx, switch_off, &p.ben));
	assert_fails(session_find(&cx, other, true), ERR_GONE);
	db_release(&cx);
}

static void
form_values_belong_to_one_session_and_differ_each_time(void **state)
{
	struct world *world = *state;
	struct people p;
	struct cx ana, ben;
	str token, a, b;

	people_setup(world, &p);
	ana = world_cx(world);
	ben = world_cx(world);
	assert_ok(session_open(&ana, p.ana, &token));
	assert_ok(session_find(&ana, token, true));
	assert_ok(session_open(&ben, p.ben, &token));
	assert_ok(session_find(&ben, token, true));
	a = session_form_token(&ana);
	b = session_form_token(&ana);
	assert_false(str_equal(a, b));
	assert_true(session_form_token_ok(&ana, a));
	assert_true(session_form_token_ok(&ana, b));
	assert_false(session_form_token_ok(&ben, a));
	assert_false(session_form_token_ok(&ana, STR_NONE));
	assert_true(uuid_equal(session_form_account(a).v, p.ana.v));
	assert_true(uuid_is_none(session_form_account(S("no such value")).v));
	assert_false(session_form_token_ok(&ana, str_take(a, a.n - 2)));
	db_release(&ana);
	db_release(&ben);
}

static void
tokens_for_programs_carry_their_scope_and_can_be_revoked(void **state)
{
	struct world *world = *state;
	struct people p;
	struct cx root, cx;
	struct db_rows rows;
	str token;

	people_setup(world, &p);
	root = people_as(world, p.root);
	assert_ok(api_token_make(&root, p.ana, S("lab feed"), S("system/Observation.rs"), DAY_MS, &token));
	cx = world_cx(world);
	assert_ok(api_token_find(&cx, token));
	assert_str_equal(cx.who.scope, "system/Observation.rs");
	assert_true(uuid_equal(cx.who.account.v, p.ana.v));
	assert_ok(api_token_list(&root, &rows));
	assert_int_equal(rows.count, 1);
	assert_fails(api_token_revoke(&cx, ((struct api_token *)rows.items)[0].id), ERR_GONE); /* not ana's to revoke */
	assert_ok(api_token_revoke(&root, ((struct api_token *)rows.items)[0].id));
	db_refresh(&cx);
	assert_fails(api_token_find(&cx, token), ERR_GONE);
	assert_ok(api_token_make(&root, p.ana, S("short"), S("x"), 1000, &token));
	cx.now = instant_add_ms(cx.now, DAY_MS);
	db_refresh(&cx);
	assert_fails(api_token_find(&cx, token), ERR_GONE);
	db_release(&cx);
	db_release(&root);
}

static void
roles_have_words_and_parse(void **state)
{
	enum staff_role role;

	(void)state;
	assert_true(staff_role_parse(S("social-worker"), &role));
	assert_int_equal(role, ROLE_SOCIAL_WORKER);
	assert_false(staff_role_parse(S("patient"), &role)); /* no staff role */
	assert_false(staff_role_parse(S("king"), &role));
	for (int i = ROLE_NONE; i <= ROLE_ASSOCIATE; i++)
		assert_non_null(staff_role_words(i, LANG_ES));
	for (int i = ROLE_PHYSICIAN; i <= ROLE_ASSOCIATE; i++) {
		assert_true(staff_role_parse(str_from_z(staff_role_code(i)), &role));
		assert_int_equal(role, i);
	}
}

static const struct err *
put_settings(struct tx *tx, void *arg)
{
	facility_id facility = *(facility_id *)arg;

	TRY(facility_setting_put(tx, facility, S("reply_window_days"), 0));
	TRY(facility_setting_put(tx, facility, S("clock_stops"), CLOCK_STOPS_AT_COMPLETION));
	return facility_setting_put(tx, facility, S("attachments_large"), 1);
}

static const struct err *
put_a_wrong_setting(struct tx *tx, void *arg)
{
	return facility_setting_put(tx, *(facility_id *)arg, S("claim_lease_minutes"), 0);
}

static void
a_facility_decides_for_itself_and_has_defaults_where_it_did_not(void **state)
{
	struct world *world = *state;
	struct people p;
	struct facility_settings settings;

	people_setup(world, &p);
	assert_ok(facility_settings_get(&world->cx, p.facility.id, &settings));
	for (const struct facility_setting_rule *rule = facility_setting_rules; rule->name; rule++) {
		assert_int_equal(facility_setting_value(&settings, rule), rule->otherwise);
		assert_ok(facility_setting_check(&world->cx, str_from_z(rule->name), rule->least));
		assert_ok(facility_setting_check(&world->cx, str_from_z(rule->name), rule->most));
		assert_fails(facility_setting_check(&world->cx, str_from_z(rule->name), rule->least - 1), ERR_INVALID);
		assert_fails(facility_setting_check(&world->cx, str_from_z(rule->name), rule->most + 1), ERR_INVALID);
	}
	assert_fails(facility_setting_check(&world->cx, S("colour"), 1), ERR_INVALID);
	assert_ok(db_write(&world->cx, put_settings, &p.facility.id));
	assert_fails(db_write(&world->cx, put_a_wrong_setting, &p.facility.id), ERR_INVALID);
	assert_ok(facility_settings_get(&world->cx, p.facility.id, &settings));
	assert_int_equal(settings.reply_window_days, 0);
	assert_int_equal(settings.clock_stops, CLOCK_STOPS_AT_COMPLETION);
	assert_true(settings.attachments_large);
	assert_int_equal(settings.claim_lease_minutes, 15);
	assert_ok(facility_settings_get(&world->cx, (facility_id){uuid_new(world->cx.now)}, &settings));
	assert_int_equal(settings.reply_window_days, 45); /* what another facility decided is its own */
}

/* docs/settings.md holds the table of rules as it is. */
static void
the_settings_are_documented(void **state)
{
	struct arena arena = ARENA_INIT;
	struct buf table = BUF_INIT(&arena);
	static char text[65536];
	FILE *file = fopen(arena_printf(&arena, "%s/docs/settings.md", getenv("SALVE_SOURCE")).p, "r");
	size_t n;

	(void)state;
	assert_non_null(file);
	n = fread(text, 1, sizeof(text), file);
	fclose(file);
	for (const struct facility_setting_rule *rule = facility_setting_rules; rule->name; rule++)
		buf_printf(&table, "| `%s` | %s | %lld to %lld | %lld | %s |\n", rule->name, rule->label,
		    (long long)rule->least, (long long)rule->most, (long long)rule->otherwise,
		    rule->hint ? rule->hint : "");
	if (!str_contains((str){text, n}, buf_str(&table)))
		fail_msg("docs/settings.md should hold:\n%.*s", STR_ARG(buf_str(&table)));
	arena_release(&arena);
}

int
main(void)
{
	const struct CMUnitTest list[] = {
	    WORLD_TEST(a_facility_decides_for_itself_and_has_defaults_where_it_did_not),
	    cmocka_unit_test(the_settings_are_documented),
	    WORLD_TEST(patients_are_found_by_any_beginning_of_their_names),
	    WORLD_TEST(sign_in_names_are_taken_once_in_any_writing),
	    WORLD_TEST(a_new_account_is_checked_field_by_field),
	    WORLD_TEST(a_patient_signs_in_with_a_password_and_staff_need_a_code),
	    WORLD_TEST(wrong_passwords_make_the_next_try_wait_longer),
	    WORLD_TEST(a_session_survives_a_restart_and_ends_when_idle_or_old),
	    WORLD_TEST(signing_out_everywhere_and_switching_off_end_sessions_at_once),
	    WORLD_TEST(form_values_belong_to_one_session_and_differ_each_time),
	    WORLD_TEST(tokens_for_programs_carry_their_scope_and_can_be_revoked),
	    cmocka_unit_test(roles_have_words_and_parse),
	};

	return cmocka_run_group_tests_name("identity", list, NULL, NULL);
}
