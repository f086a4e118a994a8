/* SPDX-License-Identifier: Apache-2.0 */
/* One text to many patients of a team.  It is taken in as one act; then each patient's thread is sent as its author would
 * send it, with a key made of broadcast and patient, so that trying again never sends twice. */
#include "care/messaging/messaging_store.h"
#include "platform/format/json.h"

static const patient_id nobody; /* texts for many are sealed under the key of the installation's people */

static fallible
check_member(struct cx *cx, team_id team)
{
	bool is_member;

	TRY(team_has_member(cx, team, cx->who.account, &is_member));
	return is_member ? NULL : NOT_FOUND;
}

static fallible
add_names(struct cx *cx, struct db_rows *rows)
{
	struct broadcast_candidate *one = rows->items;
	struct patient patient;

	for (size_t i = 0; i < rows->count; i++) {
		TRY(patient_get(cx, one[i].patient, &patient));
		one[i].name = patient.name;
	}
	return NULL;
}

fallible
broadcast_candidates(struct cx *cx, team_id team, struct db_rows *out)
{
	TRY(check_member(cx, team));
	TRY(candidate_rows(cx, team, out));
	TRY(add_names(cx, out));
	audit_add_read(cx, &(struct audit){.action = AUDIT_SEARCH,
			       .subject = AUDIT_DEMOGRAPHICS,
			       .count = (int64_t)out->count,
			       .why = ACCESS_CARE_TEAM});
	return NULL;
}

/* ---- taking in ---- */

struct taking_in {
	struct broadcast broadcast; /* texts sealed */
	const patient_id *patients;
	size_t count;
};

static bool
holds_patient(const struct db_rows *candidates, patient_id patient)
{
	const struct broadcast_candidate *one = candidates->items;

	for (size_t i = 0; i < candidates->count; i++)
		if (uuid_equal(one[i].patient.v, patient.v))
			return true;
	return false;
}

static const struct err *
take_in(struct tx *tx, void *arg)
{
	struct taking_in *in = arg;
	struct arena *arena = tx->cx->arena;
	struct broadcast before;
	struct db_rows candidates;
	bool known;

	TRY(broadcast_row_get(tx->cx, in->broadcast.id, &before, &known));
	if (known)
		return NULL;
	TRY(check_member(tx->cx, in->broadcast.team));
	TRY(candidate_rows(tx->cx, in->broadcast.team, &candidates));
	TRY(broadcast_row_add(tx, &in->broadcast));
	for (size_t i = 0; i < in->count; i++) {
		if (!holds_patient(&candidates, in->patients[i]))
			return ERR(ERR_INVALID,
			    TR("One of these patients is not in the care of this team any more. Look at the list "
			       "again."),
			    "no patient of the team");
		TRY(broadcast_row_patient_add(tx, in->broadcast.id, in->patients[i]));
	}
	audit_add(tx, &(struct audit){.action = AUDIT_SEND,
			  .subject = AUDIT_MESSAGES,
			  .item = in->broadcast.id.v,
			  .count = (int64_t)in->count});
	return outbox_add(tx, &(struct outbox_new){.kind = "broadcast",
				  .key = uuid_text(arena, in->broadcast.id.v),
				  .payload = arena_printf(
				      arena, "{\"broadcast\":\"%.*s\"}", STR_ARG(uuid_text(arena, in->broadcast.id.v))),
				  .not_before = INSTANT_NONE});
}

fallible
broadcast_send(struct cx *cx, const struct broadcast_new *in, broadcast_id *out)
{
	struct taking_in taking = {.patients = in->patients, .count = in->count};
	struct broadcast *b = &taking.broadcast;
	str subject = str_trim(in->subject), body = message_clean(cx->arena, in->body);
	struct team team;

	TRY(check_member(cx, in->team));
	TRY(message_check_subject(cx, subject));
	TRY(message_check_body(cx, body));
	if (in->count == 0)
		return ERR(ERR_INVALID, TR("Choose at least one patient."), "nobody chosen");
	TRY(team_get(cx, in->team, &team));
	*b = (struct broadcast){.id = {in->key},
	    .facility = team.facility,
	    .team = in->team,
	    .author = cx->who.account,
	    .category = in->category,
	    .made = cx->now};
	TRY(vault_seal(cx, nobody, broadcast_place(b->id, "broadcast.subject"),
	    subject.n ? subject : message_default_subject(cx, in->category), &b->subject));
	TRY(vault_seal(cx, nobody, broadcast_place(b->id, "broadcast.body"), body, &b->body));
	TRY(db_write(cx, take_in, &taking));
	*out = b->id;
	return NULL;
}

/* ---- how far it is ---- */

static fallible
read_broadcast(struct cx *cx, broadcast_id id, struct broadcast *out)
{
	bool found;

	TRY(broadcast_row_get(cx, id, out, &found));
	if (!found)
		return NOT_FOUND;
	TRY(vault_open_text(cx, nobody, broadcast_place(id, "broadcast.subject"), out->subject, &out->subject));
	return vault_open_text(cx, nobody, broadcast_place(id, "broadcast.body"), out->body, &out->body);
}

fallible
broadcast_get(struct cx *cx, broadcast_id id, struct broadcast *out)
{
	struct broadcast found;

	TRY(read_broadcast(cx, id, &found));
	TRY(check_member(cx, found.team));
	*out = found;
	return NULL;
}

fallible
broadcast_refused(struct cx *cx, broadcast_id id, struct db_rows *out)
{
	struct broadcast found;

	TRY(broadcast_get(cx, id, &found));
	TRY(broadcast_rows_in_state(cx, id, BROADCAST_REFUSED, BROADCAST_MAX, out));
	return add_names(cx, out);
}

/* ---- sending ---- */

struct outcome {
	broadcast_id id;
	patient_id patient;
	enum broadcast_state state;
	thread_id thread;
};

static const struct err *
note_outcome(struct tx *tx, void *arg)
{
	const struct outcome *outcome = arg;

	return broadcast_row_patient_put(tx, outcome->id, outcome->patient, outcome->state, outcome->thread);
}

/* The key of one patient's message: the same whenever it is tried. */
static struct uuid
key_of(struct cx *cx, broadcast_id id, patient_id patient)
{
	return vault_blind(cx->vault, "broadcast",
	    arena_printf(
		cx->arena, "%.*s %.*s", STR_ARG(uuid_text(cx->arena, id.v)), STR_ARG(uuid_text(cx->arena, patient.v))));
}

/* Refused by a rule: this patient has no account, the author left the team. The others go on. */
static bool
is_refusal(const struct err *error)
{
	return error->code == ERR_INVALID || error->code == ERR_GONE || error->code == ERR_DENIED;
}

static fallible
send_one(struct cx *cx, struct cx *author, const struct broadcast *b, patient_id patient)
{
	struct outcome outcome = {.id = b->id, .patient = patient, .state = BROADCAST_SENT};
	struct sent sent = {0};
	const struct err *error = thread_send_new(author,
	    &(struct thread_new){.key = key_of(cx, b->id, patient),
		.patient = patient,
		.team = b->team,
		.category = (enum message_category)b->category,
		.subject = b->subject,
		.body = b->body},
	    &sent);

	db_release(author);
	if (error && !is_refusal(error))
		return error;
	if (error)
		outcome.state = BROADCAST_REFUSED;
	outcome.thread = sent.thread;
	return db_write(cx, note_outcome, &outcome);
}

/* As the author: what they may not do any more, is not done in their name. */
static fallible
act_as(struct cx *cx, account_id id, struct cx *out)
{
	struct account account;

	TRY(account_get(cx, id, &account));
	*out = *cx;
	out->conn = NULL;
	out->lang = account.lang;
	out->who = (struct who){.is = account.active ? account.kind : 0,
	    .account = account.id,
	    .staff = {account.id.v},
	    .facility = account.facility};
	return NULL;
}

/* Some of those who wait, with memory of their own. */
static fallible
send_batch(struct cx *cx, const struct broadcast *b, size_t *count)
{
	struct db_rows rows;
	const struct broadcast_candidate *one;
	struct cx author;

	TRY(act_as(cx, b->author, &author));
	TRY(broadcast_rows_in_state(cx, b->id, BROADCAST_WAITING, BROADCAST_BATCH, &rows));
	one = rows.items;
	*count = rows.count;
	for (size_t i = 0; i < rows.count; i++)
		TRY(send_one(cx, &author, b, one[i].patient));
	return NULL;
}

fallible
broadcast_deliver(struct cx *cx, const struct outbox_item *item)
{
	const struct json_value *json;
	struct broadcast b;
	size_t count;

	TRY(json_parse(cx->arena, item->payload, &json, NULL));
	if (!uuid_parse(json_text_at(json, "broadcast"), &b.id.v))
		return ERR(ERR_BROKEN, "Something went wrong on our side.", "no broadcast in the payload");
	TRY(read_broadcast(cx, b.id, &b));
	db_release(cx);
	do {
		struct arena arena = ARENA_INIT;
		struct cx part = *cx;
		const struct err *error;

		part.arena = &arena;
		error = send_batch(&part, &b, &count);
		error = error ? err_copy(cx->arena, error) : NULL;
		db_release(&part);
		arena_release(&arena);
		TRY(error);
	} while (count == BROADCAST_BATCH);
	return NULL;
}
