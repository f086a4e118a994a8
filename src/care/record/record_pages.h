/* SPDX-License-Identifier: Apache-2.0 */
/* The record as pages, for the patient (/record, /looked) and for the care team (/patients).  Other features take from here
 * what they show of the record: what is new, what comes next, names of people and places. */
#ifndef SALVE_RECORD_PAGES_H
#define SALVE_RECORD_PAGES_H

#include "care/record/record_view.h"
#include "platform/http/http.h"

extern const struct route record_pages_routes[]; /* /record, /patients, /looked */

struct record_items {
	struct record_item *items;
	size_t count, capacity;
	int64_t mistaken; /* entries marked as a mistake, which are not among the items */
	int64_t found;    /* by the last search, read or not */
};

/* What a reference is called ("Practitioner/abc": "Dr. Ana Ruiz"); absent when it leads nowhere that the caller may see. */
fallible record_look_up(struct cx *cx, const struct page_cx *px, str reference, str *out);
/* Puts those names into an item. */
fallible record_item_look_up(struct cx *cx, const struct page_cx *px, struct record_item *item);

/* All of one class, newest first; undated ones last. */
fallible record_load(
    struct cx *cx, const struct page_cx *px, patient_id patient, enum record_class class, struct record_items *out);

/* What of a class is current now, newest first: of the newest RECORD_CURRENT_MAX that may be. `all` (may be NULL) counts the
 * whole class, current or not, without mistakes. */
#define RECORD_CURRENT_MAX 500
fallible record_load_current(struct cx *cx, const struct page_cx *px, patient_id patient, enum record_class class,
    struct record_items *out, int64_t *all);

/* What came into the record after `since`, newest first, at most `count_max`. */
fallible record_news(struct cx *cx, const struct page_cx *px, patient_id patient, instant since, size_t count_max,
    struct record_items *out);

/* The visits nearest to now: to come, and over. Absent: item.title.p is NULL. */
struct record_visits {
	struct record_item next, last;
};
fallible record_visits_near(struct cx *cx, const struct page_cx *px, patient_id patient, struct record_visits *out);

/* Refills of the patient's prescriptions, as far as the record tells. */
#define REFILLS_NOT_SAID (-1)
struct record_refill {
	str id;                 /* of the MedicationRequest */
	int64_t allowed, fills; /* refills prescribed (or REFILLS_NOT_SAID), times that it was handed over */
	bool coming;            /* one is being made ready */
};
struct record_refills {
	struct record_refill *items;
	size_t count, capacity;
};
fallible record_refills_load(struct cx *cx, const struct page_cx *px, patient_id patient, struct record_refills *out);
/* "2 refills left"; absent when the record does not say. */
str record_refill_words(const struct page_cx *px, const struct record_refills *refills, const struct record_item *item);

/* "Lab results", marked for translation; "labs", of its address below the record. */
const char *record_class_title(enum record_class class);
const char *record_class_path(enum record_class class);
/* How many entries each part has that the caller sees, mistakes too; from the index. */
fallible record_class_totals(struct cx *cx, patient_id patient, int64_t of[RECORD_CLASSES]);

/* Address of an item's page below `base` ("/record"). */
str record_item_path(struct arena *arena, str base, const struct record_item *item);

/* When the patient was here before the present visit, by the trail; none when never. */
fallible record_last_visit_here(struct cx *cx, patient_id patient, instant *out);

#endif
