/* SPDX-License-Identifier: Apache-2.0 */
/* Identifiers: UUID version 7 (RFC 9562), made by the program, so that rows sort by time of creation and no database
 * hands out numbers.  An id is a name, never a permission: nothing is reachable because its id was guessed. */
#ifndef SALVE_ID_H
#define SALVE_ID_H

#include "platform/base/buf.h"
#include "platform/base/instant.h"

struct uuid {
	unsigned char bytes[16];
};

#define UUID_TEXT_CHARS 36

/* A typed id: a thread_id passed where a patient_id is wanted does not compile. */
#define ID_TYPE(name)          \
	typedef struct {       \
		struct uuid v; \
	} name

ID_TYPE(account_id);
ID_TYPE(patient_id);
ID_TYPE(staff_id);
ID_TYPE(facility_id);
ID_TYPE(team_id);
ID_TYPE(session_id);

struct uuid uuid_new(instant now); /* version 7: time, then 74 random bits */
bool uuid_is_none(struct uuid id); /* all zero: "no such thing" */
bool uuid_equal(struct uuid a, struct uuid b);
bool uuid_parse(str text, struct uuid *out);        /* 8-4-4-4-12 hex digits, either case; false otherwise */
str uuid_text(struct arena *arena, struct uuid id); /* lower case */
void buf_add_uuid(struct buf *buf, struct uuid id);

/* `n` bytes from the system's random source; ends the process when there is none. */
void random_bytes(void *out, size_t n);

#endif
