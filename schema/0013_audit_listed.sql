-- SPDX-License-Identifier: Apache-2.0
-- The trail by patient, second part: who saw the patient in a list, and how often in that hour (hours since 1970).  Read from
-- the journal like audit_entry; can be thrown away with it and built again.

CREATE TABLE audit_listed (
	patient UUID NOT NULL,
	hour BIGINT NOT NULL,
	account UUID NOT NULL,
	subject BIGINT NOT NULL,
	why BIGINT NOT NULL,
	at BIGINT NOT NULL,
	times BIGINT NOT NULL,
	PRIMARY KEY (patient, hour, account, subject, why)
) CLUSTERED;
