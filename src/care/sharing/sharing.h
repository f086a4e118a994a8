/* SPDX-License-Identifier: Apache-2.0 */
/* The pages of delegation: whom a patient lets act for them, taking such a permission with a code, and choosing for whom to
 * act.  The rules are trust/consent's; nothing is decided here. */
#ifndef SALVE_SHARING_H
#define SALVE_SHARING_H

#include "platform/http/http.h"

extern const struct route sharing_routes[];

#endif
