/* SPDX-License-Identifier: Apache-2.0 */
/* ZIP archives (PKWARE APPNOTE 6.3): written as a stream, read from memory.
 *
 *	struct zip_writer zip;
 *	TRY(zip_begin(&zip, arena, &sink, now));
 *	TRY(zip_file(&zip, S("record/record.txt")));        ends the file before
 *	TRY(zip_write(&zip, bytes));                        any number of times
 *	TRY(zip_end(&zip));                                 the directory; or zip_abandon
 *
 * Files are deflated, with their sizes behind them, so that nothing is kept in memory but the directory; names are UTF-8; ZIP64
 * records stand where 32 bits do not do.  A single file is at most ZIP_FILE_BYTES_MAX. */
#ifndef SALVE_ZIP_H
#define SALVE_ZIP_H

#include "platform/base/base.h"

#define ZIP_FILE_BYTES_MAX ((int64_t)UINT32_MAX - 1)
#define ZIP_NAME_BYTES_MAX 500

struct z_stream_s;

struct zip_directory_entry {
	str name;
	uint32_t crc, packed_bytes, bytes;
	int64_t offset;
};
struct zip_writer {
	struct arena *arena;
	const struct sink *sink;
	uint32_t dos_time; /* of every file */
	int64_t offset;    /* bytes written so far */
	struct {
		struct zip_directory_entry *items;
		size_t count, capacity;
	} directory;
	struct z_stream_s *deflate;
	int64_t file_bytes, file_packed;
	bool file_open;
};
/* `arena` keeps names; `sink` lives as long as the writer. `now` becomes the time of the files, in UTC. */
fallible zip_begin(struct zip_writer *zip, struct arena *arena, const struct sink *sink, instant now);
/* ERR_INVALID for a name that leads out of the archive ("..", "/x", a backslash) or is too long. */
fallible zip_file(struct zip_writer *zip, str name);
fallible zip_write(struct zip_writer *zip, str bytes); /* ERR_INVALID beyond ZIP_FILE_BYTES_MAX */
fallible zip_end(struct zip_writer *zip);
void zip_abandon(struct zip_writer *zip); /* after an error: gives memory back */

/* ---- reading ---- */

struct zip_entry {
	str name;
	int64_t bytes;
	str packed; /* borrows from the archive */
	bool deflated;
	uint32_t crc;
};
struct zip_entries {
	struct zip_entry *items;
	size_t count, capacity;
};
#define ZIP_ENTRIES_MAX 100000

/* The directory of an archive that lies in memory. ERR_INVALID with words: no archive, cut off, encrypted, spread over several
 * files, packed in another way, a name that leads out of it or stands twice, entries that overlap. */
fallible zip_read(struct arena *arena, str archive, struct zip_entries *out);
/* The bytes of an entry. ERR_INVALID: damaged (its check sum or size is not what the directory says), or more than `bytes_max`. */
fallible zip_extract(struct arena *arena, const struct zip_entry *entry, int64_t bytes_max, str *out);
const struct zip_entry *zip_find(const struct zip_entries *entries, str name); /* NULL: not there */

/* ---- reading an archive that is too large for memory ---- */

/* Bytes of the archive wherever they are kept. `out` lives until the next call. */
struct zip_source {
	const struct err *(*read)(void *arg, int64_t offset, size_t bytes, str *out); /* all of them, or an error */
	void *arg;
	int64_t bytes;
};
struct zip_place {
	str name;
	int64_t offset, packed_bytes, bytes; /* offset: of its header */
	uint32_t crc;
	bool deflated;
};
struct zip_places {
	struct zip_place *items;
	size_t count, capacity;
};
#define ZIP_DIRECTORY_BYTES_MAX ((int64_t)4 * 1024 * 1024)
#define ZIP_READ_BYTES          ((size_t)64 * 1024) /* asked of the source at one time, the directory aside */
#define ZIP_RATIO_MAX           200 /* a file unpacks to so many times its size at most; XML does to 30 */

/* The directory, as zip_read; sizes are not believed before they were read. */
fallible zip_source_read(struct arena *arena, const struct zip_source *source, struct zip_places *out);

/* A file unpacked piece by piece, in memory that its size does not change. */
struct zip_stream {
	const struct zip_source *source;
	struct z_stream_s *inflate; /* NULL: stored */
	struct zip_place place;
	int64_t at, end; /* packed bytes in the archive: not read yet */
	int64_t done;    /* unpacked */
	uint32_t crc;
	bool over;
};
fallible zip_stream_open(const struct zip_source *source, const struct zip_place *place, struct zip_stream *out);
/* At most `bytes_max` more; 0 at the end, once size and check sum were found to be what the directory says. */
fallible zip_stream_next(struct zip_stream *stream, char *out, size_t bytes_max, size_t *bytes);
void zip_stream_close(struct zip_stream *stream); /* also after an error */

#endif
