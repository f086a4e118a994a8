/* SPDX-License-Identifier: Apache-2.0 */
/* What patient and team set together (targets and limits), and what the team does with entries: seen, settled, taken into the record. */
#include "care/journal/journal_accept.h"
#include "care/journal/journal_pages_internal.h"
#include "care/organization/organization.h"
#include "platform/pages/i18n.h"
#include "trust/audit/audit.h"

/* ---- rules as lines ---- */

/* The unit in which the newest entry was typed. */
static fallible
unit_of(struct cx *cx, const struct journal_scope *scope, size_t field, const struct journal_unit **out)
{
	struct db_rows rows;

	*out = NULL;
	TRY(journal_entries(cx, &JOURNAL_QUERY(.patient = scope->patient, .log = scope->log, .count = 1), &rows, NULL));
	if (rows.count)
		*out = ((const struct journal_entry *)rows.items)->values.unit[field];
	if (!*out)
		*out = journal_unit_for(&scope->log->fields[field], STR_NONE);
	return NULL;
}

fallible
journal_rule_lines(struct cx *cx, const struct page_cx *px, const struct journal_scope *scope,
    const struct journal_rule_line **out, size_t *count)
{
	const struct journal_rule *rules;
	struct journal_rule_line *lines;
	struct db_rows rows;

	TRY(journal_rules_of(cx, scope->patient, scope->log->number, &rows));
	rules = rows.items;
	lines = ARENA_ARRAY(cx->arena, struct journal_rule_line, rows.count + 1);
	for (size_t i = 0; i < rows.count; i++) {
		const struct journal_unit *unit;
		bool waits = instant_is_none(rules[i].agreed);
		str path = arena_printf(
		    cx->arena, "%.*s/targets/%.*s", STR_ARG(scope->path), STR_ARG(uuid_text(cx->arena, rules[i].id)));

		TRY(unit_of(cx, scope, (size_t)rules[i].field, &unit));
		lines[i] = (struct journal_rule_line){.words = journal_rule_words(px, &rules[i], unit),
		    .waits = waits,
		    .state = waits ? T("Proposed by the care team. It counts when the patient agrees.")
		             : rules[i].kind == RULE_TARGET
		                 ? (rules[i].by_team ? T("A target of the care team") : T("A target of the patient"))
		                 : T("The care team is told when this is crossed.")};
		if (scope->standing.owns || !scope->own)
			lines[i].end_path = arena_printf(cx->arena, "%.*s/end", STR_ARG(path));
		if (scope->standing.owns && waits)
			lines[i].agree_path = arena_printf(cx->arena, "%.*s/agree", STR_ARG(path));
	}
	*out = lines;
	*count = rows.count;
	return NULL;
}

/* ---- the form ---- */

static const struct {
	enum journal_rule_kind kind;
	const char *name, *words, *hint;
} kinds[] = {
    {RULE_TARGET, "target", TR("A target"), TR("From the lower to the upper end. One of them may stay empty.")},
    {RULE_ABOVE, "above", TR("Tell the team: readings over a limit"), TR("Such as 3 readings in a row over 160.")},
    {RULE_BELOW, "below", TR("Tell the team: readings under a limit"), TR("Such as 2 readings in a row under 90.")},
    {RULE_RISE, "rise", TR("Tell the team: up by more than this"), TR("Such as more than 2 kg in 3 days.")},
    {RULE_FALL, "fall", TR("Tell the team: down by more than this"), TR("Such as more than 3 kg in 14 days.")},
};
#define KINDS (sizeof(kinds) / sizeof(kinds[0]))

static fallible
fill_form(struct cx *cx, const struct page_cx *px, struct journal_rule_page *view)
{
	const struct journal_log *log = view->scope->log;
	struct option *fields = ARENA_ARRAY(cx->arena, struct option, log->field_count),
		      *options = ARENA_ARRAY(cx->arena, struct option, KINDS), *units, *teams;
	const struct team *all;
	struct db_rows rows;

	for (size_t i = 0; i < log->field_count; i++)
		if (log->fields[i].kind == FIELD_NUMBER)
			fields[view->field_count++] = (struct option){
			    str_from_z(log->fields[i].name), tr(px->lang, log->fields[i].label), STR_NONE};
	for (size_t i = 0; i < KINDS; i++)
		options[i] = (struct option){
		    str_from_z(kinds[i].name), tr(px->lang, kinds[i].words), tr(px->lang, kinds[i].hint)};
	units = ARENA_ARRAY(cx->arena, struct option, log->fields[0].units ? log->fields[0].units->count : 1);
	for (size_t i = 0; log->fields[0].units && i < log->fields[0].units->count; i++)
		units[view->unit_count++] = (struct option){str_from_z(log->fields[0].units->items[i].code),
		    tr(px->lang, log->fields[0].units->items[i].words), STR_NONE};
	TRY(teams_of_patient(cx, view->scope->patient, true, &rows));
	all = rows.items;
	teams = ARENA_ARRAY(cx->arena, struct option, rows.count + 1);
	for (size_t i = 0; i < rows.count; i++)
		teams[i] = (struct option){uuid_text(cx->arena, all[i].id.v), all[i].name, STR_NONE};
	view->fields = fields;
	view->kinds = options;
	view->kind_count = KINDS;
	view->units = units;
	view->teams = teams;
	view->team_count = rows.count;
	if (!view->team.n && rows.count)
		view->team = teams[0].value;
	if (!view->field.n && view->field_count)
		view->field = fields[0].value;
	return journal_rule_lines(cx, px, view->scope, &view->rules, &view->rule_count);
}

static fallible
show_rules(struct cx *cx, struct request *rq, int status, struct journal_scope *scope, struct page_cx *px,
    struct journal_rule_page *view)
{
	struct buf html = BUF_INIT(cx->arena);
	const struct journal_unit *unit;

	view->scope = scope;
	if (scope->log->fields[0].kind != FIELD_NUMBER)
		return ERR(ERR_GONE, "We could not find that. It may have been removed, or it is not shared with you.",
		    "targets of a log without numbers");
	TRY(unit_of(cx, scope, 0, &unit));
	if (!view->unit.n)
		view->unit = str_from_z(unit->code);
	TRY(fill_form(cx, px, view));
	page_journal_rules(&html, px, view);
	return respond_page(rq, status, buf_str(&html));
}

fallible
get_journal_rules(struct cx *cx, struct request *rq)
{
	struct journal_scope scope;
	struct page_cx px;

	TRY(journal_scope_open(cx, rq, tr(cx->lang, TR("Targets and limits")), &scope, &px));
	journal_flash(rq, &px);
	return show_rules(cx, rq, 200, &scope, &px,
	    &(struct journal_rule_page){
		.key = uuid_text(cx->arena, uuid_new(cx->now)), .kind = S("target"), .times = S("3"), .days = S("3")});
}

/* Thousandths of the first unit; a difference has no zero point. False for what is no number. */
static bool
limit_read(const struct journal_unit *unit, str text, bool is_change, int64_t open, int64_t *out)
{
	int64_t nano;

	text = str_trim(text);
	*out = open;
	if (!text.n)
		return true;
	if (!journal_number_parse(text, &nano))
		return false;
	nano = journal_to_first(unit, nano) - (is_change ? journal_to_first(unit, 0) : 0);
	*out = (nano + (nano < 0 ? -1 : 1) * JOURNAL_NANO / 2000) / (JOURNAL_NANO / 1000);
	return true;
}

static bool
count_read(str text, int64_t *out)
{
	text = str_trim(text);
	*out = 0;
	return !text.n || str_to_int64(text, out);
}

static fallible
rule_read(
    struct request *rq, const struct journal_log *log, const struct journal_rule_page *view, struct journal_rule *out)
{
	const struct journal_field *field;
	const struct journal_unit *unit;
	bool is_change;
	size_t at = 0;

	field = journal_field_find(log, view->field, &at);
	if (!field || field->kind != FIELD_NUMBER)
		return ERR(ERR_INVALID, TR("Choose one."), "a rule about no number");
	unit = journal_unit_find(field->units, view->unit);
	out->field = (int64_t)at;
	for (size_t i = 0; i < KINDS; i++)
		if (str_equal(view->kind, str_from_z(kinds[i].name)))
			out->kind = kinds[i].kind;
	is_change = out->kind == RULE_RISE || out->kind == RULE_FALL;
	if (!limit_read(unit ? unit : &field->units->items[0], view->low, is_change, RULE_OPEN_LOW, &out->low) ||
	    !limit_read(unit ? unit : &field->units->items[0], view->high, is_change, RULE_OPEN_HIGH, &out->high) ||
	    !count_read(view->times, &out->times) || !count_read(view->days, &out->days))
		return ERR(ERR_INVALID, TR("Write numbers, such as 160 or 2.5."), "no numbers in a rule");
	if (!uuid_parse(view->team, &out->team.v) && out->kind != RULE_TARGET)
		return ERR(ERR_INVALID, TR("Choose the team that is told."), "a limit without a team");
	if (!request_form_uuid(rq, "key", &out->id))
		return ERR(ERR_INVALID, TR("Choose one."), "a rule without a key");
	return NULL;
}

fallible
post_journal_rules(struct cx *cx, struct request *rq)
{
	struct journal_rule_page view = {.key = request_form(rq, "key"),
	    .field = request_form(rq, "field"),
	    .kind = request_form(rq, "kind"),
	    .unit = request_form(rq, "unit"),
	    .low = request_form(rq, "low"),
	    .high = request_form(rq, "high"),
	    .times = request_form(rq, "times"),
	    .days = request_form(rq, "days"),
	    .team = request_form(rq, "team")};
	struct journal_rule rule = {.agreed = INSTANT_NONE, .ended = INSTANT_NONE};
	struct journal_scope scope;
	struct page_cx page, *px = &page;
	const struct err *error;

	TRY(journal_scope_open(cx, rq, tr(cx->lang, TR("Targets and limits")), &scope, px));
	rule.patient = scope.patient;
	rule.log = scope.log->number;
	error = rule_read(rq, scope.log, &view, &rule);
	if (!error)
		error = journal_rule_add(cx, &rule);
	if (!error)
		return respond_see_other(rq, arena_printf(cx->arena, "%.*s/targets?done=saved", STR_ARG(scope.path)));
	if (error->code != ERR_INVALID)
		return error;
	form_error_add(cx->arena, &view.errors, S("high"), tr(cx->lang, error->say));
	px->title = TF1("Error: %1", px->title);
	return show_rules(cx, rq, 400, &scope, px, &view);
}

static fallible
rule_named(struct request *rq, struct uuid *out)
{
	return request_param_uuid(rq, "rule", out)
	           ? NULL
	           : ERR(ERR_GONE, "We could not find that. It may have been removed, or it is not shared with you.",
			 "not a rule's id");
}

fallible
post_journal_rule_agree(struct cx *cx, struct request *rq)
{
	struct journal_scope scope;
	struct page_cx px;
	struct uuid rule;

	TRY(journal_scope_open(cx, rq, STR_NONE, &scope, &px));
	TRY(rule_named(rq, &rule));
	TRY(journal_rule_agree(cx, scope.patient, rule));
	return respond_see_other(rq, arena_printf(cx->arena, "%.*s?done=saved", STR_ARG(scope.path)));
}

fallible
post_journal_rule_end(struct cx *cx, struct request *rq)
{
	struct journal_scope scope;
	struct page_cx px;
	struct uuid rule;

	TRY(journal_scope_open(cx, rq, STR_NONE, &scope, &px));
	TRY(rule_named(rq, &rule));
	TRY(journal_rule_end(cx, scope.patient, rule));
	return respond_see_other(rq, arena_printf(cx->arena, "%.*s/targets?done=saved", STR_ARG(scope.path)));
}

/* ---- deeds of the team ---- */

fallible
post_journal_settle(struct cx *cx, struct request *rq)
{
	struct journal_scope scope;
	struct page_cx px;
	struct uuid rule;

	TRY(journal_scope_open(cx, rq, STR_NONE, &scope, &px));
	TRY(rule_named(rq, &rule));
	TRY(journal_alert_settle(cx, scope.patient, rule));
	return respond_see_other(rq, arena_printf(cx->arena, "%.*s?done=settled", STR_ARG(scope.base)));
}

fallible
post_journal_seen(struct cx *cx, struct request *rq)
{
	struct journal_scope scope;
	struct page_cx px;

	TRY(journal_scope_open(cx, rq, STR_NONE, &scope, &px));
	TRY(journal_seen(cx, scope.patient, scope.log));
	return respond_see_other(rq, arena_printf(cx->arena, "%.*s?done=seen", STR_ARG(scope.path)));
}

fallible
post_journal_accept(struct cx *cx, struct request *rq)
{
	str entry = request_param(rq, "entry");
	struct journal_scope scope;
	struct page_cx px;

	TRY(journal_scope_open(cx, rq, STR_NONE, &scope, &px));
	TRY(journal_accept(cx, scope.patient, scope.log, entry));
	return respond_see_other(
	    rq, arena_printf(cx->arena, "%.*s/entries/%.*s?done=accepted", STR_ARG(scope.path), STR_ARG(entry)));
}

fallible
journal_accepted_words(struct cx *cx, const struct page_cx *px, const struct journal_scope *scope,
    const struct journal_entry *entry, struct journal_entry_page *view)
{
	struct resource resource;
	bool found;

	TRY(journal_accepted(cx, entry, &resource, &found));
	if (found)
		view->accepted = TF1("In the record since %1.", px_date(px, resource.updated));
	else
		view->accept_path =
		    arena_printf(cx->arena, "%.*s/entries/%.*s/accept", STR_ARG(scope->path), STR_ARG(entry->id));
	return NULL;
}
