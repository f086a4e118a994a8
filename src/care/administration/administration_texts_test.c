/* SPDX-License-Identifier: Apache-2.0 */
/* What the office keeps for all: templates to begin an answer with, and lists of staff. */
#include "care/administration/administration_test_help.h"

static const struct err *
save_template(struct world *world, account_id who, struct message_template t)
{
	struct cx cx = people_as(world, who);
	const struct err *error = template_save(&cx, &t);

	db_release(&cx);
	return error;
}

static void
templates_are_ones_own_or_a_teams_or_the_facilitys(void **state)
{
	struct world *world = *state;
	struct people p;
	struct db_rows rows;
	const struct message_template *t;
	struct uuid mine = {{0}};
	struct cx ana, ben, root;

	clinic_setup(world, &p);
	assert_ok(save_template(
	    world, p.ana, (struct message_template){.account = p.ana, .name = S("Mine"), .body = S("Dear {patient}")}));
	assert_ok(save_template(
	    world, p.ana, (struct message_template){.team = p.maple, .name = S("Ours"), .body = S("Call {phone}")}));
	assert_ok(save_template(world, p.root, (struct message_template){.name = S("All"), .body = S("Hello")}));
	assert_fails(
	    save_template(world, p.ana, (struct message_template){.name = S("All"), .body = S("x")}), ERR_GONE);
	assert_fails(
	    save_template(world, p.ben, (struct message_template){.team = p.maple, .name = S("x"), .body = S("x")}),
	    ERR_GONE);
	assert_fails(
	    save_template(world, p.ben, (struct message_template){.account = p.ana, .name = S("x"), .body = S("x")}),
	    ERR_GONE);
	assert_fails(save_template(world, p.maria_account,
			 (struct message_template){.account = p.maria_account, .name = S("x"), .body = S("x")}),
	    ERR_GONE);
	assert_fails(
	    save_template(world, p.ana, (struct message_template){.account = p.ana, .name = S(""), .body = S("x")}),
	    ERR_INVALID);
	assert_fails(
	    save_template(world, p.ana, (struct message_template){.account = p.ana, .name = S("x"), .body = S(" ")}),
	    ERR_INVALID);
	ana = people_as(world, p.ana);
	ben = people_as(world, p.ben);
	root = people_as(world, p.root);
	assert_ok(templates_for(&ana, p.maple, &rows));
	assert_int_equal(rows.count, 3);
	t = rows.items;
	for (size_t i = 0; i < rows.count; i++) {
		assert_int_equal(t[i].may_change, !str_equal(t[i].name, S("All")));
		if (str_equal(t[i].name, S("Mine")))
			mine = t[i].id;
	}
	assert_ok(templates_for(&ben, p.birch, &rows));
	assert_int_equal(rows.count, 1);
	assert_ok(templates_of_caller(&root, &rows));
	assert_int_equal(rows.count, 2); /* not what is somebody's own */
	assert_fails(template_delete(&ben, mine), ERR_GONE);
	assert_ok(template_delete(&ana, mine));
	assert_str_equal(template_fill(&world->arena, S("Dear {patient}, {me} of {team}: {phone} {x}"),
			     &(struct template_values){S("Maria"), S("Ana"), S("Maple"), S("555")}),
	    "Dear Maria, Ana of Maple: 555 {x}");
	db_release(&ana);
	db_release(&ben);
	db_release(&root);
}

static void
lists_of_staff_are_kept_by_the_office_and_used_by_all(void **state)
{
	struct world *world = *state;
	struct people p;
	struct db_rows rows;
	struct cx cx, ana, maria;
	struct distribution_group group = {.name = S("Foot people")};
	account_id people[2];
	const struct err *error;
	int64_t nth = 0;

	clinic_setup(world, &p);
	people[0] = p.ana;
	people[1] = p.ben;
	cx = office(world, &p);
	ana = people_as(world, p.ana);
	maria = people_as(world, p.maria_account);
	assert_fails(distribution_group_save(&ana, &group, people, 2), ERR_GONE);
	assert_fails(distribution_group_save(&cx, &group, people, 0), ERR_INVALID);
	assert_fails(distribution_group_save(&cx, &group, &p.maria_account, 1), ERR_INVALID);
	do { /* each statement fails in turn */
		db_fault_arm(world->db, DB_FAULT_ERROR, ++nth);
		error = distribution_group_save(&cx, &group, people, 2);
		db_fault_arm(world->db, DB_FAULT_NONE, 0);
		db_refresh(&ana);
		assert_ok(distribution_groups(&ana, &rows));
		assert_int_equal(rows.count, error ? 0 : 1);
	} while (error);
	group = ((struct distribution_group *)rows.items)[0];
	assert_ok(distribution_group_members(&ana, group.id, &rows));
	assert_int_equal(rows.count, 2);
	assert_fails(distribution_groups(&maria, &rows), ERR_GONE);
	assert_fails(distribution_group_members(&maria, group.id, &rows), ERR_GONE);
	assert_ok(distribution_group_save(&cx, &group, people, 1));
	db_refresh(&ana);
	assert_ok(distribution_group_members(&ana, group.id, &rows));
	assert_int_equal(rows.count, 1);
	assert_fails(distribution_group_delete(&ana, group.id), ERR_GONE);
	assert_ok(distribution_group_delete(&cx, group.id));
	assert_fails(distribution_group_delete(&cx, group.id), ERR_GONE);
	db_release(&cx);
	db_release(&ana);
	db_release(&maria);
}

int
main(void)
{
	const struct CMUnitTest list[] = {
	    WORLD_TEST(templates_are_ones_own_or_a_teams_or_the_facilitys),
	    WORLD_TEST(lists_of_staff_are_kept_by_the_office_and_used_by_all),
	};

	return cmocka_run_group_tests_name("administration texts", list, NULL, NULL);
}
