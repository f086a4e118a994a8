/* SPDX-License-Identifier: Apache-2.0 */
/* For information: lists of staff and people who stand in, each told once; whoever is away is marked where one chooses. */
#include "care/messaging/messaging_http_test_help.h"
#include "care/record/record.h"

struct scene {
	struct clinic c;
	thread_id thread;
	struct uuid list;
	str desk;
};

static const struct err *
ben_cares_too(struct tx *tx, void *arg)
{
	const struct people *p = arg;

	return team_add_patient(tx, p->birch, p->maria, RELATION_CLINIC);
}

/* A list of Ana, Okafor, Ben and the administrator, who cares for nobody. */
static void
open_scene(struct world *world, struct scene *s)
{
	struct cx root;
	struct db_rows rows;
	account_id members[4];
	str path;

	assert_ok(record_init(world->vault));
	open_clinic(world, &s->c);
	members[0] = s->c.p.ana;
	members[1] = s->c.p.okafor;
	members[2] = s->c.p.ben;
	members[3] = s->c.p.root;
	root = people_as(world, s->c.p.root);
	assert_ok(
	    distribution_group_save(&root, &(struct distribution_group){.name = S("Diabetes nurses")}, members, 4));
	db_refresh(&root);
	assert_ok(distribution_groups(&root, &rows));
	s->list = ((const struct distribution_group *)rows.items)[0].id;
	db_release(&root);
	path = maria_sends(&s->c, new_key(&s->c), S("Look at my sugar"));
	path = str_take(str_drop(path, strlen("/messages/")), UUID_TEXT_CHARS);
	assert_true(uuid_parse(path, &s->thread.v));
	s->desk = PATH(&s->c, "/inbox/%.*s", STR_ARG(path));
}

static void
one_choice_informs_all_on_the_list_each_once(void **state)
{
	struct scene s;
	struct reply reply;

	open_scene(*state, &s);
	assert_ok(db_write(&s.c.world->cx, ben_cares_too, &s.c.p));
	assert_shows(get(&s.c, &s.c.ana, s.desk), "Diabetes nurses");
	/* Ben is chosen by name too. */
	reply = SUBMIT(&s.c, &s.c.ana, PATH(&s.c, "%.*s/forward", STR_ARG(s.desk)),
	    "forward_to=%.*s&forward_list=%.*s&forward_note=Please+read", STR_ARG(id_text(&s.c, s.c.p.ben.v)),
	    STR_ARG(id_text(&s.c, s.list)));
	assert_int_equal(reply.status, 303);
	assert_true(str_contains(reply_header(reply, "Location"), S("done=forwarded-part"))); /* the administrator */
	assert_int_equal(rows_of(s.c.world, SQL("SELECT count(*) FROM thread_mark WHERE copied_at IS NOT NULL")), 2);
	reply = get(&s.c, &s.c.ana, s.desk);
	assert_shows(reply, "shown to the list Diabetes nurses for information");
	assert_shows(reply, "shown to Ben Hart for information");
	assert_shows(get(&s.c, &s.c.ben, S("/inbox?show=copies")), "Medication question");
	assert_shows(get(&s.c, &s.c.ben, s.desk), "For your information");
	assert_int_equal(get(&s.c, &s.c.root, s.desk).status, 403);
	close_clinic(&s.c);
}

static void
a_list_without_anybody_for_this_patient_is_refused(void **state)
{
	struct scene s;
	struct reply reply;
	struct cx root;
	account_id only;

	open_scene(*state, &s);
	only = s.c.p.ben;
	root = people_as(s.c.world, s.c.p.root);
	assert_ok(
	    distribution_group_save(&root, &(struct distribution_group){.id = s.list, .name = S("Others")}, &only, 1));
	db_release(&root);
	reply = SUBMIT(&s.c, &s.c.ana, PATH(&s.c, "%.*s/forward", STR_ARG(s.desk)), "forward_list=%.*s",
	    STR_ARG(id_text(&s.c, s.list)));
	assert_int_equal(reply.status, 400);
	assert_true(str_contains(reply.body, S("Nobody on the list may see this patient.")));
	assert_int_equal(
	    SUBMIT(&s.c, &s.c.ana, PATH(&s.c, "%.*s/forward", STR_ARG(s.desk)), "forward_note=x").status, 400);
	/* Not a member, and no such list. */
	assert_int_equal(SUBMIT(&s.c, &s.c.ben, PATH(&s.c, "%.*s/forward", STR_ARG(s.desk)), "forward_list=%.*s",
			     STR_ARG(id_text(&s.c, s.list)))
			     .status,
	    404);
	assert_int_equal(SUBMIT(&s.c, &s.c.ana, PATH(&s.c, "%.*s/forward", STR_ARG(s.desk)), "forward_list=%.*s",
			     STR_ARG(id_text(&s.c, uuid_new(s.c.world->cx.now))))
			     .status,
	    404);
	assert_int_equal(rows_of(s.c.world, SQL("SELECT count(*) FROM thread_event")), 0);
	assert_int_equal(rows_of(s.c.world, SQL("SELECT count(*) FROM thread_mark")), 0);
	close_clinic(&s.c);
}

/* Okafor is away until the day after tomorrow; Ben of the other team stands in. */
static void
okafor_goes_away(struct scene *s)
{
	struct cx okafor = people_as(s->c.world, s->c.p.okafor);

	assert_ok(surrogate_make(&okafor, &(struct surrogate){.account = s->c.p.okafor,
					      .by_account = s->c.p.ben,
					      .since = okafor.now,
					      .until = instant_add_ms(okafor.now, 3 * DAY_MS)}));
	db_release(&okafor);
}

static void
who_is_away_is_marked_and_who_stands_in_is_told(void **state)
{
	struct scene s;
	struct reply reply;
	int64_t notices;

	open_scene(*state, &s);
	assert_false(str_contains(get(&s.c, &s.c.ana, s.desk).body, S("away until")));
	okafor_goes_away(&s);
	reply = get(&s.c, &s.c.ana, s.desk);
	assert_shows(reply, "Ada Okafor (away until ");
	assert_shows(reply, "Ben Hart stands in)");
	notices = notices_waiting(s.c.world);
	reply = SUBMIT(&s.c, &s.c.ana, PATH(&s.c, "%.*s/assign", STR_ARG(s.desk)), "assign_to=%.*s",
	    STR_ARG(id_text(&s.c, s.c.p.okafor.v)));
	assert_int_equal(reply.status, 303);
	assert_int_equal(notices_waiting(s.c.world), notices + 2);
	reply = get(&s.c, &s.c.ana, PATH(&s.c, "%.*s?done=assigned", STR_ARG(s.desk)));
	assert_shows(reply, "Ada Okafor is away until ");
	assert_shows(reply, "Ben Hart stands in and is told too.");
	/* For information: both read it, and the note stands once. */
	reply = SUBMIT(&s.c, &s.c.ana, PATH(&s.c, "%.*s/forward", STR_ARG(s.desk)),
	    "forward_to=%.*s&forward_note=Only+once", STR_ARG(id_text(&s.c, s.c.p.okafor.v)));
	assert_int_equal(reply.status, 303);
	assert_int_equal(rows_of(s.c.world, SQL("SELECT count(*) FROM thread_mark WHERE copied_at IS NOT NULL")), 2);
	assert_int_equal(
	    rows_of(s.c.world, SQL("SELECT count(*) FROM thread_event WHERE kind = 3 AND text IS NOT NULL")), 1);
	close_clinic(&s.c);
}

static void
each_statement_of_informing_fails_in_turn(void **state)
{
	struct scene s;
	struct cx ana;
	account_id to;
	const struct err *error = NULL;
	int64_t nth = 0;

	open_scene(*state, &s);
	assert_ok(db_write(&s.c.world->cx, ben_cares_too, &s.c.p));
	to = s.c.p.ben;
	do {
		ana = people_as(s.c.world, s.c.p.ana);
		db_fault_arm(s.c.world->db, DB_FAULT_ERROR, ++nth);
		error = thread_forward(&ana, &(struct thread_forward){.thread = s.thread,
						 .to = &to,
						 .count = 1,
						 .note = S("Note"),
						 .lists = &s.list,
						 .list_count = 1});
		db_fault_arm(s.c.world->db, DB_FAULT_NONE, 0);
		db_release(&ana);
		if (error) {
			assert_int_equal(rows_of(s.c.world, SQL("SELECT count(*) FROM thread_event")), 0);
			assert_int_equal(rows_of(s.c.world, SQL("SELECT count(*) FROM thread_mark")), 0);
		}
	} while (error && nth < 50);
	assert_null(error);
	assert_true(nth > 5);
	assert_int_equal(rows_of(s.c.world, SQL("SELECT count(*) FROM thread_mark")), 2);
	close_clinic(&s.c);
}

int
main(void)
{
	const struct CMUnitTest list[] = {
	    WORLD_TEST(one_choice_informs_all_on_the_list_each_once),
	    WORLD_TEST(a_list_without_anybody_for_this_patient_is_refused),
	    WORLD_TEST(who_is_away_is_marked_and_who_stands_in_is_told),
	    WORLD_TEST(each_statement_of_informing_fails_in_turn),
	};

	return cmocka_run_group_tests_name("messaging forward", list, NULL, NULL);
}
