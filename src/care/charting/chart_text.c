/* SPDX-License-Identifier: Apache-2.0 */
/* The note as text: whose, from whom, the messages as they were written, a comment.  No database. */
#include "care/charting/charting_internal.h"

const char *const chart_procedures[] = {"98970", "98971", "98972", "99421", "99422", "99423", NULL};

static bool
is_chosen(const struct chart_wish *wish, int64_t n)
{
	for (size_t i = 0; i < wish->count; i++)
		if (wish->messages[i] == n)
			return true;
	return false;
}

static void
add_message(struct cx *cx, const struct chart_material *m, const struct message *message, struct buf *out)
{
	str who = message->side == SIDE_PATIENT
	              ? message->author_name
	              : arena_printf(cx->arena, "%.*s, %s", STR_ARG(message->author_name),
			    staff_role_words((enum staff_role)message->author_role, cx->lang));

	buf_printf(out, "\n[%lld] ", (long long)message->n);
	date_words_full(out, cx->lang, m->zone, message->sent);
	buf_printf(out, "\n%.*s:\n%.*s\n", STR_ARG(who), STR_ARG(message->body));
}

static void
add_line(struct cx *cx, struct buf *out, const char *label, str value)
{
	if (value.n)
		buf_printf(out, "%.*s: %.*s\n", STR_ARG(tr(cx->lang, label)), STR_ARG(value));
}

str
chart_text(struct cx *cx, const struct chart_material *m)
{
	const struct conversation *c = m->conversation;
	struct buf out = BUF_INIT(cx->arena), when = BUF_INIT(cx->arena), born = BUF_INIT(cx->arena);

	buf_printf(&out, "%.*s\n", STR_ARG(m->title));
	if (!uuid_is_none(m->first))
		buf_printf(&out, "%.*s\n", STR_ARG(tr(cx->lang, TR("Addendum"))));
	add_line(cx, &out, TR("Patient"), m->patient_name);
	if (m->born.year)
		date_only_words(&born, cx->lang, m->born);
	add_line(cx, &out, TR("Born"), buf_str(&born));
	add_line(cx, &out, TR("Conversation"), c->thread.subject);
	add_line(cx, &out, TR("About"), c->thread.about.title);
	add_line(cx, &out, TR("Team"), c->team.name);
	add_line(cx, &out, TR("Facility"), m->facility);
	date_words_full(&when, cx->lang, m->zone, m->note.at);
	add_line(cx, &out, TR("Kept in the chart by"),
	    arena_printf(cx->arena, "%.*s, %.*s", STR_ARG(m->author), STR_ARG(buf_str(&when))));
	for (size_t i = 0; i < c->count; i++)
		if (is_chosen(m->wish, c->messages[i].n))
			add_message(cx, m, &c->messages[i], &out);
	if (m->wish->comment.n)
		buf_printf(&out, "\n%.*s:\n%.*s\n", STR_ARG(tr(cx->lang, TR("Comment"))), STR_ARG(m->wish->comment));
	return buf_str(&out);
}
