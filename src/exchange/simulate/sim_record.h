/* SPDX-License-Identifier: Apache-2.0 */
#ifndef SALVE_SIM_RECORD_H
#define SALVE_SIM_RECORD_H

#include "exchange/simulate/sim_internal.h"

/* Five years of conditions, visits, measurements, tests, medicines, vaccines and notes. Tells the patient's medicine and test
 * for the messages. */
void sim_record(struct sim *sim, struct sim_patient *patient);
/* What stands beside visits: examinations, procedures, implants, plans, insurance, whom to call, papers. `shown`: whoever tries the
 * demonstration finds something in every part. */
void sim_other(struct sim *sim, const struct sim_patient *patient, bool shown);

#endif
