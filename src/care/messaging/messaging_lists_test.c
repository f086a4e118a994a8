/* SPDX-License-Identifier: Apache-2.0 */
/* What people find again: their drafts, the lists of both sides, and an export. */
#include "care/messaging/messaging_test_help.h"

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

static void
the_inbox_filters_and_counts_agree(void **state)
{
	struct world *world = *state;
	struct people p;
	struct sent a, b, c;
	struct cx ana;
	struct db_rows rows;
	instant t = wednesday(), monday = instant_add_ms(t, 5 * DAY_MS);

	clinic_setup(world, &p);
	a = maria_writes_at(world, &p, S("first"), t);
	b = maria_writes_at(world, &p, S("second"), instant_add_ms(t, DAY_MS));
	c = maria_writes_at(world, &p, S("third"), instant_add_ms(t, DAY_MS));
	ana = people_as_at(world, p.ana, instant_add_ms(t, DAY_MS));
	assert_ok(thread_claim(&ana, b.thread));
	assert_ok(thread_complete(&ana, &(struct thread_complete){c.thread, COMPLETED_NO_NEED, 0}));
	assert_int_equal(inbox_count(world, p.ana, INBOX_OPEN, monday), 2);
	assert_int_equal(inbox_count(world, p.ana, INBOX_MINE, monday), 1);
	assert_int_equal(inbox_count(world, p.okafor, INBOX_MINE, monday), 0);
	assert_int_equal(inbox_count(world, p.ana, INBOX_UNCLAIMED, monday), 1);
	assert_int_equal(inbox_count(world, p.ana, INBOX_DUE_TODAY, instant_add_ms(t, 2 * DAY_MS)), 0);
	assert_int_equal(inbox_count(world, p.ana, INBOX_DUE_TODAY, monday), 1);
	assert_int_equal(inbox_count(world, p.ana, INBOX_DUE_TODAY, instant_add_ms(monday, DAY_MS)), 2);
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
	b = maria_writes_at(world, &p, S("second"), instant_add_ms(t, HOUR_MS));
	assert_ok(reply_as(world, p.ana, a.thread, S("Yes"), instant_add_ms(t, 2 * HOUR_MS)));
	maria = people_as_at(world, p.maria_account, instant_add_ms(t, 3 * HOUR_MS));
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

int
main(void)
{
	const struct CMUnitTest list[] = {
	    WORLD_TEST(a_draft_is_kept_for_its_author_until_it_is_sent),
	    WORLD_TEST(there_is_an_end_to_drafts),
	    WORLD_TEST(the_inbox_filters_and_counts_agree),
	    WORLD_TEST(the_patient_lists_filters_and_sums_up_their_threads),
	    WORLD_TEST(an_export_visits_every_message),
	};

	return cmocka_run_group_tests_name("messaging lists", list, NULL, NULL);
}
