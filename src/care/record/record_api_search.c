/* SPDX-License-Identifier: Apache-2.0 */
/* Search: within one patient's record, within the commons, or for patients.  Stored texts are put into the Bundle as they
 * are. */
#include "care/record/record_api_internal.h"

#include "care/record/record_release.h"
#include "care/record/record_search.h"
#include "platform/format/json_write.h"

/* Parameters of the address and, for POST _search, of the body. */
static struct http_pairs
all_pairs(struct cx *cx, struct request *rq)
{
	struct http_pairs query = request_query_all(rq), form = request_form_all(rq);
	struct http_pair *items = ARENA_ARRAY(cx->arena, struct http_pair, query.count + form.count);

	if (query.count)
		memcpy(items, query.items, query.count * sizeof(items[0]));
	if (form.count)
		memcpy(items + query.count, form.items, form.count * sizeof(items[0]));
	return (struct http_pairs){items, query.count + form.count};
}

/* ---- what is found ---- */

struct found {
	struct db_rows rows; /* struct resource */
	int64_t total;       /* -1: not counted */
	bool more;
};

/* In whose record does this search look? */
static fallible
choose_owner(struct cx *cx, const struct record_search *search, patient_id *out)
{
	resource_type type = search->find.type;
	bool found = false;

	if (search->patient.p) {
		*out = (patient_id){resource_key(cx->vault, search->patient)};
		return NULL;
	}
	if (!resource_type_in_patient_compartment(type)) {
		*out = RECORD_COMMONS;
		return NULL;
	}
	if (cx->who.is & (WHO_PATIENT | WHO_DELEGATE)) {
		*out = cx->who.patient;
		return NULL;
	}
	if (search->ids.p)
		TRY(resource_owner(cx, type, search->ids, out, &found));
	if (found)
		return NULL;
	if (resource_type_may_be_common(type) || search->ids.p) {
		*out = RECORD_COMMONS;
		return NULL;
	}
	return ERR(ERR_INVALID, "Say whose: patient=ID is missing.", "a search without a patient");
}

static fallible
find_in_record(struct cx *cx, struct record_search *search, struct found *out)
{
	struct resource nothing = {.type = search->find.type};
	struct resource *rows;
	int64_t wanted = search->find.count;

	TRY(choose_owner(cx, search, &search->find.patient));
	if (!uuid_equal(search->find.patient.v, RECORD_COMMONS.v))
		TRY(access_check(cx, search->find.patient, RIGHT_RECORD_READ, &nothing.why));
	search->find.count = search->only_count ? 0 : wanted + 1; /* one more shows whether there is a next page */
	TRY(resource_find(cx, &search->find, &out->rows, &out->total));
	rows = out->rows.items;
	out->more = !search->only_count && (int64_t)out->rows.count > wanted;
	if (out->more)
		out->rows.count--;
	nothing.patient = search->find.patient;
	fhir_audit_read(cx, AUDIT_SEARCH, out->rows.count ? &rows[0] : &nothing, (int64_t)out->rows.count);
	return NULL;
}

/* A delegate finds nobody but the patient they act for, whatever they ask of names. */
static fallible
find_acting(struct cx *cx, struct record_search *search, struct found *out)
{
	search->find.patient = cx->who.patient;
	if (search->person.n || !uuid_is_none(search->after_patient.v)) {
		*out = (struct found){0};
		return NULL;
	}
	TRY(resource_find(cx, &search->find, &out->rows, &out->total));
	if (out->rows.count)
		fhir_audit_read(cx, AUDIT_SEARCH, out->rows.items, 1);
	return NULL;
}

/* Patients whom the caller may see: identity knows names and numbers, the record has the rest. */
static fallible
find_patients(struct cx *cx, struct record_search *search, struct found *out)
{
	LIST(struct resource) all = {0};
	patient_id after = search->after_patient;
	int64_t wanted = search->only_count ? FHIR_COUNT_MAX : search->find.count;

	search->find.after = NULL;
	search->find.count = 1;
	out->total = -1;
	while (!out->more) {
		struct db_rows patients, rows;
		const struct patient *known;

		TRY(patient_search(cx, search->person, after, FHIR_COUNT_DEFAULT, &patients));
		known = patients.items;
		for (size_t i = 0; i < patients.count && !out->more; i++) {
			after = known[i].id;
			search->find.patient = known[i].id;
			TRY(resource_find(cx, &search->find, &rows, NULL));
			if (rows.count == 0)
				continue;
			out->more = (int64_t)all.count == wanted;
			if (!out->more)
				*LIST_ADD(cx->arena, &all) = *(struct resource *)rows.items;
		}
		if (patients.count < FHIR_COUNT_DEFAULT)
			break;
	}
	if (all.count)
		audit_add_listed(cx, AUDIT_DEMOGRAPHICS, (int)all.items[0].why, &all.items[0].patient, all.count,
		    sizeof(all.items[0]));
	if (!out->more)
		out->total = (int64_t)all.count;
	out->rows = (struct db_rows){all.items, search->only_count ? 0 : all.count};
	return NULL;
}

/* ---- the answer ---- */

static void
add_link(struct json_writer *w, const char *relation, str url)
{
	json_write_object(w);
	json_put_text(w, "relation", str_from_z(relation));
	json_put_text(w, "url", url);
	json_write_end(w);
}

/* The search again, with `cursor` in place of an older one; absent: without any. */
static str
link_to(struct cx *cx, struct request *rq, resource_type type, struct http_pairs pairs, str cursor)
{
	struct buf out = BUF_INIT(cx->arena);
	char separator = '?';

	buf_add(&out, fhir_base(cx, rq));
	buf_printf(&out, "/%s", resource_type_name(type));
	for (size_t i = 0; i < pairs.count; i++) {
		if (str_equal(pairs.items[i].name, S(SEARCH_CURSOR)) && cursor.p)
			continue;
		buf_add_char(&out, separator);
		uri_encode(&out, pairs.items[i].name);
		buf_add_char(&out, '=');
		uri_encode(&out, pairs.items[i].value);
		separator = '&';
	}
	if (cursor.p)
		buf_printf(&out, "%c%s=%.*s", separator, SEARCH_CURSOR, STR_ARG(cursor));
	return buf_str(&out);
}

/* What the answer says about itself, behind the matches. */
struct note {
	const char *code; /* of an issue; NULL: nothing to say */
	str text;
};

static void
add_entries(struct buf *out, str base, const struct found *found, const struct note *notes, size_t note_count)
{
	const struct resource *rows = found->rows.items;
	const char *before = ",\"entry\":[";

	for (size_t i = 0; i < found->rows.count; i++, before = ",") {
		buf_add_z(out, before);
		fhir_entry(out, base, &rows[i], "match");
	}
	for (size_t i = 0; i < note_count; i++) {
		if (!notes[i].code)
			continue;
		buf_printf(out, "%s{\"resource\":", before);
		fhir_outcome(out, notes[i].code, notes[i].text);
		buf_add(out, S(",\"search\":{\"mode\":\"outcome\"}}"));
		before = ",";
	}
	if (strcmp(before, ",") == 0)
		buf_add_char(out, ']');
}

/* Entries of this type that do not reach the patient yet are told of, not only missing: on the first page. */
static fallible
note_waiting(struct cx *cx, const struct resource_search *find, struct note *out)
{
	const struct release_waiting *waiting;
	struct db_rows rows;
	int64_t count = 0;

	if (!(cx->who.is & (WHO_PATIENT | WHO_DELEGATE)) || uuid_is_none(find->patient.v) || find->after)
		return NULL;
	TRY(release_waiting(cx, find->patient, &rows));
	waiting = rows.items;
	for (size_t i = 0; i < rows.count; i++)
		count += waiting[i].type == find->type;
	if (count)
		*out = (struct note){"suppressed",
		    arena_printf(cx->arena,
			"Not here yet by a rule of the clinic or by the patient's own choice: %lld. The portal's list "
			"of what waits says why and until when.",
			(long long)count)};
	return NULL;
}

static bool
is_strict(struct request *rq)
{
	return str_contains(request_header(rq, "Prefer"), S("handling=strict"));
}

fallible
fhir_search(struct cx *cx, struct request *rq)
{
	struct http_pairs pairs = all_pairs(cx, rq);
	struct record_search *search = ARENA_NEW(cx->arena, struct record_search);
	struct found found = {0};
	struct buf out = BUF_INIT(cx->arena), links = BUF_INIT(cx->arena);
	struct json_writer w = JSON_WRITER(&links);
	struct note notes[2] = {{0}};
	resource_type type;

	TRY(fhir_type_of(rq, &type));
	TRY(record_search_parse(cx, type, pairs, search));
	if (search->ignored.p && is_strict(rq))
		return err_said(
		    cx->arena, ERR_INVALID, "These parameters are not known: %.*s.", STR_ARG(search->ignored));
	TRY(type != RESOURCE_PATIENT    ? find_in_record(cx, search, &found)
	    : cx->who.is & WHO_DELEGATE ? find_acting(cx, search, &found)
					: find_patients(cx, search, &found));

	if (search->ignored.p)
		notes[0] = (struct note){
		    "informational", arena_printf(cx->arena, "These parameters are not known and were left out: %.*s",
					 STR_ARG(search->ignored))};
	if (type != RESOURCE_PATIENT)
		TRY(note_waiting(cx, &search->find, &notes[1]));
	json_write_array(&w);
	add_link(&w, "self", link_to(cx, rq, type, pairs, STR_NONE));
	if (found.more && found.rows.count)
		add_link(&w, "next",
		    link_to(cx, rq, type, pairs,
			record_search_cursor(cx->arena, &((struct resource *)found.rows.items)[found.rows.count - 1])));
	json_write_end(&w);
	json_write_done(&w);
	buf_add(&out, S("{\"resourceType\":\"Bundle\",\"type\":\"searchset\""));
	if (found.total >= 0)
		buf_printf(&out, ",\"total\":%lld", (long long)found.total);
	buf_add(&out, S(",\"link\":"));
	buf_add(&out, buf_str(&links));
	add_entries(&out, fhir_base(cx, rq), &found, notes, 2);
	buf_add_char(&out, '}');
	return respond(rq, 200, FHIR_JSON, buf_str(&out));
}
