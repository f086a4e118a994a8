/* SPDX-License-Identifier: Apache-2.0 */
/* Signatures: what staff and patients put under their words, and teams that take nothing unsigned. */
#include "care/messaging/messaging_http_test_help.h"
#include "care/messaging/signature.h"

static void
a_signature_is_added_once_and_only_under_words(void **state)
{
	struct world *world = *state;
	struct signature signature;
	struct people p;
	struct cx ana, ben;
	str body;

	clinic_setup(world, &p);
	ana = people_as(world, p.ana);
	ben = people_as(world, p.ben);
	assert_ok(signature_add(&ana, S("Take it twice."), &body));
	assert_str_equal(body, "Take it twice.");
	assert_ok(signature_set(&ana, &(struct signature){S(" Ana Ruiz "), S("RN, Maple Team"), true}));
	db_refresh(&ana);
	assert_ok(signature_add(&ana, S("Take it twice.\n"), &body));
	assert_str_equal(body, "Take it twice.\n\nAna Ruiz\nRN, Maple Team");
	assert_ok(signature_add(&ana, body, &body));
	assert_str_equal(body, "Take it twice.\n\nAna Ruiz\nRN, Maple Team");
	assert_ok(signature_add(&ana, S("  "), &body));
	assert_str_equal(str_trim(body), "");
	assert_ok(signature_get(&ben, &signature)); /* each has their own */
	assert_int_equal(signature.name.n, 0);
	assert_ok(signature_set(&ana, &(struct signature){S("Ana Ruiz"), S(""), false}));
	db_refresh(&ana);
	assert_ok(signature_add(&ana, S("x"), &body));
	assert_str_equal(body, "x");
	assert_fails(signature_set(&ana, &(struct signature){S("a\nb"), S(""), true}), ERR_INVALID);
	assert_int_equal(rows_of(world, SQL("SELECT count(*) FROM signature WHERE name IS NULL")), 0);
	db_release(&ana);
	db_release(&ben);
}

static const struct err *
need_signature(struct tx *tx, void *arg)
{
	struct team team;

	TRY(team_get(tx->cx, ((struct people *)arg)->maple, &team));
	team.needs_signature = true;
	return team_update(tx, &team);
}

static void
a_team_that_needs_a_signature_takes_nothing_unsigned(void **state)
{
	struct world *world = *state;
	struct people p;
	struct sent sent;
	struct cx maria;
	str body;

	clinic_setup(world, &p);
	assert_ok(db_write(&world->cx, need_signature, &p));
	maria = people_as(world, p.maria_account);
	assert_fails(write_as_at(world, &p, p.maria_account, world->cx.now, &sent), ERR_INVALID);
	assert_fails(body_sign(&maria, p.facility.id, S("Maria 2"), true, S("Please change it"), &body), ERR_INVALID);
	assert_fails(body_sign(&maria, p.facility.id, S(" "), true, S("Please change it"), &body), ERR_INVALID);
	assert_fails(body_sign(&maria, p.facility.id,
			 S("Mar\xc3\xad"
			   "a L\xc3\xb3pez"),
			 false, S("x"), &body),
	    ERR_INVALID);
	assert_ok(body_sign(&maria, p.facility.id,
	    S("Mar\xc3\xad"
	      "a L\xc3\xb3pez"),
	    true, S("Please change it"), &body));
	assert_true(str_ends(body, S("\nMar\xc3\xad"
				     "a L\xc3\xb3pez\nSigned electronically on 2026-03-04.")));
	assert_true(body_is_signed(body));
	assert_ok(body_sign(&maria, p.facility.id, S("Maria Lopez"), true, body, &body)); /* in its place */
	assert_true(str_ends(body, S("\nMaria Lopez\nSigned electronically on 2026-03-04.")));
	assert_false(str_contains(body, S("L\xc3\xb3pez")));
	assert_ok(thread_send_new(&maria,
	    &(struct thread_new){.key = uuid_new(world->cx.now), .patient = p.maria, .team = p.maple, .body = body},
	    &sent));
	db_release(&maria);
	assert_fails(reply_as(world, p.maria_account, sent.thread, S("And this"), world->cx.now), ERR_INVALID);
	assert_ok(reply_as(world, p.ana, sent.thread, S("Done"), world->cx.now)); /* asked of patients only */
	assert_false(body_is_signed(S("Signed electronically on 2026-03-04.")));
	assert_false(body_is_signed(S("x\nMaria Lopez\nSigned electronically on 2026-03-04.")));
}

static void
the_form_signs_for_teams_that_need_it(void **state)
{
	struct clinic c;
	struct reply reply;
	str team;

	open_clinic(*state, &c);
	assert_ok(db_write(&c.world->cx, need_signature, &c.p));
	team = id_text(&c, c.p.maple.v);
	assert_shows(get(&c, &c.maria, S("/messages/new")), "Sign electronically");
	reply = SUBMIT(&c, &c.maria, S("/messages/new"),
	    "category=general&team=%.*s&body=Change+my+record&signed=M4ria", STR_ARG(team));
	assert_int_equal(reply.status, 400);
	assert_true(str_contains(reply.body, S("with letters only")));
	assert_int_equal(
	    SUBMIT(&c, &c.maria, S("/account/signature"), "name=Maria&title=at+home&include=yes").status, 303);
	reply = SUBMIT(&c, &c.maria, S("/messages/new"),
	    "category=general&team=%.*s&body=Change+my+record&signed=Maria+Lopez&certified=yes", STR_ARG(team));
	assert_int_equal(reply.status, 303);
	reply = get(&c, &c.maria, reply_header(reply, "Location"));
	assert_shows(reply, "Signed electronically on ");
	assert_shows(reply, "at home");
	close_clinic(&c);
}

int
main(void)
{
	const struct CMUnitTest list[] = {
	    WORLD_TEST(a_signature_is_added_once_and_only_under_words),
	    WORLD_TEST(a_team_that_needs_a_signature_takes_nothing_unsigned),
	    WORLD_TEST(the_form_signs_for_teams_that_need_it),
	};

	return cmocka_run_group_tests_name("signatures", list, NULL, NULL);
}
