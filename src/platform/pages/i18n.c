/* SPDX-License-Identifier: Apache-2.0 */
/* Finding translations and choosing the language.  Dates are in dates.c. */
#include "platform/pages/i18n.h"
#include "platform/pages/i18n_table.h"

static const struct {
	const char *code, *own_name;
} langs[LANG_COUNT] = {
    [LANG_EN] = {"en", "English"},
    [LANG_ES] = {"es", "Español"},
};

const char *
lang_code(enum lang lang)
{
	return langs[lang].code;
}

const char *
lang_own_name(enum lang lang)
{
	return langs[lang].own_name;
}

bool
lang_from_code(str code, enum lang *out)
{
	str primary;

	str_cut(code, '-', &primary);
	for (int i = 0; i < LANG_COUNT; i++) {
		if (!str_equal_fold(primary, str_from_z(langs[i].code)))
			continue;
		*out = (enum lang)i;
		return true;
	}
	return false;
}

/* "q=0.8" as thousandths; 1000 without one, 0 for nonsense. */
static int
quality_of(str parameters)
{
	int value = 0, place = 1000;
	bool after_dot = false;

	parameters = str_trim(parameters);
	if (!str_starts(parameters, S("q=")))
		return 1000;
	for (size_t i = 2; i < parameters.n && place > 0; i++) {
		char c = parameters.p[i];

		if (c == '.' && !after_dot)
			after_dot = true;
		else if (c < '0' || c > '9')
			return 0;
		else
			value += (c - '0') * place;
		if (after_dot)
			place /= 10;
	}
	return value > 1000 ? 1000 : value;
}

enum lang
lang_from_accept(str header)
{
	enum lang best = LANG_EN, lang;
	int best_quality = 0;
	str rest = str_take(header, SEARCH_TEXT_CHARS_MAX), item, code;

	while (rest.p) {
		int quality;

		rest = str_cut(rest, ',', &item);
		quality = quality_of(str_cut(item, ';', &code));
		if (quality > best_quality && lang_from_code(str_trim(code), &lang)) {
			best = lang;
			best_quality = quality;
		}
	}
	return best;
}

/* ---- texts ---- */

static const struct i18n_entry *
find(const struct i18n_table *table, str key)
{
	for (size_t slot = str_hash(key) & table->slot_mask; table->slots[slot]; slot = (slot + 1) & table->slot_mask) {
		const struct i18n_entry *entry = &table->entries[table->slots[slot] - 1];

		if (str_equal(entry->key, key))
			return entry;
	}
	return NULL;
}

static const struct i18n_entry *
lookup(enum lang lang, str key)
{
	switch (lang) {
	case LANG_ES: return find(&i18n_spanish, key);
	case LANG_EN: break;
	}
	return NULL;
}

str
tr(enum lang lang, const char *text)
{
	str key = str_from_z(text);
	const struct i18n_entry *entry = lookup(lang, key);

	return entry ? entry->forms[0] : key;
}

str
tr_in(enum lang lang, const char *context, const char *text)
{
	char key[I18N_KEY_CHARS_MAX];
	size_t context_chars = strlen(context), text_chars = strlen(text);
	const struct i18n_entry *entry;

	assert(context_chars + text_chars + 1 <= sizeof(key));
	memcpy(key, context, context_chars);
	key[context_chars] = I18N_CONTEXT_END;
	memcpy(key + context_chars + 1, text, text_chars);
	entry = lookup(lang, (str){key, context_chars + 1 + text_chars});
	return entry ? entry->forms[0] : str_from_z(text);
}

str
tr_n(enum lang lang, const char *one, const char *many, int64_t count)
{
	const struct i18n_entry *entry = lookup(lang, str_from_z(one));
	int form = count != 1; /* the rule of English and of Spanish alike */

	if (entry && entry->forms[form].p)
		return entry->forms[form];
	return str_from_z(form ? many : one);
}

str
tr_fill(struct arena *arena, enum lang lang, str text, const struct tr_arg *args, size_t count)
{
	struct buf out = BUF_INIT(arena);

	for (size_t i = 0; i < text.n; i++) {
		size_t n;

		if (text.p[i] != '%' || i + 1 == text.n) {
			buf_add_char(&out, text.p[i]);
			continue;
		}
		n = (size_t)(text.p[++i] - '1');
		if (text.p[i] == '%')
			buf_add_char(&out, '%');
		else if (n < count && args[n].kind == TR_ARG_TEXT)
			buf_add(&out, args[n].text);
		else if (n < count)
			number_words(&out, lang, args[n].number);
	}
	return buf_str(&out);
}

void
number_words(struct buf *out, enum lang lang, int64_t number)
{
	struct buf digits = BUF_INIT(out->arena);
	size_t sign = number < 0;

	(void)lang; /* both languages group alike in the United States (CLDR en-US, es-US) */
	buf_add_int64(&digits, number);
	for (size_t i = 0; i < digits.n; i++) {
		if (i > sign && digits.n - sign > 4 && (digits.n - i) % 3 == 0)
			buf_add_char(out, ',');
		buf_add_char(out, digits.p[i]);
	}
}
