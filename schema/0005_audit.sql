-- SPDX-License-Identifier: Apache-2.0
-- The trail by patient, read from the journal's blocks shortly after they were committed.  The journal is the truth; this
-- table can be thrown away and built again.

CREATE TABLE audit_entry (
	patient UUID NOT NULL,
	at BIGINT NOT NULL,
	lane BIGINT NOT NULL,
	sequence BIGINT NOT NULL,
	place BIGINT NOT NULL,
	account UUID,
	action BIGINT NOT NULL,
	subject BIGINT NOT NULL,
	item UUID,
	count BIGINT NOT NULL,
	why BIGINT NOT NULL,
	PRIMARY KEY (patient, at, lane, sequence, place)
) CLUSTERED;
