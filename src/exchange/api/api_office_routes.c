/* SPDX-License-Identifier: Apache-2.0 */
/* Addresses of the office, of charting and of the staff: who may ask, and the SMART scope that an app needs. */
#include "exchange/api/api_office.h"

#define OFFICE (WHO_COORDINATOR | WHO_ADMINISTRATOR)

const struct route api_office_routes[] = {
    API_LOOK("/api/office/settings", api_get_settings, OFFICE, "Organization.r"),
    API_DEED(PUT, "/api/office/settings", api_put_settings, OFFICE, "Organization.u", API_SMALL_BODY),
    API_DEED(POST, "/api/office/closures", api_post_closure, OFFICE, "Organization.u", API_SMALL_BODY),
    API_DEED(DELETE, "/api/office/closures/{day}", api_delete_closure, OFFICE, "Organization.u", 0),
    API_LOOK("/api/office/words", api_get_words, OFFICE, "Organization.r"),
    API_DEED(PUT, "/api/office/words", api_put_words, OFFICE, "Organization.u", API_BODY_MAX),
    API_LOOK("/api/office/chart-lists", api_get_chart_lists, OFFICE, "Organization.r"),
    API_DEED(PUT, "/api/office/chart-lists", api_put_chart_lists, OFFICE, "Organization.u", API_BODY_MAX),

    API_LOOK("/api/office/teams", api_get_groups, OFFICE, "CareTeam.r"),
    API_DEED(POST, "/api/office/teams", api_post_group, OFFICE, "CareTeam.c", API_SMALL_BODY),
    API_LOOK("/api/office/teams/{team}", api_get_group, OFFICE, "CareTeam.r"),
    API_DEED(PUT, "/api/office/teams/{team}", api_put_group, OFFICE, "CareTeam.u", API_SMALL_BODY),
    API_DEED(POST, "/api/office/teams/{team}/close", api_close_group, OFFICE, "CareTeam.d", API_SMALL_BODY),
    API_DEED(PUT, "/api/office/teams/{team}/members/{account}", api_put_member, OFFICE, "CareTeam.u", API_SMALL_BODY),
    API_DEED(DELETE, "/api/office/teams/{team}/members/{account}", api_delete_member, OFFICE, "CareTeam.u", 0),
    API_DEED(POST, "/api/office/teams/{team}/patients", api_post_panel, OFFICE, "CareTeam.u", API_BODY_MAX),

    API_LOOK("/api/office/patients", api_get_patients, OFFICE, "Patient.s"),
    API_LOOK("/api/office/patients/{patient}", api_get_patient, OFFICE, "Patient.r"),
    API_DEED(DELETE, "/api/office/patients/{patient}/teams/{team}", api_delete_association, OFFICE, "CareTeam.u", 0),
    API_LOOK("/api/office/blocks", api_get_blocks, OFFICE, "Flag.r"),
    API_DEED(POST, "/api/office/patients/{patient}/blocks", api_post_block, OFFICE, "Flag.c", API_SMALL_BODY),
    API_DEED(DELETE, "/api/office/patients/{patient}/blocks/{block}", api_delete_block, OFFICE, "Flag.d", 0),

    API_LOOK("/api/office/people", api_get_people, OFFICE, "Practitioner.r"),
    API_DEED(PUT, "/api/office/people/{account}", api_put_person, WHO_ADMINISTRATOR, "Practitioner.u", API_SMALL_BODY),
    API_LOOK("/api/staff-lists", api_get_staff_lists, WHO_STAFF, "Group.r"),
    API_DEED(POST, "/api/staff-lists", api_post_staff_list, OFFICE, "Group.c", API_BODY_MAX),
    API_DEED(PUT, "/api/staff-lists/{list}", api_put_staff_list, OFFICE, "Group.u", API_BODY_MAX),
    API_DEED(DELETE, "/api/staff-lists/{list}", api_delete_staff_list, OFFICE, "Group.d", 0),
    API_LOOK("/api/covers", api_get_covers, WHO_STAFF, "PractitionerRole.r"),
    API_DEED(POST, "/api/covers", api_post_cover, WHO_STAFF, "PractitionerRole.u", API_SMALL_BODY),
    API_DEED(DELETE, "/api/covers/{cover}", api_delete_cover, WHO_STAFF, "PractitionerRole.u", 0),

    {GET, "/api/reports", api_get_report, .who = WHO_STAFF, .scope = "Measure.r", .face = FACE_JSON,
	.rate = RATE_HEAVY},
    API_LOOK("/api/office/cleanup", api_get_cleanup, OFFICE, "Measure.r"),
    API_LOOK("/api/office/unanswerable", api_get_ownerless, OFFICE, "Measure.r"),
    API_LOOK("/api/office/patients/{patient}/communication", api_get_timeline, OFFICE, "Communication.rs"),
    API_LOOK("/api/patients/{patient}/communication", api_get_timeline, WHO_CARE_TEAM, "Communication.rs"),

    API_LOOK("/api/conversations/{thread}/notes", api_get_notes, WHO_CARE_TEAM, "DocumentReference.rs"),
    API_DEED(
	POST, "/api/conversations/{thread}/notes", api_post_note, WHO_CARE_TEAM, "DocumentReference.c", API_BODY_MAX),
    API_DEED(POST, "/api/conversations/{thread}/notes/preview", api_preview_note, WHO_CARE_TEAM, "DocumentReference.c",
	API_BODY_MAX),
    API_DEED(
	POST, "/api/notes/{note}/credit/take-back", api_take_back_credit, WHO_CARE_TEAM, "Encounter.u", API_SMALL_BODY),
    API_LOOK("/api/notes/undelivered", api_get_troubles, WHO_CARE_TEAM, "DocumentReference.rs"),
    API_DEED(POST, "/api/notes/{note}/retry", api_retry_note, WHO_CARE_TEAM, "DocumentReference.u", API_SMALL_BODY),
    API_DEED(POST, "/api/notes/{note}/end", api_end_note, WHO_CARE_TEAM, "DocumentReference.u", API_SMALL_BODY),
    {0},
};
