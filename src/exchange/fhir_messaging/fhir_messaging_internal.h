/* SPDX-License-Identifier: Apache-2.0 */
/* What the files of this folder share. */
#ifndef SALVE_FHIR_MESSAGING_INTERNAL_H
#define SALVE_FHIR_MESSAGING_INTERNAL_H

#include "care/messaging/messaging.h"
#include "care/record/record.h"
#include "care/record/record_api.h"
#include "exchange/fhir_messaging/fhir_messaging.h"
#include "platform/format/json_write.h"

#define MESSAGING_COUNT_DEFAULT 50
#define MESSAGING_COUNT_MAX     200
#define MESSAGING_BODY_MAX      (256 * 1024) /* 20,000 characters escaped, and what stands around them */

#define CATEGORY_SYSTEM "urn:salve:message-category"
#define REASON_SYSTEM   "urn:salve:completed-how"

/* "<thread>" or "<thread>.<n>"; n is 0 for the thread itself. False when the id is neither. */
bool communication_id_parse(str id, thread_id *thread, int64_t *n);
/* The id that the FHIR face gives the patient. */
fallible patient_fhir_id(struct cx *cx, patient_id patient, str *out);

/* One resource, and the frame of a search. `subject` is the patient's FHIR id. */
/* `first`: who began it (thread_first). */
void write_header(
    struct buf *out, const struct thread *thread, const struct message *first, const struct team *team, str subject);
void write_message(struct buf *out, const struct conversation *c, const struct message *message, str subject);
void write_task(
    struct buf *out, const struct thread *thread, const struct team *team, str owner_name, str subject, instant now);

struct bundle_out {
	struct buf *out;
	str base;
	size_t count;
};
void
bundle_begin(struct bundle_out *b, struct cx *cx, struct request *rq, str next); /* next: absent on the last page */
void bundle_add(struct bundle_out *b, const char *type, str id, str resource);
void bundle_end(struct bundle_out *b);

fallible communication_read(struct cx *cx, struct request *rq);
fallible communication_search(struct cx *cx, struct request *rq);
fallible communication_create(struct cx *cx, struct request *rq);
fallible communication_mark_read(struct cx *cx, struct request *rq);
fallible task_read(struct cx *cx, struct request *rq);
fallible task_search(struct cx *cx, struct request *rq);
fallible task_update(struct cx *cx, struct request *rq);

/* What an import recorded under this id; ERR_GONE otherwise. */
fallible recorded_read(struct cx *cx, struct request *rq, resource_type type);
/* The body as JSON of that type. */
fallible messaging_body(struct cx *cx, struct request *rq, const char *type, const struct json_value **out);
/* Does a search name only these parameters (a list ended by NULL)? Any other is for the record's search. */
bool asks_only_for(struct request *rq, const char *const *names);
/* _count and _offset of a search. */
struct messaging_page {
	int64_t count, offset;
};
struct messaging_page page_asked_for(struct request *rq);
str next_page(struct cx *cx, struct request *rq, struct messaging_page page, bool more);

#define NOT_THERE                                                                                        \
	ERR(ERR_GONE, "We could not find that. It may have been removed, or it is not shared with you.", \
	    "no such communication or task")

#endif
