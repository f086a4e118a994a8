-- SPDX-License-Identifier: Apache-2.0
-- What people put under what they write.  Name and title are sealed.
CREATE TABLE signature (
	account UUID PRIMARY KEY,
	name BYTES,
	title BYTES,
	include BIGINT NOT NULL
);
