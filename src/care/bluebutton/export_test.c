/* SPDX-License-Identifier: Apache-2.0 */
/* Prepared downloads: asked for, made, fetched whole and in pieces; what happens when making fails, dies, or takes too long; who
 * gets them. */
#include <stdlib.h>

#include "bluebutton_test_help.h"
#include "visitor.h"

#include "care/bluebutton/export_store.h"
#include "platform/crypto/crypto.h"
#include "trust/portal/portal.h"

static struct uuid
ask(struct clinic *c, struct cx *cx, const char *file)
{
	struct export_new in = {.id = uuid_new(cx->now),
	    .patient = c->patient,
	    .format = download_format_find(str_from_z(file)),
	    .query = S(""),
	    .base = S("https://portal.example.org/fhir")};

	assert_ok(export_ask(cx, &in));
	return in.id;
}

static struct export now_of(struct clinic *c, struct cx *cx, struct uuid id)
{
	struct export out;

	db_refresh(cx);
	assert_ok(export_get(cx, c->patient, id, &out));
	return out;
}

static struct cx
program_at(struct world *world, instant now)
{
	struct cx cx = world_cx(world);

	cx.now = now;
	cx.who = (struct who){.is = WHO_SYSTEM};
	return cx;
}

static void
work_at(struct world *world, instant now)
{
	struct cx cx = program_at(world, now);

	assert_ok(exports_work(&cx));
	db_release(&cx);
}

static str
whole(struct clinic *c, struct cx *cx, const struct export *export)
{
	buf_clear(&c->out);
	assert_ok(export_read(cx, export, 0, export->bytes - 1, &(struct sink){clinic_keep, &c->out}));
	return buf_str(&c->out);
}

static void
what_was_asked_for_is_made_and_can_be_fetched(void **state)
{
	struct world *world = *state;
	struct zip_entries entries;
	struct clinic c;
	struct export e;
	struct uuid id;
	unsigned char sum[32];
	str bytes;

	if (!clinic_open(world, &c))
		return;
	clinic_lives(world, &c);
	id = ask(&c, &c.cx, "salve-everything.zip");
	e = now_of(&c, &c.cx, id);
	assert_int_equal(e.state, EXPORT_WAITING);
	assert_true(e.total > 200);
	work_at(world, c.px.now);
	e = now_of(&c, &c.cx, id);
	assert_int_equal(e.state, EXPORT_READY);
	assert_true(e.done > 0 && e.done <= e.total);
	bytes = whole(&c, &c.cx, &e);
	assert_int_equal(bytes.n, e.bytes);
	assert_true(bytes.n > EXPORT_CHUNK_BYTES); /* several chunks */
	sha256(bytes, sum);
	assert_true(str_equal(hex_text(&world->arena, (str){(char *)sum, 32}), e.sha256));
	assert_ok(zip_read(&world->arena, bytes, &entries));
	assert_non_null(zip_find(&entries, S("manifest.json")));
	db_release(&c.cx);
}

static void
any_piece_is_that_piece_of_the_whole(void **state)
{
	struct world *world = *state;
	struct clinic c;
	struct export e;
	struct uuid id;
	str bytes;

	if (!clinic_open(world, &c))
		return;
	clinic_lives(world, &c);
	id = ask(&c, &c.cx, "salve-everything.zip");
	work_at(world, c.px.now);
	e = now_of(&c, &c.cx, id);
	bytes = arena_str(&world->arena, whole(&c, &c.cx, &e));
	for (int i = 0; i < 60; i++) {
		int64_t first, last, edge = (int64_t)EXPORT_CHUNK_BYTES;
		uint32_t dice[2];
		bool at_edge = i < 4 && e.bytes > (int64_t)EXPORT_CHUNK_BYTES + 4;

		random_bytes(dice, sizeof(dice));
		first = at_edge ? edge - 2 + i : (int64_t)(dice[0] % (uint64_t)e.bytes);
		last = at_edge ? edge + i : first + (int64_t)(dice[1] % (uint64_t)(e.bytes - first));
		buf_clear(&c.out);
		assert_ok(export_read(&c.cx, &e, first, last, &(struct sink){clinic_keep, &c.out}));
		assert_int_equal(c.out.n, last - first + 1);
		assert_memory_equal(c.out.p, bytes.p + first, c.out.n);
	}
	db_release(&c.cx);
}

static void
only_whoever_asked_gets_it_and_only_while_they_may(void **state)
{
	struct world *world = *state;
	struct clinic c;
	struct export e;
	struct cx bo, nurse;
	struct uuid id;

	if (!clinic_open(world, &c))
		return;
	clinic_lives(world, &c);
	id = ask(&c, &c.cx, "salve-record.txt");
	work_at(world, c.px.now);
	bo = people_as_at(world, c.people.bo_account, c.px.now);
	nurse = people_as_at(world, c.people.ana, c.px.now);
	assert_fails(export_get(&bo, c.patient, id, &e), ERR_GONE);
	assert_fails(export_get(&nurse, c.patient, id, &e), ERR_GONE); /* she sees the record, but this is not hers */
	c.cx.now = instant_add_ms(c.px.now, EXPORT_DAYS * DAY_MS + SECOND_MS);
	assert_fails(export_get(&c.cx, c.patient, id, &e), ERR_GONE); /* over */
	db_release(&bo);
	db_release(&nurse);
	db_release(&c.cx);
}

static void
a_delegate_without_messages_gets_none_that_were_made_before(void **state)
{
	struct world *world = *state;
	struct people p;
	struct export_new in;
	struct export e;
	struct cx maria;

	assert_ok(record_init(world->vault));
	people_setup(world, &p);
	people_delegate(world, &p, RIGHT_RECORD_READ | RIGHT_MESSAGES_READ);
	maria = people_acting(world, p.maria_account, p.bo);
	in = (struct export_new){.id = uuid_new(maria.now),
	    .patient = p.bo,
	    .format = download_format_find(S("salve-record.txt")),
	    .query = S(""),
	    .base = S("https://portal.example.org/fhir")};
	assert_ok(export_ask(&maria, &in));
	work_at(world, world->cx.now);
	db_refresh(&maria);
	assert_ok(export_get(&maria, p.bo, in.id, &e));
	assert_int_equal(e.state, EXPORT_READY);
	people_delegate(world, &p, RIGHT_RECORD_READ);
	db_refresh(&maria);
	assert_fails(export_get(&maria, p.bo, in.id, &e), ERR_GONE);
	people_delegate(world, &p, RIGHT_RECORD_READ | RIGHT_MESSAGES_READ);
	db_refresh(&maria);
	assert_ok(export_get(&maria, p.bo, in.id, &e));
	db_release(&maria);
}

static int64_t
chunks_left(struct world *world)
{
	struct cx cx = world_cx(world);
	int64_t count;

	assert_ok(db_one(&cx, SQL("SELECT count(*) FROM export_chunk"), BIND_NONE, INTO(&count, ONE_INT)));
	db_release(&cx);
	return count;
}

static void
it_is_gone_after_its_days_or_when_it_is_deleted(void **state)
{
	struct world *world = *state;
	struct clinic c;
	struct export e;
	struct uuid first, second;

	if (!clinic_open(world, &c))
		return;
	clinic_lives(world, &c);
	first = ask(&c, &c.cx, "salve-record.txt");
	second = ask(&c, &c.cx, "salve-tables.zip");
	work_at(world, c.px.now);
	work_at(world, c.px.now);
	e = now_of(&c, &c.cx, second);
	assert_int_equal(e.state, EXPORT_READY);
	assert_ok(export_delete(&c.cx, &e));
	assert_fails(export_get(&c.cx, c.patient, second, &e), ERR_GONE);
	assert_true(chunks_left(world) > 0);
	e = now_of(&c, &c.cx, first);
	work_at(world, e.expires_at);
	db_refresh(&c.cx);
	assert_fails(export_get(&c.cx, c.patient, first, &e), ERR_GONE);
	assert_int_equal(chunks_left(world), 0);
	db_release(&c.cx);
}

/* Whichever statement fails, the next tries make it, or it says that it failed and can be tried again. */
static void
a_failure_anywhere_is_tried_again_and_never_hangs(void **state)
{
	struct world *world = *state;
	struct clinic c;
	struct export e;
	bool ended = false;

	if (!clinic_open(world, &c))
		return;
	clinic_lives(world, &c);
	for (int64_t nth = 1; !ended; nth++) {
		instant now = c.px.now;
		struct uuid id = ask(&c, &c.cx, "salve-record.txt");
		struct cx cx = program_at(world, now);
		const struct err *error;

		db_fault_arm(world->db, DB_FAULT_ERROR, nth);
		error = exports_work(&cx);
		ended = db_fault_count(world->db) < nth;
		db_fault_arm(world->db, DB_FAULT_NONE, 0);
		db_release(&cx);
		if (ended)
			assert_ok(error);
		for (int i = 0; i < 3; i++) {
			now = instant_add_ms(now, EXPORT_SILENT_MS + SECOND_MS);
			work_at(world, now);
		}
		e = now_of(&c, &c.cx, id);
		if (e.state == EXPORT_FAILED) {
			assert_true(e.trouble.n > 0);
			assert_ok(export_again(&c.cx, &e));
			work_at(world, now);
			e = now_of(&c, &c.cx, id);
		}
		assert_int_equal(e.state, EXPORT_READY);
		assert_true(str_contains(whole(&c, &c.cx, &e), S("END OF THE RECORD")));
		assert_ok(export_delete(&c.cx, &e));
		assert_int_equal(chunks_left(world), 0);
	}
	db_release(&c.cx);
}

static const struct err *
claim_and_die(struct tx *tx, void *arg)
{
	bool mine;

	TRY(export_row_claim(tx, arg, tx->cx->now, &mine));
	assert_true(mine);
	return NULL;
}

static void
a_maker_that_dies_three_times_has_failed(void **state)
{
	struct world *world = *state;
	struct clinic c;
	struct export e;
	struct uuid id;
	instant now;

	if (!clinic_open(world, &c))
		return;
	clinic_lives(world, &c);
	id = ask(&c, &c.cx, "salve-record.txt");
	now = c.px.now;
	for (int i = 0; i < EXPORT_ATTEMPTS; i++) {
		struct cx cx = program_at(world, now);

		e = now_of(&c, &c.cx, id);
		assert_ok(db_write(&cx, claim_and_die, &e));
		work_at(world, instant_add_ms(now, SECOND_MS)); /* somebody is at it */
		assert_int_equal(now_of(&c, &c.cx, id).state, EXPORT_RUNNING);
		now = instant_add_ms(now, EXPORT_SILENT_MS + SECOND_MS);
		db_release(&cx);
	}
	work_at(world, now);
	e = now_of(&c, &c.cx, id);
	assert_int_equal(e.state, EXPORT_FAILED);
	assert_ok(export_again(&c.cx, &e));
	work_at(world, now);
	assert_int_equal(now_of(&c, &c.cx, id).state, EXPORT_READY);
	db_release(&c.cx);
}

static void
nobody_keeps_more_than_a_few(void **state)
{
	struct world *world = *state;
	struct clinic c;
	struct export_new in;

	if (!clinic_open(world, &c))
		return;
	clinic_lives(world, &c);
	for (int i = 0; i < EXPORTS_MAX; i++)
		ask(&c, &c.cx, "salve-record.txt");
	in = (struct export_new){
	    .id = uuid_new(c.px.now), .patient = c.patient, .format = download_formats, .query = S(""), .base = S("x")};
	assert_fails(export_ask(&c.cx, &in), ERR_INVALID);
	db_release(&c.cx);
}

/* ---- over HTTP ---- */

static const struct route *const doors[] = {bluebutton_routes, portal_routes, asset_routes, NULL};

static struct reply
fetch(struct visits *v, const struct visitor *who, const char *path, const char *headers)
{
	return client_get(&v->trial, path,
	    arena_printf(&v->trial.arena, "Cookie: salve=%.*s\r\n%s", STR_ARG(who->cookie), headers).p);
}

static void
a_download_that_broke_goes_on_where_it_stopped(void **state)
{
	struct world *world = *state;
	struct visits v = {0};
	struct visitor maria, bo;
	struct reply reply, part;
	const char *page, *file;
	str etag;

	assert_ok(record_init(world->vault));
	visit_begin(&v, world, doors);
	maria = visitor_of(&v, v.people.maria_account);
	bo = visitor_of(&v, v.people.bo_account);
	page = arena_z(
	    &world->arena, assert_moved(submit(&v, &maria, "/download/prepared",
			       "key=%s&file=salve-record.txt&query=", id_z(&v, uuid_new(instant_read_clock())))));
	assert_shows(visit(&v, &maria, page), "Waiting for its turn");
	work_at(world, instant_read_clock());
	assert_shows(visit(&v, &maria, page), "Save the file");
	assert_shows(visit(&v, &maria, "/download"), "Prepared downloads");
	assert_int_equal(visit(&v, &bo, page).status, 404);
	file = path_z(&v, "%s/salve-record.txt", page);
	assert_int_equal(visit(&v, &bo, file).status, 404);
	reply = fetch(&v, &maria, file, "");
	assert_int_equal(reply.status, 200);
	assert_true(reply.is_whole);
	assert_true(str_contains(reply.body, S("END OF THE RECORD")));
	assert_str_equal(reply_header(reply, "Accept-Ranges"), "bytes");
	etag = reply_header(reply, "ETag");
	assert_int_equal(etag.n, 66);
	part = fetch(&v, &maria, file, "Range: bytes=100-199\r\n");
	assert_int_equal(part.status, 206);
	assert_int_equal(part.body.n, 100);
	assert_memory_equal(part.body.p, reply.body.p + 100, 100);
	assert_true(str_starts(reply_header(part, "Content-Range"), S("bytes 100-199/")));
	part = fetch(
	    &v, &maria, file, arena_printf(&world->arena, "Range: bytes=200-\r\nIf-Range: %.*s\r\n", STR_ARG(etag)).p);
	assert_int_equal(part.status, 206);
	assert_int_equal(part.body.n, reply.body.n - 200);
	part = fetch(&v, &maria, file, "Range: bytes=200-\r\nIf-Range: \"other\"\r\n");
	assert_int_equal(part.status, 200);
	assert_int_equal(part.body.n, reply.body.n);
	assert_int_equal(fetch(&v, &maria, file, "Range: bytes=999999999-\r\n").status, 416);
	assert_int_equal(
	    fetch(&v, &maria, file, arena_printf(&world->arena, "If-None-Match: %.*s\r\n", STR_ARG(etag)).p).status,
	    304);
	assert_str_equal(assert_moved(submit(&v, &maria, path_z(&v, "%s/delete", page), "x=1")), "/download");
	assert_int_equal(visit(&v, &maria, page).status, 404);
	visit_end(&v);
}

static void
a_short_file_leaves_with_its_check_sum_and_a_choice_is_honoured(void **state)
{
	struct world *world = *state;
	struct visits v = {0};
	struct visitor maria, ana;
	struct reply reply;
	patient_id id;

	assert_ok(record_init(world->vault));
	visit_begin(&v, world, doors);
	maria = visitor_of(&v, v.people.maria_account);
	ana = visitor_of(&v, v.people.ana);
	id = v.people.maria;
	reply = visit(&v, &maria,
	    "/download/"
	    "salve-record.txt?part=allergies&from.year=2020&from.month=1&from.day=1&until.year=2020&until.month=12&"
	    "until.day=31");
	assert_shows(reply, "Allergies, from 1 January 2020 to 31 December 2020");
	assert_lacks(reply, "LAB RESULTS");
	assert_true(str_starts(reply_header(reply, "Repr-Digest"), S("sha-256=:")));
	assert_int_equal(
	    visit(&v, &maria, "/download/salve-record.txt?from.year=2020&from.month=13&from.day=1").status, 400);
	assert_int_equal(visit(&v, &maria, "/download?part=labs&until.year=nonsense").status, 400);
	assert_int_equal(visit(&v, &maria, "/download/unknown.exe").status, 404);
	assert_shows(visit(&v, &ana, path_z(&v, "/patients/%s/download", id_z(&v, id.v))), "For this patient only");
	assert_shows(
	    visit(&v, &ana, path_z(&v, "/patients/%s/download/salve-record.txt", id_z(&v, id.v))), "HEALTH RECORD");
	assert_int_equal(
	    visit(&v, &ana, path_z(&v, "/patients/%s/download/salve-record.txt", id_z(&v, v.people.bo.v))).status, 404);
	visit_end(&v);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    WORLD_TEST(what_was_asked_for_is_made_and_can_be_fetched),
	    WORLD_TEST(any_piece_is_that_piece_of_the_whole),
	    WORLD_TEST(only_whoever_asked_gets_it_and_only_while_they_may),
	    WORLD_TEST(a_delegate_without_messages_gets_none_that_were_made_before),
	    WORLD_TEST(it_is_gone_after_its_days_or_when_it_is_deleted),
	    WORLD_TEST(a_failure_anywhere_is_tried_again_and_never_hangs),
	    WORLD_TEST(a_maker_that_dies_three_times_has_failed),
	    WORLD_TEST(nobody_keeps_more_than_a_few),
	    WORLD_TEST(a_download_that_broke_goes_on_where_it_stopped),
	    WORLD_TEST(a_short_file_leaves_with_its_check_sum_and_a_choice_is_honoured),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
