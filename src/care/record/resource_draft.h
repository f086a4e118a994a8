/* SPDX-License-Identifier: Apache-2.0 */
/* What a prepared resource is made of.  Private to this folder. */
#ifndef SALVE_RESOURCE_DRAFT_H
#define SALVE_RESOURCE_DRAFT_H

#include "care/record/record_index.h"
#include "platform/crypto/crypto.h"

#define RECORD_DICTIONARY 1 /* the number of dictionary.txt in stored texts */

struct resource_draft {
	patient_id patient;
	resource_type type;
	struct uuid key;
	str id;
	instant updated;
	str packed; /* record_text.h */
	str sealed; /* packed, as version 1 */
	struct index_entries entries;
	bool once, only_new; /* as in struct resource_new */
	int64_t log;
	enum audit_subject subject;
	const char *follow; /* outbox kind by which others are told of it; NULL: nobody is */
};

/* By which outbox kind others follow what becomes of a resource; NULL: nobody does. (record_follow.c) */
const char *record_follow_kind(resource_type type, const struct json_value *json, instant now);

struct seal_place resource_place(resource_type type, struct uuid key, int64_t version);
/* The packed text of a stored row. */
fallible resource_open_packed(struct cx *cx, const struct resource *row, str *packed);
/* `row->body` opened, with id and meta; absent when deleted. */
fallible resource_open(struct cx *cx, struct resource *row);
/* What the index holds of a stored row; nothing when deleted. */
fallible resource_entries_of_row(struct cx *cx, const struct resource *row, struct index_entries *out);

#endif
