/* SPDX-License-Identifier: Apache-2.0 */
/* Reproducible chance (splitmix64): the same seed gives the same clinic.  For simulated people only, never for secrets. */
#ifndef SALVE_SIM_RANDOM_H
#define SALVE_SIM_RANDOM_H

#include "platform/base/base.h"

struct sim_random {
	uint64_t state;
};

uint64_t sim_next(struct sim_random *r);
int64_t sim_between(struct sim_random *r, int64_t low, int64_t high); /* both included */
bool sim_chance(struct sim_random *r, int percent);
double sim_normal(struct sim_random *r, double mean, double deviation);
struct uuid sim_uuid(struct sim_random *r);
/* The index chosen by `weights`. */
size_t sim_weighted(struct sim_random *r, const int *weights, size_t count);
/* A stream of its own for part `n`, so that one part's needs do not shift another's. */
struct sim_random sim_branch(uint64_t seed, uint64_t n);

#endif
