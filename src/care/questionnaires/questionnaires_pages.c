/* SPDX-License-Identifier: Apache-2.0 */
/* Filling in a questionnaire: the list, the form, what came out.  Works without scripts: what depends on answers is asked on the next
 * page load, with everything typed still there. */
#include "care/questionnaires/questionnaires_pages_internal.h"

#include "care/journal/journal.h"
#include "care/messaging/messaging.h"
#include "care/questionnaires/questionnaires.h"
#include "platform/crypto/crypto.h"
#include "platform/format/fhir_date.h"
#include "trust/portal/portal.h"

/* ---- the form ---- */

static str
name_of(struct arena *arena, const char *what, size_t i)
{
	return arena_printf(arena, "%s%zu", what, i);
}

static void
add_options(const struct page_cx *px, const struct question *question, const struct answers *a, size_t i,
    struct question_input *out)
{
	struct option *options = ARENA_ARRAY(px->arena, struct option, question->option_count + 1);
	str *chosen = ARENA_ARRAY(px->arena, str, question->option_count + 1);
	str rest = a->of[i], one;
	int64_t place;

	for (size_t o = 0; o < question->option_count; o++)
		options[o] = (struct option){
		    arena_printf(px->arena, "%zu", o), question_option_words(px->lang, question->options[o]), STR_NONE};
	while (rest.n) {
		rest = str_cut(rest, ',', &one);
		if (str_to_int64(one, &place) && place >= 0 && (size_t)place < question->option_count)
			chosen[place] = S("yes");
	}
	out->options = options;
	out->option_count = question->option_count;
	out->many = question->repeats;
	out->chosen = chosen;
	if (question->kind == QUESTION_OPEN_CHOICE)
		out->other = (struct field){
		    .name = name_of(px->arena, "o", i), .label = T("Something else"), .value = a->other[i]};
}

static void
input_of(const struct page_cx *px, const struct question *question, const struct answers *a, size_t i,
    const struct form_errors *errors, struct question_input *out)
{
	str name = name_of(px->arena, "q", i), day;

	*out = (struct question_input){.kind = question->kind,
	    .depth = question->depth,
	    .shown_name = name_of(px->arena, "s", i),
	    .field = {.name = name,
		.label = question->text,
		.value = a->of[i],
		.required = question->required,
		.error = form_error(errors, name),
		.autocomplete = S("off"),
		.rows = 3}};
	switch (question->kind) {
	case QUESTION_CHOICE:
	case QUESTION_OPEN_CHOICE: add_options(px, question, a, i, out); break;
	case QUESTION_BOOLEAN: {
		struct option *options = ARENA_ARRAY(px->arena, struct option, 2);

		options[0] = (struct option){S("yes"), T("Yes"), STR_NONE};
		options[1] = (struct option){S("no"), T("No"), STR_NONE};
		out->options = options;
		out->option_count = 2;
		break;
	}
	case QUESTION_INTEGER: out->field.inputmode = S("numeric"); break;
	case QUESTION_DECIMAL: out->field.inputmode = S("decimal"); break;
	case QUESTION_QUANTITY:
		out->field.inputmode = S("decimal");
		out->field.suffix = question->unit;
		break;
	case QUESTION_DATETIME:
		out->time = (struct field){.name = name_of(px->arena, "t", i),
		    .label = T("Time of day"),
		    .hint = T("Such as 08:30."),
		    .value = str_cut(a->of[i], 'T', &day),
		    .width_chars = 8};
		out->time.value = str_take(out->time.value, 5);
		out->field.value = day;
		break;
	case QUESTION_TIME:
		out->field.hint = T("Such as 08:30.");
		out->field.width_chars = 8;
		break;
	case QUESTION_NAMED:
		out->field.hint =
		    T("Say in a few words what it is. You can bring it along, or attach it to a message.");
		break;
	case QUESTION_GROUP:
	case QUESTION_DISPLAY:
	case QUESTION_DATE:
	case QUESTION_STRING:
	case QUESTION_TEXT:
	case QUESTION_URL: break;
	}
}

static fallible
show_form(struct cx *cx, struct request *rq, int status, struct page_cx *px, const struct questionnaire *q,
    const struct answers *a, struct questionnaire_page *view)
{
	struct question_input *inputs = ARENA_ARRAY(cx->arena, struct question_input, q->count + 1);
	bool asked[QUESTIONS_MAX];
	struct buf html = BUF_INIT(cx->arena);

	questionnaire_asked(q, a, asked);
	for (size_t i = 0; i < q->count; i++)
		if (asked[i])
			input_of(px, &q->items[i], a, i, &view->errors, &inputs[view->count++]);
	px->title = view->errors.count ? TF1("Error: %1", q->title) : q->title;
	view->title = q->title;
	view->copyright = q->copyright;
	if (!view->action.n)
		view->action = arena_printf(cx->arena, "/questionnaires/%.*s", STR_ARG(q->id));
	view->inputs = inputs;
	view->has_conditions = q->has_conditions;
	if (!view->sharing.n)
		TRY(questionnaire_sharing_words(cx, px, &view->sharing));
	page_questionnaire(&html, px, view);
	return respond_page(rq, status, buf_str(&html));
}

static fallible
open_page(struct cx *cx, struct request *rq, const struct questionnaire_use *use, struct page_cx *px,
    struct questionnaire *q, struct questionnaire_page *view)
{
	enum access_why why;

	TRY(access_check(cx, cx->who.patient, RIGHT_OWN, &why));
	TRY(questionnaire_find(cx, request_param(rq, "questionnaire"), q));
	if (use) {
		view->action = use->action;
		view->sharing = use->readers;
		view->back = use->back;
		view->back_name = use->back_name;
	}
	return page_cx_for(cx, rq, q->title, use ? use->section : "/journal", px);
}

fallible
questionnaire_show(struct cx *cx, struct request *rq, const struct questionnaire_use *use)
{
	struct questionnaire_page view = {.key = uuid_text(cx->arena, uuid_new(cx->now))};
	struct questionnaire q;
	struct answers a;
	struct page_cx px;
	bool found;

	TRY(open_page(cx, rq, use, &px, &q, &view));
	TRY(questionnaire_half_load(cx, &q, &a, &found));
	return show_form(cx, rq, 200, &px, &q, &a, &view);
}

static fallible
get_questionnaire(struct cx *cx, struct request *rq)
{
	return questionnaire_show(cx, rq, NULL);
}

/* ---- what was sent ---- */

static str
sent(struct cx *cx, struct request *rq, const char *what, size_t i)
{
	return str_trim(request_form(rq, arena_z(cx->arena, name_of(cx->arena, what, i))));
}

static str
day_sent(struct cx *cx, struct request *rq, size_t i)
{
	static const char *const parts[] = {"year", "month", "day"};
	int64_t n[3];
	str typed[3];

	for (size_t p = 0; p < 3; p++)
		typed[p] =
		    str_trim(request_form(rq, arena_z(cx->arena, arena_printf(cx->arena, "q%zu.%s", i, parts[p]))));
	if (!typed[0].n && !typed[1].n && !typed[2].n)
		return STR_NONE;
	for (size_t p = 0; p < 3; p++)
		if (!str_to_int64(typed[p], &n[p]) || n[p] < 0 || n[p] > 9999)
			return field_date_value(cx->arena, typed[0], typed[1], typed[2]);
	return arena_printf(cx->arena, "%04d-%02d-%02d", (int)n[0], (int)n[1], (int)n[2]);
}

static str
many_sent(struct cx *cx, struct request *rq, const struct question *question, size_t i)
{
	struct buf out = BUF_INIT(cx->arena);

	for (size_t o = 0; o < question->option_count; o++)
		if (request_form(rq, arena_z(cx->arena, arena_printf(cx->arena, "q%zu-%zu", i, o))).n)
			buf_printf(&out, "%s%zu", out.n ? "," : "", o);
	return out.n ? buf_str(&out) : STR_NONE;
}

/* "08:30" of "8:30"; what is none stays as it was typed. */
static str
time_sent(struct cx *cx, str typed)
{
	return typed.n == 4 && typed.p[1] == ':' ? arena_printf(cx->arena, "0%.*s", STR_ARG(typed)) : typed;
}

static void
answers_read(
    struct cx *cx, struct request *rq, const struct page_cx *px, const struct questionnaire *q, struct answers *a)
{
	const struct zone *zone = px->zone ? px->zone : zone_utc();

	*a = (struct answers){0};
	for (size_t i = 0; i < q->count; i++) {
		const struct question *question = &q->items[i];
		str day;

		switch (question->kind) {
		case QUESTION_GROUP:
		case QUESTION_DISPLAY: break;
		case QUESTION_DATE: a->of[i] = day_sent(cx, rq, i); break;
		case QUESTION_DATETIME: {
			int offset = zone_civil(zone, cx->now).offset_seconds / 60;

			day = day_sent(cx, rq, i);
			if (day.n)
				a->of[i] = arena_printf(cx->arena, "%.*sT%.*s:00%c%02d:%02d", STR_ARG(day),
				    STR_ARG(time_sent(cx, sent(cx, rq, "t", i))), offset < 0 ? '-' : '+',
				    (offset < 0 ? -offset : offset) / 60, (offset < 0 ? -offset : offset) % 60);
			break;
		}
		case QUESTION_TIME: a->of[i] = time_sent(cx, sent(cx, rq, "q", i)); break;
		case QUESTION_CHOICE:
		case QUESTION_OPEN_CHOICE:
			a->of[i] = question->repeats ? many_sent(cx, rq, question, i) : sent(cx, rq, "q", i);
			if (question->kind == QUESTION_OPEN_CHOICE)
				a->other[i] = sent(cx, rq, "o", i);
			break;
		case QUESTION_BOOLEAN:
		case QUESTION_DECIMAL:
		case QUESTION_INTEGER:
		case QUESTION_STRING:
		case QUESTION_TEXT:
		case QUESTION_URL:
		case QUESTION_QUANTITY:
		case QUESTION_NAMED: a->of[i] = sent(cx, rq, "q", i); break;
		}
	}
}

/* ---- keeping ---- */

static fallible
patient_reference(struct cx *cx, str *out)
{
	struct db_rows rows;

	TRY(resource_find(cx,
	    &(struct resource_search){.patient = cx->who.patient, .type = RESOURCE_PATIENT, .count = 1}, &rows, NULL));
	*out = rows.count ? ((const struct resource *)rows.items)->id : uuid_text(cx->arena, cx->who.patient.v);
	return NULL;
}

/* A danger: any answer but the first to the item that asks for it. */
static bool
is_danger(const struct questionnaire *q, const struct answers *a, const struct questionnaire_builtin **out)
{
	*out = questionnaire_builtin_find(q->id);
	for (size_t i = 0; *out && (*out)->danger && i < q->count; i++)
		if (str_equal(q->items[i].link, str_from_z((*out)->danger)) && a->of[i].n &&
		    !str_equal(a->of[i], S("0")))
			return true;
	return false;
}

/* Tells the first team of the patient that takes messages, as urgent. `told` false when none could be told. */
static fallible
tell_team(struct cx *cx, const struct page_cx *px, const struct questionnaire *q,
    const struct questionnaire_builtin *builtin, struct uuid key, str words, bool *told, thread_id *thread)
{
	const struct err *error;
	struct db_rows rows;
	struct sent sent_as;

	*told = false;
	TRY(teams_of_patient(cx, cx->who.patient, true, &rows));
	if (!rows.count)
		return NULL;
	error = thread_send_new(cx,
	    &(struct thread_new){.key = vault_blind(cx->vault, "questionnaire.danger", uuid_text(cx->arena, key)),
		.patient = cx->who.patient,
		.team = ((const struct team *)rows.items)[0].id,
		.category = CATEGORY_GENERAL,
		.subject = T("Urgent: answers to a questionnaire"),
		.body = arena_printf(cx->arena, "%.*s\n\n%.*s", STR_ARG(q->title), STR_ARG(words)),
		.urgent = str_from_z(builtin->danger_words)},
	    &sent_as);
	if (error && (error->code == ERR_BROKEN || error->code == ERR_BUSY))
		return error;
	*told = !error;
	if (!error)
		*thread = sent_as.thread;
	return NULL;
}

static fallible
finish(struct cx *cx, const struct page_cx *px, const struct questionnaire *q, const struct answers *a, struct uuid key,
    struct questionnaire_taken *out)
{
	struct answers_kept kept = {.at = cx->now, .finished = true, .words = answers_words(px, q, a)};
	const struct questionnaire_builtin *builtin;

	TRY(patient_reference(cx, &kept.patient));
	kept.has_score = questionnaire_score(q, a, &kept.score);
	if (kept.has_score)
		kept.meaning = questionnaire_meaning(cx->lang, q->id, kept.score);
	*out = (struct questionnaire_taken){.finished = true,
	    .key = key,
	    .title = q->title,
	    .words = kept.words,
	    .has_score = kept.has_score,
	    .score = kept.score,
	    .meaning = kept.meaning};
	out->is_danger = is_danger(q, a, &builtin);
	if (out->is_danger) /* before anything else: somebody must know */
		TRY(tell_team(cx, px, q, builtin, key, kept.words, &out->is_told, &out->thread));
	TRY(journal_keep_answers(cx, cx->who.patient, key, answers_to_fhir(cx->arena, q, a, &kept), false));
	return journal_drop_half(cx, cx->who.patient, questionnaire_half_key(cx, q));
}

fallible
questionnaire_show_taken(
    struct cx *cx, struct request *rq, const struct questionnaire_use *use, const struct questionnaire_taken *taken)
{
	struct questionnaire_done_page view = {.title = taken->title,
	    .words = taken->words,
	    .meaning = taken->meaning,
	    .is_danger = taken->is_danger,
	    .is_told = taken->is_told};
	struct page_cx page, *px = &page;
	struct buf html = BUF_INIT(cx->arena);

	TRY(page_cx_for(cx, rq, taken->title, use ? use->section : "/journal", px));
	if (taken->has_score)
		view.score = px_number(px, taken->score);
	if (taken->is_told)
		view.thread_path =
		    arena_printf(cx->arena, "/messages/%.*s", STR_ARG(uuid_text(cx->arena, taken->thread.v)));
	if (use) {
		view.sharing = use->readers_now;
		view.back = use->back;
		view.back_name = use->back_name;
	} else
		TRY(questionnaire_sharing_words(cx, px, &view.sharing));
	TRY(facility_get(cx, cx->who.facility, &view.facility));
	page_questionnaire_done(&html, px, &view);
	return respond_page(rq, 200, buf_str(&html));
}

static fallible
save_half(struct cx *cx, struct request *rq, const struct questionnaire_use *use, const struct questionnaire *q,
    const struct answers *a)
{
	struct answers_kept kept = {.at = cx->now};

	TRY(patient_reference(cx, &kept.patient));
	TRY(journal_keep_answers(
	    cx, cx->who.patient, questionnaire_half_key(cx, q), answers_to_fhir(cx->arena, q, a, &kept), true));
	return respond_see_other(
	    rq, use ? arena_printf(cx->arena, "%.*s?done=half", STR_ARG(use->back)) : S("/questionnaires?done=half"));
}

/* What is wrong with what was sent, into `view`; what is not asked (any more) is not kept. */
static void
look_over(struct cx *cx, struct request *rq, const struct page_cx *px, const struct questionnaire *q, struct answers *a,
    bool finished, struct questionnaire_page *view)
{
	bool asked[QUESTIONS_MAX];

	answers_read(cx, rq, px, q, a);
	questionnaire_asked(q, a, asked);
	for (size_t i = 0; i < q->count; i++) {
		bool was_shown = sent(cx, rq, "s", i).n > 0;
		str trouble = STR_NONE;

		if (!asked[i]) {
			a->of[i] = a->other[i] = STR_NONE;
			continue;
		}
		view->is_more = view->is_more || !was_shown;
		trouble = question_trouble(px, &q->items[i], a, i, finished && was_shown);
		if (trouble.n)
			form_error_add(cx->arena, &view->errors, name_of(cx->arena, "q", i), trouble);
	}
}

fallible
questionnaire_take(
    struct cx *cx, struct request *rq, const struct questionnaire_use *use, struct questionnaire_taken *out)
{
	bool finished = str_equal(request_form(rq, "do"), S("finish")),
	     half = str_equal(request_form(rq, "do"), S("half"));
	struct questionnaire_page view = {.key = request_form(rq, "key")};
	struct questionnaire q;
	struct page_cx px;
	struct answers a;
	struct uuid key;

	*out = (struct questionnaire_taken){0};
	TRY(open_page(cx, rq, use, &px, &q, &view));
	if (!uuid_parse(view.key, &key))
		key = uuid_new(cx->now);
	view.key = uuid_text(cx->arena, key);
	look_over(cx, rq, &px, &q, &a, finished, &view);
	if (!view.errors.count && half)
		return save_half(cx, rq, use, &q, &a);
	if (!view.errors.count && finished && !view.is_more)
		return finish(cx, &px, &q, &a, key, out);
	return show_form(cx, rq, view.errors.count ? 400 : 200, &px, &q, &a, &view);
}

static fallible
post_questionnaire(struct cx *cx, struct request *rq)
{
	struct questionnaire_taken taken;

	TRY(questionnaire_take(cx, rq, NULL, &taken));
	return taken.finished ? questionnaire_show_taken(cx, rq, NULL, &taken) : NULL;
}

const struct route questionnaires_routes[] = {
    {GET, "/questionnaires", get_questionnaires, .who = WHO_PATIENT},
    {GET, "/questionnaires/{questionnaire}", get_questionnaire, .who = WHO_PATIENT},
    {POST, "/questionnaires/{questionnaire}", post_questionnaire, .who = WHO_PATIENT, .body_bytes_max = 256 * 1024,
	.writes = true},
    {0},
};
