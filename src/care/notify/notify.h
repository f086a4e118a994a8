/* SPDX-License-Identifier: Apache-2.0 */
/* Telling people outside of the program that something waits inside: by e-mail, with nothing in it but "sign in to read".
 * Notices come through the outbox (kind "notice"), so that each is delivered at least once, retried, and given up into a list
 * that a person sees. */
#ifndef SALVE_NOTIFY_H
#define SALVE_NOTIFY_H

#include "platform/jobs/jobs.h"
#include "trust/consent/consent.h"
#include "trust/identity/identity.h"

#define NOTICE_QUIET_MS   (15 * MINUTE_MS)   /* one mail per person in this time; the page shows the rest */
#define NOTICE_DAY_MS     (DAY_MS - HOUR_MS) /* "one a day" for who is told about the same time every day */
#define NOTICE_GIVE_UP_MS (3 * DAY_MS)

/* Deliverer of the outbox kind "notice": payload {"reason": "message" | "assigned" | "due" | "escalated" |
 * "export" | "medicines" | "correction" | "visit" | "visit-reminder", "account": UUID,
 * "thread": UUID, "daily": true, "delegate": true}; the item's patient is whom it is about.  A delegate is told only while
 * they have the right for it (messages; "medicines"; "visit", "visit-reminder") and want to be told of that.  Of messages a
 * person gets one mail in NOTICE_QUIET_MS (daily: in NOTICE_DAY_MS); what is
 * given to them or late is always told.  Done when the mail server took it, when the person has no address or is off, or
 * when no mail server is set; a permanent refusal is noted with the address (mail_trouble_of), and nothing more is sent
 * there; ERR_BUSY when the server cannot be reached or refuses for now. */
fallible notice_deliver(struct cx *cx, const struct outbox_item *item);

/* Where mail goes out: "smtp://host:25" or "smtps://host:465", the sender's address, and how people reach the portal
 * ("https://portal.example.org"). An absent url switches mail off. ERR_INVALID says what is wrong. */
struct mail_settings {
	str url, from, portal;
};
fallible mail_settings_set(struct cx *cx, const struct mail_settings *settings);
fallible mail_settings_get(struct cx *cx, struct mail_settings *out, bool *found);

/* The address a person is told at; absent removes it. Sealed. ERR_INVALID for what is no address. */
fallible mail_address_set(struct cx *cx, account_id account, str address);
fallible mail_address_get(struct cx *cx, account_id account, str *out); /* absent when there is none */

/* An address that the mail server refuses for good; a new address takes it away. */
struct mail_trouble {
	account_id account;
	instant since;
	int64_t answer; /* what the server said: 550 */
};
fallible mail_trouble_of(struct cx *cx, account_id account, struct mail_trouble *out, bool *found);
/* Those of a facility, the newest first; struct mail_trouble. */
fallible mail_troubles(struct cx *cx, facility_id facility, int64_t count_max, struct db_rows *out);

#endif
