/* SPDX-License-Identifier: Apache-2.0 */
/* The vault: every text that someone wrote, or that says something about someone, is compressed and sealed
 * (XChaCha20-Poly1305, random nonce) under a key of its own patient; the keys are wrapped by the installation's key.
 * A sealed text is: format byte, dictionary byte, 24 bytes nonce, ciphertext with tag. */
#include <pthread.h>
#include <sodium.h>

#include "platform/crypto/vault_internal.h"

#define FORMAT      1
#define HEAD_BYTES  2
#define NONCE_BYTES crypto_aead_xchacha20poly1305_ietf_NPUBBYTES
#define TAG_BYTES   crypto_aead_xchacha20poly1305_ietf_ABYTES
#define KEY_CACHE   8192             /* keys held unwrapped, direct-mapped */
#define KEY_STAY_MS (60 * SECOND_MS) /* a destroyed key is forgotten by every process within this time */

struct cached_key {
	struct uuid owner;
	unsigned char key[32];
	int64_t until_ms;
};

struct vault {
	unsigned char wrap[32], journal[32], blind[32], check[32];
	pthread_mutex_t mutex; /* guards the cache */
	struct cached_key *cache;
	struct squeezer *squeezer;
};

/* What belongs to no patient is sealed under the organisation's own key. */
static struct uuid
owner_uuid(patient_id owner)
{
	static const struct uuid organisation = {{[15] = 1}};

	return uuid_is_none(owner.v) ? organisation : owner.v;
}

fallible
vault_open(struct arena *arena, const unsigned char installation_key[VAULT_KEY_BYTES], struct vault **out)
{
	struct vault *vault = ARENA_NEW(arena, struct vault);

	if (sodium_init() < 0)
		return ERR(ERR_BROKEN, "The program cannot start.", "libsodium does not initialise");
	key_derive(installation_key, "wrap", vault->wrap);
	key_derive(installation_key, "journal", vault->journal);
	key_derive(installation_key, "blind", vault->blind);
	key_derive(installation_key, "check", vault->check);
	pthread_mutex_init(&vault->mutex, NULL);
	vault->cache = sodium_allocarray(KEY_CACHE, sizeof(*vault->cache)); /* guarded pages, out of core dumps */
	if (!vault->cache)
		return ERR(ERR_BROKEN, "The program cannot start.", "no memory for the vault's keys");
	memset(vault->cache, 0, KEY_CACHE * sizeof(*vault->cache));
	vault->squeezer = squeezer_new();
	*out = vault;
	return NULL;
}

void
vault_close(struct vault *vault)
{
	sodium_free(vault->cache);
	squeezer_free(vault->squeezer);
	pthread_mutex_destroy(&vault->mutex);
	secret_wipe(vault, sizeof(*vault));
}

const unsigned char *
vault_journal_key(const struct vault *vault)
{
	return vault->journal;
}

fallible
vault_add_dictionary(struct vault *vault, int number, str bytes)
{
	return squeezer_add_dictionary(vault->squeezer, number, bytes);
}

/* ---- which installation ---- */

fallible
vault_bind(struct cx *cx)
{
	str mine = {(const char *)cx->vault->check, sizeof(cx->vault->check)}, recorded;
	bool found;

	TRY(key_check_get(cx, &recorded, &found));
	if (!found) {
		TRY(db_write(cx, key_check_put, &mine));
		TRY(key_check_get(cx, &recorded, &found));
	}
	if (!bytes_equal_constant_time(mine, recorded))
		return ERR(ERR_INVALID,
		    "This installation key does not belong to this database. Put back the installation.key that was "
		    "made with it"
		    " (from the backup of the data directory); without it nothing sealed can be read.",
		    "the installation key does not fit the database");
	return NULL;
}

/* ---- keys ---- */

static struct cached_key *
cache_slot(struct vault *vault, struct uuid owner)
{
	return &vault->cache[str_hash((str){(const char *)owner.bytes, 16}) % KEY_CACHE];
}

static bool
cache_get(struct vault *vault, struct uuid owner, unsigned char key[32])
{
	struct cached_key *slot = cache_slot(vault, owner);
	bool hit;

	pthread_mutex_lock(&vault->mutex);
	hit = uuid_equal(slot->owner, owner) && monotonic_ms() < slot->until_ms;
	if (hit)
		memcpy(key, slot->key, 32);
	pthread_mutex_unlock(&vault->mutex);
	return hit;
}

static void
cache_put(struct vault *vault, struct uuid owner, const unsigned char key[32])
{
	struct cached_key *slot = cache_slot(vault, owner);

	pthread_mutex_lock(&vault->mutex);
	slot->owner = owner;
	memcpy(slot->key, key, 32);
	slot->until_ms = monotonic_ms() + KEY_STAY_MS;
	pthread_mutex_unlock(&vault->mutex);
}

/* Inside an act the key's row may yet be rolled back, and a cached key would outlive it. */
static void
cache_unless_in_act(const struct cx *cx, struct uuid owner, const unsigned char key[32])
{
	if (!db_in_act(cx))
		cache_put(cx->vault, owner, key);
}

static str
wrap_key(struct arena *arena, const struct vault *vault, struct uuid owner, const unsigned char key[32])
{
	unsigned char *p = arena_alloc(arena, NONCE_BYTES + 32 + TAG_BYTES);

	random_bytes(p, NONCE_BYTES);
	crypto_aead_xchacha20poly1305_ietf_encrypt(
	    p + NONCE_BYTES, NULL, key, 32, owner.bytes, 16, NULL, p, vault->wrap);
	return (str){(char *)p, NONCE_BYTES + 32 + TAG_BYTES};
}

static fallible
unwrap_key(const struct vault *vault, struct uuid owner, str wrapped, unsigned char key[32])
{
	const unsigned char *p = (const unsigned char *)wrapped.p;

	if (wrapped.n != NONCE_BYTES + 32 + TAG_BYTES ||
	    crypto_aead_xchacha20poly1305_ietf_decrypt(
		key, NULL, NULL, p + NONCE_BYTES, 32 + TAG_BYTES, owner.bytes, 16, p, vault->wrap) != 0)
		return ERR(ERR_BROKEN, "Something went wrong on our side.", "a wrapped key does not open");
	return NULL;
}

static fallible
load_key(struct cx *cx, struct uuid owner, unsigned char key[32], bool *found)
{
	str wrapped;

	TRY(wrapped_key_get(cx, owner, &wrapped, found));
	return *found ? unwrap_key(cx->vault, owner, wrapped, key) : NULL;
}

/* Make the owner's key unless someone else just did. */
static const struct err *
make_key(struct tx *tx, void *arg)
{
	struct uuid owner = *(struct uuid *)arg;
	unsigned char fresh[32];
	str wrapped;

	random_bytes(fresh, sizeof(fresh));
	wrapped = wrap_key(tx->cx->arena, tx->cx->vault, owner, fresh);
	secret_wipe(fresh, sizeof(fresh));
	return wrapped_key_add(tx, owner, wrapped);
}

/* The key for sealing: from memory, from its row, or made now. */
static fallible
key_for_sealing(struct cx *cx, struct tx *tx, struct uuid owner, unsigned char key[32])
{
	bool found;

	if (cache_get(cx->vault, owner, key))
		return NULL;
	TRY(load_key(cx, owner, key, &found));
	if (found) {
		cache_unless_in_act(cx, owner, key);
		return NULL;
	}
	TRY(tx ? make_key(tx, &owner) : db_write(cx, make_key, &owner));
	TRY(load_key(cx, owner, key, &found));
	if (!found)
		return ERR(ERR_BROKEN, "Something went wrong on our side.", "a key just made is not there");
	cache_unless_in_act(cx, owner, key);
	return NULL;
}

/* ---- sealing ---- */

/* What a text is bound to: owner, table, row, version. */
static str
bound_to(struct buf *out, struct uuid owner, struct seal_place place)
{
	buf_add_bytes(out, owner.bytes, 16);
	buf_add_bytes(out, place.row.bytes, 16);
	buf_add_int64(out, place.version);
	buf_add_char(out, '|');
	buf_add_z(out, place.table);
	return buf_str(out);
}

static fallible
seal(struct cx *cx, struct tx *tx, patient_id owner_, struct seal_place place, str plain, str *sealed)
{
	struct uuid owner = owner_uuid(owner_);
	struct buf bound = BUF_INIT(cx->arena), out = BUF_INIT(cx->arena);
	unsigned char key[32], head[HEAD_BYTES] = {FORMAT};
	unsigned char *p;
	str ad, squeezed;
	int dictionary;

	if (!plain.p) {
		*sealed = STR_NONE;
		return NULL;
	}
	TRY(key_for_sealing(cx, tx, owner, key));
	ad = bound_to(&bound, owner, place);
	squeezed = squeeze(cx->vault->squeezer, cx->arena, place.dictionary, plain, &dictionary);
	head[1] = (unsigned char)dictionary;
	buf_add_bytes(&out, head, sizeof(head));
	p = (unsigned char *)buf_reserve(&out, NONCE_BYTES + squeezed.n + TAG_BYTES);
	random_bytes(p, NONCE_BYTES);
	crypto_aead_xchacha20poly1305_ietf_encrypt(p + NONCE_BYTES, NULL, (const unsigned char *)squeezed.p, squeezed.n,
	    (const unsigned char *)ad.p, ad.n, NULL, p, key);
	out.n += NONCE_BYTES + squeezed.n + TAG_BYTES;
	secret_wipe(key, sizeof(key));
	*sealed = buf_str(&out);
	return NULL;
}

fallible
vault_seal(struct cx *cx, patient_id owner, struct seal_place place, str plain, str *sealed)
{
	return seal(cx, NULL, owner, place, plain, sealed);
}

fallible
vault_seal_tx(struct tx *tx, patient_id owner, struct seal_place place, str plain, str *sealed)
{
	return seal(tx->cx, tx, owner, place, plain, sealed);
}

static fallible
key_for_opening(struct cx *cx, struct uuid owner, unsigned char key[32])
{
	bool found;

	if (cache_get(cx->vault, owner, key))
		return NULL;
	TRY(load_key(cx, owner, key, &found));
	if (!found)
		return ERR(ERR_GONE, "This was erased for good.", "the key of a sealed text was destroyed");
	cache_unless_in_act(cx, owner, key);
	return NULL;
}

fallible
vault_open_text(struct cx *cx, patient_id owner_, struct seal_place place, str sealed, str *plain)
{
	struct uuid owner = owner_uuid(owner_);
	struct buf bound = BUF_INIT(cx->arena);
	const unsigned char *p = (const unsigned char *)sealed.p;
	unsigned char key[32], *text;
	str ad;
	size_t n;
	int failed;

	if (!sealed.p) {
		*plain = STR_NONE;
		return NULL;
	}
	if (sealed.n < HEAD_BYTES + NONCE_BYTES + TAG_BYTES || p[0] != FORMAT)
		return ERR(ERR_BROKEN, "Something went wrong on our side.", "a sealed text is cut short");
	TRY(key_for_opening(cx, owner, key));
	ad = bound_to(&bound, owner, place);
	n = sealed.n - HEAD_BYTES - NONCE_BYTES;
	text = (unsigned char *)arena_text(cx->arena, n);
	failed = crypto_aead_xchacha20poly1305_ietf_decrypt(
	    text, NULL, NULL, p + HEAD_BYTES + NONCE_BYTES, n, (const unsigned char *)ad.p, ad.n, p + HEAD_BYTES, key);
	secret_wipe(key, sizeof(key));
	if (failed)
		return ERR(ERR_BROKEN, "Something went wrong on our side.", "a sealed text was changed or moved");
	return unsqueeze(cx->vault->squeezer, cx->arena, p[1], (str){(char *)text, n - TAG_BYTES}, plain);
}

fallible
vault_destroy(struct tx *tx, patient_id owner_)
{
	struct uuid owner = owner_uuid(owner_);
	struct vault *vault = tx->cx->vault;
	struct cached_key *slot = cache_slot(vault, owner);

	TRY(wrapped_key_delete(tx, owner));
	pthread_mutex_lock(&vault->mutex);
	secret_wipe(slot, sizeof(*slot));
	pthread_mutex_unlock(&vault->mutex);
	return NULL;
}

/* ---- blind indexes ---- */

static void
blind(const struct vault *vault, const char *field, str value, unsigned char out[16])
{
	crypto_generichash_state state;

	crypto_generichash_init(&state, vault->blind, sizeof(vault->blind), 16);
	crypto_generichash_update(&state, (const unsigned char *)field, strlen(field) + 1);
	crypto_generichash_update(&state, (const unsigned char *)value.p, value.n);
	crypto_generichash_final(&state, out, 16);
}

struct uuid
vault_blind(const struct vault *vault, const char *field, str value)
{
	struct uuid out;

	blind(vault, field, value, out.bytes);
	return out;
}

int64_t
vault_blind64(const struct vault *vault, const char *field, str value)
{
	unsigned char bytes[16];
	int64_t out;

	blind(vault, field, value, bytes);
	memcpy(&out, bytes, sizeof(out));
	return out;
}
