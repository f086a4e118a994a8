/* SPDX-License-Identifier: Apache-2.0 */
/* Prescriptions as JSON: lists with status and what may be asked, refills and what became of them, renewals, problems, words on
 * what is taken. */
#include "care/prescriptions/prescriptions.h"
#include "exchange/api/api_internal.h"

#define PATIENT_SIDE (WHO_PATIENT | WHO_DELEGATE)

/* Of the caller, or ?patient= of the care team. */
static fallible
patient_of(struct cx *cx, struct request *rq, patient_id *out)
{
	*out = cx->who.patient;
	if (cx->who.is & PATIENT_SIDE)
		return NULL;
	if (!uuid_parse(request_query(rq, "patient"), &out->v))
		return ERR(ERR_INVALID, "Name the patient: ?patient=ID.", "no patient named");
	return NULL;
}

/* ---- what is answered ---- */

static void
put_number(struct api_answer *a, const char *name, int64_t n)
{
	if (n != RX_NOT_SAID)
		json_put_int64(&a->w, name, n);
}

static void
put_z(struct api_answer *a, const char *name, const char *z)
{
	if (z)
		json_put_text(&a->w, name, str_from_z(z));
}

static void
put_prescription(struct api_answer *a, const struct prescription *p)
{
	json_write_object(&a->w);
	json_put_text(&a->w, "id", p->id);
	json_put_text(&a->w, "title", p->title);
	put_some(a, "detail", p->detail);
	put_some(a, "directions", p->sig);
	put_some(a, "number", p->number);
	put_z(a, "status", rx_status_code(p->status));
	put_z(a, "noRefill", rx_refusal_code(p->refusal));
	put_z(a, "noRenewal", renewal_refusal_code(p->renewal_refusal));
	put_number(a, "refillsLeft", p->left);
	put_number(a, "quantity", p->quantity);
	put_number(a, "days", p->days);
	put_instant(a, "lastFilled", p->last_fill);
	put_instant(a, "lastsUntil", p->runs_out);
	put_instant(a, "validUntil", p->ends);
	json_put_bool(&a->w, "needsRenewal", rx_needs_renewal(p));
	if (p->refill)
		put_id(a, "refill", p->refill->id.v);
	if (p->renewal)
		put_id(a, "renewal", p->renewal->id.v);
	json_put_array(&a->w, "fills");
	for (size_t i = 0; i < p->fill_count; i++) {
		json_write_object(&a->w);
		json_put_text(&a->w, "id", p->fills[i].id);
		put_instant(a, "at", p->fills[i].at);
		json_put_bool(&a->w, "done", p->fills[i].done);
		json_put_int64(&a->w, "quantity", p->fills[i].quantity);
		json_put_int64(&a->w, "days", p->fills[i].days);
		json_write_end(&a->w);
	}
	json_write_end(&a->w);
	json_write_end(&a->w);
}

/* Members of the open object. */
static void
put_refill(struct api_answer *a, const struct refill *r)
{
	str carrier, number = str_cut(r->tracking, '\n', &carrier);

	put_id(a, "id", r->id.v);
	put_id(a, "patient", r->patient.v);
	json_put_text(&a->w, "prescription", r->request);
	json_put_text(&a->w, "title", r->title);
	put_z(a, "state", refill_state_code((enum refill_state)r->state));
	put_z(a, "problem", refill_problem_words((enum refill_problem)r->problem));
	put_some(a, "reason", r->trouble);
	put_instant(a, "asked", r->made);
	put_instant(a, "sent", r->sent);
	put_instant(a, "acknowledged", r->acknowledged);
	put_instant(a, "filled", r->filled_at);
	put_instant(a, "shipped", r->shipped);
	put_instant(a, "ended", r->ended);
	put_instant(a, "moveBy", r->move_by);
	json_put_int64(&a->w, "quantityAsked", r->asked);
	json_put_int64(&a->w, "quantityFilled", r->filled);
	put_some(a, "carrier", carrier);
	put_some(a, "trackingNumber", number);
}

static void
put_refills(struct api_answer *a, const struct db_rows *rows)
{
	json_put_array(&a->w, "refills");
	for (size_t i = 0; i < rows->count; i++) {
		json_write_object(&a->w);
		put_refill(a, (const struct refill *)rows->items + i);
		json_write_end(&a->w);
	}
	json_write_end(&a->w);
}

static void
put_renewals(struct api_answer *a, const struct db_rows *rows)
{
	const struct renewal *w = rows->items;

	json_put_array(&a->w, "renewals");
	for (size_t i = 0; i < rows->count; i++) {
		json_write_object(&a->w);
		put_id(a, "id", w[i].id.v);
		put_id(a, "conversation", w[i].id.v);
		put_id(a, "patient", w[i].patient.v);
		put_id(a, "team", w[i].team.v);
		json_put_text(&a->w, "prescription", w[i].request);
		json_put_text(&a->w, "title", w[i].title);
		put_z(a, "state", renewal_state_code((enum renewal_state)w[i].state));
		put_instant(a, "asked", w[i].made);
		put_instant(a, "answered", w[i].answered);
		put_some(a, "answer", w[i].answer);
		put_some(a, "newPrescription", w[i].made_request);
		json_write_end(&a->w);
	}
	json_write_end(&a->w);
}

/* ---- prescriptions ---- */

static fallible
get_all(struct cx *cx, struct request *rq)
{
	struct db_rows rows;
	struct api_answer a;
	patient_id patient;

	TRY(patient_of(cx, rq, &patient));
	TRY(prescriptions_load(cx, patient, &rows));
	TRY(api_note_read(cx, patient, AUDIT_MEDICINES, rows.count));
	api_begin(cx, &a);
	json_put_array(&a.w, "prescriptions");
	for (size_t i = 0; i < rows.count; i++)
		put_prescription(&a, (const struct prescription *)rows.items + i);
	json_write_end(&a.w);
	return api_end(rq, 200, &a);
}

/* ---- refills ---- */

static fallible
get_refills(struct cx *cx, struct request *rq)
{
	struct db_rows rows;
	struct api_answer a;
	patient_id patient;

	TRY(patient_of(cx, rq, &patient));
	TRY(refills_of_patient(cx, patient, &rows));
	TRY(api_note_read(cx, patient, AUDIT_REFILL, rows.count));
	api_begin(cx, &a);
	put_refills(&a, &rows);
	return api_end(rq, 200, &a);
}

static fallible
get_refill(struct cx *cx, struct request *rq)
{
	struct refill refill;
	struct db_rows rows;
	const struct refill_event *event;
	struct api_answer a;
	refill_id id;

	TRY(api_address_id(rq, "refill", &id.v));
	TRY(refill_get(cx, id, &refill));
	TRY(refill_events(cx, &refill, &rows));
	TRY(api_note_read(cx, refill.patient, AUDIT_REFILL, 1));
	event = rows.items;
	api_begin(cx, &a);
	put_refill(&a, &refill);
	json_put_array(&a.w, "events");
	for (size_t i = 0; i < rows.count; i++) {
		json_write_object(&a.w);
		put_instant(&a, "at", event[i].at);
		put_z(&a, "what", refill_event_words((enum refill_event_kind)event[i].event));
		put_z(&a, "state", refill_state_code((enum refill_state)event[i].state));
		put_some(&a, "words", event[i].words);
		json_write_end(&a.w);
	}
	json_write_end(&a.w);
	return api_end(rq, 200, &a);
}

/* {"refills": [{"key", "prescription"}]}: one answer for each, in their order. */
static fallible
post_refills(struct cx *cx, struct request *rq)
{
	static const char *const outcomes[] = {"asked", "asked-before", "not-possible"};
	struct refill_wish wishes[REFILL_MANY_MAX];
	struct refill_result results[REFILL_MANY_MAX];
	const struct json_value *body;
	struct api_answer a;
	size_t count = 0;

	TRY(api_body(cx, rq, &body));
	json_each_item (json_get(body, "refills"), item) {
		if (count == REFILL_MANY_MAX)
			return ERR(ERR_INVALID, "\"refills\" holds too many.", "too many refills");
		TRY(api_id(cx, item, "key", &wishes[count].key));
		wishes[count++].prescription = json_text(json_get(item, "prescription"));
	}
	TRY(refills_ask(cx, cx->who.patient, wishes, count, results));
	api_begin(cx, &a);
	json_put_array(&a.w, "results");
	for (size_t i = 0; i < count; i++) {
		json_write_object(&a.w);
		put_z(&a, "outcome", outcomes[results[i].outcome]);
		if (results[i].outcome == REFILL_NOT_POSSIBLE) {
			json_put_text(&a.w, "prescription", wishes[i].prescription);
			put_z(&a, "why", rx_refusal_code(results[i].why));
		} else {
			put_refill(&a, &results[i].refill);
		}
		json_write_end(&a.w);
	}
	json_write_end(&a.w);
	return api_end(rq, 200, &a);
}

/* {"deed": "withdraw"} (arrived, missing; of the team again, close, settle with "words") */
static fallible
post_refill(struct cx *cx, struct request *rq)
{
	static const char *const deeds[] = {"withdraw", "arrived", "missing", "again", "close", "settle", NULL};
	const struct json_value *body;
	str words = STR_NONE;
	refill_id id;
	int deed;

	TRY(api_address_id(rq, "refill", &id.v));
	TRY(api_body(cx, rq, &body));
	TRY(api_text(cx, body, "words", &words));
	if (!json_text(json_get(body, "deed")).n)
		return ERR(ERR_INVALID, "\"deed\" is missing.", "no deed");
	TRY(api_word(cx, json_text(json_get(body, "deed")), "deed", deeds, &deed));
	switch (deed) {
	case 0: TRY(refill_withdraw(cx, id)); break;
	case 1: TRY(refill_arrived(cx, id)); break;
	case 2: TRY(refill_missing(cx, id)); break;
	case 3: TRY(refill_send_again(cx, id)); break;
	case 4: TRY(refill_close(cx, id, words)); break;
	default: TRY(refill_settle(cx, id, words)); break;
	}
	return api_done(rq);
}

static fallible
get_problems(struct cx *cx, struct request *rq)
{
	struct db_rows rows;
	struct api_answer a;

	TRY(refill_problems(cx, &rows));
	api_begin(cx, &a);
	put_refills(&a, &rows);
	return api_end(rq, 200, &a);
}

/* ---- renewals ---- */

/* The patient's, or those that wait for the caller's teams. */
static fallible
get_renewals(struct cx *cx, struct request *rq)
{
	struct db_rows rows;
	struct api_answer a;

	if (cx->who.is & PATIENT_SIDE) {
		TRY(renewals_of_patient(cx, cx->who.patient, &rows));
		TRY(api_note_read(cx, cx->who.patient, AUDIT_REFILL, rows.count));
	} else {
		TRY(renewals_waiting(cx, &rows));
	}
	api_begin(cx, &a);
	put_renewals(&a, &rows);
	return api_end(rq, 200, &a);
}

/* {"key", "prescription", "note", "team"} */
static fallible
post_renewal(struct cx *cx, struct request *rq)
{
	struct renewal_new in = {.patient = cx->who.patient};
	const struct json_value *body;
	struct renewal renewal;
	struct api_answer a;

	TRY(api_body(cx, rq, &body));
	TRY(api_id(cx, body, "key", &in.key));
	TRY(api_maybe_id(cx, body, "team", &in.team.v));
	TRY(api_text(cx, body, "note", &in.note));
	in.prescription = json_text(json_get(body, "prescription"));
	TRY(renewal_ask(cx, &in, &renewal));
	api_begin(cx, &a);
	put_renewals(&a, &(struct db_rows){&renewal, 1});
	return api_end(rq, 201, &a);
}

/* {"decision": "approve"} (change, deny, take-back), "words", "directions", "quantity", "days", "refills" */
static fallible
post_decision(struct cx *cx, struct request *rq)
{
	static const char *const decisions[] = {"approve", "change", "deny", "take-back", NULL};
	static const enum renewal_state states[] = {RENEWAL_APPROVED, RENEWAL_CHANGED, RENEWAL_DENIED};
	struct renewal_decision d = {0};
	const struct json_value *body;
	thread_id id;
	int decision;

	TRY(api_address_id(rq, "renewal", &id.v));
	TRY(api_body(cx, rq, &body));
	if (!json_text(json_get(body, "decision")).n)
		return ERR(ERR_INVALID, "\"decision\" is missing.", "no decision");
	TRY(api_word(cx, json_text(json_get(body, "decision")), "decision", decisions, &decision));
	TRY(api_text(cx, body, "words", &d.words));
	TRY(api_text(cx, body, "directions", &d.sig));
	TRY(api_number(cx, body, "quantity", 0, &d.quantity));
	TRY(api_number(cx, body, "days", 0, &d.days));
	TRY(api_number(cx, body, "refills", RX_NOT_SAID, &d.refills));
	if (decision == 3) {
		TRY(renewal_take_back(cx, id));
		return api_done(rq);
	}
	d.state = states[decision];
	TRY(renewal_decide(cx, id, &d));
	return api_done(rq);
}

/* ---- what is taken ---- */

static const char *const said_words[] = {"as-written", "differently", "not-taken", "also", NULL};

static fallible
get_words(struct cx *cx, struct request *rq)
{
	static const char *const settled[] = {NULL, "accepted", "record-stands", "taken-back"};
	const struct medicine_word *m;
	struct db_rows rows;
	struct api_answer a;
	patient_id patient;

	TRY(patient_of(cx, rq, &patient));
	TRY(medicine_words(cx, patient, true, &rows));
	TRY(api_note_read(cx, patient, AUDIT_MEDICINES, rows.count));
	m = rows.items;
	api_begin(cx, &a);
	json_put_array(&a.w, "words");
	for (size_t i = 0; i < rows.count; i++) {
		json_write_object(&a.w);
		put_id(&a, "id", m[i].id);
		put_some(&a, "about", m[i].request);
		put_z(&a, "said", said_words[m[i].said - 1]);
		put_some(&a, "name", m[i].name);
		put_some(&a, "strength", m[i].strength);
		put_some(&a, "how", m[i].how);
		put_some(&a, "reason", m[i].reason);
		put_some(&a, "comment", m[i].comment);
		put_instant(&a, "at", m[i].at);
		put_z(&a, "settled", settled[m[i].settled_how]);
		json_write_end(&a.w);
	}
	json_write_end(&a.w);
	return api_end(rq, 200, &a);
}

/* {"key", "about", "said", "name", "strength", "how", "reason", "comment"} */
static fallible
post_word(struct cx *cx, struct request *rq)
{
	struct medicine_word m = {.patient = cx->who.patient, .settled = INSTANT_NONE};
	const struct json_value *body;
	int said;

	TRY(api_body(cx, rq, &body));
	TRY(api_id(cx, body, "key", &m.id));
	TRY(api_text(cx, body, "about", &m.request));
	TRY(api_text(cx, body, "name", &m.name));
	TRY(api_text(cx, body, "strength", &m.strength));
	TRY(api_text(cx, body, "how", &m.how));
	TRY(api_text(cx, body, "reason", &m.reason));
	TRY(api_text(cx, body, "comment", &m.comment));
	TRY(api_word(cx, json_text(json_get(body, "said")), "said", said_words, &said));
	m.said = said + 1;
	TRY(medicine_say(cx, &m));
	return api_done(rq);
}

/* {"settle": "accept"} (record-stands) of the team, with ?patient=; {"settle": "take-back"} of the patient */
static fallible
post_settle(struct cx *cx, struct request *rq)
{
	static const char *const ways[] = {"accept", "record-stands", "take-back", NULL};
	const struct json_value *body;
	patient_id patient;
	struct uuid id;
	int way;

	TRY(api_address_id(rq, "word", &id));
	TRY(patient_of(cx, rq, &patient));
	TRY(api_body(cx, rq, &body));
	if (!json_text(json_get(body, "settle")).n)
		return ERR(ERR_INVALID, "\"settle\" is missing.", "no way to settle");
	TRY(api_word(cx, json_text(json_get(body, "settle")), "settle", ways, &way));
	if (way == 2)
		TRY(medicine_take_back(cx, patient, id));
	else
		TRY(medicine_settle(cx, patient, id, way == 0 ? SETTLED_ACCEPTED : SETTLED_RECORD_STANDS));
	return api_done(rq);
}

const struct route api_prescriptions_routes[] = {
    API_LOOK("/api/prescriptions", get_all, PATIENT_SIDE | WHO_CARE_TEAM, "MedicationRequest.rs"),
    API_LOOK("/api/refills", get_refills, PATIENT_SIDE | WHO_CARE_TEAM, "Task.rs"),
    API_DEED(POST, "/api/refills", post_refills, PATIENT_SIDE, "Task.c", API_SMALL_BODY),
    API_LOOK("/api/refills/problems", get_problems, WHO_CARE_TEAM, "Task.rs"),
    API_LOOK("/api/refills/{refill}", get_refill, PATIENT_SIDE | WHO_CARE_TEAM, "Task.rs"),
    API_DEED(POST, "/api/refills/{refill}", post_refill, PATIENT_SIDE | WHO_CARE_TEAM, "Task.u", API_SMALL_BODY),
    API_LOOK("/api/renewals", get_renewals, PATIENT_SIDE | WHO_CARE_TEAM, "MedicationRequest.rs"),
    API_DEED(POST, "/api/renewals", post_renewal, PATIENT_SIDE, "Communication.c", API_SMALL_BODY),
    API_DEED(POST, "/api/renewals/{renewal}", post_decision, PATIENT_SIDE | WHO_CARE_TEAM, "MedicationRequest.cu",
	API_SMALL_BODY),
    API_LOOK("/api/medicines/said", get_words, PATIENT_SIDE | WHO_CARE_TEAM, "MedicationStatement.rs"),
    API_DEED(POST, "/api/medicines/said", post_word, PATIENT_SIDE, "MedicationStatement.c", API_SMALL_BODY),
    API_DEED(POST, "/api/medicines/said/{word}", post_settle, PATIENT_SIDE | WHO_CARE_TEAM, "MedicationStatement.u",
	API_SMALL_BODY),
    {0},
};
