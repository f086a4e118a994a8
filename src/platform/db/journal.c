/* SPDX-License-Identifier: Apache-2.0 */
/* The append-only journal: each commit's entries form one block, each block's keyed hash covers the one before it.  A lane is
 * one chain; every writing connection has its own, so that chains never make commits wait for each other.  The head of each
 * lane stands in a row of its own, so that cutting the newest blocks off is found too. */
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <stdlib.h>

#include "platform/db/db_internal.h"

#define ENTRY_BYTES_MAX (64 * 1024)
#define HASH_BYTES      32
#define VERIFY_PAGE     200 /* blocks held in memory while verifying */

static void
add_entry(struct buf *journal, str entry)
{
	uint32_t n = (uint32_t)entry.n;
	unsigned char head[4] = {
	    (unsigned char)n, (unsigned char)(n >> 8), (unsigned char)(n >> 16), (unsigned char)(n >> 24)};

	assert(entry.n <= ENTRY_BYTES_MAX);
	buf_add_bytes(journal, head, sizeof(head));
	buf_add(journal, entry);
}

void
journal_add(struct tx *tx, str entry)
{
	add_entry(tx->journal, entry);
}

void
journal_add_read(struct cx *cx, str entry)
{
	if (!cx->journal) {
		cx->journal = ARENA_NEW(cx->arena, struct buf);
		cx->journal->arena = cx->arena;
	}
	add_entry(cx->journal, entry);
}

bool
journal_next(str *entries, str *entry)
{
	const unsigned char *p = (const unsigned char *)entries->p;
	size_t n;

	if (entries->n < 4)
		return false;
	n = p[0] | (size_t)p[1] << 8 | (size_t)p[2] << 16 | (size_t)p[3] << 24;
	if (n > entries->n - 4)
		return false;
	*entry = str_take(str_drop(*entries, 4), n);
	*entries = str_drop(*entries, 4 + n);
	return true;
}

/* Hash of (previous hash, lane, sequence, time, entries) under the journal's key. */
static void
block_hash(const struct db *db, str previous, const struct journal_block *block, unsigned char out[HASH_BYTES])
{
	struct arena arena = ARENA_INIT;
	struct buf text = BUF_INIT(&arena);
	unsigned int n = HASH_BYTES;

	buf_add(&text, previous);
	buf_printf(
	    &text, "|%lld|%lld|%lld|", (long long)block->lane, (long long)block->sequence, (long long)block->at.ms);
	buf_add(&text, block->entries);
	HMAC(EVP_sha256(), db->journal_key, sizeof(db->journal_key), (const unsigned char *)text.p, text.n, out, &n);
	arena_release(&arena);
}

struct head {
	int64_t lane, sequence;
	str hash;
};
static const struct db_column HEAD[] = {
    COL(struct head, lane), COL(struct head, sequence), COL_BYTES(struct head, hash)};

fallible
journal_append(struct db_conn *conn, struct arena *arena, instant now, str entries)
{
	struct journal_block block = {.lane = conn->lane, .at = now, .entries = entries};
	struct head head = {.hash = S("")};
	unsigned char hash[HASH_BYTES];
	size_t rows;

	if (!conn->db->has_journal_key)
		return ERR(
		    ERR_BROKEN, "Something went wrong on our side.", "the database was opened without a journal key");
	TRY(conn_query(conn, arena, SQL("SELECT lane, sequence, hash FROM journal_head WHERE lane = $1"),
	    BIND(DB(block.lane)), INTO(&head, HEAD), NULL, NULL, &rows));
	block.sequence = head.sequence + 1;
	block_hash(conn->db, head.hash, &block, hash);
	block.hash = (str){(const char *)hash, sizeof(hash)};
	TRY(conn_exec(conn, arena,
	    SQL("INSERT INTO journal_block (lane, sequence, at, hash, entries) VALUES ($1, $2, $3, $4, $5)"),
	    BIND(DB(block.lane), DB(block.sequence), DB(block.at), db_bytes(block.hash), db_bytes(entries)), NULL));
	return conn_exec(conn, arena,
	    SQL("INSERT INTO journal_head (lane, sequence, hash) VALUES ($1, $2, $3)"
		" ON CONFLICT (lane) DO UPDATE SET sequence = excluded.sequence, hash = excluded.hash"),
	    BIND(DB(block.lane), DB(block.sequence), db_bytes(block.hash)), NULL);
}

/* ---- entries of reads ---- */

struct waiter {
	pthread_mutex_t mutex;
	pthread_cond_t woken;
	bool done;
	const struct err *error;
	struct arena *arena;
};

static void
wake(void *arg, const struct err *error)
{
	struct waiter *waiter = arg;

	pthread_mutex_lock(&waiter->mutex);
	waiter->error = err_copy(waiter->arena, error);
	waiter->done = true;
	pthread_cond_signal(&waiter->woken);
	pthread_mutex_unlock(&waiter->mutex);
}

fallible
db_journal_flush(struct cx *cx)
{
	struct waiter waiter = {.arena = cx->arena};

	if (!cx->journal || cx->journal->n == 0)
		return NULL;
	pthread_mutex_init(&waiter.mutex, NULL);
	pthread_cond_init(&waiter.woken, NULL);
	db_journal_flush_async(cx, wake, &waiter);
	pthread_mutex_lock(&waiter.mutex);
	while (!waiter.done)
		pthread_cond_wait(&waiter.woken, &waiter.mutex);
	pthread_mutex_unlock(&waiter.mutex);
	pthread_mutex_destroy(&waiter.mutex);
	pthread_cond_destroy(&waiter.woken);
	return waiter.error;
}

void
db_journal_flush_async(struct cx *cx, journal_done_fn *done, void *arg)
{
	struct db_job *job;
	const struct err *error;

	if (!cx->journal || cx->journal->n == 0) {
		done(arg, NULL);
		return;
	}
	job = calloc(1, sizeof(*job) + cx->journal->n); /* outlives the request's arena */
	if (!job) {
		done(arg, ERR(ERR_BUSY, "The service is very busy. Please try again in a moment.", "out of memory"));
		return;
	}
	job->entries = (char *)(job + 1);
	job->entries_bytes = cx->journal->n;
	memcpy(job->entries, cx->journal->p, cx->journal->n);
	job->done_fn = done;
	job->done_arg = arg;
	buf_clear(cx->journal);
	error = writer_enqueue(cx->db, job);
	if (error) {
		free(job);
		done(arg, error);
	}
}

/* ---- reading and verifying ---- */

static const struct db_column BLOCK[] = {COL(struct journal_block, lane), COL(struct journal_block, sequence),
    COL(struct journal_block, at), COL_BYTES(struct journal_block, hash), COL_BYTES(struct journal_block, entries)};

fallible
journal_blocks_after(struct cx *cx, int64_t lane, int64_t sequence, int64_t count_max, struct db_rows *out)
{
	return db_all(cx,
	    SQL("SELECT lane, sequence, at, hash, entries FROM journal_block"
		" WHERE lane = $1 AND sequence > $2 ORDER BY sequence LIMIT $3"),
	    BIND(DB(lane), DB(sequence), DB(count_max)), ROWS(struct journal_block, BLOCK), out);
}

static void
found_bad(struct journal_report *report, int64_t lane, int64_t sequence, str reason)
{
	report->intact = false;
	report->bad_lane = lane;
	report->bad_sequence = sequence;
	report->reason = reason;
}

/* One block against the chain so far; moves `hash` on. */
static bool
block_fits(const struct db *db, const struct journal_block *block, int64_t sequence, unsigned char hash[HASH_BYTES],
    bool first, struct journal_report *report)
{
	unsigned char computed[HASH_BYTES];
	str rest = block->entries, entry;

	if (block->sequence != sequence + 1) {
		found_bad(report, block->lane, sequence + 1, S("a block is missing"));
		return false;
	}
	block_hash(db, first ? S("") : (str){(const char *)hash, HASH_BYTES}, block, computed);
	if (!str_equal(block->hash, (str){(const char *)computed, HASH_BYTES})) {
		found_bad(report, block->lane, block->sequence, S("a block was changed"));
		return false;
	}
	memcpy(hash, computed, HASH_BYTES);
	while (journal_next(&rest, &entry))
		report->entries++;
	report->blocks++;
	return true;
}

static fallible
verify_lane(struct cx *cx, const struct head *head, struct journal_report *report)
{
	unsigned char hash[HASH_BYTES] = {0};
	int64_t sequence = 0;
	struct arena arena = ARENA_INIT;
	struct cx page_cx = *cx;
	const struct err *error = NULL;

	page_cx.arena = &arena;
	for (;;) {
		struct db_rows page;
		const struct journal_block *blocks;

		error = journal_blocks_after(&page_cx, head->lane, sequence, VERIFY_PAGE, &page);
		if (error || page.count == 0)
			break;
		blocks = page.items;
		for (size_t i = 0; i < page.count && report->intact; i++) {
			if (block_fits(cx->db, &blocks[i], sequence, hash, sequence == 0, report))
				sequence = blocks[i].sequence;
		}
		arena_clear(&arena);
		if (!report->intact)
			break;
	}
	cx->conn = page_cx.conn;
	error = err_copy(cx->arena, error);
	arena_release(&arena);
	TRY(error);
	if (report->intact && (sequence != head->sequence || !str_equal(head->hash, (str){(char *)hash, HASH_BYTES})))
		found_bad(report, head->lane, sequence + 1, S("the newest blocks are missing"));
	return NULL;
}

fallible
journal_verify(struct cx *cx, struct journal_report *out)
{
	struct db_rows heads;
	const struct head *head;
	int64_t stray;

	*out = (struct journal_report){.intact = true};
	TRY(db_all(cx, SQL("SELECT lane, sequence, hash FROM journal_head ORDER BY lane"), BIND_NONE,
	    ROWS(struct head, HEAD), &heads));
	head = heads.items;
	for (size_t i = 0; i < heads.count && out->intact; i++)
		TRY(verify_lane(cx, &head[i], out));
	TRY(db_one(cx,
	    SQL("SELECT count(*) FROM journal_block b"
		" WHERE NOT EXISTS (SELECT 1 FROM journal_head h WHERE h.lane = b.lane)"),
	    BIND_NONE, INTO(&stray, ONE_INT)));
	if (out->intact && stray)
		found_bad(out, -1, 0, S("the head of a chain is missing"));
	return NULL;
}
