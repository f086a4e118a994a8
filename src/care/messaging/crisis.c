/* SPDX-License-Identifier: Apache-2.0 */
/* Reading the list, looking for its words, and keeping a facility's own copy.  The same folding as everywhere else makes
 * "No puedo RESPIRAR" and "can’t breathe" what the list means. */
#include "care/messaging/crisis.h"

#include "care/messaging/messaging_store.h"
#include "platform/format/utf8.h"

extern const unsigned char crisis_words_text[];
extern const size_t crisis_words_text_bytes;

/* ---- pure ---- */

/* Folded, every run of what is no letter or digit one blank, a blank at both ends: so a phrase is looked for with its
 * blanks, and only whole words fit. Apostrophes of both kinds vanish. */
static str
as_words(struct arena *arena, str text)
{
	struct buf out = BUF_INIT(arena);
	str rest = utf8_fold(arena, text);
	uint32_t c;

	buf_add_char(&out, ' ');
	while (utf8_next(&rest, &c)) {
		if (c == '\'' || c == 0x2019)
			continue;
		if (c >= 0x80 || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'))
			buf_add_utf8(&out, c);
		else if (out.p[out.n - 1] != ' ')
			buf_add_char(&out, ' ');
	}
	if (out.p[out.n - 1] != ' ')
		buf_add_char(&out, ' ');
	return buf_str(&out);
}

struct crisis_line {
	str lang, kind, words;
};

/* The next line with words; false at the end. */
static bool
next_line(str *rest, int *number, struct crisis_line *out)
{
	str line, tail;

	while (rest->p) {
		*rest = str_cut(*rest, '\n', &line);
		++*number;
		line = str_trim(line);
		if (line.n == 0 || str_starts(line, S("#")))
			continue;
		tail = str_cut(line, ' ', &out->lang);
		out->words = str_trim(str_cut(str_trim(tail), ' ', &out->kind));
		return true;
	}
	return false;
}

str
crisis_hits(struct arena *arena, str list, str text)
{
	struct buf out = BUF_INIT(arena);
	str rest = list, words = as_words(arena, text);
	struct crisis_line line;
	int number = 0, hits = 0;

	while (hits < CRISIS_HITS_MAX && number < CRISIS_LINES_MAX && next_line(&rest, &number, &line)) {
		str wanted = as_words(arena, line.words);

		if (wanted.n < 3 || !str_contains(words, wanted))
			continue;
		buf_printf(&out, "%s%.*s", hits++ ? ", " : "", STR_ARG(line.words));
	}
	return hits ? buf_str(&out) : STR_NONE;
}

fallible
crisis_list_check(struct cx *cx, str list)
{
	struct crisis_line line;
	str rest = list;
	int number = 0;

	if (list.n > CRISIS_LIST_BYTES_MAX || !utf8_is_clean_text(list))
		return ERR(
		    ERR_INVALID, TR("The list is too long or holds characters that cannot be shown."), "crisis list");
	while (next_line(&rest, &number, &line)) {
		bool sound = (str_equal(line.lang, S("en")) || str_equal(line.lang, S("es"))) &&
		             (str_equal(line.kind, S("emergency")) || str_equal(line.kind, S("self-harm"))) &&
		             as_words(cx->arena, line.words).n >= 3;

		if (!sound || number > CRISIS_LINES_MAX)
			return err_said(cx->arena, ERR_INVALID, "%.*s",
			    STR_ARG(tr_fill(cx->arena, cx->lang,
				tr(cx->lang,
				    TR("Line %1 should say the language (en, es), the kind (emergency, self-harm) and "
				       "the words.")),
				(const struct tr_arg[]){TR_ARG(number)}, 1)));
	}
	return NULL;
}

/* ---- the facility's ---- */

fallible
crisis_list_get(struct cx *cx, facility_id facility, str *out)
{
	bool found;

	TRY(crisis_row_get(cx, facility, out, &found));
	if (!found)
		*out = (str){(const char *)crisis_words_text, crisis_words_text_bytes};
	return NULL;
}

static const struct err *
put(struct tx *tx, void *arg)
{
	str list = *(str *)arg;
	facility_id facility = tx->cx->who.facility;

	audit_add(tx, &(struct audit){.action = AUDIT_ADMINISTER, .subject = AUDIT_MESSAGES, .item = facility.v});
	return list.n ? crisis_row_put(tx, facility, list) : crisis_row_delete(tx, facility);
}

fallible
crisis_list_set(struct cx *cx, str list)
{
	str clean = message_clean(cx->arena, list);

	if (!(cx->who.is & (WHO_COORDINATOR | WHO_ADMINISTRATOR)))
		return NOT_FOUND;
	TRY(crisis_list_check(cx, clean));
	return db_write(cx, put, &clean);
}

fallible
crisis_check(struct cx *cx, facility_id facility, str subject, str body, str *hits)
{
	str list;

	TRY(crisis_list_get(cx, facility, &list));
	*hits = crisis_hits(cx->arena, list, arena_printf(cx->arena, "%.*s\n%.*s", STR_ARG(subject), STR_ARG(body)));
	return NULL;
}
