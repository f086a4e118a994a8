/* SPDX-License-Identifier: Apache-2.0 */
/* Times and names as Apple Health writes them. */
#include "care/imports/import_apple.h"

#include "platform/format/utf8.h"

static bool
digits(const char *p, int n, int *out)
{
	*out = 0;
	for (int i = 0; i < n; i++) {
		if (p[i] < '0' || p[i] > '9')
			return false;
		*out = *out * 10 + (p[i] - '0');
	}
	return true;
}

/* "2026-03-04 08:12:33 -0500" */
bool
apple_moment_of(str text, struct apple_moment *out)
{
	int year, month, day, hour, minute, second, off_hours, off_minutes;
	const char *p = text.p;

	if (text.n != 25 || p[4] != '-' || p[7] != '-' || p[10] != ' ' || p[13] != ':' || p[16] != ':' ||
	    p[19] != ' ' || (p[20] != '-' && p[20] != '+') || !digits(p, 4, &year) || !digits(p + 5, 2, &month) ||
	    !digits(p + 8, 2, &day) || !digits(p + 11, 2, &hour) || !digits(p + 14, 2, &minute) ||
	    !digits(p + 17, 2, &second) || !digits(p + 21, 2, &off_hours) || !digits(p + 23, 2, &off_minutes) ||
	    !civil_date_is_valid(year, month, day) || hour > 23 || minute > 59 || second > 59 || off_hours > 14 ||
	    off_minutes > 59)
		return false;
	out->day = civil_date_to_days((struct civil_date){(int16_t)year, (int8_t)month, (int8_t)day});
	out->offset = (off_hours * 3600 + off_minutes * 60) * (p[20] == '-' ? -1 : 1);
	out->hour = hour;
	out->at.ms = out->day * DAY_MS + (hour * 3600 + minute * 60 + second - out->offset) * SECOND_MS;
	return true;
}

/* "HKQuantityTypeIdentifierBodyMass": "BodyMass" */
str
apple_plain_type(str type)
{
	static const char *const prefixes[] = {"HKQuantityTypeIdentifier", "HKCategoryTypeIdentifier",
	    "HKCorrelationTypeIdentifier", "HKDataType", "HKWorkoutActivityType"};

	for (size_t i = 0; i < sizeof(prefixes) / sizeof(prefixes[0]); i++)
		if (str_starts(type, str_from_z(prefixes[i])))
			return str_drop(type, strlen(prefixes[i]));
	return type;
}

str
apple_clean_name(struct arena *arena, str name)
{
	name = utf8_take_chars(str_trim(utf8_nfc(arena, name)), IMPORT_SOURCE_CHARS_MAX);
	return name.n && utf8_is_clean_line(name) ? arena_str(arena, name) : S("?");
}

/* "<<HKDevice: 0x2830>, name:Apple Watch, manufacturer:Apple Inc., hardware:Watch6,1, ...>": "Apple Watch" */
str
apple_device_name(struct arena *arena, str device)
{
	size_t at;
	str name;

	if (!str_find(device, S("name:"), &at))
		return STR_NONE;
	str_cut(str_drop(device, at + 5), ',', &name);
	if (str_ends(name, S(">")))
		name = str_take(name, name.n - 1);
	return name.n ? apple_clean_name(arena, name) : STR_NONE;
}
