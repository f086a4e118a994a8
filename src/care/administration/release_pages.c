/* SPDX-License-Identifier: Apache-2.0 */
/* The office decides when results reach patients: a row for each class, and rules for single codes. */
#include "care/administration/administration_internal.h"
#include "platform/format/uri.h"

/* ---- words and forms ---- */

static const struct {
	const char *value;
	enum release_mode mode;
	const char *label;
} modes[] = {
    {"now", RELEASE_AT_ONCE, TR("At once")},
    {"after", RELEASE_AFTER, TR("After some hours")},
    {"ask", RELEASE_ASK, TR("Ask the patient first")},
};
#define MODE_COUNT (sizeof(modes) / sizeof(modes[0]))

static str
mode_value(int64_t mode)
{
	for (size_t i = 0; i < MODE_COUNT; i++)
		if ((int64_t)modes[i].mode == mode)
			return str_from_z(modes[i].value);
	return STR_NONE;
}

const struct option *
release_mode_options(const struct page_cx *px)
{
	struct option *options = ARENA_ARRAY(px->arena, struct option, MODE_COUNT);

	for (size_t i = 0; i < MODE_COUNT; i++)
		options[i] = (struct option){str_from_z(modes[i].value), tr(px->lang, modes[i].label), STR_NONE};
	return options;
}

static str
hours_text(struct arena *arena, int64_t hours)
{
	return hours ? arena_printf(arena, "%lld", (long long)hours) : STR_NONE;
}

/* Hours count for "after" only; what is no number becomes one that no rule allows. */
static struct release_rule
rule_typed(int64_t class, str mode, str hours)
{
	struct release_rule rule = {.class = class, .mode = -1};

	for (size_t i = 0; i < MODE_COUNT; i++)
		if (str_equal(mode, str_from_z(modes[i].value)))
			rule.mode = modes[i].mode;
	if (rule.mode == RELEASE_AFTER && !str_to_int64(str_trim(hours), &rule.hours))
		rule.hours = -1;
	return rule;
}

/* ---- showing ---- */

static void
fill_classes(struct cx *cx, struct release_page *view)
{
	view->count = view->class_count = 0;
	for (int i = 1; i < RELEASE_CLASSES; i++) {
		str title = tr(cx->lang, release_class_words((enum release_class)i));

		view->classes[view->class_count++] = (struct option){arena_printf(cx->arena, "%d", i), title, STR_NONE};
		view->rows[view->count++] = (struct release_row){.class = i,
		    .title = title,
		    .mode = S("now"),
		    .mode_name = arena_printf(cx->arena, "mode-%d", i),
		    .hours_name = arena_printf(cx->arena, "hours-%d", i)};
	}
}

static str
code_words(const struct page_cx *px, const struct release_rule *rule)
{
	if (rule->mode == RELEASE_AFTER)
		return TN("after %1 hour", "after %1 hours", rule->hours);
	return rule->mode == RELEASE_ASK ? T("ask the patient first") : T("at once");
}

static void
add_code(struct cx *cx, const struct page_cx *px, const struct release_rule *rule, struct release_page *view)
{
	struct buf path = BUF_INIT(cx->arena);

	buf_printf(&path, "/admin/release/codes/%lld/remove?code=", (long long)rule->class);
	escape_url_part(&path, rule->code);
	view->codes[view->code_count++] = (struct release_code_row){.code = rule->code,
	    .class = tr(px->lang, release_class_words((enum release_class)rule->class)),
	    .what = code_words(px, rule),
	    .path = buf_str(&path)};
}

/* `typed`: the rows of classes are as the person typed them. */
static fallible
fill_stored(struct cx *cx, const struct page_cx *px, bool typed, struct release_page *view)
{
	struct db_rows rows;
	const struct release_rule *rules;

	TRY(release_rules_of_office(cx, &rows));
	rules = rows.items;
	view->codes = ARENA_ARRAY(cx->arena, struct release_code_row, rows.count + 1);
	for (size_t i = 0; i < rows.count; i++) {
		struct release_row *row = &view->rows[rules[i].class - 1];

		if (rules[i].code.n) {
			add_code(cx, px, &rules[i], view);
		} else if (!typed) {
			row->mode = mode_value(rules[i].mode);
			row->hours = hours_text(cx->arena, rules[i].hours);
		}
	}
	return NULL;
}

static fallible
show(struct cx *cx, struct request *rq, int status, bool typed, struct release_page *view)
{
	struct page_cx page, *px = &page;
	struct buf html = BUF_INIT(cx->arena);
	str done = request_query(rq, "done");

	TRY(page_cx_for(cx, rq, tr(cx->lang, TR("When results reach patients")), "/admin/settings", px));
	if (view->errors.count)
		px->title = TF1("Error: %1", px->title);
	if (str_equal(done, S("saved")))
		px->flash = T("Saved. It counts from now on.");
	px->flash_kind = NOTICE_GOOD;
	TRY(fill_stored(cx, px, typed, view));
	page_release(&html, px, view);
	return respond_page(rq, status, buf_str(&html));
}

fallible
get_release_rules(struct cx *cx, struct request *rq)
{
	struct release_page view = {0};

	fill_classes(cx, &view);
	return show(cx, rq, 200, false, &view);
}

/* ---- changing ---- */

fallible
post_release_rules(struct cx *cx, struct request *rq)
{
	struct release_page view = {0};
	struct release_rule rules[RELEASE_CLASSES];
	const struct err *error;

	fill_classes(cx, &view);
	for (size_t i = 0; i < view.count; i++) {
		struct release_row *row = &view.rows[i];

		row->mode = request_form(rq, arena_z(cx->arena, row->mode_name));
		row->hours = request_form(rq, arena_z(cx->arena, row->hours_name));
		rules[i] = rule_typed(row->class, row->mode, row->hours);
		if (rules[i].mode == RELEASE_AFTER && (rules[i].hours < 1 || rules[i].hours > RELEASE_HOURS_MAX))
			form_error_add(cx->arena, &view.errors, row->hours_name,
			    tr(cx->lang, TR("Give a whole number of hours, from 1 to 2160 (90 days).")));
	}
	if (!view.errors.count) {
		error = release_rules_set(cx, rules, view.count);
		if (!error)
			return respond_see_other(rq, S("/admin/release?done=saved"));
		if (error->code != ERR_INVALID)
			return error;
		form_error_add(cx->arena, &view.errors, STR_NONE, tr(cx->lang, error->say));
	}
	return show(cx, rq, 400, true, &view);
}

fallible
post_release_code(struct cx *cx, struct request *rq)
{
	struct release_page view = {.class = request_form(rq, "class"),
	    .code = str_trim(request_form(rq, "code")),
	    .mode = request_form(rq, "mode"),
	    .hours = request_form(rq, "hours")};
	struct release_rule rule;
	const struct err *error;
	int64_t class = 0;

	str_to_int64(view.class, &class);
	rule = rule_typed(class, view.mode, view.hours);
	rule.code = view.code;
	fill_classes(cx, &view);
	if (!view.code.n) {
		form_error_add(cx->arena, &view.errors, S("code"), tr(cx->lang, TR("Give the code.")));
	} else {
		error = release_rules_set(cx, &rule, 1);
		if (!error)
			return respond_see_other(rq, S("/admin/release?done=saved"));
		if (error->code != ERR_INVALID)
			return error;
		form_error_add(cx->arena, &view.errors, S("code"), tr(cx->lang, error->say));
	}
	return show(cx, rq, 400, false, &view);
}

fallible
post_release_code_remove(struct cx *cx, struct request *rq)
{
	int64_t class;

	if (!str_to_int64(request_param(rq, "class"), &class) || class < 1 || class >= RELEASE_CLASSES)
		return ERR(ERR_GONE, TR("There is no such part of the record."), "unknown release class");
	TRY(release_rule_remove(cx, (enum release_class) class, request_query(rq, "code")));
	return respond_see_other(rq, S("/admin/release?done=saved"));
}
