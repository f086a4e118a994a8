/* SPDX-License-Identifier: Apache-2.0 */
/* What the other system did not take: the list for the team, and working it off: sent again, or kept here only. */
#include "care/charting/charting_internal.h"
#include "platform/format/utf8.h"

fallible
chart_troubles(struct cx *cx, struct db_rows *out)
{
	struct db_rows rows, teams;
	struct chart_note *note;
	const struct team *team;
	size_t kept = 0;

	TRY(chart_rows_troubled(cx, &rows));
	TRY(teams_of_account(cx, cx->who.account, &teams));
	note = rows.items;
	team = teams.items;
	for (size_t i = 0; i < rows.count; i++)
		for (size_t j = 0; j < teams.count; j++)
			if (uuid_equal(note[i].team.v, team[j].id.v)) {
				note[kept++] = note[i];
				break;
			}
	*out = (struct db_rows){note, kept};
	if (kept)
		audit_add_listed(cx, AUDIT_NOTES, ACCESS_CARE_TEAM, &note[0].patient, kept, sizeof(note[0]));
	return chart_open_troubles(cx, out);
}

fallible
chart_note_get(struct cx *cx, struct uuid id, struct chart_note *out)
{
	struct conversation c;
	struct chart_note note;
	enum access_why why;
	bool found;

	TRY(chart_row_by_id(cx, id, &note, &found));
	if (!found)
		return GONE;
	TRY(chart_open_thread(cx, note.thread, &c, &why));
	*out = note;
	return NULL;
}

struct working_off {
	struct chart_note note;
	bool again;
	enum access_why why;
};

static const struct err *
work_off(struct tx *tx, void *arg)
{
	struct working_off *in = arg;
	struct chart_note now;
	bool found;

	TRY(chart_row_by_id(tx->cx, in->note.id, &now, &found));
	if (!found || now.state != CHART_TROUBLE || now.tries != in->note.tries)
		return ERR(ERR_CONFLICT, TR("This note is not waiting for you any more. Please look again."),
		    "the note is not in trouble");
	if (in->again) {
		now.state = CHART_WAITING;
		now.tries++;
		TRY(chart_row_mend(tx, &now));
		TRY(chart_hand_over(tx, &now));
	} else {
		bool changed;

		now.state = CHART_ENDED;
		now.trouble = in->note.trouble;
		TRY(chart_row_settle(tx, &now, &changed));
	}
	audit_add(tx, &(struct audit){.action = in->again ? AUDIT_SEND : AUDIT_UPDATE,
			  .subject = AUDIT_NOTES,
			  .patient = now.patient,
			  .item = now.id,
			  .why = (int)in->why});
	return NULL;
}

fallible
chart_retry(struct cx *cx, struct uuid id)
{
	struct working_off in = {.again = true, .why = ACCESS_CARE_TEAM};

	TRY(chart_note_get(cx, id, &in.note));
	return db_write(cx, work_off, &in);
}

fallible
chart_end(struct cx *cx, struct uuid id, str reason)
{
	struct working_off in = {.why = ACCESS_CARE_TEAM};

	TRY(chart_note_get(cx, id, &in.note));
	reason = str_trim(reason);
	if (!reason.n || utf8_count(reason) > CHART_REASON_CHARS_MAX || !utf8_is_clean_text(reason))
		return ERR(ERR_INVALID, TR("Say in a few words why it stays here only."), "no reason");
	TRY(vault_seal(cx, in.note.patient, chart_place(id, "chart_note.trouble"), reason, &in.note.trouble));
	return db_write(cx, work_off, &in);
}
