-- SPDX-License-Identifier: Apache-2.0
-- Texts to begin an answer with, sealed under the organisation's key: of one person, of a team, or (both null) of a facility.
-- And named lists of staff, for sending something to all of them at once.

CREATE TABLE message_template (
	id UUID PRIMARY KEY,
	facility UUID NOT NULL,
	team UUID,
	account UUID,
	name BYTES NOT NULL,
	body BYTES NOT NULL,
	made BIGINT NOT NULL
);
CREATE INDEX message_template_facility ON message_template (facility);

CREATE TABLE distribution_group (
	id UUID PRIMARY KEY,
	facility UUID NOT NULL,
	name TEXT NOT NULL,
	made BIGINT NOT NULL
);
CREATE INDEX distribution_group_facility ON distribution_group (facility, name);
CREATE TABLE distribution_member (
	list UUID NOT NULL,
	account UUID NOT NULL,
	PRIMARY KEY (list, account)
) CLUSTERED;
