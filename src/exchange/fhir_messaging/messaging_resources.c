/* SPDX-License-Identifier: Apache-2.0 */
/* Threads, messages and duties written as FHIR R4 resources, and the Bundle around them. */
#include "exchange/fhir_messaging/fhir_messaging_internal.h"

#include "platform/format/fhir_date.h"

bool
communication_id_parse(str id, thread_id *thread, int64_t *n)
{
	str head, rest = str_cut(id, '.', &head);

	*n = 0;
	if (!uuid_parse(head, &thread->v))
		return false;
	return !rest.p || (str_to_int64(rest, n) && *n > 0);
}

fallible
patient_fhir_id(struct cx *cx, patient_id patient, str *out)
{
	struct resource_search search = {.patient = patient, .type = RESOURCE_PATIENT, .count = 1};
	struct db_rows rows;
	const struct err *error = resource_find(cx, &search, &rows, NULL);

	if (error && error->code == ERR_GONE && (cx->who.is & WHO_DELEGATE)) /* given messages, and not the record */
		rows = (struct db_rows){0};
	else
		TRY(error);
	*out = rows.count ? ((const struct resource *)rows.items)[0].id : uuid_text(cx->arena, patient.v);
	return NULL;
}

static void
put_instant(struct json_writer *w, const char *name, instant at)
{
	if (!instant_is_none(at))
		json_put_text(w, name, fhir_instant_text(w->out->arena, at));
}

static void
put_reference(struct json_writer *w, const char *type, str id, str display)
{
	json_put_text(w, "reference", arena_printf(w->out->arena, "%s/%.*s", type, STR_ARG(id)));
	json_put_text(w, "display", display);
}

static void
put_subject(struct json_writer *w, const char *name, str subject)
{
	json_put_object(w, name);
	put_reference(w, "Patient", subject, STR_NONE);
	json_write_end(w);
}

static void
put_team(struct json_writer *w, const char *name, const struct team *team)
{
	json_put_object(w, name);
	put_reference(w, "CareTeam", uuid_text(w->out->arena, team->id.v), team->name);
	json_write_end(w);
}

static void
put_concept(struct json_writer *w, const char *system, str code, str text)
{
	json_put_array(w, "coding");
	json_write_object(w);
	json_put_text(w, "system", str_from_z(system));
	json_put_text(w, "code", code);
	json_write_end(w);
	json_write_end(w);
	json_put_text(w, "text", text);
}

static void
put_meta(struct json_writer *w, int64_t version, instant updated)
{
	json_put_object(w, "meta");
	json_put_text(w, "versionId", arena_printf(w->out->arena, "%lld", (long long)version));
	put_instant(w, "lastUpdated", updated);
	json_write_end(w);
}

static void
put_recipient(struct json_writer *w, bool from_patient, const struct team *team, str subject)
{
	json_put_array(w, "recipient");
	json_write_object(w);
	if (from_patient)
		put_reference(w, "CareTeam", uuid_text(w->out->arena, team->id.v), team->name);
	else
		put_reference(w, "Patient", subject, STR_NONE);
	json_write_end(w);
	json_write_end(w);
}

/* A reference and no name: reading it is a question of its own. */
static void
put_about(struct json_writer *w, const struct about *about)
{
	if (!about->reference.n)
		return;
	json_put_array(w, "about");
	json_write_object(w);
	json_put_text(w, "reference", about->reference);
	json_write_end(w);
	json_write_end(w);
}

/* Who wrote for the patient is no resource here: named by what the account is, and in words (R4 2.3.0.2, logical references). */
static void
put_delegate(struct json_writer *w, const struct message *m)
{
	json_put_object(w, "sender");
	json_put_text(w, "type", S("RelatedPerson"));
	json_put_object(w, "identifier");
	json_put_text(w, "system", S("urn:ietf:rfc:3986"));
	json_put_text(
	    w, "value", arena_printf(w->out->arena, "urn:uuid:%.*s", STR_ARG(uuid_text(w->out->arena, m->author.v))));
	json_write_end(w);
	json_put_text(w, "display", m->author_name);
	json_write_end(w);
}

void
write_header(
    struct buf *out, const struct thread *thread, const struct message *first, const struct team *team, str subject)
{
	struct json_writer w = JSON_WRITER(out);

	json_write_object(&w);
	json_put_text(&w, "resourceType", S("Communication"));
	json_put_text(&w, "id", uuid_text(out->arena, thread->id.v));
	put_meta(&w, thread->message_count, thread->last_at);
	json_put_text(&w, "status", thread->status == THREAD_COMPLETE ? S("completed") : S("in-progress"));
	json_put_array(&w, "category");
	json_write_object(&w);
	put_concept(&w, CATEGORY_SYSTEM, str_from_z(message_category_code(thread->category)),
	    message_category_words(LANG_EN, thread->category));
	json_write_end(&w);
	json_write_end(&w);
	put_subject(&w, "subject", subject);
	json_put_object(&w, "topic");
	json_put_text(&w, "text", thread->subject);
	json_write_end(&w);
	put_about(&w, &thread->about);
	put_instant(&w, "sent", thread->made);
	put_recipient(&w, thread->begun_by == SIDE_PATIENT, team, subject);
	if (first->by_delegate)
		put_delegate(&w, first);
	else if (thread->begun_by == SIDE_PATIENT)
		put_subject(&w, "sender", subject);
	else
		put_team(&w, "sender", team);
	json_write_end(&w);
	json_write_done(&w);
}

static void
put_file(struct json_writer *w, const struct attachment *file)
{
	json_write_object(w);
	json_put_object(w, "contentAttachment");
	json_put_text(w, "title", file->name);
	json_put_int64(w, "size", file->bytes);
	json_put_text(
	    w, "url", arena_printf(w->out->arena, "/messages/files/%.*s", STR_ARG(uuid_text(w->out->arena, file->id))));
	json_write_end(w);
	json_write_end(w);
}

void
write_message(struct buf *out, const struct conversation *c, const struct message *m, str subject)
{
	struct json_writer w = JSON_WRITER(out);
	struct arena *arena = out->arena;
	bool gone = !instant_is_none(m->recalled), from_patient = m->side == SIDE_PATIENT;
	str thread = uuid_text(arena, c->thread.id.v);

	json_write_object(&w);
	json_put_text(&w, "resourceType", S("Communication"));
	json_put_text(&w, "id", arena_printf(arena, "%.*s.%lld", STR_ARG(thread), (long long)m->n));
	put_meta(&w, gone ? 2 : 1, gone ? m->recalled : m->sent);
	json_put_array(&w, "partOf");
	json_write_object(&w);
	put_reference(&w, "Communication", thread, STR_NONE);
	json_write_end(&w);
	json_write_end(&w);
	json_put_text(&w, "status", gone ? S("entered-in-error") : S("completed"));
	put_subject(&w, "subject", subject);
	put_instant(&w, "sent", m->sent);
	if (!from_patient && c->read_n == m->n)
		put_instant(&w, "received", c->read_at);
	put_recipient(&w, from_patient, &c->team, subject);
	if (m->by_delegate) {
		put_delegate(&w, m);
	} else if (from_patient) {
		put_subject(&w, "sender", subject);
	} else {
		json_put_object(&w, "sender");
		put_reference(&w, "Practitioner", uuid_text(arena, m->author.v), m->author_name);
		json_write_end(&w);
	}
	if (m->body.p && !gone) {
		json_put_array(&w, "payload");
		json_write_object(&w);
		json_put_text(&w, "contentString", m->body);
		json_write_end(&w);
		for (int64_t i = 0; i < m->file_count; i++)
			put_file(&w, &m->files[i]);
		json_write_end(&w);
	}
	json_write_end(&w);
	json_write_done(&w);
}

static str
task_status(const struct thread *thread)
{
	if (thread->status == THREAD_COMPLETE)
		return S("completed");
	if (thread->status == THREAD_IN_PROCESS)
		return S("in-progress");
	return uuid_is_none(thread->owner.v) ? S("requested") : S("accepted");
}

void
write_task(
    struct buf *out, const struct thread *thread, const struct team *team, str owner_name, str subject, instant now)
{
	struct json_writer w = JSON_WRITER(out);
	str id = uuid_text(out->arena, thread->id.v);
	bool late = thread->status == THREAD_INCOMPLETE && instant_before(thread->due, now);

	json_write_object(&w);
	json_put_text(&w, "resourceType", S("Task"));
	json_put_text(&w, "id", id);
	json_put_text(&w, "status", task_status(thread));
	json_put_object(&w, "businessStatus");
	json_put_text(&w, "text", late ? S("overdue") : thread->escalation_tries ? S("escalated") : S("in time"));
	json_write_end(&w);
	json_put_text(&w, "intent", S("order"));
	json_put_text(&w, "priority", late ? S("urgent") : S("routine"));
	json_put_object(&w, "focus");
	put_reference(&w, "Communication", id, thread->subject);
	json_write_end(&w);
	put_subject(&w, "for", subject);
	put_instant(&w, "authoredOn", instant_is_none(thread->round_at) ? thread->made : thread->round_at);
	put_instant(&w, "lastModified", thread->last_at);
	put_team(&w, "requester", team);
	if (!uuid_is_none(thread->owner.v)) {
		json_put_object(&w, "owner");
		put_reference(&w, "Practitioner", uuid_text(out->arena, thread->owner.v), owner_name);
		json_write_end(&w);
	}
	if (!instant_is_none(thread->due)) {
		json_put_object(&w, "restriction");
		json_put_object(&w, "period");
		put_instant(&w, "end", thread->due);
		json_write_end(&w);
		json_write_end(&w);
	}
	json_write_end(&w);
	json_write_done(&w);
}

/* ---- the Bundle ---- */

static void
put_link(struct buf *out, const char *relation, str url)
{
	struct json_writer w = JSON_WRITER(out);

	json_write_object(&w);
	json_put_text(&w, "relation", str_from_z(relation));
	json_put_text(&w, "url", url);
	json_write_end(&w);
	json_write_done(&w);
}

void
bundle_begin(struct bundle_out *b, struct cx *cx, struct request *rq, str next)
{
	str origin = request_origin(rq);

	b->base = arena_printf(cx->arena, "%.*s/fhir", STR_ARG(origin));
	buf_add(b->out, S("{\"resourceType\":\"Bundle\",\"type\":\"searchset\",\"link\":["));
	put_link(b->out, "self", arena_printf(cx->arena, "%.*s%.*s", STR_ARG(origin), STR_ARG(request_path(rq))));
	if (next.n) {
		buf_add_char(b->out, ',');
		put_link(b->out, "next", arena_printf(cx->arena, "%.*s%.*s", STR_ARG(origin), STR_ARG(next)));
	}
	buf_add(b->out, S("]"));
}

void
bundle_add(struct bundle_out *b, const char *type, str id, str resource)
{
	struct json_writer w = JSON_WRITER(b->out);

	buf_add(b->out, b->count++ ? S(",") : S(",\"entry\":["));
	json_write_object(&w);
	json_put_text(&w, "fullUrl", arena_printf(b->out->arena, "%.*s/%s/%.*s", STR_ARG(b->base), type, STR_ARG(id)));
	json_put_raw(&w, "resource", resource);
	json_put_object(&w, "search");
	json_put_text(&w, "mode", S("match"));
	json_write_end(&w);
	json_write_end(&w);
	json_write_done(&w);
}

void
bundle_end(struct bundle_out *b)
{
	buf_add(b->out, b->count ? S("]}") : S("}"));
}
