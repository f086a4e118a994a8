/* SPDX-License-Identifier: Apache-2.0 */
/* Reminders as pages, for the patient and for the care team: the list, and answering one. */
#include "care/reminders/reminders_internal.h"
#include "trust/identity/identity.h"
#include "trust/portal/portal.h"

/* Whose reminders does the address mean? */
struct whose {
	patient_id patient;
	enum access_why why;
	bool own;
	str base, name;
};

static fallible
whose_open(struct cx *cx, struct request *rq, str title, struct whose *out, struct page_cx *px)
{
	*out = (struct whose){.own = !request_param(rq, "patient").p, .base = S("/reminders")};
	if (out->own)
		out->patient = cx->who.patient;
	else if (!request_param_uuid(rq, "patient", &out->patient.v))
		return ERR(ERR_GONE, "We could not find that. It may have been removed, or it is not shared with you.",
		    "not a patient's id");
	TRY(access_check(cx, out->patient, RIGHT_RECORD_READ, &out->why));
	TRY(page_cx_for(cx, rq, title, out->own ? "/record" : "/patients", px));
	if (!out->own) {
		struct patient patient;

		TRY(patient_get(cx, out->patient, &patient));
		out->name = patient.name;
		out->base =
		    arena_printf(cx->arena, "/patients/%.*s/reminders", STR_ARG(uuid_text(cx->arena, out->patient.v)));
	}
	return NULL;
}

static str
state_words(const struct page_cx *px, const struct reminder *r, enum status_kind *kind)
{
	*kind = STATUS_PLAIN;
	switch (r->state) {
	case REMINDER_DUE: *kind = STATUS_WARNING; return T("due");
	case REMINDER_DONE: *kind = STATUS_GOOD; return T("done");
	case REMINDER_LATER: return T("not now");
	case REMINDER_NOT_FOR: break;
	}
	return T("not needed");
}

static str
last_words(const struct page_cx *px, const struct reminder *r)
{
	str day;

	if (instant_is_none(r->done))
		return r->doses ? TN("The record has %1 shot; more are needed.",
				      "The record has %1 shots; more are needed.", r->doses)
		                : T("The record does not say that it was done.");
	day = px_date_only(px, zone_civil(px->zone ? px->zone : zone_utc(), r->done).date);
	if (r->by_word)
		return TF1("Done on %1, as was said here.", day);
	if (instant_is_none(r->due))
		return TF1("Done on %1.", day);
	return TF2("Done on %1. Due again from %2.", day,
	    px_date_only(px, zone_civil(px->zone ? px->zone : zone_utc(), r->due).date));
}

static struct reminder_line
line_of(const struct page_cx *px, const struct reminder *r)
{
	struct reminder_line line = {.code = str_from_z(r->rule->code),
	    .title = tr(px->lang, r->rule->title),
	    .what = tr(px->lang, r->rule->what),
	    .why = tr(px->lang, r->rule->why),
	    .source = str_from_z(r->rule->source),
	    .last = last_words(px, r),
	    .due = r->state == REMINDER_DUE,
	    .open = r->state != REMINDER_DONE};

	line.state = state_words(px, r, &line.kind);
	return line;
}

static fallible
get_reminders(struct cx *cx, struct request *rq)
{
	struct page_cx page, *px = &page;
	struct reminders_page view = {0};
	struct reminder_line *lines;
	struct whose whose;
	struct db_rows rows;
	struct buf html = BUF_INIT(cx->arena);

	TRY(whose_open(cx, rq, tr(cx->lang, TR("Vaccines and checks")), &whose, px));
	TRY(reminders_for(cx, whose.patient, &rows));
	lines = ARENA_ARRAY(cx->arena, struct reminder_line, rows.count + 1);
	for (size_t i = 0; i < rows.count; i++) {
		lines[i] = line_of(px, (const struct reminder *)rows.items + i);
		view.due += lines[i].due;
	}
	view.lines = lines;
	view.count = rows.count;
	view.own = whose.own;
	view.name = whose.name;
	view.base = whose.base;
	view.can_answer = whose.why == ACCESS_SELF || whose.why == ACCESS_CARE_TEAM;
	if (str_equal(request_query(rq, "done"), S("saved")))
		px->flash = T("Saved.");
	px->flash_kind = NOTICE_GOOD;
	audit_add_read(cx, &(struct audit){.action = AUDIT_VIEW,
			       .subject = AUDIT_REMINDERS,
			       .patient = whose.patient,
			       .count = (int64_t)rows.count,
			       .why = (int)whose.why});
	page_reminders(&html, px, &view);
	return respond_page(rq, 200, buf_str(&html));
}

/* ---- answering ---- */

static const struct {
	const char *value;
	enum reminder_mark_kind kind;
	const char *own, *team; /* NULL: not theirs to say */
} answers[] = {
    {"done", MARK_DONE_ELSEWHERE, TR("I had it elsewhere"), TR("It was done elsewhere")},
    {"later", MARK_LATER, TR("Remind me in 3 months"), TR("Remind in 3 months")},
    {"no", MARK_NOT_NEEDED, NULL, TR("This patient does not need it")},
};

static fallible
show_one(struct cx *cx, struct request *rq, int status, struct reminder_page *view)
{
	const struct reminder_rule *rule = reminder_rule_by_code(request_param(rq, "rule"));
	struct page_cx page, *px = &page;
	struct whose whose;
	struct db_rows rows;
	const struct reminder *all;
	struct buf html = BUF_INIT(cx->arena);

	TRY(whose_open(cx, rq, S(""), &whose, px));
	TRY(reminders_for(cx, whose.patient, &rows));
	all = rows.items;
	for (size_t i = 0; i < rows.count; i++)
		if (all[i].rule == rule)
			view->line = line_of(px, &all[i]);
	if (!view->line.code.n)
		return ERR(ERR_GONE, "We could not find that. It may have been removed, or it is not shared with you.",
		    "no such reminder for this patient");
	px->title = view->errors.count ? TF1("Error: %1", view->line.title) : view->line.title;
	view->own = whose.own;
	view->name = whose.name;
	view->back = whose.base;
	view->action = arena_printf(cx->arena, "%.*s/%s", STR_ARG(whose.base), rule->code);
	for (size_t i = 0; i < sizeof(answers) / sizeof(answers[0]); i++) {
		const char *label = whose.own ? answers[i].own : answers[i].team;

		if (label)
			view->options[view->option_count++] =
			    (struct option){str_from_z(answers[i].value), tr(px->lang, label), STR_NONE};
	}
	page_reminder(&html, px, view);
	return respond_page(rq, status, buf_str(&html));
}

static fallible
get_reminder(struct cx *cx, struct request *rq)
{
	return show_one(cx, rq, 200, &(struct reminder_page){0});
}

static instant
day_typed(const struct page_cx *px, struct request *rq)
{
	int64_t y, m, d;

	if (!str_to_int64(request_form(rq, "day.year"), &y) || !str_to_int64(request_form(rq, "day.month"), &m) ||
	    !str_to_int64(request_form(rq, "day.day"), &d) || y < 1 || y > 9999 || m < 1 || m > 12 || d < 1 || d > 31 ||
	    !civil_date_is_valid((int)y, (int)m, (int)d))
		return INSTANT_NONE;
	return zone_instant(
	    px->zone ? px->zone : zone_utc(), (struct civil_time){.date = {(int16_t)y, (int8_t)m, (int8_t)d}});
}

static fallible
post_reminder(struct cx *cx, struct request *rq)
{
	const struct reminder_rule *rule = reminder_rule_by_code(request_param(rq, "rule"));
	struct reminder_page view = {.answer = request_form(rq, "answer"),
	    .day = field_date_value(
		cx->arena, request_form(rq, "day.year"), request_form(rq, "day.month"), request_form(rq, "day.day"))};
	const struct err *error = ERR(ERR_INVALID, TR("Choose one."), "no answer");
	struct whose whose;
	struct page_cx px;

	TRY(whose_open(cx, rq, S(""), &whose, &px));
	for (size_t i = 0; rule && i < sizeof(answers) / sizeof(answers[0]); i++)
		if (str_equal(view.answer, str_from_z(answers[i].value)))
			error = reminder_answer(cx, whose.patient, rule, answers[i].kind, day_typed(&px, rq));
	if (!error)
		return respond_see_other(rq, arena_printf(cx->arena, "%.*s?done=saved", STR_ARG(whose.base)));
	if (error->code != ERR_INVALID)
		return error;
	form_error_add(cx->arena, &view.errors, S("answer"), tr(cx->lang, error->say));
	return show_one(cx, rq, 400, &view);
}

const struct route reminders_routes[] = {
    {GET, "/reminders", get_reminders, .who = WHO_PATIENT | WHO_DELEGATE},
    {GET, "/reminders/{rule}", get_reminder, .who = WHO_PATIENT},
    {POST, "/reminders/{rule}", post_reminder, .who = WHO_PATIENT, .body_bytes_max = 4096, .writes = true},
    {GET, "/patients/{patient}/reminders", get_reminders, .who = WHO_CARE_TEAM},
    {GET, "/patients/{patient}/reminders/{rule}", get_reminder, .who = WHO_CARE_TEAM},
    {POST, "/patients/{patient}/reminders/{rule}", post_reminder, .who = WHO_CARE_TEAM, .body_bytes_max = 4096,
	.writes = true},
    {0},
};
