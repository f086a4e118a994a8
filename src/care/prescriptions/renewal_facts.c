/* SPDX-License-Identifier: Apache-2.0 */
/* What a person should see before they decide a renewal: last fills, allergies, the tests that belong to the medicine, the last visit;
 * and what speaks against approving it among others.
 *
 * This file holds codes from LOINC (http://loinc.org). LOINC is copyright Regenstrief Institute, Inc. and the Logical Observation
 * Identifiers Names and Codes (LOINC) Committee and is available at no cost under the license at http://loinc.org/license. */
#include "care/prescriptions/prescriptions_internal.h"
#include "care/record/record_pages.h"
#include "platform/format/utf8.h"

#define LAB_DAYS_MAX   365 /* monitored once a year at least (HEDIS, monitoring for patients on persistent medications) */
#define VISIT_DAYS_MAX 365
#define LOINC          "http://loinc.org|"

/* Which tests belong to which medicine: monitoring that the labels of these drugs ask for. */
static const struct {
	const char *medicines[6]; /* folded */
	const char *tests[3];     /* LOINC; any of a group that is split by ',' */
} monitoring[] = {
    {{"lisinopril", "enalapril", "losartan", "valsartan", "spironolactone"}, {"2823-3,6298-4", "2160-0,38483-4"}},
    {{"hydrochlorothiazide", "furosemide", "chlorthalidone"}, {"2823-3,6298-4", "2951-2,2947-0"}},
    {{"metformin", "glipizide", "canagliflozin", "insulin", "empagliflozin"}, {"4548-4", "33914-3,98979-8"}},
    {{"atorvastatin", "simvastatin", "rosuvastatin", "pravastatin"}, {"13457-7,18262-6,2089-1"}},
    {{"levothyroxine"}, {"3016-3"}},
    {{"warfarin"}, {"6301-6,34714-6", "718-7"}},
    {{"digoxin", "lithium"}, {"2160-0,38483-4", "2823-3,6298-4"}},
};

static void
add(str *list, size_t *count, size_t max, str text)
{
	if (*count < max)
		list[(*count)++] = text;
}

static void
warn(struct renewal_facts *out, str words)
{
	add(out->warnings, &out->warning_count, sizeof(out->warnings) / sizeof(out->warnings[0]), words);
}

/* The newest result of any of these codes, and whether it is old. */
static fallible
add_lab(struct cx *cx, const struct page_cx *px, patient_id patient, const char *codes, struct renewal_facts *out)
{
	static const str mistaken[] = {S_INIT("entered-in-error"), S_INIT("cancelled")};
	str values[4], rest = str_from_z(codes), one;
	struct resource_token_filter filters[2] = {
	    {.param = "code", .values = values}, {.param = "status", .values = mistaken, .count = 2, .without = true}};
	const struct json_value *json;
	struct record_item item;
	struct db_rows rows;

	while (rest.p && filters[0].count < 4) {
		rest = str_cut(rest, ',', &one);
		values[filters[0].count++] = arena_printf(cx->arena, LOINC "%.*s", STR_ARG(one));
	}
	TRY(resource_find(cx,
	    &(struct resource_search){.patient = patient,
		.type = RESOURCE_OBSERVATION,
		.tokens = filters,
		.token_count = 2,
		.sort = "date",
		.descending = true,
		.count = 1},
	    &rows, NULL));
	if (!rows.count) {
		warn(out, T("A test that belongs to this medicine is not in the record."));
		return NULL;
	}
	TRY(json_parse(cx->arena, ((const struct resource *)rows.items)->body, &json, NULL));
	record_item_read(px, RESOURCE_OBSERVATION, json, &item);
	item = record_item_keep(px, &item);
	add(out->labs, &out->lab_count, sizeof(out->labs) / sizeof(out->labs[0]),
	    TF3("%1: %2, %3", item.title, item.value, item.when));
	if (instant_is_none(item.at) || cx->now.ms - item.at.ms > LAB_DAYS_MAX * DAY_MS)
		warn(out, TF1("%1 is older than a year.", item.title));
	return NULL;
}

static fallible
add_labs(struct cx *cx, const struct page_cx *px, const struct prescription *p, struct renewal_facts *out)
{
	str name = utf8_fold(cx->arena, p->title);

	for (size_t i = 0; i < sizeof(monitoring) / sizeof(monitoring[0]); i++)
		for (size_t m = 0; m < 6 && monitoring[i].medicines[m]; m++)
			if (str_contains(name, str_from_z(monitoring[i].medicines[m])))
				for (size_t t = 0; t < 3 && monitoring[i].tests[t]; t++)
					TRY(add_lab(cx, px, p->patient, monitoring[i].tests[t], out));
	return NULL;
}

/* Does the name of the allergy hold a word of the medicine's? Families of drugs are for the person to judge. */
static bool
names_it(struct arena *arena, str allergy, str medicine)
{
	str rest = utf8_fold(arena, medicine), word;

	allergy = utf8_fold(arena, allergy);
	while (rest.p) {
		rest = str_cut(rest, ' ', &word);
		if (word.n > 4 && str_contains(allergy, word))
			return true;
	}
	return false;
}

static fallible
add_allergies(struct cx *cx, const struct page_cx *px, const struct prescription *p, struct renewal_facts *out)
{
	struct record_items items = {0};

	TRY(record_load_current(cx, px, p->patient, CLASS_ALLERGIES, &items, NULL));
	for (size_t i = 0; i < items.count; i++) {
		add(out->allergies, &out->allergy_count, sizeof(out->allergies) / sizeof(out->allergies[0]),
		    items.items[i].title);
		if (names_it(cx->arena, items.items[i].title, p->title))
			warn(out, TF1("Allergy: %1", items.items[i].title));
	}
	return NULL;
}

fallible
renewal_facts(struct cx *cx, const struct renewal *renewal, struct renewal_facts *out)
{
	struct page_cx page = {.arena = cx->arena, .lang = cx->lang, .now = cx->now}, *px = &page;
	struct record_visits visits;
	struct facility facility;
	struct patient patient;
	int64_t covered;

	*out = (struct renewal_facts){.renewal = *renewal, .last_visit = INSTANT_NONE};
	TRY(facility_get(cx, renewal->facility, &facility));
	TRY(zone_find(facility.zone, &page.zone));
	TRY(patient_get(cx, renewal->patient, &patient));
	out->patient_name = patient.name;
	out->born = patient.born;
	TRY(prescription_get(cx, renewal->patient, renewal->request, &out->prescription));
	TRY(add_allergies(cx, px, &out->prescription, out));
	TRY(add_labs(cx, px, &out->prescription, out));
	TRY(record_visits_near(cx, px, renewal->patient, &visits));
	if (visits.last.title.p)
		out->last_visit = visits.last.at;
	if (instant_is_none(out->last_visit) || cx->now.ms - out->last_visit.ms > VISIT_DAYS_MAX * DAY_MS)
		warn(out, T("No visit within a year."));
	if (out->prescription.status == RX_DISCONTINUED)
		warn(out, T("It was stopped."));
	if (out->prescription.renewed)
		warn(out, T("A newer prescription of this medicine is in the record."));
	if (out->prescription.renewal_refusal && out->prescription.renewal_refusal != RENEWAL_PENDING)
		warn(out, tr(px->lang, renewal_refusal_words(out->prescription.renewal_refusal)));
	covered = rx_days_covered(out->prescription.fills, out->prescription.fill_count,
	    instant_add_ms(cx->now, -PDC_DAYS * DAY_MS), cx->now);
	if (covered != RX_NOT_SAID && covered < PDC_ADHERENT)
		warn(out, TF1("Filled too seldom: %1 %% of days covered.", covered));
	out->safe = out->warning_count == 0;
	return NULL;
}
