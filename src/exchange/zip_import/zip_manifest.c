/* SPDX-License-Identifier: Apache-2.0 */
#include "exchange/zip_import/zip_import_internal.h"
#include "platform/crypto/crypto.h"
#include "platform/format/fhir_date.h"
#include "platform/format/json.h"

#define FORMAT S("salve-record-1")

static const struct err *
changed(void)
{
	return ERR(ERR_INVALID,
	    "This ZIP is damaged or was changed: its files are not what its manifest says. Ask for it again.",
	    "the archive and its manifest differ");
}

fallible
zip_import_file(struct zip_import *z, struct arena *arena, str name, str *out)
{
	const struct zip_entry *entry = zip_find(&z->entries, name);

	*out = STR_NONE;
	return entry ? zip_extract(arena, entry, ZIP_IMPORT_FILE_BYTES, out) : NULL;
}

static fallible
check_file(struct zip_import *z, const struct json_value *file)
{
	struct arena arena = ARENA_INIT; /* of the file */
	unsigned char sum[32];
	str name = json_text_at(file, "name"), bytes;
	const struct err *error = zip_import_file(z, &arena, name, &bytes);
	int64_t size;

	if (!error) {
		sha256(bytes, sum);
		if (!bytes.p || !json_to_int64(json_get(file, "bytes"), &size) || size != (int64_t)bytes.n ||
		    !str_equal(json_text_at(file, "sha256"), hex_text(&arena, (str){(const char *)sum, sizeof(sum)})))
			error = changed();
	}
	error = error ? err_copy(z->cx->arena, error) : NULL;
	arena_release(&arena);
	return error;
}

fallible
zip_manifest_check(struct zip_import *z)
{
	const struct json_value *json;
	struct fhir_date made;
	str text;
	size_t listed = 0;

	TRY(zip_read(z->cx->arena, z->options->archive, &z->entries));
	TRY(zip_import_file(z, z->cx->arena, S("manifest.json"), &text));
	if (!text.p || json_parse(z->cx->arena, text, &json, NULL))
		return changed();
	if (!str_equal(json_text_at(json, "format"), FORMAT))
		return ERR(ERR_INVALID, "This ZIP was not made as a download of everything, or by a newer version.",
		    "another format");
	z->report->from = json_text_at(json, "facility");
	z->report->made = json_text_at(json, "made");
	if (!fhir_date_parse(FHIR_INSTANT, z->report->made, &made))
		return changed();
	z->made = made.low;
	json_each_item (json_get(json, "files"), file) {
		TRY(check_file(z, file));
		listed++;
	}
	return listed + 1 == z->entries.count ? NULL : changed();
}
