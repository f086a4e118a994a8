-- SPDX-License-Identifier: Apache-2.0
-- Questionnaires before a visit: which a kind of visit always brings along, and what is asked for one visit.

CREATE TABLE visit_kind_question (
	kind UUID NOT NULL,
	questionnaire TEXT NOT NULL,
	PRIMARY KEY (kind, questionnaire)
) CLUSTERED;

-- id: made of visit and questionnaire.  what: which questionnaire and its title then, sealed, for it says something about the patient.
-- asked_by: a member of the team; null: the rule of the kind.  answers: what the patient handed in for the visit (words, score, what it
-- means), sealed; entry: where it stands in the patient's health log.
CREATE TABLE visit_question (
	patient UUID NOT NULL,
	appointment UUID NOT NULL,
	id UUID NOT NULL,
	what BYTES NOT NULL,
	asked_at BIGINT NOT NULL,
	asked_by UUID,
	answered_at BIGINT,
	entry UUID,
	answers BYTES,
	PRIMARY KEY (patient, appointment, id)
) CLUSTERED;
