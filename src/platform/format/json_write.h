/* SPDX-License-Identifier: Apache-2.0 */
/* JSON text written piece by piece to a buf.  It cannot come out malformed: commas, quotes and escapes are the writer's,
 * and a piece where it cannot stand (a value without a name in an object, an end without a begin) is an assertion.
 *
 *	struct json_writer w = JSON_WRITER(&buf);
 *	json_write_object(&w);
 *	json_put_text(&w, "resourceType", S("Patient"));
 *	json_put_array(&w, "name");
 *	...
 *	json_write_end(&w);
 *	json_write_end(&w);
 *	json_write_done(&w); */
#ifndef SALVE_JSON_WRITE_H
#define SALVE_JSON_WRITE_H

#include "platform/format/json.h"

/* Levels the writer keeps open: a value as deep as the reader allows, inside some of our own. */
#define JSON_WRITE_DEPTH_MAX (2 * JSON_DEPTH_MAX)

struct json_writer {
	struct buf *out;
	bool pretty; /* lines and two blanks per level, for people; compact otherwise */
	bool filled; /* something already stands at this level */
	bool named;  /* a name was written, its value is owed */
	bool whole;  /* the root value is complete */
	uint8_t depth;
	uint8_t is_object[JSON_WRITE_DEPTH_MAX / 8]; /* one bit per level */
};

#define JSON_WRITER(buf_)     \
	{                     \
		.out = (buf_) \
	}

/* Values: at the root (once), in an array, or after json_write_name. */
void json_write_object(struct json_writer *w); /* until json_write_end */
void json_write_array(struct json_writer *w);  /* until json_write_end */
void json_write_end(struct json_writer *w);    /* of the innermost object or array */
/* Bytes that are not UTF-8, and U+0000, come out as U+FFFD. Absent comes out as "". */
void json_write_text(struct json_writer *w, str text);
void json_write_int64(struct json_writer *w, int64_t number);
void json_write_number(struct json_writer *w, str digits); /* a JSON number as text, kept as it is; asserted */
void json_write_bool(struct json_writer *w, bool value);
void json_write_null(struct json_writer *w);
/* `json` must be one whole JSON value: json_source() or text that was validated before it was stored. Copied as it is. */
void json_write_raw(struct json_writer *w, str json);
/* A parsed value printed anew: its meaning, numbers to the digit, in the order it had; not its white space and escapes. */
void json_write_value(struct json_writer *w, const struct json_value *value);

/* In an object. A name must not be given twice: nobody looks. */
void json_write_name(struct json_writer *w, str name);

/* Name and value in one; `name` is a literal. json_put_text, _number and _raw leave the member out when the value is absent
 * (not when empty), as FHIR wants it. */
void json_put_object(struct json_writer *w, const char *name);
void json_put_array(struct json_writer *w, const char *name);
void json_put_text(struct json_writer *w, const char *name, str text);
void json_put_int64(struct json_writer *w, const char *name, int64_t number);
void json_put_number(struct json_writer *w, const char *name, str digits);
void json_put_bool(struct json_writer *w, const char *name, bool value);
void json_put_raw(struct json_writer *w, const char *name, str json);

/* The end: asserts that one whole value was written. */
void json_write_done(struct json_writer *w);

/* `text` as a JSON string with its quotes, appended to any buf. */
void buf_add_json_text(struct buf *buf, str text);

#endif
