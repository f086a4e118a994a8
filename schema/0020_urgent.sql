-- SPDX-License-Identifier: Apache-2.0
-- Messages with words of emergency: marked for the team, with the words as the reason (sealed).
ALTER TABLE thread ADD COLUMN urgent BIGINT NOT NULL DEFAULT 0;
ALTER TABLE thread ADD COLUMN urgent_reason BYTES;

-- The facility's own list; without a row the one that comes with the program.
CREATE TABLE crisis_words (
	facility UUID PRIMARY KEY,
	list TEXT NOT NULL
);
