/* SPDX-License-Identifier: Apache-2.0 */
/* Handing on, on both databases: who may, what the thread becomes, who is told, and what the patient may read of it. */
#include "care/messaging/messaging_test_help.h"
#include "platform/pages/pages.h"

struct scene {
	struct world *world;
	struct people p;
	struct sent sent;
};

static struct scene
scene_of(void **state)
{
	struct scene scene = {.world = *state};

	clinic_setup(scene.world, &scene.p);
	scene.sent = maria_writes(scene.world, &scene.p, S("May I take ibuprofen?"));
	return scene;
}

static struct conversation
opened_by(struct scene *scene, account_id who)
{
	struct cx cx = people_as(scene->world, who);
	struct conversation c;

	assert_ok(thread_open(&cx, scene->sent.thread, &c));
	db_release(&cx);
	return c;
}

/* ---- assigning ---- */

static const struct err *
assign_as(struct scene *scene, account_id who, account_id to)
{
	struct cx cx = people_as(scene->world, who);
	const struct err *error = thread_assign(&cx, scene->sent.thread, to);

	db_release(&cx);
	return error;
}

static void
a_thread_is_given_to_a_member_who_is_told_and_keeps_no_lease(void **state)
{
	struct scene scene = scene_of(state);
	int64_t notices = notices_waiting(scene.world);
	struct thread thread;

	assert_ok(assign_as(&scene, scene.p.ana, scene.p.okafor));
	thread = thread_now(scene.world, scene.sent.thread);
	assert_true(uuid_equal(thread.owner.v, scene.p.okafor.v));
	assert_true(instant_is_none(thread.lease_until));
	assert_int_equal(thread.status, THREAD_INCOMPLETE);
	assert_int_equal(notices_waiting(scene.world), notices + 1);
	assert_int_equal(count_of(scene.world, scene.p.ana, COUNT_TASKS), 0);
	assert_int_equal(count_of(scene.world, scene.p.okafor, COUNT_TASKS), 1);
	/* Given away is not locked away: any member may take it. */
	assert_ok(reply_as(scene.world, scene.p.ana, scene.sent.thread, S("Yes"), scene.world->cx.now));
	assert_sound(scene.world);
}

static void
only_a_member_assigns_and_only_to_a_member(void **state)
{
	struct scene scene = scene_of(state);

	assert_fails(assign_as(&scene, scene.p.ben, scene.p.ben), ERR_GONE);
	assert_fails(assign_as(&scene, scene.p.maria_account, scene.p.ana), ERR_GONE);
	assert_fails(assign_as(&scene, scene.p.root, scene.p.ana), ERR_GONE);
	assert_fails(assign_as(&scene, scene.p.ana, scene.p.ben), ERR_INVALID);
	assert_fails(assign_as(&scene, scene.p.ana, scene.p.maria_account), ERR_INVALID);
	assert_int_equal(opened_by(&scene, scene.p.ana).event_count, 0);
	assert_sound(scene.world);
}

static void
what_somebody_answers_right_now_is_not_given_to_another(void **state)
{
	struct scene scene = scene_of(state);
	struct cx cx = people_as(scene.world, scene.p.okafor);

	assert_ok(thread_claim(&cx, scene.sent.thread));
	db_release(&cx);
	assert_fails(assign_as(&scene, scene.p.ana, scene.p.ana), ERR_CONFLICT);
	assert_ok(assign_as(&scene, scene.p.okafor, scene.p.ana));
}

/* ---- to another team ---- */

static const struct err *
reroute_as(struct scene *scene, account_id who, team_id team, str reason)
{
	struct cx cx = people_as(scene->world, who);
	const struct err *error = thread_reroute(&cx, &(struct thread_reroute){scene->sent.thread, team, reason});

	db_release(&cx);
	return error;
}

static void
a_misrouted_message_goes_to_the_right_team_with_a_reason_that_the_patient_reads(void **state)
{
	struct scene scene = scene_of(state);
	struct thread before = thread_now(scene.world, scene.sent.thread), after;
	struct conversation c;

	assert_ok(reroute_as(&scene, scene.p.ana, scene.p.birch, S("Team Birch makes these appointments.")));
	after = thread_now(scene.world, scene.sent.thread);
	assert_true(uuid_equal(after.team.v, scene.p.birch.v));
	assert_int_equal(after.due.ms, before.due.ms);
	assert_int_equal(after.escalate_at.ms, before.escalate_at.ms);
	assert_int_equal(count_of(scene.world, scene.p.ana, COUNT_TASKS), 0);
	assert_int_equal(count_of(scene.world, scene.p.ben, COUNT_TASKS), 1);
	c = opened_by(&scene, scene.p.maria_account);
	assert_int_equal(c.event_count, 1);
	assert_int_equal(c.events[0].kind, EVENT_REROUTED);
	assert_str_equal(c.events[0].text, "Team Birch makes these appointments.");
	/* The new team answers, the patient answers back, the old team is out. */
	assert_ok(reply_as(scene.world, scene.p.ben, scene.sent.thread, S("Monday?"), scene.world->cx.now));
	assert_ok(reply_as(scene.world, scene.p.maria_account, scene.sent.thread, S("Yes"), scene.world->cx.now));
	assert_fails(reply_as(scene.world, scene.p.ana, scene.sent.thread, S("No"), scene.world->cx.now), ERR_GONE);
	assert_sound(scene.world);
}

static void
a_thread_is_not_sent_where_nobody_would_answer(void **state)
{
	struct scene scene = scene_of(state);

	assert_fails(reroute_as(&scene, scene.p.ana, scene.p.birch, S("  ")), ERR_INVALID);
	assert_fails(reroute_as(&scene, scene.p.ana, scene.p.maple, S("To ourselves")), ERR_INVALID);
	assert_fails(reroute_as(&scene, scene.p.ana, (team_id){uuid_new(scene.world->cx.now)}, S("Where?")), ERR_GONE);
	assert_fails(reroute_as(&scene, scene.p.ben, scene.p.birch, S("Mine!")), ERR_GONE);
	assert_fails(reroute_as(&scene, scene.p.maria_account, scene.p.birch, S("I want Birch")), ERR_GONE);
	assert_true(uuid_equal(thread_now(scene.world, scene.sent.thread).team.v, scene.p.maple.v));
}

/* ---- for information, notes ---- */

static const struct err *
forward_as(struct scene *scene, account_id who, account_id to)
{
	struct cx cx = people_as(scene->world, who);
	const struct err *error =
	    thread_forward(&cx, &(struct thread_forward){scene->sent.thread, &to, 1, S("Look at the dose, please")});

	db_release(&cx);
	return error;
}

static const struct err *
join_team(struct tx *tx, void *arg)
{
	struct people *p = arg;

	/* A third team that cares for Maria: Ben may see her, but is not in Team Maple. */
	return team_add_patient(tx, p->birch, p->maria, RELATION_CLINIC);
}

static void
a_colleague_reads_for_information_and_the_duty_stays(void **state)
{
	struct scene scene = scene_of(state);
	struct cx ben;
	struct conversation c;
	struct db_rows rows;

	assert_fails(forward_as(&scene, scene.p.ana, scene.p.ben), ERR_INVALID);
	assert_ok(db_write(&scene.world->cx, join_team, &scene.p));
	ben = people_as(scene.world, scene.p.ben);
	assert_fails(thread_open(&ben, scene.sent.thread, &c), ERR_GONE);
	db_release(&ben);
	assert_ok(forward_as(&scene, scene.p.ana, scene.p.ben));
	ben = people_as(scene.world, scene.p.ben);
	assert_ok(inbox_list(&ben, &(struct inbox_query){.filter = INBOX_COPIES, .count_max = 10}, &rows));
	assert_int_equal(rows.count, 1);
	assert_ok(thread_open(&ben, scene.sent.thread, &c));
	assert_true(c.for_reading);
	assert_int_equal(c.event_count, 1);
	assert_str_equal(c.events[0].text, "Look at the dose, please");
	assert_fails(thread_claim(&ben, scene.sent.thread), ERR_GONE);
	assert_fails(thread_note(&ben, scene.sent.thread, S("Hm")), ERR_GONE);
	assert_fails(thread_assign(&ben, scene.sent.thread, scene.p.ben), ERR_GONE);
	db_release(&ben);
	assert_fails(reply_as(scene.world, scene.p.ben, scene.sent.thread, S("Less"), scene.world->cx.now), ERR_GONE);
	assert_true(instant_is_none(thread_now(scene.world, scene.sent.thread).opened_at));
	assert_int_equal(count_of(scene.world, scene.p.ana, COUNT_TASKS), 1);
	assert_sound(scene.world);
}

static void
notes_stay_among_colleagues(void **state)
{
	struct scene scene = scene_of(state);
	struct cx ana = people_as(scene.world, scene.p.ana);

	assert_ok(thread_note(&ana, scene.sent.thread, S("She takes warfarin.")));
	assert_fails(thread_note(&ana, scene.sent.thread, S(" \n ")), ERR_INVALID);
	db_release(&ana);
	assert_int_equal(opened_by(&scene, scene.p.okafor).event_count, 1);
	assert_str_equal(opened_by(&scene, scene.p.okafor).events[0].text, "She takes warfarin.");
	assert_int_equal(opened_by(&scene, scene.p.maria_account).event_count, 0);
}

static void
a_reminder_is_the_persons_own(void **state)
{
	struct scene scene = scene_of(state);
	struct cx ana = people_as(scene.world, scene.p.ana), okafor = people_as(scene.world, scene.p.okafor);
	struct inbox_query query = {.filter = INBOX_REMINDERS, .count_max = 10};
	instant tomorrow = instant_add_ms(scene.world->cx.now, DAY_MS);
	int64_t counts[INBOX_FILTERS];
	struct db_rows rows;

	assert_fails(thread_remind(&ana, scene.sent.thread, instant_add_ms(ana.now, -1)), ERR_INVALID);
	assert_ok(thread_remind(&ana, scene.sent.thread, tomorrow));
	assert_ok(inbox_list(&ana, &query, &rows));
	assert_int_equal(rows.count, 1);
	assert_ok(inbox_counts(&ana, (team_id){{{0}}}, counts));
	assert_int_equal(counts[INBOX_REMINDERS], 1);
	assert_ok(inbox_list(&okafor, &query, &rows));
	assert_int_equal(rows.count, 0);
	assert_int_equal(opened_by(&scene, scene.p.ana).remind_at.ms, tomorrow.ms);
	assert_ok(thread_remind(&ana, scene.sent.thread, INSTANT_NONE));
	assert_ok(inbox_list(&ana, &query, &rows));
	assert_int_equal(rows.count, 0);
	db_release(&ana);
	db_release(&okafor);
}

/* ---- taking back ---- */

static const struct err *
recall_as(struct scene *scene, account_id who, int64_t n)
{
	struct cx cx = people_as(scene->world, who);
	const struct err *error = message_recall(&cx, scene->sent.thread, n);

	db_release(&cx);
	return error;
}

static void
an_unread_answer_is_taken_back_and_owed_again(void **state)
{
	struct scene scene = scene_of(state);
	struct thread before = thread_now(scene.world, scene.sent.thread), after;
	struct conversation c;

	assert_ok(
	    reply_as(scene.world, scene.p.ana, scene.sent.thread, S("Wrong patient's words"), scene.world->cx.now));
	assert_int_equal(count_of(scene.world, scene.p.maria_account, COUNT_UNREAD), 1);
	assert_fails(recall_as(&scene, scene.p.ben, 2), ERR_GONE);
	assert_fails(recall_as(&scene, scene.p.maria_account, 2), ERR_GONE);
	assert_fails(recall_as(&scene, scene.p.ana, 1), ERR_INVALID);
	assert_ok(recall_as(&scene, scene.p.ana, 2));
	after = thread_now(scene.world, scene.sent.thread);
	assert_int_equal(after.status, THREAD_INCOMPLETE);
	assert_int_equal(after.due.ms, before.due.ms);
	assert_int_equal(after.escalate_at.ms, before.escalate_at.ms);
	assert_int_equal(count_of(scene.world, scene.p.maria_account, COUNT_UNREAD), 0);
	assert_fails(recall_as(&scene, scene.p.ana, 2), ERR_INVALID);
	assert_sound(scene.world);
	/* The patient learns that something was taken back, and not what; the team still reads it. */
	c = opened_by(&scene, scene.p.maria_account);
	assert_false(c.messages[1].body.p);
	assert_false(instant_is_none(c.messages[1].recalled));
	assert_int_equal(c.event_count, 1);
	assert_str_equal(opened_by(&scene, scene.p.okafor).messages[1].body, "Wrong patient's words");
}

static void
what_the_patient_has_read_stays(void **state)
{
	struct scene scene = scene_of(state);

	assert_ok(reply_as(scene.world, scene.p.ana, scene.sent.thread, S("Yes"), scene.world->cx.now));
	opened_by(&scene, scene.p.maria_account);
	assert_fails(recall_as(&scene, scene.p.ana, 2), ERR_CONFLICT);
	assert_int_equal(thread_now(scene.world, scene.sent.thread).status, THREAD_IN_PROCESS);
}

static void
with_two_answers_the_other_one_still_keeps_the_promise(void **state)
{
	struct scene scene = scene_of(state);

	assert_ok(reply_as(scene.world, scene.p.ana, scene.sent.thread, S("Yes"), scene.world->cx.now));
	assert_ok(reply_as(
	    scene.world, scene.p.ana, scene.sent.thread, S("And no"), instant_add_ms(scene.world->cx.now, MINUTE_MS)));
	assert_ok(recall_as(&scene, scene.p.ana, 3));
	assert_int_equal(thread_now(scene.world, scene.sent.thread).status, THREAD_IN_PROCESS);
	assert_sound(scene.world);
}

static const struct err *
look_for(void *arg, const struct thread *thread, const struct team *team, const struct message *message)
{
	str *words = arg;

	(void)thread, (void)team;
	if (message->body.p && str_contains(message->body, *words))
		*words = STR_NONE;
	return NULL;
}

static bool
said_in_export(struct world *world, account_id who, patient_id patient, str words)
{
	struct cx cx = people_as(world, who);

	assert_ok(messages_export(&cx, patient, look_for, &words));
	db_release(&cx);
	return words.p == NULL;
}

static void
a_download_has_no_word_that_was_taken_back(void **state)
{
	struct scene scene = scene_of(state);

	assert_ok(reply_as(scene.world, scene.p.ana, scene.sent.thread, S("Unicorn"), scene.world->cx.now));
	assert_true(said_in_export(scene.world, scene.p.maria_account, scene.p.maria, S("Unicorn")));
	assert_ok(recall_as(&scene, scene.p.ana, 2));
	assert_false(said_in_export(scene.world, scene.p.maria_account, scene.p.maria, S("Unicorn")));
	assert_true(said_in_export(scene.world, scene.p.maria_account, scene.p.maria, S("ibuprofen")));
}

/* ---- joining ---- */

static const struct err *
merge_as(struct scene *scene, account_id who, thread_id from, thread_id into)
{
	struct cx cx = people_as(scene->world, who);
	const struct err *error = thread_merge(&cx, from, into);

	db_release(&cx);
	return error;
}

static void
a_duplicate_goes_on_in_the_other_thread_by_the_earlier_date(void **state)
{
	struct scene scene = scene_of(state);
	struct sent again =
	    maria_writes_at(scene.world, &scene.p, S("Did you get it?"), instant_add_ms(wednesday(), HOUR_MS));
	struct thread first = thread_now(scene.world, scene.sent.thread), from, into;

	assert_ok(merge_as(&scene, scene.p.ana, scene.sent.thread, again.thread));
	from = thread_now(scene.world, scene.sent.thread);
	into = thread_now(scene.world, again.thread);
	assert_int_equal(from.status, THREAD_COMPLETE);
	assert_int_equal(from.completed_how, COMPLETED_MERGED);
	assert_true(uuid_equal(from.merged_into.v, again.thread.v));
	assert_int_equal(into.due.ms, first.due.ms);
	assert_int_equal(count_of(scene.world, scene.p.ana, COUNT_TASKS), 1);
	assert_fails(
	    reply_as(scene.world, scene.p.maria_account, scene.sent.thread, S("?"), scene.world->cx.now), ERR_INVALID);
	assert_ok(reply_as(scene.world, scene.p.maria_account, again.thread, S("!"), scene.world->cx.now));
	assert_sound(scene.world);
}

static void
an_open_question_stays_open_when_joined_with_an_answered_thread(void **state)
{
	struct scene scene = scene_of(state);
	struct sent again = maria_writes_at(scene.world, &scene.p, S("Another"), instant_add_ms(wednesday(), HOUR_MS));

	assert_ok(reply_as(scene.world, scene.p.ana, again.thread, S("Answered"), scene.world->cx.now));
	assert_ok(merge_as(&scene, scene.p.ana, scene.sent.thread, again.thread));
	assert_int_equal(thread_now(scene.world, again.thread).status, THREAD_INCOMPLETE);
	assert_sound(scene.world);
}

static void
opening_a_joined_thread_again_parts_them(void **state)
{
	struct scene scene = scene_of(state);
	struct sent again = maria_writes_at(scene.world, &scene.p, S("Another"), instant_add_ms(wednesday(), HOUR_MS));
	struct cx ana;

	assert_ok(merge_as(&scene, scene.p.ana, scene.sent.thread, again.thread));
	ana = people_as(scene.world, scene.p.ana);
	assert_ok(thread_reopen(&ana, scene.sent.thread));
	db_release(&ana);
	assert_true(uuid_is_none(thread_now(scene.world, scene.sent.thread).merged_into.v));
	assert_sound(scene.world);
}

static void
threads_of_two_patients_or_of_another_team_are_never_joined(void **state)
{
	struct scene scene = scene_of(state);
	struct cx bo = people_as(scene.world, scene.p.bo_account);
	struct sent other;

	assert_ok(thread_send_new(&bo,
	    &(struct thread_new){
		.key = uuid_new(bo.now), .patient = scene.p.bo, .team = scene.p.birch, .body = S("Bo's")},
	    &other));
	db_release(&bo);
	assert_fails(merge_as(&scene, scene.p.ana, scene.sent.thread, other.thread), ERR_GONE);
	assert_fails(merge_as(&scene, scene.p.ben, other.thread, scene.sent.thread), ERR_GONE);
	assert_fails(merge_as(&scene, scene.p.ana, scene.sent.thread, scene.sent.thread), ERR_INVALID);
}

/* ---- for one's own work ---- */

static void
kept_lists_are_the_persons_own_and_one_of_them_is_first(void **state)
{
	struct scene scene = scene_of(state);
	struct cx ana = people_as(scene.world, scene.p.ana), okafor = people_as(scene.world, scene.p.okafor);
	const struct inbox_view *view;
	struct db_rows rows;

	assert_fails(inbox_view_keep(&ana, S("  "), S("show=open"), false), ERR_INVALID);
	assert_ok(inbox_view_keep(&ana, S("Late ones"), S("show=escalated"), true));
	assert_ok(inbox_view_keep(&ana, S("Mine"), S("show=mine"), true));
	assert_ok(inbox_view_keep(&ana, S("Late ones"), S("show=due"), false)); /* the same name replaces */
	assert_ok(inbox_view_list(&ana, &rows));
	view = rows.items;
	assert_int_equal(rows.count, 2);
	assert_int_equal(view[0].first + view[1].first, 1);
	db_refresh(&okafor);
	assert_ok(inbox_view_drop(&okafor, view[0].id)); /* not theirs: nothing happens */
	assert_ok(inbox_view_list(&okafor, &rows));
	assert_int_equal(rows.count, 0);
	db_refresh(&ana);
	assert_ok(inbox_view_drop(&ana, view[0].id));
	assert_ok(inbox_view_list(&ana, &rows));
	assert_int_equal(rows.count, 1);
	for (int i = 1; i < INBOX_VIEWS_MAX; i++)
		assert_ok(
		    inbox_view_keep(&ana, arena_printf(&scene.world->arena, "List %d", i), S("show=open"), false));
	assert_fails(inbox_view_keep(&ana, S("One more"), S("show=open"), false), ERR_INVALID);
	db_release(&ana);
	db_release(&okafor);
}

static void
only_members_are_told_or_tell_that_somebody_writes(void **state)
{
	struct scene scene = scene_of(state);
	struct cx ana = people_as(scene.world, scene.p.ana), ben = people_as(scene.world, scene.p.ben),
		  maria = people_as(scene.world, scene.p.maria_account);

	assert_ok(thread_typing(&ana, scene.sent.thread));
	assert_fails(thread_typing(&ben, scene.sent.thread), ERR_GONE);
	assert_fails(thread_typing(&maria, scene.sent.thread), ERR_GONE);
	db_release(&ana);
	db_release(&ben);
	db_release(&maria);
}

int
main(void)
{
	const struct CMUnitTest list[] = {
	    WORLD_TEST(a_thread_is_given_to_a_member_who_is_told_and_keeps_no_lease),
	    WORLD_TEST(only_a_member_assigns_and_only_to_a_member),
	    WORLD_TEST(what_somebody_answers_right_now_is_not_given_to_another),
	    WORLD_TEST(a_misrouted_message_goes_to_the_right_team_with_a_reason_that_the_patient_reads),
	    WORLD_TEST(a_thread_is_not_sent_where_nobody_would_answer),
	    WORLD_TEST(a_colleague_reads_for_information_and_the_duty_stays),
	    WORLD_TEST(notes_stay_among_colleagues),
	    WORLD_TEST(a_reminder_is_the_persons_own),
	    WORLD_TEST(an_unread_answer_is_taken_back_and_owed_again),
	    WORLD_TEST(what_the_patient_has_read_stays),
	    WORLD_TEST(with_two_answers_the_other_one_still_keeps_the_promise),
	    WORLD_TEST(a_download_has_no_word_that_was_taken_back),
	    WORLD_TEST(a_duplicate_goes_on_in_the_other_thread_by_the_earlier_date),
	    WORLD_TEST(an_open_question_stays_open_when_joined_with_an_answered_thread),
	    WORLD_TEST(opening_a_joined_thread_again_parts_them),
	    WORLD_TEST(kept_lists_are_the_persons_own_and_one_of_them_is_first),
	    WORLD_TEST(only_members_are_told_or_tell_that_somebody_writes),
	    WORLD_TEST(threads_of_two_patients_or_of_another_team_are_never_joined),
	};

	return cmocka_run_group_tests_name("messaging handover", list, NULL, NULL);
}
