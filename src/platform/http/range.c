/* SPDX-License-Identifier: Apache-2.0 */
/* Which bytes of something a Range header asks for. */
#include "platform/http/http_internal.h"

static struct range
whole(int64_t size)
{
	return (struct range){RANGE_WHOLE, 0, size - 1};
}

static bool
is_digits(str text)
{
	for (size_t i = 0; i < text.n; i++)
		if (text.p[i] < '0' || text.p[i] > '9')
			return false;
	return true;
}

/* A number too large to be one of ours is beyond every end. */
static int64_t
number(str digits)
{
	int64_t value;

	return str_to_int64(digits, &value) ? value : INT64_MAX;
}

struct range
range_parse(str header, int64_t size)
{
	str begin, end;
	int64_t first, last;

	if (!str_starts(header, S("bytes=")) || str_contains(header, S(",")))
		return whole(size);
	end = str_cut(str_trim(str_drop(header, 6)), '-', &begin);
	if (!end.p || !is_digits(begin) || !is_digits(end) || (!begin.n && !end.n))
		return whole(size);
	if (!begin.n) { /* the last so many */
		last = number(end);
		return last == 0 ? (struct range){.kind = RANGE_OUTSIDE}
		                 : (struct range){RANGE_PART, last >= size ? 0 : size - last, size - 1};
	}
	first = number(begin);
	last = end.n ? number(end) : size - 1;
	if (last < first)
		return end.n && number(end) < first ? whole(size) : (struct range){.kind = RANGE_OUTSIDE};
	if (first >= size)
		return (struct range){.kind = RANGE_OUTSIDE};
	return (struct range){RANGE_PART, first, last < size ? last : size - 1};
}

struct range
request_range(const struct request *rq, str etag, int64_t size)
{
	str header = request_header(rq, "Range"), only_if = request_header(rq, "If-Range");

	if (!header.n || (only_if.n && !str_equal(only_if, etag)))
		return whole(size);
	return range_parse(header, size);
}
