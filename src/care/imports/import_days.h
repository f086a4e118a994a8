/* SPDX-License-Identifier: Apache-2.0 */
/* Readings of a long file by day, kind, app and unit, so that what a watch measures each few minutes becomes something that a person can
 * read: up to DAY_READINGS of one kind from one app a day stay as they are, a day with more becomes its average with the lowest and
 * the highest; counts (steps) become one sum a day, of the app that counted most.  What it takes in memory grows with days, not with
 * readings.  The whole can be written down and read back, for going on after an interruption.  Private to this folder. */
#ifndef SALVE_IMPORT_DAYS_H
#define SALVE_IMPORT_DAYS_H

#include "care/imports/imports_internal.h"

#define DAY_READINGS      12    /* kept one by one: every two hours */
#define DAY_READINGS_PAIR 100   /* of blood pressure, whose halves come apart: a day on a cuff every 15 minutes */
#define DAYS_MAX          60000 /* of all kinds and apps together: 40 years of four */
#define APPS_MAX          500

enum apple_use { USE_READING, USE_PAIR, USE_SUM };
struct apple_type {
	const char *name; /* without "HKQuantityTypeIdentifier" */
	const char *log;
	enum apple_use use;
	size_t field;        /* of a pair: 0 or 1; else that of the number */
	int power;           /* the number counts times ten to it: a part of 1 is percent */
	const char *words;   /* marked for translation: what is counted, or goes into the comments; NULL: nothing */
	const char *measure; /* of a sum: code of the activity log */
};
const struct apple_type *apple_type_of(str name);
const struct apple_type *apple_type_at(size_t i); /* NULL behind the last */

struct day_reading {
	instant at;
	int32_t offset;        /* seconds east, as written */
	int32_t created_after; /* seconds after `at` that it was written down */
	int64_t nano[2];
	bool has[2];
	uint8_t meal; /* 1: before, 2: after; 0: not said */
};
struct day {
	int16_t type, app, device,
	    unit;    /* by number; device -1: none; unit: of the field's list; a pair's kind is its first type */
	int32_t day; /* since 1970, where it was measured */
	int64_t count, line; /* line: of the first */
	int64_t sum[2], low[2], high[2], counts[2];
	struct day_reading last; /* told twice in a row is told once */
	struct day_reading *readings;
	int32_t kept, capacity;
	bool is_dense; /* more than are kept one by one: the readings are gone */
};
struct days {
	struct arena *arena;
	struct day *items;
	size_t count, capacity;
	uint32_t *slots; /* number of the day + 1; 0: free */
	size_t slot_count;
	str *names; /* of apps and devices, each once */
	size_t name_count;
	LIST(struct day_reading *) spare; /* blocks of DAY_READINGS that full days gave back */
	int32_t today;                    /* the day of the export, which was not over; 0: not said */
};

struct day_add {
	const struct apple_type *type;
	str app, device;
	const struct journal_unit *unit; /* of a reading */
	int16_t sum_unit;                /* of a sum: 1 for miles */
	struct day_reading reading;      /* the number in nano[0] */
	int32_t day;
	int64_t line;
};
enum day_added { DAY_TAKEN, DAY_JOINED, DAY_DOUBLED };
/* ERR_INVALID beyond DAYS_MAX or APPS_MAX. */
fallible days_add(struct days *days, const struct day_add *in, enum day_added *out);
/* All of them as entries, in order. `source`: what stands before the app's name. */
fallible days_stage(struct days *days, struct import_look *look);

void days_write(const struct days *days, struct buf *out);
/* False: written by another version of the program, or cut off. */
bool days_read(struct days *days, str text);

#endif
