/* SPDX-License-Identifier: Apache-2.0 */
/* Hashes, derived keys, random tokens, comparing without telling by time how much fitted. */
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <sodium.h>

#include "platform/crypto/crypto.h"

bool
bytes_equal_constant_time(str a, str b)
{
	return a.n == b.n && sodium_memcmp(a.p, b.p, a.n) == 0;
}

void
sha256(str data, unsigned char out[32])
{
	unsigned int n = 32;
	int ok = EVP_Digest(data.p, data.n, out, &n, EVP_sha256(), NULL);

	assert(ok == 1);
}

void
sha256_begin(struct sha256_run *run)
{
	EVP_MD_CTX *state = EVP_MD_CTX_new();
	int ok = state && EVP_DigestInit_ex(state, EVP_sha256(), NULL) == 1;

	assert(ok);
	run->state = state;
}

void
sha256_add(struct sha256_run *run, str data)
{
	int ok = EVP_DigestUpdate(run->state, data.p, data.n);

	assert(ok == 1);
}

void
sha256_end(struct sha256_run *run, unsigned char out[32])
{
	int ok = EVP_DigestFinal_ex(run->state, out, NULL);

	assert(ok == 1);
	EVP_MD_CTX_free(run->state);
	run->state = NULL;
}

void
hmac_sha256(const unsigned char key[32], str data, unsigned char out[32])
{
	unsigned int n = 32;
	const unsigned char *done = HMAC(EVP_sha256(), key, 32, (const unsigned char *)data.p, data.n, out, &n);

	assert(done != NULL);
}

void
key_derive(const unsigned char master[32], const char *purpose, unsigned char out[32])
{
	hmac_sha256(master, str_from_z(purpose), out);
}

void
secret_wipe(void *p, size_t n)
{
	sodium_memzero(p, n);
}

str
hex_text(struct arena *arena, str bytes)
{
	char *p = arena_text(arena, bytes.n * 2 + 1);

	sodium_bin2hex(p, bytes.n * 2 + 1, (const unsigned char *)bytes.p, bytes.n);
	return (str){p, bytes.n * 2};
}

str
token_new(struct arena *arena)
{
	unsigned char bytes[32];
	size_t n = sodium_base64_encoded_len(sizeof(bytes), sodium_base64_VARIANT_URLSAFE_NO_PADDING);
	char *p = arena_text(arena, n);

	random_bytes(bytes, sizeof(bytes));
	sodium_bin2base64(p, n, bytes, sizeof(bytes), sodium_base64_VARIANT_URLSAFE_NO_PADDING);
	secret_wipe(bytes, sizeof(bytes));
	return (str){p, n - 1};
}

struct token_hash
token_hash_of(str token)
{
	struct token_hash hash;

	sha256(token, hash.bytes);
	return hash;
}
