/* SPDX-License-Identifier: Apache-2.0 */
#include "care/appointments/appointments_test_help.h"

#define EVERY_DAY 127

static const struct err *
let_book(struct tx *tx, void *arg)
{
	return facility_setting_put(tx, *(facility_id *)arg, S("booking_open"), 1);
}

void
clinic_refresh(struct clinic *c)
{
	db_refresh(&c->world->cx);
	db_refresh(&c->maria);
	db_refresh(&c->ana);
	db_refresh(&c->root);
}

void
clinic_at(struct clinic *c, instant now)
{
	c->world->cx.now = c->maria.now = c->ana.now = c->root.now = now;
	clinic_refresh(c);
}

void
clinic_open(struct clinic *c, void **state, int64_t seats)
{
	*c = (struct clinic){.world = *state};
	setup(c->world, &c->people);
	c->team = c->people.maple;
	c->maria = people_as(c->world, c->people.maria_account);
	c->ana = people_as(c->world, c->people.ana);
	c->root = people_as(c->world, c->people.root);
	c->kind.v = uuid_new(c->world->cx.now);
	c->hours.v = uuid_new(c->world->cx.now);
	assert_ok(db_write(&c->world->cx, let_book, &c->people.facility.id));
	assert_ok(visit_kind_save(&c->root, &(struct visit_kind){.id = c->kind,
						.facility = c->people.facility.id,
						.name = S("Follow-up"),
						.prepare = S("Bring your medicines."),
						.minutes = 30,
						.mode = MODE_IN_PERSON,
						.bookable = true,
						.active = true}));
	assert_ok(schedule_save(&c->root, &(struct schedule){.id = c->hours,
					      .facility = c->people.facility.id,
					      .team = c->people.maple,
					      .kind = c->kind,
					      .weekdays = EVERY_DAY,
					      .from_minute = 9 * 60,
					      .until_minute = 12 * 60,
					      .seats = seats,
					      .last_day = SCHEDULE_NO_END,
					      .place = S("Room 4"),
					      .directions = S("Through the garden."),
					      .active = true}));
	clinic_refresh(c);
}

void
clinic_close(struct clinic *c)
{
	clinic_refresh(c);
	clinic_check(c);
	db_release(&c->maria);
	db_release(&c->ana);
	db_release(&c->root);
}

const struct slot *
clinic_slots(struct clinic *c, size_t *count)
{
	struct db_rows rows;

	clinic_refresh(c);
	assert_ok(slots_open(&c->maria,
	    &(struct slot_query){.patient = c->people.maria,
		.bookable = true,
		.from = INSTANT_NONE,
		.until = INSTANT_NONE,
		.count_max = 500},
	    &rows));
	*count = rows.count;
	return rows.items;
}

struct appointment
clinic_book(struct clinic *c, slot_id slot)
{
	struct appointment a;

	assert_ok(appointment_book(&c->maria,
	    &(struct appointment_booking){
		.key = uuid_new(c->world->cx.now), .patient = c->people.maria, .slot = slot, .reason = S("My knee")},
	    &a));
	clinic_refresh(c);
	return a;
}

str
clinic_in_record(struct clinic *c, const struct appointment *a, const char *path)
{
	struct resource resource;
	const struct json_value *json;

	clinic_refresh(c);
	assert_ok(resource_get(&c->maria, RESOURCE_APPOINTMENT, uuid_text(c->maria.arena, a->id.v), &resource));
	assert_ok(json_parse(c->maria.arena, resource.body, &json, NULL));
	return json_text_at(json, path);
}

struct appointment
clinic_look(struct clinic *c, appointment_id id)
{
	struct appointment a;

	clinic_refresh(c);
	assert_ok(appointment_get(&c->maria, c->people.maria, id, &a));
	return a;
}

const struct err *
clinic_do(
    struct cx *cx, const struct appointment *a, enum appointment_deed deed, const slot_id *slot, const char *words)
{
	struct appointment_act act = {
	    .patient = a->patient, .id = a->id, .deed = deed, .start = INSTANT_NONE, .words = str_from_z(words)};
	struct appointment after;

	if (slot)
		act.slots[act.slot_count++] = *slot;
	db_refresh(cx);
	return appointment_do(cx, &act, &after);
}

void
clinic_check(struct clinic *c)
{
	struct buf report = BUF_INIT(&c->world->arena);

	db_refresh(&c->world->cx);
	assert_ok(appointments_check_invariants(&c->world->cx, &report));
	if (report.n)
		print_error("%.*s", STR_ARG(buf_str(&report)));
	assert_int_equal(report.n, 0);
	assert_ok(messaging_check_invariants(&c->world->cx, &report));
	if (report.n)
		print_error("%.*s", STR_ARG(buf_str(&report)));
	assert_int_equal(report.n, 0);
}

int64_t
clinic_outbox(struct clinic *c, const char *kind)
{
	struct db_rows rows;

	db_refresh(&c->world->cx);
	assert_ok(
	    outbox_of_patient(&c->world->cx, kind, c->people.maria, (instant){0}, (instant){INT64_MAX}, 500, &rows));
	return (int64_t)rows.count;
}

/* ---- more patients ---- */

struct joining {
	struct patient_sealed *patient;
	struct account_sealed *account;
	team_id team;
	patient_id id;
	account_id account_id;
};

static const struct err *
join(struct tx *tx, void *arg)
{
	const struct joining *in = arg;

	TRY(patient_put(tx, in->patient));
	TRY(account_put(tx, in->account));
	TRY(messaging_terms_record(tx, in->id, in->account_id, true));
	return team_add_patient(tx, in->team, in->id, RELATION_PANEL);
}

struct cx
clinic_newcomer(struct clinic *c, int n)
{
	struct cx *cx = &c->world->cx;
	struct joining in = {.team = c->people.maple, .id = {uuid_new(cx->now)}, .account_id = {uuid_new(cx->now)}};
	str name = arena_printf(cx->arena, "Patient %d", n), login = arena_printf(cx->arena, "patient%d", n);

	assert_ok(patient_seal(cx,
	    &(struct patient_new){
		.id = in.id, .facility = c->people.facility.id, .name = name, .names = &name, .name_count = 1},
	    &in.patient));
	assert_ok(account_seal(cx,
	    &(struct account_new){
		.id = in.account_id, .facility = c->people.facility.id, .patient = in.id, .login = login, .name = name},
	    &in.account));
	assert_ok(db_write(cx, join, &in));
	return people_as(c->world, in.account_id);
}
