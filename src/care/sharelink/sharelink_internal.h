/* SPDX-License-Identifier: Apache-2.0 */
#ifndef SALVE_SHARELINK_INTERNAL_H
#define SALVE_SHARELINK_INTERNAL_H

#include "care/sharelink/sharelink.h"
#include "platform/crypto/crypto.h"
#include "platform/db/db.h"
#include "trust/consent/consent.h"

/* ---- rows (sharelink_store.c) ---- */

/* What only a knock needs. */
struct share_lock {
	share_link_id id;
	patient_id patient;
	instant ends, ended;
	str passcode; /* encoded; absent: none */
	int64_t tries, opened;
	str file;
};
struct share_row {
	struct share_link link; /* label sealed */
	struct uuid name;
	str passcode, file;
};
fallible share_row_add(struct tx *tx, const struct share_row *row); /* ERR_CONFLICT when its id is there */
fallible share_rows_of(struct cx *cx, patient_id patient, struct db_rows *out);
fallible share_rows_open(struct cx *cx, patient_id patient, int64_t *out); /* how many are open now */
fallible share_row_lock(struct cx *cx, struct uuid name, struct share_lock *out, bool *found);
/* One try fewer; false when none is left, or it is over. Given back: one more. */
fallible share_row_try(struct tx *tx, const struct share_lock *lock, bool *taken);
fallible share_row_untry(struct tx *tx, const struct share_lock *lock);
fallible share_row_opened(struct tx *tx, const struct share_lock *lock, str recipient);
fallible share_row_end(struct tx *tx, patient_id patient, share_link_id id, bool *ended);
fallible share_rows_erase(struct tx *tx); /* files of those that ran out */
fallible share_openings_of(struct cx *cx, patient_id patient, struct db_rows *out);

struct seal_place share_place(share_link_id id, const char *what, int64_t version);

/* ---- pages ---- */

struct share_line {
	str id, label, made, ends, state, what;
	enum status_kind kind;
	bool open;
	const str *openings; /* "5 March 2026, 2:10 pm: Dr. Ruiz" */
	size_t opening_count;
};
struct share_links_page {
	struct share_line *lines;
	size_t count;
};
void page_share_links(struct buf *out, const struct page_cx *px, const struct share_links_page *v);

struct share_part {
	str title, value;
	bool chosen;
};
struct share_new_page {
	struct form_errors errors;
	str key, label, lasts, guard; /* as chosen */
	bool whole;
	const struct share_part *parts;
	size_t part_count;
	const struct option *lastings;
	size_t lasting_count;
};
void page_share_new(struct buf *out, const struct page_cx *px, const struct share_new_page *v);

struct share_made_page {
	str link, passcode, ends;
	bool own_passcode;
	struct html qr;
};
void page_share_made(struct buf *out, const struct page_cx *px, const struct share_made_page *v);
void page_share_viewer(struct buf *out, const struct page_cx *px);

fallible get_share_links(struct cx *cx, struct request *rq);
fallible get_share_new(struct cx *cx, struct request *rq);
fallible post_share_new(struct cx *cx, struct request *rq);
fallible post_share_end(struct cx *cx, struct request *rq);

#define LINK_GONE                                                                                               \
	ERR(ERR_GONE, TR("This link does not work any more. Ask the person who gave it to you for a new one."), \
	    "no such share link, or it is over")

#endif
