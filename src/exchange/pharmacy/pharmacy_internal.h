/* SPDX-License-Identifier: Apache-2.0 */
#ifndef SALVE_PHARMACY_INTERNAL_H
#define SALVE_PHARMACY_INTERNAL_H

#include "exchange/pharmacy/pharmacy.h"

/* One way to talk with a pharmacy. send: hand the request over; the same again must change nothing there. ERR_BUSY: away, try again;
 * ERR_INVALID: it does not take it, with its words. ask: bring back what it says, through refill_note. */
struct pharmacy_form {
	const char *name;
	fallible (*send)(struct cx *cx, const struct pharmacy_settings *settings, const struct refill *refill);
	fallible (*ask)(struct cx *cx, const struct pharmacy_settings *settings, const struct refill *refill);
};
extern const struct pharmacy_form pharmacy_forms[]; /* ended by {0} */

fallible simulated_send(struct cx *cx, const struct pharmacy_settings *settings, const struct refill *refill);
fallible simulated_ask(struct cx *cx, const struct pharmacy_settings *settings, const struct refill *refill);
fallible fhir_pharmacy_send(struct cx *cx, const struct pharmacy_settings *settings, const struct refill *refill);
fallible fhir_pharmacy_ask(struct cx *cx, const struct pharmacy_settings *settings, const struct refill *refill);

/* ---- the simulated pharmacy: what it will do is a function of seed and request ---- */

enum simulated_plan {
	PLAN_SHIPS,
	PLAN_PICK_UP,
	PLAN_PART, /* a part now, the rest later */
	PLAN_REJECTS,
	PLAN_SLOW,   /* longer than REFILL_MOVE_DAYS */
	PLAN_SILENT, /* says nothing until it is asked once more */
	PLAN_TWICE,  /* fills it twice */
	SIMULATED_PLANS
};
enum simulated_plan simulated_plan_of(int64_t seed, refill_id refill);
bool simulated_is_down(const struct pharmacy_settings *settings, instant now);
/* What it has said by now, oldest first; dispenses without text (medicine and patient are filled by simulated_ask). */
struct simulated_word {
	enum refill_event_kind event;
	instant at;
	str words, tracking;
	int64_t filled;
	int dispense; /* number of its dispense; 0: none */
	int copy;     /* said once more under another key */
};
#define SIMULATED_WORDS_MAX 16
size_t simulated_words(const struct pharmacy_settings *settings, const struct refill *refill, instant now,
    struct simulated_word out[SIMULATED_WORDS_MAX]);

/* ---- rows (pharmacy_store.c) ---- */

fallible pharmacy_row_get(struct cx *cx, str *sealed, bool *found);
fallible pharmacy_row_put(struct tx *tx, str sealed);

#endif
