-- SPDX-License-Identifier: Apache-2.0
-- Secure messaging: what patients and care teams write to each other.  Workflow state stands with the thread and is shared by
-- the team; what a person has read is private to each person (addressee).

-- category, begun_by, last_side, status, completed_how: enums of messaging.h.  A round begins with the first message of the
-- patient that nobody answered yet.  escalate_at is null when the clock stands.
CREATE TABLE thread (
	patient UUID NOT NULL,
	id UUID NOT NULL,
	facility UUID NOT NULL,
	team UUID NOT NULL,
	category BIGINT NOT NULL,
	subject BYTES NOT NULL,
	begun_by BIGINT NOT NULL,
	made BIGINT NOT NULL,
	message_count BIGINT NOT NULL,
	last_at BIGINT NOT NULL,
	last_side BIGINT NOT NULL,
	status BIGINT NOT NULL,
	round_at BIGINT,
	due BIGINT,
	owner UUID,
	owner_role BIGINT NOT NULL,
	claimed_at BIGINT,
	lease_until BIGINT,
	opened_at BIGINT,
	answered_at BIGINT,
	completed_at BIGINT,
	completed_how BIGINT NOT NULL,
	escalate_at BIGINT,
	escalated_at BIGINT,
	escalation_tries BIGINT NOT NULL,
	PRIMARY KEY (patient, id)
) CLUSTERED;
CREATE UNIQUE INDEX thread_id ON thread (id);
CREATE INDEX thread_inbox ON thread (team, status, due);
CREATE INDEX thread_completed ON thread (team, completed_at);
CREATE INDEX thread_clock ON thread (escalate_at);
CREATE INDEX thread_latest ON thread (patient, last_at);
CREATE INDEX thread_unfinished ON thread (facility, status);
CREATE INDEX thread_claimed ON thread (owner) WHERE status < 20 AND owner IS NOT NULL;

-- n counts the messages of a thread from 1.  key is what the author's program sent it under: the same key is the same
-- message.
CREATE TABLE message (
	patient UUID NOT NULL,
	thread UUID NOT NULL,
	n BIGINT NOT NULL,
	id UUID NOT NULL,
	side BIGINT NOT NULL,
	author UUID NOT NULL,
	author_role BIGINT NOT NULL,
	sent BIGINT NOT NULL,
	body BYTES NOT NULL,
	PRIMARY KEY (patient, thread, n)
) CLUSTERED;
CREATE UNIQUE INDEX message_key ON message (patient, author, id);

-- Who is reached by a thread, and what each of them has seen.  unread: messages of others after number read_n.
CREATE TABLE addressee (
	patient UUID NOT NULL,
	thread UUID NOT NULL,
	account UUID NOT NULL,
	side BIGINT NOT NULL,
	since BIGINT NOT NULL,
	read_n BIGINT NOT NULL,
	read_at BIGINT,
	unread BIGINT NOT NULL,
	PRIMARY KEY (patient, thread, account)
) CLUSTERED;
CREATE INDEX addressee_unread ON addressee (account, side, unread);

-- What somebody is writing and has not sent.  id becomes the id of the message.
CREATE TABLE draft (
	patient UUID NOT NULL,
	account UUID NOT NULL,
	id UUID NOT NULL,
	thread UUID,
	team UUID,
	category BIGINT NOT NULL,
	subject BYTES,
	body BYTES,
	updated BIGINT NOT NULL,
	PRIMARY KEY (patient, account, id)
) CLUSTERED;
CREATE UNIQUE INDEX draft_own ON draft (account, id);

-- Who wants to be told outside of the program; choice: enum notice_choice.  Without a row the default of messaging.h.
CREATE TABLE notice_choice (
	account UUID PRIMARY KEY,
	choice BIGINT NOT NULL
);

-- The numbers beside the navigation; kind: enum page_count.  1: a patient's threads with something new.  2: unfinished
-- threads of a member's teams that nobody else has claimed and whose patient the member may see (what visible_patient says,
-- written out, because a view of a union is worked out anew for every row).
CREATE VIEW page_count AS
	SELECT a.account AS account, 1 AS kind, count(*) AS n
	  FROM addressee a WHERE a.side = 1 AND a.unread > 0 GROUP BY a.account
	UNION ALL
	SELECT m.account AS account, 2 AS kind, count(*) AS n
	  FROM team_member m JOIN account c ON c.id = m.account JOIN team g ON g.id = m.team JOIN thread t ON t.team = m.team
	 WHERE c.active = 1 AND g.active = 1 AND m.until = 9223372036854775807 AND t.status < 20
	   AND (t.owner IS NULL OR t.owner = m.account)
	   AND EXISTS (SELECT 1 FROM team_patient p JOIN team_member k ON k.team = p.team
	     WHERE p.patient = t.patient AND k.account = m.account AND p.until = 9223372036854775807
	     AND k.until = 9223372036854775807)
	 GROUP BY m.account;

-- Unfinished threads that no member's inbox shows: the team is closed, has no active member, or does not care for the patient
-- any more.
CREATE VIEW thread_ownerless AS
	SELECT t.patient AS patient, t.id AS id, t.facility AS facility, t.due AS due
	  FROM thread t
	 WHERE t.status < 20 AND NOT EXISTS (SELECT 1 FROM team g JOIN team_member m ON m.team = g.id
	     JOIN account c ON c.id = m.account JOIN team_member k ON k.account = m.account
	     JOIN team_patient p ON p.team = k.team AND p.patient = t.patient
	   WHERE g.id = t.team AND g.active = 1 AND c.active = 1 AND m.until = 9223372036854775807
	     AND k.until = 9223372036854775807 AND p.until = 9223372036854775807);

-- Claims of people who left the team or whose account is off.
CREATE VIEW thread_left_behind AS
	SELECT t.patient AS patient, t.id AS id
	  FROM thread t
	 WHERE t.status < 20 AND t.owner IS NOT NULL AND NOT EXISTS (SELECT 1 FROM team_member m
	     JOIN account a ON a.id = m.account
	   WHERE m.team = t.team AND m.account = t.owner AND m.until = 9223372036854775807 AND a.active = 1);
