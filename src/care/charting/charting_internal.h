/* SPDX-License-Identifier: Apache-2.0 */
/* What the files of this folder share. */
#ifndef SALVE_CHARTING_INTERNAL_H
#define SALVE_CHARTING_INTERNAL_H

#include "care/charting/charting.h"
#include "care/record/record.h"
#include "platform/pages/i18n.h"
#include "trust/audit/audit.h"

#define GONE                                                                                             \
	ERR(ERR_GONE, "We could not find that. It may have been removed, or it is not shared with you.", \
	    "no such note, or not the caller's")

/* ---- what is written (chart_text.c, chart_fhir.c); no database ---- */

/* What a note is made of. */
struct chart_material {
	const struct conversation *conversation;
	const struct chart_wish *wish;
	struct chart_note note; /* ids, number and author of the note */
	struct uuid first;      /* the note that it adds to; none: it is the first */
	str patient_id, patient_name;
	struct civil_date born; /* year 0: unknown */
	str author;             /* "Ana Ruiz, nurse" */
	str facility, title;
	bool credit_gone; /* the credit was a mistake, */
	str credit_why;   /* because of this; absent unless it is just being taken back */
	const struct zone *zone;
};
str chart_text(struct cx *cx, const struct chart_material *m);
str chart_document_json(struct cx *cx, const struct chart_material *m, str text);
str chart_encounter_json(struct cx *cx, const struct chart_material *m);
str chart_provenance_json(struct cx *cx, const struct chart_material *m);

/* ---- rows (charting_store.c) ---- */

struct seal_place chart_place(struct uuid id, const char *what); /* "asked", "trouble" */
fallible chart_choice_rows(struct cx *cx, facility_id facility, enum chart_choice_kind kind, struct db_rows *out);
fallible chart_choice_rows_retire(struct tx *tx, facility_id facility); /* none of both kinds is offered any more */
fallible chart_choice_row_put(struct tx *tx, facility_id facility, const struct chart_choice *choice);
fallible chart_rows(struct cx *cx, patient_id patient, thread_id thread, struct db_rows *out);
fallible chart_row_by_id(struct cx *cx, struct uuid id, struct chart_note *out, bool *found);
fallible chart_row_add(struct tx *tx, const struct chart_note *note);
/* title, last_n, asked, encounter, provenance, state, tries, credit_gone, credit_why */
fallible chart_row_mend(struct tx *tx, const struct chart_note *note);
/* State, ids and trouble of a note whose `tries` is still the same; `changed`: it was. */
fallible chart_row_settle(struct tx *tx, const struct chart_note *note, bool *changed);
fallible chart_rows_troubled(struct cx *cx, struct db_rows *out); /* of patients whom the caller may see */
fallible ehr_row_get(struct cx *cx, str *sealed, bool *found);
fallible ehr_row_put(struct tx *tx, str sealed);

/* What chart_save and chart_credit_take_back share: the thread of a member, what resources are made of. */
fallible chart_open_thread(struct cx *cx, thread_id id, struct conversation *out, enum access_why *why);
fallible
chart_gather(struct cx *cx, const struct conversation *c, const struct chart_wish *wish, struct chart_material *out);

fallible chart_open_troubles(struct cx *cx, const struct db_rows *rows); /* sealed words of notes */

/* Hand the note to the outbox: in the transaction that changes its state. */
fallible chart_hand_over(struct tx *tx, const struct chart_note *note);

#endif
