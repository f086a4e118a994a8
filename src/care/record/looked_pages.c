/* SPDX-License-Identifier: Apache-2.0 */
/* "Who looked at my record": the trail of the patient's own record in sentences, by day.  What the person did is folded
 * away; looking at this page is in the trail too. */
#include "care/organization/organization.h"
#include "care/record/record_pages_internal.h"

#define LOOKED_ROWS 100 /* entries of one page; a page ends with a whole millisecond */
#define LOOKED_READ (LOOKED_ROWS * 3)

/* Somebody in the trail. */
struct person {
	account_id id;
	str words; /* "Ana Ruiz, nurse" */
	str team;  /* of the patient's care teams; absent for others */
};
struct people {
	struct person *items;
	size_t count, capacity;
};

static fallible
find_person(struct cx *cx, const struct page_cx *px, account_id id, struct people *people, struct person *out)
{
	const struct team *teams;
	struct account account;
	struct db_rows rows;
	struct person person = {.id = id, .words = T("The program itself")};

	for (size_t i = 0; i < people->count; i++)
		if (uuid_equal(people->items[i].id.v, id.v)) {
			*out = people->items[i];
			return NULL;
		}
	if (!uuid_is_none(id.v)) {
		TRY(account_get(cx, id, &account));
		person.words = account.role == ROLE_NONE
		                   ? account.name
		                   : TF2("%1, %2", account.name, str_from_z(staff_role_words(account.role, px->lang)));
		TRY(teams_of_patient(cx, cx->who.patient, false, &rows));
		teams = rows.items;
		for (size_t i = 0; i < rows.count && !person.team.p; i++) {
			bool member;

			TRY(team_has_member(cx, teams[i].id, id, &member));
			person.team = member ? teams[i].name : STR_NONE;
		}
	}
	*LIST_ADD(cx->arena, people) = person;
	*out = person;
	return NULL;
}

/* ---- sentences ---- */

static str
because(const struct page_cx *px, const struct audit_entry *entry, const struct person *person)
{
	if (entry->why == ACCESS_CARE_TEAM)
		return person->team.n ? TF1("because they are in your care team %1", person->team)
		                      : T("because they were in your care team");
	if (entry->why == ACCESS_DELEGATE)
		return T("because you let them act for you");
	if (entry->why == ACCESS_SYSTEM)
		return T("because the clinic's records were brought up to date");
	return STR_NONE;
}

static str
sentence(
    const struct page_cx *px, const struct audit_entry *entry, const struct person *person, bool own, int64_t times)
{
	str action = str_from_z(audit_action_words((enum audit_action)entry->action, px->lang));
	str subject = str_from_z(audit_subject_words((enum audit_subject)entry->subject, px->lang));
	str who = own ? T("You") : entry->why == ACCESS_LINK ? T("Somebody with a link that you made") : person->words;
	str out = arena_printf(px->arena, "%.*s %.*s %.*s", STR_ARG(who), STR_ARG(action), STR_ARG(subject));

	if (times > 1)
		out = arena_printf(px->arena, "%.*s, %.*s", STR_ARG(out), STR_ARG(TN("%1 time", "%1 times", times)));
	return out;
}

static bool
is_same_deed(const struct audit_entry *a, const struct audit_entry *b)
{
	return a->action == b->action && a->subject == b->subject && a->why == b->why &&
	       uuid_equal(a->account.v, b->account.v);
}

static int32_t
day_of(const struct page_cx *px, instant at)
{
	return civil_date_to_days(zone_civil(px->zone ? px->zone : zone_utc(), at).date);
}

/* ---- days ---- */

struct reading {
	LIST(struct looked_day) days;
	LIST(struct looked_line) lines, own; /* of the day in hand */
	int32_t day;
};

static void
end_day(struct reading *reading)
{
	struct looked_day *day;

	if (reading->days.count == 0)
		return;
	day = &reading->days.items[reading->days.count - 1];
	day->lines = reading->lines.items;
	day->count = reading->lines.count;
	day->own = reading->own.items;
	day->own_count = reading->own.count;
	memset(&reading->lines, 0, sizeof(reading->lines));
	memset(&reading->own, 0, sizeof(reading->own));
}

/* "today" as a heading. */
static str
capitalized(struct arena *arena, str words)
{
	bool small = words.n && words.p[0] >= 'a' && words.p[0] <= 'z';

	return small ? arena_printf(arena, "%c%.*s", words.p[0] - 32, STR_ARG(str_drop(words, 1))) : words;
}

/* How many deeds the line of entry `*i` stands for, and the index behind those right beside it. All lists of one day in which
 * the same person saw the patient are one line, at the latest of them; 0 for those that were told already. */
static int64_t
times_of(const struct page_cx *px, const struct audit_entry *entries, size_t count, size_t *i, int32_t day)
{
	const struct audit_entry *entry = &entries[*i];
	int64_t times = 0;

	if (entry->action == AUDIT_LISTED) {
		for (size_t j = *i; j > 0 && day_of(px, entries[j - 1].at) == day; j--)
			if (is_same_deed(entry, &entries[j - 1])) {
				++*i;
				return 0;
			}
		for (size_t j = *i; j < count && day_of(px, entries[j].at) == day; j++)
			times += is_same_deed(entry, &entries[j]) ? entries[j].count : 0;
		++*i;
		return times;
	}
	while (*i < count && is_same_deed(entry, &entries[*i]) && day_of(px, entries[*i].at) == day) {
		times++;
		++*i;
	}
	return times;
}

/* Entry `i` and the same deeds become one line; `i` becomes the index behind them. */
static fallible
add_line(struct cx *cx, const struct page_cx *px, const struct audit_entry *entries, size_t count, size_t *i,
    struct people *people, struct reading *reading)
{
	const struct audit_entry *entry = &entries[*i];
	bool own = uuid_equal(entry->account.v, cx->who.account.v);
	int32_t day = day_of(px, entry->at);
	struct buf when = BUF_INIT(cx->arena);
	struct person person;
	struct looked_line line;
	str why;
	int64_t times = times_of(px, entries, count, i, day);

	if (times == 0)
		return NULL;
	TRY(find_person(cx, px, entry->account, people, &person));
	if (reading->days.count == 0 || day != reading->day) {
		end_day(reading);
		reading->day = day;
		*LIST_ADD(cx->arena, &reading->days) =
		    (struct looked_day){.title = capitalized(cx->arena, px_day(px, entry->at))};
	}
	time_words(&when, px->lang, px->zone, entry->at);
	why = own ? STR_NONE : because(px, entry, &person);
	line = (struct looked_line){.sentence = sentence(px, entry, &person, own, times), .when = buf_str(&when)};
	if (why.n)
		line.when = arena_printf(cx->arena, "%.*s · %.*s", STR_ARG(line.when), STR_ARG(why));
	if (own)
		*LIST_ADD(cx->arena, &reading->own) = line;
	else
		*LIST_ADD(cx->arena, &reading->lines) = line;
	return NULL;
}

/* How many entries stand on this page: at least LOOKED_ROWS, and all of the last one's millisecond. */
static size_t
entries_of_page(const struct audit_entry *entries, size_t count)
{
	size_t end = LOOKED_ROWS;

	if (count <= end)
		return count;
	while (end < count && entries[end].at.ms == entries[end - 1].at.ms)
		end++;
	return end;
}

fallible
get_looked(struct cx *cx, struct request *rq)
{
	struct looked_page view = {0};
	struct reading reading = {0};
	struct people people = {0};
	struct page_cx px;
	struct db_rows rows;
	const struct audit_entry *entries;
	struct buf html = BUF_INIT(cx->arena);
	enum access_why why;
	instant before = INSTANT_NONE;
	size_t end, i = 0;
	int64_t ms;

	TRY(access_check(cx, cx->who.patient, RIGHT_OWN, &why));
	TRY(page_cx_for(cx, rq, tr(cx->lang, TR("Who looked at your record")), "/record", &px));
	if (str_to_int64(request_query(rq, "before"), &ms))
		before = (instant){ms};
	view.from_start = instant_is_none(before);
	TRY(audit_list(cx, cx->who.patient, before, LOOKED_READ, &rows));
	entries = rows.items;
	end = entries_of_page(entries, rows.count);
	while (i < end)
		TRY(add_line(cx, &px, entries, end, &i, &people, &reading));
	end_day(&reading);
	if (end < rows.count)
		view.older_path = arena_printf(cx->arena, "/looked?before=%lld", (long long)entries[end - 1].at.ms);
	view.days = reading.days.items;
	view.day_count = reading.days.count;
	audit_add_read(cx, &(struct audit){.action = AUDIT_VIEW,
			       .subject = AUDIT_TRAIL,
			       .patient = cx->who.patient,
			       .count = (int64_t)end,
			       .why = (int)why});
	page_looked(&html, &px, &view);
	return respond_page(rq, 200, buf_str(&html));
}
