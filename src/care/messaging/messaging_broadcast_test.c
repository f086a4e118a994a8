/* SPDX-License-Identifier: Apache-2.0 */
/* One text to many: everybody who was chosen gets it once, each in a thread of their own. */
#include "care/messaging/messaging_test_help.h"
#include "care/notify/notify.h"
#include "platform/pages/pages.h"

static const struct outbox_kind KINDS[] = {
    {"broadcast", broadcast_deliver, BROADCAST_GIVE_UP_MS}, {"notice", notice_deliver, NOTICE_GIVE_UP_MS}, {0}};

struct scene {
	struct world *world;
	struct people p;
	patient_id silent; /* of Team Maple, without an account */
};

static const struct err *
add_silent_patient(struct tx *tx, void *arg)
{
	struct scene *scene = arg;

	TRY(team_add_patient(tx, scene->p.maple, scene->p.bo, RELATION_CLINIC));
	return team_add_patient(tx, scene->p.maple, scene->silent, RELATION_PANEL);
}

static const struct err *
put_patient(struct tx *tx, void *arg)
{
	return patient_put(tx, arg);
}

/* Team Maple cares for Maria and Bo, and for one who has no account. */
static struct scene
scene_of(void **state)
{
	struct scene scene = {.world = *state};
	struct patient_sealed *sealed;

	clinic_setup(scene.world, &scene.p);
	scene.silent = (patient_id){uuid_new(scene.world->cx.now)};
	assert_ok(patient_seal(&scene.world->cx,
	    &(struct patient_new){
		.id = scene.silent, .facility = scene.p.facility.id, .name = S("Sid Silent"), .born = S("1950-01-01")},
	    &sealed));
	assert_ok(db_write(&scene.world->cx, put_patient, sealed));
	assert_ok(db_write(&scene.world->cx, add_silent_patient, &scene));
	return scene;
}

static const struct err *
send_as(struct scene *scene, account_id who, struct uuid key, const patient_id *to, size_t count, broadcast_id *out)
{
	struct cx cx = people_as(scene->world, who);
	const struct err *error = broadcast_send(&cx,
	    &(struct broadcast_new){.key = key,
		.team = scene->p.maple,
		.subject = S("Flu shots"),
		.body = S("Flu shots are here. Come by on Friday."),
		.patients = to,
		.count = count},
	    out);

	db_release(&cx);
	return error;
}

static int64_t
deliver(struct world *world)
{
	int64_t delivered;

	db_refresh(&world->cx);
	assert_ok(jobs_deliver_due(&world->cx, KINDS, &delivered));
	return delivered;
}

static struct broadcast
state_of(struct scene *scene, broadcast_id id)
{
	struct cx cx = people_as(scene->world, scene->p.okafor);
	struct broadcast b;

	assert_ok(broadcast_get(&cx, id, &b));
	db_release(&cx);
	return b;
}

static int64_t
threads_of(struct scene *scene, account_id account, patient_id patient)
{
	struct cx cx = people_as(scene->world, account);
	int64_t n;

	assert_ok(thread_count(&cx, patient, THREADS_ALL, &n));
	db_release(&cx);
	return n;
}

static void
each_patient_gets_a_thread_of_their_own(void **state)
{
	struct scene scene = scene_of(state);
	const patient_id to[] = {scene.p.maria, scene.p.bo};
	struct broadcast b;
	broadcast_id id;

	assert_ok(send_as(&scene, scene.p.ana, uuid_new(scene.world->cx.now), to, 2, &id));
	b = state_of(&scene, id);
	assert_int_equal(b.waiting, 2);
	deliver(scene.world);
	b = state_of(&scene, id);
	assert_int_equal(b.waiting, 0);
	assert_int_equal(b.sent, 2);
	assert_str_equal(b.subject, "Flu shots");
	assert_int_equal(threads_of(&scene, scene.p.maria_account, scene.p.maria), 1);
	assert_int_equal(threads_of(&scene, scene.p.bo_account, scene.p.bo), 1);
	assert_int_equal(count_of(scene.world, scene.p.maria_account, COUNT_UNREAD), 1);
	assert_int_equal(count_of(scene.world, scene.p.ana, COUNT_TASKS), 0);
	assert_sound(scene.world);
}

static void
pressed_twice_or_delivered_twice_it_reaches_each_patient_once(void **state)
{
	struct scene scene = scene_of(state);
	struct uuid key = uuid_new(scene.world->cx.now);
	const patient_id to[] = {scene.p.maria};
	struct outbox_item again = {0};
	broadcast_id id, same;

	assert_ok(send_as(&scene, scene.p.ana, key, to, 1, &id));
	assert_ok(send_as(&scene, scene.p.ana, key, to, 1, &same));
	assert_true(uuid_equal(id.v, same.v));
	deliver(scene.world);
	again.payload = arena_printf(
	    &scene.world->arena, "{\"broadcast\":\"%.*s\"}", STR_ARG(uuid_text(&scene.world->arena, id.v)));
	db_refresh(&scene.world->cx);
	assert_ok(broadcast_deliver(&scene.world->cx, &again));
	assert_int_equal(threads_of(&scene, scene.p.maria_account, scene.p.maria), 1);
	assert_sound(scene.world);
}

static void
a_failure_in_the_middle_goes_on_where_it_was(void **state)
{
	struct scene scene = scene_of(state);
	const patient_id to[] = {scene.p.maria, scene.p.bo};
	struct outbox_item item = {0};
	broadcast_id id;
	int64_t nth;

	assert_ok(send_as(&scene, scene.p.ana, uuid_new(scene.world->cx.now), to, 2, &id));
	item.payload = arena_printf(
	    &scene.world->arena, "{\"broadcast\":\"%.*s\"}", STR_ARG(uuid_text(&scene.world->arena, id.v)));
	for (nth = 1; nth < 200; nth++) {
		const struct err *error;

		db_refresh(&scene.world->cx);
		db_fault_arm(scene.world->db, DB_FAULT_ERROR, nth);
		error = broadcast_deliver(&scene.world->cx, &item);
		bool reached = db_fault_count(scene.world->db) >= nth;
		db_fault_arm(scene.world->db, DB_FAULT_NONE, 0);
		assert_sound(scene.world);
		if (!reached) {
			assert_ok(error);
			break;
		}
		assert_true(error != NULL);
	}
	assert_true(nth > 2 && nth < 200);
	assert_int_equal(state_of(&scene, id).sent, 2);
	assert_int_equal(threads_of(&scene, scene.p.maria_account, scene.p.maria), 1);
	assert_int_equal(threads_of(&scene, scene.p.bo_account, scene.p.bo), 1);
}

static void
who_cannot_be_reached_is_named_and_the_others_get_it(void **state)
{
	struct scene scene = scene_of(state);
	const patient_id to[] = {scene.silent, scene.p.maria};
	struct cx ana = people_as(scene.world, scene.p.ana);
	const struct broadcast_candidate *one;
	struct db_rows rows;
	broadcast_id id;
	int reachable = 0;

	assert_ok(broadcast_candidates(&ana, scene.p.maple, &rows));
	one = rows.items;
	assert_int_equal(rows.count, 3);
	for (size_t i = 0; i < rows.count; i++)
		reachable += one[i].reachable;
	assert_int_equal(reachable, 2);
	db_release(&ana);
	assert_ok(send_as(&scene, scene.p.ana, uuid_new(scene.world->cx.now), to, 2, &id));
	deliver(scene.world);
	assert_int_equal(state_of(&scene, id).sent, 1);
	assert_int_equal(state_of(&scene, id).refused, 1);
	ana = people_as(scene.world, scene.p.ana);
	assert_ok(broadcast_refused(&ana, id, &rows));
	one = rows.items;
	assert_int_equal(rows.count, 1);
	assert_str_equal(one[0].name, "Sid Silent");
	db_release(&ana);
}

static size_t
reachable_in(struct scene *scene)
{
	struct cx ana = people_as(scene->world, scene->p.ana);
	const struct broadcast_candidate *one;
	struct db_rows rows;
	size_t count = 0;

	assert_ok(broadcast_candidates(&ana, scene->p.maple, &rows));
	one = rows.items;
	for (size_t i = 0; i < rows.count; i++)
		count += one[i].reachable;
	db_release(&ana);
	return count;
}

static void
the_preview_counts_who_takes_messages_now(void **state)
{
	struct scene scene = scene_of(state);
	struct cx maria = people_as(scene.world, scene.p.maria_account);

	assert_int_equal(reachable_in(&scene), 2);
	assert_ok(messaging_terms_choose(&maria, false));
	assert_int_equal(reachable_in(&scene), 1);
	maria.now = instant_add_ms(maria.now, 1);
	assert_ok(messaging_terms_choose(&maria, true));
	assert_int_equal(reachable_in(&scene), 2);
	db_release(&maria);
}

static const struct err *
switch_off(struct tx *tx, void *arg)
{
	return account_set_active(tx, *(account_id *)arg, false);
}

static void
nothing_is_sent_in_the_name_of_somebody_who_is_gone(void **state)
{
	struct scene scene = scene_of(state);
	const patient_id to[] = {scene.p.maria};
	broadcast_id id;

	assert_ok(send_as(&scene, scene.p.ana, uuid_new(scene.world->cx.now), to, 1, &id));
	assert_ok(db_write(&scene.world->cx, switch_off, &scene.p.ana));
	deliver(scene.world);
	assert_int_equal(state_of(&scene, id).refused, 1);
	assert_int_equal(threads_of(&scene, scene.p.maria_account, scene.p.maria), 0);
}

static void
only_members_write_to_a_teams_patients_and_only_to_those(void **state)
{
	struct scene scene = scene_of(state);
	const patient_id stranger = {uuid_new(scene.world->cx.now)};
	struct cx ben = people_as(scene.world, scene.p.ben);
	struct broadcast b;
	struct db_rows rows;
	broadcast_id id;

	assert_fails(send_as(&scene, scene.p.ben, uuid_new(scene.world->cx.now), &scene.p.maria, 1, &id), ERR_GONE);
	assert_fails(
	    send_as(&scene, scene.p.maria_account, uuid_new(scene.world->cx.now), &scene.p.maria, 1, &id), ERR_GONE);
	assert_fails(send_as(&scene, scene.p.ana, uuid_new(scene.world->cx.now), &stranger, 1, &id), ERR_INVALID);
	assert_fails(send_as(&scene, scene.p.ana, uuid_new(scene.world->cx.now), &stranger, 0, &id), ERR_INVALID);
	assert_int_equal(deliver(scene.world), 0);
	assert_fails(broadcast_candidates(&ben, scene.p.maple, &rows), ERR_GONE);
	assert_ok(send_as(&scene, scene.p.ana, uuid_new(scene.world->cx.now), &scene.p.maria, 1, &id));
	assert_fails(broadcast_get(&ben, id, &b), ERR_GONE);
	db_release(&ben);
}

int
main(void)
{
	const struct CMUnitTest list[] = {
	    WORLD_TEST(each_patient_gets_a_thread_of_their_own),
	    WORLD_TEST(pressed_twice_or_delivered_twice_it_reaches_each_patient_once),
	    WORLD_TEST(a_failure_in_the_middle_goes_on_where_it_was),
	    WORLD_TEST(who_cannot_be_reached_is_named_and_the_others_get_it),
	    WORLD_TEST(the_preview_counts_who_takes_messages_now),
	    WORLD_TEST(nothing_is_sent_in_the_name_of_somebody_who_is_gone),
	    WORLD_TEST(only_members_write_to_a_teams_patients_and_only_to_those),
	};

	return cmocka_run_group_tests_name("messaging broadcast", list, NULL, NULL);
}
