/* SPDX-License-Identifier: Apache-2.0 */
#ifndef SALVE_CORRECTIONS_INTERNAL_H
#define SALVE_CORRECTIONS_INTERNAL_H

#include "care/corrections/corrections.h"
#include "platform/crypto/crypto.h"
#include "platform/pages/pages.h"

/* ---- rows; texts are opened in what is read and sealed in what is written ---- */

fallible correction_row_add(struct tx *tx, const struct correction *sealed, bool *added);
fallible correction_row_get(struct cx *cx, patient_id patient, correction_id id, struct correction *out, bool *found);
fallible correction_rows_of_patient(struct cx *cx, patient_id patient, struct db_rows *out);
fallible correction_rows_of_facility(struct cx *cx, facility_id facility, bool waiting, struct db_rows *out);
fallible correction_rows_waiting(struct cx *cx, facility_id facility, int64_t *out);
/* All that can change, of a row that is still in `state` and not extended or disagreed with unless `before` was. `changed`: it was. */
fallible
correction_row_put(struct tx *tx, const struct correction *before, const struct correction *sealed, bool *changed);

struct seal_place correction_place(correction_id id, const char *what);
/* Seals the five texts into a copy. */
fallible correction_seal(struct cx *cx, const struct correction *in, struct correction *out);

/* The entry of the record that tells of it: "Request to correct: Glucose", with all that was said. */
fallible correction_document(struct cx *cx, const struct correction *c, struct resource_draft **out);

/* ---- pages ---- */

struct correction_line {
	str path, title, kind, state, when, who;
	enum status_kind state_kind;
};
struct corrections_page {
	const struct correction_line *lines;
	size_t count;
	bool office, over;
	int64_t waiting;
};
void page_corrections(struct buf *out, const struct page_cx *px, const struct corrections_page *v);
void page_office_corrections(struct buf *out, const struct page_cx *px, const struct corrections_page *v);

struct ask_page {
	struct form_errors errors;
	bool restriction;
	str key, about, title, asked;
	bool paid;
};
void page_ask(struct buf *out, const struct page_cx *px, const struct ask_page *v);

struct correction_page {
	struct form_errors errors;
	const struct correction *c;
	str title, kind, state, path, patient, asked_on, due, extended, answered, basis, disagreed;
	enum status_kind state_kind;
	bool can_withdraw, can_disagree, can_answer, can_extend;
	str words, extension, verdict, chosen_basis; /* as typed */
	struct option bases[CORRECTION_BASES];
	size_t base_count;
};
void page_correction(struct buf *out, const struct page_cx *px, const struct correction_page *v);
void page_office_correction(struct buf *out, const struct page_cx *px, const struct correction_page *v);

/* What both pages say of one. */
void correction_words(const struct page_cx *px, const struct correction *c, struct correction_page *out);
str correction_title(const struct page_cx *px, const struct correction *c);
str correction_state_words(const struct page_cx *px, const struct correction *c, enum status_kind *kind);

fallible get_office_corrections(struct cx *cx, struct request *rq);
fallible get_office_correction(struct cx *cx, struct request *rq);
fallible post_office_extend(struct cx *cx, struct request *rq);
fallible post_office_settle(struct cx *cx, struct request *rq);

#endif
