-- SPDX-License-Identifier: Apache-2.0
-- What the teams of a facility choose from when they keep a conversation in the chart, and credit that was taken back.

-- kind: enum chart_choice_kind.  n: the stop code of a clinic, the number of a title (chart_note.title).  Without a row of a kind
-- the facility has the list that comes with the program.  One that is not active stays for the notes that have it.
CREATE TABLE chart_choice (
	facility UUID NOT NULL,
	kind BIGINT NOT NULL,
	n BIGINT NOT NULL,
	words TEXT NOT NULL,
	place BIGINT NOT NULL,
	active BIGINT NOT NULL,
	PRIMARY KEY (facility, kind, n)
) CLUSTERED;

-- When the credit of a note was taken back as a mistake, and why (sealed).
ALTER TABLE chart_note ADD COLUMN credit_gone BIGINT;
ALTER TABLE chart_note ADD COLUMN credit_why BYTES;

-- The numbers beside the navigation again, with kind 3: chart notes of somebody's teams that need a person.
DROP VIEW page_item;
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
	 WHERE c.active = 1 AND g.active = 1 AND t.status < 20 AND (t.owner IS NULL OR t.owner = w.account)
	UNION ALL
	SELECT w.account AS account, 3 AS kind, n.id AS item, w.since AS since, w.until AS until,
	       CAST(CASE WHEN k.since > p.since THEN k.since ELSE p.since END AS BIGINT) AS care_since,
	       CAST(CASE WHEN k.until < p.until THEN k.until ELSE p.until END AS BIGINT) AS care_until
	  FROM team_worker w JOIN account c ON c.id = w.account JOIN chart_note n ON n.team = w.team
	  JOIN team_worker k ON k.account = w.account JOIN team_patient p ON p.team = k.team AND p.patient = n.patient
	 WHERE c.active = 1 AND n.state = 3;
CREATE INDEX chart_note_troubled ON chart_note (team) WHERE state = 3;
