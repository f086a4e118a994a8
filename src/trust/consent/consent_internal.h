/* SPDX-License-Identifier: Apache-2.0 */
#ifndef SALVE_CONSENT_INTERNAL_H
#define SALVE_CONSENT_INTERNAL_H

#include "trust/consent/consent.h"

#include "platform/crypto/crypto.h"

/* By what right the caller's account sees the patient now, as the patient or as staff; ACCESS_NONE when by none. */
fallible access_lookup(struct cx *cx, patient_id patient, enum access_why *why);

/* What the account may do for the patient now, as bits of enum access_right. */
fallible delegation_row_rights(struct cx *cx, patient_id patient, account_id delegate, unsigned *out);

/* Rows of delegations. `called` and `relation` are sealed in what is written, and opened in what is read. */
fallible delegation_row_add(struct tx *tx, const struct delegation *d, struct uuid code);
fallible delegation_row_by_code(struct cx *cx, struct uuid code, struct delegation *out, bool *found);
fallible delegation_row_get(struct cx *cx, patient_id patient, delegation_id id, struct delegation *out, bool *found);
fallible delegation_row_held(struct cx *cx, account_id delegate, delegation_id id, struct delegation *out, bool *found);
/* State, delegate, times and the patient's choice as `d` says; the code is gone when the offer is. */
fallible delegation_row_put(struct tx *tx, const struct delegation *d, account_id ended_by);
/* An earlier permission of the same two ends at `from`, or was never one when it begins later. */
fallible delegation_rows_replace(struct tx *tx, const struct delegation *by, instant from);
fallible delegation_rows_given(struct cx *cx, patient_id patient, struct db_rows *out);
fallible delegation_rows_of(struct cx *cx, account_id delegate, struct db_rows *out);  /* in force or coming */
fallible delegation_rows_over(struct cx *cx, patient_id patient, struct db_rows *out); /* in force */
fallible delegation_row_count(struct cx *cx, patient_id patient, int64_t *out);        /* offered or in force */
fallible delegation_rows_readers(struct cx *cx, patient_id patient, struct db_rows *out);
fallible delegation_rows_told(struct cx *cx, patient_id patient, enum access_right right, struct db_rows *out);

struct seal_place delegation_place(delegation_id id, const char *what);

#endif
