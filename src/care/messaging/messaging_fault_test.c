/* SPDX-License-Identifier: Apache-2.0 */
/* Each statement of each deed fails in turn, or the process dies there: all or nothing.  And two at once: one wins. */
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>

#include "care/messaging/messaging_test_help.h"

#define STATEMENTS_MAX 200 /* of one deed, and some */

/* ---- deeds ---- */

struct scene {
	struct people p;
	thread_id open, answered; /* a thread that waits, one that was answered */
	struct uuid key, key_again;
};

static void
set_scene(struct world *world, struct scene *scene)
{
	struct sent sent;

	clinic_setup(world, &scene->p);
	scene->open = maria_writes(world, &scene->p, S("Waiting")).thread;
	sent = maria_writes(world, &scene->p, S("Soon answered"));
	assert_ok(reply_as(world, scene->p.ana, sent.thread, S("Answer"), world->cx.now));
	scene->answered = sent.thread;
	scene->key = uuid_new(world->cx.now);
	scene->key_again = uuid_new(world->cx.now);
}

static const struct err *
deed_send(struct world *world, const struct scene *scene)
{
	struct cx cx = people_as(world, scene->p.maria_account);
	struct sent sent;
	const struct err *error = thread_send_new(&cx,
	    &(struct thread_new){
		.key = scene->key, .patient = scene->p.maria, .team = scene->p.maple, .body = S("New, in one piece")},
	    &sent);

	db_release(&cx);
	return error;
}

static const struct err *
deed_answer(struct world *world, const struct scene *scene)
{
	struct cx cx = people_as(world, scene->p.ana);
	struct sent sent;
	const struct err *error = thread_reply(
	    &cx, &(struct thread_reply){.key = scene->key, .thread = scene->open, .body = S("An answer")}, &sent);

	db_release(&cx);
	return error;
}

static const struct err *
deed_write_again(struct world *world, const struct scene *scene)
{
	struct cx cx = people_as(world, scene->p.maria_account);
	struct sent sent;
	const struct err *error = thread_reply(
	    &cx, &(struct thread_reply){.key = scene->key_again, .thread = scene->answered, .body = S("And?")}, &sent);

	db_release(&cx);
	return error;
}

static const struct err *
deed_claim(struct world *world, const struct scene *scene)
{
	struct cx cx = people_as(world, scene->p.ana);
	const struct err *error = thread_claim(&cx, scene->open);

	db_release(&cx);
	return error;
}

static const struct err *
deed_complete(struct world *world, const struct scene *scene)
{
	struct cx cx = people_as(world, scene->p.ana);
	const struct err *error =
	    thread_complete(&cx, &(struct thread_complete){scene->answered, COMPLETED_TELEPHONE, 0});

	db_release(&cx);
	return error;
}

static const struct err *
deed_open(struct world *world, const struct scene *scene)
{
	struct cx cx = people_as(world, scene->p.okafor);
	struct conversation c;
	const struct err *error = thread_open(&cx, scene->open, &c);

	db_release(&cx);
	return error;
}

static const struct err *
deed_escalate(struct world *world, const struct scene *scene)
{
	struct cx cx = world_cx(world);
	const struct err *error;

	(void)scene;
	cx.now = instant_add_ms(wednesday(), 10 * DAY_MS);
	error = messaging_escalate(&cx);
	db_release(&cx);
	return error;
}

/* ---- handing on ---- */

static const struct err *
deed_assign(struct world *world, const struct scene *scene)
{
	struct cx cx = people_as(world, scene->p.ana);
	const struct err *error = thread_assign(&cx, (thread_id){scene->key}, scene->p.okafor);

	db_release(&cx);
	return error;
}

static const struct err *
deed_recall(struct world *world, const struct scene *scene)
{
	struct cx cx = people_as(world, scene->p.ana);
	const struct err *error = message_recall(&cx, scene->open, 2);

	db_release(&cx);
	return error;
}

static const struct err *
deed_forward(struct world *world, const struct scene *scene)
{
	struct cx cx = people_as(world, scene->p.ana);
	const struct err *error =
	    thread_forward(&cx, &(struct thread_forward){scene->open, &scene->p.okafor, 1, S("See this")});

	db_release(&cx);
	return error;
}

static const struct err *
deed_merge(struct world *world, const struct scene *scene)
{
	struct cx cx = people_as(world, scene->p.ana);
	const struct err *error = thread_merge(&cx, (thread_id){scene->key}, scene->open);

	db_release(&cx);
	return error;
}

static const struct err *
deed_reroute(struct world *world, const struct scene *scene)
{
	struct cx cx = people_as(world, scene->p.ana);
	const struct err *error =
	    thread_reroute(&cx, &(struct thread_reroute){scene->open, scene->p.birch, S("They know more")});

	db_release(&cx);
	return error;
}

static const struct {
	const char *name;
	const struct err *(*run)(struct world *world, const struct scene *scene);
} deeds[] = {{"send", deed_send}, {"claim", deed_claim}, {"answer", deed_answer}, {"write again", deed_write_again},
    {"complete", deed_complete}, {"open", deed_open}, {"escalate", deed_escalate}, {"assign", deed_assign},
    {"recall", deed_recall}, {"forward", deed_forward}, {"merge", deed_merge}, {"reroute", deed_reroute}};
#define DEED_COUNT (sizeof(deeds) / sizeof(deeds[0]))

/* All that a deed could change, in one number: equal numbers, nothing changed. */
static int64_t
fingerprint(struct world *world)
{
	static const struct sql parts[] = {
	    {"SELECT count(*) * 7 + COALESCE(CAST(sum(message_count * 3 + status + escalation_tries * 11) AS BIGINT), "
	     "0)"
	     " FROM thread"},
	    {"SELECT count(*) FROM thread WHERE owner IS NOT NULL"},
	    {"SELECT count(*) FROM thread WHERE opened_at IS NOT NULL"},
	    {"SELECT count(*) FROM message"},
	    {"SELECT count(*) * 5 + COALESCE(CAST(sum(unread) AS BIGINT), 0) FROM addressee"},
	    {"SELECT count(*) FROM outbox"},
	    {"SELECT count(*) FROM thread_event"},
	    {"SELECT count(*) FROM thread_mark"},
	    {"SELECT count(*) FROM message WHERE recalled IS NULL"},
	    {"SELECT count(*) FROM team_patient"},
	};

	return world_fingerprint(world, parts, sizeof(parts) / sizeof(parts[0]));
}

static void
a_failing_statement_undoes_the_whole_deed(void **state)
{
	struct world *world = *state;
	struct scene scene;

	set_scene(world, &scene);
	for (size_t i = 0; i < DEED_COUNT; i++) {
		int64_t nth, before = fingerprint(world);

		for (nth = 1; nth < STATEMENTS_MAX; nth++) {
			const struct err *error;

			db_fault_arm(world->db, DB_FAULT_ERROR, nth);
			error = deeds[i].run(world, &scene);
			if (db_fault_count(world->db) < nth) {
				db_fault_arm(world->db, DB_FAULT_NONE, 0);
				assert_ok(error);
				break;
			}
			db_fault_arm(world->db, DB_FAULT_NONE, 0);
			if (!error)
				fail_msg(
				    "%s: statement %lld failed and the deed did not", deeds[i].name, (long long)nth);
			/* Several threads escalate in transactions of their own. */
			if (deeds[i].run != deed_escalate && fingerprint(world) != before)
				fail_msg("%s: half done after statement %lld", deeds[i].name, (long long)nth);
			assert_sound(world);
		}
		assert_true(nth > 1 && nth < STATEMENTS_MAX);
		assert_true(fingerprint(world) != before);
		assert_sound(world);
	}
}

static void
a_process_that_dies_leaves_all_or_nothing(void **state)
{
	struct world *world = *state;
	struct scene scene;
	struct journal_report report;

	set_scene(world, &scene);
	for (size_t i = 0; i < 5; i++) {
		bool finished = false;

		for (int64_t nth = 1; !finished && nth < STATEMENTS_MAX; nth++) {
			int64_t before = fingerprint(world);
			int status;
			pid_t child;

			db_release(&world->cx);
			db_close(world->db); /* no thread and no connection crosses the fork */
			child = fork();
			assert_true(child >= 0);
			if (child == 0) {
				struct world in_child = *world;
				instant now = world->cx.now;

				world_open(&in_child);
				in_child.cx.now = now;
				db_fault_arm(in_child.db, DB_FAULT_KILL, nth);
				const struct err *error = deeds[i].run(&in_child, &scene);
				if (error)
					fprintf(stderr, "%s: %s\n", deeds[i].name, error->log);
				_exit(error ? 1 : 0);
			}
			assert_int_equal(waitpid(child, &status, 0), child);
			vault_close(world->vault);
			instant now = world->cx.now;
			world_open(world);
			world->cx.now = now;
			finished = WIFEXITED(status);
			if (finished)
				assert_int_equal(WEXITSTATUS(status), 0);
			else
				assert_int_equal(fingerprint(world), before);
			assert_sound(world);
		}
		assert_true(finished);
	}
	assert_ok(journal_verify(&world->cx, &report));
	assert_true(report.intact);
}

/* ---- at once ---- */

struct racer {
	struct world *world;
	const struct scene *scene;
	account_id who;
	pthread_barrier_t *start;
	struct arena arena;
	struct cx cx;
	const struct err *error;
	struct sent sent;
};

static void *
claim_at_once(void *arg)
{
	struct racer *racer = arg;

	pthread_barrier_wait(racer->start);
	racer->error = thread_claim(&racer->cx, racer->scene->open);
	return NULL;
}

static void *
send_at_once(void *arg)
{
	struct racer *racer = arg;

	pthread_barrier_wait(racer->start);
	racer->error = thread_send_new(&racer->cx,
	    &(struct thread_new){.key = racer->scene->key,
		.patient = racer->scene->p.maria,
		.team = racer->scene->p.maple,
		.body = S("Pressed often")},
	    &racer->sent);
	return NULL;
}

static void
race(struct world *world, const struct scene *scene, struct racer *racers, size_t count, void *(*run)(void *))
{
	pthread_barrier_t start;
	pthread_t threads[8];

	pthread_barrier_init(&start, NULL, (unsigned)count);
	for (size_t i = 0; i < count; i++) {
		racers[i].world = world;
		racers[i].scene = scene;
		racers[i].start = &start;
		racers[i].cx = people_as(world, racers[i].who);
		db_release(&racers[i].cx);
		racers[i].cx.arena = &racers[i].arena;
	}
	for (size_t i = 0; i < count; i++)
		assert_int_equal(pthread_create(&threads[i], NULL, run, &racers[i]), 0);
	for (size_t i = 0; i < count; i++) {
		pthread_join(threads[i], NULL);
		db_release(&racers[i].cx);
	}
	pthread_barrier_destroy(&start);
}

static void
of_two_who_claim_at_once_one_wins(void **state)
{
	struct world *world = *state;
	struct scene scene;

	set_scene(world, &scene);
	for (int round = 0; round < 20; round++) {
		struct racer racers[2] = {{.who = scene.p.ana}, {.who = scene.p.okafor}};
		struct cx winner;

		race(world, &scene, racers, 2, claim_at_once);
		assert_true((racers[0].error == NULL) != (racers[1].error == NULL));
		assert_fails(racers[0].error ? racers[0].error : racers[1].error, ERR_CONFLICT);
		winner = people_as(world, racers[0].error ? racers[1].who : racers[0].who);
		assert_ok(thread_release(&winner, scene.open));
		db_release(&winner);
		for (int i = 0; i < 2; i++)
			arena_release(&racers[i].arena);
	}
	assert_sound(world);
}

static void
pressed_eight_times_at_once_it_is_one_message(void **state)
{
	struct world *world = *state;
	struct scene scene;
	int64_t first = 0, messages;

	set_scene(world, &scene);
	struct racer racers[8];
	for (int i = 0; i < 8; i++)
		racers[i] = (struct racer){.who = scene.p.maria_account};
	race(world, &scene, racers, 8, send_at_once);
	for (int i = 0; i < 8; i++) {
		assert_ok(racers[i].error);
		assert_memory_equal(&racers[i].sent.thread, &racers[0].sent.thread, sizeof(thread_id));
		first += !racers[i].sent.sent_before;
		arena_release(&racers[i].arena);
	}
	assert_int_equal(first, 1);
	db_refresh(&world->cx);
	assert_ok(db_one(&world->cx, SQL("SELECT count(*) FROM message WHERE id = $1"), BIND(DB(scene.key)),
	    INTO(&messages, ONE_INT)));
	assert_int_equal(messages, 1);
	assert_sound(world);
}

int
main(void)
{
	const struct CMUnitTest list[] = {
	    WORLD_TEST(a_failing_statement_undoes_the_whole_deed),
	    WORLD_TEST(a_process_that_dies_leaves_all_or_nothing),
	    WORLD_TEST(of_two_who_claim_at_once_one_wins),
	    WORLD_TEST(pressed_eight_times_at_once_it_is_one_message),
	};

	return cmocka_run_group_tests_name("messaging faults", list, NULL, NULL);
}
