/* SPDX-License-Identifier: Apache-2.0 */
#ifndef SALVE_CONSENT_INTERNAL_H
#define SALVE_CONSENT_INTERNAL_H

#include "trust/consent/consent.h"

/* By what right the caller's account sees the patient now; ACCESS_NONE when by none. */
fallible access_lookup(struct cx *cx, patient_id patient, enum access_why *why);

#endif
