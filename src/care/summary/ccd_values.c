/* SPDX-License-Identifier: Apache-2.0 */
/* Times and values as CDA writes them, with the precision and the digits they were recorded with. */
#include <string.h>

#include "care/summary/ccd_internal.h"

/* ---- times ---- */

str
ccd_time_text(struct arena *arena, str fhir)
{
	struct fhir_date date;
	struct buf out = BUF_INIT(arena);
	int offset;

	if (!fhir_date_parse(FHIR_DATETIME, fhir, &date))
		return STR_NONE;
	buf_printf(&out, "%04d", date.civil.date.year);
	if (date.precision >= FHIR_PRECISION_MONTH)
		buf_printf(&out, "%02d", date.civil.date.month);
	if (date.precision >= FHIR_PRECISION_DAY)
		buf_printf(&out, "%02d", date.civil.date.day);
	if (date.precision < FHIR_PRECISION_SECOND)
		return buf_str(&out);
	buf_printf(&out, "%02d%02d%02d", date.civil.hour, date.civil.minute, date.civil.second);
	if (date.precision == FHIR_PRECISION_FRACTION)
		buf_printf(&out, ".%03d", date.civil.millisecond);
	offset = date.civil.offset_seconds / 60;
	buf_printf(&out, "%c%02d%02d", offset < 0 ? '-' : '+', (offset < 0 ? -offset : offset) / 60,
	    (offset < 0 ? -offset : offset) % 60);
	return buf_str(&out);
}

static void
time_attribute(struct ccd_entry *e, str fhir)
{
	str value = ccd_time_text(e->cx->arena, fhir);

	if (value.p)
		xml_attribute(e->x, "value", value);
	else
		xml_attribute(e->x, "nullFlavor", S("UNK"));
}

void
ccd_time(struct ccd_entry *e, const char *element, str fhir)
{
	xml_begin(e->x, element);
	time_attribute(e, fhir);
	xml_end(e->x);
}

void
ccd_span(struct ccd_entry *e, const struct ccd_span *span)
{
	xml_begin(e->x, "effectiveTime");
	xml_attribute(e->x, "xsi:type", str_from_z(span->type));
	ccd_time(e, "low", span->low);
	if (span->high.n || span->over)
		ccd_time(e, "high", span->high);
	xml_end(e->x);
}

void
ccd_time_of(struct ccd_entry *e, const char *member, const char *type)
{
	const struct json_value *period = json_get_str(e->json, arena_printf(e->cx->arena, "%sPeriod", member));
	str at = json_text(json_get_str(e->json, arena_printf(e->cx->arena, "%sDateTime", member)));

	if (!at.p)
		at = json_text(json_get_str(e->json, arena_printf(e->cx->arena, "%sInstant", member)));
	if (period) {
		ccd_span(
		    e, &(struct ccd_span){type, json_text_at(period, "start"), json_text_at(period, "end"), false});
		return;
	}
	xml_begin(e->x, "effectiveTime");
	time_attribute(e, at);
	xml_end(e->x);
}

/* ---- quantities ---- */

/* The characters of UCUM's grammar, with balanced brackets outside of which only they stand: what is wrong then is the atom's name,
 * which a reader can tell. */
bool
ccd_unit_is_ucum(str unit)
{
	int square = 0, curly = 0;

	if (!unit.n || (unit.p[0] == '(' && !memchr(unit.p, '/', unit.n)))
		return false;
	for (size_t i = 0; i < unit.n; i++) {
		char c = unit.p[i];

		if (c <= ' ' || c > '~')
			return false;
		square += (c == '[') - (c == ']');
		curly += (c == '{') - (c == '}');
		if (square < 0 || square > 1 || curly < 0 || curly > 1)
			return false;
	}
	return square == 0 && curly == 0;
}

/* The unit as UCUM; absent when what was written is none. */
static str
ucum_of(const struct json_value *quantity)
{
	str system = json_text_at(quantity, "system"), code = json_text_at(quantity, "code");
	str unit = json_text_at(quantity, "unit");

	if (str_equal(system, S("http://unitsofmeasure.org")) && ccd_unit_is_ucum(code))
		return code;
	if (!code.n && !unit.n && !system.n)
		return S("1"); /* a number without a unit */
	return STR_NONE;
}

static void
quantity_attributes(struct ccd_entry *e, const struct json_value *quantity)
{
	str number = json_number_text(json_get(quantity, "value")), unit = ucum_of(quantity), words;

	if (!number.p) {
		xml_attribute(e->x, "nullFlavor", S("UNK"));
		return;
	}
	if (unit.p) {
		xml_attribute(e->x, "value", number);
		xml_attribute(e->x, "unit", unit);
		return;
	}
	words = json_text_at(quantity, "unit");
	xml_attribute(e->x, "nullFlavor", S("OTH"));
	xml_begin(e->x, "translation");
	xml_attribute(e->x, "value", number);
	xml_leaf(e->x, "originalText", words.n ? words : json_text_at(quantity, "code"));
	xml_end(e->x);
}

/* "<5": everything below, without 5. */
static void
open_interval(struct ccd_entry *e, const struct json_value *quantity, str comparator)
{
	bool below = str_starts(comparator, S("<"));

	xml_begin(e->x, below ? "high" : "low");
	if (comparator.n == 1)
		xml_attribute(e->x, "inclusive", S("false"));
	quantity_attributes(e, quantity);
	xml_end(e->x);
}

void
ccd_quantity(struct ccd_entry *e, const char *element, const char *type, const struct json_value *quantity)
{
	str comparator = json_text_at(quantity, "comparator");

	xml_begin(e->x, element);
	if (comparator.n && type) {
		xml_attribute(e->x, "xsi:type", S("IVL_PQ"));
		open_interval(e, quantity, comparator);
	} else {
		xml_attribute(e->x, "xsi:type", str_from_z(type));
		quantity_attributes(e, quantity);
	}
	xml_end(e->x);
}

/* ---- value[x] ---- */

/* Of FHIR's reasons for an absent value, as CDA's null flavors. */
static const struct {
	const char *reason, *flavor;
} absent_reasons[] = {
    {"unknown", "UNK"},
    {"asked-unknown", "ASKU"},
    {"temp-unknown", "NAV"},
    {"not-asked", "NASK"},
    {"asked-declined", "ASKU"},
    {"masked", "MSK"},
    {"not-applicable", "NA"},
    {"unsupported", "OTH"},
    {"not-a-number", "NA"},
    {"negative-infinity", "NINF"},
    {"positive-infinity", "PINF"},
    {"error", "NI"},
    {"not-performed", "NA"},
    {"not-permitted", "MSK"},
};

static void
absent_value(struct ccd_entry *e, const struct json_value *holder)
{
	const struct json_value *reason = json_get(holder, "dataAbsentReason");
	const char *flavor = "NI";

	for (size_t i = 0; i < sizeof(absent_reasons) / sizeof(absent_reasons[0]); i++)
		if (ccd_concept_has(reason, absent_reasons[i].reason))
			flavor = absent_reasons[i].flavor;
	xml_empty(e->x, "value", "xsi:type", S("CD"), "nullFlavor", str_from_z(flavor), NULL);
}

static void
text_value(struct ccd_entry *e, const char *type, str text)
{
	xml_begin(e->x, "value");
	xml_attribute(e->x, "xsi:type", str_from_z(type));
	xml_text(e->x, text);
	xml_end(e->x);
}

static void
range_value(struct ccd_entry *e, const struct json_value *low, const struct json_value *high)
{
	xml_begin(e->x, "value");
	xml_attribute(e->x, "xsi:type", S("IVL_PQ"));
	if (low)
		ccd_quantity(e, "low", NULL, low);
	if (high)
		ccd_quantity(e, "high", NULL, high);
	if (!low && !high)
		xml_attribute(e->x, "nullFlavor", S("UNK"));
	xml_end(e->x);
}

static void
ratio_value(struct ccd_entry *e, const struct json_value *ratio)
{
	xml_begin(e->x, "value");
	xml_attribute(e->x, "xsi:type", S("RTO_PQ_PQ"));
	ccd_quantity(e, "numerator", NULL, json_get(ratio, "numerator"));
	ccd_quantity(e, "denominator", NULL, json_get(ratio, "denominator"));
	xml_end(e->x);
}

static void
period_value(struct ccd_entry *e, const struct json_value *period)
{
	xml_begin(e->x, "value");
	xml_attribute(e->x, "xsi:type", S("IVL_TS"));
	ccd_time(e, "low", json_text_at(period, "start"));
	ccd_time(e, "high", json_text_at(period, "end"));
	xml_end(e->x);
}

void
ccd_value(struct ccd_entry *e, const struct json_value *holder)
{
	const struct json_value *v;

	if ((v = json_get(holder, "valueQuantity")))
		ccd_quantity(e, "value", "PQ", v);
	else if ((v = json_get(holder, "valueCodeableConcept")))
		ccd_concept(e, CONCEPT(.element = "value", .type = "CD", .concept = v));
	else if ((v = json_get(holder, "valueString")))
		text_value(e, "ST", json_text(v));
	else if ((v = json_get(holder, "valueInteger")))
		xml_empty(e->x, "value", "xsi:type", S("INT"), "value", json_number_text(v), NULL);
	else if ((v = json_get(holder, "valueBoolean")))
		xml_empty(e->x, "value", "xsi:type", S("BL"), "value", json_bool(v) ? S("true") : S("false"), NULL);
	else if ((v = json_get(holder, "valueDateTime")))
		xml_empty(e->x, "value", "xsi:type", S("TS"), "value", ccd_time_text(e->cx->arena, json_text(v)), NULL);
	else if ((v = json_get(holder, "valueTime")))
		text_value(e, "ST", json_text(v));
	else if ((v = json_get(holder, "valuePeriod")))
		period_value(e, v);
	else if ((v = json_get(holder, "valueRange")))
		range_value(e, json_get(v, "low"), json_get(v, "high"));
	else if ((v = json_get(holder, "valueRatio")))
		ratio_value(e, v);
	else if ((v = json_get(holder, "valueSampledData")))
		text_value(e, "ST", json_text_at(v, "data"));
	else
		absent_value(e, holder);
}

void
ccd_interpretation(struct ccd_entry *e, const struct json_value *holder)
{
	json_each_item (json_get(holder, "interpretation"), flag)
		ccd_concept(
		    e, CONCEPT(.element = "interpretationCode", .oid = "2.16.840.1.113883.5.83", .concept = flag));
}

void
ccd_ranges(struct ccd_entry *e, const struct json_value *holder)
{
	json_each_item (json_get(holder, "referenceRange"), range) {
		xml_begin(e->x, "referenceRange");
		xml_begin(e->x, "observationRange");
		xml_leaf(e->x, "text", json_text_at(range, "text"));
		if (json_get(range, "low") || json_get(range, "high"))
			range_value(e, json_get(range, "low"), json_get(range, "high"));
		else
			xml_empty(e->x, "value", "xsi:type", S("IVL_PQ"), "nullFlavor", S("NI"), NULL);
		xml_end(e->x);
		xml_end(e->x);
	}
}
