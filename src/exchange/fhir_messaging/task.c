/* SPDX-License-Identifier: Apache-2.0 */
/* Task: what a team owes for a thread, whose it is, and by when.  A Task has the id of its thread. */
#include "exchange/fhir_messaging/fhir_messaging_internal.h"

static fallible
add_task(struct cx *cx, struct buf *out, const struct thread *thread)
{
	struct account owner = {0};
	struct team team;
	str subject;

	TRY(team_get(cx, thread->team, &team));
	TRY(patient_fhir_id(cx, thread->patient, &subject));
	if (!uuid_is_none(thread->owner.v))
		TRY(account_get(cx, thread->owner, &owner));
	write_task(out, thread, &team, owner.name, subject, cx->now);
	return NULL;
}

static fallible
respond_task(struct cx *cx, struct request *rq, const struct thread *thread)
{
	struct buf out = BUF_INIT(cx->arena);

	TRY(add_task(cx, &out, thread));
	return respond(rq, 200, FHIR_JSON, buf_str(&out));
}

fallible
task_read(struct cx *cx, struct request *rq)
{
	const struct err *error;
	struct conversation c;
	thread_id id;

	if (!uuid_parse(request_param(rq, "id"), &id.v) || (cx->who.is & WHO_PATIENT))
		return recorded_read(cx, rq, RESOURCE_TASK);
	error = thread_look(cx, id, &c);
	if (error && error->code == ERR_GONE)
		return recorded_read(cx, rq, RESOURCE_TASK);
	TRY(error);
	return respond_task(cx, rq, &c.thread);
}

/* The caller's inbox: status=completed, or what is open; owner=Practitioner/ID with the caller's own id: what is theirs. */
fallible
task_search(struct cx *cx, struct request *rq)
{
	static const char *const understood[] = {"status", "owner", "_count", "_offset", NULL};
	struct messaging_page page = page_asked_for(rq);
	struct inbox_query query = {.offset = page.offset, .count_max = page.count + 1};
	str status = request_query(rq, "status"), owner = request_query(rq, "owner");
	struct buf out = BUF_INIT(cx->arena);
	struct bundle_out bundle = {.out = &out};
	const struct thread *thread;
	struct db_rows rows;
	bool more;

	if ((cx->who.is & WHO_PATIENT) || !asks_only_for(rq, understood))
		return fhir_search(cx, rq);
	if (str_equal(status, S("completed")))
		query.filter = INBOX_COMPLETED;
	else if (str_equal(status, S("requested")))
		query.filter = INBOX_UNCLAIMED;
	if (owner.n) {
		str type, id = str_cut(owner, '/', &type);

		if (!str_equal(id.n ? id : owner, uuid_text(cx->arena, cx->who.account.v)))
			return ERR(
			    ERR_INVALID, "owner can only be yourself: Practitioner/ID of the caller.", "another owner");
		query.filter = INBOX_MINE;
	}
	TRY(inbox_list(cx, &query, &rows));
	more = (int64_t)rows.count > page.count;
	thread = rows.items;
	bundle_begin(&bundle, cx, rq, next_page(cx, rq, page, more));
	for (size_t i = 0; i < rows.count - (more ? 1 : 0); i++) {
		struct buf one = BUF_INIT(cx->arena);

		TRY(add_task(cx, &one, &thread[i]));
		bundle_add(&bundle, "Task", uuid_text(cx->arena, thread[i].id.v), buf_str(&one));
	}
	bundle_end(&bundle);
	return respond(rq, 200, FHIR_JSON, buf_str(&out));
}

static const struct {
	const char *code;
	enum completed_how how;
} REASONS[] = {{"answered", COMPLETED_ANSWERED}, {"telephone", COMPLETED_TELEPHONE}, {"visit", COMPLETED_VISIT},
    {"no-need", COMPLETED_NO_NEED}};

static fallible
complete(struct cx *cx, thread_id id, const struct json_value *json)
{
	str code = json_text_at(json, "statusReason.coding.0.code");

	for (size_t i = 0; i < sizeof(REASONS) / sizeof(REASONS[0]); i++)
		if (str_equal(code.n ? code : S("answered"), str_from_z(REASONS[i].code)))
			return thread_complete(cx, &(struct thread_complete){.thread = id, .how = REASONS[i].how});
	return ERR(ERR_INVALID, "statusReason must be answered, telephone, visit or no-need.", "unknown reason");
}

/* Another owner is told; status "completed" finishes the thread. Everything else of a Task is what the thread says. */
fallible
task_update(struct cx *cx, struct request *rq)
{
	const struct json_value *json;
	const struct err *error;
	struct conversation c;
	thread_id id;
	account_id owner;
	str type, name;

	error = uuid_parse(request_param(rq, "id"), &id.v) ? thread_look(cx, id, &c) : NOT_THERE;
	if (error && error->code == ERR_GONE)
		return fhir_update(cx, rq);
	TRY(error);
	TRY(messaging_body(cx, rq, "Task", &json));
	name = str_cut(json_text_at(json, "owner.reference"), '/', &type);
	if (name.p && (!str_equal(type, S("Practitioner")) || !uuid_parse(name, &owner.v)))
		return ERR(
		    ERR_INVALID, "owner must be Practitioner/ID of a member of the team.", "owner is something else");
	if (name.p && !uuid_equal(owner.v, c.thread.owner.v))
		TRY(thread_assign(cx, id, owner));
	if (str_equal(json_text_at(json, "status"), S("completed")) && c.thread.status != THREAD_COMPLETE)
		TRY(complete(cx, id, json));
	db_refresh(cx);
	TRY(thread_look(cx, id, &c));
	return respond_task(cx, rq, &c.thread);
}

#define WRITERS (WHO_PATIENT | WHO_CARE_TEAM)
#define READERS (WRITERS | WHO_DELEGATE) /* acting for the patient: for looking only */

const struct route fhir_messaging_routes[] = {
    {GET, "/fhir/Communication", communication_search, .who = READERS, .scope = "Communication.s", .face = FACE_FHIR},
    {GET, "/fhir/Communication/{id}", communication_read, .who = READERS, .scope = "Communication.r",
	.face = FACE_FHIR},
    {POST, "/fhir/Communication", communication_create, .who = WRITERS, .scope = "Communication.c", .face = FACE_FHIR,
	.body_bytes_max = MESSAGING_BODY_MAX, .writes = true},
    {POST, "/fhir/Communication/{id}/$mark-read", communication_mark_read, .who = WRITERS, .scope = "Communication.u",
	.face = FACE_FHIR, .body_bytes_max = 4096, .writes = true},
    {GET, "/fhir/Task", task_search, .who = WRITERS, .scope = "Task.s", .face = FACE_FHIR},
    {GET, "/fhir/Task/{id}", task_read, .who = WRITERS, .scope = "Task.r", .face = FACE_FHIR},
    {PUT, "/fhir/Task/{id}", task_update, .who = WRITERS, .scope = "Task.u", .face = FACE_FHIR,
	.body_bytes_max = MESSAGING_BODY_MAX, .writes = true},
    {0},
};
