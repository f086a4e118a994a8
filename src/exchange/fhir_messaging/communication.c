/* SPDX-License-Identifier: Apache-2.0 */
/* Communication: reading, searching and writing threads and their messages. */
#include "exchange/fhir_messaging/fhir_messaging_internal.h"

/* ---- what every handler here needs ---- */

fallible
recorded_read(struct cx *cx, struct request *rq, resource_type type)
{
	struct resource resource;

	TRY(resource_get(cx, type, request_param(rq, "id"), &resource));
	audit_add_read(cx, &(struct audit){.action = AUDIT_VIEW,
			       .subject = AUDIT_OTHER,
			       .patient = resource.patient,
			       .item = resource.key,
			       .count = 1,
			       .why = (int)resource.why});
	return respond(rq, 200, FHIR_JSON, resource.body);
}

fallible
messaging_body(struct cx *cx, struct request *rq, const char *type, const struct json_value **out)
{
	str content;

	str_cut(request_header(rq, "Content-Type"), ';', &content);
	content = str_trim(content);
	if (!str_equal_fold(content, S("application/fhir+json")) && !str_equal_fold(content, S("application/json")))
		return ERR(ERR_INVALID, "Send the resource as application/fhir+json.", "another content type");
	TRY(json_parse(cx->arena, request_body(rq), out, NULL));
	if (!str_equal(json_text_at(*out, "resourceType"), str_from_z(type)))
		return err_said(cx->arena, ERR_INVALID, "Send a resource of the type %s.", type);
	return NULL;
}

bool
asks_only_for(struct request *rq, const char *const *names)
{
	struct http_pairs pairs = request_query_all(rq);

	for (size_t i = 0; i < pairs.count; i++) {
		bool known = false;

		for (size_t j = 0; names[j] && !known; j++)
			known = str_equal(pairs.items[i].name, str_from_z(names[j]));
		if (!known)
			return false;
	}
	return true;
}

struct messaging_page
page_asked_for(struct request *rq)
{
	struct messaging_page page = {MESSAGING_COUNT_DEFAULT, 0};
	int64_t n;

	if (str_to_int64(request_query(rq, "_count"), &n) && n > 0)
		page.count = n < MESSAGING_COUNT_MAX ? n : MESSAGING_COUNT_MAX;
	if (str_to_int64(request_query(rq, "_offset"), &n) && n > 0)
		page.offset = n;
	return page;
}

str
next_page(struct cx *cx, struct request *rq, struct messaging_page page, bool more)
{
	struct http_pairs pairs = request_query_all(rq);
	struct buf out = BUF_INIT(cx->arena);
	str path;

	if (!more)
		return STR_NONE;
	str_cut(request_path(rq), '?', &path);
	page.offset += page.count;
	buf_printf(&out, "%.*s?_offset=%lld", STR_ARG(path), (long long)page.offset);
	for (size_t i = 0; i < pairs.count; i++) {
		if (str_equal(pairs.items[i].name, S("_offset")))
			continue;
		buf_add_char(&out, '&');
		uri_encode(&out, pairs.items[i].name);
		buf_add_char(&out, '=');
		uri_encode(&out, pairs.items[i].value);
	}
	return buf_str(&out);
}

/* "Patient/ID" or "ID" as the patient; none: the caller, when they are one. */
static fallible
patient_named(struct cx *cx, str reference, patient_id *out)
{
	resource_type type = RESOURCE_PATIENT;
	str id = reference;

	if (!reference.n) {
		*out = cx->who.patient;
		return cx->who.is & (WHO_PATIENT | WHO_DELEGATE)
		           ? NULL
		           : ERR(ERR_INVALID, "Say whose: the patient is missing.", "no patient named");
	}
	if (str_contains(reference, S("/")) && (!reference_split(reference, &type, &id) || type != RESOURCE_PATIENT))
		return ERR(ERR_INVALID, "The subject must be a Patient.", "the subject is something else");
	*out = (patient_id){resource_key(cx->vault, id)};
	return NULL;
}

/* ---- reading ---- */

static fallible
respond_message(struct cx *cx, struct request *rq, int status, const struct conversation *c, int64_t n)
{
	struct buf out = BUF_INIT(cx->arena);
	str subject;

	TRY(patient_fhir_id(cx, c->thread.patient, &subject));
	if (n == 0) {
		struct message first;

		TRY(thread_first(cx, &c->thread, &first));
		write_header(&out, &c->thread, &first, &c->team, subject);
		return respond(rq, status, FHIR_JSON, buf_str(&out));
	}
	for (size_t i = 0; i < c->count; i++)
		if (c->messages[i].n == n) {
			write_message(&out, c, &c->messages[i], subject);
			return respond(rq, status, FHIR_JSON, buf_str(&out));
		}
	return NOT_THERE;
}

fallible
communication_read(struct cx *cx, struct request *rq)
{
	struct conversation c;
	const struct err *error;
	thread_id id;
	int64_t n;

	if (!communication_id_parse(request_param(rq, "id"), &id, &n))
		return recorded_read(cx, rq, RESOURCE_COMMUNICATION);
	error = thread_look(cx, id, &c);
	if (error && error->code == ERR_GONE)
		return recorded_read(cx, rq, RESOURCE_COMMUNICATION);
	TRY(error);
	return respond_message(cx, rq, 200, &c, n);
}

/* ---- searching ---- */

static fallible
search_thread(struct cx *cx, struct request *rq, str part_of)
{
	struct buf out = BUF_INIT(cx->arena);
	struct bundle_out bundle = {.out = &out};
	resource_type type = RESOURCE_COMMUNICATION;
	struct conversation c;
	const struct err *error;
	str id = part_of, subject;
	thread_id thread;
	int64_t n;

	if (str_contains(part_of, S("/")) && (!reference_split(part_of, &type, &id) || type != RESOURCE_COMMUNICATION))
		return ERR(ERR_INVALID, "part-of must be a Communication.", "part-of is something else");
	error = communication_id_parse(id, &thread, &n) && !n ? thread_look(cx, thread, &c) : NOT_THERE;
	if (error && error->code == ERR_GONE)
		return fhir_search(cx, rq);
	TRY(error);
	TRY(patient_fhir_id(cx, c.thread.patient, &subject));
	bundle_begin(&bundle, cx, rq, STR_NONE);
	for (size_t i = 0; i < c.count; i++) {
		struct buf one = BUF_INIT(cx->arena);

		write_message(&one, &c, &c.messages[i], subject);
		bundle_add(&bundle, "Communication",
		    arena_printf(cx->arena, "%.*s.%lld", STR_ARG(id), (long long)c.messages[i].n), buf_str(&one));
	}
	bundle_end(&bundle);
	return respond(rq, 200, FHIR_JSON, buf_str(&out));
}

/* What was recorded elsewhere stands on the last page, after the threads of this portal. */
static fallible
add_recorded(struct cx *cx, struct bundle_out *bundle, patient_id patient)
{
	struct resource_search search = {
	    .patient = patient, .type = RESOURCE_COMMUNICATION, .count = MESSAGING_COUNT_MAX};
	struct db_rows rows;
	const struct resource *one;
	const struct err *error;

	error = resource_find(cx, &search, &rows, NULL);
	if (error && error->code == ERR_GONE && (cx->who.is & WHO_DELEGATE)) /* given messages, and not the record */
		return NULL;
	TRY(error);
	one = rows.items;
	for (size_t i = 0; i < rows.count; i++)
		bundle_add(bundle, "Communication", one[i].id, one[i].body);
	return NULL;
}

fallible
communication_search(struct cx *cx, struct request *rq)
{
	static const char *const understood[] = {"patient", "subject", "part-of", "_count", "_offset", NULL};
	struct messaging_page page = page_asked_for(rq);
	struct buf out = BUF_INIT(cx->arena);
	struct bundle_out bundle = {.out = &out};
	str part_of = request_query(rq, "part-of"), named = request_query(rq, "patient"), subject;
	struct db_rows rows;
	const struct thread *thread;
	patient_id patient;
	bool more;

	if (!asks_only_for(rq, understood))
		return fhir_search(cx, rq);
	if (part_of.n)
		return search_thread(cx, rq, part_of);
	TRY(patient_named(cx, named.n ? named : request_query(rq, "subject"), &patient));
	if (cx->who.is & (WHO_PATIENT | WHO_DELEGATE))
		TRY(thread_list(cx, patient, THREADS_ALL, page.offset, page.count + 1, &rows));
	else
		TRY(thread_list_of_teams(cx, patient, page.offset, page.count + 1, &rows));
	more = (int64_t)rows.count > page.count;
	thread = rows.items;
	TRY(patient_fhir_id(cx, patient, &subject));
	bundle_begin(&bundle, cx, rq, next_page(cx, rq, page, more));
	for (size_t i = 0; i < rows.count - (more ? 1 : 0); i++) {
		struct buf one = BUF_INIT(cx->arena);
		struct team team;
		struct message first;

		TRY(team_get(cx, thread[i].team, &team));
		TRY(thread_first(cx, &thread[i], &first));
		write_header(&one, &thread[i], &first, &team, subject);
		bundle_add(&bundle, "Communication", uuid_text(cx->arena, thread[i].id.v), buf_str(&one));
	}
	if (!more)
		TRY(add_recorded(cx, &bundle, patient));
	bundle_end(&bundle);
	return respond(rq, 200, FHIR_JSON, buf_str(&out));
}

/* ---- writing ---- */

/* The key that makes sending again the same message: an identifier that is a UUID, otherwise a new one. */
static struct uuid
key_of(struct cx *cx, const struct json_value *json)
{
	str text = json_text_at(json, "identifier.0.value");
	struct uuid key;

	if (str_starts(text, S("urn:uuid:")))
		text = str_drop(text, 9);
	return uuid_parse(text, &key) && !uuid_is_none(key) ? key : uuid_new(cx->now);
}

static fallible
team_named(const struct json_value *json, team_id *out)
{
	str reference = json_text_at(json, "recipient.0.reference"), type, id = str_cut(reference, '/', &type);

	if (!str_equal(type, S("CareTeam")) || !uuid_parse(id, &out->v))
		return ERR(ERR_INVALID, "recipient must name the care team: CareTeam/ID.", "no care team named");
	return NULL;
}

static fallible
send_reply(struct cx *cx, const struct json_value *json, str part_of, struct sent *out)
{
	struct thread_reply in = {.key = key_of(cx, json), .body = json_text_at(json, "payload.0.contentString")};
	str type, id = str_cut(part_of, '/', &type);
	int64_t n;

	if (!str_equal(type, S("Communication")) || !communication_id_parse(id, &in.thread, &n) || n)
		return ERR(ERR_INVALID, "partOf must be the header of a conversation: Communication/ID.",
		    "partOf is no header");
	return thread_reply(cx, &in, out);
}

static fallible
send_new(struct cx *cx, const struct json_value *json, struct sent *out)
{
	struct thread_new in = {.key = key_of(cx, json),
	    .subject = json_text_at(json, "topic.text"),
	    .about = json_text_at(json, "about.0.reference"),
	    .body = json_text_at(json, "payload.0.contentString")};
	str category = json_text_at(json, "category.0.coding.0.code"),
	    subject = json_text_at(json, "subject.reference");

	if (category.n && !message_category_parse(category, &in.category))
		return ERR(
		    ERR_INVALID, "category must be general, appointment, medication or test.", "unknown category");
	TRY(team_named(json, &in.team));
	TRY(patient_named(cx, subject, &in.patient));
	return thread_send_new(cx, &in, out);
}

fallible
communication_create(struct cx *cx, struct request *rq)
{
	const struct json_value *json;
	struct conversation c;
	struct sent sent;
	str part_of;
	int64_t n = 0;

	TRY(messaging_body(cx, rq, "Communication", &json));
	part_of = json_text_at(json, "partOf.0.reference");
	/* The care team also records what was said elsewhere; a message goes to a CareTeam, or answers one. */
	if (!(cx->who.is & WHO_PATIENT) && !part_of.n &&
	    !str_starts(json_text_at(json, "recipient.0.reference"), S("CareTeam/")))
		return fhir_create(cx, rq);
	if (part_of.n)
		TRY(send_reply(cx, json, part_of, &sent));
	else
		TRY(send_new(cx, json, &sent));
	db_refresh(cx);
	TRY(thread_look(cx, sent.thread, &c));
	for (size_t i = 0; i < c.count; i++)
		if (uuid_equal(c.messages[i].id.v, sent.message.v))
			n = c.messages[i].n;
	respond_header(rq, "Location",
	    arena_printf(cx->arena, "/fhir/Communication/%.*s.%lld", STR_ARG(uuid_text(cx->arena, sent.thread.v)),
		(long long)n));
	return respond_message(cx, rq, sent.sent_before ? 200 : 201, &c, n);
}

fallible
communication_mark_read(struct cx *cx, struct request *rq)
{
	struct conversation c;
	thread_id id;
	int64_t n;

	if (!communication_id_parse(request_param(rq, "id"), &id, &n) || n)
		return NOT_THERE;
	TRY(thread_open(cx, id, &c));
	return respond_message(cx, rq, 200, &c, 0);
}
