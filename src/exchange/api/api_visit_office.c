/* SPDX-License-Identifier: Apache-2.0 */
/* What the office offers: kinds of visits and opening hours. */
#include "care/appointments/appointments.h"
#include "exchange/api/api_internal.h"

fallible
api_put_visit_kind(struct cx *cx, struct request *rq)
{
	struct visit_kind kind = {.facility = cx->who.facility, .active = true, .minutes = 30};
	const struct json_value *body;
	const struct err *error;
	str how = STR_NONE;
	int mode;

	TRY(api_address_id(rq, "kind", &kind.id.v));
	TRY(api_body(cx, rq, &body));
	error = visit_kind_get(cx, kind.id, &kind);
	if (error && error->code != ERR_GONE)
		return error;
	if (!error && !uuid_equal(kind.facility.v, cx->who.facility.v))
		return ERR(ERR_GONE, "There is no such kind of visit.", "a kind of another facility");
	how = str_from_z(api_visit_modes[kind.mode ? kind.mode : MODE_IN_PERSON]);
	TRY(api_text(cx, body, "name", &kind.name));
	TRY(api_text(cx, body, "prepare", &kind.prepare));
	TRY(api_number(cx, body, "minutes", kind.minutes, &kind.minutes));
	TRY(api_text(cx, body, "how", &how));
	TRY(api_word(cx, how, "how", api_visit_modes, &mode));
	kind.mode = mode;
	TRY(api_flag(cx, body, "bookable", &kind.bookable));
	TRY(api_flag(cx, body, "active", &kind.active));
	TRY(visit_kind_save(cx, &kind));
	TRY(api_set_kind_questions(cx, kind.id, body));
	return api_done(rq);
}

fallible
api_get_hours(struct cx *cx, struct request *rq)
{
	const struct schedule *s;
	struct db_rows rows;
	struct api_answer a;

	TRY(office_check(cx, cx->who.facility));
	TRY(schedules_of_facility(cx, cx->who.facility, &rows));
	s = rows.items;
	api_begin(cx, &a);
	json_put_array(&a.w, "hours");
	for (size_t i = 0; i < rows.count; i++) {
		json_write_object(&a.w);
		put_id(&a, "id", s[i].id.v);
		put_id(&a, "team", s[i].team.v);
		put_id(&a, "account", s[i].account.v);
		put_id(&a, "kind", s[i].kind.v);
		json_put_array(&a.w, "days");
		for (int day = 0; day < 7; day++)
			if (s[i].weekdays & (1 << day))
				json_write_text(&a.w, str_from_z(api_weekdays[day]));
		json_write_end(&a.w);
		json_put_int64(&a.w, "fromMinute", s[i].from_minute);
		json_put_int64(&a.w, "untilMinute", s[i].until_minute);
		json_put_int64(&a.w, "patients", s[i].seats);
		json_put_text(&a.w, "place", s[i].place);
		json_put_text(&a.w, "directions", s[i].directions);
		json_put_text(&a.w, "link", s[i].link);
		json_put_bool(&a.w, "active", s[i].active);
		json_write_end(&a.w);
	}
	json_write_end(&a.w);
	return api_end(rq, 200, &a);
}

static fallible
read_weekdays(struct cx *cx, const struct json_value *body, int64_t *out)
{
	const struct json_value *list = json_get(body, "days");

	if (json_kind(list) == JSON_ABSENT)
		return NULL;
	*out = 0;
	json_each_item (list, item) {
		int64_t bit = 0;

		for (int day = 0; day < 7; day++)
			if (str_equal(json_text(item), str_from_z(api_weekdays[day])))
				bit = 1 << day;
		if (!bit)
			return err_said(cx->arena, ERR_INVALID, "\"days\" holds days such as \"mon\".");
		*out |= bit;
	}
	return NULL;
}

fallible
api_put_hours(struct cx *cx, struct request *rq)
{
	struct schedule s = {.facility = cx->who.facility, .seats = 1, .last_day = SCHEDULE_NO_END, .active = true};
	const struct json_value *body;
	const struct err *error;

	TRY(api_address_id(rq, "hours", &s.id.v));
	TRY(api_body(cx, rq, &body));
	error = schedule_get(cx, s.id, &s);
	if (error && error->code != ERR_GONE)
		return error;
	if (!error && !uuid_equal(s.facility.v, cx->who.facility.v))
		return ERR(ERR_GONE, "There are no such opening hours.", "hours of another facility");
	if (json_kind(json_get(body, "team")) != JSON_ABSENT)
		TRY(api_id(cx, body, "team", &s.team.v));
	if (json_kind(json_get(body, "account")) != JSON_ABSENT)
		TRY(api_maybe_id(cx, body, "account", &s.account.v));
	if (json_kind(json_get(body, "kind")) != JSON_ABSENT)
		TRY(api_id(cx, body, "kind", &s.kind.v));
	TRY(read_weekdays(cx, body, &s.weekdays));
	TRY(api_number(cx, body, "fromMinute", s.from_minute, &s.from_minute));
	TRY(api_number(cx, body, "untilMinute", s.until_minute, &s.until_minute));
	TRY(api_number(cx, body, "patients", s.seats, &s.seats));
	TRY(api_text(cx, body, "place", &s.place));
	TRY(api_text(cx, body, "directions", &s.directions));
	TRY(api_text(cx, body, "link", &s.link));
	TRY(api_flag(cx, body, "active", &s.active));
	TRY(schedule_save(cx, &s));
	return api_done(rq);
}
