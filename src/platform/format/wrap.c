/* SPDX-License-Identifier: Apache-2.0 */
/* Word wrapping, greedy. */
#include "platform/format/wrap.h"
#include "platform/format/utf8.h"

struct line {
	struct buf *out;
	const struct wrap *how;
	size_t begin; /* in `out`, of the line with its prefix */
	size_t used;  /* columns, the prefix included */
	bool filled;  /* something stands behind the prefix */
};

static void
begin_line(struct line *line, str prefix)
{
	line->begin = line->out->n;
	line->used = utf8_width(prefix);
	line->filled = false;
	buf_add(line->out, prefix);
}

/* Blanks at the end are cut off, those of a prefix too. */
static void
end_line(struct line *line)
{
	while (line->out->n > line->begin && line->out->p[line->out->n - 1] == ' ')
		line->out->n--;
	buf_add_char(line->out, '\n');
}

static void
next_line(struct line *line)
{
	end_line(line);
	begin_line(line, line->how->rest);
}

/* The longest beginning of `word` within `columns`, but at least one character with its marks. */
static str
fitting(str word, size_t columns)
{
	str rest = word;
	size_t used = 0;
	uint32_t character;

	for (;;) {
		str before = rest;
		size_t width;

		if (!utf8_next(&rest, &character))
			return word;
		width = (size_t)utf8_char_width(character);
		if (used > 0 && width > 0 && used + width > columns)
			return str_take(word, word.n - before.n);
		used += width;
	}
}

static void
add_word(struct line *line, str word)
{
	size_t columns = (size_t)line->how->columns, width = utf8_width(word);

	if (line->filled && line->used + 1 + width <= columns) {
		buf_add_char(line->out, ' ');
		line->used++;
	} else if (line->filled) {
		next_line(line);
	}
	while (line->used + width > columns) {
		str piece = fitting(word, columns > line->used ? columns - line->used : 0);

		if (piece.n == word.n)
			break;
		buf_add(line->out, piece);
		word = str_drop(word, piece.n);
		width = utf8_width(word);
		next_line(line);
	}
	buf_add(line->out, word);
	line->used += width;
	line->filled = true;
}

void
wrap_text(struct buf *out, str text, const struct wrap *how)
{
	struct line line = {.out = out, .how = how};
	str rest = text, paragraph, word;

	assert(how->columns >= 1);
	begin_line(&line, how->first);
	while (rest.p) {
		rest = str_cut(rest, '\n', &paragraph);
		paragraph = str_trim(paragraph);
		while (paragraph.p) {
			size_t n = 0;

			while (n < paragraph.n && paragraph.p[n] != ' ' && paragraph.p[n] != '\t')
				n++;
			word = str_take(paragraph, n);
			paragraph = n < paragraph.n ? str_drop(paragraph, n + 1) : STR_NONE;
			if (word.n > 0)
				add_word(&line, word);
		}
		if (rest.p)
			next_line(&line);
	}
	end_line(&line);
}
