/* SPDX-License-Identifier: Apache-2.0 */
/* The record for programs, as one FHIR bundle, as lines, or as a C-CDA document: stored texts put one behind the other, so a decimal leaves as it came.
 * What the patient's resources refer to in the commons (practitioners, places, medicines) follows, each once. */
#include "care/bluebutton/bluebutton_internal.h"
#include "care/record/record_references.h"
#include "care/summary/summary.h"

struct bundling {
	const struct sink *sink;
	const struct record_choice *choice; /* NULL: all, as for what is referred to */
	struct arena scratch;
	str base; /* of a bundle; absent: lines */
	bool begun;
	int64_t *done;
	struct str_set wanted;
};

static const struct err *
write_entry(void *arg, const struct resource *resource)
{
	struct bundling *b = arg;
	const struct json_value *json;
	struct buf out;

	arena_clear(&b->scratch);
	out = (struct buf)BUF_INIT(&b->scratch);
	TRY(json_parse(&b->scratch, resource->body, &json, NULL));
	if (b->choice && !record_choice_takes(b->choice, (resource_type)resource->type, json))
		return NULL;
	if (b->choice && b->done)
		++*b->done;
	record_references_collect(&b->wanted, json);
	if (!b->base.n) {
		buf_add(&out, resource->body);
		buf_add_char(&out, '\n');
		return sink_write(b->sink, buf_str(&out));
	}
	buf_printf(&out, "%s{\"fullUrl\":\"%.*s/%s/%.*s\",\"resource\":", b->begun ? ",\n" : "", STR_ARG(b->base),
	    resource_type_name((resource_type)resource->type), STR_ARG(json_text_at(json, "id")));
	buf_add(&out, resource->body);
	buf_add_char(&out, '}');
	b->begun = true;
	return sink_write(b->sink, buf_str(&out));
}

/* One common resource; what it refers to is wanted too. */
static fallible
write_common(struct cx *cx, struct bundling *b, str reference)
{
	struct arena arena = ARENA_INIT;
	struct cx inner = *cx;
	struct resource resource;
	const struct err *error;
	bool found;

	inner.arena = &arena;
	error = resource_resolve(&inner, reference, &resource, &found);
	cx->conn = inner.conn;
	if (!error && found && uuid_equal(resource.patient.v, RECORD_COMMONS.v))
		error = write_entry(b, &resource);
	error = error ? err_copy(cx->arena, error) : NULL;
	arena_release(&arena);
	return error;
}

static fallible
write_resources(struct cx *cx, patient_id patient, struct bundling *b)
{
	TRY(resource_each(cx, patient, 0, write_entry, b));
	b->choice = NULL;
	for (size_t i = 0; i < b->wanted.count; i++) /* grows while it is read */
		TRY(write_common(cx, b, b->wanted.items[i]));
	return NULL;
}

static fallible
write_bundle(struct cx *cx, patient_id patient, struct bundling *b)
{
	struct buf head = BUF_INIT(cx->arena);

	buf_add(&head, S("{\"resourceType\":\"Bundle\",\"type\":\"collection\",\"timestamp\":\""));
	buf_add_fhir_instant(&head, cx->now);
	buf_add(&head, S("\",\"entry\":[\n"));
	TRY(sink_write(b->sink, buf_str(&head)));
	TRY(write_resources(cx, patient, b));
	return sink_write(b->sink, S("\n]}\n"));
}

fallible
bluebutton_bundle(struct cx *cx, const struct page_cx *px, const struct bluebutton_ask *ask, const struct sink *sink)
{
	struct bundling b = {
	    .sink = sink, .choice = &ask->choice, .wanted.arena = cx->arena, .base = ask->base, .done = ask->done};
	const struct err *error = write_bundle(cx, ask->patient, &b);

	(void)px; /* nothing in it is in a person's language */
	arena_release(&b.scratch);
	return error;
}

fallible
bluebutton_ndjson(struct cx *cx, const struct page_cx *px, const struct bluebutton_ask *ask, const struct sink *sink)
{
	struct bundling b = {.sink = sink, .choice = &ask->choice, .wanted.arena = cx->arena, .done = ask->done};
	const struct err *error = write_resources(cx, ask->patient, &b);

	(void)px;
	arena_release(&b.scratch);
	return error;
}

fallible
bluebutton_ccd(struct cx *cx, const struct page_cx *px, const struct bluebutton_ask *ask, const struct sink *sink)
{
	return summary_ccd(cx, px, ask->patient, &ask->choice, sink);
}

fallible
bluebutton_ips(struct cx *cx, const struct page_cx *px, const struct bluebutton_ask *ask, const struct sink *sink)
{
	str bundle;

	TRY(summary_ips(cx, px, ask->patient, &ask->choice, ask->base, &bundle));
	return sink_write(sink, bundle);
}
