/* SPDX-License-Identifier: Apache-2.0 */
/* The database: SQLite inside the program, or PostgreSQL.  Reads go through a read-only snapshot of the request; writes are
 * functions of an open transaction ("acts").  Knows no patient.
 *
 *	return db_one(cx,
 *	    SQL("SELECT t.id, t.patient, t.subject FROM thread t WHERE t.id = $1"),
 *	    BIND(DB(id.v)), INTO(out, THREAD));
 *
 * SQL is the common subset of both databases; parameters are $1, $2, … .  Column types in schema files: UUID, BIGINT, TEXT,
 * BYTES (each driver substitutes its own word).  Booleans and instants are BIGINT.
 * NULL and "none" are the same thing: a none instant, an all-zero uuid and an absent str are stored as NULL and come back
 * so; a NULL BIGINT comes back as 0. */
#ifndef SALVE_DB_H
#define SALVE_DB_H

#include "platform/base/base.h"

/* ---- values and rows ---- */

enum db_type { DB_INT, DB_BOOL, DB_TEXT, DB_BYTES, DB_UUID, DB_INSTANT, DB_INT32 };

struct db_value {
	enum db_type type;
	bool is_null;
	union {
		int64_t number; /* DB_INT, DB_BOOL, DB_INSTANT */
		str text;       /* DB_TEXT, DB_BYTES */
		struct uuid uuid;
	};
};

struct db_value db_int(int64_t value);
struct db_value db_bool(bool value);
struct db_value db_text(str value); /* UTF-8 without NUL */
struct db_value db_bytes(str value);
struct db_value db_uuid(struct uuid value);
struct db_value db_instant(instant value);
struct db_value db_null(void);

/* A value of any bindable type. Bytes need db_bytes(s), a typed id its `.v`. */
/* clang-format off */
#define DB(x)                         \
	_Generic((x),                 \
	    bool: db_bool,            \
	    int: db_int,              \
	    unsigned: db_int,         \
	    long: db_int,             \
	    long long: db_int,        \
	    str: db_text,             \
	    struct uuid: db_uuid,     \
	    instant: db_instant)(x)
/* clang-format on */

struct db_bind {
	const struct db_value *values;
	size_t count;
};
#define BIND(...)                                                 \
	((struct db_bind){(const struct db_value[]){__VA_ARGS__}, \
	    sizeof((const struct db_value[]){__VA_ARGS__}) / sizeof(struct db_value)})
#define BIND_NONE ((struct db_bind){NULL, 0})

struct sql {
	const char *text;
};
/* Refuses anything but a literal. */
#define SQL(literal) ((struct sql){"" literal ""})

/* One column of a result, in the order of the SELECT, and where it goes in a struct.
 *	static const struct db_column THREAD[] = {COL(struct thread, id.v), COL(struct thread, subject), ...};
 * The member's C type decides how it is read; bytes are told apart from text by COL_BYTES. */
struct db_column {
	enum db_type type;
	size_t offset;
};
/* clang-format off */
#define DB_TYPE_OF(x)              \
	_Generic((x),              \
	    bool: DB_BOOL,         \
	    int32_t: DB_INT32,     \
	    uint32_t: DB_INT32,    \
	    int64_t: DB_INT,       \
	    str: DB_TEXT,          \
	    struct uuid: DB_UUID,  \
	    instant: DB_INSTANT)
#define COL(type_, member)       {DB_TYPE_OF(((type_ *)0)->member), offsetof(type_, member)}
#define COL_BYTES(type_, member) {DB_BYTES + 0 * sizeof(((type_ *)0)->member.p), offsetof(type_, member)}
/* clang-format on */
/* A result of one column read into a plain variable: INTO(&count, ONE_INT). */
extern const struct db_column ONE_INT[1], ONE_TEXT[1], ONE_BYTES[1], ONE_UUID[1], ONE_INSTANT[1], ONE_BOOL[1];

struct db_into {
	void *row;
	size_t row_bytes;
	const struct db_column *columns;
	size_t count;
};
/* The row's type must be the one the columns were made for. Text and bytes are copied into the request's arena. */
#define INTO(row_, columns_) \
	((struct db_into){(row_), sizeof(*(row_)), (columns_), sizeof(columns_) / sizeof((columns_)[0])})
/* For db_all and db_each: the shape of a row without a place. */
#define ROWS(type_, columns_) \
	((struct db_into){NULL, sizeof(type_), (columns_), sizeof(columns_) / sizeof((columns_)[0])})

struct db_rows {
	void *items; /* an array of the row's struct, in the arena */
	size_t count;
};

/* ---- reading ---- */

/* The only row. ERR_GONE when there is none (the words are the same for "not yours"); the first when there are more. */
fallible db_one(struct cx *cx, struct sql sql, struct db_bind bind, struct db_into into);
/* The same, but absence is an answer. `found` may not be NULL. */
fallible db_maybe(struct cx *cx, struct sql sql, struct db_bind bind, struct db_into into, bool *found);
/* All rows, at most DB_ROWS_MAX (ERR_BROKEN beyond: the SELECT lacks its LIMIT). */
fallible db_all(struct cx *cx, struct sql sql, struct db_bind bind, struct db_into shape, struct db_rows *out);
/* Row by row: `row` is reused, its text lives until the callback returns. An error stops the loop. PostgreSQL's client holds
 * the whole result meanwhile, so reads without a bound go in pages by key (WHERE n > $1 ORDER BY n LIMIT 500). */
typedef fallible(db_row_fn)(void *arg, const void *row);
fallible db_each(struct cx *cx, struct sql sql, struct db_bind bind, struct db_into shape, db_row_fn *each, void *arg);

/* End the request's snapshot, so that the next read sees what was committed since. db_write does it by itself. */
void db_refresh(struct cx *cx);
/* Give back what the request holds (the router, the job loop and the command line call it once at the end). */
void db_release(struct cx *cx);

/* Run one of many steps: it has memory and a snapshot of its own, and its trail entries are durable when it ends. Its error lives in
 * the memory of `cx`, whose snapshot ends, as with db_write. Not inside an act. */
typedef fallible(db_step_fn)(struct cx *cx, void *arg);
fallible db_apart(struct cx *cx, db_step_fn *step, void *arg);

/* ---- writing ---- */

/* An open transaction. `tx->cx` reads inside it; it is a copy of the caller's cx bound to the writing connection. */
struct tx {
	struct cx *cx;
	struct db_conn *conn;
	struct buf *journal;
};

/* What a transaction does. May run more than once: it must change nothing but the database, the arena and `arg`'s results.
 * No heavy computing here (hash, parse, seal and render before). An error undoes all of it; an act that meets an error of
 * db_run must return it (PostgreSQL runs nothing more in that transaction), so "insert unless there" is ON CONFLICT. */
typedef fallible(act_fn)(struct tx *tx, void *arg);

/* Run `act` and return when it is durable. Whatever the act returned is returned. ERR_BUSY when the queue is full or the
 * database stays locked or away. */
fallible db_write(struct cx *cx, act_fn *act, void *arg);

/* Is this the cx of an act (tx->cx), so that what it reads may yet be undone? */
bool db_in_act(const struct cx *cx);

/* One statement that changes rows. `changed` (may be NULL) receives the number of rows. A statement with RETURNING goes
 * through db_one(tx->cx, …). ERR_CONFLICT when a unique key exists already. */
fallible db_run(struct tx *tx, struct sql sql, struct db_bind bind, int64_t *changed);

/* ---- the journal: an append-only, hash-chained log inside the same transaction ---- */

/* Append one entry (opaque bytes, at most 64 KiB) to the journal; it is committed with the transaction, as part of one
 * hash-chained block per commit. */
void journal_add(struct tx *tx, str entry);
/* The same for a read: kept with the request and made durable before its answer leaves (db_journal_flush). */
void journal_add_read(struct cx *cx, str entry);
/* Make the read entries durable now, and wait for it. */
fallible db_journal_flush(struct cx *cx);
/* The same without waiting: `done(arg, error)` is called, from another thread, once they are durable. */
typedef void(journal_done_fn)(void *arg, const struct err *error);
void db_journal_flush_async(struct cx *cx, journal_done_fn *done, void *arg);

struct journal_block {
	int64_t lane, sequence;
	instant at;
	str hash, entries; /* entries: each 4 bytes little-endian length, then its bytes */
};
/* Blocks of a lane after `sequence`, oldest first. */
fallible journal_blocks_after(struct cx *cx, int64_t lane, int64_t sequence, int64_t count_max, struct db_rows *out);
/* Take the next entry from a block's `entries`; false at the end. */
bool journal_next(str *entries, str *entry);

struct journal_report {
	int64_t blocks, entries;
	bool intact;
	int64_t bad_lane, bad_sequence; /* of the first block that does not fit, when not intact */
	str reason;
};
/* Recompute every chain. A changed, missing, swapped or added block makes `intact` false. */
fallible journal_verify(struct cx *cx, struct journal_report *out);

/* ---- opening ---- */

struct db_options {
	const char *sqlite_path;          /* one of these two */
	const char *postgres_url;         /* libpq connection string or URL */
	int readers;                      /* connections for snapshots; 0 = by the number of cores */
	const unsigned char *journal_key; /* 32 bytes for the journal's keyed hash; NULL refuses to write */
};

/* Open the database; creates the SQLite file when absent. Several processes may have it open: each transaction of each is
 * whole, and the journal's chain is continued by whoever commits. ERR_BUSY when PostgreSQL cannot be reached. */
fallible db_open(struct arena *arena, const struct db_options *options, struct db **out);
void db_close(struct db *db);

/* One schema step; the text holds statements separated by ';' at the end of a line. */
struct migration {
	int number;
	const char *name, *sql;
};
/* Bring the schema up to date, each step in a transaction of its own. ERR_CONFLICT when the database is newer than the
 * program. */
fallible db_migrate(struct cx *cx, const struct migration *migrations, size_t count);

/* Does the database answer? */
fallible db_ping(struct cx *cx);

/* ---- faults, for tests ---- */

enum db_fault_kind { DB_FAULT_NONE, DB_FAULT_ERROR, DB_FAULT_KILL };
/* Make the nth statement from now (1 = next) of any writing transaction fail, or end the process there. */
void db_fault_arm(struct db *db, enum db_fault_kind kind, int64_t nth);
/* How many writing statements ran since db_fault_arm. */
int64_t db_fault_count(const struct db *db);

#endif
