/* SPDX-License-Identifier: Apache-2.0 */
/* The messages of the program: read from translations (.po) and found in sources. */
#ifndef SALVE_MKPO_H
#define SALVE_MKPO_H

#include "tool.h"

struct message {
	str context, text, plural; /* absent where there is none */
	str forms[2];              /* of a translation */
	const char *file;
	int line;
	bool used;
};

struct messages {
	struct message *items;
	size_t count, capacity;
};

/* Gettext's key: context, byte 4, text; or the text alone. */
str message_key(struct arena *arena, const struct message *message);
/* NULL when missing. */
struct message *messages_find(struct arena *arena, struct messages *messages, const struct message *like);
/* Read a .po file; ends the program with file and line on what is not understood, said twice or not filled in rightly. */
void po_read(struct arena *arena, const char *path, struct messages *out);
/* Find every text marked for translation in a template (.html) or C file. */
void source_scan(struct arena *arena, const char *path, struct messages *out);

#endif
