/* SPDX-License-Identifier: Apache-2.0 */
/* Exports of Apple Health: kinds of records, halves of blood pressures, full days, sums; going on after an interruption anywhere; each
 * statement fails in turn. */
#include "care/imports/import_days.h"
#include "care/imports/imports_test_help.h"
#include "platform/format/zip.h"

#define HEAD                                                                                        \
	"<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<!DOCTYPE HealthData [\n<!ELEMENT HealthData " \
	"(ExportDate,Me)>\n]>\n"                                                                    \
	"<HealthData locale=\"en_US\">\n<ExportDate value=\"2026-03-05 10:00:00 -0500\"/>\n<Me/>\n"
#define TAIL "</HealthData>\n"
#define AT(day, time) \
	"creationDate=\"2026-03-" day " " time " -0500\" startDate=\"2026-03-" day " " time " -0500\" endDate=\"x\""
#define RECORD(type, unit, value, app, day, time)                                               \
	"<Record type=\"HKQuantityTypeIdentifier" type "\" sourceName=\"" app "\" unit=\"" unit \
	"\" " AT(day, time) " value=\"" value "\"/>\n"

static void
records_become_entries_with_their_source(void **state)
{
	struct desk d;

	desk_open(&d, state);
	desk_bring(&d, &d.bo, "export.xml",
	    S(HEAD
		"<Record type=\"HKQuantityTypeIdentifierBodyMass\" sourceName=\"Health Mate\" "
		"device=\"&lt;&lt;HKDevice: 0x1&gt;, name:Body+, model:Body+&gt;\" unit=\"lb\" "
		"creationDate=\"2026-03-01 08:05:00 -0500\" startDate=\"2026-03-01 08:00:00 -0500\" "
		"value=\"182.49999999\"><MetadataEntry "
		"key=\"x\" value=\"y\"/></Record>\n" RECORD("BloodPressureSystolic", "mmHg", "128", "OMRON", "01",
		    "08:00:00") RECORD("BloodPressureDiastolic", "mmHg", "82", "OMRON", "01",
		    "08:00:00") "<Correlation type=\"HKCorrelationTypeIdentifierBloodPressure\" " AT("01",
		    "08:00:00") ">" RECORD("BloodPressureSystolic", "mmHg", "128", "OMRON", "01", "08:00:00")
		    RECORD("BloodPressureDiastolic", "mmHg", "82", "OMRON", "01", "08:00:00") "</Correlation>\n" RECORD(
			"BloodPressureSystolic", "mmHg", "131", "OMRON", "02", "08:00:00") RECORD("OxygenSaturation",
			"%", "0.965", "Watch", "01", "09:00:00") RECORD("BodyTemperature", "degF", "98.6", "Thermo",
			"01", "09:00:00") RECORD("BloodGlucose", "mmol&lt;180.1558800000541&gt;/L", "5.4", "Contour",
			"01", "09:00:00") RECORD("RestingHeartRate", "count/min", "61", "Watch", "01", "23:00:00")
			RECORD("Height", "ft", "5.9", "iPhone", "01", "09:00:00") RECORD("BodyMass", "st", "12",
			    "iPhone", "01", "09:00:00") RECORD("BodyMass", "kg", "NaN", "iPhone", "01", "09:00:00")
			    RECORD("BodyMass", "kg", "80", "iPhone", "40",
				"09:00:00") "<Workout workoutActivityType=\"HKWorkoutActivityTypeRunning\" "
					    "duration=\"32.51\" durationUnit=\"min\" "
					    "sourceName=\"Watch\" " AT("01",
						"18:00:00") "><WorkoutStatistics/></Workout>\n"
							    "<ActivitySummary dateComponents=\"2026-03-01\"/>" TAIL));
	assert_int_equal(d.import.state, IMPORT_ASKING);
	desk_keep(&d, &d.bo);
	assert_int_equal(d.import.state, IMPORT_KEPT);
	assert_str_equal(
	    desk_log(&d, &d.bo, "weight"), "2026-03-01T08:00:00-05:00 182.5 lb | Body+ [Apple Health: Health Mate]\n");
	assert_str_equal(
	    desk_log(&d, &d.bo, "blood-pressure"), "2026-03-01T08:00:00-05:00 128/82 mmHg [Apple Health: OMRON]\n");
	assert_str_equal(desk_log(&d, &d.bo, "oxygen"), "2026-03-01T09:00:00-05:00 96.5 % [Apple Health: Watch]\n");
	assert_str_equal(desk_log(&d, &d.bo, "temperature"), "2026-03-01T09:00:00-05:00 98.6 \xC2\xB0"
							     "F [Apple Health: Thermo]\n");
	assert_str_equal(
	    desk_log(&d, &d.bo, "blood-sugar"), "2026-03-01T09:00:00-05:00 5.4 mmol/L [Apple Health: Contour]\n");
	assert_str_equal(desk_log(&d, &d.bo, "heart-rate"),
	    "2026-03-01T23:00:00-05:00 61 beats a minute | Resting heart rate [Apple Health: Watch]\n");
	assert_str_equal(desk_log(&d, &d.bo, "activity"), "2026-03-01 Running | 32.5 | Minutes | Endurance: walking, "
							  "running, cycling | Evening [Apple Health: Watch]\n");
	assert_int_equal(desk_tally(&d, "BloodPressureSystolic")->doubled, 1);
	assert_int_equal(desk_tally(&d, "BloodPressureSystolic")->aside[ASIDE_HALF], 1);
	assert_int_equal(desk_tally(&d, "Height")->aside[ASIDE_NO_LOG], 1);
	assert_int_equal(desk_tally(&d, "ActivitySummary")->aside[ASIDE_NO_LOG], 1);
	assert_int_equal(desk_tally(&d, "BodyMass")->refused, 3);
	desk_close(&d);
}

/* A watch for `days` days: 30 heart rates and 20 steps a day of two apps; the last day is that of the export. */
static str
watch(struct arena *arena, int days)
{
	struct buf out = BUF_INIT(arena);

	buf_add(&out, S(HEAD));
	for (int day = 5 - days; day <= 5; day++)
		for (int i = 0; i < 30; i++)
			buf_printf(&out,
			    "<Record type=\"HKQuantityTypeIdentifierHeartRate\" sourceName=\"Watch\" "
			    "unit=\"count/min\" "
			    "creationDate=\"2026-03-%02d 08:%02d:30 -0500\" startDate=\"2026-03-%02d 08:%02d:00 "
			    "-0500\" value=\"%d\"/>\n",
			    day, i, day, i, 60 + i);
	for (int app = 0; app < 2; app++)
		for (int day = 5 - days; day <= 5; day++)
			for (int i = 0; i < 20; i++)
				buf_printf(&out,
				    "<Record type=\"HKQuantityTypeIdentifierStepCount\" sourceName=\"%s\" "
				    "unit=\"count\" "
				    "creationDate=\"2026-03-%02d 09:%02d:00 -0500\" startDate=\"2026-03-%02d "
				    "09:%02d:00 -0500\" "
				    "value=\"%d\"/>\n",
				    app ? "Watch" : "iPhone", day, i, day, i, 100 + app);
	buf_add(&out, S(TAIL));
	return buf_str(&out);
}

static void
full_days_become_one_entry_and_steps_one_sum(void **state)
{
	struct desk d;

	desk_open(&d, state);
	desk_bring(&d, &d.bo, "export.xml", watch(&d.world->arena, 2));
	assert_int_equal(desk_tally(&d, "HeartRate")->read, 90);
	assert_int_equal(desk_tally(&d, "HeartRate")->staged, 2);
	assert_int_equal(desk_tally(&d, "HeartRate")->joined, 58);
	assert_int_equal(desk_tally(&d, "HeartRate")->aside[ASIDE_TODAY], 30);
	assert_int_equal(desk_tally(&d, "StepCount")->aside[ASIDE_FEWER], 40);
	desk_keep(&d, &d.bo);
	assert_str_equal(desk_log(&d, &d.bo, "heart-rate"),
	    "2026-03-03 75 beats a minute | Average of 30 readings; lowest 60, highest 89. [Apple Health: Watch]\n"
	    "2026-03-04 75 beats a minute | Average of 30 readings; lowest 60, highest 89. [Apple Health: Watch]\n");
	assert_str_equal(desk_log(&d, &d.bo, "activity"),
	    "2026-03-03 Steps | 2020 | Steps [Apple Health: Watch]\n2026-03-04 Steps "
	    "| 2020 | Steps [Apple Health: Watch]\n");
	desk_bring(&d, &d.bo, "export.xml", watch(&d.world->arena, 3)); /* a later export: what is new comes */
	assert_int_equal(desk_tally(&d, "HeartRate")->staged, 1);
	assert_int_equal(desk_tally(&d, "HeartRate")->here, 2);
	desk_close(&d);
}

static const struct err *
add_bytes(void *arg, str bytes)
{
	buf_add(arg, bytes);
	return NULL;
}

static void
a_zip_gives_the_same_as_the_xml_in_it(void **state)
{
	struct desk d;
	struct buf archive;
	struct sink sink = {add_bytes, &archive};
	struct zip_writer zip;
	str text, plain;

	desk_open(&d, state);
	text = watch(&d.world->arena, 4);
	desk_bring(&d, &d.bo, "export.xml", text);
	desk_keep(&d, &d.bo);
	plain = desk_logs(&d);
	assert_ok(import_take_back(&d.bo, &d.import));
	assert_ok(import_step(&d.bo, &d.import));
	archive = (struct buf)BUF_INIT(&d.world->arena);
	assert_ok(zip_begin(&zip, &d.world->arena, &sink, d.bo.now));
	assert_ok(zip_file(&zip, S("apple_health_export/export_cda.xml")));
	for (int i = 0; i < 4; i++)
		assert_ok(zip_write(&zip, text));
	assert_ok(zip_file(&zip, S("apple_health_export/exportaci\xC3\xB3n.xml")));
	assert_ok(zip_write(&zip, text));
	assert_ok(zip_end(&zip));
	desk_bring(&d, &d.bo, "export.zip", buf_str(&archive));
	desk_keep(&d, &d.bo);
	assert_int_equal(d.import.state, IMPORT_KEPT);
	assert_true(str_equal(desk_logs(&d), plain));
	desk_close(&d);
}

/* ---- interrupted anywhere ---- */

static void
run_to_the_end(struct desk *d)
{
	for (int i = 0; i < 20; i++) {
		d->bo.now.ms += IMPORT_SILENT_MS + SECOND_MS;
		desk_look(d, &d->bo);
		if (d->import.state == IMPORT_ASKING)
			assert_ok(import_keep(&d->bo, &d->import));
		else if (d->import.state == IMPORT_FAILED)
			assert_ok(import_again(&d->bo, &d->import));
		else if (d->import.state == IMPORT_KEPT)
			return;
		(void)!imports_work(&d->bo);
	}
	fail_msg("it never ends: state %lld", (long long)d->import.state);
}

/* Each writing statement of reading and keeping fails in turn; tried again, the log is that of an import that nothing disturbed. */
static void
a_failure_anywhere_changes_nothing_in_the_end(void **state)
{
	struct desk d;
	str text, whole, name = S("export.xml");
	int64_t n = 0, seen;

	desk_open(&d, state);
	text = watch(&d.world->arena, 4);
	desk_bring(&d, &d.bo, "export.xml", text);
	desk_keep(&d, &d.bo);
	whole = desk_logs(&d);
	assert_int_equal(desk_tally(&d, "HeartRate")->kept, 4);
	do {
		struct import_new in;

		assert_ok(import_take_back(&d.bo, &d.import));
		assert_ok(import_step(&d.bo, &d.import));
		in = (struct import_new){uuid_new(d.bo.now), d.p.bo, name, (int64_t)text.n};
		d.bo.now.ms += SECOND_MS;
		assert_ok(import_begin(&d.bo, &in));
		d.import.id = in.id;
		desk_look(&d, &d.bo);
		assert_ok(import_piece(&d.bo, &d.import, 0, text));
		assert_ok(import_received(&d.bo, &d.import));
		db_fault_arm(d.world->db, DB_FAULT_ERROR, ++n);
		(void)!imports_work(&d.bo); /* reads */
		desk_look(&d, &d.bo);
		if (d.import.state == IMPORT_ASKING) {
			(void)!import_keep(&d.bo, &d.import);
			(void)!imports_work(&d.bo); /* keeps */
		}
		seen = db_fault_count(d.world->db);
		db_fault_arm(d.world->db, DB_FAULT_NONE, 0);
		run_to_the_end(&d);
		assert_true(str_equal(desk_logs(&d), whole));
		assert_int_equal(desk_tally(&d, "HeartRate")->kept, 4);
	} while (n <= seen && n < 400);
	assert_true(n > 10);
	desk_close(&d);
}

/* Random readings: written down and read back at any moment, the days are those that were never interrupted. */
static void
days_written_down_go_on_as_if_nothing_happened(void **state)
{
	static const char *const apps[] = {"Watch", "iPhone", "Cuff"};
	struct arena arena = ARENA_INIT;
	unsigned seed = 7;

	(void)state;
	for (int round = 0; round < 40; round++) {
		struct days whole = {.arena = &arena}, parts = {.arena = &arena};
		struct buf a = BUF_INIT(&arena), b = BUF_INIT(&arena);

		for (int i = 0; i < 400; i++) {
			struct day_add in = {
			    .type = apple_type_at((seed = seed * 1103515245 + 12345) / 65536 % 12), .line = i};
			enum day_added first, second;

			in.app = str_from_z(apps[(seed = seed * 1103515245 + 12345) / 65536 % 3]);
			in.day = (int32_t)(20000 + (seed = seed * 1103515245 + 12345) / 65536 % 4);
			in.reading.at.ms =
			    in.day * DAY_MS + (seed = seed * 1103515245 + 12345) / 65536 % 50 * MINUTE_MS;
			in.reading.nano[0] = (int64_t)((seed = seed * 1103515245 + 12345) / 65536 % 100) * JOURNAL_NANO;
			assert_ok(days_add(&whole, &in, &first));
			assert_ok(days_add(&parts, &in, &second));
			assert_int_equal(first, second);
			if ((seed = seed * 1103515245 + 12345) / 65536 % 50)
				continue;
			buf_clear(&b);
			days_write(&parts, &b);
			parts = (struct days){.arena = &arena};
			assert_true(days_read(&parts, buf_str(&b)));
		}
		buf_clear(&b);
		days_write(&whole, &a);
		days_write(&parts, &b);
		assert_true(str_equal(buf_str(&a), buf_str(&b)));
		for (size_t cut = 0; cut < a.n; cut += 97) { /* a cut one is known as such */
			struct days cut_days = {.arena = &arena};

			assert_false(days_read(&cut_days, str_take(buf_str(&a), cut)));
		}
		arena_clear(&arena);
	}
	arena_release(&arena);
}

static void
numbers_are_rounded_to_thousandths(void **state)
{
	static const struct {
		const char *text;
		bool comma, good;
		const char *is;
	} numbers[] = {{"81.64660000000001", false, true, "81.647"}, {"1,5", true, true, "1.5"},
	    {"1,5", false, false, ""}, {"1.5", true, false, ""}, {"1e2", false, true, "100"},
	    {"12e-1", false, true, "1.2"}, {"-0.0005", false, true, "-0.001"}, {".5", false, true, "0.5"},
	    {"5.", false, true, "5"}, {"", false, false, ""}, {"NaN", false, false, ""}, {"inf", false, false, ""},
	    {"1e21", false, false, ""}, {"1000001", false, false, ""}, {"1000000", false, true, "1000000"},
	    {"0.00049", false, true, "0"}, {"000000000000000000000000000000000000000000001", false, true, "1"},
	    {"1.2.3", false, false, ""}, {"--1", false, false, ""}, {"0x10", false, false, ""},
	    {"999999.9999", false, true, "1000000"}};
	struct arena arena = ARENA_INIT;

	(void)state;
	for (size_t i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++) {
		int64_t nano = 0;

		if (import_number(str_from_z(numbers[i].text), numbers[i].comma, &nano) != numbers[i].good)
			fail_msg("%s", numbers[i].text);
		if (numbers[i].good)
			assert_str_equal(import_number_text(&arena, nano, 0), numbers[i].is);
	}
	arena_release(&arena);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    WORLD_TEST(records_become_entries_with_their_source),
	    WORLD_TEST(full_days_become_one_entry_and_steps_one_sum),
	    WORLD_TEST(a_zip_gives_the_same_as_the_xml_in_it),
	    WORLD_TEST(a_failure_anywhere_changes_nothing_in_the_end),
	    cmocka_unit_test(days_written_down_go_on_as_if_nothing_happened),
	    cmocka_unit_test(numbers_are_rounded_to_thousandths),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
