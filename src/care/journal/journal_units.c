/* SPDX-License-Identifier: Apache-2.0 */
/* Numbers as people type them, and units.  Everything is whole numbers of thousand-millionths: what was typed comes back to the digit
 * after any conversion. */
#include "care/journal/journal_model.h"

const struct journal_unit *
journal_unit_find(const struct journal_units *units, str code)
{
	for (size_t i = 0; units && i < units->count; i++)
		if (str_equal(str_from_z(units->items[i].code), code))
			return &units->items[i];
	return NULL;
}

bool
journal_number_parse(str text, int64_t *nano)
{
	int64_t whole = 0, part = 0, scale = JOURNAL_NANO;
	bool negative = false, point = false;
	size_t digits = 0, decimals = 0;

	text = str_trim(text);
	if (text.n && (text.p[0] == '-' || text.p[0] == '+')) {
		negative = text.p[0] == '-';
		text = str_drop(text, 1);
	}
	for (size_t i = 0; i < text.n; i++) {
		char c = text.p[i];

		if ((c == '.' || c == ',') && !point) {
			point = true;
			continue;
		}
		if (c < '0' || c > '9')
			return false;
		digits++;
		if (!point)
			whole = whole * 10 + (c - '0');
		else if (++decimals > JOURNAL_DECIMALS_IN)
			return false;
		else
			part += (c - '0') * (scale /= 10);
		if (whole > JOURNAL_NUMBER_MAX)
			return false;
	}
	if (!digits)
		return false;
	*nano = (negative ? -1 : 1) * (whole * JOURNAL_NANO + part);
	return true;
}

static int64_t
divide_rounded(__int128 a, __int128 b)
{
	__int128 half = b / 2;

	return (int64_t)((a >= 0 ? a + half : a - half) / b);
}

str
journal_number_text(struct arena *arena, int64_t nano, int decimals_max)
{
	int64_t unit = JOURNAL_NANO, rounded, whole, part;
	struct buf out = BUF_INIT(arena);
	int decimals = decimals_max;

	for (int i = 0; i < decimals_max; i++)
		unit /= 10;
	rounded = divide_rounded(nano < 0 ? -nano : nano, unit);
	for (; decimals > 0 && rounded % 10 == 0; decimals--)
		rounded /= 10;
	unit = 1;
	for (int i = 0; i < decimals; i++)
		unit *= 10;
	whole = rounded / unit;
	part = rounded % unit;
	buf_printf(&out, "%s%lld", nano < 0 && rounded ? "-" : "", (long long)whole);
	if (decimals)
		buf_printf(&out, ".%0*lld", decimals, (long long)part);
	return buf_str(&out);
}

int64_t
journal_to_first(const struct journal_unit *unit, int64_t nano)
{
	return divide_rounded((__int128)nano * unit->times + (__int128)unit->plus * JOURNAL_NANO, unit->by);
}

int64_t
journal_from_first(const struct journal_unit *unit, int64_t nano)
{
	return divide_rounded((__int128)nano * unit->by - (__int128)unit->plus * JOURNAL_NANO, unit->times);
}
