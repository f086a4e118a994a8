/* SPDX-License-Identifier: Apache-2.0 */
/* From rules of release to the entries that they hide.  The index narrows to what came in since the longest delay ago; only
 * that is opened and judged (record_release.c).  Without a rule, which is the default, nothing of this runs. */
#include "care/record/resource_release.h"

#include <stdlib.h>

#include "care/record/record_store.h"
#include "care/record/resource_draft.h"
#include "care/record/resource_owner.h"
#include "platform/pages/i18n.h"

/* A result can be issued so long after the day it tells of; what tells of an earlier day is not held back. */
#define ISSUED_LATER_DAYS_MAX 120

const struct release_ruled release_ruled[RELEASE_RULED] = {
    [RELEASE_OBSERVATION] = {RESOURCE_OBSERVATION, "date"},
    [RELEASE_REPORT] = {RESOURCE_DIAGNOSTIC_REPORT, "date"},
    {RESOURCE_DOCUMENT_REFERENCE, "date"},
    {RESOURCE_CONDITION, "recorded-date"},
    {RESOURCE_IMAGING_STUDY, "started"},
    {RESOURCE_COMPOSITION, "date"},
    {RESOURCE_MEDIA, "created"},
};

/* ---- the rules ---- */

static int64_t
earliest_by(const struct release_rule *rule, instant now)
{
	switch ((enum release_mode)rule->mode) {
	case RELEASE_AT_ONCE: return INT64_MAX;
	case RELEASE_AFTER: return now.ms - rule->hours * HOUR_MS;
	case RELEASE_DISCUSSED:
	case RELEASE_ASK: return rule->since.ms;
	}
	return INT64_MAX;
}

fallible
release_view_open(struct cx *cx, struct arena *arena, patient_id patient, enum access_why why, struct release_view *out)
{
	struct cx outer = *cx;
	struct db_rows rows;
	size_t types = (size_t)resource_type_count() + 1;

	*out = (struct release_view){.arena = arena,
	    .patient = patient,
	    .earliest = INT64_MAX,
	    .held = INT64_MAX,
	    .why = why,
	    .is_reader = journal_share_limits(why)};
	outer.arena = arena;
	TRY(release_rules(&outer, patient, why, &rows));
	cx->conn = outer.conn;
	out->rules = rows.items;
	out->rule_count = rows.count;
	for (size_t i = 0; i < rows.count; i++) {
		int64_t earliest = earliest_by(&out->rules[i], cx->now);

		out->earliest = earliest < out->earliest ? earliest : out->earliest;
		if (!out->rules[i].own && out->rules[i].mode == RELEASE_AFTER)
			out->held = earliest < out->held ? earliest : out->held;
	}
	if (out->earliest != INT64_MAX || out->is_reader) {
		out->by_type = ARENA_ARRAY(arena, struct numbers, types);
		out->type_known = ARENA_ARRAY(arena, bool, types);
	}
	return NULL;
}

/* ---- candidates ---- */

static fallible
read_times(
    struct cx *cx, const struct release_view *view, resource_type type, const char *param, struct list_entries *out)
{
	return index_read(cx, view->patient, param_number(param_row_find(type, str_from_z(param)), type), 0, out);
}

fallible
release_candidates(struct cx *cx, const struct release_view *view, size_t which, struct release_places *out)
{
	struct list_entries arrived = {0}, times = {0};
	int64_t tells_since = view->earliest - ISSUED_LATER_DAYS_MAX * DAY_MS;
	size_t at = 0;

	TRY(read_times(cx, view, release_ruled[which].type, "_lastUpdated", &arrived));
	TRY(read_times(cx, view, release_ruled[which].type, release_ruled[which].date, &times));
	for (size_t i = 0; i < arrived.count; i++) {
		struct release_place place = {arrived.items[i].n, arrived.items[i].low, LIST_OPEN_LOW, LIST_OPEN_HIGH};

		if (place.arrived < view->earliest)
			continue;
		while (at < times.count && times.items[at].n < place.n)
			at++;
		if (at < times.count && times.items[at].n == place.n) {
			place.low = times.items[at].low;
			place.high = times.items[at].high;
		}
		if (place.high >= tells_since)
			*LIST_ADD(cx->arena, out) = place;
	}
	return NULL;
}

/* ---- judging ---- */

static void
add_part(struct arena *arena, struct release_references *out, str reference)
{
	if (reference.n)
		*LIST_ADD(arena, out) = arena_str(arena, reference);
}

void
release_parts(struct arena *arena, const struct json_value *json, struct release_references *out)
{
	static const struct {
		const char *list, *reference;
	} places[] = {{"result", "reference"}, {"hasMember", "reference"}, {"imagingStudy", "reference"},
	    {"media", "link.reference"}, {"presentedForm", "url"}, {"content", "attachment.url"}};

	for (size_t i = 0; i < sizeof(places) / sizeof(places[0]); i++)
		json_each_item (json_get(json, places[i].list), item)
			add_part(arena, out, json_text_at(item, places[i].reference));
	add_part(arena, out, json_text_at(json, "content.url")); /* Media has one */
}

static bool
passed(const struct db_rows *passes, int64_t n, bool by_team)
{
	const struct release_pass *pass = passes->items;

	for (size_t i = 0; i < passes->count; i++)
		if (pass[i].n == n && pass[i].by_team == by_team)
			return true;
	return false;
}

static fallible
judge(struct cx *cx, struct release_view *view, struct resource *row, const struct release_place *place,
    const struct db_rows *passes, struct release_hidden_list *out)
{
	struct release_case subject = {.type = (resource_type)row->type,
	    .arrived = row->updated,
	    .passed_team = passed(passes, row->n, true),
	    .passed_patient = passed(passes, row->n, false)};
	struct release_standing standing;
	struct release_hidden *hidden;

	if (row->log) /* what a person wrote down is not held back from them */
		return NULL;
	TRY(resource_open(cx, row));
	TRY(json_parse(cx->arena, row->body, &subject.json, NULL));
	standing = release_judge(view->rules, view->rule_count, &subject, cx->now);
	if (standing.state == RELEASE_OPEN)
		return NULL;
	hidden = LIST_ADD(view->arena, out);
	*hidden = (struct release_hidden){.waiting = {.type = subject.type,
					      .class = release_class_of(subject.type, subject.json),
					      .section = record_class_of(subject.type, subject.json),
					      .n = row->n,
					      .key = row->key,
					      .id = arena_str(view->arena, row->id),
					      .arrived = row->updated,
					      .standing = standing},
	    .place = *place};
	release_parts(view->arena, subject.json, &hidden->parts);
	return NULL;
}

/* `count` places, at most ROWS_AT_ONCE. */
static fallible
judge_some(struct cx *cx, struct release_view *view, resource_type type, const struct release_place *places,
    size_t count, const struct db_rows *passes, struct release_hidden_list *out)
{
	int64_t wanted[ROWS_AT_ONCE];
	struct db_rows rows;

	for (size_t i = 0; i < count; i++)
		wanted[i] = places[i].n;
	TRY(resource_rows_by_n(cx, view->patient, type, wanted, count, &rows));
	for (size_t i = 0, at = 0; i < rows.count; i++) {
		struct resource *row = (struct resource *)rows.items + i;

		while (places[at].n < row->n) /* both are in order of n */
			at++;
		TRY(judge(cx, view, row, &places[at], passes, out));
	}
	return NULL;
}

/* What the patient opened can only be held by the facility; the rest of it need not be read again at each request. */
static void
leave_out_opened(const struct release_view *view, const struct db_rows *passes, struct release_places *places)
{
	size_t kept = 0;

	for (size_t i = 0; i < places->count; i++)
		if (places->items[i].arrived >= view->held || !passed(passes, places->items[i].n, false))
			places->items[kept++] = places->items[i];
	places->count = kept;
}

/* Memory is one page of rows, and what is hidden. */
static fallible
judge_all(struct cx *cx, struct release_view *view, resource_type type, struct release_places *places,
    struct release_hidden_list *out)
{
	struct arena arena = ARENA_INIT;
	struct cx inner;
	struct db_rows passes;
	const struct err *error = NULL;

	TRY(release_passes(cx, view->patient, type, &passes));
	leave_out_opened(view, &passes, places);
	inner = *cx;
	inner.arena = &arena;
	for (size_t begin = 0; begin < places->count && !error; begin += ROWS_AT_ONCE) {
		size_t rest = places->count - begin;

		error = judge_some(
		    &inner, view, type, places->items + begin, rest < ROWS_AT_ONCE ? rest : ROWS_AT_ONCE, &passes, out);
		error = error ? err_copy(cx->arena, error) : NULL;
		arena_clear(&arena);
	}
	cx->conn = inner.conn;
	arena_release(&arena);
	return error;
}

fallible
release_hidden_by_rule(struct cx *cx, struct release_view *view, size_t which, const struct release_hidden_list **out)
{
	struct release_hidden_list *list = &view->by_rule[which];
	struct release_places places = {0};

	if (!list->known && view->earliest != INT64_MAX) {
		TRY(release_candidates(cx, view, which, &places));
		if (places.count)
			TRY(judge_all(cx, view, release_ruled[which].type, &places, list));
	}
	list->known = true;
	*out = list;
	return NULL;
}

/* ---- what waits ---- */

static int
newest_first(const void *a_, const void *b_)
{
	const struct release_waiting *a = a_, *b = b_;

	if (a->arrived.ms != b->arrived.ms)
		return a->arrived.ms < b->arrived.ms ? 1 : -1;
	return a->type != b->type ? a->type - b->type : (a->n > b->n) - (a->n < b->n);
}

fallible
release_waiting(struct cx *cx, patient_id patient, struct db_rows *out)
{
	LIST(struct release_waiting) all = {0};
	struct release_view view;
	enum access_why why;

	TRY(resource_owner_check(cx, 0, patient, &why));
	TRY(release_view_open(cx, cx->arena, patient, access_is_patient_side(why) ? why : ACCESS_SELF, &view));
	for (size_t which = 0; which < RELEASE_RULED; which++) {
		const struct release_hidden_list *list;

		TRY(release_hidden_by_rule(cx, &view, which, &list));
		for (size_t i = 0; i < list->count; i++)
			*LIST_ADD(cx->arena, &all) = list->items[i].waiting;
	}
	if (all.count)
		qsort(all.items, all.count, sizeof(all.items[0]), newest_first);
	*out = (struct db_rows){all.items, all.count};
	return NULL;
}

bool
release_may_open(const struct release_standing *standing, enum access_why why)
{
	if (why == ACCESS_SELF)
		return standing->state == RELEASE_WAITS;
	return why == ACCESS_CARE_TEAM &&
	       (standing->state == RELEASE_HELD || (standing->own && standing->mode != RELEASE_ASK));
}

fallible
release_open(struct cx *cx, patient_id patient, resource_type type, str id)
{
	struct db_rows rows;
	const struct release_waiting *waiting;
	enum access_why why;

	TRY(resource_owner_check(cx, type, patient, &why));
	TRY(release_waiting(cx, patient, &rows));
	waiting = rows.items;
	for (size_t i = 0; i < rows.count; i++) {
		if (waiting[i].type != type || !str_equal(waiting[i].id, id))
			continue;
		if (access_is_patient_side(why) && waiting[i].standing.state == RELEASE_HELD)
			return ERR(ERR_DENIED,
			    TR("Your clinic holds this back for a time. Your care team can open it for you."),
			    "a held entry");
		if (why == ACCESS_CARE_TEAM && !release_may_open(&waiting[i].standing, why))
			return ERR(ERR_DENIED, TR("The patient wants to open this themself."), "the patient's to open");
		return release_let_through(cx, &(struct release_let){.patient = patient,
						   .type = type,
						   .n = waiting[i].n,
						   .item = waiting[i].key,
						   .subject = record_audit_subject(type, NULL)});
	}
	return ERR(ERR_GONE, "We could not find that. It may have been removed, or it is not shared with you.",
	    "nothing of this id waits");
}
