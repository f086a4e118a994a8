/* SPDX-License-Identifier: Apache-2.0 */
/* Targets and limits: setting them together, watching them, and telling the team once. */
#include "care/journal/journal_rule.h"

#include "care/messaging/messaging.h"
#include "platform/pages/i18n.h"
#include "trust/audit/audit.h"

#define THOUSANDTH       (JOURNAL_NANO / 1000)
#define WATCHED_READINGS 200 /* the newest that limits look at */
#define TOLD_AT_ONCE     20
#define NOT_THERE                                                                                        \
	ERR(ERR_GONE, "We could not find that. It may have been removed, or it is not shared with you.", \
	    "no such rule of the journal")

/* ---- pure ---- */

static bool
in_a_row(const struct journal_rule *rule, const struct journal_reading *readings, size_t count)
{
	size_t times = (size_t)(rule->times > 0 ? rule->times : 1);

	if (count < times)
		return false;
	for (size_t i = count - times; i < count; i++)
		if (rule->kind == RULE_ABOVE ? readings[i].nano <= rule->high * THOUSANDTH
					     : readings[i].nano >= rule->low * THOUSANDTH)
			return false;
	return rule->days == 0 || readings[count - 1].at.ms - readings[count - times].at.ms <= rule->days * DAY_MS;
}

static bool
changed_by_more(const struct journal_rule *rule, const struct journal_reading *readings, size_t count)
{
	const struct journal_reading *last = &readings[count - 1];

	for (size_t i = 0; i + 1 < count; i++) {
		int64_t change = last->nano - readings[i].nano;

		if (last->at.ms - readings[i].at.ms > rule->days * DAY_MS)
			continue;
		if ((rule->kind == RULE_RISE ? change : -change) > rule->high * THOUSANDTH)
			return true;
	}
	return false;
}

bool
journal_rule_is_crossed(const struct journal_rule *rule, const struct journal_reading *readings, size_t count)
{
	if (!count)
		return false;
	switch ((enum journal_rule_kind)rule->kind) {
	case RULE_TARGET: return false;
	case RULE_ABOVE:
	case RULE_BELOW: return in_a_row(rule, readings, count);
	case RULE_RISE:
	case RULE_FALL: return changed_by_more(rule, readings, count);
	}
	return false;
}

instant
journal_quiet_end(const struct zone *zone, instant at)
{
	struct civil_time civil = zone_civil(zone, at);
	int32_t day = civil_date_to_days(civil.date);

	if (civil.hour >= QUIET_UNTIL_HOUR && civil.hour < QUIET_FROM_HOUR)
		return at;
	day += civil.hour >= QUIET_FROM_HOUR;
	return zone_instant(zone, (struct civil_time){.date = civil_date_from_days(day), .hour = QUIET_UNTIL_HOUR});
}

/* ---- setting ---- */

fallible
journal_rules_of(struct cx *cx, patient_id patient, int64_t log, struct db_rows *out)
{
	struct journal_rule *rules;
	enum access_why why;
	uint64_t open;
	size_t kept = 0;

	TRY(journal_open_logs(cx, patient, &why, &open));
	TRY(journal_rule_rows(cx, patient, log, out));
	rules = out->items;
	for (size_t i = 0; i < out->count; i++)
		if (open >> rules[i].log & 1)
			rules[kept++] = rules[i];
	out->count = kept;
	return NULL;
}

static fallible
check(const struct journal_rule *rule)
{
	bool is_pair = rule->low != RULE_OPEN_LOW && rule->high != RULE_OPEN_HIGH;

	switch ((enum journal_rule_kind)rule->kind) {
	case RULE_TARGET:
		if ((rule->low == RULE_OPEN_LOW && rule->high == RULE_OPEN_HIGH) || (is_pair && rule->low > rule->high))
			return ERR(ERR_INVALID, TR("Write the lower and the upper end of the target, or one of them."),
			    "a target without sense");
		return NULL;
	case RULE_ABOVE:
	case RULE_BELOW:
		if ((rule->kind == RULE_ABOVE ? rule->high == RULE_OPEN_HIGH : rule->low == RULE_OPEN_LOW) ||
		    rule->times < 1 || rule->times > RULE_TIMES_MAX || rule->days < 0 || rule->days > RULE_DAYS_MAX)
			return ERR(ERR_INVALID,
			    TR("Write the limit, and how many readings in a row: 1 to 20, within 0 to 60 days."),
			    "a limit without sense");
		return NULL;
	case RULE_RISE:
	case RULE_FALL:
		if (rule->high == RULE_OPEN_HIGH || rule->high <= 0 || rule->days < 1 || rule->days > RULE_DAYS_MAX)
			return ERR(ERR_INVALID, TR("Write by how much, and within how many days: 1 to 60."),
			    "a limit of change without sense");
		return NULL;
	}
	return ERR(ERR_INVALID, TR("Choose one."), "no such kind of rule");
}

/* Somebody must answer: a team of the patient that takes messages. */
static fallible
check_team(struct cx *cx, const struct journal_rule *rule)
{
	const struct team *teams;
	struct db_rows rows;

	TRY(teams_of_patient(cx, rule->patient, true, &rows));
	teams = rows.items;
	for (size_t i = 0; i < rows.count; i++)
		if (uuid_equal(teams[i].id.v, rule->team.v))
			return NULL;
	return ERR(ERR_INVALID, TR("Choose the team that is told."), "a limit without a team that takes messages");
}

struct setting {
	struct journal_rule rule;
	enum access_why why;
};

static void
note(struct tx *tx, enum audit_action action, patient_id patient, struct uuid item, enum access_why why)
{
	audit_add(
	    tx, &(struct audit){
		    .action = action, .subject = AUDIT_JOURNAL, .patient = patient, .item = item, .why = (int)why});
}

static const struct err *
add(struct tx *tx, void *arg)
{
	const struct setting *in = arg;
	const struct journal_rule *rules;
	struct db_rows rows;
	bool changed;

	TRY(journal_rule_rows(tx->cx, in->rule.patient, 0, &rows));
	rules = rows.items;
	for (size_t i = 0; i < rows.count; i++)
		if (in->rule.kind == RULE_TARGET && rules[i].kind == RULE_TARGET && rules[i].log == in->rule.log &&
		    rules[i].field == in->rule.field && !uuid_equal(rules[i].id, in->rule.id))
			TRY(journal_rule_row_end(tx, in->rule.patient, rules[i].id, &changed));
	if (rows.count >= RULES_MAX)
		return ERR(ERR_INVALID,
		    TR("There are 20 targets and limits already. End one that is not needed any more."), "RULES_MAX");
	TRY(journal_rule_row_add(tx, &in->rule));
	note(tx, AUDIT_CHOOSE, in->rule.patient, in->rule.id, in->why);
	return NULL;
}

fallible
journal_rule_add(struct cx *cx, const struct journal_rule *rule)
{
	const struct journal_log *log = journal_log_of(rule->log);
	struct setting in = {.rule = *rule};
	struct journal_standing standing;

	TRY(journal_check(cx, rule->patient, log, &standing));
	if (standing.why != ACCESS_CARE_TEAM && !standing.owns)
		return NOT_THERE;
	if (rule->field < 0 || (size_t)rule->field >= log->field_count || log->fields[rule->field].kind != FIELD_NUMBER)
		return ERR(ERR_INVALID, TR("Choose one."), "a rule about no number");
	TRY(check(rule));
	if (rule->kind != RULE_TARGET)
		TRY(check_team(cx, rule));
	in.why = standing.why;
	in.rule.by_team = standing.why == ACCESS_CARE_TEAM;
	in.rule.account = cx->who.account;
	in.rule.made = cx->now;
	in.rule.agreed = !in.rule.by_team || rule->kind == RULE_TARGET ? cx->now : INSTANT_NONE;
	return db_write(cx, add, &in);
}

struct turning {
	patient_id patient;
	struct uuid id;
	bool ends;
	enum access_why why;
};

static const struct err *
turn(struct tx *tx, void *arg)
{
	const struct turning *in = arg;
	bool changed;

	TRY(in->ends ? journal_rule_row_end(tx, in->patient, in->id, &changed)
		     : journal_rule_row_agree(tx, in->patient, in->id, &changed));
	if (!changed)
		return NOT_THERE;
	note(tx, AUDIT_CHOOSE, in->patient, in->id, in->why);
	return NULL;
}

/* The caller may read the log that it is about. */
static fallible
find_rule(struct cx *cx, patient_id patient, struct uuid id)
{
	const struct journal_rule *rules;
	struct db_rows rows;

	TRY(journal_rules_of(cx, patient, 0, &rows));
	rules = rows.items;
	for (size_t i = 0; i < rows.count; i++)
		if (uuid_equal(rules[i].id, id))
			return NULL;
	return NOT_THERE;
}

fallible
journal_rule_agree(struct cx *cx, patient_id patient, struct uuid id)
{
	struct turning in = {patient, id, false, ACCESS_NONE};

	TRY(access_check(cx, patient, RIGHT_OWN, &in.why));
	return db_write(cx, turn, &in);
}

fallible
journal_rule_end(struct cx *cx, patient_id patient, struct uuid id)
{
	struct turning in = {patient, id, true, ACCESS_NONE};

	TRY(access_check(cx, patient, RIGHT_RECORD_READ, &in.why));
	if (in.why != ACCESS_CARE_TEAM && in.why != ACCESS_SELF)
		return NOT_THERE;
	TRY(find_rule(cx, patient, id));
	return db_write(cx, turn, &in);
}

/* ---- watching ---- */

fallible
journal_rules_prepare(struct cx *cx, patient_id patient, const struct journal_log *log, struct journal_rules *out)
{
	struct journal_rule *rules;
	struct patient whose;
	struct facility facility;
	struct db_rows rows;
	size_t kept = 0;

	*out = (struct journal_rules){.zone = zone_utc()};
	TRY(journal_rule_rows(cx, patient, log->number, &rows));
	rules = rows.items;
	for (size_t i = 0; i < rows.count; i++)
		if (rules[i].kind != RULE_TARGET && !instant_is_none(rules[i].agreed))
			rules[kept++] = rules[i];
	out->items = rules;
	out->count = kept;
	if (!kept)
		return NULL;
	TRY(patient_get(cx, patient, &whose));
	TRY(facility_get(cx, whose.facility, &facility));
	return zone_find(facility.zone, &out->zone);
}

/* Oldest first. */
static fallible
load_readings(struct cx *cx, const struct journal_query *query, size_t field, const struct journal_entry **entries,
    struct journal_reading *readings, size_t *count)
{
	struct db_rows rows;
	const struct journal_entry *all;

	TRY(journal_entries(cx, query, &rows, NULL));
	all = rows.items;
	*count = 0;
	for (size_t i = rows.count; i > 0; i--)
		if (journal_nano(&all[i - 1], field, &readings[*count].nano)) {
			readings[*count].at = all[i - 1].at;
			entries[(*count)++] = &all[i - 1];
		}
	return NULL;
}

#define TOLD_READINGS 5 /* the newest stand in the message */

static str
alert_words(const struct page_cx *px, const struct journal_log *log, const struct journal_rule *rule,
    const struct journal_entry *const *entries, size_t count)
{
	struct buf out = BUF_INIT(px->arena);
	const struct journal_unit *unit = entries[count - 1]->values.unit[rule->field];

	buf_printf(&out, "%.*s\n", STR_ARG(TF1("A limit in my health log was crossed: %1.", tr(px->lang, log->title))));
	buf_printf(&out, "%.*s\n\n", STR_ARG(journal_rule_words(px, rule, unit)));
	for (size_t i = count > TOLD_READINGS ? count - TOLD_READINGS : 0; i < count; i++)
		buf_printf(&out, "%.*s: %.*s\n", STR_ARG(journal_when(px, entries[i])),
		    STR_ARG(journal_title(px, entries[i])));
	buf_printf(&out, "\n%.*s",
	    STR_ARG(
		T("This message was written by the program, as patient and care team agreed. All readings are in the "
		  "health log.")));
	return buf_str(&out);
}

fallible
journal_rules_watch(
    struct tx *tx, patient_id patient, const struct journal_log *log, const struct journal_rules *rules, instant since)
{
	struct cx *cx = tx->cx;
	const struct journal_query query = {
	    .patient = patient, .log = log, .count = WATCHED_READINGS, .since = since, .until = INSTANT_NONE};
	struct page_cx px = {.arena = cx->arena, .lang = cx->lang, .zone = rules->zone, .now = cx->now};
	bool is_shared, added;

	if (!rules->count)
		return NULL;
	TRY(journal_share_has(cx, patient, log->number, SHARE_CARE_TEAM, &is_shared));
	for (size_t i = 0; i < rules->count && is_shared; i++) {
		const struct journal_rule *rule = &rules->items[i];
		struct journal_reading readings[WATCHED_READINGS];
		const struct journal_entry *entries[WATCHED_READINGS];
		struct journal_alert alert = {.patient = patient, .rule = rule->id, .raised = cx->now};
		size_t count;

		TRY(load_readings(cx, &query, (size_t)rule->field, entries, readings, &count));
		if (!journal_rule_is_crossed(rule, readings, count))
			continue;
		alert.thread = uuid_new(cx->now);
		alert.tell_at = journal_quiet_end(rules->zone, cx->now);
		alert.words = alert_words(&px, log, rule, entries, count);
		TRY(journal_alert_row_add(tx, &alert, &added));
	}
	return NULL;
}

/* ---- telling ---- */

struct telling {
	const struct journal_alert *alert;
	bool failed;
};

static const struct err *
mark_told(struct tx *tx, void *arg)
{
	const struct telling *t = arg;

	return journal_alert_row_told(tx, t->alert, t->failed);
}

static fallible
rule_of(struct cx *cx, const struct journal_alert *alert, struct journal_rule *out, bool *found)
{
	const struct journal_rule *rules;
	struct db_rows rows;

	*found = false;
	TRY(journal_rule_rows(cx, alert->patient, 0, &rows));
	rules = rows.items;
	for (size_t i = 0; i < rows.count; i++)
		if (uuid_equal(rules[i].id, alert->rule)) {
			*out = rules[i];
			*found = true;
		}
	return NULL;
}

/* In the patient's name, with the alert's own key, so that telling twice finds what was sent. What was made private since is not told. */
static fallible
tell_one(struct cx *cx, const struct journal_alert *alert)
{
	struct telling telling = {.alert = alert, .failed = true};
	const struct journal_log *log;
	struct journal_rule rule = {0};
	struct account account;
	struct sent sent;
	struct cx as = *cx;
	const struct err *error = NULL;
	bool found, is_shared = false;

	TRY(rule_of(cx, alert, &rule, &found));
	log = found ? journal_log_of(rule.log) : NULL;
	if (log)
		TRY(journal_share_has(cx, alert->patient, rule.log, SHARE_CARE_TEAM, &is_shared));
	if (is_shared)
		TRY(account_of_patient(cx, alert->patient, &account, &found));
	if (is_shared && found) {
		as.who = (struct who){
		    .is = WHO_PATIENT, .account = account.id, .patient = alert->patient, .facility = account.facility};
		as.lang = account.lang;
		error = thread_send_new(&as,
		    &(struct thread_new){.key = alert->thread,
			.patient = alert->patient,
			.team = rule.team,
			.category = CATEGORY_GENERAL,
			.subject = tr(as.lang, TR("A limit in my health log")),
			.body = alert->words},
		    &sent);
		cx->conn = as.conn;
		telling.failed = error != NULL;
	}
	if (error && (error->code == ERR_BUSY || error->code == ERR_BROKEN))
		return error;
	return db_write(cx, mark_told, &telling);
}

fallible
journal_tell(struct cx *cx)
{
	const struct journal_alert *alerts;
	struct db_rows rows;

	TRY(journal_alert_rows_due(cx, TOLD_AT_ONCE, &rows));
	alerts = rows.items;
	for (size_t i = 0; i < rows.count; i++)
		TRY(tell_one(cx, &alerts[i]));
	return NULL;
}

/* ---- settling ---- */

fallible
journal_alerts_open(struct cx *cx, patient_id patient, struct db_rows *out)
{
	struct journal_alert *alerts;
	size_t kept = 0;
	struct db_rows rows;

	TRY(journal_rules_of(cx, patient, 0, &rows));
	TRY(journal_alert_rows_open(cx, patient, out));
	alerts = out->items;
	for (size_t i = 0; i < out->count; i++)
		for (size_t j = 0; j < rows.count; j++)
			if (uuid_equal(((const struct journal_rule *)rows.items)[j].id, alerts[i].rule)) {
				alerts[kept++] = alerts[i];
				break;
			}
	out->count = kept;
	return NULL;
}

static const struct err *
settle(struct tx *tx, void *arg)
{
	const struct turning *in = arg;
	bool changed;

	TRY(journal_alert_row_settle(tx, in->patient, in->id, &changed));
	if (!changed)
		return NOT_THERE;
	note(tx, AUDIT_COMPLETE, in->patient, in->id, in->why);
	return NULL;
}

fallible
journal_alert_settle(struct cx *cx, patient_id patient, struct uuid rule)
{
	struct turning in = {patient, rule, true, ACCESS_NONE};

	TRY(access_check(cx, patient, RIGHT_RECORD_READ, &in.why));
	if (in.why != ACCESS_CARE_TEAM)
		return NOT_THERE;
	TRY(find_rule(cx, patient, rule));
	return db_write(cx, settle, &in);
}
