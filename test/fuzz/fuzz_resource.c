/* SPDX-License-Identifier: Apache-2.0 */
/* Resources: what is accepted is packed, unpacks to a text that is accepted again and packs to the same bytes, and is indexed
 * alike. */
#include "care/record/record_check.h"
#include "care/record/record_index.h"
#include "care/record/record_text.h"

#include <stdlib.h>

#include "platform/crypto/crypto.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const unsigned char key[VAULT_KEY_BYTES] = "a key for the fuzzer";

static struct vault *
fuzz_vault(void)
{
	static struct arena arena;
	static struct vault *vault;

	if (!vault && vault_open(&arena, key, &vault))
		abort();
	return vault;
}

static void
check_round_trip(struct cx *cx, const struct json_value *json, resource_type type)
{
	struct resource row = {.patient = {{{1, 2, 3}}}, .type = type, .version = 7, .updated = {1577934245678}};
	str id = json_text_at(json, "id").p ? json_text_at(json, "id") : S("x");
	str packed = record_text_pack(cx->arena, json, row.patient, id), text, id_out;
	struct index_entries before = {0}, after = {0};
	const struct json_value *again;
	resource_type type_again;
	const struct err *e;

	row.key = resource_key(cx->vault, id);
	e = record_text_unpack(cx->arena, packed, &row, &id_out, &text);
	assert(!e && str_equal(id, id_out));
	e = json_parse(cx->arena, text, &again, NULL);
	assert(!e && str_equal(json_text_at(again, "meta.versionId"), S("7")));
	e = record_check(cx->arena, again, &type_again);
	assert(!e && type_again == type);
	assert(str_equal(packed, record_text_pack(cx->arena, again, row.patient, id)));
	e = index_entries_of(cx, row.patient, type, json, row.updated, &before);
	assert(!e);
	e = index_entries_of(cx, row.patient, type, again, row.updated, &after);
	assert(!e && before.count == after.count);
	assert(memcmp(before.items, after.items, before.count * sizeof(before.items[0])) == 0);
	record_audit_subject(type, json);
	resource_patient_reference(json);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena arena = ARENA_INIT;
	struct cx cx = {.arena = &arena, .vault = fuzz_vault()};
	const struct json_value *json;
	resource_type type;

	if (!json_parse(&arena, (str){(const char *)data, size}, &json, NULL) && !record_check(&arena, json, &type))
		check_round_trip(&cx, json, type);
	arena_release(&arena);
	return 0;
}
