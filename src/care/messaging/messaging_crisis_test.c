/* SPDX-License-Identifier: Apache-2.0 */
/* Words of emergency: found in what patients write, asked about once, and kept from nobody. */
#include "care/messaging/crisis.h"
#include "care/messaging/messaging_http_test_help.h"

static void
words_of_emergency_are_found_whole_without_case_and_accents(void **state)
{
	struct arena arena = ARENA_INIT;
	const str list =
	    S("# note\nen emergency chest pain\nen self-harm can't go on\n\nes emergency me desmay\xc3\xa9\n"
	      "en self-harm suicide\n");
	static const struct {
		const char *text, *hits;
	} cases[] = {
	    {"I have CHEST  pain.", "chest pain"},
	    {"chest\npain, and I can\xe2\x80\x99t go on", "chest pain, can't go on"},
	    {"Me desmaye ayer", "me desmay\xc3\xa9"},
	    {"suicide", "suicide"},
	    {"suicideprevention class", NULL},
	    {"My chest, no pain", NULL},
	    {"", NULL},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		str hits = crisis_hits(&arena, list, str_from_z(cases[i].text));

		if (cases[i].hits)
			assert_str_equal(hits, cases[i].hits);
		else
			assert_null(hits.p);
	}
	arena_release(&arena);
}

static void
words_of_emergency_mark_the_thread_and_keep_nothing_back(void **state)
{
	struct world *world = *state;
	struct people p;
	struct sent calm, sent;
	struct thread thread;
	instant due;

	clinic_setup(world, &p);
	calm = maria_writes(world, &p, S("My knee is better"));
	assert_false(thread_now(world, calm.thread).urgent);
	due = thread_now(world, calm.thread).due;
	sent = maria_writes(world, &p, S("Since today I have chest pain and I CAN'T breathe"));
	thread = thread_now(world, sent.thread);
	assert_true(thread_is_urgent(&thread));
	assert_str_equal(thread.urgent_reason, "chest pain, can't breathe");
	assert_true(!instant_before(due, thread.due)); /* never later than the promise */
	assert_ok(reply_as(world, p.ana, sent.thread, S("Please call 911 for your chest pain"), world->cx.now));
	thread = thread_now(world, sent.thread);
	assert_false(thread_is_urgent(&thread)); /* answered */
	assert_ok(reply_as(world, p.maria_account, sent.thread, S("Thank you"), instant_add_ms(world->cx.now, 1)));
	thread = thread_now(world, sent.thread);
	assert_false(thread_is_urgent(&thread)); /* a new round */
	assert_ok(reply_as(world, p.maria_account, calm.thread, S("I want to die"), world->cx.now));
	thread = thread_now(world, calm.thread);
	assert_true(thread_is_urgent(&thread));
	assert_sound(world);
}

static void
urgent_messages_fail_whole_or_not_at_all(void **state)
{
	struct world *world = *state;
	struct uuid key;
	struct people p;
	struct sent sent;
	struct cx cx;

	clinic_setup(world, &p);
	key = uuid_new(world->cx.now);
	cx = people_as(world, p.maria_account);
	for (int64_t nth = 1;; nth++) {
		const struct err *error;
		int64_t ran;

		db_fault_arm(world->db, DB_FAULT_ERROR, nth);
		error = thread_send_new(&cx,
		    &(struct thread_new){
			.key = key, .patient = p.maria, .team = p.maple, .body = S("I have chest pain")},
		    &sent);
		ran = db_fault_count(world->db);
		db_fault_arm(world->db, DB_FAULT_NONE, 0);
		if (ran < nth) {
			assert_ok(error);
			assert_true(nth > 5);
			break;
		}
		assert_int_equal(rows_of(world, SQL("SELECT count(*) FROM thread")), 0);
	}
	assert_int_equal(
	    rows_of(world, SQL("SELECT count(*) FROM thread WHERE urgent = 1 AND urgent_reason IS NOT NULL")), 1);
	db_release(&cx);
}

static const struct err *
list_as(struct world *world, account_id who, str list)
{
	struct cx cx = people_as(world, who);
	const struct err *error = crisis_list_set(&cx, list);

	db_release(&cx);
	return error;
}

static void
a_facility_keeps_its_own_list(void **state)
{
	struct world *world = *state;
	struct people p;
	str hits;

	clinic_setup(world, &p);
	assert_fails(list_as(world, p.ana, S("en emergency snake")), ERR_GONE);
	assert_fails(list_as(world, p.maria_account, S("en emergency snake")), ERR_GONE);
	assert_fails(list_as(world, p.root, S("en emergency snake\nxx emergency bite")), ERR_INVALID);
	assert_fails(list_as(world, p.root, S("en urgent bite")), ERR_INVALID);
	assert_fails(list_as(world, p.root, S("en emergency")), ERR_INVALID);
	assert_ok(list_as(world, p.root, S("# ours\r\nen emergency snake bite")));
	db_refresh(&world->cx);
	assert_ok(crisis_check(&world->cx, p.facility.id, S("A snake"), S("Snake bite, chest pain"), &hits));
	assert_str_equal(hits, "snake bite");
	assert_ok(list_as(world, p.root, S("")));
	db_refresh(&world->cx);
	assert_ok(crisis_check(&world->cx, p.facility.id, S("A snake"), S("Snake bite, chest pain"), &hits));
	assert_str_equal(hits, "chest pain");
	assert_ok(crisis_list_get(&world->cx, p.facility.id, &hits));
	assert_ok(crisis_list_check(&world->cx, hits)); /* the list that comes with the program */
}

static void
words_of_emergency_ask_once_and_then_let_through(void **state)
{
	struct clinic c;
	str key, path;
	struct reply reply;

	open_clinic(*state, &c);
	key = new_key(&c);
	reply = SUBMIT(&c, &c.maria, S("/messages/new"), "key=%.*s&category=general&team=%.*s&body=I+have+chest+pain",
	    STR_ARG(key), STR_ARG(id_text(&c, c.p.maple.v)));
	assert_shows(reply, "Is this an emergency?");
	assert_shows(reply, "tel:911");
	assert_shows(reply, "chest pain");
	assert_int_equal(rows_of(c.world, SQL("SELECT count(*) FROM message")), 0);
	assert_int_equal(rows_of(c.world, SQL("SELECT count(*) FROM draft")), 1);
	reply = SUBMIT(&c, &c.maria, S("/messages/new"),
	    "key=%.*s&category=general&team=%.*s&body=I+have+chest+pain&do=urgent", STR_ARG(key),
	    STR_ARG(id_text(&c, c.p.maple.v)));
	assert_int_equal(reply.status, 303);
	path = str_take(reply_header(reply, "Location"), strlen("/messages/") + UUID_TEXT_CHARS);
	assert_shows(get(&c, &c.ana, S("/inbox")), "Urgent");
	assert_shows(get(&c, &c.ana, PATH(&c, "/inbox/%.*s", STR_ARG(str_drop(path, strlen("/messages/"))))),
	    "found these words in what the patient wrote: chest pain.");
	reply = SUBMIT(&c, &c.maria, path, "key=%.*s&body=I+want+to+die", STR_ARG(new_key(&c)));
	assert_shows(reply, "Is this an emergency?");
	assert_shows(get(&c, &c.root, S("/admin/words")), "en emergency chest pain");
	reply = SUBMIT(&c, &c.root, S("/admin/words"), "list=nonsense");
	assert_int_equal(reply.status, 400);
	assert_int_equal(SUBMIT(&c, &c.root, S("/admin/words"), "list=en+emergency+snake+bite").status, 303);
	assert_int_equal(get(&c, &c.ana, S("/admin/words")).status, 403);
	close_clinic(&c);
}

int
main(void)
{
	const struct CMUnitTest list[] = {
	    cmocka_unit_test(words_of_emergency_are_found_whole_without_case_and_accents),
	    WORLD_TEST(words_of_emergency_mark_the_thread_and_keep_nothing_back),
	    WORLD_TEST(urgent_messages_fail_whole_or_not_at_all),
	    WORLD_TEST(a_facility_keeps_its_own_list),
	    WORLD_TEST(words_of_emergency_ask_once_and_then_let_through),
	};

	return cmocka_run_group_tests_name("crisis", list, NULL, NULL);
}
