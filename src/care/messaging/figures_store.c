/* SPDX-License-Identifier: Apache-2.0 */
/* What is counted.  A conversation's last message is its youngest, so the index (team, last_at) finds every conversation in
 * which anything of a period can lie. */
#include "care/messaging/messaging_store.h"

fallible
round_row_keep(struct tx *tx, const struct thread *t)
{
	if (instant_is_none(t->round_at))
		return NULL;
	return db_run(tx,
	    SQL("INSERT INTO thread_round (patient, thread, begun, team, due, answered_at, completed_at, completed_how,"
		" closed_by, closed_role, escalated_at, escalation_tries)"
		" VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)"
		" ON CONFLICT (patient, thread, begun) DO UPDATE SET team = excluded.team, due = excluded.due,"
		" answered_at = excluded.answered_at, completed_at = excluded.completed_at,"
		" completed_how = excluded.completed_how, closed_by = excluded.closed_by,"
		" closed_role = excluded.closed_role, escalated_at = excluded.escalated_at,"
		" escalation_tries = excluded.escalation_tries"),
	    BIND(DB(t->patient.v), DB(t->id.v), DB(t->round_at), DB(t->team.v), DB(t->due), DB(t->answered_at),
		DB(t->completed_at), DB(t->completed_how), DB(t->owner.v), DB(t->owner_role), DB(t->escalated_at),
		DB(t->escalation_tries)),
	    NULL);
}

fallible
round_row_goes_on(struct tx *tx, const struct thread *t)
{
	return db_run(tx, SQL("DELETE FROM thread_round WHERE patient = $1 AND thread = $2 AND begun = $3"),
	    BIND(DB(t->patient.v), DB(t->id.v), DB(t->round_at)), NULL);
}

/* ---- by team ---- */

static const struct db_column MESSAGE_FIGURE[] = {COL(struct message_figure, sent), COL(struct message_figure, side),
    COL(struct message_figure, author.v), COL(struct message_figure, author_role)};

fallible
messaging_each_message(struct cx *cx, team_id team, instant since, instant until, db_row_fn *each, void *arg)
{
	return db_each(cx,
	    SQL("SELECT m.sent, m.side, m.author, m.author_role FROM thread t"
		" JOIN message m ON m.patient = t.patient AND m.thread = t.id"
		" WHERE t.team = $1 AND t.last_at >= $2 AND m.sent >= $2 AND m.sent < $3 AND m.recalled IS NULL"),
	    BIND(DB(team.v), DB(since), DB(until)), ROWS(struct message_figure, MESSAGE_FIGURE), each, arg);
}

static const struct db_column ROUND_FIGURE[] = {COL(struct round_figure, begun), COL(struct round_figure, due),
    COL(struct round_figure, answered_at), COL(struct round_figure, completed_at),
    COL(struct round_figure, escalated_at), COL(struct round_figure, escalation_tries),
    COL(struct round_figure, completed_how), COL(struct round_figure, closed_by.v),
    COL(struct round_figure, closed_role), COL(struct round_figure, answered_by.v),
    COL(struct round_figure, answered_role)};
/* The first message of the team at the moment of the answer: whoever wrote it answered, even where it was taken back later and
 * another answer stands. */
#define ANSWER_OF(table, thread)                                                                               \
	" LEFT JOIN message a ON a.patient = " table ".patient AND a.thread = " table "." thread               \
	" AND a.n = (SELECT min(m.n) FROM message m WHERE m.patient = " table ".patient AND m.thread = " table \
	"." thread " AND m.side = 2 AND m.sent = " table ".answered_at)"

fallible
messaging_each_round(struct cx *cx, team_id team, instant since, instant until, db_row_fn *each, void *arg)
{
	TRY(db_each(cx,
	    SQL("SELECT t.round_at, t.due, t.answered_at, t.completed_at, t.escalated_at, t.escalation_tries,"
		" t.completed_how, t.owner, t.owner_role, a.author, a.author_role FROM thread t" ANSWER_OF(
		    "t", "id") " WHERE t.team = $1 AND t.last_at >= $2 AND t.round_at >= $2 AND t.round_at < $3"),
	    BIND(DB(team.v), DB(since), DB(until)), ROWS(struct round_figure, ROUND_FIGURE), each, arg));
	return db_each(cx,
	    SQL("SELECT r.begun, r.due, r.answered_at, r.completed_at, r.escalated_at, r.escalation_tries,"
		" r.completed_how, r.closed_by, r.closed_role, a.author, a.author_role FROM thread_round r" ANSWER_OF(
		    "r", "thread") " WHERE r.team = $1 AND r.begun >= $2 AND r.begun < $3"),
	    BIND(DB(team.v), DB(since), DB(until)), ROWS(struct round_figure, ROUND_FIGURE), each, arg);
}

static const struct db_column BEGUN_FIGURE[] = {
    COL(struct begun_figure, made), COL(struct begun_figure, begun_by), COL(struct begun_figure, to_many)};

fallible
messaging_each_begun(struct cx *cx, team_id team, instant since, instant until, db_row_fn *each, void *arg)
{
	return db_each(cx,
	    SQL("SELECT t.made, t.begun_by, CAST(CASE WHEN EXISTS (SELECT 1 FROM broadcast_patient p WHERE p.thread ="
		" t.id) THEN 1 ELSE 0 END AS BIGINT) FROM thread t"
		" WHERE t.team = $1 AND t.last_at >= $2 AND t.made >= $2 AND t.made < $3"),
	    BIND(DB(team.v), DB(since), DB(until)), ROWS(struct begun_figure, BEGUN_FIGURE), each, arg);
}

static const struct db_column OPEN_FIGURE[] = {COL(struct open_figure, status), COL(struct open_figure, owner.v),
    COL(struct open_figure, round_at), COL(struct open_figure, due), COL(struct open_figure, escalated_at)};

fallible
messaging_each_open(struct cx *cx, team_id team, db_row_fn *each, void *arg)
{
	return db_each(cx,
	    SQL("SELECT t.status, t.owner, t.round_at, t.due, t.escalated_at FROM thread t"
		" WHERE t.team = $1 AND t.status < 20"),
	    BIND(DB(team.v)), ROWS(struct open_figure, OPEN_FIGURE), each, arg);
}

static const struct db_column PANEL_FIGURE[] = {COL(struct panel_figure, patient.v),
    COL(struct panel_figure, has_account), COL(struct panel_figure, accepted_then), COL(struct panel_figure, accepted)};

#define ACCEPTED_BEFORE(moment)                                                                                        \
	"(SELECT CAST(CASE WHEN x.accepted = 1 AND x.version = $5 THEN 1 ELSE 0 END AS BIGINT) FROM messaging_terms x" \
	" WHERE x.patient = p.patient AND x.at < " moment " ORDER BY x.at DESC LIMIT 1)"

fallible
messaging_each_of_panel(struct cx *cx, team_id team, instant then, instant until, db_row_fn *each, void *arg)
{
	return db_each(cx,
	    SQL("SELECT p.patient, CAST(CASE WHEN EXISTS (SELECT 1 FROM account a WHERE a.patient = p.patient"
		" AND a.active = 1) THEN 1 ELSE 0 END AS BIGINT), " ACCEPTED_BEFORE("$3") ", " ACCEPTED_BEFORE(
		    "$4") " FROM team_patient p WHERE p.team = $1 AND p.since <= $2 AND p.until > $2"),
	    BIND(DB(team.v), DB(cx->now), DB(then), DB(until), DB(MESSAGING_TERMS_VERSION)),
	    ROWS(struct panel_figure, PANEL_FIGURE), each, arg);
}

fallible
messaging_received_since(struct cx *cx, team_id team, instant since, bool *yes)
{
	int64_t n;

	TRY(db_one(cx,
	    SQL("SELECT count(*) FROM (SELECT 1 FROM thread t JOIN message m ON m.patient = t.patient AND m.thread = "
		"t.id"
		" WHERE t.team = $1 AND t.last_at >= $2 AND m.side = 1 AND m.sent >= $2 LIMIT 1) x"),
	    BIND(DB(team.v), DB(since)), INTO(&n, ONE_INT)));
	*yes = n > 0;
	return NULL;
}

static const struct db_column ASSOCIATION[] = {COL(struct association, patient.v), COL(struct association, team.v),
    COL(struct association, relation), COL(struct association, since), COL(struct association, made_by.v)};

fallible
messaging_associations_unused(
    struct cx *cx, facility_id facility, instant since, int64_t count_max, struct db_rows *out)
{
	struct association *item;

	TRY(db_all(cx,
	    SQL("SELECT p.patient, p.team, p.relation, p.since, p.made_by FROM team g"
		" JOIN team_patient p ON p.team = g.id"
		" WHERE g.facility = $1 AND g.active = 1 AND p.relation = 6 AND p.until > $2 AND p.since < $3"
		" AND NOT EXISTS (SELECT 1 FROM thread t WHERE t.patient = p.patient AND t.team = p.team"
		"  AND (t.status < 20 OR t.last_at >= $3)) ORDER BY p.since, p.patient, p.team LIMIT $4"),
	    BIND(DB(facility.v), DB(cx->now), DB(since), DB(count_max)), ROWS(struct association, ASSOCIATION), out));
	item = out->items;
	for (size_t i = 0; i < out->count; i++)
		item[i].until = INSTANT_NONE;
	return NULL;
}

/* ---- around one patient ---- */

static const struct db_column EXCHANGE[] = {COL(struct exchange, at), COL(struct exchange, thread.v),
    COL(struct exchange, team.v), COL(struct exchange, kind), COL(struct exchange, what), COL(struct exchange, side),
    COL(struct exchange, who.v), COL(struct exchange, whom.v), COL(struct exchange, recalled)};

fallible
messaging_exchanges(struct cx *cx, patient_id patient, instant since, instant until, struct db_rows *out)
{
	return db_all(cx,
	    SQL("SELECT x.at, x.thread, x.team, x.kind, x.what, x.side, x.who, x.whom, x.recalled FROM ("
		"SELECT m.sent AS at, m.thread AS thread, t.team AS team, CAST(1 AS BIGINT) AS kind,"
		" m.by_delegate AS what, m.side AS side, m.author AS who, NULL AS whom,"
		" CAST(CASE WHEN m.recalled IS NULL THEN 0 ELSE 1 END AS BIGINT) AS recalled"
		" FROM message m JOIN thread t ON t.patient = m.patient AND t.id = m.thread WHERE m.patient = $1"
		" UNION ALL SELECT e.at, e.thread, coalesce(e.team, t.team), 2, e.kind, 0, e.actor,"
		" CASE WHEN e.kind IN (1, 3) THEN e.other ELSE NULL END, 0"
		" FROM thread_event e JOIN thread t ON t.patient = e.patient AND t.id = e.thread WHERE e.patient = $1"
		" UNION ALL SELECT t.completed_at, t.id, t.team, 3, t.completed_how, 0, t.owner, NULL, 0"
		" FROM thread t WHERE t.patient = $1 AND t.completed_at IS NOT NULL AND t.completed_how NOT IN (5, 6)"
		" UNION ALL SELECT r.completed_at, r.thread, r.team, 3, r.completed_how, 0, r.closed_by, NULL, 0"
		" FROM thread_round r WHERE r.patient = $1 AND r.completed_at IS NOT NULL AND r.completed_how NOT IN "
		"(5, 6)"
		" UNION ALL SELECT t.escalated_at, t.id, t.team, 4, t.escalation_tries, 0, NULL, NULL, 0"
		" FROM thread t WHERE t.patient = $1 AND t.escalated_at IS NOT NULL"
		" UNION ALL SELECT r.escalated_at, r.thread, r.team, 4, r.escalation_tries, 0, NULL, NULL, 0"
		" FROM thread_round r WHERE r.patient = $1 AND r.escalated_at IS NOT NULL"
		" UNION ALL SELECT c.at, NULL, NULL, 5, c.accepted, 1, c.account, NULL, 0"
		" FROM messaging_terms c WHERE c.patient = $1"
		") x WHERE x.at >= $2 AND x.at < $3 ORDER BY x.at DESC, x.kind DESC LIMIT $4"),
	    BIND(DB(patient.v), DB(since), DB(until), DB(EXCHANGES_MAX)), ROWS(struct exchange, EXCHANGE), out);
}
