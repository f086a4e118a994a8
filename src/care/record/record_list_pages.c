/* SPDX-License-Identifier: Apache-2.0 */
/* Lists of the record: what the person asked to see, lines, pages of the list. */
#include "care/organization/organization.h"
#include "care/record/record_pages_internal.h"
#include "platform/format/utf8.h"

/* ---- filters ---- */

/* "2026-03-05" as the midnight that begins the day `plus` days later. An entry that tells only its day stands at midnight UTC:
 * whichever of the two midnights lets it in counts. */
static instant
day_begin(const struct page_cx *px, str text, int plus)
{
	const struct zone *zone = px->zone ? px->zone : zone_utc();
	struct fhir_date date;
	struct civil_time civil = {0};
	instant here, utc;

	if (!fhir_date_parse(FHIR_DATE, text, &date) || date.precision != FHIR_PRECISION_DAY)
		return INSTANT_NONE;
	civil.date = civil_date_from_days(civil_date_to_days(date.civil.date) + plus);
	here = zone_instant(zone, civil);
	utc = zone_instant(zone_utc(), civil);
	return instant_before(here, utc) == (plus == 0) ? here : utc;
}

void
record_filter_read(struct request *rq, const struct page_cx *px, enum record_class class, struct record_filter *out)
{
	int64_t year = 0;

	*out =
	    (struct record_filter){.query = utf8_take_chars(str_trim(request_query(rq, "q")), SEARCH_TEXT_CHARS_MAX)};
	if (str_to_int64(request_query(rq, "year"), &year) && year > 0 && year < 10000)
		out->span.year = (int)year;
	out->span.since = day_begin(px, request_query(rq, "from"), 0);
	out->span.until = day_begin(px, request_query(rq, "until"), 1);
	out->from = instant_is_none(out->span.since) ? STR_NONE : request_query(rq, "from");
	out->until = instant_is_none(out->span.until) ? STR_NONE : request_query(rq, "until");
	out->kind = record_kind_find(class, request_query(rq, "kind"));
	out->current = str_equal(request_query(rq, "show"), S("current"));
	out->panel = utf8_take_chars(request_query(rq, "panel"), SEARCH_TEXT_CHARS_MAX);
}

int
record_year(const struct page_cx *px, instant at)
{
	return instant_is_none(at) ? 0 : zone_civil(px->zone ? px->zone : zone_utc(), at).date.year;
}

int
record_item_year(const struct page_cx *px, const struct record_item *item)
{
	return record_year(px, item->at);
}

const int *
record_years(const struct page_cx *px, const struct record_items *items)
{
	int *years = ARENA_ARRAY(px->arena, int, RECORD_YEARS_MAX + 1);
	size_t count = 0;

	for (size_t i = 0; i < items->count && count < RECORD_YEARS_MAX; i++) {
		int year = record_item_year(px, &items->items[i]);

		if (year && (count == 0 || years[count - 1] != year)) /* items are newest first */
			years[count++] = year;
	}
	return years;
}

bool
record_filter_takes(const struct record_filter *filter, const struct page_cx *px, const struct record_item *item)
{
	str query = utf8_fold(px->arena, filter->query);

	return (!filter->current || item->current) && (!query.n || record_item_matches(px->arena, item, query));
}

/* ---- pages of a list ---- */

size_t
record_page_begin(struct request *rq, const struct page_cx *px, size_t total, struct record_list_page *view)
{
	int64_t rows = px->print ? RECORD_PRINT_ROWS : RECORD_PAGE_ROWS, page = 1;

	view->total = (int64_t)total;
	view->pages = (view->total + rows - 1) / rows;
	if (!str_to_int64(request_query(rq, "page"), &page) || page < 1)
		page = 1;
	if (page > view->pages)
		page = view->pages ? view->pages : 1;
	view->page = page;
	view->count = (size_t)(view->total - (page - 1) * rows);
	view->count = view->count > (size_t)rows ? (size_t)rows : view->count;
	return (size_t)((page - 1) * rows);
}

static void
add_parameter(struct buf *path, const char *name, str value)
{
	if (!value.n)
		return;
	buf_printf(path, "%c%s=", str_contains(buf_str(path), S("?")) ? '&' : '?', name);
	escape_url_part(path, value);
}

static void
fill_paths(struct cx *cx, struct request *rq, struct record_list_page *view)
{
	struct buf path = BUF_INIT(cx->arena);

	view->path = request_path(rq);
	buf_add(&path, view->path);
	add_parameter(&path, "q", view->filter.query);
	add_parameter(&path, "year", request_query(rq, "year"));
	add_parameter(&path, "from", view->filter.from);
	add_parameter(&path, "until", view->filter.until);
	add_parameter(&path, "kind", request_query(rq, "kind"));
	add_parameter(&path, "show", request_query(rq, "show"));
	add_parameter(&path, "panel", view->filter.panel);
	add_parameter(&path, "view", request_query(rq, "view"));
	view->filters_path = buf_str(&path);
	view->print_path = record_print_path(cx, rq);
}

static void
fill_kinds(const struct page_cx *px, enum record_class class, struct record_list_page *view)
{
	size_t count;
	const struct record_kind *kinds = record_kinds(class, &count);
	struct option *options = ARENA_ARRAY(px->arena, struct option, count + 1);

	for (size_t i = 0; i < count; i++)
		options[i] = (struct option){str_from_z(kinds[i].value), tr(px->lang, kinds[i].words), STR_NONE};
	view->kinds = options;
	view->kind_count = count;
}

void
record_list_begin(struct cx *cx, struct request *rq, const struct page_cx *px, const struct record_scope *scope,
    enum record_class class, struct record_list_page *view)
{
	view->scope = scope;
	view->section = &record_sections[class];
	record_filter_read(rq, px, class, &view->filter);
	fill_paths(cx, rq, view);
	fill_kinds(px, class, view);
}

/* ---- lines ---- */

static str
by_words(const struct page_cx *px, const struct record_item *item)
{
	if (item->who.n && item->where.n && !str_equal(item->who, item->where))
		return TF2("%1, %2", item->who, item->where);
	return item->who.n ? item->who : item->where;
}

fallible
record_lines_of(struct cx *cx, const struct page_cx *px, const struct record_scope *scope,
    const struct record_item *items, size_t count, const struct record_line **out)
{
	struct record_line *lines = ARENA_ARRAY(cx->arena, struct record_line, count + 1);

	for (size_t i = 0; i < count; i++) {
		struct record_item item = items[i];

		TRY(record_item_look_up(cx, px, &item));
		lines[i] = (struct record_line){.path = record_item_path(cx->arena, scope->base, &item),
		    .title = item.title,
		    .detail = item.detail.n ? item.detail : item.reason,
		    .value = item.value,
		    .range = item.measure.range,
		    .state = item.state,
		    .state_kind = item.state_kind,
		    .when = item.when,
		    .by = by_words(px, &item),
		    .count = (int64_t)item.group_count,
		    .own = item.own};
	}
	*out = lines;
	return NULL;
}

bool
record_any_range(const struct record_line *lines, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (lines[i].range.n)
			return true;
	return false;
}

/* The teams of this clinic that care for the patient, with their members. */
static fallible
fill_teams(struct cx *cx, const struct page_cx *px, const struct record_scope *scope, struct record_list_page *view)
{
	struct team_lines *out = ARENA_NEW(cx->arena, struct team_lines);
	struct record_line *lines;
	struct db_rows rows;
	const struct team *teams;

	TRY(teams_of_patient(cx, scope->patient, false, &rows));
	teams = rows.items;
	lines = ARENA_ARRAY(cx->arena, struct record_line, rows.count + 1);
	for (size_t i = 0; i < rows.count; i++) {
		struct db_rows members;
		struct buf names = BUF_INIT(cx->arena);

		TRY(team_members(cx, teams[i].id, &members));
		for (size_t j = 0; j < members.count; j++) {
			const struct team_member *member = &((const struct team_member *)members.items)[j];

			buf_printf(&names, "%s%.*s, %s", names.n ? "; " : "", STR_ARG(member->name),
			    staff_role_words((enum staff_role)member->role, px->lang));
		}
		lines[i] = (struct record_line){
		    .title = teams[i].name, .detail = buf_str(&names), .when = teams[i].care, .by = teams[i].place};
	}
	*out = (struct team_lines){lines, rows.count};
	view->teams = out;
	return NULL;
}

static bool
fits(const void *arg, const struct page_cx *px, const struct record_item *item)
{
	return record_filter_takes(arg, px, item);
}

/* Entries that only their content can tell from others are opened one after another, the newest first. */
static fallible
scan_list(struct cx *cx, struct request *rq, const struct page_cx *px, const struct record_places *places,
    struct record_items *items, struct record_list_page *view)
{
	struct record_scan scan = {.places = places,
	    .wanted = px->print ? RECORD_PRINT_ROWS : RECORD_PAGE_ROWS,
	    .looked_max = px->print ? RECORD_PRINT_ROWS : RECORD_LOOK_MAX,
	    .fits = fits,
	    .arg = &view->filter};
	int64_t begun = 0;
	size_t at;
	struct buf path = BUF_INIT(cx->arena);

	if (!str_to_int64(request_query(rq, "begin"), &begun) || begun < 0 || begun > (int64_t)places->count)
		begun = 0;
	at = (size_t)begun;
	TRY(record_places_scan(cx, px, view->scope->patient, &scan, &at, items));
	view->is_scanned = true;
	view->looked = (int64_t)at;
	view->looked_of = (int64_t)places->count;
	view->count = items->count;
	view->total = (int64_t)items->count;
	if (at < places->count) {
		buf_add(&path, view->filters_path);
		add_parameter(&path, "begin", arena_printf(cx->arena, "%zu", at));
		view->further_path = buf_str(&path);
	}
	return NULL;
}

fallible
record_list_load(struct cx *cx, struct request *rq, const struct page_cx *px, resource_type type,
    enum record_class class, struct record_list_page *view)
{
	const struct record_filter *filter = &view->filter;
	const struct record_query query = {
	    .class = class, .type = type, .kind = filter->kind, .current = filter->current, .span = filter->span};
	struct record_places places;
	struct record_items items = {0};

	TRY(record_places_find(cx, px, view->scope->patient, &query, &places));
	view->all = places.all;
	view->mistaken = places.mistaken;
	view->undated = places.undated;
	view->years = places.years;
	if (filter->query.n || filter->current) {
		TRY(scan_list(cx, rq, px, &places, &items, view));
	} else {
		size_t begin = record_page_begin(rq, px, places.count, view);

		TRY(record_places_open(cx, px, view->scope->patient, places.items + begin, view->count, &items));
		view->count = items.count;
	}
	view->mistaken += items.mistaken;
	return record_lines_of(cx, px, view->scope, items.items, items.count, &view->lines);
}

static fallible
show_list(struct cx *cx, struct request *rq, enum record_class class, resource_type only_type)
{
	struct record_scope scope;
	struct record_list_page view = {0};
	struct page_cx px;
	struct buf html = BUF_INIT(cx->arena);

	TRY(record_scope_open(cx, rq, tr(cx->lang, record_sections[class].title), &scope, &px));
	record_list_begin(cx, rq, &px, &scope, class, &view);
	TRY(record_list_load(cx, rq, &px, only_type, class, &view));
	if (class == CLASS_CARE_TEAM)
		TRY(fill_teams(cx, &px, &scope, &view));
	if (only_type)
		px.title = record_type_words(&px, only_type);
	TRY(record_waiting_count(cx, &scope, class, &view.waiting));
	record_audit(cx, &scope, AUDIT_VIEW, record_sections[class].subject, (struct uuid){{0}}, (int64_t)view.count);
	page_record_list(&html, &px, &view);
	return respond_page(rq, 200, buf_str(&html));
}

fallible
get_record_list(struct cx *cx, struct request *rq)
{
	return show_list(cx, rq, record_class_of_route(rq), 0);
}

fallible
get_record_other_type(struct cx *cx, struct request *rq)
{
	resource_type type = resource_type_find(request_param(rq, "type"));

	if (!type || !record_class_has_type(CLASS_OTHER, type))
		return ERR(ERR_GONE,
		    TR("We could not find that. It may have been removed, or it is not shared with you."),
		    "no such type of resource on this page");
	return show_list(cx, rq, CLASS_OTHER, type);
}

/* ---- what has no section of its own ---- */

fallible
get_record_other(struct cx *cx, struct request *rq)
{
	struct record_scope scope;
	struct record_other_page view = {.scope = &scope};
	struct page_cx px;
	struct buf html = BUF_INIT(cx->arena);
	int64_t *counts = ARENA_ARRAY(cx->arena, int64_t, (size_t)resource_type_count() + 1), total = 0;
	struct record_part *parts = ARENA_ARRAY(cx->arena, struct record_part, (size_t)resource_type_count());

	TRY(record_scope_open(cx, rq, tr(cx->lang, record_sections[CLASS_OTHER].title), &scope, &px));
	TRY(resource_counts(cx, scope.patient, counts));
	for (resource_type type = 1; type <= resource_type_count(); type++) {
		int64_t of[RECORD_CLASSES] = {0}, count;

		if (!counts[type] || !record_class_has_type(CLASS_OTHER, type))
			continue;
		TRY(record_class_counts(cx, scope.patient, counts, type, of));
		count = of[CLASS_OTHER];
		if (!count)
			continue;
		total += count;
		parts[view.part_count++] = (struct record_part){.title = record_type_words(&px, type),
		    .path = arena_printf(cx->arena, "%.*s/other/%s", STR_ARG(scope.base), resource_type_name(type)),
		    .count = count};
	}
	view.parts = parts;
	record_audit(cx, &scope, AUDIT_VIEW, AUDIT_OTHER, (struct uuid){{0}}, total);
	page_record_other(&html, &px, &view);
	return respond_page(rq, 200, buf_str(&html));
}
