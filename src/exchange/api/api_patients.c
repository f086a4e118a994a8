/* SPDX-License-Identifier: Apache-2.0 */
/* Patients as the office knows them: who they are, why they belong to which team, what keeps them from writing. */
#include "exchange/api/api_office.h"
#include "platform/format/fhir_date.h"

static const char *const block_codes[] = {"urgent-use", "threats", "language", "not-health", "volume", "other", NULL};

static void
put_patient(struct api_answer *a, const struct patient *patient)
{
	put_id(a, "id", patient->id.v);
	json_put_text(&a->w, "name", patient->name);
	if (!instant_is_none(patient->born))
		json_put_text(&a->w, "born",
		    fhir_date_text(a->cx->arena, civil_date_from_days((int32_t)(patient->born.ms / DAY_MS))));
}

/* ?name=: by name or number. */
fallible
api_get_patients(struct cx *cx, struct request *rq)
{
	struct db_rows rows;
	const struct patient *patient;
	struct api_answer a;

	TRY(office_patients_find(cx, request_query(rq, "name"), &rows));
	patient = rows.items;
	api_begin(cx, &a);
	json_put_array(&a.w, "patients");
	for (size_t i = 0; i < rows.count; i++) {
		json_write_object(&a.w);
		put_patient(&a, &patient[i]);
		json_write_end(&a.w);
	}
	json_write_end(&a.w);
	return api_end(rq, 200, &a);
}

static void
put_association(struct api_answer *a, const struct association *association)
{
	int64_t relation = association->relation == RELATION_BY_HAND ? 3 : association->relation;

	json_write_object(&a->w);
	put_id(a, "team", association->team.v);
	json_put_text(&a->w, "relation", str_from_z(api_relations[relation]));
	json_put_text(&a->w, "reason", association->reason);
	put_instant(a, "since", association->since);
	put_instant(a, "until", association->until);
	put_id(a, "madeBy", association->made_by.v);
	put_id(a, "cameFrom", association->came_from.v);
	json_write_end(&a->w);
}

/* A block without team is for all of the facility. */
static void
put_block(struct api_answer *a, const struct block *block)
{
	json_write_object(&a->w);
	put_id(a, "id", block->id);
	put_id(a, "patient", block->patient.v);
	put_id(a, "team", block->team.v);
	json_put_text(&a->w, "code", str_from_z(block_codes[block->code - BLOCK_URGENT_USE]));
	json_put_text(&a->w, "note", block->note);
	put_instant(a, "since", block->since);
	put_instant(a, "review", block->review);
	put_id(a, "madeBy", block->made_by.v);
	json_write_end(&a->w);
}

static fallible
answer_patient(struct cx *cx, struct request *rq, int status, patient_id id)
{
	struct patient patient;
	struct db_rows associations, blocks;
	struct api_answer a;

	db_refresh(cx);
	TRY(office_patient(cx, id, &patient));
	TRY(office_patient_look(cx, id, &associations, &blocks));
	api_begin(cx, &a);
	put_patient(&a, &patient);
	json_put_array(&a.w, "associations");
	for (size_t i = 0; i < associations.count; i++)
		put_association(&a, (const struct association *)associations.items + i);
	json_write_end(&a.w);
	json_put_array(&a.w, "blocks");
	for (size_t i = 0; i < blocks.count; i++)
		put_block(&a, (const struct block *)blocks.items + i);
	json_write_end(&a.w);
	return api_end(rq, status, &a);
}

fallible
api_get_patient(struct cx *cx, struct request *rq)
{
	patient_id id;

	TRY(api_address_id(rq, "patient", &id.v));
	return answer_patient(cx, rq, 200, id);
}

fallible
api_delete_association(struct cx *cx, struct request *rq)
{
	patient_id id;
	team_id team;

	TRY(api_address_id(rq, "patient", &id.v));
	TRY(api_address_id(rq, "team", &team.v));
	TRY(panel_remove(cx, team, id));
	return api_done(rq);
}

/* ---- blocks ---- */

fallible
api_get_blocks(struct cx *cx, struct request *rq)
{
	struct db_rows rows;
	struct api_answer a;

	TRY(office_blocks(cx, &rows));
	api_begin(cx, &a);
	json_put_array(&a.w, "blocks");
	for (size_t i = 0; i < rows.count; i++)
		put_block(&a, (const struct block *)rows.items + i);
	json_write_end(&a.w);
	return api_end(rq, 200, &a);
}

/* {"code", "note", "review": "2026-12-24"}, and "team" unless it is for all of the facility. */
fallible
api_post_block(struct cx *cx, struct request *rq)
{
	struct block in = {0};
	struct patient patient;
	const struct json_value *body;
	int code;

	TRY(api_address_id(rq, "patient", &in.patient.v));
	TRY(api_body(cx, rq, &body));
	TRY(office_patient(cx, in.patient, &patient));
	TRY(api_maybe_id(cx, body, "team", &in.team.v));
	if (json_text(json_get(body, "code")).n) {
		TRY(api_word(cx, json_text(json_get(body, "code")), "code", block_codes, &code));
		in.code = code + BLOCK_URGENT_USE;
	}
	TRY(api_text(cx, body, "note", &in.note));
	TRY(office_end_of_day(cx, json_text(json_get(body, "review")), &in.review));
	TRY(block_make(cx, &in));
	return answer_patient(cx, rq, 201, in.patient);
}

fallible
api_delete_block(struct cx *cx, struct request *rq)
{
	patient_id patient;
	struct uuid id;

	TRY(api_address_id(rq, "patient", &patient.v));
	TRY(api_address_id(rq, "block", &id));
	TRY(block_end(cx, patient, id));
	return api_done(rq);
}
