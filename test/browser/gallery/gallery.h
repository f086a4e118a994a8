/* SPDX-License-Identifier: Apache-2.0 */
/* Sample pages made of every part, for eyes and for checkers; no program serves them. */
#ifndef SALVE_GALLERY_H
#define SALVE_GALLERY_H

#include "platform/pages/pages.h"

struct gallery {
	struct plot labs, pressure;
	struct form_errors errors;
	struct step steps[5];
	struct gallery_row {
		str who, subject, team, path;
		instant at;
		enum status_kind kind;
		str state;
		bool unread;
	} rows[12];
	size_t row_count;
	instant now;
};

void gallery_home(struct buf *out, const struct page_cx *px, const struct gallery *v);
void gallery_labs(struct buf *out, const struct page_cx *px, const struct gallery *v);
void gallery_write(struct buf *out, const struct page_cx *px, const struct gallery *v);
void gallery_thread(struct buf *out, const struct page_cx *px, const struct gallery *v);
void gallery_inbox(struct buf *out, const struct page_cx *px, const struct gallery *v);
void gallery_sign_in(struct buf *out, const struct page_cx *px, const struct gallery *v);

#endif
