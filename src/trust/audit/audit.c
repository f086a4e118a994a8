/* SPDX-License-Identifier: Apache-2.0 */
/* Entries of the trail as bytes in the journal, and the words for them.  The layout is fixed and versioned; numbers are
 * little-endian. */
#include "trust/audit/audit_internal.h"

#define ENTRY_VERSION 1

static void
add_number(struct buf *out, uint64_t value, int bytes)
{
	for (int i = 0; i < bytes; i++)
		buf_add_char(out, (char)(unsigned char)(value >> (8 * i)));
}

static str
encode(struct cx *cx, const struct audit *audit)
{
	struct buf out = BUF_INIT(cx->arena);

	add_number(&out, ENTRY_VERSION, 1);
	add_number(&out, audit->action, 1);
	add_number(&out, audit->subject, 1);
	add_number(&out, (uint64_t)audit->why, 1);
	add_number(&out, (uint64_t)(audit->count ? audit->count : 1), 4);
	add_number(&out, (uint64_t)cx->now.ms, 8);
	buf_add_bytes(&out, cx->who.account.v.bytes, 16);
	buf_add_bytes(&out, audit->patient.v.bytes, 16);
	buf_add_bytes(&out, audit->item.bytes, 16);
	buf_add_bytes(&out, cx->request.bytes, 16);
	return buf_str(&out);
}

static uint64_t
take_number(str *rest, int bytes)
{
	uint64_t value = 0;

	for (int i = 0; i < bytes; i++)
		value |= (uint64_t)(unsigned char)rest->p[i] << (8 * i);
	*rest = str_drop(*rest, (size_t)bytes);
	return value;
}

static struct uuid
take_uuid(str *rest)
{
	struct uuid id;

	memcpy(id.bytes, rest->p, 16);
	*rest = str_drop(*rest, 16);
	return id;
}

bool
audit_decode(str entry, struct audit_row *out)
{
	if (entry.n != 1 + 1 + 1 + 1 + 4 + 8 + 4 * 16 || take_number(&entry, 1) != ENTRY_VERSION)
		return false;
	out->action = (int64_t)take_number(&entry, 1);
	out->subject = (int64_t)take_number(&entry, 1);
	out->why = (int64_t)take_number(&entry, 1);
	out->count = (int64_t)take_number(&entry, 4);
	out->at = (instant){(int64_t)take_number(&entry, 8)};
	out->account = (account_id){take_uuid(&entry)};
	out->patient = (patient_id){take_uuid(&entry)};
	out->item = take_uuid(&entry);
	return true;
}

void
audit_add(struct tx *tx, const struct audit *audit)
{
	journal_add(tx, encode(tx->cx, audit));
}

void
audit_add_read(struct cx *cx, const struct audit *audit)
{
	journal_add_read(cx, encode(cx, audit));
}

fallible
audit_verify(struct cx *cx, struct journal_report *out)
{
	return journal_verify(cx, out);
}

static const char *const action_words[][2] = {
    [AUDIT_VIEW] = {"opened", "abrió"},
    [AUDIT_SEARCH] = {"looked through", "consultó"},
    [AUDIT_CREATE] = {"added to", "añadió datos a"},
    [AUDIT_UPDATE] = {"changed", "cambió"},
    [AUDIT_DELETE] = {"removed from", "quitó datos de"},
    [AUDIT_DOWNLOAD] = {"downloaded", "descargó"},
    [AUDIT_SEND] = {"wrote a message in", "escribió un mensaje en"},
    [AUDIT_SIGN_IN] = {"signed in to", "entró en"},
    [AUDIT_SIGN_IN_FAILED] = {"tried to sign in to", "intentó entrar en"},
    [AUDIT_SIGN_OUT] = {"signed out of", "salió de"},
    [AUDIT_DENIED] = {"was refused to see", "no pudo ver"},
    [AUDIT_IMPORT] = {"imported", "importó"},
    [AUDIT_CLAIM] = {"took over a conversation in", "se hizo cargo de una conversación en"},
    [AUDIT_COMPLETE] = {"completed a conversation in", "completó una conversación en"},
    [AUDIT_ESCALATE] = {"reminded the team of a conversation in", "avisó al equipo de una conversación en"},
    [AUDIT_ADMINISTER] = {"administered", "administró"},
};

static const char *const subject_words[][2] = {
    [AUDIT_SUMMARY] = {"your health summary", "su resumen de salud"},
    [AUDIT_LABS] = {"your lab results", "sus resultados de laboratorio"},
    [AUDIT_VITALS] = {"your vital signs", "sus signos vitales"},
    [AUDIT_MEDICINES] = {"your medicines", "sus medicamentos"},
    [AUDIT_PROBLEMS] = {"your health problems", "sus problemas de salud"},
    [AUDIT_ALLERGIES] = {"your allergies", "sus alergias"},
    [AUDIT_IMMUNIZATIONS] = {"your vaccines", "sus vacunas"},
    [AUDIT_VISITS] = {"your visits", "sus visitas"},
    [AUDIT_NOTES] = {"your notes", "sus notas clínicas"},
    [AUDIT_DOCUMENTS] = {"your documents", "sus documentos"},
    [AUDIT_CARE_TEAM] = {"your care team", "su equipo de atención"},
    [AUDIT_MESSAGES] = {"your messages", "sus mensajes"},
    [AUDIT_RECORD] = {"your health record", "su historia clínica"},
    [AUDIT_DEMOGRAPHICS] = {"your personal details", "sus datos personales"},
    [AUDIT_TRAIL] = {"this list", "esta lista"},
    [AUDIT_ACCOUNT] = {"your account", "su cuenta"},
    [AUDIT_OTHER] = {"other parts of your record", "otras partes de su historia"},
    [AUDIT_PROCEDURES] = {"your procedures", "sus procedimientos"},
    [AUDIT_REPORTS] = {"your reports", "sus informes"},
    [AUDIT_FACILITY] = {"your clinic", "su clínica"},
};

#define WORDS(table, i, lang) \
	((size_t)(i) < sizeof(table) / sizeof((table)[0]) && (table)[i][0] ? (table)[i][(lang) == LANG_ES] : "?")

const char *
audit_action_words(enum audit_action action, enum lang lang)
{
	return WORDS(action_words, action, lang);
}

const char *
audit_subject_words(enum audit_subject subject, enum lang lang)
{
	return WORDS(subject_words, subject, lang);
}
