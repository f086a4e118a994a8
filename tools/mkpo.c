/* SPDX-License-Identifier: Apache-2.0 */
/* mkpo table LANGUAGE OUTPUT PO... -- SOURCE...   translations to a C table; warns of texts without translation
 * mkpo check PO... -- SOURCE...                   fails when a text lacks a translation or a translation its text
 *
 * The table is a hash table laid out when compiling, so that a look-up is one hash and one comparison. */
#include "mkpo.h"

#include <stdio.h>
#include <stdlib.h>

#include "platform/pages/i18n_table.h"

static int
mark_used_and_count_missing(
    struct arena *arena, struct messages *found, struct messages *translated, const char *severity)
{
	int missing = 0;

	for (size_t i = 0; i < found->count; i++) {
		struct message *text = &found->items[i], *entry = messages_find(arena, translated, text);

		if (entry && str_equal(entry->plural, text->plural)) {
			entry->used = true;
			continue;
		}
		missing++;
		fprintf(stderr, "%s:%d: %s: no translation of \"%.*s\"%s\n", text->file, text->line, severity,
		    STR_ARG(text->text), entry ? " with this plural" : "");
	}
	return missing;
}

static int
count_unused(const struct messages *translated)
{
	int unused = 0;

	for (size_t i = 0; i < translated->count; i++) {
		const struct message *message = &translated->items[i];

		if (message->used)
			continue;
		unused++;
		fprintf(stderr, "%s:%d: error: \"%.*s\" is used nowhere\n", message->file, message->line,
		    STR_ARG(message->text));
	}
	return unused;
}

static void
add_entries(struct arena *arena, struct buf *c, const struct messages *translated)
{
	buf_add(c, S("static const struct i18n_entry entries[] = {\n"));
	for (size_t i = 0; i < translated->count; i++) {
		const struct message *message = &translated->items[i];

		buf_add(c, S("\t{.key = S_INIT("));
		c_add_literal(c, message_key(arena, message));
		buf_add(c, S("), .forms = {S_INIT("));
		c_add_literal(c, message->forms[0]);
		if (message->forms[1].p) {
			buf_add(c, S("), S_INIT("));
			c_add_literal(c, message->forms[1]);
		}
		buf_add(c, S(")}},\n"));
	}
	if (translated->count == 0)
		buf_add(c, S("\t{0},\n"));
	buf_add(c, S("};\n"));
}

static void
write_table(struct arena *arena, const char *language, const char *path, const struct messages *translated)
{
	struct buf c = BUF_INIT(arena);
	size_t slot_count = 16;
	uint16_t *slots;

	while (slot_count < translated->count * 2)
		slot_count *= 2;
	slots = ARENA_ARRAY(arena, uint16_t, slot_count);
	for (size_t i = 0; i < translated->count; i++) {
		str key = message_key(arena, &translated->items[i]);
		size_t slot = str_hash(key) & (slot_count - 1);

		if (key.n >= I18N_KEY_CHARS_MAX)
			tool_refuse(translated->items[i].file, translated->items[i].line, "the text is too long");
		while (slots[slot])
			slot = (slot + 1) & (slot_count - 1);
		slots[slot] = (uint16_t)(i + 1);
	}
	buf_add(&c, S("/* SPDX-License-Identifier: Apache-2.0 */\n/* Made by mkpo: change po/ instead. */\n"
		      "#include \"platform/pages/i18n_table.h\"\n\n"));
	add_entries(arena, &c, translated);
	buf_add(&c, S("static const uint16_t slots[] = {"));
	for (size_t i = 0; i < slot_count; i++)
		buf_printf(&c, "%s%u,", i % 24 ? " " : "\n\t", slots[i]);
	buf_printf(&c,
	    "\n};\nconst struct i18n_table i18n_%s = {.entries = entries, .slots = slots, .slot_mask = %zu};\n",
	    language, slot_count - 1);
	tool_write(path, buf_str(&c));
}

int
main(int argc, char **argv)
{
	struct arena arena = ARENA_INIT;
	struct messages translated = {0}, found = {0};
	bool table = argc > 4 && strcmp(argv[1], "table") == 0;
	int at = table ? 4 : 2, bad;

	if (!table && (argc < 3 || strcmp(argv[1], "check") != 0)) {
		fputs("usage: mkpo table LANGUAGE OUTPUT PO... -- SOURCE...\n       mkpo check PO... -- SOURCE...\n",
		    stderr);
		return 2;
	}
	for (; at < argc && strcmp(argv[at], "--") != 0; at++)
		po_read(&arena, argv[at], &translated);
	for (at++; at < argc; at++)
		source_scan(&arena, argv[at], &found);
	bad = mark_used_and_count_missing(&arena, &found, &translated, table ? "warning" : "error");
	if (table) {
		write_table(&arena, argv[2], argv[3], &translated);
		arena_release(&arena);
		return 0;
	}
	bad += count_unused(&translated);
	printf("%zu texts, %zu translations, %d to mend\n", found.count, translated.count, bad);
	arena_release(&arena);
	return bad != 0;
}
