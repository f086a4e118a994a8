/* SPDX-License-Identifier: Apache-2.0 */
/* What the pharmacy handed over, and what the last days brought: refills on their way, some that do not move, renewals that wait
 * and some that were signed, medicines that patients take otherwise. */
#include "exchange/pharmacy/pharmacy.h"
#include "exchange/simulate/sim_internal.h"

#define REFILL_DAYS      9 /* how far back requests go */
#define REFILLS_MAX      3 /* of one patient */
#define RENEWALS_MAX_SIM 2

/* ---- fills ---- */

/* A stream of its own, of the prescription's id. */
static struct sim_random
stream_of(struct uuid id)
{
	uint64_t seed = 0;

	for (size_t i = 0; i < sizeof(id.bytes); i++)
		seed = seed * 31 + id.bytes[i];
	return sim_branch(seed, 7);
}

static void
put_number(struct json_writer *w, struct uuid prescription)
{
	struct sim_random r = stream_of(prescription);

	json_put_array(w, "identifier");
	json_write_object(w);
	json_put_text(w, "system", S("https://pharmacy.example.org/prescription"));
	json_put_text(w, "value", arena_printf(w->out->arena, "%07lld", (long long)sim_between(&r, 1000000, 9999999)));
	json_write_end(w);
	json_write_end(w);
}

static void
put_look(struct json_writer *w, const char *look)
{
	if (!look)
		return;
	json_put_array(w, "contained");
	json_write_object(w);
	json_put_text(w, "resourceType", S("MedicationKnowledge"));
	json_put_text(w, "id", S("look"));
	json_put_array(w, "drugCharacteristic");
	json_write_object(w);
	json_put_text(w, "valueString", str_from_z(look));
	json_write_end(w);
	json_write_end(w);
	json_write_end(w);
	json_write_end(w);
	json_put_array(w, "supportingInformation");
	json_write_object(w);
	json_put_text(w, "reference", S("#look"));
	json_write_end(w);
	json_write_end(w);
}

static void
fill(struct sim *sim, const struct sim_patient *patient, const struct sim_medicine *medicine, struct uuid prescription,
    struct uuid id, instant at)
{
	struct json_writer w;
	struct buf json = BUF_INIT(sim->cx->arena);

	sim_begin(&w, &json, "MedicationDispense", id);
	put_look(&w, medicine->look);
	json_put_text(&w, "status", S("completed"));
	sim_concept(&w, "medicationCodeableConcept", SIM_RXNORM, medicine->rxnorm, medicine->display, NULL);
	sim_reference(&w, "subject", "Patient", patient->id.v, STR_NONE);
	json_put_array(&w, "performer");
	json_write_object(&w);
	json_put_object(&w, "actor");
	json_put_text(&w, "display", S("Clinic pharmacy"));
	json_write_end(&w);
	json_write_end(&w);
	json_write_end(&w);
	json_put_array(&w, "authorizingPrescription");
	sim_reference(&w, NULL, "MedicationRequest", prescription, STR_NONE);
	json_write_end(&w);
	json_put_object(&w, "quantity");
	json_put_int64(&w, "value", medicine->quantity);
	json_write_end(&w);
	json_put_object(&w, "daysSupply");
	json_put_int64(&w, "value", medicine->days);
	json_put_text(&w, "unit", S("days"));
	json_put_text(&w, "system", S("http://unitsofmeasure.org"));
	json_put_text(&w, "code", S("d"));
	json_write_end(&w);
	sim_time(&w, "whenHandedOver", at);
	json_write_end(&w);
	json_write_done(&w);
	sim_add(sim, patient->id, id, &json);
}

static void
fills(struct sim *sim, const struct sim_patient *patient, const struct sim_medicine *medicine, struct uuid prescription,
    instant from, int64_t refills, bool current)
{
	struct sim_random r = stream_of(prescription);
	int late = sim_chance(&r, 25) ? 30 : 4; /* days that this person lets pass, at most */
	instant at = instant_add_ms(from, HOUR_MS);
	int64_t done = 0;

	/* Of what is in use some keep a refill, so that there is something to ask for. */
	if (current && refills > 1 && sim_chance(&r, 50))
		refills--;
	for (; done <= refills && at.ms < sim->until.ms; done++) {
		fill(sim, patient, medicine, prescription, sim_uuid(&r), at);
		at = instant_add_ms(at, (medicine->days + sim_between(&r, -3, late)) * DAY_MS);
	}
}

void
sim_prescribe(struct sim *sim, const struct sim_patient *p, struct sim_random *r, const struct sim_order *order)
{
	const struct sim_person *doctor = &p->team->members[0];
	const struct sim_medicine *medicine = order->medicine;
	struct uuid id = sim_uuid(r);
	int64_t refills;
	struct json_writer w;
	struct buf json = BUF_INIT(sim->cx->arena);

	sim_begin(&w, &json, "MedicationRequest", id);
	put_number(&w, id);
	json_put_text(&w, "status", order->current ? S("active") : S("completed"));
	json_put_text(&w, "intent", S("order"));
	sim_concept(&w, "medicationCodeableConcept", SIM_RXNORM, medicine->rxnorm, medicine->display, NULL);
	sim_reference(&w, "subject", "Patient", p->id.v, STR_NONE);
	sim_reference(&w, "encounter", "Encounter", order->visit, STR_NONE);
	sim_time(&w, "authoredOn", order->at);
	sim_reference(&w, "requester", "Practitioner", doctor->practitioner, doctor->name);
	json_put_array(&w, "reasonCode");
	json_write_object(&w);
	json_put_text(&w, "text", str_from_z(order->for_what));
	json_write_end(&w);
	json_write_end(&w);
	json_put_array(&w, "dosageInstruction");
	json_write_object(&w);
	json_put_text(&w, "text", str_from_z(medicine->sig));
	json_write_end(&w);
	json_write_end(&w);
	json_put_object(&w, "dispenseRequest");
	json_put_object(&w, "validityPeriod");
	sim_day(&w, "start", order->at);
	sim_day(&w, "end", instant_add_ms(order->at, RX_VALID_DAYS * DAY_MS));
	json_write_end(&w);
	refills = sim_between(r, 0, 3);
	json_put_int64(&w, "numberOfRepeatsAllowed", refills);
	json_put_object(&w, "quantity");
	json_put_int64(&w, "value", medicine->quantity);
	json_write_end(&w);
	json_put_object(&w, "expectedSupplyDuration");
	json_put_int64(&w, "value", medicine->days);
	json_put_text(&w, "unit", S("days"));
	json_put_text(&w, "system", S("http://unitsofmeasure.org"));
	json_put_text(&w, "code", S("d"));
	json_write_end(&w);
	json_write_end(&w);
	json_write_end(&w);
	json_write_done(&w);
	sim_add(sim, p->id, id, &json);
	fills(sim, p, medicine, id, order->at, refills, order->current);
}

/* ---- requests ---- */

static struct cx
as(const struct sim *sim, const struct sim_patient *p, account_id account, bool patient, instant now)
{
	struct cx cx = *sim->cx;

	cx.conn = NULL;
	cx.now = now;
	cx.lang = LANG_EN;
	cx.who = (struct who){.is = patient ? WHO_PATIENT : WHO_CARE_TEAM,
	    .account = account,
	    .patient = patient ? p->id : (patient_id){{{0}}},
	    .staff = patient ? (staff_id){{{0}}} : (staff_id){account.v},
	    .facility = p->team->team.facility};
	return cx;
}

/* The request leaves as the job loop would take it, a minute later; what the pharmacy says of it comes when it is asked. */
static fallible
hand_over(struct sim *sim, const struct refill *refill)
{
	struct cx cx = *sim->cx;
	struct outbox_item item = {.kind = S(REFILL_OUTBOX_KIND),
	    .patient = refill->patient,
	    .payload =
		arena_printf(cx.arena, "{\"refill\":\"%.*s\",\"try\":1}", STR_ARG(uuid_text(cx.arena, refill->id.v))),
	    .made = refill->made};
	const struct err *error;

	cx.conn = NULL;
	cx.who = (struct who){.is = WHO_SYSTEM};
	for (int64_t hours = 0; hours < 24; hours += 4) { /* away: tried again later, as the job loop does */
		cx.now = instant_add_ms(refill->made, hours * HOUR_MS + MINUTE_MS);
		if (instant_before(sim->until, cx.now))
			return NULL; /* it goes when the clinic opens */
		error = pharmacy_deliver(&cx, &item);
		db_release(&cx);
		if (!error || error->code != ERR_BUSY)
			return error;
	}
	return NULL;
}

static fallible
ask_refill(struct sim *sim, const struct sim_patient *p, str prescription)
{
	instant at = instant_add_ms(sim->until, -sim_between(&sim->random, 1, REFILL_DAYS * 24) * HOUR_MS);
	struct cx cx = as(sim, p, p->account, true, at);
	struct refill_wish wish = {sim_uuid(&sim->random), prescription};
	struct refill_result result;
	const struct err *error = refills_ask(&cx, p->id, &wish, 1, &result);

	db_release(&cx);
	TRY(error);
	return NULL;
}

static fallible
ask_renewal(struct sim *sim, const struct sim_patient *p, str prescription)
{
	bool signs = sim_chance(&sim->random, 30);
	instant at = instant_add_ms(sim->until, -sim_between(&sim->random, signs ? 30 : 1, signs ? 90 : 40) * HOUR_MS);
	struct renewal_new in = {
	    .key = sim_uuid(&sim->random), .patient = p->id, .prescription = prescription, .team = p->team->team.id};
	struct renewal_decision yes = {.state = RENEWAL_APPROVED, .refills = RX_NOT_SAID};
	struct cx cx = as(sim, p, p->account, true, at);
	struct renewal renewal;
	const struct err *error = renewal_ask(&cx, &in, &renewal);

	db_release(&cx);
	if (error && error->code == ERR_INVALID) /* in the language of rules: this one is not renewed */
		return NULL;
	TRY(error);
	if (!signs)
		return NULL;
	cx = as(sim, p, p->team->members[0].account, false, instant_add_ms(at, 26 * HOUR_MS));
	error = renewal_decide(&cx, renewal.id, &yes);
	db_release(&cx);
	return error;
}

static fallible
say(struct sim *sim, const struct sim_patient *p, str prescription)
{
	instant at = instant_add_ms(sim->until, -sim_between(&sim->random, 1, 200) * HOUR_MS);
	struct cx cx = as(sim, p, p->account, true, at);
	bool also = sim_chance(&sim->random, 40);
	struct medicine_word m = {.patient = p->id,
	    .id = sim_uuid(&sim->random),
	    .request = also ? STR_NONE : arena_printf(sim->cx->arena, "MedicationRequest/%.*s", STR_ARG(prescription)),
	    .said = also ? SAID_ALSO : SAID_DIFFERENTLY,
	    .name = also ? S("Vitamin D") : STR_NONE,
	    .strength = also ? S("1000 units") : STR_NONE,
	    .how = also ? S("1 tablet every morning") : S("only every second day"),
	    .comment = also ? STR_NONE : S("It made me dizzy."),
	    .settled = INSTANT_NONE};
	const struct err *error = medicine_say(&cx, &m);

	db_release(&cx);
	return error;
}

/* All of them, those of renewals too. */
static fallible
hand_over_all(struct sim *sim, const struct sim_patient *p)
{
	struct cx cx = as(sim, p, p->account, true, sim->until);
	struct db_rows rows;
	const struct refill *refill;
	const struct err *error = refills_of_patient(&cx, p->id, &rows);

	db_release(&cx);
	TRY(error);
	refill = rows.items;
	for (size_t i = 0; i < rows.count; i++)
		if (refill[i].state == REFILL_SUBMITTED)
			TRY(hand_over(sim, &refill[i]));
	return NULL;
}

fallible
sim_medicines(struct sim *sim, const struct sim_patient *p)
{
	struct cx cx = as(sim, p, p->account, true, sim->until);
	bool shown = str_equal(p->login, S("patient")); /* the one whom the demonstration shows */
	const struct prescription *rx;
	struct db_rows rows;
	int refills = 0, renewals = 0;
	const struct err *error = prescriptions_load(&cx, p->id, &rows);

	db_release(&cx);
	TRY(error);
	rx = rows.items;
	for (size_t i = 0; i < rows.count; i++) {
		if (!rx[i].refusal && refills < REFILLS_MAX && sim_chance(&sim->random, 30)) {
			TRY(ask_refill(sim, p, rx[i].id));
			refills++;
		} else if (rx_needs_renewal(&rx[i]) && rx[i].renewal_refusal == RENEWAL_MAY &&
			   renewals < RENEWALS_MAX_SIM && sim_chance(&sim->random, shown ? 50 : 35)) {
			TRY(ask_renewal(sim, p, rx[i].id));
			renewals++;
		} else if (rx_status_is_active(rx[i].status) && sim_chance(&sim->random, 6)) {
			TRY(say(sim, p, rx[i].id));
		}
	}
	return hand_over_all(sim, p);
}
