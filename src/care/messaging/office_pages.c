/* SPDX-License-Identifier: Apache-2.0 */
/* Pages at the edge of messaging: whether I am told of messages, and what nobody can answer. */
#include "care/messaging/messaging_pages.h"
#include "care/notify/notify.h"

#define OWNERLESS_SHOWN 200

static const struct {
	enum notice_choice choice;
	const char *word, *label, *hint;
	bool staff_only;
} choices[] = {
    {NOTICES_EACH, "each", TR("For each message"), TR("The notice says only that something is here to read."), false},
    {NOTICES_DAILY, "daily", TR("At most once a day"), TR("The first message of a day makes a notice."), false},
    {NOTICES_ESCALATED, "escalated", TR("Only when something is given to me, or an answer is late or soon will be"),
	NULL, true},
    {NOTICES_NONE, "none", TR("Never"), TR("You see new messages when you sign in."), false},
};
#define CHOICE_COUNT (sizeof(choices) / sizeof(choices[0]))

static fallible
show_notice_choice(struct cx *cx, struct request *rq, int status, struct notice_choice_page *view)
{
	struct page_cx page, *px = &page;
	enum notice_choice choice;
	struct mail_trouble trouble;
	struct buf html = BUF_INIT(cx->arena);

	TRY(page_cx_for(cx, rq, tr(cx->lang, TR("Notices")), "/account", px));
	TRY(notice_choice_get(cx, cx->who.account, &choice));
	TRY(mail_trouble_of(cx, cx->who.account, &trouble, &view->does_not_work));
	if (view->does_not_work)
		view->since = px_date(px, trouble.since);
	if (!view->errors.count)
		TRY(mail_address_get(cx, cx->who.account, &view->address));
	for (size_t i = 0; i < CHOICE_COUNT; i++) {
		if (choices[i].staff_only && !(cx->who.is & WHO_STAFF))
			continue;
		view->options[view->option_count++] = (struct option){str_from_z(choices[i].word),
		    tr(cx->lang, choices[i].label), choices[i].hint ? tr(cx->lang, choices[i].hint) : STR_NONE};
		if (choices[i].choice == choice)
			view->choice = str_from_z(choices[i].word);
	}
	px->flash = flash_for(cx, request_query(rq, "done"));
	px->flash_kind = NOTICE_GOOD;
	page_notice_choice(&html, px, view);
	return respond_page(rq, status, buf_str(&html));
}

fallible
get_notice_choice(struct cx *cx, struct request *rq)
{
	struct notice_choice_page view = {0};

	return show_notice_choice(cx, rq, 200, &view);
}

fallible
post_notice_choice(struct cx *cx, struct request *rq)
{
	struct notice_choice_page view = {.address = request_form(rq, "email")};
	str word = request_form(rq, "choice");
	const struct err *error;

	for (size_t i = 0; i < CHOICE_COUNT; i++) {
		if (!str_equal(word, str_from_z(choices[i].word)))
			continue;
		error = view.address.p ? mail_address_set(cx, cx->who.account, view.address) : NULL;
		if (error && form_note_error(cx, &view.errors, "email", error))
			return show_notice_choice(cx, rq, 400, &view);
		TRY(error);
		TRY(notice_choice_set(cx, choices[i].choice));
		return respond_see_other(rq, S("/account/notices?done=notices"));
	}
	return ERR(ERR_INVALID, TR("Choose one of the answers."), "no such choice");
}

fallible
blocks_in_words(struct cx *cx, str **words, size_t *count)
{
	struct db_rows rows;
	const struct block *block;
	struct team team;

	TRY(blocks_of_patient(cx, cx->who.patient, &rows));
	block = rows.items;
	*count = rows.count;
	*words = ARENA_ARRAY(cx->arena, str, rows.count);
	for (size_t i = 0; i < rows.count; i++) {
		const struct err *told = team_block_words(cx, &block[i]);

		if (told->code != ERR_INVALID)
			return told;
		(*words)[i] = tr(cx->lang, told->say);
		if (uuid_is_none(block[i].team.v))
			continue;
		TRY(team_get(cx, block[i].team, &team));
		(*words)[i] = arena_printf(cx->arena, "%.*s: %.*s", STR_ARG(team.name), STR_ARG((*words)[i]));
	}
	return NULL;
}

/* The patient's name stays with those who care for the patient: an office does not need it to mend the team. */
static fallible
name_if_caring(struct cx *cx, const struct thread *thread, str *out)
{
	enum access_why why;
	struct patient patient;
	const struct err *error = access_check(cx, thread->patient, RIGHT_MESSAGES_READ, &why);

	if (error)
		return error->code == ERR_GONE ? NULL : error;
	TRY(patient_get(cx, thread->patient, &patient));
	audit_add_listed(cx, AUDIT_DEMOGRAPHICS, (int)why, &thread->patient, 1, sizeof(thread->patient));
	*out = patient.name;
	return NULL;
}

fallible
get_ownerless(struct cx *cx, struct request *rq)
{
	struct page_cx page, *px = &page;
	struct ownerless_page view = {0};
	struct db_rows rows;
	const struct thread *thread;
	struct buf html = BUF_INIT(cx->arena);

	TRY(page_cx_for(cx, rq, tr(cx->lang, TR("Messages without a team")), "/admin", px));
	TRY(messaging_ownerless(cx, cx->who.facility, OWNERLESS_SHOWN, &rows));
	thread = rows.items;
	view.rows = ARENA_ARRAY(cx->arena, struct ownerless_row, rows.count);
	for (view.count = 0; view.count < rows.count; view.count++) {
		const struct thread *t = &thread[view.count];
		struct ownerless_row *row = &view.rows[view.count];
		struct team team;

		TRY(team_get(cx, t->team, &team));
		*row =
		    (struct ownerless_row){.team = team.name, .due = px_date(px, t->due), .status = duty_words(px, t)};
		TRY(name_if_caring(cx, t, &row->who));
	}
	page_ownerless(&html, px, &view);
	return respond_page(rq, 200, buf_str(&html));
}
