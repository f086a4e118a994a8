/* SPDX-License-Identifier: Apache-2.0 */
/* The rules as tables: each row on both of its sides; README.md prints the tables that the code runs on; what resources say. */
#include <stdio.h>

#include "care/prescriptions/prescriptions_test_help.h"

static const instant NOW = {1772632800000}; /* 4 March 2026, 14:00 UTC */

static struct prescription
plain(void)
{
	struct prescription p = {.order = ORDER_ACTIVE,
	    .sig = S("Take 1 a day"),
	    .title = S("Lisinopril"),
	    .allowed = 2,
	    .left = 2,
	    .ended = INSTANT_NONE,
	    .ends = instant_add_ms(NOW, DAY_MS),
	    .last_fill = INSTANT_NONE,
	    .runs_out = INSTANT_NONE};

	return p;
}

static void
judged(struct prescription *p, enum rx_status status, enum rx_refusal refusal, enum renewal_refusal renewal)
{
	prescription_judge(p, NOW);
	assert_int_equal(p->status, status);
	assert_int_equal(p->refusal, refusal);
	assert_int_equal(p->renewal_refusal, renewal);
}

static void
every_status_has_its_row(void **state)
{
	struct refill refill = {.state = REFILL_SUBMITTED};
	struct prescription p = plain();

	(void)state;
	judged(&p, RX_ACTIVE, REFUSAL_NONE, RENEWAL_REFILLS);
	p.left = 0;
	judged(&p, RX_ACTIVE, REFUSAL_NO_REFILLS, RENEWAL_MAY);
	p.left = RX_NOT_SAID;
	judged(&p, RX_ACTIVE, REFUSAL_UNKNOWN, RENEWAL_MAY);
	p = plain();
	p.refill = &refill;
	judged(&p, RX_SUBMITTED, REFUSAL_ASKED, RENEWAL_IN_PROCESS);
	refill.state = REFILL_SENT;
	judged(&p, RX_SUBMITTED, REFUSAL_ASKED, RENEWAL_IN_PROCESS);
	refill.state = REFILL_ACKNOWLEDGED;
	judged(&p, RX_IN_PROCESS, REFUSAL_IN_PROCESS, RENEWAL_IN_PROCESS);
	refill.state = REFILL_FILLED;
	judged(&p, RX_IN_PROCESS, REFUSAL_IN_PROCESS, RENEWAL_IN_PROCESS);
	refill.state = REFILL_SHIPPED;
	judged(&p, RX_ACTIVE, REFUSAL_NONE, RENEWAL_REFILLS);
	refill.state = REFILL_REJECTED;
	judged(&p, RX_ACTIVE, REFUSAL_NONE, RENEWAL_REFILLS);
	p = plain();
	p.coming = true;
	judged(&p, RX_IN_PROCESS, REFUSAL_IN_PROCESS, RENEWAL_IN_PROCESS);
	p = plain();
	p.order = ORDER_ON_HOLD;
	judged(&p, RX_ON_HOLD, REFUSAL_ON_HOLD, RENEWAL_STATUS);
	p.parked = true;
	judged(&p, RX_PARKED, REFUSAL_NONE, RENEWAL_REFILLS);
	p = plain();
	p.outside = true;
	judged(&p, RX_OUTSIDE, REFUSAL_OUTSIDE, RENEWAL_OUTSIDE);
	p.order = ORDER_COMPLETED;
	judged(&p, RX_DISCONTINUED, REFUSAL_DISCONTINUED, RENEWAL_OUTSIDE);
	p = plain();
	p.transferred = true;
	judged(&p, RX_TRANSFERRED, REFUSAL_TRANSFERRED, RENEWAL_STATUS);
	p = plain();
	p.order = ORDER_OTHER;
	judged(&p, RX_UNKNOWN, REFUSAL_UNKNOWN, RENEWAL_STATUS);
}

static void
what_ended_is_renewed_for_120_days(void **state)
{
	struct prescription p = plain();

	(void)state;
	p.over = true;
	p.ended = instant_add_ms(NOW, -RENEWAL_DAYS_MAX * DAY_MS);
	judged(&p, RX_EXPIRED, REFUSAL_EXPIRED, RENEWAL_MAY);
	assert_true(rx_needs_renewal(&p));
	p.ended = instant_add_ms(NOW, -RENEWAL_DAYS_MAX * DAY_MS - 1);
	judged(&p, RX_EXPIRED, REFUSAL_EXPIRED, RENEWAL_TOO_OLD);
	assert_false(rx_needs_renewal(&p));
	p.order = ORDER_STOPPED;
	judged(&p, RX_DISCONTINUED, REFUSAL_DISCONTINUED, RENEWAL_TOO_OLD);
	p.ended = instant_add_ms(NOW, -DAY_MS);
	judged(&p, RX_DISCONTINUED, REFUSAL_DISCONTINUED, RENEWAL_MAY);
	assert_false(rx_needs_renewal(&p)); /* somebody stopped it: it may be asked for, nobody is sent there */
}

static void
each_rule_of_renewals_refuses_by_itself(void **state)
{
	struct renewal asked = {.state = RENEWAL_ASKED}, denied = {.state = RENEWAL_DENIED};
	struct prescription p;

	(void)state;
#define REFUSED(change, why)                                      \
	do {                                                      \
		p = plain();                                      \
		p.left = 0;                                       \
		change;                                           \
		judged(&p, RX_ACTIVE, REFUSAL_NO_REFILLS, (why)); \
	} while (0)
	REFUSED((void)0, RENEWAL_MAY);
	REFUSED(p.renewal = &asked, RENEWAL_PENDING);
	REFUSED(p.renewal = &denied, RENEWAL_MAY);
	REFUSED(p.renewed = true, RENEWAL_STATUS);
	REFUSED(p.controlled = true, RENEWAL_CONTROLLED);
	REFUSED(p.not_renewable = true, RENEWAL_CONTROLLED);
	REFUSED(p.clozapine = true, RENEWAL_CLOZAPINE);
	REFUSED(p.titration = true, RENEWAL_TITRATION);
	REFUSED(p.payer_refused = true, RENEWAL_PAYER);
	REFUSED(p.drug_gone = true, RENEWAL_DRUG);
	REFUSED(p.sig = STR_NONE, RENEWAL_NO_SIG);
	REFUSED(p.renewals = RENEWALS_MAX, RENEWAL_COUNT);
	REFUSED(p.renewals = RENEWALS_MAX - 1, RENEWAL_MAY);
#undef REFUSED
}

static void
every_word_is_there(void **state)
{
	(void)state;
	for (int i = RX_ACTIVE; i < RX_STATUSES; i++)
		assert_true(rx_status_words((enum rx_status)i) && rx_status_code((enum rx_status)i) &&
			    rx_status_means((enum rx_status)i));
	for (int i = REFUSAL_OUTSIDE; i < RX_REFUSALS; i++)
		assert_true(rx_refusal_words((enum rx_refusal)i) && rx_refusal_code((enum rx_refusal)i));
	for (int i = RENEWAL_OUTSIDE; i < RENEWAL_REFUSALS; i++)
		assert_true(
		    renewal_refusal_words((enum renewal_refusal)i) && renewal_refusal_code((enum renewal_refusal)i));
	for (int i = 0; i < REFILL_EVENTS; i++)
		assert_non_null(refill_event_words((enum refill_event_kind)i));
	for (int i = PROBLEM_STUCK; i <= PROBLEM_TWICE; i++)
		assert_non_null(refill_problem_words((enum refill_problem)i));
}

/* From every state that is not over there is a way to one that is, and the pharmacy alone can go it, or a person. */
static void
no_state_is_a_dead_end(void **state)
{
	static const enum refill_state states[] = {REFILL_SUBMITTED, REFILL_TROUBLE, REFILL_SENT, REFILL_ACKNOWLEDGED,
	    REFILL_PARTLY_FILLED, REFILL_FILLED, REFILL_READY, REFILL_SHIPPED};
	enum refill_state to;

	(void)state;
	for (size_t i = 0; i < sizeof(states) / sizeof(states[0]); i++) {
		assert_false(refill_is_over(states[i]));
		assert_true(refill_next(states[i], REFILL_EV_CLOSED, &to) && refill_is_over(to));
	}
	for (const struct refill_move *move = refill_moves; move->event != REFILL_EV_ASKED; move++) {
		assert_false(refill_is_over(move->from)); /* what is over stays */
		assert_false(
		    move->from >= REFILL_READY && refill_is_open(move->to)); /* and nothing goes back to the pharmacy */
	}
	assert_false(refill_next(REFILL_FILLED, REFILL_EV_FILLED, &to)); /* one request is filled once */
	assert_false(refill_next(REFILL_SHIPPED, REFILL_EV_FILLED, &to));
}

static void
the_readme_prints_the_tables_that_the_code_runs_on(void **state)
{
	struct arena arena = ARENA_INIT;
	struct buf printed = BUF_INIT(&arena), file = BUF_INIT(&arena);
	const char *source = getenv("SALVE_SOURCE");
	FILE *readme;
	int c;

	(void)state;
	assert_non_null(source);
	readme = fopen(arena_printf(&arena, "%s/src/care/prescriptions/README.md", source).p, "re");
	assert_non_null(readme);
	while ((c = getc(readme)) != EOF)
		buf_add_char(&file, (char)c);
	fclose(readme);
	rx_print_tables(&printed);
	if (!str_contains(buf_str(&file), buf_str(&printed)))
		fail_msg("README.md does not hold these tables:\n%.*s", STR_ARG(buf_str(&printed)));
	arena_release(&arena);
}

/* ---- days ---- */

static struct rx_fill
fill_at(int days_ago, int days)
{
	return (struct rx_fill){.done = true, .at = instant_add_ms(NOW, -days_ago * DAY_MS), .days = days};
}

static void
what_comes_early_is_used_later(void **state)
{
	struct rx_fill fills[] = {fill_at(20, 30), fill_at(40, 30)}; /* newest first */

	(void)state;
	assert_true(rx_used_up(fills, 2, 0).ms == NOW.ms + 20 * DAY_MS);
	fills[0] = fill_at(5, 30); /* after a gap */
	assert_true(rx_used_up(fills, 2, 0).ms == NOW.ms + 25 * DAY_MS);
	fills[0].days = 0;
	assert_true(
	    rx_used_up(fills, 2, 60).ms == NOW.ms + 55 * DAY_MS); /* by the prescription, when the fill does not say */
	fills[0].done = fills[1].done = false;
	assert_true(instant_is_none(rx_used_up(fills, 2, 30)));
}

static void
days_covered_as_published(void **state)
{
	struct rx_fill fills[3];
	instant since = instant_add_ms(NOW, -PDC_DAYS * DAY_MS);

	(void)state;
	fills[0] = fill_at(30, 30);
	assert_int_equal(rx_days_covered(fills, 1, since, NOW), RX_NOT_SAID); /* one fill says nothing */
	fills[1] = fill_at(60, 30);
	assert_int_equal(rx_days_covered(fills, 2, since, NOW), 100);
	fills[1] = fill_at(100, 30);
	assert_int_equal(rx_days_covered(fills, 2, since, NOW), 60); /* 60 of 100 days */
	fills[1] = fill_at(50, 30);                                  /* ten days early: moved on */
	assert_int_equal(rx_days_covered(fills, 2, since, NOW), 100);
	fills[1] = fill_at(200, 30); /* before the period */
	assert_int_equal(rx_days_covered(fills, 2, since, NOW), RX_NOT_SAID);
	fills[0] = fill_at(1, 90);
	fills[1] = fill_at(101, 50);
	assert_int_equal(rx_days_covered(fills, 2, since, NOW), 50); /* what is still to come does not count */
}

static void
narcotics_are_known_by_name(void **state)
{
	(void)state;
	assert_true(rx_is_controlled(S("Oxycodone Hydrochloride 5 MG Oral Tablet")));
	assert_true(rx_is_controlled(S("acetaminophen 325 MG / HYDROcodone bitartrate 5 MG")));
	assert_false(rx_is_controlled(S("lisinopril 10 MG Oral Tablet")));
}

/* ---- what resources say ---- */

static void
a_prescription_is_read_with_all_that_belongs_to_it(void **state)
{
	struct pharmacy_room r;
	struct prescription p;

	room_open(&r, state);
	p = rx_now(&r, "lis");
	assert_int_equal(p.status, RX_ACTIVE);
	assert_int_equal(p.left, 2);
	assert_int_equal(p.quantity, 90);
	assert_int_equal(p.days, 90);
	assert_true(rx_runs_out_soon(&p, r.world->cx.now)); /* in 5 days */
	assert_str_equal(p.who, "Ada Okafor");
	p = rx_now(&r, "met");
	assert_true(rx_needs_renewal(&p));
	assert_int_equal(rx_now(&r, "ator").status, RX_PARKED);
	put_fill(&r, r.people.bo, "lis-2", "lis", 1, 90);
	assert_int_equal(rx_now(&r, "lis").left, 1);
	put_order(&r, r.people.bo, "oxy", "Oxycodone 5 mg tablet", 0, "");
	assert_int_equal(rx_now(&r, "oxy").renewal_refusal, RENEWAL_CONTROLLED);
	put_order(&r, r.people.bo, "plan", "Prednisone 5 mg tablet", 0,
	    ",\"contained\":[{\"resourceType\":\"Medication\",\"id\":\"m\",\"status\":\"inactive\"}]");
	assert_int_equal(rx_now(&r, "plan").renewal_refusal, RENEWAL_DRUG);
	put_order(&r, r.people.bo, "out", "Ibuprofen", 0, ",\"reportedBoolean\":true");
	assert_int_equal(rx_now(&r, "out").status, RX_OUTSIDE);
	put_order(&r, r.people.bo, "new", "Metformin 850 mg tablet", 3,
	    ",\"priorPrescription\":{\"reference\":\"MedicationRequest/met\"}");
	assert_true(rx_now(&r, "met").renewed);
	assert_false(rx_now(&r, "new").renewed);
	assert_int_equal(rx_now(&r, "new").renewals, 1);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(every_status_has_its_row),
	    cmocka_unit_test(what_ended_is_renewed_for_120_days),
	    cmocka_unit_test(each_rule_of_renewals_refuses_by_itself),
	    cmocka_unit_test(every_word_is_there),
	    cmocka_unit_test(no_state_is_a_dead_end),
	    cmocka_unit_test(the_readme_prints_the_tables_that_the_code_runs_on),
	    cmocka_unit_test(what_comes_early_is_used_later),
	    cmocka_unit_test(days_covered_as_published),
	    cmocka_unit_test(narcotics_are_known_by_name),
	    WORLD_TEST(a_prescription_is_read_with_all_that_belongs_to_it),
	};

	return cmocka_run_group_tests_name("rx_rules", tests, NULL, NULL);
}
