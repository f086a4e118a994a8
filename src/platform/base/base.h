/* SPDX-License-Identifier: Apache-2.0 */
/* The words every other folder is written in: text, memory, errors, ids, time, limits, log.  Knows no patient, no
 * database and no network.  This is the only header of the folder that others include. */
#ifndef SALVE_BASE_H
#define SALVE_BASE_H

#include <assert.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "platform/base/str.h"

#include "platform/base/arena.h"

#include "platform/base/buf.h"
#include "platform/base/err.h"
#include "platform/base/id.h"
#include "platform/base/instant.h"
#include "platform/base/limits.h"
#include "platform/base/list.h"
#include "platform/base/log.h"
#include "platform/base/sink.h"

#include "platform/base/calendar.h"
#include "platform/base/cx.h"

#endif
