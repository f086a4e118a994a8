/* SPDX-License-Identifier: Apache-2.0 */
/* The page of one log: who sees it, the newest entry, its course, averages by time of day and by day, week or month, and every entry in a
 * table. */
#include "care/journal/journal_pages_internal.h"

#include "care/journal/journal_plot.h"

#define LINES         20 /* of one page of the list */
#define TIME_ROWS_MAX 60

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
		    arena_printf(px->arena, "%.*s?span=%s&by=%s&averages=open#averages", STR_ARG(view->scope->path),
			spans[span].name, groups[i].name)};
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
	    .mean = journal_pair_words(px, log, unit, journal_mean_of(a), journal_mean_of(b)),
	    .low = journal_pair_words(px, log, unit, a->low, b->low),
	    .high = journal_pair_words(px, log, unit, a->high, b->high),
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

/* ---- over time ---- */

static fallible
fill_course(struct cx *cx, const struct page_cx *px, size_t span, size_t group, struct journal_log_page *view)
{
	struct journal_query query = JOURNAL_QUERY(.patient = view->scope->patient, .log = view->scope->log);
	struct journal_course course;

	if (spans[span].days)
		query.since = instant_add_ms(px->now, -spans[span].days * DAY_MS);
	TRY(journal_course_load(cx, px, &query, true, &course));
	view->clinic_count = course.clinic_count;
	view->plot_words = course.plot.words;
	view->plot = plot_svg(px->arena, &course.plot);
	fill_parts(px, view->scope->log, course.unit, course.entries, course.count, view);
	fill_times(px, group, course.unit, course.entries, course.count, view);
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
	if (scope->log->has_files)
		TRY(journal_files_marks(cx, px, scope, entries, lines, rows.count));
	TRY(journal_comment_marks(cx, scope, entries, lines, rows.count));
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
	view.averages_open = request_query(rq, "averages").n > 0;
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
