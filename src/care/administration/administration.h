/* SPDX-License-Identifier: Apache-2.0 */
/* Pages of administrators and coordinators: what needs a person's decision, teams, people, tokens for programs. */
#ifndef SALVE_ADMINISTRATION_H
#define SALVE_ADMINISTRATION_H

#include "platform/http/http.h"

extern const struct route administration_routes[];

#endif
