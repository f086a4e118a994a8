/* SPDX-License-Identifier: Apache-2.0 */
/* Rows of the patient's mailbox: terms, folders, what a search looks at. */
#include "care/messaging/mailbox_store.h"
#include "care/messaging/crisis.h"
#include "care/messaging/signature.h"
#include "care/messaging/thread_columns.h"

static const struct db_column TERMS[] = {
    COL(struct terms_row, accepted), COL(struct terms_row, version), COL(struct terms_row, at)};

fallible
terms_row_get(struct cx *cx, patient_id patient, struct terms_row *out, bool *found)
{
	return db_maybe(cx,
	    SQL("SELECT accepted, version, at FROM messaging_terms WHERE patient = $1 ORDER BY at DESC LIMIT 1"),
	    BIND(DB(patient.v)), INTO(out, TERMS), found);
}

fallible
terms_row_add(struct tx *tx, patient_id patient, account_id account, bool accepted)
{
	return db_run(tx,
	    SQL("INSERT INTO messaging_terms (patient, at, account, accepted, version) VALUES ($1, $2, $3, $4, $5)"
		" ON CONFLICT (patient, at) DO UPDATE SET account = excluded.account, accepted = excluded.accepted,"
		" version = excluded.version"),
	    BIND(DB(patient.v), DB(tx->cx->now), DB(account.v), DB(accepted), DB(MESSAGING_TERMS_VERSION)), NULL);
}

fallible
delegate_terms_row_get(struct cx *cx, patient_id patient, account_id account, int64_t *version)
{
	bool found;

	*version = 0;
	return db_maybe(cx, SQL("SELECT version FROM delegate_terms WHERE patient = $1 AND account = $2"),
	    BIND(DB(patient.v), DB(account.v)), INTO(version, ONE_INT), &found);
}

fallible
delegate_terms_row_put(struct tx *tx, patient_id patient, account_id account)
{
	return db_run(tx,
	    SQL("INSERT INTO delegate_terms (patient, account, at, version) VALUES ($1, $2, $3, $4)"
		" ON CONFLICT (patient, account) DO UPDATE SET at = excluded.at, version = excluded.version"),
	    BIND(DB(patient.v), DB(account.v), DB(tx->cx->now), DB(MESSAGING_TERMS_VERSION)), NULL);
}

/* ---- folders ---- */

const struct uuid folder_deleted = {{[15] = 1}};

struct seal_place
folder_name_place(struct uuid id)
{
	return (struct seal_place){.table = "folder.name", .row = id};
}

fallible
folder_row_put(struct tx *tx, account_id account, const struct folder *folder, struct uuid key)
{
	return db_run(tx,
	    SQL("INSERT INTO folder (account, id, patient, name, name_key, made) VALUES ($1, $2, $3, $4, $5, $6)"
		" ON CONFLICT (account, id) DO UPDATE SET name = excluded.name, name_key = excluded.name_key"),
	    BIND(
		DB(account.v), DB(folder->id), DB(folder->patient.v), db_bytes(folder->name), DB(key), DB(tx->cx->now)),
	    NULL);
}

fallible
folder_row_taken(struct cx *cx, account_id account, struct uuid id, struct uuid key, bool *out)
{
	int64_t n;

	TRY(db_one(cx, SQL("SELECT count(*) FROM folder WHERE account = $1 AND name_key = $2 AND id <> $3"),
	    BIND(DB(account.v), DB(key), DB(id)), INTO(&n, ONE_INT)));
	*out = n > 0;
	return NULL;
}

fallible
folder_row_has(struct cx *cx, account_id account, struct uuid id, bool *out)
{
	int64_t n;

	TRY(db_one(cx, SQL("SELECT count(*) FROM folder WHERE account = $1 AND id = $2 AND patient = $3"),
	    BIND(DB(account.v), DB(id), DB(cx->who.patient.v)), INTO(&n, ONE_INT)));
	*out = n > 0;
	return NULL;
}

static const struct db_column FOLDER[] = {
    COL(struct folder, id), COL(struct folder, patient.v), COL_BYTES(struct folder, name), COL(struct folder, threads)};

fallible
folder_rows(struct cx *cx, account_id account, struct db_rows *out)
{
	return db_all(cx,
	    SQL("SELECT f.id, f.patient, f.name, (SELECT count(*) FROM addressee a WHERE a.patient = f.patient"
		" AND a.account = f.account AND a.folder = f.id) FROM folder f WHERE f.account = $1 AND f.patient = $3 "
		"LIMIT $2"),
	    BIND(DB(account.v), DB(FOLDERS_MAX), DB(cx->who.patient.v)), ROWS(struct folder, FOLDER), out);
}

fallible
folder_row_threads(struct cx *cx, account_id account, struct uuid id, int64_t *out)
{
	return db_one(cx,
	    SQL("SELECT count(*) FROM folder f JOIN addressee a ON a.patient = f.patient AND a.account = f.account"
		" AND a.folder = f.id WHERE f.account = $1 AND f.id = $2"),
	    BIND(DB(account.v), DB(id)), INTO(out, ONE_INT));
}

fallible
folder_row_delete(struct tx *tx, account_id account, struct uuid id)
{
	return db_run(tx, SQL("DELETE FROM folder WHERE account = $1 AND id = $2 AND patient = $3"),
	    BIND(DB(account.v), DB(id), DB(tx->cx->who.patient.v)), NULL);
}

/* A thread from before the account was made has no row yet. */
fallible
thread_row_file(
    struct tx *tx, const struct thread *thread, account_id account, enum message_side side, struct uuid folder)
{
	return db_run(tx,
	    SQL("INSERT INTO addressee (patient, thread, account, side, since, read_n, unread, folder)"
		" VALUES ($1, $2, $3, $6, $4, 0, (SELECT count(*) FROM message WHERE patient = $1 AND thread = $2"
		"   AND author <> $3), $5) ON CONFLICT (patient, thread, account) DO UPDATE SET folder = "
		"excluded.folder"),
	    BIND(DB(thread->patient.v), DB(thread->id.v), DB(account.v), DB(tx->cx->now), DB(folder), DB((int)side)),
	    NULL);
}

fallible
thread_row_place(struct cx *cx, const struct thread *thread, account_id account, struct uuid *folder)
{
	bool found;

	*folder = (struct uuid){{0}};
	return db_maybe(cx, SQL("SELECT folder FROM addressee WHERE patient = $1 AND thread = $2 AND account = $3"),
	    BIND(DB(thread->patient.v), DB(thread->id.v), DB(account.v)), INTO(folder, ONE_UUID), &found);
}

static const struct db_column LISTED[] = {THREAD_FIELDS, COL(struct thread, unread)};
/* $4: enum folder_kind, $5: the folder, $6: the deleted ones */
#define IN_PLACE                                                                                               \
	" FROM thread t LEFT JOIN addressee a ON a.patient = t.patient AND a.thread = t.id AND a.account = $1" \
	" WHERE t.patient = $2 AND ($3 <> 1 OR a.unread > 0) AND ($3 <> 2 OR t.status = 0)"                    \
	" AND ($4 <> 0 OR a.folder IS NULL) AND ($4 <> 3 OR a.folder = $6) AND ($4 <> 4 OR a.folder = $5)"     \
	" AND ($4 <> 1 OR ((a.folder IS NULL OR a.folder <> $6) AND EXISTS (SELECT 1 FROM message m"           \
	" WHERE m.patient = t.patient AND m.thread = t.id AND m.author = $1)))"
#define PLACE_BINDS(cx, patient, query)                                                                   \
	DB((cx)->who.account.v), DB((patient).v), DB((int)(query)->filter), DB((int)(query)->place.kind), \
	    DB((query)->place.id), DB(folder_deleted)

fallible
mailbox_rows(struct cx *cx, patient_id patient, const struct mailbox_query *query, struct db_rows *out)
{
	return db_all(cx,
	    SQL("SELECT " THREAD_COLUMNS ", COALESCE(a.unread, t.message_count)" IN_PLACE
		" ORDER BY t.last_at DESC, t.id DESC LIMIT $7 OFFSET $8"),
	    BIND(PLACE_BINDS(cx, patient, query), DB(query->count_max), DB(query->offset)), ROWS(struct thread, LISTED),
	    out);
}

fallible
mailbox_row_count(struct cx *cx, patient_id patient, const struct mailbox_query *query, int64_t *out)
{
	return db_one(cx, SQL("SELECT count(*)" IN_PLACE), BIND(PLACE_BINDS(cx, patient, query)), INTO(out, ONE_INT));
}

/* ---- search ---- */

static const struct db_column FOUND[] = {COL(struct found, thread.v), COL(struct found, id), COL(struct found, n),
    COL(struct found, side), COL(struct found, author.v), COL(struct found, sent), COL_BYTES(struct found, body),
    COL_BYTES(struct found, subject), COL(struct found, team.v), COL(struct found, category),
    COL(struct found, file_count), COL(struct found, by_delegate)};

fallible
search_rows(struct cx *cx, patient_id patient, const struct message_query *query, struct db_rows *out)
{
	instant first = {0}, last = {INT64_MAX};

	return db_all(cx,
	    SQL("SELECT m.thread, m.id, m.n, m.side, m.author, m.sent, m.body, t.subject, t.team, t.category, "
		"m.attachments, m.by_delegate"
		" FROM message m JOIN thread t ON t.patient = m.patient AND t.id = m.thread"
		" WHERE m.patient = $1 AND m.recalled IS NULL AND ($2 IS NULL OR t.team = $2)"
		" AND ($3 < 0 OR t.category = $3) AND ($4 = 0 OR m.side = $4) AND m.sent >= $5 AND m.sent < $6"
		" AND ($7 = 0 OR m.attachments > 0) AND (m.sent < $8 OR (m.sent = $8 AND m.id < $9))"
		" ORDER BY m.sent DESC, m.id DESC LIMIT $10"),
	    BIND(DB(patient.v), DB(query->team.v), DB(query->category), DB(query->side),
		DB(instant_is_none(query->from) ? first : query->from),
		DB(instant_is_none(query->until) ? last : query->until), DB(query->has_file),
		DB(instant_is_none(query->before) ? last : query->before), DB(query->before_id), DB(SEARCH_OPENED_MAX)),
	    ROWS(struct found, FOUND), out);
}

/* ---- words of emergency ---- */

struct seal_place
thread_reason_place(thread_id id)
{
	return (struct seal_place){.table = "thread.urgent_reason", .row = id.v};
}

fallible
crisis_row_get(struct cx *cx, facility_id facility, str *out, bool *found)
{
	return db_maybe(cx, SQL("SELECT list FROM crisis_words WHERE facility = $1"), BIND(DB(facility.v)),
	    INTO(out, ONE_TEXT), found);
}

fallible
crisis_row_put(struct tx *tx, facility_id facility, str list)
{
	return db_run(tx,
	    SQL("INSERT INTO crisis_words (facility, list) VALUES ($1, $2)"
		" ON CONFLICT (facility) DO UPDATE SET list = excluded.list"),
	    BIND(DB(facility.v), DB(list)), NULL);
}

fallible
crisis_row_delete(struct tx *tx, facility_id facility)
{
	return db_run(tx, SQL("DELETE FROM crisis_words WHERE facility = $1"), BIND(DB(facility.v)), NULL);
}

fallible
thread_row_reason(struct tx *tx, const struct thread *thread, str sealed)
{
	return db_run(tx, SQL("UPDATE thread SET urgent_reason = $3 WHERE patient = $1 AND id = $2"),
	    BIND(DB(thread->patient.v), DB(thread->id.v), db_bytes(sealed)), NULL);
}

/* ---- signatures ---- */

static const struct db_column SIGNATURE[] = {
    COL_BYTES(struct signature, name), COL_BYTES(struct signature, title), COL(struct signature, include)};

fallible
signature_row_get(struct cx *cx, account_id account, struct signature *out, bool *found)
{
	return db_maybe(cx, SQL("SELECT name, title, include FROM signature WHERE account = $1"), BIND(DB(account.v)),
	    INTO(out, SIGNATURE), found);
}

fallible
signature_row_put(struct tx *tx, account_id account, const struct signature *sealed)
{
	return db_run(tx,
	    SQL("INSERT INTO signature (account, name, title, include) VALUES ($1, $2, $3, $4) ON CONFLICT (account)"
		" DO UPDATE SET name = excluded.name, title = excluded.title, include = excluded.include"),
	    BIND(DB(account.v), db_bytes(sealed->name), db_bytes(sealed->title), DB(sealed->include)), NULL);
}
