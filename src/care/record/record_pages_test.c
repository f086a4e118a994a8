/* SPDX-License-Identifier: Apache-2.0 */
/* Every door for every kind of caller, what cannot become markup, mistakes, and who looked. */
#include "care/record/record_pages_test_help.h"

#include "care/bluebutton/bluebutton.h"
#include "care/home/home.h"
#include "care/record/record_pages.h"

static const struct route *const doors[] = {record_pages_routes, bluebutton_routes, home_routes};
#define DOOR_TABLES (sizeof(doors) / sizeof(doors[0]))

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
    {"notes", "DocumentReference",
	CATEGORY("clinical-note") ",\"status\":\"current\",\"content\":[{\"attachment\":{\"title\":\"A note\"}}]"},
    {"reports", "DiagnosticReport", CATEGORY("LP29684-5") ",\"status\":\"final\",\"code\":{\"text\":\"Chest film\"}"},
    {"documents", "DocumentReference",
	"\"status\":\"current\",\"content\":[{\"attachment\":{\"contentType\":\"text/html\",\"data\":"
	"\"PHNjcmlwdD5hbGVydCgxKTwvc2NyaXB0PkhlbGxv\",\"title\":\"A \\\"letter\\\"\"}}]"},
    {"care-team", "CareTeam", "\"status\":\"active\",\"name\":\"Maple\""},
    {"plans", "Goal", "\"lifecycleStatus\":\"active\",\"description\":{\"text\":\"Walk\"}"},
    {"devices", "Device",
	"\"status\":\"active\",\"deviceName\":[{\"name\":\"Pacemaker\",\"type\":\"user-friendly-name\"}]"},
    {"insurance", "Coverage", "\"status\":\"active\",\"payor\":[{\"display\":\"Payer\"}]"},
    {"details", "RelatedPerson", "\"name\":[{\"text\":\"Ana Lopez\"}]"},
    {"other", "Account", "\"status\":\"active\",\"name\":\"Bill\""},
};
#define SAMPLE_COUNT (sizeof(samples) / sizeof(samples[0]))

static str
subject_member(const char *type)
{
	if (strcmp(type, "Coverage") == 0)
		return S("beneficiary");
	return strcmp(type, "AllergyIntolerance") == 0 || strcmp(type, "Immunization") == 0 ||
	               strcmp(type, "Device") == 0 || strcmp(type, "RelatedPerson") == 0
	           ? S("patient")
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
		sample = &samples[10]; /* the document */
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

			if (row->writes || str_contains(str_from_z(row->pattern), S("{export}")))
				continue; /* test/journeys/routes.mjs; no download was prepared here */
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

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    WORLD_TEST(every_door_opens_for_the_right_people_only),
	    WORLD_TEST(what_is_in_the_data_cannot_become_markup),
	    WORLD_TEST(a_mistake_is_counted_but_not_listed),
	    WORLD_TEST(the_patient_reads_who_looked_and_why),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
