/* SPDX-License-Identifier: Apache-2.0 */
/* Texts and files inside of resources.  Markup of others never reaches a page: XHTML becomes plain text, files leave only as
 * downloads with a type from a short list. */
#include "care/attachments/file_kind.h"
#include "care/record/record_view_internal.h"
#include "platform/format/base64.h"
#include "platform/format/utf8.h"

/* ---- XHTML to text ---- */

static const struct {
	const char *name;
	uint32_t character;
} entities[] = {
    {"amp", '&'},
    {"lt", '<'},
    {"gt", '>'},
    {"quot", '"'},
    {"apos", '\''},
    {"nbsp", ' '},
    {"ndash", 0x2013},
    {"mdash", 0x2014},
    {"hellip", 0x2026},
    {"deg", 0xB0},
    {"micro", 0xB5},
    {"middot", 0xB7},
    {"bull", 0x2022},
    {"rsquo", 0x2019},
    {"lsquo", 0x2018},
    {"rdquo", 0x201D},
    {"ldquo", 0x201C},
    {"copy", 0xA9},
    {"reg", 0xAE},
};

/* "#38", "#x26" or a name; 0 when it is none of them. */
static uint32_t
entity_character(str name)
{
	uint32_t out = 0;
	bool hex = str_starts(name, S("#x")) || str_starts(name, S("#X"));

	if (!str_starts(name, S("#"))) {
		for (size_t i = 0; i < sizeof(entities) / sizeof(entities[0]); i++)
			if (str_equal(name, str_from_z(entities[i].name)))
				return entities[i].character;
		return 0;
	}
	for (size_t i = hex ? 2 : 1; i < name.n && out < 0x110000; i++) {
		int c = name.p[i] | 32, digit = c >= '0' && c <= '9'   ? c - '0'
		                                : c >= 'a' && c <= 'f' ? c - 'a' + 10
		                                                       : 99;

		if (digit >= (hex ? 16 : 10))
			return 0;
		out = out * (hex ? 16 : 10) + (uint32_t)digit;
	}
	if (out < 32 && out != '\n')
		return out == '\t' ? ' ' : 0;
	return out < 0x110000 && (out < 0xD800 || out > 0xDFFF) ? out : 0;
}

static bool
is_one_of(str name, const char *names)
{
	str rest = str_from_z(names), word;

	while (rest.p) {
		rest = str_cut(rest, ' ', &word);
		if (str_equal_fold(name, word))
			return true;
	}
	return false;
}

static str
tag_name(str tag)
{
	size_t n = 0;

	if (str_starts(tag, S("/")))
		tag = str_drop(tag, 1);
	while (n < tag.n && ((tag.p[n] | 32) >= 'a') && ((tag.p[n] | 32) <= 'z'))
		n++;
	if (n < tag.n && tag.p[n] >= '1' && tag.p[n] <= '6')
		n++;
	return str_take(tag, n);
}

static void
end_line(struct buf *out)
{
	while (out->n && out->p[out->n - 1] == ' ')
		out->n--;
	if (out->n && !(out->n > 1 && out->p[out->n - 1] == '\n' && out->p[out->n - 2] == '\n'))
		buf_add_char(out, '\n');
}

static void
add_blank(struct buf *out)
{
	if (out->n && out->p[out->n - 1] != ' ' && out->p[out->n - 1] != '\n')
		buf_add_char(out, ' ');
}

static void
apply_tag(struct buf *out, str tag)
{
	str name = tag_name(tag);
	bool closing = str_starts(tag, S("/"));

	if (is_one_of(name, "br"))
		end_line(out);
	else if (is_one_of(
		     name, "p div table tr ul ol li h1 h2 h3 h4 h5 h6 hr pre caption dl dt dd blockquote section")) {
		if (out->n && out->p[out->n - 1] != '\n')
			end_line(out);
		if (!closing && is_one_of(name, "li"))
			buf_add(out, S("• "));
	} else if (!closing && is_one_of(name, "td th") && out->n && out->p[out->n - 1] != '\n')
		buf_add(out, S(" | "));
}

/* Behind the end of <script>, <style> and comments; `rest` begins behind '<'. */
static str
skip_silent(str rest, str name)
{
	size_t at;

	if (str_starts(rest, S("!--")))
		return str_find(rest, S("-->"), &at) ? str_drop(rest, at + 3) : STR_NONE;
	while (str_find(rest, S("</"), &at)) {
		rest = str_drop(rest, at + 2);
		if (str_equal_fold(tag_name(rest), name))
			return str_find(rest, S(">"), &at) ? str_drop(rest, at + 1) : STR_NONE;
	}
	return STR_NONE;
}

str
record_text_from_xhtml(struct arena *arena, str rest)
{
	struct buf out = BUF_INIT(arena);
	size_t at;

	while (rest.n) {
		if (rest.p[0] == '<') {
			str name = tag_name(str_drop(rest, 1));

			if (is_one_of(name, "script style head") || str_starts(rest, S("<!--"))) {
				rest = skip_silent(str_drop(rest, 1), name);
				continue;
			}
			if (!str_find(rest, S(">"), &at))
				break;
			apply_tag(&out, str_take(str_drop(rest, 1), at - 1));
			rest = str_drop(rest, at + 1);
		} else if (rest.p[0] == '&' && str_find(str_take(rest, 12), S(";"), &at) &&
			   entity_character(str_take(str_drop(rest, 1), at - 1))) {
			buf_add_utf8(&out, entity_character(str_take(str_drop(rest, 1), at - 1)));
			rest = str_drop(rest, at + 1);
		} else {
			if ((unsigned char)rest.p[0] <= ' ')
				add_blank(&out);
			else
				buf_add_char(&out, rest.p[0]);
			rest = str_drop(rest, 1);
		}
	}
	return str_trim(buf_str(&out));
}

/* ---- narrative ---- */

static void
add_paragraph(struct buf *out, str text)
{
	if (!text.n)
		return;
	if (out->n)
		buf_add(out, S("\n\n"));
	buf_add(out, text);
}

static void
add_sections(const struct page_cx *px, struct buf *out, const struct json_value *sections)
{
	json_each_item (sections, section) {
		add_paragraph(out, json_text_at(section, "title"));
		add_paragraph(out, record_text_from_xhtml(px->arena, json_text_at(section, "text.div")));
		add_sections(px, out, json_get(section, "section"));
	}
}

str
record_narrative(const struct page_cx *px, const struct json_value *json)
{
	struct buf out = BUF_INIT(px->arena);
	bool generated = str_equal(json_text_at(json, "text.status"), S("generated"));

	if (!generated) /* a generated narrative only repeats the facts */
		add_paragraph(&out, record_text_from_xhtml(px->arena, json_text_at(json, "text.div")));
	add_sections(px, &out, json_get(json, "section"));
	json_each_item (json_get(json, "note"), note)
		add_paragraph(&out, str_trim(json_text_at(note, "text")));
	return out.n ? buf_str(&out) : STR_NONE;
}

/* ---- files ---- */

/* Types that a download may carry; everything else leaves as plain bytes. None of them runs in a browser when attached. */
static const struct {
	const char *type, *ending;
} safe_types[] = {
    {"application/pdf", "pdf"},
    {"image/png", "png"},
    {"image/jpeg", "jpg"},
    {"image/gif", "gif"},
    {"image/tiff", "tif"},
    {"application/dicom", "dcm"},
    {"text/plain", "txt"},
    {"text/rtf", "rtf"},
    {"application/rtf", "rtf"},
    {"text/csv", "csv"},
    {"application/json", "json"},
    {"application/fhir+json", "json"},
    {"application/msword", "doc"},
    {"application/vnd.openxmlformats-officedocument.wordprocessingml.document", "docx"},
    {"application/vnd.ms-excel", "xls"},
    {"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "xlsx"},
    {"application/vnd.oasis.opendocument.text", "odt"},
    {"audio/mpeg", "mp3"},
    {"video/mp4", "mp4"},
};

static bool
is_drawn(const char *type)
{
	return strncmp(type, "image/", 6) == 0 || strcmp(type, "application/pdf") == 0;
}

struct record_file_look
record_file_look(str content_type, str bytes)
{
	enum file_kind kind = file_kind_of(bytes);
	const struct file_type *type = file_type_of(kind);
	struct record_file_look look = {.content_type = "application/octet-stream", .ending = "bin"};
	str claimed = str_equal(content_type, S("image/jpg")) ? S("image/jpeg") : content_type;

	for (size_t i = 0; i < sizeof(safe_types) / sizeof(safe_types[0]); i++)
		if (str_equal(claimed, str_from_z(safe_types[i].type))) {
			look.content_type = safe_types[i].type;
			look.ending = safe_types[i].ending;
		}
	if (type->is_image || kind == FILE_PDF) {
		look.is_another = claimed.n && !str_equal(claimed, str_from_z(type->content_type));
		look.content_type = type->content_type;
		look.ending = type->endings[0] + 1;
		look.is_picture = type->is_image;
		look.is_pdf = kind == FILE_PDF;
	} else if (is_drawn(look.content_type) && strcmp(look.ending, "tif") != 0) {
		look = (struct record_file_look){
		    .content_type = "application/octet-stream", .ending = "bin", .is_another = true};
	}
	return look;
}

str
record_file_text(struct arena *arena, str type, str bytes)
{
	if (!utf8_is_valid(bytes))
		return STR_NONE;
	if (str_equal(type, S("text/plain")) || str_equal(type, S("text/markdown")))
		return bytes;
	if (str_equal(type, S("text/html")) || str_equal(type, S("application/xhtml+xml")) ||
	    str_equal(type, S("application/xhtml")))
		return record_text_from_xhtml(arena, bytes);
	return STR_NONE;
}

static str
plain_type(struct arena *arena, str content_type)
{
	str type;
	char *p;

	str_cut(content_type, ';', &type);
	type = str_trim(type);
	p = arena_text(arena, type.n + 1);
	for (size_t i = 0; i < type.n; i++)
		p[i] = type.p[i] >= 'A' && type.p[i] <= 'Z' ? (char)(type.p[i] + 32) : type.p[i];
	return (str){p, type.n};
}

static void
add_file(const struct page_cx *px, const struct json_value *attachment, struct record_file *files, size_t *count)
{
	struct record_file *file = &files[*count];
	str url = json_text_at(attachment, "url"), bytes;

	if (json_kind(attachment) != JSON_OBJECT || *count == RECORD_FILES_MAX)
		return;
	*file = (struct record_file){.title = str_trim(json_text_at(attachment, "title")),
	    .content_type = plain_type(px->arena, json_text_at(attachment, "contentType")),
	    .data = json_text_at(attachment, "data")};
	if (!file->data.n && url.n) {
		if (str_starts(url, S("Binary/")) || str_contains(url, S("/Binary/")))
			file->reference = url;
		else
			file->elsewhere = url;
	}
	if (file->data.n && base64_decode(px->arena, file->data, &bytes))
		file->text = record_file_text(px->arena, file->content_type, bytes);
	++*count;
	if (!file->title.n)
		file->title = TF1("File %1", *count);
}

size_t
record_files_read(
    const struct page_cx *px, resource_type type, const struct json_value *json, struct record_file *files)
{
	size_t count = 0;

	json_each_item (json_get(json, "presentedForm"), attachment)
		add_file(px, attachment, files, &count);
	if (type == RESOURCE_DOCUMENT_REFERENCE)
		json_each_item (json_get(json, "content"), content)
			add_file(px, json_get(content, "attachment"), files, &count);
	json_each_item (json_get(json, "payload"), payload)
		add_file(px, json_get(payload, "contentAttachment"), files, &count);
	if (type == RESOURCE_MEDIA)
		add_file(px, json_get(json, "content"), files, &count);
	if (type == RESOURCE_BINARY && json_get(json, "data")) {
		files[0] = (struct record_file){.title = T("File"),
		    .content_type = plain_type(px->arena, json_text_at(json, "contentType")),
		    .data = json_text_at(json, "data")};
		count = 1;
	}
	json_each_item (json_get(json, "photo"), attachment)
		add_file(px, attachment, files, &count);
	return count;
}

fallible
record_file_fetch(struct cx *cx, const struct page_cx *px, patient_id patient, struct record_file *file)
{
	struct resource resource;
	const struct json_value *json;
	struct record_file binary[RECORD_FILES_MAX];
	str bytes;
	bool found;

	TRY(resource_resolve(cx, file->reference, &resource, &found));
	if (!found || (!uuid_equal(resource.patient.v, patient.v) && !uuid_equal(resource.patient.v, RECORD_COMMONS.v)))
		return NULL;
	TRY(json_parse(cx->arena, resource.body, &json, NULL));
	if (!record_files_read(px, RESOURCE_BINARY, json, binary))
		return NULL;
	file->data = binary[0].data;
	if (!file->content_type.n)
		file->content_type = binary[0].content_type;
	if (base64_decode(cx->arena, file->data, &bytes))
		file->text = record_file_text(cx->arena, file->content_type, bytes);
	return NULL;
}
