/* SPDX-License-Identifier: Apache-2.0 */
/* What messaging gives to be counted: instants, roles and ways, team by team, without a patient's name or a word that anybody
 * wrote; and what happened around one patient, for the timeline.  The caller has asked the policy engine before.  Rows come one
 * by one (db_each), because a year of a large team has tens of thousands. */
#ifndef SALVE_MESSAGING_FIGURES_H
#define SALVE_MESSAGING_FIGURES_H

#include "care/messaging/messaging.h"

/* Messages sent in [since, until) in conversations that the team has now; not those that were taken back. */
struct message_figure {
	instant sent;
	int64_t side; /* enum message_side */
	account_id author;
	int64_t author_role; /* enum staff_role when it was written */
};
fallible messaging_each_message(
    struct cx *cx, team_id team, instant since, instant until, db_row_fn *each, void *arg); /* struct message_figure */

/* Rounds that began in [since, until): a question of a patient, from when nobody had answered it. A round belongs to the team
 * that had it last. `answered_by`: the author of the first answer. */
struct round_figure {
	instant begun, due;
	instant answered_at;  /* first answer; none: not answered */
	instant completed_at; /* none: not completed, or the patient asked on before */
	instant escalated_at; /* when the clock struck last; none: never */
	int64_t escalation_tries;
	int64_t completed_how; /* enum completed_how */
	account_id answered_by, closed_by;
	int64_t answered_role, closed_role; /* enum staff_role */
};
fallible messaging_each_round(
    struct cx *cx, team_id team, instant since, instant until, db_row_fn *each, void *arg); /* struct round_figure */

/* Conversations begun in [since, until). */
struct begun_figure {
	instant made;
	int64_t begun_by; /* enum message_side */
	bool to_many;     /* out of one text to many patients */
};
fallible messaging_each_begun(
    struct cx *cx, team_id team, instant since, instant until, db_row_fn *each, void *arg); /* struct begun_figure */

/* What is not complete now. */
struct open_figure {
	int64_t status; /* enum thread_status */
	account_id owner;
	instant round_at, due, escalated_at;
};
fallible messaging_each_open(struct cx *cx, team_id team, db_row_fn *each, void *arg); /* struct open_figure */

/* The team's patients now, and who had accepted the terms of messages before an instant. */
struct panel_figure {
	patient_id patient;
	bool has_account;
	bool accepted_then, accepted; /* before `then`, before `until` */
};
fallible messaging_each_of_panel(
    struct cx *cx, team_id team, instant then, instant until, db_row_fn *each, void *arg); /* struct panel_figure */

/* Did a patient write to the team since then? */
fallible messaging_received_since(struct cx *cx, team_id team, instant since, bool *yes);

/* ---- around one patient ---- */

#define EXCHANGES_MAX 2000 /* of each kind in one answer, the newest */

/* Everything of [since, until) in the patient's conversations, of all teams, without texts; newest first. */
struct exchange {
	instant at;
	thread_id thread;
	team_id team; /* that has the conversation now; of a re-routing: where it went */
	int64_t kind; /* enum exchange_kind */
	int64_t
	    what; /* event: enum thread_event_kind; completion: enum completed_how; escalation: how often; message: 1 when
			 somebody wrote it for the patient; terms: 1 for yes */
	int64_t side;         /* of a message */
	account_id who, whom; /* author, actor; for whom. none: the program, nobody */
	bool recalled;        /* a message that was taken back */
};
enum exchange_kind { EXCHANGE_MESSAGE = 1, EXCHANGE_EVENT, EXCHANGE_COMPLETED, EXCHANGE_ESCALATED, EXCHANGE_TERMS };
fallible messaging_exchanges(struct cx *cx, patient_id patient, instant since, instant until, struct db_rows *out);

/* The thread with its subject, for its patient, the members of its team, and who got it for information; ERR_GONE for others.
 * Nothing is marked read. */
fallible thread_head(struct cx *cx, thread_id id, struct thread *out);

/* Associations by hand with teams of the facility, made before `since`, that no conversation needs any more: none is unfinished,
 * and none had anything new since then. struct association without reason. */
fallible messaging_associations_unused(
    struct cx *cx, facility_id facility, instant since, int64_t count_max, struct db_rows *out);

#endif
