/* SPDX-License-Identifier: Apache-2.0 */
/* Share links: made by the patient alone, opened by who holds them, counted, shut. */
#include <string.h>

#include "care/sharelink/sharelink_test_help.h"
#include "trust/audit/audit.h"

/* ---- giving and reading ---- */

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

		assert_true(code.n == 6 && str_to_int64(code, &number) && number >= 0);
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
	    WORLD_TEST(every_opening_is_told_to_the_patient_with_the_name_that_was_given),
	    WORLD_TEST(nobody_but_the_patient_makes_sees_or_ends_links),
	    WORLD_TEST(the_right_passcode_opens_and_costs_no_try),
	    WORLD_TEST(too_many_wrong_passcodes_shut_the_link_for_good),
	    WORLD_TEST(a_link_that_makes_no_sense_is_not_made),
	    cmocka_unit_test(a_passcode_that_is_made_is_six_digits),
	    WORLD_TEST(an_ended_link_opens_nothing_from_that_moment_on),
	    WORLD_TEST(a_link_runs_out_at_its_time),
	    WORLD_TEST(who_does_not_say_who_they_are_gets_nothing),
	    WORLD_TEST(a_failure_anywhere_leaves_all_or_nothing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
