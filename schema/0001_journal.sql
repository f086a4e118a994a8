-- SPDX-License-Identifier: Apache-2.0
-- The append-only, hash-chained journal of all that happened, and the installation's facts.

CREATE TABLE journal_block (
	lane BIGINT NOT NULL,
	sequence BIGINT NOT NULL,
	at BIGINT NOT NULL,
	hash BYTES NOT NULL,
	entries BYTES NOT NULL,
	PRIMARY KEY (lane, sequence)
) CLUSTERED;

CREATE TABLE journal_head (
	lane BIGINT PRIMARY KEY,
	sequence BIGINT NOT NULL,
	hash BYTES NOT NULL
);

-- How far each reader of the journal (the per-patient index) has come, per lane.
CREATE TABLE journal_reader (
	name TEXT NOT NULL,
	lane BIGINT NOT NULL,
	sequence BIGINT NOT NULL,
	PRIMARY KEY (name, lane)
);

-- Facts of this installation: which key it was sealed with.
CREATE TABLE installation (
	name TEXT PRIMARY KEY,
	value BYTES NOT NULL
);

-- One key per patient, wrapped by the installation's key.  Destroying a row erases what was sealed under it.
CREATE TABLE vault_key (
	owner UUID PRIMARY KEY,
	wrapped BYTES NOT NULL,
	made BIGINT NOT NULL
);
