/* SPDX-License-Identifier: Apache-2.0 */
/* Making a link, opening it, ending it.  The key is made, used and forgotten in share_link_make. */
#include "care/sharelink/sharelink_internal.h"
#include "care/summary/summary.h"
#include "platform/format/base64.h"
#include "platform/format/json_write.h"
#include "platform/format/utf8.h"
#include "trust/audit/audit.h"

const struct share_lasting share_lasting[] = {
    {"hour", HOUR_MS, TR("1 hour")},
    {"day", DAY_MS, TR("1 day")},
    {"week", 7 * DAY_MS, TR("7 days")},
    {"quarter", 90 * DAY_MS, TR("90 days")},
    {0},
};

#define CONTENT_TYPE S("application/fhir+json")

static struct uuid
name_of(struct cx *cx, str secret)
{
	return vault_blind(cx->vault, "share_link.name", secret);
}

enum share_link_state
share_link_state(const struct share_link *link, instant now)
{
	if (!instant_is_none(link->ended))
		return SHARE_ENDED;
	if (link->tries <= 0)
		return SHARE_SHUT;
	return instant_before(now, link->ends) ? SHARE_OPEN : SHARE_RAN_OUT;
}

/* ---- making ---- */

str
share_passcode_new(struct arena *arena)
{
	uint32_t random;

	do
		random_bytes(&random, sizeof(random));
	while (random >= 4294000000u); /* a multiple of a million: every number is as likely */
	return arena_printf(arena, "%06u", random % 1000000);
}

static fallible
check_new(const struct share_link_new *in)
{
	size_t chars = utf8_count(in->passcode);
	const struct share_lasting *lasting = share_lasting;

	if (utf8_count(in->label) > SHARE_LABEL_CHARS_MAX || (in->label.n && !utf8_is_clean_line(in->label)))
		return ERR(ERR_INVALID, TR("Write the name of the link in at most 80 characters."), "bad label");
	if (in->passcode.p &&
	    (chars < SHARE_PASSCODE_CHARS_MIN || chars > SHARE_PASSCODE_CHARS_MAX || !utf8_is_clean_line(in->passcode)))
		return ERR(
		    ERR_INVALID, TR("Choose a passcode of at least 6 and at most 64 characters."), "bad passcode");
	while (lasting->ms && lasting->ms != in->lasts_ms)
		lasting++;
	if (!lasting->ms)
		return ERR(ERR_INVALID, TR("Choose how long the link works."), "a lasting that is not offered");
	return NULL;
}

/* The payload of a SMART Health Link; flags in alphabetical order. */
static str
link_text(struct cx *cx, const struct share_link_new *in, str label, str secret, str key)
{
	struct buf out = BUF_INIT(cx->arena);
	struct json_writer w = JSON_WRITER(&out);

	json_write_object(&w);
	json_put_text(&w, "url", arena_printf(cx->arena, "%.*s/shl/%.*s", STR_ARG(in->origin), STR_ARG(secret)));
	json_put_text(&w, "key", key);
	json_put_int64(&w, "exp", (cx->now.ms + in->lasts_ms) / SECOND_MS);
	json_put_text(&w, "flag", in->passcode.p ? S("P") : S("U"));
	if (label.n)
		json_put_text(&w, "label", label);
	json_put_int64(&w, "v", 1);
	json_write_end(&w);
	json_write_done(&w);
	return arena_printf(cx->arena, "%.*s/shl#shlink:/%.*s", STR_ARG(in->origin),
	    STR_ARG(base64url_encode(cx->arena, buf_str(&out))));
}

static const struct err *
add_link(struct tx *tx, void *arg)
{
	const struct share_row *row = arg;
	enum access_why why;
	int64_t open;

	TRY(access_check(tx->cx, row->link.patient, RIGHT_OWN, &why));
	TRY(share_rows_open(tx->cx, row->link.patient, &open));
	if (open >= SHARE_LINKS_MAX)
		return ERR(ERR_INVALID, TR("Very many links of yours are open already. End one of them first."),
		    "too many share links");
	audit_add(tx, &(struct audit){.action = AUDIT_OFFER,
			  .subject = AUDIT_SHARE_LINK,
			  .patient = row->link.patient,
			  .item = row->link.id.v,
			  .why = (int)why});
	return share_row_add(tx, row);
}

fallible
share_link_make(struct cx *cx, const struct page_cx *px, const struct share_link_new *in, str *link)
{
	unsigned char key[JWE_KEY_BYTES];
	struct share_link_new clean = *in;
	struct share_row row = {.link = {.id = {in->key}, .patient = cx->who.patient, .tries = SHARE_TRIES_MAX}};
	str secret = token_new(cx->arena), summary;
	const struct err *error;
	enum access_why why;

	TRY(access_check(cx, cx->who.patient, RIGHT_OWN, &why));
	clean.label = utf8_nfc(cx->arena, str_trim(in->label));
	TRY(check_new(&clean));
	row.link.classes = in->choice.classes;
	row.link.since = in->choice.since;
	row.link.until_day = in->choice.until;
	row.link.made = cx->now;
	row.link.ends = instant_add_ms(cx->now, in->lasts_ms);
	row.name = name_of(cx, secret);
	TRY(summary_ips(
	    cx, px, cx->who.patient, &in->choice, arena_printf(cx->arena, "%.*s/fhir", STR_ARG(in->origin)), &summary));
	if (in->passcode.p)
		TRY(password_hash(cx->arena, in->passcode, &row.passcode));
	if (clean.label.n)
		TRY(vault_seal(cx, row.link.patient, share_place(row.link.id, "share_link.label", 0), clean.label,
		    &row.link.label));
	random_bytes(key, sizeof(key));
	error = jwe_seal(cx->arena, key, CONTENT_TYPE, summary, &row.file);
	if (!error)
		error = db_write(cx, add_link, &row);
	if (!error)
		*link = link_text(cx, &clean, clean.label, secret,
		    base64url_encode(cx->arena, (str){(const char *)key, sizeof(key)}));
	secret_wipe(key, sizeof(key));
	if (error && error->code == ERR_CONFLICT)
		return ERR(ERR_CONFLICT, TR("This link was made already. It is shown only once."),
		    "the same share link again");
	return error;
}

/* ---- the patient's lists ---- */

fallible
share_links(struct cx *cx, struct db_rows *out)
{
	enum access_why why;

	TRY(access_check(cx, cx->who.patient, RIGHT_OWN, &why));
	return share_rows_of(cx, cx->who.patient, out);
}

fallible
share_link_openings(struct cx *cx, struct db_rows *out)
{
	enum access_why why;

	TRY(access_check(cx, cx->who.patient, RIGHT_OWN, &why));
	return share_openings_of(cx, cx->who.patient, out);
}

static const struct err *
end_link(struct tx *tx, void *arg)
{
	const share_link_id *id = arg;
	enum access_why why;
	bool ended;

	TRY(access_check(tx->cx, tx->cx->who.patient, RIGHT_OWN, &why));
	TRY(share_row_end(tx, tx->cx->who.patient, *id, &ended));
	if (!ended)
		return ERR(ERR_GONE,
		    TR("We could not find that. It may have been removed, or it is not shared with you."),
		    "no such share link of the caller, or it is over");
	audit_add(tx, &(struct audit){.action = AUDIT_WITHDRAW,
			  .subject = AUDIT_SHARE_LINK,
			  .patient = tx->cx->who.patient,
			  .item = id->v,
			  .why = (int)why});
	return NULL;
}

fallible
share_link_end(struct cx *cx, share_link_id id)
{
	return db_write(cx, end_link, &id);
}

static const struct err *
erase(struct tx *tx, void *arg)
{
	(void)arg;
	return share_rows_erase(tx);
}

fallible
share_links_expire(struct cx *cx)
{
	return db_write(cx, erase, NULL);
}

/* ---- opening ---- */

struct opening {
	struct uuid name;
	struct share_lock lock;
	str recipient;
	bool refused; /* the passcode was wrong */
};

static void
note(struct tx *tx, const struct share_lock *lock, enum audit_action action)
{
	audit_add(tx, &(struct audit){.action = action,
			  .subject = AUDIT_SUMMARY,
			  .patient = lock->patient,
			  .item = lock->id.v,
			  .why = ACCESS_LINK});
}

/* The try is taken before the passcode is looked at, so that many at one time cannot ask more often than one after the other. */
static const struct err *
take_try(struct tx *tx, void *arg)
{
	struct opening *o = arg;
	bool found, taken = false;

	TRY(share_row_lock(tx->cx, o->name, &o->lock, &found));
	if (found)
		TRY(share_row_try(tx, &o->lock, &taken));
	return taken ? NULL : LINK_GONE;
}

static const struct err *
give_out(struct tx *tx, void *arg)
{
	struct opening *o = arg;
	bool found, had_passcode = o->lock.passcode.p != NULL;

	if (o->refused) {
		note(tx, &o->lock, AUDIT_DENIED);
		return NULL;
	}
	if (had_passcode)
		TRY(share_row_untry(tx, &o->lock));
	TRY(share_row_lock(tx->cx, o->name, &o->lock, &found)); /* ended meanwhile */
	if (!found)
		return LINK_GONE;
	note(tx, &o->lock, AUDIT_VIEW);
	return share_row_opened(tx, &o->lock, o->recipient);
}

/* Is it the right one? Takes as long as a sign-in. */
static fallible
ask_passcode(struct cx *cx, struct opening *o, str passcode)
{
	const struct err *error;

	TRY(db_write(cx, take_try, o));
	error = password_verify(passcode, o->lock.passcode);
	o->refused = error && error->code == ERR_DENIED;
	return o->refused ? NULL : error;
}

fallible
share_link_open(struct cx *cx, const struct share_knock *knock, struct share_answer *out)
{
	struct opening o = {
	    .name = name_of(cx, knock->secret), .recipient = utf8_nfc(cx->arena, str_trim(knock->recipient))};
	bool found;

	TRY(share_row_lock(cx, o.name, &o.lock, &found));
	if (!found)
		return LINK_GONE;
	if (!o.recipient.n || utf8_count(o.recipient) > SHARE_RECIPIENT_CHARS_MAX || !utf8_is_clean_line(o.recipient))
		return ERR(ERR_INVALID, TR("Say who you are in at most 100 characters."), "no recipient");
	*out = (struct share_answer){.tries_left = o.lock.tries};
	if (o.lock.passcode.p && !knock->passcode.n) { /* nothing was tried */
		out->passcode_wrong = true;
		return NULL;
	}
	if (o.lock.passcode.p)
		TRY(ask_passcode(cx, &o, knock->passcode));
	TRY(db_write(cx, give_out, &o));
	out->passcode_wrong = o.refused;
	out->tries_left = o.refused ? o.lock.tries - 1 : o.lock.tries;
	out->file = o.refused ? STR_NONE : o.lock.file;
	return NULL;
}

/* ---- a file that is fetched by itself ---- */

static str
ticket_at(struct cx *cx, str secret, int64_t until_ms)
{
	str mark =
	    uuid_text(cx->arena, vault_blind(cx->vault, "share_link.ticket",
				     arena_printf(cx->arena, "%.*s/%lld", STR_ARG(secret), (long long)until_ms)));

	return arena_printf(cx->arena, "%lld.%.*s", (long long)until_ms, STR_ARG(mark));
}

str
share_ticket(struct cx *cx, str secret)
{
	return ticket_at(cx, secret, cx->now.ms + SHARE_TICKET_MINUTES * MINUTE_MS);
}

fallible
share_link_file(struct cx *cx, str secret, str ticket, str *out)
{
	struct share_lock lock;
	int64_t until;
	bool found;
	str time;

	str_cut(ticket, '.', &time);
	if (!str_to_int64(time, &until) || until <= cx->now.ms ||
	    !bytes_equal_constant_time(ticket, ticket_at(cx, secret, until)))
		return LINK_GONE;
	TRY(share_row_lock(cx, name_of(cx, secret), &lock, &found));
	if (!found)
		return LINK_GONE;
	*out = lock.file;
	return NULL;
}
