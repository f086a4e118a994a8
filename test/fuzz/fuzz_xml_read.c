/* SPDX-License-Identifier: Apache-2.0 */
/* XML as a stream: whole and in pieces gives the same events or the same refusal; what was begun ends. */
#include "platform/format/utf8.h"
#include "platform/format/xml_read.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* A number of all events, with neighbouring texts as one; 0: refused. */
static uint64_t
read_all(struct arena *arena, str text, size_t piece)
{
	struct xml_reader *r = ARENA_NEW(arena, struct xml_reader);
	struct xml_event e = {0};
	uint64_t sum = 1;
	int open = 0;

	xml_reader_init(r, arena);
	for (;;) {
		if (xml_next(r, &e))
			return 0;
		switch (e.kind) {
		case XML_MORE:
			if (text.n)
				xml_give(r, str_take(text, piece));
			else
				xml_give_end(r);
			text = str_drop(text, piece);
			continue;
		case XML_START:
			open++;
			sum = sum * 31 + str_hash(e.name);
			for (size_t i = 0; i < e.count; i++) {
				assert(utf8_is_valid(e.attributes[i].value));
				sum = sum * 31 + str_hash(e.attributes[i].name) + str_hash(e.attributes[i].value);
			}
			break;
		case XML_END:
			open--;
			sum = sum * 31 + str_hash(e.name) + 7;
			break;
		case XML_TEXT:
			assert(utf8_is_valid(e.text));
			for (size_t i = 0; i < e.text.n; i++)
				sum = sum * 31 + (unsigned char)e.text.p[i];
			break;
		case XML_DONE: assert(open == 0); return sum ? sum : 1;
		}
		assert(open >= 0 && open <= XML_READ_DEPTH_MAX && open == xml_depth(r));
	}
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena arena = ARENA_INIT;
	str text = {(const char *)data, size};
	uint64_t whole = read_all(&arena, text, XML_PIECE_BYTES_MAX);

	assert(read_all(&arena, text, 1) == whole);
	assert(read_all(&arena, text, 7) == whole);
	arena_release(&arena);
	return 0;
}
