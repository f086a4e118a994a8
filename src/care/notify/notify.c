/* SPDX-License-Identifier: Apache-2.0 */
/* What a notice says (nothing but "sign in"), whom it goes to, and when one is enough. */
#include "care/notify/notify_internal.h"
#include "platform/format/json.h"
#include "platform/format/json_write.h"
#include "platform/pages/i18n.h"

#define ADDRESS_BYTES_MAX 254

static struct seal_place
address_place(account_id account)
{
	return (struct seal_place){.table = "mail_address.address", .row = account.v};
}

static struct seal_place
settings_place(void)
{
	return (struct seal_place){.table = "installation.mail"};
}

/* Something before and after one '@', and nothing that could end a header line. */
static bool
is_address(str text)
{
	str local, domain = str_cut(text, '@', &local);

	if (text.n > ADDRESS_BYTES_MAX || local.n == 0 || domain.n < 3 || str_contains(domain, S("@")) ||
	    !str_contains(domain, S(".")))
		return false;
	for (size_t i = 0; i < text.n; i++)
		if ((unsigned char)text.p[i] <= ' ' || (unsigned char)text.p[i] >= 0x7f || text.p[i] == '<' ||
		    text.p[i] == '>')
			return false;
	return true;
}

/* ---- settings and addresses ---- */

static const struct err *
store_settings(struct tx *tx, void *arg)
{
	return mail_settings_row_put(tx, *(str *)arg);
}

fallible
mail_settings_set(struct cx *cx, const struct mail_settings *settings)
{
	struct buf text = BUF_INIT(cx->arena);
	struct json_writer w = JSON_WRITER(&text);
	patient_id nobody = {{{0}}};
	str sealed;

	if (settings->url.n && !str_starts(settings->url, S("smtp://")) && !str_starts(settings->url, S("smtps://")))
		return ERR(ERR_INVALID, "Give the mail server as smtp://host:25 or smtps://host:465.", "bad mail url");
	if (settings->url.n && !is_address(settings->from))
		return ERR(ERR_INVALID, "Give the sender as an e-mail address.", "bad sender");
	if (settings->url.n && !str_starts(settings->portal, S("https://")) &&
	    !str_starts(settings->portal, S("http://")))
		return ERR(
		    ERR_INVALID, "Give the address of the portal, such as https://portal.example.org.", "bad portal");
	json_write_object(&w);
	json_put_text(&w, "url", settings->url);
	json_put_text(&w, "from", settings->from);
	json_put_text(&w, "portal", settings->portal);
	json_write_end(&w);
	json_write_done(&w);
	TRY(vault_seal(cx, nobody, settings_place(), buf_str(&text), &sealed));
	return db_write(cx, store_settings, &sealed);
}

fallible
mail_settings_get(struct cx *cx, struct mail_settings *out, bool *found)
{
	const struct json_value *json;
	patient_id nobody = {{{0}}};
	str sealed, text;

	TRY(mail_settings_row_get(cx, &sealed, found));
	if (!*found)
		return NULL;
	TRY(vault_open_text(cx, nobody, settings_place(), sealed, &text));
	TRY(json_parse(cx->arena, text, &json, NULL));
	*out =
	    (struct mail_settings){json_text_at(json, "url"), json_text_at(json, "from"), json_text_at(json, "portal")};
	*found = out->url.n > 0;
	return NULL;
}

struct new_address {
	account_id account;
	str sealed;
};

static const struct err *
store_address(struct tx *tx, void *arg)
{
	const struct new_address *in = arg;

	return in->sealed.p ? mail_row_put(tx, in->account, in->sealed) : mail_row_delete(tx, in->account);
}

fallible
mail_address_set(struct cx *cx, account_id account, str address)
{
	struct new_address in = {.account = account};
	patient_id nobody = {{{0}}};

	address = str_trim(address);
	if (address.n) {
		if (!is_address(address))
			return ERR(ERR_INVALID,
			    "This does not look like an e-mail address. It should look like name@example.org.",
			    "bad e-mail address");
		TRY(vault_seal(cx, nobody, address_place(account), address, &in.sealed));
	}
	return db_write(cx, store_address, &in);
}

fallible
mail_address_get(struct cx *cx, account_id account, str *out)
{
	struct mail_row row;
	patient_id nobody = {{{0}}};
	bool found;

	*out = STR_NONE;
	TRY(mail_row_get(cx, account, &row, &found));
	return found ? vault_open_text(cx, nobody, address_place(account), row.address, out) : NULL;
}

/* ---- delivering ---- */

static const char *
subject_of(str reason)
{
	if (str_equal(reason, S("escalated")))
		return TR("A message in Salve is waiting for an answer");
	if (str_equal(reason, S("due")))
		return TR("A message in Salve must be answered soon");
	if (str_equal(reason, S("assigned")))
		return TR("A conversation in Salve was given to you");
	if (str_equal(reason, S("visit")))
		return TR("There is news about an appointment in Salve");
	if (str_equal(reason, S("visit-reminder")))
		return TR("A reminder: you have an appointment soon");
	if (str_equal(reason, S("measure")))
		return TR("A reminder from Salve");
	if (str_equal(reason, S("export")))
		return TR("There is news about your download in Salve");
	/* neither which, nor that they are medicines, nor that something was to be corrected */
	if (str_equal(reason, S("medicines")) || str_equal(reason, S("correction")))
		return TR("There is news for you in Salve");
	return TR("You have a new message in Salve");
}

/* The whole mail. The Message-ID is the outbox item's, so that a mail sent twice after a crash is seen as one. */
static str
mail_text(struct cx *cx, const struct mail_settings *settings, const struct account *account, str to, str reason,
    const struct outbox_item *item)
{
	str subject = tr(account->lang, subject_of(reason));
	str body = tr(account->lang,
	    str_starts(reason, S("visit")) ? TR("Sign in to see when and where:") : TR("Sign in to read it:"));
	struct buf out = BUF_INIT(cx->arena);

	buf_printf(&out, "From: Salve <%.*s>\r\nTo: <%.*s>\r\nSubject: %.*s\r\n", STR_ARG(settings->from), STR_ARG(to),
	    STR_ARG(subject));
	buf_add(&out, S("Message-ID: <"));
	buf_add_uuid(&out, item->id);
	buf_add(&out, S("@salve>\r\nAuto-Submitted: auto-generated\r\nMIME-Version: 1.0\r\n"
			"Content-Type: text/plain; charset=UTF-8\r\nContent-Transfer-Encoding: 8bit\r\n\r\n"));
	buf_printf(&out, "%.*s\r\n%.*s\r\n", STR_ARG(body), STR_ARG(settings->portal));
	return buf_str(&out);
}

static const struct err *
note_notice(struct tx *tx, void *arg)
{
	return mail_row_noticed(tx, *(account_id *)arg);
}

struct bounce {
	account_id account;
	int64_t answer;
};

static const struct err *
note_bounce(struct tx *tx, void *arg)
{
	const struct bounce *in = arg;

	return mail_row_bounced(tx, in->account, in->answer);
}

/* Is one mail enough for now? What is given to somebody, or late, is told at once. */
static bool
is_quiet(struct cx *cx, const struct mail_row *row, const struct json_value *payload)
{
	bool daily = json_bool(json_get(payload, "daily"));
	int64_t quiet_ms = daily ? NOTICE_DAY_MS : NOTICE_QUIET_MS;

	return str_equal(json_text_at(payload, "reason"), S("message")) && !instant_is_none(row->last_notice) &&
	       cx->now.ms - row->last_notice.ms < quiet_ms;
}

/* A refusal for good is no error of the delivery: it is noted where people see it. */
static fallible
send_notice(struct cx *cx, const struct mail_settings *settings, account_id id, const struct json_value *payload,
    const struct outbox_item *item)
{
	struct account account;
	struct bounce bounce = {.account = id};
	const struct err *error;
	str to;

	TRY(account_get(cx, id, &account));
	if (!account.active)
		return NULL;
	TRY(mail_address_get(cx, id, &to));
	db_refresh(cx); /* the mail server may take its time: hold no snapshot */
	error = mail_send(cx, settings, to,
	    mail_text(cx, settings, &account, to, json_text_at(payload, "reason"), item), &bounce.answer);
	if (error && error->code == ERR_INVALID)
		return db_write(cx, note_bounce, &bounce);
	TRY(error);
	return db_write(cx, note_notice, &id);
}

/* What a delegate must be allowed, and want to be told of, to be told this. */
static enum access_right
right_of(str reason)
{
	if (str_equal(reason, S("medicines")))
		return RIGHT_PRESCRIPTIONS;
	return str_starts(reason, S("visit")) ? RIGHT_APPOINTMENTS : RIGHT_MESSAGES_READ;
}

/* A permission may have ended while the notice waited. */
static fallible
may_still_be_told(
    struct cx *cx, const struct outbox_item *item, account_id id, const struct json_value *payload, bool *out)
{
	*out = true;
	if (!json_bool(json_get(payload, "delegate")))
		return NULL;
	return delegate_is_told(cx, item->patient, id, right_of(json_text_at(payload, "reason")), out);
}

fallible
notice_deliver(struct cx *cx, const struct outbox_item *item)
{
	struct mail_settings settings;
	struct mail_row row;
	account_id id;
	const struct json_value *json;
	bool found, may;

	TRY(json_parse(cx->arena, item->payload, &json, NULL));
	if (!uuid_parse(json_text_at(json, "account"), &id.v))
		return ERR(ERR_BROKEN, "Something went wrong on our side.", "a notice without account");
	TRY(mail_settings_get(cx, &settings, &found));
	if (!found)
		return NULL;
	TRY(mail_row_get(cx, id, &row, &found));
	if (!found || !instant_is_none(row.bounced_at) || is_quiet(cx, &row, json))
		return NULL;
	TRY(may_still_be_told(cx, item, id, json, &may));
	if (!may)
		return NULL;
	return send_notice(cx, &settings, id, json, item);
}
