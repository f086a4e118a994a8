/* SPDX-License-Identifier: Apache-2.0 */
/* The page of facility settings: built from the table of rules, so that a new setting appears by itself. */
#include "care/administration/administration_internal.h"

/* ---- showing ---- */

static str
days_off_path(struct arena *arena, int32_t day)
{
	return arena_printf(arena, "/admin/settings/closures/%d/open", day);
}

static fallible
fill_closures(struct cx *cx, const struct page_cx *px, struct settings_page *view)
{
	struct db_rows rows;
	const struct facility_closure *closure;
	int32_t today = civil_date_to_days(zone_civil(px->zone, cx->now).date);

	TRY(facility_closures(cx, cx->who.facility, today, &rows));
	closure = rows.items;
	view->closures = ARENA_ARRAY(cx->arena, struct closure_row, rows.count);
	view->closure_count = rows.count;
	for (size_t i = 0; i < rows.count; i++)
		view->closures[i] = (struct closure_row){px_date_only(px, civil_date_from_days(closure[i].day)),
		    closure[i].reason, days_off_path(cx->arena, closure[i].day)};
	return NULL;
}

static str
done_words(struct cx *cx, struct request *rq)
{
	str done = request_query(rq, "done");

	if (str_equal(done, S("saved")))
		return tr(cx->lang, TR("The settings were saved."));
	if (str_equal(done, S("closed")))
		return tr(cx->lang, TR("The day was added. Promised dates skip it."));
	if (str_equal(done, S("open")))
		return tr(cx->lang, TR("The day is a working day again."));
	return STR_NONE;
}

static fallible
show(struct cx *cx, struct request *rq, int status, struct settings_page *view)
{
	struct page_cx px;
	struct buf html = BUF_INIT(cx->arena);

	TRY(page_cx_for(cx, rq, tr(cx->lang, TR("Settings")), "/admin/settings", &px));
	px.flash = done_words(cx, rq);
	px.flash_kind = NOTICE_GOOD;
	TRY(fill_closures(cx, &px, view));
	page_settings(&html, &px, view);
	return respond_page(rq, status, buf_str(&html));
}

static void
add_field(struct settings_page *view, const struct facility_setting_rule *rule, str value)
{
	assert(view->setting_count < SETTINGS_SHOWN_MAX);
	view->settings[view->setting_count++] = (struct setting_field){rule, value};
}

static fallible
fill_stored(struct cx *cx, struct settings_page *view)
{
	struct facility_settings settings;

	TRY(facility_get(cx, cx->who.facility, &view->facility));
	TRY(facility_settings_get(cx, cx->who.facility, &settings));
	view->reply_days = arena_printf(cx->arena, "%lld", (long long)view->facility.reply_days);
	for (const struct facility_setting_rule *rule = facility_setting_rules; rule->name; rule++) {
		int64_t value = facility_setting_value(&settings, rule);

		add_field(view, rule,
		    rule->kind == SETTING_SWITCH ? (value ? S("yes") : STR_NONE)
						 : arena_printf(cx->arena, "%lld", (long long)value));
	}
	return NULL;
}

fallible
get_settings(struct cx *cx, struct request *rq)
{
	struct settings_page view = {0};

	TRY(fill_stored(cx, &view));
	return show(cx, rq, 200, &view);
}

/* ---- saving ---- */

/* Text that is no number becomes a number that no rule allows. */
static int64_t
number_of(str text, enum setting_kind kind)
{
	int64_t number = -1;

	if (kind == SETTING_SWITCH)
		return text.n > 0;
	return str_to_int64(str_trim(text), &number) ? number : -1;
}

static void
read_setting(struct cx *cx, const struct facility_setting_rule *rule, str typed, struct settings_page *view,
    struct facility_settings *out)
{
	int64_t value = number_of(typed, rule->kind);
	const struct err *error = facility_setting_check(cx, str_from_z(rule->name), value);

	add_field(view, rule, typed);
	if (error)
		form_error_add(cx->arena, &view->errors, str_from_z(rule->name), tr(cx->lang, error->say));
	else
		facility_setting_settle(out, rule, value);
}

fallible
post_settings(struct cx *cx, struct request *rq)
{
	struct settings_page view = {.reply_days = str_trim(request_form(rq, "reply_days"))};
	struct settings_change in = {0};
	const struct err *error;

	view.facility = in.facility = (struct facility){.id = cx->who.facility,
	    .name = str_trim(request_form(rq, "name")),
	    .zone = str_trim(request_form(rq, "zone")),
	    .phone = str_trim(request_form(rq, "phone")),
	    .emergency_number = str_trim(request_form(rq, "emergency_number")),
	    .crisis_line = str_trim(request_form(rq, "crisis_line")),
	    .reply_days = number_of(view.reply_days, SETTING_NUMBER)};
	for (const struct facility_setting_rule *rule = facility_setting_rules; rule->name; rule++)
		read_setting(cx, rule, request_form(rq, rule->name), &view, &in.settings);
	error = facility_check(cx, &in.facility);
	if (error)
		form_error_add(cx->arena, &view.errors, STR_NONE, tr(cx->lang, error->say));
	if (view.errors.count)
		return show(cx, rq, 400, &view);
	TRY(settings_change(cx, &in));
	return respond_see_other(rq, S("/admin/settings?done=saved"));
}

/* ---- days off ---- */

static str
day_box(struct cx *cx, struct request *rq, const char *name, const char *part)
{
	return request_form(rq, arena_printf(cx->arena, "%s.%s", name, part).p);
}

str
form_day_typed(struct cx *cx, struct request *rq, const char *name)
{
	return field_date_value(
	    cx->arena, day_box(cx, rq, name, "year"), day_box(cx, rq, name, "month"), day_box(cx, rq, name, "day"));
}

fallible
post_closure(struct cx *cx, struct request *rq)
{
	struct settings_page view = {0};
	struct closure_change in = {.reason = str_trim(request_form(rq, "reason"))};
	str typed = form_day_typed(cx, rq, "day");
	const struct err *error;

	if (!in.reason.p)
		in.reason = S("");
	if (!day_parse(typed, &in.day)) {
		form_error_add(cx->arena, &view.errors, S("day"), tr(cx->lang, TR("Give a day, such as 12 24 2026.")));
	} else {
		error = closure_change(cx, &in);
		if (!error)
			return respond_see_other(rq, S("/admin/settings?done=closed"));
		if (error->code != ERR_INVALID)
			return error;
		form_error_add(cx->arena, &view.errors, S("reason"), tr(cx->lang, error->say));
	}
	TRY(fill_stored(cx, &view));
	view.closure_day = typed;
	view.closure_reason = in.reason;
	return show(cx, rq, 400, &view);
}

fallible
post_closure_open(struct cx *cx, struct request *rq)
{
	int64_t day;

	if (!str_to_int64(request_param(rq, "day"), &day) || day < INT32_MIN || day > INT32_MAX)
		return ERR(ERR_GONE, TR("This day is not closed."), "no day");
	TRY(closure_change(cx, &(struct closure_change){.day = (int32_t)day}));
	return respond_see_other(rq, S("/admin/settings?done=open"));
}
