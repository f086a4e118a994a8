/* SPDX-License-Identifier: Apache-2.0 */
/* Which kinds of files are taken, and how each is known.  Signatures are asked for at the very first byte, so that a file
 * that is two things at once counts as the first, and is served as that.  Office files are containers: old ones a small file
 * system of sectors (MS-CFB), new ones a ZIP; what is inside decides. */
#include "care/attachments/file_kind.h"
#include "platform/format/utf8.h"
#include "platform/pages/i18n.h"

static const struct file_type types[FILE_KINDS] = {
    [FILE_OTHER] = {"application/octet-stream", TR("file"), {".bin"}},
    [FILE_PNG] = {"image/png", TR("picture"), {".png"}, .is_image = true},
    [FILE_JPEG] = {"image/jpeg", TR("picture"), {".jpg", ".jpeg", ".jfif"}, .is_image = true},
    [FILE_GIF] = {"image/gif", TR("picture"), {".gif"}, .is_image = true},
    [FILE_PDF] = {"application/pdf", TR("PDF"), {".pdf"}},
    [FILE_TEXT] = {"text/plain; charset=utf-8", TR("text"), {".txt", ".csv", ".log"}},
    [FILE_RTF] = {"application/rtf", TR("text"), {".rtf"}},
    [FILE_DOC] = {"application/msword", TR("text document"), {".doc"}},
    [FILE_XLS] = {"application/vnd.ms-excel", TR("spreadsheet"), {".xls"}},
    [FILE_DOCX] = {"application/vnd.openxmlformats-officedocument.wordprocessingml.document", TR("text document"),
	{".docx"}},
    [FILE_XLSX] = {"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", TR("spreadsheet"), {".xlsx"}},
    [FILE_BMP] = {"image/bmp", TR("picture"), {".bmp"}, .is_wide = true},
    [FILE_TIFF] = {"image/tiff", TR("picture"), {".tif", ".tiff"}, .is_wide = true},
    [FILE_ODT] = {"application/vnd.oasis.opendocument.text", TR("text document"), {".odt"}, .is_wide = true},
    [FILE_MP4] = {"video/mp4", TR("video"), {".mp4", ".m4v"}, .is_wide = true},
};

const struct file_type *
file_type_of(int64_t kind)
{
	return &types[kind > 0 && kind < FILE_KINDS ? kind : FILE_OTHER];
}

/* ---- numbers in bytes ---- */

/* `n` bytes at `at`, the lowest first; all bits set when they are not there. */
static uint64_t
number_at(str bytes, uint64_t at, unsigned n)
{
	uint64_t out = 0;

	if (at > bytes.n || bytes.n - at < n)
		return UINT64_MAX;
	for (unsigned i = n; i-- > 0;)
		out = out << 8 | (unsigned char)bytes.p[at + i];
	return out;
}

static str
bytes_at(str bytes, uint64_t at, uint64_t n)
{
	if (at > bytes.n || bytes.n - at < n)
		return STR_NONE;
	return (str){bytes.p + at, (size_t)n};
}

/* ---- new office files: a ZIP, told by the names in its directory ---- */

#define ZIP_ENTRIES_MAX  4096
#define ZIP_END_BYTES    22
#define ZIP_COMMENT_MAX  65535
#define ZIP_ENTRY_BYTES  46
#define ZIP_LOCAL_BYTES  30
#define ODT_CONTENT_TYPE "application/vnd.oasis.opendocument.text"

/* Where the record stands that ends every ZIP: looked for from the end, because a comment may follow it. */
static bool
zip_end(str zip, uint64_t *at)
{
	size_t least = zip.n > ZIP_END_BYTES + ZIP_COMMENT_MAX ? zip.n - ZIP_END_BYTES - ZIP_COMMENT_MAX : 0;

	for (size_t i = zip.n; i-- > least;)
		if (str_starts(str_drop(zip, i), S("PK\5\6"))) {
			*at = i;
			return true;
		}
	return false;
}

struct zip_names {
	bool word, sheet, macros, odt;
};

/* The mimetype of an OpenDocument is its first entry, stored plainly (ODF 1.3 part 2, 3.3). */
static bool
zip_is_odt(str zip)
{
	uint64_t name_n = number_at(zip, 26, 2), extra_n = number_at(zip, 28, 2);

	return number_at(zip, 8, 2) == 0 && str_equal(bytes_at(zip, ZIP_LOCAL_BYTES, name_n), S("mimetype")) &&
	       str_equal(bytes_at(zip, ZIP_LOCAL_BYTES + name_n + extra_n, sizeof(ODT_CONTENT_TYPE) - 1),
		   S(ODT_CONTENT_TYPE));
}

static bool
zip_read(str zip, struct zip_names *out)
{
	uint64_t end = 0, count, at;

	if (!zip_end(zip, &end))
		return false;
	count = number_at(zip, end + 10, 2);
	at = number_at(zip, end + 16, 4);
	if (count > ZIP_ENTRIES_MAX)
		return false;
	for (uint64_t i = 0; i < count; i++) {
		uint64_t name_n = number_at(zip, at + 28, 2);
		str name = bytes_at(zip, at + ZIP_ENTRY_BYTES, name_n);

		if (!str_equal(bytes_at(zip, at, 4), S("PK\1\2")) || !name.p)
			return false;
		out->word |= str_equal(name, S("word/document.xml"));
		out->sheet |= str_equal(name, S("xl/workbook.xml"));
		out->macros |= str_ends(name, S("vbaProject.bin"));
		at += ZIP_ENTRY_BYTES + name_n + number_at(zip, at + 30, 2) + number_at(zip, at + 32, 2);
	}
	out->odt = zip_is_odt(zip);
	return true;
}

static enum file_kind
zip_kind(str zip)
{
	struct zip_names names = {0};

	if (!zip_read(zip, &names) || names.macros)
		return FILE_OTHER;
	return names.odt ? FILE_ODT : names.word ? FILE_DOCX : names.sheet ? FILE_XLSX : FILE_OTHER;
}

/* ---- old office files: a file system of sectors, told by the streams in its directory (MS-CFB 2.2, 2.6) ---- */

#define CFB_SECTORS_MAX   4096 /* of the directory: 4 entries each at least, and files have dozens */
#define CFB_ENTRY_BYTES   128
#define CFB_DIFAT_ENTRIES 109 /* in the header; more only beyond 6.8 MB, where the directory mostly stands before */
#define CFB_LAST_SECTOR   0xFFFFFFFAu

/* Is the entry's name, as UTF-16, this one? */
static bool
cfb_is_named(str entry, const char *name)
{
	size_t n = strlen(name);

	if (number_at(entry, 64, 2) != 2 * (n + 1))
		return false;
	for (size_t i = 0; i < n; i++)
		if (number_at(entry, 2 * i, 2) != (unsigned char)name[i])
			return false;
	return true;
}

static enum file_kind
cfb_sector_kind(str sector)
{
	for (uint64_t at = 0; at + CFB_ENTRY_BYTES <= sector.n; at += CFB_ENTRY_BYTES) {
		str entry = bytes_at(sector, at, CFB_ENTRY_BYTES);

		if (cfb_is_named(entry, "WordDocument"))
			return FILE_DOC;
		if (cfb_is_named(entry, "Workbook") || cfb_is_named(entry, "Book"))
			return FILE_XLS;
	}
	return FILE_OTHER;
}

static enum file_kind
cfb_kind(str file)
{
	uint64_t shift = number_at(file, 30, 2), sector = number_at(file, 48, 4), bytes;

	if (shift != 9 && shift != 12)
		return FILE_OTHER;
	bytes = (uint64_t)1 << shift;
	for (int i = 0; i < CFB_SECTORS_MAX && sector < CFB_LAST_SECTOR; i++) {
		uint64_t table = sector / (bytes / 4), row = sector % (bytes / 4);
		enum file_kind kind = cfb_sector_kind(bytes_at(file, (sector + 1) * bytes, bytes));

		if (kind != FILE_OTHER || table >= CFB_DIFAT_ENTRIES)
			return kind;
		table = number_at(file, 76 + 4 * table, 4);
		if (table >= CFB_LAST_SECTOR)
			return FILE_OTHER;
		sector = number_at(file, (table + 1) * bytes + 4 * row, 4);
	}
	return FILE_OTHER;
}

/* ---- the rest ---- */

static bool
is_bmp(str file)
{
	uint64_t header = number_at(file, 14, 4);

	return str_starts(file, S("BM")) && number_at(file, 2, 4) == file.n && number_at(file, 10, 4) < file.n &&
	       (header == 12 || header == 40 || header == 52 || header == 56 || header == 108 || header == 124);
}

static bool
is_mp4(str file)
{
	static const char *const brands[] = {
	    "isom", "iso2", "iso4", "iso5", "iso6", "mp41", "mp42", "avc1", "M4V ", "dash"};

	if (!str_equal(bytes_at(file, 4, 4), S("ftyp")))
		return false;
	for (size_t i = 0; i < sizeof(brands) / sizeof(brands[0]); i++)
		if (str_equal(bytes_at(file, 8, 4), str_from_z(brands[i])))
			return true;
	return false;
}

static bool
is_text(str file)
{
	for (size_t i = 0; i < file.n; i++) {
		unsigned char c = (unsigned char)file.p[i];
		if (c == 0x7f || (c < 0x20 && c != '\n' && c != '\r' && c != '\t' && c != '\f'))
			return false;
	}
	return file.n > 0 && utf8_is_valid(file);
}

enum file_kind
file_kind_of(str content)
{
	static const struct {
		str begin;
		enum file_kind kind;
	} signatures[] = {
	    {S_INIT("\x89PNG\r\n\x1a\n\0\0\0\rIHDR"), FILE_PNG},
	    {S_INIT("\xff\xd8\xff"), FILE_JPEG},
	    {S_INIT("GIF87a"), FILE_GIF},
	    {S_INIT("GIF89a"), FILE_GIF},
	    {S_INIT("%PDF-"), FILE_PDF},
	    {S_INIT("{\\rtf"), FILE_RTF},
	    {S_INIT("II*\0"), FILE_TIFF},
	    {S_INIT("MM\0*"), FILE_TIFF},
	};

	for (size_t i = 0; i < sizeof(signatures) / sizeof(signatures[0]); i++)
		if (str_starts(content, signatures[i].begin))
			return signatures[i].kind;
	if (str_starts(content, S("PK\3\4")))
		return zip_kind(content);
	if (str_starts(content, S("\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1")))
		return cfb_kind(content);
	return is_bmp(content) ? FILE_BMP : is_mp4(content) ? FILE_MP4 : is_text(content) ? FILE_TEXT : FILE_OTHER;
}

/* ---- names ---- */

/* Without what a page, a header or a file system could trip over. */
static str
plain_name(struct arena *arena, str name)
{
	struct buf out = BUF_INIT(arena);
	str rest = utf8_nfc(arena, name);
	uint32_t c;

	while (utf8_next(&rest, &c)) {
		bool folder = c == '/' || c == '\\', odd = c < 0x80 && strchr("<>:\"|?*", (int)c);

		if (folder)
			buf_clear(&out);
		else
			buf_add_utf8(&out, odd || c < 0x20 ? '_' : c);
	}
	return str_trim(buf_str(&out));
}

static bool
ends_fitting(str name, const struct file_type *type)
{
	for (size_t i = 0; i < sizeof(type->endings) / sizeof(type->endings[0]) && type->endings[i]; i++) {
		str ending = str_from_z(type->endings[i]);
		if (name.n > ending.n && str_equal_fold(str_drop(name, name.n - ending.n), ending))
			return true;
	}
	return false;
}

str
file_name_clean(struct arena *arena, str name, enum file_kind kind)
{
	const struct file_type *type = file_type_of(kind);
	str clean = plain_name(arena, name), ending = str_from_z(type->endings[0]);

	while (str_starts(clean, S("."))) /* hidden in some systems */
		clean = str_trim(str_drop(clean, 1));
	if (clean.n == 0 || !utf8_is_clean_line(clean))
		clean = S("attachment");
	if (ends_fitting(clean, type) && utf8_count(clean) <= FILE_NAME_CHARS_MAX)
		return clean;
	clean = utf8_take_chars(clean, FILE_NAME_CHARS_MAX - ending.n);
	return arena_printf(arena, "%.*s%.*s", STR_ARG(clean), STR_ARG(ending));
}
