/* SPDX-License-Identifier: Apache-2.0 */
/* What stands beside a conversation on the team's page: the patient (allergies, medicines, visits, what is new, other
 * conversations), and the choices for handing it on. */
#include "care/messaging/messaging_pages.h"
#include "care/record/record_pages.h"
#include "platform/format/utf8.h"

#define NEWS_DAYS 90 /* of the record: what came in so lately stands beside the conversation */

/* ---- the patient ---- */

static str
age_of(const struct page_cx *px, instant born)
{
	const struct zone *zone = px->zone ? px->zone : zone_utc();
	struct civil_date today = zone_civil(zone, px->now).date, birth;
	int years;

	if (instant_is_none(born))
		return STR_NONE;
	birth = zone_civil(zone_utc(), born).date;
	years = today.year - birth.year -
	        (today.month < birth.month || (today.month == birth.month && today.day < birth.day));
	return TN("%1 year old", "%1 years old", years);
}

static fallible
fill_patient(struct cx *cx, const struct page_cx *px, patient_id id, struct desk_page *view)
{
	struct patient patient;

	TRY(patient_get(cx, id, &patient));
	view->patient = patient.name;
	view->timeline_path =
	    arena_printf(cx->arena, "/patients/%.*s/communication", STR_ARG(uuid_text(cx->arena, id.v)));
	view->patient_path = arena_printf(cx->arena, "/patients/%.*s/record", STR_ARG(uuid_text(cx->arena, id.v)));
	view->age = age_of(px, patient.born);
	view->born =
	    instant_is_none(patient.born) ? STR_NONE : px_date_only(px, zone_civil(zone_utc(), patient.born).date);
	return NULL;
}

/* The titles of what is current, each once; of prescriptions with their refills. */
static fallible
fill_current(struct cx *cx, const struct page_cx *px, patient_id patient, enum record_class class,
    str titles[SIDE_ITEMS_MAX], size_t *count, int64_t *more)
{
	struct record_items items = {0};
	struct record_refills refills = {0};

	TRY(record_load(cx, px, patient, class, &items));
	if (class == CLASS_MEDICINES)
		TRY(record_refills_load(cx, px, patient, &refills));
	for (size_t i = 0; i < items.count; i++) {
		str left = record_refill_words(px, &refills, &items.items[i]), title;
		bool known = false;

		if (!items.items[i].current)
			continue;
		TRY(record_item_look_up(cx, px, &items.items[i]));
		title = left.n ? TF2("%1, %2", items.items[i].title, left) : items.items[i].title;
		for (size_t j = 0; j < *count && !known; j++)
			known = str_equal(titles[j], title);
		if (known)
			continue;
		if (*count < SIDE_ITEMS_MAX)
			titles[(*count)++] = title;
		else
			(*more)++;
	}
	return NULL;
}

/* "/patients/ID/record" is where the record is; visits to come have pages beside it. */
static str
visit_path(struct cx *cx, str record, const struct record_item *item)
{
	return arena_printf(cx->arena, "%.*s/appointments/%.*s",
	    STR_ARG(str_take(record, record.n - (sizeof("/record") - 1))),
	    STR_ARG(uuid_text(cx->arena, resource_key(cx->vault, item->id))));
}

static struct side_link
link_of(struct cx *cx, const struct desk_page *view, const struct record_item *item)
{
	str path = item->type == RESOURCE_APPOINTMENT ? visit_path(cx, view->patient_path, item)
	                                              : record_item_path(cx->arena, view->patient_path, item);

	return (struct side_link){.path = path,
	    .text = item->value.n ? arena_printf(cx->arena, "%.*s: %.*s", STR_ARG(item->title), STR_ARG(item->value))
	                          : item->title,
	    .hint = item->when};
}

static fallible
fill_visits(struct cx *cx, const struct page_cx *px, patient_id patient, struct desk_page *view)
{
	struct record_visits visits;

	TRY(record_visits_near(cx, px, patient, &visits));
	if (visits.next.title.p)
		view->side.visits[view->side.visit_count++] = link_of(cx, view, &visits.next);
	if (visits.last.title.p)
		view->side.visits[view->side.visit_count++] = link_of(cx, view, &visits.last);
	return NULL;
}

static fallible
fill_news(struct cx *cx, const struct page_cx *px, patient_id patient, struct desk_page *view)
{
	struct record_items news = {0};

	TRY(record_news(cx, px, patient, instant_add_ms(cx->now, -NEWS_DAYS * DAY_MS), SIDE_LINKS_MAX, &news));
	for (size_t i = 0; i < news.count && view->side.news_count < SIDE_LINKS_MAX; i++) {
		if (news.items[i].class == CLASS_VISITS)
			continue; /* they stand above */
		TRY(record_item_look_up(cx, px, &news.items[i]));
		view->side.news[view->side.news_count++] = link_of(cx, view, &news.items[i]);
	}
	return NULL;
}

/* ---- other conversations ---- */

static fallible
fill_threads(struct cx *cx, const struct page_cx *px, const struct conversation *c, struct desk_page *view)
{
	struct db_rows rows;
	const struct thread *thread;

	TRY(thread_others(cx, c->thread.id, SIDE_LINKS_MAX, &rows));
	thread = rows.items;
	view->hand.twins = ARENA_ARRAY(cx->arena, struct option, rows.count + 1);
	for (size_t i = 0; i < rows.count; i++) {
		str id = uuid_text(cx->arena, thread[i].id.v);

		view->side.threads[view->side.thread_count++] =
		    (struct side_link){arena_printf(cx->arena, "/inbox/%.*s", STR_ARG(id)), thread[i].subject,
			TF2("%1, %2", duty_words(px, &thread[i]).word, px_date_short(px, thread[i].last_at))};
		if (thread[i].status != THREAD_COMPLETE && uuid_equal(thread[i].team.v, c->thread.team.v))
			view->hand.twins[view->hand.twin_count++] = (struct option){id, thread[i].subject, STR_NONE};
	}
	return NULL;
}

/* "María López (my neighbor): Read messages, Write messages. Until 1 June." */
static str
speaker_words(const struct page_cx *px, const struct delegation *d)
{
	struct buf out = BUF_INIT(px->arena);
	const char *separator = ": ";

	buf_add(&out, d->delegate_name);
	if (d->relation.n)
		buf_printf(&out, " (%.*s)", STR_ARG(d->relation));
	for (unsigned bit = 1; bit <= RIGHTS_TO_GIVE; bit <<= 1) {
		if (!(d->rights & bit))
			continue;
		buf_printf(
		    &out, "%s%.*s", separator, STR_ARG(tr(px->lang, access_right_words((enum access_right)bit))));
		separator = ", ";
	}
	buf_add(&out, S(". "));
	buf_add(&out, d->until.ms == DELEGATION_OPEN.ms
			  ? T("Until it is ended.")
			  : TF1("Until %1.", px_date_short(px, instant_add_ms(d->until, -1))));
	return buf_str(&out);
}

static fallible
fill_speakers(struct cx *cx, const struct page_cx *px, patient_id patient, struct desk_side *side)
{
	struct db_rows rows;
	const struct delegation *d;

	TRY(delegations_over(cx, patient, &rows));
	d = rows.items;
	side->speakers = ARENA_ARRAY(cx->arena, str, rows.count);
	for (; side->speaker_count < rows.count; side->speaker_count++)
		side->speakers[side->speaker_count] = speaker_words(px, &d[side->speaker_count]);
	return NULL;
}

/* ---- who may take it ---- */

/* Whoever is away is marked, with who stands in: in the label of a select, which shows no hint, and in the hint. */
static fallible
option_of(struct cx *cx, const struct page_cx *px, const struct team_member *person, struct option *out)
{
	struct surrogate surrogate;
	bool away;

	*out = (struct option){uuid_text(cx->arena, person->account.v),
	    uuid_equal(person->account.v, cx->who.account.v) ? T("Myself") : person->name,
	    role_words(px, person->role)};
	TRY(surrogate_of_account(cx, person->account, &surrogate, &away));
	if (away)
		out->label = TF3("%1 (away until %2, %3 stands in)", out->label,
		    px_day(px, instant_add_ms(surrogate.until, -1)), surrogate.by_name);
	return NULL;
}

fallible
desk_away_words(struct cx *cx, const struct page_cx *px, account_id account, str name, str *out)
{
	struct surrogate surrogate;
	bool away;

	*out = STR_NONE;
	TRY(surrogate_of_account(cx, account, &surrogate, &away));
	if (away)
		*out = TF3("%1 is away until %2. %3 stands in and is told too.", name,
		    px_day(px, instant_add_ms(surrogate.until, -1)), surrogate.by_name);
	return NULL;
}

static fallible
fill_lists(struct cx *cx, struct desk_hand *hand)
{
	struct db_rows rows;
	const struct distribution_group *group;

	TRY(distribution_groups(cx, &rows));
	group = rows.items;
	hand->lists = ARENA_ARRAY(cx->arena, struct option, rows.count + 1);
	for (; hand->list_count < rows.count; hand->list_count++)
		hand->lists[hand->list_count] = (struct option){
		    uuid_text(cx->arena, group[hand->list_count].id), group[hand->list_count].name, STR_NONE};
	return NULL;
}

static fallible
fill_people(struct cx *cx, const struct page_cx *px, const struct conversation *c, struct desk_hand *hand)
{
	struct db_rows rows;
	const struct team_member *person;

	TRY(team_members(cx, c->thread.team, &rows));
	person = rows.items;
	hand->members = ARENA_ARRAY(cx->arena, struct option, rows.count);
	for (; hand->member_count < rows.count; hand->member_count++)
		TRY(option_of(cx, px, &person[hand->member_count], &hand->members[hand->member_count]));
	TRY(thread_colleagues(cx, c->thread.id, &rows));
	person = rows.items;
	hand->colleagues = ARENA_ARRAY(cx->arena, struct option, rows.count);
	for (; hand->colleague_count < rows.count; hand->colleague_count++)
		TRY(option_of(cx, px, &person[hand->colleague_count], &hand->colleagues[hand->colleague_count]));
	return fill_lists(cx, hand);
}

/* The patient's own teams first: where the message probably belongs. */
static fallible
fill_teams(struct cx *cx, const struct page_cx *px, const struct conversation *c, struct desk_hand *hand)
{
	struct db_rows own, all;
	const struct team *team;

	TRY(teams_of_patient(cx, c->thread.patient, true, &own));
	TRY(team_list(cx, c->thread.facility, &all));
	hand->teams = ARENA_ARRAY(cx->arena, struct option, own.count + all.count);
	team = own.items;
	for (size_t i = 0; i < own.count; i++)
		if (!uuid_equal(team[i].id.v, c->thread.team.v))
			hand->teams[hand->team_count++] = (struct option){
			    uuid_text(cx->arena, team[i].id.v), TF2("%1, %2", team[i].name, team[i].care), STR_NONE};
	team = all.items;
	for (size_t i = 0; i < all.count; i++) {
		bool listed = uuid_equal(team[i].id.v, c->thread.team.v) || !team[i].active || !team[i].takes_messages;

		for (size_t j = 0; j < own.count && !listed; j++)
			listed = uuid_equal(((const struct team *)own.items)[j].id.v, team[i].id.v);
		if (!listed)
			hand->teams[hand->team_count++] = (struct option){uuid_text(cx->arena, team[i].id.v),
			    TF2("%1, %2 (new for this patient)", team[i].name, team[i].care), STR_NONE};
	}
	return NULL;
}

static fallible
fill_templates(struct cx *cx, const struct conversation *c, struct desk_page *view)
{
	struct db_rows rows;
	const struct message_template *one;

	TRY(templates_for(cx, c->thread.team, &rows));
	one = rows.items;
	view->templates = ARENA_ARRAY(cx->arena, struct option, rows.count);
	for (size_t i = 0; i < rows.count; i++) {
		struct option option = {uuid_text(cx->arena, one[i].id), one[i].name, STR_NONE};

		view->templates[view->template_count++] = option;
		if (view->quick_count < QUICK_REPLIES_MAX && utf8_count(one[i].body) <= QUICK_REPLY_CHARS)
			view->quick[view->quick_count++] = option;
	}
	return NULL;
}

/* The chosen text with its fields filled, behind what was written so far. */
fallible
desk_put_template(struct cx *cx, thread_id id, struct uuid chosen, str before, str *out)
{
	struct template_values values;
	struct conversation c;
	struct db_rows rows;
	const struct message_template *one;
	struct account me;
	struct patient patient;
	struct facility facility;

	TRY(thread_look(cx, id, &c));
	TRY(templates_for(cx, c.thread.team, &rows));
	TRY(account_get(cx, cx->who.account, &me));
	TRY(patient_get(cx, c.thread.patient, &patient));
	TRY(facility_get(cx, c.thread.facility, &facility));
	values = (struct template_values){patient.name, me.name, c.team.name, facility.phone};
	one = rows.items;
	for (size_t i = 0; i < rows.count; i++) {
		str text = template_fill(cx->arena, one[i].body, &values);

		if (!uuid_equal(one[i].id, chosen))
			continue;
		*out =
		    str_trim(before).n ? arena_printf(cx->arena, "%.*s\n\n%.*s", STR_ARG(before), STR_ARG(text)) : text;
		return NULL;
	}
	return ERR(ERR_INVALID, TR("Choose a template."), "no such template for this team");
}

fallible
desk_fill_side(struct cx *cx, const struct page_cx *px, const struct conversation *c, struct desk_page *view)
{
	struct desk_side *side = &view->side;

	TRY(fill_patient(cx, px, c->thread.patient, view));
	TRY(fill_speakers(cx, px, c->thread.patient, side));
	TRY(fill_current(
	    cx, px, c->thread.patient, CLASS_ALLERGIES, side->allergies, &side->allergy_count, &side->allergies_more));
	TRY(fill_current(
	    cx, px, c->thread.patient, CLASS_MEDICINES, side->medicines, &side->medicine_count, &side->medicines_more));
	TRY(fill_visits(cx, px, c->thread.patient, view));
	TRY(fill_news(cx, px, c->thread.patient, view));
	TRY(fill_threads(cx, px, c, view));
	audit_add_read(cx,
	    &(struct audit){.action = AUDIT_VIEW,
		.subject = AUDIT_SUMMARY,
		.patient = c->thread.patient,
		.count = (int64_t)(side->allergy_count + side->medicine_count + side->visit_count + side->news_count),
		.why = ACCESS_CARE_TEAM});
	if (!instant_is_none(c->remind_at))
		view->hand.reminder = px_date_short(px, c->remind_at);
	if (c->for_reading)
		return NULL;
	TRY(fill_templates(cx, c, view));
	TRY(fill_people(cx, px, c, &view->hand));
	return fill_teams(cx, px, c, &view->hand);
}

/* ---- buttons of other features ---- */

fallible
desk_fill_buttons(struct cx *cx, const struct page_cx *px, const struct thread *thread, struct desk_page *view)
{
	struct db_rows rows;
	const struct thread_button *button;

	TRY(thread_buttons(cx, thread, &rows));
	button = rows.items;
	for (size_t i = 0; i < rows.count && i < THREAD_BUTTONS_MAX; i++) {
		struct desk_button *out = &view->buttons[view->button_count++];
		str label = tr(px->lang, arena_z(cx->arena, button[i].label));

		out->action = button[i].action;
		out->label = instant_is_none(button[i].at)
		                 ? label
		                 : tr_fill(cx->arena, px->lang, label,
				       (const struct tr_arg[]){TR_ARG(px_date_full(px, button[i].at))}, 1);
		TRY(query_parse(cx->arena, button[i].fields, &out->fields));
	}
	return NULL;
}
