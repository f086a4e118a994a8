/* SPDX-License-Identifier: Apache-2.0 */
/* Writing down and correcting entries: the form with its presets, what is wrong and what is asked about, keeping it. */
#include "care/journal/journal_pages_internal.h"
#include "platform/format/fhir_date.h"
#include "platform/pages/i18n.h"

void
journal_now_as_time(const struct page_cx *px, const struct journal_log *log, struct journal_values *values)
{
	struct civil_time now = zone_civil(px->zone ? px->zone : zone_utc(), px->now);

	for (size_t i = 0; i < log->field_count; i++) {
		const struct journal_field *field = &log->fields[i];

		if (field->kind == FIELD_TIME)
			values->text[i] = fhir_instant_text(px->arena, px->now);
		else if (field->kind == FIELD_DAY && field->required)
			values->text[i] = fhir_date_text(px->arena, now.date);
		else if (field->preset && !values->text[i].n)
			values->text[i] = str_from_z(field->preset);
	}
}

/* Units as this person wrote them last; with `again`, everything that the entry says but when it was. */
static fallible
preset(
    struct cx *cx, const struct page_cx *px, const struct journal_scope *scope, str again, struct journal_values *out)
{
	struct journal_entry entry;
	struct db_rows rows;

	*out = (struct journal_values){0};
	if (again.n) {
		TRY(journal_entry_get(cx, scope->patient, scope->log, again, &entry));
		*out = entry.values;
		for (size_t i = 0; i < scope->log->field_count; i++)
			if (str_equal(str_from_z(scope->log->fields[i].name), S("comments")))
				out->text[i] = STR_NONE;
		out->by = out->source = out->origin = STR_NONE;
	} else {
		TRY(journal_entries(
		    cx, &JOURNAL_QUERY(.patient = scope->patient, .log = scope->log, .count = 1), &rows, NULL));
		if (rows.count)
			memcpy(out->unit, ((const struct journal_entry *)rows.items)->values.unit, sizeof(out->unit));
	}
	journal_now_as_time(px, scope->log, out);
	return NULL;
}

fallible
journal_form_show(struct cx *cx, struct request *rq, int status, struct page_cx *px, struct journal_form_page *view,
    const struct journal_values *values)
{
	struct buf html = BUF_INIT(cx->arena);

	view->heading = px->title;
	if (view->errors.count)
		px->title = TF1("Error: %1", px->title);
	TRY(journal_sharing_words(cx, px, view->scope, &view->sharing));
	if (view->scope->log->has_files)
		TRY(journal_files_field(cx, px, view->scope, view->entry, &view->files));
	journal_inputs(px, view->scope->log, values, &view->errors, view);
	view->back = view->scope->path;
	page_journal_form(&html, px, view);
	return respond_page(rq, status, buf_str(&html));
}

static str
new_title(struct cx *cx, const struct journal_log *log)
{
	return tr_fill(cx->arena, cx->lang, tr(cx->lang, TR("Write down %1")),
	    (const struct tr_arg[]){TR_ARG(tr(cx->lang, log->one))}, 1);
}

fallible
journal_check_may_write(const struct journal_scope *scope)
{
	return scope->standing.writes
	           ? NULL
	           : ERR(ERR_DENIED,
			 TR("You may read this log, but not write in it. Only the patient, and whom they "
			    "let, can."),
			 "a reader of a log who may not write");
}

fallible
get_journal_new(struct cx *cx, struct request *rq)
{
	struct page_cx page, *px = &page;
	struct journal_scope scope;
	struct journal_form_page view = {.scope = &scope, .is_new = true};
	struct journal_values values;

	TRY(journal_scope_open(cx, rq, STR_NONE, &scope, px));
	TRY(journal_check_may_write(&scope));
	if (scope.log->made_at)
		return respond_see_other(rq, str_from_z(scope.log->made_at));
	px->title = new_title(cx, scope.log);
	TRY(preset(cx, px, &scope, request_query(rq, "again"), &values));
	view.action = arena_printf(cx->arena, "%.*s/new", STR_ARG(scope.path));
	view.key = uuid_text(cx->arena, uuid_new(cx->now));
	journal_flash(rq, px);
	return journal_form_show(cx, rq, 200, px, &view, &values);
}

bool
journal_form_look_over(
    const struct page_cx *px, struct request *rq, struct journal_form_page *view, struct journal_values *values)
{
	const struct journal_log *log = view->scope->log;
	struct journal_troubles troubles = {0};
	bool is_sure = request_form(rq, "sure").n > 0;
	str *questions;

	journal_look_over(px, log, values, &troubles);
	questions = ARENA_ARRAY(px->arena, str, troubles.count + 1);
	for (size_t i = 0; i < troubles.count; i++) {
		if (troubles.items[i].kind == TROUBLE_WRONG)
			form_error_add(px->arena, &view->errors, str_from_z(log->fields[troubles.items[i].field].name),
			    troubles.items[i].words);
		else
			questions[view->question_count++] = troubles.items[i].words;
	}
	view->questions = questions;
	return !troubles.wrong && (!troubles.asked || is_sure);
}

fallible
post_journal_new(struct cx *cx, struct request *rq)
{
	struct page_cx page, *px = &page;
	struct journal_scope scope;
	struct journal_form_page view = {.scope = &scope, .is_new = true};
	struct journal_put in = {0};
	str id;

	TRY(journal_scope_open(cx, rq, STR_NONE, &scope, px));
	TRY(journal_check_may_write(&scope));
	if (scope.log->made_at)
		return respond_see_other(rq, str_from_z(scope.log->made_at));
	journal_values_read(px, rq, scope.log, &in.values);
	if (!request_form_uuid(rq, "key", &in.key))
		in.key = uuid_new(cx->now);
	if (!journal_form_look_over(px, rq, &view, &in.values)) {
		px->title = new_title(cx, scope.log);
		view.action = arena_printf(cx->arena, "%.*s/new", STR_ARG(scope.path));
		view.key = uuid_text(cx->arena, in.key);
		return journal_form_show(cx, rq, 400, px, &view, &in.values);
	}
	in.patient = scope.patient;
	in.log = scope.log;
	TRY(journal_entry_put(cx, &in, &id));
	return respond_see_other(
	    rq, arena_printf(cx->arena, request_form(rq, "more").n ? "%.*s/new?done=saved" : "%.*s?done=saved",
		    STR_ARG(scope.path)));
}

static str
edit_path(struct cx *cx, const struct journal_scope *scope, str id)
{
	return arena_printf(cx->arena, "%.*s/entries/%.*s/edit", STR_ARG(scope->path), STR_ARG(id));
}

fallible
get_journal_edit(struct cx *cx, struct request *rq)
{
	struct page_cx page, *px = &page;
	struct journal_scope scope;
	struct journal_entry entry;
	struct journal_form_page view = {.scope = &scope};

	TRY(journal_scope_open(cx, rq, tr(cx->lang, TR("Correct an entry")), &scope, px));
	TRY(journal_check_may_write(&scope));
	if (scope.log->made_at)
		return respond_see_other(rq, scope.path);
	TRY(journal_entry_get(cx, scope.patient, scope.log, request_param(rq, "entry"), &entry));
	view.action = edit_path(cx, &scope, entry.id);
	view.version = arena_printf(cx->arena, "%lld", (long long)entry.version);
	return journal_form_show(cx, rq, 200, px, &view, &entry.values);
}

fallible
post_journal_edit(struct cx *cx, struct request *rq)
{
	struct page_cx page, *px = &page;
	struct journal_scope scope;
	struct journal_entry entry;
	struct journal_form_page view = {.scope = &scope, .version = request_form(rq, "version")};
	struct journal_put in = {0};
	str id;

	TRY(journal_scope_open(cx, rq, tr(cx->lang, TR("Correct an entry")), &scope, px));
	TRY(journal_check_may_write(&scope));
	if (scope.log->made_at)
		return respond_see_other(rq, scope.path);
	TRY(journal_entry_get(cx, scope.patient, scope.log, request_param(rq, "entry"), &entry));
	journal_values_read(px, rq, scope.log, &in.values);
	in.values.source = entry.values.source;
	in.values.origin = entry.values.origin;
	if (!str_to_int64(view.version, &in.version))
		in.version = entry.version;
	if (!journal_form_look_over(px, rq, &view, &in.values)) {
		view.action = edit_path(cx, &scope, entry.id);
		return journal_form_show(cx, rq, 400, px, &view, &in.values);
	}
	in.patient = scope.patient;
	in.log = scope.log;
	in.id = entry.id;
	TRY(journal_entry_put(cx, &in, &id));
	return respond_see_other(
	    rq, arena_printf(cx->arena, "%.*s/entries/%.*s?done=saved", STR_ARG(scope.path), STR_ARG(id)));
}

fallible
post_journal_remove(struct cx *cx, struct request *rq)
{
	struct journal_scope scope;
	struct page_cx px;

	TRY(journal_scope_open(cx, rq, STR_NONE, &scope, &px));
	TRY(journal_entry_remove(cx, scope.patient, scope.log, request_param(rq, "entry")));
	return respond_see_other(rq, arena_printf(cx->arena, "%.*s?done=removed", STR_ARG(scope.path)));
}
