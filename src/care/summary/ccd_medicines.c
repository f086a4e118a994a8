/* SPDX-License-Identifier: Apache-2.0 */
/* Medicines and vaccines.  An order is what is to be taken (moodCode INT), a statement or administration what was (EVN); what was
 * handed out is a supply inside of such an activity. */
#include "care/summary/ccd_internal.h"

static const struct ccd_status medicine_states[] = {{"active", "active"}, {"on-hold", "suspended"},
    {"cancelled", "cancelled"}, {"completed", "completed"}, {"stopped", "aborted"}, {"draft", "new"},
    {"intended", "new"}, {"not-taken", "completed"}, {"in-progress", "active"}, {"preparation", "new"},
    {"not-done", "cancelled"}, {"declined", "cancelled"}, {NULL, NULL}};

/* ---- what it is ---- */

/* The concept of the medicine, which may stand in a resource of its own. NULL: not known. */
static fallible
medicine_of(struct ccd_entry *e, const struct json_value **out)
{
	str reference = json_text_at(e->json, "medicationReference.reference");
	const struct json_value *json;
	struct resource resource;
	bool found;

	*out = json_get(e->json, "medicationCodeableConcept");
	if (*out || !reference.n)
		return NULL;
	json_each_item (json_get(e->json, "contained"), item)
		if (str_starts(reference, S("#")) && str_equal(json_text_at(item, "id"), str_drop(reference, 1)))
			*out = json_get(item, "code");
	if (*out)
		return NULL;
	TRY(resource_resolve(e->cx, reference, &resource, &found));
	if (!found)
		return NULL;
	TRY(json_parse(e->cx->arena, resource.body, &json, NULL));
	*out = json_get(json, "code");
	return NULL;
}

/* manufacturedProduct with its template: of a medicine 4.23, of a vaccine 4.54. */
static void
product(struct ccd_entry *e, const char *oid, const struct json_value *concept, const char *system)
{
	xml_begin(e->x, "manufacturedProduct");
	xml_attribute(e->x, "classCode", S("MANU"));
	ccd_templates(e->x, oid, "2014-06-09");
	xml_begin(e->x, "manufacturedMaterial");
	ccd_concept(e, CONCEPT(.element = "code", .oid = system, .concept = concept, .anchor = ccd_name_anchor(e)));
	xml_leaf(e->x, "lotNumberText", json_text_at(e->json, "lotNumber"));
	xml_end(e->x);
	if (json_text_at(e->json, "manufacturer.display").n) {
		xml_begin(e->x, "manufacturerOrganization");
		xml_leaf(e->x, "name", json_text_at(e->json, "manufacturer.display"));
		xml_end(e->x);
	}
	xml_end(e->x);
}

/* ---- when and how ---- */

static const struct json_value *
dosage_of(const struct ccd_entry *e)
{
	const struct json_value *dosage = json_path(e->json, "dosageInstruction.0");

	if (!dosage && json_kind(json_get(e->json, "dosage")) == JSON_OBJECT)
		return json_get(e->json, "dosage");
	return dosage ? dosage : json_path(e->json, "dosage.0");
}

/* From when to when it is taken, as far as the record says that; when it was ordered is not it. */
static void
taken_when(struct ccd_entry *e, const struct json_value *dosage)
{
	const struct json_value *period = json_path(dosage, "timing.repeat.boundsPeriod");
	str at = json_text_at(e->json, "effectiveDateTime");

	if (!period)
		period = json_get(e->json, "effectivePeriod");
	xml_begin(e->x, "effectiveTime");
	if (at.n) {
		xml_attribute(e->x, "value", ccd_time_text(e->cx->arena, at));
	} else {
		xml_attribute(e->x, "xsi:type", S("IVL_TS"));
		ccd_time(e, "low", json_text_at(period, "start"));
		if (json_text_at(period, "end").n)
			ccd_time(e, "high", json_text_at(period, "end"));
	}
	xml_end(e->x);
}

/* "Every so often": once in a period is a period; several times in it only when it divides into whole hours or minutes. */
static void
how_often(struct ccd_entry *e, const struct json_value *repeat)
{
	str unit = json_text_at(repeat, "periodUnit"), digits = json_number_text(json_get(repeat, "period"));
	int64_t period, frequency;

	if (!unit.n || !digits.p || json_get(repeat, "periodMax") || json_get(repeat, "frequencyMax"))
		return;
	if (!json_to_int64(json_get(repeat, "frequency"), &frequency))
		frequency = 1;
	if (frequency != 1) {
		if (!json_to_int64(json_get(repeat, "period"), &period) || period < 1 || period > 1000 || frequency < 1)
			return;
		if (str_equal(unit, S("d")) && 24 * period % frequency == 0) {
			unit = S("h");
			digits = arena_printf(e->cx->arena, "%lld", (long long)(24 * period / frequency));
		} else if (str_equal(unit, S("h")) && 60 * period % frequency == 0) {
			unit = S("min");
			digits = arena_printf(e->cx->arena, "%lld", (long long)(60 * period / frequency));
		} else {
			return;
		}
	}
	xml_begin(e->x, "effectiveTime");
	xml_attribute(e->x, "xsi:type", S("PIVL_TS"));
	xml_attribute(e->x, "institutionSpecified", S("true"));
	xml_attribute(e->x, "operator", S("A"));
	xml_empty(e->x, "period", "value", digits, "unit", unit, NULL);
	xml_end(e->x);
}

static void
dose(struct ccd_entry *e, const struct json_value *quantity)
{
	str number = json_number_text(json_get(quantity, "value")), code = json_text_at(quantity, "code");

	xml_begin(e->x, "doseQuantity");
	if (number.p) {
		xml_attribute(e->x, "value", number);
		if (str_equal(json_text_at(quantity, "system"), S("http://unitsofmeasure.org")) &&
		    ccd_unit_is_ucum(code))
			xml_attribute(e->x, "unit", code);
	} else {
		xml_attribute(e->x, "nullFlavor", S("UNK"));
	}
	xml_end(e->x);
}

static const struct json_value *
dose_of(const struct json_value *dosage)
{
	const struct json_value *quantity = json_path(dosage, "doseAndRate.0.doseQuantity");

	return quantity ? quantity : json_get(dosage, "dose");
}

/* ---- what hangs on it ---- */

/* How to use it, in the words of the prescription: they stand in the table. */
static void
free_text_sig(struct ccd_entry *e, const struct json_value *dosage)
{
	if (!json_text_at(dosage, "text").n)
		return;
	ccd_relation_begin(e, "COMP", false);
	xml_begin(e->x, "substanceAdministration");
	xml_attribute(e->x, "classCode", S("SBADM"));
	xml_attribute(e->x, "moodCode", S("INT"));
	ccd_template(e->x, "4.147", NULL);
	ccd_fixed(e->x, "code", "76662-6", OID_LOINC, "Instructions Medication");
	xml_begin(e->x, "text");
	xml_text(e->x, json_text_at(dosage, "text"));
	xml_empty(e->x, "reference", "value", arena_printf(e->cx->arena, "#%.*s", STR_ARG(e->anchor)), NULL);
	xml_end(e->x);
	xml_begin(e->x, "consumable");
	xml_begin(e->x, "manufacturedProduct");
	xml_empty(e->x, "manufacturedLabeledDrug", "nullFlavor", S("NA"), NULL);
	xml_end(e->x);
	xml_end(e->x);
	xml_end(e->x);
	xml_end(e->x);
}

static void
supply_begin(struct ccd_entry *e, const char *mood, const char *oid, const char *purpose)
{
	ccd_relation_begin(e, "REFR", false);
	xml_begin(e->x, "supply");
	xml_attribute(e->x, "classCode", S("SPLY"));
	xml_attribute(e->x, "moodCode", str_from_z(mood));
	ccd_templates(e->x, oid, "2014-06-09");
	ccd_id(e, purpose);
}

/* Refills and amount of an order. The first hand-out counts too: one more than the refills. */
static void
supply_order(struct ccd_entry *e, const struct json_value *concept)
{
	const struct json_value *request = json_get(e->json, "dispenseRequest");
	int64_t refills;

	if (!request)
		return;
	supply_begin(e, "INT", "4.17", "supply");
	ccd_status(e->x, medicine_states, json_text_at(e->json, "status"));
	if (json_get(request, "validityPeriod"))
		ccd_span(e, &(struct ccd_span){.type = "IVL_TS",
				.low = json_text_at(request, "validityPeriod.start"),
				.high = json_text_at(request, "validityPeriod.end")});
	if (json_to_int64(json_get(request, "numberOfRepeatsAllowed"), &refills) && refills >= 0 && refills < 1000)
		xml_empty(
		    e->x, "repeatNumber", "value", arena_printf(e->cx->arena, "%lld", (long long)refills + 1), NULL);
	if (json_get(request, "quantity"))
		ccd_quantity(e, "quantity", NULL, json_get(request, "quantity"));
	xml_begin(e->x, "product");
	product(e, "4.23", concept, OID_RXNORM);
	xml_end(e->x);
	xml_end(e->x);
	xml_end(e->x);
}

static fallible
dispensed(struct ccd_entry *e, const struct json_value *concept)
{
	str handed = json_text_at(e->json, "whenHandedOver");

	supply_begin(e, "EVN", "4.18", "dispense");
	ccd_status(e->x, medicine_states, json_text_at(e->json, "status"));
	ccd_time(e, "effectiveTime", handed.n ? handed : json_text_at(e->json, "whenPrepared"));
	if (json_get(e->json, "quantity"))
		ccd_quantity(e, "quantity", NULL, json_get(e->json, "quantity"));
	xml_begin(e->x, "product");
	product(e, "4.23", concept, OID_RXNORM);
	xml_end(e->x);
	TRY(ccd_performer(e, json_path(e->json, "performer.0.actor")));
	xml_end(e->x);
	xml_end(e->x);
	return NULL;
}

/* ---- medicines ---- */

static void
medicine_begin(struct ccd_entry *e, const struct json_value *dosage)
{
	bool wish = e->type == RESOURCE_MEDICATION_REQUEST || e->type == RESOURCE_MEDICATION_DISPENSE;
	str status = json_text_at(e->json, "status");

	xml_begin(e->x, "substanceAdministration");
	xml_attribute(e->x, "classCode", S("SBADM"));
	xml_attribute(e->x, "moodCode", wish ? S("INT") : S("EVN"));
	if (str_equal(status, S("not-taken")) || str_equal(status, S("not-done")) ||
	    json_bool(json_get(e->json, "doNotPerform")))
		xml_attribute(e->x, "negationInd", S("true"));
	ccd_templates(e->x, "4.16", "2014-06-09");
	ccd_id(e, NULL);
	ccd_text_reference(e);
	ccd_status(e->x, medicine_states, status);
	taken_when(e, dosage);
	how_often(e, json_path(dosage, "timing.repeat"));
	if (json_get(dosage, "route"))
		ccd_concept(e, CONCEPT(.element = "routeCode", .oid = OID_NCIT, .concept = json_get(dosage, "route")));
	dose(e, dose_of(dosage));
}

fallible
ccd_medicine(struct ccd_entry *e)
{
	const struct json_value *concept, *author = json_get(e->json, "requester"), *dosage = dosage_of(e);
	str time = json_text_at(e->json, "authoredOn");

	if (!author)
		author = json_get(e->json, "informationSource");
	TRY(medicine_of(e, &concept));
	medicine_begin(e, dosage);
	xml_begin(e->x, "consumable");
	product(e, "4.23", concept, OID_RXNORM);
	xml_end(e->x);
	if (e->type == RESOURCE_MEDICATION_ADMINISTRATION)
		TRY(ccd_performer(e, json_path(e->json, "performer.0.actor")));
	TRY(ccd_author(e, author, time.n ? time : json_text_at(e->json, "dateAsserted")));
	ccd_indications(e);
	free_text_sig(e, dosage);
	supply_order(e, concept);
	if (e->type == RESOURCE_MEDICATION_DISPENSE)
		TRY(dispensed(e, concept));
	xml_end(e->x);
	return NULL;
}

/* ---- vaccines ---- */

static const char *const refusal_reasons[] = {
    "IMMUNE", "MEDPREC", "OSTOCK", "PATOBJ", "PHILISOP", "RELIG", "VACEFF", "VACSAF"};

static void
refusal(struct ccd_entry *e)
{
	const struct json_value *reason = json_get(e->json, "statusReason");

	for (size_t i = 0; i < sizeof(refusal_reasons) / sizeof(refusal_reasons[0]); i++) {
		if (!ccd_concept_has(reason, refusal_reasons[i]))
			continue;
		ccd_relation_begin(e, "RSON", false);
		ccd_observation_begin(e, "EVN", "4.53", NULL);
		ccd_id(e, "refusal");
		ccd_fixed(e->x, "code", refusal_reasons[i], "2.16.840.1.113883.5.8", NULL);
		xml_empty(e->x, "statusCode", "code", S("completed"), NULL);
		xml_end(e->x);
		xml_end(e->x);
		return;
	}
}

fallible
ccd_immunization(struct ccd_entry *e)
{
	bool not_done = str_equal(json_text_at(e->json, "status"), S("not-done"));

	xml_begin(e->x, "substanceAdministration");
	xml_attribute(e->x, "classCode", S("SBADM"));
	xml_attribute(e->x, "moodCode", S("EVN"));
	xml_attribute(e->x, "negationInd", not_done ? S("true") : S("false"));
	ccd_templates(e->x, "4.52", "2015-08-01");
	ccd_id(e, NULL);
	ccd_text_reference(e);
	xml_empty(e->x, "statusCode", "code", S("completed"), NULL);
	ccd_time_of(e, "occurrence", NULL);
	if (json_get(e->json, "route"))
		ccd_concept(e, CONCEPT(.element = "routeCode", .oid = OID_NCIT, .concept = json_get(e->json, "route")));
	if (json_get(e->json, "site"))
		ccd_concept(
		    e, CONCEPT(.element = "approachSiteCode", .oid = OID_SNOMED, .concept = json_get(e->json, "site")));
	dose(e, json_get(e->json, "doseQuantity"));
	xml_begin(e->x, "consumable");
	product(e, "4.54", json_get(e->json, "vaccineCode"), OID_CVX);
	xml_end(e->x);
	TRY(ccd_performer(e, json_path(e->json, "performer.0.actor")));
	if (json_get(e->json, "recorded"))
		TRY(ccd_author(e, NULL, json_text_at(e->json, "recorded")));
	refusal(e);
	xml_end(e->x);
	return NULL;
}
