/* SPDX-License-Identifier: Apache-2.0 */
/* Compression before sealing (squeeze.c), as the vault uses it. */
#ifndef SALVE_VAULT_INTERNAL_H
#define SALVE_VAULT_INTERNAL_H

#include "platform/crypto/crypto.h"
#include "platform/db/db.h"

struct squeezer;

struct squeezer *squeezer_new(void);
void squeezer_free(struct squeezer *squeezer);
fallible squeezer_add_dictionary(struct squeezer *squeezer, int number, str bytes);
/* `plain` compressed with the dictionary; `used` tells which (0: none; SQUEEZE_STORED: it did not get smaller). */
#define SQUEEZE_STORED 255
str squeeze(struct squeezer *squeezer, struct arena *arena, int dictionary, str plain, int *used);
fallible unsqueeze(struct squeezer *squeezer, struct arena *arena, int used, str squeezed, str *plain);

/* Rows of keys and of the installation's facts (vault_store.c). */
fallible key_check_get(struct cx *cx, str *out, bool *found);
const struct err *key_check_put(struct tx *tx, void *arg); /* act; arg: str *; keeps what is there already */
fallible wrapped_key_get(struct cx *cx, struct uuid owner, str *out, bool *found);
fallible wrapped_key_add(struct tx *tx, struct uuid owner, str wrapped); /* keeps what is there already */
fallible wrapped_key_delete(struct tx *tx, struct uuid owner);

#endif
