-- SPDX-License-Identifier: Apache-2.0
-- How teams are run: what they take, who works for them and who stands in, why a patient belongs to them, and blocks.

-- open_days: bits 1 << weekday, Sunday first; 0: the team says no hours.  open_from, open_until: minutes of the day.
ALTER TABLE team ADD COLUMN needs_signature BIGINT NOT NULL DEFAULT 0;
ALTER TABLE team ADD COLUMN open_days BIGINT NOT NULL DEFAULT 0;
ALTER TABLE team ADD COLUMN open_from BIGINT NOT NULL DEFAULT 0;
ALTER TABLE team ADD COLUMN open_until BIGINT NOT NULL DEFAULT 0;

-- Which kinds of topics (enum message_category) go to a team; a team without a row takes all.
CREATE TABLE team_topic (
	team UUID NOT NULL,
	topic BIGINT NOT NULL,
	PRIMARY KEY (team, topic)
) CLUSTERED;

-- Why a patient belongs to a team: who said so (none: a feed), in which words (sealed under the patient's key), and the
-- closed team that they came from.
ALTER TABLE team_patient ADD COLUMN made_by UUID;
ALTER TABLE team_patient ADD COLUMN reason BYTES;
ALTER TABLE team_patient ADD COLUMN came_from UUID;

-- Who stands in while somebody is away: exactly one of account and team is away, exactly one of by_account and by_team stands
-- in.  Taken back by an end in the past.
CREATE TABLE surrogate (
	id UUID PRIMARY KEY,
	facility UUID NOT NULL,
	account UUID,
	team UUID,
	by_account UUID,
	by_team UUID,
	since BIGINT NOT NULL,
	until BIGINT NOT NULL,
	all_day BIGINT NOT NULL,
	made_by UUID NOT NULL,
	made BIGINT NOT NULL
);
CREATE INDEX surrogate_facility ON surrogate (facility, until);
CREATE INDEX surrogate_account ON surrogate (account, until);
CREATE INDEX surrogate_team ON surrogate (team, until);
CREATE INDEX surrogate_by_account ON surrogate (by_account, until);
CREATE INDEX surrogate_by_team ON surrogate (by_team, until);

-- Who works for a team and when: its members (via: the team itself) and who stands in (via: the surrogate's id).  Derived from
-- team_member and surrogate in the transaction that changes those.
CREATE TABLE team_worker (
	account UUID NOT NULL,
	team UUID NOT NULL,
	via UUID NOT NULL,
	since BIGINT NOT NULL,
	until BIGINT NOT NULL,
	PRIMARY KEY (account, team, via)
) CLUSTERED;
CREATE INDEX team_worker_team ON team_worker (team, account);
CREATE INDEX team_worker_via ON team_worker (via);
INSERT INTO team_worker (account, team, via, since, until) SELECT account, team, team, since, until FROM team_member;

-- A patient who may not write: to one team, or (team is null) to the whole facility.  code: enum block_code.  note: sealed.
-- review: when somebody looks whether it still must be.
CREATE TABLE team_block (
	patient UUID NOT NULL,
	id UUID NOT NULL,
	facility UUID NOT NULL,
	team UUID,
	code BIGINT NOT NULL,
	note BYTES,
	since BIGINT NOT NULL,
	until BIGINT NOT NULL,
	review BIGINT NOT NULL,
	made_by UUID NOT NULL,
	ended_by UUID,
	PRIMARY KEY (patient, id)
) CLUSTERED;
CREATE INDEX team_block_review ON team_block (facility, until, review);

-- The policy engine's view, with those who stand in.  Times are compared by the asking query.  Each column is of one type in
-- both parts: SQLite opens a union up for the asking query only then.
DROP VIEW visible_patient;
CREATE VIEW visible_patient AS
	SELECT a.id AS account, a.patient AS patient, 1 AS why, a.made AS since,
	       CAST(9223372036854775807 AS BIGINT) AS until
	  FROM account a WHERE a.patient IS NOT NULL AND a.active = 1
	UNION ALL
	SELECT w.account AS account, p.patient AS patient, 2 AS why,
	       CAST(CASE WHEN w.since > p.since THEN w.since ELSE p.since END AS BIGINT) AS since,
	       CAST(CASE WHEN w.until < p.until THEN w.until ELSE p.until END AS BIGINT) AS until
	  FROM team_worker w JOIN team_patient p ON p.team = w.team JOIN account a ON a.id = w.account
	 WHERE a.active = 1;

-- The numbers beside the navigation, item by item, because what somebody sees depends on the time: count the different items
-- WHERE account = $1 AND since <= $now AND until > $now AND care_since <= $now AND care_until > $now.  kind: enum page_count.
-- 1: a patient's threads with something new.  2: unfinished threads of the teams that somebody works for, that nobody else has
-- claimed and whose patient they may see (what visible_patient says, written out, because a view of a union is worked out anew
-- for every row).
DROP VIEW page_count;
CREATE VIEW page_item AS
	SELECT a.account AS account, 1 AS kind, a.thread AS item, CAST(0 AS BIGINT) AS since,
	       CAST(9223372036854775807 AS BIGINT) AS until, CAST(0 AS BIGINT) AS care_since,
	       CAST(9223372036854775807 AS BIGINT) AS care_until
	  FROM addressee a WHERE a.side = 1 AND a.unread > 0
	UNION ALL
	SELECT w.account AS account, 2 AS kind, t.id AS item, w.since AS since, w.until AS until,
	       CAST(CASE WHEN k.since > p.since THEN k.since ELSE p.since END AS BIGINT) AS care_since,
	       CAST(CASE WHEN k.until < p.until THEN k.until ELSE p.until END AS BIGINT) AS care_until
	  FROM team_worker w JOIN account c ON c.id = w.account JOIN team g ON g.id = w.team JOIN thread t ON t.team = w.team
	  JOIN team_worker k ON k.account = w.account JOIN team_patient p ON p.team = k.team AND p.patient = t.patient
	 WHERE c.active = 1 AND g.active = 1 AND t.status < 20 AND (t.owner IS NULL OR t.owner = w.account);

-- Asked with the time in escalation_store.c.
DROP VIEW thread_ownerless;
DROP VIEW thread_left_behind;
