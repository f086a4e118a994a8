/* SPDX-License-Identifier: Apache-2.0 */
/* Days as entries: each reading, or the average of a full day, or the sum of the app that counted most; and what Apple calls things. */
#include <stdlib.h>

#include "care/imports/import_days.h"
#include "platform/format/fhir_date.h"

/* Pairs first: their number is that of the first of them. The number of a row is kept in points only. */
static const struct apple_type types[] = {
    {"BloodPressureSystolic", "blood-pressure", USE_PAIR, 0, 0, NULL, NULL},
    {"BloodPressureDiastolic", "blood-pressure", USE_PAIR, 1, 0, NULL, NULL},
    {"BodyMass", "weight", USE_READING, 0, 0, NULL, NULL},
    {"BloodGlucose", "blood-sugar", USE_READING, 0, 0, NULL, NULL},
    {"HeartRate", "heart-rate", USE_READING, 0, 0, NULL, NULL},
    {"RestingHeartRate", "heart-rate", USE_READING, 0, 0, TR("Resting heart rate"), NULL},
    {"OxygenSaturation", "oxygen", USE_READING, 0, 2, NULL, NULL},
    {"BodyTemperature", "temperature", USE_READING, 0, 0, NULL, NULL},
    {"StepCount", "activity", USE_SUM, 0, 0, TR("Steps"), "steps"},
    {"DistanceWalkingRunning", "activity", USE_SUM, 0, 0, TR("Walking and running"), NULL},
    {"DistanceCycling", "activity", USE_SUM, 0, 0, TR("Cycling"), NULL},
    {"AppleExerciseTime", "activity", USE_SUM, 0, 0, TR("Exercise"), "minutes"},
};

const struct apple_type *
apple_type_at(size_t i)
{
	return i < sizeof(types) / sizeof(types[0]) ? &types[i] : NULL;
}

const struct apple_type *
apple_type_of(str name)
{
	for (size_t i = 0; i < sizeof(types) / sizeof(types[0]); i++)
		if (str_equal(name, str_from_z(types[i].name)))
			return &types[i];
	return NULL;
}

/* ---- one day ---- */

static size_t
field_of(const struct journal_log *log, const char *name)
{
	size_t at = 0;

	journal_field_find(log, str_from_z(name), &at);
	return at;
}

static struct import_found
begin_found(
    struct import_look *look, const struct days *days, const struct day *day, const struct apple_type *type, str when)
{
	struct import_found found = {.log = journal_log_find(str_from_z(type->log)), .line = day->line, .what = when};

	found.tally =
	    import_tally(look->cx->arena, &look->import->facts.tallies, str_from_z(type->name), found.log->number);
	found.values.source = arena_printf(&look->scratch, "Apple Health: %.*s", STR_ARG(days->names[day->app]));
	return found;
}

static void
put_number(struct import_look *look, struct import_found *found, size_t field, const struct day *day, int64_t nano)
{
	const struct journal_units *units = found->log->fields[field].units;

	found->values.text[field] = import_number_text(&look->scratch, nano, 0);
	found->values.unit[field] = &units->items[(size_t)day->unit < units->count ? (size_t)day->unit : 0];
}

static fallible
stage_reading(struct import_look *look, const struct days *days, const struct day *day, const struct day_reading *r)
{
	static const char *const meals[] = {NULL, "before-meal", "after-meal"};
	const struct apple_type *type = &types[day->type];
	struct civil_time civil = zone_civil(zone_utc(), instant_add_ms(r->at, (int64_t)r->offset * SECOND_MS));
	struct import_found found;
	size_t parts = type->use == USE_PAIR ? 2 : 1;
	str when;

	civil.offset_seconds = r->offset;
	when = import_moment_text(&look->scratch, civil);
	found = begin_found(look, days, day, type, when);
	if (parts == 2 && !(r->has[0] && r->has[1])) {
		if (!r->has[0])
			found.tally = import_tally(look->cx->arena, &look->import->facts.tallies,
			    S("BloodPressureDiastolic"), found.log->number);
		found.tally->aside[ASIDE_HALF]++;
		return NULL;
	}
	for (size_t i = 0; i < parts; i++)
		put_number(look, &found, type->use == USE_PAIR ? i : type->field, day, r->nano[i]);
	found.values.text[field_of(found.log, "at")] = when;
	if (day->device >= 0)
		found.values.text[field_of(found.log, "device")] = days->names[day->device];
	if (type->words)
		found.values.text[field_of(found.log, "comments")] = tr(look->px.lang, type->words);
	if (r->meal && strcmp(type->log, "blood-sugar") == 0)
		found.values.text[field_of(found.log, "meal")] = str_from_z(meals[r->meal]);
	civil = zone_civil(zone_utc(), instant_add_ms(r->at, ((int64_t)r->offset + r->created_after) * SECOND_MS));
	civil.offset_seconds = r->offset;
	found.values.origin = arena_printf(&look->scratch, "Apple Health %s, written %.*s", type->name,
	    STR_ARG(import_moment_text(&look->scratch, civil)));
	return import_found(look, &found);
}

static str
range_words(
    struct import_look *look, const struct import_found *found, size_t field, const struct day *day, size_t part)
{
	const struct journal_unit *unit = found->values.unit[field];
	struct page_cx scratch = look->px, *px = &scratch;

	px->arena = &look->scratch;
	return TF3("Average of %1 readings; lowest %2, highest %3.", day->counts[part],
	    journal_number_text(px->arena, day->low[part], unit->decimals),
	    journal_number_text(px->arena, day->high[part], unit->decimals));
}

/* A full day: its average, to the decimals that people write. */
static fallible
stage_average(struct import_look *look, const struct days *days, const struct day *day)
{
	const struct apple_type *type = &types[day->type];
	str when = fhir_date_text(&look->scratch, civil_date_from_days(day->day)), words = STR_NONE;
	struct import_found found = begin_found(look, days, day, type, when);
	size_t parts = type->use == USE_PAIR ? 2 : 1;

	if (day->day == days->today) {
		found.tally->aside[ASIDE_TODAY] += day->count;
		return NULL;
	}
	if (parts == 2 && !(day->counts[0] && day->counts[1])) {
		found.tally->aside[ASIDE_HALF] += day->count;
		return NULL;
	}
	for (size_t i = 0; i < parts; i++) {
		struct journal_mean mean = {.count = day->counts[i], .sum = day->sum[i]};
		size_t field = parts == 2 ? i : type->field;
		const struct journal_unit *unit;
		str range;

		put_number(look, &found, field, day, journal_mean_of(&mean));
		unit = found.values.unit[field];
		found.values.text[field] = journal_number_text(&look->scratch, journal_mean_of(&mean), unit->decimals);
		range = range_words(look, &found, field, day, i);
		words = words.n ? arena_printf(&look->scratch, "%.*s %.*s", STR_ARG(words), STR_ARG(range)) : range;
	}
	found.tally->joined += day->count - 1;
	found.values.text[field_of(found.log, "at")] = when;
	if (type->words)
		words =
		    arena_printf(&look->scratch, "%.*s. %.*s", STR_ARG(tr(look->px.lang, type->words)), STR_ARG(words));
	found.values.text[field_of(found.log, "comments")] = words;
	found.values.origin = arena_printf(&look->scratch, "Apple Health %s, day", type->name);
	return import_found(look, &found);
}

/* A sum counts when no other app counted more that day. */
static bool
counts_most(const struct days *days, size_t number)
{
	const struct day *day = &days->items[number], *other;

	for (int step = -1; step <= 1; step += 2)
		for (size_t i = number + (size_t)step; i < days->count; i += (size_t)step) {
			other = &days->items[i];
			if (other->type != day->type || other->day != day->day)
				break;
			if (other->sum[0] > day->sum[0] || (other->sum[0] == day->sum[0] && i < number))
				return false;
		}
	return true;
}

static fallible
stage_sum(struct import_look *look, const struct days *days, size_t number)
{
	const struct day *day = &days->items[number];
	const struct apple_type *type = &types[day->type];
	str when = fhir_date_text(&look->scratch, civil_date_from_days(day->day));
	struct import_found found = begin_found(look, days, day, type, when);

	if (day->day == days->today) {
		found.tally->aside[ASIDE_TODAY] += day->count;
		return NULL;
	}
	if (!counts_most(days, number)) {
		found.tally->aside[ASIDE_FEWER] += day->count;
		return NULL;
	}
	found.tally->joined += day->count - 1;
	found.values.text[0] = tr(look->px.lang, type->words);
	found.values.text[1] = when;
	found.values.text[2] = journal_number_text(&look->scratch, day->sum[0], type->measure ? 0 : 2);
	found.values.text[3] = type->measure ? str_from_z(type->measure) : day->unit ? S("miles") : S("kilometers");
	found.values.origin = arena_printf(&look->scratch, "Apple Health %s, day", type->name);
	return import_found(look, &found);
}

/* ---- all of them ---- */

static int
by_kind_and_day(const void *a_, const void *b_)
{
	const struct day *a = a_, *b = b_;

	if (a->type != b->type)
		return a->type < b->type ? -1 : 1;
	if (a->day != b->day)
		return a->day < b->day ? -1 : 1;
	if (a->unit != b->unit)
		return a->unit < b->unit ? -1 : 1;
	return (a->app > b->app) - (a->app < b->app);
}

static int32_t
whole_readings(const struct day *day)
{
	int32_t whole = 0;

	for (int32_t i = 0; i < day->kept; i++)
		whole += day->readings[i].has[0] && day->readings[i].has[1];
	return whole;
}

static bool
is_averaged(const struct day *day)
{
	return day->is_dense || (types[day->type].use == USE_PAIR && whole_readings(day) > DAY_READINGS);
}

fallible
days_stage(struct days *days, struct import_look *look)
{
	if (days->count)
		qsort(days->items, days->count, sizeof(days->items[0]), by_kind_and_day);
	for (size_t i = 0; i < days->count; i++) {
		const struct day *day = &days->items[i];

		if (types[day->type].use == USE_SUM)
			TRY(stage_sum(look, days, i));
		else if (is_averaged(day))
			TRY(stage_average(look, days, day));
		else
			for (int32_t r = 0; r < day->kept; r++)
				TRY(stage_reading(look, days, day, &day->readings[r]));
		arena_clear(&look->scratch);
		TRY(import_sign(look, look->import->done, look->import->total));
	}
	return NULL;
}
