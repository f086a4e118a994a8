/* SPDX-License-Identifier: Apache-2.0 */
/* XML 1.0 read as a stream, in memory that the file's size does not change: the reader is given pieces of any length and hands out
 * one event after the other.
 *
 *	xml_reader_init(&r, arena);
 *	for (;;) {
 *		TRY(xml_next(&r, &event));
 *		if (event.kind == XML_MORE) {
 *			bytes = the next piece;
 *			bytes.n ? xml_give(&r, bytes) : xml_give_end(&r);
 *		} else if (event.kind == XML_DONE) {
 *			break;
 *		} else {
 *			look at it
 *		}
 *	}
 *
 * Nothing outside of the text is ever read or fetched.  A document type is passed over, internal subset included: what it declares
 * does not exist here, so an entity beyond the five of XML and numbered characters is an error and nothing ever expands.  Names are
 * compared as they are written, prefixes included.  Comments and processing instructions are passed over.  UTF-8 only. */
#ifndef SALVE_XML_READ_H
#define SALVE_XML_READ_H

#include "platform/base/base.h"

#define XML_READ_DEPTH_MAX    64          /* elements open at one time; Apple Health nests 5 deep, C-CDA about 25 */
#define XML_NAME_BYTES_MAX    256         /* of an element or attribute */
#define XML_NAMES_BYTES_MAX   4096        /* of all open elements together */
#define XML_TAG_BYTES_MAX     (64 * 1024) /* a start tag with its attributes; also a processing instruction */
#define XML_ATTRIBUTES_MAX    64          /* of one element */
#define XML_DOCTYPE_BYTES_MAX (256 * 1024)
#define XML_PIECE_BYTES_MAX   ((size_t)1024 * 1024) /* given at one time */

enum xml_kind {
	XML_MORE, /* give the next piece, or say that there is none */
	XML_START,
	XML_END,  /* follows for an empty element too */
	XML_TEXT, /* decoded; a long text comes in several */
	XML_DONE,
};
struct xml_attribute {
	str name, value; /* value: decoded, white space as blanks */
};
/* Texts live until the next xml_next. */
struct xml_event {
	enum xml_kind kind;
	str name; /* of XML_START and XML_END */
	const struct xml_attribute *attributes;
	size_t count;
	str text;
};
/* Where the reader stands: bytes and lines of the document behind it. */
struct xml_place {
	int64_t offset, line; /* line: from 1 */
};

enum xml_mode { XML_MODE_CONTENT, XML_MODE_COMMENT, XML_MODE_CDATA, XML_MODE_DOCTYPE };
struct xml_reader {
	struct arena *arena;
	char *bytes;
	size_t at, end, capacity;
	size_t scanned; /* of the tag at hand: looked at already, so that single bytes cost no second look */
	char quote;     /* that scanning stands in; 0: none */
	enum xml_mode mode;
	bool is_last, begun, ended, empty_tag; /* empty_tag: its end is to be told next */
	bool has_doctype, in_subset;
	int64_t doctype_bytes;
	char back[4]; /* of a document type: what was seen last */
	struct xml_place place;
	int depth;
	size_t name_ends[XML_READ_DEPTH_MAX]; /* in `names` */
	char names[XML_NAMES_BYTES_MAX];
	struct xml_attribute attributes[XML_ATTRIBUTES_MAX];
};

/* `arena` holds one piece and one tag: it must be for this reader alone, or outlive it. */
void xml_reader_init(struct xml_reader *r, struct arena *arena);
/* Goes on inside of the root element `root`, behind a child that ended at `place`: the next piece begins there. */
void xml_reader_resume(struct xml_reader *r, struct arena *arena, str root, struct xml_place place);
void xml_give(struct xml_reader *r, str bytes); /* copied; after XML_MORE, at most XML_PIECE_BYTES_MAX */
void xml_give_end(struct xml_reader *r);
/* ERR_INVALID, with "Line 12: ..." to show, for what is not well-formed or beyond a limit. */
fallible xml_next(struct xml_reader *r, struct xml_event *out);
/* Elements that are open: within the root's start tag and its end 1. Of the event told last: a start counts, an end no more. */
static inline int
xml_depth(const struct xml_reader *r)
{
	return r->depth;
}
static inline struct xml_place
xml_place(const struct xml_reader *r)
{
	return r->place;
}
str xml_attribute_of(const struct xml_event *event, const char *name); /* absent when it is not there */

#endif
