/* SPDX-License-Identifier: Apache-2.0 */
/* Values that statements take, and the one-column shapes. "None" becomes NULL here, in one place for both databases. */
#include "platform/db/db.h"

struct db_value
db_int(int64_t value)
{
	return (struct db_value){.type = DB_INT, .number = value};
}

struct db_value
db_bool(bool value)
{
	return (struct db_value){.type = DB_BOOL, .number = value};
}

struct db_value
db_text(str value)
{
	return (struct db_value){.type = DB_TEXT, .is_null = !value.p, .text = value};
}

struct db_value
db_bytes(str value)
{
	return (struct db_value){.type = DB_BYTES, .is_null = !value.p, .text = value};
}

struct db_value
db_uuid(struct uuid value)
{
	return (struct db_value){.type = DB_UUID, .is_null = uuid_is_none(value), .uuid = value};
}

struct db_value
db_instant(instant value)
{
	return (struct db_value){.type = DB_INSTANT, .is_null = instant_is_none(value), .number = value.ms};
}

struct db_value
db_null(void)
{
	return (struct db_value){.type = DB_TEXT, .is_null = true};
}

const struct db_column ONE_INT[1] = {{DB_INT, 0}};
const struct db_column ONE_TEXT[1] = {{DB_TEXT, 0}};
const struct db_column ONE_BYTES[1] = {{DB_BYTES, 0}};
const struct db_column ONE_UUID[1] = {{DB_UUID, 0}};
const struct db_column ONE_INSTANT[1] = {{DB_INSTANT, 0}};
const struct db_column ONE_BOOL[1] = {{DB_BOOL, 0}};
