/* SPDX-License-Identifier: Apache-2.0 */
/* A PDF of flowing text with headings, lists, tables of name and value, links and an outline, tagged and in a stated language, so
 * that a screen reader knows what is what and tells it in the order that the eye sees.  Text in any script that a font has, on Letter
 * paper.  Written as a stream: a page leaves when it is full; what stays in memory is the tree of tags.
 *
 *	struct pdf *pdf;
 *	TRY(pdf_begin(&pdf, &(struct pdf_options){.sink = &sink, .title = title, .lang = S("en"), .made = now}));
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
	str title, lang;         /* lang: "en" */
	str footer, page_words;  /* at the bottom of each page, in front of its number: "Maria Lopez", "Page" */
	instant made;
};
struct pdf;
/* ERR_BROKEN with words when no font is installed. */
fallible pdf_begin(struct pdf **out, const struct pdf_options *options);
/* What went wrong so far; NULL: nothing. For those who write much and can stop early. */
const struct err *pdf_error(const struct pdf *pdf);
fallible pdf_end(struct pdf *pdf);

/* `level` 1 to 3. With a `name` links can lead here; levels 1 and 2 stand in the outline. */
void pdf_heading(struct pdf *pdf, int level, str text, str name);
void pdf_text(struct pdf *pdf, str text);             /* a paragraph; line breaks in it are kept */
void pdf_pair(struct pdf *pdf, str label, str value); /* a row; rows that follow each other are one table */
void
pdf_link(struct pdf *pdf, str text, str name); /* a line that leads to the heading of that name, which may come later */
void pdf_list_item(struct pdf *pdf, str text); /* those that follow each other are one list */
void pdf_space(struct pdf *pdf);               /* between two things */
void pdf_page_break(struct pdf *pdf);

#endif
