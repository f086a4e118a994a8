/* SPDX-License-Identifier: Apache-2.0 */
/* What the pages of this folder show. */
#ifndef SALVE_PRESCRIPTIONS_PAGES_H
#define SALVE_PRESCRIPTIONS_PAGES_H

#include "care/prescriptions/prescriptions_internal.h"
#include "platform/pages/pages.h"
#include "trust/portal/portal.h"

#define RX_FORM_BYTES (16 * 1024)

/* ---- lines that several pages share ---- */

struct rx_line {
	str id, path, title, detail, sig, status, means, note; /* note: refills left, where a request is */
	str runs_out, why; /* why: no refill, in words; absent when one is possible */
	enum status_kind kind;
	bool may_refill, may_renew, soon, chosen;
	str asked_path, renewal_path; /* of the request that there is, of the renewal that waits */
};
struct rx_group {
	str title, hint;
	const struct rx_line *lines;
	size_t count;
};
#define RX_GROUPS 6
struct rx_filter {
	str path, label;
	size_t count;
	bool current;
};
struct prescriptions_page {
	struct form_errors errors;
	str key;
	struct rx_group groups[RX_GROUPS];
	size_t sendable; /* boxes on this page */
	size_t group_count, refillable, soon, renew, moving, problems, all;
	struct rx_filter filters[7];
	size_t filter_count;
	bool may_ask, by_fill; /* by_fill: last filled first, instead of by name */
};
void page_prescriptions(struct buf *out, const struct page_cx *px, const struct prescriptions_page *v);

/* What came of asking, one for each. */
struct rx_asked_page {
	const struct rx_line *lines;
	size_t count, done;
};
void page_rx_asked(struct buf *out, const struct page_cx *px, const struct rx_asked_page *v);

struct rx_fact {
	str label, value;
};
struct rx_page {
	const struct prescription *p;
	struct rx_line line;
	struct rx_fact facts[16];
	size_t fact_count;
	struct rx_fill_line {
		str when, amount, where;
	} * fills;
	size_t fill_count;
	const struct rx_request_line *requests;
	size_t request_count;
	str key, renew_path, ask_path, record_path, about_url, note;
	bool may_ask;
};
void page_prescription(struct buf *out, const struct page_cx *px, const struct rx_page *v);

struct rx_request_line {
	str path, title, state, when, hint;
	enum status_kind kind;
};
struct rx_requests_page {
	const struct rx_request_line *lines;
	size_t count;
};
void page_rx_requests(struct buf *out, const struct page_cx *px, const struct rx_requests_page *v);

struct rx_request_page {
	const struct refill *refill;
	str state, trouble, problem, carrier, number, track_url, path, rx_path, phone, move_by, amount, what_next;
	enum status_kind kind;
	const struct step *steps;
	size_t step_count;
	const struct rx_fact *events; /* label: what; value: when */
	const str *event_words;
	size_t event_count;
	bool may_withdraw, may_say;
};
void page_rx_request(struct buf *out, const struct page_cx *px, const struct rx_request_page *v);

struct rx_renew_page {
	struct form_errors errors;
	const struct prescription *p;
	str key, note, team, refused, path, write_path;
	str take_back_path; /* of a renewal that waits; absent: none */
	bool may;
};
void page_rx_renew(struct buf *out, const struct page_cx *px, const struct rx_renew_page *v);

struct rx_wallet_page {
	str name, born, allergies, made;
	const struct rx_line *lines;
	size_t count;
};
void page_rx_wallet(struct buf *out, const struct page_cx *px, const struct rx_wallet_page *v);

/* ---- what is taken ---- */

struct rx_taking_line {
	str title, sig, path; /* as the record has it */
	str said, how, comment, when, word_id;
	str settled; /* how it was settled; absent: it waits */
	enum status_kind kind;
	bool differs, waits, also;
	str say_path, accept_path;
};
struct rx_taking_page {
	const struct rx_taking_line *lines;
	size_t count, differ, silent;
	bool team, may_say, may_settle;
	str name, base;
};
void page_rx_taking(struct buf *out, const struct page_cx *px, const struct rx_taking_page *v);

struct rx_say_page {
	struct form_errors errors;
	str key, about, title, sig, said, name, strength, how, reason, comment;
	bool also;
};
void page_rx_say(struct buf *out, const struct page_cx *px, const struct rx_say_page *v);

/* ---- the team ---- */

struct renewal_card {
	str id, path, thread_path, patient_path, patient, age, title, detail, sig, note, asked, last_fill, runs_out,
	    last_visit, supply;
	str allergies[8], labs[6], warnings[6];
	size_t allergy_count, lab_count, warning_count;
	bool safe, chosen;
};
struct renewals_page {
	struct form_errors errors;
	const struct renewal_card *cards;
	size_t count, safe, problems;
	bool may_sign;
};
void page_renewals(struct buf *out, const struct page_cx *px, const struct renewals_page *v);

struct renewal_page {
	struct form_errors errors;
	struct renewal_card card;
	str state, answer;
	str verdict, sig, quantity, days, refills, words; /* as typed */
	bool may_sign, open;
	size_t left;
	bool from_inbox; /* came from the conversation, and goes back there */
	const struct renewal_message {
		str who, when, text;
	} * messages; /* of the conversation, for its team */
	size_t message_count;
};
void page_renewal(struct buf *out, const struct page_cx *px, const struct renewal_page *v);

struct refill_problem_line {
	str id, path, patient, patient_path, title, problem, trouble, asked, since, state, said;
	enum status_kind kind;
	bool may_send, may_close;
};
struct refill_problems_page {
	struct form_errors errors;
	const struct refill_problem_line *lines;
	size_t count, renewals;
};
void page_refill_problems(struct buf *out, const struct page_cx *px, const struct refill_problems_page *v);

struct rx_patient_page { /* of the team */
	str name, base, taking_path;
	const struct rx_line *lines;
	size_t count;
	const struct rx_request_line *requests;
	size_t request_count;
};
void page_rx_patient(struct buf *out, const struct page_cx *px, const struct rx_patient_page *v);

struct adherence_line {
	str patient, path, title, covered, runs_out;
};
struct adherence_page {
	const struct option *teams;
	size_t team_count;
	str team, team_name, next_path;
	const struct adherence_line *lines;
	size_t count;
	int64_t looked;
};
void page_adherence(struct buf *out, const struct page_cx *px, const struct adherence_page *v);

/* ---- words (rx_words.c) ---- */

str rx_day(const struct page_cx *px, instant at); /* "3 March 2026"; absent for none */
struct rx_line rx_line_of(const struct page_cx *px, const struct prescription *p, str base);
struct rx_request_line rx_refill_line(const struct page_cx *px, const struct refill *refill, str base);
struct rx_request_line rx_renewal_line(const struct page_cx *px, const struct renewal *renewal, str base);
/* Newest first, with the addresses of the patient's pages or the team's. */
const struct rx_request_line *rx_request_lines(
    const struct page_cx *px, const struct db_rows *refills, const struct db_rows *renewals, bool team, size_t *count);
enum status_kind rx_refill_kind(const struct refill *refill);
/* Where the carrier tells of it; absent for one that we do not know. */
str rx_track_url(struct arena *arena, str carrier, str number);
/* "lisinopril 10 mg oral tablet" on one line. */
str rx_full_title(struct arena *arena, const struct prescription *p);
void rx_audit_view(struct cx *cx, patient_id patient, enum audit_subject subject, size_t count, enum access_why why);

/* ---- handlers ---- */

handler_fn get_prescriptions, post_refills, get_rx_asked, get_prescription, get_rx_requests, get_rx_request,
    post_rx_request, get_rx_renew, post_rx_renew, post_renewal_withdraw, get_rx_wallet;
handler_fn get_rx_taking, get_rx_say, post_rx_say, post_word_withdraw, get_patient_taking, post_patient_word;
handler_fn get_renewals, post_renewals, get_renewal, post_renewal, get_refill_problems, post_refill_problem,
    get_patient_prescriptions, get_adherence;

#endif
