/* SPDX-License-Identifier: Apache-2.0 */
/* Which teams a patient is offered when they write, which of them is proposed, and why: what the message is about says it first,
 * then the kind of question, then what the person prefers, then who looks after their everyday care. */
#include "care/messaging/compose_teams.h"
#include "care/messaging/about.h"
#include "platform/format/utf8.h"

/* ---- what the teams are ---- */

static str
relation_words(const struct page_cx *px, const struct team *team)
{
	switch ((enum care_relation)team->relation) {
	case RELATION_PANEL: return T("They look after your everyday care.");
	case RELATION_CLINIC: return T("You have visits there.");
	case RELATION_TEAM_LIST: return T("They share in your care.");
	default: return T("Your clinic added them for you.");
	}
}

/* Who they are, and when they answer. */
static str
team_hint(struct cx *cx, const struct page_cx *px, const struct team *team, const struct business_calendar *calendar)
{
	str why = relation_words(px, team), hours = team_hours_words(px, team, calendar), hint;
	struct account lead;

	why = str_take(why, why.n - 1);
	if (!uuid_is_none(team->lead.v) && !account_get(cx, team->lead, &lead))
		hint = TF_(T("%1. %2, %3. Led by %4."), TR_ARG(why), TR_ARG(team->care), TR_ARG(team->place),
		    TR_ARG(lead.name));
	else
		hint = TF3("%1. %2, %3.", why, team->care, team->place);
	return hours.n ? arena_printf(cx->arena, "%.*s %.*s", STR_ARG(hint), STR_ARG(hours)) : hint;
}

/* ---- what the message is about ---- */

static enum message_category
category_of(resource_type type)
{
	switch (type) {
	case RESOURCE_OBSERVATION:
	case RESOURCE_DIAGNOSTIC_REPORT: return CATEGORY_TEST_RESULT;
	case RESOURCE_MEDICATION_REQUEST:
	case RESOURCE_MEDICATION_STATEMENT: return CATEGORY_MEDICATION;
	case RESOURCE_APPOINTMENT:
	case RESOURCE_ENCOUNTER: return CATEGORY_APPOINTMENT;
	default: return CATEGORY_GENERAL;
	}
}

/* Who and where the entry, the order behind it, and the visit it belongs to name. */
static fallible
read_origin(struct cx *cx, const struct page_cx *px, const struct record_item *item, const struct json_value *json,
    struct origin *out)
{
	str order = json_text_at(json, "basedOn.0.reference"), encounter = item->encounter;
	struct record_item from;
	bool found = false;

	*out = (struct origin){.type = item->type};
	out->names[out->count++] = (struct origin_name){item->who, item->where};
	if (order.n)
		TRY(about_item(cx, px, cx->who.patient, order, &from, &json, &found));
	if (found)
		out->names[out->count++] = (struct origin_name){from.who, from.where};
	if (!encounter.n)
		return NULL;
	encounter = arena_printf(cx->arena, "Encounter/%.*s", STR_ARG(encounter));
	TRY(about_item(cx, px, cx->who.patient, encounter, &from, &json, &found));
	if (found)
		out->names[out->count++] = (struct origin_name){from.who, from.where};
	return NULL;
}

fallible
compose_about(struct cx *cx, const struct page_cx *px, str reference, struct compose_page *view)
{
	const struct json_value *json;
	struct record_item item;
	struct about about;
	struct uuid draft = {{0}};
	bool found;

	uuid_parse(view->key, &draft);
	TRY(about_of_draft(cx, cx->who.patient, draft, reference, &about));
	view->about = about.reference;
	view->about_title = about.title;
	if (!about.reference.n)
		return NULL;
	TRY(about_item(cx, px, cx->who.patient, about.reference, &item, &json, &found));
	if (!found)
		return NULL;
	view->about_hint = item.value.n && item.when.n ? TF2("%1, %2", item.value, item.when)
	                   : item.value.n              ? item.value
	                                               : item.when;
	if (!view->category.n)
		view->category = str_from_z(message_category_code(category_of(item.type)));
	if (!view->is_draft && !view->subject.n)
		view->subject = utf8_take_chars(TF1("About: %1", about.title), MESSAGE_SUBJECT_CHARS_MAX);
	return read_origin(cx, px, &item, json, &view->origin);
}

/* ---- which team ---- */

/* Do two ways of writing a name mean one person? "Ada Okafor" and "Dr. Ada B. Okafor": all words of the shorter one, two at least,
 * stand in the other. */
bool
names_agree(struct arena *arena, str a, str b)
{
	str word, rest, longer = utf8_fold(arena, a.n > b.n ? a : b);
	size_t words = 0;

	rest = utf8_fold(arena, a.n > b.n ? b : a);
	longer = arena_printf(arena, " %.*s ", STR_ARG(longer));
	while (rest.p) {
		rest = str_cut(rest, ' ', &word);
		if (!word.n)
			continue;
		if (!str_contains(longer, arena_printf(arena, " %.*s ", STR_ARG(word))))
			return false;
		words++;
	}
	return words >= 2;
}

static str
person_words(const struct page_cx *px, resource_type type, str name)
{
	switch (category_of(type)) {
	case CATEGORY_MEDICATION: return TF1("%1, who prescribed it, works in this team.", name);
	case CATEGORY_APPOINTMENT: return TF1("%1, whom you saw, works in this team.", name);
	default: return TF1("%1, who is named with it, works in this team.", name);
	}
}

static fallible
reason_by_origin(
    struct cx *cx, const struct page_cx *px, const struct origin *origin, const struct team *team, str *why)
{
	struct db_rows rows;
	const struct team_member *member;

	TRY(team_members(cx, team->id, &rows));
	member = rows.items;
	for (size_t i = 0; i < origin->count; i++) {
		for (size_t j = 0; origin->names[i].who.n && j < rows.count; j++)
			if (names_agree(cx->arena, origin->names[i].who, member[j].name)) {
				*why = person_words(px, origin->type, member[j].name);
				return NULL;
			}
		if (names_agree(cx->arena, origin->names[i].where, team->name)) {
			*why = T("It was with this team.");
			return NULL;
		}
	}
	return NULL;
}

static fallible
takes_topic(struct cx *cx, const struct team *team, enum message_category category, bool *yes)
{
	struct db_rows topics;

	*yes = false;
	TRY(team_topics(cx, team->id, &topics));
	for (size_t i = 0; i < topics.count; i++)
		*yes = *yes || ((const int64_t *)topics.items)[i] == (int64_t)category;
	return NULL;
}

/* The team for a kind of question: one that takes such questions, else the one the person put first, else primary care. */
static fallible
propose_by_topic(struct cx *cx, const struct page_cx *px, const struct db_rows *choices, const struct team *teams,
    size_t count, struct proposal *out)
{
	enum message_category category;
	bool takes = false;

	if (message_category_parse(out->category, &category))
		for (size_t i = 0; i < count && !takes; i++) {
			TRY(takes_topic(cx, &teams[i], category, &takes));
			if (takes) {
				out->team = teams[i].id;
				out->why = TF2("%1 takes questions of this kind: %2.", teams[i].name,
				    message_category_words(cx->lang, category));
			}
		}
	if (takes || !count)
		return NULL;
	if (team_choice_of(choices, teams[0].id) == TEAM_FIRST) {
		out->team = teams[0].id;
		out->why = TF1("You put %1 first.", teams[0].name);
	} else if (teams[0].relation == RELATION_PANEL) {
		out->team = teams[0].id;
		out->why = TF1("%1 looks after your everyday care.", teams[0].name);
	}
	return NULL;
}

static fallible
propose(struct cx *cx, const struct page_cx *px, const struct db_rows *choices, const struct team *teams, size_t count,
    struct compose_page *view)
{
	bool by_origin = false, chosen = view->team.n > 0;

	for (size_t i = 0; i < count && !by_origin && view->origin.count; i++) {
		str why = STR_NONE;

		TRY(reason_by_origin(cx, px, &view->origin, &teams[i], &why));
		by_origin = why.n > 0;
		if (by_origin && !view->team.n) {
			view->team = uuid_text(cx->arena, teams[i].id.v);
			view->why = why;
		}
	}
	for (size_t i = 0; i < CATEGORIES; i++) {
		struct proposal *proposal = &view->proposals[i];

		proposal->category = view->categories[i].value;
		TRY(propose_by_topic(cx, px, choices, teams, count, proposal));
		if (view->team.n || uuid_is_none(proposal->team.v) || !str_equal(proposal->category, view->category))
			continue;
		view->team = uuid_text(cx->arena, proposal->team.v);
		view->why = proposal->why;
	}
	if (!view->team.n) { /* no kind of question is chosen yet */
		struct proposal proposal = {.category = STR_NONE};

		TRY(propose_by_topic(cx, px, choices, teams, count, &proposal));
		view->team = uuid_is_none(proposal.team.v) ? STR_NONE : uuid_text(cx->arena, proposal.team.v);
		view->why = proposal.why;
	}
	view->proposes = !by_origin && !chosen; /* what the message is about outweighs its kind */
	return NULL;
}

fallible
compose_teams(struct cx *cx, const struct page_cx *px, struct compose_page *view)
{
	struct db_rows rows, choices;
	struct business_calendar calendar;
	struct team *team;
	team_id keep = {{{0}}};
	size_t count;

	TRY(teams_of_patient(cx, cx->who.patient, true, &rows));
	TRY(team_choices(cx, &choices));
	TRY(facility_calendar(cx, cx->who.facility, &calendar));
	team = rows.items;
	count = rows.count;
	uuid_parse(view->team, &keep.v);
	teams_in_order(&choices, team, &count, keep);
	view->hidden = (int64_t)(rows.count - count);
	view->teams = ARENA_ARRAY(cx->arena, struct option, count + 1);
	view->team_count = count;
	for (size_t i = 0; i < count; i++) {
		if (team[i].needs_signature)
			view->sign_teams =
			    view->sign_teams.n ? TF2("%1, %2", view->sign_teams, team[i].name) : team[i].name;
		view->teams[i] = (struct option){
		    uuid_text(cx->arena, team[i].id.v), team[i].name, team_hint(cx, px, &team[i], &calendar)};
	}
	if (count == 1 && rows.count == 1) {
		view->team = view->teams[0].value;
		return NULL;
	}
	return propose(cx, px, &choices, team, count, view);
}

fallible
team_propose(struct cx *cx, str about, str category, struct team_proposal *out)
{
	struct page_cx px = {.arena = cx->arena, .lang = cx->lang, .now = cx->now};
	struct compose_page view = {.about = about, .category = category, .categories = category_options(&px)};
	struct facility facility;

	TRY(facility_get(cx, cx->who.facility, &facility));
	TRY(zone_find(facility.zone, &px.zone));
	TRY(compose_about(cx, &px, about, &view));
	TRY(compose_teams(cx, &px, &view));
	*out = (struct team_proposal){.why = view.why,
	    .category = view.category,
	    .about = view.about,
	    .about_title = view.about_title,
	    .subject = view.subject};
	uuid_parse(view.team, &out->team.v);
	return NULL;
}
