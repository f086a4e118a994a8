/* SPDX-License-Identifier: Apache-2.0 */
/* What a conversation is about, from the draft to the words for an entry that is gone; and which team is offered, in which order,
 * with which reason and hours. */
#include "care/messaging/compose_teams.h"
#include "care/messaging/messaging_http_test_help.h"

static const struct err *
put(struct tx *tx, void *arg)
{
	int64_t version;
	bool changed;

	return resource_put(tx, arg, &version, &changed);
}

/* An entry of the record; `rest` are its members behind the subject. Gives back its reference. */
static str
add_entry(struct world *world, patient_id patient, const char *type, const char *rest)
{
	struct resource_new in = {.patient = patient, .id = uuid_text(&world->arena, uuid_new(world->cx.now))};
	struct resource_draft *draft;

	assert_ok(json_parse(&world->arena,
	    arena_printf(&world->arena, "{\"resourceType\":\"%s\",\"subject\":{\"reference\":\"Patient/%.*s\"},%s}",
		type, STR_ARG(uuid_text(&world->arena, patient.v)), rest),
	    &in.json, NULL));
	assert_ok(resource_prepare(&world->cx, &in, &draft));
	assert_ok(db_write(&world->cx, put, draft));
	return arena_printf(&world->arena, "%s/%.*s", type, STR_ARG(in.id));
}

#define HEMOGLOBIN                                                                                         \
	"\"status\":\"final\",\"category\":[{\"coding\":[{\"code\":\"laboratory\"}]}],\"code\":{\"text\":" \
	"\"Hemoglobin "                                                                                    \
	"A1c\"},\"effectiveDateTime\":\"2026-03-01\",\"valueQuantity\":{\"value\":7.1,\"unit\":\"%\"}"
#define METFORMIN(who)                                                                                              \
	"\"status\":\"active\",\"intent\":\"order\",\"medicationCodeableConcept\":{\"text\":\"Metformin 500 mg\"}," \
	"\"requester\":{\"display\":\"" who "\"}"

static const struct err *
take_away(struct tx *tx, void *arg)
{
	return resource_delete(tx, RESOURCE_OBSERVATION, str_drop(*(str *)arg, strlen("Observation/")));
}

static struct draft
draft_about(struct world *world, const struct people *p, str reference)
{
	return (struct draft){.id = uuid_new(world->cx.now),
	    .patient = p->maria,
	    .team = p->maple,
	    .subject = S("Result"),
	    .body = S("What does it mean?"),
	    .about.reference = reference};
}

static void
begin(struct world *world, struct people *p)
{
	assert_ok(record_init(world->vault));
	clinic_setup(world, p);
}

static void
what_it_is_about_stays_from_the_draft_to_the_conversation(void **state)
{
	struct world *world = *state;
	struct people p;
	struct cx cx;
	struct draft draft, kept;
	struct sent sent;
	struct conversation c;
	instant send_at;
	str item;

	begin(world, &p);
	item = add_entry(world, p.maria, "Observation", HEMOGLOBIN);
	cx = people_as(world, p.maria_account);
	draft = draft_about(world, &p, item);
	assert_ok(draft_save(&cx, &draft));
	draft.body = S("What does it mean for me?");
	assert_ok(draft_save(&cx, &draft)); /* autosave */
	db_refresh(&cx);
	assert_ok(draft_get(&cx, draft.id, &kept));
	assert_true(str_equal(kept.about.reference, item));
	assert_true(str_equal(kept.about.title, S("Hemoglobin A1c")));
	assert_ok(draft_send_later(&cx, &draft, 10, &send_at));
	assert_ok(draft_undo(&cx, draft.id));
	db_refresh(&cx);
	assert_ok(draft_get(&cx, draft.id, &kept));
	assert_true(str_equal(kept.about.reference, item));
	/* The entry goes away while the message waits: it is sent all the same, with the name that it had. */
	assert_ok(draft_send_later(&cx, &draft, 10, &send_at));
	assert_ok(db_write(&world->cx, take_away, &item));
	db_refresh(&cx);
	cx.now = instant_add_ms(cx.now, 11 * SECOND_MS);
	assert_ok(draft_send(&cx, draft.id, &sent));
	db_refresh(&cx);
	assert_ok(thread_open(&cx, sent.thread, &c));
	assert_true(str_equal(c.thread.about.reference, item));
	assert_true(str_equal(c.thread.about.title, S("Hemoglobin A1c")));
	db_release(&cx);
	assert_sound(world);
}

static void
nobody_links_what_they_cannot_see(void **state)
{
	struct world *world = *state;
	struct people p;
	struct cx cx;
	struct draft draft, kept;
	struct thread_new in;
	struct sent sent;
	str of_bo, of_maria;

	begin(world, &p);
	of_bo = add_entry(world, p.bo, "Observation", HEMOGLOBIN);
	of_maria = add_entry(world, p.maria, "Observation", HEMOGLOBIN);
	cx = people_as(world, p.maria_account);
	draft = draft_about(world, &p, of_bo);
	assert_ok(draft_save(&cx, &draft));
	db_refresh(&cx);
	assert_ok(draft_get(&cx, draft.id, &kept));
	assert_int_equal(kept.about.reference.n, 0);
	in = (struct thread_new){
	    .key = uuid_new(cx.now), .patient = p.maria, .team = p.maple, .body = S("Mine?"), .about = of_bo};
	assert_fails(thread_send_new(&cx, &in, &sent), ERR_INVALID);
	in.about = S("Observation/nothing");
	assert_fails(thread_send_new(&cx, &in, &sent), ERR_INVALID);
	in.about = of_maria;
	assert_ok(thread_send_new(&cx, &in, &sent));
	db_release(&cx);
	/* A member of the patient's team writes about the patient's result; of another patient's, not. */
	cx = people_as(world, p.ana);
	in.key = uuid_new(cx.now);
	assert_ok(thread_send_new(&cx, &in, &sent));
	in.key = uuid_new(cx.now);
	in.about = of_bo;
	assert_fails(thread_send_new(&cx, &in, &sent), ERR_INVALID);
	db_release(&cx);
	assert_sound(world);
}

/* ---- the pages ---- */

static void
open_with_record(struct world *world, struct clinic *c)
{
	assert_ok(record_init(world->vault));
	open_clinic(world, c);
}

static void
patient_and_team_see_a_link_and_words_when_it_is_gone(void **state)
{
	struct clinic c;
	struct reply reply;
	str item, key, path, link, team_link, desk;

	open_with_record(*state, &c);
	item = add_entry(c.world, c.p.maria, "Observation", HEMOGLOBIN);
	link = PATH(&c, "href=\"/record/labs/%.*s\"", STR_ARG(str_drop(item, strlen("Observation/"))));
	team_link = PATH(&c, "href=\"/patients/%.*s/record/labs/%.*s\"", STR_ARG(id_text(&c, c.p.maria.v)),
	    STR_ARG(str_drop(item, strlen("Observation/"))));
	reply = get(&c, &c.maria, PATH(&c, "/messages/new?about=%.*s", STR_ARG(item)));
	assert_shows(reply, "About: Hemoglobin A1c");
	assert_shows(reply, "7.1");
	key = new_key(&c);
	reply = SUBMIT(&c, &c.maria, S("/messages/new"),
	    "key=%.*s&category=test&team=%.*s&subject=&body=Is+it+high&about=%.*s", STR_ARG(key),
	    STR_ARG(id_text(&c, c.p.maple.v)), STR_ARG(item));
	assert_int_equal(reply.status, 303);
	path = str_take(reply_header(reply, "Location"), strlen("/messages/") + UUID_TEXT_CHARS);
	desk = PATH(&c, "/inbox/%.*s", STR_ARG(str_drop(path, strlen("/messages/"))));
	assert_shows(get(&c, &c.maria, path), arena_z(&c.trial.arena, link));
	assert_shows(get(&c, &c.ana, desk), arena_z(&c.trial.arena, team_link));
	assert_shows(get(&c, &c.maria, PATH(&c, "%.*s/text", STR_ARG(path))), "About: Hemoglobin A1c (7.1");
	/* A new message with this text is about the same. */
	assert_shows(get(&c, &c.maria, PATH(&c, "/messages/new?from=%.*s", STR_ARG(str_drop(path, 10)))),
	    arena_z(&c.trial.arena, PATH(&c, "name=\"about\" value=\"%.*s\" checked", STR_ARG(item))));
	assert_ok(db_write(&c.world->cx, take_away, &item));
	reply = get(&c, &c.maria, path);
	assert_shows(reply, "Hemoglobin A1c");
	assert_shows(reply, "not in the record any more");
	assert_false(str_contains(reply.body, link));
	reply = get(&c, &c.ana, desk);
	assert_shows(reply, "not in the record any more");
	assert_false(str_contains(reply.body, team_link));
	close_clinic(&c);
}

static void
assert_proposes(struct clinic *c, struct reply page, team_id team, const char *why)
{
	assert_int_equal(page.status, 200);
	assert_shows(page, arena_z(&c->trial.arena, PATH(c, "value=\"%.*s\" checked", STR_ARG(id_text(c, team.v)))));
	assert_shows(page, why);
}

static const struct err *
birch_shares_in_the_care(struct tx *tx, void *arg)
{
	const struct people *p = arg;

	return team_add_patient(tx, p->birch, p->maria, RELATION_TEAM_LIST);
}

static const struct err *
birch_takes_results(struct tx *tx, void *arg)
{
	const int64_t topics[] = {CATEGORY_TEST_RESULT};

	return team_topics_set(tx, ((const struct people *)arg)->birch, topics, 1);
}

static void
the_entry_proposes_the_team_before_its_kind_does(void **state)
{
	struct clinic c;
	str by_ben, by_nobody;

	open_with_record(*state, &c);
	assert_ok(db_write(&c.world->cx, birch_shares_in_the_care, &c.p));
	by_ben = add_entry(c.world, c.p.maria, "MedicationRequest", METFORMIN("Dr. Ben Hart"));
	by_nobody = add_entry(c.world, c.p.maria, "MedicationRequest", METFORMIN("Somebody Else"));
	assert_proposes(
	    &c, get(&c, &c.maria, S("/messages/new")), c.p.maple, "Maple Team looks after your everyday care.");
	assert_proposes(&c, get(&c, &c.maria, PATH(&c, "/messages/new?about=%.*s", STR_ARG(by_ben))), c.p.birch,
	    "Ben Hart, who prescribed it, works in this team.");
	assert_proposes(&c, get(&c, &c.maria, PATH(&c, "/messages/new?about=%.*s", STR_ARG(by_nobody))), c.p.maple,
	    "looks after your everyday care.");
	assert_ok(db_write(&c.world->cx, birch_takes_results, &c.p));
	assert_proposes(&c, get(&c, &c.maria, S("/messages/new?category=test")), c.p.birch,
	    "Birch Team takes questions of this kind: Test result.");
	/* What the person chose stays. */
	assert_shows(
	    get(&c, &c.maria, PATH(&c, "/messages/new?category=test&team=%.*s", STR_ARG(id_text(&c, c.p.maple.v)))),
	    arena_z(&c.trial.arena, PATH(&c, "value=\"%.*s\" checked", STR_ARG(id_text(&c, c.p.maple.v)))));
	close_clinic(&c);
}

static void
two_ways_of_writing_one_name_agree(void **state)
{
	struct arena arena = ARENA_INIT;

	(void)state;
	assert_true(names_agree(&arena, S("Ada Okafor"), S("Dr. Ada B. Okafor")));
	assert_true(names_agree(&arena, S("ada okafor"), S("Ada Okafor")));
	assert_false(names_agree(&arena, S("Ada"), S("Ada Okafor"))); /* one word may be anybody */
	assert_false(names_agree(&arena, S("Ada Okafor"), S("Bo Okafor")));
	assert_false(names_agree(&arena, STR_NONE, S("Ada Okafor")));
	arena_release(&arena);
}

static void
a_team_that_is_not_wanted_is_not_offered_but_can_be_answered(void **state)
{
	struct clinic c;
	str path, maple, birch, key;
	struct reply reply;

	open_with_record(*state, &c);
	assert_ok(db_write(&c.world->cx, birch_shares_in_the_care, &c.p));
	maple = id_text(&c, c.p.maple.v);
	birch = id_text(&c, c.p.birch.v);
	path = maria_sends(&c, new_key(&c), S("To Maple"));
	assert_int_equal(
	    SUBMIT(&c, &c.maria, S("/messages/teams"), "team-%.*s=2&team-%.*s=1", STR_ARG(maple), STR_ARG(birch))
		.status,
	    303);
	reply = get(&c, &c.maria, S("/messages/new"));
	assert_false(str_contains(reply.body, PATH(&c, "value=\"%.*s\"", STR_ARG(maple))));
	assert_proposes(&c, reply, c.p.birch, "You put Birch Team first.");
	assert_shows(reply, "1 is not shown");
	/* A draft to it, an answer in its conversation: nothing is in the way. */
	assert_shows(get(&c, &c.maria, PATH(&c, "/messages/new?team=%.*s", STR_ARG(maple))),
	    arena_z(&c.trial.arena, PATH(&c, "value=\"%.*s\" checked", STR_ARG(maple))));
	reply = SUBMIT(&c, &c.maria, str_take(path, strlen("/messages/") + UUID_TEXT_CHARS), "key=%.*s&body=More",
	    STR_ARG(new_key(&c)));
	assert_int_equal(reply.status, 303);
	/* All hidden: all are offered. */
	assert_int_equal(SUBMIT(&c, &c.maria, S("/messages/teams"), "team-%.*s=2", STR_ARG(birch)).status, 303);
	reply = get(&c, &c.maria, S("/messages/new"));
	assert_shows(reply, arena_z(&c.trial.arena, PATH(&c, "value=\"%.*s\"", STR_ARG(maple))));
	assert_shows(reply, arena_z(&c.trial.arena, PATH(&c, "value=\"%.*s\"", STR_ARG(birch))));
	/* What was typed is kept while choosing. */
	key = new_key(&c);
	reply =
	    SUBMIT(&c, &c.maria, S("/messages/new"), "key=%.*s&category=test&body=Half+a+text&do=teams", STR_ARG(key));
	assert_int_equal(reply.status, 303);
	reply = SUBMIT(&c, &c.maria, S("/messages/teams"), "draft=%.*s&team-%.*s=0", STR_ARG(key), STR_ARG(birch));
	assert_shows(get(&c, &c.maria, reply_header(reply, "Location")), "Half a text");
	/* Somebody else's team, a choice that is none. */
	assert_int_equal(SUBMIT(&c, &c.bo, S("/messages/teams"), "team-%.*s=2", STR_ARG(maple)).status, 404);
	assert_int_equal(SUBMIT(&c, &c.maria, S("/messages/teams"), "team-%.*s=7", STR_ARG(maple)).status, 400);
	assert_shows(get(&c, &c.maria, S("/messages/teams")), "Not in the list");
	close_clinic(&c);
}

static void
choices_are_kept_all_or_none(void **state)
{
	struct world *world = *state;
	struct people p;
	struct db_rows rows;
	struct cx cx;

	begin(world, &p);
	assert_ok(db_write(&world->cx, birch_shares_in_the_care, &p));
	for (int64_t nth = 1; nth <= 2; nth++) {
		cx = people_as(world, p.maria_account);
		db_fault_arm(world->db, DB_FAULT_ERROR, nth);
		assert_non_null(team_choices_set(
		    &cx, (const struct team_choice_row[]){{p.maple, TEAM_HIDDEN}, {p.birch, TEAM_FIRST}}, 2));
		db_fault_arm(world->db, DB_FAULT_NONE, 0);
		db_refresh(&cx);
		assert_ok(team_choices(&cx, &rows));
		assert_int_equal(rows.count, 0);
		db_release(&cx);
	}
}

static void
a_team_says_when_it_answers(void **state)
{
	struct arena arena = ARENA_INIT;
	struct business_calendar calendar = {0};
	struct team team = {.name = S("Maple Team"), .open_days = 62, .open_from = 480, .open_until = 990};
	struct page_cx px = {.arena = &arena, .lang = LANG_EN, .now = wednesday()};

	(void)state;
	assert_ok(zone_find(S("America/New_York"), &calendar.zone));
	px.zone = calendar.zone;
	assert_str_equal(
	    team_hours_words(&px, &team, &calendar), "Maple Team answers Monday through Friday, 8:00 am to 4:30 pm.");
	team.open_days = 2 | 8 | 64; /* Monday, Wednesday, Saturday */
	assert_str_equal(team_hours_words(&px, &team, &calendar),
	    "Maple Team answers Monday, Wednesday, Saturday, 8:00 am to 4:30 pm.");
	px.now = zone_instant(calendar.zone, (struct civil_time){.date = {2026, 5, 25}, .hour = 9}); /* Memorial Day */
	assert_str_equal(team_hours_words(&px, &team, &calendar),
	    "Maple Team answers Monday, Wednesday, Saturday, 8:00 am to 4:30 pm. Today is a holiday.");
	px.lang = LANG_ES;
	team.open_days = 62;
	assert_str_equal(team_hours_words(&px, &team, &calendar),
	    "Maple Team responde de lunes a viernes, de 8:00 a 16:30. Hoy es día festivo.");
	team.open_days = 0;
	assert_int_equal(team_hours_words(&px, &team, &calendar).n, 0);
	arena_release(&arena);
}

int
main(void)
{
	const struct CMUnitTest list[] = {
	    WORLD_TEST(what_it_is_about_stays_from_the_draft_to_the_conversation),
	    WORLD_TEST(nobody_links_what_they_cannot_see),
	    WORLD_TEST(patient_and_team_see_a_link_and_words_when_it_is_gone),
	    WORLD_TEST(the_entry_proposes_the_team_before_its_kind_does),
	    cmocka_unit_test(two_ways_of_writing_one_name_agree),
	    WORLD_TEST(a_team_that_is_not_wanted_is_not_offered_but_can_be_answered),
	    WORLD_TEST(choices_are_kept_all_or_none),
	    cmocka_unit_test(a_team_says_when_it_answers),
	};

	return cmocka_run_group_tests_name("messaging about", list, NULL, NULL);
}
