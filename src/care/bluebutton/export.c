/* SPDX-License-Identifier: Apache-2.0 */
/* Asking for a download that takes a while, and fetching what was made.  export_make.c makes it. */
#include "care/bluebutton/export_store.h"
#include "platform/format/json_write.h"
#include "trust/audit/audit.h"
#include "trust/consent/journal_share.h"

/* Only whoever asked, and only while they may read the record. */
static fallible
check(struct cx *cx, patient_id patient, enum access_why *why)
{
	return access_check(cx, patient, RIGHT_RECORD_READ, why);
}

static fallible
seal_asked(struct cx *cx, const struct export_new *in, str *sealed)
{
	struct buf text = BUF_INIT(cx->arena);
	struct json_writer w = JSON_WRITER(&text);

	json_write_object(&w);
	json_put_text(&w, "query", in->query);
	json_put_text(&w, "base", in->base);
	json_write_end(&w);
	json_write_done(&w);
	return vault_seal(cx, in->patient, export_asked_place(in->id), buf_str(&text), sealed);
}

static fallible
count_entries(struct cx *cx, const struct export_new *in, int64_t *total)
{
	int64_t *counts = ARENA_ARRAY(cx->arena, int64_t, (size_t)resource_type_count() + 1);

	TRY(resource_counts(cx, in->patient, counts));
	*total = 0;
	for (resource_type type = 1; type <= resource_type_count(); type++)
		*total += counts[type];
	*total *= in->format->passes;
	return NULL;
}

struct asking {
	struct export row;
	enum access_why why;
};

static void
note(struct tx *tx, const struct export *row, enum audit_action action, enum access_why why)
{
	audit_add(tx,
	    &(struct audit){
		.action = action, .subject = AUDIT_EXPORT, .patient = row->patient, .item = row->id, .why = (int)why});
}

static const struct err *
store_asked(struct tx *tx, void *arg)
{
	struct asking *in = arg;
	struct db_rows rows;
	const struct export *before;

	TRY(export_rows_of(tx->cx, in->row.patient, in->row.account, &rows));
	before = rows.items;
	for (size_t i = 0; i < rows.count; i++)
		if (uuid_equal(before[i].id, in->row.id))
			return NULL; /* sent twice */
	if (rows.count >= EXPORTS_MAX)
		return ERR(ERR_INVALID,
		    TR("There are too many prepared downloads. Delete one that you do not need any more."),
		    "EXPORTS_MAX");
	note(tx, &in->row, AUDIT_CREATE, in->why);
	return export_row_add(tx, &in->row);
}

fallible
export_ask(struct cx *cx, const struct export_new *in)
{
	struct asking asking = {.row = {.id = in->id,
				    .patient = in->patient,
				    .account = cx->who.account,
				    .acting = (cx->who.is & WHO_DELEGATE) != 0,
				    .lang = cx->lang,
				    .file = str_from_z(in->format->file),
				    .made = cx->now}};

	TRY(check(cx, in->patient, &asking.why));
	TRY(count_entries(cx, in, &asking.row.total));
	TRY(seal_asked(cx, in, &asking.row.asked));
	return db_write(cx, store_asked, &asking);
}

fallible
export_list(struct cx *cx, patient_id patient, struct db_rows *out)
{
	enum access_why why;

	TRY(check(cx, patient, &why));
	return export_rows_of(cx, patient, cx->who.account, out);
}

/* What a delegate was given when it was made may be in it: they must have it still. */
static fallible
check_rights(struct cx *cx, const struct export *export)
{
	unsigned rights = 0;
	instant closed;

	if (!export->acting)
		return NULL;
	TRY(journal_share_closed_at(cx, export->patient, &closed));
	if (!instant_is_none(closed) && !instant_before(closed, export->made))
		return DOWNLOAD_GONE("an export made before the patient closed a log of the journal to its delegate");
	TRY(access_rights_acting(cx, &rights));
	return (rights & export->rights) == (unsigned)export->rights
	           ? NULL
	           : DOWNLOAD_GONE("an export made with rights that its delegate has no more");
}

fallible
export_get(struct cx *cx, patient_id patient, struct uuid id, struct export *out)
{
	enum access_why why;
	bool found;

	TRY(check(cx, patient, &why));
	TRY(export_row_get(cx, patient, id, out, &found));
	if (!found || !uuid_equal(out->account.v, cx->who.account.v) ||
	    (!instant_is_none(out->expires_at) && out->expires_at.ms <= cx->now.ms))
		return DOWNLOAD_GONE("no such export of the caller");
	return check_rights(cx, out);
}

static const struct err *
drop(struct tx *tx, void *arg)
{
	const struct asking *in = arg;

	note(tx, &in->row, AUDIT_DELETE, in->why);
	return export_row_delete(tx, &in->row);
}

fallible
export_delete(struct cx *cx, const struct export *export)
{
	struct asking asking = {.row = *export};

	TRY(check(cx, export->patient, &asking.why));
	return db_write(cx, drop, &asking);
}

static const struct err *
begin_again(struct tx *tx, void *arg)
{
	struct asking *in = arg;
	bool found;

	TRY(export_row_get(tx->cx, in->row.patient, in->row.id, &in->row, &found));
	if (!found || in->row.state != EXPORT_FAILED)
		return NULL; /* somebody was faster */
	in->row.state = EXPORT_WAITING;
	in->row.attempts = in->row.done = in->row.bytes = 0;
	in->row.trouble = STR_NONE;
	in->row.touched = tx->cx->now;
	in->row.expires_at = INSTANT_NONE;
	note(tx, &in->row, AUDIT_CREATE, in->why);
	return export_row_settle(tx, &in->row);
}

fallible
export_again(struct cx *cx, const struct export *export)
{
	struct asking asking = {.row = *export};

	TRY(check(cx, export->patient, &asking.why));
	return db_write(cx, begin_again, &asking);
}

/* ---- fetching ---- */

fallible
export_read(struct cx *cx, const struct export *export, int64_t first, int64_t last, const struct sink *sink)
{
	struct arena scratch = ARENA_INIT; /* of one chunk */
	struct cx part = *cx;
	const int64_t size = (int64_t)EXPORT_CHUNK_BYTES;
	const struct err *error = NULL;

	part.arena = &scratch;
	for (int64_t n = first / size; n <= last / size && !error; n++) {
		int64_t begin = n * size < first ? first - n * size : 0;
		str sealed = STR_NONE, plain = STR_NONE;

		error = export_chunk_get(&part, export, n, &sealed);
		if (!error)
			error =
			    vault_open_text(&part, export->patient, export_chunk_place(export->id, n), sealed, &plain);
		if (!error && last < (n + 1) * size - 1)
			plain = str_take(plain, (size_t)(last - n * size + 1));
		if (!error)
			error = sink_write(sink, str_drop(plain, (size_t)begin));
		error = error ? err_copy(cx->arena, error) : NULL;
		arena_clear(&scratch);
	}
	cx->conn = part.conn;
	arena_release(&scratch);
	return error;
}
