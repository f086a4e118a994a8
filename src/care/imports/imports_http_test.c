/* SPDX-License-Identifier: Apache-2.0 */
/* Imports over HTTP: whose they are, the columns of a table with what is missing said, pieces out of order. */
#include "care/imports/imports_test_help.h"
#include "visitor.h"

#include "care/journal/journal.h"
#include "trust/portal/portal.h"

static const struct route *const doors[] = {imports_routes, journal_routes, portal_routes, asset_routes, NULL};

struct hall {
	struct desk desk;
	struct visits v;
	struct visitor bo, maria, ben;
	const char *path; /* of Bo's import */
};

static void
hall_open(struct hall *h, void **state, const char *name, str text)
{
	desk_open(&h->desk, state);
	h->v = (struct visits){.people = h->desk.p};
	visit_begin(&h->v, h->desk.world, doors);
	h->bo = visitor_of(&h->v, h->desk.p.bo_account);
	h->maria = visitor_of(&h->v, h->desk.p.maria_account);
	h->ben = visitor_of(&h->v, h->desk.p.ben);
	desk_bring(&h->desk, &h->desk.bo, name, text);
	h->path = path_z(&h->v, "/imports/%s", id_z(&h->v, h->desk.import.id));
}

static void
hall_close(struct hall *h)
{
	visit_end(&h->v);
	desk_close(&h->desk);
}

#define WEIGHTS S("Date,Weight (kg)\n2026-03-01,81\n2026-03-02,82\noops,83\n")

static void
an_import_is_there_for_whose_it_is(void **state)
{
	struct hall h;

	hall_open(&h, state, "scale.csv", WEIGHTS);
	assert_shows(visit(&h.v, &h.bo, h.path), "2 entries would be kept.");
	assert_shows(visit(&h.v, &h.bo, "/imports"), "scale.csv");
	assert_lacks(visit(&h.v, &h.maria, "/imports"), "scale.csv");
	assert_int_equal(visit(&h.v, &h.maria, h.path).status, 404);
	assert_int_equal(visit(&h.v, &h.ben, h.path).status, 403);
	assert_int_equal(submit(&h.v, &h.maria, path_z(&h.v, "%s/keep", h.path), "x=1").status, 404);
	assert_int_equal(visit(&h.v, &h.maria, path_z(&h.v, "%s/refused.csv", h.path)).status, 404);
	assert_int_equal(submit_across(&h.v, &h.bo, path_z(&h.v, "%s/keep", h.path), "x=1").status, 403);
	assert_shows(visit(&h.v, &h.bo, path_z(&h.v, "%s/refused.csv", h.path)), "oops,83");
	assert_moved(submit(&h.v, &h.bo, path_z(&h.v, "%s/keep", h.path), "x=1"));
	assert_shows(visit(&h.v, &h.bo, h.path), "2 entries were kept.");
	assert_int_equal(submit(&h.v, &h.bo, path_z(&h.v, "%s/keep", h.path), "x=1").status, 409); /* pressed twice */
	assert_shows(visit(&h.v, &h.bo, "/journal/weight"), "scale.csv"); /* its source, where the entry is */
	hall_close(&h);
}

static void
a_column_that_is_missing_is_asked_for_and_what_was_chosen_stays(void **state)
{
	struct hall h;
	struct reply reply;

	hall_open(&h, state, "scale.csv", WEIGHTS);
	reply = submit(&h.v, &h.bo, path_z(&h.v, "%s/columns", h.path),
	    "log=weight&column_value=&column_at=0&unit_value=kg&dates=0&decimals=point&source=My%%20scale&heads=yes&"
	    "zone=UTC");
	assert_int_equal(reply.status, 400);
	assert_true(str_contains(reply.body, S("Weight: choose the column where it stands.")));
	assert_true(str_contains(reply.body, S("value=\"My scale\"")));
	assert_moved(submit(&h.v, &h.bo, path_z(&h.v, "%s/columns", h.path),
	    "log=weight&column_value=1&column_at=0&unit_value=kg&dates=0&decimals=point&source=My%%20scale&heads=yes&"
	    "zone=UTC"));
	assert_shows(visit(&h.v, &h.bo, h.path), "My scale");
	assert_shows(visit(&h.v, &h.bo, path_z(&h.v, "%s?log=heart-rate", h.path)), "Heart rate");
	assert_int_equal(submit(&h.v, &h.bo, path_z(&h.v, "%s/columns", h.path), "log=nothing").status, 404);
	hall_close(&h);
}

static void
pieces_come_in_order_or_not_at_all(void **state)
{
	struct hall h;
	struct reply reply;

	hall_open(&h, state, "scale.csv", WEIGHTS);
	reply = submit(
	    &h.v, &h.bo, "/imports/begin", "key=%s&name=big.csv&bytes=600000", id_z(&h.v, uuid_new(h.desk.bo.now)));
	assert_int_equal(reply.status, 200);
	assert_true(str_contains(reply.body, S("\"received\":0")));
	assert_int_equal(submit(&h.v, &h.bo, "/imports/begin", "name=x&bytes=1").status, 400);
	assert_int_equal(
	    submit(&h.v, &h.bo, "/imports/begin", "key=%s&name=x&bytes=0", id_z(&h.v, uuid_new(h.desk.bo.now))).status,
	    400);
	hall_close(&h);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    WORLD_TEST(an_import_is_there_for_whose_it_is),
	    WORLD_TEST(a_column_that_is_missing_is_asked_for_and_what_was_chosen_stays),
	    WORLD_TEST(pieces_come_in_order_or_not_at_all),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
