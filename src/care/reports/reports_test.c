/* SPDX-License-Identifier: Apache-2.0 */
/* What counts and what does not, who sees which figures, and the file against its golden copy.
 * SALVE_GOLDEN_WRITE=1 writes the golden file anew. */
#include <stdio.h>

#include "care/charting/charting.h"
#include "care/messaging/messaging_test_help.h"
#include "care/record/record.h"
#include "care/reports/reports_internal.h"

struct scene {
	struct world *world;
	struct people p;
};

static void
begin(struct scene *s, void **state)
{
	s->world = *state;
	clinic_setup(s->world, &s->p);
}

static instant
later(const struct scene *s, int64_t ms)
{
	return instant_add_ms(s->world->cx.now, ms);
}

static const struct err *
report_as(const struct scene *s, account_id who, team_id team, struct report *out)
{
	struct cx cx = people_as_at(s->world, who, later(s, 5 * DAY_MS));
	struct report_wish wish = {.team = uuid_is_none(team.v) ? STR_NONE : uuid_text(&s->world->arena, team.v)};
	const struct err *error = report_make(&cx, &wish, out);

	db_release(&cx);
	return error;
}

static struct report
report_of_all(const struct scene *s)
{
	struct report report;

	assert_ok(report_as(s, s->p.root, (team_id){{{0}}}, &report));
	return report;
}

/* ---- arithmetic ---- */

static void
percentiles_are_by_nearest_rank(void **state)
{
	int64_t ten[] = {10, 9, 8, 7, 6, 5, 4, 3, 2, 1}, one[] = {7}, four[] = {4, 1, 3, 2};

	(void)state;
	assert_int_equal(percentile(ten, 10, 50), 5);
	assert_int_equal(percentile(ten, 10, 90), 9);
	assert_int_equal(percentile(ten, 10, 91), 10);
	assert_int_equal(percentile(one, 1, 50), 7);
	assert_int_equal(percentile(one, 1, 90), 7);
	assert_int_equal(percentile(four, 4, 50), 2);
	assert_int_equal(percentile(four, 4, 51), 3);
	assert_int_equal(share_tenths(1, 3), 333);
	assert_int_equal(share_tenths(2, 3), 667);
	assert_int_equal(share_tenths(1, 2000), 1); /* half up */
}

static void
a_period_is_whole_days_and_each_day_is_in_one_piece(void **state)
{
	struct arena arena = ARENA_INIT;
	const struct zone *zone;
	struct cx cx = {.arena = &arena};
	struct period p, before;
	static const char *const spans[][2] = {
	    {"2026-03-01", "2026-03-31"}, {"2026-01-01", "2026-06-30"}, {"2024-02-29", "2026-02-27"}};

	(void)state;
	assert_ok(zone_find(S("America/New_York"), &zone));
	cx.now = zone_instant(zone, (struct civil_time){.date = {2026, 7, 1}, .hour = 9});
	for (size_t i = 0; i < 3; i++) {
		size_t last = 0;

		assert_ok(period_of(
		    &cx, zone, &(struct period_wish){S("own"), str_from_z(spans[i][0]), str_from_z(spans[i][1])}, &p));
		for (int32_t day = p.first; day <= p.last; day++) {
			size_t piece = period_piece_of(&p, day);

			assert_true(piece == last || piece == last + 1);
			assert_true(period_piece_first(&p, piece) <= day);
			assert_true(piece + 1 == period_pieces(&p) || period_piece_first(&p, piece + 1) > day);
			last = piece;
		}
		assert_int_equal(last + 1, period_pieces(&p));
		assert_true(period_pieces(&p) <= 31);
		before = period_before(zone, &p);
		assert_int_equal(before.last + 1, p.first);
		assert_int_equal(before.last - before.first, p.last - p.first);
		assert_int_equal(before.until.ms, p.since.ms);
	}
	/* the clocks went forward within: a day has 23 hours then */
	assert_ok(period_of(&cx, zone, &(struct period_wish){S("own"), S("2026-03-08"), S("2026-03-08")}, &p));
	assert_int_equal(p.until.ms - p.since.ms, 23 * HOUR_MS);
	assert_ok(period_of(&cx, zone, &(struct period_wish){.kind = S("quarter")}, &p));
	assert_int_equal(p.last - p.first + 1, 91);
	arena_release(&arena);
}

static void
days_that_cannot_be_are_refused(void **state)
{
	struct arena arena = ARENA_INIT;
	struct cx cx = {.arena = &arena, .now = {INT64_C(1780000000000)}}; /* May 2026 */
	struct period p;
	static const char *const bad[][2] = {{"", ""}, {"2026-02-30", "2026-03-01"}, {"2026-03", "2026-04-01"},
	    {"2026-03-02", "2026-03-01"}, {"2026-03-02", "2031-03-01"}, {"2020-01-01", "2026-03-01"},
	    {"=1+1", "2026-03-01"}};

	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		assert_fails(period_of(&cx, zone_utc(),
				 &(struct period_wish){S("own"), str_from_z(bad[i][0]), str_from_z(bad[i][1])}, &p),
		    ERR_INVALID);
	arena_release(&arena);
}

/* ---- what counts ---- */

static void
an_answer_that_was_taken_back_is_none(void **state)
{
	struct scene s;
	struct sent sent;
	struct cx ana;
	struct report r;

	begin(&s, state);
	sent = maria_writes(s.world, &s.p, S("May I?"));
	assert_ok(reply_as(s.world, s.p.ana, sent.thread, S("No"), later(&s, HOUR_MS)));
	r = report_of_all(&s);
	assert_int_equal(r.tally[0].answered, 1);
	assert_int_equal(r.tally[0].from_team, 1);
	assert_int_equal(r.tally[0].times[TIME_ANSWER].items[0], HOUR_MS);
	ana = people_as_at(s.world, s.p.ana, later(&s, 2 * HOUR_MS));
	assert_ok(message_recall(&ana, sent.thread, 2));
	db_release(&ana);
	r = report_of_all(&s);
	assert_int_equal(r.tally[0].answered, 0);
	assert_int_equal(r.tally[0].waiting, 1);
	assert_int_equal(r.tally[0].from_team, 0);
	assert_int_equal(r.tally[0].questions, 1);
}

static void
joined_questions_are_one(void **state)
{
	struct scene s;
	struct sent first, second;
	struct cx ana;
	struct report r;

	begin(&s, state);
	first = maria_writes(s.world, &s.p, S("May I?"));
	second = maria_writes_at(s.world, &s.p, S("May I now?"), later(&s, HOUR_MS));
	ana = people_as_at(s.world, s.p.ana, later(&s, 2 * HOUR_MS));
	assert_ok(thread_merge(&ana, second.thread, first.thread));
	db_release(&ana);
	r = report_of_all(&s);
	assert_int_equal(r.tally[0].questions, 1);
	assert_int_equal(r.tally[0].waiting, 1);
	assert_int_equal(r.tally[0].completed, 0);
	assert_int_equal(r.tally[0].begun_by_patients, 2);
	assert_int_equal(r.open.unfinished, 1);
}

/* A question joined with a conversation that was answered already waits on there, and what was answered stays counted. */
static void
a_question_joined_with_an_answered_one_keeps_both(void **state)
{
	struct scene s;
	struct sent first, second;
	struct cx ana;
	struct report r;

	begin(&s, state);
	first = maria_writes(s.world, &s.p, S("May I?"));
	assert_ok(reply_as(s.world, s.p.okafor, first.thread, S("Yes"), later(&s, HOUR_MS)));
	second = maria_writes_at(s.world, &s.p, S("When?"), later(&s, 2 * HOUR_MS));
	ana = people_as_at(s.world, s.p.ana, later(&s, DAY_MS));
	assert_ok(thread_merge(&ana, second.thread, first.thread));
	db_release(&ana);
	r = report_of_all(&s);
	assert_int_equal(r.tally[0].questions, 2);
	assert_int_equal(r.tally[0].answered, 1);
	assert_int_equal(r.tally[0].answered_by[ROLE_PHYSICIAN], 1);
	assert_int_equal(r.tally[0].waiting, 1);
}

static void
ana_does(const struct scene *s, int64_t hour, const struct err *(*deed)(struct cx *cx, const struct sent *sent),
    const struct sent *sent)
{
	struct cx ana = people_as_at(s->world, s->p.ana, later(s, hour * HOUR_MS));

	assert_ok(deed(&ana, sent));
	db_release(&ana);
}

static const struct err *
join_second_into_first(struct cx *cx, const struct sent *sent)
{
	return thread_merge(cx, sent[1].thread, sent[0].thread);
}

static const struct err *
part_second(struct cx *cx, const struct sent *sent)
{
	return thread_reopen(cx, sent[1].thread);
}

static void
a_question_joined_parted_and_joined_again_is_one(void **state)
{
	struct scene s;
	struct sent sent[2];
	struct report r;

	begin(&s, state);
	sent[0] = maria_writes(s.world, &s.p, S("May I?"));
	assert_ok(reply_as(s.world, s.p.ana, sent[0].thread, S("Yes"), later(&s, HOUR_MS)));
	sent[1] = maria_writes_at(s.world, &s.p, S("When?"), later(&s, 2 * HOUR_MS));
	ana_does(&s, 3, join_second_into_first, sent);
	assert_ok(reply_as(s.world, s.p.ana, sent[0].thread, S("Today"), later(&s, 4 * HOUR_MS)));
	assert_ok(reply_as(s.world, s.p.maria_account, sent[0].thread, S("Where?"), later(&s, 5 * HOUR_MS)));
	r = report_of_all(&s);
	assert_int_equal(r.tally[0].questions, 3);
	assert_int_equal(r.tally[0].answered, 2);
	assert_ok(reply_as(s.world, s.p.ana, sent[0].thread, S("Here"), later(&s, 6 * HOUR_MS)));
	ana_does(&s, 7, part_second, sent);
	ana_does(&s, 8, join_second_into_first, sent);
	r = report_of_all(&s);
	assert_int_equal(r.tally[0].questions, 3); /* "When?" is asked anew, and is still one question */
	assert_int_equal(r.tally[0].answered, 2);
	assert_int_equal(r.tally[0].waiting, 1);
	assert_sound(s.world);
}

static void
what_the_team_begins_and_sends_to_many_is_told_apart(void **state)
{
	struct scene s;
	struct cx ana;
	struct sent sent;
	broadcast_id id;
	struct report r;
	static const struct outbox_kind kinds[] = {{"broadcast", broadcast_deliver, BROADCAST_GIVE_UP_MS}, {0}};
	int64_t delivered;

	begin(&s, state);
	ana = people_as_at(s.world, s.p.ana, later(&s, HOUR_MS));
	assert_ok(thread_send_new(&ana,
	    &(struct thread_new){
		.key = uuid_new(ana.now), .patient = s.p.maria, .team = s.p.maple, .body = S("How are you?")},
	    &sent));
	assert_ok(broadcast_send(&ana,
	    &(struct broadcast_new){.key = uuid_new(ana.now),
		.team = s.p.maple,
		.subject = S("Flu"),
		.body = S("Come"),
		.patients = &s.p.maria,
		.count = 1},
	    &id));
	db_release(&ana);
	s.world->cx.now = later(&s, 2 * HOUR_MS);
	assert_ok(jobs_deliver_due(&s.world->cx, kinds, &delivered));
	r = report_of_all(&s);
	assert_int_equal(r.tally[0].begun_by_team, 1);
	assert_int_equal(r.tally[0].begun_to_many, 1);
	assert_int_equal(r.tally[0].begun_by_patients, 0);
	assert_int_equal(r.tally[0].questions, 0);
}

static const struct err *
maria_leaves(struct tx *tx, void *arg)
{
	const struct scene *s = arg;

	TRY(messaging_terms_record(tx, s->p.maria, s->p.maria_account, false));
	return team_add_patient(tx, s->p.birch, s->p.maria, RELATION_CLINIC);
}

static void
who_accepted_the_terms_is_counted_at_the_end_of_each_period(void **state)
{
	struct scene s;
	struct cx root;
	struct report r;
	struct period_wish wish = {S("own"), S("2026-03-05"), S("2026-03-06")};

	begin(&s, state);
	s.world->cx.now = later(&s, DAY_MS); /* Thursday the 5th */
	assert_ok(db_write(&s.world->cx, maria_leaves, &s));
	root = people_as_at(s.world, s.p.root, later(&s, 3 * DAY_MS));
	assert_ok(report_make(&root, &(struct report_wish){.period = wish}, &r));
	db_release(&root);
	assert_int_equal(r.tally[0].panel, 2); /* Maria, who belongs to both teams, is one */
	assert_int_equal(r.tally[0].with_account, 2);
	assert_int_equal(r.tally[1].accepted, 2);
	assert_int_equal(r.tally[0].accepted, 1);
	assert_int_equal(r.parts[0].tally[0].panel + r.parts[1].tally[0].panel, 3);
}

static void
notes_and_credits_count_for_their_author(void **state)
{
	struct scene s;
	struct sent sent;
	struct cx ana;
	struct chart_note note;
	struct report r;
	static const int64_t both[] = {1, 2};

	begin(&s, state);
	assert_ok(record_init(s.world->vault));
	sent = maria_writes(s.world, &s.p, S("May I?"));
	assert_ok(reply_as(s.world, s.p.ana, sent.thread, S("Yes"), later(&s, HOUR_MS)));
	ana = people_as_at(s.world, s.p.ana, later(&s, 2 * HOUR_MS));
	assert_ok(chart_save(&ana,
	    &(struct chart_wish){.key = uuid_new(ana.now),
		.thread = sent.thread,
		.title = TITLE_GENERAL,
		.messages = both,
		.count = 2,
		.credit = {.clinic = S("323"), .minutes = 5}},
	    &note));
	db_release(&ana);
	r = report_of_all(&s);
	for (size_t i = 0; i < r.person_count; i++) {
		bool is_ana = uuid_equal(r.people[i].account.v, s.p.ana.v);

		assert_int_equal(r.people[i].notes, is_ana);
		assert_int_equal(r.people[i].credits, is_ana);
		assert_int_equal(r.people[i].messages, is_ana);
		assert_int_equal(r.people[i].answered, is_ana);
	}
	assert_int_equal(r.person_count, 3);
}

static void
few_cases_are_not_told(void **state)
{
	struct scene s;
	struct report r;
	struct measures all = {0};

	begin(&s, state);
	maria_writes(s.world, &s.p, S("May I?"));
	r = report_of_all(&s);
	measures_of(&s.world->cx, &r, &all);
	for (size_t i = 0; i < all.count; i++)
		assert_int_equal(all.items[i].now.known,
		    all.items[i].unit == UNIT_COUNT || (all.items[i].unit == UNIT_PATIENTS && r.tally[0].panel == 0));
}

/* ---- who sees what ---- */

static const struct err *
let_okafor_lead(struct tx *tx, void *arg)
{
	struct team team;

	TRY(team_get(tx->cx, ((const struct scene *)arg)->p.maple, &team));
	team.lead = ((const struct scene *)arg)->p.okafor;
	return team_update(tx, &team);
}

static void
members_see_their_team_and_its_lead_sees_everybody_in_it(void **state)
{
	struct scene s;
	struct report r;
	team_id nobodys = {uuid_new((instant){1})}, all = {{{0}}};

	begin(&s, state);
	maria_writes(s.world, &s.p, S("May I?"));
	assert_ok(db_write(&s.world->cx, let_okafor_lead, &s));

	assert_ok(report_as(&s, s.p.ana, all, &r));
	assert_int_equal(r.part_count, 1);
	assert_int_equal(r.person_count, 1);
	assert_true(uuid_equal(r.people[0].account.v, s.p.ana.v));
	assert_ok(report_as(&s, s.p.okafor, s.p.maple, &r));
	assert_int_equal(r.person_count, 2);
	assert_ok(report_as(&s, s.p.ben, all, &r));
	assert_int_equal(r.tally[0].questions, 0);
	assert_int_equal(r.team_count, 1);

	assert_fails(report_as(&s, s.p.ben, s.p.maple, &r), ERR_GONE);
	assert_fails(report_as(&s, s.p.ana, s.p.birch, &r), ERR_GONE);
	assert_fails(report_as(&s, s.p.root, nobodys, &r), ERR_GONE);
	assert_ok(report_as(&s, s.p.maria_account, all, &r));
	assert_int_equal(r.part_count, 0); /* a patient, whom the route turns away before, has no team */
	assert_int_equal(r.person_count, 0);
	assert_ok(report_as(&s, s.p.root, all, &r));
	assert_int_equal(r.part_count, 2);
	assert_int_equal(r.person_count, 3);
}

static void
the_office_of_another_facility_sees_nothing_of_this_one(void **state)
{
	struct scene s;
	struct report r;
	struct cx cx;

	begin(&s, state);
	cx = people_as(s.world, s.p.root);
	cx.who.facility = (facility_id){uuid_new(cx.now)};
	assert_fails(
	    report_make(&cx, &(struct report_wish){.team = uuid_text(&s.world->arena, s.p.maple.v)}, &r), ERR_GONE);
	db_release(&cx);
}

/* ---- the file ---- */

static const struct err *
rename_maple(struct tx *tx, void *arg)
{
	struct team team;

	TRY(team_get(tx->cx, ((const struct scene *)arg)->p.maple, &team));
	team.name = S("=HYPERLINK(\"x\"), \"Maple\"");
	return team_update(tx, &team);
}

static void
the_file_is_what_it_was(void **state)
{
	struct scene s;
	struct report r;
	struct cx root;
	struct buf out, expected;
	const char *path;
	FILE *file;

	begin(&s, state);
	for (int i = 0; i < 12; i++) {
		struct sent sent = maria_writes_at(s.world, &s.p, S("May I?"), later(&s, i * HOUR_MS));

		if (i < 11)
			assert_ok(reply_as(s.world, i % 3 ? s.p.ana : s.p.okafor, sent.thread, S("Yes"),
			    later(&s, 2 * i * HOUR_MS + 30 * MINUTE_MS)));
	}
	assert_ok(db_write(&s.world->cx, rename_maple, &s));
	root = people_as_at(s.world, s.p.root, later(&s, 5 * DAY_MS));
	root.lang = LANG_ES; /* the file does not change with the language */
	assert_ok(report_make(&root, &(struct report_wish){0}, &r));
	out = (struct buf)BUF_INIT(&s.world->arena);
	expected = (struct buf)BUF_INIT(&s.world->arena);
	report_csv(&root, &r, &out);
	assert_int_equal(root.lang, LANG_ES);
	db_release(&root);
	path = arena_printf(&s.world->arena, "%s/test/golden/reports/messages.csv", getenv("SALVE_SOURCE")).p;
	if (getenv("SALVE_GOLDEN_WRITE")) {
		file = fopen(path, "wb");
		assert_non_null(file);
		assert_int_equal(fwrite(out.p, 1, out.n, file), out.n);
		fclose(file);
	}
	file = fopen(path, "rb");
	assert_non_null(file);
	expected.n = fread(buf_reserve(&expected, 65536), 1, 65536, file);
	fclose(file);
	assert_str_equal(buf_str(&out), arena_z(&s.world->arena, buf_str(&expected)));
}

int
main(void)
{
	const struct CMUnitTest list[] = {
	    cmocka_unit_test(percentiles_are_by_nearest_rank),
	    cmocka_unit_test(a_period_is_whole_days_and_each_day_is_in_one_piece),
	    cmocka_unit_test(days_that_cannot_be_are_refused),
	    WORLD_TEST(an_answer_that_was_taken_back_is_none),
	    WORLD_TEST(joined_questions_are_one),
	    WORLD_TEST(a_question_joined_with_an_answered_one_keeps_both),
	    WORLD_TEST(a_question_joined_parted_and_joined_again_is_one),
	    WORLD_TEST(what_the_team_begins_and_sends_to_many_is_told_apart),
	    WORLD_TEST(who_accepted_the_terms_is_counted_at_the_end_of_each_period),
	    WORLD_TEST(notes_and_credits_count_for_their_author),
	    WORLD_TEST(few_cases_are_not_told),
	    WORLD_TEST(members_see_their_team_and_its_lead_sees_everybody_in_it),
	    WORLD_TEST(the_office_of_another_facility_sees_nothing_of_this_one),
	    WORLD_TEST(the_file_is_what_it_was),
	};

	return cmocka_run_group_tests_name("reports", list, NULL, NULL);
}
