/* SPDX-License-Identifier: Apache-2.0 */
/* The order of the team inbox, by the rules and by the pages; that the patient finds conversations of former teams; and what
 * the team's pages offer beside: warnings, drafts, quick replies, reminders. */
#include "care/messaging/mailbox.h"
#include "care/messaging/messaging_http_test_help.h"

static struct sent
maria_asks(struct world *world, const struct people *p, enum message_category category, str body, instant now)
{
	struct cx cx = people_as_at(world, p->maria_account, now);
	struct sent sent;

	assert_ok(thread_send_new(&cx,
	    &(struct thread_new){
		.key = uuid_new(now), .patient = p->maria, .team = p->maple, .category = category, .body = body},
	    &sent));
	db_release(&cx);
	return sent;
}

static void
assert_order(
    struct world *world, account_id who, enum inbox_sort sort, instant now, const thread_id *wanted, size_t count)
{
	struct cx cx = people_as_at(world, who, now);
	struct db_rows rows;
	const struct thread *thread;

	assert_ok(inbox_list(&cx, &(struct inbox_query){.count_max = 10, .sort = sort}, &rows));
	assert_int_equal(rows.count, count);
	thread = rows.items;
	for (size_t i = 0; i < count; i++)
		if (!uuid_equal(thread[i].id.v, wanted[i].v))
			fail_msg("order %d: another conversation stands at place %zu", (int)sort, i);
	db_release(&cx);
}

static void
what_is_urgent_stands_first_and_every_order_can_be_asked(void **state)
{
	struct world *world = *state;
	struct people p;
	thread_id old, answered, urgent, mine;
	struct cx cx;
	instant t = wednesday(), now = instant_add_ms(t, 10 * HOUR_MS);

	clinic_setup(world, &p);
	old = maria_asks(world, &p, CATEGORY_MEDICATION, S("A refill"), t).thread;
	answered = maria_asks(world, &p, CATEGORY_GENERAL, S("A question"), instant_add_ms(t, HOUR_MS)).thread;
	assert_ok(reply_as(world, p.okafor, answered, S("An answer"), instant_add_ms(t, 2 * HOUR_MS)));
	mine = maria_asks(world, &p, CATEGORY_TEST_RESULT, S("My result"), instant_add_ms(t, 3 * HOUR_MS)).thread;
	urgent =
	    maria_asks(world, &p, CATEGORY_MEDICATION, S("I have chest pain"), instant_add_ms(t, 4 * HOUR_MS)).thread;
	cx = people_as_at(world, p.ana, instant_add_ms(t, 5 * HOUR_MS));
	assert_ok(thread_claim(&cx, mine));
	db_release(&cx);
	assert_order(world, p.ana, SORT_URGENT, now, (const thread_id[]){urgent, old, mine, answered}, 4);
	assert_order(world, p.ana, SORT_AGE, now, (const thread_id[]){old, answered, mine, urgent}, 4);
	assert_order(world, p.ana, SORT_KIND, now, (const thread_id[]){answered, mine, urgent, old}, 4);
	assert_order(world, p.ana, SORT_OWNER, now, (const thread_id[]){mine, urgent, old, answered}, 4);
	assert_order(world, p.okafor, SORT_OWNER, now, (const thread_id[]){answered, urgent, old, mine}, 4);
	/* Once it is answered it is urgent no more. */
	assert_ok(reply_as(world, p.okafor, urgent, S("Call 911"), instant_add_ms(t, 6 * HOUR_MS)));
	assert_order(world, p.ana, SORT_DUE, now, (const thread_id[]){old, mine, urgent, answered}, 4);
	cx = people_as_at(world, p.ana, now);
	db_release(&cx);
	assert_sound(world);
}

static void
the_page_keeps_the_order(void **state)
{
	struct clinic c;
	struct reply reply;
	size_t first, second;

	open_clinic(*state, &c);
	maria_sends(&c, new_key(&c), S("First"));
	reply = SUBMIT(&c, &c.maria, S("/messages/new"),
	    "key=%.*s&category=general&team=%.*s&subject=Help&body=I+have+chest+pain&do=urgent", STR_ARG(new_key(&c)),
	    STR_ARG(id_text(&c, c.p.maple.v)));
	assert_int_equal(reply.status, 303);
	reply = get(&c, &c.ana, S("/inbox"));
	assert_true(str_find(reply.body, S(">Help</a>"), &first));
	assert_true(str_find(reply.body, S(">Medication question</a>"), &second));
	assert_true(first < second);
	assert_shows(reply, "href=\"/inbox?show=open&amp;sort=age\"");
	reply = get(&c, &c.ana, S("/inbox?show=open&sort=age"));
	assert_true(str_find(reply.body, S(">Help</a>"), &first));
	assert_true(str_find(reply.body, S(">Medication question</a>"), &second));
	assert_true(second < first);
	assert_shows(reply, "?show=open&amp;sort=age\" data-row"); /* and the conversation leads back to it */
	close_clinic(&c);
}

static const struct err *
leave_maple(struct tx *tx, void *arg)
{
	const struct people *p = arg;

	TRY(team_remove_patient(tx, p->maple, p->maria));
	return team_add_patient(tx, p->birch, p->maria, RELATION_PANEL);
}

static void
the_search_offers_former_teams(void **state)
{
	struct clinic c;
	struct reply reply;
	str maple;

	open_clinic(*state, &c);
	maple = id_text(&c, c.p.maple.v);
	maria_sends(&c, new_key(&c), S("About my knee"));
	assert_ok(db_write(&c.world->cx, leave_maple, &c.p));
	reply = get(&c, &c.maria, S("/messages/search"));
	assert_shows(reply, arena_z(&c.trial.arena, PATH(&c, "<option value=\"%.*s\"", STR_ARG(maple))));
	assert_shows(get(&c, &c.maria, PATH(&c, "/messages/search?team=%.*s", STR_ARG(maple))), "About my knee");
	assert_false(str_contains(get(&c, &c.bo, S("/messages/search")).body, maple));
	close_clinic(&c);
}

/* ---- what else the team's pages offer ---- */

static void
a_patient_who_would_not_read_it_is_told_of_at_once(void **state)
{
	struct clinic c;
	str path;

	open_clinic(*state, &c);
	path = PATH(&c, "/inbox/new?patient=%.*s", STR_ARG(id_text(&c, c.p.maria.v)));
	assert_shows(get(&c, &c.ana, path), "From which team? Answers go there.");
	assert_int_equal(SUBMIT(&c, &c.maria, S("/messages/terms"), "choice=off").status, 303);
	assert_shows(get(&c, &c.ana, path), "This patient has not agreed to use messages");
	assert_false(str_contains(get(&c, &c.ana, path).body, S("From which team?")));
	close_clinic(&c);
}

static void
what_was_begun_to_a_patient_is_found_again(void **state)
{
	struct clinic c;
	str path, maria;

	open_clinic(*state, &c);
	maria = id_text(&c, c.p.maria.v);
	path = PATH(&c, "/inbox/new?patient=%.*s", STR_ARG(maria));
	assert_int_equal(SUBMIT(&c, &c.ana, S("/inbox/draft"),
			     "key=%.*s&patient=%.*s&category=test&subject=Result&body=Your+result+is",
			     STR_ARG(new_key(&c)), STR_ARG(maria))
			     .status,
	    200);
	assert_shows(get(&c, &c.ana, path), "Your result is");
	assert_false(str_contains(get(&c, &c.okafor, path).body, S("Your result is"))); /* it is Ana's */
	close_clinic(&c);
}

static void
a_quick_reply_is_one_press(void **state)
{
	struct clinic c;
	struct reply reply;
	struct cx ana;
	struct db_rows rows;
	str path, desk;

	open_clinic(*state, &c);
	ana = people_as(c.world, c.p.ana);
	assert_ok(template_save(&ana,
	    &(struct message_template){.account = c.p.ana, .name = S("Thanks"), .body = S("Thank you, {patient}.")}));
	db_refresh(&ana);
	assert_ok(templates_for(&ana, c.p.maple, &rows));
	assert_int_equal(rows.count, 1);
	path = maria_sends(&c, new_key(&c), S("It is better now"));
	desk = PATH(&c, "/inbox/%.*s", STR_ARG(str_take(str_drop(path, strlen("/messages/")), UUID_TEXT_CHARS)));
	assert_shows(get(&c, &c.ana, desk), "Quick replies");
	assert_false(str_contains(get(&c, &c.okafor, desk).body, S("Quick replies"))); /* it is Ana's own */
	reply = SUBMIT(&c, &c.ana, PATH(&c, "%.*s/reply", STR_ARG(desk)), "key=%.*s&body=&quick=%.*s",
	    STR_ARG(new_key(&c)), STR_ARG(id_text(&c, ((const struct message_template *)rows.items)[0].id)));
	assert_int_equal(reply.status, 303);
	assert_shows(get(&c, &c.ana, desk), "Thank you, María López.");
	db_release(&ana);
	close_clinic(&c);
}

static const struct err *
ben_cares_too(struct tx *tx, void *arg)
{
	const struct people *p = arg;

	return team_add_patient(tx, p->birch, p->maria, RELATION_CLINIC);
}

static void
who_got_it_for_information_can_be_reminded(void **state)
{
	struct clinic c;
	str path, desk;

	open_clinic(*state, &c);
	assert_ok(db_write(&c.world->cx, ben_cares_too, &c.p));
	path = maria_sends(&c, new_key(&c), S("Please look"));
	desk = PATH(&c, "/inbox/%.*s", STR_ARG(str_take(str_drop(path, strlen("/messages/")), UUID_TEXT_CHARS)));
	assert_int_equal(SUBMIT(&c, &c.ana, PATH(&c, "%.*s/forward", STR_ARG(desk)), "forward_to=%.*s",
			     STR_ARG(id_text(&c, c.p.ben.v)))
			     .status,
	    303);
	assert_shows(get(&c, &c.ben, desk), "For yourself");
	assert_false(str_contains(get(&c, &c.ben, desk).body, S("Give it to somebody")));
	assert_int_equal(SUBMIT(&c, &c.ben, PATH(&c, "%.*s/remind", STR_ARG(desk)), "remind_in=3").status, 303);
	assert_shows(get(&c, &c.ben, desk), "Reminder: ");
	assert_shows(get(&c, &c.ben, S("/inbox?show=reminders")), "Medication question");
	close_clinic(&c);
}

int
main(void)
{
	const struct CMUnitTest list[] = {
	    WORLD_TEST(what_is_urgent_stands_first_and_every_order_can_be_asked),
	    WORLD_TEST(the_page_keeps_the_order),
	    WORLD_TEST(the_search_offers_former_teams),
	    WORLD_TEST(a_patient_who_would_not_read_it_is_told_of_at_once),
	    WORLD_TEST(what_was_begun_to_a_patient_is_found_again),
	    WORLD_TEST(a_quick_reply_is_one_press),
	    WORLD_TEST(who_got_it_for_information_can_be_reminded),
	};

	return cmocka_run_group_tests_name("messaging inbox", list, NULL, NULL);
}
