/* SPDX-License-Identifier: Apache-2.0 */
/* The patient's home: what is new, what waits, what comes next.  Shows what other features know; keeps nothing itself. */
#ifndef SALVE_HOME_H
#define SALVE_HOME_H

#include "platform/http/http.h"

extern const struct route home_routes[]; /* GET /home */

#endif
