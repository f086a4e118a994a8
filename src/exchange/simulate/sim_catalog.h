/* SPDX-License-Identifier: Apache-2.0 */
/* What exists in the simulated world: illnesses with what belongs to them, tests, medicines, vaccines, names, and what people
 * write.  Tables only. */
#ifndef SALVE_SIM_CATALOG_H
#define SALVE_SIM_CATALOG_H

#include "platform/base/base.h"

struct sim_code {
	const char *code, *display;
};

enum sim_test {
	TEST_A1C,
	TEST_GLUCOSE,
	TEST_LDL,
	TEST_HDL,
	TEST_CHOLESTEROL,
	TEST_TRIGLYCERIDES,
	TEST_CREATININE,
	TEST_EGFR,
	TEST_POTASSIUM,
	TEST_SODIUM,
	TEST_BUN,
	TEST_TSH,
	TEST_HEMOGLOBIN,
	TEST_WBC,
	TEST_PLATELETS,
	TEST_INR,
	TEST_COUNT
};
struct sim_test_kind {
	const char *loinc, *display, *unit, *ucum;
	double low, high;       /* reference range */
	double mean, deviation; /* of somebody healthy */
	int decimals;
};
extern const struct sim_test_kind sim_tests[TEST_COUNT];

struct sim_panel {
	struct sim_code loinc;
	const char *words; /* "Basic metabolic panel" */
	enum sim_test tests[6];
	size_t count;
};
enum { PANEL_METABOLIC, PANEL_LIPIDS, PANEL_BLOOD_COUNT, PANEL_A1C, PANEL_THYROID, PANEL_INR, PANEL_COUNT };
extern const struct sim_panel sim_panels[PANEL_COUNT];

struct sim_medicine {
	const char *rxnorm, *display, *sig;
	int quantity, days;
	const char *look; /* NULL: not said */
};
struct sim_shift { /* what an illness does to a test */
	enum sim_test test;
	double mean;
};
struct sim_illness {
	struct sim_code snomed;
	const char *words; /* as a patient says it */
	int percent;       /* of people of 65; half at 45 */
	struct sim_medicine medicines[2];
	size_t medicine_count;
	int panels[3]; /* followed with these */
	size_t panel_count;
	struct sim_shift shifts[2];
	size_t shift_count;
	bool raises_pressure;
};
#define SIM_ILLNESSES 12
extern const struct sim_illness sim_illnesses[SIM_ILLNESSES];

#define SIM_ALLERGIES 7
extern const struct {
	struct sim_code snomed;
	const char *reaction_code, *reaction, *criticality;
} sim_allergies[SIM_ALLERGIES];

#define SIM_VACCINES 6
extern const struct {
	const char *cvx, *display;
	int every_years; /* 0: once */
} sim_vaccines[SIM_VACCINES];

#define SIM_GIVEN  40
#define SIM_FAMILY 60
extern const char *const sim_given_female[SIM_GIVEN], *const sim_given_male[SIM_GIVEN], *const sim_family[SIM_FAMILY];
#define SIM_TREES 24
extern const char *const sim_trees[SIM_TREES]; /* names of teams */
#define SIM_PLACES 8
extern const struct {
	const char *clinic, *city, *state, *zone, *zip;
} sim_places[SIM_PLACES];

/* What patients write, in the proportions of 1,000 threads of 40 VA teams (JAMIA 2017, doi 10.1093/jamia/ocx021). */
enum sim_asks_about { ASKS_MEDICINE, ASKS_TEST, ASKS_NOTHING };
struct sim_topic {
	int per_mille;
	int category; /* enum message_category */
	enum sim_asks_about about;
	const char *subject; /* %s: the medicine or test */
	const char *body[2], *answer[2], *thanks;
};
#define SIM_TOPICS 11
extern const struct sim_topic sim_topics[SIM_TOPICS];
struct sim_outreach {
	const char *subject, *body;
};
#define SIM_OUTREACH 3
extern const struct sim_outreach sim_outreach[SIM_OUTREACH];

#endif
