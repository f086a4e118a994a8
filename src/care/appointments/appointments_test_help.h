/* SPDX-License-Identifier: Apache-2.0 */
/* A clinic that is open, for the tests of this folder. */
#ifndef SALVE_APPOINTMENTS_TEST_HELP_H
#define SALVE_APPOINTMENTS_TEST_HELP_H

#include "people.h"

#include "care/appointments/appointments_internal.h"
#include "care/record/record_test_help.h"

struct clinic {
	struct world *world;
	struct people people;
	struct cx maria, ana, root; /* at the world's now */
	visit_kind_id kind;         /* "Follow-up", 30 minutes, bookable */
	schedule_id hours;          /* Team Maple, every day, 9:00 to 12:00, `seats` at a time */
	team_id team;
};
/* Patients may book; the times are made. */
void clinic_open(struct clinic *c, void **state, int64_t seats);
void clinic_close(struct clinic *c);
/* Each deed of a test is a request of its own, with a snapshot of its own. */
void clinic_refresh(struct clinic *c);
/* The open times of Team Maple for Maria. */
const struct slot *clinic_slots(struct clinic *c, size_t *count);
struct appointment clinic_book(struct clinic *c, slot_id slot);
/* A text of its Appointment in the record, as María reads it. */
str clinic_in_record(struct clinic *c, const struct appointment *a, const char *path);
struct appointment clinic_look(struct clinic *c, appointment_id id);
const struct err *clinic_do(
    struct cx *cx, const struct appointment *a, enum appointment_deed deed, const slot_id *slot, const char *words);
void clinic_check(struct clinic *c);                       /* appointments_check_invariants finds nothing */
int64_t clinic_outbox(struct clinic *c, const char *kind); /* how many items of that kind about Maria */
void clinic_at(struct clinic *c, instant now);             /* the time of everybody */

/* A patient of Team Maple more. */
struct cx clinic_newcomer(struct clinic *c, int n);

#endif
