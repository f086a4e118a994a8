/* SPDX-License-Identifier: Apache-2.0 */
#include "care/imports/imports_test_help.h"

void
desk_open(struct desk *d, void **state)
{
	*d = (struct desk){.world = *state};
	setup(d->world, &d->p);
	people_delegate(d->world, &d->p, RIGHT_RECORD_READ | RIGHT_JOURNAL_WRITE);
	d->bo = people_as(d->world, d->p.bo_account);
	d->ben = people_as(d->world, d->p.ben);
	d->maria = people_acting(d->world, d->p.maria_account, d->p.bo);
}

void
desk_close(struct desk *d)
{
	db_release(&d->bo);
	db_release(&d->ben);
	db_release(&d->maria);
}

void
desk_look(struct desk *d, struct cx *cx)
{
	db_refresh(cx);
	assert_ok(import_get(cx, d->p.bo, d->import.id, &d->import));
}

void
desk_bring(struct desk *d, struct cx *cx, const char *name, str text)
{
	struct import_new in = {uuid_new(cx->now), d->p.bo, str_from_z(name), (int64_t)text.n};

	db_refresh(cx);
	assert_ok(import_begin(cx, &in));
	d->import.id = in.id;
	desk_look(d, cx);
	while (d->import.received < d->import.bytes)
		assert_ok(import_piece(cx, &d->import, d->import.received,
		    str_take(str_drop(text, (size_t)d->import.received), IMPORT_PIECE_BYTES)));
	assert_ok(import_received(cx, &d->import));
	desk_look(d, cx);
	if (d->import.state == IMPORT_COLUMNS)
		assert_ok(import_set_columns(cx, &d->import, &d->import.facts.columns));
	assert_ok(import_step(cx, &d->import));
	desk_look(d, cx);
}

void
desk_keep(struct desk *d, struct cx *cx)
{
	cx->now.ms += SECOND_MS;
	assert_ok(import_keep(cx, &d->import));
	assert_ok(import_step(cx, &d->import));
	desk_look(d, cx);
}

const struct import_tally *
desk_tally(struct desk *d, const char *name)
{
	for (size_t i = 0; i < d->import.facts.tallies.count; i++)
		if (str_equal(d->import.facts.tallies.items[i].name, str_from_z(name)))
			return &d->import.facts.tallies.items[i];
	return NULL;
}

static void
add_line(struct buf *out, const struct page_cx *px, const struct journal_entry *entry)
{
	for (size_t i = 0; i < entry->log->field_count; i++) {
		const struct journal_field *field = &entry->log->fields[i];

		if (field->kind == FIELD_TIME || field->kind == FIELD_DAY)
			buf_printf(out, "%.*s ", STR_ARG(entry->values.text[i]));
	}
	buf_printf(out, "%.*s", STR_ARG(journal_title(px, entry)));
	for (size_t i = 1; i < entry->log->field_count; i++) {
		str words = journal_value_words(px, entry->log, &entry->values, i);

		if (words.n && i >= entry->log->plotted && entry->log->fields[i].kind != FIELD_TIME &&
		    entry->log->fields[i].kind != FIELD_DAY)
			buf_printf(out, " | %.*s", STR_ARG(words));
	}
	buf_printf(out, " [%.*s]\n", STR_ARG(entry->values.source));
}

str
desk_log(struct desk *d, struct cx *cx, const char *log)
{
	struct page_cx px = {.arena = &d->world->arena, .now = cx->now, .zone = zone_utc()};
	struct buf out = BUF_INIT(&d->world->arena);
	const struct journal_entry *entries;
	struct db_rows rows;

	db_refresh(cx);
	assert_ok(journal_entries(cx,
	    &JOURNAL_QUERY(.patient = d->p.bo, .log = journal_log_find(str_from_z(log)), .count = 5000), &rows, NULL));
	entries = rows.items;
	for (size_t i = rows.count; i > 0; i--)
		add_line(&out, &px, &entries[i - 1]);
	return buf_str(&out);
}

str
desk_logs(struct desk *d)
{
	struct buf out = BUF_INIT(&d->world->arena);
	const struct journal_log *log;

	for (size_t i = 0; (log = journal_log_at(i)); i++)
		buf_printf(&out, "%s\n%.*s", log->name, STR_ARG(desk_log(d, &d->bo, log->name)));
	return buf_str(&out);
}

str
desk_refused(struct desk *d, struct cx *cx)
{
	struct buf out = BUF_INIT(&d->world->arena);

	for (int64_t n = 0; n < d->import.refused; n++) {
		str text;

		assert_ok(import_chunk_text(cx, &d->import, PART_REFUSED, n, &text));
		buf_add(&out, text);
	}
	return buf_str(&out);
}
