/* SPDX-License-Identifier: Apache-2.0 */
/* The schema steps of schema/NNNN_name.sql, as built into the program. */
#ifndef SALVE_SCHEMA_H
#define SALVE_SCHEMA_H

#include "platform/db/db.h"

extern const struct migration schema_migrations[];
extern const size_t schema_migration_count;

#endif
