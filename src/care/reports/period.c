/* SPDX-License-Identifier: Apache-2.0 */
/* Which days a report is about, and the pieces that its plot shows. */
#include "care/reports/reports_internal.h"
#include "platform/format/fhir_date.h"

#define WEEK          7
#define DAYS_AS_DAYS  31
#define DAYS_AS_WEEKS (30 * WEEK)
#define QUARTER_DAYS  (13 * WEEK)
#define YEAR_DAYS     (52 * WEEK)

static struct period
period_of_days(const struct zone *zone, int32_t first, int32_t last)
{
	struct period p = {.first = first, .last = last};

	surrogate_days(zone, first, last, &p.since, &p.until);
	return p;
}

static bool
parse_day(str typed, int32_t *out)
{
	struct fhir_date date;

	if (!fhir_date_parse(FHIR_DATE, str_trim(typed), &date) || date.precision != FHIR_PRECISION_DAY ||
	    date.civil.date.year < 1970)
		return false;
	*out = civil_date_to_days(date.civil.date);
	return true;
}

static fallible
own_days(const struct zone *zone, int32_t today, const struct period_wish *wish, struct period *out)
{
	int32_t first, last;

	if (!parse_day(wish->from, &first) || !parse_day(wish->to, &last))
		return ERR(ERR_INVALID, TR("Give the first and the last day."), "no such days");
	if (last < first)
		return ERR(ERR_INVALID, TR("The last day is before the first."), "days in the wrong order");
	if (last > today)
		return ERR(ERR_INVALID, TR("The last day is still to come."), "a day to come");
	if (last - first >= REPORT_DAYS_MAX)
		return ERR(ERR_INVALID, TR("Choose at most two years."), "too many days");
	*out = period_of_days(zone, first, last);
	return NULL;
}

fallible
period_of(struct cx *cx, const struct zone *zone, const struct period_wish *wish, struct period *out)
{
	int32_t today = civil_date_to_days(zone_civil(zone, cx->now).date), days = 30;

	if (str_equal(wish->kind, S("own")))
		return own_days(zone, today, wish, out);
	if (str_equal(wish->kind, S("quarter")))
		days = QUARTER_DAYS;
	else if (str_equal(wish->kind, S("year")))
		days = YEAR_DAYS;
	*out = period_of_days(zone, today - days + 1, today);
	return NULL;
}

struct period
period_before(const struct zone *zone, const struct period *p)
{
	return period_of_days(zone, p->first - (p->last - p->first + 1), p->first - 1);
}

enum piece
period_piece(const struct period *p)
{
	int32_t days = p->last - p->first + 1;

	return days <= DAYS_AS_DAYS ? PIECE_DAY : days <= DAYS_AS_WEEKS ? PIECE_WEEK : PIECE_MONTH;
}

static size_t
months_since(const struct period *p, int32_t day)
{
	struct civil_date a = civil_date_from_days(p->first), b = civil_date_from_days(day);

	return (size_t)((b.year - a.year) * 12 + b.month - a.month);
}

size_t
period_piece_of(const struct period *p, int32_t day)
{
	switch (period_piece(p)) {
	case PIECE_DAY: return (size_t)(day - p->first);
	case PIECE_WEEK: return (size_t)(day - p->first) / WEEK;
	case PIECE_MONTH: break;
	}
	return months_since(p, day);
}

size_t
period_pieces(const struct period *p)
{
	return period_piece_of(p, p->last) + 1;
}

int32_t
period_piece_first(const struct period *p, size_t piece)
{
	struct civil_date begin = civil_date_from_days(p->first);
	int month;

	switch (period_piece(p)) {
	case PIECE_DAY: return p->first + (int32_t)piece;
	case PIECE_WEEK: return p->first + (int32_t)piece * WEEK;
	case PIECE_MONTH: break;
	}
	if (piece == 0)
		return p->first;
	month = begin.year * 12 + begin.month - 1 + (int)piece;
	return civil_date_to_days((struct civil_date){(int16_t)(month / 12), (int8_t)(month % 12 + 1), 1});
}
