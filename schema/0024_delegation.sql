-- SPDX-License-Identifier: Apache-2.0
-- Delegation: a patient lets another person act for them.  One row is one permission, and says all that FHIR Consent says of
-- it: whose (patient), for whom (delegate, as relation), what (rights), when (since, until), given when (made), and how it
-- stands (state).  It is read by the policy engine with the patient leading, at every request of a delegate.

-- rights: bits of enum access_right (a class of data and an action each).  state: enum delegation_state; that an offer or a
-- permission ran out is told by its times.  called, relation: how the patient calls the person, and who they are to them; both
-- sealed.  code: keyed hash of the code that the patient hands over; null once it was used or ended.
CREATE TABLE delegation (
	patient UUID NOT NULL,
	id UUID NOT NULL,
	rights BIGINT NOT NULL,
	state BIGINT NOT NULL,
	called BYTES NOT NULL,
	relation BYTES,
	made BIGINT NOT NULL,
	made_by UUID NOT NULL,
	since BIGINT NOT NULL,
	until BIGINT NOT NULL,
	code UUID UNIQUE,
	code_ends BIGINT NOT NULL,
	delegate UUID,
	answered_at BIGINT,
	ended_at BIGINT,
	ended_by UUID,
	notices BIGINT NOT NULL DEFAULT 0,
	PRIMARY KEY (patient, id)
) CLUSTERED;
CREATE INDEX delegation_held ON delegation (patient, delegate, state);
CREATE INDEX delegation_delegate ON delegation (delegate, state);

-- For whom a session acts; null: as the person themself.
ALTER TABLE session ADD COLUMN acting UUID;

-- Who wrote for the patient: a message's author then is the delegate.  spoken_by: who wrote the patient's last message of the
-- thread; null: the patient.
ALTER TABLE message ADD COLUMN by_delegate BIGINT NOT NULL DEFAULT 0;
ALTER TABLE thread ADD COLUMN spoken_by UUID;

-- Delegates who agreed to keep to the terms of messages, and to which version.
CREATE TABLE delegate_terms (
	patient UUID NOT NULL,
	account UUID NOT NULL,
	at BIGINT NOT NULL,
	version BIGINT NOT NULL,
	PRIMARY KEY (patient, account)
) CLUSTERED;
