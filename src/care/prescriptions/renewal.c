/* SPDX-License-Identifier: Apache-2.0 */
/* Renewals: asked for by the patient as a message to the right team, decided by the team in the same conversation.  Question and
 * answer are messages like all others; what belongs to a renewal is written in their transactions. */
#include "care/prescriptions/prescriptions_internal.h"
#include "care/record/record_pages.h"
#include "platform/format/utf8.h"

static const struct err *
decided(void)
{
	return ERR(ERR_CONFLICT, TR("This renewal was decided or taken back meanwhile. Look at it again."),
	    "the renewal moved on");
}

/* ---- which team ---- */

/* Does the team take messages about medicines? One without a list of topics takes all. */
static fallible
takes_medicines(struct cx *cx, team_id team, bool *out)
{
	struct db_rows topics;
	const int64_t *topic;

	TRY(team_topics(cx, team, &topics));
	topic = topics.items;
	*out = topics.count == 0;
	for (size_t i = 0; i < topics.count; i++)
		*out |= topic[i] == CATEGORY_MEDICATION;
	return NULL;
}

static fallible
has_prescriber(struct cx *cx, team_id team, str who, bool *out)
{
	struct db_rows members;
	const struct team_member *member;

	*out = false;
	TRY(team_members(cx, team, &members));
	member = members.items;
	for (size_t i = 0; who.n && i < members.count; i++)
		*out |= str_contains(utf8_fold(cx->arena, who), utf8_fold(cx->arena, member[i].name));
	return NULL;
}

fallible
renewal_team(struct cx *cx, const struct prescription *p, struct team *out, bool *found)
{
	struct db_rows teams;
	const struct team *team;
	bool takes, has;

	*found = false;
	TRY(teams_of_patient(cx, p->patient, true, &teams)); /* primary care first */
	team = teams.items;
	for (size_t i = 0; i < teams.count; i++) {
		TRY(has_prescriber(cx, team[i].id, p->who, &has));
		TRY(takes_medicines(cx, team[i].id, &takes));
		if (has || (takes && !*found)) {
			*out = team[i];
			*found = true;
		}
		if (has)
			return NULL;
	}
	if (!*found && teams.count) {
		*out = team[0];
		*found = true;
	}
	return NULL;
}

/* ---- asking ---- */

struct adding {
	struct renewal sealed;
	enum access_why why;
};

static const struct err *
add(struct tx *tx, void *arg)
{
	struct adding *in = arg;

	TRY(access_check(tx->cx, in->sealed.patient, RIGHT_PRESCRIPTIONS, &in->why));
	TRY(renewal_row_add(tx, &in->sealed));
	TRY(thread_buttons_put(tx, in->sealed.patient, in->sealed.id,
	    &(struct thread_button){.label = S(TR("Decide this renewal")),
		.at = INSTANT_NONE,
		.action = arena_printf(
		    tx->cx->arena, "/renewals/%.*s?from=inbox", STR_ARG(uuid_text(tx->cx->arena, in->sealed.id.v)))},
	    1));
	audit_add(tx, &(struct audit){.action = AUDIT_ASK,
			  .subject = AUDIT_REFILL,
			  .patient = in->sealed.patient,
			  .item = in->sealed.id.v,
			  .why = (int)in->why});
	return NULL;
}

/* What the team reads: the prescription in lines, then the patient's own words. */
static str
question(struct cx *cx, const struct prescription *p, str note)
{
	struct page_cx page = {.arena = cx->arena, .lang = cx->lang, .now = cx->now}, *px = &page;
	struct buf out = BUF_INIT(cx->arena);

	buf_printf(&out, "%.*s\n", STR_ARG(T("I ask to renew this prescription:")));
	buf_printf(&out, "%.*s%s%.*s\n", STR_ARG(p->title), p->detail.n ? ", " : "", STR_ARG(p->detail));
	if (p->sig.n)
		buf_printf(&out, "%.*s\n", STR_ARG(p->sig));
	if (p->number.n)
		buf_printf(&out, "%.*s\n", STR_ARG(TF1("Prescription number: %1", p->number)));
	if (!instant_is_none(p->last_fill))
		buf_printf(&out, "%.*s\n",
		    STR_ARG(TF1("Last filled: %1", px_date_only(px, zone_civil(zone_utc(), p->last_fill).date))));
	if (!instant_is_none(p->runs_out))
		buf_printf(&out, "%.*s\n",
		    STR_ARG(TF1("Lasts until about: %1", px_date_only(px, zone_civil(zone_utc(), p->runs_out).date))));
	if (note.n)
		buf_printf(&out, "\n%.*s\n", STR_ARG(note));
	return str_trim(buf_str(&out));
}

static fallible
check_note(str text, str *out)
{
	*out = str_trim(text);
	if (utf8_count(*out) > RENEWAL_NOTE_CHARS_MAX || !utf8_is_clean_text(*out))
		return ERR(ERR_INVALID, TR("Write at most 1,000 characters."), "a bad note");
	return NULL;
}

static fallible
send_question(struct cx *cx, const struct renewal_new *in, const struct prescription *p, team_id team, str note,
    struct adding *adding)
{
	struct page_cx page = {.arena = cx->arena, .lang = cx->lang}, *px = &page;
	struct sent sent;

	return thread_send_new(cx,
	    &(struct thread_new){.key = in->key,
		.patient = in->patient,
		.team = team,
		.category = CATEGORY_MEDICATION,
		.subject = utf8_take_chars(TF1("Renewal: %1", rx_short_title(cx->arena, p->title)), 50),
		.body = question(cx, p, note),
		.about = arena_printf(cx->arena, "MedicationRequest/%.*s", STR_ARG(p->id)),
		.with = add,
		.with_arg = adding},
	    &sent);
}

fallible
renewal_ask(struct cx *cx, const struct renewal_new *in, struct renewal *out)
{
	struct adding adding = {0};
	struct prescription p;
	struct team team = {.id = in->team};
	const struct err *error;
	enum access_why why;
	bool found;
	str note;

	TRY(rx_may_ask(cx, in->patient, &why));
	TRY(renewal_row_get(cx, (thread_id){in->key}, out, &found));
	if (found)
		return uuid_equal(out->patient.v, in->patient.v) ? NULL : GONE;
	TRY(prescription_get(cx, in->patient, in->prescription, &p));
	if (p.renewal_refusal)
		return err_said(cx->arena, ERR_INVALID, "%s", renewal_refusal_words(p.renewal_refusal));
	TRY(check_note(in->note, &note));
	if (uuid_is_none(team.id.v)) {
		TRY(renewal_team(cx, &p, &team, &found));
		if (!found)
			return ERR(
			    ERR_INVALID, TR("No team of yours takes messages here. Call your clinic."), "no team");
	}
	TRY(team_get(cx, team.id, &team));
	*out = (struct renewal){.patient = in->patient,
	    .id = {in->key},
	    .prescription = p.key,
	    .request = p.id,
	    .title = p.title,
	    .facility = team.facility,
	    .team = team.id,
	    .account = cx->who.account,
	    .made = cx->now,
	    .answered = INSTANT_NONE};
	adding.sealed = *out;
	TRY(vault_seal(cx, in->patient, renewal_place(out->id, "renewal.title"), out->title, &adding.sealed.title));
	error = send_question(cx, in, &p, team.id, note, &adding);
	if (error && error->code == ERR_CONFLICT) /* from two places at once: the other was faster */
		return err_said(cx->arena, ERR_INVALID, "%s", renewal_refusal_words(RENEWAL_PENDING));
	TRY(error);
	live_waiting(cx, in->patient, team.id, COUNT_RX);
	return NULL;
}

/* ---- reading ---- */

fallible
renewal_get(struct cx *cx, thread_id id, struct renewal *out)
{
	enum access_why why;
	bool found;

	TRY(renewal_row_get(cx, id, out, &found));
	if (!found)
		return GONE;
	return access_check(cx, out->patient, RIGHT_RECORD_READ, &why);
}

fallible
renewals_of_patient(struct cx *cx, patient_id patient, struct db_rows *out)
{
	enum access_why why;

	TRY(access_check(cx, patient, RIGHT_RECORD_READ, &why));
	return renewal_rows_of_patient(cx, patient, out);
}

fallible
renewals_waiting(struct cx *cx, struct db_rows *out)
{
	const struct renewal *w;

	TRY(renewal_rows_waiting(cx, out));
	w = out->items;
	if (out->count)
		audit_add_listed(cx, AUDIT_REFILL, ACCESS_CARE_TEAM, &w[0].patient, out->count, sizeof(w[0]));
	return NULL;
}

/* ---- taking back ---- */

struct taking_back {
	struct renewal renewal;
	enum access_why why;
};

static const struct err *
take_back(struct tx *tx, void *arg)
{
	struct taking_back *in = arg;
	bool changed;

	TRY(renewal_row_put(tx, &in->renewal, &changed));
	if (!changed)
		return decided();
	TRY(thread_buttons_put(tx, in->renewal.patient, in->renewal.id, NULL, 0));
	audit_add(tx, &(struct audit){.action = AUDIT_WITHDRAW,
			  .subject = AUDIT_REFILL,
			  .patient = in->renewal.patient,
			  .item = in->renewal.id.v,
			  .why = (int)in->why});
	return NULL;
}

/* The team reads it in the conversation. */
fallible
renewal_take_back(struct cx *cx, thread_id id)
{
	struct taking_back in = {0};
	struct sent sent;

	TRY(renewal_get(cx, id, &in.renewal));
	TRY(rx_may_ask(cx, in.renewal.patient, &in.why));
	if (in.renewal.state != RENEWAL_ASKED)
		return decided();
	in.renewal.state = RENEWAL_TAKEN_BACK;
	in.renewal.answered = cx->now;
	in.renewal.answered_by = cx->who.account;
	TRY(thread_reply(cx,
	    &(struct thread_reply){.key = uuid_new(cx->now),
		.thread = id,
		.body = tr(cx->lang, TR("I do not need this renewal any more.")),
		.with = take_back,
		.with_arg = &in},
	    &sent));
	live_waiting(cx, in.renewal.patient, in.renewal.team, COUNT_RX);
	return NULL;
}

/* ---- the conversation goes to another team, and the renewal with it ---- */

struct going {
	struct renewal renewal;
	team_id team;
	bool moved;
};

static const struct err *
go_along(struct tx *tx, void *arg)
{
	struct going *in = arg;

	TRY(renewal_row_move(tx, &in->renewal, in->team, &in->moved));
	if (in->moved)
		audit_add(tx, &(struct audit){.action = AUDIT_UPDATE,
				  .subject = AUDIT_REFILL,
				  .patient = in->renewal.patient,
				  .item = in->renewal.id.v,
				  .why = ACCESS_SYSTEM});
	return NULL;
}

fallible
renewal_thread_moved(struct cx *cx, const struct outbox_item *item)
{
	struct going in = {0};
	thread_id thread;
	bool found, there;

	if (!uuid_parse(item->payload, &thread.v))
		return ERR(ERR_BROKEN, "Something went wrong on our side.", "a moved conversation without id");
	TRY(renewal_row_get(cx, thread, &in.renewal, &found));
	TRY(thread_team(cx, thread, &in.team, &there));
	if (!found || !there || in.renewal.state != RENEWAL_ASKED || uuid_equal(in.renewal.team.v, in.team.v))
		return NULL;
	TRY(db_write(cx, go_along, &in));
	live_waiting(cx, in.renewal.patient, in.renewal.team, COUNT_RX);
	live_waiting(cx, in.renewal.patient, in.team, COUNT_RX);
	return NULL;
}
