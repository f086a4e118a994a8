/* SPDX-License-Identifier: Apache-2.0 */
#include "world.h"

#include "care/messaging/messaging.h"
#include "exchange/simulate/sim_random.h"
#include "exchange/simulate/simulate.h"

static void
a_simulated_clinic_is_whole_on_both_databases(void **state)
{
	struct world *world = *state;
	struct simulate_report report;
	struct journal_report trail;
	struct buf trouble = BUF_INIT(&world->arena);
	struct account account;
	struct db_rows threads;
	struct cx patient;

	assert_ok(simulate_run(
	    &world->cx, &(struct simulate_options){.patients = 4, .seed = 9, .until = INSTANT_NONE}, &report));
	assert_int_equal(report.patients, 4);
	assert_int_equal(report.teams, 2);
	assert_true(report.resources > 400 && report.threads > 0 && report.messages >= report.threads);
	world->cx.now = instant_read_clock();
	assert_ok(messaging_check_invariants(&world->cx, &trouble));
	assert_str_equal(buf_str(&trouble), "");
	assert_ok(journal_verify(&world->cx, &trail));
	assert_true(trail.intact);
	/* the one whom the demonstration shows can sign in, and has written */
	assert_ok(account_by_login(&world->cx, report.patient_login, &account));
	patient = world_cx(world);
	patient.who = (struct who){
	    .is = WHO_PATIENT, .account = account.id, .patient = account.patient, .facility = account.facility};
	assert_ok(thread_list(&patient, account.patient, THREADS_ALL, 0, 50, &threads));
	assert_true(threads.count > 0);
	db_release(&patient);
	assert_fails(simulate_run(&world->cx,
			 &(struct simulate_options){.patients = 1, .seed = 9, .until = INSTANT_NONE}, &report),
	    ERR_CONFLICT);
}

static void
the_number_of_patients_is_bounded(void **state)
{
	struct world *world = *state;
	struct simulate_report report;

	assert_fails(simulate_run(&world->cx, &(struct simulate_options){.patients = 0}, &report), ERR_INVALID);
	assert_fails(
	    simulate_run(&world->cx, &(struct simulate_options){.patients = SIMULATE_PATIENTS_MAX + 1}, &report),
	    ERR_INVALID);
}

static void
chance_is_reproducible_and_even(void **state)
{
	struct sim_random a = sim_branch(1, 2), b = sim_branch(1, 2), c = sim_branch(1, 3);
	int64_t counts[10] = {0};
	double sum = 0;

	(void)state;
	assert_true(sim_next(&a) == sim_next(&b));
	assert_false(sim_next(&a) == sim_next(&c));
	for (int i = 0; i < 100000; i++) {
		counts[sim_between(&a, 0, 9)]++;
		sum += sim_normal(&a, 100, 15);
	}
	for (int i = 0; i < 10; i++)
		assert_in_range(counts[i], 9500, 10500);
	assert_true(sum / 100000 > 99.5 && sum / 100000 < 100.5);
	for (int i = 0; i < 1000; i++)
		assert_int_equal(sim_weighted(&a, (const int[]){0, 3, 0}, 3), 1);
}

int
main(void)
{
	const struct CMUnitTest list[] = {
	    WORLD_TEST(a_simulated_clinic_is_whole_on_both_databases),
	    WORLD_TEST(the_number_of_patients_is_bounded),
	    cmocka_unit_test(chance_is_reproducible_and_even),
	};

	return cmocka_run_group_tests_name("simulate", list, NULL, NULL);
}
