/* SPDX-License-Identifier: Apache-2.0 */
/* Finds the texts of the program: T("..."), TF1("..."), TR("..."), TN("...", "..."), TC("context", "..."), tr(lang, "..."),
 * tr_n, tr_in in C, and {{_ "..."}}, {{_n "..." "..."}}, {{_c "..." "..."}} in templates.  Works on words and literals, not
 * on C's grammar: a text that is not a literal there is not found, which is what we want. */
#include "mkpo.h"

enum shape { ONE_TEXT, ONE_AND_MANY, CONTEXT_AND_TEXT };

static const struct {
	const char *word;
	enum shape shape;
	bool skips_language; /* the first argument is not a text */
} markers[] = {
    {"T", ONE_TEXT, false},
    {"TF1", ONE_TEXT, false},
    {"TF2", ONE_TEXT, false},
    {"TF3", ONE_TEXT, false},
    {"TR", ONE_TEXT, false},
    {"TN", ONE_AND_MANY, false},
    {"TC", CONTEXT_AND_TEXT, false},
    {"tr", ONE_TEXT, true},
    {"tr_n", ONE_AND_MANY, true},
    {"tr_in", CONTEXT_AND_TEXT, true},
};

static bool
is_word(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

/* Adjacent literals are one text, but two texts where a pair is wanted in a template. */
static bool
take_text(struct arena *arena, str code, size_t *at, bool joined, str *out)
{
	str more;

	if (!c_string(arena, code, at, out))
		return false;
	while (joined && c_string(arena, code, at, &more))
		*out = arena_printf(arena, "%.*s%.*s", STR_ARG(*out), STR_ARG(more));
	return true;
}

static void
skip_comma(str code, size_t *at)
{
	while (*at < code.n && strchr(" \t\r\n", code.p[*at]))
		++*at;
	if (*at < code.n && code.p[*at] == ',')
		++*at;
}

/* Read one or two literals at `at` and note the message. */
static void
take_message(
    struct arena *arena, str code, size_t at, enum shape shape, bool joined, struct message like, struct messages *out)
{
	str first, second = STR_NONE;

	if (!take_text(arena, code, &at, joined, &first))
		return;
	skip_comma(code, &at);
	if (shape != ONE_TEXT && !take_text(arena, code, &at, joined, &second))
		return;
	like.text = shape == CONTEXT_AND_TEXT ? second : first;
	like.context = shape == CONTEXT_AND_TEXT ? first : STR_NONE;
	like.plural = shape == ONE_AND_MANY ? second : STR_NONE;
	if (like.text.n && !messages_find(arena, out, &like))
		*LIST_ADD(arena, out) = like;
}

static void
scan_word(struct arena *arena, str code, str word, size_t at, struct message like, struct messages *out)
{
	for (size_t i = 0; i < sizeof(markers) / sizeof(*markers); i++) {
		if (!str_equal(word, str_from_z(markers[i].word)) || at >= code.n || code.p[at] != '(')
			continue;
		at++;
		if (markers[i].skips_language) {
			while (at < code.n && !strchr(",;\"", code.p[at]))
				at++;
			skip_comma(code, &at);
		}
		take_message(arena, code, at, markers[i].shape, true, like, out);
	}
}

static void
scan_c(struct arena *arena, str code, const char *path, int line, struct messages *out)
{
	for (size_t at = 0, end; at < code.n; at = end) {
		end = c_skip(code, at);
		if (end == at + 1 && is_word(code.p[at])) {
			while (end < code.n && is_word(code.p[end]))
				end++;
			scan_word(arena, code, str_slice(code.p + at, code.p + end), end,
			    (struct message){.file = path, .line = line}, out);
		}
		for (size_t i = at; i < end; i++)
			line += code.p[i] == '\n';
	}
}

static void
scan_template(struct arena *arena, str text, const char *path, struct messages *out)
{
	size_t begin, from = 0;

	while (str_find(str_drop(text, from), S("{"), &begin)) {
		size_t at = from + begin;
		str rest = str_drop(text, at), code;
		const char *end_mark = str_starts(rest, S("{{")) ? "}}" : str_starts(rest, S("{%")) ? "%}" : NULL;
		struct message like = {.file = path, .line = tool_line_of(text, at)};

		from = at + 1;
		if (!end_mark)
			continue;
		for (from = at + 2; from < text.n && !str_starts(str_drop(text, from), str_from_z(end_mark));)
			from = c_skip(text, from);
		code = str_slice(text.p + at + 2, text.p + from);
		if (str_starts(code, S("_n ")))
			take_message(arena, code, 3, ONE_AND_MANY, false, like, out);
		else if (str_starts(code, S("_c ")))
			take_message(arena, code, 3, CONTEXT_AND_TEXT, false, like, out);
		else if (str_starts(code, S("_ ")))
			take_message(arena, code, 2, ONE_TEXT, false, like, out);
		scan_c(arena, code, path, like.line, out);
	}
}

void
source_scan(struct arena *arena, const char *path, struct messages *out)
{
	str text = tool_read(arena, path);

	if (str_ends(str_from_z(path), S(".html")))
		scan_template(arena, text, path, out);
	else
		scan_c(arena, text, path, 1, out);
}
