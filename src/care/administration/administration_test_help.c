/* SPDX-License-Identifier: Apache-2.0 */
#include "care/administration/administration_test_help.h"

struct cx
office(struct world *world, const struct people *p)
{
	return people_as(world, p->root);
}

bool
sees(struct world *world, account_id who, thread_id thread, instant at)
{
	struct cx cx = people_as_at(world, who, at);
	struct inbox_query query = {.count_max = 50};
	struct db_rows rows;
	const struct thread *item;
	bool in_list = false, opens;
	struct thread found;
	struct standing_of_caller caller;
	int64_t counts[INBOX_FILTERS], tasks;

	assert_ok(inbox_list(&cx, &query, &rows));
	item = rows.items;
	for (size_t i = 0; i < rows.count; i++)
		in_list = in_list || uuid_equal(item[i].id.v, thread.v);
	opens = thread_find(&cx, thread, RIGHT_MESSAGES_READ, &found, &caller) == NULL;
	assert_int_equal(opens, in_list);
	assert_ok(inbox_counts(&cx, no_team, counts));
	assert_ok(page_count_of(&cx, who, COUNT_TASKS, &tasks));
	assert_true(in_list ? tasks > 0 : true);
	assert_int_equal(tasks, counts[INBOX_MINE] + counts[INBOX_UNCLAIMED]);
	db_release(&cx);
	return in_list;
}

const struct err *
block(struct world *world, const struct people *p, team_id team, instant at, struct uuid id)
{
	struct cx cx = people_as_at(world, p->root, at);
	const struct err *error = block_make(&cx, &(struct block){.id = id,
						      .patient = p->maria,
						      .team = team,
						      .code = BLOCK_THREATS,
						      .note = S("CANARY threatened the nurse"),
						      .review = instant_add_ms(at, 30 * DAY_MS)});

	db_release(&cx);
	return error;
}
