/* SPDX-License-Identifier: Apache-2.0 */
/* Delegation in the database: sessions that act, accounts made with a code, faults, and how it is looked up. */
#include "trust/consent/delegation_test_help.h"

#include "trust/audit/audit.h"

static void
acting_lives_in_the_session_and_survives_a_restart(void **state)
{
	struct world *world = *state;
	struct people p;
	struct cx cx = world_cx(world);
	str cookie, form, own_form;

	people_setup(world, &p);
	give(world, &p, RIGHT_MESSAGES_READ);
	assert_ok(session_open(&cx, p.maria_account, &cookie));
	assert_ok(session_find(&cx, cookie, true));
	own_form = session_form_token(&cx);
	assert_ok(session_act_for(&cx, p.bo));
	cookie = arena_str(&world->arena, cookie);
	own_form = arena_str(&world->arena, own_form);
	db_release(&cx);
	world_reopen(world);
	cx = world_cx(world);
	assert_ok(session_find(&cx, cookie, true));
	assert_int_equal(cx.who.is, WHO_DELEGATE);
	assert_true(uuid_equal(cx.who.patient.v, p.bo.v));
	assert_true(uuid_equal(cx.who.account.v, p.maria_account.v));
	form = session_form_token(&cx);
	assert_true(session_form_token_ok(&cx, form)); /* two tabs: each form belongs to whom it was opened for */
	assert_false(session_form_token_ok(&cx, own_form));
	assert_true(uuid_equal(session_form_acting(form).v, p.bo.v));
	assert_true(uuid_is_none(session_form_acting(own_form).v));
	assert_ok(session_act_for(&cx, (patient_id){{{0}}}));
	db_refresh(&cx);
	assert_ok(session_find(&cx, cookie, true));
	assert_int_equal(cx.who.is, WHO_PATIENT);
	assert_true(uuid_equal(cx.who.patient.v, p.maria.v));
	assert_false(session_form_token_ok(&cx, form));
	assert_true(session_form_token_ok(&cx, own_form));
	db_release(&cx);
	cx = world_cx(world);
	assert_ok(session_open(&cx, p.ana, &cookie)); /* a nurse's session acts for nobody */
	assert_ok(session_find(&cx, cookie, true));
	assert_fails(session_act_for(&cx, p.bo), ERR_DENIED);
	db_release(&cx);
}

/* ---- somebody who is no patient here ---- */

static struct account_sealed *
caregiver(struct world *world, const struct people *p, account_id id, str login)
{
	struct account_sealed *sealed;

	assert_ok(account_seal(&world->cx,
	    &(struct account_new){
		.id = id, .for_others = true, .facility = p->facility.id, .login = login, .name = S("Carla Diaz")},
	    &sealed));
	return sealed;
}

static void
a_caregiver_without_a_record_gets_an_account_with_the_code(void **state)
{
	struct world *world = *state;
	struct people p;
	struct delegation_new in;
	struct delegation d;
	struct account account;
	struct cx nobody, carla;
	account_id id = {uuid_new(world->cx.now)}, other = {uuid_new(world->cx.now)};
	enum access_why why;
	str code;

	people_setup(world, &p);
	in = permission(world, RIGHT_MESSAGES_READ);
	code = offer(world, &p, &in);
	nobody = world_cx(world);
	nobody.who = (struct who){.is = WHO_ANYONE};
	assert_fails(
	    delegation_accept_as_new(&nobody, S("0000-0000-0000"), id, caregiver(world, &p, id, S("carla")), &d),
	    ERR_GONE);
	assert_fails(account_get(&nobody, id, &account), ERR_GONE); /* no account without an invitation */
	assert_fails(delegation_accept_as_new(&nobody, code, id, caregiver(world, &p, id, S("bo")), &d), ERR_CONFLICT);
	assert_ok(delegation_by_code(&nobody, code, &d)); /* a name that is taken costs no code */
	assert_ok(delegation_accept_as_new(&nobody, code, id, caregiver(world, &p, id, S("carla")), &d));
	db_refresh(&nobody);
	assert_fails(
	    delegation_accept_as_new(&nobody, code, other, caregiver(world, &p, other, S("dora")), &d), ERR_GONE);
	db_release(&nobody);
	carla = people_as(world, id);
	assert_int_equal(carla.who.is, WHO_DELEGATE);
	assert_true(uuid_is_none(carla.who.patient.v));
	assert_fails(access_check(&carla, p.bo, RIGHT_MESSAGES_READ, &why), ERR_GONE); /* until she chooses him */
	db_release(&carla);
	carla = people_acting(world, id, p.bo);
	assert_ok(access_check(&carla, p.bo, RIGHT_MESSAGES_READ, &why));
	assert_fails(access_check(&carla, p.maria, RIGHT_MESSAGES_READ, &why), ERR_GONE);
	db_release(&carla);
	assert_fails(account_seal(&world->cx,
			 &(struct account_new){.id = id,
			     .for_others = true,
			     .role = ROLE_NURSE,
			     .facility = p.facility.id,
			     .login = S("x"),
			     .name = S("X")},
			 &(struct account_sealed *){NULL}),
	    ERR_INVALID);
}

/* ---- faults and the trail ---- */

struct scene {
	struct world *world;
	struct people p;
	struct uuid key;
	account_id fresh;
	str code;
};

static const struct err *
deed_offer(struct scene *s)
{
	struct cx bo = people_as(s->world, s->p.bo_account);
	struct delegation_new in = permission(s->world, ALL_RIGHTS);
	const struct err *error;

	in.key = s->key = uuid_new(s->world->cx.now);
	error = delegation_offer(&bo, &in, &s->code);
	if (!error)
		s->code = arena_str(&s->world->arena, s->code);
	db_release(&bo);
	return error;
}

static const struct err *
deed_accept(struct scene *s)
{
	struct cx nobody = world_cx(s->world);
	struct delegation d;
	const struct err *error;

	s->fresh = (account_id){uuid_new(s->world->cx.now)};
	nobody.who = (struct who){.is = WHO_ANYONE};
	error =
	    delegation_accept_as_new(&nobody, s->code, s->fresh, caregiver(s->world, &s->p, s->fresh, S("carla")), &d);
	db_release(&nobody);
	return error;
}

static const struct err *
deed_withdraw(struct scene *s)
{
	struct cx bo = people_as(s->world, s->p.bo_account);
	const struct err *error = delegation_withdraw(&bo, (delegation_id){s->key});

	db_release(&bo);
	return error;
}

/* In force or not, never between: as many accounts as permissions accepted. */
static void
assert_whole(struct scene *s, int64_t deeds)
{
	int64_t accepted = count(s->world, SQL("SELECT count(*) FROM delegation WHERE delegate IS NOT NULL")), added;

	assert_int_equal(accepted, count(s->world, SQL("SELECT count(*) FROM account WHERE kind = 64")));
	assert_int_equal(
	    accepted, count(s->world, SQL("SELECT count(*) FROM delegation WHERE state <> 0 AND code IS NULL")));
	assert_ok(audit_index_follow(&s->world->cx, &added));
	assert_int_equal(deeds, count(s->world, SQL("SELECT count(*) FROM audit_entry WHERE subject = 21")));
}

static void
each_statement_fails_in_turn_and_nothing_is_half_done(void **state)
{
	static const struct err *(*const deeds[])(struct scene *) = {deed_offer, deed_accept, deed_withdraw};
	struct world *world = *state;
	struct scene s = {.world = world};

	people_setup(world, &s.p);
	for (size_t i = 0; i < sizeof(deeds) / sizeof(deeds[0]); i++) {
		int64_t n = 0;

		for (const struct err *error = ERR(ERR_BROKEN, NULL, "begin"); error;) {
			assert_true(++n < 50);
			db_fault_arm(world->db, DB_FAULT_ERROR, n);
			error = deeds[i](&s);
			db_fault_arm(world->db, DB_FAULT_NONE, 0);
			assert_whole(&s, (int64_t)i + (error ? 0 : 1));
		}
		assert_true(n > 1);
	}
}

struct plan {
	int64_t id, parent, unused;
	str detail;
};
static const struct db_column PLAN[] = {
    COL(struct plan, id), COL(struct plan, parent), COL(struct plan, unused), COL(struct plan, detail)};

/* So many that PostgreSQL weighs as it does in a clinic; small tables it reads whole, and is right to. */
static const struct err *
put_ten_thousand(struct tx *tx, void *arg)
{
	(void)arg;
	TRY(db_run(tx,
	    SQL("INSERT INTO delegation (patient, id, rights, state, called, made, made_by, since, until, code_ends,"
		" delegate) SELECT gen_random_uuid(), gen_random_uuid(), 1, 10, '', 0, gen_random_uuid(), 0, 9, 9,"
		" gen_random_uuid() FROM generate_series(1, 10000)"),
	    BIND_NONE, NULL));
	return db_run(tx, SQL("ANALYZE delegation"), BIND_NONE, NULL);
}

static void
what_decides_is_found_by_index_on_postgres(void **state)
{
	struct world *world = *state;
	struct people p;
	struct db_rows rows;
	const str *line;
	bool by_index = false;

	people_setup(world, &p);
	assert_ok(db_write(&world->cx, put_ten_thousand, NULL));
	db_refresh(&world->cx);
	assert_ok(db_all(&world->cx,
	    SQL("EXPLAIN SELECT d.rights FROM delegation d JOIN account a ON a.id = d.delegate AND a.active = 1"
		" WHERE d.patient = $1 AND d.delegate = $2 AND d.state = 10 AND d.since <= $3 AND d.until > $3"),
	    BIND(DB(p.bo.v), DB(p.maria_account.v), DB(world->cx.now)), ROWS(str, ONE_TEXT), &rows));
	line = rows.items;
	for (size_t i = 0; i < rows.count; i++) {
		if (str_contains(line[i], S("Seq Scan on delegation")))
			fail_msg("%.*s", STR_ARG(line[i]));
		by_index = by_index || str_contains(line[i], S("on delegation d"));
	}
	assert_true(by_index);
}

/* Asked at every request of a delegate, and at every message of a patient. */
static void
what_decides_is_found_by_index(void **state)
{
	struct world *world = *state;
	struct people p;
	struct db_rows rows;
	const struct plan *step;
	struct db_value binds[] = {DB(uuid_new(world->cx.now)), DB(uuid_new(world->cx.now)), DB(world->cx.now)};

	people_setup(world, &p);
	assert_ok(db_all(&world->cx,
	    SQL("EXPLAIN QUERY PLAN SELECT d.rights FROM delegation d JOIN account a ON a.id = d.delegate AND a.active "
		"= 1"
		" WHERE d.patient = $1 AND d.delegate = $2 AND d.state = 10 AND d.since <= $3 AND d.until > $3"),
	    (struct db_bind){binds, 3}, ROWS(struct plan, PLAN), &rows));
	step = rows.items;
	assert_true(rows.count > 0);
	for (size_t i = 0; i < rows.count; i++)
		if (str_starts(step[i].detail, S("SCAN")))
			fail_msg("%.*s", STR_ARG(step[i].detail));
}

int
main(void)
{
	const struct CMUnitTest list[] = {
	    WORLD_TEST(acting_lives_in_the_session_and_survives_a_restart),
	    WORLD_TEST(a_caregiver_without_a_record_gets_an_account_with_the_code),
	    WORLD_TEST(each_statement_fails_in_turn_and_nothing_is_half_done),
	    cmocka_unit_test_setup_teardown(what_decides_is_found_by_index, world_setup_sqlite, world_teardown),
	    cmocka_unit_test_setup_teardown(
		what_decides_is_found_by_index_on_postgres, world_setup_postgres, world_teardown),
	};

	return cmocka_run_group_tests_name("delegation_stored", list, NULL, NULL);
}
