/* SPDX-License-Identifier: Apache-2.0 */
/* Downloads of one sample patient against golden files (SALVE_GOLDEN_WRITE=1 writes them anew), and against what is stored. */
#include <stdlib.h>
#include <unistd.h>

#include "bluebutton_test_help.h"

#include "care/record/record_pages.h"
#include "platform/crypto/crypto.h"
#include "platform/format/utf8.h"

/* SALVE_GOLDEN_WRITE=1 writes it anew. */
static void
assert_golden(struct world *world, const char *name, str got)
{
	const char *path = arena_printf(&world->arena, "%s/test/golden/bluebutton/%s", getenv("SALVE_SOURCE"), name).p;

	if (getenv("SALVE_GOLDEN_WRITE")) {
		FILE *file = fopen(path, "wb");

		assert_non_null(file);
		assert_int_equal(fwrite(got.p, 1, got.n, file), got.n);
		fclose(file);
	}
	assert_string_equal(arena_z(&world->arena, got), arena_z(&world->arena, shared_data_file(&world->arena, path)));
}

static void
the_text_of_a_sample_patient_is_as_agreed(void **state)
{
	struct clinic c;

	if (!clinic_open(*state, &c))
		return;
	assert_ok(bluebutton_text(&c.cx, &c.px, &c.ask, &(struct sink){clinic_keep, &c.out}));
	db_release(&c.cx);
	assert_golden(*state, "liz_conn.txt", buf_str(&c.out));
}

/* What a program says about a file that holds `bytes`. */
static str
ask(struct world *world, str bytes, const char *command)
{
	const char *path = arena_printf(&world->arena, "%s/asked", world->folder).p;
	struct buf out = BUF_INIT(&world->arena);
	FILE *file = fopen(path, "wb"), *pipe;
	char piece[4096];
	size_t n;

	assert_non_null(file);
	assert_int_equal(fwrite(bytes.p, 1, bytes.n, file), bytes.n);
	fclose(file);
	pipe = popen(arena_printf(&world->arena, command, path).p, "r");
	assert_non_null(pipe);
	while ((n = fread(piece, 1, sizeof(piece), pipe)) > 0)
		buf_add_bytes(&out, piece, n);
	assert_int_equal(pclose(pipe), 0);
	unlink(path);
	return buf_str(&out);
}

/* By poppler: the tree of tags with its text, in the order that a screen reader tells it. */
static void
the_pdf_of_a_sample_patient_is_tagged_as_agreed(void **state)
{
	struct clinic c;
	struct world *world = *state;
	str info;

	if (!clinic_open(world, &c))
		return;
	assert_ok(bluebutton_pdf(&c.cx, &c.px, &c.ask, &(struct sink){clinic_keep, &c.out}));
	db_release(&c.cx);
	info = ask(world, buf_str(&c.out), "pdfinfo '%s' 2>&1");
	assert_true(str_contains(info, S("Title:           Health record")));
	assert_true(str_contains(info, S("Tagged:          yes")));
	assert_true(str_contains(buf_str(&c.out), S("/Lang (en)")));
	assert_golden(world, "liz_conn.pdf.txt",
	    ask(world, buf_str(&c.out), "pdfinfo -struct-text '%s' 2>&1 | grep -v 'Object '"));
}

static void
the_tables_of_a_sample_patient_are_as_agreed(void **state)
{
	struct clinic c;
	struct world *world = *state;
	struct zip_entries entries;
	struct buf all = BUF_INIT(&world->arena);

	if (!clinic_open(world, &c))
		return;
	assert_ok(bluebutton_tables(&c.cx, &c.px, &c.ask, &(struct sink){clinic_keep, &c.out}));
	db_release(&c.cx);
	assert_ok(zip_read(&world->arena, buf_str(&c.out), &entries));
	for (size_t i = 0; i < entries.count; i++) {
		str bytes;

		assert_ok(zip_extract(&world->arena, &entries.items[i], 1 << 24, &bytes));
		if (str_ends(entries.items[i].name, S(".csv")))
			assert_true(str_starts(bytes, S("\xef\xbb\xbf")));
		buf_printf(&all, "==== %.*s\n", STR_ARG(entries.items[i].name));
		buf_add(&all, bytes);
	}
	assert_golden(world, "liz_conn.csv.txt", buf_str(&all));
}

/* What the lines say they are, in order; that they are what is stored is held by bluebutton_forms_test.c. */
static void
the_lines_of_a_sample_patient_are_as_agreed(void **state)
{
	struct clinic c;
	struct world *world = *state;
	struct buf all = BUF_INIT(&world->arena);
	str rest, line;

	if (!clinic_open(world, &c))
		return;
	assert_ok(bluebutton_ndjson(&c.cx, &c.px, &c.ask, &(struct sink){clinic_keep, &c.out}));
	db_release(&c.cx);
	rest = buf_str(&c.out);
	while (rest.p) {
		const struct json_value *json;

		rest = str_cut(rest, '\n', &line);
		if (!line.n)
			continue;
		assert_ok(json_parse(&world->arena, line, &json, NULL));
		buf_printf(&all, "%.*s/%.*s\n", STR_ARG(json_text_at(json, "resourceType")),
		    STR_ARG(json_text_at(json, "id")));
	}
	assert_golden(world, "liz_conn.ndjson.txt", buf_str(&all));
}

/* Its own words, as they leave; the time in it is the test's. */
static void
the_bundle_of_a_sample_patient_is_as_agreed(void **state)
{
	struct clinic c;
	struct world *world = *state;
	unsigned char sum[32];

	if (!clinic_open(world, &c))
		return;
	assert_ok(bluebutton_bundle(&c.cx, &c.px, &c.ask, &(struct sink){clinic_keep, &c.out}));
	db_release(&c.cx);
	sha256(buf_str(&c.out), sum);
	assert_golden(world, "liz_conn.json.sha256", hex_text(&world->arena, (str){(char *)sum, 32}));
}

static void
no_line_is_wider_than_73_columns(void **state)
{
	struct clinic c;
	str rest, line;

	if (!clinic_open(*state, &c))
		return;
	assert_ok(bluebutton_text(&c.cx, &c.px, &c.ask, &(struct sink){clinic_keep, &c.out}));
	db_release(&c.cx);
	rest = buf_str(&c.out);
	assert_true(utf8_is_valid(rest));
	while (rest.p) {
		rest = str_cut(rest, '\n', &line);
		if (utf8_width(line) > 73)
			fail_msg("%zu columns: %.*s", utf8_width(line), STR_ARG(line));
	}
}

struct stored {
	LIST(str) bodies;
	struct arena *arena;
};

static const struct err *
keep_body(void *arg, const struct resource *resource)
{
	struct stored *stored = arg;

	*LIST_ADD(stored->arena, &stored->bodies) = arena_str(stored->arena, resource->body);
	return NULL;
}

static void
the_bundle_holds_every_stored_text_byte_for_byte(void **state)
{
	struct clinic c;
	struct world *world = *state;
	struct stored stored = {.arena = &world->arena};
	const struct json_value *bundle, *entry;
	size_t commons = 0;

	if (!clinic_open(world, &c))
		return;
	assert_ok(bluebutton_bundle(&c.cx, &c.px, &c.ask, &(struct sink){clinic_keep, &c.out}));
	assert_ok(resource_each(&c.cx, c.patient, 0, keep_body, &stored));
	assert_true(stored.bodies.count > 60);
	assert_ok(json_parse(&world->arena, buf_str(&c.out), &bundle, NULL));
	assert_str_equal(json_text_at(bundle, "resourceType"), "Bundle");
	assert_str_equal(json_text_at(bundle, "type"), "collection");
	entry = json_first(json_get(bundle, "entry"), JSON_ARRAY);
	for (size_t i = 0; i < stored.bodies.count; i++, entry = entry->next) {
		assert_non_null(entry);
		assert_true(str_equal(json_source(json_get(entry, "resource")), stored.bodies.items[i]));
	}
	for (; entry; entry = entry->next, commons++) {
		struct resource common;
		bool found;
		str address = json_text_at(entry, "fullUrl");

		assert_true(str_starts(address, S("https://portal.example.org/fhir/")));
		assert_ok(resource_resolve(&c.cx, str_drop(address, 32), &common, &found));
		assert_true(found);
		assert_true(uuid_equal(common.patient.v, RECORD_COMMONS.v));
		assert_true(str_equal(json_source(json_get(entry, "resource")), common.body));
	}
	assert_true(commons >= 2); /* a practitioner and a hospital at least */
	db_release(&c.cx);
}

static void
nobody_else_gets_a_download(void **state)
{
	struct clinic c;
	struct world *world = *state;
	struct cx bo;

	if (!clinic_open(world, &c))
		return;
	db_release(&c.cx);
	bo = people_as(world, c.people.bo_account);
	assert_fails(bluebutton_text(&bo, &c.px, &c.ask, &(struct sink){clinic_keep, &c.out}), ERR_GONE);
	assert_fails(bluebutton_bundle(&bo, &c.px, &c.ask, &(struct sink){clinic_keep, &c.out}), ERR_GONE);
	assert_false(str_contains(buf_str(&c.out), S("Liz")));
	db_release(&bo);
}

static const struct err *
broken_pipe(void *arg, str bytes)
{
	size_t *left = arg;

	if (bytes.n > *left)
		return ERR(ERR_BUSY, "gone", "the client is gone");
	*left -= bytes.n;
	return NULL;
}

static void
a_client_that_leaves_ends_the_download(void **state)
{
	struct clinic c;
	size_t left = 2000;

	if (!clinic_open(*state, &c))
		return;
	assert_fails(bluebutton_text(&c.cx, &c.px, &c.ask, &(struct sink){broken_pipe, &left}), ERR_BUSY);
	left = 2000;
	assert_fails(bluebutton_bundle(&c.cx, &c.px, &c.ask, &(struct sink){broken_pipe, &left}), ERR_BUSY);
	db_release(&c.cx);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    WORLD_TEST(the_text_of_a_sample_patient_is_as_agreed),
	    WORLD_TEST(the_pdf_of_a_sample_patient_is_tagged_as_agreed),
	    WORLD_TEST(the_tables_of_a_sample_patient_are_as_agreed),
	    WORLD_TEST(the_lines_of_a_sample_patient_are_as_agreed),
	    WORLD_TEST(the_bundle_of_a_sample_patient_is_as_agreed),
	    WORLD_TEST(no_line_is_wider_than_73_columns),
	    WORLD_TEST(the_bundle_holds_every_stored_text_byte_for_byte),
	    WORLD_TEST(nobody_else_gets_a_download),
	    WORLD_TEST(a_client_that_leaves_ends_the_download),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
