-- SPDX-License-Identifier: Apache-2.0
-- Files attached to what people write.  holder: the id of a draft, which becomes that of its message.  Names and contents are
-- sealed under the patient's key.

-- kind, state: enums of file_kind.h and attachments.h.  digest: a keyed hash; the same file of one patient has the same.
CREATE TABLE attachment (
	patient UUID NOT NULL,
	holder UUID NOT NULL,
	id UUID NOT NULL,
	account UUID NOT NULL,
	name BYTES NOT NULL,
	kind BIGINT NOT NULL,
	bytes BIGINT NOT NULL,
	state BIGINT NOT NULL,
	finding TEXT,
	digest UUID NOT NULL,
	made BIGINT NOT NULL,
	PRIMARY KEY (patient, holder, id)
) CLUSTERED;
CREATE UNIQUE INDEX attachment_id ON attachment (id);
CREATE INDEX attachment_state ON attachment (state) WHERE state <> 1;

CREATE TABLE attachment_chunk (
	patient UUID NOT NULL,
	attachment UUID NOT NULL,
	n BIGINT NOT NULL,
	body BYTES NOT NULL,
	PRIMARY KEY (patient, attachment, n)
);

-- How many files came with a message: so that lists and searches need not ask for them.
ALTER TABLE message ADD COLUMN attachments BIGINT NOT NULL DEFAULT 0;
