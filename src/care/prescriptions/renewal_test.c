/* SPDX-License-Identifier: Apache-2.0 */
/* Renewals as structured messages, deciding them, and what patients say they take. */
#include "care/prescriptions/prescriptions_test_help.h"

static struct renewal_new
wish(struct pharmacy_room *r, const char *id)
{
	return (struct renewal_new){.key = uuid_new(r->world->cx.now),
	    .patient = r->people.bo,
	    .prescription = str_from_z(id),
	    .note = S("I feel fine.")};
}

static struct renewal
ask(struct pharmacy_room *r, const char *id)
{
	struct cx bo = people_as(r->world, r->people.bo_account);
	struct renewal_new in = wish(r, id);
	struct renewal renewal;

	assert_ok(renewal_ask(&bo, &in, &renewal));
	db_release(&bo);
	return renewal;
}

struct role_change {
	account_id account;
	int64_t role;
};

static const struct err *
set_role(struct tx *tx, void *arg)
{
	const struct role_change *in = arg;

	return db_run(
	    tx, SQL("UPDATE account SET role = $2 WHERE id = $1"), BIND(DB(in->account.v), DB(in->role)), NULL);
}

static void
ben_is(struct pharmacy_room *r, enum staff_role role)
{
	assert_ok(db_write(&r->world->cx, set_role, &(struct role_change){r->people.ben, role}));
}

static void
a_renewal_is_a_message_with_its_prescription(void **state)
{
	struct pharmacy_room r;
	struct renewal renewal;
	struct renewal_new in;
	struct conversation c;
	struct cx bo, ben;

	room_open(&r, state);
	bo = people_as(r.world, r.people.bo_account);
	in = wish(&r, "lis");
	assert_fails(renewal_ask(&bo, &in, &renewal), ERR_INVALID); /* refills are left */
	in = wish(&r, "met");
	assert_ok(renewal_ask(&bo, &in, &renewal));
	assert_ok(renewal_ask(&bo, &in, &renewal)); /* pressed twice */
	db_refresh(&bo);
	in = wish(&r, "met");
	assert_fails(renewal_ask(&bo, &in, &renewal), ERR_INVALID); /* one at a time */
	assert_int_equal(rows_of(r.world, SQL("SELECT count(*) FROM renewal")), 1);
	assert_int_equal(rows_of(r.world, SQL("SELECT count(*) FROM thread")), 1);
	renewal = rx_now(&r, "met").renewal ? *rx_now(&r, "met").renewal : (struct renewal){0};
	ben = people_as(r.world, r.people.ben);
	assert_ok(thread_open(&ben, renewal.id, &c));
	assert_int_equal(c.thread.category, CATEGORY_MEDICATION);
	assert_str_equal(c.thread.about.reference, "MedicationRequest/met");
	assert_true(
	    str_contains(c.messages[0].body, S("Metformin")) && str_contains(c.messages[0].body, S("I feel fine.")));
	db_release(&bo);
	db_release(&ben);
}

static void
approved_is_a_new_prescription_that_is_filled(void **state)
{
	struct pharmacy_room r;
	struct renewal renewal;
	struct renewal_decision yes = {.state = RENEWAL_APPROVED, .refills = RX_NOT_SAID};
	struct conversation c;
	struct cx ben, bo;
	struct db_rows rows;
	struct prescription p;

	room_open(&r, state);
	renewal = ask(&r, "met");
	ben = people_as(r.world, r.people.ben);
	assert_fails(renewal_decide(&ben, renewal.id, &yes), ERR_DENIED); /* a nurse does not sign here */
	ben_is(&r, ROLE_PHYSICIAN);
	db_refresh(&ben);
	assert_ok(renewal_decide(&ben, renewal.id, &yes));
	assert_fails(renewal_decide(&ben, renewal.id, &yes), ERR_CONFLICT);
	assert_ok(thread_open(&ben, renewal.id, &c));
	assert_int_equal(c.count, 2);
	assert_int_equal(c.thread.status, THREAD_COMPLETE);
	assert_true(str_contains(c.messages[1].body, S("was renewed")));
	bo = people_as(r.world, r.people.bo_account);
	assert_ok(renewals_of_patient(&bo, r.people.bo, &rows));
	renewal = *(struct renewal *)rows.items;
	assert_int_equal(renewal.state, RENEWAL_APPROVED);
	p = rx_now(&r, arena_z(bo.arena, renewal.made_request));
	assert_int_equal(p.status, RX_SUBMITTED); /* its first fill is asked for */
	assert_str_equal(p.replaces, "met");
	assert_str_equal(p.sig, "Take 1 a day");
	assert_int_equal(rx_now(&r, "met").status, RX_EXPIRED);
	assert_true(rx_now(&r, "met").renewed);
	assert_int_equal(rows_of(r.world, SQL("SELECT count(*) FROM refill")), 1);
	db_release(&ben);
	db_release(&bo);
}

static void
changes_and_refusals_need_words(void **state)
{
	struct pharmacy_room r;
	struct renewal renewal;
	struct renewal_decision d = {.state = RENEWAL_CHANGED, .refills = RX_NOT_SAID};
	struct cx ben;
	struct db_rows rows;

	room_open(&r, state);
	ben_is(&r, ROLE_PHARMACIST);
	renewal = ask(&r, "met");
	ben = people_as(r.world, r.people.ben);
	d.sig = S("Take 2 a day");
	assert_fails(renewal_decide(&ben, renewal.id, &d), ERR_INVALID); /* no reason */
	d.words = S("Your sugar is high.");
	d.refills = RENEWAL_REFILLS_MAX + 1;
	assert_fails(renewal_decide(&ben, renewal.id, &d), ERR_INVALID);
	d.refills = 2;
	assert_ok(renewal_decide(&ben, renewal.id, &d));
	assert_ok(renewal_rows_of_patient(&ben, r.people.bo, &rows));
	assert_str_equal(
	    rx_now(&r, arena_z(ben.arena, ((struct renewal *)rows.items)->made_request)).sig, "Take 2 a day");
	ben_is(&r, ROLE_NURSE); /* may say no */
	put_order(&r, r.people.bo, "old", "Omeprazole 20 mg capsule", 0, "");
	renewal = ask(&r, "old");
	db_refresh(&ben);
	assert_fails(
	    renewal_decide(&ben, renewal.id, &(struct renewal_decision){.state = RENEWAL_DENIED}), ERR_INVALID);
	assert_ok(renewal_decide(
	    &ben, renewal.id, &(struct renewal_decision){.state = RENEWAL_DENIED, .words = S("Come and see us.")}));
	assert_int_equal(rx_now(&r, "old").renewal->state, RENEWAL_DENIED);
	assert_int_equal(rows_of(r.world, SQL("SELECT count(*) FROM refill")), 1); /* of the first one */
	db_release(&ben);
}

static void
taken_back_is_not_decided(void **state)
{
	struct pharmacy_room r;
	struct renewal renewal;
	struct cx bo, ben, ana;

	room_open(&r, state);
	ben_is(&r, ROLE_PHYSICIAN);
	renewal = ask(&r, "met");
	ana = people_as(r.world, r.people.ana);
	assert_fails(renewal_get(&ana, renewal.id, &renewal), ERR_GONE);
	bo = people_as(r.world, r.people.bo_account);
	assert_ok(renewal_take_back(&bo, renewal.id));
	ben = people_as(r.world, r.people.ben);
	assert_fails(
	    renewal_decide(&ben, renewal.id, &(struct renewal_decision){.state = RENEWAL_APPROVED}), ERR_CONFLICT);
	db_refresh(&bo);
	assert_fails(renewal_take_back(&bo, renewal.id), ERR_CONFLICT);
	db_release(&bo);
	db_release(&ben);
	db_release(&ana);
}

static void
facts_say_what_speaks_against_it(void **state)
{
	struct pharmacy_room r;
	struct renewal_facts facts;
	struct renewal renewal;
	struct cx ben;

	room_open(&r, state);
	renewal = ask(&r, "met");
	ben = people_as(r.world, r.people.ben);
	assert_ok(renewal_facts(&ben, &renewal, &facts));
	assert_false(facts.safe); /* neither a test nor a visit is in the record */
	put_text(r.world, r.people.bo,
	    arena_printf(ben.arena,
		"{\"resourceType\":\"Observation\",\"id\":\"a1c\",\"status\":\"final\",\"code\":{\"coding\":[{"
		"\"system\":"
		"\"http://loinc.org\",\"code\":\"4548-4\"}],\"text\":\"A1c\"},\"subject\":{\"reference\":\"Patient/"
		"x\"},"
		"\"effectiveDateTime\":\"%.*s\",\"valueQuantity\":{\"value\":6.9,\"unit\":\"%%\"}}",
		STR_ARG(fhir_instant_text(ben.arena, instant_add_ms(ben.now, -30 * DAY_MS)))));
	put_text(r.world, r.people.bo,
	    arena_printf(ben.arena,
		"{\"resourceType\":\"Observation\",\"id\":\"egfr\",\"status\":\"final\",\"code\":{\"coding\":[{"
		"\"system\":"
		"\"http://loinc.org\",\"code\":\"33914-3\"}],\"text\":\"eGFR\"},\"subject\":{\"reference\":\"Patient/"
		"x\"},"
		"\"effectiveDateTime\":\"%.*s\",\"valueQuantity\":{\"value\":71,\"unit\":\"mL/min\"}}",
		STR_ARG(fhir_instant_text(ben.arena, instant_add_ms(ben.now, -30 * DAY_MS)))));
	put_text(r.world, r.people.bo,
	    arena_printf(ben.arena,
		"{\"resourceType\":\"Encounter\",\"id\":\"v\",\"status\":\"finished\",\"class\":{\"code\":\"AMB\"},"
		"\"subject\":{\"reference\":\"Patient/x\"},\"period\":{\"start\":\"%.*s\"}}",
		STR_ARG(fhir_instant_text(ben.arena, instant_add_ms(ben.now, -60 * DAY_MS)))));
	db_refresh(&ben);
	assert_ok(renewal_facts(&ben, &renewal, &facts));
	assert_true(facts.safe);
	assert_int_equal(facts.lab_count, 2);
	put_text(r.world, r.people.bo,
	    S("{\"resourceType\":\"AllergyIntolerance\",\"id\":\"al\",\"clinicalStatus\":{\"coding\":[{\"code\":"
	      "\"active\"}]},"
	      "\"code\":{\"text\":\"Allergy to metformin\"},\"patient\":{\"reference\":\"Patient/x\"}}"));
	db_refresh(&ben);
	assert_ok(renewal_facts(&ben, &renewal, &facts));
	assert_false(facts.safe);
	db_release(&ben);
}

/* ---- what is taken ---- */

static void
a_patient_corrects_and_the_team_accepts_with_provenance(void **state)
{
	struct pharmacy_room r;
	struct medicine_word m;
	struct db_rows rows;
	struct resource resource;
	struct cx bo, ben;
	str id;

	room_open(&r, state);
	bo = people_as(r.world, r.people.bo_account);
	m = (struct medicine_word){.patient = r.people.bo,
	    .id = uuid_new(bo.now),
	    .request = S("MedicationRequest/lis"),
	    .said = SAID_DIFFERENTLY,
	    .settled = INSTANT_NONE};
	assert_fails(medicine_say(&bo, &m), ERR_INVALID); /* how? */
	m.how = S("Half a tablet");
	assert_ok(medicine_say(&bo, &m));
	assert_ok(medicine_say(&bo, &m)); /* sent twice */
	m.id = uuid_new(bo.now);
	m.how = S("A quarter");
	db_refresh(&bo);
	assert_ok(medicine_say(&bo, &m)); /* said anew: takes the place */
	db_refresh(&bo);
	assert_ok(medicine_words(&bo, r.people.bo, false, &rows));
	assert_int_equal(rows.count, 1);
	assert_str_equal(((struct medicine_word *)rows.items)->how, "A quarter");
	m.request = S("MedicationRequest/warf");
	m.id = uuid_new(bo.now);
	assert_fails(medicine_say(&bo, &m), ERR_GONE); /* not Bo's */
	m = *(struct medicine_word *)rows.items;
	assert_fails(medicine_settle(&bo, r.people.bo, m.id, SETTLED_ACCEPTED), ERR_DENIED);
	ben = people_as(r.world, r.people.ben);
	assert_ok(medicine_settle(&ben, r.people.bo, m.id, SETTLED_ACCEPTED));
	assert_fails(medicine_settle(&ben, r.people.bo, m.id, SETTLED_ACCEPTED), ERR_CONFLICT);
	id = uuid_text(ben.arena, m.id);
	assert_ok(resource_get(&ben, RESOURCE_MEDICATION_STATEMENT, id, &resource));
	assert_true(
	    str_contains(resource.body, S("A quarter")) && str_contains(resource.body, S("MedicationRequest/lis")));
	assert_ok(resource_find(&ben,
	    &(struct resource_search){.patient = r.people.bo, .type = RESOURCE_PROVENANCE, .count = 5}, &rows, NULL));
	assert_int_equal(rows.count, 1);
	assert_true(str_contains(((struct resource *)rows.items)->body, S("Ben Hart")));
	db_release(&bo);
	db_release(&ben);
}

static void
what_is_also_taken_stands_among_the_own_ones_when_accepted(void **state)
{
	struct pharmacy_room r;
	struct medicine_word m;
	struct db_rows rows;
	const struct prescription *p;
	struct cx bo, ben;
	bool found = false;

	room_open(&r, state);
	bo = people_as(r.world, r.people.bo_account);
	m = (struct medicine_word){.patient = r.people.bo,
	    .id = uuid_new(bo.now),
	    .said = SAID_ALSO,
	    .how = S("1 each morning"),
	    .settled = INSTANT_NONE};
	assert_fails(medicine_say(&bo, &m), ERR_INVALID); /* what? */
	m.name = S("Vitamin D");
	assert_ok(medicine_say(&bo, &m));
	ben = people_as(r.world, r.people.ben);
	assert_ok(medicine_settle(&ben, r.people.bo, m.id, SETTLED_ACCEPTED));
	db_refresh(&bo);
	assert_ok(prescriptions_load(&bo, r.people.bo, &rows));
	p = rows.items;
	for (size_t i = 0; i < rows.count; i++)
		found |= p[i].own && str_starts(p[i].title, S("Vitamin D")) && p[i].status == RX_OUTSIDE;
	assert_true(found);
	db_release(&bo);
	db_release(&ben);
}

static void
a_failing_statement_keeps_nothing_of_a_decision(void **state)
{
	static const struct sql all[] = {{"SELECT CAST(sum(state) AS BIGINT) FROM renewal"},
	    {"SELECT count(*) FROM message"}, {"SELECT count(*) FROM refill"}, {"SELECT count(*) FROM outbox"},
	    {"SELECT CAST(sum(version) AS BIGINT) FROM resource"}, {"SELECT count(*) FROM resource"}};
	struct pharmacy_room r;
	struct renewal renewal;
	struct renewal_decision yes = {.state = RENEWAL_APPROVED, .refills = RX_NOT_SAID};
	bool failed = true;

	room_open(&r, state);
	ben_is(&r, ROLE_PHYSICIAN);
	renewal = ask(&r, "met");
	for (int64_t n = 1; failed; n++) {
		int64_t before = world_fingerprint(r.world, all, sizeof(all) / sizeof(all[0]));
		struct cx ben = people_as(r.world, r.people.ben);
		const struct err *error;

		assert_true(n < 80);
		db_fault_arm(r.world->db, DB_FAULT_ERROR, n);
		error = renewal_decide(&ben, renewal.id, &yes);
		db_fault_arm(r.world->db, DB_FAULT_NONE, 0);
		db_release(&ben);
		failed = error != NULL;
		if (failed && rows_of(r.world, SQL("SELECT count(*) FROM renewal WHERE state = 0")))
			assert_int_equal(before, world_fingerprint(r.world, all, sizeof(all) / sizeof(all[0])));
		if (error && error->code == ERR_CONFLICT) /* decided; only its completing had failed */
			break;
	}
	assert_int_equal(rows_of(r.world, SQL("SELECT count(*) FROM renewal WHERE state = 10")), 1);
	assert_int_equal(rows_of(r.world, SQL("SELECT count(*) FROM refill")), 1);
}

/* ---- to another team ---- */

static int64_t
beside_medicines(struct pharmacy_room *r, account_id account)
{
	struct cx cx = world_cx(r->world);
	int64_t n;

	assert_ok(db_one(&cx,
	    SQL("SELECT count(DISTINCT item) FROM page_item WHERE account = $1 AND kind = 4"
		" AND since <= $2 AND until > $2 AND care_since <= $2 AND care_until > $2"),
	    BIND(DB(account.v), DB(r->world->cx.now)), INTO(&n, ONE_INT)));
	db_release(&cx);
	return n;
}

static struct renewal
renewal_now(struct pharmacy_room *r, thread_id id)
{
	struct cx cx = world_cx(r->world);
	struct renewal renewal;
	bool found;

	assert_ok(renewal_row_get(&cx, id, &renewal, &found));
	assert_true(found);
	db_release(&cx);
	return renewal;
}

static void
deliver_moves(struct pharmacy_room *r)
{
	static const struct outbox_kind kinds[] = {{THREAD_MOVED_KIND, renewal_thread_moved, DAY_MS}, {0}};
	struct cx cx = world_cx(r->world);
	int64_t delivered;

	cx.now = r->world->cx.now;
	assert_ok(jobs_deliver_due(&cx, kinds, &delivered));
	db_release(&cx);
}

static void
send_on(struct pharmacy_room *r, account_id who, thread_id thread, team_id team)
{
	struct cx cx = people_as(r->world, who);

	assert_ok(thread_reroute(&cx, &(struct thread_reroute){thread, team, S("They prescribe it.")}));
	db_release(&cx);
}

static void
a_conversation_that_goes_to_another_team_takes_its_renewal_along(void **state)
{
	struct pharmacy_room r;
	struct renewal renewal;
	struct cx okafor;
	struct db_rows rows;

	room_open(&r, state);
	renewal = ask(&r, "met");
	assert_true(uuid_equal(renewal.team.v, r.people.birch.v));
	assert_int_equal(beside_medicines(&r, r.people.ben), 1);
	assert_int_equal(beside_medicines(&r, r.people.okafor), 0);
	send_on(&r, r.people.ben, renewal.id, r.people.maple);
	deliver_moves(&r);
	assert_true(uuid_equal(renewal_now(&r, renewal.id).team.v, r.people.maple.v));
	assert_int_equal(beside_medicines(&r, r.people.ben), 0);
	assert_int_equal(beside_medicines(&r, r.people.okafor), 1);
	send_on(&r, r.people.okafor, renewal.id,
	    r.people.birch); /* and back, and once more, before anything is delivered */
	send_on(&r, r.people.ben, renewal.id, r.people.maple);
	deliver_moves(&r);
	deliver_moves(&r);
	assert_true(uuid_equal(renewal_now(&r, renewal.id).team.v, r.people.maple.v));
	okafor = people_as(r.world, r.people.okafor);
	assert_ok(renewals_waiting(&okafor, &rows));
	assert_int_equal(rows.count, 1);
	assert_ok(renewal_decide(
	    &okafor, renewal.id, &(struct renewal_decision){.state = RENEWAL_APPROVED, .refills = RX_NOT_SAID}));
	db_release(&okafor);
	assert_int_equal(beside_medicines(&r, r.people.okafor), 0);
}

static void
what_was_decided_stays_where_it_was_decided(void **state)
{
	struct pharmacy_room r;
	struct renewal renewal;
	struct cx ben;

	room_open(&r, state);
	renewal = ask(&r, "met");
	ben = people_as(r.world, r.people.ben);
	assert_ok(renewal_decide(&ben, renewal.id,
	    &(struct renewal_decision){
		.state = RENEWAL_DENIED, .words = S("Please come first."), .refills = RX_NOT_SAID}));
	db_release(&ben);
	ben = people_as(r.world, r.people.ben);
	assert_ok(thread_reopen(&ben, renewal.id));
	db_release(&ben);
	send_on(&r, r.people.ben, renewal.id, r.people.maple);
	deliver_moves(&r);
	assert_true(uuid_equal(renewal_now(&r, renewal.id).team.v, r.people.birch.v));
}

/* The way from the conversation to deciding stands there exactly while there is something to decide. */
static int64_t
ways(struct pharmacy_room *r)
{
	return rows_of(r->world, SQL("SELECT count(*) FROM thread_button"));
}

static void
the_conversation_leads_to_the_decision_while_it_is_open(void **state)
{
	struct pharmacy_room r;
	struct renewal renewal;
	struct cx cx;

	room_open(&r, state);
	renewal = ask(&r, "met");
	assert_int_equal(ways(&r), 1);
	cx = people_as(r.world, r.people.bo_account);
	assert_ok(renewal_take_back(&cx, renewal.id));
	db_release(&cx);
	assert_int_equal(ways(&r), 0);
	r.world->cx.now = instant_add_ms(r.world->cx.now, DAY_MS);
	renewal = ask(&r, "met");
	assert_int_equal(ways(&r), 1);
	cx = people_as(r.world, r.people.ben);
	assert_ok(renewal_decide(&cx, renewal.id,
	    &(struct renewal_decision){.state = RENEWAL_DENIED, .words = S("Please come."), .refills = RX_NOT_SAID}));
	db_release(&cx);
	assert_int_equal(ways(&r), 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    WORLD_TEST(a_renewal_is_a_message_with_its_prescription),
	    WORLD_TEST(approved_is_a_new_prescription_that_is_filled),
	    WORLD_TEST(changes_and_refusals_need_words),
	    WORLD_TEST(taken_back_is_not_decided),
	    WORLD_TEST(facts_say_what_speaks_against_it),
	    WORLD_TEST(a_patient_corrects_and_the_team_accepts_with_provenance),
	    WORLD_TEST(what_is_also_taken_stands_among_the_own_ones_when_accepted),
	    WORLD_TEST(a_failing_statement_keeps_nothing_of_a_decision),
	    WORLD_TEST(a_conversation_that_goes_to_another_team_takes_its_renewal_along),
	    WORLD_TEST(what_was_decided_stays_where_it_was_decided),
	    WORLD_TEST(the_conversation_leads_to_the_decision_while_it_is_open),
	};

	return cmocka_run_group_tests_name("renewal", tests, NULL, NULL);
}
