/* SPDX-License-Identifier: Apache-2.0 */
/* Where bytes go piece by piece: to a client, into a file of an archive, to a test. */
#ifndef SALVE_SINK_H
#define SALVE_SINK_H

#include "platform/base/err.h"

struct sink {
	const struct err *(*write)(void *arg, str bytes); /* an error ends whatever is being written */
	void *arg;
};

static inline const struct err *
sink_write(const struct sink *sink, str bytes)
{
	return sink->write(sink->arg, bytes);
}

#endif
