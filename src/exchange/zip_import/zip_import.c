/* SPDX-License-Identifier: Apache-2.0 */
/* The order: first whether the archive is whole, then the patient, then the versions of each entry oldest first, then the rest. */
#include "exchange/zip_import/zip_import_internal.h"

#define CURRENT S("record/record.ndjson")
#define EARLIER S("record/history.ndjson")

static fallible
take_all(struct zip_import *z)
{
	TRY(zip_manifest_check(z));
	TRY(zip_import_lines(z, EARLIER, true));
	TRY(zip_import_lines(z, CURRENT, true));
	if (!z->patient_id.p)
		return ERR(ERR_INVALID, "The archive does not say whose record it is.", "no Patient in the archive");
	TRY(zip_import_lines(z, EARLIER, false));
	TRY(zip_import_lines(z, CURRENT, false));
	TRY(zip_import_messages(z));
	return zip_import_kept(z);
}

fallible
zip_import_run(struct cx *cx, const struct zip_import_options *options, struct zip_import_report *report)
{
	struct zip_import *z = ARENA_NEW(cx->arena, struct zip_import);
	const struct err *error;

	*report = (struct zip_import_report){0};
	z->cx = cx;
	z->options = options;
	z->report = report;
	z->fresh.arena = cx->arena;
	z->act = *cx;
	z->act.arena = &z->arena;
	error = take_all(z);
	cx->conn = z->act.conn;
	arena_release(&z->arena);
	return error;
}
