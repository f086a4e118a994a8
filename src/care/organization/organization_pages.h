/* SPDX-License-Identifier: Apache-2.0 */
/* What the page of who is away shows. */
#ifndef SALVE_ORGANIZATION_PAGES_H
#define SALVE_ORGANIZATION_PAGES_H

#include "care/organization/organization_internal.h"
#include "platform/pages/pages.h"
#include "trust/portal/portal.h"

struct cover_page {
	struct form_errors errors;
	struct cover_row {
		str away, by, since, until, path; /* path: to end it; absent when the caller may not */
		bool now;
	} * rows;
	size_t count;
	struct option *aways, *bys;
	size_t away_count, by_count;
	str away, by, since, until, since_time, until_time, weeks; /* as typed */
};
void page_cover(struct buf *out, const struct page_cx *px, const struct cover_page *v);

fallible get_cover(struct cx *cx, struct request *rq);
fallible post_cover(struct cx *cx, struct request *rq);
fallible post_cover_end(struct cx *cx, struct request *rq);

#endif
