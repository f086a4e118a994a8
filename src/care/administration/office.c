/* SPDX-License-Identifier: Apache-2.0 */
/* Patients as the office of a facility knows them: who they are, why they belong to which team, what keeps them from writing.
 * Nothing of the record, and every look is in the patient's trail. */
#include "care/administration/administration_internal.h"
#include "trust/audit/audit.h"
#include "trust/consent/consent.h"

#define FOUND_MAX 50

static void
note_look(struct cx *cx, patient_id patient, enum audit_action action)
{
	audit_add_read(cx, &(struct audit){.action = action, .subject = AUDIT_DEMOGRAPHICS, .patient = patient});
}

/* Theirs, or one that a team of theirs cares for. */
fallible
office_patient(struct cx *cx, patient_id id, struct patient *out)
{
	struct patient patient;
	struct db_rows rows;
	const struct team *team;

	TRY(patient_get(cx, id, &patient));
	TRY(office_check(cx, cx->who.facility));
	*out = patient;
	if (uuid_equal(patient.facility.v, cx->who.facility.v))
		return NULL;
	TRY(teams_of_patient(cx, id, false, &rows));
	team = rows.items;
	for (size_t i = 0; i < rows.count; i++)
		if (uuid_equal(team[i].facility.v, cx->who.facility.v))
			return NULL;
	return ERR(ERR_GONE, TR("We could not find that. It may have been removed, or it is not shared with you."),
	    "a patient of another facility");
}

fallible
office_patients_find(struct cx *cx, str query, struct db_rows *out)
{
	const struct patient *patient;

	TRY(office_check(cx, cx->who.facility));
	TRY(patient_search_facility(
	    cx, cx->who.facility, str_take(str_trim(query), SEARCH_TEXT_CHARS_MAX), FOUND_MAX, out));
	patient = out->items;
	for (size_t i = 0; i < out->count; i++)
		note_look(cx, patient[i].id, AUDIT_SEARCH);
	return NULL;
}

/* Those with teams of the caller's facility. */
static fallible
own_associations(struct cx *cx, patient_id id, struct db_rows *out)
{
	struct association *item;
	struct team team;
	size_t kept = 0;

	TRY(associations_of_patient(cx, id, out));
	item = out->items;
	for (size_t i = 0; i < out->count; i++) {
		TRY(team_get(cx, item[i].team, &team));
		if (uuid_equal(team.facility.v, cx->who.facility.v))
			item[kept++] = item[i];
	}
	out->count = kept;
	return NULL;
}

fallible
office_patient_look(struct cx *cx, patient_id id, struct db_rows *associations, struct db_rows *blocks)
{
	struct patient patient;

	TRY(office_patient(cx, id, &patient));
	note_look(cx, id, AUDIT_VIEW);
	TRY(own_associations(cx, id, associations));
	return blocks_of_patient(cx, id, blocks);
}

fallible
office_blocks(struct cx *cx, struct db_rows *out)
{
	const struct block *block;

	TRY(block_review_list(cx, cx->who.facility, out));
	block = out->items;
	for (size_t i = 0; i < out->count; i++)
		note_look(cx, block[i].patient, AUDIT_SEARCH);
	return NULL;
}

/* ---- days and times as people type them ---- */

bool
day_parse(str typed, int32_t *out)
{
	int64_t part[3];
	str rest = typed, piece;

	for (size_t i = 0; i < 3; i++) {
		if (!rest.p)
			return false;
		rest = str_cut(rest, '-', &piece);
		if (!str_to_int64(str_trim(piece), &part[i]))
			return false;
	}
	if (rest.p || part[0] < 1 || part[0] > 9999 || part[1] < 1 || part[1] > 12 || part[2] < 1 || part[2] > 31 ||
	    !civil_date_is_valid((int)part[0], (int)part[1], (int)part[2]))
		return false;
	*out = civil_date_to_days((struct civil_date){(int16_t)part[0], (int8_t)part[1], (int8_t)part[2]});
	return true;
}

fallible
office_end_of_day(struct cx *cx, str typed, instant *out)
{
	struct facility facility;
	const struct zone *zone;
	instant begin;
	int32_t day;

	*out = INSTANT_NONE;
	if (!typed.n)
		return NULL;
	if (!day_parse(typed, &day))
		return ERR(ERR_INVALID, TR("Give a day, such as 12 24 2026."), "no such day");
	TRY(facility_get(cx, cx->who.facility, &facility));
	TRY(zone_find(facility.zone, &zone));
	surrogate_days(zone, day, day, &begin, out);
	return NULL;
}

str
clock_text(struct arena *arena, int64_t minutes)
{
	return arena_printf(arena, "%lld:%02lld", (long long)(minutes / 60), (long long)(minutes % 60));
}

bool
clock_parse(str typed, int64_t *minutes)
{
	str hours, rest = str_cut(str_trim(typed), ':', &hours);
	int64_t h, m;

	if (!rest.p || rest.n != 2 || !str_to_int64(hours, &h) || !str_to_int64(rest, &m) || h < 0 || h > 24 || m < 0 ||
	    m > 59)
		return false;
	*minutes = h * 60 + m;
	return true;
}
