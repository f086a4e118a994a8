/* SPDX-License-Identifier: Apache-2.0 */
#ifndef SALVE_SHARING_INTERNAL_H
#define SALVE_SHARING_INTERNAL_H

#include "care/sharing/sharing.h"
#include "platform/pages/pages.h"
#include "trust/consent/consent.h"
#include "trust/identity/identity.h"
#include "trust/portal/portal.h"

#define RIGHTS 6 /* that can be given */

/* A permission in words. */
struct permission {
	str id, patient_id;
	str patient, who; /* who: the delegate's own name, or how the patient calls them before they accepted */
	str relation;
	str given[RIGHTS], not_given[RIGHTS];
	size_t given_count, not_count;
	str from, until; /* from: absent when it began; until: "Until one of you ends it" */
	str state;       /* "Waits for the code", … */
	enum status_kind kind;
	str code_until; /* of an offer that waits */
	bool open;      /* can be ended */
	bool in_force;
	unsigned tellable, told; /* bits of RIGHTS_TOLD: what the permission gives, and of what the holder is told */
};
void permission_words(const struct page_cx *px, const struct delegation *d, struct permission *out);
void permission_lines(
    struct buf *out, const struct page_cx *px, const struct permission *v); /* what, from when, until when */
const struct option *right_options(const struct page_cx *px); /* RIGHTS of them: form field, label, hint */
const char *right_name(size_t i);                             /* of its form field */
unsigned right_bit(size_t i);

/* ---- the patient's ---- */

struct sharing_page {
	struct permission *open, *over;
	size_t open_count, over_count;
};
void page_sharing(struct buf *out, const struct page_cx *px, const struct sharing_page *v);

struct offer_page {
	struct form_errors errors;
	str key, called, relation, since, until; /* as typed */
	bool chosen[RIGHTS];
};
void page_offer(struct buf *out, const struct page_cx *px, const struct offer_page *v);

struct code_page_shown {
	str code, called, address, until;
};
void page_code_shown(struct buf *out, const struct page_cx *px, const struct code_page_shown *v);

/* ---- who takes it ---- */

struct accept_page {
	struct form_errors errors;
	str code;
	bool signed_in;
};
void page_accept(struct buf *out, const struct page_cx *px, const struct accept_page *v);

struct answer_page {
	struct form_errors errors;
	str code, name, login; /* of a new account, as typed */
	struct permission what;
	bool signed_in, is_staff;
};
void page_answer(struct buf *out, const struct page_cx *px, const struct answer_page *v);
void page_declined(struct buf *out, const struct page_cx *px);

struct acting_page {
	struct permission *rows;
	size_t count;
	str current; /* patient_id of whom the person acts for; absent: nobody */
};
void page_acting(struct buf *out, const struct page_cx *px, const struct acting_page *v);

/* Of what who acts for a patient can be told: a right, the form's field, words in English marked for translation. */
struct told_kind {
	unsigned right;
	const char *field, *words;
};
#define TOLD_KINDS 3
extern const struct told_kind told_kinds[TOLD_KINDS];

/* Handlers. */
fallible get_sharing(struct cx *cx, struct request *rq);
fallible get_offer(struct cx *cx, struct request *rq);
fallible post_offer(struct cx *cx, struct request *rq);
fallible post_withdraw(struct cx *cx, struct request *rq);
fallible get_accept(struct cx *cx, struct request *rq);
fallible post_accept(struct cx *cx, struct request *rq);
fallible post_answer(struct cx *cx, struct request *rq);
fallible post_new_account(struct cx *cx, struct request *rq);
fallible get_acting(struct cx *cx, struct request *rq);
fallible post_acting(struct cx *cx, struct request *rq);
fallible post_acting_end(struct cx *cx, struct request *rq);
fallible post_resign(struct cx *cx, struct request *rq);
fallible post_tell(struct cx *cx, struct request *rq);

#define NOT_FOUND                                                                                            \
	ERR(ERR_GONE, TR("We could not find that. It may have been removed, or it is not shared with you."), \
	    "no such permission, or not the caller's")

#endif
