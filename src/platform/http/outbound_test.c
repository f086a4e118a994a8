/* SPDX-License-Identifier: Apache-2.0 */
#include "unit.h"

#include "platform/http/outbound.h"

static void
addresses_lead_over_tls_or_to_this_machine(void **state)
{
	static const struct {
		const char *url;
		bool ok;
	} rows[] = {{"https://ehr.example.org/fhir", true}, {"http://127.0.0.1:8080/fhir", true},
	    {"http://localhost/fhir", true}, {"http://localhost", true}, {"http://[::1]:8080", true},
	    {"http://ehr.example.org/fhir", false}, {"http://127.0.0.1.example.org/fhir", false},
	    {"http://localhost.example.org", false}, {"http://localhost@example.org", false},
	    {"http://[::1].example.org", false}, {"https://", false}, {"https://user@ehr.example.org", false},
	    {"https://ehr.example.org/#x", false}, {"https://ehr.example.org/a b", false},
	    {"https://ehr.example.org/\r\nX: y", false}, {"ftp://ehr.example.org", false}, {"", false}};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		if (outbound_url_ok(str_from_z(rows[i].url)) != rows[i].ok)
			fail_msg("%s", rows[i].url);
}

static void
tokens_are_one_line(void **state)
{
	(void)state;
	assert_true(outbound_token_ok(S("abc.def-123")));
	assert_false(outbound_token_ok(S("")));
	assert_false(outbound_token_ok(S("abc def")));
	assert_false(outbound_token_ok(S("abc\r\nX-Other: 1")));
	assert_false(outbound_token_ok(S("caf\xc3\xa9")));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(addresses_lead_over_tls_or_to_this_machine),
	    cmocka_unit_test(tokens_are_one_line),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
