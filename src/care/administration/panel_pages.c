/* SPDX-License-Identifier: Apache-2.0 */
/* Pages about one patient for the office: why they belong to which team, and blocks.  Nothing of the record stands here. */
#include "care/administration/administration_internal.h"

static str
patient_path(struct cx *cx, patient_id id)
{
	return arena_printf(cx->arena, "/admin/patients/%.*s", STR_ARG(uuid_text(cx->arena, id.v)));
}

static str
born_words(const struct page_cx *px, instant born)
{
	return instant_is_none(born) ? T("not recorded")
	                             : px_date_only(px, civil_date_from_days((int32_t)(born.ms / DAY_MS)));
}

/* ---- finding ---- */

fallible
get_office_patients(struct cx *cx, struct request *rq)
{
	struct office_patients_page view = {.query = str_trim(request_query(rq, "q"))};
	struct page_cx page, *px = &page;
	struct buf html = BUF_INIT(cx->arena);
	struct db_rows rows;
	const struct patient *patient;

	TRY(page_cx_for(cx, rq, tr(cx->lang, TR("Patients")), "/admin/people", px));
	TRY(office_patients_find(cx, view.query, &rows));
	patient = rows.items;
	view.searched = view.query.n > 0;
	view.rows = ARENA_ARRAY(cx->arena, struct office_patient_row, rows.count);
	for (view.count = 0; view.count < rows.count; view.count++) {
		const struct patient *p = &patient[view.count];

		view.rows[view.count] =
		    (struct office_patient_row){p->name, born_words(px, p->born), patient_path(cx, p->id)};
	}
	page_office_patients(&html, px, &view);
	return respond_page(rq, 200, buf_str(&html));
}

/* ---- one patient ---- */

static str
relation_words(const struct page_cx *px, int64_t relation)
{
	switch ((enum care_relation)relation) {
	case RELATION_PANEL: return T("primary care panel");
	case RELATION_CLINIC: return T("visits in the clinic");
	case RELATION_TEAM_LIST: return T("list of the team");
	case RELATION_BY_HAND: break;
	}
	return T("added by hand");
}

/* "primary care panel; added by Ana Ruiz: \"…\"; came from Maple Team when it closed" */
static fallible
why_words(struct cx *cx, const struct page_cx *px, const struct association *a, str *out)
{
	struct account account;
	struct team team;

	*out = relation_words(px, a->relation);
	if (!uuid_is_none(a->came_from.v)) {
		TRY(team_get(cx, a->came_from, &team));
		*out = TF2("%1; came from %2 when it closed", *out, team.name);
	} else if (!uuid_is_none(a->made_by.v)) {
		TRY(account_get(cx, a->made_by, &account));
		*out = TF2("%1; %2 said so", *out, account.name);
	}
	if (a->reason.n)
		*out = TF2("%1: %2", *out, a->reason);
	return NULL;
}

static fallible
fill_associations(struct cx *cx, const struct page_cx *px, const struct db_rows *rows, struct office_patient_page *view)
{
	const struct association *a = rows->items;
	struct team team;

	view->associations = ARENA_ARRAY(cx->arena, struct association_row, rows->count);
	for (size_t i = 0; i < rows->count; i++) {
		struct association_row *row = &view->associations[view->association_count++];

		TRY(team_get(cx, a[i].team, &team));
		*row = (struct association_row){.team = team.name,
		    .since = px_day(px, a[i].since),
		    .until = instant_is_none(a[i].until) ? T("no end") : px_day(px, a[i].until),
		    .ended = !instant_is_none(a[i].until) && !instant_before(cx->now, a[i].until),
		    .path = arena_printf(cx->arena, "%.*s/teams/%.*s/end", STR_ARG(view->path),
			STR_ARG(uuid_text(cx->arena, team.id.v)))};
		TRY(why_words(cx, px, &a[i], &row->why));
	}
	return NULL;
}

static const struct {
	enum block_code code;
	const char *words;
} block_codes[] = {
    {BLOCK_URGENT_USE, TR("Urgent or life-threatening matters in messages")},
    {BLOCK_THREATS, TR("Threats")},
    {BLOCK_LANGUAGE, TR("Insults or obscene language")},
    {BLOCK_NOT_HEALTH, TR("Nothing to do with health")},
    {BLOCK_VOLUME, TR("Far too many messages")},
    {BLOCK_OTHER, TR("Another reason, said in the note")},
};
#define BLOCK_CODES (sizeof(block_codes) / sizeof(block_codes[0]))

static fallible
fill_block(struct cx *cx, const struct page_cx *px, const struct block *b, struct block_row *row)
{
	struct account account;
	struct team team = {0};

	TRY(account_get(cx, b->made_by, &account));
	if (!uuid_is_none(b->team.v))
		TRY(team_get(cx, b->team, &team));
	*row = (struct block_row){.where = team.name.p ? team.name : T("All teams of the facility"),
	    .note = b->note,
	    .who = account.name,
	    .since = px_day(px, b->since),
	    .review = px_day(px, b->review),
	    .due = !instant_before(cx->now, b->review),
	    .path = arena_printf(cx->arena, "%.*s/blocks/%.*s/end", STR_ARG(patient_path(cx, b->patient)),
		STR_ARG(uuid_text(cx->arena, b->id)))};
	for (size_t i = 0; i < BLOCK_CODES; i++)
		if (b->code == (int64_t)block_codes[i].code)
			row->code = tr(cx->lang, block_codes[i].words);
	return NULL;
}

static fallible
fill_blocks(struct cx *cx, const struct page_cx *px, const struct db_rows *rows, struct office_patient_page *view)
{
	const struct block *b = rows->items;

	view->blocks = ARENA_ARRAY(cx->arena, struct block_row, rows->count);
	view->block_count = rows->count;
	for (size_t i = 0; i < rows->count; i++)
		TRY(fill_block(cx, px, &b[i], &view->blocks[i]));
	return NULL;
}

static fallible
fill_choices(struct cx *cx, const struct page_cx *px, struct office_patient_page *view)
{
	struct db_rows rows;
	const struct team *team;

	TRY(team_list(cx, cx->who.facility, &rows));
	team = rows.items;
	view->teams = ARENA_ARRAY(cx->arena, struct option, rows.count);
	view->wheres = ARENA_ARRAY(cx->arena, struct option, rows.count + 1);
	view->codes = ARENA_ARRAY(cx->arena, struct option, BLOCK_CODES);
	view->wheres[view->where_count++] = (struct option){S("all"), T("All teams of the facility"), STR_NONE};
	for (size_t i = 0; i < rows.count; i++) {
		if (!team[i].active)
			continue;
		view->teams[view->team_count] =
		    (struct option){uuid_text(cx->arena, team[i].id.v), team[i].name, STR_NONE};
		view->wheres[view->where_count++] = view->teams[view->team_count++];
	}
	for (view->code_count = 0; view->code_count < BLOCK_CODES; view->code_count++)
		view->codes[view->code_count] =
		    (struct option){arena_printf(cx->arena, "%d", (int)block_codes[view->code_count].code),
			tr(cx->lang, block_codes[view->code_count].words), STR_NONE};
	return NULL;
}

static fallible
find(struct cx *cx, struct request *rq, struct patient *out)
{
	patient_id id;

	if (!request_param_uuid(rq, "patient", &id.v))
		return ERR(ERR_GONE,
		    TR("We could not find that. It may have been removed, or it is not shared with you."), "no uuid");
	return office_patient(cx, id, out);
}

static fallible
show(struct cx *cx, struct request *rq, int status, const struct patient *patient, struct office_patient_page *view)
{
	struct page_cx page, *px = &page;
	struct buf html = BUF_INIT(cx->arena);
	struct db_rows associations, blocks;

	db_refresh(cx);
	TRY(page_cx_for(cx, rq, patient->name, "/admin/people", px));
	if (str_equal(request_query(rq, "done"), S("saved")))
		px->flash = T("Saved.");
	px->flash_kind = NOTICE_GOOD;
	view->name = patient->name;
	view->born = born_words(px, patient->born);
	view->path = patient_path(cx, patient->id);
	TRY(office_patient_look(cx, patient->id, &associations, &blocks));
	TRY(fill_associations(cx, px, &associations, view));
	TRY(fill_blocks(cx, px, &blocks, view));
	TRY(fill_choices(cx, px, view));
	page_office_patient(&html, px, view);
	return respond_page(rq, status, buf_str(&html));
}

fallible
get_office_patient(struct cx *cx, struct request *rq)
{
	struct office_patient_page view = {0};
	struct patient patient;

	TRY(find(cx, rq, &patient));
	return show(cx, rq, 200, &patient, &view);
}

/* ---- deeds ---- */

static fallible
answer(struct cx *cx, struct request *rq, const struct patient *patient, struct office_patient_page *view, str field,
    const struct err *error)
{
	if (!error)
		return respond_see_other(
		    rq, arena_printf(cx->arena, "%.*s?done=saved", STR_ARG(patient_path(cx, patient->id))));
	if (error->code != ERR_INVALID && error->code != ERR_CONFLICT)
		return error;
	form_error_add(cx->arena, &view->errors, field, tr(cx->lang, error->say));
	return show(cx, rq, error->code == ERR_CONFLICT ? 409 : 400, patient, view);
}

fallible
post_association(struct cx *cx, struct request *rq)
{
	struct office_patient_page view = {.team = request_form(rq, "team"),
	    .relation = request_form(rq, "relation"),
	    .reason = str_trim(request_form(rq, "reason")),
	    .until = form_day_typed(cx, rq, "until")};
	struct association in = {.reason = view.reason};
	struct patient patient;
	const struct err *error;

	TRY(find(cx, rq, &patient));
	if (!str_to_int64(view.relation, &in.relation))
		in.relation = -1;
	error = uuid_parse(view.team, &in.team.v) ? office_end_of_day(cx, view.until, &in.until)
	                                          : ERR(ERR_INVALID, TR("Choose a team."), "no team chosen");
	if (!error)
		error = panel_add(cx, &in, &patient.id, 1);
	return answer(cx, rq, &patient, &view, S("team"), error);
}

fallible
post_association_end(struct cx *cx, struct request *rq)
{
	struct office_patient_page view = {0};
	struct patient patient;
	team_id team;

	TRY(find(cx, rq, &patient));
	if (!request_param_uuid(rq, "team", &team.v))
		return ERR(ERR_GONE,
		    TR("We could not find that. It may have been removed, or it is not shared with you."), "no uuid");
	return answer(cx, rq, &patient, &view, STR_NONE, panel_remove(cx, team, patient.id));
}

fallible
post_block(struct cx *cx, struct request *rq)
{
	struct office_patient_page view = {.where = request_form(rq, "where"),
	    .code = request_form(rq, "code"),
	    .note = request_form(rq, "note"),
	    .review = form_day_typed(cx, rq, "review")};
	struct block in = {.note = view.note, .review = INSTANT_NONE};
	struct patient patient;
	const struct err *error = NULL;

	TRY(find(cx, rq, &patient));
	in.patient = patient.id;
	if (!str_to_int64(view.code, &in.code))
		in.code = 0;
	if (!str_equal(view.where, S("all")) && !uuid_parse(view.where, &in.team.v))
		error = ERR(ERR_INVALID, TR("Choose a team."), "no team chosen");
	if (!error)
		error = office_end_of_day(cx, view.review, &in.review);
	if (!error)
		error = block_make(cx, &in);
	return answer(cx, rq, &patient, &view, S("where"), error);
}

fallible
post_block_end(struct cx *cx, struct request *rq)
{
	struct office_patient_page view = {0};
	struct patient patient;
	struct uuid id;

	TRY(find(cx, rq, &patient));
	if (!request_param_uuid(rq, "block", &id))
		return ERR(ERR_GONE,
		    TR("We could not find that. It may have been removed, or it is not shared with you."), "no uuid");
	return answer(cx, rq, &patient, &view, STR_NONE, block_end(cx, patient.id, id));
}

/* ---- what is to be looked at again ---- */

fallible
get_blocks(struct cx *cx, struct request *rq)
{
	struct page_cx page, *px = &page;
	struct blocks_page view = {0};
	struct buf html = BUF_INIT(cx->arena);
	struct db_rows rows;
	const struct block *b;
	struct patient patient;

	TRY(page_cx_for(cx, rq, tr(cx->lang, TR("Blocked patients")), "/admin/people", px));
	TRY(office_blocks(cx, &rows));
	b = rows.items;
	view.rows = ARENA_ARRAY(cx->arena, struct block_row, rows.count);
	view.patients = ARENA_ARRAY(cx->arena, str, rows.count);
	view.paths = ARENA_ARRAY(cx->arena, str, rows.count);
	for (view.count = 0; view.count < rows.count; view.count++) {
		TRY(patient_get(cx, b[view.count].patient, &patient));
		view.patients[view.count] = patient.name;
		view.paths[view.count] = patient_path(cx, patient.id);
		TRY(fill_block(cx, px, &b[view.count], &view.rows[view.count]));
	}
	page_blocks(&html, px, &view);
	return respond_page(rq, 200, buf_str(&html));
}
