-- SPDX-License-Identifier: Apache-2.0
-- What must leave or happen later: written in the transaction that causes it, worked off by the job loop.
-- state: 0 waiting, 1 done, 2 given up (a person must look).

CREATE TABLE outbox (
	id UUID PRIMARY KEY,
	kind TEXT NOT NULL,
	key TEXT NOT NULL,
	patient UUID,
	payload BYTES NOT NULL,
	state BIGINT NOT NULL,
	attempts BIGINT NOT NULL,
	next_at BIGINT NOT NULL,
	lease_until BIGINT NOT NULL,
	made BIGINT NOT NULL,
	done BIGINT,
	trouble TEXT,
	UNIQUE (kind, key)
);
CREATE INDEX outbox_due ON outbox (state, next_at);

-- One holder at a time of a named duty (escalation clock, trail index), across processes and machines.
CREATE TABLE lease (
	name TEXT PRIMARY KEY,
	holder UUID NOT NULL,
	until BIGINT NOT NULL
);
