/* SPDX-License-Identifier: Apache-2.0 */
/* The page of a conversation's chart notes, and the list of those that the other system did not take. */
#include "care/charting/charting_pages.h"
#include "care/record/record_pages.h"
#include "platform/format/utf8.h"
#include "trust/portal/portal.h"

#define EXCERPT_CHARS      160
#define PROBLEMS_SHOWN     60
#define MESSAGES_CHOSEN    1000
#define CHART_FORM_BYTES   (64 * 1024)
#define TROUBLE_FORM_BYTES (8 * 1024)

/* ---- what can be chosen ---- */

/* The facility's clinics or titles; `none`: the label of the empty choice, absent for none. */
static fallible
choice_options(struct cx *cx, facility_id facility, enum chart_choice_kind kind, str none, const struct option **out,
    size_t *count)
{
	struct db_rows rows;
	const struct chart_choice *choice;
	struct option *options;

	TRY(chart_choices(cx, facility, kind, &rows));
	choice = rows.items;
	options = ARENA_ARRAY(cx->arena, struct option, rows.count + 1);
	*count = 0;
	if (none.n)
		options[(*count)++] = (struct option){.value = S(""), .label = none};
	for (size_t i = 0; i < rows.count; i++) {
		str n = arena_printf(cx->arena, "%lld", (long long)choice[i].n);

		options[(*count)++] = (struct option){.value = n,
		    .label = kind == CHOICE_CLINIC
		                 ? arena_printf(cx->arena, "%.*s %.*s", STR_ARG(n), STR_ARG(choice[i].words))
		                 : choice[i].words};
	}
	*out = options;
	return NULL;
}

static void
fill_procedures(const struct page_cx *px, struct chart_page *view)
{
	struct option *options;
	size_t n = 0;

	while (chart_procedures[n])
		n++;
	options = ARENA_ARRAY(px->arena, struct option, n + 1);
	options[0] = (struct option){.value = S(""), .label = T("None")};
	for (size_t i = 0; i < n; i++)
		options[i + 1] =
		    (struct option){.value = str_from_z(chart_procedures[i]), .label = str_from_z(chart_procedures[i])};
	view->procedures = options;
	view->procedure_count = n + 1;
}

/* What is current first; the same problem recorded twice is shown twice, as each is a diagnosis of its own. */
static fallible
fill_problems(struct cx *cx, const struct page_cx *px, patient_id patient, struct chart_page *view)
{
	struct record_items items = {0};
	struct option *options;

	TRY(record_load(cx, px, patient, CLASS_PROBLEMS, &items));
	options = ARENA_ARRAY(px->arena, struct option, PROBLEMS_SHOWN + 1);
	for (int current = 1; current >= 0; current--)
		for (size_t i = 0; i < items.count && view->problem_count < PROBLEMS_SHOWN; i++)
			if (items.items[i].type == RESOURCE_CONDITION && items.items[i].current == (current == 1))
				options[++view->problem_count] =
				    (struct option){items.items[i].id, items.items[i].title, items.items[i].when};
	if (view->problem_count)
		options[0] = (struct option){.value = S(""), .label = T("None")};
	view->problem_count += view->problem_count > 0;
	view->problems = options;
	return NULL;
}

static bool
holds(const int64_t *numbers, size_t count, int64_t n)
{
	for (size_t i = 0; i < count; i++)
		if (numbers[i] == n)
			return true;
	return false;
}

/* Those of the wish, or all that came after the notes. */
static void
fill_messages(const struct page_cx *px, const struct conversation *c, const struct chart_wish *wish,
    const struct db_rows *notes, struct chart_page *view)
{
	const struct chart_note *note = notes->items;
	int64_t last_n = 0;
	struct chart_message_row *rows = ARENA_ARRAY(px->arena, struct chart_message_row, c->count + 1);

	for (size_t i = 0; i < notes->count; i++)
		last_n = note[i].last_n > last_n ? note[i].last_n : last_n;
	for (size_t i = 0; i < c->count; i++) {
		const struct message *m = &c->messages[i];
		str text = utf8_take_chars(m->body, EXCERPT_CHARS);

		if (!instant_is_none(m->recalled))
			continue;
		rows[view->message_count++] = (struct chart_message_row){.n = m->n,
		    .who = m->author_name,
		    .when = px_date_full(px, m->sent),
		    .text = text.n < m->body.n ? TF1("%1 …", text) : text,
		    .chosen = wish->count ? holds(wish->messages, wish->count, m->n) : m->n > last_n};
	}
	view->messages = rows;
}

/* ---- what is there ---- */

static void
fill_note_state(const struct page_cx *px, const struct chart_note *note, struct chart_note_row *row)
{
	switch (note->state) {
	case CHART_KEPT:
		row->state = T("kept in this record");
		row->kind = STATUS_GOOD;
		break;
	case CHART_WAITING:
		row->state = T("on its way to the other system");
		row->kind = STATUS_PLAIN;
		break;
	case CHART_TAKEN:
		row->state = T("the other system has it");
		row->kind = STATUS_GOOD;
		break;
	case CHART_TROUBLE:
		row->state = T("the other system did not take it");
		row->kind = STATUS_DANGER;
		break;
	default:
		row->state = T("kept in this record only");
		row->kind = STATUS_PLAIN;
		break;
	}
	row->trouble = note->trouble.n ? note->trouble : note->ids;
}

/* "323 Primary care, 12 minutes", and whether it was taken back. */
static fallible
fill_credit(struct cx *cx, const struct page_cx *px, facility_id facility, const struct chart_note *note,
    struct chart_note_row *row)
{
	struct chart_wish wish;
	int64_t code = 0;
	str words;

	if (uuid_is_none(note->encounter))
		return NULL;
	TRY(chart_wish_of(cx, note, &wish));
	str_to_int64(wish.credit.clinic, &code);
	TRY(chart_choice_words(cx, facility, CHOICE_CLINIC, code, &words));
	row->credit =
	    TF_(T("Credit: %1 %2, %3 minutes"), TR_ARG(wish.credit.clinic), TR_ARG(words), TR_ARG(wish.credit.minutes));
	if (instant_is_none(note->credit_gone))
		row->take_back =
		    arena_printf(cx->arena, "/inbox/credit/%.*s/back", STR_ARG(uuid_text(cx->arena, note->id)));
	else
		row->gone = TF2("Taken back %1: %2", px_date(px, note->credit_gone), note->credit_why);
	return NULL;
}

static fallible
fill_notes(
    struct cx *cx, const struct page_cx *px, facility_id facility, const struct db_rows *rows, struct chart_page *view)
{
	const struct chart_note *note = rows->items;
	struct chart_note_row *out = ARENA_ARRAY(px->arena, struct chart_note_row, rows->count + 1);

	for (size_t i = 0; i < rows->count; i++) {
		str title;

		TRY(chart_choice_words(cx, facility, CHOICE_TITLE, note[i].title, &title));
		out[i] = (struct chart_note_row){.id = uuid_text(px->arena, note[i].id),
		    .title = note[i].n > 1 ? TF1("Addendum: %1", title) : title,
		    .when = px_date_full(px, note[i].at)};
		fill_note_state(px, &note[i], &out[i]);
		TRY(fill_credit(cx, px, facility, &note[i], &out[i]));
		if (note[i].state == CHART_TROUBLE)
			out[i].mend_path =
			    arena_printf(px->arena, "%.*s?note=%lld", STR_ARG(view->path), (long long)note[i].n);
	}
	view->notes = out;
	view->note_count = rows->count;
	return NULL;
}

static str
flash_of(struct cx *cx, str done)
{
	static const struct {
		const char *done, *text;
	} rows[] = {
	    {"kept", TR("It is in the patient's record.")},
	    {"sent", TR("It is in the patient's record, and on its way to the other system.")},
	    {"again", TR("It is on its way again.")},
	    {"ended", TR("It stays in this record only.")},
	    {"credit", TR("The credit is taken back. The trail keeps it.")},
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		if (str_equal(done, str_from_z(rows[i].done)))
			return tr(cx->lang, rows[i].text);
	return STR_NONE;
}

static void
fill_form(const struct page_cx *px, const struct chart_wish *wish, struct chart_page *view)
{
	view->key = uuid_text(px->arena, wish->key);
	view->mends = wish->mends ? arena_printf(px->arena, "%lld", (long long)wish->mends) : STR_NONE;
	view->title = arena_printf(px->arena, "%lld", (long long)(wish->title ? wish->title : TITLE_GENERAL));
	view->comment = wish->comment;
	view->clinic = wish->credit.clinic;
	view->procedure = wish->credit.procedure;
	view->condition = wish->credit.condition;
	if (!view->minutes.p && wish->credit.minutes)
		view->minutes = arena_printf(px->arena, "%lld", (long long)wish->credit.minutes);
}

static fallible
show(struct cx *cx, struct request *rq, int status, const struct chart_wish *wish, struct chart_page *view)
{
	struct page_cx page, *px = &page;
	struct conversation c;
	struct patient patient;
	struct db_rows notes;
	struct buf html = BUF_INIT(cx->arena);
	str id = uuid_text(cx->arena, wish->thread.v);

	TRY(chart_notes(cx, wish->thread, &notes));
	TRY(thread_open(cx, wish->thread, &c));
	TRY(page_cx_for(cx, rq, tr(cx->lang, TR("Chart note and credit")), "/inbox", px));
	TRY(patient_get(cx, c.thread.patient, &patient));
	view->path = arena_printf(cx->arena, "/inbox/%.*s/chart", STR_ARG(id));
	view->back = arena_printf(cx->arena, "/inbox/%.*s", STR_ARG(id));
	view->subject = c.thread.subject;
	view->patient = patient.name;
	view->owed = c.thread.status == THREAD_INCOMPLETE;
	TRY(fill_notes(cx, px, c.thread.facility, &notes, view));
	fill_messages(px, &c, wish, &notes, view);
	TRY(choice_options(cx, c.thread.facility, CHOICE_TITLE, STR_NONE, &view->titles, &view->title_count));
	TRY(choice_options(cx, c.thread.facility, CHOICE_CLINIC, T("No credit"), &view->clinics, &view->clinic_count));
	fill_procedures(px, view);
	TRY(fill_problems(cx, px, c.thread.patient, view));
	fill_form(px, wish, view);
	if (view->errors.count)
		px->title = TF1("Error: %1", px->title);
	px->flash = flash_of(cx, request_query(rq, "done"));
	px->flash_kind = NOTICE_GOOD;
	page_chart(&html, px, view);
	return respond_page(rq, status, buf_str(&html));
}

static fallible
thread_of(const struct request *rq, thread_id *out)
{
	return request_param_uuid(rq, "thread", &out->v) ? NULL : GONE;
}

static fallible
get_chart(struct cx *cx, struct request *rq)
{
	struct chart_wish wish = {.key = uuid_new(cx->now)};
	struct chart_page view = {0};
	struct db_rows notes;
	int64_t n;

	TRY(thread_of(rq, &wish.thread));
	if (str_to_int64(request_query(rq, "note"), &n)) {
		TRY(chart_notes(cx, wish.thread, &notes));
		if (n < 1 || n > (int64_t)notes.count)
			return GONE;
		TRY(chart_wish_of(cx, (const struct chart_note *)notes.items + n - 1, &wish));
	}
	return show(cx, rq, 200, &wish, &view);
}

/* ---- the form ---- */

static fallible
read_wish(struct cx *cx, struct request *rq, struct chart_wish *out)
{
	struct http_pairs pairs = request_form_all(rq);
	int64_t *messages = ARENA_ARRAY(cx->arena, int64_t, pairs.count + 1);

	TRY(thread_of(rq, &out->thread));
	if (!request_form_uuid(rq, "key", &out->key) || uuid_is_none(out->key))
		out->key = uuid_new(cx->now);
	str_to_int64(request_form(rq, "title"), &out->title);
	str_to_int64(request_form(rq, "mends"), &out->mends);
	for (size_t i = 0; i < pairs.count && out->count < MESSAGES_CHOSEN; i++)
		if (str_equal(pairs.items[i].name, S("message")) &&
		    str_to_int64(pairs.items[i].value, &messages[out->count]))
			out->count++;
	out->messages = messages;
	out->comment = str_trim(request_form(rq, "comment"));
	out->credit = (struct chart_credit){.clinic = request_form(rq, "clinic"),
	    .procedure = request_form(rq, "procedure"),
	    .condition = request_form(rq, "condition")};
	if (str_trim(request_form(rq, "minutes")).n &&
	    !str_to_int64(str_trim(request_form(rq, "minutes")), &out->credit.minutes))
		out->credit.minutes = -1;
	return NULL;
}

static fallible
post_chart(struct cx *cx, struct request *rq)
{
	struct chart_wish wish = {0};
	struct chart_page view = {.minutes = request_form(rq, "minutes")};
	struct chart_note note;
	const struct err *error;
	bool preview = str_equal(request_form(rq, "do"), S("preview"));

	TRY(read_wish(cx, rq, &wish));
	error = preview ? chart_preview(cx, &wish, &view.preview) : chart_save(cx, &wish, &note);
	if (!error && !preview)
		return respond_see_other(
		    rq, arena_printf(cx->arena, "/inbox/%.*s/chart?done=%s",
			    STR_ARG(uuid_text(cx->arena, wish.thread.v)), note.state == CHART_KEPT ? "kept" : "sent"));
	if (!error)
		return show(cx, rq, 200, &wish, &view);
	if (error->code != ERR_INVALID && error->code != ERR_CONFLICT)
		return error;
	form_error_add(cx->arena, &view.errors, str_from_z(wish.wrong ? wish.wrong : ""), tr(cx->lang, error->say));
	return show(cx, rq, error->code == ERR_CONFLICT ? 409 : 400, &wish, &view);
}

/* ---- what the other system did not take ---- */

static fallible
show_troubles(struct cx *cx, struct request *rq, int status, struct chart_troubles_page *view)
{
	struct page_cx page, *px = &page;
	struct db_rows rows;
	const struct chart_note *note;
	struct chart_trouble_row *out;
	struct buf html = BUF_INIT(cx->arena);

	TRY(page_cx_for(cx, rq, tr(cx->lang, TR("Chart notes that need you")), "/inbox/errors", px));
	TRY(chart_troubles(cx, &rows));
	note = rows.items;
	out = ARENA_ARRAY(cx->arena, struct chart_trouble_row, rows.count + 1);
	for (size_t i = 0; i < rows.count; i++) {
		str thread = uuid_text(cx->arena, note[i].thread.v);
		struct patient patient;
		str title;

		TRY(patient_get(cx, note[i].patient, &patient));
		TRY(chart_choice_words(cx, patient.facility, CHOICE_TITLE, note[i].title, &title));
		out[i] = (struct chart_trouble_row){.id = uuid_text(cx->arena, note[i].id),
		    .patient = patient.name,
		    .title = title,
		    .when = px_date_full(px, note[i].at),
		    .trouble = note[i].trouble,
		    .thread_path = arena_printf(cx->arena, "/inbox/%.*s", STR_ARG(thread)),
		    .mend_path =
			arena_printf(cx->arena, "/inbox/%.*s/chart?note=%lld", STR_ARG(thread), (long long)note[i].n)};
	}
	view->rows = out;
	view->count = rows.count;
	px->flash = flash_of(cx, request_query(rq, "done"));
	px->flash_kind = NOTICE_GOOD;
	page_chart_troubles(&html, px, view);
	return respond_page(rq, status, buf_str(&html));
}

static fallible
get_troubles(struct cx *cx, struct request *rq)
{
	return show_troubles(cx, rq, 200, &(struct chart_troubles_page){0});
}

static fallible
after(struct cx *cx, struct request *rq, const struct err *error, const char *done)
{
	struct chart_troubles_page view = {0};

	if (!error)
		return respond_see_other(rq, arena_printf(cx->arena, "/inbox/errors?done=%s", done));
	if (error->code != ERR_INVALID && error->code != ERR_CONFLICT)
		return error;
	form_error_add(cx->arena, &view.errors, S(""), tr(cx->lang, error->say));
	return show_troubles(cx, rq, error->code == ERR_CONFLICT ? 409 : 400, &view);
}

static fallible
post_retry(struct cx *cx, struct request *rq)
{
	struct uuid id;

	if (!request_param_uuid(rq, "note", &id))
		return GONE;
	return after(cx, rq, chart_retry(cx, id), "again");
}

static fallible
post_end(struct cx *cx, struct request *rq)
{
	struct uuid id;

	if (!request_param_uuid(rq, "note", &id))
		return GONE;
	return after(cx, rq, chart_end(cx, id, request_form(rq, "reason")), "ended");
}

/* ---- credit that was a mistake ---- */

static fallible
post_credit_back(struct cx *cx, struct request *rq)
{
	struct chart_wish wish = {.key = uuid_new(cx->now)};
	struct chart_page view = {0};
	struct chart_note note = {0};
	const struct err *error;
	struct uuid id;

	if (!request_param_uuid(rq, "note", &id))
		return GONE;
	TRY(chart_note_get(cx, id, &note));
	error = chart_credit_take_back(cx, id, request_form(rq, "reason"));
	if (!error)
		return respond_see_other(rq, arena_printf(cx->arena, "/inbox/%.*s/chart?done=credit",
						 STR_ARG(uuid_text(cx->arena, note.thread.v))));
	if (error->code != ERR_INVALID && error->code != ERR_CONFLICT)
		return error;
	wish.thread = note.thread;
	form_error_add(cx->arena, &view.errors,
	    arena_printf(cx->arena, "reason-%.*s", STR_ARG(uuid_text(cx->arena, id))), tr(cx->lang, error->say));
	return show(cx, rq, error->code == ERR_CONFLICT ? 409 : 400, &wish, &view);
}

/* ---- the facility's lists ---- */

static fallible
show_choices(struct cx *cx, struct request *rq, int status, struct chart_choices_page *view)
{
	struct page_cx page, *px = &page;
	struct buf html = BUF_INIT(cx->arena);

	TRY(page_cx_for(cx, rq, tr(cx->lang, TR("Lists for the chart")), "/admin/settings", px));
	if (str_equal(request_query(rq, "done"), S("saved")))
		px->flash = T("The lists are saved.");
	px->flash_kind = NOTICE_GOOD;
	page_chart_choices(&html, px, view);
	return respond_page(rq, status, buf_str(&html));
}

static fallible
get_choices(struct cx *cx, struct request *rq)
{
	struct chart_choices_page view = {0};

	TRY(chart_choices_text(cx, CHOICE_CLINIC, &view.clinics));
	TRY(chart_choices_text(cx, CHOICE_TITLE, &view.titles));
	return show_choices(cx, rq, 200, &view);
}

static fallible
post_choices(struct cx *cx, struct request *rq)
{
	struct chart_choices_page view = {.clinics = request_form(rq, "clinics"), .titles = request_form(rq, "titles")};
	const char *wrong = NULL;
	const struct err *error = chart_choices_save(cx, view.clinics, view.titles, &wrong);

	if (!error)
		return respond_see_other(rq, S("/admin/chart-lists?done=saved"));
	if (error->code != ERR_INVALID)
		return error;
	form_error_add(cx->arena, &view.errors, str_from_z(wrong ? wrong : ""), tr(cx->lang, error->say));
	return show_choices(cx, rq, 400, &view);
}

const struct route charting_routes[] = {
    {POST, "/inbox/credit/{note}/back", post_credit_back, .who = WHO_CARE_TEAM, .body_bytes_max = TROUBLE_FORM_BYTES,
	.writes = true},
    {GET, "/admin/chart-lists", get_choices, .who = WHO_ADMINISTRATOR | WHO_COORDINATOR},
    {POST, "/admin/chart-lists", post_choices, .who = WHO_ADMINISTRATOR | WHO_COORDINATOR,
	.body_bytes_max = CHART_FORM_BYTES, .writes = true},
    {GET, "/inbox/{thread}/chart", get_chart, .who = WHO_CARE_TEAM},
    {POST, "/inbox/{thread}/chart", post_chart, .who = WHO_CARE_TEAM, .body_bytes_max = CHART_FORM_BYTES,
	.writes = true},
    {GET, "/inbox/errors", get_troubles, .who = WHO_CARE_TEAM},
    {POST, "/inbox/errors/{note}/retry", post_retry, .who = WHO_CARE_TEAM, .body_bytes_max = TROUBLE_FORM_BYTES,
	.writes = true},
    {POST, "/inbox/errors/{note}/end", post_end, .who = WHO_CARE_TEAM, .body_bytes_max = TROUBLE_FORM_BYTES,
	.writes = true},
    {0},
};
