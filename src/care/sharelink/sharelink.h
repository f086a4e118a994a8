/* SPDX-License-Identifier: Apache-2.0 */
/* Share links in the manner of SMART Health Links 1.0: the patient makes a link, whoever holds it reads a summary, without an
 * account.  The summary is sealed under a key that stands in the link alone: this program keeps the sealed file and a keyed hash of
 * the link's address, and can read neither again. */
#ifndef SALVE_SHARELINK_H
#define SALVE_SHARELINK_H

#include "care/record/record_choice.h"
#include "platform/http/http.h"
#include "platform/pages/pages.h"

extern const struct route sharelink_routes[]; /* /share-links, /shl */

#define SHARE_LINKS_MAX           50 /* open ones of one patient */
#define SHARE_TRIES_MAX           5  /* wrong passcodes, then the link is shut */
#define SHARE_LABEL_CHARS_MAX     80 /* SMART Health Links: of the payload's label */
#define SHARE_PASSCODE_CHARS_MIN  6
#define SHARE_PASSCODE_CHARS_MAX  64
#define SHARE_RECIPIENT_CHARS_MAX 100
#define SHARE_OPENINGS_MAX        1000 /* of one link; then it is shut */
#define SHARE_TICKET_MINUTES \
	10 /* how long the address of a file works that was too long to be in the manifest; at most 60 */

ID_TYPE(share_link_id);

/* ---- the patient's side: each asks for RIGHT_OWN, which nobody else has ---- */

struct share_link_new {
	struct uuid key; /* becomes its id: sent twice, made once */
	struct record_choice choice;
	int64_t lasts_ms; /* one of share_lasting */
	str label;        /* may be absent */
	str passcode;     /* absent: none */
	str origin;       /* "https://portal.example.org" */
};
/* The lengths of time that are offered; ended by 0. */
extern const struct share_lasting {
	const char *name; /* of the form */
	int64_t ms;
	const char *words; /* marked for translation */
} share_lasting[];
/* Make it, of the record as it is now, in the language of `px`. `link`: what is handed over and shown this once, with the address
 * of the viewer before it ("https://.../shl#shlink:/..."). ERR_INVALID with words; ERR_CONFLICT when the same key was given
 * before. */
fallible share_link_make(struct cx *cx, const struct page_cx *px, const struct share_link_new *in, str *link);
/* Six digits, for who wants one made. */
str share_passcode_new(struct arena *arena);

enum share_link_state { SHARE_OPEN, SHARE_RAN_OUT, SHARE_ENDED, SHARE_SHUT /* too many wrong passcodes */ };
struct share_link {
	share_link_id id;
	patient_id patient;
	str label; /* absent when none was given */
	int64_t classes;
	instant since, until_day, made, ends, ended;
	bool has_passcode;
	int64_t tries, opened;
};
enum share_link_state share_link_state(const struct share_link *link, instant now);
fallible share_links(struct cx *cx, struct db_rows *out); /* struct share_link, newest first */
struct share_link_opening {
	share_link_id link;
	instant at;
	str recipient; /* as they called themselves */
};
fallible share_link_openings(struct cx *cx, struct db_rows *out); /* of all links, newest first */
/* End it at once; the file is erased. ERR_GONE when it is not the caller's, or over. */
fallible share_link_end(struct cx *cx, share_link_id id);

/* ---- the holder's side: by the secret in the address, no caller is asked ---- */

struct share_knock {
	str secret; /* the last segment of the address */
	str recipient, passcode;
};
struct share_answer {
	str file;            /* the JWE */
	bool passcode_wrong; /* or missing: nothing was given out */
	int64_t tries_left;
};
/* ERR_GONE in the same words for a link that is unknown, ran out, was ended or is shut; ERR_INVALID without a recipient. What is
 * given out is counted and stands in the patient's trail before it leaves. */
fallible share_link_open(struct cx *cx, const struct share_knock *knock, struct share_answer *out);
/* The file alone, for SHARE_TICKET_MINUTES after it was opened: `ticket` from share_ticket. Counts no opening. */
str share_ticket(struct cx *cx, str secret);
fallible share_link_file(struct cx *cx, str secret, str ticket, str *out);

/* A timer: files of links that ran out are erased. */
fallible share_links_expire(struct cx *cx);

#endif
