/* SPDX-License-Identifier: Apache-2.0 */
/* What the files of this folder share: limits, the rules of a thread's state, and who may do what to which thread. */
#ifndef SALVE_MESSAGING_INTERNAL_H
#define SALVE_MESSAGING_INTERNAL_H

#include "care/messaging/messaging.h"
#include "care/messaging/messaging_figures.h"
#include "platform/pages/i18n.h"
#include "trust/audit/audit.h"
#include "trust/consent/consent.h"

#define DRAFTS_MAX               50           /* of one person; more is a mistake or an attack */
#define INBOX_TEAMS_MAX          16           /* teams of one member shown in one inbox */
#define ESCALATIONS_PER_RUN      200          /* threads of one act of the clock */
#define MESSAGES_PER_THREAD_MAX  1000         /* shown at once; a thread that long is begun anew */
#define MESSAGE_FORM_BYTES_MAX   (256 * 1024) /* 20,000 characters of four bytes, percent-coded, and the other fields */
#define BROADCAST_FORM_BYTES_MAX (MESSAGE_FORM_BYTES_MAX + BROADCAST_MAX * 48) /* and an id for each patient */
#define THREADS_EXPORT_MAX       500  /* threads read at one time by an export */
#define EVENT_TEXT_CHARS_MAX     1000 /* a reason or a note */
#define REMINDER_HOUR            7    /* of the day, where the facility stands */
#define REMINDER_DAYS_MAX        60   /* business days */
#define BROADCAST_BATCH          100  /* patients written to between two looks at what is left */
#define INBOX_VIEWS_MAX          12   /* lists that one person keeps */
#define INBOX_VIEW_CHARS_MAX     40   /* of a name */
#define COPIES_DAYS              45   /* what was sent for information is listed so long */
#define THREAD_EVENTS_MAX        500  /* shown of one thread, the newest */

/* ---- state.c: what may happen to a thread, and what it becomes.  Pure: reads and writes the struct only. ---- */

struct member {
	account_id account;
	int64_t role;        /* enum staff_role */
	int64_t claim_ms;    /* how long a claim of theirs holds: the facility's setting */
	bool until_complete; /* an answer does not stop the clock, completing does: the facility's setting */
};

void thread_begin(struct thread *thread, enum message_side side, instant now, instant due);
void thread_note_patient_message(struct thread *thread, instant now, instant due);
void thread_mark_urgent(struct thread *thread, instant due); /* due: sooner than promised; the later one is kept */
void thread_note_answer(struct thread *thread, struct member who, instant now);
void thread_note_opened(struct thread *thread, instant now);
void thread_take(struct thread *thread, struct member who, instant now);
void thread_let_go(struct thread *thread);
void thread_finish(struct thread *thread, struct member who, enum completed_how how, instant now);
/* `due`: the promise counted from now, used when the thread has none or it is past. */
void thread_take_up_again(struct thread *thread, struct member who, instant now, instant due);
void thread_note_escalation(struct thread *thread, instant now, instant next);
/* It is theirs, but they need not be at it: no lease. */
void thread_give(struct thread *thread, struct member to, instant now);
void thread_move(struct thread *thread, team_id team);
/* The last answer of the round was taken back. */
void thread_note_answer_gone(struct thread *thread, instant now);
/* `from` goes on as `into`. */
void thread_join(struct thread *from, struct thread *into, struct member who, instant now);

/* ERR_CONFLICT with words unless `who` may claim, answer or complete it now. */
fallible thread_may_handle(const struct thread *thread, account_id who, instant now);
fallible thread_may_complete(const struct thread *thread, enum completed_how how);
fallible thread_may_continue(const struct thread *thread, int64_t seen);
bool thread_is_held_by_other(const struct thread *thread, account_id who, instant now);
bool thread_answer_is_owed(const struct thread *thread);
bool thread_is_urgent(const struct thread *thread); /* and still waits for an answer */
bool thread_is_overdue(const struct thread *thread, instant now);
bool thread_reply_window_open(const struct thread *thread, int64_t window_days, instant now); /* 0 days: no end */

/* Where a thread stands, as the patient sees it. */
enum thread_standing {
	STANDING_SENT,
	STANDING_OPENED,
	STANDING_HANDLED,
	STANDING_ANSWERED,
	STANDING_COMPLETED,
	STANDING_LATE, /* past its date, unanswered */
	STANDING_TOLD, /* begun by the team, nothing asked */
};
enum thread_standing thread_standing(const struct thread *thread, instant now);

/* ---- message.c ---- */

/* As it is stored: CR LF become LF, white space at the end goes, normal form C. */
str message_clean(struct arena *arena, str text);

/* ---- access.c: who may do what ---- */

struct standing_of_caller {
	enum message_side side; /* a delegate stands on the patient's */
	enum access_why why;
	bool for_reading; /* no member of the team: got it for information */
};
/* The thread, if the caller is its patient, or may see the patient and is a member of its team or got it for information;
 * otherwise ERR_GONE. With WHO_SYSTEM: as the patient would see it. */
fallible thread_find(
    struct cx *cx, thread_id id, enum access_right right, struct thread *out, struct standing_of_caller *caller);
/* The same for deeds of the team. */
fallible thread_find_as_member(struct cx *cx, thread_id id, struct thread *out, enum access_why *why);
/* The caller as who writes in a thread of this facility: account, role, how long a claim holds there. */
fallible member_self(struct cx *cx, facility_id facility, struct member *out);
/* May the patient write to the team now? ERR_INVALID with words whom to call otherwise. */
fallible team_takes_patient(struct cx *cx, team_id team, patient_id patient);
fallible team_cares_for(struct cx *cx, team_id team, patient_id patient, bool *out);
enum message_side addressee_side(const struct standing_of_caller *caller); /* of the caller's own row of who has read */
void audit_thread(struct tx *tx, enum audit_action action, const struct thread *thread, enum access_why why);

/* ---- thread.c, draft.c, terms.c ---- */

fallible thread_new_check(struct cx *cx, const struct thread_new *in); /* all that thread_send_new checks */
/* draft_save, and from then on nothing changes it until it is sent or taken back. */
fallible draft_save_for(struct cx *cx, const struct draft *draft, instant send_at);
fallible messaging_terms_check(struct cx *cx, patient_id patient); /* ERR_INVALID with words */
/* Who wrote it, in words: "Ana Ruiz"; of a delegate "Ana Ruiz for Bo Lee". */
fallible author_words(struct cx *cx, patient_id patient, account_id author, bool by_delegate, str *out);

/* ---- attach.c ---- */

fallible message_attachments(struct cx *cx, const struct thread *thread, struct message *message); /* fills files */

/* ---- promise.c: the facility's clock ---- */

/* By when a message of now is to be answered: the facility's reply_days in business days. */
fallible promise_from_now(struct cx *cx, facility_id facility, instant *due);
fallible next_business_day(struct cx *cx, facility_id facility, instant *next); /* same time of day */
/* The same for what is urgent: within urgent_reply_days, and never later than the promise. */
fallible promise_urgent_from_now(struct cx *cx, facility_id facility, instant *due);
/* `hours` business hours after `from`: those between BUSINESS_HOUR_FIRST and BUSINESS_HOUR_LAST of business days. */
instant business_hours_after(const struct business_calendar *calendar, instant from, int64_t hours);

/* ---- notice.c: telling people ---- */

/* Everybody who is to see the last message: addressees and, for those who want it, a notice. */
fallible notice_message(struct tx *tx, const struct thread *thread, const struct message *message);
/* Before it is late: who claimed it, or else everybody who works for the team. */
fallible notice_due_soon(struct tx *tx, const struct thread *thread);
/* When it is late: at first who claimed it and is here, then the team, then coordinators and administrators too; at last nobody
 * any more. The numbers are the facility's settings. Without anybody in the team, coordinators and administrators at once. */
fallible notice_escalation(struct tx *tx, const struct thread *thread);
/* Its members, because the thread came to them from another team; one, because it was given to them, or for information. */
fallible notice_rerouted(struct tx *tx, const struct thread *thread, struct uuid event);
fallible notice_assigned(struct tx *tx, const struct thread *thread, account_id account, struct uuid event);
fallible notice_copied(struct tx *tx, const struct thread *thread, account_id account, struct uuid event);
/* Tell the open pages, after the write is durable. */
void live_thread_changed(struct cx *cx, const struct thread *thread);
void live_unread(struct cx *cx, account_id account);

#define NOT_FOUND                                                                                        \
	ERR(ERR_GONE, "We could not find that. It may have been removed, or it is not shared with you.", \
	    "no such thread, or not the caller's")

#endif
