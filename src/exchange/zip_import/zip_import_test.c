/* SPDX-License-Identifier: Apache-2.0 */
/* The ZIP with everything, out of one installation and into another, on the other database: nothing is lost; and what a patient's
 * archive cannot do. */
#include "exchange/zip_import/zip_import_test_help.h"

static void
nothing_is_lost_between_installations(void **state)
{
	struct two *two = *state;
	struct zip_import_report report;
	struct set old, new;
	patient_id patient;

	if (!make_archive(two))
		return;
	patient = two->clinic.patient;
	assert_ok(import(two, buf_str(&two->archive), false, &report));
	assert_int_equal(report.refused, 0);
	assert_true(uuid_equal(report.patient.v, patient.v));
	assert_int_equal(report.conversations, 1);
	assert_int_equal(report.messages, 2);
	assert_true(report.kept >= 3);
	old = all_of(two->old, patient, each_current);
	new = all_of(two->new, patient, each_current);
	assert_true(old.count > 50);
	assert_nothing_lost(&old, &new);
	old = all_of(two->old, patient, resource_each_version);
	new = all_of(two->new, patient, resource_each_version);
	assert_int_equal(old.count, 1); /* the Patient's first version, with its own time */
	assert_nothing_lost(&old, &new);
}

static void
messages_files_permissions_and_trail_are_there(void **state)
{
	struct two *two = *state;
	struct zip_import_report report;
	struct set brought;
	bool message = false, file = false;

	if (!make_archive(two))
		return;
	assert_ok(import(two, buf_str(&two->archive), false, &report));
	brought = all_of(two->new, two->clinic.patient, each_current);
	for (size_t i = 0; i < brought.count; i++) {
		message = message || (str_contains(brought.items[i], S("since Monday, <b>strong</b>")) &&
					 str_contains(brought.items[i], S("\"Communication\"")));
		file = file || str_contains(brought.items[i], base64_encode(&two->new->arena, S("Monday: headache\n")));
	}
	assert_true(message && file);
	assert_kept(two, &brought, "messages/messages.ndjson");
	assert_kept(two, &brought, "sharing/delegations.ndjson");
	assert_kept(two, &brought, "trail/trail.ndjson");
}

struct seen {
	int64_t own, communications; /* entries that are the patient's own; messages */
};

static const struct err *
look(void *arg, const struct resource *resource)
{
	struct seen *seen = arg;
	bool tagged = str_contains(resource->body, S("\"" JOURNAL_SYSTEM "\""));

	assert_int_equal(tagged, resource->log != 0); /* nothing of the patient's own becomes the clinic's */
	seen->own += resource->log != 0;
	seen->communications += resource->type == RESOURCE_COMMUNICATION;
	return NULL;
}

static const struct err *
join_maple(struct tx *tx, void *arg)
{
	const struct two *two = arg;

	return team_add_patient(tx, two->people.maple, two->clinic.patient, RELATION_PANEL);
}

/* A reading, and the documents: messages as lines, permissions, trail. The new care team gets the conversations, no more. */
static void
what_was_the_patients_alone_stays_so(void **state)
{
	struct two *two = *state;
	struct zip_import_report report;
	struct seen all = {0}, team = {0};
	struct cx cx;

	if (!make_archive(two))
		return;
	assert_ok(import(two, buf_str(&two->archive), false, &report));
	assert_int_equal(report.refused, 0);
	cx = world_cx(two->new);
	assert_ok(db_write(&cx, join_maple, two));
	assert_ok(resource_each(&cx, two->clinic.patient, 0, look, &all));
	assert_int_equal(all.own, 3 + report.kept); /* the reading, the letter, its file */
	db_release(&cx);
	cx = people_as_at(two->new, two->people.ana, instant_add_ms(two->new->cx.now, DAY_MS));
	assert_ok(resource_each(&cx, two->clinic.patient, 0, look, &team));
	assert_int_equal(team.own, 0);
	assert_int_equal(team.communications, 3);
	db_release(&cx);
}

static void
the_same_again_changes_nothing_and_must_be_wanted(void **state)
{
	struct two *two = *state;
	struct zip_import_report report;

	if (!make_archive(two))
		return;
	assert_ok(import(two, buf_str(&two->archive), false, &report));
	assert_fails(import(two, buf_str(&two->archive), false, &report), ERR_DENIED);
	assert_int_equal(report.added + report.changed, 0);
	assert_ok(import(two, buf_str(&two->archive), true, &report));
	assert_int_equal(report.added, 0);
	assert_int_equal(report.changed, 0);
	assert_int_equal(report.refused, 0);
	assert_true(report.unchanged > 50);
}

/* The archive with one file replaced; the manifest told so, as somebody would who means it. */
static str
forge(struct two *two, const char *name, str bytes, bool manifest_too)
{
	struct arena *arena = &two->new->arena;
	struct buf *out = ARENA_NEW(arena, struct buf);
	struct sink sink = {clinic_keep, out};
	struct zip_entries entries;
	struct zip_writer zip;
	unsigned char sum[32];

	*out = (struct buf)BUF_INIT(arena);
	sha256(bytes, sum);
	assert_ok(zip_read(arena, buf_str(&two->archive), &entries));
	assert_ok(zip_begin(&zip, arena, &sink, two->clinic.px.now));
	for (size_t i = 0; i < entries.count; i++) {
		str text, before, rest;
		size_t at;

		assert_ok(zip_extract(arena, &entries.items[i], 1 << 24, &text));
		if (str_equal(entries.items[i].name, str_from_z(name)))
			text = bytes;
		if (manifest_too && str_equal(entries.items[i].name, S("manifest.json"))) {
			assert_true(str_find(text, arena_printf(arena, "{\"name\":\"%s\"", name), &at));
			before = str_take(text, at);
			rest = str_cut(str_drop(text, at), '}', &text);
			text = arena_printf(arena, "%.*s{\"name\":\"%s\",\"bytes\":%zu,\"sha256\":\"%.*s\"}%.*s",
			    STR_ARG(before), name, bytes.n, STR_ARG(hex_text(arena, (str){(char *)sum, 32})),
			    STR_ARG(rest));
		}
		assert_ok(zip_file(&zip, entries.items[i].name));
		assert_ok(zip_write(&zip, text));
	}
	assert_ok(zip_end(&zip));
	return buf_str(out);
}

#define PATIENT_LINE                                                                                          \
	"{\"resourceType\":\"Patient\",\"id\":\"%.*s\",\"name\":[{\"family\":\"Conn\",\"given\":[\"Liz\"]}]," \
	"\"birthDate\":\"1990-02-03\"}\n"

static void
an_archive_that_is_not_what_its_manifest_says_is_refused_whole(void **state)
{
	struct two *two = *state;
	struct zip_import_report report;
	str whole;

	if (!make_archive(two))
		return;
	whole = buf_str(&two->archive);
	assert_fails(import(two, forge(two, "record/record.ndjson", S("{}\n"), false), false, &report), ERR_INVALID);
	assert_fails(import(two, str_take(whole, whole.n - 10), false, &report), ERR_INVALID);
	assert_fails(import(two, S("PK not at all"), false, &report), ERR_INVALID);
	assert_fails(import(two, forge(two, "manifest.json", S("{\"format\":\"another\"}"), false), false, &report),
	    ERR_INVALID);
	assert_int_equal(report.added, 0);
}

static void
a_patients_archive_reaches_nobody_else_and_nothing_that_is_for_all(void **state)
{
	struct two *two = *state;
	struct zip_import_report report;
	struct cx cx;
	struct resource practitioner;
	str lines, id;
	bool found;

	if (!make_archive(two))
		return;
	cx = world_cx(two->new);
	assert_ok(record_init(two->new->vault));
	db_release(&cx);
	id = uuid_text(&two->new->arena, two->clinic.patient.v);
	lines = arena_printf(&two->new->arena,
	    PATIENT_LINE
	    "{\"resourceType\":\"Observation\",\"id\":\"theirs\",\"status\":\"final\",\"code\":{\"text\":\"x\"},"
	    "\"subject\":{\"reference\":\"Patient/%.*s\"}}\n"
	    "{\"resourceType\":\"Practitioner\",\"id\":\"known\",\"name\":[{\"text\":\"First\"}]}\nno json\n",
	    STR_ARG(id), STR_ARG(uuid_text(&two->new->arena, two->people.bo.v)));
	assert_ok(import(two, forge(two, "record/record.ndjson", lines, true), false, &report));
	assert_int_equal(report.refused, 2);
	assert_int_equal(report.problem_count, 2);
	assert_int_equal(report.problems[0].line, 2);
	assert_int_equal(report.problems[1].line, 4);
	lines = arena_printf(&two->new->arena,
	    PATIENT_LINE "{\"resourceType\":\"Practitioner\",\"id\":\"known\",\"name\":[{\"text\":\"Another\"}]}\n",
	    STR_ARG(id));
	assert_ok(import(two, forge(two, "record/record.ndjson", lines, true), true, &report));
	cx = world_cx(two->new);
	assert_ok(resource_resolve(&cx, S("Practitioner/known"), &practitioner, &found));
	assert_true(found && str_contains(practitioner.body, S("First")));
	db_release(&cx);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    BOTH_WAYS(nothing_is_lost_between_installations),
	    BOTH_WAYS(messages_files_permissions_and_trail_are_there),
	    BOTH_WAYS(what_was_the_patients_alone_stays_so),
	    BOTH_WAYS(the_same_again_changes_nothing_and_must_be_wanted),
	    BOTH_WAYS(an_archive_that_is_not_what_its_manifest_says_is_refused_whole),
	    BOTH_WAYS(a_patients_archive_reaches_nobody_else_and_nothing_that_is_for_all),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
