/* SPDX-License-Identifier: Apache-2.0 */
/* What a message may hold: subject, body, category. */
#include "care/messaging/messaging_internal.h"
#include "platform/format/utf8.h"
#include "platform/pages/i18n.h"

static const struct {
	enum message_category category;
	const char *code, *label, *subject;
} categories[] = {
    {CATEGORY_GENERAL, "general", TR("General"), TR("General question")},
    {CATEGORY_APPOINTMENT, "appointment", TR("Appointment"), TR("Appointment question")},
    {CATEGORY_MEDICATION, "medication", TR("Medication"), TR("Medication question")},
    {CATEGORY_TEST_RESULT, "test", TR("Test result"), TR("Test result question")},
};
#define CATEGORY_COUNT (sizeof(categories) / sizeof(categories[0]))

static size_t
category_index(int64_t category)
{
	for (size_t i = 0; i < CATEGORY_COUNT; i++)
		if (categories[i].category == category)
			return i;
	return 0;
}

str
message_category_words(enum lang lang, int64_t category)
{
	return tr(lang, categories[category_index(category)].label);
}

const char *
message_category_code(int64_t category)
{
	return categories[category_index(category)].code;
}

bool
message_category_parse(str word, enum message_category *out)
{
	for (size_t i = 0; i < CATEGORY_COUNT; i++)
		if (str_equal(word, str_from_z(categories[i].code))) {
			*out = categories[i].category;
			return true;
		}
	return false;
}

str
message_default_subject(struct cx *cx, enum message_category category)
{
	return tr(cx->lang, categories[category_index(category)].subject);
}

str
message_clean(struct arena *arena, str text)
{
	struct buf out = BUF_INIT(arena);
	size_t n = text.n;

	while (n && (text.p[n - 1] == '\n' || text.p[n - 1] == '\r' || text.p[n - 1] == ' ' || text.p[n - 1] == '\t'))
		n--;
	for (size_t i = 0; i < n; i++)
		if (text.p[i] != '\r' || i + 1 == n || text.p[i + 1] != '\n')
			buf_add_char(&out, text.p[i]);
	return utf8_nfc(arena, buf_str(&out));
}

fallible
message_check_subject(struct cx *cx, str subject)
{
	if (utf8_count(subject) > MESSAGE_SUBJECT_CHARS_MAX)
		return ERR(ERR_INVALID, TR("The subject is too long. It may have 50 characters."), "subject too long");
	if (subject.n && !utf8_is_clean_line(subject))
		return ERR(ERR_INVALID, TR("The subject holds characters that cannot be shown."), "subject not clean");
	(void)cx;
	return NULL;
}

/* Is there anything to read? Also white space beyond ASCII does not count. */
static bool
says_something(str text)
{
	uint32_t c;

	while (utf8_next(&text, &c)) {
		bool blank = c <= 0x20 || c == 0x85 || c == 0xA0 || c == 0x1680 || (c >= 0x2000 && c <= 0x200B) ||
		             c == 0x2028 || c == 0x2029 || c == 0x202F || c == 0x205F || c == 0x3000 || c == 0xFEFF;
		if (!blank)
			return true;
	}
	return false;
}

fallible
message_check_body(struct cx *cx, str body)
{
	(void)cx;
	if (!says_something(body))
		return ERR(ERR_INVALID, TR("Write your message."), "empty body");
	if (utf8_count(body) > MESSAGE_BODY_CHARS_MAX)
		return ERR(ERR_INVALID,
		    TR("The message is too long. It may have 20,000 characters; send the rest in a second one."),
		    "body too long");
	if (!utf8_is_clean_text(body))
		return ERR(ERR_INVALID, TR("The message holds characters that cannot be shown."), "body not clean");
	return NULL;
}
