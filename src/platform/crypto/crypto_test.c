/* SPDX-License-Identifier: Apache-2.0 */
#include "world.h"

#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

static void
hashes_match_their_published_vectors(void **state)
{
	struct arena arena = ARENA_INIT;
	unsigned char pieces[32], out[32], key[32] = {0};
	struct sha256_run run;

	(void)state;
	sha256_begin(&run);
	sha256_add(&run, S("a"));
	sha256_add(&run, S("bc"));
	sha256_end(&run, pieces);
	sha256(S("abc"), out); /* FIPS 180-4 */
	assert_memory_equal(pieces, out, 32);
	assert_str_equal(hex_text(&arena, (str){(char *)out, 32}),
	    "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
	memset(key, 0x0b, 20); /* RFC 4231 case 1: a 20-byte key is the same key padded with zeros */
	hmac_sha256(key, S("Hi There"), out);
	assert_str_equal(hex_text(&arena, (str){(char *)out, 32}),
	    "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7");
	arena_release(&arena);
}

static void
one_time_codes_match_rfc_6238(void **state)
{
	static const struct {
		int64_t seconds;
		const char *code;
	} vectors[] = {{59, "287082"}, {1111111109, "081804"}, {1111111111, "050471"}, {1234567890, "005924"},
	    {2000000000, "279037"}, {20000000000, "353130"}};
	const unsigned char *secret = (const unsigned char *)"12345678901234567890";
	char code[7];

	(void)state;
	for (size_t i = 0; i < sizeof(vectors) / sizeof(vectors[0]); i++) {
		totp_code(secret, vectors[i].seconds / TOTP_STEP_SECONDS, code);
		assert_string_equal(code, vectors[i].code);
	}
}

static void
a_code_fits_one_step_around_now(void **state)
{
	const unsigned char *secret = (const unsigned char *)"12345678901234567890";
	instant now = {1234567890 * SECOND_MS};
	int64_t step = 0, current = now.ms / SECOND_MS / TOTP_STEP_SECONDS;
	char code[7];

	(void)state;
	for (int64_t drift = -2; drift <= 2; drift++) {
		totp_code(secret, current + drift, code);
		assert_int_equal(totp_check(secret, str_from_z(code), now, &step), drift >= -1 && drift <= 1);
		if (drift == 1)
			assert_int_equal(step, current + 1);
	}
	assert_false(totp_check(secret, S(""), now, &step));
	assert_false(totp_check(secret, S("12345678"), now, &step));
}

static void
the_enrolment_address_names_issuer_and_account(void **state)
{
	struct arena arena = ARENA_INIT;

	(void)state;
	assert_str_equal(totp_uri(&arena, (const unsigned char *)"12345678901234567890", S("ana@x"), S("Salve")),
	    "otpauth://totp/Salve:ana%40x?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&issuer=Salve");
	arena_release(&arena);
}

static void
a_password_fits_itself_alone(void **state)
{
	struct arena arena = ARENA_INIT;
	str encoded;

	(void)state;
	assert_ok(password_hash(&arena, S("correct horse"), &encoded));
	assert_ok(password_verify(S("correct horse"), encoded));
	assert_fails(password_verify(S("correct horsf"), encoded), ERR_DENIED);
	assert_fails(password_verify(S(""), encoded), ERR_DENIED);
	assert_fails(password_verify(S("correct horse"), STR_NONE), ERR_DENIED);
	arena_release(&arena);
}

static void
tokens_are_long_and_never_twice(void **state)
{
	struct arena arena = ARENA_INIT;
	str a = token_new(&arena), b = token_new(&arena);

	(void)state;
	assert_int_equal(a.n, 43);
	assert_false(str_equal(a, b));
	assert_memory_equal(token_hash_of(a).bytes, token_hash_of(a).bytes, 32);
	arena_release(&arena);
}

static void
the_key_file_is_made_once_and_damage_is_named(void **state)
{
	struct arena arena = ARENA_INIT;
	char folder[] = "/tmp/salve-test-XXXXXX", path[64];
	unsigned char key[VAULT_KEY_BYTES], again[VAULT_KEY_BYTES];
	FILE *file;

	(void)state;
	assert_non_null(mkdtemp(folder));
	snprintf(path, sizeof(path), "%s/installation.key", folder);
	assert_fails(installation_key_load(&arena, path, false, key), ERR_INVALID);
	assert_ok(installation_key_load(&arena, path, true, key));
	assert_ok(installation_key_load(&arena, path, true, again));
	assert_memory_equal(key, again, sizeof(key));
	assert_int_equal(chmod(path, 0644), 0);
	assert_fails(installation_key_load(&arena, path, false, key), ERR_INVALID);
	file = fopen(path, "w");
	assert_non_null(file);
	fputs("not a key\n", file);
	fclose(file);
	assert_int_equal(chmod(path, 0600), 0);
	assert_fails(installation_key_load(&arena, path, false, key), ERR_INVALID);
	unlink(path);
	rmdir(folder);
	arena_release(&arena);
}

/* ---- the vault ---- */

static struct seal_place
some_place(struct world *world)
{
	return (struct seal_place){.table = "note", .row = uuid_new(world->cx.now), .version = 1};
}

static void
what_is_sealed_opens_in_its_own_place_only(void **state)
{
	struct world *world = *state;
	patient_id ana = {uuid_new(world->cx.now)}, ben = {uuid_new(world->cx.now)};
	struct seal_place place = some_place(world), other = place;
	str text = S("My knee hurts at night. My knee hurts at night. My knee hurts at night."), sealed, plain;

	assert_ok(vault_seal(&world->cx, ana, place, text, &sealed));
	assert_false(str_contains(sealed, S("knee")));
	assert_true(sealed.n < text.n + 40);
	assert_ok(vault_open_text(&world->cx, ana, place, sealed, &plain));
	assert_true(str_equal(plain, text));
	assert_ok(vault_seal(&world->cx, ben, place, S("x"), &plain)); /* ben has a key too */
	assert_fails(vault_open_text(&world->cx, ben, place, sealed, &plain), ERR_BROKEN);
	other.version = 2;
	assert_fails(vault_open_text(&world->cx, ana, other, sealed, &plain), ERR_BROKEN);
	other = place;
	other.row = uuid_new(world->cx.now);
	assert_fails(vault_open_text(&world->cx, ana, other, sealed, &plain), ERR_BROKEN);
	other = place;
	other.table = "message";
	assert_fails(vault_open_text(&world->cx, ana, other, sealed, &plain), ERR_BROKEN);
}

static void
any_flipped_byte_of_a_sealed_text_is_found(void **state)
{
	struct world *world = *state;
	patient_id ana = {uuid_new(world->cx.now)};
	struct seal_place place = some_place(world);
	str sealed, plain;

	assert_ok(vault_seal(&world->cx, ana, place, S("short"), &sealed));
	for (size_t i = 0; i < sealed.n; i++) {
		str changed = arena_str(&world->arena, sealed);
		((char *)(uintptr_t)changed.p)[i] ^= 1;
		assert_fails(vault_open_text(&world->cx, ana, place, changed, &plain), ERR_BROKEN);
		assert_fails(vault_open_text(&world->cx, ana, place, str_take(sealed, i), &plain), ERR_BROKEN);
	}
}

static void
empty_and_absent_texts_stay_what_they_are(void **state)
{
	struct world *world = *state;
	patient_id ana = {uuid_new(world->cx.now)};
	struct seal_place place = some_place(world);
	str sealed, plain;

	assert_ok(vault_seal(&world->cx, ana, place, S(""), &sealed));
	assert_ok(vault_open_text(&world->cx, ana, place, sealed, &plain));
	assert_true(plain.p && plain.n == 0);
	assert_ok(vault_seal(&world->cx, ana, place, STR_NONE, &sealed));
	assert_null(sealed.p);
	assert_ok(vault_open_text(&world->cx, ana, place, sealed, &plain));
	assert_null(plain.p);
}

static const struct err *
destroy(struct tx *tx, void *arg)
{
	return vault_destroy(tx, *(patient_id *)arg);
}

static void
a_destroyed_key_takes_its_texts_with_it(void **state)
{
	struct world *world = *state;
	patient_id ana = {uuid_new(world->cx.now)};
	struct seal_place place = some_place(world);
	str sealed, plain;

	assert_ok(vault_seal(&world->cx, ana, place, S("gone soon"), &sealed));
	assert_ok(db_write(&world->cx, destroy, &ana));
	assert_fails(vault_open_text(&world->cx, ana, place, sealed, &plain), ERR_GONE);
}

struct seal_in_act {
	patient_id owner;
	struct seal_place place;
	str sealed;
	bool fail;
};

static const struct err *
seal_twice(struct tx *tx, void *arg)
{
	struct seal_in_act *in = arg;

	TRY(vault_seal_tx(tx, in->owner, in->place, S("first"), &in->sealed));
	TRY(vault_seal_tx(tx, in->owner, in->place, S("second"), &in->sealed));
	return in->fail ? ERR(ERR_CONFLICT, "no", "no") : NULL;
}

static void
a_key_made_in_an_act_that_failed_is_not_remembered(void **state)
{
	struct world *world = *state;
	struct seal_in_act in = {.owner = {uuid_new(world->cx.now)}, .place = some_place(world), .fail = true};
	str plain;

	assert_fails(db_write(&world->cx, seal_twice, &in), ERR_CONFLICT);
	assert_fails(vault_open_text(&world->cx, in.owner, in.place, in.sealed, &plain), ERR_GONE);
	in.fail = false;
	assert_ok(db_write(&world->cx, seal_twice, &in));
	assert_ok(vault_open_text(&world->cx, in.owner, in.place, in.sealed, &plain));
	assert_str_equal(plain, "second");
	world_reopen(world);
	assert_ok(vault_open_text(&world->cx, in.owner, in.place, in.sealed, &plain));
	assert_str_equal(plain, "second");
}

static void
a_dictionary_makes_small_texts_smaller(void **state)
{
	struct world *world = *state;
	patient_id ana = {uuid_new(world->cx.now)};
	struct seal_place place = some_place(world);
	str text = S("{\"resourceType\":\"Observation\",\"status\":\"final\",\"valueQuantity\":{\"value\":7.0}}");
	str without, with, plain;

	assert_ok(vault_add_dictionary(world->vault, 7,
	    S("{\"resourceType\":\"Observation\",\"status\":\"final\",\"category\":[],\"valueQuantity\":{\"value\":")));
	assert_ok(vault_seal(&world->cx, ana, place, text, &without));
	place.dictionary = 7;
	assert_ok(vault_seal(&world->cx, ana, place, text, &with));
	assert_true(with.n + 30 < without.n);
	place.dictionary = 0; /* reading needs no hint */
	assert_ok(vault_open_text(&world->cx, ana, place, with, &plain));
	assert_true(str_equal(plain, text));
}

static void
another_installations_key_is_refused(void **state)
{
	struct world *world = *state;
	static const unsigned char other_key[VAULT_KEY_BYTES] = "another";
	struct cx cx = world->cx;

	assert_ok(vault_open(&world->arena, other_key, &cx.vault));
	assert_fails(vault_bind(&cx), ERR_INVALID);
	world->cx.conn = cx.conn;
	vault_close(cx.vault);
}

static void
blind_indexes_depend_on_field_and_value(void **state)
{
	struct world *world = *state;

	assert_true(uuid_equal(vault_blind(world->vault, "mrn", S("1")), vault_blind(world->vault, "mrn", S("1"))));
	assert_false(uuid_equal(vault_blind(world->vault, "mrn", S("1")), vault_blind(world->vault, "mrn", S("2"))));
	assert_false(uuid_equal(vault_blind(world->vault, "mrn", S("1")), vault_blind(world->vault, "name", S("1"))));
	assert_true(vault_blind64(world->vault, "a", S("bc")) != vault_blind64(world->vault, "ab", S("c")));
}

int
main(void)
{
	const struct CMUnitTest list[] = {
	    cmocka_unit_test(hashes_match_their_published_vectors),
	    cmocka_unit_test(one_time_codes_match_rfc_6238),
	    cmocka_unit_test(a_code_fits_one_step_around_now),
	    cmocka_unit_test(the_enrolment_address_names_issuer_and_account),
	    cmocka_unit_test(a_password_fits_itself_alone),
	    cmocka_unit_test(tokens_are_long_and_never_twice),
	    cmocka_unit_test(the_key_file_is_made_once_and_damage_is_named),
	    WORLD_TEST(what_is_sealed_opens_in_its_own_place_only),
	    WORLD_TEST(any_flipped_byte_of_a_sealed_text_is_found),
	    WORLD_TEST(empty_and_absent_texts_stay_what_they_are),
	    WORLD_TEST(a_destroyed_key_takes_its_texts_with_it),
	    WORLD_TEST(a_key_made_in_an_act_that_failed_is_not_remembered),
	    WORLD_TEST(a_dictionary_makes_small_texts_smaller),
	    WORLD_TEST(another_installations_key_is_refused),
	    WORLD_TEST(blind_indexes_depend_on_field_and_value),
	};

	return cmocka_run_group_tests_name("crypto", list, NULL, NULL);
}
