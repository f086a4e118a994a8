/* SPDX-License-Identifier: Apache-2.0 */
/* What the files of the CCD share.  A section is a row (ccd.c): where its entries come from, the columns of its table, and the
 * function that writes one entry.  Each section is walked twice, first for its table, then for its entries; what a table's row and
 * an entry have in common is the anchor, made of the resource's own number. */
#ifndef SALVE_CCD_INTERNAL_H
#define SALVE_CCD_INTERNAL_H

#include "care/record/record_pages.h"
#include "care/summary/summary.h"
#include "platform/format/xml.h"

struct ccd {
	struct cx *cx;
	const struct page_cx *px;
	patient_id patient;
	const struct record_choice *choice;
	const struct sink *sink;
	const char *id_name; /* how rows name themselves: CDA "ID", XHTML "id" */
	struct arena text;   /* of `out` */
	struct buf out;
	struct xml_writer x;
	struct facility facility;
	str name;                  /* the patient's, as identity knows it */
	int64_t mistaken, outside; /* entries left out: marked as a mistake, not asked for */
	struct {
		struct uuid *items;
		size_t count, capacity;
	} grouped;        /* results that stand in a report or panel, sorted once all are known */
	bool vitals_open; /* an organizer of vital signs, about this time */
	char vitals_at[40];
	str birth_sex; /* "F", "M"; absent when not recorded */
};

/* An entry as it passes. What it holds lives until the visit returns. */
struct ccd_entry {
	struct ccd *ccd;
	struct cx *cx;
	const struct page_cx *px;
	struct xml_writer *x;
	resource_type type;
	const struct resource *resource;
	const struct json_value *json;
	struct record_item item;
	str anchor; /* of its row: "Observation-12"; of its name's cell: the same with "-name" */
};

/* ---- sections ---- */

enum ccd_cell {
	CELL_NONE,
	CELL_TITLE,
	CELL_DETAIL,
	CELL_VALUE,
	CELL_RANGE,
	CELL_STATE,
	CELL_WHEN,
	CELL_WHO,
	CELL_WHERE,
	CELL_REASON,
	CELL_FACTS,
	CELL_TEXT
};
#define CCD_COLUMNS_MAX 5
#define CCD_SOURCES_MAX 5
struct ccd_section {
	const char *title;           /* marked for translation */
	const char *code, *display;  /* LOINC */
	const char *oid, *extension; /* of its template, without the common root */
	bool new_template;           /* R1.1 had none: its plain root is not written */
	bool required;               /* stands there, empty, when nothing is recorded */
	bool own_entries;            /* `write` writes <entry> itself: none, one or several */
	struct {
		resource_type type;
		const char *sort;     /* the date parameter it is sorted by; NULL: by arrival */
		const char *category; /* only those with this category; NULL: all */
	} sources[CCD_SOURCES_MAX];
	bool (*takes)(const struct ccd_entry *e); /* NULL: all of its sources */
	struct {
		const char *heading; /* marked for translation */
		enum ccd_cell cell;
	} columns[CCD_COLUMNS_MAX];
	const struct err *(*write)(struct ccd_entry *e); /* one entry; NULL: the table is all */
	/* May be NULL. Above the table; for each entry while the table is written; before and behind the entries. */
	bool (*lead)(struct ccd *c, bool write); /* is there something to say there? */
	void (*notice)(struct ccd_entry *e);
	const struct err *(*before)(struct ccd *c);
	void (*after)(struct ccd *c);
};
extern const struct ccd_section ccd_sections[];
extern const size_t ccd_section_count;

fallible ccd_header(struct ccd *c);
/* The cells of an entry's row: what its section's columns ask for. */
fallible ccd_row(struct ccd_entry *e, const struct ccd_section *section);
fallible ccd_flush(struct ccd *c); /* what was written goes to the sink */
/* Makes an entry of a resource; false when it was entered in error or is not asked for (`count` it then). */
fallible ccd_entry_open(struct ccd *c, struct cx *cx, struct page_cx *px, const struct resource *resource, bool count,
    struct ccd_entry *out, bool *taken);

/* ---- ids, templates, codes (ccd_codes.c) ---- */

#define CCD_ROOT   "2.16.840.1.113883.10.20.22."
#define OID_LOINC  "2.16.840.1.113883.6.1"
#define OID_SNOMED "2.16.840.1.113883.6.96"
#define OID_RXNORM "2.16.840.1.113883.6.88"
#define OID_CVX    "2.16.840.1.113883.12.292"
#define OID_NCIT   "2.16.840.1.113883.3.26.1.1"
#define OID_ACT    "2.16.840.1.113883.5.4"
#define OID_NPI    "2.16.840.1.113883.4.6"

/* A code system's OID by its FHIR address, and its name; NULL when it has none here. */
const char *ccd_system_oid(struct arena *arena, str uri, const char **name);
const char *ccd_system_name(const char *oid);
/* The template as of R2.1, and (`ccd_templates`) its root alone, by which readers of R1.1 know it. */
void ccd_template(struct xml_writer *x, const char *oid, const char *extension);
void ccd_templates(struct xml_writer *x, const char *oid, const char *extension);
/* The same id for the same resource and purpose, whenever the document is made. NULL: the resource itself. */
void ccd_id(struct ccd_entry *e, const char *purpose);
str ccd_uuid_of(struct arena *arena, str name); /* made of the name alone */
void ccd_fixed(struct xml_writer *x, const char *element, const char *code, const char *oid, const char *display);
void ccd_fixed_value(struct xml_writer *x, const char *code, const char *oid, const char *display);

struct ccd_concept {
	const char *element; /* "code" */
	const char *type;    /* its xsi:type; NULL: none */
	const char *oid;     /* the system the standard asks for; codes of others become translations. NULL: any */
	const struct json_value *concept; /* a CodeableConcept, or a Coding */
	str anchor;                       /* where its name stands in the table; may be absent */
	const struct json_value *also;    /* a Coding more, as translation; may be NULL */
};
#define CONCEPT(...) (&(const struct ccd_concept){__VA_ARGS__})
void ccd_concept(struct ccd_entry *e, const struct ccd_concept *in);
str ccd_name_anchor(const struct ccd_entry *e); /* "#Observation-12-name" */
void ccd_text_reference(struct ccd_entry *e);   /* <text><reference value="#Observation-12"/></text> */

/* A status of FHIR as CDA says it. */
struct ccd_status {
	const char *fhir, *cda;
};
void ccd_status(struct xml_writer *x, const struct ccd_status *map, str status); /* unknown: nullFlavor */
bool ccd_concept_has(const struct json_value *concept, const char *code);

/* ---- values and times (ccd_values.c) ---- */

/* "2019-03-05T09:00:00.123+01:00" as "20190305090000.123+0100", as precise as it was; absent when it is no date. */
str ccd_time_text(struct arena *arena, str fhir);
void ccd_time(struct ccd_entry *e, const char *element, str fhir); /* value, or nullFlavor UNK */
/* low and high of an effectiveTime; `over`: it ended, so a missing end is said to be unknown. */
struct ccd_span {
	const char *type; /* xsi:type; NULL: none */
	str low, high;
	bool over;
};
void ccd_span(struct ccd_entry *e, const struct ccd_span *span);
/* The time of an entry: member + "DateTime", + "Period", + "Instant", + "String", as value or low and high. */
void ccd_time_of(struct ccd_entry *e, const char *member, const char *type);
/* A quantity as PQ: with its UCUM unit, or with what was written as its unit. `type` NULL: an element whose type is PQ. */
void ccd_quantity(struct ccd_entry *e, const char *element, const char *type, const struct json_value *quantity);
void ccd_value(struct ccd_entry *e, const struct json_value *holder); /* value[x] of an observation or component */
bool ccd_unit_is_ucum(str unit);
void ccd_interpretation(struct ccd_entry *e, const struct json_value *holder); /* behind the value */
void ccd_ranges(struct ccd_entry *e, const struct json_value *holder);         /* the last of an observation */
/* <observation classCode="OBS" moodCode="..."> with its template. */
void ccd_observation_begin(struct ccd_entry *e, const char *mood, const char *oid, const char *extension);
void ccd_relation_begin(struct ccd_entry *e, const char *type, bool inversion); /* entryRelationship */

/* ---- people and places (ccd_people.c) ---- */

void ccd_name(struct xml_writer *x, const struct json_value *name);
void ccd_address(struct xml_writer *x, const struct json_value *address);
void ccd_telecoms(struct xml_writer *x, struct arena *arena, const struct json_value *telecoms);
fallible ccd_author(struct ccd_entry *e, const struct json_value *reference, str time);
fallible ccd_performer(struct ccd_entry *e, const struct json_value *reference);
/* id, code, addr, telecom, assignedPerson, representedOrganization: what stands in assignedEntity and assignedAuthor. */
fallible ccd_assigned(struct ccd_entry *e, const char *element, const struct json_value *reference);

/* ---- entries ---- */

fallible ccd_allergy(struct ccd_entry *e);
fallible ccd_problem(struct ccd_entry *e);
fallible ccd_family_history(struct ccd_entry *e);
void ccd_indications(struct ccd_entry *e); /* reasonCode */
fallible ccd_medicine(struct ccd_entry *e);
fallible ccd_immunization(struct ccd_entry *e);
fallible ccd_procedure(struct ccd_entry *e);
fallible ccd_encounter(struct ccd_entry *e);
bool ccd_is_done(const struct ccd_entry *e); /* procedures and visits that are not only planned */

bool ccd_is_result(const struct ccd_entry *e);
bool ccd_is_vital(const struct ccd_entry *e);
void ccd_result_notice(struct ccd_entry *e); /* remembers which results stand in reports */
fallible ccd_results_sort(struct ccd *c);
fallible ccd_result(struct ccd_entry *e);
fallible ccd_vital(struct ccd_entry *e);
void ccd_vitals_close(struct ccd *c);

bool ccd_is_social(const struct ccd_entry *e);
bool ccd_birth_sex_lead(struct ccd *c, bool write);
fallible ccd_birth_sex(struct ccd *c);
fallible ccd_social(struct ccd_entry *e);
bool ccd_is_assessment(const struct ccd_entry *e);
fallible ccd_assessment(struct ccd_entry *e);

bool ccd_is_planned(const struct ccd_entry *e);
fallible ccd_planned(struct ccd_entry *e);
fallible ccd_goal(struct ccd_entry *e);
fallible ccd_care_team(struct ccd_entry *e);
fallible ccd_device(struct ccd_entry *e);
fallible ccd_coverage(struct ccd_entry *e);
bool ccd_is_note(const struct ccd_entry *e);
fallible ccd_note(struct ccd_entry *e);

#endif
