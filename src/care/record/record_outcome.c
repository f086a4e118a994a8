/* SPDX-License-Identifier: Apache-2.0 */
/* Errors as OperationOutcome. */
#include "care/record/record_api.h"
#include "platform/format/json_write.h"
#include "platform/format/utf8.h"

void
fhir_outcome(struct buf *out, const char *code, str text)
{
	struct json_writer w = JSON_WRITER(out);
	bool is_note = strcmp(code, "informational") == 0 || strcmp(code, "suppressed") == 0;

	json_write_object(&w);
	json_put_text(&w, "resourceType", S("OperationOutcome"));
	json_put_array(&w, "issue");
	json_write_object(&w);
	json_put_text(&w, "severity", is_note ? S("information") : S("error"));
	json_put_text(&w, "code", str_from_z(code));
	json_put_object(&w, "details");
	json_put_text(&w, "text", text);
	json_write_end(&w);
	json_put_text(&w, "diagnostics", text);
	json_write_end(&w);
	json_write_end(&w);
	json_write_end(&w);
	json_write_done(&w);
}

str
fhir_outcome_words(struct arena *arena, long status, str body, size_t chars_max)
{
	const struct json_value *json;
	struct buf out = BUF_INIT(arena);

	buf_printf(&out, "%ld", status);
	if (!json_parse(arena, body, &json, NULL))
		json_each_item (json_get(json, "issue"), issue) {
			str text = json_text_at(issue, "diagnostics");

			text = text.n ? text : json_text_at(issue, "details.text");
			text = text.n ? text : json_text_at(issue, "code");
			buf_printf(&out, "; %.*s", STR_ARG(text));
		}
	return utf8_take_chars(utf8_repair(arena, buf_str(&out)), chars_max);
}

static const char *
issue_of(int status)
{
	switch (status) {
	case 400: return "invalid";
	case 401: return "login";
	case 403: return "forbidden";
	case 404: return "not-found";
	case 405: return "not-supported";
	case 409:
	case 412: return "conflict";
	case 410: return "deleted";
	case 413: return "too-long";
	case 415: return "not-supported";
	case 422: return "processing";
	case 429:
	case 503: return "throttled";
	default: return "exception";
	}
}

fallible
fhir_show_error(struct cx *cx, struct request *rq, int status, const struct err *error)
{
	struct buf out = BUF_INIT(cx->arena);

	fhir_outcome(&out, issue_of(status), str_from_z(error->say ? error->say : "Something went wrong."));
	return respond(rq, status, FHIR_JSON, buf_str(&out));
}
