/* SPDX-License-Identifier: Apache-2.0 */
/* The forms of a download that are no plain text, read by other programs: PDF by poppler, ZIP and CSV by Python, lines of FHIR
 * against what is stored; and what a choice leaves out, said in each of them. */
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "care/bluebutton/bluebutton_internal.h"
#include "care/record/record_test_help.h"
#include "exchange/fhir_import/fhir_import.h"
#include "platform/format/zip.h"
#include "shared_data.h"

#define SAMPLE  "synthea_r4/Liz_Conn_27c911c6-f045-4ffa-af5d-6eba57ac94b2.json"
#define PATIENT S("ee9f8dd8-72d2-4769-8020-89e504b1504b")

struct office {
	struct world *world;
	struct people people;
	struct cx cx;
	struct page_cx px;
	struct bluebutton_ask ask;
	struct buf out;
};

static const struct err *
keep(void *arg, str bytes)
{
	buf_add(arg, bytes);
	return NULL;
}

static const struct err *
join_maple(struct tx *tx, void *arg)
{
	struct office *o = arg;

	return team_add_patient(tx, o->people.maple, o->ask.patient, RELATION_PANEL);
}

/* Asked as the program, so that everything may be in it. False when there is no sample. */
static bool
office_open(struct office *o, void **state)
{
	struct world *world = *state;
	const char *path = shared_data_folder(&world->arena, SAMPLE);
	struct fhir_import_report report;

	*o = (struct office){.world = world, .out = BUF_INIT(&world->arena)};
	if (!path)
		return false;
	setup(world, &o->people);
	assert_ok(fhir_import_run(&world->cx,
	    &(struct fhir_import_options){.paths = &path, .path_count = 1, .facility = o->people.facility.id},
	    &report));
	assert_true(uuid_parse(PATIENT, &o->ask.patient.v));
	o->ask.choice = (struct record_choice){.since = INSTANT_NONE, .until = INSTANT_NONE};
	o->ask.base = S("https://portal.example.org/fhir");
	assert_ok(db_write(&world->cx, join_maple, o));
	o->cx = world_cx(world);
	o->px = (struct page_cx){.arena = &world->arena, .lang = LANG_EN, .now = o->cx.now};
	assert_ok(zone_find(S("America/New_York"), &o->px.zone));
	return true;
}

/* Writes what was made into a file and lets a shell command judge it; $F is the file. */
static void
judged_by(struct office *o, const char *command)
{
	char path[] = "/tmp/salve-form-XXXXXX";
	int fd = mkstemp(path);

	assert_true(fd >= 0);
	assert_int_equal(write(fd, o->out.p, o->out.n), o->out.n);
	close(fd);
	setenv("F", path, 1);
	if (system(command) != 0)
		fail_msg("%s", command);
	unlink(path);
}

static void
the_pdf_is_tagged_and_reads_in_order(void **state)
{
	struct office o;
	struct sink sink = {keep, &o.out};

	if (!office_open(&o, state))
		return;
	assert_ok(bluebutton_pdf(&o.cx, &o.px, &o.ask, &sink));
	judged_by(&o, "pdfinfo \"$F\" | grep -q '^Tagged: *yes' && pdfinfo \"$F\" | grep -q '^Title: *Health record'");
	judged_by(&o,
	    "pdfinfo -struct-text \"$F\" 2>/dev/null | tr -d '\\n' | grep -qE "
	    "'Document +H1 .*\"Health record\".*H2 .*\"Contents\".*Link .*\"Personal details\".*H2 .*\"Personal "
	    "details\".*H3 .*\"Medicines\"|Document.*H1.*Health record.*H2.*Contents.*Link.*H3'");
	judged_by(&o,
	    "pdftotext \"$F\" - | tr '\\n' ' ' | grep -qE 'Health record.*Contents.*Allergies.*Lab results.*Liz.*What "
	    "is missing, and why.*Care outside of this clinic'");
	db_release(&o.cx);
}

/* Files of a long record, one after the other in a folder. */
struct shelf {
	char folder[32];
	FILE *file;
	size_t count;
};

static const struct err *
shelf_begin(void *arg, str name, str what)
{
	struct shelf *shelf = arg;
	struct arena arena = ARENA_INIT;

	assert_true(what.n);
	if (shelf->file)
		assert_int_equal(fclose(shelf->file), 0);
	shelf->file = fopen(arena_printf(&arena, "%s/%.*s", shelf->folder, STR_ARG(name)).p, "wxb");
	assert_non_null(shelf->file);
	shelf->count++;
	arena_release(&arena);
	return NULL;
}

static const struct err *
shelf_keep(void *arg, str bytes)
{
	struct shelf *shelf = arg;

	assert_int_equal(fwrite(bytes.p, 1, bytes.n, shelf->file), bytes.n);
	return NULL;
}

static void
a_long_record_is_several_pdfs_that_hold_what_one_holds(void **state)
{
	struct shelf shelf = {.folder = "/tmp/salve-shelf-XXXXXX"};
	struct pdf_files files = {shelf_begin, &shelf, {shelf_keep, &shelf}, 8};
	struct office o;
	struct sink sink = {keep, &o.out};

	if (!office_open(&o, state))
		return;
	assert_non_null(mkdtemp(shelf.folder));
	assert_ok(bluebutton_pdf_files(&o.cx, &o.px, &o.ask, &files));
	assert_int_equal(fclose(shelf.file), 0);
	assert_true(shelf.count > 10);
	setenv("D", shelf.folder, 1);
	assert_ok(bluebutton_pdf(&o.cx, &o.px, &o.ask, &sink));
	judged_by(&o, "for f in $D/*.pdf; do pdfinfo \"$f\" | grep -q '^Tagged: *yes' || exit 1; done");
	judged_by(&o, "test -e $D/*-lab-results-2.pdf && ! test -e $D/*-insurance-2.pdf");
	/* the first one names every other one, and what is missing */
	judged_by(&o, "pdftotext $D/00-read-first.pdf $D/first && for f in $D/[!0]*.pdf $D/0[!0]*.pdf; do grep -q"
		      " \"$(basename $f)\" $D/first || exit 1; done && grep -q 'What is missing' $D/first");
	/* every entry is in one of them: the headings of the third level, in their order */
	judged_by(&o,
	    "h3() { pdfinfo -struct-text \"$1\" 2>/dev/null | grep -A1 'H3 ' | grep '\"' | tr -d ' '; };"
	    " for f in $D/[!0]*.pdf $D/0[!0]*.pdf; do h3 $f; done | sort >$D/several; h3 \"$F\" | sort >$D/one;"
	    " test $(wc -l <$D/one) -gt 50 && cmp $D/one $D/several");
	buf_clear(&o.out);
	assert_ok(bluebutton_pdf_zip(&o.cx, &o.px, &o.ask, &sink));
	judged_by(&o, "python3 -c \"import os,zipfile; z=zipfile.ZipFile(os.environ['F']); assert z.testzip() is None;"
		      " assert '00-read-first.pdf' in z.namelist() and len(z.namelist()) > 10\"");
	judged_by(&o, "rm -r $D");
	db_release(&o.cx);
}

static const struct err *
count_stored(void *arg, const struct resource *resource)
{
	size_t *count = arg;

	(void)resource;
	++*count;
	return NULL;
}

static void
lines_hold_every_resource_once(void **state)
{
	struct office o;
	struct sink sink = {keep, &o.out};
	size_t stored = 0, lines = 0;
	str rest, line;

	if (!office_open(&o, state))
		return;
	assert_ok(bluebutton_ndjson(&o.cx, &o.px, &o.ask, &sink));
	assert_ok(resource_each(&o.cx, o.ask.patient, 0, count_stored, &stored));
	rest = buf_str(&o.out);
	while (rest.n) {
		const struct json_value *json;

		rest = str_cut(rest, '\n', &line);
		assert_ok(json_parse(&o.world->arena, line, &json, NULL));
		lines += json_text_at(json, "resourceType").n > 0;
	}
	assert_true(lines > stored && stored > 60); /* practitioners and places stand behind them */
	db_release(&o.cx);
}

static void
tables_open_elsewhere(void **state)
{
	struct office o;
	struct sink sink = {keep, &o.out};

	if (!office_open(&o, state))
		return;
	assert_ok(bluebutton_tables(&o.cx, &o.px, &o.ask, &sink));
	judged_by(&o, "python3 -c 'import csv, io, os, zipfile\n"
		      "z = zipfile.ZipFile(os.environ[\"F\"])\n"
		      "assert z.testzip() is None\n"
		      "rows = 0\n"
		      "for name in z.namelist():\n"
		      "    if not name.endswith(\".csv\"): continue\n"
		      "    table = list(csv.reader(io.StringIO(z.read(name).decode(\"utf-8-sig\"))))\n"
		      "    assert len({len(row) for row in table}) == 1, name\n"
		      "    assert not any(cell[:1] in \"=+@\" for row in table for cell in row if cell), name\n"
		      "    rows += len(table) - 1\n"
		      "assert rows > 50, rows\n"
		      "assert \"README.txt\" in z.namelist()'");
	db_release(&o.cx);
}

static void
the_zip_says_of_every_file_what_it_is(void **state)
{
	struct office o;
	struct sink sink = {keep, &o.out};
	struct zip_entries entries;
	str text;

	if (!office_open(&o, state))
		return;
	assert_ok(bluebutton_everything(&o.cx, &o.px, &o.ask, &sink));
	judged_by(&o,
	    "python3 -c 'import hashlib, json, os, re, zipfile\n"
	    "z = zipfile.ZipFile(os.environ[\"F\"])\n"
	    "listed = {f[\"name\"]: f for f in json.loads(z.read(\"manifest.json\"))[\"files\"]}\n"
	    "assert set(z.namelist()) == set(listed) | {\"manifest.json\"}\n"
	    "for name, f in listed.items():\n"
	    "    data = z.read(name)\n"
	    "    assert len(data) == f[\"bytes\"] and hashlib.sha256(data).hexdigest() == f[\"sha256\"], name\n"
	    "for name in z.namelist():\n"
	    "    if name.endswith(\".html\"):\n"
	    "        page = z.read(name).decode()\n"
	    "        assert \"<script\" not in page and \"http\" not in page.replace(\"http://\", \"\", 0)[:200]\n"
	    "        for link in re.findall(r\"href=\\\"([^\\\"]+)\\\"\", page):\n"
	    "            assert link in listed or link == \"manifest.json\", (name, link)'");
	assert_ok(zip_read(&o.world->arena, buf_str(&o.out), &entries));
	assert_ok(zip_extract(&o.world->arena, zip_find(&entries, S("missing.html")), 100000, &text));
	assert_true(str_contains(text, S("These are made for computers.")));
	db_release(&o.cx);
}

typedef fallible(form_fn)(struct cx *, const struct page_cx *, const struct bluebutton_ask *, const struct sink *);

static void
a_choice_leaves_out_the_same_in_every_form_and_says_so(void **state)
{
	static form_fn *const forms[] = {bluebutton_text, bluebutton_bundle, bluebutton_ndjson};
	struct office o;
	struct sink sink = {keep, &o.out};
	struct fhir_date day;

	if (!office_open(&o, state))
		return;
	o.ask.choice.classes = 1u << CLASS_IMMUNIZATIONS;
	for (size_t i = 0; i < 3; i++) {
		buf_clear(&o.out);
		assert_ok(forms[i](&o.cx, &o.px, &o.ask, &sink));
		assert_true(str_contains(buf_str(&o.out), S("Influenza")));
		assert_false(str_contains(buf_str(&o.out), S("Body Height")));
		assert_false(str_contains(buf_str(&o.out), S("Body height")));
	}
	assert_true(fhir_date_parse(FHIR_DATETIME, S("1990-01-01"), &day));
	o.ask.choice.until = day.low;
	buf_clear(&o.out);
	assert_ok(bluebutton_text(&o.cx, &o.px, &o.ask, &sink));
	assert_false(str_contains(buf_str(&o.out), S("Influenza")));
	assert_true(str_contains(buf_str(&o.out), S("Asked for: Vaccines, until 31 December 1989")));
	assert_true(str_contains(buf_str(&o.out), S("were not asked for")));
	db_release(&o.cx);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    WORLD_TEST(the_pdf_is_tagged_and_reads_in_order),
	    WORLD_TEST(a_long_record_is_several_pdfs_that_hold_what_one_holds),
	    WORLD_TEST(lines_hold_every_resource_once),
	    WORLD_TEST(tables_open_elsewhere),
	    WORLD_TEST(the_zip_says_of_every_file_what_it_is),
	    WORLD_TEST(a_choice_leaves_out_the_same_in_every_form_and_says_so),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
