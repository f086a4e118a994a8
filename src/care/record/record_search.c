/* SPDX-License-Identifier: Apache-2.0 */
#include "care/record/record_search.h"

#include "care/record/record_model.h"
#include "platform/format/base64.h"

struct parsing {
	struct cx *cx;
	struct record_search *out;
	struct buf ignored;
	struct buf person;
};

static const struct err *
bad_value(struct parsing *p, str name)
{
	return err_said(p->cx->arena, ERR_INVALID, "The value of %.*s makes no sense.", STR_ARG(str_take(name, 40)));
}

static void
ignore(struct parsing *p, str name)
{
	if (p->ignored.n)
		buf_add(&p->ignored, S(", "));
	buf_add(&p->ignored, str_take(name, 40));
}

/* ---- values ---- */

/* Split at commas that have no backslash before them; "\," "\|" "\$" "\\" lose it. */
static fallible
split_values(struct parsing *p, str name, str text, struct resource_token_filter *out)
{
	str *values = ARENA_ARRAY(p->cx->arena, str, SEARCH_VALUES_MAX);
	struct buf value = BUF_INIT(p->cx->arena);
	size_t count = 0;

	for (size_t i = 0; i <= text.n; i++) {
		if (i < text.n && text.p[i] == '\\' && i + 1 < text.n) {
			buf_add_char(&value, text.p[++i]);
		} else if (i < text.n && text.p[i] != ',') {
			buf_add_char(&value, text.p[i]);
		} else {
			if (count == SEARCH_VALUES_MAX)
				return bad_value(p, name);
			if (value.n)
				values[count++] = arena_str(p->cx->arena, buf_str(&value));
			buf_clear(&value);
		}
	}
	out->values = values;
	out->count = count;
	return count ? NULL : bad_value(p, name);
}

static fallible
add_tokens(struct parsing *p, const char *param, str value)
{
	struct resource_token_filter *filter;

	if (p->out->find.token_count == SEARCH_FILTERS_MAX)
		return ERR(ERR_INVALID, "The search has too many parameters.", "too many filters");
	filter = &p->out->tokens[p->out->find.token_count];
	filter->param = param;
	TRY(split_values(p, str_from_z(param), value, filter));
	p->out->find.token_count++;
	return NULL;
}

static fallible
add_date(struct parsing *p, const char *param, str value)
{
	static const char prefixes[][3] = {[DATE_EQ] = "eq",
	    [DATE_NE] = "ne",
	    [DATE_GT] = "gt",
	    [DATE_LT] = "lt",
	    [DATE_GE] = "ge",
	    [DATE_LE] = "le",
	    [DATE_SA] = "sa",
	    [DATE_EB] = "eb"};
	struct resource_date_filter filter = {.param = param, .prefix = DATE_EQ};
	struct fhir_date date;

	for (size_t i = 0; i < sizeof(prefixes) / sizeof(prefixes[0]); i++)
		if (str_starts(value, str_from_z(prefixes[i]))) {
			filter.prefix = i;
			value = str_drop(value, 2);
			break;
		}
	if (!fhir_date_parse(FHIR_SEARCH, value, &date) || p->out->find.date_count == SEARCH_FILTERS_MAX)
		return bad_value(p, str_from_z(param));
	filter.low = date.low;
	filter.high = date.high;
	p->out->dates[p->out->find.date_count++] = filter;
	return NULL;
}

static void
add_person(struct parsing *p, str value)
{
	if (p->person.n)
		buf_add_char(&p->person, ' ');
	buf_add(&p->person, value);
}

/* ---- parameters of every type ---- */

static fallible
take_patient(struct parsing *p, str name, str value)
{
	resource_type type;
	str id = value;

	if (str_contains(value, S("/")) && (!reference_split(value, &type, &id) || type != RESOURCE_PATIENT))
		return bad_value(p, name);
	if (!resource_id_is_valid(id))
		return bad_value(p, name);
	if (p->out->patient.p && !str_equal(p->out->patient, id))
		return ERR(ERR_INVALID, "A search is about one patient at a time.", "two patients in one search");
	p->out->patient = id;
	return NULL;
}

static fallible
take_sort(struct parsing *p, str value)
{
	bool descending = str_starts(value, S("-"));
	str name = descending ? str_drop(value, 1) : value;
	const struct param_row *row = param_row_find(p->out->find.type, name);

	if (!row || row->kind != PARAM_DATE) {
		ignore(p, S("_sort"));
		return NULL;
	}
	p->out->find.sort = param_name(row);
	p->out->find.descending = descending;
	return NULL;
}

static fallible
take_cursor(struct parsing *p, str value)
{
	str bytes;

	if (!base64url_decode(p->cx->arena, value, &bytes) || bytes.n != 16)
		return bad_value(p, S(SEARCH_CURSOR));
	memcpy(&p->out->after.order, bytes.p, 8);
	memcpy(&p->out->after.n, bytes.p + 8, 8);
	memcpy(p->out->after_patient.v.bytes, bytes.p, 16);
	p->out->find.after = &p->out->after;
	return NULL;
}

str
record_search_cursor(struct arena *arena, const struct resource *last)
{
	char bytes[16];

	if (last->type == RESOURCE_PATIENT)
		memcpy(bytes, last->patient.v.bytes, 16);
	else {
		memcpy(bytes, &last->order, 8);
		memcpy(bytes + 8, &last->n, 8);
	}
	return base64url_encode(arena, (str){bytes, sizeof(bytes)});
}

/* `known` false: not a parameter of every type. */
static fallible
take_common(struct parsing *p, str name, str value, bool *known)
{
	int64_t count;

	*known = true;
	if (str_equal(name, S("_id"))) {
		p->out->ids = value;
		return add_tokens(p, "_id", value);
	}
	if ((str_equal(name, S("patient")) || str_equal(name, S("subject"))) &&
	    resource_type_in_patient_compartment(p->out->find.type) && p->out->find.type != RESOURCE_PATIENT)
		return take_patient(p, name, value);
	if (str_equal(name, S("_count"))) {
		if (!str_to_int64(value, &count) || count < 0)
			return bad_value(p, name);
		p->out->find.count = count < FHIR_COUNT_MAX ? count : FHIR_COUNT_MAX;
		p->out->only_count |= count == 0;
		return NULL;
	}
	if (str_equal(name, S("_summary")) && str_equal(value, S("count"))) {
		p->out->only_count = true;
		return NULL;
	}
	if (str_equal(name, S("_sort")))
		return take_sort(p, value);
	if (str_equal(name, S(SEARCH_CURSOR)))
		return take_cursor(p, value);
	*known = str_equal(name, S("_format")) || str_equal(name, S("_total"));
	return NULL;
}

static fallible
take_param(struct parsing *p, str name, str value)
{
	const struct param_row *row;
	bool known;

	TRY(take_common(p, name, value, &known));
	if (known)
		return NULL;
	row = param_row_find(p->out->find.type, name);
	if (!row) {
		ignore(p, name);
		return NULL;
	}
	if (row->kind == PARAM_DATE)
		return add_date(p, param_name(row), value);
	if (row->kind == PARAM_PERSON) {
		add_person(p, value);
		return NULL;
	}
	if (p->out->find.type == RESOURCE_PATIENT && str_equal(name, S("identifier"))) {
		str system, number = str_cut(value, '|', &system);

		number = number.p ? number : system;
		if (!str_contains(number, S(" ")) && !str_contains(number, S(",")))
			add_person(p, number);
	}
	return add_tokens(p, param_name(row), value);
}

fallible
record_search_parse(struct cx *cx, resource_type type, struct http_pairs pairs, struct record_search *out)
{
	struct parsing p = {.cx = cx, .out = out, .ignored = BUF_INIT(cx->arena), .person = BUF_INIT(cx->arena)};

	*out = (struct record_search){.find = {.type = type, .count = FHIR_COUNT_DEFAULT}};
	out->find.tokens = out->tokens;
	out->find.dates = out->dates;
	for (size_t i = 0; i < pairs.count; i++)
		TRY(take_param(&p, pairs.items[i].name, pairs.items[i].value));
	if (p.ignored.n)
		out->ignored = buf_str(&p.ignored);
	if (p.person.n)
		out->person = buf_str(&p.person);
	return NULL;
}
