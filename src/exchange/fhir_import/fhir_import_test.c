/* SPDX-License-Identifier: Apache-2.0 */
/* Whole files of others, in and out again: nothing lost, nothing changed, nothing twice. */
#include "exchange/fhir_import/fhir_import_test_help.h"
#include "shared_data.h"

#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

static void
print_report(struct world *world, const struct fhir_import_report *report)
{
	struct buf text = BUF_INIT(&world->arena);

	fhir_import_report_print(&text, report, false);
	printf("[%s] %.*s", world->product, STR_ARG(buf_str(&text)));
}

/* ---- counting without the program's own reader ---- */

struct tally {
	LIST(str) seen; /* "Type/id" of every entry */
};

static int
compare_strs(const void *a, const void *b)
{
	return str_compare(*(const str *)a, *(const str *)b);
}

static str
quoted_after(str text, const char *key, size_t *at)
{
	str rest = str_drop(text, *at);
	size_t found;

	if (!str_find(rest, str_from_z(key), &found))
		return STR_NONE;
	*at += found + strlen(key);
	str_cut(str_drop(text, *at), '"', &rest);
	return rest;
}

/* Synthea writes one member per line, resourceType and id first. */
static void
tally_file(struct arena *arena, str text, struct tally *tally)
{
	static const char entry[] = "\"resource\": {";
	size_t at = 0, found;

	while (str_find(str_drop(text, at), str_from_z(entry), &found)) {
		str type, id;

		at += found + strlen(entry);
		type = quoted_after(text, "\"resourceType\": \"", &at);
		id = quoted_after(text, "\"id\": \"", &at);
		*LIST_ADD(arena, &tally->seen) = arena_printf(arena, "%.*s/%.*s", STR_ARG(type), STR_ARG(id));
	}
}

/* ---- content ---- */

/* The same value, digits included; references lead to the same id. At the root id and meta's version are left out. */
static bool
same(const struct json_value *a, const struct json_value *b, bool is_root, bool is_meta)
{
	size_t extra = 0;

	if (json_kind(a) != json_kind(b))
		return false;
	if (json_kind(a) == JSON_STRING && str_starts(json_text(a), S("urn:uuid:")) &&
	    str_equal(json_name(a), S("reference")))
		return str_ends(json_text(b), str_drop(json_text(a), strlen("urn:uuid:"))) &&
		       str_contains(json_text(b), S("/"));
	if (json_kind(a) == JSON_STRING)
		return str_equal(json_text(a), json_text(b));
	if (json_kind(a) < JSON_ARRAY)
		return str_equal(json_source(a), json_source(b));
	if (json_kind(a) == JSON_ARRAY) {
		const struct json_value *y = json_at(b, 0);

		if (json_count(a) != json_count(b))
			return false;
		json_each_item (a, x) {
			if (!same(x, y, false, false))
				return false;
			y = y->next;
		}
		return true;
	}
	json_each_member (a, x) {
		str name = json_name(x);

		if ((is_root && str_equal(name, S("id"))) ||
		    (is_meta && (str_equal(name, S("versionId")) || str_equal(name, S("lastUpdated")))))
			continue;
		if (!same(x, json_get_str(b, name), false, is_root && str_equal(name, S("meta"))))
			return false;
		extra++;
	}
	json_each_member (b, y) {
		str name = json_name(y);

		if ((is_root && str_equal(name, S("id"))) ||
		    (is_meta && (str_equal(name, S("versionId")) || str_equal(name, S("lastUpdated")))))
			continue;
		if (!json_get_str(a, name) && !(is_root && str_equal(name, S("meta"))))
			return false;
		extra -= !!json_get_str(a, name);
	}
	return extra == 0;
}

/* Does any version of it have this content? The sample knows some practitioners in two forms. */
static bool
is_stored(struct cx *cx, const struct json_value *json)
{
	resource_type type = resource_type_find(json_text_at(json, "resourceType"));
	const struct json_value *stored;
	struct db_rows rows;

	assert_ok(resource_history(cx, type, json_text_at(json, "id"), &rows));
	for (size_t i = 0; i < rows.count; i++) {
		assert_ok(json_parse(cx->arena, ((struct resource *)rows.items)[i].body, &stored, NULL));
		if (same(json, stored, true, false))
			return true;
	}
	return false;
}

typedef void(file_fn)(struct world *world, str text, void *arg);

static void
each_file(struct world *world, const char *folder, file_fn *visit, void *arg)
{
	DIR *dir = opendir(folder);
	struct dirent *entry;

	assert_non_null(dir);
	while ((entry = readdir(dir))) {
		struct arena arena = ARENA_INIT;

		if (entry->d_name[0] != '.')
			visit(world, shared_data_file(&arena, arena_printf(&arena, "%s/%s", folder, entry->d_name).p),
			    arg);
		arena_release(&arena);
	}
	closedir(dir);
}

static void
tally_visit(struct world *world, str text, void *arg)
{
	tally_file(&world->arena, text, arg);
}

static void
content_visit(struct world *world, str text, void *arg)
{
	struct arena arena = ARENA_INIT;
	struct cx cx = world_cx(world);
	const struct json_value *bundle;

	(void)arg;
	cx.arena = &arena;
	assert_ok(json_parse(&arena, text, &bundle, NULL));
	json_each_item (json_get(bundle, "entry"), entry)
		if (!is_stored(&cx, json_get(entry, "resource")))
			fail_msg("%.*s/%.*s came back changed", STR_ARG(json_text_at(entry, "resource.resourceType")),
			    STR_ARG(json_text_at(entry, "resource.id")));
	db_release(&cx);
	arena_release(&arena);
}

static void
all_synthea_bundles_come_in_and_out_again(void **state)
{
	struct world *world = *state;
	const char *folder = shared_data_folder(&world->arena, "synthea_r4");
	struct fhir_import_report report;
	struct tally tally = {0};
	facility_id facility;
	int64_t unique = 0;

	if (!folder)
		return;
	facility = setup(world);
	import(world, facility, folder, &report);
	print_report(world, &report);
	each_file(world, folder, tally_visit, &tally);
	qsort(tally.seen.items, tally.seen.count, sizeof(str), compare_strs);
	for (resource_type type = 1; type <= resource_type_count(); type++) {
		int64_t counted = 0;

		for (size_t i = 0; i < tally.seen.count; i++) {
			str name;

			str_cut(tally.seen.items[i], '/', &name);
			counted += str_equal(name, str_from_z(resource_type_name(type))) &&
			           (i == 0 || !str_equal(tally.seen.items[i - 1], tally.seen.items[i]));
		}
		assert_int_equal(report.by_type[type].added, counted);
		unique += counted;
	}
	assert_int_equal(report.total.added, unique);
	assert_int_equal(report.total.added + report.total.changed + report.total.unchanged, (int64_t)tally.seen.count);
	assert_int_equal(report.total.refused + report.files_broken + report.unresolved, 0);
	each_file(world, folder, content_visit, NULL);

	import(world, facility, folder, &report);
	assert_int_equal(report.total.unchanged, (int64_t)tally.seen.count);
	assert_int_equal(report.total.added + report.total.changed + report.patients, 0);
}

static void
us_core_and_inferno_examples_come_in_whole(void **state)
{
	struct world *world = *state;
	const char *paths[] = {shared_data_folder(&world->arena, "us_core_6.1.0_examples"),
	    shared_data_folder(&world->arena, "inferno_reference")};
	struct fhir_import_report report;
	struct resource resource;
	facility_id facility;
	bool found;

	if (!paths[0])
		return;
	facility = setup(world);
	assert_ok(fhir_import_run(
	    &world->cx, &(struct fhir_import_options){.paths = paths, .path_count = 2, .facility = facility}, &report));
	assert_int_equal(report.files, 184);
	assert_int_equal(report.problems_all, 0);
	assert_int_equal(report.total.added, 455);
	assert_ok(resource_get(&world->cx, RESOURCE_PATIENT, S("85"), &resource));
	assert_ok(resource_resolve(&world->cx, S("Practitioner/practitioner-1"), &resource, &found));
	assert_true(found);
	assert_ok(fhir_import_run(
	    &world->cx, &(struct fhir_import_options){.paths = paths, .path_count = 2, .facility = facility}, &report));
	assert_int_equal(report.total.unchanged, 455);
}

/* ---- bad input ---- */

static void
write_file(struct world *world, const char *name, str text)
{
	const char *path = arena_printf(&world->arena, "%s/in/%s", world->folder, name).p;
	FILE *file = fopen(path, "wb");

	assert_non_null(file);
	assert_int_equal(fwrite(text.p, 1, text.n, file), text.n);
	assert_int_equal(fclose(file), 0);
}

#define PATIENT(id) "{\"resourceType\":\"Patient\",\"id\":\"" id "\",\"name\":[{\"family\":\"F\"}]}"
#define LAB(id, patient, value)                                                                               \
	"{\"resourceType\":\"Observation\",\"id\":\"" id "\",\"status\":\"final\",\"code\":{\"text\":\"x\"}," \
	"\"subject\":{\"reference\":\"Patient/" patient "\"},\"valueQuantity\":{\"value\":" value "}}"
#define BUNDLE(entries) "{\"resourceType\":\"Bundle\",\"type\":\"collection\",\"entry\":[" entries "]}"
#define ENTRY(resource) "{\"resource\":" resource "}"

static void
a_broken_file_is_told_with_its_place_and_the_rest_comes_in(void **state)
{
	struct world *world = *state;
	struct fhir_import_report report;
	struct resource resource;
	struct buf deep = BUF_INIT(&world->arena);
	static const struct {
		const char *name;
		str text;
		int64_t line, column, entry;
		const char *says;
	} cases[] = {
	    {"a-truncated.json", S_INIT("{\"resourceType\":\"Bundle\",\n \"entry\":[{\"resource\":"), 2, 23, 0, ""},
	    {"b-empty.json", S_INIT(""), 1, 1, 0, ""},
	    {"c-twice.json", S_INIT("{\"resourceType\":\"Patient\",\n\"id\":\"a\",\"id\":\"b\"}"), 2, 10, 0, ""},
	    {"d-utf16.json", S_INIT("\xff\xfe{\0}\0"), 1, 1, 0, ""},
	    {"e-latin1.json", S_INIT("{\"resourceType\":\"Patient\",\"id\":\"\xe9\"}"), 1, 0, 0, "UTF-8"},
	    {"f-list.json", S_INIT("[1,2]"), 1, 1, 0, "resourceType"},
	    {"g-document.json", S_INIT("{\"resourceType\":\"Bundle\",\"type\":\"document\"}"), 1, 1, 0, "collection"},
	    {"h-inner.json", S_INIT(BUNDLE(ENTRY(BUNDLE("")) "," ENTRY(PATIENT("inner")))), 0, 0, 1, "Bundle"},
	    {"i-mixed.json",
		S_INIT(BUNDLE(ENTRY(PATIENT("mixed")) ",{}," ENTRY(LAB("m1", "mixed", "1e400")) "," ENTRY(
		    "{\"resourceType\":\"Observation\",\"id\":\"m2\"}"))),
		0, 0, 2, "no resource"},
	};

	assert_int_equal(mkdir(arena_printf(&world->arena, "%s/in", world->folder).p, 0700), 0);
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		write_file(world, cases[i].name, cases[i].text);
	for (int i = 0; i < 100000; i++)
		buf_add_char(&deep, '[');
	write_file(world, "j-deep.json", buf_str(&deep));
	write_file(world, "k-mark.json", S("\xef\xbb\xbf" PATIENT("mark")));
	write_file(world, "l-lines.ndjson",
	    S(LAB("l1", "lines", "1.0") "\n\n" PATIENT("lines") "\r\n{\"broken\n" LAB("l2", "lines", "2.0")));
	import(world, setup(world), arena_printf(&world->arena, "%s/in", world->folder).p, &report);
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		const struct fhir_import_problem *problem = NULL;

		for (size_t j = 0; j < report.problem_count && !problem; j++)
			if (str_ends(report.problems[j].path, str_from_z(cases[i].name)))
				problem = &report.problems[j];
		assert_non_null(problem);
		if (problem->line != cases[i].line || (cases[i].column && problem->column != cases[i].column) ||
		    problem->entry != cases[i].entry || !str_contains(problem->reason, str_from_z(cases[i].says)))
			fail_msg("%s: line %lld column %lld entry %lld: %.*s", cases[i].name, (long long)problem->line,
			    (long long)problem->column, (long long)problem->entry, STR_ARG(problem->reason));
	}
	assert_int_equal(report.files, 12);
	assert_int_equal(report.files_broken, 8);
	assert_int_equal(report.problems_all, 8 + 1 + 2 + 1); /* files, the inner bundle, two entries, a line */
	assert_int_equal(report.by_type[RESOURCE_PATIENT].added, 4);
	assert_int_equal(report.by_type[RESOURCE_OBSERVATION].added, 3);
	assert_ok(resource_get(&world->cx, RESOURCE_OBSERVATION, S("m1"), &resource));
	assert_true(str_contains(resource.body, S("\"value\":1e400}")));
	assert_ok(resource_get(&world->cx, RESOURCE_OBSERVATION, S("l2"), &resource));
}

static void
a_path_that_is_not_there_is_an_error(void **state)
{
	struct world *world = *state;
	struct fhir_import_report report;
	const char *path = "/nowhere/at/all";

	assert_fails(
	    fhir_import_run(&world->cx,
		&(struct fhir_import_options){.paths = &path, .path_count = 1, .facility = setup(world)}, &report),
	    ERR_INVALID);
}

static void
what_is_about_something_that_comes_later_is_taken_in(void **state)
{
	struct world *world = *state;
	struct fhir_import_report report;
	patient_id owner;
	bool found;

	assert_int_equal(mkdir(arena_printf(&world->arena, "%s/in", world->folder).p, 0700), 0);
	write_file(world, "a.json",
	    S("{\"resourceType\":\"Provenance\",\"id\":\"p\",\"target\":[{\"reference\":\"Observation/o\"}],"
	      "\"recorded\":\"2020-01-01T00:00:00Z\",\"agent\":[]}"));
	write_file(world, "b.json", S(LAB("o", "someone", "1")));
	import(world, setup(world), arena_printf(&world->arena, "%s/in", world->folder).p, &report);
	assert_int_equal(report.problems_all, 0);
	assert_ok(resource_owner(&world->cx, RESOURCE_PROVENANCE, S("p"), &owner, &found));
	assert_true(found && uuid_equal(owner.v, resource_key(world->vault, S("someone"))));
}

/* ---- faults ---- */

static void
an_import_that_is_killed_is_completed_by_the_next(void **state)
{
	static const int64_t kills[] = {50, 1500, 9000};
	struct world *world = *state;
	const char *folder = shared_data_folder(&world->arena, "synthea_r4");
	struct fhir_import_report report;
	facility_id facility;
	int status;

	if (!folder)
		return;
	facility = setup(world);
	db_release(&world->cx);
	db_close(world->db);
	vault_close(world->vault);
	for (size_t i = 0; i < sizeof(kills) / sizeof(kills[0]); i++) {
		pid_t child = fork();

		assert_true(child >= 0);
		if (child == 0) {
			world_open(world);
			if (record_init(world->vault))
				_exit(2);
			db_fault_arm(world->db, DB_FAULT_KILL, kills[i]);
			import(world, facility, folder, &report);
			_exit(3);
		}
		assert_int_equal(waitpid(child, &status, 0), child);
		assert_true(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL);
	}
	world_open(world);
	assert_ok(record_init(world->vault));
	import(world, facility, folder, &report);
	assert_int_equal(report.total.refused, 0);
	assert_true(report.total.unchanged > 0); /* what was acknowledged before the kill is there */
	each_file(world, folder, content_visit, NULL);
	import(world, facility, folder, &report);
	assert_int_equal(report.total.added + report.total.changed, 0);
}

int
main(void)
{
	const struct CMUnitTest list[] = {
	    WORLD_TEST(all_synthea_bundles_come_in_and_out_again),
	    WORLD_TEST(us_core_and_inferno_examples_come_in_whole),
	    WORLD_TEST(a_broken_file_is_told_with_its_place_and_the_rest_comes_in),
	    WORLD_TEST(a_path_that_is_not_there_is_an_error),
	    WORLD_TEST(what_is_about_something_that_comes_later_is_taken_in),
	    WORLD_TEST(an_import_that_is_killed_is_completed_by_the_next),
	};

	return cmocka_run_group_tests_name("fhir_import", list, NULL, NULL);
}
