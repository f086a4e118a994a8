/* SPDX-License-Identifier: Apache-2.0 */
/* The pages of giving, taking and acting: two tabs, guesses at a code, and the whole way. */
#include "care/sharing/sharing_test_help.h"

/* ---- two tabs ---- */

static void
a_form_is_sent_for_whom_it_was_opened_or_not_at_all(void **state)
{
	struct scene s;
	struct visitor own, for_bo;
	patient_id nobody = {{{0}}};
	const char *path;

	scene_open(&s, *state);
	scene_give(&s, ALL_RIGHTS);
	for_bo = s.maria; /* a tab that was opened while acting */
	path = path_z(&s.v, "/messages/draft");
	assert_int_equal(
	    submit(&s.v, &for_bo, path, "key=%s&body=x", id_z(&s.v, uuid_new(instant_read_clock()))).status, 200);
	own = scene_acting(&s, for_bo, nobody); /* the other tab goes back to her own pages */
	assert_int_equal(
	    submit(&s.v, &for_bo, path, "key=%s&body=x", id_z(&s.v, uuid_new(instant_read_clock()))).status, 403);
	assert_int_equal(
	    submit(&s.v, &own, path, "key=%s&body=x", id_z(&s.v, uuid_new(instant_read_clock()))).status, 200);
	for_bo = scene_acting(&s, own, s.v.people.bo); /* and acts again: now her own tab is the stale one */
	assert_int_equal(
	    submit(&s.v, &own, path, "key=%s&body=x", id_z(&s.v, uuid_new(instant_read_clock()))).status, 403);
	visit_end(&s.v);
}

/* ---- guessing a code ---- */

static int
guess(struct scene *s, struct visitor *who, int n)
{
	who->address = path_z(&s->v, "203.0.113.%d", n % 250);
	return submit(&s->v, who, n % 2 ? "/sharing/accept" : "/sharing/accept/answer", "do=accept&code=%012d", n)
	    .status;
}

/* Each guess from another address: what ends it is the account's own limit. */
static void
an_account_guesses_no_faster_from_many_addresses(void **state)
{
	struct scene s = {.v = {.usual_rates = true}};
	patient_id nobody = {{{0}}};
	struct visitor own, bo;

	assert_ok(record_init(((struct world *)*state)->vault));
	visit_begin(&s.v, *state, sharing_doors);
	own = scene_acting(&s, visitor_of(&s.v, s.v.people.maria_account), nobody);
	bo = visitor_of(&s.v, s.v.people.bo_account);
	for (int i = 0; i < HTTP_RATE_CODES_PER_HOUR; i++)
		assert_int_equal(guess(&s, &own, i), 404);
	assert_int_equal(guess(&s, &own, HTTP_RATE_CODES_PER_HOUR), 429);
	assert_int_equal(guess(&s, &own, HTTP_RATE_CODES_PER_HOUR + 1), 429);
	assert_int_equal(guess(&s, &bo, 0), 404);                   /* another account is free to try */
	assert_int_equal(visit(&s.v, &own, "/acting").status, 200); /* and she to go on with the rest */
	visit_end(&s.v);
}

/* ---- the pages ---- */

static str
code_in(struct scene *s, struct reply reply)
{
	str body = reply.body, value;
	size_t at;

	(void)s;
	assert_int_equal(reply.status, 200);
	assert_true(str_find(body, S("<p class=\"value\">"), &at));
	str_cut(str_drop(body, at + 17), '<', &value);
	return value;
}

static void
given_taken_used_and_ended_by_pages(void **state)
{
	struct scene s;
	struct visitor maria, ben;
	patient_id nobody = {{{0}}};
	struct reply reply;
	str code;

	scene_open(&s, *state);
	maria = scene_acting(&s, s.maria, nobody);
	ben = visitor_of(&s.v, s.v.people.ben);
	assert_shows(visit(&s.v, &s.bo, "/sharing"), "Nobody acts for you");
	assert_int_equal(submit(&s.v, &s.bo, "/sharing/new", "called=Maria").status, 400); /* nothing chosen */
	reply = submit(&s.v, &s.bo, "/sharing/new", "called=Maria&relation=my+neighbor&messages-write=yes");
	code = code_in(&s, reply);
	assert_shows(visit(&s.v, &s.bo, "/sharing"), "Waits for the code");
	assert_int_equal(submit(&s.v, &maria, "/sharing/accept", "code=0000-0000-0000").status, 404);
	reply = submit(&s.v, &maria, "/sharing/accept", "code=%s", coded(&s.v, code));
	assert_shows(reply, "Act for Bo Lee?");
	assert_shows(reply, "You may not");
	assert_shows(submit(&s.v, &ben, "/sharing/accept", "code=%s", coded(&s.v, code)), "your work account");
	assert_int_equal(
	    submit(&s.v, &ben, "/sharing/accept/answer", "do=accept&code=%s", coded(&s.v, code)).status, 403);
	assert_moved(submit(&s.v, &maria, "/sharing/accept/answer", "do=accept&code=%s", coded(&s.v, code)));
	assert_shows(visit(&s.v, &maria, "/acting"), "Act for Bo Lee");
	assert_lacks(visit(&s.v, &maria, "/acting"), "You are acting for");
	assert_str_equal(
	    assert_moved(submit(&s.v, &maria, "/acting", "patient=%s", id_z(&s.v, s.v.people.bo.v))), "/messages");
	assert_shows(visit(&s.v, &maria, "/messages"), "You are acting for Bo Lee.");
	assert_int_equal(visit(&s.v, &maria, "/home").status, 403);
	assert_int_equal(visit(&s.v, &maria, "/looked").status, 403);
	assert_int_equal(visit(&s.v, &maria, "/sharing").status, 403);
	maria = scene_acting(&s, maria, s.v.people.bo);
	assert_int_equal(submit(&s.v, &maria, "/acting", "patient=%s", id_z(&s.v, s.v.people.maria.v)).status, 404);
	assert_shows(visit(&s.v, &s.bo, "/sharing"), "María López");
	reply = visit(&s.v, &s.bo, "/sharing");
	{ /* one press, and the next click is gone */
		struct cx cx = scene_as(&s, s.v.people.bo_account, false);
		struct db_rows rows;
		const struct delegation *d;

		assert_ok(delegations_given(&cx, &rows));
		d = rows.items;
		assert_moved(submit(&s.v, &s.bo, path_z(&s.v, "/sharing/%s/withdraw", id_z(&s.v, d->id.v)), "a=b"));
		db_release(&cx);
	}
	reply = visit(&s.v, &maria, "/messages");
	assert_int_equal(reply.status, 404);
	assert_true(str_contains(reply.body, S("You can no longer act for Bo Lee.")));
	assert_str_equal(assert_moved(submit(&s.v, &maria, "/acting/end", "a=b")), "/");
	assert_int_equal(visit(&s.v, &maria, "/home").status, 200);
	visit_end(&s.v);
}

static void
a_caregiver_makes_an_account_with_the_code_alone(void **state)
{
	struct scene s;
	struct visitor carla = {0};
	struct reply reply;
	str code, cookie;

	scene_open(&s, *state);
	code = code_in(&s, submit(&s.v, &s.bo, "/sharing/new", "called=Carla&messages-read=yes"));
	reply = submit(&s.v, NULL, "/sharing/accept", "code=%s", coded(&s.v, code));
	assert_shows(reply, "You have no account here");
	assert_int_equal(
	    submit(&s.v, NULL, "/sharing/accept/new", "code=0000&name=C&login=c&password=a+long+enough+sentence")
		.status,
	    404);
	assert_int_equal(submit(&s.v, NULL, "/sharing/accept/new", "code=%s&name=Carla+Diaz&login=carla&password=short",
			     coded(&s.v, code))
			     .status,
	    400);
	assert_int_equal(submit(&s.v, NULL, "/sharing/accept/new",
			     "code=%s&name=Carla+Diaz&login=bo&password=a+long+enough+sentence", coded(&s.v, code))
			     .status,
	    409);
	reply = submit(&s.v, NULL, "/sharing/accept/new",
	    "code=%s&name=Carla+Diaz&login=carla&password=a+long+enough+sentence", coded(&s.v, code));
	assert_moved(reply);
	cookie = reply_header(reply, "Set-Cookie");
	str_cut(str_drop(cookie, sizeof("salve=") - 1), ';', &carla.cookie);
	assert_shows(visit(&s.v, &carla, "/acting"), "Act for Bo Lee");
	assert_int_equal(visit(&s.v, &carla, "/messages").status, 404); /* nobody chosen yet */
	assert_int_equal(visit(&s.v, &carla, "/home").status, 403);
	carla = scene_acting(&s, carla, s.v.people.bo);
	assert_shows(visit(&s.v, &carla, "/messages"), MESSAGE_WORDS);
	assert_shows(visit(&s.v, &carla, "/account"), "Carla Diaz");
	visit_end(&s.v);
}

int
main(void)
{
	const struct CMUnitTest list[] = {
	    WORLD_TEST(a_form_is_sent_for_whom_it_was_opened_or_not_at_all),
	    WORLD_TEST(an_account_guesses_no_faster_from_many_addresses),
	    WORLD_TEST(given_taken_used_and_ended_by_pages),
	    WORLD_TEST(a_caregiver_makes_an_account_with_the_code_alone),
	};

	return cmocka_run_group_tests_name("sharing_pages", list, NULL, NULL);
}
