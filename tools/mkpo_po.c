/* SPDX-License-Identifier: Apache-2.0 */
/* The part of the gettext .po format that our files use: msgctxt, msgid, msgid_plural, msgstr, msgstr[N], comments. */
#include "mkpo.h"

str
message_key(struct arena *arena, const struct message *message)
{
	if (!message->context.p)
		return message->text;
	return arena_printf(arena, "%.*s\004%.*s", STR_ARG(message->context), STR_ARG(message->text));
}

struct message *
messages_find(struct arena *arena, struct messages *messages, const struct message *like)
{
	str key = message_key(arena, like);

	for (size_t i = 0; i < messages->count; i++)
		if (str_equal(message_key(arena, &messages->items[i]), key))
			return &messages->items[i];
	return NULL;
}

/* Which of %1 to %9 stand in a text, as bits. */
static unsigned
places_in(str text)
{
	unsigned places = 0;

	for (size_t i = 0; i + 1 < text.n; i++) {
		if (text.p[i] != '%')
			continue;
		i++;
		if (text.p[i] >= '1' && text.p[i] <= '9')
			places |= 1u << (text.p[i] - '0');
	}
	return places;
}

static void
check(const struct message *message)
{
	str many = message->plural.p ? message->plural : message->text;

	if (str_is_empty(message->forms[0]) || (message->plural.p && str_is_empty(message->forms[1])))
		tool_refuse(message->file, message->line, "\"%.*s\" has no translation", STR_ARG(message->text));
	if (!message->plural.p && message->forms[1].p)
		tool_refuse(message->file, message->line, "msgstr[1] without msgid_plural");
	/* the form for one may leave the number out: "one message" */
	if ((places_in(message->forms[0]) != places_in(message->text) && !message->plural.p) ||
	    (message->plural.p && places_in(message->forms[1]) != places_in(many)))
		tool_refuse(message->file, message->line,
		    "the places %%1 ... differ between \"%.*s\" and its translation", STR_ARG(message->text));
}

static void
add(struct arena *arena, struct messages *out, const struct message *message)
{
	const struct message *earlier;

	if (!message->text.p || message->text.n == 0)
		return; /* the header */
	check(message);
	earlier = messages_find(arena, out, message);
	if (earlier)
		tool_refuse(message->file, message->line, "\"%.*s\" is already in %s:%d", STR_ARG(message->text),
		    earlier->file, earlier->line);
	*LIST_ADD(arena, out) = *message;
}

static str
take_strings(struct arena *arena, str text, size_t *at, const char *path)
{
	struct buf value = BUF_INIT(arena);
	str piece;

	if (!c_string(arena, text, at, &piece))
		tool_refuse(path, tool_line_of(text, *at), "a text in quotes is missing");
	do
		buf_add(&value, piece);
	while (c_string(arena, text, at, &piece));
	return buf_str(&value);
}

void
po_read(struct arena *arena, const char *path, struct messages *out)
{
	str text = tool_read(arena, path);
	struct message message = {0};
	size_t at = 0;

	while (at < text.n) {
		static const char *const words[] = {
		    "msgctxt", "msgid_plural", "msgid", "msgstr[0]", "msgstr[1]", "msgstr"};
		str rest = str_drop(text, at);
		size_t word = 0, end;

		if (strchr(" \t\r\n", rest.p[0])) {
			at++;
			continue;
		}
		if (rest.p[0] == '#') {
			at = str_find(rest, S("\n"), &end) ? at + end : text.n;
			continue;
		}
		while (word < 6 && !str_starts(rest, str_from_z(words[word])))
			word++;
		if (word == 6)
			tool_refuse(path, tool_line_of(text, at), "not understood");
		if (word == 0 || (word == 2 && (message.forms[0].p || !message.context.p))) {
			add(arena, out, &message);
			message = (struct message){.file = path, .line = tool_line_of(text, at)};
		}
		at += strlen(words[word]);
		*(str *[]){&message.context, &message.plural, &message.text, &message.forms[0], &message.forms[1],
		    &message.forms[0]}[word] = take_strings(arena, text, &at, path);
	}
	add(arena, out, &message);
}
