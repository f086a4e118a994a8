/* SPDX-License-Identifier: Apache-2.0 */
/* What the pages of release show; not for other folders. */
#ifndef SALVE_RELEASE_PAGES_H
#define SALVE_RELEASE_PAGES_H

#include "care/record/record_pages_internal.h"

struct waiting_card {
	str title, came, why;
	str path;                  /* of the entry, for the care team */
	str open_path, open_label; /* absent when the reader may not open it */
};
struct waiting_page {
	const struct record_scope *scope;
	const struct waiting_card *cards;
	size_t count;
	bool pace; /* offer to choose */
};
void page_waiting(struct buf *out, const struct page_cx *px, const struct waiting_page *v);

struct pace_page {
	struct pace_row {
		int64_t class;
		str title, now, clinic; /* what counts; what the clinic does, absent when it shows at once */
	} rows[RELEASE_CLASSES];
	size_t count;
};
void page_pace(struct buf *out, const struct page_cx *px, const struct pace_page *v);

#define PACES_MAX 5
struct pace_choice_page {
	struct form_errors errors;
	str title, clinic, action, pace, days;
	struct option options[PACES_MAX];
	size_t option_count;
};
void page_pace_choice(struct buf *out, const struct page_cx *px, const struct pace_choice_page *v);

fallible get_waiting(struct cx *cx, struct request *rq);
fallible post_waiting_open(struct cx *cx, struct request *rq);
fallible get_pace(struct cx *cx, struct request *rq);
fallible get_pace_choice(struct cx *cx, struct request *rq);
fallible post_pace_choice(struct cx *cx, struct request *rq);

#endif
