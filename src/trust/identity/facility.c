/* SPDX-License-Identifier: Apache-2.0 */
/* What a facility may decide for itself: each setting with its limits, its default and its words in one table, which the
 * page, the check and docs/settings.md share. */
#include "platform/format/utf8.h"
#include "platform/pages/i18n.h"
#include "trust/identity/identity_internal.h"

#define REPLY_DAYS_MAX 30
#define LINE_CHARS_MAX 120

#define SETTING(member, kind_, least_, most_, otherwise_, label_, hint_)                                          \
	{                                                                                                         \
		.name = #member, .kind = (kind_), .offset = offsetof(struct facility_settings, member),           \
		.least = (least_), .most = (most_), .otherwise = (otherwise_), .label = (label_), .hint = (hint_) \
	}

/* clang-format off */
const struct facility_setting_rule facility_setting_rules[] = {
	SETTING(reply_window_days, SETTING_NUMBER, 0, 3650, 45,
	    TR("Days in which a patient can reply"),
	    TR("Counted from the last message. After that they start a new message and can take their text along. 0: no end.")),
	SETTING(undo_send_seconds, SETTING_NUMBER, 0, 60, 10,
	    TR("Seconds to take a sent message back"),
	    TR("So long a patient can undo sending before the team gets the message. 0: it leaves at once.")),
	SETTING(claim_lease_minutes, SETTING_NUMBER, 1, 240, 15,
	    TR("Minutes that a claim holds"),
	    TR("So long nobody else can answer a conversation that somebody took. Answering renews it.")),
	SETTING(clock_stops, SETTING_CLOCK, CLOCK_STOPS_AT_REPLY, CLOCK_STOPS_AT_COMPLETION, CLOCK_STOPS_AT_REPLY,
	    TR("What stops the clock"),
	    TR("Until then the conversation counts as late after its date, and escalates.")),
	SETTING(urgent_reply_days, SETTING_NUMBER, 0, 30, 1,
	    TR("Business days to answer what is urgent"),
	    TR("Never later than the promise for other messages. 0: like other messages.")),
	SETTING(warn_before_hours, SETTING_NUMBER, 0, 80, 4,
	    TR("Business hours of warning before an answer is late"),
	    TR("Whoever has the conversation is told so long before. 0: no warning.")),
	SETTING(escalation_tries_owner, SETTING_NUMBER, 0, 10, 1,
	    TR("Escalations that only the owner is told of"),
	    TR("The owner is who claimed the conversation. After that the whole team is told.")),
	SETTING(escalation_tries_team, SETTING_NUMBER, 1, 50, 3,
	    TR("Escalations before coordinators are told"),
	    TR("From this one on, administrators and coordinators of the facility are told too.")),
	SETTING(escalation_tries_max, SETTING_NUMBER, 1, 250, 10,
	    TR("Escalations after which notices stop"),
	    TR("The conversation stays marked as late in the inbox until somebody answers.")),
	SETTING(attachments_large, SETTING_SWITCH, 0, 1, 0,
	    TR("Large attachments"),
	    TR("10 files of 25 MB each instead of 4 files of 6 MB each.")),
	SETTING(nurses_renew, SETTING_SWITCH, 0, 1, 0,
	    TR("Nurses renew prescriptions"),
	    TR("Nurses of a team sign renewals, as physicians and pharmacists do.")),
	SETTING(booking_open, SETTING_SWITCH, 0, 1, 0,
	    TR("Patients can book open times"),
	    TR("Of the kinds of visits that are marked for it. Otherwise they ask, and the team books.")),
	SETTING(booking_days_ahead, SETTING_NUMBER, 1, 365, 60,
	    TR("Days ahead that can be booked"),
	    TR("Times are made out of the opening hours for so many days.")),
	SETTING(booking_hours_before, SETTING_NUMBER, 0, 336, 12,
	    TR("Hours before a visit until which it can be booked"),
	    TR("What begins sooner is left to the telephone.")),
	SETTING(visit_reminder_days, SETTING_NUMBER, 0, 14, 2,
	    TR("Days before a visit that its reminder is sent"),
	    TR("At 9 in the morning. Each patient can choose otherwise. 0: no reminder.")),
	{0},
};
/* clang-format on */

static const struct facility_setting_rule *
rule_find(str name)
{
	for (const struct facility_setting_rule *rule = facility_setting_rules; rule->name; rule++)
		if (str_equal(name, str_from_z(rule->name)))
			return rule;
	return NULL;
}

void
facility_setting_settle(struct facility_settings *settings, const struct facility_setting_rule *rule, int64_t value)
{
	char *place = (char *)settings + rule->offset;

	if (rule->kind == SETTING_SWITCH)
		*(bool *)place = value != 0;
	else
		*(int64_t *)(void *)place = value;
}

int64_t
facility_setting_value(const struct facility_settings *settings, const struct facility_setting_rule *rule)
{
	const char *place = (const char *)settings + rule->offset;

	return rule->kind == SETTING_SWITCH ? *(const bool *)place : *(const int64_t *)(const void *)place;
}

fallible
facility_settings_get(struct cx *cx, facility_id facility, struct facility_settings *out)
{
	struct db_rows rows;
	const struct setting_row *row;

	TRY(facility_setting_rows(cx, facility, &rows));
	for (const struct facility_setting_rule *rule = facility_setting_rules; rule->name; rule++)
		facility_setting_settle(out, rule, rule->otherwise);
	row = rows.items;
	for (size_t i = 0; i < rows.count; i++) {
		const struct facility_setting_rule *rule = rule_find(row[i].name);

		if (rule)
			facility_setting_settle(out, rule, row[i].value);
	}
	return NULL;
}

fallible
facility_setting_check(struct cx *cx, str name, int64_t value)
{
	const struct facility_setting_rule *rule = rule_find(name);

	if (!rule)
		return ERR(ERR_INVALID, TR("There is no such setting."), "unknown facility setting");
	if (value >= rule->least && value <= rule->most)
		return NULL;
	return err_said(cx->arena, ERR_INVALID, "%.*s",
	    STR_ARG(tr_fill(cx->arena, cx->lang, tr(cx->lang, TR("%1: give a whole number from %2 to %3.")),
		(const struct tr_arg[]){TR_ARG(tr(cx->lang, rule->label)), TR_ARG(rule->least), TR_ARG(rule->most)},
		3)));
}

fallible
facility_setting_put(struct tx *tx, facility_id facility, str name, int64_t value)
{
	TRY(facility_setting_check(tx->cx, name, value));
	return facility_setting_row_put(tx, facility, name, value);
}

/* ---- the facility itself ---- */

static bool
is_line(str text, bool required)
{
	size_t chars = utf8_count(text);

	return chars <= LINE_CHARS_MAX && (chars > 0 || !required) && utf8_is_clean_line(text);
}

fallible
facility_check(struct cx *cx, const struct facility *facility)
{
	const struct zone *zone;

	if (!is_line(facility->name, true))
		return ERR(ERR_INVALID, TR("Give the facility a name on one line."), "facility name");
	if (zone_find(facility->zone, &zone))
		return ERR(ERR_INVALID, TR("Give a time zone such as America/New_York."), "facility zone");
	if (!is_line(facility->phone, false) || !is_line(facility->crisis_line, false) ||
	    !is_line(facility->emergency_number, true))
		return ERR(ERR_INVALID, TR("Give telephone numbers on one line, and always one for emergencies."),
		    "facility phones");
	if (facility->reply_days < 1 || facility->reply_days > REPLY_DAYS_MAX)
		return err_said(cx->arena, ERR_INVALID, "%.*s",
		    STR_ARG(tr_fill(cx->arena, cx->lang,
			tr(cx->lang, TR("A message is answered within 1 to %1 business days.")),
			(const struct tr_arg[]){TR_ARG(REPLY_DAYS_MAX)}, 1)));
	return NULL;
}
