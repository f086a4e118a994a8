/* SPDX-License-Identifier: Apache-2.0 */
/* The clean-up list: what is empty, over or forgotten among teams, people, associations, blocks and covers; each line with the
 * reason for which it stands there, and where one mends it. */
#ifndef SALVE_CLEANUP_H
#define SALVE_CLEANUP_H

#include "care/organization/organization.h"
#include "platform/pages/pages.h"

#define CLEANUP_DAYS      90  /* unless somebody asks for another number */
#define CLEANUP_LINES_MAX 200 /* of one kind; there is a word when there are more */

enum cleanup_kind {
	CLEANUP_NO_MEMBER,
	CLEANUP_NO_PATIENT,
	CLEANUP_NO_LEAD,
	CLEANUP_NO_HOURS,
	CLEANUP_SILENT,  /* nothing received for the days */
	CLEANUP_OFF,     /* members whose account is off */
	CLEANUP_IDLE,    /* members who do not sign in */
	CLEANUP_EXPIRED, /* associations */
	CLEANUP_UNVOUCHED,
	CLEANUP_UNUSED,
	CLEANUP_BLOCK,
	CLEANUP_COVER_BROKEN,
	CLEANUP_COVER_OVER,
	CLEANUP_LIST,
	CLEANUP_KINDS
};

struct cleanup_line {
	str what, why, path;
};
struct cleanup_part {
	const char *word;         /* for programs: "no-member" */
	const char *title, *mend; /* English, marked for translation */
	struct cleanup_line *items;
	size_t count, capacity;
	bool more; /* than CLEANUP_LINES_MAX */
};
struct cleanup {
	struct cleanup_part parts[CLEANUP_KINDS];
	size_t count; /* of all lines */
};
bool
cleanup_days_parse(str typed, int64_t *out); /* 30, 90, 180 or 365; absent: CLEANUP_DAYS; false for anything else */
/* Of the caller's facility, for its coordinators and administrators (ERR_GONE for others). `days`: for how long nothing happened.
 * Patients who are named find it in their trail. */
fallible cleanup_make(struct cx *cx, const struct page_cx *px, int64_t days, struct cleanup *out);

struct cleanup_page {
	struct cleanup cleanup;
	str days, facility;
};
void page_cleanup(struct buf *out, const struct page_cx *px, const struct cleanup_page *v);
fallible get_cleanup(struct cx *cx, struct request *rq);

#endif
