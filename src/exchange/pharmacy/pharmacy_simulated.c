/* SPDX-License-Identifier: Apache-2.0 */
/* A pharmacy that is none: it ships, hands out, fills a part, refuses, is slow, is silent, says things twice, fills twice, and is
 * away at times.  What it does follows from the seed and the request alone, so that it needs no memory and a test can foresee
 * it. */
#include "exchange/pharmacy/pharmacy_internal.h"
#include "platform/format/json_write.h"

#define PHARMACY_NAME "Mail pharmacy (simulated)"

/* splitmix64's last step: an even spread from any number. */
static uint64_t
mix(uint64_t z)
{
	z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9ULL;
	z = (z ^ (z >> 27)) * 0x94d049bb133111ebULL;
	return z ^ (z >> 31);
}

static uint64_t
chance(int64_t seed, refill_id refill, uint64_t what)
{
	uint64_t z = (uint64_t)seed * 0x9e3779b97f4a7c15ULL + what;

	for (size_t i = 0; i < sizeof(refill.v.bytes); i++)
		z = mix(z + refill.v.bytes[i] + 0x9e3779b97f4a7c15ULL);
	return z;
}

enum simulated_plan
simulated_plan_of(int64_t seed, refill_id refill)
{
	static const int weights[SIMULATED_PLANS] = {50, 12, 10, 10, 8, 5, 5}; /* of 100 */
	int dice = (int)(chance(seed, refill, 1) % 100), plan = 0;

	while (dice >= weights[plan])
		dice -= weights[plan++];
	return (enum simulated_plan)plan;
}

/* An eighth of the half days. */
bool
simulated_is_down(const struct pharmacy_settings *settings, instant now)
{
	uint64_t half_day = (uint64_t)(now.ms / (settings->day_ms / 2));

	return mix(half_day * 0x9e3779b97f4a7c15ULL + (uint64_t)settings->seed) % 8 == 0;
}

static const char *
reason_of(int64_t seed, refill_id refill)
{
	static const char *const reasons[] = {"It is too soon: the last fill still lasts.",
	    "The insurance did not approve it.", "The prescriber must be asked first.", "It is not in stock."};

	return reasons[chance(seed, refill, 2) % (sizeof(reasons) / sizeof(reasons[0]))];
}

/* In tenths of its days. */
struct step {
	enum refill_event_kind event;
	int tenths, dispense, part; /* part: tenths of the quantity */
	const char *words;
};
static const struct step plans[SIMULATED_PLANS][6] = {
    [PLAN_SHIPS] = {{REFILL_EV_ACKNOWLEDGED, 1}, {REFILL_EV_FILLED, 8, 1, 10}, {REFILL_EV_SHIPPED, 14},
	{REFILL_EV_ARRIVED, 50}},
    [PLAN_PICK_UP] = {{REFILL_EV_ACKNOWLEDGED, 1}, {REFILL_EV_FILLED, 4, 1, 10}, {REFILL_EV_READY, 5},
	{REFILL_EV_ARRIVED, 25}},
    [PLAN_PART] = {{REFILL_EV_ACKNOWLEDGED, 2},
	{REFILL_EV_PART, 8, 1, 3, "Only a part was in stock. The rest is on order."}, {REFILL_EV_FILLED, 24, 2, 7},
	{REFILL_EV_SHIPPED, 28}, {REFILL_EV_ARRIVED, 60}},
    [PLAN_REJECTS] = {{REFILL_EV_ACKNOWLEDGED, 1}, {REFILL_EV_REJECTED, 6}},
    [PLAN_SLOW] = {{REFILL_EV_ACKNOWLEDGED, 1}, {REFILL_EV_FILLED, 52, 1, 10}, {REFILL_EV_SHIPPED, 58},
	{REFILL_EV_ARRIVED, 90}},
    [PLAN_SILENT] = {{REFILL_EV_ACKNOWLEDGED, 1}, {REFILL_EV_FILLED, 6, 1, 10}, {REFILL_EV_SHIPPED, 10},
	{REFILL_EV_ARRIVED, 40}},
    [PLAN_TWICE] = {{REFILL_EV_ACKNOWLEDGED, 1}, {REFILL_EV_FILLED, 8, 1, 10}, {REFILL_EV_SHIPPED, 12},
	{REFILL_EV_FILLED, 16, 3, 10}, {REFILL_EV_ARRIVED, 50}},
};

size_t
simulated_words(const struct pharmacy_settings *settings, const struct refill *refill, instant now,
    struct simulated_word out[SIMULATED_WORDS_MAX])
{
	enum simulated_plan plan = simulated_plan_of(settings->seed, refill->id);
	instant from = plan == PLAN_SILENT ? refill->chased : refill->sent;
	size_t count = 0;

	if (instant_is_none(refill->sent) || instant_is_none(from) || (plan == PLAN_SILENT && refill->tries < 2))
		return 0;
	for (const struct step *step = plans[plan]; step->event != REFILL_EV_ASKED; step++) {
		struct simulated_word one = {.event = step->event,
		    .at = instant_add_ms(from, step->tenths * settings->day_ms / 10),
		    .filled = refill->asked * step->part / 10,
		    .dispense = step->dispense,
		    .words = str_from_z(step->words)};

		if (instant_before(now, one.at))
			break;
		if (step->event == REFILL_EV_REJECTED)
			one.words = str_from_z(reason_of(settings->seed, refill->id));
		if (step->part == 7)
			one.filled = refill->asked - refill->asked * 3 / 10;
		if (step->event == REFILL_EV_SHIPPED)
			one.tracking = S("USPS\n");
		out[count++] = one;
		/* A third of what it says it says twice. */
		if (chance(settings->seed, refill->id, 10 + (uint64_t)step->event) % 3 == 0) {
			one.copy = 1;
			out[count++] = one;
		}
	}
	return count;
}

fallible
simulated_send(struct cx *cx, const struct pharmacy_settings *settings, const struct refill *refill)
{
	(void)refill; /* it needs no telling: what it does follows from the request */
	if (simulated_is_down(settings, cx->now))
		return ERR(ERR_BUSY, "The pharmacy cannot be reached.", "the simulated pharmacy is down");
	return NULL;
}

/* ---- its words as news ---- */

static struct uuid
name_of(struct cx *cx, const struct refill *refill, const char *what, int n)
{
	struct uuid id = vault_blind(cx->vault, "pharmacy.simulated",
	    arena_printf(cx->arena, "%.*s %s %d", STR_ARG(uuid_text(cx->arena, refill->id.v)), what, n));

	id.bytes[6] = (unsigned char)((id.bytes[6] & 0x0f) | 0x80); /* version 8: of a hash (RFC 9562) */
	id.bytes[8] = (unsigned char)((id.bytes[8] & 0x3f) | 0x80);
	return id;
}

static void
put_reference(struct json_writer *w, const char *name, const char *type, str id)
{
	if (name)
		json_put_object(w, name);
	else
		json_write_object(w);
	json_put_text(w, "reference", arena_printf(w->out->arena, "%s/%.*s", type, STR_ARG(id)));
	json_write_end(w);
}

static str
dispense_json(struct cx *cx, const struct refill *refill, const struct json_value *request, str patient,
    const struct simulated_word *word)
{
	struct buf out = BUF_INIT(cx->arena);
	struct json_writer w_ = JSON_WRITER(&out), *w = &w_;
	int64_t days = 0;

	json_write_object(w);
	json_put_text(w, "resourceType", S("MedicationDispense"));
	json_put_text(w, "id", uuid_text(cx->arena, name_of(cx, refill, "dispense", word->dispense)));
	json_put_text(w, "status", S("completed"));
	json_put_raw(w, "medicationCodeableConcept", json_source(json_get(request, "medicationCodeableConcept")));
	json_put_raw(w, "medicationReference", json_source(json_get(request, "medicationReference")));
	put_reference(w, "subject", "Patient", patient);
	json_put_array(w, "performer");
	json_write_object(w);
	json_put_object(w, "actor");
	json_put_text(w, "display", S(PHARMACY_NAME));
	json_write_end(w);
	json_write_end(w);
	json_write_end(w);
	json_put_array(w, "authorizingPrescription");
	put_reference(w, NULL, "MedicationRequest", refill->request);
	json_write_end(w);
	if (word->filled) {
		json_put_object(w, "quantity");
		json_put_int64(w, "value", word->filled);
		json_write_end(w);
	}
	if (json_to_int64(json_path(request, "dispenseRequest.expectedSupplyDuration.value"), &days) && days > 0 &&
	    refill->asked) {
		json_put_object(w, "daysSupply");
		json_put_int64(w, "value", days * word->filled / refill->asked);
		json_put_text(w, "unit", S("days"));
		json_put_text(w, "system", S("http://unitsofmeasure.org"));
		json_put_text(w, "code", S("d"));
		json_write_end(w);
	}
	json_put_text(w, "whenHandedOver", fhir_instant_text(cx->arena, word->at));
	json_write_end(w);
	json_write_done(w);
	return buf_str(&out);
}

static fallible
say(struct cx *cx, const struct pharmacy_settings *settings, const struct refill *refill,
    const struct json_value *request, str patient, const struct simulated_word *word)
{
	struct refill_news news = {
	    .key = name_of(cx, refill, "word", (int)word->event * 100 + word->dispense * 10 + word->copy),
	    .refill = refill->id,
	    .event = word->event,
	    .at = word->at,
	    .words = word->words,
	    .filled = word->filled};

	if (word->tracking.n)
		news.tracking = arena_printf(
		    cx->arena, "USPS\n94%020llu", (unsigned long long)chance(settings->seed, refill->id, 3));
	if (word->dispense)
		TRY(json_parse(cx->arena, dispense_json(cx, refill, request, patient, word), &news.dispense, NULL));
	return refill_note(cx, &news);
}

fallible
simulated_ask(struct cx *cx, const struct pharmacy_settings *settings, const struct refill *refill)
{
	struct simulated_word words[SIMULATED_WORDS_MAX];
	size_t count = simulated_words(settings, refill, cx->now, words);
	const struct json_value *request = NULL;
	struct resource resource;
	str patient;

	if (simulated_is_down(settings, cx->now))
		return ERR(ERR_BUSY, "The pharmacy cannot be reached.", "the simulated pharmacy is down");
	if (!count)
		return NULL;
	TRY(resource_get(cx, RESOURCE_MEDICATION_REQUEST, refill->request, &resource));
	TRY(json_parse(cx->arena, resource.body, &request, NULL));
	TRY(rx_patient_id(cx, refill->patient, &patient));
	for (size_t i = 0; i < count; i++)
		TRY(say(cx, settings, refill, request, patient, &words[i]));
	return NULL;
}
