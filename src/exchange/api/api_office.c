/* SPDX-License-Identifier: Apache-2.0 */
/* What a facility decides for itself: its settings, days off, words of emergency, lists for the chart; and what nobody can
 * answer. */
#include "exchange/api/api_office.h"
#include "care/charting/charting.h"
#include "platform/format/fhir_date.h"

/* ---- settings ---- */

static void
put_facility(struct api_answer *a, const struct facility *facility)
{
	struct json_writer *w = &a->w;

	json_put_object(w, "facility");
	put_id(a, "id", facility->id.v);
	json_put_text(w, "name", facility->name);
	json_put_text(w, "zone", facility->zone);
	json_put_text(w, "phone", facility->phone);
	json_put_text(w, "emergencyNumber", facility->emergency_number);
	json_put_text(w, "crisisLine", facility->crisis_line);
	json_put_int64(w, "replyDays", facility->reply_days);
	json_write_end(w);
}

static fallible
put_closures(struct cx *cx, struct api_answer *a, const struct facility *facility)
{
	struct db_rows rows;
	const struct facility_closure *closure;
	const struct zone *zone;

	TRY(zone_find(facility->zone, &zone));
	TRY(facility_closures(cx, facility->id, civil_date_to_days(zone_civil(zone, cx->now).date), &rows));
	closure = rows.items;
	json_put_array(&a->w, "closures");
	for (size_t i = 0; i < rows.count; i++) {
		json_write_object(&a->w);
		json_put_text(&a->w, "day", fhir_date_text(cx->arena, civil_date_from_days(closure[i].day)));
		json_put_text(&a->w, "reason", closure[i].reason);
		json_write_end(&a->w);
	}
	json_write_end(&a->w);
	return NULL;
}

fallible
api_get_settings(struct cx *cx, struct request *rq)
{
	struct facility facility;
	struct facility_settings settings;
	struct api_answer a;

	TRY(facility_get(cx, cx->who.facility, &facility));
	TRY(facility_settings_get(cx, facility.id, &settings));
	api_begin(cx, &a);
	put_facility(&a, &facility);
	json_put_object(&a.w, "settings");
	for (const struct facility_setting_rule *rule = facility_setting_rules; rule->name; rule++) {
		int64_t value = facility_setting_value(&settings, rule);

		if (rule->kind == SETTING_SWITCH)
			json_put_bool(&a.w, rule->name, value != 0);
		else
			json_put_int64(&a.w, rule->name, value);
	}
	json_write_end(&a.w);
	TRY(put_closures(cx, &a, &facility));
	return api_end(rq, 200, &a);
}

static fallible
read_setting(struct cx *cx, const struct json_value *member, struct facility_settings *out)
{
	str name = json_name(member);
	int64_t value;

	for (const struct facility_setting_rule *rule = facility_setting_rules; rule->name; rule++) {
		if (!str_equal(name, str_from_z(rule->name)))
			continue;
		if (rule->kind == SETTING_SWITCH) {
			if (json_kind(member) != JSON_BOOL)
				return err_said(cx->arena, ERR_INVALID, "\"%s\" must be true or false.", rule->name);
			value = json_bool(member);
		} else if (!json_to_int64(member, &value)) {
			return err_said(cx->arena, ERR_INVALID, "\"%s\" must be a whole number.", rule->name);
		}
		TRY(facility_setting_check(cx, name, value));
		facility_setting_settle(out, rule, value);
		return NULL;
	}
	return facility_setting_check(cx, name, 0); /* the words for a setting that there is not */
}

/* As the answer of looking; what is left out stays as it is. */
fallible
api_put_settings(struct cx *cx, struct request *rq)
{
	struct settings_change in;
	const struct json_value *body, *facility;

	TRY(api_body(cx, rq, &body));
	TRY(facility_get(cx, cx->who.facility, &in.facility));
	TRY(facility_settings_get(cx, cx->who.facility, &in.settings));
	facility = json_get(body, "facility");
	TRY(api_text(cx, facility, "name", &in.facility.name));
	TRY(api_text(cx, facility, "zone", &in.facility.zone));
	TRY(api_text(cx, facility, "phone", &in.facility.phone));
	TRY(api_text(cx, facility, "emergencyNumber", &in.facility.emergency_number));
	TRY(api_text(cx, facility, "crisisLine", &in.facility.crisis_line));
	TRY(api_number(cx, facility, "replyDays", in.facility.reply_days, &in.facility.reply_days));
	json_each_member (json_get(body, "settings"), member)
		TRY(read_setting(cx, member, &in.settings));
	TRY(settings_change(cx, &in));
	return api_done(rq);
}

/* ---- days off ---- */

/* {"day": "2026-12-24", "reason"}. */
fallible
api_post_closure(struct cx *cx, struct request *rq)
{
	struct closure_change in;
	const struct json_value *body;

	TRY(api_body(cx, rq, &body));
	in.reason = json_text(json_get(body, "reason"));
	if (!in.reason.p)
		in.reason = S("");
	if (!day_parse(json_text(json_get(body, "day")), &in.day))
		return ERR(ERR_INVALID, "\"day\" must be a day such as 2026-12-24.", "no such day");
	TRY(closure_change(cx, &in));
	return api_done(rq);
}

fallible
api_delete_closure(struct cx *cx, struct request *rq)
{
	struct closure_change in = {0};

	if (!day_parse(request_param(rq, "day"), &in.day))
		return ERR(ERR_GONE, "This day is not closed.", "no day");
	TRY(closure_change(cx, &in));
	return api_done(rq);
}

/* ---- words of emergency ---- */

fallible
api_get_words(struct cx *cx, struct request *rq)
{
	struct api_answer a;
	str list;

	TRY(crisis_list_get(cx, cx->who.facility, &list));
	api_begin(cx, &a);
	json_put_text(&a.w, "list", list);
	return api_end(rq, 200, &a);
}

/* {"list"}: one entry in a line; an empty one brings back the program's. */
fallible
api_put_words(struct cx *cx, struct request *rq)
{
	const struct json_value *body;

	TRY(api_body(cx, rq, &body));
	if (json_kind(json_get(body, "list")) != JSON_STRING)
		return ERR(ERR_INVALID, "\"list\" must be a text, one entry in a line.", "no list");
	TRY(crisis_list_set(cx, json_text(json_get(body, "list"))));
	return api_done(rq);
}

/* {"subject", "body"}: what of them an app asks the person about before it sends; "words" is absent when there is nothing. */
fallible
api_post_check(struct cx *cx, struct request *rq)
{
	const struct json_value *body;
	struct facility facility;
	struct api_answer a;
	str words;

	TRY(api_body(cx, rq, &body));
	TRY(crisis_check(
	    cx, cx->who.facility, json_text(json_get(body, "subject")), json_text(json_get(body, "body")), &words));
	TRY(facility_get(cx, cx->who.facility, &facility));
	api_begin(cx, &a);
	json_put_text(&a.w, "words", words);
	json_put_text(&a.w, "emergencyNumber", facility.emergency_number);
	json_put_text(&a.w, "crisisLine", facility.crisis_line);
	return api_end(rq, 200, &a);
}

/* ---- what the teams choose from when they chart ---- */

fallible
api_get_chart_lists(struct cx *cx, struct request *rq)
{
	struct api_answer a;
	str clinics, titles;

	TRY(chart_choices_text(cx, CHOICE_CLINIC, &clinics));
	TRY(chart_choices_text(cx, CHOICE_TITLE, &titles));
	api_begin(cx, &a);
	json_put_text(&a.w, "clinics", clinics);
	json_put_text(&a.w, "titles", titles);
	return api_end(rq, 200, &a);
}

/* Both lists, one entry in a line: "323 Primary care"; "Secure messaging note". */
fallible
api_put_chart_lists(struct cx *cx, struct request *rq)
{
	const struct json_value *body;
	const char *wrong;

	TRY(api_body(cx, rq, &body));
	TRY(chart_choices_save(cx, json_text(json_get(body, "clinics")), json_text(json_get(body, "titles")), &wrong));
	return api_done(rq);
}

/* ---- what nobody can answer ---- */

fallible
api_get_ownerless(struct cx *cx, struct request *rq)
{
	struct db_rows rows;
	const struct thread *thread;
	struct api_answer a;

	TRY(messaging_ownerless(cx, cx->who.facility, API_COUNT_MAX, &rows));
	thread = rows.items;
	api_begin(cx, &a);
	json_put_array(&a.w, "conversations");
	for (size_t i = 0; i < rows.count; i++) {
		json_write_object(&a.w);
		put_id(&a, "id", thread[i].id.v);
		put_id(&a, "team", thread[i].team.v);
		put_instant(&a, "due", thread[i].due);
		json_put_int64(&a.w, "escalations", thread[i].escalation_tries);
		json_write_end(&a.w);
	}
	json_write_end(&a.w);
	return api_end(rq, 200, &a);
}
