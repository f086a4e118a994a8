-- SPDX-License-Identifier: Apache-2.0
-- Appointments: kinds of visits that a clinic offers, opening hours, the slots that come of them, who has a seat in which, and the
-- visits themselves.  Each visit is also a FHIR Appointment of the record, written in the same transaction.

-- What can be booked or asked for.  mode: enum visit_mode.  bookable: patients take open times themselves.
CREATE TABLE visit_kind (
	id UUID PRIMARY KEY,
	facility UUID NOT NULL,
	name TEXT NOT NULL,
	prepare TEXT,
	minutes BIGINT NOT NULL,
	mode BIGINT NOT NULL,
	bookable BIGINT NOT NULL,
	active BIGINT NOT NULL,
	made BIGINT NOT NULL
);
CREATE INDEX visit_kind_facility ON visit_kind (facility);

-- Opening hours of a team, or of one clinician in it (account), for one kind.  weekdays: bits 1 << weekday, Sunday first.  Times
-- are minutes of the day in the facility's zone; days count from 1970-01-01, the last one is
-- 9223372036854775807 without end.  seats: so many patients at one time.
CREATE TABLE schedule (
	id UUID PRIMARY KEY,
	facility UUID NOT NULL,
	team UUID NOT NULL,
	account UUID,
	kind UUID NOT NULL,
	weekdays BIGINT NOT NULL,
	from_minute BIGINT NOT NULL,
	until_minute BIGINT NOT NULL,
	seats BIGINT NOT NULL,
	first_day BIGINT NOT NULL,
	last_day BIGINT NOT NULL,
	place TEXT,
	directions TEXT,
	link TEXT,
	active BIGINT NOT NULL,
	made BIGINT NOT NULL
);
CREATE INDEX schedule_facility ON schedule (facility);

-- Made from schedules for the days ahead.  closed: nobody is seated there any more.
CREATE TABLE slot (
	id UUID PRIMARY KEY,
	schedule UUID NOT NULL,
	team UUID NOT NULL,
	kind UUID NOT NULL,
	start_at BIGINT NOT NULL,
	end_at BIGINT NOT NULL,
	seats BIGINT NOT NULL,
	closed BIGINT NOT NULL
);
CREATE UNIQUE INDEX slot_once ON slot (schedule, start_at);
CREATE INDEX slot_day ON slot (team, kind, start_at);
CREATE INDEX slot_start ON slot (start_at);

-- A seat is taken by one visit: that no seat is given twice is this primary key.
CREATE TABLE seat (
	slot UUID NOT NULL,
	n BIGINT NOT NULL,
	patient UUID NOT NULL,
	appointment UUID NOT NULL,
	PRIMARY KEY (slot, n)
) CLUSTERED;
CREATE UNIQUE INDEX seat_appointment ON seat (patient, appointment);

-- id: key of the Appointment in the record; version: of it that this row says.  ours: made here; 0: another system's.  state, asked:
-- enums of appointments.h.  changes counts what was done to it.  details, wish, agenda: sealed.  thread: where it is talked about.
-- remind_at: when the next reminder leaves; null: none.
CREATE TABLE appointment (
	patient UUID NOT NULL,
	id UUID NOT NULL,
	facility UUID NOT NULL,
	team UUID,
	kind UUID,
	account UUID,
	slot UUID,
	ours BIGINT NOT NULL,
	state BIGINT NOT NULL,
	asked BIGINT NOT NULL,
	mode BIGINT NOT NULL,
	start_at BIGINT,
	end_at BIGINT,
	version BIGINT NOT NULL,
	changes BIGINT NOT NULL,
	details BYTES NOT NULL,
	wish BYTES,
	agenda BYTES,
	thread UUID,
	made BIGINT NOT NULL,
	changed_at BIGINT NOT NULL,
	asked_at BIGINT,
	arrived_at BIGINT,
	remind_at BIGINT,
	PRIMARY KEY (patient, id)
) CLUSTERED;
CREATE INDEX appointment_day ON appointment (team, start_at);
CREATE INDEX appointment_asked ON appointment (team, asked_at) WHERE asked_at IS NOT NULL;
CREATE INDEX appointment_remind ON appointment (remind_at) WHERE remind_at IS NOT NULL;

-- Times that one side proposes and the other takes.
CREATE TABLE appointment_offer (
	patient UUID NOT NULL,
	appointment UUID NOT NULL,
	n BIGINT NOT NULL,
	slot UUID NOT NULL,
	PRIMARY KEY (patient, appointment, n)
) CLUSTERED;

-- Buttons of other features on the team's page of a conversation: each posts `fields` to `action`.  label: an English text; at: what is
-- put into it, a time.
CREATE TABLE thread_button (
	patient UUID NOT NULL,
	thread UUID NOT NULL,
	n BIGINT NOT NULL,
	label TEXT NOT NULL,
	at BIGINT,
	action TEXT NOT NULL,
	fields TEXT NOT NULL,
	PRIMARY KEY (patient, thread, n)
) CLUSTERED;

-- When a person is reminded; days: bits 1 << days before the visit, 0: never.  Without a row the facility's default.
CREATE TABLE visit_reminder_choice (
	account UUID PRIMARY KEY,
	days BIGINT NOT NULL
);
