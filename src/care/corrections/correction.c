/* SPDX-License-Identifier: Apache-2.0 */
/* Asking, answering, more time, withdrawing, disagreeing: who may, when, and what of it goes into the record. */
#include "care/corrections/corrections_internal.h"
#include "care/messaging/messaging.h"
#include "platform/format/utf8.h"
#include "platform/jobs/jobs.h"
#include "trust/identity/identity.h"

static const struct err *
not_there(void)
{
	return ERR(ERR_GONE, "We could not find that. It may have been removed, or it is not shared with you.",
	    "no such correction");
}

static const struct err *
moved_on(void)
{
	return ERR(ERR_CONFLICT, TR("This request was answered or changed meanwhile. Look at it again."),
	    "the correction moved on");
}

const char *
correction_basis_words(enum correction_basis basis)
{
	static const char *const words[CORRECTION_BASES] = {
	    [BASIS_NOT_OURS] = TR("It was not made by this clinic, and whoever made it can still be asked."),
	    [BASIS_NOT_KEPT] = TR("It is not part of the records that decisions about care are made from."),
	    [BASIS_NOT_OPEN] = TR("It is not open to inspection by law."),
	    [BASIS_ACCURATE] = TR("It is accurate and complete."),
	    [BASIS_CANNOT_KEEP] = TR("The clinic could not keep such a promise."),
	};

	return basis > 0 && basis < CORRECTION_BASES ? words[basis] : NULL;
}

bool
correction_is_late(const struct correction *c, instant now)
{
	return c->state == CORRECTION_ASKED && instant_before(c->due, now);
}

static fallible
check_words(str words, str *out)
{
	size_t chars;

	*out = str_trim(words);
	chars = utf8_count(*out);
	if (!chars || chars > CORRECTION_CHARS_MAX)
		return ERR(ERR_INVALID, TR("Write at least a few words, and at most 5,000 characters."), "bad words");
	return NULL;
}

static void
audit_one(struct tx *tx, enum audit_action action, const struct correction *c, enum access_why why)
{
	audit_add(tx, &(struct audit){.action = action,
			  .subject = AUDIT_CORRECTION,
			  .patient = c->patient,
			  .item = c->id.v,
			  .why = (int)why});
}

/* ---- asking ---- */

/* The entry must be one that the patient sees. */
static fallible
check_about(struct cx *cx, str about)
{
	struct resource resource;
	bool found;

	if (!about.n)
		return NULL;
	TRY(resource_resolve(cx, about, &resource, &found));
	if (!found || !uuid_equal(resource.patient.v, cx->who.patient.v))
		return ERR(ERR_INVALID, TR("This entry is not in your record any more. Say in words what you mean."),
		    "a correction about an entry that is not there");
	return NULL;
}

static fallible
check_count(struct cx *cx, patient_id patient)
{
	struct db_rows rows;
	const struct correction *c;
	size_t open = 0;

	TRY(correction_rows_of_patient(cx, patient, &rows));
	c = rows.items;
	for (size_t i = 0; i < rows.count; i++)
		open += c[i].state == CORRECTION_ASKED;
	if (open >= CORRECTIONS_OPEN_MAX)
		return ERR(ERR_INVALID, TR("You have asked for very much already. Wait for an answer first."),
		    "too many open corrections");
	return NULL;
}

static const struct err *
add(struct tx *tx, void *arg)
{
	const struct correction *sealed = arg;
	bool added;

	TRY(correction_row_add(tx, sealed, &added));
	if (added)
		audit_one(tx, AUDIT_ASK, sealed, ACCESS_SELF);
	return NULL;
}

fallible
correction_ask(struct cx *cx, const struct correction_new *in)
{
	struct correction c = {.patient = cx->who.patient,
	    .id = {in->key},
	    .kind = in->kind,
	    .about = in->about,
	    .title = in->about.n ? in->title : STR_NONE,
	    .paid = in->paid && in->kind == CORRECTION_RESTRICTION,
	    .made = cx->now};
	struct correction sealed;
	struct patient patient;
	enum access_why why;

	TRY(access_check(cx, c.patient, RIGHT_OWN, &why));
	TRY(check_words(in->asked, &c.asked));
	TRY(check_about(cx, in->about));
	TRY(check_count(cx, c.patient));
	TRY(patient_get(cx, c.patient, &patient));
	c.facility = patient.facility;
	c.due =
	    instant_add_ms(cx->now, (in->kind == CORRECTION_AMENDMENT ? CORRECTION_DAYS : RESTRICTION_DAYS) * DAY_MS);
	TRY(correction_seal(cx, &c, &sealed));
	return db_write(cx, add, &sealed);
}

fallible
corrections_own(struct cx *cx, struct db_rows *out)
{
	enum access_why why;

	TRY(access_check(cx, cx->who.patient, RIGHT_OWN, &why));
	return correction_rows_of_patient(cx, cx->who.patient, out);
}

fallible
correction_own(struct cx *cx, correction_id id, struct correction *out)
{
	enum access_why why;
	bool found;

	TRY(access_check(cx, cx->who.patient, RIGHT_OWN, &why));
	TRY(correction_row_get(cx, cx->who.patient, id, out, &found));
	return found ? NULL : not_there();
}

/* ---- changing ---- */

struct change {
	const struct correction *before, *sealed;
	struct resource_draft *document; /* NULL: nothing for the record */
	enum audit_action action;
	enum access_why why; /* ACCESS_NONE: the office */
};

/* The clinic moved: the patient is told that something waits inside, and no more. */
static fallible
tell_patient(struct tx *tx, const struct correction *c)
{
	struct arena *arena = tx->cx->arena;
	struct account account;
	enum notice_choice choice;
	bool found;

	TRY(account_of_patient(tx->cx, c->patient, &account, &found));
	if (!found)
		return NULL;
	TRY(notice_choice_get(tx->cx, account.id, &choice));
	if (choice == NOTICES_NONE)
		return NULL;
	return outbox_add(tx, &(struct outbox_new){.kind = "notice",
				  .key = arena_printf(arena, "correction %.*s %s", STR_ARG(uuid_text(arena, c->id.v)),
				      c->state == CORRECTION_ASKED ? "extended" : "answered"),
				  .patient = c->patient,
				  .payload = arena_printf(arena, "{\"reason\":\"correction\",\"account\":\"%.*s\"}",
				      STR_ARG(uuid_text(arena, account.id.v))),
				  .not_before = INSTANT_NONE});
}

static const struct err *
change(struct tx *tx, void *arg)
{
	const struct change *in = arg;
	bool changed;
	int64_t version;

	TRY(correction_row_put(tx, in->before, in->sealed, &changed));
	if (!changed)
		return moved_on();
	if (in->document)
		TRY(resource_put(tx, in->document, &version, &changed));
	if (in->why == ACCESS_NONE)
		TRY(tell_patient(tx, in->sealed));
	audit_one(tx, in->action, in->sealed, in->why);
	return NULL;
}

/* `after` with its texts open; the record is told when it was answered. */
static fallible
put(struct cx *cx, const struct correction *before, const struct correction *after, enum audit_action action,
    enum access_why why)
{
	struct correction sealed;
	struct change in = {.before = before, .sealed = &sealed, .action = action, .why = why};

	TRY(correction_seal(cx, after, &sealed));
	if (after->state == CORRECTION_ACCEPTED || after->state == CORRECTION_DENIED)
		TRY(correction_document(cx, after, &in.document));
	return db_write(cx, change, &in);
}

fallible
correction_withdraw(struct cx *cx, correction_id id)
{
	struct correction before, after;

	TRY(correction_own(cx, id, &before));
	if (before.state != CORRECTION_ASKED)
		return moved_on();
	after = before;
	after.state = CORRECTION_WITHDRAWN;
	return put(cx, &before, &after, AUDIT_WITHDRAW, ACCESS_SELF);
}

fallible
correction_disagree(struct cx *cx, correction_id id, str words)
{
	struct correction before, after;

	TRY(correction_own(cx, id, &before));
	if (before.state != CORRECTION_DENIED || !instant_is_none(before.disagreed_at))
		return moved_on();
	after = before;
	after.disagreed_at = cx->now;
	TRY(check_words(words, &after.disagreement));
	return put(cx, &before, &after, AUDIT_UPDATE, ACCESS_SELF);
}

/* ---- the office ---- */

fallible
corrections_of_office(struct cx *cx, bool waiting, struct db_rows *out)
{
	TRY(office_check(cx, cx->who.facility));
	return correction_rows_of_facility(cx, cx->who.facility, waiting, out);
}

fallible
corrections_waiting_count(struct cx *cx, facility_id facility, int64_t *out)
{
	return correction_rows_waiting(cx, facility, out);
}

fallible
correction_of_office(struct cx *cx, patient_id patient, correction_id id, struct correction *out)
{
	bool found;

	TRY(office_check(cx, cx->who.facility));
	TRY(correction_row_get(cx, patient, id, out, &found));
	return found && uuid_equal(out->facility.v, cx->who.facility.v) ? NULL : not_there();
}

fallible
correction_extend(struct cx *cx, const struct correction *c, str reason)
{
	struct correction after = *c;

	TRY(office_check(cx, c->facility));
	if (c->state != CORRECTION_ASKED || !instant_is_none(c->extended_at))
		return ERR(ERR_CONFLICT, TR("More time can be taken once only, before the answer."),
		    "extended or answered already");
	TRY(check_words(reason, &after.extension));
	after.extended_at = cx->now;
	after.due = instant_add_ms(c->due, CORRECTION_EXTENSION_DAYS * DAY_MS);
	return put(cx, c, &after, AUDIT_UPDATE, ACCESS_NONE);
}

fallible
correction_settle(struct cx *cx, const struct correction *c, const struct correction_answer *answer)
{
	struct correction after = *c;

	TRY(office_check(cx, c->facility));
	if (c->state != CORRECTION_ASKED)
		return moved_on();
	if (!answer->accept && !correction_basis_words(answer->basis))
		return ERR(ERR_INVALID, TR("Choose the reason for which it is refused."), "a refusal without a basis");
	if (!answer->accept && c->kind == CORRECTION_RESTRICTION && c->paid)
		return ERR(ERR_INVALID,
		    TR("The patient paid for this care in full. The law asks you to agree (45 CFR 164.522(a)(1)(vi))."),
		    "a restriction that must be agreed to");
	TRY(check_words(answer->words, &after.answer));
	after.state = answer->accept ? CORRECTION_ACCEPTED : CORRECTION_DENIED;
	after.basis = answer->accept ? BASIS_NONE : answer->basis;
	after.answered_at = cx->now;
	after.answered_by = cx->who.account;
	after.document = c->id.v;
	return put(cx, c, &after, AUDIT_ANSWER, ACCESS_NONE);
}
