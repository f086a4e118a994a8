/* SPDX-License-Identifier: Apache-2.0 */
/* Reading a FHIR Questionnaire (R4), and which of its items are asked. */
#include "care/questionnaires/questionnaire.h"

#include "care/record/record_view.h"

#include "platform/pages/i18n.h"

/* ---- those that come with the program ---- */

extern const unsigned char questionnaire_phq9[], questionnaire_gad7[], questionnaire_auditc[], questionnaire_previsit[];
extern const size_t questionnaire_phq9_bytes, questionnaire_gad7_bytes, questionnaire_auditc_bytes,
    questionnaire_previsit_bytes;

static const struct questionnaire_builtin builtins[] = {
    {"pre-visit", questionnaire_previsit, &questionnaire_previsit_bytes},
    {"phq-9", questionnaire_phq9, &questionnaire_phq9_bytes, "9", "PHQ-9, thoughts of death or self-harm"},
    {"gad-7", questionnaire_gad7, &questionnaire_gad7_bytes},
    {"audit-c", questionnaire_auditc, &questionnaire_auditc_bytes},
};
#define BUILTINS (sizeof(builtins) / sizeof(builtins[0]))

const struct questionnaire_builtin *
questionnaire_builtin_at(size_t i)
{
	return i < BUILTINS ? &builtins[i] : NULL;
}

const struct questionnaire_builtin *
questionnaire_builtin_find(str id)
{
	for (size_t i = 0; i < BUILTINS; i++)
		if (str_equal(str_from_z(builtins[i].id), id))
			return &builtins[i];
	return NULL;
}

/* Kroenke, Spitzer, Williams 2001 (PHQ-9); Spitzer, Kroenke, Williams, Loewe 2006 (GAD-7); Bush and others 1998 (AUDIT-C: from 4 points in
 * men, from 3 in women). */
static const struct {
	const char *id;
	int64_t low, high;
	const char *words;
} bands[] = {
    {"phq-9", 0, 4, TR("No or minimal signs of depression")},
    {"phq-9", 5, 9, TR("Mild signs of depression")},
    {"phq-9", 10, 14, TR("Moderate signs of depression")},
    {"phq-9", 15, 19, TR("Moderately severe signs of depression")},
    {"phq-9", 20, 27, TR("Severe signs of depression")},
    {"gad-7", 0, 4, TR("No or minimal signs of anxiety")},
    {"gad-7", 5, 9, TR("Mild signs of anxiety")},
    {"gad-7", 10, 14, TR("Moderate signs of anxiety")},
    {"gad-7", 15, 21, TR("Severe signs of anxiety")},
    {"audit-c", 0, 2, TR("Below the range that can harm health")},
    {"audit-c", 3, 3, TR("For women: in the range that can harm health")},
    {"audit-c", 4, 12, TR("In the range that can harm health")},
};

str
questionnaire_meaning(enum lang lang, str id, int64_t score)
{
	for (size_t i = 0; i < sizeof(bands) / sizeof(bands[0]); i++)
		if (str_equal(str_from_z(bands[i].id), id) && score >= bands[i].low && score <= bands[i].high)
			return tr(lang, bands[i].words);
	return STR_NONE;
}

/* ---- reading ---- */

static const struct {
	const char *name;
	enum question_kind kind;
} kinds[] = {{"group", QUESTION_GROUP}, {"display", QUESTION_DISPLAY}, {"boolean", QUESTION_BOOLEAN},
    {"decimal", QUESTION_DECIMAL}, {"integer", QUESTION_INTEGER}, {"date", QUESTION_DATE},
    {"dateTime", QUESTION_DATETIME}, {"time", QUESTION_TIME}, {"string", QUESTION_STRING}, {"text", QUESTION_TEXT},
    {"url", QUESTION_URL}, {"choice", QUESTION_CHOICE}, {"open-choice", QUESTION_OPEN_CHOICE},
    {"quantity", QUESTION_QUANTITY}, {"attachment", QUESTION_NAMED}, {"reference", QUESTION_NAMED}};

#define TRANSLATION "http://hl7.org/fhir/StructureDefinition/translation"

/* The member, in the person's language when it was translated. */
static str
said(enum lang lang, const struct json_value *json, const char *name, const char *with_line)
{
	const char *wanted = lang == LANG_ES ? "es" : "en";

	json_each_item (json_path(json_get(json, with_line), "extension"), extension) {
		str language = STR_NONE, content = STR_NONE;

		if (!str_equal(json_text_at(extension, "url"), S(TRANSLATION)))
			continue;
		json_each_item (json_get(extension, "extension"), part) {
			if (str_equal(json_text_at(part, "url"), S("lang")))
				language = json_text_at(part, "valueCode");
			else if (str_equal(json_text_at(part, "url"), S("content")))
				content = json_text_at(part, "valueString").p ? json_text_at(part, "valueString")
				                                              : json_text_at(part, "valueMarkdown");
		}
		if (str_starts(language, str_from_z(wanted)) && content.n)
			return content;
	}
	return json_text_at(json, name);
}

str
question_option_words(enum lang lang, const struct json_value *option)
{
	const struct json_value *coding = json_get(option, "valueCoding");
	str words = said(lang, coding, "display", "_display");

	if (words.n)
		return words;
	if (coding)
		return json_text_at(coding, "code");
	json_each_member (option, member)
		if (str_starts(json_name(member), S("value")))
			return json_text(member).p                ? json_text(member)
			       : json_kind(member) == JSON_NUMBER ? json_number_text(member)
			                                          : json_text_at(member, "display");
	return STR_NONE;
}

static void
read_options(const struct json_value *json, struct question *out)
{
	json_each_item (json_get(json, "answerOption"), option)
		if (out->option_count < OPTIONS_MAX)
			out->options[out->option_count++] = option;
}

/* Codings of a contained value set stand in the form {"valueCoding": ...} that options have. */
static void
read_contained(struct arena *arena, const struct json_value *root, const struct json_value *json, struct question *out)
{
	str reference = json_text_at(json, "answerValueSet");

	if (!str_starts(reference, S("#")))
		return;
	json_each_item (json_get(root, "contained"), set) {
		if (!str_equal(json_text_at(set, "id"), str_drop(reference, 1)))
			continue;
		json_each_item (json_path(set, "compose.include"), include)
			json_each_item (json_get(include, "concept"), concept) {
				const struct json_value *option;
				str text = arena_printf(arena,
				    "{\"valueCoding\":{\"system\":%.*s,\"code\":%.*s,\"display\":%.*s}}",
				    STR_ARG(json_source(json_get(include, "system"))),
				    STR_ARG(json_source(json_get(concept, "code"))),
				    STR_ARG(json_source(json_get(concept, "display") ? json_get(concept, "display")
										     : json_get(concept, "code"))));

				if (out->option_count < OPTIONS_MAX && json_get(include, "system") &&
				    json_get(concept, "code") && !json_parse(arena, text, &option, NULL))
					out->options[out->option_count++] = option;
			}
	}
}

static void
read_unit(const struct json_value *json, struct question *out)
{
	json_each_item (json_get(json, "extension"), extension)
		if (str_contains(json_text_at(extension, "url"), S("questionnaire-unit"))) {
			out->unit_code = json_text_at(extension, "valueCoding.code");
			out->unit = json_text_at(extension, "valueCoding.display").p
			                ? json_text_at(extension, "valueCoding.display")
			                : out->unit_code;
		}
	if (!out->unit.n && json_get(json, "initial"))
		out->unit = json_text_at(json, "initial.0.valueQuantity.unit");
}

struct reading {
	struct arena *arena;
	enum lang lang;
	struct questionnaire *q;
};

static fallible
read_items(struct reading *r, const struct json_value *of, int parent, size_t depth)
{
	json_each_item (json_get(of, "item"), json) {
		struct question *question;
		str type = json_text_at(json, "type"), prefix = json_text_at(json, "prefix");
		size_t at = r->q->count, kind = 0;

		while (kind < sizeof(kinds) / sizeof(kinds[0]) && !str_equal(type, str_from_z(kinds[kind].name)))
			kind++;
		if (at >= QUESTIONS_MAX || kind == sizeof(kinds) / sizeof(kinds[0]) || !json_text_at(json, "linkId").n)
			return ERR(ERR_INVALID, TR("This questionnaire cannot be shown."),
			    "too many items, an item without linkId, or an unknown type");
		question = &r->q->items[r->q->count++];
		*question = (struct question){.json = json,
		    .link = json_text_at(json, "linkId"),
		    .text = said(r->lang, json, "text", "_text"),
		    .kind = kinds[kind].kind,
		    .required = json_bool(json_get(json, "required")),
		    .repeats = json_bool(json_get(json, "repeats")),
		    .depth = depth,
		    .parent = parent};
		if (prefix.n)
			question->text = arena_printf(r->arena, "%.*s %.*s", STR_ARG(prefix), STR_ARG(question->text));
		if (!question->text.n)
			question->text = question->link;
		read_options(json, question);
		read_contained(r->arena, r->q->json, json, question);
		if ((question->kind == QUESTION_CHOICE || question->kind == QUESTION_OPEN_CHOICE) &&
		    !question->option_count)
			question->kind = QUESTION_UNLISTED;
		read_unit(json, question);
		r->q->has_conditions = r->q->has_conditions || json_count(json_get(json, "enableWhen"));
		TRY(read_items(r, json, (int)at, depth + 1));
	}
	return NULL;
}

fallible
questionnaire_read(struct arena *arena, enum lang lang, const struct json_value *json, struct questionnaire *out)
{
	struct reading r = {arena, lang, out};
	struct answers none = {0};
	int64_t score;

	*out = (struct questionnaire){.json = json,
	    .id = json_text_at(json, "id"),
	    .url = json_text_at(json, "url"),
	    .title = said(lang, json, "title", "_title"),
	    .description = said(lang, json, "description", "_description"),
	    .copyright = json_text_at(json, "copyright"),
	    .items = ARENA_ARRAY(arena, struct question, QUESTIONS_MAX)};
	if (!out->title.n)
		out->title = json_text_at(json, "name").n ? json_text_at(json, "name") : out->id;
	TRY(read_items(&r, json, -1, 0));
	out->has_score = questionnaire_score(out, &none, &score);
	return NULL;
}

/* ---- what is asked ---- */

static bool
option_is(const struct json_value *option, const struct json_value *wanted, str name)
{
	const struct json_value *coding = json_get(option, "valueCoding");

	if (str_equal(name, S("answerCoding")))
		return str_equal(json_text_at(coding, "code"), json_text_at(wanted, "code")) &&
		       (!json_text_at(wanted, "system").n ||
			   str_equal(json_text_at(coding, "system"), json_text_at(wanted, "system")));
	return str_equal(
	    question_option_words(LANG_EN, option), json_text(wanted).p ? json_text(wanted) : json_number_text(wanted));
}

static bool
equals(const struct question *question, const struct answers *a, size_t i, const struct json_value *wanted, str name)
{
	str rest = a->of[i], one;
	int64_t place;

	if (question->kind == QUESTION_BOOLEAN)
		return str_equal(a->of[i], json_bool(wanted) ? S("yes") : S("no"));
	if (question->kind == QUESTION_CHOICE || question->kind == QUESTION_OPEN_CHOICE) {
		while (rest.p) {
			rest = str_cut(rest, ',', &one);
			if (str_to_int64(one, &place) && place >= 0 && (size_t)place < question->option_count &&
			    option_is(question->options[place], wanted, name))
				return true;
		}
		return json_text(wanted).n && str_equal(a->other[i], json_text(wanted));
	}
	if (question->kind == QUESTION_UNLISTED)
		return str_equal_fold(a->of[i], json_text_at(wanted, "display")) ||
		       str_equal_fold(a->of[i], json_text_at(wanted, "code"));
	if (str_equal(name, S("answerQuantity")))
		wanted = json_get(wanted, "value");
	return str_equal(a->of[i], json_kind(wanted) == JSON_NUMBER ? json_number_text(wanted) : json_text(wanted));
}

/* Numbers by their value, dates and times as texts, which sort as they are. */
static int
compare(str answer, const struct json_value *wanted)
{
	double x, y;

	if (json_kind(wanted) == JSON_STRING)
		return str_compare(answer, json_text(wanted));
	x = record_decimal(answer);
	y = record_decimal(json_number_text(json_kind(wanted) == JSON_OBJECT ? json_get(wanted, "value") : wanted));
	return (x > y) - (x < y);
}

static const struct json_value *
wanted_of(const struct json_value *condition, str *name)
{
	json_each_member (condition, member)
		if (str_starts(json_name(member), S("answer"))) {
			*name = json_name(member);
			return member;
		}
	return NULL;
}

static bool
holds(const struct questionnaire *q, const struct answers *a, const struct json_value *condition, size_t before,
    const bool *asked)
{
	str link = json_text_at(condition, "question"), sign = json_text_at(condition, "operator"), name = STR_NONE;
	const struct json_value *wanted = wanted_of(condition, &name);

	for (size_t i = 0; i < before; i++) {
		bool there;

		if (!str_equal(q->items[i].link, link))
			continue;
		there = (a->of[i].n || a->other[i].n) && asked[i];
		if (str_equal(sign, S("exists")))
			return there == json_bool(wanted);
		if (!there)
			return false;
		if (str_equal(sign, S("=")))
			return equals(&q->items[i], a, i, wanted, name);
		if (str_equal(sign, S("!=")))
			return !equals(&q->items[i], a, i, wanted, name);
		if (str_equal(sign, S(">")))
			return compare(a->of[i], wanted) > 0;
		if (str_equal(sign, S("<")))
			return compare(a->of[i], wanted) < 0;
		if (str_equal(sign, S(">=")))
			return compare(a->of[i], wanted) >= 0;
		return str_equal(sign, S("<=")) && compare(a->of[i], wanted) <= 0;
	}
	return false;
}

static bool
is_asked(const struct questionnaire *q, const struct answers *a, size_t i, const bool *asked)
{
	const struct question *question = &q->items[i];
	const struct json_value *conditions = json_get(question->json, "enableWhen");
	bool all = str_equal(json_text_at(question->json, "enableBehavior"), S("all")), any = false;

	if (question->parent >= 0 && !asked[question->parent])
		return false;
	if (!json_count(conditions))
		return true;
	json_each_item (conditions, condition) {
		bool one = holds(q, a, condition, i, asked);

		if (all && !one)
			return false;
		any = any || one;
	}
	return any;
}

/* A condition looks only at items that stand before: what looked ahead, or at itself, would never end. */
void
questionnaire_asked(const struct questionnaire *q, const struct answers *a, bool *out)
{
	for (size_t i = 0; i < q->count; i++)
		out[i] = is_asked(q, a, i, out);
}
