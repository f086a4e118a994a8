/* SPDX-License-Identifier: Apache-2.0 */
/* The pages inside the ZIP, readable without a connection: written piece by piece, so that a page is never whole in memory.
 * px->title is the title of the first page. */
#ifndef SALVE_OFFLINE_H
#define SALVE_OFFLINE_H

#include "care/bluebutton/bluebutton_internal.h"

void offline_begin(struct buf *out, const struct page_cx *px, str title);
void offline_end(struct buf *out, const struct page_cx *px);

struct offline_link {
	str file, title, detail;
};
struct offline_index {
	str name, born, made, facility, choice;
	const struct offline_link *pages, *files;
	size_t page_count, file_count;
};
void offline_index(struct buf *out, const struct page_cx *px, const struct offline_index *v);

struct offline_file {
	str title, path, text;
};
struct offline_entry {
	const struct record_item *item;
	const struct record_facts *facts;
	str narrative;
	const struct offline_file *files;
	size_t file_count;
};
void offline_entry(struct buf *out, const struct page_cx *px, const struct offline_entry *v);

struct offline_message {
	str subject, with; /* at the first of a conversation */
	str author, sent, body;
	const struct offline_file *files;
	size_t file_count;
};
void offline_message(struct buf *out, const struct page_cx *px, const struct offline_message *v);
void offline_sentence(struct buf *out, const struct page_cx *px, str text, str detail);

#endif
