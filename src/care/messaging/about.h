/* SPDX-License-Identifier: Apache-2.0 */
/* What a conversation is about: finding the entry of the record, keeping it, showing it. */
#ifndef SALVE_MESSAGING_ABOUT_H
#define SALVE_MESSAGING_ABOUT_H

#include "care/messaging/messaging_store.h"
#include "care/record/record_pages.h"

/* An entry of this patient's record as the caller may see it now. found false: there is none, or it was a mistake. */
fallible about_item(struct cx *cx, const struct page_cx *px, patient_id patient, str reference, struct record_item *out,
    const struct json_value **json, bool *found);
/* Its plain reference and name, to be kept; empty when the caller sees no such entry. */
fallible about_find(struct cx *cx, patient_id patient, str reference, struct about *out);
/* The same; what the caller's draft was about already stays, also when the entry is gone meanwhile. */
fallible about_of_draft(struct cx *cx, patient_id patient, struct uuid draft, str reference, struct about *out);

fallible about_seal(struct cx *cx, patient_id patient, struct seal_place place, const struct about *about, str *sealed);
fallible about_open(struct cx *cx, patient_id patient, struct seal_place place, struct about *about);

/* For a page of the caller: a link where they may see the entry, words otherwise. Without text: about nothing in particular. */
struct about_view {
	str text, hint; /* hint: value and date of it, or why there is no link */
	str path;       /* absent: no link */
};
fallible about_show(struct cx *cx, const struct page_cx *px, const struct thread *thread, struct about_view *out);

#endif
