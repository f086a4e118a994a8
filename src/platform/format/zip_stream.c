/* SPDX-License-Identifier: Apache-2.0 */
/* Reading a ZIP that does not lie in memory: its directory, and one file of it piece by piece. */
#include "platform/format/zip_internal.h"

#include <stdlib.h>
#include <zlib.h>

#define TAIL_BYTES (ZIP_END_BYTES + ZIP_COMMENT_MAX + ZIP_END_64_BYTES + ZIP_PLACE_64_BYTES)

static fallible
read_at(const struct zip_source *source, uint64_t offset, uint64_t bytes, str *out)
{
	if (offset > (uint64_t)source->bytes || bytes > (uint64_t)source->bytes - offset)
		return zip_damaged();
	return source->read(source->arg, (int64_t)offset, (size_t)bytes, out);
}

/* ---- the directory ---- */

struct directory {
	uint64_t begin, bytes, count;
};

static fallible
find_directory(const struct zip_source *source, struct directory *out)
{
	uint64_t tail_bytes = source->bytes < TAIL_BYTES ? (uint64_t)source->bytes : TAIL_BYTES, place;
	str tail, end_64;
	size_t end;

	TRY(read_at(source, (uint64_t)source->bytes - tail_bytes, tail_bytes, &tail));
	if (!zip_find_end(tail, &end))
		return zip_damaged();
	if (zip_number(tail, end + 4, 2) != 0 || zip_number(tail, end + 6, 2) != 0)
		return ERR(ERR_INVALID, "This ZIP is spread over several files.", "zip: several disks");
	*out = (struct directory){
	    zip_number(tail, end + 16, 4), zip_number(tail, end + 12, 4), zip_number(tail, end + 10, 2)};
	if (end >= ZIP_PLACE_64_BYTES && zip_number(tail, end - ZIP_PLACE_64_BYTES, 4) == ZIP_END_64_PLACE) {
		place = zip_number(tail, end - ZIP_PLACE_64_BYTES + 8, 8);
		TRY(read_at(source, place, ZIP_END_64_BYTES, &end_64));
		if (zip_number(end_64, 0, 4) != ZIP_END_64)
			return zip_damaged();
		*out =
		    (struct directory){zip_number(end_64, 48, 8), zip_number(end_64, 40, 8), zip_number(end_64, 32, 8)};
	}
	if (out->count > ZIP_ENTRIES_MAX || out->count * ZIP_CENTRAL_BYTES > out->bytes)
		return zip_damaged();
	return out->bytes > (uint64_t)ZIP_DIRECTORY_BYTES_MAX
	           ? ERR(ERR_INVALID, "This ZIP holds more files than are read here.", "zip: directory size")
	           : NULL;
}

static fallible
read_place(struct arena *arena, str directory, size_t at, struct zip_place *out, size_t *next)
{
	size_t name, extra, comment;
	struct zip_wide wide;
	uint64_t method;

	if (directory.n - at < ZIP_CENTRAL_BYTES || zip_number(directory, at, 4) != ZIP_CENTRAL)
		return zip_damaged();
	name = (size_t)zip_number(directory, at + 28, 2);
	extra = (size_t)zip_number(directory, at + 30, 2);
	comment = (size_t)zip_number(directory, at + 32, 2);
	if (name + extra + comment > directory.n - at - ZIP_CENTRAL_BYTES)
		return zip_damaged();
	if (zip_number(directory, at + 8, 2) & ZIP_IS_ENCRYPTED)
		return ERR(ERR_INVALID, "This ZIP is locked with a password. Unlock it first.", "zip: encrypted");
	method = zip_number(directory, at + 10, 2);
	if (method != 0 && method != Z_DEFLATED)
		return ERR(ERR_INVALID, "This ZIP is packed in a way that is not read here.", "zip: method");
	wide = (struct zip_wide){
	    zip_number(directory, at + 42, 4), zip_number(directory, at + 20, 4), zip_number(directory, at + 24, 4)};
	if (!zip_widen((str){directory.p + at + ZIP_CENTRAL_BYTES + name, extra}, &wide) || wide.offset > INT64_MAX ||
	    wide.packed_bytes > INT64_MAX || wide.bytes > INT64_MAX)
		return zip_damaged();
	*out = (struct zip_place){.name = arena_str(arena, (str){directory.p + at + ZIP_CENTRAL_BYTES, name}),
	    .offset = (int64_t)wide.offset,
	    .packed_bytes = (int64_t)wide.packed_bytes,
	    .bytes = (int64_t)wide.bytes,
	    .crc = (uint32_t)zip_number(directory, at + 16, 4),
	    .deflated = method != 0};
	*next = at + ZIP_CENTRAL_BYTES + name + extra + comment;
	return NULL;
}

fallible
zip_source_read(struct arena *arena, const struct zip_source *source, struct zip_places *out)
{
	struct directory directory = {0};
	size_t at = 0;
	str bytes;

	*out = (struct zip_places){0};
	TRY(find_directory(source, &directory));
	TRY(read_at(source, directory.begin, directory.bytes, &bytes));
	for (uint64_t i = 0; i < directory.count; i++) {
		struct zip_place place;

		TRY(read_place(arena, bytes, at, &place, &at));
		if (str_ends(place.name, S("/"))) /* a folder */
			continue;
		if (!zip_name_is_safe(place.name))
			return ERR(
			    ERR_INVALID, "This ZIP holds a file whose name leads out of it.", "zip: unsafe name");
		*LIST_ADD(arena, out) = place;
	}
	return NULL;
}

/* ---- a file ---- */

fallible
zip_stream_open(const struct zip_source *source, const struct zip_place *place, struct zip_stream *out)
{
	str head;

	*out = (struct zip_stream){.source = source, .place = *place};
	TRY(read_at(source, (uint64_t)place->offset, ZIP_LOCAL_BYTES, &head));
	if (zip_number(head, 0, 4) != ZIP_LOCAL)
		return zip_damaged();
	out->at = place->offset + ZIP_LOCAL_BYTES + (int64_t)zip_number(head, 26, 2) + (int64_t)zip_number(head, 28, 2);
	if (out->at > source->bytes || place->packed_bytes > source->bytes - out->at)
		return zip_damaged();
	out->end = out->at + place->packed_bytes;
	if (!place->deflated)
		return NULL;
	out->inflate = calloc(1, sizeof(z_stream));
	if (!out->inflate || inflateInit2(out->inflate, -MAX_WBITS) != Z_OK) {
		free(out->inflate);
		out->inflate = NULL;
		return ERR(
		    ERR_BUSY, "There is too much to do right now. Please try again in a minute.", "zlib: no memory");
	}
	return NULL;
}

void
zip_stream_close(struct zip_stream *stream)
{
	if (stream->inflate) {
		inflateEnd(stream->inflate);
		free(stream->inflate);
	}
	stream->inflate = NULL;
}

static fallible
next_stored(struct zip_stream *s, char *out, size_t bytes_max, size_t *bytes)
{
	size_t left = (size_t)(s->end - s->at), n = left < bytes_max ? left : bytes_max;
	str piece;

	if (n > ZIP_READ_BYTES)
		n = ZIP_READ_BYTES;
	if (n) {
		TRY(read_at(s->source, (uint64_t)s->at, n, &piece));
		memcpy(out, piece.p, n);
	}
	s->at += (int64_t)n;
	s->over = s->at == s->end;
	*bytes = n;
	return NULL;
}

/* The source's piece is used up before this returns: what it lends lives until the next call only. */
static fallible
next_inflated(struct zip_stream *s, char *out, size_t bytes_max, size_t *bytes)
{
	z_stream *z = s->inflate;
	size_t left = (size_t)(s->end - s->at), n = left < ZIP_READ_BYTES ? left : ZIP_READ_BYTES;
	str piece = S("");
	int state;

	if (n)
		TRY(read_at(s->source, (uint64_t)s->at, n, &piece));
	z->next_in = (unsigned char *)(uintptr_t)piece.p;
	z->avail_in = (unsigned)n;
	z->next_out = (unsigned char *)out;
	z->avail_out = (unsigned)bytes_max;
	state = inflate(z, Z_NO_FLUSH);
	if (state != Z_OK && state != Z_STREAM_END && state != Z_BUF_ERROR)
		return zip_damaged();
	s->at += (int64_t)(n - z->avail_in);
	*bytes = bytes_max - z->avail_out;
	s->over = state == Z_STREAM_END;
	return !*bytes && !s->over && s->at == s->end ? zip_damaged() : NULL;
}

fallible
zip_stream_next(struct zip_stream *s, char *out, size_t bytes_max, size_t *bytes)
{
	*bytes = 0;
	assert(bytes_max > 0 && bytes_max <= UINT32_MAX);
	while (!*bytes && !s->over)
		TRY(s->inflate ? next_inflated(s, out, bytes_max, bytes) : next_stored(s, out, bytes_max, bytes));
	s->done += (int64_t)*bytes;
	s->crc = (uint32_t)crc32(s->crc, (const unsigned char *)out, (unsigned)*bytes);
	if (s->done > s->place.bytes)
		return zip_damaged(); /* longer than it says */
	if (s->done / ZIP_RATIO_MAX > s->place.packed_bytes + (int64_t)ZIP_READ_BYTES)
		return ERR(ERR_INVALID, "A file in this ZIP unpacks to far more than it should.", "zip: a bomb");
	if (!*bytes && (s->done != s->place.bytes || s->crc != s->place.crc))
		return zip_damaged();
	return NULL;
}
