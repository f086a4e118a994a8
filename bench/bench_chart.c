/* SPDX-License-Identifier: Apache-2.0 */
/* One patient with a chart of a given size for ./dev bench, stored by the functions that an import calls.
 *	bench_chart FOLDER RESOURCES|FILE
 * makes the database in FOLDER and prints one line of JSON: how long it took, how many entries, and the patient's sign-in name.  What a
 * chart of decades holds: mostly results and readings, then notes, reports, medicines, visits and the rest. Of a FILE: what is in it. */
#include <stdio.h>

#include "bench_load.h"
#include "care/organization/organization.h"
#include "care/record/record.h"
#include "exchange/fhir_import/fhir_import.h"
#include "platform/format/base64.h"
#include "platform/format/json.h"
#include "schema.h"

#define AT_ONCE 200
#define HOURS   160000 /* eighteen years */

struct chart {
	struct arena arena;
	struct cx cx;
	struct facility facility;
	patient_id patient;
	account_id account;
	int64_t count;
	const char *file; /* NULL: so many entries of our own */
	struct account_sealed *sealed_account;
	struct patient_sealed *sealed_patient;
};

static fallible
open_database(struct chart *chart, const char *folder)
{
	struct arena *arena = &chart->arena;
	unsigned char key[VAULT_KEY_BYTES];
	struct db_options options = {.sqlite_path = arena_printf(arena, "%s/salve.db", folder).p};
	struct cx *cx = &chart->cx;

	TRY(installation_key_load(arena, arena_printf(arena, "%s/installation.key", folder).p, true, key));
	*cx = (struct cx){.arena = arena, .who = {.is = WHO_SYSTEM}, .now = instant_read_clock()};
	TRY(vault_open(arena, key, &cx->vault));
	options.journal_key = vault_journal_key(cx->vault);
	TRY(db_open(arena, &options, &cx->db));
	TRY(db_migrate(cx, schema_migrations, schema_migration_count));
	TRY(vault_bind(cx));
	return record_init(cx->vault);
}

static const struct err *
put_facility(struct tx *tx, void *arg)
{
	const struct chart *chart = arg;

	TRY(simulated_mark(tx));
	return facility_create(tx, &chart->facility);
}

/* The patient of a file came with it. */
static const struct err *
put_people(struct tx *tx, void *arg)
{
	struct chart *chart = arg;

	if (!chart->file)
		TRY(patient_put(tx, chart->sealed_patient));
	return account_put(tx, chart->sealed_account);
}

static fallible
make_facility(struct chart *chart)
{

	chart->facility = (struct facility){.id = {uuid_new(chart->cx.now)},
	    .name = S("Measured Clinic"),
	    .zone = S("America/New_York"),
	    .emergency_number = S("911"),
	    .reply_days = 3};
	return db_write(&chart->cx, put_facility, chart);
}

static fallible
make_people(struct chart *chart)
{
	str name = S("Patient of decades");

	chart->account = (account_id){uuid_new(chart->cx.now)};
	TRY(patient_seal(&chart->cx,
	    &(struct patient_new){
		.id = chart->patient, .facility = chart->facility.id, .name = name, .names = &name, .name_count = 1},
	    &chart->sealed_patient));
	TRY(account_seal(&chart->cx,
	    &(struct account_new){.id = chart->account,
		.role = ROLE_NONE,
		.facility = chart->facility.id,
		.patient = chart->patient,
		.login = S("decades"),
		.name = name},
	    &chart->sealed_account));
	return db_write(&chart->cx, put_people, chart);
}

/* ---- entries ---- */

#define CATEGORY(code) "\"category\":[{\"coding\":[{\"code\":\"" code "\"}]}]"

/* Out of a hundred entries: so many of each kind. %lld: a number of it, then when. */
static const struct kind {
	int share;
	const char *type, *subject, *rest;
} kinds[] = {
    {45, "Observation", "subject",
	CATEGORY("laboratory") ",\"status\":\"final\",\"code\":{\"coding\":[{\"system\":\"http://loinc.org\",\"code\":"
			       "\"bench-%lld\"}],\"text\":\"Test number %lld\"},\"effectiveDateTime\":\"%.*s\","
			       "\"valueQuantity\":{\"value\":5.4,\"unit\":\"mmol/L\"},"
			       "\"referenceRange\":[{\"low\":{\"value\":3.5},\"high\":{\"value\":5.1}}]"},
    {27, "Observation", "subject",
	CATEGORY("vital-signs") ",\"status\":\"final\",\"code\":{\"coding\":[{\"system\":\"http://loinc.org\",\"code\":"
				"\"vital-%lld\"}],\"text\":\"Reading %lld\"},\"effectiveDateTime\":\"%.*s\","
				"\"valueQuantity\":{\"value\":72,\"unit\":\"/min\"}"},
    {8, "DiagnosticReport", "subject",
	CATEGORY("LAB") ",\"status\":\"final\",\"code\":{\"coding\":[{\"code\":\"panel-%lld\"}],\"text\":\"Panel "
			"%lld\"},\"effectiveDateTime\":\"%.*s\""},
    {2, "DiagnosticReport", "subject",
	CATEGORY("RAD") ",\"status\":\"final\",\"code\":{\"coding\":[{\"code\":\"scan-%lld\"}],\"text\":\"Scan "
			"%lld\"},\"effectiveDateTime\":\"%.*s\",\"conclusion\":\"Nothing acute.\""},
    {5, "DocumentReference", "subject",
	CATEGORY("clinical-note") ",\"status\":\"current\",\"type\":{\"coding\":[{\"code\":\"note-%lld\"}],\"text\":"
				  "\"Note %lld\"},\"date\":\"%.*s\",\"content\":[{\"attachment\":{\"contentType\":"
				  "\"text/plain\",\"data\":\"VGhlIHBhdGllbnQgaXMgd2VsbC4=\"}}]"},
    {1, "DocumentReference", "subject",
	"\"status\":\"current\",\"type\":{\"coding\":[{\"code\":\"letter-%lld\"}],\"text\":\"Letter %lld\"},\"date\":"
	"\"%.*s\",\"content\":[{\"attachment\":{\"contentType\":\"text/plain\",\"data\":\"RGVhciBjb2xsZWFndWUu\"}}]"},
    {3, "MedicationRequest", "subject",
	"\"status\":\"completed\",\"intent\":\"order\",\"medicationCodeableConcept\":{\"coding\":[{\"code\":\"med-%"
	"lld\"}]"
	",\"text\":\"Medicine %lld\"},\"authoredOn\":\"%.*s\""},
    {3, "Encounter", "subject",
	"\"status\":\"finished\",\"class\":{\"code\":\"AMB\"},\"type\":[{\"coding\":[{\"code\":\"visit-%lld\"}],"
	"\"text\":"
	"\"Visit %lld\"}],\"period\":{\"start\":\"%.*s\"}"},
    {2, "Procedure", "subject",
	"\"status\":\"completed\",\"code\":{\"coding\":[{\"code\":\"proc-%lld\"}],\"text\":\"Procedure %lld\"},"
	"\"performedDateTime\":\"%.*s\""},
    {1, "Condition", "subject",
	"\"clinicalStatus\":{\"coding\":[{\"code\":\"resolved\"}]},\"code\":{\"coding\":[{\"code\":\"cond-%lld\"}],"
	"\"text\":\"Condition %lld\"},\"onsetDateTime\":\"%.*s\""},
    {1, "Immunization", "patient",
	"\"status\":\"completed\",\"vaccineCode\":{\"coding\":[{\"code\":\"vac-%lld\"}],\"text\":\"Vaccine %lld\"},"
	"\"occurrenceDateTime\":\"%.*s\""},
    {1, "CarePlan", "subject",
	"\"status\":\"completed\",\"intent\":\"plan\",\"category\":[{\"coding\":[{\"code\":\"plan-%lld\"}],\"text\":"
	"\"Plan "
	"%lld\"}],\"period\":{\"start\":\"%.*s\"}"},
    {1, "Claim", "patient",
	"\"status\":\"active\",\"type\":{\"coding\":[{\"code\":\"claim-%lld\"}],\"text\":\"Claim "
	"%lld\"},\"use\":\"claim\","
	"\"created\":\"%.*s\",\"provider\":{\"display\":\"Clinic\"},\"priority\":{\"coding\":[{\"code\":\"normal\"}]},"
	"\"insurance\":[{\"sequence\":1,\"focal\":true,\"coverage\":{\"display\":\"Plan\"}}]"},
};
#define KIND_COUNT (sizeof(kinds) / sizeof(kinds[0]))

static const struct kind *
kind_of(int64_t n)
{
	int64_t at = n % 100;
	size_t i = 0;

	while (i + 1 < KIND_COUNT && at >= kinds[i].share)
		at -= kinds[i++].share;
	return &kinds[i];
}

static fallible
make_draft(struct cx *cx, const struct chart *chart, int64_t n, struct resource_draft **out)
{
	const struct kind *kind = kind_of(n);
	instant at = instant_add_ms(cx->now, -(HOURS - n * HOURS / chart->count) * HOUR_MS);
	str when = fhir_instant_text(cx->arena, at), id = arena_printf(cx->arena, "chart-%lld", (long long)n);
	str rest =
	    arena_printf(cx->arena, kind->rest, (long long)(n / 100 % 60), (long long)(n / 100 % 60), STR_ARG(when));
	str text = arena_printf(cx->arena,
	    "{\"resourceType\":\"%s\",\"id\":\"%.*s\",\"%s\":{\"reference\":\"Patient/%.*s\"},%.*s}", kind->type,
	    STR_ARG(id), kind->subject, STR_ARG(uuid_text(cx->arena, chart->patient.v)), STR_ARG(rest));
	const struct json_value *json;

	TRY(json_parse(cx->arena, text, &json, NULL));
	return resource_prepare(
	    cx, &(struct resource_new){.patient = chart->patient, .json = json, .id = id, .updated = at}, out);
}

struct batch {
	struct resource_draft *drafts[AT_ONCE];
	size_t count;
};

static fallible
put_batch(struct tx *tx, void *arg)
{
	struct batch *batch = arg;
	struct resource_put_result results[AT_ONCE];

	return resource_put_all(tx, batch->drafts, batch->count, results);
}

static fallible
make(struct chart *chart)
{
	struct arena arena = ARENA_INIT;
	const struct err *error = NULL;

	chart->patient = (patient_id){uuid_new(chart->cx.now)};
	TRY(make_facility(chart));
	TRY(make_people(chart));
	db_release(&chart->cx);
	for (int64_t n = 0; n < chart->count && !error;) {
		struct batch batch = {.count = 0};
		struct cx cx = chart->cx;

		cx.arena = &arena;
		for (; batch.count < AT_ONCE && n < chart->count && !error; n++)
			error = make_draft(&cx, chart, n, &batch.drafts[batch.count++]);
		if (!error)
			error = db_write(&cx, put_batch, &batch);
		error = error ? err_copy(&chart->arena, error) : NULL;
		db_release(&cx);
		arena_clear(&arena);
	}
	arena_release(&arena);
	return error;
}

/* ---- of a file ---- */

static fallible
read_patient(struct chart *chart)
{
	struct buf text = BUF_INIT(&chart->arena);
	FILE *file = fopen(chart->file, "rb");
	const struct json_value *bundle;
	char chunk[64 * 1024];
	size_t n;

	if (!file)
		return ERR(ERR_INVALID, "There is no such file.", "no such file");
	while ((n = fread(chunk, 1, sizeof(chunk), file)) > 0)
		buf_add(&text, (str){chunk, n});
	fclose(file);
	TRY(json_parse(&chart->arena, buf_str(&text), &bundle, NULL));
	json_each_item (json_get(bundle, "entry"), entry) {
		chart->count++;
		if (str_equal(json_text_at(entry, "resource.resourceType"), S("Patient")))
			chart->patient.v = resource_key(chart->cx.vault, json_text_at(entry, "resource.id"));
	}
	return uuid_is_none(chart->patient.v) ? ERR(ERR_INVALID, "The file has no patient.", "no patient") : NULL;
}

static fallible
take(struct chart *chart)
{
	struct fhir_import_report report;

	TRY(read_patient(chart));
	TRY(make_facility(chart));
	TRY(fhir_import_run(&chart->cx,
	    &(struct fhir_import_options){.paths = &chart->file, .path_count = 1, .facility = chart->facility.id},
	    &report));
	db_release(&chart->cx);
	TRY(make_people(chart));
	db_release(&chart->cx);
	return NULL;
}

int
main(int argc, char **argv)
{
	struct chart chart = {0};
	int64_t begun = instant_read_clock().ms;
	const struct err *error;

	if (argc != 3) {
		fputs("usage: bench_chart FOLDER RESOURCES|FILE\n", stderr);
		return 2;
	}
	if (!str_to_int64(str_from_z(argv[2]), &chart.count))
		chart.file = argv[2];
	error = open_database(&chart, argv[1]);
	if (!error)
		error = chart.file ? take(&chart) : make(&chart);
	if (error)
		fprintf(stderr, "bench_chart: %s\n", error->log ? error->log : error->say);
	else
		printf("{\"milliseconds\":%lld,\"entries\":%lld,\"login\":\"decades\"}\n",
		    (long long)(instant_read_clock().ms - begun), (long long)chart.count);
	if (chart.cx.db)
		db_close(chart.cx.db);
	if (chart.cx.vault)
		vault_close(chart.cx.vault);
	return error ? 1 : 0;
}
