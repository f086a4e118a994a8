/* SPDX-License-Identifier: Apache-2.0 */
/* Handlers of the office and of charting: what coordinators and administrators do, and what a team keeps of a conversation. */
#ifndef SALVE_API_OFFICE_H
#define SALVE_API_OFFICE_H

#include "care/administration/administration.h"
#include "exchange/api/api_internal.h"
#include "platform/pages/pages.h"

/* Language, zone and time for the few functions that give words for people. */
fallible api_words_for(struct cx *cx, struct page_cx *out);
/* A team as its office knows it: all of put_team, its people, and whether it is closed. */
fallible put_group(struct cx *cx, struct api_answer *a, const struct team *team);
/* enum care_relation as words: panel, clinic, list, hand. */
extern const char *const api_relations[];

handler_fn api_get_settings, api_put_settings, api_post_closure, api_delete_closure, api_get_words, api_put_words,
    api_post_check, api_get_chart_lists, api_put_chart_lists, api_get_ownerless;
handler_fn api_get_groups, api_get_group, api_post_group, api_put_group, api_close_group, api_put_member,
    api_delete_member, api_post_panel;
handler_fn api_get_patients, api_get_patient, api_delete_association, api_get_blocks, api_post_block, api_delete_block;
handler_fn api_get_people, api_put_person, api_get_staff_lists, api_post_staff_list, api_put_staff_list,
    api_delete_staff_list, api_get_covers, api_post_cover, api_delete_cover;
handler_fn api_get_report, api_get_cleanup, api_get_timeline;
handler_fn api_get_notes, api_post_note, api_preview_note, api_get_troubles, api_retry_note, api_end_note,
    api_take_back_credit;

#endif
