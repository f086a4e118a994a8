/* SPDX-License-Identifier: Apache-2.0 */
/* The parts of a download in their order, counting them, and walking through the entries of one, newest first, page by page. */
#include "care/bluebutton/bluebutton_internal.h"

/* The order of the VA's Blue Button, as far as this program has the classes. */
const struct download_section download_sections[] = {
    {TR("PERSONAL DETAILS"), TR("Personal details"), "personal-details", CLASS_DETAILS, {{RESOURCE_PATIENT, NULL}}},
    {TR("FAMILY AND CONTACTS"), TR("Family and contacts"), "contacts", CLASS_DETAILS,
	{{RESOURCE_RELATED_PERSON, NULL}}},
    {TR("HEALTH INSURANCE"), TR("Health insurance"), "insurance", CLASS_INSURANCE, {{RESOURCE_COVERAGE, NULL}}},
    {TR("APPOINTMENTS"), TR("Appointments"), "appointments", CLASS_VISITS, {{RESOURCE_APPOINTMENT, "date"}}},
    {TR("VISITS AND HOSPITAL STAYS"), TR("Visits and hospital stays"), "visits", CLASS_VISITS,
	{{RESOURCE_ENCOUNTER, "date"}}},
    {TR("ALLERGIES"), TR("Allergies"), "allergies", CLASS_ALLERGIES, {{RESOURCE_ALLERGY_INTOLERANCE, "date"}}},
    {TR("MEDICINES"), TR("Medicines"), "medicines", CLASS_MEDICINES,
	{{RESOURCE_MEDICATION_REQUEST, "authoredon"}, {RESOURCE_MEDICATION_STATEMENT, "effective"},
	    {RESOURCE_MEDICATION_DISPENSE, "whenhandedover"}, {RESOURCE_MEDICATION_ADMINISTRATION, "effective-time"}}},
    {TR("REFILL REQUESTS"), TR("Refill requests"), "refill-requests", CLASS_OTHER, {{RESOURCE_TASK, "authored-on"}}},
    {TR("HEALTH PROBLEMS"), TR("Health problems"), "health-problems", CLASS_PROBLEMS,
	{{RESOURCE_CONDITION, "onset-date"}}},
    {TR("PROCEDURES"), TR("Procedures"), "procedures", CLASS_PROCEDURES, {{RESOURCE_PROCEDURE, "date"}}},
    {TR("NOTES"), TR("Notes"), "notes", CLASS_NOTES, {{RESOURCE_DOCUMENT_REFERENCE, "date"}}},
    {TR("IMAGING AND OTHER REPORTS"), TR("Imaging and other reports"), "reports", CLASS_REPORTS,
	{{RESOURCE_DIAGNOSTIC_REPORT, "date"}, {RESOURCE_IMAGING_STUDY, "started"}}},
    {TR("DOCUMENTS"), TR("Documents"), "documents", CLASS_DOCUMENTS,
	{{RESOURCE_DOCUMENT_REFERENCE, "date"}, {RESOURCE_COMPOSITION, "date"}, {RESOURCE_MEDIA, "created"}}},
    {TR("VACCINES"), TR("Vaccines"), "vaccines", CLASS_IMMUNIZATIONS, {{RESOURCE_IMMUNIZATION, "date"}}},
    {TR("LAB RESULTS"), TR("Lab results"), "lab-results", CLASS_LABS,
	{{RESOURCE_OBSERVATION, "date"}, {RESOURCE_DIAGNOSTIC_REPORT, "date"}}},
    {TR("VITAL SIGNS"), TR("Vital signs"), "vital-signs", CLASS_VITALS, {{RESOURCE_OBSERVATION, "date"}}},
    {TR("OTHER FINDINGS AND ANSWERS"), TR("Other findings and answers"), "other-findings", CLASS_OTHER,
	{{RESOURCE_OBSERVATION, "date"}}},
    {TR("DEVICES AND IMPLANTS"), TR("Devices and implants"), "devices", CLASS_DEVICES,
	{{RESOURCE_DEVICE, NULL}, {RESOURCE_DEVICE_USE_STATEMENT, NULL}}},
    {TR("CARE TEAM"), TR("Care team"), "care-team", CLASS_CARE_TEAM, {{RESOURCE_CARE_TEAM, "date"}}},
    {TR("PLANS AND GOALS"), TR("Plans and goals"), "plans-and-goals", CLASS_PLANS,
	{{RESOURCE_CARE_PLAN, "date"}, {RESOURCE_GOAL, "start-date"}}},
    {TR("FAMILY HISTORY"), TR("Family history"), "family-history", CLASS_OTHER,
	{{RESOURCE_FAMILY_MEMBER_HISTORY, "date"}}},
};
const size_t download_section_count = sizeof(download_sections) / sizeof(download_sections[0]);

bool
download_section_has(resource_type type)
{
	for (size_t i = 0; i < download_section_count; i++)
		for (size_t j = 0; j < SECTION_TYPES_MAX; j++)
			if (download_sections[i].types[j].type == type)
				return true;
	return false;
}

/* ---- counting ---- */

struct counting {
	const struct record_choice *choice;
	struct arena scratch;
	struct download_counts *out;
};

static const struct err *
count_one(void *arg, const struct resource *resource)
{
	struct counting *counting = arg;
	const struct json_value *json;
	enum record_class class;

	arena_clear(&counting->scratch);
	TRY(json_parse(&counting->scratch, resource->body, &json, NULL));
	class = record_class_of((resource_type)resource->type, json);
	counting->out->all[class]++;
	counting->out->chosen[class] += record_choice_takes(counting->choice, (resource_type)resource->type, json);
	return NULL;
}

/* Of what days are asked for, only the entries themselves tell: each is opened, which costs what the download will. */
static fallible
count_days(struct cx *cx, const struct bluebutton_ask *ask, struct download_counts *out)
{
	struct counting counting = {.choice = &ask->choice, .out = out};
	const struct err *error = resource_each(cx, ask->patient, 0, count_one, &counting);

	arena_release(&counting.scratch);
	return error;
}

/* Parts alone are counted in the index. */
static fallible
count_classes(struct cx *cx, const struct bluebutton_ask *ask, struct download_counts *out)
{
	TRY(record_class_totals(cx, ask->patient, out->all));
	for (int i = 0; i < RECORD_CLASSES; i++)
		if (!ask->choice.classes || (ask->choice.classes & 1u << i))
			out->chosen[i] = out->all[i];
	return NULL;
}

fallible
download_count(struct cx *cx, const struct bluebutton_ask *ask, struct download_counts *out)
{
	bool days = !instant_is_none(ask->choice.since) || !instant_is_none(ask->choice.until);

	*out = (struct download_counts){0};
	return (days ? count_days : count_classes)(cx, ask, out);
}

/* ---- walking ---- */

struct walk {
	const struct page_cx *px;
	const struct bluebutton_ask *ask;
	enum record_class class;
	struct download_tally *tally;
	download_visit_fn *visit;
	void *arg;
	struct names names;
};

static const struct err *
visit_one(struct cx *cx, void *arg, const struct resource *resource)
{
	struct walk *walk = arg;
	struct page_cx page = *walk->px, *px = &page;
	struct download_entry entry = {
	    .cx = cx, .px = px, .type = (resource_type)resource->type, .resource = resource, .names = &walk->names};
	struct record_item item;

	page.arena = cx->arena;
	TRY(json_parse(cx->arena, resource->body, &entry.json, NULL));
	if (record_class_of(entry.type, entry.json) != walk->class)
		return NULL;
	if (!record_choice_takes(&walk->ask->choice, entry.type, entry.json)) {
		walk->tally->outside++;
		return NULL;
	}
	if (walk->ask->done)
		++*walk->ask->done;
	record_item_read(px, entry.type, entry.json, &item);
	if (item.mistaken) {
		walk->tally->mistaken++;
		return NULL;
	}
	TRY(names_fill(&walk->names, cx, px, &item));
	entry.item = &item;
	walk->tally->shown++;
	return walk->visit(walk->arg, &entry);
}

fallible
download_walk(struct cx *cx, const struct page_cx *px, const struct bluebutton_ask *ask,
    const struct download_section *section, const int64_t *counts, struct download_tally *tally,
    download_visit_fn *visit, void *arg)
{
	struct walk walk = {px, ask, section->class, tally, visit, arg, {.arena = cx->arena}};

	for (size_t i = 0; i < SECTION_TYPES_MAX && section->types[i].type; i++)
		if (counts[section->types[i].type])
			TRY(resource_walk(cx,
			    &(struct resource_search){.patient = ask->patient,
				.type = section->types[i].type,
				.sort = section->types[i].sort,
				.descending = section->types[i].sort != NULL},
			    visit_one, &walk));
	return NULL;
}

/* What the patient wants to talk about: it stands with the visit, for another system's as well; in ours also as the comment. */
static fallible
add_agenda(const struct download_entry *entry, struct record_facts *out)
{
	const struct page_cx *px = entry->px;
	struct appointment a;
	const struct err *error =
	    appointment_get(entry->cx, entry->resource->patient, (appointment_id){entry->resource->key}, &a);

	if (error)
		return error->code == ERR_GONE || error->code == ERR_DENIED ? NULL : error;
	if (!a.agenda.n)
		return NULL;
	for (size_t i = 0; i < out->count; i++)
		if (str_equal(out->items[i].value, a.agenda)) {
			out->items[i].label = T("What I want to talk about");
			return NULL;
		}
	*LIST_ADD(px->arena, out) = (struct record_fact){.label = T("What I want to talk about"), .value = a.agenda};
	return NULL;
}

fallible
download_facts(const struct download_entry *entry, struct record_facts *out)
{
	size_t kept = 0;

	record_facts_read(entry->px, entry->type, entry->json, out);
	if (entry->type == RESOURCE_APPOINTMENT)
		TRY(add_agenda(entry, out));
	for (size_t i = 0; i < out->count; i++) {
		if (out->items[i].reference.n)
			TRY(names_look_up(
			    entry->names, entry->cx, entry->px, out->items[i].reference, &out->items[i].value));
		if (out->items[i].value.n)
			out->items[kept++] = out->items[i];
	}
	out->count = kept;
	return NULL;
}
