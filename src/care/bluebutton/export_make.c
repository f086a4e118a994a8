/* SPDX-License-Identifier: Apache-2.0 */
/* Making the downloads that were asked for, one after the other, in a thread of its own: with the rights of whoever asked, chunk
 * by chunk, each sealed and durable before the next. */
#include <openssl/evp.h>

#include "care/bluebutton/export_store.h"
#include "care/organization/organization.h"
#include "platform/jobs/jobs.h"
#include "trust/audit/audit.h"

struct making {
	struct export row;
	struct cx cx;         /* for writing: reading goes on in its own snapshot */
	struct arena scratch; /* of one chunk */
	struct buf waits;     /* less than a chunk */
	struct arena waits_arena;
	EVP_MD_CTX *digest;
	int64_t begun_ms; /* monotonic */
	int64_t chunks, done;
	str sealed;
	bool mine;
	enum notice_choice notices; /* of whoever asked */
};

static instant
now_of(const struct making *m)
{
	return instant_add_ms(m->cx.now, monotonic_ms() - m->begun_ms);
}

/* ---- chunks ---- */

static const struct err *
store_chunk(struct tx *tx, void *arg)
{
	struct making *m = arg;

	TRY(export_row_progress(tx, &m->row, now_of(m), &m->mine));
	return m->mine ? export_chunk_add(tx, &m->row, m->chunks, m->sealed) : NULL;
}

static void
tell(const struct making *m)
{
	if (m->cx.events)
		events_publish(m->cx.events, m->row.account.v, "export", S("1"));
}

static fallible
keep_chunk(struct making *m, str plain)
{
	const struct err *error;

	EVP_DigestUpdate(m->digest, plain.p, plain.n);
	m->row.bytes += (int64_t)plain.n;
	m->row.done = m->done;
	error = vault_seal(&m->cx, m->row.patient, export_chunk_place(m->row.id, m->chunks), plain, &m->sealed);
	if (!error)
		error = db_write(&m->cx, store_chunk, m);
	if (!error && !m->mine)
		error = ERR(ERR_CONFLICT, "This was stopped.", "an export was deleted, or another process makes it");
	if (!error && (monotonic_ms() - m->begun_ms > EXPORT_RUN_MS_MAX || m->row.bytes > EXPORT_BYTES_MAX))
		error = ERR(ERR_BROKEN, "This took too long.", "an export took too long or grew too large");
	if (!error && m->cx.stopping && *m->cx.stopping)
		error = ERR(ERR_BUSY, "The program stops. It goes on when it is back.", "an export was interrupted");
	m->chunks++;
	tell(m);
	return error;
}

static const struct err *
gather(void *arg, str bytes)
{
	struct making *m = arg;
	const struct err *error = NULL;

	buf_add(&m->waits, bytes);
	while (m->waits.n >= EXPORT_CHUNK_BYTES && !error) {
		error = keep_chunk(m, str_take(buf_str(&m->waits), EXPORT_CHUNK_BYTES));
		memmove(m->waits.p, m->waits.p + EXPORT_CHUNK_BYTES, m->waits.n - EXPORT_CHUNK_BYTES);
		m->waits.n -= EXPORT_CHUNK_BYTES;
	}
	if (error)
		error = err_copy(&m->waits_arena, error);
	arena_clear(&m->scratch);
	return error;
}

/* ---- as whom, and what ---- */

static fallible
become(struct cx *cx, const struct export *row, struct cx *out, int64_t *given)
{
	struct account account;
	unsigned rights = 0;

	TRY(account_get(cx, row->account, &account));
	*out = *cx;
	out->lang = (enum lang)row->lang;
	out->who = (struct who){.is = row->acting ? WHO_DELEGATE : WHO_PATIENT,
	    .account = row->account,
	    .patient = row->patient,
	    .facility = account.facility};
	TRY(access_rights_acting(out, &rights));
	*given = rights;
	return account.active ? NULL
	                      : ERR(ERR_GONE, "This account is closed.", "an export of an account that is closed");
}

static fallible
make_file(struct cx *cx, const struct export *row, struct making *m)
{
	const struct download_format *format = download_format_find(row->file);
	struct page_cx px = {.arena = cx->arena, .lang = cx->lang, .now = cx->now};
	struct bluebutton_ask ask = {.patient = row->patient, .done = &m->done};
	struct download_typed typed;
	struct sink sink = {gather, m};
	struct http_pairs query;
	struct patient patient;
	struct facility facility;
	const struct json_value *asked;
	str text;

	if (!format)
		return ERR(ERR_BROKEN, "Something went wrong on our side.", "an export of an unknown format");
	TRY(vault_open_text(cx, row->patient, export_asked_place(row->id), row->asked, &text));
	TRY(json_parse(cx->arena, text, &asked, NULL));
	TRY(query_parse(cx->arena, json_text_at(asked, "query"), &query));
	TRY(patient_get(cx, row->patient, &patient));
	TRY(facility_get(cx, patient.facility, &facility));
	TRY(zone_find(facility.zone, &px.zone));
	if (!download_ask_read(&px, query, &ask, &typed))
		return ERR(ERR_BROKEN, "Something went wrong on our side.", "an export of a bad choice");
	ask.base = json_text_at(asked, "base");
	return format->write(cx, &px, &ask, &sink);
}

/* ---- the end ---- */

static const struct err *
settle(struct tx *tx, void *arg)
{
	struct making *m = arg;
	struct buf payload = BUF_INIT(tx->cx->arena);

	TRY(export_row_progress(tx, &m->row, now_of(m), &m->mine));
	if (!m->mine)
		return NULL; /* deleted meanwhile */
	TRY(export_row_settle(tx, &m->row));
	if (m->row.state == EXPORT_WAITING)
		return NULL;
	audit_add(tx, &(struct audit){.action = m->row.state == EXPORT_READY ? AUDIT_DOWNLOAD : AUDIT_UPDATE,
			  .subject = m->row.state == EXPORT_READY ? AUDIT_RECORD : AUDIT_EXPORT,
			  .patient = m->row.patient,
			  .item = m->row.id,
			  .count = m->row.done,
			  .why = m->row.acting ? ACCESS_DELEGATE : ACCESS_SELF});
	buf_add(&payload, S("{\"reason\":\"export\",\"account\":\""));
	buf_add_uuid(&payload, m->row.account.v);
	buf_add(&payload, S("\"}"));
	if (m->notices == NOTICES_NONE)
		return NULL;
	return outbox_add(tx, &(struct outbox_new){.kind = "notice",
				  .key = arena_printf(tx->cx->arena, "export %.*s %lld",
				      STR_ARG(uuid_text(tx->cx->arena, m->row.id)), (long long)m->row.touched.ms),
				  .patient = m->row.patient,
				  .payload = buf_str(&payload)});
}

static void
decide(struct making *m, const struct err *error)
{
	instant now = now_of(m);

	m->row.touched = now;
	m->row.trouble = error ? str_from_z(err_code_name(error->code)) : STR_NONE;
	if (error && m->row.attempts < EXPORT_ATTEMPTS && error->code == ERR_BUSY) {
		m->row.state = EXPORT_WAITING;
		return;
	}
	m->row.state = error ? EXPORT_FAILED : EXPORT_READY;
	m->row.ready_at = error ? INSTANT_NONE : now;
	m->row.expires_at = instant_add_ms(now, EXPORT_DAYS * DAY_MS);
}

static fallible
run_and_end(struct cx *cx, struct making *m)
{
	unsigned char sum[32];
	struct cx reader;
	const struct err *error = become(cx, &m->row, &reader, &m->row.rights);

	if (!error) {
		error = make_file(&reader, &m->row, m);
		if (!error)
			error =
			    db_journal_flush(&reader); /* what was read is in the trail before the file can be had */
		error = error ? err_copy(cx->arena, error) : NULL;
		cx->conn = reader.conn;
	}
	if (!error && m->waits.n)
		error = keep_chunk(m, buf_str(&m->waits));
	if (error)
		LOG(LOG_WARN, "export", LOG_UUID("export", m->row.id), LOG_INT("attempt", m->row.attempts),
		    LOG_Z("code", err_code_name(error->code)), LOG_Z("why", error->log ? error->log : "-"));
	EVP_DigestFinal_ex(m->digest, sum, NULL);
	m->row.done = m->done;
	m->row.sha256 = error ? STR_NONE : hex_text(cx->arena, (str){(const char *)sum, sizeof(sum)});
	decide(m, error);
	TRY(notice_choice_get(&m->cx, m->row.account, &m->notices));
	return db_write(&m->cx, settle, m);
}

static const struct err *
claim(struct tx *tx, void *arg)
{
	struct making *m = arg;

	return export_row_claim(tx, &m->row, tx->cx->now, &m->mine);
}

static fallible
make_one(struct cx *cx, const struct export *row)
{
	struct making m = {.row = *row, .cx = *cx, .begun_ms = monotonic_ms(), .digest = EVP_MD_CTX_new()};
	const struct err *error;

	assert(m.digest);
	m.waits = (struct buf)BUF_INIT(&m.waits_arena);
	m.cx.arena = &m.scratch;
	m.cx.conn = NULL;
	m.cx.journal = NULL;
	EVP_DigestInit_ex(m.digest, EVP_sha256(), NULL);
	error = db_write(&m.cx, claim, &m);
	if (!error && m.mine) {
		m.row.attempts++;
		m.row.done = m.row.bytes = 0;
		error = run_and_end(cx, &m);
		tell(&m);
	}
	error = error ? err_copy(cx->arena, error) : NULL;
	db_release(&m.cx);
	EVP_MD_CTX_free(m.digest);
	arena_release(&m.scratch);
	arena_release(&m.waits_arena);
	return error;
}

/* ---- the timer ---- */

static const struct err *
expire(struct tx *tx, void *arg)
{
	const struct export *row = arg;

	audit_add(tx, &(struct audit){.action = AUDIT_DELETE,
			  .subject = AUDIT_EXPORT,
			  .patient = row->patient,
			  .item = row->id,
			  .why = ACCESS_SYSTEM});
	return export_row_delete(tx, row);
}

static const struct err *
give_up(struct tx *tx, void *arg)
{
	return export_row_settle(tx, arg);
}

fallible
exports_work(struct cx *cx)
{
	struct db_rows rows;
	struct export *expired, next;
	bool found;

	TRY(export_rows_expired(cx, cx->now, &rows));
	expired = rows.items;
	for (size_t i = 0; i < rows.count; i++)
		TRY(db_write(cx, expire, &expired[i]));
	TRY(export_row_next(
	    cx, instant_add_ms(cx->now, -EXPORT_WAIT_MS), instant_add_ms(cx->now, -EXPORT_SILENT_MS), &next, &found));
	if (!found)
		return NULL;
	if (next.attempts < EXPORT_ATTEMPTS)
		return make_one(cx, &next);
	next.state = EXPORT_FAILED; /* each attempt ended without a word */
	next.trouble = S("broken");
	next.touched = cx->now;
	next.expires_at = instant_add_ms(cx->now, EXPORT_DAYS * DAY_MS);
	return db_write(cx, give_up, &next);
}
