/* SPDX-License-Identifier: Apache-2.0 */
/* Bodies in, answers out: what every address of the API does the same way. */
#include "exchange/api/api_internal.h"
#include "platform/format/fhir_date.h"

#define JSON_TYPE    "application/json"
#define PROBLEM_TYPE "application/problem+json"

/* ---- what is asked ---- */

fallible
api_body(struct cx *cx, struct request *rq, const struct json_value **out)
{
	str type;

	str_cut(request_header(rq, "Content-Type"), ';', &type);
	if (!str_equal_fold(str_trim(type), S(JSON_TYPE)))
		return ERR(ERR_INVALID, "Send the body as application/json.", "another content type");
	TRY(json_parse(cx->arena, request_body(rq), out, NULL));
	if (json_kind(*out) != JSON_OBJECT)
		return ERR(ERR_INVALID, "Send a JSON object.", "a body that is no object");
	return NULL;
}

fallible
api_address_id(struct request *rq, const char *name, struct uuid *out)
{
	if (request_param_uuid(rq, name, out))
		return NULL;
	return ERR(ERR_GONE, "We could not find that. It may have been removed, or it is not shared with you.",
	    "an address without an id");
}

static bool
is_absent(const struct json_value *value)
{
	return json_kind(value) == JSON_ABSENT || json_kind(value) == JSON_NULL;
}

fallible
api_maybe_id(struct cx *cx, const struct json_value *body, const char *name, struct uuid *out)
{
	const struct json_value *value = json_get(body, name);

	*out = (struct uuid){{0}};
	if (is_absent(value) || uuid_parse(json_text(value), out))
		return NULL;
	return err_said(cx->arena, ERR_INVALID, "\"%s\" must be an id.", name);
}

fallible
api_id(struct cx *cx, const struct json_value *body, const char *name, struct uuid *out)
{
	if (is_absent(json_get(body, name)))
		return err_said(cx->arena, ERR_INVALID, "\"%s\" is missing: an id.", name);
	return api_maybe_id(cx, body, name, out);
}

fallible
api_ids(struct cx *cx, const struct json_value *body, const char *name, size_t max, struct uuid **out, size_t *count)
{
	const struct json_value *list = json_get(body, name);

	*count = 0;
	if (json_kind(list) != JSON_ARRAY || json_count(list) > max)
		return err_said(cx->arena, ERR_INVALID, "\"%s\" must be a list of at most %zu ids.", name, max);
	*out = ARENA_ARRAY(cx->arena, struct uuid, json_count(list) + 1);
	json_each_item (list, item)
		if (!uuid_parse(json_text(item), &(*out)[(*count)++]))
			return err_said(cx->arena, ERR_INVALID, "\"%s\" holds something that is no id.", name);
	return NULL;
}

fallible
api_number(struct cx *cx, const struct json_value *body, const char *name, int64_t absent, int64_t *out)
{
	*out = absent;
	if (is_absent(json_get(body, name)) || json_to_int64(json_get(body, name), out))
		return NULL;
	return err_said(cx->arena, ERR_INVALID, "\"%s\" must be a whole number.", name);
}

fallible
api_text(struct cx *cx, const struct json_value *body, const char *name, str *out)
{
	if (is_absent(json_get(body, name)))
		return NULL;
	if (json_kind(json_get(body, name)) != JSON_STRING)
		return err_said(cx->arena, ERR_INVALID, "\"%s\" must be a text.", name);
	*out = str_trim(json_text(json_get(body, name)));
	return NULL;
}

fallible
api_flag(struct cx *cx, const struct json_value *body, const char *name, bool *out)
{
	if (is_absent(json_get(body, name)))
		return NULL;
	if (json_kind(json_get(body, name)) != JSON_BOOL)
		return err_said(cx->arena, ERR_INVALID, "\"%s\" must be true or false.", name);
	*out = json_bool(json_get(body, name));
	return NULL;
}

fallible
api_instant(struct cx *cx, const struct json_value *body, const char *name, instant *out)
{
	struct fhir_date date;

	*out = INSTANT_NONE;
	if (is_absent(json_get(body, name)))
		return NULL;
	if (!fhir_date_parse(FHIR_INSTANT, json_text(json_get(body, name)), &date))
		return err_said(cx->arena, ERR_INVALID, "\"%s\" must be a time such as 2026-11-25T15:00:00Z.", name);
	*out = date.low;
	return NULL;
}

fallible
api_category(struct cx *cx, const struct json_value *body, enum message_category *out)
{
	*out = CATEGORY_GENERAL;
	if (is_absent(json_get(body, "category")) || message_category_parse(json_text(json_get(body, "category")), out))
		return NULL;
	return err_said(cx->arena, ERR_INVALID, "\"category\" must be %s, %s, %s or %s.",
	    message_category_code(CATEGORY_GENERAL), message_category_code(CATEGORY_APPOINTMENT),
	    message_category_code(CATEGORY_TEST_RESULT), message_category_code(CATEGORY_MEDICATION));
}

fallible
api_sign(struct cx *cx, const struct json_value *body, team_id id, str *text)
{
	const struct json_value *signature = json_get(body, "signature");
	struct team team;

	if (is_absent(signature))
		return NULL;
	TRY(team_get(cx, id, &team));
	return body_sign(cx, team.facility, json_text(json_get(signature, "name")),
	    json_bool(json_get(signature, "certified")), *text, text);
}

fallible
api_word(struct cx *cx, str word, const char *name, const char *const *words, int *out)
{
	struct buf all = BUF_INIT(cx->arena);

	*out = 0;
	if (!word.n)
		return NULL;
	for (int i = 0; words[i]; i++) {
		if (str_equal(word, str_from_z(words[i]))) {
			*out = i;
			return NULL;
		}
		buf_printf(&all, "%s%s", i ? ", " : "", words[i]);
	}
	return err_said(cx->arena, ERR_INVALID, "\"%s\" must be one of: %s.", name, arena_z(cx->arena, buf_str(&all)));
}

struct api_page
api_page_of(struct request *rq)
{
	struct api_page page = {API_COUNT_DEFAULT, 0};

	str_to_int64(request_query(rq, "count"), &page.count);
	str_to_int64(request_query(rq, "offset"), &page.offset);
	page.count = page.count < 1 ? 1 : page.count > API_COUNT_MAX ? API_COUNT_MAX : page.count;
	page.offset = page.offset < 0 ? 0 : page.offset;
	return page;
}

/* ---- what is answered ---- */

void
api_begin(struct cx *cx, struct api_answer *answer)
{
	answer->cx = cx;
	answer->text = (struct buf)BUF_INIT(cx->arena);
	answer->w = (struct json_writer)JSON_WRITER(&answer->text);
	json_write_object(&answer->w);
}

fallible
api_end(struct request *rq, int status, struct api_answer *answer)
{
	json_write_end(&answer->w);
	json_write_done(&answer->w);
	return respond(rq, status, JSON_TYPE, buf_str(&answer->text));
}

fallible
api_done(struct request *rq)
{
	return respond(rq, 204, JSON_TYPE, STR_NONE);
}

fallible
api_show_error(struct cx *cx, struct request *rq, int status, const struct err *error)
{
	struct buf text = BUF_INIT(cx->arena);
	struct json_writer w = JSON_WRITER(&text);

	json_write_object(&w);
	json_put_int64(&w, "status", status);
	json_put_text(&w, "title", str_from_z(error->say ? error->say : "Something went wrong on our side."));
	json_write_end(&w);
	json_write_done(&w);
	return respond(rq, status, PROBLEM_TYPE, buf_str(&text));
}

fallible
api_note_read(struct cx *cx, patient_id patient, enum audit_subject subject, size_t count)
{
	enum access_why why;

	TRY(access_check(cx, patient, RIGHT_RECORD_READ, &why));
	audit_add_read(cx, &(struct audit){.action = AUDIT_VIEW,
			       .subject = subject,
			       .patient = patient,
			       .count = (int64_t)count,
			       .why = (int)why});
	return NULL;
}

void
put_id(struct api_answer *a, const char *name, struct uuid id)
{
	if (!uuid_is_none(id))
		json_put_text(&a->w, name, uuid_text(a->cx->arena, id));
}

void
put_instant(struct api_answer *a, const char *name, instant at)
{
	if (!instant_is_none(at))
		json_put_text(&a->w, name, fhir_instant_text(a->cx->arena, at));
}

void
put_some(struct api_answer *a, const char *name, str text)
{
	if (text.n)
		json_put_text(&a->w, name, text);
}
