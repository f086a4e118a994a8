/* SPDX-License-Identifier: Apache-2.0 */
/* Documents and photos: kept once, held while the scanner is away, gone with their document, copied with it into the record; and the form
 * that loses no file. */
#include "visitor.h"

#include "care/attachments/scanner_test_help.h"
#include "care/journal/journal_accept.h"
#include "care/journal/journal_document.h"
#include "care/journal/journal_test_help.h"
#include "care/messaging/messaging.h"
#include "care/record/record_api.h"
#include "care/record/record_pages.h"
#include "trust/portal/portal.h"

#define PNG "\x89PNG\r\n\x1a\n\0\0\0\rIHDR"
#define PDF "%PDF-1.4\n"

/* ---- keeping ---- */

static const struct journal_log *
documents(void)
{
	return journal_log_find(S(JOURNAL_DOCUMENTS));
}

/* A document of these files; its key. */
static struct journal_put
bring(struct cx *cx, patient_id patient, struct uuid key, const str *contents, size_t count)
{
	struct journal_incoming *incoming = ARENA_ARRAY(cx->arena, struct journal_incoming, count);
	struct journal_put in = {.patient = patient, .log = documents(), .key = key, .incoming = incoming};

	in.values.text[0] = S("Letter");
	in.values.text[1] = S("2026-03-01");
	for (size_t i = 0; i < count; i++) {
		assert_ok(journal_file_take(cx,
		    &(struct journal_file_new){.patient = patient,
			.log = in.log,
			.document = key,
			.name = S("IMG_1.png"),
			.content = contents[i],
			.limits = attachment_limits(false)},
		    &incoming[i]));
		in.values.files[in.values.file_count++] = incoming[i].file;
	}
	in.incoming_count = count;
	return in;
}

static struct journal_entry
entry_of(struct cx *cx, patient_id patient, str id)
{
	struct journal_entry entry;

	db_refresh(cx);
	assert_ok(journal_entry_get(cx, patient, documents(), id, &entry));
	return entry;
}

static bool
is_readable(struct cx *cx, str file)
{
	struct resource resource;
	const struct err *error;

	db_refresh(cx);
	error = resource_get(cx, RESOURCE_BINARY, file, &resource);
	if (error)
		assert_int_equal(error->code, ERR_GONE);
	return !error;
}

static void
a_document_is_kept_once_with_its_files(void **state)
{
	static const str sides[] = {S_INIT(PNG "front"), S_INIT(PNG "back")};
	struct room r;
	struct journal_put in;
	struct journal_entry entry;
	struct db_rows rows;
	struct uuid key;
	str id, bytes;

	room_open(&r, state);
	key = uuid_new(r.bo.now);
	in = bring(&r.bo, r.p.bo, key, sides, 2);
	assert_ok(journal_entry_put(&r.bo, &in, &id));
	in = bring(&r.bo, r.p.bo, key, sides, 2); /* the form sent twice */
	assert_ok(journal_entry_put(&r.bo, &in, &id));
	entry = entry_of(&r.bo, r.p.bo, id);
	assert_int_equal(entry.version, 1);
	assert_int_equal(entry.values.file_count, 2);
	assert_str_equal(entry.values.files[1].content_type, "image/png");
	assert_int_equal(entry.values.files[1].bytes, sizeof(PNG "back") - 1);
	assert_ok(journal_file_bytes(&r.bo, r.p.bo, &entry.values.files[1], &bytes));
	assert_true(str_equal(bytes, S(PNG "back")));
	assert_ok(resource_find(
	    &r.bo, &(struct resource_search){.patient = r.p.bo, .type = RESOURCE_BINARY, .count = 9}, &rows, NULL));
	assert_int_equal(rows.count, 2);
	assert_int_equal(((struct resource *)rows.items)->log, documents()->number);
	room_close(&r);
}

static void
a_file_goes_with_its_document_and_one_by_one(void **state)
{
	static const str sides[] = {S_INIT(PNG "front"), S_INIT(PNG "back")};
	struct room r;
	struct journal_put in;
	str id, front, back;

	room_open(&r, state);
	in = bring(&r.bo, r.p.bo, uuid_new(r.bo.now), sides, 2);
	front = in.values.files[0].id;
	back = in.values.files[1].id;
	assert_ok(journal_entry_put(&r.bo, &in, &id));
	in.id = id;
	in.incoming_count = 0;
	in.values.file_count = 1; /* the back is taken away */
	look_anew(&r);
	assert_ok(journal_entry_put(&r.bo, &in, &id));
	assert_true(is_readable(&r.bo, front) && !is_readable(&r.bo, back));
	assert_ok(journal_entry_remove(&r.bo, r.p.bo, documents(), id));
	assert_false(is_readable(&r.bo, front));
	room_close(&r);
}

static void
there_is_room_for_so_many_documents_and_so_many_bytes(void **state)
{
	struct room r;
	struct journal_put in = {.log = documents()};
	str id;

	room_open(&r, state);
	in.patient = r.p.bo;
	in.values.text[1] = S("2026-03-01");
	in.values.files[0] = (struct journal_file){
	    .id = S("f"), .name = S("a"), .title = S("a"), .content_type = S("image/png"), .bytes = 1};
	in.values.file_count = 1;
	for (int i = 0; i < JOURNAL_DOCUMENTS_MAX; i++) {
		if (i % 100 == 0) {
			look_anew(&r);
			assert_ok(journal_documents_room(&r.bo, r.p.bo, documents(), true));
		}
		in.key = uuid_new(r.bo.now);
		assert_ok(journal_entry_put(&r.bo, &in, &id));
	}
	look_anew(&r);
	assert_fails(journal_documents_room(&r.bo, r.p.bo, documents(), true), ERR_INVALID);
	assert_ok(journal_documents_room(&r.bo, r.p.bo, documents(), false)); /* files of those that are there */
	in.id = id;
	in.values.files[0].bytes = JOURNAL_DOCUMENTS_BYTES_MAX;
	assert_ok(journal_entry_put(&r.bo, &in, &id));
	look_anew(&r);
	assert_fails(journal_documents_room(&r.bo, r.p.bo, documents(), false), ERR_INVALID);
	room_close(&r);
}

/* ---- the scanner ---- */

static int64_t
held_count(struct cx *cx)
{
	struct attachment_figures figures;

	db_refresh(cx);
	assert_ok(attachment_figures(cx, &figures));
	return figures.held;
}

static void
while_the_scanner_is_away_a_file_is_held_and_then_readable(void **state)
{
	static const str letter[] = {S_INIT(PDF "letter")};
	struct room r;
	struct scanner scanner;
	struct journal_put in;
	struct outbox_item item = {0};
	struct journal_entry entry;
	enum journal_file_state standing;
	str id, finding, bytes;

	room_open(&r, state);
	assert_ok(scanner_set(&r.world->cx, S("127.0.0.1:1"))); /* nobody there */
	look_anew(&r);
	in = bring(&r.bo, r.p.bo, uuid_new(r.bo.now), letter, 1);
	assert_ok(journal_entry_put(&r.bo, &in, &id));
	entry = entry_of(&r.bo, r.p.bo, id);
	assert_ok(journal_file_state(&r.bo, r.p.bo, &entry.values.files[0], &standing, &finding));
	assert_int_equal(standing, JOURNAL_FILE_HELD);
	assert_false(is_readable(&r.bo, entry.values.files[0].id));
	assert_fails(journal_file_bytes(&r.bo, r.p.bo, &entry.values.files[0], &bytes), ERR_CONFLICT);
	item.key = entry.values.files[0].id;
	assert_fails(journal_scan_deliver(&r.world->cx, &item), ERR_BUSY);
	scanner_start(r.world, &scanner, "stream: OK");
	for (int i = 0; i < 2; i++) { /* delivered twice is delivered once */
		db_refresh(&r.world->cx);
		assert_ok(journal_scan_deliver(&r.world->cx, &item));
	}
	scanner_stop(&scanner);
	look_anew(&r);
	assert_ok(journal_file_bytes(&r.bo, r.p.bo, &entry.values.files[0], &bytes));
	assert_str_equal(bytes, PDF "letter");
	assert_int_equal(held_count(&r.bo), 0);
	room_close(&r);
}

static void
what_the_scanner_finds_later_is_said_and_never_given_out(void **state)
{
	static const str letter[] = {S_INIT(PDF "letter")};
	struct room r;
	struct scanner scanner;
	struct journal_put in;
	struct outbox_item item = {0};
	struct journal_entry entry;
	enum journal_file_state standing;
	str id, finding;

	room_open(&r, state);
	assert_ok(scanner_set(&r.world->cx, S("127.0.0.1:1")));
	look_anew(&r);
	in = bring(&r.bo, r.p.bo, uuid_new(r.bo.now), letter, 1);
	assert_ok(journal_entry_put(&r.bo, &in, &id));
	entry = entry_of(&r.bo, r.p.bo, id);
	item.key = entry.values.files[0].id;
	scanner_start(r.world, &scanner, "stream: Test.Virus FOUND");
	db_refresh(&r.world->cx);
	assert_ok(journal_scan_deliver(&r.world->cx, &item));
	scanner_stop(&scanner);
	look_anew(&r);
	assert_ok(journal_file_state(&r.bo, r.p.bo, &entry.values.files[0], &standing, &finding));
	assert_int_equal(standing, JOURNAL_FILE_INFECTED);
	assert_str_equal(finding, "Test.Virus");
	assert_false(is_readable(&r.bo, item.key));
	assert_ok(journal_entry_remove(&r.bo, r.p.bo, documents(), id)); /* and its row goes with the document */
	look_anew(&r);
	assert_ok(journal_file_state(&r.bo, r.p.bo, &entry.values.files[0], &standing, &finding));
	assert_int_equal(standing, JOURNAL_FILE_THERE);
	room_close(&r);
}

/* ---- into the record ---- */

static void
an_accepted_document_stays_with_its_files_when_the_switch_turns(void **state)
{
	static const str letter[] = {S_INIT(PDF "letter")};
	account_id team = SHARE_CARE_TEAM;
	const struct json_value *json;
	struct room r;
	struct journal_put in;
	struct journal_entry entry;
	struct resource copy;
	str id, url;
	bool found;

	room_open(&r, state);
	in = bring(&r.bo, r.p.bo, uuid_new(r.bo.now), letter, 1);
	assert_ok(journal_entry_put(&r.bo, &in, &id));
	r.bo.now.ms++;
	assert_ok(journal_share_set(&r.bo, r.p.bo, documents()->number, &team, 1));
	look_anew(&r);
	assert_true(is_readable(&r.ben, in.values.files[0].id));
	assert_ok(journal_accept(&r.ben, r.p.bo, documents(), id));
	entry = entry_of(&r.ben, r.p.bo, id);
	assert_ok(journal_accepted(&r.ben, &entry, &copy, &found));
	assert_true(found && copy.log == 0);
	r.bo.now.ms++;
	assert_ok(journal_share_set(&r.bo, r.p.bo, documents()->number, &team, 0));
	look_anew(&r);
	assert_false(is_readable(&r.ben, in.values.files[0].id));
	assert_ok(json_parse(r.ben.arena, copy.body, &json, NULL));
	url = json_text_at(json, "content.0.attachment.url");
	assert_true(str_starts(url, S("Binary/")) && !str_equal(str_drop(url, 7), in.values.files[0].id));
	assert_true(is_readable(&r.ben, str_drop(url, 7)));
	room_close(&r);
}

/* ---- the form ---- */

static const struct route *const doors[] = {
    journal_routes, messaging_routes, record_pages_routes, record_api_routes, portal_routes, asset_routes, NULL};

static void
the_form_names_what_it_cannot_take_and_keeps_the_rest(void **state)
{
	struct visits v = {0};
	struct visitor bo, ben, maria;
	struct reply reply;
	struct sent_file files[] = {{"rash.png", S(PNG "rash")}, {"run.exe", S("MZ\x90\x01\x02")}};
	const char *fields[] = {"key", "01890a5d-ac96-774b-bcce-b302099a8057", "title", "Rash", "day.year", "2026",
	    "day.month", "3", "day.day", "1", NULL};
	str path;

	assert_ok(record_init(((struct world *)*state)->vault));
	visit_begin(&v, *state, doors);
	people_delegate(v.world, &v.people, RIGHT_RECORD_READ);
	bo = visitor_of(&v, v.people.bo_account);
	ben = visitor_of(&v, v.people.ben);
	maria = visitor_acting(&v, v.people.bo, visitor_of(&v, v.people.maria_account));
	assert_shows(visit(&v, &bo, "/journal/documents/new"), "capture=\"environment\"");
	reply = submit_files(&v, &bo, "/journal/documents/new", fields, NULL, 0);
	assert_int_equal(reply.status, 400); /* no file: asked for, with what was typed */
	assert_true(str_contains(reply.body, S("take a photo")) && str_contains(reply.body, S("value=\"Rash\"")));
	reply = submit_files(&v, &bo, "/journal/documents/new", fields, files, 2);
	assert_int_equal(reply.status, 400);
	assert_true(str_contains(reply.body, S("run.exe: Files of this kind are not taken.")));
	assert_true(str_contains(reply.body, S("Your files are saved")) &&
		    str_contains(reply.body, S("What does file 1 show?")));
	assert_shows(visit(&v, &bo, "/journal/documents"), "Rash");
	fields[7] = "13"; /* no such month: the file is kept all the same */
	fields[1] = "01890a5d-ac96-774b-bcce-b302099a8058";
	reply = submit_files(&v, &bo, "/journal/documents/new", fields, files, 1);
	assert_int_equal(reply.status, 400);
	assert_true(str_contains(reply.body, S("Your files are saved")) && str_contains(reply.body, S("value=\"13\"")));
	fields[1] = "01890a5d-ac96-774b-bcce-b302099a8059";
	fields[3] = "";
	fields[7] = "3";
	path = assert_moved(submit_files(&v, &bo, "/journal/documents/new", fields, files, 1));
	assert_true(str_contains(path, S("/edit?done=describe"))); /* a picture without words is asked about */
	assert_shows(visit(&v, &bo, "/journal/documents"), "rash.png");
	path = arena_printf(&v.trial.arena, "/journal/documents/entries/01890a5d-ac96-774b-bcce-b302099a8059");
	fields[0] = "about_1";
	fields[1] = "Red spots";
	assert_moved(submit_files(
	    &v, &bo, path_z(&v, "%.*s/edit", STR_ARG(path)), fields, &(struct sent_file){"l.pdf", S(PDF "x")}, 1));
	reply = visit(&v, &bo, arena_z(&v.trial.arena, path));
	assert_shows(reply, "alt=\"Red spots\"");
	assert_shows(reply, "l.pdf");
	assert_shows(visit(&v, &bo,
			 path_z(&v, "/record/files/DocumentReference/%.*s/1?show=yes",
			     STR_ARG(str_drop(path, sizeof("/journal/documents/entries/") - 1)))),
	    "rash");
	assert_int_equal(visit(&v, &ben,
			     path_z(&v, "/patients/%s/record/files/DocumentReference/%.*s/1", id_z(&v, v.people.bo.v),
				 STR_ARG(str_drop(path, sizeof("/journal/documents/entries/") - 1))))
			     .status,
	    404);
	assert_int_equal(submit_files(&v, &maria, "/journal/documents/new", fields, files, 1).status, 404);
	assert_true(str_contains(
	    assert_moved(submit(&v, &bo, path_z(&v, "%.*s/send", STR_ARG(path)), "x=1")), S("/messages/new?draft=")));
	visit_end(&v);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    WORLD_TEST(a_document_is_kept_once_with_its_files),
	    WORLD_TEST(a_file_goes_with_its_document_and_one_by_one),
	    WORLD_TEST(there_is_room_for_so_many_documents_and_so_many_bytes),
	    WORLD_TEST(while_the_scanner_is_away_a_file_is_held_and_then_readable),
	    WORLD_TEST(what_the_scanner_finds_later_is_said_and_never_given_out),
	    WORLD_TEST(an_accepted_document_stays_with_its_files_when_the_switch_turns),
	    WORLD_TEST(the_form_names_what_it_cannot_take_and_keeps_the_rest),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
