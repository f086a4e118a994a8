/* SPDX-License-Identifier: Apache-2.0 */
/* The patient's mailbox: folders, and finding again what was written. */
#include "care/messaging/mailbox.h"
#include "care/messaging/messaging_http_test_help.h"

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

/* ---- over HTTP ---- */

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

int
main(void)
{
	const struct CMUnitTest list[] = {
	    WORLD_TEST(threads_are_filed_by_each_person_for_themselves),
	    WORLD_TEST(names_of_folders_follow_the_rules),
	    WORLD_TEST(a_search_finds_what_fits_all_that_is_asked),
	    WORLD_TEST(a_search_goes_on_with_older_ones_until_none_is_left),
	    WORLD_TEST(folders_and_search_work_by_the_pages),
	};

	return cmocka_run_group_tests_name("mailbox", list, NULL, NULL);
}
