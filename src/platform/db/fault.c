/* SPDX-License-Identifier: Apache-2.0 */
/* Faults on demand: tests make the nth writing statement fail, or the process die there, and then look whether the world is
 * still whole. */
#include <signal.h>
#include <unistd.h>

#include "platform/db/db_internal.h"

void
db_fault_arm(struct db *db, enum db_fault_kind kind, int64_t nth)
{
	pthread_mutex_lock(&db->mutex);
	db->fault_kind = kind;
	db->fault_at = nth;
	db->fault_seen = 0;
	pthread_mutex_unlock(&db->mutex);
}

int64_t
db_fault_count(const struct db *db)
{
	return db->fault_seen;
}

fallible
fault_check(struct db *db)
{
	bool hit;

	pthread_mutex_lock(&db->mutex);
	hit = ++db->fault_seen == db->fault_at && db->fault_kind != DB_FAULT_NONE;
	pthread_mutex_unlock(&db->mutex);
	if (!hit)
		return NULL;
	if (db->fault_kind == DB_FAULT_KILL)
		kill(getpid(), SIGKILL);
	return ERR(ERR_BROKEN, "Something went wrong on our side.", "a fault that a test asked for");
}
