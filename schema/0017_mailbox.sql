-- SPDX-License-Identifier: Apache-2.0
-- The patient's mailbox: who agreed to the terms of messaging, and drafts that are on their way.

-- Every yes and no, with the version of the terms; the last one counts.
CREATE TABLE messaging_terms (
	patient UUID NOT NULL,
	at BIGINT NOT NULL,
	account UUID NOT NULL,
	accepted BIGINT NOT NULL,
	version BIGINT NOT NULL,
	PRIMARY KEY (patient, at)
) CLUSTERED;

-- send_at: the draft is sent then, unless it is taken back before.  trouble: why it could not be sent, as the program says it.
ALTER TABLE draft ADD COLUMN send_at BIGINT;
ALTER TABLE draft ADD COLUMN trouble TEXT;
CREATE INDEX draft_due ON draft (send_at) WHERE send_at IS NOT NULL;
