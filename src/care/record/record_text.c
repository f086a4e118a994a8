/* SPDX-License-Identifier: Apache-2.0 */
/* Layout of a packed text: varint place of the id, varint place of versionId and lastUpdated (0: there is no meta), varint
 * length of the id and the id (0: it is the key's own text), then the JSON.  The surprise: the byte OWN_ID, which JSON cannot
 * contain, stands for the owner's UUID. */
#include "care/record/record_text.h"

#include "care/record/record_varint.h"
#include "platform/format/fhir_date.h"
#include "platform/format/json_write.h"

#define OWN_ID '\x01'

/* ---- packing ---- */

/* The end of the string whose opening quote is at `at`. */
static const char *
string_end(const char *at, const char *end)
{
	for (at++; at < end; at++) {
		if (*at == '\\')
			at++;
		else if (*at == '"')
			return at + 1;
	}
	return end;
}

static void
add_without_space(struct buf *out, str text)
{
	const char *at = text.p, *end = text.p + text.n;
	char *to = buf_reserve(out, text.n), *begin = to;

	while (at < end) {
		const char *next;

		if (*at == '"') {
			next = string_end(at, end);
			memcpy(to, at, (size_t)(next - at));
			to += next - at;
			at = next;
			continue;
		}
		if (*at != ' ' && *at != '\n' && *at != '\r' && *at != '\t')
			*to++ = *at;
		at++;
	}
	out->n += (size_t)(to - begin);
}

/* Replace the owner's id by one byte in what was added since `from`. */
static void
shorten_own_id(struct buf *out, size_t from, str own)
{
	char *to = out->p + from, *at = to, *end = out->p + out->n, *hit;

	while ((hit = memmem(at, (size_t)(end - at), own.p, own.n))) {
		memmove(to, at, (size_t)(hit - at));
		to += hit - at;
		*to++ = OWN_ID;
		at = hit + own.n;
	}
	if (at != to)
		memmove(to, at, (size_t)(end - at));
	out->n = (size_t)(to - out->p) + (size_t)(end - at);
}

struct packer {
	struct buf text;
	str own;
	size_t id_at, meta_at;
};

static void
add_separator(struct buf *out)
{
	if (out->p[out->n - 1] != '{')
		buf_add_char(out, ',');
}

static void
add_member(struct packer *p, const struct json_value *member)
{
	size_t from;

	add_separator(&p->text);
	from = p->text.n;
	add_without_space(&p->text, json_member_source(member));
	shorten_own_id(&p->text, from, p->own);
}

static bool
is_version(const struct json_value *member)
{
	return str_equal(json_name(member), S("versionId")) || str_equal(json_name(member), S("lastUpdated"));
}

/* A meta that holds nothing of its own is left out: reading makes it anew, and what is read may be written back as it is. */
static void
add_meta(struct packer *p, const struct json_value *meta)
{
	size_t own = 0;

	json_each_member (meta, member)
		own += !is_version(member);
	if (own == 0)
		return;
	add_separator(&p->text);
	buf_add(&p->text, S("\"meta\":{"));
	p->meta_at = p->text.n;
	json_each_member (meta, member)
		if (!is_version(member))
			add_member(p, member);
	buf_add_char(&p->text, '}');
}

str
record_text_pack(struct arena *arena, const struct json_value *json, patient_id owner, str id)
{
	struct packer p = {.text = BUF_INIT(arena), .own = uuid_text(arena, owner.v)};
	struct buf out = BUF_INIT(arena);
	size_t behind_type = 1;

	buf_reserve(&p.text, json_source(json).n);
	buf_add_char(&p.text, '{');
	json_each_member (json, member) {
		str name = json_name(member);

		if (str_equal(name, S("id")))
			p.id_at = p.text.n;
		else if (str_equal(name, S("meta")))
			add_meta(&p, member);
		else
			add_member(&p, member);
		if (str_equal(name, S("resourceType")))
			behind_type = p.text.n;
	}
	buf_add_char(&p.text, '}');
	buf_reserve(&out, p.text.n + id.n + 16);
	buf_add_varint(&out, p.id_at ? p.id_at : behind_type);
	buf_add_varint(&out, p.meta_at);
	buf_add_varint(&out, resource_id_is_uuid(id) ? 0 : id.n);
	if (!resource_id_is_uuid(id))
		buf_add(&out, id);
	buf_add(&out, buf_str(&p.text));
	return buf_str(&out);
}

/* ---- unpacking ---- */

static void
add_with_own_id(struct buf *out, str text, str own)
{
	const char *hit;

	while (text.n && (hit = memchr(text.p, OWN_ID, text.n))) {
		buf_add(out, str_slice(text.p, hit));
		buf_add(out, own);
		text = str_slice(hit + 1, text.p + text.n);
	}
	buf_add(out, text);
}

static void
add_version(struct buf *out, int64_t version, instant updated)
{
	buf_add(out, S("\"versionId\":\""));
	buf_add_int64(out, version);
	buf_add(out, S("\",\"lastUpdated\":\""));
	buf_add_fhir_instant(out, updated);
	buf_add_char(out, '"');
}

/* The id, and the whole meta when there is none to complete. */
static void
add_id(struct buf *out, str id, bool with_meta, int64_t version, instant updated)
{
	bool first = out->p[out->n - 1] == '{';

	buf_add(out, first ? S("\"id\":\"") : S(",\"id\":\""));
	buf_add(out, id);
	buf_add_char(out, '"');
	if (with_meta) {
		buf_add(out, S(",\"meta\":{"));
		add_version(out, version, updated);
		buf_add_char(out, '}');
	}
	if (first)
		buf_add_char(out, ',');
}

fallible
record_text_unpack(struct arena *arena, str packed, const struct resource *row, str *id_out, str *text_out)
{
	struct buf buf = BUF_INIT(arena);
	str own = uuid_text(arena, row->patient.v), id, text;
	uint64_t id_at, meta_at, id_n;
	size_t done = 0;

	if (!take_varint(&packed, &id_at) || !take_varint(&packed, &meta_at) || !take_varint(&packed, &id_n) ||
	    id_n > packed.n || id_at < 1 || id_at > packed.n - id_n || meta_at > packed.n - id_n)
		return ERR(ERR_BROKEN, "Something went wrong on our side.", "a stored resource has a bad head");
	id = id_n ? str_take(packed, id_n) : uuid_text(arena, row->key);
	text = str_drop(packed, id_n);
	buf_reserve(&buf, text.n + 256);
	for (int piece = 0; piece < 2; piece++) {
		bool is_id = meta_at == 0 || (id_at < meta_at) == (piece == 0);
		size_t until = is_id ? id_at : meta_at;

		if (meta_at == 0 && piece == 1)
			break;
		add_with_own_id(&buf, str_slice(text.p + done, text.p + until), own);
		done = until;
		if (is_id) {
			add_id(&buf, id, meta_at == 0, row->version, row->updated);
			continue;
		}
		add_version(&buf, row->version, row->updated);
		buf_add_char(&buf, ',');
	}
	add_with_own_id(&buf, str_drop(text, done), own);
	*id_out = id;
	*text_out = buf_str(&buf);
	return NULL;
}
