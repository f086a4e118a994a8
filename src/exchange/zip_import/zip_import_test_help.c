/* SPDX-License-Identifier: Apache-2.0 */
#include "exchange/zip_import/zip_import_test_help.h"

static int
set_up(void **state, int (*old)(void **), int (*new)(void **))
{
	struct two *two = calloc(1, sizeof(*two));
	void *world;

	assert_non_null(two);
	assert_int_equal(old(&world), 0);
	two->old = world;
	assert_int_equal(new (&world), 0);
	two->new = world;
	*state = two;
	return 0;
}

int
sqlite_to_postgres(void **state)
{
	return set_up(state, world_setup_sqlite, world_setup_postgres);
}

int
postgres_to_sqlite(void **state)
{
	return set_up(state, world_setup_postgres, world_setup_sqlite);
}

int
two_tear_down(void **state)
{
	struct two *two = *state;
	void *old = two->old, *new = two->new;

	world_teardown(&new);
	world_teardown(&old);
	free(two);
	return 0;
}

const struct err *
two_put_draft(struct tx *tx, void *arg)
{
	int64_t version;
	bool changed;

	return resource_put(tx, arg, &version, &changed);
}

/* Something that the patient wrote down at home and showed to nobody. */
static void
write_down_at_home(struct two *two)
{
	static const struct journal_said said[] = {
	    {"value", S_INIT("81.5"), S_INIT("kg")}, {"at", S_INIT("2026-03-01T08:00:00-05:00"), S_INIT("")}};
	struct cx cx = world_cx(two->old);
	struct resource_draft *draft;

	assert_ok(journal_prepare(&cx,
	    &(struct journal_bring){.patient = two->clinic.patient,
		.log = "weight",
		.id = uuid_new(two->clinic.px.now),
		.said = said,
		.count = 2,
		.updated = two->clinic.px.now},
	    &draft));
	assert_ok(db_write(&cx, two_put_draft, draft));
	db_release(&cx);
}

/* A letter with its file, in the log of documents. */
#define DOCUMENTS 25
#define MARKED(type)                                                                                                   \
	"{\"resourceType\":\"" type "\",\"meta\":{\"tag\":[{\"system\":\"" JOURNAL_SYSTEM "\",\"code\":\"documents\"}" \
	"]}"

static void
bring_a_letter(struct two *two)
{
	struct cx cx = world_cx(two->old);
	str patient = uuid_text(cx.arena, two->clinic.patient.v);
	str texts[] = {
	    arena_printf(cx.arena,
		MARKED("Binary") ",\"id\":\"letter-1\",\"contentType\":\"text/plain\",\"data\":\"QSBsZXR0ZXI=\","
				 "\"securityContext\":{\"reference\":\"Patient/%.*s\"}}",
		STR_ARG(patient)),
	    arena_printf(cx.arena,
		MARKED("DocumentReference") ",\"id\":\"letter\",\"status\":\"current\",\"subject\":{\"reference\":"
					    "\"Patient/%.*s\"},\"content\":[{\"attachment\":{\"url\":\"Binary/"
					    "letter-1\"}}]}",
		STR_ARG(patient))};

	for (size_t i = 0; i < 2; i++) {
		struct resource_draft *draft;
		const struct json_value *json;

		assert_ok(json_parse(cx.arena, texts[i], &json, NULL));
		assert_ok(resource_prepare(&cx,
		    &(struct resource_new){
			.patient = two->clinic.patient, .json = json, .id = json_text_at(json, "id"), .log = DOCUMENTS},
		    &draft));
		assert_ok(db_write(&cx, two_put_draft, draft));
	}
	db_release(&cx);
}

bool
make_archive_of(struct two *two, two_fn *more)
{
	struct sink sink = {clinic_keep, &two->archive};

	if (!clinic_open(two->old, &two->clinic))
		return false;
	clinic_lives(two->old, &two->clinic);
	write_down_at_home(two);
	bring_a_letter(two);
	if (more)
		more(two);
	two->clinic.cx = people_as_at(two->old, two->clinic.account, two->clinic.px.now);
	two->archive = (struct buf)BUF_INIT(&two->old->arena);
	assert_ok(bluebutton_everything(&two->clinic.cx, &two->clinic.px, &two->clinic.ask, &sink));
	db_release(&two->clinic.cx);
	people_setup(two->new, &two->people);
	db_release(&two->new->cx);
	return true;
}

bool
make_archive(struct two *two)
{
	return make_archive_of(two, NULL);
}

const struct err *
import(struct two *two, str archive, bool add, struct zip_import_report *report)
{
	struct cx cx = world_cx(two->new);
	const struct err *error = zip_import_run(&cx,
	    &(struct zip_import_options){.archive = archive, .facility = two->people.facility.id, .add = add}, report);

	db_release(&cx);
	return error;
}

/* ---- comparing ---- */

/* A resource without what an installation gives it: the number of the version. */
static str
content(struct arena *arena, str body)
{
	str before, after;
	size_t at;

	if (!str_find(body, S("\"versionId\":\""), &at))
		return arena_str(arena, body);
	before = str_take(body, at);
	after = str_cut(str_drop(body, at + 13), '"', &body);
	return arena_printf(arena, "%.*s%.*s", STR_ARG(before), STR_ARG(after));
}

static const struct err *
collect(void *arg, const struct resource *resource)
{
	struct set *set = arg;

	*LIST_ADD(set->arena, set) = content(set->arena, resource->body);
	return NULL;
}

static int
compare(const void *a, const void *b)
{
	return str_compare(*(const str *)a, *(const str *)b);
}

fallible
each_current(struct cx *cx, patient_id patient, resource_visit_fn *visit, void *arg)
{
	return resource_each(cx, patient, 0, visit, arg);
}

struct set
all_of(struct world *world, patient_id patient, each_fn *each)
{
	struct set set = {.arena = &world->arena};
	struct cx cx = world_cx(world);

	assert_ok(each(&cx, patient, collect, &set));
	db_release(&cx);
	if (set.count)
		qsort(set.items, set.count, sizeof(str), compare);
	return set;
}

/* Everything of `old` is in `new`; what the import made beside it is called "brought-". */
void
assert_nothing_lost(const struct set *old, const struct set *new)
{
	size_t made = 0;

	for (size_t i = 0; i < new->count; i++)
		made += str_contains(new->items[i], S("\"id\":\"brought-"));
	assert_int_equal(new->count, old->count + made);
	for (size_t i = 0; i < old->count; i++)
		if (!bsearch(&old->items[i], new->items, new->count, sizeof(str), compare))
			fail_msg("lost or changed: %.300s", arena_z(old->arena, old->items[i]));
}

/* ---- the tests ---- */

void
assert_kept(struct two *two, const struct set *brought, const char *name)
{
	struct zip_entries entries;
	str bytes;

	assert_ok(zip_read(&two->new->arena, buf_str(&two->archive), &entries));
	assert_non_null(zip_find(&entries, str_from_z(name)));
	assert_ok(zip_extract(&two->new->arena, zip_find(&entries, str_from_z(name)), 1 << 24, &bytes));
	for (size_t i = 0; i < brought->count; i++)
		if (str_contains(brought->items[i], base64_encode(&two->new->arena, bytes)))
			return;
	fail_msg("%s is not kept", name);
}

str
file_of(struct two *two, const char *name)
{
	struct zip_entries entries;
	str bytes;

	assert_ok(zip_read(&two->new->arena, buf_str(&two->archive), &entries));
	assert_non_null(zip_find(&entries, str_from_z(name)));
	assert_ok(zip_extract(&two->new->arena, zip_find(&entries, str_from_z(name)), 1 << 24, &bytes));
	return bytes;
}
