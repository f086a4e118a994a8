/* SPDX-License-Identifier: Apache-2.0 */
/* A sealed file opens with its key and in no other way. That others read it is shown in test/browser/sharelink.mjs. */
#include <string.h>

#include "unit.h"

#include "platform/crypto/crypto.h"

#define TYPE S("application/fhir+json")

static str
sealed(struct arena *arena, const unsigned char *key, str plain)
{
	str out;

	assert_ok(jwe_seal(arena, key, TYPE, plain, &out));
	return out;
}

static void
what_was_sealed_opens_again(void **state)
{
	struct arena arena = ARENA_INIT;
	const unsigned char key[JWE_KEY_BYTES] = "0123456789abcdef0123456789abcde";
	char big[100000];
	str plain;

	(void)state;
	memset(big, 'x', sizeof(big));
	assert_ok(jwe_open(&arena, key, sealed(&arena, key, S("{\"a\":1}")), 100, &plain));
	assert_str_equal(plain, "{\"a\":1}");
	assert_ok(jwe_open(&arena, key, sealed(&arena, key, S("")), 100, &plain));
	assert_int_equal(plain.n, 0);
	assert_ok(jwe_open(&arena, key, sealed(&arena, key, (str){big, sizeof(big)}), sizeof(big), &plain));
	assert_true(str_equal(plain, (str){big, sizeof(big)}));
	assert_true(sealed(&arena, key, (str){big, sizeof(big)}).n < 2000); /* packed before it is sealed */
	arena_release(&arena);
}

static void
the_same_text_never_looks_the_same(void **state)
{
	struct arena arena = ARENA_INIT;
	const unsigned char key[JWE_KEY_BYTES] = "0123456789abcdef0123456789abcde";

	(void)state;
	assert_false(str_equal(sealed(&arena, key, S("a")), sealed(&arena, key, S("a"))));
	arena_release(&arena);
}

static void
any_character_changed_does_not_open(void **state)
{
	struct arena arena = ARENA_INIT;
	const unsigned char key[JWE_KEY_BYTES] = "0123456789abcdef0123456789abcde";
	str jwe = sealed(&arena, key, S("words of a patient")), plain = STR_NONE;

	(void)state;
	for (size_t i = 0; i < jwe.n; i++) {
		char *changed = arena_text(&arena, jwe.n);

		memcpy(changed, jwe.p, jwe.n);
		changed[i] = changed[i] == 'A' ? 'B' : 'A';
		assert_fails(jwe_open(&arena, key, (str){changed, jwe.n}, 1000, &plain), ERR_INVALID);
		assert_fails(jwe_open(&arena, key, str_take(jwe, i), 1000, &plain), ERR_INVALID);
	}
	assert_null(plain.p);
	arena_release(&arena);
}

static void
another_key_and_a_text_that_is_too_long_do_not_open(void **state)
{
	struct arena arena = ARENA_INIT;
	unsigned char key[JWE_KEY_BYTES] = "0123456789abcdef0123456789abcde";
	str jwe = sealed(&arena, key, S("words of a patient")), plain;

	(void)state;
	assert_fails(jwe_open(&arena, key, jwe, 17, &plain), ERR_INVALID);
	key[31] ^= 1;
	assert_fails(jwe_open(&arena, key, jwe, 1000, &plain), ERR_INVALID);
	arena_release(&arena);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(what_was_sealed_opens_again),
	    cmocka_unit_test(the_same_text_never_looks_the_same),
	    cmocka_unit_test(any_character_changed_does_not_open),
	    cmocka_unit_test(another_key_and_a_text_that_is_too_long_do_not_open),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
