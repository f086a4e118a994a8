/* SPDX-License-Identifier: Apache-2.0 */
/* Nothing typed is lost: a form that arrives after its session ended travels through the sign-in pages as hidden fields of
 * the person's own browser, and is sent again by one press.  The server keeps nothing of it. */
#include "trust/portal/portal_internal.h"

#define RESUME_PATH  "resume-path"
#define RESUME_BY    "resume-by"
#define RESUME_FOR   "resume-for"
#define FIELD_PREFIX "kept-"
#define NEXT         "next"

str
safe_next(struct cx *cx, str next)
{
	/* "//host" and "/\host" lead to other sites; a control character could end the header. */
	if (next.n == 0 || next.p[0] != '/' || (next.n > 1 && (next.p[1] == '/' || next.p[1] == '\\')))
		return S("/");
	for (size_t i = 0; i < next.n; i++)
		if ((unsigned char)next.p[i] < 0x20 || next.p[i] == '\\')
			return S("/");
	return arena_str(cx->arena, next);
}

/* A word alone is an id or a choice, and nothing that somebody wrote. */
static void
note_text(struct carry *carry, str value)
{
	if (value.n > carry->text.n && str_contains(value, S(" ")))
		carry->text = value;
}

/* A form with a password or a code in it is never kept. */
static bool
is_secret(str path)
{
	return str_starts(path, S("/sign-in")) || str_starts(path, S("/account/password")) ||
	       str_starts(path, S("/account/code")) || str_starts(path, S("/sharing/accept"));
}

void
carry_read(struct cx *cx, struct request *rq, struct carry *out)
{
	struct http_pairs form = request_form_all(rq);
	LIST(struct http_pair) kept = {0};
	str next = request_form(rq, NEXT);

	*out = (struct carry){.next = safe_next(cx, next.p ? next : request_query(rq, NEXT))};
	out->resume_path = request_form(rq, RESUME_PATH);
	if (!out->resume_path.p)
		return;
	out->resume_path = safe_next(cx, out->resume_path);
	uuid_parse(request_form(rq, RESUME_BY), &out->account.v);
	uuid_parse(request_form(rq, RESUME_FOR), &out->acting.v);
	for (size_t i = 0; i < form.count && kept.count < CARRY_FIELDS_MAX; i++) {
		if (!str_starts(form.items[i].name, S(FIELD_PREFIX)))
			continue;
		*LIST_ADD(cx->arena, &kept) = (struct http_pair){
		    .name = str_drop(form.items[i].name, sizeof(FIELD_PREFIX) - 1), .value = form.items[i].value};
		note_text(out, form.items[i].value);
	}
	out->fields = (struct http_pairs){kept.items, kept.count};
}

void
carry_from_refused(struct cx *cx, struct request *rq, struct carry *out)
{
	struct http_pairs form = request_form_all(rq);
	LIST(struct http_pair) kept = {0};

	*out = (struct carry){.next = S("/")};
	if (request_method(rq) != POST || is_secret(request_path(rq)))
		return;
	out->resume_path = safe_next(cx, request_path(rq));
	out->account = session_form_account(request_form(rq, FORM_TOKEN_FIELD));
	out->acting = session_form_acting(request_form(rq, FORM_TOKEN_FIELD));
	for (size_t i = 0; i < form.count && kept.count < CARRY_FIELDS_MAX; i++) {
		/* A file cannot be put into a hidden field: the page says so by not showing it. */
		if (str_equal(form.items[i].name, S(FORM_TOKEN_FIELD)) || form.items[i].file_name.p)
			continue;
		*LIST_ADD(cx->arena, &kept) = form.items[i];
		note_text(out, form.items[i].value);
	}
	out->fields = (struct http_pairs){kept.items, kept.count};
}

void
carry_fields(struct buf *out, const struct page_cx *px, const struct carry *carry)
{
	hidden_field(out, px, S(NEXT), carry->next);
	if (!carry->resume_path.p)
		return;
	hidden_field(out, px, S(RESUME_PATH), carry->resume_path);
	if (!uuid_is_none(carry->account.v))
		hidden_field(out, px, S(RESUME_BY), uuid_text(px->arena, carry->account.v));
	if (!uuid_is_none(carry->acting.v))
		hidden_field(out, px, S(RESUME_FOR), uuid_text(px->arena, carry->acting.v));
	for (size_t i = 0; i < carry->fields.count; i++)
		hidden_field(out, px,
		    arena_printf(px->arena, FIELD_PREFIX "%.*s", STR_ARG(carry->fields.items[i].name)),
		    carry->fields.items[i].value);
}
