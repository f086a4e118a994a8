/* SPDX-License-Identifier: Apache-2.0 */
/* The CCD of sample patients: against golden files, and by what it must hold. */
#include <stdio.h>

#include "care/summary/summary_test_help.h"

/* The facility of a test gets a new number each time: the golden file has one that stays. */
static str
document_of(struct office *o)
{
	str facility = uuid_text(&o->world->arena, o->people.facility.id.v);

	buf_clear(&o->out);
	assert_ok(summary_ccd(&o->cx, &o->px, o->patient, &o->all, &o->sink));
	db_release(&o->cx);
	for (size_t i = 0; i + facility.n <= o->out.n; i++)
		if (memcmp(o->out.p + i, facility.p, facility.n) == 0)
			memcpy(o->out.p + i, "00000000-0000-4000-8000-000000000000", facility.n);
	return buf_str(&o->out);
}

static void
check_sample(void **state, const struct sample *sample)
{
	struct office o;

	if (office_open(&o, *state, sample))
		golden_check(
		    &o.world->arena, arena_printf(&o.world->arena, "%s.xml", sample->golden).p, document_of(&o));
}

static void
the_document_of_a_sample_patient_is_as_agreed(void **state)
{
	check_sample(state, &SAMPLE_SMALL);
}

static void
the_document_with_all_that_us_core_asks_for_is_as_agreed(void **state)
{
	check_sample(state, &SAMPLE_MUST_SUPPORT);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    WORLD_TEST(the_document_of_a_sample_patient_is_as_agreed),
	    WORLD_TEST(the_document_with_all_that_us_core_asks_for_is_as_agreed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
