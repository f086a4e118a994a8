/* SPDX-License-Identifier: Apache-2.0 */
/* Asking a program of somebody else over HTTP, with a bearer token: one request through libcurl, no redirects, an answer of bounded
 * size.  Where it goes is what an administrator set, checked by outbound_url_ok. */
#ifndef SALVE_OUTBOUND_H
#define SALVE_OUTBOUND_H

#include "platform/db/db.h"

#define OUTBOUND_URL_BYTES_MAX    500
#define OUTBOUND_ANSWER_BYTES_MAX ((size_t)1024 * 1024)

/* https, or http to this machine itself (127.0.0.1, localhost, [::1]: with a port or path behind it, nothing else); no user, no
 * fragment, no blanks. */
bool outbound_url_ok(str url);
/* One line of visible ASCII. */
bool outbound_token_ok(str token);

struct outbound_call {
	str url, token;
	const char *content_type; /* of the body, and of what is accepted */
	str body;                 /* absent: GET; else POST */
	int seconds;              /* from the beginning to the whole answer */
};
struct outbound_answer {
	long status;
	str body;
};
/* ERR_BUSY when there was no whole answer. Memory: cx->arena. Holds no snapshot by itself: call db_refresh before it. */
fallible outbound_ask(struct cx *cx, const struct outbound_call *call, struct outbound_answer *out);

#endif
