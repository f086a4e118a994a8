/* SPDX-License-Identifier: Apache-2.0 */
#ifndef SALVE_REMINDERS_INTERNAL_H
#define SALVE_REMINDERS_INTERNAL_H

#include "care/reminders/reminders.h"
#include "platform/pages/pages.h"

fallible reminder_rows(struct cx *cx, patient_id patient, struct db_rows *out); /* struct reminder_mark */
fallible reminder_row_put(struct tx *tx, patient_id patient, const struct reminder_mark *mark);

/* What is known of somebody when a rule is asked. */
struct reminder_person {
	instant born; /* none: unknown */
	bool female;
	double bmi; /* 0: unknown */
};
bool reminder_applies(const struct reminder_rule *rule, const struct reminder_person *person, instant now);
/* The same day so many months later or earlier (the last of a shorter month), in UTC. */
instant reminder_months_later(instant from, int months);

struct reminder_line {
	str code, title, what, why, source, state, last;
	enum status_kind kind;
	bool due, open; /* open: can be answered */
};
struct reminders_page {
	struct form_errors errors;
	bool own;
	str name, base;
	const struct reminder_line *lines;
	size_t count, due;
	bool can_answer;
};
void page_reminders(struct buf *out, const struct page_cx *px, const struct reminders_page *v);

struct reminder_page {
	struct form_errors errors;
	bool own;
	str name, action, back, day;
	struct reminder_line line;
	str answer;
	struct option options[3];
	size_t option_count;
};
void page_reminder(struct buf *out, const struct page_cx *px, const struct reminder_page *v);

#endif
