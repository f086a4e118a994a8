/* SPDX-License-Identifier: Apache-2.0 */
/* What may be attached, how it is kept, and when it is given out.  A file is scanned while it comes in; only when the scanner
 * is away it is kept first, held, and scanned later through the outbox. */
#include "care/attachments/attachments_store.h"
#include "platform/pages/i18n.h"

#define FILES_MAX            4 /* My HealtheVet, domain 2.1 */
#define FILE_BYTES_MAX       6000000
#define FILES_BYTES_MAX      10000000
#define FILES_MAX_LARGE      10
#define FILE_BYTES_MAX_LARGE 25000000

struct attachment_sealed {
	struct attachment row; /* name sealed */
	str name;              /* plain */
	struct uuid digest;
	struct attachment_limits limits;
	const char *scan_kind;
	str *chunks;
	size_t count;
};

bool
attachment_is_given_out(const struct attachment *attachment)
{
	return attachment->state == SCAN_CLEAN || attachment->state == SCAN_UNCHECKED;
}

struct attachment_limits
attachment_limits(bool large)
{
	return large ? (struct attachment_limits){FILES_MAX_LARGE, FILE_BYTES_MAX_LARGE,
			   FILES_MAX_LARGE * (int64_t)FILE_BYTES_MAX_LARGE, true}
	             : (struct attachment_limits){FILES_MAX, FILE_BYTES_MAX, FILES_BYTES_MAX, false};
}

/* An error whose words hold a number of the limits. */
static const struct err *
said(struct cx *cx, const char *text, int64_t number)
{
	return err_said(cx->arena, ERR_INVALID, "%.*s",
	    STR_ARG(tr_fill(cx->arena, cx->lang, tr(cx->lang, text), (const struct tr_arg[]){TR_ARG(number)}, 1)));
}

/* ---- adding ---- */

static fallible
check_file(struct cx *cx, const struct attachment_new *in, enum file_kind kind)
{
	if (in->content.n == 0)
		return ERR(ERR_INVALID, TR("This file is empty."), "empty attachment");
	if ((int64_t)in->content.n > in->limits.bytes_max)
		return said(
		    cx, TR("This file is too large. One file may have up to %1 MB."), in->limits.bytes_max / 1000000);
	if (kind == FILE_OTHER || (file_type_of(kind)->is_wide && !in->limits.is_wide))
		return in->limits.is_wide ? ERR(ERR_INVALID,
						TR("Files of this kind are not taken. You can attach pictures (PNG, "
						   "JPEG, GIF, BMP, TIFF), "
						   "PDF, text, RTF, Word, Excel and OpenDocument files without macros, "
						   "and MP4 videos."),
						"kind of attachment")
		                          : ERR(ERR_INVALID,
						TR("Files of this kind are not taken. You can attach pictures (PNG, "
						   "JPEG, GIF), PDF, text, "
						   "RTF, and Word and Excel files without macros."),
						"kind of attachment");
	return NULL;
}

static const struct err *
infected(struct cx *cx, str finding)
{
	return err_said(cx->arena, ERR_INVALID, "%.*s",
	    STR_ARG(tr_fill(cx->arena, cx->lang,
		tr(cx->lang, TR("The virus scanner found “%1” in this file, so it was not kept.")),
		(const struct tr_arg[]){TR_ARG(finding)}, 1)));
}

static fallible
scan_whole(struct cx *cx, str address, str content, enum scan_verdict *verdict, str *finding)
{
	struct scan scan;

	TRY(scan_begin(cx, address, &scan));
	for (; content.n; content = str_drop(content, ATTACHMENT_CHUNK_BYTES))
		TRY(scan_add(&scan, str_take(content, ATTACHMENT_CHUNK_BYTES)));
	return scan_end(cx, &scan, verdict, finding);
}

static fallible
scan_first(struct cx *cx, str content, int64_t *state)
{
	enum scan_verdict verdict = VERDICT_CLEAN;
	str address, finding = STR_NONE;
	const struct err *error;

	TRY(scanner_get(cx, &address));
	*state = SCAN_UNCHECKED;
	if (!address.p)
		return NULL;
	db_refresh(cx); /* the scanner may take its time: hold no snapshot */
	error = scan_whole(cx, address, content, &verdict, &finding);
	if (error && error->code != ERR_BUSY)
		return error;
	if (!error && verdict == VERDICT_INFECTED)
		return infected(cx, finding);
	*state = error ? SCAN_WAITING : SCAN_CLEAN;
	return NULL;
}

/* Each chunk's work space is given back at once: only what is stored stays in memory. */
static fallible
seal_chunks(struct cx *cx, struct attachment_sealed *out, str content)
{
	struct arena scratch = ARENA_INIT;
	struct cx part = *cx;
	const struct err *error = NULL;

	out->count = (content.n + ATTACHMENT_CHUNK_BYTES - 1) / ATTACHMENT_CHUNK_BYTES;
	out->chunks = ARENA_ARRAY(cx->arena, str, out->count);
	part.arena = &scratch;
	for (size_t i = 0; i < out->count && !error; i++) {
		str sealed = STR_NONE, piece = str_take(content, ATTACHMENT_CHUNK_BYTES);

		error = vault_seal(
		    &part, out->row.patient, attachment_chunk_place(out->row.id, (int64_t)i), piece, &sealed);
		error = error ? err_copy(cx->arena, error) : NULL;
		out->chunks[i] = arena_str(cx->arena, sealed);
		content = str_drop(content, ATTACHMENT_CHUNK_BYTES);
		arena_clear(&scratch);
	}
	cx->conn = part.conn;
	arena_release(&scratch);
	return error;
}

/* Of the patient and the content: nothing is learnt from two patients who have the same file. */
struct uuid
attachment_digest(struct cx *cx, patient_id patient, str content)
{
	unsigned char bytes[16 + 32];

	memcpy(bytes, patient.v.bytes, 16);
	sha256(content, bytes + 16);
	return vault_blind(cx->vault, "attachment.content", (str){(const char *)bytes, sizeof(bytes)});
}

fallible
attachment_look(struct cx *cx, const struct attachment_new *in, struct attachment_look *out)
{
	struct attachment_look look = {.kind = file_kind_of(in->content)};

	TRY(check_file(cx, in, look.kind));
	look.name = file_name_clean(cx->arena, in->name, look.kind);
	TRY(scan_first(cx, in->content, &look.state));
	*out = look;
	return NULL;
}

fallible
attachment_seal(
    struct cx *cx, const struct attachment_new *in, const struct attachment_look *look, struct attachment_sealed **out)
{
	struct attachment_sealed *sealed = ARENA_NEW(cx->arena, struct attachment_sealed);

	sealed->limits = in->limits;
	sealed->scan_kind = in->scan_kind ? in->scan_kind : ATTACHMENT_OUTBOX_KIND;
	sealed->name = look->name;
	sealed->digest = attachment_digest(cx, in->holder.patient, in->content);
	sealed->row = (struct attachment){.id = uuid_is_none(in->id) ? uuid_new(cx->now) : in->id,
	    .holder = in->holder.id,
	    .patient = in->holder.patient,
	    .account = in->holder.account,
	    .kind = look->kind,
	    .bytes = (int64_t)in->content.n,
	    .state = look->state,
	    .made = cx->now};
	TRY(vault_seal(
	    cx, sealed->row.patient, attachment_name_place(sealed->row.id), sealed->name, &sealed->row.name));
	TRY(seal_chunks(cx, sealed, in->content));
	*out = sealed;
	return NULL;
}

fallible
attachment_prepare(struct cx *cx, const struct attachment_new *in, struct attachment_sealed **out)
{
	struct attachment_look look;

	TRY(attachment_look(cx, in, &look));
	return attachment_seal(cx, in, &look, out);
}

static fallible
check_room(struct cx *cx, const struct attachment_sealed *sealed)
{
	struct attachment_holder holder = {sealed->row.patient, sealed->row.account, sealed->row.holder};
	struct attachment_sum sum;

	TRY(attachment_rows_sum(cx, &holder, sealed->digest, &sum));
	if (sum.same)
		return ERR(ERR_INVALID, TR("This file is attached already."), "the same attachment again");
	if (sum.count >= sealed->limits.count_max)
		return said(
		    cx, TR("There are too many files. One message may have up to %1."), sealed->limits.count_max);
	if (sum.bytes + sealed->row.bytes > sealed->limits.total_bytes_max)
		return said(cx, TR("All files together are too large. One message may have up to %1 MB."),
		    sealed->limits.total_bytes_max / 1000000);
	return NULL;
}

fallible
attachment_add(struct tx *tx, const struct attachment_sealed *sealed, struct attachment *out)
{
	const struct attachment *row = &sealed->row;

	TRY(check_room(tx->cx, sealed));
	TRY(attachment_row_add(tx, row, sealed->digest));
	for (size_t i = 0; i < sealed->count; i++)
		TRY(attachment_chunk_add(tx, row, (int64_t)i, sealed->chunks[i]));
	if (row->state == SCAN_WAITING)
		TRY(outbox_add(tx, &(struct outbox_new){.kind = sealed->scan_kind,
				       .key = uuid_text(tx->cx->arena, row->id),
				       .patient = row->patient,
				       .payload = S("")}));
	*out = *row;
	out->name = sealed->name;
	return NULL;
}

/* ---- removing ---- */

fallible
attachment_remove(struct tx *tx, const struct attachment *attachment)
{
	return attachment_row_delete(tx, attachment);
}

fallible
attachments_drop(struct tx *tx, const struct attachment_holder *holder)
{
	return attachment_rows_drop(tx, holder);
}

fallible
attachments_move(struct tx *tx, const struct attachment_holder *from, struct uuid to)
{
	return attachment_rows_move(tx, from, to);
}

/* ---- reading ---- */

static fallible
open_name(struct cx *cx, struct attachment *row)
{
	return vault_open_text(cx, row->patient, attachment_name_place(row->id), row->name, &row->name);
}

fallible
attachments_of(struct cx *cx, const struct attachment_holder *holder, struct db_rows *out)
{
	struct attachment *row;

	TRY(attachment_rows_of(cx, holder, out));
	row = out->items;
	for (size_t i = 0; i < out->count; i++)
		TRY(open_name(cx, &row[i]));
	return NULL;
}

fallible
attachments_count(struct cx *cx, const struct attachment_holder *holder, int64_t *out)
{
	return attachment_rows_count(cx, holder, out);
}

fallible
attachment_get(struct cx *cx, struct uuid id, struct attachment *out)
{
	bool found;

	TRY(attachment_row_get(cx, id, out, &found));
	if (!found)
		return ERR(ERR_GONE, "We could not find that. It may have been removed, or it is not shared with you.",
		    "no such attachment");
	return open_name(cx, out);
}

/* One chunk after the other, each in memory of its own. */
static fallible
each_chunk(struct cx *cx, const struct attachment *row, attachment_chunk_fn *each, void *arg)
{
	struct arena scratch = ARENA_INIT;
	struct cx part = *cx;
	const struct err *error = NULL;
	int64_t count = (row->bytes + ATTACHMENT_CHUNK_BYTES - 1) / ATTACHMENT_CHUNK_BYTES;

	part.arena = &scratch;
	for (int64_t n = 0; n < count && !error; n++) {
		str sealed = STR_NONE, plain = STR_NONE;

		error = attachment_chunk_get(&part, row, n, &sealed);
		if (!error)
			error =
			    vault_open_text(&part, row->patient, attachment_chunk_place(row->id, n), sealed, &plain);
		if (!error)
			error = each(arg, plain);
		error = error ? err_copy(cx->arena, error) : NULL;
		arena_clear(&scratch);
	}
	cx->conn = part.conn;
	arena_release(&scratch);
	return error;
}

fallible
attachment_read(struct cx *cx, const struct attachment *attachment, attachment_chunk_fn *each, void *arg)
{
	if (attachment->state == SCAN_WAITING)
		return ERR(ERR_CONFLICT,
		    TR("This file is still being checked for viruses. Please come back a little later."),
		    "the attachment is held");
	if (!attachment_is_given_out(attachment))
		return ERR(ERR_CONFLICT, TR("This file was not kept, because the virus scanner found something in it."),
		    "the attachment was infected");
	return each_chunk(cx, attachment, each, arg);
}

/* ---- held ones ---- */

static const struct err *
scan_chunk(void *arg, str bytes)
{
	return scan_add(arg, bytes);
}

static fallible
scan_held(struct cx *cx, str address, struct attachment *row)
{
	enum scan_verdict verdict = VERDICT_CLEAN;
	const struct err *error;
	struct scan scan;

	TRY(scan_begin(cx, address, &scan));
	error = each_chunk(cx, row, scan_chunk, &scan);
	if (error) {
		if (scan.fd >= 0)
			scan_drop(&scan);
		return error;
	}
	TRY(scan_end(cx, &scan, &verdict, &row->finding));
	row->state = verdict == VERDICT_INFECTED ? SCAN_INFECTED : SCAN_CLEAN;
	return NULL;
}

struct settling {
	struct attachment *row;
	bool changed;
};

static const struct err *
settle(struct tx *tx, void *arg)
{
	struct settling *in = arg;

	TRY(attachment_row_settle(tx, in->row, &in->changed));
	return in->changed && in->row->state == SCAN_INFECTED ? attachment_chunks_delete(tx, in->row) : NULL;
}

fallible
attachment_scan(struct cx *cx, struct uuid id, struct attachment *out, bool *changed)
{
	struct settling in = {.row = out};
	str address;

	*changed = false;
	TRY(attachment_get(cx, id, out));
	if (out->state != SCAN_WAITING)
		return NULL;
	TRY(scanner_get(cx, &address));
	if (address.p)
		TRY(scan_held(cx, address, out));
	else
		out->state = SCAN_UNCHECKED; /* the scanner was switched off meanwhile */
	TRY(db_write(cx, settle, &in));
	*changed = in.changed;
	return NULL;
}

fallible
attachment_figures(struct cx *cx, struct attachment_figures *out)
{
	return attachment_row_figures(cx, out);
}
