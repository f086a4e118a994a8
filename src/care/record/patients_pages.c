/* SPDX-License-Identifier: Apache-2.0 */
/* The patients of the caller's care teams: list and search. */
#include "care/record/record_pages_internal.h"
#include "platform/format/utf8.h"

static struct record_line
line_of(struct cx *cx, const struct page_cx *px, const struct patient *patient)
{
	struct record_line line = {.title = patient->name,
	    .path = arena_printf(cx->arena, "/patients/%.*s/record", STR_ARG(uuid_text(cx->arena, patient->id.v)))};

	if (!instant_is_none(patient->born)) {
		line.detail = record_age_words(px, patient->born);
		line.when = TF1("born %1", px_date_only(px, zone_civil(zone_utc(), patient->born).date));
	}
	return line;
}

fallible
get_patients(struct cx *cx, struct request *rq)
{
	struct patients_page view = {.query = utf8_take_chars(str_trim(request_query(rq, "q")), SEARCH_TEXT_CHARS_MAX)};
	struct page_cx px;
	struct record_line *lines;
	struct db_rows rows;
	const struct patient *patients;
	struct buf html = BUF_INIT(cx->arena), next = BUF_INIT(cx->arena);
	patient_id after = {{{0}}};

	if (request_query(rq, "after").n && !uuid_parse(request_query(rq, "after"), &after.v))
		return ERR(
		    ERR_INVALID, TR("This page address is not complete. Go back and try again."), "after is no id");
	TRY(page_cx_for(cx, rq, tr(cx->lang, TR("Patients")), "/patients", &px));
	TRY(patient_search(cx, view.query, after, RECORD_PAGE_ROWS + 1, &rows));
	patients = rows.items;
	view.count = rows.count > RECORD_PAGE_ROWS ? RECORD_PAGE_ROWS : rows.count;
	lines = ARENA_ARRAY(cx->arena, struct record_line, view.count + 1);
	for (size_t i = 0; i < view.count; i++)
		lines[i] = line_of(cx, &px, &patients[i]);
	/* Names and birth dates were shown: that is a look at personal details. */
	if (view.count)
		audit_add_listed(
		    cx, AUDIT_DEMOGRAPHICS, ACCESS_CARE_TEAM, &patients[0].id, view.count, sizeof(patients[0]));
	view.lines = lines;
	if (rows.count > RECORD_PAGE_ROWS) {
		buf_printf(
		    &next, "/patients?after=%.*s&q=", STR_ARG(uuid_text(cx->arena, patients[view.count - 1].id.v)));
		escape_url_part(&next, view.query);
		view.next_path = buf_str(&next);
	}
	page_patients(&html, &px, &view);
	return respond_page(rq, 200, buf_str(&html));
}
