/* SPDX-License-Identifier: Apache-2.0 */
/* What a download leaves out, and why; what was asked for, in words.  No silent gap: each thing that is not there is a sentence. */
#include "care/bluebutton/bluebutton_internal.h"

static void
add(const struct page_cx *px, struct download_missing *out, str sentence)
{
	*LIST_ADD(px->arena, out) = sentence;
}

/* Entries that are held back or wait, by their part of the record. */
static fallible
add_waiting(struct cx *cx, const struct page_cx *px, const struct bluebutton_ask *ask, struct download_missing *out)
{
	struct db_rows rows;
	const struct release_waiting *waiting;
	int64_t held[RELEASE_CLASSES] = {0}, waits[RELEASE_CLASSES] = {0};
	instant until[RELEASE_CLASSES] = {{0}};

	TRY(release_waiting(cx, ask->patient, &rows));
	waiting = rows.items;
	for (size_t i = 0; i < rows.count; i++) {
		enum release_class class = waiting[i].class;

		if (waiting[i].standing.state == RELEASE_HELD) {
			held[class]++;
			until[class] = instant_before(until[class], waiting[i].standing.until)
			                   ? waiting[i].standing.until
			                   : until[class];
		} else {
			waits[class]++;
		}
	}
	for (int i = 1; i < RELEASE_CLASSES; i++) {
		str title = tr(px->lang, release_class_words((enum release_class)i));

		if (held[i])
			add(px, out,
			    TF3("%1: %2. The clinic holds them back. All of them can be seen from %3.", title,
				px_number(px, held[i]), px_day(px, until[i])));
		if (waits[i])
			add(px, out,
			    TF2("%1: %2. They wait until the patient opens them.", title, px_number(px, waits[i])));
	}
	return NULL;
}

fallible
download_missing_words(struct cx *cx, const struct page_cx *px, const struct bluebutton_ask *ask, const int64_t *counts,
    const struct download_tally *tally, struct download_missing *out)
{
	if (tally->outside)
		add(px, out,
		    TN("%1 entry was not asked for: another part of the record, or other days.",
			"%1 entries were not asked for: other parts of the record, or other days.", tally->outside));
	TRY(add_waiting(cx, px, ask, out));
	for (resource_type type = 1; type <= resource_type_count(); type++)
		if (counts[type] && !download_section_has(type))
			add(px, out,
			    TF2("%1: %2. These are made for computers. They stand in the FHIR file.",
				record_type_words(px, type), px_number(px, counts[type])));
	if (counts[RESOURCE_TASK])
		add(px, out, T("Each step of your refill requests stands in the ZIP with everything."));
	if (tally->mistaken)
		add(px, out,
		    TN("%1 entry was marked as a mistake and is not shown.",
			"%1 entries were marked as a mistake and are not shown.", tally->mistaken));
	if (ask->no_messages)
		add(px, out, T("Messages were not asked for."));
	add(px, out, T("Care outside of this clinic is missing unless it was sent here."));
	return NULL;
}

/* ---- what was asked for ---- */

static str
last_day(const struct page_cx *px, instant until)
{
	return px_date_only(px, zone_civil(px->zone ? px->zone : zone_utc(), (instant){until.ms - 1}).date);
}

static str
first_day(const struct page_cx *px, instant since)
{
	return px_date_only(px, zone_civil(px->zone ? px->zone : zone_utc(), since).date);
}

str
download_choice_words(const struct page_cx *px, const struct bluebutton_ask *ask)
{
	const struct record_choice *choice = &ask->choice;
	struct buf parts = BUF_INIT(px->arena);
	str what;

	for (int i = 0; i < RECORD_CLASSES; i++)
		if (choice->classes & 1u << i)
			buf_printf(&parts, "%s%.*s", parts.n ? ", " : "",
			    STR_ARG(tr(px->lang, record_class_title((enum record_class)i))));
	what = parts.n ? buf_str(&parts) : T("everything");
	if (!instant_is_none(choice->since) && !instant_is_none(choice->until))
		return TF3("%1, from %2 to %3", what, first_day(px, choice->since), last_day(px, choice->until));
	if (!instant_is_none(choice->since))
		return TF2("%1, from %2 on", what, first_day(px, choice->since));
	if (!instant_is_none(choice->until))
		return TF2("%1, until %2", what, last_day(px, choice->until));
	return what;
}
