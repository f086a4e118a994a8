/* SPDX-License-Identifier: Apache-2.0 */
/* What the program is made of, in one place: a feature is its folder and its lines here. */
#include "app/app.h"
#include "care/administration/administration.h"
#include "care/appointments/appointments.h"
#include "care/bluebutton/bluebutton.h"
#include "care/charting/charting.h"
#include "care/corrections/corrections.h"
#include "care/home/home.h"
#include "care/imports/imports.h"
#include "care/journal/journal.h"
#include "care/messaging/broadcast.h"
#include "care/messaging/messaging.h"
#include "care/notify/notify.h"
#include "care/organization/organization.h"
#include "care/prescriptions/prescriptions.h"
#include "care/questionnaires/questionnaires.h"
#include "care/record/record_api.h"
#include "care/record/record_pages.h"
#include "care/reminders/reminders.h"
#include "care/reports/reports.h"
#include "care/sharelink/sharelink.h"
#include "care/sharing/sharing.h"
#include "care/summary/summary.h"
#include "exchange/api/api.h"
#include "exchange/fhir_messaging/fhir_messaging.h"
#include "exchange/pharmacy/pharmacy.h"
#include "trust/audit/audit.h"
#include "trust/portal/portal.h"

const struct route *const app_routes[] = {
    health_routes,
    asset_routes,
    portal_routes,
    record_api_routes,
    fhir_messaging_routes,
    api_routes,
    api_office_routes,
    api_prescriptions_routes,
    api_appointments_routes,
    api_corrections_routes,
    api_record_routes,
    record_pages_routes,
    messaging_routes,
    appointments_routes,
    appointments_fhir_routes,
    home_routes,
    sharing_routes,
    journal_routes,
    journal_api_routes,
    imports_routes,
    questionnaires_routes,
    sharelink_routes,
    corrections_routes,
    reminders_routes,
    prescriptions_routes,
    bluebutton_routes,
    summary_routes,
    organization_routes,
    charting_routes,
    administration_routes,
    reports_routes,
    NULL,
};

#define TRAIL_EVERY_MS    250 /* "who looked" shows an access within a second */
#define ESCALATE_EVERY_MS MINUTE_MS
#define SLOTS_EVERY_MS    HOUR_MS   /* times to book for the days ahead */
#define SEND_EVERY_MS     SECOND_MS /* drafts whose time to think again is over */

static const struct err *
follow_trail(struct cx *cx)
{
	int64_t added;

	return audit_index_follow(cx, &added);
}

const struct timer app_timers[] = {
    {"trail", TRAIL_EVERY_MS, follow_trail},
    {"sharelink_expire", 10 * MINUTE_MS, share_links_expire}, /* a file outlives its link by that much at most */
    {"messaging_send", SEND_EVERY_MS, messaging_send_due},
    {"messaging_escalate", ESCALATE_EVERY_MS, messaging_escalate},
    {"refills_chase", MINUTE_MS, refills_chase},
    {"supplies_tell", MINUTE_MS, supplies_tell},
    {"visit_reminders", MINUTE_MS, visit_reminders_send},
    {"slots_extend", SLOTS_EVERY_MS, slots_extend},
    {"journal_tell", MINUTE_MS, journal_tell},
    {"journal_remind", MINUTE_MS, journal_remind},
    {0},
};

const struct timer app_slow_timers[] = {
    {"exports", SECOND_MS, exports_work},
    {"pharmacy_ask", PHARMACY_TICK_MS, pharmacy_ask},
    {0},
};
/* Both keep requests beside conversations; an item that comes again changes nothing in either. */
static fallible
thread_moved_deliver(struct cx *cx, const struct outbox_item *item)
{
	TRY(renewal_thread_moved(cx, item));
	return visit_thread_moved(cx, item);
}

/* An import takes as long as a download, and neither waits for the other. */
const struct timer app_import_timers[] = {
    {"imports", SECOND_MS, imports_work},
    {0},
};
const struct outbox_kind app_no_outbox_kinds[] = {{0}};

const struct outbox_kind app_outbox_kinds[] = {
    {"notice", notice_deliver, NOTICE_GIVE_UP_MS},
    {"ehr", ehr_deliver, 2 * EHR_GIVE_UP_MS}, /* which gives up by itself before, into a list of its own */
    {REFILL_OUTBOX_KIND, pharmacy_deliver, 2 * PHARMACY_GIVE_UP_MS}, /* which gives up by itself before */
    {ATTACHMENT_OUTBOX_KIND, message_scan_deliver, ATTACHMENT_GIVE_UP_MS},
    {JOURNAL_SCAN_KIND, journal_scan_deliver, ATTACHMENT_GIVE_UP_MS},
    {RECORD_FOLLOW_KIND, visit_follow_deliver, VISIT_GIVE_UP_MS},
    {RECORD_FOLLOW_DISPENSE, rx_follow_deliver, RX_FOLLOW_GIVE_UP_MS},
    {"visit_message", visit_message_deliver, VISIT_GIVE_UP_MS},
    {"visit_notice", visit_notice_deliver, VISIT_GIVE_UP_MS},
    {THREAD_MOVED_KIND, thread_moved_deliver, VISIT_GIVE_UP_MS},
    {"broadcast", broadcast_deliver, BROADCAST_GIVE_UP_MS},
    {0},
};
