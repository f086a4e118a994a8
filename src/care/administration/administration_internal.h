/* SPDX-License-Identifier: Apache-2.0 */
#ifndef SALVE_ADMINISTRATION_INTERNAL_H
#define SALVE_ADMINISTRATION_INTERNAL_H

#include "care/administration/administration.h"
#include "care/messaging/messaging.h"
#include "platform/jobs/jobs.h"
#include "platform/pages/pages.h"
#include "trust/portal/portal.h"

struct system_page {
	int64_t waiting, given_up_count;
	const struct outbox_item *given_up;
	size_t given_up_shown;
	struct ownerless_row {
		str team;
		instant since, due;
	} * ownerless;
	int64_t ownerless_count;
	bool may_retry;
};
void page_system(struct buf *out, const struct page_cx *px, const struct system_page *v);

struct teams_page {
	struct team_row {
		struct team team;
		str id;
		const struct team_member *members;
		size_t member_count;
	} * teams;
	size_t count;
	str facility;
};
void page_teams(struct buf *out, const struct page_cx *px, const struct teams_page *v);

struct people_page {
	struct person_row {
		struct account account;
		str id, role, path;
	} * people;
	size_t count;
	str facility;
};
void page_people(struct buf *out, const struct page_cx *px, const struct people_page *v);

struct tokens_page {
	struct form_errors errors;
	struct token_row {
		struct api_token token;
		str who, state, path;
		bool usable;
	} * tokens;
	size_t count;
	str fresh; /* a token just made, shown once; absent otherwise */
	str login, label, scope;
};
void page_tokens(struct buf *out, const struct page_cx *px, const struct tokens_page *v);

fallible get_tokens(struct cx *cx, struct request *rq);
fallible post_token(struct cx *cx, struct request *rq);
fallible post_revoke(struct cx *cx, struct request *rq);

#endif
