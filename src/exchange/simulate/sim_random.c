/* SPDX-License-Identifier: Apache-2.0 */
#include "exchange/simulate/sim_random.h"

uint64_t
sim_next(struct sim_random *r)
{
	uint64_t z = r->state += 0x9e3779b97f4a7c15u;

	z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9u;
	z = (z ^ z >> 27) * 0x94d049bb133111ebu;
	return z ^ z >> 31;
}

int64_t
sim_between(struct sim_random *r, int64_t low, int64_t high)
{
	return low + (int64_t)(sim_next(r) % (uint64_t)(high - low + 1));
}

bool
sim_chance(struct sim_random *r, int percent)
{
	return sim_between(r, 0, 99) < percent;
}

double
sim_normal(struct sim_random *r, double mean, double deviation)
{
	double sum = 0;

	for (int i = 0; i < 12; i++) /* twelve evens make a bell with deviation 1 */
		sum += (double)(sim_next(r) >> 11) / (double)((uint64_t)1 << 53);
	return mean + (sum - 6) * deviation;
}

struct uuid
sim_uuid(struct sim_random *r)
{
	struct uuid id;
	uint64_t a = sim_next(r), b = sim_next(r);

	memcpy(id.bytes, &a, 8);
	memcpy(id.bytes + 8, &b, 8);
	id.bytes[6] = (unsigned char)(0x40 | (id.bytes[6] & 0x0f));
	id.bytes[8] = (unsigned char)(0x80 | (id.bytes[8] & 0x3f));
	return id;
}

size_t
sim_weighted(struct sim_random *r, const int *weights, size_t count)
{
	int64_t total = 0, at;
	size_t i;

	for (i = 0; i < count; i++)
		total += weights[i];
	at = sim_between(r, 0, total - 1);
	for (i = 0; i + 1 < count && at >= weights[i]; i++)
		at -= weights[i];
	return i;
}

struct sim_random
sim_branch(uint64_t seed, uint64_t n)
{
	struct sim_random r = {seed * 0x2545f4914f6cdd1du + n};

	sim_next(&r);
	return r;
}
