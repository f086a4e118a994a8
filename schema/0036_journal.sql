-- SPDX-License-Identifier: Apache-2.0
-- The journal: what patients enter themselves, or have entered for them.  An entry is a resource of the record with the number of
-- its log (care/journal/journal_logs.c); log 0 is what the clinic keeps.  Nobody but the patient sees a log until it is shared.

ALTER TABLE resource ADD COLUMN log BIGINT NOT NULL DEFAULT 0;

-- Who may read a log beside the patient, since when, until when (the end of time: still).  A row is ended, never removed: the
-- history of the switch.  reader: an account that acts for the patient, or ...0001: the care team.
CREATE TABLE journal_share (
	patient UUID NOT NULL,
	log BIGINT NOT NULL,
	reader UUID NOT NULL,
	since BIGINT NOT NULL,
	until BIGINT NOT NULL,
	begun_by UUID NOT NULL,
	ended_by UUID,
	PRIMARY KEY (patient, log, reader, since)
) CLUSTERED;

-- When a person wants to be reminded to measure: minutes after midnight in their facility's zone, and the days of the week (bits, Sunday
-- first).  next_at: when that is the next time.
CREATE TABLE journal_reminder (
	patient UUID NOT NULL,
	log BIGINT NOT NULL,
	account UUID NOT NULL,
	minute BIGINT NOT NULL,
	days BIGINT NOT NULL,
	next_at BIGINT NOT NULL,
	PRIMARY KEY (patient, log)
) CLUSTERED;
CREATE INDEX journal_reminder_next ON journal_reminder (next_at);

-- A target that patient and team agreed on, or a limit that raises an item in the team's inbox.  field: number of the field within
-- the log.  kind: enum journal_rule_kind.  low and high: in the field's first unit, thousandths.  times, days: of readings.  team:
-- who answers for it.  agreed: by the patient; none: proposed by the team.
CREATE TABLE journal_rule (
	patient UUID NOT NULL,
	id UUID NOT NULL,
	log BIGINT NOT NULL,
	field BIGINT NOT NULL,
	kind BIGINT NOT NULL,
	low BIGINT NOT NULL,
	high BIGINT NOT NULL,
	times BIGINT NOT NULL,
	days BIGINT NOT NULL,
	team UUID,
	by_team BIGINT NOT NULL,
	account UUID NOT NULL,
	made BIGINT NOT NULL,
	agreed BIGINT,
	ended BIGINT,
	PRIMARY KEY (patient, id)
) CLUSTERED;

-- A limit that was crossed.  One stays open per rule until a member of the team settles it.  thread: the conversation that it begins,
-- at tell_at (after quiet hours); told: when it did.  failed: 1, it could not be begun.  words: sealed.
CREATE TABLE journal_alert (
	patient UUID NOT NULL,
	rule UUID NOT NULL,
	thread UUID NOT NULL,
	raised BIGINT NOT NULL,
	tell_at BIGINT NOT NULL,
	told BIGINT,
	failed BIGINT NOT NULL DEFAULT 0,
	settled BIGINT,
	settled_by UUID,
	words BYTES NOT NULL,
	PRIMARY KEY (patient, rule, thread)
) CLUSTERED;
CREATE INDEX journal_alert_waiting ON journal_alert (tell_at) WHERE told IS NULL;
CREATE UNIQUE INDEX journal_alert_open ON journal_alert (patient, rule) WHERE settled IS NULL;

-- A member of the care team has looked at what came into a log before that moment, and says so.
CREATE TABLE journal_seen (
	patient UUID NOT NULL,
	log BIGINT NOT NULL,
	at BIGINT NOT NULL,
	account UUID NOT NULL,
	PRIMARY KEY (patient, log, at)
) CLUSTERED;
