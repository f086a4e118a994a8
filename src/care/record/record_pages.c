/* SPDX-License-Identifier: Apache-2.0 */
/* The record as pages: which doors there are, whose record an address means, what the sections are called.  One set of
 * handlers serves the patient and the care team. */
#include "care/record/record_pages_internal.h"
#include "care/record/release_pages.h"

/* ---- sections ---- */

const struct record_section record_sections[RECORD_CLASSES] = {
    [CLASS_LABS] = {"labs", TR("Lab results"),
	TR("A result outside of the usual range does not always mean a problem."),
	TR("When your team orders a test, its result stands here."), TR("Search lab results"), AUDIT_LABS},
    [CLASS_VITALS] = {"vitals", TR("Vital signs"),
	TR("Blood pressure, weight and other measurements from your visits."),
	TR("Measurements from your visits stand here."), TR("Search vital signs"), AUDIT_VITALS},
    [CLASS_MEDICINES] = {"medicines", TR("Medicines"), TR("What your care team has ordered for you."),
	TR("When your team orders a medicine, it stands here."), TR("Search medicines"), AUDIT_MEDICINES, true},
    [CLASS_PROBLEMS] = {"problems", TR("Health problems"), TR("Conditions that your care team has recorded."),
	TR("Conditions that your team records stand here."), TR("Search health problems"), AUDIT_PROBLEMS, true},
    [CLASS_ALLERGIES] = {"allergies", TR("Allergies"), TR("Tell your team if something is missing here."),
	TR("No allergy is recorded. Do you have one? Tell your team."), TR("Search allergies"), AUDIT_ALLERGIES, true},
    [CLASS_IMMUNIZATIONS] = {"immunizations", TR("Vaccines"), TR("Vaccines that are recorded for you."),
	TR("When you get a vaccine, it stands here."), TR("Search vaccines"), AUDIT_IMMUNIZATIONS},
    [CLASS_VISITS] = {"visits", TR("Visits"), TR("Visits and hospital stays, and what happened there."),
	TR("Your visits stand here."), TR("Search visits"), AUDIT_VISITS},
    [CLASS_PROCEDURES] = {"procedures", TR("Procedures"), TR("Operations, treatments and examinations."),
	TR("Operations and treatments stand here."), TR("Search procedures"), AUDIT_PROCEDURES},
    [CLASS_NOTES] = {"notes", TR("Notes"), TR("What your care team wrote, with letters from hospital stays."),
	TR("When your team writes a note, it stands here."), TR("Search notes"), AUDIT_NOTES},
    [CLASS_REPORTS] = {"reports", TR("Imaging and other reports"),
	TR("Reports of pictures, tissue, heart tests and other examinations."),
	TR("When such an examination is reported, it stands here."), TR("Search reports"), AUDIT_REPORTS},
    [CLASS_DOCUMENTS] = {"documents", TR("Documents"), TR("Files and letters in your record."),
	TR("Files and letters stand here."), TR("Search documents"), AUDIT_DOCUMENTS},
    [CLASS_CARE_TEAM] = {"care-team", TR("Care team"), TR("Who cares for you."), TR("Your teams stand here."),
	TR("Search teams"), AUDIT_CARE_TEAM, true},
    [CLASS_PLANS] = {"plans", TR("Plans and goals"), TR("What you and your care team work on together."),
	TR("Plans and goals stand here."), TR("Search plans and goals"), AUDIT_PLANS, true},
    [CLASS_DEVICES] = {"devices", TR("Devices and implants"),
	TR("What was put into your body, and devices that you use. Tell this to whoever plans a scan."),
	TR("Implants and devices stand here."), TR("Search devices"), AUDIT_DEVICES, true},
    [CLASS_INSURANCE] = {"insurance", TR("Insurance"), TR("Your health plans, as the clinic has them."),
	TR("Your health plans stand here."), TR("Search health plans"), AUDIT_INSURANCE, true},
    [CLASS_DETAILS] = {"details", TR("Personal details"),
	TR("Name, address, and whom to call. Tell your clinic if something is out of date."),
	TR("Your details stand here."), TR("Search personal details"), AUDIT_DEMOGRAPHICS},
    [CLASS_OTHER] = {"other", TR("Everything else"), TR("All other entries of the record. Nothing is left out."),
	TR("There are no other entries."), TR("Search these entries"), AUDIT_OTHER},
};

const char *record_class_title(enum record_class class)
{
	return record_sections[class].title;
}

const char *record_class_path(enum record_class class)
{
	return record_sections[class].path;
}

enum record_class
record_class_of_route(const struct request *rq)
{
	str rest = str_from_z(request_route(rq)->pattern), segment;
	size_t at;

	if (str_find(rest, S("/record/"), &at)) {
		str_cut(str_drop(rest, at + 8), '/', &segment);
		for (int i = 0; i < RECORD_CLASSES; i++)
			if (str_equal(segment, str_from_z(record_sections[i].path)))
				return (enum record_class)i;
	}
	return CLASS_OTHER;
}

str
record_item_path(struct arena *arena, str base, const struct record_item *item)
{
	if (item->class == CLASS_OTHER)
		return arena_printf(
		    arena, "%.*s/other/%s/%.*s", STR_ARG(base), resource_type_name(item->type), STR_ARG(item->id));
	return arena_printf(arena, "%.*s/%s/%.*s", STR_ARG(base), record_sections[item->class].path, STR_ARG(item->id));
}

str
record_ask_path(struct arena *arena, const struct record_item *item)
{
	return arena_printf(arena, "/messages/new?about=%s/%.*s", resource_type_name(item->type), STR_ARG(item->id));
}

str
record_print_path(struct cx *cx, struct request *rq)
{
	str query = request_query_text(rq);

	return arena_printf(
	    cx->arena, "%.*s?%.*s%sprint=1", STR_ARG(request_path(rq)), STR_ARG(query), query.n ? "&" : "");
}

/* ---- whose record ---- */

static fallible
fill_patient(struct cx *cx, const struct page_cx *px, struct record_scope *scope)
{
	struct patient patient;
	str age;

	TRY(patient_get(cx, scope->patient, &patient));
	scope->name = patient.name;
	age = record_age_words(px, patient.born);
	if (age.n)
		scope->about = TF2("%1, born %2", age, px_date_only(px, zone_civil(zone_utc(), patient.born).date));
	return NULL;
}

/* Medicines and visits have rows of their own in the patient's navigation. */
static const char *
own_active(const struct request *rq)
{
	str pattern = str_from_z(request_route(rq)->pattern);

	if (str_starts(pattern, S("/record/medicines")))
		return "/prescriptions";
	return str_starts(pattern, S("/record/visits")) ? "/record/visits" : "/record";
}

fallible
record_scope_open(struct cx *cx, struct request *rq, str title, struct record_scope *scope, struct page_cx *px)
{
	*scope = (struct record_scope){.own = !request_param(rq, "patient").p, .base = S("/record")};
	if (scope->own)
		scope->patient = cx->who.patient;
	else if (!request_param_uuid(rq, "patient", &scope->patient.v))
		return ERR(ERR_GONE,
		    TR("We could not find that. It may have been removed, or it is not shared with you."),
		    "not a patient's id");
	TRY(access_check(cx, scope->patient, RIGHT_RECORD_READ, &scope->why));
	if (!scope->own)
		scope->base =
		    arena_printf(cx->arena, "/patients/%.*s/record", STR_ARG(uuid_text(cx->arena, scope->patient.v)));
	TRY(page_cx_for(cx, rq, title, scope->own ? own_active(rq) : "/patients", px));
	if (!scope->own) {
		TRY(fill_patient(cx, px, scope));
		px->title = arena_printf(cx->arena, "%.*s: %.*s", STR_ARG(title), STR_ARG(scope->name));
	}
	return NULL;
}

void
record_audit(struct cx *cx, const struct record_scope *scope, enum audit_action action, enum audit_subject subject,
    struct uuid item, int64_t count)
{
	audit_add_read(cx, &(struct audit){.action = action,
			       .subject = subject,
			       .patient = scope->patient,
			       .item = item,
			       .count = count,
			       .why = (int)scope->why});
}

/* ---- routes ---- */

#define RECORD_ROWS(base, callers)                                                                                 \
	{GET, base, get_record_summary, .who = (callers)}, {GET, base "/labs", get_record_labs, .who = (callers)}, \
	    {GET, base "/labs/{id}", get_record_item, .who = (callers)},                                           \
	    {GET, base "/vitals", get_record_labs, .who = (callers)},                                              \
	    {GET, base "/vitals/{id}", get_record_item, .who = (callers)},                                         \
	    {GET, base "/medicines", get_record_list, .who = (callers)},                                           \
	    {GET, base "/medicines/{id}", get_record_item, .who = (callers)},                                      \
	    {GET, base "/problems", get_record_list, .who = (callers)},                                            \
	    {GET, base "/problems/{id}", get_record_item, .who = (callers)},                                       \
	    {GET, base "/allergies", get_record_list, .who = (callers)},                                           \
	    {GET, base "/allergies/{id}", get_record_item, .who = (callers)},                                      \
	    {GET, base "/immunizations", get_record_list, .who = (callers)},                                       \
	    {GET, base "/immunizations/{id}", get_record_item, .who = (callers)},                                  \
	    {GET, base "/visits", get_record_list, .who = (callers)},                                              \
	    {GET, base "/visits/{id}", get_record_item, .who = (callers)},                                         \
	    {GET, base "/procedures", get_record_list, .who = (callers)},                                          \
	    {GET, base "/procedures/{id}", get_record_item, .who = (callers)},                                     \
	    {GET, base "/notes", get_record_list, .who = (callers)},                                               \
	    {GET, base "/notes/{id}", get_record_item, .who = (callers)},                                          \
	    {GET, base "/documents", get_record_list, .who = (callers)},                                           \
	    {GET, base "/documents/{id}", get_record_item, .who = (callers)},                                      \
	    {GET, base "/care-team", get_record_list, .who = (callers)},                                           \
	    {GET, base "/care-team/{id}", get_record_item, .who = (callers)},                                      \
	    {GET, base "/reports", get_record_list, .who = (callers)},                                             \
	    {GET, base "/reports/{id}", get_record_item, .who = (callers)},                                        \
	    {GET, base "/plans", get_record_list, .who = (callers)},                                               \
	    {GET, base "/plans/{id}", get_record_item, .who = (callers)},                                          \
	    {GET, base "/devices", get_record_list, .who = (callers)},                                             \
	    {GET, base "/devices/{id}", get_record_item, .who = (callers)},                                        \
	    {GET, base "/insurance", get_record_list, .who = (callers)},                                           \
	    {GET, base "/insurance/{id}", get_record_item, .who = (callers)},                                      \
	    {GET, base "/details", get_record_list, .who = (callers)},                                             \
	    {GET, base "/details/{id}", get_record_item, .who = (callers)},                                        \
	    {GET, base "/other", get_record_other, .who = (callers)},                                              \
	    {GET, base "/other/{type}", get_record_other_type, .who = (callers)},                                  \
	    {GET, base "/other/{type}/{id}", get_record_item, .who = (callers)},                                   \
	{                                                                                                          \
		GET, base "/files/{type}/{id}/{n}", get_record_file, .who = (callers), .face = FACE_PLAIN          \
	}

const struct route record_pages_routes[] = {
    RECORD_ROWS("/record", WHO_PATIENT | WHO_DELEGATE),
    RECORD_ROWS("/patients/{patient}/record", WHO_CARE_TEAM),
    {GET, "/record/waiting", get_waiting, .who = WHO_PATIENT | WHO_DELEGATE},
    {POST, "/record/waiting/{type}/{id}/open", post_waiting_open, .who = WHO_PATIENT, .body_bytes_max = 1024,
	.writes = true},
    {GET, "/patients/{patient}/record/waiting", get_waiting, .who = WHO_CARE_TEAM},
    {POST, "/patients/{patient}/record/waiting/{type}/{id}/open", post_waiting_open, .who = WHO_CARE_TEAM,
	.body_bytes_max = 1024, .writes = true},
    {GET, "/record/pace", get_pace, .who = WHO_PATIENT},
    {GET, "/record/pace/{class}", get_pace_choice, .who = WHO_PATIENT},
    {POST, "/record/pace/{class}", post_pace_choice, .who = WHO_PATIENT, .body_bytes_max = 4096, .writes = true},
    {GET, "/patients", get_patients, .who = WHO_CARE_TEAM},
    {GET, "/looked", get_looked, .who = WHO_PATIENT},
    {0},
};
