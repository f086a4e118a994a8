/* SPDX-License-Identifier: Apache-2.0 */
/* What a facility decides for itself: its name and numbers, its promise, its days off, its settings.  A coordinator or an
 * administrator changes those of their own facility. */
#include "care/administration/administration_internal.h"
#include "platform/format/utf8.h"
#include "trust/audit/audit.h"
#include "trust/consent/consent.h"

#define REASON_CHARS_MAX 120

static void
audit_facility(struct tx *tx)
{
	audit_add(
	    tx, &(struct audit){.action = AUDIT_ADMINISTER, .subject = AUDIT_FACILITY, .item = tx->cx->who.facility.v});
}

static const struct err *
change(struct tx *tx, void *arg)
{
	struct settings_change *in = arg;

	TRY(facility_update(tx, &in->facility));
	for (const struct facility_setting_rule *rule = facility_setting_rules; rule->name; rule++)
		TRY(facility_setting_put(
		    tx, in->facility.id, str_from_z(rule->name), facility_setting_value(&in->settings, rule)));
	TRY(messaging_calendar_changed(tx, in->facility.id));
	audit_facility(tx);
	return NULL;
}

fallible
settings_change(struct cx *cx, const struct settings_change *in)
{
	struct settings_change checked = *in;

	TRY(office_check(cx, cx->who.facility));
	checked.facility.id = cx->who.facility;
	TRY(facility_check(cx, &checked.facility));
	for (const struct facility_setting_rule *rule = facility_setting_rules; rule->name; rule++)
		TRY(facility_setting_check(
		    cx, str_from_z(rule->name), facility_setting_value(&checked.settings, rule)));
	return db_write(cx, change, &checked);
}

static const struct err *
change_closure(struct tx *tx, void *arg)
{
	const struct closure_change *in = arg;

	if (in->reason.p)
		TRY(facility_close_day(tx, tx->cx->who.facility, in->day, in->reason));
	else
		TRY(facility_open_day(tx, tx->cx->who.facility, in->day));
	TRY(messaging_calendar_changed(tx, tx->cx->who.facility));
	audit_facility(tx);
	return NULL;
}

fallible
closure_change(struct cx *cx, const struct closure_change *in)
{
	struct closure_change checked = *in;
	size_t chars;

	TRY(office_check(cx, cx->who.facility));
	if (checked.reason.p) {
		checked.reason = str_trim(checked.reason);
		chars = utf8_count(checked.reason);
		if (chars < 1 || chars > REASON_CHARS_MAX || !utf8_is_clean_line(checked.reason))
			return ERR(ERR_INVALID, TR("Say in a few words why the facility is closed."), "closure reason");
	}
	return db_write(cx, change_closure, &checked);
}
