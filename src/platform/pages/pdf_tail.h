/* SPDX-License-Identifier: Apache-2.0 */
/* The end of a PDF: what cairo cannot say of a document.  Private to pdf.c. */
#ifndef SALVE_PDF_TAIL_H
#define SALVE_PDF_TAIL_H

#include "platform/base/base.h"

#define PDF_LINE_BYTES_MAX 1024 /* of a line that means something to us */

/* Passes a PDF on and remembers where its catalog stands, so that what cairo cannot say of a document (its language) is added
 * behind it as an update of the file (ISO 32000-1 7.5.6). */
struct pdf_tail {
	struct sink sink;
	int64_t offset; /* bytes passed on */
	char line[PDF_LINE_BYTES_MAX];
	size_t line_bytes;
	bool line_is_long;
	enum { TAIL_BODY, TAIL_CATALOG, TAIL_TRAILER, TAIL_STARTXREF } state;
	int64_t object, root, size, startxref; /* numbers that stood last in "n 0 obj", /Root, /Size, startxref */
	int64_t info;
	struct buf catalog; /* what stands in the catalog, without its brackets */
};
void pdf_tail_init(struct pdf_tail *tail, struct arena *arena, const struct sink *sink);
fallible pdf_tail_write(struct pdf_tail *tail, str bytes);
/* Add the language. ERR_BROKEN when no catalog was seen. */
fallible pdf_tail_end(struct pdf_tail *tail, str lang);

#endif
