/* SPDX-License-Identifier: Apache-2.0 */
/* Documents and pictures of the record as files of their own: the bytes that stand in the record as base 64. */
#include "care/bluebutton/everything.h"
#include "platform/format/base64.h"

struct taking {
	struct everything *e;
	struct cx cx;       /* reads beside the walk */
	struct arena arena; /* of one entry */
};

static fallible
write_file(
    struct taking *t, const struct page_cx *px, const struct resource *resource, struct record_file *file, size_t n)
{
	str bytes;

	if (file->data.n && base64_decode(px->arena, file->data, &bytes)) {
		TRY(everything_file(t->e,
		    arena_printf(px->arena, "record/files/%s-%.*s-%zu.%s",
			resource_type_name((resource_type)resource->type), STR_ARG(resource->id), n + 1,
			record_file_look(file->content_type, bytes).ending),
		    file->title));
		return everything_write(t->e, bytes);
	}
	if (file->elsewhere.n)
		everything_misses(t->e,
		    TF1("The file “%1” is kept by another program; the record has only its address.", file->title));
	else
		everything_misses(t->e, TF1("The file “%1” could not be read.", file->title));
	return NULL;
}

static fallible
take_entry(struct taking *t, struct cx *cx, const struct resource *resource)
{
	struct page_cx px = *t->e->px;
	resource_type type = (resource_type)resource->type;
	struct record_file files[RECORD_FILES_MAX];
	const struct json_value *json;
	size_t count;

	px.arena = cx->arena;
	TRY(json_parse(cx->arena, resource->body, &json, NULL));
	if (type == RESOURCE_BINARY || !record_choice_takes(&t->e->ask->choice, type, json))
		return NULL; /* a Binary comes with what names it */
	count = record_files_read(&px, type, json, files);
	for (size_t i = 0; i < count; i++) {
		if (!files[i].data.n && files[i].reference.n)
			TRY(record_file_fetch(cx, &px, t->e->ask->patient, &files[i]));
		TRY(write_file(t, &px, resource, &files[i], i));
	}
	return NULL;
}

static const struct err *
take(void *arg, const struct resource *resource)
{
	struct taking *t = arg;
	const struct err *error = take_entry(t, &t->cx, resource);

	error = error ? err_copy(t->e->cx->arena, error) : NULL;
	arena_clear(&t->arena);
	return error;
}

fallible
everything_files(struct everything *e)
{
	static const resource_type types[] = {RESOURCE_DOCUMENT_REFERENCE, RESOURCE_DIAGNOSTIC_REPORT, RESOURCE_MEDIA,
	    RESOURCE_PATIENT, RESOURCE_COMMUNICATION};
	struct taking t = {.e = e, .cx = *e->cx};
	const struct err *error = NULL;

	t.cx.arena = &t.arena;
	for (size_t i = 0; i < sizeof(types) / sizeof(types[0]) && !error; i++)
		if (e->counts[types[i]])
			error = resource_each(e->cx, e->ask->patient, types[i], take, &t);
	e->cx->conn = t.cx.conn ? t.cx.conn : e->cx->conn;
	arena_release(&t.arena);
	return error;
}
