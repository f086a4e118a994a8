/* SPDX-License-Identifier: Apache-2.0 */
/* What the care team does with entries that are shared with it.  Private to this folder. */
#ifndef SALVE_JOURNAL_ACCEPT_H
#define SALVE_JOURNAL_ACCEPT_H

#include "care/journal/journal_internal.h"

/* A member of the team has looked at what is in the log now. */
fallible journal_seen(struct cx *cx, patient_id patient, const struct journal_log *log);

/* Take an entry into the record: a copy that the clinic keeps, whatever becomes of the entry and its sharing, with a Provenance that names
 * the entry, the patient who made it and the member who took it in. Again changes nothing; a corrected entry can be taken in anew. */
fallible journal_accept(struct cx *cx, patient_id patient, const struct journal_log *log, str id);
/* The copy of this version. */
fallible journal_accepted(struct cx *cx, const struct journal_entry *entry, struct resource *out, bool *found);

#endif
