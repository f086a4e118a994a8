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

static const struct option *
code_options(const struct page_cx *px, const struct chart_code *codes, str none, size_t *count)
{
	struct option *options;
	size_t n = 0;

	while (codes[n].code)
		n++;
	options = ARENA_ARRAY(px->arena, struct option, n + 1);
	options[0] = (struct option){.value = S(""), .label = none};
	for (size_t i = 0; i < n; i++)
		options[i + 1] = (struct option){.value = str_from_z(codes[i].code),
		    .label = codes[i].words ? arena_printf(px->arena, "%s %.*s", codes[i].code,
						  STR_ARG(tr(px->lang, codes[i].words)))
		                            : str_from_z(codes[i].code)};
	*count = n + 1;
	return options;
}

static void
fill_titles(const struct page_cx *px, struct chart_page *view)
{
	struct option *options = ARENA_ARRAY(px->arena, struct option, CHART_TITLES);

	for (int i = 1; i < CHART_TITLES; i++)
		options[view->title_count++] = (struct option){
		    .value = arena_printf(px->arena, "%d", i), .label = tr(px->lang, chart_title_words(i))};
	view->titles = options;
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

static void
fill_notes(const struct page_cx *px, const struct db_rows *rows, struct chart_page *view)
{
	const struct chart_note *note = rows->items;
	struct chart_note_row *out = ARENA_ARRAY(px->arena, struct chart_note_row, rows->count + 1);

	for (size_t i = 0; i < rows->count; i++) {
		str title = tr(px->lang, chart_title_words(note[i].title));

		out[i] = (struct chart_note_row){
		    .title = note[i].n > 1 ? TF1("Addendum: %1", title) : title, .when = px_date_full(px, note[i].at)};
		fill_note_state(px, &note[i], &out[i]);
		if (note[i].state == CHART_TROUBLE)
			out[i].mend_path =
			    arena_printf(px->arena, "%.*s?note=%lld", STR_ARG(view->path), (long long)note[i].n);
	}
	view->notes = out;
	view->note_count = rows->count;
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
	fill_notes(px, &notes, view);
	fill_messages(px, &c, wish, &notes, view);
	fill_titles(px, view);
	view->clinics = code_options(px, chart_clinics, T("No credit"), &view->clinic_count);
	view->procedures = code_options(px, chart_procedures, T("None"), &view->procedure_count);
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

		TRY(patient_get(cx, note[i].patient, &patient));
		out[i] = (struct chart_trouble_row){.id = uuid_text(cx->arena, note[i].id),
		    .patient = patient.name,
		    .title = tr(cx->lang, chart_title_words(note[i].title)),
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

const struct route charting_routes[] = {
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
