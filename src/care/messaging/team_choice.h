/* SPDX-License-Identifier: Apache-2.0 */
/* Teams that a person wants first, or does not want to see, when they write. */
#ifndef SALVE_TEAM_CHOICE_H
#define SALVE_TEAM_CHOICE_H

#include "care/messaging/mailbox.h"
#include "care/messaging/messaging_pages.h"

#define TEAMS_OFFERED_MAX 64 /* to one patient; a person has three or four */

/* Those wanted first in front, hidden ones left out, except `keep`; when all are hidden, all stay. */
void teams_in_order(const struct db_rows *choices, struct team *teams, size_t *count, team_id keep);

fallible team_choice_rows(struct cx *cx, account_id account, struct db_rows *out);
fallible team_choice_row_put(struct tx *tx, account_id account, const struct team_choice_row *row);

struct team_choices_page {
	struct team_choice_field {
		str name, label, hint, choice;
	} * rows;
	size_t count;
	str draft; /* of the message that the person was writing; absent: none */
};
void page_team_choices(struct buf *out, const struct page_cx *px, const struct team_choices_page *v);
fallible get_team_choices(struct cx *cx, struct request *rq);
fallible post_team_choices(struct cx *cx, struct request *rq);

#endif
