/* SPDX-License-Identifier: Apache-2.0 */
#include "care/journal/journal_plot.h"

#include <math.h>

#include "care/journal/journal_rule.h"
#include "care/record/record_view.h"
#include "platform/format/fhir_date.h"

#define COURSE_MAX   2000 /* readings that are drawn and averaged: the newest */
#define CLINIC_MAX   500
#define LOINC_SYSTEM "http://loinc.org"

str
journal_pair_words(const struct page_cx *px, const struct journal_log *log, const struct journal_unit *unit,
    int64_t first, int64_t second)
{
	str a = journal_number_in(px->arena, first, unit);
	str words = unit->words[0] ? tr(px->lang, unit->words) : S("");

	if (log->plotted == 2)
		return arena_printf(px->arena, "%.*s/%.*s %.*s", STR_ARG(a),
		    STR_ARG(journal_number_in(px->arena, second, unit)), STR_ARG(words));
	return arena_printf(px->arena, "%.*s %.*s", STR_ARG(a), STR_ARG(words));
}

static double
as_double(int64_t first_nano, const struct journal_unit *unit)
{
	return (double)journal_from_first(unit, first_nano) / (double)JOURNAL_NANO;
}

static struct plot_point
own_point(const struct page_cx *px, const struct journal_entry *entry, const struct journal_unit *unit)
{
	struct plot_point point = {.at = entry->at, .value = NAN, .second = PLOT_SINGLE};
	int64_t nano;

	if (journal_nano(entry, 0, &nano))
		point.value = as_double(nano, unit);
	if (entry->log->plotted == 2 && journal_nano(entry, 1, &nano))
		point.second = as_double(nano, unit);
	point.label = TF2("%1, %2", journal_title(px, entry), journal_when(px, entry));
	return point;
}

/* A number of the clinic in the first unit of the field. */
static bool
clinic_nano(
    const struct page_cx *px, const struct journal_field *field, const struct json_value *quantity, int64_t *nano)
{
	const struct journal_unit *unit = journal_unit_find(field->units, json_text_at(quantity, "code"));
	str digits = record_number(px->arena, json_number_text(json_get(quantity, "value")));

	if (!unit || !journal_number_parse(digits, nano))
		return false;
	*nano = journal_to_first(unit, *nano);
	return true;
}

static const struct json_value *
component_of(const struct json_value *json, const char *loinc)
{
	json_each_item (json_get(json, "component"), component)
		json_each_item (json_path(component, "code.coding"), coding)
			if (str_equal(json_text_at(coding, "code"), str_from_z(loinc)))
				return json_get(component, "valueQuantity");
	return NULL;
}

static bool
clinic_point(const struct page_cx *px, const struct journal_log *log, const struct json_value *json,
    const struct journal_unit *unit, struct plot_point *out)
{
	const struct journal_field *fields = log->fields;
	bool has_two = log->plotted == 2;
	int64_t first, second = 0;
	struct fhir_date date;

	if (!fhir_date_parse(FHIR_DATETIME, json_text_at(json, "effectiveDateTime"), &date) ||
	    !clinic_nano(px, &fields[0],
		has_two ? component_of(json, fields[0].loinc) : json_get(json, "valueQuantity"), &first) ||
	    (has_two && !clinic_nano(px, &fields[1], component_of(json, fields[1].loinc), &second)))
		return false;
	*out = (struct plot_point){.at = date.low,
	    .value = as_double(first, unit),
	    .second = has_two ? as_double(second, unit) : PLOT_SINGLE,
	    .label =
		TF2("%1 at the clinic, %2", journal_pair_words(px, log, unit, first, second), px_date(px, date.low))};
	return true;
}

/* An entry that was taken in is one point, said as such: its copy has the same moment. */
static void
note_accepted(const struct page_cx *px, const struct json_value *copy, struct plot_point *own, size_t count)
{
	struct fhir_date date;

	if (!fhir_date_parse(FHIR_DATETIME, json_text_at(copy, "effectiveDateTime"), &date))
		return;
	for (size_t i = 0; i < count; i++)
		if (own[i].at.ms == date.low.ms)
			own[i].label = TF1("%1, taken into the record", own[i].label);
}

/* What the clinic measured under the same code. */
static fallible
load_clinic(struct cx *cx, const struct page_cx *px, const struct journal_query *query, struct journal_course *course,
    struct plot_point *own, struct plot_series *out)
{
	str code = arena_printf(cx->arena, LOINC_SYSTEM "|%s", query->log->loinc);
	struct resource_date_filter date = {"date", query->since, query->since, DATE_GE};
	struct resource_search search = {.patient = query->patient,
	    .type = RESOURCE_OBSERVATION,
	    .tokens = &(struct resource_token_filter){.param = "code", .values = &code, .count = 1},
	    .token_count = 1,
	    .dates = &date,
	    .date_count = instant_is_none(query->since) ? 0 : 1,
	    .sort = "date",
	    .descending = true,
	    .count = CLINIC_MAX};
	struct plot_point *points;
	const struct resource *resources;
	struct db_rows rows;

	TRY(resource_find(cx, &search, &rows, NULL));
	resources = rows.items;
	points = ARENA_ARRAY(cx->arena, struct plot_point, rows.count + 1);
	for (size_t i = 0; i < rows.count; i++) {
		const struct json_value *json;

		if (resources[i].log)
			continue;
		TRY(json_parse(cx->arena, resources[i].body, &json, NULL));
		if (str_starts(json_text_at(json, "performer.0.reference"), S("Patient/")))
			note_accepted(px, json, own, course->count);
		else
			out->count += clinic_point(px, query->log, json, course->unit, &points[out->count]);
	}
	out->points = points;
	return NULL;
}

static fallible
target_of(struct cx *cx, const struct journal_query *query, const struct journal_unit *unit, struct plot *plot)
{
	const struct journal_rule *rules;
	struct db_rows rows;

	TRY(journal_rules_of(cx, query->patient, query->log->number, &rows));
	rules = rows.items;
	for (size_t i = 0; i < rows.count; i++) {
		if (rules[i].kind != RULE_TARGET || rules[i].field != 0)
			continue;
		plot->range_low =
		    rules[i].low == RULE_OPEN_LOW ? NAN : as_double(rules[i].low * (JOURNAL_NANO / 1000), unit);
		plot->range_high =
		    rules[i].high == RULE_OPEN_HIGH ? NAN : as_double(rules[i].high * (JOURNAL_NANO / 1000), unit);
	}
	return NULL;
}

fallible
journal_course_load(struct cx *cx, const struct page_cx *px, const struct journal_query *asked, bool with_clinic,
    struct journal_course *out)
{
	const struct journal_log *log = asked->log;
	struct plot_series *series = ARENA_ARRAY(cx->arena, struct plot_series, 2);
	struct journal_query query = *asked;
	struct journal_course course = {
	    .plot = {.title = tr(px->lang, log->title), .zone = px->zone, .lang = px->lang}};
	struct plot_point *own;
	struct db_rows rows;

	query.count = COURSE_MAX;
	TRY(journal_entries(cx, &query, &rows, NULL));
	course.entries = rows.items;
	course.count = rows.count;
	course.unit = rows.count && course.entries[0].values.unit[0] ? course.entries[0].values.unit[0]
	                                                             : journal_unit_for(&log->fields[0], STR_NONE);
	own = ARENA_ARRAY(cx->arena, struct plot_point, rows.count + 1);
	for (size_t i = 0; i < rows.count; i++)
		own[i] = own_point(px, &course.entries[i], course.unit);
	if (with_clinic)
		series[course.plot.series_count++] = (struct plot_series){.name = T("Clinic")};
	if (with_clinic && log->loinc)
		TRY(load_clinic(cx, px, &query, &course, own, &series[0]));
	course.clinic_count = series[0].count;
	series[course.plot.series_count++] =
	    (struct plot_series){.name = T("Own readings"), .points = own, .count = rows.count};
	course.plot.series = series;
	TRY(target_of(cx, &query, course.unit, &course.plot));
	course.plot.unit = course.unit->words[0] ? tr(px->lang, course.unit->words) : S("");
	course.plot.words =
	    rows.count ? TF2("%1 on %2", journal_title(px, &course.entries[0]), journal_when(px, &course.entries[0]))
		       : S("");
	*out = course;
	return NULL;
}
