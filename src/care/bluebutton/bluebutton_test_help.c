/* SPDX-License-Identifier: Apache-2.0 */
#include "bluebutton_test_help.h"

#include "care/record/record_pages.h"
#include "exchange/fhir_import/fhir_import.h"
#include "trust/audit/audit.h"

#define SAMPLE  "synthea_r4/Liz_Conn_27c911c6-f045-4ffa-af5d-6eba57ac94b2.json"
#define PATIENT S("ee9f8dd8-72d2-4769-8020-89e504b1504b")

const struct err *
clinic_keep(void *arg, str bytes)
{
	buf_add(arg, bytes);
	return NULL;
}

static const struct err *
join_maple(struct tx *tx, void *arg)
{
	struct clinic *c = arg;

	return team_add_patient(tx, c->people.maple, c->patient, RELATION_PANEL);
}

bool
clinic_open(struct world *world, struct clinic *c)
{
	const char *path = shared_data_folder(&world->arena, SAMPLE);
	struct fhir_import_report report;
	struct fhir_date now;
	struct cx cx;

	if (!path)
		return false;
	assert_true(fhir_date_parse(FHIR_INSTANT, S("2026-03-05T15:00:00Z"), &now));
	world->cx.now = instant_add_ms(now.low, -DAY_MS); /* the clinic was there before the download */
	cx = world_cx(world);
	cx.now = world->cx.now;
	*c = (struct clinic){.out = BUF_INIT(&world->arena)};
	assert_ok(record_init(world->vault));
	people_setup(world, &c->people);
	assert_ok(fhir_import_run(&cx,
	    &(struct fhir_import_options){.paths = &path, .path_count = 1, .facility = c->people.facility.id},
	    &report));
	assert_true(uuid_parse(PATIENT, &c->patient.v));
	assert_ok(db_write(&cx, join_maple, c));
	db_release(&cx);
	c->ask = (struct bluebutton_ask){.patient = c->patient,
	    .choice = {.since = INSTANT_NONE, .until = INSTANT_NONE},
	    .base = S("https://portal.example.org/fhir")};
	c->cx = world_cx(world);
	c->cx.now = now.low;
	c->px = (struct page_cx){.arena = &world->arena, .lang = LANG_EN, .now = now.low};
	assert_ok(zone_find(S("America/New_York"), &c->px.zone));
	return true;
}

/* ---- a life ---- */

struct life {
	struct clinic *c;
	struct account_sealed *account;
};

static const struct err *
put_account(struct tx *tx, void *arg)
{
	struct life *life = arg;

	TRY(account_put(tx, life->account));
	return messaging_terms_record(tx, life->c->patient, life->c->account, true);
}

static const struct err *
put_resource(struct tx *tx, void *arg)
{
	int64_t version;
	bool changed;

	TRY(resource_put(tx, arg, &version, &changed));
	assert_true(changed);
	return NULL;
}

/* Her record says a new phone number: version 2. */
static void
revise_patient(struct world *world, struct clinic *c)
{
	struct cx cx = world_cx(world);
	struct resource patient;
	struct resource_draft *draft;
	const struct json_value *json;
	size_t at;
	str body;

	cx.now = c->px.now;
	assert_ok(resource_get(&cx, RESOURCE_PATIENT, uuid_text(cx.arena, c->patient.v), &patient));
	assert_true(str_find(patient.body, S("555-175-3568"), &at));
	body = arena_printf(
	    cx.arena, "%.*s555-175-9999%.*s", (int)at, patient.body.p, STR_ARG(str_drop(patient.body, at + 12)));
	assert_ok(json_parse(cx.arena, body, &json, NULL));
	assert_ok(resource_prepare(&cx,
	    &(struct resource_new){.patient = c->patient, .json = json, .id = patient.id, .updated = cx.now}, &draft));
	assert_ok(db_write(&cx, put_resource, draft));
	db_release(&cx);
}

static void
write_message(struct world *world, struct clinic *c)
{
	struct draft draft = {.id = uuid_new(c->px.now),
	    .patient = c->patient,
	    .team = c->people.maple,
	    .subject = S("Headaches"),
	    .body = S("since Monday, <b>strong</b>")};
	struct cx nurse;
	struct sent sent;

	assert_ok(draft_save(&c->cx, &draft));
	assert_ok(message_attach(&c->cx, draft.id, S("diary.txt"), S("Monday: headache\n"), &c->file));
	assert_ok(thread_send_new(&c->cx,
	    &(struct thread_new){.key = draft.id,
		.patient = c->patient,
		.team = c->people.maple,
		.subject = draft.subject,
		.body = draft.body},
	    &sent));
	c->thread = sent.thread;
	nurse = people_as_at(world, c->people.ana, c->px.now); /* sees what was sent */
	assert_ok(thread_reply(&nurse,
	    &(struct thread_reply){.key = uuid_new(nurse.now),
		.thread = sent.thread,
		.body = S("Please drink enough. Call us if it goes on.")},
	    &sent));
	db_release(&nurse);
}

void
clinic_lives(struct world *world, struct clinic *c)
{
	struct life life = {.c = c};
	struct delegation_new offer = {.called = S("Ana"),
	    .relation = S("my daughter"),
	    .rights = RIGHT_MESSAGES_READ,
	    .since = INSTANT_NONE,
	    .until = INSTANT_NONE};
	str code;
	int64_t added;

	c->cx.now = c->px.now;
	c->account = (account_id){uuid_new(c->px.now)};
	assert_ok(account_seal(&c->cx,
	    &(struct account_new){.id = c->account,
		.role = ROLE_NONE,
		.facility = c->people.facility.id,
		.patient = c->patient,
		.login = S("liz"),
		.name = S("Liz Conn")},
	    &life.account));
	assert_ok(db_write(&c->cx, put_account, &life));
	revise_patient(world, c);
	c->cx = people_as_at(world, c->account, c->px.now);
	write_message(world, c);
	offer.key = uuid_new(c->px.now);
	assert_ok(delegation_offer(&c->cx, &offer, &code));
	assert_ok(audit_index_follow(&c->cx, &added));
	assert_true(added > 0);
	db_release(&c->cx);
}
