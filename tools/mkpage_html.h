/* SPDX-License-Identifier: Apache-2.0 */
/* Where in the HTML are we?  Follows the text of a template tag by tag and attribute by attribute, so that mkpage knows
 * how a value must be escaped, and refuses what could not be made safe. */
#ifndef SALVE_MKPAGE_HTML_H
#define SALVE_MKPAGE_HTML_H

#include "tool.h"

enum html_state { IN_TEXT, IN_TAG, IN_VALUE };
enum attribute_kind {
	ATTRIBUTE_PLAIN,
	ATTRIBUTE_URL,
	ATTRIBUTE_ASSET, /* a script's or style sheet's address: only a name known when building */
	ATTRIBUTE_FIXED, /* no values */
};

/* What must be equal where two branches meet. */
struct html_place {
	enum html_state state;
	enum attribute_kind kind;
	char quote;
	bool url_begun;   /* something may stand before in this address */
	bool url_settled; /* a scheme can no more begin: '/', '?' or '#' or an allowed scheme was seen for certain */
};

/* Open tags and open C blocks, in one pile: that they nest is the whole check. */
struct html_open {
	bool is_block;
	str tag;
	int line;
	struct html_place at_open, carried; /* of a block: where it began; what the branches before it left */
	bool fresh_at_open;
};

struct html_scan {
	struct arena *arena;
	const char *file;
	str source;
	size_t at;
	int line;

	struct html_place place;
	LIST(struct html_open) open;
	str tag, attribute; /* the ones we are in */
	struct buf url;     /* the fixed text of the address so far */
	int kept_space;     /* depth of <pre> and <textarea> */
	int svg;            /* depth of <svg> */
	struct buf literal; /* fixed output not yet written */
	bool fresh_line;    /* the output ends in a line break */
};

/* Take in the next piece of HTML at scan->at (never a directive); ends the program on what is refused. */
void html_step(struct html_scan *scan);
void html_open_tag(struct html_scan *scan, str tag); /* as if <tag> had been read */
void html_open_block(struct html_scan *scan, const struct html_place *carried);
/* Leave the innermost block; gives where it began and what all its branches leave. */
struct html_open html_close_block(struct html_scan *scan);
_Noreturn void html_refuse(const struct html_scan *scan, const char *format, ...) __attribute__((format(printf, 2, 3)));

#endif
