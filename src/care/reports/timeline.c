/* SPDX-License-Identifier: Apache-2.0 */
/* Gathering a patient's timeline from what messaging, charting, the outbox and the teams know. */
#include "care/reports/timeline.h"

#include <stdlib.h>

#include "care/administration/administration.h"
#include "care/charting/charting.h"
#include "care/notify/notify.h"
#include "care/organization/organization_review.h"
#include "platform/format/fhir_date.h"
#include "platform/format/json.h"
#include "trust/audit/audit.h"

static const struct {
	const char *word, *label;
} kinds[TIMELINE_KINDS] = {
    [0] = {"all", TR("Everything")},
    [TIMELINE_MESSAGES] = {"messages", TR("Messages")},
    [TIMELINE_HANDLING] = {"handling", TR("Handed on")},
    [TIMELINE_LATE] = {"late", TR("Completed or late")},
    [TIMELINE_CHART] = {"chart", TR("Chart notes")},
    [TIMELINE_NOTICES] = {"notices", TR("Notices")},
    [TIMELINE_OFFICE] = {"office", TR("Teams and blocks")},
};

const char *
timeline_kind_word(int64_t kind)
{
	return kinds[kind].word;
}

const char *
timeline_kind_label(int64_t kind)
{
	return kinds[kind].label;
}

bool
timeline_kind_parse(str word, int64_t *out)
{
	*out = 0;
	for (int64_t i = 0; i < TIMELINE_KINDS; i++)
		if (str_equal(word, str_from_z(kinds[i].word))) {
			*out = i;
			return true;
		}
	return word.n == 0;
}

fallible
timeline_days(const struct zone *zone, instant now, str from, str to, struct timeline_wish *wish)
{
	struct fhir_date first, last;
	instant unused;

	wish->since = (instant){0};
	wish->until = instant_add_ms(now, DAY_MS);
	if ((from.n && (!fhir_date_parse(FHIR_DATE, from, &first) || first.precision != FHIR_PRECISION_DAY)) ||
	    (to.n && (!fhir_date_parse(FHIR_DATE, to, &last) || last.precision != FHIR_PRECISION_DAY)))
		return ERR(ERR_INVALID, TR("Give the first and the last day."), "no such days");
	if (from.n)
		surrogate_days(zone, civil_date_to_days(first.civil.date), civil_date_to_days(first.civil.date),
		    &wish->since, &unused);
	if (to.n)
		surrogate_days(zone, civil_date_to_days(last.civil.date), civil_date_to_days(last.civil.date), &unused,
		    &wish->until);
	return NULL;
}

fallible
timeline_enter(struct cx *cx, patient_id id, struct patient *out, bool *caring)
{
	enum access_why why = ACCESS_NONE;
	const struct err *refused = access_check(cx, id, RIGHT_MESSAGES_READ, &why);

	if (refused && refused->code != ERR_GONE)
		return refused;
	*caring = !refused;
	if (refused) {
		why = ACCESS_NONE;
		TRY(office_patient(cx, id, out));
	} else {
		TRY(patient_get(cx, id, out));
	}
	audit_add_read(
	    cx, &(struct audit){.action = AUDIT_SEARCH, .subject = AUDIT_MESSAGES, .patient = id, .why = (int)why});
	return NULL;
}

fallible
timeline_conversation(struct cx *cx, const struct timeline_entry *entry, bool caring, struct thread *out, bool *may)
{
	const struct err *refused;

	*may = false;
	if (!caring || uuid_is_none(entry->thread.v))
		return NULL;
	refused = thread_head(cx, entry->thread, out);
	*may = !refused;
	return refused && refused->code != ERR_GONE ? refused : NULL;
}

struct telling {
	struct cx *cx;
	const struct page_cx *px;
	const struct timeline_wish *wish;
	LIST(struct timeline_entry) all;
	bool cut;
};
#define PX const struct page_cx *px = t->px

static bool
wants(const struct telling *t, enum timeline_kind kind)
{
	return t->wish->kind == 0 || t->wish->kind == (int64_t)kind;
}

static void
add(struct telling *t, struct timeline_entry entry)
{
	if (!instant_before(entry.at, t->wish->since) && instant_before(entry.at, t->wish->until) &&
	    wants(t, entry.kind))
		*LIST_ADD(t->cx->arena, &t->all) = entry;
}

static fallible
name_of(struct telling *t, account_id id, str *out)
{
	PX;
	struct account account;

	if (uuid_is_none(id.v)) {
		*out = T("the program");
		return NULL;
	}
	TRY(account_get(t->cx, id, &account));
	*out = account.name;
	return NULL;
}

/* ---- conversations ---- */

static str
event_words(const struct page_cx *px, int64_t kind, str who, str whom, str team)
{
	switch ((enum thread_event_kind)kind) {
	case EVENT_ASSIGNED: return TF2("%1 gave it to %2", who, whom);
	case EVENT_REROUTED: return TF2("%1 sent it on to %2", who, team);
	case EVENT_FORWARDED: return TF2("%1 showed it to %2", who, whom);
	case EVENT_LISTED: return TF1("%1 showed it to a list of colleagues", who);
	case EVENT_NOTE: return TF1("%1 left a note for the team", who);
	case EVENT_RECALLED: return TF1("%1 took a message back", who);
	case EVENT_MERGED: return TF1("%1 joined it with another conversation", who);
	case EVENT_JOINED: return TF1("%1 joined another conversation with it", who);
	}
	return who;
}

static str
completed_words(const struct page_cx *px, int64_t how, str who)
{
	switch ((enum completed_how)how) {
	case COMPLETED_TELEPHONE: return TF1("%1 completed it: called the patient", who);
	case COMPLETED_VISIT: return TF1("%1 completed it: settled in person", who);
	case COMPLETED_NO_NEED: return TF1("%1 completed it: no answer needed", who);
	default: break;
	}
	return TF1("%1 completed it: answered", who);
}

static fallible
tell_exchange(struct telling *t, const struct exchange *x)
{
	PX;
	struct timeline_entry entry = {.at = x->at, .thread = x->thread, .team = x->team};
	struct team team = {0};
	str who, whom;

	TRY(name_of(t, x->who, &who));
	TRY(name_of(t, x->whom, &whom));
	if (!uuid_is_none(x->team.v))
		TRY(team_get(t->cx, x->team, &team));
	switch ((enum exchange_kind)x->kind) {
	case EXCHANGE_MESSAGE:
		entry.kind = TIMELINE_MESSAGES;
		entry.what = x->side != SIDE_PATIENT ? TF1("%1 wrote", who)
		             : x->what               ? TF1("%1, for the patient, wrote", who)
		                                     : TF1("%1, the patient, wrote", who);
		if (x->recalled)
			entry.hint = T("taken back later");
		break;
	case EXCHANGE_EVENT:
		entry.kind = TIMELINE_HANDLING;
		entry.what = event_words(px, x->what, who, whom, team.name);
		break;
	case EXCHANGE_COMPLETED:
		entry.kind = TIMELINE_LATE;
		entry.what = completed_words(px, x->what, who);
		break;
	case EXCHANGE_ESCALATED:
		entry.kind = TIMELINE_LATE;
		entry.what = TN("Past the promised date: escalated",
		    "Past the promised date: escalated %1 times, here the last", x->what);
		break;
	case EXCHANGE_TERMS:
		entry.kind = TIMELINE_OFFICE;
		entry.what =
		    x->what ? TF1("%1 accepted the terms of messages", who) : TF1("%1 switched messages off", who);
		break;
	}
	add(t, entry);
	return NULL;
}

static fallible
tell_exchanges(struct telling *t)
{
	struct db_rows rows;
	const struct exchange *x;

	TRY(messaging_exchanges(t->cx, t->wish->patient, t->wish->since, t->wish->until, &rows));
	x = rows.items;
	t->cut = t->cut || rows.count == EXCHANGES_MAX;
	for (size_t i = 0; i < rows.count; i++)
		TRY(tell_exchange(t, &x[i]));
	return NULL;
}

/* ---- chart notes and notices ---- */

static fallible
tell_notes(struct telling *t)
{
	PX;
	struct db_rows rows;
	const struct chart_note *note;
	str who;

	TRY(charting_of_patient(t->cx, t->wish->patient, t->wish->since, t->wish->until, TIMELINE_MAX, &rows));
	note = rows.items;
	t->cut = t->cut || rows.count == TIMELINE_MAX;
	for (size_t i = 0; i < rows.count; i++) {
		TRY(name_of(t, note[i].author, &who));
		add(t, (struct timeline_entry){.at = note[i].at,
			   .kind = TIMELINE_CHART,
			   .thread = note[i].thread,
			   .team = note[i].team,
			   .what = TF1("%1 kept it in the chart", who),
			   .hint = note[i].state == CHART_TROUBLE   ? T("the other system did not take it")
		                   : note[i].state == CHART_WAITING ? T("on its way to the other system")
		                                                    : STR_NONE});
	}
	return NULL;
}

static str
notice_words(const struct page_cx *px, str reason, str whom)
{
	if (str_equal(reason, S("escalated")))
		return TF1("Notice to %1: an answer is late", whom);
	if (str_equal(reason, S("due")))
		return TF1("Notice to %1: an answer is due soon", whom);
	if (str_equal(reason, S("assigned")))
		return TF1("Notice to %1: given to them", whom);
	return TF1("Notice to %1: a new message", whom);
}

static fallible
tell_notice(struct telling *t, const struct outbox_item *item)
{
	PX;
	struct timeline_entry entry = {.at = item->made, .kind = TIMELINE_NOTICES};
	const struct json_value *json;
	account_id account = {{{0}}};
	str whom;

	TRY(json_parse(t->cx->arena, item->payload, &json, NULL));
	uuid_parse(json_text_at(json, "account"), &account.v);
	uuid_parse(json_text_at(json, "thread"), &entry.thread.v);
	TRY(name_of(t, account, &whom));
	entry.what = notice_words(px, json_text_at(json, "reason"), whom);
	entry.hint = item->state == OUTBOX_WAITING    ? T("waits to be sent")
	             : item->state == OUTBOX_GIVEN_UP ? T("could not be sent")
	                                              : T("done");
	add(t, entry);
	return NULL;
}

static fallible
tell_notices(struct telling *t)
{
	PX;
	struct db_rows rows;
	const struct outbox_item *item;
	struct account account;
	struct mail_trouble trouble;
	bool found, refused;

	TRY(outbox_of_patient(t->cx, "notice", t->wish->patient, t->wish->since, t->wish->until, TIMELINE_MAX, &rows));
	item = rows.items;
	t->cut = t->cut || rows.count == TIMELINE_MAX;
	for (size_t i = 0; i < rows.count; i++)
		TRY(tell_notice(t, &item[i]));
	TRY(account_of_patient(t->cx, t->wish->patient, &account, &found));
	if (!found)
		return NULL;
	TRY(mail_trouble_of(t->cx, account.id, &trouble, &refused));
	if (refused)
		add(t, (struct timeline_entry){.at = trouble.since,
			   .kind = TIMELINE_NOTICES,
			   .what = TF1("The mail server refused the address of %1 for good", account.name)});
	return NULL;
}

/* ---- teams and blocks ---- */

static str
office_words(const struct page_cx *px, bool begins, str who)
{
	return begins ? TF1("Blocked by %1", who) : TF1("%1 ended the block", who);
}

static fallible
tell_blocks(struct telling *t)
{
	PX;
	struct db_rows rows;
	const struct block *b;
	str who;

	TRY(blocks_ever(t->cx, t->wish->patient, TIMELINE_MAX, &rows));
	b = rows.items;
	for (size_t i = 0; i < rows.count; i++) {
		struct timeline_entry entry = {.at = b[i].since, .kind = TIMELINE_OFFICE, .team = b[i].team};

		if (uuid_is_none(b[i].team.v))
			entry.hint = T("all teams of the facility");
		TRY(name_of(t, b[i].made_by, &who));
		entry.what = office_words(px, true, who);
		add(t, entry);
		if (instant_is_none(b[i].until))
			continue;
		TRY(name_of(t, b[i].ended_by, &who));
		entry.at = b[i].until;
		entry.what = office_words(px, false, who);
		add(t, entry);
	}
	return NULL;
}

static fallible
tell_teams(struct telling *t)
{
	PX;
	struct db_rows rows;
	const struct association *a;

	TRY(associations_of_patient(t->cx, t->wish->patient, &rows));
	a = rows.items;
	for (size_t i = 0; i < rows.count; i++) {
		struct timeline_entry entry = {
		    .at = a[i].since, .kind = TIMELINE_OFFICE, .team = a[i].team, .what = T("Came to the team")};

		add(t, entry);
		if (instant_is_none(a[i].until))
			continue;
		entry.at = a[i].until;
		entry.what = T("Does not belong to the team any more");
		add(t, entry);
	}
	return NULL;
}

static int
newest_first(const void *a, const void *b)
{
	const struct timeline_entry *x = a, *y = b;

	if (x->at.ms != y->at.ms)
		return (x->at.ms < y->at.ms) - (x->at.ms > y->at.ms);
	return (x->kind > y->kind) - (x->kind < y->kind);
}

fallible
timeline_make(struct cx *cx, const struct page_cx *px, const struct timeline_wish *wish, struct timeline *out)
{
	struct telling t = {.cx = cx, .px = px, .wish = wish};

	if (wants(&t, TIMELINE_MESSAGES) || wants(&t, TIMELINE_HANDLING) || wants(&t, TIMELINE_LATE) ||
	    wants(&t, TIMELINE_OFFICE))
		TRY(tell_exchanges(&t));
	if (wants(&t, TIMELINE_CHART))
		TRY(tell_notes(&t));
	if (wants(&t, TIMELINE_NOTICES))
		TRY(tell_notices(&t));
	if (wants(&t, TIMELINE_OFFICE)) {
		TRY(tell_blocks(&t));
		TRY(tell_teams(&t));
	}
	if (t.all.count)
		qsort(t.all.items, t.all.count, sizeof(*t.all.items), newest_first);
	*out = (struct timeline){t.all.items, t.all.count, t.cut};
	return NULL;
}
