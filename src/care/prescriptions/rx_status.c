/* SPDX-License-Identifier: Apache-2.0 */
/* What a prescription's status is, whether a refill and whether a renewal can be asked for.  Rules only, as tables that README.md
 * prints: no database, no words of the page.  Rules: my-healthevet 2.2 (va.gov prescription statuses; VistA MHV renewal rules). */
#include "care/prescriptions/prescriptions_internal.h"
#include "platform/format/utf8.h"

/* ---- status ---- */

#define BIT(order) (1U << (order))

const struct status_rule status_rules[] = {
    {.orders = BIT(ORDER_ACTIVE) | BIT(ORDER_ON_HOLD), .outside = FITS_YES, .status = RX_OUTSIDE},
    {.outside = FITS_YES, .status = RX_DISCONTINUED},
    {.transferred = FITS_YES, .status = RX_TRANSFERRED},
    {.orders = BIT(ORDER_STOPPED), .status = RX_DISCONTINUED},
    {.orders = BIT(ORDER_COMPLETED), .status = RX_EXPIRED},
    {.orders = BIT(ORDER_OTHER), .status = RX_UNKNOWN},
    {.coming = FITS_YES, .status = RX_IN_PROCESS},
    {.asked = FITS_YES, .status = RX_SUBMITTED},
    {.over = FITS_YES, .status = RX_EXPIRED},
    {.parked = FITS_YES, .status = RX_PARKED},
    {.orders = BIT(ORDER_ON_HOLD), .status = RX_ON_HOLD},
    {.status = RX_ACTIVE},
};

static const struct {
	const char *code, *words, *means;
	enum rx_refusal refusal; /* of a refill */
	bool active;
} statuses[RX_STATUSES] = {
    [RX_ACTIVE] = {"active", TR("Active"), TR("This prescription is in use."), REFUSAL_NONE, true},
    [RX_IN_PROCESS] = {"in-process", TR("Active: Refill in Process"), TR("The pharmacy is filling it now."),
	REFUSAL_IN_PROCESS, true},
    [RX_SUBMITTED] = {"submitted", TR("Active: Submitted"), TR("You asked for a refill. It is on its way."),
	REFUSAL_ASKED, true},
    [RX_ON_HOLD] = {"on-hold", TR("Active: On Hold"), TR("It cannot be refilled until your team takes it off hold."),
	REFUSAL_ON_HOLD, true},
    [RX_PARKED] = {"parked", TR("Active: Parked"), TR("Nothing is sent to you until you ask for it."), REFUSAL_NONE,
	true},
    [RX_OUTSIDE] = {"non-va", TR("Active: Non-VA"),
	TR("It comes from elsewhere. This clinic's pharmacy does not fill it."), REFUSAL_OUTSIDE, true},
    [RX_EXPIRED] = {"expired", TR("Expired"), TR("This prescription is too old to be filled again."), REFUSAL_EXPIRED,
	false},
    [RX_DISCONTINUED] = {"discontinued", TR("Discontinued"),
	TR("This medicine was stopped. Ask your team before you take it again."), REFUSAL_DISCONTINUED, false},
    [RX_TRANSFERRED] = {"transferred", TR("Transferred"), TR("Another pharmacy or clinic has it now."),
	REFUSAL_TRANSFERRED, false},
    [RX_UNKNOWN] = {"unknown", TR("Unknown"), TR("The record does not say how it stands. Ask your team."),
	REFUSAL_UNKNOWN, false},
};

const char *
rx_status_code(enum rx_status status)
{
	return statuses[status].code;
}

const char *
rx_status_words(enum rx_status status)
{
	return statuses[status].words;
}

const char *
rx_status_means(enum rx_status status)
{
	return statuses[status].means;
}

bool
rx_status_is_active(enum rx_status status)
{
	return statuses[status].active;
}

static bool
fits(enum rule_fits rule, bool value)
{
	return rule == FITS_ANY || (rule == FITS_YES) == value;
}

/* Asked for, and the pharmacy has not begun. */
static bool
is_asked(const struct prescription *p)
{
	return p->refill && p->refill->state < REFILL_ACKNOWLEDGED;
}

static bool
is_coming(const struct prescription *p)
{
	return p->coming || (p->refill && p->refill->state >= REFILL_ACKNOWLEDGED &&
				refill_is_open((enum refill_state)p->refill->state));
}

static enum rx_status
status_of(const struct prescription *p)
{
	const struct status_rule *rule = status_rules;

	while ((rule->orders && !(rule->orders & BIT(p->order))) || !fits(rule->outside, p->outside) ||
	       !fits(rule->transferred, p->transferred) || !fits(rule->parked, p->parked) ||
	       !fits(rule->coming, is_coming(p)) || !fits(rule->asked, is_asked(p)) || !fits(rule->over, p->over))
		rule++;
	return rule->status;
}

/* ---- refills ---- */

static const struct {
	const char *code, *words;
} refusals[RX_REFUSALS] = {
    [REFUSAL_OUTSIDE] = {"non-va", TR("It comes from elsewhere. Ask the pharmacy that filled it.")},
    [REFUSAL_EXPIRED] = {"expired", TR("The prescription has expired. You can ask for a renewal.")},
    [REFUSAL_DISCONTINUED] = {"discontinued", TR("This medicine was stopped. Ask your team before you take it again.")},
    [REFUSAL_TRANSFERRED] = {"transferred", TR("Another pharmacy or clinic has it now. Ask there.")},
    [REFUSAL_ON_HOLD] = {"on-hold", TR("It is on hold. Ask your team when you need it.")},
    [REFUSAL_ASKED] = {"requested", TR("You asked for a refill already. It is on its way.")},
    [REFUSAL_IN_PROCESS] = {"in-process", TR("The pharmacy is filling it now.")},
    [REFUSAL_NO_REFILLS] = {"no-refills", TR("No refill is left. You can ask for a renewal.")},
    [REFUSAL_UNKNOWN] = {"unknown", TR("The record does not say whether a refill is left. Ask your team.")},
};

const char *
rx_refusal_words(enum rx_refusal why)
{
	return refusals[why].words;
}

const char *
rx_refusal_code(enum rx_refusal why)
{
	return refusals[why].code;
}

static enum rx_refusal
refusal_of(const struct prescription *p)
{
	enum rx_refusal why = statuses[p->status].refusal;

	if (why == REFUSAL_NONE && p->left == 0)
		return REFUSAL_NO_REFILLS;
	return why == REFUSAL_NONE && p->left == RX_NOT_SAID ? REFUSAL_UNKNOWN : why;
}

/* ---- renewals ---- */

static bool
is_from_outside(const struct prescription *p, instant now)
{
	(void)now;
	return p->outside;
}

static bool
is_of_no_such_status(const struct prescription *p, instant now)
{
	(void)now;
	return p->status == RX_UNKNOWN || p->status == RX_TRANSFERRED || p->status == RX_ON_HOLD || p->renewed;
}

static bool
is_pending(const struct prescription *p, instant now)
{
	(void)now;
	return p->renewal && p->renewal->state == RENEWAL_ASKED;
}

static bool
is_being_filled(const struct prescription *p, instant now)
{
	(void)now;
	return p->status == RX_IN_PROCESS || p->status == RX_SUBMITTED;
}

static bool
has_refills(const struct prescription *p, instant now)
{
	(void)now;
	return rx_status_is_active(p->status) && p->left > 0;
}

static bool
is_too_old(const struct prescription *p, instant now)
{
	return !rx_status_is_active(p->status) &&
	       (instant_is_none(p->ended) || now.ms - p->ended.ms > RENEWAL_DAYS_MAX * DAY_MS);
}

static bool
is_controlled(const struct prescription *p, instant now)
{
	(void)now;
	return p->controlled || p->not_renewable;
}

static bool
is_clozapine(const struct prescription *p, instant now)
{
	(void)now;
	return p->clozapine;
}

static bool
is_titration(const struct prescription *p, instant now)
{
	(void)now;
	return p->titration;
}

static bool
is_payer_refused(const struct prescription *p, instant now)
{
	(void)now;
	return p->payer_refused;
}

static bool
is_drug_gone(const struct prescription *p, instant now)
{
	(void)now;
	return p->drug_gone;
}

static bool
lacks_sig(const struct prescription *p, instant now)
{
	(void)now;
	return !p->sig.n;
}

static bool
is_renewed_often(const struct prescription *p, instant now)
{
	(void)now;
	return p->renewals >= RENEWALS_MAX;
}

const struct renewal_rule renewal_rules[] = {
    {RENEWAL_OUTSIDE, is_from_outside},
    {RENEWAL_STATUS, is_of_no_such_status},
    {RENEWAL_PENDING, is_pending},
    {RENEWAL_IN_PROCESS, is_being_filled},
    {RENEWAL_REFILLS, has_refills},
    {RENEWAL_TOO_OLD, is_too_old},
    {RENEWAL_CONTROLLED, is_controlled},
    {RENEWAL_CLOZAPINE, is_clozapine},
    {RENEWAL_TITRATION, is_titration},
    {RENEWAL_PAYER, is_payer_refused},
    {RENEWAL_DRUG, is_drug_gone},
    {RENEWAL_NO_SIG, lacks_sig},
    {RENEWAL_COUNT, is_renewed_often},
    {RENEWAL_MAY, NULL},
};

static const struct {
	const char *code, *words;
} renewal_words[RENEWAL_REFUSALS] = {
    [RENEWAL_OUTSIDE] = {"non-va", TR("It comes from elsewhere. Ask whoever prescribed it.")},
    [RENEWAL_STATUS] = {"status", TR("A prescription that stands like this is not renewed. Ask your team.")},
    [RENEWAL_PENDING] = {"pending", TR("You asked for a renewal already. Your team answers in the conversation.")},
    [RENEWAL_IN_PROCESS] = {"in-process", TR("The pharmacy is filling it now. Ask when you have it.")},
    [RENEWAL_REFILLS] = {"refills-left", TR("Refills are left. Ask for a refill instead.")},
    [RENEWAL_TOO_OLD] = {"too-old", TR("It ended more than 120 days ago. Your team must see you, or write a new one.")},
    [RENEWAL_CONTROLLED] = {"controlled", TR("The law asks for a new prescription each time. Write to your team.")},
    [RENEWAL_CLOZAPINE] = {"clozapine", TR("This medicine needs a blood count each time. Write to your team.")},
    [RENEWAL_TITRATION] = {"titration", TR("Its dose changes by a plan. Write to your team.")},
    [RENEWAL_PAYER] = {"payer", TR("Your insurance refused it. Call your clinic.")},
    [RENEWAL_DRUG] = {"drug", TR("The pharmacy does not have this medicine any more. Write to your team.")},
    [RENEWAL_NO_SIG] = {"no-directions", TR("The prescription does not say how to take it. Write to your team.")},
    [RENEWAL_COUNT] = {"count", TR("It was renewed very often. Your team must write a new one.")},
};

const char *
renewal_refusal_words(enum renewal_refusal why)
{
	return renewal_words[why].words;
}

const char *
renewal_refusal_code(enum renewal_refusal why)
{
	return renewal_words[why].code;
}

void
prescription_judge(struct prescription *p, instant now)
{
	const struct renewal_rule *rule = renewal_rules;

	p->status = status_of(p);
	p->refusal = refusal_of(p);
	while (rule->refuses && !rule->refuses(p, now))
		rule++;
	p->renewal_refusal = rule->why;
}

/* ---- of lists ---- */

bool
rx_needs_renewal(const struct prescription *p)
{
	return p->order == ORDER_ACTIVE && !p->renewed &&
	       (p->refusal == REFUSAL_NO_REFILLS || p->status == RX_EXPIRED) &&
	       (p->renewal_refusal == RENEWAL_MAY || p->renewal_refusal == RENEWAL_PENDING ||
		   p->renewal_refusal >= RENEWAL_CONTROLLED);
}

bool
rx_runs_out_soon(const struct prescription *p, instant now)
{
	return rx_status_is_active(p->status) && !instant_is_none(p->runs_out) &&
	       p->runs_out.ms - now.ms <= RX_SOON_DAYS * DAY_MS;
}

bool
rx_is_recent(const struct prescription *p, instant now)
{
	if (p->status == RX_SUBMITTED || p->status == RX_IN_PROCESS)
		return true;
	return p->refill &&
	       (p->refill->state == REFILL_READY || p->refill->state == REFILL_SHIPPED ||
		   p->refill->state == REFILL_DONE) &&
	       now.ms - p->refill->changed.ms <= RX_RECENT_DAYS * DAY_MS;
}

instant
rx_used_up(const struct rx_fill *fills, size_t count, int64_t days)
{
	instant end = INSTANT_NONE;

	for (size_t i = count; i-- > 0;) { /* oldest first */
		int64_t supply = fills[i].days ? fills[i].days : days;

		if (!fills[i].done || instant_is_none(fills[i].at) || !supply)
			continue;
		if (instant_is_none(end) || instant_before(end, fills[i].at))
			end = fills[i].at;
		end = instant_add_ms(end, supply * DAY_MS);
	}
	return end;
}

/* Opioids, stimulants and barbiturates of schedule II, and of schedule I what may stand on a list at all. */
bool
rx_is_controlled(str name)
{
	static const char *const words[] = {"alfentanil", "amobarbital", "amphetamine", "cocaine", "codeine sulfate",
	    "fentanyl", "heroin", "hydrocodone", "hydromorphone", "levorphanol", "lisdexamfetamine", "lysergide",
	    "meperidine", "methadone", "methamphetamine", "methaqualone", "methylphenidate", "morphine", "nabilone",
	    "opium", "oxycodone", "oxymorphone", "pentobarbital", "remifentanil", "secobarbital", "sufentanil",
	    "tapentadol"};
	char folded[256];
	size_t n = name.n < sizeof(folded) ? name.n : sizeof(folded);

	for (size_t i = 0; i < n; i++)
		folded[i] = (char)(name.p[i] >= 'A' && name.p[i] <= 'Z' ? name.p[i] + 32 : name.p[i]);
	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (str_contains((str){folded, n}, str_from_z(words[i])))
			return true;
	return false;
}
