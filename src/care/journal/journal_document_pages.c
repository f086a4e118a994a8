/* SPDX-License-Identifier: Apache-2.0 */
/* Documents and photos: bringing them, saying what they show, taking single files away, sending them to the team.
 *
 * What surprises: a file that came in whole is kept, whatever is wrong with the rest of the form, because no browser sends it again; the
 * person then mends the rest on the form of the document that stands already. */
#include "care/journal/journal_document.h"
#include "care/journal/journal_pages_internal.h"
#include "care/messaging/messaging.h"
#include "platform/format/utf8.h"
#include "platform/pages/i18n.h"

#define ABOUT_CHARS_MAX 300

/* ---- rows ---- */

static str
record_base(struct cx *cx, const struct journal_scope *scope)
{
	return scope->own
	           ? S("/record")
	           : arena_printf(cx->arena, "/patients/%.*s/record", STR_ARG(uuid_text(cx->arena, scope->patient.v)));
}

static const struct file_type *
type_of(const struct journal_file *file)
{
	for (int64_t kind = 1; kind < FILE_KINDS; kind++)
		if (str_equal(file->content_type, str_from_z(file_type_of(kind)->content_type)))
			return file_type_of(kind);
	return file_type_of(FILE_OTHER);
}

fallible
journal_files_rows(struct cx *cx, const struct page_cx *px, const struct journal_scope *scope,
    const struct journal_entry *entry, struct journal_files *out)
{
	struct journal_file_row *rows = ARENA_ARRAY(cx->arena, struct journal_file_row, JOURNAL_FILES_MAX);

	for (size_t i = 0; i < entry->values.file_count; i++) {
		const struct journal_file *file = &entry->values.files[i];
		const struct file_type *type = type_of(file);
		struct journal_file_row *row = &rows[i];
		enum journal_file_state state;
		str finding;

		*row = (struct journal_file_row){.n = arena_printf(cx->arena, "%zu", i + 1),
		    .title = file->title,
		    .is_described = !str_equal(file->title, file->name),
		    .words = TF2("%1, %2", tr(px->lang, type->words), px_size(px, file->bytes))};
		TRY(journal_file_state(cx, scope->patient, file, &state, &finding));
		if (state != JOURNAL_FILE_THERE) {
			row->state = state == JOURNAL_FILE_HELD ? STATUS_WARNING : STATUS_DANGER;
			row->state_words = state == JOURNAL_FILE_HELD
			                       ? T("Being checked for viruses")
			                       : TF1("Not kept: the virus scanner found “%1”", finding);
			continue;
		}
		row->path = journal_file_path(cx->arena, record_base(cx, scope), entry, i + 1);
		if (type->is_image)
			row->picture = arena_printf(cx->arena, "%.*s?show=yes", STR_ARG(row->path));
		else if (str_equal(file->content_type, S("application/pdf")))
			row->opens = arena_printf(cx->arena, "%.*s?show=yes", STR_ARG(row->path));
	}
	out->rows = rows;
	out->count = entry->values.file_count;
	return NULL;
}

fallible
journal_files_marks(struct cx *cx, const struct page_cx *px, const struct journal_scope *scope,
    const struct journal_entry *entries, struct journal_line *lines, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		struct journal_files files = {0};

		TRY(journal_files_rows(cx, px, scope, &entries[i], &files));
		for (size_t f = 0; f < files.count && !lines[i].file_words.n; f++) {
			lines[i].file_state = files.rows[f].state;
			lines[i].file_words = files.rows[f].state_words;
		}
	}
	return NULL;
}

fallible
journal_files_field(struct cx *cx, const struct page_cx *px, const struct journal_scope *scope,
    const struct journal_entry *entry, struct journal_files *out)
{
	struct attachment_limits limits;

	*out = (struct journal_files){0};
	if (entry)
		TRY(journal_files_rows(cx, px, scope, entry, out));
	TRY(draft_limits(cx, scope->patient, &limits));
	out->room = JOURNAL_FILES_MAX - out->count;
	out->megabytes = limits.bytes_max / 1000000;
	return NULL;
}

/* ---- what was sent ---- */

struct sent_form {
	struct journal_scope scope;
	struct page_cx px;
	struct journal_form_page view;
	struct journal_entry entry; /* id absent: a new one */
	struct uuid key;
	struct journal_values values; /* with the files that stay and those that came */
	struct journal_incoming incoming[JOURNAL_FILES_MAX];
	size_t incoming_count;
};

static void
file_error(struct cx *cx, struct sent_form *f, str name, str words)
{
	form_error_add(cx->arena, &f->view.errors, S("file"),
	    name.n ? tr_fill(cx->arena, cx->lang, tr(cx->lang, TR("%1: %2")),
			 (const struct tr_arg[]){TR_ARG(name), TR_ARG(words)}, 2)
		   : words);
}

static bool
has_file(const struct journal_values *values, str id)
{
	for (size_t i = 0; i < values->file_count; i++)
		if (str_equal(values->files[i].id, id))
			return true;
	return false;
}

/* Chosen, or taken by the camera; a field that was left empty sends a file without name and bytes. */
static bool
is_file(const struct http_pair *pair)
{
	return (str_equal(pair->name, S("file")) || str_equal(pair->name, S("photo"))) && pair->file_name.p &&
	       (pair->file_name.n || pair->value.n);
}

/* Each file on its own: what cannot be taken is named, the others are kept. */
static fallible
take_files(struct cx *cx, struct request *rq, struct sent_form *f)
{
	struct http_pairs pairs = request_form_all(rq);
	struct journal_file_new file = {.patient = f->scope.patient, .log = f->scope.log, .document = f->key};
	const struct err *room;

	TRY(draft_limits(cx, f->scope.patient, &file.limits));
	room = journal_documents_room(cx, f->scope.patient, f->scope.log, !f->entry.id.n);
	if (room && room->code != ERR_INVALID)
		return room;
	for (size_t i = 0; i < pairs.count; i++) {
		const struct http_pair *pair = &pairs.items[i];
		struct journal_incoming *taken = &f->incoming[f->incoming_count];
		const struct err *error;

		if (!is_file(pair))
			continue;
		if (f->values.file_count == JOURNAL_FILES_MAX) {
			file_error(cx, f, pair->file_name,
			    tr(cx->lang, TR("One document may have up to 10 files. This one was not kept.")));
			continue;
		}
		if (room) {
			file_error(cx, f, pair->file_name, tr(cx->lang, room->say));
			continue;
		}
		file.name = pair->file_name;
		file.content = pair->value;
		error = journal_file_take(cx, &file, taken);
		if (error && error->code != ERR_INVALID)
			return error;
		if (error) {
			file_error(cx, f, pair->file_name, tr(cx->lang, error->say));
		} else if (!has_file(&f->values, taken->file.id)) {
			f->values.files[f->values.file_count++] = taken->file;
			f->incoming_count++;
		}
	}
	return NULL;
}

/* What the form says of the files that stand already: what they show, and which are taken away. */
static void
read_files(struct cx *cx, struct request *rq, struct sent_form *f)
{
	for (size_t i = 0; i < f->entry.values.file_count; i++) {
		struct journal_file *file = &f->values.files[f->values.file_count];
		str about = str_trim(request_form(rq, arena_z(cx->arena, arena_printf(cx->arena, "about_%zu", i + 1))));

		if (request_form(rq, arena_z(cx->arena, arena_printf(cx->arena, "drop_%zu", i + 1))).n)
			continue;
		*file = f->entry.values.files[i];
		if (about.n)
			file->title = utf8_take_chars(utf8_nfc(cx->arena, about), ABOUT_CHARS_MAX);
		f->values.file_count++;
	}
}

static fallible
keep(struct cx *cx, struct sent_form *f, const struct journal_values *values)
{
	struct journal_put in = {.patient = f->scope.patient,
	    .log = f->scope.log,
	    .key = f->key,
	    .id = f->entry.id,
	    .values = *values,
	    .incoming = f->incoming,
	    .incoming_count = f->incoming_count};
	str id;

	if (f->entry.id.n && !str_to_int64(f->view.version, &in.version))
		in.version = f->entry.version;
	TRY(journal_entry_put(cx, &in, &id));
	db_refresh(cx);
	return journal_entry_get(cx, f->scope.patient, f->scope.log, id, &f->entry);
}

/* The form of the document that stands now, with what was typed. */
static fallible
show_again(struct cx *cx, struct request *rq, struct sent_form *f)
{
	f->view.is_new = false;
	f->view.entry = f->entry.id.n ? &f->entry : NULL;
	if (f->entry.id.n) {
		f->view.key = STR_NONE;
		f->view.action =
		    arena_printf(cx->arena, "%.*s/entries/%.*s/edit", STR_ARG(f->scope.path), STR_ARG(f->entry.id));
		f->view.version = arena_printf(cx->arena, "%lld", (long long)f->entry.version);
	}
	return journal_form_show(cx, rq, 400, &f->px, &f->view, &f->values);
}

/* A document whose fields are not right yet is kept as it was, or with what is known, for the sake of its files. */
static fallible
keep_files(struct cx *cx, struct sent_form *f)
{
	struct journal_values safe = f->entry.id.n ? f->entry.values : (struct journal_values){0};

	if (!f->incoming_count)
		return NULL;
	if (!f->entry.id.n) {
		safe.text[0] = f->values.files[0].name;
		journal_now_as_time(&f->px, f->scope.log, &safe);
	}
	memcpy(safe.files, f->values.files, sizeof(safe.files));
	safe.file_count = f->values.file_count;
	f->view.files_are_safe = true;
	return keep(cx, f, &safe);
}

static bool
needs_words(const struct journal_entry *entry)
{
	for (size_t i = 0; i < entry->values.file_count; i++) {
		const struct journal_file *file = &entry->values.files[i];

		if (str_starts(file->content_type, S("image/")) && str_equal(file->title, file->name))
			return true;
	}
	return false;
}

static fallible
post_document(struct cx *cx, struct request *rq, struct sent_form *f)
{
	const char *next = "%.*s/entries/%.*s?done=saved";

	f->view.scope = &f->scope;
	journal_values_read(&f->px, rq, f->scope.log, &f->values);
	f->values.source = f->entry.values.source;
	f->values.origin = f->entry.values.origin;
	read_files(cx, rq, f);
	TRY(take_files(cx, rq, f));
	if (!f->values.text[0].n && f->values.file_count)
		f->values.text[0] = f->values.files[0].name;
	if (!f->values.file_count && !form_error(&f->view.errors, S("file")).n)
		file_error(cx, f, STR_NONE,
		    f->entry.id.n
			? tr(cx->lang, TR("A document has one file at least. To be rid of it, take the document away."))
			: tr(cx->lang, TR("Choose a file, or take a photo.")));
	if (!journal_form_look_over(&f->px, rq, &f->view, &f->values)) {
		TRY(keep_files(cx, f));
		return show_again(cx, rq, f);
	}
	if (f->values.file_count)
		TRY(keep(cx, f, &f->values));
	if (f->view.errors.count) {
		f->view.files_are_safe = f->incoming_count > 0;
		return show_again(cx, rq, f);
	}
	if (f->incoming_count && needs_words(&f->entry))
		next = "%.*s/entries/%.*s/edit?done=describe";
	return respond_see_other(rq, arena_printf(cx->arena, next, STR_ARG(f->scope.path), STR_ARG(f->entry.id)));
}

/* ---- handlers ---- */

static str
add_title(struct cx *cx)
{
	return tr(cx->lang, TR("Add a document or photo"));
}

static fallible
open_log(struct cx *cx, struct request *rq, str title, struct journal_scope *scope, struct page_cx *px)
{
	TRY(journal_scope_of(cx, rq, journal_log_find(S(JOURNAL_DOCUMENTS)), title, scope, px));
	return journal_check_may_write(scope);
}

fallible
get_journal_document_new(struct cx *cx, struct request *rq)
{
	struct page_cx page, *px = &page;
	struct journal_scope scope;
	struct journal_form_page view = {.scope = &scope};
	struct journal_values values = {0};

	TRY(open_log(cx, rq, add_title(cx), &scope, px));
	journal_now_as_time(px, scope.log, &values);
	view.action = arena_printf(cx->arena, "%.*s/new", STR_ARG(scope.path));
	view.key = uuid_text(cx->arena, uuid_new(cx->now));
	return journal_form_show(cx, rq, 200, px, &view, &values);
}

fallible
post_journal_document_new(struct cx *cx, struct request *rq)
{
	struct sent_form *f = ARENA_NEW(cx->arena, struct sent_form);

	TRY(open_log(cx, rq, add_title(cx), &f->scope, &f->px));
	if (!request_form_uuid(rq, "key", &f->key))
		f->key = uuid_new(cx->now);
	f->view.action = arena_printf(cx->arena, "%.*s/new", STR_ARG(f->scope.path));
	f->view.key = uuid_text(cx->arena, f->key);
	return post_document(cx, rq, f);
}

static str
edit_title(struct cx *cx)
{
	return tr(cx->lang, TR("Change a document"));
}

fallible
get_journal_document_edit(struct cx *cx, struct request *rq)
{
	struct page_cx page, *px = &page;
	struct journal_scope scope;
	struct journal_entry entry;
	struct journal_form_page view = {.scope = &scope, .entry = &entry};

	TRY(open_log(cx, rq, edit_title(cx), &scope, px));
	TRY(journal_entry_get(cx, scope.patient, scope.log, request_param(rq, "entry"), &entry));
	view.action = arena_printf(cx->arena, "%.*s/entries/%.*s/edit", STR_ARG(scope.path), STR_ARG(entry.id));
	view.version = arena_printf(cx->arena, "%lld", (long long)entry.version);
	if (str_equal(request_query(rq, "done"), S("describe"))) {
		px->flash_kind = NOTICE_GOOD;
		px->flash = T("Saved. One more thing: say in a few words what your pictures show.");
	}
	return journal_form_show(cx, rq, 200, px, &view, &entry.values);
}

fallible
post_journal_document_edit(struct cx *cx, struct request *rq)
{
	struct sent_form *f = ARENA_NEW(cx->arena, struct sent_form);

	TRY(open_log(cx, rq, edit_title(cx), &f->scope, &f->px));
	TRY(journal_entry_get(cx, f->scope.patient, f->scope.log, request_param(rq, "entry"), &f->entry));
	f->key = f->entry.key;
	f->view.version = request_form(rq, "version");
	f->view.entry = &f->entry;
	f->view.action =
	    arena_printf(cx->arena, "%.*s/entries/%.*s/edit", STR_ARG(f->scope.path), STR_ARG(f->entry.id));
	return post_document(cx, rq, f);
}

fallible
post_journal_document_send(struct cx *cx, struct request *rq)
{
	struct journal_scope scope;
	struct journal_entry entry;
	struct page_cx px;
	struct uuid draft;

	TRY(journal_scope_of(cx, rq, journal_log_find(S(JOURNAL_DOCUMENTS)), STR_NONE, &scope, &px));
	TRY(journal_entry_get(cx, scope.patient, scope.log, request_param(rq, "entry"), &entry));
	TRY(journal_attach_document(cx, &px, &scope, &entry, &draft));
	return respond_see_other(
	    rq, arena_printf(cx->arena, "/messages/new?draft=%.*s", STR_ARG(uuid_text(cx->arena, draft))));
}
