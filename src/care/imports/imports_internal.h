/* SPDX-License-Identifier: Apache-2.0 */
/* What the files of this folder share.  Not for other folders.
 *
 * A file comes in (RECEIVING), is read (LOOKING: entries are staged, nothing is kept), is shown (ASKING), and when the person says so its
 * staged entries are kept (KEEPING).  Each step that the program makes by itself is done in small durable parts and goes on behind the last
 * of them, however it was interrupted. */
#ifndef SALVE_IMPORTS_INTERNAL_H
#define SALVE_IMPORTS_INTERNAL_H

#include "care/imports/imports.h"
#include "care/journal/journal_bring.h"
#include "platform/pages/pages.h"

/* ---- limits ---- */

#define IMPORT_CHUNK_BYTES      ((size_t)256 * 1024)       /* of the file, sealed by itself */
#define IMPORT_PIECE_BYTES      (16 * IMPORT_CHUNK_BYTES)  /* sent at one time: 4 MiB, a minute of a slow line */
#define IMPORT_PLAIN_BYTES_MAX  ((size_t)32 * 1024 * 1024) /* sent by a plain form: it waits in memory */
#define IMPORT_FILE_BYTES_MAX   ((int64_t)4 * 1024 * 1024 * 1024)
#define IMPORT_XML_BYTES_MAX    ((int64_t)16 * 1024 * 1024 * 1024) /* unpacked */
#define IMPORT_TABLE_BYTES_MAX  ((int64_t)16 * 1024 * 1024)        /* CSV and FHIR are read whole: so much memory */
#define IMPORT_AT_ONCE_BYTES    ((int64_t)256 * 1024) /* read and kept while the person waits; larger ones by the timer */
#define IMPORT_ENTRIES_MAX      300000                /* of one file; a reading a minute for half a year */
#define IMPORT_TALLIES_MAX      200                   /* kinds of things that are counted by name; others together */
#define IMPORT_REFUSED_MAX      5000                  /* told one by one; others counted */
#define IMPORT_SOURCE_CHARS_MAX 80                    /* names of apps and devices */
#define IMPORT_PREVIEW_ROWS     10
#define IMPORTS_OPEN_MAX        5 /* of one patient, not finished */
#define IMPORTS_LISTED_MAX      50
#define IMPORT_DAYS             7  /* a file that nobody goes on with */
#define IMPORT_REFUSED_DAYS     30 /* what was refused can be fetched */
#define IMPORT_SILENT_MS        (8 * SECOND_MS)
#define IMPORT_SIGN_MS          (1 * SECOND_MS) /* so often a worker says that it lives */
#define IMPORT_POINT_MS         (1 * SECOND_MS) /* so often reading notes where it stands */
#define IMPORT_ATTEMPTS         3               /* without getting any further */

/* ---- the import ---- */

enum import_kind { /* stored as numbers: append only */
	IMPORT_UNKNOWN = 0,
	IMPORT_CSV = 1,
	IMPORT_FHIR = 2,
	IMPORT_APPLE = 3,
};
enum import_state { /* stored as numbers: append only */
	IMPORT_RECEIVING = 0,
	IMPORT_COLUMNS = 5, /* the person says what the columns of a table are */
	IMPORT_LOOK_WAITS = 10,
	IMPORT_LOOKING = 15,
	IMPORT_ASKING = 20, /* shown; the person says whether to keep it */
	IMPORT_KEEP_WAITS = 30,
	IMPORT_KEEPING = 35,
	IMPORT_KEPT = 40,
	IMPORT_BACK_WAITS = 50,
	IMPORT_BACKING = 55, /* being taken back */
	IMPORT_BACK = 60,
	IMPORT_FAILED = 70,
};
enum import_part { PART_FILE, PART_ENTRIES, PART_REFUSED, PART_POINT }; /* stored as numbers: append only */

/* ---- what was found, by kind of thing ---- */

enum import_aside {   /* why something is left aside; stored by position: append only */
	ASIDE_NO_LOG, /* the health log has no place for it */
	ASIDE_CLOSED, /* the log is not shared with who brings it */
	ASIDE_HALF,   /* an upper number without its lower one */
	ASIDE_TODAY,  /* a sum or an average of a day that was not over */
	ASIDE_FEWER,  /* another device counted more that day */
	ASIDE_ERROR,  /* marked as entered in error */
	ASIDE_MORE,   /* beyond IMPORT_ENTRIES_MAX */
	ASIDE_KINDS,
};
struct import_tally {
	str name;    /* "BodyMass", "Patient"; of a table: the log's name */
	int64_t log; /* number; 0: none */
	int64_t read, staged, kept, here, doubled, joined, refused, unusual;
	int64_t aside[ASIDE_KINDS];
};
struct import_tallies {
	struct import_tally *items;
	size_t count, capacity;
};
/* The one of this name, made when there is none; one for all others beyond IMPORT_TALLIES_MAX. */
struct import_tally *import_tally(struct arena *arena, struct import_tallies *tallies, str name, int64_t log);
struct import_tally import_tally_sum(const struct import_tallies *tallies);
int64_t import_tally_aside(const struct import_tally *tally);

/* ---- how a table is read ---- */

enum import_date_order { DATES_YMD, DATES_MDY, DATES_DMY };
#define IMPORT_NO_COLUMN (-1)
struct import_columns {
	const struct journal_log *log; /* NULL: not chosen yet */
	int column[JOURNAL_FIELDS_MAX];
	const struct journal_unit *unit[JOURNAL_FIELDS_MAX];
	int time_column; /* the time of day beside the day; IMPORT_NO_COLUMN: none, or in one */
	enum import_date_order dates;
	bool comma;     /* decimals */
	bool has_heads; /* the first row names the columns */
	char separator;
	str zone; /* of the times; IANA */
	str source;
};

/* What is sealed beside the row. */
struct import_facts {
	str name; /* of the file */
	struct import_columns columns;
	struct import_tallies tallies;
	str wrong; /* in words: why it failed */
	str heads; /* of the table's columns, as a row of CSV; absent: it has none */
};
str import_facts_write(struct arena *arena, const struct import_facts *facts);
fallible import_facts_read(struct arena *arena, str text, struct import_facts *out);

struct import {
	struct uuid id;
	patient_id patient;
	account_id account; /* none: the command line */
	bool acting;
	int64_t lang, kind, state, attempts, bytes, received, done, total;
	int64_t staged, kept, refused; /* chunks */
	int64_t logs;                  /* bits */
	str sealed;
	instant made, touched, expires_at;
	struct import_facts facts; /* opened */
};

/* ---- what a person does (import.c) ---- */

/* May the caller bring anything in at all? ERR_DENIED with words otherwise. */
fallible import_check(struct cx *cx, patient_id patient, enum access_why *why);
struct import_new {
	struct uuid id; /* the same again changes nothing */
	patient_id patient;
	str name;
	int64_t bytes;
};
fallible import_begin(struct cx *cx, const struct import_new *in);
/* `at` must be what was received; before it: told already, nothing changes. Whole chunks, the last piece excepted. */
fallible import_piece(struct cx *cx, struct import *import, int64_t at, str bytes);
/* Reads the first bytes of a whole file: what is it? Then it waits for columns or for being read. */
fallible import_received(struct cx *cx, struct import *import);
fallible import_list(struct cx *cx, patient_id patient, struct db_rows *out); /* struct import, the newest first */
fallible import_get(struct cx *cx, patient_id patient, struct uuid id, struct import *out); /* ERR_GONE: not theirs */
fallible import_set_columns(struct cx *cx, struct import *import, const struct import_columns *columns);
fallible import_keep(struct cx *cx, struct import *import);
/* Not kept yet: it is gone. While it is kept: what was kept is taken back. */
fallible import_cancel(struct cx *cx, struct import *import, bool *gone);
fallible import_again(struct cx *cx, struct import *import);
fallible import_take_back(struct cx *cx, struct import *import);
/* One step of this import now, in the caller's thread, when its file is small; the timer does the others. */
fallible import_at_once(struct cx *cx, const struct import *import);
fallible import_chunk_text(struct cx *cx, const struct import *import, enum import_part part, int64_t n, str *out);

/* ---- the file (import_file.c) ---- */

struct import_file; /* its bytes in order, unpacked when it is a ZIP with an export.xml */
fallible import_file_open(struct cx *cx, const struct import *import, struct import_file **out);
int64_t import_file_bytes(const struct import_file *file);
fallible import_file_skip(struct import_file *file, int64_t bytes);
fallible import_file_next(struct import_file *file, str *piece); /* empty: the end. Lives until the next call */
void import_file_close(struct import_file *file);
/* A small file whole. ERR_INVALID beyond IMPORT_TABLE_BYTES_MAX. */
fallible import_file_whole(struct cx *cx, const struct import *import, str *out);

/* ---- reading a file (import_look.c and one file per kind) ---- */

struct import_seen { /* keys, each once */
	struct uuid *slots;
	size_t slot_count, count;
};
struct import_look {
	struct cx *cx;        /* of the import's whole run */
	struct arena scratch; /* of one entry */
	struct page_cx px;    /* words, zone of the person */
	struct import *import;
	uint64_t open; /* logs that the caller may write in */
	struct import_seen seen;
	struct buf entries, refused; /* of the chunk at hand, in arenas of their own */
	struct arena entries_arena, refused_arena, point_arena;
	size_t entry_count, refused_count, refused_all;
	int64_t begun_ms, signed_ms, pointed_ms; /* monotonic: begin, the last sign of life, the last point */
	bool mine;
};
/* What was read becomes an entry that waits, or is refused with words. `values` live in scratch. */
struct import_found {
	struct import_tally *tally;
	const struct journal_log *log;
	struct journal_values values;
	int64_t line;
	str what; /* as it stood in the file: shown when it is refused */
};
fallible import_found(struct import_look *look, struct import_found *found);
fallible import_refuse(struct import_look *look, struct import_tally *tally, int64_t line, str what, str why);
/* Is it time to note where reading stands? */
bool import_point_is_due(const struct import_look *look);
/* Says that it lives, now and then; ERR_CONFLICT when it was stopped, ERR_BUSY when the program ends. */
fallible import_sign(struct import_look *look, int64_t done, int64_t total);
/* What was found so far is durable. */
fallible import_flush(struct import_look *look);
/* Notes where reading stands, behind import_flush. `point` is given back by import_point_get. */
fallible import_point(struct import_look *look, int64_t done, int64_t total, str point);
fallible import_point_get(struct import_look *look, str *point); /* absent: from the beginning */
/* All that was read is in; the next state is ASKING. */
fallible import_look_run(struct cx *cx, struct import *import);

fallible import_csv_look(struct import_look *look);
fallible import_fhir_look(struct import_look *look);
fallible import_apple_look(struct import_look *look);

/* ---- steps that the program makes (import_work.c, import_keep.c) ---- */

fallible import_keep_run(struct cx *cx, struct import *import);
fallible import_back_run(struct cx *cx, struct import *import);
fallible import_step(struct cx *cx, const struct import *import);   /* the one that waits, whole */
void import_tell(const struct cx *cx, const struct import *import); /* open pages, after the act */

/* One staged entry. */
struct import_entry {
	const struct journal_log *log;
	struct journal_values values;
	struct uuid key;
	size_t tally;
};
void import_entry_write(struct buf *out, const struct import_entry *entry);
fallible import_entry_read(struct arena *arena, str line, struct import_entry *out);

/* ---- numbers and units (import_units.c) ---- */

/* A number as programs write it ("81.64660000000001", "1,5" with `comma`, "1e2"), rounded to three decimals. False: none. */
bool import_number(str text, bool comma, int64_t *nano);
/* The unit of a field that is meant by "lb", "lbs", "mmHg", "bpm"; `power`: the number counts times ten to it (g: -3). */
const struct journal_unit *import_unit(const struct journal_units *units, str text, int *power);
str import_number_text(struct arena *arena, int64_t nano, int power);

/* ---- tables (import_columns.c) ---- */

/* The table of a CSV file. */
struct import_table {
	str text;
	char separator;
	str *heads; /* of the first row, whether it names columns or not */
	size_t count;
	str (*rows)[8]; /* the first rows' cells by column, for guesses: rows[column][row] */
	size_t row_count;
};
fallible import_table_read(struct cx *cx, const struct import *import, struct import_table *out);
/* Fills what headings and values tell, of a log that is given or guessed among `open`. */
void import_columns_guess(
    const struct page_cx *px, const struct import_table *table, uint64_t open, struct import_columns *columns);
/* A cell as the value of a field; false with words when it cannot be read. */
bool import_cell(const struct page_cx *px, const struct import_columns *columns, size_t field, str cell, str time,
    struct journal_values *out, str *why);
bool import_date(str text, enum import_date_order order, struct civil_date *out, str *rest);

/* Logs that the caller may bring entries into, as bits. */
fallible import_open_logs(struct cx *cx, patient_id patient, uint64_t *out);
bool import_log_takes(const struct journal_log *log); /* entries made by the log's own form */

/* "2021-03-04T08:12:33-05:00" */
str import_moment_text(struct arena *arena, struct civil_time t);

/* ---- words (import_words.c) ---- */

/* What a reader of formats refused, in the person's words; other errors as they are. */
const struct err *import_unreadable(struct cx *cx, const struct err *error, const char *words, int64_t line);

str import_tally_words(const struct page_cx *px, const struct import_tally *tally); /* "Body weight (BodyMass)" */
str import_aside_words(const struct page_cx *px, enum import_aside why);
str import_kind_words(const struct page_cx *px, int64_t kind);

#endif
