/* SPDX-License-Identifier: Apache-2.0 */
/* Lists of the record from the index: which entries a person asks for, newest first, without opening them.  Private to this
 * folder. */
#ifndef SALVE_RECORD_PLACES_H
#define SALVE_RECORD_PLACES_H

#include "care/record/record_pages.h"

/* A kind of entries within a class: "Discharge summaries". */
struct record_kind {
	enum record_class class;
	const char *value, *words; /* "discharge"; marked for translation */
	resource_type type;        /* 0: every type of the class */
	const char *param;         /* NULL: all of the type */
	const str *codes;
	size_t code_count;
	bool without; /* none of the codes */
};
/* The kinds of a class; `count` 0 when it has none. */
const struct record_kind *record_kinds(enum record_class class, size_t *count);
const struct record_kind *record_kind_find(enum record_class class, str value);

/* When: a year, or from an instant to before another. */
struct record_span {
	int year;             /* 0: every year */
	instant since, until; /* INSTANT_NONE: open on that side */
};
#define RECORD_SPAN(...) ((struct record_span){.since = INSTANT_NONE, .until = INSTANT_NONE, __VA_ARGS__})
bool record_span_is_open(const struct record_span *span);
bool record_span_has(const struct page_cx *px, const struct record_span *span, instant at);

struct record_query {
	enum record_class class;
	resource_type type;             /* 0: every type of the class */
	const struct record_kind *kind; /* NULL: every kind */
	bool current;                   /* what may be current by its status; the entry itself says whether it is */
	struct record_span span;
};
struct record_place {
	resource_type type;
	struct resource_place place;
};
struct record_places {
	struct record_place *items; /* newest first, undated ones last */
	size_t count, capacity;
	int64_t all;      /* of the class, whatever kind and time was asked for */
	int64_t undated;  /* left out, because a time was asked for and they have none */
	int64_t mistaken; /* marked as a mistake, and left out */
	int *years;       /* that have entries, newest first; 0 ends them */
	size_t year_count;
};
fallible record_places_find(struct cx *cx, const struct page_cx *px, patient_id patient,
    const struct record_query *query, struct record_places *out);

/* Adds to of[class] how many are in each, mistakes too: of the counts that resource_counts gave; of one type, or 0: all. */
fallible record_class_counts(
    struct cx *cx, patient_id patient, const int64_t *count_by_type, resource_type only_type, int64_t *of);

/* Adds how many of a type are in the class and marked as a mistake. */
fallible
record_class_mistaken(struct cx *cx, patient_id patient, enum record_class class, resource_type type, int64_t *out);

/* Opens some of them, in their order, memory bounded by what is kept. Those that turn out to be mistakes are left out and
 * counted in out->mistaken. */
fallible record_places_open(struct cx *cx, const struct page_cx *px, patient_id patient,
    const struct record_place *places, size_t count, struct record_items *out);

/* Looks through places from `*at` on until `wanted` entries fit or `looked_max` were opened; `*at` is where it stopped. */
typedef bool(record_fits_fn)(const void *arg, const struct page_cx *px, const struct record_item *item);
struct record_scan {
	const struct record_places *places;
	size_t wanted, looked_max;
	record_fits_fn *fits;
	const void *arg;
};
fallible record_places_scan(struct cx *cx, const struct page_cx *px, patient_id patient, const struct record_scan *scan,
    size_t *at, struct record_items *out);

#endif
