/* SPDX-License-Identifier: Apache-2.0 */
/* Questionnaires: FHIR Questionnaire as a form that anybody can fill in by keyboard and without scripts, with the questions that depend on
 * answers, scores, and answers saved half-way.  Finished answers are a QuestionnaireResponse in the patient's journal, shared by the
 * switch of that log; a dangerous answer shows whom to call at once, and tells the care team as urgent. */
#ifndef SALVE_QUESTIONNAIRES_H
#define SALVE_QUESTIONNAIRES_H

#include "care/messaging/messaging.h"
#include "platform/http/http.h"

extern const struct route questionnaires_routes[];

/* ---- for other features ---- */

/* What can be asked for, in the caller's language. */
struct questionnaire_choice {
	str id, title, description;
};
fallible questionnaire_choices(struct cx *cx, const struct questionnaire_choice **out, size_t *count);
fallible questionnaire_called(struct cx *cx, str id, str *title); /* ERR_GONE when there is none */
/* Has the patient begun to fill it in? The patient alone asks. */
fallible questionnaire_is_half(struct cx *cx, str id, bool *out);

/* A form that another feature asks for, under an address of its own that ends in /{questionnaire}. */
struct questionnaire_use {
	const char *section;      /* of the navigation */
	str action;               /* where the form is sent */
	str back, back_name;      /* where it was asked for */
	str readers, readers_now; /* who will see the answers, said before and after */
};
/* What came of a form: nothing (`finished` false; the answer was given: once more, or saved half-way), or answers that are kept in the
 * journal, for the feature to use and then to show. Sent again under the same form it is the same entry. */
struct questionnaire_taken {
	bool finished;
	bool is_own;     /* the patient's; otherwise of who acts for them */
	struct uuid key; /* of the entry in the journal */
	str title, words, meaning;
	bool has_score;
	int64_t score;
	bool is_danger, is_told;
	thread_id thread; /* in which the team was told */
};
fallible questionnaire_show(struct cx *cx, struct request *rq, const struct questionnaire_use *use);
fallible questionnaire_take(
    struct cx *cx, struct request *rq, const struct questionnaire_use *use, struct questionnaire_taken *out);
fallible questionnaire_show_taken(
    struct cx *cx, struct request *rq, const struct questionnaire_use *use, const struct questionnaire_taken *taken);

#endif
