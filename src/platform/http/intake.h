/* SPDX-License-Identifier: Apache-2.0 */
/* libmicrohttpd's callbacks: for server.c. */
#ifndef SALVE_HTTP_INTAKE_H
#define SALVE_HTTP_INTAKE_H

#include "platform/http/http_internal.h"

void *intake_target(void *cls, const char *target, struct MHD_Connection *connection);
enum MHD_Result intake_handle(void *cls, struct MHD_Connection *connection, const char *url, const char *method,
    const char *version, const char *upload, size_t *upload_n, void **request);
void intake_completed(
    void *cls, struct MHD_Connection *connection, void **request, enum MHD_RequestTerminationCode termination);

#endif
