/* SPDX-License-Identifier: Apache-2.0 */
/* XML 1.0 text written piece by piece to a buf.  It cannot come out malformed: escapes and end tags are the writer's, and a piece
 * where it cannot stand (an attribute behind text, an end without a begin, a second root) is an assertion.  Nothing is read here.
 *
 *	struct xml_writer w = XML_WRITER(&buf);
 *	xml_declaration(&w);
 *	xml_begin(&w, "section");
 *	xml_attribute(&w, "ID", S("allergies"));
 *	xml_leaf(&w, "title", S("Allergies"));
 *	xml_end(&w);
 *	xml_done(&w);
 *
 * Names are literals of the program, never outside text.  Values are any bytes: what is no UTF-8, and what XML 1.0 has no place for
 * (control characters, U+FFFE, U+FFFF), comes out as U+FFFD. */
#ifndef SALVE_XML_H
#define SALVE_XML_H

#include "platform/base/base.h"

#define XML_DEPTH_MAX 64 /* elements open at one time; C-CDA nests about 25 deep */

struct xml_writer {
	struct buf *out;
	const char *open[XML_DEPTH_MAX]; /* names of the elements begun and not ended */
	uint8_t depth;
	bool in_tag; /* the innermost element's start tag may still take attributes */
	bool begun;  /* the root element was begun */
};
#define XML_WRITER(buf_)      \
	{                     \
		.out = (buf_) \
	}

void xml_declaration(struct xml_writer *w); /* first of all: version 1.0, UTF-8 */
/* <?target text?> before the root; `text` is a literal. */
void xml_instruction(struct xml_writer *w, const char *target, const char *text);
void xml_begin(struct xml_writer *w, const char *name); /* until xml_end */
/* Of the element begun last, before anything stands in it. An absent value writes nothing. The same name twice: nobody looks. */
void xml_attribute(struct xml_writer *w, const char *name, str value);
void xml_text(struct xml_writer *w, str text);
void xml_end(struct xml_writer *w);                              /* of the innermost element */
void xml_leaf(struct xml_writer *w, const char *name, str text); /* an element of text alone; nothing when absent */
/* An element without content, its attributes as name and value in turn, ended by NULL:
 *	xml_empty(&w, "typeId", "root", S("2.16.840"), "extension", S("POCD"), NULL); */
void xml_empty(struct xml_writer *w, const char *name, ...) __attribute__((sentinel));
/* Ends a start tag that is still open, so that what stands in `out` can be sent and the buf cleared. */
void xml_settle(struct xml_writer *w);
void xml_done(struct xml_writer *w); /* asserts that one whole element was written */

#endif
