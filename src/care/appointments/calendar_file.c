/* SPDX-License-Identifier: Apache-2.0 */
/* A visit as a calendar file: iCalendar (RFC 5545) with one VEVENT in the facility's zone.  The VTIMEZONE says only what holds around
 * the visit, taken from the same tz data as everything else: calendars that do not know the zone's name compute the same time. */
#include "care/appointments/appointments_internal.h"

#define LINE_OCTETS_MAX 75  /* RFC 5545 3.1 */
#define LOOK_BACK_DAYS  400 /* a zone that changes its clocks does so within a year */

/* One content line, folded between characters. */
static void
put_line(struct buf *out, str name, str value)
{
	struct buf line = BUF_INIT(out->arena);
	str rest;
	size_t room = LINE_OCTETS_MAX;

	buf_add(&line, name);
	buf_add_char(&line, ':');
	buf_add(&line, value);
	for (rest = buf_str(&line); rest.n;) {
		size_t n = 0;

		while (n < rest.n) {
			size_t step = utf8_char_bytes(str_drop(rest, n));

			if (n + step > room)
				break;
			n += step;
		}
		buf_add(out, str_take(rest, n));
		buf_add(out, S("\r\n"));
		rest = str_drop(rest, n);
		if (rest.n)
			buf_add_char(out, ' ');
		room = LINE_OCTETS_MAX - 1; /* the space counts */
	}
}

/* A text value: RFC 5545 3.3.11. */
static void
put_text_line(struct buf *out, str name, str text)
{
	struct buf value = BUF_INIT(out->arena);

	if (!text.n)
		return;
	for (size_t i = 0; i < text.n; i++) {
		char c = text.p[i];

		if (c == '\r')
			continue;
		if (c == '\n') {
			buf_add(&value, S("\\n"));
			continue;
		}
		if (c == '\\' || c == ';' || c == ',')
			buf_add_char(&value, '\\');
		buf_add_char(&value, c);
	}
	put_line(out, name, buf_str(&value));
}

static str
local_time(struct arena *arena, const struct civil_time *t)
{
	return arena_printf(arena, "%04d%02d%02dT%02d%02d%02d", t->date.year, t->date.month, t->date.day, t->hour,
	    t->minute, t->second);
}

static str
utc_time(struct arena *arena, instant at)
{
	struct civil_time t = zone_civil(zone_utc(), at);

	return arena_printf(arena, "%.*sZ", STR_ARG(local_time(arena, &t)));
}

static str
offset_words(struct arena *arena, int32_t seconds)
{
	int32_t minutes = (seconds < 0 ? -seconds : seconds) / 60;

	return arena_printf(arena, "%c%02d%02d", seconds < 0 ? '-' : '+', minutes / 60, minutes % 60);
}

/* The moment at which the offset changes between two instants that have different ones, to the minute. */
static instant
find_change(const struct zone *zone, instant low, instant high)
{
	int32_t before = zone_civil(zone, low).offset_seconds;

	while (high.ms - low.ms > MINUTE_MS) {
		instant middle = {low.ms + (high.ms - low.ms) / 2 / MINUTE_MS * MINUTE_MS};

		if (middle.ms <= low.ms)
			break;
		if (zone_civil(zone, middle).offset_seconds == before)
			low = middle;
		else
			high = middle;
	}
	return high;
}

static void
put_observance(struct buf *out, const struct civil_time *now, const struct civil_time *onset, int32_t before)
{
	struct arena *arena = out->arena;
	str kind = now->is_dst ? S("DAYLIGHT") : S("STANDARD");

	put_line(out, S("BEGIN"), kind);
	put_line(out, S("DTSTART"), local_time(arena, onset));
	put_line(out, S("TZOFFSETFROM"), offset_words(arena, before));
	put_line(out, S("TZOFFSETTO"), offset_words(arena, now->offset_seconds));
	put_line(out, S("TZNAME"), str_from_z(now->abbreviation));
	put_line(out, S("END"), kind);
}

/* What holds from `from` to `until`: each change of the clocks in between, and the one before. */
static void
put_zone(struct buf *out, str name, const struct zone *zone, instant from, instant until)
{
	instant day = instant_add_ms(from, -LOOK_BACK_DAYS * DAY_MS);
	struct civil_time always = zone_civil(zone, day), onset = {.date = {1970, 1, 1}};
	bool changed = false;

	put_line(out, S("BEGIN"), S("VTIMEZONE"));
	put_line(out, S("TZID"), name);
	for (; day.ms < until.ms; day.ms += DAY_MS) {
		instant next = instant_add_ms(day, DAY_MS), at;
		struct civil_time before = zone_civil(zone, day), after = zone_civil(zone, next), wall;

		if (before.offset_seconds == after.offset_seconds)
			continue;
		at = find_change(zone, day, next);
		after = zone_civil(zone, at);
		/* RFC 5545 3.6.5: the onset is told in the time that held before it */
		wall = zone_civil(zone_utc(), instant_add_ms(at, before.offset_seconds * SECOND_MS));
		put_observance(out, &after, &wall, before.offset_seconds);
		changed = true;
	}
	if (!changed)
		put_observance(out, &always, &onset, always.offset_seconds);
	put_line(out, S("END"), S("VTIMEZONE"));
}

static void
put_time(struct buf *out, const char *name, str zone_name, const struct zone *zone, instant at)
{
	struct civil_time local = zone_civil(zone, at);

	put_line(
	    out, arena_printf(out->arena, "%s;TZID=%.*s", name, STR_ARG(zone_name)), local_time(out->arena, &local));
}

static str
description(struct arena *arena, const struct visit_details *d)
{
	const str parts[] = {d->who, d->prepare, d->directions, d->link, d->phone};
	struct buf out = BUF_INIT(arena);

	for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]); i++)
		if (parts[i].n) {
			if (out.n)
				buf_add_char(&out, '\n');
			buf_add(&out, parts[i]);
		}
	return buf_str(&out);
}

static str
place_line(struct arena *arena, const struct visit_details *d)
{
	if (d->link.n)
		return d->link;
	if (d->address.n && d->place.n)
		return arena_printf(arena, "%.*s, %.*s", STR_ARG(d->address), STR_ARG(d->place));
	return d->place.n ? d->place : d->address;
}

void
calendar_file(struct buf *out, const struct appointment *a, str zone_name, const struct zone *zone, str url)
{
	struct arena *arena = out->arena;

	put_line(out, S("BEGIN"), S("VCALENDAR"));
	put_line(out, S("VERSION"), S("2.0"));
	put_line(out, S("PRODID"), S("-//Salve//Appointments//EN"));
	put_zone(out, zone_name, zone, a->start, a->end);
	put_line(out, S("BEGIN"), S("VEVENT"));
	put_line(out, S("UID"), arena_printf(arena, "%.*s@salve", STR_ARG(uuid_text(arena, a->id.v))));
	put_line(out, S("DTSTAMP"), utc_time(arena, a->changed_at));
	put_line(out, S("SEQUENCE"), arena_printf(arena, "%lld", (long long)a->changes));
	put_time(out, "DTSTART", zone_name, zone, a->start);
	put_time(out, "DTEND", zone_name, zone, a->end);
	put_text_line(out, S("SUMMARY"), a->details.title);
	put_text_line(out, S("LOCATION"), place_line(arena, &a->details));
	put_text_line(out, S("DESCRIPTION"), description(arena, &a->details));
	if (url.n)
		put_line(out, S("URL"), url);
	put_line(out, S("STATUS"), a->state == APPOINTMENT_CANCELLED ? S("CANCELLED") : S("CONFIRMED"));
	put_line(out, S("CLASS"), S("PRIVATE"));
	put_line(out, S("END"), S("VEVENT"));
	put_line(out, S("END"), S("VCALENDAR"));
}
