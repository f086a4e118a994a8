/* SPDX-License-Identifier: Apache-2.0 */
/* Numbers and units as devices, apps and spreadsheets write them. */
#include "care/imports/imports_internal.h"

#define DIGITS_MAX   40
#define DECIMALS     JOURNAL_DECIMALS_IN
#define EXPONENT_MAX 20

/* ---- numbers ---- */

/* Digits without sign, point and exponent; `scale`: how many of them stand behind the point. */
static bool
take_digits(str text, char point, char *digits, int *count, int *scale, str *rest)
{
	bool behind = false, any = false;
	size_t i = 0;

	*count = *scale = 0;
	for (; i < text.n; i++) {
		char c = text.p[i];

		if (c == point && !behind) {
			behind = true;
			continue;
		}
		if (c < '0' || c > '9')
			break;
		any = true;
		if (*count == DIGITS_MAX) { /* further decimals say nothing; further digits are no reading */
			if (!behind)
				return false;
			continue;
		}
		if (*count || c != '0' || behind)
			digits[(*count)++] = c;
		*scale += behind;
	}
	*rest = str_drop(text, i);
	return any;
}

static bool
take_exponent(str *rest, int *exponent)
{
	int64_t value;

	*exponent = 0;
	if (!rest->n)
		return true;
	if (rest->p[0] != 'e' && rest->p[0] != 'E')
		return false;
	*rest = str_drop(*rest, 1);
	if (rest->n && rest->p[0] == '+')
		*rest = str_drop(*rest, 1);
	if (!str_to_int64(*rest, &value) || value < -EXPONENT_MAX || value > EXPONENT_MAX)
		return false;
	*exponent = (int)value;
	return true;
}

bool
import_number(str text, bool comma, int64_t *nano)
{
	char digits[DIGITS_MAX];
	int count, scale, exponent, wanted = 9;
	bool negative = false;
	__int128 value = 0;
	str rest;

	text = str_trim(text);
	if (text.n && (text.p[0] == '-' || text.p[0] == '+')) {
		negative = text.p[0] == '-';
		text = str_drop(text, 1);
	}
	if (!take_digits(text, comma ? ',' : '.', digits, &count, &scale, &rest) || !take_exponent(&rest, &exponent))
		return false;
	wanted = DECIMALS + exponent - scale; /* digits to add behind, or to round away, for thousandths */
	for (int i = 0; i < count && i < count + wanted; i++) {
		value = value * 10 + (digits[i] - '0');
		if (value > (__int128)JOURNAL_NUMBER_MAX * 1000)
			return false;
	}
	for (int i = 0; i < wanted; i++)
		if ((value *= 10) > (__int128)JOURNAL_NUMBER_MAX * 1000)
			return false;
	if (wanted < 0 && count + wanted >= 0 && count + wanted < count && digits[count + wanted] >= '5')
		value++;
	*nano = (int64_t)value * (JOURNAL_NANO / 1000) * (negative ? -1 : 1);
	return true;
}

str
import_number_text(struct arena *arena, int64_t nano, int power)
{
	for (; power < 0; power++)
		nano /= 10;
	for (; power > 0 && nano < INT64_MAX / 10 && nano > INT64_MIN / 10; power--)
		nano *= 10;
	return journal_number_text(arena, nano, JOURNAL_DECIMALS_IN);
}

/* ---- units ---- */

static const struct {
	const char *written, *code; /* in any case; UCUM as the logs have it */
	int power;
} aliases[] = {
    {"mmHg", "mm[Hg]", 0},
    {"mm Hg", "mm[Hg]", 0},
    {"mg/dl", "mg/dL", 0},
    {"mmol/l", "mmol/L", 0},
    {"mmol<180.1558800000541>/L", "mmol/L", 0}, /* as Apple Health writes it */
    {"C", "Cel", 0},
    {"°C", "Cel", 0},
    {"degC", "Cel", 0},
    {"celsius", "Cel", 0},
    {"F", "[degF]", 0},
    {"°F", "[degF]", 0},
    {"degF", "[degF]", 0},
    {"fahrenheit", "[degF]", 0},
    {"kgs", "kg", 0},
    {"kilos", "kg", 0},
    {"g", "kg", -3},
    {"lb", "[lb_av]", 0},
    {"lbs", "[lb_av]", 0},
    {"pounds", "[lb_av]", 0},
    {"libras", "[lb_av]", 0},
    {"bpm", "/min", 0},
    {"lpm", "/min", 0}, /* latidos por minuto */
    {"beats/min", "/min", 0},
    {"{beats}/min", "/min", 0},
    {"{Beats}/min", "/min", 0},
    {"count/min", "/min", 0},
    {"breaths/min", "/min", 0},
    {"{breaths}/min", "/min", 0},
    {"INR", "{INR}", 0},
    {"{score}", "{score}", 0},
    {"1", "{INR}", 0},
    {"pct", "%", 0},
    {"percent", "%", 0},
    {"glasses", "{glass}", 0},
    {"vasos", "{glass}", 0},
};

const struct journal_unit *
import_unit(const struct journal_units *units, str text, int *power)
{
	const struct journal_unit *unit = journal_unit_find(units, text);

	*power = 0;
	for (size_t i = 0; !unit && i < sizeof(aliases) / sizeof(aliases[0]); i++) {
		if (!str_equal_fold(text, str_from_z(aliases[i].written)))
			continue;
		unit = journal_unit_find(units, str_from_z(aliases[i].code));
		*power = unit ? aliases[i].power : 0;
	}
	return unit;
}

/* ---- moments ---- */

str
import_moment_text(struct arena *arena, struct civil_time t)
{
	int offset = t.offset_seconds / 60, size = offset < 0 ? -offset : offset;

	return arena_printf(arena, "%04d-%02d-%02dT%02d:%02d:%02d%c%02d:%02d", t.date.year, t.date.month, t.date.day,
	    t.hour, t.minute, t.second, offset < 0 ? '-' : '+', size / 60, size % 60);
}
