/* SPDX-License-Identifier: Apache-2.0 */
/* Targets and limits.  A target is drawn and said; a limit that is crossed raises exactly one item in the inbox of the team that answers
 * for it: a conversation in the patient's name, begun outside of quiet hours.  Nothing more is raised by that limit until a member of the
 * team has settled it.  A limit counts once the patient agreed, and while the log is shared with the care team.  Private to this folder. */
#ifndef SALVE_JOURNAL_RULE_H
#define SALVE_JOURNAL_RULE_H

#include "care/journal/journal_internal.h"

enum journal_rule_kind { /* stored as numbers: append only */
	RULE_TARGET = 1, /* from low to high; one of them may be open */
	RULE_ABOVE = 10, /* so many readings in a row above high, within so many days (0: however long) */
	RULE_BELOW = 11, /* below low */
	RULE_RISE = 20,  /* more than high within so many days */
	RULE_FALL = 21,
};
#define RULE_OPEN_LOW  INT64_MIN
#define RULE_OPEN_HIGH INT64_MAX
#define RULES_MAX      20 /* of one patient, in force */
#define RULE_TIMES_MAX 20
#define RULE_DAYS_MAX  60

/* Nobody's telephone rings for a weight: what is crossed at night is told in the morning, in the facility's zone. */
#define QUIET_FROM_HOUR  20
#define QUIET_UNTIL_HOUR 8

struct journal_rule {
	struct uuid id;
	patient_id patient;
	int64_t log, field, kind;
	int64_t low, high; /* thousandths of the field's first unit */
	int64_t times, days;
	team_id team;
	bool by_team;
	account_id account;
	instant made, agreed, ended;
};
struct journal_alert {
	patient_id patient;
	struct uuid rule, thread;
	instant raised, tell_at, told, settled;
	bool failed;
	str words; /* opened in what is read */
};
struct journal_reading {
	instant at;
	int64_t nano;
};
/* Does the newest reading cross the limit? Oldest first. Pure. */
bool journal_rule_is_crossed(const struct journal_rule *rule, const struct journal_reading *readings, size_t count);
/* The end of the quiet hours that `at` lies in; `at` itself outside of them. */
instant journal_quiet_end(const struct zone *zone, instant at);

/* The rules in force of a log (0: of all), those waiting for the patient's word too; struct journal_rule. Checks access. */
fallible journal_rules_of(struct cx *cx, patient_id patient, int64_t log, struct db_rows *out);
/* A new one, by the patient (agreed at once) or by a member of the team (waits for the patient's word, a target excepted). ERR_INVALID
 * with words. Another target of the same field ends the one before. */
fallible journal_rule_add(struct cx *cx, const struct journal_rule *rule);
fallible journal_rule_agree(struct cx *cx, patient_id patient, struct uuid id); /* the patient alone */
fallible journal_rule_end(struct cx *cx, patient_id patient, struct uuid id);   /* the patient, or the team */
str journal_rule_words(const struct page_cx *px, const struct journal_rule *rule, const struct journal_unit *unit);

/* Around keeping an entry: what is needed is read before the act, and limits are watched in it. */
struct journal_rules {
	const struct journal_rule *items;
	size_t count;
	const struct zone *zone;
};
fallible
journal_rules_prepare(struct cx *cx, patient_id patient, const struct journal_log *log, struct journal_rules *out);
/* Readings before `since` do not count (INSTANT_NONE: all do). */
fallible journal_rules_watch(
    struct tx *tx, patient_id patient, const struct journal_log *log, const struct journal_rules *rules, instant since);

/* Open ones of the patient that the caller may read; struct journal_alert. */
fallible journal_alerts_open(struct cx *cx, patient_id patient, struct db_rows *out);
/* By a member of the team: seen, done with. ERR_GONE when there is none. */
fallible journal_alert_settle(struct cx *cx, patient_id patient, struct uuid rule);

/* rows */
fallible journal_rule_rows(struct cx *cx, patient_id patient, int64_t log, struct db_rows *out);
fallible journal_rule_row_add(struct tx *tx, const struct journal_rule *rule);
fallible journal_rule_row_agree(struct tx *tx, patient_id patient, struct uuid id, bool *changed);
fallible journal_rule_row_end(struct tx *tx, patient_id patient, struct uuid id, bool *changed);
fallible journal_alert_row_add(struct tx *tx, const struct journal_alert *alert, bool *added);
fallible journal_alert_rows_open(struct cx *cx, patient_id patient, struct db_rows *out);
fallible journal_alert_rows_due(struct cx *cx, int64_t count_max, struct db_rows *out);
fallible journal_alert_row_told(struct tx *tx, const struct journal_alert *alert, bool failed);
fallible journal_alert_row_settle(struct tx *tx, patient_id patient, struct uuid rule, bool *changed);
fallible journal_seen_row(struct cx *cx, patient_id patient, int64_t log, instant *at, account_id *by);
/* The first at or after `from`: who saw what was written then. */
fallible journal_seen_row_after(
    struct cx *cx, patient_id patient, int64_t log, instant from, instant *at, account_id *by, bool *found);
fallible journal_seen_row_add(struct tx *tx, patient_id patient, int64_t log);

#endif
