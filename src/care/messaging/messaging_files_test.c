/* SPDX-License-Identifier: Apache-2.0 */
/* Files with messages: they belong to a draft until it is sent, whoever reads the message gets them and nobody else, and they
 * leave as what they are. */
#include "care/messaging/messaging_http_test_help.h"

#define PNG "\x89PNG\r\n\x1a\n\0\0\0\rIHDR and so on"

static struct draft
draft_of_maria(struct world *world, const struct people *p)
{
	struct cx cx = people_as(world, p->maria_account);
	struct draft draft = {
	    .id = uuid_new(world->cx.now), .patient = p->maria, .team = p->maple, .body = S("See the picture")};

	assert_ok(draft_save(&cx, &draft));
	db_release(&cx);
	return draft;
}

static const struct err *
attach_as(struct world *world, account_id who, struct uuid draft, str name, str content, struct attachment *out)
{
	struct cx cx = people_as(world, who);
	const struct err *error = message_attach(&cx, draft, name, content, out);

	db_release(&cx);
	return error;
}

static const struct err *
detach_as(struct world *world, account_id who, struct uuid id)
{
	struct cx cx = people_as(world, who);
	const struct err *error = message_detach(&cx, id);

	db_release(&cx);
	return error;
}

static const struct err *
find_as(struct world *world, account_id who, struct uuid id)
{
	struct cx cx = people_as(world, who);
	struct attachment file;
	const struct err *error = message_file_find(&cx, id, &file);

	db_release(&cx);
	return error;
}

static thread_id
send_draft(struct world *world, const struct people *p, const struct draft *draft)
{
	struct cx cx = people_as(world, p->maria_account);
	struct sent sent;

	assert_ok(thread_send_new(
	    &cx, &(struct thread_new){draft->id, p->maria, p->maple, CATEGORY_GENERAL, S(""), draft->body}, &sent));
	db_release(&cx);
	return sent.thread;
}

static void
a_file_goes_with_its_draft_and_cannot_be_changed_afterwards(void **state)
{
	struct world *world = *state;
	struct people p;
	struct attachment file, late;
	struct conversation c;
	struct draft draft;
	thread_id thread;
	struct cx cx;

	clinic_setup(world, &p);
	draft = draft_of_maria(world, &p);
	assert_ok(attach_as(world, p.maria_account, draft.id, S("rash.png"), S(PNG), &file));
	thread = send_draft(world, &p, &draft);
	cx = people_as(world, p.ana);
	assert_ok(thread_open(&cx, thread, &c));
	assert_int_equal(c.messages[0].file_count, 1);
	assert_str_equal(c.messages[0].files[0].name, "rash.png");
	assert_true(uuid_equal(c.messages[0].files[0].id, file.id));
	db_release(&cx);
	assert_fails(detach_as(world, p.maria_account, file.id), ERR_GONE);
	assert_fails(attach_as(world, p.maria_account, draft.id, S("late.txt"), S("late"), &late), ERR_GONE);
	assert_sound(world);
}

static void
files_are_for_those_who_may_read_the_message(void **state)
{
	struct world *world = *state;
	struct people p;
	struct attachment file, other;
	struct draft draft;

	clinic_setup(world, &p);
	draft = draft_of_maria(world, &p);
	assert_ok(attach_as(world, p.maria_account, draft.id, S("rash.png"), S(PNG), &file));
	assert_fails(attach_as(world, p.bo_account, draft.id, S("a.txt"), S("x"), &other), ERR_GONE);
	assert_fails(attach_as(world, p.ana, draft.id, S("a.txt"), S("x"), &other), ERR_GONE);
	assert_ok(find_as(world, p.maria_account, file.id));
	assert_fails(find_as(world, p.ana, file.id), ERR_GONE); /* a draft is its author's own */
	assert_fails(detach_as(world, p.bo_account, file.id), ERR_GONE);
	send_draft(world, &p, &draft);
	assert_ok(find_as(world, p.maria_account, file.id));
	assert_ok(find_as(world, p.ana, file.id));
	assert_fails(find_as(world, p.ben, file.id), ERR_GONE);
	assert_fails(find_as(world, p.bo_account, file.id), ERR_GONE);
	assert_fails(find_as(world, p.root, file.id), ERR_GONE);
}

static void
deleting_a_draft_deletes_its_files(void **state)
{
	struct world *world = *state;
	struct people p;
	struct attachment file;
	struct draft draft;
	struct cx cx;

	clinic_setup(world, &p);
	draft = draft_of_maria(world, &p);
	assert_ok(attach_as(world, p.maria_account, draft.id, S("rash.png"), S(PNG), &file));
	cx = people_as(world, p.maria_account);
	for (int64_t nth = 1;; nth++) {
		const struct err *error;
		int64_t ran;

		db_fault_arm(world->db, DB_FAULT_ERROR, nth);
		error = draft_delete(&cx, draft.id);
		ran = db_fault_count(world->db);
		db_fault_arm(world->db, DB_FAULT_NONE, 0);
		if (ran < nth) {
			assert_ok(error);
			assert_true(nth > 2);
			break;
		}
		assert_non_null(error);
		assert_int_equal(rows_of(world, SQL("SELECT count(*) FROM attachment")), 1);
		assert_int_equal(rows_of(world, SQL("SELECT count(*) FROM attachment_chunk")), 1);
		assert_int_equal(rows_of(world, SQL("SELECT count(*) FROM draft")), 1);
	}
	db_release(&cx);
	assert_int_equal(rows_of(world, SQL("SELECT count(*) FROM attachment")), 0);
	assert_int_equal(rows_of(world, SQL("SELECT count(*) FROM attachment_chunk")), 0);
	assert_int_equal(rows_of(world, SQL("SELECT count(*) FROM draft")), 0);
}

static const struct err *
allow_large(struct tx *tx, void *arg)
{
	return facility_setting_put(tx, ((struct people *)arg)->facility.id, S("attachments_large"), 1);
}

static void
a_facility_may_take_large_files(void **state)
{
	struct world *world = *state;
	struct people p;
	struct attachment file;
	struct draft draft;
	char *bytes = arena_text(&world->arena, 7000000);

	clinic_setup(world, &p);
	memset(bytes, 'a', 7000000);
	draft = draft_of_maria(world, &p);
	assert_fails(
	    attach_as(world, p.maria_account, draft.id, S("a.txt"), (str){bytes, 7000000}, &file), ERR_INVALID);
	assert_ok(db_write(&world->cx, allow_large, &p));
	assert_ok(attach_as(world, p.maria_account, draft.id, S("a.txt"), (str){bytes, 7000000}, &file));
}

static const struct outbox_kind kinds[] = {{ATTACHMENT_OUTBOX_KIND, message_scan_deliver, ATTACHMENT_GIVE_UP_MS}, {0}};

static void
what_is_held_is_sent_with_its_text_and_released_later(void **state)
{
	struct world *world = *state;
	struct people p;
	struct attachment file, gone;
	struct draft draft;
	int64_t delivered;

	clinic_setup(world, &p);
	draft = draft_of_maria(world, &p);
	assert_ok(scanner_set(&world->cx, S("127.0.0.1:1")));
	assert_ok(attach_as(world, p.maria_account, draft.id, S("rash.png"), S(PNG), &file));
	assert_ok(attach_as(world, p.maria_account, draft.id, S("gone.txt"), S("gone"), &gone));
	assert_int_equal(file.state, SCAN_WAITING);
	assert_ok(detach_as(world, p.maria_account, gone.id));
	send_draft(world, &p, &draft);
	assert_ok(jobs_deliver_due(&world->cx, kinds, &delivered));
	assert_int_equal(rows_of(world, SQL("SELECT count(*) FROM attachment WHERE state = 0")), 1);
	assert_ok(scanner_set(&world->cx, S("")));
	world->cx.now = instant_add_ms(world->cx.now, DAY_MS);
	assert_ok(jobs_deliver_due(&world->cx, kinds, &delivered));
	assert_int_equal(rows_of(world, SQL("SELECT count(*) FROM attachment WHERE state = 3")), 1);
}

/* ---- over HTTP ---- */

static const char *
text_z(struct clinic *c, str text)
{
	return arena_z(&c->trial.arena, text);
}

static str
path_of_first_file(struct clinic *c, struct reply page)
{
	size_t at;

	if (!str_find(page.body, S("/messages/files/"), &at))
		fail_msg("no file on the page");
	return arena_str(
	    &c->trial.arena, str_take(str_drop(page.body, at), strlen("/messages/files/") + UUID_TEXT_CHARS));
}

static void
a_picture_travels_by_the_form_and_leaves_as_a_picture_only(void **state)
{
	struct clinic c;
	str key, path, file;
	struct reply reply;

	open_clinic(*state, &c);
	key = new_key(&c);
	reply = submit_upload(&c, &c.maria, S("/messages/new"),
	    &(struct upload){
		.fields = {"key", text_z(&c, key), "category", "general", "body", "My rash", "do", "attach"},
		.file_name = S("r\xc3\xa4sh.svg"),
		.file = S(PNG)});
	assert_int_equal(reply.status, 303);
	reply = get(&c, &c.maria, PATH(&c, "/messages/new?draft=%.*s", STR_ARG(key)));
	assert_shows(reply, "r\xc3\xa4sh.svg.png");
	assert_shows(reply, "My rash");
	reply = submit_upload(&c, &c.maria, S("/messages/new"),
	    &(struct upload){.fields = {"key", text_z(&c, key), "category", "general", "team",
				 text_z(&c, id_text(&c, c.p.maple.v)), "body", "My rash"}});
	assert_int_equal(reply.status, 303);
	path = reply_header(reply, "Location");
	reply = get(&c, &c.maria, path);
	assert_shows(reply, "r\xc3\xa4sh.svg.png");
	file = path_of_first_file(&c, reply);
	reply = get(&c, &c.ana, file);
	assert_int_equal(reply.status, 200);
	assert_true(str_equal(reply.body, S(PNG)));
	assert_str_equal(reply_header(reply, "Content-Type"), "image/png");
	assert_str_equal(reply_header(reply, "X-Content-Type-Options"), "nosniff");
	assert_true(str_starts(reply_header(reply, "Content-Security-Policy"), S("sandbox; default-src 'none'")));
	assert_str_equal(reply_header(reply, "Content-Disposition"),
	    "attachment; filename=\"r__sh.svg.png\"; filename*=UTF-8''r%C3%A4sh.svg.png");
	reply = get(&c, &c.ana, PATH(&c, "%.*s?show=yes", STR_ARG(file)));
	assert_true(str_starts(reply_header(reply, "Content-Disposition"), S("inline;")));
	assert_int_equal(get(&c, &c.bo, file).status, 404);
	assert_int_equal(get(&c, &c.ben, file).status, 404);
	assert_int_equal(get(&c, NULL, file).status, 303);
	close_clinic(&c);
}

static void
what_cannot_be_attached_is_named_and_nothing_is_lost(void **state)
{
	struct clinic c;
	str key;
	struct reply reply;

	open_clinic(*state, &c);
	key = new_key(&c);
	reply = submit_upload(&c, &c.maria, S("/messages/new"),
	    &(struct upload){.fields = {"key", text_z(&c, key), "category", "general", "team",
				 text_z(&c, id_text(&c, c.p.maple.v)), "body", "Look at this program"},
		.file_name = S("tool.exe"),
		.file = S("MZ\x90\0\3")});
	assert_int_equal(reply.status, 400);
	assert_true(str_contains(reply.body, S("tool.exe: Files of this kind are not taken.")));
	assert_true(str_contains(reply.body, S("Look at this program")));
	reply = submit_upload(&c, &c.maria, S("/messages/new"),
	    &(struct upload){.fields = {"key", text_z(&c, key), "body", "Look", "do", "attach"}});
	assert_int_equal(reply.status, 400);
	assert_true(str_contains(reply.body, S("Choose a file first")));
	assert_int_equal(rows_of(c.world, SQL("SELECT count(*) FROM message")), 0);
	close_clinic(&c);
}

static void
a_file_is_removed_from_an_answer_with_the_text_kept(void **state)
{
	struct clinic c;
	str path, key, file, button;
	struct reply reply;

	open_clinic(*state, &c);
	path = str_take(maria_sends(&c, new_key(&c), S("First")), strlen("/messages/") + UUID_TEXT_CHARS);
	key = new_key(&c);
	reply = submit_upload(&c, &c.maria, path,
	    &(struct upload){.fields = {"key", text_z(&c, key), "body", "My list", "do", "attach"},
		.file_name = S("list.txt"),
		.file = S("one two")});
	assert_int_equal(reply.status, 303);
	reply = get(&c, &c.maria, path);
	assert_shows(reply, "list.txt");
	file = str_drop(path_of_first_file(&c, reply), strlen("/messages/files/"));
	button = PATH(&c, "remove-%.*s", STR_ARG(file));
	for (int i = 0; i < 2; i++) { /* pressed twice is no error */
		reply = submit_upload(&c, &c.maria, path,
		    &(struct upload){
			.fields = {"key", text_z(&c, key), "body", "My longer list", "do", text_z(&c, button)}});
		assert_int_equal(reply.status, 303);
	}
	reply = get(&c, &c.maria, path);
	assert_shows(reply, "My longer list");
	assert_false(str_contains(reply.body, S("list.txt")));
	close_clinic(&c);
}

static void
a_large_file_is_streamed_whole(void **state)
{
	struct clinic c;
	str key, file, content;
	struct reply reply;
	char *bytes;

	open_clinic(*state, &c);
	bytes = arena_text(&c.trial.arena, 5000000);
	for (size_t i = 0; i < 5000000; i++)
		bytes[i] = (char)('a' + i * 31 % 26);
	content = (str){bytes, 5000000};
	key = new_key(&c);
	reply = submit_upload(&c, &c.maria, S("/messages/new"),
	    &(struct upload){.fields = {"key", text_z(&c, key), "body", "x", "do", "attach"},
		.file_name = S("l.txt"),
		.file = content});
	assert_int_equal(reply.status, 303);
	file = path_of_first_file(&c, get(&c, &c.maria, PATH(&c, "/messages/new?draft=%.*s", STR_ARG(key))));
	reply = get(&c, &c.maria, file);
	assert_true(reply.is_whole);
	assert_true(str_equal(reply.body, content));
	close_clinic(&c);
}

int
main(void)
{
	const struct CMUnitTest list[] = {
	    WORLD_TEST(a_file_goes_with_its_draft_and_cannot_be_changed_afterwards),
	    WORLD_TEST(files_are_for_those_who_may_read_the_message),
	    WORLD_TEST(deleting_a_draft_deletes_its_files),
	    WORLD_TEST(a_facility_may_take_large_files),
	    WORLD_TEST(what_is_held_is_sent_with_its_text_and_released_later),
	    WORLD_TEST(a_picture_travels_by_the_form_and_leaves_as_a_picture_only),
	    WORLD_TEST(what_cannot_be_attached_is_named_and_nothing_is_lost),
	    WORLD_TEST(a_file_is_removed_from_an_answer_with_the_text_kept),
	    WORLD_TEST(a_large_file_is_streamed_whole),
	};

	return cmocka_run_group_tests_name("messages with files", list, NULL, NULL);
}
