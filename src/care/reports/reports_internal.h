/* SPDX-License-Identifier: Apache-2.0 */
/* Figures of messaging: a period and the one before it, for a team, several teams, or a facility. */
#ifndef SALVE_REPORTS_INTERNAL_H
#define SALVE_REPORTS_INTERNAL_H

#include "care/messaging/messaging_figures.h"
#include "care/reports/reports.h"
#include "platform/pages/pages.h"
#include "trust/audit/audit.h"

/* Below so many cases a share or a median says nothing about the work and too much about a person: not shown. */
#define REPORT_CASES_LEAST 5
/* The same for the slowest tenth. */
#define REPORT_TENTH_LEAST 10
#define REPORT_DAYS_MAX    731 /* of one period: two years */
#define REPORT_TEAMS_MAX   5000
#define REPORT_ROLES       (ROLE_ASSOCIATE + 1)

/* ---- period.c: which days.  Whole days in the facility's zone. ---- */

struct period {
	int32_t first, last;  /* days since 1970, both within */
	instant since, until; /* [since, until) */
};
/* ERR_INVALID with words for days that are none, in the wrong order, to come, or too many. */
fallible period_of(struct cx *cx, const struct zone *zone, const struct period_wish *wish, struct period *out);
struct period period_before(const struct zone *zone, const struct period *period); /* as many days, just before */

/* Pieces of a period that a plot can show: days up to a month, weeks up to 30 of them, months beyond. */
enum piece { PIECE_DAY, PIECE_WEEK, PIECE_MONTH };
enum piece period_piece(const struct period *period);
size_t period_pieces(const struct period *period);
size_t period_piece_of(const struct period *period, int32_t day);      /* the day is within */
int32_t period_piece_first(const struct period *period, size_t piece); /* its first day within the period */

/* ---- figures.c: counting.  Pure. ---- */

enum report_time { TIME_ANSWER, TIME_ANSWER_BUSINESS, TIME_DONE, TIME_DONE_BUSINESS, REPORT_TIMES };
#define REPORT_SOON 4 /* answered within one, two, three business days; later */

struct tally {
	int64_t from_patients, from_team;                        /* messages */
	int64_t begun_by_patients, begun_by_team, begun_to_many; /* conversations */
	int64_t questions, answered, otherwise, waiting; /* rounds: answered, settled without an answer, neither yet */
	int64_t completed, escalated;
	int64_t promised, kept; /* settled, or due by now; settled by the promised date */
	int64_t soon[REPORT_SOON];
	int64_t answered_by[REPORT_ROLES], completed_by[REPORT_ROLES];
	LIST(int64_t) times[REPORT_TIMES];     /* milliseconds, one for each case */
	int64_t panel, with_account, accepted; /* patients */
};
void tally_message(struct tally *tally, const struct message_figure *message);
void tally_begun(struct tally *tally, const struct begun_figure *begun);
/* A question that was joined with another before anybody answered it counts there, not here. */
void tally_round(struct arena *arena, struct tally *tally, const struct round_figure *round,
    const struct business_calendar *calendar, instant now);
void tally_add(struct arena *arena, struct tally *sum, const struct tally *part); /* all but the panel */
/* The value that `percent` of the cases do not exceed, by nearest rank: the ceil(percent/100 * n)-th smallest. Sorts. */
int64_t percentile(int64_t *values, size_t count, int percent);

struct standing_open {
	int64_t unfinished, waiting, unclaimed, overdue, escalated;
	instant oldest; /* since when the one waits that waits longest; none: nobody waits */
};
void standing_add(struct standing_open *sum, const struct open_figure *open, instant now);

struct person_load {
	account_id account;
	int64_t role;
	str name;
	int64_t open, messages, answered, completed, notes, credits;
};

/* ---- report.c: the use case ---- */

struct team_report {
	struct team team;
	struct tally tally[2]; /* this period, the one before */
	struct standing_open open;
};
struct report {
	struct facility facility;
	const struct zone *zone;
	struct business_calendar calendar;
	struct period period[2];
	bool office;        /* the caller runs the facility's office */
	struct team team;   /* the chosen one; none: all that the caller may see */
	struct team *teams; /* that may be chosen */
	size_t team_count;

	struct team_report *parts; /* those counted */
	size_t part_count;
	struct tally tally[2];
	struct standing_open open;
	int64_t (*pieces)[2]; /* messages from patients, from the team; period_pieces of them */
	struct person_load *people;
	size_t person_count;
	bool all_people; /* everybody; otherwise only the caller */
};
/* Coordinators and administrators: their facility and each of its teams. Staff in care: the teams that they work for now, with
 * everybody's load where they lead all of them, else only their own. ERR_GONE for any other team. */
fallible report_make(struct cx *cx, const struct report_wish *wish, struct report *out);
/* What may be chosen, before anything is counted: all but the figures. */
fallible report_scope(struct cx *cx, str team, struct report *out);

/* ---- measures.c: the figures in the order in which they are told, for page and file alike ---- */

enum measure_unit { UNIT_COUNT, UNIT_PATIENTS, UNIT_SHARE, UNIT_TIME };
enum measure_group { GROUP_VOLUME, GROUP_ANSWERS, GROUP_COMPLETION, GROUP_ROLES, GROUP_PANEL, GROUP_OPEN, GROUP_COUNT };
struct measure {
	enum measure_group group;
	const char *code;  /* in the file */
	const char *label; /* English, marked for translation */
	str of;            /* of what kind: a role; absent: none */
	enum measure_unit unit;
	struct measured {
		bool known;     /* false: too few cases */
		int64_t value;  /* count; cases that fit; milliseconds */
		int64_t out_of; /* cases in all; 0 for counts */
	} now, before;
	bool only_now; /* of the moment, not of a period */
};
struct measures {
	struct measure *items;
	size_t count, capacity;
};
void measures_of(struct cx *cx, const struct report *report, struct measures *out);
void measures_of_team(struct cx *cx, struct team_report *part, struct measures *out);
int64_t share_tenths(int64_t value, int64_t out_of); /* of a percent, rounded half up */

/* ---- report_rows.c: every figure as one row, in words that do not change with the reader's language; for file and program ---- */

struct report_row {
	str team; /* absent: all of them */
	const struct period *period;
	const char *code, *unit; /* docs/coordinator.md lists them */
	str of;                  /* of what kind or whom: a role, a person; absent: none */
	str value, out_of;       /* digits, with one decimal for a share; absent: too few cases, or there is none */
};
typedef void(report_row_fn)(void *arg, const struct report_row *row);
void report_each_row(struct cx *cx, struct report *report, report_row_fn *each, void *arg);

/* ---- report_csv.c ---- */

void report_csv(struct cx *cx, struct report *report, struct buf *out);
/* That the caller looked at these figures or took them along, in the trail. */
void report_note_look(struct cx *cx, const struct report *report, enum audit_action action);

/* ---- report_pages.c ---- */

struct reports_page {
	struct form_errors errors;
	const struct report *report; /* NULL: the choice was refused */
	str kind, from, to, team;    /* as chosen */
	struct option *teams;
	size_t team_count;
	str heading, days, days_before, csv;
	struct measure_section {
		str title;
		struct measure_row {
			str name, now, before;
		} * rows;
		size_t count;
		bool only_now;
	} sections[GROUP_COUNT];
	struct html volume, speed, roles; /* plots; empty without anything to show */
	str volume_words, speed_words, roles_words;
	struct piece_row {
		str when, patients, team;
	} * pieces;
	size_t piece_count;
	struct speed_row {
		str name, now, before;
	} * speeds;
	size_t speed_count;
	struct team_row {
		str name, questions, answer, kept, escalated, waiting;
	} * parts;
	size_t part_count;
	struct load_row {
		str name, role, open, messages, answered, completed, notes, credits;
	} * people;
	size_t person_count;
};
void page_reports(struct buf *out, const struct page_cx *px, const struct reports_page *v);
fallible get_reports(struct cx *cx, struct request *rq);
fallible get_reports_csv(struct cx *cx, struct request *rq);
str span_words(const struct page_cx *px, int64_t ms); /* "45 min", "5 h 20 min", "3 days 4 h" */

#endif
