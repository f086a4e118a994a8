/* SPDX-License-Identifier: Apache-2.0 */
/* The small decisions behind the templates in parts/: names of classes, ids, addresses. */
#include "platform/pages/parts.h"

/* ---- dates in the person's language ---- */

#define PX_TEXT(call)                          \
	struct buf text = BUF_INIT(px->arena); \
	call;                                  \
	return buf_str(&text)

str
px_date(const struct page_cx *px, instant at)
{
	PX_TEXT(date_words(&text, px->lang, px->zone, at, px->now));
}

str
px_date_full(const struct page_cx *px, instant at)
{
	PX_TEXT(date_words_full(&text, px->lang, px->zone, at));
}

str
px_date_short(const struct page_cx *px, instant at)
{
	PX_TEXT(date_words_short(&text, px->lang, px->zone, at, px->now));
}

str
px_day(const struct page_cx *px, instant at)
{
	PX_TEXT(day_words(&text, px->lang, px->zone, at, px->now));
}

str
px_date_only(const struct page_cx *px, struct civil_date date)
{
	PX_TEXT(date_only_words(&text, px->lang, date));
}

str
px_size(const struct page_cx *px, int64_t bytes)
{
	if (bytes < 1000)
		return TN("%1 byte", "%1 bytes", bytes);
	if (bytes < 999500)
		return TF1("%1 KB", (bytes + 500) / 1000);
	return TF2("%1.%2 MB", (bytes + 50000) / 1000000, (bytes + 50000) / 100000 % 10);
}

str
px_number(const struct page_cx *px, int64_t number)
{
	PX_TEXT(number_words(&text, px->lang, number));
}

str
machine_time(struct arena *arena, instant at)
{
	struct civil_time t = zone_civil(zone_utc(), at);

	return arena_printf(
	    arena, "%04d-%02d-%02dT%02d:%02d:%02dZ", t.date.year, t.date.month, t.date.day, t.hour, t.minute, t.second);
}

/* ---- the frame ---- */

bool
nav_is_active(const struct page_cx *px, const struct nav_item *item)
{
	return px->active && strcmp(px->active, item->path) == 0;
}

const char *
count_name(enum page_count count)
{
	switch (count) {
	case COUNT_UNREAD: return "unread";
	case COUNT_TASKS: return "tasks";
	case COUNT_CHART: return "chart";
	case COUNT_RX: return "medicines";
	case COUNT_VISITS: return "visits";
	case COUNT_NONE:
	case COUNT_KINDS: break;
	}
	return "";
}

/* ---- names of classes ---- */

const char *
notice_name(enum notice_kind kind)
{
	static const char *const names[] = {"info", "good", "warning", "danger"};

	return names[kind];
}

const char *
status_name(enum status_kind kind)
{
	static const char *const names[] = {"plain", "new", "good", "warning", "danger"};

	return names[kind];
}

const char *
button_class(enum button_kind kind)
{
	static const char *const classes[] = {"usa-button", "usa-button usa-button--outline",
	    "usa-button usa-button--unstyled", "usa-button usa-button--secondary"};

	return classes[kind];
}

const char *
width_class(int chars)
{
	if (chars <= 0)
		return "";
	return chars <= 3 ? "width-2" : chars <= 6 ? "width-4" : chars <= 12 ? "width-10" : "width-20";
}

str
or_z(str text, const char *otherwise)
{
	return text.n ? text : str_from_z(otherwise);
}

/* ---- lists ---- */

str
page_path(struct arena *arena, str path, int64_t page)
{
	return arena_printf(
	    arena, "%.*s%cpage=%lld", STR_ARG(path), str_contains(path, S("?")) ? '&' : '?', (long long)page);
}

bool
page_is_shown(int64_t n, int64_t page, int64_t pages)
{
	return n == 1 || n == pages || (n >= page - 1 && n <= page + 1);
}

/* ---- forms ---- */

void
form_error_add(struct arena *arena, struct form_errors *errors, str name, str text)
{
	*LIST_ADD(arena, errors) = (struct field_error){.name = name, .text = text};
}

str
form_error(const struct form_errors *errors, str name)
{
	for (size_t i = 0; errors && i < errors->count; i++)
		if (str_equal(errors->items[i].name, name))
			return errors->items[i].text;
	return STR_NONE;
}

bool
field_is_described(const struct field *field)
{
	return field->hint.n || field->error.n || field->chars_max > 0;
}

str
field_description(struct arena *arena, const struct field *field)
{
	struct buf ids = BUF_INIT(arena);

	if (field->error.n)
		buf_printf(&ids, "error-%.*s ", STR_ARG(field->name));
	if (field->hint.n)
		buf_printf(&ids, "hint-%.*s ", STR_ARG(field->name));
	if (field->chars_max > 0)
		buf_printf(&ids, "count-%.*s ", STR_ARG(field->name));
	return str_trim(buf_str(&ids));
}

/* The first option has the field's own id, so that the error summary leads to it. */
str
option_id(struct arena *arena, const struct field *field, size_t i)
{
	if (i == 0)
		return arena_printf(arena, "field-%.*s", STR_ARG(field->name));
	return arena_printf(arena, "field-%.*s-%zu", STR_ARG(field->name), i);
}

str
field_date_value(struct arena *arena, str year, str month, str day)
{
	if (!year.n && !month.n && !day.n)
		return STR_NONE;
	return arena_printf(
	    arena, "%.*s-%.*s-%.*s", STR_ARG(str_trim(year)), STR_ARG(str_trim(month)), STR_ARG(str_trim(day)));
}

str
date_piece(str value, int n)
{
	str piece = STR_NONE;

	for (int i = 0; i <= n; i++)
		value = str_cut(value, '-', &piece);
	return piece;
}
