/* SPDX-License-Identifier: Apache-2.0 */
/* Acknowledged writes of ./dev bench, without HTTP: messages sent and resources created through the functions that pages and
 * API call, each against W: plain writes of as many rows and bytes, on the same database, threads and run.
 *	bench_send FOLDER SECONDS [DATABASE]
 * makes a simulated clinic, in FOLDER or in the PostgreSQL database of that address (its key lies in FOLDER), and prints one
 * line of JSON per measurement.  When patients are there already (bench_clinic made them), they write, and only messages are
 * measured. */
#include <stdio.h>
#include <stdlib.h>

#include "bench_load.h"
#include "care/messaging/messaging.h"
#include "care/record/record.h"
#include "exchange/simulate/simulate.h"
#include "schema.h"

#define PATIENTS         200
#define TRANSACTION_SIZE 100

struct person {
	account_id account;
	patient_id patient;
	facility_id facility;
	team_id team;
};

struct bench {
	const char *folder;
	const char *postgres_url; /* NULL: SQLite in the folder */
	struct arena arena;
	struct cx cx;
	int64_t run_ms;
	const struct person *people;
	size_t count;
	int64_t size; /* of what is measured: resources of one transaction */
};

static fallible
open_database(struct bench *bench)
{
	struct arena *arena = &bench->arena;
	unsigned char key[VAULT_KEY_BYTES];
	struct db_options options = {.postgres_url = bench->postgres_url};
	struct cx *cx = &bench->cx;

	if (!options.postgres_url)
		options.sqlite_path = arena_printf(arena, "%s/salve.db", bench->folder).p;
	TRY(installation_key_load(arena, arena_printf(arena, "%s/installation.key", bench->folder).p, true, key));
	*cx = (struct cx){.arena = arena, .who = {.is = WHO_SYSTEM}, .now = instant_read_clock()};
	TRY(vault_open(arena, key, &cx->vault));
	TRY(record_init(cx->vault));
	options.journal_key = vault_journal_key(cx->vault);
	TRY(db_open(arena, &options, &cx->db));
	TRY(db_migrate(cx, schema_migrations, schema_migration_count));
	return vault_bind(cx);
}

/* The teamlets of a simulated clinic have four members. Here a fifth joins each, and all want to be told of each message, so
 * that a send reaches five people and leaves five notices in the outbox. */
struct member {
	account_id account;
	team_id team;
};

static fallible
join(struct tx *tx, void *arg)
{
	const struct member *member = arg;

	return team_add_member(tx, member->team, member->account);
}

static fallible
fill_teams(struct bench *bench)
{
	static const struct db_column MEMBER[] = {COL(struct member, account.v), COL(struct member, team.v)};
	struct db_rows rows;
	struct member *members;

	TRY(db_all(&bench->cx,
	    SQL("SELECT a.id, t.id FROM team t JOIN account a ON a.id = (SELECT o.id FROM account o WHERE o.kind = $1"
		" AND NOT EXISTS (SELECT 1 FROM team_member m WHERE m.team = t.id AND m.account = o.id)"
		" ORDER BY o.id LIMIT 1)"),
	    BIND(DB(WHO_CARE_TEAM)), ROWS(struct member, MEMBER), &rows));
	members = rows.items;
	for (size_t i = 0; i < rows.count; i++)
		TRY(db_write(&bench->cx, join, &members[i]));
	TRY(db_all(
	    &bench->cx, SQL("SELECT account, team FROM team_member"), BIND_NONE, ROWS(struct member, MEMBER), &rows));
	members = rows.items;
	for (size_t i = 0; i < rows.count; i++) {
		struct cx cx = bench->cx;

		cx.conn = NULL;
		cx.who = (struct who){.is = WHO_CARE_TEAM, .account = members[i].account};
		TRY(notice_choice_set(&cx, NOTICES_EACH));
		db_release(&cx);
	}
	return NULL;
}

static fallible
simulate(struct bench *bench)
{
	struct simulate_options options = {.patients = PATIENTS, .seed = 1, .until = INSTANT_NONE};
	struct simulate_report report;

	TRY(simulate_run(&bench->cx, &options, &report));
	db_refresh(&bench->cx);
	return fill_teams(bench);
}

static fallible
find_people(struct bench *bench)
{
	static const struct db_column PERSON[] = {COL(struct person, account.v), COL(struct person, patient.v),
	    COL(struct person, facility.v), COL(struct person, team.v)};
	struct db_rows rows;

	TRY(db_all(&bench->cx,
	    SQL("SELECT a.id, a.patient, a.facility, p.team FROM account a JOIN team_patient p ON p.patient = a.patient"
		" JOIN team t ON t.id = p.team WHERE t.takes_messages = 1 ORDER BY a.id"),
	    BIND_NONE, ROWS(struct person, PERSON), &rows));
	bench->people = rows.items;
	bench->count = rows.count;
	db_release(&bench->cx); /* what threads copy holds no connection */
	return NULL;
}

/* ---- deeds ---- */

/* A patient asks their team: five members. */
static fallible
send_message(struct cx *cx, void *arg, int number, int64_t turn)
{
	struct bench *bench = arg;
	const struct person *person = &bench->people[((size_t)number * 7919 + (size_t)turn * 611953) % bench->count];
	struct sent sent;

	cx->who = (struct who){
	    .is = WHO_PATIENT, .account = person->account, .patient = person->patient, .facility = person->facility};
	return thread_send_new(cx,
	    &(struct thread_new){.key = uuid_new(cx->now),
		.patient = person->patient,
		.team = person->team,
		.category = CATEGORY_MEDICATION,
		.subject = S("Question about my new medicine"),
		.body =
		    S("Good morning. Since I take the new tablets I feel dizzy when I stand up, mostly in the morning. "
		      "My blood pressure at home was 118 over 72 yesterday and 112 over 70 today. Should I go on with "
		      "them, or take half of it until my next appointment? Thank you for your help.")},
	    &sent);
}

static fallible
draft_observation(struct cx *cx, const struct person *person, int64_t n, struct resource_draft **out)
{
	str patient = uuid_text(cx->arena, person->patient.v);
	const struct json_value *json;

	TRY(json_parse(cx->arena,
	    arena_printf(cx->arena,
		"{\"resourceType\":\"Observation\",\"status\":\"final\",\"category\":[{\"coding\":[{\"system\":\"http:/"
		"/"
		"terminology.hl7.org/CodeSystem/"
		"observation-category\",\"code\":\"laboratory\",\"display\":\"Laboratory\"}]}],"
		"\"code\":{\"coding\":[{\"system\":\"http://loinc.org\",\"code\":\"4548-4\",\"display\":\"Hemoglobin "
		"A1c/Hemoglobin.total in Blood\"}],\"text\":\"Hemoglobin "
		"A1c\"},\"subject\":{\"reference\":\"Patient/%.*s\"},"
		"\"effectiveDateTime\":\"2026-0%d-1%dT08:30:00Z\",\"issued\":\"2026-09-19T10:00:00Z\","
		"\"valueQuantity\":{"
		"\"value\":%d.%d,\"unit\":\"%%\",\"system\":\"http://unitsofmeasure.org\",\"code\":\"%%\"}}",
		STR_ARG(patient), (int)(n % 9) + 1, (int)(n % 10), (int)(n % 5) + 5, (int)(n % 10)),
	    &json, NULL));
	return resource_prepare(cx, &(struct resource_new){.patient = person->patient, .json = json}, out);
}

struct put {
	struct resource_draft *drafts[TRANSACTION_SIZE];
	struct resource_put_result results[TRANSACTION_SIZE];
	size_t count;
};

static fallible
put_all(struct tx *tx, void *arg)
{
	struct put *put = arg;

	TRY(resource_put_all(tx, put->drafts, put->count, put->results));
	for (size_t i = 0; i < put->count; i++)
		audit_add(tx, &(struct audit){.action = AUDIT_CREATE,
				  .subject = resource_draft_subject(put->drafts[i]),
				  .patient = resource_draft_patient(put->drafts[i]),
				  .item = resource_key(tx->cx->vault, resource_draft_id(put->drafts[i]))});
	return NULL;
}

/* A transaction of bench->size laboratory results of one patient, parsed, checked, indexed, sealed, audited. */
static fallible
create_resources(struct cx *cx, void *arg, int number, int64_t turn)
{
	struct bench *bench = arg;
	struct put *put = ARENA_NEW(cx->arena, struct put);
	const struct person *person = &bench->people[((size_t)number * 7919 + (size_t)turn * 611953) % bench->count];

	for (put->count = 0; put->count < (size_t)bench->size; put->count++)
		TRY(draft_observation(cx, person, turn + (int64_t)put->count, &put->drafts[put->count]));
	return db_write(cx, put_all, put);
}

static fallible
measure(struct bench *bench, struct bench_figure figure)
{
	figure.cx = &bench->cx;
	figure.is_postgres = bench->postgres_url != NULL;
	figure.arg = bench;
	figure.run_ms = bench->run_ms;
	bench->size = figure.size;
	return bench_measure(&figure);
}

static fallible
run(struct bench *bench)
{
	TRY(open_database(bench));
	TRY(bench_plain_make(&bench->cx));
	TRY(find_people(bench));
	if (bench->count)
		return measure(
		    bench, (struct bench_figure){.what = "send", .deed = send_message, .size = 1, .threads = {32}});
	TRY(simulate(bench));
	TRY(find_people(bench));
	assert(bench->count);
	TRY(measure(
	    bench, (struct bench_figure){.what = "send", .deed = send_message, .size = 1, .threads = {1, 8, 32}}));
	TRY(measure(
	    bench, (struct bench_figure){.what = "create", .deed = create_resources, .size = 1, .threads = {1, 32}}));
	return measure(
	    bench, (struct bench_figure){
		       .what = "transaction", .deed = create_resources, .size = TRANSACTION_SIZE, .threads = {1, 8}});
}

int
main(int argc, char **argv)
{
	struct bench bench = {0};
	int64_t seconds;
	const struct err *error;

	if (argc < 3 || argc > 4 || !str_to_int64(str_from_z(argv[2]), &seconds) || seconds < 1) {
		fputs("usage: bench_send FOLDER SECONDS [DATABASE]\n", stderr);
		return 2;
	}
	bench.folder = argv[1];
	bench.postgres_url = argv[3];
	bench.run_ms = seconds * SECOND_MS;
	error = run(&bench);
	if (error)
		fprintf(stderr, "bench_send: %s\n", error->log ? error->log : error->say);
	if (bench.cx.db)
		db_close(bench.cx.db);
	if (bench.cx.vault)
		vault_close(bench.cx.vault);
	return error ? 1 : 0;
}
