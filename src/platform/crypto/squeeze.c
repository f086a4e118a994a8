/* SPDX-License-Identifier: Apache-2.0 */
/* zstd with shared dictionaries.  Contexts are costly to make, so they are kept in a pool; each is used by one thread at a
 * time. */
#include <pthread.h>
#include <stdlib.h>
#define ZSTD_STATIC_LINKING_ONLY
#include <zstd.h>

#include "platform/crypto/vault_internal.h"

#define LEVEL           3
#define DICTIONARIES    201
#define PLAIN_BYTES_MAX ((size_t)256 * 1024 * 1024) /* what one sealed text may grow to */

struct contexts {
	struct contexts *next;
	ZSTD_CCtx *compress;
	ZSTD_DCtx *decompress;
};

struct squeezer {
	pthread_mutex_t mutex; /* guards `free` */
	struct contexts *free;
	ZSTD_CDict *compress[DICTIONARIES];
	ZSTD_DDict *decompress[DICTIONARIES];
};

struct squeezer *
squeezer_new(void)
{
	struct squeezer *squeezer = calloc(1, sizeof(*squeezer));

	if (!squeezer)
		abort();
	pthread_mutex_init(&squeezer->mutex, NULL);
	return squeezer;
}

void
squeezer_free(struct squeezer *squeezer)
{
	struct contexts *contexts;

	while ((contexts = squeezer->free)) {
		squeezer->free = contexts->next;
		ZSTD_freeCCtx(contexts->compress);
		ZSTD_freeDCtx(contexts->decompress);
		free(contexts);
	}
	for (int i = 0; i < DICTIONARIES; i++) {
		ZSTD_freeCDict(squeezer->compress[i]);
		ZSTD_freeDDict(squeezer->decompress[i]);
	}
	pthread_mutex_destroy(&squeezer->mutex);
	free(squeezer);
}

fallible
squeezer_add_dictionary(struct squeezer *squeezer, int number, str bytes)
{
	assert(number > 0 && number < DICTIONARIES && !squeezer->compress[number]);
	squeezer->compress[number] = ZSTD_createCDict(bytes.p, bytes.n, LEVEL);
	squeezer->decompress[number] = ZSTD_createDDict(bytes.p, bytes.n);
	if (!squeezer->compress[number] || !squeezer->decompress[number])
		return ERR(ERR_BROKEN, "The program cannot start.", "a compression dictionary cannot be loaded");
	return NULL;
}

static struct contexts *
take(struct squeezer *squeezer)
{
	struct contexts *contexts;

	pthread_mutex_lock(&squeezer->mutex);
	contexts = squeezer->free;
	if (contexts)
		squeezer->free = contexts->next;
	pthread_mutex_unlock(&squeezer->mutex);
	if (contexts)
		return contexts;
	contexts = calloc(1, sizeof(*contexts));
	if (!contexts || !(contexts->compress = ZSTD_createCCtx()) || !(contexts->decompress = ZSTD_createDCtx()))
		abort(); /* out of memory, as in arena.c */
	/* The sizes are bound by the seal: neither the checksum nor the dictionary's id need to be written. */
	ZSTD_CCtx_setParameter(contexts->compress, ZSTD_c_checksumFlag, 0);
	ZSTD_CCtx_setParameter(contexts->compress, ZSTD_c_dictIDFlag, 0);
	ZSTD_CCtx_setParameter(contexts->compress, ZSTD_c_format, ZSTD_f_zstd1_magicless);
	ZSTD_CCtx_setParameter(contexts->compress, ZSTD_c_compressionLevel, LEVEL);
	ZSTD_DCtx_setParameter(contexts->decompress, ZSTD_d_format, ZSTD_f_zstd1_magicless);
	return contexts;
}

static void
give_back(struct squeezer *squeezer, struct contexts *contexts)
{
	pthread_mutex_lock(&squeezer->mutex);
	contexts->next = squeezer->free;
	squeezer->free = contexts;
	pthread_mutex_unlock(&squeezer->mutex);
}

str
squeeze(struct squeezer *squeezer, struct arena *arena, int dictionary, str plain, int *used)
{
	struct contexts *contexts = take(squeezer);
	size_t room = ZSTD_compressBound(plain.n), n;
	char *out = arena_text(arena, room);

	assert(dictionary >= 0 && dictionary < DICTIONARIES);
	ZSTD_CCtx_refCDict(contexts->compress, squeezer->compress[dictionary]);
	n = ZSTD_compress2(contexts->compress, out, room, plain.p, plain.n);
	give_back(squeezer, contexts);
	if (ZSTD_isError(n) || n >= plain.n) {
		*used = SQUEEZE_STORED;
		return plain;
	}
	*used = squeezer->compress[dictionary] ? dictionary : 0;
	return (str){out, n};
}

fallible
unsqueeze(struct squeezer *squeezer, struct arena *arena, int used, str squeezed, str *plain)
{
	struct contexts *contexts;
	ZSTD_frameHeader header;
	char *out;
	size_t n;

	if (used == SQUEEZE_STORED) {
		*plain = squeezed;
		return NULL;
	}
	if (used >= DICTIONARIES || (used && !squeezer->decompress[used]) ||
	    ZSTD_getFrameHeader_advanced(&header, squeezed.p, squeezed.n, ZSTD_f_zstd1_magicless) != 0 ||
	    header.frameContentSize > PLAIN_BYTES_MAX)
		return ERR(ERR_BROKEN, "Something went wrong on our side.", "a sealed text has a bad head");
	out = arena_text(arena, header.frameContentSize);
	contexts = take(squeezer);
	ZSTD_DCtx_refDDict(contexts->decompress, squeezer->decompress[used]);
	n = ZSTD_decompressDCtx(contexts->decompress, out, header.frameContentSize, squeezed.p, squeezed.n);
	give_back(squeezer, contexts);
	if (ZSTD_isError(n))
		return ERR(ERR_BROKEN, "Something went wrong on our side.", "a sealed text does not decompress");
	*plain = (str){out, n};
	return NULL;
}
