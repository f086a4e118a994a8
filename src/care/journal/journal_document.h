/* SPDX-License-Identifier: Apache-2.0 */
/* Files of documents that patients bring: letters, photos, old results.  A document is an entry of a log with files; each file is a Binary
 * of the same log, so that one switch decides about both.  What the scanner has not seen yet is held as an attachment is
 * (care/attachments), and becomes a Binary when it is clean.  Private to this folder. */
#ifndef SALVE_JOURNAL_DOCUMENT_H
#define SALVE_JOURNAL_DOCUMENT_H

#include "care/attachments/attachments.h"
#include "care/journal/journal_internal.h"

#define JOURNAL_DOCUMENTS_MAX       500 /* of one patient, */
#define JOURNAL_DOCUMENTS_BYTES_MAX ((int64_t)500 * 1000 * 1000)

/* A file that was sent: checked, scanned and sealed outside of the act. */
struct journal_incoming {
	struct journal_file file;
	struct resource_draft *binary;  /* can be read at once, */
	struct attachment_sealed *held; /* or waits for the scanner */
};
struct journal_file_new {
	patient_id patient;
	const struct journal_log *log;
	struct uuid document; /* key of the entry: the same content in one document has the same id */
	str name, content;
	struct attachment_limits limits;
};
/* ERR_INVALID with words: empty, too large, of no kind that is taken, or infected. */
fallible journal_file_take(struct cx *cx, const struct journal_file_new *in, struct journal_incoming *out);

/* Is there room for more files, and (is_new) for one more document? ERR_INVALID with words. */
fallible journal_documents_room(struct cx *cx, patient_id patient, const struct journal_log *log, bool is_new);

/* In the act of the entry: what is new is kept, what `before` (NULL: nothing) had and `now` has not is taken away. */
fallible journal_files_write(struct tx *tx, const struct journal_put *in, const struct journal_values *before);
fallible journal_files_drop(
    struct tx *tx, patient_id patient, const struct journal_log *log, const struct journal_values *before);

enum journal_file_state { JOURNAL_FILE_THERE, JOURNAL_FILE_HELD, JOURNAL_FILE_INFECTED };
/* `finding`: what the scanner found, in its words. */
fallible journal_file_state(
    struct cx *cx, patient_id patient, const struct journal_file *file, enum journal_file_state *out, str *finding);
/* ERR_CONFLICT with words while it is held, or when it was not kept. */
fallible journal_file_bytes(struct cx *cx, patient_id patient, const struct journal_file *file, str *out);

/* Where the record shows the n-th file of an entry, from 1; `base`: "/record" or "/patients/<id>/record". */
str journal_file_path(struct arena *arena, str base, const struct journal_entry *entry, size_t n);

#endif
