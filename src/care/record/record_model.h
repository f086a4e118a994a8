/* SPDX-License-Identifier: Apache-2.0 */
/* The model of the record as tables: types and search parameters.  Kinds of resources are rows here, not code elsewhere; the
 * rows can be exchanged for ones generated from the specification.  Private to this folder. */
#ifndef SALVE_RECORD_MODEL_H
#define SALVE_RECORD_MODEL_H

#include "care/record/record.h"

struct type_row {
	const char *name;
	const char *patient;  /* path to the reference of its patient; NULL: it has none */
	const char *required; /* members it must have, "status medication[x]"; NULL: none */
	const char *choices;  /* members that come in one of several forms, "value effective"; NULL: none */
	bool may_be_common;   /* may stand in the commons, where everyone who is signed in reads it */
};
const struct type_row *type_row(resource_type type); /* NULL for an unknown number */

enum param_kind {
	PARAM_TOKEN,     /* codes, identifiers, booleans, addresses */
	PARAM_DATE,      /* spans of time */
	PARAM_REFERENCE, /* to other resources */
	PARAM_STRING,    /* words, found by their beginnings without case and accents */
	PARAM_PERSON,    /* the same for patients' names: identity's index finds them, none here */
};

struct param_row {
	resource_type type; /* 0: of every type */
	int name;           /* number of its name */
	enum param_kind kind;
	const char *path;     /* see record_path.h */
	resource_type target; /* what a bare id means for a reference; 0: the type must be given */
};
const struct param_row *param_rows(resource_type type, size_t *count); /* without those of every type */
/* NULL when the type has no such parameter; finds "_lastUpdated" too. */
const struct param_row *param_row_find(resource_type type, str name);
/* The log of the journal that an entry is of: no member of the resource says it, its row does. "_log" finds it. */
extern const struct param_row param_log;
const char *param_name(const struct param_row *row);

/* What stands in resource_index.param: the name's number and the type's. "_lastUpdated" has the name number 0, so that the
 * rows below PARAM_TYPES_END list every current resource of an owner. */
#define PARAM_TYPE_BITS 8
#define PARAM_TYPES_END (1 << PARAM_TYPE_BITS)
int64_t param_number(const struct param_row *row, resource_type type);

#endif
