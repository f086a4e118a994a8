-- SPDX-License-Identifier: Apache-2.0
-- Care teams: who works in them, and which patients they care for.  A triage group is a care team that takes messages.

CREATE TABLE team (
	id UUID PRIMARY KEY,
	facility UUID NOT NULL,
	name TEXT NOT NULL,
	care TEXT NOT NULL,
	place TEXT NOT NULL,
	lead UUID,
	takes_messages BIGINT NOT NULL,
	active BIGINT NOT NULL,
	made BIGINT NOT NULL
);
CREATE INDEX team_facility ON team (facility, name);

CREATE TABLE team_member (
	team UUID NOT NULL,
	account UUID NOT NULL,
	since BIGINT NOT NULL,
	until BIGINT NOT NULL,
	PRIMARY KEY (account, team)
) CLUSTERED;
CREATE INDEX team_member_team ON team_member (team, account);

-- relation: enum care_relation (primary care panel, clinic, team list, added by hand)
CREATE TABLE team_patient (
	patient UUID NOT NULL,
	team UUID NOT NULL,
	relation BIGINT NOT NULL,
	since BIGINT NOT NULL,
	until BIGINT NOT NULL,
	PRIMARY KEY (patient, team)
) CLUSTERED;
CREATE INDEX team_patient_team ON team_patient (team, patient);
