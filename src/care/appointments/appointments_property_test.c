/* SPDX-License-Identifier: Apache-2.0 */
/* Seats are never given twice: many patients at once on one slot, random play by patients and team, and each statement of each deed
 * failing in turn. */
#include "care/appointments/appointments_test_help.h"

#include <pthread.h>
#include <stdlib.h>

#include "care/notify/notify.h"

#define PATIENTS       8
#define SEATS          3
#define STATEMENTS_MAX 80

static const struct outbox_kind kinds[] = {{RECORD_FOLLOW_KIND, visit_follow_deliver, VISIT_GIVE_UP_MS},
    {"visit_message", visit_message_deliver, VISIT_GIVE_UP_MS},
    {"visit_notice", visit_notice_deliver, VISIT_GIVE_UP_MS}, {"notice", notice_deliver, NOTICE_GIVE_UP_MS}, {0}};

/* ---- at once ---- */

struct rival {
	pthread_t thread;
	pthread_barrier_t *start;
	struct cx cx;
	struct arena arena;
	struct uuid key;
	slot_id slot;
	enum err_code code;
	bool booked;
};

static void *
race(void *arg)
{
	struct rival *r = arg;
	struct appointment a;
	const struct err *error;

	pthread_barrier_wait(r->start);
	error = appointment_book(
	    &r->cx, &(struct appointment_booking){.key = r->key, .patient = r->cx.who.patient, .slot = r->slot}, &a);
	r->booked = !error;
	if (error)
		r->code = error->code;
	db_release(&r->cx);
	return NULL;
}

static void
of_many_who_want_one_slot_at_once_as_many_get_it_as_it_has_seats(void **state)
{
	struct clinic c;
	struct rival rivals[PATIENTS];
	pthread_barrier_t start;
	const struct slot *slots;
	size_t count;
	slot_id wanted[4];

	clinic_open(&c, state, SEATS);
	slots = clinic_slots(&c, &count);
	for (size_t i = 0; i < 4; i++)
		wanted[i] = slots[i].id;
	for (int i = 0; i < PATIENTS; i++) {
		rivals[i] = (struct rival){.start = &start, .arena = ARENA_INIT};
		rivals[i].cx = clinic_newcomer(&c, i);
		db_release(&rivals[i].cx);
	}
	clinic_refresh(&c);
	for (size_t round = 0; round < 4; round++) {
		struct slot slot;
		int booked = 0;

		pthread_barrier_init(&start, NULL, PATIENTS);
		for (int i = 0; i < PATIENTS; i++) {
			rivals[i].cx.arena = &rivals[i].arena;
			rivals[i].key = uuid_new(c.world->cx.now);
			rivals[i].slot = wanted[round];
			assert_int_equal(pthread_create(&rivals[i].thread, NULL, race, &rivals[i]), 0);
		}
		for (int i = 0; i < PATIENTS; i++) {
			assert_int_equal(pthread_join(rivals[i].thread, NULL), 0);
			booked += rivals[i].booked;
			if (!rivals[i].booked)
				assert_int_equal(rivals[i].code, ERR_CONFLICT);
		}
		pthread_barrier_destroy(&start);
		assert_int_equal(booked, SEATS);
		clinic_refresh(&c);
		assert_ok(slot_get(&c.root, wanted[round], &slot));
		assert_int_equal(slot.taken, SEATS);
		clinic_check(&c);
	}
	for (int i = 0; i < PATIENTS; i++)
		arena_release(&rivals[i].arena);
	clinic_close(&c);
}

/* ---- random play ---- */

static uint64_t seed = 1;

static unsigned
roll(unsigned below)
{
	seed ^= seed << 13;
	seed ^= seed >> 7;
	seed ^= seed << 17;
	return (unsigned)(seed >> 11) % below;
}

struct player {
	struct cx cx;
	struct arena arena;
};

/* One of the patient's visits, whatever its state. */
static bool
pick(struct cx *cx, struct appointment *out)
{
	struct db_rows rows;
	enum appointment_list list = (enum appointment_list)roll(3);

	assert_ok(appointment_list(cx, cx->who.patient, list, 0, 20, &rows));
	if (!rows.count)
		return false;
	*out = ((struct appointment *)rows.items)[roll((unsigned)rows.count)];
	return true;
}

static void
play(struct clinic *c, struct player *patient, struct player *nurse, const slot_id *slots, unsigned slot_count)
{
	struct cx *cx = roll(3) ? &patient->cx : &nurse->cx;
	struct appointment a, after;
	struct appointment_act act = {
	    .deed = (enum appointment_deed)(DEED_OFFER + (int)roll(DEED_REOPEN - DEED_OFFER + 1)),
	    .words = S("Words."),
	    .slot_count = 1,
	    .slots = {slots[roll(slot_count)]},
	    .start = instant_add_ms(c->world->cx.now, (int64_t)(1 + roll(40)) * HOUR_MS),
	    .minutes = 30};
	const struct err *error;

	db_refresh(&patient->cx);
	db_refresh(&nurse->cx);
	switch (roll(6)) {
	case 0:
	case 1:
		error = appointment_book(&patient->cx,
		    &(struct appointment_booking){
			.key = uuid_new(c->world->cx.now), .patient = patient->cx.who.patient, .slot = act.slots[0]},
		    &after);
		break;
	case 2:
		error = appointment_ask_new(&patient->cx,
		    &(struct appointment_request){.key = uuid_new(c->world->cx.now),
			.patient = patient->cx.who.patient,
			.team = c->people.maple,
			.kind = c->kind,
			.reason = S("Reason"),
			.slots = {act.slots[0]},
			.slot_count = roll(2)},
		    &after);
		break;
	default:
		if (!pick(&patient->cx, &a))
			return;
		act.patient = a.patient;
		act.id = a.id;
		act.slot_count = roll(4) ? 1 : 0;
		error = appointment_do(cx, &act, &after);
	}
	if (error && error->code != ERR_CONFLICT && error->code != ERR_INVALID)
		fail_msg("%s: %s", appointment_deed_code(act.deed), error->log);
	if (!error) { /* what was answered stands */
		db_refresh(&patient->cx);
		assert_ok(appointment_get(&patient->cx, after.patient, after.id, &a));
		assert_int_equal(a.state, after.state);
		assert_int_equal(a.start.ms, after.start.ms);
	}
}

static void
player_begin(struct player *p)
{
	p->cx.arena = &p->arena;
}

static void
player_end(struct player *p)
{
	db_release(&p->cx);
	arena_release(&p->arena);
	p->arena = (struct arena)ARENA_INIT;
}

static void
random_play_never_gives_a_seat_twice(void **state)
{
	const char *wanted = getenv("SALVE_OPERATIONS");
	int operations = wanted ? atoi(wanted) : 250;
	struct clinic c;
	struct player patients[PATIENTS], nurse = {.arena = ARENA_INIT};
	const struct slot *slots;
	slot_id few[6];
	size_t count;
	int64_t delivered;

	clinic_open(&c, state, 2);
	slots = clinic_slots(&c, &count);
	for (size_t i = 0; i < 6; i++)
		few[i] = slots[i].id;
	for (int i = 0; i < PATIENTS; i++) {
		patients[i] = (struct player){.cx = clinic_newcomer(&c, i), .arena = ARENA_INIT};
		db_release(&patients[i].cx);
	}
	nurse.cx = people_as(c.world, c.people.ana);
	db_release(&nurse.cx);
	for (int i = 0; i < operations; i++) {
		struct player *patient = &patients[roll(PATIENTS)];

		player_begin(patient);
		player_begin(&nurse);
		play(&c, patient, &nurse, few, 6);
		player_end(patient);
		player_end(&nurse);
		if (i % 50 == 49)
			clinic_check(&c);
	}
	db_refresh(&c.world->cx);
	assert_ok(jobs_deliver_due(&c.world->cx, kinds, &delivered)); /* comes a second time, and changes nothing */
	assert_true(delivered > 0);
	clinic_close(&c);
}

/* ---- statements that fail ---- */

static int64_t
fingerprint(struct world *world)
{
	static const struct sql parts[] = {{"SELECT count(*) * 7 + coalesce(CAST(sum(state * 3 + asked + changes * 11) "
					    "AS BIGINT), 0) FROM appointment"},
	    {"SELECT count(*) FROM seat"}, {"SELECT count(*) FROM appointment_offer"}, {"SELECT count(*) FROM outbox"},
	    {"SELECT count(*) * 3 + coalesce(CAST(sum(version) AS BIGINT), 0) FROM resource WHERE type = 5"},
	    {"SELECT count(*) FROM appointment WHERE agenda IS NOT NULL"}};

	return world_fingerprint(world, parts, sizeof(parts) / sizeof(parts[0]));
}

struct stage {
	struct clinic *c;
	struct uuid key;
	slot_id slots[4];
	struct appointment a;
};

static const struct err *
deed_book(struct stage *s)
{
	return appointment_book(&s->c->maria,
	    &(struct appointment_booking){
		.key = s->key, .patient = s->c->people.maria, .slot = s->slots[0], .reason = S("x")},
	    &s->a);
}

static const struct err *
deed_agenda(struct stage *s)
{
	return appointment_agenda_set(&s->c->maria, s->c->people.maria, (appointment_id){s->key}, S("My list"));
}

static const struct err *
act(struct stage *s, struct cx *cx, enum appointment_deed deed, const slot_id *slot)
{
	struct appointment a = {.patient = s->c->people.maria, .id = {s->key}};

	return clinic_do(cx, &a, deed, slot, "Because.");
}

static const struct err *
deed_move(struct stage *s)
{
	return act(s, &s->c->maria, DEED_MOVE, &s->slots[1]);
}

static const struct err *
deed_ask_change(struct stage *s)
{
	return act(s, &s->c->maria, DEED_ASK_CHANGE, &s->slots[2]);
}

static const struct err *
deed_accept(struct stage *s)
{
	return act(s, &s->c->ana, DEED_ACCEPT, &s->slots[2]);
}

static const struct err *
deed_cancel(struct stage *s)
{
	return act(s, &s->c->maria, DEED_CANCEL, NULL);
}

static const struct {
	const char *name;
	const struct err *(*run)(struct stage *s);
} deeds[] = {{"book", deed_book}, {"agenda", deed_agenda}, {"move", deed_move}, {"ask for a change", deed_ask_change},
    {"accept", deed_accept}, {"cancel", deed_cancel}};
#define DEEDS (sizeof(deeds) / sizeof(deeds[0]))

/* The message of a deed is sent after it, in transactions of its own: a statement that fails there leaves it to the outbox. */
static void
a_failing_statement_undoes_the_whole_deed(void **state)
{
	struct clinic c;
	struct stage s = {.c = &c};
	const struct slot *slots;
	struct appointment a;
	struct conversation talk;
	int64_t delivered;
	size_t count;

	clinic_open(&c, state, 1);
	slots = clinic_slots(&c, &count);
	for (size_t i = 0; i < 4; i++)
		s.slots[i] = slots[i].id;
	s.key = uuid_new(c.world->cx.now);
	for (size_t i = 0; i < DEEDS; i++) {
		int64_t before = fingerprint(c.world), nth;
		bool done = false;

		for (nth = 1; !done; nth++) {
			const struct err *error;

			assert_true(nth < STATEMENTS_MAX);
			clinic_refresh(&c);
			db_fault_arm(c.world->db, DB_FAULT_ERROR, nth);
			error = deeds[i].run(&s);
			db_fault_arm(c.world->db, DB_FAULT_NONE, 0);
			done = !error;
			if (error && fingerprint(c.world) != before)
				fail_msg("%s: half done after statement %lld", deeds[i].name, (long long)nth);
			clinic_check(&c);
		}
		assert_true(nth > 2);
		assert_true(fingerprint(c.world) != before);
		db_refresh(&c.world->cx);
		assert_ok(jobs_deliver_due(&c.world->cx, kinds, &delivered));
		clinic_check(&c);
	}
	a = clinic_look(&c, (appointment_id){s.key});
	assert_int_equal(a.state, APPOINTMENT_CANCELLED);
	assert_ok(thread_look(&c.ana, a.thread, &talk));
	assert_int_equal(talk.count, 3); /* the change asked, its answer, called off: each once */
	clinic_close(&c);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    WORLD_TEST(of_many_who_want_one_slot_at_once_as_many_get_it_as_it_has_seats),
	    WORLD_TEST(random_play_never_gives_a_seat_twice),
	    WORLD_TEST(a_failing_statement_undoes_the_whole_deed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
