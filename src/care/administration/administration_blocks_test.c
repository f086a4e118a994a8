/* SPDX-License-Identifier: Apache-2.0 */
/* Blocks: a blocked patient reads but does not write, to one team or to all. */
#include "care/administration/administration_test_help.h"

static void
a_blocked_patient_reads_but_does_not_write(void **state)
{
	struct world *world = *state;
	struct people p;
	struct cx cx, maria;
	thread_id thread;
	struct conversation c;
	struct db_rows rows;
	struct uuid id;
	const struct err *error;
	instant t = wednesday();

	clinic_setup(world, &p);
	id = uuid_new(t);
	thread = maria_writes(world, &p, S("May I?")).thread;
	assert_ok(block(world, &p, p.maple, t, id));
	assert_fails(block(world, &p, p.maple, t, uuid_new(t)), ERR_CONFLICT);
	maria = people_as(world, p.maria_account);
	error = reply_as(world, p.maria_account, thread, S("Why?"), t);
	assert_fails(error, ERR_INVALID);
	assert_non_null(strstr(error->say, "555-0100"));
	assert_null(strstr(error->say, "CANARY"));
	assert_ok(teams_of_patient(&maria, p.maria, true, &rows));
	assert_int_equal(rows.count, 0);
	assert_ok(blocks_of_patient(&maria, p.maria, &rows));
	assert_int_equal(rows.count, 1);
	assert_true(((struct block *)rows.items)[0].note.n == 0);
	assert_ok(thread_open(&maria, thread, &c));
	assert_ok(reply_as(world, p.ana, thread, S("We will call you"), t)); /* the team may */
	cx = office(world, &p);
	assert_ok(block_review_list(&cx, p.facility.id, &rows));
	assert_int_equal(rows.count, 1);
	assert_str_equal(((struct block *)rows.items)[0].note, "CANARY threatened the nurse");
	assert_fails(block_end(&maria, p.maria, id), ERR_GONE);
	assert_ok(block_end(&cx, p.maria, id));
	assert_fails(block_end(&cx, p.maria, id), ERR_CONFLICT);
	assert_ok(reply_as(world, p.maria_account, thread, S("Thank you"), instant_add_ms(t, 1)));
	db_release(&cx);
	db_release(&maria);
	assert_sound(world);
}

static void
a_block_of_the_facility_holds_for_every_team(void **state)
{
	struct world *world = *state;
	struct people p;
	struct cx cx, bo;
	struct association like = {.relation = RELATION_BY_HAND, .until = INSTANT_NONE};
	struct db_rows rows;
	struct block bad;
	instant t = wednesday();

	clinic_setup(world, &p);
	cx = office(world, &p);
	like.team = p.birch;
	assert_ok(panel_add(&cx, &like, &p.maria, 1));
	assert_ok(block(world, &p, no_team, t, uuid_new(t)));
	assert_fails(block(world, &p, p.birch, t, uuid_new(t)), ERR_CONFLICT); /* said by the other already */
	db_refresh(&cx);
	assert_ok(teams_of_patient(&cx, p.maria, true, &rows));
	assert_int_equal(rows.count, 0);
	assert_ok(teams_of_patient(&cx, p.bo, true, &rows));
	assert_int_equal(rows.count, 1);
	bo = people_as(world, p.bo_account);
	assert_fails(blocks_of_patient(&bo, p.maria, &rows), ERR_GONE);
	bad =
	    (struct block){.patient = p.bo, .team = p.birch, .code = BLOCK_OTHER, .review = instant_add_ms(t, DAY_MS)};
	assert_fails(block_make(&cx, &bad), ERR_INVALID); /* no words */
	bad.code = 0;
	assert_fails(block_make(&cx, &bad), ERR_INVALID);
	bad.code = BLOCK_VOLUME;
	bad.review = t;
	assert_fails(block_make(&cx, &bad), ERR_INVALID);
	bad.review = instant_add_ms(t, 400 * DAY_MS);
	assert_fails(block_make(&cx, &bad), ERR_INVALID);
	db_release(&cx);
	db_release(&bo);
}

int
main(void)
{
	const struct CMUnitTest list[] = {
	    WORLD_TEST(a_blocked_patient_reads_but_does_not_write),
	    WORLD_TEST(a_block_of_the_facility_holds_for_every_team),
	};

	return cmocka_run_group_tests_name("administration blocks", list, NULL, NULL);
}
