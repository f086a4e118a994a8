/* SPDX-License-Identifier: Apache-2.0 */
/* PostgreSQL through libpq: binary values both ways, statements prepared once per connection, reads in repeatable-read
 * snapshots, writes serializable.  A lost connection is reported as ERR_BUSY and never put back into the pool. */
#include <endian.h>
#include <libpq-fe.h>
#include <stdio.h>
#include <stdlib.h>

#include "platform/db/db_internal.h"

#define OID_BOOL  16
#define OID_BYTEA 17
#define OID_INT8  20
#define OID_INT2  21
#define OID_INT4  23
#define OID_TEXT  25
#define OID_UUID  2950

#define CACHE_SLOTS 256

struct db_stmt {
	struct postgres_conn *conn;
	PGresult *result;
	int row, rows;
};

struct prepared {
	char *text;
	unsigned name;
};

struct postgres_conn {
	struct db_conn base;
	PGconn *handle;
	struct prepared cache[CACHE_SLOTS];
	unsigned name_next;
};

/* What a failed result means. Message texts may hold row values, so only the SQLSTATE goes to the log. */
static const struct err *
postgres_error(struct postgres_conn *conn, struct arena *arena, const PGresult *result, const char *doing)
{
	const char *state = result ? PQresultErrorField(result, PG_DIAG_SQLSTATE) : NULL;
	str code = str_from_z(state ? state : "");

	if (PQstatus(conn->handle) != CONNECTION_OK || str_starts(code, S("08")) || str_starts(code, S("57P"))) {
		conn->base.broken = true;
		return err_logged(arena, ERR_BUSY,
		    "The service lost its database for a moment. Please try again; sending twice does no harm.",
		    "postgres %s: connection lost (%.*s)", doing, STR_ARG(code));
	}
	conn->base.retry = str_equal(code, S("40001")) || str_equal(code, S("40P01"));
	if (conn->base.retry || str_equal(code, S("55P03")))
		return err_logged(arena, ERR_BUSY,
		    "The service is very busy. Please try again in a moment; nothing was lost.", "postgres %s: %.*s",
		    doing, STR_ARG(code));
	if (str_starts(code, S("23")))
		return err_logged(arena, ERR_CONFLICT,
		    "This was changed by someone else a moment ago. Please look again.",
		    "postgres %s: constraint (%.*s)", doing, STR_ARG(code));
	if (str_starts(code, S("53")))
		return err_logged(arena, ERR_BUSY,
		    "The server has no space left to save this. What you wrote is still on this page: please try again "
		    "later.",
		    "postgres %s: out of resources (%.*s)", doing, STR_ARG(code));
	return err_logged(arena, ERR_BROKEN, "Something went wrong on our side. Nothing was changed.",
	    "postgres %s: %.*s %s", doing, STR_ARG(code),
	    result && str_starts(code, S("42")) ? PQresultErrorMessage(result) : "");
}

static const struct err *
postgres_script(struct db_conn *base, struct arena *arena, const char *sql)
{
	struct postgres_conn *conn = (struct postgres_conn *)base;
	PGresult *result = PQexec(conn->handle, sql);
	ExecStatusType status = PQresultStatus(result);
	const struct err *error = NULL;

	if (status != PGRES_COMMAND_OK && status != PGRES_TUPLES_OK)
		error = postgres_error(conn, arena, result, "script");
	else if (strcmp(sql, "COMMIT") == 0 && strcmp(PQcmdStatus(result), "COMMIT") != 0)
		error = ERR(ERR_BROKEN, "Something went wrong on our side. Nothing was changed.",
		    "postgres: the commit became a rollback");
	PQclear(result);
	return error;
}

static void
postgres_disconnect(struct db_conn *base)
{
	struct postgres_conn *conn = (struct postgres_conn *)base;

	for (size_t i = 0; i < CACHE_SLOTS; i++)
		free(conn->cache[i].text);
	PQfinish(conn->handle);
	free(conn);
}

static void
drop_notice(void *arg, const char *message)
{
	(void)arg;
	(void)message; /* notices may quote row values: none goes to standard error */
}

static const struct err *
postgres_connect(struct db *db, struct arena *arena, bool writes, struct db_conn **out)
{
	struct postgres_conn *conn = calloc(1, sizeof(*conn));
	const struct err *error;

	if (!conn)
		return ERR(ERR_BUSY, "The service is very busy. Please try again in a moment.", "out of memory");
	conn->base.db = db;
	conn->base.writes = writes;
	conn->handle = PQconnectdb(db->postgres_url);
	if (PQstatus(conn->handle) != CONNECTION_OK) {
		error = err_logged(arena, ERR_BUSY, "The database cannot be reached. Please try again in a moment.",
		    "postgres connect: %s", PQerrorMessage(conn->handle));
		postgres_disconnect(&conn->base);
		return error;
	}
	PQsetNoticeProcessor(conn->handle, drop_notice, NULL);
	error = postgres_script(&conn->base, arena,
	    "SET client_encoding = 'UTF8'; SET TimeZone = 'UTC'; SET lock_timeout = '10s';"
	    "SET idle_in_transaction_session_timeout = '300s'");
	if (!error && writes) /* a small table read whole is locked whole, against everybody's new rows */
		error = postgres_script(&conn->base, arena, "SET enable_seqscan = off");
	if (error) {
		postgres_disconnect(&conn->base);
		return error;
	}
	*out = &conn->base;
	return NULL;
}

/* ---- values on the wire: big-endian binary ---- */

struct wire {
	Oid types[DB_BIND_MAX];
	const char *values[DB_BIND_MAX];
	int lengths[DB_BIND_MAX], formats[DB_BIND_MAX];
	uint64_t numbers[DB_BIND_MAX];
};

static Oid
oid_of(enum db_type type)
{
	switch (type) {
	case DB_TEXT: return OID_TEXT;
	case DB_BYTES: return OID_BYTEA;
	case DB_UUID: return OID_UUID;
	case DB_INT:
	case DB_INT32:
	case DB_BOOL:
	case DB_INSTANT: return OID_INT8;
	}
	return 0;
}

static void
wire_values(struct wire *wire, struct db_bind bind)
{
	for (size_t i = 0; i < bind.count; i++) {
		const struct db_value *value = &bind.values[i];

		wire->types[i] = oid_of(value->type);
		wire->formats[i] = 1;
		wire->values[i] = NULL;
		wire->lengths[i] = 0;
		if (value->is_null)
			continue;
		switch (value->type) {
		case DB_TEXT:
		case DB_BYTES:
			wire->values[i] = value->text.p;
			wire->lengths[i] = (int)value->text.n;
			break;
		case DB_UUID:
			wire->values[i] = (const char *)value->uuid.bytes;
			wire->lengths[i] = 16;
			break;
		case DB_INT:
		case DB_INT32:
		case DB_BOOL:
		case DB_INSTANT:
			wire->numbers[i] = htobe64((uint64_t)value->number);
			wire->values[i] = (const char *)&wire->numbers[i];
			wire->lengths[i] = 8;
			break;
		}
	}
}

/* ---- statements ---- */

static const struct err *
find_prepared(
    struct postgres_conn *conn, struct arena *arena, const char *sql, size_t count, const Oid *types, char name[24])
{
	struct prepared *slot = &conn->cache[str_hash(str_from_z(sql)) & (CACHE_SLOTS - 1)];
	PGresult *result;
	const struct err *error = NULL;

	if (slot->text && strcmp(slot->text, sql) == 0) {
		snprintf(name, 24, "s%u", slot->name);
		return NULL;
	}
	if (slot->text) {
		char drop[40];
		snprintf(drop, sizeof(drop), "DEALLOCATE s%u", slot->name);
		TRY(postgres_script(&conn->base, arena, drop));
		free(slot->text);
		slot->text = NULL;
	}
	slot->name = conn->name_next++;
	snprintf(name, 24, "s%u", slot->name);
	result = PQprepare(conn->handle, name, sql, (int)count, types);
	if (PQresultStatus(result) != PGRES_COMMAND_OK)
		error = postgres_error(conn, arena, result, "prepare");
	else
		slot->text = strdup(sql);
	PQclear(result);
	return error;
}

static const struct err *
postgres_start(struct db_conn *base, struct arena *arena, struct sql sql, struct db_bind bind, struct db_stmt **out)
{
	struct postgres_conn *conn = (struct postgres_conn *)base;
	struct db_stmt *stmt = ARENA_NEW(arena, struct db_stmt);
	struct wire *wire = ARENA_NEW(arena, struct wire);
	char name[24];
	ExecStatusType status;

	wire_values(wire, bind);
	TRY(find_prepared(conn, arena, sql.text, bind.count, wire->types, name));
	stmt->conn = conn;
	stmt->row = -1;
	stmt->result =
	    PQexecPrepared(conn->handle, name, (int)bind.count, wire->values, wire->lengths, wire->formats, 1);
	status = PQresultStatus(stmt->result);
	if (status != PGRES_COMMAND_OK && status != PGRES_TUPLES_OK) {
		const struct err *error = postgres_error(conn, arena, stmt->result, "execute");
		PQclear(stmt->result);
		return error;
	}
	stmt->rows = PQntuples(stmt->result);
	*out = stmt;
	return NULL;
}

static const struct err *
postgres_step(struct db_stmt *stmt, struct arena *arena, bool *row)
{
	(void)arena;
	*row = ++stmt->row < stmt->rows;
	return NULL;
}

static size_t
postgres_column_count(struct db_stmt *stmt)
{
	return (size_t)PQnfields(stmt->result);
}

static bool
number_of(const char *p, int length, Oid type, int64_t *out)
{
	if (type == OID_INT8 && length == 8) {
		uint64_t wide;
		memcpy(&wide, p, 8);
		*out = (int64_t)be64toh(wide);
	} else if (type == OID_INT4 && length == 4) {
		uint32_t four;
		memcpy(&four, p, 4);
		*out = (int32_t)be32toh(four);
	} else if (type == OID_INT2 && length == 2) {
		uint16_t two;
		memcpy(&two, p, 2);
		*out = (int16_t)be16toh(two);
	} else if (type == OID_BOOL && length == 1) {
		*out = *p != 0;
	} else {
		return false;
	}
	return true;
}

static const struct err *
postgres_column(struct db_stmt *stmt, size_t at, enum db_type type, struct db_value *out)
{
	int i = (int)at, length = PQgetlength(stmt->result, stmt->row, i);
	const char *p = PQgetvalue(stmt->result, stmt->row, i);
	Oid oid = PQftype(stmt->result, i);
	bool fits = false;

	*out = (struct db_value){.type = type, .is_null = PQgetisnull(stmt->result, stmt->row, i)};
	if (out->is_null)
		return NULL;
	switch (type) {
	case DB_INT:
	case DB_INT32:
	case DB_BOOL:
	case DB_INSTANT: fits = number_of(p, length, oid, &out->number); break;
	case DB_UUID:
		fits = oid == OID_UUID && length == 16;
		if (fits)
			memcpy(out->uuid.bytes, p, 16);
		break;
	case DB_TEXT:
	case DB_BYTES:
		fits = oid == (type == DB_TEXT ? OID_TEXT : OID_BYTEA);
		out->text = (str){p, (size_t)length};
		break;
	}
	return fits ? NULL
	            : ERR(ERR_BROKEN, "Something went wrong on our side.", "a column's type does not match its struct");
}

static int64_t
postgres_finish(struct db_stmt *stmt)
{
	int64_t changed = 0;

	if (!str_to_int64(str_from_z(PQcmdTuples(stmt->result)), &changed))
		changed = 0;
	PQclear(stmt->result);
	return changed;
}

static bool
postgres_in_transaction(const struct db_conn *base)
{
	PGTransactionStatusType status = PQtransactionStatus(((const struct postgres_conn *)base)->handle);

	return status == PQTRANS_INTRANS || status == PQTRANS_INERROR;
}

const struct db_driver postgres_driver = {
    .name = "postgres",
    .groups_commits = false,
    .begin_read = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY",
    .begin_write = "BEGIN ISOLATION LEVEL SERIALIZABLE",
    .word_uuid = "UUID",
    .word_bytes = "BYTEA",
    .word_clustered = "",
    .connect = postgres_connect,
    .disconnect = postgres_disconnect,
    .start = postgres_start,
    .step = postgres_step,
    .column_count = postgres_column_count,
    .column = postgres_column,
    .finish = postgres_finish,
    .script = postgres_script,
    .in_transaction = postgres_in_transaction,
};
