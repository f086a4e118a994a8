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
