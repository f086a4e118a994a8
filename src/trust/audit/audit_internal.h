/* SPDX-License-Identifier: Apache-2.0 */
#ifndef SALVE_AUDIT_INTERNAL_H
#define SALVE_AUDIT_INTERNAL_H

#include "trust/audit/audit.h"

/* An entry as decoded from the journal. */
struct audit_row {
	instant at;
	account_id account;
	patient_id patient;
	struct uuid item;
	int64_t action, subject, why, count;
};
bool audit_decode(str entry, struct audit_row *out); /* false for entries that are not the trail's */

#endif
