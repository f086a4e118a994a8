/* SPDX-License-Identifier: Apache-2.0 */
/* Teams and whom they care for, run by coordinators and administrators of the facility.  Who goes hands over: claims are let
 * go and open threads moved in the act that takes the person or the team away. */
#include "care/administration/administration_internal.h"
#include "care/appointments/appointments.h"
#include "trust/audit/audit.h"
#include "trust/consent/consent.h"

static void
audit_team(struct tx *tx, team_id team, patient_id patient)
{
	audit_add(tx, &(struct audit){
			  .action = AUDIT_ADMINISTER, .subject = AUDIT_CARE_TEAM, .patient = patient, .item = team.v});
}

fallible
group_find(struct cx *cx, team_id id, struct team *out)
{
	struct team team;

	TRY(team_get(cx, id, &team));
	TRY(office_check(cx, team.facility));
	*out = team;
	return NULL;
}

/* Somebody who may work in a team of this facility. */
static fallible
find_worker(struct cx *cx, account_id id, facility_id facility)
{
	struct account account;

	TRY(account_get(cx, id, &account));
	if (account.active && (account.kind & WHO_CARE_TEAM) && uuid_equal(account.facility.v, facility.v))
		return NULL;
	return ERR(ERR_INVALID, TR("Choose somebody of your facility who works in care and whose account is on."),
	    "not an active member of the care staff here");
}

/* ---- teams ---- */

static fallible
check_group(struct cx *cx, const struct group_change *in)
{
	TRY(team_check(cx, &in->team));
	if (!uuid_is_none(in->team.lead.v))
		TRY(find_worker(cx, in->team.lead, in->team.facility));
	return NULL;
}

static const struct err *
make(struct tx *tx, void *arg)
{
	const struct group_change *in = arg;

	TRY(team_create(tx, &in->team));
	TRY(team_topics_set(tx, in->team.id, in->topics, in->topic_count));
	audit_team(tx, in->team.id, (patient_id){{{0}}});
	return NULL;
}

fallible
group_make(struct cx *cx, const struct group_change *in, team_id *out)
{
	struct group_change checked = *in;

	checked.team.id = (team_id){uuid_new(cx->now)};
	checked.team.facility = cx->who.facility;
	checked.team.active = true;
	TRY(office_check(cx, checked.team.facility));
	TRY(check_group(cx, &checked));
	TRY(db_write(cx, make, &checked));
	*out = checked.team.id;
	return NULL;
}

static const struct err *
save(struct tx *tx, void *arg)
{
	const struct group_change *in = arg;

	TRY(team_update(tx, &in->team));
	TRY(team_topics_set(tx, in->team.id, in->topics, in->topic_count));
	audit_team(tx, in->team.id, (patient_id){{{0}}});
	return NULL;
}

fallible
group_save(struct cx *cx, const struct group_change *in)
{
	struct group_change checked = *in;
	struct team before;

	TRY(group_find(cx, in->team.id, &before));
	checked.team.facility = before.facility;
	TRY(check_group(cx, &checked));
	return db_write(cx, save, &checked);
}

struct closing {
	team_id team, successor;
};

static const struct err *
close_group(struct tx *tx, void *arg)
{
	const struct closing *in = arg;

	TRY(messaging_hand_over(tx, in->team, in->successor));
	TRY(appointments_hand_over(tx, in->team, in->successor));
	if (uuid_is_none(in->successor.v))
		TRY(team_panel_end(tx, in->team));
	else
		TRY(team_panel_move(tx, in->team, in->successor));
	TRY(team_close(tx, in->team));
	audit_team(tx, in->team, (patient_id){{{0}}});
	return NULL;
}

static fallible
check_successor(struct cx *cx, const struct team *closing, team_id id)
{
	struct team team;
	struct db_rows members;

	if (uuid_is_none(id.v))
		return NULL;
	TRY(group_find(cx, id, &team));
	TRY(team_members(cx, id, &members));
	if (!uuid_equal(id.v, closing->id.v) && team.active && team.takes_messages && members.count &&
	    uuid_equal(team.facility.v, closing->facility.v))
		return NULL;
	return ERR(ERR_INVALID, TR("Choose another team that takes messages and has somebody in it."),
	    "the successor cannot go on");
}

fallible
group_close(struct cx *cx, team_id id, team_id successor)
{
	struct closing in = {id, successor};
	struct team team;

	TRY(group_find(cx, id, &team));
	TRY(check_successor(cx, &team, successor));
	TRY(db_write(cx, close_group, &in));
	messaging_tell_team(cx, id);
	if (!uuid_is_none(successor.v))
		messaging_tell_team(cx, successor);
	return NULL;
}

/* ---- who works in them ---- */

struct membership {
	team_id team;
	account_id account;
};

static const struct err *
add_member(struct tx *tx, void *arg)
{
	const struct membership *in = arg;

	TRY(team_add_member(tx, in->team, in->account));
	audit_team(tx, in->team, (patient_id){{{0}}});
	return NULL;
}

fallible
group_add_member(struct cx *cx, team_id id, account_id account)
{
	struct team team;

	TRY(group_find(cx, id, &team));
	TRY(find_worker(cx, account, team.facility));
	if (!team.active)
		return ERR(ERR_INVALID, TR("This team is closed already."), "a member for a closed team");
	return db_write(cx, add_member, &(struct membership){id, account});
}

static const struct err *
remove_member(struct tx *tx, void *arg)
{
	const struct membership *in = arg;

	TRY(team_remove_member(tx, in->team, in->account));
	TRY(messaging_let_go(tx, in->account, in->team));
	audit_team(tx, in->team, (patient_id){{{0}}});
	return NULL;
}

fallible
group_remove_member(struct cx *cx, team_id id, account_id account)
{
	struct team team;

	TRY(group_find(cx, id, &team));
	TRY(db_write(cx, remove_member, &(struct membership){id, account}));
	messaging_tell_team(cx, id);
	return NULL;
}

struct switching {
	account_id id;
	bool on;
};

static const struct err *
switch_account(struct tx *tx, void *arg)
{
	const struct switching *in = arg;

	audit_add(tx, &(struct audit){.action = AUDIT_ADMINISTER, .subject = AUDIT_ACCOUNT, .item = in->id.v});
	if (!in->on)
		TRY(messaging_let_go(tx, in->id, (team_id){{{0}}}));
	return account_set_active(tx, in->id, in->on);
}

fallible
staff_switch(struct cx *cx, account_id id, bool on)
{
	struct account account;

	TRY(account_get(cx, id, &account));
	if (!(cx->who.is & WHO_ADMINISTRATOR) || office_check(cx, account.facility) || account.role == ROLE_NONE)
		return ERR(ERR_GONE, TR("There is no such account."), "an account of another facility, or a patient's");
	if (uuid_equal(id.v, cx->who.account.v))
		return ERR(
		    ERR_INVALID, TR("You cannot switch yourself off. Ask another administrator."), "own account");
	return db_write(cx, switch_account, &(struct switching){id, on});
}

/* ---- whom they care for ---- */

static const struct err *
put_association(struct tx *tx, void *arg)
{
	const struct panel_addition *in = arg;

	for (size_t i = 0; i < in->count; i++) {
		TRY(association_put(tx, in->sealed[i]));
		audit_team(tx, in->team, in->patients[i]);
	}
	return NULL;
}

fallible
panel_add(struct cx *cx, const struct association *like, const patient_id *patients, size_t count)
{
	struct panel_addition in = {.team = like->team, .patients = patients, .count = count};
	struct team team;
	struct patient patient;

	TRY(group_find(cx, like->team, &team));
	if (!team.active)
		return ERR(ERR_INVALID, TR("This team is closed already."), "a patient for a closed team");
	if (count == 0 || count > PANEL_ADD_MAX)
		return ERR(ERR_INVALID, TR("Give between 1 and 500 patients at a time."), "too many or no patients");
	in.sealed = ARENA_ARRAY(cx->arena, struct association_sealed *, count);
	for (size_t i = 0; i < count; i++) {
		struct association one = *like;

		TRY(office_patient(cx, patients[i], &patient));
		one.patient = patients[i];
		TRY(association_seal(cx, &one, &in.sealed[i]));
	}
	return db_write(cx, put_association, &in);
}

struct ending {
	patient_id patient;
	team_id team;
};

static const struct err *
end_association(struct tx *tx, void *arg)
{
	const struct ending *in = arg;

	TRY(team_remove_patient(tx, in->team, in->patient));
	audit_team(tx, in->team, in->patient);
	return NULL;
}

fallible
panel_remove(struct cx *cx, team_id id, patient_id patient)
{
	struct team team;

	TRY(group_find(cx, id, &team));
	return db_write(cx, end_association, &(struct ending){patient, id});
}
