/* SPDX-License-Identifier: Apache-2.0 */
/* Files become entries: shown before they are kept, kept once, with where they come from; what cannot be read is said; all of it can be
 * taken back as long as nothing was changed. */
#include "care/imports/imports_test_help.h"

#include "care/journal/journal_rule.h"

#define PRESSURES                                           \
	"Date,Time,SYS (mmHg),DIA (mmHg),Notes\r\n"         \
	"2026-03-01,08:15,128,82,after coffee\r\n"          \
	"2026-03-02,8:20 pm,131,85,\r\n"                    \
	"2026-03-02,8:20 pm,131,85,\r\n"                    \
	"2026-02-30,08:00,120,80,\r\n"                      \
	"2026-03-03,08:00,12x,80,\"=1+1, \"\"odd\"\"\"\r\n" \
	"2026-03-04,08:00,250,80,\r\n"

static void
a_table_is_shown_before_it_is_kept_and_kept_once(void **state)
{
	const struct import_tally *t;
	struct desk d;

	desk_open(&d, state);
	desk_bring(&d, &d.bo, "cuff.csv", S(PRESSURES));
	assert_int_equal(d.import.state, IMPORT_ASKING);
	assert_string_equal(d.import.facts.columns.log->name, "blood-pressure");
	t = desk_tally(&d, "blood-pressure");
	assert_non_null(t);
	assert_int_equal(t->read, 6);
	assert_int_equal(t->staged, 3);
	assert_int_equal(t->doubled, 1);
	assert_int_equal(t->refused, 2);
	assert_int_equal(t->unusual, 1);
	assert_str_equal(desk_log(&d, &d.bo, "blood-pressure"), "");
	assert_str_equal(desk_refused(&d, &d.bo),
	    "5,\"When: \"\"2026-02-30\"\" is no date in the order that you chose.\",2026-02-30,08:00,120,80,\"\"\r\n"
	    "6,\"Upper number (systolic): \"\"12x\"\" is no number in a unit of this log.\",2026-03-03,08:00,12x,80,"
	    "\"'=1+1, \"\"odd\"\"\"\r\n");
	desk_keep(&d, &d.bo);
	assert_int_equal(d.import.state, IMPORT_KEPT);
	assert_int_equal(desk_tally(&d, "blood-pressure")->kept, 3);
	assert_str_equal(desk_log(&d, &d.bo, "blood-pressure"),
	    "2026-03-01T08:15:00-05:00 128/82 mmHg | after coffee [cuff.csv]\n"
	    "2026-03-02T20:20:00-05:00 131/85 mmHg [cuff.csv]\n"
	    "2026-03-04T08:00:00-05:00 250/80 mmHg [cuff.csv]\n");
	desk_bring(&d, &d.bo, "cuff.csv", S(PRESSURES)); /* the same again */
	assert_int_equal(desk_tally(&d, "blood-pressure")->staged, 0);
	assert_int_equal(desk_tally(&d, "blood-pressure")->here, 3);
	{ /* private by default */
		struct db_rows rows;

		assert_fails(
		    journal_entries(&d.ben,
			&JOURNAL_QUERY(.patient = d.p.bo, .log = journal_log_find(S("blood-pressure")), .count = 9),
			&rows, NULL),
		    ERR_GONE);
	}
	desk_close(&d);
}

static void
columns_are_guessed_in_english_and_spanish(void **state)
{
	static const struct {
		const char *text, *log, *kept;
	} files[] = {
	    {"Fecha;Peso (kg);Comentarios\n04/03/2026;81,5;en ayunas\n15/03/2026;81;\n", "weight",
		"2026-03-04 81.5 kg | en ayunas [f.csv]\n2026-03-15 81 kg [f.csv]\n"},
	    {"Date,Weight\n3/4/2026,182.5\n3/25/2026,183 lbs\n", "weight",
		"2026-03-04 182.5 lb [f.csv]\n2026-03-25 183 lb [f.csv]\n"},
	    {"Fecha y hora\tGlucosa\n2026-03-04 07:00\t5.4\n2026-03-05 07:00\t6.1\n", "blood-sugar",
		"2026-03-04T07:00:00-05:00 5.4 mmol/L [f.csv]\n2026-03-05T07:00:00-05:00 6.1 mmol/L [f.csv]\n"},
	    {"Timestamp,Temperature\n2026-03-04T07:00:00Z,98.6\n", "temperature",
		"2026-03-04T07:00:00+00:00 98.6 \xC2\xB0"
		"F [f.csv]\n"},
	    {"Name of the medicine or supplement,Dosis\nVitamina D,\"1000 IU, daily\"\n", "medicines",
		"Vitamina D | 1000 IU, daily | I take it now [f.csv]\n"},
	};
	struct desk d;

	desk_open(&d, state);
	for (size_t i = 0; i < sizeof(files) / sizeof(files[0]); i++) {
		struct uuid first;

		desk_bring(&d, &d.bo, "f.csv", str_from_z(files[i].text));
		first = d.import.id;
		if (d.import.state != IMPORT_ASKING)
			fail_msg("%s: %.*s", files[i].text, STR_ARG(d.import.facts.wrong));
		assert_string_equal(d.import.facts.columns.log->name, files[i].log);
		desk_keep(&d, &d.bo);
		assert_int_equal(d.import.state, IMPORT_KEPT);
		if (strcmp(files[i].log, "medicines") != 0)
			assert_str_equal(desk_log(&d, &d.bo, files[i].log), files[i].kept);
		else
			assert_true(str_starts(desk_log(&d, &d.bo, files[i].log), S("Vitamina D | 1000 IU, daily")) ||
				    str_contains(desk_log(&d, &d.bo, files[i].log), S("Vitamina D | 1000 IU, daily")));
		d.import.id = first;
		assert_ok(import_take_back(&d.bo, &d.import));
		assert_ok(import_step(&d.bo, &d.import));
		desk_look(&d, &d.bo);
		assert_int_equal(d.import.state, IMPORT_BACK);
	}
	desk_close(&d);
}

static void
an_import_is_taken_back_whole_and_may_come_again(void **state)
{
	struct desk d;
	str before;

	desk_open(&d, state);
	desk_bring(&d, &d.bo, "cuff.csv", S(PRESSURES));
	desk_keep(&d, &d.bo);
	before = desk_log(&d, &d.bo, "blood-pressure");
	assert_ok(import_take_back(&d.bo, &d.import));
	assert_ok(import_step(&d.bo, &d.import));
	desk_look(&d, &d.bo);
	assert_int_equal(d.import.state, IMPORT_BACK);
	assert_str_equal(desk_log(&d, &d.bo, "blood-pressure"), "");
	desk_bring(&d, &d.bo, "cuff.csv", S(PRESSURES));
	assert_int_equal(desk_tally(&d, "blood-pressure")->staged, 3);
	desk_keep(&d, &d.bo);
	assert_int_equal(desk_tally(&d, "blood-pressure")->kept, 3);
	assert_true(str_equal(desk_log(&d, &d.bo, "blood-pressure"), before));
	desk_close(&d);
}

static void
what_was_changed_stays_and_what_was_taken_away_does_not_come_back(void **state)
{
	const struct journal_entry *entries;
	struct db_rows rows;
	struct desk d;

	desk_open(&d, state);
	desk_bring(&d, &d.bo, "cuff.csv", S(PRESSURES));
	desk_keep(&d, &d.bo);
	assert_ok(journal_entries(&d.bo,
	    &JOURNAL_QUERY(.patient = d.p.bo, .log = journal_log_find(S("blood-pressure")), .count = 9), &rows, NULL));
	entries = rows.items;
	assert_ok(journal_entry_remove(&d.bo, d.p.bo, entries[0].log, entries[0].id));
	desk_look(&d, &d.bo);
	assert_fails(import_take_back(&d.bo, &d.import), ERR_CONFLICT);
	desk_bring(&d, &d.bo, "cuff.csv", S(PRESSURES));
	assert_int_equal(desk_tally(&d, "blood-pressure")->staged, 0);
	assert_int_equal(desk_tally(&d, "blood-pressure")->here, 3);
	desk_close(&d);
}

static void
nothing_is_left_of_what_was_stopped(void **state)
{
	struct desk d;
	int64_t chunks;
	bool gone;

	desk_open(&d, state);
	desk_bring(&d, &d.bo, "cuff.csv", S(PRESSURES));
	assert_ok(import_cancel(&d.bo, &d.import, &gone));
	assert_true(gone);
	assert_ok(db_one(&d.bo, SQL("SELECT count(*) FROM import_chunk"), BIND_NONE, INTO(&chunks, ONE_INT)));
	assert_int_equal(chunks, 0);
	assert_fails(import_get(&d.bo, d.p.bo, d.import.id, &d.import), ERR_GONE);
	desk_bring(&d, &d.bo, "cuff.csv", S(PRESSURES));
	desk_keep(&d, &d.bo);
	assert_fails(import_cancel(&d.bo, &d.import, &gone), ERR_CONFLICT);
	assert_ok(db_one(
	    &d.bo, SQL("SELECT count(*) FROM import_chunk WHERE part IN (0, 1)"), BIND_NONE, INTO(&chunks, ONE_INT)));
	assert_int_equal(chunks, 0); /* the file is thrown away */
	d.bo.now = instant_add_ms(d.bo.now, IMPORT_REFUSED_DAYS * DAY_MS + HOUR_MS);
	assert_ok(imports_work(&d.bo));
	desk_look(&d, &d.bo);
	assert_int_equal(d.import.state, IMPORT_KEPT); /* its report stays */
	assert_int_equal(d.import.refused, 0);
	desk_close(&d);
}

static void
observations_come_with_their_units_and_devices(void **state)
{
	static const char bundle[] =
	    "{\"resourceType\":\"Bundle\",\"type\":\"collection\",\"entry\":["
	    "{\"resource\":{\"resourceType\":\"Patient\",\"id\":\"x\"}},"
	    "{\"resource\":{\"resourceType\":\"Observation\",\"status\":\"final\",\"code\":{\"coding\":[{\"system\":"
	    "\"http://loinc.org\","
	    "\"code\":\"85354-9\"}]},\"effectiveDateTime\":\"2026-03-01T08:00:00-05:00\",\"device\":{\"display\":"
	    "\"OMRON\"},\"component\":["
	    "{\"code\":{\"coding\":[{\"system\":\"http://"
	    "loinc.org\",\"code\":\"8480-6\"}]},\"valueQuantity\":{\"value\":128,\"code\":\"mm[Hg]\"}},"
	    "{\"code\":{\"coding\":[{\"system\":\"http://"
	    "loinc.org\",\"code\":\"8462-4\"}]},\"valueQuantity\":{\"value\":82.0,\"unit\":\"mmHg\"}}]}},"
	    "{\"resource\":{\"resourceType\":\"Observation\",\"status\":\"final\",\"code\":{\"coding\":[{\"system\":"
	    "\"http://loinc.org\","
	    "\"code\":\"29463-7\"}]},\"effectivePeriod\":{\"start\":\"2026-03-01\"},\"valueQuantity\":{\"value\":81646."
	    "6,\"code\":\"g\"}}},"
	    "{\"resource\":{\"resourceType\":\"Observation\",\"status\":\"final\",\"code\":{\"coding\":[{\"system\":"
	    "\"http://loinc.org\","
	    "\"code\":\"29463-7\"}]},\"effectiveDateTime\":\"2026-03-02\",\"valueQuantity\":{\"value\":12,\"code\":\"["
	    "stone_av]\"}}},"
	    "{\"resource\":{\"resourceType\":\"Observation\",\"status\":\"entered-in-error\",\"code\":{\"coding\":[{"
	    "\"system\":\"http://loinc.org\","
	    "\"code\":\"8867-4\"}]},\"effectiveDateTime\":\"2026-03-02\",\"valueQuantity\":{\"value\":70,\"code\":\"/"
	    "min\"}}},"
	    "{\"resource\":{\"resourceType\":\"Observation\",\"status\":\"final\",\"code\":{\"coding\":[{\"system\":"
	    "\"http://loinc.org\","
	    "\"code\":\"8867-4\"}]},\"effectiveInstant\":\"2026-03-02T10:00:00Z\",\"valueQuantity\":{\"value\":70,"
	    "\"code\":\"/min\"}}},"
	    "{\"resource\":{\"resourceType\":\"Observation\",\"status\":\"final\",\"code\":{\"text\":\"Mood\"},"
	    "\"valueString\":\"good\"}}]}";
	struct desk d;

	desk_open(&d, state);
	desk_bring(&d, &d.bo, "phone.json", str_from_z(bundle));
	assert_int_equal(d.import.state, IMPORT_ASKING);
	assert_int_equal(desk_tally(&d, "Patient")->aside[ASIDE_NO_LOG], 1);
	assert_int_equal(desk_tally(&d, "Mood")->aside[ASIDE_NO_LOG], 1);
	assert_int_equal(desk_tally(&d, "8867-4")->aside[ASIDE_ERROR], 1);
	assert_int_equal(desk_tally(&d, "29463-7")->refused, 1);
	assert_true(str_contains(desk_refused(&d, &d.bo), S("[stone_av]")));
	desk_keep(&d, &d.bo);
	assert_str_equal(
	    desk_log(&d, &d.bo, "blood-pressure"), "2026-03-01T08:00:00-05:00 128/82 mmHg | OMRON [OMRON]\n");
	assert_str_equal(desk_log(&d, &d.bo, "weight"), "2026-03-01 81.647 kg [phone.json]\n");
	assert_str_equal(desk_log(&d, &d.bo, "heart-rate"), "2026-03-02T10:00:00Z 70 beats a minute [phone.json]\n");
	desk_close(&d);
}

static void
lines_of_json_are_read_one_by_one(void **state)
{
#define PULSE(value, day)                                                                                    \
	"{\"resourceType\":\"Observation\",\"status\":\"final\",\"code\":{\"coding\":[{\"system\":\"http://" \
	"loinc.org\",\"code\":"                                                                              \
	"\"8867-4\"}]},\"effectiveDateTime\":\"" day "\",\"valueQuantity\":{\"value\":" value ",\"code\":\"/min\"}}\n"
	struct desk d;

	desk_open(&d, state);
	desk_bring(&d, &d.bo, "pulse.ndjson",
	    S(PULSE("70", "2026-03-01") "{oops\n\n" PULSE("71", "2026-03-02") PULSE("\"NaN\"", "2026-03-03")
		    PULSE("1e999", "2026-03-04") PULSE("72", "2026-02-30")));
	assert_int_equal(d.import.state, IMPORT_ASKING);
	assert_int_equal(desk_tally(&d, "?")->refused, 1);
	assert_int_equal(desk_tally(&d, "8867-4")->staged, 2);
	assert_int_equal(desk_tally(&d, "8867-4")->refused, 3);
	assert_true(str_starts(desk_refused(&d, &d.bo), S("2,This line is no whole JSON text.,{oops\r\n5,")));
	desk_close(&d);
}

static void
what_is_no_file_of_these_kinds_is_refused_with_words(void **state)
{
	static const struct {
		str text;
	} files[] = {
	    {S_INIT("<html><body/></html>")},
	    {S_INIT("<HealthData><Record")},
	    {S_INIT("<!DOCTYPE a [<!ENTITY b \"x\">]><HealthData>&b;</HealthData>")},
	    {S_INIT("{\"resourceType\":")},
	    {S_INIT("PK\3\4 no archive")},
	    {S_INIT("\n\n\n")},
	    {S_INIT("\0\0\0\0\0")},
	};
	struct desk d;
	bool gone;

	desk_open(&d, state);
	for (size_t i = 0; i < sizeof(files) / sizeof(files[0]); i++) {
		desk_bring(&d, &d.bo, "strange", files[i].text);
		assert_int_equal(d.import.state, IMPORT_FAILED);
		assert_true(d.import.facts.wrong.n > 0);
		assert_ok(import_cancel(&d.bo, &d.import, &gone));
		assert_true(gone);
	}
	assert_fails(import_begin(&d.bo, &(struct import_new){uuid_new(d.bo.now), d.p.bo, S("empty"), 0}), ERR_INVALID);
	desk_close(&d);
}

static void
who_acts_for_the_patient_brings_into_open_logs_only(void **state)
{
	struct desk d;
	struct import seen;

	desk_open(&d, state);
	desk_bring(&d, &d.bo, "bo.csv", S(PRESSURES));
	seen = d.import;
	assert_ok(journal_share_set(
	    &d.bo, d.p.bo, journal_log_find(S("weight"))->number, &(account_id){d.p.maria_account.v}, 1));
	db_refresh(&d.maria);
	assert_fails(import_get(&d.maria, d.p.bo, seen.id, &seen), ERR_GONE); /* what Bo brings is his */
	desk_bring(&d, &d.maria, "both.ndjson",
	    S("{\"resourceType\":\"Observation\",\"status\":\"final\",\"code\":{\"coding\":[{\"system\":\"http://"
	      "loinc.org\",\"code\":"
	      "\"29463-7\"}]},\"effectiveDateTime\":\"2026-03-01\",\"valueQuantity\":{\"value\":80,\"code\":\"kg\"}}\n"
	      "{\"resourceType\":\"Observation\",\"status\":\"final\",\"code\":{\"coding\":[{\"system\":\"http://"
	      "loinc.org\",\"code\":"
	      "\"8867-4\"}]},\"effectiveDateTime\":\"2026-03-01\",\"valueQuantity\":{\"value\":70,\"code\":\"/"
	      "min\"}}\n"));
	assert_int_equal(desk_tally(&d, "29463-7")->staged, 1);
	assert_int_equal(desk_tally(&d, "8867-4")->aside[ASIDE_CLOSED], 1);
	assert_ok(journal_share_set(&d.bo, d.p.bo, journal_log_find(S("weight"))->number, NULL, 0));
	d.maria.now.ms = d.bo.now.ms += SECOND_MS;
	db_refresh(&d.maria);
	assert_ok(import_keep(&d.maria, &d.import)); /* closed meanwhile: nothing is kept */
	assert_ok(import_step(&d.maria, &d.import));
	desk_look(&d, &d.maria);
	assert_int_equal(d.import.state, IMPORT_FAILED);
	assert_str_equal(desk_log(&d, &d.bo, "weight"), "");
	people_delegate(d.world, &d.p, RIGHT_RECORD_READ);
	db_refresh(&d.maria);
	assert_fails(import_begin(&d.maria, &(struct import_new){uuid_new(d.bo.now), d.p.bo, S("x"), 9}), ERR_DENIED);
	assert_fails(import_begin(&d.ben, &(struct import_new){uuid_new(d.bo.now), d.p.bo, S("x"), 9}), ERR_GONE);
	desk_close(&d);
}

/* ---- limits ---- */

static int64_t
alerts(struct desk *d)
{
	int64_t count;

	db_refresh(&d->bo);
	assert_ok(db_one(&d->bo, SQL("SELECT count(*) FROM journal_alert"), BIND_NONE, INTO(&count, ONE_INT)));
	return count;
}

static str
weights(struct desk *d, int64_t days_ago, int count)
{
	struct buf out = BUF_INIT(&d->world->arena);

	buf_add(&out, S("Date,Weight (kg)\n"));
	for (int i = 0; i < count; i++) {
		instant at = instant_add_ms(d->bo.now, -days_ago * DAY_MS - i * HOUR_MS);

		buf_printf(&out, "%.*s,%d\n", STR_ARG(fhir_instant_text(&d->world->arena, at)), 110 + i);
	}
	return buf_str(&out);
}

static void
old_readings_raise_no_alert_and_new_ones_raise_one(void **state)
{
	struct journal_rule rule = {
	    .log = 4, .kind = RULE_ABOVE, .low = RULE_OPEN_LOW, .high = 100000, .times = 2, .days = 30};
	struct desk d;

	desk_open(&d, state);
	rule.id = uuid_new(d.bo.now);
	rule.patient = d.p.bo;
	rule.team = d.p.birch;
	assert_ok(journal_share_set(&d.bo, d.p.bo, 4, &SHARE_CARE_TEAM, 1));
	assert_ok(journal_rule_add(&d.bo, &rule));
	desk_bring(&d, &d.bo, "old.csv", weights(&d, JOURNAL_BRING_ALERT_DAYS + 1, 5));
	desk_keep(&d, &d.bo);
	assert_int_equal(d.import.state, IMPORT_KEPT);
	assert_int_equal(alerts(&d), 0);
	desk_bring(&d, &d.bo, "one.csv", weights(&d, 2, 1)); /* with an old one it would be two in a row */
	desk_keep(&d, &d.bo);
	assert_int_equal(alerts(&d), 0);
	desk_bring(&d, &d.bo, "new.csv", weights(&d, 1, 20));
	desk_keep(&d, &d.bo);
	assert_int_equal(desk_tally(&d, "weight")->kept, 20);
	assert_int_equal(alerts(&d), 1);
	desk_bring(&d, &d.bo, "more.csv", weights(&d, 0, 5));
	desk_keep(&d, &d.bo);
	assert_int_equal(alerts(&d), 1);
	desk_close(&d);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    WORLD_TEST(a_table_is_shown_before_it_is_kept_and_kept_once),
	    WORLD_TEST(columns_are_guessed_in_english_and_spanish),
	    WORLD_TEST(an_import_is_taken_back_whole_and_may_come_again),
	    WORLD_TEST(what_was_changed_stays_and_what_was_taken_away_does_not_come_back),
	    WORLD_TEST(nothing_is_left_of_what_was_stopped),
	    WORLD_TEST(observations_come_with_their_units_and_devices),
	    WORLD_TEST(lines_of_json_are_read_one_by_one),
	    WORLD_TEST(what_is_no_file_of_these_kinds_is_refused_with_words),
	    WORLD_TEST(who_acts_for_the_patient_brings_into_open_logs_only),
	    WORLD_TEST(old_readings_raise_no_alert_and_new_ones_raise_one),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
