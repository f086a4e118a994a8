/* SPDX-License-Identifier: Apache-2.0 */
/* Secrets, passwords, one-time codes, keyed hashes, and the vault that seals what people wrote. */
#ifndef SALVE_CRYPTO_H
#define SALVE_CRYPTO_H

#include "platform/base/base.h"

/* ---- small tools ---- */

bool bytes_equal_constant_time(str a, str b);
void sha256(str data, unsigned char out[32]);
/* The same piece by piece; sha256_end gives its memory back and must be called. */
struct sha256_run {
	void *state;
};
void sha256_begin(struct sha256_run *run);
void sha256_add(struct sha256_run *run, str data);
void sha256_end(struct sha256_run *run, unsigned char out[32]);
void hmac_sha256(const unsigned char key[32], str data, unsigned char out[32]);
/* A subkey for one purpose ("journal", "blind", ...), derived from a master key. */
void key_derive(const unsigned char master[32], const char *purpose, unsigned char out[32]);
void secret_wipe(void *p, size_t n);
str hex_text(struct arena *arena, str bytes);
/* 256 random bits as 43 characters of base64url: for session cookies, links, tokens. Store only token_hash of it. */
str token_new(struct arena *arena);
struct token_hash {
	unsigned char bytes[32];
};
struct token_hash token_hash_of(str token);

/* ---- JWE: one file under one key (RFC 7516, compact; alg dir, enc A256GCM, zip DEF) ---- */

#define JWE_KEY_BYTES 32
/* `content_type` goes into the header ("application/fhir+json"). A key seals one text only. */
fallible jwe_seal(struct arena *arena, const unsigned char key[JWE_KEY_BYTES], str content_type, str plain, str *out);
/* ERR_INVALID in one sentence for whatever does not fit: another key, a changed text, another algorithm, more than `bytes_max`
 * when unpacked. */
fallible jwe_open(struct arena *arena, const unsigned char key[JWE_KEY_BYTES], str jwe, size_t bytes_max, str *plain);

/* ---- passwords (Argon2id, t=3, m=64 MiB; at most one per core at a time) ---- */

/* `out`: the encoded hash, in the arena. ERR_BUSY when too many wait. Takes about 100 ms of CPU. */
fallible password_hash(struct arena *arena, str password, str *out);
/* ERR_DENIED when it does not match. An absent `encoded` costs the same time and never matches. */
fallible password_verify(str password, str encoded);

/* ---- one-time codes (RFC 6238: SHA-1, 6 digits, 30 s) ---- */

#define TOTP_SECRET_BYTES 20
#define TOTP_STEP_SECONDS 30
/* Does `code` fit at `now`, one step of drift either way? `step` receives the time step it fits, to be refused again. */
bool totp_check(const unsigned char secret[TOTP_SECRET_BYTES], str code, instant now, int64_t *step);
/* "otpauth://totp/Salve:NAME?secret=…" for authenticator apps. */
str totp_uri(struct arena *arena, const unsigned char secret[TOTP_SECRET_BYTES], str account_name, str issuer);
/* The code of a time step, as a authenticator app shows it: for tests and for enrolment checks. */
void totp_code(const unsigned char secret[TOTP_SECRET_BYTES], int64_t step, char out[7]);

/* ---- the vault ---- */

/* Whose key seals it: a patient, or the organisation (owner none) for what belongs to no patient. */
struct vault;
struct tx;

#define VAULT_KEY_BYTES 32

/* Read the installation key from `path` (32 bytes as 64 hex digits, mode 0600), making one when `create` and absent.
 * ERR_INVALID says what is wrong with the file and how to mend it. */
fallible installation_key_load(struct arena *arena, const char *path, bool create, unsigned char out[VAULT_KEY_BYTES]);

fallible vault_open(struct arena *arena, const unsigned char installation_key[VAULT_KEY_BYTES], struct vault **out);
/* The journal's key, derived; valid as long as the vault. */
const unsigned char *vault_journal_key(const struct vault *vault);
/* Check the key against the one this database was made with (recorded at the first call). ERR_INVALID: the wrong key. */
fallible vault_bind(struct cx *cx);
void vault_close(struct vault *vault);

/* A text that is likely to share phrases with what will be sealed (the skeleton of a FHIR resource): small texts compress
 * several times better against it. `number` (1 to 200) is stored with every text and must mean the same bytes for ever. Given
 * at start, before other threads; `bytes` must outlive the vault. */
fallible vault_add_dictionary(struct vault *vault, int number, str bytes);

/* Where a sealed text stands: bound to it, so that no row's text opens in another's place. */
struct seal_place {
	const char *table; /* a literal */
	struct uuid row;
	int64_t version;
	int dictionary; /* to compress with; 0: none. Not part of the place: reading finds it in the text */
};

/* Compress and seal `plain` under the key of `owner` (made at the first seal). Outside of acts: takes microseconds, but
 * may need to write the new key. */
fallible vault_seal(struct cx *cx, patient_id owner, struct seal_place place, str plain, str *sealed);
/* ERR_GONE when the owner's key was destroyed; ERR_BROKEN when the text was changed or moved. Absent opens to absent. */
fallible vault_open_text(struct cx *cx, patient_id owner, struct seal_place place, str sealed, str *plain);
/* The same inside an act. */
fallible vault_seal_tx(struct tx *tx, patient_id owner, struct seal_place place, str plain, str *sealed);
/* Destroy the key: everything sealed for `owner` is unreadable from here on (other processes forget a key within a minute),
 * and in backups too once they lack the key row. */
fallible vault_destroy(struct tx *tx, patient_id owner);

/* A blind index of a value: the same value of the same field gives the same 16 bytes, and nothing else is learnt from it.
 * `field` is a literal ("patient.mrn"). The caller normalises (fold case, trim) first. */
struct uuid vault_blind(const struct vault *vault, const char *field, str value);
/* The same in 8 bytes, for index rows of which there are millions. */
int64_t vault_blind64(const struct vault *vault, const char *field, str value);

#endif
