/* SPDX-License-Identifier: Apache-2.0 */
/* Bringing the schema up to date: numbered steps, forward only, each in one transaction.  One text serves both databases:
 * the words UUID, BYTES and CLUSTERED (a table stored in the order of its primary key, where the product can) are
 * replaced by the product's own. */
#include "platform/db/db_internal.h"

static bool
is_word_char(char c)
{
	return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_';
}

static str
take_word(str s)
{
	size_t n = 0;

	while (n < s.n && is_word_char(s.p[n]))
		n++;
	return str_take(s, n);
}

static const char *
in_dialect(struct arena *arena, const struct db_driver *driver, str sql)
{
	struct buf out = BUF_INIT(arena);

	while (sql.n) {
		str word = take_word(sql);
		size_t n = word.n ? word.n : 1;

		if (str_starts(sql, S("--"))) {
			str line;
			sql = str_cut(sql, '\n', &line);
			continue;
		}
		if (str_equal(word, S("UUID")))
			buf_add_z(&out, driver->word_uuid);
		else if (str_equal(word, S("BYTES")))
			buf_add_z(&out, driver->word_bytes);
		else if (str_equal(word, S("CLUSTERED")))
			buf_add_z(&out, driver->word_clustered);
		else
			buf_add(&out, str_take(sql, n));
		sql = str_drop(sql, n);
	}
	buf_add_char(&out, '\0');
	return out.p;
}

static const struct err *
apply(struct tx *tx, void *arg)
{
	const struct migration *migration = arg;
	const struct db_driver *driver = tx->conn->db->driver;
	int64_t done;

	/* Two processes may start at once: the one that comes second finds the step done. */
	TRY(db_one(tx->cx, SQL("SELECT count(*) FROM schema_version WHERE number = $1"), BIND(DB(migration->number)),
	    INTO(&done, ONE_INT)));
	if (done)
		return NULL;
	TRY(driver->script(tx->conn, tx->cx->arena, in_dialect(tx->cx->arena, driver, str_from_z(migration->sql))));
	return db_run(tx, SQL("INSERT INTO schema_version (number, name, applied) VALUES ($1, $2, $3)"),
	    BIND(DB(migration->number), DB(str_from_z(migration->name)), DB(tx->cx->now)), NULL);
}

static const struct err *
make_version_table(struct tx *tx, void *arg)
{
	(void)arg;
	return tx->conn->db->driver->script(tx->conn, tx->cx->arena,
	    "CREATE TABLE IF NOT EXISTS schema_version (number BIGINT PRIMARY KEY, name TEXT NOT NULL, applied BIGINT "
	    "NOT NULL)");
}

fallible
db_migrate(struct cx *cx, const struct migration *migrations, size_t count)
{
	int64_t newest;

	TRY(db_write(cx, make_version_table, NULL));
	TRY(db_one(cx, SQL("SELECT coalesce(max(number), 0) FROM schema_version"), BIND_NONE, INTO(&newest, ONE_INT)));
	db_refresh(cx);
	if (count && newest > migrations[count - 1].number)
		return err_said(cx->arena, ERR_CONFLICT,
		    "This database was made by a newer Salve (schema %lld, this program knows %d). Start the newer "
		    "program.",
		    (long long)newest, migrations[count - 1].number);
	for (size_t i = 0; i < count; i++) {
		struct migration step = migrations[i];

		if (step.number > newest)
			TRY(db_write(cx, apply, &step));
	}
	return NULL;
}
