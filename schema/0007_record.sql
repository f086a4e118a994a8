-- SPDX-License-Identifier: Apache-2.0
-- The record: FHIR R4 resources of any type in one store.  A resource belongs to a patient, or to the commons (owner
-- 00000000-0000-0000-0000-000000000002: practitioners, organisations, medicines ...).  All keys lead with the owner, so
-- that one chart lies together.  key: what the FHIR id becomes (resource_key): the id itself when it is a UUID, a keyed
-- hash otherwise.  type and param: numbers of record_model.h, append only.  Values of the indexes are keyed hashes; times
-- are clear.  n counts the resources of one owner and type in order of arrival.

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

-- Search: codes, categories, states, references, texts: 64 bits of keyed hash.
CREATE TABLE resource_token (
	patient UUID NOT NULL,
	param BIGINT NOT NULL,
	value BIGINT NOT NULL,
	n BIGINT NOT NULL,
	PRIMARY KEY (patient, param, value, n)
) CLUSTERED;

-- Search and order by time: the span low <= t < high that a date stands for.
CREATE TABLE resource_date (
	patient UUID NOT NULL,
	param BIGINT NOT NULL,
	low BIGINT NOT NULL,
	n BIGINT NOT NULL,
	high BIGINT NOT NULL,
	PRIMARY KEY (patient, param, low, n)
) CLUSTERED;
