/* SPDX-License-Identifier: Apache-2.0 */
/* May the caller read what belongs to this owner?  Private to this folder. */
#ifndef SALVE_RESOURCE_OWNER_H
#define SALVE_RESOURCE_OWNER_H

#include "care/record/record.h"

/* access_check, and for the commons: is the caller signed in? `why` is ACCESS_NONE there. ERR_GONE otherwise. */
fallible resource_owner_check(struct cx *cx, patient_id owner, enum access_why *why);

#endif
