/* SPDX-License-Identifier: Apache-2.0 */
/* A PDF of flowing text with headings, links and an outline, tagged so that a screen reader knows what is what.  Written as a
 * stream: a page leaves when it is full.
 *
 *	struct pdf *pdf;
 *	TRY(pdf_begin(&pdf, &(struct pdf_options){.sink = &sink, .title = title, .lang = "en", .made = now}));
 *	pdf_heading(pdf, 1, title, STR_NONE);
 *	pdf_text(pdf, text);
 *	error = pdf_end(pdf);                 also gives everything back
 *
 * Nothing but pdf_begin and pdf_end can fail: what goes wrong in between (the client left) is kept, the rest does nothing, and
 * pdf_end tells it. */
#ifndef SALVE_PDF_H
#define SALVE_PDF_H

#include "platform/base/base.h"

struct pdf_options {
	const struct sink *sink; /* lives until pdf_end */
	str title, footer;       /* footer: at the bottom of each page, in front of its number */
	instant made;
};
struct pdf;
fallible pdf_begin(struct pdf **out, const struct pdf_options *options);
/* What went wrong so far; NULL: nothing. For those who write much and can stop early. */
const struct err *pdf_error(const struct pdf *pdf);
fallible pdf_end(struct pdf *pdf);

/* `level` 1 to 3. With a `name` links can lead here; levels 1 and 2 stand in the outline. */
void pdf_heading(struct pdf *pdf, int level, str text, str name);
void pdf_text(struct pdf *pdf, str text);             /* a paragraph; line breaks in it are kept */
void pdf_pair(struct pdf *pdf, str label, str value); /* "Label: value", the label in bold */
void pdf_link(struct pdf *pdf, str text, str name);   /* a line that leads to the heading of that name */
void pdf_list_item(struct pdf *pdf, str text);
void pdf_space(struct pdf *pdf); /* between two things */
void pdf_page_break(struct pdf *pdf);

#endif
