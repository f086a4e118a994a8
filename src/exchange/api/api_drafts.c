/* SPDX-License-Identifier: Apache-2.0 */
/* Drafts with their files: kept, sent with time to think again, taken back. */
#include "exchange/api/api_internal.h"

static fallible
answer_draft(struct cx *cx, struct request *rq, int status, struct uuid id)
{
	struct api_answer a;
	struct draft draft;
	struct db_rows files;
	const struct attachment *file;

	db_refresh(cx);
	TRY(draft_get(cx, id, &draft));
	TRY(draft_attachments(cx, id, &files));
	file = files.items;
	api_begin(cx, &a);
	put_draft(&a, &draft);
	json_put_array(&a.w, "files");
	for (size_t i = 0; i < files.count; i++)
		put_file(&a, &file[i]);
	json_write_end(&a.w);
	return api_end(rq, status, &a);
}

fallible
api_get_drafts(struct cx *cx, struct request *rq)
{
	struct db_rows rows;
	const struct draft *draft;
	struct api_answer a;

	TRY(draft_list(cx, &rows));
	draft = rows.items;
	api_begin(cx, &a);
	json_put_array(&a.w, "drafts");
	for (size_t i = 0; i < rows.count; i++) {
		json_write_object(&a.w);
		put_draft(&a, &draft[i]);
		json_write_end(&a.w);
	}
	json_write_end(&a.w);
	return api_end(rq, 200, &a);
}

fallible
api_get_draft(struct cx *cx, struct request *rq)
{
	struct uuid id;

	TRY(api_address_id(rq, "draft", &id));
	return answer_draft(cx, rq, 200, id);
}

/* {"conversation"} of an answer, or {"team", "category", "subject"}; "body"; "patient" of a member who writes first. */
fallible
api_put_draft(struct cx *cx, struct request *rq)
{
	struct draft draft = {.patient = cx->who.patient, .send_at = INSTANT_NONE};
	const struct json_value *body;
	enum message_category category;

	TRY(api_address_id(rq, "draft", &draft.id));
	TRY(api_body(cx, rq, &body));
	TRY(api_maybe_id(cx, body, "conversation", &draft.thread.v));
	TRY(api_maybe_id(cx, body, "team", &draft.team.v));
	TRY(api_category(cx, body, &category));
	if (cx->who.is & WHO_CARE_TEAM)
		TRY(api_maybe_id(cx, body, "patient", &draft.patient.v));
	draft.category = category;
	draft.subject = json_text(json_get(body, "subject"));
	draft.body = json_text(json_get(body, "body"));
	draft.about.reference = json_text(json_get(body, "about"));
	TRY(draft_save(cx, &draft));
	return answer_draft(cx, rq, 200, draft.id);
}

fallible
api_delete_draft(struct cx *cx, struct request *rq)
{
	struct uuid id;

	TRY(api_address_id(rq, "draft", &id));
	TRY(draft_delete(cx, id));
	return api_done(rq);
}

/* {"seconds": 10}: to think again; without, it is sent at once. */
fallible
api_send_draft(struct cx *cx, struct request *rq)
{
	const struct json_value *body;
	struct draft draft;
	struct sent sent;
	struct uuid id;
	instant at;
	int64_t seconds;

	TRY(api_address_id(rq, "draft", &id));
	TRY(api_body(cx, rq, &body));
	TRY(api_number(cx, body, "seconds", 0, &seconds));
	if (seconds < 0 || seconds > 60)
		return ERR(ERR_INVALID, "\"seconds\" must be from 0 to 60.", "time to think out of range");
	TRY(draft_get(cx, id, &draft));
	TRY(draft_send_later(cx, &draft, seconds, &at));
	if (seconds)
		return answer_draft(cx, rq, 202, id);
	db_refresh(cx);
	TRY(draft_send(cx, id, &sent));
	return api_conversation(cx, rq, 201, sent.thread);
}

fallible
api_undo_draft(struct cx *cx, struct request *rq)
{
	struct uuid id;

	TRY(api_address_id(rq, "draft", &id));
	TRY(draft_undo(cx, id));
	return answer_draft(cx, rq, 200, id);
}

/* The file is the body, its name ?name=; what it is is told by its content. */
fallible
api_post_file(struct cx *cx, struct request *rq)
{
	struct attachment file;
	struct api_answer a;
	struct uuid id;

	TRY(api_address_id(rq, "draft", &id));
	TRY(message_attach(cx, id, request_query(rq, "name"), request_body(rq), &file));
	api_begin(cx, &a);
	json_write_name(&a.w, S("file"));
	put_file(&a, &file);
	return api_end(rq, 201, &a);
}

fallible
api_delete_file(struct cx *cx, struct request *rq)
{
	struct uuid id;

	TRY(api_address_id(rq, "file", &id));
	TRY(message_detach(cx, id));
	return api_done(rq);
}

static const struct err *
pass_on(void *arg, str bytes)
{
	return respond_stream_write(arg, bytes);
}

fallible
api_get_file(struct cx *cx, struct request *rq)
{
	struct attachment file;
	struct uuid id;

	TRY(api_address_id(rq, "file", &id));
	TRY(message_file_find(cx, id, &file));
	if (!attachment_is_given_out(&file))
		return message_file_read(cx, &file, pass_on, rq); /* the error that says why */
	respond_header(rq, "Content-Disposition", S("attachment"));
	TRY(respond_stream_begin(rq, 200, "application/octet-stream"));
	return message_file_read(cx, &file, pass_on, rq);
}
