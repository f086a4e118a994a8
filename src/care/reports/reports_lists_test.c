/* SPDX-License-Identifier: Apache-2.0 */
/* The clean-up list, each kind both ways, and what stands in a patient's timeline for whom. */
#include "care/administration/administration.h"
#include "care/messaging/messaging_test_help.h"
#include "care/reports/cleanup.h"
#include "care/reports/timeline.h"

struct scene {
	struct world *world;
	struct people p;
};

static const struct err *
run(const struct scene *s, act_fn *act)
{
	struct cx cx = people_as(s->world, s->p.root);
	const struct err *error = db_write(&cx, act, (void *)(uintptr_t)s);

	db_release(&cx);
	return error;
}

static struct page_cx
page_of(const struct scene *s)
{
	struct page_cx px = {.arena = &s->world->arena, .now = s->world->cx.now};

	assert_ok(zone_find(s->p.facility.zone, &px.zone));
	return px;
}

static struct cleanup
cleanup_as(const struct scene *s, account_id who)
{
	struct cx cx = people_as(s->world, who);
	struct page_cx px = page_of(s);
	struct cleanup out;

	assert_ok(cleanup_make(&cx, &px, CLEANUP_DAYS, &out));
	db_release(&cx);
	return out;
}

static void
assert_count(const struct scene *s, enum cleanup_kind kind, size_t count)
{
	struct cleanup c = cleanup_as(s, s->p.root);

	assert_int_equal(c.parts[kind].count, count);
	for (size_t i = 0; i < count; i++) {
		assert_true(c.parts[kind].items[i].what.n > 0 && c.parts[kind].items[i].why.n > 0);
		assert_true(str_starts(c.parts[kind].items[i].path, S("/")));
	}
}

/* Everybody signed in, both teams are led and say their hours, both patients just wrote: nothing is to be done. */
static const struct err *
tidy(struct tx *tx, void *arg)
{
	const struct scene *s = arg;
	const team_id teams[] = {s->p.maple, s->p.birch};

	for (size_t i = 0; i < 2; i++) {
		struct team team;

		TRY(team_get(tx->cx, teams[i], &team));
		team.lead = i ? s->p.ben : s->p.okafor;
		team.open_days = 62;
		team.open_from = 480;
		team.open_until = 1020;
		TRY(team_update(tx, &team));
	}
	return NULL;
}

static void
signs_in(const struct scene *s, account_id who)
{
	struct cx cx = world_cx(s->world);
	str token;

	cx.now = s->world->cx.now;
	assert_ok(session_open(&cx, who, &token));
	db_release(&cx);
}

static void
begin(struct scene *s, void **state)
{
	s->world = *state;
	s->world->cx.now = instant_add_ms(wednesday(), -200 * DAY_MS);
	people_setup(s->world, &s->p);
	s->world->cx.now = wednesday();
	assert_ok(run(s, tidy));
	signs_in(s, s->p.ana);
	signs_in(s, s->p.okafor);
	signs_in(s, s->p.ben);
	maria_writes(s->world, &s->p, S("May I?"));
}

static void
a_tidy_clinic_has_nothing_but_a_silent_team(void **state)
{
	struct scene s;
	struct cleanup c;

	begin(&s, state);
	c = cleanup_as(&s, s.p.root);
	assert_int_equal(c.count, 1); /* Bo wrote nothing for 200 days */
	assert_int_equal(c.parts[CLEANUP_SILENT].count, 1);
	assert_str_equal(c.parts[CLEANUP_SILENT].items[0].why, "No patient wrote for 90 days.");
}

static const struct err *
empty_maple(struct tx *tx, void *arg)
{
	const struct scene *s = arg;
	struct team team;

	TRY(team_get(tx->cx, s->p.maple, &team));
	team.takes_messages = false;
	TRY(team_update(tx, &team));
	TRY(team_remove_member(tx, s->p.maple, s->p.ana));
	TRY(team_remove_member(tx, s->p.maple, s->p.okafor));
	team.takes_messages = true;
	team.open_days = 0;
	TRY(team_update(tx, &team));
	return team_remove_patient(tx, s->p.maple, s->p.maria);
}

static void
an_empty_team_is_listed_for_all_that_it_lacks(void **state)
{
	struct scene s;

	begin(&s, state);
	assert_ok(run(&s, empty_maple));
	assert_count(&s, CLEANUP_NO_MEMBER, 1);
	assert_count(&s, CLEANUP_NO_PATIENT, 1);
	assert_count(&s, CLEANUP_NO_LEAD, 1);
	assert_count(&s, CLEANUP_NO_HOURS, 1);
	assert_count(&s, CLEANUP_EXPIRED, 1); /* Maria has no team left */
}

static const struct err *
switch_ben_off(struct tx *tx, void *arg)
{
	return account_set_active(tx, ((const struct scene *)arg)->p.ben, false);
}

static void
members_who_are_off_or_stay_away_are_listed(void **state)
{
	struct scene s;

	begin(&s, state);
	s.world->cx.now = instant_add_ms(wednesday(), 89 * DAY_MS);
	assert_count(&s, CLEANUP_IDLE, 0);
	s.world->cx.now = instant_add_ms(wednesday(), 91 * DAY_MS);
	assert_count(&s, CLEANUP_IDLE, 3);
	signs_in(&s, s.p.ana);
	assert_count(&s, CLEANUP_IDLE, 2);
	assert_ok(run(&s, switch_ben_off));
	assert_count(&s, CLEANUP_OFF, 1);
	assert_count(&s, CLEANUP_IDLE, 1);
	assert_count(&s, CLEANUP_NO_MEMBER, 1); /* Birch had only Ben */
	assert_count(&s, CLEANUP_NO_LEAD, 1);
}

static const struct err *
put(struct tx *tx, void *arg)
{
	return association_put(tx, arg);
}

static void
add_by_hand(const struct scene *s, account_id by, instant until)
{
	struct cx cx = people_as(s->world, by);
	struct association_sealed *sealed;
	struct association a = {.patient = s->p.maria,
	    .team = s->p.birch,
	    .relation = RELATION_BY_HAND,
	    .until = until,
	    .reason = S("Foot")};

	assert_ok(association_seal(&cx, &a, &sealed));
	assert_ok(db_write(&cx, put, sealed));
	db_release(&cx);
}

static void
associations_by_hand_are_listed_when_their_reason_is_gone(void **state)
{
	struct scene s;

	begin(&s, state);
	add_by_hand(&s, s.p.ben, INSTANT_NONE);
	assert_count(&s, CLEANUP_UNVOUCHED, 0);
	assert_count(&s, CLEANUP_UNUSED, 0);
	assert_ok(run(&s, switch_ben_off));
	assert_count(&s, CLEANUP_UNVOUCHED, 1);
	s.world->cx.now = instant_add_ms(wednesday(), 91 * DAY_MS);
	assert_count(&s, CLEANUP_UNUSED, 1);
	assert_count(&s, CLEANUP_EXPIRED, 0);
}

static void
blocks_past_their_day_and_covers_that_are_over_are_listed(void **state)
{
	struct scene s;
	struct cx root;

	begin(&s, state);
	root = people_as(s.world, s.p.root);
	assert_ok(block_make(&root, &(struct block){.patient = s.p.bo,
					.team = s.p.birch,
					.code = BLOCK_VOLUME,
					.note = S("SECRET"),
					.review = instant_add_ms(root.now, 20 * DAY_MS)}));
	assert_ok(surrogate_make(&root, &(struct surrogate){.account = s.p.ana,
					    .by_account = s.p.okafor,
					    .since = root.now,
					    .until = instant_add_ms(root.now, 30 * DAY_MS)}));
	assert_ok(distribution_group_save(&root, &(struct distribution_group){.name = S("Foot care")}, &s.p.ben, 1));
	db_release(&root);
	assert_count(&s, CLEANUP_BLOCK, 0);
	assert_count(&s, CLEANUP_COVER_OVER, 0);
	assert_count(&s, CLEANUP_LIST, 0);
	assert_ok(run(&s, switch_ben_off));
	assert_count(&s, CLEANUP_LIST, 1);
	s.world->cx.now = instant_add_ms(wednesday(), 31 * DAY_MS);
	assert_count(&s, CLEANUP_BLOCK, 1);
	assert_count(&s, CLEANUP_COVER_OVER, 1);
	s.world->cx.now = instant_add_ms(wednesday(), 130 * DAY_MS);
	assert_count(&s, CLEANUP_COVER_OVER, 0); /* left by itself */
	assert_count(&s, CLEANUP_BLOCK, 1);
}

static const struct err *
switch_okafor_off(struct tx *tx, void *arg)
{
	return account_set_active(tx, ((const struct scene *)arg)->p.okafor, false);
}

static void
who_stands_in_and_is_off_is_listed(void **state)
{
	struct scene s;
	struct cx root;

	begin(&s, state);
	root = people_as(s.world, s.p.root);
	assert_ok(surrogate_make(&root, &(struct surrogate){.account = s.p.ana,
					    .by_account = s.p.okafor,
					    .since = root.now,
					    .until = instant_add_ms(root.now, 30 * DAY_MS)}));
	db_release(&root);
	assert_count(&s, CLEANUP_COVER_BROKEN, 0);
	assert_ok(run(&s, switch_okafor_off));
	assert_count(&s, CLEANUP_COVER_BROKEN, 1);
}

static void
nobody_else_gets_the_clean_up_list(void **state)
{
	struct scene s;
	struct cleanup out;
	struct page_cx px;

	begin(&s, state);
	px = page_of(&s);
	for (size_t i = 0; i < 2; i++) {
		struct cx cx = people_as(s.world, i ? s.p.maria_account : s.p.ana);

		assert_fails(cleanup_make(&cx, &px, CLEANUP_DAYS, &out), ERR_GONE);
		db_release(&cx);
	}
}

/* ---- timeline ---- */

static struct timeline
timeline_as(const struct scene *s, account_id who, int64_t kind, bool *caring)
{
	struct cx cx = people_as(s->world, who);
	struct page_cx px = page_of(s);
	struct timeline_wish wish = {.patient = s->p.maria, .kind = kind, .until = {INT64_MAX}};
	struct patient patient;
	struct timeline out;

	assert_ok(timeline_enter(&cx, s->p.maria, &patient, caring));
	assert_ok(timeline_make(&cx, &px, &wish, &out));
	db_release(&cx);
	for (size_t i = 1; i < out.count; i++)
		assert_false(instant_before(out.items[i - 1].at, out.items[i].at));
	return out;
}

static bool
tells(const struct timeline *t, const char *what)
{
	for (size_t i = 0; i < t->count; i++)
		if (str_equal(t->items[i].what, str_from_z(what)))
			return true;
	return false;
}

static void
a_timeline_tells_everything_once(void **state)
{
	struct scene s;
	struct sent sent;
	struct cx cx;
	struct timeline t;
	bool caring;

	begin(&s, state);
	sent = maria_writes(s.world, &s.p, S("SECRET words"));
	assert_ok(reply_as(s.world, s.p.ana, sent.thread, S("SECRET answer"), instant_add_ms(wednesday(), HOUR_MS)));
	cx = people_as_at(s.world, s.p.ana, instant_add_ms(wednesday(), 2 * HOUR_MS));
	assert_ok(thread_note(&cx, sent.thread, S("SECRET note")));
	assert_ok(thread_assign(&cx, sent.thread, s.p.okafor));
	db_release(&cx);
	cx = people_as_at(s.world, s.p.okafor, instant_add_ms(wednesday(), 3 * HOUR_MS));
	assert_ok(thread_complete(&cx, &(struct thread_complete){sent.thread, COMPLETED_TELEPHONE, 0}));
	db_release(&cx);
	s.world->cx.now = instant_add_ms(wednesday(), 9 * DAY_MS);
	assert_ok(messaging_escalate(&s.world->cx)); /* the first question of the scene */
	cx = people_as(s.world, s.p.root);
	assert_ok(block_make(&cx, &(struct block){.patient = s.p.maria,
				      .code = BLOCK_VOLUME,
				      .note = S("SECRET why"),
				      .review = instant_add_ms(cx.now, DAY_MS)}));
	db_release(&cx);

	t = timeline_as(&s, s.p.ana, 0, &caring);
	assert_true(caring);
	assert_true(tells(&t, "María López, the patient, wrote"));
	assert_true(tells(&t, "Ana Ruiz wrote"));
	assert_true(tells(&t, "Ana Ruiz left a note for the team"));
	assert_true(tells(&t, "Ana Ruiz gave it to Ada Okafor"));
	assert_true(tells(&t, "Ada Okafor completed it: called the patient"));
	assert_true(tells(&t, "Past the promised date: escalated"));
	assert_true(tells(&t, "Came to the team"));
	assert_true(tells(&t, "María López accepted the terms of messages"));
	for (size_t i = 0; i < t.count; i++)
		assert_false(str_contains(t.items[i].what, S("SECRET")) || str_contains(t.items[i].hint, S("SECRET")));
	assert_int_equal(timeline_as(&s, s.p.root, 0, &caring).count, t.count);
	assert_false(caring);
	assert_int_equal(timeline_as(&s, s.p.ana, TIMELINE_MESSAGES, &caring).count, 3);
	assert_int_equal(timeline_as(&s, s.p.ana, TIMELINE_HANDLING, &caring).count, 2);
	assert_int_equal(timeline_as(&s, s.p.ana, TIMELINE_LATE, &caring).count, 2);
	assert_int_equal(timeline_as(&s, s.p.ana, TIMELINE_CHART, &caring).count, 0);
	assert_int_equal(timeline_as(&s, s.p.ana, TIMELINE_OFFICE, &caring).count, 3);
	assert_int_equal(t.count - 10, timeline_as(&s, s.p.ana, TIMELINE_NOTICES, &caring).count);
}

static void
who_neither_cares_nor_runs_the_office_enters_no_timeline(void **state)
{
	struct scene s;
	struct patient patient;
	bool caring;
	struct cx cx;

	begin(&s, state);
	cx = people_as(s.world, s.p.ben);
	assert_fails(timeline_enter(&cx, s.p.maria, &patient, &caring), ERR_GONE);
	db_release(&cx);
	cx = people_as(s.world, s.p.bo_account);
	assert_fails(timeline_enter(&cx, s.p.maria, &patient, &caring), ERR_GONE);
	db_release(&cx);
	cx = people_as(s.world, s.p.root);
	cx.who.facility = (facility_id){uuid_new(cx.now)}; /* the office of another facility */
	assert_fails(timeline_enter(&cx, s.p.maria, &patient, &caring), ERR_GONE);
	db_release(&cx);
}

int
main(void)
{
	const struct CMUnitTest list[] = {
	    WORLD_TEST(a_tidy_clinic_has_nothing_but_a_silent_team),
	    WORLD_TEST(an_empty_team_is_listed_for_all_that_it_lacks),
	    WORLD_TEST(members_who_are_off_or_stay_away_are_listed),
	    WORLD_TEST(associations_by_hand_are_listed_when_their_reason_is_gone),
	    WORLD_TEST(blocks_past_their_day_and_covers_that_are_over_are_listed),
	    WORLD_TEST(who_stands_in_and_is_off_is_listed),
	    WORLD_TEST(nobody_else_gets_the_clean_up_list),
	    WORLD_TEST(a_timeline_tells_everything_once),
	    WORLD_TEST(who_neither_cares_nor_runs_the_office_enters_no_timeline),
	};

	return cmocka_run_group_tests_name("reports: lists", list, NULL, NULL);
}
