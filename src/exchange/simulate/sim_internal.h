/* SPDX-License-Identifier: Apache-2.0 */
/* What the files of the simulator share. */
#ifndef SALVE_SIM_INTERNAL_H
#define SALVE_SIM_INTERNAL_H

#include "care/prescriptions/prescriptions.h"
#include "exchange/simulate/sim_catalog.h"
#include "exchange/simulate/sim_random.h"
#include "exchange/simulate/simulate.h"
#include "platform/format/json_write.h"

#define SIM_YEARS          5
#define SIM_TEAM_PANEL     1200 /* patients of a PACT teamlet */
#define SIM_TEAMLET        4    /* physician, nurse care manager, clinical associate, clerk */
#define SIM_TEAMS_PER_SITE 8

struct sim_person {
	account_id account;
	struct uuid practitioner; /* FHIR id */
	enum staff_role role;
	str name, login;
};
struct sim_team {
	struct team team;
	struct uuid organization, location; /* FHIR ids of its facility */
	struct sim_person members[SIM_TEAMLET];
	const struct zone *zone;
};
struct sim_patient {
	patient_id id;
	account_id account;
	str given, family, login;
	bool female, spanish;
	struct civil_date born;
	int age;
	const struct sim_team *team;
	bool ill[SIM_ILLNESSES];
	const char *medicine; /* one they take, in short: "lisinopril"; NULL: none */
	const char *test;     /* a test they had: "hemoglobin A1c" */
};

struct sim {
	struct cx *cx;
	struct sim_random random;
	instant until;  /* the day of the clinic's present */
	instant opened; /* when the clinic began: everybody joined then, so that later times find them there */
	struct sim_team *teams;
	size_t team_count;
	struct simulate_report *report;
	/* resources of the patient at hand, to be stored together */
	struct resource_draft **drafts;
	size_t draft_count, draft_capacity;
	const struct err *error; /* the first one while resources are made */
};

/* Finish the resource in `json` and keep it for storing. `id` is its FHIR id. */
void sim_add(struct sim *sim, patient_id owner, struct uuid id, struct buf *json);
/* Store all that was kept, audited as an import. */
fallible sim_store(struct sim *sim, patient_id owner);

/* Pieces of FHIR JSON (sim_resource.c). */
void sim_begin(struct json_writer *w, struct buf *json, const char *type, struct uuid id);
void sim_reference(struct json_writer *w, const char *name, const char *type, struct uuid id, str display);
void sim_concept(struct json_writer *w, const char *name, const char *system, const char *code, const char *display,
    const char *text);
void sim_category(struct json_writer *w, const char *system, const char *code);
void sim_time(struct json_writer *w, const char *name, instant at);
void sim_day(struct json_writer *w, const char *name, instant at);
void
sim_quantity(struct json_writer *w, const char *name, double value, int decimals, const char *unit, const char *ucum);

#define SIM_LOINC  "http://loinc.org"
#define SIM_SNOMED "http://snomed.info/sct"
#define SIM_RXNORM "http://www.nlm.nih.gov/research/umls/rxnorm"
#define SIM_CVX    "http://hl7.org/fhir/sid/cvx"

/* Facilities, teams and staff with their commons resources (sim_clinic.c). */
fallible sim_clinic(struct sim *sim, int64_t patients);
/* One patient: person, account, record (sim_patient.c). */
fallible sim_person_make(struct sim *sim, int64_t number, struct sim_patient *out);
/* A prescription with its fills: the first, and refills when the one before is used up (sim_medicines.c). */
struct sim_order {
	const struct sim_medicine *medicine;
	const char *for_what;
	struct uuid visit;
	instant at;
	bool current;
};
void sim_prescribe(struct sim *sim, const struct sim_patient *p, struct sim_random *r, const struct sim_order *order);
/* Refills and renewals of the last days, asked for and answered through the functions that pages call. */
fallible sim_medicines(struct sim *sim, const struct sim_patient *patient);
/* What the clinics offer and when they are open; who comes when (sim_visits.c). */
fallible sim_offer(struct sim *sim);
fallible sim_visits(struct sim *sim, int64_t number, const struct sim_patient *patient);
/* What they write down at home, and with whom they share it (sim_journal.c). */
fallible sim_journal(struct sim *sim, const struct sim_patient *patient);
/* What they and their team wrote (sim_messages.c). */
fallible sim_messages(struct sim *sim, const struct sim_patient *patient);

#endif
