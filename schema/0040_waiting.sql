-- SPDX-License-Identifier: Apache-2.0
-- The numbers beside the navigation again, with what waits of medicines (kind 4) and of visits (kind 5): for staff what their teams owe an
-- answer (renewals, refills that do not move; requests for visits), for patients what waits for them (a request that needs a look or is
-- ready to be picked up; times to choose among, and questionnaires before a visit that is not over).
-- Who answers what is asked about a visit: the team of the visit, or the one that the conversation about it went to.
ALTER TABLE appointment ADD COLUMN ask_team UUID;
UPDATE appointment SET ask_team = team WHERE asked <> 0;
DROP INDEX appointment_asked;
CREATE INDEX appointment_asked ON appointment (ask_team, asked_at) WHERE asked_at IS NOT NULL;
CREATE INDEX appointment_thread ON appointment (thread) WHERE thread IS NOT NULL;

CREATE INDEX refill_problem_team ON refill (team) WHERE problem > 0;

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
	 WHERE c.active = 1 AND n.state = 3
	UNION ALL
	SELECT w.account AS account, 4 AS kind, x.id AS item, w.since AS since, w.until AS until,
	       CAST(CASE WHEN k.since > p.since THEN k.since ELSE p.since END AS BIGINT) AS care_since,
	       CAST(CASE WHEN k.until < p.until THEN k.until ELSE p.until END AS BIGINT) AS care_until
	  FROM team_worker w JOIN account c ON c.id = w.account JOIN renewal x ON x.team = w.team
	  JOIN team_worker k ON k.account = w.account JOIN team_patient p ON p.team = k.team AND p.patient = x.patient
	 WHERE c.active = 1 AND x.state = 0
	UNION ALL
	SELECT w.account AS account, 4 AS kind, x.id AS item, w.since AS since, w.until AS until,
	       CAST(CASE WHEN k.since > p.since THEN k.since ELSE p.since END AS BIGINT) AS care_since,
	       CAST(CASE WHEN k.until < p.until THEN k.until ELSE p.until END AS BIGINT) AS care_until
	  FROM team_worker w JOIN account c ON c.id = w.account JOIN refill x ON x.team = w.team
	  JOIN team_worker k ON k.account = w.account JOIN team_patient p ON p.team = k.team AND p.patient = x.patient
	 WHERE c.active = 1 AND x.problem > 0
	UNION ALL
	SELECT w.account AS account, 5 AS kind, x.id AS item, w.since AS since, w.until AS until,
	       CAST(CASE WHEN k.since > p.since THEN k.since ELSE p.since END AS BIGINT) AS care_since,
	       CAST(CASE WHEN k.until < p.until THEN k.until ELSE p.until END AS BIGINT) AS care_until
	  FROM team_worker w JOIN account c ON c.id = w.account JOIN appointment x ON x.ask_team = w.team
	  JOIN team_worker k ON k.account = w.account JOIN team_patient p ON p.team = k.team AND p.patient = x.patient
	 WHERE c.active = 1 AND x.asked IN (1, 2, 3) AND x.asked_at IS NOT NULL
	UNION ALL
	SELECT a.id AS account, 4 AS kind, x.id AS item, CAST(0 AS BIGINT) AS since,
	       CAST(9223372036854775807 AS BIGINT) AS until, CAST(0 AS BIGINT) AS care_since,
	       CAST(9223372036854775807 AS BIGINT) AS care_until
	  FROM account a JOIN refill x ON x.patient = a.patient
	 WHERE x.problem > 0 OR x.state = 45
	UNION ALL
	SELECT a.id AS account, 5 AS kind, x.id AS item, CAST(0 AS BIGINT) AS since,
	       CAST(9223372036854775807 AS BIGINT) AS until, CAST(0 AS BIGINT) AS care_since,
	       CAST(9223372036854775807 AS BIGINT) AS care_until
	  FROM account a JOIN appointment x ON x.patient = a.patient
	 WHERE x.asked = 4
	UNION ALL
	SELECT a.id AS account, 5 AS kind, x.id AS item, CAST(0 AS BIGINT) AS since,
	       CAST(coalesce(v.end_at, 9223372036854775807) AS BIGINT) AS until, CAST(0 AS BIGINT) AS care_since,
	       CAST(9223372036854775807 AS BIGINT) AS care_until
	  FROM account a JOIN visit_question x ON x.patient = a.patient JOIN appointment v ON v.patient = x.patient AND v.id = x.appointment
	 WHERE x.answered_at IS NULL AND v.state IN (10, 20, 30, 40);
