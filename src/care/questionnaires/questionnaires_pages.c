/* SPDX-License-Identifier: Apache-2.0 */
/* Filling in a questionnaire: the list, the form, what came out.  Works without scripts: what depends on answers is asked on the next
 * page load, with everything typed still there. */
#include "care/questionnaires/questionnaires_pages_internal.h"

#include "care/journal/journal.h"
#include "care/messaging/messaging.h"
#include "care/questionnaires/questionnaires.h"
#include "platform/crypto/crypto.h"
#include "platform/format/fhir_date.h"
#include "trust/consent/journal_share.h"
#include "trust/portal/portal.h"

#define LIST_MAX       50
#define ANSWERS_NUMBER 26

/* ---- which ---- */

/* One of the program's, or one that the clinic took into the commons. The text lives in the arena. */
static fallible
find_questionnaire(struct cx *cx, str id, struct questionnaire *out)
{
	const struct questionnaire_builtin *builtin = questionnaire_builtin_find(id);
	const struct json_value *json;
	struct resource resource;

	if (builtin) {
		TRY(json_parse(cx->arena, (str){(const char *)builtin->bytes, *builtin->count}, &json, NULL));
		return questionnaire_read(cx->arena, cx->lang, json, out);
	}
	TRY(resource_get(cx, RESOURCE_QUESTIONNAIRE, id, &resource));
	if (!uuid_equal(resource.patient.v, RECORD_COMMONS.v))
		return ERR(ERR_GONE, "We could not find that. It may have been removed, or it is not shared with you.",
		    "a questionnaire of a patient");
	TRY(json_parse(cx->arena, resource.body, &json, NULL));
	return questionnaire_read(cx->arena, cx->lang, json, out);
}

/* Half-way answers have one place per patient and questionnaire. */
static struct uuid
half_key(struct cx *cx, const struct questionnaire *q)
{
	return vault_blind(cx->vault, "questionnaire.half",
	    arena_printf(cx->arena, "%.*s/%.*s", STR_ARG(uuid_text(cx->arena, cx->who.patient.v)), STR_ARG(q->id)));
}

static fallible
half_load(struct cx *cx, const struct questionnaire *q, struct answers *out, bool *found)
{
	const struct json_value *json;
	struct resource resource;
	const struct err *error =
	    resource_get(cx, RESOURCE_QUESTIONNAIRE_RESPONSE, uuid_text(cx->arena, half_key(cx, q)), &resource);

	*found = !error;
	*out = (struct answers){0};
	if (error)
		return error->code == ERR_GONE ? NULL : error;
	TRY(json_parse(cx->arena, resource.body, &json, NULL));
	answers_from_fhir(cx->arena, q, json, out);
	return NULL;
}

static fallible
sharing_words(struct cx *cx, const struct page_cx *px, str *out)
{
	struct db_rows rows;

	TRY(journal_share_readers(cx, cx->who.patient, ANSWERS_NUMBER, &rows));
	if (cx->who.is & WHO_DELEGATE)
		*out = T("The answers stand in the health log of the person you act for, with your name.");
	else
		*out = rows.count ? T("Your answers are shared with those whom you chose for this log.")
		                  : T("Your answers are private: only you see them.");
	return NULL;
}

/* ---- the list ---- */

static fallible
add_line(struct cx *cx, const struct questionnaire *q, struct questionnaire_line *out)
{
	struct answers half;

	*out = (struct questionnaire_line){.title = q->title,
	    .description = q->description,
	    .path = arena_printf(cx->arena, "/questionnaires/%.*s", STR_ARG(q->id))};
	return half_load(cx, q, &half, &out->is_half);
}

static fallible
get_questionnaires(struct cx *cx, struct request *rq)
{
	struct questionnaire_line *lines = ARENA_ARRAY(cx->arena, struct questionnaire_line, LIST_MAX);
	struct questionnaires_page view = {.lines = lines};
	const struct questionnaire_builtin *builtin;
	struct page_cx page, *px = &page;
	struct questionnaire q;
	struct db_rows rows;
	struct buf html = BUF_INIT(cx->arena);
	str by;

	TRY(journal_answers_may(cx, cx->who.patient, &by));
	view.is_own = !by.n;
	TRY(page_cx_for(cx, rq, tr(cx->lang, TR("Questionnaires")), "/journal", px));
	for (size_t i = 0; (builtin = questionnaire_builtin_at(i)); i++) {
		TRY(find_questionnaire(cx, str_from_z(builtin->id), &q));
		TRY(add_line(cx, &q, &lines[view.count++]));
	}
	TRY(resource_find(cx,
	    &(struct resource_search){.patient = RECORD_COMMONS, .type = RESOURCE_QUESTIONNAIRE, .count = LIST_MAX / 2},
	    &rows, NULL));
	for (size_t i = 0; i < rows.count; i++) {
		const struct err *error = find_questionnaire(cx, ((const struct resource *)rows.items)[i].id, &q);

		if (!error)
			TRY(add_line(cx, &q, &lines[view.count++]));
		else if (error->code != ERR_INVALID) /* one that cannot be shown is not offered */
			return error;
	}
	TRY(sharing_words(cx, px, &view.sharing));
	if (str_equal(request_query(rq, "done"), S("half")))
		px->flash = T("Saved. You can go on at any time.");
	px->flash_kind = NOTICE_GOOD;
	page_questionnaires(&html, px, &view);
	return respond_page(rq, 200, buf_str(&html));
}

/* ---- the form ---- */

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
			question_input_of(px, &q->items[i], a, i, &view->errors, &inputs[view->count++]);
	px->title = view->errors.count ? TF1("Error: %1", q->title) : q->title;
	view->title = q->title;
	view->copyright = q->copyright;
	view->action = arena_printf(cx->arena, "/questionnaires/%.*s", STR_ARG(q->id));
	view->inputs = inputs;
	view->has_conditions = q->has_conditions;
	TRY(sharing_words(cx, px, &view->sharing));
	page_questionnaire(&html, px, view);
	return respond_page(rq, status, buf_str(&html));
}

static fallible
open_page(struct cx *cx, struct request *rq, struct page_cx *px, struct questionnaire *q, str *by)
{
	TRY(journal_answers_may(cx, cx->who.patient, by));
	TRY(find_questionnaire(cx, request_param(rq, "questionnaire"), q));
	return page_cx_for(cx, rq, q->title, "/journal", px);
}

static fallible
get_questionnaire(struct cx *cx, struct request *rq)
{
	struct questionnaire_page view = {.key = uuid_text(cx->arena, uuid_new(cx->now))};
	struct questionnaire q;
	struct answers a;
	struct page_cx px;
	bool found;
	str by;

	TRY(open_page(cx, rq, &px, &q, &by));
	view.is_own = view.may_wait = !by.n;
	TRY(half_load(cx, &q, &a, &found));
	return show_form(cx, rq, 200, &px, &q, &a, &view);
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

struct telling {
	struct uuid key; /* of the answers */
	str words, by;
};

/* The same answers told again are one message; changed ones are told anew. */
static struct uuid
telling_key(struct cx *cx, const struct telling *t)
{
	return vault_blind(cx->vault, "questionnaire.danger",
	    arena_printf(cx->arena, "%.*s\n%.*s", STR_ARG(uuid_text(cx->arena, t->key)), STR_ARG(t->words)));
}

/* The patient, whom it is about, when whoever fills in for them may not write messages: somebody must know all the same. */
static fallible
speaker(struct cx *cx, const struct telling *t, struct cx *as)
{
	struct account account;
	unsigned rights;
	bool found;

	*as = *cx;
	if (!t->by.n)
		return NULL;
	TRY(access_rights_acting(cx, &rights));
	if (rights & RIGHT_MESSAGES_WRITE)
		return NULL;
	TRY(account_of_patient(cx, cx->who.patient, &account, &found));
	if (found)
		as->who = (struct who){
		    .is = WHO_PATIENT, .account = account.id, .patient = cx->who.patient, .facility = account.facility};
	return NULL;
}

/* Tells the first team of the patient that takes messages, as urgent. `told` false when none could be told. */
static fallible
tell_team(struct cx *cx, const struct page_cx *px, const struct questionnaire *q,
    const struct questionnaire_builtin *builtin, const struct telling *t, bool *told, thread_id *thread)
{
	str who = t->by.n ? TF1("Filled in by %1.", t->by) : S("");
	const struct err *error;
	struct db_rows rows;
	struct sent sent_as;
	struct cx as;

	*told = false;
	TRY(speaker(cx, t, &as));
	error = teams_of_patient(&as, cx->who.patient, true, &rows);
	if (!error && rows.count)
		error = thread_send_new(&as,
		    &(struct thread_new){.key = telling_key(cx, t),
			.patient = cx->who.patient,
			.team = ((const struct team *)rows.items)[0].id,
			.category = CATEGORY_GENERAL,
			.subject = T("Urgent: answers to a questionnaire"),
			.body = arena_printf(
			    cx->arena, "%.*s\n%.*s\n%.*s", STR_ARG(q->title), STR_ARG(who), STR_ARG(t->words)),
			.urgent = str_from_z(builtin->danger_words)},
		    &sent_as);
	cx->conn = as.conn;
	if (error && (error->code == ERR_BROKEN || error->code == ERR_BUSY))
		return error;
	*told = !error && rows.count;
	if (*told)
		*thread = sent_as.thread;
	return NULL;
}

static fallible
finish(struct cx *cx, struct request *rq, struct page_cx *px, const struct questionnaire *q, const struct answers *a,
    struct uuid key, str by)
{
	struct answers_kept kept = {.at = cx->now, .finished = true, .words = answers_words(px, q, a), .by = by};
	struct questionnaire_done_page view = {.title = q->title, .words = kept.words, .is_own = !by.n};
	const struct questionnaire_builtin *builtin;
	struct buf html = BUF_INIT(cx->arena);
	thread_id thread;
	unsigned rights;

	TRY(patient_reference(cx, &kept.patient));
	kept.has_score = questionnaire_score(q, a, &kept.score);
	if (kept.has_score) {
		view.score = px_number(px, kept.score);
		view.meaning = kept.meaning = questionnaire_meaning(cx->lang, q->id, kept.score);
	}
	view.is_danger = is_danger(q, a, &builtin);
	if (view.is_danger) /* before anything else: somebody must know */
		TRY(tell_team(cx, px, q, builtin, &(struct telling){key, kept.words, by}, &view.is_told, &thread));
	TRY(journal_keep_answers(cx, cx->who.patient, key, answers_to_fhir(cx->arena, q, a, &kept), false));
	if (!by.n)
		TRY(journal_drop_half(cx, cx->who.patient, half_key(cx, q)));
	TRY(access_rights_acting(cx, &rights));
	if (view.is_told && (!by.n || (rights & RIGHT_MESSAGES_READ)))
		view.thread_path = arena_printf(cx->arena, "/messages/%.*s", STR_ARG(uuid_text(cx->arena, thread.v)));
	view.entry_path =
	    arena_printf(cx->arena, "/journal/" JOURNAL_ANSWERS "/entries/%.*s", STR_ARG(uuid_text(cx->arena, key)));
	TRY(sharing_words(cx, px, &view.sharing));
	TRY(facility_get(cx, cx->who.facility, &view.facility));
	page_questionnaire_done(&html, px, &view);
	return respond_page(rq, 200, buf_str(&html));
}

static fallible
save_half(struct cx *cx, struct request *rq, const struct questionnaire *q, const struct answers *a)
{
	struct answers_kept kept = {.at = cx->now};

	TRY(patient_reference(cx, &kept.patient));
	TRY(journal_keep_answers(cx, cx->who.patient, half_key(cx, q), answers_to_fhir(cx->arena, q, a, &kept), true));
	return respond_see_other(rq, S("/questionnaires?done=half"));
}

static fallible
post_questionnaire(struct cx *cx, struct request *rq)
{
	bool finished = str_equal(request_form(rq, "do"), S("finish")),
	     half = str_equal(request_form(rq, "do"), S("half"));
	struct questionnaire_page view = {.key = request_form(rq, "key")};
	bool asked[QUESTIONS_MAX];
	struct questionnaire q;
	struct page_cx px;
	struct answers a;
	struct uuid key;
	str by;

	TRY(open_page(cx, rq, &px, &q, &by));
	view.is_own = view.may_wait = !by.n;
	if (!uuid_parse(view.key, &key))
		key = uuid_new(cx->now);
	view.key = uuid_text(cx->arena, key);
	answers_read(cx, rq, &px, &q, &a);
	questionnaire_asked(&q, &a, asked);
	for (size_t i = 0; i < q.count; i++) {
		bool was_shown = question_sent(cx, rq, "s", i).n > 0;
		str trouble = STR_NONE;

		if (!asked[i]) { /* what is not asked any more is not kept */
			a.of[i] = a.other[i] = STR_NONE;
			continue;
		}
		view.is_more = view.is_more || !was_shown;
		trouble = question_trouble(&px, &q.items[i], &a, i, finished && was_shown);
		if (trouble.n)
			form_error_add(cx->arena, &view.errors, question_name(cx->arena, "q", i), trouble);
	}
	if (!view.errors.count && half && !by.n)
		return save_half(cx, rq, &q, &a);
	if (!view.errors.count && finished && !view.is_more)
		return finish(cx, rq, &px, &q, &a, key, by);
	return show_form(cx, rq, view.errors.count ? 400 : 200, &px, &q, &a, &view);
}

const struct route questionnaires_routes[] = {
    {GET, "/questionnaires", get_questionnaires, .who = WHO_PATIENT | WHO_DELEGATE},
    {GET, "/questionnaires/{questionnaire}", get_questionnaire, .who = WHO_PATIENT | WHO_DELEGATE},
    {POST, "/questionnaires/{questionnaire}", post_questionnaire, .who = WHO_PATIENT | WHO_DELEGATE,
	.body_bytes_max = 256 * 1024, .writes = true},
    {0},
};
