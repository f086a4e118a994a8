/* SPDX-License-Identifier: Apache-2.0 */
/* What was asked and answered as an entry of the record: a DocumentReference with the words of both sides, beside what it is about.
 * English, as the record is; the pages say the same in the person's language. */
#include "care/corrections/corrections_internal.h"
#include "platform/format/base64.h"
#include "platform/format/json_write.h"
#include "trust/identity/identity.h"

static void
add_part(struct buf *out, const char *label, instant at, str words)
{
	if (!words.n)
		return;
	buf_printf(out, "%s (", label);
	buf_add_fhir_instant(out, at);
	buf_printf(out, "):\n%.*s\n\n", STR_ARG(words));
}

static str
told(struct arena *arena, const struct correction *c)
{
	struct buf out = BUF_INIT(arena);
	const char *basis = correction_basis_words((enum correction_basis)c->basis);

	add_part(&out,
	    c->kind == CORRECTION_AMENDMENT ? "The patient asked for a correction"
					    : "The patient asked for a restriction",
	    c->made, c->asked);
	if (c->title.n)
		buf_printf(&out, "About: %.*s\n\n", STR_ARG(c->title));
	if (c->paid)
		buf_add(&out, S("The patient paid for this care in full.\n\n"));
	add_part(&out, "The clinic took more time", c->extended_at, c->extension);
	add_part(&out, c->state == CORRECTION_ACCEPTED ? "The clinic agreed" : "The clinic refused", c->answered_at,
	    c->answer);
	if (basis)
		buf_printf(&out, "Reason: %s\n\n", basis);
	add_part(&out, "The patient disagrees", c->disagreed_at, c->disagreement);
	return buf_str(&out);
}

static void
put_reference(struct json_writer *w, const char *name, str reference)
{
	json_put_object(w, name);
	json_put_text(w, "reference", reference);
	json_write_end(w);
}

static void
put_content(struct json_writer *w, struct arena *arena, const struct correction *c, str title)
{
	json_put_array(w, "content");
	json_write_object(w);
	json_put_object(w, "attachment");
	json_put_text(w, "contentType", S("text/plain; charset=utf-8"));
	json_put_text(w, "data", base64_encode(arena, told(arena, c)));
	json_put_text(w, "title", title);
	json_write_end(w);
	json_write_end(w);
	json_write_end(w);
}

static str
document_json(struct arena *arena, const struct correction *c, str author)
{
	struct buf out = BUF_INIT(arena);
	struct json_writer w_ = JSON_WRITER(&out), *w = &w_;
	str what = c->kind == CORRECTION_AMENDMENT ? S("Request to correct") : S("Request not to share");
	str title = c->title.n ? arena_printf(arena, "%.*s: %.*s", STR_ARG(what), STR_ARG(c->title)) : what;

	json_write_object(w);
	json_put_text(w, "resourceType", S("DocumentReference"));
	json_put_text(w, "id", uuid_text(arena, c->id.v));
	json_put_text(w, "status", S("current"));
	json_put_text(w, "description", title);
	json_put_object(w, "type");
	json_put_text(w, "text", what);
	json_write_end(w);
	put_reference(w, "subject", arena_printf(arena, "Patient/%.*s", STR_ARG(uuid_text(arena, c->patient.v))));
	json_put_text(w, "date", fhir_instant_text(arena, c->answered_at));
	json_put_array(w, "author");
	json_write_object(w);
	json_put_text(w, "display", author);
	json_write_end(w);
	json_write_end(w);
	put_content(w, arena, c, title);
	if (c->about.n) {
		json_put_object(w, "context");
		json_put_array(w, "related");
		json_write_object(w);
		json_put_text(w, "reference", c->about);
		json_write_end(w);
		json_write_end(w);
		json_write_end(w);
	}
	json_write_end(w);
	json_write_done(w);
	return buf_str(&out);
}

fallible
correction_document(struct cx *cx, const struct correction *c, struct resource_draft **out)
{
	const struct json_value *json;
	struct account account;

	TRY(account_get(cx, c->answered_by, &account));
	TRY(json_parse(cx->arena, document_json(cx->arena, c, account.name), &json, NULL));
	return resource_prepare(
	    cx, &(struct resource_new){.patient = c->patient, .json = json, .id = uuid_text(cx->arena, c->id.v)}, out);
}
