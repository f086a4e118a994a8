/* SPDX-License-Identifier: Apache-2.0 */
/* Imports over HTTP: the file in one form or in pieces, the page of an import, what its buttons do. */
#include "care/imports/imports_pages.h"

#include "platform/format/csv.h"
#include "platform/format/json_write.h"
#include "trust/audit/audit.h"

#define GONE(log_) \
	ERR(ERR_GONE, "We could not find that. It may have been removed, or it is not shared with you.", log_)

static str
path_of(struct cx *cx, struct uuid id)
{
	return arena_printf(cx->arena, "/imports/%.*s", STR_ARG(uuid_text(cx->arena, id)));
}

static fallible
open_import(struct cx *cx, struct request *rq, struct import *out)
{
	struct uuid id;

	if (!request_param_uuid(rq, "import", &id))
		return GONE("no import's id");
	return import_get(cx, cx->who.patient, id, out);
}

/* ---- the list, and a new one ---- */

static fallible
fill_rows(struct cx *cx, const struct page_cx *px, struct imports_page *out)
{
	struct import *imports;
	struct import_row *rows;
	struct db_rows found;

	TRY(import_list(cx, cx->who.patient, &found));
	imports = found.items;
	rows = ARENA_ARRAY(cx->arena, struct import_row, found.count + 1);
	for (size_t i = 0; i < found.count; i++) {
		struct import_page page;

		TRY(import_fill(cx, px, &imports[i], &page));
		rows[i] = (struct import_row){.title = imports[i].facts.name,
		    .path = page.path,
		    .state = page.state,
		    .kind = page.kind,
		    .detail = TF3("%1, %2, %3", import_kind_words(px, imports[i].kind),
			import_size_words(px, imports[i].bytes), px_date(px, imports[i].made))};
	}
	out->rows = rows;
	out->count = found.count;
	return NULL;
}

static fallible
show_list(struct cx *cx, struct request *rq, int status, struct page_cx *px, struct imports_page *view)
{
	struct buf html = BUF_INIT(cx->arena);

	TRY(fill_rows(cx, px, view));
	view->plain_mb = IMPORT_PLAIN_BYTES_MAX / (1024 * 1024);
	if (!view->key.n)
		view->key = uuid_text(cx->arena, uuid_new(cx->now));
	page_imports(&html, px, view);
	return respond_page(rq, status, buf_str(&html));
}

fallible
get_imports(struct cx *cx, struct request *rq)
{
	struct page_cx px;
	struct imports_page view = {0};

	TRY(page_cx_for(cx, rq, tr(cx->lang, TR("Bring in a file")), "/journal", &px));
	return show_list(cx, rq, 200, &px, &view);
}

static const struct http_pair *
file_of(struct request *rq)
{
	struct http_pairs pairs = request_form_all(rq);

	for (size_t i = 0; i < pairs.count; i++)
		if (str_equal(pairs.items[i].name, S("file")) && pairs.items[i].file_name.p && pairs.items[i].value.n)
			return &pairs.items[i];
	return NULL;
}

static fallible
take_whole(struct cx *cx, const struct import_new *in, str bytes)
{
	struct import import;

	TRY(import_begin(cx, in));
	TRY(import_get(cx, in->patient, in->id, &import));
	while (import.state == IMPORT_RECEIVING && import.received < import.bytes)
		TRY(import_piece(cx, &import, import.received,
		    str_take(str_drop(bytes, (size_t)import.received), IMPORT_PIECE_BYTES)));
	TRY(import_received(cx, &import));
	return import_at_once(cx, &import);
}

fallible
post_imports(struct cx *cx, struct request *rq)
{
	struct page_cx page, *px = &page;
	struct imports_page view = {0};
	const struct http_pair *file = file_of(rq);
	struct import_new in = {.patient = cx->who.patient};
	const struct err *error;

	TRY(page_cx_for(cx, rq, tr(cx->lang, TR("Bring in a file")), "/journal", px));
	if (!request_form_uuid(rq, "key", &in.id))
		in.id = uuid_new(cx->now);
	if (file) {
		in.name = file->file_name.n ? file->file_name : T("File");
		in.bytes = (int64_t)file->value.n;
		error = take_whole(cx, &in, file->value);
		if (!error)
			return respond_see_other(rq, path_of(cx, in.id));
		if (error->code != ERR_INVALID)
			return error;
		form_error_add(cx->arena, &view.errors, S("file"), tr(px->lang, error->say));
	} else {
		form_error_add(cx->arena, &view.errors, S("file"), T("Choose a file that is not empty."));
	}
	px->title = TF1("Error: %1", px->title);
	return show_list(cx, rq, 400, px, &view);
}

/* ---- in pieces ---- */

static fallible
respond_received(struct cx *cx, struct request *rq, const struct import *import)
{
	struct buf out = BUF_INIT(cx->arena);
	struct json_writer w = JSON_WRITER(&out);

	json_write_object(&w);
	json_put_text(&w, "path", path_of(cx, import->id));
	json_put_int64(&w, "received", import->received);
	json_put_int64(&w, "piece", (int64_t)IMPORT_PIECE_BYTES);
	json_put_bool(&w, "done", import->state != IMPORT_RECEIVING);
	json_write_end(&w);
	json_write_done(&w);
	return respond(rq, 200, "application/json", buf_str(&out));
}

/* The same file chosen again goes on: same name, same length, not whole yet. */
static fallible
find_begun(struct cx *cx, const struct import_new *in, struct uuid *id)
{
	const struct import *imports;
	struct db_rows rows;

	*id = in->id;
	TRY(import_list(cx, in->patient, &rows));
	imports = rows.items;
	for (size_t i = 0; i < rows.count; i++)
		if (imports[i].state == IMPORT_RECEIVING && imports[i].bytes == in->bytes &&
		    str_equal(imports[i].facts.name, in->name) && uuid_equal(imports[i].account.v, cx->who.account.v))
			*id = imports[i].id;
	return NULL;
}

fallible
post_imports_begin(struct cx *cx, struct request *rq)
{
	struct import_new in = {.patient = cx->who.patient, .name = request_form(rq, "name")};
	struct import import;
	struct uuid begun;

	if (!request_form_uuid(rq, "key", &in.id) || !str_to_int64(request_form(rq, "bytes"), &in.bytes))
		return ERR(ERR_INVALID, TR("Go back and choose the file again."), "an import without key or length");
	TRY(find_begun(cx, &in, &begun));
	in.id = begun;
	TRY(import_begin(cx, &in));
	TRY(import_get(cx, in.patient, in.id, &import));
	return respond_received(cx, rq, &import);
}

fallible
post_import_piece(struct cx *cx, struct request *rq)
{
	struct import import;
	int64_t at;

	TRY(open_import(cx, rq, &import));
	if (!str_to_int64(request_param(rq, "at"), &at) || at < 0)
		return GONE("no place of a piece");
	if (request_body(rq).n)
		TRY(import_piece(cx, &import, at, request_body(rq)));
	TRY(import_received(cx, &import));
	TRY(import_at_once(cx, &import));
	return respond_received(cx, rq, &import);
}

/* ---- one import ---- */

static fallible
fill_columns(
    struct cx *cx, struct request *rq, const struct page_cx *px, struct import *import, struct import_page *view)
{
	struct import_columns_form *form = ARENA_NEW(cx->arena, struct import_columns_form);
	struct import_columns columns = import->facts.columns;
	const struct journal_log *chosen = journal_log_find(request_query(rq, "log"));
	struct import_table table;
	uint64_t open;

	if (chosen && chosen != columns.log) {
		TRY(import_open_logs(cx, import->patient, &open));
		TRY(import_table_read(cx, import, &table));
		columns.log = open >> chosen->number & 1 ? chosen : columns.log;
		import_columns_guess(px, &table, open, &columns);
	}
	TRY(import_columns_form(cx, px, import, &columns, form));
	view->columns = form;
	view->folds_columns = import->state == IMPORT_ASKING && !chosen;
	return NULL;
}

static bool
asks_for_columns(const struct import *import)
{
	return import->kind == IMPORT_CSV && (import->state == IMPORT_COLUMNS || import->state == IMPORT_ASKING);
}

fallible
get_import(struct cx *cx, struct request *rq)
{
	struct page_cx px;
	struct import import;
	struct import_page view;
	struct buf html = BUF_INIT(cx->arena);

	TRY(open_import(cx, rq, &import));
	TRY(page_cx_for(cx, rq, STR_NONE, "/journal", &px));
	TRY(import_fill(cx, &px, &import, &view));
	if (asks_for_columns(&import))
		TRY(fill_columns(cx, rq, &px, &import, &view));
	px.live = true;
	px.title = arena_printf(cx->arena, "%.*s: %.*s", STR_ARG(import.facts.name), STR_ARG(view.state));
	audit_add_read(cx, &(struct audit){.action = AUDIT_VIEW,
			       .subject = AUDIT_JOURNAL,
			       .patient = import.patient,
			       .item = import.id,
			       .why = cx->who.is & WHO_DELEGATE ? ACCESS_DELEGATE : ACCESS_SELF});
	page_import(&html, &px, &view);
	return respond_page(rq, 200, buf_str(&html));
}

fallible
post_import_columns(struct cx *cx, struct request *rq)
{
	struct page_cx page, *px = &page;
	struct import import;
	struct import_page view;
	struct import_columns_form *form = ARENA_NEW(cx->arena, struct import_columns_form);
	struct import_columns columns;
	struct form_errors errors = {0};
	struct buf html = BUF_INIT(cx->arena);
	uint64_t open;

	TRY(open_import(cx, rq, &import));
	TRY(page_cx_for(cx, rq, import.facts.name, "/journal", px));
	if (!asks_for_columns(&import))
		return respond_see_other(rq, path_of(cx, import.id));
	TRY(import_open_logs(cx, import.patient, &open));
	columns = import.facts.columns;
	columns.log = journal_log_find(request_form(rq, "log"));
	if (!columns.log || !(open >> columns.log->number & 1))
		return GONE("a log that is not open to the caller");
	TRY(import_columns_form(cx, px, &import, &columns, form));
	if (import_columns_sent(px, rq, form, &columns, &errors)) {
		TRY(import_set_columns(cx, &import, &columns));
		TRY(import_at_once(cx, &import));
		return respond_see_other(rq, path_of(cx, import.id));
	}
	*form = (struct import_columns_form){.errors = errors};
	TRY(import_columns_form(cx, px, &import, &columns, form));
	TRY(import_fill(cx, px, &import, &view));
	view.columns = form;
	px->title = TF1("Error: %1", px->title);
	page_import(&html, px, &view);
	return respond_page(rq, 400, buf_str(&html));
}

/* A button that sets the import going. */
static fallible
press(struct cx *cx, struct request *rq, fallible(deed)(struct cx *, struct import *))
{
	struct import import;

	TRY(open_import(cx, rq, &import));
	TRY(deed(cx, &import));
	TRY(import_at_once(cx, &import));
	return respond_see_other(rq, path_of(cx, import.id));
}

fallible
post_import_keep(struct cx *cx, struct request *rq)
{
	return press(cx, rq, import_keep);
}

fallible
post_import_again(struct cx *cx, struct request *rq)
{
	return press(cx, rq, import_again);
}

fallible
post_import_take_back(struct cx *cx, struct request *rq)
{
	return press(cx, rq, import_take_back);
}

fallible
post_import_cancel(struct cx *cx, struct request *rq)
{
	struct import import;
	bool gone;

	TRY(open_import(cx, rq, &import));
	TRY(import_cancel(cx, &import, &gone));
	return respond_see_other(rq, gone ? S("/imports") : path_of(cx, import.id));
}

/* ---- what was refused ---- */

fallible
get_import_refused(struct cx *cx, struct request *rq)
{
	struct import import;
	struct page_cx page, *px = &page;
	struct buf out = BUF_INIT(cx->arena);
	struct csv_writer csv = {.out = &out};
	str text;

	TRY(open_import(cx, rq, &import));
	TRY(page_cx_for(cx, rq, STR_NONE, NULL, px));
	if (!import.refused)
		return GONE("nothing was refused, or it is gone");
	buf_add(&out, S("\xEF\xBB\xBF"));
	csv_text(&csv, T("Line"));
	csv_text(&csv, T("Reason"));
	if (import.kind == IMPORT_CSV && import.facts.heads.n)
		buf_printf(&out, ",%.*s", STR_ARG(import.facts.heads));
	else
		csv_text(&csv, T("What stood there"));
	csv_row_end(&csv);
	for (int64_t n = 0; n < import.refused; n++) {
		TRY(import_chunk_text(cx, &import, PART_REFUSED, n, &text));
		buf_add(&out, text);
	}
	audit_add_read(cx, &(struct audit){.action = AUDIT_DOWNLOAD,
			       .subject = AUDIT_JOURNAL,
			       .patient = import.patient,
			       .item = import.id,
			       .why = cx->who.is & WHO_DELEGATE ? ACCESS_DELEGATE : ACCESS_SELF});
	respond_header(rq, "Content-Disposition", S("attachment; filename=\"not-readable.csv\""));
	return respond(rq, 200, "text/csv; charset=utf-8", buf_str(&out));
}

/* ---- routes ---- */

#define OWN         (WHO_PATIENT | WHO_DELEGATE)
#define PRESS_BYTES 1024
#define FORM_BYTES  (16 * 1024)
const struct route imports_routes[] = {
    {GET, "/imports", get_imports, .who = OWN},
    {POST, "/imports", post_imports, .who = OWN, .body_bytes_max = IMPORT_PLAIN_BYTES_MAX + FORM_BYTES,
	.rate = RATE_HEAVY, .writes = true},
    {POST, "/imports/begin", post_imports_begin, .who = OWN, .body_bytes_max = FORM_BYTES, .face = FACE_JSON,
	.writes = true},
    {POST, "/imports/{import}/pieces/{at}", post_import_piece, .who = OWN, .body_bytes_max = IMPORT_PIECE_BYTES,
	.face = FACE_JSON, .writes = true},
    {GET, "/imports/{import}", get_import, .who = OWN},
    {POST, "/imports/{import}/columns", post_import_columns, .who = OWN, .body_bytes_max = FORM_BYTES, .writes = true},
    {POST, "/imports/{import}/keep", post_import_keep, .who = OWN, .body_bytes_max = PRESS_BYTES, .writes = true},
    {POST, "/imports/{import}/cancel", post_import_cancel, .who = OWN, .body_bytes_max = PRESS_BYTES, .writes = true},
    {POST, "/imports/{import}/again", post_import_again, .who = OWN, .body_bytes_max = PRESS_BYTES, .writes = true},
    {POST, "/imports/{import}/take-back", post_import_take_back, .who = OWN, .body_bytes_max = PRESS_BYTES,
	.writes = true},
    {GET, "/imports/{import}/refused.csv", get_import_refused, .who = OWN, .face = FACE_PLAIN},
    {0},
};
