/* SPDX-License-Identifier: Apache-2.0 */
/* What is due for somebody: rules, the record, and what people said.  The newest of all that counts decides. */
#include "care/record/record_choice.h"
#include "care/reminders/reminders_internal.h"
#include "platform/pages/i18n.h"
#include "trust/identity/identity.h"

#define BMI_LOINC  "http://loinc.org|39156-5"
#define PAST_YEARS 120

/* ---- who ---- */

instant
reminder_months_later(instant from, int months)
{
	struct civil_time t = zone_civil(zone_utc(), from);
	int all = t.date.year * 12 + t.date.month - 1 + months; /* of the calendar, from the year 0 */
	int year = all / 12, month = all % 12 + 1, day = t.date.day;

	assert(all > 0);
	while (day > 28 && !civil_date_is_valid(year, month, day))
		day--;
	t.date = (struct civil_date){(int16_t)year, (int8_t)month, (int8_t)day};
	return zone_instant(zone_utc(), t);
}

bool
reminder_applies(const struct reminder_rule *rule, const struct reminder_person *person, instant now)
{
	if (instant_is_none(person->born) || (rule->sex == SEX_FEMALE && !person->female) ||
	    (rule->bmi_min > 0 && person->bmi < rule->bmi_min))
		return false;
	if (instant_before(now, reminder_months_later(person->born, rule->years_min * 12)))
		return false;
	return !rule->years_max || instant_before(now, reminder_months_later(person->born, (rule->years_max + 1) * 12));
}

/* The newest with one of these codes that was really done. */
static fallible
newest(struct cx *cx, patient_id patient, const struct reminder_evidence *evidence, struct db_rows *out, int64_t *total)
{
	static const str not_done[] = {S_INIT("not-done"), S_INIT("entered-in-error"), S_INIT("cancelled"),
	    S_INIT("preparation"), S_INIT("in-progress"), S_INIT("on-hold"), S_INIT("registered"), S_INIT("unknown")};
	str codes[EVIDENCE_CODES_MAX];
	struct resource_token_filter filters[2] = {{.param = evidence->param, .values = codes},
	    {.param = "status", .values = not_done, .count = sizeof(not_done) / sizeof(not_done[0]), .without = true}};

	for (size_t i = 0; i < EVIDENCE_CODES_MAX && evidence->codes[i]; i++)
		codes[filters[0].count++] = str_from_z(evidence->codes[i]);
	return resource_find(cx,
	    &(struct resource_search){.patient = patient,
		.type = evidence->type,
		.tokens = filters,
		.token_count = 2,
		.sort = "date",
		.descending = true,
		.count = 1},
	    out, total);
}

static fallible
read_person(struct cx *cx, patient_id id, struct reminder_person *out)
{
	static const struct reminder_evidence bmi = {RESOURCE_OBSERVATION, "code", 0, {BMI_LOINC}};
	struct patient patient;
	struct db_rows rows;
	const struct json_value *json;
	int64_t total;

	*out = (struct reminder_person){.born = INSTANT_NONE};
	TRY(patient_get(cx, id, &patient));
	out->born = patient.born;
	TRY(resource_find(
	    cx, &(struct resource_search){.patient = id, .type = RESOURCE_PATIENT, .count = 1}, &rows, NULL));
	if (rows.count) {
		TRY(json_parse(cx->arena, ((const struct resource *)rows.items)->body, &json, NULL));
		out->female = str_equal(json_text_at(json, "gender"), S("female"));
	}
	TRY(newest(cx, id, &bmi, &rows, &total));
	if (rows.count) {
		TRY(json_parse(cx->arena, ((const struct resource *)rows.items)->body, &json, NULL));
		out->bmi = json_get(json, "valueQuantity")
		               ? record_decimal(json_number_text(json_path(json, "valueQuantity.value")))
		               : 0;
	}
	return NULL;
}

/* ---- one rule ---- */

/* Until when something done then lasts; none: for ever. */
static instant
lasts(instant done, int months)
{
	return months ? reminder_months_later(done, months) : INSTANT_NONE;
}

static bool
later(instant a, instant b)
{
	if (instant_is_none(a) || instant_is_none(b)) /* none: for ever */
		return instant_is_none(a) && !instant_is_none(b);
	return instant_before(b, a);
}

struct standing {
	bool done;
	instant at, until; /* until none: for ever */
	int64_t doses;
};

static fallible
read_evidence(struct cx *cx, patient_id patient, const struct reminder_rule *rule, struct standing *out)
{
	*out = (struct standing){.at = INSTANT_NONE, .until = INSTANT_NONE};
	for (size_t i = 0; i < EVIDENCE_MAX && rule->evidence[i].type; i++) {
		const struct reminder_evidence *evidence = &rule->evidence[i];
		const struct json_value *json;
		struct db_rows rows;
		instant at, until;
		int64_t total;

		TRY(newest(cx, patient, evidence, &rows, &total));
		if (!rows.count)
			continue;
		TRY(json_parse(cx->arena, ((const struct resource *)rows.items)->body, &json, NULL));
		at = record_at(evidence->type, json);
		out->doses += total;
		if (instant_is_none(at) || out->doses < rule->doses)
			continue; /* nobody knows when it was, or one shot is missing */
		until = lasts(at, evidence->months);
		if (!out->done || later(until, out->until)) {
			out->at = at;
			out->until = until;
		}
		out->done = true;
	}
	return NULL;
}

static void
settle(const struct reminder_rule *rule, const struct standing *found, const struct reminder_mark *mark, instant now,
    struct reminder *out)
{
	struct standing said = {.at = INSTANT_NONE, .until = INSTANT_NONE};

	*out = (struct reminder){.rule = rule, .doses = found->doses, .done = found->at, .due = INSTANT_NONE};
	if (mark && mark->kind == MARK_DONE_ELSEWHERE) {
		said = (struct standing){
		    .done = true, .at = mark->day, .until = lasts(mark->day, rule->evidence[0].months)};
		if (!found->done || later(said.until, found->until)) {
			out->done = said.at;
			out->by_word = true;
			found = &said;
		}
	}
	if (found->done && (instant_is_none(found->until) || instant_before(now, found->until))) {
		out->state = REMINDER_DONE;
		out->due = found->until;
		return;
	}
	if (mark && mark->kind == MARK_NOT_NEEDED && mark->by_team)
		out->state = REMINDER_NOT_FOR;
	else if (mark && mark->kind == MARK_LATER && instant_before(now, mark->until)) {
		out->state = REMINDER_LATER;
		out->due = mark->until;
	}
}

/* The answer that counts: the newer one of patient and team. */
static const struct reminder_mark *
mark_of(const struct db_rows *marks, const struct reminder_rule *rule)
{
	const struct reminder_mark *all = marks->items, *found = NULL;

	for (size_t i = 0; i < marks->count; i++)
		if (all[i].rule == rule->number && (!found || instant_before(found->at, all[i].at)))
			found = &all[i];
	return found;
}

fallible
reminders_for(struct cx *cx, patient_id patient, struct db_rows *out)
{
	LIST(struct reminder) due = {0}, rest = {0};
	struct reminder_person person;
	struct db_rows marks;
	enum access_why why;

	TRY(access_check(cx, patient, RIGHT_RECORD_READ, &why));
	TRY(read_person(cx, patient, &person));
	TRY(reminder_rows(cx, patient, &marks));
	for (const struct reminder_rule *rule = reminder_rules; rule->number; rule++) {
		const struct reminder_mark *mark = mark_of(&marks, rule);
		struct standing found;
		struct reminder one;

		if (!reminder_applies(rule, &person, cx->now))
			continue;
		TRY(read_evidence(cx, patient, rule, &found));
		settle(rule, &found, mark, cx->now, &one);
		one.said_by_team = mark && mark->by_team;
		if (one.state == REMINDER_DUE)
			*LIST_ADD(cx->arena, &due) = one;
		else
			*LIST_ADD(cx->arena, &rest) = one;
	}
	for (size_t i = 0; i < rest.count; i++)
		*LIST_ADD(cx->arena, &due) = rest.items[i];
	*out = (struct db_rows){due.items, due.count};
	return NULL;
}

/* ---- answering ---- */

struct answering {
	patient_id patient;
	struct reminder_mark mark;
	enum access_why why;
};

static const struct err *
answer(struct tx *tx, void *arg)
{
	const struct answering *in = arg;

	TRY(reminder_row_put(tx, in->patient, &in->mark));
	audit_add(
	    tx, &(struct audit){
		    .action = AUDIT_ANSWER, .subject = AUDIT_REMINDERS, .patient = in->patient, .why = (int)in->why});
	return NULL;
}

fallible
reminder_answer(
    struct cx *cx, patient_id patient, const struct reminder_rule *rule, enum reminder_mark_kind kind, instant day)
{
	struct answering in = {.patient = patient,
	    .mark = {.rule = rule->number, .kind = kind, .day = INSTANT_NONE, .until = INSTANT_NONE, .at = cx->now}};

	TRY(access_check(cx, patient, RIGHT_RECORD_READ, &in.why));
	if (in.why != ACCESS_CARE_TEAM)
		TRY(access_check(cx, patient, RIGHT_OWN, &in.why));
	in.mark.by_team = in.why == ACCESS_CARE_TEAM;
	if (kind == MARK_NOT_NEEDED && !in.mark.by_team)
		return ERR(ERR_INVALID, TR("Your care team can say that you do not need it. Ask them."),
		    "a patient says that a reminder is not for them");
	if (kind == MARK_DONE_ELSEWHERE) {
		if (instant_is_none(day) || instant_before(cx->now, day) ||
		    instant_before(day, reminder_months_later(cx->now, -12 * PAST_YEARS)))
			return ERR(
			    ERR_INVALID, TR("Give the day on which it was done, not later than today."), "a bad day");
		in.mark.day = day;
	}
	if (kind == MARK_LATER)
		in.mark.until = instant_add_ms(cx->now, REMINDER_LATER_DAYS * DAY_MS);
	return db_write(cx, answer, &in);
}
