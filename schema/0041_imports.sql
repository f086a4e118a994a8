-- SPDX-License-Identifier: Apache-2.0
-- What people bring into their health log from files.

-- An entry that came in with others.  key, type: of its resource.  batch: with which.  changed: 1, it was corrected or taken away since.
-- Rows leave when the batch is taken back.
CREATE TABLE journal_brought (
	patient UUID NOT NULL,
	type BIGINT NOT NULL,
	key UUID NOT NULL,
	batch UUID NOT NULL,
	log BIGINT NOT NULL,
	changed BIGINT NOT NULL,
	PRIMARY KEY (patient, type, key)
) CLUSTERED;
CREATE INDEX journal_brought_batch ON journal_brought (patient, batch, changed);

-- A file on its way into the log; its id is the batch of its entries.  account: who brings it; acting: as a delegate.  kind: enum
-- import_kind; state: enum import_state.  bytes: of the file; received: of those.  facts (sealed): its name, how its columns are
-- read, what was found, what went wrong.  done, total: of the step at hand.  staged, kept, refused: chunks.  logs: bits of
-- the logs that got a reading of the last days.  touched: when its worker last gave a sign of life.
CREATE TABLE import (
	patient UUID NOT NULL,
	id UUID NOT NULL,
	account UUID,
	acting BIGINT NOT NULL,
	lang BIGINT NOT NULL,
	kind BIGINT NOT NULL,
	state BIGINT NOT NULL,
	attempts BIGINT NOT NULL,
	bytes BIGINT NOT NULL,
	received BIGINT NOT NULL,
	done BIGINT NOT NULL,
	total BIGINT NOT NULL,
	staged BIGINT NOT NULL,
	kept BIGINT NOT NULL,
	refused BIGINT NOT NULL,
	logs BIGINT NOT NULL,
	facts BYTES NOT NULL,
	made BIGINT NOT NULL,
	touched BIGINT NOT NULL,
	expires_at BIGINT,
	PRIMARY KEY (patient, id)
) CLUSTERED;
CREATE INDEX import_state ON import (state, touched);

-- part: of the file, of entries that wait to be kept, of what was refused, of where reading stands; n counts from 0.
CREATE TABLE import_chunk (
	patient UUID NOT NULL,
	import UUID NOT NULL,
	part BIGINT NOT NULL,
	n BIGINT NOT NULL,
	body BYTES NOT NULL,
	PRIMARY KEY (patient, import, part, n)
) CLUSTERED;
