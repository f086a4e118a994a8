/* SPDX-License-Identifier: Apache-2.0 */
/* Time to think again: messages that wait a moment before they leave. */
#include "care/messaging/messaging_http_test_help.h"

static struct draft
leaving(struct world *world, const struct people *p, instant now)
{
	struct cx cx = people_as_at(world, p->maria_account, now);
	struct draft draft = {.id = uuid_new(now), .patient = p->maria, .team = p->maple, .body = S("On its way")};
	instant send_at;

	assert_ok(draft_send_later(&cx, &draft, 10, &send_at));
	assert_true(send_at.ms == now.ms + 10 * SECOND_MS);
	db_release(&cx);
	return draft;
}

static void
send_due_at(struct world *world, instant now)
{
	struct cx cx = world_cx(world);

	cx.now = now;
	assert_ok(messaging_send_due(&cx));
	db_release(&cx);
}

static const struct err *
undo_as(struct world *world, account_id who, struct uuid id)
{
	struct cx cx = people_as(world, who);
	const struct err *error = draft_undo(&cx, id);

	db_release(&cx);
	return error;
}

static void
a_message_leaves_when_its_time_is_up_also_after_a_restart(void **state)
{
	struct world *world = *state;
	struct people p;
	instant at;

	clinic_setup(world, &p);
	at = world->cx.now;
	leaving(world, &p, at);
	send_due_at(world, instant_add_ms(at, 9 * SECOND_MS));
	assert_int_equal(rows_of(world, SQL("SELECT count(*) FROM message")), 0);
	world_reopen(world);
	send_due_at(world, instant_add_ms(at, 10 * SECOND_MS));
	send_due_at(world, instant_add_ms(at, 11 * SECOND_MS));
	assert_int_equal(rows_of(world, SQL("SELECT count(*) FROM message")), 1);
	assert_int_equal(rows_of(world, SQL("SELECT count(*) FROM draft")), 0);
	assert_sound(world);
}

static void
what_was_taken_back_is_not_sent_and_can_be_changed_again(void **state)
{
	struct world *world = *state;
	struct people p;
	struct draft draft;
	struct sent sent;
	struct cx cx;
	instant at;

	clinic_setup(world, &p);
	at = world->cx.now;
	draft = leaving(world, &p, at);
	cx = people_as(world, p.maria_account);
	draft.body = S("A late autosave");
	assert_ok(draft_save(&cx, &draft)); /* changes nothing while it waits */
	assert_ok(draft_get(&cx, draft.id, &draft));
	assert_str_equal(draft.body, "On its way");
	assert_fails(undo_as(world, p.bo_account, draft.id), ERR_CONFLICT); /* not theirs: nothing happens */
	assert_ok(undo_as(world, p.maria_account, draft.id));
	assert_ok(undo_as(world, p.maria_account, draft.id)); /* pressed twice */
	db_refresh(&cx);
	assert_fails(draft_send(&cx, draft.id, &sent), ERR_GONE);
	assert_fails(
	    thread_send_new(&cx,
		&(struct thread_new){
		    .key = draft.id, .patient = p.maria, .team = p.maple, .body = S("On its way"), .waited = true},
		&sent),
	    ERR_GONE);
	send_due_at(world, instant_add_ms(at, HOUR_MS));
	assert_int_equal(rows_of(world, SQL("SELECT count(*) FROM message")), 0);
	draft.body = S("Better words");
	assert_ok(draft_save(&cx, &draft));
	db_refresh(&cx);
	assert_ok(draft_get(&cx, draft.id, &draft));
	assert_str_equal(draft.body, "Better words");
	db_release(&cx);
	draft = leaving(world, &p, at);
	send_due_at(world, instant_add_ms(at, HOUR_MS));
	assert_fails(undo_as(world, p.maria_account, draft.id), ERR_CONFLICT); /* too late */
}

static const struct err *
close_team(struct tx *tx, void *arg)
{
	return team_remove_patient(tx, ((struct people *)arg)->maple, ((struct people *)arg)->maria);
}

static void
what_cannot_be_sent_any_more_stays_with_the_reason(void **state)
{
	struct world *world = *state;
	struct people p;
	struct draft draft;
	struct cx cx;
	instant at;

	clinic_setup(world, &p);
	at = world->cx.now;
	draft = leaving(world, &p, at);
	assert_ok(db_write(&world->cx, close_team, &p));
	send_due_at(world, instant_add_ms(at, 11 * SECOND_MS));
	cx = people_as(world, p.maria_account);
	assert_ok(draft_get(&cx, draft.id, &draft));
	assert_true(instant_is_none(draft.send_at));
	assert_true(str_contains(draft.trouble, S("You cannot write to this team any more")));
	db_release(&cx);
	assert_int_equal(rows_of(world, SQL("SELECT count(*) FROM message")), 0);
}

static void
a_failing_statement_leaves_the_draft_to_be_sent_again(void **state)
{
	struct world *world = *state;
	struct people p;
	struct draft draft;
	instant at;

	clinic_setup(world, &p);
	at = world->cx.now;
	draft = leaving(world, &p, at);
	for (int64_t nth = 1; nth < 100; nth++) {
		struct cx cx = world_cx(world);
		const struct err *error;
		int64_t ran;

		cx.now = instant_add_ms(at, 11 * SECOND_MS);
		db_fault_arm(world->db, DB_FAULT_ERROR, nth);
		error = messaging_send_due(&cx);
		ran = db_fault_count(world->db);
		db_fault_arm(world->db, DB_FAULT_NONE, 0);
		db_release(&cx);
		if (ran < nth) {
			assert_ok(error);
			assert_true(nth > 3);
			break;
		}
		assert_int_equal(rows_of(world, SQL("SELECT count(*) FROM message")), 0);
		assert_int_equal(rows_of(world, SQL("SELECT count(*) FROM draft WHERE send_at IS NOT NULL")), 1);
		assert_sound(world);
	}
	assert_int_equal(rows_of(world, SQL("SELECT count(*) FROM message")), 1);
	(void)draft;
}

static void
an_answer_to_a_locked_thread_goes_on_as_a_new_message_with_its_files(void **state)
{
	struct world *world = *state;
	struct people p;
	struct draft draft, to;
	struct attachment file;
	struct db_rows files;
	struct sent sent;
	struct cx cx;
	instant late;

	clinic_setup(world, &p);
	sent = maria_writes(world, &p, S("First"));
	late = instant_add_ms(world->cx.now, 46 * DAY_MS);
	assert_fails(reply_as(world, p.maria_account, sent.thread, S("And?"), late), ERR_INVALID);
	cx = people_as_at(world, p.maria_account, late);
	draft = (struct draft){.id = uuid_new(late), .thread = sent.thread, .body = S("A long answer")};
	assert_ok(draft_save(&cx, &draft));
	assert_ok(message_attach(&cx, draft.id, S("list.txt"), S("one two"), &file));
	to = (struct draft){.id = uuid_new(late), .patient = p.maria, .team = p.maple, .body = draft.body};
	for (int64_t nth = 1;; nth++) {
		const struct err *error;
		int64_t ran;

		db_fault_arm(world->db, DB_FAULT_ERROR, nth);
		error = draft_move(&cx, draft.id, &to);
		ran = db_fault_count(world->db);
		db_fault_arm(world->db, DB_FAULT_NONE, 0);
		if (ran < nth) {
			assert_ok(error);
			assert_true(nth > 3);
			break;
		}
		assert_ok(draft_attachments(&cx, draft.id, &files));
		assert_int_equal(files.count, 1);
	}
	assert_ok(draft_attachments(&cx, to.id, &files));
	assert_int_equal(files.count, 1);
	assert_fails(draft_get(&cx, draft.id, &draft), ERR_GONE);
	db_release(&cx);
}

static const struct err *
wait_an_hour(struct tx *tx, void *arg)
{
	return facility_setting_put(tx, ((struct clinic *)arg)->p.facility.id, S("undo_send_seconds"), 60);
}

static void
the_form_waits_and_can_be_undone_or_sent_now(void **state)
{
	struct clinic c;
	str key, path;
	struct reply reply;

	open_clinic(*state, &c);
	assert_ok(db_write(&c.world->cx, wait_an_hour, &c));
	key = new_key(&c);
	path = maria_sends(&c, key, S("Please wait"));
	assert_true(str_starts(path, S("/messages/sending/")));
	reply = get(&c, &c.maria, path);
	assert_shows(reply, "Sending in");
	assert_shows(reply, "Undo");
	assert_shows(get(&c, &c.maria, S("/messages")), "On its way");
	assert_int_equal(get(&c, &c.bo, path).status, 404);
	assert_false(str_contains(get(&c, &c.ana, S("/inbox")).body, S("Medication question")));
	reply = SUBMIT(&c, &c.maria, PATH(&c, "/messages/draft/%.*s/undo", STR_ARG(key)), "x=1");
	assert_int_equal(reply.status, 303);
	assert_shows(get(&c, &c.maria, reply_header(reply, "Location")), "Please wait");
	assert_shows(get(&c, &c.maria, path), "You took it back");
	maria_sends(&c, key, S("Please wait, once more"));
	reply = SUBMIT(&c, &c.maria, PATH(&c, "/messages/draft/%.*s/send", STR_ARG(key)), "x=1");
	assert_int_equal(reply.status, 303);
	assert_shows(get(&c, &c.maria, reply_header(reply, "Location")), "Please wait, once more");
	assert_shows(get(&c, &c.maria, path), "Your message was sent.");
	reply = SUBMIT(&c, &c.maria, PATH(&c, "/messages/draft/%.*s/send", STR_ARG(key)), "x=1");
	assert_int_equal(reply.status, 303); /* pressed twice */
	assert_shows(get(&c, &c.maria, reply_header(reply, "Location")), "Please wait, once more");
	reply = SUBMIT(&c, &c.maria, PATH(&c, "/messages/draft/%.*s/undo", STR_ARG(key)), "x=1");
	assert_shows(get(&c, &c.maria, reply_header(reply, "Location")), "Your message was sent.");
	close_clinic(&c);
}

int
main(void)
{
	const struct CMUnitTest list[] = {
	    WORLD_TEST(a_message_leaves_when_its_time_is_up_also_after_a_restart),
	    WORLD_TEST(what_was_taken_back_is_not_sent_and_can_be_changed_again),
	    WORLD_TEST(what_cannot_be_sent_any_more_stays_with_the_reason),
	    WORLD_TEST(a_failing_statement_leaves_the_draft_to_be_sent_again),
	    WORLD_TEST(an_answer_to_a_locked_thread_goes_on_as_a_new_message_with_its_files),
	    WORLD_TEST(the_form_waits_and_can_be_undone_or_sent_now),
	};

	return cmocka_run_group_tests_name("departure", list, NULL, NULL);
}
