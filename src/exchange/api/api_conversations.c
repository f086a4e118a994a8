/* SPDX-License-Identifier: Apache-2.0 */
/* Conversations: lists, reading, writing, and what a team does with them. */
#include "exchange/api/api_office.h"

/* ---- teams and lists ---- */

static const char *const choice_words[] = {
    [TEAM_SHOWN] = "shown", [TEAM_FIRST] = "first", [TEAM_HIDDEN] = "hidden", NULL};

/* The teams that the patient may write to, or that the member works for. */
fallible
api_get_teams(struct cx *cx, struct request *rq)
{
	struct db_rows rows, choices = {0};
	const struct team *team;
	struct api_answer a;

	if (cx->who.is & WHO_CARE_TEAM) {
		TRY(teams_of_account(cx, cx->who.account, &rows));
	} else {
		TRY(teams_of_patient(cx, cx->who.patient, true, &rows));
		TRY(team_choices(cx, &choices));
	}
	team = rows.items;
	api_begin(cx, &a);
	json_put_array(&a.w, "teams");
	for (size_t i = 0; i < rows.count; i++) {
		json_write_object(&a.w);
		put_team_members(&a, &team[i]);
		if (!(cx->who.is & WHO_CARE_TEAM))
			json_put_text(&a.w, "choice", str_from_z(choice_words[team_choice_of(&choices, team[i].id)]));
		json_write_end(&a.w);
	}
	json_write_end(&a.w);
	return api_end(rq, 200, &a);
}

/* ?about=Observation/ID&category=medication, both may be left out. */
fallible
api_get_proposal(struct cx *cx, struct request *rq)
{
	struct team_proposal proposal;
	struct api_answer a;

	TRY(team_propose(cx, request_query(rq, "about"), request_query(rq, "category"), &proposal));
	api_begin(cx, &a);
	put_id(&a, "team", proposal.team.v);
	json_put_text(&a.w, "why", proposal.why);
	json_put_text(&a.w, "category", proposal.category);
	json_put_text(&a.w, "about", proposal.about);
	json_put_text(&a.w, "aboutTitle", proposal.about_title);
	json_put_text(&a.w, "subject", proposal.subject);
	return api_end(rq, 200, &a);
}

/* {"teams": [{"team", "choice": "shown", "first" or "hidden"}]}: what one wants to see when one writes. */
fallible
api_put_team_choices(struct cx *cx, struct request *rq)
{
	const struct json_value *body, *list;
	struct team_choice_row *rows;
	size_t count = 0;
	int choice;

	TRY(api_body(cx, rq, &body));
	list = json_get(body, "teams");
	rows = ARENA_ARRAY(cx->arena, struct team_choice_row, json_count(list) + 1);
	json_each_item (list, item) {
		TRY(api_id(cx, item, "team", &rows[count].team.v));
		TRY(api_word(cx, json_text(json_get(item, "choice")), "choice", choice_words, &choice));
		rows[count++].choice = choice;
	}
	if (!count)
		return ERR(ERR_INVALID, "\"teams\" must be a list of teams and choices.", "no choices");
	TRY(team_choices_set(cx, rows, count));
	return api_done(rq);
}

static const char *const inbox_words[] = {[INBOX_OPEN] = "open",
    [INBOX_MINE] = "mine",
    [INBOX_UNCLAIMED] = "unclaimed",
    [INBOX_DUE_TODAY] = "due",
    [INBOX_ESCALATED] = "escalated",
    [INBOX_WAITING] = "waiting",
    [INBOX_COMPLETED] = "completed",
    [INBOX_COPIES] = "copies",
    [INBOX_REMINDERS] = "reminders",
    [INBOX_FILTERS] = NULL};

static const char *const sort_words[] = {[SORT_URGENT] = "urgent",
    [SORT_DUE] = "due",
    [SORT_AGE] = "age",
    [SORT_KIND] = "kind",
    [SORT_OWNER] = "owner",
    [INBOX_SORTS] = NULL};

fallible
api_get_inbox(struct cx *cx, struct request *rq)
{
	struct api_page page = api_page_of(rq);
	struct inbox_query query = {.offset = page.offset, .count_max = page.count + 1};
	struct db_rows rows;
	int filter, sort;

	TRY(api_word(cx, request_query(rq, "filter"), "filter", inbox_words, &filter));
	TRY(api_word(cx, request_query(rq, "sort"), "sort", sort_words, &sort));
	query.filter = (enum inbox_filter)filter;
	query.sort = (enum inbox_sort)sort;
	if (request_query(rq, "team").n && !uuid_parse(request_query(rq, "team"), &query.team.v))
		return ERR(ERR_INVALID, "\"team\" must be an id.", "a team that is no id");
	TRY(inbox_list(cx, &query, &rows));
	return api_threads(cx, rq, &rows, page.count);
}

/* How many of each; completed ones are not counted. */
fallible
api_get_counts(struct cx *cx, struct request *rq)
{
	int64_t counts[INBOX_FILTERS];
	struct api_answer a;

	TRY(inbox_counts(cx, (team_id){{{0}}}, counts));
	api_begin(cx, &a);
	for (int i = 0; i < INBOX_FILTERS; i++)
		if (counts[i] != INBOX_NOT_COUNTED)
			json_put_int64(&a.w, inbox_words[i], counts[i]);
	return api_end(rq, 200, &a);
}

/* The patient's mailbox: ?folder=inbox, sent, deleted or the id of an own one; ?filter=unread or waiting. */
fallible
api_get_conversations(struct cx *cx, struct request *rq)
{
	static const char *const folders[] = {
	    [FOLDER_INBOX] = "inbox", [FOLDER_SENT] = "sent", [FOLDER_DRAFTS] = "deleted", NULL};
	static const char *const filters[] = {
	    [THREADS_ALL] = "all", [THREADS_UNREAD] = "unread", [THREADS_WAITING] = "waiting", NULL};
	struct api_page page = api_page_of(rq);
	struct mailbox_query query = {.offset = page.offset, .count_max = page.count + 1};
	struct db_rows rows;
	int filter, folder;

	TRY(api_word(cx, request_query(rq, "filter"), "filter", filters, &filter));
	query.filter = (enum thread_filter)filter;
	if (uuid_parse(request_query(rq, "folder"), &query.place.id)) {
		query.place.kind = FOLDER_OWN;
	} else {
		TRY(api_word(cx, request_query(rq, "folder"), "folder", folders, &folder));
		query.place.kind = folder == FOLDER_DRAFTS ? FOLDER_DELETED : (enum folder_kind)folder;
	}
	TRY(mailbox_list(cx, &query, &rows));
	return api_threads(cx, rq, &rows, page.count);
}

/* ---- one conversation ---- */

/* Reading by a program marks nothing as read; .../read does. */
fallible
api_get_conversation(struct cx *cx, struct request *rq)
{
	thread_id id;

	TRY(api_address_id(rq, "thread", &id.v));
	return api_conversation(cx, rq, 200, id);
}

fallible
api_read_conversation(struct cx *cx, struct request *rq)
{
	struct conversation c;
	thread_id id;

	TRY(api_address_id(rq, "thread", &id.v));
	TRY(thread_open(cx, id, &c));
	return api_conversation(cx, rq, 200, id);
}

static fallible
answer_sent(struct cx *cx, struct request *rq, const struct sent *sent)
{
	respond_header(rq, "Location",
	    arena_printf(cx->arena, "/api/conversations/%.*s", STR_ARG(uuid_text(cx->arena, sent->thread.v))));
	return api_conversation(cx, rq, sent->sent_before ? 200 : 201, sent->thread);
}

/* {"key", "team", "category", "subject", "body", "about", "signature"}, and "patient" of a member who writes first. */
fallible
api_post_conversation(struct cx *cx, struct request *rq)
{
	struct thread_new new = {.patient = cx->who.patient};
	const struct json_value *body;
	struct sent sent;

	TRY(api_body(cx, rq, &body));
	TRY(api_id(cx, body, "key", &new.key));
	TRY(api_id(cx, body, "team", &new.team.v));
	if (cx->who.is & WHO_CARE_TEAM)
		TRY(api_id(cx, body, "patient", &new.patient.v));
	TRY(api_category(cx, body, &new.category));
	new.subject = json_text(json_get(body, "subject"));
	new.body = json_text(json_get(body, "body"));
	new.about = json_text(json_get(body, "about"));
	TRY(api_sign(cx, body, new.team, &new.body));
	TRY(thread_send_new(cx, &new, &sent));
	return answer_sent(cx, rq, &sent);
}

/* {"key", "body", "signature"}, and "seen" of a member: how many messages they had before them. */
fallible
api_post_message(struct cx *cx, struct request *rq)
{
	struct thread_reply reply = {0};
	const struct json_value *body;
	struct conversation c;
	struct sent sent;

	TRY(api_address_id(rq, "thread", &reply.thread.v));
	TRY(api_body(cx, rq, &body));
	TRY(api_id(cx, body, "key", &reply.key));
	TRY(api_number(cx, body, "seen", 0, &reply.seen));
	reply.body = json_text(json_get(body, "body"));
	if (json_kind(json_get(body, "signature")) != JSON_ABSENT) {
		TRY(thread_look(cx, reply.thread, &c));
		TRY(api_sign(cx, body, c.thread.team, &reply.body));
	}
	TRY(thread_reply(cx, &reply, &sent));
	return answer_sent(cx, rq, &sent);
}

/* The conversation as plain text; marks nothing as read. */
fallible
api_get_text(struct cx *cx, struct request *rq)
{
	struct page_cx px;
	struct conversation c;
	struct buf out = BUF_INIT(cx->arena);
	thread_id id;

	TRY(api_address_id(rq, "thread", &id.v));
	TRY(thread_look(cx, id, &c));
	TRY(api_words_for(cx, &px));
	TRY(conversation_text(cx, &px, &c, &out));
	return respond(rq, 200, "text/plain; charset=utf-8", buf_str(&out));
}

/* {"folder": "inbox", "deleted" or the id of an own one}. */
fallible
api_move(struct cx *cx, struct request *rq)
{
	static const char *const folders[] = {"inbox", "deleted", NULL};
	const struct json_value *body;
	struct place to = {0};
	thread_id id;
	int folder;

	TRY(api_address_id(rq, "thread", &id.v));
	TRY(api_body(cx, rq, &body));
	if (uuid_parse(json_text(json_get(body, "folder")), &to.id)) {
		to.kind = FOLDER_OWN;
	} else {
		TRY(api_word(cx, json_text(json_get(body, "folder")), "folder", folders, &folder));
		to.kind = folder ? FOLDER_DELETED : FOLDER_INBOX;
	}
	TRY(thread_file_away(cx, id, to));
	return api_done(rq);
}

/* ---- deeds of the team ---- */

static fallible
claim(struct cx *cx, thread_id id, const struct json_value *body)
{
	(void)body;
	return thread_claim(cx, id);
}

static fallible
release(struct cx *cx, thread_id id, const struct json_value *body)
{
	(void)body;
	return thread_release(cx, id);
}

static fallible
reopen(struct cx *cx, thread_id id, const struct json_value *body)
{
	(void)body;
	return thread_reopen(cx, id);
}

static fallible
typing(struct cx *cx, thread_id id, const struct json_value *body)
{
	(void)body;
	return thread_typing(cx, id);
}

static fallible
complete(struct cx *cx, thread_id id, const struct json_value *body)
{
	static const char *const ways[] = {"answered", "telephone", "visit", "no-need", NULL};
	struct thread_complete done = {.thread = id};
	int way;

	TRY(api_word(cx, json_text(json_get(body, "how")), "how", ways, &way));
	done.how = (enum completed_how)(way + COMPLETED_ANSWERED);
	TRY(api_number(cx, body, "seen", 0, &done.seen));
	return thread_complete(cx, &done);
}

static fallible
assign(struct cx *cx, thread_id id, const struct json_value *body)
{
	account_id to;

	TRY(api_id(cx, body, "to", &to.v));
	return thread_assign(cx, id, to);
}

static fallible
reroute(struct cx *cx, thread_id id, const struct json_value *body)
{
	struct thread_reroute to = {.thread = id, .reason = json_text(json_get(body, "reason"))};

	TRY(api_id(cx, body, "team", &to.team.v));
	return thread_reroute(cx, &to);
}

static fallible
forward(struct cx *cx, thread_id id, const struct json_value *body)
{
	struct thread_forward show = {.thread = id, .note = json_text(json_get(body, "note"))};
	struct uuid *ids, *lists;
	account_id *to;

	if (json_kind(json_get(body, "lists")) != JSON_ABSENT) {
		TRY(api_ids(cx, body, "lists", FORWARD_LISTS_MAX, &lists, &show.list_count));
		show.lists = lists;
	}
	TRY(api_ids(cx, body, "to", FORWARD_MAX, &ids, &show.count));
	to = ARENA_ARRAY(cx->arena, account_id, show.count + 1);
	for (size_t i = 0; i < show.count; i++)
		to[i].v = ids[i];
	show.to = to;
	return thread_forward(cx, &show);
}

static fallible
note(struct cx *cx, thread_id id, const struct json_value *body)
{
	return thread_note(cx, id, json_text(json_get(body, "text")));
}

/* Without a time: no more. */
static fallible
remind(struct cx *cx, thread_id id, const struct json_value *body)
{
	instant at;

	TRY(api_instant(cx, body, "at", &at));
	return thread_remind(cx, id, at);
}

static fallible
join(struct cx *cx, thread_id id, const struct json_value *body)
{
	thread_id into;

	TRY(api_id(cx, body, "into", &into.v));
	return thread_merge(cx, id, into);
}

static const struct {
	const char *name;
	const struct err *(*deed)(struct cx *cx, thread_id id, const struct json_value *body);
} deeds[] = {{"claim", claim}, {"release", release}, {"reopen", reopen}, {"typing", typing}, {"complete", complete},
    {"assign", assign}, {"reroute", reroute}, {"forward", forward}, {"note", note}, {"remind", remind}, {"join", join}};

fallible
api_post_deed(struct cx *cx, struct request *rq)
{
	str name = request_param(rq, "deed");
	const struct json_value *body;
	thread_id id;

	TRY(api_address_id(rq, "thread", &id.v));
	for (size_t i = 0; i < sizeof(deeds) / sizeof(deeds[0]); i++) {
		if (!str_equal(name, str_from_z(deeds[i].name)))
			continue;
		TRY(api_body(cx, rq, &body));
		TRY(deeds[i].deed(cx, id, body));
		/* Sent to another team, the conversation may be out of the caller's sight now. */
		return str_equal(name, S("reroute")) ? api_done(rq) : api_conversation(cx, rq, 200, id);
	}
	return ERR(ERR_GONE, "There is no such address.", "no such deed");
}

fallible
api_recall(struct cx *cx, struct request *rq)
{
	thread_id id;
	int64_t n;

	TRY(api_address_id(rq, "thread", &id.v));
	if (!str_to_int64(request_param(rq, "n"), &n))
		return ERR(ERR_GONE, "There is no such message.", "a number that is none");
	TRY(message_recall(cx, id, n));
	return api_conversation(cx, rq, 200, id);
}

/* To whom it can be given or shown. */
fallible
api_get_colleagues(struct cx *cx, struct request *rq)
{
	struct db_rows rows;
	const struct team_member *member;
	struct api_answer a;
	thread_id id;

	TRY(api_address_id(rq, "thread", &id.v));
	TRY(thread_colleagues(cx, id, &rows));
	member = rows.items;
	api_begin(cx, &a);
	json_put_array(&a.w, "colleagues");
	for (size_t i = 0; i < rows.count; i++) {
		json_write_object(&a.w);
		put_id(&a, "id", member[i].account.v);
		json_put_text(&a.w, "name", member[i].name);
		json_put_text(&a.w, "title", member[i].title);
		json_write_end(&a.w);
	}
	json_write_end(&a.w);
	return api_end(rq, 200, &a);
}
