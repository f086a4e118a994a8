/* SPDX-License-Identifier: Apache-2.0 */
/* Delegation over HTTP: every door that a delegate can use, for every set of rights, before, during and after; and the pages of
 * giving, taking and acting. */
#include "visitor.h"

#include "care/bluebutton/bluebutton.h"
#include "care/home/home.h"
#include "care/messaging/messaging.h"
#include "care/record/record_api.h"
#include "care/record/record_pages.h"
#include "care/sharing/sharing.h"
#include "exchange/fhir_messaging/fhir_messaging.h"
#include "trust/consent/consent.h"
#include "trust/portal/portal.h"

static const struct route *const tables[] = {record_api_routes, fhir_messaging_routes, record_pages_routes,
    messaging_routes, bluebutton_routes, home_routes, sharing_routes, portal_routes, asset_routes, NULL};

#define MESSAGE_WORDS "Zanzibar" /* in Bo's messages and nowhere else */
#define RECORD_WORDS  "Quinoa"   /* in his record and nowhere else */
#define ALL_RIGHTS    (RIGHT_MESSAGES_READ | RIGHT_MESSAGES_WRITE | RIGHT_RECORD_READ)

struct scene {
	struct visits v;
	thread_id thread;
	struct uuid file, draft, folder;
	delegation_id given;
	struct visitor bo, maria; /* maria's session acts for Bo */
};

/* ---- what Bo has ---- */

static const struct err *
put(struct tx *tx, void *draft)
{
	int64_t version;
	bool changed;

	return resource_put(tx, draft, &version, &changed);
}

static void
put_resource(struct scene *s, const char *text)
{
	struct cx cx = world_cx(s->v.world);
	struct resource_draft *draft;
	const struct json_value *json;

	assert_ok(json_parse(cx.arena, str_from_z(text), &json, NULL));
	assert_ok(resource_prepare(&cx,
	    &(struct resource_new){.patient = s->v.people.bo, .json = json, .id = json_text_at(json, "id")}, &draft));
	assert_ok(db_write(&cx, put, draft));
	db_release(&cx);
}

static struct cx
as(struct scene *s, account_id account, bool acting)
{
	struct cx cx = people_as_at(s->v.world, account, instant_read_clock());

	if (acting) {
		cx.who.is = WHO_DELEGATE;
		cx.who.patient = s->v.people.bo;
	}
	return cx;
}

static void
put_message(struct scene *s)
{
	struct cx bo = as(s, s->v.people.bo_account, false);
	struct draft draft = {.id = uuid_new(bo.now), .patient = s->v.people.bo, .body = S("x")};
	struct attachment file;
	struct sent sent;

	assert_ok(draft_save(&bo, &draft));
	assert_ok(message_attach(&bo, draft.id, S("a.txt"), S(MESSAGE_WORDS " in a file\n"), &file));
	db_refresh(&bo);
	assert_ok(thread_send_new(&bo,
	    &(struct thread_new){.key = draft.id,
		.patient = s->v.people.bo,
		.team = s->v.people.birch,
		.subject = S("About " MESSAGE_WORDS),
		.body = S("May I go to " MESSAGE_WORDS "?")},
	    &sent));
	s->thread = sent.thread;
	s->file = file.id;
	db_release(&bo);
}

/* Bo gives María exactly this; what she had before is replaced. */
static void
give(struct scene *s, unsigned rights)
{
	struct cx bo = as(s, s->v.people.bo_account, false), maria = as(s, s->v.people.maria_account, false);
	struct delegation_new in = {.key = uuid_new(bo.now),
	    .called = S("Maria"),
	    .rights = rights,
	    .since = INSTANT_NONE,
	    .until = INSTANT_NONE};
	struct delegation d;
	str code;

	assert_ok(delegation_offer(&bo, &in, &code));
	maria.now = bo.now = instant_read_clock();
	assert_ok(delegation_accept(&maria, code, &d));
	s->given = d.id;
	db_release(&bo);
	db_release(&maria);
}

/* María's session acts for Bo, or for herself. */
static struct visitor
acting(struct scene *s, struct visitor visitor, patient_id patient)
{
	struct cx cx = world_cx(s->v.world);

	cx.now = instant_read_clock();
	assert_ok(session_find(&cx, visitor.cookie, true));
	assert_ok(session_act_for(&cx, patient));
	db_refresh(&cx);
	assert_ok(session_find(&cx, visitor.cookie, true));
	visitor.form_token = arena_str(&s->v.world->arena, session_form_token(&cx));
	db_release(&cx);
	return visitor;
}

static void
open_scene(struct scene *s, struct world *world)
{
	*s = (struct scene){0};
	assert_ok(record_init(world->vault));
	visit_begin(&s->v, world, tables);
	put_resource(s,
	    "{\"resourceType\":\"Observation\",\"id\":\"bo-1\",\"status\":\"final\",\"category\":[{\"coding\":[{"
	    "\"code\":"
	    "\"laboratory\"}]}],\"code\":{\"text\":\"" RECORD_WORDS "\"},\"effectiveDateTime\":\"2020-01-02\","
	    "\"valueQuantity\":{\"value\":4.1}}");
	put_resource(s, "{\"resourceType\":\"Communication\",\"id\":\"bo-2\",\"status\":\"completed\",\"payload\":[{"
			"\"contentString\":"
			"\"They said " MESSAGE_WORDS "\"}]}");
	put_message(s);
	s->bo = visitor_of(&s->v, s->v.people.bo_account);
	s->maria = acting(s, visitor_of(&s->v, s->v.people.maria_account), s->v.people.bo);
}

/* ---- the matrix: rights × doors × times ---- */

/* What a door needs: the first row that fits. A door for delegates that fits none fails the test. */
static const struct {
	const char *path;
	enum http_method method; /* 0: any */
	unsigned right;          /* 0: the person's own */
} needs[] = {
    {"/messages/new", 0, RIGHT_MESSAGES_WRITE},
    {"/messages/teams", 0, RIGHT_MESSAGES_WRITE},
    {"/messages/sending/", 0, RIGHT_MESSAGES_WRITE},
    {"/messages", POST, RIGHT_MESSAGES_WRITE},
    {"/messages", GET, RIGHT_MESSAGES_READ},
    {"/events", GET, RIGHT_MESSAGES_READ},
    {"/fhir/Communication", GET, RIGHT_MESSAGES_READ},
    {"/fhir/", 0, RIGHT_RECORD_READ},
    {"/record", GET, RIGHT_RECORD_READ},
    {"/download", GET, RIGHT_RECORD_READ},
    {"/acting", 0, 0},
    {"/account", 0, 0},
    {"/sign-out", POST, 0},
};

static unsigned
right_of(const struct route *row)
{
	for (size_t i = 0; i < sizeof(needs) / sizeof(needs[0]); i++)
		if (str_starts(str_from_z(row->pattern), str_from_z(needs[i].path)) &&
		    (!needs[i].method || needs[i].method == row->method))
			return needs[i].right;
	fail_msg("say in `needs` what %s needs", row->pattern);
	return 0;
}

/* The pattern with what is Bo's in its places. */
static const char *
path_of(struct scene *s, const struct route *row)
{
	struct buf out = BUF_INIT(&s->v.trial.arena);
	str rest = str_from_z(row->pattern), name;
	bool communication = str_starts(rest, S("/fhir/Communication"));

	while (rest.p) {
		str piece;

		rest = str_cut(rest, '{', &piece);
		buf_add(&out, piece);
		if (!rest.p)
			break;
		rest = str_cut(rest, '}', &name);
		if (str_equal(name, S("thread")) || (communication && str_equal(name, S("id"))))
			buf_add_uuid(&out, s->thread.v);
		else if (str_equal(name, S("file")))
			buf_add_uuid(&out, s->file);
		else if (str_equal(name, S("draft")))
			buf_add_uuid(&out, s->draft);
		else if (str_equal(name, S("id")))
			buf_add(&out, S("bo-1"));
		else
			buf_add(&out, str_equal(name, S("type"))      ? S("Observation")
				      : str_equal(name, S("version")) ? S("1")
								      : S("0"));
	}
	return arena_z(&s->v.trial.arena, buf_str(&out));
}

static void
ask(struct scene *s, const struct route *row, unsigned rights, const char *when)
{
	unsigned needed = right_of(row);
	const char *path = path_of(s, row);
	bool may = needed && (rights & needed) == needed;
	struct reply reply;

	if (!needed || (may && row->face == FACE_EVENTS))
		return; /* one's own; a stream has no end */
	reply =
	    row->method == GET ? visit(&s->v, &s->maria, path) : submit(&s->v, &s->maria, path, "body=x&to=deleted");
	if (!may && reply.status != 403 && reply.status != 404 && !(row->face == FACE_EVENTS && reply.status == 401))
		fail_msg("%s %s with rights %u, %s: %d", row->method == GET ? "GET" : "POST", path, rights, when,
		    reply.status);
	if (may && row->method == GET && reply.status != 200 &&
	    (!strchr(row->pattern, '{') || strstr(row->pattern, "{thread}") || strstr(row->pattern, "{file}")))
		fail_msg("%s with rights %u, %s: %d: %.*s", path, rights, when, reply.status,
		    STR_ARG(str_take(reply.body, 2000)));
	if (!(rights & RIGHT_RECORD_READ) && str_contains(reply.body, S(RECORD_WORDS)))
		fail_msg("%s shows the record with rights %u, %s", path, rights, when);
	if (!(rights & RIGHT_MESSAGES_READ) && str_contains(reply.body, S(MESSAGE_WORDS)))
		fail_msg("%s shows messages with rights %u, %s", path, rights, when);
}

static void
ask_all(struct scene *s, unsigned rights, const char *when)
{
	/* Reading first: what is written then changes what there is. */
	for (int method = GET; method <= POST; method++)
		for (size_t t = 0; tables[t]; t++)
			for (const struct route *row = tables[t]; row->pattern; row++)
				if ((row->who & WHO_DELEGATE) && !(row->who & WHO_ANYONE) && (int)row->method == method)
					ask(s, row, rights, when);
}

static const struct err *
let_run_out(struct tx *tx, void *arg)
{
	return db_run(tx, SQL("UPDATE delegation SET until = $2 WHERE id = $1"),
	    BIND(DB(*(struct uuid *)arg), DB(instant_read_clock())), NULL);
}

static void
hidden_on_one_face_is_hidden_on_all(void **state)
{
	static const unsigned sets[] = {RIGHT_MESSAGES_READ, RIGHT_MESSAGES_READ | RIGHT_MESSAGES_WRITE,
	    RIGHT_RECORD_READ, RIGHT_MESSAGES_READ | RIGHT_RECORD_READ, ALL_RIGHTS};
	struct scene s;
	struct cx cx;

	open_scene(&s, *state);
	ask_all(&s, 0, "before");
	give(&s, ALL_RIGHTS);
	cx = as(&s, s.v.people.maria_account, true);
	assert_ok(messaging_terms_choose(&cx, true));
	s.draft = uuid_new(cx.now);
	assert_ok(draft_save(&cx, &(struct draft){.id = s.draft, .patient = s.v.people.bo, .body = S(MESSAGE_WORDS)}));
	db_release(&cx);
	for (size_t i = 0; i < sizeof(sets) / sizeof(sets[0]); i++) {
		give(&s, sets[i]);
		ask_all(&s, sets[i], "while it holds");
		if (i % 2) {
			cx = as(&s, s.v.people.bo_account, false);
			assert_ok(delegation_withdraw(&cx, s.given));
			db_release(&cx);
			ask_all(&s, 0, "after it was withdrawn");
		} else {
			assert_ok(db_write(&s.v.world->cx, let_run_out, &s.given.v));
			ask_all(&s, 0, "after it ran out");
		}
	}
	visit_end(&s.v);
}

static void
one_face_shows_what_the_other_shows(void **state)
{
	struct scene s;

	open_scene(&s, *state);
	give(&s, ALL_RIGHTS);
	assert_shows(visit(&s.v, &s.maria, path_z(&s.v, "/messages/%s", id_z(&s.v, s.thread.v))), MESSAGE_WORDS);
	assert_shows(visit(&s.v, &s.maria, path_z(&s.v, "/messages/%s/text", id_z(&s.v, s.thread.v))), MESSAGE_WORDS);
	assert_shows(visit(&s.v, &s.maria, "/messages/search?q=" MESSAGE_WORDS), MESSAGE_WORDS);
	assert_shows(visit(&s.v, &s.maria, "/record/labs"), RECORD_WORDS);
	assert_shows(visit(&s.v, &s.maria, "/download/salve-record.txt"), RECORD_WORDS);
	assert_shows(visit(&s.v, &s.maria, "/download/salve-record.json"), RECORD_WORDS);
	assert_shows(visit(&s.v, &s.maria, "/fhir/Observation"), RECORD_WORDS);
	assert_shows(visit(&s.v, &s.maria, "/fhir/Communication/bo-2"), MESSAGE_WORDS);
	give(&s, RIGHT_RECORD_READ); /* the record alone */
	assert_lacks(visit(&s.v, &s.maria, "/download/salve-record.txt"), MESSAGE_WORDS);
	assert_lacks(visit(&s.v, &s.maria, "/download/salve-record.json"), MESSAGE_WORDS);
	assert_int_equal(visit(&s.v, &s.maria, "/fhir/Communication/bo-2").status, 404);
	give(&s, RIGHT_MESSAGES_READ); /* messages alone */
	assert_lacks(visit(&s.v, &s.maria, "/fhir/Communication"), RECORD_WORDS);
	assert_lacks(visit(&s.v, &s.maria, "/messages"), RECORD_WORDS);
	visit_end(&s.v);
}

/* ---- the number beside "Messages" ---- */

static void
ben_answers(struct scene *s, str body)
{
	struct cx ben = as(s, s->v.people.ben, false);
	struct sent sent;

	assert_ok(thread_reply(
	    &ben, &(struct thread_reply){.key = uuid_new(ben.now), .thread = s->thread, .body = body}, &sent));
	db_release(&ben);
}

/* The number is hidden when it is 0. */
#define NOTHING_NEW "data-live-count=\"unread\" hidden>0</span>"
#define ONE_NEW     "data-live-count=\"unread\">1</span>"

static void
the_number_beside_messages_is_of_the_patient_acted_for(void **state)
{
	struct scene s;
	struct visitor own;
	patient_id nobody = {{{0}}};
	const char *thread;

	open_scene(&s, *state);
	give(&s, RIGHT_MESSAGES_READ);
	assert_shows(visit(&s.v, &s.maria, "/messages"), NOTHING_NEW);
	ben_answers(&s, S("Yes, on Monday."));
	ben_answers(&s, S("At ten."));
	assert_shows(visit(&s.v, &s.maria, "/messages"), ONE_NEW); /* conversations, as everybody's */
	assert_shows(visit(&s.v, &s.bo, "/messages"), ONE_NEW);
	thread = path_z(&s.v, "/messages/%s", id_z(&s.v, s.thread.v));
	assert_int_equal(visit(&s.v, &s.maria, thread).status, 200);
	assert_shows(visit(&s.v, &s.maria, "/messages"), NOTHING_NEW);
	assert_shows(visit(&s.v, &s.bo, "/messages"), ONE_NEW); /* he has not read it */
	ben_answers(&s, S("Bring the cast."));
	assert_shows(visit(&s.v, &s.maria, "/acting"), ONE_NEW);
	own = acting(&s, s.maria, nobody);
	assert_shows(visit(&s.v, &own, "/messages"), NOTHING_NEW); /* nothing of it is her own */
	give(&s, RIGHT_RECORD_READ);
	s.maria = acting(&s, own, s.v.people.bo);
	assert_lacks(visit(&s.v, &s.maria, "/record"), "data-live-count"); /* nor told without the right */
	visit_end(&s.v);
}

/* ---- two tabs ---- */

static void
a_form_is_sent_for_whom_it_was_opened_or_not_at_all(void **state)
{
	struct scene s;
	struct visitor own, for_bo;
	patient_id nobody = {{{0}}};
	const char *path;

	open_scene(&s, *state);
	give(&s, ALL_RIGHTS);
	for_bo = s.maria; /* a tab that was opened while acting */
	path = path_z(&s.v, "/messages/draft");
	assert_int_equal(
	    submit(&s.v, &for_bo, path, "key=%s&body=x", id_z(&s.v, uuid_new(instant_read_clock()))).status, 200);
	own = acting(&s, for_bo, nobody); /* the other tab goes back to her own pages */
	assert_int_equal(
	    submit(&s.v, &for_bo, path, "key=%s&body=x", id_z(&s.v, uuid_new(instant_read_clock()))).status, 403);
	assert_int_equal(
	    submit(&s.v, &own, path, "key=%s&body=x", id_z(&s.v, uuid_new(instant_read_clock()))).status, 200);
	for_bo = acting(&s, own, s.v.people.bo); /* and acts again: now her own tab is the stale one */
	assert_int_equal(
	    submit(&s.v, &own, path, "key=%s&body=x", id_z(&s.v, uuid_new(instant_read_clock()))).status, 403);
	visit_end(&s.v);
}

/* ---- guessing a code ---- */

static int
guess(struct scene *s, struct visitor *who, int n)
{
	who->address = path_z(&s->v, "203.0.113.%d", n % 250);
	return submit(&s->v, who, n % 2 ? "/sharing/accept" : "/sharing/accept/answer", "do=accept&code=%012d", n)
	    .status;
}

/* Each guess from another address: what ends it is the account's own limit. */
static void
an_account_guesses_no_faster_from_many_addresses(void **state)
{
	struct scene s = {.v = {.usual_rates = true}};
	patient_id nobody = {{{0}}};
	struct visitor own, bo;

	assert_ok(record_init(((struct world *)*state)->vault));
	visit_begin(&s.v, *state, tables);
	own = acting(&s, visitor_of(&s.v, s.v.people.maria_account), nobody);
	bo = visitor_of(&s.v, s.v.people.bo_account);
	for (int i = 0; i < HTTP_RATE_CODES_PER_HOUR; i++)
		assert_int_equal(guess(&s, &own, i), 404);
	assert_int_equal(guess(&s, &own, HTTP_RATE_CODES_PER_HOUR), 429);
	assert_int_equal(guess(&s, &own, HTTP_RATE_CODES_PER_HOUR + 1), 429);
	assert_int_equal(guess(&s, &bo, 0), 404);                   /* another account is free to try */
	assert_int_equal(visit(&s.v, &own, "/acting").status, 200); /* and she to go on with the rest */
	visit_end(&s.v);
}

/* ---- the pages ---- */

static str
code_in(struct scene *s, struct reply reply)
{
	str body = reply.body, value;
	size_t at;

	(void)s;
	assert_int_equal(reply.status, 200);
	assert_true(str_find(body, S("<p class=\"value\">"), &at));
	str_cut(str_drop(body, at + 17), '<', &value);
	return value;
}

static void
given_taken_used_and_ended_by_pages(void **state)
{
	struct scene s;
	struct visitor maria, ben;
	patient_id nobody = {{{0}}};
	struct reply reply;
	str code;

	open_scene(&s, *state);
	maria = acting(&s, s.maria, nobody);
	ben = visitor_of(&s.v, s.v.people.ben);
	assert_shows(visit(&s.v, &s.bo, "/sharing"), "Nobody acts for you");
	assert_int_equal(submit(&s.v, &s.bo, "/sharing/new", "called=Maria").status, 400); /* nothing chosen */
	reply = submit(&s.v, &s.bo, "/sharing/new", "called=Maria&relation=my+neighbor&messages-write=yes");
	code = code_in(&s, reply);
	assert_shows(visit(&s.v, &s.bo, "/sharing"), "Waits for the code");
	assert_int_equal(submit(&s.v, &maria, "/sharing/accept", "code=0000-0000-0000").status, 404);
	reply = submit(&s.v, &maria, "/sharing/accept", "code=%s", coded(&s.v, code));
	assert_shows(reply, "Act for Bo Lee?");
	assert_shows(reply, "You may not");
	assert_shows(submit(&s.v, &ben, "/sharing/accept", "code=%s", coded(&s.v, code)), "your work account");
	assert_int_equal(
	    submit(&s.v, &ben, "/sharing/accept/answer", "do=accept&code=%s", coded(&s.v, code)).status, 403);
	assert_moved(submit(&s.v, &maria, "/sharing/accept/answer", "do=accept&code=%s", coded(&s.v, code)));
	assert_shows(visit(&s.v, &maria, "/acting"), "Act for Bo Lee");
	assert_lacks(visit(&s.v, &maria, "/acting"), "You are acting for");
	assert_str_equal(
	    assert_moved(submit(&s.v, &maria, "/acting", "patient=%s", id_z(&s.v, s.v.people.bo.v))), "/messages");
	assert_shows(visit(&s.v, &maria, "/messages"), "You are acting for Bo Lee.");
	assert_int_equal(visit(&s.v, &maria, "/home").status, 403);
	assert_int_equal(visit(&s.v, &maria, "/looked").status, 403);
	assert_int_equal(visit(&s.v, &maria, "/sharing").status, 403);
	maria = acting(&s, maria, s.v.people.bo);
	assert_int_equal(submit(&s.v, &maria, "/acting", "patient=%s", id_z(&s.v, s.v.people.maria.v)).status, 404);
	assert_shows(visit(&s.v, &s.bo, "/sharing"), "María López");
	reply = visit(&s.v, &s.bo, "/sharing");
	{ /* one press, and the next click is gone */
		struct cx cx = as(&s, s.v.people.bo_account, false);
		struct db_rows rows;
		const struct delegation *d;

		assert_ok(delegations_given(&cx, &rows));
		d = rows.items;
		assert_moved(submit(&s.v, &s.bo, path_z(&s.v, "/sharing/%s/withdraw", id_z(&s.v, d->id.v)), "a=b"));
		db_release(&cx);
	}
	reply = visit(&s.v, &maria, "/messages");
	assert_int_equal(reply.status, 404);
	assert_true(str_contains(reply.body, S("You can no longer act for Bo Lee.")));
	assert_str_equal(assert_moved(submit(&s.v, &maria, "/acting/end", "a=b")), "/");
	assert_int_equal(visit(&s.v, &maria, "/home").status, 200);
	visit_end(&s.v);
}

static void
a_caregiver_makes_an_account_with_the_code_alone(void **state)
{
	struct scene s;
	struct visitor carla = {0};
	struct reply reply;
	str code, cookie;

	open_scene(&s, *state);
	code = code_in(&s, submit(&s.v, &s.bo, "/sharing/new", "called=Carla&messages-read=yes"));
	reply = submit(&s.v, NULL, "/sharing/accept", "code=%s", coded(&s.v, code));
	assert_shows(reply, "You have no account here");
	assert_int_equal(
	    submit(&s.v, NULL, "/sharing/accept/new", "code=0000&name=C&login=c&password=a+long+enough+sentence")
		.status,
	    404);
	assert_int_equal(submit(&s.v, NULL, "/sharing/accept/new", "code=%s&name=Carla+Diaz&login=carla&password=short",
			     coded(&s.v, code))
			     .status,
	    400);
	assert_int_equal(submit(&s.v, NULL, "/sharing/accept/new",
			     "code=%s&name=Carla+Diaz&login=bo&password=a+long+enough+sentence", coded(&s.v, code))
			     .status,
	    409);
	reply = submit(&s.v, NULL, "/sharing/accept/new",
	    "code=%s&name=Carla+Diaz&login=carla&password=a+long+enough+sentence", coded(&s.v, code));
	assert_moved(reply);
	cookie = reply_header(reply, "Set-Cookie");
	str_cut(str_drop(cookie, sizeof("salve=") - 1), ';', &carla.cookie);
	assert_shows(visit(&s.v, &carla, "/acting"), "Act for Bo Lee");
	assert_int_equal(visit(&s.v, &carla, "/messages").status, 404); /* nobody chosen yet */
	assert_int_equal(visit(&s.v, &carla, "/home").status, 403);
	carla = acting(&s, carla, s.v.people.bo);
	assert_shows(visit(&s.v, &carla, "/messages"), MESSAGE_WORDS);
	assert_shows(visit(&s.v, &carla, "/account"), "Carla Diaz");
	visit_end(&s.v);
}

int
main(void)
{
	const struct CMUnitTest list[] = {
	    WORLD_TEST(hidden_on_one_face_is_hidden_on_all),
	    WORLD_TEST(one_face_shows_what_the_other_shows),
	    WORLD_TEST(the_number_beside_messages_is_of_the_patient_acted_for),
	    WORLD_TEST(a_form_is_sent_for_whom_it_was_opened_or_not_at_all),
	    WORLD_TEST(an_account_guesses_no_faster_from_many_addresses),
	    WORLD_TEST(given_taken_used_and_ended_by_pages),
	    WORLD_TEST(a_caregiver_makes_an_account_with_the_code_alone),
	};

	return cmocka_run_group_tests_name("sharing", list, NULL, NULL);
}
