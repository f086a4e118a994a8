/* SPDX-License-Identifier: Apache-2.0 */
/* Words, numbers and dates in the person's language.  English is the source: the English text is the key.  The other
 * languages come from po/, compiled into tables by tools/mkpo.  A text without translation is shown in English. */
#ifndef SALVE_I18N_H
#define SALVE_I18N_H

#include "platform/base/base.h"

#define LANG_COUNT 2

const char *lang_code(enum lang lang);         /* "en", "es": for lang="..." and the language cookie */
const char *lang_own_name(enum lang lang);     /* "English", "Español" */
bool lang_from_code(str code, enum lang *out); /* "es", "es-MX", any case; false when we do not speak it */
/* The best of what a browser's Accept-Language asks for; English when it asks for nothing that we have. */
enum lang lang_from_accept(str header);

/* ---- texts ---- */

/* Mark a literal for translation without translating it, in static tables and errors: ERR(ERR_GONE, TR("..."), "..."). */
#define TR(text) "" text ""

/* The text in `lang`. With a context ("verb", "noun") where one English word has two meanings. */
str tr(enum lang lang, const char *text);
str tr_in(enum lang lang, const char *context, const char *text);
/* `one` when count is 1, `many` otherwise; each language chooses its own form. */
str tr_n(enum lang lang, const char *one, const char *many, int64_t count);

/* A value put in for %1 ... %9 of a text. */
struct tr_arg {
	enum { TR_ARG_TEXT, TR_ARG_NUMBER } kind;
	str text;
	int64_t number;
};
static inline struct tr_arg
tr_arg_str(str text)
{
	return (struct tr_arg){.kind = TR_ARG_TEXT, .text = text};
}
static inline struct tr_arg
tr_arg_z(const char *text)
{
	return (struct tr_arg){.kind = TR_ARG_TEXT, .text = str_from_z(text)};
}
static inline struct tr_arg
tr_arg_number(int64_t number)
{
	return (struct tr_arg){.kind = TR_ARG_NUMBER, .number = number};
}
/* clang-format off */
#define TR_ARG(value) _Generic((value), \
	str: tr_arg_str, char *: tr_arg_z, const char *: tr_arg_z, \
	int: tr_arg_number, long: tr_arg_number, long long: tr_arg_number, \
	unsigned: tr_arg_number, unsigned long: tr_arg_number)(value)
/* clang-format on */

/* `text` (already translated) with its %1 ... %9 filled in; "%%" is one '%'. */
str tr_fill(struct arena *arena, enum lang lang, str text, const struct tr_arg *args, size_t count);

/* ---- numbers ---- */

/* Thousands grouped from five digits on: 9999, "12,345". Spanish as written in the United States: the same. */
void number_words(struct buf *out, enum lang lang, int64_t number);

/* ---- dates ---- */

/* "Tuesday, 3 March 2026, 2:10 pm"; "martes, 3 de marzo de 2026, 14:10". Near `now`: "today, 2:10 pm", "yesterday, ...",
 * "tomorrow, ..." ("hoy", "ayer", "mañana"). An instant of none writes nothing, here and below. */
void date_words(struct buf *out, enum lang lang, const struct zone *zone, instant at, instant now);
/* Never relative: for print and for proof. */
void date_words_full(struct buf *out, enum lang lang, const struct zone *zone, instant at);
/* For dense lists: "2:10 pm" today, "yesterday", "3 Mar" this year, "3 Mar 2025" before. */
void date_words_short(struct buf *out, enum lang lang, const struct zone *zone, instant at, instant now);
/* The day without the time: "Thursday, 5 March 2026", "today"; "jueves, 5 de marzo de 2026", "hoy". */
void day_words(struct buf *out, enum lang lang, const struct zone *zone, instant at, instant now);
/* "2:10 pm"; "14:10". */
void time_words(struct buf *out, enum lang lang, const struct zone *zone, instant at);
/* A date as precise as the record has it: month 0 = only the year is known, day 0 = only year and month.
 * "3 March 2026", "March 2026", "2026"; "3 de marzo de 2026", "marzo de 2026". */
void date_only_words(struct buf *out, enum lang lang, struct civil_date date);
/* "3 Mar 2026", "Mar 2026", "2026"; "3 mar 2026". */
void date_only_words_short(struct buf *out, enum lang lang, struct civil_date date);
/* A length of time, rounded to its largest unit: "5 minutes", "3 hours", "2 days"; "5 minutos". */
void duration_words(struct buf *out, enum lang lang, int64_t ms);
str weekday_name(enum lang lang, int weekday); /* 0 = Sunday: "Sunday", "domingo" */
str month_name(enum lang lang, int month);     /* 1 to 12: "March", "marzo" */

#endif
