/* SPDX-License-Identifier: Apache-2.0 */
/* What the templates of this folder (parts/) ask of C; not for other folders. */
#ifndef SALVE_PARTS_H
#define SALVE_PARTS_H

#include "platform/http/http.h"
#include "platform/pages/pages.h"

void account_menu(struct buf *out, const struct page_cx *px);
void language_switch(struct buf *out, const struct page_cx *px);
void form_token_field(struct buf *out, const struct page_cx *px);

bool nav_is_active(const struct page_cx *px, const struct nav_item *item);
const char *count_name(enum page_count count); /* "unread": the live event that carries it */
const char *notice_name(enum notice_kind kind);
const char *status_name(enum status_kind kind);
const char *button_class(enum button_kind kind);
const char *width_class(int chars);                /* "width-4" for a box of about 4 characters; "" for full width */
str machine_time(struct arena *arena, instant at); /* "2026-03-03T19:10:00Z" */
str page_path(struct arena *arena, str path, int64_t page);
bool page_is_shown(int64_t n, int64_t page, int64_t pages); /* first, last, current and its neighbours */
str or_z(str text, const char *otherwise);                  /* `text`, or `otherwise` when it is empty */

bool field_is_described(const struct field *field);
str field_description(struct arena *arena, const struct field *field); /* the ids of its hint, error and counter */
str option_id(struct arena *arena, const struct field *field, size_t i);
str date_piece(str value, int n); /* the n-th of "year-month-day", as typed */

#endif
