/* SPDX-License-Identifier: Apache-2.0 */
/* A permission in words that can be read aloud: what may be done, what may not, from when, until when. */
#include "care/sharing/sharing_internal.h"

static const struct {
	enum access_right right;
	const char *name, *hint;
} rights[RIGHTS] = {
    {RIGHT_MESSAGES_READ, "messages-read",
	TR("All messages between the patient and the care teams, old ones too, and their files.")},
    {RIGHT_MESSAGES_WRITE, "messages-write",
	TR("Write to the care teams for the patient. Both names stand on each message. Reading comes with it.")},
    {RIGHT_RECORD_READ, "record-read",
	TR("Results, medicines, visits, notes and the rest, and download it. Nobody can change it.")},
    {RIGHT_PRESCRIPTIONS, "prescriptions",
	TR("Ask for refills, follow them, and say what is taken. Seeing the health record comes with it.")},
    {RIGHT_APPOINTMENTS, "appointments",
	TR("See visits, book, change and call off. To ask a team for a visit, writing messages is needed too.")},
    {RIGHT_JOURNAL_WRITE, "journal-write",
	TR("Write down readings and other things for the patient, in the logs that the patient shares with them. "
	   "Seeing the "
	   "health record comes with it.")},
};

const char *
right_name(size_t i)
{
	return rights[i].name;
}

unsigned
right_bit(size_t i)
{
	return rights[i].right;
}

const struct option *
right_options(const struct page_cx *px)
{
	struct option *out = ARENA_ARRAY(px->arena, struct option, RIGHTS);

	for (size_t i = 0; i < RIGHTS; i++)
		out[i] = (struct option){str_from_z(rights[i].name), tr(px->lang, access_right_words(rights[i].right)),
		    tr(px->lang, rights[i].hint)};
	return out;
}

static void
state_words(const struct page_cx *px, const struct delegation *d, struct permission *out)
{
	switch (delegation_standing(d, px->now)) {
	case DELEGATION_WAITING:
		out->state = T("Waits for the code to be used");
		out->kind = STATUS_NEW;
		out->code_until = px_day(px, instant_add_ms(d->code_ends, -1));
		return;
	case DELEGATION_COMING:
		out->state = T("Accepted, begins later");
		out->kind = STATUS_GOOD;
		return;
	case DELEGATION_IN_FORCE:
		out->state = T("In force");
		out->kind = STATUS_GOOD;
		return;
	case DELEGATION_EXPIRED: out->state = T("The code was not used in time"); return;
	case DELEGATION_OVER: break;
	}
	switch ((enum delegation_state)d->state) {
	case DELEGATION_DECLINED: out->state = TF1("Declined %1", px_date(px, d->answered_at)); return;
	case DELEGATION_WITHDRAWN: out->state = TF1("Ended by the patient %1", px_date(px, d->ended_at)); return;
	case DELEGATION_RESIGNED: out->state = TF1("Ended by the helper %1", px_date(px, d->ended_at)); return;
	case DELEGATION_REPLACED: out->state = TF1("Replaced by a new permission %1", px_date(px, d->ended_at)); return;
	case DELEGATION_OFFERED:
	case DELEGATION_ACCEPTED: break;
	}
	out->state = TF1("Ran out %1", px_date(px, d->until));
}

void
permission_words(const struct page_cx *px, const struct delegation *d, struct permission *out)
{
	enum delegation_standing standing = delegation_standing(d, px->now);
	bool is_open_ended = d->until.ms == DELEGATION_OPEN.ms;

	*out = (struct permission){.id = uuid_text(px->arena, d->id.v),
	    .patient_id = uuid_text(px->arena, d->patient.v),
	    .patient = d->patient_name,
	    .who = d->delegate_name.n ? d->delegate_name : d->called,
	    .relation = d->relation,
	    .open = standing == DELEGATION_WAITING || standing == DELEGATION_COMING || standing == DELEGATION_IN_FORCE,
	    .in_force = standing == DELEGATION_IN_FORCE,
	    .tellable = (unsigned)d->rights & RIGHTS_TOLD,
	    .told = (unsigned)(d->rights & d->notices) & RIGHTS_TOLD};
	for (size_t i = 0; i < RIGHTS; i++) {
		str label = tr(px->lang, access_right_words(rights[i].right));

		if (d->rights & rights[i].right)
			out->given[out->given_count++] = label;
		else
			out->not_given[out->not_count++] = label;
	}
	if (instant_before(px->now, d->since))
		out->from = px_day(px, d->since);
	out->until =
	    is_open_ended ? T("Until one of you ends it") : TF1("Until %1", px_day(px, instant_add_ms(d->until, -1)));
	state_words(px, d, out);
}
