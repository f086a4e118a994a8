/* SPDX-License-Identifier: Apache-2.0 */
/* A virus scanner for tests: a socket of our own that speaks clamd's part and answers what it is told to. */
#ifndef SALVE_SCANNER_TEST_HELP_H
#define SALVE_SCANNER_TEST_HELP_H

#include "world.h"

#include <pthread.h>

struct scanner {
	int listener;
	pthread_t thread;
	const char *answer; /* NULL: says nothing */
	str address;
};

/* Listens, and is the installation's scanner from now on. `answer`: "stream: OK", "stream: Test.Virus FOUND". */
void scanner_start(struct world *world, struct scanner *scanner, const char *answer);
void scanner_stop(struct scanner *scanner);

#endif
