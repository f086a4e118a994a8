/* SPDX-License-Identifier: Apache-2.0 */
/* Entries, targets and figures in words of the person's language.  Numbers are said in the unit in which they were typed. */
#include "care/journal/journal_rule.h"
#include "platform/format/fhir_date.h"

/* ---- values ---- */

static str
code_words(const struct page_cx *px, const struct journal_field *field, str value)
{
	const struct journal_code *code = journal_code_find(field->codes, value);

	return code ? tr(px->lang, code->words) : value;
}

static str
codes_words(const struct page_cx *px, const struct journal_field *field, str values)
{
	struct buf out = BUF_INIT(px->arena);
	str one;

	while (values.p) {
		values = str_cut(values, ',', &one);
		buf_printf(&out, "%s%.*s", out.n ? ", " : "", STR_ARG(code_words(px, field, one)));
	}
	return buf_str(&out);
}

static str
date_words_of(const struct page_cx *px, str text)
{
	struct fhir_date date;

	if (!fhir_date_parse(FHIR_DATETIME, text, &date))
		return text;
	if (date.precision >= FHIR_PRECISION_MINUTE)
		return px_date(px, date.low);
	return date.precision == FHIR_PRECISION_DAY ? px_date_only(px, date.civil.date) : text;
}

static str
with_unit(const struct page_cx *px, str digits, const struct journal_unit *unit)
{
	str words = unit && unit->words[0] ? tr(px->lang, unit->words) : STR_NONE;

	if (!words.n)
		return digits;
	return arena_printf(px->arena, "%.*s %.*s", STR_ARG(digits), STR_ARG(words));
}

str
journal_value_words(
    const struct page_cx *px, const struct journal_log *log, const struct journal_values *values, size_t field)
{
	const struct journal_field *f = &log->fields[field];
	str text = values->text[field];

	if (!text.n)
		return STR_NONE;
	switch (f->kind) {
	case FIELD_NUMBER: return with_unit(px, text, values->unit[field]);
	case FIELD_CODE: return code_words(px, f, text);
	case FIELD_CODES: return codes_words(px, f, text);
	case FIELD_YES: return str_equal(text, S("yes")) ? T("Yes") : T("No");
	case FIELD_DAY:
	case FIELD_TIME: return date_words_of(px, text);
	case FIELD_TEXT:
	case FIELD_LONG: break;
	}
	return text;
}

str
journal_title(const struct page_cx *px, const struct journal_entry *entry)
{
	const struct journal_values *v = &entry->values;
	str first = journal_value_words(px, entry->log, v, 0);

	if (entry->log->plotted == 2 && v->text[0].n && v->text[1].n)
		return with_unit(
		    px, arena_printf(px->arena, "%.*s/%.*s", STR_ARG(v->text[0]), STR_ARG(v->text[1])), v->unit[0]);
	for (size_t i = 1; !first.n && i < entry->log->field_count; i++)
		first = journal_value_words(px, entry->log, v, i);
	return first.n ? first : tr(px->lang, entry->log->title);
}

#define DETAIL_CHARS 160

str
journal_detail(const struct page_cx *px, const struct journal_entry *entry)
{
	struct buf out = BUF_INIT(px->arena);
	size_t begin = entry->log->plotted ? entry->log->plotted : 1;

	for (size_t i = begin; i < entry->log->field_count && out.n < DETAIL_CHARS; i++) {
		const struct journal_field *field = &entry->log->fields[i];
		str words = journal_value_words(px, entry->log, &entry->values, i);

		if (!words.n || (entry->log->date && (field->kind == FIELD_TIME || field->kind == FIELD_DAY)))
			continue;
		buf_printf(&out, "%s%.*s", out.n ? " · " : "", STR_ARG(words));
	}
	return out.n ? buf_str(&out) : STR_NONE;
}

str
journal_when(const struct page_cx *px, const struct journal_entry *entry)
{
	if (entry->has_time || !entry->log->date)
		return px_date(px, entry->at);
	return px_date_only(px, zone_civil(zone_utc(), entry->at).date);
}

str
journal_number_in(struct arena *arena, int64_t first_nano, const struct journal_unit *unit)
{
	return journal_number_text(arena, journal_from_first(unit, first_nano), unit->decimals);
}

/* ---- targets and limits ---- */

static str
limit_words(const struct page_cx *px, int64_t thousandths, const struct journal_unit *unit, bool is_change)
{
	int64_t nano = thousandths * (JOURNAL_NANO / 1000);

	/* A difference has no zero point: 1 °C more is 1.8 °F more. */
	if (is_change)
		nano = journal_from_first(unit, nano) - journal_from_first(unit, 0);
	else
		nano = journal_from_first(unit, nano);
	return with_unit(px, journal_number_text(px->arena, nano, unit->decimals + 1), unit);
}

str
journal_rule_words(const struct page_cx *px, const struct journal_rule *rule, const struct journal_unit *unit)
{
	const struct journal_log *log = journal_log_of(rule->log);
	str name = tr(px->lang, log->fields[rule->field].label), low, high;

	if (!unit)
		unit = &log->fields[rule->field].units->items[0];
	low = rule->low == RULE_OPEN_LOW ? STR_NONE : limit_words(px, rule->low, unit, false);
	high = rule->high == RULE_OPEN_HIGH
	           ? STR_NONE
	           : limit_words(px, rule->high, unit, rule->kind == RULE_RISE || rule->kind == RULE_FALL);
	switch ((enum journal_rule_kind)rule->kind) {
	case RULE_TARGET:
		if (low.n && high.n)
			return TF3("%1: %2 to %3", name, low, high);
		return low.n ? TF2("%1: %2 or more", name, low) : TF2("%1: %2 or less", name, high);
	case RULE_ABOVE:
		return rule->days ? tr_fill(px->arena, px->lang, T("%1: %2 in a row over %3 within %4 days"),
					(const struct tr_arg[]){
					    TR_ARG(name), TR_ARG(rule->times), TR_ARG(high), TR_ARG(rule->days)},
					4)
		                  : TF3("%1: %2 in a row over %3", name, rule->times, high);
	case RULE_BELOW:
		return rule->days ? tr_fill(px->arena, px->lang, T("%1: %2 in a row under %3 within %4 days"),
					(const struct tr_arg[]){
					    TR_ARG(name), TR_ARG(rule->times), TR_ARG(low), TR_ARG(rule->days)},
					4)
		                  : TF3("%1: %2 in a row under %3", name, rule->times, low);
	case RULE_RISE: return TF3("%1: more than %2 up in %3 days", name, high, rule->days);
	case RULE_FALL: return TF3("%1: more than %2 down in %3 days", name, high, rule->days);
	}
	return name;
}

/* ---- figures ---- */

bool
journal_nano(const struct journal_entry *entry, size_t field, int64_t *nano)
{
	const struct journal_unit *unit = entry->values.unit[field];

	if (!entry->values.text[field].n || !unit || !journal_number_parse(entry->values.text[field], nano))
		return false;
	*nano = journal_to_first(unit, *nano);
	return true;
}

void
journal_mean_add(struct journal_mean *mean, int64_t nano)
{
	mean->low = !mean->count || nano < mean->low ? nano : mean->low;
	mean->high = !mean->count || nano > mean->high ? nano : mean->high;
	mean->sum += nano;
	mean->count++;
}

int64_t
journal_mean_of(const struct journal_mean *mean)
{
	int64_t half = mean->count / 2;

	return (mean->sum >= 0 ? mean->sum + half : mean->sum - half) / mean->count;
}

enum journal_part
journal_part_of(const struct zone *zone, instant at)
{
	int hour = zone_civil(zone, at).hour;

	if (hour < 4 || hour >= 22)
		return PART_NIGHT;
	return hour < 11 ? PART_MORNING : hour < 16 ? PART_MIDDAY : PART_EVENING;
}

const char *
journal_part_words(enum journal_part part)
{
	static const char *const words[JOURNAL_PARTS] = {TR("Morning (4 am to 11 am)"), TR("Midday (11 am to 4 pm)"),
	    TR("Evening (4 pm to 10 pm)"), TR("Night (10 pm to 4 am)")};

	return words[part];
}

const struct journal_unit *
journal_unit_for(const struct journal_field *field, str chosen)
{
	const struct journal_unit *unit = journal_unit_find(field->units, chosen);

	for (size_t i = 0; !unit && i < field->units->count; i++)
		if (field->units->items[i].us)
			unit = &field->units->items[i];
	return unit ? unit : &field->units->items[0];
}
