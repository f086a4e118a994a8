/* SPDX-License-Identifier: Apache-2.0 */
/* What a conversation is about: an entry of the patient's record.  Who may see the entry is decided when it is shown, for each
 * reader anew; kept are only its reference and what it was called when the conversation began. */
#include "care/messaging/about.h"
#include "platform/format/utf8.h"

#define TITLE_CHARS_MAX 120

/* Dates in the item's words are not used here: no zone is needed. */
static struct page_cx
words_of(const struct cx *cx)
{
	return (struct page_cx){.arena = cx->arena, .lang = cx->lang, .now = cx->now};
}

fallible
about_item(struct cx *cx, const struct page_cx *px, patient_id patient, str reference, struct record_item *out,
    const struct json_value **json, bool *found)
{
	struct resource resource;

	TRY(resource_resolve(cx, reference, &resource, found));
	*found = *found && !resource.deleted && uuid_equal(resource.patient.v, patient.v);
	if (!*found)
		return NULL;
	TRY(json_parse(cx->arena, resource.body, json, NULL));
	record_item_read(px, (resource_type)resource.type, *json, out);
	*found = !out->mistaken;
	return *found ? record_item_look_up(cx, px, out) : NULL;
}

fallible
about_find(struct cx *cx, patient_id patient, str reference, struct about *out)
{
	struct page_cx px = words_of(cx);
	const struct json_value *json;
	struct record_item item;
	bool found;

	*out = (struct about){0};
	if (!reference.n)
		return NULL;
	TRY(about_item(cx, &px, patient, reference, &item, &json, &found));
	if (found)
		*out = (struct about){
		    .reference = arena_printf(cx->arena, "%s/%.*s", resource_type_name(item.type), STR_ARG(item.id)),
		    .title = utf8_take_chars(item.title, TITLE_CHARS_MAX)};
	return NULL;
}

fallible
about_of_draft(struct cx *cx, patient_id patient, struct uuid draft, str reference, struct about *out)
{
	struct draft before;
	bool found;

	TRY(about_find(cx, patient, reference, out));
	if (out->reference.n || !reference.n)
		return NULL;
	TRY(draft_row_get(cx, cx->who.account, draft, &before, &found));
	if (found && uuid_equal(before.patient.v, patient.v) && str_equal(before.about.reference, reference))
		*out = before.about;
	return NULL;
}

fallible
about_seal(struct cx *cx, patient_id patient, struct seal_place place, const struct about *about, str *sealed)
{
	*sealed = STR_NONE;
	if (!about->reference.n)
		return NULL;
	return vault_seal(cx, patient, place,
	    arena_printf(cx->arena, "%.*s\n%.*s", STR_ARG(about->reference), STR_ARG(about->title)), sealed);
}

fallible
about_open(struct cx *cx, patient_id patient, struct seal_place place, struct about *about)
{
	str text;

	about->reference = STR_NONE;
	TRY(vault_open_text(cx, patient, place, about->sealed, &text));
	about->title = text.p ? str_cut(text, '\n', &about->reference) : STR_NONE;
	return NULL;
}

/* Visits have pages of their own, for who may see appointments. */
static str
path_of(struct cx *cx, const struct thread *thread, const struct record_item *item, enum access_why why)
{
	bool team = why == ACCESS_CARE_TEAM;
	str patient = uuid_text(cx->arena, thread->patient.v);
	enum access_why visits;

	if (item->type == RESOURCE_APPOINTMENT && !access_check(cx, thread->patient, RIGHT_APPOINTMENTS, &visits)) {
		str id = uuid_text(cx->arena, resource_key(cx->vault, item->id));

		return team ? arena_printf(cx->arena, "/patients/%.*s/appointments/%.*s", STR_ARG(patient), STR_ARG(id))
		            : arena_printf(cx->arena, "/appointments/%.*s", STR_ARG(id));
	}
	return record_item_path(
	    cx->arena, team ? arena_printf(cx->arena, "/patients/%.*s/record", STR_ARG(patient)) : S("/record"), item);
}

/* "a test result", for those who may not read its name. */
static str
kind_words(const struct page_cx *px, str reference)
{
	resource_type type;
	str id;

	if (!reference_split(reference, &type, &id))
		return T("an entry of the record");
	switch (type) {
	case RESOURCE_OBSERVATION:
	case RESOURCE_DIAGNOSTIC_REPORT: return T("a test result");
	case RESOURCE_MEDICATION_REQUEST:
	case RESOURCE_MEDICATION_STATEMENT: return T("a prescription");
	case RESOURCE_APPOINTMENT:
	case RESOURCE_ENCOUNTER: return T("a visit");
	case RESOURCE_DOCUMENT_REFERENCE: return T("a note");
	default: return T("an entry of the record");
	}
}

fallible
about_show(struct cx *cx, const struct page_cx *px, const struct thread *thread, struct about_view *out)
{
	const struct json_value *json;
	struct record_item item;
	enum access_why why;
	bool found;

	*out = (struct about_view){0};
	if (!thread->about.reference.n)
		return NULL;
	TRY(access_check(cx, thread->patient, RIGHT_MESSAGES_READ, &why));
	TRY(about_item(cx, px, thread->patient, thread->about.reference, &item, &json, &found));
	if (found) {
		*out = (struct about_view){.text = item.title,
		    .hint = item.value.n && item.when.n ? TF2("%1, %2", item.value, item.when)
		            : item.value.n              ? item.value
		                                        : item.when,
		    .path = path_of(cx, thread, &item, why)};
		return NULL;
	}
	/* Whoever shares only a part of the record does not learn its name here. */
	out->text = why == ACCESS_SELF || why == ACCESS_CARE_TEAM ? thread->about.title
	                                                          : kind_words(px, thread->about.reference);
	out->hint = T("It is not in the record any more, or it is not shared with you.");
	return NULL;
}
