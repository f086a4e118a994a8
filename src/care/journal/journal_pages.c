/* SPDX-License-Identifier: Apache-2.0 */
/* The journal as pages, for the patient (/journal) and for the care team (/patients/{patient}/journal): the overview, writing an entry,
 * one entry.  The same handlers serve both; what is not shared is not there. */
#include "care/journal/journal_bring.h"
#include "care/journal/journal_pages_internal.h"
#include "platform/pages/i18n.h"

#define GONE(log_) \
	ERR(ERR_GONE, "We could not find that. It may have been removed, or it is not shared with you.", log_)

/* ---- whose ---- */

static fallible
fill_whose(struct cx *cx, const struct page_cx *px, struct journal_scope *out)
{
	struct patient patient;

	out->base = S("/journal");
	if (out->own)
		return NULL;
	TRY(patient_get(cx, out->patient, &patient));
	out->base = arena_printf(cx->arena, "/patients/%.*s/journal", STR_ARG(uuid_text(cx->arena, out->patient.v)));
	out->name = patient.name;
	if (!instant_is_none(patient.born))
		out->about = TF1("born %1", px_date_only(px, zone_civil(zone_utc(), patient.born).date));
	return NULL;
}

/* `named`: the address names a log, `log`, or one that does not exist (NULL). */
static fallible
open_scope(struct cx *cx, struct request *rq, bool named, const struct journal_log *log, str title,
    struct journal_scope *out, struct page_cx *px)
{
	uint64_t open;

	*out = (struct journal_scope){.own = !request_param(rq, "patient").p};
	if (out->own)
		out->patient = cx->who.patient;
	else if (!request_param_uuid(rq, "patient", &out->patient.v))
		return GONE("not a patient's id");
	if (named) {
		out->log = log;
		TRY(journal_check(cx, out->patient, out->log, &out->standing));
	} else {
		TRY(journal_open_logs(cx, out->patient, &out->standing.why, &open));
		out->standing.owns = out->standing.why == ACCESS_SELF;
	}
	TRY(page_cx_for(cx, rq,
	    title.n    ? title
	    : out->log ? tr(cx->lang, out->log->title)
		       : STR_NONE,
	    out->own ? "/journal" : "/patients", px));
	TRY(fill_whose(cx, px, out));
	out->path = out->log ? arena_printf(cx->arena, "%.*s/%s", STR_ARG(out->base), out->log->name) : out->base;
	return NULL;
}

fallible
journal_scope_open(struct cx *cx, struct request *rq, str title, struct journal_scope *out, struct page_cx *px)
{
	str log = request_param(rq, "log");

	return open_scope(cx, rq, log.p != NULL, log.p ? journal_log_find(log) : NULL, title, out, px);
}

fallible
journal_scope_of(struct cx *cx, struct request *rq, const struct journal_log *log, str title, struct journal_scope *out,
    struct page_cx *px)
{
	return open_scope(cx, rq, true, log, title, out, px);
}

void
journal_audit_read(struct cx *cx, const struct journal_scope *scope, enum audit_action action, size_t count)
{
	audit_add_read(cx, &(struct audit){.action = action,
			       .subject = AUDIT_JOURNAL,
			       .patient = scope->patient,
			       .count = (int64_t)count,
			       .why = (int)scope->standing.why});
}

/* ---- the overview ---- */

static const char *const group_titles[JOURNAL_GROUPS] = {
    [JOURNAL_MEASURES] = TR("What you measure"),
    [JOURNAL_DAILY] = TR("What you do and take"),
    [JOURNAL_HISTORY] = TR("Your health history"),
    [JOURNAL_PEOPLE] = TR("People and papers"),
};
static const char *const team_titles[JOURNAL_GROUPS] = {
    [JOURNAL_MEASURES] = TR("Measured at home"),
    [JOURNAL_DAILY] = TR("Done and taken"),
    [JOURNAL_HISTORY] = TR("Health history in the patient's words"),
    [JOURNAL_PEOPLE] = TR("People and papers"),
};

/* Up to FRESH_MAX: more are "20 or more". */
static fallible
count_fresh(struct cx *cx, const struct journal_scope *scope, const struct journal_log *log, int64_t *out)
{
	const struct journal_entry *entries;
	struct db_rows rows;
	account_id by;
	instant seen;

	TRY(journal_seen_row(cx, scope->patient, log->number, &seen, &by));
	TRY(journal_entries(
	    cx, &JOURNAL_QUERY(.patient = scope->patient, .log = log, .count = FRESH_MAX), &rows, NULL));
	entries = rows.items;
	*out = 0;
	for (size_t i = 0; i < rows.count; i++)
		*out += instant_is_none(seen) || seen.ms < entries[i].updated.ms;
	return NULL;
}

static fallible
fill_card(struct cx *cx, const struct page_cx *px, const struct journal_scope *scope, const struct journal_log *log,
    bool writes, struct journal_card *out)
{
	const struct journal_entry *last;
	struct db_rows rows, readers;

	*out = (struct journal_card){.title = tr(px->lang, log->title),
	    .path = arena_printf(cx->arena, "%.*s/%s", STR_ARG(scope->base), log->name)};
	if (writes)
		out->new_path = arena_printf(cx->arena, "%.*s/new", STR_ARG(out->path));
	TRY(journal_entries(cx, &JOURNAL_QUERY(.patient = scope->patient, .log = log, .count = 1), &rows, &out->count));
	if (rows.count) {
		last = rows.items;
		out->value = journal_title(px, last);
		out->when = journal_when(px, last);
	}
	if (!scope->own)
		return count_fresh(cx, scope, log, &out->fresh);
	TRY(journal_share_readers(cx, scope->patient, log->number, &readers));
	out->is_shared = readers.count > 0;
	return NULL;
}

/* Those that are open to the caller; for the team only with entries. */
static fallible
fill_sections(struct cx *cx, const struct page_cx *px, const struct journal_scope *scope, uint64_t open, bool writes,
    struct journal_page *view)
{
	struct journal_section *sections = ARENA_ARRAY(cx->arena, struct journal_section, JOURNAL_GROUPS);

	for (int group = 0; group < JOURNAL_GROUPS; group++) {
		LIST(struct journal_card) cards = {0};
		const struct journal_log *log;

		for (size_t i = 0; (log = journal_log_at(i)); i++) {
			struct journal_card card;

			if ((int)log->group != group || !(open >> log->number & 1))
				continue;
			TRY(fill_card(cx, px, scope, log, writes, &card));
			if (scope->own || card.count)
				*LIST_ADD(cx->arena, &cards) = card;
		}
		if (cards.count)
			sections[view->section_count++] = (struct journal_section){
			    tr(px->lang, scope->own ? group_titles[group] : team_titles[group]), cards.items,
			    cards.count};
	}
	view->sections = sections;
	return NULL;
}

static fallible
fill_alerts(struct cx *cx, const struct page_cx *px, const struct journal_scope *scope, struct journal_page *view)
{
	const struct journal_alert *alerts;
	const struct journal_rule *rules;
	struct journal_alert_line *lines;
	struct db_rows rows, of;

	TRY(journal_rules_of(cx, scope->patient, 0, &of));
	TRY(journal_alerts_open(cx, scope->patient, &rows));
	alerts = rows.items;
	rules = of.items;
	lines = ARENA_ARRAY(cx->arena, struct journal_alert_line, rows.count + 1);
	for (size_t i = 0; i < rows.count; i++) {
		str thread = uuid_text(cx->arena, alerts[i].thread);
		bool is_sent = !instant_is_none(alerts[i].told) && !alerts[i].failed;

		lines[i] = (struct journal_alert_line){
		    .words = alerts[i].words, .when = px_date(px, alerts[i].raised), .failed = alerts[i].failed};
		for (size_t j = 0; j < of.count; j++)
			if (uuid_equal(rules[j].id, alerts[i].rule))
				lines[i].title = journal_rule_words(px, &rules[j], NULL);
		if (is_sent)
			lines[i].thread_path =
			    arena_printf(cx->arena, scope->own ? "/messages/%.*s" : "/inbox/%.*s", STR_ARG(thread));
		if (!scope->own)
			lines[i].settle_path = arena_printf(cx->arena, "%.*s/alerts/%.*s/settle", STR_ARG(scope->base),
			    STR_ARG(uuid_text(cx->arena, alerts[i].rule)));
	}
	view->alerts = lines;
	view->alert_count = rows.count;
	return NULL;
}

void
journal_flash(struct request *rq, struct page_cx *px)
{
	str done = request_query(rq, "done");

	px->flash_kind = NOTICE_GOOD;
	if (str_equal(done, S("saved")))
		px->flash = T("Saved.");
	else if (str_equal(done, S("removed")))
		px->flash = T("The entry was taken away.");
	else if (str_equal(done, S("shared")))
		px->flash = T("Saved. It counts from now on.");
	else if (str_equal(done, S("seen")))
		px->flash = T("Marked as seen.");
	else if (str_equal(done, S("settled")))
		px->flash = T("Done. The next time the limit is crossed, the team is told again.");
	else if (str_equal(done, S("commented")))
		px->flash = T("Sent to the patient. The conversation is linked here.");
	else if (str_equal(done, S("accepted")))
		px->flash = T("The entry is now in the record, with where it came from.");
}

fallible
get_journal(struct cx *cx, struct request *rq)
{
	struct page_cx page, *px = &page;
	struct journal_scope scope;
	struct journal_page view = {.scope = &scope};
	struct buf html = BUF_INIT(cx->arena);
	enum access_why why;
	unsigned rights = 0;
	uint64_t open;

	TRY(journal_scope_open(cx, rq, tr(cx->lang, TR("Health log")), &scope, px));
	TRY(journal_open_logs(cx, scope.patient, &why, &open));
	TRY(access_rights_acting(cx, &rights));
	TRY(fill_sections(cx, px, &scope, open, why == ACCESS_SELF || (rights & RIGHT_JOURNAL_WRITE), &view));
	TRY(fill_alerts(cx, px, &scope, &view));
	view.is_empty = view.section_count == 0;
	journal_flash(rq, px);
	journal_audit_read(cx, &scope, AUDIT_VIEW, view.section_count);
	page_journal(&html, px, &view);
	return respond_page(rq, 200, buf_str(&html));
}

/* ---- one entry ---- */

static void
fill_facts(const struct page_cx *px, const struct journal_entry *entry, struct journal_entry_page *view)
{
	struct journal_fact *facts = ARENA_ARRAY(px->arena, struct journal_fact, entry->log->field_count);

	for (size_t i = 0; i < entry->log->field_count; i++) {
		str value = journal_value_words(px, entry->log, &entry->values, i);

		if (value.n)
			facts[view->fact_count++] =
			    (struct journal_fact){tr(px->lang, entry->log->fields[i].label), value};
	}
	view->facts = facts;
}

static fallible
fill_versions(struct cx *cx, const struct page_cx *px, const struct journal_entry *now, struct journal_entry_page *view)
{
	const struct journal_entry *all;
	struct journal_version *before;
	struct db_rows rows;

	TRY(journal_entry_versions(cx, view->scope->patient, view->scope->log, now->id, &rows));
	all = rows.items;
	before = ARENA_ARRAY(cx->arena, struct journal_version, rows.count + 1);
	for (size_t i = 0; i < rows.count; i++) {
		str detail = journal_detail(px, &all[i]);

		if (all[i].version == now->version || all[i].removed)
			continue;
		before[view->version_count++] = (struct journal_version){px_date(px, all[i].updated),
		    arena_printf(cx->arena, "%.*s, %.*s%s%.*s", STR_ARG(journal_title(px, &all[i])),
			STR_ARG(journal_when(px, &all[i])), detail.n ? ". " : "", STR_ARG(detail))};
	}
	view->versions = before;
	return NULL;
}

static fallible
fill_import(struct cx *cx, const struct journal_scope *scope, const struct journal_entry *entry,
    struct journal_entry_page *view)
{
	struct uuid batch;
	bool found;

	TRY(journal_batch_of(cx, scope->patient, scope->log, entry->key, &batch, &found));
	if (found)
		view->import_path = arena_printf(cx->arena, "/imports/%.*s", STR_ARG(uuid_text(cx->arena, batch)));
	return NULL;
}

fallible
get_journal_entry(struct cx *cx, struct request *rq)
{
	struct page_cx page, *px = &page;
	struct journal_scope scope;
	struct journal_entry entry;
	struct journal_entry_page view = {.scope = &scope};
	struct buf html = BUF_INIT(cx->arena);
	unsigned rights;
	str path;

	TRY(journal_scope_open(cx, rq, STR_NONE, &scope, px));
	TRY(journal_entry_get(cx, scope.patient, scope.log, request_param(rq, "entry"), &entry));
	view.title = journal_title(px, &entry);
	px->title = TF2("%1: %2", tr(px->lang, scope.log->title), view.title);
	view.when = journal_when(px, &entry);
	if (scope.log->has_files)
		TRY(journal_files_rows(cx, px, &scope, &entry, &view.files));
	view.by = entry.values.by;
	view.source = entry.values.source;
	fill_facts(px, &entry, &view);
	TRY(fill_versions(cx, px, &entry, &view));
	TRY(journal_sharing_words(cx, px, &scope, &view.sharing));
	path = arena_printf(cx->arena, "%.*s/entries/%.*s", STR_ARG(scope.path), STR_ARG(entry.id));
	if (scope.standing.writes && scope.own) {
		if (!scope.log->made_at)
			view.edit_path = arena_printf(cx->arena, "%.*s/edit", STR_ARG(path));
		view.remove_path = arena_printf(cx->arena, "%.*s/remove", STR_ARG(path));
	}
	TRY(access_rights_acting(cx, &rights));
	if (scope.log->has_files && (scope.standing.owns || (rights & RIGHT_MESSAGES_WRITE)))
		view.send_path = arena_printf(cx->arena, "%.*s/send", STR_ARG(path));
	TRY(journal_team_words(cx, px, &entry, &view));
	if (!scope.own)
		TRY(journal_accepted_words(cx, px, &scope, &entry, &view));
	if (scope.own)
		TRY(fill_import(cx, &scope, &entry, &view));
	journal_flash(rq, px);
	audit_add_read(cx, &(struct audit){.action = AUDIT_VIEW,
			       .subject = AUDIT_JOURNAL,
			       .patient = scope.patient,
			       .item = entry.key,
			       .why = (int)scope.standing.why});
	page_journal_entry(&html, px, &view);
	return respond_page(rq, 200, buf_str(&html));
}

/* ---- for the home page ---- */

fallible
journal_recent(struct cx *cx, const struct page_cx *px, patient_id patient, struct journal_recent *out, size_t *count)
{
	struct journal_scope scope = {.patient = patient, .own = true, .base = S("/journal")};
	struct {
		instant at;
		struct journal_recent recent;
	} best[JOURNAL_RECENT_MAX] = {0};
	size_t used = 0;

	for (size_t i = 0; i < journal_logs_measured_count; i++) {
		const struct journal_log *log = &journal_logs_measured[i];
		const struct journal_entry *last = NULL;
		struct db_rows rows;
		size_t at = used;

		TRY(journal_entries(cx, &JOURNAL_QUERY(.patient = patient, .log = log, .count = 1), &rows, NULL));
		if (rows.count)
			last = rows.items;
		while (at > 0 && last && best[at - 1].at.ms < last->at.ms)
			at--;
		if (at >= JOURNAL_RECENT_MAX)
			continue;
		used += used < JOURNAL_RECENT_MAX;
		memmove(&best[at + 1], &best[at], (used - 1 - at) * sizeof(best[0]));
		best[at].at = last ? last->at : INSTANT_NONE;
		best[at].recent = (struct journal_recent){.title = tr(px->lang, log->title),
		    .value = last ? journal_title(px, last) : STR_NONE,
		    .when = last ? journal_when(px, last) : STR_NONE,
		    .path = arena_printf(cx->arena, "%.*s/%s", STR_ARG(scope.base), log->name),
		    .new_path = arena_printf(cx->arena, "%.*s/%s/new", STR_ARG(scope.base), log->name)};
	}
	for (size_t i = 0; i < used; i++)
		out[i] = best[i].recent;
	*count = used;
	return NULL;
}

/* ---- routes ---- */

#define OWN            (WHO_PATIENT | WHO_DELEGATE)
#define FORM_BYTES     (32 * 1024)
#define DOCUMENT_BYTES (26 * 1000 * 1000) /* one file of 25 MB, or several that are smaller, and the text */
const struct route journal_routes[] = {
    {GET, "/journal", get_journal, .who = OWN},
    {GET, "/journal/wallet-card", get_journal_wallet, .who = WHO_PATIENT},
    {GET, "/journal/{log}", get_journal_log, .who = OWN},
    {POST, "/journal/{log}/attach", post_journal_attach, .who = OWN, .body_bytes_max = 1024, .writes = true},
    {GET, "/journal/{log}/new", get_journal_new, .who = OWN},
    {POST, "/journal/{log}/new", post_journal_new, .who = OWN, .body_bytes_max = FORM_BYTES, .writes = true},
    {GET, "/journal/{log}/entries/{entry}", get_journal_entry, .who = OWN},
    {GET, "/journal/{log}/entries/{entry}/edit", get_journal_edit, .who = OWN},
    {POST, "/journal/{log}/entries/{entry}/edit", post_journal_edit, .who = OWN, .body_bytes_max = FORM_BYTES,
	.writes = true},
    {POST, "/journal/{log}/entries/{entry}/remove", post_journal_remove, .who = OWN, .body_bytes_max = 1024,
	.writes = true},
    {GET, "/journal/documents/new", get_journal_document_new, .who = OWN},
    {POST, "/journal/documents/new", post_journal_document_new, .who = OWN, .body_bytes_max = DOCUMENT_BYTES,
	.writes = true},
    {GET, "/journal/documents/entries/{entry}/edit", get_journal_document_edit, .who = OWN},
    {POST, "/journal/documents/entries/{entry}/edit", post_journal_document_edit, .who = OWN,
	.body_bytes_max = DOCUMENT_BYTES, .writes = true},
    {POST, "/journal/documents/entries/{entry}/send", post_journal_document_send, .who = OWN, .body_bytes_max = 1024,
	.writes = true},
    {GET, "/journal/{log}/sharing", get_journal_share, .who = WHO_PATIENT},
    {POST, "/journal/{log}/sharing", post_journal_share, .who = WHO_PATIENT, .body_bytes_max = 8 * 1024,
	.writes = true},
    {GET, "/journal/{log}/reminder", get_journal_reminder, .who = WHO_PATIENT},
    {POST, "/journal/{log}/reminder", post_journal_reminder, .who = WHO_PATIENT, .body_bytes_max = 4096,
	.writes = true},
    {GET, "/journal/{log}/targets", get_journal_rules, .who = WHO_PATIENT},
    {POST, "/journal/{log}/targets", post_journal_rules, .who = WHO_PATIENT, .body_bytes_max = 4096, .writes = true},
    {POST, "/journal/{log}/targets/{rule}/agree", post_journal_rule_agree, .who = WHO_PATIENT, .body_bytes_max = 1024,
	.writes = true},
    {POST, "/journal/{log}/targets/{rule}/end", post_journal_rule_end, .who = WHO_PATIENT, .body_bytes_max = 1024,
	.writes = true},
    {GET, "/patients/{patient}/journal", get_journal, .who = WHO_CARE_TEAM},
    {GET, "/patients/{patient}/journal/{log}", get_journal_log, .who = WHO_CARE_TEAM},
    {GET, "/patients/{patient}/journal/{log}/entries/{entry}", get_journal_entry, .who = WHO_CARE_TEAM},
    {POST, "/patients/{patient}/journal/{log}/entries/{entry}/accept", post_journal_accept, .who = WHO_CARE_TEAM,
	.body_bytes_max = 1024, .writes = true},
    {GET, "/patients/{patient}/journal/{log}/entries/{entry}/comment", get_journal_comment, .who = WHO_CARE_TEAM},
    {POST, "/patients/{patient}/journal/{log}/entries/{entry}/comment", post_journal_comment, .who = WHO_CARE_TEAM,
	.body_bytes_max = HTTP_FORM_BYTES_MAX, .writes = true},
    {POST, "/patients/{patient}/journal/{log}/seen", post_journal_seen, .who = WHO_CARE_TEAM, .body_bytes_max = 1024,
	.writes = true},
    {GET, "/patients/{patient}/journal/{log}/targets", get_journal_rules, .who = WHO_CARE_TEAM},
    {POST, "/patients/{patient}/journal/{log}/targets", post_journal_rules, .who = WHO_CARE_TEAM,
	.body_bytes_max = 4096, .writes = true},
    {POST, "/patients/{patient}/journal/{log}/targets/{rule}/end", post_journal_rule_end, .who = WHO_CARE_TEAM,
	.body_bytes_max = 1024, .writes = true},
    {POST, "/patients/{patient}/journal/alerts/{rule}/settle", post_journal_settle, .who = WHO_CARE_TEAM,
	.body_bytes_max = 1024, .writes = true},
    {0},
};
