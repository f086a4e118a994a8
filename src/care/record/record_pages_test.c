/* SPDX-License-Identifier: Apache-2.0 */
/* The pages over a real server and the portal's gate: every door for every kind of caller, and every page of every sample
 * patient, whose rows are counted against the files. */
#include "people.h"
#include "platform/http/http_test_client.h"
#include "shared_data.h"

#include "care/bluebutton/bluebutton.h"
#include "care/home/home.h"
#include "care/record/record_pages.h"
#include "exchange/fhir_import/fhir_import.h"
#include "trust/portal/portal.h"

struct clinic {
	struct world *world;
	struct people people;
	struct trial trial;
	str maria, bo, ana, ben, root; /* cookies */
};

static const struct route *const doors[] = {record_pages_routes, bluebutton_routes, home_routes};
#define DOOR_TABLES (sizeof(doors) / sizeof(doors[0]))

static str
cookie_for(struct world *world, account_id account)
{
	struct cx cx = people_as(world, account);
	str token;

	assert_ok(session_open(&cx, account, &token));
	db_release(&cx);
	return token;
}

static void
open_clinic(struct world *world, struct clinic *c)
{
	static const struct route *const tables[] = {
	    record_pages_routes, bluebutton_routes, home_routes, portal_routes, asset_routes, NULL};
	static const struct http_gate gate = {.identify = portal_identify,
	    .form_token_ok = portal_form_token_ok,
	    .show_error = portal_show_error,
	    .sign_in_path = "/sign-in"};
	struct http_options options = {.address = "127.0.0.1",
	    .listen_fd = -1,
	    .route_tables = tables,
	    .gate = &gate,
	    .db = world->db,
	    .vault = world->vault,
	    .workers = 4};

	*c = (struct clinic){.world = world};
	assert_ok(record_init(world->vault));
	people_setup(world, &c->people);
	c->maria = cookie_for(world, c->people.maria_account);
	c->bo = cookie_for(world, c->people.bo_account);
	c->ana = cookie_for(world, c->people.ana);
	c->ben = cookie_for(world, c->people.ben);
	c->root = cookie_for(world, c->people.root);
	assert_ok(http_start(&c->trial.arena, &options, &c->trial.server));
}

static void
close_clinic(struct clinic *c)
{
	http_stop(c->trial.server, 1000);
	arena_release(&c->trial.arena);
}

static struct reply
get(struct clinic *c, str cookie, str path)
{
	return client_get(&c->trial, arena_z(&c->trial.arena, path),
	    cookie.n ? arena_printf(&c->trial.arena, "Cookie: salve=%.*s\r\n", STR_ARG(cookie)).p : "");
}

/* ---- one entry of each class for Maria ---- */

#define CATEGORY(code) "\"category\":[{\"coding\":[{\"code\":\"" code "\"}]}]"
static const struct sample {
	const char *class, *type, *rest;
} samples[] = {
    {"labs", "Observation",
	CATEGORY("laboratory") ",\"status\":\"final\",\"code\":{\"text\":\"Potassium <b>\"},"
			       "\"effectiveDateTime\":\"2020-01-02\",\"valueQuantity\":{\"value\":4.1}"},
    {"vitals", "Observation",
	CATEGORY(
	    "vital-signs") ",\"status\":\"final\",\"code\":{\"text\":\"Pulse\"},\"effectiveDateTime\":\"2020-01-02\""},
    {"medicines", "MedicationRequest",
	"\"status\":\"active\",\"intent\":\"order\",\"medicationCodeableConcept\":{\"text\":\"Iron\"}"},
    {"problems", "Condition", "\"code\":{\"text\":\"Asthma\"}"},
    {"allergies", "AllergyIntolerance", "\"code\":{\"text\":\"Nuts\"}"},
    {"immunizations", "Immunization",
	"\"status\":\"completed\",\"vaccineCode\":{\"text\":\"Flu\"},\"occurrenceDateTime\":\"2020-10-01\""},
    {"visits", "Encounter", "\"status\":\"finished\",\"class\":{\"code\":\"AMB\"}"},
    {"procedures", "Procedure", "\"status\":\"completed\",\"code\":{\"text\":\"Suture\"}"},
    {"notes", "DiagnosticReport", CATEGORY("LP29684-5") ",\"status\":\"final\",\"code\":{\"text\":\"Chest film\"}"},
    {"documents", "DocumentReference",
	"\"status\":\"current\",\"content\":[{\"attachment\":{\"contentType\":\"text/html\",\"data\":"
	"\"PHNjcmlwdD5hbGVydCgxKTwvc2NyaXB0PkhlbGxv\",\"title\":\"A \\\"letter\\\"\"}}]"},
    {"care-team", "Goal", "\"lifecycleStatus\":\"active\",\"description\":{\"text\":\"Walk\"}"},
    {"other", "Coverage", "\"status\":\"active\",\"payor\":[{\"display\":\"Payer\"}]"},
};
#define SAMPLE_COUNT (sizeof(samples) / sizeof(samples[0]))

static str
subject_member(const char *type)
{
	if (strcmp(type, "Coverage") == 0)
		return S("beneficiary");
	return strcmp(type, "AllergyIntolerance") == 0 || strcmp(type, "Immunization") == 0 ? S("patient")
	                                                                                    : S("subject");
}

static const struct err *
put(struct tx *tx, void *draft)
{
	int64_t version;
	bool changed;

	return resource_put(tx, draft, &version, &changed);
}

static void
put_text(struct clinic *c, patient_id patient, str text)
{
	struct cx cx = world_cx(c->world);
	struct resource_draft *draft;
	const struct json_value *json;

	assert_ok(json_parse(cx.arena, text, &json, NULL));
	assert_ok(resource_prepare(
	    &cx, &(struct resource_new){.patient = patient, .json = json, .id = json_text_at(json, "id")}, &draft));
	assert_ok(db_write(&cx, put, draft));
	db_release(&cx);
}

static void
put_samples(struct clinic *c)
{
	str patient = uuid_text(&c->trial.arena, c->people.maria.v);

	for (size_t i = 0; i < SAMPLE_COUNT; i++)
		put_text(c, c->people.maria,
		    arena_printf(&c->trial.arena,
			"{\"resourceType\":\"%s\",\"id\":\"m-%s\",\"%.*s\":{\"reference\":\"Patient/%.*s\"},%s}",
			samples[i].type, samples[i].class, STR_ARG(subject_member(samples[i].type)), STR_ARG(patient),
			samples[i].rest));
}

/* A route's pattern with Maria's entries put in. */
static str
address_of(struct clinic *c, const char *pattern)
{
	struct buf out = BUF_INIT(&c->trial.arena);
	const struct sample *sample = &samples[SAMPLE_COUNT - 1];

	for (size_t i = 0; i < SAMPLE_COUNT; i++)
		if (str_contains(str_from_z(pattern), arena_printf(&c->trial.arena, "/%s/{", samples[i].class)))
			sample = &samples[i];
	if (str_contains(str_from_z(pattern), S("/files/")))
		sample = &samples[9];
	for (const char *p = pattern; *p; p++) {
		if (*p != '{') {
			buf_add_char(&out, *p);
			continue;
		}
		if (strncmp(p, "{patient}", 9) == 0)
			buf_add_uuid(&out, c->people.maria.v);
		else if (strncmp(p, "{id}", 4) == 0)
			buf_printf(&out, "m-%s", sample->class);
		else if (strncmp(p, "{type}", 6) == 0)
			buf_add_z(&out, sample->type);
		else
			buf_add_char(&out, '1');
		p = strchr(p, '}');
	}
	return buf_str(&out);
}

static void
expect(struct clinic *c, const char *who, str cookie, str path, int status)
{
	struct reply reply = get(c, cookie, path);

	if (reply.status != status)
		fail_msg("%s at %.*s: %d instead of %d", who, STR_ARG(path), reply.status, status);
}

static void
every_door_opens_for_the_right_people_only(void **state)
{
	struct clinic c;

	open_clinic(*state, &c);
	put_samples(&c);
	for (size_t t = 0; t < DOOR_TABLES; t++)
		for (const struct route *row = doors[t]; row->pattern; row++) {
			str path = address_of(&c, row->pattern);
			bool own = (row->who & WHO_PATIENT) != 0,
			     about_maria = str_contains(str_from_z(row->pattern), S("{id}"));
			bool of_maria = str_contains(str_from_z(row->pattern), S("{patient}"));
			int stranger = of_maria || about_maria ? 404 : 200;

			assert_true((row->who & ~(unsigned)WHO_DELEGATE) == WHO_PATIENT || row->who == WHO_CARE_TEAM);
			expect(&c, "patient", c.maria, path, own ? 200 : 403);
			expect(&c, "other patient", c.bo, path, own ? stranger : 403);
			expect(&c, "care team", c.ana, path, own ? 403 : 200);
			expect(&c, "other team", c.ben, path, own ? 403 : stranger);
			expect(&c, "administrator", c.root, path, 403);
			expect(&c, "nobody", STR_NONE, path, row->face == FACE_PAGE ? 303 : 401);
		}
	close_clinic(&c);
}

static void
what_is_in_the_data_cannot_become_markup(void **state)
{
	struct clinic c;
	struct reply reply;

	open_clinic(*state, &c);
	put_samples(&c);
	reply = get(&c, c.maria, S("/record/labs"));
	assert_true(str_contains(reply.body, S("Potassium &lt;b&gt;")));
	reply = get(&c, c.maria, S("/record/documents/m-documents"));
	assert_true(str_contains(reply.body, S("Hello")));
	assert_false(str_contains(reply.body, S("alert(1)")));
	reply = get(&c, c.maria, S("/record/files/DocumentReference/m-documents/1"));
	assert_str_equal(reply_header(reply, "Content-Type"), "application/octet-stream");
	assert_str_equal(reply_header(reply, "Content-Disposition"), "attachment; filename=\"A-letter-.bin\"");
	assert_str_equal(reply_header(reply, "X-Content-Type-Options"), "nosniff");
	assert_str_equal(reply.body, "<script>alert(1)</script>Hello");
	expect(&c, "patient", c.maria, S("/record/files/DocumentReference/m-documents/2"), 404);
	expect(&c, "patient", c.maria, S("/record/labs/m-vitals"), 404);
	close_clinic(&c);
}

static void
a_mistake_is_counted_but_not_listed(void **state)
{
	struct clinic c;
	struct reply reply;

	open_clinic(*state, &c);
	put_samples(&c);
	put_text(&c, c.people.maria,
	    arena_printf(&c.trial.arena,
		"{\"resourceType\":\"Procedure\",\"id\":\"wrong\",\"status\":\"entered-in-error\",\"subject\":{"
		"\"reference\":"
		"\"Patient/%.*s\"},\"code\":{\"text\":\"Amputation\"}}",
		STR_ARG(uuid_text(&c.trial.arena, c.people.maria.v))));
	reply = get(&c, c.maria, S("/record/procedures"));
	assert_false(str_contains(reply.body, S("Amputation")));
	assert_true(str_contains(reply.body, S("1 entry was marked as a mistake and is not shown.")));
	reply = get(&c, c.maria, S("/record/procedures?q=suture"));
	assert_true(str_contains(reply.body, S("/record/procedures/m-procedures")));
	reply = get(&c, c.maria, S("/record/procedures?q=nothing"));
	assert_true(str_contains(reply.body, S("Nothing fits your search")));
	close_clinic(&c);
}

static void
the_patient_reads_who_looked_and_why(void **state)
{
	struct clinic c;
	struct cx cx;
	struct reply reply;
	int64_t added;

	open_clinic(*state, &c);
	put_samples(&c);
	expect(&c, "care team", c.ana, address_of(&c, "/patients/{patient}/record/labs"), 200);
	expect(&c, "patient", c.maria, S("/record/vitals"), 200);
	expect(&c, "patient", c.maria, S("/looked"), 200);
	for (int i = 0; i < 3; i++)
		expect(&c, "care team", c.ana, S("/patients"), 200);
	cx = world_cx(c.world);
	assert_ok(audit_index_follow(&cx, &added));
	db_release(&cx);
	reply = get(&c, c.maria, S("/looked"));
	assert_true(str_contains(reply.body, S("Ana Ruiz, nurse opened your lab results")));
	assert_true(str_contains(reply.body, S("because they are in your care team Maple Team")));
	assert_true(str_contains(reply.body, S("Ana Ruiz, nurse saw a list with your personal details, 3 times")));
	assert_true(str_contains(reply.body, S("You opened your vital signs")));
	assert_true(str_contains(reply.body, S("You opened this list")));
	assert_false(str_contains(get(&c, c.bo, S("/looked")).body, S("Ana Ruiz")));
	close_clinic(&c);
}

/* ---- all sample patients ---- */

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
	    "/record/documents", "/record/other", "/record/other/Patient", "/record/other/Claim",
	    "/record/other/ExplanationOfBenefit", "/record/other/Observation", "/home", "/looked", "/download"};

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
	check_page(c, cookie, "/record/notes?print=1", ROW, t->notes);
	check_page(c, cookie, "/record/care-team?print=1", ROW, t->plans);
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
	    WORLD_TEST(every_door_opens_for_the_right_people_only),
	    WORLD_TEST(what_is_in_the_data_cannot_become_markup),
	    WORLD_TEST(a_mistake_is_counted_but_not_listed),
	    WORLD_TEST(the_patient_reads_who_looked_and_why),
	    {"every_page_of_every_sample_patient_shows_what_is_in_the_file (sqlite)",
		every_page_of_every_sample_patient_shows_what_is_in_the_file, world_setup_sqlite, world_teardown, NULL},
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
