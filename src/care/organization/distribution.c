/* SPDX-License-Identifier: Apache-2.0 */
/* Named lists of staff, kept by the office of the facility and used by everybody who sends something to colleagues. */
#include "care/organization/organization_internal.h"
#include "platform/format/utf8.h"

static fallible
check_members(struct cx *cx, const account_id *members, size_t count)
{
	struct account account;

	if (count == 0 || count > DISTRIBUTION_MAX)
		return ERR(ERR_INVALID, TR("A list has 1 to 200 people."), "no or too many members");
	for (size_t i = 0; i < count; i++) {
		TRY(account_get(cx, members[i], &account));
		if (!(account.kind & WHO_STAFF) || !uuid_equal(account.facility.v, cx->who.facility.v))
			return ERR(
			    ERR_INVALID, TR("Choose people of the staff of your facility."), "not of the staff here");
	}
	return NULL;
}

struct saving {
	struct distribution_group group;
	const account_id *members;
	size_t count;
};

static const struct err *
save(struct tx *tx, void *arg)
{
	const struct saving *in = arg;

	TRY(distribution_row_put(tx, &in->group));
	TRY(distribution_rows_clear(tx, in->group.id));
	for (size_t i = 0; i < in->count; i++)
		TRY(distribution_row_add(tx, in->group.id, in->members[i]));
	audit_office(tx, AUDIT_FACILITY, (patient_id){{{0}}}, in->group.id);
	return NULL;
}

fallible
distribution_group_save(struct cx *cx, const struct distribution_group *in, const account_id *members, size_t count)
{
	struct saving s = {*in, members, count};
	struct distribution_group before;
	size_t chars;

	s.group.facility = cx->who.facility;
	s.group.name = str_trim(s.group.name);
	TRY(office_check(cx, s.group.facility));
	if (uuid_is_none(s.group.id))
		s.group.id = uuid_new(cx->now);
	else
		TRY(distribution_row_get(cx, s.group.id, s.group.facility, &before));
	chars = utf8_count(s.group.name);
	if (chars < 1 || chars > TEAM_NAME_CHARS_MAX || !utf8_is_clean_line(s.group.name))
		return ERR(ERR_INVALID, TR("Give the list a name of 1 to 80 characters."), "list name");
	TRY(check_members(cx, members, count));
	return db_write(cx, save, &s);
}

static const struct err *delete (struct tx *tx, void *arg)
{
	struct uuid id = *(struct uuid *)arg;

	TRY(distribution_rows_clear(tx, id));
	TRY(distribution_row_delete(tx, id));
	audit_office(tx, AUDIT_FACILITY, (patient_id){{{0}}}, id);
	return NULL;
}

fallible
distribution_group_delete(struct cx *cx, struct uuid id)
{
	struct distribution_group group;

	TRY(office_check(cx, cx->who.facility));
	TRY(distribution_row_get(cx, id, cx->who.facility, &group));
	return db_write(cx, delete, &id);
}

fallible
distribution_groups(struct cx *cx, struct db_rows *out)
{
	if (!(cx->who.is & WHO_STAFF))
		return NOT_HERE;
	return distribution_rows(cx, cx->who.facility, out);
}

fallible
distribution_group_members(struct cx *cx, struct uuid id, struct db_rows *out)
{
	struct distribution_group group;

	if (!(cx->who.is & WHO_STAFF))
		return NOT_HERE;
	TRY(distribution_row_get(cx, id, cx->who.facility, &group));
	return distribution_member_rows(cx, id, out);
}
