/* SPDX-License-Identifier: Apache-2.0 */
/* Threads and messages. */
#include "care/messaging/messaging_store.h"

#include "care/messaging/about.h"
#include "care/messaging/crisis.h"
#include "care/messaging/thread_columns.h"

struct seal_place
thread_subject_place(thread_id id)
{
	return (struct seal_place){.table = "thread.subject", .row = id.v};
}

struct seal_place
thread_about_place(thread_id id)
{
	return (struct seal_place){.table = "thread.about", .row = id.v};
}

struct seal_place
message_body_place(message_id id)
{
	return (struct seal_place){.table = "message.body", .row = id.v};
}

/* ---- threads ---- */

fallible
thread_row_get(struct cx *cx, thread_id id, struct thread *out)
{
	return db_one(cx, SQL("SELECT " THREAD_COLUMNS " FROM thread t WHERE t.id = $1 AND t.made > 0"), BIND(DB(id.v)),
	    INTO(out, THREAD));
}

fallible
thread_row_add(struct tx *tx, const struct thread *t, str sealed_subject)
{
	TRY(db_run(tx,
	    SQL("INSERT INTO thread (patient, id, facility, team, category, subject, begun_by, made, message_count,"
		" last_at, last_side, status, owner_role, completed_how, escalation_tries, about)"
		" VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 0, $8, $7, 0, 0, 0, 0, $9)"),
	    BIND(DB(t->patient.v), DB(t->id.v), DB(t->facility.v), DB(t->team.v), DB(t->category),
		db_bytes(sealed_subject), DB(t->begun_by), DB(t->made), db_bytes(t->about.sealed)),
	    NULL));
	return thread_row_put(tx, t);
}

fallible
thread_row_put(struct tx *tx, const struct thread *t)
{
	return db_run(tx,
	    SQL("UPDATE thread SET message_count = $3, last_at = $4, last_side = $5, status = $6, round_at = $7,"
		" due = $8, owner = $9, owner_role = $10, claimed_at = $11, lease_until = $12, opened_at = $13,"
		" answered_at = $14, completed_at = $15, completed_how = $16, escalate_at = $17, escalated_at = $18,"
		" escalation_tries = $19, merged_into = $20, urgent = $21, spoken_by = $22 WHERE patient = $1 AND id = "
		"$2"),
	    BIND(DB(t->patient.v), DB(t->id.v), DB(t->message_count), DB(t->last_at), DB(t->last_side), DB(t->status),
		DB(t->round_at), DB(t->due), DB(t->owner.v), DB(t->owner_role), DB(t->claimed_at), DB(t->lease_until),
		DB(t->opened_at), DB(t->answered_at), DB(t->completed_at), DB(t->completed_how), DB(t->escalate_at),
		DB(t->escalated_at), DB(t->escalation_tries), DB(t->merged_into.v), DB(t->urgent), DB(t->spoken_by.v)),
	    NULL);
}

fallible
thread_open_subject(struct cx *cx, struct thread *thread)
{
	TRY(vault_open_text(cx, thread->patient, thread_subject_place(thread->id), thread->subject, &thread->subject));
	TRY(vault_open_text(
	    cx, thread->patient, thread_reason_place(thread->id), thread->urgent_reason, &thread->urgent_reason));
	return about_open(cx, thread->patient, thread_about_place(thread->id), &thread->about);
}

fallible
thread_open_subjects(struct cx *cx, struct db_rows *threads)
{
	struct thread *thread = threads->items;

	for (size_t i = 0; i < threads->count; i++)
		TRY(thread_open_subject(cx, &thread[i]));
	return NULL;
}

/* ---- messages ---- */

fallible
message_row_add(struct tx *tx, const struct thread *thread, const struct message *m, str sealed_body)
{
	return db_run(tx,
	    SQL("INSERT INTO message (patient, thread, n, id, side, author, author_role, sent, body, attachments,"
		" by_delegate) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)"),
	    BIND(DB(thread->patient.v), DB(thread->id.v), DB(m->n), DB(m->id.v), DB(m->side), DB(m->author.v),
		DB(m->author_role), DB(m->sent), db_bytes(sealed_body), DB(m->file_count), DB(m->by_delegate)),
	    NULL);
}

static const struct db_column MESSAGE_KEY[] = {
    COL(struct message_key, thread.v), COL(struct message_key, n), COL_BYTES(struct message_key, body)};

fallible
message_row_by_key(
    struct cx *cx, patient_id patient, account_id author, struct uuid key, struct message_key *out, bool *found)
{
	return db_maybe(cx, SQL("SELECT thread, n, body FROM message WHERE patient = $1 AND author = $2 AND id = $3"),
	    BIND(DB(patient.v), DB(author.v), DB(key)), INTO(out, MESSAGE_KEY), found);
}

#define MESSAGE_COLUMNS "id, n, side, author, author_role, sent, body, recalled, attachments, by_delegate"
static const struct db_column MESSAGE[] = {COL(struct message, id.v), COL(struct message, n), COL(struct message, side),
    COL(struct message, author.v), COL(struct message, author_role), COL(struct message, sent),
    COL_BYTES(struct message, body), COL(struct message, recalled), COL(struct message, file_count),
    COL(struct message, by_delegate)};

fallible
message_rows(struct cx *cx, const struct thread *thread, enum message_side side, struct db_rows *out)
{
	struct message *message;

	TRY(db_all(cx,
	    SQL("SELECT " MESSAGE_COLUMNS " FROM message WHERE patient = $1 AND thread = $2 ORDER BY n LIMIT $3"),
	    BIND(DB(thread->patient.v), DB(thread->id.v), DB(MESSAGES_PER_THREAD_MAX)), ROWS(struct message, MESSAGE),
	    out));
	message = out->items;
	for (size_t i = 0; i < out->count; i++) {
		if (side == SIDE_PATIENT && !instant_is_none(message[i].recalled)) {
			message[i].body = STR_NONE;
			message[i].file_count = 0;
			continue;
		}
		TRY(vault_open_text(
		    cx, thread->patient, message_body_place(message[i].id), message[i].body, &message[i].body));
		TRY(message_attachments(cx, thread, &message[i]));
	}
	return NULL;
}

fallible
message_row_get(struct cx *cx, const struct thread *thread, int64_t n, struct message *out)
{
	return db_one(cx, SQL("SELECT " MESSAGE_COLUMNS " FROM message WHERE patient = $1 AND thread = $2 AND n = $3"),
	    BIND(DB(thread->patient.v), DB(thread->id.v), DB(n)), INTO(out, MESSAGE));
}

fallible
message_row_recall(struct tx *tx, const struct thread *thread, const struct message *message)
{
	TRY(db_run(tx, SQL("UPDATE message SET recalled = $4 WHERE patient = $1 AND thread = $2 AND n = $3"),
	    BIND(DB(thread->patient.v), DB(thread->id.v), DB(message->n), DB(tx->cx->now)), NULL));
	return db_run(tx,
	    SQL("UPDATE addressee SET unread = unread - 1 WHERE patient = $1 AND thread = $2 AND read_n < $3"
		" AND account <> $4 AND unread > 0"),
	    BIND(DB(thread->patient.v), DB(thread->id.v), DB(message->n), DB(message->author.v)), NULL);
}

fallible
message_row_answers(struct cx *cx, const struct thread *thread, int64_t *out)
{
	return db_one(cx,
	    SQL("SELECT count(*) FROM message WHERE patient = $1 AND thread = $2 AND side = 2 AND sent >= $3"
		" AND recalled IS NULL"),
	    BIND(DB(thread->patient.v), DB(thread->id.v), DB(thread->round_at)), INTO(out, ONE_INT));
}

fallible
message_row_read(struct cx *cx, const struct thread *thread, int64_t n, int64_t *out)
{
	return db_one(cx,
	    SQL("SELECT (SELECT count(*) FROM addressee a WHERE a.patient = $1 AND a.thread = $2 AND a.side <> 2"
		"   AND a.read_n >= $3)"
		" + (SELECT count(*) FROM message m WHERE m.patient = $1 AND m.thread = $2 AND m.side = 1 AND m.n > "
		"$3)"),
	    BIND(DB(thread->patient.v), DB(thread->id.v), DB(n)), INTO(out, ONE_INT));
}
