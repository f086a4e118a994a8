/* SPDX-License-Identifier: Apache-2.0 */
#include "care/journal/journal_test_help.h"

#include "platform/format/fhir_date.h"

unsigned test_seed;

unsigned
random_below(unsigned n)
{
	test_seed = test_seed * 1103515245 + 12345;
	return (test_seed >> 8) % n;
}

void
room_open(struct room *r, void **state)
{
	*r = (struct room){.world = *state};
	setup(r->world, &r->p);
	people_delegate(r->world, &r->p, RIGHT_RECORD_READ | RIGHT_JOURNAL_WRITE);
	r->bo = people_as(r->world, r->p.bo_account);
	r->ben = people_as(r->world, r->p.ben);
	r->maria = people_acting(r->world, r->p.maria_account, r->p.bo);
	r->weight = journal_log_find(S("weight"));
}

void
room_close(struct room *r)
{
	db_release(&r->bo);
	db_release(&r->ben);
	db_release(&r->maria);
}

void
look_anew(struct room *r)
{
	db_refresh(&r->bo);
	db_refresh(&r->ben);
	db_refresh(&r->maria);
}

struct journal_put
weighs(struct room *r, const char *value, const char *unit)
{
	struct journal_put in = {.patient = r->p.bo, .log = r->weight, .key = uuid_new(r->world->cx.now)};

	in.values.text[0] = str_from_z(value);
	in.values.unit[0] = journal_unit_find(r->weight->fields[0].units, str_from_z(unit));
	in.values.text[1] = fhir_instant_text(r->world->cx.arena, instant_add_ms(r->bo.now, r->minutes++ * MINUTE_MS));
	return in;
}

void
share(struct room *r, bool team, bool maria)
{
	account_id readers[2];
	size_t count = 0;

	if (team)
		readers[count++] = SHARE_CARE_TEAM;
	if (maria)
		readers[count++] = r->p.maria_account;
	r->bo.now.ms++;
	assert_ok(journal_share_set(&r->bo, r->p.bo, r->weight->number, readers, count));
	look_anew(r);
}

size_t
count_for(struct cx *cx, struct room *r)
{
	const struct err *error;
	struct db_rows rows;

	look_anew(r);
	error = journal_entries(cx, &JOURNAL_QUERY(.patient = r->p.bo, .log = r->weight, .count = 100), &rows, NULL);
	if (error)
		assert_int_equal(error->code, ERR_GONE);
	return error ? 0 : rows.count;
}
