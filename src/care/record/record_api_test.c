/* SPDX-License-Identifier: Apache-2.0 */
/* The FHIR face over a real server, with real tokens: who may do what, what the answers look like, and that a transaction is
 * whole or nothing. */
#include "people.h"
#include "platform/http/http_test_client.h"

#include "care/record/record.h"
#include "care/record/record_api.h"
#include "platform/format/json.h"
#include "trust/portal/portal.h"

struct clinic {
	struct world *world;
	struct people people;
	struct trial trial;
	str maria, bo, ana, ben; /* tokens that may do everything */
	const char *maria_id, *bo_id;
};

static str
token_for(struct world *world, struct people *p, account_id account, str scope)
{
	struct cx cx = people_as(world, p->root);
	str token;

	assert_ok(api_token_make(&cx, account, S("test"), scope, HOUR_MS, &token));
	db_release(&cx);
	return token;
}

static void
open_clinic(struct world *world, struct clinic *c)
{
	static const struct route *const tables[] = {record_api_routes, NULL};
	static const struct http_gate gate = {
	    .identify = portal_identify, .form_token_ok = portal_form_token_ok, .show_error = fhir_show_error};
	struct http_options options = {.address = "127.0.0.1",
	    .listen_fd = -1,
	    .route_tables = tables,
	    .gate = &gate,
	    .db = world->db,
	    .vault = world->vault,
	    .workers = 4};

	*c = (struct clinic){.world = world};
	assert_ok(record_init(world->vault));
	people_setup(world, &c->people);
	c->maria = token_for(world, &c->people, c->people.maria_account, S("patient/*.cruds"));
	c->bo = token_for(world, &c->people, c->people.bo_account, S("patient/*.cruds"));
	c->ana = token_for(world, &c->people, c->people.ana, S("user/*.cruds"));
	c->ben = token_for(world, &c->people, c->people.ben, S("user/*.cruds"));
	c->maria_id = arena_z(&world->arena, uuid_text(&world->arena, c->people.maria.v));
	c->bo_id = arena_z(&world->arena, uuid_text(&world->arena, c->people.bo.v));
	assert_ok(http_start(&c->trial.arena, &options, &c->trial.server));
}

static void
close_clinic(struct clinic *c)
{
	http_stop(c->trial.server, 1000);
	arena_release(&c->trial.arena);
}

static struct reply
ask(struct clinic *c, str token, const char *method, str path, const char *headers, str body)
{
	return client_ask(
	    &c->trial, arena_printf(&c->trial.arena,
			   "%s %.*s HTTP/1.1\r\nHost: here\r\nAuthorization: Bearer %.*s\r\n%s%s"
			   "Content-Length: %zu\r\n\r\n%.*s",
			   method, STR_ARG(path), STR_ARG(token), headers,
			   body.n && !strstr(headers, "Content-Type") ? "Content-Type: application/fhir+json\r\n" : "",
			   body.n, STR_ARG(body)));
}

#define ASK(c, who, method, ...) \
	ask((c), (c)->who, (method), arena_printf(&(c)->trial.arena, __VA_ARGS__), "", STR_NONE)

static const struct json_value *
parse(struct clinic *c, struct reply reply)
{
	const struct json_value *json;

	assert_ok(json_parse(&c->trial.arena, reply.body, &json, NULL));
	return json;
}

static void
assert_outcome(struct clinic *c, struct reply reply, int status, const char *code)
{
	if (reply.status != status)
		fail_msg("%d instead of %d: %.*s", reply.status, status, STR_ARG(reply.body));
	assert_str_equal(json_text_at(parse(c, reply), "resourceType"), "OperationOutcome");
	assert_str_equal(json_text_at(parse(c, reply), "issue.0.code"), code);
}

static str
lab(struct clinic *c, const char *patient, const char *id, const char *value)
{
	return arena_printf(&c->trial.arena,
	    "{\"resourceType\":\"Observation\",%s%s%s\"status\":\"final\",\"identifier\":[{\"system\":\"urn:x\","
	    "\"value\":"
	    "\"i%s\"}],\"category\":[{\"coding\":[{\"system\":\"http://terminology.hl7.org/CodeSystem/"
	    "observation-category\",\"code\":\"laboratory\"}]}],\"code\":{\"coding\":[{\"system\":\"http://loinc.org\","
	    "\"code\":\"718-7\"}]},\"subject\":{\"reference\":\"Patient/%s\"},\"effectiveDateTime\":\"2020-05-01\","
	    "\"valueQuantity\":{\"value\":%s}}",
	    id ? "\"id\":\"" : "", id ? id : "", id ? "\"," : "", value, patient, value);
}

static struct reply
put_lab(struct clinic *c, str token, const char *patient, const char *id, const char *value, const char *headers)
{
	return ask(c, token, "PUT", arena_printf(&c->trial.arena, "/fhir/Observation/%s", id), headers,
	    lab(c, patient, id, value));
}

/* ---- tests ---- */

static void
the_capability_statement_is_open_to_anyone(void **state)
{
	struct clinic c;
	struct reply reply;

	open_clinic(*state, &c);
	reply = client_get(&c.trial, "/fhir/metadata", "");
	assert_int_equal(reply.status, 200);
	assert_str_equal(reply_header(reply, "Content-Type"), FHIR_JSON);
	assert_str_equal(json_text_at(parse(&c, reply), "fhirVersion"), "4.0.1");
	assert_true(str_contains(reply.body, S("\"type\":\"Observation\"")));
	assert_outcome(&c, client_get(&c.trial, "/fhir/Observation", ""), 401, "login");
	close_clinic(&c);
}

static void
a_resource_is_created_read_changed_and_deleted(void **state)
{
	struct clinic c;
	struct reply reply;
	str etag;

	open_clinic(*state, &c);
	reply = ask(&c, c.ana, "POST", S("/fhir/Observation"), "", lab(&c, c.maria_id, NULL, "13.50"));
	assert_int_equal(reply.status, 201);
	assert_str_equal(reply_header(reply, "ETag"), "W/\"1\"");
	assert_true(str_contains(reply_header(reply, "Location"), S("/fhir/Observation/")));
	assert_true(str_contains(reply.body, S("\"value\":13.50")));

	reply = put_lab(&c, c.ana, c.maria_id, "lab-1", "1.0", "");
	assert_int_equal(reply.status, 201);
	reply = ASK(&c, maria, "GET", "/fhir/Observation/lab-1");
	assert_int_equal(reply.status, 200);
	etag = reply_header(reply, "ETag");
	assert_str_equal(etag, "W/\"1\"");
	assert_non_null(reply_header(reply, "Last-Modified").p);
	reply = ask(&c, c.maria, "GET", S("/fhir/Observation/lab-1"), "If-None-Match: W/\"1\"\r\n", STR_NONE);
	assert_int_equal(reply.status, 304);

	reply = put_lab(&c, c.ana, c.maria_id, "lab-1", "2.0", "If-Match: W/\"7\"\r\n");
	assert_outcome(&c, reply, 412, "conflict");
	reply = put_lab(&c, c.ana, c.maria_id, "lab-1", "2.0", "If-Match: W/\"1\"\r\n");
	assert_int_equal(reply.status, 200);
	assert_str_equal(reply_header(reply, "ETag"), "W/\"2\"");
	reply = ASK(&c, maria, "GET", "/fhir/Observation/lab-1/_history/1");
	assert_true(str_contains(reply.body, S("\"value\":1.0")));
	assert_int_equal(ASK(&c, ana, "DELETE", "/fhir/Observation/lab-1").status, 204);
	assert_outcome(&c, ASK(&c, maria, "GET", "/fhir/Observation/lab-1"), 410, "deleted");
	reply = ASK(&c, maria, "GET", "/fhir/Observation/lab-1/_history");
	assert_int_equal(json_count(json_get(parse(&c, reply), "entry")), 3);
	assert_outcome(&c, ASK(&c, maria, "GET", "/fhir/Observation/lab-1/_history/9"), 404, "not-found");
	assert_outcome(&c, ASK(&c, maria, "GET", "/fhir/Wombat/1"), 404, "not-found");
	close_clinic(&c);
}

static void
only_those_who_may_see_and_write(void **state)
{
	struct clinic c;

	open_clinic(*state, &c);
	assert_int_equal(put_lab(&c, c.ana, c.maria_id, "lab-1", "1.0", "").status, 201);
	/* other patient, other team: as if it were not there */
	assert_outcome(&c, ASK(&c, bo, "GET", "/fhir/Observation/lab-1"), 404, "not-found");
	assert_outcome(&c, ASK(&c, ben, "GET", "/fhir/Observation/lab-1"), 404, "not-found");
	assert_outcome(&c, ASK(&c, ben, "GET", "/fhir/Observation/lab-1/_history"), 404, "not-found");
	assert_outcome(&c, ASK(&c, bo, "GET", "/fhir/Observation?patient=%s", c.maria_id), 404, "not-found");
	assert_outcome(&c, put_lab(&c, c.ben, c.maria_id, "lab-1", "9", ""), 404, "not-found");
	assert_outcome(&c, put_lab(&c, c.ben, c.bo_id, "lab-1", "9", ""), 409, "conflict"); /* not taken over */
	assert_outcome(&c, ASK(&c, ben, "DELETE", "/fhir/Observation/lab-1"), 404, "not-found");
	/* the patient reads but does not write */
	assert_int_equal(ASK(&c, maria, "GET", "/fhir/Observation/lab-1").status, 200);
	assert_outcome(&c, put_lab(&c, c.maria, c.maria_id, "lab-1", "9", ""), 403, "forbidden");
	assert_outcome(&c, ASK(&c, maria, "DELETE", "/fhir/Observation/lab-1"), 403, "forbidden");
	/* the commons are not written from here */
	assert_outcome(&c,
	    ask(&c, c.ana, "PUT", S("/fhir/Practitioner/p"), "", S("{\"resourceType\":\"Practitioner\",\"id\":\"p\"}")),
	    403, "forbidden");
	close_clinic(&c);
}

static void
a_token_reaches_what_its_scope_names(void **state)
{
	struct clinic c;
	str token;

	open_clinic(*state, &c);
	assert_int_equal(put_lab(&c, c.ana, c.maria_id, "lab-1", "1.0", "").status, 201);
	token = token_for(c.world, &c.people, c.people.ana, S("user/Observation.r user/Condition.s"));
	assert_int_equal(ask(&c, token, "GET", S("/fhir/Observation/lab-1"), "", STR_NONE).status, 200);
	assert_outcome(&c, ask(&c, token, "GET", S("/fhir/Observation?patient=x"), "", STR_NONE), 403, "forbidden");
	assert_outcome(&c, ask(&c, token, "GET", S("/fhir/Condition/x"), "", STR_NONE), 403, "forbidden");
	assert_outcome(&c, put_lab(&c, token, c.maria_id, "lab-1", "2.0", ""), 403, "forbidden");
	assert_outcome(&c, ask(&c, token, "POST", S("/fhir"), "", S("{}")), 403, "forbidden");
	close_clinic(&c);
}

static void
what_is_sent_wrong_is_refused_with_words(void **state)
{
	struct clinic c;

	open_clinic(*state, &c);
	assert_outcome(&c, ask(&c, c.ana, "POST", S("/fhir/Observation"), "", S("{\"resourceType\":")), 400, "invalid");
	assert_outcome(&c, ask(&c, c.ana, "POST", S("/fhir/Observation"), "Content-Type: text/plain\r\n", S("{}")), 400,
	    "invalid");
	assert_outcome(
	    &c, ask(&c, c.ana, "POST", S("/fhir/Condition"), "", lab(&c, c.maria_id, NULL, "1")), 400, "invalid");
	assert_outcome(
	    &c, ask(&c, c.ana, "PUT", S("/fhir/Observation/b"), "", lab(&c, c.maria_id, "a", "1")), 400, "invalid");
	assert_outcome(&c, put_lab(&c, c.ana, c.maria_id, "a", "1", "If-Match: 1\r\n"), 400, "invalid");
	assert_outcome(&c, ASK(&c, ana, "GET", "/fhir/Observation?patient=%s&date=soon", c.maria_id), 400, "invalid");
	assert_outcome(&c, ASK(&c, ana, "GET", "/fhir/Observation"), 400, "invalid"); /* whose? */
	assert_outcome(&c, ASK(&c, ana, "GET", "/fhir/Observation?patient=a&patient=b"), 400, "invalid");
	assert_outcome(&c, ASK(&c, ana, "GET", "/fhir/Observation?patient=%s&_cursor=zz", c.maria_id), 400, "invalid");
	close_clinic(&c);
}

static int64_t
total(struct clinic *c, struct reply reply)
{
	int64_t number = -1;

	assert_int_equal(reply.status, 200);
	assert_true(json_to_int64(json_get(parse(c, reply), "total"), &number));
	return number;
}

static void
a_search_finds_by_every_kind_of_parameter(void **state)
{
	struct clinic c;
	struct reply reply;

	open_clinic(*state, &c);
	for (int i = 0; i < 3; i++)
		assert_int_equal(put_lab(&c, c.ana, c.maria_id, arena_printf(&c.trial.arena, "lab-%d", i).p,
				     arena_printf(&c.trial.arena, "%d.0", i).p, "")
				     .status,
		    201);
	assert_int_equal(total(&c, ASK(&c, maria, "GET", "/fhir/Observation")), 3); /* a patient's own by default */
	assert_int_equal(total(&c, ASK(&c, ana, "GET", "/fhir/Observation?patient=%s", c.maria_id)), 3);
	assert_int_equal(total(&c, ASK(&c, ana, "GET", "/fhir/Observation?subject=Patient/%s", c.maria_id)), 3);
	assert_int_equal(total(&c, ASK(&c, maria, "GET", "/fhir/Observation?code=http://loinc.org%%7C718-7")), 3);
	assert_int_equal(total(&c, ASK(&c, maria, "GET", "/fhir/Observation?code=718-7,x&status=final")), 3);
	assert_int_equal(total(&c, ASK(&c, maria, "GET", "/fhir/Observation?code=x")), 0);
	assert_int_equal(total(&c, ASK(&c, maria, "GET", "/fhir/Observation?identifier=urn:x%%7Ci1.0")), 1);
	assert_int_equal(total(&c, ASK(&c, maria, "GET", "/fhir/Observation?date=ge2020-05&date=lt2020-06")), 3);
	assert_int_equal(total(&c, ASK(&c, maria, "GET", "/fhir/Observation?date=gt2020-05")), 0);
	assert_int_equal(total(&c, ASK(&c, maria, "GET", "/fhir/Observation?_id=lab-1,lab-2")), 2);
	assert_int_equal(total(&c, ASK(&c, ana, "GET", "/fhir/Observation?_id=lab-1")), 1);
	assert_int_equal(total(&c, ASK(&c, maria, "GET", "/fhir/Observation?_lastUpdated=gt2020")), 3);
	reply = ASK(&c, maria, "GET", "/fhir/Observation?category=laboratory&_summary=count");
	assert_int_equal(total(&c, reply), 3);
	assert_null(json_get(parse(&c, reply), "entry"));
	reply = ask(&c, c.maria, "POST", S("/fhir/Observation/_search"),
	    "Content-Type: application/x-www-form-urlencoded\r\n", S("code=718-7&_count=2"));
	assert_int_equal(total(&c, reply), 3);
	assert_int_equal(json_count(json_get(parse(&c, reply), "entry")), 2);
	/* what is not known is told, or refused when asked to be strict */
	reply = ASK(&c, maria, "GET", "/fhir/Observation?colour=red&code=718-7");
	assert_int_equal(total(&c, reply), 3);
	assert_str_equal(json_text_at(parse(&c, reply), "entry.3.search.mode"), "outcome");
	assert_outcome(&c,
	    ask(&c, c.maria, "GET", S("/fhir/Observation?colour=red"), "Prefer: handling=strict\r\n", STR_NONE), 400,
	    "invalid");
	close_clinic(&c);
}

static void
patients_are_found_by_who_may_see_them(void **state)
{
	struct clinic c;
	static const char patient[] =
	    "{\"resourceType\":\"Patient\",\"id\":\"%s\",\"name\":[{\"family\":\"%s\",\"given\":[\"%s\"]}],"
	    "\"identifier\":[{\"system\":\"urn:mrn\",\"value\":\"%s\"}],\"gender\":\"female\"}";

	open_clinic(*state, &c);
	assert_int_equal(ask(&c, c.ana, "PUT", arena_printf(&c.trial.arena, "/fhir/Patient/%s", c.maria_id), "",
			     arena_printf(&c.trial.arena, patient, c.maria_id, "López", "María", "MRN-1001"))
			     .status,
	    201);
	assert_int_equal(ask(&c, c.ben, "PUT", arena_printf(&c.trial.arena, "/fhir/Patient/%s", c.bo_id), "",
			     arena_printf(&c.trial.arena, patient, c.bo_id, "Lee", "Bo", "MRN-1002"))
			     .status,
	    201);
	assert_int_equal(total(&c, ASK(&c, maria, "GET", "/fhir/Patient")), 1);
	assert_int_equal(total(&c, ASK(&c, ana, "GET", "/fhir/Patient?name=lope")), 1);
	assert_int_equal(total(&c, ASK(&c, ana, "GET", "/fhir/Patient?name=lee")), 0);
	assert_int_equal(total(&c, ASK(&c, ana, "GET", "/fhir/Patient?identifier=urn:mrn%%7CMRN-1001")), 1);
	assert_int_equal(total(&c, ASK(&c, ana, "GET", "/fhir/Patient?identifier=urn:other%%7CMRN-1001")), 0);
	assert_int_equal(total(&c, ASK(&c, ben, "GET", "/fhir/Patient?identifier=MRN-1001")), 0);
	assert_int_equal(total(&c, ASK(&c, ben, "GET", "/fhir/Patient?_id=%s", c.maria_id)), 0);
	assert_int_equal(total(&c, ASK(&c, ana, "GET", "/fhir/Patient?gender=female&_id=%s", c.maria_id)), 1);
	assert_int_equal(ASK(&c, maria, "GET", "/fhir/Patient/%s", c.maria_id).status, 200);
	assert_int_equal(ASK(&c, maria, "GET", "/fhir/Patient/%s", c.bo_id).status, 404);
	close_clinic(&c);
}

static void
the_next_links_lead_through_the_whole_chart(void **state)
{
	struct clinic c;
	size_t seen = 0, pages = 0;
	str path = S("/fhir/Observation?_sort=-date&_count=7");
	char there[40] = {0};

	open_clinic(*state, &c);
	for (int i = 0; i < 40; i++)
		assert_int_equal(
		    put_lab(&c, c.ana, c.maria_id, arena_printf(&c.trial.arena, "o%d", i).p, "1", "").status, 201);
	while (path.p) {
		const struct json_value *bundle = parse(&c, ask(&c, c.maria, "GET", path, "", STR_NONE));

		path = STR_NONE;
		json_each_item (json_get(bundle, "entry"), entry) {
			str id = json_text_at(entry, "resource.id");
			int64_t n;

			assert_true(str_to_int64(str_drop(id, 1), &n));
			assert_false(there[n]);
			there[n] = 1;
			seen++;
			assert_true(str_ends(json_text_at(entry, "fullUrl"), id));
		}
		json_each_item (json_get(bundle, "link"), link)
			if (str_equal(json_text_at(link, "relation"), S("next")))
				path = str_drop(json_text_at(link, "url"), strlen("http://here"));
		pages++;
	}
	assert_int_equal(seen, 40);
	assert_int_equal(pages, 6);
	close_clinic(&c);
}

static void
a_transaction_is_whole_or_nothing(void **state)
{
	struct clinic c;
	struct reply reply;
	str good, bad, batch;
	const struct json_value *answer;
	static const char bundle[] =
	    "{\"resourceType\":\"Bundle\",\"type\":\"%s\",\"entry\":[{\"fullUrl\":\"urn:uuid:"
	    "aaaaaaaa-1111-4222-8333-444444444444\",\"resource\":{\"resourceType\":\"Encounter\",\"status\":"
	    "\"finished\","
	    "\"class\":{\"code\":\"AMB\"},\"subject\":{\"reference\":\"Patient/%s\"}},\"request\":{\"method\":\"POST\","
	    "\"url\":\"Encounter\"}},{\"fullUrl\":\"urn:uuid:bbbbbbbb-1111-4222-8333-444444444444\",\"resource\":{"
	    "\"resourceType\":\"Observation\",%s\"code\":{\"text\":\"x\"},\"subject\":{\"reference\":\"Patient/%s\"},"
	    "\"encounter\":{\"reference\":\"urn:uuid:aaaaaaaa-1111-4222-8333-444444444444\"}},\"request\":{\"method\":"
	    "\"POST\",\"url\":\"Observation\"}}]}";

	open_clinic(*state, &c);
	good = arena_printf(&c.trial.arena, bundle, "transaction", c.maria_id, "\"status\":\"final\",", c.maria_id);
	bad = arena_printf(&c.trial.arena, bundle, "transaction", c.maria_id, "", c.maria_id);
	batch = arena_printf(&c.trial.arena, bundle, "batch", c.maria_id, "", c.maria_id);
	assert_outcome(&c, ask(&c, c.ana, "POST", S("/fhir"), "", bad), 400, "invalid");
	assert_int_equal(total(&c, ASK(&c, maria, "GET", "/fhir/Encounter")), 0);
	assert_outcome(&c, ask(&c, c.ben, "POST", S("/fhir"), "", good), 404, "not-found");
	assert_outcome(&c, ask(&c, c.maria, "POST", S("/fhir"), "", good), 403, "forbidden");
	assert_int_equal(total(&c, ASK(&c, maria, "GET", "/fhir/Encounter")), 0);

	reply = ask(&c, c.ana, "POST", S("/fhir"), "", good);
	assert_int_equal(reply.status, 200);
	answer = parse(&c, reply);
	assert_str_equal(json_text_at(answer, "type"), "transaction-response");
	assert_str_equal(json_text_at(answer, "entry.0.response.status"), "201 Created");
	reply = ASK(&c, maria, "GET", "/fhir/Observation");
	assert_true(
	    str_starts(json_text_at(parse(&c, reply), "entry.0.resource.encounter.reference"), S("Encounter/")));
	assert_true(str_contains(json_text_at(answer, "entry.0.response.location"),
	    json_text_at(parse(&c, reply), "entry.0.resource.encounter.reference")));

	reply = ask(&c, c.ana, "POST", S("/fhir"), "", batch);
	assert_int_equal(reply.status, 200);
	assert_str_equal(json_text_at(parse(&c, reply), "entry.0.response.status"), "201 Created");
	assert_str_equal(json_text_at(parse(&c, reply), "entry.1.response.status"), "400 Bad Request");
	assert_int_equal(total(&c, ASK(&c, maria, "GET", "/fhir/Encounter")), 2);
	assert_int_equal(total(&c, ASK(&c, maria, "GET", "/fhir/Observation")), 1);
	close_clinic(&c);
}

static void
a_conditional_create_makes_one(void **state)
{
	struct clinic c;
	struct reply first, second;

	open_clinic(*state, &c);
	first = ask(&c, c.ana, "POST", S("/fhir/Observation"), "If-None-Exist: identifier=urn:x%7Ci5\r\n",
	    lab(&c, c.maria_id, NULL, "5"));
	second = ask(&c, c.ana, "POST", S("/fhir/Observation"), "If-None-Exist: identifier=urn:x%7Ci5\r\n",
	    lab(&c, c.maria_id, NULL, "5"));
	assert_int_equal(first.status, 201);
	assert_int_equal(second.status, 200);
	assert_true(str_equal(reply_header(first, "Location"), reply_header(second, "Location")));
	assert_int_equal(total(&c, ASK(&c, maria, "GET", "/fhir/Observation")), 1);
	close_clinic(&c);
}

static void
every_read_and_write_is_in_the_trail(void **state)
{
	struct clinic c;
	struct reply reply;
	struct cx cx;
	struct db_rows rows;
	const struct audit_entry *entries;
	int64_t added;
	static const struct {
		int64_t action, subject, why;
	} wanted[] = {{AUDIT_SEARCH, AUDIT_LABS, ACCESS_SELF}, {AUDIT_VIEW, AUDIT_LABS, ACCESS_SELF},
	    {AUDIT_VIEW, AUDIT_LABS, ACCESS_SELF}, {AUDIT_CREATE, AUDIT_LABS, ACCESS_CARE_TEAM}};

	open_clinic(*state, &c);
	assert_int_equal(put_lab(&c, c.ana, c.maria_id, "lab-1", "1.0", "").status, 201);
	assert_int_equal(ASK(&c, maria, "GET", "/fhir/Observation/lab-1").status, 200);
	/* its entry is not waited for, but lies before that of the search in the journal's queue */
	reply = ask(&c, c.maria, "GET", S("/fhir/Observation/lab-1"), "If-None-Match: W/\"1\"\r\n", STR_NONE);
	assert_int_equal(reply.status, 304);
	assert_int_equal(total(&c, ASK(&c, maria, "GET", "/fhir/Observation?code=718-7")), 1);
	cx = world_cx(c.world);
	assert_ok(audit_index_follow(&cx, &added));
	assert_ok(audit_list(&cx, c.people.maria, INSTANT_NONE, 10, &rows));
	entries = rows.items;
	assert_int_equal(rows.count, 4);
	for (size_t i = 0; i < 4; i++) {
		assert_int_equal(entries[i].action, wanted[i].action);
		assert_int_equal(entries[i].subject, wanted[i].subject);
		assert_int_equal(entries[i].why, wanted[i].why);
	}
	db_release(&cx);
	close_clinic(&c);
}

int
main(void)
{
	const struct CMUnitTest list[] = {
	    WORLD_TEST(the_capability_statement_is_open_to_anyone),
	    WORLD_TEST(a_resource_is_created_read_changed_and_deleted),
	    WORLD_TEST(only_those_who_may_see_and_write),
	    WORLD_TEST(a_token_reaches_what_its_scope_names),
	    WORLD_TEST(what_is_sent_wrong_is_refused_with_words),
	    WORLD_TEST(a_search_finds_by_every_kind_of_parameter),
	    WORLD_TEST(patients_are_found_by_who_may_see_them),
	    WORLD_TEST(the_next_links_lead_through_the_whole_chart),
	    WORLD_TEST(a_transaction_is_whole_or_nothing),
	    WORLD_TEST(a_conditional_create_makes_one),
	    WORLD_TEST(every_read_and_write_is_in_the_trail),
	};

	log_set_level(LOG_ERROR);
	return cmocka_run_group_tests_name("record_api", list, NULL, NULL);
}
