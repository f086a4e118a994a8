/* SPDX-License-Identifier: Apache-2.0 */
#ifndef SALVE_BLUEBUTTON_INTERNAL_H
#define SALVE_BLUEBUTTON_INTERNAL_H

#include "care/appointments/appointments.h"
#include "care/bluebutton/bluebutton.h"
#include "care/bluebutton/names.h"
#include "care/messaging/messaging.h"
#include "care/record/record_pages.h"
#include "care/record/record_release.h"
#include "trust/portal/portal.h"

/* ---- forms of a download ---- */

typedef fallible(download_fn)(
    struct cx *cx, const struct page_cx *px, const struct bluebutton_ask *ask, const struct sink *sink);
struct download_format {
	const char *file; /* "salve-record.txt": the last part of its address */
	const char *content_type;
	const char *title, *words; /* marked for translation */
	download_fn *write;
	bool main;  /* one of those that most people need */
	int passes; /* how often it walks through the record: for progress */
};
extern const struct download_format download_formats[];       /* ended by {0} */
const struct download_format *download_format_find(str file); /* NULL: there is none */
/* The one that fits what is asked for: of a long record the PDF is several in a ZIP. */
fallible download_format_fit(struct cx *cx, const struct bluebutton_ask *ask, const struct download_format **format);

#define DOWNLOAD_GONE(log) \
	ERR(ERR_GONE, TR("We could not find that. It may have been removed, or it is not shared with you."), log)

/* Whose record an address means. */
struct download_scope {
	patient_id patient;
	enum access_why why;
	bool own;       /* the patient, or who acts for them; otherwise a member of the care team */
	str base, name; /* "/download" or "/patients/<id>/download"; of the patient, for staff */
};
fallible
download_scope_open(struct cx *cx, struct request *rq, str title, struct download_scope *scope, struct page_cx *px);
str download_fhir_base(struct cx *cx, struct request *rq);

/* What a query asks for: "part" once for each part, "from" and "until" in three boxes each, "messages=no". Fills choice and
 * messages of `ask`; false when a day is none. */
struct download_typed {
	str from, until; /* the days as typed */
};
bool download_ask_read(
    const struct page_cx *px, struct http_pairs query, struct bluebutton_ask *ask, struct download_typed *typed);

/* ---- the parts of a download, in its order ---- */

#define SECTION_TYPES_MAX 4
struct download_section {
	const char *heading, *title; /* "LAB RESULTS" in the text, "Lab results" elsewhere; marked for translation */
	const char *file;            /* "lab-results" */
	enum record_class class;
	struct {
		resource_type type;
		const char *sort; /* the date parameter it is sorted by; NULL: by arrival */
	} types[SECTION_TYPES_MAX];
};
extern const struct download_section download_sections[];
extern const size_t download_section_count;
/* Is there a section for resources of this type? What is made for programs has none. */
bool download_section_has(resource_type type);

/* How many entries each part has, and how many of them are asked for. Opens every entry when days are asked for. */
struct download_counts {
	int64_t all[RECORD_CLASSES], chosen[RECORD_CLASSES];
};
fallible download_count(struct cx *cx, const struct bluebutton_ask *ask, struct download_counts *out);

/* ---- walking through a part ---- */

/* An entry as it passes; lives until the visit returns. */
struct download_entry {
	struct cx *cx;
	const struct page_cx *px; /* with an arena of the page of entries in hand */
	resource_type type;
	const struct resource *resource;
	const struct json_value *json;
	const struct record_item *item; /* its names looked up */
	struct names *names;            /* of people and places, looked up before */
};
typedef fallible(download_visit_fn)(void *arg, const struct download_entry *entry);
struct download_tally {
	int64_t shown, mistaken, outside; /* entries visited, marked as mistakes, not asked for */
};
/* Every entry of the section that is asked for, newest first; memory is a page of entries. `counts`: of resource_counts. */
fallible download_walk(struct cx *cx, const struct page_cx *px, const struct bluebutton_ask *ask,
    const struct download_section *section, const int64_t *counts, struct download_tally *tally,
    download_visit_fn *visit, void *arg);
/* The facts of an entry with the names they refer to; what has no value is left out. */
fallible download_facts(const struct download_entry *entry, struct record_facts *out);

/* ---- PDF ---- */

#define PDF_ENTRIES_MAX 10000 /* of one file: some 1,500 pages, and 50 MiB of memory while it is made */

/* Has what is asked for more entries than one PDF takes? Opens every entry when days are asked for and the parts alone do not tell. */
fallible bluebutton_pdf_is_long(struct cx *cx, const struct bluebutton_ask *ask, bool *out);
/* A long record: `begin` is called with the name of each file and what it is, then `sink` with its bytes. */
struct pdf_files {
	fallible((*begin)(void *arg, str name, str what));
	void *arg;
	struct sink sink;
	int64_t entries_max; /* of a file */
};
fallible bluebutton_pdf_files(
    struct cx *cx, const struct page_cx *px, const struct bluebutton_ask *ask, const struct pdf_files *files);

/* ---- what is missing, and why ---- */

/* A sentence each, for the end of a text, a page of the ZIP, its manifest. */
struct download_missing {
	str *items;
	size_t count, capacity;
};
fallible download_missing_words(struct cx *cx, const struct page_cx *px, const struct bluebutton_ask *ask,
    const int64_t *counts, const struct download_tally *tally, struct download_missing *out);
/* "Lab results, Vaccines, from 1 March 2025 to 5 March 2026"; "everything". */
str download_choice_words(const struct page_cx *px, const struct bluebutton_ask *ask);

/* ---- the page ---- */

struct download_part {
	str title, value; /* value: of its tick box */
	int64_t count;
	bool chosen;
};
struct download_choice_link {
	str title, words, path;
	str prepare, key; /* what to prepare, and under which key; absent when it is streamed only */
	bool main;
};

/* Prepared downloads (export_pages.c). */
struct export_view {
	str title, state, detail, path; /* "Everything in one ZIP", "Ready", "2.1 MB. ..." */
	enum status_kind kind;
	str download; /* path of the file; absent until it is ready */
	str sha256;
	str progress_words; /* "1,234 of 6,170 entries written."; absent when it does not run */
	int64_t done, total;
	bool failed;
	str delete_path, again_path;
};
struct export_views {
	const struct export_view *items;
	size_t count;
};
fallible export_views_load(struct cx *cx, const struct page_cx *px, patient_id patient, struct export_views *out);
void export_row(struct buf *out, const struct page_cx *px, const struct export_view *v);
void page_export(struct buf *out, const struct page_cx *px, const struct export_view *v);
fallible get_export(struct cx *cx, struct request *rq);
fallible get_export_file(struct cx *cx, struct request *rq);
fallible post_export(struct cx *cx, struct request *rq);
fallible post_export_delete(struct cx *cx, struct request *rq);
fallible post_export_again(struct cx *cx, struct request *rq);

struct download_page {
	const struct download_scope *scope;
	struct form_errors errors;
	const struct download_part *parts; /* that can be chosen */
	size_t part_count;
	const struct download_part *kinds; /* what the record holds, by kind */
	size_t kind_count;
	const struct download_choice_link *formats;
	size_t format_count;
	int64_t total, chosen_total;
	struct download_typed typed;
	str choice, query; /* in words, absent when all is chosen; as an address has it */
	bool is_long;      /* what there is, is prepared first */
	struct export_views exports;
	bool messages, may_messages, may_share;
	size_t waiting;
};
void page_download(struct buf *out, const struct page_cx *px, const struct download_page *v);

#endif
