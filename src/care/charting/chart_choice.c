/* SPDX-License-Identifier: Apache-2.0 */
/* What teams choose from when they keep a conversation in the chart: clinics (stop codes) and titles of notes.  A facility keeps
 * lists of its own, one entry in a line; without them it has those below. */
#include "care/charting/charting_internal.h"
#include "platform/format/utf8.h"

#define CHOICES_MAX       60
#define CHOICE_CHARS_MAX  80
#define TITLE_OF_FACILITY 100 /* titles of a facility's own are numbered from here on */
#define STOP_CODE_LEAST   100
#define STOP_CODE_MOST    999

/* VA stop codes (DSS identifiers), primary ones.  Number and name: 322 "Comprehensive Women's Primary Care Clinic", 323 "Primary
 * Care/Medicine", 502 "MH Clinic Ind", 123 "Nutrition/Dietetics-Individual" as VistA Scheduling's eligibility lists have them
 * (VS GUI parameters DFPCPRMS, DFSCPRMS, DFMHPRMS); 160 "Clinical Pharmacy", since October 2008 allowed as primary or
 * secondary, as VistA patch SD*5.3*537 has it (fiscal year 2009); read November 2026.  125 "Social Work Service" is not in
 * either; a facility that uses other codes says so in its own list.  Secure messaging itself is 719 "MHV Secure Messaging",
 * which the same patch allows as the secondary code only, from 1 October 2008 on: chart_fhir.c adds it to every credit. */
static const struct {
	int64_t n;
	const char *words;
} clinics[] =
    {
	{323, TR("Primary care")},
	{322, TR("Women's primary care")},
	{502, TR("Mental health, individual")},
	{160, TR("Clinical pharmacy")},
	{125, TR("Social work")},
	{123, TR("Nutrition, individual")},
},
  titles[] = {
      {1, TR("Secure messaging note")},
      {2, TR("Secure messaging note: medicines")},
      {3, TR("Secure messaging note: test results")},
      {4, TR("Secure messaging note: mental health")},
      {5, TR("Secure messaging note: care management")},
};
#define COUNT(table) (sizeof(table) / sizeof((table)[0]))

static fallible
defaults(struct cx *cx, enum chart_choice_kind kind, struct db_rows *out)
{
	size_t count = kind == CHOICE_CLINIC ? COUNT(clinics) : COUNT(titles);
	struct chart_choice *items = ARENA_ARRAY(cx->arena, struct chart_choice, count);

	for (size_t i = 0; i < count; i++)
		items[i] = (struct chart_choice){.kind = (int64_t)kind,
		    .n = kind == CHOICE_CLINIC ? clinics[i].n : titles[i].n,
		    .words = tr(cx->lang, kind == CHOICE_CLINIC ? clinics[i].words : titles[i].words),
		    .place = (int64_t)i,
		    .active = true};
	*out = (struct db_rows){items, count};
	return NULL;
}

/* With those that are chosen no more. */
static fallible
all_choices(struct cx *cx, facility_id facility, enum chart_choice_kind kind, struct db_rows *out)
{
	TRY(chart_choice_rows(cx, facility, kind, out));
	return out->count ? NULL : defaults(cx, kind, out);
}

fallible
chart_choices(struct cx *cx, facility_id facility, enum chart_choice_kind kind, struct db_rows *out)
{
	struct chart_choice *items;
	size_t kept = 0;

	TRY(all_choices(cx, facility, kind, out));
	items = out->items;
	for (size_t i = 0; i < out->count; i++)
		if (items[i].active)
			items[kept++] = items[i];
	out->count = kept;
	return NULL;
}

fallible
chart_choice_words(struct cx *cx, facility_id facility, enum chart_choice_kind kind, int64_t n, str *out)
{
	struct db_rows rows;
	const struct chart_choice *items;

	*out = STR_NONE;
	TRY(all_choices(cx, facility, kind, &rows));
	items = rows.items;
	for (size_t i = 0; i < rows.count; i++)
		if (items[i].n == n)
			*out = items[i].words;
	if (out->n)
		return NULL;
	TRY(defaults(cx, kind, &rows)); /* of before the facility had a list of its own */
	items = rows.items;
	for (size_t i = 0; i < rows.count; i++)
		if (items[i].n == n)
			*out = items[i].words;
	return NULL;
}

fallible
chart_choice_is_offered(struct cx *cx, facility_id facility, enum chart_choice_kind kind, int64_t n, bool *yes)
{
	struct db_rows rows;
	const struct chart_choice *items;

	*yes = false;
	TRY(chart_choices(cx, facility, kind, &rows));
	items = rows.items;
	for (size_t i = 0; i < rows.count; i++)
		*yes = *yes || items[i].n == n;
	return NULL;
}

/* ---- a list as text ---- */

fallible
chart_choices_text(struct cx *cx, enum chart_choice_kind kind, str *out)
{
	struct buf text = BUF_INIT(cx->arena);
	struct db_rows rows;
	const struct chart_choice *items;

	TRY(chart_choices(cx, cx->who.facility, kind, &rows));
	items = rows.items;
	for (size_t i = 0; i < rows.count; i++) {
		if (kind == CHOICE_CLINIC)
			buf_printf(&text, "%lld ", (long long)items[i].n);
		buf_printf(&text, "%.*s\n", STR_ARG(items[i].words));
	}
	*out = buf_str(&text);
	return NULL;
}

static fallible
bad_line(struct cx *cx, const char *words, str line)
{
	return err_said(cx->arena, ERR_INVALID, "%.*s",
	    STR_ARG(tr_fill(cx->arena, cx->lang, tr(cx->lang, words),
		(const struct tr_arg[]){TR_ARG(utf8_take_chars(utf8_repair(cx->arena, line), CHOICE_CHARS_MAX))}, 1)));
}

/* A title that was there keeps its number, so that older notes keep theirs. */
static int64_t
number_of_title(const struct db_rows *before, const struct chart_choice *items, size_t count, str words)
{
	const struct chart_choice *old = before->items;
	int64_t next = TITLE_OF_FACILITY;

	for (size_t i = 0; i < before->count; i++) {
		if (str_equal(old[i].words, words))
			return old[i].n;
		next = old[i].n >= next ? old[i].n + 1 : next;
	}
	for (size_t i = 0; i < count; i++)
		next = items[i].n >= next ? items[i].n + 1 : next;
	return next;
}

static fallible
read_line(struct cx *cx, enum chart_choice_kind kind, const struct db_rows *before, str line,
    const struct chart_choice *items, size_t count, struct chart_choice *out)
{
	str code, words = line;

	*out = (struct chart_choice){.kind = (int64_t)kind, .place = (int64_t)count, .active = true};
	if (kind == CHOICE_CLINIC) {
		words = str_trim(str_cut(line, ' ', &code));
		if (!str_to_int64(code, &out->n) || out->n < STOP_CODE_LEAST || out->n > STOP_CODE_MOST)
			return bad_line(cx, TR("Begin each line with a stop code of three digits: %1"), line);
	}
	if (!words.n || utf8_count(words) > CHOICE_CHARS_MAX || !utf8_is_clean_line(words))
		return bad_line(cx, TR("Give each entry a name of 1 to 80 characters: %1"), line);
	out->words = words;
	if (kind == CHOICE_TITLE)
		out->n = number_of_title(before, items, count, words);
	for (size_t i = 0; i < count; i++)
		if (items[i].n == out->n || (kind == CHOICE_TITLE && str_equal(items[i].words, words)))
			return bad_line(cx, TR("This stands twice in the list: %1"), line);
	return NULL;
}

static fallible
read_list(struct cx *cx, enum chart_choice_kind kind, str text, struct chart_choice *items, size_t *count)
{
	struct db_rows before;
	str line;

	*count = 0;
	TRY(all_choices(cx, cx->who.facility, kind, &before));
	while (text.p) {
		text = str_cut(text, '\n', &line);
		line = str_trim(line);
		if (!line.n)
			continue;
		if (*count == CHOICES_MAX)
			return ERR(ERR_INVALID, TR("A list has at most 60 entries."), "too many entries");
		TRY(read_line(cx, kind, &before, line, items, *count, &items[*count]));
		++*count;
	}
	if (*count)
		return NULL;
	return kind == CHOICE_TITLE ? ERR(ERR_INVALID, TR("Leave at least one title."), "no title")
	                            : ERR(ERR_INVALID, TR("Leave at least one clinic."), "no clinic");
}

struct saving {
	struct chart_choice items[2 * CHOICES_MAX];
	size_t count;
};

static const struct err *
save(struct tx *tx, void *arg)
{
	const struct saving *in = arg;
	facility_id facility = tx->cx->who.facility;

	TRY(chart_choice_rows_retire(tx, facility));
	for (size_t i = 0; i < in->count; i++)
		TRY(chart_choice_row_put(tx, facility, &in->items[i]));
	audit_add(tx, &(struct audit){.action = AUDIT_ADMINISTER, .subject = AUDIT_FACILITY, .item = facility.v});
	return NULL;
}

fallible
chart_choices_save(struct cx *cx, str clinic_lines, str title_lines, const char **wrong)
{
	struct saving in;
	size_t more;

	TRY(office_check(cx, cx->who.facility));
	*wrong = "clinics";
	TRY(read_list(cx, CHOICE_CLINIC, clinic_lines, in.items, &in.count));
	*wrong = "titles";
	TRY(read_list(cx, CHOICE_TITLE, title_lines, in.items + in.count, &more));
	in.count += more;
	*wrong = NULL;
	return db_write(cx, save, &in);
}
