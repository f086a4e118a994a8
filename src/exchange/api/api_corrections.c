/* SPDX-License-Identifier: Apache-2.0 */
/* What the patient asks to have corrected or not shared, and what the office answers, as JSON. */
#include "care/corrections/corrections.h"
#include "exchange/api/api_internal.h"

#define OFFICE (WHO_COORDINATOR | WHO_ADMINISTRATOR)

static const char *const kinds[] = {"amendment", "restriction", NULL}; /* enum correction_kind - 1 */
static const char *const bases[] = {
    "not-ours", "not-kept", "not-open", "accurate", "cannot-keep", NULL}; /* enum correction_basis - 1 */
_Static_assert(sizeof(bases) / sizeof(bases[0]) == CORRECTION_BASES, "a code for each basis");

static const char *
state_code(int64_t state)
{
	switch ((enum correction_state)state) {
	case CORRECTION_ASKED: break;
	case CORRECTION_ACCEPTED: return "accepted";
	case CORRECTION_DENIED: return "denied";
	case CORRECTION_WITHDRAWN: return "withdrawn";
	}
	return "asked";
}

/* Members of the open object. */
static void
put_correction(struct api_answer *a, const struct correction *c)
{
	put_id(a, "id", c->id.v);
	put_id(a, "patient", c->patient.v);
	json_put_text(&a->w, "kind", str_from_z(kinds[c->kind - 1]));
	json_put_text(&a->w, "state", str_from_z(state_code(c->state)));
	put_some(a, "about", c->about);
	put_some(a, "title", c->title);
	json_put_text(&a->w, "asked", c->asked);
	json_put_bool(&a->w, "paid", c->paid);
	put_instant(a, "made", c->made);
	put_instant(a, "due", c->due);
	json_put_bool(&a->w, "late", correction_is_late(c, a->cx->now));
	put_instant(a, "extendedAt", c->extended_at);
	put_some(a, "extension", c->extension);
	put_instant(a, "answeredAt", c->answered_at);
	put_some(a, "answer", c->answer);
	if (c->basis)
		json_put_text(&a->w, "basis", str_from_z(bases[c->basis - 1]));
	put_instant(a, "disagreedAt", c->disagreed_at);
	put_some(a, "disagreement", c->disagreement);
	if (!uuid_is_none(c->document))
		json_put_text(&a->w, "document",
		    arena_printf(
			a->cx->arena, "DocumentReference/%.*s", STR_ARG(uuid_text(a->cx->arena, c->document))));
}

static fallible
answer_corrections(struct cx *cx, struct request *rq, const struct db_rows *rows)
{
	struct api_answer a;

	api_begin(cx, &a);
	json_put_array(&a.w, "corrections");
	for (size_t i = 0; i < rows->count; i++) {
		json_write_object(&a.w);
		put_correction(&a, (const struct correction *)rows->items + i);
		json_write_end(&a.w);
	}
	json_write_end(&a.w);
	return api_end(rq, 200, &a);
}

static fallible
answer_correction(struct cx *cx, struct request *rq, int status, const struct correction *c)
{
	struct api_answer a;

	audit_add_read(cx, &(struct audit){.action = AUDIT_VIEW,
			       .subject = AUDIT_CORRECTION,
			       .patient = c->patient,
			       .item = c->id.v,
			       .why = cx->who.is & WHO_PATIENT ? ACCESS_SELF : ACCESS_NONE});
	api_begin(cx, &a);
	json_put_object(&a.w, "correction");
	put_correction(&a, c);
	json_write_end(&a.w);
	return api_end(rq, status, &a);
}

static fallible
get_corrections(struct cx *cx, struct request *rq)
{
	struct db_rows rows;

	TRY(corrections_own(cx, &rows));
	return answer_corrections(cx, rq, &rows);
}

static fallible
show_own(struct cx *cx, struct request *rq, int status, correction_id id)
{
	struct correction c;

	db_refresh(cx);
	TRY(correction_own(cx, id, &c));
	return answer_correction(cx, rq, status, &c);
}

static fallible
get_correction(struct cx *cx, struct request *rq)
{
	correction_id id;

	TRY(api_address_id(rq, "correction", &id.v));
	return show_own(cx, rq, 200, id);
}

/* {"key", "kind", "about", "asked", "paid"} */
static fallible
post_correction(struct cx *cx, struct request *rq)
{
	struct correction_new in = {0};
	const struct json_value *body;
	int kind;

	TRY(api_body(cx, rq, &body));
	TRY(api_id(cx, body, "key", &in.key));
	TRY(api_word(cx, json_text(json_get(body, "kind")), "kind", kinds, &kind));
	in.kind = (enum correction_kind)(kind + 1);
	TRY(api_text(cx, body, "about", &in.about));
	TRY(api_text(cx, body, "title", &in.title));
	TRY(api_text(cx, body, "asked", &in.asked));
	TRY(api_flag(cx, body, "paid", &in.paid));
	TRY(correction_ask(cx, &in));
	return show_own(cx, rq, 201, (correction_id){in.key});
}

static fallible
post_withdraw(struct cx *cx, struct request *rq)
{
	correction_id id;

	TRY(api_address_id(rq, "correction", &id.v));
	TRY(correction_withdraw(cx, id));
	return show_own(cx, rq, 200, id);
}

/* {"words"} */
static fallible
post_disagree(struct cx *cx, struct request *rq)
{
	const struct json_value *body;
	correction_id id;
	str words = STR_NONE;

	TRY(api_address_id(rq, "correction", &id.v));
	TRY(api_body(cx, rq, &body));
	TRY(api_text(cx, body, "words", &words));
	TRY(correction_disagree(cx, id, words));
	return show_own(cx, rq, 200, id);
}

/* ---- the office ---- */

static fallible
get_office_corrections(struct cx *cx, struct request *rq)
{
	const struct correction *c;
	struct db_rows rows;

	TRY(corrections_of_office(cx, !str_equal(request_query(rq, "show"), S("over")), &rows));
	c = rows.items;
	if (rows.count)
		audit_add_listed(cx, AUDIT_CORRECTION, ACCESS_NONE, &c[0].patient, rows.count, sizeof(c[0]));
	return answer_corrections(cx, rq, &rows);
}

static fallible
correction_of_route(struct cx *cx, struct request *rq, struct correction *out)
{
	patient_id patient;
	correction_id id;

	TRY(api_address_id(rq, "patient", &patient.v));
	TRY(api_address_id(rq, "correction", &id.v));
	return correction_of_office(cx, patient, id, out);
}

static fallible
get_office_correction(struct cx *cx, struct request *rq)
{
	struct correction c;

	TRY(correction_of_route(cx, rq, &c));
	return answer_correction(cx, rq, 200, &c);
}

static fallible
show_again(struct cx *cx, struct request *rq, const struct correction *before)
{
	struct correction c;

	db_refresh(cx);
	TRY(correction_of_office(cx, before->patient, before->id, &c));
	return answer_correction(cx, rq, 200, &c);
}

/* {"reason"} */
static fallible
post_extend(struct cx *cx, struct request *rq)
{
	const struct json_value *body;
	struct correction c;
	str reason = STR_NONE;

	TRY(correction_of_route(cx, rq, &c));
	TRY(api_body(cx, rq, &body));
	TRY(api_text(cx, body, "reason", &reason));
	TRY(correction_extend(cx, &c, reason));
	return show_again(cx, rq, &c);
}

/* {"accept", "basis", "words"} */
static fallible
post_answer(struct cx *cx, struct request *rq)
{
	struct correction_answer answer = {0};
	const struct json_value *body;
	struct correction c;
	int basis;

	TRY(correction_of_route(cx, rq, &c));
	TRY(api_body(cx, rq, &body));
	if (json_kind(json_get(body, "accept")) != JSON_BOOL)
		return ERR(ERR_INVALID, "\"accept\" must be true or false.", "no verdict");
	answer.accept = json_bool(json_get(body, "accept"));
	TRY(api_word(cx, json_text(json_get(body, "basis")), "basis", bases, &basis));
	if (json_text(json_get(body, "basis")).n)
		answer.basis = (enum correction_basis)(basis + 1);
	TRY(api_text(cx, body, "words", &answer.words));
	TRY(correction_settle(cx, &c, &answer));
	return show_again(cx, rq, &c);
}

const struct route api_corrections_routes[] = {
    API_LOOK("/api/corrections", get_corrections, WHO_PATIENT, "DocumentReference.rs"),
    API_DEED(POST, "/api/corrections", post_correction, WHO_PATIENT, "DocumentReference.c", API_SMALL_BODY),
    API_LOOK("/api/corrections/{correction}", get_correction, WHO_PATIENT, "DocumentReference.rs"),
    API_DEED(POST, "/api/corrections/{correction}/withdraw", post_withdraw, WHO_PATIENT, "DocumentReference.u",
	API_SMALL_BODY),
    API_DEED(POST, "/api/corrections/{correction}/disagree", post_disagree, WHO_PATIENT, "DocumentReference.u",
	API_SMALL_BODY),
    API_LOOK("/api/office/corrections", get_office_corrections, OFFICE, "DocumentReference.rs"),
    API_LOOK("/api/office/corrections/{patient}/{correction}", get_office_correction, OFFICE, "DocumentReference.rs"),
    API_DEED(POST, "/api/office/corrections/{patient}/{correction}/extend", post_extend, OFFICE, "DocumentReference.u",
	API_SMALL_BODY),
    API_DEED(POST, "/api/office/corrections/{patient}/{correction}/answer", post_answer, OFFICE, "DocumentReference.u",
	API_SMALL_BODY),
    {0},
};
