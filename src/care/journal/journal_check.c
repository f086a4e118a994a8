/* SPDX-License-Identifier: Apache-2.0 */
/* What people typed, looked over by the table: what cannot be kept is said, what is unusual is asked about and never refused. */
#include "care/journal/journal_internal.h"
#include "platform/format/fhir_date.h"
#include "platform/format/utf8.h"

#define TEXT_CHARS_MAX 200
#define LONG_CHARS_MAX 5000
#define AHEAD_MS       (10 * MINUTE_MS) /* clocks of phones differ by so much */
#define YEARS_BACK_MAX 120

static void
trouble(const struct page_cx *px, struct journal_troubles *out, size_t field, enum journal_trouble_kind kind, str words)
{
	*LIST_ADD(px->arena, out) = (struct journal_trouble){field, kind, words};
	out->wrong = out->wrong || kind == TROUBLE_WRONG;
	out->asked = out->asked || kind == TROUBLE_ASKED;
}

static void
look_at_number(const struct page_cx *px, const struct journal_log *log, struct journal_values *values, size_t i,
    struct journal_troubles *out)
{
	const struct journal_field *field = &log->fields[i];
	const struct journal_unit *unit = values->unit[i] ? values->unit[i] : &field->units->items[0];
	int64_t nano, first;

	values->unit[i] = unit;
	if (!journal_number_parse(values->text[i], &nano)) {
		trouble(px, out, i, TROUBLE_WRONG,
		    TF1("%1: write a number, such as 98.6, with at most three digits after the point.",
			tr(px->lang, field->label)));
		return;
	}
	values->text[i] = journal_number_text(px->arena, nano, JOURNAL_DECIMALS_IN);
	first = journal_to_first(unit, nano);
	if (field->low != field->high && (first < field->low * JOURNAL_NANO || first > field->high * JOURNAL_NANO))
		trouble(px, out, i, TROUBLE_ASKED,
		    TF2("%1 is %2. That is unusual.", tr(px->lang, field->label),
			journal_value_words(px, log, values, i)));
}

static void
look_at_time(
    const struct page_cx *px, const struct journal_field *field, str text, size_t i, struct journal_troubles *out)
{
	str label = tr(px->lang, field->label);
	struct fhir_date date;

	if (!fhir_date_parse(FHIR_DATETIME, text, &date)) {
		trouble(px, out, i, TROUBLE_WRONG, TF1("%1: write a day that exists.", label));
		return;
	}
	if (date.civil.date.year < zone_civil(zone_utc(), px->now).date.year - YEARS_BACK_MAX)
		trouble(px, out, i, TROUBLE_ASKED, TF1("%1 is very long ago.", label));
	/* Days to come are usual where something ends or is due. */
	if (field->required && date.low.ms > px->now.ms + (date.precision >= FHIR_PRECISION_MINUTE ? AHEAD_MS : DAY_MS))
		trouble(px, out, i, TROUBLE_ASKED, TF1("%1 is in the future.", label));
}

static void
look_at_codes(
    const struct page_cx *px, const struct journal_field *field, str text, size_t i, struct journal_troubles *out)
{
	str one;

	while (text.p) {
		text = field->kind == FIELD_CODES ? str_cut(text, ',', &one) : (one = text, STR_NONE);
		if (journal_code_find(field->codes, one))
			continue;
		trouble(px, out, i, TROUBLE_WRONG, TF1("%1: choose one of the list.", tr(px->lang, field->label)));
		return;
	}
}

static void
look_at_text(
    const struct page_cx *px, const struct journal_field *field, str text, size_t i, struct journal_troubles *out)
{
	int64_t most = field->kind == FIELD_LONG ? LONG_CHARS_MAX : TEXT_CHARS_MAX;

	if ((int64_t)utf8_count(text) > most)
		trouble(px, out, i, TROUBLE_WRONG,
		    TF2("%1: write at most %2 characters.", tr(px->lang, field->label), most));
}

/* The upper and the lower number of a blood pressure, and the like. */
static void
look_at_order(const struct page_cx *px, const struct journal_log *log, const struct journal_values *values,
    struct journal_troubles *out)
{
	int64_t high, low;

	if (log->plotted != 2 || !journal_number_parse(values->text[0], &high) ||
	    !journal_number_parse(values->text[1], &low) || low < high)
		return;
	trouble(px, out, 1, TROUBLE_ASKED,
	    TF2("%1 is not lower than %2. Are the two numbers swapped?", values->text[1], values->text[0]));
}

void
journal_look_over(const struct page_cx *px, const struct journal_log *log, struct journal_values *values,
    struct journal_troubles *out)
{
	bool says_something = false;

	for (size_t i = 0; i < log->field_count; i++) {
		const struct journal_field *field = &log->fields[i];
		str *text = &values->text[i];

		*text = utf8_nfc(px->arena, str_trim(*text));
		if (!text->n) {
			*text = STR_NONE;
			if (field->required)
				trouble(px, out, i, TROUBLE_WRONG, TF1("%1 is missing.", tr(px->lang, field->label)));
			continue;
		}
		says_something = true;
		switch (field->kind) {
		case FIELD_NUMBER: look_at_number(px, log, values, i, out); break;
		case FIELD_CODE:
		case FIELD_CODES: look_at_codes(px, field, *text, i, out); break;
		case FIELD_YES:
			if (!str_equal(*text, S("yes")) && !str_equal(*text, S("no")))
				trouble(px, out, i, TROUBLE_WRONG, T("Choose one."));
			break;
		case FIELD_DAY:
		case FIELD_TIME: look_at_time(px, field, *text, i, out); break;
		case FIELD_TEXT:
		case FIELD_LONG: look_at_text(px, field, *text, i, out); break;
		}
	}
	if (!says_something)
		trouble(px, out, 0, TROUBLE_WRONG, T("Write something down first."));
	look_at_order(px, log, values, out);
}
