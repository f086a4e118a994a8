/* SPDX-License-Identifier: Apache-2.0 */
/* Observations of FHIR R4, as devices and apps write them: in a Bundle, one a line, or alone.  What another Salve's log exported comes back
 * to the field; what is no Observation is counted by its type. */
#include "care/imports/imports_internal.h"
#include "platform/format/fhir_date.h"
#include "platform/format/json.h"
#include "platform/format/utf8.h"

#define LOINC S("http://loinc.org")

/* Codes beside those of the logs themselves. */
static const struct {
	const char *loinc, *log, *note; /* note: goes into the comments; NULL: none */
} also[] = {
    {"55284-4", "blood-pressure", NULL},
    {"3141-9", "weight", NULL},
    {"3142-7", "weight", NULL},
    {"2339-0", "blood-sugar", NULL},
    {"2345-7", "blood-sugar", NULL},
    {"32016-8", "blood-sugar", NULL},
    {"15074-8", "blood-sugar", NULL},
    {"14743-9", "blood-sugar", NULL},
    {"99504-3", "blood-sugar", NULL},
    {"105272-9", "blood-sugar", NULL},
    {"40443-4", "heart-rate", TR("Resting heart rate")},
    {"8889-8", "heart-rate", NULL},
    {"8331-1", "temperature", NULL},
    {"8310-5", "temperature", NULL},
    {"38208-5", "pain", NULL},
    {"6301-6", "inr", NULL},
    {"46418-0", "inr", NULL},
    {"59408-5", "oxygen", NULL},
    {"24331-1", "cholesterol", NULL},
    {"2093-3", "cholesterol", NULL},
    {"55423-8", "activity", NULL},
    {"41950-7", "activity", NULL},
};

/* ---- which log ---- */

static const struct journal_log *
log_of_code(str loinc, const char **note)
{
	const struct journal_log *log;

	*note = NULL;
	for (size_t i = 0; (log = journal_log_at(i)); i++)
		if (log->loinc && str_equal(loinc, str_from_z(log->loinc)))
			return log;
	if (str_equal(loinc, S("2708-6")))
		return journal_log_find(S("oxygen"));
	for (size_t i = 0; i < sizeof(also) / sizeof(also[0]); i++)
		if (str_equal(loinc, str_from_z(also[i].loinc))) {
			*note = also[i].note;
			return journal_log_find(str_from_z(also[i].log));
		}
	return NULL;
}

static const struct journal_log *
find_log(const struct json_value *json, str *code, const char **note)
{
	*code = json_text_at(json, "code.text");
	json_each_item (json_path(json, "code.coding"), coding) {
		const struct journal_log *log;

		if (!str_equal(json_text_at(coding, "system"), LOINC))
			continue;
		*code = json_text_at(coding, "code");
		log = log_of_code(*code, note);
		if (log)
			return log;
	}
	return NULL;
}

/* ---- values ---- */

static bool
quantity_of(const struct page_cx *px, const struct journal_field *field, const struct json_value *quantity, size_t i,
    struct journal_values *out, str *why)
{
	str unit = json_text_at(quantity, "code"), label = tr(px->lang, field->label);
	const struct journal_unit *found;
	int64_t nano;
	int power;

	if (!unit.n)
		unit = json_text_at(quantity, "unit");
	found = import_unit(field->units, unit, &power);
	if (!found && !unit.n && field->units->count == 1)
		found = &field->units->items[0];
	if (!found) {
		*why = TF2(
		    "%1: the unit \"%2\" cannot be converted into one of this log.", label, utf8_take_chars(unit, 40));
		return false;
	}
	if (!import_number(json_number_text(json_get(quantity, "value")), false, &nano)) {
		*why = TF1("%1 has no value that is a number.", label);
		return false;
	}
	out->unit[i] = found;
	out->text[i] = import_number_text(px->arena, nano, power);
	return true;
}

static const struct json_value *
component_of(const struct json_value *json, const char *loinc)
{
	json_each_item (json_get(json, "component"), component)
		json_each_item (json_path(component, "code.coding"), coding)
			if (loinc && str_equal(json_text_at(coding, "system"), LOINC) &&
			    str_equal(json_text_at(coding, "code"), str_from_z(loinc)))
				return json_get(component, "valueQuantity");
	return NULL;
}

/* A lipid that stands alone is the component of its own code. */
static const struct json_value *
value_of(const struct json_value *json, const struct journal_field *field, str code)
{
	if (field->shape == SHAPE_QUANTITY)
		return json_get(json, "valueQuantity");
	if (field->loinc && str_equal(code, str_from_z(field->loinc)))
		return json_get(json, "valueQuantity");
	return component_of(json, field->loinc);
}

static str
time_of(const struct json_value *json)
{
	static const char *const paths[] = {
	    "effectiveDateTime", "effectiveInstant", "effectivePeriod.start", "effectivePeriod.end"};
	struct fhir_date date;

	for (size_t i = 0; i < sizeof(paths) / sizeof(paths[0]); i++)
		if (fhir_date_parse(FHIR_DATETIME, json_text_at(json, paths[i]), &date))
			return json_text_at(json, paths[i]);
	return STR_NONE;
}

static void
add_words(const struct page_cx *px, str text, str *out)
{
	if (text.n)
		*out = out->n ? arena_printf(px->arena, "%.*s %.*s", STR_ARG(*out), STR_ARG(text)) : text;
}

/* Steps have no log of their own: a day of the activity journal. */
static bool
activity_of(const struct page_cx *px, const struct json_value *json, struct journal_values *out, str *why)
{
	str time = time_of(json);
	int64_t nano;

	out->text[0] = T("Steps");
	out->text[1] = str_take(time, 10);
	out->text[3] = S("steps");
	if (import_number(json_number_text(json_path(json, "valueQuantity.value")), false, &nano)) {
		out->text[2] = import_number_text(px->arena, nano, 0);
		return true;
	}
	*why = TF1("%1 has no value that is a number.", T("Steps"));
	return false;
}

static bool
values_of(const struct page_cx *px, const struct journal_log *log, const struct json_value *json, str code,
    const char *note, struct journal_values *out, str *why)
{
	str comment = STR_NONE;

	if (strcmp(log->name, "activity") == 0)
		return activity_of(px, json, out, why);
	for (size_t i = 0; i < log->field_count; i++) {
		const struct journal_field *field = &log->fields[i];
		const struct json_value *quantity;

		if (field->kind == FIELD_TIME)
			out->text[i] = time_of(json);
		if (strcmp(field->name, "device") == 0)
			out->text[i] = json_text_at(json, "device.display");
		if (strcmp(field->name, "comments") == 0) {
			add_words(px, note ? tr(px->lang, note) : STR_NONE, &comment);
			json_each_item (json_get(json, "note"), said)
				add_words(px, json_text_at(said, "text"), &comment);
			out->text[i] = comment;
		}
		if (field->kind != FIELD_NUMBER || !(quantity = value_of(json, field, code)))
			continue;
		if (!quantity_of(px, field, quantity, i, out, why))
			return false;
	}
	return true;
}

/* ---- one resource ---- */

static fallible
take_observation(struct import_look *look, const struct json_value *json, int64_t line)
{
	struct page_cx px = look->px;
	struct import_found found = {.line = line, .what = json_source(json)};
	str status = json_text_at(json, "status"), code, why = STR_NONE;
	const char *note;

	px.arena = &look->scratch;
	found.log = find_log(json, &code, &note);
	found.tally = import_tally(look->cx->arena, &look->import->facts.tallies,
	    utf8_take_chars(code.n ? code : S("Observation"), IMPORT_SOURCE_CHARS_MAX),
	    found.log ? found.log->number : 0);
	found.tally->read++;
	if (!found.log) {
		found.tally->aside[ASIDE_NO_LOG]++;
		return NULL;
	}
	if (str_equal(status, S("entered-in-error")) || str_equal(status, S("cancelled"))) {
		found.tally->aside[ASIDE_ERROR]++;
		return NULL;
	}
	if (!values_of(&px, found.log, json, code, note, &found.values, &why))
		return import_refuse(look, found.tally, line, found.what, why);
	found.values.source = json_text_at(json, "device.display");
	if (!found.values.source.n)
		found.values.source = json_text_at(json, "performer.0.display");
	if (!found.values.source.n)
		found.values.source = look->import->facts.name;
	found.values.source = utf8_take_chars(found.values.source, IMPORT_SOURCE_CHARS_MAX);
	found.values.origin = json_text_at(json, "identifier.0.value");
	if (!found.values.origin.n)
		found.values.origin = json_text_at(json, "id");
	return import_found(look, &found);
}

/* An entry of another Salve's log, whatever its type. */
static fallible
take_entry(struct import_look *look, const struct json_value *json, const struct journal_log *log, int64_t line)
{
	struct import_found found = {.line = line, .what = json_source(json), .log = log};

	found.tally = import_tally(look->cx->arena, &look->import->facts.tallies, str_from_z(log->name), log->number);
	found.tally->read++;
	if (!import_log_takes(log)) {
		found.tally->aside[ASIDE_NO_LOG]++;
		return NULL;
	}
	journal_from_fhir(&look->scratch, log, json, &found.values);
	found.values.by = STR_NONE;
	if (!found.values.source.n)
		found.values.source = look->import->facts.name;
	return import_found(look, &found);
}

static fallible
take_resource(struct import_look *look, const struct json_value *json, int64_t line)
{
	str type = json_text_at(json, "resourceType");
	int64_t log = journal_log_said(json);
	struct import_tally *tally;

	if (log > 0 && journal_log_of(log))
		return take_entry(look, json, journal_log_of(log), line);
	if (str_equal(type, S("Observation")))
		return take_observation(look, json, line);
	tally = import_tally(look->cx->arena, &look->import->facts.tallies,
	    utf8_take_chars(type.n ? type : S("?"), IMPORT_SOURCE_CHARS_MAX), 0);
	tally->read++;
	if (!type.n)
		return import_refuse(
		    look, tally, line, json_source(json), tr(look->px.lang, TR("This is no FHIR resource.")));
	tally->aside[ASIDE_NO_LOG]++;
	return NULL;
}

/* ---- the file ---- */

static fallible
take_bundle(struct import_look *look, const struct json_value *json)
{
	int64_t n = 0, total = (int64_t)json_count(json_get(json, "entry"));

	json_each_item (json_get(json, "entry"), entry) {
		const struct json_value *resource = json_get(entry, "resource");

		TRY(take_resource(look, resource ? resource : entry, ++n));
		arena_clear(&look->scratch);
		TRY(import_sign(look, n, total));
	}
	look->import->total = total;
	return NULL;
}

static fallible
take_lines(struct import_look *look, str text)
{
	struct arena arena = ARENA_INIT; /* of one line */
	int64_t n = 0, total = (int64_t)text.n;
	const struct err *error = NULL;
	str line;

	while (text.p && !error) {
		const struct json_value *json;
		struct import_tally *tally;

		text = str_cut(text, '\n', &line);
		n++;
		if (!str_trim(line).n)
			continue;
		if (json_parse(&arena, line, &json, NULL)) {
			tally = import_tally(look->cx->arena, &look->import->facts.tallies, S("?"), 0);
			tally->read++;
			error = import_refuse(
			    look, tally, n, line, tr(look->px.lang, TR("This line is no whole JSON text.")));
		} else {
			error = take_resource(look, json, n);
		}
		arena_clear(&arena);
		arena_clear(&look->scratch);
		if (!error)
			error = import_sign(look, total - (int64_t)text.n, total);
	}
	look->import->total = total;
	arena_release(&arena);
	return error;
}

/* A line that is whole by itself, with another behind it. */
static bool
is_lines(struct arena *arena, str text)
{
	const struct json_value *json;
	str first, rest = str_cut(str_trim(text), '\n', &first);

	return str_trim(rest).n && first.n < 1024 * 1024 && !json_parse(arena, first, &json, NULL);
}

fallible
import_fhir_look(struct import_look *look)
{
	const struct json_value *json;
	struct json_error where = {0};
	const struct err *error;
	str text;

	TRY(import_file_whole(look->cx, look->import, &text));
	if (str_starts(text, S("\xEF\xBB\xBF")))
		text = str_drop(text, 3);
	if (is_lines(&look->scratch, text))
		return take_lines(look, text);
	error = json_parse(look->cx->arena, text, &json, &where);
	TRY(import_unreadable(look->cx, error, TR("This is no whole FHIR file in JSON."), where.line));
	look->import->total = 1;
	if (str_equal(json_text_at(json, "resourceType"), S("Bundle")))
		return take_bundle(look, json);
	if (json_kind(json) == JSON_ARRAY) {
		int64_t n = 0;

		json_each_item (json, item)
			TRY(take_resource(look, item, ++n));
		return NULL;
	}
	return take_resource(look, json, 1);
}
