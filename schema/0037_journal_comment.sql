-- SPDX-License-Identifier: Apache-2.0
-- A member of the care team wrote to the patient about an entry of the journal.  entry: key of its resource.  thread: the conversation
-- that holds the words.

CREATE TABLE journal_comment (
	patient UUID NOT NULL,
	log BIGINT NOT NULL,
	entry UUID NOT NULL,
	thread UUID NOT NULL,
	at BIGINT NOT NULL,
	account UUID NOT NULL,
	PRIMARY KEY (patient, log, entry, thread)
) CLUSTERED;
