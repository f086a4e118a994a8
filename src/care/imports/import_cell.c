/* SPDX-License-Identifier: Apache-2.0 */
/* A cell of a table as the value of a field: dates in any usual order, times, numbers, codes by their words in English and Spanish. */
#include "care/imports/imports_internal.h"
#include "platform/format/fhir_date.h"
#include "platform/format/utf8.h"

/* ---- dates ---- */

static bool
take_number(str *text, int digits_max, int *out, int *digits)
{
	*out = *digits = 0;
	while (text->n && text->p[0] >= '0' && text->p[0] <= '9' && *digits < digits_max) {
		*out = *out * 10 + (text->p[0] - '0');
		++*digits;
		*text = str_drop(*text, 1);
	}
	return *digits > 0;
}

static str
skip_marks(str text)
{
	while (text.n && strchr(" -/.,", text.p[0]))
		text = str_drop(text, 1);
	if (str_starts(text, S("de "))) /* 4 de marzo de 2026 */
		text = str_drop(text, 3);
	return text;
}

/* "Mar", "marzo", "ENE": 1 to 12, and behind the word. */
static bool
take_month(str *text, int *out)
{
	static const char *const months[] = {
	    "jan|ene", "feb", "mar", "apr|abr", "may", "jun", "jul", "aug|ago", "sep|set", "oct", "nov", "dec|dic"};
	size_t n = 0;

	while (n < text->n && ((text->p[n] | 32) >= 'a' && (text->p[n] | 32) <= 'z'))
		n++;
	if (n < 3)
		return false;
	for (int i = 0; i < 12; i++) {
		str all = str_from_z(months[i]), one;

		while (all.p) {
			all = str_cut(all, '|', &one);
			if (!str_equal_fold(str_take(*text, 3), one))
				continue;
			*out = i + 1;
			*text = str_drop(*text, n);
			return true;
		}
	}
	return false;
}

static bool
put_date(int year, int month, int day, int year_digits, struct civil_date *out)
{
	if (year_digits == 2)
		year += year < 70 ? 2000 : 1900;
	else if (year_digits != 4)
		return false;
	if (!civil_date_is_valid(year, month, day))
		return false;
	*out = (struct civil_date){(int16_t)year, (int8_t)month, (int8_t)day};
	return true;
}

bool
import_date(str text, enum import_date_order order, struct civil_date *out, str *rest)
{
	int part[3] = {0}, digits[3] = {0}, month = 0;

	text = str_trim(text);
	if (take_month(&text, &month)) { /* Mar 4, 2026 */
		text = skip_marks(text);
		if (!take_number(&text, 2, &part[0], &digits[0]))
			return false;
		text = skip_marks(text);
		*rest = text;
		return take_number(rest, 4, &part[1], &digits[1]) && put_date(part[1], month, part[0], digits[1], out);
	}
	if (!take_number(&text, 8, &part[0], &digits[0]))
		return false;
	if (digits[0] == 8) { /* 20260304 */
		*rest = text;
		return put_date(part[0] / 10000, part[0] / 100 % 100, part[0] % 100, 4, out);
	}
	text = skip_marks(text);
	if (take_month(&text, &month)) { /* 4 mar 2026 */
		text = skip_marks(text);
		*rest = text;
		return take_number(rest, 4, &part[1], &digits[1]) && put_date(part[1], month, part[0], digits[1], out);
	}
	if (!take_number(&text, 2, &part[1], &digits[1]))
		return false;
	text = skip_marks(text);
	if (!take_number(&text, 4, &part[2], &digits[2]))
		return false;
	*rest = text;
	if (digits[0] == 4)
		return digits[2] <= 2 && put_date(part[0], part[1], part[2], 4, out);
	if (order == DATES_YMD)
		return put_date(part[0], part[1], part[2], digits[0], out);
	return order == DATES_DMY ? put_date(part[2], part[1], part[0], digits[2], out)
	                          : put_date(part[2], part[0], part[1], digits[2], out);
}

/* ---- times ---- */

/* "a. m.", "PM", "p.m." */
static bool
take_half(str *text, bool *pm)
{
	str all = str_trim(*text);
	char letters[2];
	size_t count = 0, i = 0;

	for (; i < all.n && count < 2; i++) {
		if (all.p[i] == '.' || all.p[i] == ' ' || (unsigned char)all.p[i] == 0xC2 ||
		    (unsigned char)all.p[i] == 0xA0)
			continue;
		letters[count++] = (char)(all.p[i] | 32);
	}
	if (count < 2 || letters[1] != 'm' || (letters[0] != 'a' && letters[0] != 'p'))
		return false;
	*pm = letters[0] == 'p';
	while (i < all.n && all.p[i] == '.')
		i++;
	*text = str_drop(all, i);
	return true;
}

static bool
take_offset(str *text, bool *has, int *seconds)
{
	int hours, minutes = 0, digits;
	char sign;

	*text = str_trim(*text);
	*has = text->n > 0;
	*seconds = 0;
	if (!text->n)
		return true;
	sign = text->p[0];
	*text = str_drop(*text, 1);
	if (sign == 'Z')
		return !text->n;
	if ((sign != '+' && sign != '-') || !take_number(text, 2, &hours, &digits) || digits != 2)
		return false;
	if (text->n && text->p[0] == ':')
		*text = str_drop(*text, 1);
	if (text->n && (!take_number(text, 2, &minutes, &digits) || digits != 2))
		return false;
	*seconds = (hours * 3600 + minutes * 60) * (sign == '-' ? -1 : 1);
	return !text->n && hours < 15 && minutes < 60;
}

/* The time of day, and the offset when one is written. */
static bool
take_time(str text, struct civil_time *civil, bool *has_offset)
{
	int hour, minute = 0, second = 0, digits, offset;
	bool pm;

	text = str_trim(text);
	if (text.n && (text.p[0] == 'T' || text.p[0] == ','))
		text = str_trim(str_drop(text, 1));
	if (!take_number(&text, 4, &hour, &digits))
		return false;
	if (digits > 2) { /* 0830 */
		minute = hour % 100;
		hour /= 100;
	}
	for (int *part = &minute; text.n && text.p[0] == ':'; part = &second) {
		text = str_drop(text, 1);
		if (!take_number(&text, 2, part, &digits) || part == &minute ? digits != 2 : false)
			return false;
	}
	if (text.n > 1 && text.p[0] == '.' && text.p[1] >= '0' && text.p[1] <= '9') {
		text = str_drop(text, 1);
		while (text.n && text.p[0] >= '0' && text.p[0] <= '9')
			text = str_drop(text, 1);
	}
	if (take_half(&text, &pm)) {
		if (hour < 1 || hour > 12)
			return false;
		hour = hour % 12 + (pm ? 12 : 0);
	}
	if (!take_offset(&text, has_offset, &offset) || hour > 23 || minute > 59 || second > 60)
		return false;
	civil->hour = (int8_t)hour;
	civil->minute = (int8_t)minute;
	civil->second = (int8_t)(second > 59 ? 59 : second);
	civil->offset_seconds = offset;
	return true;
}

/* A day, or a day with its time; on the wall of the columns' zone unless an offset stands there. */
static bool
moment_of(const struct page_cx *px, const struct import_columns *columns, str cell, str time, bool with_time, str *out)
{
	struct civil_time civil = {0};
	const struct zone *zone;
	bool has_offset;
	str rest;

	if (!import_date(cell, columns->dates, &civil.date, &rest))
		return false;
	if (!str_trim(rest).n)
		rest = time;
	if (!with_time || !str_trim(rest).n) {
		*out = fhir_date_text(px->arena, civil.date);
		return true;
	}
	if (!take_time(rest, &civil, &has_offset))
		return false;
	if (!has_offset) {
		if (zone_find(columns->zone, &zone))
			zone = px->zone ? px->zone : zone_utc();
		civil = zone_civil(zone, zone_instant(zone, civil));
	}
	*out = import_moment_text(px->arena, civil);
	return true;
}

/* ---- codes ---- */

static const struct journal_code *
code_of(const struct page_cx *px, const struct journal_codes *codes, str cell)
{
	str folded = utf8_fold(px->arena, cell);

	for (size_t i = 0; i < codes->count; i++) {
		const struct journal_code *code = &codes->items[i];

		if (str_equal_fold(cell, str_from_z(code->value)) ||
		    str_equal(folded, utf8_fold(px->arena, tr(LANG_EN, code->words))) ||
		    str_equal(folded, utf8_fold(px->arena, tr(LANG_ES, code->words))))
			return code;
	}
	return NULL;
}

static bool
codes_of(const struct page_cx *px, const struct journal_field *field, str cell, str *out)
{
	struct buf values = BUF_INIT(px->arena);
	const struct journal_code *code = code_of(px, field->codes, cell);
	char separator = str_contains(cell, S(";")) ? ';' : str_contains(cell, S("|")) ? '|' : ',';
	str one;

	if (code || field->kind == FIELD_CODE) {
		*out = code ? str_from_z(code->value) : STR_NONE;
		return code != NULL;
	}
	while (cell.p) {
		cell = str_cut(cell, separator, &one);
		code = code_of(px, field->codes, str_trim(one));
		if (!code)
			return false;
		buf_printf(&values, "%s%s", values.n ? "," : "", code->value);
	}
	*out = buf_str(&values);
	return true;
}

static bool
yes_or_no(const struct page_cx *px, str cell, str *out)
{
	static const char *const yes[] = {"yes", "y", "si", "s", "true", "1", "x"}, *const no[] = {
											"no", "n", "false", "0"};
	str folded = utf8_fold(px->arena, cell);

	for (size_t i = 0; i < sizeof(yes) / sizeof(yes[0]); i++)
		if (str_equal(folded, str_from_z(yes[i]))) {
			*out = S("yes");
			return true;
		}
	for (size_t i = 0; i < sizeof(no) / sizeof(no[0]); i++)
		if (str_equal(folded, str_from_z(no[i]))) {
			*out = S("no");
			return true;
		}
	return false;
}

/* ---- a cell ---- */

/* "182.5 lb" says its unit itself. */
static bool
number_of(
    const struct page_cx *px, const struct import_columns *columns, size_t field, str cell, struct journal_values *out)
{
	const struct journal_field *f = &columns->log->fields[field];
	const struct journal_unit *unit = columns->unit[field], *said;
	int power = 0;
	size_t n = cell.n;
	int64_t nano;

	while (n && !(cell.p[n - 1] >= '0' && cell.p[n - 1] <= '9'))
		n--;
	if (n && n < cell.n) {
		said = import_unit(f->units, str_trim(str_drop(cell, n)), &power);
		if (!said)
			return false;
		unit = said;
		cell = str_take(cell, n);
	}
	if (!import_number(cell, columns->comma, &nano))
		return false;
	out->unit[field] = unit ? unit : &f->units->items[0];
	out->text[field] = import_number_text(px->arena, nano, power);
	return true;
}

bool
import_cell(const struct page_cx *px, const struct import_columns *columns, size_t field, str cell, str time,
    struct journal_values *out, str *why)
{
	const struct journal_field *f = &columns->log->fields[field];
	str label = tr(px->lang, f->label);

	if (!cell.n)
		return true;
	switch (f->kind) {
	case FIELD_NUMBER:
		*why = TF2("%1: \"%2\" is no number in a unit of this log.", label, utf8_take_chars(cell, 40));
		return number_of(px, columns, field, cell, out);
	case FIELD_CODE:
	case FIELD_CODES:
		*why = TF2("%1: \"%2\" is not in its list.", label, utf8_take_chars(cell, 40));
		return codes_of(px, f, cell, &out->text[field]);
	case FIELD_YES:
		*why = TF2("%1: \"%2\" is neither yes nor no.", label, utf8_take_chars(cell, 40));
		return yes_or_no(px, cell, &out->text[field]);
	case FIELD_DAY:
	case FIELD_TIME:
		*why = TF2("%1: \"%2\" is no date in the order that you chose.", label, utf8_take_chars(cell, 40));
		return moment_of(px, columns, cell, time, f->kind == FIELD_TIME, &out->text[field]);
	case FIELD_TEXT:
	case FIELD_LONG: break;
	}
	out->text[field] = cell;
	return true;
}
