/* SPDX-License-Identifier: Apache-2.0 */
/* Templates: texts to begin an answer with. */
#ifndef SALVE_MESSAGE_TEMPLATE_H
#define SALVE_MESSAGE_TEMPLATE_H

#include "care/messaging/messaging.h"

#define TEMPLATE_NAME_CHARS_MAX 80
struct message_template {
	struct uuid id;
	facility_id facility;
	team_id team;       /* of a team; none: of the account or the facility */
	account_id account; /* one's own; none: not */
	str name, body;     /* the body may hold {patient}, {me}, {team}, {phone} */
	bool may_change;    /* filled where they are read */
};
/* What the caller may use in a thread of the team: their own, the team's, the facility's; struct message_template. */
fallible templates_for(struct cx *cx, team_id team, struct db_rows *out);
fallible templates_of_caller(struct cx *cx, struct db_rows *out); /* of all their teams (an office: of all teams) */
/* Make one (no id) or change name and body. One's own; a team's by its members; a facility's by its office; ERR_GONE for others.
 * ERR_INVALID with words for a bad name or text. */
fallible template_save(struct cx *cx, const struct message_template *in);
fallible template_delete(struct cx *cx, struct uuid id);
struct template_values {
	str patient, me, team, phone;
};
str template_fill(struct arena *arena, str body, const struct template_values *values);

#endif
