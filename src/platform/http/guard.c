/* SPDX-License-Identifier: Apache-2.0 */
/* What must not even be looked at: heads that two programs on the way could read differently (request smuggling), and
 * bytes that have no business in a head.  The surprise: libmicrohttpd before 1.0 ends a header value at a NUL, joins folded
 * lines and takes a bare LF for a line end, all without telling.  A well-formed head lies in memory as it came, name, NUL,
 * blanks, value, NUL NUL (once CR LF), next name; guard_collect refuses any other layout. */
#include "platform/http/http_internal.h"

str
headers_first(struct headers headers, const char *name)
{
	for (size_t i = 0; i < headers.count; i++)
		if (str_equal_fold(headers.items[i].name, str_from_z(name)))
			return headers.items[i].value;
	return STR_NONE;
}

size_t
headers_count(struct headers headers, const char *name)
{
	size_t count = 0;

	for (size_t i = 0; i < headers.count; i++)
		count += str_equal_fold(headers.items[i].name, str_from_z(name));
	return count;
}

/* RFC 9110 5.6.2 */
static bool
is_token(str text)
{
	for (size_t i = 0; i < text.n; i++) {
		char c = text.p[i];

		if (!((c | 32) >= 'a' && (c | 32) <= 'z') && !(c >= '0' && c <= '9') &&
		    !memchr("!#$%&'*+-.^_`|~", c, 15))
			return false;
	}
	return text.n > 0;
}

static bool
has_control_byte(str value)
{
	for (size_t i = 0; i < value.n; i++)
		if (((unsigned char)value.p[i] < 0x20 && value.p[i] != '\t') || value.p[i] == 0x7f)
			return true;
	return false;
}

static bool
host_is_sound(str host)
{
	for (size_t i = 0; i < host.n; i++) {
		char c = host.p[i];

		if (!((c | 32) >= 'a' && (c | 32) <= 'z') && !(c >= '0' && c <= '9') && !memchr("-._:[]~", c, 7))
			return false;
	}
	return host.n > 0;
}

static bool
is_number(str text)
{
	for (size_t i = 0; i < text.n; i++)
		if (text.p[i] < '0' || text.p[i] > '9')
			return false;
	return text.n > 0 && text.n <= 18;
}

int
guard_check(str target, struct headers headers)
{
	size_t lengths = headers_count(headers, "Content-Length");
	size_t codings = headers_count(headers, "Transfer-Encoding");

	if (!str_starts(target, S("/")))
		return 400; /* no proxy here: "http://…" and "*" are nobody's */
	for (size_t i = 0; i < target.n; i++)
		if (target.p[i] <= ' ' || target.p[i] >= 0x7f) /* char is signed: bytes from 0x80 are below ' ' */
			return 400;
	for (size_t at = 0; at + 2 < target.n; at++)
		if (memcmp(target.p + at, "%00", 3) == 0)
			return 400;
	if (headers.count > HTTP_HEADERS_MAX)
		return 431;
	for (size_t i = 0; i < headers.count; i++)
		if (!is_token(headers.items[i].name) || has_control_byte(headers.items[i].value))
			return 400;
	if (headers_count(headers, "Host") != 1 || !host_is_sound(headers_first(headers, "Host")))
		return 400;
	if (lengths > 1 || (lengths && codings) || codings > 1)
		return 400;
	if (lengths && !is_number(headers_first(headers, "Content-Length")))
		return 400;
	if (codings && !str_equal_fold(headers_first(headers, "Transfer-Encoding"), S("chunked")))
		return 501;
	return 0;
}

/* ---- collecting ---- */

struct collector {
	struct arena *arena;
	LIST(struct header) list;
	const char *end; /* where the line before ends; NULL: the layout does not matter */
	bool is_sound;
};

/* Between `from` and `to` stand exactly two NULs that once were CR LF. */
static bool
is_line_end(const char *from, const char *to)
{
	return to == from + 2 && from[0] == '\0' && from[1] == '\0';
}

static enum MHD_Result
collect_one(void *cls, enum MHD_ValueKind kind, const char *key, size_t key_size, const char *value, size_t value_size)
{
	struct collector *collector = cls;

	(void)kind;
	if (!value)
		value_size = 0;
	if (collector->end) {
		const char *at = key + key_size + 1;

		while (value && at < value && at < key + key_size + 64 && (*at == ' ' || *at == '\t'))
			at++;
		if (!value || at != value || !is_line_end(collector->end, key)) {
			collector->is_sound = false;
			return MHD_NO;
		}
		collector->end = value + value_size;
	}
	if (collector->list.count <= HTTP_HEADERS_MAX) /* one too many is kept, for guard_check to see */
		*LIST_ADD(collector->arena, &collector->list) =
		    (struct header){arena_str(collector->arena, (str){key, key_size}),
			arena_str(collector->arena, str_trim((str){value ? value : "", value_size}))};
	return MHD_YES;
}

bool
guard_collect(
    struct MHD_Connection *connection, struct arena *arena, str target, const char *version_z, struct headers *out)
{
	struct collector collector = {.arena = arena, .is_sound = true};

	if (target.p) { /* the layout matters */
		if (version_z != target.p + target.n + 1)
			return false;
		collector.end = version_z + strlen(version_z);
	}
	MHD_get_connection_values_n(connection, MHD_HEADER_KIND, collect_one, &collector);
	/* The last line: what follows is the empty line, or what stood behind a NUL. */
	if (collector.end && collector.is_sound && collector.list.count &&
	    (collector.end[0] != '\0' || collector.end[1] != '\0'))
		collector.is_sound = false;
	*out = (struct headers){collector.list.items, collector.list.count};
	return collector.is_sound;
}
