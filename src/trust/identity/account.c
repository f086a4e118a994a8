/* SPDX-License-Identifier: Apache-2.0 */
/* Accounts: what a new one must fulfil, roles in words, and turning stored rows into people. */
#include "platform/format/utf8.h"
#include "trust/identity/identity_internal.h"

#define NAME_CHARS_MAX 100

static const struct {
	const char *word, *en, *es;
	unsigned kind;
} roles[] = {
    [ROLE_NONE] = {"patient", "patient", "paciente", WHO_PATIENT},
    [ROLE_PHYSICIAN] = {"physician", "physician", "médico", WHO_CARE_TEAM},
    [ROLE_NURSE] = {"nurse", "nurse", "enfermería", WHO_CARE_TEAM},
    [ROLE_PHARMACIST] = {"pharmacist", "pharmacist", "farmacia", WHO_CARE_TEAM},
    [ROLE_CLERK] = {"clerk", "clerk", "administrativo", WHO_CARE_TEAM},
    [ROLE_SOCIAL_WORKER] = {"social-worker", "social worker", "trabajo social", WHO_CARE_TEAM},
    [ROLE_ADMINISTRATOR] = {"administrator", "administrator", "administración", WHO_ADMINISTRATOR},
    [ROLE_COORDINATOR] = {"coordinator", "coordinator", "coordinación", WHO_COORDINATOR},
    [ROLE_ASSOCIATE] = {"associate", "clinical associate", "auxiliar clínico", WHO_CARE_TEAM},
};
#define ROLE_COUNT (sizeof(roles) / sizeof(roles[0]))

unsigned
staff_role_kind(enum staff_role role)
{
	return roles[role].kind;
}

const char *
staff_role_words(enum staff_role role, enum lang lang)
{
	return lang == LANG_ES ? roles[role].es : roles[role].en;
}

const char *
staff_role_code(enum staff_role role)
{
	return roles[role].word;
}

bool
staff_role_parse(str word, enum staff_role *out)
{
	for (size_t i = ROLE_PHYSICIAN; i < ROLE_COUNT; i++) {
		if (str_equal(word, str_from_z(roles[i].word))) {
			*out = (enum staff_role)i;
			return true;
		}
	}
	return false;
}

struct seal_place
account_place(account_id id, const char *what)
{
	return (struct seal_place){.table = what, .row = id.v};
}

struct uuid
login_blind(struct cx *cx, str login)
{
	return vault_blind(cx->vault, "login", utf8_fold(cx->arena, login));
}

static fallible
check_password(struct cx *cx, const struct account_new *in)
{
	size_t chars = utf8_count(in->password);
	/* Staff have a code beside it, always; a patient may have the password alone (NIST 800-63B-4 3.1.1.2). */
	size_t least = in->role == ROLE_NONE ? PASSWORD_CHARS_MIN_ALONE : PASSWORD_CHARS_MIN;

	if (chars < least)
		return err_said(cx->arena, ERR_INVALID,
		    "Choose a password of at least %zu characters. A sentence works well.", least);
	if (chars > PASSWORD_CHARS_MAX)
		return err_said(
		    cx->arena, ERR_INVALID, "Choose a password of at most %d characters.", PASSWORD_CHARS_MAX);
	if (str_equal_fold(in->password, in->login))
		return ERR(ERR_INVALID, "The password must differ from the sign-in name.", "password equals login");
	return NULL;
}

fallible
account_seal(struct cx *cx, const struct account_new *in, struct account_sealed **out)
{
	struct account_sealed *sealed = ARENA_NEW(cx->arena, struct account_sealed);
	size_t login_chars = utf8_count(in->login), name_chars = utf8_count(in->name);
	patient_id nobody = {{{0}}};

	if (login_chars == 0 || login_chars > LOGIN_NAME_CHARS_MAX || !utf8_is_clean_line(in->login))
		return ERR(ERR_INVALID, "Give a sign-in name of 1 to 254 characters on one line.", "bad login");
	if (name_chars == 0 || name_chars > NAME_CHARS_MAX || !utf8_is_clean_line(in->name))
		return ERR(ERR_INVALID, "Give a name of 1 to 100 characters on one line.", "bad name");
	if ((in->role == ROLE_NONE) != (in->for_others || !uuid_is_none(in->patient.v)) ||
	    (in->for_others && !uuid_is_none(in->patient.v)))
		return ERR(
		    ERR_INVALID, "A patient's account belongs to a patient; a staff account has a role.", "bad role");
	*sealed = (struct account_sealed){.id = in->id,
	    .role = in->role,
	    .facility = in->facility,
	    .patient = in->patient,
	    .login = login_blind(cx, in->login),
	    .lang = in->lang,
	    .for_others = in->for_others};
	if (in->password.p) {
		str hash;
		TRY(check_password(cx, in));
		TRY(password_hash(cx->arena, in->password, &hash));
		TRY(vault_seal(cx, nobody, account_place(in->id, "account.password"), hash, &sealed->password));
	}
	TRY(vault_seal(cx, nobody, account_place(in->id, "account.name"), in->name, &sealed->name));
	TRY(vault_seal(cx, nobody, account_place(in->id, "account.title"), in->title, &sealed->title));
	*out = sealed;
	return NULL;
}

fallible
account_open(struct cx *cx, const struct account_row *row, struct account *out)
{
	patient_id nobody = {{{0}}};

	*out = (struct account){.id = row->id,
	    .kind = (unsigned)row->kind,
	    .role = (enum staff_role)row->role,
	    .facility = row->facility,
	    .patient = row->patient,
	    .lang = (enum lang)row->lang,
	    .active = row->active,
	    .has_totp = row->totp.p != NULL,
	    .has_password = row->password.p != NULL};
	TRY(vault_open_text(cx, nobody, account_place(row->id, "account.name"), row->name, &out->name));
	return vault_open_text(cx, nobody, account_place(row->id, "account.title"), row->title, &out->title);
}

fallible
account_get(struct cx *cx, account_id id, struct account *out)
{
	struct account_row row;

	TRY(account_row_get(cx, id, &row));
	return account_open(cx, &row, out);
}

fallible
account_by_login(struct cx *cx, str login, struct account *out)
{
	struct account_row row;
	bool found;

	TRY(account_row_by_login(cx, login_blind(cx, login), &row, &found));
	if (!found)
		return ERR(ERR_GONE, "There is no account with this sign-in name.", "no such login");
	return account_open(cx, &row, out);
}

struct new_password {
	account_id id;
	session_id keep;
	str sealed;
};

static const struct err *
store_password(struct tx *tx, void *arg)
{
	const struct new_password *in = arg;

	TRY(account_store_password(tx, in->id, in->sealed));
	return session_rows_delete(tx, in->id, in->keep);
}

fallible
account_set_password(struct cx *cx, account_id id, str password)
{
	struct account_row row;
	struct new_password in = {.id = id, .keep = cx->who.session};
	str hash;
	patient_id nobody = {{{0}}};

	TRY(account_row_get(cx, id, &row));
	TRY(check_password(cx, &(struct account_new){.role = (enum staff_role)row.role, .password = password}));
	TRY(password_hash(cx->arena, password, &hash));
	TRY(vault_seal(cx, nobody, account_place(id, "account.password"), hash, &in.sealed));
	return db_write(cx, store_password, &in);
}
