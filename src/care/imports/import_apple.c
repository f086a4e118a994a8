/* SPDX-License-Identifier: Apache-2.0 */
/* What Apple Health exports: one XML of hundreds of megabytes, read as a stream.  Readings and counts go into days (import_days.h),
 * workouts become entries of the activity journal at once, everything else is counted by its type.  A point is noted every few seconds
 * behind a child of the root: the days so far, and where reading goes on. */
#include "care/imports/import_apple.h"
#include "care/imports/import_days.h"
#include "platform/format/utf8.h"
#include "platform/format/xml_read.h"

#define ROOT "HealthData"

struct apple {
	struct import_look *look;
	struct days days;
	struct arena days_arena, reader_arena;
	struct xml_reader *xml;
	struct import_file *file;
	int64_t bytes;
	bool has_pending;
	struct day_add pending; /* a record, until its metadata was read */
	struct import_tally *tally;
	str what;
};

static struct import_tally *
tally_of(struct apple *a, str name, const char *log)
{
	const struct journal_log *found = log ? journal_log_find(str_from_z(log)) : NULL;

	return import_tally(a->look->cx->arena, &a->look->import->facts.tallies,
	    utf8_take_chars(name.n ? name : S("?"), IMPORT_SOURCE_CHARS_MAX), found ? found->number : 0);
}

/* ---- records ---- */

/* What stood there, for the table of what was refused. */
static str
told(struct arena *arena, const struct xml_event *e)
{
	struct buf out = BUF_INIT(arena);

	for (size_t i = 0; i < e->count && out.n < 1000; i++)
		buf_printf(&out, "%s%.*s=%.*s", i ? "; " : "", STR_ARG(e->attributes[i].name),
		    STR_ARG(e->attributes[i].value));
	return buf_str(&out);
}

static bool
number_of(const struct apple_type *type, const struct xml_event *e, int power, int64_t *nano)
{
	int64_t factor = 1;

	if (!import_number(xml_attribute_of(e, "value"), false, nano))
		return false;
	for (power += type->power; power > 0; power--)
		factor *= 10;
	if (__builtin_mul_overflow(*nano, factor, nano))
		return false;
	for (; power < 0; power++)
		*nano /= 10;
	return true;
}

/* km, mi and m of distances; steps and minutes have none. */
static bool
sum_unit_of(const struct apple_type *type, str unit, int *power, int16_t *out)
{
	*power = str_equal(unit, S("m")) ? -3 : 0;
	*out = str_equal(unit, S("mi"));
	if (type->measure)
		return str_equal(unit, S("count")) || str_equal(unit, S("min"));
	return *power || *out || str_equal(unit, S("km"));
}

static bool
unit_of(const struct apple_type *type, const struct xml_event *e, struct day_add *add, int *power)
{
	const struct journal_log *log = journal_log_find(str_from_z(type->log));
	str unit = xml_attribute_of(e, "unit");

	if (type->use == USE_SUM)
		return sum_unit_of(type, unit, power, &add->sum_unit);
	add->unit = import_unit(log->fields[type->field].units, unit, power);
	return add->unit != NULL;
}

static fallible
refuse(struct apple *a, const struct xml_event *e, const char *why)
{
	return import_refuse(
	    a->look, a->tally, xml_place(a->xml).line, told(&a->look->scratch, e), tr(a->look->px.lang, why));
}

/* "81.6" pounds at a moment, from an app: noted until its metadata was read. */
static fallible
begin_record(struct apple *a, const struct xml_event *e)
{
	struct arena *arena = &a->look->scratch;
	str name = apple_plain_type(xml_attribute_of(e, "type"));
	const struct apple_type *type = apple_type_of(name);
	struct apple_moment start, created;
	int64_t nano;
	int power = 0;

	a->tally = tally_of(a, name, type ? type->log : NULL);
	a->tally->read++;
	if (!type) {
		a->tally->aside[ASIDE_NO_LOG]++;
		return NULL;
	}
	a->pending = (struct day_add){.type = type, .line = xml_place(a->xml).line};
	if (!apple_moment_of(xml_attribute_of(e, "startDate"), &start))
		return refuse(a, e, TR("The date cannot be read."));
	if (!unit_of(type, e, &a->pending, &power))
		return refuse(a, e, TR("The unit cannot be converted into one of this log."));
	if (!number_of(type, e, power, &nano))
		return refuse(a, e, TR("The value is no number that can be kept."));
	if (!apple_moment_of(xml_attribute_of(e, "creationDate"), &created))
		created = start;
	a->pending.day = start.day;
	a->pending.app = apple_clean_name(arena, xml_attribute_of(e, "sourceName"));
	a->pending.device = apple_device_name(arena, xml_attribute_of(e, "device"));
	a->pending.reading = (struct day_reading){.at = start.at,
	    .offset = start.offset,
	    .created_after = (int32_t)((created.at.ms - start.at.ms) / SECOND_MS),
	    .nano = {nano, 0}};
	a->has_pending = true;
	return NULL;
}

static void
note_meal(struct apple *a, const struct xml_event *e)
{
	str value = xml_attribute_of(e, "value");

	if (!str_equal(xml_attribute_of(e, "key"), S("HKBloodGlucoseMealTime")))
		return;
	a->pending.reading.meal = str_equal(value, S("1")) ? 1 : str_equal(value, S("2")) ? 2 : 0;
}

static fallible
end_record(struct apple *a)
{
	enum day_added added;

	if (!a->has_pending)
		return NULL;
	a->has_pending = false;
	TRY(days_add(&a->days, &a->pending, &added));
	a->tally->joined += added == DAY_JOINED;
	a->tally->doubled += added == DAY_DOUBLED;
	return NULL;
}

/* ---- workouts ---- */

static const struct {
	const char *name, *words, *kind; /* kind: code of the activity log */
} workouts[] = {
    {"Running", TR("Running"), "aerobic"},
    {"Walking", TR("Walking"), "aerobic"},
    {"Cycling", TR("Cycling"), "aerobic"},
    {"Swimming", TR("Swimming"), "aerobic"},
    {"Hiking", TR("Hiking"), "aerobic"},
    {"Elliptical", TR("Elliptical trainer"), "aerobic"},
    {"Rowing", TR("Rowing"), "aerobic"},
    {"Dance", TR("Dancing"), "aerobic"},
    {"Yoga", TR("Yoga"), "flexibility"},
    {"Flexibility", TR("Stretching"), "flexibility"},
    {"TraditionalStrengthTraining", TR("Strength training"), "strength"},
    {"FunctionalStrengthTraining", TR("Strength training"), "strength"},
    {"TaiChi", TR("Tai chi"), "balance"},
};

/* "MixedCardio": "Mixed cardio" */
static str
apart(struct arena *arena, str name)
{
	struct buf out = BUF_INIT(arena);

	for (size_t i = 0; i < name.n; i++) {
		bool is_upper = name.p[i] >= 'A' && name.p[i] <= 'Z';

		if (i && is_upper)
			buf_add_char(&out, ' ');
		buf_add_char(&out, i && is_upper ? (char)(name.p[i] | 32) : name.p[i]);
	}
	return buf_str(&out);
}

static str
time_of_day(int hour)
{
	return hour < 4 || hour >= 22 ? S("night")
	       : hour < 11            ? S("morning")
	       : hour < 14            ? S("midday")
	       : hour < 18            ? S("afternoon")
	                              : S("evening");
}

static fallible
take_workout(struct apple *a, const struct xml_event *e)
{
	struct arena *arena = &a->look->scratch;
	str name = apple_plain_type(xml_attribute_of(e, "workoutActivityType"));
	struct import_found found = {
	    .log = journal_log_find(S("activity")), .line = xml_place(a->xml).line, .what = told(arena, e)};
	struct apple_moment start;
	int64_t nano;

	found.tally = a->tally = tally_of(a, S("Workout"), "activity");
	found.tally->read++;
	if (!apple_moment_of(xml_attribute_of(e, "startDate"), &start))
		return refuse(a, e, TR("The date cannot be read."));
	if (!import_number(xml_attribute_of(e, "duration"), false, &nano))
		return refuse(a, e, TR("The value is no number that can be kept."));
	found.values.text[0] = utf8_take_chars(apart(arena, name), IMPORT_SOURCE_CHARS_MAX);
	for (size_t i = 0; i < sizeof(workouts) / sizeof(workouts[0]); i++)
		if (str_equal(name, str_from_z(workouts[i].name))) {
			found.values.text[0] = tr(a->look->px.lang, workouts[i].words);
			found.values.text[4] = str_from_z(workouts[i].kind);
		}
	found.values.text[1] = str_take(xml_attribute_of(e, "startDate"), 10);
	found.values.text[2] = journal_number_text(arena, nano, 1);
	found.values.text[3] = str_equal(xml_attribute_of(e, "durationUnit"), S("hr")) ? S("hours") : S("minutes");
	found.values.text[8] = time_of_day(start.hour);
	found.values.source = arena_printf(
	    arena, "Apple Health: %.*s", STR_ARG(apple_clean_name(arena, xml_attribute_of(e, "sourceName"))));
	found.values.origin =
	    arena_printf(arena, "Apple Health Workout %.*s", STR_ARG(xml_attribute_of(e, "startDate")));
	return import_found(a->look, &found);
}

/* ---- the document ---- */

static fallible
take_child(struct apple *a, const struct xml_event *e)
{
	struct import_tally *tally;
	struct apple_moment made;

	if (str_equal(e->name, S("Record")))
		return begin_record(a, e);
	if (str_equal(e->name, S("Workout")))
		return take_workout(a, e);
	if (str_equal(e->name, S("ExportDate")) || str_equal(e->name, S("Me"))) {
		if (apple_moment_of(xml_attribute_of(e, "value"), &made))
			a->days.today = made.day;
		return NULL;
	}
	if (str_equal(e->name, S("Correlation")) &&
	    str_equal(apple_plain_type(xml_attribute_of(e, "type")), S("BloodPressure")))
		return NULL; /* its records count */
	tally = tally_of(
	    a, str_equal(e->name, S("Correlation")) ? apple_plain_type(xml_attribute_of(e, "type")) : e->name, NULL);
	tally->read++;
	tally->aside[ASIDE_NO_LOG]++;
	return NULL;
}

static fallible
take_start(struct apple *a, const struct xml_event *e)
{
	switch (xml_depth(a->xml)) {
	case 1:
		return str_equal(e->name, S(ROOT)) ? NULL
		                                   : ERR(ERR_INVALID,
							 TR("This file is no export of Apple Health. In the Health "
							    "app, press your picture, then "
							    "\"Export All Health Data\"."),
							 "another root element");
	case 2: return take_child(a, e);
	case 3:
		if (str_equal(e->name, S("Record")))
			return begin_record(a, e);
		break;
	}
	if (a->has_pending && str_equal(e->name, S("MetadataEntry")))
		note_meal(a, e);
	return NULL;
}

/* ---- points ---- */

/* All that reading has done so far; behind it stand the counts as JSON, and the days. */
struct point {
	struct xml_place place;
	int64_t staged, refused, refused_all;
	uint64_t facts_bytes;
};

static fallible
note_point(struct apple *a)
{
	struct arena arena = ARENA_INIT;
	struct buf out = BUF_INIT(&arena);
	struct import *import = a->look->import;
	struct point point = {.place = xml_place(a->xml)};
	const struct err *error = import_flush(a->look);
	str facts = import_facts_write(&arena, &import->facts);

	point.staged = import->staged;
	point.refused = import->refused;
	point.refused_all = (int64_t)a->look->refused_all;
	point.facts_bytes = facts.n;
	buf_add_bytes(&out, &point, sizeof(point));
	buf_add(&out, facts);
	days_write(&a->days, &out);
	if (!error)
		error = import_point(a->look, point.place.offset, a->bytes, buf_str(&out));
	arena_release(&arena);
	return error;
}

static fallible
go_on(struct apple *a, str text, bool *known)
{
	struct import *import = a->look->import;
	struct import_facts facts;
	struct point point;

	*known = false;
	if (text.n < sizeof(point))
		return NULL;
	memcpy(&point, text.p, sizeof(point));
	text = str_drop(text, sizeof(point));
	if (point.facts_bytes > text.n || !days_read(&a->days, str_drop(text, (size_t)point.facts_bytes)))
		return NULL;
	TRY(import_facts_read(a->look->cx->arena, str_take(text, (size_t)point.facts_bytes), &facts));
	import->facts.tallies = facts.tallies;
	import->staged = point.staged;
	import->refused = point.refused;
	a->look->refused_all = (size_t)point.refused_all;
	xml_reader_resume(a->xml, &a->reader_arena, S(ROOT), point.place);
	*known = true;
	return import_file_skip(a->file, point.place.offset);
}

static fallible
begin(struct apple *a)
{
	bool known;
	str text;

	TRY(import_file_open(a->look->cx, a->look->import, &a->file));
	a->bytes = import_file_bytes(a->file);
	TRY(import_point_get(a->look, &text));
	TRY(go_on(a, text, &known));
	if (known)
		return NULL;
	a->days = (struct days){.arena = &a->days_arena};
	a->look->import->facts.tallies = (struct import_tallies){0};
	a->look->import->staged = a->look->import->refused = 0;
	xml_reader_init(a->xml, &a->reader_arena);
	return NULL;
}

/* ---- the whole ---- */

static fallible
give_more(struct apple *a)
{
	str piece;

	TRY(import_file_next(a->file, &piece));
	if (piece.n)
		xml_give(a->xml, piece);
	else
		xml_give_end(a->xml);
	return NULL;
}

static fallible
take_end(struct apple *a)
{
	if (xml_depth(a->xml) <= 2)
		TRY(end_record(a));
	if (xml_depth(a->xml) != 1)
		return NULL;
	arena_clear(&a->look->scratch);
	if ((a->tally ? a->tally->read : 0) % 64)
		return NULL; /* clocks cost more than a record */
	TRY(import_sign(a->look, xml_place(a->xml).offset, a->bytes));
	return import_point_is_due(a->look) ? note_point(a) : NULL;
}

static fallible
next_event(struct apple *a, struct xml_event *e)
{
	const struct err *error = xml_next(a->xml, e);

	return import_unreadable(a->look->cx, error,
	    TR("This file is not whole, or not what the Health app made. Make the export once more."),
	    xml_place(a->xml).line);
}

static fallible
read_all(struct apple *a)
{
	struct xml_event e = {0};

	while (e.kind != XML_DONE) {
		TRY(next_event(a, &e));
		switch (e.kind) {
		case XML_MORE: TRY(give_more(a)); break;
		case XML_START: TRY(take_start(a, &e)); break;
		case XML_END: TRY(take_end(a)); break;
		case XML_TEXT:
		case XML_DONE: break;
		}
	}
	a->look->import->done = a->look->import->total = a->bytes;
	return days_stage(&a->days, a->look);
}

fallible
import_apple_look(struct import_look *look)
{
	struct apple *a = ARENA_NEW(look->cx->arena, struct apple);
	const struct err *error;

	a->look = look;
	a->days.arena = &a->days_arena;
	a->xml = ARENA_NEW(look->cx->arena, struct xml_reader);
	error = begin(a);
	if (!error)
		error = read_all(a);
	error = error ? err_copy(look->cx->arena, error) : NULL;
	if (a->file)
		import_file_close(a->file);
	arena_release(&a->days_arena);
	arena_release(&a->reader_arena);
	return error;
}
