/* SPDX-License-Identifier: Apache-2.0 */
#include "care/charting/charting_internal.h"
#include "care/messaging/messaging_test_help.h"
#include "platform/format/base64.h"

struct scene {
	struct world *world;
	struct people p;
	thread_id thread;
	str condition;
};

static const struct err *
put_condition(struct tx *tx, void *arg)
{
	int64_t version;
	bool changed;

	return resource_put(tx, arg, &version, &changed);
}

/* A problem of the patient; gives back its id. */
static str
add_problem(struct world *world, patient_id patient)
{
	struct resource_new in = {.patient = patient, .id = uuid_text(&world->arena, uuid_new(world->cx.now))};
	struct resource_draft *draft;

	assert_ok(json_parse(&world->arena,
	    arena_printf(&world->arena,
		"{\"resourceType\":\"Condition\",\"clinicalStatus\":{\"coding\":[{\"code\":\"active\"}]},"
		"\"code\":{\"text\":\"Diabetes\"},\"subject\":{\"reference\":\"Patient/%.*s\"}}",
		STR_ARG(uuid_text(&world->arena, patient.v))),
	    &in.json, NULL));
	assert_ok(resource_prepare(&world->cx, &in, &draft));
	assert_ok(db_write(&world->cx, put_condition, draft));
	return in.id;
}

/* Maria asked, Ana answered, Maria thanked, Ana answered again: four messages. */
static void
set_scene(struct world *world, struct scene *s)
{
	*s = (struct scene){.world = world};
	assert_ok(record_init(world->vault));
	clinic_setup(world, &s->p);
	s->thread = maria_writes(world, &s->p, S("May I take both pills?")).thread;
	assert_ok(reply_as(world, s->p.ana, s->thread, S("Yes, with food."), instant_add_ms(world->cx.now, 1000)));
	assert_ok(reply_as(world, s->p.maria_account, s->thread, S("Thank you"), instant_add_ms(world->cx.now, 2000)));
	assert_ok(reply_as(world, s->p.ana, s->thread, S("You are welcome."), instant_add_ms(world->cx.now, 3000)));
	s->condition = add_problem(world, s->p.maria);
	world->cx.now = instant_add_ms(world->cx.now, 10000);
	db_refresh(&world->cx);
}

static const int64_t both[] = {1, 2}, all[] = {1, 2, 3, 4}, gone[] = {1, 9};

static struct chart_wish
wish_of(const struct scene *s, struct chart_credit credit)
{
	return (struct chart_wish){.key = uuid_new(s->world->cx.now),
	    .thread = s->thread,
	    .title = 2 /* medicines */,
	    .messages = both,
	    .count = 2,
	    .comment = S("Interaction checked"),
	    .credit = credit};
}
#define FULL_CREDIT(s) ((struct chart_credit){S("323"), S("98970"), (s)->condition, 12})

static const struct err *
save_as(const struct scene *s, account_id who, struct chart_wish *wish, struct chart_note *out)
{
	struct cx cx = people_as(s->world, who);
	const struct err *error = chart_save(&cx, wish, out);

	db_release(&cx);
	db_refresh(&s->world->cx);
	return error;
}

static const struct json_value *
resource_json(const struct scene *s, resource_type type, struct uuid id)
{
	struct resource resource;
	const struct json_value *json;

	assert_ok(resource_get(&s->world->cx, type, uuid_text(&s->world->arena, id), &resource));
	assert_ok(json_parse(&s->world->arena, resource.body, &json, NULL));
	return json;
}

static str
note_text(const struct scene *s, struct uuid id)
{
	str text;

	assert_true(base64_decode(&s->world->arena,
	    json_text_at(resource_json(s, RESOURCE_DOCUMENT_REFERENCE, id), "content.0.attachment.data"), &text));
	return text;
}

static void
a_conversation_becomes_a_note_and_credit_in_the_record(void **state)
{
	struct scene s;
	struct chart_note note, again;
	struct chart_wish wish;
	const struct json_value *json;
	str text;

	set_scene(*state, &s);
	wish = wish_of(&s, FULL_CREDIT(&s));
	assert_ok(save_as(&s, s.p.ana, &wish, &note));
	assert_int_equal(note.state, CHART_KEPT); /* no other system is set */
	assert_int_equal(note.n, 1);
	text = note_text(&s, note.id);
	assert_true(str_contains(text, S("Secure messaging note: medicines")));
	assert_true(str_contains(text, S("May I take both pills?")));
	assert_true(str_contains(text, S("Ana Ruiz, nurse:\nYes, with food.")));
	assert_true(str_contains(text, S("Interaction checked")));
	assert_false(str_contains(text, S("Thank you"))); /* was not chosen */
	json = resource_json(&s, RESOURCE_ENCOUNTER, note.encounter);
	assert_str_equal(json_text_at(json, "serviceType.coding.0.code"), "323");
	assert_str_equal(json_text_at(json, "serviceType.coding.1.code"), "719");
	assert_str_equal(json_text_at(json, "type.0.coding.0.code"), "98970");
	assert_str_equal(json_number_text(json_path(json, "length.value")), "12");
	assert_true(str_ends(json_text_at(json, "diagnosis.0.condition.reference"), s.condition));
	json = resource_json(&s, RESOURCE_PROVENANCE, note.provenance);
	assert_str_equal(json_text_at(json, "agent.0.who.display"), "Ana Ruiz, nurse");
	assert_int_equal(thread_now(s.world, s.thread).filed_at.ms, s.world->cx.now.ms);
	/* sent twice */
	assert_ok(save_as(&s, s.p.ana, &wish, &again));
	assert_int_equal(again.n, 1);
	assert_true(uuid_equal(again.provenance, note.provenance));
	assert_sound(s.world);
}

/* María writes for Bo; his nurse keeps it. */
static void
the_note_names_who_wrote_for_the_patient(void **state)
{
	struct world *world = *state;
	struct scene s = {.world = world};
	struct chart_note note;
	struct chart_wish wish;
	struct cx maria;
	struct sent sent;

	assert_ok(record_init(world->vault));
	clinic_setup(world, &s.p);
	people_delegate(world, &s.p, RIGHT_MESSAGES_READ | RIGHT_MESSAGES_WRITE);
	maria = people_acting(world, s.p.maria_account, s.p.bo);
	assert_ok(messaging_terms_choose(&maria, true));
	assert_ok(thread_send_new(&maria,
	    &(struct thread_new){
		.key = uuid_new(maria.now), .patient = s.p.bo, .team = s.p.birch, .body = S("May he eat grapefruit?")},
	    &sent));
	db_release(&maria);
	s.thread = sent.thread;
	assert_ok(reply_as(world, s.p.ben, s.thread, S("Better not."), instant_add_ms(world->cx.now, 1000)));
	world->cx.now = instant_add_ms(world->cx.now, 10000);
	db_refresh(&world->cx);
	wish = wish_of(&s, (struct chart_credit){0});
	assert_ok(save_as(&s, s.p.ben, &wish, &note));
	assert_true(str_contains(note_text(&s, note.id), S("María López for Bo Lee:\nMay he eat grapefruit?")));
	assert_true(str_contains(note_text(&s, note.id), S("Patient: Bo Lee")));
}

static void
a_later_note_of_the_conversation_is_an_addendum(void **state)
{
	struct scene s;
	struct chart_note first, second;
	struct chart_wish wish;
	struct db_rows rows;
	struct cx cx;
	bool yes;

	set_scene(*state, &s);
	cx = people_as(s.world, s.p.okafor);
	assert_ok(charting_is_filed(&cx, s.thread, &yes));
	assert_false(yes);
	db_release(&cx);
	wish = wish_of(&s, (struct chart_credit){0});
	assert_ok(save_as(&s, s.p.ana, &wish, &first));
	assert_true(uuid_is_none(first.encounter));
	wish = wish_of(&s, (struct chart_credit){0});
	wish.messages = all + 2;
	assert_ok(save_as(&s, s.p.okafor, &wish, &second));
	assert_int_equal(second.n, 2);
	assert_int_equal(second.last_n, 4);
	assert_true(str_contains(note_text(&s, second.id), S("Addendum")));
	const struct json_value *json = resource_json(&s, RESOURCE_DOCUMENT_REFERENCE, second.id);
	assert_str_equal(json_text_at(json, "relatesTo.0.code"), "appends");
	assert_true(str_ends(json_text_at(json, "relatesTo.0.target.reference"), uuid_text(&s.world->arena, first.id)));
	cx = people_as(s.world, s.p.ana);
	assert_ok(chart_notes(&cx, s.thread, &rows));
	assert_int_equal(rows.count, 2);
	assert_ok(charting_is_filed(&cx, s.thread, &yes));
	assert_true(yes);
	db_release(&cx);
}

static void
what_is_wrong_with_a_wish_is_said_and_nothing_is_kept(void **state)
{
	struct scene s;
	struct chart_note note;
	str of_bo;

	set_scene(*state, &s);
	of_bo = add_problem(s.world, s.p.bo);
	const struct {
		const char *field;
		int64_t title;
		const int64_t *messages;
		size_t count;
		str comment;
		struct chart_credit credit;
	} cases[] = {
	    {"title", 0, both, 2, S(""), {.minutes = 0}},
	    {"title", 99, both, 2, S(""), {.minutes = 0}},
	    {"message", TITLE_GENERAL, both, 0, S(""), {.minutes = 0}},
	    {"message", TITLE_GENERAL, gone, 2, S(""), {.minutes = 0}},
	    {"comment", TITLE_GENERAL, both, 2, S("a\x01"), {.minutes = 0}},
	    {"clinic", TITLE_GENERAL, both, 2, S(""), {.minutes = 5}},
	    {"clinic", TITLE_GENERAL, both, 2, S(""), {.clinic = S("999"), .minutes = 5}},
	    {"procedure", TITLE_GENERAL, both, 2, S(""), {.clinic = S("323"), .procedure = S("1"), .minutes = 5}},
	    {"minutes", TITLE_GENERAL, both, 2, S(""), {.clinic = S("323")}},
	    {"minutes", TITLE_GENERAL, both, 2, S(""), {.clinic = S("323"), .minutes = CHART_MINUTES_MAX + 1}},
	    {"condition", TITLE_GENERAL, both, 2, S(""), {.clinic = S("323"), .minutes = 5, .condition = of_bo}},
	    {"condition", TITLE_GENERAL, both, 2, S(""), {.clinic = S("323"), .minutes = 5, .condition = S("nothing")}},
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct chart_wish wish = wish_of(&s, cases[i].credit);
		struct cx cx = people_as(s.world, s.p.ana);
		str text;

		wish.title = cases[i].title;
		wish.messages = cases[i].messages;
		wish.count = cases[i].count;
		wish.comment = cases[i].comment;
		assert_fails(chart_preview(&cx, &wish, &text), ERR_INVALID);
		db_release(&cx);
		assert_fails(save_as(&s, s.p.ana, &wish, &note), ERR_INVALID);
		assert_string_equal(wish.wrong, cases[i].field);
	}
	assert_true(instant_is_none(thread_now(s.world, s.thread).filed_at));
}

static void
only_members_of_the_team_keep_a_conversation_in_the_chart(void **state)
{
	struct scene s;
	struct chart_note note;
	struct chart_wish wish;
	struct db_rows rows;

	set_scene(*state, &s);
	wish = wish_of(&s, FULL_CREDIT(&s));
	const account_id others[] = {s.p.ben, s.p.bo_account, s.p.root, s.p.maria_account};
	for (size_t i = 0; i < 4; i++) {
		struct cx cx = people_as(s.world, others[i]);
		str text;

		assert_fails(chart_preview(&cx, &wish, &text), ERR_GONE);
		assert_fails(chart_save(&cx, &wish, &note), ERR_GONE);
		assert_fails(chart_notes(&cx, s.thread, &rows), ERR_GONE);
		db_release(&cx);
	}
	assert_ok(save_as(&s, s.p.ana, &wish, &note));
	for (size_t i = 0; i < 4; i++) {
		struct cx cx = people_as(s.world, others[i]);

		assert_fails(chart_retry(&cx, note.id), ERR_GONE);
		assert_fails(chart_end(&cx, note.id, S("why not")), ERR_GONE);
		db_release(&cx);
	}
}

static void
while_an_answer_is_owed_nothing_is_filed(void **state)
{
	struct scene s;
	struct chart_note note;
	struct chart_wish wish;

	set_scene(*state, &s);
	assert_ok(reply_as(s.world, s.p.maria_account, s.thread, S("One more thing"), s.world->cx.now));
	db_refresh(&s.world->cx);
	wish = wish_of(&s, (struct chart_credit){0});
	assert_fails(save_as(&s, s.p.ana, &wish, &note), ERR_CONFLICT);
	assert_true(instant_is_none(thread_now(s.world, s.thread).filed_at));
}

/* ---- the other system ---- */

static void
set_ehr(struct world *world, str url)
{
	assert_ok(ehr_settings_set(&world->cx, &(struct ehr_settings){url, S("secret-token")}));
	db_refresh(&world->cx);
}

/* Everything that is due goes out; the note afterwards. */
static struct chart_note
deliver(struct scene *s, struct uuid id)
{
	static const struct outbox_kind kinds[] = {{"ehr", ehr_deliver, 2 * EHR_GIVE_UP_MS}, {0}};
	struct chart_note note;
	int64_t delivered;
	bool found;

	db_refresh(&s->world->cx);
	assert_ok(jobs_deliver_due(&s->world->cx, kinds, &delivered));
	db_refresh(&s->world->cx);
	assert_ok(chart_row_by_id(&s->world->cx, id, &note, &found));
	assert_true(found);
	return note;
}

static size_t
troubles_of(const struct scene *s, account_id who)
{
	struct cx cx = people_as(s->world, who);
	struct db_rows rows;

	assert_ok(chart_troubles(&cx, &rows));
	db_release(&cx);
	return rows.count;
}

static void
a_system_that_is_away_for_days_is_a_trouble_that_a_person_works_off(void **state)
{
	struct scene s;
	struct chart_note note;
	struct chart_wish wish;
	struct cx ana;
	int64_t counts[INBOX_FILTERS];

	set_scene(*state, &s);
	set_ehr(s.world, S("http://127.0.0.1:1/fhir")); /* nobody listens there */
	wish = wish_of(&s, FULL_CREDIT(&s));
	assert_ok(save_as(&s, s.p.ana, &wish, &note));
	assert_int_equal(note.state, CHART_WAITING);
	assert_int_equal(deliver(&s, note.id).state, CHART_WAITING);
	assert_int_equal(troubles_of(&s, s.p.ana), 0);
	s.world->cx.now = instant_add_ms(s.world->cx.now, EHR_GIVE_UP_MS + HOUR_MS);
	note = deliver(&s, note.id);
	assert_int_equal(note.state, CHART_TROUBLE);
	assert_int_equal(troubles_of(&s, s.p.ana), 1);
	assert_int_equal(troubles_of(&s, s.p.okafor), 1);
	assert_int_equal(troubles_of(&s, s.p.ben), 0);
	ana = people_as(s.world, s.p.ana); /* the author is reminded */
	assert_ok(inbox_counts(&ana, (team_id){{{0}}}, counts));
	assert_int_equal(counts[INBOX_REMINDERS], 1);
	assert_ok(chart_retry(&ana, note.id));
	assert_fails(chart_retry(&ana, note.id), ERR_CONFLICT);
	db_release(&ana);
	assert_int_equal(deliver(&s, note.id).state, CHART_WAITING);
	s.world->cx.now = instant_add_ms(s.world->cx.now, EHR_GIVE_UP_MS + HOUR_MS);
	assert_int_equal(deliver(&s, note.id).state, CHART_TROUBLE);
	ana = people_as(s.world, s.p.ana);
	assert_fails(chart_end(&ana, note.id, S("  ")), ERR_INVALID);
	assert_ok(chart_end(&ana, note.id, S("Written there by hand")));
	db_release(&ana);
	assert_int_equal(deliver(&s, note.id).state, CHART_ENDED);
	assert_int_equal(troubles_of(&s, s.p.ana), 0);
}

static void
a_note_in_trouble_is_put_right_and_sent_anew(void **state)
{
	struct scene s;
	struct chart_note note, mended;
	struct chart_wish wish;

	set_scene(*state, &s);
	set_ehr(s.world, S("http://127.0.0.1:1/fhir"));
	wish = wish_of(&s, FULL_CREDIT(&s));
	assert_ok(save_as(&s, s.p.ana, &wish, &note));
	wish.mends = 1;
	assert_fails(save_as(&s, s.p.ana, &wish, &mended), ERR_CONFLICT); /* still on its way */
	s.world->cx.now = instant_add_ms(s.world->cx.now, EHR_GIVE_UP_MS + HOUR_MS);
	note = deliver(&s, note.id);
	assert_int_equal(note.state, CHART_TROUBLE);
	assert_ok(chart_wish_of(&s.world->cx, &note, &wish));
	assert_str_equal(wish.credit.clinic, "323");
	assert_str_equal(wish.comment, "Interaction checked");
	assert_int_equal(wish.count, 2);
	assert_int_equal(wish.credit.minutes, 12);
	wish.credit.minutes = 20;
	assert_ok(save_as(&s, s.p.okafor, &wish, &mended));
	assert_int_equal(mended.n, 1);
	assert_true(uuid_equal(mended.id, note.id));
	assert_int_equal(mended.state, CHART_WAITING);
	assert_str_equal(
	    json_number_text(json_path(resource_json(&s, RESOURCE_ENCOUNTER, note.encounter), "length.value")), "20");
	wish.mends = 7;
	assert_fails(save_as(&s, s.p.okafor, &wish, &mended), ERR_GONE);
}

static void
addresses_and_tokens_that_cannot_be_are_refused(void **state)
{
	struct world *world = *state;
	struct ehr_settings settings;
	bool found;
	static const struct {
		const char *url, *token;
	} bad[] = {{"http://ehr.example.org/fhir", "t"}, {"ftp://x", "t"}, {"https://", "t"}, {"https://a b", "t"},
	    {"https://user@host/", "t"}, {"https://ehr.example.org", ""}, {"https://ehr.example.org", "two\nlines"}};

	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		assert_fails(ehr_settings_set(
				 &world->cx, &(struct ehr_settings){str_from_z(bad[i].url), str_from_z(bad[i].token)}),
		    ERR_INVALID);
	assert_ok(ehr_settings_get(&world->cx, &settings, &found));
	assert_false(found);
	set_ehr(world, S("https://ehr.example.org/fhir"));
	assert_ok(ehr_settings_get(&world->cx, &settings, &found));
	assert_true(found);
	assert_str_equal(settings.token, "secret-token");
	assert_ok(ehr_settings_set(&world->cx, &(struct ehr_settings){0}));
	db_refresh(&world->cx);
	assert_ok(ehr_settings_get(&world->cx, &settings, &found));
	assert_false(found);
}

/* ---- faults ---- */

/* What must change together: notes, resources, outbox, the thread's mark. */
static int64_t
fingerprint(const struct scene *s)
{
	int64_t n;

	db_refresh(&s->world->cx);
	assert_ok(db_one(&s->world->cx,
	    SQL("SELECT (SELECT count(*) FROM chart_note) * 1000000 + (SELECT count(*) FROM resource) * 10000"
		" + (SELECT count(*) FROM outbox WHERE kind = 'ehr') * 100 + (SELECT count(filed_at) FROM thread)"),
	    BIND_NONE, INTO(&n, ONE_INT)));
	return n;
}

static void
a_failing_statement_keeps_nothing_of_a_note(void **state)
{
	struct scene s;
	int64_t before, nth;

	set_scene(*state, &s);
	set_ehr(s.world, S("http://127.0.0.1:1/fhir"));
	before = fingerprint(&s);
	for (nth = 1; nth < 100; nth++) {
		struct chart_wish wish = wish_of(&s, FULL_CREDIT(&s));
		struct chart_note note;
		const struct err *error;
		int64_t ran;

		db_fault_arm(s.world->db, DB_FAULT_ERROR, nth);
		error = save_as(&s, s.p.ana, &wish, &note);
		ran = db_fault_count(s.world->db);
		db_fault_arm(s.world->db, DB_FAULT_NONE, 0);
		if (ran < nth) {
			assert_ok(error);
			break;
		}
		assert_non_null(error);
		assert_int_equal(fingerprint(&s), before);
	}
	assert_in_range(nth, 6, 99);
	assert_int_equal(fingerprint(&s), before + 1000000 + 3 * 10000 + 100 + 1);
	assert_sound(s.world);
}

int
main(void)
{
	const struct CMUnitTest list[] = {
	    WORLD_TEST(a_conversation_becomes_a_note_and_credit_in_the_record),
	    WORLD_TEST(the_note_names_who_wrote_for_the_patient),
	    WORLD_TEST(a_later_note_of_the_conversation_is_an_addendum),
	    WORLD_TEST(what_is_wrong_with_a_wish_is_said_and_nothing_is_kept),
	    WORLD_TEST(only_members_of_the_team_keep_a_conversation_in_the_chart),
	    WORLD_TEST(while_an_answer_is_owed_nothing_is_filed),
	    WORLD_TEST(a_system_that_is_away_for_days_is_a_trouble_that_a_person_works_off),
	    WORLD_TEST(a_note_in_trouble_is_put_right_and_sent_anew),
	    WORLD_TEST(addresses_and_tokens_that_cannot_be_are_refused),
	    WORLD_TEST(a_failing_statement_keeps_nothing_of_a_note),
	};

	return cmocka_run_group_tests_name("charting", list, NULL, NULL);
}
