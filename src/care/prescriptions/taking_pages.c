/* SPDX-License-Identifier: Apache-2.0 */
/* Medication reconciliation as pages: what the record says beside what the patient says; the patient corrects, the care team accepts
 * or lets the record stand. */
#include "care/prescriptions/prescriptions_pages.h"

static str
said_words(const struct page_cx *px, const struct medicine_word *m)
{
	switch ((enum medicine_said)m->said) {
	case SAID_AS_WRITTEN: return T("Taken as written");
	case SAID_DIFFERENTLY: return T("Taken differently");
	case SAID_NOT_TAKEN: return T("Not taken");
	case SAID_ALSO: break;
	}
	return T("Also taken");
}

static str
settled_words(const struct page_cx *px, const struct medicine_word *m)
{
	switch ((enum said_settled)m->settled_how) {
	case SETTLED_NOT: return STR_NONE;
	case SETTLED_ACCEPTED: return TF1("Accepted into the record, %1", rx_day(px, m->settled));
	case SETTLED_RECORD_STANDS: return TF1("The record stands, %1", rx_day(px, m->settled));
	case SETTLED_TAKEN_BACK: break;
	}
	return TF1("Taken back, %1", rx_day(px, m->settled));
}

static str
how_words(const struct page_cx *px, const struct medicine_word *m)
{
	if (m->strength.n && m->how.n)
		return TF2("%1, %2", m->strength, m->how);
	return m->how.n ? m->how : m->strength;
}

static void
put_word(const struct page_cx *px, const struct medicine_word *m, str base, struct rx_taking_line *line)
{
	line->said = said_words(px, m);
	line->how = how_words(px, m);
	line->comment = m->comment;
	line->when = rx_day(px, m->at);
	line->word_id = uuid_text(px->arena, m->id);
	line->settled = settled_words(px, m);
	line->waits = instant_is_none(m->settled);
	line->differs = m->said != SAID_AS_WRITTEN;
	line->kind = line->differs && line->waits ? STATUS_WARNING : STATUS_GOOD;
	line->accept_path = arena_printf(px->arena, "%.*s/said/%.*s", STR_ARG(base), STR_ARG(line->word_id));
}

/* The newest word on a medicine that was not taken back. */
static const struct medicine_word *
word_on(const struct db_rows *words, str reference)
{
	const struct medicine_word *m = words->items;

	for (size_t i = 0; i < words->count; i++)
		if (str_equal(m[i].request, reference) && m[i].settled_how != SETTLED_TAKEN_BACK)
			return &m[i];
	return NULL;
}

static void
fill_lines(const struct page_cx *px, const struct db_rows *rows, const struct db_rows *words, str rx_base,
    struct rx_taking_page *view)
{
	const struct prescription *p = rows->items;
	const struct medicine_word *m = words->items;
	struct rx_taking_line *lines = ARENA_ARRAY(px->arena, struct rx_taking_line, rows->count + words->count + 1);

	for (size_t i = 0; i < rows->count; i++) {
		str reference =
		    arena_printf(px->arena, "%s/%.*s", resource_type_name((resource_type)p[i].type), STR_ARG(p[i].id));
		const struct medicine_word *word = word_on(words, reference);
		struct rx_taking_line *line = &lines[view->count];

		if ((!rx_status_is_active(p[i].status) && !rx_needs_renewal(&p[i])) || p[i].renewed)
			continue;
		*line = (struct rx_taking_line){.title = rx_full_title(px->arena, &p[i]),
		    .sig = p[i].sig,
		    .path = arena_printf(px->arena, "%.*s/%.*s", STR_ARG(rx_base), STR_ARG(p[i].id)),
		    .say_path = arena_printf(px->arena, "/prescriptions/taking/say?about=%.*s", STR_ARG(reference))};
		if (word)
			put_word(px, word, view->base, line);
		else
			view->silent++;
		view->count++;
	}
	for (size_t i = 0; i < words->count; i++)
		if (m[i].said == SAID_ALSO && instant_is_none(m[i].settled)) {
			lines[view->count] = (struct rx_taking_line){.title = m[i].name, .also = true};
			put_word(px, &m[i], view->base, &lines[view->count++]);
		}
	for (size_t i = 0; i < view->count; i++)
		view->differ += lines[i].differs && lines[i].waits;
	view->lines = lines;
}

static fallible
show_taking(struct cx *cx, struct request *rq, patient_id patient, bool team)
{
	struct page_cx page, *px = &page;
	struct rx_taking_page view = {.team = team, .base = S("/prescriptions/taking")};
	struct db_rows rows, words;
	struct patient person;
	struct buf html = BUF_INIT(cx->arena);
	enum access_why why;
	unsigned given;
	str rx_base = S("/prescriptions");

	TRY(access_check(cx, patient, RIGHT_RECORD_READ, &why));
	TRY(page_cx_for(cx, rq, tr(cx->lang, team ? TR("What is taken") : TR("What you take")),
	    team ? "/patients" : "/prescriptions", px));
	TRY(access_rights_acting(cx, &given));
	if (team) {
		TRY(patient_get(cx, patient, &person));
		view.name = person.name;
		view.base =
		    arena_printf(cx->arena, "/patients/%.*s/prescriptions", STR_ARG(uuid_text(cx->arena, patient.v)));
		rx_base = arena_printf(
		    cx->arena, "/patients/%.*s/record/medicines", STR_ARG(uuid_text(cx->arena, patient.v)));
		view.may_settle = why == ACCESS_CARE_TEAM;
	}
	view.may_say = why == ACCESS_SELF || (given & RIGHT_PRESCRIPTIONS);
	TRY(prescriptions_load(cx, patient, &rows));
	TRY(medicine_word_rows(cx, patient, true, &words));
	fill_lines(px, &rows, &words, rx_base, &view);
	if (str_equal(request_query(rq, "done"), S("said")))
		px->flash = T("Saved. Your care team sees it.");
	if (str_equal(request_query(rq, "done"), S("settled")))
		px->flash = T("Saved.");
	px->flash_kind = NOTICE_GOOD;
	rx_audit_view(cx, patient, AUDIT_MEDICINES, view.count, why);
	page_rx_taking(&html, px, &view);
	return respond_page(rq, 200, buf_str(&html));
}

fallible
get_rx_taking(struct cx *cx, struct request *rq)
{
	return show_taking(cx, rq, cx->who.patient, false);
}

fallible
get_patient_taking(struct cx *cx, struct request *rq)
{
	patient_id patient;

	if (!request_param_uuid(rq, "patient", &patient.v))
		return GONE;
	return show_taking(cx, rq, patient, true);
}

fallible
post_patient_word(struct cx *cx, struct request *rq)
{
	bool accept = str_equal(request_form(rq, "how"), S("accept"));
	patient_id patient;
	struct uuid id;

	if (!request_param_uuid(rq, "patient", &patient.v) || !request_param_uuid(rq, "word", &id))
		return GONE;
	TRY(medicine_settle(cx, patient, id, accept ? SETTLED_ACCEPTED : SETTLED_RECORD_STANDS));
	return respond_see_other(rq, arena_printf(cx->arena, "/patients/%.*s/prescriptions/taking?done=settled",
					 STR_ARG(uuid_text(cx->arena, patient.v))));
}

/* ---- saying ---- */

static const struct {
	const char *value;
	enum medicine_said said;
} answers[] = {{"as-written", SAID_AS_WRITTEN}, {"differently", SAID_DIFFERENTLY}, {"not-taken", SAID_NOT_TAKEN},
    {"also", SAID_ALSO}};

static fallible
show_say(struct cx *cx, struct request *rq, int status, struct rx_say_page *view)
{
	struct page_cx page, *px = &page;
	struct prescription p;
	struct buf html = BUF_INIT(cx->arena);
	enum access_why why;
	resource_type type;
	str id;

	TRY(rx_may_ask(cx, cx->who.patient, &why));
	TRY(page_cx_for(cx, rq, S(""), "/prescriptions", px));
	view->also = !view->about.n;
	px->title = T("Add a medicine");
	if (!view->also) {
		if (!reference_split(view->about, &type, &id))
			return GONE;
		TRY(prescription_get(cx, cx->who.patient, id, &p));
		view->title = rx_full_title(cx->arena, &p);
		view->sig = p.sig;
		px->title = TF1("Do you take %1?", p.title);
	}
	if (view->errors.count)
		px->title = TF1("Error: %1", px->title);
	page_rx_say(&html, px, view);
	return respond_page(rq, status, buf_str(&html));
}

fallible
get_rx_say(struct cx *cx, struct request *rq)
{
	return show_say(cx, rq, 200,
	    &(struct rx_say_page){.key = uuid_text(cx->arena, uuid_new(cx->now)), .about = request_query(rq, "about")});
}

fallible
post_rx_say(struct cx *cx, struct request *rq)
{
	struct rx_say_page view = {.key = request_form(rq, "key"),
	    .about = request_form(rq, "about"),
	    .said = request_form(rq, "said"),
	    .name = request_form(rq, "name"),
	    .strength = request_form(rq, "strength"),
	    .how = request_form(rq, "how"),
	    .reason = request_form(rq, "reason"),
	    .comment = request_form(rq, "comment")};
	struct medicine_word m = {.patient = cx->who.patient,
	    .request = view.about.n ? view.about : STR_NONE,
	    .name = view.name,
	    .strength = view.strength,
	    .how = view.how,
	    .reason = view.reason,
	    .comment = view.comment,
	    .settled = INSTANT_NONE};
	const struct err *error;

	if (!request_form_uuid(rq, "key", &m.id))
		m.id = uuid_new(cx->now);
	if (!view.about.n)
		view.said = S("also");
	for (size_t i = 0; i < sizeof(answers) / sizeof(answers[0]); i++)
		if (str_equal(view.said, str_from_z(answers[i].value)))
			m.said = answers[i].said;
	error = medicine_say(cx, &m);
	if (!error)
		return respond_see_other(rq, S("/prescriptions/taking?done=said"));
	if (error->code != ERR_INVALID)
		return error;
	form_error_add(cx->arena, &view.errors,
	    !m.said                                         ? S("said")
	    : m.said == SAID_ALSO && !str_trim(view.name).n ? S("name")
							    : S("how"),
	    tr(cx->lang, error->say));
	return show_say(cx, rq, 400, &view);
}

fallible
post_word_withdraw(struct cx *cx, struct request *rq)
{
	struct uuid id;

	if (!request_param_uuid(rq, "word", &id))
		return GONE;
	TRY(medicine_take_back(cx, cx->who.patient, id));
	return respond_see_other(rq, S("/prescriptions/taking?done=said"));
}
