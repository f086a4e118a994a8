/* SPDX-License-Identifier: Apache-2.0 */
/* Patients who may not write for a while.  Their old messages stay readable; the reason is for colleagues, and a day is set
 * on which somebody looks whether it still must be. */
#include "care/organization/organization_internal.h"
#include "platform/format/utf8.h"

static fallible
check(struct cx *cx, const struct block *in)
{
	if (in->code < BLOCK_URGENT_USE || in->code > BLOCK_OTHER)
		return ERR(ERR_INVALID, TR("Choose a reason."), "no such code");
	if (utf8_count(in->note) > NOTE_CHARS_MAX || (in->note.n && !utf8_is_clean_text(in->note)))
		return ERR(ERR_INVALID, TR("The note may have 500 characters."), "bad note");
	if (in->code == BLOCK_OTHER && !in->note.n)
		return ERR(ERR_INVALID, TR("Say in the note why."), "another reason without words");
	if (instant_is_none(in->review) || !instant_before(cx->now, in->review) ||
	    instant_before(instant_add_ms(cx->now, BLOCK_REVIEW_MAX), in->review))
		return ERR(ERR_INVALID, TR("Choose a day within a year on which this is looked at again."),
		    "review in the past or too far away");
	return NULL;
}

/* Is there one already that says the same or more? */
static fallible
check_new(struct cx *cx, const struct block *in)
{
	struct db_rows rows;
	const struct block *item;

	TRY(block_rows_of_patient(cx, in->patient, &rows));
	item = rows.items;
	for (size_t i = 0; i < rows.count; i++)
		if (uuid_equal(item[i].facility.v, in->facility.v) &&
		    (uuid_is_none(item[i].team.v) || uuid_equal(item[i].team.v, in->team.v)))
			return ERR(ERR_CONFLICT, TR("This patient is blocked there already."), "blocked already");
	return NULL;
}

static const struct err *
make(struct tx *tx, void *arg)
{
	const struct block *in = arg;

	TRY(check_new(tx->cx, in));
	TRY(block_row_add(tx, in));
	audit_office(tx, AUDIT_MESSAGES, in->patient, in->id);
	return NULL;
}

fallible
block_make(struct cx *cx, const struct block *in)
{
	struct block checked = *in;
	struct patient patient;
	struct team team;

	checked.facility = cx->who.facility;
	TRY(office_check(cx, checked.facility));
	TRY(patient_get(cx, in->patient, &patient));
	if (!uuid_is_none(in->team.v)) {
		TRY(team_get(cx, in->team, &team));
		if (!uuid_equal(team.facility.v, checked.facility.v))
			return NOT_HERE;
	} else if (!uuid_equal(patient.facility.v, checked.facility.v))
		return NOT_HERE;
	checked.note = str_trim(checked.note);
	TRY(check(cx, &checked));
	if (uuid_is_none(checked.id))
		checked.id = uuid_new(cx->now);
	if (checked.note.n)
		TRY(vault_seal(cx, in->patient, block_place(checked.id), checked.note, &checked.note));
	else
		checked.note = STR_NONE;
	return db_write(cx, make, &checked);
}

static const struct err *
end(struct tx *tx, void *arg)
{
	const struct block *in = arg;

	TRY(block_row_end(tx, in->patient, in->id));
	audit_office(tx, AUDIT_MESSAGES, in->patient, in->id);
	return NULL;
}

fallible
block_end(struct cx *cx, patient_id patient, struct uuid id)
{
	struct block block = {0};

	TRY(block_row_get(cx, patient, id, &block));
	TRY(office_check(cx, block.facility));
	return db_write(cx, end, &block);
}

/* ---- reading ---- */

fallible
blocks_of_patient(struct cx *cx, patient_id patient, struct db_rows *out)
{
	enum access_why why;
	struct block *item;
	size_t kept = 0;
	bool is_office = (cx->who.is & (WHO_COORDINATOR | WHO_ADMINISTRATOR | WHO_SYSTEM)) != 0;

	if (!is_office)
		TRY(access_check(cx, patient, RIGHT_MESSAGES_READ, &why));
	TRY(block_rows_of_patient(cx, patient, out));
	item = out->items;
	for (size_t i = 0; i < out->count; i++) {
		if (is_office && office_check(cx, item[i].facility))
			continue; /* of another facility */
		item[kept] = item[i];
		if (is_office)
			TRY(vault_open_text(
			    cx, patient, block_place(item[kept].id), item[kept].note, &item[kept].note));
		else
			item[kept].note = STR_NONE;
		kept++;
	}
	out->count = kept;
	return NULL;
}

fallible
block_review_list(struct cx *cx, facility_id facility, struct db_rows *out)
{
	struct block *item;

	TRY(office_check(cx, facility));
	TRY(block_rows_to_review(cx, facility, out));
	item = out->items;
	for (size_t i = 0; i < out->count; i++)
		TRY(vault_open_text(cx, item[i].patient, block_place(item[i].id), item[i].note, &item[i].note));
	return NULL;
}
