-- SPDX-License-Identifier: Apache-2.0
-- What a team does with a thread beside answering it: handing it on, joining it with another, taking a message back, noting
-- something among colleagues; and what a person keeps to themselves about a thread.

-- kind: enum thread_event_kind.  team, other, message: whom or what it is about, as the kind says.  text: a reason (which the
-- patient may read) or a note (which the patient may not), sealed.
CREATE TABLE thread_event (
	patient UUID NOT NULL,
	thread UUID NOT NULL,
	n BIGINT NOT NULL,
	id UUID NOT NULL,
	at BIGINT NOT NULL,
	actor UUID NOT NULL,
	kind BIGINT NOT NULL,
	team UUID,
	other UUID,
	message BIGINT,
	text BYTES,
	PRIMARY KEY (patient, thread, n)
) CLUSTERED;

-- Where a thread was joined with another of the same patient; null: it was not.
ALTER TABLE thread ADD COLUMN merged_into UUID;

-- When its author's team took a message back before the patient had read it; null: it stands.
ALTER TABLE message ADD COLUMN recalled BIGINT;

-- One person's own marks on a thread.  copied_at: it was sent to them for information; remind_at: they want to see it again.
CREATE TABLE thread_mark (
	account UUID NOT NULL,
	thread UUID NOT NULL,
	patient UUID NOT NULL,
	copied_at BIGINT,
	copied_by UUID,
	remind_at BIGINT,
	PRIMARY KEY (account, thread)
) CLUSTERED;

-- Lists of the team inbox that a person keeps: query is what stands behind the question mark of the address.
CREATE TABLE inbox_view (
	account UUID NOT NULL,
	id UUID NOT NULL,
	name BYTES NOT NULL,
	query TEXT NOT NULL,
	first BIGINT NOT NULL,
	PRIMARY KEY (account, id)
) CLUSTERED;
