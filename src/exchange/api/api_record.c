/* SPDX-License-Identifier: Apache-2.0 */
/* What is about the record and no resource of it, as JSON: vaccines and checks that are due, when new results reach the patient, and
 * what waits. */
#include "care/record/record_release.h"
#include "care/reminders/reminders.h"
#include "exchange/api/api_internal.h"
#include "platform/format/fhir_date.h"

#define PATIENT_SIDE (WHO_PATIENT | WHO_DELEGATE)

/* The patient of the address, or the caller. */
static fallible
patient_of(struct cx *cx, struct request *rq, patient_id *out)
{
	*out = cx->who.patient;
	return request_param(rq, "patient").p ? api_address_id(rq, "patient", &out->v) : NULL;
}

/* ---- reminders ---- */

static const char *
reminder_state_code(enum reminder_state state)
{
	switch (state) {
	case REMINDER_DUE: break;
	case REMINDER_DONE: return "done";
	case REMINDER_LATER: return "later";
	case REMINDER_NOT_FOR: return "not-needed";
	}
	return "due";
}

static void
put_reminder(struct api_answer *a, const struct reminder *r)
{
	enum lang lang = a->cx->lang;

	json_write_object(&a->w);
	json_put_text(&a->w, "rule", str_from_z(r->rule->code));
	json_put_text(&a->w, "title", tr(lang, r->rule->title));
	json_put_text(&a->w, "what", tr(lang, r->rule->what));
	json_put_text(&a->w, "why", tr(lang, r->rule->why));
	json_put_text(&a->w, "source", str_from_z(r->rule->source));
	json_put_text(&a->w, "state", str_from_z(reminder_state_code(r->state)));
	put_instant(a, "done", r->done);
	json_put_bool(&a->w, "bySomebodysWord", r->by_word);
	json_put_bool(&a->w, "saidByTeam", r->said_by_team);
	put_instant(a, "due", r->due);
	json_write_end(&a->w);
}

static fallible
get_reminders(struct cx *cx, struct request *rq)
{
	const struct reminder *r;
	struct api_answer a;
	patient_id patient;
	struct db_rows rows;

	TRY(patient_of(cx, rq, &patient));
	TRY(reminders_for(cx, patient, &rows));
	TRY(api_note_read(cx, patient, AUDIT_RECORD, rows.count));
	r = rows.items;
	api_begin(cx, &a);
	json_put_array(&a.w, "reminders");
	for (size_t i = 0; i < rows.count; i++)
		put_reminder(&a, &r[i]);
	json_write_end(&a.w);
	return api_end(rq, 200, &a);
}

/* {"answer": "done", "day": "2026-10-05"} ("later"; "not-needed" of the team) */
static fallible
post_reminder(struct cx *cx, struct request *rq)
{
	static const char *const answers[] = {"done", "later", "not-needed", NULL}; /* enum reminder_mark_kind - 1 */
	const struct reminder_rule *rule = reminder_rule_by_code(request_param(rq, "rule"));
	const struct json_value *body;
	instant day = INSTANT_NONE;
	struct fhir_date date;
	patient_id patient;
	int answer;

	if (!rule)
		return ERR(ERR_GONE, "There is no such reminder.", "unknown reminder");
	TRY(patient_of(cx, rq, &patient));
	TRY(api_body(cx, rq, &body));
	if (!json_text(json_get(body, "answer")).n)
		return ERR(ERR_INVALID, "\"answer\" is missing.", "no answer");
	TRY(api_word(cx, json_text(json_get(body, "answer")), "answer", answers, &answer));
	if (json_get(body, "day")) {
		if (!fhir_date_parse(FHIR_DATE, json_text(json_get(body, "day")), &date) ||
		    date.precision != FHIR_PRECISION_DAY)
			return ERR(ERR_INVALID, "\"day\" must be a day such as 2026-12-24.", "bad day");
		day = date.low;
	}
	TRY(reminder_answer(cx, patient, rule, (enum reminder_mark_kind)(answer + 1), day));
	return api_done(rq);
}

/* ---- release ---- */

static const char *const classes[] = {"", "labs", "microbiology", "pathology", "imaging", "heart", "reports", "notes",
    "discharge", "documents", "problems", "message-notes", NULL}; /* enum release_class */
_Static_assert(sizeof(classes) / sizeof(classes[0]) == RELEASE_CLASSES + 1, "a code for each class");

static const char *
mode_code(int64_t mode)
{
	switch ((enum release_mode)mode) {
	case RELEASE_AT_ONCE: break;
	case RELEASE_AFTER: return "after";
	case RELEASE_DISCUSSED: return "discussed";
	case RELEASE_ASK: return "ask";
	}
	return "at-once";
}

static fallible
get_pace(struct cx *cx, struct request *rq)
{
	struct release_rule chosen[RELEASE_CLASSES];
	struct api_answer a;

	TRY(release_pacing(cx, cx->who.patient, chosen));
	api_begin(cx, &a);
	json_put_array(&a.w, "classes");
	for (int i = 1; i < RELEASE_CLASSES; i++) {
		json_write_object(&a.w);
		json_put_text(&a.w, "class", str_from_z(classes[i]));
		json_put_text(&a.w, "title", tr(cx->lang, release_class_words((enum release_class)i)));
		json_put_bool(&a.w, "own", chosen[i].own);
		if (chosen[i].own)
			json_put_text(&a.w, "pace", str_from_z(mode_code(chosen[i].mode)));
		if (chosen[i].own && chosen[i].mode == RELEASE_AFTER)
			json_put_int64(&a.w, "days", chosen[i].hours / 24);
		json_write_end(&a.w);
	}
	json_write_end(&a.w);
	return api_end(rq, 200, &a);
}

/* {"pace": "after", "days": 3} ("at-once", "discussed", "ask"; "clinic": no choice of one's own) */
static fallible
put_pace(struct cx *cx, struct request *rq)
{
	static const char *const paces[] = {"clinic", "at-once", "after", "discussed", "ask", NULL};
	static const enum release_mode modes[] = {
	    RELEASE_AT_ONCE, RELEASE_AT_ONCE, RELEASE_AFTER, RELEASE_DISCUSSED, RELEASE_ASK};
	struct release_rule choice = {0};
	const struct json_value *body;
	int64_t days;
	int pace;

	for (int i = 1; i < RELEASE_CLASSES; i++)
		if (str_equal(request_param(rq, "class"), str_from_z(classes[i])))
			choice.class = i;
	if (!choice.class)
		return ERR(ERR_GONE, "There is no such part of the record.", "unknown release class");
	TRY(api_body(cx, rq, &body));
	if (!json_text(json_get(body, "pace")).n)
		return ERR(ERR_INVALID, "\"pace\" is missing.", "no pace");
	TRY(api_word(cx, json_text(json_get(body, "pace")), "pace", paces, &pace));
	TRY(api_number(cx, body, "days", 0, &days));
	choice.own = pace != 0;
	choice.mode = modes[pace];
	if (choice.mode == RELEASE_AFTER && (days < 1 || days > RELEASE_HOURS_MAX / 24))
		return ERR(ERR_INVALID, "\"days\" must be a number from 1 to 90.", "bad days");
	choice.hours = choice.mode == RELEASE_AFTER ? days * 24 : 0;
	TRY(release_pacing_set(cx, cx->who.patient, &choice));
	return api_done(rq);
}

static fallible
get_waiting(struct cx *cx, struct request *rq)
{
	bool team = cx->who.is & WHO_CARE_TEAM;
	const struct release_waiting *w;
	struct api_answer a;
	patient_id patient;
	struct db_rows rows;

	TRY(patient_of(cx, rq, &patient));
	TRY(release_waiting(cx, patient, &rows));
	TRY(api_note_read(cx, patient, AUDIT_RECORD, rows.count));
	w = rows.items;
	api_begin(cx, &a);
	json_put_array(&a.w, "waiting");
	for (size_t i = 0; i < rows.count; i++) {
		json_write_object(&a.w);
		json_put_text(&a.w, "class", str_from_z(classes[w[i].class]));
		json_put_text(&a.w, "title", tr(cx->lang, release_class_words(w[i].class)));
		json_put_text(&a.w, "state", w[i].standing.state == RELEASE_HELD ? S("held") : S("waits"));
		json_put_text(&a.w, "pace", str_from_z(mode_code(w[i].standing.mode)));
		json_put_bool(&a.w, "own", w[i].standing.own);
		put_instant(&a, "came", w[i].arrived);
		put_instant(&a, "until", w[i].standing.until);
		if (team || w[i].standing.state == RELEASE_WAITS) /* what can be opened */
			json_put_text(&a.w, "entry",
			    arena_printf(cx->arena, "%s/%.*s", resource_type_name(w[i].type), STR_ARG(w[i].id)));
		json_write_end(&a.w);
	}
	json_write_end(&a.w);
	return api_end(rq, 200, &a);
}

/* {"entry": "Observation/7"} */
static fallible
post_open(struct cx *cx, struct request *rq)
{
	const struct json_value *body;
	patient_id patient;
	resource_type type;
	str id;

	TRY(patient_of(cx, rq, &patient));
	TRY(api_body(cx, rq, &body));
	if (!reference_split(json_text(json_get(body, "entry")), &type, &id))
		return ERR(ERR_INVALID, "\"entry\" must be an entry of the list, such as Observation/7.", "bad entry");
	TRY(release_open(cx, patient, type, id));
	return api_done(rq);
}

const struct route api_record_routes[] = {
    API_LOOK("/api/reminders", get_reminders, PATIENT_SIDE, "Patient.rs"),
    API_DEED(POST, "/api/reminders/{rule}", post_reminder, WHO_PATIENT, "Patient.u", API_SMALL_BODY),
    API_LOOK("/api/patients/{patient}/reminders", get_reminders, WHO_CARE_TEAM, "Patient.rs"),
    API_DEED(
	POST, "/api/patients/{patient}/reminders/{rule}", post_reminder, WHO_CARE_TEAM, "Patient.u", API_SMALL_BODY),
    API_LOOK("/api/pace", get_pace, WHO_PATIENT, "Consent.rs"),
    API_DEED(PUT, "/api/pace/{class}", put_pace, WHO_PATIENT, "Consent.u", API_SMALL_BODY),
    API_LOOK("/api/waiting", get_waiting, PATIENT_SIDE, "Consent.rs"),
    API_DEED(POST, "/api/waiting/open", post_open, WHO_PATIENT, "Consent.u", API_SMALL_BODY),
    API_LOOK("/api/patients/{patient}/waiting", get_waiting, WHO_CARE_TEAM, "Consent.rs"),
    API_DEED(POST, "/api/patients/{patient}/waiting/open", post_open, WHO_CARE_TEAM, "Consent.u", API_SMALL_BODY),
    {0},
};
