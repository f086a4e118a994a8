-- SPDX-License-Identifier: Apache-2.0
-- Refill requests, renewals, and what patients say they take.  The prescriptions themselves are resources of the record.

-- One request for one prescription.  id: the key it was asked under.  prescription: key of the MedicationRequest, request: its FHIR
-- id.  title: what it was called then, sealed.  state, problem: enums of prescriptions.h.  version counts changes.  move_by: when
-- somebody must look if it has not moved; null: never.  trouble: what the pharmacy or the line said; tracking: carrier and number;
-- both sealed.  asked, filled: quantities in the unit of the prescription; 0: not said.  tries: how often it was handed to the
-- outbox.
CREATE TABLE refill (
	patient UUID NOT NULL,
	id UUID NOT NULL,
	prescription UUID NOT NULL,
	request TEXT NOT NULL,
	title BYTES NOT NULL,
	facility UUID NOT NULL,
	team UUID,
	account UUID NOT NULL,
	state BIGINT NOT NULL,
	problem BIGINT NOT NULL,
	version BIGINT NOT NULL,
	tries BIGINT NOT NULL,
	made BIGINT NOT NULL,
	changed BIGINT NOT NULL,
	sent BIGINT,
	acknowledged BIGINT,
	filled_at BIGINT,
	shipped BIGINT,
	ended BIGINT,
	move_by BIGINT,
	chased BIGINT,
	chases BIGINT NOT NULL,
	asked BIGINT NOT NULL,
	filled BIGINT NOT NULL,
	trouble BYTES,
	tracking BYTES,
	PRIMARY KEY (patient, id)
) CLUSTERED;
CREATE UNIQUE INDEX refill_id ON refill (id);
-- At most one request of a prescription is on its way: states below 45 (what is ready or shipped is out of the pharmacy's hands).
CREATE UNIQUE INDEX refill_one_open ON refill (patient, prescription) WHERE state < 45;
CREATE INDEX refill_clock ON refill (move_by);
CREATE INDEX refill_problem ON refill (patient) WHERE problem > 0;
CREATE INDEX refill_at_pharmacy ON refill (state, changed);

-- What happened to a request, first to last.  key: of the pharmacy's word; the same word again is no second row.
CREATE TABLE refill_event (
	patient UUID NOT NULL,
	refill UUID NOT NULL,
	n BIGINT NOT NULL,
	key UUID NOT NULL,
	at BIGINT NOT NULL,
	event BIGINT NOT NULL,
	state BIGINT NOT NULL,
	account UUID,
	words BYTES,
	PRIMARY KEY (patient, refill, n)
) CLUSTERED;
CREATE UNIQUE INDEX refill_event_key ON refill_event (patient, refill, key);

-- A renewal that was asked for.  id: the conversation it is asked and answered in.  made_request: the FHIR id of the prescription
-- that came of it.  answer: words of who decided, sealed.
CREATE TABLE renewal (
	patient UUID NOT NULL,
	id UUID NOT NULL,
	prescription UUID NOT NULL,
	request TEXT NOT NULL,
	title BYTES NOT NULL,
	facility UUID NOT NULL,
	team UUID NOT NULL,
	account UUID NOT NULL,
	state BIGINT NOT NULL,
	made BIGINT NOT NULL,
	answered BIGINT,
	answered_by UUID,
	answer BYTES,
	made_request TEXT,
	PRIMARY KEY (patient, id)
) CLUSTERED;
CREATE UNIQUE INDEX renewal_id ON renewal (id);
CREATE UNIQUE INDEX renewal_one_open ON renewal (patient, prescription) WHERE state = 0;
CREATE INDEX renewal_queue ON renewal (team, state, made);

-- What the patient says they take: about a medicine of the record (request: its FHIR reference), or one that the record does not
-- have.  said: enum medicine_said.  words: name, dose, how, why, sealed.  settled: when the care team decided, and how.
CREATE TABLE medicine_said (
	patient UUID NOT NULL,
	id UUID NOT NULL,
	request TEXT,
	said BIGINT NOT NULL,
	words BYTES,
	at BIGINT NOT NULL,
	account UUID NOT NULL,
	settled BIGINT,
	settled_by UUID,
	settled_how BIGINT NOT NULL,
	PRIMARY KEY (patient, id)
) CLUSTERED;
CREATE UNIQUE INDEX medicine_said_one ON medicine_said (patient, request) WHERE settled IS NULL AND request IS NOT NULL;
CREATE INDEX medicine_said_open ON medicine_said (patient) WHERE settled IS NULL;
