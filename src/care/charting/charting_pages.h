/* SPDX-License-Identifier: Apache-2.0 */
/* What the pages of this folder show. */
#ifndef SALVE_CHARTING_PAGES_H
#define SALVE_CHARTING_PAGES_H

#include "care/charting/charting_internal.h"
#include "platform/pages/pages.h"

struct chart_message_row {
	int64_t n;
	str who, when, text; /* text: its beginning */
	bool chosen;
};
struct chart_note_row {
	str id, title, when, state, trouble;
	str credit, take_back, gone; /* credit; where it can be taken back; when it was and why */
	enum status_kind kind;
	str mend_path; /* absent unless somebody must put it right */
};
struct chart_page {
	str path, back, subject, patient;
	bool owed; /* the patient waits for an answer: nothing can be kept yet */
	const struct chart_note_row *notes;
	size_t note_count;
	const struct chart_message_row *messages;
	size_t message_count;
	const struct option *titles, *clinics, *procedures, *problems;
	size_t title_count, clinic_count, procedure_count, problem_count;
	str key, mends, title, comment, clinic, procedure, condition, minutes; /* as typed */
	str preview;
	struct form_errors errors;
};
void page_chart(struct buf *out, const struct page_cx *px, const struct chart_page *v);

struct chart_choices_page {
	str clinics, titles; /* as typed, one in a line */
	struct form_errors errors;
};
void page_chart_choices(struct buf *out, const struct page_cx *px, const struct chart_choices_page *v);

struct chart_trouble_row {
	str id, patient, title, when, trouble, thread_path, mend_path;
};
struct chart_troubles_page {
	const struct chart_trouble_row *rows;
	size_t count;
	struct form_errors errors;
};
void page_chart_troubles(struct buf *out, const struct page_cx *px, const struct chart_troubles_page *v);

#endif
