/* SPDX-License-Identifier: Apache-2.0 */
/* Opening the listening socket: for server.c. */
#ifndef SALVE_HTTP_LISTEN_H
#define SALVE_HTTP_LISTEN_H

#include "platform/http/http.h"

/* A listening, non-blocking socket by `options` (address and port, or the adopted descriptor) and the port it has.
 * ERR_BUSY: the port is in use. ERR_INVALID: no such address, or plain text where others could read it. */
fallible listen_open(struct arena *arena, const struct http_options *options, int *fd, int *port);

#endif
