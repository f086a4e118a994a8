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

#endif
