/* SPDX-License-Identifier: Apache-2.0 */
#ifndef SALVE_PORTAL_INTERNAL_H
#define SALVE_PORTAL_INTERNAL_H

#include "trust/portal/portal.h"

#define LANG_COOKIE "lang"

/* What travels through the steps of signing in: where the person wanted to go, and a form that came without a session. */
#define CARRY_FIELDS_MAX 40
struct carry {
	str next;           /* a path of this site */
	str resume_path;    /* of the form to be sent again; absent: none */
	account_id account; /* whose form it was; none: not known */
	patient_id acting;  /* for whom it was opened; none: for oneself */
	struct http_pairs fields;
	str text; /* the longest thing that was typed, to be shown */
};
/* From the fields that the sign-in pages carry, or from ?next=. */
void carry_read(struct cx *cx, struct request *rq, struct carry *out);
/* From a form that was refused. Without a resume_path when there is nothing to be sent again: no form, or one with a secret. */
void carry_from_refused(struct cx *cx, struct request *rq, struct carry *out);
void carry_fields(struct buf *out, const struct page_cx *px, const struct carry *carry); /* as hidden fields */
str safe_next(struct cx *cx, str next); /* only a path of this site; "/" otherwise */

struct sign_in_page {
	struct form_errors errors;
	str login;
	struct carry carry;
	bool signed_out;
};
void page_sign_in(struct buf *out, const struct page_cx *px, const struct sign_in_page *v);

struct code_page {
	struct form_errors errors;
	str pending;
	struct carry carry;
};
void page_code(struct buf *out, const struct page_cx *px, const struct code_page *v);

struct enrol_page {
	struct form_errors errors;
	str pending, secret_hex, secret_text; /* the last for typing by hand: base 32 in groups of four */
	struct html qr;
	struct carry carry;
	bool by_choice; /* signed in, from the account page */
};
void page_enrol(struct buf *out, const struct page_cx *px, const struct enrol_page *v);

struct resume_page {
	struct carry carry;
	bool is_over; /* the person may no longer act for whom the form was for: it cannot be sent */
};
void page_resume(struct buf *out, const struct page_cx *px, const struct resume_page *v);

void page_welcome(struct buf *out, const struct page_cx *px);
void page_notices(struct buf *out, const struct page_cx *px);

struct error_page {
	int status;
	str text, request;
	struct carry carry; /* of a form that was refused; resume_path only when it could be sent again */
};
void page_error(struct buf *out, const struct page_cx *px, const struct error_page *v);

struct account_page {
	struct form_errors errors;
	const struct account *account;
	str role, facility;
};
void page_account(struct buf *out, const struct page_cx *px, const struct account_page *v);

/* The counts beside the navigation: what the features' view page_item says. */
fallible portal_counts(struct cx *cx, int64_t counts[COUNT_KINDS]);
/* The same of a delegate, for whom they act for (view page_item_acting); for who may read that patient's messages. */
fallible portal_counts_acting(struct cx *cx, int64_t counts[COUNT_KINDS]);

/* An "otpauth:" address as a QR code in SVG. */

/* Handlers of sign_in_pages.c and account_pages.c. */
fallible get_welcome(struct cx *cx, struct request *rq);
fallible get_notices(struct cx *cx, struct request *rq);
fallible get_sign_in(struct cx *cx, struct request *rq);
fallible post_sign_in(struct cx *cx, struct request *rq);
fallible post_code(struct cx *cx, struct request *rq);
fallible post_enrol(struct cx *cx, struct request *rq);
fallible get_sign_in_link(struct cx *cx, struct request *rq);
fallible post_sign_out(struct cx *cx, struct request *rq);
fallible post_sign_out_everywhere(struct cx *cx, struct request *rq);
fallible post_language(struct cx *cx, struct request *rq);
fallible get_account(struct cx *cx, struct request *rq);
fallible post_password(struct cx *cx, struct request *rq);
fallible get_account_code(struct cx *cx, struct request *rq);
fallible post_account_code(struct cx *cx, struct request *rq);

/* Open the session of `account`, set its cookie and go on: to the form that waits, or where the person wanted to go. */
fallible enter(struct cx *cx, struct request *rq, account_id account, const struct carry *carry);

#endif
