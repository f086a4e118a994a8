/* SPDX-License-Identifier: Apache-2.0 */
/* What a team's name must fulfil.  Half of the veterans asked could not read names like "REN PAC 03 WH" and wrote to the
 * wrong group; so a name must read like words. */
#include "care/organization/organization_internal.h"
#include "platform/format/utf8.h"

static bool
is_letter(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (unsigned char)c >= 0x80;
}

/* A word of at least three letters that is not written in capitals throughout. */
static bool
reads_like_a_word(str word)
{
	size_t letters = 0, lower = 0;

	for (size_t i = 0; i < word.n; i++) {
		letters += is_letter(word.p[i]);
		lower += (word.p[i] >= 'a' && word.p[i] <= 'z') || (unsigned char)word.p[i] >= 0x80;
	}
	return letters >= 3 && lower > 0;
}

static bool
reads_like_words(str name)
{
	str rest = name, word;

	while (rest.p) {
		rest = str_cut(rest, ' ', &word);
		if (reads_like_a_word(word))
			return true;
	}
	return false;
}

fallible
team_check(struct cx *cx, const struct team *team)
{
	size_t chars = utf8_count(team->name);

	if (chars == 0 || chars > TEAM_NAME_CHARS_MAX || !utf8_is_clean_line(team->name))
		return err_said(cx->arena, ERR_INVALID, "Give the team a name of 1 to %d characters on one line.",
		    TEAM_NAME_CHARS_MAX);
	if (!reads_like_words(team->name) || str_contains(team->name, S("_")))
		return ERR(ERR_INVALID,
		    "Give the team a name that a patient can read, such as \"Maple Team, primary care\", not a code.",
		    "team name is a bare code");
	if (str_is_empty(team->care) || str_is_empty(team->place))
		return ERR(
		    ERR_INVALID, "Say what kind of care the team gives, and where.", "team without care or place");
	if (team->open_days < 0 || team->open_days > 127 ||
	    (team->open_days &&
		(team->open_from < 0 || team->open_until > 24 * 60 || team->open_from >= team->open_until)))
		return ERR(
		    ERR_INVALID, TR("The team's hours must end after they begin, on the same day."), "team hours");
	return NULL;
}

fallible
team_full_name(struct cx *cx, const struct team *team, str *out)
{
	struct account lead;

	*out =
	    arena_printf(cx->arena, "%.*s, %.*s, %.*s", STR_ARG(team->name), STR_ARG(team->care), STR_ARG(team->place));
	if (uuid_is_none(team->lead.v))
		return NULL;
	TRY(account_get(cx, team->lead, &lead));
	*out = tr_fill(cx->arena, cx->lang, tr(cx->lang, TR("%1, with %2")),
	    (const struct tr_arg[]){TR_ARG(*out), TR_ARG(lead.name)}, 2);
	return NULL;
}
