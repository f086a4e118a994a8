/* SPDX-License-Identifier: Apache-2.0 */
/* Accounts, sessions, tokens, teams, panels, blocks, settings: each statement of each deed fails in turn, and nothing is half
 * done. */
#include "care/messaging/messaging_test_help.h"

#include "care/administration/administration_internal.h"

#define STATEMENTS_MAX 100 /* of one deed, and some */
#define PASSWORD       S("a long enough sentence")

struct scene {
	struct world *world;
	struct people p;
	account_id holder; /* has a password */
	str cookie;
	struct uuid token, block, team;
};

/* ---- identity ---- */

static const struct err *
put_account(struct tx *tx, void *arg)
{
	return account_put(tx, arg);
}

static const struct err *
make_account(struct scene *s, str login, account_id *out)
{
	struct account_sealed *sealed;
	struct account_new in = {.id = {uuid_new(s->world->cx.now)},
	    .role = ROLE_NURSE,
	    .facility = s->p.facility.id,
	    .login = login,
	    .name = S("Nina New"),
	    .password = PASSWORD};

	*out = in.id;
	TRY(account_seal(&s->world->cx, &in, &sealed));
	return db_write(&s->world->cx, put_account, sealed);
}

static const struct err *
deed_account(struct scene *s)
{
	return make_account(s, S("nina"), &s->holder);
}

static const struct err *
deed_session(struct scene *s)
{
	struct cx cx = world_cx(s->world);
	const struct err *error = session_open(&cx, s->holder, &s->cookie);

	db_release(&cx);
	return error;
}

static const struct err *
deed_wrong_password(struct scene *s)
{
	struct cx cx = world_cx(s->world);
	struct sign_in in;
	const struct err *error = sign_in(&cx, S("nina"), S("a wrong long sentence"), &in);

	db_release(&cx);
	/* Refused is what shall happen. */
	return error && error->code == ERR_DENIED ? NULL : error ? error : ERR(ERR_BROKEN, NULL, "it was let in");
}

static const struct err *
deed_password(struct scene *s)
{
	struct cx cx = people_as(s->world, s->holder);
	const struct err *error = account_set_password(&cx, s->holder, S("another long enough sentence"));

	db_release(&cx);
	return error;
}

static const struct err *
deed_token(struct scene *s)
{
	struct cx cx = people_as(s->world, s->p.root);
	str token;
	const struct err *error = api_token_make(&cx, s->p.ana, S("test"), S("user/*.rs"), HOUR_MS, &token);

	db_release(&cx);
	return error;
}

static const struct err *
deed_revoke(struct scene *s)
{
	struct cx cx = people_as(s->world, s->p.root);
	struct db_rows rows;
	const struct err *error = api_token_list(&cx, &rows);

	assert_ok(error);
	error = api_token_revoke(&cx, ((struct api_token *)rows.items)[0].id);
	db_release(&cx);
	return error;
}

/* ---- the office ---- */

static const struct err *
deed_settings(struct scene *s)
{
	struct cx cx = people_as(s->world, s->p.root);
	struct settings_change in = {.facility = s->p.facility};
	const struct err *error;

	assert_ok(facility_settings_get(&cx, s->p.facility.id, &in.settings));
	in.settings.reply_window_days = 60;
	in.settings.undo_send_seconds = 5;
	in.facility.reply_days = 2;
	error = settings_change(&cx, &in);
	db_release(&cx);
	return error;
}

static const struct err *
deed_closure(struct scene *s)
{
	struct cx cx = people_as(s->world, s->p.root);
	const struct err *error =
	    closure_change(&cx, &(struct closure_change){(int32_t)(s->world->cx.now.ms / DAY_MS) + 1, S("Inventory")});

	db_release(&cx);
	return error;
}

static const struct err *
deed_group(struct scene *s)
{
	struct cx cx = people_as(s->world, s->p.root);
	team_id made;
	const struct err *error = group_make(&cx,
	    &(struct group_change){.team = {.name = S("Willow Team"),
				       .care = S("Eye care"),
				       .place = S("3rd floor"),
				       .takes_messages = true},
		.topics = {CATEGORY_APPOINTMENT},
		.topic_count = 1},
	    &made);

	s->team = made.v;
	db_release(&cx);
	return error;
}

static const struct err *
deed_member(struct scene *s)
{
	struct cx cx = people_as(s->world, s->p.root);
	const struct err *error = group_add_member(&cx, (team_id){s->team}, s->holder);

	db_release(&cx);
	return error;
}

static const struct err *
deed_panel(struct scene *s)
{
	struct cx cx = people_as(s->world, s->p.root);
	const patient_id both[] = {s->p.maria, s->p.bo};
	const struct err *error = panel_add(
	    &cx, &(struct association){.team = {s->team}, .relation = RELATION_CLINIC, .until = INSTANT_NONE}, both, 2);

	db_release(&cx);
	return error;
}

static const struct err *
deed_block(struct scene *s)
{
	struct cx cx = people_as(s->world, s->p.root);
	const struct err *error = block_make(&cx, &(struct block){.patient = s->p.maria,
						      .facility = s->p.facility.id,
						      .team = s->p.maple,
						      .code = BLOCK_OTHER,
						      .note = S("Agreed with the patient"),
						      .review = instant_add_ms(cx.now, 30 * DAY_MS)});

	db_release(&cx);
	return error;
}

static const struct err *
deed_switch_off(struct scene *s)
{
	struct cx cx = people_as(s->world, s->p.root);
	const struct err *error = staff_switch(&cx, s->p.okafor, false);

	db_release(&cx);
	return error;
}

static const struct err *
deed_close(struct scene *s)
{
	struct cx cx = people_as(s->world, s->p.root);
	const struct err *error = group_close(&cx, s->p.maple, (team_id){s->team});

	db_release(&cx);
	return error;
}

static const struct {
	const char *name;
	const struct err *(*run)(struct scene *s);
} deeds[] = {{"account", deed_account}, {"session", deed_session}, {"wrong password", deed_wrong_password},
    {"password", deed_password}, {"token", deed_token}, {"revoke", deed_revoke}, {"settings", deed_settings},
    {"closure", deed_closure}, {"group", deed_group}, {"member", deed_member}, {"panel", deed_panel},
    {"block", deed_block}, {"switch off", deed_switch_off}, {"close", deed_close}};

/* ---- all or nothing ---- */

/* What a deed could change, in one number. */
static int64_t
fingerprint(struct world *world)
{
	static const struct sql parts[] = {
	    {"SELECT count(*) * 7 + COALESCE(CAST(sum(active + failures * 3) AS BIGINT), 0) FROM account"},
	    {"SELECT count(*) FROM session"},
	    {"SELECT count(*) * 5 + count(revoked) FROM api_token"},
	    {"SELECT count(*) * 5 + COALESCE(CAST(sum(CAST(value AS BIGINT)) AS BIGINT), 0) FROM facility_setting"},
	    {"SELECT COALESCE(CAST(sum(reply_days) AS BIGINT), 0) FROM facility"},
	    {"SELECT count(*) FROM facility_closure"},
	    {"SELECT count(*) * 5 + COALESCE(CAST(sum(active) AS BIGINT), 0) FROM team"},
	    {"SELECT count(*) FROM team_topic"},
	    {"SELECT count(*) FROM team_member"},
	    {"SELECT count(*) FROM team_worker"},
	    {"SELECT count(*) FROM team_patient"},
	    {"SELECT count(*) FROM team_block"},
	    {"SELECT count(*) FROM thread WHERE owner IS NOT NULL"},
	    {"SELECT count(*) FROM thread_event"},
	};

	return world_fingerprint(world, parts, sizeof(parts) / sizeof(parts[0]));
}

static void
a_failing_statement_undoes_the_whole_deed(void **state)
{
	struct scene s = {.world = *state};

	clinic_setup(s.world, &s.p);
	maria_writes(s.world, &s.p, S("Still open when the team closes"));
	for (size_t i = 0; i < sizeof(deeds) / sizeof(deeds[0]); i++) {
		int64_t nth, before = fingerprint(s.world);

		for (nth = 1; nth < STATEMENTS_MAX; nth++) {
			const struct err *error;
			bool reached;

			db_fault_arm(s.world->db, DB_FAULT_ERROR, nth);
			error = deeds[i].run(&s);
			reached = db_fault_count(s.world->db) >= nth;
			db_fault_arm(s.world->db, DB_FAULT_NONE, 0);
			if (!reached) {
				if (error)
					fail_msg("%s: %s", deeds[i].name, error->log ? error->log : error->say);
				break;
			}
			if (!error)
				fail_msg(
				    "%s: statement %lld failed and the deed did not", deeds[i].name, (long long)nth);
			if (fingerprint(s.world) != before)
				fail_msg("%s: half done after statement %lld", deeds[i].name, (long long)nth);
		}
		assert_true(nth > 1 && nth < STATEMENTS_MAX);
		assert_sound(s.world);
	}
}

int
main(void)
{
	const struct CMUnitTest list[] = {
	    WORLD_TEST(a_failing_statement_undoes_the_whole_deed),
	};

	return cmocka_run_group_tests_name("administration fault", list, NULL, NULL);
}
