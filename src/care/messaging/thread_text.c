/* SPDX-License-Identifier: Apache-2.0 */
/* A conversation as plain text, to keep or to send on: who wrote what, when, and what else happened. */
#include "care/messaging/mailbox.h"
#include "care/messaging/messaging_pages.h"
#include "platform/format/wrap.h"

#define TEXT_COLUMNS 73 /* as the Blue Button file */

static void
add_line(struct buf *out, str text)
{
	wrap_text(out, text, &(struct wrap){.columns = TEXT_COLUMNS});
}

static void
add_row(struct buf *out, const struct page_cx *px, const struct message_row *row)
{
	str what = row->event.n ? row->event : row->who;

	buf_add_char(out, '\n');
	if (row->role.n)
		what = TF2("%1, %2", what, row->role);
	add_line(out, TF2("%1, %2", what, px_date(px, row->at)));
	if (row->text.n)
		wrap_text(out, row->text, &(struct wrap){TEXT_COLUMNS, S("    "), S("    ")});
	for (size_t i = 0; i < row->file_count; i++)
		wrap_text(out, TF1("File: %1", row->files[i].name), &(struct wrap){TEXT_COLUMNS, S("    "), S("    ")});
}

fallible
conversation_text(struct cx *cx, const struct page_cx *px, const struct conversation *c, struct buf *out)
{
	struct message_row *rows;
	struct about_view about;
	size_t count = conversation_rows(cx, px, c, "/messages", &rows);

	TRY(about_show(cx, px, &c->thread, &about));
	add_line(out, c->thread.subject);
	add_line(out, TF2("With %1, %2", c->team.name, c->team.care));
	if (about.text.n)
		add_line(
		    out, about.hint.n ? TF2("About: %1 (%2)", about.text, about.hint) : TF1("About: %1", about.text));
	for (size_t i = 0; i < count; i++)
		add_row(out, px, &rows[i]);
	return NULL;
}

fallible
get_thread_text(struct cx *cx, struct request *rq)
{
	struct page_cx page, *px = &page;
	struct conversation c;
	struct buf out = BUF_INIT(cx->arena);
	thread_id id;

	TRY(request_thread(rq, &id));
	TRY(thread_open(cx, id, &c));
	TRY(page_cx_for(cx, rq, c.thread.subject, "/messages", px));
	TRY(conversation_text(cx, px, &c, &out));
	respond_header(rq, "Content-Disposition", S("attachment; filename=\"salve-conversation.txt\""));
	return respond(rq, 200, "text/plain; charset=utf-8", buf_str(&out));
}
