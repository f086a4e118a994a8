/* SPDX-License-Identifier: Apache-2.0 */
/* What stands in the buffer is cut into tags and text; a tag waits until it is whole, everything else passes through.  The surprise:
 * texts are decoded where they lie, since no reference is shorter than what it stands for. */
#include "platform/format/xml_scan.h"

#define TEXT_BYTES_MAX ((size_t)32 * 1024) /* of one XML_TEXT */

/* ---- the buffer ---- */

void
xml_reader_init(struct xml_reader *r, struct arena *arena)
{
	*r = (struct xml_reader){.arena = arena, .place.line = 1};
}

void
xml_reader_resume(struct xml_reader *r, struct arena *arena, str root, struct xml_place place)
{
	xml_reader_init(r, arena);
	assert(root.n && root.n <= XML_NAME_BYTES_MAX);
	memcpy(r->names, root.p, root.n);
	r->name_ends[0] = root.n;
	r->depth = 1;
	r->begun = true;
	r->place = place;
}

void
xml_give(struct xml_reader *r, str bytes)
{
	size_t left = r->end - r->at;

	assert(bytes.n <= XML_PIECE_BYTES_MAX && !r->is_last);
	if (left + bytes.n > r->capacity) {
		size_t capacity = left + bytes.n + XML_TAG_BYTES_MAX;
		char *grown = arena_text(r->arena, capacity);

		if (left)
			memcpy(grown, r->bytes + r->at, left);
		r->bytes = grown;
		r->capacity = capacity;
	} else if (left) {
		memmove(r->bytes, r->bytes + r->at, left);
	}
	r->at = 0;
	if (bytes.n)
		memcpy(r->bytes + left, bytes.p, bytes.n);
	r->end = left + bytes.n;
}

void
xml_give_end(struct xml_reader *r)
{
	r->is_last = true;
}

static str
rest(const struct xml_reader *r)
{
	return (str){r->bytes + r->at, r->end - r->at};
}

/* Behind these bytes; they are not changed before. */
static void
pass(struct xml_reader *r, size_t n)
{
	const char *at = r->bytes + r->at, *end = at + n;

	while (at < end && (at = memchr(at, '\n', (size_t)(end - at)))) {
		r->place.line++;
		at++;
	}
	r->at += n;
	r->place.offset += (int64_t)n;
	r->scanned = 0;
	r->quote = 0;
}

/* ---- tags ---- */

static str
open_name(const struct xml_reader *r)
{
	size_t begin = r->depth > 1 ? r->name_ends[r->depth - 2] : 0;

	return (str){r->names + begin, r->name_ends[r->depth - 1] - begin};
}

static fallible
open_element(struct xml_reader *r, str name)
{
	size_t begin = r->depth ? r->name_ends[r->depth - 1] : 0;

	if (r->depth == XML_READ_DEPTH_MAX || name.n > XML_NAMES_BYTES_MAX - begin)
		return xml_wrong(r, "more elements are nested than are read here.");
	memcpy(r->names + begin, name.p, name.n);
	r->name_ends[r->depth++] = begin + name.n;
	r->begun = true;
	return NULL;
}

/* Whole tags only: the '>' that is in no quotes. False: not there yet. */
static bool
find_tag_end(struct xml_reader *r, size_t *length)
{
	size_t n = r->end - r->at;

	while (r->scanned < n) {
		const char *at = r->bytes + r->at + r->scanned;

		if (r->quote) {
			const char *end = memchr(at, r->quote, n - r->scanned);

			r->scanned = end ? (size_t)(end - (r->bytes + r->at)) + 1 : n;
			if (end)
				r->quote = 0;
			continue;
		}
		if (*at == '>') {
			*length = r->scanned + 1;
			return true;
		}
		if (*at == '"' || *at == '\'')
			r->quote = *at;
		r->scanned++;
	}
	return false;
}

static str
take_name(str *text)
{
	size_t n = 0;
	str name;

	while (n < text->n && xml_is_name_char(text->p[n]))
		n++;
	name = str_take(*text, n);
	*text = str_drop(*text, n);
	return name;
}

static str
skip_space(str text)
{
	while (text.n && xml_is_space(text.p[0]))
		text = str_drop(text, 1);
	return text;
}

static fallible
take_attribute(struct xml_reader *r, str *text, struct xml_event *out)
{
	struct xml_attribute *a;
	const char *end;
	char quote;

	if (out->count == XML_ATTRIBUTES_MAX)
		return xml_wrong(r, "an element has more attributes than are read here.");
	a = &r->attributes[out->count];
	a->name = take_name(text);
	*text = skip_space(*text);
	if (!xml_is_name(a->name) || !text->n || text->p[0] != '=')
		return xml_wrong(r, "an attribute is not written correctly.");
	*text = skip_space(str_drop(*text, 1));
	quote = text->n ? text->p[0] : 0;
	end = quote == '"' || quote == '\'' ? memchr(text->p + 1, quote, text->n - 1) : NULL;
	if (!end)
		return xml_wrong(r, "the value of an attribute is not in quotes.");
	a->value = str_slice(text->p + 1, end);
	if (memchr(a->value.p, '<', a->value.n))
		return xml_wrong(r, "the value of an attribute holds a \"<\".");
	*text = str_drop(*text, a->value.n + 2);
	if (text->n && !xml_is_space(text->p[0]))
		return xml_wrong(r, "an attribute is not written correctly.");
	for (size_t i = 0; i < out->count; i++)
		if (str_equal(r->attributes[i].name, a->name))
			return xml_wrong(r, "an attribute stands twice.");
	out->count++;
	return NULL;
}

/* `tag` without "<" and ">". */
static fallible
read_start(struct xml_reader *r, str tag, struct xml_event *out)
{
	bool empty = tag.n && tag.p[tag.n - 1] == '/';
	str text = str_take(tag, tag.n - empty);

	*out = (struct xml_event){.kind = XML_START, .name = take_name(&text), .attributes = r->attributes};
	if (!xml_is_name(out->name) || (text.n && !xml_is_space(text.p[0])))
		return xml_wrong(r, "the name of an element is not written correctly.");
	while ((text = skip_space(text)).n)
		TRY(take_attribute(r, &text, out));
	for (size_t i = 0; i < out->count; i++) {
		str value = r->attributes[i].value;

		/* It lies in our own buffer. */
		TRY(xml_decode(r, r->bytes + (value.p - r->bytes), value.n, true, &r->attributes[i].value));
	}
	TRY(open_element(r, out->name));
	r->empty_tag = empty;
	return NULL;
}

static fallible
close_element(struct xml_reader *r, str name, struct xml_event *out)
{
	if (!r->depth || !str_equal(open_name(r), name))
		return xml_wrong(r, "an element ends that was not begun there.");
	*out = (struct xml_event){.kind = XML_END, .name = open_name(r)};
	r->depth--;
	r->ended = r->depth == 0;
	return NULL;
}

static fallible
read_tag(struct xml_reader *r, struct xml_event *out)
{
	size_t length;
	str tag;

	if (!find_tag_end(r, &length)) {
		if (r->end - r->at > XML_TAG_BYTES_MAX)
			return xml_wrong(r, "an element's tag is longer than is read here.");
		if (r->is_last)
			return xml_wrong(r, "the file is cut off.");
		*out = (struct xml_event){.kind = XML_MORE};
		return NULL;
	}
	if (length > XML_TAG_BYTES_MAX)
		return xml_wrong(r, "an element's tag is longer than is read here.");
	tag = str_take(str_drop(rest(r), 1), length - 2);
	if (!xml_is_clean(tag))
		return xml_wrong(r, "there are characters that are no text. Is the file whole, and in UTF-8?");
	if (tag.n && tag.p[0] == '/') {
		pass(r, length);
		tag = str_drop(tag, 1);
		while (tag.n && xml_is_space(tag.p[tag.n - 1]))
			tag = str_take(tag, tag.n - 1);
		return close_element(r, tag, out);
	}
	if (r->ended)
		return xml_wrong(r, "something follows behind the end.");
	pass(r, length);
	return read_start(r, tag, out);
}

/* ---- text ---- */

static fallible
read_text(struct xml_reader *r, struct xml_event *out)
{
	str all = rest(r), text;
	const char *stop = memchr(all.p, '<', all.n);
	size_t n = stop ? (size_t)(stop - all.p) : all.n;
	bool is_whole = (stop || r->is_last) && n <= TEXT_BYTES_MAX;

	if (n > TEXT_BYTES_MAX)
		n = TEXT_BYTES_MAX;
	n = is_whole ? n : xml_whole_text(str_take(all, n));
	if (!n) {
		*out = (struct xml_event){.kind = XML_MORE};
		return NULL;
	}
	text = str_take(all, n);
	if (!xml_is_clean(text))
		return xml_wrong(r, "there are characters that are no text. Is the file whole, and in UTF-8?");
	if (!r->depth && str_trim(text).n)
		return xml_wrong(r, r->begun ? "something follows behind the end." : "this is no XML.");
	pass(r, n);
	*out = (struct xml_event){.kind = XML_TEXT};
	return xml_decode(r, r->bytes + (text.p - r->bytes), n, false, &out->text);
}

/* ---- what is passed over ---- */

/* To behind `end`; false: it is not in the buffer, and what cannot be its beginning is gone. */
static bool
skip_to(struct xml_reader *r, str end)
{
	str all = rest(r);
	size_t at;

	if (str_find(all, end, &at)) {
		pass(r, at + end.n);
		return true;
	}
	if (all.n >= end.n)
		pass(r, all.n - (end.n - 1));
	return false;
}

/* <?xml ...?> says the encoding; others say nothing to us. */
static fallible
read_instruction(struct xml_reader *r, struct xml_event *out)
{
	str all = rest(r), text;
	size_t at, encoding;

	if (!str_find(all, S("?>"), &at)) {
		if (all.n > XML_TAG_BYTES_MAX)
			return xml_wrong(r, "an instruction is longer than is read here.");
		if (r->is_last)
			return xml_wrong(r, "the file is cut off.");
		*out = (struct xml_event){.kind = XML_MORE};
		return NULL;
	}
	text = str_take(all, at);
	if (str_starts(text, S("<?xml ")) && str_find(text, S("encoding"), &encoding)) {
		text = str_trim(str_drop(text, encoding + 8));
		text = str_trim(str_drop(text, text.n && text.p[0] == '='));
		if (text.n < 6 || !str_equal_fold(str_take(str_drop(text, 1), 5), S("UTF-8")))
			return xml_wrong(r, "only files in UTF-8 are read here.");
	}
	pass(r, at + 2);
	return NULL;
}

static fallible
begin_markup(struct xml_reader *r, struct xml_event *out, bool *passed)
{
	str all = rest(r);

	*passed = true;
	if (str_starts(all, S("<?")))
		return read_instruction(r, out);
	if (str_starts(all, S("<!--"))) {
		pass(r, 4);
		r->mode = XML_MODE_COMMENT;
		return NULL;
	}
	if (r->depth && str_starts(all, S("<![CDATA["))) {
		pass(r, 9);
		r->mode = XML_MODE_CDATA;
		return NULL;
	}
	if (str_starts(all, S("<!DOCTYPE"))) {
		if (r->has_doctype || r->begun)
			return xml_wrong(r, "a document type stands where it cannot.");
		pass(r, 9);
		r->has_doctype = true;
		r->mode = XML_MODE_DOCTYPE;
		return NULL;
	}
	if (str_starts(all, S("<!")))
		return xml_wrong(r, "something that begins with \"<!\" is not known here.");
	*passed = false;
	return read_tag(r, out);
}

/* Text without references, until "]]>". */
static fallible
read_cdata(struct xml_reader *r, struct xml_event *out)
{
	str all = rest(r);
	size_t at, n;
	bool found = str_find(all, S("]]>"), &at);

	n = found ? at : all.n > 2 ? all.n - 2 : 0;
	if (n > TEXT_BYTES_MAX || (n && !found))
		n = xml_whole_text(str_take(all, n > TEXT_BYTES_MAX ? TEXT_BYTES_MAX : n));
	*out = (struct xml_event){.kind = XML_MORE};
	if (found && !n && at == 0) {
		pass(r, 3);
		r->mode = XML_MODE_CONTENT;
		return NULL;
	}
	if (!n)
		return r->is_last || found ? xml_wrong(r, "a text is cut off.") : NULL;
	*out = (struct xml_event){.kind = XML_TEXT, .text = str_take(all, n)};
	if (!xml_is_clean(out->text))
		return xml_wrong(r, "there are characters that are no text. Is the file whole, and in UTF-8?");
	pass(r, n);
	return NULL;
}

/* ---- the next event ---- */

static fallible
at_the_end(const struct xml_reader *r, struct xml_event *out)
{
	*out = (struct xml_event){.kind = XML_MORE};
	if (!r->is_last)
		return NULL;
	if (!r->begun)
		return xml_wrong(r, "this is no XML.");
	if (r->depth || r->mode != XML_MODE_CONTENT)
		return xml_wrong(r, "the file is cut off.");
	out->kind = XML_DONE;
	return NULL;
}

/* "<!D" may become "<!DOCTYPE". */
static bool
is_too_short(const struct xml_reader *r)
{
	size_t n = r->end - r->at;

	return !r->is_last && n < 9 && (n < 2 || r->bytes[r->at + 1] == '!');
}

/* One step; `out->kind` XML_MORE with `*again`: something was passed over, look on. */
static fallible
step(struct xml_reader *r, struct xml_event *out, bool *again)
{
	size_t before = r->at;

	*again = false;
	switch (r->mode) {
	case XML_MODE_COMMENT:
		if (skip_to(r, S("-->")))
			r->mode = XML_MODE_CONTENT;
		*again = r->mode == XML_MODE_CONTENT;
		break;
	case XML_MODE_DOCTYPE:
		TRY(xml_skip_doctype(r));
		*again = r->mode == XML_MODE_CONTENT;
		break;
	case XML_MODE_CDATA:
		TRY(read_cdata(r, out));
		*again = r->mode == XML_MODE_CONTENT;
		return NULL;
	case XML_MODE_CONTENT:
		if (r->bytes[r->at] != '<')
			return read_text(r, out);
		if (is_too_short(r))
			break;
		TRY(begin_markup(r, out, again));
		*again = *again && r->at != before;
		return NULL;
	}
	if (r->is_last && !*again)
		return xml_wrong(r, "the file is cut off.");
	return NULL;
}

fallible
xml_next(struct xml_reader *r, struct xml_event *out)
{
	static const char byte_order_mark[] = "\xEF\xBB\xBF";
	bool again = true;

	if (r->empty_tag) {
		r->empty_tag = false;
		return close_element(r, open_name(r), out);
	}
	if (r->place.offset == 0 && r->end - r->at >= 3 && memcmp(r->bytes + r->at, byte_order_mark, 3) == 0)
		pass(r, 3);
	while (again) {
		if (r->at == r->end)
			return at_the_end(r, out);
		if (r->place.offset == 0 && r->end - r->at < 3 && !r->is_last) {
			*out = (struct xml_event){.kind = XML_MORE};
			return NULL;
		}
		*out = (struct xml_event){.kind = XML_MORE};
		TRY(step(r, out, &again));
	}
	return NULL;
}

str
xml_attribute_of(const struct xml_event *event, const char *name)
{
	for (size_t i = 0; i < event->count; i++)
		if (str_equal(event->attributes[i].name, str_from_z(name)))
			return event->attributes[i].value;
	return STR_NONE;
}
