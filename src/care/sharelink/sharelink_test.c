/* SPDX-License-Identifier: Apache-2.0 */
/* Share links: made by the patient alone, opened by who holds them, counted, shut; and what the database can tell afterwards. */
#include <string.h>

#include "people.h"

#include "care/record/record_test_help.h"
#include "care/sharelink/sharelink.h"
#include "platform/crypto/crypto.h"
#include "platform/format/base64.h"
#include "trust/audit/audit.h"

#define ORIGIN "https://portal.example.org"
#define WORDS  "Quinoa allergy" /* in Bo's record and nowhere else */

struct scene {
	struct world *world;
	struct people people;
	struct page_cx px;
};

static void
open_scene(struct scene *s, struct world *world)
{
	*s = (struct scene){.world = world, .px = {.arena = &world->arena}};
	setup(world, &s->people);
	put_text(world, s->people.bo,
	    S("{\"resourceType\":\"AllergyIntolerance\",\"id\":\"q\",\"code\":{\"text\":\"" WORDS "\"},\"patient\":"
	      "{\"reference\":\"Patient/bo\"}}"));
	db_release(&world->cx);
	s->px.now = world->cx.now;
}

static struct cx
bo_at(struct scene *s, int64_t later_ms)
{
	return people_as_at(s->world, s->people.bo_account, instant_add_ms(s->world->cx.now, later_ms));
}

/* Whoever holds a link: nobody. */
static struct cx
anyone_at(struct scene *s, int64_t later_ms)
{
	struct cx cx = world_cx(s->world);

	cx.who = (struct who){.is = WHO_ANYONE};
	cx.now = instant_add_ms(s->world->cx.now, later_ms);
	return cx;
}

struct made {
	share_link_id id;
	str link, secret;
	unsigned char key[JWE_KEY_BYTES];
	const struct json_value *payload;
};

static void
read_link(struct scene *s, str link, struct made *out)
{
	struct arena *arena = &s->world->arena;
	size_t at;
	str json, key, url;

	assert_true(str_starts(link, S(ORIGIN "/shl#shlink:/")));
	assert_true(str_find(link, S("shlink:/"), &at));
	assert_true(base64url_decode(arena, str_drop(link, at + 8), &json));
	assert_ok(json_parse(arena, json, &out->payload, NULL));
	url = json_text_at(out->payload, "url");
	assert_true(str_starts(url, S(ORIGIN "/shl/")) && url.n <= 128); /* the length that the standard allows */
	out->secret = str_drop(url, sizeof(ORIGIN "/shl/") - 1);
	assert_true(base64url_decode(arena, json_text_at(out->payload, "key"), &key));
	assert_int_equal(key.n, JWE_KEY_BYTES);
	memcpy(out->key, key.p, JWE_KEY_BYTES);
	out->link = link;
}

static struct share_link_new
wish(str passcode)
{
	return (struct share_link_new){.key = uuid_new(instant_read_clock()),
	    .choice = {.since = INSTANT_NONE, .until = INSTANT_NONE},
	    .lasts_ms = DAY_MS,
	    .label = S("for Dr. Lee"),
	    .passcode = passcode,
	    .origin = S(ORIGIN)};
}

static void
make(struct scene *s, str passcode, struct made *out)
{
	struct share_link_new in = wish(passcode);
	struct cx cx = bo_at(s, 0);
	str link;

	assert_ok(share_link_make(&cx, &s->px, &in, &link));
	db_release(&cx);
	*out = (struct made){.id = {in.key}};
	read_link(s, link, out);
}

static const struct err *
knock(struct scene *s, const struct made *made, str passcode, int64_t later_ms, struct share_answer *out)
{
	struct cx cx = anyone_at(s, later_ms);
	const struct err *error =
	    share_link_open(&cx, &(struct share_knock){made->secret, S("Dr. Lee"), passcode}, out);

	db_release(&cx);
	return error;
}

static struct share_link
the_link(struct scene *s, int64_t later_ms)
{
	struct cx cx = bo_at(s, later_ms);
	struct db_rows rows;
	struct share_link link;

	assert_ok(share_links(&cx, &rows));
	assert_int_equal(rows.count, 1);
	link = *(const struct share_link *)rows.items;
	db_release(&cx);
	return link;
}

/* ---- giving and reading ---- */

static void
who_holds_the_link_reads_the_summary(void **state)
{
	struct scene s;
	struct made made;
	struct share_answer answer;
	str plain;

	open_scene(&s, *state);
	make(&s, STR_NONE, &made);
	assert_str_equal(json_text_at(made.payload, "flag"), "U");
	assert_str_equal(json_text_at(made.payload, "label"), "for Dr. Lee");
	assert_ok(knock(&s, &made, STR_NONE, 1000, &answer));
	assert_false(answer.passcode_wrong);
	assert_ok(jwe_open(&s.world->arena, made.key, answer.file, 1 << 20, &plain));
	assert_true(str_contains(plain, S(WORDS)));
	assert_true(str_contains(plain, S("\"type\":\"document\"")));
}

static void
only_what_was_chosen_is_in_it(void **state)
{
	struct scene s;
	struct share_link_new in = wish(STR_NONE);
	struct share_answer answer;
	struct made made = {0};
	struct cx cx;
	str link, plain;

	open_scene(&s, *state);
	in.choice.classes = 1u << CLASS_IMMUNIZATIONS;
	cx = bo_at(&s, 0);
	assert_ok(share_link_make(&cx, &s.px, &in, &link));
	db_release(&cx);
	read_link(&s, link, &made);
	assert_ok(knock(&s, &made, STR_NONE, 1000, &answer));
	assert_ok(jwe_open(&s.world->arena, made.key, answer.file, 1 << 20, &plain));
	assert_false(str_contains(plain, S(WORDS)));
}

static void
every_opening_is_told_to_the_patient_with_the_name_that_was_given(void **state)
{
	struct scene s;
	struct made made;
	struct share_answer answer;
	const struct share_link_opening *openings;
	const struct audit_entry *entries;
	struct db_rows rows;
	struct cx cx;
	int64_t added, seen = 0;

	open_scene(&s, *state);
	make(&s, STR_NONE, &made);
	assert_ok(knock(&s, &made, STR_NONE, 1000, &answer));
	assert_ok(knock(&s, &made, STR_NONE, 2000, &answer));
	cx = bo_at(&s, 3000);
	assert_ok(share_link_openings(&cx, &rows));
	assert_int_equal(rows.count, 2);
	openings = rows.items;
	assert_str_equal(openings[0].recipient, "Dr. Lee");
	assert_int_equal(openings[0].at.ms, s.world->cx.now.ms + 2000);
	db_release(&cx);
	cx = world_cx(s.world);
	assert_ok(audit_index_follow(&cx, &added));
	assert_ok(audit_list(&cx, s.people.bo, INSTANT_NONE, 100, &rows));
	entries = rows.items;
	for (size_t i = 0; i < rows.count; i++)
		seen += entries[i].why == ACCESS_LINK && entries[i].action == AUDIT_VIEW &&
		        uuid_equal(entries[i].item, made.id.v);
	assert_int_equal(seen, 2);
	db_release(&cx);
}

static void
nobody_but_the_patient_makes_sees_or_ends_links(void **state)
{
	struct scene s;
	struct share_link_new in = wish(STR_NONE);
	struct made made;
	struct db_rows rows;
	str link;

	open_scene(&s, *state);
	make(&s, STR_NONE, &made);
	people_delegate(s.world, &s.people, RIGHTS_TO_GIVE);
	{
		struct cx callers[] = {people_as(s.world, s.people.maria_account), people_as(s.world, s.people.ben),
		    people_acting(s.world, s.people.maria_account, s.people.bo)};

		for (size_t i = 0; i < 3; i++) {
			const struct err *ended = share_link_end(&callers[i], made.id);

			assert_non_null(ended);
			if (i == 0) { /* María may make links of her own; she sees none of Bo's */
				assert_ok(share_links(&callers[i], &rows));
				assert_int_equal(rows.count, 0);
			} else {
				in.key = uuid_new(instant_read_clock());
				assert_non_null(share_link_make(&callers[i], &s.px, &in, &link));
				assert_non_null(share_links(&callers[i], &rows));
				assert_non_null(share_link_openings(&callers[i], &rows));
			}
			db_release(&callers[i]);
		}
	}
	assert_int_equal(
	    share_link_state(&(struct share_link){.tries = 5, .ends = {2}, .ended = INSTANT_NONE}, (instant){1}),
	    SHARE_OPEN);
	assert_int_equal(the_link(&s, 0).opened, 0);
	assert_true(instant_is_none(the_link(&s, 0).ended));
}

/* ---- passcodes ---- */

static void
the_right_passcode_opens_and_costs_no_try(void **state)
{
	struct scene s;
	struct made made;
	struct share_answer answer;

	open_scene(&s, *state);
	make(&s, S("silver birch"), &made);
	assert_str_equal(json_text_at(made.payload, "flag"), "P");
	assert_ok(knock(&s, &made, STR_NONE, 1000, &answer)); /* asking what is needed is no try */
	assert_true(answer.passcode_wrong && answer.tries_left == SHARE_TRIES_MAX && !answer.file.p);
	assert_ok(knock(&s, &made, S("silver birch"), 2000, &answer));
	assert_true(!answer.passcode_wrong && answer.file.n);
	assert_int_equal(the_link(&s, 3000).tries, SHARE_TRIES_MAX);
	assert_int_equal(the_link(&s, 3000).opened, 1);
}

static void
too_many_wrong_passcodes_shut_the_link_for_good(void **state)
{
	struct scene s;
	struct made made;
	struct share_answer answer;

	open_scene(&s, *state);
	make(&s, S("silver birch"), &made);
	for (int64_t left = SHARE_TRIES_MAX - 1; left >= 0; left--) {
		assert_ok(knock(&s, &made, S("golden oak"), 1000, &answer));
		assert_true(answer.passcode_wrong && !answer.file.p);
		assert_int_equal(answer.tries_left, left);
	}
	assert_fails(knock(&s, &made, S("silver birch"), 2000, &answer), ERR_GONE);
	{
		struct share_link link = the_link(&s, 3000);

		assert_int_equal(share_link_state(&link, s.world->cx.now), SHARE_SHUT);
		assert_int_equal(link.opened, 0);
	}
}

static void
a_link_that_makes_no_sense_is_not_made(void **state)
{
	struct scene s;
	struct share_link_new wishes[4] = {wish(STR_NONE), wish(S("short")), wish(S("tab\tin it")), wish(STR_NONE)};
	char label[200];
	struct cx cx;
	str link = STR_NONE;

	open_scene(&s, *state);
	wishes[0].lasts_ms = 365 * DAY_MS;
	memset(label, 'x', sizeof(label));
	wishes[3].label = (str){label, SHARE_LABEL_CHARS_MAX + 1};
	cx = bo_at(&s, 0);
	for (size_t i = 0; i < 4; i++)
		assert_fails(share_link_make(&cx, &s.px, &wishes[i], &link), ERR_INVALID);
	assert_null(link.p);
	wishes[3].label = (str){label, SHARE_LABEL_CHARS_MAX};
	assert_ok(share_link_make(&cx, &s.px, &wishes[3], &link));
	assert_fails(share_link_make(&cx, &s.px, &wishes[3], &link), ERR_CONFLICT); /* sent twice, made once */
	db_release(&cx);
}

static void
a_passcode_that_is_made_is_six_digits(void **state)
{
	struct arena arena = ARENA_INIT;
	int64_t number;

	(void)state;
	for (int i = 0; i < 100; i++) {
		str code = share_passcode_new(&arena);

		assert_int_equal(code.n, 6);
		assert_true(str_to_int64(code, &number) && number >= 0);
	}
	arena_release(&arena);
}

/* ---- the end ---- */

static void
an_ended_link_opens_nothing_from_that_moment_on(void **state)
{
	struct scene s;
	struct made made;
	struct share_answer answer;
	struct cx cx;
	str ticket, file;

	open_scene(&s, *state);
	make(&s, STR_NONE, &made);
	cx = anyone_at(&s, 0);
	ticket = share_ticket(&cx, made.secret);
	assert_ok(share_link_file(&cx, made.secret, ticket, &file));
	db_release(&cx);
	cx = bo_at(&s, 1000);
	assert_ok(share_link_end(&cx, made.id));
	assert_fails(share_link_end(&cx, made.id), ERR_GONE);
	db_release(&cx);
	assert_fails(knock(&s, &made, STR_NONE, 1000, &answer), ERR_GONE);
	cx = anyone_at(&s, 1000);
	assert_fails(share_link_file(&cx, made.secret, ticket, &file), ERR_GONE);
	db_release(&cx);
}

static void
a_link_runs_out_at_its_time(void **state)
{
	struct scene s;
	struct made made;
	struct share_answer answer;

	open_scene(&s, *state);
	make(&s, STR_NONE, &made);
	assert_ok(knock(&s, &made, STR_NONE, DAY_MS - 1, &answer));
	assert_fails(knock(&s, &made, STR_NONE, DAY_MS, &answer), ERR_GONE);
}

static void
files_of_links_that_are_over_are_erased(void **state)
{
	struct scene s;
	struct made made;
	struct cx cx;
	int64_t files;

	open_scene(&s, *state);
	make(&s, STR_NONE, &made);
	cx = world_cx(s.world);
	assert_ok(share_links_expire(&cx));
	assert_ok(db_one(
	    &cx, SQL("SELECT count(*) FROM share_link WHERE file IS NOT NULL"), BIND_NONE, INTO(&files, ONE_INT)));
	assert_int_equal(files, 1);
	db_release(&cx);
	cx.now = instant_add_ms(s.world->cx.now, DAY_MS);
	assert_ok(share_links_expire(&cx));
	assert_ok(db_one(
	    &cx, SQL("SELECT count(*) FROM share_link WHERE file IS NOT NULL"), BIND_NONE, INTO(&files, ONE_INT)));
	assert_int_equal(files, 0);
	db_release(&cx);
}

static void
a_ticket_opens_one_file_for_some_minutes(void **state)
{
	struct scene s;
	struct made made, other;
	struct cx cx;
	str ticket, file;

	open_scene(&s, *state);
	make(&s, S("silver birch"), &made);
	make(&s, S("silver birch"), &other);
	cx = anyone_at(&s, 0);
	ticket = share_ticket(&cx, made.secret);
	assert_ok(share_link_file(&cx, made.secret, ticket, &file));
	assert_fails(share_link_file(&cx, other.secret, ticket, &file), ERR_GONE);
	assert_fails(share_link_file(&cx, made.secret, str_take(ticket, ticket.n - 1), &file), ERR_GONE);
	assert_fails(share_link_file(&cx, made.secret, STR_NONE, &file), ERR_GONE);
	cx.now = instant_add_ms(cx.now, SHARE_TICKET_MINUTES * MINUTE_MS);
	assert_fails(share_link_file(&cx, made.secret, ticket, &file), ERR_GONE);
	db_release(&cx);
}

static void
who_does_not_say_who_they_are_gets_nothing(void **state)
{
	struct scene s;
	struct made made;
	struct share_answer answer;
	struct cx cx;

	open_scene(&s, *state);
	make(&s, STR_NONE, &made);
	cx = anyone_at(&s, 0);
	assert_fails(share_link_open(&cx, &(struct share_knock){made.secret, S("  "), STR_NONE}, &answer), ERR_INVALID);
	assert_fails(
	    share_link_open(&cx, &(struct share_knock){S("guessed"), S("Dr. Lee"), STR_NONE}, &answer), ERR_GONE);
	db_release(&cx);
	assert_int_equal(the_link(&s, 0).opened, 0);
}

/* ---- what the database can tell ---- */

static void
the_database_holds_neither_key_nor_secret_nor_words(void **state)
{
	struct scene s;
	struct made made;
	struct share_answer answer;
	struct row {
		str label, file, recipient, passcode;
	} row;
	const struct db_column columns[] = {COL_BYTES(struct row, label), COL_BYTES(struct row, file),
	    COL_BYTES(struct row, recipient), COL(struct row, passcode)};
	struct cx cx;

	open_scene(&s, *state);
	make(&s, S("silver birch"), &made);
	assert_ok(knock(&s, &made, S("silver birch"), 1000, &answer));
	cx = world_cx(s.world);
	assert_ok(db_one(&cx,
	    SQL("SELECT l.label, l.file, o.recipient, l.passcode FROM share_link l"
		" JOIN share_link_opening o ON o.patient = l.patient AND o.link = l.id"),
	    BIND_NONE, INTO(&row, columns)));
	assert_false(str_contains(row.label, S("Lee")));
	assert_false(str_contains(row.recipient, S("Lee")));
	assert_false(str_contains(row.file, S("Quinoa")));
	assert_false(str_contains(row.file, json_text_at(made.payload, "key")));
	assert_true(str_starts(row.passcode, S("$argon2id$")));
	db_release(&cx);
}

static void
a_failure_anywhere_leaves_all_or_nothing(void **state)
{
	static const struct sql parts[] = {{"SELECT count(*) FROM share_link"},
	    {"SELECT count(*) FROM share_link WHERE opened > 0"}, {"SELECT count(*) FROM share_link_opening"},
	    {"SELECT count(*) FROM journal_block"}};
	struct scene s;
	struct made made;
	struct share_answer answer;

	open_scene(&s, *state);
	make(&s, STR_NONE, &made);
	for (int64_t nth = 1; nth < 20; nth++) {
		int64_t before = world_fingerprint(s.world, parts, 4);
		const struct err *error;

		db_fault_arm(s.world->db, DB_FAULT_ERROR, nth);
		error = knock(&s, &made, STR_NONE, 1000, &answer);
		db_fault_arm(s.world->db, DB_FAULT_NONE, 0);
		if (!error)
			return; /* beyond its last statement */
		assert_int_equal(world_fingerprint(s.world, parts, 4), before);
	}
	fail();
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    WORLD_TEST(who_holds_the_link_reads_the_summary),
	    WORLD_TEST(only_what_was_chosen_is_in_it),
	    WORLD_TEST(every_opening_is_told_to_the_patient_with_the_name_that_was_given),
	    WORLD_TEST(nobody_but_the_patient_makes_sees_or_ends_links),
	    WORLD_TEST(the_right_passcode_opens_and_costs_no_try),
	    WORLD_TEST(too_many_wrong_passcodes_shut_the_link_for_good),
	    WORLD_TEST(a_link_that_makes_no_sense_is_not_made),
	    cmocka_unit_test(a_passcode_that_is_made_is_six_digits),
	    WORLD_TEST(an_ended_link_opens_nothing_from_that_moment_on),
	    WORLD_TEST(a_link_runs_out_at_its_time),
	    WORLD_TEST(files_of_links_that_are_over_are_erased),
	    WORLD_TEST(a_ticket_opens_one_file_for_some_minutes),
	    WORLD_TEST(who_does_not_say_who_they_are_gets_nothing),
	    WORLD_TEST(the_database_holds_neither_key_nor_secret_nor_words),
	    WORLD_TEST(a_failure_anywhere_leaves_all_or_nothing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
