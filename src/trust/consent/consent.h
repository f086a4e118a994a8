/* SPDX-License-Identifier: Apache-2.0 */
/* The policy engine: may this person do this to this patient's data now?  One answer for pages, API, export, search and
 * notices.  Lists filter by joining visible_patient inside the query:
 *
 *	JOIN visible_patient v ON v.patient = t.patient
 *	WHERE v.account = $1 AND v.since <= $2 AND v.until > $2          -- $2: cx->now
 *
 * and anything about one patient starts with access_check.  What is not allowed answers as if it were not there. */
#ifndef SALVE_CONSENT_H
#define SALVE_CONSENT_H

#include "platform/db/db.h"

/* By what right; stored in the trail as a number. */
enum access_why {
	ACCESS_NONE = 0,
	ACCESS_SELF = 1,      /* the patient */
	ACCESS_CARE_TEAM = 2, /* staff of a team that cares for the patient */
	ACCESS_SYSTEM = 3,    /* the program: import, jobs, the command line */
};

/* May the caller see the record of `patient`? `why` says by what right, for the trail. ERR_GONE otherwise (the same words as
 * for a patient that does not exist). Administrators see no record by office. */
fallible access_check(struct cx *cx, patient_id patient, enum access_why *why);

/* May the caller change the record itself (create resources)? The care team and the system may; the patient may not. */
fallible access_check_write(struct cx *cx, patient_id patient, enum access_why *why);

/* May the caller run the office of this facility: its teams, associations, blocks, settings, reports? Its coordinators and
 * administrators may, and the system; ERR_GONE for everybody else. It opens nobody's record. */
fallible office_check(struct cx *cx, facility_id facility);

#endif
