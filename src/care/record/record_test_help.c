/* SPDX-License-Identifier: Apache-2.0 */
#include "care/record/record_test_help.h"

void
setup(struct world *world, struct people *people)
{
	assert_ok(record_init(world->vault));
	people_setup(world, people);
}

struct resource_draft *
prepare(struct cx *cx, patient_id patient, str text)
{
	const struct json_value *json;
	struct resource_draft *draft;

	assert_ok(json_parse(cx->arena, text, &json, NULL));
	assert_ok(resource_prepare(
	    cx, &(struct resource_new){.patient = patient, .json = json, .id = json_text_at(json, "id")}, &draft));
	return draft;
}

const struct err *
put_act(struct tx *tx, void *arg)
{
	struct put *put = arg;

	return resource_put_all(tx, put->drafts, put->count, put->results);
}

struct resource_put_result
put_text(struct world *world, patient_id patient, str text)
{
	struct resource_draft *draft = prepare(&world->cx, patient, text);
	struct resource_put_result result;

	assert_ok(db_write(&world->cx, put_act, &(struct put){&draft, 1, &result}));
	return result;
}
