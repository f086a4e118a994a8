/* SPDX-License-Identifier: Apache-2.0 */
/* Questionnaires of the program and of the specification: every item is read, any answers come back from FHIR, conditions, scores. */
#include "shared_data.h"

#include "care/questionnaires/questionnaire.h"
#include "care/record/record.h"

static unsigned seed = 1;

static unsigned
random_below(unsigned n)
{
	seed = seed * 1103515245 + 12345;
	return (seed >> 8) % n;
}

static struct questionnaire
builtin(struct arena *arena, const char *id, enum lang lang)
{
	const struct questionnaire_builtin *of = questionnaire_builtin_find(str_from_z(id));
	const struct json_value *json;
	struct questionnaire q;

	assert_non_null(of);
	assert_ok(json_parse(arena, (str){(const char *)of->bytes, *of->count}, &json, NULL));
	assert_ok(questionnaire_read(arena, lang, json, &q));
	return q;
}

static size_t
place(const struct questionnaire *q, const char *link)
{
	for (size_t i = 0; i < q->count; i++)
		if (str_equal(q->items[i].link, str_from_z(link)))
			return i;
	fail_msg("no item %s", link);
	return 0;
}

static str
any_answer(struct arena *arena, const struct question *question)
{
	switch (question->kind) {
	case QUESTION_GROUP:
	case QUESTION_DISPLAY: return STR_NONE;
	case QUESTION_BOOLEAN: return random_below(2) ? S("yes") : S("no");
	case QUESTION_INTEGER: return arena_printf(arena, "%u", random_below(100));
	case QUESTION_DECIMAL:
	case QUESTION_QUANTITY: return arena_printf(arena, "%u.5", random_below(100));
	case QUESTION_DATE: return S("2026-03-05");
	case QUESTION_DATETIME: return S("2026-03-05T08:30:00-05:00");
	case QUESTION_TIME: return S("08:30");
	case QUESTION_CHOICE:
	case QUESTION_OPEN_CHOICE:
		return question->option_count
		           ? arena_printf(arena, "%u", random_below((unsigned)question->option_count))
		           : STR_NONE;
	case QUESTION_STRING:
	case QUESTION_TEXT:
	case QUESTION_URL:
	case QUESTION_NAMED:
	case QUESTION_UNLISTED: break;
	}
	return arena_printf(arena, "\"words\" %u · ñ", random_below(1000));
}

/* Answers to what is asked come back; what is not asked is not kept. */
static void
round_trip(struct arena *arena, const struct questionnaire *q)
{
	struct page_cx px = {.arena = arena};
	struct answers in = {0}, out;
	bool asked[QUESTIONS_MAX];
	const struct json_value *json;
	str text;

	for (size_t i = 0; i < q->count; i++) {
		if (random_below(4))
			in.of[i] = any_answer(arena, &q->items[i]);
		if (q->items[i].kind == QUESTION_OPEN_CHOICE && random_below(2))
			in.other[i] = S("something else");
		if (question_trouble(&px, &q->items[i], &in, i, false).n)
			fail_msg("%.*s: an answer is refused", STR_ARG(q->items[i].link));
	}
	text = answers_to_fhir(arena, q, &in, &(struct answers_kept){.patient = S("x"), .finished = true});
	assert_ok(json_parse(arena, text, &json, NULL));
	answers_from_fhir(arena, q, json, &out);
	questionnaire_asked(q, &in, asked);
	for (size_t i = 0; i < q->count; i++) {
		str of = asked[i] ? in.of[i] : STR_NONE, other = asked[i] ? in.other[i] : STR_NONE;

		if (!str_equal(of, out.of[i]) || !str_equal(other, out.other[i]))
			fail_msg(
			    "%.*s: '%.*s' became '%.*s'", STR_ARG(q->items[i].link), STR_ARG(of), STR_ARG(out.of[i]));
	}
	(void)answers_words(&px, q, &in);
}

static void
answers_come_back_from_fhir(void **state)
{
	struct arena arena = ARENA_INIT;
	const struct questionnaire_builtin *of;

	(void)state;
	for (size_t i = 0; (of = questionnaire_builtin_at(i)); i++)
		for (int round = 0; round < 50; round++) {
			struct questionnaire q = builtin(&arena, of->id, round % 2 ? LANG_ES : LANG_EN);

			round_trip(&arena, &q);
			arena_clear(&arena);
		}
	arena_release(&arena);
}

/* The examples of the specification, where the shared data are there. */
static void
the_examples_of_the_specification_are_read(void **state)
{
	static const char *const names[] = {"3141", "f201", "phq-9-questionnaire", "zika-virus-exposure-assessment"};
	struct arena arena = ARENA_INIT;
	const char *folder = shared_data_folder(&arena, "fhir_r4_examples");

	(void)state;
	for (size_t i = 0; folder && i < sizeof(names) / sizeof(names[0]); i++) {
		str text =
		    shared_data_file(&arena, arena_printf(&arena, "%s/Questionnaire-%s.json", folder, names[i]).p);
		const struct json_value *json;
		struct questionnaire q;

		assert_ok(json_parse(&arena, text, &json, NULL));
		assert_ok(questionnaire_read(&arena, LANG_EN, json, &q));
		assert_true(q.count > 0 && q.title.n > 0);
		for (int round = 0; round < 20; round++)
			round_trip(&arena, &q);
	}
	arena_release(&arena);
}

static void
scores_add_up_as_published(void **state)
{
	static const struct {
		const char *id;
		int answer; /* to every scored item */
		int64_t score;
		const char *meaning;
	} known[] = {{"phq-9", 0, 0, "No or minimal signs of depression"}, {"phq-9", 1, 9, "Mild signs of depression"},
	    {"phq-9", 2, 18, "Moderately severe signs of depression"}, {"phq-9", 3, 27, "Severe signs of depression"},
	    {"gad-7", 1, 7, "Mild signs of anxiety"}, {"gad-7", 3, 21, "Severe signs of anxiety"},
	    {"audit-c", 4, 12, "In the range that can harm health"},
	    {"audit-c", 0, 0, "Below the range that can harm health"}};
	struct arena arena = ARENA_INIT;

	(void)state;
	for (size_t k = 0; k < sizeof(known) / sizeof(known[0]); k++) {
		struct questionnaire q = builtin(&arena, known[k].id, LANG_EN);
		struct answers a = {0};
		int64_t score;

		assert_true(q.has_score);
		for (size_t i = 0; i < q.count; i++)
			if (q.items[i].option_count && q.items[i].required)
				a.of[i] = arena_printf(&arena, "%d", known[k].answer);
		assert_true(questionnaire_score(&q, &a, &score));
		assert_int_equal(score, known[k].score);
		assert_str_equal(questionnaire_meaning(LANG_EN, str_from_z(known[k].id), score), known[k].meaning);
	}
	arena_release(&arena);
}

static void
what_depends_on_an_answer_is_asked_after_it(void **state)
{
	struct arena arena = ARENA_INIT;
	struct questionnaire q = builtin(&arena, "pre-visit", LANG_EN), drinks = builtin(&arena, "audit-c", LANG_EN);
	struct answers a = {0};
	bool asked[QUESTIONS_MAX];

	(void)state;
	questionnaire_asked(&q, &a, asked);
	assert_false(asked[place(&q, "medicines")]);
	a.of[place(&q, "changes")] = S("no");
	questionnaire_asked(&q, &a, asked);
	assert_false(asked[place(&q, "medicines")]);
	a.of[place(&q, "changes")] = S("yes");
	questionnaire_asked(&q, &a, asked);
	assert_true(asked[place(&q, "medicines")]);
	a = (struct answers){0};
	questionnaire_asked(&drinks, &a, asked);
	assert_false(asked[place(&drinks, "2")]); /* both conditions: answered, and not "never" */
	a.of[place(&drinks, "1")] = S("0");
	questionnaire_asked(&drinks, &a, asked);
	assert_false(asked[place(&drinks, "2")]);
	a.of[place(&drinks, "1")] = S("2");
	questionnaire_asked(&drinks, &a, asked);
	assert_true(asked[place(&drinks, "2")]);
	arena_release(&arena);
}

static bool
asked_when(struct arena *arena, const char *sign, const char *wanted, const char *answer)
{
	const struct json_value *json;
	struct questionnaire q;
	struct answers a = {{str_from_z(answer)}, {{0}}};
	bool asked[QUESTIONS_MAX];

	assert_ok(json_parse(arena,
	    arena_printf(arena,
		"{\"resourceType\":\"Questionnaire\",\"item\":[{\"linkId\":\"a\",\"type\":\"decimal\"},{\"linkId\":"
		"\"b\",\"type\":"
		"\"string\",\"enableWhen\":[{\"question\":\"a\",\"operator\":\"%s\",%s}]}]}",
		sign, wanted),
	    &json, NULL));
	assert_ok(questionnaire_read(arena, LANG_EN, json, &q));
	questionnaire_asked(&q, &a, asked);
	return asked[1];
}

static void
every_sign_of_a_condition_is_known(void **state)
{
	static const struct {
		const char *sign, *wanted, *yes, *no;
	} known[] = {{">", "\"answerDecimal\":9.5", "10", "9.5"}, {">=", "\"answerDecimal\":9.5", "9.5", "9.4"},
	    {"<", "\"answerInteger\":10", "9", "10"}, {"<=", "\"answerInteger\":10", "10", "10.1"},
	    {"=", "\"answerInteger\":10", "10", "11"}, {"!=", "\"answerInteger\":10", "11", "10"},
	    {"exists", "\"answerBoolean\":true", "1", ""}, {"exists", "\"answerBoolean\":false", "", "1"}};
	struct arena arena = ARENA_INIT;

	(void)state;
	for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++) {
		assert_true(asked_when(&arena, known[i].sign, known[i].wanted, known[i].yes));
		assert_false(asked_when(&arena, known[i].sign, known[i].wanted, known[i].no));
	}
	arena_release(&arena);
}

static void
what_cannot_be_an_answer_is_said(void **state)
{
	static const struct {
		const char *type, *good, *bad;
	} known[] = {{"integer", "-3", "3.5"}, {"decimal", "7.5", "7,5x"}, {"decimal", "0.5", "00.5"},
	    {"decimal", "1", "1."}, {"date", "2026-02-28", "2026-02-30"}, {"time", "08:30", "25:00"},
	    {"boolean", "yes", "perhaps"}, {"quantity", "80", "heavy"}};
	struct arena arena = ARENA_INIT;
	struct page_cx px = {.arena = &arena};

	(void)state;
	for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++) {
		const struct json_value *json;
		struct questionnaire q;
		struct answers a = {{str_from_z(known[i].good)}, {{0}}};

		assert_ok(json_parse(&arena,
		    arena_printf(
			&arena, "{\"item\":[{\"linkId\":\"a\",\"type\":\"%s\",\"required\":true}]}", known[i].type),
		    &json, NULL));
		assert_ok(questionnaire_read(&arena, LANG_EN, json, &q));
		assert_int_equal(question_trouble(&px, &q.items[0], &a, 0, true).n, 0);
		a.of[0] = str_from_z(known[i].bad);
		assert_true(question_trouble(&px, &q.items[0], &a, 0, true).n > 0);
		a.of[0] = STR_NONE;
		assert_true(question_trouble(&px, &q.items[0], &a, 0, true).n > 0);
		assert_int_equal(question_trouble(&px, &q.items[0], &a, 0, false).n, 0);
	}
	arena_release(&arena);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(answers_come_back_from_fhir),
	    cmocka_unit_test(the_examples_of_the_specification_are_read),
	    cmocka_unit_test(scores_add_up_as_published),
	    cmocka_unit_test(what_depends_on_an_answer_is_asked_after_it),
	    cmocka_unit_test(every_sign_of_a_condition_is_known),
	    cmocka_unit_test(what_cannot_be_an_answer_is_said),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
