/* SPDX-License-Identifier: Apache-2.0 */
/* Texts to begin an answer with.  One's own are one's own; a team's are made by its members, a facility's by its office. */
#include "care/messaging/messaging_store.h"
#include "platform/format/utf8.h"

static const patient_id nobody;

/* May the caller make, change or delete it? */
static fallible
check_right(struct cx *cx, const struct message_template *t)
{
	struct team team;
	bool is_member;

	if (!(cx->who.is & WHO_STAFF))
		return NOT_FOUND;
	if (!uuid_is_none(t->account.v))
		return uuid_equal(t->account.v, cx->who.account.v) ? NULL : NOT_FOUND;
	if (uuid_is_none(t->team.v))
		return office_check(cx, t->facility);
	TRY(team_get(cx, t->team, &team));
	TRY(team_has_member(cx, t->team, cx->who.account, &is_member));
	return is_member ? NULL : office_check(cx, team.facility);
}

static const struct err *
put(struct tx *tx, void *arg)
{
	const struct message_template *t = arg;

	audit_add(tx, &(struct audit){.action = AUDIT_ADMINISTER, .subject = AUDIT_FACILITY, .item = t->id});
	return template_row_put(tx, t);
}

fallible
template_save(struct cx *cx, const struct message_template *in)
{
	struct message_template t = *in, before;
	size_t chars;

	t.name = str_trim(t.name);
	t.body = message_clean(cx->arena, t.body);
	if (!uuid_is_none(t.id)) { /* what it is of does not change */
		TRY(template_row_get(cx, t.id, &before));
		t.team = before.team;
		t.account = before.account;
		t.facility = before.facility;
	} else {
		t.id = uuid_new(cx->now);
		t.facility = cx->who.facility;
	}
	TRY(check_right(cx, &t));
	chars = utf8_count(t.name);
	if (chars < 1 || chars > TEMPLATE_NAME_CHARS_MAX || !utf8_is_clean_line(t.name))
		return ERR(ERR_INVALID, TR("Give the template a name of 1 to 80 characters."), "template name");
	TRY(message_check_body(cx, t.body));
	TRY(vault_seal(cx, nobody, template_place(t.id, "message_template.name"), t.name, &t.name));
	TRY(vault_seal(cx, nobody, template_place(t.id, "message_template.body"), t.body, &t.body));
	return db_write(cx, put, &t);
}

static const struct err *delete (struct tx *tx, void *arg)
{
	const struct message_template *t = arg;

	audit_add(tx, &(struct audit){.action = AUDIT_ADMINISTER, .subject = AUDIT_FACILITY, .item = t->id});
	return template_row_delete(tx, t->id);
}

fallible
template_delete(struct cx *cx, struct uuid id)
{
	struct message_template t;

	TRY(template_row_get(cx, id, &t));
	TRY(check_right(cx, &t));
	return db_write(cx, delete, &t);
}

static fallible
open_texts(struct cx *cx, struct db_rows *rows)
{
	struct message_template *t = rows->items;

	for (size_t i = 0; i < rows->count; i++) {
		TRY(vault_open_text(
		    cx, nobody, template_place(t[i].id, "message_template.name"), t[i].name, &t[i].name));
		TRY(vault_open_text(
		    cx, nobody, template_place(t[i].id, "message_template.body"), t[i].body, &t[i].body));
		t[i].may_change = check_right(cx, &t[i]) == NULL;
	}
	return NULL;
}

fallible
templates_for(struct cx *cx, team_id team, struct db_rows *out)
{
	if (!(cx->who.is & WHO_STAFF))
		return NOT_FOUND;
	TRY(template_rows(cx, team, out));
	return open_texts(cx, out);
}

fallible
templates_of_caller(struct cx *cx, struct db_rows *out)
{
	if (!(cx->who.is & WHO_STAFF))
		return NOT_FOUND;
	TRY(template_rows_of_caller(cx, (cx->who.is & (WHO_COORDINATOR | WHO_ADMINISTRATOR)) != 0, out));
	return open_texts(cx, out);
}

str
template_fill(struct arena *arena, str body, const struct template_values *values)
{
	const struct {
		str name, value;
	} fields[] = {{S("{patient}"), values->patient}, {S("{me}"), values->me}, {S("{team}"), values->team},
	    {S("{phone}"), values->phone}};
	struct buf out = BUF_INIT(arena);

	while (body.n) {
		size_t taken = 0;

		for (size_t i = 0; i < sizeof(fields) / sizeof(fields[0]); i++)
			if (str_starts(body, fields[i].name)) {
				buf_add(&out, fields[i].value);
				taken = fields[i].name.n;
			}
		if (!taken) {
			buf_add_char(&out, body.p[0]);
			taken = 1;
		}
		body = str_drop(body, taken);
	}
	return buf_str(&out);
}
