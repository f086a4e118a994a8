/* SPDX-License-Identifier: Apache-2.0 */
#include "care/record/record_kinds.h"

#include "care/record/record_view_internal.h"

#define CODES(list)                                                        \
	{                                                                  \
		.items = (list), .count = sizeof(list) / sizeof((list)[0]) \
	}

static const str lab_results[] = {S_INIT("laboratory")};
static const str vital_signs[] = {S_INIT("vital-signs"), S_INIT("vital-sign")};
/* HL7 v2 table 0074: laboratory, chemistry, hematology, blood gases, immunology, serology, toxicology, and microbiology with
 * mycology, mycobacteria, parasites and viruses. */
static const str lab_reports[] = {S_INIT("LAB"), S_INIT("laboratory"), S_INIT("CH"), S_INIT("HM"), S_INIT("BG"),
    S_INIT("IMM"), S_INIT("SR"), S_INIT("TX"), S_INIT("MB"), S_INIT("MCB"), S_INIT("MYC"), S_INIT("PAR"), S_INIT("VR")};
static const str notes[] = {S_INIT("clinical-note")};

const struct record_codes RECORD_LAB_RESULTS = CODES(lab_results);
const struct record_codes RECORD_VITAL_SIGNS = CODES(vital_signs);
const struct record_codes RECORD_LAB_REPORTS = CODES(lab_reports);
const struct record_codes RECORD_NOTES = CODES(notes);

bool
record_has_category(const struct json_value *json, const struct record_codes *codes)
{
	json_each_item (json_get(json, "category"), category)
		for (size_t i = 0; i < codes->count; i++)
			if (record_concept_has(category, codes->items[i]))
				return true;
	return false;
}
