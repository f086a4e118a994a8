/* SPDX-License-Identifier: Apache-2.0 */
/* Random people do random things: whatever happens, all that is derived equals a recount, and nobody sees what is not
 * theirs.  SALVE_OPERATIONS sets how many. */
#include <stdio.h>

#include "care/messaging/messaging_test_help.h"

#define THREADS_MAX        400
#define OPERATIONS_DEFAULT 100000
#define CHECK_EVERY        100  /* at the beginning, */
#define CHECK_LATER        1000 /* and when so many have passed: a recount reads everything */

struct play {
	struct world *world;
	struct people p;
	uint64_t seed;
	instant now;
	thread_id threads[THREADS_MAX];
	patient_id patients[THREADS_MAX];
	int64_t thread_count, done, refused;
};

static uint64_t
draw(struct play *play, uint64_t below)
{
	play->seed ^= play->seed << 13;
	play->seed ^= play->seed >> 7;
	play->seed ^= play->seed << 17;
	return play->seed % below;
}

static account_id
somebody(struct play *play)
{
	const account_id all[] = {play->p.maria_account, play->p.bo_account, play->p.ana, play->p.okafor, play->p.ben};

	return all[draw(play, 5)];
}

static const struct err *
shuffle_team(struct tx *tx, void *arg)
{
	struct play *play = arg;
	struct people *p = &play->p;

	switch (draw(play, 6)) {
	case 0: return team_remove_member(tx, p->maple, p->ana);
	case 1: return team_add_member(tx, p->maple, p->ben);
	case 2: return team_remove_patient(tx, p->maple, p->maria);
	case 3: return team_remove_member(tx, p->maple, p->ben);
	default:
		TRY(team_add_patient(tx, p->maple, p->maria, RELATION_PANEL));
		return team_add_member(tx, p->maple, p->ana);
	}
}

static const struct err *
begin_thread(struct play *play, struct cx *cx)
{
	bool maria = draw(play, 2);
	struct thread_new in = {.key = uuid_new(play->now),
	    .patient = maria ? play->p.maria : play->p.bo,
	    .team = maria ? play->p.maple : play->p.birch,
	    .category = CATEGORY_GENERAL,
	    .body = S("Something")};
	struct sent sent;

	if (play->thread_count == THREADS_MAX)
		return NULL;
	TRY(thread_send_new(cx, &in, &sent));
	if (draw(play, 4) == 0) { /* pressed twice */
		TRY(thread_send_new(cx, &in, &sent));
		assert_true(sent.sent_before);
	}
	play->threads[play->thread_count] = sent.thread;
	play->patients[play->thread_count++] = in.patient;
	return NULL;
}

static const struct err *
act_on(struct play *play, struct cx *cx, thread_id thread, int64_t n)
{
	struct conversation c;
	struct sent sent;
	account_id somebody_else = somebody(play);
	thread_id other = play->threads[draw(play, (uint64_t)play->thread_count)];

	switch (n) {
	case 9: return thread_assign(cx, thread, somebody_else);
	case 10:
		return thread_reroute(
		    cx, &(struct thread_reroute){thread, draw(play, 2) ? play->p.maple : play->p.birch, S("Not ours")});
	case 11: return thread_forward(cx, &(struct thread_forward){thread, &somebody_else, 1, S("See this")});
	case 12: return thread_note(cx, thread, S("Among us"));
	case 13: return message_recall(cx, thread, 1 + (int64_t)draw(play, 4));
	case 14: return thread_merge(cx, thread, other);
	case 15: return thread_remind(cx, thread, instant_add_ms(play->now, DAY_MS));
	case 0:
	case 1: return thread_open(cx, thread, &c);
	case 2: return thread_claim(cx, thread);
	case 3: return thread_release(cx, thread);
	case 4:
	case 5:
		return thread_reply(
		    cx, &(struct thread_reply){.key = uuid_new(play->now), .thread = thread, .body = S("More")}, &sent);
	case 6:
		return thread_complete(
		    cx, &(struct thread_complete){thread, (enum completed_how)(1 + draw(play, 4)), 0});
	case 7: return thread_reopen(cx, thread);
	default:
		return draft_save(
		    cx, &(struct draft){.id = uuid_new(play->now), .thread = thread, .body = S("Not yet")});
	}
}

/* One deed of one person; refusals of the rules are part of the play, anything else is not. */
static void
step(struct play *play)
{
	account_id who = somebody(play);
	struct cx cx = people_as_at(play->world, who, play->now);
	struct arena arena = ARENA_INIT;
	const struct err *error;
	int64_t n = (int64_t)draw(play, 14);

	cx.arena = &arena;
	if (n < 2 || play->thread_count == 0) {
		error = begin_thread(play, &cx);
	} else if (n == 2) {
		struct cx system = world_cx(play->world);
		system.now = play->now;
		error = draw(play, 4) ? messaging_escalate(&system) : db_write(&system, shuffle_team, play);
		db_release(&system);
	} else {
		int64_t at = (int64_t)draw(play, (uint64_t)play->thread_count);
		error = act_on(play, &cx, play->threads[at], (int64_t)draw(play, 16));
		/* Maria's threads are never Bo's, whatever happened. */
		bool other_patient =
		    (uuid_equal(who.v, play->p.bo_account.v) && !uuid_equal(play->patients[at].v, play->p.bo.v)) ||
		    (uuid_equal(who.v, play->p.maria_account.v) && !uuid_equal(play->patients[at].v, play->p.maria.v));
		if (other_patient)
			assert_fails(error, ERR_GONE);
	}
	if (error && (error->code == ERR_BROKEN || error->code == ERR_BUSY))
		fail_msg("deed %lld: %s", (long long)n, error->log);
	play->done += !error;
	play->refused += error != NULL;
	db_release(&cx);
	arena_release(&arena);
}

static void
counters_and_unread_marks_always_equal_a_recount(void **state)
{
	struct play play = {.world = *state, .seed = 0x9e3779b97f4a7c15u};
	const char *wanted = getenv("SALVE_OPERATIONS");
	int64_t operations = OPERATIONS_DEFAULT;

	if (wanted)
		str_to_int64(str_from_z(wanted), &operations);
	clinic_setup(play.world, &play.p);
	play.now = wednesday();
	for (int64_t i = 0; i < operations; i++) {
		play.now = instant_add_ms(play.now, 1 + (int64_t)draw(&play, 40 * MINUTE_MS));
		play.world->cx.now = play.now;
		step(&play);
		if (i % (i < CHECK_LATER ? CHECK_EVERY : CHECK_LATER) == 0)
			assert_sound(play.world);
	}
	assert_sound(play.world);
	assert_true(play.done > operations / 4);
	assert_true(play.refused > operations / 20);
	print_message("%lld done, %lld refused, %lld threads\n", (long long)play.done, (long long)play.refused,
	    (long long)play.thread_count);
}

int
main(void)
{
	const struct CMUnitTest list[] = {
	    WORLD_TEST(counters_and_unread_marks_always_equal_a_recount),
	};

	return cmocka_run_group_tests_name("messaging property", list, NULL, NULL);
}
