/* SPDX-License-Identifier: Apache-2.0 */
/* What the tests of share links share: a patient with something in the record, links, and who holds them. */
#ifndef SALVE_SHARELINK_TEST_HELP_H
#define SALVE_SHARELINK_TEST_HELP_H

#include "people.h"

#include "care/sharelink/sharelink.h"
#include "platform/crypto/crypto.h"

#define ORIGIN "https://portal.example.org"
#define WORDS  "Quinoa allergy" /* in Bo's record and nowhere else */

struct scene {
	struct world *world;
	struct people people;
	struct page_cx px;
};
void open_scene(struct scene *s, struct world *world);
struct cx bo_at(struct scene *s, int64_t later_ms);
struct cx anyone_at(struct scene *s, int64_t later_ms); /* whoever holds a link: nobody */

/* A link, and what stands in it. */
struct made {
	share_link_id id;
	str link, secret;
	unsigned char key[JWE_KEY_BYTES];
	const struct json_value *payload;
};
void read_link(struct scene *s, str link, struct made *out);
struct share_link_new wish(str passcode); /* a link for a day */
void make(struct scene *s, str passcode, struct made *out);
const struct err *
knock(struct scene *s, const struct made *made, str passcode, int64_t later_ms, struct share_answer *out);
struct share_link the_link(struct scene *s, int64_t later_ms); /* the only one there is */

#endif
