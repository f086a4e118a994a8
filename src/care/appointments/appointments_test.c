/* SPDX-License-Identifier: Apache-2.0 */
/* Rules and stores: booking, asking, offering, moving, calling off, the day; who may; what stands in the record and the conversation
 * afterwards; that the README prints the table that runs. */
#include "care/appointments/appointments_test_help.h"

#include <stdio.h>
#include <stdlib.h>

static struct conversation
conversation_of(struct clinic *c, const struct appointment *a)
{
	struct conversation found;

	clinic_refresh(c);
	assert_false(uuid_is_none(a->thread.v));
	assert_ok(thread_look(&c->ana, a->thread, &found));
	return found;
}

static struct appointment
ask(struct clinic *c, const slot_id *slots, size_t count)
{
	struct appointment_request in = {.key = uuid_new(c->world->cx.now),
	    .patient = c->people.maria,
	    .team = c->people.maple,
	    .kind = c->kind,
	    .reason = S("My knee hurts"),
	    .wish = S("Mornings"),
	    .slot_count = count};
	struct appointment a;

	for (size_t i = 0; i < count; i++)
		in.slots[i] = slots[i];
	assert_ok(appointment_ask_new(&c->maria, &in, &a));
	clinic_refresh(c);
	return a;
}

static void
an_open_time_is_taken_once_and_stands_in_the_record(void **state)
{
	struct clinic c;
	struct appointment a, again;
	const struct slot *slots;
	size_t count, before;
	struct appointment_booking in = {.reason = S(" My knee ")};

	clinic_open(&c, state, 1);
	slots = clinic_slots(&c, &before);
	assert_true(before > 100);
	in = (struct appointment_booking){
	    .key = uuid_new(c.world->cx.now), .patient = c.people.maria, .slot = slots[3].id, .reason = S(" My knee ")};
	assert_ok(appointment_book(&c.maria, &in, &a));
	clinic_refresh(&c);
	assert_ok(appointment_book(&c.maria, &in, &again)); /* pressed twice */
	assert_true(uuid_equal(a.id.v, again.id.v));
	assert_int_equal(again.start.ms, slots[3].start.ms);
	in.slot = slots[4].id; /* the same form with another time */
	clinic_refresh(&c);
	assert_fails(appointment_book(&c.maria, &in, &again), ERR_CONFLICT);
	clinic_slots(&c, &count);
	assert_int_equal(count, before - 1);
	a = clinic_look(&c, a.id);
	assert_true(str_equal(a.details.title, S("Follow-up")));
	assert_true(str_equal(a.details.place, S("Room 4")));
	assert_true(str_equal(a.details.reason, S("My knee")));
	assert_true(str_equal(clinic_in_record(&c, &a, "status"), S("booked")));
	assert_true(str_equal(clinic_in_record(&c, &a, "reasonCode.0.text"), S("My knee")));
	assert_true(str_contains(clinic_in_record(&c, &a, "patientInstruction"), S("Bring your medicines.")));
	assert_int_equal(clinic_outbox(&c, "visit_notice"), 1);
	clinic_close(&c);
}

static void
a_full_time_and_a_time_elsewhere_are_refused(void **state)
{
	struct clinic c;
	struct cx other;
	struct appointment a;
	const struct slot *slots;
	size_t count;
	slot_id first, second;

	clinic_open(&c, state, 2);
	slots = clinic_slots(&c, &count);
	first = slots[0].id;
	second = slots[1].id;
	a = clinic_book(&c, first);
	/* there is a seat left, but she is there already */
	assert_fails(appointment_book(&c.maria,
			 &(struct appointment_booking){
			     .key = uuid_new(c.world->cx.now), .patient = c.people.maria, .slot = first},
			 &a),
	    ERR_CONFLICT);
	for (int i = 0; i < 2; i++) {
		struct appointment b;
		const struct err *error;

		other = clinic_newcomer(&c, i);
		error = appointment_book(&other,
		    &(struct appointment_booking){
			.key = uuid_new(c.world->cx.now), .patient = other.who.patient, .slot = first},
		    &b);
		assert_int_equal(error ? error->code : 99, i == 0 ? 99 : ERR_CONFLICT);
		db_release(&other);
	}
	/* hers is let go with the new one */
	assert_ok(clinic_do(&c.maria, &a, DEED_MOVE, &second, NULL));
	other = clinic_newcomer(&c, 7);
	assert_ok(appointment_book(&other,
	    &(struct appointment_booking){
		.key = uuid_new(c.world->cx.now), .patient = other.who.patient, .slot = first},
	    &a));
	db_release(&other);
	clinic_close(&c);
}

static bool
is_offered(struct clinic *c, slot_id slot, appointment_id moved)
{
	struct db_rows rows;
	const struct slot *open;

	clinic_refresh(c);
	assert_ok(slots_open(&c->maria,
	    &(struct slot_query){.patient = c->people.maria,
		.moved = moved,
		.from = INSTANT_NONE,
		.until = INSTANT_NONE,
		.count_max = 500},
	    &rows));
	open = rows.items;
	for (size_t i = 0; i < rows.count; i++)
		if (uuid_equal(open[i].id.v, slot.v))
			return true;
	return false;
}

static void
a_time_of_another_visit_of_theirs_is_not_offered(void **state)
{
	struct clinic c;
	struct appointment a, b;
	const struct slot *slots;
	slot_id first, second;
	size_t count;

	clinic_open(&c, state, 2); /* a seat is left in each */
	slots = clinic_slots(&c, &count);
	first = slots[0].id;
	second = slots[1].id;
	assert_true(is_offered(&c, first, (appointment_id){0}));
	a = clinic_book(&c, first);
	b = clinic_book(&c, second);
	assert_false(is_offered(&c, first, (appointment_id){0}));
	assert_false(is_offered(&c, first, b.id));
	assert_true(is_offered(&c, first, a.id)); /* its own time is no obstacle to its move */
	assert_ok(clinic_do(&c.maria, &a, DEED_CANCEL, NULL, "I feel better."));
	assert_true(is_offered(&c, first, b.id));
	clinic_close(&c);
}

static void
only_who_may_sees_and_books(void **state)
{
	struct clinic c;
	struct cx bo, ben, acting;
	struct appointment a, got;
	const struct slot *slots;
	struct db_rows rows;
	slot_id first, second;
	size_t count;

	clinic_open(&c, state, 1);
	slots = clinic_slots(&c, &count);
	first = slots[0].id;
	second = slots[1].id;
	a = clinic_book(&c, first);
	bo = people_as(c.world, c.people.bo_account);
	ben = people_as(c.world, c.people.ben);
	assert_fails(appointment_get(&bo, c.people.maria, a.id, &got), ERR_GONE);
	assert_fails(appointment_get(&ben, c.people.maria, a.id, &got), ERR_GONE);
	assert_fails(clinic_do(&ben, &a, DEED_CALL_OFF, NULL, "No"), ERR_GONE);
	assert_fails(clinic_do(&bo, &a, DEED_CANCEL, NULL, "No"), ERR_GONE);
	/* a time of a team that does not care for him is none of his */
	assert_fails(
	    appointment_book(&bo,
		&(struct appointment_booking){.key = uuid_new(c.world->cx.now), .patient = c.people.bo, .slot = second},
		&got),
	    ERR_CONFLICT);
	/* staff do not book in the patient's name, and do not decide for the office */
	assert_fails(appointment_book(&c.ana,
			 &(struct appointment_booking){
			     .key = uuid_new(c.world->cx.now), .patient = c.people.maria, .slot = second},
			 &got),
	    ERR_GONE);
	assert_fails(
	    visit_kind_save(&c.ana, &(struct visit_kind){.id = c.kind, .facility = c.people.facility.id}), ERR_GONE);
	/* María acts for Bo: without the right nothing, with it his visits, never hers */
	people_delegate(c.world, &c.people, RIGHT_RECORD_READ);
	acting = people_acting(c.world, c.people.maria_account, c.people.bo);
	assert_fails(appointment_list(&acting, c.people.bo, APPOINTMENTS_TO_COME, 0, 10, &rows), ERR_GONE);
	people_delegate(c.world, &c.people, RIGHT_APPOINTMENTS);
	db_refresh(&acting);
	assert_ok(appointment_list(&acting, c.people.bo, APPOINTMENTS_TO_COME, 0, 10, &rows));
	assert_fails(appointment_get(&acting, c.people.maria, a.id, &got), ERR_GONE);
	db_release(&acting);
	db_release(&bo);
	db_release(&ben);
	clinic_close(&c);
}

static void
a_request_is_accepted_in_one_deed_and_answered_in_its_conversation(void **state)
{
	struct clinic c;
	struct appointment a;
	struct conversation talk;
	const struct slot *slots;
	struct db_rows waiting;
	slot_id wanted[2];
	size_t count;

	clinic_open(&c, state, 1);
	slots = clinic_slots(&c, &count);
	wanted[0] = slots[5].id;
	wanted[1] = slots[9].id;
	a = ask(&c, wanted, 2);
	assert_int_equal(a.state, APPOINTMENT_PROPOSED);
	assert_true(str_equal(clinic_in_record(&c, &a, "status"), S("proposed")));
	talk = conversation_of(&c, &a);
	assert_int_equal(talk.count, 1);
	assert_true(str_contains(talk.messages[0].body, S("My knee hurts")));
	assert_true(str_contains(talk.messages[0].body, S("Mornings")));
	assert_true(str_contains(talk.thread.about.reference, uuid_text(c.ana.arena, a.id.v)));
	assert_int_equal(talk.thread.category, CATEGORY_APPOINTMENT);
	assert_int_equal(talk.thread.status, THREAD_INCOMPLETE);
	assert_ok(appointments_waiting(&c.ana, (team_id){{{0}}}, 10, &waiting));
	assert_int_equal(waiting.count, 1);
	assert_fails(
	    clinic_do(&c.ana, &a, DEED_ACCEPT, &slots[6].id, NULL), ERR_CONFLICT); /* she did not propose that */
	assert_ok(clinic_do(&c.ana, &a, DEED_ACCEPT, &wanted[1], NULL));
	assert_ok(clinic_do(&c.ana, &a, DEED_ACCEPT, &wanted[1], NULL)); /* pressed twice */
	a = clinic_look(&c, a.id);
	assert_int_equal(a.state, APPOINTMENT_BOOKED);
	assert_true(uuid_equal(a.slot.v, wanted[1].v));
	assert_true(str_equal(a.details.reason, S("My knee hurts")));
	talk = conversation_of(&c, &a);
	assert_int_equal(talk.count, 2);
	assert_true(str_contains(talk.messages[1].body, S("Your visit is booked.")));
	assert_int_equal(talk.thread.status, THREAD_COMPLETE);
	assert_ok(appointments_waiting(&c.ana, (team_id){{{0}}}, 10, &waiting));
	assert_int_equal(waiting.count, 0);
	clinic_close(&c);
}

static void
the_team_offers_and_the_patient_chooses(void **state)
{
	struct clinic c;
	struct appointment a;
	struct conversation talk;
	const struct slot *slots;
	struct db_rows offers;
	slot_id offered, other;
	size_t count;

	clinic_open(&c, state, 1);
	slots = clinic_slots(&c, &count);
	offered = slots[8].id;
	other = slots[9].id;
	a = ask(&c, NULL, 0);
	assert_ok(clinic_do(&c.ana, &a, DEED_OFFER, &offered, NULL));
	a = clinic_look(&c, a.id);
	assert_int_equal(a.state, APPOINTMENT_PENDING);
	assert_ok(appointment_offers(&c.maria, &a, &offers));
	assert_int_equal(offers.count, 1);
	assert_fails(clinic_do(&c.ana, &a, DEED_CHOOSE, &offered, NULL), ERR_CONFLICT); /* it is not the team's turn */
	assert_fails(clinic_do(&c.maria, &a, DEED_CHOOSE, &other, NULL), ERR_CONFLICT);
	assert_fails(clinic_do(&c.maria, &a, DEED_ASK_AGAIN, NULL, ""), ERR_INVALID);
	assert_ok(clinic_do(&c.maria, &a, DEED_ASK_AGAIN, NULL, "Later in the day, please."));
	a = clinic_look(&c, a.id);
	assert_int_equal(a.state, APPOINTMENT_PROPOSED);
	assert_true(str_equal(a.wish, S("Later in the day, please.")));
	assert_ok(clinic_do(&c.ana, &a, DEED_OFFER, &other, NULL));
	assert_ok(clinic_do(&c.maria, &a, DEED_CHOOSE, &other, NULL));
	a = clinic_look(&c, a.id);
	assert_int_equal(a.state, APPOINTMENT_BOOKED);
	talk = conversation_of(&c, &a);
	assert_int_equal(talk.count, 4); /* choosing makes no work: it is no message */
	assert_int_equal(talk.thread.status, THREAD_COMPLETE);
	clinic_close(&c);
}

static void
a_time_agreed_on_the_telephone_is_booked_without_a_slot(void **state)
{
	struct clinic c;
	struct appointment a, after;
	struct appointment_act act = {.deed = DEED_SETTLE, .minutes = 45};

	clinic_open(&c, state, 1);
	a = ask(&c, NULL, 0);
	act.patient = a.patient;
	act.id = a.id;
	act.start = instant_add_ms(c.world->cx.now, -HOUR_MS);
	assert_fails(appointment_do(&c.ana, &act, &after), ERR_INVALID);
	act.start = instant_add_ms(c.world->cx.now, 50 * HOUR_MS);
	act.seen = a.changes + 4; /* somebody else's screen */
	assert_fails(appointment_do(&c.ana, &act, &after), ERR_CONFLICT);
	act.seen = a.changes;
	assert_ok(appointment_do(&c.ana, &act, &after));
	after = clinic_look(&c, a.id);
	assert_int_equal(after.end.ms - after.start.ms, 45 * MINUTE_MS);
	assert_true(uuid_is_none(after.slot.v));
	clinic_close(&c);
}

static void
calling_off_frees_the_seat_and_tells_the_team_why(void **state)
{
	struct clinic c;
	struct appointment a;
	struct conversation talk;
	const struct slot *slots;
	size_t before, count;

	clinic_open(&c, state, 1);
	slots = clinic_slots(&c, &before);
	a = clinic_book(&c, slots[0].id);
	assert_ok(clinic_do(&c.maria, &a, DEED_CANCEL, NULL, "I feel better."));
	assert_ok(clinic_do(&c.maria, &a, DEED_CANCEL, NULL, "I feel better.")); /* pressed twice */
	clinic_slots(&c, &count);
	assert_int_equal(count, before);
	a = clinic_look(&c, a.id);
	assert_int_equal(a.state, APPOINTMENT_CANCELLED);
	assert_true(instant_is_none(a.remind_at));
	assert_true(str_equal(clinic_in_record(&c, &a, "status"), S("cancelled")));
	assert_true(str_equal(clinic_in_record(&c, &a, "cancelationReason.text"), S("I feel better.")));
	talk = conversation_of(&c, &a);
	assert_int_equal(talk.count, 1);
	assert_true(str_contains(talk.messages[0].body, S("I feel better.")));
	assert_fails(clinic_do(&c.maria, &a, DEED_MOVE, &slots[1].id, NULL), ERR_CONFLICT);
	clinic_close(&c);
}

static void
a_change_is_asked_kept_withdrawn_and_done(void **state)
{
	struct clinic c;
	struct appointment a;
	const struct slot *slots;
	slot_id second;
	size_t count;

	clinic_open(&c, state, 1);
	slots = clinic_slots(&c, &count);
	second = slots[1].id;
	a = clinic_book(&c, slots[0].id);
	assert_fails(clinic_do(&c.maria, &a, DEED_ASK_CHANGE, NULL, " "), ERR_INVALID);
	assert_ok(clinic_do(&c.maria, &a, DEED_ASK_CHANGE, NULL, "An hour later?"));
	assert_int_equal(clinic_look(&c, a.id).asked, ASKED_CHANGE);
	assert_int_equal(
	    clinic_look(&c, a.id).state, APPOINTMENT_BOOKED); /* the old time stays until there is a new one */
	assert_fails(clinic_do(&c.ana, &a, DEED_KEEP, NULL, ""), ERR_INVALID);
	assert_ok(clinic_do(&c.ana, &a, DEED_KEEP, NULL, "Nothing else is free."));
	assert_int_equal(clinic_look(&c, a.id).asked, ASKED_NOTHING);
	assert_ok(clinic_do(&c.maria, &a, DEED_ASK_CHANGE, &second, ""));
	assert_ok(clinic_do(&c.maria, &a, DEED_WITHDRAW, NULL, NULL));
	assert_int_equal(clinic_look(&c, a.id).asked, ASKED_NOTHING);
	assert_ok(clinic_do(&c.maria, &a, DEED_ASK_CHANGE, &second, ""));
	assert_ok(clinic_do(&c.ana, &a, DEED_ACCEPT, &second, NULL));
	assert_true(uuid_equal(clinic_look(&c, a.id).slot.v, second.v));
	assert_ok(clinic_do(&c.ana, &a, DEED_CALL_OFF, NULL, "The doctor is ill."));
	assert_true(str_equal(clinic_look(&c, a.id).details.ended, S("The doctor is ill.")));
	clinic_close(&c);
}

static void
the_readme_prints_the_table_that_runs(void **state)
{
	const char *source = getenv("SALVE_SOURCE");
	struct arena arena = ARENA_INIT;
	struct buf table = BUF_INIT(&arena), readme = BUF_INIT(&arena);
	char chunk[4096];
	size_t n;
	FILE *file;

	(void)state;
	assert_non_null(source);
	file = fopen(arena_printf(&arena, "%s/src/care/appointments/README.md", source).p, "r");
	assert_non_null(file);
	while ((n = fread(chunk, 1, sizeof(chunk), file)) > 0)
		buf_add_bytes(&readme, chunk, n);
	fclose(file);
	appointment_rules_print(&table);
	if (!str_contains(buf_str(&readme), buf_str(&table))) {
		fputs("README.md should hold:\n", stderr);
		fwrite(buf_str(&table).p, 1, table.n, stderr);
	}
	assert_true(str_contains(buf_str(&readme), buf_str(&table)));
	arena_release(&arena);
}

/* No way leads out of a state that is over but the mistake taken back, and no request is without somebody whose turn it is. */
static void
every_rule_leads_somewhere_that_somebody_sees(void **state)
{
	(void)state;
	for (const struct appointment_rule *rule = appointment_rules; rule->deed; rule++) {
		bool over = rule->from == APPOINTMENT_CANCELLED;

		assert_false(over);
		assert_true(rule->to != APPOINTMENT_PROPOSED || rule->asked_after == ASKED_NEW);
		assert_true(rule->to != APPOINTMENT_PENDING || rule->asked_after == ASKED_CHOICE);
		assert_true(rule->to == APPOINTMENT_BOOKED || rule->to == APPOINTMENT_PROPOSED ||
			    rule->to == APPOINTMENT_PENDING || rule->asked_after == ASKED_NOTHING);
		assert_true(appointment_deed_code(rule->deed)[0] != '\0');
	}
	/* whatever is asked, both sides have a deed that ends it */
	for (int64_t asked = ASKED_NEW; asked <= ASKED_CHOICE; asked++) {
		int64_t from = asked == ASKED_NEW ? APPOINTMENT_PROPOSED : APPOINTMENT_BOOKED;
		int ends[3] = {0};

		for (const struct appointment_rule *rule = appointment_rules; rule->deed; rule++)
			if (rule->from == from && (rule->asked & (1 << asked)) && rule->asked_after == ASKED_NOTHING)
				ends[rule->by == BY_EITHER ? BY_TEAM : rule->by]++;
		assert_true(ends[BY_PATIENT] > 0 && ends[BY_TEAM] > 0);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    WORLD_TEST(an_open_time_is_taken_once_and_stands_in_the_record),
	    WORLD_TEST(a_full_time_and_a_time_elsewhere_are_refused),
	    WORLD_TEST(a_time_of_another_visit_of_theirs_is_not_offered),
	    WORLD_TEST(only_who_may_sees_and_books),
	    WORLD_TEST(a_request_is_accepted_in_one_deed_and_answered_in_its_conversation),
	    WORLD_TEST(the_team_offers_and_the_patient_chooses),
	    WORLD_TEST(a_time_agreed_on_the_telephone_is_booked_without_a_slot),
	    WORLD_TEST(calling_off_frees_the_seat_and_tells_the_team_why),
	    WORLD_TEST(a_change_is_asked_kept_withdrawn_and_done),
	    cmocka_unit_test(the_readme_prints_the_table_that_runs),
	    cmocka_unit_test(every_rule_leads_somewhere_that_somebody_sees),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
