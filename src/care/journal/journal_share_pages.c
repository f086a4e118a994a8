/* SPDX-License-Identifier: Apache-2.0 */
/* Who may see a log: the switches, and every turn of them that there was.  The wallet card, which is made of what the patient wrote. */
#include "care/journal/journal_pages_internal.h"

#define TEAM_NAME "team"

/* ---- readers ---- */

/* Those who act for the patient and may see the record; the care team before them. */
static fallible
fill_readers(struct cx *cx, const struct page_cx *px, struct journal_share_page *view)
{
	struct journal_reader_row *rows = ARENA_ARRAY(cx->arena, struct journal_reader_row, SHARE_READERS_MAX);
	const struct journal_share *now;
	const struct delegation *given;
	struct db_rows open, delegations;

	TRY(journal_share_readers(cx, view->scope->patient, view->scope->log->number, &open));
	TRY(delegations_given(cx, &delegations));
	now = open.items;
	given = delegations.items;
	rows[view->reader_count++] = (struct journal_reader_row){
	    .name = S(TEAM_NAME), .label = T("Your care team"), .hint = T("They see it marked as entered by you.")};
	for (size_t i = 0; i < delegations.count && view->reader_count < SHARE_READERS_MAX; i++)
		if (delegation_standing(&given[i], cx->now) == DELEGATION_IN_FORCE &&
		    (given[i].rights & RIGHT_RECORD_READ))
			rows[view->reader_count++] =
			    (struct journal_reader_row){.name = uuid_text(cx->arena, given[i].delegate.v),
				.label = given[i].delegate_name.n ? given[i].delegate_name : given[i].called,
				.hint = given[i].rights & RIGHT_JOURNAL_WRITE ? T("They can also write in it for you.")
			                                                      : STR_NONE};
	for (size_t i = 0; i < open.count; i++) {
		str name = uuid_equal(now[i].reader.v, SHARE_CARE_TEAM.v) ? S(TEAM_NAME)
		                                                          : uuid_text(cx->arena, now[i].reader.v);

		for (size_t j = 0; j < view->reader_count; j++)
			rows[j].chosen = rows[j].chosen || str_equal(rows[j].name, name);
	}
	view->readers = rows;
	return NULL;
}

struct reading {
	struct cx *cx;
	const struct page_cx *px;
	int64_t log;
	LIST(struct journal_turn) turns;
};

static const struct err *
add_turn(void *arg, const void *row)
{
	const struct journal_share *share = row;
	struct reading *r = arg;
	const struct page_cx *px = r->px;
	struct account account;
	str name = T("Your care team");

	if (share->log != r->log)
		return NULL;
	if (!uuid_equal(share->reader.v, SHARE_CARE_TEAM.v)) {
		TRY(account_get(r->cx, share->reader, &account));
		name = account.name;
	}
	*LIST_ADD(px->arena, &r->turns) = (struct journal_turn){.when = px_date(px, share->since),
	    .words = share->until.ms == SHARE_OPEN.ms
	                 ? TF1("%1 may see it, until you change that.", name)
	                 : TF2("%1 could see it until %2.", name, px_date(px, share->until))};
	return NULL;
}

static fallible
show_share(struct cx *cx, struct request *rq, int status, struct journal_scope *scope, struct page_cx *px,
    struct journal_share_page *view)
{
	struct reading reading = {.cx = cx, .px = px, .log = scope->log->number};
	struct buf html = BUF_INIT(cx->arena);

	view->scope = scope;
	TRY(fill_readers(cx, px, view));
	TRY(journal_share_history(cx, scope->patient, add_turn, &reading));
	view->turns = reading.turns.items;
	view->turn_count = reading.turns.count;
	page_journal_share(&html, px, view);
	return respond_page(rq, status, buf_str(&html));
}

fallible
get_journal_share(struct cx *cx, struct request *rq)
{
	struct journal_scope scope;
	struct page_cx px;

	TRY(journal_scope_open(cx, rq, tr(cx->lang, TR("Who sees this log")), &scope, &px));
	return show_share(cx, rq, 200, &scope, &px, &(struct journal_share_page){0});
}

/* "reader_team", "reader_<account>": each box by itself. */
static size_t
read_readers(struct request *rq, account_id *out)
{
	struct http_pairs form = request_form_all(rq);
	size_t count = 0;

	for (size_t i = 0; i < form.count && count < SHARE_READERS_MAX; i++) {
		str name = form.items[i].name;

		if (!str_starts(name, S("reader_")))
			continue;
		name = str_drop(name, 7);
		if (str_equal(name, S(TEAM_NAME)))
			out[count++] = SHARE_CARE_TEAM;
		else if (uuid_parse(name, &out[count].v))
			count++;
	}
	return count;
}

fallible
post_journal_share(struct cx *cx, struct request *rq)
{
	account_id readers[SHARE_READERS_MAX];
	struct journal_share_page view = {0};
	struct journal_scope scope;
	struct page_cx px;
	const struct err *error;

	TRY(journal_scope_open(cx, rq, tr(cx->lang, TR("Who sees this log")), &scope, &px));
	error = journal_share_set(cx, scope.patient, scope.log->number, readers, read_readers(rq, readers));
	if (!error)
		return respond_see_other(rq, arena_printf(cx->arena, "%.*s?done=shared", STR_ARG(scope.path)));
	if (error->code != ERR_INVALID)
		return error;
	form_error_add(cx->arena, &view.errors, STR_NONE, tr(cx->lang, error->say));
	return show_share(cx, rq, 400, &scope, &px, &view);
}

/* ---- the wallet card ---- */

#define WALLET_ROWS_MAX 24

static fallible
add_log(struct cx *cx, const struct page_cx *px, patient_id patient, const char *name, const char *label, size_t most,
    struct journal_wallet_row *rows, size_t *count)
{
	const struct journal_log *log = journal_log_find(str_from_z(name));
	const struct journal_entry *entries;
	struct db_rows found;

	TRY(journal_entries(cx, &JOURNAL_QUERY(.patient = patient, .log = log, .count = (int64_t)most), &found, NULL));
	entries = found.items;
	for (size_t i = 0; i < found.count && *count < WALLET_ROWS_MAX; i++) {
		str detail = journal_detail(px, &entries[i]);

		rows[(*count)++] = (struct journal_wallet_row){.label = tr(px->lang, label),
		    .text = detail.n ? arena_printf(cx->arena, "%.*s: %.*s", STR_ARG(journal_title(px, &entries[i])),
					   STR_ARG(detail))
		                     : journal_title(px, &entries[i])};
	}
	return NULL;
}

fallible
get_journal_wallet(struct cx *cx, struct request *rq)
{
	struct journal_wallet_row *rows = ARENA_ARRAY(cx->arena, struct journal_wallet_row, WALLET_ROWS_MAX);
	struct page_cx page, *px = &page;
	struct journal_wallet_page view = {.rows = rows};
	struct journal_scope scope;
	struct patient patient;
	struct buf html = BUF_INIT(cx->arena);

	TRY(journal_scope_open(cx, rq, tr(cx->lang, TR("Wallet card")), &scope, px));
	TRY(patient_get(cx, scope.patient, &patient));
	view.name = patient.name;
	if (!instant_is_none(patient.born))
		view.born = px_date_only(px, zone_civil(zone_utc(), patient.born).date);
	TRY(add_log(cx, px, scope.patient, "contacts", TR("In an emergency call"), 3, rows, &view.count));
	TRY(add_log(cx, px, scope.patient, "allergies", TR("Allergy"), 6, rows, &view.count));
	TRY(add_log(cx, px, scope.patient, "medicines", TR("Medicine"), 10, rows, &view.count));
	TRY(add_log(cx, px, scope.patient, "about-me", TR("About me"), 1, rows, &view.count));
	TRY(add_log(cx, px, scope.patient, "providers", TR("Doctor or clinic"), 2, rows, &view.count));
	px->print = request_query(rq, "print").n > 0;
	journal_audit_read(cx, &scope, AUDIT_VIEW, view.count);
	page_journal_wallet(&html, px, &view);
	return respond_page(rq, 200, buf_str(&html));
}
