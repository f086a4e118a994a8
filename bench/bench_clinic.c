/* SPDX-License-Identifier: Apache-2.0 */
/* A clinic of a given size for ./dev bench: teams, patients and their messages, written by the functions that pages call.
 *	bench_clinic FOLDER PATIENTS STAFF MESSAGES
 * makes the database in FOLDER and prints one line of JSON: how long it took, and the sign-in names of a team's member and of
 * one of its patients.  Six members make a team; each patient belongs to one.  A conversation is a question and an answer; the
 * last OPEN_PER_TEAM of each team still wait, however many came before. */
#include <stdio.h>
#include <stdlib.h>

#include "bench_load.h"
#include "care/messaging/messaging.h"
#include "schema.h"

#define TEAM_SIZE     6
#define OPEN_PER_TEAM 50
#define WRITERS       32

struct clinic {
	struct arena arena;
	struct cx cx;
	struct facility facility;
	int64_t patient_count, staff_count, thread_count;
	team_id *teams;
	account_id *staff, *patients; /* accounts */
	patient_id *records;
	int64_t done;
};

static fallible
open_database(struct clinic *clinic, const char *folder)
{
	struct arena *arena = &clinic->arena;
	unsigned char key[VAULT_KEY_BYTES];
	struct db_options options = {.sqlite_path = arena_printf(arena, "%s/salve.db", folder).p};
	struct cx *cx = &clinic->cx;

	TRY(installation_key_load(arena, arena_printf(arena, "%s/installation.key", folder).p, true, key));
	*cx = (struct cx){.arena = arena, .who = {.is = WHO_SYSTEM}, .now = instant_read_clock()};
	TRY(vault_open(arena, key, &cx->vault));
	options.journal_key = vault_journal_key(cx->vault);
	TRY(db_open(arena, &options, &cx->db));
	TRY(db_migrate(cx, schema_migrations, schema_migration_count));
	return vault_bind(cx);
}

/* ---- people ---- */

static fallible
make_facility(struct tx *tx, void *arg)
{
	struct clinic *clinic = arg;

	TRY(simulated_mark(tx));
	TRY(facility_create(tx, &clinic->facility));
	for (int64_t i = 0; i < clinic->staff_count / TEAM_SIZE; i++)
		TRY(team_create(tx, &(struct team){.id = clinic->teams[i],
					.facility = clinic->facility.id,
					.name = arena_printf(&clinic->arena, "Team number %lld", (long long)i),
					.care = S("Primary care"),
					.place = S("Main building"),
					.takes_messages = true,
					.active = true}));
	return NULL;
}

struct person {
	const struct clinic *clinic;
	int64_t n;
	struct account_sealed *account;
	struct patient_sealed *patient; /* NULL: staff */
};

static fallible
put_person(struct tx *tx, void *arg)
{
	struct person *person = arg;
	const struct clinic *clinic = person->clinic;
	team_id team = clinic->teams[person->n % (clinic->staff_count / TEAM_SIZE)];

	if (person->patient)
		TRY(patient_put(tx, person->patient));
	TRY(account_put(tx, person->account));
	if (!person->patient)
		return team_add_member(tx, team, clinic->staff[person->n]);
	TRY(messaging_terms_record(tx, clinic->records[person->n], clinic->patients[person->n], true));
	return team_add_patient(tx, team, clinic->records[person->n], RELATION_PANEL);
}

static fallible
make_person(struct cx *cx, struct clinic *clinic, int64_t n, bool is_staff)
{
	struct person person = {.clinic = clinic, .n = n};
	str name = arena_printf(cx->arena, "%s number %lld", is_staff ? "Member" : "Patient", (long long)n);
	struct account_new account = {.id = {uuid_new(cx->now)},
	    .role = is_staff ? ROLE_NURSE : ROLE_NONE,
	    .facility = clinic->facility.id,
	    .login = arena_printf(cx->arena, "%s%lld", is_staff ? "member" : "patient", (long long)n),
	    .name = name};

	if (is_staff) {
		clinic->staff[n] = account.id;
	} else {
		clinic->patients[n] = account.id;
		account.patient = clinic->records[n] = (patient_id){uuid_new(cx->now)};
		TRY(patient_seal(cx,
		    &(struct patient_new){.id = account.patient,
			.facility = clinic->facility.id,
			.name = name,
			.names = &name,
			.name_count = 1},
		    &person.patient));
	}
	TRY(account_seal(cx, &account, &person.account));
	return db_write(cx, put_person, &person);
}

static fallible
make_member(struct cx *cx, struct clinic *clinic, int64_t n)
{
	return make_person(cx, clinic, n, true);
}

static fallible
make_patient(struct cx *cx, struct clinic *clinic, int64_t n)
{
	return make_person(cx, clinic, n, false);
}

/* ---- messages ---- */

static struct cx
seen_by(struct cx *cx, const struct clinic *clinic, account_id account, patient_id patient, unsigned kind)
{
	struct cx out = *cx;

	out.conn = NULL;
	out.who = (struct who){
	    .is = kind, .account = account, .patient = patient, .staff = {account.v}, .facility = clinic->facility.id};
	return out;
}

static fallible
converse(struct cx *cx, struct clinic *clinic, int64_t n)
{
	int64_t teams = clinic->staff_count / TEAM_SIZE, who = n % clinic->patient_count;
	struct cx patient = seen_by(cx, clinic, clinic->patients[who], clinic->records[who], WHO_PATIENT);
	struct cx member = seen_by(cx, clinic, clinic->staff[who % teams], (patient_id){{{0}}}, WHO_CARE_TEAM);
	struct sent sent, answer;

	TRY(thread_send_new(&patient,
	    &(struct thread_new){.key = uuid_new(cx->now),
		.patient = clinic->records[who],
		.team = clinic->teams[who % teams],
		.category = CATEGORY_MEDICATION,
		.body = S("Good morning. My blood pressure pills run out on Friday. Could you renew them, please?")},
	    &sent));
	db_release(&patient);
	if (n >= clinic->thread_count - OPEN_PER_TEAM * teams)
		return NULL;
	TRY(thread_reply(&member,
	    &(struct thread_reply){.key = uuid_new(cx->now),
		.thread = sent.thread,
		.body = S("They are renewed; the pharmacy sends them today.")},
	    &answer));
	db_release(&member);
	TRY(thread_complete(&member, &(struct thread_complete){.thread = sent.thread, .how = COMPLETED_ANSWERED}));
	db_release(&member);
	return NULL;
}

/* ---- the whole ---- */

/* Make the nth of something. */
typedef fallible(part_fn)(struct cx *cx, struct clinic *clinic, int64_t n);

struct parts {
	struct clinic *clinic;
	part_fn *make;
	int64_t count;
};

static fallible
make_part(struct cx *cx, void *arg, int number, int64_t turn)
{
	const struct parts *parts = arg;
	int64_t n = turn * WRITERS + number;

	return n < parts->count ? parts->make(cx, parts->clinic, n) : NULL;
}

/* By several writers at once, so that they share commits. */
static fallible
make_all(struct clinic *clinic, part_fn *make, int64_t count)
{
	struct parts parts = {clinic, make, count};
	struct bench_load load = {.base = clinic->cx,
	    .deed = make_part,
	    .arg = &parts,
	    .threads = WRITERS,
	    .turns = (count + WRITERS - 1) / WRITERS};
	struct bench_result result;

	return bench_run(&load, &result);
}

static fallible
make(struct clinic *clinic)
{
	int64_t teams = clinic->staff_count / TEAM_SIZE;

	clinic->facility = (struct facility){.id = {uuid_new(clinic->cx.now)},
	    .name = S("Measured Clinic"),
	    .zone = S("America/New_York"),
	    .emergency_number = S("911"),
	    .reply_days = 3};
	clinic->teams = ARENA_ARRAY(&clinic->arena, team_id, (size_t)teams);
	clinic->staff = ARENA_ARRAY(&clinic->arena, account_id, (size_t)clinic->staff_count);
	clinic->patients = ARENA_ARRAY(&clinic->arena, account_id, (size_t)clinic->patient_count);
	clinic->records = ARENA_ARRAY(&clinic->arena, patient_id, (size_t)clinic->patient_count);
	for (int64_t i = 0; i < teams; i++)
		clinic->teams[i] = (team_id){uuid_new(clinic->cx.now)};
	TRY(db_write(&clinic->cx, make_facility, clinic));
	TRY(make_all(clinic, make_member, clinic->staff_count));
	TRY(make_all(clinic, make_patient, clinic->patient_count));
	return make_all(clinic, converse, clinic->thread_count);
}

int
main(int argc, char **argv)
{
	struct clinic clinic = {0};
	int64_t messages, begun = instant_read_clock().ms;
	const struct err *error;

	if (argc != 5 || !str_to_int64(str_from_z(argv[2]), &clinic.patient_count) ||
	    !str_to_int64(str_from_z(argv[3]), &clinic.staff_count) || !str_to_int64(str_from_z(argv[4]), &messages) ||
	    clinic.patient_count < 1 || clinic.staff_count < TEAM_SIZE) {
		fputs("usage: bench_clinic FOLDER PATIENTS STAFF MESSAGES\n", stderr);
		return 2;
	}
	clinic.thread_count = messages / 2;
	error = open_database(&clinic, argv[1]);
	if (!error)
		error = make(&clinic);
	if (error)
		fprintf(stderr, "bench_clinic: %s\n", error->log ? error->log : error->say);
	else
		printf("{\"milliseconds\":%lld,\"team\":\"member0\",\"patient\":\"patient0\"}\n",
		    (long long)(instant_read_clock().ms - begun));
	if (clinic.cx.db)
		db_close(clinic.cx.db);
	if (clinic.cx.vault)
		vault_close(clinic.cx.vault);
	return error ? 1 : 0;
}
