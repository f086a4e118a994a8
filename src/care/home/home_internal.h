/* SPDX-License-Identifier: Apache-2.0 */
#ifndef SALVE_HOME_INTERNAL_H
#define SALVE_HOME_INTERNAL_H

#include "care/appointments/appointments.h"
#include "care/appointments/visit_questions.h"
#include "care/home/home.h"
#include "care/journal/journal.h"
#include "care/messaging/messaging.h"
#include "care/prescriptions/prescriptions.h"
#include "care/record/record_pages.h"
#include "care/record/record_release.h"

struct home_to_do {
	str title, path, visit; /* "PHQ-9", where it is filled in, "Follow-up, Tuesday, ..." */
};
struct home_page {
	str greeting; /* "Good morning, Maria" */
	struct messaging_summary messages;
	str due;      /* "Thursday, 5 March 2026"; absent when nothing is owed */
	bool is_late; /* that day is over */
	struct record_visits visits;
	str next_path, last_path;
	bool has_appointment; /* the next one is of care/appointments */
	struct appointment appointment;
	str appointment_when;
	int64_t to_choose; /* times that the team offers */
	const struct home_to_do *to_do;
	size_t to_do_count;
	const struct record_item *news;
	const str *news_paths;
	size_t news_count;
	size_t waiting; /* entries that the patient does not see yet */
	bool is_first;  /* never here before */
	const str *medicines;
	size_t medicine_count;
	int64_t medicines_more;
	struct prescriptions_summary rx;
	struct journal_recent readings[JOURNAL_RECENT_MAX]; /* to write down today's in one press */
	size_t reading_count;
};
void page_home(struct buf *out, const struct page_cx *px, const struct home_page *v);

#endif
