/* SPDX-License-Identifier: Apache-2.0 */
/* Who may read which log of the journal. */
#include "trust/consent/journal_share.h"

#include "platform/pages/i18n.h"
#include "trust/audit/audit.h"
#include "trust/consent/journal_share_store.h"

const account_id SHARE_CARE_TEAM = {{{[15] = 1}}};

/* In whose name does somebody read by this right? */
static account_id
reader_of(const struct cx *cx, enum access_why why)
{
	return why == ACCESS_CARE_TEAM ? SHARE_CARE_TEAM : cx->who.account;
}

fallible
journal_share_open_logs(struct cx *cx, patient_id patient, enum access_why why, uint64_t *out)
{
	*out = journal_share_limits(why) ? 0 : UINT64_MAX;
	if (!journal_share_limits(why) || why == ACCESS_LINK)
		return NULL;
	return journal_share_rows_open(cx, patient, reader_of(cx, why), out);
}

fallible
journal_share_history(struct cx *cx, patient_id patient, db_row_fn *each, void *arg)
{
	enum access_why why;

	TRY(access_check(cx, patient, RIGHT_OWN, &why));
	return journal_share_rows_each(cx, patient, each, arg);
}

fallible
journal_share_readers(struct cx *cx, patient_id patient, int64_t log, struct db_rows *out)
{
	enum access_why why;
	uint64_t open;

	TRY(access_check(cx, patient, RIGHT_RECORD_READ, &why));
	TRY(journal_share_open_logs(cx, patient, why, &open));
	*out = (struct db_rows){NULL, 0};
	return open >> log & 1 ? journal_share_rows_now(cx, patient, log, out) : NULL;
}

fallible
journal_share_has(struct cx *cx, patient_id patient, int64_t log, account_id reader, bool *out)
{
	uint64_t open;

	TRY(journal_share_rows_open(cx, patient, reader, &open));
	*out = log > 0 && log < SHARE_LOGS_MAX && (open >> log & 1);
	return NULL;
}

fallible
journal_share_closed_at(struct cx *cx, patient_id patient, instant *out)
{
	enum access_why why;

	*out = INSTANT_NONE;
	TRY(access_check(cx, patient, RIGHT_RECORD_READ, &why));
	if (!journal_share_limits(why) || why == ACCESS_LINK)
		return NULL;
	return journal_share_row_closed_at(cx, patient, reader_of(cx, why), out);
}

/* ---- choosing ---- */

struct choice {
	patient_id patient;
	int64_t log;
	const account_id *readers;
	size_t count;
};

static bool
has(const account_id *readers, size_t count, account_id one)
{
	for (size_t i = 0; i < count; i++)
		if (uuid_equal(readers[i].v, one.v))
			return true;
	return false;
}

static const struct err *
choose(struct tx *tx, void *arg)
{
	const struct choice *in = arg;
	const struct journal_share *now;
	struct db_rows rows;
	bool changed = false;

	TRY(journal_share_rows_now(tx->cx, in->patient, in->log, &rows));
	now = rows.items;
	for (size_t i = 0; i < rows.count; i++) {
		if (has(in->readers, in->count, now[i].reader))
			continue;
		TRY(journal_share_row_end(tx, in->patient, &now[i]));
		changed = true;
	}
	for (size_t i = 0; i < in->count; i++) {
		bool is_open = false;

		for (size_t j = 0; j < rows.count; j++)
			is_open = is_open || uuid_equal(now[j].reader.v, in->readers[i].v);
		if (is_open)
			continue;
		TRY(journal_share_row_begin(tx, in->patient, in->log, in->readers[i]));
		changed = true;
	}
	if (changed)
		audit_add(tx,
		    &(struct audit){
			.action = AUDIT_CHOOSE, .subject = AUDIT_JOURNAL, .patient = in->patient, .why = ACCESS_SELF});
	return NULL;
}

fallible
journal_share_set(struct cx *cx, patient_id patient, int64_t log, const account_id *readers, size_t count)
{
	struct choice in = {patient, log, readers, count};
	enum access_why why;

	assert(log > 0 && log < SHARE_LOGS_MAX);
	TRY(access_check(cx, patient, RIGHT_OWN, &why));
	for (size_t i = 0; i < count; i++) {
		bool acts = uuid_equal(readers[i].v, SHARE_CARE_TEAM.v);

		if (!acts)
			TRY(delegate_has(cx, patient, readers[i], RIGHT_RECORD_READ, &acts));
		if (!acts || count > SHARE_READERS_MAX)
			return ERR(ERR_INVALID,
			    TR("This person may not see your health record. Let them see it first, under Sharing."),
			    "a log for somebody who does not act for the patient");
	}
	return db_write(cx, choose, &in);
}
