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
		for (int i = AUDIT_VIEW; i <= AUDIT_ADMINISTER; i++)
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
	    {"one_flipped_byte_in_the_file_is_found (sqlite)", one_flipped_byte_in_the_file_is_found,
		world_setup_sqlite, world_teardown, NULL},
	    cmocka_unit_test(every_action_and_subject_has_words_in_both_languages),
	};

	return cmocka_run_group_tests_name("audit", list, NULL, NULL);
}
