/* SPDX-License-Identifier: Apache-2.0 */
/* What moves a refill request.  One function (refill_do): row, event, Task and dispense in the record, trail, outbox and notices are
 * one transaction; the same word of the pharmacy again changes nothing. */
#include "care/prescriptions/prescriptions_internal.h"
#include "platform/format/json_write.h"

#define TRIES_MAX 8 /* when others move the same request at the same moment */

const struct err *
refill_moved_on(void)
{
	return ERR(ERR_CONFLICT, TR("This request moved on meanwhile. Look at it again."), "the refill moved on");
}

/* ---- what a deed makes of a request ---- */

static instant
later(instant at, int64_t days)
{
	return instant_add_ms(at, days * DAY_MS);
}

static bool
changes_no_state(enum refill_event_kind event)
{
	return event == REFILL_EV_CHASED || event == REFILL_EV_MISSING || event == REFILL_EV_TWICE ||
	       event == REFILL_EV_SETTLED;
}

static bool
is_fill(enum refill_event_kind event)
{
	return event == REFILL_EV_FILLED || event == REFILL_EV_PART;
}

/* Times, numbers and words of what happened. */
static void
apply(struct refill *r, const struct refill_deed *deed, enum refill_state to, instant now)
{
	bool forward = (int64_t)to != r->state;

	r->state = to;
	if (forward) {
		r->changed = deed->at;
		r->move_by = later(now, REFILL_MOVE_DAYS);
		if (r->problem == PROBLEM_STUCK || r->problem == PROBLEM_NOT_SENT)
			r->problem = PROBLEM_NONE;
	}
	if (deed->words.n)
		r->trouble = deed->words;
	if (deed->tracking.n)
		r->tracking = deed->tracking;
	switch (deed->event) {
	case REFILL_EV_SENT: r->sent = deed->at; break;
	case REFILL_EV_ACKNOWLEDGED: r->acknowledged = deed->at; break;
	case REFILL_EV_PART:
	case REFILL_EV_FILLED:
		r->filled_at = deed->at;
		r->filled += deed->filled;
		break;
	case REFILL_EV_READY: r->move_by = later(now, REFILL_PICK_UP_DAYS); break;
	case REFILL_EV_SHIPPED:
		r->shipped = deed->at;
		r->move_by = later(now, REFILL_SHIP_DAYS);
		break;
	case REFILL_EV_REFUSED:
		r->problem = PROBLEM_NOT_SENT;
		r->chased = now;
		r->move_by = INSTANT_NONE;
		break;
	case REFILL_EV_REJECTED: r->problem = PROBLEM_REJECTED; break;
	case REFILL_EV_CHASED:
		r->problem = r->problem == PROBLEM_NONE ? PROBLEM_STUCK : r->problem;
		r->chased = now;
		r->chases++;
		r->move_by = later(now, 1);
		break;
	case REFILL_EV_MISSING:
		r->problem = PROBLEM_MISSING;
		r->chased = now;
		break;
	case REFILL_EV_TWICE:
		r->problem = PROBLEM_TWICE;
		r->chased = now;
		break;
	case REFILL_EV_AGAIN:
		r->problem = PROBLEM_NONE;
		r->move_by = later(now, REFILL_MOVE_DAYS);
		break;
	case REFILL_EV_ARRIVED:
	case REFILL_EV_PASSED:
	case REFILL_EV_WITHDRAWN:
	case REFILL_EV_CLOSED: r->problem = PROBLEM_NONE; break;
	case REFILL_EV_SETTLED: /* looked after; what is not over is looked at again */
		r->problem = PROBLEM_NONE;
		r->move_by = refill_is_over(to) ? INSTANT_NONE : later(now, REFILL_MOVE_DAYS);
		break;
	case REFILL_EV_ASKED:
	case REFILL_EVENTS: break;
	}
	if (forward && refill_is_over(to)) {
		r->ended = deed->at;
		r->move_by = INSTANT_NONE;
	}
	if (deed->hand_over)
		r->tries++;
}

/* ---- the act ---- */

struct moving {
	struct refill before, sealed, open;
	struct refill_event event;
	struct resource_draft *drafts[2];
	size_t draft_count;
	struct refill_deed deed;
	account_id patient_account;
	bool changed;
};

fallible
refill_hand_over(struct tx *tx, const struct refill *refill)
{
	struct arena *arena = tx->cx->arena;
	str id = uuid_text(arena, refill->id.v);

	return outbox_add(tx, &(struct outbox_new){.kind = REFILL_OUTBOX_KIND,
				  .key = arena_printf(arena, "%.*s/%lld", STR_ARG(id), (long long)refill->tries),
				  .patient = refill->patient,
				  .payload = arena_printf(arena, "{\"refill\":\"%.*s\",\"try\":%lld}", STR_ARG(id),
				      (long long)refill->tries),
				  .not_before = INSTANT_NONE});
}

/* Nothing of it is said outside of the program but that something waits inside. */
static fallible
tell(struct tx *tx, const struct refill *refill, account_id account, str what)
{
	struct arena *arena = tx->cx->arena;

	return rx_tell(tx, refill->patient, account, false,
	    arena_printf(arena, "refill %.*s %.*s", STR_ARG(uuid_text(arena, refill->id.v)), STR_ARG(what)));
}

/* The patient, and who acts for them and wants to be told of medicines. */
static fallible
tell_patient_side(struct tx *tx, const struct refill *refill, str what)
{
	struct arena *arena = tx->cx->arena;

	return rx_tell_patient_side(tx, refill->patient,
	    arena_printf(arena, "refill %.*s %.*s", STR_ARG(uuid_text(arena, refill->id.v)), STR_ARG(what)));
}

static fallible
tell_team(struct tx *tx, const struct refill *refill, str what)
{
	struct db_rows rows;
	const account_id *account;

	if (uuid_is_none(refill->team.v))
		return NULL;
	TRY(team_member_accounts(tx->cx, refill->team, &rows));
	account = rows.items;
	for (size_t i = 0; i < rows.count; i++)
		TRY(tell(tx, refill, account[i], what));
	return NULL;
}

static fallible
tell_everybody(struct tx *tx, const struct moving *in)
{
	enum refill_event_kind event = (enum refill_event_kind)in->event.event;
	str what = arena_printf(tx->cx->arena, "%lld/%lld", (long long)event, (long long)in->sealed.chases);

	switch (event) {
	case REFILL_EV_READY:
	case REFILL_EV_SHIPPED: return tell_patient_side(tx, &in->sealed, what);
	case REFILL_EV_REJECTED:
	case REFILL_EV_REFUSED:
	case REFILL_EV_CHASED: TRY(tell_patient_side(tx, &in->sealed, what)); return tell_team(tx, &in->sealed, what);
	case REFILL_EV_MISSING:
	case REFILL_EV_TWICE: return tell_team(tx, &in->sealed, what);
	default: return NULL;
	}
}

static const struct err *
move(struct tx *tx, void *arg)
{
	struct moving *in = arg;
	struct resource_put_result results[2];
	bool added;

	TRY(refill_row_put(tx, &in->sealed, &in->changed));
	if (!in->changed)
		return NULL;
	TRY(refill_event_row_add(tx, &in->sealed, &in->event, &added));
	if (!added)
		return refill_moved_on();
	TRY(resource_put_all(tx, in->drafts, in->draft_count, results));
	if (in->deed.hand_over)
		TRY(refill_hand_over(tx, &in->sealed));
	TRY(tell_everybody(tx, in));
	audit_add(tx, &(struct audit){.action = AUDIT_UPDATE,
			  .subject = AUDIT_REFILL,
			  .patient = in->sealed.patient,
			  .item = in->sealed.id.v,
			  .why = (int)in->deed.why});
	return NULL;
}

/* ---- what of it stands in the record ---- */

static str
task_status(enum refill_state state)
{
	switch (state) {
	case REFILL_SUBMITTED:
	case REFILL_TROUBLE:
	case REFILL_SENT: return S("requested");
	case REFILL_ACKNOWLEDGED: return S("accepted");
	case REFILL_PARTLY_FILLED:
	case REFILL_FILLED: return S("in-progress");
	case REFILL_READY:
	case REFILL_SHIPPED:
	case REFILL_DONE: return S("completed");
	case REFILL_REJECTED: return S("rejected");
	case REFILL_WITHDRAWN:
	case REFILL_CLOSED: break;
	}
	return S("cancelled");
}

static void
put_reference(struct json_writer *w, const char *name, const char *type, str id)
{
	json_put_object(w, name);
	json_put_text(w, "reference", arena_printf(w->out->arena, "%s/%.*s", type, STR_ARG(id)));
	json_write_end(w);
}

static void
put_words(struct json_writer *w, const char *name, str words)
{
	if (!words.n)
		return;
	json_put_object(w, name);
	json_put_text(w, "text", words);
	json_write_end(w);
}

str
refill_task_json(struct arena *arena, const struct refill *r, str patient)
{
	struct buf out = BUF_INIT(arena);
	struct json_writer w_ = JSON_WRITER(&out), *w = &w_;
	enum refill_state state = (enum refill_state)r->state;

	json_write_object(w);
	json_put_text(w, "resourceType", S("Task"));
	json_put_text(w, "id", uuid_text(arena, r->id.v));
	json_put_text(w, "status", task_status(state));
	put_words(w, "statusReason", r->trouble);
	put_words(w, "businessStatus", str_from_z(refill_state_code(state)));
	json_put_text(w, "intent", S("order"));
	json_put_object(w, "code");
	json_put_array(w, "coding");
	json_write_object(w);
	json_put_text(w, "system", S("http://hl7.org/fhir/CodeSystem/task-code"));
	json_put_text(w, "code", S("fulfill"));
	json_write_end(w);
	json_write_end(w);
	json_put_text(w, "text", S("Refill"));
	json_write_end(w);
	json_put_text(w, "description", arena_printf(arena, "Refill of %.*s", STR_ARG(r->title)));
	put_reference(w, "focus", "MedicationRequest", r->request);
	put_reference(w, "for", "Patient", patient);
	json_put_text(w, "authoredOn", fhir_instant_text(arena, r->made));
	json_put_text(w, "lastModified", fhir_instant_text(arena, r->changed));
	json_write_end(w);
	json_write_done(w);
	return buf_str(&out);
}

fallible
rx_patient_id(struct cx *cx, patient_id patient, str *out)
{
	struct db_rows rows;

	TRY(resource_find(
	    cx, &(struct resource_search){.patient = patient, .type = RESOURCE_PATIENT, .count = 1}, &rows, NULL));
	*out = rows.count ? ((const struct resource *)rows.items)->id : uuid_text(cx->arena, patient.v);
	return NULL;
}

static fallible
add_draft(struct cx *cx, struct moving *in, const struct json_value *json, str id)
{
	TRY(resource_prepare(cx,
	    &(struct resource_new){.patient = in->before.patient, .json = json, .id = id, .updated = cx->now},
	    &in->drafts[in->draft_count]));
	in->draft_count++;
	return NULL;
}

static fallible
prepare_task(struct cx *cx, struct moving *in)
{
	const struct json_value *json;
	str patient;

	TRY(rx_patient_id(cx, in->before.patient, &patient));
	TRY(json_parse(cx->arena, refill_task_json(cx->arena, &in->open, patient), &json, NULL));
	return add_draft(cx, in, json, uuid_text(cx->arena, in->before.id.v));
}

/* ---- moving one ---- */

/* What the deed really is: a second fill is none. `known`: this dispense stands in the record. */
static fallible
judge(struct cx *cx, struct moving *in, enum refill_state *to, bool *takes)
{
	enum refill_state state = (enum refill_state)in->before.state;
	patient_id owner;
	bool known = false;

	*to = state;
	*takes = changes_no_state(in->deed.event) || refill_next(state, in->deed.event, to);
	if (*takes || !is_fill(in->deed.event) || state < REFILL_PARTLY_FILLED)
		return NULL;
	if (in->deed.dispense)
		TRY(resource_owner(
		    cx, RESOURCE_MEDICATION_DISPENSE, json_text_at(in->deed.dispense, "id"), &owner, &known));
	in->deed.dispense = NULL;
	if (!known && state != REFILL_PARTLY_FILLED) {
		in->deed.event = REFILL_EV_TWICE;
		*takes = true;
	}
	return NULL;
}

static fallible
prepare(struct cx *cx, struct moving *in, bool *takes)
{
	struct account account;
	enum refill_state to;
	bool found;

	in->draft_count = 0;
	TRY(judge(cx, in, &to, takes));
	in->open = in->before;
	in->open.version++;
	if (*takes)
		apply(&in->open, &in->deed, to, cx->now);
	else
		in->deed.dispense = NULL;
	in->event = (struct refill_event){.key = in->deed.key,
	    .at = in->deed.at,
	    .event = in->deed.event,
	    .state = in->open.state,
	    .account = cx->who.account,
	    .words = in->deed.words};
	if (in->open.state != in->before.state)
		TRY(prepare_task(cx, in));
	if (in->deed.dispense) /* the record tells when it is used up (rx_follow) */
		TRY(add_draft(cx, in, in->deed.dispense, json_text_at(in->deed.dispense, "id")));
	TRY(account_of_patient(cx, in->before.patient, &account, &found));
	in->patient_account = found ? account.id : (account_id){{{0}}};
	return refill_row_seal(cx, &in->open, &in->sealed);
}

/* A person is told that it cannot be any more; a word of the pharmacy that comes too late is kept and changes nothing. */
static bool
is_of_a_person(enum refill_event_kind event)
{
	return event == REFILL_EV_WITHDRAWN || event == REFILL_EV_CLOSED || event == REFILL_EV_AGAIN ||
	       event == REFILL_EV_ARRIVED;
}

fallible
refill_do(struct cx *cx, const struct refill_deed *deed)
{
	struct moving in = {.deed = *deed};
	bool found, takes, known;

	if (uuid_is_none(in.deed.key))
		in.deed.key = uuid_new(cx->now);
	if (deed->kept)
		*deed->kept = false;
	for (int i = 0; i < TRIES_MAX; i++) {
		in.deed.event = deed->event;
		in.deed.dispense = deed->dispense;
		db_refresh(cx);
		TRY(refill_row_get(cx, deed->refill, &in.before, &found));
		if (!found)
			return GONE;
		TRY(refill_event_is_known(cx, &in.before, in.deed.key, &known));
		if (known)
			return NULL;
		TRY(prepare(cx, &in, &takes));
		if (!takes && is_of_a_person(deed->event) && !uuid_is_none(cx->who.account.v))
			return refill_moved_on();
		TRY(db_write(cx, move, &in));
		if (in.changed) {
			if (deed->kept)
				*deed->kept = takes;
			if (cx->events)
				events_publish(
				    cx->events, in.patient_account.v, "refill", uuid_text(cx->arena, in.before.id.v));
			live_waiting(cx, in.before.patient, in.before.team, COUNT_RX);
			return NULL;
		}
	}
	return ERR(ERR_BUSY, "The service is very busy.", "a refill that everybody moves");
}
