/* SPDX-License-Identifier: Apache-2.0 */
/* What pages are made of: the frame around every page, forms, tables, status words, plots.  Knows how things look and
 * read, not what they mean: no patient, no message, no route.  How to add a page, and every part with an example:
 * README.md beside this file.
 *
 * All parts have the shape  part(out, px, ...)  and are called from templates with {% ... %}.  Every text parameter is a
 * str, already in the person's language (T("...") for literals), and is escaped by the part. */
#ifndef SALVE_PAGES_H
#define SALVE_PAGES_H

#include "platform/base/base.h"
#include "platform/format/escape.h"
#include "platform/pages/bars.h"
#include "platform/pages/i18n.h"
#include "platform/pages/plot.h"
#include "platform/pages/template.h"

/* ---- what every page knows ---- */

enum page_count { COUNT_NONE, COUNT_UNREAD, COUNT_TASKS, COUNT_CHART, COUNT_RX, COUNT_VISITS, COUNT_KINDS };

/* A row of a main navigation; a static table of at most six, ended by {0}. */
struct nav_item {
	const char *path;      /* "/messages"; also its name for page_cx.active */
	const char *label;     /* TR("Messages") */
	enum page_count count; /* a number beside it, kept live */
};

enum notice_kind { NOTICE_INFO, NOTICE_GOOD, NOTICE_WARNING, NOTICE_DANGER };

struct page_cx {
	struct arena *arena;
	enum lang lang;
	const struct zone *zone; /* the person's or the facility's; NULL means UTC */
	instant now;

	str title;                      /* what the page is, and what is going on: "Messages: 2 new" */
	str path;                       /* of this page with its query, for the language switch: "/messages?page=2" */
	const char *active;             /* path of the current nav_item; NULL: none */
	const struct nav_item *nav;     /* NULL when nobody is signed in */
	const struct nav_item *account; /* rows of the account menu above "Sign out"; may be NULL */
	int64_t counts[COUNT_KINDS];
	str person_name; /* absent when nobody is signed in */
	str person_role; /* "Nurse, Team Maple"; absent for patients */
	str acting_for;  /* "You are acting for Bo Lee."; absent otherwise */
	str form_token;  /* goes into every form that posts */

	str flash; /* what was just done: "Your message was sent."; absent otherwise */
	enum notice_kind flash_kind;

	bool dense; /* care-team pages: the whole width, smaller rows */
	bool live;  /* open the stream of live events */
	bool print; /* the print view: no navigation, nothing folded */
};

/* Inside templates and page handlers, where a pointer `px` is in scope: the text in the person's language. */
#define T(text)              tr(px->lang, TR(text))
#define TC(context, text)    tr_in(px->lang, TR(context), TR(text))
#define TN(one, many, count) TF_(tr_n(px->lang, TR(one), TR(many), (count)), TR_ARG(count))
#define TF1(text, a)         TF_(T(text), TR_ARG(a))
#define TF2(text, a, b)      TF_(T(text), TR_ARG(a), TR_ARG(b))
#define TF3(text, a, b, c)   TF_(T(text), TR_ARG(a), TR_ARG(b), TR_ARG(c))
#define TF_(text, ...)                                                             \
	tr_fill(px->arena, px->lang, (text), (const struct tr_arg[]){__VA_ARGS__}, \
	    sizeof((const struct tr_arg[]){__VA_ARGS__}) / sizeof(struct tr_arg))

/* Dates as text in the person's language and zone. */
str px_date(const struct page_cx *px, instant at);                  /* date_words */
str px_date_full(const struct page_cx *px, instant at);             /* date_words_full */
str px_date_short(const struct page_cx *px, instant at);            /* date_words_short */
str px_day(const struct page_cx *px, instant at);                   /* day_words */
str px_date_only(const struct page_cx *px, struct civil_date date); /* date_only_words */
str px_number(const struct page_cx *px, int64_t number);            /* number_words */
str px_size(const struct page_cx *px, int64_t bytes);               /* "1 KB", "2.5 MB" */

/* ---- the frame ---- */

void page_begin(struct buf *out, const struct page_cx *px); /* to <main>: skip link, header, navigation, flash */
void page_end(struct buf *out, const struct page_cx *px);

struct crumb {
	str label, path; /* no path: where the person is now */
};
#define CRUMBS(...) ((const struct crumb[]){__VA_ARGS__, {.label = STR_NONE}})
void
breadcrumbs(struct buf *out, const struct page_cx *px, const struct crumb *crumbs); /* below the second level only */

/* ---- words that stand out ---- */

void notice(struct buf *out, const struct page_cx *px, enum notice_kind kind, str heading, str text);
/* Once, where somebody may write about an emergency; with numbers that can be tapped. */
void crisis_banner(struct buf *out, const struct page_cx *px);
/* "What happens next": numbered sentences. */
#define SENTENCES(...) ((const str[]){__VA_ARGS__, STR_NONE})
void next_steps(struct buf *out, const struct page_cx *px, const str *sentences);

/* A status word: shape and colour say the same as the word. */
enum status_kind { STATUS_PLAIN, STATUS_NEW, STATUS_GOOD, STATUS_WARNING, STATUS_DANGER };
void status_word(struct buf *out, const struct page_cx *px, enum status_kind kind, str word);

/* Where a thing stands on its way: sent, opened, answered. */
struct step {
	str label, when; /* `when` absent: not yet */
	bool current;
};
void progress_steps(struct buf *out, const struct page_cx *px, str label, const struct step *steps, size_t count);

/* <time datetime> with the date in words. */
void time_tag(struct buf *out, const struct page_cx *px, instant at);
void time_tag_short(struct buf *out, const struct page_cx *px, instant at);

/* ---- blocks ---- */

/* A card; with a path the heading is a link and the whole card its target. */
void card_begin(struct buf *out, const struct page_cx *px, str heading, str path);
void card_end(struct buf *out, const struct page_cx *px);
void disclosure_begin(struct buf *out, const struct page_cx *px, str label); /* folded away; open when printed */
void disclosure_end(struct buf *out, const struct page_cx *px);
void empty_state(
    struct buf *out, const struct page_cx *px, str heading, str text, str link, str path); /* link may be absent */

/* Name and value, one pair per line. */
void facts_begin(struct buf *out, const struct page_cx *px);
void fact(struct buf *out, const struct page_cx *px, str name, str value); /* absent value: "not recorded" */
void facts_end(struct buf *out, const struct page_cx *px);

struct column {
	str label;
	bool numeric;
};
#define COLUMNS(...) ((const struct column[]){__VA_ARGS__, {.label = STR_NONE}})
/* A table that becomes a list of cards on phones. Rows are written in the template:
 *	<tr><th scope="row">..</th><td data-label="{{_ "Value" }}">..</td></tr> */
void table_begin(struct buf *out, const struct page_cx *px, str caption, const struct column *columns);
void table_end(struct buf *out, const struct page_cx *px);
/* Pages of a list. `path` carries the filters ("/messages?folder=sent"); page=N is added. Writes nothing for one page. */
void pagination(struct buf *out, const struct page_cx *px, str path, int64_t page, int64_t pages);
/* A search box above a list; `name` is the query parameter. */
void search_box(struct buf *out, const struct page_cx *px, str action, str name, str label, str value);

/* ---- forms ---- */

struct field_error {
	str name, text; /* the field it belongs to (absent: the whole form), and what to do */
};
struct form_errors {
	struct field_error *items;
	size_t count, capacity;
};
void form_error_add(struct arena *arena, struct form_errors *errors, str name, str text);
str form_error(const struct form_errors *errors, str name); /* absent when the field is fine; errors may be NULL */
/* At the top of the page: how many things to mend, each a link to its field. Writes nothing without errors. */
void error_summary(struct buf *out, const struct page_cx *px, const struct form_errors *errors);

struct form {
	str action;
	str id;       /* for fields that stand outside of it (form="..."); may be absent */
	str autosave; /* where drafts are posted by draft.js; absent: none */
	str upload;   /* present for forms with files */
	bool get;     /* a search: no token, method=get */
	const struct form_errors *errors;
};
#define FORM(...) (&(const struct form){__VA_ARGS__})
void form_begin(struct buf *out, const struct page_cx *px, const struct form *form); /* with the token */
void form_end(struct buf *out, const struct page_cx *px);
void hidden_field(struct buf *out, const struct page_cx *px, str name, str value);

struct field {
	str name;
	str label, hint;
	str value;
	str error;           /* form_error(v->errors, S("subject")) */
	bool required;       /* others are marked "(optional)" */
	bool label_is_title; /* the label is the page's <h1> */

	str type;          /* of field_text: "text" when absent; email, tel, password, search, date, number */
	str autocomplete;  /* "username", "one-time-code", "off", ... */
	str inputmode;     /* "numeric", "decimal" */
	str suffix;        /* a unit: "mmHg" */
	int width_chars;   /* how wide it looks; 0: full */
	int rows;          /* of field_textarea; 0: 8 */
	int64_t chars_max; /* a counter says how many are left */
	bool autofocus;
};
#define FIELD(...) (&(const struct field){__VA_ARGS__})
void field_text(struct buf *out, const struct page_cx *px, const struct field *field);
void field_textarea(struct buf *out, const struct page_cx *px, const struct field *field);
/* Three boxes, name.month, name.day, name.year; `value` is "2026-03-05" or what was typed, joined by '-'. */
void field_date(struct buf *out, const struct page_cx *px, const struct field *field);
/* What field_date's three boxes sent, joined again: "2026-3-x" stays what the person typed. */
str field_date_value(struct arena *arena, str year, str month, str day);

struct option {
	str value, label, hint;
};
#define OPTIONS(...) ((const struct option[]){__VA_ARGS__})
void field_select(
    struct buf *out, const struct page_cx *px, const struct field *field, const struct option *options, size_t count);
void field_radios(
    struct buf *out, const struct page_cx *px, const struct field *field, const struct option *options, size_t count);
void
field_checkbox(struct buf *out, const struct page_cx *px, const struct field *field); /* checked: value not empty */

enum button_kind { BUTTON_PRIMARY, BUTTON_SECONDARY, BUTTON_QUIET, BUTTON_DANGER };
struct button {
	str label;
	enum button_kind kind;
	str name, value; /* sent with the form when this button was pressed */
	str key;         /* a shortcut for keys.js: "r" */
};
#define BUTTON(...) (&(const struct button){__VA_ARGS__})
void button(struct buf *out, const struct page_cx *px, const struct button *b);
void button_link(struct buf *out, const struct page_cx *px, const struct button *b, str path);
/* A form of one button: claim, complete, sign out. */
void button_form(struct buf *out, const struct page_cx *px, const struct button *b, str action);
void buttons_begin(struct buf *out, const struct page_cx *px); /* a row of buttons */
void buttons_end(struct buf *out, const struct page_cx *px);

#endif
