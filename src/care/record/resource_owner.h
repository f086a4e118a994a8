/* SPDX-License-Identifier: Apache-2.0 */
/* May the caller read what belongs to this owner?  Private to this folder. */
#ifndef SALVE_RESOURCE_OWNER_H
#define SALVE_RESOURCE_OWNER_H

#include "care/record/record.h"

/* access_check for reading a resource of this type (0: whatever the caller may read), and for the commons: is the caller signed in? `why` is ACCESS_NONE there. ERR_GONE otherwise. */
fallible resource_owner_check(struct cx *cx, resource_type type, patient_id owner, enum access_why *why);
/* May somebody with these rights for the patient (bits of enum access_right) read a resource of this type? Messages that were
 * recorded elsewhere are messages here too. */
enum access_right resource_right(resource_type type);

#endif
