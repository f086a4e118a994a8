/* SPDX-License-Identifier: Apache-2.0 */
/* Two installations, an archive out of one and into the other, for the tests of this folder. */
#ifndef SALVE_ZIP_IMPORT_TEST_HELP_H
#define SALVE_ZIP_IMPORT_TEST_HELP_H

#include "world.h"

#include "care/bluebutton/bluebutton_test_help.h"
#include "care/journal/journal.h"
#include "care/record/record_view.h"
#include "exchange/zip_import/zip_import.h"
#include "platform/format/base64.h"

/* The tests run with either database as the one that the patient leaves. */
struct two {
	struct world *old, *new;
	struct clinic clinic; /* in the old one */
	struct buf archive;
	struct people people; /* of the new one */
};
int sqlite_to_postgres(void **state);
int postgres_to_sqlite(void **state);
int two_tear_down(void **state);
#define BOTH_WAYS(fn)                                                                    \
	{#fn " (sqlite to postgres)", fn, sqlite_to_postgres, two_tear_down, NULL},      \
	{                                                                                \
#fn " (postgres to sqlite)", fn, postgres_to_sqlite, two_tear_down, NULL \
	}

const struct err *two_put_draft(struct tx *tx, void *arg); /* a struct resource_draft */
/* The archive of a patient who lived in the old installation (`more`: with this as well), and an empty clinic. False: no shared data. */
typedef void(two_fn)(struct two *two);
bool make_archive_of(struct two *two, two_fn *more);
bool make_archive(struct two *two);
const struct err *import(struct two *two, str archive, bool add, struct zip_import_report *report);
/* What a file of the archive holds. */
str file_of(struct two *two, const char *name);

struct set {
	struct arena *arena;
	str *items;
	size_t count, capacity;
};
typedef fallible(each_fn)(struct cx *cx, patient_id patient, resource_visit_fn *visit, void *arg);
fallible each_current(struct cx *cx, patient_id patient, resource_visit_fn *visit, void *arg);
struct set all_of(struct world *world, patient_id patient, each_fn *each);
void assert_nothing_lost(const struct set *old, const struct set *new);
/* What stands in the archive's file of that name is in a document here, byte for byte. */
void assert_kept(struct two *two, const struct set *brought, const char *name);

#endif
