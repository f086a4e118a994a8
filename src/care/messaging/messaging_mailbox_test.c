/* SPDX-License-Identifier: Apache-2.0 */
/* The patient's mailbox: who may write at all, and messages that wait a moment before they leave. */
#include "care/messaging/crisis.h"
#include "care/messaging/mailbox.h"
#include "care/messaging/messaging_http_test_help.h"
#include "care/messaging/signature.h"

static const struct err *
choose_as(struct world *world, account_id who, bool accepted, instant now)
{
	struct cx cx = people_as_at(world, who, now);
	const struct err *error = messaging_terms_choose(&cx, accepted);

	db_release(&cx);
	return error;
}

static int64_t
rows_of(struct world *world, struct sql sql)
{
	int64_t n;

	db_refresh(&world->cx);
	assert_ok(db_one(&world->cx, sql, BIND_NONE, INTO(&n, ONE_INT)));
	return n;
}

static const struct err *
write_as_at(struct world *world, const struct people *p, account_id who, instant now, struct sent *sent)
{
	struct cx cx = people_as_at(world, who, now);
	const struct err *error = thread_send_new(&cx,
	    &(struct thread_new){.key = uuid_new(now), .patient = p->maria, .team = p->maple, .body = S("Hello")},
	    sent);

	db_release(&cx);
	return error;
}

static void
without_the_terms_nobody_writes_and_nobody_writes_to_them(void **state)
{
	struct world *world = *state;
	struct people p;
	struct sent sent, again;
	instant at;
	bool yes;

	clinic_setup(world, &p);
	at = world->cx.now;
	assert_ok(write_as_at(world, &p, p.maria_account, at, &sent));
	assert_ok(choose_as(world, p.maria_account, false, instant_add_ms(at, 1)));
	assert_ok(messaging_opted_in(&world->cx, p.maria, &yes));
	assert_false(yes);
	assert_fails(write_as_at(world, &p, p.maria_account, at, &again), ERR_INVALID);
	assert_fails(write_as_at(world, &p, p.ana, at, &again), ERR_INVALID);
	assert_fails(reply_as(world, p.maria_account, sent.thread, S("And?"), at), ERR_INVALID);
	assert_ok(reply_as(world, p.ana, sent.thread, S("An answer to what was asked"), at)); /* still readable */
	assert_fails(choose_as(world, p.ana, true, at), ERR_GONE);
	assert_ok(choose_as(world, p.maria_account, true, instant_add_ms(at, 2)));
	assert_ok(write_as_at(world, &p, p.maria_account, at, &again));
	assert_int_equal(rows_of(world, SQL("SELECT count(*) FROM messaging_terms")), 4); /* every yes and no is kept */
	assert_sound(world);
}

/* ---- time to think again ---- */

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

/* ---- folders ---- */

static int64_t
count_in(struct cx *cx, enum folder_kind kind, struct uuid id)
{
	int64_t n;

	db_refresh(cx);
	assert_ok(mailbox_count(cx, &(struct mailbox_query){.place = {kind, id}}, &n));
	return n;
}

static void
threads_are_filed_by_each_person_for_themselves(void **state)
{
	struct world *world = *state;
	struct uuid none = {{0}}, folder, other;
	struct people p;
	struct sent sent;
	struct cx maria, bo, ana;

	clinic_setup(world, &p);
	sent = maria_writes(world, &p, S("First"));
	maria_writes(world, &p, S("Second"));
	maria = people_as(world, p.maria_account);
	bo = people_as(world, p.bo_account);
	ana = people_as(world, p.ana);
	assert_ok(folder_add(&maria, S("Diabetes 2026"), &folder));
	assert_ok(folder_add(&bo, S("Diabetes 2026"), &other));
	assert_int_equal(count_in(&maria, FOLDER_INBOX, none), 2);
	assert_int_equal(count_in(&maria, FOLDER_SENT, none), 2);
	assert_ok(thread_file_away(&maria, sent.thread, (struct place){FOLDER_OWN, folder}));
	assert_int_equal(count_in(&maria, FOLDER_INBOX, none), 1);
	assert_int_equal(count_in(&maria, FOLDER_OWN, folder), 1);
	assert_int_equal(count_in(&maria, FOLDER_SENT, none), 2); /* what was sent may be filed too */
	assert_fails(thread_file_away(&maria, sent.thread, (struct place){FOLDER_OWN, other}), ERR_GONE);
	assert_fails(thread_file_away(&bo, sent.thread, (struct place){FOLDER_OWN, other}), ERR_GONE);
	assert_fails(thread_file_away(&ana, sent.thread, (struct place){FOLDER_DELETED, none}), ERR_GONE);
	assert_fails(thread_file_away(&maria, sent.thread, (struct place){FOLDER_SENT, none}), ERR_INVALID);
	assert_fails(folder_delete(&maria, folder), ERR_INVALID);
	assert_ok(thread_file_away(&maria, sent.thread, (struct place){FOLDER_DELETED, none}));
	assert_int_equal(count_in(&maria, FOLDER_DELETED, none), 1);
	assert_int_equal(count_in(&maria, FOLDER_SENT, none), 1);
	assert_ok(folder_delete(&maria, folder));
	assert_ok(reply_as(world, p.ana, sent.thread, S("An answer"), world->cx.now)); /* brings it back */
	assert_int_equal(count_in(&maria, FOLDER_DELETED, none), 0);
	assert_int_equal(count_in(&maria, FOLDER_INBOX, none), 2);
	db_release(&maria);
	db_release(&bo);
	db_release(&ana);
	assert_sound(world);
}

static void
names_of_folders_follow_the_rules(void **state)
{
	static const char *const bad[] = {
	    "", "  ", "a/b", "<b>", "123456789012345678901234567890123456789012345678901"};
	struct world *world = *state;
	struct uuid one, two;
	struct people p;
	struct db_rows rows;
	struct cx maria, bo;

	clinic_setup(world, &p);
	maria = people_as(world, p.maria_account);
	bo = people_as(world, p.bo_account);
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		assert_fails(folder_add(&maria, str_from_z(bad[i]), &one), ERR_INVALID);
	assert_ok(folder_add(&maria, S("Coraz\xc3\xb3n"), &one));
	assert_fails(folder_add(&maria, S("CORAZON"), &two), ERR_INVALID); /* the same to the eye */
	assert_ok(folder_add(&maria, S("Bills"), &two));
	assert_fails(folder_rename(&maria, two, S("Coraz\xc3\xb3n")), ERR_INVALID);
	assert_ok(folder_rename(&maria, one, S("Heart")));
	assert_ok(folder_rename(&maria, one, S("HEART")));
	assert_fails(folder_rename(&bo, one, S("Mine")), ERR_GONE);
	assert_ok(folder_delete(&bo, one)); /* not theirs: nothing happens */
	db_refresh(&maria);
	assert_ok(folder_list(&maria, &rows));
	assert_int_equal(rows.count, 2);
	assert_str_equal(((struct folder *)rows.items)[1].name, "HEART");
	db_release(&maria);
	db_release(&bo);
}

/* ---- search ---- */

static size_t
found_by(struct cx *cx, struct message_query query)
{
	struct search_result result;

	db_refresh(cx);
	assert_ok(messages_search(cx, &query, &result));
	return result.count;
}
#define ANY .category = -1, .from = INSTANT_NONE, .until = INSTANT_NONE, .before = INSTANT_NONE

static void
a_search_finds_what_fits_all_that_is_asked(void **state)
{
	struct world *world = *state;
	struct people p;
	struct sent sent;
	struct cx maria, bo;
	instant at;

	clinic_setup(world, &p);
	at = world->cx.now;
	sent = maria_writes_at(world, &p, S("My blood pressure is high"), instant_add_ms(at, -10 * DAY_MS));
	maria_writes(world, &p, S("May I take the pressure pills with coffee?"));
	assert_ok(reply_as(world, p.ana, sent.thread, S("Ni\xc3\xb1o, take it twice"), at));
	maria = people_as(world, p.maria_account);
	bo = people_as(world, p.bo_account);
	assert_int_equal(found_by(&maria, (struct message_query){ANY}), 3);
	assert_int_equal(found_by(&maria, (struct message_query){ANY, .words = S("PRESSURE")}), 2);
	assert_int_equal(found_by(&maria, (struct message_query){ANY, .words = S("pills pressure")}), 1);
	assert_int_equal(
	    found_by(&maria, (struct message_query){ANY, .words = S("medication nino")}), 1); /* and subject */
	assert_int_equal(found_by(&maria, (struct message_query){ANY, .words = S("pressure"), .side = SIDE_TEAM}), 0);
	assert_int_equal(found_by(&maria, (struct message_query){ANY, .sender = S("ruiz")}), 1);
	assert_int_equal(found_by(&maria, (struct message_query){ANY, .team = p.birch}), 0);
	assert_int_equal(found_by(&maria, (struct message_query){ANY, .team = p.maple}), 3);
	assert_int_equal(found_by(&maria, (struct message_query){ANY, .has_file = true}), 0);
	assert_int_equal(
	    found_by(&maria,
		(struct message_query){
		    .category = CATEGORY_GENERAL, .from = INSTANT_NONE, .until = INSTANT_NONE, .before = INSTANT_NONE}),
	    0);
	assert_int_equal(found_by(&maria, (struct message_query){.category = -1,
					      .from = instant_add_ms(at, -DAY_MS),
					      .until = INSTANT_NONE,
					      .before = INSTANT_NONE}),
	    2);
	assert_int_equal(found_by(&maria, (struct message_query){.category = -1,
					      .until = instant_add_ms(at, -DAY_MS),
					      .from = INSTANT_NONE,
					      .before = INSTANT_NONE}),
	    1);
	assert_int_equal(found_by(&bo, (struct message_query){ANY, .words = S("pressure")}), 0);
	db_release(&maria);
	db_release(&bo);
}

static void
a_search_goes_on_with_older_ones_until_none_is_left(void **state)
{
	struct world *world = *state;
	struct people p;
	struct message_query query = {ANY};
	struct search_result result;
	struct sent sent;
	struct cx maria;
	size_t seen = 0;
	int pages = 0;

	clinic_setup(world, &p);
	sent = maria_writes(world, &p, S("Number 0"));
	for (int i = 1; i < 120; i++)
		assert_ok(reply_as(world, p.maria_account, sent.thread, S("Another number"),
		    instant_add_ms(world->cx.now, i / 2))); /* two at the same instant */
	maria = people_as_at(world, p.maria_account, instant_add_ms(world->cx.now, DAY_MS));
	do {
		assert_ok(messages_search(&maria, &query, &result));
		seen += result.count;
		query.before = result.last;
		query.before_id = result.last_id;
		assert_true(++pages < 10);
	} while (result.more);
	assert_int_equal(seen, 120);
	assert_int_equal(pages, 3);
	db_release(&maria);
}

/* ---- words of emergency ---- */

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

/* ---- signatures ---- */

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

/* ---- over HTTP ---- */

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

static const struct err *
tests_go_to_birch(struct tx *tx, void *arg)
{
	const struct people *p = arg;
	const int64_t topics[] = {CATEGORY_TEST_RESULT};

	TRY(team_add_patient(tx, p->birch, p->maria, RELATION_TEAM_LIST));
	return team_topics_set(tx, p->birch, topics, 1);
}

static void
assert_proposes(struct clinic *c, struct reply page, team_id team)
{
	str box = PATH(c, "value=\"%.*s\" checked", STR_ARG(id_text(c, team.v)));

	assert_int_equal(page.status, 200);
	if (!str_contains(page.body, box))
		fail_msg("the team is not proposed");
}

static void
the_kind_of_question_proposes_the_team(void **state)
{
	struct clinic c;
	struct reply reply;

	open_clinic(*state, &c);
	assert_ok(db_write(&c.world->cx, tests_go_to_birch, &c.p));
	assert_proposes(&c, get(&c, &c.maria, S("/messages/new")), c.p.maple);
	assert_proposes(&c, get(&c, &c.maria, S("/messages/new?category=medication")), c.p.maple);
	assert_proposes(&c, get(&c, &c.maria, S("/messages/new?category=test")), c.p.birch);
	reply = get(&c, &c.maria, S("/messages/new?about=Observation/nothing-like-that"));
	assert_proposes(&c, reply, c.p.maple);
	assert_false(str_contains(reply.body, S("About:")));
	close_clinic(&c);
}

static void
folders_and_search_work_by_the_pages(void **state)
{
	struct clinic c;
	str path, thread;
	struct reply reply;
	size_t at;

	open_clinic(*state, &c);
	path = maria_sends(&c, new_key(&c), S("Where is my <knee>?"));
	thread = str_take(path, strlen("/messages/") + UUID_TEXT_CHARS);
	assert_int_equal(SUBMIT(&c, &c.maria, S("/messages/folders"), "name=Knees").status, 303);
	assert_int_equal(SUBMIT(&c, &c.maria, S("/messages/folders"), "name=a%%2Fb").status, 400);
	reply = get(&c, &c.maria, S("/messages/folders"));
	assert_shows(reply, "Knees");
	assert_true(str_find(reply.body, S("/messages/folders/"), &at));
	path = arena_str(
	    &c.trial.arena, str_take(str_drop(reply.body, at + strlen("/messages/folders/")), UUID_TEXT_CHARS));
	assert_shows(get(&c, &c.maria, thread), "Knees");
	assert_int_equal(
	    SUBMIT(&c, &c.maria, PATH(&c, "%.*s/move", STR_ARG(thread)), "to=%.*s", STR_ARG(path)).status, 303);
	assert_shows(get(&c, &c.maria, PATH(&c, "/messages?folder=%.*s", STR_ARG(path))), "Medication question");
	assert_false(str_contains(get(&c, &c.maria, S("/messages")).body, S("Medication question")));
	assert_int_equal(get(&c, &c.bo, PATH(&c, "/messages?folder=%.*s", STR_ARG(path))).status, 404);
	reply = SUBMIT(&c, &c.maria, PATH(&c, "/messages/folders/%.*s", STR_ARG(path)), "do=delete");
	assert_int_equal(reply.status, 400);
	reply = get(&c, &c.maria, S("/messages/search?q=knee&side=me&from=2020-01-01"));
	assert_shows(reply, "Where is my &lt;knee&gt;?");
	assert_shows(get(&c, &c.bo, S("/messages/search?q=knee")), "Nothing found");
	assert_int_equal(get(&c, &c.maria, S("/messages/search?q=x&from=2026-13-01")).status, 400);
	assert_int_equal(get(&c, &c.maria, S("/messages/search?q=x&before=-1-2-3")).status, 200);
	close_clinic(&c);
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

static void
the_terms_stand_before_the_first_message(void **state)
{
	struct clinic c;
	struct reply reply;

	open_clinic(*state, &c);
	assert_int_equal(SUBMIT(&c, &c.maria, S("/messages/terms"), "choice=end").status, 303);
	reply = get(&c, &c.maria, S("/messages/new"));
	assert_str_equal(reply_header(reply, "Location"), "/messages/terms");
	assert_shows(get(&c, &c.maria, S("/messages")), "Messages are switched off");
	reply = SUBMIT(
	    &c, &c.maria, S("/messages/new"), "category=general&team=%.*s&body=x", STR_ARG(id_text(&c, c.p.maple.v)));
	assert_int_equal(reply.status, 400);
	assert_shows(get(&c, &c.maria, S("/messages/terms")), "I accept these terms");
	reply = SUBMIT(&c, &c.maria, S("/messages/terms"), "choice=accept");
	assert_shows(get(&c, &c.maria, reply_header(reply, "Location")), "You can write messages now");
	close_clinic(&c);
}

int
main(void)
{
	const struct CMUnitTest list[] = {
	    WORLD_TEST(without_the_terms_nobody_writes_and_nobody_writes_to_them),
	    WORLD_TEST(a_message_leaves_when_its_time_is_up_also_after_a_restart),
	    WORLD_TEST(what_was_taken_back_is_not_sent_and_can_be_changed_again),
	    WORLD_TEST(what_cannot_be_sent_any_more_stays_with_the_reason),
	    WORLD_TEST(a_failing_statement_leaves_the_draft_to_be_sent_again),
	    WORLD_TEST(an_answer_to_a_locked_thread_goes_on_as_a_new_message_with_its_files),
	    WORLD_TEST(threads_are_filed_by_each_person_for_themselves),
	    WORLD_TEST(names_of_folders_follow_the_rules),
	    WORLD_TEST(a_search_finds_what_fits_all_that_is_asked),
	    WORLD_TEST(a_search_goes_on_with_older_ones_until_none_is_left),
	    WORLD_TEST(folders_and_search_work_by_the_pages),
	    cmocka_unit_test(words_of_emergency_are_found_whole_without_case_and_accents),
	    WORLD_TEST(words_of_emergency_mark_the_thread_and_keep_nothing_back),
	    WORLD_TEST(urgent_messages_fail_whole_or_not_at_all),
	    WORLD_TEST(a_facility_keeps_its_own_list),
	    WORLD_TEST(words_of_emergency_ask_once_and_then_let_through),
	    WORLD_TEST(a_signature_is_added_once_and_only_under_words),
	    WORLD_TEST(a_team_that_needs_a_signature_takes_nothing_unsigned),
	    WORLD_TEST(the_form_signs_for_teams_that_need_it),
	    WORLD_TEST(the_kind_of_question_proposes_the_team),
	    WORLD_TEST(the_form_waits_and_can_be_undone_or_sent_now),
	    WORLD_TEST(the_terms_stand_before_the_first_message),
	};

	return cmocka_run_group_tests_name("mailbox", list, NULL, NULL);
}
