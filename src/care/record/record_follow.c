/* SPDX-License-Identifier: Apache-2.0 */
/* Whom the record tells of what is stored: features that keep rows of their own for some resources. Told are only those that something is
 * still to be done about, so that the import of a long chart makes no work. */
#include "care/record/resource_draft.h"
#include "platform/format/fhir_date.h"

/* Days of a Quantity; 0: not said, or in another unit. */
static int64_t
days_of(const struct json_value *supply)
{
	str code = json_text_at(supply, "code"), unit = json_text_at(supply, "unit"), head;
	int64_t days;

	if ((code.n && !str_equal(code, S("d"))) || (!code.n && unit.n && !str_starts(unit, S("d"))))
		return 0;
	str_cut(json_number_text(json_get(supply, "value")), '.', &head);
	return str_to_int64(head, &days) && days > 0 && days <= 10 * 366 ? days : 0;
}

static bool
may_last(const struct json_value *json, instant now)
{
	int64_t days = days_of(json_get(json, "daysSupply"));
	struct fhir_date date;

	if (!fhir_date_parse(FHIR_DATETIME, json_text_at(json, "whenHandedOver"), &date))
		return false;
	return now.ms < date.high.ms + (days ? days : RECORD_SUPPLY_DAYS) * DAY_MS;
}

const char *
record_follow_kind(resource_type type, const struct json_value *json, instant now)
{
	if (type == RESOURCE_APPOINTMENT)
		return RECORD_FOLLOW_KIND;
	return type == RESOURCE_MEDICATION_DISPENSE && json && may_last(json, now) ? RECORD_FOLLOW_DISPENSE : NULL;
}
