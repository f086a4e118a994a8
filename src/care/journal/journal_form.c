/* SPDX-License-Identifier: Apache-2.0 */
/* The form of a log, made from its row of the table, and what is sent back. */
#include "care/journal/journal_pages_internal.h"
#include "platform/format/fhir_date.h"

static str
part_name(const struct page_cx *px, const struct journal_field *field, const char *part)
{
	return arena_printf(px->arena, "%s_%s", field->name, part);
}

/* ---- to the form ---- */

static void
add_units(const struct page_cx *px, const struct journal_field *field, const struct journal_unit *unit,
    struct journal_input *out)
{
	struct option *units = ARENA_ARRAY(px->arena, struct option, field->units->count);

	out->field.inputmode = S("decimal");
	out->field.width_chars = 8;
	if (field->units->count < 2) {
		if (field->units->items[0].words[0])
			out->field.suffix = tr(px->lang, field->units->items[0].words);
		return;
	}
	for (size_t i = 0; i < field->units->count; i++)
		units[i] = (struct option){
		    str_from_z(field->units->items[i].code), tr(px->lang, field->units->items[i].words), STR_NONE};
	out->options = units;
	out->option_count = field->units->count;
	out->unit_name = part_name(px, field, "unit");
	out->unit = str_from_z((unit ? unit : journal_unit_for(field, STR_NONE))->code);
}

static void
add_codes(const struct page_cx *px, const struct journal_field *field, struct journal_input *out)
{
	struct option *options = ARENA_ARRAY(px->arena, struct option, field->codes->count + 1);

	options[0] = (struct option){S(""), T("Choose"), STR_NONE};
	for (size_t i = 0; i < field->codes->count; i++)
		options[i + 1] = (struct option){
		    str_from_z(field->codes->items[i].value), tr(px->lang, field->codes->items[i].words), STR_NONE};
	out->options = options;
	out->option_count = field->codes->count + 1;
}

static void
add_yes_and_no(const struct page_cx *px, struct journal_input *out)
{
	struct option *options = ARENA_ARRAY(px->arena, struct option, 2);

	options[0] = (struct option){S("yes"), T("Yes"), STR_NONE};
	options[1] = (struct option){S("no"), T("No"), STR_NONE};
	out->options = options;
	out->option_count = 2;
}

static bool
has_code(str list, str code)
{
	str one;

	while (list.p) {
		list = str_cut(list, ',', &one);
		if (str_equal(one, code))
			return true;
	}
	return false;
}

static void
add_boxes(const struct page_cx *px, const struct journal_field *field, str values, struct journal_input *out)
{
	struct journal_box *boxes = ARENA_ARRAY(px->arena, struct journal_box, field->codes->count);

	for (size_t i = 0; i < field->codes->count; i++) {
		const struct journal_code *code = &field->codes->items[i];

		boxes[i] = (struct journal_box){.name = part_name(px, field, code->value),
		    .label = tr(px->lang, code->words),
		    .group = code->group ? tr(px->lang, code->group) : STR_NONE,
		    .checked = has_code(values, str_from_z(code->value))};
	}
	out->boxes = boxes;
	out->box_count = field->codes->count;
}

/* "2026-03-05T09:00:00-05:00" as the day and the time on the wall; what is no date stays as it was typed: "2026-3-x" and "9:00". */
static void
split_time(const struct page_cx *px, str text, str *day, str *time)
{
	struct fhir_date date;
	struct civil_time civil;
	str rest;

	if (!fhir_date_parse(FHIR_DATETIME, text, &date)) {
		rest = str_cut(text, 'T', day);
		*time = rest;
		return;
	}
	if (date.precision < FHIR_PRECISION_MINUTE) {
		*day = text;
		*time = STR_NONE;
		return;
	}
	civil = zone_civil(px->zone ? px->zone : zone_utc(), date.low);
	*day = fhir_date_text(px->arena, civil.date);
	*time = px->lang == LANG_EN ? arena_printf(px->arena, "%d:%02d %s", (civil.hour + 11) % 12 + 1, civil.minute,
					  civil.hour < 12 ? "am" : "pm")
	                            : arena_printf(px->arena, "%d:%02d", civil.hour, civil.minute);
}

static void
add_time(const struct page_cx *px, const struct journal_field *field, str text, struct journal_input *out)
{
	split_time(px, text, &out->field.value, &out->time.value);
	out->time.name = part_name(px, field, "time");
	out->time.label = T("Time of day");
	out->time.hint = T("Such as 8:30 or 4:30 pm.");
	out->time.width_chars = 8;
	out->time.required = true;
}

void
journal_inputs(const struct page_cx *px, const struct journal_log *log, const struct journal_values *values,
    const struct form_errors *errors, struct journal_form_page *out)
{
	struct journal_input *inputs = ARENA_ARRAY(px->arena, struct journal_input, log->field_count);

	for (size_t i = 0; i < log->field_count; i++) {
		const struct journal_field *field = &log->fields[i];
		struct journal_input *in = &inputs[i];
		str name = str_from_z(field->name);

		in->kind = field->kind;
		in->detail = field->detail;
		in->field = (struct field){.name = name,
		    .label = tr(px->lang, field->label),
		    .hint = field->hint ? tr(px->lang, field->hint) : STR_NONE,
		    .value = values->text[i],
		    .required = field->required,
		    .error = form_error(errors, name),
		    .autocomplete = S("off"),
		    .rows = 3};
		switch (field->kind) {
		case FIELD_NUMBER: add_units(px, field, values->unit[i], in); break;
		case FIELD_CODE: add_codes(px, field, in); break;
		case FIELD_CODES: add_boxes(px, field, values->text[i], in); break;
		case FIELD_YES: add_yes_and_no(px, in); break;
		case FIELD_TIME: add_time(px, field, values->text[i], in); break;
		case FIELD_TEXT:
		case FIELD_LONG:
		case FIELD_DAY: break;
		}
		out->detail_count += field->detail;
		out->details_open = out->details_open || (field->detail && (values->text[i].n || in->field.error.n));
	}
	out->inputs = inputs;
	out->count = log->field_count;
}

/* ---- from the form ---- */

bool
journal_time_parse(str text, int *hour, int *minute)
{
	int64_t digits = 0, count = 0, colon = -1;
	bool pm = false, am = false;

	text = str_trim(text);
	if (text.n >= 2 && (text.p[text.n - 1] == 'm' || text.p[text.n - 1] == 'M')) {
		char c = text.p[text.n - 2];

		pm = c == 'p' || c == 'P';
		am = c == 'a' || c == 'A';
		if (!pm && !am)
			return false;
		text = str_trim(str_take(text, text.n - 2));
	}
	for (size_t i = 0; i < text.n; i++) {
		if ((text.p[i] == ':' || text.p[i] == '.') && colon < 0 && count) {
			colon = count;
			continue;
		}
		if (text.p[i] < '0' || text.p[i] > '9' || ++count > 4)
			return false;
		digits = digits * 10 + (text.p[i] - '0');
	}
	if (!count || (colon >= 0 && count - colon != 2))
		return false;
	*hour = (int)(count > 2 ? digits / 100 : digits);
	*minute = (int)(count > 2 ? digits % 100 : 0);
	if ((am || pm) && (*hour < 1 || *hour > 12))
		return false;
	if (am || pm)
		*hour = *hour % 12 + (pm ? 12 : 0);
	return *hour < 24 && *minute < 60;
}

/* Month and day without their zeros become "2026-03-05"; a year, or a year and a month, may stand alone. */
static str
day_text(const struct page_cx *px, str year, str month, str day)
{
	int64_t y, m, d;

	year = str_trim(year);
	month = str_trim(month);
	day = str_trim(day);
	if (!year.n && !month.n && !day.n)
		return STR_NONE;
	if (!str_to_int64(year, &y) || y < 1 || y > 9999 ||
	    (month.n && (!str_to_int64(month, &m) || m < 1 || m > 12)) ||
	    (day.n && (!month.n || !str_to_int64(day, &d) || d < 1 || d > 31)))
		return field_date_value(px->arena, year, month, day);
	if (!month.n)
		return arena_printf(px->arena, "%04d", (int)y);
	if (!day.n)
		return arena_printf(px->arena, "%04d-%02d", (int)y, (int)m);
	return arena_printf(px->arena, "%04d-%02d-%02d", (int)y, (int)m, (int)d);
}

static str
sent(const struct page_cx *px, struct request *rq, const struct journal_field *field, const char *part)
{
	return request_form(rq, arena_z(px->arena, part_name(px, field, part)));
}

/* The three boxes of field_date. */
static str
day_sent(const struct page_cx *px, struct request *rq, const struct journal_field *field)
{
	static const char *const parts[] = {"year", "month", "day"};
	str typed[3];

	for (size_t i = 0; i < 3; i++)
		typed[i] =
		    request_form(rq, arena_z(px->arena, arena_printf(px->arena, "%s.%s", field->name, parts[i])));
	return day_text(px, typed[0], typed[1], typed[2]);
}

/* With the offset that the clock on the wall had then. */
static str
time_text(const struct page_cx *px, struct request *rq, const struct journal_field *field, str day)
{
	const struct zone *zone = px->zone ? px->zone : zone_utc();
	str typed = str_trim(sent(px, rq, field, "time"));
	struct civil_time civil;
	struct fhir_date date;
	int hour = 0, minute = 0, offset;

	if (!day.n)
		return STR_NONE;
	if (!fhir_date_parse(FHIR_DATE, day, &date) || date.precision != FHIR_PRECISION_DAY ||
	    !journal_time_parse(typed, &hour, &minute))
		return arena_printf(px->arena, "%.*sT%.*s", STR_ARG(day), STR_ARG(typed));
	civil = zone_civil(
	    zone, zone_instant(zone,
		      (struct civil_time){.date = date.civil.date, .hour = (int8_t)hour, .minute = (int8_t)minute}));
	offset = civil.offset_seconds / 60;
	return arena_printf(px->arena, "%.*sT%02d:%02d:00%c%02d:%02d", STR_ARG(fhir_date_text(px->arena, civil.date)),
	    civil.hour, civil.minute, offset < 0 ? '-' : '+', (offset < 0 ? -offset : offset) / 60,
	    (offset < 0 ? -offset : offset) % 60);
}

static str
codes_sent(const struct page_cx *px, struct request *rq, const struct journal_field *field)
{
	struct buf out = BUF_INIT(px->arena);

	for (size_t i = 0; i < field->codes->count; i++)
		if (sent(px, rq, field, field->codes->items[i].value).n)
			buf_printf(&out, "%s%s", out.n ? "," : "", field->codes->items[i].value);
	return out.n ? buf_str(&out) : STR_NONE;
}

void
journal_values_read(
    const struct page_cx *px, struct request *rq, const struct journal_log *log, struct journal_values *out)
{
	*out = (struct journal_values){0};
	for (size_t i = 0; i < log->field_count; i++) {
		const struct journal_field *field = &log->fields[i];

		switch (field->kind) {
		case FIELD_DAY:
		case FIELD_TIME:
			out->text[i] = day_sent(px, rq, field);
			if (field->kind == FIELD_TIME)
				out->text[i] = time_text(px, rq, field, out->text[i]);
			break;
		case FIELD_CODES: out->text[i] = codes_sent(px, rq, field); break;
		case FIELD_NUMBER:
			out->unit[i] = journal_unit_find(field->units, sent(px, rq, field, "unit"));
			out->text[i] = request_form(rq, field->name);
			break;
		case FIELD_TEXT:
		case FIELD_LONG:
		case FIELD_CODE:
		case FIELD_YES: out->text[i] = request_form(rq, field->name); break;
		}
	}
}
