/* SPDX-License-Identifier: Apache-2.0 */
/* Filling in a questionnaire: the form, what came out.  Works without scripts: what depends on answers is asked on the next
 * page load, with everything typed still there. */
#include "care/questionnaires/questionnaires_pages_internal.h"

#include "care/journal/journal.h"
#include "care/messaging/messaging.h"
#include "care/questionnaires/questionnaires.h"
#include "platform/crypto/crypto.h"
#include "platform/format/fhir_date.h"
#include "trust/portal/portal.h"

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
    struct questionnaire *q, str *by, struct questionnaire_page *view)
{
	TRY(journal_answers_may(cx, cx->who.patient, by));
	TRY(questionnaire_find(cx, request_param(rq, "questionnaire"), q));
	view->is_own = view->may_wait = !by->n;
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
	str by;

	TRY(open_page(cx, rq, use, &px, &q, &by, &view));
	TRY(questionnaire_half_load(cx, &q, &a, &found));
	return show_form(cx, rq, 200, &px, &q, &a, &view);
}

static fallible
get_questionnaire(struct cx *cx, struct request *rq)
{
	return questionnaire_show(cx, rq, NULL);
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

/* One form being answered. */
struct answering {
	struct uuid key; /* of the entry */
	str by;          /* who fills in for the patient; absent: the patient */
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
finish(struct cx *cx, const struct page_cx *px, const struct questionnaire *q, const struct answers *a,
    const struct answering *in, struct questionnaire_taken *out)
{
	struct answers_kept kept = {.at = cx->now, .finished = true, .words = answers_words(px, q, a), .by = in->by};
	const struct questionnaire_builtin *builtin;

	TRY(patient_reference(cx, &kept.patient));
	kept.has_score = questionnaire_score(q, a, &kept.score);
	if (kept.has_score)
		kept.meaning = questionnaire_meaning(cx->lang, q->id, kept.score);
	*out = (struct questionnaire_taken){.finished = true,
	    .is_own = !in->by.n,
	    .key = in->key,
	    .title = q->title,
	    .words = kept.words,
	    .has_score = kept.has_score,
	    .score = kept.score,
	    .meaning = kept.meaning};
	out->is_danger = is_danger(q, a, &builtin);
	if (out->is_danger) /* before anything else: somebody must know */
		TRY(tell_team(
		    cx, px, q, builtin, &(struct telling){in->key, kept.words, in->by}, &out->is_told, &out->thread));
	TRY(journal_keep_answers(cx, cx->who.patient, in->key, answers_to_fhir(cx->arena, q, a, &kept), false));
	return in->by.n ? NULL : journal_drop_half(cx, cx->who.patient, questionnaire_half_key(cx, q));
}

fallible
questionnaire_show_taken(
    struct cx *cx, struct request *rq, const struct questionnaire_use *use, const struct questionnaire_taken *taken)
{
	struct questionnaire_done_page view = {.title = taken->title,
	    .words = taken->words,
	    .meaning = taken->meaning,
	    .is_own = taken->is_own,
	    .is_danger = taken->is_danger,
	    .is_told = taken->is_told};
	struct page_cx page, *px = &page;
	struct buf html = BUF_INIT(cx->arena);
	unsigned rights;

	TRY(page_cx_for(cx, rq, taken->title, use ? use->section : "/journal", px));
	if (taken->has_score)
		view.score = px_number(px, taken->score);
	TRY(access_rights_acting(cx, &rights));
	if (taken->is_told && (taken->is_own || (rights & RIGHT_MESSAGES_READ)))
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
		bool was_shown = question_sent(cx, rq, "s", i).n > 0;
		str trouble = STR_NONE;

		if (!asked[i]) {
			a->of[i] = a->other[i] = STR_NONE;
			continue;
		}
		view->is_more = view->is_more || !was_shown;
		trouble = question_trouble(px, &q->items[i], a, i, finished && was_shown);
		if (trouble.n)
			form_error_add(cx->arena, &view->errors, question_name(cx->arena, "q", i), trouble);
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
	struct answering in;

	*out = (struct questionnaire_taken){0};
	TRY(open_page(cx, rq, use, &px, &q, &in.by, &view));
	if (!uuid_parse(view.key, &in.key))
		in.key = uuid_new(cx->now);
	view.key = uuid_text(cx->arena, in.key);
	look_over(cx, rq, &px, &q, &a, finished, &view);
	if (!view.errors.count && half && !in.by.n)
		return save_half(cx, rq, use, &q, &a);
	if (!view.errors.count && finished && !view.is_more)
		return finish(cx, &px, &q, &a, &in, out);
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
    {GET, "/questionnaires", get_questionnaires, .who = WHO_PATIENT | WHO_DELEGATE},
    {GET, "/questionnaires/{questionnaire}", get_questionnaire, .who = WHO_PATIENT | WHO_DELEGATE},
    {POST, "/questionnaires/{questionnaire}", post_questionnaire, .who = WHO_PATIENT | WHO_DELEGATE,
	.body_bytes_max = 256 * 1024, .writes = true},
    {0},
};
