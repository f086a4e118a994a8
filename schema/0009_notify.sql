-- SPDX-License-Identifier: Apache-2.0
-- Where people are told that something waits for them.  The address is sealed.

CREATE TABLE mail_address (
	account UUID PRIMARY KEY,
	address BYTES NOT NULL,
	last_notice BIGINT
);
