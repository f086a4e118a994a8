/* SPDX-License-Identifier: Apache-2.0 */
/* What MedicationRequest, MedicationStatement and MedicationDispense say of a prescription.  Nothing is guessed: what is not
 * there stays absent.  FHIR R4 has no word for VistA's "parked" and "transferred" and for a refusing payer: they are read from the
 * reason of the status (code or text), as README.md says. */
#include "care/prescriptions/prescriptions_internal.h"
#include "care/record/record_view.h"
#include "platform/format/utf8.h"

/* Dates in an item's words are not used here: no zone is needed. */
static struct page_cx
words_of(const struct cx *cx)
{
	return (struct page_cx){.arena = cx->arena, .lang = cx->lang, .now = cx->now};
}

static instant
time_at(const struct json_value *json, const char *path)
{
	struct fhir_date date;

	return fhir_date_parse(FHIR_DATETIME, json_text_at(json, path), &date) ? date.low : INSTANT_NONE;
}

/* The whole number in front: quantities of tablets; 0 when there is none. */
static int64_t
whole(const struct json_value *number)
{
	str head;
	int64_t n;

	str_cut(json_number_text(number), '.', &head);
	return str_to_int64(head, &n) && n > 0 ? n : 0;
}

/* A Duration in days. UCUM: d, wk, mo, a. */
static int64_t
days_of(const struct json_value *duration)
{
	static const struct {
		const char *code;
		int64_t days;
	} units[] = {{"d", 1}, {"day", 1}, {"days", 1}, {"wk", 7}, {"mo", 30}, {"a", 365}};
	str code = json_text_at(duration, "code");

	code = code.n ? code : json_text_at(duration, "unit");
	for (size_t i = 0; i < sizeof(units) / sizeof(units[0]); i++)
		if (str_equal(code, str_from_z(units[i].code)))
			return whole(json_get(duration, "value")) * units[i].days;
	return 0;
}

static bool
concept_says(struct arena *arena, const struct json_value *concept, const char *word)
{
	str wanted = str_from_z(word);

	json_each_item (json_get(concept, "coding"), coding)
		if (str_contains(utf8_fold(arena, json_text_at(coding, "code")), wanted) ||
		    str_contains(utf8_fold(arena, json_text_at(coding, "display")), wanted))
			return true;
	return str_contains(utf8_fold(arena, json_text_at(concept, "text")), wanted);
}

static bool
any_says(struct arena *arena, const struct json_value *concepts, const char *word)
{
	json_each_item (concepts, concept)
		if (concept_says(arena, concept, word))
			return true;
	return json_kind(concepts) == JSON_OBJECT && concept_says(arena, concepts, word);
}

/* Texts of a list joined: directions, notes. */
static str
joined(struct arena *arena, const struct json_value *list, const char *path, const char *between)
{
	struct buf out = BUF_INIT(arena);

	json_each_item (list, item) {
		str text = str_trim(json_text_at(item, path));

		if (text.n)
			buf_printf(&out, "%s%.*s", out.n ? between : "", STR_ARG(text));
	}
	return out.n ? buf_str(&out) : STR_NONE;
}

/* Directions one after the other in time: the dose changes by a plan. */
static bool
has_sequence(const struct json_value *dosages)
{
	int64_t first = 0, n;

	json_each_item (dosages, dosage) {
		if (!json_to_int64(json_get(dosage, "sequence"), &n))
			continue;
		if (first && n != first)
			return true;
		first = n;
	}
	return false;
}

/* "white, round, marked L 10": MedicationKnowledge.drugCharacteristic that comes along. */
static str
look_of(struct arena *arena, const struct json_value *json)
{
	struct buf out = BUF_INIT(arena);

	json_each_item (json_get(json, "contained"), contained)
		json_each_item (json_get(contained, "drugCharacteristic"), one) {
			str value = json_text_at(one, "valueString");

			value = value.n ? value : record_concept(json_get(one, "valueCodeableConcept"));
			if (value.n)
				buf_printf(&out, "%s%.*s", out.n ? ", " : "", STR_ARG(value));
		}
	return out.n ? buf_str(&out) : STR_NONE;
}

static bool
is_drug_gone(const struct json_value *json)
{
	json_each_item (json_get(json, "contained"), contained)
		if (str_equal(json_text_at(contained, "resourceType"), S("Medication")) &&
		    str_equal(json_text_at(contained, "status"), S("inactive")))
			return true;
	return false;
}

/* HL7 FHIR R4, medicationrequest-status and medication-statement-status. */
static enum rx_order
order_of(str status)
{
	static const struct {
		const char *code;
		enum rx_order order;
	} codes[] = {{"active", ORDER_ACTIVE}, {"intended", ORDER_ACTIVE}, {"on-hold", ORDER_ON_HOLD},
	    {"stopped", ORDER_STOPPED}, {"cancelled", ORDER_STOPPED}, {"not-taken", ORDER_STOPPED},
	    {"completed", ORDER_COMPLETED}};

	for (size_t i = 0; i < sizeof(codes) / sizeof(codes[0]); i++)
		if (str_equal(status, str_from_z(codes[i].code)))
			return codes[i].order;
	return ORDER_OTHER;
}

static void
read_supply(const struct json_value *json, struct prescription *out)
{
	const struct json_value *supply = json_get(json, "dispenseRequest");
	int64_t n;

	out->allowed = json_to_int64(json_get(supply, "numberOfRepeatsAllowed"), &n) && n >= 0 ? n : RX_NOT_SAID;
	out->quantity = whole(json_path(supply, "quantity.value"));
	out->unit = json_text_at(supply, "quantity.unit");
	out->days = days_of(json_get(supply, "expectedSupplyDuration"));
	out->ends = time_at(supply, "validityPeriod.end");
}

static void
read_statement(const struct json_value *json, struct prescription *out)
{
	out->outside = true;
	out->own = str_starts(json_text_at(json, "informationSource.reference"), S("Patient/"));
	out->ordered = time_at(json, "dateAsserted");
	if (instant_is_none(out->ordered))
		out->ordered = time_at(json, "effectiveDateTime");
	if (instant_is_none(out->ordered))
		out->ordered = time_at(json, "effectivePeriod.start");
	out->allowed = RX_NOT_SAID;
}

static void
read_request(struct cx *cx, const struct json_value *json, struct prescription *out)
{
	str intent = json_text_at(json, "intent");

	out->outside = json_bool(json_get(json, "reportedBoolean")) || json_get(json, "reportedReference") ||
	               str_equal(intent, S("plan"));
	out->own = str_starts(json_text_at(json, "reportedReference.reference"), S("Patient/"));
	out->ordered = time_at(json, "authoredOn");
	read_supply(json, out);
	if (str_starts(json_text_at(json, "priorPrescription.reference"), S("MedicationRequest/")))
		out->replaces = str_drop(json_text_at(json, "priorPrescription.reference"), 18);
	out->parked = any_says(cx->arena, json_get(json, "statusReason"), "parked");
	out->transferred = any_says(cx->arena, json_get(json, "statusReason"), "transferred");
	out->payer_refused = any_says(cx->arena, json_get(json, "statusReason"), "payer");
	out->not_renewable = any_says(cx->arena, json_get(json, "category"), "not-renewable");
}

/* A stopped one ended when the record heard of it: R4 keeps no other date. */
static void
read_end(const struct cx *cx, const struct resource *resource, struct prescription *out)
{
	if (instant_is_none(out->ends) && !instant_is_none(out->ordered) && !out->outside)
		out->ends = instant_add_ms(out->ordered, RX_VALID_DAYS * DAY_MS);
	out->over = !out->outside && !instant_is_none(out->ends) && !instant_before(cx->now, out->ends);
	out->ended = out->order == ORDER_ACTIVE || out->order == ORDER_ON_HOLD ? (out->over ? out->ends : INSTANT_NONE)
	             : !instant_is_none(out->ends) && instant_before(out->ends, resource->updated) ? out->ends
	                                                                                           : resource->updated;
}

void
prescription_read(
    struct cx *cx, const struct resource *resource, const struct json_value *json, struct prescription *out, bool *take)
{
	struct page_cx px = words_of(cx);
	const struct json_value *coding = json_path(json, "medicationCodeableConcept.coding.0");
	str status = json_text_at(json, "status");
	struct record_item item;

	*take = !str_equal(status, S("entered-in-error")) && !str_equal(status, S("draft"));
	record_item_read(&px, (resource_type)resource->type, json, &item);
	*out = (struct prescription){.patient = resource->patient,
	    .type = resource->type,
	    .id = resource->id,
	    .key = resource->key,
	    .title = item.title,
	    .detail = item.detail,
	    .title_reference = item.title_reference,
	    .code_system = json_text_at(coding, "system"),
	    .code = json_text_at(coding, "code"),
	    .who = item.who,
	    .who_reference = item.who_reference,
	    .reason = item.reason,
	    .number = json_text_at(json, "identifier.0.value"),
	    .remark = joined(cx->arena, json_get(json, "note"), "text", "\n"),
	    .look = look_of(cx->arena, json),
	    .drug_gone = is_drug_gone(json),
	    .order = order_of(status),
	    .ends = INSTANT_NONE,
	    .last_fill = INSTANT_NONE,
	    .runs_out = INSTANT_NONE,
	    .left = RX_NOT_SAID};
	if (resource->type == RESOURCE_MEDICATION_STATEMENT) {
		read_statement(json, out);
		out->sig = joined(cx->arena, json_get(json, "dosage"), "text", "; ");
		json_each_item (json_get(json, "basedOn"), on) /* a word on a prescription is no prescription */
			*take = *take && !str_starts(json_text_at(on, "reference"), S("MedicationRequest/"));
	} else {
		read_request(cx, json, out);
		out->sig = joined(cx->arena, json_get(json, "dosageInstruction"), "text", "; ");
		out->titration = has_sequence(json_get(json, "dosageInstruction"));
	}
	if (str_equal(out->detail, out->sig)) /* lists of the record show the directions there */
		out->detail = STR_NONE;
	read_end(cx, resource, out);
	out->controlled = rx_is_controlled(out->title) ||
	                  rx_is_controlled(record_concept(json_get(json, "medicationCodeableConcept")));
	out->clozapine = str_contains(utf8_fold(cx->arena, out->title), S("clozapine"));
}

/* HL7 FHIR R4, medicationdispense-status: being made ready, or handed over. */
void
rx_fill_read(
    struct arena *arena, const struct json_value *json, struct rx_fill *out, str *prescription, bool *payer_refused)
{
	str status = json_text_at(json, "status"), reference = STR_NONE;

	json_each_item (json_get(json, "authorizingPrescription"), one)
		if (!reference.n)
			reference = json_text_at(one, "reference");
	*out = (struct rx_fill){.id = json_text_at(json, "id"),
	    .done = str_equal(status, S("completed")),
	    .coming = str_equal(status, S("preparation")) || str_equal(status, S("in-progress")) ||
	              str_equal(status, S("on-hold")),
	    .at = time_at(json, "whenHandedOver"),
	    .quantity = whole(json_path(json, "quantity.value")),
	    .days = days_of(json_get(json, "daysSupply")),
	    .where = json_text_at(json, "performer.0.actor.display"),
	    .look = look_of(arena, json)};
	if (instant_is_none(out->at))
		out->at = time_at(json, "whenPrepared");
	*prescription = reference;
	*payer_refused = any_says(arena, json_get(json, "statusReasonCodeableConcept"), "payer") &&
	                 (str_equal(status, S("declined")) || str_equal(status, S("cancelled")));
}
