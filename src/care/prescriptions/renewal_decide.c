/* SPDX-License-Identifier: Apache-2.0 */
/* Deciding a renewal: who may sign, the new prescription with its Provenance, and the answer in the conversation. */
#include "care/prescriptions/prescriptions_internal.h"
#include "platform/format/json_write.h"
#include "platform/format/utf8.h"
#include "platform/pages/pages.h"

#define SIG_CHARS_MAX 500
#define DAYS_MAX      365

static const struct err *
decided(void)
{
	return ERR(ERR_CONFLICT, TR("This renewal was decided or taken back meanwhile. Look at it again."),
	    "the renewal moved on");
}

fallible
renewal_may_decide(struct cx *cx, facility_id facility, bool *yes)
{
	struct facility_settings settings;
	struct account account;

	TRY(account_get(cx, cx->who.account, &account));
	TRY(facility_settings_get(cx, facility, &settings));
	*yes = account.role == ROLE_PHYSICIAN || account.role == ROLE_PHARMACIST ||
	       (account.role == ROLE_NURSE && settings.nurses_renew);
	return NULL;
}

/* ---- the new prescription ---- */

static bool
is_one_of(str name, const char *const *names)
{
	for (; *names; names++)
		if (str_equal(name, str_from_z(*names)))
			return true;
	return false;
}

static void
put_reference(struct json_writer *w, const char *name, const char *type, str id)
{
	json_put_object(w, name);
	json_put_text(w, "reference", arena_printf(w->out->arena, "%s/%.*s", type, STR_ARG(id)));
	json_write_end(w);
}

static void
put_number(struct json_writer *w, const char *name, int64_t value, str unit)
{
	json_put_object(w, name);
	json_put_int64(w, "value", value);
	json_put_text(w, "unit", unit);
	json_write_end(w);
}

static void
put_supply(struct json_writer *w, const struct prescription *p, const struct renewal_decision *d, instant now)
{
	int64_t quantity = d->quantity ? d->quantity : p->quantity, days = d->days ? d->days : p->days;
	int64_t refills = d->refills != RX_NOT_SAID ? d->refills : p->allowed != RX_NOT_SAID ? p->allowed : 0;

	json_put_object(w, "dispenseRequest");
	json_put_object(w, "validityPeriod");
	json_put_text(w, "start", fhir_instant_text(w->out->arena, now));
	json_put_text(w, "end", fhir_instant_text(w->out->arena, instant_add_ms(now, RX_VALID_DAYS * DAY_MS)));
	json_write_end(w);
	json_put_int64(w, "numberOfRepeatsAllowed", refills);
	if (quantity)
		put_number(w, "quantity", quantity, p->unit);
	if (days) {
		json_put_object(w, "expectedSupplyDuration");
		json_put_int64(w, "value", days);
		json_put_text(w, "unit", S("days"));
		json_put_text(w, "system", S("http://unitsofmeasure.org"));
		json_put_text(w, "code", S("d"));
		json_write_end(w);
	}
	json_write_end(w);
}

/* The old one as it is, with what a renewal makes new. */
static str
new_json(struct cx *cx, const struct json_value *old, const struct prescription *p, const struct renewal_decision *d,
    str id, str signer)
{
	static const char *const anew[] = {"id", "meta", "text", "status", "statusReason", "authoredOn", "identifier",
	    "priorPrescription", "requester", "recorder", "dispenseRequest", "encounter", "note", NULL};
	struct buf out = BUF_INIT(cx->arena);
	struct json_writer w_ = JSON_WRITER(&out), *w = &w_;

	json_write_object(w);
	json_each_member (old, member) {
		if (is_one_of(json_name(member), anew) ||
		    (d->sig.n && str_equal(json_name(member), S("dosageInstruction"))))
			continue;
		json_write_name(w, json_name(member));
		json_write_raw(w, json_source(member));
	}
	json_put_text(w, "id", id);
	json_put_text(w, "status", S("active"));
	json_put_text(w, "authoredOn", fhir_instant_text(cx->arena, cx->now));
	put_reference(w, "priorPrescription", "MedicationRequest", p->id);
	json_put_object(w, "requester");
	json_put_text(w, "display", signer);
	json_write_end(w);
	if (d->sig.n) {
		json_put_array(w, "dosageInstruction");
		json_write_object(w);
		json_put_text(w, "text", d->sig);
		json_write_end(w);
		json_write_end(w);
	}
	put_supply(w, p, d, cx->now);
	json_write_end(w);
	json_write_done(w);
	return buf_str(&out);
}

static str
ended_json(struct cx *cx, const struct json_value *old)
{
	static const char *const anew[] = {"status", "statusReason", NULL};
	struct buf out = BUF_INIT(cx->arena);
	struct json_writer w_ = JSON_WRITER(&out), *w = &w_;

	json_write_object(w);
	json_each_member (old, member)
		if (!is_one_of(json_name(member), anew)) {
			json_write_name(w, json_name(member));
			json_write_raw(w, json_source(member));
		}
	json_put_text(w, "status", S("completed"));
	json_put_object(w, "statusReason");
	json_put_text(w, "text", S("renewed"));
	json_write_end(w);
	json_write_end(w);
	json_write_done(w);
	return buf_str(&out);
}

str
rx_provenance_json(struct cx *cx, str id, const char *type, str target, str source, str signer)
{
	struct buf out = BUF_INIT(cx->arena);
	struct json_writer w_ = JSON_WRITER(&out), *w = &w_;

	json_write_object(w);
	json_put_text(w, "resourceType", S("Provenance"));
	json_put_text(w, "id", id);
	json_put_array(w, "target");
	json_write_object(w);
	json_put_text(w, "reference", arena_printf(cx->arena, "%s/%.*s", type, STR_ARG(target)));
	json_write_end(w);
	json_write_end(w);
	json_put_text(w, "recorded", fhir_instant_text(cx->arena, cx->now));
	json_put_array(w, "agent");
	json_write_object(w);
	json_put_object(w, "type");
	json_put_array(w, "coding");
	json_write_object(w);
	json_put_text(w, "system", S("http://terminology.hl7.org/CodeSystem/provenance-participant-type"));
	json_put_text(w, "code", S("author"));
	json_write_end(w);
	json_write_end(w);
	json_write_end(w);
	json_put_object(w, "who");
	json_put_text(w, "display", signer);
	json_write_end(w);
	json_write_end(w);
	json_write_end(w);
	if (source.n) {
		json_put_array(w, "entity");
		json_write_object(w);
		json_put_text(w, "role", S("source"));
		json_put_object(w, "what");
		json_put_text(w, "reference", source);
		json_write_end(w);
		json_write_end(w);
		json_write_end(w);
	}
	json_write_end(w);
	json_write_done(w);
	return buf_str(&out);
}

fallible
rx_draft(struct cx *cx, patient_id patient, str text, str id, struct resource_draft **out)
{
	const struct json_value *json;

	TRY(json_parse(cx->arena, text, &json, NULL));
	return resource_prepare(
	    cx, &(struct resource_new){.patient = patient, .json = json, .id = id, .updated = cx->now}, out);
}

fallible
rx_signer(struct cx *cx, str *out)
{
	struct account account;

	TRY(account_get(cx, cx->who.account, &account));
	*out = account.title.n ? arena_printf(cx->arena, "%.*s, %.*s", STR_ARG(account.name), STR_ARG(account.title))
	                       : account.name;
	return NULL;
}

/* ---- deciding ---- */

struct deciding {
	struct renewal sealed;
	struct resource_draft *drafts[3];
	size_t draft_count;
	struct refill_start first; /* the first fill of what was renewed */
	bool fills;
	enum access_why why;
};

static const struct err *
decide(struct tx *tx, void *arg)
{
	struct deciding *in = arg;
	struct resource_put_result results[3];
	bool changed;

	TRY(access_check_write(tx->cx, in->sealed.patient, &in->why));
	TRY(renewal_row_put(tx, &in->sealed, &changed));
	if (!changed)
		return decided();
	TRY(thread_buttons_put(tx, in->sealed.patient, in->sealed.id, NULL, 0));
	if (in->draft_count)
		TRY(resource_put_all(tx, in->drafts, in->draft_count, results));
	if (in->fills) {
		in->first.why = in->why;
		TRY(refill_start(tx, &in->first));
	}
	audit_add(tx, &(struct audit){.action = AUDIT_ANSWER,
			  .subject = AUDIT_REFILL,
			  .patient = in->sealed.patient,
			  .item = in->sealed.id.v,
			  .why = (int)in->why});
	return NULL;
}

static fallible
prepare_new(struct cx *cx, const struct prescription *p, const struct renewal_decision *d, struct deciding *in)
{
	struct resource old;
	const struct json_value *json, *made;
	struct resource fresh;
	struct prescription next;
	struct uuid id = uuid_new(cx->now), provenance = uuid_new(cx->now);
	str signer, text, name = uuid_text(cx->arena, id);
	bool take;

	TRY(rx_signer(cx, &signer));
	TRY(resource_get(cx, RESOURCE_MEDICATION_REQUEST, p->id, &old));
	TRY(json_parse(cx->arena, old.body, &json, NULL));
	text = new_json(cx, json, p, d, name, signer);
	TRY(rx_draft(cx, p->patient, text, name, &in->drafts[0]));
	TRY(rx_draft(cx, p->patient, ended_json(cx, json), p->id, &in->drafts[1]));
	TRY(rx_draft(cx, p->patient,
	    rx_provenance_json(cx, uuid_text(cx->arena, provenance), "MedicationRequest", name,
		arena_printf(cx->arena, "MedicationRequest/%.*s", STR_ARG(p->id)), signer),
	    uuid_text(cx->arena, provenance), &in->drafts[2]));
	in->draft_count = 3;
	in->sealed.made_request = name;
	TRY(json_parse(cx->arena, text, &made, NULL));
	fresh = (struct resource){
	    .patient = p->patient, .type = RESOURCE_MEDICATION_REQUEST, .key = id, .id = name, .updated = cx->now};
	prescription_read(cx, &fresh, made, &next, &take);
	next.who = p->who;
	in->fills = true;
	return refill_prepare(cx, &next, uuid_new(cx->now), &in->first);
}

static fallible
check(struct cx *cx, const struct renewal *w, const struct renewal_decision *d, struct renewal_decision *out)
{
	bool may;

	*out = *d;
	out->words = str_trim(d->words);
	out->sig = str_trim(d->sig);
	TRY(renewal_may_decide(cx, w->facility, &may));
	if (!may && d->state != RENEWAL_DENIED)
		return ERR(ERR_DENIED, TR("A physician or pharmacist must sign a renewal."), "may not sign renewals");
	if (d->state != RENEWAL_APPROVED && !out->words.n)
		return ERR(ERR_INVALID, TR("Say in a few words why. The patient reads it."), "no reason");
	if (utf8_count(out->words) > REFILL_REASON_CHARS_MAX || !utf8_is_clean_text(out->words) ||
	    utf8_count(out->sig) > SIG_CHARS_MAX || !utf8_is_clean_text(out->sig))
		return ERR(ERR_INVALID, TR("Write at most 500 characters."), "too many words");
	if (d->state != RENEWAL_CHANGED) {
		out->sig = STR_NONE;
		out->quantity = out->days = 0;
		out->refills = RX_NOT_SAID;
		return NULL;
	}
	if (d->quantity < 0 || d->days < 0 || d->days > DAYS_MAX || d->refills < RX_NOT_SAID ||
	    d->refills > RENEWAL_REFILLS_MAX)
		return ERR(ERR_INVALID, TR("Give an amount, at most 365 days, and at most 11 refills."), "odd numbers");
	if (!out->sig.n && !d->quantity && !d->days && d->refills == RX_NOT_SAID)
		return ERR(ERR_INVALID, TR("Say what changes, or approve it as it is."), "nothing changes");
	return NULL;
}

/* In the language of the patient. */
static fallible
answer_words(struct cx *cx, const struct renewal *w, const struct renewal_decision *d, str *out)
{
	struct page_cx page = {.arena = cx->arena, .lang = LANG_EN}, *px = &page;
	struct buf text = BUF_INIT(cx->arena);
	struct account account;
	bool found;

	TRY(account_of_patient(cx, w->patient, &account, &found));
	if (found)
		page.lang = account.lang;
	if (d->state == RENEWAL_DENIED) {
		buf_add(&text, TF1("Your prescription was not renewed: %1", w->title));
	} else {
		buf_add(&text, TF1("Your prescription was renewed: %1", w->title));
		buf_printf(&text, "\n%.*s",
		    STR_ARG(T("The pharmacy was asked to fill it. You can follow it under Medicines.")));
	}
	if (d->sig.n)
		buf_printf(&text, "\n%.*s", STR_ARG(TF1("Take it like this now: %1", d->sig)));
	if (d->words.n)
		buf_printf(&text, "\n\n%.*s", STR_ARG(d->words));
	*out = buf_str(&text);
	return NULL;
}

fallible
renewal_decide(struct cx *cx, thread_id id, const struct renewal_decision *decision)
{
	struct deciding in = {0};
	struct renewal w;
	struct renewal_decision d;
	struct prescription p;
	struct sent sent;
	enum access_why why;
	const struct err *error;
	str body;

	TRY(renewal_get(cx, id, &w));
	TRY(access_check(cx, w.patient, RIGHT_RECORD_READ, &why));
	if (why != ACCESS_CARE_TEAM)
		return GONE;
	if (w.state != RENEWAL_ASKED)
		return decided();
	TRY(check(cx, &w, decision, &d));
	TRY(prescription_get(cx, w.patient, w.request, &p));
	in.sealed = w;
	in.sealed.state = d.state;
	in.sealed.answered = cx->now;
	in.sealed.answered_by = cx->who.account;
	in.sealed.answer = STR_NONE;
	if (d.words.n)
		TRY(vault_seal(cx, w.patient, renewal_place(id, "renewal.answer"), d.words, &in.sealed.answer));
	if (d.state != RENEWAL_DENIED)
		TRY(prepare_new(cx, &p, &d, &in));
	TRY(answer_words(cx, &w, &d, &body));
	TRY(thread_reply(cx,
	    &(struct thread_reply){
		.key = uuid_new(cx->now), .thread = id, .body = body, .with = decide, .with_arg = &in},
	    &sent));
	live_waiting(cx, w.patient, w.team, COUNT_RX);
	/* Answered; that it is complete too is a convenience, and nobody is hurt when it has to be done by hand. */
	error = thread_complete(cx, &(struct thread_complete){.thread = id, .how = COMPLETED_ANSWERED});
	return error && error->code == ERR_CONFLICT ? NULL : error;
}
