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
bool audit_decode(str entry, struct audit_row *out); /* false for entries that are not about one deed */
/* An entry about a list: what all its rows share, and the ids of its patients, 16 bytes each. False for other entries. */
bool audit_decode_listed(str entry, struct audit_row *out, str *patients);

#endif
