/* SPDX-License-Identifier: Apache-2.0 */
/* Secure messaging: what patients and their care teams write to each other, who answers for it, and by when.  One use case
 * per deed, called by pages, programs and the simulated clinic alike: each asks the policy engine first, writes one
 * transaction (messages, addressees, workflow state, trail, outbox), and tells the open pages afterwards.
 *
 * The caller (cx->who) is the patient, a delegate who acts for them (each deed needs its right: consent.h), or a member of the
 * team; whoever is none of them gets ERR_GONE, as for a thread that does not exist.  A delegate stands on the patient's side:
 * what they write is the patient's message with them as its author; what they have read, their drafts and folders are
 * theirs.  "Now" is cx->now throughout.  Ids are the caller's: the id of a draft becomes the idempotency key and the id of
 * the message (and of the thread that it begins), so that sending again finds what was sent. */
#ifndef SALVE_MESSAGING_H
#define SALVE_MESSAGING_H

#include "care/attachments/attachments.h"
#include "care/organization/organization.h"
#include "platform/http/http.h"
#include "platform/jobs/jobs.h"

ID_TYPE(thread_id);
ID_TYPE(message_id);

extern const struct route messaging_routes[]; /* pages, and GET /events for every signed-in person */

/* ---- words of the field (stored as numbers: append only) ---- */

enum message_category {
	CATEGORY_GENERAL = 0,
	CATEGORY_APPOINTMENT = 10,
	CATEGORY_TEST_RESULT = 20,
	CATEGORY_MEDICATION = 30,
};
enum thread_status { THREAD_INCOMPLETE = 0, THREAD_IN_PROCESS = 10, THREAD_COMPLETE = 20 };
enum message_side {
	SIDE_PATIENT = 1,
	SIDE_TEAM = 2,
	SIDE_DELEGATE = 3, /* of an addressee only: reads for the patient */
};
/* How a thread came to its end. */
enum completed_how {
	COMPLETED_NOT = 0,
	COMPLETED_ANSWERED = 1,  /* by an answer in the thread */
	COMPLETED_TELEPHONE = 2, /* called the patient */
	COMPLETED_VISIT = 3,     /* settled in person */
	COMPLETED_NO_NEED = 4,   /* a thank-you, a duplicate */
	COMPLETED_TOLD = 5,      /* begun by the team, nothing asked */
	COMPLETED_MERGED = 6,    /* joined with another thread of the patient, which goes on */
};

/* ---- a thread ---- */

/* The entry of the patient's record that a conversation is about; absent: nothing in particular. Who may see the entry is
 * decided where it is shown. */
struct about {
	str reference; /* "Observation/abc" */
	str title;     /* what it was called when the conversation began */
	str sealed;    /* both, as they are stored */
};

/* A conversation of one patient with one team. Workflow state is the team's; what a person has read is in their addressee
 * row. A round begins with the first message of the patient that nobody answered yet; due, opened, handled, answered and
 * completed are those of the last round. */
struct thread {
	thread_id id;
	patient_id patient;
	facility_id facility;
	team_id team;
	int64_t category; /* enum message_category */
	str subject;
	int64_t begun_by; /* enum message_side */
	instant made;

	int64_t message_count; /* messages are numbered 1 to message_count */
	instant last_at;
	int64_t last_side; /* who wrote last */

	int64_t status;           /* enum thread_status; incomplete: the patient waits for an answer */
	instant round_at;         /* when the round began; none before the patient ever wrote */
	instant due;              /* by when the team promised to answer; none when it never had to */
	account_id owner;         /* who claimed it; none: nobody */
	int64_t owner_role;       /* enum staff_role of the owner, then of who answered */
	instant claimed_at;       /* since when somebody handles this round */
	instant lease_until;      /* until then nobody but the owner may answer */
	instant opened_at;        /* first opened by a member in this round */
	instant answered_at;      /* first answer of the round */
	instant completed_at;     /* none unless complete */
	int64_t completed_how;    /* enum completed_how */
	instant escalate_at;      /* when the clock strikes next; none when no answer is owed */
	instant escalated_at;     /* when it struck last in this round; none: never */
	int64_t escalation_tries; /* how often */
	thread_id merged_into;    /* the thread it was joined with; none: it stands by itself */
	instant filed_at;         /* when it was last kept in the patient's chart; none: never */
	int64_t unread;           /* messages of others that the caller has not seen */
	bool urgent;              /* words of emergency in what the patient wrote in this round */
	str urgent_reason;        /* those words, where the subject is opened too */
	account_id spoken_by;     /* the delegate who wrote the patient's last message; none: the patient themself */
	struct about about;       /* opened where the subject is */
};

/* One message of a thread. */
struct message {
	message_id id;
	int64_t n;    /* 1 is the first of its thread */
	int64_t side; /* enum message_side */
	account_id author;
	bool by_delegate;    /* the author wrote it for the patient */
	int64_t author_role; /* enum staff_role when it was written */
	instant sent;
	str body;         /* absent for the patient when it was recalled */
	instant recalled; /* taken back before the patient read it; none: it stands */
	int64_t file_count;
	struct attachment *files; /* filled, as author_name, where a conversation or an export is read */
	str author_name;          /* "Ana Ruiz for Bo Lee" of a delegate */
};

/* ---- writing ---- */

/* Begin a thread. The patient writes to a team of theirs that takes messages; a member of the team writes to a patient of
 * the team who has an account (such a thread is complete until the patient writes). `key` is the draft's id, or any new
 * uuid; a draft of that id is deleted.
 * ERR_INVALID with words for a wrong subject or body, a team that cannot be written to, or an entry that the caller cannot see
 * (unless it is what their draft was about when it was saved); ERR_CONFLICT when the same key was sent before with another
 * text. */
struct thread_new {
	struct uuid key;
	patient_id patient;
	team_id team;
	enum message_category category;
	str subject; /* at most 50 characters; empty or absent: "<Category> question" in the caller's language */
	str body;    /* 1 to 20,000 characters, not only white space */
	bool waited; /* only while the draft still waits to be sent: ERR_GONE when it was taken back */
	str about;   /* reference to an entry of the patient's record; absent: nothing in particular */
	act_fn
	    *with; /* what another feature writes in the same transaction, once, when the message is; NULL: nothing */
	void *with_arg;
	str urgent; /* why it is urgent, whatever its words say; absent: by its words only. Of the patient's side */
};
struct sent {
	thread_id thread;
	message_id message;
	instant due;      /* none when no answer is owed */
	bool sent_before; /* the same key again: nothing new was written */
};
fallible thread_send_new(struct cx *cx, const struct thread_new *in, struct sent *out);
/* May the caller begin a thread of this patient with this team now? ERR_INVALID with words when it would not be read or answered. */
fallible thread_new_may(struct cx *cx, patient_id patient, team_id team);

/* Answer in a thread. Of the patient: within the facility's reply_window_days of the last message and while the team still
 * cares for them and takes messages (ERR_INVALID says what to do instead); it reopens a completed thread. Of a member: renews
 * the claim, moves the thread to "in process", and the promise is kept.
 * ERR_CONFLICT: somebody else is answering, the thread is complete, somebody wrote since `seen`, or the same key was sent
 * with another text. */
struct thread_reply {
	struct uuid key;
	thread_id thread;
	str body;
	int64_t seen; /* messages on the page of the member who answers; 0: do not ask */
	bool waited;  /* as in struct thread_new */
	act_fn *with; /* as in struct thread_new */
	void *with_arg;
};
fallible thread_reply(struct cx *cx, const struct thread_reply *in, struct sent *out);

/* Would thread_reply of the patient be taken now? ERR_INVALID with the words to show otherwise. */
fallible thread_reply_check(struct cx *cx, const struct thread *thread);

/* What a blocked patient is told, as ERR_INVALID in their language: what, and whom to call; never why. */
fallible team_block_words(struct cx *cx, const struct block *block);

/* What is wrong with a text, as ERR_INVALID; NULL when it may be sent. */
fallible message_check_subject(struct cx *cx, str subject);
fallible message_check_body(struct cx *cx, str body);
str message_default_subject(struct cx *cx, enum message_category category); /* "Medication question" */
str message_category_words(enum lang lang, int64_t category);               /* "Medication" */
bool message_category_parse(str word, enum message_category *out);          /* "medication", as in forms and the API */
const char *message_category_code(int64_t category);

/* ---- triage: deeds of a member (ERR_GONE for everybody else) ---- */

/* Take a thread: nobody else answers while the claim holds (the facility's claim_lease_minutes); again renews. ERR_CONFLICT
 * while somebody else holds it, or when it is complete. A claim whose time is over may be taken by another. */
fallible thread_claim(struct cx *cx, thread_id id);
fallible thread_release(struct cx *cx, thread_id id); /* ERR_CONFLICT when it is not the caller's */
/* Finish a thread, answered or not. `how` COMPLETED_ANSWERED needs an answer in this round. */
struct thread_complete {
	thread_id thread;
	enum completed_how how;
	int64_t seen; /* messages the member has on the page; 0: do not ask */
};
fallible thread_complete(struct cx *cx, const struct thread_complete *in);
fallible thread_reopen(struct cx *cx, thread_id id); /* undo of completing, by a member */

/* ---- handing on: deeds of a member (ERR_GONE for everybody else) ---- */

/* What happened to a thread beside its messages (stored as numbers: append only). */
enum thread_event_kind {
	EVENT_ASSIGNED = 1,  /* to `other`, a member */
	EVENT_REROUTED = 2,  /* to `team`, because of `text`; the patient reads it */
	EVENT_FORWARDED = 3, /* to `other` for information, with `text` */
	EVENT_NOTE = 4,      /* `text` among colleagues */
	EVENT_RECALLED = 5,  /* `message` was taken back; the patient reads that it was */
	EVENT_MERGED = 6,    /* into the thread `other`; the patient reads it */
	EVENT_JOINED = 7,    /* the thread `other` was joined with this one; the patient reads it */
	EVENT_LISTED = 8,    /* to everybody on the list `other` for information, with `text` */
};
struct thread_event {
	int64_t n; /* 1 is the first of its thread */
	struct uuid id;
	instant at;
	account_id actor;
	int64_t kind; /* enum thread_event_kind */
	team_id team;
	struct uuid other;
	int64_t message;
	str text;
	str actor_name, team_name, other_name; /* filled where a conversation is read */
};

/* Give the thread to a member of its team, who is told. It ends the claim of whoever had it. ERR_INVALID when they are no
 * active member; ERR_CONFLICT while somebody else answers, or when the thread is complete. */
fallible thread_assign(struct cx *cx, thread_id id, account_id to);

/* Send an unfinished thread to another team of the facility that takes messages; the patient reads the reason, and the
 * promised date stays. A patient whom that team did not care for yet is added to it by hand, so that its members see the
 * patient and the patient can answer. ERR_INVALID with words for a missing or too long reason, or a team that takes no
 * messages. */
struct thread_reroute {
	thread_id thread;
	team_id team;
	str reason; /* 1 to EVENT_TEXT_CHARS_MAX characters */
};
fallible thread_reroute(struct cx *cx, const struct thread_reroute *in);

/* Show the thread to colleagues who care for the patient, for information: they read, the duty stays where it is. A list
 * informs everybody on it; who stands in for somebody is informed too; nobody twice, the caller never.
 * ERR_INVALID when one of `to` may not see this patient; those of a list who may not are left out. */
#define FORWARD_MAX       20 /* colleagues told in one go, */
#define FORWARD_LISTS_MAX 5  /* and lists of them */
struct thread_forward {
	thread_id thread;
	const account_id *to;
	size_t count;             /* at most FORWARD_MAX; 1 at least when there is no list */
	str note;                 /* may be empty */
	const struct uuid *lists; /* distribution groups of the facility */
	size_t list_count;        /* at most FORWARD_LISTS_MAX */
	size_t left_out;          /* result: people of the lists who may not see this patient */
};
fallible thread_forward(struct cx *cx, struct thread_forward *in);
/* Staff who may see the patient and are not the caller; struct team_member. */
fallible thread_colleagues(struct cx *cx, thread_id id, struct db_rows *out);

/* A note among colleagues; the patient never sees it. */
fallible thread_note(struct cx *cx, thread_id id, str text);

/* Take back a message of the team that the patient has not read. The answer it was is owed again.
 * ERR_CONFLICT when the patient has read it; ERR_INVALID for a message of the patient or one that was taken back before. */
fallible message_recall(struct cx *cx, thread_id id, int64_t n);

/* Join a thread with another unfinished one of the same patient and team: it becomes complete and points there, and what it
 * owed is owed there, by the earlier of the two dates. Opening it again parts them. */
fallible thread_merge(struct cx *cx, thread_id from, thread_id into);

/* Other threads of the thread's patient in the caller's teams, last written first; struct thread. */
fallible thread_others(struct cx *cx, thread_id id, int64_t count_max, struct db_rows *out);
/* All threads of a patient in the caller's teams, last written first; ERR_GONE for a patient the caller may not see. */
fallible
thread_list_of_teams(struct cx *cx, patient_id patient, int64_t offset, int64_t count_max, struct db_rows *out);

/* The caller's own: see the thread again at that time (INSTANT_NONE: no more). */
fallible thread_remind(struct cx *cx, thread_id id, instant at);

/* ---- reading (recorded in the trail) ---- */

/* A thread with its messages, oldest first, and mark it read for the caller; a member's first opening is what the patient
 * sees as "opened". */
struct conversation {
	struct thread thread;
	struct team team;
	struct message *messages;
	size_t count;
	struct thread_event *events; /* oldest first; for the patient those that a patient may read */
	size_t event_count;
	str owner_name;    /* absent when nobody claimed it */
	int64_t read_n;    /* the patient has read up to this message, */
	instant read_at;   /* last at this time; none: never */
	bool for_reading;  /* the caller has it for information only */
	instant remind_at; /* the caller's own reminder */
};
fallible thread_open(struct cx *cx, thread_id id, struct conversation *out);
/* The same without marking it read or opened: for programs, whose reading changes nothing. */
fallible thread_look(struct cx *cx, thread_id id, struct conversation *out);
/* Who began a thread that the caller was given to read: its first message, with the author's name and without the text. */
fallible thread_first(struct cx *cx, const struct thread *thread, struct message *out);

/* The patient's threads, last written first; struct thread. */
enum thread_filter { THREADS_ALL, THREADS_UNREAD, THREADS_WAITING };
fallible thread_list(struct cx *cx, patient_id patient, enum thread_filter filter, int64_t offset, int64_t count_max,
    struct db_rows *out);
fallible thread_count(struct cx *cx, patient_id patient, enum thread_filter filter, int64_t *out);

/* Teams with which the calling patient has conversations, former ones too; struct team. */
fallible thread_teams(struct cx *cx, struct db_rows *out);

/* The team inbox of the caller: threads of their teams, most urgent first. */
enum inbox_filter {
	INBOX_OPEN,      /* everything not complete */
	INBOX_MINE,      /* claimed by me */
	INBOX_UNCLAIMED, /* by nobody */
	INBOX_DUE_TODAY, /* an answer is owed today or was owed before */
	INBOX_ESCALATED,
	INBOX_WAITING,   /* an answer is owed */
	INBOX_COMPLETED, /* last completed first */
	INBOX_COPIES,    /* sent to me for information, whatever the team; last sent first */
	INBOX_REMINDERS, /* I want to see them again; the next first */
	INBOX_FILTERS
};
/* How what is open is ordered; after that by state, due date and age. */
enum inbox_sort {
	SORT_URGENT, /* what is urgent and waits first */
	SORT_DUE,
	SORT_AGE,   /* who has waited longest, or was last written to longest ago, first */
	SORT_KIND,  /* by category */
	SORT_OWNER, /* mine, nobody's, then those of others together */
	INBOX_SORTS
};
struct inbox_query {
	enum inbox_filter filter;
	team_id team; /* none: all of the caller's teams */
	int64_t offset, count_max;
	enum inbox_sort sort;
};
fallible inbox_list(struct cx *cx, const struct inbox_query *query, struct db_rows *out); /* struct thread */
#define INBOX_NOT_COUNTED (-1) /* of what is completed: it grows for ever, and nobody works it off */
fallible inbox_counts(struct cx *cx, team_id team, int64_t counts[INBOX_FILTERS]);

/* Lists of the inbox that a person keeps for themselves. */
struct inbox_view {
	struct uuid id;
	str name, query; /* query: what stands behind the question mark of the address */
	bool first;      /* opened where no list is asked for; one of them at most */
};
/* ERR_INVALID for a name of none or more than 40 characters, or beyond INBOX_VIEWS_MAX. The same name replaces. */
fallible inbox_view_keep(struct cx *cx, str name, str query, bool first);
fallible inbox_view_drop(struct cx *cx, struct uuid id); /* no error when it is not there any more */
fallible inbox_view_list(struct cx *cx, struct db_rows *out);

/* Tell the colleagues who have the thread open that the caller is writing an answer. Nothing is stored. */
fallible thread_typing(struct cx *cx, thread_id id);

/* ---- drafts: kept on the server, sealed, the author's own ---- */

struct draft {
	struct uuid id; /* the key of the message it becomes */
	patient_id patient;
	thread_id thread; /* of an answer; none for a new thread */
	team_id team;     /* chosen so far; may be none */
	int64_t category;
	str subject, body;
	struct about about; /* saved by its reference; what the caller cannot see is left out */
	instant updated;
	instant send_at; /* on its way: sent then, unless it is taken back; none: not sent yet */
	str trouble;     /* why it could not be sent when it should have been; absent: nothing tried */
};
/* Keep a draft (made at the first save). Once its message was sent it is not made again. ERR_INVALID beyond
 * DRAFTS_MAX drafts. */
fallible draft_save(struct cx *cx, const struct draft *draft);
/* Keep `to` in the place of the draft `from`, whose files it takes along. */
fallible draft_move(struct cx *cx, struct uuid from, const struct draft *to);
fallible draft_get(struct cx *cx, struct uuid id, struct draft *out); /* ERR_GONE when it is not the caller's */
fallible draft_of_thread(struct cx *cx, thread_id thread, struct draft *out, bool *found);
fallible draft_delete(struct cx *cx, struct uuid id);    /* no error when it is not there any more */
fallible draft_list(struct cx *cx, struct db_rows *out); /* struct draft, last changed first */

/* Send a draft, with time to think again: checks all that sending checks (the same errors), keeps the draft and sends it at
 * `send_at`. Until then nothing changes it. */
fallible draft_send_later(struct cx *cx, const struct draft *draft, int64_t seconds, instant *send_at);
fallible draft_undo(struct cx *cx, struct uuid id); /* ERR_CONFLICT when it was sent already */
/* Send one that is on its way now. An error that another try will not mend stays with the draft as `trouble`. */
fallible draft_send(struct cx *cx, struct uuid id, struct sent *out);
fallible drafts_send_own(struct cx *cx);    /* those of the caller that are due */
fallible messaging_send_due(struct cx *cx); /* the timer: those of everybody that are due */

/* Where the caller, a patient, sent a message under this key; ERR_GONE when there is none. */
fallible message_sent_as(struct cx *cx, struct uuid key, thread_id *out);

/* ---- who takes part ---- */

#define MESSAGING_TERMS_VERSION 1 /* of the terms on /messages/terms; a higher one asks everybody again */

/* Patients write once they accepted the terms; sending without is ERR_INVALID with words. */
fallible messaging_opted_in(struct cx *cx, patient_id patient, bool *yes);
/* The caller's own yes or no. A delegate says yes for themself (both are needed before they can write); no is the patient's. */
fallible messaging_terms_choose(struct cx *cx, bool accepted);
fallible messaging_terms_mine(struct cx *cx, bool *yes); /* has the caller said yes: the patient, or the delegate? */
/* For those who bring in patients who agreed elsewhere (migration, the simulated clinic). */
fallible messaging_terms_record(struct tx *tx, patient_id patient, account_id account, bool accepted);

/* ---- files of drafts and messages ---- */

fallible draft_limits(struct cx *cx, patient_id patient, struct attachment_limits *out); /* by the facility's setting */
/* Attach a file to the caller's draft (saved before). Sending the draft sends its files. ERR_INVALID with words when it may
 * not be attached or a virus was found in it; while the scanner is away it is held (struct attachment, state). */
fallible message_attach(struct cx *cx, struct uuid draft, str name, str content, struct attachment *out);
fallible message_detach(struct cx *cx, struct uuid attachment); /* ERR_GONE once it was sent */
/* struct attachment, oldest first; none for a draft that was never saved. Those of messages: struct message. */
fallible draft_attachments(struct cx *cx, struct uuid draft, struct db_rows *out);
/* Whoever may read the message may read its files; those of a draft are its author's. */
fallible message_file_find(struct cx *cx, struct uuid attachment, struct attachment *out);
fallible message_file_read(struct cx *cx, const struct attachment *file, attachment_chunk_fn *each, void *arg);
/* Deliverer of the outbox kind ATTACHMENT_OUTBOX_KIND: scans what was held and tells the open pages. */
fallible message_scan_deliver(struct cx *cx, const struct outbox_item *item);

/* ---- for other features ---- */

/* For the patient's home page. */
struct messaging_summary {
	int64_t unread;  /* threads with something new */
	int64_t waiting; /* threads where an answer is owed */
	instant due;     /* when the last of those is due; none without one */
};
fallible messaging_patient_summary(struct cx *cx, patient_id patient, struct messaging_summary *out);

/* Visit every message of a patient, thread by thread (oldest first), for downloads. `thread` is the same for the messages of
 * one thread; both live until the callback returns. */
typedef fallible(message_visit_fn)(
    void *arg, const struct thread *thread, const struct team *team, const struct message *message);
fallible messages_export(struct cx *cx, patient_id patient, message_visit_fn *visit, void *arg);

/* Unfinished threads that nobody can answer: the team is closed or has no active member, or does not care for the patient any
 * more. For coordinators and administrators: without subject; struct thread. */
fallible messaging_ownerless(struct cx *cx, facility_id facility, int64_t count_max, struct db_rows *out);

/* After the facility's calendar changed (days off, zone, promise), inside the act that changes it: what is owed is due by the new
 * calendar where that is sooner. A date that was promised never gets later. */
fallible messaging_calendar_changed(struct tx *tx, facility_id facility);

/* When people or teams go; inside the act that lets them go.  Claims that the account holds on unfinished threads, of one team
 * or (team none) of all, are let go, so that others see them. */
fallible messaging_let_go(struct tx *tx, account_id account, team_id team);
/* Unfinished threads of a team that closes go to its successor, with nobody's claim; the dates that were promised stay. The
 * panel is the caller's business. ERR_INVALID with words when there are some and `to` is none. */
fallible messaging_hand_over(struct tx *tx, team_id from, team_id to);
fallible messaging_unfinished(struct cx *cx, team_id team, int64_t *out);
void messaging_tell_team(struct cx *cx, team_id team); /* open inboxes of the team look again; after the act */

/* The number beside the navigation (enum page_count: COUNT_RX, COUNT_VISITS) of a patient and of the members of a team (may be none) may be another one
 * now: their open pages are told. After the act. */
void live_waiting(struct cx *cx, patient_id patient, team_id team, int64_t kind);

/* A conversation goes to another team: an outbox item of this kind, written in that act, tells the features that keep requests of their
 * own beside it. Its payload is the thread's id; the team is thread_team's at that moment. */
#define THREAD_MOVED_KIND "thread_moved"
fallible thread_team(struct cx *cx, thread_id id, team_id *team, bool *found); /* asks for no right: for deliverers */

/* A button that settles what a conversation asks, for its team, where another feature knows how: "Book Tuesday, 3 March 2026, 9:00 am".
 * Its form goes to `action` of that feature, which decides anew who may. Without fields it is a link there. */
struct thread_button {
	str label;  /* an English text that is translated; %1: `at` in words */
	instant at; /* none: nothing is put in */
	str action; /* a path of this site */
	str fields; /* of the form: "deed=accept&slot=ID" */
};
#define THREAD_BUTTONS_MAX 6
/* In the act of that feature; the ones before are gone. The conversation need not be there yet. */
fallible thread_buttons_put(
    struct tx *tx, patient_id patient, thread_id thread, const struct thread_button *buttons, size_t count);
/* Of a thread that the caller has opened; struct thread_button. */
fallible thread_buttons(struct cx *cx, const struct thread *thread, struct db_rows *out);

/* For charting, in its transaction: the conversation is in the patient's chart now (filed_at); a member must see it again at
 * once (it stands under their reminders). */
fallible thread_note_filed(struct tx *tx, const struct thread *thread);
fallible thread_remind_member(struct tx *tx, const struct thread *thread, account_id member);

/* Whether a person is told outside of the program. Told through the outbox, kind "notice", payload
 *	{"reason": "message" | "assigned" | "due" | "escalated", "account": UUID, "thread": UUID, "daily": true}
 * (ids only; nobody's words; daily only where they chose one a day). Without a choice patients are told of each message, staff of
 * what is given to them and of answers that are late or soon will be. */
enum notice_choice { NOTICES_NONE = 0, NOTICES_EACH = 1, NOTICES_ESCALATED = 2, NOTICES_DAILY = 3 };
fallible notice_choice_get(struct cx *cx, account_id account, enum notice_choice *out);
fallible notice_choice_set(struct cx *cx, enum notice_choice choice); /* the caller's own */

/* The escalation clock, run by the timer of this name every minute under its lease: before an answer is late who has it is
 * warned; threads past their due date escalate once per business day until somebody answers (or completes: the facility's
 * setting); claims of people who left the team end. */
fallible messaging_escalate(struct cx *cx);

/* Compare all that is derived with what it is derived from, for tests and `salve doctor`: each trouble is one line in
 * `report`, which stays empty when all is well. */
fallible messaging_check_invariants(struct cx *cx, struct buf *report);

#endif
