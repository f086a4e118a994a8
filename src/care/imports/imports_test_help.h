/* SPDX-License-Identifier: Apache-2.0 */
/* What the tests of imports share: Bo who brings files, María who acts for him, Ben who cares for him. */
#ifndef SALVE_IMPORTS_TEST_HELP_H
#define SALVE_IMPORTS_TEST_HELP_H

#include "people.h"

#include "care/imports/import_store.h"
#include "care/journal/journal_internal.h"
#include "care/record/record_test_help.h"

struct desk {
	struct world *world;
	struct people p;
	struct cx bo, ben, maria;
	struct import import; /* the one at hand */
};
void desk_open(struct desk *d, void **state);
void desk_close(struct desk *d);
/* The file comes in; a table gets its guessed columns confirmed; it is read. Then it is shown, or it failed. */
void desk_bring(struct desk *d, struct cx *cx, const char *name, str text);
void desk_keep(struct desk *d, struct cx *cx);                           /* kept, or it failed */
void desk_look(struct desk *d, struct cx *cx);                           /* how the import stands now */
const struct import_tally *desk_tally(struct desk *d, const char *name); /* NULL: nothing of it was found */
/* Entries of a log, "2026-03-04T08:00:00-05:00 128/82 mmHg [source] comments" a line, oldest first. */
str desk_log(struct desk *d, struct cx *cx, const char *log);
/* All entries of all logs. */
str desk_logs(struct desk *d);
str desk_refused(struct desk *d, struct cx *cx);

#endif
