/* SPDX-License-Identifier: Apache-2.0 */
/* Observations: the value in words, the range that came with it, and what the value means against that range.  A range or a
 * flag is never invented: without interpretation and without range there is no flag. */
#include <math.h>

#include "care/record/record_view_internal.h"

#define LITTLE 0.1 /* a tenth beyond the end of the range is "a little" */

bool
record_concept_has(const struct json_value *concept, str code)
{
	json_each_item (json_get(concept, "coding"), coding)
		if (str_equal(json_text_at(coding, "code"), code))
			return true;
	return false;
}

static bool
number_of(const struct json_value *quantity, double *out)
{
	str digits = json_number_text(json_get(quantity, "value"));

	if (!digits.p)
		return false;
	*out = record_decimal(digits);
	return true;
}

static str
unit_of(const struct page_cx *px, const struct json_value *quantity)
{
	str unit = json_text_at(quantity, "unit");

	return record_unit(px, unit.n ? unit : json_text_at(quantity, "code"));
}

/* ---- the value ---- */

static str
range_words(const struct page_cx *px, const struct json_value *range)
{
	str low = record_quantity(px, json_get(range, "low")), high = record_quantity(px, json_get(range, "high"));
	str low_digits = json_number_text(json_path(range, "low.value"));

	if (low.p && high.p)
		return TF2("%1 to %2", record_number(px->arena, low_digits), high);
	if (low.p)
		return TF1("%1 or more", low);
	return high.p ? TF1("%1 or less", high) : STR_NONE;
}

static str
absent_words(const struct page_cx *px, const struct json_value *reason)
{
	static const struct {
		const char *code, *words;
	} table[] = {
	    {"unknown", TR("not known")},
	    {"asked-unknown", TR("asked, but not known")},
	    {"temp-unknown", TR("not known yet")},
	    {"not-asked", TR("not asked")},
	    {"asked-declined", TR("asked, and you chose not to say")},
	    {"masked", TR("kept private")},
	    {"not-applicable", TR("does not apply")},
	    {"unsupported", TR("could not be recorded")},
	    {"as-text", TR("see the text")},
	    {"error", TR("no result: the test did not work")},
	    {"not-performed", TR("not done")},
	    {"not-permitted", TR("not allowed to be recorded")},
	};

	for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++)
		if (record_concept_has(reason, str_from_z(table[i].code)))
			return tr(px->lang, table[i].words);
	return record_concept(reason);
}

static str
ratio_words(const struct page_cx *px, const struct json_value *ratio)
{
	str a = record_quantity(px, json_get(ratio, "numerator")),
	    b = record_quantity(px, json_get(ratio, "denominator"));

	return a.p && b.p ? arena_printf(px->arena, "%.*s : %.*s", STR_ARG(a), STR_ARG(b)) : a;
}

str
record_value_words(const struct page_cx *px, const struct json_value *json)
{
	const struct json_value *flag = json_get(json, "valueBoolean");
	str out = record_quantity(px, json_get(json, "valueQuantity"));

	if (!out.p)
		out = record_name_plain(px->arena, record_concept(json_get(json, "valueCodeableConcept"))).title;
	if (!out.p)
		out = json_text_at(json, "valueString");
	if (!out.p)
		out = json_number_text(json_get(json, "valueInteger"));
	if (!out.p && json_kind(flag) == JSON_BOOL)
		out = json_bool(flag) ? T("yes") : T("no");
	if (!out.p)
		out = range_words(px, json_get(json, "valueRange"));
	if (!out.p)
		out = ratio_words(px, json_get(json, "valueRatio"));
	if (!out.p)
		out = json_text_at(json, "valueTime");
	if (!out.p)
		out = record_when(px, json_text_at(json, "valueDateTime"), NULL);
	if (!out.p)
		out = record_period(px, json_get(json, "valuePeriod"), NULL);
	if (!out.p && json_get(json, "valueSampledData"))
		out = T("a recording");
	return out.p ? out : absent_words(px, json_get(json, "dataAbsentReason"));
}

/* ---- ranges and flags ---- */

static void
read_range(const struct page_cx *px, const struct json_value *range, struct record_measure *out)
{
	out->low = out->high = NAN;
	out->range = STR_NONE;
	if (!range)
		return;
	number_of(json_get(range, "low"), &out->low);
	number_of(json_get(range, "high"), &out->high);
	out->range = range_words(px, range);
	if (!out->range.p)
		out->range = json_text_at(range, "text");
}

static const struct {
	const char *code, *words;
	enum status_kind kind;
} flags[] = {
    {"N", TR("in the usual range"), STATUS_GOOD},
    {"H", TR("high"), STATUS_WARNING},
    {"HU", TR("very high"), STATUS_DANGER},
    {"HX", TR("very high"), STATUS_DANGER},
    {"HH", TR("very high"), STATUS_DANGER},
    {"L", TR("low"), STATUS_WARNING},
    {"LU", TR("very low"), STATUS_DANGER},
    {"LX", TR("very low"), STATUS_DANGER},
    {"LL", TR("very low"), STATUS_DANGER},
    {"A", TR("not usual"), STATUS_WARNING},
    {"AA", TR("far from usual"), STATUS_DANGER},
    {"POS", TR("positive"), STATUS_WARNING},
    {"NEG", TR("negative"), STATUS_PLAIN},
    {"DET", TR("found"), STATUS_WARNING},
    {"ND", TR("not found"), STATUS_PLAIN},
    {"IND", TR("not clear"), STATUS_PLAIN},
    {"E", TR("not clear"), STATUS_PLAIN},
    {"S", TR("this medicine works against it"), STATUS_GOOD},
    {"I", TR("this medicine may work against it"), STATUS_WARNING},
    {"R", TR("this medicine does not work against it"), STATUS_WARNING},
    {"D", TR("lower than before"), STATUS_PLAIN},
    {"U", TR("higher than before"), STATUS_PLAIN},
    {"B", TR("better than before"), STATUS_GOOD},
    {"W", TR("worse than before"), STATUS_WARNING},
};
#define FLAG_COUNT (sizeof(flags) / sizeof(flags[0]))

/* "high" that is only just beyond the range. */
static bool
is_little(const struct record_measure *m)
{
	double span =
	    isfinite(m->low) && isfinite(m->high) ? m->high - m->low : fabs(isfinite(m->high) ? m->high : m->low);

	return m->has_number && ((m->number > m->high && m->number <= m->high + span * LITTLE) ||
				    (m->number < m->low && m->number >= m->low - span * LITTLE));
}

static void
flag_by_code(const struct page_cx *px, const struct json_value *json, struct record_item *out)
{
	json_each_item (json_get(json, "interpretation"), interpretation)
		for (size_t i = 0; i < FLAG_COUNT && !out->state.p; i++)
			if (record_concept_has(interpretation, str_from_z(flags[i].code))) {
				out->state = tr(px->lang, flags[i].words);
				out->state_kind = flags[i].kind;
				if (str_equal(S("H"), str_from_z(flags[i].code)) && is_little(&out->measure))
					out->state = T("a little high");
				if (str_equal(S("L"), str_from_z(flags[i].code)) && is_little(&out->measure))
					out->state = T("a little low");
			}
	if (!out->state.p) {
		out->state = record_concept(json_path(json, "interpretation.0"));
		out->state_kind = STATUS_PLAIN;
	}
}

static void
flag_by_range(const struct page_cx *px, struct record_item *out)
{
	const struct record_measure *m = &out->measure;
	bool little = is_little(m);

	if (!m->has_number || (!isfinite(m->low) && !isfinite(m->high)))
		return;
	out->state_kind = STATUS_WARNING;
	if (m->number > m->high)
		out->state = little ? T("a little high") : T("high");
	else if (m->number < m->low)
		out->state = little ? T("a little low") : T("low");
	else {
		out->state = T("in the usual range");
		out->state_kind = STATUS_GOOD;
	}
}

/* ---- components ---- */

static const struct json_value *
component(const struct json_value *json, const char *code)
{
	json_each_item (json_get(json, "component"), item)
		if (record_concept_has(json_get(item, "code"), str_from_z(code)))
			return item;
	return NULL;
}

/* Systolic and diastolic as one value. */
static bool
read_pressure(const struct page_cx *px, const struct json_value *json, struct record_item *out)
{
	const struct json_value *upper = json_get(component(json, "8480-6"), "valueQuantity");
	const struct json_value *lower = json_get(component(json, "8462-4"), "valueQuantity");
	struct record_measure *m = &out->measure;

	if (!number_of(upper, &m->number) || !number_of(lower, &m->second))
		return false;
	m->has_number = true;
	m->unit = unit_of(px, upper);
	out->value = arena_printf(px->arena, "%.0f/%.0f %.*s", m->number, m->second, STR_ARG(m->unit));
	return true;
}

static str
components_words(const struct page_cx *px, const struct json_value *json)
{
	struct buf out = BUF_INIT(px->arena);

	json_each_item (json_get(json, "component"), item) {
		str name = record_name_plain(px->arena, record_concept(json_get(item, "code"))).title;
		str value = record_value_words(px, item);

		if (!value.p)
			value = T("not recorded");
		buf_printf(&out, "%s%.*s: %.*s", out.n ? "; " : "", STR_ARG(name), STR_ARG(value));
	}
	return out.n ? buf_str(&out) : STR_NONE;
}

/* What people here also say: pounds, feet and inches, Fahrenheit. */
static void
add_home_units(const struct page_cx *px, const struct json_value *json, struct record_item *out)
{
	str code = json_text_at(json, "valueQuantity.code");
	double n = out->measure.number;
	str also = STR_NONE;

	if (str_equal(code, S("kg")))
		also = arena_printf(px->arena, "%.0f lb", n * 2.20462262);
	if (str_equal(code, S("Cel")))
		also = arena_printf(px->arena, "%.1f °F", n * 1.8 + 32);
	if (str_equal(code, S("cm")) && n >= 60 && record_concept_has(json_get(json, "code"), S("8302-2")))
		also = arena_printf(px->arena, "%d ft %d in", (int)lround(n / 2.54) / 12, (int)lround(n / 2.54) % 12);
	if (also.p)
		out->value = arena_printf(px->arena, "%.*s (%.*s)", STR_ARG(out->value), STR_ARG(also));
}

bool
record_is_entry(const struct json_value *json)
{
	json_each_item (json_path(json, "meta.tag"), tag)
		if (str_equal(json_text_at(tag, "code"), S("patient-submitted")) ||
		    str_equal(json_text_at(tag, "code"), S("patient-supplied")))
			return true;
	return false;
}

/* The clinic's devices measure for its own staff; who else is a performer is the patient, or someone close to them. */
bool
record_is_own(const struct json_value *json)
{
	if (record_is_entry(json))
		return true;
	json_each_item (json_get(json, "performer"), performer) {
		str reference = json_text_at(performer, "reference");

		if (str_starts(reference, S("Patient/")) || str_contains(reference, S("/Patient/")) ||
		    str_starts(reference, S("RelatedPerson/")) || str_contains(reference, S("/RelatedPerson/")))
			return true;
	}
	return false;
}

void
record_measure_read(const struct page_cx *px, const struct json_value *json, struct record_item *out)
{
	const struct json_value *quantity = json_get(json, "valueQuantity");
	str digits = json_number_text(json_get(quantity, "value"));
	struct record_measure *m = &out->measure;

	m->second = PLOT_SINGLE;
	read_range(px, json_path(json, "referenceRange.0"), m);
	m->has_number = number_of(quantity, &m->number);
	m->unit = unit_of(px, quantity);
	out->value = record_value_words(px, json);
	if (m->has_number && !str_equal(record_number(px->arena, digits), digits))
		m->exact = arena_printf(px->arena, "%.*s %.*s", STR_ARG(digits), STR_ARG(m->unit));
	if (m->has_number && record_class_of(RESOURCE_OBSERVATION, json) == CLASS_VITALS)
		add_home_units(px, json, out);
	if (json_get(json, "component") && !read_pressure(px, json, out) && !m->has_number) {
		str parts = components_words(px, json);

		out->value = parts.p ? parts : out->value;
	}
	if (json_count(json_get(json, "interpretation")))
		flag_by_code(px, json, out);
	else
		flag_by_range(px, out);
}
