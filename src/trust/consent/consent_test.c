/* SPDX-License-Identifier: Apache-2.0 */
#include "people.h"

#include "trust/consent/consent.h"

static const enum access_right every[] = {
    RIGHT_MESSAGES_READ, RIGHT_MESSAGES_WRITE, RIGHT_RECORD_READ, RIGHT_PRESCRIPTIONS, RIGHT_OWN};

static void
only_the_patient_and_their_team_see_a_record(void **state)
{
	struct world *world = *state;
	struct people p;
	enum access_why why;

	people_setup(world, &p);
	const struct {
		account_id who;
		patient_id whose;
		enum access_why why; /* ACCESS_NONE: gone */
		bool may_write;
	} cases[] = {
	    {p.maria_account, p.maria, ACCESS_SELF, false},
	    {p.maria_account, p.bo, ACCESS_NONE, false},
	    {p.bo_account, p.maria, ACCESS_NONE, false},
	    {p.ana, p.maria, ACCESS_CARE_TEAM, true},
	    {p.okafor, p.maria, ACCESS_CARE_TEAM, true},
	    {p.ana, p.bo, ACCESS_NONE, false},
	    {p.ben, p.maria, ACCESS_NONE, false},
	    {p.ben, p.bo, ACCESS_CARE_TEAM, true},
	    {p.root, p.maria, ACCESS_NONE, false},
	    {p.root, p.bo, ACCESS_NONE, false},
	};
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct cx cx = people_as(world, cases[i].who);

		if (cases[i].why == ACCESS_NONE) {
			for (size_t j = 0; j < sizeof(every) / sizeof(every[0]); j++)
				assert_fails(access_check(&cx, cases[i].whose, every[j], &why), ERR_GONE);
			assert_fails(access_check_write(&cx, cases[i].whose, &why), ERR_GONE);
		} else {
			for (size_t j = 0; j < sizeof(every) / sizeof(every[0]); j++) {
				/* What is the patient's alone, not even their team sees. */
				if (every[j] == RIGHT_OWN && cases[i].why != ACCESS_SELF) {
					assert_fails(access_check(&cx, cases[i].whose, every[j], &why), ERR_GONE);
					continue;
				}
				assert_ok(access_check(&cx, cases[i].whose, every[j], &why));
				assert_int_equal(why, cases[i].why);
			}
			if (cases[i].may_write)
				assert_ok(access_check_write(&cx, cases[i].whose, &why));
			else
				assert_fails(access_check_write(&cx, cases[i].whose, &why), ERR_DENIED);
		}
		db_release(&cx);
	}
}

struct change {
	struct people *people;
	int what;
};

static const struct err *
apply_change(struct tx *tx, void *arg)
{
	struct change *change = arg;
	struct people *p = change->people;

	switch (change->what) {
	case 0: return team_remove_member(tx, p->maple, p->ana);
	case 1: return team_add_member(tx, p->maple, p->ana);
	case 2: return team_remove_patient(tx, p->maple, p->maria);
	case 3: return team_add_patient(tx, p->maple, p->maria, RELATION_CLINIC);
	default: return account_set_active(tx, p->ana, false);
	}
}

static void
leaving_ends_access_at_once_and_returning_restores_it(void **state)
{
	struct world *world = *state;
	struct people p;
	enum access_why why;

	people_setup(world, &p);
	for (int what = 0; what < 5; what++) {
		struct cx cx;

		assert_ok(db_write(&world->cx, apply_change, &(struct change){&p, what}));
		cx = people_as_at(world, p.ana, instant_add_ms(world->cx.now, 1));
		if (what % 2)
			assert_ok(access_check(&cx, p.maria, RIGHT_RECORD_READ, &why));
		else
			assert_fails(access_check(&cx, p.maria, RIGHT_RECORD_READ, &why), ERR_GONE);
		db_release(&cx);
	}
}

static void
the_system_may_and_nobody_may_not(void **state)
{
	struct world *world = *state;
	struct people p;
	enum access_why why;
	struct cx nobody;

	people_setup(world, &p);
	assert_ok(access_check_write(&world->cx, p.maria, &why));
	assert_int_equal(why, ACCESS_SYSTEM);
	nobody = world_cx(world);
	nobody.who = (struct who){.is = WHO_ANYONE};
	assert_fails(access_check(&nobody, p.maria, RIGHT_RECORD_READ, &why), ERR_GONE);
	db_release(&nobody);
}

static void
an_office_is_run_by_its_own_coordinators_and_administrators(void **state)
{
	struct world *world = *state;
	struct people p;
	struct cx cx;
	facility_id other;

	people_setup(world, &p);
	other = (facility_id){uuid_new(world->cx.now)};
	assert_ok(office_check(&world->cx, p.facility.id));
	cx = people_as(world, p.root);
	assert_ok(office_check(&cx, p.facility.id));
	assert_fails(office_check(&cx, other), ERR_GONE);
	cx.who.is = WHO_COORDINATOR;
	assert_ok(office_check(&cx, p.facility.id));
	for (unsigned kind = WHO_ANYONE; kind <= WHO_CARE_TEAM; kind <<= 1) {
		cx.who.is = kind;
		assert_fails(office_check(&cx, p.facility.id), ERR_GONE);
	}
	db_release(&cx);
}

int
main(void)
{
	const struct CMUnitTest list[] = {
	    WORLD_TEST(only_the_patient_and_their_team_see_a_record),
	    WORLD_TEST(leaving_ends_access_at_once_and_returning_restores_it),
	    WORLD_TEST(the_system_may_and_nobody_may_not),
	    WORLD_TEST(an_office_is_run_by_its_own_coordinators_and_administrators),
	};

	return cmocka_run_group_tests_name("consent", list, NULL, NULL);
}
