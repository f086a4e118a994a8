-- SPDX-License-Identifier: Apache-2.0
-- What reports and the clean-up list count.

-- The rounds of a thread before its last one, whose figures stand with the thread itself: from the patient's question to its
-- answer.  team: whose it was then.  completed_how: enum completed_how; closed_by, closed_role: who completed it.
CREATE TABLE thread_round (
	patient UUID NOT NULL,
	thread UUID NOT NULL,
	begun BIGINT NOT NULL,
	team UUID NOT NULL,
	due BIGINT,
	answered_at BIGINT,
	completed_at BIGINT,
	completed_how BIGINT NOT NULL,
	closed_by UUID,
	closed_role BIGINT NOT NULL,
	escalated_at BIGINT,
	escalation_tries BIGINT NOT NULL,
	PRIMARY KEY (patient, thread, begun)
) CLUSTERED;
CREATE INDEX thread_round_team ON thread_round (team, begun);

-- Threads of a team with something new since a day; their messages lie beside each other.
CREATE INDEX thread_recent ON thread (team, last_at);
CREATE INDEX broadcast_patient_thread ON broadcast_patient (thread);
CREATE INDEX chart_note_team ON chart_note (team, at);
CREATE INDEX outbox_patient ON outbox (patient, made) WHERE patient IS NOT NULL;

-- When somebody signed in last; null: never.
ALTER TABLE account ADD COLUMN signed_in BIGINT;
UPDATE account SET signed_in = (SELECT max(s.made) FROM session s WHERE s.account = account.id);
