/* SPDX-License-Identifier: Apache-2.0 */
/* Reading ZIP archives that came from outside: everything is checked against the bytes there are. */
#include "platform/format/zip_internal.h"

#include <stdlib.h>
#include <zlib.h>

const struct err *
zip_damaged(void)
{
	return ERR(ERR_INVALID, "This file is no whole ZIP. Get it once more from where it was made.", "zip: damaged");
}

/* ---- where the directory is ---- */

struct directory {
	uint64_t begin, bytes, count;
};

bool
zip_find_end(str archive, size_t *at)
{
	size_t low = archive.n > ZIP_END_BYTES + ZIP_COMMENT_MAX ? archive.n - ZIP_END_BYTES - ZIP_COMMENT_MAX : 0;

	if (archive.n < ZIP_END_BYTES)
		return false;
	for (size_t i = archive.n - ZIP_END_BYTES + 1; i-- > low;)
		if (zip_number(archive, i, 4) == ZIP_END &&
		    zip_number(archive, i + 20, 2) == archive.n - ZIP_END_BYTES - i) {
			*at = i;
			return true;
		}
	return false;
}

static fallible
find_directory(str archive, struct directory *out)
{
	size_t end;
	uint64_t place;

	if (!zip_find_end(archive, &end))
		return zip_damaged();
	if (zip_number(archive, end + 4, 2) != 0 || zip_number(archive, end + 6, 2) != 0)
		return ERR(ERR_INVALID, "This ZIP is spread over several files.", "zip: several disks");
	*out = (struct directory){
	    zip_number(archive, end + 16, 4), zip_number(archive, end + 12, 4), zip_number(archive, end + 10, 2)};
	if (end >= ZIP_PLACE_64_BYTES && zip_number(archive, end - ZIP_PLACE_64_BYTES, 4) == ZIP_END_64_PLACE) {
		place = zip_number(archive, end - ZIP_PLACE_64_BYTES + 8, 8);
		if (place > end - ZIP_PLACE_64_BYTES || end - ZIP_PLACE_64_BYTES - place < ZIP_END_64_BYTES ||
		    zip_number(archive, (size_t)place, 4) != ZIP_END_64)
			return zip_damaged();
		*out = (struct directory){zip_number(archive, (size_t)place + 48, 8),
		    zip_number(archive, (size_t)place + 40, 8), zip_number(archive, (size_t)place + 32, 8)};
	}
	if (out->begin > end || out->bytes > end - out->begin || out->count > ZIP_ENTRIES_MAX ||
	    out->count * ZIP_CENTRAL_BYTES > out->bytes)
		return zip_damaged();
	return NULL;
}

/* ---- one entry ---- */

/* Takes from the extra field what did not fit into 32 bits. */
bool
zip_widen(str extra, struct zip_wide *place)
{
	uint64_t *const values[] = {&place->bytes, &place->packed_bytes, &place->offset};

	while (extra.n >= 4) {
		size_t n = (size_t)zip_number(extra, 2, 2);
		str field;

		if (n > extra.n - 4)
			return false;
		field = str_take(str_drop(extra, 4), n);
		if (zip_number(extra, 0, 2) == ZIP_EXTRA_64)
			for (size_t i = 0; i < 3; i++) {
				if (*values[i] != UINT32_MAX)
					continue;
				if (field.n < 8)
					return false;
				*values[i] = zip_number(field, 0, 8);
				field = str_drop(field, 8);
			}
		extra = str_drop(extra, 4 + n);
	}
	return true;
}

/* The packed bytes, behind the local header, and all of them in front of the directory. */
static fallible
find_bytes(str archive, const struct directory *directory, const struct zip_wide *place, struct zip_entry *entry)
{
	uint64_t begin;

	if (place->offset > directory->begin || directory->begin - place->offset < ZIP_LOCAL_BYTES ||
	    zip_number(archive, (size_t)place->offset, 4) != ZIP_LOCAL)
		return zip_damaged();
	begin = place->offset + ZIP_LOCAL_BYTES + zip_number(archive, (size_t)place->offset + 26, 2) +
	        zip_number(archive, (size_t)place->offset + 28, 2);
	if (begin > directory->begin || place->packed_bytes > directory->begin - begin || place->bytes > INT64_MAX)
		return zip_damaged();
	entry->packed = (str){archive.p + begin, (size_t)place->packed_bytes};
	entry->bytes = (int64_t)place->bytes;
	return NULL;
}

static fallible
read_entry(str archive, const struct directory *directory, size_t at, struct zip_entry *out, size_t *next)
{
	size_t end = (size_t)(directory->begin + directory->bytes), name, extra, comment;
	struct zip_wide place;
	uint64_t method;

	if (end - at < ZIP_CENTRAL_BYTES || zip_number(archive, at, 4) != ZIP_CENTRAL)
		return zip_damaged();
	name = (size_t)zip_number(archive, at + 28, 2);
	extra = (size_t)zip_number(archive, at + 30, 2);
	comment = (size_t)zip_number(archive, at + 32, 2);
	if (name + extra + comment > end - at - ZIP_CENTRAL_BYTES)
		return zip_damaged();
	if (zip_number(archive, at + 8, 2) & ZIP_IS_ENCRYPTED)
		return ERR(ERR_INVALID, "This ZIP is locked with a password. Unlock it first.", "zip: encrypted");
	method = zip_number(archive, at + 10, 2);
	if (method != 0 && method != Z_DEFLATED)
		return ERR(ERR_INVALID, "This ZIP is packed in a way that is not read here.", "zip: method");
	place = (struct zip_wide){
	    zip_number(archive, at + 42, 4), zip_number(archive, at + 20, 4), zip_number(archive, at + 24, 4)};
	if (!zip_widen((str){archive.p + at + ZIP_CENTRAL_BYTES + name, extra}, &place))
		return zip_damaged();
	*out = (struct zip_entry){.name = {archive.p + at + ZIP_CENTRAL_BYTES, name},
	    .deflated = method != 0,
	    .crc = (uint32_t)zip_number(archive, at + 16, 4)};
	*next = at + ZIP_CENTRAL_BYTES + name + extra + comment;
	return find_bytes(archive, directory, &place, out);
}

/* ---- the whole ---- */

static int
by_name(const void *a, const void *b)
{
	return str_compare((*(const struct zip_entry *const *)a)->name, (*(const struct zip_entry *const *)b)->name);
}

static int
by_bytes(const void *a_, const void *b_)
{
	const struct zip_entry *a = *(const struct zip_entry *const *)a_, *b = *(const struct zip_entry *const *)b_;

	return a->packed.p != b->packed.p ? (a->packed.p < b->packed.p ? -1 : 1)
	                                  : (a->packed.n > b->packed.n) - (a->packed.n < b->packed.n);
}

/* One name once, one byte in one file: what overlaps unpacks to more than anybody has room for. */
static fallible
check_all(struct arena *arena, const struct zip_entries *entries)
{
	const struct zip_entry **order = ARENA_ARRAY(arena, const struct zip_entry *, entries->count + 1);

	for (size_t i = 0; i < entries->count; i++)
		order[i] = &entries->items[i];
	if (entries->count)
		qsort(order, entries->count, sizeof(order[0]), by_name);
	for (size_t i = 1; i < entries->count; i++)
		if (str_equal(order[i - 1]->name, order[i]->name))
			return ERR(ERR_INVALID, "This ZIP holds two files of one name.", "zip: doubled name");
	if (entries->count)
		qsort(order, entries->count, sizeof(order[0]), by_bytes);
	for (size_t i = 1; i < entries->count; i++)
		if (order[i - 1]->packed.p + order[i - 1]->packed.n > order[i]->packed.p)
			return ERR(ERR_INVALID, "The files in this ZIP overlap.", "zip: overlap");
	return NULL;
}

fallible
zip_read(struct arena *arena, str archive, struct zip_entries *out)
{
	struct directory directory = {0};
	size_t at;

	*out = (struct zip_entries){0};
	TRY(find_directory(archive, &directory));
	at = (size_t)directory.begin;
	for (uint64_t i = 0; i < directory.count; i++) {
		struct zip_entry entry;

		TRY(read_entry(archive, &directory, at, &entry, &at));
		if (str_ends(entry.name, S("/"))) /* a folder */
			continue;
		if (!zip_name_is_safe(entry.name))
			return ERR(
			    ERR_INVALID, "This ZIP holds a file whose name leads out of it.", "zip: unsafe name");
		*LIST_ADD(arena, out) = entry;
	}
	return check_all(arena, out);
}

static fallible
inflate_all(const struct zip_entry *entry, char *out)
{
	z_stream stream = {.next_in = (unsigned char *)(uintptr_t)entry->packed.p,
	    .avail_in = (unsigned)entry->packed.n,
	    .next_out = (unsigned char *)out,
	    .avail_out = (unsigned)entry->bytes + 1}; /* one more: is it longer than it says? */
	int state;

	if (inflateInit2(&stream, -MAX_WBITS) != Z_OK)
		return ERR(
		    ERR_BUSY, "There is too much to do right now. Please try again in a minute.", "zlib: no memory");
	state = inflate(&stream, Z_FINISH);
	inflateEnd(&stream);
	return state == Z_STREAM_END && stream.total_out == (uint64_t)entry->bytes ? NULL : zip_damaged();
}

fallible
zip_extract(struct arena *arena, const struct zip_entry *entry, int64_t bytes_max, str *out)
{
	char *bytes;

	if (entry->bytes > bytes_max || entry->bytes >= ZIP_FILE_BYTES_MAX || entry->packed.n >= ZIP_FILE_BYTES_MAX)
		return ERR(ERR_INVALID, "A file in this ZIP is larger than is taken here.", "zip: file size");
	bytes = arena_text(arena, (size_t)entry->bytes + 2);
	if (entry->deflated) {
		TRY(inflate_all(entry, bytes));
	} else {
		if ((int64_t)entry->packed.n != entry->bytes)
			return zip_damaged();
		memcpy(bytes, entry->packed.p, entry->packed.n);
	}
	*out = (str){bytes, (size_t)entry->bytes};
	return (uint32_t)crc32(0, (const unsigned char *)bytes, (unsigned)entry->bytes) == entry->crc ? NULL
	                                                                                              : zip_damaged();
}

const struct zip_entry *
zip_find(const struct zip_entries *entries, str name)
{
	for (size_t i = 0; i < entries->count; i++)
		if (str_equal(entries->items[i].name, name))
			return &entries->items[i];
	return NULL;
}
