/* SPDX-License-Identifier: Apache-2.0 */
/* FHIR's small types in words: names, units, numbers, dates, references. */
#include <math.h>

#include "care/record/record_view_internal.h"
#include "platform/format/utf8.h"

/* ---- names ---- */

/* What SNOMED CT writes behind a name to say what kind of thing it is. */
static const char *const name_tags[] = {"(disorder)", "(finding)", "(procedure)", "(situation)", "(regime/therapy)",
    "(morphologic abnormality)", "(substance)", "(product)", "(medicinal product)", "(clinical drug)", "(event)",
    "(observable entity)", "(body structure)", "(qualifier value)", "(context-dependent category)", "(person)",
    "(record artifact)", "(physical object)", "(environment)", "(organism)"};

static str
without_tag(str name)
{
	for (size_t i = 0; i < sizeof(name_tags) / sizeof(name_tags[0]); i++) {
		str tag = str_from_z(name_tags[i]);

		if (name.n > tag.n && str_ends(name, tag))
			return str_trim(str_take(name, name.n - tag.n));
	}
	return name;
}

static str
lower_case(struct arena *arena, str text)
{
	char *p = arena_text(arena, text.n + 1);

	for (size_t i = 0; i < text.n; i++)
		p[i] = text.p[i] >= 'A' && text.p[i] <= 'Z' ? (char)(text.p[i] + 32) : text.p[i];
	return (str){p, text.n};
}

struct record_name
record_name_plain(struct arena *arena, str name)
{
	struct record_name out = {.title = without_tag(str_trim(name))};
	size_t open, close, by;
	str rest;

	if (!str_find(out.title, S(" ["), &open) || open == 0)
		return out;
	rest = str_drop(out.title, open + 2);
	if (!str_find(rest, S("]"), &close))
		return out;
	rest = str_trim(str_drop(rest, close + 1));
	if (str_starts(rest, S("by ")))
		rest = STR_NONE;
	if (str_find(rest, S(" by "), &by))
		rest = str_take(rest, by);
	if (str_starts(rest, S("- ")))
		rest = str_drop(rest, 2);
	out.title = str_trim(str_take(out.title, open));
	out.detail = rest.n ? lower_case(arena, rest) : STR_NONE;
	return out;
}

str
record_concept(const struct json_value *concept)
{
	str text = str_trim(json_text_at(concept, "text")), code = STR_NONE;

	if (text.n)
		return text;
	json_each_item (json_get(concept, "coding"), coding) {
		str display = str_trim(json_text_at(coding, "display"));

		if (display.n)
			return display;
		if (!code.n)
			code = json_text_at(coding, "code");
	}
	return code.n ? code : STR_NONE;
}

str
record_human_name(struct arena *arena, const struct json_value *name)
{
	struct buf out = BUF_INIT(arena);
	str text = json_text_at(name, "text");

	if (text.n)
		return text;
	json_each_item (json_get(name, "prefix"), prefix)
		buf_printf(&out, "%.*s ", STR_ARG(json_text(prefix)));
	json_each_item (json_get(name, "given"), given)
		buf_printf(&out, "%.*s ", STR_ARG(json_text(given)));
	buf_add(&out, json_text_at(name, "family"));
	return str_trim(buf_str(&out));
}

/* ---- numbers and units ---- */

static const struct {
	const char *ucum, *words;
} units[] = {
    {"mm[Hg]", "mmHg"},
    {"Cel", "°C"},
    {"[degF]", "°F"},
    {"kg/m2", "kg/m²"},
    {"10*3/uL", "×10³/µL"},
    {"10*3/mm3", "×10³/mm³"},
    {"10*9/L", "×10⁹/L"},
    {"10*6/uL", "×10⁶/µL"},
    {"10*12/L", "×10¹²/L"},
    {"ug/dL", "µg/dL"},
    {"ug/L", "µg/L"},
    {"ug", "µg"},
    {"umol/L", "µmol/L"},
    {"u[IU]/mL", "µIU/mL"},
    {"m[IU]/L", "mIU/L"},
    {"[IU]/L", "IU/L"},
    {"[IU]", "IU"},
    {"[in_i]", "in"},
    {"[lb_av]", "lb"},
    {"[pH]", "pH"},
    {"mL/min/{1.73_m2}", "mL/min/1.73 m²"},
    {"{T-score}", "T-score"},
    {"mo", TR("months")},
    {"a", TR("years")},
    {"wk", TR("weeks")},
    {"d", TR("days")},
    {"h", TR("hours")},
    {"min", TR("minutes")},
    {"/min", TR("per minute")},
    {"{beats}/min", TR("per minute")},
    {"beats/minute", TR("per minute")},
    {"{breaths}/min", TR("per minute")},
    {"breaths/minute", TR("per minute")},
};

str
record_unit(const struct page_cx *px, str unit)
{
	if (unit.n > 1 && unit.p[0] == '{' && str_ends(unit, S("}")) && !str_equal(unit, S("{T-score}")))
		return STR_NONE;
	for (size_t i = 0; i < sizeof(units) / sizeof(units[0]); i++)
		if (str_equal(unit, str_from_z(units[i].ucum)))
			return tr(px->lang, units[i].words);
	return unit.n && !str_equal(unit, S("1")) ? unit : STR_NONE;
}

/* Digits beyond what a double can tell apart do not count. The usual function for this depends on the process's locale. */
double
record_decimal(str digits)
{
	int64_t mantissa = 0, exponent = 0, written = 0;
	bool minus = str_starts(digits, S("-")), fraction = false;
	str rest = minus ? str_drop(digits, 1) : digits;

	for (; rest.n && (rest.p[0] | 32) != 'e'; rest = str_drop(rest, 1)) {
		if (rest.p[0] == '.') {
			fraction = true;
			continue;
		}
		if (mantissa < INT64_MAX / 10 - 1) {
			mantissa = mantissa * 10 + (rest.p[0] - '0');
			exponent -= fraction;
		} else
			exponent += !fraction;
	}
	rest = str_drop(rest, 1);
	if (str_starts(rest, S("+")))
		rest = str_drop(rest, 1);
	if (str_to_int64(rest, &written))
		exponent += written < -400 ? -400 : written > 400 ? 400 : written;
	if (exponent < 0)
		return (minus ? -1.0 : 1.0) * ((double)mantissa / pow(10, (double)-exponent));
	return (minus ? -1.0 : 1.0) * (double)mantissa * pow(10, (double)exponent);
}

str
record_number(struct arena *arena, str digits)
{
	size_t point;
	double value;
	int decimals;

	if (!str_find(digits, S("."), &point) || digits.n - point - 1 <= 3 || str_contains(digits, S("e")) ||
	    str_contains(digits, S("E")))
		return digits;
	value = fabs(record_decimal(digits));
	decimals = value >= 10 ? 1 : value >= 1 ? 2 : 3;
	while (value > 0 && value < 0.1 && decimals < 9) { /* each leading zero asks for one more digit */
		value *= 10;
		decimals++;
	}
	return arena_printf(arena, "%.*f", decimals, record_decimal(digits));
}

str
record_quantity(const struct page_cx *px, const struct json_value *quantity)
{
	str digits = json_number_text(json_get(quantity, "value")), comparator = json_text_at(quantity, "comparator");
	str unit = json_text_at(quantity, "unit"), words;

	if (!digits.p)
		return STR_NONE;
	unit = record_unit(px, unit.n ? unit : json_text_at(quantity, "code"));
	words = record_number(px->arena, digits);
	if (unit.n)
		words = arena_printf(px->arena, "%.*s %.*s", STR_ARG(words), STR_ARG(unit));
	if (str_equal(comparator, S("<")))
		return TF1("less than %1", words);
	if (str_equal(comparator, S("<=")))
		return TF1("%1 or less", words);
	if (str_equal(comparator, S(">")))
		return TF1("more than %1", words);
	if (str_equal(comparator, S(">=")))
		return TF1("%1 or more", words);
	return words;
}

/* ---- dates ---- */

/* The day a date stands for, in the person's zone. Month or day 0: not known. */
static struct civil_date
day_of(const struct page_cx *px, const struct fhir_date *date)
{
	struct civil_date day = date->civil.date;

	if (date->precision > FHIR_PRECISION_DAY && date->has_zone)
		return zone_civil(px->zone ? px->zone : zone_utc(), date->low).date;
	if (date->precision < FHIR_PRECISION_DAY)
		day.day = 0;
	if (date->precision < FHIR_PRECISION_MONTH)
		day.month = 0;
	return day;
}

str
record_when(const struct page_cx *px, str text, instant *at)
{
	struct fhir_date date;

	if (!fhir_date_parse(FHIR_DATETIME, text, &date))
		return STR_NONE;
	if (at)
		*at = date.low;
	return px_date_only(px, day_of(px, &date));
}

str
record_when_exact(const struct page_cx *px, str text)
{
	struct fhir_date date;

	if (!fhir_date_parse(FHIR_DATETIME, text, &date))
		return STR_NONE;
	return date.precision > FHIR_PRECISION_DAY ? px_date_full(px, date.low) : px_date_only(px, day_of(px, &date));
}

str
record_period(const struct page_cx *px, const struct json_value *period, instant *at)
{
	instant end_at = INSTANT_NONE, start_at = INSTANT_NONE;
	str start = record_when(px, json_text_at(period, "start"), &start_at);
	str end = record_when(px, json_text_at(period, "end"), &end_at);

	if (at && (start.p || end.p))
		*at = start.p ? start_at : end_at;
	if (!end.p || str_equal(start, end))
		return start;
	return start.p ? TF2("%1 to %2", start, end) : TF1("until %1", end);
}

str
record_age_words(const struct page_cx *px, instant born)
{
	struct civil_date a, b;
	int months;

	if (instant_is_none(born))
		return STR_NONE;
	a = zone_civil(zone_utc(), born).date;
	b = zone_civil(px->zone ? px->zone : zone_utc(), px->now).date;
	months = (b.year - a.year) * 12 + b.month - a.month - (b.day < a.day);
	if (months < 24)
		return months > 0 ? TN("%1 month old", "%1 months old", months) : T("newborn");
	return TN("%1 year old", "%1 years old", months / 12);
}

/* ---- references ---- */

static const struct json_value *
contained(const struct json_value *json, str reference)
{
	json_each_item (json_get(json, "contained"), item)
		if (str_equal(json_text_at(item, "id"), str_drop(reference, 1)))
			return item;
	return NULL;
}

str
record_reference(
    const struct page_cx *px, const struct json_value *json, const struct json_value *reference, str *look_up)
{
	str target = json_text_at(reference, "reference"), display = str_trim(json_text_at(reference, "display"));

	if (display.n)
		return display;
	if (str_starts(target, S("#")))
		return record_title_of(px, contained(json, target));
	if (look_up && target.n)
		*look_up = target;
	return STR_NONE;
}

str
record_title_of(const struct page_cx *px, const struct json_value *json)
{
	static const char *const concepts[] = {"code", "type", "type.0", "category.0", "description"};
	const struct json_value *name = json_get(json, "name");
	str out;

	if (json_kind(name) == JSON_STRING)
		return str_trim(json_text(name));
	if (json_kind(name) == JSON_ARRAY)
		return record_human_name(px->arena, json_at(name, 0));
	for (size_t i = 0; i < sizeof(concepts) / sizeof(concepts[0]); i++) {
		out = record_concept(json_path(json, concepts[i]));
		if (out.n)
			return record_name_plain(px->arena, out).title;
	}
	return STR_NONE;
}

/* ---- types ---- */

static const struct {
	resource_type type;
	const char *words;
} type_words[] = {
    {RESOURCE_OBSERVATION, TR("Other findings and answers")},
    {RESOURCE_CLAIM, TR("Insurance claims")},
    {RESOURCE_EXPLANATION_OF_BENEFIT, TR("Insurance payments")},
    {RESOURCE_COVERAGE, TR("Insurance plans")},
    {RESOURCE_PATIENT, TR("Personal details")},
    {RESOURCE_RELATED_PERSON, TR("Family and contacts")},
    {RESOURCE_DEVICE, TR("Devices and implants")},
    {RESOURCE_SERVICE_REQUEST, TR("Orders and referrals")},
    {RESOURCE_QUESTIONNAIRE_RESPONSE, TR("Answers to questionnaires")},
    {RESOURCE_FAMILY_MEMBER_HISTORY, TR("Family history")},
    {RESOURCE_SPECIMEN, TR("Samples")},
    {RESOURCE_PROVENANCE, TR("Where entries came from")},
    {RESOURCE_CONSENT, TR("Consents")},
    {RESOURCE_COMMUNICATION, TR("Messages in the chart")},
    {RESOURCE_BINARY, TR("Files")},
};

static const struct {
	resource_type type;
	const char *words;
} kind_words[] = {
    {RESOURCE_OBSERVATION, TR("Measurements and findings")},
    {RESOURCE_DIAGNOSTIC_REPORT, TR("Reports")},
    {RESOURCE_CONDITION, TR("Health problems")},
    {RESOURCE_MEDICATION_REQUEST, TR("Medicines ordered")},
    {RESOURCE_MEDICATION_DISPENSE, TR("Medicines handed out")},
    {RESOURCE_MEDICATION_STATEMENT, TR("Medicines told about")},
    {RESOURCE_MEDICATION_ADMINISTRATION, TR("Medicines given")},
    {RESOURCE_ALLERGY_INTOLERANCE, TR("Allergies")},
    {RESOURCE_IMMUNIZATION, TR("Vaccines")},
    {RESOURCE_ENCOUNTER, TR("Visits")},
    {RESOURCE_APPOINTMENT, TR("Appointments")},
    {RESOURCE_PROCEDURE, TR("Procedures")},
    {RESOURCE_DOCUMENT_REFERENCE, TR("Documents")},
    {RESOURCE_IMAGING_STUDY, TR("Pictures and scans")},
    {RESOURCE_CARE_PLAN, TR("Care plans")},
    {RESOURCE_CARE_TEAM, TR("Care teams")},
    {RESOURCE_GOAL, TR("Goals")},
};

str
record_kind_words(const struct page_cx *px, resource_type type)
{
	for (size_t i = 0; i < sizeof(kind_words) / sizeof(kind_words[0]); i++)
		if (kind_words[i].type == type)
			return tr(px->lang, kind_words[i].words);
	return record_type_words(px, type);
}

str
record_type_words(const struct page_cx *px, resource_type type)
{
	const char *name = resource_type_name(type);
	struct buf out = BUF_INIT(px->arena);

	for (size_t i = 0; i < sizeof(type_words) / sizeof(type_words[0]); i++)
		if (type_words[i].type == type)
			return tr(px->lang, type_words[i].words);
	for (const char *c = name; *c; c++) { /* "BodyStructure": "Body structure" */
		bool capital = *c >= 'A' && *c <= 'Z';

		if (capital && c != name)
			buf_add_char(&out, ' ');
		buf_add_char(&out, capital && c != name ? (char)(*c + 32) : *c);
	}
	return buf_str(&out);
}
