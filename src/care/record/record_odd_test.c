/* SPDX-License-Identifier: Apache-2.0 */
/* Records as the world sends them: dates that are missing or contradict each other, codes without text and text without codes, units
 * that do not convert, duplicates, what was replaced, mistakes, references to nothing and to oneself.  Each is found in its list, on
 * its page and in every download, with what it says; no page breaks, nothing is left out without a word. */
#include "visitor.h"

#include "care/bluebutton/bluebutton.h"
#include "care/home/home.h"
#include "care/messaging/messaging.h"
#include "care/record/record_api.h"
#include "care/record/record_pages.h"
#include "care/record/record_test_help.h"
#include "platform/format/zip.h"
#include "trust/portal/portal.h"

static const struct route *const doors[] = {record_pages_routes, record_api_routes, bluebutton_routes, home_routes,
    messaging_routes, portal_routes, asset_routes, NULL};

#define LAB   "\"status\":\"final\",\"category\":[{\"coding\":[{\"code\":\"laboratory\"}]}],"
#define ABOUT "\"subject\":{\"reference\":\"Patient/x\"}"
#define PNG   "iVBORw0KGgo="

/* `says`: on its page and in the text, whatever else; NULL: nothing that it alone says. */
static const struct odd {
	const char *type, *section, *id, *rest, *says;
} odd[] = {
    /* dates */
    {"Observation", "labs", "undated", LAB "\"code\":{\"text\":\"Undated ferritin\"},\"valueString\":\"plenty\"," ABOUT,
	"Undated ferritin"},
    {"Observation", "labs", "year",
	LAB "\"code\":{\"text\":\"Ferritin of a year\"},\"effectiveDateTime\":\"1998\",\"valueString\":\"some\"," ABOUT,
	"1998"},
    {"Observation", "labs", "month",
	LAB
	"\"code\":{\"text\":\"Ferritin of a month\"},\"effectiveDateTime\":\"1998-04\",\"valueString\":\"some\"," ABOUT,
	"April 1998"},
    {"Observation", "labs", "first-day",
	LAB "\"code\":{\"text\":\"Ferritin of long ago\"},\"effectiveDateTime\":\"0001-01-01\"," ABOUT,
	"Ferritin of long ago"},
    {"Observation", "labs", "last-day",
	LAB "\"code\":{\"text\":\"Ferritin to come\"},\"effectiveDateTime\":\"9999-12-31T23:59:59.999+14:00\"," ABOUT,
	"Ferritin to come"},
    {"Condition", "problems", "backwards",
	"\"code\":{\"text\":\"Backward cough\"},\"onsetDateTime\":\"2030-01-05\",\"abatementDateTime\":\"1990-02-03\","
	"\"recordedDate\":\"2010-10-10\"," ABOUT,
	"2030"},
    {"Procedure", "procedures", "ends-first",
	"\"status\":\"completed\",\"code\":{\"text\":\"Reversed stitching\"},\"performedPeriod\":{\"start\":"
	"\"2020-05-05T10:00:00Z\",\"end\":\"2020-05-05T09:00:00Z\"}," ABOUT,
	"Reversed stitching"},
    {"Encounter", "visits", "open-visit",
	"\"status\":\"in-progress\",\"class\":{\"code\":\"IMP\"},\"type\":[{\"text\":\"Endless "
	"stay\"}],\"period\":{\"end\":"
	"\"2001-01-01\"}," ABOUT,
	"Endless stay"},
    /* codes and words */
    {"Observation", "labs", "code-only",
	LAB "\"code\":{\"coding\":[{\"system\":\"http://"
	    "loinc.org\",\"code\":\"99999-7\"}]},\"valueString\":\"grey\"," ABOUT,
	"99999-7"},
    {"Observation", "labs", "code-alone",
	LAB "\"code\":{\"coding\":[{\"code\":\"LOCAL77\"}]},\"valueInteger\":7," ABOUT, "LOCAL77"},
    {"Observation", "labs", "nameless", LAB "\"code\":{},\"valueString\":\"nameless value\"," ABOUT, "nameless value"},
    {"Condition", "problems", "nothing", ABOUT, NULL},
    {"MedicationRequest", "medicines", "no-medicine",
	"\"status\":\"active\",\"intent\":\"order\",\"medicationCodeableConcept\":{}," ABOUT, NULL},
    {"AllergyIntolerance", "allergies", "refuted",
	"\"code\":{\"text\":\"Doubtful nuts\"},\"verificationStatus\":{\"coding\":[{\"code\":\"refuted\"}]},"
	"\"patient\":{\"reference\":\"Patient/x\"}",
	"Doubtful nuts"},
    {"Immunization", "immunizations", "not-done",
	"\"status\":\"not-done\",\"statusReason\":{\"text\":\"They had a fever\"},\"vaccineCode\":{\"text\":\"Missed "
	"shot\"},\"occurrenceString\":\"some time in spring\",\"patient\":{\"reference\":\"Patient/x\"}",
	"Missed shot"},
    {"Observation", "labs", "markup",
	LAB "\"code\":{\"text\":\"<script>alert(1)</script> & \\u202eevil\\u202c\"},\"valueString\":\"a<b\"," ABOUT,
	NULL},
    /* values and units */
    {"Observation", "labs", "mg",
	LAB "\"code\":{\"coding\":[{\"system\":\"http://loinc.org\",\"code\":\"2345-7\"}],\"text\":\"Odd glucose\"},"
	    "\"effectiveDateTime\":\"2020-01-01\",\"valueQuantity\":{\"value\":90.10,\"unit\":\"mg/dL\"}," ABOUT,
	"90.10"},
    {"Observation", "labs", "mg-2",
	LAB "\"code\":{\"coding\":[{\"system\":\"http://loinc.org\",\"code\":\"2345-7\"}],\"text\":\"Odd glucose\"},"
	    "\"effectiveDateTime\":\"2019-01-01\",\"valueQuantity\":{\"value\":88.00,\"unit\":\"mg/dL\"}," ABOUT,
	"88.00"},
    {"Observation", "labs", "furlongs",
	LAB "\"code\":{\"coding\":[{\"system\":\"http://loinc.org\",\"code\":\"2345-7\"}],\"text\":\"Odd glucose\"},"
	    "\"effectiveDateTime\":\"2020-01-02\",\"valueQuantity\":{\"value\":7,\"unit\":\"furlong\"}," ABOUT,
	"furlong"},
    {"Observation", "labs", "bare-number",
	LAB "\"code\":{\"coding\":[{\"system\":\"http://loinc.org\",\"code\":\"2345-7\"}],\"text\":\"Odd glucose\"},"
	    "\"effectiveDateTime\":\"2020-01-03\",\"valueQuantity\":{\"value\":1234567.890}," ABOUT,
	"1234567.890"},
    {"Observation", "labs", "enormous",
	LAB "\"code\":{\"text\":\"Enormous count\"},\"valueQuantity\":{\"value\":1E+400,\"unit\":\"10*3/uL\"}," ABOUT,
	"Enormous count"},
    {"Observation", "labs", "at-least",
	LAB
	"\"code\":{\"text\":\"Bounded count\"},\"valueQuantity\":{\"value\":0,\"comparator\":\"<\",\"unit\":\"/uL\"},"
	"\"referenceRange\":[{\"low\":{\"value\":10},\"high\":{\"value\":5}}]," ABOUT,
	"Bounded count"},
    {"Observation", "labs", "absent",
	LAB "\"code\":{\"text\":\"Lost sample\"},\"dataAbsentReason\":{\"text\":\"The tube broke\"}," ABOUT,
	"The tube broke"},
    /* replaced, repeated, mistaken */
    {"DiagnosticReport", "labs", "twin-1",
	"\"status\":\"final\",\"category\":[{\"coding\":[{\"code\":\"LAB\"}]}],\"identifier\":[{\"value\":\"R-1\"}],"
	"\"code\":{\"text\":\"Twin report\"},\"effectiveDateTime\":\"2021-01-01\",\"conclusion\":\"first of "
	"twins\"," ABOUT,
	"first of twins"},
    {"DiagnosticReport", "labs", "twin-2",
	"\"status\":\"corrected\",\"category\":[{\"coding\":[{\"code\":\"LAB\"}]}],\"identifier\":[{\"value\":\"R-1\"}]"
	","
	"\"code\":{\"text\":\"Twin report\"},\"effectiveDateTime\":\"2021-01-01\",\"conclusion\":\"second of "
	"twins\"," ABOUT,
	"second of twins"},
    {"DiagnosticReport", "reports", "own-tail",
	"\"status\":\"partial\",\"code\":{\"text\":\"Report of itself\"},\"result\":[{\"reference\":\"DiagnosticReport/"
	"own-tail\"},{\"reference\":\"Observation/not-there\"},{\"display\":\"no reference\"}]," ABOUT,
	"Report of itself"},
    {"DocumentReference", "documents", "older",
	"\"status\":\"superseded\",\"type\":{\"text\":\"Letter, "
	"older\"},\"date\":\"2019-01-01T00:00:00Z\",\"content\":[{"
	"\"attachment\":{\"contentType\":\"text/plain\",\"data\":\"b2xkIHdvcmRz\"}}]," ABOUT,
	"Letter, older"},
    {"DocumentReference", "documents", "newer",
	"\"status\":\"current\",\"type\":{\"text\":\"Letter, "
	"newer\"},\"relatesTo\":[{\"code\":\"replaces\",\"target\":{"
	"\"reference\":\"DocumentReference/older\"}}],\"content\":[{\"attachment\":{\"contentType\":\"text/plain\","
	"\"data\":\"bmV3IHdvcmRz\"}}]," ABOUT,
	"Letter, newer"},
    {"DocumentReference", "documents", "no-picture",
	"\"status\":\"current\",\"type\":{\"text\":\"Picture of "
	"nothing\"},\"content\":[{\"attachment\":{\"contentType\":"
	"\"image/png\",\"data\":\"" PNG
	"\"}},{\"attachment\":{\"contentType\":\"application/pdf\",\"data\":\"AA==\"}},{"
	"\"attachment\":{\"url\":\"Binary/not-there\"}},{\"attachment\":{\"title\":\"empty\"}}]," ABOUT,
	"Picture of nothing"},
};
#define ODD_COUNT (sizeof(odd) / sizeof(odd[0]))

static const struct odd mistakes[] = {
    {"Observation", "labs", "error",
	"\"status\":\"entered-in-error\",\"category\":[{\"coding\":[{\"code\":\"laboratory\"}]}],\"code\":{\"text\":"
	"\"Somebody else's value\"},\"valueString\":\"never mine\"," ABOUT,
	"Somebody else"},
    {"Condition", "problems", "error",
	"\"code\":{\"text\":\"Wrong "
	"chart\"},\"verificationStatus\":{\"coding\":[{\"code\":\"entered-in-error\"}]}," ABOUT,
	"Wrong chart"},
};
#define MISTAKE_COUNT (sizeof(mistakes) / sizeof(mistakes[0]))

struct scene {
	struct visits v;
	struct visitor bo, ben;
	const char *team; /* base of the care team's pages */
};

static void
put_odd(struct scene *s, const struct odd *o)
{
	put_text(s->v.world, s->v.people.bo,
	    arena_printf(&s->v.world->arena, "{\"resourceType\":\"%s\",\"id\":\"%s\",%s}", o->type, o->id, o->rest));
}

static void
scene_open(struct scene *s, struct world *world)
{
	*s = (struct scene){0};
	assert_ok(record_init(world->vault));
	visit_begin(&s->v, world, doors);
	s->bo = visitor_of(&s->v, s->v.people.bo_account);
	s->ben = visitor_of(&s->v, s->v.people.ben);
	s->team = path_z(&s->v, "/patients/%s/record", id_z(&s->v, s->v.people.bo.v));
	for (size_t i = 0; i < ODD_COUNT; i++)
		put_odd(s, &odd[i]);
	for (size_t i = 0; i < MISTAKE_COUNT; i++)
		put_odd(s, &mistakes[i]);
}

static void
scene_close(struct scene *s)
{
	visit_end(&s->v);
}

static str
body_of(struct scene *s, const struct visitor *who, const char *path)
{
	struct reply reply = visit(&s->v, who, path);

	if (reply.status != 200)
		fail_msg("%s answered %d", path, reply.status);
	return reply.body;
}

static void
assert_says(str body, const char *path, const char *word)
{
	if (!str_contains(body, str_from_z(word)))
		fail_msg("%s does not say \"%s\"", path, word);
}

static void
each_is_in_its_list_and_on_its_page(void **state)
{
	struct scene s;

	scene_open(&s, *state);
	for (size_t i = 0; i < ODD_COUNT; i++) {
		const struct odd *o = &odd[i];
		bool report = str_equal(str_from_z(o->type), S("DiagnosticReport"));
		const char *list = path_z(
		    &s.v, "/record/%s?%sprint=1", o->section, report && o->section[0] == 'l' ? "view=reports&" : "");
		const char *page = path_z(&s.v, "/record/%s/%s", o->section, o->id);
		str body = body_of(&s, &s.bo, page);

		if (o->says)
			assert_says(body, page, o->says);
		body_of(&s, &s.bo, path_z(&s.v, "%s?print=1", page));
		body_of(&s, &s.ben, path_z(&s.v, "%s/%s/%s", s.team, o->section, o->id));
		/* measurements are a line for each test, with the newest; the rest a line each */
		if (strcmp(o->section, "labs") != 0 || report)
			assert_says(body_of(&s, &s.bo, list), list, path_z(&s.v, "/%s/%s\"", o->section, o->id));
	}
	assert_false(str_contains(body_of(&s, &s.bo, "/record/labs/markup"), S("<script>alert")));
	assert_says(body_of(&s, &s.bo, "/record/labs/mg"), "the plot", "in other units stand in the table only");
	scene_close(&s);
}

static void
mistakes_are_told_and_not_shown_as_true(void **state)
{
	struct scene s;

	scene_open(&s, *state);
	for (size_t i = 0; i < MISTAKE_COUNT; i++) {
		const struct odd *o = &mistakes[i];
		const char *page = path_z(&s.v, "/record/%s/%s", o->section, o->id);

		assert_false(str_contains(
		    body_of(&s, &s.bo, path_z(&s.v, "/record/%s?print=1", o->section)), str_from_z(o->says)));
		assert_says(body_of(&s, &s.bo, page), page, "Marked as a mistake");
	}
	assert_says(body_of(&s, &s.bo, "/download/salve-record.txt"), "the text", "marked as a mistake");
	assert_false(str_contains(body_of(&s, &s.bo, "/download/salve-record.txt"), S("Wrong chart")));
	scene_close(&s);
}

/* All that a ZIP holds, one after the other. */
static str
unpacked(struct scene *s, str archive)
{
	struct buf all = BUF_INIT(&s->v.trial.arena);
	struct zip_entries entries;

	assert_ok(zip_read(&s->v.trial.arena, archive, &entries));
	for (size_t i = 0; i < entries.count; i++) {
		str text;

		assert_ok(zip_extract(&s->v.trial.arena, &entries.items[i], 1 << 24, &text));
		buf_add(&all, text);
	}
	return buf_str(&all);
}

static void
each_is_in_every_download(void **state)
{
	/* documents of the clinic for other clinics hold what their standard has a place for */
	static const char *const whole[] = {"/download/salve-record.txt", "/download/salve-record.json",
	    "/download/salve-record.ndjson", "/download/salve-tables.zip", "/download/salve-everything.zip"};
	static const char *const others[] = {
	    "/download/salve-record.pdf", "/download/salve-summary.json", "/download/ccd.xml"};
	struct scene s;

	scene_open(&s, *state);
	for (size_t f = 0; f < sizeof(whole) / sizeof(whole[0]); f++) {
		str body = body_of(&s, &s.bo, whole[f]);

		body = str_ends(str_from_z(whole[f]), S(".zip")) ? unpacked(&s, body) : body;
		for (size_t i = 0; i < ODD_COUNT; i++)
			if (odd[i].says && !str_starts(str_from_z(odd[i].says), S("April")))
				assert_says(body, whole[f], odd[i].says);
	}
	for (size_t f = 0; f < sizeof(others) / sizeof(others[0]); f++)
		assert_true(body_of(&s, &s.bo, others[f]).n > 1000);
	scene_close(&s);
}

static void
the_whole_record_opens_for_patient_and_team(void **state)
{
	static const char *const pages[] = {"", "?print=1", "/labs", "/labs?view=reports", "/vitals", "/medicines",
	    "/problems", "/allergies", "/immunizations", "/visits", "/procedures", "/notes", "/reports", "/documents",
	    "/care-team", "/plans", "/devices", "/insurance", "/details", "/other", "/labs?from=0001-01-01",
	    "/labs?year=1998", "/labs?q=ferritin"};
	struct scene s;

	scene_open(&s, *state);
	for (size_t i = 0; i < sizeof(pages) / sizeof(pages[0]); i++) {
		body_of(&s, &s.bo, path_z(&s.v, "/record%s", pages[i]));
		body_of(&s, &s.ben, path_z(&s.v, "%s%s", s.team, pages[i]));
	}
	body_of(&s, &s.bo, "/home");
	for (size_t i = 0; i < ODD_COUNT; i++)
		body_of(&s, &s.bo, path_z(&s.v, "/messages/new?about=%s/%s", odd[i].type, odd[i].id));
	scene_close(&s);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    WORLD_TEST(each_is_in_its_list_and_on_its_page),
	    WORLD_TEST(mistakes_are_told_and_not_shown_as_true),
	    WORLD_TEST(each_is_in_every_download),
	    WORLD_TEST(the_whole_record_opens_for_patient_and_team),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
