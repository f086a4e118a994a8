/* SPDX-License-Identifier: Apache-2.0 */
/* Entries and corrections, who may read and write them, limits that raise one item, what the team does. */
#include "care/journal/journal_accept.h"
#include "care/journal/journal_test_help.h"
#include "care/messaging/messaging.h"
#include "platform/format/fhir_date.h"
#include "platform/jobs/jobs.h"

static void
an_entry_keeps_what_was_typed_and_a_correction_what_was_before(void **state)
{
	struct room r;
	struct journal_put in;
	struct journal_entry entry;
	struct db_rows rows;
	int64_t nano;
	str id, again;

	room_open(&r, state);
	in = weighs(&r, "182.5", "[lb_av]");
	assert_ok(journal_entry_put(&r.bo, &in, &id));
	assert_ok(journal_entry_put(&r.bo, &in, &again)); /* sent twice */
	assert_true(str_equal(id, again));
	assert_int_equal(count_for(&r.bo, &r), 1);
	assert_ok(journal_entry_get(&r.bo, r.p.bo, r.weight, id, &entry));
	assert_str_equal(entry.values.text[0], "182.5");
	assert_true(journal_nano(&entry, 0, &nano));
	assert_str_equal(journal_number_text(r.bo.arena, nano, 9), "82.780607525");
	in.id = id;
	in.version = entry.version;
	in.values.text[0] = S("183");
	assert_ok(journal_entry_put(&r.bo, &in, &again));
	look_anew(&r);
	assert_fails(journal_entry_put(&r.bo, &in, &again), ERR_CONFLICT); /* of the version before */
	assert_ok(journal_entry_versions(&r.bo, r.p.bo, r.weight, id, &rows));
	assert_int_equal(rows.count, 2);
	assert_str_equal(((struct journal_entry *)rows.items)[1].values.text[0], "182.5");
	assert_ok(journal_entry_remove(&r.bo, r.p.bo, r.weight, id));
	assert_int_equal(count_for(&r.bo, &r), 0);
	room_close(&r);
}

static void
a_delegate_writes_only_in_what_is_shared_with_them(void **state)
{
	struct room r;
	struct journal_put in;
	struct journal_entry entry;
	str id;

	room_open(&r, state);
	in = weighs(&r, "80", "kg");
	assert_fails(journal_entry_put(&r.maria, &in, &id), ERR_GONE);
	share(&r, true, true);
	assert_ok(journal_entry_put(&r.maria, &in, &id));
	look_anew(&r);
	assert_ok(journal_entry_get(&r.bo, r.p.bo, r.weight, id, &entry));
	assert_true(entry.values.by.n > 0); /* who wrote it stands in it */
	assert_fails(journal_entry_put(&r.ben, &in, &id), ERR_DENIED);
	people_delegate(r.world, &r.p, RIGHT_RECORD_READ); /* reading only from now on */
	look_anew(&r);
	assert_int_equal(count_for(&r.maria, &r), 1);
	in = weighs(&r, "81", "kg");
	assert_fails(journal_entry_put(&r.maria, &in, &id), ERR_DENIED);
	share(&r, true, false);
	assert_int_equal(count_for(&r.maria, &r), 0);
	assert_fails(journal_entry_put(&r.maria, &in, &id), ERR_GONE);
	assert_int_equal(count_for(&r.ben, &r), 1);
	room_close(&r);
}

/* A permission that is given again later opens nothing by itself. */
static void
what_was_shared_with_a_delegate_ends_with_their_permission(void **state)
{
	struct room r;
	struct journal_put in;
	struct db_rows held;
	str id;

	room_open(&r, state);
	in = weighs(&r, "80", "kg");
	assert_ok(journal_entry_put(&r.bo, &in, &id));
	share(&r, false, true);
	assert_int_equal(count_for(&r.maria, &r), 1);
	people_delegate(r.world, &r.p, RIGHT_RECORD_READ); /* goes on */
	look_anew(&r);
	assert_int_equal(count_for(&r.maria, &r), 1);
	assert_ok(delegations_given(&r.bo, &held));
	for (size_t i = 0; i < held.count; i++)
		if (delegation_standing(&((struct delegation *)held.items)[i], r.bo.now) == DELEGATION_IN_FORCE)
			assert_ok(delegation_withdraw(&r.bo, ((struct delegation *)held.items)[i].id));
	assert_int_equal(count_for(&r.maria, &r), 0);
	people_delegate(r.world, &r.p, RIGHT_RECORD_READ);
	look_anew(&r);
	assert_int_equal(count_for(&r.maria, &r), 0);
	room_close(&r);
}

static const struct err *
count_turn(void *arg, const void *row)
{
	(void)row;
	++*(size_t *)arg;
	return NULL;
}

static void
the_switch_keeps_its_history_and_only_the_patient_turns_it(void **state)
{
	struct room r;
	account_id team = SHARE_CARE_TEAM;
	size_t turns = 0;

	room_open(&r, state);
	share(&r, true, false);
	share(&r, true, true);
	share(&r, false, true);
	share(&r, true, true);
	assert_ok(journal_share_history(&r.bo, r.p.bo, count_turn, &turns));
	assert_int_equal(turns, 3); /* the team twice, María once */
	assert_fails(journal_share_set(&r.maria, r.p.bo, r.weight->number, &team, 1), ERR_GONE);
	assert_fails(journal_share_set(&r.ben, r.p.bo, r.weight->number, &team, 1), ERR_GONE);
	assert_fails(
	    journal_share_set(&r.bo, r.p.bo, r.weight->number, &r.p.ana, 1), ERR_INVALID); /* acts for nobody */
	room_close(&r);
}

/* ---- limits ---- */

static void
agree_on_messages(struct room *r)
{
	assert_ok(messaging_terms_choose(&r->bo, true));
}

static struct journal_rule
limit(struct room *r, enum journal_rule_kind kind, int64_t high, int64_t times, int64_t days)
{
	return (struct journal_rule){.id = uuid_new(r->world->cx.now),
	    .patient = r->p.bo,
	    .log = r->weight->number,
	    .kind = kind,
	    .low = RULE_OPEN_LOW,
	    .high = high,
	    .times = times,
	    .days = days,
	    .team = r->p.birch,
	    .agreed = INSTANT_NONE,
	    .ended = INSTANT_NONE};
}

static size_t
alerts_of(struct room *r)
{
	struct db_rows rows;

	look_anew(r);
	assert_ok(journal_alerts_open(&r->bo, r->p.bo, &rows));
	return rows.count;
}

static void
limits_are_crossed_as_written(void **state)
{
	struct journal_rule rise = {.kind = RULE_RISE, .high = 2000, .days = 3, .low = RULE_OPEN_LOW},
			    above = {.kind = RULE_ABOVE, .high = 160000, .times = 3, .low = RULE_OPEN_LOW},
			    below = {.kind = RULE_BELOW, .low = 90000, .times = 1, .high = RULE_OPEN_HIGH};
	struct journal_reading w[] = {{{0}, 80 * JOURNAL_NANO}, {{DAY_MS}, 81 * JOURNAL_NANO},
	    {{2 * DAY_MS}, 82 * JOURNAL_NANO}, {{3 * DAY_MS}, 82 * JOURNAL_NANO + 1}};
	struct journal_reading p[] = {{{0}, 161 * JOURNAL_NANO}, {{1}, 160 * JOURNAL_NANO}, {{2}, 161 * JOURNAL_NANO},
	    {{3}, 161 * JOURNAL_NANO}, {{4}, 162 * JOURNAL_NANO}};

	(void)state;
	assert_false(journal_rule_is_crossed(&rise, w, 0));
	assert_false(journal_rule_is_crossed(&rise, w, 3)); /* exactly 2 kg is not more than 2 kg */
	assert_true(journal_rule_is_crossed(&rise, w, 4));
	w[3].at.ms++; /* a moment later than 3 days */
	assert_false(journal_rule_is_crossed(&rise, w, 4));
	assert_false(journal_rule_is_crossed(&above, p, 4));
	assert_true(journal_rule_is_crossed(&above, p, 5));
	above.days = 1;
	p[2].at.ms = -2 * DAY_MS;
	assert_false(journal_rule_is_crossed(&above, p, 5));
	assert_false(journal_rule_is_crossed(&below, p, 5));
	p[4].nano = 89 * JOURNAL_NANO;
	assert_true(journal_rule_is_crossed(&below, p, 5));
}

static void
what_is_crossed_at_night_is_told_in_the_morning(void **state)
{
	const struct zone *zone;
	instant noon = {INT64_C(1772730000000)}; /* 2026-03-05 12:00 in New York */

	(void)state;
	assert_ok(zone_find(S("America/New_York"), &zone));
	assert_int_equal(zone_civil(zone, noon).hour, 12);
	assert_true(journal_quiet_end(zone, noon).ms == noon.ms);
	for (int hour = 0; hour < 24; hour++) {
		instant at = instant_add_ms(noon, hour * HOUR_MS), told = journal_quiet_end(zone, at);
		int of_day = zone_civil(zone, told).hour;

		assert_true(told.ms >= at.ms && told.ms - at.ms <= 12 * HOUR_MS);
		assert_true(of_day >= QUIET_UNTIL_HOUR && of_day < QUIET_FROM_HOUR);
	}
}

/* In any series: at most one open item, one as soon as the limit is crossed, none while it is not shared or not agreed. */
static void
a_limit_raises_exactly_one_item_in_any_series(void **state)
{
	struct room r;
	struct journal_rule rule;
	struct journal_put in;
	struct db_rows rows;
	size_t before;
	str id;

	room_open(&r, state);
	agree_on_messages(&r);
	share(&r, true, false);
	rule = limit(&r, RULE_ABOVE, 100000, 2, 0);
	assert_ok(journal_rule_add(&r.ben, &rule)); /* proposed by the team */
	test_seed = 5;
	for (int i = 0; i < 3; i++) {
		in = weighs(&r, "120", "kg");
		assert_ok(journal_entry_put(&r.bo, &in, &id));
	}
	assert_int_equal(alerts_of(&r), 0); /* the patient has not agreed */
	assert_fails(journal_rule_agree(&r.ben, r.p.bo, rule.id), ERR_GONE);
	assert_ok(journal_rule_agree(&r.bo, r.p.bo, rule.id));
	share(&r, false, false);
	in = weighs(&r, "120", "kg");
	assert_ok(journal_entry_put(&r.bo, &in, &id));
	assert_int_equal(alerts_of(&r), 0); /* nobody is told of what is private */
	share(&r, true, false);
	for (int i = 0; i < 30; i++) {
		in = weighs(&r, random_below(2) ? "120" : "90", "kg");
		before = alerts_of(&r);
		assert_ok(journal_entry_put(&r.bo, &in, &id));
		look_anew(&r);
		assert_ok(journal_entries(
		    &r.bo, &JOURNAL_QUERY(.patient = r.p.bo, .log = r.weight, .count = 2), &rows, NULL));
		if (str_equal(((struct journal_entry *)rows.items)[0].values.text[0], S("120")) &&
		    str_equal(((struct journal_entry *)rows.items)[1].values.text[0], S("120")))
			before = 1;
		assert_int_equal(alerts_of(&r), before);
		if (before && random_below(4) == 0) {
			assert_ok(journal_alert_settle(&r.ben, r.p.bo, rule.id));
			assert_int_equal(alerts_of(&r), 0);
		}
	}
	room_close(&r);
}

static size_t
inbox_of(struct room *r)
{
	struct db_rows rows;

	look_anew(r);
	assert_ok(inbox_list(&r->ben, &(struct inbox_query){.filter = INBOX_OPEN, .count_max = 50}, &rows));
	return rows.count;
}

static void
the_team_is_told_once_and_not_of_what_became_private(void **state)
{
	struct room r;
	struct journal_rule rule;
	struct journal_put in;
	struct cx job;
	str id;

	room_open(&r, state);
	agree_on_messages(&r);
	share(&r, true, false);
	rule = limit(&r, RULE_ABOVE, 100000, 1, 0);
	assert_ok(journal_rule_add(&r.bo, &rule));
	in = weighs(&r, "120", "kg");
	assert_ok(journal_entry_put(&r.bo, &in, &id));
	job = world_cx(r.world);
	job.now = instant_add_ms(r.world->cx.now, DAY_MS);
	assert_ok(journal_tell(&job));
	assert_ok(journal_tell(&job)); /* again: nothing new */
	assert_int_equal(inbox_of(&r), 1);
	assert_ok(journal_alert_settle(&r.ben, r.p.bo, rule.id));
	in = weighs(&r, "121", "kg");
	assert_ok(journal_entry_put(&r.bo, &in, &id));
	share(&r, false, false);
	db_refresh(&job);
	job.now = instant_add_ms(job.now, DAY_MS);
	assert_ok(journal_tell(&job));
	assert_int_equal(inbox_of(&r), 1);
	db_release(&job);
	room_close(&r);
}

/* ---- reminders ---- */

static size_t
notices_of(struct room *r)
{
	struct db_rows rows;
	struct cx system = world_cx(r->world);

	assert_ok(outbox_of_patient(
	    &system, "notice", r->p.bo, (instant){0}, instant_add_ms(r->world->cx.now, 900 * DAY_MS), 99, &rows));
	db_release(&system);
	return rows.count;
}

static void
a_reminder_comes_once_a_day_and_not_when_it_was_measured(void **state)
{
	struct room r;
	struct journal_reminder reminder;
	struct journal_put in;
	const struct zone *zone;
	struct civil_time noon;
	struct cx job;
	str id;

	room_open(&r, state);
	assert_ok(zone_find(S("America/New_York"), &zone));
	assert_fails(journal_reminder_set(&r.ben, r.weight, 8 * 60, 0x7f), ERR_GONE);
	assert_fails(journal_reminder_set(&r.bo, r.weight, 24 * 60, 0x7f), ERR_INVALID);
	assert_ok(journal_reminder_set(&r.bo, r.weight, 8 * 60, 0x7f));
	look_anew(&r);
	assert_ok(journal_reminder_get(&r.bo, r.weight, &reminder));
	noon = zone_civil(zone, instant_add_ms(r.world->cx.now, 2 * DAY_MS));
	for (int minutes = 7 * 60; minutes < 10 * 60; minutes += 15) {
		instant at, next;

		noon.hour = (int8_t)(minutes / 60);
		noon.minute = (int8_t)(minutes % 60);
		at = zone_instant(zone, noon);
		next = journal_reminder_after(&reminder, zone, at);
		assert_true(instant_before(at, next) && next.ms - at.ms <= 25 * HOUR_MS);
		assert_int_equal(zone_civil(zone, next).hour, 8);
		assert_int_equal(zone_civil(zone, next).minute, 0);
		assert_int_equal(
		    civil_date_to_days(zone_civil(zone, next).date) - civil_date_to_days(noon.date), minutes >= 8 * 60);
	}
	job = world_cx(r.world);
	noon.hour = 8;
	noon.minute = 1;
	job.now = zone_instant(zone, noon);
	assert_ok(journal_remind(&job));
	job.now = instant_add_ms(job.now, MINUTE_MS);
	assert_ok(journal_remind(&job)); /* not again today */
	assert_int_equal(notices_of(&r), 1);
	job.now = instant_add_ms(job.now, DAY_MS);
	in = weighs(&r, "80", "kg");
	in.values.text[1] = fhir_instant_text(r.world->cx.arena, job.now);
	assert_ok(journal_entry_put(&r.bo, &in, &id));
	db_refresh(&job);
	assert_ok(journal_remind(&job)); /* measured already */
	assert_int_equal(notices_of(&r), 1);
	job.now = instant_add_ms(job.now, DAY_MS);
	assert_ok(journal_remind(&job));
	assert_int_equal(notices_of(&r), 2);
	job.now = instant_add_ms(job.now, DAY_MS + REMINDER_LATE_MINUTES * MINUTE_MS); /* the program was away */
	assert_ok(journal_remind(&job));
	assert_int_equal(notices_of(&r), 2);
	db_release(&job);
	room_close(&r);
}

static void
a_reminder_keeps_to_the_clock_on_the_wall(void **state)
{
	static const struct {
		const char *after, *next;
	} rows[] = {/* 8 March 2026: clocks go forward at 2; 1 November: back at 2 */
	    {"2026-03-07T13:00:00Z", "2026-03-08T06:30:00Z"}, {"2026-03-08T06:30:00Z", "2026-03-15T05:30:00Z"},
	    {"2026-10-25T05:30:00Z", "2026-11-01T05:30:00Z"}, {"2026-11-01T06:30:00Z", "2026-11-08T06:30:00Z"}};
	const struct journal_reminder sundays = {.minute = 90, .days = 1};
	const struct zone *zone;

	(void)state;
	assert_ok(zone_find(S("America/New_York"), &zone));
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct fhir_date after, next;

		assert_true(fhir_date_parse(FHIR_INSTANT, str_from_z(rows[i].after), &after));
		assert_true(fhir_date_parse(FHIR_INSTANT, str_from_z(rows[i].next), &next));
		assert_int_equal(journal_reminder_after(&sundays, zone, after.low).ms, next.low.ms);
	}
}

/* ---- the team ---- */

static void
an_entry_taken_into_the_record_says_where_it_came_from(void **state)
{
	struct room r;
	struct journal_put in;
	struct journal_entry entry;
	struct resource copy;
	const struct json_value *json;
	struct db_rows rows;
	bool found;
	str id;

	room_open(&r, state);
	in = weighs(&r, "80.2", "kg");
	assert_ok(journal_entry_put(&r.bo, &in, &id));
	look_anew(&r);
	assert_fails(journal_accept(&r.ben, r.p.bo, r.weight, id), ERR_GONE); /* private */
	share(&r, true, false);
	assert_fails(journal_accept(&r.bo, r.p.bo, r.weight, id), ERR_GONE); /* not the patient's to do */
	assert_ok(journal_accept(&r.ben, r.p.bo, r.weight, id));
	look_anew(&r);
	assert_ok(journal_accept(&r.ben, r.p.bo, r.weight, id)); /* again: nothing new */
	share(&r, false, false);
	assert_int_equal(count_for(&r.ben, &r), 0);
	assert_ok(journal_entry_get(&r.bo, r.p.bo, r.weight, id, &entry));
	assert_ok(journal_accepted(&r.ben, &entry, &copy, &found)); /* the copy stays */
	assert_true(found);
	assert_int_equal(copy.log, 0);
	assert_ok(resource_find(&r.ben,
	    &(struct resource_search){.patient = r.p.bo, .type = RESOURCE_PROVENANCE, .count = 9}, &rows, NULL));
	assert_int_equal(rows.count, 1);
	assert_ok(json_parse(r.ben.arena, ((struct resource *)rows.items)->body, &json, NULL));
	assert_true(str_contains(json_text_at(json, "entity.0.what.reference"), id));
	assert_true(str_contains(json_text_at(json, "target.0.reference"), copy.id));
	room_close(&r);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(limits_are_crossed_as_written),
	    cmocka_unit_test(what_is_crossed_at_night_is_told_in_the_morning),
	    WORLD_TEST(an_entry_keeps_what_was_typed_and_a_correction_what_was_before),
	    WORLD_TEST(a_delegate_writes_only_in_what_is_shared_with_them),
	    WORLD_TEST(what_was_shared_with_a_delegate_ends_with_their_permission),
	    WORLD_TEST(the_switch_keeps_its_history_and_only_the_patient_turns_it),
	    WORLD_TEST(a_limit_raises_exactly_one_item_in_any_series),
	    WORLD_TEST(the_team_is_told_once_and_not_of_what_became_private),
	    WORLD_TEST(a_reminder_comes_once_a_day_and_not_when_it_was_measured),
	    cmocka_unit_test(a_reminder_keeps_to_the_clock_on_the_wall),
	    WORLD_TEST(an_entry_taken_into_the_record_says_where_it_came_from),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
