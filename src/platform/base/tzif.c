/* SPDX-License-Identifier: Apache-2.0 */
/* Reading TZif bytes and answering from them.  A file is a table of transitions up to some year and a POSIX TZ text for all
 * years after; the surprise is that Debian's files list transitions to 2037 and others only to 2007: both must work. */
#include "platform/base/tzif.h"

#define HEADER_BYTES   44
#define TYPE_BYTES     6
#define RULE_HOURS_MAX 167 /* RFC 8536 3.3.1 */
#define NAME_BYTES_MAX 32  /* of an abbreviation in a TZ text */

struct header {
	uint32_t utc_count, standard_count, leap_count, transition_count, type_count, abbreviation_bytes;
};

static int64_t
big_endian(const char *p, int bytes)
{
	int64_t value = (signed char)p[0];

	for (int i = 1; i < bytes; i++)
		value = value * 256 + (unsigned char)p[i];
	return value;
}

/* Takes the header off `bytes`; false when it is not one or a count is beyond what any zone has. */
static bool
take_header(str *bytes, struct header *out)
{
	uint32_t counts[6];

	if (bytes->n < HEADER_BYTES || !str_starts(*bytes, S("TZif")) || bytes->p[4] < '2')
		return false;
	for (int i = 0; i < 6; i++) {
		counts[i] = (uint32_t)big_endian(bytes->p + 20 + 4 * i, 4);
		if (counts[i] > TZIF_BYTES_MAX)
			return false;
	}
	*out = (struct header){counts[0], counts[1], counts[2], counts[3], counts[4], counts[5]};
	*bytes = str_drop(*bytes, HEADER_BYTES);
	return true;
}

/* Takes the data block that follows a header off `bytes`, with times of `time_bytes` each. */
static bool
take_block(str *bytes, const struct header *h, size_t time_bytes, str *block)
{
	size_t n = h->transition_count * (time_bytes + 1) + h->type_count * TYPE_BYTES + h->abbreviation_bytes +
	           h->leap_count * (time_bytes + 4) + h->standard_count + h->utc_count;

	if (bytes->n < n)
		return false;
	*block = str_take(*bytes, n);
	*bytes = str_drop(*bytes, n);
	return true;
}

static bool
read_types(struct arena *arena, const struct header *h, const char *p, struct zone *out)
{
	struct zone_type *types = ARENA_ARRAY(arena, struct zone_type, h->type_count);
	const char *names = arena_z(arena, (str){p + h->type_count * TYPE_BYTES, h->abbreviation_bytes});

	for (uint32_t i = 0; i < h->type_count; i++, p += TYPE_BYTES) {
		int64_t offset = big_endian(p, 4);
		unsigned char name_at = (unsigned char)p[5];

		if (offset < -26 * 3600 || offset > 26 * 3600 || name_at >= h->abbreviation_bytes)
			return false;
		types[i] = (struct zone_type){(int32_t)offset, p[4] != 0, names + name_at};
	}
	out->types = types;
	return true;
}

static bool
read_transitions(struct arena *arena, const struct header *h, const char *p, struct zone *out)
{
	int64_t *times = ARENA_ARRAY(arena, int64_t, h->transition_count);
	uint8_t *types = ARENA_ARRAY(arena, uint8_t, h->transition_count);

	for (uint32_t i = 0; i < h->transition_count; i++) {
		times[i] = big_endian(p + 8 * i, 8);
		types[i] = (uint8_t)p[8 * h->transition_count + i];
		if (types[i] >= h->type_count || (i > 0 && times[i] <= times[i - 1]))
			return false;
	}
	out->transition_count = h->transition_count;
	out->transitions = times;
	out->type_after = types;
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

static bool
take_int(str *rest, int max, int *out)
{
	int value = 0;
	size_t digits = 0;

	for (; rest->n && rest->p[0] >= '0' && rest->p[0] <= '9' && digits < 4; digits++) {
		value = value * 10 + (rest->p[0] - '0');
		*rest = str_drop(*rest, 1);
	}
	*out = value;
	return digits > 0 && value <= max;
}

/* [+-]h[h[h]][:mm[:ss]] */
static bool
take_time(str *rest, int hours_max, int32_t *seconds)
{
	int hours, minutes = 0, more = 0, sign = 1;

	if (take_char(rest, '-'))
		sign = -1;
	else
		take_char(rest, '+');
	if (!take_int(rest, hours_max, &hours))
		return false;
	if (take_char(rest, ':')) {
		if (!take_int(rest, 59, &minutes))
			return false;
		if (take_char(rest, ':') && !take_int(rest, 59, &more))
			return false;
	}
	*seconds = sign * (hours * 3600 + minutes * 60 + more);
	return true;
}

/* Letters, or anything printable between < and >. */
static bool
take_abbreviation(struct arena *arena, str *rest, const char **out)
{
	str name = {rest->p, 0};
	bool quoted = take_char(rest, '<');

	name.p = rest->p;
	while (rest->n && rest->p[0] != '>' && (quoted || ((rest->p[0] | 32) >= 'a' && (rest->p[0] | 32) <= 'z'))) {
		*rest = str_drop(*rest, 1);
		name.n++;
	}
	if (name.n < 3 || name.n > NAME_BYTES_MAX || (quoted && !take_char(rest, '>')))
		return false;
	*out = arena_z(arena, name);
	return true;
}

static bool
take_rule_date(str *rest, struct zone_rule_date *out)
{
	*out = (struct zone_rule_date){.kind = RULE_DAY, .seconds = 2 * 3600};
	if (!take_char(rest, ','))
		return false;
	if (take_char(rest, 'M')) {
		out->kind = RULE_MONTH;
		if (!take_int(rest, 12, &out->month) || out->month < 1 || !take_char(rest, '.') ||
		    !take_int(rest, 5, &out->week) || out->week < 1 || !take_char(rest, '.') ||
		    !take_int(rest, 6, &out->day))
			return false;
	} else {
		if (take_char(rest, 'J'))
			out->kind = RULE_JULIAN;
		if (!take_int(rest, 365, &out->day) || (out->kind == RULE_JULIAN && out->day < 1))
			return false;
	}
	return !take_char(rest, '/') || take_time(rest, RULE_HOURS_MAX, &out->seconds);
}

/* "EST5EDT,M3.2.0,M11.1.0": POSIX writes offsets west of UTC. */
static bool
read_rule(struct arena *arena, str text, struct zone_rule *out)
{
	int32_t west;

	if (text.n == 0)
		return true; /* nothing is known beyond the table */
	if (!take_abbreviation(arena, &text, &out->standard.abbreviation) || !take_time(&text, 24, &west))
		return false;
	out->standard.offset_seconds = -west;
	out->given = true;
	if (text.n == 0)
		return true;
	out->has_dst = true;
	out->dst.is_dst = true;
	out->dst.offset_seconds = out->standard.offset_seconds + 3600;
	if (!take_abbreviation(arena, &text, &out->dst.abbreviation))
		return false;
	if (text.n && text.p[0] != ',') {
		if (!take_time(&text, 24, &west))
			return false;
		out->dst.offset_seconds = -west;
	}
	return take_rule_date(&text, &out->dst_begin) && take_rule_date(&text, &out->dst_end) && text.n == 0;
}

bool
tzif_parse(struct arena *arena, str bytes, struct zone *out)
{
	struct zone zone = {0};
	struct header h;
	str block, footer;

	if (bytes.n > TZIF_BYTES_MAX || !take_header(&bytes, &h) || !take_block(&bytes, &h, 4, &block))
		return false;
	if (!take_header(&bytes, &h) || h.leap_count > 0 || h.type_count == 0 || h.type_count > 256 ||
	    h.abbreviation_bytes == 0 || !take_block(&bytes, &h, 8, &block))
		return false;
	if (!read_types(arena, &h, block.p + h.transition_count * 9, &zone) ||
	    !read_transitions(arena, &h, block.p, &zone))
		return false;
	if (!take_char(&bytes, '\n') || !str_cut(bytes, '\n', &footer).p || !read_rule(arena, footer, &zone.rule))
		return false;
	*out = zone;
	return true;
}

static int64_t
floor_div(int64_t a, int64_t b)
{
	return a / b - (a % b < 0);
}

/* The day of `date` in `year`, since 1970. */
static int32_t
rule_day(const struct zone_rule_date *date, int year)
{
	int32_t first = civil_date_to_days((struct civil_date){(int16_t)year, 1, 1}), day;

	switch (date->kind) {
	case RULE_DAY: return first + date->day;
	case RULE_JULIAN: return first + date->day - 1 + (date->day >= 60 && civil_date_is_valid(year, 2, 29));
	case RULE_MONTH: break;
	}
	first = civil_date_to_days((struct civil_date){(int16_t)year, (int8_t)date->month, 1});
	day = first + (date->day - civil_weekday(first) + 7) % 7 + 7 * (date->week - 1);
	while (date->week == 5 && !civil_date_is_valid(year, date->month, day - first + 1))
		day -= 7;
	return day;
}

struct rule_year {
	int64_t dst_begin, dst_end; /* seconds since 1970 */
};

static struct rule_year
rule_year(const struct zone_rule *rule, int year)
{
	return (struct rule_year){
	    .dst_begin = rule_day(&rule->dst_begin, year) * INT64_C(86400) + rule->dst_begin.seconds -
	                 rule->standard.offset_seconds,
	    .dst_end =
		rule_day(&rule->dst_end, year) * INT64_C(86400) + rule->dst_end.seconds - rule->dst.offset_seconds,
	};
}

static int
rule_year_of(const struct zone_rule *rule, int64_t seconds)
{
	return civil_date_from_days((int32_t)floor_div(seconds + rule->standard.offset_seconds, 86400)).year;
}

static const struct zone_type *
rule_type_at(const struct zone_rule *rule, int64_t seconds)
{
	struct rule_year y;
	bool dst;

	if (!rule->has_dst)
		return &rule->standard;
	y = rule_year(rule, rule_year_of(rule, seconds));
	if (y.dst_begin < y.dst_end)
		dst = seconds >= y.dst_begin && seconds < y.dst_end;
	else
		dst = seconds >= y.dst_begin || seconds < y.dst_end; /* the southern summer spans the new year */
	return dst ? &rule->dst : &rule->standard;
}

/* How many listed transitions are at or before `seconds`. */
static size_t
transitions_until(const struct zone *zone, int64_t seconds)
{
	size_t low = 0, high = zone->transition_count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (zone->transitions[middle] <= seconds)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

const struct zone_type *
zone_type_at(const struct zone *zone, int64_t seconds)
{
	size_t passed = transitions_until(zone, seconds);

	if (passed == zone->transition_count && zone->rule.given)
		return rule_type_at(&zone->rule, seconds);
	return &zone->types[passed > 0 ? zone->type_after[passed - 1] : 0];
}

int64_t
zone_transition_after(const struct zone *zone, int64_t seconds)
{
	size_t passed = transitions_until(zone, seconds);
	int64_t nearest = INT64_MAX;

	if (passed < zone->transition_count)
		return zone->transitions[passed];
	if (!zone->rule.has_dst)
		return nearest;
	for (int year = rule_year_of(&zone->rule, seconds) - 1, n = 0; n < 3; n++) {
		struct rule_year y = rule_year(&zone->rule, year + n);

		if (y.dst_begin > seconds && y.dst_begin < nearest)
			nearest = y.dst_begin;
		if (y.dst_end > seconds && y.dst_end < nearest)
			nearest = y.dst_end;
	}
	return nearest;
}
