/* SPDX-License-Identifier: Apache-2.0 */
/* What a patient is offered when they write. */
#ifndef SALVE_COMPOSE_TEAMS_H
#define SALVE_COMPOSE_TEAMS_H

#include "care/messaging/team_choice.h"

/* Look up what the message is to be about: fills what is shown of it, and proposes category and subject where there are none. */
fallible compose_about(struct cx *cx, const struct page_cx *px, str reference, struct compose_page *view);
/* Fill the teams to choose from, the proposed one and why. */
fallible compose_teams(struct cx *cx, const struct page_cx *px, struct compose_page *view);
/* Do two ways of writing a person's name mean the same? */
bool names_agree(struct arena *arena, str a, str b);

#endif
