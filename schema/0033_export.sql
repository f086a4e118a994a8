-- SPDX-License-Identifier: Apache-2.0
-- Downloads that take a while: asked for, made by the program, kept sealed for some days, fetched in pieces.

-- account: who asked, and for whom alone it opens; acting: as a delegate; rights: what they had been given when
-- it was made, and must have when they fetch it.  asked (sealed): which parts, and the address of the
-- portal.  state: enum export_state.  done, total: entries written, of all.  touched: when its maker last gave a sign of life.
CREATE TABLE export (
	patient UUID NOT NULL,
	id UUID NOT NULL,
	account UUID NOT NULL,
	acting BIGINT NOT NULL,
	lang BIGINT NOT NULL,
	rights BIGINT NOT NULL,
	file TEXT NOT NULL,
	asked BYTES NOT NULL,
	state BIGINT NOT NULL,
	attempts BIGINT NOT NULL,
	done BIGINT NOT NULL,
	total BIGINT NOT NULL,
	bytes BIGINT NOT NULL,
	sha256 TEXT,
	trouble TEXT,
	made BIGINT NOT NULL,
	touched BIGINT NOT NULL,
	ready_at BIGINT,
	expires_at BIGINT,
	PRIMARY KEY (patient, id)
) CLUSTERED;
CREATE INDEX export_state ON export (state, touched);

-- n counts from 0; each holds as many bytes as the next but the last.
CREATE TABLE export_chunk (
	patient UUID NOT NULL,
	export UUID NOT NULL,
	n BIGINT NOT NULL,
	body BYTES NOT NULL,
	PRIMARY KEY (patient, export, n)
) CLUSTERED;
