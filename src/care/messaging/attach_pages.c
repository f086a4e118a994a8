/* SPDX-License-Identifier: Apache-2.0 */
/* Files in forms and beside messages: what was chosen, what is there, and the download.  A file leaves as what it was found
 * to be, never as what it is called: with nosniff, a policy that lets nothing run, and as a download unless it is a picture or a
 * PDF that was asked to be shown. */
#include "care/messaging/messaging_pages.h"

#define ANSWER_BYTES_MAX    (1024 * 1024) /* larger ones are streamed */
#define SMALL_PICTURE_BYTES (100 * 1000)  /* such as plots; photos wait until somebody wants to see them */
#define REMOVE              "remove-"

/* ---- rows ---- */

static struct status
state_words(const struct page_cx *px, const struct attachment *file)
{
	switch ((enum scan_state)file->state) {
	case SCAN_WAITING: return (struct status){STATUS_WARNING, T("Being checked for viruses")};
	case SCAN_INFECTED:
		return (struct status){STATUS_DANGER, TF1("Not kept: the virus scanner found “%1”", file->finding)};
	case SCAN_CLEAN:
	case SCAN_UNCHECKED: break;
	}
	return (struct status){STATUS_PLAIN, STR_NONE};
}

void
file_rows(const struct page_cx *px, const struct attachment *files, int64_t count, struct file_row **out)
{
	struct file_row *rows = ARENA_ARRAY(px->arena, struct file_row, (size_t)count);

	for (int64_t i = 0; i < count; i++) {
		const struct attachment *file = &files[i];
		const struct file_type *type = file_type_of(file->kind);
		str id = uuid_text(px->arena, file->id);

		rows[i] = (struct file_row){.id = id,
		    .name = file->name,
		    .words = TF2("%1, %2", tr(px->lang, type->words), px_size(px, file->bytes)),
		    .state = state_words(px, file)};
		if (!attachment_is_given_out(file))
			continue;
		rows[i].path = arena_printf(px->arena, "/messages/files/%.*s", STR_ARG(id));
		rows[i].is_small = file->bytes <= SMALL_PICTURE_BYTES;
		if (type->is_image)
			rows[i].picture = arena_printf(px->arena, "%.*s?show=yes", STR_ARG(rows[i].path));
		else if (file->kind == FILE_PDF)
			rows[i].opens = arena_printf(px->arena, "%.*s?show=yes", STR_ARG(rows[i].path));
	}
	*out = rows;
}

fallible
draft_file_rows(struct cx *cx, const struct page_cx *px, patient_id patient, str key, struct file_field *out)
{
	struct db_rows files;
	struct uuid id;

	TRY(draft_limits(cx, patient, &out->limits));
	if (!uuid_parse(key, &id))
		return NULL;
	TRY(draft_attachments(cx, id, &files));
	out->count = files.count;
	file_rows(px, files.items, (int64_t)files.count, &out->rows);
	return NULL;
}

/* ---- forms ---- */

static bool
is_file(const struct http_pair *pair)
{
	return str_equal(pair->name, S("file")) && pair->file_name.p && (pair->file_name.n || pair->value.n);
}

/* Each file on its own: what cannot be taken is named, the others are kept. */
static fallible
attach_chosen(struct cx *cx, struct request *rq, const struct draft *draft, struct form_errors *errors)
{
	struct http_pairs pairs = request_form_all(rq);

	for (size_t i = 0; i < pairs.count; i++) {
		const struct http_pair *pair = &pairs.items[i];
		struct attachment file;
		const struct err *error;

		if (!is_file(pair))
			continue;
		error = message_attach(cx, draft->id, pair->file_name, pair->value, &file);
		if (!error)
			continue;
		if (error->code != ERR_INVALID)
			return error;
		form_error_add(cx->arena, errors, S("file"),
		    tr_fill(cx->arena, cx->lang, tr(cx->lang, TR("%1: %2")),
			(const struct tr_arg[]){TR_ARG(pair->file_name), TR_ARG(tr(cx->lang, error->say))}, 2));
	}
	return NULL;
}

static bool
has_files(struct request *rq)
{
	struct http_pairs pairs = request_form_all(rq);

	for (size_t i = 0; i < pairs.count; i++)
		if (is_file(&pairs.items[i]))
			return true;
	return false;
}

fallible
form_files(struct cx *cx, struct request *rq, const struct draft *draft, struct form_errors *errors, bool *again)
{
	str wanted = request_form(rq, "do");
	struct uuid id;
	bool removes = str_starts(wanted, S(REMOVE)) && uuid_parse(str_drop(wanted, sizeof(REMOVE) - 1), &id);

	*again = removes || str_equal(wanted, S("attach"));
	if (!*again && !has_files(rq))
		return NULL;
	TRY(draft_save(cx, draft));
	if (removes) {
		const struct err *error = message_detach(cx, id);
		return error && error->code != ERR_GONE ? error : NULL; /* pressed twice */
	}
	if (*again && !has_files(rq))
		form_error_add(
		    cx->arena, errors, S("file"), tr(cx->lang, TR("Choose a file first, then press “Attach”.")));
	return attach_chosen(cx, rq, draft, errors);
}

/* ---- the download ---- */

struct download {
	struct request *rq;
	struct buf *whole; /* NULL: streamed */
};

static const struct err *
pass_on(void *arg, str bytes)
{
	struct download *download = arg;

	if (!download->whole)
		return respond_stream_write(download->rq, bytes);
	buf_add(download->whole, bytes);
	return NULL;
}

fallible
get_file(struct cx *cx, struct request *rq)
{
	struct attachment file;
	const struct file_type *type;
	struct buf whole = BUF_INIT(cx->arena);
	struct download download = {.rq = rq};
	struct uuid id;
	bool shown;

	if (!request_param_uuid(rq, "file", &id))
		return NOT_FOUND;
	TRY(message_file_find(cx, id, &file));
	type = file_type_of(file.kind);
	shown = request_query(rq, "show").n && (type->is_image || file.kind == FILE_PDF);
	respond_as_file(rq, file.name, shown);
	if (file.bytes <= ANSWER_BYTES_MAX || !attachment_is_given_out(&file)) {
		download.whole = &whole;
		TRY(message_file_read(cx, &file, pass_on, &download));
		return respond(rq, 200, type->content_type, buf_str(&whole));
	}
	TRY(respond_stream_begin(rq, 200, type->content_type));
	return message_file_read(cx, &file, pass_on, &download);
}
