/* SPDX-License-Identifier: Apache-2.0 */
/* What a FHIR resource says, in plain words of the person's language: a row for a list, a measured value with its range, the
 * facts of one entry, its texts and files.  Rules only: no database, no HTML.  Nothing is said that the data do not say; what
 * is missing stays absent.  Names that stand elsewhere come back as references, for the caller to look up.
 *
 * Everything below lives in px->arena or borrows from the parsed resource. */
#ifndef SALVE_RECORD_VIEW_H
#define SALVE_RECORD_VIEW_H

#include "care/record/record.h"
#include "platform/pages/pages.h"

/* Which page a resource stands on. Each has exactly one place, so that nothing is hidden and nothing counted twice. Stored as bits
 * (share_link.classes): append only. */
enum record_class {
	CLASS_LABS,
	CLASS_VITALS,
	CLASS_MEDICINES,
	CLASS_PROBLEMS,
	CLASS_ALLERGIES,
	CLASS_IMMUNIZATIONS,
	CLASS_VISITS,
	CLASS_PROCEDURES,
	CLASS_NOTES,   /* with discharge summaries */
	CLASS_REPORTS, /* imaging, pathology, heart and other reports */
	CLASS_DOCUMENTS,
	CLASS_CARE_TEAM,
	CLASS_PLANS, /* and goals */
	CLASS_DEVICES,
	CLASS_INSURANCE,
	CLASS_DETAILS, /* personal details, family and contacts */
	CLASS_OTHER,
	RECORD_CLASSES
};
enum record_class record_class_of(resource_type type, const struct json_value *json);

/* ---- one line of a list ---- */

/* A measured value. */
struct record_measure {
	bool has_number;
	double number, second; /* second: diastolic of a blood pressure, PLOT_SINGLE otherwise */
	str unit;              /* "mg/dL"; absent for none */
	double low, high;      /* the range given with this result; NAN on an open side, both when none is given */
	str range;             /* "4.0 to 5.6 %", "less than 5.7 %"; absent when none is given */
	str exact;             /* "77.38941245 mg/dL": as recorded, when the value shown is rounded */
};

struct record_item {
	resource_type type;
	enum record_class class;
	str id;
	str key;             /* the same for all results of one test: "system|code", else the name */
	bool key_is_code;    /* "system|code" */
	str title;           /* "Hemoglobin A1c"; never absent */
	str detail;          /* what sets it apart: "in blood", "oral tablet"; may be absent */
	str title_reference; /* of a medicine that is named elsewhere */
	str value;           /* "7.1 %", "118/76 mmHg", "negative"; absent for things without a value */
	struct record_measure measure;
	str state; /* "a little high", "in use"; absent when the data do not say */
	enum status_kind state_kind;
	bool current;  /* an active problem, a medicine in use */
	bool mistaken; /* entered in error: not shown in lists */
	bool planned;  /* a visit to come */
	bool entry;    /* what the patient wrote down themself, not a copy that the care team took in */
	bool own;      /* entered by the patient, or a reading that they took, or someone close to them */
	instant at;    /* for sorting; none when undated */
	str when;      /* "3 March 2026"; absent when undated */
	str who, who_reference;
	str where, where_reference;
	str reason;
	str encounter;      /* id of the visit it belongs to; absent for none */
	const str *members; /* references of a panel's results */
	size_t member_count;
	size_t group_count; /* of the newest result of a test, in a list by test: how many it stands for; 0 otherwise */
};
void
record_item_read(const struct page_cx *px, resource_type type, const struct json_value *json, struct record_item *out);
/* A copy that does not borrow from the resource any more. */
struct record_item record_item_keep(const struct page_cx *px, const struct record_item *item);
/* Does every word of `query` stand somewhere in what the item says? `query` is folded (utf8_fold). */
bool record_item_matches(struct arena *arena, const struct record_item *item, str query);

/* ---- everything about one entry ---- */

struct record_fact {
	str label, value;
	str reference; /* whose name the caller puts in place of an absent value */
};
struct record_facts {
	struct record_fact *items;
	size_t count, capacity;
};
/* What matters about it, in the order a person asks. */
void record_facts_read(
    const struct page_cx *px, resource_type type, const struct json_value *json, struct record_facts *out);
/* Every value that stands in the resource, under the names that FHIR gives: for the disclosure "All that was recorded". */
void record_raw_facts(const struct page_cx *px, const struct json_value *json, struct record_facts *out);

/* Where the National Library of Medicine explains it in plain words (MedlinePlus Connect); absent when it takes no code of it. */
str record_about_url(const struct page_cx *px, resource_type type, const struct json_value *json);

/* ---- texts and files ---- */

/* XHTML of a narrative as plain text with line breaks; markup, scripts and styles are dropped. */
str record_text_from_xhtml(struct arena *arena, str rest);
/* The narrative, the sections of a composition and the notes of a resource, as text. Absent when there are none. */
str record_narrative(const struct page_cx *px, const struct json_value *json);

#define RECORD_FILES_MAX 32 /* of one entry */

struct record_file {
	str title;        /* "Discharge summary" or "File 1" */
	str content_type; /* as recorded, lower case, without parameters */
	str data;         /* base 64; absent when it stands elsewhere */
	str reference;    /* "Binary/..." of this record; absent otherwise */
	str elsewhere;    /* an address that is not of this record */
	str text;         /* plain text to show; absent when it is none */
};
size_t record_files_read(
    const struct page_cx *px, resource_type type, const struct json_value *json, struct record_file *files);
/* The bytes, type and text of a file that stands in a Binary (`file->reference`), when that is of this patient's record or of the
 * commons and the caller may see it; else nothing changes. */
fallible record_file_fetch(struct cx *cx, const struct page_cx *px, patient_id patient, struct record_file *file);
/* The text of a file whose bytes are `bytes`: text/plain, text/html and XHTML; absent otherwise. */
str record_file_text(struct arena *arena, str content_type, str bytes);
/* What a file is by its content, and how it may leave. */
struct record_file_look {
	const char *content_type, *ending; /* "application/octet-stream" for what is not on the list; "pdf" */
	bool is_picture, is_pdf;           /* a browser draws it without running anything */
	bool is_another;                   /* than it calls itself: it leaves as what it is */
};
struct record_file_look record_file_look(str content_type, str bytes);

/* ---- words ---- */

/* A name as a person says it: "Hemoglobin [Mass/volume] in Blood by Automated count" is "Hemoglobin", "in blood";
 * "Viral sinusitis (disorder)" is "Viral sinusitis". */
struct record_name {
	str title, detail;
};
struct record_name record_name_plain(struct arena *arena, str name);
str record_concept(const struct json_value *concept); /* text, or the first display, or the first code */
str record_unit(const struct page_cx *px, str unit);  /* "10*3/uL" is "×10³/µL" */
/* At most the digits that a person can use: "77.38941245" is "77.4"; up to three decimals stay as they were written. */
str record_number(struct arena *arena, str digits);
double record_decimal(str digits);                                                /* of a JSON number */
str record_quantity(const struct page_cx *px, const struct json_value *quantity); /* "5.2 mmol/L", "less than 3" */
/* A name of a person or place written out ("Dr. Ana Ruiz"); of HumanName. */
str record_human_name(struct arena *arena, const struct json_value *name);
/* A FHIR date, dateTime or instant in words; absent when it is none. `at` (may be NULL) is its beginning. */
str record_when(const struct page_cx *px, str text, instant *at);
str record_when_exact(const struct page_cx *px, str text); /* with the weekday and time, when known */
str record_period(const struct page_cx *px, const struct json_value *period, instant *at);
/* Display of a reference, the name of a contained resource, or absent; `reference` (may be NULL) gets what to look up. */
str record_reference(
    const struct page_cx *px, const struct json_value *json, const struct json_value *reference, str *look_up);
/* What a referenced resource is called: a practitioner's name, a medicine, an organisation. */
str record_title_of(const struct page_cx *px, const struct json_value *json);
/* Those of a type that have no section of their own: "Insurance claims", "Other findings and answers". */
str record_type_words(const struct page_cx *px, resource_type type);
str record_kind_words(const struct page_cx *px, resource_type type); /* of all resources of a type: "Vaccines" */
/* Years, or months and days for the youngest: "76 years old". Absent when the birth date is unknown. */
str record_age_words(const struct page_cx *px, instant born);

#endif
