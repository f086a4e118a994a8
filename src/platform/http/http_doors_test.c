/* SPDX-License-Identifier: Apache-2.0 */
/* Who gets in: callers, scopes, requests from other sites, forms, and too many calls. */
#include "platform/http/http_test_help.h"

#include <stdatomic.h>

static void
cookies_on_plain_loopback_have_plain_names(void **state)
{
	struct reply reply = client_get(trial, "/page", "");

	(void)state;
	assert_str_equal(reply_header(reply, "Set-Cookie"), "seen=yes; Path=/; SameSite=Lax; HttpOnly; Max-Age=60");
}

static void
errors_become_the_right_status_and_replace_the_answer(void **state)
{
	static const struct {
		const char *path;
		int status;
	} cases[] = {{"/fails?how=invalid", 400}, {"/fails?how=denied", 403}, {"/fails?how=gone", 404},
	    {"/fails?how=conflict", 409}, {"/fails?how=busy", 503}, {"/fails?how=broken", 500},
	    {"/fails?how=nothing", 500}, {"/fails?how=header", 500}, {"/fails?how=redirect", 500},
	    {"/broken-error-page?how=busy", 503}, {"/page?a=%zz", 400}};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct reply reply = client_get(trial, cases[i].path, "");

		assert_int_equal(reply.status, cases[i].status);
		assert_false(str_contains(reply.body, S("secret")));
		assert_null(reply_header(reply, "Set-Cookie").p);
		assert_int_equal(reply_header(reply, "Retry-After").p != NULL, cases[i].status == 503);
	}
	assert_str_equal(client_get(trial, "/broken-error-page?how=busy", "").body, "Wait.\n");
	assert_int_equal(status_of_get("/page", "Cookie: who=database-away\r\n"), 503);
	assert_int_equal(status_of_get("/health", "Cookie: who=database-away\r\n"), 200);
}

static void
who_may_call_decides_before_the_handler(void **state)
{
	struct reply reply = client_get(trial, "/mine?a=b%20c", "");
	int runs;

	(void)state;
	assert_int_equal(reply.status, 303);
	assert_str_equal(reply_header(reply, "Location"), "/sign-in?next=%2Fmine%3Fa%3Db%2520c");
	runs = atomic_load(&trial_handler_runs);
	assert_int_equal(status_of_get("/mine", "Cookie: who=nurse\r\n"), 403);
	reply = client_get(trial, "/fhir/Patient/1", "");
	assert_int_equal(reply.status, 401);
	assert_true(str_starts(reply_header(reply, "WWW-Authenticate"), S("Bearer")));
	assert_true(str_contains(reply.body, S("OperationOutcome")));
	assert_int_equal(status_of_get("/live", ""), 401);
	reply = client_ask(trial, S("POST /form HTTP/1.1\r\nHost: here\r\nContent-Length: 3\r\n"
				    "Content-Type: application/x-www-form-urlencoded\r\n\r\na=b"));
	assert_int_equal(reply.status, 401);
	assert_true(str_contains(reply.body, S("nothing you typed is lost")));
	assert_int_equal(atomic_load(&trial_handler_runs), runs);
	assert_int_equal(status_of_get("/mine", "Cookie: a=b; who=patient\r\n"), 200);
}

static void
a_token_reaches_only_what_its_scopes_grant(void **state)
{
	(void)state;
	assert_int_equal(status_of_get("/mine", "Authorization: Bearer patient/Patient.rs\r\n"), 200);
	assert_int_equal(status_of_get("/mine", "Authorization: Bearer patient/Observation.rs\r\n"), 403);
	assert_int_equal(status_of_get("/session-only", "Authorization: Bearer patient/*.cruds\r\n"), 403);
	assert_int_equal(
	    status_of_get("/fhir/Observation/1", "Authorization: Bearer patient/Observation.read\r\n"), 200);
	assert_int_equal(status_of_get("/fhir/Condition/1", "Authorization: Bearer patient/Observation.read\r\n"), 403);
	assert_int_equal(status_of_get("/fhir/*/1", "Authorization: Bearer patient/Observation.read\r\n"), 403);
	assert_int_equal(status_of_get("/fhir/Condition/1", "Cookie: who=patient\r\n"), 200);
	/* No cookie is involved, so the cross-site check does not apply. */
	assert_int_equal(
	    client_ask(trial, S("POST /change HTTP/1.1\r\nHost: here\r\nAuthorization: Bearer user/Patient.write\r\n"
				"Sec-Fetch-Site: cross-site\r\nOrigin: https://app.example\r\n\r\n"))
		.status,
	    200);
	assert_int_equal(
	    client_ask(
		trial, S("POST /change HTTP/1.1\r\nHost: here\r\nAuthorization: Bearer user/Patient.read\r\n\r\n"))
		.status,
	    403);
}

static void
every_cross_site_combination_over_the_wire(void **state)
{
	static const char *const sites[] = {"same-origin", "none", "same-site", "cross-site", NULL};
	static const char *const origins[] = {"http://here:80", "https://evil.example", "null", NULL};
	static const char *const methods[] = {"GET", "POST", "PUT", "DELETE", "HEAD"};

	(void)state;
	for (size_t m = 0; m < 5; m++)
		for (size_t site = 0; site < 5; site++)
			for (size_t origin = 0; origin < 4; origin++)
				for (int cookie = 0; cookie < 2; cookie++) {
					struct buf request = BUF_INIT(&trial->arena);
					bool allowed = m == 0 || m == 4 || site < 2 ||
					               (site == 4 && (origin == 0 || (origin == 3 && !cookie)));

					buf_printf(&request, "%s /site HTTP/1.1\r\nHost: here:80\r\n", methods[m]);
					if (sites[site])
						buf_printf(&request, "Sec-Fetch-Site: %s\r\n", sites[site]);
					if (origins[origin])
						buf_printf(&request, "Origin: %s\r\n", origins[origin]);
					if (cookie)
						buf_add(&request, S("Cookie: a=b\r\n"));
					buf_add(&request, S("\r\n"));
					assert_int_equal(
					    client_ask(trial, buf_str(&request)).status, allowed ? 200 : 403);
				}
}

static void
a_row_for_other_sites_takes_them_in_and_knows_nobody(void **state)
{
	struct reply reply = client_ask(trial, S("POST /open HTTP/1.1\r\nHost: here\r\nSec-Fetch-Site: "
						 "cross-site\r\nOrigin: https://app.example\r\nCookie: "
						 "who=patient\r\n\r\n"));

	(void)state;
	assert_int_equal(reply.status, 200);
	assert_str_equal(reply.body, "nobody");
	assert_str_equal(reply_header(reply, "Access-Control-Allow-Origin"), "*");
	assert_str_equal(reply_header(reply, "Cross-Origin-Resource-Policy"), "cross-origin");
	reply = client_get(trial, "/page", "Origin: https://app.example\r\n");
	assert_null(reply_header(reply, "Access-Control-Allow-Origin").p);
	assert_str_equal(reply_header(reply, "Cross-Origin-Resource-Policy"), "same-origin");
}

static void
only_rows_for_other_sites_answer_a_browser_that_asks_first(void **state)
{
	static const struct {
		const char *path, *method;
		int status;
	} cases[] = {{"/open", "POST", 204}, {"/open", "GET", 405}, {"/site", "POST", 405}, {"/mine", "GET", 405},
	    {"/open", "FETCH", 405}, {"/nowhere", "POST", 404}};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct reply reply =
		    client_ask(trial, arena_printf(&trial->arena,
					  "OPTIONS %s HTTP/1.1\r\nHost: here\r\nOrigin: https://app.example\r\n"
					  "Access-Control-Request-Method: %s\r\n\r\n",
					  cases[i].path, cases[i].method));

		assert_int_equal(reply.status, cases[i].status);
		assert_int_equal(reply_header(reply, "Access-Control-Allow-Methods").p != NULL, cases[i].status == 204);
	}
	assert_int_equal(client_ask(trial, S("OPTIONS /open HTTP/1.1\r\nHost: here\r\n\r\n")).status, 405);
}

static struct reply
post_form(const char *cookie, const char *type, const char *body)
{
	return client_ask(trial, arena_printf(&trial->arena,
				     "POST /form HTTP/1.1\r\nHost: here\r\nSec-Fetch-Site: same-origin\r\nCookie: "
				     "who=%s\r\nContent-Type: %s\r\n"
				     "Content-Length: %zu\r\n\r\n%s",
				     cookie, type, strlen(body), body));
}

static void
a_form_needs_the_token_of_its_own_session(void **state)
{
	const char *type = "application/x-www-form-urlencoded";
	int runs = atomic_load(&trial_handler_runs);

	(void)state;
	assert_int_equal(post_form("patient", type, "a=b").status, 403);
	assert_int_equal(post_form("patient", type, "s=tok-4").status, 403);
	assert_int_equal(post_form("patient", type, "s=").status, 403);
	assert_int_equal(post_form("patient", "text/plain", "s=tok-2").status, 403);
	assert_int_equal(post_form("patient", type, "s=tok-2&a=%zz").status, 400);
	assert_int_equal(atomic_load(&trial_handler_runs), runs);
	assert_int_equal(post_form("patient", type, "s=tok-2").status, 303);
	assert_int_equal(atomic_load(&trial_handler_runs), runs + 1);
}

static void
a_file_arrives_with_its_name(void **state)
{
	struct reply reply = post_form("patient", "multipart/form-data; boundary=B",
	    "--B\r\nContent-Disposition: form-data; name=s\r\n\r\ntok-2\r\n"
	    "--B\r\nContent-Disposition: form-data; name=f; filename=a.txt\r\nContent-Type: "
	    "text/plain\r\n\r\nhello\r\n--B--\r\n");

	(void)state;
	assert_int_equal(reply.status, 200);
	assert_str_equal(reply.body, "a.txt text/plain 5");
}

static void
too_many_calls_are_told_to_wait(void **state)
{
	struct reply reply = {0};
	int64_t seconds;

	(void)state;
	for (int i = 0; i < 10; i++)
		assert_int_equal(status_of_get("/limited", ""), 200);
	reply = client_get(trial, "/limited", "");
	assert_int_equal(reply.status, 429);
	assert_true(str_to_int64(reply_header(reply, "Retry-After"), &seconds));
	assert_in_range(seconds, 1, 6);
	assert_int_equal(status_of_get("/limited", "Cookie: who=nurse\r\n"), 200); /* another caller */
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(cookies_on_plain_loopback_have_plain_names),
	    cmocka_unit_test(errors_become_the_right_status_and_replace_the_answer),
	    cmocka_unit_test(who_may_call_decides_before_the_handler),
	    cmocka_unit_test(a_token_reaches_only_what_its_scopes_grant),
	    cmocka_unit_test(every_cross_site_combination_over_the_wire),
	    cmocka_unit_test(a_row_for_other_sites_takes_them_in_and_knows_nobody),
	    cmocka_unit_test(only_rows_for_other_sites_answer_a_browser_that_asks_first),
	    cmocka_unit_test(a_form_needs_the_token_of_its_own_session),
	    cmocka_unit_test(a_file_arrives_with_its_name),
	    cmocka_unit_test(too_many_calls_are_told_to_wait),
	};

	log_set_level(LOG_ERROR);
	return cmocka_run_group_tests_name("http doors", tests, start, stop);
}
