/* SPDX-License-Identifier: Apache-2.0 */
/* Every route of this folder. */
#include "care/prescriptions/prescriptions_pages.h"

#define PATIENT_SIDE (WHO_PATIENT | WHO_DELEGATE)

const struct route prescriptions_routes[] = {
    {GET, "/prescriptions", get_prescriptions, .who = PATIENT_SIDE},
    {POST, "/prescriptions/refill", post_refills, .who = PATIENT_SIDE, .body_bytes_max = RX_FORM_BYTES, .writes = true},
    {GET, "/prescriptions/asked", get_rx_asked, .who = PATIENT_SIDE},
    {GET, "/prescriptions/wallet", get_rx_wallet, .who = PATIENT_SIDE},
    {GET, "/prescriptions/requests", get_rx_requests, .who = PATIENT_SIDE},
    {GET, "/prescriptions/requests/{refill}", get_rx_request, .who = PATIENT_SIDE},
    {POST, "/prescriptions/requests/{refill}/{deed}", post_rx_request, .who = PATIENT_SIDE, .body_bytes_max = 1024,
	.writes = true},
    {POST, "/prescriptions/renewals/{renewal}/withdraw", post_renewal_withdraw, .who = PATIENT_SIDE,
	.body_bytes_max = 1024, .writes = true},
    {GET, "/prescriptions/taking", get_rx_taking, .who = PATIENT_SIDE},
    {GET, "/prescriptions/taking/say", get_rx_say, .who = PATIENT_SIDE},
    {POST, "/prescriptions/taking/say", post_rx_say, .who = PATIENT_SIDE, .body_bytes_max = RX_FORM_BYTES,
	.writes = true},
    {POST, "/prescriptions/taking/said/{word}/withdraw", post_word_withdraw, .who = PATIENT_SIDE,
	.body_bytes_max = 1024, .writes = true},
    {GET, "/prescriptions/{id}", get_prescription, .who = PATIENT_SIDE},
    {GET, "/prescriptions/{id}/renew", get_rx_renew, .who = PATIENT_SIDE},
    {POST, "/prescriptions/{id}/renew", post_rx_renew, .who = PATIENT_SIDE, .body_bytes_max = RX_FORM_BYTES,
	.writes = true},
    {GET, "/renewals", get_renewals, .who = WHO_CARE_TEAM},
    {POST, "/renewals", post_renewals, .who = WHO_CARE_TEAM, .body_bytes_max = RX_FORM_BYTES, .writes = true},
    {GET, "/renewals/{renewal}", get_renewal, .who = WHO_CARE_TEAM},
    {POST, "/renewals/{renewal}", post_renewal, .who = WHO_CARE_TEAM, .body_bytes_max = RX_FORM_BYTES, .writes = true},
    {GET, "/refills", get_refill_problems, .who = WHO_CARE_TEAM},
    {GET, "/refills/{refill}", get_rx_request, .who = WHO_CARE_TEAM},
    {POST, "/refills/{refill}", post_refill_problem, .who = WHO_CARE_TEAM, .body_bytes_max = RX_FORM_BYTES,
	.writes = true},
    {GET, "/adherence", get_adherence, .who = WHO_CARE_TEAM, .rate = RATE_HEAVY},
    {GET, "/patients/{patient}/prescriptions", get_patient_prescriptions, .who = WHO_CARE_TEAM},
    {GET, "/patients/{patient}/prescriptions/taking", get_patient_taking, .who = WHO_CARE_TEAM},
    {POST, "/patients/{patient}/prescriptions/said/{word}", post_patient_word, .who = WHO_CARE_TEAM,
	.body_bytes_max = 1024, .writes = true},
    {0},
};
