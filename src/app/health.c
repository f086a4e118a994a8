/* SPDX-License-Identifier: Apache-2.0 */
/* For monitors and balancers: /healthz says that the program runs, /readyz that its database answers. */
#include "app/app.h"

static fallible
get_healthz(struct cx *cx, struct request *rq)
{
	(void)cx;
	return respond(rq, 200, "text/plain; charset=utf-8", S("ok\n"));
}

static fallible
get_readyz(struct cx *cx, struct request *rq)
{
	TRY(db_ping(cx));
	return respond(rq, 200, "text/plain; charset=utf-8", S("ready\n"));
}

const struct route health_routes[] = {
    {GET, "/healthz", get_healthz, .who = WHO_ANYONE, .face = FACE_PLAIN, .rate = RATE_NONE},
    {GET, "/readyz", get_readyz, .who = WHO_ANYONE, .face = FACE_PLAIN, .rate = RATE_NONE},
    {0},
};
