/* SPDX-License-Identifier: Apache-2.0 */
/* The store: versions, owners, the index, who may see what, and that a write is whole or not at all. */
#include "care/record/record_test_help.h"

#define OBSERVATION                                                                                              \
	"{\"resourceType\":\"Observation\",\"id\":\"%s\",\"status\":\"final\",\"category\":[{\"coding\":[{"      \
	"\"system\":\"http://terminology.hl7.org/CodeSystem/observation-category\",\"code\":\"laboratory\"}]}]," \
	"\"code\":{\"coding\":[{\"system\":\"http://loinc.org\",\"code\":\"%s\"}]},"                             \
	"\"subject\":{\"reference\":\"Patient/x\"},\"effectiveDateTime\":\"%s\",\"valueQuantity\":{\"value\":%s}}"

static struct resource_put_result
put_lab(struct world *world, patient_id patient, const char *id, const char *code, const char *date, const char *value)
{
	return put_text(world, patient, arena_printf(&world->arena, OBSERVATION, id, code, date, value));
}

struct deletion {
	resource_type type;
	str id;
};

static const struct err *
delete_act(struct tx *tx, void *arg)
{
	struct deletion *deletion = arg;

	return resource_delete(tx, deletion->type, deletion->id);
}

static size_t
find_ids(struct cx *cx, patient_id patient, const char *param, const char *value, str *out)
{
	struct resource_token_filter filter = {param, &(str){value, strlen(value)}, 1};
	struct resource_search search = {
	    .patient = patient, .type = RESOURCE_OBSERVATION, .tokens = &filter, .token_count = 1, .count = 100};
	struct db_rows rows;
	int64_t total;

	assert_ok(resource_find(cx, &search, &rows, &total));
	assert_int_equal(total, rows.count);
	for (size_t i = 0; i < rows.count; i++) {
		const struct json_value *json;

		assert_ok(json_parse(cx->arena, ((struct resource *)rows.items)[i].body, &json, NULL));
		out[i] = json_text_at(json, "id");
	}
	return rows.count;
}

/* ---- the store ---- */

static void
versions_are_kept_and_the_same_content_makes_none(void **state)
{
	struct world *world = *state;
	struct people p;
	struct resource resource, *all;
	struct db_rows rows;
	struct resource_put_result result;

	setup(world, &p);
	result = put_lab(world, p.maria, "lab-1", "718-7", "2020-05-01", "13.50");
	assert_true(result.changed);
	assert_int_equal(result.version, 1);
	result = put_lab(world, p.maria, "lab-1", "718-7", "2020-05-01", "13.50");
	assert_false(result.changed);
	assert_int_equal(result.version, 1);
	result =
	    put_lab(world, p.maria, "lab-1", "718-7", "2020-05-01", "13.5"); /* one digit less is another content */
	assert_true(result.changed);
	assert_int_equal(result.version, 2);
	assert_ok(resource_get(&world->cx, RESOURCE_OBSERVATION, S("lab-1"), &resource));
	assert_int_equal(resource.version, 2);
	assert_true(str_contains(resource.body, S("\"value\":13.5}")));
	assert_ok(resource_get_version(&world->cx, RESOURCE_OBSERVATION, S("lab-1"), 1, &resource));
	assert_true(str_contains(resource.body, S("\"versionId\":\"1\"")));
	assert_true(str_contains(resource.body, S("\"value\":13.50}")));
	assert_fails(resource_get_version(&world->cx, RESOURCE_OBSERVATION, S("lab-1"), 3, &resource), ERR_GONE);
	assert_fails(resource_get(&world->cx, RESOURCE_OBSERVATION, S("lab-2"), &resource), ERR_GONE);
	assert_fails(resource_get(&world->cx, RESOURCE_CONDITION, S("lab-1"), &resource), ERR_GONE);
	assert_fails(resource_get(&world->cx, RESOURCE_OBSERVATION, S("lab 1"), &resource), ERR_GONE);

	assert_ok(db_write(&world->cx, delete_act, &(struct deletion){RESOURCE_OBSERVATION, S("lab-1")}));
	resource = (struct resource){0};
	assert_fails(resource_get(&world->cx, RESOURCE_OBSERVATION, S("lab-1"), &resource), ERR_GONE);
	assert_true(resource.deleted);
	assert_fails(db_write(&world->cx, delete_act, &(struct deletion){RESOURCE_OBSERVATION, S("lab-1")}), ERR_GONE);
	assert_ok(resource_history(&world->cx, RESOURCE_OBSERVATION, S("lab-1"), &rows));
	all = rows.items;
	assert_int_equal(rows.count, 3);
	assert_true(all[0].deleted && !all[0].body.p && all[0].version == 3);
	assert_true(all[2].version == 1 && str_contains(all[2].body, S("13.50")));
	result = put_lab(world, p.maria, "lab-1", "718-7", "2020-05-01", "13.5"); /* it may come back */
	assert_int_equal(result.version, 4);
	assert_ok(resource_get(&world->cx, RESOURCE_OBSERVATION, S("lab-1"), &resource));
}

static void
an_id_belongs_to_one_owner(void **state)
{
	struct world *world = *state;
	struct people p;
	struct resource_draft *draft;
	struct resource_put_result result;
	str ids[4];

	setup(world, &p);
	put_lab(world, p.maria, "lab-1", "718-7", "2020", "1");
	draft = prepare(&world->cx, p.bo, arena_printf(&world->arena, OBSERVATION, "lab-1", "718-7", "2020", "1"));
	assert_fails(db_write(&world->cx, put_act, &(struct put){&draft, 1, &result}), ERR_CONFLICT);
	assert_int_equal(find_ids(&world->cx, p.bo, "code", "718-7", ids), 0);
	assert_int_equal(find_ids(&world->cx, p.maria, "code", "718-7", ids), 1);
}

static void
who_may_not_see_a_record_finds_nothing_in_it(void **state)
{
	struct world *world = *state;
	struct people p;
	struct resource resource;
	struct db_rows rows;
	struct resource_search search = {.type = RESOURCE_OBSERVATION, .count = 10};
	int64_t counts[200];
	bool found;

	setup(world, &p);
	put_lab(world, p.maria, "lab-1", "718-7", "2020", "1");
	put_text(world, RECORD_COMMONS, S("{\"resourceType\":\"Practitioner\",\"id\":\"dr\"}"));
	search.patient = p.maria;
	const struct {
		account_id who;
		bool sees;
	} cases[] = {{p.maria_account, true}, {p.ana, true}, {p.okafor, true}, {p.bo_account, false}, {p.ben, false},
	    {p.root, false}};
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct cx cx = people_as(world, cases[i].who);

		if (cases[i].sees) {
			assert_ok(resource_get(&cx, RESOURCE_OBSERVATION, S("lab-1"), &resource));
			assert_int_equal(resource.why,
			    uuid_equal(cases[i].who.v, p.maria_account.v) ? ACCESS_SELF : ACCESS_CARE_TEAM);
			assert_ok(resource_get_version(&cx, RESOURCE_OBSERVATION, S("lab-1"), 1, &resource));
			assert_ok(resource_history(&cx, RESOURCE_OBSERVATION, S("lab-1"), &rows));
			assert_ok(resource_find(&cx, &search, &rows, NULL));
			assert_int_equal(rows.count, 1);
			assert_ok(resource_counts(&cx, p.maria, counts));
			assert_int_equal(counts[RESOURCE_OBSERVATION], 1);
		} else {
			assert_fails(resource_get(&cx, RESOURCE_OBSERVATION, S("lab-1"), &resource), ERR_GONE);
			assert_fails(
			    resource_get_version(&cx, RESOURCE_OBSERVATION, S("lab-1"), 1, &resource), ERR_GONE);
			assert_fails(resource_history(&cx, RESOURCE_OBSERVATION, S("lab-1"), &rows), ERR_GONE);
			assert_fails(resource_find(&cx, &search, &rows, NULL), ERR_GONE);
			assert_fails(resource_counts(&cx, p.maria, counts), ERR_GONE);
		}
		assert_ok(resource_resolve(&cx, S("Observation/lab-1"), &resource, &found));
		assert_int_equal(found, cases[i].sees);
		assert_ok(resource_resolve(&cx, S("https://here/fhir/Practitioner/dr"), &resource, &found));
		assert_true(found);
		assert_int_equal(resource.why, ACCESS_NONE);
		db_release(&cx);
	}
	{
		struct cx nobody = world_cx(world);

		nobody.who = (struct who){.is = WHO_ANYONE};
		assert_fails(resource_get(&nobody, RESOURCE_PRACTITIONER, S("dr"), &resource), ERR_GONE);
		db_release(&nobody);
	}
}

static void
the_index_follows_every_change(void **state)
{
	struct world *world = *state;
	struct people p;
	str ids[8];

	setup(world, &p);
	put_lab(world, p.maria, "a", "718-7", "2020-05-01", "1");
	put_lab(world, p.maria, "b", "2345-7", "2020-05-02", "2");
	put_lab(world, p.bo, "c", "718-7", "2020-05-03", "3");
	assert_int_equal(find_ids(&world->cx, p.maria, "code", "718-7", ids), 1);
	assert_str_equal(ids[0], "a");
	assert_int_equal(find_ids(&world->cx, p.maria, "code", "http://loinc.org|718-7", ids), 1);
	assert_int_equal(find_ids(&world->cx, p.maria, "code", "http://other.org|718-7", ids), 0);
	assert_int_equal(find_ids(&world->cx, p.maria, "code", "|718-7", ids), 0);
	assert_int_equal(find_ids(&world->cx, p.maria, "category", "laboratory", ids), 2);
	assert_int_equal(find_ids(&world->cx, p.maria, "_id", "b", ids), 1);
	assert_int_equal(find_ids(&world->cx, p.maria, "_id", "c", ids), 0);
	put_lab(world, p.maria, "a", "2345-7", "2020-05-01", "1");
	assert_int_equal(find_ids(&world->cx, p.maria, "code", "718-7", ids), 0);
	assert_int_equal(find_ids(&world->cx, p.maria, "code", "2345-7", ids), 2);
	assert_ok(db_write(&world->cx, delete_act, &(struct deletion){RESOURCE_OBSERVATION, S("b")}));
	assert_int_equal(find_ids(&world->cx, p.maria, "code", "2345-7", ids), 1);
	assert_int_equal(find_ids(&world->cx, p.maria, "_id", "b", ids), 0);
	assert_int_equal(find_ids(&world->cx, p.maria, "status", "final", ids), 1);
}

static const struct err *
count_visit(void *arg, const struct resource *resource)
{
	assert_non_null(resource->body.p);
	++*(int64_t *)arg;
	return NULL;
}

static void
a_chart_longer_than_a_page_is_sorted_paged_and_walked(void **state)
{
	enum { COUNT = 450 };
	struct world *world = *state;
	struct people p;
	struct resource_draft *drafts[COUNT];
	struct resource_put_result results[COUNT];
	struct resource_search search = {.type = RESOURCE_OBSERVATION, .sort = "date", .descending = true, .count = 50};
	struct resource last;
	struct db_rows rows;
	int64_t total, seen = 0, order = INT64_MIN;
	int64_t counts[200];

	setup(world, &p);
	for (int i = 0; i < COUNT; i++)
		drafts[i] = prepare(&world->cx, p.maria,
		    arena_printf(&world->arena, OBSERVATION, arena_printf(&world->arena, "o%d", i).p, "718-7",
			arena_printf(&world->arena, "20%02d-%02d-%02d", i * 7 % 30, 1 + i % 12, 1 + i % 28).p, "1"));
	assert_ok(db_write(&world->cx, put_act, &(struct put){drafts, COUNT, results}));
	search.patient = p.maria;
	for (;; search.after = &last) {
		assert_ok(resource_find(&world->cx, &search, &rows, &total));
		assert_int_equal(total, COUNT);
		if (rows.count == 0)
			break;
		for (size_t i = 0; i < rows.count; i++) {
			struct resource *row = &((struct resource *)rows.items)[i];
			assert_true(row->order >= order);
			order = row->order;
		}
		seen += (int64_t)rows.count;
		last = ((struct resource *)rows.items)[rows.count - 1];
	}
	assert_int_equal(seen, COUNT);
	seen = 0;
	assert_ok(resource_each(&world->cx, p.maria, 0, count_visit, &seen));
	assert_int_equal(seen, COUNT);
	seen = 0;
	assert_ok(resource_each(&world->cx, p.maria, RESOURCE_CONDITION, count_visit, &seen));
	assert_int_equal(seen, 0);
	assert_ok(resource_counts(&world->cx, p.maria, counts));
	assert_int_equal(counts[RESOURCE_OBSERVATION], COUNT);
}

static void
dates_compare_as_spans(void **state)
{
	struct world *world = *state;
	struct people p;
	struct db_rows rows;
	/* the resource is all of May 2020; asked for 15 May, all of May, 2020, June */
	static const char *const asked[][2] = {{"2020-05-15", "2020-05-16"}, {"2020-05-01", "2020-06-01"},
	    {"2020-01-01", "2021-01-01"}, {"2020-06-01", "2020-07-01"}};
	static const bool fits[4][8] = {
	    /*  eq     ne     gt     lt     ge     le     sa     eb */
	    {false, true, true, true, true, true, false, false},
	    {true, false, false, false, true, true, false, false},
	    {true, false, false, false, true, true, false, false},
	    {false, true, false, true, false, true, false, true},
	};

	setup(world, &p);
	put_lab(world, p.maria, "may", "718-7", "2020-05", "1");
	for (size_t i = 0; i < 4; i++) {
		for (int prefix = DATE_EQ; prefix <= DATE_EB; prefix++) {
			struct fhir_date low, high;
			struct resource_date_filter filter = {.param = "date"};
			struct resource_search search = {.patient = p.maria,
			    .type = RESOURCE_OBSERVATION,
			    .dates = &filter,
			    .date_count = 1,
			    .count = 10};

			assert_true(fhir_date_parse(FHIR_DATE, str_from_z(asked[i][0]), &low));
			assert_true(fhir_date_parse(FHIR_DATE, str_from_z(asked[i][1]), &high));
			filter.low = low.low;
			filter.high = high.low;
			filter.prefix = prefix;
			assert_ok(resource_find(&world->cx, &search, &rows, NULL));
			if (rows.count != fits[i][prefix])
				fail_msg("asked %zu prefix %d gave %zu", i, prefix, rows.count);
		}
	}
}

static void
an_unknown_parameter_is_an_error(void **state)
{
	struct world *world = *state;
	struct people p;
	struct db_rows rows;
	struct resource_token_filter filter = {"colour", &S("x"), 1};
	struct resource_search search = {.type = RESOURCE_OBSERVATION, .tokens = &filter, .token_count = 1, .count = 1};

	setup(world, &p);
	search.patient = p.maria;
	assert_fails(resource_find(&world->cx, &search, &rows, NULL), ERR_INVALID);
	search.token_count = 0;
	search.sort = "colour";
	assert_fails(resource_find(&world->cx, &search, &rows, NULL), ERR_INVALID);
}

/* ---- faults ---- */

/* One current row per key and type, versions without gaps, and the index says what the texts say. */
static void
assert_whole(struct world *world, patient_id patient, int64_t version, const char *code, const char *other_code)
{
	struct resource resource;
	str ids[4];

	assert_ok(resource_get(&world->cx, RESOURCE_OBSERVATION, S("a"), &resource));
	assert_int_equal(resource.version, version);
	assert_int_equal(find_ids(&world->cx, patient, "code", code, ids), 1);
	assert_int_equal(find_ids(&world->cx, patient, "code", other_code, ids), 0);
	assert_int_equal(find_ids(&world->cx, patient, "status", "final", ids), 1);
}

static void
a_write_that_fails_anywhere_changes_nothing(void **state)
{
	struct world *world = *state;
	struct people p;
	struct resource_draft *drafts[2];
	struct resource_put_result results[2];
	struct resource resource;
	bool done = false;

	setup(world, &p);
	put_lab(world, p.maria, "a", "718-7", "2020", "1");
	drafts[0] = prepare(&world->cx, p.maria, arena_printf(&world->arena, OBSERVATION, "a", "2345-7", "2021", "2"));
	drafts[1] = prepare(&world->cx, p.bo, arena_printf(&world->arena, OBSERVATION, "new", "2345-7", "2021", "2"));
	for (int64_t nth = 1; !done; nth++) {
		const struct err *error;

		db_fault_arm(world->db, DB_FAULT_ERROR, nth);
		error = db_write(&world->cx, put_act, &(struct put){drafts, 2, results});
		done = !error;
		db_fault_arm(world->db, DB_FAULT_NONE, 0);
		if (done) {
			assert_true(nth > 8); /* two rows, one history, several index rows */
			assert_whole(world, p.maria, 2, "2345-7", "718-7");
			assert_ok(resource_get(&world->cx, RESOURCE_OBSERVATION, S("new"), &resource));
		} else {
			assert_whole(world, p.maria, 1, "718-7", "2345-7");
			assert_fails(resource_get(&world->cx, RESOURCE_OBSERVATION, S("new"), &resource), ERR_GONE);
		}
	}
}

int
main(void)
{
	const struct CMUnitTest list[] = {
	    WORLD_TEST(versions_are_kept_and_the_same_content_makes_none),
	    WORLD_TEST(an_id_belongs_to_one_owner),
	    WORLD_TEST(who_may_not_see_a_record_finds_nothing_in_it),
	    WORLD_TEST(the_index_follows_every_change),
	    WORLD_TEST(a_chart_longer_than_a_page_is_sorted_paged_and_walked),
	    WORLD_TEST(dates_compare_as_spans),
	    WORLD_TEST(an_unknown_parameter_is_an_error),
	    WORLD_TEST(a_write_that_fails_anywhere_changes_nothing),
	};

	return cmocka_run_group_tests_name("record", list, NULL, NULL);
}
