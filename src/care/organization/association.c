/* SPDX-License-Identifier: Apache-2.0 */
/* Why a patient belongs to a team. */
#include "care/organization/organization_internal.h"
#include "platform/format/utf8.h"

fallible
association_seal(struct cx *cx, const struct association *in, struct association_sealed **out)
{
	struct association_sealed *sealed = ARENA_NEW(cx->arena, struct association_sealed);
	str reason = str_trim(in->reason);

	if (utf8_count(reason) > NOTE_CHARS_MAX || (reason.n && !utf8_is_clean_line(reason)))
		return ERR(ERR_INVALID, TR("Give the reason in one line of at most 500 characters."), "bad reason");
	if (!instant_is_none(in->until) && !instant_before(cx->now, in->until))
		return ERR(ERR_INVALID, TR("Choose an end that is still to come."), "association ends in the past");
	if (in->relation != RELATION_PANEL && in->relation != RELATION_CLINIC && in->relation != RELATION_TEAM_LIST &&
	    in->relation != RELATION_BY_HAND)
		return ERR(ERR_INVALID, TR("Say how the patient comes to the team."), "no such relation");
	sealed->plain = *in;
	sealed->plain.reason = STR_NONE;
	*out = sealed;
	if (!reason.n)
		return NULL;
	return vault_seal(cx, in->patient, association_place(in->team), reason, &sealed->plain.reason);
}

fallible
associations_of_patient(struct cx *cx, patient_id patient, struct db_rows *out)
{
	struct association *item;

	TRY(association_rows(cx, patient, out));
	item = out->items;
	for (size_t i = 0; i < out->count; i++)
		TRY(vault_open_text(cx, patient, association_place(item[i].team), item[i].reason, &item[i].reason));
	return NULL;
}

void
audit_office(struct tx *tx, enum audit_subject subject, patient_id patient, struct uuid item)
{
	audit_add(
	    tx, &(struct audit){.action = AUDIT_ADMINISTER, .subject = subject, .patient = patient, .item = item});
}
