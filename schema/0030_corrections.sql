-- SPDX-License-Identifier: Apache-2.0
-- Corrections: what patients ask to have changed in their record (45 CFR 164.526), or not to be shared (164.522), and what the
-- office answered.

-- kind: enum correction_kind.  state: enum correction_state.  about: the entry of the record ("Observation/7"), title: what it was
-- called then; null: about the record as a whole.  asked, answer, extension, disagreement: words of the patient and of the office;
-- all five sealed.  basis: enum correction_basis of a refusal.  paid: the patient paid for that care in full.  due: by when the
-- office answers.  document: key of the entry in the record that tells of it, once it is answered.
CREATE TABLE correction (
	patient UUID NOT NULL,
	id UUID NOT NULL,
	facility UUID NOT NULL,
	kind BIGINT NOT NULL,
	state BIGINT NOT NULL,
	about BYTES,
	title BYTES,
	asked BYTES NOT NULL,
	paid BIGINT NOT NULL,
	made BIGINT NOT NULL,
	due BIGINT NOT NULL,
	extended_at BIGINT,
	extension BYTES,
	answered_at BIGINT,
	answered_by UUID,
	basis BIGINT NOT NULL DEFAULT 0,
	answer BYTES,
	disagreed_at BIGINT,
	disagreement BYTES,
	document UUID,
	PRIMARY KEY (patient, id)
) CLUSTERED;
CREATE INDEX correction_queue ON correction (facility, state, due);
