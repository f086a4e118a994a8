/* SPDX-License-Identifier: Apache-2.0 */
/* What the files of this folder share. */
#ifndef SALVE_IDENTITY_INTERNAL_H
#define SALVE_IDENTITY_INTERNAL_H

#include "trust/identity/identity.h"

/* ---- facility settings ---- */

struct setting_row {
	str name;
	int64_t value;
};
fallible facility_setting_rows(struct cx *cx, facility_id facility, struct db_rows *out); /* struct setting_row */
fallible facility_setting_row_put(struct tx *tx, facility_id facility, str name, int64_t value);

/* ---- patients ---- */

#define PATIENT_WORDS_MAX 200 /* index words of one patient: names, their beginnings, numbers, birth date */

struct patient_sealed {
	patient_id id;
	facility_id facility;
	str name; /* sealed */
	instant born;
	struct uuid words[PATIENT_WORDS_MAX];
	size_t word_count;
};
struct seal_place patient_name_place(patient_id id);
/* The blind index of what somebody typed: a name's beginning, a number, a date. */
struct uuid patient_word(const struct vault *vault, str folded);

/* ---- accounts ---- */

struct account_sealed {
	account_id id;
	enum staff_role role;
	facility_id facility;
	patient_id patient;
	struct uuid login;
	str name, title, password; /* sealed */
	enum lang lang;
	bool for_others;
};
/* An account's row as stored, with what sign-in needs. */
struct account_row {
	account_id id;
	int64_t kind, role, lang, totp_step, failures;
	facility_id facility;
	patient_id patient;
	str name, title, password, totp; /* sealed */
	bool active;
	instant blocked_until;
};
struct seal_place account_place(account_id id, const char *what);
struct uuid login_blind(struct cx *cx, str login);
fallible account_row_get(struct cx *cx, account_id id, struct account_row *out);
fallible account_row_by_login(struct cx *cx, struct uuid login, struct account_row *out, bool *found);
fallible account_open(struct cx *cx, const struct account_row *row, struct account *out);
fallible account_note_failure(struct tx *tx, account_id id, int64_t failures, instant blocked_until);
fallible account_note_success(struct tx *tx, account_id id, int64_t totp_step);
fallible account_store_totp(struct tx *tx, account_id id, str sealed, int64_t step);
fallible account_store_password(struct tx *tx, account_id id, str sealed);

/* ---- sessions and tokens ---- */

struct session_row {
	session_id id;
	account_id account;
	instant seen, ends;
	int64_t kind, lang;
	facility_id facility;
	patient_id patient, acting; /* acting: for whom; none: as themself */
	bool active;
};
fallible session_row_find(struct cx *cx, struct token_hash hash, struct session_row *out);
fallible session_row_add(struct tx *tx, session_id id, struct token_hash hash, account_id account, instant ends);
fallible session_row_touch(struct tx *tx, session_id id);
fallible session_row_act(struct tx *tx, session_id id, patient_id patient);
fallible session_row_delete(struct tx *tx, session_id id);
fallible
session_rows_delete(struct tx *tx, account_id account, session_id but); /* all of an account, `but` may be none */
fallible session_rows_purge(struct tx *tx);                             /* those that ended */

enum link_purpose { LINK_SIGNS_IN = 1, LINK_PENDING_CODE = 2 }; /* stored as numbers */
fallible
link_row_add(struct tx *tx, struct token_hash hash, account_id account, enum link_purpose purpose, instant ends);
fallible link_row_find(struct cx *cx, struct token_hash hash, enum link_purpose purpose, account_id *out);

#endif
