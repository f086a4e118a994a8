/* SPDX-License-Identifier: Apache-2.0 */
/* Delegation: whom a patient lets act for them, and how each permission begins and ends. */
#include "people.h"

#include "trust/audit/audit.h"
#include "trust/consent/consent.h"

#define ALL_RIGHTS (RIGHT_MESSAGES_READ | RIGHT_MESSAGES_WRITE | RIGHT_RECORD_READ)

static const enum access_right every[] = {RIGHT_MESSAGES_READ, RIGHT_MESSAGES_WRITE, RIGHT_RECORD_READ, RIGHT_OWN};
#define EVERY (sizeof(every) / sizeof(every[0]))

static struct delegation_new
permission(struct world *world, unsigned rights)
{
	return (struct delegation_new){.key = uuid_new(world->cx.now),
	    .called = S("Maria"),
	    .relation = S("my neighbor"),
	    .rights = rights,
	    .since = INSTANT_NONE,
	    .until = INSTANT_NONE};
}

/* Bo gives it. */
static str
offer(struct world *world, const struct people *p, const struct delegation_new *in)
{
	struct cx bo = people_as(world, p->bo_account);
	str code;

	assert_ok(delegation_offer(&bo, in, &code));
	db_release(&bo);
	return code;
}

/* Bo gives it and María takes it. */
static delegation_id
give(struct world *world, const struct people *p, unsigned rights)
{
	struct delegation_new in = permission(world, rights);
	str code = offer(world, p, &in);
	struct cx maria = people_as(world, p->maria_account);
	struct delegation d;

	assert_ok(delegation_accept(&maria, code, &d));
	assert_str_equal(d.patient_name, "Bo Lee");
	db_release(&maria);
	return d.id;
}

static struct cx
acting_at(struct world *world, const struct people *p, instant now)
{
	struct cx cx = people_acting(world, p->maria_account, p->bo);

	cx.now = now;
	return cx;
}

/* May María, acting for Bo, do exactly what `rights` says at that time? */
static void
assert_may_exactly(struct world *world, const struct people *p, unsigned rights, instant now)
{
	struct cx maria = acting_at(world, p, now);
	enum access_why why;

	for (size_t i = 0; i < EVERY; i++) {
		if ((rights & every[i]) == (unsigned)every[i]) {
			assert_ok(access_check(&maria, p->bo, every[i], &why));
			assert_int_equal(why, ACCESS_DELEGATE);
			continue;
		}
		assert_fails(access_check(&maria, p->bo, every[i], &why),
		    every[i] == RIGHT_MESSAGES_WRITE && (rights & RIGHT_MESSAGES_READ) ? ERR_DENIED : ERR_GONE);
	}
	if (rights & RIGHT_RECORD_READ)
		assert_fails(access_check_write(&maria, p->bo, &why), ERR_DENIED);
	else
		assert_fails(access_check_write(&maria, p->bo, &why), ERR_GONE);
	db_release(&maria);
}

static void
each_right_opens_what_it_names_and_nothing_else(void **state)
{
	struct world *world = *state;
	struct people p;

	people_setup(world, &p);
	assert_may_exactly(world, &p, 0, world->cx.now);
	for (unsigned rights = 1; rights <= ALL_RIGHTS; rights++) {
		delegation_id id = give(world, &p, rights);
		unsigned given = rights & RIGHT_MESSAGES_WRITE ? rights | RIGHT_MESSAGES_READ : rights;
		struct cx bo = people_as(world, p.bo_account);

		assert_may_exactly(world, &p, given, world->cx.now);
		assert_ok(delegation_withdraw(&bo, id));
		assert_fails(delegation_withdraw(&bo, id), ERR_GONE);
		db_release(&bo);
		assert_may_exactly(world, &p, 0, world->cx.now);
	}
}

static void
a_right_counts_only_while_acting_and_only_for_whom(void **state)
{
	struct world *world = *state;
	struct people p;
	enum access_why why;
	struct cx cx;

	people_setup(world, &p);
	give(world, &p, ALL_RIGHTS);
	for (size_t i = 0; i < EVERY; i++) {
		cx = people_as(world, p.maria_account); /* as herself */
		assert_fails(access_check(&cx, p.bo, every[i], &why), ERR_GONE);
		assert_ok(access_check(&cx, p.maria, every[i], &why));
		assert_int_equal(why, ACCESS_SELF);
		db_release(&cx);
		cx = people_acting(world, p.maria_account, p.bo); /* for Bo: her own is out of reach */
		assert_fails(access_check(&cx, p.maria, every[i], &why), ERR_GONE);
		db_release(&cx);
		cx = people_acting(world, p.ana, p.bo); /* a nurse who holds nothing, even if a session said so */
		assert_fails(access_check(&cx, p.bo, every[i], &why), ERR_GONE);
		db_release(&cx);
		cx = people_acting(world, p.maria_account, (patient_id){{{0}}}); /* nobody chosen */
		assert_fails(access_check(&cx, p.bo, every[i], &why), ERR_GONE);
		assert_fails(access_check(&cx, (patient_id){{{0}}}, every[i], &why), ERR_GONE);
		db_release(&cx);
	}
}

static void
it_begins_and_ends_on_time(void **state)
{
	struct world *world = *state;
	struct people p;
	struct delegation_new in;
	struct delegation d;
	instant now = world->cx.now;
	struct cx maria;
	str code;

	people_setup(world, &p);
	in = permission(world, RIGHT_MESSAGES_READ);
	in.since = instant_add_ms(now, DAY_MS);
	in.until = instant_add_ms(now, 2 * DAY_MS);
	code = offer(world, &p, &in);
	maria = people_as(world, p.maria_account);
	assert_ok(delegation_accept(&maria, code, &d));
	db_release(&maria);
	assert_int_equal(delegation_standing(&d, now), DELEGATION_COMING);
	assert_may_exactly(world, &p, 0, now);
	assert_may_exactly(world, &p, 0, instant_add_ms(in.since, -1));
	assert_may_exactly(world, &p, RIGHT_MESSAGES_READ, in.since);
	assert_may_exactly(world, &p, RIGHT_MESSAGES_READ, instant_add_ms(in.until, -1));
	assert_may_exactly(world, &p, 0, in.until);
	assert_int_equal(delegation_standing(&d, in.since), DELEGATION_IN_FORCE);
	assert_int_equal(delegation_standing(&d, in.until), DELEGATION_OVER);
}

static void
a_code_works_once_however_it_is_typed_and_not_for_ever(void **state)
{
	struct world *world = *state;
	struct people p;
	struct delegation_new in;
	struct delegation d;
	struct cx maria, late;
	struct buf typed;
	str code;

	people_setup(world, &p);
	in = permission(world, RIGHT_MESSAGES_READ);
	code = offer(world, &p, &in);
	assert_int_equal(code.n, 14);
	typed = (struct buf)BUF_INIT(&world->arena);
	for (size_t i = 0; i < code.n; i++) {
		char c = code.p[i];

		buf_add_char(&typed, c == '-' ? ' ' : c == '0' ? 'o' : c == '1' ? 'l' : c >= 'A' ? (char)(c | 32) : c);
	}
	maria = people_as(world, p.maria_account);
	late = people_as_at(world, p.maria_account, instant_add_ms(world->cx.now, DELEGATION_CODE_DAYS * DAY_MS));
	assert_fails(delegation_by_code(&maria, S("0000-0000-0000"), &d), ERR_GONE);
	assert_fails(delegation_by_code(&maria, S(""), &d), ERR_GONE);
	assert_fails(delegation_by_code(&late, code, &d), ERR_GONE);
	assert_fails(delegation_accept(&late, code, &d), ERR_GONE);
	assert_ok(delegation_by_code(&maria, buf_str(&typed), &d));
	assert_int_equal(delegation_standing(&d, maria.now), DELEGATION_WAITING);
	assert_int_equal(delegation_standing(&d, late.now), DELEGATION_EXPIRED);
	assert_ok(delegation_accept(&maria, buf_str(&typed), &d));
	assert_fails(delegation_by_code(&maria, code, &d), ERR_GONE);
	assert_fails(delegation_accept(&maria, code, &d), ERR_GONE);
	assert_fails(delegation_decline(&maria, code), ERR_GONE);
	db_release(&maria);
	db_release(&late);
}

static void
declined_and_withdrawn_codes_open_nothing(void **state)
{
	struct world *world = *state;
	struct people p;
	struct delegation_new in;
	struct delegation d;
	struct cx maria, bo;
	str code;

	people_setup(world, &p);
	maria = people_as(world, p.maria_account);
	bo = people_as(world, p.bo_account);
	in = permission(world, RIGHT_MESSAGES_READ);
	code = offer(world, &p, &in);
	assert_ok(delegation_decline(&maria, code));
	assert_fails(delegation_accept(&maria, code, &d), ERR_GONE);
	in = permission(world, RIGHT_MESSAGES_READ);
	code = offer(world, &p, &in);
	assert_ok(delegation_withdraw(&bo, (delegation_id){in.key}));
	assert_fails(delegation_accept(&maria, code, &d), ERR_GONE);
	assert_may_exactly(world, &p, 0, world->cx.now);
	db_release(&maria);
	db_release(&bo);
}

static void
nobody_becomes_a_delegate_by_accident(void **state)
{
	struct world *world = *state;
	struct people p;
	struct delegation_new in;
	struct delegation d;
	struct cx cx;
	str code;
	account_id staff[4];

	people_setup(world, &p);
	in = permission(world, ALL_RIGHTS);
	code = offer(world, &p, &in);
	staff[0] = p.ana, staff[1] = p.okafor, staff[2] = p.ben, staff[3] = p.root;
	for (size_t i = 0; i < 4; i++) { /* staff see patients as staff */
		cx = people_as(world, staff[i]);
		assert_fails(delegation_accept(&cx, code, &d), ERR_DENIED);
		db_release(&cx);
	}
	cx = people_as(world, p.bo_account); /* oneself */
	assert_fails(delegation_accept(&cx, code, &d), ERR_INVALID);
	db_release(&cx);
	cx = world_cx(world); /* nobody */
	cx.who = (struct who){.is = WHO_ANYONE};
	assert_fails(delegation_accept(&cx, code, &d), ERR_GONE);
	db_release(&cx);
	cx = people_as(world, p.maria_account); /* all of them left it open */
	assert_ok(delegation_accept(&cx, code, &d));
	db_release(&cx);
}

static void
only_the_patient_gives_and_a_delegate_never_passes_on(void **state)
{
	struct world *world = *state;
	struct people p;
	struct delegation_new in;
	struct db_rows rows;
	delegation_id id;
	struct cx cx;
	str code;

	people_setup(world, &p);
	id = give(world, &p, ALL_RIGHTS);
	in = permission(world, RIGHT_MESSAGES_READ);
	cx = people_acting(world, p.maria_account, p.bo);
	assert_fails(delegation_offer(&cx, &in, &code), ERR_GONE);
	assert_fails(delegation_withdraw(&cx, id), ERR_GONE);
	assert_fails(delegations_given(&cx, &rows), ERR_GONE);
	db_release(&cx);
	cx = people_as(world, p.maria_account); /* her own are none; Bo's are not hers to end as a patient */
	assert_fails(delegation_withdraw(&cx, id), ERR_GONE);
	assert_ok(delegations_given(&cx, &rows));
	assert_int_equal(rows.count, 0);
	db_release(&cx);
	cx = people_as(world, p.ben);
	assert_fails(delegation_offer(&cx, &in, &code), ERR_GONE);
	assert_fails(delegation_resign(&cx, id), ERR_GONE);
	db_release(&cx);
	cx = people_as(world, p.bo_account);
	assert_fails(delegation_resign(&cx, id), ERR_GONE);
	assert_fails(delegation_set_notices(&cx, id, true), ERR_GONE);
	db_release(&cx);
}

static void
what_is_offered_must_make_sense(void **state)
{
	struct world *world = *state;
	struct people p;
	struct delegation_new in;
	struct cx bo;
	str code;

	people_setup(world, &p);
	bo = people_as(world, p.bo_account);
	in = permission(world, 0);
	assert_fails(delegation_offer(&bo, &in, &code), ERR_INVALID);
	in = permission(world, RIGHT_OWN); /* cannot be given: nothing is left */
	assert_fails(delegation_offer(&bo, &in, &code), ERR_INVALID);
	in = permission(world, RIGHT_RECORD_READ);
	in.called = S("  ");
	assert_fails(delegation_offer(&bo, &in, &code), ERR_INVALID);
	in = permission(world, RIGHT_RECORD_READ);
	in.relation = S("two\nlines");
	assert_fails(delegation_offer(&bo, &in, &code), ERR_INVALID);
	in = permission(world, RIGHT_RECORD_READ);
	in.until = world->cx.now;
	assert_fails(delegation_offer(&bo, &in, &code), ERR_INVALID);
	in.until = instant_add_ms(world->cx.now, DAY_MS);
	in.since = in.until;
	assert_fails(delegation_offer(&bo, &in, &code), ERR_INVALID);
	in.since = instant_add_ms(world->cx.now, -DAY_MS); /* begins now */
	assert_ok(delegation_offer(&bo, &in, &code));
	assert_fails(delegation_offer(&bo, &in, &code), ERR_CONFLICT);
	for (int i = 1; i < DELEGATIONS_MAX; i++) {
		in = permission(world, RIGHT_RECORD_READ);
		assert_ok(delegation_offer(&bo, &in, &code));
	}
	in = permission(world, RIGHT_RECORD_READ);
	assert_fails(delegation_offer(&bo, &in, &code), ERR_INVALID);
	db_release(&bo);
}

static void
a_new_permission_takes_the_place_of_the_old_one(void **state)
{
	struct world *world = *state;
	struct people p;
	struct delegation_new in;
	struct delegation d;
	struct db_rows rows;
	struct cx maria;
	instant later;

	people_setup(world, &p);
	give(world, &p, ALL_RIGHTS);
	give(world, &p, RIGHT_RECORD_READ);
	assert_may_exactly(world, &p, RIGHT_RECORD_READ, world->cx.now);
	later = instant_add_ms(world->cx.now, 5 * DAY_MS);
	in = permission(world, RIGHT_MESSAGES_READ);
	in.since = later;
	maria = people_as(world, p.maria_account);
	assert_ok(delegation_accept(&maria, offer(world, &p, &in), &d));
	assert_may_exactly(world, &p, RIGHT_RECORD_READ, instant_add_ms(later, -1));
	assert_may_exactly(world, &p, RIGHT_MESSAGES_READ, later);
	db_refresh(&maria);
	assert_ok(delegations_held(&maria, &rows));
	assert_int_equal(rows.count, 2);
	db_release(&maria);
}

static void
the_delegate_resigns_and_chooses_notices(void **state)
{
	struct world *world = *state;
	struct people p;
	struct db_rows rows;
	const struct delegate_reader *reader;
	delegation_id id, record_only;
	struct cx maria;

	people_setup(world, &p);
	id = give(world, &p, RIGHT_MESSAGES_READ);
	assert_ok(delegate_readers(&world->cx, p.bo, &rows));
	reader = rows.items;
	assert_int_equal(rows.count, 1);
	assert_false(reader->notices);
	maria = people_as(world, p.maria_account);
	assert_ok(delegation_set_notices(&maria, id, true));
	db_refresh(&world->cx);
	assert_ok(delegate_readers(&world->cx, p.bo, &rows));
	reader = rows.items;
	assert_true(reader->notices);
	assert_ok(delegation_resign(&maria, id));
	assert_fails(delegation_resign(&maria, id), ERR_GONE);
	assert_may_exactly(world, &p, 0, world->cx.now);
	db_refresh(&world->cx);
	assert_ok(delegate_readers(&world->cx, p.bo, &rows));
	assert_int_equal(rows.count, 0);
	record_only = give(world, &p, RIGHT_RECORD_READ); /* who reads no messages is told of none */
	assert_fails(delegation_set_notices(&maria, record_only, true), ERR_GONE);
	db_refresh(&world->cx);
	assert_ok(delegate_readers(&world->cx, p.bo, &rows));
	assert_int_equal(rows.count, 0);
	db_release(&maria);
}

static const struct err *
switch_off(struct tx *tx, void *arg)
{
	return account_set_active(tx, *(account_id *)arg, false);
}

static void
an_account_that_is_off_acts_for_nobody(void **state)
{
	struct world *world = *state;
	struct people p;
	struct db_rows rows;
	struct cx ben;

	people_setup(world, &p);
	give(world, &p, ALL_RIGHTS);
	ben = people_as(world, p.ben);
	assert_ok(delegations_over(&ben, p.bo, &rows)); /* the care team sees who speaks for the patient */
	assert_int_equal(rows.count, 1);
	assert_str_equal(((const struct delegation *)rows.items)->delegate_name, "María López");
	assert_str_equal(((const struct delegation *)rows.items)->relation, "my neighbor");
	assert_ok(db_write(&world->cx, switch_off, &p.maria_account));
	assert_may_exactly(world, &p, 0, world->cx.now);
	db_refresh(&ben);
	assert_ok(delegations_over(&ben, p.bo, &rows));
	assert_int_equal(rows.count, 0);
	db_release(&ben);
	ben = people_as(world, p.ana); /* another team's nurse sees no such list */
	assert_fails(delegations_over(&ben, p.bo, &rows), ERR_GONE);
	db_release(&ben);
}

/* ---- sessions ---- */

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
static int64_t
count(struct world *world, struct sql sql)
{
	int64_t n;

	db_refresh(&world->cx);
	assert_ok(db_one(&world->cx, sql, BIND_NONE, INTO(&n, ONE_INT)));
	return n;
}

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
	    WORLD_TEST(each_right_opens_what_it_names_and_nothing_else),
	    WORLD_TEST(a_right_counts_only_while_acting_and_only_for_whom),
	    WORLD_TEST(it_begins_and_ends_on_time),
	    WORLD_TEST(a_code_works_once_however_it_is_typed_and_not_for_ever),
	    WORLD_TEST(declined_and_withdrawn_codes_open_nothing),
	    WORLD_TEST(nobody_becomes_a_delegate_by_accident),
	    WORLD_TEST(only_the_patient_gives_and_a_delegate_never_passes_on),
	    WORLD_TEST(what_is_offered_must_make_sense),
	    WORLD_TEST(a_new_permission_takes_the_place_of_the_old_one),
	    WORLD_TEST(the_delegate_resigns_and_chooses_notices),
	    WORLD_TEST(an_account_that_is_off_acts_for_nobody),
	    WORLD_TEST(acting_lives_in_the_session_and_survives_a_restart),
	    WORLD_TEST(a_caregiver_without_a_record_gets_an_account_with_the_code),
	    WORLD_TEST(each_statement_fails_in_turn_and_nothing_is_half_done),
	    cmocka_unit_test_setup_teardown(what_decides_is_found_by_index, world_setup_sqlite, world_teardown),
	    cmocka_unit_test_setup_teardown(
		what_decides_is_found_by_index_on_postgres, world_setup_postgres, world_teardown),
	};

	return cmocka_run_group_tests_name("delegation", list, NULL, NULL);
}
