/* SPDX-License-Identifier: Apache-2.0 */
/* Visits to come: what the clinics offer, when their teams are open, who booked, who asked and waits.  Everything goes through the
 * functions that pages call, at the clinic's present. */
#include "care/appointments/appointments.h"
#include "exchange/simulate/sim_internal.h"

#define WEEKDAYS (1 << 1 | 1 << 2 | 1 << 3 | 1 << 4 | 1 << 5)

static const struct {
	const char *name, *prepare;
	int minutes;
	enum visit_mode mode;
	bool bookable;
	size_t member; /* of the teamlet, whose hours they are */
	int from, until;
} kinds[] = {
    {"Follow-up", "Bring all your medicines, or a list of them. Write down what you want to ask.", 30, MODE_IN_PERSON,
	true, 0, 9 * 60, 12 * 60},
    {"Video visit", "Find a quiet place with good light. Have your readings from home at hand.", 20, MODE_VIDEO, true,
	0, 13 * 60, 15 * 60},
    {"Blood test", "Do not eat for 8 hours before. You may drink water and take your medicines.", 15, MODE_IN_PERSON,
	true, 2, 7 * 60 + 30, 10 * 60},
    {"First visit", "Come 15 minutes early. Bring a photo identity card and your insurance card.", 60, MODE_IN_PERSON,
	false, 0, 15 * 60, 17 * 60},
    {"Telephone call with a nurse", NULL, 20, MODE_TELEPHONE, true, 1, 10 * 60, 12 * 60},
};
#define KINDS (sizeof(kinds) / sizeof(kinds[0]))

static const char *const agendas[] = {
    "1. My knee hurts when I climb stairs.\n2. Can I stop one of the tablets?\n3. A letter for my employer.",
    "My blood pressure at home is often over 150 in the morning.", "I sleep badly since the new tablet.",
    "The results of the last blood test, and what I should eat."};
static const char *const wishes[] = {
    "Mornings are best, not on Wednesdays.", "After 2 pm, when my daughter can drive me.", "Any day next week."};
static const char *const askings[] = {
    "Pain in the knee for three weeks", "My yearly check", "To talk about the new medicine", "A form for work"};

static const struct err *
open_booking(struct tx *tx, void *arg)
{
	return facility_setting_put(tx, *(facility_id *)arg, S("booking_open"), 1);
}

static fallible
offer_hours(struct sim *sim, const struct sim_team *team, const visit_kind_id *ids)
{
	for (size_t i = 0; i < KINDS; i++)
		TRY(schedule_save(sim->cx,
		    &(struct schedule){.id = {sim_uuid(&sim->random)},
			.facility = team->team.facility,
			.team = team->team.id,
			.account = team->members[kinds[i].member].account,
			.kind = ids[i],
			.weekdays = WEEKDAYS,
			.from_minute = kinds[i].from,
			.until_minute = kinds[i].until,
			.seats = 1,
			.last_day = SCHEDULE_NO_END,
			.place = kinds[i].member == 2 ? S("Laboratory, ground floor") : team->team.place,
			.directions =
			    S("Bus 12 stops in front of the clinic. Parking is behind the building; the entrance "
			      "there has no steps."),
			.link = kinds[i].mode == MODE_VIDEO ? S("https://video.example.org/room/maple") : STR_NONE,
			.active = true}));
	return NULL;
}

fallible
sim_offer(struct sim *sim)
{
	facility_id facility = {{{0}}};
	visit_kind_id ids[KINDS];
	instant before = sim->cx->now;

	sim->cx->now = sim->until;
	for (size_t t = 0; t < sim->team_count; t++) {
		const struct sim_team *team = &sim->teams[t];

		if (!uuid_equal(team->team.facility.v, facility.v)) {
			facility = team->team.facility;
			TRY(db_write(sim->cx, open_booking, &facility));
			for (size_t i = 0; i < KINDS; i++) {
				ids[i].v = sim_uuid(&sim->random);
				TRY(visit_kind_save(sim->cx, &(struct visit_kind){.id = ids[i],
								 .facility = facility,
								 .name = str_from_z(kinds[i].name),
								 .prepare = str_from_z(kinds[i].prepare),
								 .minutes = kinds[i].minutes,
								 .mode = kinds[i].mode,
								 .bookable = kinds[i].bookable,
								 .active = true}));
			}
		}
		TRY(offer_hours(sim, team, ids));
	}
	sim->cx->now = before;
	return NULL;
}

/* ---- patients ---- */

static struct cx
as(struct sim *sim, const struct sim_patient *p, account_id account, bool patient)
{
	struct cx cx = *sim->cx;

	cx.conn = NULL;
	cx.now = sim->until;
	cx.request = sim_uuid(&sim->random);
	cx.lang = patient && p->spanish ? LANG_ES : LANG_EN;
	cx.who = (struct who){.is = patient ? WHO_PATIENT : WHO_CARE_TEAM,
	    .account = account,
	    .patient = patient ? p->id : (patient_id){{{0}}},
	    .staff = patient ? (staff_id){{{0}}} : (staff_id){account.v},
	    .facility = p->team->team.facility};
	return cx;
}

/* A free time of the chosen part of the days ahead. */
static fallible
find_slot(struct sim *sim, struct cx *cx, const struct sim_patient *p, int64_t days, bool bookable, struct slot *out,
    bool *found)
{
	struct db_rows rows;

	TRY(slots_open(cx,
	    &(struct slot_query){.patient = p->id,
		.bookable = bookable,
		.from = instant_add_ms(sim->until, days * DAY_MS),
		.until = INSTANT_NONE,
		.count_max = 40},
	    &rows));
	*found = rows.count > 0;
	if (*found)
		*out = ((struct slot *)rows.items)[sim_between(&sim->random, 0, (int64_t)rows.count - 1)];
	return NULL;
}

static fallible
book(struct sim *sim, struct cx *cx, const struct sim_patient *p)
{
	struct appointment a;
	struct slot slot;
	bool found;

	TRY(find_slot(sim, cx, p, sim_between(&sim->random, 0, 30), true, &slot, &found));
	if (!found)
		return NULL;
	TRY(appointment_book(cx,
	    &(struct appointment_booking){.key = sim_uuid(&sim->random),
		.patient = p->id,
		.slot = slot.id,
		.reason = S("As agreed at the last visit")},
	    &a));
	if (!sim_chance(&sim->random, 50))
		return NULL;
	return appointment_agenda_set(cx, p->id, a.id,
	    str_from_z(agendas[sim_between(&sim->random, 0, (int64_t)(sizeof(agendas) / sizeof(agendas[0])) - 1)]));
}

/* Asks with a time that would suit; now and then the team books it. */
static fallible
ask(struct sim *sim, struct cx *cx, const struct sim_patient *p, bool answered)
{
	struct appointment_request in = {.key = sim_uuid(&sim->random),
	    .patient = p->id,
	    .team = p->team->team.id,
	    .reason = str_from_z(askings[sim_between(&sim->random, 0, 3)]),
	    .wish = str_from_z(wishes[sim_between(&sim->random, 0, 2)])};
	struct appointment a;
	struct slot slot;
	struct cx clerk;
	const struct err *error;
	bool found;

	TRY(find_slot(sim, cx, p, answered ? 0 : sim_between(&sim->random, 2, 12), false, &slot, &found));
	if (found) {
		in.slots[in.slot_count++] = slot.id;
		in.kind = slot.kind;
	}
	TRY(appointment_ask_new(cx, &in, &a));
	if (!answered || !found)
		return NULL;
	clerk = as(sim, p, p->team->members[3].account, false);
	error = appointment_do(&clerk,
	    &(struct appointment_act){
		.patient = p->id, .id = a.id, .deed = DEED_ACCEPT, .slots = {slot.id}, .slot_count = 1},
	    &a);
	db_release(&clerk);
	return error;
}

fallible
sim_visits(struct sim *sim, int64_t number, const struct sim_patient *p)
{
	struct cx cx = as(sim, p, p->account, true);
	const struct err *error = NULL;

	if (number % 8 != 7)
		error = book(sim, &cx, p);
	if (!error && number % 4 >= 2)
		error = ask(sim, &cx, p, number % 8 == 2);
	db_release(&cx);
	return error;
}
