/* SPDX-License-Identifier: Apache-2.0 */
/* What is not shared is nowhere: every log × every face × who asks × a history of switches, over a real server. Each log has one entry
 * with a word of its own in its comments; what each person finds of it is compared with what the switches say at that moment. */
#include "visitor.h"

#include "care/bluebutton/bluebutton.h"
#include "care/home/home.h"
#include "care/journal/journal_document.h"
#include "care/messaging/messaging.h"
#include "care/record/record_api.h"
#include "care/record/record_pages.h"
#include "care/record/record_test_help.h"
#include "care/summary/summary.h"
#include "platform/format/zip.h"
#include "trust/portal/portal.h"

static const struct route *const doors[] = {journal_routes, journal_api_routes, record_pages_routes, record_api_routes,
    bluebutton_routes, summary_routes, home_routes, messaging_routes, portal_routes, asset_routes, NULL};

#define LOGS 32
enum person { BO, MARIA, BEN, ANA, ROOT, NOBODY, PEOPLE };
static const char *const names[] = {
    "Bo", "María for Bo", "Ben of his team", "Ana of another team", "the administrator", "nobody"};

struct scene {
	struct visits v;
	struct visitor as[PEOPLE];
	const struct journal_log *logs[LOGS];
	str ids[LOGS], words[LOGS], files[LOGS]; /* files: the Binary of a document; absent: none */
	size_t count;
	bool team[LOGS], maria[LOGS]; /* what the switches say */
	bool removed[LOGS];
	str patient;
};

/* ---- the scene ---- */

/* A value that passes for any field. */
static str
sample(const struct journal_field *field)
{
	switch (field->kind) {
	case FIELD_NUMBER: return S("60");
	case FIELD_CODE:
	case FIELD_CODES: return str_from_z(field->codes->items[0].value);
	case FIELD_YES: return S("yes");
	case FIELD_DAY: return S("2026-03-05");
	case FIELD_TIME: return S("2026-03-05T09:00:00-05:00");
	case FIELD_TEXT:
	case FIELD_LONG: break;
	}
	return S("something");
}

static void
write_down(struct scene *s, size_t i)
{
	struct cx bo = people_as(s->v.world, s->v.people.bo_account);
	const struct journal_log *log = s->logs[i];
	struct journal_put in = {.patient = s->v.people.bo, .log = log, .key = uuid_new(bo.now)};
	str id;

	for (size_t f = 0; f < log->field_count; f++) {
		if (log->fields[f].required)
			in.values.text[f] = sample(&log->fields[f]);
		if (log->fields[f].kind == FIELD_NUMBER)
			in.values.unit[f] = &log->fields[f].units->items[0];
		if (str_equal(str_from_z(log->fields[f].name), S("comments")))
			in.values.text[f] = s->words[i];
	}
	if (log->has_files) {
		struct journal_incoming *file = ARENA_NEW(bo.arena, struct journal_incoming);

		assert_ok(journal_file_take(&bo,
		    &(struct journal_file_new){.patient = s->v.people.bo,
			.log = log,
			.document = in.key,
			.name = S("letter.txt"),
			.content = s->words[i],
			.limits = attachment_limits(false)},
		    file));
		s->files[i] = arena_str(&s->v.world->arena, file->file.id);
		in.values.files[in.values.file_count++] = file->file;
		in.incoming = file;
		in.incoming_count = 1;
	}
	assert_ok(journal_entry_put(&bo, &in, &id));
	s->ids[i] = arena_str(&s->v.world->arena, id);
	db_release(&bo);
}

static void
scene_open(struct scene *s, struct world *world)
{
	const struct journal_log *log;

	*s = (struct scene){0};
	assert_ok(record_init(world->vault));
	visit_begin(&s->v, world, doors);
	people_delegate(world, &s->v.people, RIGHT_RECORD_READ | RIGHT_MESSAGES_READ);
	s->patient = uuid_text(&world->arena, s->v.people.bo.v);
	for (size_t i = 0; (log = journal_log_at(i)); i++) {
		assert_true(i < LOGS);
		s->logs[i] = log;
		s->words[i] = arena_printf(&world->arena, "Canary%zuQ", 100 + i);
		s->count++;
		write_down(s, i);
	}
	s->as[BO] = visitor_of(&s->v, s->v.people.bo_account);
	s->as[BEN] = visitor_of(&s->v, s->v.people.ben);
	s->as[ANA] = visitor_of(&s->v, s->v.people.ana);
	s->as[ROOT] = visitor_of(&s->v, s->v.people.root);
	s->as[MARIA] = visitor_acting(&s->v, s->v.people.bo, visitor_of(&s->v, s->v.people.maria_account));
}

static void
turn(struct scene *s, size_t i, bool team, bool maria)
{
	struct cx bo = people_as_at(s->v.world, s->v.people.bo_account, instant_read_clock());
	account_id readers[2];
	size_t count = 0;

	if (team)
		readers[count++] = SHARE_CARE_TEAM;
	if (maria)
		readers[count++] = s->v.people.maria_account;
	assert_ok(journal_share_set(&bo, s->v.people.bo, s->logs[i]->number, readers, count));
	s->team[i] = team;
	s->maria[i] = maria;
	db_release(&bo);
}

static bool
may_see(const struct scene *s, enum person person, size_t i)
{
	return person == BO || (person == BEN && s->team[i]) || (person == MARIA && s->maria[i]);
}

/* ---- faces ---- */

static struct reply
ask(struct scene *s, enum person person, const char *path)
{
	return visit(&s->v, person == NOBODY ? NULL : &s->as[person], path);
}

/* A face that lists: what stands there is at most what the person may see, and all of it when the face shows comments. */
static void
look(struct scene *s, enum person person, const char *path, str text, bool shows_all, const struct journal_log *only)
{
	for (size_t i = 0; i < s->count; i++) {
		bool there = str_contains(text, s->words[i]) || str_contains(text, s->ids[i]);
		bool may = may_see(s, person, i) && !s->removed[i];

		if (there && !may)
			fail_msg("%s finds what is in the log %s under %s", names[person], s->logs[i]->name, path);
		if (shows_all && may && (!only || only->type == s->logs[i]->type) && !there)
			fail_msg("%s does not find the log %s under %s", names[person], s->logs[i]->name, path);
	}
}

static void
look_at_log(struct scene *s, enum person person, size_t i)
{
	bool staff = person == BEN || person == ANA || person == ROOT;
	struct arena *arena = &s->v.trial.arena;
	const char *type = resource_type_name(s->logs[i]->type);
	const char *base = staff ? arena_printf(arena, "/patients/%.*s/journal", STR_ARG(s->patient)).p : "/journal";
	const char *paths[] = {
	    arena_printf(arena, "%s/%s/entries/%.*s", base, s->logs[i]->name, STR_ARG(s->ids[i])).p,
	    arena_printf(arena, "/fhir/%s/%.*s", type, STR_ARG(s->ids[i])).p,
	    arena_printf(arena, "/fhir/%s/%.*s/_history", type, STR_ARG(s->ids[i])).p,
	    arena_printf(arena, "/fhir/%s/%.*s/_history/1", type, STR_ARG(s->ids[i])).p,
	};

	for (size_t p = 0; p < sizeof(paths) / sizeof(paths[0]); p++) {
		struct reply reply = ask(s, person, paths[p]);
		bool may = may_see(s, person, i);

		if (str_contains(reply.body, s->words[i]) && !may)
			fail_msg("%s reads the log %s at %s", names[person], s->logs[i]->name, paths[p]);
		if (may && !s->removed[i] && (reply.status != 200 || !str_contains(reply.body, s->words[i])))
			fail_msg("%s does not read the log %s at %s: %d", names[person], s->logs[i]->name, paths[p],
			    reply.status);
		if (!may && reply.status == 200)
			fail_msg("%s is answered 200 at %s", names[person], paths[p]);
	}
	if (staff && !s->removed[i]) { /* what nobody may read, nobody comments on */
		const char *comment = path_z(&s->v, "%s/comment", paths[0]);

		if ((ask(s, person, comment).status == 200) != may_see(s, person, i))
			fail_msg("%s: not what the switch says at %s", names[person], comment);
	}
}

/* The bytes of a document follow its switch, on every face that gives them out. */
static void
look_at_file(struct scene *s, enum person person, size_t i)
{
	bool staff = person == BEN || person == ANA || person == ROOT, may = may_see(s, person, i) && !s->removed[i];
	const char *record = staff ? path_z(&s->v, "/patients/%.*s/record", STR_ARG(s->patient)) : "/record";
	const char *paths[] = {
	    path_z(&s->v, "/fhir/Binary/%.*s", STR_ARG(s->files[i])),
	    path_z(&s->v, "/fhir/Binary/%.*s/_history/1", STR_ARG(s->files[i])),
	    path_z(&s->v, "%s/files/DocumentReference/%.*s/1", record, STR_ARG(s->ids[i])),
	    path_z(&s->v, "%s/files/Binary/%.*s/1", record, STR_ARG(s->files[i])),
	};
	const char *search = path_z(&s->v, "/fhir/Binary?patient=%.*s", STR_ARG(s->patient));

	for (size_t p = 0; p < sizeof(paths) / sizeof(paths[0]); p++) {
		int status = ask(s, person, paths[p]).status;

		if (may != (status == 200) && !(p == 1 && s->removed[i] && may_see(s, person, i)))
			fail_msg("%s is answered %d at %s", names[person], status, paths[p]);
	}
	if (str_contains(ask(s, person, search).body, s->files[i]) != may)
		fail_msg("%s: not what the switch says at %s", names[person], search);
}

/* One search answers for all logs of a type. */
static bool
is_first_of_type(const struct scene *s, size_t i)
{
	for (size_t j = 0; j < i; j++)
		if (s->logs[j]->type == s->logs[i]->type)
			return false;
	return true;
}

static void
look_at_lists(struct scene *s, enum person person)
{
	static const char *const own[] = {"/journal", "/record", "/record/vitals", "/record/labs", "/record/medicines",
	    "/record/problems", "/record/allergies", "/record/immunizations", "/record/care-team", "/record/plans",
	    "/record/insurance", "/record/details", "/record/other", "/record?print=1", "/record/vitals?q=canary",
	    "/home"};
	static const char *const files[] = {
	    "/download/salve-record.json", "/download/salve-record.ndjson", "/download/salve-record.txt"};
	bool staff = person == BEN || person == ANA || person == ROOT;
	struct arena *arena = &s->v.trial.arena;

	for (size_t p = 0; p < sizeof(own) / sizeof(own[0]); p++) {
		const char *path =
		    staff ? arena_printf(arena, "/patients/%.*s%s", STR_ARG(s->patient), own[p]).p : own[p];

		look(s, person, path, ask(s, person, path).body, false, NULL);
	}
	for (size_t p = 0; p < sizeof(files) / sizeof(files[0]); p++) {
		const char *path =
		    staff ? arena_printf(arena, "/patients/%.*s%s", STR_ARG(s->patient), files[p]).p : files[p];
		struct reply reply = ask(s, person, path);

		look(s, person, path, reply.body, reply.status == 200 && p < 2, NULL);
	}
	for (size_t i = 0; i < s->count; i++) {
		const char *type = resource_type_name(s->logs[i]->type);
		const char *search =
		    arena_printf(arena, "/fhir/%s?patient=%.*s&_count=200", type, STR_ARG(s->patient)).p;
		const char *log = arena_printf(
		    arena, "/fhir/%s?patient=%.*s&_log=%lld", type, STR_ARG(s->patient), (long long)s->logs[i]->number)
		                      .p;
		const char *id = arena_printf(arena, "/fhir/%s?_id=%.*s", type, STR_ARG(s->ids[i])).p;
		struct reply reply;

		if (is_first_of_type(s, i)) {
			reply = ask(s, person, search);
			look(s, person, search, reply.body, reply.status == 200, s->logs[i]);
		}
		look(s, person, log, ask(s, person, log).body, false, NULL);
		log =
		    staff
			? arena_printf(arena, "/api/patients/%.*s/journal/%s", STR_ARG(s->patient), s->logs[i]->name).p
			: arena_printf(arena, "/api/journal/%s", s->logs[i]->name).p;
		reply = ask(s, person, log);
		look(s, person, log, reply.body, false, NULL);
		if (may_see(s, person, i) && !s->removed[i] && !str_contains(reply.body, s->words[i]))
			fail_msg("%s does not find the log at %s", names[person], log);
		if (str_contains(ask(s, person, id).body, s->words[i]) != (may_see(s, person, i) && !s->removed[i]))
			fail_msg("%s: not what the switch says at %s", names[person], id);
	}
	look(s, person, "$summary",
	    ask(s, person, arena_printf(arena, "/fhir/Patient/%.*s/$summary", STR_ARG(s->patient)).p).body, false,
	    NULL);
}

/* Strangers never see anything: they are asked once, when most is shared. */
static void
look_everywhere(struct scene *s, bool strangers_too)
{
	for (int person = 0; person < (strangers_too ? PEOPLE : ANA); person++) {
		for (size_t i = 0; i < s->count; i++)
			look_at_log(s, (enum person)person, i);
		for (size_t i = 0; i < s->count; i++)
			if (s->files[i].p)
				look_at_file(s, (enum person)person, i);
		look_at_lists(s, (enum person)person);
	}
}

/* ---- tests ---- */

#define TURNS 2 /* random positions of all switches, one after the other */

static void
nothing_private_is_visible_to_anyone_else_on_any_face(void **state)
{
	struct scene s;
	unsigned seed = 20260305;

	scene_open(&s, *state);
	look_everywhere(&s, false); /* private is how it begins */
	for (int turns = 0; turns < TURNS; turns++) {
		for (size_t i = 0; i < s.count; i++) {
			seed = seed * 1103515245 + 12345;
			turn(&s, i, seed >> 16 & 1, seed >> 17 & 1);
		}
		look_everywhere(&s, turns == 0);
	}
	for (size_t i = 0; i < s.count; i++)
		turn(&s, i, false, false);
	look_everywhere(&s, false);
	visit_end(&s.v);
}

/* What was taken away leaves no trace either, shared or not. */
static void
what_was_taken_away_is_not_found_in_its_history(void **state)
{
	struct world *world = *state;
	struct scene s;
	struct cx bo;

	scene_open(&s, world);
	for (size_t i = 0; i < s.count; i += 3)
		turn(&s, i, true, true);
	bo = people_as_at(world, s.v.people.bo_account, instant_read_clock());
	for (size_t i = 0; i < s.count; i++) {
		assert_ok(journal_entry_remove(&bo, s.v.people.bo, s.logs[i], s.ids[i]));
		s.removed[i] = true;
	}
	db_release(&bo);
	for (size_t i = 0; i < s.count; i++)
		for (enum person person = MARIA; person < PEOPLE; person++) {
			str path = arena_printf(&s.v.trial.arena, "/fhir/%s/%.*s/_history/1",
			    resource_type_name(s.logs[i]->type), STR_ARG(s.ids[i]));
			struct reply reply = ask(&s, person, arena_z(&s.v.trial.arena, path));

			assert_true(may_see(&s, person, i) == (reply.status == 200));
		}
	visit_end(&s.v);
}

/* The care team may write the record, but not what a person wrote themself. */
static void
the_team_changes_no_entry_over_the_api(void **state)
{
	struct world *world = *state;
	struct scene s;
	struct resource_draft *draft;
	struct resource_put_result result;
	struct cx ben;

	scene_open(&s, world);
	turn(&s, 1, true, false);
	ben = people_as_at(world, s.v.people.ben, instant_read_clock());
	draft = prepare(&ben, s.v.people.bo,
	    arena_printf(&world->arena,
		"{\"resourceType\":\"Observation\",\"id\":\"%.*s\",\"status\":\"final\",\"code\":{\"text\":\"x\"},"
		"\"subject\":{\"reference\":\"Patient/x\"}}",
		STR_ARG(s.ids[1])));
	assert_fails(db_write(&ben, put_act, &(struct put){&draft, 1, &result}), ERR_CONFLICT);
	db_release(&ben);
	visit_end(&s.v);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    WORLD_TEST(nothing_private_is_visible_to_anyone_else_on_any_face),
	    WORLD_TEST(what_was_taken_away_is_not_found_in_its_history),
	    WORLD_TEST(the_team_changes_no_entry_over_the_api),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
