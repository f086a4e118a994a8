/* SPDX-License-Identifier: Apache-2.0 */
/* The page that mkpage is translating, shared by its parts. */
#ifndef SALVE_MKPAGE_H
#define SALVE_MKPAGE_H

#include "mkpage_html.h"

struct page {
	struct arena *arena;
	struct html_scan html;
	struct buf c;      /* the output */
	str closes, opens; /* of the current template */
	bool inside;       /* a template was begun */
	int template_line;
};

void page_flush_literal(struct page *page);           /* the HTML so far becomes output */
void page_add_line_mark(struct page *page, int line); /* compilers name the template from here on */
/* The C of {{ code }}; ends the program on what is refused. */
void page_value(struct page *page, str code);

/* Take `word` with the white space after it off the front. */
bool directive_take_word(str *text, const char *word);

#endif
