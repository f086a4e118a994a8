-- SPDX-License-Identifier: Apache-2.0
-- One text to many patients of a team: each gets a thread of their own, and sees nobody else.  The text is sealed under the
-- key of the people who use this installation; the threads that it becomes are sealed under each patient's.

CREATE TABLE broadcast (
	id UUID PRIMARY KEY,
	facility UUID NOT NULL,
	team UUID NOT NULL,
	author UUID NOT NULL,
	category BIGINT NOT NULL,
	subject BYTES NOT NULL,
	body BYTES NOT NULL,
	made BIGINT NOT NULL
);
CREATE INDEX broadcast_team ON broadcast (team, made);

-- state: enum broadcast_state.  thread: what it became.
CREATE TABLE broadcast_patient (
	broadcast UUID NOT NULL,
	patient UUID NOT NULL,
	state BIGINT NOT NULL,
	thread UUID,
	PRIMARY KEY (broadcast, patient)
) CLUSTERED;
