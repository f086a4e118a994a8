/* SPDX-License-Identifier: Apache-2.0 */
#include "people.h"

#include <sqlite3.h>
#include <stdio.h>

#include "trust/audit/audit.h"
#include "trust/consent/consent.h"

static const struct err *
add_three(struct tx *tx, void *arg)
{
	struct people *p = arg;

	for (int i = 0; i < 3; i++)
		audit_add(tx, &(struct audit){.action = AUDIT_UPDATE,
				  .subject = AUDIT_MEDICINES,
				  .patient = p->maria,
				  .count = i + 1,
				  .why = ACCESS_CARE_TEAM});
	return NULL;
}

static void
the_trail_of_a_patient_follows_the_journal(void **state)
{
	struct world *world = *state;
	struct people p;
	struct cx ana;
	struct db_rows rows;
	const struct audit_entry *entry;
	int64_t added;

	people_setup(world, &p);
	ana = people_as(world, p.ana);
	assert_ok(db_write(&ana, add_three, &p));
	audit_add_read(&ana, &(struct audit){.action = AUDIT_VIEW, .subject = AUDIT_LABS, .patient = p.maria});
	audit_add_read(&ana, &(struct audit){.action = AUDIT_VIEW, .subject = AUDIT_LABS, .patient = p.bo});
	assert_ok(db_journal_flush(&ana));
	assert_ok(audit_index_follow(&world->cx, &added));
	assert_int_equal(added, 5);
	assert_ok(audit_index_follow(&world->cx, &added));
	assert_int_equal(added, 0);
	assert_ok(audit_list(&world->cx, p.maria, INSTANT_NONE, 100, &rows));
	assert_int_equal(rows.count, 4);
	entry = rows.items;
	int64_t counted = 0, views = 0;
	for (size_t i = 0; i < rows.count; i++) {
		assert_true(uuid_equal(entry[i].account.v, p.ana.v));
		views += entry[i].action == AUDIT_VIEW;
		counted += entry[i].count;
	}
	assert_int_equal(views, 1);
	assert_int_equal(counted, 1 + 2 + 3 + 1);
	db_release(&ana);
}

/* What a patient's trail says of lists: lines, and how often in all. */
static void
count_listed(struct world *world, patient_id patient, size_t *lines, int64_t *times)
{
	struct db_rows rows;
	const struct audit_entry *entry;

	db_refresh(&world->cx);
	assert_ok(audit_list(&world->cx, patient, INSTANT_NONE, 100, &rows));
	entry = rows.items;
	*lines = 0;
	*times = 0;
	for (size_t i = 0; i < rows.count; i++)
		if (entry[i].action == AUDIT_LISTED) {
			assert_int_equal(entry[i].subject, AUDIT_MESSAGES);
			assert_int_equal(entry[i].why, ACCESS_CARE_TEAM);
			++*lines;
			*times += entry[i].count;
		}
}

static void
a_list_is_one_entry_and_each_patient_in_it_sees_it_once_an_hour(void **state)
{
	struct world *world = *state;
	struct people p;
	int64_t added, times;
	struct journal_report report;
	size_t lines;

	people_setup(world, &p);
	assert_ok(audit_verify(&world->cx, &report));
	const int64_t entries_before = report.entries;
	const patient_id shown[] = {p.maria, p.bo, p.maria};
	/* twice in one hour, once in the next; by one step of the index, and by a second one */
	for (int i = 0; i < 4; i++) {
		struct cx ana = people_as_at(
		    world, p.ana, (instant){100 * HOUR_MS + (i == 2 ? HOUR_MS : i) + (i == 3 ? 5 * MINUTE_MS : 0)});

		audit_add_listed(&ana, AUDIT_MESSAGES, ACCESS_CARE_TEAM, shown, 3, sizeof(shown[0]));
		assert_ok(db_journal_flush(&ana));
		if (i >= 2)
			assert_ok(audit_index_follow(&world->cx, &added));
		db_release(&ana);
	}
	assert_int_equal(added, 2); /* the last list: both patients, each once */
	count_listed(world, p.maria, &lines, &times);
	assert_int_equal(lines, 2);
	assert_int_equal(times, 4);
	count_listed(world, p.bo, &lines, &times);
	assert_int_equal(times, 4);
	assert_ok(audit_verify(&world->cx, &report));
	assert_true(report.intact);
	assert_int_equal(report.entries, entries_before + 4);
}

static void
a_long_trail_is_followed_in_little_memory(void **state)
{
	enum { BLOCKS = 300, ENTRIES = 100 };
	struct world *world = *state;
	struct people p;
	struct cx ana;
	int64_t added;
	size_t held;

	people_setup(world, &p);
	assert_ok(audit_index_follow(&world->cx, &added));
	ana = people_as(world, p.ana);
	for (int i = 0; i < BLOCKS; i++) {
		for (int n = 0; n < ENTRIES; n++)
			audit_add_read(
			    &ana, &(struct audit){.action = AUDIT_VIEW, .subject = AUDIT_LABS, .patient = p.maria});
		assert_ok(db_journal_flush(&ana));
	}
	db_release(&ana);
	held = world->arena.held_bytes;
	assert_ok(audit_index_follow(&world->cx, &added));
	assert_int_equal(added, BLOCKS * ENTRIES);
	assert_true(world->arena.held_bytes - held < (size_t)1 << 20);
}

static void
older_entries_of_the_trail_go_on_behind_the_last_one(void **state)
{
	struct world *world = *state;
	struct people p;
	struct db_rows rows;
	instant before = INSTANT_NONE;
	int64_t added, seen = 0;

	people_setup(world, &p);
	for (int i = 0; i < 6; i++) {
		struct cx ana = people_as_at(world, p.ana, (instant){100 * HOUR_MS + i * 40 * MINUTE_MS});

		if (i % 2)
			audit_add_listed(&ana, AUDIT_MESSAGES, ACCESS_CARE_TEAM, &p.maria, 1, sizeof(p.maria));
		else
			audit_add_read(
			    &ana, &(struct audit){.action = AUDIT_VIEW, .subject = AUDIT_LABS, .patient = p.maria});
		assert_ok(db_journal_flush(&ana));
		db_release(&ana);
	}
	assert_ok(audit_index_follow(&world->cx, &added));
	db_refresh(&world->cx);
	for (int page = 0; page < 10; page++) {
		const struct audit_entry *entry;

		assert_ok(audit_list(&world->cx, p.maria, before, 2, &rows));
		entry = rows.items;
		for (size_t i = 0; i < rows.count; i++) {
			assert_true(instant_is_none(before) || instant_before(entry[i].at, before));
			before = entry[i].at;
			seen++;
		}
	}
	assert_int_equal(seen, 6);
}

static void
one_flipped_byte_in_the_file_is_found(void **state)
{
	struct world *world = *state;
	struct people p;
	struct journal_report report;
	char path[128];
	sqlite3 *db;

	people_setup(world, &p);
	for (int i = 0; i < 20; i++)
		assert_ok(db_write(&world->cx, add_three, &p));
	assert_ok(audit_verify(&world->cx, &report));
	assert_true(report.intact);
	assert_int_equal(report.entries, 60);
	db_release(&world->cx);
	/* Behind the program's back, as somebody with the file would. */
	snprintf(path, sizeof(path), "%s/salve.db", world->folder);
	assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
	assert_int_equal(
	    sqlite3_exec(db,
		"UPDATE journal_block SET entries = CAST(substr(entries, 1, 40) || x'00' || substr(entries, 42)"
		" AS BLOB) WHERE sequence = 7",
		NULL, NULL, NULL),
	    SQLITE_OK);
	sqlite3_close(db);
	assert_ok(audit_verify(&world->cx, &report));
	assert_false(report.intact);
	assert_int_equal(report.bad_sequence, 7);
}

static void
every_action_and_subject_has_words_in_both_languages(void **state)
{
	(void)state;
	for (int lang = LANG_EN; lang <= LANG_ES; lang++) {
		for (int i = AUDIT_VIEW; i <= AUDIT_LISTED; i++)
			assert_string_not_equal(audit_action_words(i, lang), "?");
		for (int i = AUDIT_SUMMARY; i <= AUDIT_FACILITY; i++)
			assert_string_not_equal(audit_subject_words(i, lang), "?");
	}
	assert_string_equal(audit_action_words(99, LANG_EN), "?");
}

int
main(void)
{
	const struct CMUnitTest list[] = {
	    WORLD_TEST(the_trail_of_a_patient_follows_the_journal),
	    WORLD_TEST(a_list_is_one_entry_and_each_patient_in_it_sees_it_once_an_hour),
	    WORLD_TEST(a_long_trail_is_followed_in_little_memory),
	    WORLD_TEST(older_entries_of_the_trail_go_on_behind_the_last_one),
	    {"one_flipped_byte_in_the_file_is_found (sqlite)", one_flipped_byte_in_the_file_is_found,
		world_setup_sqlite, world_teardown, NULL},
	    cmocka_unit_test(every_action_and_subject_has_words_in_both_languages),
	};

	return cmocka_run_group_tests_name("audit", list, NULL, NULL);
}
