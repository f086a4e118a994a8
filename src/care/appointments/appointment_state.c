/* SPDX-License-Identifier: Apache-2.0 */
/* What may happen to a visit, by whom, and what it becomes: one table, for the code, the buttons and the README. */
#include "care/appointments/appointments_internal.h"

#define ANY      (1 << ASKED_NOTHING | 1 << ASKED_NEW | 1 << ASKED_CHANGE | 1 << ASKED_CANCEL | 1 << ASKED_CHOICE)
#define NOTHING  (1 << ASKED_NOTHING)
#define NEW      (1 << ASKED_NEW)
#define CHANGE   (1 << ASKED_CHANGE)
#define CANCEL   (1 << ASKED_CANCEL)
#define CHOICE   (1 << ASKED_CHOICE)
#define PROPOSED APPOINTMENT_PROPOSED
#define PENDING  APPOINTMENT_PENDING
#define BOOKED   APPOINTMENT_BOOKED

const struct appointment_rule appointment_rules[] = {
    {DEED_ASK, BY_PATIENT, 0, NOTHING, PROPOSED, ASKED_NEW},
    {DEED_BOOK, BY_PATIENT, 0, NOTHING, BOOKED, ASKED_NOTHING},
    {DEED_OFFER, BY_TEAM, PROPOSED, NEW, PENDING, ASKED_CHOICE},
    {DEED_OFFER, BY_TEAM, PENDING, CHOICE, PENDING, ASKED_CHOICE},
    {DEED_OFFER, BY_TEAM, BOOKED, NOTHING | CHANGE | CHOICE, BOOKED, ASKED_CHOICE},
    {DEED_ACCEPT, BY_TEAM, PROPOSED, NEW, BOOKED, ASKED_NOTHING},
    {DEED_ACCEPT, BY_TEAM, BOOKED, CHANGE, BOOKED, ASKED_NOTHING},
    {DEED_SETTLE, BY_TEAM, PROPOSED, NEW, BOOKED, ASKED_NOTHING},
    {DEED_SETTLE, BY_TEAM, PENDING, CHOICE, BOOKED, ASKED_NOTHING},
    {DEED_SETTLE, BY_TEAM, BOOKED, ANY, BOOKED, ASKED_NOTHING},
    {DEED_CHOOSE, BY_PATIENT, PENDING, CHOICE, BOOKED, ASKED_NOTHING},
    {DEED_CHOOSE, BY_PATIENT, BOOKED, CHOICE, BOOKED, ASKED_NOTHING},
    {DEED_ASK_AGAIN, BY_PATIENT, PENDING, CHOICE, PROPOSED, ASKED_NEW},
    {DEED_MOVE, BY_PATIENT, BOOKED, NOTHING | CHANGE | CHOICE, BOOKED, ASKED_NOTHING},
    {DEED_ASK_CHANGE, BY_PATIENT, BOOKED, NOTHING | CHOICE, BOOKED, ASKED_CHANGE},
    {DEED_ASK_CANCEL, BY_PATIENT, BOOKED, NOTHING | CHANGE | CHOICE, BOOKED, ASKED_CANCEL},
    {DEED_WITHDRAW, BY_PATIENT, BOOKED, CHANGE | CHOICE | CANCEL, BOOKED, ASKED_NOTHING},
    {DEED_CANCEL, BY_PATIENT, PROPOSED, NEW, APPOINTMENT_CANCELLED, ASKED_NOTHING},
    {DEED_CANCEL, BY_PATIENT, PENDING, CHOICE, APPOINTMENT_CANCELLED, ASKED_NOTHING},
    {DEED_CANCEL, BY_PATIENT, BOOKED, NOTHING | CHANGE | CHOICE, APPOINTMENT_CANCELLED, ASKED_NOTHING},
    {DEED_REFUSE, BY_TEAM, PROPOSED, NEW, APPOINTMENT_CANCELLED, ASKED_NOTHING},
    {DEED_REFUSE, BY_TEAM, PENDING, CHOICE, APPOINTMENT_CANCELLED, ASKED_NOTHING},
    {DEED_KEEP, BY_TEAM, BOOKED, CHANGE | CHOICE | CANCEL, BOOKED, ASKED_NOTHING},
    {DEED_CALL_OFF, BY_TEAM, BOOKED, ANY, APPOINTMENT_CANCELLED, ASKED_NOTHING},
    {DEED_CHECK_IN, BY_EITHER, BOOKED, ANY, APPOINTMENT_ARRIVED, ASKED_NOTHING},
    {DEED_FINISH, BY_TEAM, BOOKED, ANY, APPOINTMENT_FULFILLED, ASKED_NOTHING},
    {DEED_FINISH, BY_TEAM, APPOINTMENT_ARRIVED, ANY, APPOINTMENT_FULFILLED, ASKED_NOTHING},
    {DEED_MISS, BY_TEAM, BOOKED, ANY, APPOINTMENT_NOSHOW, ASKED_NOTHING},
    {DEED_REOPEN, BY_TEAM, APPOINTMENT_ARRIVED, ANY, BOOKED, ASKED_NOTHING},
    {DEED_REOPEN, BY_TEAM, APPOINTMENT_FULFILLED, ANY, BOOKED, ASKED_NOTHING},
    {DEED_REOPEN, BY_TEAM, APPOINTMENT_NOSHOW, ANY, BOOKED, ASKED_NOTHING},
    {0},
};

static const struct {
	enum appointment_deed deed;
	const char *code, *meaning;
} deeds[] = {
    {DEED_ASK, "ask", "asks for a visit"},
    {DEED_BOOK, "book", "takes an open time"},
    {DEED_OFFER, "offer", "offers up to three times"},
    {DEED_ACCEPT, "accept", "takes a time that the patient proposed"},
    {DEED_SETTLE, "settle", "books any time, as agreed with the patient"},
    {DEED_CHOOSE, "choose", "takes an offered time"},
    {DEED_ASK_AGAIN, "ask-again", "none of the offered times fits"},
    {DEED_MOVE, "move", "takes another open time instead"},
    {DEED_ASK_CHANGE, "ask-change", "asks for another time"},
    {DEED_ASK_CANCEL, "ask-cancel", "asks to call off what another system keeps"},
    {DEED_WITHDRAW, "withdraw", "does not ask any more"},
    {DEED_CANCEL, "cancel", "calls it off, with the reason"},
    {DEED_REFUSE, "refuse", "cannot offer a visit, with the reason"},
    {DEED_KEEP, "keep", "leaves it as it is, with the reason"},
    {DEED_CALL_OFF, "call-off", "calls it off, with the reason"},
    {DEED_CHECK_IN, "check-in", "the patient is here, on the day"},
    {DEED_FINISH, "finish", "the visit took place"},
    {DEED_MISS, "miss", "the patient did not come"},
    {DEED_REOPEN, "reopen", "the last one was a mistake"},
};
#define DEED_COUNT (sizeof(deeds) / sizeof(deeds[0]))

static const struct {
	int64_t state;
	const char *code;
} states[] = {
    {APPOINTMENT_PROPOSED, "proposed"},
    {APPOINTMENT_PENDING, "pending"},
    {APPOINTMENT_BOOKED, "booked"},
    {APPOINTMENT_ARRIVED, "arrived"},
    {APPOINTMENT_FULFILLED, "fulfilled"},
    {APPOINTMENT_CANCELLED, "cancelled"},
    {APPOINTMENT_NOSHOW, "noshow"},
    {APPOINTMENT_MISTAKEN, "entered-in-error"},
    /* of other systems only */
    {APPOINTMENT_ARRIVED, "checked-in"},
    {APPOINTMENT_PENDING, "waitlist"},
};
#define STATE_COUNT (sizeof(states) / sizeof(states[0]))

static const char *const asks[] = {"nothing", "new", "change", "cancel", "choice"};

const struct appointment_rule *
appointment_rule_find(enum appointment_deed deed, enum appointment_side by, int64_t state, int64_t asked)
{
	for (const struct appointment_rule *rule = appointment_rules; rule->deed; rule++)
		if (rule->deed == deed && (rule->by & by) && rule->from == state && (rule->asked & (1 << asked)))
			return rule;
	return NULL;
}

const char *
appointment_state_code(int64_t state)
{
	for (size_t i = 0; i < STATE_COUNT; i++)
		if (states[i].state == state)
			return states[i].code;
	return "";
}

bool
appointment_state_parse(str code, int64_t *out)
{
	for (size_t i = 0; i < STATE_COUNT; i++)
		if (str_equal(code, str_from_z(states[i].code))) {
			*out = states[i].state;
			return true;
		}
	return false;
}

const char *
appointment_deed_code(enum appointment_deed deed)
{
	for (size_t i = 0; i < DEED_COUNT; i++)
		if (deeds[i].deed == deed)
			return deeds[i].code;
	return "";
}

bool
appointment_deed_parse(str code, enum appointment_deed *out)
{
	for (size_t i = 0; i < DEED_COUNT; i++)
		if (str_equal(code, str_from_z(deeds[i].code))) {
			*out = deeds[i].deed;
			return true;
		}
	return false;
}

static void
print_asked(struct buf *out, int64_t bits)
{
	const char *separator = "";

	if (bits == ANY) {
		buf_add(out, S("any"));
		return;
	}
	for (size_t i = 0; i < sizeof(asks) / sizeof(asks[0]); i++)
		if (bits & (1 << i)) {
			buf_printf(out, "%s%s", separator, asks[i]);
			separator = ", ";
		}
}

void
appointment_rules_print(struct buf *out)
{
	static const char *const sides[] = {[BY_PATIENT] = "patient", [BY_TEAM] = "team", [BY_EITHER] = "either"};

	buf_add(
	    out, S("| deed | by | state | asked | becomes | asked then | meaning |\n|---|---|---|---|---|---|---|\n"));
	for (const struct appointment_rule *rule = appointment_rules; rule->deed; rule++) {
		buf_printf(out, "| %s | %s | %s | ", appointment_deed_code(rule->deed), sides[rule->by],
		    rule->from ? appointment_state_code(rule->from) : "(none)");
		print_asked(out, rule->asked);
		buf_printf(out, " | %s | %s | %s |\n", appointment_state_code(rule->to), asks[rule->asked_after],
		    deeds[rule->deed - DEED_ASK].meaning);
	}
}

const char *
visit_mode_words(int64_t mode)
{
	switch (mode) {
	case MODE_VIDEO: return TR("Video visit");
	case MODE_TELEPHONE: return TR("Telephone visit");
	default: return TR("In person");
	}
}

/* The clock's part: patients change what is to come; a day's deeds are of that day. */
static bool
clock_allows(const struct appointment *a, enum appointment_deed deed, enum appointment_side by, const struct zone *zone,
    instant now)
{
	bool has_time = !instant_is_none(a->start), begun = has_time && !instant_before(now, a->start);
	struct civil_date today = zone_civil(zone, now).date, day;

	switch (deed) {
	case DEED_CHECK_IN:
		if (!has_time)
			return false;
		day = zone_civil(zone, a->start).date;
		return civil_date_to_days(day) == civil_date_to_days(today) &&
		       (by == BY_TEAM || instant_before(now, a->end));
	case DEED_MISS: return begun;
	case DEED_FINISH:
		return has_time && civil_date_to_days(zone_civil(zone, a->start).date) <= civil_date_to_days(today);
	case DEED_MOVE:
	case DEED_ASK_CHANGE:
	case DEED_ASK_CANCEL:
	case DEED_CALL_OFF:
	case DEED_OFFER: return !begun;
	case DEED_CANCEL: return !begun;
	default: return true;
	}
}

/* What another system keeps is changed there: patients ask, and the team says what came of it. */
static bool
owner_allows(const struct appointment *a, enum appointment_deed deed)
{
	switch (deed) {
	case DEED_CANCEL:
	case DEED_MOVE:
	case DEED_OFFER:
	case DEED_ACCEPT:
	case DEED_SETTLE:
	case DEED_CALL_OFF:
	case DEED_FINISH:
	case DEED_MISS:
	case DEED_REOPEN: return a->ours;
	case DEED_ASK_CANCEL: return !a->ours;
	default: return true;
	}
}

bool
appointment_may(const struct appointment *a, enum appointment_deed deed, enum appointment_side by,
    const struct zone *zone, instant now)
{
	return appointment_rule_find(deed, by, a->state, a->asked) && owner_allows(a, deed) &&
	       clock_allows(a, deed, by, zone, now);
}
