-- SPDX-License-Identifier: Apache-2.0
-- Folders of a person's mailbox.  name_key: a keyed hash of the folded name, so that two folders of one person differ.
CREATE TABLE folder (
	account UUID NOT NULL,
	id UUID NOT NULL,
	patient UUID NOT NULL,
	name BYTES NOT NULL,
	name_key UUID NOT NULL,
	made BIGINT NOT NULL,
	PRIMARY KEY (account, id),
	UNIQUE (account, name_key)
) CLUSTERED;

-- Where the thread lies for this person: null is the inbox; the folder "deleted" has a fixed id.
ALTER TABLE addressee ADD COLUMN folder UUID;
