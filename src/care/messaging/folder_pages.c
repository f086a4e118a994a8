/* SPDX-License-Identifier: Apache-2.0 */
/* Folders on pages: the list beside the messages, making and naming them, and moving a conversation. */
#include "care/messaging/mailbox_pages.h"

static const struct {
	enum folder_kind kind;
	const char *word, *label;
} systems[] = {{FOLDER_INBOX, "inbox", TR("Inbox")}, {FOLDER_SENT, "sent", TR("Sent")},
    {FOLDER_DRAFTS, "drafts", TR("Drafts")}, {FOLDER_DELETED, "deleted", TR("Deleted")}};
#define SYSTEMS (sizeof(systems) / sizeof(systems[0]))

struct place
place_of(str text)
{
	struct place place = {.kind = FOLDER_INBOX};

	for (size_t i = 0; i < SYSTEMS; i++)
		if (str_equal(text, str_from_z(systems[i].word)))
			place.kind = systems[i].kind;
	if (uuid_parse(text, &place.id))
		place.kind = FOLDER_OWN;
	return place;
}

str
place_text(struct arena *arena, struct place place)
{
	for (size_t i = 0; i < SYSTEMS; i++)
		if (place.kind == systems[i].kind)
			return str_from_z(systems[i].word);
	return uuid_text(arena, place.id);
}

static bool
is_here(struct place here, const struct folder *folder)
{
	return here.kind == FOLDER_OWN && uuid_equal(here.id, folder->id);
}

fallible
fill_folders(struct cx *cx, const struct page_cx *px, struct place here, struct messages_page *view)
{
	struct db_rows rows;
	const struct folder *folder;
	bool known = here.kind != FOLDER_OWN;

	TRY(folder_list(cx, &rows));
	folder = rows.items;
	view->folders = ARENA_ARRAY(cx->arena, struct inbox_filter_row, SYSTEMS + rows.count);
	for (size_t i = 0; i < SYSTEMS; i++)
		view->folders[view->folder_count++] =
		    (struct inbox_filter_row){.path = arena_printf(cx->arena, "/messages?folder=%s", systems[i].word),
			.label = tr(px->lang, systems[i].label),
			.current = here.kind == systems[i].kind};
	for (size_t i = 0; i < rows.count; i++) {
		known |= is_here(here, &folder[i]);
		view->folders[view->folder_count++] = (struct inbox_filter_row){
		    .path =
			arena_printf(cx->arena, "/messages?folder=%.*s", STR_ARG(uuid_text(cx->arena, folder[i].id))),
		    .label = folder[i].name,
		    .current = is_here(here, &folder[i])};
	}
	view->place = place_text(cx->arena, here);
	return known ? NULL : NOT_FOUND;
}

fallible
fill_moves(struct cx *cx, const struct page_cx *px, thread_id thread, struct thread_page *view)
{
	struct db_rows rows;
	const struct folder *folder;
	struct place here;

	TRY(thread_place(cx, thread, &here));
	TRY(folder_list(cx, &rows));
	folder = rows.items;
	view->moves = ARENA_ARRAY(cx->arena, struct option, 2 + rows.count);
	if (here.kind != FOLDER_INBOX)
		view->moves[view->move_count++] = (struct option){.value = S("inbox"), .label = T("Inbox")};
	for (size_t i = 0; i < rows.count; i++)
		if (!is_here(here, &folder[i]))
			view->moves[view->move_count++] =
			    (struct option){.value = uuid_text(cx->arena, folder[i].id), .label = folder[i].name};
	if (here.kind != FOLDER_DELETED)
		view->moves[view->move_count++] = (struct option){.value = S("deleted"), .label = T("Deleted")};
	return NULL;
}

static fallible
show(struct cx *cx, struct request *rq, int status, struct folders_page *view)
{
	struct page_cx page, *px = &page;
	struct db_rows rows;
	const struct folder *folder;
	struct buf html = BUF_INIT(cx->arena);

	TRY(page_cx_for(cx, rq, tr(cx->lang, TR("Your folders")), "/messages", px));
	TRY(folder_list(cx, &rows));
	folder = rows.items;
	view->count = rows.count;
	view->rows = ARENA_ARRAY(cx->arena, struct folder_row, rows.count);
	for (size_t i = 0; i < rows.count; i++) {
		str id = uuid_text(cx->arena, folder[i].id);
		view->rows[i] = (struct folder_row){id, folder[i].name,
		    arena_printf(cx->arena, "/messages?folder=%.*s", STR_ARG(id)), folder[i].threads};
	}
	if (view->errors.count)
		px->title = TF1("Error: %1", px->title);
	px->flash = flash_for(cx, request_query(rq, "done"));
	px->flash_kind = NOTICE_GOOD;
	page_folders(&html, px, view);
	return respond_page(rq, status, buf_str(&html));
}

fallible
get_folders(struct cx *cx, struct request *rq)
{
	return show(cx, rq, 200, &(struct folders_page){0});
}

fallible
post_folders(struct cx *cx, struct request *rq)
{
	struct folders_page view = {.name = request_form(rq, "name")};
	struct uuid id;
	const struct err *error = folder_add(cx, view.name, &id);

	if (!error)
		return respond_see_other(rq, S("/messages/folders?done=folder"));
	if (!form_note_error(cx, &view.errors, "name", error))
		return error;
	return show(cx, rq, form_status(error), &view);
}

fallible
post_folder(struct cx *cx, struct request *rq)
{
	struct folders_page view = {0};
	struct uuid id;
	const struct err *error;

	if (!request_param_uuid(rq, "folder", &id))
		return NOT_FOUND;
	error = str_equal(request_form(rq, "do"), S("delete")) ? folder_delete(cx, id)
	                                                       : folder_rename(cx, id, request_form(rq, "name"));
	if (!error)
		return respond_see_other(rq, S("/messages/folders?done=folder"));
	if (!form_note_error(cx, &view.errors, "", error))
		return error;
	return show(cx, rq, form_status(error), &view);
}

fallible
post_move(struct cx *cx, struct request *rq)
{
	thread_id id;
	str to = request_form(rq, "to");

	TRY(request_thread(rq, &id));
	TRY(thread_file_away(cx, id, place_of(to)));
	return respond_see_other(
	    rq, arena_printf(cx->arena, "/messages/%.*s?done=%s", STR_ARG(uuid_text(cx->arena, id.v)),
		    str_equal(to, S("deleted")) ? "trashed" : "moved"));
}
