/* SPDX-License-Identifier: Apache-2.0 */
#include "care/prescriptions/prescriptions_test_help.h"

static struct pharmacy_room *
later_than_all(struct pharmacy_room *r)
{
	r->world->cx.now = instant_add_ms(r->world->cx.now, 40 * DAY_MS);
	return r;
}

void
put_order(struct pharmacy_room *r, patient_id patient, const char *id, const char *title, int repeats, const char *more)
{
	struct arena *arena = &r->world->arena;
	instant at = instant_add_ms(r->world->cx.now, -200 * DAY_MS);

	put_text(r->world, patient,
	    arena_printf(arena,
		"{\"resourceType\":\"MedicationRequest\",\"id\":\"%s\",\"status\":\"active\",\"intent\":\"order\","
		"\"medicationCodeableConcept\":{\"text\":\"%s\"},\"subject\":{\"reference\":\"Patient/x\"},"
		"\"authoredOn\":\"%.*s\",\"requester\":{\"display\":\"Ada Okafor\"},"
		"\"dosageInstruction\":[{\"text\":\"Take 1 a day\"}],"
		"\"dispenseRequest\":{\"numberOfRepeatsAllowed\":%d,\"quantity\":{\"value\":90},"
		"\"expectedSupplyDuration\":{\"value\":90,\"code\":\"d\"}}%s}",
		id, title, STR_ARG(fhir_instant_text(arena, at)), repeats, more));
}

void
put_fill(struct pharmacy_room *r, patient_id patient, const char *id, const char *order, int days_ago, int days)
{
	struct arena *arena = &r->world->arena;
	instant at = instant_add_ms(r->world->cx.now, -days_ago * DAY_MS);

	put_text(r->world, patient,
	    arena_printf(arena,
		"{\"resourceType\":\"MedicationDispense\",\"id\":\"%s\",\"status\":\"completed\","
		"\"medicationCodeableConcept\":{\"text\":\"x\"},\"subject\":{\"reference\":\"Patient/x\"},"
		"\"authorizingPrescription\":[{\"reference\":\"MedicationRequest/%s\"}],"
		"\"quantity\":{\"value\":%d},\"daysSupply\":{\"value\":%d,\"code\":\"d\"},"
		"\"whenHandedOver\":\"%.*s\"}",
		id, order, days, days, STR_ARG(fhir_instant_text(arena, at))));
}

void
room_open(struct pharmacy_room *r, void **state)
{
	*r = (struct pharmacy_room){.world = *state};
	setup(r->world, &r->people);
	later_than_all(r);
	put_order(r, r->people.bo, "lis", "Lisinopril 10 mg tablet", 2, "");
	put_order(r, r->people.bo, "met", "Metformin 500 mg tablet", 0, "");
	put_order(r, r->people.bo, "ator", "Atorvastatin 40 mg tablet", 1, ",\"statusReason\":{\"text\":\"Parked\"}");
	put_order(r, r->people.maria, "warf", "Warfarin 5 mg tablet", 1, "");
	put_fill(r, r->people.bo, "lis-1", "lis", 85, 90);
	put_fill(r, r->people.bo, "met-1", "met", 85, 90);
}

struct prescription
rx_now(struct pharmacy_room *r, const char *id)
{
	struct cx bo = people_as(r->world, r->people.bo_account);
	struct prescription p;

	assert_ok(prescription_get(&bo, r->people.bo, str_from_z(id), &p));
	db_release(&bo);
	return p;
}

const struct err *
ask_as(struct pharmacy_room *r, account_id account, const char *id, struct uuid key, struct refill_result *out)
{
	struct cx cx = people_as(r->world, account);
	struct refill_wish wish = {key, str_from_z(id)};
	const struct err *error = refills_ask(&cx, cx.who.patient, &wish, 1, out);

	db_release(&cx);
	return error;
}

struct refill
ask_one(struct pharmacy_room *r, const char *id)
{
	struct refill_result result;

	assert_ok(ask_as(r, r->people.bo_account, id, uuid_new(r->world->cx.now), &result));
	assert_int_equal(result.outcome, REFILL_ASKED);
	return result.refill;
}

struct refill
refill_now(struct pharmacy_room *r, refill_id id)
{
	struct cx cx = world_cx(r->world);
	struct refill refill;
	bool found;

	assert_ok(refill_row_get(&cx, id, &refill, &found));
	assert_true(found);
	db_release(&cx);
	return refill;
}

const struct err *
pharmacy_says(
    struct pharmacy_room *r, refill_id id, enum refill_event_kind event, struct uuid key, const char *dispense)
{
	struct cx cx = world_cx(r->world);
	struct refill refill = refill_now(r, id);
	struct refill_news news = {.key = uuid_is_none(key) ? uuid_new(r->world->cx.now) : key,
	    .refill = id,
	    .event = event,
	    .at = r->world->cx.now};
	const struct err *error;

	cx.now = r->world->cx.now;
	if (event == REFILL_EV_REJECTED)
		news.words = S("Too soon.");
	if (dispense) {
		news.filled = 90;
		assert_ok(json_parse(cx.arena,
		    arena_printf(cx.arena,
			"{\"resourceType\":\"MedicationDispense\",\"id\":\"%s\",\"status\":\"completed\","
			"\"medicationCodeableConcept\":{\"text\":\"x\"},\"subject\":{\"reference\":\"Patient/x\"},"
			"\"authorizingPrescription\":[{\"reference\":\"MedicationRequest/%.*s\"}],"
			"\"quantity\":{\"value\":90},\"daysSupply\":{\"value\":90,\"code\":\"d\"},"
			"\"whenHandedOver\":\"%.*s\"}",
			dispense, STR_ARG(refill.request), STR_ARG(fhir_instant_text(cx.arena, cx.now))),
		    &news.dispense, NULL));
	}
	error = refill_note(&cx, &news);
	db_release(&cx);
	return error;
}

int64_t
fills_of(struct pharmacy_room *r, const char *order)
{
	return (int64_t)rx_now(r, order).done_count;
}

int64_t
rows_of(struct world *world, struct sql sql)
{
	struct cx cx = world_cx(world);
	int64_t count;

	assert_ok(db_one(&cx, sql, BIND_NONE, INTO(&count, ONE_INT)));
	db_release(&cx);
	return count;
}
