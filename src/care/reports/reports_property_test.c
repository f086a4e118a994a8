/* SPDX-License-Identifier: Apache-2.0 */
/* A random clinic, and every figure of its reports told again in a simple-minded way: message by message, minute by minute. */
#include "care/messaging/messaging_test_help.h"
#include "care/reports/reports_internal.h"

#define THREADS_MAX 60
#define DEEDS_MAX   1200
#define DEEDS       700
#define ROUNDS_MAX  1200

enum deed_kind { DEED_PATIENT, DEED_ANSWER, DEED_COMPLETE, DEED_REOPEN, DEED_REROUTE, DEED_STRIKE };
/* What was done, as the test itself saw it succeed. */
struct deed {
	enum deed_kind kind;
	size_t thread;
	instant at, due;
	account_id who;
	int64_t role;
	team_id team;
};

struct play {
	struct world *world;
	struct people p;
	uint64_t seed;
	instant now;
	struct sent threads[THREADS_MAX];
	team_id first_team[THREADS_MAX];
	size_t thread_count, deed_count;
	struct deed deeds[DEEDS_MAX];
};

static uint64_t
draw(struct play *play, uint64_t below)
{
	play->seed ^= play->seed << 13;
	play->seed ^= play->seed >> 7;
	play->seed ^= play->seed << 17;
	return play->seed % below;
}

static struct deed *
note(struct play *play, enum deed_kind kind, size_t thread)
{
	struct deed *deed = &play->deeds[play->deed_count++];

	assert_true(play->deed_count < DEEDS_MAX);
	*deed = (struct deed){.kind = kind, .thread = thread, .at = play->now};
	return deed;
}

static void
begin(struct play *play)
{
	bool maria = draw(play, 2);
	struct cx cx = people_as_at(play->world, maria ? play->p.maria_account : play->p.bo_account, play->now);
	struct thread_new in = {.key = uuid_new(play->now),
	    .patient = maria ? play->p.maria : play->p.bo,
	    .team = maria ? play->p.maple : play->p.birch,
	    .body = S("A question")};
	size_t i = play->thread_count;

	if (i < THREADS_MAX && !thread_send_new(&cx, &in, &play->threads[i])) {
		play->first_team[i] = in.team;
		play->thread_count++;
		note(play, DEED_PATIENT, i)->due = play->threads[i].due;
	}
	db_release(&cx);
}

static void
member_does(struct play *play, struct cx *cx, size_t i, account_id who)
{
	thread_id thread = play->threads[i].thread;
	struct account account;
	struct sent sent;
	team_id other = draw(play, 2) ? play->p.maple : play->p.birch;
	struct deed *deed = NULL;

	assert_ok(account_get(cx, who, &account));
	switch (draw(play, 7)) {
	case 0:
		if (!thread_complete(cx, &(struct thread_complete){thread, (enum completed_how)(1 + draw(play, 4)), 0}))
			deed = note(play, DEED_COMPLETE, i);
		break;
	case 1:
		if (!thread_reopen(cx, thread))
			deed = note(play, DEED_REOPEN, i);
		break;
	case 2:
		if (!thread_reroute(cx, &(struct thread_reroute){thread, other, S("Yours")}))
			note(play, DEED_REROUTE, i)->team = other;
		break;
	default:
		if (!thread_reply(cx,
			&(struct thread_reply){.key = uuid_new(play->now), .thread = thread, .body = S("So")}, &sent))
			deed = note(play, DEED_ANSWER, i);
	}
	if (deed) {
		deed->who = who;
		deed->role = account.role;
	}
}

static void
somebody_does(struct play *play)
{
	const account_id all[] = {play->p.maria_account, play->p.bo_account, play->p.ana, play->p.okafor, play->p.ben};
	size_t n = draw(play, 5), i = draw(play, play->thread_count);
	struct cx cx = people_as_at(play->world, all[n], play->now);
	struct sent sent;

	if (n >= 2)
		member_does(play, &cx, i, all[n]);
	else if (!thread_reply(&cx,
		     &(struct thread_reply){
			 .key = uuid_new(play->now), .thread = play->threads[i].thread, .body = S("And?")},
		     &sent))
		note(play, DEED_PATIENT, i)->due = sent.due;
	db_release(&cx);
}

static void
clock_strikes(struct play *play)
{
	struct cx system = world_cx(play->world);

	system.now = play->now;
	assert_ok(messaging_escalate(&system));
	for (size_t i = 0; i < play->thread_count; i++)
		if (thread_now(play->world, play->threads[i].thread).escalated_at.ms == play->now.ms)
			note(play, DEED_STRIKE, i);
	db_release(&system);
}

/* ---- the same told again ---- */

struct told {
	instant begun, due, answered_at, completed_at;
	int64_t answered_role, closed_role;
	account_id answered_by;
	team_id team;
	bool escalated;
};

static size_t
tell_rounds(const struct play *play, struct told *out)
{
	size_t count = 0;

	for (size_t i = 0; i < play->thread_count; i++) {
		team_id team = play->first_team[i];
		struct told *round = NULL;
		bool owed = false;

		for (size_t d = 0; d < play->deed_count; d++) {
			const struct deed *deed = &play->deeds[d];

			if (deed->thread != i)
				continue;
			switch (deed->kind) {
			case DEED_PATIENT:
				if (owed)
					break;
				owed = true;
				round = &out[count++];
				assert_true(count < ROUNDS_MAX);
				*round = (struct told){.begun = deed->at,
				    .due = deed->due,
				    .answered_at = INSTANT_NONE,
				    .completed_at = INSTANT_NONE,
				    .team = team};
				break;
			case DEED_ANSWER:
				if (owed) {
					round->answered_at = deed->at;
					round->answered_role = deed->role;
					round->answered_by = deed->who;
				}
				owed = false;
				break;
			case DEED_COMPLETE:
				round->completed_at = deed->at;
				round->closed_role = deed->role;
				owed = false;
				break;
			case DEED_REOPEN:
				round->completed_at = INSTANT_NONE;
				owed = instant_is_none(round->answered_at);
				break;
			case DEED_REROUTE: team = round->team = deed->team; break;
			case DEED_STRIKE: round->escalated = true; break;
			}
		}
	}
	return count;
}

static bool
is_within(const struct period *p, instant at)
{
	return at.ms >= p->since.ms && at.ms < p->until.ms;
}

/* Minute by minute. */
static int64_t
open_minutes_ms(const struct report *r, instant from, instant to)
{
	int64_t ms = 0;

	for (instant at = from; at.ms < to.ms; at.ms += MINUTE_MS) {
		struct civil_time civil = zone_civil(r->zone, at);

		if (civil.hour >= BUSINESS_HOUR_FIRST && civil.hour < BUSINESS_HOUR_LAST &&
		    business_day(&r->calendar, civil_date_to_days(civil.date)))
			ms += MINUTE_MS;
	}
	return ms;
}

/* The smallest of the values that at least `percent` of them do not exceed. */
static int64_t
told_percentile(const int64_t *values, size_t count, int percent)
{
	int64_t best = INT64_MAX;

	for (size_t i = 0; i < count; i++) {
		size_t below = 0;

		for (size_t n = 0; n < count; n++)
			below += values[n] <= values[i];
		if (below * 100 >= count * (size_t)percent && values[i] < best)
			best = values[i];
	}
	return best;
}

static bool
team_fits(const struct report *r, team_id team)
{
	return uuid_is_none(r->team.id.v) || uuid_equal(r->team.id.v, team.v);
}

static void
assert_times(struct tally *t, enum report_time which, const int64_t *values, size_t count)
{
	assert_int_equal(t->times[which].count, count);
	for (int percent = 10; percent <= 100 && count; percent += 10)
		assert_int_equal(
		    percentile(t->times[which].items, count, percent), told_percentile(values, count, percent));
}

static void
assert_rounds_told(const struct play *play, struct report *r, size_t which, const struct told *rounds, size_t count)
{
	struct tally *t = &r->tally[which];
	static int64_t times[REPORT_TIMES][ROUNDS_MAX];
	size_t questions = 0, answered = 0, waiting = 0, completed = 0, escalated = 0, kept = 0, promised = 0;
	int64_t roles[REPORT_ROLES] = {0}, closers[REPORT_ROLES] = {0};

	for (size_t i = 0; i < count; i++) {
		const struct told *round = &rounds[i];
		bool is_answered = !instant_is_none(round->answered_at),
		     is_done = !instant_is_none(round->completed_at);
		instant settled = is_answered ? round->answered_at : round->completed_at;

		if (!is_within(&r->period[which], round->begun) || !team_fits(r, round->team))
			continue;
		questions++;
		escalated += round->escalated;
		waiting += !is_answered && !is_done;
		promised += is_answered || is_done || round->due.ms < play->now.ms;
		kept += (is_answered || is_done) && settled.ms <= round->due.ms;
		if (is_answered) {
			times[TIME_ANSWER][answered] = round->answered_at.ms - round->begun.ms;
			times[TIME_ANSWER_BUSINESS][answered++] = open_minutes_ms(r, round->begun, round->answered_at);
			roles[round->answered_role]++;
		}
		if (is_done) {
			times[TIME_DONE][completed] = round->completed_at.ms - round->begun.ms;
			times[TIME_DONE_BUSINESS][completed++] = open_minutes_ms(r, round->begun, round->completed_at);
			closers[round->closed_role]++;
		}
	}
	assert_int_equal(t->questions, questions);
	assert_int_equal(t->answered, answered);
	assert_int_equal(t->waiting, waiting);
	assert_int_equal(t->otherwise, questions - answered - waiting);
	assert_int_equal(t->completed, completed);
	assert_int_equal(t->escalated, escalated);
	assert_int_equal(t->promised, promised);
	assert_int_equal(t->kept, kept);
	assert_int_equal(t->soon[0] + t->soon[1] + t->soon[2] + t->soon[3], answered);
	assert_memory_equal(t->answered_by, roles, sizeof(roles));
	assert_memory_equal(t->completed_by, closers, sizeof(closers));
	assert_times(t, TIME_ANSWER, times[TIME_ANSWER], answered);
	assert_times(t, TIME_ANSWER_BUSINESS, times[TIME_ANSWER_BUSINESS], answered);
	assert_times(t, TIME_DONE, times[TIME_DONE], completed);
	assert_times(t, TIME_DONE_BUSINESS, times[TIME_DONE_BUSINESS], completed);
}

struct counting {
	struct report *report;
	int64_t sent[2][2], begun[2];
};

static const struct err *
count_message(void *arg, const struct thread *thread, const struct team *team, const struct message *message)
{
	struct counting *c = arg;

	for (size_t n = 0; n < 2; n++) {
		if (!team_fits(c->report, team->id) || !is_within(&c->report->period[n], message->sent))
			continue;
		c->sent[n][message->side == SIDE_PATIENT ? 0 : 1]++;
		c->begun[n] += message->n == 1 && thread->begun_by == SIDE_PATIENT;
	}
	return NULL;
}

static void
assert_messages_told(struct play *play, struct report *r)
{
	struct counting c = {.report = r};
	int64_t pieces[2] = {0}, people = 0;

	assert_ok(messages_export(&play->world->cx, play->p.maria, count_message, &c));
	assert_ok(messages_export(&play->world->cx, play->p.bo, count_message, &c));
	for (size_t n = 0; n < 2; n++) {
		assert_int_equal(r->tally[n].from_patients, c.sent[n][0]);
		assert_int_equal(r->tally[n].from_team, c.sent[n][1]);
		assert_int_equal(r->tally[n].begun_by_patients, c.begun[n]);
	}
	for (size_t i = 0; i < period_pieces(&r->period[0]); i++) {
		pieces[0] += r->pieces[i][0];
		pieces[1] += r->pieces[i][1];
	}
	assert_int_equal(pieces[0], c.sent[0][0]);
	assert_int_equal(pieces[1], c.sent[0][1]);
	for (size_t i = 0; i < r->person_count; i++)
		people += r->people[i].messages;
	assert_int_equal(people, c.sent[0][1]);
}

static void
assert_people_told(const struct report *r, const struct told *rounds, size_t count)
{
	for (size_t i = 0; i < r->person_count; i++) {
		int64_t answered = 0;

		for (size_t n = 0; n < count; n++)
			answered += is_within(&r->period[0], rounds[n].begun) && team_fits(r, rounds[n].team) &&
			            !instant_is_none(rounds[n].answered_at) &&
			            uuid_equal(rounds[n].answered_by.v, r->people[i].account.v);
		assert_int_equal(r->people[i].answered, answered);
	}
}

static void
assert_open_told(struct play *play, const struct report *r)
{
	int64_t unfinished = 0, waiting = 0, overdue = 0;

	for (size_t i = 0; i < play->thread_count; i++) {
		struct thread t = thread_now(play->world, play->threads[i].thread);

		if (!team_fits(r, t.team) || t.status == THREAD_COMPLETE)
			continue;
		unfinished++;
		waiting += t.status == THREAD_INCOMPLETE;
		overdue += t.status == THREAD_INCOMPLETE && t.due.ms < play->now.ms;
	}
	assert_int_equal(r->open.unfinished, unfinished);
	assert_int_equal(r->open.waiting, waiting);
	assert_int_equal(r->open.overdue, overdue);
}

static str
day_text(struct play *play, int32_t day)
{
	struct civil_date date = civil_date_from_days(day);

	return arena_printf(&play->world->arena, "%04d-%02d-%02d", date.year, date.month, date.day);
}

static void
compare(struct play *play, str team, int32_t first, int32_t last)
{
	static struct told rounds[ROUNDS_MAX];
	size_t count = tell_rounds(play, rounds);
	struct cx root = people_as_at(play->world, play->p.root, play->now);
	struct report report;
	struct report_wish wish = {.period = {S("own"), day_text(play, first), day_text(play, last)}, .team = team};

	assert_ok(report_make(&root, &wish, &report));
	assert_rounds_told(play, &report, 0, rounds, count);
	assert_rounds_told(play, &report, 1, rounds, count);
	assert_messages_told(play, &report);
	assert_people_told(&report, rounds, count);
	assert_open_told(play, &report);
	db_release(&root);
}

static void
every_figure_equals_what_is_told_message_by_message(void **state)
{
	static struct play play;
	int32_t begin_day, today;
	const struct zone *zone;

	play = (struct play){.world = *state, .seed = 0x2545f4914f6cdd1du};
	clinic_setup(play.world, &play.p);
	play.now = wednesday();
	for (size_t i = 0; i < DEEDS; i++) {
		play.now = instant_add_ms(play.now, (1 + (int64_t)draw(&play, 240)) * MINUTE_MS);
		play.world->cx.now = play.now;
		if (play.thread_count == 0 || draw(&play, 12) == 0)
			begin(&play);
		else if (draw(&play, 10) == 0)
			clock_strikes(&play);
		else
			somebody_does(&play);
	}
	assert_sound(play.world);
	assert_ok(zone_find(play.p.facility.zone, &zone));
	begin_day = civil_date_to_days(zone_civil(zone, wednesday()).date);
	today = civil_date_to_days(zone_civil(zone, play.now).date);
	print_message("%zu deeds, %zu threads, %d days\n", play.deed_count, play.thread_count, today - begin_day);
	assert_true(play.deed_count > DEEDS / 3);
	for (size_t i = 0; i < 6; i++) {
		int32_t first = begin_day + (int32_t)draw(&play, 40), last = first + (int32_t)draw(&play, 18);

		last = last > today ? today : last;
		compare(&play, STR_NONE, first, last);
		compare(&play, uuid_text(&play.world->arena, play.p.maple.v), first, last);
		compare(&play, uuid_text(&play.world->arena, play.p.birch.v), first, last);
	}
	compare(&play, STR_NONE, begin_day, today);
	compare(&play, STR_NONE, begin_day - 200, today);
	compare(&play, STR_NONE, begin_day - 400, today);
}

int
main(void)
{
	const struct CMUnitTest list[] = {
	    WORLD_TEST(every_figure_equals_what_is_told_message_by_message),
	};

	return cmocka_run_group_tests_name("reports property", list, NULL, NULL);
}
