/* SPDX-License-Identifier: Apache-2.0 */
#include "people.h"

static void
a_team_name_must_read_like_words(void **state)
{
	struct arena arena = ARENA_INIT;
	struct cx cx = {.arena = &arena};
	static const char *const good[] = {
	    "Maple Team", "Cedar Valley, women's health", "Équipe Érable", "Dr. Okafor's team"};
	static const char *const bad[] = {
	    "", "REN PAC 03 WH", "**PACT 3", "WHC_SW", "A B", "TEAM", "Team_Maple", "x\ny"};

	(void)state;
	for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); i++)
		assert_ok(
		    team_check(&cx, &(struct team){.name = str_from_z(good[i]), .care = S("x"), .place = S("y")}));
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		assert_fails(
		    team_check(&cx, &(struct team){.name = str_from_z(bad[i]), .care = S("x"), .place = S("y")}),
		    ERR_INVALID);
	assert_fails(team_check(&cx, &(struct team){.name = S("Maple Team"), .place = S("y")}), ERR_INVALID);
	arena_release(&arena);
}

static void
teams_are_found_from_both_sides(void **state)
{
	struct world *world = *state;
	struct people p;
	struct db_rows rows;
	bool member;

	people_setup(world, &p);
	assert_ok(teams_of_patient(&world->cx, p.maria, true, &rows));
	assert_int_equal(rows.count, 1);
	assert_str_equal(((struct team *)rows.items)[0].name, "Maple Team");
	assert_ok(teams_of_account(&world->cx, p.ana, &rows));
	assert_int_equal(rows.count, 1);
	assert_ok(team_members(&world->cx, p.maple, &rows));
	assert_int_equal(rows.count, 2);
	assert_str_equal(((struct team_member *)rows.items)[0].name, "Ada Okafor");
	assert_ok(team_has_member(&world->cx, p.maple, p.ana, &member));
	assert_true(member);
	assert_ok(team_has_member(&world->cx, p.maple, p.ben, &member));
	assert_false(member);
	assert_ok(team_list(&world->cx, p.facility.id, &rows));
	assert_int_equal(rows.count, 2);
}

static const struct err *
remove_ben(struct tx *tx, void *arg)
{
	struct people *p = arg;

	return team_remove_member(tx, p->birch, p->ben);
}

static void
the_last_member_cannot_leave_a_team_that_takes_messages(void **state)
{
	struct world *world = *state;
	struct people p;

	people_setup(world, &p);
	assert_fails(db_write(&world->cx, remove_ben, &p), ERR_CONFLICT);
}

static const struct err *
switch_ben_off(struct tx *tx, void *arg)
{
	return account_set_active(tx, ((struct people *)arg)->ben, false);
}

static void
a_team_without_an_active_member_cannot_be_written_to(void **state)
{
	struct world *world = *state;
	struct people p;
	struct db_rows rows;

	people_setup(world, &p);
	assert_ok(db_write(&world->cx, switch_ben_off, &p));
	assert_ok(teams_of_patient(&world->cx, p.bo, true, &rows));
	assert_int_equal(rows.count, 0);
	assert_ok(teams_of_patient(&world->cx, p.bo, false, &rows));
	assert_int_equal(rows.count, 1);
}

int
main(void)
{
	const struct CMUnitTest list[] = {
	    cmocka_unit_test(a_team_name_must_read_like_words),
	    WORLD_TEST(teams_are_found_from_both_sides),
	    WORLD_TEST(the_last_member_cannot_leave_a_team_that_takes_messages),
	    WORLD_TEST(a_team_without_an_active_member_cannot_be_written_to),
	};

	return cmocka_run_group_tests_name("organization", list, NULL, NULL);
}
