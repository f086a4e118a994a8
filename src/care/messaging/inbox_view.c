/* SPDX-License-Identifier: Apache-2.0 */
/* What a member sets up for their own work: lists of the inbox kept by name; and that others see who is writing. */
#include "care/messaging/messaging_store.h"
#include "platform/format/utf8.h"

static const patient_id nobody; /* names of lists are sealed under the key of the installation's people */

static struct seal_place
view_place(struct uuid id)
{
	return (struct seal_place){.table = "inbox_view.name", .row = id};
}

fallible
inbox_view_list(struct cx *cx, struct db_rows *out)
{
	struct inbox_view *view;

	TRY(view_rows(cx, out));
	view = out->items;
	for (size_t i = 0; i < out->count; i++)
		TRY(vault_open_text(cx, nobody, view_place(view[i].id), view[i].name, &view[i].name));
	return NULL;
}

struct keeping {
	struct inbox_view view; /* name sealed */
	str name;
};

static const struct err *
keep(struct tx *tx, void *arg)
{
	struct keeping *in = arg;
	struct db_rows rows;
	const struct inbox_view *view;
	size_t others = 0;

	TRY(inbox_view_list(tx->cx, &rows));
	view = rows.items;
	for (size_t i = 0; i < rows.count; i++) {
		if (str_equal(view[i].name, in->name))
			TRY(view_row_drop(tx, view[i].id));
		else
			others++;
	}
	if (others >= INBOX_VIEWS_MAX)
		return ERR(ERR_INVALID, TR("You keep 12 lists already. Remove one first."), "too many lists");
	if (in->view.first)
		TRY(view_row_clear_first(tx));
	return view_row_put(tx, &in->view);
}

fallible
inbox_view_keep(struct cx *cx, str name, str query, bool first)
{
	struct keeping in = {.view = {.id = uuid_new(cx->now), .query = query, .first = first}, .name = str_trim(name)};

	if (!in.name.n || utf8_count(in.name) > INBOX_VIEW_CHARS_MAX || !utf8_is_clean_line(in.name))
		return ERR(ERR_INVALID, TR("Give the list a name of 1 to 40 characters."), "bad name of a list");
	TRY(vault_seal(cx, nobody, view_place(in.view.id), in.name, &in.view.name));
	return db_write(cx, keep, &in);
}

static const struct err *
drop(struct tx *tx, void *arg)
{
	return view_row_drop(tx, *(struct uuid *)arg);
}

fallible
inbox_view_drop(struct cx *cx, struct uuid id)
{
	return db_write(cx, drop, &id);
}

/* "<thread> <account> <name>": the page leaves out its own person. */
fallible
thread_typing(struct cx *cx, thread_id id)
{
	struct thread thread;
	struct account account;
	enum access_why why;

	TRY(thread_find_as_member(cx, id, &thread, &why));
	TRY(account_get(cx, cx->who.account, &account));
	if (cx->events)
		events_publish(cx->events, thread.team.v, "typing",
		    arena_printf(cx->arena, "%.*s %.*s %.*s", STR_ARG(uuid_text(cx->arena, id.v)),
			STR_ARG(uuid_text(cx->arena, account.id.v)), STR_ARG(account.name)));
	return NULL;
}
