/* SPDX-License-Identifier: Apache-2.0 */
#include "care/reports/cleanup.h"
#include "trust/portal/portal.h"

fallible
get_cleanup(struct cx *cx, struct request *rq)
{
	struct page_cx page, *px = &page;
	struct cleanup_page view = {0};
	struct facility facility;
	struct buf html = BUF_INIT(cx->arena);
	int64_t days;

	cleanup_days_parse(request_query(rq, "days"), &days); /* anything else: as if nothing was chosen */
	TRY(page_cx_for(cx, rq, tr(cx->lang, TR("Tidying up")), "/admin/teams", px));
	TRY(facility_get(cx, cx->who.facility, &facility));
	TRY(cleanup_make(cx, px, days, &view.cleanup));
	view.facility = facility.name;
	view.days = arena_printf(cx->arena, "%lld", (long long)days);
	page_cleanup(&html, px, &view);
	return respond_page(rq, 200, buf_str(&html));
}
