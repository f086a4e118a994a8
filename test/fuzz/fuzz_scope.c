/* SPDX-License-Identifier: Apache-2.0 */
/* Any text as granted SMART scopes: more scopes never grant less, and a granted need is granted letter by letter. */
#include "platform/http/http.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	static const char *const needs[] = {
	    "Observation.rs", "Observation.cruds", "system/Patient.r", "*.r", "openid", "launch/patient"};
	struct arena arena = ARENA_INIT;
	str granted = {(const char *)data, n}, needed;
	str more = arena_printf(&arena, "user/Task.r %.*s", STR_ARG(granted));

	for (size_t i = 0; i < sizeof(needs) / sizeof(needs[0]); i++)
		if (scope_grants(granted, needs[i]))
			assert(scope_grants(more, needs[i]) || memchr(granted.p, '\0', n));
	if (scope_grants(granted, "Observation.rs"))
		assert(scope_grants(granted, "Observation.r") && scope_grants(granted, "Observation.s"));
	str_cut(granted, '\n', &needed);
	if (!memchr(needed.p ? needed.p : "", '\0', needed.n) &&
	    scope_grants(S("patient/Patient.r"), arena_z(&arena, needed)))
		assert(str_ends(needed, S("Patient.r")));
	arena_release(&arena);
	return 0;
}
