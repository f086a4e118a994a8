/* SPDX-License-Identifier: Apache-2.0 */
/* The files that stand in entries: beside the entry, shown where a browser can without running anything, and to be saved. */
#include "care/attachments/file_kind.h"
#include "care/record/record_pages_internal.h"
#include "platform/format/base64.h"

static void
fill_line(const struct page_cx *px, str path, const struct record_file *file, str bytes, struct record_file_line *line)
{
	struct record_file_look look = record_file_look(file->content_type, bytes);
	str shown = arena_printf(px->arena, "%.*s?show=yes", STR_ARG(path));

	line->bytes = bytes.n;
	line->path = path;
	line->is_another = look.is_another;
	if (look.is_another)
		line->truly = look.is_picture || look.is_pdf ? tr(px->lang, file_type_of(file_kind_of(bytes))->words)
		                                             : T("something that we do not know");
	if (look.is_picture)
		line->picture = shown;
	else if (look.is_pdf)
		line->opens = shown;
}

fallible
record_files_fill(struct cx *cx, const struct page_cx *px, const struct record_scope *scope,
    const struct json_value *json, struct record_detail_page *view)
{
	struct record_file *files = ARENA_ARRAY(cx->arena, struct record_file, RECORD_FILES_MAX);
	struct record_file_line *lines = ARENA_ARRAY(cx->arena, struct record_file_line, RECORD_FILES_MAX);

	view->file_count = record_files_read(px, view->item->type, json, files);
	for (size_t i = 0; i < view->file_count; i++) {
		str bytes;

		if (files[i].reference.n)
			TRY(record_file_fetch(cx, px, scope->patient, &files[i]));
		lines[i] = (struct record_file_line){.title = files[i].title,
		    .type = files[i].content_type,
		    .elsewhere = files[i].elsewhere,
		    .text = files[i].text};
		if (files[i].data.n && base64_decode(cx->arena, files[i].data, &bytes))
			fill_line(px,
			    arena_printf(cx->arena, "%.*s/files/%s/%.*s/%zu", STR_ARG(scope->base),
				resource_type_name(view->item->type), STR_ARG(view->item->id), i + 1),
			    &files[i], bytes, &lines[i]);
	}
	view->files = lines;
	return NULL;
}

/* ---- the file ---- */

static str
file_name(struct arena *arena, const struct record_file *file, const char *ending)
{
	struct buf name = BUF_INIT(arena);

	for (size_t i = 0; i < file->title.n && name.n < 60; i++) {
		char c = file->title.p[i];
		bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');

		if (plain)
			buf_add_char(&name, c);
		else if (name.n && name.p[name.n - 1] != '-')
			buf_add_char(&name, '-');
	}
	if (name.n && name.p[name.n - 1] == '-')
		name.n--;
	if (!name.n)
		buf_add(&name, S("file"));
	buf_printf(&name, ".%s", ending);
	return buf_str(&name);
}

static fallible
respond_file(struct cx *cx, struct request *rq, const struct record_file *file)
{
	struct record_file_look look;
	str bytes;

	if (!file->data.n || !base64_decode(cx->arena, file->data, &bytes))
		return RECORD_NOT_THERE;
	look = record_file_look(file->content_type, bytes);
	respond_as_file(rq, file_name(cx->arena, file, look.ending),
	    request_query(rq, "show").n && (look.is_picture || look.is_pdf));
	respond_header(rq, "Cache-Control", S("no-store"));
	return respond(rq, 200, look.content_type, bytes);
}

fallible
get_record_file(struct cx *cx, struct request *rq)
{
	resource_type type = resource_type_find(request_param(rq, "type"));
	struct record_file files[RECORD_FILES_MAX];
	struct record_scope scope;
	struct resource resource;
	const struct json_value *json;
	struct page_cx px;
	enum record_class class;
	size_t count;
	int64_t n;

	TRY(record_scope_open(cx, rq, S("File"), &scope, &px));
	if (!type || !str_to_int64(request_param(rq, "n"), &n))
		return RECORD_NOT_THERE;
	TRY(resource_get(cx, type, request_param(rq, "id"), &resource));
	if (!uuid_equal(resource.patient.v, scope.patient.v))
		return RECORD_NOT_THERE;
	TRY(json_parse(cx->arena, resource.body, &json, NULL));
	count = record_files_read(&px, type, json, files);
	if (n < 1 || (size_t)n > count)
		return RECORD_NOT_THERE;
	if (files[n - 1].reference.n)
		TRY(record_file_fetch(cx, &px, scope.patient, &files[n - 1]));
	class = record_class_of(type, json);
	record_audit(cx, &scope, AUDIT_DOWNLOAD, record_sections[class].subject, resource.key, 1);
	return respond_file(cx, rq, &files[n - 1]);
}
