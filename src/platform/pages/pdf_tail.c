/* SPDX-License-Identifier: Apache-2.0 */
/* The language of a document, added behind what cairo wrote. */
#include "platform/pages/pdf_tail.h"

void
pdf_tail_init(struct pdf_tail *tail, struct arena *arena, const struct sink *sink)
{
	*tail = (struct pdf_tail){.sink = *sink, .catalog = BUF_INIT(arena)};
}

/* The number behind `name` in a line; `out` untouched when it is not there. */
static void
number_behind(str line, str name, int64_t *out)
{
	str rest, word;
	size_t at;

	if (!str_find(line, name, &at))
		return;
	rest = str_trim(str_drop(line, at + name.n));
	str_cut(rest, ' ', &word);
	str_to_int64(word, out);
}

static void
read_trailer(struct pdf_tail *tail, str line)
{
	number_behind(line, S("/Root"), &tail->root);
	number_behind(line, S("/Size"), &tail->size);
	number_behind(line, S("/Info"), &tail->info);
}

static void
read_line(struct pdf_tail *tail, str line)
{
	str number;

	if (tail->state == TAIL_CATALOG) {
		if (str_equal(line, S("endobj"))) {
			tail->state = TAIL_BODY;
			return;
		}
		buf_add(&tail->catalog, line);
		buf_add_char(&tail->catalog, '\n');
		return;
	}
	if (tail->state == TAIL_STARTXREF) {
		str_to_int64(line, &tail->startxref);
		tail->state = TAIL_BODY;
		return;
	}
	if (str_equal(line, S("startxref"))) {
		tail->state = TAIL_STARTXREF;
	} else if (str_starts(line, S("trailer"))) {
		tail->state = TAIL_TRAILER;
	} else if (str_ends(line, S(" 0 obj"))) {
		str_cut(line, ' ', &number);
		str_to_int64(number, &tail->object);
	} else if (str_starts(line, S("<< /Type /Catalog"))) {
		tail->state = TAIL_CATALOG;
		buf_clear(&tail->catalog);
		buf_add(&tail->catalog, str_drop(line, 2));
		buf_add_char(&tail->catalog, '\n');
	}
	if (tail->state == TAIL_TRAILER)
		read_trailer(tail, line);
}

static void
add_to_line(struct pdf_tail *tail, str bytes)
{
	size_t room = sizeof(tail->line) - tail->line_bytes, n = bytes.n < room ? bytes.n : room;

	tail->line_is_long |= bytes.n > room;
	if (n)
		memcpy(tail->line + tail->line_bytes, bytes.p, n);
	tail->line_bytes += n;
}

fallible
pdf_tail_write(struct pdf_tail *tail, str bytes)
{
	str rest = bytes, part;

	while (rest.p) {
		rest = str_cut(rest, '\n', &part);
		add_to_line(tail, part);
		if (!rest.p)
			break;
		if (!tail->line_is_long)
			read_line(tail, (str){tail->line, tail->line_bytes});
		tail->line_bytes = 0;
		tail->line_is_long = false;
	}
	tail->offset += (int64_t)bytes.n;
	return sink_write(&tail->sink, bytes);
}

fallible
pdf_tail_end(struct pdf_tail *tail, str lang)
{
	struct buf out = BUF_INIT(tail->catalog.arena);
	str catalog = str_trim(buf_str(&tail->catalog));
	int64_t begin = tail->offset, table;

	if (!tail->root || !tail->size || !tail->startxref || !str_ends(catalog, S(">>")))
		return ERR(ERR_BROKEN, "Something went wrong on our side.", "pdf: no catalog in what cairo wrote");
	catalog = str_take(catalog, catalog.n - 2);
	buf_printf(&out, "%lld 0 obj\n<< %.*s", (long long)tail->root, STR_ARG(catalog));
	buf_printf(&out, "   /Lang (%.*s)\n   /ViewerPreferences << /DisplayDocTitle true >>\n", STR_ARG(lang));
	if (!str_contains(catalog, S("/MarkInfo")))
		buf_add(&out, S("   /MarkInfo << /Marked true >>\n"));
	buf_add(&out, S(">>\nendobj\n"));
	table = begin + (int64_t)out.n;
	buf_printf(&out, "xref\n%lld 1\n%010lld 00000 n \ntrailer\n<< /Size %lld\n   /Root %lld 0 R\n",
	    (long long)tail->root, (long long)begin, (long long)tail->size, (long long)tail->root);
	if (tail->info)
		buf_printf(&out, "   /Info %lld 0 R\n", (long long)tail->info);
	buf_printf(&out, "   /Prev %lld\n>>\nstartxref\n%lld\n%%%%EOF\n", (long long)tail->startxref, (long long)table);
	tail->offset += (int64_t)out.n;
	return sink_write(&tail->sink, buf_str(&out));
}
