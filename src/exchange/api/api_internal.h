/* SPDX-License-Identifier: Apache-2.0 */
/* What the files of this folder share. */
#ifndef SALVE_API_INTERNAL_H
#define SALVE_API_INTERNAL_H

#include "care/appointments/appointments.h"
#include "care/messaging/mailbox.h"
#include "care/messaging/messaging.h"
#include "exchange/api/api.h"
#include "platform/format/json_write.h"

#define API_COUNT_DEFAULT 50
#define API_COUNT_MAX     200
#define API_BODY_MAX      (256 * 1024)       /* 20,000 characters escaped, and what stands around them */
#define API_FILE_BODY     (26 * 1000 * 1000) /* a file of 25 MB, where the facility takes such */
#define API_SMALL_BODY    (16 * 1024)
#define API_MANY_BODY     (512 * 1024) /* a text and 2,000 patients */

/* ---- what is asked ---- */

/* The body as an object. ERR_INVALID with words otherwise. */
fallible api_body(struct cx *cx, struct request *rq, const struct json_value **out);
/* The id in the address; ERR_GONE when it is none. */
fallible api_address_id(struct request *rq, const char *name, struct uuid *out);
/* A member that must be an id; ERR_INVALID names it. */
fallible api_id(struct cx *cx, const struct json_value *body, const char *name, struct uuid *out);
/* The same when it is there; none when it is absent or null. */
fallible api_maybe_id(struct cx *cx, const struct json_value *body, const char *name, struct uuid *out);
/* A list of ids, at most `max`. */
fallible
api_ids(struct cx *cx, const struct json_value *body, const char *name, size_t max, struct uuid **out, size_t *count);
/* A member that may be left out (text and flag: `out` stays as it is); ERR_INVALID when it is something else. */
fallible api_number(struct cx *cx, const struct json_value *body, const char *name, int64_t absent, int64_t *out);
fallible api_text(struct cx *cx, const struct json_value *body, const char *name, str *out);
fallible api_flag(struct cx *cx, const struct json_value *body, const char *name, bool *out);
fallible api_instant(struct cx *cx, const struct json_value *body, const char *name, instant *out);
/* "medication"; absent: general. */
fallible api_category(struct cx *cx, const struct json_value *body, enum message_category *out);
/* {"signature": {"name", "certified"}}: `text` signed electronically, for a team that asks for it. */
fallible api_sign(struct cx *cx, const struct json_value *body, team_id team, str *text);
struct api_page {
	int64_t count, offset;
};
struct api_page api_page_of(struct request *rq); /* ?count= and ?offset= */
/* A word of a list ended by NULL; its place. ERR_INVALID lists the words. Absent: 0. */
fallible api_word(struct cx *cx, str word, const char *name, const char *const *words, int *out);

/* ---- what is answered ---- */

/* The caller reads so many things of the patient's: may they, and the trail has it. */
fallible api_note_read(struct cx *cx, patient_id patient, enum audit_subject subject, size_t count);

/* An answer being written: an object. */
struct api_answer {
	struct cx *cx;
	struct buf text;
	struct json_writer w;
};
void api_begin(struct cx *cx, struct api_answer *answer);
fallible api_end(struct request *rq, int status, struct api_answer *answer);
fallible api_done(struct request *rq); /* 204 */

void put_id(struct api_answer *a, const char *name, struct uuid id);  /* none: left out */
void put_instant(struct api_answer *a, const char *name, instant at); /* none: left out */
void put_some(struct api_answer *a, const char *name, str text);      /* empty: left out */
/* Members of the open object. What is the team's own stands there for members only. */
void put_thread(struct api_answer *a, const struct thread *thread);
void put_message(struct api_answer *a, const struct message *message);
void put_event(struct api_answer *a, const struct thread_event *event);
void put_team_members(struct api_answer *a, const struct team *team); /* of the open object */
void put_team(struct api_answer *a, const struct team *team);         /* an object of its own, as these: */
void put_file(struct api_answer *a, const struct attachment *file);
void put_draft(struct api_answer *a, const struct draft *draft);
/* A list of threads, {"conversations": [...]}, told whether there are more. */
fallible api_threads(struct cx *cx, struct request *rq, const struct db_rows *threads, int64_t count);
/* {"conversation": {...}} as it is now, with messages. */
fallible api_conversation(struct cx *cx, struct request *rq, int status, thread_id id);

extern const char *const api_completed_how[]; /* enum completed_how as words */
extern const char *const api_visit_modes[];   /* enum visit_mode as words */
extern const char *const api_weekdays[];      /* "sun" first */

/* ---- rows of routes ---- */

#define API_LOOK(path, handler_, who_, scope_)                                           \
	{                                                                                \
		GET, path, handler_, .who = (who_), .scope = (scope_), .face = FACE_JSON \
	}
#define API_DEED(method_, path, handler_, who_, scope_, bytes)                                                \
	{                                                                                                     \
		method_, path, handler_, .who = (who_), .scope = (scope_), .face = FACE_JSON, .writes = true, \
					 .body_bytes_max = (bytes)                                            \
	}

/* ---- handlers ---- */

handler_fn api_get_teams, api_get_proposal, api_get_inbox, api_get_counts, api_get_conversations, api_get_conversation,
    api_read_conversation, api_post_conversation, api_post_message, api_post_deed, api_recall, api_get_colleagues,
    api_move, api_get_text, api_put_team_choices;
handler_fn api_get_drafts, api_get_draft, api_put_draft, api_delete_draft, api_send_draft, api_undo_draft,
    api_post_file, api_delete_file, api_get_file;
handler_fn api_get_folders, api_post_folder, api_put_folder, api_delete_folder, api_search, api_get_terms,
    api_put_terms, api_get_signature, api_put_signature, api_get_notices, api_put_notices, api_get_templates,
    api_put_template, api_delete_template;
/* Of the open object: "questionnaires". */
fallible api_put_visit_questions(struct api_answer *a, const struct appointment *visit);
fallible api_put_kind_questions(struct api_answer *a, visit_kind_id kind);
fallible api_set_kind_questions(struct cx *cx, visit_kind_id kind, const struct json_value *body);
handler_fn api_ask_visit_question, api_drop_visit_question, api_get_visit_questionnaires;
handler_fn api_put_visit_kind, api_get_hours, api_put_hours;
handler_fn api_get_candidates, api_post_broadcast, api_get_broadcast, api_get_views, api_put_view, api_delete_view;

#endif
