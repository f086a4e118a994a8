-- SPDX-License-Identifier: Apache-2.0
-- The policy engine's one view: whose record an account may see at all, and why (enum access_why).  Every store joins it in
-- its WHERE clause; nothing else grants access to a patient's data.
-- Times are compared by the asking query: WHERE v.account = $1 AND v.since <= $now AND v.until > $now.

CREATE VIEW visible_patient AS
	SELECT a.id AS account, a.patient AS patient, 1 AS why, a.made AS since, 9223372036854775807 AS until
	  FROM account a WHERE a.patient IS NOT NULL AND a.active = 1
	UNION ALL
	SELECT m.account AS account, p.patient AS patient, 2 AS why, p.since AS since, p.until AS until
	  FROM team_member m JOIN team_patient p ON p.team = m.team JOIN account a ON a.id = m.account
	 WHERE a.active = 1 AND m.until = 9223372036854775807;
