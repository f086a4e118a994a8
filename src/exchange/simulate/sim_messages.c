/* SPDX-License-Identifier: Apache-2.0 */
/* The traffic of a patient and their team over the last half year, sent through the functions that pages call, at the times it
 * would have been sent.  What is older than some days is finished; of the last days much is still open, as in the
 * inbox of a clinic that works its messages off. */
#include "exchange/simulate/sim_internal.h"

#define TRAFFIC_DAYS 180
#define FRESH_DAYS   6 /* so long may a message wait without anybody having failed */

struct talk {
	struct sim *sim;
	const struct sim_patient *p;
	struct sim_random *r;
	thread_id thread;
	instant at;
	bool fresh;
};

/* A cx as that person at that time. */
static struct cx
as(struct talk *talk, account_id account, bool patient)
{
	struct cx cx = *talk->sim->cx;

	cx.conn = NULL;
	cx.now = talk->at;
	cx.request = sim_uuid(talk->r);
	cx.lang = LANG_EN;
	cx.who = (struct who){.is = patient ? WHO_PATIENT : WHO_CARE_TEAM,
	    .account = account,
	    .patient = patient ? talk->p->id : (patient_id){{{0}}},
	    .staff = patient ? (staff_id){{{0}}} : (staff_id){account.v},
	    .facility = talk->p->team->team.facility};
	return cx;
}

static str
filled(struct talk *talk, const char *text, enum sim_asks_about about)
{
	struct arena *arena = talk->sim->cx->arena;
	str rest = str_from_z(text);
	const char *what = about == ASKS_TEST ? talk->p->test : talk->p->medicine ? talk->p->medicine : "medicine";
	str word = str_from_z(what);
	struct buf out = BUF_INIT(arena);
	size_t at;

	if (about == ASKS_MEDICINE)
		str_cut(word, ' ', &word); /* "lisinopril" out of "lisinopril 10 MG Oral Tablet" */
	while (str_find(rest, S("%s"), &at)) {
		buf_add(&out, str_take(rest, at));
		buf_add(&out, word);
		rest = str_drop(rest, at + 2);
	}
	buf_add(&out, rest);
	return buf_str(&out);
}

/* On by some hours, into the hours when people work (9 to 16 in UTC-5, near enough for everyone). */
static bool
later(struct talk *talk, int64_t hours)
{
	int64_t day = (talk->at.ms + hours * HOUR_MS) / DAY_MS, earliest = talk->at.ms + 10 * MINUTE_MS;

	talk->at.ms = day * DAY_MS + 14 * HOUR_MS + sim_between(talk->r, 0, 7 * 60) * MINUTE_MS;
	if (talk->at.ms < earliest)
		talk->at.ms = earliest;
	return talk->at.ms < talk->sim->until.ms;
}

static fallible
say(struct talk *talk, struct cx *cx, str body)
{
	struct sent sent;
	const struct err *error = thread_reply(
	    cx, &(struct thread_reply){.key = sim_uuid(talk->r), .thread = talk->thread, .body = body}, &sent);

	db_release(cx);
	if (!error)
		talk->sim->report->messages++;
	return error;
}

static fallible
begin_thread(struct talk *talk, struct cx *cx, int category, str subject, str body)
{
	struct sent sent;
	const struct err *error = thread_send_new(cx,
	    &(struct thread_new){.key = sim_uuid(talk->r),
		.patient = talk->p->id,
		.team = talk->p->team->team.id,
		.category = (enum message_category)category,
		.subject = str_take(subject, MESSAGE_SUBJECT_CHARS_MAX),
		.body = body},
	    &sent);

	db_release(cx);
	TRY(error);
	talk->thread = sent.thread;
	talk->sim->report->threads++;
	talk->sim->report->messages++;
	return NULL;
}

/* The team opens, answers, the patient perhaps thanks, the team completes. */
static fallible
handle(struct talk *talk, const struct sim_topic *topic, size_t variant)
{
	static const int who_answers[SIM_TEAMLET] = {20, 50, 12, 18};
	account_id helper = talk->p->team->members[sim_weighted(talk->r, who_answers, SIM_TEAMLET)].account;
	struct conversation conversation;
	struct cx cx;
	const struct err *error;

	cx = as(talk, helper, false);
	error = thread_open(&cx, talk->thread, &conversation);
	if (!error)
		error = thread_claim(&cx, talk->thread);
	db_release(&cx);
	TRY(error);
	if (!later(talk, sim_between(talk->r, 0, 3)))
		return NULL;
	cx = as(talk, helper, false);
	TRY(say(talk, &cx, filled(talk, topic->answer[variant], topic->about)));
	if (sim_chance(talk->r, 45) && later(talk, sim_between(talk->r, 2, 30))) {
		cx = as(talk, talk->p->account, true);
		TRY(say(talk, &cx, filled(talk, topic->thanks, topic->about)));
	}
	if (!sim_chance(talk->r, talk->fresh ? 70 : 100) || !later(talk, sim_between(talk->r, 1, 20)))
		return NULL; /* answered, not completed */
	cx = as(talk, helper, false);
	error = thread_complete(&cx, &(struct thread_complete){.thread = talk->thread, .how = COMPLETED_NO_NEED});
	db_release(&cx);
	return error;
}

static fallible
patient_thread(struct talk *talk)
{
	int weights[SIM_TOPICS];
	const struct sim_topic *topic;
	size_t variant = (size_t)sim_between(talk->r, 0, 1);
	struct cx cx;

	for (size_t i = 0; i < SIM_TOPICS; i++)
		weights[i] = sim_topics[i].about == ASKS_MEDICINE && !talk->p->medicine ? 0 : sim_topics[i].per_mille;
	topic = &sim_topics[sim_weighted(talk->r, weights, SIM_TOPICS)];
	cx = as(talk, talk->p->account, true);
	TRY(begin_thread(talk, &cx, topic->category, filled(talk, topic->subject, topic->about),
	    filled(talk, topic->body[variant], topic->about)));
	if (sim_chance(talk->r, talk->fresh ? 45 : 0) || !later(talk, sim_between(talk->r, 2, 60)))
		return NULL; /* nobody has looked at it yet */
	return handle(talk, topic, variant);
}

static fallible
team_thread(struct talk *talk)
{
	const struct sim_outreach *outreach = &sim_outreach[sim_between(talk->r, 0, SIM_OUTREACH - 1)];
	struct cx cx = as(talk, talk->p->team->members[1].account, false);

	return begin_thread(talk, &cx, CATEGORY_GENERAL, str_from_z(outreach->subject), str_from_z(outreach->body));
}

fallible
sim_messages(struct sim *sim, const struct sim_patient *patient)
{
	/* The busiest twentieth writes a third of it (VA 2023). */
	static const int busy_weights[] = {25, 45, 25, 5}, threads_of[] = {0, 1, 3, 9};
	int threads = threads_of[sim_weighted(&sim->random, busy_weights, 4)];

	if (str_equal(patient->login, S("patient"))) /* the one whom the demonstration shows */
		threads = 4;
	for (int i = 0; i < threads; i++) {
		/* More lately than long ago: a fifth in the last days. */
		int64_t root = sim_between(&sim->random, i ? 0 : 10, 100), days = TRAFFIC_DAYS * root * root / 10000;
		struct talk talk = {.sim = sim,
		    .p = patient,
		    .r = &sim->random,
		    .at = instant_add_ms(sim->until, -days * DAY_MS),
		    .fresh = days < FRESH_DAYS};

		if (!later(&talk, 0))
			continue;
		TRY(sim_chance(talk.r, 6) ? team_thread(&talk) : patient_thread(&talk));
	}
	return NULL;
}
