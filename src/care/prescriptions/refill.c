/* SPDX-License-Identifier: Apache-2.0 */
/* Refill requests: asking, reading, the deeds of people, and the clock that sees that none stands still unseen. */
#include "care/prescriptions/prescriptions_internal.h"
#include "platform/format/utf8.h"

#define DUE_PER_RUN 200 /* requests of one run of the clock */

static instant
later(instant at, int64_t days)
{
	return instant_add_ms(at, days * DAY_MS);
}

/* ---- asking ---- */

fallible
refill_prepare(struct cx *cx, const struct prescription *p, struct uuid key, struct refill_start *out)
{
	struct refill *r = &out->refill;
	const struct json_value *json;
	struct patient patient;
	struct team team;
	bool found;
	str id;

	TRY(patient_get(cx, p->patient, &patient));
	*r = (struct refill){.patient = p->patient,
	    .id = {key},
	    .prescription = p->key,
	    .request = p->id,
	    .title = p->title,
	    .facility = patient.facility,
	    .account = cx->who.account,
	    .state = REFILL_SUBMITTED,
	    .version = 1,
	    .tries = 1,
	    .made = cx->now,
	    .changed = cx->now,
	    .sent = INSTANT_NONE,
	    .acknowledged = INSTANT_NONE,
	    .filled_at = INSTANT_NONE,
	    .shipped = INSTANT_NONE,
	    .ended = INSTANT_NONE,
	    .chased = INSTANT_NONE,
	    .move_by = later(cx->now, REFILL_MOVE_DAYS),
	    .asked = p->quantity};
	TRY(renewal_team(cx, p, &team, &found));
	if (found)
		r->team = team.id;
	TRY(rx_patient_id(cx, p->patient, &id));
	TRY(json_parse(cx->arena, refill_task_json(cx->arena, r, id), &json, NULL));
	TRY(resource_prepare(cx,
	    &(struct resource_new){
		.patient = p->patient, .json = json, .id = uuid_text(cx->arena, key), .updated = cx->now},
	    &out->task));
	return refill_row_seal(cx, r, &out->sealed);
}

fallible
refill_start(struct tx *tx, struct refill_start *in)
{
	struct refill_event event = {.key = in->refill.id.v,
	    .at = tx->cx->now,
	    .event = REFILL_EV_ASKED,
	    .state = REFILL_SUBMITTED,
	    .account = tx->cx->who.account};
	int64_t version;
	bool changed;

	TRY(refill_row_add(tx, &in->sealed, &in->added));
	if (!in->added)
		return NULL;
	TRY(refill_event_row_add(tx, &in->sealed, &event, &changed));
	TRY(resource_put(tx, in->task, &version, &changed));
	TRY(refill_hand_over(tx, &in->sealed));
	audit_add(tx, &(struct audit){.action = AUDIT_ASK,
			  .subject = AUDIT_REFILL,
			  .patient = in->refill.patient,
			  .item = in->refill.id.v,
			  .why = (int)in->why});
	return NULL;
}

static const struct err *
ask(struct tx *tx, void *arg)
{
	struct refill_start *in = arg;

	TRY(access_check(tx->cx, in->refill.patient, RIGHT_PRESCRIPTIONS, &in->why));
	return refill_start(tx, in);
}

static fallible
ask_one(struct cx *cx, const struct prescription *p, struct uuid key, struct refill_result *out)
{
	struct refill_start in = {0};
	bool found;

	TRY(refill_prepare(cx, p, key, &in));
	TRY(db_write(cx, ask, &in));
	out->outcome = in.added ? REFILL_ASKED : REFILL_ASKED_BEFORE;
	out->refill = in.refill;
	if (in.added)
		return NULL;
	/* Pressed twice, or from two places at once: the one that there is. */
	db_refresh(cx);
	TRY(refill_row_get(cx, in.refill.id, &out->refill, &found));
	if (!found)
		TRY(refill_row_open_of(cx, p->patient, p->key, &out->refill, &found));
	return found && uuid_equal(out->refill.patient.v, p->patient.v) ? NULL : GONE;
}

static fallible
ask_wish(struct cx *cx, patient_id patient, const struct db_rows *all, const struct refill_wish *wish,
    struct refill_result *out)
{
	const struct prescription *p = all->items, *found = NULL;
	bool before = false;

	*out = (struct refill_result){.outcome = REFILL_NOT_POSSIBLE, .why = REFUSAL_UNKNOWN};
	for (size_t i = 0; i < all->count && !found; i++)
		if (str_equal(p[i].id, wish->prescription))
			found = &p[i];
	if (!found)
		return GONE;
	out->title = found->title;
	TRY(refill_row_get(cx, (refill_id){wish->key}, &out->refill, &before));
	if (before && uuid_equal(out->refill.patient.v, patient.v) &&
	    uuid_equal(out->refill.prescription, found->key)) {
		out->outcome = REFILL_ASKED_BEFORE;
		return NULL;
	}
	if (before)
		return ERR(ERR_CONFLICT, TR("This form was used before. Open the page again."),
		    "a key used for another refill");
	if (found->refusal == REFUSAL_ASKED || (found->refusal == REFUSAL_IN_PROCESS && found->refill)) {
		out->outcome = REFILL_ASKED_BEFORE;
		out->refill = *found->refill;
		return NULL;
	}
	out->why = found->refusal;
	return found->refusal ? NULL : ask_one(cx, found, wish->key, out);
}

fallible
refills_ask(
    struct cx *cx, patient_id patient, const struct refill_wish *wishes, size_t count, struct refill_result *out)
{
	struct db_rows all;
	enum access_why why;

	TRY(rx_may_ask(cx, patient, &why));
	if (count < 1 || count > REFILL_MANY_MAX)
		return ERR(ERR_INVALID, TR("Choose at least one prescription."), "no refill wished, or too many");
	TRY(prescriptions_load(cx, patient, &all));
	for (size_t i = 0; i < count; i++)
		TRY(ask_wish(cx, patient, &all, &wishes[i], &out[i]));
	return NULL;
}

/* ---- reading ---- */

fallible
refill_get(struct cx *cx, refill_id id, struct refill *out)
{
	enum access_why why;
	bool found;

	TRY(refill_row_get(cx, id, out, &found));
	if (!found)
		return GONE;
	return access_check(cx, out->patient, RIGHT_RECORD_READ, &why);
}

fallible
refill_events(struct cx *cx, const struct refill *refill, struct db_rows *out)
{
	enum access_why why;

	TRY(access_check(cx, refill->patient, RIGHT_RECORD_READ, &why));
	return refill_event_rows(cx, refill, out);
}

fallible
refills_of_patient(struct cx *cx, patient_id patient, struct db_rows *out)
{
	enum access_why why;

	TRY(access_check(cx, patient, RIGHT_RECORD_READ, &why));
	return refill_rows_of_patient(cx, patient, out);
}

fallible
refill_problems(struct cx *cx, struct db_rows *out)
{
	const struct refill *refill;

	TRY(refill_rows_problem(cx, out));
	refill = out->items;
	if (out->count)
		audit_add_listed(cx, AUDIT_REFILL, ACCESS_CARE_TEAM, &refill[0].patient, out->count, sizeof(refill[0]));
	return NULL;
}

/* ---- deeds of people ---- */

static fallible
do_as_patient(struct cx *cx, refill_id id, enum refill_event_kind event)
{
	struct refill_deed deed = {.refill = id, .event = event, .at = cx->now};
	struct refill refill;

	TRY(refill_get(cx, id, &refill));
	TRY(rx_may_ask(cx, refill.patient, &deed.why));
	return refill_do(cx, &deed);
}

fallible
refill_withdraw(struct cx *cx, refill_id id)
{
	return do_as_patient(cx, id, REFILL_EV_WITHDRAWN);
}

fallible
refill_arrived(struct cx *cx, refill_id id)
{
	return do_as_patient(cx, id, REFILL_EV_ARRIVED);
}

fallible
refill_missing(struct cx *cx, refill_id id)
{
	struct refill refill;

	TRY(refill_get(cx, id, &refill));
	if (refill.state == REFILL_WITHDRAWN || refill.state == REFILL_REJECTED || refill.state == REFILL_CLOSED)
		return refill_moved_on();
	return refill.problem == PROBLEM_MISSING ? NULL : do_as_patient(cx, id, REFILL_EV_MISSING);
}

static fallible
do_as_team(struct cx *cx, struct refill_deed *deed)
{
	struct refill refill;

	TRY(refill_get(cx, deed->refill, &refill));
	TRY(access_check(cx, refill.patient, RIGHT_RECORD_READ, &deed->why));
	if (deed->why != ACCESS_CARE_TEAM)
		return GONE;
	deed->at = cx->now;
	return refill_do(cx, deed);
}

static fallible
check_words(str words, str *out)
{
	*out = str_trim(words);
	if (!out->n || utf8_count(*out) > REFILL_REASON_CHARS_MAX || !utf8_is_clean_text(*out))
		return ERR(ERR_INVALID, TR("Say in a few words why. The patient reads it."), "no reason");
	return NULL;
}

fallible
refill_send_again(struct cx *cx, refill_id id)
{
	return do_as_team(cx, &(struct refill_deed){.refill = id, .event = REFILL_EV_AGAIN, .hand_over = true});
}

fallible
refill_close(struct cx *cx, refill_id id, str reason)
{
	struct refill_deed deed = {.refill = id, .event = REFILL_EV_CLOSED};

	TRY(check_words(reason, &deed.words));
	return do_as_team(cx, &deed);
}

fallible
refill_settle(struct cx *cx, refill_id id, str words)
{
	struct refill_deed deed = {.refill = id, .event = REFILL_EV_SETTLED};
	struct refill refill;

	TRY(check_words(words, &deed.words));
	TRY(refill_get(cx, id, &refill));
	return refill.problem == PROBLEM_NONE ? refill_moved_on() : do_as_team(cx, &deed);
}

/* ---- the clock ---- */

fallible
refills_chase(struct cx *cx)
{
	struct db_rows rows;
	const struct refill *refill;

	TRY(refill_rows_due(cx, DUE_PER_RUN, &rows));
	refill = rows.items;
	for (size_t i = 0; i < rows.count; i++) {
		bool arrived = refill[i].state == REFILL_SHIPPED && refill[i].problem != PROBLEM_MISSING;
		bool ask_again = refill[i].state == REFILL_SENT || refill[i].state == REFILL_ACKNOWLEDGED;

		TRY(refill_do(cx, &(struct refill_deed){.refill = refill[i].id,
				      .event = arrived ? REFILL_EV_PASSED : REFILL_EV_CHASED,
				      .at = cx->now,
				      .why = ACCESS_SYSTEM,
				      .hand_over = !arrived && ask_again}));
	}
	return NULL;
}

/* ---- the pharmacy's side ---- */

fallible
refill_to_send(struct cx *cx, const struct outbox_item *item, struct refill *out, bool *found)
{
	const struct json_value *json;
	refill_id id;
	int64_t try;

	TRY(json_parse(cx->arena, item->payload, &json, NULL));
	if (!uuid_parse(json_text_at(json, "refill"), &id.v) || !json_to_int64(json_get(json, "try"), &try))
		return ERR(ERR_BROKEN, "Something went wrong on our side.", "a refill item without refill");
	TRY(refill_row_get(cx, id, out, found));
	*found = *found && out->tries == try && out->state < REFILL_PARTLY_FILLED;
	return NULL;
}

fallible
refill_was_noted(struct cx *cx, const struct refill *refill, struct uuid key, bool *yes)
{
	return refill_event_is_known(cx, refill, key, yes);
}

fallible
refills_at_pharmacy(struct cx *cx, int64_t count_max, struct db_rows *out)
{
	return refill_rows_at_pharmacy(cx, count_max, out);
}

fallible
refill_note(struct cx *cx, const struct refill_news *news)
{
	if (news->dispense && !str_equal(json_text_at(news->dispense, "resourceType"), S("MedicationDispense")))
		return ERR(ERR_INVALID, "The pharmacy sent something that is no MedicationDispense.", "no dispense");
	return refill_do(cx, &(struct refill_deed){.refill = news->refill,
				 .key = news->key,
				 .event = news->event,
				 .at = news->at,
				 .words = utf8_take_chars(news->words, REFILL_REASON_CHARS_MAX),
				 .tracking = news->tracking,
				 .filled = news->filled,
				 .dispense = news->dispense,
				 .why = ACCESS_SYSTEM});
}
