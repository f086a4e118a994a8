/* SPDX-License-Identifier: Apache-2.0 */
/* The columns of a thread, for the stores of this folder. */
#ifndef SALVE_THREAD_COLUMNS_H
#define SALVE_THREAD_COLUMNS_H

#include "care/messaging/messaging_store.h"

#define THREAD_COLUMNS                                                                                                 \
	"t.id, t.patient, t.facility, t.team, t.category, t.subject, t.begun_by, t.made, t.message_count, t.last_at, " \
	"t.last_side, t.status, t.round_at, t.due, t.owner, t.owner_role, t.claimed_at, t.lease_until, t.opened_at, "  \
	"t.answered_at, t.completed_at, t.completed_how, t.escalate_at, t.escalated_at, t.escalation_tries, "          \
	"t.merged_into, t.urgent, t.urgent_reason, t.filed_at, t.spoken_by, t.about"

/* clang-format off */
#define THREAD_FIELDS                                                                                                  \
	COL(struct thread, id.v), COL(struct thread, patient.v), COL(struct thread, facility.v),                       \
	COL(struct thread, team.v), COL(struct thread, category), COL_BYTES(struct thread, subject),                   \
	COL(struct thread, begun_by), COL(struct thread, made), COL(struct thread, message_count),                     \
	COL(struct thread, last_at), COL(struct thread, last_side), COL(struct thread, status),                        \
	COL(struct thread, round_at), COL(struct thread, due), COL(struct thread, owner.v),                            \
	COL(struct thread, owner_role), COL(struct thread, claimed_at), COL(struct thread, lease_until),               \
	COL(struct thread, opened_at), COL(struct thread, answered_at), COL(struct thread, completed_at),              \
	COL(struct thread, completed_how), COL(struct thread, escalate_at), COL(struct thread, escalated_at),          \
	COL(struct thread, escalation_tries), COL(struct thread, merged_into.v), COL(struct thread, urgent),           \
	COL_BYTES(struct thread, urgent_reason), COL(struct thread, filed_at), COL(struct thread, spoken_by.v),        \
	COL_BYTES(struct thread, about.sealed)
/* clang-format on */

static const struct db_column THREAD[] = {THREAD_FIELDS};

#endif
