/* SPDX-License-Identifier: Apache-2.0 */
/* JWE in its compact form with one fixed choice of algorithms: the key itself (dir), AES-256-GCM, deflate before sealing.  The
 * header is authenticated as it stands in the text; what it says is compared, never obeyed. */
#include <openssl/evp.h>
#include <string.h>
#include <zlib.h>

#include "platform/crypto/crypto.h"
#include "platform/format/base64.h"
#include "platform/format/json_write.h"

#define IV_BYTES  12
#define TAG_BYTES 16

/* ---- deflate, raw as RFC 7516 4.1.3 wants it ---- */

static fallible
deflated(struct arena *arena, str plain, str *out)
{
	z_stream zip = {0};
	size_t bound;
	char *bytes;
	int ended;

	if (plain.n > UINT32_MAX / 2 ||
	    deflateInit2(&zip, Z_DEFAULT_COMPRESSION, Z_DEFLATED, -15, 8, Z_DEFAULT_STRATEGY) != Z_OK)
		return ERR(ERR_BROKEN, "Something went wrong on our side.", "deflate did not begin");
	bound = deflateBound(&zip, plain.n);
	bytes = arena_text(arena, bound);
	zip.next_in = (Bytef *)(uintptr_t)plain.p;
	zip.avail_in = (uInt)plain.n;
	zip.next_out = (Bytef *)bytes;
	zip.avail_out = (uInt)bound;
	ended = deflate(&zip, Z_FINISH);
	deflateEnd(&zip);
	if (ended != Z_STREAM_END)
		return ERR(ERR_BROKEN, "Something went wrong on our side.", "deflate did not end");
	*out = (str){bytes, bound - zip.avail_out};
	return NULL;
}

/* False when it is no deflate stream, or longer than `bytes_max`. */
static bool
inflated(struct arena *arena, str packed, size_t bytes_max, str *out)
{
	struct buf bytes = BUF_INIT(arena);
	z_stream zip = {.next_in = (Bytef *)(uintptr_t)packed.p, .avail_in = (uInt)packed.n};
	int state = Z_OK;

	if (packed.n > UINT32_MAX / 2 || inflateInit2(&zip, -15) != Z_OK)
		return false;
	while (state == Z_OK && bytes.n <= bytes_max) {
		size_t room = 64 * 1024;

		zip.next_out = (Bytef *)buf_reserve(&bytes, room);
		zip.avail_out = (uInt)room;
		state = inflate(&zip, Z_NO_FLUSH);
		bytes.n += room - zip.avail_out;
	}
	inflateEnd(&zip);
	*out = buf_str(&bytes);
	return state == Z_STREAM_END && zip.avail_in == 0 && bytes.n <= bytes_max;
}

/* ---- AES-256-GCM ---- */

static bool
gcm_seal(const unsigned char *key, const unsigned char *iv, str header, str plain, char *out, unsigned char *tag)
{
	EVP_CIPHER_CTX *state = EVP_CIPHER_CTX_new();
	int n = 0;
	bool good =
	    state && EVP_EncryptInit_ex(state, EVP_aes_256_gcm(), NULL, key, iv) == 1 &&
	    EVP_EncryptUpdate(state, NULL, &n, (const unsigned char *)header.p, (int)header.n) == 1 &&
	    EVP_EncryptUpdate(state, (unsigned char *)out, &n, (const unsigned char *)plain.p, (int)plain.n) == 1 &&
	    EVP_EncryptFinal_ex(state, (unsigned char *)out + n, &n) == 1 &&
	    EVP_CIPHER_CTX_ctrl(state, EVP_CTRL_GCM_GET_TAG, TAG_BYTES, tag) == 1;

	EVP_CIPHER_CTX_free(state);
	return good;
}

static bool
gcm_open(const unsigned char *key, str iv, str header, str sealed, str tag, char *out)
{
	EVP_CIPHER_CTX *state = EVP_CIPHER_CTX_new();
	int n = 0;
	bool good =
	    state && EVP_DecryptInit_ex(state, EVP_aes_256_gcm(), NULL, key, (const unsigned char *)iv.p) == 1 &&
	    EVP_DecryptUpdate(state, NULL, &n, (const unsigned char *)header.p, (int)header.n) == 1 &&
	    EVP_DecryptUpdate(state, (unsigned char *)out, &n, (const unsigned char *)sealed.p, (int)sealed.n) == 1 &&
	    EVP_CIPHER_CTX_ctrl(state, EVP_CTRL_GCM_SET_TAG, TAG_BYTES, (void *)(uintptr_t)tag.p) == 1 &&
	    EVP_DecryptFinal_ex(state, (unsigned char *)out + n, &n) == 1;

	EVP_CIPHER_CTX_free(state);
	return good;
}

/* ---- the text ---- */

static str
header_text(struct arena *arena, str content_type)
{
	struct buf out = BUF_INIT(arena);
	struct json_writer w = JSON_WRITER(&out);

	json_write_object(&w);
	json_put_text(&w, "alg", S("dir"));
	json_put_text(&w, "enc", S("A256GCM"));
	json_put_text(&w, "zip", S("DEF"));
	json_put_text(&w, "cty", content_type);
	json_write_end(&w);
	json_write_done(&w);
	return base64url_encode(arena, buf_str(&out));
}

fallible
jwe_seal(struct arena *arena, const unsigned char key[JWE_KEY_BYTES], str content_type, str plain, str *out)
{
	str header = header_text(arena, content_type), packed;
	unsigned char iv[IV_BYTES], tag[TAG_BYTES];
	char *sealed;

	TRY(deflated(arena, plain, &packed));
	random_bytes(iv, sizeof(iv));
	sealed = arena_text(arena, packed.n + 1);
	if (packed.n > INT32_MAX || !gcm_seal(key, iv, header, packed, sealed, tag))
		return ERR(ERR_BROKEN, "Something went wrong on our side.", "AES-GCM failed");
	*out = arena_printf(arena, "%.*s..%.*s.%.*s.%.*s", STR_ARG(header),
	    STR_ARG(base64url_encode(arena, (str){(const char *)iv, IV_BYTES})),
	    STR_ARG(base64url_encode(arena, (str){sealed, packed.n})),
	    STR_ARG(base64url_encode(arena, (str){(const char *)tag, TAG_BYTES})));
	return NULL;
}

static const struct err *
does_not_open(void)
{
	return ERR(ERR_INVALID, "This file does not open with this key.", "JWE refused");
}

static bool
header_fits(struct arena *arena, str header)
{
	const struct json_value *json;
	str text;

	return base64url_decode(arena, header, &text) && !json_parse(arena, text, &json, NULL) &&
	       str_equal(json_text_at(json, "alg"), S("dir")) && str_equal(json_text_at(json, "enc"), S("A256GCM")) &&
	       str_equal(json_text_at(json, "zip"), S("DEF")) && !json_get(json, "crit");
}

fallible
jwe_open(struct arena *arena, const unsigned char key[JWE_KEY_BYTES], str jwe, size_t bytes_max, str *plain)
{
	str header, no_key, iv_text, sealed_text, iv, sealed, tag, rest = jwe, found;
	char *packed;

	rest = str_cut(rest, '.', &header);
	rest = str_cut(rest, '.', &no_key);
	rest = str_cut(rest, '.', &iv_text);
	rest = str_cut(rest, '.', &sealed_text);
	if (no_key.n || !base64url_decode(arena, iv_text, &iv) || iv.n != IV_BYTES ||
	    !base64url_decode(arena, sealed_text, &sealed) || sealed.n > INT32_MAX ||
	    !base64url_decode(arena, rest, &tag) || tag.n != TAG_BYTES || !header_fits(arena, header))
		return does_not_open();
	packed = arena_text(arena, sealed.n + 1);
	if (!gcm_open(key, iv, header, sealed, tag, packed) ||
	    !inflated(arena, (str){packed, sealed.n}, bytes_max, &found))
		return does_not_open();
	*plain = found;
	return NULL;
}
