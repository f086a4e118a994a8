/* SPDX-License-Identifier: Apache-2.0 */
/* Delegation over HTTP: every door that a delegate can use, for every set of rights, before, during and after. */
#include "care/sharing/sharing_test_help.h"

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
    {"/download", 0, RIGHT_RECORD_READ},
    {"/prescriptions/taking/say", 0, RIGHT_PRESCRIPTIONS},
    {"/prescriptions/{id}/renew", 0, RIGHT_PRESCRIPTIONS},
    {"/prescriptions", POST, RIGHT_PRESCRIPTIONS},
    {"/prescriptions", GET, RIGHT_RECORD_READ},
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
		for (size_t t = 0; sharing_doors[t]; t++)
			for (const struct route *row = sharing_doors[t]; row->pattern; row++)
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
	    RIGHT_RECORD_READ, RIGHT_MESSAGES_READ | RIGHT_RECORD_READ, RIGHT_RECORD_READ | RIGHT_PRESCRIPTIONS,
	    ALL_RIGHTS};
	struct scene s;
	struct cx cx;

	scene_open(&s, *state);
	ask_all(&s, 0, "before");
	scene_give(&s, ALL_RIGHTS);
	cx = scene_as(&s, s.v.people.maria_account, true);
	assert_ok(messaging_terms_choose(&cx, true));
	s.draft = uuid_new(cx.now);
	assert_ok(draft_save(&cx, &(struct draft){.id = s.draft, .patient = s.v.people.bo, .body = S(MESSAGE_WORDS)}));
	db_release(&cx);
	for (size_t i = 0; i < sizeof(sets) / sizeof(sets[0]); i++) {
		scene_give(&s, sets[i]);
		ask_all(&s, sets[i], "while it holds");
		if (i % 2) {
			cx = scene_as(&s, s.v.people.bo_account, false);
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

	scene_open(&s, *state);
	scene_give(&s, ALL_RIGHTS);
	assert_shows(visit(&s.v, &s.maria, path_z(&s.v, "/messages/%s", id_z(&s.v, s.thread.v))), MESSAGE_WORDS);
	assert_shows(visit(&s.v, &s.maria, path_z(&s.v, "/messages/%s/text", id_z(&s.v, s.thread.v))), MESSAGE_WORDS);
	assert_shows(visit(&s.v, &s.maria, "/messages/search?q=" MESSAGE_WORDS), MESSAGE_WORDS);
	assert_shows(visit(&s.v, &s.maria, "/record/labs"), RECORD_WORDS);
	assert_shows(visit(&s.v, &s.maria, "/download/salve-record.txt"), RECORD_WORDS);
	assert_shows(visit(&s.v, &s.maria, "/download/salve-record.json"), RECORD_WORDS);
	assert_shows(visit(&s.v, &s.maria, "/fhir/Observation"), RECORD_WORDS);
	assert_shows(visit(&s.v, &s.maria, "/fhir/Communication/bo-2"), MESSAGE_WORDS);
	scene_give(&s, RIGHT_RECORD_READ); /* the record alone */
	assert_lacks(visit(&s.v, &s.maria, "/download/salve-record.txt"), MESSAGE_WORDS);
	assert_lacks(visit(&s.v, &s.maria, "/download/salve-record.json"), MESSAGE_WORDS);
	assert_int_equal(visit(&s.v, &s.maria, "/fhir/Communication/bo-2").status, 404);
	scene_give(&s, RIGHT_MESSAGES_READ); /* messages alone */
	assert_lacks(visit(&s.v, &s.maria, "/fhir/Communication"), RECORD_WORDS);
	assert_lacks(visit(&s.v, &s.maria, "/messages"), RECORD_WORDS);
	visit_end(&s.v);
}

/* ---- the number beside "Messages" ---- */

static void
ben_answers(struct scene *s, str body)
{
	struct cx ben = scene_as(s, s->v.people.ben, false);
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

	scene_open(&s, *state);
	scene_give(&s, RIGHT_MESSAGES_READ);
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
	own = scene_acting(&s, s.maria, nobody);
	assert_shows(visit(&s.v, &own, "/messages"), NOTHING_NEW); /* nothing of it is her own */
	scene_give(&s, RIGHT_RECORD_READ);
	s.maria = scene_acting(&s, own, s.v.people.bo);
	assert_lacks(visit(&s.v, &s.maria, "/record"), "data-live-count"); /* nor told without the right */
	visit_end(&s.v);
}

int
main(void)
{
	const struct CMUnitTest list[] = {
	    WORLD_TEST(hidden_on_one_face_is_hidden_on_all),
	    WORLD_TEST(one_face_shows_what_the_other_shows),
	    WORLD_TEST(the_number_beside_messages_is_of_the_patient_acted_for),
	};

	return cmocka_run_group_tests_name("sharing", list, NULL, NULL);
}
