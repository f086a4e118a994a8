/* SPDX-License-Identifier: Apache-2.0 */
/* Acting for a patient in messages: María writes for Bo.  Who reads, who writes, what each of them sees of the other. */
#include "care/messaging/messaging_test_help.h"

#include "care/messaging/mailbox.h"
#include "platform/pages/pages.h"

struct scene {
	struct world *world;
	struct people p;
	delegation_id given;
};

/* Bo's clinic, where María may do this for him and agreed to the terms. */
static void
open_scene(struct scene *s, struct world *world, unsigned rights)
{
	*s = (struct scene){.world = world};
	clinic_setup(world, &s->p);
	s->given = people_delegate(world, &s->p, RIGHT_MESSAGES_READ | RIGHT_MESSAGES_WRITE);
	struct cx maria = people_acting(world, s->p.maria_account, s->p.bo);
	assert_ok(messaging_terms_choose(&maria, true));
	db_release(&maria);
	s->given = people_delegate(world, &s->p, rights);
}

static const struct err *
write_for_bo(struct scene *s, struct uuid key, struct sent *sent)
{
	struct cx maria = people_acting(s->world, s->p.maria_account, s->p.bo);
	const struct err *error = thread_send_new(&maria,
	    &(struct thread_new){.key = key,
		.patient = s->p.bo,
		.team = s->p.birch,
		.category = CATEGORY_GENERAL,
		.subject = S("The new pills"),
		.body = S("May he take them at night?")},
	    sent);

	db_release(&maria);
	return error;
}

static struct sent
bo_writes(struct scene *s)
{
	struct cx bo = people_as(s->world, s->p.bo_account);
	struct sent sent;

	assert_ok(thread_send_new(&bo,
	    &(struct thread_new){.key = uuid_new(bo.now), .patient = s->p.bo, .team = s->p.birch, .body = S("My knee")},
	    &sent));
	db_release(&bo);
	return sent;
}

static void
withdraw(struct scene *s)
{
	struct cx bo = people_as(s->world, s->p.bo_account);

	assert_ok(delegation_withdraw(&bo, s->given));
	db_release(&bo);
}

static void
both_names_stand_on_what_a_delegate_writes(void **state)
{
	struct scene s;
	struct sent sent;
	struct conversation c;
	struct search_result found;
	struct message_query query = {.words = S("pills"),
	    .sender = S("bo lee"),
	    .category = -1,
	    .from = INSTANT_NONE,
	    .until = INSTANT_NONE,
	    .before = INSTANT_NONE};
	struct cx cx;

	open_scene(&s, *state, RIGHT_MESSAGES_READ | RIGHT_MESSAGES_WRITE);
	assert_ok(write_for_bo(&s, uuid_new(s.world->cx.now), &sent));
	account_id readers[] = {s.p.bo_account, s.p.ben};
	for (size_t i = 0; i < 2; i++) {
		cx = people_as(s.world, readers[i]);
		assert_ok(thread_open(&cx, sent.thread, &c));
		assert_true(uuid_equal(c.thread.patient.v, s.p.bo.v));
		assert_int_equal(c.messages[0].side, SIDE_PATIENT);
		assert_true(c.messages[0].by_delegate);
		assert_true(uuid_equal(c.messages[0].author.v, s.p.maria_account.v));
		assert_str_equal(c.messages[0].author_name, "María López for Bo Lee");
		assert_true(uuid_equal(c.thread.spoken_by.v, s.p.maria_account.v));
		assert_true(thread_answer_is_owed(&c.thread)); /* the promise runs as for Bo himself */
		db_release(&cx);
	}
	cx = people_acting(s.world, s.p.maria_account, s.p.bo);
	assert_ok(messages_search(&cx, &query, &found));
	assert_int_equal(found.count, 1);
	assert_str_equal(found.items[0].author_name, "María López for Bo Lee");
	db_release(&cx);
	cx = people_as(s.world, s.p.bo_account); /* then he writes himself */
	assert_ok(thread_reply(&cx,
	    &(struct thread_reply){.key = uuid_new(cx.now), .thread = sent.thread, .body = S("I meant the blue ones")},
	    &sent));
	db_refresh(&cx);
	assert_ok(thread_open(&cx, sent.thread, &c));
	assert_str_equal(c.messages[1].author_name, "Bo Lee");
	assert_true(uuid_is_none(c.thread.spoken_by.v));
	db_release(&cx);
	assert_sound(s.world);
}

static void
who_may_only_read_changes_nothing(void **state)
{
	struct scene s;
	struct sent sent, again;
	struct conversation c;
	struct uuid folder;
	struct draft draft;
	struct cx maria;

	open_scene(&s, *state, RIGHT_MESSAGES_READ);
	sent = bo_writes(&s);
	maria = people_acting(s.world, s.p.maria_account, s.p.bo);
	assert_ok(thread_open(&maria, sent.thread, &c));
	assert_fails(write_for_bo(&s, uuid_new(s.world->cx.now), &again), ERR_DENIED);
	assert_fails(
	    thread_reply(&maria,
		&(struct thread_reply){.key = uuid_new(maria.now), .thread = sent.thread, .body = S("x")}, &again),
	    ERR_DENIED);
	assert_fails(thread_file_away(&maria, sent.thread, (struct place){.kind = FOLDER_DELETED}), ERR_DENIED);
	assert_fails(folder_add(&maria, S("Old"), &folder), ERR_DENIED);
	assert_fails(folder_delete(&maria, uuid_new(maria.now)), ERR_DENIED);
	draft = (struct draft){.id = uuid_new(maria.now), .patient = s.p.bo, .body = S("x")};
	assert_fails(draft_save(&maria, &draft), ERR_DENIED);
	assert_fails(draft_delete(&maria, draft.id), ERR_DENIED);
	assert_fails(draft_undo(&maria, draft.id), ERR_DENIED);
	assert_fails(messaging_terms_choose(&maria, true), ERR_DENIED);
	assert_fails(messaging_terms_choose(&maria, false), ERR_GONE);
	db_release(&maria);
}

static void
without_messages_there_are_none(void **state)
{
	static const unsigned rights[] = {RIGHT_RECORD_READ, 0};
	struct scene s;
	struct sent sent;

	open_scene(&s, *state, RIGHT_RECORD_READ);
	sent = bo_writes(&s);
	for (size_t i = 0; i < 2; i++) {
		struct cx maria = people_acting(s.world, s.p.maria_account, s.p.bo);
		struct conversation c;
		struct search_result found;
		struct message_query query = {
		    .category = -1, .from = INSTANT_NONE, .until = INSTANT_NONE, .before = INSTANT_NONE};
		struct db_rows rows;
		struct sent other;
		int64_t n;

		assert_fails(thread_open(&maria, sent.thread, &c), ERR_GONE);
		assert_fails(thread_look(&maria, sent.thread, &c), ERR_GONE);
		assert_fails(thread_list(&maria, s.p.bo, THREADS_ALL, 0, 10, &rows), ERR_GONE);
		assert_fails(thread_count(&maria, s.p.bo, THREADS_ALL, &n), ERR_GONE);
		assert_fails(mailbox_list(&maria, &(struct mailbox_query){.count_max = 10}, &rows), ERR_GONE);
		assert_fails(messages_search(&maria, &query, &found), ERR_GONE);
		assert_fails(write_for_bo(&s, uuid_new(maria.now), &other), ERR_GONE);
		db_release(&maria);
		if (rights[i])
			withdraw(&s);
	}
}

static void
what_was_read_drafts_and_folders_are_each_persons_own(void **state)
{
	struct scene s;
	struct sent sent;
	struct conversation c;
	struct db_rows rows;
	struct uuid folder;
	struct draft draft;
	struct cx maria, bo;
	int64_t n;

	open_scene(&s, *state, RIGHT_MESSAGES_READ | RIGHT_MESSAGES_WRITE);
	sent = bo_writes(&s);
	assert_ok(reply_as(s.world, s.p.ben, sent.thread, S("Come on Monday."), s.world->cx.now));
	bo = people_as(s.world, s.p.bo_account);
	maria = people_acting(s.world, s.p.maria_account, s.p.bo);
	assert_ok(thread_count(&maria, s.p.bo, THREADS_UNREAD, &n));
	assert_int_equal(n, 1);
	assert_ok(thread_open(&maria, sent.thread, &c));
	db_refresh(&maria);
	assert_ok(thread_count(&maria, s.p.bo, THREADS_UNREAD, &n));
	assert_int_equal(n, 0);
	assert_ok(thread_count(&bo, s.p.bo, THREADS_UNREAD, &n)); /* new for Bo still */
	assert_int_equal(n, 1);
	assert_int_equal(count_of(s.world, s.p.bo_account, COUNT_UNREAD), 1);
	assert_int_equal(count_of(s.world, s.p.maria_account, COUNT_UNREAD), 0); /* Bo's are not María's own */
	db_release(&maria);
	db_release(&bo);
	maria = people_acting(s.world, s.p.maria_account, s.p.bo);
	draft = (struct draft){.id = uuid_new(maria.now), .patient = s.p.bo, .body = S("half a thought")};
	assert_ok(draft_save(&maria, &draft));
	assert_ok(folder_add(&maria, S("Knee"), &folder));
	assert_ok(thread_file_away(&maria, sent.thread, (struct place){FOLDER_OWN, folder}));
	db_release(&maria);
	const struct cx others[] = {people_as(s.world, s.p.bo_account), people_as(s.world, s.p.maria_account)};
	for (size_t i = 0; i < 2; i++) { /* neither Bo nor María as herself sees them */
		struct cx cx = others[i];

		assert_ok(draft_list(&cx, &rows));
		assert_int_equal(rows.count, 0);
		assert_fails(draft_get(&cx, draft.id, &draft), ERR_GONE);
		assert_ok(folder_list(&cx, &rows));
		assert_int_equal(rows.count, 0);
		assert_ok(folder_add(&cx, S("Knee"), &folder)); /* each of them may have a folder of that name */
		db_release(&cx);
	}
	maria = people_acting(s.world, s.p.maria_account, s.p.bo);
	assert_ok(draft_list(&maria, &rows));
	assert_int_equal(rows.count, 1);
	assert_ok(folder_list(&maria, &rows));
	assert_int_equal(rows.count, 1);
	db_release(&maria);
	assert_sound(s.world);
}

static void
what_a_delegate_has_read_is_not_taken_back(void **state)
{
	struct scene s;
	struct sent sent;
	struct conversation c;
	struct cx maria, ben;

	open_scene(&s, *state, RIGHT_MESSAGES_READ);
	sent = bo_writes(&s);
	assert_ok(reply_as(s.world, s.p.ben, sent.thread, S("Come on Monday."), s.world->cx.now));
	maria = people_acting(s.world, s.p.maria_account, s.p.bo);
	assert_ok(thread_open(&maria, sent.thread, &c));
	db_release(&maria);
	ben = people_as(s.world, s.p.ben);
	assert_ok(thread_open(&ben, sent.thread, &c));
	assert_int_equal(c.read_n, 1); /* Bo himself has not read it */
	assert_fails(message_recall(&ben, sent.thread, 2), ERR_CONFLICT);
	db_release(&ben);
}

static void
both_must_have_agreed_to_the_terms(void **state)
{
	struct world *world = *state;
	struct scene s = {.world = world};
	struct sent sent;
	struct cx maria, bo;
	bool yes;

	clinic_setup(world, &s.p);
	s.given = people_delegate(world, &s.p, RIGHT_MESSAGES_READ | RIGHT_MESSAGES_WRITE);
	assert_fails(write_for_bo(&s, uuid_new(world->cx.now), &sent), ERR_INVALID); /* she has not */
	maria = people_acting(world, s.p.maria_account, s.p.bo);
	assert_ok(messaging_terms_choose(&maria, true));
	db_refresh(&maria);
	assert_ok(messaging_terms_mine(&maria, &yes));
	assert_true(yes);
	assert_fails(messaging_terms_choose(&maria, false), ERR_GONE); /* switching off is Bo's */
	db_release(&maria);
	assert_ok(write_for_bo(&s, uuid_new(world->cx.now), &sent));
	bo = people_as(world, s.p.bo_account);
	bo.now = instant_add_ms(bo.now, 1);
	assert_ok(messaging_terms_choose(&bo, false));
	db_release(&bo);
	assert_fails(write_for_bo(&s, uuid_new(world->cx.now), &sent), ERR_INVALID); /* Bo has not any more */
}

/* ---- notices ---- */

/* Notices about Bo to this account, and how many of them ask for the permission again when they go out. */
static void
count_notices(struct world *world, const struct people *p, account_id account, int *all, int *asked_again)
{
	struct db_rows rows;
	const struct outbox_item *item;
	instant since = instant_add_ms(world->cx.now, -DAY_MS);

	db_refresh(&world->cx);
	assert_ok(outbox_of_patient(&world->cx, "notice", p->bo, since, instant_add_ms(since, 2 * DAY_MS), 100, &rows));
	item = rows.items;
	*all = *asked_again = 0;
	for (size_t i = 0; i < rows.count; i++) {
		if (!str_contains(item[i].payload, uuid_text(&world->arena, account.v)))
			continue;
		++*all;
		*asked_again += str_contains(item[i].payload, S("\"delegate\":true"));
	}
}

static void
a_delegate_is_told_when_they_asked_for_it(void **state)
{
	struct scene s;
	struct sent sent;
	struct cx maria;
	int64_t before;
	int all, asked_again;

	open_scene(&s, *state, RIGHT_MESSAGES_READ);
	sent = bo_writes(&s);
	before = notices_waiting(s.world);
	assert_ok(reply_as(s.world, s.p.ben, sent.thread, S("Monday."), s.world->cx.now));
	assert_int_equal(notices_waiting(s.world), before + 1); /* Bo */
	maria = people_as(s.world, s.p.maria_account);
	assert_ok(delegation_set_notices(&maria, s.given, true));
	db_release(&maria);
	assert_ok(reply_as(s.world, s.p.ben, sent.thread, S("At ten."), instant_add_ms(s.world->cx.now, 1)));
	assert_int_equal(notices_waiting(s.world), before + 3); /* Bo and María */
	count_notices(s.world, &s.p, s.p.maria_account, &all, &asked_again);
	assert_int_equal(all, 1);
	assert_int_equal(asked_again, 1);
	count_notices(s.world, &s.p, s.p.bo_account, &all, &asked_again);
	assert_int_equal(all, 2);
	assert_int_equal(asked_again, 0);
	withdraw(&s);
	assert_ok(reply_as(s.world, s.p.ben, sent.thread, S("Bring the cast."), instant_add_ms(s.world->cx.now, 2)));
	assert_int_equal(notices_waiting(s.world), before + 4); /* Bo */
}

/* ---- ends while something is on its way ---- */

static void
a_draft_on_its_way_stays_when_the_permission_ends(void **state)
{
	struct scene s;
	struct draft draft;
	struct sent sent;
	struct db_rows rows;
	struct cx maria, clock;
	instant send_at;

	open_scene(&s, *state, RIGHT_MESSAGES_READ | RIGHT_MESSAGES_WRITE);
	sent = bo_writes(&s);
	for (int ended = 0; ended < 2; ended++) {
		maria = people_acting(s.world, s.p.maria_account, s.p.bo);
		draft = (struct draft){.id = uuid_new(maria.now), .thread = sent.thread, .body = S("He asks again")};
		assert_ok(draft_send_later(&maria, &draft, 10, &send_at));
		db_release(&maria);
		maria = people_as_at(s.world, s.p.maria_account, send_at); /* as herself she sends nothing of it */
		assert_ok(drafts_send_own(&maria));
		db_release(&maria);
		if (ended)
			withdraw(&s);
		clock = world_cx(s.world);
		clock.now = send_at;
		assert_ok(messaging_send_due(&clock));
		db_release(&clock);
		assert_int_equal(thread_now(s.world, sent.thread).message_count, 2);
	}
	s.given = people_delegate(s.world, &s.p, RIGHT_MESSAGES_READ | RIGHT_MESSAGES_WRITE);
	maria = people_acting(s.world, s.p.maria_account, s.p.bo);
	assert_ok(draft_list(&maria, &rows)); /* her words are kept, and say why */
	assert_int_equal(rows.count, 1);
	assert_true(((const struct draft *)rows.items)->trouble.n > 0);
	db_release(&maria);
	assert_sound(s.world);
}

static void
each_statement_of_sending_fails_in_turn(void **state)
{
	struct scene s;
	const struct err *error = ERR(ERR_BROKEN, NULL, "begin");
	struct uuid key;
	struct sent sent;
	int64_t n = 0;

	open_scene(&s, *state, RIGHT_MESSAGES_READ | RIGHT_MESSAGES_WRITE);
	key = uuid_new(s.world->cx.now);
	while (error) {
		assert_true(++n < 100);
		db_fault_arm(s.world->db, DB_FAULT_ERROR, n);
		error = write_for_bo(&s, key, &sent);
		db_fault_arm(s.world->db, DB_FAULT_NONE, 0);
		assert_sound(s.world);
	}
	assert_true(n > 3);
	assert_ok(write_for_bo(&s, key, &sent));
	assert_true(sent.sent_before);
	assert_int_equal(thread_now(s.world, sent.thread).message_count, 1);
}

int
main(void)
{
	const struct CMUnitTest list[] = {
	    WORLD_TEST(both_names_stand_on_what_a_delegate_writes),
	    WORLD_TEST(who_may_only_read_changes_nothing),
	    WORLD_TEST(without_messages_there_are_none),
	    WORLD_TEST(what_was_read_drafts_and_folders_are_each_persons_own),
	    WORLD_TEST(what_a_delegate_has_read_is_not_taken_back),
	    WORLD_TEST(both_must_have_agreed_to_the_terms),
	    WORLD_TEST(a_delegate_is_told_when_they_asked_for_it),
	    WORLD_TEST(a_draft_on_its_way_stays_when_the_permission_ends),
	    WORLD_TEST(each_statement_of_sending_fails_in_turn),
	};

	return cmocka_run_group_tests_name("messaging_delegate", list, NULL, NULL);
}
