/* SPDX-License-Identifier: Apache-2.0 */
#include "people.h"

#include "care/messaging/messaging.h"

struct setup {
	struct people *people;
	struct patient_sealed *patients[2];
	struct account_sealed *accounts[6];
	struct team teams[2];
};

static struct patient_sealed *
seal_patient(struct cx *cx, facility_id facility, patient_id id, str given, str family, str born, str number)
{
	struct patient_sealed *sealed;
	str names[] = {given, family};
	struct patient_new in = {.id = id,
	    .facility = facility,
	    .name = arena_printf(cx->arena, "%.*s %.*s", STR_ARG(given), STR_ARG(family)),
	    .born = born,
	    .names = names,
	    .name_count = 2,
	    .identifiers = &number,
	    .identifier_count = 1};

	assert_ok(patient_seal(cx, &in, &sealed));
	return sealed;
}

static struct account_sealed *
seal_account(
    struct cx *cx, facility_id facility, account_id id, enum staff_role role, patient_id patient, str login, str name)
{
	struct account_sealed *sealed;

	assert_ok(account_seal(cx,
	    &(struct account_new){
		.id = id, .role = role, .facility = facility, .patient = patient, .login = login, .name = name},
	    &sealed));
	return sealed;
}

static const struct err *
put_all(struct tx *tx, void *arg)
{
	struct setup *setup = arg;
	struct people *p = setup->people;

	TRY(facility_create(tx, &p->facility));
	for (size_t i = 0; i < 2; i++) {
		TRY(patient_put(tx, setup->patients[i]));
		TRY(team_create(tx, &setup->teams[i]));
	}
	for (size_t i = 0; i < 6; i++)
		TRY(account_put(tx, setup->accounts[i]));
	TRY(team_add_member(tx, p->maple, p->ana));
	TRY(team_add_member(tx, p->maple, p->okafor));
	TRY(team_add_member(tx, p->birch, p->ben));
	TRY(team_add_patient(tx, p->maple, p->maria, RELATION_PANEL));
	TRY(team_add_patient(tx, p->birch, p->bo, RELATION_PANEL));
	TRY(messaging_terms_record(tx, p->maria, p->maria_account, true));
	return messaging_terms_record(tx, p->bo, p->bo_account, true);
}

void
people_setup(struct world *world, struct people *out)
{
	struct cx *cx = &world->cx;
	struct setup setup = {.people = out};
	patient_id nobody = {{{0}}};
	facility_id facility = {uuid_new(cx->now)};

	*out = (struct people){
	    .facility = {.id = facility,
		.name = S("Cedar Valley Clinic"),
		.zone = S("America/New_York"),
		.phone = S("555-0100"),
		.emergency_number = S("911"),
		.crisis_line = S("988"),
		.reply_days = 3},
	    .maple = {uuid_new(cx->now)},
	    .birch = {uuid_new(cx->now)},
	    .maria = {uuid_new(cx->now)},
	    .bo = {uuid_new(cx->now)},
	    .maria_account = {uuid_new(cx->now)},
	    .bo_account = {uuid_new(cx->now)},
	    .ana = {uuid_new(cx->now)},
	    .okafor = {uuid_new(cx->now)},
	    .ben = {uuid_new(cx->now)},
	    .root = {uuid_new(cx->now)},
	};
	setup.patients[0] =
	    seal_patient(cx, facility, out->maria, S("María"), S("López"), S("1950-03-05"), S("MRN-1001"));
	setup.patients[1] = seal_patient(cx, facility, out->bo, S("Bo"), S("Lee"), S("1962-11-30"), S("MRN-1002"));
	setup.accounts[0] =
	    seal_account(cx, facility, out->maria_account, ROLE_NONE, out->maria, S("maria"), S("María López"));
	setup.accounts[1] = seal_account(cx, facility, out->bo_account, ROLE_NONE, out->bo, S("bo"), S("Bo Lee"));
	setup.accounts[2] = seal_account(cx, facility, out->ana, ROLE_NURSE, nobody, S("ana"), S("Ana Ruiz"));
	setup.accounts[3] =
	    seal_account(cx, facility, out->okafor, ROLE_PHYSICIAN, nobody, S("okafor"), S("Ada Okafor"));
	setup.accounts[4] = seal_account(cx, facility, out->ben, ROLE_NURSE, nobody, S("ben"), S("Ben Hart"));
	setup.accounts[5] =
	    seal_account(cx, facility, out->root, ROLE_ADMINISTRATOR, nobody, S("root"), S("Rita Stone"));
	setup.teams[0] = (struct team){.id = out->maple,
	    .facility = facility,
	    .name = S("Maple Team"),
	    .care = S("Primary care"),
	    .place = S("2nd floor"),
	    .lead = out->okafor,
	    .takes_messages = true,
	    .active = true};
	setup.teams[1] = setup.teams[0];
	setup.teams[1].id = out->birch;
	setup.teams[1].name = S("Birch Team");
	setup.teams[1].lead = (account_id){{{0}}};
	assert_ok(db_write(cx, put_all, &setup));
}

struct cx
people_as_at(struct world *world, account_id account, instant now)
{
	struct cx cx = world_cx(world);
	struct account found;

	assert_ok(account_get(&cx, account, &found));
	cx.now = now;
	cx.lang = found.lang;
	cx.who =
	    (struct who){.is = found.kind, .account = account, .patient = found.patient, .facility = found.facility};
	if (found.kind & WHO_STAFF)
		cx.who.staff = (staff_id){account.v};
	return cx;
}

struct cx
people_acting(struct world *world, account_id account, patient_id patient)
{
	struct cx cx = people_as(world, account);

	cx.who.is = WHO_DELEGATE;
	cx.who.patient = patient;
	return cx;
}

struct cx
people_as(struct world *world, account_id account)
{
	return people_as_at(world, account, world->cx.now);
}

delegation_id
people_delegate(struct world *world, const struct people *people, unsigned rights)
{
	struct cx bo = people_as(world, people->bo_account), maria = people_as(world, people->maria_account);
	struct delegation_new in = {.key = uuid_new(world->cx.now),
	    .called = S("Maria"),
	    .rights = rights,
	    .since = INSTANT_NONE,
	    .until = INSTANT_NONE};
	struct delegation d;
	str code;

	assert_ok(delegation_offer(&bo, &in, &code));
	assert_ok(delegation_accept(&maria, code, &d));
	db_release(&bo);
	db_release(&maria);
	return d.id;
}
