/* SPDX-License-Identifier: Apache-2.0 */
#include "care/home/home_internal.h"
#include "trust/portal/portal.h"

#define NEWS_MAX      5
#define MEDICINES_MAX 6

static str
greeting(const struct page_cx *px)
{
	int hour = zone_civil(px->zone ? px->zone : zone_utc(), px->now).hour;
	str first;

	str_cut(px->person_name, ' ', &first);
	if (hour >= 4 && hour < 12)
		return TF1("Good morning, %1", first);
	if (hour >= 12 && hour < 18)
		return TF1("Good afternoon, %1", first);
	return TF1("Good evening, %1", first);
}

static fallible
fill_news(struct cx *cx, const struct page_cx *px, struct home_page *view)
{
	struct record_items news = {0};
	str *paths;
	instant since;

	TRY(record_last_visit_here(cx, cx->who.patient, &since));
	view->is_first = instant_is_none(since);
	TRY(record_news(cx, px, cx->who.patient, since, NEWS_MAX, &news));
	paths = ARENA_ARRAY(cx->arena, str, news.count + 1);
	for (size_t i = 0; i < news.count; i++) {
		TRY(record_item_look_up(cx, px, &news.items[i]));
		paths[i] = record_item_path(cx->arena, S("/record"), &news.items[i]);
	}
	view->news = news.items;
	view->news_paths = paths;
	view->news_count = news.count;
	return NULL;
}

/* The names of the medicines in use, each once. */
static fallible
fill_medicines(struct cx *cx, const struct page_cx *px, struct home_page *view)
{
	struct record_items items = {0};
	str *names;

	TRY(record_load_current(cx, px, cx->who.patient, CLASS_MEDICINES, &items, NULL));
	names = ARENA_ARRAY(cx->arena, str, MEDICINES_MAX);
	for (size_t i = 0; i < items.count; i++) {
		bool known = false;

		TRY(record_item_look_up(cx, px, &items.items[i]));
		for (size_t j = 0; j < view->medicine_count && !known; j++)
			known = str_equal(names[j], items.items[i].title);
		if (known)
			continue;
		if (view->medicine_count < MEDICINES_MAX)
			names[view->medicine_count++] = items.items[i].title;
		else
			view->medicines_more++;
	}
	view->medicines = names;
	return NULL;
}

/* The next visit: of the appointments, or one that the record plans sooner. */
static fallible
fill_appointment(struct cx *cx, const struct page_cx *px, struct home_page *view)
{
	struct page_cx there = *px;
	struct facility facility;
	struct db_rows asked;
	const struct appointment *a;

	TRY(appointment_next(cx, cx->who.patient, &view->appointment, &view->has_appointment));
	TRY(appointment_list(cx, cx->who.patient, APPOINTMENTS_ASKED, 0, APPOINTMENTS_OPEN_MAX, &asked));
	a = asked.items;
	for (size_t i = 0; i < asked.count; i++)
		view->to_choose += a[i].asked == ASKED_CHOICE;
	if (!view->has_appointment)
		return NULL;
	if (view->visits.next.title.p && view->visits.next.at.ms < view->appointment.start.ms)
		view->has_appointment = false;
	TRY(facility_get(cx, view->appointment.facility, &facility));
	TRY(zone_find(facility.zone, &there.zone));
	view->appointment_when = px_date(&there, view->appointment.start);
	view->next_path =
	    arena_printf(cx->arena, "/appointments/%.*s", STR_ARG(uuid_text(cx->arena, view->appointment.id.v)));
	return NULL;
}

/* Questionnaires before visits, as links. */
static fallible
fill_to_do(struct cx *cx, const struct page_cx *px, struct home_page *view)
{
	const struct visit_question_todo *todo;
	struct home_to_do *lines;
	struct db_rows rows;

	TRY(visit_questions_to_do(cx, cx->who.patient, &rows));
	todo = rows.items;
	lines = ARENA_ARRAY(cx->arena, struct home_to_do, rows.count + 1);
	for (size_t i = 0; i < rows.count; i++) {
		struct page_cx there = *px;
		struct facility facility;

		TRY(facility_get(cx, todo[i].visit.facility, &facility));
		TRY(zone_find(facility.zone, &there.zone));
		lines[i] = (struct home_to_do){.title = todo[i].question.title,
		    .path = arena_printf(cx->arena, "/appointments/%.*s/questionnaires/%.*s",
			STR_ARG(uuid_text(cx->arena, todo[i].visit.id.v)), STR_ARG(todo[i].question.questionnaire)),
		    .visit = instant_is_none(todo[i].visit.start)
		                 ? todo[i].visit.details.title
		                 : TF2("%1, %2", todo[i].visit.details.title, px_date(&there, todo[i].visit.start))};
	}
	view->to_do = lines;
	view->to_do_count = rows.count;
	return NULL;
}

static void
audit_home(struct cx *cx, const struct home_page *view)
{
	audit_add_read(cx, &(struct audit){.action = AUDIT_VIEW,
			       .subject = AUDIT_SUMMARY,
			       .patient = cx->who.patient,
			       .count = (int64_t)(view->news_count + view->medicine_count),
			       .why = ACCESS_SELF});
}

static fallible
get_home(struct cx *cx, struct request *rq)
{
	struct page_cx px;
	struct home_page view = {0};
	struct db_rows waiting;
	struct buf html = BUF_INIT(cx->arena);

	TRY(page_cx_for(cx, rq, tr(cx->lang, TR("Home")), "/home", &px));
	view.greeting = greeting(&px);
	TRY(messaging_patient_summary(cx, cx->who.patient, &view.messages));
	if (!instant_is_none(view.messages.due))
		view.due = px_day(&px, view.messages.due);
	view.is_late = !instant_is_none(view.messages.due) && instant_before(view.messages.due, cx->now);
	TRY(fill_news(cx, &px, &view));
	TRY(record_visits_near(cx, &px, cx->who.patient, &view.visits));
	TRY(fill_appointment(cx, &px, &view));
	if (view.visits.next.title.p && !view.has_appointment)
		view.next_path = record_item_path(cx->arena, S("/record"), &view.visits.next);
	if (view.visits.last.title.p)
		view.last_path = record_item_path(cx->arena, S("/record"), &view.visits.last);
	TRY(fill_to_do(cx, &px, &view));
	TRY(fill_medicines(cx, &px, &view));
	TRY(prescriptions_summary(cx, cx->who.patient, &view.rx));
	TRY(journal_recent(cx, &px, cx->who.patient, view.readings, &view.reading_count));
	TRY(release_waiting(cx, cx->who.patient, &waiting));
	view.waiting = waiting.count;
	audit_home(cx, &view);
	page_home(&html, &px, &view);
	return respond_page(rq, 200, buf_str(&html));
}

const struct route home_routes[] = {
    {GET, "/home", get_home, .who = WHO_PATIENT},
    {0},
};
