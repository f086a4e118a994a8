/* SPDX-License-Identifier: Apache-2.0 */
/* The page of one log: who sees it, the newest entry, the course as a plot with the clinic's values and the target, averages by time of
 * day and by day, week or month, and every entry in a table. */
#include "care/journal/journal_pages_internal.h"

#include <math.h>

#include "care/record/record_view.h"
#include "platform/format/fhir_date.h"

#define LINES         20   /* of one page of the list */
#define COURSE_MAX    2000 /* readings that are drawn and averaged: the newest */
#define CLINIC_MAX    500
#define TIME_ROWS_MAX 60
#define LOINC_SYSTEM  "http://loinc.org"

/* ---- spans and groups ---- */

static const struct {
	const char *name, *words;
	int days; /* 0: all */
} spans[] = {
    {"week", TR("7 days"), 7},
    {"month", TR("30 days"), 30},
    {"quarter", TR("3 months"), 92},
    {"year", TR("1 year"), 366},
    {"all", TR("All"), 0},
};
#define SPANS        (sizeof(spans) / sizeof(spans[0]))
#define SPAN_QUARTER 2
static const struct {
	const char *name, *words, *caption;
} groups[] = {
    {"day", TR("By day"), TR("Average of each day")},
    {"week", TR("By week"), TR("Average of each week")},
    {"month", TR("By month"), TR("Average of each month")},
};
#define GROUPS     (sizeof(groups) / sizeof(groups[0]))
#define GROUP_WEEK 1

static size_t
span_of(struct request *rq)
{
	str asked = request_query(rq, "span");

	for (size_t i = 0; i < SPANS; i++)
		if (str_equal(asked, str_from_z(spans[i].name)))
			return i;
	return SPAN_QUARTER;
}

static size_t
group_of(struct request *rq)
{
	str asked = request_query(rq, "by");

	for (size_t i = 0; i < GROUPS; i++)
		if (str_equal(asked, str_from_z(groups[i].name)))
			return i;
	return GROUP_WEEK;
}

static void
fill_choices(const struct page_cx *px, size_t span, size_t group, struct journal_log_page *view)
{
	struct option *s = ARENA_ARRAY(px->arena, struct option, SPANS),
		      *g = ARENA_ARRAY(px->arena, struct option, GROUPS);

	for (size_t i = 0; i < SPANS; i++)
		s[i] = (struct option){i == span ? S("now") : S(""), tr(px->lang, spans[i].words),
		    arena_printf(px->arena, "%.*s?span=%s&by=%s", STR_ARG(view->scope->path), spans[i].name,
			groups[group].name)};
	for (size_t i = 0; i < GROUPS; i++)
		g[i] = (struct option){i == group ? S("now") : S(""), tr(px->lang, groups[i].words),
		    arena_printf(
			px->arena, "%.*s?span=%s&by=%s", STR_ARG(view->scope->path), spans[span].name, groups[i].name)};
	view->spans = s;
	view->span_count = SPANS;
	view->groups = g;
	view->group_count = GROUPS;
	view->lines_path = arena_printf(
	    px->arena, "%.*s?span=%s&by=%s", STR_ARG(view->scope->path), spans[span].name, groups[group].name);
}

/* ---- sharing, in a sentence ---- */

static fallible
reader_name(struct cx *cx, const struct page_cx *px, account_id reader, str *out)
{
	struct account account;

	if (uuid_equal(reader.v, SHARE_CARE_TEAM.v)) {
		*out = T("your care team");
		return NULL;
	}
	TRY(account_get(cx, reader, &account));
	*out = account.name;
	return NULL;
}

fallible
journal_sharing_words(
    struct cx *cx, const struct page_cx *px, const struct journal_scope *scope, struct journal_sharing_note *out)
{
	struct buf names = BUF_INIT(cx->arena);
	const struct journal_share *shares;
	struct db_rows rows;

	*out = (struct journal_sharing_note){0};
	if (!scope->own) {
		out->words = T("Entered by the patient, who shares it with the care team.");
		return NULL;
	}
	TRY(journal_share_readers(cx, scope->patient, scope->log->number, &rows));
	shares = rows.items;
	for (size_t i = 0; i < rows.count; i++) {
		str name;

		TRY(reader_name(cx, px, shares[i].reader, &name));
		buf_printf(&names, "%s%.*s", i ? ", " : "", STR_ARG(name));
	}
	out->is_private = rows.count == 0;
	out->words = rows.count ? TF1("Shared with %1.", buf_str(&names)) : T("Private: only you see this log.");
	return NULL;
}

/* ---- figures ---- */

static str
pair_words(const struct page_cx *px, const struct journal_log *log, const struct journal_unit *unit, int64_t first,
    int64_t second)
{
	str a = journal_number_in(px->arena, first, unit);
	str words = unit->words[0] ? tr(px->lang, unit->words) : S("");

	if (log->plotted == 2)
		return arena_printf(px->arena, "%.*s/%.*s %.*s", STR_ARG(a),
		    STR_ARG(journal_number_in(px->arena, second, unit)), STR_ARG(words));
	return arena_printf(px->arena, "%.*s %.*s", STR_ARG(a), STR_ARG(words));
}

struct pair {
	struct journal_mean of[2];
};

static void
pair_add(struct pair *pair, const struct journal_entry *entry)
{
	int64_t nano;

	for (size_t i = 0; i < entry->log->plotted; i++)
		if (journal_nano(entry, i, &nano))
			journal_mean_add(&pair->of[i], nano);
}

static struct journal_mean_row
pair_row(const struct page_cx *px, const struct journal_log *log, const struct journal_unit *unit, str title,
    const struct pair *pair)
{
	const struct journal_mean *a = &pair->of[0], *b = pair->of[1].count ? &pair->of[1] : &pair->of[0];

	return (struct journal_mean_row){.title = title,
	    .mean = pair_words(px, log, unit, journal_mean_of(a), journal_mean_of(b)),
	    .low = pair_words(px, log, unit, a->low, b->low),
	    .high = pair_words(px, log, unit, a->high, b->high),
	    .count = px_number(px, a->count)};
}

static void
fill_parts(const struct page_cx *px, const struct journal_log *log, const struct journal_unit *unit,
    const struct journal_entry *entries, size_t count, struct journal_log_page *view)
{
	struct journal_mean_row *rows = ARENA_ARRAY(px->arena, struct journal_mean_row, JOURNAL_PARTS);
	struct pair parts[JOURNAL_PARTS] = {0};

	for (size_t i = 0; i < count; i++)
		if (entries[i].has_time)
			pair_add(&parts[journal_part_of(px->zone ? px->zone : zone_utc(), entries[i].at)], &entries[i]);
	for (int i = 0; i < JOURNAL_PARTS; i++)
		if (parts[i].of[0].count)
			rows[view->part_count++] =
			    pair_row(px, log, unit, tr(px->lang, journal_part_words((enum journal_part)i)), &parts[i]);
	view->by_part = rows;
}

/* The first day of the day, week (from Sunday) or month that an entry lies in. */
static int32_t
group_day(const struct page_cx *px, size_t group, const struct journal_entry *entry)
{
	struct civil_date date = zone_civil(entry->has_time && px->zone ? px->zone : zone_utc(), entry->at).date;
	int32_t day = civil_date_to_days(date);

	if (group == GROUP_WEEK)
		return day - civil_weekday(day);
	date.day = group > GROUP_WEEK ? 1 : date.day;
	return civil_date_to_days(date);
}

static void
fill_times(const struct page_cx *px, size_t group, const struct journal_unit *unit, const struct journal_entry *entries,
    size_t count, struct journal_log_page *view)
{
	struct journal_mean_row *rows = ARENA_ARRAY(px->arena, struct journal_mean_row, TIME_ROWS_MAX);

	for (size_t i = 0; i < count && view->time_count < TIME_ROWS_MAX;) {
		int32_t day = group_day(px, group, &entries[i]);
		str when = px_date_only(px, civil_date_from_days(day));
		struct pair pair = {0};

		for (; i < count && group_day(px, group, &entries[i]) == day; i++)
			pair_add(&pair, &entries[i]);
		if (group == GROUP_WEEK)
			when = TF1("Week of %1", when);
		if (pair.of[0].count)
			rows[view->time_count++] = pair_row(px, view->scope->log, unit, when, &pair);
	}
	view->by_time = rows;
	view->time_caption = tr(px->lang, groups[group].caption);
}

/* ---- the plot ---- */

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
	    .label = TF2("%1 at the clinic, %2", pair_words(px, log, unit, first, second), px_date(px, date.low))};
	return true;
}

/* What the clinic measured under the same code. */
static fallible
load_clinic(struct cx *cx, const struct page_cx *px, const struct journal_scope *scope, const struct journal_unit *unit,
    instant since, struct plot_series *out)
{
	str code = arena_printf(cx->arena, LOINC_SYSTEM "|%s", scope->log->loinc);
	struct resource_date_filter date = {"date", since, since, DATE_GE};
	struct resource_search search = {.patient = scope->patient,
	    .type = RESOURCE_OBSERVATION,
	    .tokens = &(struct resource_token_filter){.param = "code", .values = &code, .count = 1},
	    .token_count = 1,
	    .dates = &date,
	    .date_count = instant_is_none(since) ? 0 : 1,
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
			continue; /* taken in from here */
		out->count += clinic_point(px, scope->log, json, unit, &points[out->count]);
	}
	out->points = points;
	return NULL;
}

static fallible
target_of(struct cx *cx, const struct journal_scope *scope, const struct journal_unit *unit, struct plot *plot)
{
	const struct journal_rule *rules;
	struct db_rows rows;

	TRY(journal_rules_of(cx, scope->patient, scope->log->number, &rows));
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

static fallible
fill_course(struct cx *cx, const struct page_cx *px, size_t span, size_t group, struct journal_log_page *view)
{
	const struct journal_log *log = view->scope->log;
	instant since = spans[span].days ? instant_add_ms(px->now, -spans[span].days * DAY_MS) : INSTANT_NONE;
	struct journal_query query = JOURNAL_QUERY(.patient = view->scope->patient, .log = log, .count = COURSE_MAX);
	const struct journal_entry *entries;
	struct plot_point *points;
	struct plot_series series[2] = {{.name = T("Clinic")}, {.name = T("Own readings")}};
	const struct journal_unit *unit;
	struct plot plot = {
	    .title = tr(px->lang, log->title), .series = series, .series_count = 2, .zone = px->zone, .lang = px->lang};
	struct db_rows rows;

	query.since = since;
	TRY(journal_entries(cx, &query, &rows, NULL));
	entries = rows.items;
	unit = rows.count && entries[0].values.unit[0] ? entries[0].values.unit[0]
	                                               : journal_unit_for(&log->fields[0], STR_NONE);
	points = ARENA_ARRAY(cx->arena, struct plot_point, rows.count + 1);
	for (size_t i = 0; i < rows.count; i++)
		points[i] = own_point(px, &entries[i], unit);
	series[1].points = points;
	series[1].count = rows.count;
	if (log->loinc)
		TRY(load_clinic(cx, px, view->scope, unit, since, &series[0]));
	view->clinic_count = series[0].count;
	TRY(target_of(cx, view->scope, unit, &plot));
	plot.unit = unit->words[0] ? tr(px->lang, unit->words) : S("");
	plot.words =
	    rows.count ? TF2("%1 on %2", journal_title(px, &entries[0]), journal_when(px, &entries[0])) : S("");
	view->plot_words = plot.words;
	view->plot = plot_svg(px->arena, &plot);
	fill_parts(px, log, unit, entries, rows.count, view);
	fill_times(px, group, unit, entries, rows.count, view);
	return NULL;
}

/* ---- the list ---- */

static fallible
fill_lines(struct cx *cx, struct request *rq, const struct page_cx *px, struct journal_log_page *view)
{
	const struct journal_scope *scope = view->scope;
	const struct journal_entry *entries;
	struct journal_line *lines;
	struct db_rows rows;
	instant seen = INSTANT_NONE;
	account_id by = {0};
	int64_t page;

	if (!str_to_int64(request_query(rq, "page"), &page) || page < 1)
		page = 1;
	if (!scope->own)
		TRY(journal_seen_row(cx, scope->patient, scope->log->number, &seen, &by));
	TRY(journal_entries(cx,
	    &JOURNAL_QUERY(.patient = scope->patient, .log = scope->log, .offset = (page - 1) * LINES, .count = LINES),
	    &rows, &view->total));
	entries = rows.items;
	lines = ARENA_ARRAY(cx->arena, struct journal_line, rows.count + 1);
	for (size_t i = 0; i < rows.count; i++)
		lines[i] = (struct journal_line){.title = journal_title(px, &entries[i]),
		    .detail = journal_detail(px, &entries[i]),
		    .when = journal_when(px, &entries[i]),
		    .source = entries[i].values.source.n ? entries[i].values.source : entries[i].values.by,
		    .path = arena_printf(cx->arena, "%.*s/entries/%.*s", STR_ARG(scope->path), STR_ARG(entries[i].id)),
		    .is_new = !scope->own && (instant_is_none(seen) || seen.ms < entries[i].updated.ms)};
	view->lines = lines;
	view->count = rows.count;
	view->page = page;
	view->pages = (view->total + LINES - 1) / LINES;
	if (rows.count && page == 1) {
		view->last_title = lines[0].title;
		view->last_when = lines[0].when;
		if (scope->standing.writes && scope->own && !scope->log->made_at && !scope->log->has_files)
			view->again_path = arena_printf(
			    cx->arena, "%.*s/new?again=%.*s", STR_ARG(scope->path), STR_ARG(entries[0].id));
	}
	if (!instant_is_none(seen)) {
		struct account account;

		TRY(account_get(cx, by, &account));
		view->seen_words = TF2("Last looked at by %1, %2.", account.name, px_date(px, seen));
	}
	view->may_see = !scope->own && view->total > 0;
	return NULL;
}

fallible
get_journal_log(struct cx *cx, struct request *rq)
{
	struct page_cx page, *px = &page;
	struct journal_scope scope;
	struct journal_log_page view = {.scope = &scope};
	struct buf html = BUF_INIT(cx->arena);
	size_t span = span_of(rq), group = group_of(rq);
	unsigned rights;

	TRY(journal_scope_open(cx, rq, STR_NONE, &scope, px));
	if (!scope.own)
		px->title = arena_printf(cx->arena, "%.*s: %.*s", STR_ARG(px->title), STR_ARG(scope.name));
	px->print = request_query(rq, "print").n > 0;
	TRY(journal_sharing_words(cx, px, &scope, &view.sharing));
	fill_choices(px, span, group, &view);
	TRY(fill_lines(cx, rq, px, &view));
	if (scope.log->plotted)
		TRY(fill_course(cx, px, span, group, &view));
	TRY(access_rights_acting(cx, &rights));
	view.may_attach = scope.standing.owns || (rights & RIGHT_MESSAGES_WRITE);
	TRY(journal_rule_lines(cx, px, &scope, &view.rules, &view.rule_count));
	journal_flash(rq, px);
	journal_audit_read(cx, &scope, AUDIT_VIEW, view.count);
	page_journal_log(&html, px, &view);
	return respond_page(rq, 200, buf_str(&html));
}

fallible
post_journal_attach(struct cx *cx, struct request *rq)
{
	struct journal_scope scope;
	struct page_cx px;
	struct uuid draft;

	TRY(journal_scope_open(cx, rq, STR_NONE, &scope, &px));
	TRY(journal_attach(cx, &px, scope.patient, scope.log, &draft));
	return respond_see_other(
	    rq, arena_printf(cx->arena, "/messages/new?draft=%.*s", STR_ARG(uuid_text(cx->arena, draft))));
}
