/* SPDX-License-Identifier: Apache-2.0 */
/* The pharmacy, another system: takes refill requests there through the outbox, and brings back what it says.  Forms: simulated (for
 * demonstrations and tests), FHIR R4 (MedicationRequest, Task, MedicationDispense); HL7 v2 is a further row of pharmacy_forms, see
 * README.md. */
#ifndef SALVE_PHARMACY_H
#define SALVE_PHARMACY_H

#include "care/prescriptions/prescriptions.h"

struct pharmacy_settings {
	str form;         /* "simulated", "fhir", "none" */
	str url, token;   /* of FHIR: base address and what to show there */
	int64_t every_ms; /* a request is asked after so often */
	int64_t seed;     /* of the simulated pharmacy: the same seed behaves the same */
	int64_t day_ms;   /* how long a day of the simulated pharmacy lasts */
};
#define PHARMACY_EVERY_MS (5 * MINUTE_MS)
/* ERR_INVALID says what is wrong. */
fallible pharmacy_settings_set(struct cx *cx, const struct pharmacy_settings *settings);
/* As set; without: the simulated one in a database of invented people, none otherwise. */
fallible pharmacy_settings_get(struct cx *cx, struct pharmacy_settings *out);

#define PHARMACY_GIVE_UP_MS DAY_MS /* unreachable so long: the care team is told, and the patient */
/* Deliverer of REFILL_OUTBOX_KIND. */
fallible pharmacy_deliver(struct cx *cx, const struct outbox_item *item);
/* The timer: asks after requests whose turn it is. */
fallible pharmacy_ask(struct cx *cx);
#define PHARMACY_TICK_MS (2 * SECOND_MS)
/* Asks after every request now: for commands and tests. */
fallible pharmacy_ask_all(struct cx *cx);

#endif
