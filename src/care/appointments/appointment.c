/* SPDX-License-Identifier: Apache-2.0 */
/* The deeds: taking an open time, asking, and what either side does with a visit afterwards.  What may be done is the table's
 * (appointment_state.c); here stands what each deed changes. */
#include "care/appointments/appointments_internal.h"

/* ---- what several deeds ask ---- */

/* The slot, when the patient could come then: of a team that cares for them, free, to come. */
static fallible
find_free(struct cx *cx, patient_id patient, slot_id id, struct slot *out)
{
	struct slot_query query = {.patient = patient, .count_max = 100};
	struct db_rows rows;
	const struct slot *slot;
	bool found;

	TRY(slot_row_get(cx, id, out, &found));
	if (!found || !instant_before(cx->now, out->start))
		return slot_taken();
	query.team = out->team;
	query.kind = out->kind;
	query.from = out->start;
	query.until = instant_add_ms(out->start, 1);
	TRY(slot_rows_open(cx, &query, &rows));
	slot = rows.items;
	for (size_t i = 0; i < rows.count; i++)
		if (uuid_equal(slot[i].id.v, id.v))
			return NULL;
	return slot_taken();
}

static fallible
check_count(struct cx *cx, patient_id patient)
{
	int64_t count;

	TRY(appointment_rows_open_count(cx, patient, &count));
	return count < APPOINTMENTS_OPEN_MAX
	           ? NULL
	           : ERR(ERR_INVALID, TR("There are many visits planned already. Please call the clinic for more."),
			 "too many open appointments");
}

/* Was this made before under the same key? ERR_CONFLICT when it was something else. */
static fallible
find_before(struct cx *cx, patient_id patient, struct uuid key, slot_id slot, struct appointment *out, bool *found)
{
	struct appointment before;

	TRY(appointment_row_get(cx, patient, (appointment_id){key}, &before, found));
	if (!*found)
		return NULL;
	if (!uuid_is_none(slot.v) && !uuid_equal(before.slot.v, slot.v))
		return ERR(ERR_CONFLICT,
		    TR("This form was sent before, with another time. What was booked then stands under Appointments."),
		    "the key booked another slot");
	*out = before;
	return appointment_open(cx, out);
}

/* Words to the other side, where they can be sent. */
static fallible
add_words(struct cx *cx, struct appointment_change *in, str words, bool needed)
{
	const struct err *error = NULL;

	if (needed || uuid_is_none(in->after->thread.v) || access_is_patient_side(in->why))
		error = visit_message_check(cx, in->after->patient, in->after->team);
	if (error && (needed || (error->code != ERR_INVALID && error->code != ERR_DENIED && error->code != ERR_GONE)))
		return error;
	return error ? NULL : visit_message_words(cx, in, words, &in->message);
}

/* ---- new ones ---- */

fallible
appointment_book(struct cx *cx, const struct appointment_booking *in, struct appointment *out)
{
	struct appointment a = {
	    .patient = in->patient, .id = {in->key}, .ours = true, .state = APPOINTMENT_BOOKED, .made = cx->now};
	struct appointment_change change = {.after = &a, .deed = DEED_BOOK, .takes_seat = true, .notice = "visit"};
	struct slot slot;
	bool found;

	a.start = a.end = a.asked_at = a.arrived_at = a.remind_at = INSTANT_NONE;
	TRY(access_check(cx, in->patient, RIGHT_APPOINTMENTS, &change.why));
	if (!access_is_patient_side(change.why))
		return appointment_not_there();
	TRY(find_before(cx, in->patient, in->key, in->slot, out, &found));
	if (found)
		return NULL;
	TRY(visit_check_text(in->reason, APPOINTMENT_WISH_CHARS_MAX, &a.details.reason));
	TRY(find_free(cx, in->patient, in->slot, &slot));
	TRY(visit_details_of_slot(cx, &slot, &a));
	TRY(slot_check_bookable(cx, &slot, a.facility));
	TRY(check_count(cx, in->patient));
	TRY(appointment_put(cx, &change));
	if (change.made_before && !uuid_equal(a.slot.v, in->slot.v))
		return appointment_moved_on();
	*out = a;
	return NULL;
}

/* What a request says of the kind that it is for. */
static fallible
fill_request(struct cx *cx, const struct appointment_request *in, struct appointment *a)
{
	struct visit_kind kind = {.mode = MODE_IN_PERSON};
	struct facility facility;
	struct team team;

	TRY(team_get(cx, in->team, &team));
	TRY(facility_get(cx, team.facility, &facility));
	if (!uuid_is_none(in->kind.v)) {
		TRY(visit_kind_get(cx, in->kind, &kind));
		if (!uuid_equal(kind.facility.v, team.facility.v) || !kind.active)
			return appointment_not_there();
	}
	a->facility = team.facility;
	a->team = in->team;
	a->kind = in->kind;
	a->mode = kind.mode;
	a->details.title = kind.name.n ? kind.name : S("Visit");
	a->details.who = team.name;
	a->details.phone = facility.phone;
	TRY(visit_check_text(in->reason, APPOINTMENT_WISH_CHARS_MAX, &a->details.reason));
	TRY(visit_check_text(in->wish, APPOINTMENT_WISH_CHARS_MAX, &a->wish));
	if (!a->details.reason.n)
		return ERR(ERR_INVALID, TR("Say in a few words what the visit is for."), "no reason");
	return NULL;
}

fallible
appointment_ask_new(struct cx *cx, const struct appointment_request *in, struct appointment *out)
{
	struct appointment a = {
	    .patient = in->patient, .id = {in->key}, .ours = true, .state = APPOINTMENT_PROPOSED, .asked = ASKED_NEW};
	struct appointment_change change = {
	    .after = &a, .deed = DEED_ASK, .offers = in->slots, .offer_count = in->slot_count};
	bool found;

	a.start = a.end = a.arrived_at = a.remind_at = INSTANT_NONE;
	a.made = a.asked_at = cx->now;
	TRY(access_check(cx, in->patient, RIGHT_APPOINTMENTS, &change.why));
	if (!access_is_patient_side(change.why))
		return appointment_not_there();
	TRY(find_before(cx, in->patient, in->key, (slot_id){{{0}}}, out, &found));
	if (found)
		return NULL;
	TRY(fill_request(cx, in, &a));
	TRY(check_count(cx, in->patient));
	for (size_t i = 0; i < in->slot_count; i++) {
		struct slot slot;

		TRY(find_free(cx, in->patient, in->slots[i], &slot));
		if (!uuid_equal(slot.team.v, in->team.v))
			return slot_taken();
	}
	TRY(add_words(cx, &change, STR_NONE, true));
	TRY(appointment_put(cx, &change));
	*out = a;
	return NULL;
}

/* ---- deeds with one that is there ---- */

/* Pressed twice: what it was to become is what it is. */
static bool
is_done(const struct appointment *a, const struct appointment_act *in)
{
	bool here = in->slot_count && uuid_equal(a->slot.v, in->slots[0].v) && a->state == APPOINTMENT_BOOKED &&
	            a->asked == ASKED_NOTHING;

	switch (in->deed) {
	case DEED_ACCEPT:
	case DEED_SETTLE:
	case DEED_CHOOSE:
	case DEED_MOVE: return here;
	case DEED_ASK_CHANGE: return a->state == APPOINTMENT_BOOKED && a->asked == ASKED_CHANGE;
	case DEED_ASK_CANCEL: return a->state == APPOINTMENT_BOOKED && a->asked == ASKED_CANCEL;
	case DEED_ASK_AGAIN: return a->state == APPOINTMENT_PROPOSED;
	case DEED_WITHDRAW:
	case DEED_KEEP: return a->state == APPOINTMENT_BOOKED && a->asked == ASKED_NOTHING;
	case DEED_CANCEL:
	case DEED_REFUSE:
	case DEED_CALL_OFF: return a->state == APPOINTMENT_CANCELLED;
	case DEED_CHECK_IN: return a->state == APPOINTMENT_ARRIVED;
	case DEED_FINISH: return a->state == APPOINTMENT_FULFILLED;
	case DEED_MISS: return a->state == APPOINTMENT_NOSHOW;
	default: return false;
	}
}

static bool
takes_slot(enum appointment_deed deed)
{
	return deed == DEED_ACCEPT || deed == DEED_CHOOSE || deed == DEED_MOVE || deed == DEED_SETTLE;
}

static fallible
check_on_offer(struct cx *cx, const struct appointment *a, slot_id slot)
{
	struct db_rows rows;
	const struct slot *offered;

	TRY(appointment_offers(cx, a, &rows));
	offered = rows.items;
	for (size_t i = 0; i < rows.count; i++)
		if (uuid_equal(offered[i].id.v, slot.v))
			return NULL;
	return slot_taken();
}

/* Another time: of a slot, or as agreed on the telephone. */
static fallible
fill_time(struct cx *cx, const struct appointment_act *in, struct appointment_change *change)
{
	struct appointment *a = change->after;
	struct slot slot;

	if (!in->slot_count) {
		if (in->deed != DEED_SETTLE)
			return ERR(ERR_INVALID, TR("Choose a time."), "no slot chosen");
		if (instant_is_none(in->start) || !instant_before(cx->now, in->start))
			return ERR(ERR_INVALID, TR("Give a day and a time to come."), "no time, or one that is over");
		if (in->minutes < VISIT_MINUTES_MIN || in->minutes > VISIT_MINUTES_MAX)
			return ERR(ERR_INVALID, TR("A visit takes from 5 to 480 minutes."), "minutes of a visit");
		a->slot = (slot_id){{{0}}};
		a->start = in->start;
		a->end = instant_add_ms(in->start, in->minutes * MINUTE_MS);
		change->frees_seat = true;
		return NULL;
	}
	if (in->deed == DEED_ACCEPT || in->deed == DEED_CHOOSE)
		TRY(check_on_offer(cx, a, in->slots[0]));
	TRY(find_free(cx, a->patient, in->slots[0], &slot));
	if (in->deed == DEED_MOVE)
		TRY(slot_check_bookable(cx, &slot, a->facility));
	change->takes_seat = true;
	return visit_details_of_slot(cx, &slot, a);
}

static fallible
fill_offers(struct cx *cx, const struct appointment_act *in, struct appointment_change *change)
{
	bool asks = in->deed == DEED_ASK_CHANGE || in->deed == DEED_ASK_AGAIN;

	if (in->deed != DEED_OFFER && !asks)
		return NULL;
	if (in->deed == DEED_OFFER && !in->slot_count)
		return ERR(ERR_INVALID, TR("Choose at least one time to offer."), "an offer of nothing");
	for (size_t i = 0; i < in->slot_count; i++) {
		struct slot slot;

		TRY(find_free(cx, change->after->patient, in->slots[i], &slot));
	}
	change->offers = in->slots;
	change->offer_count = in->slot_count;
	return NULL;
}

/* Words that the other side must read. */
static fallible
fill_words(const struct appointment_act *in, struct appointment *a, str *words)
{
	TRY(visit_check_text(in->words, APPOINTMENT_WISH_CHARS_MAX, words));
	switch (in->deed) {
	case DEED_REFUSE:
	case DEED_KEEP:
	case DEED_CALL_OFF:
	case DEED_ASK_CANCEL:
		if (!words->n)
			return ERR(ERR_INVALID, TR("Say why, in a few words."), "no reason");
		break;
	case DEED_ASK_CHANGE:
	case DEED_ASK_AGAIN:
		if (!words->n && !in->slot_count)
			return ERR(ERR_INVALID, TR("Say when you could come, or choose times."), "no wish");
		break;
	default: break;
	}
	if (in->deed == DEED_ASK_CHANGE || in->deed == DEED_ASK_AGAIN || in->deed == DEED_ASK_CANCEL)
		a->wish = *words;
	if (a->state == APPOINTMENT_CANCELLED)
		a->details.ended = *words;
	return NULL;
}

/* Who must hear of it, and how. */
static fallible
fill_message(struct cx *cx, struct appointment_change *change, str words)
{
	const struct appointment *before = change->before;
	bool open = before->asked == ASKED_NEW || before->asked == ASKED_CHANGE || before->asked == ASKED_CANCEL;

	switch (change->deed) {
	case DEED_ASK_CHANGE:
	case DEED_ASK_AGAIN:
	case DEED_ASK_CANCEL: return add_words(cx, change, words, true);
	case DEED_CANCEL: return add_words(cx, change, words, false);
	case DEED_WITHDRAW:
	case DEED_MOVE: return open ? add_words(cx, change, words, false) : NULL;
	case DEED_OFFER:
	case DEED_ACCEPT:
	case DEED_SETTLE:
	case DEED_REFUSE:
	case DEED_KEEP:
	case DEED_CALL_OFF:
		change->settles = true;
		TRY(add_words(cx, change, words, false));
		change->notice = change->message.p ? NULL : "visit"; /* a message has a notice of its own */
		return NULL;
	default: return NULL;
	}
}

/* Whoever answers must be written to: a visit of another system has no team, so the patient's own one is asked. */
static fallible
fill_team(struct cx *cx, struct appointment *a)
{
	struct db_rows teams;

	if (!uuid_is_none(a->team.v))
		return NULL;
	TRY(teams_of_patient(cx, a->patient, true, &teams));
	if (teams.count)
		a->team = ((const struct team *)teams.items)[0].id;
	return NULL;
}

static void
fill_state(struct cx *cx, struct appointment *a, const struct appointment_rule *rule)
{
	bool was_asked = a->asked != ASKED_NOTHING;

	a->state = rule->to;
	a->asked = rule->asked_after;
	if (a->asked == ASKED_NOTHING)
		a->asked_at = INSTANT_NONE;
	else if (!was_asked || rule->deed == DEED_ASK_AGAIN || rule->deed == DEED_ASK_CHANGE)
		a->asked_at = cx->now;
	if (rule->deed == DEED_CHECK_IN)
		a->arrived_at = cx->now;
	if (rule->deed == DEED_REOPEN)
		a->arrived_at = INSTANT_NONE;
}

fallible
appointment_do(struct cx *cx, const struct appointment_act *in, struct appointment *out)
{
	struct appointment before, after;
	struct appointment_change change = {.before = &before, .after = &after, .deed = in->deed};
	enum appointment_side side;
	struct facility facility;
	const struct zone *zone;
	str words;

	TRY(appointment_find(cx, in->patient, in->id, &before, &change.why));
	if (change.why == ACCESS_SYSTEM)
		return appointment_not_there();
	side = access_is_patient_side(change.why) ? BY_PATIENT : BY_TEAM;
	if (is_done(&before, in)) {
		*out = before;
		return NULL;
	}
	if (in->seen && in->seen != before.changes)
		return appointment_moved_on();
	TRY(facility_zone(cx, before.facility, &facility, &zone));
	if (!appointment_may(&before, in->deed, side, zone, cx->now))
		return ERR(ERR_CONFLICT, TR("This cannot be done with this visit any more. Look at it again, please."),
		    "no rule for this deed now");
	after = before;
	fill_state(cx, &after, appointment_rule_find(in->deed, side, before.state, before.asked));
	TRY(fill_team(cx, &after));
	TRY(fill_words(in, &after, &words));
	if (takes_slot(in->deed))
		TRY(fill_time(cx, in, &change));
	TRY(fill_offers(cx, in, &change));
	change.frees_seat |= after.state == APPOINTMENT_CANCELLED;
	TRY(fill_message(cx, &change, words));
	TRY(appointment_put(cx, &change));
	*out = after;
	return NULL;
}
