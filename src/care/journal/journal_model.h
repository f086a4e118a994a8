/* SPDX-License-Identifier: Apache-2.0 */
/* The journal as one table: its logs, the fields of each, their units, codes and places in FHIR.  Forms, lists, checks, FHIR resources
 * and exports follow from the rows (journal_logs.c); a new log is a new row.  For this folder and for those who bring in
 * entries. */
#ifndef SALVE_JOURNAL_MODEL_H
#define SALVE_JOURNAL_MODEL_H

#include "care/journal/journal.h"

#define JOURNAL_FIELDS_MAX 20

/* ---- units ---- */

/* A value in the first unit of its list is (value * times + plus) / by; all whole numbers, so that nothing is lost. */
struct journal_unit {
	const char *code;  /* UCUM */
	const char *words; /* "lb" */
	int64_t times, plus, by;
	int decimals; /* that people write */
	bool us;      /* what people in the United States write it in, where it is not the first */
};
struct journal_units {
	const struct journal_unit *items;
	size_t count;
};
const struct journal_unit *journal_unit_find(const struct journal_units *units, str code); /* NULL: not one of them */

/* Thousand-millionths of a unit, so that sums and comparisons are exact. */
#define JOURNAL_NANO        ((int64_t)1000000000)
#define JOURNAL_NUMBER_MAX  ((int64_t)1000000) /* nothing a person measures at home is larger */
#define JOURNAL_DECIMALS_IN 3                  /* of what is typed */
/* "98.6", "98,6", "-1": at most JOURNAL_DECIMALS_IN decimals. False for what is no such number. */
bool journal_number_parse(str text, int64_t *nano);
str journal_number_text(struct arena *arena, int64_t nano, int decimals_max); /* without zeros at the end */
int64_t journal_to_first(const struct journal_unit *unit, int64_t nano);      /* rounded to the thousand-millionth */
int64_t journal_from_first(const struct journal_unit *unit, int64_t nano);

/* ---- codes ---- */

struct journal_code {
	const char *value;         /* in forms, and in our own coding */
	const char *words;         /* marked for translation */
	const char *system, *code; /* public ones; NULL: none */
	const char *group;         /* heading above it in a form; NULL: that of the one before */
};
struct journal_codes {
	const struct journal_code *items;
	size_t count;
};
const struct journal_code *journal_code_find(const struct journal_codes *codes, str value);

/* ---- fields ---- */

enum journal_kind {
	FIELD_NUMBER,
	FIELD_TEXT,
	FIELD_LONG,  /* several lines */
	FIELD_CODE,  /* one of a list */
	FIELD_CODES, /* any of a list */
	FIELD_YES,   /* yes or no */
	FIELD_DAY,
	FIELD_TIME, /* a day and a time of day: the moment of the entry */
};
/* How the value stands in FHIR. */
enum journal_shape {
	SHAPE_PLAIN,     /* a string, a date, a boolean, a number */
	SHAPE_CONCEPT,   /* a CodeableConcept: of a code, or with the text alone */
	SHAPE_QUANTITY,  /* in the first unit, with what was typed beside it */
	SHAPE_LIST,      /* an array of {"code": CodeableConcept}: of FIELD_CODES */
	SHAPE_COMPONENT, /* of an Observation: coded by `loinc`, or by the field's own name */
	SHAPE_EXTENSION, /* where FHIR has no place: url JOURNAL_SYSTEM ":" name */
};

struct journal_field {
	const char *name;  /* in forms, CSV and JSON; never changes its meaning */
	const char *label; /* marked for translation */
	enum journal_kind kind;
	enum journal_shape shape;
	const char *path; /* of the member; NULL for components and extensions */
	bool required;
	bool detail; /* in the form under "More details" */
	const struct journal_units *units;
	int64_t low, high; /* a number beyond is asked about: in the first unit; equal: nothing is asked */
	const struct journal_codes *codes;
	const char *loinc, *display;
	const char *hint, *preset;
};

/* ---- logs ---- */

enum journal_group { JOURNAL_MEASURES, JOURNAL_DAILY, JOURNAL_HISTORY, JOURNAL_PEOPLE, JOURNAL_GROUPS };

struct journal_constant {
	const char *path, *json;
};
struct journal_log {
	int64_t number;          /* stored: never changes its meaning */
	const char *name;        /* in addresses */
	const char *title, *one; /* "Blood pressure", "blood pressure reading"; marked for translation */
	enum journal_group group;
	resource_type type;
	const char *subject; /* member that refers to the patient */
	const char *by;      /* reference that says that the patient is the source; NULL: none */
	const char *date;    /* search parameter by which entries are sorted; NULL: by when they were written */
	const struct journal_constant *constants;
	size_t constant_count;
	const struct journal_field *fields;
	size_t field_count;
	const char *loinc;   /* of the whole, where clinics send the same; for trends beside theirs */
	const char *made_at; /* where its entries are made, when not by the form of the log; NULL: by that */
	bool has_files;      /* an entry has one file at least: made by a form of its own (journal_document_pages.c) */
	size_t plotted;      /* how many of the first fields are drawn, 1 or 2; 0: none */
};
extern const struct journal_log journal_logs_measured[], journal_logs_said[];
extern const size_t journal_logs_measured_count, journal_logs_said_count;
/* The logs in the order of the pages; NULL behind the last. */
const struct journal_log *journal_log_at(size_t i);
const struct journal_log *journal_log_find(str name);
const struct journal_log *journal_log_of(int64_t number);
const struct journal_field *journal_field_find(const struct journal_log *log, str name, size_t *index);

#endif
