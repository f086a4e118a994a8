/* SPDX-License-Identifier: Apache-2.0 */
/* Facilities, people, accounts, sign-in and sessions.  Knows who somebody is; what they may see is consent's business. */
#ifndef SALVE_IDENTITY_H
#define SALVE_IDENTITY_H

#include "platform/crypto/crypto.h"
#include "platform/db/db.h"

/* ---- facilities ---- */

struct facility {
	facility_id id;
	str name, zone; /* IANA zone name */
	str phone, emergency_number, crisis_line;
	int64_t reply_days; /* the promise: business days until an answer */
};
fallible facility_create(struct tx *tx, const struct facility *facility); /* id given by the caller (uuid_new) */
fallible facility_get(struct cx *cx, facility_id id, struct facility *out);
fallible facility_list(struct cx *cx, struct db_rows *out); /* struct facility, by name */
/* The facility's working days; lives in the request's arena. */
fallible facility_calendar(struct cx *cx, facility_id id, struct business_calendar *out);
fallible facility_close_day(struct tx *tx, facility_id id, int32_t day, str reason);
fallible facility_open_day(struct tx *tx, facility_id id, int32_t day); /* a closure taken back; ERR_GONE without one */
struct facility_closure {
	int32_t day; /* since 1970-01-01 */
	str reason;
};
fallible facility_closures(struct cx *cx, facility_id id, int32_t from_day, struct db_rows *out); /* ascending */
/* What is wrong with name, zone, phones or promise, as ERR_INVALID; then all but the id may be written. */
fallible facility_check(struct cx *cx, const struct facility *facility);
fallible facility_update(struct tx *tx, const struct facility *facility); /* checked before */

/* ---- facility settings: what a facility decides for itself ---- */

enum clock_stops { CLOCK_STOPS_AT_REPLY = 0, CLOCK_STOPS_AT_COMPLETION = 1 }; /* stored as numbers */

/* Meaning, limits, defaults and words of each member: the table facility_setting_rules. */
struct facility_settings {
	int64_t reply_window_days; /* 0: no end */
	int64_t undo_send_seconds; /* 0: a message leaves at once */
	int64_t claim_lease_minutes;
	int64_t clock_stops;       /* enum clock_stops */
	int64_t urgent_reply_days; /* business days for what is urgent; 0: like everything else */
	int64_t warn_before_hours; /* business hours before due; 0: no warning */
	int64_t escalation_tries_owner, escalation_tries_team, escalation_tries_max;
	bool attachments_large;
	bool nurses_renew;
	bool booking_open;            /* patients take open times themselves */
	int64_t booking_days_ahead;   /* slots are made for so many days */
	int64_t booking_hours_before; /* no sooner than that */
	int64_t visit_reminder_days;  /* days before a visit; 0: no reminder */
};
/* As the facility has them; a setting that it never made has its default.  One short read: called on every send. */
fallible facility_settings_get(struct cx *cx, facility_id facility, struct facility_settings *out);

enum setting_kind { SETTING_NUMBER, SETTING_SWITCH, SETTING_CLOCK };
struct facility_setting_rule {
	const char *name; /* of the row, the form field and the line in docs/settings.md */
	enum setting_kind kind;
	size_t offset; /* in struct facility_settings; a bool for SETTING_SWITCH, int64_t otherwise */
	int64_t least, most, otherwise;
	const char *label, *hint; /* English, marked for translation */
};
extern const struct facility_setting_rule facility_setting_rules[]; /* ended by one without name */
int64_t facility_setting_value(const struct facility_settings *settings, const struct facility_setting_rule *rule);
void facility_setting_settle(
    struct facility_settings *settings, const struct facility_setting_rule *rule, int64_t value); /* checked before */
/* ERR_INVALID with words when there is no such setting or the value is outside its limits. */
fallible facility_setting_check(struct cx *cx, str name, int64_t value);
fallible facility_setting_put(struct tx *tx, facility_id facility, str name, int64_t value); /* checks too */

/* ---- patients ---- */

struct patient {
	patient_id id;
	facility_id facility;
	str name;     /* as shown: "Maria Lopez" */
	instant born; /* midnight UTC of the birth date; none when unknown */
};
struct patient_new {
	patient_id id;
	facility_id facility;
	str name;
	str born;         /* "1950-03-05", absent when unknown */
	const str *names; /* all names to be found by (given, family, former) */
	size_t name_count;
	const str *identifiers; /* record numbers and the like, found whole */
	size_t identifier_count;
};
/* Make or bring up to date (the same id again changes name and index). `sealed_name` comes from patient_seal. */
struct patient_sealed;
fallible patient_seal(struct cx *cx, const struct patient_new *in, struct patient_sealed **out); /* before the act */
fallible patient_put(struct tx *tx, const struct patient_sealed *sealed);
/* ERR_GONE when absent. No access check: identity does not know who may see whom. */
fallible patient_get(struct cx *cx, patient_id id, struct patient *out);
/* Patients visible to the caller whose names, numbers or birth date begin with the words of `query` (all words must fit);
 * an empty query lists all. `after`: the last id of the page before (none: from the start). struct patient. */
fallible patient_search(struct cx *cx, str query, patient_id after, int64_t count_max, struct db_rows *out);
/* The same among the patients of a facility, for its office (consent's office_check comes first); an empty query finds none. */
fallible patient_search_facility(
    struct cx *cx, facility_id facility, str query, int64_t count_max, struct db_rows *out); /* struct patient */

/* ---- accounts ---- */

/* Stored as numbers: append only. */
enum staff_role {
	ROLE_NONE = 0, /* a patient, or somebody who only acts for others */
	ROLE_PHYSICIAN,
	ROLE_NURSE,
	ROLE_PHARMACIST,
	ROLE_CLERK,
	ROLE_SOCIAL_WORKER,
	ROLE_ADMINISTRATOR,
	ROLE_COORDINATOR,
	ROLE_ASSOCIATE, /* clinical associate: LPN, medical assistant */
};
unsigned staff_role_kind(enum staff_role role);                     /* who_kind bits */
const char *staff_role_words(enum staff_role role, enum lang lang); /* "nurse" / "enfermera o enfermero" */
const char *staff_role_code(enum staff_role role);     /* "social-worker": for programs, in every language */
bool staff_role_parse(str word, enum staff_role *out); /* the same back */

struct account {
	account_id id;
	unsigned kind;
	enum staff_role role;
	facility_id facility;
	patient_id patient;
	str name, title; /* "Ana Ruiz", "RN" */
	enum lang lang;
	bool active, has_totp, has_password;
};
struct account_new {
	account_id id;
	enum staff_role role;
	facility_id facility;
	patient_id patient; /* of a patient's account; none for somebody who only acts for others */
	bool for_others;    /* such a one: no patient here, no staff */
	str login, name, title;
	str password; /* absent: cannot sign in by password (yet) */
	enum lang lang;
};
struct account_sealed;
/* Check (ERR_INVALID with words for each field), hash and seal: takes 100 ms with a password. Then put it in an act.
 * ERR_CONFLICT from the put when the sign-in name is taken. */
fallible account_seal(struct cx *cx, const struct account_new *in, struct account_sealed **out);
fallible account_put(struct tx *tx, const struct account_sealed *sealed);
fallible account_get(struct cx *cx, account_id id, struct account *out);
fallible account_by_login(struct cx *cx, str login, struct account *out);
fallible account_of_patient(struct cx *cx, patient_id patient, struct account *out, bool *found);
fallible account_list(struct cx *cx, facility_id facility, struct db_rows *out); /* staff, struct account */
fallible account_set_active(struct tx *tx, account_id id, bool active); /* off: every session and token ends at once */
fallible account_set_lang(struct tx *tx, account_id id, enum lang lang);
fallible account_set_password(struct cx *cx, account_id id, str password); /* ends the other sessions */

/* Is it the account's password? ERR_DENIED when not. Wrong tries count as at sign-in. */
fallible account_check_password(struct cx *cx, account_id id, str password);

/* One-time codes: store the secret once the person typed a code that fits it. ERR_INVALID when it does not fit. */
fallible totp_enrol(struct cx *cx, account_id id, const unsigned char secret[TOTP_SECRET_BYTES], str code);

/* ---- sign-in and sessions ---- */

enum sign_in_need { SIGN_IN_DONE, SIGN_IN_NEEDS_CODE, SIGN_IN_NEEDS_ENROLMENT };
struct sign_in {
	account_id account;
	enum sign_in_need need;
	str pending; /* carries the person to the code page when one is needed; ends after 10 minutes */
};
/* Check name and password. One sentence for every failure; growing waits after failures, counted per account so that they
 * hold across addresses too. SIGN_IN_NEEDS_ENROLMENT: staff who have no code yet. */
fallible sign_in(struct cx *cx, str login, str password, struct sign_in *out);
/* The second step: whose `pending` is it, and does the code fit? A code counts once. */
fallible sign_in_code(struct cx *cx, str pending, str code, account_id *out);
fallible sign_in_pending(struct cx *cx, str pending, account_id *out);
/* A database of invented people says so of itself, once and for ever; only then are there sign-in links. */
fallible simulated_mark(struct tx *tx);
fallible simulated_is(struct cx *cx, bool *out);
/* Links that sign in without a password, for demonstrations. ERR_GONE when it ended or never was; ERR_DENIED to make one where
 * real people are. */
fallible sign_in_by_link(struct cx *cx, str token, account_id *out);
fallible sign_in_link_make(struct cx *cx, account_id account, int64_t ms, str *token);

/* Open a session; `token` goes into the cookie. */
fallible session_open(struct cx *cx, account_id account, str *token);
/* Who holds this cookie? Fills cx->who and cx->lang. ERR_GONE when it ended: idle (15 minutes staff, 30 patients), overall
 * (12 and 24 hours), signed out, account off. With `is_use` the visit is noted (at most once a minute); an open event stream
 * asks without, because nobody need sit before it. */
fallible session_find(struct cx *cx, str token, bool is_use);
/* From the next request on the caller's session acts for `patient` (whether they may is asked at every request by the policy
 * engine), or for nobody any more (none). It lives in the session's row: it survives restarts and ends with the session.
 * ERR_DENIED for a staff session: staff see patients as staff. */
fallible session_act_for(struct cx *cx, patient_id patient);
fallible session_close(struct cx *cx);     /* the caller's */
fallible session_close_all(struct cx *cx); /* the caller's account, everywhere */
/* The value that forms carry, bound to the session and to whom it acts for, and masked anew each time (compression cannot
 * reveal it): a page that was opened while acting for one patient cannot be sent as oneself or for another. */
str session_form_token(struct cx *cx);
/* For whom a form with this value was opened; none for oneself, or when it is no such value. Not proved: for telling people,
 * never for deciding. */
patient_id session_form_acting(str token);
account_id session_form_account(str token); /* whose page it was; in the same way */
bool session_form_token_ok(struct cx *cx, str token);

/* ---- tokens for programs ---- */

struct api_token {
	struct uuid id;
	account_id account;
	str label, scope;
	instant made, ends, revoked;
};
fallible api_token_make(struct cx *cx, account_id account, str label, str scope, int64_t ms, str *token);
fallible api_token_find(struct cx *cx, str token); /* fills cx->who with scope; ERR_GONE when ended or revoked */
fallible api_token_list(struct cx *cx, struct db_rows *out); /* those made by the caller; struct api_token */
fallible api_token_revoke(struct cx *cx, struct uuid id);

#define SESSION_COOKIE "salve"

#endif
