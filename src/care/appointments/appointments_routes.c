/* SPDX-License-Identifier: Apache-2.0 */
/* Every door of this folder's pages. */
#include "care/appointments/appointments_pages.h"

#define WHO_PATIENT_SIDE (WHO_PATIENT | WHO_DELEGATE)
#define WHO_OFFICE       (WHO_COORDINATOR | WHO_ADMINISTRATOR)
#define TAKES_FORM       .body_bytes_max = APPOINTMENTS_FORM_BYTES, .writes = true

const struct route appointments_routes[] = {
    {GET, "/appointments", get_appointments, .who = WHO_PATIENT_SIDE},
    {GET, "/appointments/new", get_booking, .who = WHO_PATIENT_SIDE},
    {POST, "/appointments/book", post_book, .who = WHO_PATIENT_SIDE, TAKES_FORM},
    {GET, "/appointments/ask", get_ask_visit, .who = WHO_PATIENT_SIDE},
    {POST, "/appointments/ask", post_ask_visit, .who = WHO_PATIENT_SIDE, TAKES_FORM},
    {GET, "/appointments/reminders", get_visit_reminders, .who = WHO_PATIENT},
    {POST, "/appointments/reminders", post_visit_reminders, .who = WHO_PATIENT, TAKES_FORM},
    {GET, "/appointments/after/{encounter}", get_after, .who = WHO_PATIENT_SIDE},
    {GET, "/appointments/{appointment}", get_visit, .who = WHO_PATIENT_SIDE},
    {GET, "/appointments/{appointment}/visit.ics", get_calendar, .who = WHO_PATIENT_SIDE},
    {POST, "/appointments/{appointment}/agenda", post_agenda, .who = WHO_PATIENT_SIDE, TAKES_FORM},
    {GET, "/appointments/{appointment}/change", get_change, .who = WHO_PATIENT_SIDE},
    {POST, "/appointments/{appointment}/change", post_change, .who = WHO_PATIENT_SIDE, TAKES_FORM},
    {GET, "/appointments/{appointment}/cancel", get_cancel, .who = WHO_PATIENT_SIDE},
    {POST, "/appointments/{appointment}/cancel", post_cancel, .who = WHO_PATIENT_SIDE, TAKES_FORM},
    {POST, "/appointments/{appointment}/choose", post_choose, .who = WHO_PATIENT_SIDE, TAKES_FORM},
    {POST, "/appointments/{appointment}/withdraw", post_visit_withdraw, .who = WHO_PATIENT_SIDE, TAKES_FORM},
    {POST, "/appointments/{appointment}/check-in", post_check_in, .who = WHO_PATIENT_SIDE, TAKES_FORM},
    {GET, "/appointments/{appointment}/questionnaires/{questionnaire}", get_visit_questionnaire, .who = WHO_PATIENT},
    {POST, "/appointments/{appointment}/questionnaires/{questionnaire}", post_visit_questionnaire, .who = WHO_PATIENT,
	.body_bytes_max = 256 * 1024, .writes = true},
    {GET, "/schedule", get_schedule, .who = WHO_CARE_TEAM},
    {GET, "/schedule/requests", get_requests, .who = WHO_CARE_TEAM},
    {GET, "/patients/{patient}/appointments/{appointment}", get_team_visit, .who = WHO_CARE_TEAM},
    {POST, "/patients/{patient}/appointments/{appointment}", post_team_visit, .who = WHO_CARE_TEAM, TAKES_FORM},
    {POST, "/patients/{patient}/appointments/{appointment}/questionnaires", post_visit_ask_questionnaire,
	.who = WHO_CARE_TEAM, TAKES_FORM},
    {POST, "/patients/{patient}/appointments/{appointment}/questionnaires/{question}/drop",
	post_visit_drop_questionnaire, .who = WHO_CARE_TEAM, TAKES_FORM},
    {GET, "/admin/schedule", get_office_schedule, .who = WHO_OFFICE},
    {GET, "/admin/schedule/kinds/new", get_kind, .who = WHO_OFFICE},
    {POST, "/admin/schedule/kinds/new", post_kind, .who = WHO_OFFICE, TAKES_FORM},
    {GET, "/admin/schedule/kinds/{kind}", get_kind, .who = WHO_OFFICE},
    {POST, "/admin/schedule/kinds/{kind}", post_kind, .who = WHO_OFFICE, TAKES_FORM},
    {GET, "/admin/schedule/hours/new", get_hours, .who = WHO_OFFICE},
    {POST, "/admin/schedule/hours/new", post_hours, .who = WHO_OFFICE, TAKES_FORM},
    {GET, "/admin/schedule/hours/{hours}", get_hours, .who = WHO_OFFICE},
    {POST, "/admin/schedule/hours/{hours}", post_hours, .who = WHO_OFFICE, TAKES_FORM},
    {0},
};
