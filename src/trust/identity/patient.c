/* SPDX-License-Identifier: Apache-2.0 */
/* Patients as people to be found: their name sealed, the words to find them by as blind indexes.  A name is found by its
 * beginning from two letters on; numbers and dates are found whole. */
#include "platform/format/fhir_date.h"
#include "platform/format/utf8.h"
#include "trust/identity/identity_internal.h"

#define BEGINNING_CHARS_MIN 2
#define BEGINNING_CHARS_MAX 8

struct seal_place
patient_name_place(patient_id id)
{
	return (struct seal_place){.table = "patient.name", .row = id.v};
}

struct uuid
patient_word(const struct vault *vault, str folded)
{
	return vault_blind(vault, "patient", folded);
}

static void
add_word(struct cx *cx, struct patient_sealed *out, str folded)
{
	struct uuid word = patient_word(cx->vault, folded);

	if (out->word_count == PATIENT_WORDS_MAX)
		return; /* enough to be found by */
	for (size_t i = 0; i < out->word_count; i++)
		if (uuid_equal(out->words[i], word))
			return;
	out->words[out->word_count++] = word;
}

/* Each word of a name: its beginnings, and the whole. */
static void
add_name(struct cx *cx, struct patient_sealed *out, str name)
{
	str rest = utf8_fold(cx->arena, name), word;

	while (rest.p) {
		rest = str_cut(rest, ' ', &word);
		for (size_t chars = BEGINNING_CHARS_MIN; chars <= BEGINNING_CHARS_MAX; chars++) {
			str beginning = utf8_take_chars(word, chars);
			if (beginning.n == word.n)
				break;
			add_word(cx, out, beginning);
		}
		if (word.n)
			add_word(cx, out, word);
	}
}

fallible
patient_seal(struct cx *cx, const struct patient_new *in, struct patient_sealed **out)
{
	struct patient_sealed *sealed = ARENA_NEW(cx->arena, struct patient_sealed);
	struct fhir_date born;

	sealed->id = in->id;
	sealed->facility = in->facility;
	sealed->born = INSTANT_NONE;
	if (!str_is_empty(in->born) && fhir_date_parse(FHIR_DATE, in->born, &born)) {
		sealed->born = born.low;
		add_word(cx, sealed, in->born);
	}
	for (size_t i = 0; i < in->name_count; i++)
		add_name(cx, sealed, in->names[i]);
	for (size_t i = 0; i < in->identifier_count; i++)
		add_word(cx, sealed, utf8_fold(cx->arena, in->identifiers[i]));
	TRY(vault_seal(cx, in->id, patient_name_place(in->id), in->name, &sealed->name));
	*out = sealed;
	return NULL;
}
