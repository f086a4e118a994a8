/* SPDX-License-Identifier: Apache-2.0 */
/* Delegation: whom a patient lets act for them, and how each permission begins and ends. */
#include "trust/consent/delegation_test_help.h"

#include "trust/audit/audit.h"

static const enum access_right every[] = {
    RIGHT_MESSAGES_READ, RIGHT_MESSAGES_WRITE, RIGHT_RECORD_READ, RIGHT_PRESCRIPTIONS, RIGHT_OWN};
#define EVERY (sizeof(every) / sizeof(every[0]))

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
		    (every[i] == RIGHT_MESSAGES_WRITE && (rights & RIGHT_MESSAGES_READ)) ||
			    (every[i] == RIGHT_PRESCRIPTIONS && (rights & RIGHT_RECORD_READ))
			? ERR_DENIED
			: ERR_GONE);
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

		given |= rights & RIGHT_PRESCRIPTIONS ? RIGHT_RECORD_READ : 0;
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
	};

	return cmocka_run_group_tests_name("delegation", list, NULL, NULL);
}
