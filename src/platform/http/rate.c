/* SPDX-License-Identifier: Apache-2.0 */
/* Token buckets in a table of fixed size.  A caller's key picks a set of four places; a newcomer takes the place of the
 * one that was idle longest.  Being forgotten costs a caller nothing: a bucket that was idle is full anyway.  An enemy with
 * very many addresses can make the table forget; what then protects is the bounded queue. */
#include "platform/http/http_internal.h"

#define WAYS 4

struct bucket {
	uint64_t key;
	int64_t at_ms;
	float tokens;
};

struct rate_table {
	pthread_mutex_t lock;
	uint64_t seed;
	float factor; /* of RATES */
	struct bucket buckets[HTTP_RATE_ENTRIES];
};

static const struct {
	float per_ms, burst;
} RATES[] = {
    [RATE_USUAL] = {50.0f / 1000, 200},
    [RATE_SIGN_IN] = {30.0f / 60000, 30},
    [RATE_CODE] = {(float)HTTP_RATE_CODES_PER_HOUR / HOUR_MS, HTTP_RATE_CODES_PER_HOUR},
    [RATE_HEAVY] = {10.0f / 60000, 10},
};

struct rate_table *
rate_table_new(struct arena *arena, int factor)
{
	struct rate_table *table = ARENA_NEW(arena, struct rate_table);

	pthread_mutex_init(&table->lock, NULL);
	random_bytes(&table->seed, sizeof(table->seed));
	table->factor = (float)factor;
	return table;
}

void
rate_table_release(struct rate_table *table)
{
	pthread_mutex_destroy(&table->lock);
}

static uint64_t
mix(uint64_t x)
{
	x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9u;
	x = (x ^ (x >> 27)) * 0x94d049bb133111ebu;
	return x ^ (x >> 31);
}

uint64_t
rate_key(const struct rate_table *table, enum rate_class class, str who)
{
	uint64_t hash = mix(table->seed + (uint64_t) class + 1);

	for (size_t i = 0; i < who.n; i++)
		hash = mix(hash ^ ((unsigned char)who.p[i] + 0x100));
	return hash ? hash : 1; /* 0 is an empty place */
}

int64_t
rate_take(struct rate_table *table, enum rate_class class, uint64_t key, int64_t now_ms)
{
	struct bucket *set = &table->buckets[key % (HTTP_RATE_ENTRIES / WAYS) * WAYS], *bucket = set;
	float per_ms, burst;
	int64_t wait_ms = 0;

	if (class == RATE_NONE) /* it has no row */
		return 0;
	per_ms = RATES[class].per_ms * table->factor;
	burst = RATES[class].burst * table->factor;
	pthread_mutex_lock(&table->lock);
	for (int i = 0; i < WAYS; i++) {
		if (set[i].key == key) {
			bucket = &set[i];
			break;
		}
		if (set[i].at_ms < bucket->at_ms)
			bucket = &set[i];
	}
	if (bucket->key != key)
		*bucket = (struct bucket){.key = key, .at_ms = now_ms, .tokens = burst};
	if (now_ms > bucket->at_ms)
		bucket->tokens += (float)(now_ms - bucket->at_ms) * per_ms;
	if (bucket->tokens > burst)
		bucket->tokens = burst;
	bucket->at_ms = now_ms;
	if (bucket->tokens >= 1)
		bucket->tokens -= 1;
	else
		wait_ms = 1 + (int64_t)((1 - bucket->tokens) / per_ms);
	pthread_mutex_unlock(&table->lock);
	return wait_ms;
}
