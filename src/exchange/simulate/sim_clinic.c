/* SPDX-License-Identifier: Apache-2.0 */
/* Facilities, teamlets and their people.  Each facility has a coordinator; the first also an administrator. */
#include "exchange/simulate/sim_internal.h"

struct site {
	struct facility facility;
	struct uuid organization, location;
	size_t place;
};

struct member {
	team_id team;
	account_id account;
};

struct opening {
	struct site *sites;
	size_t site_count;
	struct sim_team *teams;
	size_t team_count;
	LIST(struct account_sealed *) accounts;
	LIST(struct member) members;
};

static void
site_resources(struct sim *sim, const struct site *site)
{
	struct arena *arena = sim->cx->arena;
	struct buf organization = BUF_INIT(arena), location = BUF_INIT(arena);
	struct json_writer w;

	sim_begin(&w, &organization, "Organization", site->organization);
	json_put_bool(&w, "active", true);
	json_put_text(&w, "name", site->facility.name);
	json_write_end(&w);
	json_write_done(&w);
	sim_add(sim, RECORD_COMMONS, site->organization, &organization);

	sim_begin(&w, &location, "Location", site->location);
	json_put_text(&w, "status", S("active"));
	json_put_text(&w, "name", site->facility.name);
	json_put_object(&w, "address");
	json_put_text(&w, "city", str_from_z(sim_places[site->place].city));
	json_put_text(&w, "state", str_from_z(sim_places[site->place].state));
	json_put_text(&w, "postalCode", str_from_z(sim_places[site->place].zip));
	json_put_text(&w, "country", S("US"));
	json_write_end(&w);
	sim_reference(&w, "managingOrganization", "Organization", site->organization, site->facility.name);
	json_write_end(&w);
	json_write_done(&w);
	sim_add(sim, RECORD_COMMONS, site->location, &location);
}

static void
practitioner_resource(struct sim *sim, const struct sim_person *person, str given, str family, bool doctor)
{
	struct buf json = BUF_INIT(sim->cx->arena);
	struct json_writer w;

	sim_begin(&w, &json, "Practitioner", person->practitioner);
	json_put_bool(&w, "active", true);
	json_put_array(&w, "name");
	json_write_object(&w);
	json_put_text(&w, "family", family);
	json_put_array(&w, "given");
	json_write_text(&w, given);
	json_write_end(&w);
	if (doctor) {
		json_put_array(&w, "prefix");
		json_write_text(&w, S("Dr."));
		json_write_end(&w);
	}
	json_write_end(&w);
	json_write_end(&w);
	json_write_end(&w);
	json_write_done(&w);
	sim_add(sim, RECORD_COMMONS, person->practitioner, &json);
}

static const struct {
	enum staff_role role;
	const char *login, *title;
} teamlet[SIM_TEAMLET] = {
    {ROLE_PHYSICIAN, "doctor", "MD"},
    {ROLE_NURSE, "nurse", "RN"},
    {ROLE_ASSOCIATE, "associate", "LPN"},
    {ROLE_CLERK, "clerk", NULL},
};

static fallible
make_person(struct sim *sim, struct opening *opening, facility_id facility, enum staff_role role, const char *title,
    str login, struct sim_person *out)
{
	struct arena *arena = sim->cx->arena;
	bool female = sim_chance(&sim->random, 60);
	const char *given = (female ? sim_given_female : sim_given_male)[sim_between(&sim->random, 0, SIM_GIVEN - 1)];
	const char *family = sim_family[sim_between(&sim->random, 0, SIM_FAMILY - 1)];
	struct account_sealed *sealed;

	*out = (struct sim_person){.account = {sim_uuid(&sim->random)},
	    .practitioner = sim_uuid(&sim->random),
	    .role = role,
	    .name = arena_printf(arena, "%s %s", given, family),
	    .login = login};
	TRY(account_seal(sim->cx,
	    &(struct account_new){.id = out->account,
		.role = role,
		.facility = facility,
		.login = login,
		.name = out->name,
		.title = str_from_z(title)},
	    &sealed));
	*LIST_ADD(arena, &opening->accounts) = sealed;
	practitioner_resource(sim, out, str_from_z(given), str_from_z(family), role == ROLE_PHYSICIAN);
	sim->report->staff++;
	return NULL;
}

static fallible
make_team(struct sim *sim, struct opening *opening, size_t number, const struct site *site)
{
	struct arena *arena = sim->cx->arena;
	struct sim_team *team = &opening->teams[number];
	size_t lap = number / SIM_TREES;

	*team = (struct sim_team){.organization = site->organization, .location = site->location};
	TRY(zone_find(site->facility.zone, &team->zone));
	for (size_t i = 0; i < SIM_TEAMLET; i++) {
		str login =
		    number ? arena_printf(arena, "%s%zu", teamlet[i].login, number + 1) : str_from_z(teamlet[i].login);

		TRY(make_person(
		    sim, opening, site->facility.id, teamlet[i].role, teamlet[i].title, login, &team->members[i]));
	}
	team->team = (struct team){.id = {sim_uuid(&sim->random)},
	    .facility = site->facility.id,
	    .name = lap ? arena_printf(arena, "%s Team %zu", sim_trees[number % SIM_TREES], lap + 1)
	                : arena_printf(arena, "%s Team", sim_trees[number % SIM_TREES]),
	    .care = S("Primary care"),
	    .place = arena_printf(
		arena, "%.*s, floor %lld", STR_ARG(site->facility.name), (long long)sim_between(&sim->random, 1, 4)),
	    .lead = team->members[0].account,
	    .takes_messages = true,
	    .active = true};
	for (size_t i = 0; i < SIM_TEAMLET; i++)
		*LIST_ADD(arena, &opening->members) = (struct member){team->team.id, team->members[i].account};
	return team_check(sim->cx, &team->team);
}

static const struct err *
open_clinic(struct tx *tx, void *arg)
{
	struct opening *in = arg;

	TRY(simulated_mark(tx)); /* a second clinic in the same database ends here */
	for (size_t i = 0; i < in->site_count; i++)
		TRY(facility_create(tx, &in->sites[i].facility));
	for (size_t i = 0; i < in->accounts.count; i++)
		TRY(account_put(tx, in->accounts.items[i]));
	for (size_t i = 0; i < in->team_count; i++)
		TRY(team_create(tx, &in->teams[i].team));
	for (size_t i = 0; i < in->members.count; i++)
		TRY(team_add_member(tx, in->members.items[i].team, in->members.items[i].account));
	return NULL;
}

static void
make_sites(struct sim *sim, struct opening *opening)
{
	struct arena *arena = sim->cx->arena;

	opening->site_count = (opening->team_count + SIM_TEAMS_PER_SITE - 1) / SIM_TEAMS_PER_SITE;
	opening->sites = ARENA_ARRAY(arena, struct site, opening->site_count);
	for (size_t i = 0; i < opening->site_count; i++) {
		size_t place = i % SIM_PLACES, lap = i / SIM_PLACES;
		str name = str_from_z(sim_places[place].clinic);

		opening->sites[i] =
		    (struct site){.facility = {.id = {sim_uuid(&sim->random)},
				      .name = lap ? arena_printf(arena, "%.*s %zu", STR_ARG(name), lap + 1) : name,
				      .zone = str_from_z(sim_places[place].zone),
				      .phone = arena_printf(arena, "555-01%02zu", i % 100),
				      .emergency_number = S("911"),
				      .crisis_line = S("988"),
				      .reply_days = 3},
			.organization = sim_uuid(&sim->random),
			.location = sim_uuid(&sim->random),
			.place = place};
		site_resources(sim, &opening->sites[i]);
	}
}

/* One of each facility, who works for all of its teams. */
static fallible
make_pharmacists(struct sim *sim, struct opening *opening)
{
	struct arena *arena = sim->cx->arena;

	for (size_t i = 0; i < opening->site_count; i++) {
		facility_id facility = opening->sites[i].facility.id;
		struct sim_person person;

		TRY(make_person(sim, opening, facility, ROLE_PHARMACIST, "PharmD",
		    i ? arena_printf(arena, "pharmacist%zu", i + 1) : S("pharmacist"), &person));
		for (size_t t = 0; t < opening->team_count; t++)
			if (uuid_equal(opening->teams[t].team.facility.v, facility.v))
				*LIST_ADD(arena, &opening->members) =
				    (struct member){opening->teams[t].team.id, person.account};
	}
	return NULL;
}

fallible
sim_clinic(struct sim *sim, int64_t patients)
{
	struct arena *arena = sim->cx->arena;
	struct opening opening = {.team_count = (size_t)(patients / SIM_TEAM_PANEL)};
	struct sim_person person;

	if (opening.team_count < 2)
		opening.team_count = 2; /* so that there always is another team */
	opening.teams = ARENA_ARRAY(arena, struct sim_team, opening.team_count);
	make_sites(sim, &opening);
	for (size_t i = 0; i < opening.team_count; i++)
		TRY(make_team(sim, &opening, i, &opening.sites[i / SIM_TEAMS_PER_SITE]));
	for (size_t i = 0; i < opening.site_count; i++)
		TRY(make_person(sim, &opening, opening.sites[i].facility.id, ROLE_COORDINATOR, NULL,
		    i ? arena_printf(arena, "coordinator%zu", i + 1) : S("coordinator"), &person));
	TRY(make_person(
	    sim, &opening, opening.sites[0].facility.id, ROLE_ADMINISTRATOR, NULL, S("administrator"), &person));
	sim->report->administrator_login = person.login;
	TRY(make_pharmacists(sim, &opening));
	sim->report->physician_login = opening.teams[0].members[0].login;
	sim->report->nurse_login = opening.teams[0].members[1].login;
	sim->report->facilities = (int64_t)opening.site_count;
	sim->report->teams = (int64_t)opening.team_count;
	TRY(db_write(sim->cx, open_clinic, &opening));
	sim->teams = opening.teams;
	sim->team_count = opening.team_count;
	return sim_store(sim, RECORD_COMMONS);
}
