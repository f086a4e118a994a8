/* SPDX-License-Identifier: Apache-2.0 */
#ifndef SALVE_QUESTIONNAIRES_PAGES_INTERNAL_H
#define SALVE_QUESTIONNAIRES_PAGES_INTERNAL_H

#include "care/questionnaires/questionnaire.h"
#include "care/questionnaires/questionnaires.h"
#include "trust/identity/identity.h"

struct questionnaire_line {
	str title, description, path;
	bool is_half; /* begun */
};
struct questionnaires_page {
	const struct questionnaire_line *lines;
	size_t count;
	bool is_own;
	str sharing;
};
void page_questionnaires(struct buf *out, const struct page_cx *px, const struct questionnaires_page *v);

struct question_input {
	enum question_kind kind;
	size_t depth;
	struct field field, time, other;
	const struct option *options;
	size_t option_count;
	bool many;         /* several options may be chosen */
	const str *chosen; /* of many: "yes" where it is */
	str shown_name;
};
str question_name(struct arena *arena, const char *what, size_t i); /* of the i-th question's field: "q3" */
void question_input_of(const struct page_cx *px, const struct question *question, const struct answers *a, size_t i,
    const struct form_errors *errors, struct question_input *out);
str question_sent(struct cx *cx, struct request *rq, const char *what, size_t i);
void answers_read(
    struct cx *cx, struct request *rq, const struct page_cx *px, const struct questionnaire *q, struct answers *a);

struct questionnaire_page {
	struct form_errors errors;
	str title, description, copyright, action, key;
	const struct question_input *inputs;
	size_t count;
	bool may_wait;                /* half-way answers are kept for who fills in their own */
	bool has_conditions, is_more; /* is_more: questions came up because of what was answered */
	bool is_own;
	str sharing;
	str back, back_name; /* of a form that another feature asks for */
};
void page_questionnaire(struct buf *out, const struct page_cx *px, const struct questionnaire_page *v);

struct questionnaire_done_page {
	str title, score, meaning, words, sharing, back, back_name;
	bool is_own; /* the patient's; otherwise of who acts for them */
	bool is_danger, is_told;
	str thread_path;
	struct facility facility;
};
void page_questionnaire_done(struct buf *out, const struct page_cx *px, const struct questionnaire_done_page *v);

/* One of the program's, or one that the clinic took into the commons. The text lives in the arena. */
fallible questionnaire_find(struct cx *cx, str id, struct questionnaire *out);
/* Half-way answers have one place per patient and questionnaire. */
struct uuid questionnaire_half_key(struct cx *cx, const struct questionnaire *q);
fallible questionnaire_half_load(struct cx *cx, const struct questionnaire *q, struct answers *out, bool *found);
fallible questionnaire_sharing_words(struct cx *cx, const struct page_cx *px, str *out);

handler_fn get_questionnaires;

#endif
