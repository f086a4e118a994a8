/* SPDX-License-Identifier: Apache-2.0 */
/* Rows of the journal beside its entries: choices, rules, alerts, what the team has seen. */
#include "care/journal/journal_comment.h"
#include "care/journal/journal_rule.h"
#include "platform/crypto/crypto.h"

/* ---- reminders ---- */

#define REMINDER_COLUMNS "patient, log, account, minute, days, next_at"
static const struct db_column REMINDER[] = {COL(struct journal_reminder, patient.v), COL(struct journal_reminder, log),
    COL(struct journal_reminder, account.v), COL(struct journal_reminder, minute), COL(struct journal_reminder, days),
    COL(struct journal_reminder, next)};

fallible
journal_reminder_row(struct cx *cx, patient_id patient, int64_t log, struct journal_reminder *out, bool *found)
{
	return db_maybe(cx, SQL("SELECT " REMINDER_COLUMNS " FROM journal_reminder WHERE patient = $1 AND log = $2"),
	    BIND(DB(patient.v), DB(log)), INTO(out, REMINDER), found);
}

fallible
journal_reminder_row_put(struct tx *tx, const struct journal_reminder *r)
{
	return db_run(tx,
	    SQL("INSERT INTO journal_reminder (patient, log, account, minute, days, next_at) VALUES ($1, $2, $3, $4, "
		"$5, $6)"
		" ON CONFLICT (patient, log) DO UPDATE SET account = excluded.account, minute = excluded.minute,"
		" days = excluded.days, next_at = excluded.next_at"),
	    BIND(DB(r->patient.v), DB(r->log), DB(r->account.v), DB(r->minute), DB(r->days), DB(r->next)), NULL);
}

fallible
journal_reminder_row_delete(struct tx *tx, patient_id patient, int64_t log)
{
	return db_run(tx, SQL("DELETE FROM journal_reminder WHERE patient = $1 AND log = $2"),
	    BIND(DB(patient.v), DB(log)), NULL);
}

fallible
journal_reminder_rows_due(struct cx *cx, int64_t count_max, struct db_rows *out)
{
	return db_all(cx,
	    SQL("SELECT " REMINDER_COLUMNS
		" FROM journal_reminder WHERE next_at <= $1 ORDER BY next_at, patient, log LIMIT $2"),
	    BIND(DB(cx->now), DB(count_max)), ROWS(struct journal_reminder, REMINDER), out);
}

fallible
journal_reminder_row_move(struct tx *tx, const struct journal_reminder *r, instant next, bool *moved)
{
	int64_t changed;

	TRY(db_run(tx, SQL("UPDATE journal_reminder SET next_at = $4 WHERE patient = $1 AND log = $2 AND next_at = $3"),
	    BIND(DB(r->patient.v), DB(r->log), DB(r->next), DB(next)), &changed));
	*moved = changed == 1;
	return NULL;
}

/* ---- rules ---- */

static const struct db_column RULE[] = {COL(struct journal_rule, id), COL(struct journal_rule, patient.v),
    COL(struct journal_rule, log), COL(struct journal_rule, field), COL(struct journal_rule, kind),
    COL(struct journal_rule, low), COL(struct journal_rule, high), COL(struct journal_rule, times),
    COL(struct journal_rule, days), COL(struct journal_rule, team.v), COL(struct journal_rule, by_team),
    COL(struct journal_rule, account.v), COL(struct journal_rule, made), COL(struct journal_rule, agreed),
    COL(struct journal_rule, ended)};

fallible
journal_rule_rows(struct cx *cx, patient_id patient, int64_t log, struct db_rows *out)
{
	return db_all(cx,
	    SQL("SELECT id, patient, log, field, kind, low, high, times, days, team, by_team, account, made, agreed, "
		"ended"
		" FROM journal_rule WHERE patient = $1 AND (log = $2 OR $2 = 0) AND ended IS NULL ORDER BY made, id"
		" LIMIT $3"),
	    BIND(DB(patient.v), DB(log), DB(RULES_MAX)), ROWS(struct journal_rule, RULE), out);
}

fallible
journal_rule_row_add(struct tx *tx, const struct journal_rule *rule)
{
	return db_run(tx,
	    SQL("INSERT INTO journal_rule (patient, id, log, field, kind, low, high, times, days, team, by_team, "
		"account,"
		" made, agreed) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)"
		" ON CONFLICT (patient, id) DO NOTHING"),
	    BIND(DB(rule->patient.v), DB(rule->id), DB(rule->log), DB(rule->field), DB(rule->kind), DB(rule->low),
		DB(rule->high), DB(rule->times), DB(rule->days), DB(rule->team.v), DB(rule->by_team),
		DB(rule->account.v), DB(rule->made), DB(rule->agreed)),
	    NULL);
}

fallible
journal_rule_row_agree(struct tx *tx, patient_id patient, struct uuid id, bool *changed)
{
	int64_t rows;

	TRY(db_run(tx,
	    SQL("UPDATE journal_rule SET agreed = $3 WHERE patient = $1 AND id = $2 AND agreed IS NULL AND ended IS "
		"NULL"),
	    BIND(DB(patient.v), DB(id), DB(tx->cx->now)), &rows));
	*changed = rows > 0;
	return NULL;
}

/* What it raised is done with as well. */
fallible
journal_rule_row_end(struct tx *tx, patient_id patient, struct uuid id, bool *changed)
{
	int64_t rows;

	TRY(db_run(tx, SQL("UPDATE journal_rule SET ended = $3 WHERE patient = $1 AND id = $2 AND ended IS NULL"),
	    BIND(DB(patient.v), DB(id), DB(tx->cx->now)), &rows));
	*changed = rows > 0;
	return db_run(tx,
	    SQL("UPDATE journal_alert SET settled = $3, settled_by = $4 WHERE patient = $1 AND rule = $2"
		" AND settled IS NULL"),
	    BIND(DB(patient.v), DB(id), DB(tx->cx->now), DB(tx->cx->who.account.v)), NULL);
}

/* ---- alerts ---- */

#define ALERT_COLUMNS "patient, rule, thread, raised, tell_at, told, settled, failed, words"
static const struct db_column ALERT[] = {COL(struct journal_alert, patient.v), COL(struct journal_alert, rule),
    COL(struct journal_alert, thread), COL(struct journal_alert, raised), COL(struct journal_alert, tell_at),
    COL(struct journal_alert, told), COL(struct journal_alert, settled), COL(struct journal_alert, failed),
    COL_BYTES(struct journal_alert, words)};

static struct seal_place
alert_place(const struct journal_alert *alert)
{
	return (struct seal_place){.table = "journal_alert", .row = alert->thread};
}

static fallible
open_alerts(struct cx *cx, struct db_rows *rows)
{
	struct journal_alert *alerts = rows->items;

	for (size_t i = 0; i < rows->count; i++)
		TRY(vault_open_text(cx, alerts[i].patient, alert_place(&alerts[i]), alerts[i].words, &alerts[i].words));
	return NULL;
}

fallible
journal_alert_row_add(struct tx *tx, const struct journal_alert *alert, bool *added)
{
	int64_t rows;
	str sealed;

	TRY(vault_seal_tx(tx, alert->patient, alert_place(alert), alert->words, &sealed));
	TRY(db_run(tx,
	    SQL("INSERT INTO journal_alert (patient, rule, thread, raised, tell_at, words)"
		" SELECT $1, $2, $3, $4, $5, $6 WHERE NOT EXISTS"
		" (SELECT 1 FROM journal_alert WHERE patient = $1 AND rule = $2 AND settled IS NULL)"),
	    BIND(DB(alert->patient.v), DB(alert->rule), DB(alert->thread), DB(alert->raised), DB(alert->tell_at),
		db_bytes(sealed)),
	    &rows));
	*added = rows > 0;
	return NULL;
}

fallible
journal_alert_rows_open(struct cx *cx, patient_id patient, struct db_rows *out)
{
	TRY(db_all(cx,
	    SQL("SELECT " ALERT_COLUMNS " FROM journal_alert WHERE patient = $1 AND settled IS NULL ORDER BY raised"
		" LIMIT $2"),
	    BIND(DB(patient.v), DB(RULES_MAX)), ROWS(struct journal_alert, ALERT), out));
	return open_alerts(cx, out);
}

fallible
journal_alert_rows_due(struct cx *cx, int64_t count_max, struct db_rows *out)
{
	TRY(db_all(cx,
	    SQL("SELECT " ALERT_COLUMNS " FROM journal_alert WHERE told IS NULL AND tell_at <= $1 ORDER BY tell_at"
		" LIMIT $2"),
	    BIND(DB(cx->now), DB(count_max)), ROWS(struct journal_alert, ALERT), out));
	return open_alerts(cx, out);
}

fallible
journal_alert_row_told(struct tx *tx, const struct journal_alert *alert, bool failed)
{
	return db_run(tx,
	    SQL("UPDATE journal_alert SET told = $4, failed = $5 WHERE patient = $1 AND rule = $2 AND thread = $3"),
	    BIND(DB(alert->patient.v), DB(alert->rule), DB(alert->thread), DB(tx->cx->now), DB(failed)), NULL);
}

fallible
journal_alert_row_settle(struct tx *tx, patient_id patient, struct uuid rule, bool *changed)
{
	int64_t rows;

	TRY(db_run(tx,
	    SQL("UPDATE journal_alert SET settled = $3, settled_by = $4 WHERE patient = $1 AND rule = $2"
		" AND settled IS NULL"),
	    BIND(DB(patient.v), DB(rule), DB(tx->cx->now), DB(tx->cx->who.account.v)), &rows));
	*changed = rows > 0;
	return NULL;
}

/* ---- seen ---- */

struct seen {
	instant at;
	account_id account;
};
static const struct db_column SEEN[] = {COL(struct seen, at), COL(struct seen, account.v)};

fallible
journal_seen_row(struct cx *cx, patient_id patient, int64_t log, instant *at, account_id *by)
{
	struct seen seen = {.at = INSTANT_NONE};
	bool found;

	TRY(db_maybe(cx,
	    SQL("SELECT at, account FROM journal_seen WHERE patient = $1 AND log = $2 ORDER BY at DESC LIMIT 1"),
	    BIND(DB(patient.v), DB(log)), INTO(&seen, SEEN), &found));
	*at = found ? seen.at : INSTANT_NONE;
	*by = seen.account;
	return NULL;
}

fallible
journal_seen_row_after(
    struct cx *cx, patient_id patient, int64_t log, instant from, instant *at, account_id *by, bool *found)
{
	struct seen seen;

	TRY(db_maybe(cx,
	    SQL("SELECT at, account FROM journal_seen WHERE patient = $1 AND log = $2 AND at >= $3 ORDER BY at LIMIT "
		"1"),
	    BIND(DB(patient.v), DB(log), DB(from)), INTO(&seen, SEEN), found));
	if (*found) {
		*at = seen.at;
		*by = seen.account;
	}
	return NULL;
}

fallible
journal_seen_row_add(struct tx *tx, patient_id patient, int64_t log)
{
	return db_run(tx,
	    SQL("INSERT INTO journal_seen (patient, log, at, account) VALUES ($1, $2, $3, $4)"
		" ON CONFLICT (patient, log, at) DO NOTHING"),
	    BIND(DB(patient.v), DB(log), DB(tx->cx->now), DB(tx->cx->who.account.v)), NULL);
}

/* ---- comments ---- */

static const struct db_column COMMENT[] = {COL(struct journal_comment, patient.v), COL(struct journal_comment, log),
    COL(struct journal_comment, entry), COL(struct journal_comment, thread), COL(struct journal_comment, at),
    COL(struct journal_comment, account.v)};

fallible
journal_comment_row_add(struct tx *tx, const struct journal_comment *c)
{
	return db_run(tx,
	    SQL("INSERT INTO journal_comment (patient, log, entry, thread, at, account) VALUES ($1, $2, $3, $4, $5, $6)"
		" ON CONFLICT (patient, log, entry, thread) DO NOTHING"),
	    BIND(DB(c->patient.v), DB(c->log), DB(c->entry), DB(c->thread), DB(c->at), DB(c->account.v)), NULL);
}

/* `entry` all zero: of every entry of the log. */
fallible
journal_comment_rows(struct cx *cx, patient_id patient, int64_t log, struct uuid entry, struct db_rows *out)
{
	if (uuid_is_none(entry))
		return db_all(cx,
		    SQL("SELECT patient, log, entry, thread, at, account FROM journal_comment"
			" WHERE patient = $1 AND log = $2 ORDER BY at DESC, thread LIMIT $3"),
		    BIND(DB(patient.v), DB(log), DB(COMMENTS_MAX)), ROWS(struct journal_comment, COMMENT), out);
	return db_all(cx,
	    SQL("SELECT patient, log, entry, thread, at, account FROM journal_comment"
		" WHERE patient = $1 AND log = $2 AND entry = $3 ORDER BY at DESC, thread LIMIT $4"),
	    BIND(DB(patient.v), DB(log), DB(entry), DB(COMMENTS_MAX)), ROWS(struct journal_comment, COMMENT), out);
}
