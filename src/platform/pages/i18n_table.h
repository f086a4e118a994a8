/* SPDX-License-Identifier: Apache-2.0 */
/* What tools/mkpo makes of po/: one hash table per language, built when compiling. */
#ifndef SALVE_I18N_TABLE_H
#define SALVE_I18N_TABLE_H

#include "platform/base/base.h"

#define I18N_CONTEXT_END   '\004' /* between context and text in a key, as gettext has it */
#define I18N_KEY_CHARS_MAX 1000
#define I18N_FORMS         2 /* English and Spanish both have two: one, and the rest */

struct i18n_entry {
	str key;
	str forms[I18N_FORMS]; /* the second absent when the text has no plural */
};

struct i18n_table {
	const struct i18n_entry *entries;
	const uint16_t *slots; /* entry number + 1, 0 empty; found by str_hash(key), then the next slots */
	size_t slot_mask;      /* slots - 1, a power of two less one */
};

extern const struct i18n_table i18n_spanish;

#endif
