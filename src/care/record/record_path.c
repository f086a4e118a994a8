/* SPDX-License-Identifier: Apache-2.0 */
#include "care/record/record_path.h"

struct path_walk {
	str type; /* of references wanted; absent: any */
	path_visit_fn *visit;
	void *arg;
};

static bool
points_to(const struct json_value *value, str type)
{
	str reference = json_text(json_get(value, "reference")), rest;

	/* of an absolute address the last parts count */
	while (reference.p && !(str_starts(reference, type) && str_starts(str_drop(reference, type.n), S("/"))))
		reference = str_cut(reference, '/', &rest);
	return reference.p;
}

/* Recursion is as deep as the path has parts, and arrays of arrays are as deep as JSON_DEPTH_MAX. */
static fallible
walk(const struct path_walk *how, const struct json_value *value, str path)
{
	str step, rest;

	if (!value)
		return NULL;
	if (json_kind(value) == JSON_ARRAY) {
		json_each_item (value, item)
			TRY(walk(how, item, path));
		return NULL;
	}
	if (!path.p)
		return how->type.p && !points_to(value, how->type) ? NULL : how->visit(how->arg, value);
	rest = str_cut(path, '.', &step);
	return walk(how, json_get_str(value, step), rest);
}

fallible
path_each(const struct json_value *root, const char *path, path_visit_fn *visit, void *arg)
{
	str rest = str_from_z(path), one;

	while (rest.p) {
		struct path_walk how = {.visit = visit, .arg = arg};

		rest = str_cut(rest, '|', &one);
		how.type = str_cut(one, ':', &one);
		TRY(walk(&how, root, one));
	}
	return NULL;
}
