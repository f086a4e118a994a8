/* SPDX-License-Identifier: Apache-2.0 */
/* What of a patient's record the caller does not see yet, as sets of resources.  Private to this folder. */
#ifndef SALVE_RESOURCE_RELEASE_H
#define SALVE_RESOURCE_RELEASE_H

#include "care/record/record_numbers.h"
#include "care/record/record_release.h"
#include "trust/consent/journal_share.h"

/* Types that rules are about, and the time in the index that is nearest to their issue. */
#define RELEASE_RULED       7
#define RELEASE_OBSERVATION 0 /* the places of two of them */
#define RELEASE_REPORT      1
extern const struct release_ruled {
	resource_type type;
	const char *date;
} release_ruled[RELEASE_RULED];

/* When a resource came in, and of when it tells by the index: the whole of time when nobody knows. */
struct release_place {
	int64_t n, arrived, low, high;
};
struct release_places {
	struct release_place *items;
	size_t count, capacity;
};

struct release_references {
	str *items;
	size_t count, capacity;
};
/* One that a rule hides, with what is part of it. */
struct release_hidden {
	struct release_waiting waiting;
	struct release_place place;
	struct release_references parts;
};
struct release_hidden_list {
	struct release_hidden *items;
	size_t count, capacity;
	bool known;
};

/* The rules that stand between a record and the caller, and what was found by them so far. */
struct release_view {
	struct arena *arena;
	patient_id patient;
	const struct release_rule *rules;
	size_t rule_count;
	int64_t earliest; /* what came in before is open by every rule; INT64_MAX: all is open */
	int64_t held;     /* what came in before is held by no facility */
	struct release_hidden_list by_rule[RELEASE_RULED];
	struct release_hidden_list naming; /* reports that name a hidden result */
	struct numbers *by_type;           /* what release_view_hidden found */
	bool *type_known;
	enum access_why why;
	bool is_reader; /* somebody who sees of the journal only what the patient shares with them */
	bool open_known;
	uint64_t open;              /* bits of the logs that are shared with the caller */
	struct resource_logs *logs; /* NULL: not asked yet */
};
/* `arena`: outlives what is asked of the view (a walk through a chart clears the request's own page by page). `why`: by what
 * right the caller reads. */
fallible release_view_open(
    struct cx *cx, struct arena *arena, patient_id patient, enum access_why why, struct release_view *out);

/* Those of release_ruled[which] that came in since view->earliest and do not tell of a day long before. */
fallible release_candidates(struct cx *cx, const struct release_view *view, size_t which, struct release_places *out);
/* Those of release_ruled[which] that a rule hides. */
fallible
release_hidden_by_rule(struct cx *cx, struct release_view *view, size_t which, const struct release_hidden_list **out);
/* What would tell what it says: a report's results, pictures and files, a panel's members, a document's files. */
void release_parts(struct arena *arena, const struct json_value *json, struct release_references *out);
/* The numbers of a type that are hidden: what a rule holds back, and what is part of it. Empty when no rule stands. */
fallible release_view_hidden(struct cx *cx, struct release_view *view, resource_type type, const struct numbers **out);

/* Is an entry of this log of the journal closed to the caller? */
fallible release_view_closed(struct cx *cx, struct release_view *view, int64_t log, bool *out);

/* Takes what is hidden out of a set of one type's numbers. */
fallible
release_withhold(struct cx *cx, patient_id patient, resource_type type, enum access_why why, struct numbers *set);
/* May the caller see this one? */
fallible release_shows(struct cx *cx, const struct resource *row, enum access_why why, bool *out);

#endif
