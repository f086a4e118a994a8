/* SPDX-License-Identifier: Apache-2.0 */
/* Entries of the trail as bytes in the journal, and the words for them.  The layout is fixed and versioned; numbers are
 * little-endian. */
#include <stdlib.h>

#include "trust/audit/audit_internal.h"

#define ENTRY_VERSION  1
#define LISTED_VERSION 2
#define LISTED_MAX     1000 /* patients of one entry; a longer list makes several */

static void
add_number(struct buf *out, uint64_t value, int bytes)
{
	for (int i = 0; i < bytes; i++)
		buf_add_char(out, (char)(unsigned char)(value >> (8 * i)));
}

/* What entries of all versions begin with. */
static void
add_head(struct cx *cx, struct buf *out, int version, const struct audit *audit)
{
	add_number(out, (uint64_t)version, 1);
	add_number(out, audit->action, 1);
	add_number(out, audit->subject, 1);
	add_number(out, (uint64_t)audit->why, 1);
	add_number(out, (uint64_t)(audit->count ? audit->count : 1), 4);
	add_number(out, (uint64_t)cx->now.ms, 8);
	buf_add_bytes(out, cx->who.account.v.bytes, 16);
}

static str
encode(struct cx *cx, const struct audit *audit)
{
	struct buf out = BUF_INIT(cx->arena);

	add_head(cx, &out, ENTRY_VERSION, audit);
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

#define HEAD_BYTES (1 + 1 + 1 + 1 + 4 + 8 + 16)

static bool
take_head(str *entry, uint64_t version, struct audit_row *out)
{
	if (entry->n < HEAD_BYTES || take_number(entry, 1) != version)
		return false;
	*out = (struct audit_row){.action = (int64_t)take_number(entry, 1)};
	out->subject = (int64_t)take_number(entry, 1);
	out->why = (int64_t)take_number(entry, 1);
	out->count = (int64_t)take_number(entry, 4);
	out->at = (instant){(int64_t)take_number(entry, 8)};
	out->account = (account_id){take_uuid(entry)};
	return true;
}

bool
audit_decode(str entry, struct audit_row *out)
{
	if (entry.n != HEAD_BYTES + 3 * 16 || !take_head(&entry, ENTRY_VERSION, out))
		return false;
	out->patient = (patient_id){take_uuid(&entry)};
	out->item = take_uuid(&entry);
	return true;
}

bool
audit_decode_listed(str entry, struct audit_row *out, str *patients)
{
	if (!take_head(&entry, LISTED_VERSION, out) || entry.n != 16 + 16 * (size_t)out->count)
		return false;
	*patients = str_drop(entry, 16); /* behind the request */
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

static int
compare_uuids(const void *a, const void *b)
{
	return memcmp(a, b, sizeof(struct uuid));
}

void
audit_add_listed(
    struct cx *cx, enum audit_subject subject, int why, const patient_id *patients, size_t count, size_t stride)
{
	struct uuid *ids = ARENA_ARRAY(cx->arena, struct uuid, count + 1);
	size_t kept = 0;

	for (size_t i = 0; i < count; i++)
		ids[i] = ((const patient_id *)(const void *)((const char *)patients + i * stride))->v;
	if (count)
		qsort(ids, count, sizeof(ids[0]), compare_uuids);
	for (size_t i = 0; i < count; i++)
		if (i == 0 || !uuid_equal(ids[i], ids[i - 1]))
			ids[kept++] = ids[i];
	for (size_t begin = 0; begin < kept; begin += LISTED_MAX) {
		size_t some = kept - begin < LISTED_MAX ? kept - begin : LISTED_MAX;
		struct buf out = BUF_INIT(cx->arena);

		add_head(cx, &out, LISTED_VERSION,
		    &(struct audit){.action = AUDIT_LISTED, .subject = subject, .why = why, .count = (int64_t)some});
		buf_add_bytes(&out, cx->request.bytes, 16);
		buf_add_bytes(&out, (const char *)&ids[begin], some * sizeof(ids[0]));
		journal_add_read(cx, buf_str(&out));
	}
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
    [AUDIT_LISTED] = {"saw a list with", "vio una lista con"},
    [AUDIT_ACT] = {"began to use", "empezó a usar"},
    [AUDIT_ACT_END] = {"stopped for now using", "dejó por ahora de usar"},
    [AUDIT_OFFER] = {"gave", "dio"},
    [AUDIT_ACCEPT] = {"accepted", "aceptó"},
    [AUDIT_DECLINE] = {"declined", "rechazó"},
    [AUDIT_WITHDRAW] = {"ended", "terminó"},
    [AUDIT_CHOOSE] = {"chose", "eligió"},
    [AUDIT_ASK] = {"made", "hizo"},
    [AUDIT_ANSWER] = {"answered", "respondió a"},
    [AUDIT_HAND_OVER] = {"handed to the pharmacy", "entregó a la farmacia"},
    [AUDIT_RELEASE_ITEM] = {"released an entry of", "dejó ver un dato de"},
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
    [AUDIT_SHARING] = {"your permission to act for you", "su permiso para actuar por usted"},
    [AUDIT_REMINDERS] = {"your reminders of vaccines and checks", "sus recordatorios de vacunas y exámenes"},
    [AUDIT_SHARE_LINK] = {"a link to your health summary", "un enlace a su resumen de salud"},
    [AUDIT_EXPORT] = {"your list of prepared downloads", "su lista de descargas preparadas"},
    [AUDIT_REFILL] = {"your requests for medicines", "sus solicitudes de medicinas"},
    [AUDIT_JOURNAL] = {"your health log", "su diario de salud"},
    [AUDIT_CORRECTION] = {"your request about your record", "su solicitud sobre su historia"},
    [AUDIT_DEVICES] = {"your devices", "sus dispositivos"},
    [AUDIT_PLANS] = {"your care plans and goals", "sus planes de atención y metas"},
    [AUDIT_INSURANCE] = {"your health insurance", "su seguro médico"},
    [AUDIT_RELEASE] = {"when new results reach you", "cuándo le llegan los resultados nuevos"},
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
