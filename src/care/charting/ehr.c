/* SPDX-License-Identifier: Apache-2.0 */
/* Where notes go, and taking one there.  Delivered at least once, under ids that stay the same, so that once is what comes of
 * it.  What the EHR refuses, and what it could not be asked for three days, becomes a trouble that a person works off; its author
 * finds the conversation under their reminders. */
#include "care/charting/charting_internal.h"
#include "care/record/record_api.h"
#include "platform/format/json_write.h"
#include "platform/http/outbound.h"

#define TROUBLE_CHARS_MAX 600
#define ANSWER_SECONDS    60

/* ---- settings ---- */

static struct seal_place
settings_place(void)
{
	return (struct seal_place){.table = "installation.ehr"};
}

static const struct err *
store_settings(struct tx *tx, void *arg)
{
	audit_add(tx, &(struct audit){.action = AUDIT_ADMINISTER, .subject = AUDIT_FACILITY});
	return ehr_row_put(tx, *(str *)arg);
}

fallible
ehr_settings_set(struct cx *cx, const struct ehr_settings *settings)
{
	struct buf text = BUF_INIT(cx->arena);
	struct json_writer w = JSON_WRITER(&text);
	patient_id nobody = {{{0}}};
	str sealed;

	if (settings->url.n && !outbound_url_ok(settings->url))
		return ERR(
		    ERR_INVALID, "Give the FHIR base address, such as https://ehr.example.org/fhir.", "bad ehr url");
	if (settings->url.n && !outbound_token_ok(settings->token))
		return ERR(ERR_INVALID, "The token must be one line without blanks.", "bad ehr token");
	json_write_object(&w);
	json_put_text(&w, "url", settings->url);
	json_put_text(&w, "token", settings->token);
	json_write_end(&w);
	json_write_done(&w);
	TRY(vault_seal(cx, nobody, settings_place(), buf_str(&text), &sealed));
	return db_write(cx, store_settings, &sealed);
}

fallible
ehr_settings_get(struct cx *cx, struct ehr_settings *out, bool *found)
{
	const struct json_value *json;
	patient_id nobody = {{{0}}};
	str sealed, text;

	TRY(ehr_row_get(cx, &sealed, found));
	if (!*found)
		return NULL;
	TRY(vault_open_text(cx, nobody, settings_place(), sealed, &text));
	TRY(json_parse(cx->arena, text, &json, NULL));
	*out = (struct ehr_settings){json_text_at(json, "url"), json_text_at(json, "token")};
	*found = out->url.n > 0;
	return NULL;
}

/* ---- handing over ---- */

/* Each try has a key of its own: an older one that still waits finds that it is not the last any more, and does nothing. */
fallible
chart_hand_over(struct tx *tx, const struct chart_note *note)
{
	struct arena *arena = tx->cx->arena;
	str id = uuid_text(arena, note->id);

	return outbox_add(tx, &(struct outbox_new){.kind = "ehr",
				  .key = arena_printf(arena, "%.*s/%lld", STR_ARG(id), (long long)note->tries),
				  .patient = note->patient,
				  .payload = arena_printf(
				      arena, "{\"note\":\"%.*s\",\"try\":%lld}", STR_ARG(id), (long long)note->tries)});
}

/* ---- the bundle ---- */

static fallible
add_put(struct cx *cx, struct json_writer *w, resource_type type, struct uuid id)
{
	const char *name = resource_type_name(type);
	str text = uuid_text(cx->arena, id);
	struct resource resource;

	TRY(resource_get(cx, type, text, &resource));
	json_write_object(w);
	json_put_text(w, "fullUrl", arena_printf(cx->arena, "urn:uuid:%.*s", STR_ARG(text)));
	json_put_raw(w, "resource", resource.body);
	json_put_object(w, "request");
	json_put_text(w, "method", S("PUT"));
	json_put_text(w, "url", arena_printf(cx->arena, "%s/%.*s", name, STR_ARG(text)));
	json_write_end(w);
	json_write_end(w);
	return NULL;
}

static fallible
bundle_of(struct cx *cx, const struct chart_note *note, str *out)
{
	struct buf text = BUF_INIT(cx->arena);
	struct json_writer w = JSON_WRITER(&text);

	json_write_object(&w);
	json_put_text(&w, "resourceType", S("Bundle"));
	json_put_text(&w, "type", S("transaction"));
	json_put_array(&w, "entry");
	if (!uuid_is_none(note->encounter))
		TRY(add_put(cx, &w, RESOURCE_ENCOUNTER, note->encounter));
	TRY(add_put(cx, &w, RESOURCE_DOCUMENT_REFERENCE, note->id));
	TRY(add_put(cx, &w, RESOURCE_PROVENANCE, note->provenance));
	json_write_end(&w);
	json_write_end(&w);
	json_write_done(&w);
	*out = buf_str(&text);
	return NULL;
}

/* ---- the answer ---- */

/* The names under which the EHR filed the entries; absent when it did not say that all were taken. */
static str
ids_of(struct cx *cx, const struct json_value *answer, size_t wanted)
{
	struct buf out = BUF_INIT(cx->arena);
	size_t taken = 0;

	if (!str_equal(json_text_at(answer, "resourceType"), S("Bundle")))
		return STR_NONE;
	json_each_item (json_get(answer, "entry"), entry) {
		str location = json_text_at(entry, "response.location"), name = location;
		size_t at;

		taken += str_starts(json_text_at(entry, "response.status"), S("2"));
		if (str_find(name, S("/_history/"), &at))
			name = str_take(name, at);
		if (name.n)
			buf_printf(&out, "%s%.*s", out.n ? ", " : "", STR_ARG(str_take(name, 200)));
	}
	return taken == wanted ? buf_str(&out) : STR_NONE;
}

static bool
may_pass(long status)
{
	return status == 408 || status == 425 || status == 429 || status >= 500;
}

struct settling {
	struct chart_note note;
	struct thread thread; /* of the note: its ids only */
};

static const struct err *
settle(struct tx *tx, void *arg)
{
	struct settling *in = arg;
	bool changed;

	TRY(chart_row_settle(tx, &in->note, &changed));
	if (changed && in->note.state == CHART_TROUBLE)
		TRY(thread_remind_member(tx, &in->thread, in->note.author));
	return NULL;
}

static fallible
settle_as(struct cx *cx, const struct chart_note *note, enum chart_state state, str words)
{
	struct settling in = {.note = *note, .thread = {.id = note->thread, .patient = note->patient}};

	in.note.state = state;
	in.note.trouble = STR_NONE;
	if (state == CHART_TAKEN)
		in.note.ids = words;
	else if (words.n)
		TRY(vault_seal(
		    cx, note->patient, chart_place(note->id, "chart_note.trouble"), words, &in.note.trouble));
	return db_write(cx, settle, &in);
}

/* ---- delivering ---- */

static fallible
send(struct cx *cx, const struct chart_note *note, const struct ehr_settings *settings, struct outbound_answer *answer)
{
	str bundle;

	TRY(bundle_of(cx, note, &bundle));
	audit_add_read(cx, &(struct audit){.action = AUDIT_SEND,
			       .subject = AUDIT_NOTES,
			       .patient = note->patient,
			       .item = note->id,
			       .why = ACCESS_SYSTEM});
	TRY(db_journal_flush(cx)); /* before anything leaves */
	db_refresh(cx);            /* the answer may take its time: hold no snapshot */
	return outbound_ask(cx,
	    &(struct outbound_call){.url = settings->url,
		.token = settings->token,
		.content_type = "application/fhir+json",
		.body = bundle,
		.seconds = ANSWER_SECONDS},
	    answer);
}

fallible
ehr_deliver(struct cx *cx, const struct outbox_item *item)
{
	const struct json_value *json;
	struct ehr_settings settings;
	struct outbound_answer answer = {0};
	struct chart_note note;
	const struct err *error;
	struct uuid id;
	int64_t try;
	bool found;
	str ids;

	TRY(json_parse(cx->arena, item->payload, &json, NULL));
	if (!uuid_parse(json_text_at(json, "note"), &id) || !json_to_int64(json_get(json, "try"), &try))
		return ERR(ERR_BROKEN, "Something went wrong on our side.", "an ehr item without note");
	TRY(chart_row_by_id(cx, id, &note, &found));
	if (!found || note.tries != try || note.state != CHART_WAITING)
		return NULL;
	TRY(ehr_settings_get(cx, &settings, &found));
	if (!found)
		return settle_as(cx, &note, CHART_KEPT, STR_NONE);
	error = send(cx, &note, &settings, &answer);
	if (!error && may_pass(answer.status))
		error = err_logged(cx->arena, ERR_BUSY, "The other system is not ready.", "ehr: %ld", answer.status);
	if (error && error->code == ERR_BUSY && cx->now.ms - item->made.ms >= EHR_GIVE_UP_MS)
		return settle_as(
		    cx, &note, CHART_TROUBLE, str_from_z(TR("The other system could not be reached for three days.")));
	TRY(error);
	if (answer.status == 200 && !json_parse(cx->arena, answer.body, &json, NULL)) {
		ids = ids_of(cx, json, uuid_is_none(note.encounter) ? 2 : 3);
		if (ids.p)
			return settle_as(cx, &note, CHART_TAKEN, ids);
	}
	return settle_as(
	    cx, &note, CHART_TROUBLE, fhir_outcome_words(cx->arena, answer.status, answer.body, TROUBLE_CHARS_MAX));
}
