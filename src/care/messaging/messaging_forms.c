/* SPDX-License-Identifier: Apache-2.0 */
/* What the handlers of messaging share: keys, options, errors beside fields, what was just done. */
#include "care/messaging/messaging_pages.h"

fallible
request_thread(const struct request *rq, thread_id *out)
{
	return request_param_uuid(rq, "thread", &out->v) ? NULL : NOT_FOUND;
}

struct uuid
request_key(const struct cx *cx, const struct request *rq)
{
	struct uuid key;

	if (request_form_uuid(rq, "key", &key) && !uuid_is_none(key))
		return key;
	return uuid_new(cx->now);
}

const struct option *
category_options(const struct page_cx *px)
{
	static const int64_t order[CATEGORIES] = {
	    CATEGORY_MEDICATION, CATEGORY_TEST_RESULT, CATEGORY_APPOINTMENT, CATEGORY_GENERAL};
	const str hints[CATEGORIES] = {T("Refills, doses, side effects"), T("What a result means, what comes next"),
	    T("Making, moving or preparing a visit"), T("Anything else about your care")};
	struct option *options = ARENA_ARRAY(px->arena, struct option, CATEGORIES);

	for (size_t i = 0; i < CATEGORIES; i++)
		options[i] = (struct option){
		    str_from_z(message_category_code(order[i])), message_category_words(px->lang, order[i]), hints[i]};
	return options;
}

bool
form_note_error(struct cx *cx, struct form_errors *errors, const char *field, const struct err *error)
{
	if (error->code != ERR_INVALID && error->code != ERR_CONFLICT)
		return false;
	form_error_add(cx->arena, errors, str_from_z(field), tr(cx->lang, error->say));
	return true;
}

int
form_status(const struct err *error)
{
	return error->code == ERR_CONFLICT ? 409 : 400;
}

str
flash_for(struct cx *cx, str done)
{
	static const struct {
		const char *done, *text;
	} rows[] = {
	    {"sent", TR("Your message was sent.")},
	    {"draft", TR("Your draft is saved. You can go on with it on any device.")},
	    {"deleted", TR("The draft was deleted.")},
	    {"claimed", TR("It is yours. Nobody else can answer for now.")},
	    {"released", TR("Released. Everybody in the team can take it now.")},
	    {"completed", TR("Completed.")},
	    {"reopened", TR("Opened again.")},
	    {"notices", TR("Your choice is saved.")},
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		if (str_equal(done, str_from_z(rows[i].done)))
			return tr(cx->lang, rows[i].text);
	return STR_NONE;
}

void
conversation_rows(const struct cx *cx, const struct page_cx *px, const struct conversation *c, struct message_row **out)
{
	struct message_row *rows = ARENA_ARRAY(cx->arena, struct message_row, c->count);

	for (size_t i = 0; i < c->count; i++) {
		const struct message *m = &c->messages[i];
		bool mine = uuid_equal(m->author.v, cx->who.account.v);

		rows[i] = (struct message_row){.who = mine ? T("You") : m->author_name,
		    .role = m->side == SIDE_TEAM && !mine
		                ? TF2("%1 in %2", role_words(px, m->author_role), c->team.name)
		                : STR_NONE,
		    .text = m->body,
		    .at = m->sent,
		    .mine = mine};
	}
	*out = rows;
}
