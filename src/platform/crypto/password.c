/* SPDX-License-Identifier: Apache-2.0 */
/* Passwords: Argon2id with 64 MiB and three passes.  At most one hash per core runs at a time and a bounded number waits, so
 * that a flood of sign-ins can take neither the memory nor the workers. */
#include <pthread.h>
#include <sodium.h>
#include <unistd.h>

#include "platform/crypto/crypto.h"

#define PASSES       3
#define MEMORY_BYTES ((size_t)64 * 1024 * 1024)
#define WAITING_MAX  16

/* The one place where the whole process is meant: memory is the process's. */
static struct {
	pthread_mutex_t mutex;
	pthread_cond_t freed;
	int running, waiting;
} gate = {PTHREAD_MUTEX_INITIALIZER, PTHREAD_COND_INITIALIZER, 0, 0};

static fallible
enter(void)
{
	long cores = sysconf(_SC_NPROCESSORS_ONLN);
	const struct err *error = NULL;

	pthread_mutex_lock(&gate.mutex);
	if (gate.waiting >= WAITING_MAX) {
		error = ERR(ERR_BUSY, "Many people are signing in right now. Please try again in a few seconds.",
		    "too many password checks wait");
	} else {
		gate.waiting++;
		while (gate.running >= (cores < 1 ? 1 : cores))
			pthread_cond_wait(&gate.freed, &gate.mutex);
		gate.waiting--;
		gate.running++;
	}
	pthread_mutex_unlock(&gate.mutex);
	return error;
}

static void
leave(void)
{
	pthread_mutex_lock(&gate.mutex);
	gate.running--;
	pthread_cond_signal(&gate.freed);
	pthread_mutex_unlock(&gate.mutex);
}

fallible
password_hash(struct arena *arena, str password, str *out)
{
	char encoded[crypto_pwhash_STRBYTES];
	int failed;

	TRY(enter());
	failed =
	    crypto_pwhash_str_alg(encoded, password.p, password.n, PASSES, MEMORY_BYTES, crypto_pwhash_ALG_ARGON2ID13);
	leave();
	if (failed)
		return ERR(ERR_BUSY, "The service is very busy. Please try again in a moment.",
		    "no memory for a password hash");
	*out = arena_str(arena, str_from_z(encoded));
	return NULL;
}

fallible
password_verify(str password, str encoded)
{
	/* A hash of nothing anyone can type, so that an unknown name costs what a known one does. */
	static const char nobody[] = "$argon2id$v=19$m=65536,t=3,p=1$c2FsdmUtbm9ib2R5LXg$"
				     "Ck6rXWl1YhVhRHl1xWg0oQv2zq1tQ5cI7bqfX1m5n3E";
	struct arena arena = ARENA_INIT;
	const char *against = encoded.p ? arena_z(&arena, encoded) : nobody;
	const struct err *error = enter();

	if (!error) {
		bool fits = crypto_pwhash_str_verify(against, password.p ? password.p : "", password.n) == 0;
		leave();
		if (!fits || !encoded.p)
			error = ERR(ERR_DENIED, "The name or the password is not right.", "password does not match");
	}
	arena_release(&arena);
	return error;
}
