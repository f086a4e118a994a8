/* SPDX-License-Identifier: Apache-2.0 */
/* What the files of the FHIR face share.  Private to this folder. */
#ifndef SALVE_RECORD_API_INTERNAL_H
#define SALVE_RECORD_API_INTERNAL_H

#include "care/record/record.h"
#include "care/record/record_api.h"

/* "https://portal.example.org/fhir" as the caller sees it. */
str fhir_base(struct cx *cx, struct request *rq);
/* The type of the path; ERR_GONE for one that FHIR R4 does not have. */
fallible fhir_type_of(struct request *rq, resource_type *out);
/* ETag and Last-Modified. */
void fhir_version_headers(struct cx *cx, struct request *rq, const struct resource *resource);
/* Record a read in the trail; nothing for the commons. */
void fhir_audit_read(struct cx *cx, enum audit_action action, const struct resource *resource, int64_t count);
/* The Bundle's beginning up to its first entry, and one entry. */
void fhir_entry(struct buf *out, str base, const struct resource *resource, const char *mode);

fallible fhir_metadata(struct cx *cx, struct request *rq);
fallible fhir_delete(struct cx *cx, struct request *rq);
fallible fhir_batch(struct cx *cx, struct request *rq);

/* ---- one write, shared by single requests and batches ---- */

struct fhir_write {
	enum bundle_method method; /* POST, PUT, DELETE */
	resource_type type;
	str id;
	struct resource_draft *draft;   /* not for DELETE */
	struct patient_sealed *patient; /* of a Patient */
	patient_id owner;
	enum access_why why;
	enum audit_subject subject;
	int64_t if_match; /* the version it must have; 0: any */
	/* results */
	struct resource_put_result result;
	bool is_outdated; /* the version was another: nothing was written, the act gave ERR_CONFLICT */
};
/* Check, ask the policy engine, seal. `json` is resolved already; NULL for DELETE. */
fallible
fhir_write_prepare(struct cx *cx, const struct bundle *bundle, const struct json_value *json, struct fhir_write *write);
/* Inside an act: all writes and their entries in the trail. */
fallible fhir_write_all(struct tx *tx, struct fhir_write *writes, size_t count);
/* The body as JSON. */
fallible fhir_body(struct cx *cx, struct request *rq, const struct json_value **out);
/* "W/\"3\"" as a number; 0 when absent; ERR_INVALID otherwise. */
fallible fhir_if_match(str text, int64_t *out);
/* The one of `owner` that If-None-Exist asks for. ERR_CONFLICT when there are several. */
fallible
fhir_find_existing(struct cx *cx, patient_id owner, resource_type type, str query, struct resource *out, bool *found);

#endif
