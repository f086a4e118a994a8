/* SPDX-License-Identifier: Apache-2.0 */
/* A questionnaire as a flat list of its items, and the answers to it.  Pure but for the texts that come with the program.  Private to this
 * folder. */
#ifndef SALVE_QUESTIONNAIRE_H
#define SALVE_QUESTIONNAIRE_H

#include "care/record/record.h"
#include "platform/pages/pages.h"

#define QUESTIONS_MAX 200 /* items of one questionnaire, groups and texts told in */
#define OPTIONS_MAX   60  /* of one question */

enum question_kind {
	QUESTION_GROUP,
	QUESTION_DISPLAY,
	QUESTION_BOOLEAN,
	QUESTION_DECIMAL,
	QUESTION_INTEGER,
	QUESTION_DATE,
	QUESTION_DATETIME,
	QUESTION_TIME,
	QUESTION_STRING,
	QUESTION_TEXT,
	QUESTION_URL,
	QUESTION_CHOICE,
	QUESTION_OPEN_CHOICE,
	QUESTION_QUANTITY,
	QUESTION_NAMED,    /* attachment, reference: what it is, in words */
	QUESTION_UNLISTED, /* a choice whose list is not in the questionnaire: in the person's own words */
};
struct question {
	const struct json_value *json;
	str link, text;
	enum question_kind kind;
	bool required, repeats;
	size_t depth;
	int parent;          /* place of the item around it; -1: none */
	str unit, unit_code; /* of a quantity */
	size_t option_count;
	const struct json_value *options[OPTIONS_MAX];
};
struct questionnaire {
	const struct json_value *json;
	str id, url, title, description, copyright;
	struct question *items;
	size_t count;
	bool has_conditions, has_score;
};
/* ERR_INVALID for what has more items than QUESTIONS_MAX, an item without linkId, or a type that R4 does not know. Texts in the
 * language of `lang`, when the questionnaire has a translation. */
fallible
questionnaire_read(struct arena *arena, enum lang lang, const struct json_value *json, struct questionnaire *out);

/* Those that come with the program; NULL behind the last. */
struct questionnaire_builtin {
	const char *id;
	const unsigned char *bytes;
	const size_t *count;
	const char *danger;       /* linkId of the item where any answer but the first is a danger; NULL: none */
	const char *danger_words; /* for the team, English as codes are */
};
const struct questionnaire_builtin *questionnaire_builtin_at(size_t i);
const struct questionnaire_builtin *questionnaire_builtin_find(str id);
/* "Moderate"; absent when nothing is published for it. */
str questionnaire_meaning(enum lang lang, str id, int64_t score);

/* ---- answers ---- */

/* By place of the item: options by their places joined by ",", "yes" or "no", a number, a date, a time, a text (several: by lines). */
struct answers {
	str of[QUESTIONS_MAX];
	str other[QUESTIONS_MAX]; /* of an open choice: what is on no list */
};
/* Which items are asked, given these answers (FHIR R4 Questionnaire.item.enableWhen): out[QUESTIONS_MAX]. */
void questionnaire_asked(const struct questionnaire *q, const struct answers *a, bool *out);
str question_option_words(enum lang lang, const struct json_value *option);
/* What is wrong with an answer, as words; absent when it may be kept. `finished`: what is required must be there. */
str question_trouble(
    const struct page_cx *px, const struct question *question, const struct answers *a, size_t i, bool finished);
bool questionnaire_score(const struct questionnaire *q, const struct answers *a, int64_t *score);
/* "Little interest ...: Several days", line by line. */
str answers_words(const struct page_cx *px, const struct questionnaire *q, const struct answers *a);

struct answers_kept {
	str patient; /* id of the Patient */
	str by;      /* "Ana Ruiz for Bo Lee"; absent: the patient */
	instant at;
	bool finished, has_score;
	int64_t score;
	str meaning, words;
};
str answers_to_fhir(
    struct arena *arena, const struct questionnaire *q, const struct answers *a, const struct answers_kept *kept);
void answers_from_fhir(
    struct arena *arena, const struct questionnaire *q, const struct json_value *json, struct answers *out);

#endif
