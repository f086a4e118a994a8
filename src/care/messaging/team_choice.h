/* SPDX-License-Identifier: Apache-2.0 */
/* Teams that a person wants first, or does not want to see, when they write. */
#ifndef SALVE_TEAM_CHOICE_H
#define SALVE_TEAM_CHOICE_H

#include "care/messaging/messaging_pages.h"

#define TEAMS_OFFERED_MAX 64 /* to one patient; a person has three or four */

enum team_choice { TEAM_SHOWN = 0, TEAM_FIRST = 1, TEAM_HIDDEN = 2 }; /* stored as numbers */
struct team_choice_row {
	team_id team;
	int64_t choice; /* enum team_choice */
};
fallible team_choices(struct cx *cx, struct db_rows *out); /* the caller's; struct team_choice_row */
/* ERR_GONE for a team that does not care for the calling patient. */
fallible team_choices_set(struct cx *cx, const struct team_choice_row *rows, size_t count);
enum team_choice team_choice_of(const struct db_rows *choices, team_id team);
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
