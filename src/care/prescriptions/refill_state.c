/* SPDX-License-Identifier: Apache-2.0 */
/* The states of a refill request and what moves it from one to the next: a table.  What is not in it cannot happen. */
#include "care/prescriptions/prescriptions_internal.h"

const struct refill_move refill_moves[] = {
    {REFILL_SUBMITTED, REFILL_EV_SENT, REFILL_SENT}, {REFILL_SUBMITTED, REFILL_EV_REFUSED, REFILL_TROUBLE},
    {REFILL_SUBMITTED, REFILL_EV_WITHDRAWN, REFILL_WITHDRAWN}, {REFILL_SUBMITTED, REFILL_EV_AGAIN, REFILL_SUBMITTED},
    {REFILL_TROUBLE, REFILL_EV_AGAIN, REFILL_SUBMITTED}, {REFILL_TROUBLE, REFILL_EV_WITHDRAWN, REFILL_WITHDRAWN},
    {REFILL_SENT, REFILL_EV_AGAIN, REFILL_SENT}, {REFILL_SENT, REFILL_EV_REFUSED, REFILL_TROUBLE},
    {REFILL_ACKNOWLEDGED, REFILL_EV_AGAIN, REFILL_ACKNOWLEDGED},
    /* The pharmacy may be quicker than the news of our own line. */
    {REFILL_SUBMITTED, REFILL_EV_ACKNOWLEDGED, REFILL_ACKNOWLEDGED},
    {REFILL_TROUBLE, REFILL_EV_ACKNOWLEDGED, REFILL_ACKNOWLEDGED},
    {REFILL_SENT, REFILL_EV_ACKNOWLEDGED, REFILL_ACKNOWLEDGED},
    {REFILL_SUBMITTED, REFILL_EV_PART, REFILL_PARTLY_FILLED}, {REFILL_TROUBLE, REFILL_EV_PART, REFILL_PARTLY_FILLED},
    {REFILL_SENT, REFILL_EV_PART, REFILL_PARTLY_FILLED}, {REFILL_ACKNOWLEDGED, REFILL_EV_PART, REFILL_PARTLY_FILLED},
    {REFILL_SUBMITTED, REFILL_EV_FILLED, REFILL_FILLED}, {REFILL_TROUBLE, REFILL_EV_FILLED, REFILL_FILLED},
    {REFILL_SENT, REFILL_EV_FILLED, REFILL_FILLED}, {REFILL_ACKNOWLEDGED, REFILL_EV_FILLED, REFILL_FILLED},
    {REFILL_PARTLY_FILLED, REFILL_EV_FILLED, REFILL_FILLED}, {REFILL_SUBMITTED, REFILL_EV_REJECTED, REFILL_REJECTED},
    {REFILL_TROUBLE, REFILL_EV_REJECTED, REFILL_REJECTED}, {REFILL_SENT, REFILL_EV_REJECTED, REFILL_REJECTED},
    {REFILL_ACKNOWLEDGED, REFILL_EV_REJECTED, REFILL_REJECTED}, {REFILL_PARTLY_FILLED, REFILL_EV_READY, REFILL_READY},
    {REFILL_PARTLY_FILLED, REFILL_EV_SHIPPED, REFILL_SHIPPED}, {REFILL_FILLED, REFILL_EV_READY, REFILL_READY},
    {REFILL_FILLED, REFILL_EV_SHIPPED, REFILL_SHIPPED}, {REFILL_FILLED, REFILL_EV_ARRIVED, REFILL_DONE},
    {REFILL_READY, REFILL_EV_ARRIVED, REFILL_DONE}, {REFILL_SHIPPED, REFILL_EV_ARRIVED, REFILL_DONE},
    {REFILL_SHIPPED, REFILL_EV_PASSED, REFILL_DONE}, {REFILL_SUBMITTED, REFILL_EV_CLOSED, REFILL_CLOSED},
    {REFILL_TROUBLE, REFILL_EV_CLOSED, REFILL_CLOSED}, {REFILL_SENT, REFILL_EV_CLOSED, REFILL_CLOSED},
    {REFILL_ACKNOWLEDGED, REFILL_EV_CLOSED, REFILL_CLOSED}, {REFILL_PARTLY_FILLED, REFILL_EV_CLOSED, REFILL_CLOSED},
    {REFILL_FILLED, REFILL_EV_CLOSED, REFILL_CLOSED}, {REFILL_READY, REFILL_EV_CLOSED, REFILL_CLOSED},
    {REFILL_SHIPPED, REFILL_EV_CLOSED, REFILL_CLOSED},
    {REFILL_SUBMITTED, REFILL_EV_ASKED, REFILL_SUBMITTED}, /* the end */
};

bool
refill_next(enum refill_state from, enum refill_event_kind event, enum refill_state *to)
{
	for (const struct refill_move *move = refill_moves; move->event != REFILL_EV_ASKED; move++)
		if (move->from == from && move->event == event) {
			*to = move->to;
			return true;
		}
	return false;
}

bool
refill_is_open(enum refill_state state)
{
	return state < REFILL_READY;
}

bool
refill_is_over(enum refill_state state)
{
	return state >= REFILL_DONE;
}

const char *
refill_state_words(enum refill_state state)
{
	switch (state) {
	case REFILL_SUBMITTED: return TR("Submitted");
	case REFILL_TROUBLE: return TR("Not handed over yet");
	case REFILL_SENT: return TR("Sent to the pharmacy");
	case REFILL_ACKNOWLEDGED: return TR("The pharmacy has it");
	case REFILL_PARTLY_FILLED: return TR("Partly filled");
	case REFILL_FILLED: return TR("Filled");
	case REFILL_READY: return TR("Ready to be picked up");
	case REFILL_SHIPPED: return TR("Shipped");
	case REFILL_DONE: return TR("Arrived");
	case REFILL_REJECTED: return TR("Not filled");
	case REFILL_WITHDRAWN: return TR("Taken back");
	case REFILL_CLOSED: break;
	}
	return TR("Closed by your care team");
}

const char *
refill_state_code(enum refill_state state)
{
	switch (state) {
	case REFILL_SUBMITTED: return "submitted";
	case REFILL_TROUBLE: return "trouble";
	case REFILL_SENT: return "sent";
	case REFILL_ACKNOWLEDGED: return "acknowledged";
	case REFILL_PARTLY_FILLED: return "partly-filled";
	case REFILL_FILLED: return "filled";
	case REFILL_READY: return "ready";
	case REFILL_SHIPPED: return "shipped";
	case REFILL_DONE: return "done";
	case REFILL_REJECTED: return "rejected";
	case REFILL_WITHDRAWN: return "withdrawn";
	case REFILL_CLOSED: break;
	}
	return "closed";
}

const char *
refill_event_words(enum refill_event_kind event)
{
	static const char *const words[REFILL_EVENTS] = {
	    [REFILL_EV_ASKED] = TR("Asked for"),
	    [REFILL_EV_SENT] = TR("Sent to the pharmacy"),
	    [REFILL_EV_REFUSED] = TR("The pharmacy's system did not take it"),
	    [REFILL_EV_ACKNOWLEDGED] = TR("The pharmacy has it"),
	    [REFILL_EV_PART] = TR("The pharmacy filled a part of it"),
	    [REFILL_EV_FILLED] = TR("The pharmacy filled it"),
	    [REFILL_EV_READY] = TR("Ready to be picked up"),
	    [REFILL_EV_SHIPPED] = TR("Shipped"),
	    [REFILL_EV_ARRIVED] = TR("Arrived"),
	    [REFILL_EV_REJECTED] = TR("The pharmacy did not fill it"),
	    [REFILL_EV_WITHDRAWN] = TR("Taken back"),
	    [REFILL_EV_CLOSED] = TR("Closed by the care team"),
	    [REFILL_EV_AGAIN] = TR("Sent once more"),
	    [REFILL_EV_CHASED] = TR("It did not move in time; the care team was told"),
	    [REFILL_EV_MISSING] = TR("Reported as not arrived; the care team was told"),
	    [REFILL_EV_TWICE] = TR("The pharmacy reported a second fill; the care team was told"),
	    [REFILL_EV_PASSED] = TR("Taken for arrived"),
	    [REFILL_EV_SETTLED] = TR("Your care team looked after it"),
	};

	return words[event];
}

/* The same in one word: for README.md and programs. */
static const char *
event_code(enum refill_event_kind event)
{
	static const char *const codes[REFILL_EVENTS] = {"asked", "sent", "refused", "acknowledged", "part", "filled",
	    "ready", "shipped", "arrived", "rejected", "withdrawn", "closed", "again", "chased", "missing", "twice",
	    "passed", "settled"};

	return codes[event];
}

const char *
refill_problem_words(enum refill_problem problem)
{
	switch (problem) {
	case PROBLEM_STUCK: return TR("Does not move");
	case PROBLEM_REJECTED: return TR("Not filled");
	case PROBLEM_NOT_SENT: return TR("Not handed over");
	case PROBLEM_MISSING: return TR("Has not come");
	case PROBLEM_TWICE: return TR("Filled twice?");
	case PROBLEM_NONE: break;
	}
	return NULL;
}

const struct renewal_move renewal_moves[] = {
    {RENEWAL_ASKED, RENEWAL_APPROVED, "who may sign"},
    {RENEWAL_ASKED, RENEWAL_CHANGED, "who may sign, with a reason"},
    {RENEWAL_ASKED, RENEWAL_DENIED, "the team, with a reason"},
    {RENEWAL_ASKED, RENEWAL_TAKEN_BACK, "the patient"},
    {RENEWAL_ASKED, RENEWAL_ASKED, NULL},
};

const char *
renewal_state_words(enum renewal_state state)
{
	switch (state) {
	case RENEWAL_ASKED: return TR("Waits for your team");
	case RENEWAL_APPROVED: return TR("Renewed");
	case RENEWAL_CHANGED: return TR("Renewed with changes");
	case RENEWAL_DENIED: return TR("Not renewed");
	case RENEWAL_TAKEN_BACK: break;
	}
	return TR("Taken back");
}

const char *
renewal_state_code(enum renewal_state state)
{
	switch (state) {
	case RENEWAL_ASKED: return "asked";
	case RENEWAL_APPROVED: return "approved";
	case RENEWAL_CHANGED: return "changed";
	case RENEWAL_DENIED: return "denied";
	case RENEWAL_TAKEN_BACK: break;
	}
	return "taken-back";
}

/* ---- the tables for people ---- */

static const char *
told(enum rule_fits rule)
{
	return rule == FITS_ANY ? "" : rule == FITS_YES ? "yes" : "no";
}

static void
print_orders(struct buf *out, unsigned orders)
{
	static const char *const names[] = {"active", "on-hold", "stopped, cancelled", "completed", "other"};
	bool begun = false;

	for (unsigned i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (orders & (1U << i)) {
			buf_printf(out, "%s%s", begun ? ", " : "", names[i]);
			begun = true;
		}
}

void
rx_print_tables(struct buf *out)
{
	buf_add(out, S("| order | from elsewhere | transferred | being filled | asked for | over | parked | status |\n"
		       "|---|---|---|---|---|---|---|---|\n"));
	for (const struct status_rule *rule = status_rules;; rule++) {
		buf_add(out, S("| "));
		print_orders(out, rule->orders);
		buf_printf(out, " | %s | %s | %s | %s | %s | %s | %s |\n", told(rule->outside), told(rule->transferred),
		    told(rule->coming), told(rule->asked), told(rule->over), told(rule->parked),
		    rx_status_words(rule->status));
		if (rule->status == RX_ACTIVE)
			break;
	}
	buf_add(out, S("\n| no renewal | because |\n|---|---|\n"));
	for (const struct renewal_rule *rule = renewal_rules; rule->refuses; rule++)
		buf_printf(out, "| %s | %s |\n", renewal_refusal_code(rule->why), renewal_refusal_words(rule->why));
	buf_add(out, S("\n| refill is | event | becomes |\n|---|---|---|\n"));
	for (const struct refill_move *move = refill_moves; move->event != REFILL_EV_ASKED; move++)
		buf_printf(out, "| %s | %s | %s |\n", refill_state_code(move->from), event_code(move->event),
		    refill_state_code(move->to));
	buf_add(out, S("\n| renewal is | by | becomes |\n|---|---|---|\n"));
	for (const struct renewal_move *move = renewal_moves; move->who; move++)
		buf_printf(
		    out, "| %s | %s | %s |\n", renewal_state_code(move->from), move->who, renewal_state_code(move->to));
}
