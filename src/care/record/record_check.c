/* SPDX-License-Identifier: Apache-2.0 */
#include "care/record/record_check.h"

#include "platform/format/fhir_date.h"

/* Members that hold a date wherever they stand; besides, all whose name ends in "Date" or "DateTime". */
static const char *const date_members[] = {"date", "start", "end", "issued", "authoredOn", "created", "sent",
    "received", "recorded", "authored", "started", "lastUpdated", "effectiveInstant", "valueInstant", "timestamp"};

static bool
holds_date(str name)
{
	if (str_ends(name, S("Date")) || str_ends(name, S("DateTime")))
		return true;
	for (size_t i = 0; i < sizeof(date_members) / sizeof(date_members[0]); i++)
		if (str_equal(name, str_from_z(date_members[i])))
			return true;
	return false;
}

static bool
is_upper(char c)
{
	return c >= 'A' && c <= 'Z';
}

/* Is `name` one form of the choice `stem` ("valueQuantity" of "value")? */
static bool
is_form_of(str name, str stem)
{
	return name.n > stem.n && str_starts(name, stem) && is_upper(name.p[stem.n]);
}

static size_t
count_forms(const struct json_value *object, str stem)
{
	size_t count = 0;

	json_each_member (object, member)
		count += is_form_of(json_name(member), stem);
	return count;
}

static fallible
check_choices(struct arena *arena, const struct json_value *object, const char *stems)
{
	str rest = str_from_z(stems), stem;

	while (rest.p) {
		rest = str_cut(rest, ' ', &stem);
		if (count_forms(object, stem) > 1)
			return err_said(arena, ERR_INVALID, "%.*s[x] is given in more than one form.", STR_ARG(stem));
	}
	return NULL;
}

/* Members may be missing when an extension says why ("_status": data-absent-reason). */
static bool
has_member(const struct json_value *object, str name)
{
	char with_line[80];

	if (json_get_str(object, name))
		return true;
	if (name.n + 2 > sizeof(with_line))
		return false;
	with_line[0] = '_';
	memcpy(with_line + 1, name.p, name.n);
	return json_get_str(object, (str){with_line, name.n + 1});
}

static fallible
check_required(struct arena *arena, const struct json_value *json, const struct type_row *row)
{
	str rest = str_from_z(row->required), name;

	while (rest.p) {
		rest = str_cut(rest, ' ', &name);
		if (str_ends(name, S("[x]")) ? count_forms(json, str_take(name, name.n - 3)) == 0
					     : !has_member(json, name))
			return err_said(
			    arena, ERR_INVALID, "%s.%.*s is missing; it is required.", row->name, STR_ARG(name));
	}
	return NULL;
}

/* Dates and choices of everything inside. Recursion is as deep as the reader allows. */
static fallible
check_inside(struct arena *arena, const struct json_value *value)
{
	struct fhir_date date;

	json_each_item (value, item)
		TRY(check_inside(arena, item));
	json_each_member (value, member) {
		str name = json_name(member);

		if (json_kind(member) == JSON_STRING && holds_date(name) &&
		    !fhir_date_parse(FHIR_DATETIME, json_text(member), &date))
			return err_said(arena, ERR_INVALID,
			    "%.*s is not a date as FHIR writes it (2019, 2019-03, 2019-03-05 or "
			    "2019-03-05T09:00:00-05:00).",
			    STR_ARG(str_take(name, 40)));
		if (json_kind(member) == JSON_ARRAY &&
		    (str_equal(name, S("extension")) || str_equal(name, S("component"))))
			json_each_item (member, item)
				TRY(check_choices(arena, item, "value"));
		TRY(check_inside(arena, member));
	}
	return NULL;
}

static fallible
check_contained(struct arena *arena, const struct json_value *json)
{
	const struct json_value *contained = json_get(json, "contained");

	if (contained && json_kind(contained) != JSON_ARRAY)
		return ERR(ERR_INVALID, "contained must be an array.", "contained is not an array");
	json_each_item (contained, item) {
		str id = json_text_at(item, "id");

		if (!resource_type_find(json_text_at(item, "resourceType")))
			return ERR(
			    ERR_INVALID, "A contained resource has no type that FHIR R4 knows.", "contained type");
		if (!resource_id_is_valid(id))
			return ERR(ERR_INVALID, "A contained resource has no sound id.", "contained id");
		for (const struct json_value *other = item->next; other; other = other->next)
			if (str_equal(id, json_text_at(other, "id")))
				return err_said(
				    arena, ERR_INVALID, "Two contained resources have the id \"%.*s\".", STR_ARG(id));
	}
	return NULL;
}

fallible
record_check(struct arena *arena, const struct json_value *json, resource_type *type)
{
	const struct json_value *id = json_get(json, "id"), *meta = json_get(json, "meta");
	const struct type_row *row;

	if (json_kind(json) != JSON_OBJECT || !json_text_at(json, "resourceType").p)
		return ERR(ERR_INVALID, "This is not a FHIR resource: it has no resourceType.", "no resourceType");
	*type = resource_type_find(json_text_at(json, "resourceType"));
	row = type_row(*type);
	if (!row)
		return err_said(arena, ERR_INVALID, "FHIR R4 has no resource type \"%.*s\".",
		    STR_ARG(str_take(json_text_at(json, "resourceType"), 40)));
	if (id && !resource_id_is_valid(json_text(id)))
		return ERR(ERR_INVALID, "The id must be 1 to 64 letters, digits, '-' or '.'.", "bad id");
	if (meta && json_kind(meta) != JSON_OBJECT)
		return ERR(ERR_INVALID, "meta must be an object.", "meta is not an object");
	if (row->required)
		TRY(check_required(arena, json, row));
	if (row->choices)
		TRY(check_choices(arena, json, row->choices));
	TRY(check_contained(arena, json));
	return check_inside(arena, json);
}
