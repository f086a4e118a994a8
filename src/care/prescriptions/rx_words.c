/* SPDX-License-Identifier: Apache-2.0 */
/* Prescriptions, requests and renewals in words of the person's language. */
#include "care/prescriptions/prescriptions_pages.h"
#include "platform/format/escape.h"
#include "platform/format/utf8.h"

str
rx_day(const struct page_cx *px, instant at)
{
	if (instant_is_none(at))
		return STR_NONE;
	return px_date_only(px, zone_civil(px->zone ? px->zone : zone_utc(), at).date);
}

str
rx_full_title(struct arena *arena, const struct prescription *p)
{
	return p->detail.n ? arena_printf(arena, "%.*s, %.*s", STR_ARG(p->title), STR_ARG(p->detail)) : p->title;
}

static enum status_kind
kind_of(const struct prescription *p)
{
	switch (p->status) {
	case RX_ACTIVE: return STATUS_GOOD;
	case RX_IN_PROCESS:
	case RX_SUBMITTED: return STATUS_NEW;
	case RX_ON_HOLD:
	case RX_PARKED: return STATUS_WARNING;
	default: return STATUS_PLAIN;
	}
}

/* "2 refills left", "no refill left". */
static str
left_words(const struct page_cx *px, const struct prescription *p)
{
	if (p->left == RX_NOT_SAID || !rx_status_is_active(p->status))
		return STR_NONE;
	return p->left ? TN("%1 refill left", "%1 refills left", p->left) : T("no refill left");
}

static str
lasts_words(const struct page_cx *px, const struct prescription *p)
{
	if (instant_is_none(p->runs_out) || !rx_status_is_active(p->status))
		return STR_NONE;
	if (instant_before(p->runs_out, px->now))
		return TF1("Used up since about %1", rx_day(px, p->runs_out));
	return TF1("Lasts until about %1", rx_day(px, p->runs_out));
}

struct rx_line
rx_line_of(const struct page_cx *px, const struct prescription *p, str base)
{
	bool renews = p->refusal == REFUSAL_NO_REFILLS || p->refusal == REFUSAL_EXPIRED;
	const char *why = renews && p->renewal_refusal != RENEWAL_MAY ? renewal_refusal_words(p->renewal_refusal)
	                                                              : rx_refusal_words(p->refusal);
	struct rx_line line = {.id = p->id,
	    .path = arena_printf(px->arena, "%.*s/%.*s", STR_ARG(base), STR_ARG(p->id)),
	    .title = p->title,
	    .detail = p->detail,
	    .sig = p->sig,
	    .status = p->own ? T("Told by you") : tr(px->lang, rx_status_words(p->status)),
	    .means = tr(px->lang, rx_status_means(p->status)),
	    .note = left_words(px, p),
	    .runs_out = lasts_words(px, p),
	    .why = why ? tr(px->lang, why) : STR_NONE,
	    .kind = kind_of(p),
	    .may_refill = !p->refusal,
	    .may_renew = p->renewal_refusal == RENEWAL_MAY,
	    .soon = rx_runs_out_soon(p, px->now)};

	if (p->refill &&
	    (refill_is_open((enum refill_state)p->refill->state) || rx_is_recent(p, px->now) || p->refill->problem))
		line.asked_path = arena_printf(
		    px->arena, "/prescriptions/requests/%.*s", STR_ARG(uuid_text(px->arena, p->refill->id.v)));
	if (p->renewal && p->renewal->state == RENEWAL_ASKED)
		line.renewal_path =
		    arena_printf(px->arena, "/messages/%.*s", STR_ARG(uuid_text(px->arena, p->renewal->id.v)));
	if (line.asked_path.n)
		line.note = TF2("%1, %2", tr(px->lang, refill_state_words((enum refill_state)p->refill->state)),
		    rx_day(px, p->refill->changed));
	return line;
}

/* ---- requests ---- */

enum status_kind
rx_refill_kind(const struct refill *refill)
{
	if (refill->problem != PROBLEM_NONE)
		return STATUS_WARNING;
	switch ((enum refill_state)refill->state) {
	case REFILL_TROUBLE:
	case REFILL_REJECTED: return STATUS_WARNING;
	case REFILL_READY:
	case REFILL_SHIPPED:
	case REFILL_DONE: return STATUS_GOOD;
	case REFILL_WITHDRAWN:
	case REFILL_CLOSED: return STATUS_PLAIN;
	default: return STATUS_NEW;
	}
}

struct rx_request_line
rx_refill_line(const struct page_cx *px, const struct refill *refill, str base)
{
	return (struct rx_request_line){
	    .path = arena_printf(px->arena, "%.*s/%.*s", STR_ARG(base), STR_ARG(uuid_text(px->arena, refill->id.v))),
	    .title = TF1("Refill: %1", refill->title),
	    .state = tr(px->lang, refill_state_words((enum refill_state)refill->state)),
	    .kind = rx_refill_kind(refill),
	    .when = px_day(px, refill->changed),
	    .hint = refill->problem == PROBLEM_STUCK ? T("It does not move. Your care team was told.") : STR_NONE};
}

struct rx_request_line
rx_renewal_line(const struct page_cx *px, const struct renewal *renewal, str base)
{
	static const enum status_kind kinds[] = {STATUS_NEW, STATUS_GOOD, STATUS_GOOD, STATUS_WARNING, STATUS_PLAIN};

	return (struct rx_request_line){
	    .path = arena_printf(px->arena, "%.*s/%.*s", STR_ARG(base), STR_ARG(uuid_text(px->arena, renewal->id.v))),
	    .title = TF1("Renewal: %1", renewal->title),
	    .state = tr(px->lang, renewal_state_words((enum renewal_state)renewal->state)),
	    .kind = kinds[renewal->state / 10],
	    .when = px_day(px, instant_is_none(renewal->answered) ? renewal->made : renewal->answered)};
}

const struct rx_request_line *
rx_request_lines(
    const struct page_cx *px, const struct db_rows *refills, const struct db_rows *renewals, bool team, size_t *count)
{
	const struct refill *refill = refills->items;
	const struct renewal *renewal = renewals->items;
	struct rx_request_line *lines =
	    ARENA_ARRAY(px->arena, struct rx_request_line, refills->count + renewals->count + 1);
	size_t i = 0, j = 0;

	*count = 0;
	while (i < refills->count || j < renewals->count) { /* both newest first */
		bool next =
		    j == renewals->count || (i < refills->count && !instant_before(refill[i].made, renewal[j].made));

		lines[(*count)++] =
		    next ? rx_refill_line(px, &refill[i++], team ? S("/refills") : S("/prescriptions/requests"))
			 : rx_renewal_line(px, &renewal[j++], team ? S("/renewals") : S("/messages"));
	}
	return lines;
}

str
rx_track_url(struct arena *arena, str carrier, str number)
{
	static const struct {
		const char *name, *url;
	} carriers[] = {{"usps", "https://tools.usps.com/go/TrackConfirmAction?tLabels="},
	    {"ups", "https://www.ups.com/track?tracknum="}, {"fedex", "https://www.fedex.com/fedextrack/?trknbr="},
	    {"dhl", "https://www.dhl.com/us-en/home/tracking.html?tracking-id="}};
	struct buf url = BUF_INIT(arena);

	for (size_t i = 0; number.n && i < sizeof(carriers) / sizeof(carriers[0]); i++)
		if (str_equal(utf8_fold(arena, carrier), str_from_z(carriers[i].name))) {
			buf_add_z(&url, carriers[i].url);
			escape_url_part(&url, number);
			return buf_str(&url);
		}
	return STR_NONE;
}

void
rx_audit_view(struct cx *cx, patient_id patient, enum audit_subject subject, size_t count, enum access_why why)
{
	audit_add_read(cx, &(struct audit){.action = AUDIT_VIEW,
			       .subject = subject,
			       .patient = patient,
			       .count = (int64_t)count,
			       .why = (int)why});
}
