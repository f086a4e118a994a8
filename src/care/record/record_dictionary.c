/* SPDX-License-Identifier: Apache-2.0 */
/* The dictionary that resources are compressed with: dictionary.entropy, zstd's statistics of how often which byte and which
 * distance comes (made once with ZDICT_finalizeDictionary from synthetic records), and dictionary.txt, skeletons of the
 * commonest resources and the names of common codes, the commonest last.  It must never change: what was stored with it could not be read.  A better one gets the
 * next number and is used beside it.  Contains LOINC codes (http://loinc.org), copyright Regenstrief Institute. */
#include "care/record/resource_draft.h"

extern const unsigned char record_dictionary_text[];
extern const size_t record_dictionary_text_bytes;

fallible
record_init(struct vault *vault)
{
	return vault_add_dictionary(
	    vault, RECORD_DICTIONARY, (str){(const char *)record_dictionary_text, record_dictionary_text_bytes});
}
