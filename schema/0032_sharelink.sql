-- SPDX-License-Identifier: Apache-2.0
-- Share links: a summary that the patient gives away by link, sealed under a key that stands in the link alone.

-- name: keyed hash of the secret in the link's address.  label: the patient's own words, sealed.  passcode: Argon2id; null: none.
-- tries: wrong passcodes that are still borne; at 0 the link is shut for good.  file: the sealed summary (JWE); null once the link
-- was ended or ran out.  classes, since, until_day: what was chosen (record_choice).  opened: how often.
CREATE TABLE share_link (
	patient UUID NOT NULL,
	id UUID NOT NULL,
	name UUID NOT NULL UNIQUE,
	label BYTES,
	classes BIGINT NOT NULL,
	since BIGINT,
	until_day BIGINT,
	made BIGINT NOT NULL,
	ends BIGINT NOT NULL,
	ended BIGINT,
	passcode TEXT,
	tries BIGINT NOT NULL,
	file BYTES,
	opened BIGINT NOT NULL DEFAULT 0,
	PRIMARY KEY (patient, id)
) CLUSTERED;
CREATE INDEX share_link_ends ON share_link (ends);

-- Each time the file was given out; recipient: the name that was told, sealed.
CREATE TABLE share_link_opening (
	patient UUID NOT NULL,
	link UUID NOT NULL,
	n BIGINT NOT NULL,
	at BIGINT NOT NULL,
	recipient BYTES,
	PRIMARY KEY (patient, link, n)
) CLUSTERED;
