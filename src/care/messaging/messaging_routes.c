/* SPDX-License-Identifier: Apache-2.0 */
/* Every door of messaging, and the stream of live events. */
#include "care/messaging/messaging_pages.h"
#include "care/messaging/team_choice.h"

/* The caller's own topic and those of their teams: "unread", "tasks", "inbox", "thread".  While acting for a patient, the
 * patient's instead. */
static fallible
get_events(struct cx *cx, struct request *rq)
{
	struct uuid topics[HTTP_EVENT_TOPICS_MAX];
	size_t count = 0;
	struct db_rows teams;
	const struct team *team;
	enum access_why why;

	if (cx->who.is & WHO_DELEGATE) {
		TRY(access_check(cx, cx->who.patient, RIGHT_MESSAGES_READ, &why));
		return respond_events(rq, &cx->who.patient.v, 1);
	}
	topics[count++] = cx->who.account.v;
	TRY(teams_of_account(cx, cx->who.account, &teams));
	team = teams.items;
	for (size_t i = 0; i < teams.count && count < HTTP_EVENT_TOPICS_MAX; i++)
		topics[count++] = team[i].id.v;
	return respond_events(rq, topics, count);
}

#define SMALL_FORM   4096
#define PATIENT_SIDE (WHO_PATIENT | WHO_DELEGATE)
#define NOTE_FORM    (32 * 1024) /* 1,000 characters percent-coded, and the other fields */

const struct route messaging_routes[] = {
    {GET, "/messages", get_messages, .who = PATIENT_SIDE},
    {GET, "/messages/new", get_compose, .who = PATIENT_SIDE},
    {POST, "/messages/new", post_compose, .who = PATIENT_SIDE, .body_bytes_max = ATTACH_FORM_BYTES_MAX, .writes = true},
    {POST, "/messages/draft", post_draft, .who = PATIENT_SIDE, .body_bytes_max = MESSAGE_FORM_BYTES_MAX,
	.writes = true},
    {POST, "/messages/draft/{draft}/delete", post_draft_delete, .who = PATIENT_SIDE, .body_bytes_max = SMALL_FORM,
	.writes = true},
    {GET, "/messages/files/{file}", get_file, .who = PATIENT_SIDE | WHO_CARE_TEAM},
    {POST, "/messages/draft/{draft}/undo", post_draft_undo, .who = PATIENT_SIDE, .body_bytes_max = SMALL_FORM,
	.writes = true},
    {POST, "/messages/draft/{draft}/send", post_draft_send, .who = PATIENT_SIDE, .body_bytes_max = SMALL_FORM,
	.writes = true},
    {GET, "/messages/sending/{draft}", get_sending, .who = PATIENT_SIDE},
    {GET, "/messages/teams", get_team_choices, .who = PATIENT_SIDE},
    {POST, "/messages/teams", post_team_choices, .who = PATIENT_SIDE, .body_bytes_max = SMALL_FORM, .writes = true},
    {GET, "/messages/folders", get_folders, .who = PATIENT_SIDE},
    {POST, "/messages/folders", post_folders, .who = PATIENT_SIDE, .body_bytes_max = SMALL_FORM, .writes = true},
    {POST, "/messages/folders/{folder}", post_folder, .who = PATIENT_SIDE, .body_bytes_max = SMALL_FORM,
	.writes = true},
    {GET, "/messages/search", get_search, .who = PATIENT_SIDE},
    {POST, "/messages/{thread}/move", post_move, .who = PATIENT_SIDE, .body_bytes_max = SMALL_FORM, .writes = true},
    {GET, "/messages/terms", get_terms, .who = PATIENT_SIDE},
    {POST, "/messages/terms", post_terms, .who = PATIENT_SIDE, .body_bytes_max = SMALL_FORM, .writes = true},
    {POST, "/messages/{thread}/again", post_again, .who = PATIENT_SIDE, .body_bytes_max = SMALL_FORM, .writes = true},
    {GET, "/messages/{thread}", get_thread, .who = PATIENT_SIDE},
    {GET, "/messages/{thread}/text", get_thread_text, .who = PATIENT_SIDE},
    {POST, "/messages/{thread}", post_reply, .who = PATIENT_SIDE, .body_bytes_max = ATTACH_FORM_BYTES_MAX,
	.writes = true},
    {GET, "/inbox", get_inbox, .who = WHO_CARE_TEAM},
    {GET, "/inbox/new", get_reach, .who = WHO_CARE_TEAM},
    {POST, "/inbox/new", post_reach, .who = WHO_CARE_TEAM, .body_bytes_max = ATTACH_FORM_BYTES_MAX, .writes = true},
    {POST, "/inbox/draft", post_draft, .who = WHO_CARE_TEAM, .body_bytes_max = MESSAGE_FORM_BYTES_MAX, .writes = true},
    {GET, "/inbox/broadcast", get_broadcast, .who = WHO_CARE_TEAM},
    {POST, "/inbox/broadcast", post_broadcast, .who = WHO_CARE_TEAM, .body_bytes_max = BROADCAST_FORM_BYTES_MAX,
	.writes = true},
    {GET, "/inbox/broadcast/{broadcast}", get_broadcast_state, .who = WHO_CARE_TEAM},
    {GET, "/inbox/{thread}", get_desk, .who = WHO_CARE_TEAM},
    {POST, "/inbox/{thread}/reply", post_desk_reply, .who = WHO_CARE_TEAM, .body_bytes_max = ATTACH_FORM_BYTES_MAX,
	.writes = true},
    {POST, "/inbox/{thread}/claim", post_claim, .who = WHO_CARE_TEAM, .body_bytes_max = SMALL_FORM, .writes = true},
    {POST, "/inbox/{thread}/release", post_release, .who = WHO_CARE_TEAM, .body_bytes_max = SMALL_FORM, .writes = true},
    {POST, "/inbox/{thread}/complete", post_complete, .who = WHO_CARE_TEAM, .body_bytes_max = SMALL_FORM,
	.writes = true},
    {POST, "/inbox/{thread}/reopen", post_reopen, .who = WHO_CARE_TEAM, .body_bytes_max = SMALL_FORM, .writes = true},
    {POST, "/inbox/views", post_view, .who = WHO_CARE_TEAM, .body_bytes_max = SMALL_FORM, .writes = true},
    {POST, "/inbox/views/{view}/drop", post_view_drop, .who = WHO_CARE_TEAM, .body_bytes_max = SMALL_FORM,
	.writes = true},
    {POST, "/inbox/{thread}/typing", post_typing, .who = WHO_CARE_TEAM, .body_bytes_max = SMALL_FORM, .writes = true},
    {POST, "/inbox/{thread}/assign", post_assign, .who = WHO_CARE_TEAM, .body_bytes_max = SMALL_FORM, .writes = true},
    {POST, "/inbox/{thread}/reroute", post_reroute, .who = WHO_CARE_TEAM, .body_bytes_max = NOTE_FORM, .writes = true},
    {POST, "/inbox/{thread}/forward", post_forward, .who = WHO_CARE_TEAM, .body_bytes_max = NOTE_FORM, .writes = true},
    {POST, "/inbox/{thread}/note", post_note, .who = WHO_CARE_TEAM, .body_bytes_max = NOTE_FORM, .writes = true},
    {POST, "/inbox/{thread}/remind", post_remind, .who = WHO_CARE_TEAM, .body_bytes_max = SMALL_FORM, .writes = true},
    {POST, "/inbox/{thread}/merge", post_merge, .who = WHO_CARE_TEAM, .body_bytes_max = SMALL_FORM, .writes = true},
    {POST, "/inbox/{thread}/recall/{n}", post_recall, .who = WHO_CARE_TEAM, .body_bytes_max = SMALL_FORM,
	.writes = true},
    {GET, "/account/signature", get_signature, .who = WHO_SIGNED_IN},
    {POST, "/account/signature", post_signature, .who = WHO_SIGNED_IN, .body_bytes_max = SMALL_FORM, .writes = true},
    {GET, "/templates", get_templates, .who = WHO_STAFF},
    {POST, "/templates", post_template, .who = WHO_STAFF, .body_bytes_max = MESSAGE_FORM_BYTES_MAX, .writes = true},
    {POST, "/templates/{template}/delete", post_template_delete, .who = WHO_STAFF, .body_bytes_max = SMALL_FORM,
	.writes = true},
    {GET, "/account/notices", get_notice_choice, .who = WHO_SIGNED_IN},
    {POST, "/account/notices", post_notice_choice, .who = WHO_SIGNED_IN, .body_bytes_max = SMALL_FORM, .writes = true},
    {GET, "/admin/words", get_crisis_words, .who = WHO_ADMINISTRATOR | WHO_COORDINATOR},
    {POST, "/admin/words", post_crisis_words, .who = WHO_ADMINISTRATOR | WHO_COORDINATOR,
	.body_bytes_max = HTTP_FORM_BYTES_MAX, .writes = true},
    {GET, "/admin/messages", get_ownerless, .who = WHO_ADMINISTRATOR | WHO_COORDINATOR},
    {GET, "/events", get_events, .who = WHO_SIGNED_IN, .face = FACE_EVENTS},
    {0},
};
