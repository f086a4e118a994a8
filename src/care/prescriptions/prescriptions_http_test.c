/* SPDX-License-Identifier: Apache-2.0 */
/* The pages: a patient refills, follows and renews; a helper with and without the right; the team decides one by one and together;
 * what is taken is said and accepted. */
#include "visitor.h"

#include <unistd.h>

#include "care/prescriptions/prescriptions_test_help.h"
#include "care/record/record_pages.h"
#include "trust/portal/portal.h"

static const struct route *const doors[] = {
    prescriptions_routes, messaging_routes, record_pages_routes, portal_routes, asset_routes, NULL};

struct pages {
	struct visits v;
	struct pharmacy_room room;
	struct visitor bo, ben, ana;
};

static const struct err *
make_physician(struct tx *tx, void *arg)
{
	return db_run(tx, SQL("UPDATE account SET role = $2 WHERE id = $1"),
	    BIND(DB(((struct people *)arg)->ben.v), DB((int)ROLE_PHYSICIAN)), NULL);
}

static void
pages_open(struct pages *p, void **state)
{
	*p = (struct pages){0};
	room_open(&p->room, state);
	p->room.world->cx.now = instant_read_clock(); /* the server's */
	put_order(&p->room, p->room.people.bo, "lis", "Lisinopril 10 mg tablet", 2, "");
	put_order(&p->room, p->room.people.bo, "met", "Metformin 500 mg tablet", 0, "");
	put_order(&p->room, p->room.people.bo, "ator", "Atorvastatin 40 mg tablet", 1,
	    ",\"statusReason\":{\"text\":\"Parked\"}");
	put_fill(&p->room, p->room.people.bo, "lis-1", "lis", 85, 90);
	put_fill(&p->room, p->room.people.bo, "met-1", "met", 85, 90);
	assert_ok(db_write(&p->room.world->cx, make_physician, &p->room.people));
	p->v.people = p->room.people;
	visit_begin(&p->v, p->room.world, doors);
	p->bo = visitor_of(&p->v, p->room.people.bo_account);
	p->ben = visitor_of(&p->v, p->room.people.ben);
	p->ana = visitor_of(&p->v, p->room.people.ana);
}

static void
a_patient_refills_two_and_sees_what_came_of_each(void **state)
{
	struct pages p;
	struct reply reply;
	const char *asked, *one;
	struct db_rows rows;
	struct cx bo;

	pages_open(&p, state);
	assert_shows(visit(&p.v, &p.bo, "/prescriptions"), "2 medicines can be refilled now.");
	assert_int_equal(submit(&p.v, &p.bo, "/prescriptions/refill", "x=1").status, 400);
	asked = arena_z(&p.v.trial.arena, assert_moved(submit(&p.v, &p.bo, "/prescriptions/refill",
					      "key=01a2f36b-d378-7e6f-b01f-965b96157993&rx=lis&rx=met&rx=ator")));
	reply = visit(&p.v, &p.bo, asked);
	assert_shows(reply, "2 refills are asked for");
	assert_shows(reply, "No refill is left.");
	assert_moved(submit(&p.v, &p.bo, "/prescriptions/refill",
	    "key=01a2f36b-d378-7e6f-b01f-965b96157993&rx=lis&rx=ator")); /* the form sent again */
	assert_int_equal(rows_of(p.room.world, SQL("SELECT count(*) FROM refill")), 2);
	assert_shows(visit(&p.v, &p.bo, "/prescriptions?show=recent"), "Active: Submitted");
	assert_shows(visit(&p.v, &p.bo, "/prescriptions/wallet"), "Take 1 a day");
	bo = people_as_at(p.room.world, p.room.people.bo_account, instant_read_clock());
	assert_ok(refills_of_patient(&bo, p.room.people.bo, &rows));
	one = path_z(&p.v, "/prescriptions/requests/%s", id_z(&p.v, ((struct refill *)rows.items)->id.v));
	db_release(&bo);
	assert_shows(visit(&p.v, &p.bo, one), "If nothing happens by");
	assert_int_equal(visit(&p.v, &p.ana, one).status, 403); /* a door for patients */
	assert_moved(submit(&p.v, &p.bo, path_z(&p.v, "%s/withdraw", one), "x=1"));
	assert_int_equal(submit(&p.v, &p.bo, path_z(&p.v, "%s/withdraw", one), "x=1").status, 409);
	assert_shows(visit(&p.v, &p.bo, "/prescriptions/requests"), "Taken back");
	visit_end(&p.v);
}

static void
a_renewal_is_explained_asked_and_answered_in_its_conversation(void **state)
{
	struct pages p;
	struct reply reply;
	const char *thread, *one;
	struct db_rows rows;
	struct cx ben;

	pages_open(&p, state);
	assert_shows(visit(&p.v, &p.bo, "/prescriptions/lis/renew"), "Refills are left.");
	assert_shows(visit(&p.v, &p.bo, "/prescriptions/met/renew"), "Birch Team");
	thread = arena_z(&p.v.trial.arena,
	    assert_moved(submit(&p.v, &p.bo, "/prescriptions/met/renew", "note=Please+the+small+ones")));
	assert_shows(visit(&p.v, &p.bo, thread), "Please the small ones");
	assert_shows(visit(&p.v, &p.bo, "/prescriptions/met/renew"), "You asked for a renewal already.");
	reply = visit(&p.v, &p.ben, "/renewals");
	assert_shows(reply, "Metformin");
	assert_shows(reply, "No visit within a year.");
	assert_lacks(visit(&p.v, &p.ana, "/renewals"), "Metformin");
	ben = people_as_at(p.room.world, p.room.people.ben, instant_read_clock());
	assert_ok(renewals_waiting(&ben, &rows));
	one = path_z(&p.v, "/renewals/%s", id_z(&p.v, ((struct renewal *)rows.items)->id.v));
	db_release(&ben);
	/* something speaks against it: not among others */
	assert_int_equal(submit(&p.v, &p.ben, "/renewals", "renewal=%s", one + 10).status, 400);
	assert_int_equal(visit(&p.v, &p.ana, one).status, 404);
	assert_int_equal(submit(&p.v, &p.ana, one, "verdict=approve").status, 404);
	assert_int_equal(submit(&p.v, &p.ben, one, "verdict=deny").status, 400);
	assert_shows(visit(&p.v, &p.ben, one), "What you need to decide");
	assert_moved(submit(&p.v, &p.ben, one, "verdict=change&sig=Take+2+a+day&refills=3&words=More+is+needed"));
	assert_shows(visit(&p.v, &p.ben, one), "Renewed with changes");
	assert_int_equal(submit(&p.v, &p.ben, one, "verdict=approve").status, 409);
	reply = visit(&p.v, &p.bo, path_z(&p.v, "/messages/%s", one + 10));
	assert_shows(reply, "Take it like this now: Take 2 a day");
	assert_shows(reply, "More is needed");
	visit_end(&p.v);
}

static void
the_team_settles_problems_with_words(void **state)
{
	struct pages p;
	struct refill refill;
	const char *one;

	pages_open(&p, state);
	refill = ask_one(&p.room, "lis");
	assert_ok(pharmacy_says(&p.room, refill.id, REFILL_EV_REJECTED, (struct uuid){{0}}, NULL));
	assert_shows(visit(&p.v, &p.ben, "/refills"), "Too soon.");
	assert_lacks(visit(&p.v, &p.ana, "/refills"), "Too soon.");
	one = path_z(&p.v, "/refills/%s", id_z(&p.v, refill.id.v));
	assert_int_equal(submit(&p.v, &p.ben, one, "do=settle&words=").status, 400);
	assert_int_equal(submit(&p.v, &p.ana, one, "do=settle&words=Done").status, 404);
	assert_moved(submit(&p.v, &p.ben, one, "do=settle&words=Come+by+on+Monday"));
	assert_shows(visit(&p.v, &p.ben, "/refills"), "All is well");
	assert_shows(visit(&p.v, &p.bo, path_z(&p.v, "/prescriptions/requests/%s", id_z(&p.v, refill.id.v))),
	    "Come by on Monday");
	assert_shows(visit(&p.v, &p.ben, "/adherence"), "proportion of days covered");
	visit_end(&p.v);
}

static void
what_is_taken_is_said_and_accepted(void **state)
{
	struct pages p;
	struct db_rows rows;
	struct cx bo;
	const char *patient;
	struct reply reply;

	pages_open(&p, state);
	assert_int_equal(
	    submit(&p.v, &p.bo, "/prescriptions/taking/say", "about=MedicationRequest/lis&said=differently").status,
	    400);
	assert_moved(submit(&p.v, &p.bo, "/prescriptions/taking/say",
	    "about=MedicationRequest/lis&said=differently&how=Half+of+one&comment=Dizzy"));
	assert_moved(submit(&p.v, &p.bo, "/prescriptions/taking/say", "name=Garlic&how=Daily"));
	assert_shows(visit(&p.v, &p.bo, "/prescriptions/taking"), "Half of one");
	patient = path_z(&p.v, "/patients/%s/prescriptions", id_z(&p.v, p.room.people.bo.v));
	reply = visit(&p.v, &p.ben, path_z(&p.v, "%s/taking", patient));
	assert_shows(reply, "2 differences wait for you.");
	assert_shows(reply, "Garlic");
	assert_int_equal(visit(&p.v, &p.ana, path_z(&p.v, "%s/taking", patient)).status, 404);
	bo = people_as_at(p.room.world, p.room.people.bo_account, instant_read_clock());
	assert_ok(medicine_words(&bo, p.room.people.bo, false, &rows));
	for (size_t i = 0; i < rows.count; i++)
		assert_moved(submit(&p.v, &p.ben,
		    path_z(&p.v, "%s/said/%s", patient, id_z(&p.v, ((struct medicine_word *)rows.items)[i].id)),
		    "how=%s", i ? "stand" : "accept"));
	db_release(&bo);
	assert_shows(visit(&p.v, &p.ben, path_z(&p.v, "%s/taking", patient)), "No difference waits.");
	assert_shows(visit(&p.v, &p.ben, patient), "Lisinopril");
	visit_end(&p.v);
}

/* ---- from the conversation to the decision, and open pages ---- */

static int
listen_as(struct pages *p, const struct visitor *who)
{
	int fd = client_connect(&p->v.trial);

	client_send(fd, arena_printf(&p->v.trial.arena,
			    "GET /events HTTP/1.1\r\nHost: here\r\nCookie: salve=%.*s\r\n\r\n", STR_ARG(who->cookie)));
	assert_true(str_contains(client_read_some(&p->v.trial, fd, 4096, 500), S("text/event-stream")));
	return fd;
}

static bool
hears(struct pages *p, int fd, const char *what)
{
	return str_contains(client_read_some(&p->v.trial, fd, 8192, 500), str_from_z(what));
}

static void
a_renewal_is_decided_from_its_conversation(void **state)
{
	struct pages p;
	const char *id, *desk, *one;
	int ben, ana;

	pages_open(&p, state);
	ben = listen_as(&p, &p.ben);
	ana = listen_as(&p, &p.ana);
	id = arena_z(&p.v.trial.arena,
	    str_take(str_drop(assert_moved(submit(&p.v, &p.bo, "/prescriptions/met/renew", "note=The+small+ones")),
			 sizeof("/messages/") - 1),
		UUID_TEXT_CHARS));
	assert_true(hears(&p, ben, "event: medicines\ndata: 1\n"));
	assert_false(hears(&p, ana, "event: medicines"));
	desk = path_z(&p.v, "/inbox/%s", id);
	assert_shows(visit(&p.v, &p.ben, desk), path_z(&p.v, "href=\"/renewals/%s?from=inbox\"", id));
	one = path_z(&p.v, "/renewals/%s", id);
	assert_shows(visit(&p.v, &p.ben, path_z(&p.v, "%s?from=inbox", one)), "The small ones");
	assert_shows(visit(&p.v, &p.ben, path_z(&p.v, "%s?from=inbox", one)), "Back to the conversation");
	assert_shows(visit(&p.v, &p.ben, one), "Back to the renewals");
	assert_int_equal(submit(&p.v, &p.ben, one, "verdict=deny&from=inbox").status, 400);
	assert_true(str_equal(assert_moved(submit(&p.v, &p.ben, one, "verdict=approve&from=inbox")), str_from_z(desk)));
	assert_true(hears(&p, ben, "event: medicines\ndata: 0\n"));
	assert_lacks(visit(&p.v, &p.ben, desk), "Decide this renewal");
	assert_shows(visit(&p.v, &p.bo, path_z(&p.v, "/messages/%s", id)), "Your prescription was renewed");
	close(ben);
	close(ana);
	visit_end(&p.v);
}

static void
open_pages_hear_of_refills_that_need_a_look(void **state)
{
	struct pages p;
	struct refill refill;
	struct cx cx;
	int ben, bo;

	pages_open(&p, state);
	refill = ask_one(&p.room, "lis");
	ben = listen_as(&p, &p.ben);
	bo = listen_as(&p, &p.bo);
	cx = world_cx(p.room.world); /* the job loop's, which tells open pages */
	cx.now = instant_read_clock();
	cx.events = http_events(p.v.trial.server);
	assert_ok(refill_note(&cx, &(struct refill_news){.key = uuid_new(cx.now),
				       .refill = refill.id,
				       .event = REFILL_EV_REJECTED,
				       .at = cx.now,
				       .words = S("Too soon.")}));
	db_release(&cx);
	assert_true(hears(&p, ben, "event: medicines\ndata: 1\n"));
	assert_true(hears(&p, bo, "event: medicines\ndata: 1\n"));
	assert_moved(submit(
	    &p.v, &p.ben, path_z(&p.v, "/refills/%s", id_z(&p.v, refill.id.v)), "do=settle&words=Come+by+on+Monday"));
	assert_true(hears(&p, ben, "event: medicines\ndata: 0\n"));
	assert_true(hears(&p, bo, "event: medicines\ndata: 0\n"));
	close(ben);
	close(bo);
	visit_end(&p.v);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    WORLD_TEST(a_patient_refills_two_and_sees_what_came_of_each),
	    WORLD_TEST(a_renewal_is_explained_asked_and_answered_in_its_conversation),
	    WORLD_TEST(the_team_settles_problems_with_words),
	    WORLD_TEST(what_is_taken_is_said_and_accepted),
	    WORLD_TEST(a_renewal_is_decided_from_its_conversation),
	    WORLD_TEST(open_pages_hear_of_refills_that_need_a_look),
	};

	return cmocka_run_group_tests_name("prescriptions_http", tests, NULL, NULL);
}
