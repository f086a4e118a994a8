/* SPDX-License-Identifier: Apache-2.0 */
/* Hidden on one face is hidden on all: every class of release × every face × who asks × every rule, over a real server; and the
 * pages on which a facility and a patient set the rules, and on which what waits is opened. */
#include "visitor.h"

#include "care/administration/administration.h"
#include "care/bluebutton/bluebutton.h"
#include "care/home/home.h"
#include "care/messaging/messaging.h"
#include "care/record/record_api.h"
#include "care/record/record_pages.h"
#include "care/record/record_release.h"
#include "care/record/record_test_help.h"
#include "platform/format/zip.h"
#include "trust/portal/portal.h"

static const struct route *const doors[] = {record_pages_routes, record_api_routes, bluebutton_routes, home_routes,
    messaging_routes, administration_routes, portal_routes, asset_routes, NULL};

#define CATEGORY(code) "\"category\":[{\"coding\":[{\"code\":\"" code "\"}]}],"
#define NAMED(word)    "\"code\":{\"text\":\"Canary" word "\"},"
#define ABOUT          "\"subject\":{\"reference\":\"Patient/x\"}"

/* One entry of each class, with a word of its own. */
static const struct bird {
	enum release_class class;
	const char *type, *word, *rest;
} birds[] = {
    {RELEASE_LABS, "Observation", "Wren",
	"\"status\":\"final\"," CATEGORY("laboratory") NAMED("Wren") "\"valueString\":\"CanaryWren\"," ABOUT},
    {RELEASE_MICROBIOLOGY, "Observation", "Finch",
	"\"status\":\"final\",\"category\":[{\"coding\":[{\"code\":\"laboratory\"},{\"code\":\"MB\"}]}]," NAMED(
	    "Finch") "\"valueString\":\"CanaryFinch\"," ABOUT},
    {RELEASE_PATHOLOGY, "DiagnosticReport", "Robin",
	"\"status\":\"final\"," CATEGORY("SP") NAMED("Robin") "\"conclusion\":\"CanaryRobin\"," ABOUT},
    {RELEASE_IMAGING, "DiagnosticReport", "Heron",
	"\"status\":\"final\"," CATEGORY("RAD") NAMED("Heron") "\"conclusion\":\"CanaryHeron\"," ABOUT},
    {RELEASE_HEART, "DiagnosticReport", "Swift",
	"\"status\":\"final\"," CATEGORY("EC") NAMED("Swift") "\"conclusion\":\"CanarySwift\"," ABOUT},
    {RELEASE_REPORTS, "DiagnosticReport", "Stork", "\"status\":\"final\"," NAMED("Stork") ABOUT},
    {RELEASE_NOTES, "DocumentReference", "Crane",
	"\"status\":\"current\"," CATEGORY("clinical-note") "\"type\":{\"text\":\"CanaryCrane\"},\"content\":[{"
							    "\"attachment\":{\"contentType\":\"text/plain\","
							    "\"data\":\"eA==\"}}]," ABOUT},
    {RELEASE_DISCHARGE, "DocumentReference", "Eagle",
	"\"status\":\"current\"," CATEGORY(
	    "clinical-note") "\"type\":{\"coding\":[{\"code\":\"18842-5\"}],\"text\":\"CanaryEagle\"},"
			     "\"content\":[{\"attachment\":{\"title\":\"x\"}}]," ABOUT},
    {RELEASE_DOCUMENTS, "DocumentReference", "Raven",
	"\"status\":\"current\",\"type\":{\"text\":\"CanaryRaven\"},\"content\":[{\"attachment\":{\"title\":\"x\"}}]"
	"," ABOUT},
    {RELEASE_PROBLEMS, "Condition", "Goose", NAMED("Goose") ABOUT},
    {RELEASE_MESSAGE_NOTES, "DocumentReference", "Egret",
	"\"status\":\"current\",\"type\":{\"text\":\"CanaryEgret\"},\"context\":{\"related\":[{\"type\":"
	"\"Communication\"}]},"
	"\"content\":[{\"attachment\":{\"title\":\"x\"}}]," ABOUT},
};
#define BIRD_COUNT (sizeof(birds) / sizeof(birds[0]))

/* ---- the scene: Bo, who lets María see his record, and Ben, who cares for him ---- */

struct scene {
	struct visits v;
	int arrivals, told_of;
	struct visitor bo, maria, ben, root;
};

static void
scene_open(struct scene *s, struct world *world)
{
	*s = (struct scene){0};
	assert_ok(record_init(world->vault));
	visit_begin(&s->v, world, doors);
	people_delegate(world, &s->v.people, RIGHT_RECORD_READ);
	s->bo = visitor_of(&s->v, s->v.people.bo_account);
	s->ben = visitor_of(&s->v, s->v.people.ben);
	s->root = visitor_of(&s->v, s->v.people.root);
	s->maria = visitor_acting(&s->v, s->v.people.bo, visitor_of(&s->v, s->v.people.maria_account));
}

static void
arrive(struct scene *s, size_t i)
{
	struct cx cx = world_cx(s->v.world);
	const struct json_value *json;
	struct resource_draft *draft;
	struct resource_put_result result;

	cx.now = instant_read_clock();
	assert_ok(json_parse(cx.arena,
	    arena_printf(cx.arena, "{\"resourceType\":\"%s\",\"id\":\"bird-%zu\",\"language\":\"x-%d\",%s}",
		birds[i].type, i, ++s->arrivals, birds[i].rest), /* a new version each time */
	    &json, NULL));
	assert_ok(resource_prepare(&cx,
	    &(struct resource_new){.patient = s->v.people.bo, .json = json, .id = json_text_at(json, "id")}, &draft));
	assert_ok(db_write(&cx, put_act, &(struct put){&draft, 1, &result}));
	db_release(&cx);
}

/* ---- every face ---- */

/* %s: the base of the record; the lists of all sections, the entry itself, the whole record as files, the API. */
static const char *const faces_of_all[] = {"%s", "%s/labs", "%s/labs?view=reports", "%s/labs?q=canary", "%s/notes",
    "%s/reports", "%s/documents", "%s/problems", "%s/other", "%s/notes?q=canary", "%s?print=1"};
static const char *const faces_of_patient[] = {"/download", "/download/salve-record.txt", "/download/salve-record.json",
    "/download/salve-record.ndjson", "/download/salve-summary.json", "/download/ccd.xml", "/download/salve-tables.zip",
    "/download/salve-everything.zip"};
static const char *const faces_of_api[] = {"/fhir/%s/bird-%zu", "/fhir/%s/bird-%zu/_history",
    "/fhir/%s/bird-%zu/_history/1", "/fhir/%s?patient=%s", "/fhir/%s?patient=%s&_count=0", "/fhir/%s?_id=bird-%zu"};

static bool
zip_mentions(struct scene *s, str archive, str word)
{
	struct zip_entries entries;

	assert_ok(zip_read(&s->v.trial.arena, archive, &entries));
	for (size_t i = 0; i < entries.count; i++) {
		str text;

		assert_ok(zip_extract(&s->v.trial.arena, &entries.items[i], 1 << 24, &text));
		if (str_contains(text, word))
			return true;
	}
	return false;
}

static size_t
mentions(struct scene *s, const struct visitor *who, const char *path, const char *word, size_t *asked)
{
	struct reply reply = visit(&s->v, who, path);

	if (reply.status >= 500)
		fail_msg("%s answered %d", path, reply.status);
	++*asked;
	if (str_ends(str_from_z(path), S(".zip")))
		return zip_mentions(s, reply.body, arena_printf(&s->v.trial.arena, "Canary%s", word));
	return str_contains(reply.body, arena_printf(&s->v.trial.arena, "Canary%s", word));
}

/* On how many faces the bird is seen by this person. */
static size_t
seen(struct scene *s, const struct visitor *who, size_t i)
{
	const char *base =
	    who == &s->ben ? path_z(&s->v, "/patients/%s/record", id_z(&s->v, s->v.people.bo.v)) : "/record";
	static const char *const sections[] = {"labs", "reports", "notes", "documents", "problems"};
	const char *type = birds[i].type, *word = birds[i].word;
	size_t count = 0, asked = 0;

	for (size_t f = 0; f < sizeof(faces_of_all) / sizeof(faces_of_all[0]); f++)
		count += mentions(s, who, path_z(&s->v, faces_of_all[f], base), word, &asked);
	for (size_t f = 0; who != &s->ben && f < sizeof(faces_of_patient) / sizeof(faces_of_patient[0]); f++)
		count += mentions(s, who, faces_of_patient[f], word, &asked);
	for (size_t f = 0; f < 3; f++)
		count += mentions(s, who, path_z(&s->v, faces_of_api[f], type, i), word, &asked);
	count += mentions(s, who, path_z(&s->v, faces_of_api[3], type, id_z(&s->v, s->v.people.bo.v)), word, &asked);
	count += mentions(s, who, path_z(&s->v, faces_of_api[5], type, i), word, &asked);
	for (size_t f = 0; f < sizeof(sections) / sizeof(sections[0]); f++)
		count += mentions(s, who, path_z(&s->v, "%s/%s/bird-%zu", base, sections[f], i), word, &asked);
	if (who == &s->bo) {
		count += mentions(s, who, "/home", word, &asked);
		count += mentions(s, who, path_z(&s->v, "/messages/new?about=%s/bird-%zu", type, i), word, &asked);
	}
	assert_true(asked > 15);
	return count;
}

/* Does the API say that something of this type is not here yet? */
static bool
is_told_of(struct scene *s, size_t i)
{
	struct reply reply =
	    visit(&s->v, &s->bo, path_z(&s->v, faces_of_api[3], birds[i].type, id_z(&s->v, s->v.people.bo.v)));

	return str_contains(reply.body, S("\"code\":\"suppressed\""));
}

/* How many of its type the API counts for this person. */
static str
total(struct scene *s, const struct visitor *who, size_t i)
{
	struct reply reply =
	    visit(&s->v, who, path_z(&s->v, faces_of_api[4], birds[i].type, id_z(&s->v, s->v.people.bo.v)));
	const struct json_value *json;

	assert_int_equal(reply.status, 200);
	assert_ok(json_parse(&s->v.trial.arena, reply.body, &json, NULL));
	return json_number_text(json_get(json, "total"));
}

static void
assert_hidden(struct scene *s, size_t i, bool hidden)
{
	size_t bo = seen(s, &s->bo, i), maria = seen(s, &s->maria, i), ben = seen(s, &s->ben, i);

	if (hidden ? bo || maria : bo < 5 || maria < 5)
		fail_msg("%s is seen by Bo on %zu faces, by María on %zu", birds[i].word, bo, maria);
	if (ben < 5)
		fail_msg("%s is seen by Ben on %zu faces only", birds[i].word, ben);
	assert_int_equal(str_equal(total(s, &s->bo, i), total(s, &s->ben, i)), !hidden);
	assert_true(str_equal(total(s, &s->bo, i), total(s, &s->maria, i)));
	if (hidden)
		s->told_of += is_told_of(s, i); /* not of what is only part of an entry that waits */
	else
		assert_false(is_told_of(s, i));
}

/* ---- rules, set on the pages ---- */

static void
facility_rule(struct scene *s, enum release_class class, const char *mode, const char *hours)
{
	struct buf form = BUF_INIT(&s->v.trial.arena);

	for (int i = 1; i < RELEASE_CLASSES; i++)
		buf_printf(&form, "%smode-%d=%s&hours-%d=%s", i > 1 ? "&" : "", i, i == (int)class ? mode : "now", i,
		    i == (int)class ? hours : "");
	assert_moved(submit(&s->v, &s->root, "/admin/release", "%s", arena_z(&s->v.trial.arena, buf_str(&form))));
}

static void
own_pace(struct scene *s, enum release_class class, const char *pace, const char *days)
{
	assert_moved(
	    submit(&s->v, &s->bo, path_z(&s->v, "/record/pace/%d", (int)class), "pace=%s&days=%s", pace, days));
}

static void
hidden_on_one_face_is_hidden_on_all(void **state)
{
	static const struct {
		const char *facility, *hours, *own, *days;
		bool hidden;
	} rules[] = {{"now", "", "clinic", "", false}, {"after", "72", "clinic", "", true},
	    {"ask", "", "clinic", "", true}, {"ask", "", "now", "", false}, {"now", "", "days", "3", true},
	    {"now", "", "talk", "", true}, {"now", "", "ask", "", true}, {"after", "72", "now", "", true}};
	struct scene s;

	scene_open(&s, *state);
	for (size_t r = 0; r < sizeof(rules) / sizeof(rules[0]); r++)
		for (size_t i = r % 2; i < BIRD_COUNT;
		     i += 2) { /* every rule with half of the classes, every class often */
			facility_rule(&s, birds[i].class, rules[r].facility, rules[r].hours);
			own_pace(&s, birds[i].class, rules[r].own, rules[r].days);
			arrive(&s, i);
			assert_hidden(&s, i, rules[r].hidden);
			own_pace(&s, birds[i].class, "clinic", "");
		}
	assert_true(s.told_of > 0);
	visit_end(&s.v);
}

static void
what_waits_is_opened_by_who_may(void **state)
{
	struct scene s;
	const char *ben_list, *ben_open;

	scene_open(&s, *state);
	facility_rule(&s, RELEASE_PATHOLOGY, "after", "336");
	own_pace(&s, RELEASE_LABS, "ask", "");
	for (size_t i = 0; i < BIRD_COUNT; i++)
		arrive(&s, i);
	ben_list = path_z(&s.v, "/patients/%s/record/waiting", id_z(&s.v, s.v.people.bo.v));
	ben_open = path_z(&s.v, "%s/DiagnosticReport/bird-2/open", ben_list);
	assert_shows(visit(&s.v, &s.bo, "/record/waiting"), "Your clinic shows it from");
	assert_shows(visit(&s.v, &s.bo, "/record/waiting"), "You chose to be asked each time.");
	assert_lacks(visit(&s.v, &s.bo, "/record/waiting"), "Canary");
	assert_lacks(visit(&s.v, &s.maria, "/record/waiting"), "Show it now");
	assert_shows(visit(&s.v, &s.bo, "/record"), "2 entries wait for you");
	assert_shows(visit(&s.v, &s.bo, "/record/labs"), "1 entry waits for you");
	assert_shows(visit(&s.v, &s.bo, "/home"), "2 entries wait for you");
	assert_shows(visit(&s.v, &s.ben, ben_list), "Let the patient see it now");
	assert_shows(visit(&s.v, &s.ben, path_z(&s.v, "/patients/%s/record/labs/bird-0", id_z(&s.v, s.v.people.bo.v))),
	    "The patient does not see this yet");

	assert_int_equal(submit(&s.v, &s.bo, "/record/waiting/DiagnosticReport/bird-2/open", "x=").status, 403);
	assert_hidden(&s, 2, true);
	assert_moved(submit(&s.v, &s.ben, ben_open, "x="));
	assert_hidden(&s, 2, false);
	assert_true(str_equal(assert_moved(submit(&s.v, &s.bo, "/record/waiting/Observation/bird-0/open", "x=")),
	    S("/record/labs/bird-0")));
	assert_hidden(&s, 0, false);
	assert_shows(visit(&s.v, &s.bo, "/record/waiting"), "Everything in your record is shown to you.");
	visit_end(&s.v);
}

static void
the_office_sets_rules_and_is_told_what_is_wrong(void **state)
{
	struct scene s;

	scene_open(&s, *state);
	assert_shows(visit(&s.v, &s.root, "/admin/release"), "Pathology");
	assert_int_equal(submit(&s.v, &s.root, "/admin/release", "mode-1=after&hours-1=many").status, 400);
	assert_int_equal(
	    submit(&s.v, &s.root, "/admin/release/codes", "class=1&code=two+words&mode=ask&hours=").status, 400);
	assert_int_equal(submit(&s.v, &s.root, "/admin/release/codes", "class=1&code=&mode=ask&hours=").status, 400);
	assert_moved(submit(
	    &s.v, &s.root, "/admin/release/codes", "class=1&code=http%%3A%%2F%%2Floinc.org%%7C5221-7&mode=ask&hours="));
	assert_shows(visit(&s.v, &s.root, "/admin/release"), "Remove http://loinc.org|5221-7");
	assert_shows(visit(&s.v, &s.root, "/admin/release"), "ask the patient first");
	assert_moved(submit(&s.v, &s.root, "/admin/release/codes/1/remove?code=http%3A%2F%2Floinc.org%7C5221-7", "x="));
	assert_lacks(visit(&s.v, &s.root, "/admin/release"), "Remove http://loinc.org|5221-7");
	facility_rule(&s, RELEASE_NOTES, "after", "36");
	assert_shows(visit(&s.v, &s.bo, "/record/pace"), "Your clinic shows them 36 hours later.");
	assert_int_equal(submit(&s.v, &s.bo, "/record/pace/1", "pace=days&days=0").status, 400);
	assert_int_equal(submit(&s.v, &s.bo, "/record/pace/1", "pace=&days=").status, 400);
	assert_int_equal(submit(&s.v, &s.bo, "/record/pace/99", "pace=now&days=").status, 404);
	own_pace(&s, RELEASE_NOTES, "talk", "");
	assert_shows(visit(&s.v, &s.bo, "/record/pace"), "Your choice: after your care team talked with you");
	visit_end(&s.v);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    WORLD_TEST(hidden_on_one_face_is_hidden_on_all),
	    WORLD_TEST(what_waits_is_opened_by_who_may),
	    WORLD_TEST(the_office_sets_rules_and_is_told_what_is_wrong),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
