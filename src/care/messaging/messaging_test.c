/* SPDX-License-Identifier: Apache-2.0 */
/* The use cases on both databases: each rule on both sides. */
#include "care/messaging/messaging_test_help.h"
#include "platform/pages/pages.h"

#include <stdio.h>

#define UNREAD COUNT_UNREAD
#define TASKS  COUNT_TASKS

static instant
later(instant t, int64_t ms)
{
	return instant_add_ms(t, ms);
}

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
	    thread.due.ms, later(wednesday(), 5 * DAY_MS - HOUR_MS).ms); /* Monday; the clocks went forward */
	assert_int_equal(count_of(world, p.maria_account, UNREAD), 0);
	assert_int_equal(count_of(world, p.ana, TASKS), 1);
	assert_int_equal(count_of(world, p.okafor, TASKS), 1);
	assert_int_equal(count_of(world, p.ben, TASKS), 0);
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
		assert_int_equal(thread_standing(&fresh, later(sent.due, 1)), STANDING_LATE);
	}

	ana = people_as_at(world, p.ana, later(t, HOUR_MS));
	assert_ok(thread_open(&ana, sent.thread, &c));
	assert_int_equal(c.count, 1);
	assert_str_equal(c.messages[0].body, "May I?");
	assert_str_equal(c.messages[0].author_name, "María López");
	assert_int_equal(c.thread.opened_at.ms, later(t, HOUR_MS).ms);
	assert_int_equal(thread_standing(&c.thread, ana.now), STANDING_OPENED);
	assert_int_equal(count_of(world, p.ana, TASKS), 1); /* opening never marks done */

	assert_ok(thread_claim(&ana, sent.thread));
	assert_int_equal(count_of(world, p.okafor, TASKS), 0);
	assert_int_equal(count_of(world, p.ana, TASKS), 1);
	db_release(&ana);

	assert_ok(reply_as(world, p.ana, sent.thread, S("Yes, two a day."), later(t, 2 * HOUR_MS)));
	assert_int_equal(count_of(world, p.maria_account, UNREAD), 1);
	maria = people_as_at(world, p.maria_account, later(t, 3 * HOUR_MS));
	assert_ok(thread_open(&maria, sent.thread, &c));
	assert_int_equal(c.count, 2);
	assert_str_equal(c.messages[1].author_name, "Ana Ruiz");
	assert_int_equal(c.messages[1].author_role, ROLE_NURSE);
	assert_int_equal(c.thread.status, THREAD_IN_PROCESS);
	assert_int_equal(thread_standing(&c.thread, maria.now), STANDING_ANSWERED);
	assert_true(instant_is_none(c.thread.escalate_at));
	assert_int_equal(count_of(world, p.maria_account, UNREAD), 0);
	db_release(&maria);

	ana = people_as_at(world, p.ana, later(t, 4 * HOUR_MS));
	assert_ok(thread_complete(
	    &ana, &(struct thread_complete){.thread = sent.thread, .how = COMPLETED_ANSWERED, .seen = 2}));
	assert_int_equal(count_of(world, p.ana, TASKS), 0);
	assert_fails(thread_claim(&ana, sent.thread), ERR_CONFLICT);
	assert_fails(reply_as(world, p.ana, sent.thread, S("Oh, and"), ana.now), ERR_CONFLICT);
	db_release(&ana);

	assert_ok(reply_as(world, p.maria_account, sent.thread, S("Also at night?"), later(t, 5 * HOUR_MS)));
	assert_int_equal(thread_now(world, sent.thread).status, THREAD_INCOMPLETE);
	assert_true(uuid_is_none(thread_now(world, sent.thread).owner.v));
	assert_true(instant_is_none(thread_now(world, sent.thread).opened_at));
	assert_int_equal(count_of(world, p.okafor, TASKS), 1);
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
	okafor = people_as_at(world, p.okafor, later(t, 15 * MINUTE_MS - 1));
	assert_ok(thread_claim(&ana, sent.thread));
	assert_ok(thread_claim(&ana, sent.thread));
	assert_fails(thread_claim(&okafor, sent.thread), ERR_CONFLICT);
	assert_fails(reply_as(world, p.okafor, sent.thread, S("Me too"), okafor.now), ERR_CONFLICT);
	assert_fails(
	    thread_complete(&okafor, &(struct thread_complete){.thread = sent.thread, .how = COMPLETED_TELEPHONE}),
	    ERR_CONFLICT);
	assert_fails(thread_release(&okafor, sent.thread), ERR_CONFLICT);
	okafor.now = later(t, 15 * MINUTE_MS);
	assert_ok(thread_claim(&okafor, sent.thread));
	assert_fails(thread_release(&ana, sent.thread), ERR_CONFLICT);
	assert_ok(thread_release(&okafor, sent.thread));
	assert_int_equal(count_of(world, p.ana, TASKS), 1);
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
	assert_int_equal(count_of(world, p.maria_account, UNREAD), 1);
	assert_int_equal(count_of(world, p.ana, TASKS), 0);
	assert_int_equal(notices_waiting(world), 1); /* to Maria */
	assert_sound(world);
	assert_ok(thread_reopen(&ana, sent.thread));
	assert_false(instant_is_none(thread_now(world, sent.thread).due));
	assert_sound(world);
	assert_ok(reply_as(world, p.maria_account, sent.thread, S("All of them?"), later(ana.now, 1)));
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
	assert_fails(reply_as(world, p.maria_account, sent.thread, S("x"), later(t, 45 * DAY_MS + 1)), ERR_INVALID);
	assert_ok(reply_as(world, p.maria_account, sent.thread, S("x"), later(t, 45 * DAY_MS)));
	/* The team is not bound by it. */
	assert_ok(reply_as(world, p.ana, sent.thread, S("Sorry, late"), later(t, 95 * DAY_MS)));
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
	assert_fails(reply_as(world, p.okafor, sent.thread, S("x"), later(t, 5 * MINUTE_MS - 1)), ERR_CONFLICT);
	assert_ok(reply_as(world, p.okafor, sent.thread, S("Yes"), later(t, 5 * MINUTE_MS)));
	t = later(t, 5 * MINUTE_MS);
	assert_fails(reply_as(world, p.maria_account, sent.thread, S("x"), later(t, 10 * DAY_MS + 1)), ERR_INVALID);
	assert_ok(reply_as(world, p.maria_account, sent.thread, S("Thanks"), later(t, 10 * DAY_MS)));
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
	error = reply_as(world, p.maria_account, sent.thread, S("And this?"), later(world->cx.now, 1));
	assert_fails(error, ERR_INVALID);
	assert_true(str_contains(str_from_z(error->say), S("555-0100")));
	assert_fails(reply_as(world, p.ana, sent.thread, S("Yes"), later(world->cx.now, 1)), ERR_GONE);
	root = people_as_at(world, p.root, later(world->cx.now, 1));
	assert_ok(messaging_ownerless(&root, p.facility.id, 100, &rows));
	assert_int_equal(rows.count, 1);
	assert_null(((struct thread *)rows.items)[0].subject.p);
	db_release(&root);
	assert_int_equal(count_of(world, p.ana, TASKS), 0);
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

/* ---- drafts ---- */

static void
a_draft_is_kept_for_its_author_until_it_is_sent(void **state)
{
	struct world *world = *state;
	struct people p;
	struct cx maria, bo;
	struct draft draft, found;
	struct db_rows rows;
	struct sent sent;

	clinic_setup(world, &p);
	maria = people_as(world, p.maria_account);
	bo = people_as(world, p.bo_account);
	draft = (struct draft){.id = uuid_new(maria.now),
	    .patient = p.maria,
	    .team = p.maple,
	    .category = CATEGORY_TEST_RESULT,
	    .subject = S("A1c"),
	    .body = S("What does")};
	assert_ok(draft_save(&maria, &draft));
	draft.body = S("What does it mean?");
	assert_ok(draft_save(&maria, &draft));
	assert_ok(draft_list(&maria, &rows));
	assert_int_equal(rows.count, 1);
	assert_ok(draft_get(&maria, draft.id, &found));
	assert_str_equal(found.body, "What does it mean?");
	assert_str_equal(found.subject, "A1c");
	assert_int_equal(found.category, CATEGORY_TEST_RESULT);
	assert_fails(draft_get(&bo, draft.id, &found), ERR_GONE);
	assert_ok(draft_delete(&bo, draft.id));
	assert_fails(draft_save(&bo, &draft), ERR_GONE);
	assert_ok(thread_send_new(&maria,
	    &(struct thread_new){.key = draft.id, .patient = p.maria, .team = p.maple, .body = found.body}, &sent));
	assert_fails(draft_get(&maria, draft.id, &found), ERR_GONE);
	assert_ok(draft_save(&maria, &draft)); /* a late autosave */
	assert_fails(draft_get(&maria, draft.id, &found), ERR_GONE);
	draft = (struct draft){.id = uuid_new(maria.now), .thread = sent.thread, .body = S("And")};
	assert_ok(draft_save(&maria, &draft));
	bool has;
	assert_ok(draft_of_thread(&maria, sent.thread, &found, &has));
	assert_true(has);
	assert_ok(draft_list(&maria, &rows));
	assert_int_equal(rows.count, 1); /* the draft of an answer is listed too */
	assert_ok(draft_delete(&maria, draft.id));
	assert_ok(draft_of_thread(&maria, sent.thread, &found, &has));
	assert_false(has);
	db_release(&maria);
	db_release(&bo);
	assert_sound(world);
}

static void
there_is_an_end_to_drafts(void **state)
{
	struct world *world = *state;
	struct people p;
	struct cx maria;
	struct draft draft;

	clinic_setup(world, &p);
	maria = people_as(world, p.maria_account);
	for (int i = 0; i < DRAFTS_MAX; i++) {
		draft = (struct draft){.id = uuid_new(maria.now), .patient = p.maria, .body = S("x")};
		assert_ok(draft_save(&maria, &draft));
	}
	assert_ok(draft_save(&maria, &draft));
	draft.id = uuid_new(maria.now);
	assert_fails(draft_save(&maria, &draft), ERR_INVALID);
	db_release(&maria);
}

/* ---- lists ---- */

static int64_t
inbox_count(struct world *world, account_id who, enum inbox_filter filter, instant now)
{
	struct cx cx = people_as_at(world, who, now);
	struct db_rows rows;
	int64_t counts[INBOX_FILTERS];
	team_id all = {{{0}}};

	assert_ok(inbox_list(&cx, &(struct inbox_query){.filter = filter, .count_max = 100}, &rows));
	assert_ok(inbox_counts(&cx, all, counts));
	if (filter == INBOX_COMPLETED)
		assert_int_equal(counts[filter], INBOX_NOT_COUNTED);
	else
		assert_int_equal(counts[filter], rows.count);
	db_release(&cx);
	return (int64_t)rows.count;
}

static void
the_inbox_filters_and_counts_agree(void **state)
{
	struct world *world = *state;
	struct people p;
	struct sent a, b, c;
	struct cx ana;
	struct db_rows rows;
	instant t = wednesday(), monday = later(t, 5 * DAY_MS);

	clinic_setup(world, &p);
	a = maria_writes_at(world, &p, S("first"), t);
	b = maria_writes_at(world, &p, S("second"), later(t, DAY_MS));
	c = maria_writes_at(world, &p, S("third"), later(t, DAY_MS));
	ana = people_as_at(world, p.ana, later(t, DAY_MS));
	assert_ok(thread_claim(&ana, b.thread));
	assert_ok(thread_complete(&ana, &(struct thread_complete){c.thread, COMPLETED_NO_NEED, 0}));
	assert_int_equal(inbox_count(world, p.ana, INBOX_OPEN, monday), 2);
	assert_int_equal(inbox_count(world, p.ana, INBOX_MINE, monday), 1);
	assert_int_equal(inbox_count(world, p.okafor, INBOX_MINE, monday), 0);
	assert_int_equal(inbox_count(world, p.ana, INBOX_UNCLAIMED, monday), 1);
	assert_int_equal(inbox_count(world, p.ana, INBOX_DUE_TODAY, later(t, 2 * DAY_MS)), 0);
	assert_int_equal(inbox_count(world, p.ana, INBOX_DUE_TODAY, monday), 1);
	assert_int_equal(inbox_count(world, p.ana, INBOX_DUE_TODAY, later(monday, DAY_MS)), 2);
	assert_int_equal(inbox_count(world, p.ana, INBOX_ESCALATED, monday), 0);
	assert_int_equal(inbox_count(world, p.ana, INBOX_WAITING, monday), 2);
	assert_int_equal(inbox_count(world, p.ana, INBOX_COMPLETED, monday), 1);
	assert_int_equal(inbox_count(world, p.ben, INBOX_OPEN, monday), 0);
	assert_ok(inbox_list(&ana, &(struct inbox_query){.count_max = 10, .team = p.maple}, &rows));
	assert_memory_equal(&((struct thread *)rows.items)[0].id, &a.thread, sizeof(a.thread)); /* due first */
	assert_int_equal(((struct thread *)rows.items)[0].unread, 1);
	assert_fails(inbox_list(&ana, &(struct inbox_query){.count_max = 10, .team = p.birch}, &rows), ERR_GONE);
	db_release(&ana);
}

static void
the_patient_lists_filters_and_sums_up_their_threads(void **state)
{
	struct world *world = *state;
	struct people p;
	struct sent a, b;
	struct cx maria;
	struct db_rows rows;
	struct messaging_summary summary;
	int64_t n;
	instant t = wednesday();

	clinic_setup(world, &p);
	a = maria_writes_at(world, &p, S("first"), t);
	b = maria_writes_at(world, &p, S("second"), later(t, HOUR_MS));
	assert_ok(reply_as(world, p.ana, a.thread, S("Yes"), later(t, 2 * HOUR_MS)));
	maria = people_as_at(world, p.maria_account, later(t, 3 * HOUR_MS));
	assert_ok(thread_list(&maria, p.maria, THREADS_ALL, 0, 10, &rows));
	assert_int_equal(rows.count, 2);
	assert_memory_equal(&((struct thread *)rows.items)[0].id, &a.thread, sizeof(a.thread));
	assert_int_equal(((struct thread *)rows.items)[0].unread, 1);
	assert_int_equal(((struct thread *)rows.items)[1].unread, 0);
	assert_ok(thread_list(&maria, p.maria, THREADS_WAITING, 0, 10, &rows));
	assert_int_equal(rows.count, 1);
	assert_memory_equal(&((struct thread *)rows.items)[0].id, &b.thread, sizeof(b.thread));
	assert_ok(thread_count(&maria, p.maria, THREADS_UNREAD, &n));
	assert_int_equal(n, 1);
	assert_ok(messaging_patient_summary(&maria, p.maria, &summary));
	assert_int_equal(summary.unread, 1);
	assert_int_equal(summary.waiting, 1);
	assert_int_equal(summary.due.ms, b.due.ms);
	db_release(&maria);
	maria = people_as(world, p.bo_account);
	assert_ok(messaging_patient_summary(&maria, p.bo, &summary));
	assert_int_equal(summary.unread + summary.waiting, 0);
	assert_true(instant_is_none(summary.due));
	db_release(&maria);
}

struct exported {
	int64_t messages, characters;
	struct uuid last_thread;
	int threads;
};

static const struct err *
count_exported(void *arg, const struct thread *thread, const struct team *team, const struct message *message)
{
	struct exported *e = arg;

	if (!uuid_equal(e->last_thread, thread->id.v))
		e->threads++;
	e->last_thread = thread->id.v;
	e->messages++;
	e->characters += (int64_t)message->body.n;
	return team->name.n && message->author_name.n && thread->subject.n
	           ? NULL
	           : ERR(ERR_BROKEN, "incomplete", "incomplete");
}

static void
an_export_visits_every_message(void **state)
{
	struct world *world = *state;
	struct people p;
	struct cx maria, ana;
	struct exported e = {0};

	clinic_setup(world, &p);
	for (int i = 0; i < 5; i++) {
		struct sent sent = maria_writes(world, &p, S("12345"));
		assert_ok(reply_as(world, p.ana, sent.thread, S("123"), world->cx.now));
	}
	maria = people_as(world, p.maria_account);
	ana = people_as(world, p.ana);
	assert_ok(messages_export(&maria, p.maria, count_exported, &e));
	assert_int_equal(e.messages, 10);
	assert_int_equal(e.threads, 5);
	assert_int_equal(e.characters, 40);
	assert_fails(messages_export(&ana, p.maria, count_exported, &e), ERR_GONE);
	db_release(&maria);
	db_release(&ana);
}

/* ---- notices ---- */

static void
people_are_told_as_they_choose(void **state)
{
	struct world *world = *state;
	struct people p;
	struct sent sent;
	struct cx cx;
	enum notice_choice choice;

	clinic_setup(world, &p);
	cx = people_as(world, p.ana);
	assert_ok(notice_choice_get(&cx, p.ana, &choice));
	assert_int_equal(choice, NOTICES_ESCALATED);
	sent = maria_writes(world, &p, S("x"));
	assert_int_equal(notices_waiting(world), 0);
	assert_ok(notice_choice_set(&cx, NOTICES_EACH));
	assert_ok(notice_choice_get(&cx, p.ana, &choice));
	assert_int_equal(choice, NOTICES_EACH);
	db_release(&cx);
	assert_ok(reply_as(world, p.maria_account, sent.thread, S("y"), world->cx.now));
	assert_int_equal(notices_waiting(world), 1);
	assert_ok(reply_as(world, p.ana, sent.thread, S("z"), world->cx.now));
	assert_int_equal(notices_waiting(world), 2);
	cx = people_as(world, p.maria_account);
	assert_ok(notice_choice_set(&cx, NOTICES_NONE));
	db_release(&cx);
	assert_ok(reply_as(world, p.ana, sent.thread, S("more"), world->cx.now));
	assert_int_equal(notices_waiting(world), 2);
}

/* ---- the clock ---- */

static void
strike_at(struct world *world, instant now)
{
	struct cx cx = world_cx(world);

	cx.now = now;
	assert_ok(messaging_escalate(&cx));
	db_release(&cx);
}

static void
an_unanswered_thread_escalates_once_per_business_day(void **state)
{
	struct world *world = *state;
	struct people p;
	struct sent sent;
	struct thread thread;
	instant due;

	clinic_setup(world, &p);
	sent = maria_writes_at(world, &p, S("x"), wednesday());
	due = sent.due;
	strike_at(world, later(due, -1));
	assert_int_equal(thread_now(world, sent.thread).escalation_tries, 0);
	for (int64_t day = 0; day < 4; day++) { /* Monday to Thursday */
		strike_at(world, later(due, day * DAY_MS));
		strike_at(world, later(due, day * DAY_MS + HOUR_MS));
		thread = thread_now(world, sent.thread);
		assert_int_equal(thread.escalation_tries, day + 1);
		assert_int_equal(thread.escalated_at.ms, later(due, day * DAY_MS).ms);
		/* two members before and each day; from the third day the administrator too */
		assert_int_equal(notices_waiting(world), 2 + 2 * (day + 1) + (day >= 2 ? day - 1 : 0));
	}
	assert_int_equal(inbox_count(world, p.ana, INBOX_ESCALATED, later(due, 4 * DAY_MS)), 1);
	assert_ok(reply_as(world, p.ana, sent.thread, S("Sorry"), later(due, 4 * DAY_MS)));
	strike_at(world, later(due, 20 * DAY_MS));
	assert_int_equal(thread_now(world, sent.thread).escalation_tries, 4);
	assert_sound(world);
}

static const struct err *
close_monday(struct tx *tx, void *arg)
{
	const struct people *p = arg;

	return facility_close_day(tx, p->facility.id, civil_date_to_days((struct civil_date){2026, 3, 9}), S("Flood"));
}

static void
the_promise_knows_the_facility_s_days_off(void **state)
{
	struct world *world = *state;
	struct people p;

	clinic_setup(world, &p);
	assert_ok(db_write(&world->cx, close_monday, &p));
	assert_int_equal(maria_writes_at(world, &p, S("x"), wednesday()).due.ms,
	    later(wednesday(), 6 * DAY_MS - HOUR_MS).ms); /* Tuesday */
}

static void
what_comes_in_at_the_weekend_is_answered_by_the_end_of_a_day(void **state)
{
	struct world *world = *state;
	struct people p;
	instant sunday = later(wednesday(), 4 * DAY_MS); /* the clocks went forward that morning */

	clinic_setup(world, &p);
	/* Monday, Tuesday, Wednesday 23:59 */
	assert_int_equal(maria_writes_at(world, &p, S("x"), sunday).due.ms,
	    later(wednesday(), 7 * DAY_MS + 12 * HOUR_MS + 59 * MINUTE_MS).ms);
	assert_ok(db_write(&world->cx, close_monday, &p));
	assert_int_equal(maria_writes_at(world, &p, S("x"), sunday).due.ms,
	    later(wednesday(), 8 * DAY_MS + 12 * HOUR_MS + 59 * MINUTE_MS).ms);
}

static const struct err *
switch_ben_off(struct tx *tx, void *arg)
{
	return account_set_active(tx, ((struct people *)arg)->ben, false);
}

static void
what_nobody_can_answer_surfaces(void **state)
{
	struct world *world = *state;
	struct people p;
	struct cx bo, root, ana;
	struct sent sent;
	struct db_rows rows;

	clinic_setup(world, &p);
	bo = people_as_at(world, p.bo_account, wednesday());
	assert_ok(thread_send_new(&bo,
	    &(struct thread_new){.key = uuid_new(bo.now), .patient = p.bo, .team = p.birch, .body = S("x")}, &sent));
	struct cx ben = people_as_at(world, p.ben, wednesday());
	assert_ok(thread_claim(&ben, sent.thread));
	db_release(&ben);
	root = people_as(world, p.root);
	assert_ok(messaging_ownerless(&root, p.facility.id, 100, &rows));
	assert_int_equal(rows.count, 0);
	assert_ok(db_write(&world->cx, switch_ben_off, &p));
	db_refresh(&root);
	assert_ok(messaging_ownerless(&root, p.facility.id, 100, &rows));
	assert_int_equal(rows.count, 1);
	strike_at(world, sent.due);
	assert_true(uuid_is_none(thread_now(world, sent.thread).owner.v)); /* the leaver's claim ended */
	assert_int_equal(notices_waiting(world), 1);                       /* the administrator, at once */
	ana = people_as(world, p.ana);
	assert_fails(messaging_ownerless(&ana, p.facility.id, 100, &rows), ERR_GONE);
	root.who.facility = (facility_id){uuid_new(root.now)};
	assert_fails(messaging_ownerless(&root, p.facility.id, 100, &rows), ERR_GONE);
	db_release(&bo);
	db_release(&root);
	db_release(&ana);
	assert_sound(world);
}

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
	    WORLD_TEST(a_draft_is_kept_for_its_author_until_it_is_sent),
	    WORLD_TEST(there_is_an_end_to_drafts),
	    WORLD_TEST(the_inbox_filters_and_counts_agree),
	    WORLD_TEST(the_patient_lists_filters_and_sums_up_their_threads),
	    WORLD_TEST(an_export_visits_every_message),
	    WORLD_TEST(people_are_told_as_they_choose),
	    WORLD_TEST(an_unanswered_thread_escalates_once_per_business_day),
	    WORLD_TEST(the_promise_knows_the_facility_s_days_off),
	    WORLD_TEST(what_comes_in_at_the_weekend_is_answered_by_the_end_of_a_day),
	    WORLD_TEST(what_nobody_can_answer_surfaces),
	    {"nothing_said_is_readable_in_the_database (sqlite)", nothing_said_is_readable_in_the_database,
		world_setup_sqlite, world_teardown, NULL},
	};

	return cmocka_run_group_tests_name("messaging", list, NULL, NULL);
}
