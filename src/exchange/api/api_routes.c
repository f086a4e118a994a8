/* SPDX-License-Identifier: Apache-2.0 */
/* Every address of the API: who may ask, and the SMART scope that an app needs. */
#include "exchange/api/api_office.h"

#define PATIENT_SIDE (WHO_PATIENT | WHO_DELEGATE)
#define READERS      (PATIENT_SIDE | WHO_CARE_TEAM)
#define WRITERS      (WHO_PATIENT | WHO_CARE_TEAM) /* acting for a patient: by the pages, whose forms know for whom */

const struct route api_routes[] = {
    API_LOOK("/api/teams", api_get_teams, WRITERS, "Communication.rs"),
    API_DEED(PUT, "/api/teams", api_put_team_choices, WHO_PATIENT, "Communication.u", API_SMALL_BODY),
    API_LOOK("/api/teams/proposed", api_get_proposal, WHO_PATIENT, "Communication.rs"),
    API_LOOK("/api/inbox", api_get_inbox, WHO_CARE_TEAM, "Communication.rs"),
    API_LOOK("/api/inbox/counts", api_get_counts, WHO_CARE_TEAM, "Communication.rs"),
    API_LOOK("/api/inbox/lists", api_get_views, WHO_CARE_TEAM, "Communication.rs"),
    API_DEED(POST, "/api/inbox/lists", api_put_view, WHO_CARE_TEAM, "Communication.u", API_SMALL_BODY),
    API_DEED(DELETE, "/api/inbox/lists/{view}", api_delete_view, WHO_CARE_TEAM, "Communication.u", 0),

    API_DEED(POST, "/api/check", api_post_check, WRITERS, "Communication.c", API_BODY_MAX),
    API_LOOK("/api/conversations", api_get_conversations, PATIENT_SIDE, "Communication.rs"),
    API_DEED(POST, "/api/conversations", api_post_conversation, WRITERS, "Communication.c", API_BODY_MAX),
    API_LOOK("/api/conversations/{thread}", api_get_conversation, READERS, "Communication.rs"),
    API_DEED(POST, "/api/conversations/{thread}/messages", api_post_message, WRITERS, "Communication.c", API_BODY_MAX),
    API_DEED(POST, "/api/conversations/{thread}/messages/{n}/take-back", api_recall, WHO_CARE_TEAM, "Communication.u",
	API_SMALL_BODY),
    API_DEED(
	POST, "/api/conversations/{thread}/read", api_read_conversation, WRITERS, "Communication.u", API_SMALL_BODY),
    API_DEED(POST, "/api/conversations/{thread}/move", api_move, WHO_PATIENT, "Communication.u", API_SMALL_BODY),
    API_LOOK("/api/conversations/{thread}/text", api_get_text, READERS, "Communication.rs"),
    API_LOOK("/api/conversations/{thread}/colleagues", api_get_colleagues, WHO_CARE_TEAM, "Communication.rs"),
    API_DEED(POST, "/api/conversations/{thread}/do/{deed}", api_post_deed, WHO_CARE_TEAM, "Task.u", API_SMALL_BODY),

    API_LOOK("/api/drafts", api_get_drafts, WRITERS, "Communication.rs"),
    API_LOOK("/api/drafts/{draft}", api_get_draft, WRITERS, "Communication.rs"),
    API_DEED(PUT, "/api/drafts/{draft}", api_put_draft, WRITERS, "Communication.c", API_BODY_MAX),
    API_DEED(DELETE, "/api/drafts/{draft}", api_delete_draft, WRITERS, "Communication.c", 0),
    API_DEED(POST, "/api/drafts/{draft}/send", api_send_draft, WRITERS, "Communication.c", API_SMALL_BODY),
    API_DEED(POST, "/api/drafts/{draft}/undo", api_undo_draft, WRITERS, "Communication.c", API_SMALL_BODY),
    API_DEED(POST, "/api/drafts/{draft}/files", api_post_file, WRITERS, "Communication.c", API_FILE_BODY),
    API_LOOK("/api/files/{file}", api_get_file, READERS, "Communication.rs"),
    API_DEED(DELETE, "/api/files/{file}", api_delete_file, WRITERS, "Communication.c", 0),

    API_LOOK("/api/folders", api_get_folders, WHO_PATIENT, "Communication.rs"),
    API_DEED(POST, "/api/folders", api_post_folder, WHO_PATIENT, "Communication.u", API_SMALL_BODY),
    API_DEED(PUT, "/api/folders/{folder}", api_put_folder, WHO_PATIENT, "Communication.u", API_SMALL_BODY),
    API_DEED(DELETE, "/api/folders/{folder}", api_delete_folder, WHO_PATIENT, "Communication.u", 0),
    API_LOOK("/api/search", api_search, PATIENT_SIDE, "Communication.rs"),

    API_LOOK("/api/terms", api_get_terms, WHO_PATIENT, "Communication.rs"),
    API_DEED(PUT, "/api/terms", api_put_terms, WHO_PATIENT, "Communication.u", API_SMALL_BODY),
    API_LOOK("/api/signature", api_get_signature, WRITERS, "Communication.rs"),
    API_DEED(PUT, "/api/signature", api_put_signature, WRITERS, "Communication.u", API_SMALL_BODY),
    API_LOOK("/api/notices", api_get_notices, WRITERS, "Communication.rs"),
    API_DEED(PUT, "/api/notices", api_put_notices, WRITERS, "Communication.u", API_SMALL_BODY),

    API_LOOK("/api/templates", api_get_templates, WHO_CARE_TEAM, "Communication.rs"),
    API_DEED(POST, "/api/templates", api_put_template, WHO_CARE_TEAM, "Communication.u", API_BODY_MAX),
    API_DEED(PUT, "/api/templates/{template}", api_put_template, WHO_CARE_TEAM, "Communication.u", API_BODY_MAX),
    API_DEED(DELETE, "/api/templates/{template}", api_delete_template, WHO_CARE_TEAM, "Communication.u", 0),

    API_LOOK("/api/teams/{team}/patients", api_get_candidates, WHO_CARE_TEAM, "Communication.rs"),
    API_DEED(POST, "/api/broadcasts", api_post_broadcast, WHO_CARE_TEAM, "Communication.c", API_MANY_BODY),
    API_LOOK("/api/broadcasts/{broadcast}", api_get_broadcast, WHO_CARE_TEAM, "Communication.rs"),
    {0},
};
