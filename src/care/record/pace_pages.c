/* SPDX-License-Identifier: Apache-2.0 */
/* The patient chooses when new results reach them, class by class. */
#include "care/record/release_pages.h"

#define DAYS_MAX (RELEASE_HOURS_MAX / 24)

/* ---- words ---- */

static str
clinic_words(const struct page_cx *px, const struct release_rule *rule)
{
	if (rule->mode == RELEASE_ASK)
		return T("Your clinic asks before it shows them, because they may be sensitive.");
	if (rule->mode != RELEASE_AFTER)
		return STR_NONE;
	return rule->hours % 24
	           ? TN("Your clinic shows them %1 hour later.", "Your clinic shows them %1 hours later.", rule->hours)
	           : TN("Your clinic shows them %1 day later.", "Your clinic shows them %1 days later.",
			 rule->hours / 24);
}

static str
own_words(const struct page_cx *px, const struct release_rule *choice, bool clinic)
{
	if (!choice->own)
		return clinic ? STR_NONE : T("As soon as they are there");
	switch ((enum release_mode)choice->mode) {
	case RELEASE_AFTER: return TN("Your choice: %1 day later", "Your choice: %1 days later", choice->hours / 24);
	case RELEASE_DISCUSSED: return T("Your choice: after your care team talked with you");
	case RELEASE_ASK: return T("Your choice: ask each time");
	case RELEASE_AT_ONCE: break;
	}
	return T("Your choice: as soon as they are there");
}

/* What the facility does with a whole class; mode RELEASE_AT_ONCE when nothing. */
static fallible
clinic_rule(struct cx *cx, int64_t class, struct release_rule *out)
{
	struct db_rows rows;
	const struct release_rule *rules;

	*out = (struct release_rule){.class = class, .mode = RELEASE_AT_ONCE};
	TRY(release_rules(cx, cx->who.patient, ACCESS_SELF, &rows));
	rules = rows.items;
	for (size_t i = 0; i < rows.count; i++)
		if (!rules[i].own && rules[i].class == class && !rules[i].code.n)
			*out = rules[i];
	return NULL;
}

/* ---- all classes ---- */

fallible
get_pace(struct cx *cx, struct request *rq)
{
	struct release_rule chosen[RELEASE_CLASSES];
	struct pace_page view = {0};
	struct page_cx page, *px = &page;
	struct buf html = BUF_INIT(cx->arena);

	TRY(release_pacing(cx, cx->who.patient, chosen));
	TRY(page_cx_for(cx, rq, tr(cx->lang, TR("When new results reach you")), "/record", px));
	for (int i = 1; i < RELEASE_CLASSES; i++) {
		struct release_rule clinic;

		TRY(clinic_rule(cx, i, &clinic));
		view.rows[view.count++] = (struct pace_row){.class = i,
		    .title = tr(px->lang, release_class_words((enum release_class)i)),
		    .now = own_words(px, &chosen[i], clinic.mode != RELEASE_AT_ONCE),
		    .clinic = clinic_words(px, &clinic)};
	}
	if (str_equal(request_query(rq, "done"), S("saved")))
		px->flash = T("Your choice is saved.");
	px->flash_kind = NOTICE_GOOD;
	page_pace(&html, px, &view);
	return respond_page(rq, 200, buf_str(&html));
}

/* ---- one class ---- */

/* The choices as the form names them, in its order. */
static const struct {
	const char *value;
	bool own;
	enum release_mode mode;
	const char *label, *hint;
} paces[PACES_MAX] = {
    {"clinic", false, RELEASE_AT_ONCE, TR("As my clinic does it"), NULL},
    {"now", true, RELEASE_AT_ONCE, TR("As soon as they are there"), NULL},
    {"days", true, RELEASE_AFTER, TR("Some days later"),
	TR("Your care team has time to look first. You can open them before.")},
    {"talk", true, RELEASE_DISCUSSED, TR("After my care team talked with me"), NULL},
    {"ask", true, RELEASE_ASK, TR("Ask me each time"), TR("You see that something came, and open it when you want.")},
};

static bool
class_of_route(struct request *rq, int64_t *out)
{
	return str_to_int64(request_param(rq, "class"), out) && *out > 0 && *out < RELEASE_CLASSES;
}

static fallible
show_choice(struct cx *cx, struct request *rq, int status, int64_t class, struct pace_choice_page *view)
{
	struct release_rule clinic;
	struct page_cx page, *px = &page;
	struct buf html = BUF_INIT(cx->arena);

	TRY(clinic_rule(cx, class, &clinic));
	view->title = tr(cx->lang, release_class_words((enum release_class) class));
	TRY(page_cx_for(cx, rq, view->title, "/record", px));
	px->title = TF1("%1: when do they reach you?", view->title);
	if (view->errors.count)
		px->title = TF1("Error: %1", px->title);
	view->clinic = clinic_words(px, &clinic);
	view->action = arena_printf(cx->arena, "/record/pace/%lld", (long long)class);
	view->option_count = PACES_MAX;
	for (size_t i = 0; i < PACES_MAX; i++)
		view->options[i] = (struct option){str_from_z(paces[i].value), tr(px->lang, paces[i].label),
		    paces[i].hint ? tr(px->lang, paces[i].hint) : STR_NONE};
	page_pace_choice(&html, px, view);
	return respond_page(rq, status, buf_str(&html));
}

static const struct err *
no_such_class(void)
{
	return ERR(ERR_GONE, TR("There is no such part of the record."), "unknown release class");
}

fallible
get_pace_choice(struct cx *cx, struct request *rq)
{
	struct release_rule chosen[RELEASE_CLASSES];
	struct pace_choice_page view = {0};
	int64_t class;

	if (!class_of_route(rq, &class))
		return no_such_class();
	TRY(release_pacing(cx, cx->who.patient, chosen));
	for (size_t i = 0; i < PACES_MAX; i++)
		if (paces[i].own == chosen[class].own && (enum release_mode)chosen[class].mode == paces[i].mode)
			view.pace = str_from_z(paces[i].value);
	if (chosen[class].hours)
		view.days = arena_printf(cx->arena, "%lld", (long long)chosen[class].hours / 24);
	return show_choice(cx, rq, 200, class, &view);
}

fallible
post_pace_choice(struct cx *cx, struct request *rq)
{
	struct pace_choice_page view = {.pace = request_form(rq, "pace"), .days = str_trim(request_form(rq, "days"))};
	struct release_rule choice = {0};
	int64_t days = 0;
	size_t i = 0;

	if (!class_of_route(rq, &choice.class))
		return no_such_class();
	while (i < PACES_MAX && !str_equal(view.pace, str_from_z(paces[i].value)))
		i++;
	if (i == PACES_MAX) {
		form_error_add(cx->arena, &view.errors, S("pace"), tr(cx->lang, TR("Choose one.")));
	} else {
		choice.own = paces[i].own;
		choice.mode = paces[i].mode;
		if (choice.mode == RELEASE_AFTER && (!str_to_int64(view.days, &days) || days < 1 || days > DAYS_MAX))
			form_error_add(cx->arena, &view.errors, S("days"),
			    tr(cx->lang, TR("Give a number of days from 1 to 90.")));
		choice.hours = choice.mode == RELEASE_AFTER ? days * 24 : 0;
	}
	if (view.errors.count)
		return show_choice(cx, rq, 400, choice.class, &view);
	TRY(release_pacing_set(cx, cx->who.patient, &choice));
	return respond_see_other(rq, S("/record/pace?done=saved"));
}
