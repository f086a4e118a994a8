/* SPDX-License-Identifier: Apache-2.0 */
/* Search over the whole mailbox.  The texts are sealed: what stands in clear columns (team, kind, dates, files, side) is
 * asked of the database, then the bodies are opened, newest first, up to a limit; "search older" goes on from there. */
#include "care/messaging/mailbox_store.h"
#include "platform/format/utf8.h"

#define EXTRACT_CHARS 160

static bool
holds_all(str folded, str words)
{
	str rest = words, word;

	while (rest.p) {
		rest = str_cut(rest, ' ', &word);
		if (word.n && !str_contains(folded, word))
			return false;
	}
	return true;
}

struct names {
	account_id account;
	bool by_delegate;
	str name;
};

/* Few people write to one patient: each is asked for once. */
static fallible
name_of(struct cx *cx, struct names *known, struct found *found)
{
	if (!uuid_equal(known->account.v, found->author.v) || known->by_delegate != found->by_delegate) {
		*known = (struct names){found->author, found->by_delegate, STR_NONE};
		TRY(author_words(cx, cx->who.patient, found->author, found->by_delegate, &known->name));
	}
	found->author_name = known->name;
	return NULL;
}

static fallible
fits(struct cx *cx, const struct message_query *query, struct names *known, struct found *found, bool *out)
{
	struct buf text = BUF_INIT(cx->arena);

	*out = false;
	TRY(vault_open_text(
	    cx, cx->who.patient, message_body_place((message_id){found->id}), found->body, &found->body));
	TRY(vault_open_text(cx, cx->who.patient, thread_subject_place(found->thread), found->subject, &found->subject));
	TRY(name_of(cx, known, found));
	buf_add(&text, found->subject);
	buf_add_char(&text, '\n');
	buf_add(&text, found->body);
	*out = holds_all(utf8_fold(cx->arena, buf_str(&text)), query->words) &&
	       holds_all(utf8_fold(cx->arena, found->author_name), query->sender);
	found->extract = utf8_take_chars(found->body, EXTRACT_CHARS);
	return NULL;
}

fallible
messages_search(struct cx *cx, const struct message_query *in, struct search_result *out)
{
	struct message_query query = *in;
	enum access_why why;
	struct names known = {0};
	struct db_rows rows;
	struct found *found;

	TRY(access_check(cx, cx->who.patient, RIGHT_MESSAGES_READ, &why));
	query.words = utf8_fold(cx->arena, utf8_take_chars(in->words, SEARCH_TEXT_CHARS_MAX));
	query.sender = utf8_fold(cx->arena, utf8_take_chars(in->sender, SEARCH_TEXT_CHARS_MAX));
	TRY(search_rows(cx, cx->who.patient, &query, &rows));
	found = rows.items;
	*out = (struct search_result){.items = ARENA_ARRAY(cx->arena, struct found, rows.count)};
	for (size_t i = 0; i < rows.count && out->count < SEARCH_FOUND_MAX; i++) {
		bool yes;

		TRY(fits(cx, &query, &known, &found[i], &yes));
		if (yes)
			out->items[out->count++] = found[i];
		out->last = found[i].sent;
		out->last_id = found[i].id;
		out->more = i + 1 < rows.count || rows.count == SEARCH_OPENED_MAX;
	}
	audit_add_read(cx, &(struct audit){.action = AUDIT_SEARCH,
			       .subject = AUDIT_MESSAGES,
			       .patient = cx->who.patient,
			       .count = (int64_t)out->count,
			       .why = why});
	return NULL;
}
