-- SPDX-License-Identifier: Apache-2.0
-- The record: FHIR R4 resources of any type in one store.  A resource belongs to a patient, or to the commons (owner
-- 00000000-0000-0000-0000-000000000002: practitioners, organisations, medicines ...).  All keys lead with the owner, so
-- that one chart lies together.  key: what the FHIR id becomes (resource_key): the id itself when it is a UUID, a keyed
-- hash otherwise.  type: number of record_model.h, append only.  n counts the resources of one owner and type from 0 in
-- order of arrival.

CREATE TABLE resource (
	patient UUID NOT NULL,
	type BIGINT NOT NULL,
	n BIGINT NOT NULL,
	key UUID NOT NULL,
	version BIGINT NOT NULL,
	updated BIGINT NOT NULL,
	deleted BIGINT NOT NULL,
	body BYTES NOT NULL,
	PRIMARY KEY (patient, type, n)
) CLUSTERED;
CREATE UNIQUE INDEX resource_key ON resource (key, type);

-- Versions that were replaced.
CREATE TABLE resource_history (
	patient UUID NOT NULL,
	type BIGINT NOT NULL,
	n BIGINT NOT NULL,
	version BIGINT NOT NULL,
	updated BIGINT NOT NULL,
	deleted BIGINT NOT NULL,
	body BYTES NOT NULL,
	PRIMARY KEY (patient, type, n, version)
) CLUSTERED;

-- Search: which resources have a value.  A row holds the answer for 128 neighbours (n / 128 = chunk), so that a chart of
-- thousands of resources has a few hundred rows.  param: a search parameter of one type (record_model.h, append only).
-- value: 64 bits of keyed hash of owner and value, or 0 for a time parameter.  entries: record_list.h; times are clear.
CREATE TABLE resource_index (
	patient UUID NOT NULL,
	param BIGINT NOT NULL,
	value BIGINT NOT NULL,
	chunk BIGINT NOT NULL,
	entries BYTES NOT NULL,
	PRIMARY KEY (patient, param, value, chunk)
) CLUSTERED;
