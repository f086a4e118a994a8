-- SPDX-License-Identifier: Apache-2.0
-- Who there is and how they sign in.  Names are sealed under the organisation's key (people as users of this
-- installation); what identifies a person is found through blind indexes only.

-- A facility: a medical centre or clinic, with its own clock and working days.
CREATE TABLE facility (
	id UUID PRIMARY KEY,
	name TEXT NOT NULL,
	zone TEXT NOT NULL,
	phone TEXT,
	emergency_number TEXT NOT NULL,
	crisis_line TEXT,
	reply_days BIGINT NOT NULL,
	made BIGINT NOT NULL
);

-- Days off beside the federal holidays; day counts from 1970-01-01.
CREATE TABLE facility_closure (
	facility UUID NOT NULL,
	day BIGINT NOT NULL,
	reason TEXT NOT NULL,
	PRIMARY KEY (facility, day)
) CLUSTERED;

-- A patient of this installation.  What is known about them is in the record.
CREATE TABLE patient (
	id UUID PRIMARY KEY,
	facility UUID NOT NULL,
	name BYTES NOT NULL,
	born BIGINT,
	made BIGINT NOT NULL
);
CREATE INDEX patient_facility ON patient (facility, id);

-- Blind index over a patient's names (each word and its beginnings), identifiers and date of birth.
CREATE TABLE patient_index (
	word UUID NOT NULL,
	patient UUID NOT NULL,
	PRIMARY KEY (word, patient)
) CLUSTERED;
CREATE INDEX patient_index_patient ON patient_index (patient);

-- One who can sign in.  kind: bits of enum who_kind; role: enum staff_role, 0 for a patient.
CREATE TABLE account (
	id UUID PRIMARY KEY,
	kind BIGINT NOT NULL,
	role BIGINT NOT NULL,
	facility UUID NOT NULL,
	patient UUID,
	login UUID NOT NULL UNIQUE,
	name BYTES NOT NULL,
	title BYTES,
	password BYTES,
	totp BYTES,
	totp_step BIGINT NOT NULL,
	lang BIGINT NOT NULL,
	active BIGINT NOT NULL,
	failures BIGINT NOT NULL,
	blocked_until BIGINT,
	made BIGINT NOT NULL
);
CREATE INDEX account_patient ON account (patient);
CREATE INDEX account_facility ON account (facility, role);

-- A browser that is signed in.  Only the hash of its cookie is kept.
CREATE TABLE session (
	id UUID PRIMARY KEY,
	token BYTES NOT NULL UNIQUE,
	account UUID NOT NULL,
	made BIGINT NOT NULL,
	seen BIGINT NOT NULL,
	ends BIGINT NOT NULL
);
CREATE INDEX session_account ON session (account);
CREATE INDEX session_ends ON session (ends);

-- A secret that stands for an account for a while.  purpose: enum link_purpose (signs in without a password: made for
-- demonstrations only; or the password was right and the code is still to come).
CREATE TABLE sign_in_link (
	token BYTES PRIMARY KEY,
	account UUID NOT NULL,
	purpose BIGINT NOT NULL,
	ends BIGINT NOT NULL
);

-- A token for programs, made by an administrator for an account; shown once, kept as a hash.
CREATE TABLE api_token (
	id UUID PRIMARY KEY,
	token BYTES NOT NULL UNIQUE,
	account UUID NOT NULL,
	label TEXT NOT NULL,
	scope TEXT NOT NULL,
	made_by UUID NOT NULL,
	made BIGINT NOT NULL,
	ends BIGINT NOT NULL,
	revoked BIGINT
);
CREATE INDEX api_token_made_by ON api_token (made_by);
