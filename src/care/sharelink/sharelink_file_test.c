/* SPDX-License-Identifier: Apache-2.0 */
/* The file of a share link: what is in it and what is not, how long it is there, and what the database can tell of it. */
#include "care/record/record_test_help.h"
#include "care/sharelink/sharelink_test_help.h"
#include "trust/consent/release.h"

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
what_waits_for_a_talk_is_not_in_it(void **state)
{
	struct scene s;
	struct share_answer answer;
	struct made made;
	struct cx cx;
	str plain;

	open_scene(&s, *state);
	cx = bo_at(&s, 0);
	assert_ok(release_pacing_set(&cx, s.people.bo,
	    &(struct release_rule){.class = RELEASE_PROBLEMS, .mode = RELEASE_DISCUSSED, .own = true}));
	db_release(&cx);
	s.world->cx.now = instant_add_ms(s.world->cx.now, 1000); /* what was there before stays visible */
	put_text(s.world, s.people.bo,
	    S("{\"resourceType\":\"Condition\",\"id\":\"w\",\"code\":{\"text\":\"Vertigo\"},\"subject\":"
	      "{\"reference\":\"Patient/bo\"}}"));
	make(&s, STR_NONE, &made);
	assert_ok(knock(&s, &made, STR_NONE, 1000, &answer));
	assert_ok(jwe_open(&s.world->arena, made.key, answer.file, 1 << 20, &plain));
	assert_true(str_contains(plain, S(WORDS)));
	assert_false(str_contains(plain, S("Vertigo")));
}

static void
files_of_links_that_are_over_are_erased(void **state)
{
	static const struct sql kept = {"SELECT count(*) FROM share_link WHERE file IS NOT NULL"};
	struct scene s;
	struct made made;
	struct cx cx;

	open_scene(&s, *state);
	make(&s, STR_NONE, &made);
	cx = world_cx(s.world);
	for (int64_t over = 0; over <= 1; over++) {
		int64_t files;

		cx.now = instant_add_ms(s.world->cx.now, over * DAY_MS);
		assert_ok(share_links_expire(&cx));
		assert_ok(db_one(&cx, kept, BIND_NONE, INTO(&files, ONE_INT)));
		assert_int_equal(files, 1 - over);
		db_release(&cx);
	}
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

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    WORLD_TEST(who_holds_the_link_reads_the_summary),
	    WORLD_TEST(only_what_was_chosen_is_in_it),
	    WORLD_TEST(what_waits_for_a_talk_is_not_in_it),
	    WORLD_TEST(files_of_links_that_are_over_are_erased),
	    WORLD_TEST(a_ticket_opens_one_file_for_some_minutes),
	    WORLD_TEST(the_database_holds_neither_key_nor_secret_nor_words),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
