/* SPDX-License-Identifier: Apache-2.0 */
/* A row of values is one byte per resource: its place in the chunk.  A row of times adds how much later than the entry before
 * it begins, and how long it lasts plus one (0: without end). */
#include "care/record/record_list.h"

#include "care/record/record_varint.h"

fallible
list_read(struct arena *arena, bool is_date, int64_t chunk, str bytes, struct list_entries *out)
{
	int64_t low = 0;

	while (bytes.n) {
		struct list_entry entry = {.n = chunk << LIST_CHUNK_BITS | (unsigned char)bytes.p[0]};
		uint64_t later, lasts;

		if ((unsigned char)bytes.p[0] >= LIST_CHUNK)
			return ERR(ERR_BROKEN, "Something went wrong on our side.", "an index row has a bad place");
		bytes = str_drop(bytes, 1);
		if (is_date) {
			if (!take_varint(&bytes, &later) || !take_varint(&bytes, &lasts))
				return ERR(
				    ERR_BROKEN, "Something went wrong on our side.", "an index row is cut short");
			low += unzigzag(later);
			entry.low = low;
			entry.high = lasts ? low + (int64_t)lasts - 1 : LIST_OPEN_HIGH;
		}
		*LIST_ADD(arena, out) = entry;
	}
	return NULL;
}

str
list_write(struct arena *arena, bool is_date, const struct list_entry *items, size_t count)
{
	struct buf out = BUF_INIT(arena);
	int64_t low = 0;

	for (size_t i = 0; i < count; i++) {
		buf_add_char(&out, (char)(items[i].n & (LIST_CHUNK - 1)));
		if (!is_date)
			continue;
		buf_add_varint(&out, zigzag(items[i].low - low));
		buf_add_varint(
		    &out, items[i].high == LIST_OPEN_HIGH ? 0 : (uint64_t)(items[i].high - items[i].low) + 1);
		low = items[i].low;
	}
	return buf_str(&out);
}
