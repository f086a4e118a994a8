/* SPDX-License-Identifier: Apache-2.0 */
/* Hidden by a rule of release is hidden in every way of reading, for the patient and who acts for them, and for nobody else;
 * and what the index hides is what judging every entry hides. */
#include <stdlib.h>

#include "care/record/record_release.h"
#include "care/record/record_test_help.h"

#define LAB_CATEGORY  "\"category\":[{\"coding\":[{\"code\":\"laboratory\"}]}],"
#define PATH_CATEGORY "\"category\":[{\"coding\":[{\"code\":\"LAB\"},{\"code\":\"SP\"}]}],"
#define NOTE_CATEGORY "\"category\":[{\"coding\":[{\"code\":\"clinical-note\"}]}],"
#define CODE(c)       "\"code\":{\"coding\":[{\"system\":\"http://loinc.org\",\"code\":\"" c "\"}]},"
#define SUBJECT       "\"subject\":{\"reference\":\"Patient/x\"}"

struct room {
	struct world *world;
	struct people people;
};

/* The clock of the tests stands this far behind the making of the people, so that rules and entries can come before. */
#define DAYS_ON 20

static instant
day(const struct room *room, unsigned days)
{
	return (instant){room->world->cx.now.ms + (int64_t)days * DAY_MS};
}

static struct cx
as(struct room *room, account_id who)
{
	return people_as_at(room->world, who, day(room, DAYS_ON));
}

static struct cx
system_cx(struct room *room)
{
	struct cx cx = world_cx(room->world);

	cx.now = day(room, DAYS_ON);
	return cx;
}

static void
put_at(struct room *room, str text, instant arrived)
{
	struct cx cx = world_cx(room->world);
	const struct json_value *json;
	struct resource_draft *draft;
	struct resource_put_result result;

	assert_ok(json_parse(cx.arena, text, &json, NULL));
	assert_ok(resource_prepare(&cx,
	    &(struct resource_new){
		.patient = room->people.bo, .json = json, .id = json_text_at(json, "id"), .updated = arrived},
	    &draft));
	assert_ok(db_write(&cx, put_act, &(struct put){&draft, 1, &result}));
	db_release(&cx);
}

/* Of the day of the test's clock unless something else is said. */
static const struct {
	resource_type type;
	const char *id, *text;
} all[] = {
    {RESOURCE_OBSERVATION, "glucose",
	"{\"resourceType\":\"Observation\",\"id\":\"glucose\",\"status\":\"final\"," LAB_CATEGORY CODE("2345-7") SUBJECT
	"}"},
    {RESOURCE_OBSERVATION, "hiv",
	"{\"resourceType\":\"Observation\",\"id\":\"hiv\",\"status\":\"final\"," LAB_CATEGORY CODE("5221-7") SUBJECT
	"}"},
    {RESOURCE_OBSERVATION, "old",
	"{\"resourceType\":\"Observation\",\"id\":\"old\",\"status\":\"final\"," LAB_CATEGORY CODE("2345-7") SUBJECT
	",\"effectiveDateTime\":\"2001-02-03\",\"issued\":\"2001-02-03T00:00:00Z\"}"},
    {RESOURCE_OBSERVATION, "tumor",
	"{\"resourceType\":\"Observation\",\"id\":\"tumor\",\"status\":\"final\"," LAB_CATEGORY CODE("21889-1") SUBJECT
	"}"},
    {RESOURCE_DIAGNOSTIC_REPORT, "biopsy",
	"{\"resourceType\":\"DiagnosticReport\",\"id\":\"biopsy\",\"status\":\"final\"," PATH_CATEGORY CODE("66746-9")
	    SUBJECT ",\"result\":[{\"reference\":\"Observation/tumor\"}],"
		    "\"presentedForm\":[{\"url\":\"Binary/slide\"}]}"},
    {RESOURCE_DIAGNOSTIC_REPORT, "panel",
	"{\"resourceType\":\"DiagnosticReport\",\"id\":\"panel\",\"status\":\"final\"," LAB_CATEGORY CODE("24323-8")
	    SUBJECT ",\"result\":[{\"reference\":\"Observation/hiv\"}]}"},
    {RESOURCE_BINARY, "slide",
	"{\"resourceType\":\"Binary\",\"id\":\"slide\",\"contentType\":\"text/plain\",\"data\":\"eA==\"}"},
    {RESOURCE_PROVENANCE, "signed",
	"{\"resourceType\":\"Provenance\",\"id\":\"signed\",\"target\":[{\"reference\":\"DiagnosticReport/biopsy\"}],"
	"\"recorded\":\"2026-01-01T00:00:00Z\",\"agent\":[{\"who\":{\"display\":\"Dr. Okafor\"}}]}"},
    {RESOURCE_DOCUMENT_REFERENCE, "note",
	"{\"resourceType\":\"DocumentReference\",\"id\":\"note\",\"status\":\"current\"," NOTE_CATEGORY SUBJECT
	",\"content\":[{\"attachment\":{\"url\":\"Binary/page\"}}]}"},
    {RESOURCE_BINARY, "page",
	"{\"resourceType\":\"Binary\",\"id\":\"page\",\"contentType\":\"text/plain\",\"data\":\"eA==\"}"},
    {RESOURCE_CONDITION, "cold", "{\"resourceType\":\"Condition\",\"id\":\"cold\"," CODE("J00") SUBJECT "}"},
};
#define ALL_COUNT (sizeof(all) / sizeof(all[0]))

/* ---- every way of reading ---- */

static const struct err *
look_for(void *arg, const struct resource *resource)
{
	struct buf *seen = arg;

	buf_printf(seen, " %s/%.*s ", resource_type_name((resource_type)resource->type), STR_ARG(resource->id));
	return NULL;
}

/* Every way agrees whether it is there; fails the test when one does not. */
static bool
shows(struct cx *cx, patient_id patient, resource_type type, const char *id)
{
	struct resource one;
	struct db_rows rows;
	str wanted = str_from_z(id), single[] = {wanted};
	struct resource_token_filter by_id = {.param = "_id", .values = single, .count = 1};
	struct resource_search search = {.patient = patient, .type = type, .count = 100};
	struct buf seen = BUF_INIT(cx->arena);
	int64_t total, *counts = ARENA_ARRAY(cx->arena, int64_t, (size_t)resource_type_count() + 1);
	const struct err *error = resource_get(cx, type, wanted, &one);
	bool there = !error, found;

	if (error)
		assert_int_equal(error->code, ERR_GONE);
	assert_true(there == !resource_get_version(cx, type, wanted, 1, &one));
	assert_true(there == !resource_history(cx, type, wanted, &rows));
	assert_ok(resource_resolve(cx, arena_printf(cx->arena, "%s/%s", resource_type_name(type), id), &one, &found));
	assert_true(there == found);
	search.tokens = &by_id;
	search.token_count = 1;
	assert_ok(resource_find(cx, &search, &rows, &total));
	assert_true(rows.count == (there ? 1 : 0) && total == (int64_t)rows.count);
	search.token_count = 0;
	assert_ok(resource_find(cx, &search, &rows, &total));
	assert_ok(resource_counts(cx, patient, counts));
	assert_int_equal(total, counts[type]);
	assert_int_equal(rows.count, total);
	for (size_t i = 0; i < rows.count; i++)
		look_for(&seen, (const struct resource *)rows.items + i);
	wanted = arena_printf(cx->arena, " %s/%s ", resource_type_name(type), id);
	assert_true(there == str_contains(buf_str(&seen), wanted));
	buf_clear(&seen);
	assert_ok(resource_each(cx, patient, 0, look_for, &seen));
	assert_true(there == str_contains(buf_str(&seen), wanted));
	buf_clear(&seen);
	assert_ok(resource_each(cx, patient, type, look_for, &seen));
	assert_true(there == str_contains(buf_str(&seen), wanted));
	return there;
}

/* What `cx` does not see: "hiv panel". */
static str
missing(struct room *room, struct cx *cx)
{
	struct buf out = BUF_INIT(&room->world->arena);

	for (size_t i = 0; i < ALL_COUNT; i++)
		if (!shows(cx, room->people.bo, all[i].type, all[i].id))
			buf_printf(&out, "%s%s", out.n ? " " : "", all[i].id);
	return out.n ? buf_str(&out) : S("");
}

static void
assert_missing(struct room *room, str expected)
{
	struct cx callers[] = {as(room, room->people.bo_account),
	    people_acting(room->world, room->people.maria_account, room->people.bo), as(room, room->people.ben),
	    system_cx(room)};

	callers[1].now = day(room, DAYS_ON);
	for (size_t i = 0; i < 4; i++) {
		str found = missing(room, &callers[i]), wanted = i < 2 ? expected : S("");

		if (!str_equal(found, wanted))
			fail_msg("caller %zu misses '%.*s', not '%.*s'", i, STR_ARG(found), STR_ARG(wanted));
		db_release(&callers[i]);
	}
}

static struct cx
day_before(struct room *room, account_id account)
{
	return people_as_at(room->world, account, day(room, DAYS_ON - 1));
}

static void
set_rule(struct room *room, struct release_rule rule)
{
	struct cx root = day_before(room, room->people.root);

	assert_ok(release_rules_set(&root, &rule, 1));
	db_release(&root);
}

static void
choose(struct room *room, struct release_rule choice)
{
	struct cx bo = day_before(room, room->people.bo_account);

	choice.own = true;
	assert_ok(release_pacing_set(&bo, room->people.bo, &choice));
	db_release(&bo);
}

static void
furnish(struct room *room, void **state)
{
	*room = (struct room){.world = *state};
	setup(room->world, &room->people);
	people_delegate(room->world, &room->people, RIGHT_RECORD_READ);
	for (size_t i = 0; i < ALL_COUNT; i++)
		put_at(room, str_from_z(all[i].text), day(room, DAYS_ON));
}

/* ---- rules ---- */

static void
what_a_rule_hides_is_hidden_in_every_way_of_reading(void **state)
{
	static const struct {
		struct release_rule facility, own;
		str missing;
	} rows[] = {
	    {{0}, {0}, S_INIT("")},
	    {{.class = RELEASE_PATHOLOGY, .mode = RELEASE_AFTER, .hours = 336}, {0},
		S_INIT("tumor biopsy slide signed")},
	    {{.class = RELEASE_LABS, .mode = RELEASE_AFTER, .hours = 72}, {0},
		S_INIT("glucose hiv tumor biopsy panel slide signed")}, /* the biopsy names a held result */
	    {{.class = RELEASE_LABS, .code = S_INIT("5221-7"), .mode = RELEASE_ASK}, {0}, S_INIT("hiv panel")},
	    {{.class = RELEASE_NOTES, .mode = RELEASE_AFTER, .hours = 1}, {0}, S_INIT("note page")},
	    {{0}, {.class = RELEASE_PROBLEMS, .mode = RELEASE_DISCUSSED}, S_INIT("cold")},
	    {{.class = RELEASE_PATHOLOGY, .mode = RELEASE_AFTER, .hours = 336},
		{.class = RELEASE_NOTES, .mode = RELEASE_ASK}, S_INIT("tumor biopsy slide signed note page")},
	    {{.class = RELEASE_PROBLEMS, .mode = RELEASE_ASK}, {.class = RELEASE_PROBLEMS}, S_INIT("")},
	};
	struct room room;

	furnish(&room, state);
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct cx root = as(&room, room.people.root), bo;

		if (rows[i].facility.class)
			set_rule(&room, rows[i].facility);
		if (rows[i].own.class)
			choose(&room, rows[i].own);
		assert_missing(&room, rows[i].missing);
		if (rows[i].facility.class)
			assert_ok(release_rule_remove(
			    &root, (enum release_class)rows[i].facility.class, rows[i].facility.code));
		db_release(&root);
		bo = as(&room, room.people.bo_account);
		if (rows[i].own.class)
			assert_ok(release_pacing_set(
			    &bo, room.people.bo, &(struct release_rule){.class = rows[i].own.class}));
		db_release(&bo);
		assert_missing(&room, S(""));
	}
}

static void
each_opens_what_they_may_open(void **state)
{
	struct room room;
	struct cx bo, maria, ben, ana;
	struct db_rows rows;
	const struct release_waiting *waiting;

	furnish(&room, state);
	set_rule(&room, (struct release_rule){.class = RELEASE_PATHOLOGY, .mode = RELEASE_AFTER, .hours = 336});
	choose(&room, (struct release_rule){.class = RELEASE_PROBLEMS, .mode = RELEASE_ASK});
	bo = as(&room, room.people.bo_account);
	maria = people_acting(room.world, room.people.maria_account, room.people.bo);
	maria.now = day(&room, DAYS_ON);
	ben = as(&room, room.people.ben);
	ana = as(&room, room.people.ana);
	assert_ok(release_waiting(&bo, room.people.bo, &rows));
	waiting = rows.items;
	assert_int_equal(rows.count, 2); /* a report's results and files are not told by themselves */
	for (size_t i = 0; i < 2; i++)
		assert_true(waiting[i].standing.state ==
			    (waiting[i].type == RESOURCE_CONDITION ? RELEASE_WAITS : RELEASE_HELD));
	assert_ok(release_waiting(&ben, room.people.bo, &rows));
	assert_int_equal(rows.count, 2); /* the team sees what their patient does not */
	assert_fails(release_waiting(&ana, room.people.bo, &rows), ERR_GONE);

	assert_fails(release_open(&bo, room.people.bo, RESOURCE_DIAGNOSTIC_REPORT, S("biopsy")), ERR_DENIED);
	assert_fails(release_open(&maria, room.people.bo, RESOURCE_CONDITION, S("cold")), ERR_GONE); /* not hers */
	assert_fails(release_open(&ana, room.people.bo, RESOURCE_DIAGNOSTIC_REPORT, S("biopsy")), ERR_GONE);
	assert_fails(release_open(&bo, room.people.bo, RESOURCE_OBSERVATION, S("glucose")), ERR_GONE);
	assert_fails(release_open(&ben, room.people.bo, RESOURCE_CONDITION, S("cold")), ERR_DENIED); /* the patient's */
	assert_ok(release_open(&ben, room.people.bo, RESOURCE_DIAGNOSTIC_REPORT, S("biopsy")));
	assert_ok(release_open(&bo, room.people.bo, RESOURCE_CONDITION, S("cold")));
	db_release(&bo);
	db_release(&maria);
	db_release(&ben);
	db_release(&ana);
	assert_missing(&room, S(""));
}

static const struct err *
delete_act(struct tx *tx, void *arg)
{
	(void)arg;
	return resource_delete(tx, RESOURCE_DIAGNOSTIC_REPORT, S("biopsy"));
}

static void
what_was_deleted_while_it_was_held_does_not_come_out_through_its_history(void **state)
{
	struct room room;
	struct cx bo, ben, system;
	struct resource old;
	struct db_rows rows;

	furnish(&room, state);
	set_rule(&room, (struct release_rule){.class = RELEASE_PATHOLOGY, .mode = RELEASE_AFTER, .hours = 336});
	system = system_cx(&room);
	assert_ok(db_write(&system, delete_act, NULL));
	bo = as(&room, room.people.bo_account);
	ben = as(&room, room.people.ben);
	assert_fails(resource_get_version(&bo, RESOURCE_DIAGNOSTIC_REPORT, S("biopsy"), 1, &old), ERR_GONE);
	assert_fails(resource_history(&bo, RESOURCE_DIAGNOSTIC_REPORT, S("biopsy"), &rows), ERR_GONE);
	assert_ok(resource_get_version(&ben, RESOURCE_DIAGNOSTIC_REPORT, S("biopsy"), 1, &old));
	db_release(&system);
	db_release(&bo);
	db_release(&ben);
}

/* ---- random charts against judging every entry ---- */

static unsigned
roll(unsigned *seed, unsigned sides)
{
	*seed = *seed * 1664525 + 1013904223;
	return (*seed >> 16) % sides;
}

#define ONE_OF(seed, list) (list)[roll((seed), sizeof(list) / sizeof((list)[0]))]

static void
random_entry(struct room *room, unsigned *seed, unsigned id)
{
	static const char *const categories[] = {"laboratory", "vital-signs", "LAB", "SP", "RAD", "clinical-note"};
	static const char *const codes[] = {"1-1", "2-2", "3-3"};
	static const char *const types[] = {"Observation", "DiagnosticReport", "DocumentReference", "Condition"};
	struct buf text = BUF_INIT(&room->world->arena);
	instant arrived = day(room, roll(seed, DAYS_ON));
	const char *type = ONE_OF(seed, types);

	buf_printf(&text,
	    "{\"resourceType\":\"%s\",\"id\":\"e%u\",\"status\":\"final\"," SUBJECT
	    ",\"category\":[{\"coding\":[{\"code\":\"%s\"}]}],\"%s\":{\"coding\":[{\"system\":\"s\",\"code\":\"%s\"}]}",
	    type, id, ONE_OF(seed, categories), strcmp(type, "DocumentReference") == 0 ? "type" : "code",
	    ONE_OF(seed, codes));
	if (strcmp(type, "DocumentReference") == 0)
		buf_add(&text, S(",\"content\":[{\"attachment\":{\"title\":\"x\"}}]"));
	if (roll(seed, 3)) {
		buf_printf(&text, ",\"%s\":\"",
		    strcmp(type, "Condition") == 0           ? "recordedDate"
		    : strcmp(type, "DocumentReference") == 0 ? "date"
							     : "issued");
		buf_add_fhir_instant(&text, (instant){arrived.ms - (roll(seed, 60) - 5) * DAY_MS / 2});
		buf_add(&text, S("\""));
	}
	buf_add_char(&text, '}');
	put_at(room, buf_str(&text), arrived);
}

static void
random_rules(struct room *room, unsigned *seed)
{
	static const enum release_mode facility_modes[] = {RELEASE_AT_ONCE, RELEASE_AFTER, RELEASE_ASK};
	static const enum release_mode own_modes[] = {RELEASE_AT_ONCE, RELEASE_AFTER, RELEASE_ASK, RELEASE_DISCUSSED};
	static const str codes[] = {S_INIT(""), S_INIT("1-1"), S_INIT("s|2-2"), S_INIT("t|3-3")};

	for (int i = 0; i < 6; i++) {
		struct cx cx = people_as_at(
		    room->world, i % 2 ? room->people.root : room->people.bo_account, day(room, roll(seed, DAYS_ON)));
		struct release_rule rule = {.class = 1 + roll(seed, RELEASE_CLASSES - 1), .own = i % 2 == 0};

		rule.mode = i % 2 ? ONE_OF(seed, facility_modes) : ONE_OF(seed, own_modes);
		rule.hours = rule.mode == RELEASE_AFTER ? 1 + roll(seed, 24 * 15) : 0;
		if (i % 2) {
			rule.code = ONE_OF(seed, codes);
			assert_ok(release_rules_set(&cx, &rule, 1));
		} else {
			assert_ok(release_pacing_set(&cx, room->people.bo, &rule));
		}
		db_release(&cx);
	}
}

struct scan {
	struct cx *cx;
	const struct db_rows *rules, *passes;
	struct buf open;
};

static const struct err *
judge_one(void *arg, const struct resource *resource)
{
	struct scan *scan = arg;
	struct release_case subject = {.type = (resource_type)resource->type, .arrived = resource->updated};
	const struct release_pass *pass = scan->passes[resource->type].items;

	for (size_t i = 0; i < scan->passes[resource->type].count; i++) {
		subject.passed_team |= pass[i].n == resource->n && pass[i].by_team;
		subject.passed_patient |= pass[i].n == resource->n && !pass[i].by_team;
	}
	assert_ok(json_parse(scan->cx->arena, resource->body, &subject.json, NULL));
	if (release_judge(scan->rules->items, scan->rules->count, &subject, scan->cx->now).state == RELEASE_OPEN)
		look_for(&scan->open, resource);
	return NULL;
}

static void
let_some_through(struct room *room, unsigned *seed)
{
	struct cx bo = as(room, room->people.bo_account), ben = as(room, room->people.ben);
	struct db_rows rows;
	const struct release_waiting *waiting;

	assert_ok(release_waiting(&bo, room->people.bo, &rows));
	waiting = rows.items;
	for (size_t i = 0; i < rows.count; i++)
		if (roll(seed, 4) == 0)
			assert_ok(release_open(&ben, room->people.bo, waiting[i].type, waiting[i].id));
		else if (roll(seed, 4) == 0 && waiting[i].standing.state == RELEASE_WAITS)
			assert_ok(release_open(&bo, room->people.bo, waiting[i].type, waiting[i].id));
	db_release(&bo);
	db_release(&ben);
}

static void
the_index_hides_what_judging_every_entry_hides(void **state)
{
	struct room room = {.world = *state};
	unsigned seed = 11;

	setup(room.world, &room.people);
	for (int round = 0; round < 12; round++) {
		struct cx system = system_cx(&room), bo;
		struct db_rows rules, *passes;
		struct buf shown = BUF_INIT(&room.world->arena);
		struct scan scan = {.cx = &system, .rules = &rules, .open = BUF_INIT(&room.world->arena)};

		for (unsigned i = 0; i < 25; i++)
			random_entry(&room, &seed, roll(&seed, 120)); /* some are new versions */
		random_rules(&room, &seed);
		let_some_through(&room, &seed);
		passes = ARENA_ARRAY(&room.world->arena, struct db_rows, (size_t)resource_type_count() + 1);
		assert_ok(release_rules(&system, room.people.bo, ACCESS_SELF, &rules));
		for (int type = 1; type <= resource_type_count(); type++)
			assert_ok(release_passes(&system, room.people.bo, type, &passes[type]));
		scan.passes = passes;
		assert_ok(resource_each(&system, room.people.bo, 0, judge_one, &scan));
		bo = as(&room, room.people.bo_account);
		assert_ok(resource_each(&bo, room.people.bo, 0, look_for, &shown));
		assert_true(str_equal(buf_str(&shown), buf_str(&scan.open)));
		db_release(&system);
		db_release(&bo);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    WORLD_TEST(what_a_rule_hides_is_hidden_in_every_way_of_reading),
	    WORLD_TEST(each_opens_what_they_may_open),
	    WORLD_TEST(what_was_deleted_while_it_was_held_does_not_come_out_through_its_history),
	    WORLD_TEST(the_index_hides_what_judging_every_entry_hides),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
