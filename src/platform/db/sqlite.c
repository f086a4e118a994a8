/* SPDX-License-Identifier: Apache-2.0 */
/* SQLite, inside the program: WAL, synchronous=FULL (NORMAL loses acknowledged commits at power failure: measured), one
 * writing connection, a reader per request in flight.  Statements are prepared once per connection. */
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>

#include "platform/db/db_internal.h"

#define BUSY_WAIT_MS 10000
#define RESTART_MS   20  /* how long a checkpoint waits for readers, and all writers with it */
#define CACHE_SLOTS  512 /* prepared statements per connection, a power of two */
#define CACHE_PROBES 8   /* slots looked at for one; when all are taken, one of them goes */
#define SCRIPT_KEPT  24  /* bytes of a script that is one statement and comes again: BEGIN, SAVEPOINT act, ... */
#define PARAM_DIGITS 2   /* $1 to $32 */

struct sqlite_conn;

struct db_stmt {
	struct sqlite_conn *conn;
	sqlite3_stmt *handle;
	char *text; /* as the caller wrote it */
	bool in_use, cached, row_ready;
	int64_t changes_before;
};

struct sqlite_conn {
	struct db_conn base;
	sqlite3 *handle;
	unsigned evicted; /* statements: whose turn it is next */
	struct db_stmt cache[CACHE_SLOTS];
};

/* SQLite's count of its own memory is a lock that all connections share (measured: a tenth of the CPU of a read). */
static pthread_once_t configured = PTHREAD_ONCE_INIT;

static void
configure(void)
{
	sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
}

static const struct err *
sqlite_error(struct sqlite_conn *conn, struct arena *arena, const char *doing)
{
	int code = sqlite3_extended_errcode(conn->handle);
	const char *why = sqlite3_errmsg(conn->handle);

	switch (code & 0xff) {
	case SQLITE_BUSY:
	case SQLITE_LOCKED:
		return err_logged(arena, ERR_BUSY,
		    "The service is very busy. Please try again in a moment; nothing was lost.", "sqlite %s: %s (%d)",
		    doing, why, code);
	case SQLITE_CONSTRAINT:
		return err_logged(arena, ERR_CONFLICT,
		    "This was changed by someone else a moment ago. Please look again.", "sqlite %s: constraint (%d)",
		    doing, code);
	case SQLITE_FULL:
		return err_logged(arena, ERR_BUSY,
		    "The server has no space left to save this. What you wrote is still on this page: please try again "
		    "later.",
		    "sqlite %s: the disk is full (%d)", doing, code);
	default:
		return err_logged(arena, ERR_BROKEN, "Something went wrong on our side. Nothing was changed.",
		    "sqlite %s: %s (%d)", doing, why, code);
	}
}

static void
sqlite_disconnect(struct db_conn *base)
{
	struct sqlite_conn *conn = (struct sqlite_conn *)base;

	for (size_t i = 0; i < CACHE_SLOTS; i++) {
		sqlite3_finalize(conn->cache[i].handle);
		free(conn->cache[i].text);
	}
	sqlite3_close(conn->handle);
	free(conn);
}

static const struct err *
set_up(struct sqlite_conn *conn, struct arena *arena, const char *pragmas)
{
	if (sqlite3_exec(conn->handle, pragmas, NULL, NULL, NULL) != SQLITE_OK)
		return sqlite_error(conn, arena, "pragma");
	return NULL;
}

static const struct err *
sqlite_connect(struct db *db, struct arena *arena, bool writes, struct db_conn **out)
{
	struct sqlite_conn *conn = calloc(1, sizeof(*conn));
	int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX | (writes ? SQLITE_OPEN_CREATE : 0);
	const struct err *error;

	if (!conn)
		return ERR(ERR_BUSY, "The service is very busy. Please try again in a moment.", "out of memory");
	pthread_once(&configured, configure);
	conn->base.db = db;
	conn->base.writes = writes;
	if (sqlite3_open_v2(db->sqlite_path, &conn->handle, flags, NULL) != SQLITE_OK) {
		error = conn->handle ? sqlite_error(conn, arena, "open")
		                     : ERR(ERR_BUSY, "Please try again.", "sqlite open");
		sqlite_disconnect(&conn->base);
		return error;
	}
	sqlite3_busy_timeout(conn->handle, BUSY_WAIT_MS);
	sqlite3_db_config(conn->handle, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
	/* Readers map nothing: each commit of another connection would make each of them unmap the file, and every page be
	 * faulted in again (measured: a quarter of the CPU of a read). */
	error = set_up(conn, arena,
	    writes ? "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA wal_autocheckpoint=0;"
		     "PRAGMA journal_size_limit=67108864; PRAGMA cache_size=-32768; PRAGMA mmap_size=1073741824;"
		     "PRAGMA temp_store=MEMORY; PRAGMA foreign_keys=ON; PRAGMA trusted_schema=OFF"
		   : "PRAGMA query_only=1; PRAGMA cache_size=-4096; PRAGMA mmap_size=0;"
		     "PRAGMA temp_store=MEMORY; PRAGMA trusted_schema=OFF");
	if (error) {
		sqlite_disconnect(&conn->base);
		return error;
	}
	*out = &conn->base;
	return NULL;
}

/* SQLite numbers parameters by ?1, not by $1 (which it takes for a name). */
static str
with_question_marks(struct arena *arena, const char *sql)
{
	str text = arena_str(arena, str_from_z(sql));
	char *p = (char *)(uintptr_t)text.p;

	for (size_t i = 0; i + 1 < text.n; i++)
		if (p[i] == '$' && p[i + 1] >= '1' && p[i + 1] <= '9')
			p[i] = '?';
	return text;
}

static const struct err *
prepare(struct sqlite_conn *conn, struct arena *arena, const char *sql, bool keep, sqlite3_stmt **out)
{
	str text = with_question_marks(arena, sql);

	if (sqlite3_prepare_v3(conn->handle, text.p, (int)text.n, keep ? SQLITE_PREPARE_PERSISTENT : 0, out, NULL) !=
	    SQLITE_OK)
		return sqlite_error(conn, arena, "prepare");
	return NULL;
}

/* Where the statement of this text is kept, or is to be: among its slots a free one, else each in turn. A slot whose statement
 * runs is not to be had; NULL when none is. */
static struct db_stmt *
find_slot(struct sqlite_conn *conn, const char *sql)
{
	uint64_t hash =
	    (uint64_t)(uintptr_t)sql * 0x9e3779b97f4a7c15u >> 48; /* texts are literals: their addresses differ */
	struct db_stmt *free_slot = NULL;

	for (unsigned i = 0; i < CACHE_PROBES; i++) {
		struct db_stmt *slot = &conn->cache[(hash + i) & (CACHE_SLOTS - 1)];

		if (!slot->text)
			return slot;
		if (strcmp(slot->text, sql) == 0)
			return slot->in_use ? NULL : slot;
	}
	for (unsigned i = 0; i < CACHE_PROBES && !free_slot; i++) {
		struct db_stmt *slot = &conn->cache[(hash + conn->evicted++ % CACHE_PROBES) & (CACHE_SLOTS - 1)];

		free_slot = slot->in_use ? NULL : slot;
	}
	return free_slot;
}

/* The statement of this text, prepared before or now. One that is running already (a query inside a query) is prepared for
 * this use alone. */
static const struct err *
find_stmt(struct sqlite_conn *conn, struct arena *arena, const char *sql, struct db_stmt **out)
{
	struct db_stmt *slot = find_slot(conn, sql);

	if (!slot) {
		struct db_stmt *once = ARENA_NEW(arena, struct db_stmt);
		TRY(prepare(conn, arena, sql, false, &once->handle));
		once->conn = conn;
		*out = once;
		return NULL;
	}
	if (!slot->text || strcmp(slot->text, sql) != 0) {
		sqlite3_stmt *handle;

		TRY(prepare(conn, arena, sql, true, &handle));
		sqlite3_finalize(slot->handle);
		free(slot->text);
		*slot = (struct db_stmt){.conn = conn, .handle = handle, .text = strdup(sql), .cached = true};
	}
	slot->in_use = true;
	*out = slot;
	return NULL;
}

static int
bind_value(sqlite3_stmt *handle, int at, const struct db_value *value)
{
	if (value->is_null)
		return sqlite3_bind_null(handle, at);
	switch (value->type) {
	case DB_TEXT: return sqlite3_bind_text64(handle, at, value->text.p, value->text.n, SQLITE_STATIC, SQLITE_UTF8);
	case DB_BYTES: return sqlite3_bind_blob64(handle, at, value->text.p, value->text.n, SQLITE_STATIC);
	case DB_UUID: return sqlite3_bind_blob(handle, at, value->uuid.bytes, 16, SQLITE_TRANSIENT);
	case DB_INT:
	case DB_INT32:
	case DB_BOOL:
	case DB_INSTANT: return sqlite3_bind_int64(handle, at, value->number);
	}
	return SQLITE_MISUSE;
}

static int64_t
sqlite_finish(struct db_stmt *stmt)
{
	int64_t changed = sqlite3_total_changes64(stmt->conn->handle) - stmt->changes_before;

	if (stmt->cached) {
		sqlite3_reset(stmt->handle); /* an un-reset SELECT pins the log */
		sqlite3_clear_bindings(stmt->handle);
		stmt->in_use = false;
	} else {
		sqlite3_finalize(stmt->handle);
	}
	return changed;
}

static const struct err *
sqlite_start(struct db_conn *base, struct arena *arena, struct sql sql, struct db_bind bind, struct db_stmt **out)
{
	struct sqlite_conn *conn = (struct sqlite_conn *)base;
	struct db_stmt *stmt;

	TRY(find_stmt(conn, arena, sql.text, &stmt));
	stmt->changes_before = sqlite3_total_changes64(conn->handle);
	for (size_t i = 0; i < bind.count; i++) {
		if (bind_value(stmt->handle, (int)i + 1, &bind.values[i]) != SQLITE_OK) {
			const struct err *error = sqlite_error(conn, arena, "bind");
			sqlite_finish(stmt);
			return error;
		}
	}
	*out = stmt;
	return NULL;
}

static const struct err *
sqlite_step(struct db_stmt *stmt, struct arena *arena, bool *row)
{
	switch (sqlite3_step(stmt->handle)) {
	case SQLITE_ROW: *row = true; return NULL;
	case SQLITE_DONE: *row = false; return NULL;
	default: return sqlite_error(stmt->conn, arena, "step");
	}
}

static const struct err *
sqlite_script(struct db_conn *base, struct arena *arena, const char *sql)
{
	struct sqlite_conn *conn = (struct sqlite_conn *)base;
	struct db_stmt *stmt;
	const struct err *error;
	bool row = true;

	if (strlen(sql) > SCRIPT_KEPT)
		return sqlite3_exec(conn->handle, sql, NULL, NULL, NULL) == SQLITE_OK
		           ? NULL
		           : sqlite_error(conn, arena, "script");
	TRY(sqlite_start(base, arena, (struct sql){sql}, BIND_NONE, &stmt));
	error = sqlite_step(stmt, arena, &row);
	sqlite_finish(stmt);
	return error;
}

static size_t
sqlite_column_count_of(struct db_stmt *stmt)
{
	return (size_t)sqlite3_column_count(stmt->handle);
}

static const struct err *
sqlite_column(struct db_stmt *stmt, size_t at, enum db_type type, struct db_value *out)
{
	int i = (int)at, kind = sqlite3_column_type(stmt->handle, i);
	const struct err *wrong =
	    ERR(ERR_BROKEN, "Something went wrong on our side.", "a column's type does not match its struct");

	*out = (struct db_value){.type = type, .is_null = kind == SQLITE_NULL};
	if (out->is_null)
		return NULL;
	switch (type) {
	case DB_INT:
	case DB_INT32:
	case DB_BOOL:
	case DB_INSTANT:
		if (kind != SQLITE_INTEGER)
			return wrong;
		out->number = sqlite3_column_int64(stmt->handle, i);
		return NULL;
	case DB_UUID:
		if (kind != SQLITE_BLOB || sqlite3_column_bytes(stmt->handle, i) != 16)
			return wrong;
		memcpy(out->uuid.bytes, sqlite3_column_blob(stmt->handle, i), 16);
		return NULL;
	case DB_TEXT:
	case DB_BYTES:
		if (kind != (type == DB_TEXT ? SQLITE_TEXT : SQLITE_BLOB))
			return wrong;
		out->text.p = type == DB_TEXT ? (const char *)sqlite3_column_text(stmt->handle, i)
		                              : sqlite3_column_blob(stmt->handle, i);
		out->text.n = (size_t)sqlite3_column_bytes(stmt->handle, i);
		if (!out->text.p)
			out->text.p = ""; /* an empty blob comes as NULL */
		return NULL;
	}
	return wrong;
}

static bool
sqlite_in_transaction(const struct db_conn *base)
{
	return !sqlite3_get_autocommit(((const struct sqlite_conn *)base)->handle);
}

static const struct err *
sqlite_checkpoint(struct db_conn *base, struct arena *arena, bool restart, int64_t *pages)
{
	struct sqlite_conn *conn = (struct sqlite_conn *)base;
	int mode = restart ? SQLITE_CHECKPOINT_RESTART : SQLITE_CHECKPOINT_PASSIVE, log = 0, code;

	sqlite3_busy_timeout(conn->handle, RESTART_MS);
	code = sqlite3_wal_checkpoint_v2(conn->handle, NULL, mode, &log, NULL);
	sqlite3_busy_timeout(conn->handle, BUSY_WAIT_MS);
	*pages = log > 0 ? log : 0;
	return code == SQLITE_OK || code == SQLITE_BUSY ? NULL : sqlite_error(conn, arena, "checkpoint");
}

const struct db_driver sqlite_driver = {
    .name = "sqlite",
    .groups_commits = true,
    .begin_read = "BEGIN",
    .begin_write = "BEGIN IMMEDIATE",
    .word_uuid = "BLOB",
    .word_bytes = "BLOB",
    .word_clustered = "WITHOUT ROWID",
    .connect = sqlite_connect,
    .disconnect = sqlite_disconnect,
    .start = sqlite_start,
    .step = sqlite_step,
    .column_count = sqlite_column_count_of,
    .column = sqlite_column,
    .finish = sqlite_finish,
    .script = sqlite_script,
    .in_transaction = sqlite_in_transaction,
    .checkpoint = sqlite_checkpoint,
};
