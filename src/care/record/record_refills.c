/* SPDX-License-Identifier: Apache-2.0 */
/* How many refills a prescription has left, and which is on its way: told from what the record says was prescribed and dispensed,
 * never guessed. */
#include "care/record/record_pages_internal.h"

struct refills_reading {
	const struct page_cx *px;
	struct arena scratch; /* of one resource */
	struct record_refills *out;
};

static struct record_refill *
refill_of(const struct record_refills *refills, str id)
{
	for (size_t i = 0; i < refills->count; i++)
		if (str_equal(refills->items[i].id, id))
			return &refills->items[i];
	return NULL;
}

static const struct err *
take_request(void *arg, const struct resource *resource)
{
	struct refills_reading *reading = arg;
	const struct json_value *json;
	int64_t allowed;

	arena_clear(&reading->scratch);
	TRY(json_parse(&reading->scratch, resource->body, &json, NULL));
	if (!json_to_int64(json_path(json, "dispenseRequest.numberOfRepeatsAllowed"), &allowed) || allowed < 0)
		allowed = REFILLS_NOT_SAID;
	*LIST_ADD(reading->px->arena, reading->out) =
	    (struct record_refill){.id = arena_str(reading->px->arena, json_text_at(json, "id")), .allowed = allowed};
	return NULL;
}

/* HL7 FHIR R4, MedicationDispense.status: being made ready, or handed over. */
static const struct err *
take_dispense(void *arg, const struct resource *resource)
{
	static const char *const coming[] = {"preparation", "in-progress", "on-hold"};
	struct refills_reading *reading = arg;
	const struct json_value *json;
	str status;

	arena_clear(&reading->scratch);
	TRY(json_parse(&reading->scratch, resource->body, &json, NULL));
	status = json_text_at(json, "status");
	json_each_item (json_get(json, "authorizingPrescription"), prescription) {
		resource_type type;
		str id;
		struct record_refill *refill = reference_split(json_text_at(prescription, "reference"), &type, &id)
		                                   ? refill_of(reading->out, id)
		                                   : NULL;

		if (!refill)
			continue;
		refill->fills += str_equal(status, S("completed"));
		for (size_t i = 0; i < sizeof(coming) / sizeof(coming[0]); i++)
			refill->coming |= str_equal(status, str_from_z(coming[i]));
	}
	return NULL;
}

fallible
record_refills_load(struct cx *cx, const struct page_cx *px, patient_id patient, struct record_refills *out)
{
	struct refills_reading reading = {.px = px, .out = out};
	const struct err *error;

	*out = (struct record_refills){0};
	error = resource_each(cx, patient, RESOURCE_MEDICATION_REQUEST, take_request, &reading);
	if (!error && out->count)
		error = resource_each(cx, patient, RESOURCE_MEDICATION_DISPENSE, take_dispense, &reading);
	arena_release(&reading.scratch);
	return error;
}

/* The first fill is the prescription itself; what comes after it are refills. */
str
record_refill_words(const struct page_cx *px, const struct record_refills *refills, const struct record_item *item)
{
	const struct record_refill *refill =
	    item->type == RESOURCE_MEDICATION_REQUEST ? refill_of(refills, item->id) : NULL;
	int64_t left;

	if (!refill)
		return STR_NONE;
	if (refill->coming)
		return T("a refill is on its way");
	if (refill->allowed == REFILLS_NOT_SAID)
		return STR_NONE;
	if (refill->fills == 0) /* nothing is recorded of the pharmacy: what was prescribed is all that is known */
		return TN("%1 refill prescribed", "%1 refills prescribed", refill->allowed);
	left = refill->allowed - (refill->fills - 1);
	return left > 0 ? TN("%1 refill left", "%1 refills left", left) : T("no refill left");
}
