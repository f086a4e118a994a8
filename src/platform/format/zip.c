/* SPDX-License-Identifier: Apache-2.0 */
/* Writing ZIP archives as a stream. */
#include "platform/format/zip_internal.h"

#include <zlib.h>

#define PIECE_BYTES 16384
#define VERSION     45     /* needed to extract: ZIP64 */
#define FLAGS       0x0808 /* sizes behind the data; names in UTF-8 */
#define DEFLATED    8
#define MADE_BY     (3 << 8 | VERSION) /* Unix: forward slashes */
#define MODE        (0100644u << 16)   /* a plain file */

/* ---- little-endian numbers ---- */

static void
add_number(struct buf *out, uint64_t value, int bytes)
{
	for (int i = 0; i < bytes; i++)
		buf_add_char(out, (char)(unsigned char)(value >> (8 * i)));
}

static fallible
put(struct zip_writer *zip, str bytes)
{
	TRY(sink_write(zip->sink, bytes));
	zip->offset += (int64_t)bytes.n;
	return NULL;
}

/* ---- names and times ---- */

bool
zip_name_is_safe(str name)
{
	str rest = name, part;

	if (!name.n || name.n > ZIP_NAME_BYTES_MAX || name.p[0] == '/' || str_contains(name, S("\\")) ||
	    memchr(name.p, 0, name.n) || (name.n > 1 && name.p[1] == ':'))
		return false;
	while (rest.p) {
		rest = str_cut(rest, '/', &part);
		if (str_equal(part, S("..")) || str_equal(part, S(".")) || (!part.n && rest.p))
			return false;
	}
	return true;
}

/* MS-DOS date and time: years since 1980, two seconds a step. */
static uint32_t
dos_time(instant now)
{
	struct civil_time t = zone_civil(zone_utc(), now);
	uint32_t year = t.date.year < 1980 ? 0 : t.date.year > 2107 ? 127 : (uint32_t)(t.date.year - 1980);

	return year << 25 | (uint32_t)t.date.month << 21 | (uint32_t)t.date.day << 16 | (uint32_t)t.hour << 11 |
	       (uint32_t)t.minute << 5 | (uint32_t)t.second / 2;
}

/* ---- a file ---- */

static const struct err *
no_memory(void)
{
	return ERR(ERR_BUSY, "There is too much to do right now. Please try again in a minute.", "zlib: no memory");
}

fallible
zip_begin(struct zip_writer *zip, struct arena *arena, const struct sink *sink, instant now)
{
	*zip = (struct zip_writer){.arena = arena, .sink = sink, .dos_time = dos_time(now)};
	zip->deflate = ARENA_NEW(arena, struct z_stream_s);
	if (deflateInit2(zip->deflate, Z_DEFAULT_COMPRESSION, Z_DEFLATED, -MAX_WBITS, 8, Z_DEFAULT_STRATEGY) != Z_OK) {
		zip->deflate = NULL;
		return no_memory();
	}
	return NULL;
}

/* Push what there is through deflate; `how`: Z_NO_FLUSH or Z_FINISH. */
static fallible
pump(struct zip_writer *zip, str bytes, int how)
{
	unsigned char piece[PIECE_BYTES];
	int state;

	zip->deflate->next_in = (unsigned char *)(uintptr_t)bytes.p;
	zip->deflate->avail_in = (unsigned)bytes.n;
	do {
		size_t n;

		zip->deflate->next_out = piece;
		zip->deflate->avail_out = sizeof(piece);
		state = deflate(zip->deflate, how);
		assert(state != Z_STREAM_ERROR);
		n = sizeof(piece) - zip->deflate->avail_out;
		zip->file_packed += (int64_t)n;
		if (n)
			TRY(put(zip, (str){(char *)piece, n}));
	} while (zip->deflate->avail_out == 0 || (how == Z_FINISH && state != Z_STREAM_END));
	return NULL;
}

static fallible
end_file(struct zip_writer *zip)
{
	struct zip_directory_entry *entry;
	struct buf tail = BUF_INIT(zip->arena);

	if (!zip->file_open)
		return NULL;
	TRY(pump(zip, STR_NONE, Z_FINISH));
	zip->file_open = false;
	if (zip->file_packed > ZIP_FILE_BYTES_MAX)
		return ERR(ERR_INVALID, "This file is too large for a ZIP.", "zip: packed size");
	entry = &zip->directory.items[zip->directory.count - 1];
	entry->bytes = (uint32_t)zip->file_bytes;
	entry->packed_bytes = (uint32_t)zip->file_packed;
	add_number(&tail, ZIP_DESCRIPTOR, 4);
	add_number(&tail, entry->crc, 4);
	add_number(&tail, entry->packed_bytes, 4);
	add_number(&tail, entry->bytes, 4);
	return put(zip, buf_str(&tail));
}

fallible
zip_file(struct zip_writer *zip, str name)
{
	struct buf head = BUF_INIT(zip->arena);

	if (!zip_name_is_safe(name))
		return ERR(ERR_INVALID, "This name cannot stand in a ZIP.", "zip: unsafe name");
	TRY(end_file(zip));
	*LIST_ADD(zip->arena, &zip->directory) =
	    (struct zip_directory_entry){.name = arena_str(zip->arena, name), .offset = zip->offset};
	add_number(&head, ZIP_LOCAL, 4);
	add_number(&head, VERSION, 2);
	add_number(&head, FLAGS, 2);
	add_number(&head, DEFLATED, 2);
	add_number(&head, zip->dos_time, 4);
	add_number(&head, 0, 8); /* crc and sizes stand behind */
	add_number(&head, 0, 4);
	add_number(&head, name.n, 2);
	add_number(&head, 0, 2);
	buf_add(&head, name);
	deflateReset(zip->deflate);
	zip->file_bytes = zip->file_packed = 0;
	zip->file_open = true;
	return put(zip, buf_str(&head));
}

fallible
zip_write(struct zip_writer *zip, str bytes)
{
	struct zip_directory_entry *entry = &zip->directory.items[zip->directory.count - 1];

	assert(zip->file_open);
	if (zip->file_bytes + (int64_t)bytes.n > ZIP_FILE_BYTES_MAX)
		return ERR(ERR_INVALID, "This file is too large for a ZIP.", "zip: file size");
	zip->file_bytes += (int64_t)bytes.n;
	entry->crc = (uint32_t)crc32(entry->crc, (const unsigned char *)bytes.p, (unsigned)bytes.n);
	return bytes.n ? pump(zip, bytes, Z_NO_FLUSH) : NULL;
}

/* ---- the directory ---- */

static fallible
put_entry(struct zip_writer *zip, struct buf *out, const struct zip_directory_entry *entry)
{
	bool far = entry->offset >= UINT32_MAX;

	buf_clear(out);
	add_number(out, ZIP_CENTRAL, 4);
	add_number(out, MADE_BY, 2);
	add_number(out, VERSION, 2);
	add_number(out, FLAGS, 2);
	add_number(out, DEFLATED, 2);
	add_number(out, zip->dos_time, 4);
	add_number(out, entry->crc, 4);
	add_number(out, entry->packed_bytes, 4);
	add_number(out, entry->bytes, 4);
	add_number(out, entry->name.n, 2);
	add_number(out, far ? 12 : 0, 2);
	add_number(out, 0, 2 + 2 + 2); /* comment, disk, internal attributes */
	add_number(out, MODE, 4);
	add_number(out, far ? UINT32_MAX : (uint64_t)entry->offset, 4);
	buf_add(out, entry->name);
	if (far) {
		add_number(out, ZIP_EXTRA_64, 2);
		add_number(out, 8, 2);
		add_number(out, (uint64_t)entry->offset, 8);
	}
	return put(zip, buf_str(out));
}

static void
add_end_64(struct zip_writer *zip, struct buf *out, int64_t begin, int64_t bytes)
{
	add_number(out, ZIP_END_64, 4);
	add_number(out, 44, 8); /* bytes of this record behind here */
	add_number(out, MADE_BY, 2);
	add_number(out, VERSION, 2);
	add_number(out, 0, 4 + 4); /* disks */
	add_number(out, zip->directory.count, 8);
	add_number(out, zip->directory.count, 8);
	add_number(out, (uint64_t)bytes, 8);
	add_number(out, (uint64_t)begin, 8);
	add_number(out, ZIP_END_64_PLACE, 4);
	add_number(out, 0, 4);
	add_number(out, (uint64_t)(begin + bytes), 8);
	add_number(out, 1, 4);
}

fallible
zip_end(struct zip_writer *zip)
{
	struct buf out = BUF_INIT(zip->arena);
	int64_t begin, bytes;
	bool large;

	TRY(end_file(zip));
	begin = zip->offset;
	for (size_t i = 0; i < zip->directory.count; i++)
		TRY(put_entry(zip, &out, &zip->directory.items[i]));
	bytes = zip->offset - begin;
	large = begin >= UINT32_MAX || zip->directory.count >= UINT16_MAX || bytes >= UINT32_MAX;
	buf_clear(&out);
	if (large)
		add_end_64(zip, &out, begin, bytes);
	add_number(&out, ZIP_END, 4);
	add_number(&out, 0, 2 + 2); /* disks */
	add_number(&out, large ? UINT16_MAX : zip->directory.count, 2);
	add_number(&out, large ? UINT16_MAX : zip->directory.count, 2);
	add_number(&out, large ? UINT32_MAX : (uint64_t)bytes, 4);
	add_number(&out, large ? UINT32_MAX : (uint64_t)begin, 4);
	add_number(&out, 0, 2);
	zip_abandon(zip);
	return put(zip, buf_str(&out));
}

void
zip_abandon(struct zip_writer *zip)
{
	if (zip->deflate)
		deflateEnd(zip->deflate);
	zip->deflate = NULL;
}
