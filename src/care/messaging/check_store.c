/* SPDX-License-Identifier: Apache-2.0 */
/* Everything that is derived, compared with what it is derived from.  Each query finds what must not be. */
#include "care/messaging/messaging_store.h"

static fallible
expect_none(struct cx *cx, struct buf *report, const char *trouble, struct sql sql)
{
	int64_t n;

	TRY(db_one(cx, sql, BIND_NONE, INTO(&n, ONE_INT)));
	if (n)
		buf_printf(report, "%s: %lld\n", trouble, (long long)n);
	return NULL;
}

static fallible
check_threads(struct cx *cx, struct buf *report)
{
	TRY(expect_none(cx, report, "unfinished threads without a team of their facility, or without a due date",
	    SQL("SELECT count(*) FROM thread WHERE status < 20 AND (due IS NULL OR NOT EXISTS"
		" (SELECT 1 FROM team g WHERE g.id = thread.team AND g.facility = thread.facility))")));
	TRY(expect_none(cx, report,
	    "threads whose answer is owed but whose clock stands, or that are complete and whose clock runs",
	    SQL("SELECT count(*) FROM thread WHERE (status = 0 AND escalate_at IS NULL)"
		" OR (status = 20 AND escalate_at IS NOT NULL)")));
	TRY(expect_none(cx, report, "threads complete without a time and a way, or the reverse",
	    SQL("SELECT count(*) FROM thread WHERE (status = 20) <> (completed_at IS NOT NULL)"
		" OR (status = 20) <> (completed_how <> 0)")));
	TRY(expect_none(cx, report, "threads escalated without a count, or the reverse",
	    SQL("SELECT count(*) FROM thread WHERE (escalation_tries > 0) <> (escalated_at IS NOT NULL)")));
	TRY(expect_none(cx, report, "threads that were joined and are not complete, or joined in a circle",
	    SQL("SELECT count(*) FROM thread t WHERE t.merged_into IS NOT NULL AND (t.status < 20 OR t.completed_how "
		"<> 6"
		" OR NOT EXISTS (SELECT 1 FROM thread o WHERE o.id = t.merged_into AND o.patient = t.patient"
		"   AND (o.merged_into IS NULL OR o.merged_into <> t.id)))")));
	TRY(expect_none(cx, report, "rounds that are kept as over and that nothing settled, or without a thread",
	    SQL("SELECT count(*) FROM thread_round r WHERE (r.answered_at IS NULL AND r.completed_at IS NULL)"
		" OR NOT EXISTS (SELECT 1 FROM thread t WHERE t.patient = r.patient AND t.id = r.thread"
		"  AND t.round_at IS NOT NULL)")));
	return expect_none(cx, report, "claims without an owner, or the reverse",
	    SQL("SELECT count(*) FROM thread WHERE (owner IS NULL) <> (claimed_at IS NULL)"
		" OR (owner IS NULL AND lease_until IS NOT NULL)"));
}

static fallible
check_messages(struct cx *cx, struct buf *report)
{
	TRY(expect_none(cx, report, "threads whose messages are not counted 1, 2, ...",
	    SQL("SELECT count(*) FROM thread t WHERE t.message_count <> (SELECT count(*) FROM message m"
		"  WHERE m.patient = t.patient AND m.thread = t.id)"
		" OR t.message_count <> (SELECT max(m.n) FROM message m WHERE m.patient = t.patient AND m.thread = "
		"t.id)")));
	TRY(expect_none(cx, report, "threads whose last message is another",
	    SQL("SELECT count(*) FROM thread t JOIN message m ON m.patient = t.patient AND m.thread = t.id"
		" AND m.n = t.message_count WHERE m.sent <> t.last_at OR m.side <> t.last_side")));
	TRY(expect_none(cx, report, "messages without a thread",
	    SQL("SELECT count(*) FROM message m WHERE NOT EXISTS (SELECT 1 FROM thread t"
		" WHERE t.patient = m.patient AND t.id = m.thread)")));
	TRY(expect_none(cx, report, "keys used twice by one author",
	    SQL("SELECT count(*) FROM (SELECT 1 AS one FROM message GROUP BY author, id HAVING count(*) > 1) AS d")));
	return expect_none(cx, report, "drafts of what was sent",
	    SQL("SELECT count(*) FROM draft d JOIN message m ON m.patient = d.patient AND m.author = d.account"
		" AND m.id = d.id"));
}

static fallible
check_addressees(struct cx *cx, struct buf *report)
{
	TRY(expect_none(cx, report, "unread marks that a recount does not find",
	    SQL("SELECT count(*) FROM addressee a WHERE a.unread <> (SELECT count(*) FROM message m"
		" WHERE m.patient = a.patient AND m.thread = a.thread AND m.n > a.read_n AND m.author <> a.account"
		" AND m.recalled IS NULL)")));
	TRY(expect_none(cx, report, "authors who are no addressees",
	    SQL("SELECT count(*) FROM message m WHERE NOT EXISTS (SELECT 1 FROM addressee a"
		" WHERE a.patient = m.patient AND a.thread = m.thread AND a.account = m.author"
		"  AND a.side = CASE WHEN m.by_delegate = 1 THEN 3 ELSE m.side END)")));
	TRY(expect_none(cx, report, "threads that do not reach their patient",
	    SQL("SELECT count(*) FROM thread t JOIN account p ON p.patient = t.patient WHERE p.made <= t.made"
		" AND NOT EXISTS (SELECT 1 FROM addressee a WHERE a.patient = t.patient AND a.thread = t.id"
		" AND a.account = p.id AND a.side = 1)")));
	TRY(expect_none(cx, report, "people who worked for the team at the last message and are not reached by it",
	    SQL("SELECT count(*) FROM thread t JOIN team_worker m ON m.team = t.team JOIN account c ON c.id = m.account"
		" WHERE m.since < t.last_at AND m.until > t.last_at AND c.active = 1"
		" AND (m.via <> m.team OR m.until = 9223372036854775807)"
		" AND NOT EXISTS (SELECT 1 FROM addressee a WHERE a.patient = t.patient AND a.thread = t.id"
		" AND a.account = m.account AND a.side = 2)")));
	return expect_none(cx, report, "people reached who belong to another patient",
	    SQL("SELECT count(*) FROM addressee a JOIN account c ON c.id = a.account"
		" WHERE a.side = 1 AND c.patient <> a.patient"));
}

/* The same with the time, which these ask for: $1. */
static fallible
expect_none_now(struct cx *cx, struct buf *report, const char *trouble, struct sql sql)
{
	int64_t n;

	TRY(db_one(cx, sql, BIND(DB(cx->now)), INTO(&n, ONE_INT)));
	if (n)
		buf_printf(report, "%s: %lld\n", trouble, (long long)n);
	return NULL;
}

static fallible
check_counts(struct cx *cx, struct buf *report)
{
	TRY(expect_none_now(cx, report, "patients whose count of unread threads is wrong",
	    SQL("SELECT count(*) FROM account c WHERE c.patient IS NOT NULL AND (SELECT count(DISTINCT p.item)"
		"   FROM page_item p WHERE p.account = c.id AND p.kind = 1 AND p.since <= $1 AND p.until > $1)"
		" <> (SELECT count(*) FROM thread t"
		"   WHERE t.patient = c.patient AND EXISTS (SELECT 1 FROM message m JOIN addressee a"
		"     ON a.patient = m.patient AND a.thread = m.thread AND a.account = c.id"
		"     WHERE m.patient = t.patient AND m.thread = t.id AND m.n > a.read_n AND m.author <> c.id"
		"     AND m.recalled IS NULL))")));
	TRY(expect_none(cx, report, "delegates whose count of unread threads is wrong",
	    SQL("SELECT count(*) FROM (SELECT DISTINCT account, patient FROM addressee WHERE side = 3) d"
		" WHERE (SELECT count(DISTINCT p.item) FROM page_item_acting p WHERE p.account = d.account"
		"   AND p.patient = d.patient AND p.kind = 1) <> (SELECT count(*) FROM thread t"
		"   WHERE t.patient = d.patient AND EXISTS (SELECT 1 FROM message m JOIN addressee a"
		"     ON a.patient = m.patient AND a.thread = m.thread AND a.account = d.account AND a.side = 3"
		"     WHERE m.patient = t.patient AND m.thread = t.id AND m.n > a.read_n AND m.author <> d.account"
		"     AND m.recalled IS NULL))")));
	return expect_none_now(cx, report, "members whose count of tasks is wrong",
	    SQL("SELECT count(*) FROM account c WHERE c.patient IS NULL AND (SELECT count(DISTINCT p.item)"
		"   FROM page_item p WHERE p.account = c.id AND p.kind = 2 AND p.since <= $1 AND p.until > $1"
		"   AND p.care_since <= $1 AND p.care_until > $1) <> (SELECT count(*) FROM thread t"
		"   WHERE t.completed_at IS NULL AND (t.owner IS NULL OR t.owner = c.id)"
		"   AND t.team IN (SELECT m.team FROM team_worker m JOIN team g ON g.id = m.team"
		"     WHERE m.account = c.id AND m.since <= $1 AND m.until > $1 AND g.active = 1)"
		"   AND t.patient IN (SELECT v.patient FROM visible_patient v WHERE v.account = c.id"
		"     AND v.since <= $1 AND v.until > $1))"));
}

/* team_worker is what team_member and surrogate say. */
static fallible
check_workers(struct cx *cx, struct buf *report)
{
	TRY(expect_none(cx, report, "memberships that team_worker does not know, or the reverse",
	    SQL("SELECT (SELECT count(*) FROM team_member m WHERE NOT EXISTS (SELECT 1 FROM team_worker w"
		"   WHERE w.account = m.account AND w.team = m.team AND w.via = m.team AND w.since = m.since"
		"   AND w.until = m.until)) + (SELECT count(*) FROM team_worker w WHERE w.via = w.team"
		"   AND NOT EXISTS (SELECT 1 FROM team_member m WHERE m.account = w.account AND m.team = w.team))")));
	return expect_none(cx, report, "people who stand in without a surrogate, or outside of its time",
	    SQL("SELECT count(*) FROM team_worker w WHERE w.via <> w.team AND NOT EXISTS (SELECT 1 FROM surrogate s"
		"   WHERE s.id = w.via AND w.since >= s.since AND w.until <= s.until)"));
}

fallible
messaging_check_invariants(struct cx *cx, struct buf *report)
{
	db_refresh(cx);
	TRY(check_threads(cx, report));
	TRY(check_messages(cx, report));
	TRY(check_addressees(cx, report));
	TRY(check_workers(cx, report));
	return check_counts(cx, report);
}
