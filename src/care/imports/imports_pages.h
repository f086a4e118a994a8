/* SPDX-License-Identifier: Apache-2.0 */
/* What the pages of imports show; not for other folders. */
#ifndef SALVE_IMPORTS_PAGES_H
#define SALVE_IMPORTS_PAGES_H

#include "care/imports/imports_internal.h"
#include "trust/portal/portal.h"

struct import_row {
	str title, detail, path, state;
	enum status_kind kind;
};
struct imports_page {
	struct form_errors errors;
	str key;
	const struct import_row *rows;
	size_t count;
	int64_t plain_mb, piece_bytes;
};
void page_imports(struct buf *out, const struct page_cx *px, const struct imports_page *v);

struct import_preview {
	str log, title, when, details, source;
};
struct import_report_row {
	str what, read, kept, joined, here, aside, refused;
};
struct import_refused_row {
	str line, why;
};
struct import_field {
	struct field column, unit;
	const struct option *units;
	size_t unit_count;
	bool required;
};
struct import_columns_form {
	struct form_errors errors;
	str action, log_action, log, dates, decimals, zone, source, time;
	bool heads;
	const struct option *logs, *columns, *date_orders, *decimal_marks, *zones;
	size_t log_count, column_count, zone_count;
	const struct import_field *fields;
	size_t field_count;
	const str *sample_heads;
	const struct column *sample_columns_heads;
	str (*sample)[8];
	size_t sample_columns, sample_rows;
};
struct import_page {
	const struct import *import;
	str path, state, detail, progress_words;
	enum status_kind kind;
	int64_t done, total;
	bool is_working, may_keep, may_cancel, may_again, may_take_back, shows_report;
	str cancel_label, keep_label, cannot_take_back, refused_path, refused_words, unusual_words, summary, also;
	const struct import_columns_form *columns;
	bool folds_columns;                       /* there is something else to look at first */
	const struct import_refused_row *refused; /* the first of them */
	size_t refused_count;
	const struct import_preview *preview;
	size_t preview_count;
	const struct import_report_row *report;
	size_t report_count;
	const str *logs, *log_paths; /* where kept entries stand */
	size_t log_count;
};
void page_import(struct buf *out, const struct page_cx *px, const struct import_page *v);

/* The form of a table's columns; `typed` false: as they are guessed. */
fallible import_columns_form(struct cx *cx, const struct page_cx *px, struct import *import,
    const struct import_columns *columns, struct import_columns_form *out);
/* What was sent. False, with errors at the fields, when something is missing. */
bool import_columns_sent(const struct page_cx *px, struct request *rq, const struct import_columns_form *form,
    struct import_columns *out, struct form_errors *errors);

str import_size_words(const struct page_cx *px, int64_t bytes);
fallible import_fill(struct cx *cx, const struct page_cx *px, struct import *import, struct import_page *out);

fallible get_imports(struct cx *cx, struct request *rq);
fallible post_imports(struct cx *cx, struct request *rq);
fallible post_imports_begin(struct cx *cx, struct request *rq);
fallible post_import_piece(struct cx *cx, struct request *rq);
fallible get_import(struct cx *cx, struct request *rq);
fallible post_import_columns(struct cx *cx, struct request *rq);
fallible post_import_keep(struct cx *cx, struct request *rq);
fallible post_import_cancel(struct cx *cx, struct request *rq);
fallible post_import_again(struct cx *cx, struct request *rq);
fallible post_import_take_back(struct cx *cx, struct request *rq);
fallible get_import_refused(struct cx *cx, struct request *rq);

#endif
