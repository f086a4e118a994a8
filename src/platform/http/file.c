/* SPDX-License-Identifier: Apache-2.0 */
#include "platform/format/uri.h"
#include "platform/http/http_internal.h"

/* A name that every browser can read, and the true one. */
static str
disposition(struct arena *arena, str name, bool shown)
{
	struct buf out = BUF_INIT(arena);

	buf_add_z(&out, shown ? "inline; filename=\"" : "attachment; filename=\"");
	for (size_t i = 0; i < name.n; i++) {
		char c = name.p[i];
		buf_add_char(&out, c < 0x20 || c > 0x7e || c == '"' || c == '\\' || c == '%' ? '_' : c);
	}
	buf_add_z(&out, "\"; filename*=UTF-8''");
	uri_encode(&out, name);
	return buf_str(&out);
}

void
respond_as_file(struct request *rq, str name, bool shown)
{
	respond_header(rq, "Content-Disposition", disposition(&rq->arena, name, shown));
	respond_header(rq, "Content-Security-Policy", S("sandbox; default-src 'none'; frame-ancestors 'none'"));
}
