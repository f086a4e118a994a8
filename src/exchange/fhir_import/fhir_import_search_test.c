/* SPDX-License-Identifier: Apache-2.0 */
/* What was taken in is found: a search by index equals a search by scan. */
#include "exchange/fhir_import/fhir_import_test_help.h"
#include "shared_data.h"

struct scanned {
	resource_type type;
	const char *param;
	str value;
	struct uuid key;
	patient_id patient;
	int64_t low, high; /* of a date */
};
typedef LIST(struct scanned) scan_list;
struct scan {
	struct arena *arena;
	scan_list *list;
};

static void
scan_codings(struct scan *scan, const struct resource *r, const char *param, const struct json_value *concept)
{
	json_each_item (json_get(concept, "coding"), coding)
		if (json_text_at(coding, "code").n)
			*LIST_ADD(scan->arena, scan->list) = (struct scanned){(resource_type)r->type, param,
			    arena_str(scan->arena, json_text_at(coding, "code")), r->key, r->patient};
}

static void
scan_text(struct scan *scan, const struct resource *r, const char *param, const struct json_value *text)
{
	if (json_text(text).n)
		*LIST_ADD(scan->arena, scan->list) = (struct scanned){
		    (resource_type)r->type, param, arena_str(scan->arena, json_text(text)), r->key, r->patient};
}

/* A date or a period. */
static void
scan_date(struct scan *scan, const struct resource *r, const char *param, const struct json_value *value)
{
	str start = json_text(value).p ? json_text(value) : json_text_at(value, "start");
	str end = json_text(value).p ? json_text(value) : json_text_at(value, "end");
	struct fhir_date from, to;

	if (!value)
		return;
	assert_true(fhir_date_parse(FHIR_DATETIME, start, &from));
	*LIST_ADD(scan->arena, scan->list) = (struct scanned){(resource_type)r->type, param, S("date"), r->key,
	    r->patient, from.low.ms, fhir_date_parse(FHIR_DATETIME, end, &to) ? to.high.ms : INT64_MAX};
}

static const struct err *
scan_resource(void *arg, const struct resource *r)
{
	struct scan *scan = arg;
	struct arena arena = ARENA_INIT;
	const struct json_value *json;

	assert_ok(json_parse(&arena, r->body, &json, NULL));
	switch (r->type) {
	case RESOURCE_OBSERVATION:
	case RESOURCE_DIAGNOSTIC_REPORT:
		scan_date(scan, r, "date", json_get(json, "effectiveDateTime"));
		scan_date(scan, r, "date", json_get(json, "effectivePeriod"));
		scan_date(scan, r, "date", json_get(json, "effectiveInstant"));
		scan_text(scan, r, "status", json_get(json, "status"));
		json_each_item (json_get(json, "category"), category)
			scan_codings(scan, r, "category", category);
		scan_codings(scan, r, "code", json_get(json, "code"));
		break;
	case RESOURCE_CONDITION:
		scan_date(scan, r, "recorded-date", json_get(json, "recordedDate"));
		scan_codings(scan, r, "clinical-status", json_get(json, "clinicalStatus"));
		scan_codings(scan, r, "code", json_get(json, "code"));
		break;
	case RESOURCE_MEDICATION_REQUEST:
		scan_text(scan, r, "intent", json_get(json, "intent"));
		scan_text(scan, r, "status", json_get(json, "status"));
		scan_codings(scan, r, "code", json_get(json, "medicationCodeableConcept"));
		break;
	default: break;
	}
	arena_release(&arena);
	return NULL;
}

static int
compare_scanned(const void *a_, const void *b_)
{
	const struct scanned *a = a_, *b = b_;
	int order = strcmp(a->param, b->param);

	if (a->type != b->type)
		return a->type - b->type;
	if (order)
		return order;
	order = str_compare(a->value, b->value);
	return order ? order : memcmp(&a->key, &b->key, sizeof(a->key));
}

static void
assert_found(struct world *world, struct resource_search search, const struct scanned *first, int64_t expected)
{
	struct db_rows rows;
	int64_t total;

	search.patient = first->patient;
	search.type = first->type;
	assert_ok(resource_find(&world->cx, &search, &rows, &total));
	if (total != expected)
		fail_msg("%s %s=%.*s: %lld found, %lld there", resource_type_name(first->type), first->param,
		    STR_ARG(first->value), (long long)total, (long long)expected);
}

/* Every value that some of `items` (one type, parameter and value; each date by itself) have. */
static size_t
check_group(struct world *world, const struct scanned *items, size_t count)
{
	struct resource_token_filter token = {items[0].param, &items[0].value, 1};
	struct resource_date_filter date = {.param = items[0].param};
	int64_t expected = 0;

	if (!str_equal(items[0].value, S("date"))) {
		for (size_t i = 0; i < count; i++)
			expected += i == 0 || !uuid_equal(items[i].key, items[i - 1].key);
		assert_found(world, (struct resource_search){.tokens = &token, .token_count = 1}, &items[0], expected);
		return 1;
	}
	for (size_t i = 0; i < count; i++) {
		expected = 0;
		for (size_t j = 0; j < count; j++)
			expected += items[j].low >= items[i].low && items[j].high <= items[i].high;
		date.low = (instant){items[i].low};
		date.high = (instant){items[i].high == INT64_MAX ? (int64_t)1 << 56 : items[i].high};
		assert_found(world, (struct resource_search){.dates = &date, .date_count = 1}, &items[i], expected);
	}
	return count;
}

static const struct err *
remember_owner(void *arg, const void *row)
{
	struct scan *scan = arg;

	*LIST_ADD(scan->arena, scan->list) = (struct scanned){.patient = *(const patient_id *)row};
	return NULL;
}

static void
a_search_by_index_finds_what_a_scan_finds(void **state)
{
	static const struct db_column OWNER[] = {COL(patient_id, v)};
	struct world *world = *state;
	const char *paths[] = {shared_data_folder(&world->arena, "synthea_r4"),
	    shared_data_folder(&world->arena, "us_core_6.1.0_examples")};
	struct fhir_import_report report;
	scan_list owners = {0};
	size_t searches = 0;

	if (!paths[0])
		return;
	assert_ok(fhir_import_run(&world->cx,
	    &(struct fhir_import_options){.paths = paths, .path_count = 2, .facility = setup(world)}, &report));
	assert_ok(db_each(&world->cx, SQL("SELECT id FROM patient"), BIND_NONE, ROWS(patient_id, OWNER), remember_owner,
	    &(struct scan){&world->arena, &owners}));
	assert_true(owners.count > 55);
	for (size_t i = 0; i < owners.count; i++) {
		scan_list all = {0};
		size_t next;

		assert_ok(resource_each(
		    &world->cx, owners.items[i].patient, 0, scan_resource, &(struct scan){&world->arena, &all}));
		if (all.count)
			qsort(all.items, all.count, sizeof(all.items[0]), compare_scanned);
		for (size_t j = 0; j < all.count; j = next) {
			const struct scanned *first = &all.items[j];

			for (next = j; next < all.count && all.items[next].type == first->type &&
				       strcmp(all.items[next].param, first->param) == 0 &&
				       str_equal(all.items[next].value, first->value);
			     next++)
				;
			searches += check_group(world, first, next - j);
		}
		db_refresh(&world->cx);
	}
	printf("[%s] %zu searches agree with a scan\n", world->product, searches);
	assert_true(searches > 3000);
}

int
main(void)
{
	const struct CMUnitTest list[] = {
	    WORLD_TEST(a_search_by_index_finds_what_a_scan_finds),
	};

	return cmocka_run_group_tests_name("fhir_import search", list, NULL, NULL);
}
