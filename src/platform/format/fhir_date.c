/* SPDX-License-Identifier: Apache-2.0 */
/* FHIR's dates: one reader for the four forms, which differ only in how much may be missing. */
#include "platform/format/fhir_date.h"

/* The fixed number of digits, as FHIR writes every field but the fraction. */
static bool
take_digits(str *rest, size_t digits, int *out)
{
	int value = 0;

	if (rest->n < digits)
		return false;
	for (size_t i = 0; i < digits; i++) {
		if (rest->p[i] < '0' || rest->p[i] > '9')
			return false;
		value = value * 10 + (rest->p[i] - '0');
	}
	*rest = str_drop(*rest, digits);
	*out = value;
	return true;
}

static bool
take_char(str *rest, char c)
{
	if (rest->n == 0 || rest->p[0] != c)
		return false;
	*rest = str_drop(*rest, 1);
	return true;
}

/* "2019", "-03", "-05" as far as they go. */
static bool
take_date(str *rest, struct fhir_date *d)
{
	int year, month = 1, day = 1;

	if (!take_digits(rest, 4, &year))
		return false;
	d->precision = FHIR_PRECISION_YEAR;
	if (take_char(rest, '-')) {
		if (!take_digits(rest, 2, &month))
			return false;
		d->precision = FHIR_PRECISION_MONTH;
		if (take_char(rest, '-')) {
			if (!take_digits(rest, 2, &day))
				return false;
			d->precision = FHIR_PRECISION_DAY;
		}
	}
	d->civil.date = (struct civil_date){(int16_t)year, (int8_t)month, (int8_t)day};
	return civil_date_is_valid(year, month, day);
}

/* ".123", any number of digits; `*width_ms` becomes how long a time they leave open. */
static bool
take_fraction(str *rest, struct fhir_date *d, int64_t *width_ms)
{
	static const int16_t worth[] = {100, 10, 1};
	size_t digits = 0;
	int digit;

	while (take_digits(rest, 1, &digit)) {
		if (digits < 3) {
			*width_ms = worth[digits];
			d->civil.millisecond = (int16_t)(d->civil.millisecond + digit * worth[digits]);
		}
		digits++;
	}
	d->precision = FHIR_PRECISION_FRACTION;
	return digits > 0;
}

/* "10:00:00.123"; without seconds where a search allows it. */
static bool
take_time(str *rest, enum fhir_date_kind kind, struct fhir_date *d, int64_t *width_ms)
{
	int hour, minute, second = 0;

	if (!take_digits(rest, 2, &hour) || hour > 23 || !take_char(rest, ':') || !take_digits(rest, 2, &minute) ||
	    minute > 59)
		return false;
	d->precision = FHIR_PRECISION_MINUTE;
	*width_ms = MINUTE_MS;
	if (take_char(rest, ':')) {
		if (!take_digits(rest, 2, &second) || second > 60)
			return false;
		d->precision = FHIR_PRECISION_SECOND;
		*width_ms = SECOND_MS;
		if (take_char(rest, '.') && !take_fraction(rest, d, width_ms))
			return false;
	} else if (kind != FHIR_SEARCH) {
		return false;
	}
	d->civil.hour = (int8_t)hour;
	d->civil.minute = (int8_t)minute;
	d->civil.second = (int8_t)second;
	return true;
}

/* "Z", "+05:45", at most 14:00. */
static bool
take_zone(str *rest, enum fhir_date_kind kind, struct fhir_date *d)
{
	int hours, minutes, sign = rest->n && rest->p[0] == '-' ? -1 : 1;

	d->has_zone = true;
	if (take_char(rest, 'Z'))
		return true;
	if (!take_char(rest, '+') && !take_char(rest, '-')) {
		d->has_zone = false;
		return kind == FHIR_SEARCH;
	}
	if (!take_digits(rest, 2, &hours) || !take_char(rest, ':') || !take_digits(rest, 2, &minutes) || minutes > 59 ||
	    hours * 60 + minutes > 14 * 60)
		return false;
	d->civil.offset_seconds = sign * (hours * 60 + minutes) * 60;
	return true;
}

static instant
civil_instant(const struct civil_time *c)
{
	int64_t seconds = civil_date_to_days(c->date) * INT64_C(86400) + c->hour * 3600 + c->minute * 60 + c->second -
	                  c->offset_seconds;

	return (instant){seconds * SECOND_MS + c->millisecond};
}

/* Where the span that begins at `d->low` ends. */
static instant
span_end(const struct fhir_date *d, int64_t width_ms)
{
	struct civil_date next = d->civil.date;

	switch (d->precision) {
	case FHIR_PRECISION_YEAR: next.year++; break;
	case FHIR_PRECISION_MONTH:
		next.year = (int16_t)(next.year + (next.month == 12));
		next.month = (int8_t)(next.month % 12 + 1);
		break;
	default: return instant_add_ms(d->low, width_ms);
	}
	return (instant){civil_date_to_days(next) * DAY_MS};
}

bool
fhir_date_parse(enum fhir_date_kind kind, str text, struct fhir_date *out)
{
	struct fhir_date d = {0};
	int64_t width_ms = DAY_MS;

	if (!take_date(&text, &d))
		return false;
	if (text.n > 0) {
		if (kind == FHIR_DATE || d.precision != FHIR_PRECISION_DAY || !take_char(&text, 'T') ||
		    !take_time(&text, kind, &d, &width_ms) || !take_zone(&text, kind, &d) || text.n > 0)
			return false;
	} else if (kind == FHIR_INSTANT) {
		return false;
	}
	d.low = civil_instant(&d.civil);
	d.high = span_end(&d, width_ms);
	*out = d;
	return true;
}

static char *
put_digits(char *at, int value, int digits)
{
	for (int i = digits - 1; i >= 0; i--, value /= 10)
		at[i] = (char)('0' + value % 10);
	return at + digits;
}

static char *
put_date(char *at, struct civil_date date)
{
	at = put_digits(at, date.year, 4);
	*at++ = '-';
	at = put_digits(at, date.month, 2);
	*at++ = '-';
	return put_digits(at, date.day, 2);
}

void
buf_add_fhir_instant(struct buf *buf, instant at)
{
	struct civil_time c = zone_civil(zone_utc(), at);
	char *begin = buf_reserve(buf, sizeof("2019-03-05T09:00:00.123Z")), *p = put_date(begin, c.date);

	*p++ = 'T';
	p = put_digits(p, c.hour, 2);
	*p++ = ':';
	p = put_digits(p, c.minute, 2);
	*p++ = ':';
	p = put_digits(p, c.second, 2);
	*p++ = '.';
	p = put_digits(p, c.millisecond, 3);
	*p++ = 'Z';
	buf->n += (size_t)(p - begin);
}

str
fhir_instant_text(struct arena *arena, instant at)
{
	struct buf buf = BUF_INIT(arena);

	buf_add_fhir_instant(&buf, at);
	return buf_str(&buf);
}

str
fhir_date_text(struct arena *arena, struct civil_date date)
{
	char *p = arena_text(arena, 10);

	return str_slice(p, put_date(p, date));
}
