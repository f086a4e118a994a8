/* SPDX-License-Identifier: Apache-2.0 */
/* An entry between its fields and its FHIR resource, by the table.  For this folder and for those who bring in entries. */
#ifndef SALVE_JOURNAL_FHIR_H
#define SALVE_JOURNAL_FHIR_H

#include "care/journal/journal_model.h"

#define JOURNAL_SUPPLIED_SYSTEM "http://hl7.org/fhir/us/core/CodeSystem/us-core-tags"
#define JOURNAL_SUPPLIED        "patient-supplied"

/* A file of an entry; its bytes are a Binary. */
struct journal_file {
	str id;    /* of the Binary */
	str name;  /* of the file, clean */
	str title; /* what it shows, in words; the name until somebody says */
	str content_type;
	int64_t bytes;
};
#define JOURNAL_FILES_MAX 10

/* What an entry says, by field: a number as digits in `unit`, a text, a code, codes joined by ",", "yes" or "no", a FHIR date or dateTime.
 * Absent: not said. */
struct journal_values {
	str text[JOURNAL_FIELDS_MAX];
	const struct journal_unit *unit[JOURNAL_FIELDS_MAX]; /* of numbers */
	str by;     /* who entered it for the patient, in words; absent: the patient */
	str source; /* "Apple Health": what it was taken in from; absent: typed here */
	struct journal_file files[JOURNAL_FILES_MAX];
	size_t file_count;
	str origin; /* what it is called there: the same twice is one entry */
};

/* The resource as JSON text without id. `patient`: id of its Patient. Every field's value was checked. */
str
journal_to_fhir(struct arena *arena, const struct journal_log *log, str patient, const struct journal_values *values);
/* The other way, from what journal_to_fhir wrote. */
void journal_from_fhir(
    struct arena *arena, const struct journal_log *log, const struct json_value *json, struct journal_values *out);

#endif
