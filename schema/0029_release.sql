-- SPDX-License-Identifier: Apache-2.0
-- Release: when what stands in the record reaches the patient.  Read by the policy engine whenever the patient, or who acts for
-- them, reads their record; nothing here means at once.

-- What a facility decided.  class: enum release_class.  code: '' for the whole class; otherwise the entries with this code
-- ("5221-7", "http://loinc.org|5221-7"), for which the row counts instead of the class's.  mode: enum release_mode; hours: of
-- RELEASE_AFTER.
CREATE TABLE release_rule (
	facility UUID NOT NULL,
	class BIGINT NOT NULL,
	code TEXT NOT NULL,
	mode BIGINT NOT NULL,
	hours BIGINT NOT NULL,
	made BIGINT NOT NULL,
	made_by UUID,
	PRIMARY KEY (facility, class, code)
) CLUSTERED;

-- What a patient chose for themself.  since: what came into the record before stays as it is.
CREATE TABLE release_pacing (
	patient UUID NOT NULL,
	class BIGINT NOT NULL,
	mode BIGINT NOT NULL,
	hours BIGINT NOT NULL,
	since BIGINT NOT NULL,
	PRIMARY KEY (patient, class)
) CLUSTERED;

-- Single entries (resource.type, resource.n) let through.  by_team: 1, a member of the care team (a hold of the facility ends, and
-- "after my team talked with me" is fulfilled); 0, the patient (their own choice, and what is asked about first).
CREATE TABLE release_item (
	patient UUID NOT NULL,
	type BIGINT NOT NULL,
	n BIGINT NOT NULL,
	by_team BIGINT NOT NULL,
	at BIGINT NOT NULL,
	account UUID,
	PRIMARY KEY (patient, type, n, by_team)
) CLUSTERED;
