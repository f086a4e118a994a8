/* SPDX-License-Identifier: Apache-2.0 */
#include "care/sharing/sharing_test_help.h"

#include "care/bluebutton/bluebutton.h"
#include "care/home/home.h"
#include "care/prescriptions/prescriptions.h"
#include "care/record/record_api.h"
#include "care/record/record_pages.h"
#include "exchange/fhir_messaging/fhir_messaging.h"

const struct route *const sharing_doors[] = {record_api_routes, fhir_messaging_routes, record_pages_routes,
    messaging_routes, bluebutton_routes, prescriptions_routes, home_routes, sharing_routes, portal_routes, asset_routes,
    NULL};

/* ---- what Bo has ---- */

static const struct err *
put(struct tx *tx, void *draft)
{
	int64_t version;
	bool changed;

	return resource_put(tx, draft, &version, &changed);
}

static void
put_resource(struct scene *s, const char *text)
{
	struct cx cx = world_cx(s->v.world);
	struct resource_draft *draft;
	const struct json_value *json;

	assert_ok(json_parse(cx.arena, str_from_z(text), &json, NULL));
	assert_ok(resource_prepare(&cx,
	    &(struct resource_new){.patient = s->v.people.bo, .json = json, .id = json_text_at(json, "id")}, &draft));
	assert_ok(db_write(&cx, put, draft));
	db_release(&cx);
}

struct cx
scene_as(struct scene *s, account_id account, bool acting)
{
	struct cx cx = people_as_at(s->v.world, account, instant_read_clock());

	if (acting) {
		cx.who.is = WHO_DELEGATE;
		cx.who.patient = s->v.people.bo;
	}
	return cx;
}

static void
put_message(struct scene *s)
{
	struct cx bo = scene_as(s, s->v.people.bo_account, false);
	struct draft draft = {.id = uuid_new(bo.now), .patient = s->v.people.bo, .body = S("x")};
	struct attachment file;
	struct sent sent;

	assert_ok(draft_save(&bo, &draft));
	assert_ok(message_attach(&bo, draft.id, S("a.txt"), S(MESSAGE_WORDS " in a file\n"), &file));
	db_refresh(&bo);
	assert_ok(thread_send_new(&bo,
	    &(struct thread_new){.key = draft.id,
		.patient = s->v.people.bo,
		.team = s->v.people.birch,
		.subject = S("About " MESSAGE_WORDS),
		.body = S("May I go to " MESSAGE_WORDS "?")},
	    &sent));
	s->thread = sent.thread;
	s->file = file.id;
	db_release(&bo);
}

void
scene_give(struct scene *s, unsigned rights)
{
	struct cx bo = scene_as(s, s->v.people.bo_account, false),
		  maria = scene_as(s, s->v.people.maria_account, false);
	struct delegation_new in = {.key = uuid_new(bo.now),
	    .called = S("Maria"),
	    .rights = rights,
	    .since = INSTANT_NONE,
	    .until = INSTANT_NONE};
	struct delegation d;
	str code;

	assert_ok(delegation_offer(&bo, &in, &code));
	maria.now = bo.now = instant_read_clock();
	assert_ok(delegation_accept(&maria, code, &d));
	s->given = d.id;
	db_release(&bo);
	db_release(&maria);
}

struct visitor
scene_acting(struct scene *s, struct visitor visitor, patient_id patient)
{
	struct cx cx = world_cx(s->v.world);

	cx.now = instant_read_clock();
	assert_ok(session_find(&cx, visitor.cookie, true));
	assert_ok(session_act_for(&cx, patient));
	db_refresh(&cx);
	assert_ok(session_find(&cx, visitor.cookie, true));
	visitor.form_token = arena_str(&s->v.world->arena, session_form_token(&cx));
	db_release(&cx);
	return visitor;
}

void
scene_open(struct scene *s, struct world *world)
{
	*s = (struct scene){0};
	assert_ok(record_init(world->vault));
	visit_begin(&s->v, world, sharing_doors);
	put_resource(s,
	    "{\"resourceType\":\"Observation\",\"id\":\"bo-1\",\"status\":\"final\",\"category\":[{\"coding\":[{"
	    "\"code\":"
	    "\"laboratory\"}]}],\"code\":{\"text\":\"" RECORD_WORDS "\"},\"effectiveDateTime\":\"2020-01-02\","
	    "\"valueQuantity\":{\"value\":4.1}}");
	put_resource(s, "{\"resourceType\":\"Communication\",\"id\":\"bo-2\",\"status\":\"completed\",\"payload\":[{"
			"\"contentString\":"
			"\"They said " MESSAGE_WORDS "\"}]}");
	put_message(s);
	s->bo = visitor_of(&s->v, s->v.people.bo_account);
	s->maria = scene_acting(s, visitor_of(&s->v, s->v.people.maria_account), s->v.people.bo);
}
