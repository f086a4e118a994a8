/* SPDX-License-Identifier: Apache-2.0 */
/* Patients and the index over their names. */
#include "platform/format/fhir_date.h"
#include "platform/format/utf8.h"
#include "trust/identity/identity_internal.h"

static const struct db_column PATIENT[] = {COL(struct patient, id.v), COL(struct patient, facility.v),
    COL_BYTES(struct patient, name), COL(struct patient, born)};

fallible
patient_put(struct tx *tx, const struct patient_sealed *in)
{
	TRY(db_run(tx,
	    SQL("INSERT INTO patient (id, facility, name, born, made) VALUES ($1, $2, $3, $4, $5)"
		" ON CONFLICT (id) DO UPDATE SET name = excluded.name, born = excluded.born"),
	    BIND(DB(in->id.v), DB(in->facility.v), db_bytes(in->name), DB(in->born), DB(tx->cx->now)), NULL));
	TRY(db_run(tx, SQL("DELETE FROM patient_index WHERE patient = $1"), BIND(DB(in->id.v)), NULL));
	for (size_t i = 0; i < in->word_count; i++)
		TRY(db_run(tx, SQL("INSERT INTO patient_index (word, patient) VALUES ($1, $2)"),
		    BIND(DB(in->words[i]), DB(in->id.v)), NULL));
	return NULL;
}

static fallible
open_name(struct cx *cx, struct patient *patient)
{
	return vault_open_text(cx, patient->id, patient_name_place(patient->id), patient->name, &patient->name);
}

fallible
patient_get(struct cx *cx, patient_id id, struct patient *out)
{
	TRY(db_one(
	    cx, SQL("SELECT id, facility, name, born FROM patient WHERE id = $1"), BIND(DB(id.v)), INTO(out, PATIENT)));
	return open_name(cx, out);
}

#define QUERY_WORDS_MAX 4 /* a first name, two family names and a birth date */

/* The blind words of a query; unused places repeat the first, which changes nothing. */
static size_t
query_words(struct cx *cx, str query, struct uuid words[QUERY_WORDS_MAX])
{
	str rest = utf8_fold(cx->arena, query), word;
	size_t count = 0;

	while (rest.p && count < QUERY_WORDS_MAX) {
		rest = str_cut(rest, ' ', &word);
		if (word.n)
			words[count++] = patient_word(cx->vault, word);
	}
	for (size_t i = count; count && i < QUERY_WORDS_MAX; i++)
		words[i] = words[0];
	return count;
}

fallible
patient_search(struct cx *cx, str query, patient_id after, int64_t count_max, struct db_rows *out)
{
	struct uuid words[QUERY_WORDS_MAX];
	size_t count = query_words(cx, query, words);
	/* Every id lies after the one of all zeros, which would be stored as NULL: ask from the lowest real one. */
	struct uuid from = uuid_is_none(after.v) ? (struct uuid){{[15] = 1}} : after.v;
	struct patient *patients;

	if (count == 0) {
		TRY(db_all(cx,
		    SQL("SELECT p.id, p.facility, p.name, p.born FROM patient p WHERE p.id > $3"
			" AND EXISTS (SELECT 1 FROM visible_patient v"
			"   WHERE v.patient = p.id AND v.account = $1 AND v.since <= $2 AND v.until > $2)"
			" ORDER BY p.id LIMIT $4"),
		    BIND(DB(cx->who.account.v), DB(cx->now), DB(from), DB(count_max)), ROWS(struct patient, PATIENT),
		    out));
	} else {
		TRY(db_all(cx,
		    SQL("SELECT p.id, p.facility, p.name, p.born FROM patient_index w JOIN patient p ON p.id = "
			"w.patient"
			" WHERE w.word = $5 AND p.id > $3"
			" AND EXISTS (SELECT 1 FROM visible_patient v"
			"   WHERE v.patient = p.id AND v.account = $1 AND v.since <= $2 AND v.until > $2)"
			" AND EXISTS (SELECT 1 FROM patient_index x WHERE x.word = $6 AND x.patient = p.id)"
			" AND EXISTS (SELECT 1 FROM patient_index y WHERE y.word = $7 AND y.patient = p.id)"
			" AND EXISTS (SELECT 1 FROM patient_index z WHERE z.word = $8 AND z.patient = p.id)"
			" ORDER BY p.id LIMIT $4"),
		    BIND(DB(cx->who.account.v), DB(cx->now), DB(from), DB(count_max), DB(words[0]), DB(words[1]),
			DB(words[2]), DB(words[3])),
		    ROWS(struct patient, PATIENT), out));
	}
	patients = out->items;
	for (size_t i = 0; i < out->count; i++)
		TRY(open_name(cx, &patients[i]));
	return NULL;
}

fallible
patient_search_facility(struct cx *cx, facility_id facility, str query, int64_t count_max, struct db_rows *out)
{
	struct uuid words[QUERY_WORDS_MAX];
	struct patient *patients;

	*out = (struct db_rows){0};
	if (query_words(cx, query, words) == 0)
		return NULL;
	TRY(db_all(cx,
	    SQL("SELECT p.id, p.facility, p.name, p.born FROM patient_index w JOIN patient p ON p.id = w.patient"
		" WHERE w.word = $2 AND p.facility = $1"
		" AND EXISTS (SELECT 1 FROM patient_index x WHERE x.word = $3 AND x.patient = p.id)"
		" AND EXISTS (SELECT 1 FROM patient_index y WHERE y.word = $4 AND y.patient = p.id)"
		" AND EXISTS (SELECT 1 FROM patient_index z WHERE z.word = $5 AND z.patient = p.id)"
		" ORDER BY p.id LIMIT $6"),
	    BIND(DB(facility.v), DB(words[0]), DB(words[1]), DB(words[2]), DB(words[3]), DB(count_max)),
	    ROWS(struct patient, PATIENT), out));
	patients = out->items;
	for (size_t i = 0; i < out->count; i++)
		TRY(open_name(cx, &patients[i]));
	return NULL;
}
