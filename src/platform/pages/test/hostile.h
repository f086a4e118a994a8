/* SPDX-License-Identifier: Apache-2.0 */
/* A template that puts one text in every place where a value may stand. */
#ifndef SALVE_HOSTILE_H
#define SALVE_HOSTILE_H

#include "platform/pages/pages.h"

void hostile(struct buf *out, const struct page_cx *px, str text, const char *z, int64_t number);

#endif
