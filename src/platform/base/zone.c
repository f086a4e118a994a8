/* SPDX-License-Identifier: Apache-2.0 */
/* Time zones by name, and the clock on the wall there.  The table of loaded zones is the one global of this folder: it only
 * grows, readers walk it without a lock, a mutex serialises the loading of files. */
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>

#include "platform/base/tzif.h"

#define ZONE_FOLDER         "/usr/share/zoneinfo/"
#define ZONE_NAME_BYTES_MAX 64
/* No offset reaches further, so a wall time can be no other moment than within so many seconds of its UTC reading. */
#define OFFSET_SECONDS_MAX (27 * 3600)

static const struct zone_type utc_type = {0, false, "UTC"};
static const struct zone utc = {.name = S_INIT("UTC"), .types = &utc_type};

static _Atomic(const struct zone *) loaded;
static pthread_mutex_t loading = PTHREAD_MUTEX_INITIALIZER;
static struct arena loaded_arena; /* of the zones in `loaded`; guarded by `loading` */

const struct zone *
zone_utc(void)
{
	return &utc;
}

static const struct zone *
find_loaded(str name)
{
	const struct zone *zone = atomic_load_explicit(&loaded, memory_order_acquire);

	while (zone && !str_equal(zone->name, name))
		zone = zone->older;
	return zone;
}

static bool
name_is_plain(str name)
{
	if (name.n == 0 || name.n > ZONE_NAME_BYTES_MAX || name.p[0] == '/')
		return false;
	for (size_t i = 0; i < name.n; i++) {
		char c = name.p[i];
		bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '/' ||
		             c == '_' || c == '-' || c == '+'; /* no dot, so no ".." */

		if (!plain)
			return false;
	}
	return true;
}

/* With `loading` held. */
static const struct err *
load(str name, const struct zone **out)
{
	struct arena scratch = ARENA_INIT;
	char *bytes = arena_text(&scratch, TZIF_BYTES_MAX + 1);
	const char *path = arena_printf(&scratch, ZONE_FOLDER "%.*s", STR_ARG(name)).p;
	FILE *file = fopen(path, "rbe");
	size_t n = file ? fread(bytes, 1, TZIF_BYTES_MAX + 1, file) : 0;
	struct zone *zone;

	if (file)
		fclose(file);
	zone = n ? ARENA_NEW(&loaded_arena, struct zone) : NULL;
	if (!zone || !tzif_parse(&loaded_arena, (str){bytes, n}, zone)) {
		arena_release(&scratch);
		return ERR(ERR_INVALID, "There is no such time zone.", "time zone missing or unreadable");
	}
	arena_release(&scratch);
	zone->name = arena_str(&loaded_arena, name);
	zone->older = atomic_load_explicit(&loaded, memory_order_relaxed);
	atomic_store_explicit(&loaded, zone, memory_order_release);
	*out = zone;
	return NULL;
}

fallible
zone_find(str name, const struct zone **out)
{
	const struct zone *zone;
	const struct err *e = NULL;

	if (str_equal(name, utc.name)) {
		*out = &utc;
		return NULL;
	}
	if (!name_is_plain(name))
		return ERR(ERR_INVALID, "There is no such time zone.", "not a time zone's name");
	zone = find_loaded(name);
	if (!zone) {
		pthread_mutex_lock(&loading);
		zone = find_loaded(name);
		if (!zone)
			e = load(name, &zone);
		pthread_mutex_unlock(&loading);
	}
	if (!e)
		*out = zone;
	return e;
}

static int64_t
floor_div(int64_t a, int64_t b)
{
	return a / b - (a % b < 0);
}

static int64_t
floor_rest(int64_t a, int64_t b)
{
	int64_t rest = a % b;

	return rest < 0 ? rest + b : rest;
}

/* Years 1 to 9999, whatever is asked and whatever the zone makes of it. */
static int64_t
within_calendar(int64_t seconds)
{
	const int64_t first = INT64_C(-62135596800), last = INT64_C(253402300799);

	return seconds < first ? first : seconds > last ? last : seconds;
}

struct civil_time
zone_civil(const struct zone *zone, instant at)
{
	int64_t seconds = floor_div(at.ms, SECOND_MS);
	const struct zone_type *type;
	int64_t wall, of_day;

	seconds = within_calendar(seconds);
	type = zone_type_at(zone, seconds);
	wall = within_calendar(seconds + type->offset_seconds);
	of_day = floor_rest(wall, 86400);
	return (struct civil_time){
	    .date = civil_date_from_days((int32_t)floor_div(wall, 86400)),
	    .hour = (int8_t)(of_day / 3600),
	    .minute = (int8_t)(of_day / 60 % 60),
	    .second = (int8_t)(of_day % 60),
	    .millisecond = (int16_t)floor_rest(at.ms, SECOND_MS),
	    .offset_seconds = type->offset_seconds,
	    .is_dst = type->is_dst,
	    .abbreviation = type->abbreviation,
	};
}

/* The first moment at which the wall shows `wall` seconds; where none does, the moment by the offset before the gap, and
 * `*change` is when the clock went forward. */
static int64_t
moment_of_wall(const struct zone *zone, int64_t wall, bool *skipped, int64_t *change)
{
	int64_t begin = wall - OFFSET_SECONDS_MAX;
	int32_t offset = zone_type_at(zone, begin)->offset_seconds, before = offset;

	*skipped = false;
	for (;;) {
		int64_t moment = wall - offset, end = zone_transition_after(zone, begin);

		if (moment < begin) {
			*skipped = true;
			*change = begin;
			return wall - before;
		}
		if (moment < end)
			return moment;
		before = offset;
		begin = end;
		offset = zone_type_at(zone, begin)->offset_seconds;
	}
}

instant
zone_instant(const struct zone *zone, struct civil_time civil)
{
	int64_t wall =
	    civil_date_to_days(civil.date) * INT64_C(86400) + civil.hour * 3600 + civil.minute * 60 + civil.second;
	int64_t change;
	bool skipped;

	return (instant){moment_of_wall(zone, wall, &skipped, &change) * SECOND_MS + civil.millisecond};
}

int64_t
zone_wall_steady(const struct zone *zone, instant at)
{
	int64_t seconds = floor_div(at.ms, SECOND_MS), change;
	int64_t wall = seconds + zone_type_at(zone, seconds)->offset_seconds;
	bool skipped;
	int64_t first = moment_of_wall(zone, wall, &skipped, &change);

	if (first < seconds) { /* the wall showed this once before: it stands still where it stood at the change */
		change = zone_transition_after(zone, first);
		return (change + zone_type_at(zone, first)->offset_seconds) * SECOND_MS;
	}
	return wall * SECOND_MS + floor_rest(at.ms, SECOND_MS);
}

instant
zone_instant_steady(const struct zone *zone, int64_t wall_ms)
{
	int64_t wall = floor_div(wall_ms, SECOND_MS), change;
	bool skipped;
	int64_t moment = moment_of_wall(zone, wall, &skipped, &change);

	return (instant){skipped ? change * SECOND_MS : moment * SECOND_MS + floor_rest(wall_ms, SECOND_MS)};
}
