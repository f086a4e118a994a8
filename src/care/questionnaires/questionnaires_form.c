/* SPDX-License-Identifier: Apache-2.0 */
/* Questions as fields of a form, and what a form sent as answers. */
#include "care/questionnaires/questionnaires_pages_internal.h"

str
question_name(struct arena *arena, const char *what, size_t i)
{
	return arena_printf(arena, "%s%zu", what, i);
}

static void
add_options(const struct page_cx *px, const struct question *question, const struct answers *a, size_t i,
    struct question_input *out)
{
	struct option *options = ARENA_ARRAY(px->arena, struct option, question->option_count + 1);
	str *chosen = ARENA_ARRAY(px->arena, str, question->option_count + 1);
	str rest = a->of[i], one;
	int64_t place;

	for (size_t o = 0; o < question->option_count; o++)
		options[o] = (struct option){
		    arena_printf(px->arena, "%zu", o), question_option_words(px->lang, question->options[o]), STR_NONE};
	while (rest.n) {
		rest = str_cut(rest, ',', &one);
		if (str_to_int64(one, &place) && place >= 0 && (size_t)place < question->option_count)
			chosen[place] = S("yes");
	}
	out->options = options;
	out->option_count = question->option_count;
	out->many = question->repeats;
	out->chosen = chosen;
	if (question->kind == QUESTION_OPEN_CHOICE)
		out->other = (struct field){
		    .name = question_name(px->arena, "o", i), .label = T("Something else"), .value = a->other[i]};
}

void
question_input_of(const struct page_cx *px, const struct question *question, const struct answers *a, size_t i,
    const struct form_errors *errors, struct question_input *out)
{
	str name = question_name(px->arena, "q", i), day;

	*out = (struct question_input){.kind = question->kind,
	    .depth = question->depth,
	    .shown_name = question_name(px->arena, "s", i),
	    .field = {.name = name,
		.label = question->text,
		.value = a->of[i],
		.required = question->required,
		.error = form_error(errors, name),
		.autocomplete = S("off"),
		.rows = 3}};
	switch (question->kind) {
	case QUESTION_CHOICE:
	case QUESTION_OPEN_CHOICE: add_options(px, question, a, i, out); break;
	case QUESTION_BOOLEAN: {
		struct option *options = ARENA_ARRAY(px->arena, struct option, 2);

		options[0] = (struct option){S("yes"), T("Yes"), STR_NONE};
		options[1] = (struct option){S("no"), T("No"), STR_NONE};
		out->options = options;
		out->option_count = 2;
		break;
	}
	case QUESTION_INTEGER: out->field.inputmode = S("numeric"); break;
	case QUESTION_DECIMAL: out->field.inputmode = S("decimal"); break;
	case QUESTION_QUANTITY:
		out->field.inputmode = S("decimal");
		out->field.suffix = question->unit;
		break;
	case QUESTION_DATETIME:
		out->time = (struct field){.name = question_name(px->arena, "t", i),
		    .label = T("Time of day"),
		    .hint = T("Such as 08:30."),
		    .value = str_cut(a->of[i], 'T', &day),
		    .required = question->required,
		    .width_chars = 8};
		out->time.value = str_take(out->time.value, 5);
		out->field.value = day;
		break;
	case QUESTION_TIME:
		out->field.hint = T("Such as 08:30.");
		out->field.width_chars = 8;
		break;
	case QUESTION_NAMED:
		out->field.hint =
		    T("Say in a few words what it is. You can bring it along, or attach it to a message.");
		break;
	case QUESTION_UNLISTED:
		out->field.hint =
		    T("Answer in your own words: the list of answers did not come with this questionnaire.");
		break;
	case QUESTION_GROUP:
	case QUESTION_DISPLAY:
	case QUESTION_DATE:
	case QUESTION_STRING:
	case QUESTION_TEXT:
	case QUESTION_URL: break;
	}
}

/* ---- what was sent ---- */

str
question_sent(struct cx *cx, struct request *rq, const char *what, size_t i)
{
	return str_trim(request_form(rq, arena_z(cx->arena, question_name(cx->arena, what, i))));
}

static str
day_sent(struct cx *cx, struct request *rq, size_t i)
{
	static const char *const parts[] = {"year", "month", "day"};
	int64_t n[3];
	str typed[3];

	for (size_t p = 0; p < 3; p++)
		typed[p] =
		    str_trim(request_form(rq, arena_z(cx->arena, arena_printf(cx->arena, "q%zu.%s", i, parts[p]))));
	if (!typed[0].n && !typed[1].n && !typed[2].n)
		return STR_NONE;
	for (size_t p = 0; p < 3; p++)
		if (!str_to_int64(typed[p], &n[p]) || n[p] < 0 || n[p] > 9999)
			return field_date_value(cx->arena, typed[0], typed[1], typed[2]);
	return arena_printf(cx->arena, "%04d-%02d-%02d", (int)n[0], (int)n[1], (int)n[2]);
}

static str
many_sent(struct cx *cx, struct request *rq, const struct question *question, size_t i)
{
	struct buf out = BUF_INIT(cx->arena);

	for (size_t o = 0; o < question->option_count; o++)
		if (request_form(rq, arena_z(cx->arena, arena_printf(cx->arena, "q%zu-%zu", i, o))).n)
			buf_printf(&out, "%s%zu", out.n ? "," : "", o);
	return out.n ? buf_str(&out) : STR_NONE;
}

/* "08:30" of "8:30"; what is none stays as it was typed. */
static str
time_sent(struct cx *cx, str typed)
{
	return typed.n == 4 && typed.p[1] == ':' ? arena_printf(cx->arena, "0%.*s", STR_ARG(typed)) : typed;
}

void
answers_read(
    struct cx *cx, struct request *rq, const struct page_cx *px, const struct questionnaire *q, struct answers *a)
{
	const struct zone *zone = px->zone ? px->zone : zone_utc();

	*a = (struct answers){0};
	for (size_t i = 0; i < q->count; i++) {
		const struct question *question = &q->items[i];
		str day;

		switch (question->kind) {
		case QUESTION_GROUP:
		case QUESTION_DISPLAY: break;
		case QUESTION_DATE: a->of[i] = day_sent(cx, rq, i); break;
		case QUESTION_DATETIME: {
			int offset = zone_civil(zone, cx->now).offset_seconds / 60;

			day = day_sent(cx, rq, i);
			if (day.n)
				a->of[i] = arena_printf(cx->arena, "%.*sT%.*s:00%c%02d:%02d", STR_ARG(day),
				    STR_ARG(time_sent(cx, question_sent(cx, rq, "t", i))), offset < 0 ? '-' : '+',
				    (offset < 0 ? -offset : offset) / 60, (offset < 0 ? -offset : offset) % 60);
			break;
		}
		case QUESTION_TIME: a->of[i] = time_sent(cx, question_sent(cx, rq, "q", i)); break;
		case QUESTION_CHOICE:
		case QUESTION_OPEN_CHOICE:
			a->of[i] = question->repeats ? many_sent(cx, rq, question, i) : question_sent(cx, rq, "q", i);
			if (question->kind == QUESTION_OPEN_CHOICE)
				a->other[i] = question_sent(cx, rq, "o", i);
			break;
		case QUESTION_BOOLEAN:
		case QUESTION_DECIMAL:
		case QUESTION_INTEGER:
		case QUESTION_STRING:
		case QUESTION_TEXT:
		case QUESTION_URL:
		case QUESTION_QUANTITY:
		case QUESTION_NAMED:
		case QUESTION_UNLISTED: a->of[i] = question_sent(cx, rq, "q", i); break;
		}
	}
}
