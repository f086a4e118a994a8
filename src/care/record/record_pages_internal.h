/* SPDX-License-Identifier: Apache-2.0 */
/* What the faces of the record share, and what their templates show; not for other folders. */
#ifndef SALVE_RECORD_PAGES_INTERNAL_H
#define SALVE_RECORD_PAGES_INTERNAL_H

#include "care/record/record_class.h"
#include "care/record/record_pages.h"
#include "care/record/record_places.h"
#include "care/record/record_release.h"
#include "trust/identity/identity.h"
#include "trust/portal/portal.h"

#define RECORD_PAGE_ROWS  50   /* of one list page */
#define RECORD_PRINT_ROWS 2000 /* of one printed list: 40 sheets */
#define RECORD_YEARS_MAX  120
#define RECORD_LOOK_MAX   500 /* entries opened to find a word in a list, before the person is asked to go on */

/* ---- whose record ---- */

struct record_scope {
	patient_id patient;
	enum access_why why;
	bool own;        /* the patient's own; otherwise a member of the care team reads */
	str base;        /* "/record" or "/patients/<id>/record" */
	str name, about; /* of the patient, for staff: "Maria Lopez", "76 years old, born 5 March 1950" */
};
/* Whose record does the address mean, may the caller see it? Fills the frame too. ERR_GONE otherwise. */
fallible
record_scope_open(struct cx *cx, struct request *rq, str title, struct record_scope *scope, struct page_cx *px);

/* ---- the sections ---- */

struct record_section {
	const char *path; /* "labs" */
	const char *title, *lead, *empty, *search;
	enum audit_subject subject;
	bool has_current; /* what is current can be told from what is over */
};
extern const struct record_section record_sections[RECORD_CLASSES];
/* The class that a route of the record is about: what follows "/record/" in its pattern. */
enum record_class record_class_of_route(const struct request *rq);

fallible record_load_type(struct cx *cx, const struct page_cx *px, patient_id patient, enum record_class class,
    resource_type type, struct record_items *out);
/* Those that a search finds; the first one not updated after `since` (none: all) ends it. */
fallible record_load_search(struct cx *cx, const struct page_cx *px, const struct resource_search *search,
    instant since, struct record_items *out);
/* The newest entry of each test (items->group_count: how many it stands for) without opening the others. An entry without a
 * code is a test of its own; which codings an entry has counts, not their order, so several items may still have one key. */
struct record_newest {
	struct record_items items; /* newest first */
	size_t all;                /* entries they stand for, in every year */
	int64_t undated;           /* left out, because a time was asked for and they have none */
	int *years;                /* that have entries, newest first; 0 ends them */
	size_t year_count;
};
fallible record_load_newest(struct cx *cx, const struct page_cx *px, patient_id patient, enum record_class class,
    resource_type type, const struct record_span *span, struct record_newest *out);
int record_item_newer(const void *a, const void *b); /* for qsort */
void record_items_sort(struct record_items *items);  /* newest first, undated ones last */
void record_audit(struct cx *cx, const struct record_scope *scope, enum audit_action action, enum audit_subject subject,
    struct uuid item, int64_t count);
/* Where the patient asks about it: "/messages/new?about=Observation/<id>". */
str record_ask_path(struct arena *arena, const struct record_item *item);
/* The address of this page's print view. */
str record_print_path(struct cx *cx, struct request *rq);

/* ---- what waits ---- */

/* How many entries the patient does not see; for lists and the summary. */
struct record_waiting_note {
	size_t count;
	bool own; /* said to the patient or who acts for them */
	str path; /* of what waits */
};
/* `section` RECORD_CLASSES: of the whole record. */
fallible record_waiting_count(
    struct cx *cx, const struct record_scope *scope, enum record_class section, struct record_waiting_note *out);
void record_waiting_note(struct buf *out, const struct page_cx *px, const struct record_waiting_note *v);
/* For the care team: why the patient does not see this one yet, and the address that lets them. Absent when they see it. */
fallible record_hidden_words(struct cx *cx, const struct page_cx *px, const struct record_scope *scope,
    const struct resource *resource, str *why, str *path);

/* ---- a list page ---- */

struct record_line {
	str path, title, detail, value, range, state;
	enum status_kind state_kind;
	str when, by;
	int64_t count; /* results of this test; 0: not a test */
	bool own;      /* the patient's own reading */
};

/* What the person asked to see. */
struct record_filter {
	str query;
	struct record_span span;
	str from, until; /* days as they stand in their fields */
	const struct record_kind *kind;
	bool current;
	str panel; /* key of a panel; absent: all */
};

struct record_list_page {
	const struct record_scope *scope;
	const struct record_section *section;
	struct record_filter filter;
	str path;         /* of this list, without its filters */
	str filters_path; /* with them, for the pages of the list */
	str print_path;
	const struct record_line *lines;
	size_t count;
	int64_t total, all; /* that fit the filter; in all */
	int64_t page, pages;
	int64_t mistaken;
	const int *years; /* that have entries, newest first; 0 ends them */
	const struct option *kinds, *panels;
	size_t kind_count, panel_count;
	/* a list that was looked through, entry by entry: how many of how many, and the address that goes on */
	bool is_scanned;
	int64_t looked, looked_of, undated;
	str further_path;
	bool is_table;               /* tests with value and range */
	bool panels_shown, has_tabs; /* labs: by test or by report */
	const struct option *tabs;   /* label and address */
	const struct team_lines *teams;
	struct record_waiting_note waiting;
};
struct team_lines {
	const struct record_line *lines;
	size_t count;
};
void page_record_list(struct buf *out, const struct page_cx *px, const struct record_list_page *v);
void record_head(struct buf *out, const struct page_cx *px, const struct record_scope *scope);
void record_lines(struct buf *out, const struct page_cx *px, const struct record_line *lines, size_t count);
void
record_table(struct buf *out, const struct page_cx *px, str caption, const struct record_line *lines, size_t count);

bool record_any_range(const struct record_line *lines, size_t count);

/* The lines of items, with their names looked up. */
fallible record_lines_of(struct cx *cx, const struct page_cx *px, const struct record_scope *scope,
    const struct record_item *items, size_t count, const struct record_line **out);
bool record_filter_takes(const struct record_filter *filter, const struct page_cx *px, const struct record_item *item);
void
record_filter_read(struct request *rq, const struct page_cx *px, enum record_class class, struct record_filter *out);
int record_year(const struct page_cx *px, instant at);                          /* in the facility's zone; 0: no time */
int record_item_year(const struct page_cx *px, const struct record_item *item); /* 0: undated */
const int *record_years(const struct page_cx *px, const struct record_items *items);
/* What every list page has: section, filters, addresses. */
void record_list_begin(struct cx *cx, struct request *rq, const struct page_cx *px, const struct record_scope *scope,
    enum record_class class, struct record_list_page *view);
/* The entries of the class (of one type of it; 0: every type) that the person asked for, a page of them as lines. */
fallible record_list_load(struct cx *cx, struct request *rq, const struct page_cx *px, resource_type type,
    enum record_class class, struct record_list_page *view);
/* Page numbers of a list of `total` rows from ?page=; the first row of it. */
size_t record_page_begin(struct request *rq, const struct page_cx *px, size_t total, struct record_list_page *view);

/* ---- the page of one entry ---- */

#define RECORD_NOT_THERE                                                                                     \
	ERR(ERR_GONE, TR("We could not find that. It may have been removed, or it is not shared with you."), \
	    "no such entry in this record, or it stands on another page")

struct record_file_line {
	str title, type, path, elsewhere, text;
	str picture, opens; /* addresses that show it; absent when a browser cannot */
	bool is_another;    /* not what it calls itself, which is `type` */
	str truly;          /* then: what it is */
	size_t bytes;
};
struct record_detail_page {
	const struct record_scope *scope;
	const struct record_section *section;
	str section_path;
	const struct record_item *item;
	struct record_facts facts, raw;
	str hidden_why, hidden_path; /* for the care team: the patient does not see it yet, and where to let them */
	str narrative;
	str about_url;                        /* of MedlinePlus */
	str rx_path;                          /* refills and requests of a prescription; absent: it is none */
	str ask_path, wrong_path, print_path; /* wrong_path: where a correction is asked for */
	const struct record_file_line *files;
	size_t file_count;
	/* a measurement */
	struct html plot;
	str before;                      /* "Before that: 8.2 % on 3 March 2025." */
	const struct record_line *later; /* the values of this test, newest first */
	size_t later_count, own_count;   /* shown; of them the patient's own */
	size_t other_units;              /* values that the plot leaves out */
	int64_t later_all;               /* in the record */
	/* a panel's results; what happened in a visit */
	str members_title;
	const struct record_line *members;
	size_t member_count, members_missing;
	const struct record_line *inside;
	size_t inside_count;
	int64_t inside_more; /* not shown */
	/* the reports this result is part of */
	const struct record_line *panels;
	size_t panel_count;
	/* documents that name this entry: what was asked to be corrected, and answered */
	const struct record_line *related;
	size_t related_count;
};
void page_record_detail(struct buf *out, const struct page_cx *px, const struct record_detail_page *v);
/* The files of the entry, each as what it is by its content; those that stand in a Binary of this record are fetched. */
fallible record_files_fill(struct cx *cx, const struct page_cx *px, const struct record_scope *scope,
    const struct json_value *json, struct record_detail_page *view);
/* Value, earlier values and plot of a measurement. */
fallible record_detail_measure(
    struct cx *cx, const struct page_cx *px, const struct record_scope *scope, struct record_detail_page *view);

/* ---- the summary, other types, patients, the trail ---- */

struct record_card {
	str title, path;
	const struct record_line *lines;
	size_t count;
	int64_t more; /* not shown */
	str empty;
	bool is_table;
};
struct record_part {
	str title, path;
	int64_t count;
};
/* Another record of the same person, as the clinic's links say. */
struct record_join {
	str words;
	str path; /* to it; absent for the patient, and when the caller may not see it */
};
struct record_joins {
	struct record_join *items;
	size_t count, capacity;
};
#define RECORD_JOINS_LOOK_MAX 8 /* Patient resources of one record that are looked at */
fallible
record_joins_load(struct cx *cx, const struct page_cx *px, const struct record_scope *scope, struct record_joins *out);

struct record_summary_page {
	const struct record_scope *scope;
	struct record_joins joins;
	struct record_waiting_note waiting;
	const struct record_line *news;
	size_t news_count;
	const struct record_card *cards;
	size_t card_count;
	const struct record_part *parts;
	size_t part_count;
	str print_path;
};
void page_record_summary(struct buf *out, const struct page_cx *px, const struct record_summary_page *v);

struct record_other_page {
	const struct record_scope *scope;
	const struct record_part *parts;
	size_t part_count;
};
void page_record_other(struct buf *out, const struct page_cx *px, const struct record_other_page *v);

struct patients_page {
	str query;
	const struct record_line *lines;
	size_t count;
	str next_path; /* absent: these are all */
};
void page_patients(struct buf *out, const struct page_cx *px, const struct patients_page *v);

struct looked_line {
	str sentence, when;
};
struct looked_day {
	str title;
	const struct looked_line *lines; /* of others */
	size_t count;
	const struct looked_line *own;
	size_t own_count;
};
struct looked_page {
	const struct looked_day *days;
	size_t day_count;
	str older_path; /* absent: these are the oldest */
	bool from_start;
};
void page_looked(struct buf *out, const struct page_cx *px, const struct looked_page *v);

/* ---- handlers ---- */

fallible get_record_summary(struct cx *cx, struct request *rq);
fallible get_record_list(struct cx *cx, struct request *rq);
fallible get_record_item(struct cx *cx, struct request *rq);
fallible get_record_file(struct cx *cx, struct request *rq);
fallible get_record_labs(struct cx *cx, struct request *rq);
fallible get_record_other(struct cx *cx, struct request *rq);
fallible get_record_other_type(struct cx *cx, struct request *rq);
fallible get_patients(struct cx *cx, struct request *rq);
fallible get_looked(struct cx *cx, struct request *rq);

#endif
