-- SPDX-License-Identifier: Apache-2.0
-- What the team kept of a conversation in the patient's chart.  The note itself and the credit are resources of the record; here
-- stands which they are, and whether the other system (the EHR) has them.

-- When the conversation was last kept in the chart; null: never.
ALTER TABLE thread ADD COLUMN filed_at BIGINT;

-- n counts the notes of a thread from 1; those behind the first are addenda.  id: the DocumentReference; encounter: the credit,
-- null without.  last_n: the last message that is in it.  asked: what the author chose, sealed.  state: enum chart_state.
-- tries: how often it was handed to the outbox.  ids: what the other system calls it.  trouble: why it was not taken, or why
-- somebody gave up, sealed.
CREATE TABLE chart_note (
	patient UUID NOT NULL,
	thread UUID NOT NULL,
	n BIGINT NOT NULL,
	id UUID NOT NULL,
	encounter UUID,
	provenance UUID NOT NULL,
	team UUID NOT NULL,
	author UUID NOT NULL,
	at BIGINT NOT NULL,
	title BIGINT NOT NULL,
	last_n BIGINT NOT NULL,
	asked BYTES NOT NULL,
	state BIGINT NOT NULL,
	tries BIGINT NOT NULL,
	ids TEXT,
	trouble BYTES,
	PRIMARY KEY (patient, thread, n)
) CLUSTERED;
CREATE UNIQUE INDEX chart_note_id ON chart_note (id);
CREATE INDEX chart_note_trouble ON chart_note (patient) WHERE state = 3;
