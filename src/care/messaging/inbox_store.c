/* SPDX-License-Identifier: Apache-2.0 */
/* Lists of threads: the team inbox and the patient's own.  What the caller may not see is left out in the query. */
#include "care/messaging/messaging_store.h"
#include "care/messaging/thread_columns.h"

/* A thread as the caller sees it: with the messages they have not seen. */
static const struct db_column LISTED[] = {THREAD_FIELDS, COL(struct thread, unread)};
#define UNREAD_OF                                                                                     \
	" COALESCE((SELECT a.unread FROM addressee a WHERE a.patient = t.patient AND a.thread = t.id" \
	" AND a.account = $1), t.message_count)"

#define IN_TEAMS " t.team IN ($3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18)"
#define VISIBLE  " visible_patient v WHERE v.account = $1 AND v.why = 2 AND v.since <= $2 AND v.until > $2"
/* Open threads are fewer than the patients of a panel: the patient of each is asked about, as visible_patient says it, but with the
 * caller's teams gathered once.  Completed ones are more: there the visible patients are gathered once. */
#define CARED_FOR                                                                                                  \
	" EXISTS (SELECT 1 FROM team_patient p WHERE p.patient = t.patient AND p.since <= $2 AND p.until > $2"     \
	" AND p.team IN (SELECT w.team FROM team_worker w JOIN account a ON a.id = w.account WHERE w.account = $1" \
	" AND w.since <= $2 AND w.until > $2 AND a.active = 1))"
#define OPEN_IN_TEAMS IN_TEAMS " AND t.status < 20 AND" CARED_FOR
#define DONE_IN_TEAMS IN_TEAMS " AND t.status = 20 AND t.patient IN (SELECT v.patient FROM" VISIBLE ")"
#define TEAM_BINDS(cx, teams)                                                                                        \
	DB((cx)->who.account.v), DB((cx)->now), DB((teams)->ids[0]), DB((teams)->ids[1]), DB((teams)->ids[2]),       \
	    DB((teams)->ids[3]), DB((teams)->ids[4]), DB((teams)->ids[5]), DB((teams)->ids[6]), DB((teams)->ids[7]), \
	    DB((teams)->ids[8]), DB((teams)->ids[9]), DB((teams)->ids[10]), DB((teams)->ids[11]),                    \
	    DB((teams)->ids[12]), DB((teams)->ids[13]), DB((teams)->ids[14]), DB((teams)->ids[15])

#define OWED      "t.status = 0"
#define MINE      "t.status < 20 AND t.owner = $1"
#define UNCLAIMED "t.status < 20 AND t.owner IS NULL"
#define DUE_TODAY "t.status = 0 AND t.due < $19"
#define ORDERED                                                                                         \
	"CASE WHEN $23 = 0 AND t.status = 0 AND t.urgent = 1 THEN 0 ELSE 1 END,"                        \
	" CASE WHEN $23 = 2 THEN CASE WHEN t.status = 0 THEN t.round_at ELSE t.last_at END ELSE 0 END," \
	" CASE WHEN $23 = 3 THEN t.category ELSE 0 END,"                                                \
	" CASE WHEN $23 <> 4 OR t.owner = $1 THEN 0 WHEN t.owner IS NULL THEN 1 ELSE 2 END,"            \
	" CASE WHEN $23 = 4 THEN t.owner END,"
#define ESCALATED "t.status = 0 AND t.escalation_tries > 0"

fallible
inbox_rows(struct cx *cx, const struct inbox_query *query, const struct team_set *teams, struct inbox_day day,
    struct db_rows *out)
{
	if (query->filter == INBOX_COMPLETED)
		return db_all(cx,
		    SQL("SELECT " THREAD_COLUMNS "," UNREAD_OF " FROM thread t WHERE" DONE_IN_TEAMS
			" ORDER BY t.completed_at DESC, t.id LIMIT $19 OFFSET $20"),
		    BIND(TEAM_BINDS(cx, teams), DB(query->count_max), DB(query->offset)), ROWS(struct thread, LISTED),
		    out);
	/* After the asked order: what is owed first, the longest promised first; then what was answered and is not finished. */
	return db_all(cx,
	    SQL("SELECT " THREAD_COLUMNS "," UNREAD_OF " FROM thread t WHERE" OPEN_IN_TEAMS " AND ($20 <> 1 OR " MINE
		") AND ($20 <> 2 OR " UNCLAIMED ") AND ($20 <> 3 OR (" DUE_TODAY "))"
		" AND ($20 <> 4 OR (" ESCALATED ")) AND ($20 <> 5 OR " OWED ")"
		" ORDER BY " ORDERED " t.status, t.due, t.round_at, t.id LIMIT $21 OFFSET $22"),
	    BIND(TEAM_BINDS(cx, teams), DB(day.until), DB((int)query->filter), DB(query->count_max), DB(query->offset),
		DB((int)query->sort)),
	    ROWS(struct thread, LISTED), out);
}

struct inbox_row_count {
	int64_t n[INBOX_FILTERS];
};
static const struct db_column COUNTS[] = {COL(struct inbox_row_count, n[INBOX_OPEN]),
    COL(struct inbox_row_count, n[INBOX_MINE]), COL(struct inbox_row_count, n[INBOX_UNCLAIMED]),
    COL(struct inbox_row_count, n[INBOX_DUE_TODAY]), COL(struct inbox_row_count, n[INBOX_ESCALATED]),
    COL(struct inbox_row_count, n[INBOX_WAITING])};

fallible
inbox_row_counts(struct cx *cx, const struct team_set *teams, struct inbox_day day, int64_t counts[INBOX_FILTERS])
{
	struct inbox_row_count found = {0};

	TRY(db_one(cx,
	    SQL("SELECT count(*), COALESCE(CAST(sum(CASE WHEN " MINE " THEN 1 ELSE 0 END) AS BIGINT), 0),"
		" COALESCE(CAST(sum(CASE WHEN " UNCLAIMED " THEN 1 ELSE 0 END) AS BIGINT), 0),"
		" COALESCE(CAST(sum(CASE WHEN " DUE_TODAY " THEN 1 ELSE 0 END) AS BIGINT), 0),"
		" COALESCE(CAST(sum(CASE WHEN " ESCALATED " THEN 1 ELSE 0 END) AS BIGINT), 0),"
		" COALESCE(CAST(sum(CASE WHEN " OWED " THEN 1 ELSE 0 END) AS BIGINT), 0)"
		" FROM thread t WHERE" OPEN_IN_TEAMS),
	    BIND(TEAM_BINDS(cx, teams), DB(day.until)), INTO(&found, COUNTS)));
	found.n[INBOX_COMPLETED] = INBOX_NOT_COUNTED;
	memcpy(counts, found.n, sizeof(found.n));
	return NULL;
}

/* ---- the patient's own ---- */

#define PATIENT_FILTER                                                                                  \
	" t.patient = $2 AND ($3 <> 1 OR EXISTS (SELECT 1 FROM addressee u WHERE u.patient = t.patient" \
	" AND u.thread = t.id AND u.account = $1 AND u.unread > 0)) AND ($3 <> 2 OR t.status = 0)"

fallible
thread_rows_of_patient(struct cx *cx, patient_id patient, account_id account, enum thread_filter filter, int64_t offset,
    int64_t count_max, struct db_rows *out)
{
	return db_all(cx,
	    SQL("SELECT " THREAD_COLUMNS "," UNREAD_OF " FROM thread t WHERE" PATIENT_FILTER
		" ORDER BY t.last_at DESC, t.id DESC LIMIT $4 OFFSET $5"),
	    BIND(DB(account.v), DB(patient.v), DB((int)filter), DB(count_max), DB(offset)), ROWS(struct thread, LISTED),
	    out);
}

fallible
thread_row_count(struct cx *cx, patient_id patient, account_id account, enum thread_filter filter, int64_t *out)
{
	return db_one(cx, SQL("SELECT count(*) FROM thread t WHERE" PATIENT_FILTER),
	    BIND(DB(account.v), DB(patient.v), DB((int)filter)), INTO(out, ONE_INT));
}

fallible
thread_rows_after(struct cx *cx, patient_id patient, thread_id after, struct db_rows *out)
{
	return db_all(cx,
	    SQL("SELECT " THREAD_COLUMNS
		" FROM thread t WHERE t.patient = $1 AND ($2 IS NULL OR t.id > $2) ORDER BY t.id LIMIT $3"),
	    BIND(DB(patient.v), DB(after.v), DB(THREADS_EXPORT_MAX)), ROWS(struct thread, THREAD), out);
}

static const struct db_column SUMMARY[] = {
    COL(struct messaging_summary, unread), COL(struct messaging_summary, waiting), COL(struct messaging_summary, due)};

fallible
messaging_row_summary(struct cx *cx, patient_id patient, account_id account, struct messaging_summary *out)
{
	return db_one(cx,
	    SQL("SELECT (SELECT count(*) FROM addressee a WHERE a.account = $1 AND a.side = 1 AND a.unread > 0),"
		" count(*), max(t.due) FROM thread t WHERE t.patient = $2 AND t.status = 0"),
	    BIND(DB(account.v), DB(patient.v)), INTO(out, SUMMARY));
}

static const struct db_column TEAM[] = {COL(team_id, v)};

fallible
thread_row_teams(struct cx *cx, patient_id patient, struct db_rows *out)
{
	return db_all(cx, SQL("SELECT DISTINCT t.team FROM thread t WHERE t.patient = $1 ORDER BY t.team LIMIT 200"),
	    BIND(DB(patient.v)), ROWS(team_id, TEAM), out);
}
