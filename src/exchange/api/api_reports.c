/* SPDX-License-Identifier: Apache-2.0 */
/* What those who run messaging look at: figures, what is to be tidied up, what went to and fro with one patient. */
#include "care/reports/cleanup.h"
#include "care/reports/reports.h"
#include "care/reports/timeline.h"
#include "exchange/api/api_office.h"

fallible
api_words_for(struct cx *cx, struct page_cx *out)
{
	struct facility facility;

	*out = (struct page_cx){.arena = cx->arena, .lang = cx->lang, .now = cx->now};
	TRY(facility_get(cx, cx->who.facility, &facility));
	return zone_find(facility.zone, &out->zone);
}

/* ?period=, from=, to=, team=, as the page's address. */
fallible
api_get_report(struct cx *cx, struct request *rq)
{
	struct report_wish wish = {
	    .period = {request_query(rq, "period"), request_query(rq, "from"), request_query(rq, "to")},
	    .team = request_query(rq, "team")};
	struct api_answer a;

	api_begin(cx, &a);
	TRY(report_json(cx, &wish, &a.w));
	return api_end(rq, 200, &a);
}

fallible
api_get_cleanup(struct cx *cx, struct request *rq)
{
	struct page_cx px;
	struct cleanup all;
	struct api_answer a;
	int64_t days;

	if (!cleanup_days_parse(request_query(rq, "days"), &days))
		return ERR(ERR_INVALID, "\"days\" must be 30, 90, 180 or 365.", "another number of days");
	TRY(api_words_for(cx, &px));
	TRY(cleanup_make(cx, &px, days, &all));
	api_begin(cx, &a);
	json_put_array(&a.w, "parts");
	for (size_t i = 0; i < CLEANUP_KINDS; i++) {
		const struct cleanup_part *part = &all.parts[i];

		if (!part->count)
			continue;
		json_write_object(&a.w);
		json_put_text(&a.w, "kind", str_from_z(part->word));
		json_put_text(&a.w, "title", tr(cx->lang, part->title));
		json_put_text(&a.w, "mend", tr(cx->lang, part->mend));
		json_put_array(&a.w, "lines");
		for (size_t n = 0; n < part->count; n++) {
			json_write_object(&a.w);
			json_put_text(&a.w, "what", part->items[n].what);
			json_put_text(&a.w, "why", part->items[n].why);
			json_put_text(&a.w, "page", part->items[n].path);
			json_write_end(&a.w);
		}
		json_write_end(&a.w);
		json_put_bool(&a.w, "more", part->more);
		json_write_end(&a.w);
	}
	json_write_end(&a.w);
	return api_end(rq, 200, &a);
}

static fallible
put_entry(struct cx *cx, struct api_answer *a, const struct timeline_entry *entry, bool caring)
{
	struct thread thread;
	bool may;

	TRY(timeline_conversation(cx, entry, caring, &thread, &may));
	json_write_object(&a->w);
	put_instant(a, "at", entry->at);
	json_put_text(&a->w, "kind", str_from_z(timeline_kind_word((int64_t)entry->kind)));
	json_put_text(&a->w, "what", entry->what);
	json_put_text(&a->w, "hint", entry->hint);
	put_id(a, "team", entry->team.v);
	if (may) {
		put_id(a, "conversation", thread.id.v);
		json_put_text(&a->w, "subject", thread.subject);
	}
	json_write_end(&a->w);
	return NULL;
}

/* ?kind=, from=2026-03-05, to=; newest first. */
fallible
api_get_timeline(struct cx *cx, struct request *rq)
{
	struct api_page page = api_page_of(rq);
	struct timeline_wish wish = {0};
	struct timeline all = {0};
	struct patient patient;
	struct page_cx px;
	struct api_answer a;
	bool caring;

	TRY(api_address_id(rq, "patient", &wish.patient.v));
	TRY(timeline_enter(cx, wish.patient, &patient, &caring));
	if (!timeline_kind_parse(request_query(rq, "kind"), &wish.kind))
		return ERR(ERR_INVALID, "There is no such kind.", "an unknown kind");
	TRY(api_words_for(cx, &px));
	TRY(timeline_days(px.zone, cx->now, request_query(rq, "from"), request_query(rq, "to"), &wish));
	TRY(timeline_make(cx, &px, &wish, &all));
	api_begin(cx, &a);
	json_put_array(&a.w, "entries");
	for (int64_t i = page.offset; i < (int64_t)all.count && i < page.offset + page.count; i++)
		TRY(put_entry(cx, &a, &all.items[i], caring));
	json_write_end(&a.w);
	json_put_bool(&a.w, "more", all.cut || (int64_t)all.count > page.offset + page.count);
	return api_end(rq, 200, &a);
}
