/* SPDX-License-Identifier: Apache-2.0 */
/* Everything that went to and fro with one patient, newest first: who wrote when, what became of it, notices, chart notes, blocks,
 * teams.  Without texts.  Who cares for the patient reads the subject of conversations that they may open, and opens them; the
 * facility's office sees that there was something, and nothing of what. */
#ifndef SALVE_TIMELINE_H
#define SALVE_TIMELINE_H

#include "care/messaging/messaging_figures.h"
#include "platform/pages/pages.h"
#include "trust/consent/consent.h"

#define TIMELINE_PAGE 50
#define TIMELINE_MAX  2000 /* of each source between the chosen days */

enum timeline_kind {
	TIMELINE_MESSAGES = 1,
	TIMELINE_HANDLING, /* given, sent on, shown, noted, taken back, joined */
	TIMELINE_LATE,     /* escalated, completed */
	TIMELINE_CHART,
	TIMELINE_NOTICES,
	TIMELINE_OFFICE, /* teams, blocks, terms */
	TIMELINE_KINDS
};

struct timeline_entry {
	instant at;
	enum timeline_kind kind;
	str what;         /* "Ana Ruiz wrote" */
	str hint;         /* may be absent */
	thread_id thread; /* may be none */
	team_id team;     /* may be none */
};

struct timeline {
	struct timeline_entry *items; /* newest first */
	size_t count;
	bool cut; /* there is more between these days than can be listed */
};
struct timeline_wish {
	patient_id patient;
	int64_t kind; /* enum timeline_kind; 0: all */
	instant since, until;
};
/* The caller has been let in by timeline_enter. */
fallible timeline_make(struct cx *cx, const struct page_cx *px, const struct timeline_wish *wish, struct timeline *out);
/* May the caller see this patient's timeline? `caring`: the policy engine lets them see the messages; otherwise they run the
 * office that looks after the patient. ERR_GONE for everybody else. The look is in the patient's trail. */
fallible timeline_enter(struct cx *cx, patient_id patient, struct patient *out, bool *caring);
/* The conversation of an entry, its subject opened, for who may open it. */
fallible
timeline_conversation(struct cx *cx, const struct timeline_entry *entry, bool caring, struct thread *out, bool *may);
/* From the first moment of the day `from` ("2026-03-05") to the last of `to`; an empty one leaves that end open. ERR_INVALID
 * with words. */
fallible timeline_days(const struct zone *zone, instant now, str from, str to, struct timeline_wish *wish);
bool timeline_kind_parse(str word, int64_t *out); /* "late"; none or "all": 0; false for anything else */
const char *timeline_kind_word(int64_t kind);
const char *timeline_kind_label(int64_t kind); /* English, marked for translation */

struct timeline_page {
	struct form_errors errors;
	str name, born, path, kind, from, to;
	bool caring, cut;
	struct timeline_row {
		str when, what, hint, team, subject, path;
		instant at;
		const char *kind;
	} * rows;
	size_t count;
	int64_t total, page, pages;
	str pages_path;
};
void page_timeline(struct buf *out, const struct page_cx *px, const struct timeline_page *v);
fallible get_timeline(struct cx *cx, struct request *rq);

#endif
