/* SPDX-License-Identifier: Apache-2.0 */
/* To many: one text to patients of a team, each in a thread of their own. Deeds of a member of the team. */
#ifndef SALVE_BROADCAST_H
#define SALVE_BROADCAST_H

#include "care/messaging/messaging.h"

ID_TYPE(broadcast_id);
enum broadcast_state { BROADCAST_WAITING = 0, BROADCAST_SENT = 1, BROADCAST_REFUSED = 2 }; /* stored as numbers */

/* Whom a message to the team's patients would reach, by name; ERR_GONE for who is no member. */
struct broadcast_candidate {
	patient_id patient;
	bool reachable; /* has an account that is on, and takes messages */
	str name;
};
fallible broadcast_candidates(struct cx *cx, team_id team, struct db_rows *out); /* at most BROADCAST_MAX */

/* Write one text to many patients of the team, each in a thread of their own. Takes it in now; sending goes through the outbox
 * (kind "broadcast"), so that none is left out and none gets it twice. The key makes it the same broadcast again.
 * ERR_INVALID for a wrong text, nobody chosen, or a patient whom the team does not care for. */
struct broadcast_new {
	struct uuid key;
	team_id team;
	enum message_category category;
	str subject, body; /* as of thread_new */
	const patient_id *patients;
	size_t count;
};
fallible broadcast_send(struct cx *cx, const struct broadcast_new *in, broadcast_id *out);

/* How far it is; for members of the team. */
struct broadcast {
	broadcast_id id;
	facility_id facility;
	team_id team;
	account_id author;
	int64_t category;
	str subject, body;
	instant made;
	int64_t waiting, sent, refused;
};
fallible broadcast_get(struct cx *cx, broadcast_id id, struct broadcast *out);
fallible broadcast_refused(struct cx *cx, broadcast_id id, struct db_rows *out); /* struct broadcast_candidate */

/* Deliverer of the outbox kind "broadcast": payload {"broadcast": UUID}. */
fallible broadcast_deliver(struct cx *cx, const struct outbox_item *item);
#define BROADCAST_GIVE_UP_MS (3 * DAY_MS)
#define BROADCAST_MAX        2000 /* patients of one team; a PACT panel has about 1,200 */

#endif
