/* SPDX-License-Identifier: Apache-2.0 */
/* Which questionnaires there are: the program's and those that the clinic took into the commons; the patient's list of them, with what is
 * half-way filled in. */
#include "care/questionnaires/questionnaires_pages_internal.h"

#include "care/journal/journal.h"
#include "care/questionnaires/questionnaires.h"
#include "platform/crypto/crypto.h"
#include "trust/consent/journal_share.h"
#include "trust/portal/portal.h"

#define LIST_MAX       50
#define ANSWERS_NUMBER 26

/* ---- which ---- */

/* One of the program's, or one that the clinic took into the commons. The text lives in the arena. */
fallible
questionnaire_find(struct cx *cx, str id, struct questionnaire *out)
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
struct uuid
questionnaire_half_key(struct cx *cx, const struct questionnaire *q)
{
	return vault_blind(cx->vault, "questionnaire.half",
	    arena_printf(cx->arena, "%.*s/%.*s", STR_ARG(uuid_text(cx->arena, cx->who.patient.v)), STR_ARG(q->id)));
}

fallible
questionnaire_half_load(struct cx *cx, const struct questionnaire *q, struct answers *out, bool *found)
{
	const struct json_value *json;
	struct resource resource;
	const struct err *error = resource_get(
	    cx, RESOURCE_QUESTIONNAIRE_RESPONSE, uuid_text(cx->arena, questionnaire_half_key(cx, q)), &resource);

	*found = !error;
	*out = (struct answers){0};
	if (error)
		return error->code == ERR_GONE ? NULL : error;
	TRY(json_parse(cx->arena, resource.body, &json, NULL));
	answers_from_fhir(cx->arena, q, json, out);
	return NULL;
}

fallible
questionnaire_sharing_words(struct cx *cx, const struct page_cx *px, str *out)
{
	struct db_rows rows;

	if (cx->who.is & WHO_DELEGATE) {
		*out = T("The answers stand in the health log of the person you act for, with your name.");
		return NULL;
	}
	TRY(journal_share_readers(cx, cx->who.patient, ANSWERS_NUMBER, &rows));
	*out = rows.count ? T("Your answers are shared with those whom you chose for this log.")
	                  : T("Your answers are private: only you see them.");
	return NULL;
}

/* ---- the list ---- */

static fallible
add_choice(struct cx *cx, str id, struct questionnaire_choice *choices, size_t *count)
{
	struct questionnaire q;
	const struct err *error = questionnaire_find(cx, id, &q);

	if (error) /* one that cannot be shown is not offered */
		return error->code == ERR_INVALID ? NULL : error;
	choices[(*count)++] = (struct questionnaire_choice){.id = q.id, .title = q.title, .description = q.description};
	return NULL;
}

fallible
questionnaire_choices(struct cx *cx, const struct questionnaire_choice **out, size_t *count)
{
	struct questionnaire_choice *choices = ARENA_ARRAY(cx->arena, struct questionnaire_choice, LIST_MAX);
	const struct questionnaire_builtin *builtin;
	struct db_rows rows;

	*count = 0;
	for (size_t i = 0; (builtin = questionnaire_builtin_at(i)); i++)
		TRY(add_choice(cx, str_from_z(builtin->id), choices, count));
	TRY(resource_find(cx,
	    &(struct resource_search){.patient = RECORD_COMMONS, .type = RESOURCE_QUESTIONNAIRE, .count = LIST_MAX / 2},
	    &rows, NULL));
	for (size_t i = 0; i < rows.count; i++)
		TRY(add_choice(cx, ((const struct resource *)rows.items)[i].id, choices, count));
	*out = choices;
	return NULL;
}

fallible
questionnaire_called(struct cx *cx, str id, str *title)
{
	struct questionnaire q;

	TRY(questionnaire_find(cx, id, &q));
	*title = q.title;
	return NULL;
}

fallible
questionnaire_is_half(struct cx *cx, str id, bool *out)
{
	struct questionnaire q;
	struct answers half;

	TRY(questionnaire_find(cx, id, &q));
	return questionnaire_half_load(cx, &q, &half, out);
}

fallible
get_questionnaires(struct cx *cx, struct request *rq)
{
	const struct questionnaire_choice *choices;
	struct questionnaire_line *lines;
	struct questionnaires_page view = {0};
	struct page_cx page, *px = &page;
	struct buf html = BUF_INIT(cx->arena);
	str by;

	TRY(journal_answers_may(cx, cx->who.patient, &by));
	view.is_own = !by.n;
	TRY(page_cx_for(cx, rq, tr(cx->lang, TR("Questionnaires")), "/journal", px));
	TRY(questionnaire_choices(cx, &choices, &view.count));
	lines = ARENA_ARRAY(cx->arena, struct questionnaire_line, view.count + 1);
	for (size_t i = 0; i < view.count; i++) {
		lines[i] = (struct questionnaire_line){.title = choices[i].title,
		    .description = choices[i].description,
		    .path = arena_printf(cx->arena, "/questionnaires/%.*s", STR_ARG(choices[i].id))};
		TRY(questionnaire_is_half(cx, choices[i].id, &lines[i].is_half));
	}
	view.lines = lines;
	TRY(questionnaire_sharing_words(cx, px, &view.sharing));
	if (str_equal(request_query(rq, "done"), S("half")))
		px->flash = T("Saved. You can go on at any time.");
	px->flash_kind = NOTICE_GOOD;
	page_questionnaires(&html, px, &view);
	return respond_page(rq, 200, buf_str(&html));
}
