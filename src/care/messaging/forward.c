/* SPDX-License-Identifier: Apache-2.0 */
/* Showing a thread to colleagues for information: single people, whoever stands in for them, and lists of staff. Each is told
 * once, whatever ways lead to them. */
#include "care/messaging/handover.h"

#define FORWARD_TOLD_MAX (2 * (FORWARD_MAX + FORWARD_LISTS_MAX * DISTRIBUTION_MAX)) /* each with who stands in */

struct told {
	account_id account;
	bool chosen; /* by name: the deed fails when they may not see the patient */
	bool listed; /* the event of a list stands for them */
};
struct forwarding {
	LIST(struct told) people;
	LIST(struct thread_event) lists; /* text sealed: name and note */
	struct db_rows colleagues;
	size_t left_out;
};

static bool
is_colleague(const struct db_rows *colleagues, account_id account)
{
	const account_id *one = colleagues->items;

	for (size_t i = 0; i < colleagues->count; i++)
		if (uuid_equal(one[i].v, account.v))
			return true;
	return false;
}

static void
add_person(struct cx *cx, struct forwarding *f, struct told person)
{
	if (uuid_equal(person.account.v, cx->who.account.v) || f->people.count >= FORWARD_TOLD_MAX)
		return;
	for (size_t i = 0; i < f->people.count; i++)
		if (uuid_equal(f->people.items[i].account.v, person.account.v))
			return;
	if (!person.chosen && !is_colleague(&f->colleagues, person.account)) {
		f->left_out += person.listed;
		return;
	}
	*LIST_ADD(cx->arena, &f->people) = person;
}

/* Who stands in for those who are away is told like them. */
static fallible
add_stand_ins(struct cx *cx, struct forwarding *f)
{
	size_t count = f->people.count;
	struct surrogate surrogate;
	bool found;

	for (size_t i = 0; i < count; i++) {
		TRY(surrogate_of_account(cx, f->people.items[i].account, &surrogate, &found));
		if (found && !uuid_is_none(surrogate.by_account.v))
			add_person(cx, f, (struct told){.account = surrogate.by_account});
	}
	return NULL;
}

static fallible
add_list(struct cx *cx, struct forwarding *f, const struct handover *h, struct uuid id, str note)
{
	struct db_rows groups, members;
	const struct distribution_group *group;
	struct thread_event event = h->event;
	str name = STR_NONE;

	TRY(distribution_group_members(cx, id, &members));
	TRY(distribution_groups(cx, &groups));
	group = groups.items;
	for (size_t i = 0; i < groups.count; i++)
		if (uuid_equal(group[i].id, id))
			name = group[i].name;
	for (size_t i = 0; i < members.count; i++)
		add_person(cx, f, (struct told){.account = ((const account_id *)members.items)[i], .listed = true});
	event.id = uuid_new(cx->now);
	event.kind = EVENT_LISTED;
	event.other = id;
	TRY(vault_seal(cx, h->thread.patient, event_text_place(event.id),
	    arena_printf(cx->arena, "%.*s\n%.*s", STR_ARG(name), STR_ARG(note)), &event.text));
	*LIST_ADD(cx->arena, &f->lists) = event;
	return NULL;
}

static const struct err *
step_forward(struct tx *tx, struct handover *h)
{
	struct forwarding *f = h->forwarding;
	struct thread_event event = h->event;
	struct db_rows colleagues;

	TRY(colleague_rows(tx->cx, h->thread.patient, &colleagues));
	for (size_t i = 0; i < f->lists.count; i++)
		TRY(event_row_add(tx, &h->thread, &f->lists.items[i]));
	for (size_t i = 0; i < f->people.count; i++) {
		const struct told *person = &f->people.items[i];

		if (!is_colleague(&colleagues, person->account)) {
			if (!person->chosen)
				continue;
			return ERR(ERR_INVALID,
			    TR("One of them does not care for this patient and may not see the conversation. Nothing "
			       "was "
			       "sent."),
			    "no care relationship");
		}
		TRY(mark_row_copy(tx, &h->thread, person->account));
		TRY(notice_copied(tx, &h->thread, person->account, h->event.id));
		if (person->listed)
			continue;
		event.other = person->account.v;
		TRY(event_row_add(tx, &h->thread, &event));
		event.id = uuid_new(tx->cx->now); /* the note stands once, with the first of them */
		event.text = STR_NONE;
	}
	h->event.kind = 0; /* what it leaves is left */
	return NULL;
}

static fallible
check(const struct thread_forward *in, str note)
{
	if (in->count + in->list_count == 0)
		return ERR(ERR_INVALID, TR("Choose who is to see it."), "nobody chosen");
	if (in->count > FORWARD_MAX || in->list_count > FORWARD_LISTS_MAX)
		return ERR(ERR_INVALID, TR("Choose at most 20 people and 5 lists."), "too many chosen");
	return event_check_text(note, false);
}

fallible
thread_forward(struct cx *cx, struct thread_forward *in)
{
	struct forwarding f = {0};
	struct handover h = {.id = in->thread, .forwarding = &f, .step = step_forward};
	str note = message_clean(cx->arena, str_trim(in->note));

	TRY(check(in, note));
	TRY(handover_prepare(cx, &h, EVENT_FORWARDED, note));
	TRY(colleague_rows(cx, h.thread.patient, &f.colleagues));
	for (size_t i = 0; i < in->count; i++)
		add_person(cx, &f, (struct told){.account = in->to[i], .chosen = true});
	for (size_t i = 0; i < in->list_count; i++)
		TRY(add_list(cx, &f, &h, in->lists[i], note));
	TRY(add_stand_ins(cx, &f));
	if (f.people.count == 0)
		return ERR(ERR_INVALID, TR("Nobody on the list may see this patient. Nothing was sent."),
		    "nobody of the lists cares for the patient");
	TRY(handover_run(cx, &h));
	in->left_out = f.left_out;
	for (size_t i = 0; i < f.people.count; i++)
		if (cx->events)
			events_publish(
			    cx->events, f.people.items[i].account.v, "inbox", uuid_text(cx->arena, in->thread.v));
	return NULL;
}
