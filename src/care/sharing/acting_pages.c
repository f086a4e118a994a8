/* SPDX-License-Identifier: Apache-2.0 */
/* For whom a person may act: choosing one, going back to oneself, being told of messages, and resigning. */
#include "care/sharing/sharing_internal.h"

const struct told_kind told_kinds[TOLD_KINDS] = {
    {RIGHT_MESSAGES_READ, "tell-messages", TR("A new message")},
    {RIGHT_PRESCRIPTIONS, "tell-medicines", TR("Medicines: a refill is ready, on its way or refused, or one runs out")},
    {RIGHT_APPOINTMENTS, "tell-visits", TR("Visits: booked, changed or called off, and reminders")},
};

static str
flash_of(const struct page_cx *px, str done)
{
	if (str_equal(done, S("accepted")))
		return T("You accepted. Choose below for whom you act.");
	if (str_equal(done, S("resigned")))
		return T("You gave the permission back.");
	if (str_equal(done, S("notices")))
		return T("Your choice is kept.");
	return STR_NONE;
}

fallible
get_acting(struct cx *cx, struct request *rq)
{
	struct page_cx page, *px = &page;
	struct acting_page view = {0};
	struct db_rows rows;
	const struct delegation *d;
	struct buf html = BUF_INIT(cx->arena);

	TRY(delegations_held(cx, &rows));
	TRY(page_cx_for(cx, rq, tr(cx->lang, TR("For whom you act")), "/acting", px));
	d = rows.items;
	view.rows = ARENA_ARRAY(cx->arena, struct permission, rows.count);
	for (; view.count < rows.count; view.count++)
		permission_words(px, &d[view.count], &view.rows[view.count]);
	if (cx->who.is & WHO_DELEGATE && !uuid_is_none(cx->who.patient.v))
		view.current = uuid_text(cx->arena, cx->who.patient.v);
	px->flash = flash_of(px, request_query(rq, "done"));
	px->flash_kind = NOTICE_GOOD;
	page_acting(&html, px, &view);
	return respond_page(rq, 200, buf_str(&html));
}

/* Where the first of the given rights leads. */
fallible
post_acting(struct cx *cx, struct request *rq)
{
	patient_id patient;
	bool messages, record, visits;

	if (!request_form_uuid(rq, "patient", &patient.v))
		return NOT_FOUND;
	TRY(delegate_check(cx, patient));
	TRY(delegate_has(cx, patient, cx->who.account, RIGHT_MESSAGES_READ, &messages));
	TRY(delegate_has(cx, patient, cx->who.account, RIGHT_RECORD_READ, &record));
	TRY(delegate_has(cx, patient, cx->who.account, RIGHT_APPOINTMENTS, &visits));
	TRY(session_act_for(cx, patient));
	return respond_see_other(rq, messages ? S("/messages")
				     : record ? S("/record")
				     : visits ? S("/appointments")
					      : S("/acting"));
}

fallible
post_acting_end(struct cx *cx, struct request *rq)
{
	TRY(session_act_for(cx, (patient_id){{{0}}}));
	return respond_see_other(rq, S("/"));
}

fallible
post_resign(struct cx *cx, struct request *rq)
{
	delegation_id id;

	if (!request_param_uuid(rq, "delegation", &id.v))
		return NOT_FOUND;
	TRY(delegation_resign(cx, id));
	return respond_see_other(rq, S("/acting?done=resigned"));
}

fallible
post_tell(struct cx *cx, struct request *rq)
{
	unsigned wanted = 0;
	delegation_id id;

	if (!request_param_uuid(rq, "delegation", &id.v))
		return NOT_FOUND;
	for (size_t i = 0; i < TOLD_KINDS; i++)
		if (request_form(rq, told_kinds[i].field).n)
			wanted |= told_kinds[i].right;
	TRY(delegation_set_notices(cx, id, wanted));
	return respond_see_other(rq, S("/acting?done=notices"));
}
