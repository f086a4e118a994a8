/* SPDX-License-Identifier: Apache-2.0 */
/* What the tests of this folder share: Bo with three prescriptions, a pharmacy that says what the test wants, and looks at what is
 * there. */
#ifndef SALVE_PRESCRIPTIONS_TEST_HELP_H
#define SALVE_PRESCRIPTIONS_TEST_HELP_H

#include "people.h"

#include "care/prescriptions/prescriptions_internal.h"
#include "care/record/record_test_help.h"

struct pharmacy_room {
	struct world *world;
	struct people people;
};
/* Bo: "lis" with two refills left, "met" with none, "ator" parked with one; Maria: "warf" with one. Now is a Wednesday. */
void room_open(struct pharmacy_room *r, void **state);
/* An order put into the record; more: further members, beginning with a comma, or "". */
void put_order(
    struct pharmacy_room *r, patient_id patient, const char *id, const char *title, int repeats, const char *more);
/* A fill of `days` days, so many days before now. */
void put_fill(struct pharmacy_room *r, patient_id patient, const char *id, const char *order, int days_ago, int days);

struct prescription rx_now(struct pharmacy_room *r, const char *id); /* of Bo, as Bo sees it */
/* Ask for one refill as this account; the error it ends with. */
const struct err *
ask_as(struct pharmacy_room *r, account_id account, const char *id, struct uuid key, struct refill_result *out);
struct refill ask_one(struct pharmacy_room *r, const char *id); /* as Bo; fails the test when it is refused */
struct refill refill_now(struct pharmacy_room *r, refill_id id);
/* The pharmacy says so, under this key (none: a new one); dispense: id of a MedicationDispense, or NULL. */
const struct err *pharmacy_says(
    struct pharmacy_room *r, refill_id id, enum refill_event_kind event, struct uuid key, const char *dispense);
/* MedicationDispenses of Bo for this order that stand in the record. */
int64_t fills_of(struct pharmacy_room *r, const char *order);
int64_t rows_of(struct world *world, struct sql sql);

#endif
