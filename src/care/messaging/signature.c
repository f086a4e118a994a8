/* SPDX-License-Identifier: Apache-2.0 */
/* Signatures.  Both kinds become part of the text, so that they stand wherever the text stands: in the record, in a download,
 * on paper. */
#include "care/messaging/signature.h"

#include "care/messaging/messaging_store.h"
#include "platform/format/utf8.h"

#define RULE   "--------------------------------------------------"
#define SIGNED "Signed electronically on "

static struct seal_place
place(account_id account, const char *what)
{
	return (struct seal_place){.table = what, .row = account.v};
}

/* ---- name and title ---- */

fallible
signature_get(struct cx *cx, struct signature *out)
{
	patient_id nobody = {{{0}}};
	account_id me = cx->who.account;
	bool found;

	*out = (struct signature){0};
	TRY(signature_row_get(cx, me, out, &found));
	if (!found)
		return NULL;
	TRY(vault_open_text(cx, nobody, place(me, "signature.name"), out->name, &out->name));
	return vault_open_text(cx, nobody, place(me, "signature.title"), out->title, &out->title);
}

static const struct err *
put(struct tx *tx, void *arg)
{
	return signature_row_put(tx, tx->cx->who.account, arg);
}

static fallible
check_line(str line)
{
	if (utf8_count(line) > SIGNATURE_CHARS_MAX || (line.n && !utf8_is_clean_line(line)))
		return ERR(ERR_INVALID,
		    TR("A line of your signature is too long or holds characters that cannot be shown."),
		    "bad signature");
	return NULL;
}

fallible
signature_set(struct cx *cx, const struct signature *in)
{
	struct signature sealed = {.include = in->include};
	patient_id nobody = {{{0}}};
	account_id me = cx->who.account;
	str name = str_trim(in->name), title = str_trim(in->title);

	TRY(check_line(name));
	TRY(check_line(title));
	TRY(vault_seal(cx, nobody, place(me, "signature.name"), name.p ? name : S(""), &sealed.name));
	TRY(vault_seal(cx, nobody, place(me, "signature.title"), title.p ? title : S(""), &sealed.title));
	return db_write(cx, put, &sealed);
}

str
signature_text(struct arena *arena, const struct signature *signature)
{
	if (!signature->include || (!signature->name.n && !signature->title.n))
		return STR_NONE;
	return arena_printf(arena, "%.*s%s%.*s", STR_ARG(signature->name),
	    signature->name.n && signature->title.n ? "\n" : "", STR_ARG(signature->title));
}

/* ---- the electronic signature ---- */

/* Letters of any script with single blanks between. */
static bool
is_full_name(str name)
{
	str rest = name;
	uint32_t c;

	while (utf8_next(&rest, &c))
		if (c < 0x80 && c != ' ' && !((c | 32) >= 'a' && (c | 32) <= 'z'))
			return false;
	return name.n && utf8_count(name) <= SIGNATURE_CHARS_MAX && utf8_is_clean_line(name);
}

/* Where the block begins at the end of the body; false when there is none. */
static bool
find_block(str body, size_t *at)
{
	str text = str_trim(body), line, name;
	size_t end = 0, rule = 0;

	for (size_t i = text.n; i > 0 && !end; i--)
		if (text.p[i - 1] == '\n')
			end = i;
	line = str_drop(text, end);
	if (end < 2 || !str_starts(line, S(SIGNED)) || line.n != sizeof(SIGNED) - 1 + sizeof("2026-03-05.") - 1)
		return false;
	for (size_t i = end - 1; i > 0 && !rule; i--)
		if (text.p[i - 1] == '\n')
			rule = i;
	name = str_take(str_drop(text, rule), end - 1 - rule);
	if (rule < sizeof(RULE) || !is_full_name(name) || !str_ends(str_take(text, rule - 1), S(RULE)))
		return false;
	*at = (size_t)(text.p - body.p) + rule - 1 - (sizeof(RULE) - 1);
	return true;
}

bool
body_is_signed(str body)
{
	size_t at;

	return find_block(body, &at) && str_trim(str_take(body, at)).n > 0;
}

fallible
body_sign(struct cx *cx, facility_id id, str typed, bool certified, str body, str *out)
{
	str name = utf8_nfc(cx->arena, str_trim(typed)), clean = message_clean(cx->arena, body);
	struct facility facility;
	const struct zone *zone;
	struct civil_date today;
	size_t at;

	if (!is_full_name(name))
		return ERR(ERR_INVALID, TR("Type your full name to sign, with letters only."), "bad name of a signer");
	if (!certified)
		return ERR(ERR_INVALID, TR("Tick the box that you are who you say you are."), "not certified");
	TRY(facility_get(cx, id, &facility));
	TRY(zone_find(facility.zone, &zone));
	today = zone_civil(zone, cx->now).date;
	if (find_block(clean, &at))
		clean = message_clean(cx->arena, str_take(clean, at));
	*out = arena_printf(cx->arena, "%.*s\n\n" RULE "\n%.*s\n" SIGNED "%04d-%02d-%02d.", STR_ARG(clean),
	    STR_ARG(name), (int)today.year, (int)today.month, (int)today.day);
	return NULL;
}

/* ---- both ---- */

fallible
signature_add(struct cx *cx, str body, str *out)
{
	struct signature signature;
	str text, clean = message_clean(cx->arena, body);
	size_t at;

	TRY(signature_get(cx, &signature));
	if (find_block(clean, &at)) /* taken back and sent again: signed anew where it is needed */
		clean = message_clean(cx->arena, str_take(clean, at));
	text = signature_text(cx->arena, &signature);
	*out = clean;
	if (str_trim(clean).n && text.n && !str_ends(clean, arena_printf(cx->arena, "\n%.*s", STR_ARG(text))))
		*out = arena_printf(cx->arena, "%.*s\n\n%.*s", STR_ARG(clean), STR_ARG(text));
	return NULL;
}
