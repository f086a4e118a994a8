/* SPDX-License-Identifier: Apache-2.0 */
/* A pharmacy that speaks FHIR R4: it is given the MedicationRequest and a Task ("fulfill") under their own ids, and changes the Task;
 * what it handed over are MedicationDispenses named in Task.output. */
#include "care/record/record_api.h"
#include "exchange/pharmacy/pharmacy_internal.h"
#include "platform/format/json_write.h"
#include "platform/http/outbound.h"

#define WORDS_CHARS_MAX 300
#define OUTPUTS_MAX     20
#define ANSWER_SECONDS  30

/* ---- sending ---- */

static void
add_put(struct json_writer *w, const char *type, str id, str body)
{
	json_write_object(w);
	json_put_raw(w, "resource", body);
	json_put_object(w, "request");
	json_put_text(w, "method", S("PUT"));
	json_put_text(w, "url", arena_printf(w->out->arena, "%s/%.*s", type, STR_ARG(id)));
	json_write_end(w);
	json_write_end(w);
}

static fallible
bundle_of(struct cx *cx, const struct refill *refill, str *out)
{
	struct buf text = BUF_INIT(cx->arena);
	struct json_writer w = JSON_WRITER(&text);
	struct resource request;
	str patient;

	TRY(resource_get(cx, RESOURCE_MEDICATION_REQUEST, refill->request, &request));
	TRY(rx_patient_id(cx, refill->patient, &patient));
	json_write_object(&w);
	json_put_text(&w, "resourceType", S("Bundle"));
	json_put_text(&w, "type", S("transaction"));
	json_put_array(&w, "entry");
	add_put(&w, "MedicationRequest", refill->request, request.body);
	add_put(&w, "Task", uuid_text(cx->arena, refill->id.v), refill_task_json(cx->arena, refill, patient));
	json_write_end(&w);
	json_write_end(&w);
	json_write_done(&w);
	*out = buf_str(&text);
	return NULL;
}

static bool
may_pass(long status)
{
	return status == 401 || status == 408 || status == 425 || status == 429 || status >= 500;
}

static const struct err *
refused(struct cx *cx, const struct outbound_answer *answer)
{
	return err_said(cx->arena, ERR_INVALID, "%.*s",
	    STR_ARG(fhir_outcome_words(cx->arena, answer->status, answer->body, WORDS_CHARS_MAX)));
}

/* GET below the base address, or POST of `body` to it when it is there. */
static fallible
talk(struct cx *cx, const struct pharmacy_settings *settings, str path, str body, struct outbound_answer *out)
{
	db_refresh(cx); /* the answer may take its time: hold no snapshot */
	return outbound_ask(cx,
	    &(struct outbound_call){
		.url = path.n ? arena_printf(cx->arena, "%.*s/%.*s", STR_ARG(settings->url), STR_ARG(path))
	                      : settings->url,
		.token = settings->token,
		.content_type = "application/fhir+json",
		.body = body,
		.seconds = ANSWER_SECONDS},
	    out);
}

static bool
all_taken(const struct json_value *answer)
{
	size_t count = 0;

	json_each_item (json_get(answer, "entry"), entry)
		count += str_starts(json_text_at(entry, "response.status"), S("2"));
	return count == 2;
}

static fallible
get(struct cx *cx, const struct pharmacy_settings *settings, str path, const struct json_value **out, bool *found)
{
	struct outbound_answer answer;

	*found = false;
	TRY(talk(cx, settings, path, STR_NONE, &answer));
	if (may_pass(answer.status))
		return err_logged(cx->arena, ERR_BUSY, "The pharmacy is not ready.", "pharmacy: %ld", answer.status);
	*found = answer.status == 200;
	return *found ? json_parse(cx->arena, answer.body, out, NULL) : NULL;
}

static str
task_path(struct cx *cx, const struct refill *refill)
{
	return arena_printf(cx->arena, "Task/%.*s", STR_ARG(uuid_text(cx->arena, refill->id.v)));
}

fallible
fhir_pharmacy_send(struct cx *cx, const struct pharmacy_settings *settings, const struct refill *refill)
{
	struct outbound_answer answer;
	const struct json_value *json;
	bool found = false;
	str bundle;

	/* Once more: what the pharmacy wrote into its Task meanwhile must stay. */
	if (refill->tries > 1)
		TRY(get(cx, settings, task_path(cx, refill), &json, &found));
	if (found)
		return NULL;
	TRY(bundle_of(cx, refill, &bundle));
	TRY(talk(cx, settings, STR_NONE, bundle, &answer));
	if (may_pass(answer.status))
		return err_logged(cx->arena, ERR_BUSY, "The pharmacy is not ready.", "pharmacy: %ld", answer.status);
	if (answer.status == 200 && !json_parse(cx->arena, answer.body, &json, NULL) && all_taken(json))
		return NULL;
	return refused(cx, &answer);
}

/* ---- asking ---- */

static str
word_of(const struct json_value *concept)
{
	str code = json_text_at(concept, "coding.0.code");

	return code.n ? code : json_text_at(concept, "text");
}

static fallible
say(struct cx *cx, const struct refill *refill, enum refill_event_kind event, str mark, struct refill_news news)
{
	news.refill = refill->id;
	news.event = event;
	if (instant_is_none(news.at))
		news.at = cx->now;
	news.key = vault_blind(cx->vault, "pharmacy.fhir",
	    arena_printf(
		cx->arena, "%.*s %d %.*s", STR_ARG(uuid_text(cx->arena, refill->id.v)), (int)event, STR_ARG(mark)));
	return refill_note(cx, &news);
}

static int64_t
quantity_of(const struct json_value *dispense)
{
	str head;
	int64_t n;

	str_cut(json_number_text(json_path(dispense, "quantity.value")), '.', &head);
	return str_to_int64(head, &n) && n > 0 ? n : 0;
}

/* A dispense is a part while the pharmacy says so, and less than what was asked for. */
static fallible
take_dispense(struct cx *cx, const struct pharmacy_settings *settings, const struct refill *refill,
    const struct json_value *task, str reference)
{
	struct refill_news news = {.at = INSTANT_NONE};
	struct fhir_date date;
	resource_type type;
	bool found, part;
	str id;

	if (!reference_split(reference, &type, &id) || type != RESOURCE_MEDICATION_DISPENSE)
		return NULL;
	TRY(get(cx, settings, arena_printf(cx->arena, "MedicationDispense/%.*s", STR_ARG(id)), &news.dispense, &found));
	if (!found || !str_equal(json_text_at(news.dispense, "status"), S("completed")))
		return NULL;
	if (fhir_date_parse(FHIR_DATETIME, json_text_at(news.dispense, "whenHandedOver"), &date))
		news.at = date.low;
	news.filled = quantity_of(news.dispense);
	part = str_equal(word_of(json_get(task, "businessStatus")), S("partly-filled")) && refill->asked &&
	       refill->filled + news.filled < refill->asked;
	if (part)
		news.words = json_text_at(task, "statusReason.text");
	return say(cx, refill, part ? REFILL_EV_PART : REFILL_EV_FILLED, id, news);
}

static fallible
take_outputs(struct cx *cx, const struct pharmacy_settings *settings, const struct refill *refill,
    const struct json_value *task, str *tracking)
{
	size_t count = 0;

	json_each_item (json_get(task, "output"), output) {
		str text = json_text_at(output, "valueString"), carrier;

		if (++count > OUTPUTS_MAX)
			return NULL;
		TRY(take_dispense(cx, settings, refill, task, json_text_at(output, "valueReference.reference")));
		if (str_equal(word_of(json_get(output, "type")), S("tracking")) && text.n) {
			str number = str_cut(text, ' ', &carrier);

			*tracking = number.n ? arena_printf(cx->arena, "%.*s\n%.*s", STR_ARG(carrier), STR_ARG(number))
			                     : arena_printf(cx->arena, "\n%.*s", STR_ARG(text));
		}
	}
	return NULL;
}

fallible
fhir_pharmacy_ask(struct cx *cx, const struct pharmacy_settings *settings, const struct refill *refill)
{
	static const struct {
		const char *word;
		enum refill_event_kind event;
	} where[] = {{"ready", REFILL_EV_READY}, {"shipped", REFILL_EV_SHIPPED}, {"delivered", REFILL_EV_ARRIVED},
	    {"picked-up", REFILL_EV_ARRIVED}};
	const struct json_value *task;
	struct refill_news news = {.at = INSTANT_NONE};
	str status, word;
	bool found;

	TRY(get(cx, settings, task_path(cx, refill), &task, &found));
	if (!found)
		return NULL;
	status = json_text_at(task, "status");
	word = word_of(json_get(task, "businessStatus"));
	news.words = json_text_at(task, "statusReason.text");
	if (str_equal(status, S("received")) || str_equal(status, S("accepted")) || str_equal(status, S("in-progress")))
		TRY(say(cx, refill, REFILL_EV_ACKNOWLEDGED, S(""), news));
	if (str_equal(status, S("rejected")) || str_equal(status, S("failed")) || str_equal(status, S("cancelled")))
		return say(cx, refill, REFILL_EV_REJECTED, S(""), news);
	TRY(take_outputs(cx, settings, refill, task, &news.tracking));
	news.words = STR_NONE;
	for (size_t i = 0; i < sizeof(where) / sizeof(where[0]); i++)
		if (str_equal(word, str_from_z(where[i].word)))
			TRY(say(cx, refill, where[i].event, S(""), news));
	return NULL;
}
