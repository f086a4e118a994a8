/* SPDX-License-Identifier: Apache-2.0 */
/* What the parts of the ZIP with everything share: the archive in hand, its manifest, what was promised for later. */
#ifndef SALVE_EVERYTHING_H
#define SALVE_EVERYTHING_H

#include "care/attachments/attachments.h"
#include "care/bluebutton/offline.h"
#include "platform/crypto/crypto.h"
#include "platform/format/zip.h"

struct everything_file {
	str name, what; /* what: in words, for the manifest */
	int64_t bytes;
	unsigned char hash[32];
};
struct everything {
	struct cx *cx;
	const struct page_cx *px;
	const struct bluebutton_ask *ask;
	bool may_messages, is_patient; /* what the caller was given */
	bool is_long;                  /* the PDF is several */
	struct zip_writer zip;
	struct sha256_run hash;
	struct buf out; /* of the file in hand, in an arena of its own */
	struct arena scratch;
	struct page_cx line; /* writes into scratch */
	struct download_tally tally;
	int64_t *counts;
	struct {
		struct everything_file *items;
		size_t count, capacity;
	} manifest;
	struct {
		struct attachment *items;
		size_t count, capacity;
	} attachments; /* met in messages, written behind them */
	struct {
		struct offline_link *items;
		size_t count, capacity;
	} pages;
	struct download_missing failed; /* what could not be written, in words */
	struct {
		struct everything_person {
			account_id id;
			str name;
		} * items;
		size_t count, capacity;
	} people; /* of the trail */
	thread_id thread;
	bool thread_open;
};
/* For what is written now and needed no more: what came from it before is gone. */
const struct page_cx *everything_line(struct everything *e);

/* The next file; the one before ends. `what` says in words what it is. */
fallible everything_file(struct everything *e, str name, str what);
fallible everything_write(struct everything *e, str bytes);
fallible everything_flush(struct everything *e); /* e->out into the file */
#define EVERYTHING_FLUSH_BYTES (32 * 1024)
fallible everything_flush_some(struct everything *e); /* when there is enough */

void everything_misses(struct everything *e, str sentence); /* what could not be written, for missing.html */
fallible everything_files(struct everything *e);            /* documents and pictures of the record */
/* Parts, each a page to read and a file for programs. */
fallible everything_messages(struct everything *e);
fallible everything_attachments(struct everything *e);
fallible everything_visits(struct everything *e); /* everything_requests.c: for programs only, as the next */
fallible everything_medicines(struct everything *e);
fallible everything_sharing(struct everything *e);
fallible everything_trail(struct everything *e);

/* "attachments/0198…/name.pdf" */
str everything_attachment_name(struct arena *arena, const struct attachment *attachment);

#endif
