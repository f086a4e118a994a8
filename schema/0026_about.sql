-- SPDX-License-Identifier: Apache-2.0
-- What a conversation is about: an entry of the patient's record, sealed as its reference and, on the next line, its name when
-- the conversation began.  Null: nothing in particular.
ALTER TABLE thread ADD COLUMN about BYTES;
ALTER TABLE draft ADD COLUMN about BYTES;

-- Which of their teams a person wants first, and which they do not want to see, when they write; choice: enum team_choice.
-- Without a row the team is shown.
CREATE TABLE team_choice (
	account UUID NOT NULL,
	team UUID NOT NULL,
	choice BIGINT NOT NULL,
	PRIMARY KEY (account, team)
) CLUSTERED;
