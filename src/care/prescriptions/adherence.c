/* SPDX-License-Identifier: Apache-2.0 */
/* Adherence as the proportion of days covered (PDC): its computing, and the patients of a panel with gaps.  It says when medicines were
 * fetched, never whether they were taken; a person asks. */
#include <stdlib.h>

#include "care/prescriptions/prescriptions_internal.h"

int64_t
rx_days_covered(const struct rx_fill *fills, size_t count, instant since, instant until)
{
	int64_t first = 0, end = 0, covered = 0, last = until.ms / DAY_MS, n = 0;

	for (size_t i = count; i-- > 0;) { /* oldest first */
		int64_t begin, upto;

		if (!fills[i].done || instant_is_none(fills[i].at) || !fills[i].days ||
		    instant_before(fills[i].at, since) || !instant_before(fills[i].at, until))
			continue;
		begin = fills[i].at.ms / DAY_MS;
		first = n++ ? first : begin;
		begin = begin < end ? end : begin; /* supply that overlaps is used after what is there */
		end = begin + fills[i].days;
		upto = end < last ? end : last;
		covered += upto > begin ? upto - begin : 0;
	}
	if (n < PDC_FILLS_MIN || last <= first)
		return RX_NOT_SAID;
	return covered * 100 / (last - first);
}

static int
by_covered(const void *a, const void *b)
{
	const struct adherence_row *x = a, *y = b;

	return x->covered < y->covered ? -1 : x->covered > y->covered;
}

struct gaps {
	LIST(struct adherence_row) rows;
};

static fallible
look_at(struct cx *cx, struct cx *part, patient_id id, struct gaps *out)
{
	struct db_rows rows;
	const struct prescription *p;
	struct patient patient;

	TRY(prescriptions_load(part, id, &rows));
	p = rows.items;
	for (size_t i = 0; i < rows.count; i++) {
		int64_t covered =
		    rx_days_covered(p[i].fills, p[i].fill_count, instant_add_ms(cx->now, -PDC_DAYS * DAY_MS), cx->now);

		if (!rx_status_is_active(p[i].status) || covered == RX_NOT_SAID || covered >= PDC_ADHERENT)
			continue;
		TRY(patient_get(part, id, &patient));
		*LIST_ADD(cx->arena, &out->rows) = (struct adherence_row){.patient = id,
		    .patient_name = arena_str(cx->arena, patient.name),
		    .title = arena_str(cx->arena, p[i].title),
		    .covered = covered,
		    .runs_out = p[i].runs_out};
	}
	return NULL;
}

fallible
adherence_gaps(struct cx *cx, team_id team, patient_id after, struct db_rows *out, int64_t *looked, patient_id *next)
{
	struct gaps gaps = {0};
	struct db_rows panel;
	const struct association *one;
	bool member;

	TRY(team_has_member(cx, team, cx->who.account, &member));
	if (!member)
		return GONE;
	TRY(team_panel(cx, team, after, ADHERENCE_PATIENTS, &panel));
	one = panel.items;
	for (size_t i = 0; i < panel.count; i++) {
		struct arena arena = ARENA_INIT;
		struct cx part = *cx;
		const struct err *error;

		part.arena = &arena; /* a record may be large: memory of its own */
		error = err_copy(cx->arena, look_at(cx, &part, one[i].patient, &gaps));
		cx->conn = part.conn;
		arena_release(&arena);
		TRY(error);
	}
	if (panel.count)
		audit_add_listed(cx, AUDIT_MEDICINES, ACCESS_CARE_TEAM, &one[0].patient, panel.count, sizeof(one[0]));
	if (gaps.rows.count)
		qsort(gaps.rows.items, gaps.rows.count, sizeof(gaps.rows.items[0]), by_covered);
	*out = (struct db_rows){gaps.rows.items, gaps.rows.count};
	*looked = (int64_t)panel.count;
	*next = panel.count == ADHERENCE_PATIENTS ? one[panel.count - 1].patient : (patient_id){{{0}}};
	return NULL;
}
