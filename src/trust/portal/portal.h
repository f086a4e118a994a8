/* SPDX-License-Identifier: Apache-2.0 */
/* The front doors: who is at the browser, the frame that every page of a signed-in person has, signing in and out, and the
 * person's own account page.  Knows no record and no message. */
#ifndef SALVE_PORTAL_H
#define SALVE_PORTAL_H

#include "platform/http/http.h"
#include "platform/pages/pages.h"
#include "trust/identity/identity.h"

extern const struct route portal_routes[];

/* Gate (struct http_gate): session cookie or bearer token into cx->who; language from account, cookie or browser. */
fallible portal_identify(struct cx *cx, struct request *rq);
bool portal_form_token_ok(struct cx *cx, str token);
/* An error as a page. A form that came without a session is kept: the person signs in and sends it again. */
fallible portal_show_error(struct cx *cx, struct request *rq, int status, const struct err *error);

/* What every page of the caller has in common: language, zone of the facility, name, navigation of their front door, counts,
 * form token, address. `active` is the path of the navigation row, NULL for none. */
fallible page_cx_for(struct cx *cx, struct request *rq, str title, const char *active, struct page_cx *out);

/* Open a session of `account` in this browser and go on to `next`, a path of this site: for doors that make an account. */
fallible portal_enter(struct cx *cx, struct request *rq, account_id account, str next);

/* A QR code of the text as SVG, 240 pixels wide. */
fallible qr_svg(struct arena *arena, str text, struct html *out);

/* Where the caller's own home is: "/home", "/acting", "/inbox", "/admin". */
const char *portal_home(const struct cx *cx);

#endif
