/* SPDX-License-Identifier: Apache-2.0 */
/* Prescriptions, refills, renewals and what is taken, for apps: the same use cases as the pages. */
#ifndef SALVE_API_PRESCRIPTIONS_H
#define SALVE_API_PRESCRIPTIONS_H

#include "platform/http/http.h"

extern const struct route api_prescriptions_routes[];

#endif
