/* SPDX-License-Identifier: Apache-2.0 */
/* Answers: what is wrong with one, what they add up to, and how they stand in a QuestionnaireResponse. */
#include "care/journal/journal.h"
#include "care/questionnaires/questionnaire.h"
#include "platform/format/fhir_date.h"
#include "platform/format/json_write.h"
#include "platform/format/utf8.h"

/* What the patient supplied, and in which log of the journal it stands. */
#define META(log)                                                                        \
	"{\"tag\":[{\"system\":\"http://hl7.org/fhir/us/core/CodeSystem/us-core-tags\"," \
	"\"code\":\"patient-supplied\"},{\"system\":\"" JOURNAL_SYSTEM "\",\"code\":\"" log "\"}]}"

#define ORDINAL        "ordinalValue"
#define TEXT_CHARS_MAX 5000
#define DIGITS_MAX     18

/* ---- looking over ---- */

static bool
is_number(str text, bool whole)
{
	size_t digits = 0, points = 0;

	for (size_t i = 0; i < text.n; i++) {
		bool digit = text.p[i] >= '0' && text.p[i] <= '9';

		points += text.p[i] == '.';
		digits += digit;
		if (!digit && !(text.p[i] == '-' && i == 0) && !(text.p[i] == '.' && !whole && i + 1 < text.n))
			return false;
	}
	/* JSON allows no zero in front. */
	if (digits > 1 && text.p[text.p[0] == '-'] == '0' && text.p[(text.p[0] == '-') + 1] != '.')
		return false;
	return digits && digits <= DIGITS_MAX && points <= 1 && text.p[text.p[0] == '-'] != '.';
}

static bool
is_time(str text)
{
	int64_t hour, minute;
	str minutes = str_cut(text, ':', &text);

	return str_to_int64(text, &hour) && str_to_int64(minutes, &minute) && minutes.n == 2 && text.n == 2 &&
	       hour >= 0 && hour < 24 && minute >= 0 && minute < 60;
}

static bool
are_options(const struct question *question, str places)
{
	size_t count = 0;
	str one;

	while (places.p) {
		int64_t place;

		places = str_cut(places, ',', &one);
		if (!str_to_int64(one, &place) || place < 0 || (size_t)place >= question->option_count)
			return false;
		count++;
	}
	return count <= 1 || question->repeats;
}

str
question_trouble(
    const struct page_cx *px, const struct question *question, const struct answers *a, size_t i, bool finished)
{
	str text = a->of[i];
	struct fhir_date date;

	if (question->kind == QUESTION_GROUP || question->kind == QUESTION_DISPLAY)
		return STR_NONE;
	if (!text.n && !a->other[i].n)
		return finished && question->required ? T("Answer this question.") : STR_NONE;
	if ((int64_t)utf8_count(text) > TEXT_CHARS_MAX || (int64_t)utf8_count(a->other[i]) > TEXT_CHARS_MAX)
		return T("Write less: at most 5,000 characters.");
	if (!text.n)
		return STR_NONE;
	switch (question->kind) {
	case QUESTION_INTEGER: return is_number(text, true) ? STR_NONE : T("Write a whole number, such as 3.");
	case QUESTION_DECIMAL:
	case QUESTION_QUANTITY: return is_number(text, false) ? STR_NONE : T("Write a number, such as 7.5.");
	case QUESTION_DATE: return fhir_date_parse(FHIR_DATE, text, &date) ? STR_NONE : T("Write a day that exists.");
	case QUESTION_DATETIME:
		return fhir_date_parse(FHIR_DATETIME, text, &date) ? STR_NONE : T("Write a day and a time that exist.");
	case QUESTION_TIME: return is_time(text) ? STR_NONE : T("Write a time, such as 08:30.");
	case QUESTION_CHOICE:
	case QUESTION_OPEN_CHOICE: return are_options(question, text) ? STR_NONE : T("Choose one.");
	case QUESTION_BOOLEAN:
		return str_equal(text, S("yes")) || str_equal(text, S("no")) ? STR_NONE : T("Choose one.");
	case QUESTION_GROUP:
	case QUESTION_DISPLAY:
	case QUESTION_STRING:
	case QUESTION_TEXT:
	case QUESTION_URL:
	case QUESTION_NAMED:
	case QUESTION_UNLISTED: break;
	}
	return STR_NONE;
}

/* ---- score ---- */

static bool
ordinal_in(const struct json_value *extensions, int64_t *out)
{
	json_each_item (extensions, extension)
		if (str_ends(json_text_at(extension, "url"), S(ORDINAL)) &&
		    json_to_int64(json_get(extension, "valueDecimal"), out))
			return true;
	return false;
}

static bool
ordinal_of(const struct json_value *option, int64_t *out)
{
	return ordinal_in(json_get(option, "extension"), out) ||
	       ordinal_in(json_path(option, "valueCoding.extension"), out);
}

bool
questionnaire_score(const struct questionnaire *q, const struct answers *a, int64_t *score)
{
	bool asked[QUESTIONS_MAX], has = false;

	*score = 0;
	questionnaire_asked(q, a, asked);
	for (size_t i = 0; i < q->count; i++) {
		str rest = asked[i] ? a->of[i] : STR_NONE, one;
		int64_t place, points;

		has = has || (q->items[i].option_count && ordinal_of(q->items[i].options[0], &points));
		while (q->items[i].option_count && rest.n) {
			rest = str_cut(rest, ',', &one);
			if (str_to_int64(one, &place) && place >= 0 && (size_t)place < q->items[i].option_count &&
			    ordinal_of(q->items[i].options[place], &points))
				*score += points;
		}
	}
	return has;
}

/* ---- words ---- */

static void
add_words(struct buf *out, const struct page_cx *px, const struct question *question, const struct answers *a, size_t i)
{
	str rest = a->of[i], one;
	const char *separator = "";

	if (question->kind == QUESTION_BOOLEAN) {
		buf_add(out, str_equal(rest, S("yes")) ? T("Yes") : T("No"));
		return;
	}
	if (!question->option_count) {
		buf_add(out, rest);
		if (question->unit.n)
			buf_printf(out, " %.*s", STR_ARG(question->unit));
		return;
	}
	while (rest.n) {
		int64_t place;

		rest = str_cut(rest, ',', &one);
		if (!str_to_int64(one, &place) || place < 0 || (size_t)place >= question->option_count)
			continue;
		buf_printf(
		    out, "%s%.*s", separator, STR_ARG(question_option_words(px->lang, question->options[place])));
		separator = ", ";
	}
	if (a->other[i].n)
		buf_printf(out, "%s%.*s", separator, STR_ARG(a->other[i]));
}

str
answers_words(const struct page_cx *px, const struct questionnaire *q, const struct answers *a)
{
	struct buf out = BUF_INIT(px->arena);
	bool asked[QUESTIONS_MAX];

	questionnaire_asked(q, a, asked);
	for (size_t i = 0; i < q->count; i++) {
		if (!asked[i] || (!a->of[i].n && !a->other[i].n))
			continue;
		buf_printf(&out, "%s%.*s: ", out.n ? "\n" : "", STR_ARG(q->items[i].text));
		add_words(&out, px, &q->items[i], a, i);
	}
	return buf_str(&out);
}

/* ---- to FHIR ---- */

struct writing {
	struct json_writer w;
	const struct questionnaire *q;
	const struct answers *a;
	bool asked[QUESTIONS_MAX], wanted[QUESTIONS_MAX]; /* wanted: it, or something inside of it, has an answer */
};

static void write_items(struct writing *r, int parent);

static void
put_option(struct json_writer *w, const struct json_value *option)
{
	const struct json_value *coding = json_get(option, "valueCoding");

	if (coding) {
		json_put_object(w, "valueCoding");
		json_put_text(w, "system", json_text_at(coding, "system"));
		json_put_text(w, "code", json_text_at(coding, "code"));
		json_put_text(w, "display", json_text_at(coding, "display"));
		json_write_end(w);
		return;
	}
	json_each_member (option, member)
		if (str_starts(json_name(member), S("value"))) {
			json_write_name(w, json_name(member));
			json_write_value(w, member);
			return;
		}
}

static void
put_value(struct writing *r, const struct question *question, str text)
{
	struct json_writer *w = &r->w;

	switch (question->kind) {
	case QUESTION_BOOLEAN: json_put_bool(w, "valueBoolean", str_equal(text, S("yes"))); return;
	case QUESTION_DECIMAL: json_put_number(w, "valueDecimal", text); return;
	case QUESTION_INTEGER: json_put_number(w, "valueInteger", text); return;
	case QUESTION_DATE: json_put_text(w, "valueDate", text); return;
	case QUESTION_DATETIME: json_put_text(w, "valueDateTime", text); return;
	case QUESTION_TIME:
		json_put_text(w, "valueTime", arena_printf(w->out->arena, "%.*s:00", STR_ARG(text)));
		return;
	case QUESTION_URL: json_put_text(w, "valueUri", text); return;
	case QUESTION_QUANTITY:
		json_put_object(w, "valueQuantity");
		json_put_number(w, "value", text);
		json_put_text(w, "unit", question->unit);
		if (question->unit_code.n) {
			json_put_text(w, "system", S("http://unitsofmeasure.org"));
			json_put_text(w, "code", question->unit_code);
		}
		json_write_end(w);
		return;
	case QUESTION_NAMED:
		json_put_object(w, str_equal(json_text_at(question->json, "type"), S("reference")) ? "valueReference"
												   : "valueAttachment");
		json_put_text(
		    w, str_equal(json_text_at(question->json, "type"), S("reference")) ? "display" : "title", text);
		json_write_end(w);
		return;
	case QUESTION_UNLISTED:
		json_put_object(w, "valueCoding");
		json_put_text(w, "display", text);
		json_write_end(w);
		return;
	case QUESTION_STRING:
	case QUESTION_TEXT:
	case QUESTION_GROUP:
	case QUESTION_DISPLAY:
	case QUESTION_CHOICE:
	case QUESTION_OPEN_CHOICE: break;
	}
	json_put_text(w, "valueString", text);
}

/* What is inside of an item stands with its first answer. */
static void
write_answers(struct writing *r, size_t i)
{
	const struct question *question = &r->q->items[i];
	str rest = r->a->of[i], one;
	bool first = true;

	json_put_array(&r->w, "answer");
	while (rest.n || (first && !r->a->other[i].n)) {
		bool by_line = question->repeats && !question->option_count;
		int64_t place;

		one = rest;
		rest = question->option_count ? str_cut(rest, ',', &one)
		       : by_line              ? str_cut(rest, '\n', &one)
		                              : STR_NONE;
		if (by_line && !str_trim(one).n)
			continue;
		json_write_object(&r->w);
		if (question->option_count && str_to_int64(one, &place))
			put_option(&r->w, question->options[place]);
		else
			put_value(r, question, str_trim(one));
		if (first)
			write_items(r, (int)i);
		json_write_end(&r->w);
		first = false;
	}
	if (r->a->other[i].n) {
		json_write_object(&r->w);
		json_put_text(&r->w, "valueString", r->a->other[i]);
		if (first)
			write_items(r, (int)i);
		json_write_end(&r->w);
	}
	json_write_end(&r->w);
}

static void
write_items(struct writing *r, int parent)
{
	bool begun = false;

	for (size_t i = 0; i < r->q->count; i++) {
		const struct question *question = &r->q->items[i];

		if (question->parent != parent || !r->wanted[i])
			continue;
		if (!begun)
			json_put_array(&r->w, "item");
		begun = true;
		json_write_object(&r->w);
		json_put_text(&r->w, "linkId", question->link);
		json_put_text(&r->w, "text", json_text_at(question->json, "text"));
		if (r->a->of[i].n || r->a->other[i].n)
			write_answers(r, i);
		else
			write_items(r, (int)i);
		json_write_end(&r->w);
	}
	if (begun)
		json_write_end(&r->w);
}

#define MARK "urn:salve:journal" /* what the lists of the journal read: care/journal/journal_fhir.c */

static void
put_mark(struct json_writer *w, const char *name, str text)
{
	if (!text.n)
		return;
	json_write_object(w);
	json_put_text(w, "url", arena_printf(w->out->arena, MARK ":%s", name));
	json_put_text(w, "valueString", text);
	json_write_end(w);
}

static void
put_marks(struct writing *r, const struct answers_kept *kept)
{
	struct json_writer *w = &r->w;

	json_put_array(w, "extension");
	put_mark(w, "title", r->q->title);
	if (kept->has_score) {
		json_write_object(w);
		json_put_text(w, "url", S(MARK ":score"));
		json_put_object(w, "valueQuantity");
		json_put_int64(w, "value", kept->score);
		json_put_text(w, "system", S("http://unitsofmeasure.org"));
		json_put_text(w, "code", S("1"));
		json_write_end(w);
		json_write_end(w);
	}
	put_mark(w, "meaning", kept->meaning);
	put_mark(w, "answers", kept->words);
	put_mark(w, "entered-by", kept->by);
	json_write_end(w);
}

static void
put_reference(struct json_writer *w, const char *name, str reference)
{
	json_put_object(w, name);
	json_put_text(w, "reference", reference);
	json_write_end(w);
}

str
answers_to_fhir(
    struct arena *arena, const struct questionnaire *q, const struct answers *a, const struct answers_kept *kept)
{
	str patient = arena_printf(arena, "Patient/%.*s", STR_ARG(kept->patient));
	struct buf out = BUF_INIT(arena);
	struct writing r = {.w = JSON_WRITER(&out), .q = q, .a = a};

	questionnaire_asked(q, a, r.asked);
	for (size_t i = q->count; i > 0; i--) { /* the inner ones before those around them */
		const struct question *question = &q->items[i - 1];

		r.wanted[i - 1] = r.asked[i - 1] && (r.wanted[i - 1] || a->of[i - 1].n || a->other[i - 1].n);
		if (r.wanted[i - 1] && question->parent >= 0)
			r.wanted[question->parent] = true;
	}
	json_write_object(&r.w);
	json_put_text(&r.w, "resourceType", S("QuestionnaireResponse"));
	json_put_raw(&r.w, "meta", kept->finished ? S(META(JOURNAL_ANSWERS)) : S(META(JOURNAL_ANSWERS_SAVED)));
	put_marks(&r, kept);
	json_put_text(&r.w, "questionnaire", q->url);
	json_put_text(&r.w, "status", kept->finished ? S("completed") : S("in-progress"));
	put_reference(&r.w, "subject", patient);
	json_put_text(&r.w, "authored", fhir_instant_text(arena, kept->at));
	if (kept->by.n) {
		json_put_object(&r.w, "author");
		json_put_text(&r.w, "display", kept->by);
		json_write_end(&r.w);
	} else {
		put_reference(&r.w, "source", patient);
	}
	write_items(&r, -1);
	json_write_end(&r.w);
	json_write_done(&r.w);
	return buf_str(&out);
}

/* ---- from FHIR ---- */

static void
join(struct arena *arena, str *list, str one, char separator)
{
	*list = list->n ? arena_printf(arena, "%.*s%c%.*s", STR_ARG(*list), separator, STR_ARG(one)) : one;
}

static bool
option_place(const struct question *question, const struct json_value *answer, size_t *out)
{
	const struct json_value *coding = json_get(answer, "valueCoding");

	for (size_t i = 0; i < question->option_count; i++) {
		const struct json_value *mine = json_get(question->options[i], "valueCoding");

		if (coding ? str_equal(json_text_at(mine, "code"), json_text_at(coding, "code")) &&
				 str_equal(json_text_at(mine, "system"), json_text_at(coding, "system"))
			   : str_equal(question_option_words(LANG_EN, question->options[i]),
				 question_option_words(LANG_EN, answer))) {
			*out = i;
			return true;
		}
	}
	return false;
}

static void
read_answer(struct arena *arena, const struct question *question, const struct json_value *answer, str *of, str *other)
{
	const struct json_value *yes = json_get(answer, "valueBoolean");
	size_t place;
	str text;

	if (question->option_count && option_place(question, answer, &place)) {
		join(arena, of, arena_printf(arena, "%zu", place), ',');
		return;
	}
	if (yes) {
		*of = json_bool(yes) ? S("yes") : S("no");
		return;
	}
	text = json_get(answer, "valueQuantity")     ? json_number_text(json_path(answer, "valueQuantity.value"))
	       : json_get(answer, "valueAttachment") ? json_text_at(answer, "valueAttachment.title")
	                                             : question_option_words(LANG_EN, answer);
	if (question->kind == QUESTION_TIME)
		text = str_take(text, 5);
	if (question->kind == QUESTION_OPEN_CHOICE)
		*other = text;
	else
		join(arena, of, text, '\n');
}

static void
read_items(struct arena *arena, const struct questionnaire *q, const struct json_value *of, struct answers *out)
{
	json_each_item (json_get(of, "item"), item) {
		for (size_t i = 0; i < q->count; i++) {
			if (!str_equal(q->items[i].link, json_text_at(item, "linkId")))
				continue;
			json_each_item (json_get(item, "answer"), answer) {
				read_answer(arena, &q->items[i], answer, &out->of[i], &out->other[i]);
				read_items(arena, q, answer, out);
			}
		}
		read_items(arena, q, item, out);
	}
}

void
answers_from_fhir(
    struct arena *arena, const struct questionnaire *q, const struct json_value *json, struct answers *out)
{
	*out = (struct answers){0};
	read_items(arena, q, json, out);
}
