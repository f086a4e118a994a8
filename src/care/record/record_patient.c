/* SPDX-License-Identifier: Apache-2.0 */
/* A FHIR Patient as somebody whom identity knows. */
#include "care/record/record.h"

typedef LIST(str) str_list;

/* The name to show: the official one, otherwise the first that is not an old one. */
static const struct json_value *
name_to_show(const struct json_value *patient)
{
	const struct json_value *names = json_get(patient, "name"), *best = json_at(names, 0);

	json_each_item (names, name)
		if (str_equal(json_text_at(name, "use"), S("official")))
			return name;
	json_each_item (names, name)
		if (!str_equal(json_text_at(name, "use"), S("old")) &&
		    !str_equal(json_text_at(name, "use"), S("maiden")))
			return name;
	return best;
}

static str
shown(struct arena *arena, const struct json_value *name)
{
	struct buf out = BUF_INIT(arena);

	json_each_item (json_get(name, "given"), given) {
		if (out.n)
			buf_add_char(&out, ' ');
		buf_add(&out, json_text(given));
	}
	if (out.n && json_text_at(name, "family").n)
		buf_add_char(&out, ' ');
	buf_add(&out, json_text_at(name, "family"));
	if (out.n == 0)
		buf_add(&out, json_text_at(name, "text"));
	return out.n ? buf_str(&out) : S("(no name)");
}

fallible
record_patient_seal(
    struct cx *cx, patient_id id, facility_id facility, const struct json_value *json, struct patient_sealed **out)
{
	str_list names = {0}, numbers = {0};

	json_each_item (json_get(json, "name"), name) {
		json_each_item (json_get(name, "given"), given)
			if (json_text(given).n)
				*LIST_ADD(cx->arena, &names) = json_text(given);
		if (json_text_at(name, "family").n)
			*LIST_ADD(cx->arena, &names) = json_text_at(name, "family");
		if (json_text_at(name, "text").n)
			*LIST_ADD(cx->arena, &names) = json_text_at(name, "text");
	}
	json_each_item (json_get(json, "identifier"), identifier)
		if (json_text_at(identifier, "value").n)
			*LIST_ADD(cx->arena, &numbers) = json_text_at(identifier, "value");
	return patient_seal(cx,
	    &(struct patient_new){
		.id = id,
		.facility = facility,
		.name = shown(cx->arena, name_to_show(json)),
		.born = json_text_at(json, "birthDate"),
		.names = names.items,
		.name_count = names.count,
		.identifiers = numbers.items,
		.identifier_count = numbers.count,
	    },
	    out);
}
