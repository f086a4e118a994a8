/* SPDX-License-Identifier: Apache-2.0 */
/* The rules of this folder that need no socket: router, guard, scopes, cross-site, rate. */
#include "unit.h"

#include "platform/http/http_internal.h"

static int
arena_setup(void **state)
{
	*state = calloc(1, sizeof(struct arena));
	return *state ? 0 : -1;
}

static int
arena_teardown(void **state)
{
	arena_release(*state);
	free(*state);
	return 0;
}

/* ---- router ---- */

static fallible
answer(struct cx *cx, struct request *rq)
{
	(void)cx;
	return respond(rq, 200, "text/plain", S("ok"));
}

#define ROW(method_, pattern_)                                                                    \
	{                                                                                         \
		.method = (method_), .pattern = (pattern_), .handler = answer, .who = WHO_PATIENT \
	}

static const struct route some_routes[] = {
    ROW(GET, "/"),
    ROW(GET, "/teams/{team}"),
    ROW(GET, "/teams/new"),
    ROW(GET, "/teams/{team}/members"),
    ROW(POST, "/teams/{id}/members"),
    ROW(GET, "/teams/new/draft"),
    ROW(POST, "/teams/{team}/members/{member}"),
    ROW(GET, "/fhir/metadata"),
    {.method = GET, .pattern = "/fhir/{type}/{id}", .handler = answer, .who = WHO_PATIENT, .face = FACE_FHIR},
    ROW(GET, "/files/{path...}"),
    {0},
};
static const struct route *const some_tables[] = {some_routes, NULL};

static struct route_match
match(void **state, enum http_method method, const char *path)
{
	struct router *router;
	struct route_match out;

	assert_ok(router_compile(*state, some_tables, &router));
	router_match(router, *state, method, str_from_z(path), &out);
	return out;
}

static const char *
matched(void **state, enum http_method method, const char *path)
{
	struct route_match out = match(state, method, path);

	return out.found ? out.found->route->pattern : !out.path_is_sound ? "bad" : out.allowed ? "405" : "404";
}

static void
a_path_finds_its_row_and_literals_win(void **state)
{
	assert_string_equal(matched(state, GET, "/"), "/");
	assert_string_equal(matched(state, GET, "/teams/7"), "/teams/{team}");
	assert_string_equal(matched(state, GET, "/teams/new"), "/teams/new");
	assert_string_equal(matched(state, HEAD, "/teams/new"), "/teams/new");
	assert_string_equal(matched(state, GET, "/teams/new/members"), "/teams/{team}/members");
	assert_string_equal(matched(state, POST, "/teams/new/members"), "/teams/{id}/members");
	assert_string_equal(matched(state, GET, "/teams/%6Eew"), "/teams/new");
	assert_string_equal(matched(state, GET, "/fhir/metadata"), "/fhir/metadata");
	assert_string_equal(matched(state, GET, "/files/a/b/c"), "/files/{path...}");
}

static void
what_no_row_fits_is_404_and_a_missing_method_405(void **state)
{
	static const char *const absent[] = {"/team", "/teams", "/teams/", "/teams//members", "/teams/7/", "//",
	    "/teams/7/members/", "/files", "/files/", "/TEAMS/new", "/a/b/c/d/e/f/g/h/i/j/k/l/m/n/o/p/q/r"};

	for (size_t i = 0; i < sizeof(absent) / sizeof(absent[0]); i++)
		assert_string_equal(matched(state, GET, absent[i]), "404");
	assert_string_equal(matched(state, DELETE, "/teams/7/members"), "405");
	assert_int_equal(match(state, DELETE, "/teams/7/members").allowed, 1 << GET | 1 << POST);
	assert_string_equal(matched(state, GET, "/teams/7/members/8"), "405");
	assert_string_equal(matched(state, 0, "/"), "405");
	assert_int_equal(
	    match(state, GET, "/fhir/x").face, FACE_PAGE); /* the first fhir row of the table is a page here */
	assert_int_equal(match(state, GET, "/fhir/Patient/1").face, FACE_FHIR);
}

static void
unsound_paths_are_told_apart(void **state)
{
	static const char *const bad[] = {"", "teams", "/teams/%zz", "/teams/%ff", "/teams/%00", "/teams/..",
	    "/teams/%2e%2e/x", "/./teams", "/files/a/../b"};

	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		assert_string_equal(matched(state, GET, bad[i]), "bad");
}

static void
parameters_are_decoded_and_named_by_their_own_row(void **state)
{
	struct route_match out = match(state, POST, "/teams/a%2Fb/members");

	assert_str_equal(route_match_param(&out, S("id")), "a/b");
	assert_null(route_match_param(&out, S("team")).p);
	out = match(state, POST, "/teams/new/members/%C3%B1");
	assert_str_equal(route_match_param(&out, S("team")), "new");
	assert_str_equal(route_match_param(&out, S("member")), "\xc3\xb1");
	out = match(state, GET, "/files/a/b%20c");
	assert_str_equal(route_match_param(&out, S("path")), "a/b c");
}

static void
bad_rows_stop_the_start(void **state)
{
	static const struct route bad[][3] = {
	    {{GET, "/a", answer}},                    /* nobody */
	    {ROW(GET, "/a/{x}"), ROW(GET, "/a/{y}")}, /* clash */
	    {{GET, "/a", NULL, .who = WHO_PATIENT}},
	    {ROW(GET, "a")},
	    {ROW(GET, NULL)},
	    {ROW(HEAD, "/a")},
	    {ROW(GET, "/a//b")},
	    {ROW(GET, "/a/")},
	    {ROW(GET, "/a/{}")},
	    {ROW(GET, "/a/{b")},
	    {ROW(GET, "/a/{b...}/c")},
	    {{GET, "/a", answer, .who = WHO_PATIENT, .writes = true}},
	    {{GET, "/a", answer, .who = WHO_PATIENT, .body_bytes_max = 1}},
	    {{GET, "/a", answer, .who = WHO_PATIENT, .rate = RATE_NONE}},
	};

	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		const struct route *const tables[] = {bad[i], NULL};
		struct router *router;

		assert_fails(router_compile(*state, tables, &router), ERR_INVALID);
	}
}

static void
the_printed_table_is_sorted_and_whole(void **state)
{
	static const struct route rows[] = {{POST, "/b", answer, .who = WHO_STAFF, .scope = "Task.u",
						.body_bytes_max = 10, .rate = RATE_HEAVY, .writes = true},
	    {GET, "/a", answer, .who = WHO_ANYONE, .face = FACE_PLAIN, .rate = RATE_NONE}, {0}};
	const struct route *const tables[] = {rows, NULL};
	struct buf out = BUF_INIT(*state);

	routes_print(&out, tables);
	assert_str_equal(buf_str(&out),
	    "GET    /a who=anyone scope=- body=0 face=plain rate=none\n"
	    "POST   /b who=care-team,coordinator,administrator scope=Task.u body=10 face=page rate=heavy writes\n");
}

/* ---- guard ---- */

#define HEADERS(...)                                            \
	((struct headers){(const struct header[]){__VA_ARGS__}, \
	    sizeof((const struct header[]){__VA_ARGS__}) / sizeof(struct header)})
#define H(name, value)                      \
	{                                   \
		S_INIT(name), S_INIT(value) \
	}

static void
a_sound_head_passes(void **state)
{
	(void)state;
	assert_int_equal(guard_check(S("/a?b=%20c"), HEADERS(H("Host", "a:80"), H("X", ""))), 0);
	assert_int_equal(guard_check(S("/"), HEADERS(H("host", "[::1]:80"), H("Content-Length", "0"))), 0);
	assert_int_equal(
	    guard_check(S("/"), HEADERS(H("Host", "a"), H("transfer-encoding", "Chunked"), H("X", "a\tb"))), 0);
}

static void
every_ambiguous_head_is_refused(void **state)
{
	(void)state;
	assert_int_equal(guard_check(S("/"), HEADERS(H("X", "y"))), 400);
	assert_int_equal(guard_check(S("/"), HEADERS(H("Host", "a"), H("host", "a"))), 400);
	assert_int_equal(guard_check(S("/"), HEADERS(H("Host", ""))), 400);
	assert_int_equal(guard_check(S("/"), HEADERS(H("Host", "a/b"))), 400);
	assert_int_equal(guard_check(S("/"), HEADERS(H("Host", "a@b"))), 400);
	assert_int_equal(
	    guard_check(S("/"), HEADERS(H("Host", "a"), H("Content-Length", "1"), H("Content-Length", "1"))), 400);
	assert_int_equal(
	    guard_check(S("/"), HEADERS(H("Host", "a"), H("Content-Length", "1"), H("Transfer-Encoding", "chunked"))),
	    400);
	assert_int_equal(guard_check(S("/"), HEADERS(H("Host", "a"), H("Transfer-Encoding", "chunked"),
						 H("Transfer-Encoding", "chunked"))),
	    400);
	assert_int_equal(guard_check(S("/"), HEADERS(H("Host", "a"), H("Transfer-Encoding", "xchunked"))), 501);
	assert_int_equal(guard_check(S("/"), HEADERS(H("Host", "a"), H("Transfer-Encoding", "gzip, chunked"))), 501);
	assert_int_equal(guard_check(S("/"), HEADERS(H("Host", "a"), H("Content-Length", "+1"))), 400);
	assert_int_equal(guard_check(S("/"), HEADERS(H("Host", "a"), H("Content-Length", "1, 1"))), 400);
	assert_int_equal(guard_check(S("/"), HEADERS(H("Host", "a"), H("Content-Length", ""))), 400);
	assert_int_equal(guard_check(S("/"), HEADERS(H("Host", "a"), H("Content-Length", "9999999999999999999"))), 400);
	assert_int_equal(guard_check(S("/"), HEADERS(H("Host", "a"), H("X ", "b"))), 400);
	assert_int_equal(guard_check(S("/"), HEADERS(H("Host", "a"), H("", "b"))), 400);
	assert_int_equal(guard_check(S("/"), HEADERS(H("Host", "a"), H("X", "a\rb"))), 400);
	assert_int_equal(guard_check(S("/"), HEADERS(H("Host", "a"), H("X", "a\0b"))), 400);
	assert_int_equal(guard_check(S("http://a/"), HEADERS(H("Host", "a"))), 400);
	assert_int_equal(guard_check(S("*"), HEADERS(H("Host", "a"))), 400);
	assert_int_equal(guard_check(S("/a\x01"), HEADERS(H("Host", "a"))), 400);
	assert_int_equal(guard_check(S("/a\xc3\xb1"), HEADERS(H("Host", "a"))), 400);
	assert_int_equal(guard_check(S("/a%00"), HEADERS(H("Host", "a"))), 400);
}

static void
too_many_headers_are_431(void **state)
{
	struct header *list = ARENA_ARRAY((struct arena *)*state, struct header, HTTP_HEADERS_MAX + 1);

	for (size_t i = 0; i <= HTTP_HEADERS_MAX; i++)
		list[i] = (struct header){S("X"), S("y")};
	list[0] = (struct header){S("Host"), S("a")};
	assert_int_equal(guard_check(S("/"), (struct headers){list, HTTP_HEADERS_MAX}), 0);
	assert_int_equal(guard_check(S("/"), (struct headers){list, HTTP_HEADERS_MAX + 1}), 431);
}

/* ---- scopes ---- */

static void
scopes_grant_what_they_say(void **state)
{
	static const struct {
		const char *granted, *needed;
		bool is_granted;
	} cases[] = {
	    {"patient/Observation.rs", "Observation.r", true},
	    {"patient/Observation.rs", "Observation.rs", true},
	    {"patient/Observation.rs", "Observation.c", false},
	    {"patient/Observation.r patient/Observation.s", "Observation.rs", true},
	    {"patient/Observation.read", "Observation.rs", true},
	    {"patient/Observation.read", "Observation.u", false},
	    {"patient/Observation.write", "Observation.cud", true},
	    {"patient/Observation.write", "Observation.r", false},
	    {"user/*.*", "Observation.cruds", true},
	    {"user/*.cruds", "Observation.d", true},
	    {"openid  fhirUser patient/*.rs", "Communication.r", true},
	    {"patient/Patient.rs", "Observation.r", false},
	    {"patient/Observations.rs", "Observation.r", false},
	    {"patient/observation.rs", "Observation.r", false},
	    {"patient/Observation.rs?category=laboratory", "Observation.r", false},
	    {"Observation.rs", "Observation.r", false},
	    {"evil/Observation.rs", "Observation.r", false},
	    {"patient/Observation.sr", "Observation.r", false},
	    {"patient/Observation.rr", "Observation.r", false},
	    {"patient/Observation.x", "Observation.r", false},
	    {"patient/Observation.", "Observation.r", false},
	    {"patient/.r", "Observation.r", false},
	    {"patient/*Observation.r", "Observation.r", false},
	    {"patient/Patient.rs", "system/Patient.r", false},
	    {"system/Patient.rs", "system/Patient.r", true},
	    {"patient/Observation.r", "*.r", false},
	    {"user/*.r", "*.r", true},
	    {"launch openid", "openid", true},
	    {"launch openidx", "openid", false},
	    {"", "Observation.r", false},
	    {"", "", false},
	    {"patient/*.cruds", "", false},
	    {"patient/*.cruds", "Observation.x", false},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		if (scope_grants(str_from_z(cases[i].granted), cases[i].needed) != cases[i].is_granted)
			fail_msg("\"%s\" for \"%s\"", cases[i].granted, cases[i].needed);
	assert_false(scope_grants(STR_NONE, "Observation.r"));
}

/* ---- cross-site: every combination ---- */

static void
only_requests_of_this_site_may_change_anything(void **state)
{
	static const char *const sites[] = {"same-origin", "none", "same-site", "cross-site", NULL};
	static const char *const origins[] = {"https://here.example", "https://evil.example", "null", NULL};

	(void)state;
	for (enum http_method method = GET; method <= HEAD; method++)
		for (size_t site = 0; site < 5; site++)
			for (size_t origin = 0; origin < 4; origin++)
				for (int bits = 0; bits < 4; bits++) {
					struct cross_site_facts facts = {.method = method,
					    .fetch_site = str_from_z(sites[site]),
					    .origin = str_from_z(origins[origin]),
					    .own_origin = S("https://here.example"),
					    .has_cookie = bits & 1,
					    .by_token = bits & 2};
					bool safe = method == GET || method == HEAD;
					bool expected = safe || (bits & 2) || site < 2 ||
					                (site == 4 && (origin == 0 || (origin == 3 && !(bits & 1))));

					assert_int_equal(cross_site_ok(&facts), expected);
				}
}

/* ---- rate ---- */

static void
a_bucket_empties_and_fills_again(void **state)
{
	struct rate_table *table = rate_table_new(*state, 1);
	uint64_t one = rate_key(table, RATE_HEAVY, S("1.2.3.4")), two = rate_key(table, RATE_HEAVY, S("1.2.3.5"));
	int64_t wait_ms;

	for (int i = 0; i < 10; i++)
		assert_int_equal(rate_take(table, RATE_HEAVY, one, 1000), 0);
	wait_ms = rate_take(table, RATE_HEAVY, one, 1000);
	assert_in_range(wait_ms, 5900, 6100); /* 10 a minute */
	assert_int_equal(rate_take(table, RATE_HEAVY, two, 1000), 0);
	assert_int_equal(rate_take(table, RATE_SIGN_IN, rate_key(table, RATE_SIGN_IN, S("1.2.3.4")), 1000), 0);
	assert_int_equal(rate_take(table, RATE_HEAVY, one, 1000 + wait_ms), 0);
	assert_int_not_equal(rate_take(table, RATE_HEAVY, one, 1000 + wait_ms), 0);
	for (int i = 0; i < 10; i++) /* never more than the burst, however long the rest */
		assert_int_equal(rate_take(table, RATE_HEAVY, one, DAY_MS), 0);
	assert_int_not_equal(rate_take(table, RATE_HEAVY, one, DAY_MS), 0);
	assert_int_equal(rate_take(table, RATE_NONE, one, DAY_MS), 0);
	one = rate_key(table, RATE_CODE, S("an account"));
	for (int i = 0; i < HTTP_RATE_CODES_PER_HOUR; i++)
		assert_int_equal(rate_take(table, RATE_CODE, one, DAY_MS), 0);
	wait_ms = rate_take(table, RATE_CODE, one, DAY_MS);
	assert_in_range(wait_ms, 1, HOUR_MS / HTTP_RATE_CODES_PER_HOUR + 1000);
	rate_table_release(table);
}

static void
a_factor_multiplies_rate_and_burst(void **state)
{
	struct rate_table *table = rate_table_new(*state, 3);
	uint64_t one = rate_key(table, RATE_HEAVY, S("1.2.3.4"));

	for (int i = 0; i < 30; i++)
		assert_int_equal(rate_take(table, RATE_HEAVY, one, 1000), 0);
	assert_in_range(rate_take(table, RATE_HEAVY, one, 1000), 1900, 2100); /* 30 a minute */
	rate_table_release(table);
}

static void
very_many_callers_do_not_make_the_table_grow_or_fail(void **state)
{
	struct rate_table *table = rate_table_new(*state, 1);
	size_t held = ((struct arena *)*state)->held_bytes;

	for (uint32_t i = 0; i < 200000; i++)
		assert_int_equal(
		    rate_take(table, RATE_USUAL, rate_key(table, RATE_USUAL, (str){(const char *)&i, sizeof(i)}), i),
		    0);
	assert_int_equal(((struct arena *)*state)->held_bytes, held);
	rate_table_release(table);
}

int
main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, arena_setup, arena_teardown)
	const struct CMUnitTest tests[] = {
	    TEST(a_path_finds_its_row_and_literals_win),
	    TEST(what_no_row_fits_is_404_and_a_missing_method_405),
	    TEST(unsound_paths_are_told_apart),
	    TEST(parameters_are_decoded_and_named_by_their_own_row),
	    TEST(bad_rows_stop_the_start),
	    TEST(the_printed_table_is_sorted_and_whole),
	    TEST(a_sound_head_passes),
	    TEST(every_ambiguous_head_is_refused),
	    TEST(too_many_headers_are_431),
	    TEST(scopes_grant_what_they_say),
	    TEST(only_requests_of_this_site_may_change_anything),
	    TEST(a_bucket_empties_and_fills_again),
	    TEST(a_factor_multiplies_rate_and_burst),
	    TEST(very_many_callers_do_not_make_the_table_grow_or_fail),
	};

	return cmocka_run_group_tests_name("http_rules", tests, NULL, NULL);
}
