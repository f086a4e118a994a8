/* SPDX-License-Identifier: Apache-2.0 */
/* Time-based one-time codes (RFC 6238) through liboath. */
#include <liboath/oath.h>
#include <stdlib.h>

#include "platform/crypto/crypto.h"

#define DIGITS 6

void
totp_code(const unsigned char secret[TOTP_SECRET_BYTES], int64_t step, char out[7])
{
	int failed = oath_hotp_generate(
	    (const char *)secret, TOTP_SECRET_BYTES, (uint64_t)step, DIGITS, false, OATH_HOTP_DYNAMIC_TRUNCATION, out);

	assert(failed == OATH_OK);
}

bool
totp_check(const unsigned char secret[TOTP_SECRET_BYTES], str code, instant now, int64_t *step)
{
	int64_t current = now.ms / SECOND_MS / TOTP_STEP_SECONDS;
	bool fits = false;

	for (int64_t at = current - 1; at <= current + 1; at++) {
		char right[DIGITS + 1];

		totp_code(secret, at, right);
		if (bytes_equal_constant_time(code, (str){right, DIGITS})) {
			*step = at;
			fits = true;
		}
	}
	return fits;
}

static void
add_percent_coded(struct buf *out, str text)
{
	for (size_t i = 0; i < text.n; i++) {
		unsigned char c = (unsigned char)text.p[i];
		if ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' || c == '-')
			buf_add_char(out, (char)c);
		else
			buf_printf(out, "%%%02X", c);
	}
}

str
totp_uri(struct arena *arena, const unsigned char secret[TOTP_SECRET_BYTES], str account_name, str issuer)
{
	struct buf out = BUF_INIT(arena);
	char *base32 = NULL;
	size_t n = 0;
	int failed = oath_base32_encode((const char *)secret, TOTP_SECRET_BYTES, &base32, &n);

	assert(failed == OATH_OK);
	buf_add(&out, S("otpauth://totp/"));
	add_percent_coded(&out, issuer);
	buf_add(&out, S(":"));
	add_percent_coded(&out, account_name);
	buf_printf(&out, "?secret=%.*s&issuer=", (int)n, base32);
	add_percent_coded(&out, issuer);
	secret_wipe(base32, n);
	free(base32);
	return buf_str(&out);
}
