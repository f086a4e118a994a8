/* SPDX-License-Identifier: Apache-2.0 */
/* Questionnaires: FHIR Questionnaire as a form that anybody can fill in by keyboard and without scripts, with the questions that depend on
 * answers, scores, and answers saved half-way.  Finished answers are a QuestionnaireResponse in the patient's journal, shared by the
 * switch of that log; a dangerous answer shows whom to call at once, and tells the care team as urgent. */
#ifndef SALVE_QUESTIONNAIRES_H
#define SALVE_QUESTIONNAIRES_H

#include "platform/http/http.h"

extern const struct route questionnaires_routes[];

#endif
