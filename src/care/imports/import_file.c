/* SPDX-License-Identifier: Apache-2.0 */
/* The bytes of a file that was brought, in order, chunk by chunk out of the vault; of a ZIP, those of the export inside of it. */
#include "care/imports/import_store.h"
#include "platform/format/zip.h"

#define UNPACKED_BYTES IMPORT_CHUNK_BYTES

struct import_file {
	struct cx *cx;  /* of the import */
	struct cx part; /* of one chunk */
	struct arena chunk_arena, joined_arena;
	const struct import *import;
	str chunk; /* opened */
	int64_t chunk_n;
	int64_t at, bytes; /* of the content */
	struct zip_source source;
	struct zip_stream zip;
	bool is_zip;
	char *unpacked;
	str rest; /* of what was unpacked, after a skip */
};

static fallible
load_chunk(struct import_file *f, int64_t n)
{
	const struct err *error;
	str sealed;
	bool found;

	if (f->chunk.p && f->chunk_n == n)
		return NULL;
	arena_clear(&f->chunk_arena);
	f->chunk = STR_NONE;
	f->part.conn = f->cx->conn; /* one snapshot for both */
	error = import_chunk_get(&f->part, f->import, PART_FILE, n, &sealed, &found);
	if (!error && !found)
		error =
		    ERR(ERR_GONE, "The file is not here any more. Send it again.", "a chunk of an import is missing");
	if (!error)
		error = vault_open_text(
		    &f->part, f->import->patient, import_chunk_place(f->import->id, PART_FILE, n), sealed, &f->chunk);
	f->cx->conn = f->part.conn;
	f->chunk_n = n;
	return error ? err_copy(f->cx->arena, error) : NULL;
}

/* A piece that lies in one chunk is lent, others are put together. */
static const struct err *
read_at(void *arg, int64_t offset, size_t bytes, str *out)
{
	struct import_file *f = arg;
	const int64_t size = (int64_t)IMPORT_CHUNK_BYTES;
	struct buf joined;

	TRY(load_chunk(f, offset / size));
	*out = str_take(str_drop(f->chunk, (size_t)(offset % size)), bytes);
	if (out->n == bytes)
		return NULL;
	arena_clear(&f->joined_arena);
	joined = (struct buf)BUF_INIT(&f->joined_arena);
	while (joined.n < bytes) {
		str piece;

		TRY(load_chunk(f, offset / size));
		piece = str_take(str_drop(f->chunk, (size_t)(offset % size)), bytes - joined.n);
		if (!piece.n)
			return ERR(ERR_BROKEN, "The file is not whole. Send it again.", "a short chunk of an import");
		buf_add(&joined, piece);
		offset += (int64_t)piece.n;
	}
	*out = buf_str(&joined);
	return NULL;
}

/* The largest XML that is no clinical document: its name depends on the language of the phone. */
static const struct zip_place *
find_export(const struct zip_places *places)
{
	const struct zip_place *best = NULL;

	for (size_t i = 0; i < places->count; i++) {
		const struct zip_place *place = &places->items[i];
		size_t folders = 0;

		for (size_t j = 0; j < place->name.n; j++)
			folders += place->name.p[j] == '/';
		if (!str_ends(place->name, S(".xml")) || str_contains(place->name, S("_cda")) || folders > 1)
			continue;
		if (!best || place->bytes > best->bytes)
			best = place;
	}
	return best;
}

static fallible
open_zip(struct import_file *f)
{
	const struct zip_place *place;
	struct zip_places places;

	TRY(import_unreadable(f->cx, zip_source_read(f->cx->arena, &f->source, &places),
	    TR("This ZIP cannot be read. Make the export once more."), 0));
	place = find_export(&places);
	if (!place)
		return ERR(ERR_INVALID,
		    TR("This ZIP holds no export of Apple Health. Choose the file that the Health app made."),
		    "no XML in a ZIP");
	if (place->bytes > IMPORT_XML_BYTES_MAX)
		return ERR(ERR_INVALID, TR("This file is larger than is taken here."), "IMPORT_XML_BYTES_MAX");
	f->is_zip = true;
	f->bytes = place->bytes;
	f->unpacked = arena_text(f->cx->arena, UNPACKED_BYTES);
	return zip_stream_open(&f->source, place, &f->zip);
}

fallible
import_file_open(struct cx *cx, const struct import *import, struct import_file **out)
{
	struct import_file *f = ARENA_NEW(cx->arena, struct import_file);
	str head;

	f->cx = cx;
	f->part = *cx;
	f->part.arena = &f->chunk_arena;
	f->import = import;
	f->bytes = import->bytes;
	f->source = (struct zip_source){read_at, f, import->bytes};
	*out = f;
	if (import->bytes < 4)
		return NULL;
	TRY(read_at(f, 0, 4, &head));
	return str_equal(head, S("PK\3\4")) ? open_zip(f) : NULL;
}

int64_t
import_file_bytes(const struct import_file *file)
{
	return file->bytes;
}

fallible
import_file_next(struct import_file *f, str *piece)
{
	size_t n, left;

	if (f->rest.n) {
		*piece = f->rest;
		f->rest = STR_NONE;
	} else if (f->is_zip) {
		TRY(import_unreadable(f->cx, zip_stream_next(&f->zip, f->unpacked, UNPACKED_BYTES, &n),
		    TR("This ZIP cannot be read. Make the export once more."), 0));
		*piece = (str){f->unpacked, n};
	} else {
		left = IMPORT_CHUNK_BYTES - (size_t)(f->at % (int64_t)IMPORT_CHUNK_BYTES);
		n = f->bytes - f->at < (int64_t)left ? (size_t)(f->bytes - f->at) : left;
		*piece = S("");
		if (n)
			TRY(read_at(f, f->at, n, piece));
	}
	f->at += (int64_t)piece->n;
	return NULL;
}

fallible
import_file_skip(struct import_file *f, int64_t bytes)
{
	if (!f->is_zip) {
		f->at = bytes;
		return NULL;
	}
	while (f->at < bytes) {
		str piece;

		TRY(import_file_next(f, &piece));
		if (!piece.n)
			return ERR(ERR_BROKEN, "The file is not whole. Send it again.", "a point behind the end");
		if (f->at > bytes) {
			f->rest = str_drop(piece, piece.n - (size_t)(f->at - bytes));
			f->at = bytes;
		}
	}
	return NULL;
}

void
import_file_close(struct import_file *f)
{
	zip_stream_close(&f->zip);
	arena_release(&f->chunk_arena);
	arena_release(&f->joined_arena);
}

fallible
import_file_whole(struct cx *cx, const struct import *import, str *out)
{
	struct import_file *f;
	struct buf all = BUF_INIT(cx->arena);
	const struct err *error;
	str piece = S("x");

	if (import->bytes > IMPORT_TABLE_BYTES_MAX)
		return ERR(ERR_INVALID, TR("Tables and FHIR files are taken up to 16 MB. Make several files of it."),
		    "IMPORT_TABLE_BYTES_MAX");
	error = import_file_open(cx, import, &f);
	while (!error && piece.n) {
		error = import_file_next(f, &piece);
		if (!error)
			buf_add(&all, piece);
	}
	import_file_close(f);
	*out = buf_str(&all);
	return error;
}
