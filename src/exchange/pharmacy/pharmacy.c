/* SPDX-License-Identifier: Apache-2.0 */
/* Which pharmacy, handing requests over, and asking after them.  Whatever goes wrong on the way ends where a person sees it: with
 * the request, as a problem of its care team. */
#include "exchange/pharmacy/pharmacy_internal.h"
#include "platform/format/json_write.h"
#include "platform/http/outbound.h"

#define ASKED_MAX 5000 /* requests looked at in one run */

const struct pharmacy_form pharmacy_forms[] = {
    {"simulated", simulated_send, simulated_ask},
    {"fhir", fhir_pharmacy_send, fhir_pharmacy_ask},
    {0},
};

static const struct pharmacy_form *
form_find(str name)
{
	for (const struct pharmacy_form *form = pharmacy_forms; form->name; form++)
		if (str_equal(name, str_from_z(form->name)))
			return form;
	return NULL;
}

/* ---- settings ---- */

static struct seal_place
settings_place(void)
{
	return (struct seal_place){.table = "installation.pharmacy"};
}

static const struct err *
store_settings(struct tx *tx, void *arg)
{
	audit_add(tx, &(struct audit){.action = AUDIT_ADMINISTER, .subject = AUDIT_FACILITY});
	return pharmacy_row_put(tx, *(str *)arg);
}

fallible
pharmacy_settings_set(struct cx *cx, const struct pharmacy_settings *s)
{
	struct buf text = BUF_INIT(cx->arena);
	struct json_writer w = JSON_WRITER(&text);
	patient_id nobody = {{{0}}};
	str sealed;

	if (!form_find(s->form) && !str_equal(s->form, S("none")))
		return ERR(ERR_INVALID, "The form must be fhir, simulated or none.", "no such form of pharmacy");
	if (str_equal(s->form, S("fhir")) && !outbound_url_ok(s->url))
		return ERR(
		    ERR_INVALID, "Give the FHIR base address, such as https://pharmacy.example.org/fhir.", "bad url");
	if (str_equal(s->form, S("fhir")) && !outbound_token_ok(s->token))
		return ERR(ERR_INVALID, "The token must be one line without blanks.", "bad token");
	if (s->every_ms < SECOND_MS || s->every_ms > DAY_MS || s->day_ms < SECOND_MS || s->day_ms > DAY_MS)
		return ERR(ERR_INVALID, "Times must be from a second to a day.", "bad times");
	json_write_object(&w);
	json_put_text(&w, "form", s->form);
	json_put_text(&w, "url", s->url);
	json_put_text(&w, "token", s->token);
	json_put_int64(&w, "every", s->every_ms);
	json_put_int64(&w, "seed", s->seed);
	json_put_int64(&w, "day", s->day_ms);
	json_write_end(&w);
	json_write_done(&w);
	TRY(vault_seal(cx, nobody, settings_place(), buf_str(&text), &sealed));
	return db_write(cx, store_settings, &sealed);
}

fallible
pharmacy_settings_get(struct cx *cx, struct pharmacy_settings *out)
{
	const struct json_value *json;
	patient_id nobody = {{{0}}};
	str sealed, text;
	bool found, simulated;

	*out =
	    (struct pharmacy_settings){.form = S("none"), .every_ms = PHARMACY_EVERY_MS, .seed = 1, .day_ms = DAY_MS};
	TRY(pharmacy_row_get(cx, &sealed, &found));
	if (!found) {
		TRY(simulated_is(cx, &simulated));
		if (simulated)
			out->form = S("simulated");
		return NULL;
	}
	TRY(vault_open_text(cx, nobody, settings_place(), sealed, &text));
	TRY(json_parse(cx->arena, text, &json, NULL));
	out->form = json_text_at(json, "form");
	out->url = json_text_at(json, "url");
	out->token = json_text_at(json, "token");
	json_to_int64(json_get(json, "every"), &out->every_ms);
	json_to_int64(json_get(json, "seed"), &out->seed);
	json_to_int64(json_get(json, "day"), &out->day_ms);
	return NULL;
}

/* ---- handing over ---- */

/* Of this try: the same again is the same word. */
static struct uuid
key_of(struct cx *cx, const struct refill *refill, enum refill_event_kind event)
{
	return vault_blind(cx->vault, "pharmacy.line",
	    arena_printf(cx->arena, "%.*s %lld %d", STR_ARG(uuid_text(cx->arena, refill->id.v)),
		(long long)refill->tries, (int)event));
}

static fallible
note(struct cx *cx, const struct refill *refill, enum refill_event_kind event, str words)
{
	return refill_note(cx,
	    &(struct refill_news){
		.key = key_of(cx, refill, event), .refill = refill->id, .event = event, .at = cx->now, .words = words});
}

fallible
pharmacy_deliver(struct cx *cx, const struct outbox_item *item)
{
	struct pharmacy_settings settings;
	const struct pharmacy_form *form;
	const struct err *error;
	struct refill refill;
	bool found, sent = false;

	TRY(refill_to_send(cx, item, &refill, &found));
	if (found) /* delivered before, and died before that was noted with the item */
		TRY(refill_was_noted(cx, &refill, key_of(cx, &refill, REFILL_EV_SENT), &sent));
	if (!found || sent)
		return NULL;
	TRY(pharmacy_settings_get(cx, &settings));
	form = form_find(settings.form);
	if (!form)
		return note(cx, &refill, REFILL_EV_REFUSED, S("No pharmacy is connected here."));
	audit_add_read(cx, &(struct audit){.action = AUDIT_HAND_OVER,
			       .subject = AUDIT_REFILL,
			       .patient = refill.patient,
			       .item = refill.id.v,
			       .why = ACCESS_SYSTEM});
	TRY(db_journal_flush(cx)); /* before anything leaves */
	error = form->send(cx, &settings, &refill);
	if (!error)
		return note(cx, &refill, REFILL_EV_SENT, STR_NONE);
	if (error->code == ERR_INVALID)
		return note(cx, &refill, REFILL_EV_REFUSED, str_from_z(error->say));
	if (error->code == ERR_BUSY && cx->now.ms - item->made.ms >= PHARMACY_GIVE_UP_MS)
		return note(cx, &refill, REFILL_EV_REFUSED, S("The pharmacy could not be reached for a day."));
	return error;
}

/* ---- asking ---- */

/* Every request has its turn once in every_ms. */
static bool
is_turn(const struct pharmacy_settings *settings, const struct refill *refill, instant now)
{
	int64_t turns = settings->every_ms / PHARMACY_TICK_MS;
	int64_t own = refill->id.v.bytes[15] * 256 + refill->id.v.bytes[14];

	return turns <= 1 || (now.ms / PHARMACY_TICK_MS + own) % turns == 0;
}

static fallible
ask_some(struct cx *cx, bool all)
{
	struct pharmacy_settings settings;
	const struct pharmacy_form *form;
	const struct refill *refill;
	struct db_rows rows;

	TRY(pharmacy_settings_get(cx, &settings));
	form = form_find(settings.form);
	if (!form)
		return NULL;
	TRY(refills_at_pharmacy(cx, ASKED_MAX, &rows));
	db_refresh(cx); /* answers may take their time: hold no snapshot */
	refill = rows.items;
	for (size_t i = 0; i < rows.count; i++) {
		const struct err *error;

		if (cx->stopping && *cx->stopping)
			return NULL;
		if (!all && !is_turn(&settings, &refill[i], cx->now))
			continue;
		error = form->ask(cx, &settings, &refill[i]);
		if (error && error->code == ERR_BUSY)
			return NULL; /* away: all of them later */
		if (error)
			LOG(LOG_WARN, "pharmacy", LOG_UUID("refill", refill[i].id.v),
			    LOG_Z("code", err_code_name(error->code)));
	}
	return NULL;
}

fallible
pharmacy_ask(struct cx *cx)
{
	return ask_some(cx, false);
}

fallible
pharmacy_ask_all(struct cx *cx)
{
	return ask_some(cx, true);
}
