/* SPDX-License-Identifier: Apache-2.0 */
/* One server for all tests of a program. */
#ifndef SALVE_HTTP_TEST_HELP_H
#define SALVE_HTTP_TEST_HELP_H

#include "platform/http/http_test_client.h"

extern struct trial *trial; /* from start to stop: the set-up and tear-down of the group */
int start(void **state);
int stop(void **state);
/* The status of a GET with more header lines (each ended by CR LF). */
int status_of_get(const char *path, const char *more);

#endif
