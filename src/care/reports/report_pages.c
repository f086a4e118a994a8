/* SPDX-License-Identifier: Apache-2.0 */
/* The report as a page and as a file. */
#include "care/reports/cleanup.h"
#include "care/reports/reports_internal.h"
#include "care/reports/timeline.h"
#include "platform/format/fhir_date.h"
#include "trust/portal/portal.h"

static struct report_wish
wish_from(struct request *rq)
{
	return (struct report_wish){
	    .period = {request_query(rq, "period"), request_query(rq, "from"), request_query(rq, "to")},
	    .team = request_query(rq, "team")};
}

/* ---- words ---- */

str
span_words(const struct page_cx *px, int64_t ms)
{
	int64_t minutes = ms / MINUTE_MS, hours = minutes / 60;

	if (minutes < 60)
		return TF1("%1 min", minutes);
	if (hours < 48)
		return TF2("%1 h %2 min", hours, minutes % 60);
	return TF2("%1 days %2 h", hours / 24, hours % 24);
}

static str
percent_words(const struct page_cx *px, int64_t value, int64_t out_of)
{
	int64_t tenths = share_tenths(value, out_of);

	return arena_printf(px->arena, "%lld.%lld %%", (long long)(tenths / 10), (long long)(tenths % 10));
}

static str
measured_words(const struct page_cx *px, const struct measure *m, const struct measured *v)
{
	if (!v->known)
		return m->unit == UNIT_PATIENTS ? TF1("fewer than %1", REPORT_CASES_LEAST) : T("too few to say");
	switch (m->unit) {
	case UNIT_COUNT:
	case UNIT_PATIENTS: break;
	case UNIT_SHARE:
		return TF3("%1 (%2 of %3)", percent_words(px, v->value, v->out_of), px_number(px, v->value),
		    px_number(px, v->out_of));
	case UNIT_TIME: return span_words(px, v->value);
	}
	return px_number(px, v->value);
}

static str
days_words(const struct page_cx *px, const struct period *p)
{
	struct buf first = BUF_INIT(px->arena), last = BUF_INIT(px->arena);

	date_only_words(&first, px->lang, civil_date_from_days(p->first));
	date_only_words(&last, px->lang, civil_date_from_days(p->last));
	return p->first == p->last ? buf_str(&first) : TF2("%1 to %2", buf_str(&first), buf_str(&last));
}

/* ---- figures ---- */

static void
fill_sections(struct cx *cx, const struct page_cx *px, struct reports_page *view)
{
	static const char *const titles[] = {[GROUP_VOLUME] = TR("Messages"),
	    [GROUP_ANSWERS] = TR("Answers"),
	    [GROUP_COMPLETION] = TR("Completion"),
	    [GROUP_ROLES] = TR("Who answered and completed"),
	    [GROUP_PANEL] = TR("Patients who take part"),
	    [GROUP_OPEN] = TR("Unresolved now")};
	struct measures all = {0};

	measures_of(cx, view->report, &all);
	for (size_t g = 0; g < GROUP_COUNT; g++) {
		view->sections[g].title = tr(px->lang, titles[g]);
		view->sections[g].rows = ARENA_ARRAY(cx->arena, struct measure_row, all.count + 1);
	}
	for (size_t i = 0; i < all.count; i++) {
		const struct measure *m = &all.items[i];
		struct measure_section *section = &view->sections[m->group];
		str name = tr(px->lang, m->label);

		section->only_now = m->only_now;
		if (m->of.n)
			name = TF_(name, TR_ARG(m->of));
		section->rows[section->count++] = (struct measure_row){
		    name, measured_words(px, m, &m->now), m->only_now ? STR_NONE : measured_words(px, m, &m->before)};
	}
}

static void
fill_parts(struct cx *cx, const struct page_cx *px, struct reports_page *view)
{
	const struct report *r = view->report;

	view->parts = ARENA_ARRAY(cx->arena, struct team_row, r->part_count + 1);
	for (size_t i = 0; i < r->part_count; i++) {
		struct team_report *part = &r->parts[i];
		struct measures all = {0};
		struct team_row *row = &view->parts[view->part_count++];

		measures_of_team(cx, part, &all);
		row->name = part->team.active ? part->team.name : TF1("%1 (closed)", part->team.name);
		for (size_t n = 0; n < all.count; n++) {
			const struct measure *m = &all.items[n];
			str words = measured_words(px, m, &m->now);

			if (strcmp(m->code, "questions") == 0)
				row->questions = words;
			else if (strcmp(m->code, "response_business_median") == 0)
				row->answer = words;
			else if (strcmp(m->code, "promise_kept") == 0)
				row->kept = words;
			else if (strcmp(m->code, "escalated") == 0)
				row->escalated = words;
			else if (strcmp(m->code, "open_waiting_now") == 0)
				row->waiting = words;
		}
	}
}

static void
fill_people(struct cx *cx, const struct page_cx *px, struct reports_page *view)
{
	const struct report *r = view->report;

	view->people = ARENA_ARRAY(cx->arena, struct load_row, r->person_count + 1);
	for (; view->person_count < r->person_count; view->person_count++) {
		const struct person_load *p = &r->people[view->person_count];

		view->people[view->person_count] = (struct load_row){.name = p->name,
		    .role = str_from_z(staff_role_words((enum staff_role)p->role, px->lang)),
		    .open = px_number(px, p->open),
		    .messages = px_number(px, p->messages),
		    .answered = px_number(px, p->answered),
		    .completed = px_number(px, p->completed),
		    .notes = px_number(px, p->notes),
		    .credits = px_number(px, p->credits)};
	}
}

/* ---- plots ---- */

static str
piece_words(const struct page_cx *px, const struct period *p, size_t i, bool short_form)
{
	struct civil_date date = civil_date_from_days(period_piece_first(p, i));
	struct buf out = BUF_INIT(px->arena);

	if (period_piece(p) == PIECE_MONTH)
		date.day = 0;
	if (!short_form) {
		date_only_words(&out, px->lang, date);
		return period_piece(p) == PIECE_WEEK ? TF1("week from %1", buf_str(&out)) : buf_str(&out);
	}
	date_only_words_short(&out, px->lang, date);
	if (date.day) /* the year stands above the plot */
		return str_take(buf_str(&out), buf_str(&out).n - 5);
	return buf_str(&out);
}

static void
fill_volume(struct cx *cx, const struct page_cx *px, struct reports_page *view)
{
	const struct report *r = view->report;
	const struct period *p = &r->period[0];
	size_t count = period_pieces(p);
	struct bar *bars = ARENA_ARRAY(cx->arena, struct bar, count);

	view->pieces = ARENA_ARRAY(cx->arena, struct piece_row, count);
	for (size_t i = 0; i < count; i++) {
		bars[i] =
		    (struct bar){.label = piece_words(px, p, i, true), .value = {r->pieces[i][0], r->pieces[i][1]}};
		view->pieces[i] = (struct piece_row){
		    piece_words(px, p, i, false), px_number(px, r->pieces[i][0]), px_number(px, r->pieces[i][1])};
	}
	view->piece_count = count;
	view->volume_words =
	    TF2("%1 from patients, %2 from the team.", r->tally[0].from_patients, r->tally[0].from_team);
	view->volume = bars_columns_svg(cx->arena, &(struct bars){.title = T("Messages over time"),
						       .unit = T("messages"),
						       .words = view->volume_words,
						       .names = {T("from patients"), T("from the team")},
						       .series_count = 2,
						       .bars = bars,
						       .count = count,
						       .lang = px->lang});
}

/* "12 (45.5 %)", or the number alone where the share says nothing. */
static str
part_words(const struct page_cx *px, int64_t value, int64_t out_of)
{
	if (out_of < REPORT_CASES_LEAST)
		return px_number(px, value);
	return TF2("%1 (%2)", px_number(px, value), percent_words(px, value, out_of));
}

static void
fill_speed(struct cx *cx, const struct page_cx *px, struct reports_page *view)
{
	const struct tally *t = view->report->tally;
	const str names[REPORT_SOON + 2] = {T("within one business day"), T("within two"), T("within three"),
	    T("later"), T("settled without an answer"), T("still waiting")};
	struct bar bars[REPORT_SOON + 2] = {0};

	view->speeds = ARENA_ARRAY(cx->arena, struct speed_row, REPORT_SOON + 2);
	for (size_t i = 0; i < REPORT_SOON + 2; i++) {
		bars[i].label = names[i];
		for (size_t n = 0; n < 2; n++) {
			bars[i].value[n] = i < REPORT_SOON    ? t[n].soon[i]
			                   : i == REPORT_SOON ? t[n].otherwise
			                                      : t[n].waiting;
			bars[i].said[n] = part_words(px, bars[i].value[n], t[n].questions);
		}
		view->speeds[view->speed_count++] = (struct speed_row){names[i], bars[i].said[0], bars[i].said[1]};
	}
	view->speed_words = TF2("%1 of %2 questions were answered.", t[0].answered, t[0].questions);
	view->speed = bars_rows_svg(cx->arena, &(struct bars){.title = T("How soon questions were answered"),
						   .words = view->speed_words,
						   .names = {T("this period"), T("before")},
						   .series_count = 2,
						   .bars = bars,
						   .count = REPORT_SOON + 2,
						   .lang = px->lang});
}

static void
fill_roles(struct cx *cx, const struct page_cx *px, struct reports_page *view)
{
	const struct tally *t = view->report->tally;
	struct bar bars[REPORT_ROLES] = {0};
	size_t count = 0;

	for (size_t role = 0; role < REPORT_ROLES; role++) {
		if (!t[0].answered_by[role] && !t[1].answered_by[role])
			continue;
		bars[count].label = role ? str_from_z(staff_role_words((enum staff_role)role, px->lang)) : T("unknown");
		for (size_t n = 0; n < 2; n++) {
			bars[count].value[n] = t[n].answered_by[role];
			bars[count].said[n] = part_words(px, t[n].answered_by[role], t[n].answered);
		}
		count++;
	}
	view->roles_words =
	    TN("%1 answer, by the role of who gave it.", "%1 answers, by the role of who gave them.", t[0].answered);
	view->roles = bars_rows_svg(cx->arena, &(struct bars){.title = T("Who answered"),
						   .words = view->roles_words,
						   .names = {T("this period"), T("before")},
						   .series_count = 2,
						   .bars = bars,
						   .count = count,
						   .lang = px->lang});
}

/* ---- the page ---- */

static void
fill_choice(struct cx *cx, const struct page_cx *px, const struct report *scope, struct reports_page *view)
{
	view->teams = ARENA_ARRAY(cx->arena, struct option, scope->team_count + 1);
	view->teams[view->team_count++] =
	    (struct option){S(""), scope->office ? T("The whole facility") : T("All my teams"), STR_NONE};
	for (size_t i = 0; i < scope->team_count; i++)
		view->teams[view->team_count++] = (struct option){uuid_text(cx->arena, scope->teams[i].id.v),
		    scope->teams[i].active ? scope->teams[i].name : TF1("%1 (closed)", scope->teams[i].name), STR_NONE};
	view->heading = scope->team.name.p ? scope->team.name
	                : scope->office    ? scope->facility.name
	                                   : T("All my teams");
}

static str
csv_path(struct cx *cx, const struct report *r)
{
	return arena_printf(cx->arena, "/reports.csv?period=own&from=%.*s&to=%.*s&team=%.*s",
	    STR_ARG(fhir_date_text(cx->arena, civil_date_from_days(r->period[0].first))),
	    STR_ARG(fhir_date_text(cx->arena, civil_date_from_days(r->period[0].last))),
	    STR_ARG(uuid_is_none(r->team.id.v) ? S("") : uuid_text(cx->arena, r->team.id.v)));
}

static fallible
show(struct cx *cx, struct request *rq, int status, const struct report *scope, struct reports_page *view)
{
	struct page_cx page, *px = &page;
	struct buf html = BUF_INIT(cx->arena);
	str title = tr(cx->lang, TR("Reports"));

	TRY(page_cx_for(cx, rq, title, "/reports", px));
	px->live = false;
	fill_choice(cx, px, scope, view);
	if (view->report) {
		view->days = days_words(px, &view->report->period[0]);
		view->days_before = days_words(px, &view->report->period[1]);
		view->csv = csv_path(cx, view->report);
		fill_sections(cx, px, view);
		fill_volume(cx, px, view);
		fill_speed(cx, px, view);
		fill_roles(cx, px, view);
		fill_parts(cx, px, view);
		fill_people(cx, px, view);
	}
	page_reports(&html, px, view);
	return respond_page(rq, status, buf_str(&html));
}

fallible
get_reports(struct cx *cx, struct request *rq)
{
	struct report_wish wish = wish_from(rq);
	struct reports_page view = {
	    .kind = wish.period.kind, .from = wish.period.from, .to = wish.period.to, .team = wish.team};
	struct report report;
	const struct err *error = report_make(cx, &wish, &report);

	if (error && error->code == ERR_INVALID) {
		form_error_add(cx->arena, &view.errors, S("from"), tr(cx->lang, error->say));
		TRY(report_scope(cx, wish.team, &report));
		return show(cx, rq, 400, &report, &view);
	}
	TRY(error);
	view.report = &report;
	report_note_look(cx, &report, AUDIT_VIEW);
	return show(cx, rq, 200, &report, &view);
}

fallible
get_reports_csv(struct cx *cx, struct request *rq)
{
	struct report_wish wish = wish_from(rq);
	struct report report;
	struct buf out = BUF_INIT(cx->arena);

	TRY(report_make(cx, &wish, &report));
	report_note_look(cx, &report, AUDIT_DOWNLOAD);
	report_csv(cx, &report, &out);
	respond_header(rq, "Content-Disposition",
	    arena_printf(cx->arena, "attachment; filename=\"messages-%.*s-%.*s.csv\"",
		STR_ARG(fhir_date_text(cx->arena, civil_date_from_days(report.period[0].first))),
		STR_ARG(fhir_date_text(cx->arena, civil_date_from_days(report.period[0].last)))));
	return respond(rq, 200, "text/csv; charset=utf-8", buf_str(&out));
}

const struct route reports_routes[] = {
    {GET, "/reports", get_reports, .who = WHO_STAFF},
    {GET, "/reports.csv", get_reports_csv, .who = WHO_STAFF, .face = FACE_PLAIN, .rate = RATE_HEAVY},
    {GET, "/admin/cleanup", get_cleanup, .who = WHO_COORDINATOR | WHO_ADMINISTRATOR},
    {GET, "/admin/patients/{patient}/communication", get_timeline, .who = WHO_COORDINATOR | WHO_ADMINISTRATOR},
    {GET, "/patients/{patient}/communication", get_timeline, .who = WHO_CARE_TEAM},
    {0},
};
