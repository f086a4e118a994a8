-- SPDX-License-Identifier: Apache-2.0
-- Wellness reminders: what the patient or the care team said to one.  What is due is computed from the record and not stored.

-- rule: number of reminder_rules (care/reminders/rules.c).  kind: enum reminder_mark_kind.  day: when it was done elsewhere.  until:
-- so long it is not shown as due.  by_team: 1, a member of the care team.
CREATE TABLE reminder_mark (
	patient UUID NOT NULL,
	rule BIGINT NOT NULL,
	by_team BIGINT NOT NULL,
	kind BIGINT NOT NULL,
	day BIGINT,
	until BIGINT,
	at BIGINT NOT NULL,
	account UUID NOT NULL,
	PRIMARY KEY (patient, rule, by_team)
) CLUSTERED;
