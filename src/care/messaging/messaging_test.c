/* SPDX-License-Identifier: Apache-2.0 */
/* Writing and answering on both databases: each rule on both sides. */
#include "care/messaging/messaging_test_help.h"
#include "platform/pages/pages.h"

#include <stdio.h>

/* ---- writing ---- */

static void
a_message_reaches_the_patient_and_every_member(void **state)
{
	struct world *world = *state;
	struct people p;
	struct sent sent;
	struct thread thread;

	clinic_setup(world, &p);
	sent = maria_writes_at(world, &p, S("May I take ibuprofen?\r\n\r\n"), wednesday());
	thread = thread_now(world, sent.thread);
	assert_str_equal(thread.subject, "Medication question");
	assert_int_equal(thread.status, THREAD_INCOMPLETE);
	assert_int_equal(
	    thread.due.ms, instant_add_ms(wednesday(), 5 * DAY_MS - HOUR_MS).ms); /* Monday; the clocks went forward */
	assert_int_equal(count_of(world, p.maria_account, COUNT_UNREAD), 0);
	assert_int_equal(count_of(world, p.ana, COUNT_TASKS), 1);
	assert_int_equal(count_of(world, p.okafor, COUNT_TASKS), 1);
	assert_int_equal(count_of(world, p.ben, COUNT_TASKS), 0);
	assert_sound(world);
}

static void
a_text_must_be_fit_to_send(void **state)
{
	struct world *world = *state;
	struct cx cx = world->cx;
	struct buf long_body = BUF_INIT(&world->arena);

	for (int i = 0; i < MESSAGE_BODY_CHARS_MAX; i++)
		buf_add_z(&long_body, "\xc3\xb1");
	assert_ok(message_check_body(&cx, S("x")));
	assert_ok(message_check_body(&cx, buf_str(&long_body)));
	buf_add_char(&long_body, 'x');
	assert_fails(message_check_body(&cx, buf_str(&long_body)), ERR_INVALID);
	assert_fails(message_check_body(&cx, S("")), ERR_INVALID);
	assert_fails(message_check_body(&cx, S(" \n\t\xc2\xa0\xe2\x80\x8b")), ERR_INVALID);
	assert_fails(message_check_body(&cx, S("a\x01")), ERR_INVALID);
	assert_ok(message_check_subject(&cx, S("")));
	assert_ok(message_check_subject(&cx, S("12345678901234567890123456789012345678901234567890")));
	assert_fails(message_check_subject(&cx, S("123456789012345678901234567890123456789012345678901")), ERR_INVALID);
	assert_fails(message_check_subject(&cx, S("two\nlines")), ERR_INVALID);
	assert_str_equal(message_clean(&world->arena, S("a\r\nb\n \r\n")), "a\nb");
}

static void
every_category_has_a_code_words_and_a_subject(void **state)
{
	static const struct {
		const char *code;
		enum message_category category;
	} rows[] = {{"general", CATEGORY_GENERAL}, {"appointment", CATEGORY_APPOINTMENT},
	    {"medication", CATEGORY_MEDICATION}, {"test", CATEGORY_TEST_RESULT}};
	struct arena arena = ARENA_INIT;
	struct cx cx = {.arena = &arena};
	enum message_category category;

	(void)state;
	for (size_t i = 0; i < 4; i++) {
		assert_true(message_category_parse(str_from_z(rows[i].code), &category));
		assert_int_equal(category, rows[i].category);
		assert_string_equal(message_category_code(category), rows[i].code);
		for (cx.lang = 0; cx.lang < LANG_COUNT; cx.lang++) {
			assert_true(message_category_words(cx.lang, category).n > 0);
			assert_ok(message_check_subject(&cx, message_default_subject(&cx, category)));
		}
	}
	assert_false(message_category_parse(S("billing"), &category));
	arena_release(&arena);
}

static const struct err *
write_as(struct world *world, account_id who, patient_id patient, team_id team)
{
	struct cx cx = people_as(world, who);
	struct sent sent;
	const struct err *error = thread_send_new(&cx,
	    &(struct thread_new){.key = uuid_new(cx.now), .patient = patient, .team = team, .body = S("Hello")}, &sent);

	db_release(&cx);
	return error;
}

static void
nobody_writes_where_they_do_not_belong(void **state)
{
	struct world *world = *state;
	struct people p;

	clinic_setup(world, &p);
	assert_ok(write_as(world, p.maria_account, p.maria, p.maple));
	assert_fails(write_as(world, p.maria_account, p.maria, p.birch), ERR_INVALID);
	assert_fails(write_as(world, p.maria_account, p.bo, p.birch), ERR_GONE);
	assert_ok(write_as(world, p.ana, p.maria, p.maple));
	assert_fails(write_as(world, p.ana, p.bo, p.birch), ERR_GONE);
	assert_fails(write_as(world, p.ana, p.maria, p.birch), ERR_GONE);
	assert_fails(write_as(world, p.ben, p.maria, p.birch), ERR_GONE);
	assert_fails(write_as(world, p.root, p.maria, p.maple), ERR_GONE);
	assert_sound(world);
}

static void
the_same_key_sends_once_and_answers_the_same(void **state)
{
	struct world *world = *state;
	struct people p;
	struct cx cx;
	struct sent first, second;
	struct thread_new in;
	int64_t count;

	clinic_setup(world, &p);
	cx = people_as(world, p.maria_account);
	in = (struct thread_new){
	    .key = uuid_new(cx.now), .patient = p.maria, .team = p.maple, .subject = S("Pills"), .body = S("One")};
	assert_ok(thread_send_new(&cx, &in, &first));
	assert_false(first.sent_before);
	assert_ok(thread_send_new(&cx, &in, &second));
	assert_true(second.sent_before);
	assert_memory_equal(&first.thread, &second.thread, sizeof(first.thread));
	assert_int_equal(first.due.ms, second.due.ms);
	in.body = S("Another");
	assert_fails(thread_send_new(&cx, &in, &second), ERR_CONFLICT);
	assert_ok(thread_count(&cx, p.maria, THREADS_ALL, &count));
	assert_int_equal(count, 1);
	db_release(&cx);
	assert_sound(world);
}

/* ---- the conversation ---- */

static void
a_question_is_opened_claimed_answered_and_completed(void **state)
{
	struct world *world = *state;
	struct people p;
	struct sent sent;
	struct cx ana, maria;
	struct conversation c;
	instant t = wednesday();

	clinic_setup(world, &p);
	sent = maria_writes_at(world, &p, S("May I?"), t);
	{
		struct thread fresh = thread_now(world, sent.thread);
		assert_int_equal(thread_standing(&fresh, t), STANDING_SENT);
		assert_int_equal(thread_standing(&fresh, instant_add_ms(sent.due, 1)), STANDING_LATE);
	}

	ana = people_as_at(world, p.ana, instant_add_ms(t, HOUR_MS));
	assert_ok(thread_open(&ana, sent.thread, &c));
	assert_int_equal(c.count, 1);
	assert_str_equal(c.messages[0].body, "May I?");
	assert_str_equal(c.messages[0].author_name, "María López");
	assert_int_equal(c.thread.opened_at.ms, instant_add_ms(t, HOUR_MS).ms);
	assert_int_equal(thread_standing(&c.thread, ana.now), STANDING_OPENED);
	assert_int_equal(count_of(world, p.ana, COUNT_TASKS), 1); /* opening never marks done */

	assert_ok(thread_claim(&ana, sent.thread));
	assert_int_equal(count_of(world, p.okafor, COUNT_TASKS), 0);
	assert_int_equal(count_of(world, p.ana, COUNT_TASKS), 1);
	db_release(&ana);

	assert_ok(reply_as(world, p.ana, sent.thread, S("Yes, two a day."), instant_add_ms(t, 2 * HOUR_MS)));
	assert_int_equal(count_of(world, p.maria_account, COUNT_UNREAD), 1);
	maria = people_as_at(world, p.maria_account, instant_add_ms(t, 3 * HOUR_MS));
	assert_ok(thread_open(&maria, sent.thread, &c));
	assert_int_equal(c.count, 2);
	assert_str_equal(c.messages[1].author_name, "Ana Ruiz");
	assert_int_equal(c.messages[1].author_role, ROLE_NURSE);
	assert_int_equal(c.thread.status, THREAD_IN_PROCESS);
	assert_int_equal(thread_standing(&c.thread, maria.now), STANDING_ANSWERED);
	assert_true(instant_is_none(c.thread.escalate_at));
	assert_int_equal(count_of(world, p.maria_account, COUNT_UNREAD), 0);
	db_release(&maria);

	ana = people_as_at(world, p.ana, instant_add_ms(t, 4 * HOUR_MS));
	assert_ok(thread_complete(
	    &ana, &(struct thread_complete){.thread = sent.thread, .how = COMPLETED_ANSWERED, .seen = 2}));
	assert_int_equal(count_of(world, p.ana, COUNT_TASKS), 0);
	assert_fails(thread_claim(&ana, sent.thread), ERR_CONFLICT);
	assert_fails(reply_as(world, p.ana, sent.thread, S("Oh, and"), ana.now), ERR_CONFLICT);
	db_release(&ana);

	assert_ok(reply_as(world, p.maria_account, sent.thread, S("Also at night?"), instant_add_ms(t, 5 * HOUR_MS)));
	assert_int_equal(thread_now(world, sent.thread).status, THREAD_INCOMPLETE);
	assert_true(uuid_is_none(thread_now(world, sent.thread).owner.v));
	assert_true(instant_is_none(thread_now(world, sent.thread).opened_at));
	assert_int_equal(count_of(world, p.okafor, COUNT_TASKS), 1);
	assert_sound(world);
}

static void
a_claim_keeps_others_from_answering_for_fifteen_minutes(void **state)
{
	struct world *world = *state;
	struct people p;
	struct sent sent;
	struct cx ana, okafor;
	instant t = wednesday();

	clinic_setup(world, &p);
	sent = maria_writes_at(world, &p, S("May I?"), t);
	ana = people_as_at(world, p.ana, t);
	okafor = people_as_at(world, p.okafor, instant_add_ms(t, 15 * MINUTE_MS - 1));
	assert_ok(thread_claim(&ana, sent.thread));
	assert_ok(thread_claim(&ana, sent.thread));
	assert_fails(thread_claim(&okafor, sent.thread), ERR_CONFLICT);
	assert_fails(reply_as(world, p.okafor, sent.thread, S("Me too"), okafor.now), ERR_CONFLICT);
	assert_fails(
	    thread_complete(&okafor, &(struct thread_complete){.thread = sent.thread, .how = COMPLETED_TELEPHONE}),
	    ERR_CONFLICT);
	assert_fails(thread_release(&okafor, sent.thread), ERR_CONFLICT);
	okafor.now = instant_add_ms(t, 15 * MINUTE_MS);
	assert_ok(thread_claim(&okafor, sent.thread));
	assert_fails(thread_release(&ana, sent.thread), ERR_CONFLICT);
	assert_ok(thread_release(&okafor, sent.thread));
	assert_int_equal(count_of(world, p.ana, COUNT_TASKS), 1);
	assert_ok(thread_claim(&ana, sent.thread));
	db_release(&ana);
	db_release(&okafor);
	assert_sound(world);
}

static void
an_answer_waits_until_the_newest_message_was_seen(void **state)
{
	struct world *world = *state;
	struct people p;
	struct sent sent, out;
	struct cx ana;
	struct thread_reply reply;

	clinic_setup(world, &p);
	sent = maria_writes(world, &p, S("May I?"));
	assert_ok(reply_as(world, p.maria_account, sent.thread, S("I mean both"), world->cx.now));
	ana = people_as(world, p.ana);
	reply = (struct thread_reply){.key = uuid_new(ana.now), .thread = sent.thread, .body = S("Yes"), .seen = 1};
	assert_fails(thread_reply(&ana, &reply, &out), ERR_CONFLICT);
	assert_fails(thread_complete(&ana, &(struct thread_complete){sent.thread, COMPLETED_NO_NEED, 1}), ERR_CONFLICT);
	reply.seen = 2;
	assert_ok(thread_reply(&ana, &reply, &out));
	db_release(&ana);
	assert_int_equal(thread_now(world, sent.thread).message_count, 3);
	assert_sound(world);
}

static void
a_thread_is_completed_in_words_that_are_true(void **state)
{
	struct world *world = *state;
	struct people p;
	struct sent sent;
	struct cx ana;
	static const enum completed_how never[] = {COMPLETED_ANSWERED, COMPLETED_NOT, COMPLETED_TOLD, 77};

	clinic_setup(world, &p);
	sent = maria_writes(world, &p, S("May I?"));
	ana = people_as(world, p.ana);
	for (size_t i = 0; i < 4; i++)
		assert_fails(thread_complete(&ana, &(struct thread_complete){sent.thread, never[i], 0}), ERR_INVALID);
	assert_ok(thread_complete(&ana, &(struct thread_complete){sent.thread, COMPLETED_TELEPHONE, 0}));
	assert_int_equal(thread_now(world, sent.thread).completed_how, COMPLETED_TELEPHONE);
	assert_ok(thread_reopen(&ana, sent.thread));
	assert_fails(thread_reopen(&ana, sent.thread), ERR_CONFLICT);
	assert_int_equal(thread_now(world, sent.thread).status, THREAD_INCOMPLETE); /* still no answer */
	assert_false(instant_is_none(thread_now(world, sent.thread).escalate_at));
	assert_sound(world);
	assert_ok(reply_as(world, p.ana, sent.thread, S("Yes"), ana.now));
	assert_ok(thread_complete(&ana, &(struct thread_complete){sent.thread, COMPLETED_ANSWERED, 0}));
	assert_ok(thread_reopen(&ana, sent.thread));
	assert_int_equal(thread_now(world, sent.thread).status, THREAD_IN_PROCESS);
	db_release(&ana);
	assert_sound(world);
}

static void
a_message_of_the_team_asks_nothing_until_the_patient_writes(void **state)
{
	struct world *world = *state;
	struct people p;
	struct cx ana;
	struct sent sent;

	clinic_setup(world, &p);
	ana = people_as(world, p.ana);
	assert_ok(thread_send_new(&ana,
	    &(struct thread_new){.key = uuid_new(ana.now),
		.patient = p.maria,
		.team = p.maple,
		.category = CATEGORY_APPOINTMENT,
		.subject = S("Your visit"),
		.body = S("Please bring your pills.")},
	    &sent));
	assert_true(instant_is_none(sent.due));
	assert_int_equal(thread_now(world, sent.thread).completed_how, COMPLETED_TOLD);
	assert_int_equal(count_of(world, p.maria_account, COUNT_UNREAD), 1);
	assert_int_equal(count_of(world, p.ana, COUNT_TASKS), 0);
	assert_int_equal(notices_waiting(world), 1); /* to Maria */
	assert_sound(world);
	assert_ok(thread_reopen(&ana, sent.thread));
	assert_false(instant_is_none(thread_now(world, sent.thread).due));
	assert_sound(world);
	assert_ok(reply_as(world, p.maria_account, sent.thread, S("All of them?"), instant_add_ms(ana.now, 1)));
	assert_int_equal(thread_now(world, sent.thread).status, THREAD_INCOMPLETE);
	db_release(&ana);
	assert_sound(world);
}

static void
the_patient_may_answer_for_forty_five_days(void **state)
{
	struct world *world = *state;
	struct people p;
	struct sent sent;
	instant t = wednesday();

	clinic_setup(world, &p);
	sent = maria_writes_at(world, &p, S("May I?"), t);
	assert_fails(
	    reply_as(world, p.maria_account, sent.thread, S("x"), instant_add_ms(t, 45 * DAY_MS + 1)), ERR_INVALID);
	assert_ok(reply_as(world, p.maria_account, sent.thread, S("x"), instant_add_ms(t, 45 * DAY_MS)));
	/* The team is not bound by it. */
	assert_ok(reply_as(world, p.ana, sent.thread, S("Sorry, late"), instant_add_ms(t, 95 * DAY_MS)));
	assert_sound(world);
}

static const struct err *
decide(struct tx *tx, void *arg)
{
	facility_id facility = *(facility_id *)arg;

	TRY(facility_setting_put(tx, facility, S("reply_window_days"), 10));
	return facility_setting_put(tx, facility, S("claim_lease_minutes"), 5);
}

static void
reply_window_and_claim_follow_the_settings_of_the_facility(void **state)
{
	struct world *world = *state;
	struct people p;
	struct sent sent;
	struct cx ana;
	instant t = wednesday();

	clinic_setup(world, &p);
	assert_ok(db_write(&world->cx, decide, &p.facility.id));
	sent = maria_writes_at(world, &p, S("May I?"), t);
	ana = people_as_at(world, p.ana, t);
	assert_ok(thread_claim(&ana, sent.thread));
	db_release(&ana);
	assert_fails(
	    reply_as(world, p.okafor, sent.thread, S("x"), instant_add_ms(t, 5 * MINUTE_MS - 1)), ERR_CONFLICT);
	assert_ok(reply_as(world, p.okafor, sent.thread, S("Yes"), instant_add_ms(t, 5 * MINUTE_MS)));
	t = instant_add_ms(t, 5 * MINUTE_MS);
	assert_fails(
	    reply_as(world, p.maria_account, sent.thread, S("x"), instant_add_ms(t, 10 * DAY_MS + 1)), ERR_INVALID);
	assert_ok(reply_as(world, p.maria_account, sent.thread, S("Thanks"), instant_add_ms(t, 10 * DAY_MS)));
	assert_sound(world);
}

static const struct err *
leave_team(struct tx *tx, void *arg)
{
	const struct people *p = arg;

	return team_remove_patient(tx, p->maple, p->maria);
}

static void
a_lost_association_ends_answers_and_tells_whom_to_call(void **state)
{
	struct world *world = *state;
	struct people p;
	struct sent sent;
	const struct err *error;
	struct db_rows rows;
	struct cx root;

	clinic_setup(world, &p);
	sent = maria_writes(world, &p, S("May I?"));
	assert_ok(db_write(&world->cx, leave_team, &p));
	error = reply_as(world, p.maria_account, sent.thread, S("And this?"), instant_add_ms(world->cx.now, 1));
	assert_fails(error, ERR_INVALID);
	assert_true(str_contains(str_from_z(error->say), S("555-0100")));
	assert_fails(reply_as(world, p.ana, sent.thread, S("Yes"), instant_add_ms(world->cx.now, 1)), ERR_GONE);
	root = people_as_at(world, p.root, instant_add_ms(world->cx.now, 1));
	assert_ok(messaging_ownerless(&root, p.facility.id, 100, &rows));
	assert_int_equal(rows.count, 1);
	assert_null(((struct thread *)rows.items)[0].subject.p);
	db_release(&root);
	assert_int_equal(count_of(world, p.ana, COUNT_TASKS), 0);
	assert_sound(world);
}

static void
nobody_else_finds_a_thread(void **state)
{
	struct world *world = *state;
	struct people p;
	struct sent sent;
	struct conversation c;
	struct thread_complete complete;

	clinic_setup(world, &p);
	sent = maria_writes(world, &p, S("May I?"));
	const account_id strangers[] = {p.bo_account, p.ben, p.root};
	complete = (struct thread_complete){sent.thread, COMPLETED_NO_NEED, 0};
	for (size_t i = 0; i < 3; i++) {
		struct cx cx = people_as(world, strangers[i]);
		struct db_rows rows;

		assert_fails(thread_open(&cx, sent.thread, &c), ERR_GONE);
		assert_fails(thread_claim(&cx, sent.thread), ERR_GONE);
		assert_fails(thread_release(&cx, sent.thread), ERR_GONE);
		assert_fails(thread_complete(&cx, &complete), ERR_GONE);
		assert_fails(thread_reopen(&cx, sent.thread), ERR_GONE);
		assert_fails(reply_as(world, strangers[i], sent.thread, S("x"), cx.now), ERR_GONE);
		assert_fails(thread_list(&cx, p.maria, THREADS_ALL, 0, 10, &rows), ERR_GONE);
		assert_ok(inbox_list(&cx, &(struct inbox_query){.count_max = 10}, &rows));
		assert_int_equal(rows.count, 0);
		assert_fails(
		    draft_save(&cx, &(struct draft){.id = uuid_new(cx.now), .thread = sent.thread, .body = S("x")}),
		    ERR_GONE);
		db_release(&cx);
	}
	struct cx maria = people_as(world, p.maria_account);
	assert_fails(thread_claim(&maria, sent.thread), ERR_GONE);
	assert_fails(thread_complete(&maria, &complete), ERR_GONE);
	db_release(&maria);
}

/* ---- the clock ---- */

static void
nothing_said_is_readable_in_the_database(void **state)
{
	struct world *world = *state;
	struct people p;
	struct cx maria;
	char command[256];

	clinic_setup(world, &p);
	maria = people_as(world, p.maria_account);
	assert_ok(draft_save(
	    &maria, &(struct draft){.id = uuid_new(maria.now), .patient = p.maria, .body = S("canary-draft-Qx7")}));
	db_release(&maria);
	maria_writes(world, &p, S("canary-body-Qx7"));
	db_close(world->db);
	snprintf(command, sizeof(command), "! grep -rlaq -e canary- %s", world->folder);
	assert_int_equal(system(command), 0);
	vault_close(world->vault);
	world_open(world);
}

int
main(void)
{
	const struct CMUnitTest list[] = {
	    WORLD_TEST(a_message_reaches_the_patient_and_every_member),
	    WORLD_TEST(a_text_must_be_fit_to_send),
	    cmocka_unit_test(every_category_has_a_code_words_and_a_subject),
	    WORLD_TEST(nobody_writes_where_they_do_not_belong),
	    WORLD_TEST(the_same_key_sends_once_and_answers_the_same),
	    WORLD_TEST(a_question_is_opened_claimed_answered_and_completed),
	    WORLD_TEST(a_claim_keeps_others_from_answering_for_fifteen_minutes),
	    WORLD_TEST(an_answer_waits_until_the_newest_message_was_seen),
	    WORLD_TEST(a_thread_is_completed_in_words_that_are_true),
	    WORLD_TEST(a_message_of_the_team_asks_nothing_until_the_patient_writes),
	    WORLD_TEST(the_patient_may_answer_for_forty_five_days),
	    WORLD_TEST(reply_window_and_claim_follow_the_settings_of_the_facility),
	    WORLD_TEST(a_lost_association_ends_answers_and_tells_whom_to_call),
	    WORLD_TEST(nobody_else_finds_a_thread),
	    {"nothing_said_is_readable_in_the_database (sqlite)", nothing_said_is_readable_in_the_database,
		world_setup_sqlite, world_teardown, NULL},
	};

	return cmocka_run_group_tests_name("messaging", list, NULL, NULL);
}
