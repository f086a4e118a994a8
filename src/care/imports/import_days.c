/* SPDX-License-Identifier: Apache-2.0 */
/* Days in memory: finding the one that a reading belongs to, adding to it, writing all down and reading them back. */
#include "care/imports/import_days.h"

#define VERSION 1

/* ---- names ---- */

static fallible
name_number(struct days *days, str name, int16_t *out)
{
	for (size_t i = 0; i < days->name_count; i++)
		if (str_equal(days->names[i], name)) {
			*out = (int16_t)i;
			return NULL;
		}
	if (!days->names)
		days->names = ARENA_ARRAY(days->arena, str, APPS_MAX);
	if (days->name_count == APPS_MAX)
		return ERR(ERR_INVALID, TR("This file names more apps and devices than are read here."), "APPS_MAX");
	*out = (int16_t)days->name_count;
	days->names[days->name_count++] = arena_str(days->arena, name);
	return NULL;
}

/* ---- finding a day ---- */

static uint64_t
hash_of(const struct day *d)
{
	uint64_t h = (uint64_t)(uint16_t)d->type << 48 | (uint64_t)(uint16_t)d->app << 32 | (uint32_t)d->day;

	h ^= (uint64_t)(uint16_t)d->unit << 40;
	h *= 0x9E3779B97F4A7C15u;
	return h ^ h >> 29;
}

static bool
is_same(const struct day *a, const struct day *b)
{
	return a->type == b->type && a->app == b->app && a->unit == b->unit && a->day == b->day;
}

static void
place(struct days *days, size_t number)
{
	size_t at = hash_of(&days->items[number]) & (days->slot_count - 1);

	while (days->slots[at])
		at = (at + 1) & (days->slot_count - 1);
	days->slots[at] = (uint32_t)number + 1;
}

static void
make_room(struct days *days)
{
	if (days->count * 2 < days->slot_count)
		return;
	days->slot_count = days->slot_count ? days->slot_count * 4 : 4096;
	days->slots = ARENA_ARRAY(days->arena, uint32_t, days->slot_count);
	for (size_t i = 0; i < days->count; i++)
		place(days, i);
}

static fallible
find_day(struct days *days, const struct day *wanted, struct day **out)
{
	size_t at;

	make_room(days);
	for (at = hash_of(wanted) & (days->slot_count - 1); days->slots[at]; at = (at + 1) & (days->slot_count - 1)) {
		struct day *day = &days->items[days->slots[at] - 1];

		if (!is_same(day, wanted))
			continue;
		*out = day;
		return NULL;
	}
	if (days->count == DAYS_MAX)
		return ERR(ERR_INVALID, TR("This file goes over more years than are read here."), "DAYS_MAX");
	*LIST_ADD(days->arena, days) = *wanted;
	place(days, days->count - 1);
	*out = &days->items[days->count - 1];
	return NULL;
}

/* ---- adding ---- */

static bool
is_pair(const struct day *day)
{
	return apple_type_at((size_t)day->type)->use == USE_PAIR;
}

static int32_t
kept_at_most(const struct day *day)
{
	return is_pair(day) ? DAY_READINGS_PAIR : DAY_READINGS;
}

static fallible
add_number(struct day *day, size_t part, int64_t nano)
{
	if (__builtin_add_overflow(day->sum[part], nano, &day->sum[part]))
		return ERR(ERR_INVALID, TR("The numbers of one day in this file are too large."), "a sum overflows");
	if (!day->counts[part] || nano < day->low[part])
		day->low[part] = nano;
	if (!day->counts[part] || nano > day->high[part])
		day->high[part] = nano;
	day->counts[part]++;
	return NULL;
}

/* The other half of one that is there, or the same once more. */
static enum day_added
meet(struct day *day, const struct day_reading *new, size_t part)
{
	for (int32_t i = 0; i < day->kept; i++) {
		struct day_reading *r = &day->readings[i];

		if (r->at.ms != new->at.ms)
			continue;
		if (r->has[part] && r->nano[part] == new->nano[part])
			return DAY_DOUBLED;
		if (r->has[part])
			continue;
		r->has[part] = true;
		r->nano[part] = new->nano[part];
		return DAY_JOINED;
	}
	return DAY_TAKEN;
}

static struct day_reading *
block_of(struct days *days)
{
	return days->spare.count ? days->spare.items[--days->spare.count]
	                         : ARENA_ARRAY(days->arena, struct day_reading, DAY_READINGS);
}

static void
keep_reading(struct days *days, struct day *day, const struct day_reading *new)
{
	if (day->is_dense)
		return;
	if (day->kept == kept_at_most(day)) {
		if (day->capacity == DAY_READINGS)
			*LIST_ADD(days->arena, &days->spare) = day->readings;
		day->is_dense = true;
		day->kept = day->capacity = 0;
		day->readings = NULL;
		return;
	}
	if (!day->capacity) {
		day->readings = block_of(days);
		day->capacity = DAY_READINGS;
	} else if (day->kept == day->capacity) {
		struct day_reading *grown = ARENA_ARRAY(days->arena, struct day_reading, DAY_READINGS_PAIR);

		memcpy(grown, day->readings, (size_t)day->kept * sizeof(grown[0]));
		day->readings = grown;
		day->capacity = DAY_READINGS_PAIR;
	}
	day->readings[day->kept++] = *new;
}

static int16_t
number_of_type(const struct apple_type *type)
{
	const struct apple_type *at;

	for (size_t i = 0; (at = apple_type_at(i)); i++)
		if (at == type || (type->use == USE_PAIR && at->use == USE_PAIR && strcmp(at->log, type->log) == 0))
			return (int16_t)i;
	return -1;
}

fallible
days_add(struct days *days, const struct day_add *in, enum day_added *out)
{
	size_t part = in->type->use == USE_PAIR ? in->type->field : 0;
	struct day wanted = {
	    .type = number_of_type(in->type), .device = -1, .unit = in->sum_unit, .day = in->day, .line = in->line};
	struct day_reading reading = in->reading;
	const struct journal_log *log = journal_log_find(str_from_z(in->type->log));
	struct day *day;

	if (in->unit)
		wanted.unit = (int16_t)(in->unit - log->fields[in->type->field].units->items);
	TRY(name_number(days, in->app, &wanted.app));
	if (in->device.n)
		TRY(name_number(days, in->device, &wanted.device));
	if (part) {
		reading.nano[1] = reading.nano[0];
		reading.nano[0] = 0;
	}
	reading.has[part] = true;
	TRY(find_day(days, &wanted, &day));
	*out = DAY_DOUBLED;
	if (day->count && day->last.at.ms == reading.at.ms && day->last.has[part] == reading.has[part] &&
	    day->last.nano[part] == reading.nano[part] && day->last.created_after == reading.created_after)
		return NULL;
	*out = in->type->use == USE_SUM ? DAY_TAKEN : meet(day, &reading, part);
	if (*out == DAY_DOUBLED)
		return NULL;
	day->last = reading;
	day->count++;
	TRY(add_number(day, part, reading.nano[part]));
	if (*out == DAY_TAKEN && in->type->use != USE_SUM)
		keep_reading(days, day, &reading);
	return NULL;
}

/* ---- written down ---- */

struct head {
	uint64_t version, day_bytes, reading_bytes, count, name_count;
	int64_t today;
};

void
days_write(const struct days *days, struct buf *out)
{
	struct head head = {
	    VERSION, sizeof(struct day), sizeof(struct day_reading), days->count, days->name_count, days->today};
	size_t readings = 0;

	for (size_t i = 0; i < days->count; i++)
		readings += (size_t)days->items[i].kept;
	buf_reserve(out, days->count * sizeof(struct day) + readings * sizeof(struct day_reading) + APPS_MAX * 100);
	buf_add_bytes(out, &head, sizeof(head));
	for (size_t i = 0; i < days->name_count; i++) {
		uint64_t n = days->names[i].n;

		buf_add_bytes(out, &n, sizeof(n));
		buf_add(out, days->names[i]);
	}
	for (size_t i = 0; i < days->count; i++) {
		struct day day = days->items[i];

		day.readings = NULL;
		day.capacity = 0;
		buf_add_bytes(out, &day, sizeof(day));
		buf_add_bytes(out, days->items[i].readings, (size_t)day.kept * sizeof(struct day_reading));
	}
}

static bool
take(str *text, void *out, size_t n)
{
	if (text->n < n)
		return false;
	if (n)
		memcpy(out, text->p, n);
	*text = str_drop(*text, n);
	return true;
}

bool
days_read(struct days *days, str text)
{
	struct head head;

	if (!take(&text, &head, sizeof(head)) || head.version != VERSION || head.day_bytes != sizeof(struct day) ||
	    head.reading_bytes != sizeof(struct day_reading) || head.count > DAYS_MAX || head.name_count > APPS_MAX)
		return false;
	days->today = (int32_t)head.today;
	days->names = ARENA_ARRAY(days->arena, str, APPS_MAX);
	for (days->name_count = 0; days->name_count < head.name_count; days->name_count++) {
		uint64_t n;

		if (!take(&text, &n, sizeof(n)) || text.n < n)
			return false;
		days->names[days->name_count] = arena_str(days->arena, str_take(text, n));
		text = str_drop(text, n);
	}
	for (size_t i = 0; i < head.count; i++) {
		struct day day, *added;

		if (!take(&text, &day, sizeof(day)) || day.kept < 0 || day.kept > DAY_READINGS_PAIR)
			return false;
		day.capacity = day.kept > DAY_READINGS ? DAY_READINGS_PAIR : day.kept ? DAY_READINGS : 0;
		day.readings = day.capacity ? ARENA_ARRAY(days->arena, struct day_reading, (size_t)day.capacity) : NULL;
		if (!take(&text, day.readings, (size_t)day.kept * sizeof(struct day_reading)))
			return false;
		if (find_day(days, &day, &added))
			return false;
	}
	return text.n == 0;
}
