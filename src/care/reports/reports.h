/* SPDX-License-Identifier: Apache-2.0 */
/* What those who run messaging look at: figures, what is to be tidied up, and everything that went to and fro with one patient.
 * Looks and counts; changes nothing. */
#ifndef SALVE_REPORTS_H
#define SALVE_REPORTS_H

#include "platform/http/http.h"

extern const struct route reports_routes[];

#endif
