/* SPDX-License-Identifier: Apache-2.0 */
/* Every page of every sample patient, whose rows are counted against the files. */
#include "care/record/record_pages_test_help.h"
#include "shared_data.h"

#include "exchange/fhir_import/fhir_import.h"

/* Is every tag closed where it was opened? */
static void
assert_well_formed(str path, str html)
{
	static const char *const empty[] = {"meta", "link", "input", "br", "img", "hr", "!DOCTYPE"};
	str open[100];
	size_t depth = 0, at;

	while (str_find(html, S("<"), &at)) {
		bool closing, alone;
		str tag, name;

		html = str_drop(html, at + 1);
		assert_true(str_find(html, S(">"), &at));
		tag = str_take(html, at);
		closing = str_starts(tag, S("/"));
		tag = closing ? str_drop(tag, 1) : tag;
		alone = str_ends(tag, S("/"));
		str_cut(tag, ' ', &name);
		name = alone && str_ends(name, S("/")) ? str_take(name, name.n - 1) : name;
		str_cut(name, '\n', &name);
		for (size_t i = 0; i < sizeof(empty) / sizeof(empty[0]); i++)
			alone |= str_equal(name, str_from_z(empty[i]));
		if (closing) {
			if (!depth || !str_equal(open[depth - 1], name))
				fail_msg("%.*s: </%.*s> closes nothing", STR_ARG(path), STR_ARG(name));
			depth--;
		} else if (!alone) {
			assert_true(depth < 100);
			open[depth++] = name;
		}
	}
	if (depth)
		fail_msg("%.*s: <%.*s> stays open", STR_ARG(path), STR_ARG(open[depth - 1]));
}

static int64_t
occurrences(str text, str what)
{
	int64_t n = 0;
	size_t at;

	while (str_find(text, what, &at)) {
		n++;
		text = str_drop(text, at + what.n);
	}
	return n;
}

/* What the file holds, counted without the program's own rules. */
struct tally {
	int64_t lab_tests, reports, vital_tests, medicines, problems, allergies, vaccines, visits, procedures, notes,
	    plans;
};

static str
first_category(const struct json_value *resource)
{
	return json_text_at(resource, "category.0.coding.0.code");
}

static bool
is_first_of_its_code(const struct json_value *bundle, const struct json_value *resource, str category)
{
	json_each_item (json_get(bundle, "entry"), entry) {
		const struct json_value *other = json_get(entry, "resource");

		if (other == resource)
			return true;
		if (str_equal(json_text_at(other, "resourceType"), S("Observation")) &&
		    str_starts(first_category(other), category) &&
		    str_equal(json_text_at(other, "code.coding.0.code"), json_text_at(resource, "code.coding.0.code")))
			return false;
	}
	return true;
}

static struct tally
tally_of(const struct json_value *bundle)
{
	struct tally t = {0};

	json_each_item (json_get(bundle, "entry"), entry) {
		const struct json_value *r = json_get(entry, "resource");
		str type = json_text_at(r, "resourceType");

		if (str_equal(type, S("Observation"))) {
			if (str_equal(first_category(r), S("laboratory")))
				t.lab_tests += is_first_of_its_code(bundle, r, S("laboratory"));
			if (str_starts(first_category(r), S("vital-sign")))
				t.vital_tests += is_first_of_its_code(bundle, r, S("vital-sign"));
		}
		t.reports += str_equal(type, S("DiagnosticReport"));
		t.medicines += str_equal(type, S("MedicationRequest"));
		t.problems += str_equal(type, S("Condition"));
		t.allergies += str_equal(type, S("AllergyIntolerance"));
		t.vaccines += str_equal(type, S("Immunization"));
		t.visits += str_equal(type, S("Encounter"));
		t.procedures += str_equal(type, S("Procedure"));
		t.notes += str_equal(type, S("ImagingStudy"));
		t.plans += str_equal(type, S("CarePlan")) + str_equal(type, S("Goal"));
	}
	return t;
}

#define ROW S("<li class=\"row\">")

static void
check_page(struct clinic *c, str cookie, const char *path, str mark, int64_t rows)
{
	struct reply reply = get(c, cookie, str_from_z(path));

	if (reply.status != 200)
		fail_msg("%s: %d", path, reply.status);
	assert_well_formed(str_from_z(path), reply.body);
	assert_true(reply.body.n < 100 * 1024 || str_contains(str_from_z(path), S("print=1")));
	if (rows >= 0 && occurrences(reply.body, mark) != rows)
		fail_msg(
		    "%s: %lld rows instead of %lld", path, (long long)occurrences(reply.body, mark), (long long)rows);
}

static void
check_patient(struct clinic *c, str cookie, const struct tally *t)
{
	static const char *const plain[] = {"/record", "/record/labs", "/record/vitals", "/record/visits",
	    "/record/documents", "/record/other", "/record/details", "/record/insurance", "/record/devices",
	    "/record/other/Claim", "/record/other/ExplanationOfBenefit", "/record/other/Observation", "/home",
	    "/looked", "/download"};

	for (size_t i = 0; i < sizeof(plain) / sizeof(plain[0]); i++)
		check_page(c, cookie, plain[i], ROW, -1);
	check_page(c, cookie, "/record/labs?print=1", S("<th scope=\"row\">"), t->lab_tests);
	check_page(c, cookie, "/record/labs?view=reports&print=1", ROW, t->reports);
	check_page(c, cookie, "/record/vitals?print=1", S("<th scope=\"row\">"), t->vital_tests);
	check_page(c, cookie, "/record/medicines?print=1", ROW, t->medicines);
	check_page(c, cookie, "/record/problems?print=1", ROW, t->problems);
	check_page(c, cookie, "/record/allergies?print=1", ROW, t->allergies);
	check_page(c, cookie, "/record/immunizations?print=1", ROW, t->vaccines);
	check_page(c, cookie, "/record/visits?print=1", ROW, t->visits);
	check_page(c, cookie, "/record/procedures?print=1", ROW, t->procedures);
	check_page(c, cookie, "/record/reports?print=1", ROW, t->notes);
	check_page(c, cookie, "/record/plans?print=1", ROW, t->plans);
}

static const struct err *
put_account(struct tx *tx, void *sealed)
{
	return account_put(tx, sealed);
}

/* Sign-in for an imported patient. */
static str
account_for(struct clinic *c, str id)
{
	struct cx cx = world_cx(c->world);
	struct account_sealed *sealed;
	struct account_new in = {
	    .id = {uuid_new(cx.now)}, .facility = c->people.facility.id, .login = id, .name = S("Sam Ple")};

	in.patient.v = resource_key(c->world->vault, id);
	assert_ok(account_seal(&cx, &in, &sealed));
	assert_ok(db_write(&cx, put_account, sealed));
	db_release(&cx);
	return cookie_for(c->world, in.id);
}

static void
every_page_of_every_sample_patient_shows_what_is_in_the_file(void **state)
{
	struct clinic c;
	struct arena arena = ARENA_INIT;
	const char *folder = shared_data_folder(&arena, "synthea_r4");
	struct fhir_import_report report;
	struct cx cx;
	struct dirent *file;
	DIR *files;
	int patients = 0;

	if (!folder)
		return;
	open_clinic(*state, &c);
	cx = world_cx(c.world);
	assert_ok(fhir_import_run(&cx,
	    &(struct fhir_import_options){.paths = &folder, .path_count = 1, .facility = c.people.facility.id},
	    &report));
	db_release(&cx);
	files = opendir(folder);
	assert_non_null(files);
	while ((file = readdir(files))) {
		struct arena one = ARENA_INIT;
		const struct json_value *bundle;
		struct tally tally;
		str id = STR_NONE;

		if (!str_ends(str_from_z(file->d_name), S(".json")))
			continue;
		assert_ok(json_parse(
		    &one, shared_data_file(&one, arena_printf(&one, "%s/%s", folder, file->d_name).p), &bundle, NULL));
		json_each_item (json_get(bundle, "entry"), entry)
			if (str_equal(json_text_at(entry, "resource.resourceType"), S("Patient")))
				id = arena_str(&arena, json_text_at(entry, "resource.id"));
		if (id.n) { /* some files hold hospitals only */
			tally = tally_of(bundle);
			check_patient(&c, account_for(&c, id), &tally);
			patients++;
		}
		arena_release(&one);
	}
	closedir(files);
	assert_true(patients >= 50);
	close_clinic(&c);
	arena_release(&arena);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    {"every_page_of_every_sample_patient_shows_what_is_in_the_file (sqlite)",
		every_page_of_every_sample_patient_shows_what_is_in_the_file, world_setup_sqlite, world_teardown, NULL},
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
