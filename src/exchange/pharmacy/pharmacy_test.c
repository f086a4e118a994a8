/* SPDX-License-Identifier: Apache-2.0 */
/* The simulated pharmacy's whole repertoire, and random play against it: patients press, press again and take back, the pharmacy is
 * away, is slow, says things twice, fills twice; teams work off what is left.  Never two fills for one request; every request ends
 * where a person sees it. */
#include "care/prescriptions/prescriptions_test_help.h"
#include "exchange/pharmacy/pharmacy_internal.h"

static const struct pharmacy_settings SIMULATED = {
    .form = S_INIT("simulated"), .every_ms = PHARMACY_EVERY_MS, .seed = 5, .day_ms = DAY_MS};
/* Notices are not what is looked at here. */
static const struct err *
told(struct cx *cx, const struct outbox_item *item)
{
	(void)cx;
	(void)item;
	return NULL;
}

static const struct outbox_kind kinds[] = {
    {REFILL_OUTBOX_KIND, pharmacy_deliver, 2 * PHARMACY_GIVE_UP_MS}, {"notice", told, DAY_MS}, {0}};

static void
connect(struct pharmacy_room *r)
{
	struct cx cx = world_cx(r->world);

	assert_ok(pharmacy_settings_set(&cx, &SIMULATED));
	db_release(&cx);
}

/* An hour of the job loop at `now`: what is due leaves, the pharmacy is asked, the clock strikes. */
static void
work(struct pharmacy_room *r)
{
	struct cx cx = world_cx(r->world);
	int64_t delivered;

	cx.now = r->world->cx.now;
	assert_ok(jobs_deliver_due(&cx, kinds, &delivered));
	assert_ok(pharmacy_ask_all(&cx));
	assert_ok(refills_chase(&cx));
	db_release(&cx);
}

static void
pass(struct pharmacy_room *r, int64_t hours)
{
	for (; hours > 0; hours -= 6) {
		r->world->cx.now = instant_add_ms(r->world->cx.now, 6 * HOUR_MS);
		work(r);
	}
}

/* A request's id for which the pharmacy has this plan. */
static struct uuid
key_for(struct pharmacy_room *r, enum simulated_plan plan)
{
	struct uuid key;

	do
		key = uuid_new(r->world->cx.now);
	while (simulated_plan_of(SIMULATED.seed, (refill_id){key}) != plan);
	return key;
}

static struct refill
play(struct pharmacy_room *r, enum simulated_plan plan, int64_t days)
{
	struct refill_result result;

	connect(r);
	assert_ok(ask_as(r, r->people.bo_account, "lis", key_for(r, plan), &result));
	assert_int_equal(result.outcome, REFILL_ASKED);
	pass(r, days * 24);
	return refill_now(r, result.refill.id);
}

static void
it_ships_with_a_tracking_number(void **state)
{
	struct pharmacy_room r;
	struct refill refill;
	struct arena arena = ARENA_INIT;
	str carrier, number;

	room_open(&r, state);
	refill = play(&r, PLAN_SHIPS, 4);
	assert_int_equal(refill.state, REFILL_SHIPPED);
	number = str_cut(refill.tracking, '\n', &carrier);
	assert_str_equal(carrier, "USPS");
	assert_int_equal(number.n, 22);
	assert_int_equal(fills_of(&r, "lis"), 2);
	pass(&r, 3 * 24);
	assert_int_equal(refill_now(&r, refill.id).state, REFILL_DONE);
	arena_release(&arena);
}

static void
it_hands_out(void **state)
{
	struct pharmacy_room r;

	room_open(&r, state);
	assert_int_equal(play(&r, PLAN_PICK_UP, 2).state, REFILL_READY);
}

static void
it_fills_a_part_and_then_the_rest(void **state)
{
	struct pharmacy_room r;
	struct refill refill;

	room_open(&r, state);
	refill = play(&r, PLAN_PART, 2);
	assert_int_equal(refill.state, REFILL_PARTLY_FILLED);
	assert_int_equal(refill.filled, 27);
	pass(&r, 2 * 24);
	refill = refill_now(&r, refill.id);
	assert_int_equal(refill.filled, 90);
	assert_int_equal(refill.problem, PROBLEM_NONE);
}

static void
it_rejects_with_a_reason(void **state)
{
	struct pharmacy_room r;
	struct refill refill;

	room_open(&r, state);
	refill = play(&r, PLAN_REJECTS, 2);
	assert_int_equal(refill.state, REFILL_REJECTED);
	assert_int_equal(refill.problem, PROBLEM_REJECTED);
	assert_true(refill.trouble.n > 10);
	assert_int_equal(fills_of(&r, "lis"), 1);
}

static void
slow_and_silent_ones_are_chased(void **state)
{
	struct pharmacy_room r;
	struct refill refill;

	room_open(&r, state);
	refill = play(&r, PLAN_SLOW, 4);
	assert_int_equal(refill.problem, PROBLEM_STUCK);
	pass(&r, 3 * 24);
	assert_int_equal(refill_now(&r, refill.id).problem, PROBLEM_NONE); /* it came by itself */
	assert_int_equal(fills_of(&r, "lis"), 2);
}

static void
silent_until_it_is_asked_once_more(void **state)
{
	struct pharmacy_room r;
	struct refill refill;

	room_open(&r, state);
	refill = play(&r, PLAN_SILENT, 2);
	assert_int_equal(refill.state, REFILL_SENT);
	pass(&r, 4 * 24);
	assert_true(refill_now(&r, refill.id).state >= REFILL_ACKNOWLEDGED);
	assert_true(refill_now(&r, refill.id).tries > 1);
}

static void
two_fills_for_one_request_are_a_problem_and_one_fill(void **state)
{
	struct pharmacy_room r;
	struct refill refill;

	room_open(&r, state);
	refill = play(&r, PLAN_TWICE, 4);
	assert_int_equal(refill.problem, PROBLEM_TWICE);
	assert_int_equal(fills_of(&r, "lis"), 2); /* the one before, and this one */
}

static void
away_it_is_tried_again_and_then_the_team_is_told(void **state)
{
	struct pharmacy_room r;
	struct refill_result result;
	struct pharmacy_settings away = {.form = S("fhir"),
	    .url = S("http://127.0.0.1:9/fhir"), /* nobody is there */
	    .token = S("x"),
	    .every_ms = PHARMACY_EVERY_MS,
	    .day_ms = DAY_MS};
	struct cx cx;

	room_open(&r, state);
	cx = world_cx(r.world);
	assert_ok(pharmacy_settings_set(&cx, &away));
	assert_ok(ask_as(&r, r.people.bo_account, "lis", uuid_new(r.world->cx.now), &result));
	work(&r);
	assert_int_equal(refill_now(&r, result.refill.id).state, REFILL_SUBMITTED);
	assert_int_equal(refill_now(&r, result.refill.id).problem, PROBLEM_NONE);
	pass(&r, 30);
	assert_int_equal(refill_now(&r, result.refill.id).state, REFILL_TROUBLE);
	assert_int_equal(refill_now(&r, result.refill.id).problem, PROBLEM_NOT_SENT);
	away.form = S("none");
	assert_ok(pharmacy_settings_set(&cx, &away));
	assert_ok(ask_as(&r, r.people.bo_account, "ator", uuid_new(r.world->cx.now), &result));
	work(&r);
	assert_int_equal(refill_now(&r, result.refill.id).problem, PROBLEM_NOT_SENT); /* the team sees to it by hand */
	away.form = S("carrier pigeon");
	assert_fails(pharmacy_settings_set(&cx, &away), ERR_INVALID);
	away = SIMULATED;
	away.form = S("fhir");
	away.url = S("http://pharmacy.example.org/fhir"); /* plain text over the line */
	away.token = S("x");
	assert_fails(pharmacy_settings_set(&cx, &away), ERR_INVALID);
	db_release(&cx);
}

/* ---- random play ---- */

#define MEDICINES 12
#define ROUNDS    60

static uint64_t dice_state;

static int
dice(int sides)
{
	dice_state = dice_state * 6364136223846793005ULL + 1442695040888963407ULL;
	return (int)((dice_state >> 33) % (unsigned)sides);
}

static const char *
medicine(struct pharmacy_room *r, int i)
{
	return arena_printf(&r->world->arena, "m%d", i).p;
}

static void
random_deed(struct pharmacy_room *r, struct uuid *last_key)
{
	struct cx bo = people_as_at(r->world, r->people.bo_account, r->world->cx.now);
	struct cx ben = people_as_at(r->world, r->people.ben, r->world->cx.now);
	struct refill_result result;
	struct refill_wish wish;
	struct db_rows rows;
	const struct refill *refill;
	const struct err *error = NULL;

	switch (dice(6)) {
	case 0:
	case 1:
	case 2: /* press; a third of the time with the key of before */
		if (dice(3))
			*last_key = uuid_new(bo.now);
		wish = (struct refill_wish){*last_key, str_from_z(medicine(r, dice(MEDICINES)))};
		error = refills_ask(&bo, r->people.bo, &wish, 1, &result);
		break;
	case 3:
		assert_ok(refills_of_patient(&bo, r->people.bo, &rows));
		refill = rows.items;
		if (rows.count && dice(4) == 0)
			error = refill_withdraw(&bo, refill[dice((int)rows.count)].id);
		else if (rows.count)
			error = refill_missing(&bo, refill[dice((int)rows.count)].id);
		break;
	case 4:
		assert_ok(refill_problems(&ben, &rows));
		refill = rows.items;
		if (rows.count && dice(2))
			error = refill_send_again(&ben, refill[dice((int)rows.count)].id);
		else if (rows.count)
			error = refill_settle(&ben, refill[dice((int)rows.count)].id, S("Seen to."));
		break;
	default: break;
	}
	if (error)
		assert_int_equal(error->code, ERR_CONFLICT); /* it moved on: nothing else may happen */
	db_release(&bo);
	db_release(&ben);
}

/* What must hold at any moment. */
static void
assert_sound(struct pharmacy_room *r)
{
	/* one on its way of each prescription */
	assert_int_equal(rows_of(r->world, SQL("SELECT count(*) FROM (SELECT prescription FROM refill WHERE state < 45"
					       " GROUP BY patient, prescription HAVING count(*) > 1) d")),
	    0);
	/* no fill beyond what was asked for; none without a request that is filled */
	assert_int_equal(rows_of(r->world, SQL("SELECT count(*) FROM refill WHERE asked > 0 AND filled > asked")), 0);
	assert_int_equal(
	    rows_of(r->world, SQL("SELECT count(*) FROM refill WHERE filled = 0 AND state IN (40, 50, 60)")), 0);
	/* what is on its way has a time by which somebody looks, or is a problem that people see */
	assert_int_equal(
	    rows_of(r->world, SQL("SELECT count(*) FROM refill WHERE state < 60 AND move_by IS NULL AND problem = 0")),
	    0);
	/* each word of the pharmacy once, events without gaps */
	assert_int_equal(rows_of(r->world, SQL("SELECT count(*) FROM (SELECT refill FROM refill_event"
					       " GROUP BY refill HAVING max(n) <> count(*)) d")),
	    0);
}

static void
random_play_never_fills_twice_and_loses_nothing(void **state)
{
	struct pharmacy_room r;
	struct uuid key;
	const char *seed = getenv("SALVE_SEED");
	int64_t dispenses = 0;

	room_open(&r, state);
	dice_state = seed ? strtoull(seed, NULL, 10) : 7;
	connect(&r);
	for (int i = 0; i < MEDICINES; i++)
		put_order(&r, r.people.bo, medicine(&r, i), arena_printf(&r.world->arena, "Medicine %d", i).p, 9, "");
	key = uuid_new(r.world->cx.now);
	for (int round = 0; round < ROUNDS; round++) {
		for (int i = dice(4); i >= 0; i--)
			random_deed(&r, &key);
		r.world->cx.now = instant_add_ms(r.world->cx.now, dice(30) * HOUR_MS);
		if (dice(4)) { /* a statement of the job loop fails now and then: it goes on later */
			struct cx cx = world_cx(r.world);
			const struct err *ignored;

			cx.now = r.world->cx.now;
			db_fault_arm(r.world->db, DB_FAULT_ERROR, 1 + dice(12));
			ignored = pharmacy_ask_all(&cx);
			db_fault_arm(r.world->db, DB_FAULT_NONE, 0);
			(void)ignored;
			db_release(&cx);
		}
		work(&r);
		assert_sound(&r);
	}
	/* the patient and the team stop; after some weeks nothing hangs in the air */
	pass(&r, 24 * 24);
	assert_sound(&r);
	assert_int_equal(rows_of(r.world, SQL("SELECT count(*) FROM refill WHERE state < 60 AND problem = 0")), 0);
	for (int i = 0; i < MEDICINES; i++)
		dispenses += fills_of(&r, medicine(&r, i));
	/* one dispense for each filled request, two where it came in parts */
	assert_true(dispenses >= rows_of(r.world, SQL("SELECT count(*) FROM refill WHERE filled > 0")));
	assert_int_equal(dispenses,
	    rows_of(r.world, SQL("SELECT count(*) FROM refill_event e WHERE e.event IN (4, 5) AND e.state IN (30, 40)"
				 " AND NOT EXISTS (SELECT 1 FROM refill_event b WHERE b.refill = e.refill AND b.n < e.n"
				 " AND b.event = e.event AND b.state = e.state)")));
	assert_true(rows_of(r.world, SQL("SELECT count(*) FROM refill")) > 20);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    WORLD_TEST(it_ships_with_a_tracking_number),
	    WORLD_TEST(it_hands_out),
	    WORLD_TEST(it_fills_a_part_and_then_the_rest),
	    WORLD_TEST(it_rejects_with_a_reason),
	    WORLD_TEST(slow_and_silent_ones_are_chased),
	    WORLD_TEST(silent_until_it_is_asked_once_more),
	    WORLD_TEST(two_fills_for_one_request_are_a_problem_and_one_fill),
	    WORLD_TEST(away_it_is_tried_again_and_then_the_team_is_told),
	    WORLD_TEST(random_play_never_fills_twice_and_loses_nothing),
	};

	return cmocka_run_group_tests_name("pharmacy", tests, NULL, NULL);
}
