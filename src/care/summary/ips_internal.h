/* SPDX-License-Identifier: Apache-2.0 */
/* What the files of the IPS share.  Entries are opened and told apart as for the CCD (ccd_internal.h). */
#ifndef SALVE_IPS_INTERNAL_H
#define SALVE_IPS_INTERNAL_H

#include "care/record/record_references.h"
#include "care/summary/ccd_internal.h"
#include "platform/format/json_write.h"

/* What stands in a required section of which the record says nothing. */
struct ips_absent {
	resource_type type;
	const char *code, *display; /* of the guide's own code system */
};

struct ips_section {
	struct ccd_section base;         /* title, code, sources, takes, columns */
	const struct ips_absent *absent; /* NULL: the section is left out when there is nothing */
};
extern const struct ips_section ips_sections[];
extern const size_t ips_section_count;

/* A resource that the document carries. */
struct ips_entry {
	resource_type type;
	str id, body;
};
struct ips {
	struct ccd source; /* for opening entries and writing rows */
	struct cx *cx;
	str base;
	struct {
		struct ips_entry *items;
		size_t count, capacity;
	} entries;              /* in the order of the document */
	struct str_set carried; /* "Type/id" of the entries */
	struct str_set commons; /* what they refer to in the commons */
	str patient_id;         /* FHIR's */
};
/* False when it is there already. The body is copied. */
bool ips_carry(struct ips *ips, resource_type type, str id, str body);

/* Resources made for the document (ips_made.c): each gives the reference to it. */
str ips_make_absent(struct ips *ips, const struct ips_absent *absent);
str ips_make_device_use(struct ips *ips, const struct ccd_entry *device);
str ips_make_organization(struct ips *ips);
/* The patient's resource, or one made of what identity knows. */
fallible ips_patient(struct ips *ips);

#endif
