/* SPDX-License-Identifier: Apache-2.0 */
#include "trust/consent/delegation_test_help.h"

struct delegation_new
permission(struct world *world, unsigned rights)
{
	return (struct delegation_new){.key = uuid_new(world->cx.now),
	    .called = S("Maria"),
	    .relation = S("my neighbor"),
	    .rights = rights,
	    .since = INSTANT_NONE,
	    .until = INSTANT_NONE};
}

str
offer(struct world *world, const struct people *p, const struct delegation_new *in)
{
	struct cx bo = people_as(world, p->bo_account);
	str code;

	assert_ok(delegation_offer(&bo, in, &code));
	db_release(&bo);
	return code;
}

delegation_id
give(struct world *world, const struct people *p, unsigned rights)
{
	struct delegation_new in = permission(world, rights);
	str code = offer(world, p, &in);
	struct cx maria = people_as(world, p->maria_account);
	struct delegation d;

	assert_ok(delegation_accept(&maria, code, &d));
	assert_str_equal(d.patient_name, "Bo Lee");
	db_release(&maria);
	return d.id;
}

int64_t
count(struct world *world, struct sql sql)
{
	int64_t n;

	db_refresh(&world->cx);
	assert_ok(db_one(&world->cx, sql, BIND_NONE, INTO(&n, ONE_INT)));
	return n;
}
