/* SPDX-License-Identifier: Apache-2.0 */
/* The gate's answers and the frame of every page.  Three front doors, one design: the navigation rows stand here. */
#include "trust/consent/consent.h"
#include "trust/portal/portal_internal.h"

static const struct nav_item patient_nav[] = {
    {"/home", TR("Home")},
    {"/messages", TR("Messages"), COUNT_UNREAD},
    {"/record", TR("Record")},
    {"/prescriptions", TR("Medicines"), COUNT_RX},
    {"/appointments", TR("Appointments"), COUNT_VISITS},
    {"/journal", TR("Health log")},
    {0},
};
static const struct nav_item patient_account[] = {
    {"/account", TR("Your account")},
    {"/account/notices", TR("Notices to you")},
    {"/download", TR("Download your record")},
    {"/looked", TR("Who looked at your record")},
    {"/sharing", TR("Who may act for you")},
    {"/share-links", TR("Share by link")},
    {"/acting", TR("Act for somebody else")},
    {0},
};
static const struct nav_item delegate_account[] = {
    {"/acting", TR("For whom you act")},
    {"/account", TR("Your account")},
    {"/account/notices", TR("Notices to you")},
    {0},
};
/* What each right opens, in the order of the patient's own navigation. */
static const struct {
	struct nav_item item;
	unsigned right;
} delegate_nav[] = {
    {{"/acting", TR("Overview")}, 0},
    {{"/messages", TR("Messages"), COUNT_UNREAD}, RIGHT_MESSAGES_READ},
    {{"/record", TR("Record")}, RIGHT_RECORD_READ},
    {{"/prescriptions", TR("Medicines")}, RIGHT_RECORD_READ},
    {{"/appointments", TR("Appointments")}, RIGHT_APPOINTMENTS},
    {{"/journal", TR("Health log")}, RIGHT_RECORD_READ},
};
#define DELEGATE_NAV_COUNT (sizeof(delegate_nav) / sizeof(delegate_nav[0]))
static const struct nav_item care_team_nav[] = {
    {"/inbox", TR("Inbox"), COUNT_TASKS},
    {"/patients", TR("Patients")},
    {"/renewals", TR("Medicines"), COUNT_RX},
    {"/schedule", TR("Schedule"), COUNT_VISITS},
    {"/inbox/errors", TR("Chart notes"), COUNT_CHART},
    {"/reports", TR("Reports")},
    {0},
};
static const struct nav_item staff_account[] = {
    {"/account", TR("Your account")},
    {"/cover", TR("Who is away")},
    {"/templates", TR("Templates")},
    {"/account/notices", TR("Notices to you")},
    {0},
};
static const struct nav_item administrator_nav[] = {
    {"/admin", TR("System")},
    {"/admin/teams", TR("Teams")},
    {"/admin/people", TR("People")},
    {"/reports", TR("Reports")},
    {"/admin/settings", TR("Settings")},
    {"/admin/tokens", TR("Apps")},
    {0},
};

static const struct {
	unsigned who;
	const char *home;
	const struct nav_item *nav, *account;
	bool dense;
} doors[] = {
    {WHO_PATIENT, "/home", patient_nav, patient_account, false},
    {WHO_DELEGATE, "/acting", NULL, delegate_account, false}, /* its navigation is filled by right */
    {WHO_CARE_TEAM, "/inbox", care_team_nav, staff_account, true},
    {WHO_COORDINATOR | WHO_ADMINISTRATOR, "/admin", administrator_nav, staff_account, true},
};
#define DOOR_COUNT (sizeof(doors) / sizeof(doors[0]))

static size_t
find_door(const struct cx *cx)
{
	for (size_t i = 0; i < DOOR_COUNT; i++)
		if (cx->who.is & doors[i].who)
			return i;
	return DOOR_COUNT;
}

const char *
portal_home(const struct cx *cx)
{
	size_t door = find_door(cx);

	return door < DOOR_COUNT ? doors[door].home : "/";
}

/* ---- who is there ---- */

static enum lang
browser_lang(struct request *rq)
{
	enum lang lang;

	if (lang_from_code(request_cookie(rq, LANG_COOKIE), &lang))
		return lang;
	return lang_from_accept(request_header(rq, "Accept-Language"));
}

/* A stream of events of a patient ends when the right to read their messages does. */
static fallible
end_events_with_right(struct cx *cx)
{
	unsigned given;

	if (!(cx->who.is & WHO_DELEGATE))
		return NULL;
	TRY(access_rights_acting(cx, &given));
	if (!(given & RIGHT_MESSAGES_READ))
		cx->who = (struct who){.is = WHO_ANYONE};
	return NULL;
}

fallible
portal_identify(struct cx *cx, struct request *rq)
{
	str cookie = request_cookie(rq, SESSION_COOKIE), bearer = request_header(rq, "Authorization");
	const struct err *error = NULL;

	cx->who = (struct who){.is = WHO_ANYONE};
	cx->lang = browser_lang(rq);
	if (str_starts(bearer, S("Bearer ")))
		error = api_token_find(cx, str_trim(str_drop(bearer, 7)));
	else if (cookie.n)
		error = session_find(cx, cookie, request_face(rq) != FACE_EVENTS);
	if (error && error->code == ERR_GONE) /* ended or never was: nobody */
		return NULL;
	TRY(error);
	return request_face(rq) == FACE_EVENTS ? end_events_with_right(cx) : NULL;
}

bool
portal_form_token_ok(struct cx *cx, str token)
{
	return session_form_token_ok(cx, token);
}

/* ---- the frame ---- */

static str
own_path(struct cx *cx, struct request *rq)
{
	str query = request_query_text(rq);

	return query.n ? arena_printf(cx->arena, "%.*s?%.*s", STR_ARG(request_path(rq)), STR_ARG(query))
	               : request_path(rq);
}

/* For whom, and the navigation that the rights open. Without a right left the page still says for whom it was. */
static fallible
fill_acting(struct cx *cx, struct page_cx *px)
{
	struct nav_item *nav = ARENA_ARRAY(cx->arena, struct nav_item, DELEGATE_NAV_COUNT + 1);
	struct patient patient;
	unsigned given;
	size_t count = 0;

	TRY(access_rights_acting(cx, &given));
	for (size_t i = 0; i < DELEGATE_NAV_COUNT; i++)
		if ((given & delegate_nav[i].right) == delegate_nav[i].right)
			nav[count++] = delegate_nav[i].item;
	nav[count] = (struct nav_item){0};
	px->nav = nav;
	px->live = px->live && (given & RIGHT_MESSAGES_READ);
	if (given & RIGHT_MESSAGES_READ)
		TRY(portal_counts_acting(cx, px->counts));
	if (uuid_is_none(cx->who.patient.v))
		return NULL;
	TRY(patient_get(cx, cx->who.patient, &patient));
	px->acting_for =
	    given ? TF1("You are acting for %1.", patient.name) : TF1("You can no longer act for %1.", patient.name);
	return NULL;
}

static fallible
fill_person(struct cx *cx, struct page_cx *out)
{
	struct account account;
	struct facility facility;

	TRY(account_get(cx, cx->who.account, &account));
	TRY(facility_get(cx, account.facility, &facility));
	TRY(zone_find(facility.zone, &out->zone));
	out->person_name = account.name;
	if (account.role != ROLE_NONE)
		out->person_role = str_from_z(staff_role_words(account.role, cx->lang));
	out->form_token = session_form_token(cx);
	return cx->who.is & WHO_DELEGATE ? fill_acting(cx, out) : portal_counts(cx, out->counts);
}

fallible
page_cx_for(struct cx *cx, struct request *rq, str title, const char *active, struct page_cx *out)
{
	size_t door = find_door(cx);

	*out = (struct page_cx){.arena = cx->arena,
	    .lang = cx->lang,
	    .now = cx->now,
	    .title = title,
	    .path = own_path(cx, rq),
	    .active = active,
	    .print = str_equal(request_query(rq, "print"), S("1"))};
	if (door == DOOR_COUNT)
		return NULL;
	out->nav = doors[door].nav;
	out->account = doors[door].account;
	out->dense = doors[door].dense;
	out->live = !out->print;
	return fill_person(cx, out);
}

/* ---- errors ---- */

/* What was typed is shown again with the error; what was refused for a reason that passes can be sent again. */
static void
keep_form(struct cx *cx, struct request *rq, const struct err *error, struct carry *out)
{
	carry_from_refused(cx, rq, out);
	if ((error->code != ERR_BUSY && error->code != ERR_BROKEN) || !out->fields.count)
		out->resume_path = STR_NONE;
}

fallible
portal_show_error(struct cx *cx, struct request *rq, int status, const struct err *error)
{
	struct page_cx px;
	struct error_page view = {.status = status, .text = tr(cx->lang, error->say)};
	struct buf html = BUF_INIT(cx->arena);

	if (status == 401 && request_face(rq) == FACE_PAGE) {
		struct sign_in_page sign_in = {.signed_out = true};

		carry_from_refused(cx, rq, &sign_in.carry);
		TRY(page_cx_for(cx, rq, tr(cx->lang, TR("Sign in")), NULL, &px));
		page_sign_in(&html, &px, &sign_in);
		return respond_page(rq, 401, buf_str(&html));
	}
	/* The database may be what is wrong: then the page does without the person's name. */
	if (page_cx_for(cx, rq, tr(cx->lang, TR("Something is not right")), NULL, &px))
		px.nav = NULL;
	view.request = uuid_text(cx->arena, cx->request);
	keep_form(cx, rq, error, &view.carry);
	page_error(&html, &px, &view);
	return respond_page(rq, status, buf_str(&html));
}

const struct route portal_routes[] = {
    {GET, "/", get_welcome, .who = WHO_ANYONE},
    {GET, "/notices", get_notices, .who = WHO_ANYONE},
    {GET, "/sign-in", get_sign_in, .who = WHO_ANYONE, .rate = RATE_SIGN_IN},
    {POST, "/sign-in", post_sign_in, .who = WHO_ANYONE, .body_bytes_max = HTTP_FORM_BYTES_MAX, .rate = RATE_SIGN_IN,
	.writes = true},
    {POST, "/sign-in/code", post_code, .who = WHO_ANYONE, .body_bytes_max = HTTP_FORM_BYTES_MAX, .rate = RATE_SIGN_IN,
	.writes = true},
    {POST, "/sign-in/enrol", post_enrol, .who = WHO_ANYONE, .body_bytes_max = HTTP_FORM_BYTES_MAX, .rate = RATE_SIGN_IN,
	.writes = true},
    {GET, "/sign-in/link/{token}", get_sign_in_link, .who = WHO_ANYONE, .rate = RATE_SIGN_IN},
    {POST, "/sign-out", post_sign_out, .who = WHO_SIGNED_IN, .body_bytes_max = 1024, .writes = true},
    {POST, "/sign-out/everywhere", post_sign_out_everywhere, .who = WHO_SIGNED_IN, .body_bytes_max = 1024,
	.writes = true},
    {POST, "/language", post_language, .who = WHO_ANYONE, .body_bytes_max = 8192, .writes = true},
    {GET, "/account", get_account, .who = WHO_SIGNED_IN},
    {POST, "/account/password", post_password, .who = WHO_SIGNED_IN, .body_bytes_max = 8192, .rate = RATE_SIGN_IN,
	.writes = true},
    {GET, "/account/code", get_account_code, .who = WHO_SIGNED_IN},
    {POST, "/account/code", post_account_code, .who = WHO_SIGNED_IN, .body_bytes_max = 8192, .rate = RATE_SIGN_IN,
	.writes = true},
    {0},
};
