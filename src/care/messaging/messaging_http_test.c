/* SPDX-License-Identifier: Apache-2.0 */
/* The pages over a real server with real sessions: who gets in, what a form does, what is kept when it fails, and that open
 * pages hear of changes. */
#include <stdio.h>
#include <unistd.h>

#include "care/messaging/messaging_http_test_help.h"

/* ---- tests ---- */

static void
a_question_travels_from_the_form_to_the_answer(void **state)
{
	struct clinic c;
	str path, thread, desk;
	struct reply reply;

	open_clinic(*state, &c);
	reply = get(&c, &c.maria, S("/messages/new"));
	assert_shows(reply, "tel:911");
	assert_shows(reply, "Maple Team");
	assert_shows(reply, "They look after your everyday care");
	path = maria_sends(&c, new_key(&c), S("May I take <ibuprofen>?"));
	thread = str_take(str_drop(path, strlen("/messages/")), UUID_TEXT_CHARS);
	desk = PATH(&c, "/inbox/%.*s", STR_ARG(thread));
	reply = get(&c, &c.maria, path);
	assert_shows(reply, "May I take &lt;ibuprofen&gt;?");
	assert_shows(reply, "Your message was sent.");
	assert_shows(reply, "Your team answers by");
	assert_shows(reply, "Not read by your team yet");
	assert_shows(get(&c, &c.ana, S("/inbox")), "row-new");
	assert_shows(get(&c, &c.ana, S("/inbox?show=unclaimed")), "Medication question");
	assert_shows(get(&c, &c.ana, desk), "Take it");
	reply = get(&c, &c.ana, S("/inbox"));
	assert_false(str_contains(reply.body, S("row-new")));
	assert_int_equal(SUBMIT(&c, &c.ana, PATH(&c, "%.*s/claim", STR_ARG(desk)), "x=1").status, 303);
	assert_shows(get(&c, &c.okafor, desk), "Ana Ruiz is answering");
	assert_shows(get(&c, &c.maria, path), "Being handled: nurse");
	assert_shows(get(&c, &c.maria, path), "Read by your team");
	reply = SUBMIT(&c, &c.ana, PATH(&c, "%.*s/reply", STR_ARG(desk)), "key=%.*s&seen=1&do=complete&body=Yes",
	    STR_ARG(new_key(&c)));
	assert_int_equal(reply.status, 303);
	assert_true(str_contains(reply_header(reply, "Location"), S("done=completed")));
	assert_shows(get(&c, &c.ana, reply_header(reply, "Location")), "Undo");
	assert_shows(get(&c, &c.maria, S("/messages")), "1 new");
	reply = get(&c, &c.maria, PATH(&c, "/messages/%.*s/text", STR_ARG(thread)));
	assert_shows(reply, "    May I take <ibuprofen>?\n");
	assert_shows(reply, "    Yes\n");
	assert_int_equal(get(&c, &c.bo, PATH(&c, "/messages/%.*s/text", STR_ARG(thread))).status, 404);
	reply = get(&c, &c.maria, path);
	assert_shows(reply, "Ana Ruiz");
	assert_shows(reply, "nurse in Maple Team");
	assert_shows(get(&c, &c.maria, PATH(&c, "/messages/%.*s?print=1", STR_ARG(thread))), "printing");
	assert_int_equal(SUBMIT(&c, &c.ana, PATH(&c, "%.*s/reopen", STR_ARG(desk)), "x=1").status, 303);
	assert_int_equal(SUBMIT(&c, &c.ana, PATH(&c, "%.*s/release", STR_ARG(desk)), "x=1").status, 303);
	assert_int_equal(
	    SUBMIT(&c, &c.ana, PATH(&c, "%.*s/complete", STR_ARG(desk)), "how=answered&seen=2").status, 303);
	assert_shows(get(&c, &c.ana, S("/inbox?show=completed")), "Completed");
	close_clinic(&c);
	assert_sound(c.world);
}

static str
fill_pattern(struct clinic *c, const char *pattern, str thread)
{
	struct buf out = BUF_INIT(&c->trial.arena);
	str rest = str_from_z(pattern), piece;

	while (rest.p) {
		rest = str_cut(rest, '{', &piece);
		buf_add(&out, piece);
		if (rest.p) {
			rest = str_cut(rest, '}', &piece);
			buf_add(
			    &out, str_equal(piece, S("thread")) ? thread : S("00000000-0000-7000-8000-000000000001"));
		}
	}
	return buf_str(&out);
}

/* Every row: nobody, the wrong role, the other patient, the other team, a foreign site. */
static void
every_door_is_shut_for_those_who_do_not_belong(void **state)
{
	struct clinic c;
	str thread;

	open_clinic(*state, &c);
	thread = str_take(str_drop(maria_sends(&c, new_key(&c), S("Mine")), strlen("/messages/")), UUID_TEXT_CHARS);
	const struct person *const people[] = {&c.maria, &c.bo, &c.ana, &c.ben, &c.root};
	static const unsigned kinds[] = {WHO_PATIENT, WHO_PATIENT, WHO_CARE_TEAM, WHO_CARE_TEAM, WHO_ADMINISTRATOR};
	for (const struct route *route = messaging_routes; route->pattern; route++) {
		str path = fill_pattern(&c, route->pattern, thread);
		bool posts = route->method == POST, names_thread = strstr(route->pattern, "{thread}") != NULL;

		if (route->face == FACE_EVENTS) {
			assert_int_equal(get(&c, NULL, path).status, 401);
			continue;
		}
		struct reply nobody = posts ? post_from(&c, NULL, path, S("a=b"), "same-origin") : get(&c, NULL, path);
		if (nobody.status != 401 && nobody.status != 303)
			fail_msg("%s: nobody got %d", route->pattern, nobody.status);
		if (nobody.status == 303)
			assert_true(str_starts(reply_header(nobody, "Location"), S("/sign-in")));
		for (size_t i = 0; i < 5; i++) {
			bool allowed = route->who & kinds[i];
			bool stranger = names_thread && (i == 1 || i == 3);
			struct reply reply = posts ? post_from(&c, people[i], path, S("body=x"), "same-origin")
			                           : get(&c, people[i], path);
			if (!allowed && reply.status != 403 && reply.status != 404)
				fail_msg("%s: person %zu got %d", route->pattern, i, reply.status);
			if (allowed && stranger && reply.status != 404)
				fail_msg("%s: stranger %zu got %d", route->pattern, i, reply.status);
			if (allowed && !stranger && reply.status >= 500)
				fail_msg("%s: person %zu got %d", route->pattern, i, reply.status);
			if (posts && post_from(&c, people[i], path, S("body=x"), "cross-site").status != 403)
				fail_msg("%s: written from a foreign site", route->pattern);
		}
	}
	close_clinic(&c);
	assert_sound(c.world);
}

static void
pressing_send_twice_answers_the_same(void **state)
{
	struct clinic c;
	str key, first;
	struct reply reply;

	open_clinic(*state, &c);
	key = new_key(&c);
	first = maria_sends(&c, key, S("Once"));
	assert_str_equal(maria_sends(&c, key, S("Once")), arena_z(&c.trial.arena, first));
	/* back button, changed, sent again: refused in words, the text kept under a new key */
	reply = SUBMIT(&c, &c.maria, S("/messages/new"), "key=%.*s&category=medication&team=%.*s&body=Changed+words",
	    STR_ARG(key), STR_ARG(id_text(&c, c.p.maple.v)));
	assert_int_equal(reply.status, 409);
	assert_true(str_contains(reply.body, S("Changed words")));
	assert_false(str_contains(reply.body, arena_printf(&c.trial.arena, "value=\"%.*s\"", STR_ARG(key))));
	close_clinic(&c);
	assert_sound(c.world);
}

static void
what_was_typed_is_kept_when_something_is_wrong(void **state)
{
	struct clinic c;
	struct reply reply;
	struct buf long_body = BUF_INIT(&(*(struct world **)state)->arena);

	open_clinic(*state, &c);
	reply = SUBMIT(&c, &c.maria, S("/messages/new"), "key=%.*s&body=Kept+words&subject=%.*s", STR_ARG(new_key(&c)),
	    STR_ARG(S("123456789012345678901234567890123456789012345678901")));
	assert_int_equal(reply.status, 400);
	assert_true(str_contains(reply.body, S("Kept words")));
	assert_true(str_contains(reply.body, S("Choose what it is about.")));
	assert_true(str_contains(reply.body, S("The subject is too long.")));
	reply = SUBMIT(&c, &c.maria, S("/messages/new"), "key=%.*s&category=general&team=%.*s&body=Kept+words",
	    STR_ARG(new_key(&c)), STR_ARG(id_text(&c, c.p.birch.v)));
	assert_int_equal(reply.status, 400);
	assert_true(str_contains(reply.body, S("555-0100")));
	assert_true(str_contains(reply.body, S("Kept words")));
	/* 20,000 characters of four bytes each still arrive */
	for (int i = 0; i < MESSAGE_BODY_CHARS_MAX; i++)
		buf_add_z(&long_body, "\xf0\x9f\x8d\x81");
	assert_true(maria_sends(&c, new_key(&c), buf_str(&long_body)).n > 0);
	close_clinic(&c);
	assert_sound(c.world);
}

static void
a_draft_is_saved_continued_and_deleted(void **state)
{
	struct clinic c;
	str key;
	struct reply reply;

	open_clinic(*state, &c);
	key = new_key(&c);
	reply =
	    SUBMIT(&c, &c.maria, S("/messages/draft"), "key=%.*s&category=test&subject=A1c&body=Half+a", STR_ARG(key));
	assert_int_equal(reply.status, 200);
	assert_shows(get(&c, &c.maria, S("/messages")), "A1c");
	reply = get(&c, &c.maria, PATH(&c, "/messages/new?draft=%.*s", STR_ARG(key)));
	assert_shows(reply, "Half a");
	assert_shows(reply, "Delete this draft");
	assert_int_equal(get(&c, &c.bo, PATH(&c, "/messages/new?draft=%.*s", STR_ARG(key))).status, 404);
	reply = SUBMIT(&c, &c.maria, S("/messages/new"), "key=%.*s&do=draft&body=Half+a+word", STR_ARG(key));
	assert_int_equal(reply.status, 303);
	assert_shows(get(&c, &c.maria, reply_header(reply, "Location")), "Half a word");
	assert_int_equal(
	    SUBMIT(&c, &c.maria, PATH(&c, "/messages/draft/%.*s/delete", STR_ARG(key)), "x=1").status, 303);
	assert_int_equal(get(&c, &c.maria, PATH(&c, "/messages/new?draft=%.*s", STR_ARG(key))).status, 404);
	close_clinic(&c);
}

static void
two_who_answer_at_once_learn_of_each_other(void **state)
{
	struct clinic c;
	str desk;
	struct reply reply;

	open_clinic(*state, &c);
	desk = PATH(&c, "/inbox/%.*s",
	    STR_ARG(str_take(str_drop(maria_sends(&c, new_key(&c), S("x")), strlen("/messages/")), UUID_TEXT_CHARS)));
	reply = SUBMIT(
	    &c, &c.ana, PATH(&c, "%.*s/reply", STR_ARG(desk)), "key=%.*s&seen=1&body=First", STR_ARG(new_key(&c)));
	assert_int_equal(reply.status, 303);
	reply = SUBMIT(&c, &c.okafor, PATH(&c, "%.*s/reply", STR_ARG(desk)), "key=%.*s&seen=1&body=Second+text",
	    STR_ARG(new_key(&c)));
	assert_int_equal(reply.status, 409);
	assert_true(str_contains(reply.body, S("Second text")));
	assert_shows(get(&c, &c.okafor, desk), "Second text"); /* kept as a draft */
	close_clinic(&c);
	assert_sound(c.world);
}

static int
listen_as(struct clinic *c, const struct person *who)
{
	int fd = client_connect(&c->trial);

	client_send(
	    fd, PATH(c, "GET /events HTTP/1.1\r\nHost: here\r\nCookie: salve=%.*s\r\n\r\n", STR_ARG(who->cookie)));
	assert_true(str_contains(client_read_some(&c->trial, fd, 4096, 500), S("text/event-stream")));
	return fd;
}

static void
open_pages_hear_of_changes(void **state)
{
	struct clinic c;
	int ana, ben, maria;
	str heard, thread;

	open_clinic(*state, &c);
	ana = listen_as(&c, &c.ana);
	ben = listen_as(&c, &c.ben);
	maria = listen_as(&c, &c.maria);
	thread = str_take(str_drop(maria_sends(&c, new_key(&c), S("x")), strlen("/messages/")), UUID_TEXT_CHARS);
	heard = client_read_some(&c.trial, ana, 4096, 500);
	assert_true(str_contains(heard, S("event: inbox")));
	assert_true(str_contains(heard, S("event: tasks\ndata: 1")));
	assert_false(str_contains(client_read_some(&c.trial, ben, 4096, 300), S("event:")));
	client_read_some(&c.trial, maria, 4096, 300);
	SUBMIT(&c, &c.ana, PATH(&c, "/inbox/%.*s/reply", STR_ARG(thread)), "key=%.*s&body=Yes", STR_ARG(new_key(&c)));
	heard = client_read_some(&c.trial, maria, 4096, 500);
	assert_true(str_contains(heard, S("event: unread\ndata: 1")));
	assert_true(str_contains(heard, S("event: thread")));
	close(ana);
	close(ben);
	close(maria);
	close_clinic(&c);
}

static void
staff_find_a_patient_and_write_first(void **state)
{
	struct clinic c;
	struct reply reply;
	str form;

	open_clinic(*state, &c);
	reply = get(&c, &c.ana, S("/inbox/new?q=lopez"));
	assert_shows(reply, "María López");
	reply = get(&c, &c.ana, S("/inbox/new?q=lee"));
	assert_shows(reply, "Nobody found");
	form = PATH(&c, "/inbox/new?patient=%.*s", STR_ARG(id_text(&c, c.p.maria.v)));
	assert_shows(get(&c, &c.ana, form), "Maple Team");
	assert_int_equal(get(&c, &c.ben, form).status, 404);
	reply = SUBMIT(&c, &c.ana, S("/inbox/new"),
	    "key=%.*s&patient=%.*s&team=%.*s&category=appointment&subject=Visit&body=Bring+pills", STR_ARG(new_key(&c)),
	    STR_ARG(id_text(&c, c.p.maria.v)), STR_ARG(id_text(&c, c.p.maple.v)));
	assert_int_equal(reply.status, 303);
	assert_shows(get(&c, &c.maria, S("/messages")), "Visit");
	assert_shows(get(&c, &c.ana, S("/account/notices")), "Only when something is given to me");
	assert_int_equal(SUBMIT(&c, &c.ana, S("/account/notices"), "choice=none").status, 303);
	assert_int_equal(SUBMIT(&c, &c.ana, S("/account/notices"), "choice=often").status, 400);
	assert_shows(get(&c, &c.root, S("/admin/messages")), "All is well");
	close_clinic(&c);
	assert_sound(c.world);
}

static const struct err *
part_from_maria(struct tx *tx, void *arg)
{
	const struct clinic *c = arg;

	return team_remove_patient(tx, c->p.maple, c->p.maria);
}

static void
an_office_learns_of_messages_without_a_team_but_not_whose_they_are(void **state)
{
	struct clinic c;
	struct reply reply;

	open_clinic(*state, &c);
	maria_sends(&c, new_key(&c), S("Is anybody there?"));
	assert_ok(db_write(&c.world->cx, part_from_maria, &c));
	reply = get(&c, &c.root, S("/admin/messages"));
	assert_shows(reply, "Maple Team");
	assert_shows(reply, "Shown to the care team only");
	assert_false(str_contains(reply.body, S("María López")));
	close_clinic(&c);
}

static const struct err *
speak_spanish(struct tx *tx, void *arg)
{
	const struct clinic *c = arg;

	TRY(account_set_lang(tx, c->p.maria_account, LANG_ES));
	return account_set_lang(tx, c->p.ana, LANG_ES);
}

static void
everything_is_there_in_spanish(void **state)
{
	struct clinic c;
	str path;

	open_clinic(*state, &c);
	assert_ok(db_write(&c.world->cx, speak_spanish, &c));
	c.maria = sign_in_as(&c, c.p.maria_account);
	c.ana = sign_in_as(&c, c.p.ana);
	path = maria_sends(&c, new_key(&c), S("Hola"));
	assert_shows(get(&c, &c.maria, path), "Pregunta sobre un medicamento");
	assert_shows(get(&c, &c.maria, path), "Entregado al equipo");
	assert_shows(get(&c, &c.ana, S("/inbox")), "nadie todavía");
	close_clinic(&c);
}

int
main(void)
{
	const struct CMUnitTest list[] = {
	    WORLD_TEST(a_question_travels_from_the_form_to_the_answer),
	    WORLD_TEST(every_door_is_shut_for_those_who_do_not_belong),
	    WORLD_TEST(pressing_send_twice_answers_the_same),
	    WORLD_TEST(what_was_typed_is_kept_when_something_is_wrong),
	    WORLD_TEST(a_draft_is_saved_continued_and_deleted),
	    WORLD_TEST(two_who_answer_at_once_learn_of_each_other),
	    WORLD_TEST(open_pages_hear_of_changes),
	    WORLD_TEST(staff_find_a_patient_and_write_first),
	    WORLD_TEST(an_office_learns_of_messages_without_a_team_but_not_whose_they_are),
	    WORLD_TEST(everything_is_there_in_spanish),
	};

	return cmocka_run_group_tests_name("messaging pages", list, NULL, NULL);
}
