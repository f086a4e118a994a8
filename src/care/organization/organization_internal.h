/* SPDX-License-Identifier: Apache-2.0 */
/* What the files of this folder share: rows of associations, surrogates and blocks.  "For ever" as an end is the largest
 * number, so that every query is one comparison; outside of the stores it is INSTANT_NONE. */
#ifndef SALVE_ORGANIZATION_INTERNAL_H
#define SALVE_ORGANIZATION_INTERNAL_H

#include "care/organization/organization.h"
#include "platform/pages/i18n.h"
#include "trust/audit/audit.h"
#include "trust/consent/consent.h"

#define FOREVER          ((int64_t)INT64_MAX)
#define NOTE_CHARS_MAX   500
#define BLOCK_REVIEW_MAX (366 * DAY_MS)

#define NOT_HERE                                                                                             \
	ERR(ERR_GONE, TR("We could not find that. It may have been removed, or it is not shared with you."), \
	    "nothing of that kind, or not the caller's business")

/* Of a team, a person, a patient: nothing that names them. */
void audit_office(struct tx *tx, enum audit_subject subject, patient_id patient, struct uuid item);

/* ---- who works for a team (surrogate_store.c) ---- */

/* Bring team_worker up to date after a change of one membership. */
fallible worker_rows_of_member(struct tx *tx, team_id team, account_id account);
fallible surrogate_row_add(struct tx *tx, const struct surrogate *in);
fallible surrogate_row_end(struct tx *tx, struct uuid id);
fallible surrogate_row_get(struct cx *cx, struct uuid id, struct surrogate *out);
fallible surrogate_rows(struct cx *cx, facility_id facility, struct db_rows *out);
fallible surrogate_row_of_account(struct cx *cx, account_id account, struct surrogate *out, bool *found);
/* What speaks against a new one, at any time of it. */
struct surrogate_clash {
	int64_t covered; /* somebody stands in for the absent one already */
	int64_t by_away; /* who is to stand in is away */
	int64_t stands;  /* the absent one stands in for another */
};
fallible surrogate_row_clash(struct cx *cx, const struct surrogate *in, struct surrogate_clash *out);

/* ---- panels (association_store.c) ---- */

struct association_sealed {
	struct association plain; /* reason sealed */
};
struct seal_place association_place(team_id team);
fallible association_rows(struct cx *cx, patient_id patient, struct db_rows *out); /* reasons sealed */

/* ---- distribution groups (distribution_store.c) ---- */

fallible distribution_row_put(struct tx *tx, const struct distribution_group *in);
fallible distribution_row_add(struct tx *tx, struct uuid id, account_id account);
fallible distribution_rows_clear(struct tx *tx, struct uuid id);
fallible distribution_row_delete(struct tx *tx, struct uuid id);
fallible distribution_row_get(struct cx *cx, struct uuid id, facility_id facility, struct distribution_group *out);
fallible distribution_rows(struct cx *cx, facility_id facility, struct db_rows *out);
fallible distribution_member_rows(struct cx *cx, struct uuid id, struct db_rows *out);

/* ---- blocks (block_store.c) ---- */

struct seal_place block_place(struct uuid id);
fallible block_row_add(struct tx *tx, const struct block *in); /* note sealed */
fallible block_row_end(struct tx *tx, patient_id patient, struct uuid id);
fallible block_row_get(struct cx *cx, patient_id patient, struct uuid id, struct block *out);
fallible block_rows_of_patient(struct cx *cx, patient_id patient, struct db_rows *out);
fallible block_rows_to_review(struct cx *cx, facility_id facility, struct db_rows *out);

#endif
