/* SPDX-License-Identifier: Apache-2.0 */
/* The steps that the program makes by itself: which import is next, as whom, and how a step ends.  A step whose worker fell silent is
 * taken up by another behind its last durable part; IMPORT_ATTEMPTS times without getting further, and it has failed. */
#include "care/imports/import_store.h"
#include "platform/pages/i18n.h"
#include "trust/audit/audit.h"

void
import_tell(const struct cx *cx, const struct import *import)
{
	if (cx->events && !uuid_is_none(import->account.v))
		events_publish(cx->events, import->account.v, "import", S("1"));
}

/* ---- as whom ---- */

static fallible
become(struct cx *cx, const struct import *import, struct cx *out)
{
	struct account account;

	if (uuid_is_none(import->account.v)) {
		*out = *cx;
		out->lang = (enum lang)import->lang;
		out->who = (struct who){.is = WHO_SYSTEM};
		return NULL;
	}
	TRY(account_get(cx, import->account, &account));
	*out = *cx;
	out->lang = (enum lang)import->lang;
	out->who = (struct who){.is = import->acting ? WHO_DELEGATE : WHO_PATIENT,
	    .account = import->account,
	    .patient = import->patient,
	    .facility = account.facility};
	return account.active ? NULL
	                      : ERR(ERR_GONE, "This account is closed.", "an import of an account that is closed");
}

/* ---- one step ---- */

struct claiming {
	struct import row;
	bool mine;
};

static const struct err *
claim(struct tx *tx, void *arg)
{
	struct claiming *c = arg;

	return import_row_claim(tx, &c->row, tx->cx->now, &c->mine);
}

static const struct err *
fail(struct tx *tx, void *arg)
{
	struct claiming *c = arg;

	TRY(import_row_settle(tx, &c->row, tx->cx->now, &c->mine));
	if (c->mine)
		audit_add(tx, &(struct audit){.action = AUDIT_UPDATE,
				  .subject = AUDIT_JOURNAL,
				  .patient = c->row.patient,
				  .item = c->row.id,
				  .why = ACCESS_SYSTEM});
	return NULL;
}

static const char *
words_of(const struct err *error)
{
	if (error->code == ERR_INVALID && error->say)
		return error->say;
	if (error->code == ERR_GONE || error->code == ERR_DENIED)
		return TR("The permission to write in this health log has ended.");
	return TR(
	    "Something went wrong on our side. Your log is safe. Try again. If it fails again, tell your clinic.");
}

static fallible
give_up(struct cx *cx, const struct import *row, const struct err *error)
{
	struct claiming c = {.row = *row};

	LOG(LOG_WARN, "import", LOG_UUID("import", row->id), LOG_INT("state", row->state),
	    LOG_Z("code", err_code_name(error->code)), LOG_Z("why", error->log ? error->log : "-"));
	c.row.state = IMPORT_FAILED;
	c.row.facts.wrong = arena_str(cx->arena, tr((enum lang)row->lang, words_of(error)));
	c.row.expires_at = instant_add_ms(cx->now, IMPORT_DAYS * DAY_MS);
	TRY(vault_seal(
	    cx, row->patient, import_facts_place(row->id), import_facts_write(cx->arena, &c.row.facts), &c.row.sealed));
	return db_write(cx, fail, &c);
}

static fallible
run(struct cx *cx, struct import *import)
{
	struct cx as;
	const struct err *error = become(cx, import, &as);

	if (!error) { /* until it comes back, the snapshot is the copy's */
		switch (import->state) {
		case IMPORT_LOOKING: error = import_look_run(&as, import); break;
		case IMPORT_KEEPING: error = import_keep_run(&as, import); break;
		default: error = import_back_run(&as, import);
		}
		error = error ? err_copy(cx->arena, error) : NULL;
		cx->conn = as.conn;
	}
	return error;
}

/* Stopped, or the program ends: whoever comes next goes on. */
static bool
is_interruption(const struct err *error)
{
	return error->code == ERR_CONFLICT || error->code == ERR_BUSY;
}

fallible
import_step(struct cx *cx, const struct import *import)
{
	struct claiming c = {.row = *import};
	const struct err *error;
	str text;

	if (c.row.state != IMPORT_LOOK_WAITS && c.row.state != IMPORT_KEEP_WAITS && c.row.state != IMPORT_BACK_WAITS &&
	    c.row.state != IMPORT_LOOKING && c.row.state != IMPORT_KEEPING && c.row.state != IMPORT_BACKING)
		return NULL;
	c.row.state = c.row.state / 10 * 10 + 5;
	TRY(db_write(cx, claim, &c));
	if (!c.mine)
		return NULL; /* somebody was faster */
	c.row.attempts++;
	TRY(vault_open_text(cx, c.row.patient, import_facts_place(c.row.id), c.row.sealed, &text));
	TRY(import_facts_read(cx->arena, text, &c.row.facts));
	error = c.row.attempts > IMPORT_ATTEMPTS
	            ? ERR(ERR_BROKEN, "Something went wrong on our side.", "an import that died each time")
	            : run(cx, &c.row);
	db_refresh(cx);
	if (error && !is_interruption(error))
		error = give_up(cx, &c.row, error);
	else if (error)
		LOG(LOG_INFO, "import interrupted", LOG_UUID("import", c.row.id),
		    LOG_Z("why", error->log ? error->log : "-"));
	import_tell(cx, &c.row);
	return error && error->code == ERR_CONFLICT ? NULL : error;
}

/* ---- the timer ---- */

static const struct err *
expire(struct tx *tx, void *arg)
{
	struct import *row = arg;
	bool mine;

	audit_add(tx, &(struct audit){.action = AUDIT_DELETE,
			  .subject = AUDIT_JOURNAL,
			  .patient = row->patient,
			  .item = row->id,
			  .why = ACCESS_SYSTEM});
	if (row->state != IMPORT_KEPT && row->state != IMPORT_FAILED)
		return import_row_delete(tx, row);
	/* The report stays; what was refused is gone, and so is the file of what failed. */
	for (enum import_part part = PART_FILE; part <= PART_POINT; part++)
		TRY(import_chunks_delete(tx, row, part));
	row->refused = 0;
	row->expires_at = INSTANT_NONE;
	return import_row_turn(tx, row, row->state, row->touched, &mine);
}

fallible
imports_work(struct cx *cx)
{
	struct import *expired, next;
	struct db_rows rows;
	bool found;

	TRY(import_rows_expired(cx, cx->now, &rows));
	expired = rows.items;
	for (size_t i = 0; i < rows.count; i++)
		TRY(db_write(cx, expire, &expired[i]));
	TRY(import_row_next(cx, instant_add_ms(cx->now, -IMPORT_SILENT_MS), &next, &found));
	return found ? import_step(cx, &next) : NULL;
}
