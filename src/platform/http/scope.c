/* SPDX-License-Identifier: Apache-2.0 */
/* SMART App Launch scopes, versions 1 and 2: "patient/Observation.rs", "user/ *.read", "system/Patient.cruds". */
#include "platform/http/http.h"

static const char LETTERS[] = "cruds";

/* The letters of "rs", "read", "*" as bits; 0 when malformed. Version 2 wants them in the order of "cruds", once each. */
static unsigned
letters_of(str text)
{
	unsigned bits = 0;
	size_t at = 0;

	if (str_equal(text, S("*")))
		return 31;
	if (str_equal(text, S("read")))
		return 2 | 16;
	if (str_equal(text, S("write")))
		return 1 | 4 | 8;
	for (size_t i = 0; i < text.n; i++) {
		while (LETTERS[at] && LETTERS[at] != text.p[i])
			at++;
		if (!LETTERS[at])
			return 0;
		bits |= 1u << at++;
	}
	return bits;
}

struct clinical_scope {
	str context, type; /* context absent when not given */
	unsigned letters;
};

/* "context/Type.letters" or "Type.letters"; false for any other word. */
static bool
scope_parse(str text, struct clinical_scope *out)
{
	struct clinical_scope scope = {0};
	str type, letters;
	size_t slash;

	if (str_find(text, S("/"), &slash)) {
		scope.context = str_take(text, slash);
		text = str_drop(text, slash + 1);
		if (!str_equal(scope.context, S("patient")) && !str_equal(scope.context, S("user")) &&
		    !str_equal(scope.context, S("system")))
			return false;
	}
	letters = str_cut(text, '.', &type);
	if (type.n == 0 || !letters.p)
		return false;
	for (size_t i = 0; i < type.n; i++)
		if (!((type.p[i] | 32) >= 'a' && (type.p[i] | 32) <= 'z') && !(type.n == 1 && type.p[i] == '*'))
			return false;
	scope.type = type;
	scope.letters = letters_of(letters);
	*out = scope;
	return scope.letters != 0;
}

bool
scope_grants(str granted, const char *needed_z)
{
	struct clinical_scope needed, scope;
	bool is_clinical = scope_parse(str_from_z(needed_z), &needed);
	unsigned missing = is_clinical ? needed.letters : 1;
	str word;

	if (!needed_z[0])
		return false;
	while (granted.p && missing) {
		granted = str_cut(granted, ' ', &word);
		if (!is_clinical) {
			if (str_equal(word, str_from_z(needed_z)))
				missing = 0;
			continue;
		}
		if (!scope_parse(word, &scope) || !scope.context.p)
			continue;
		if (needed.context.p && !str_equal(scope.context, needed.context))
			continue;
		if (str_equal(scope.type, S("*")) || str_equal(scope.type, needed.type))
			missing &= ~scope.letters;
	}
	return missing == 0;
}
