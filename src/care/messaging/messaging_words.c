/* SPDX-License-Identifier: Apache-2.0 */
/* Where a thread stands, in words: for the patient by role and promise, for the team by duty and urgency. */
#include "care/messaging/messaging_pages.h"

str
role_words(const struct page_cx *px, int64_t role)
{
	return str_from_z(staff_role_words((enum staff_role)role, px->lang));
}

str
age_words(const struct page_cx *px, instant since)
{
	struct buf out = BUF_INIT(px->arena);

	if (instant_is_none(since))
		return STR_NONE;
	duration_words(&out, px->lang, px->now.ms - since.ms);
	return buf_str(&out);
}

str
completed_words(const struct page_cx *px, int64_t how)
{
	switch ((enum completed_how)how) {
	case COMPLETED_TELEPHONE: return T("settled by telephone");
	case COMPLETED_VISIT: return T("settled in person");
	case COMPLETED_NO_NEED: return T("no answer was needed");
	case COMPLETED_ANSWERED: return T("answered");
	case COMPLETED_TOLD: return T("sent for your information");
	case COMPLETED_MERGED: return T("goes on in another conversation");
	case COMPLETED_NOT: break;
	}
	return STR_NONE;
}

struct status
standing_words(const struct page_cx *px, const struct thread *thread)
{
	switch (thread_standing(thread, px->now)) {
	case STANDING_SENT: return (struct status){STATUS_PLAIN, T("Delivered to the team")};
	case STANDING_OPENED: return (struct status){STATUS_PLAIN, T("Opened by the team")};
	case STANDING_HANDLED:
		return (struct status){STATUS_PLAIN, TF1("Being handled: %1", role_words(px, thread->owner_role))};
	case STANDING_ANSWERED: return (struct status){STATUS_GOOD, T("Answered")};
	case STANDING_COMPLETED: return (struct status){STATUS_GOOD, T("Completed")};
	case STANDING_LATE: return (struct status){STATUS_WARNING, T("The answer is late")};
	case STANDING_TOLD: return (struct status){STATUS_PLAIN, T("From your team")};
	}
	return (struct status){STATUS_PLAIN, STR_NONE};
}

str
promise_words(const struct page_cx *px, const struct thread *thread, const struct facility *facility)
{
	if (!thread_answer_is_owed(thread))
		return STR_NONE;
	if (!thread_is_overdue(thread, px->now))
		return TF1("Your team answers by %1.", px_day(px, thread->due));
	if (instant_is_none(thread->escalated_at))
		return TF2("Your team promised an answer by %1 and is late. If it cannot wait, call %2.",
		    px_day(px, thread->due), facility->phone);
	return TF3("Your team promised an answer by %1 and is late. We reminded them %2. If it cannot wait, call %3.",
	    px_day(px, thread->due), px_date(px, thread->escalated_at), facility->phone);
}

static bool
is_today(const struct page_cx *px, instant at)
{
	const struct zone *zone = px->zone ? px->zone : zone_utc();

	return civil_date_to_days(zone_civil(zone, at).date) == civil_date_to_days(zone_civil(zone, px->now).date);
}

struct status
duty_words(const struct page_cx *px, const struct thread *thread)
{
	if (thread->status == THREAD_COMPLETE)
		return (struct status){STATUS_PLAIN, T("Completed")};
	if (!thread_answer_is_owed(thread))
		return (struct status){STATUS_GOOD, T("Answered")};
	if (thread_is_urgent(thread))
		return (struct status){
		    STATUS_DANGER, thread_is_overdue(thread, px->now) ? T("Urgent, overdue") : T("Urgent")};
	if (thread->escalation_tries > 0)
		return (struct status){
		    STATUS_DANGER, TN("Overdue, %1 reminder", "Overdue, %1 reminders", thread->escalation_tries)};
	if (thread_is_overdue(thread, px->now))
		return (struct status){STATUS_DANGER, T("Overdue")};
	if (is_today(px, thread->due))
		return (struct status){STATUS_WARNING, T("Due today")};
	return (struct status){STATUS_PLAIN, TF1("Due %1", px_date_short(px, thread->due))};
}

static str
clock_words(const struct page_cx *px, const struct zone *zone, int64_t minutes)
{
	struct buf out = BUF_INIT(px->arena);
	struct civil_time time = zone_civil(zone, px->now);

	time.hour = (int)(minutes / 60 % 24);
	time.minute = (int)(minutes % 60);
	time.second = 0;
	time_words(&out, px->lang, zone, zone_instant(zone, time));
	return buf_str(&out);
}

/* "Monday to Friday"; "Monday, Wednesday to Friday": Monday is the first day. */
static str
days_words(const struct page_cx *px, int64_t open_days)
{
	str words = STR_NONE;

	for (int i = 1, last; i <= 7; i = last + 1) {
		str days = weekday_name(px->lang, i % 7);

		last = i;
		if (!(open_days >> (i % 7) & 1))
			continue;
		while (last < 7 && (open_days >> ((last + 1) % 7) & 1))
			last++;
		if (last > i)
			days = TF2("%1 through %2", days, weekday_name(px->lang, last % 7));
		words = words.n ? TF2("%1, %2", words, days) : days;
	}
	return words;
}

str
team_hours_words(const struct page_cx *px, const struct team *team, const struct business_calendar *calendar)
{
	int32_t today = civil_date_to_days(zone_civil(calendar->zone, px->now).date);
	str words;

	if (!team->open_days)
		return STR_NONE;
	words = TF_(T("%1 answers %2, %3 to %4."), TR_ARG(team->name), TR_ARG(days_words(px, team->open_days)),
	    TR_ARG(clock_words(px, calendar->zone, team->open_from)),
	    TR_ARG(clock_words(px, calendar->zone, team->open_until)));
	if ((team->open_days >> civil_weekday(today) & 1) && !business_day(calendar, today))
		words = TF1("%1 Today is a holiday.", words);
	return words;
}

static void
add_step(struct step *steps, size_t *count, const struct page_cx *px, str label, instant at)
{
	steps[(*count)++] = (struct step){.label = label, .when = instant_is_none(at) ? STR_NONE : px_date(px, at)};
}

size_t
progress_of(const struct page_cx *px, const struct thread *thread, struct step steps[PROGRESS_STEPS])
{
	size_t count = 0, last = 0;
	bool unanswered_end = thread->status == THREAD_COMPLETE && instant_is_none(thread->answered_at);

	if (instant_is_none(thread->round_at))
		return 0;
	add_step(steps, &count, px, T("Sent"), thread->round_at);
	add_step(steps, &count, px, T("Delivered to the team"), thread->round_at);
	add_step(steps, &count, px, T("Opened"), thread->opened_at);
	if (!unanswered_end) {
		add_step(steps, &count, px,
		    thread->owner_role ? TF1("Being handled: %1", role_words(px, thread->owner_role))
				       : T("Being handled"),
		    thread->claimed_at);
		add_step(steps, &count, px, T("Answered"), thread->answered_at);
	}
	add_step(steps, &count, px,
	    unanswered_end ? TF1("Completed: %1", completed_words(px, thread->completed_how)) : T("Completed"),
	    thread->completed_at);
	if (!instant_is_none(thread->filed_at))
		add_step(steps, &count, px, T("Filed in your record"), thread->filed_at);
	for (size_t i = 0; i < count; i++)
		if (steps[i].when.n)
			last = i;
	steps[last].current = true;
	return count;
}
