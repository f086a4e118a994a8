/* SPDX-License-Identifier: Apache-2.0 */
/* Visits and times in words, for every page of this folder. */
#include "care/appointments/appointments_pages.h"

str
visit_hour(const struct page_cx *px, instant at)
{
	struct buf out = BUF_INIT(px->arena);

	time_words(&out, px->lang, px->zone ? px->zone : zone_utc(), at);
	return buf_str(&out);
}

fallible
px_at_facility(struct cx *cx, facility_id facility, struct page_cx *px)
{
	struct facility found;

	return facility_zone(cx, facility, &found, &px->zone);
}

str
appointment_state_words(const struct page_cx *px, const struct appointment *a, enum status_kind *kind)
{
	*kind = STATUS_PLAIN;
	switch ((enum appointment_state)a->state) {
	case APPOINTMENT_PROPOSED: *kind = STATUS_NEW; return T("asked for");
	case APPOINTMENT_PENDING:
		*kind = STATUS_WARNING;
		return a->ours ? T("choose a time") : T("on the waiting list");
	case APPOINTMENT_BOOKED:
		if (!instant_is_none(a->end) && !instant_before(px->now, a->end))
			return T("over");
		*kind = STATUS_GOOD;
		return T("booked");
	case APPOINTMENT_ARRIVED: *kind = STATUS_GOOD; return T("checked in");
	case APPOINTMENT_FULFILLED: return T("took place");
	case APPOINTMENT_CANCELLED: *kind = STATUS_DANGER; return T("called off");
	case APPOINTMENT_NOSHOW: *kind = STATUS_WARNING; return T("missed");
	case APPOINTMENT_MISTAKEN: break;
	}
	return T("a mistake");
}

str
appointment_ask_words(const struct page_cx *px, const struct appointment *a)
{
	switch ((enum appointment_ask)a->asked) {
	case ASKED_NEW: return T("Asked for a visit");
	case ASKED_CHANGE: return T("Asked for another time");
	case ASKED_CANCEL: return T("Asked to call it off");
	case ASKED_CHOICE: return T("Times are offered");
	case ASKED_NOTHING: break;
	}
	return STR_NONE;
}

str
appointment_path(const struct page_cx *px, const struct appointment *a, bool own)
{
	str id = uuid_text(px->arena, a->id.v);

	return own ? arena_printf(px->arena, "/appointments/%.*s", STR_ARG(id))
	           : arena_printf(px->arena, "/patients/%.*s/appointments/%.*s",
			 STR_ARG(uuid_text(px->arena, a->patient.v)), STR_ARG(id));
}

/* The titles that the program itself gives are in the person's language. */
static str
title_of(const struct page_cx *px, const struct appointment *a)
{
	return str_equal(a->details.title, S("Visit")) ? T("Visit") : a->details.title;
}

struct visit_line
appointment_line(const struct page_cx *px, const struct appointment *a, bool own)
{
	struct visit_line line = {.path = appointment_path(px, a, own),
	    .title = title_of(px, a),
	    .who = a->details.who,
	    .where = a->mode == MODE_IN_PERSON ? a->details.place : tr(px->lang, visit_mode_words(a->mode)),
	    .at = instant_is_none(a->start) ? a->made : a->start};

	line.when = instant_is_none(a->start) ? TF1("asked %1", px_day(px, a->made)) : px_date_full(px, a->start);
	line.state = appointment_state_words(px, a, &line.kind);
	line.hint = a->state == APPOINTMENT_BOOKED ? appointment_ask_words(px, a) : STR_NONE;
	return line;
}

str
visit_deed_done(const struct page_cx *px, str done)
{
	static const struct {
		const char *code, *words;
	} all[] = {
	    {"book", TR("Your visit is booked. A confirmation is on its way.")},
	    {"ask", TR("Your team has your request. The answer comes as a message, and stands here.")},
	    {"ask-change", TR("Your team has your request. Until they answer, the visit stays as it is.")},
	    {"ask-again", TR("Your team knows that none of the times fits.")},
	    {"ask-cancel", TR("Your team was asked to call it off.")},
	    {"move", TR("Your visit has a new time.")},
	    {"choose", TR("Your visit is booked. A confirmation is on its way.")},
	    {"cancel", TR("The visit is called off.")},
	    {"withdraw", TR("The visit stays as it is.")},
	    {"check-in", TR("You are checked in. The team knows that you are here.")},
	    {"agenda", TR("Saved. Your team sees it beside the visit.")},
	    {"reminders", TR("Saved.")},
	    {"team-offer", TR("The times are offered. The patient was told.")},
	    {"team-accept", TR("Booked. The patient was told.")},
	    {"team-settle", TR("Booked. The patient was told.")},
	    {"team-refuse", TR("The patient was told why.")},
	    {"team-keep", TR("The visit stays as it is. The patient was told.")},
	    {"team-call-off", TR("The visit is called off. The patient was told.")},
	    {"team-check-in", TR("Checked in.")},
	    {"team-finish", TR("Marked: it took place.")},
	    {"team-miss", TR("Marked: the patient did not come.")},
	    {"team-reopen", TR("Taken back: the visit is booked again.")},
	    {"half", TR("Saved. You can go on at any time.")},
	    {"team-questionnaire", TR("Asked. The patient was told that there is news about the visit.")},
	    {"team-no-questionnaire", TR("It is not asked for any more.")},
	    {"kind", TR("Saved.")},
	    {"hours", TR("Saved. The times are made.")},
	};

	for (size_t i = 0; i < sizeof(all) / sizeof(all[0]); i++)
		if (str_equal(done, str_from_z(all[i].code)))
			return tr(px->lang, all[i].words);
	return STR_NONE;
}

/* ---- times ---- */

static fallible
slot_hint(struct cx *cx, const struct page_cx *px, const struct slot *slot, str *out)
{
	struct appointment a = {0};

	TRY(visit_details_of_slot(cx, slot, &a));
	*out = a.mode == MODE_IN_PERSON ? TF2("%1, %2", a.details.who, a.details.place)
	                                : TF2("%1, %2", a.details.who, tr(px->lang, visit_mode_words(a.mode)));
	return NULL;
}

fallible
slot_options(
    struct cx *cx, const struct page_cx *px, const struct slot *slots, size_t count, const struct slot_option **out)
{
	struct slot_option *options = ARENA_ARRAY(cx->arena, struct slot_option, count + 1);

	for (size_t i = 0; i < count; i++) {
		const struct slot *before = i ? &slots[i - 1] : NULL;

		options[i] = (struct slot_option){.id = uuid_text(cx->arena, slots[i].id.v),
		    .when = px_date_full(px, slots[i].start),
		    .hour = visit_hour(px, slots[i].start)};
		if (before && uuid_equal(before->schedule.v, slots[i].schedule.v)) /* the same hours: said once */
			options[i].hint = options[i - 1].hint;
		else
			TRY(slot_hint(cx, px, &slots[i], &options[i].hint));
	}
	*out = options;
	return NULL;
}

fallible
slot_days(struct cx *cx, const struct page_cx *px, const struct slot *slots, size_t count, size_t days_max,
    struct slot_day **out, size_t *day_count, instant *more)
{
	const struct zone *zone = px->zone ? px->zone : zone_utc();
	struct slot_day *days = ARENA_ARRAY(cx->arena, struct slot_day, days_max);
	const struct slot_option *options;
	int32_t last = INT32_MIN;

	*day_count = 0;
	*more = INSTANT_NONE;
	TRY(slot_options(cx, px, slots, count, &options));
	for (size_t i = 0; i < count; i++) {
		struct civil_date date = zone_civil(zone, slots[i].start).date;
		int32_t day = civil_date_to_days(date);

		if (day != last && *day_count == days_max) {
			*more = slots[i].start;
			break;
		}
		if (day != last)
			days[(*day_count)++] = (struct slot_day){
			    .day = TF2("%1, %2", weekday_name(px->lang, civil_weekday(day)), px_date_only(px, date)),
			    .slots = &options[i]};
		last = day;
		days[*day_count - 1].count++;
	}
	*out = days;
	return NULL;
}

size_t
same_place(const struct slot_day *day, size_t i)
{
	size_t end = i + 1;

	while (end < day->count && str_equal(day->slots[end].hint, day->slots[i].hint))
		end++;
	return end - i;
}

fallible
form_slots(struct cx *cx, struct request *rq, slot_id *out, size_t max, size_t *count)
{
	struct http_pairs pairs = request_form_all(rq);

	(void)cx;
	*count = 0;
	for (size_t i = 0; i < pairs.count; i++) {
		slot_id id;

		if (!str_equal(pairs.items[i].name, S("slot")) || !uuid_parse(pairs.items[i].value, &id.v))
			continue;
		if (*count == max)
			return ERR(ERR_INVALID, TR("Choose up to three times."), "too many times");
		out[(*count)++] = id;
	}
	return NULL;
}
