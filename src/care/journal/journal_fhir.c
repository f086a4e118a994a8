/* SPDX-License-Identifier: Apache-2.0 */
/* Entries as FHIR resources.  Members are put at paths ("reaction.0.severity") into a small tree, and written at the end; what FHIR has
 * no place for becomes an extension.  A number stands in the first unit of its list, so that it can be compared with the clinic's, with
 * what the person typed as an extension of the quantity. */
#include "care/journal/journal_fhir.h"

#include "platform/format/json_write.h"

#define TYPED_URL      JOURNAL_SYSTEM ":typed"
#define ENTERED_BY_URL JOURNAL_SYSTEM ":entered-by"
#define SOURCE_URL     JOURNAL_SYSTEM ":source"
#define FILE_NAME_URL  JOURNAL_SYSTEM ":file-name"
#define UCUM           "http://unitsofmeasure.org"

/* ---- a tree of members ---- */

struct node {
	str name; /* digits: an item of an array */
	str raw;  /* JSON of a leaf */
	struct node *first, *last, *next;
};

struct tree {
	struct arena *arena;
	struct node root;
	int extensions, components;
};

static struct node *
child(struct arena *arena, struct node *of, str name)
{
	struct node *new;

	for (struct node *n = of->first; n; n = n->next)
		if (str_equal(n->name, name))
			return n;
	new = ARENA_NEW(arena, struct node);
	new->name = name;
	if (of->last)
		of->last->next = new;
	else
		of->first = new;
	of->last = new;
	return new;
}

static void
put_raw(struct tree *tree, str path, str raw)
{
	struct node *at = &tree->root;
	str name;

	while (path.p) {
		path = str_cut(path, '.', &name);
		at = child(tree->arena, at, name);
	}
	at->raw = raw;
}

static void
put_text(struct tree *tree, str path, str text)
{
	struct buf raw = BUF_INIT(tree->arena);

	buf_add_json_text(&raw, text);
	put_raw(tree, path, buf_str(&raw));
}

static str
under(struct tree *tree, str path, const char *rest)
{
	return arena_printf(tree->arena, "%.*s.%s", STR_ARG(path), rest);
}

static void
write_node(struct json_writer *w, const struct node *node)
{
	bool is_array = node->first && node->first->name.p[0] >= '0' && node->first->name.p[0] <= '9';

	if (!node->first) {
		json_write_raw(w, node->raw);
		return;
	}
	if (is_array)
		json_write_array(w);
	else
		json_write_object(w);
	for (const struct node *n = node->first; n; n = n->next) {
		if (!is_array)
			json_write_name(w, n->name);
		write_node(w, n);
	}
	json_write_end(w);
}

/* ---- values ---- */

static void
put_coding(struct tree *tree, str path, const char *system, str code, str display)
{
	put_text(tree, under(tree, path, "system"), str_from_z(system));
	put_text(tree, under(tree, path, "code"), code);
	if (display.n)
		put_text(tree, under(tree, path, "display"), display);
}

/* The public coding before our own; words in English, as codes have them. */
static void
put_concept(struct tree *tree, str path, const struct journal_codes *codes, str value)
{
	const struct journal_code *code = journal_code_find(codes, value);
	bool is_public = code && code->system;

	if (!code) {
		put_text(tree, under(tree, path, "text"), value);
		return;
	}
	if (is_public)
		put_coding(
		    tree, under(tree, path, "coding.0"), code->system, str_from_z(code->code), str_from_z(code->words));
	put_coding(tree, under(tree, path, is_public ? "coding.1" : "coding.0"), JOURNAL_SYSTEM, value,
	    is_public ? STR_NONE : str_from_z(code->words));
	put_text(tree, under(tree, path, "text"), str_from_z(code->words));
}

static void
put_unit(struct tree *tree, str path, str digits, const struct journal_unit *unit)
{
	put_raw(tree, under(tree, path, "value"), digits);
	if (unit->words[0])
		put_text(tree, under(tree, path, "unit"), str_from_z(unit->words));
	put_text(tree, under(tree, path, "system"), S(UCUM));
	put_text(tree, under(tree, path, "code"), str_from_z(unit->code));
}

#define FIRST_DECIMALS 6 /* of a converted value: a thousandth of any unit survives it */

static void
put_quantity(struct tree *tree, str path, const struct journal_field *field, str text, const struct journal_unit *unit)
{
	const struct journal_unit *first = &field->units->items[0];
	int64_t nano = 0;
	bool is_number = journal_number_parse(text, &nano);

	assert(is_number);
	if (unit != first) {
		str typed = under(tree, path, "extension.0");

		put_text(tree, under(tree, typed, "url"), S(TYPED_URL));
		put_unit(tree, under(tree, typed, "valueQuantity"),
		    journal_number_text(tree->arena, nano, JOURNAL_DECIMALS_IN), unit);
	}
	put_unit(tree, path,
	    journal_number_text(
		tree->arena, journal_to_first(unit, nano), unit == first ? JOURNAL_DECIMALS_IN : FIRST_DECIMALS),
	    first);
}

/* At `path`, a place for a value of any type: its name ends in the type ("value" becomes "valueQuantity"). */
static void
put_any(struct tree *tree, str path, const struct journal_field *field, str text, const struct journal_unit *unit)
{
	switch (field->kind) {
	case FIELD_NUMBER:
		put_quantity(tree, arena_printf(tree->arena, "%.*sQuantity", STR_ARG(path)), field, text, unit);
		return;
	case FIELD_CODE:
	case FIELD_CODES:
		put_concept(tree, arena_printf(tree->arena, "%.*sCodeableConcept", STR_ARG(path)), field->codes, text);
		return;
	case FIELD_YES:
		put_raw(tree, arena_printf(tree->arena, "%.*sBoolean", STR_ARG(path)),
		    str_equal(text, S("yes")) ? S("true") : S("false"));
		return;
	case FIELD_DAY:
	case FIELD_TIME: put_text(tree, arena_printf(tree->arena, "%.*sDateTime", STR_ARG(path)), text); return;
	case FIELD_TEXT:
	case FIELD_LONG: break;
	}
	put_text(tree, arena_printf(tree->arena, "%.*sString", STR_ARG(path)), text);
}

static void
put_extension(struct tree *tree, const struct journal_field *field, str text, const struct journal_unit *unit)
{
	str path = arena_printf(tree->arena, "extension.%d", tree->extensions++);

	put_text(tree, under(tree, path, "url"), arena_printf(tree->arena, JOURNAL_SYSTEM ":%s", field->name));
	put_any(tree, under(tree, path, "value"), field, text, unit);
}

static void
put_component(struct tree *tree, const struct journal_field *field, str text, const struct journal_unit *unit)
{
	str path = arena_printf(tree->arena, "component.%d", tree->components++);
	int coding = 0;

	if (field->loinc)
		put_coding(tree, arena_printf(tree->arena, "%.*s.code.coding.%d", STR_ARG(path), coding++),
		    "http://loinc.org", str_from_z(field->loinc), str_from_z(field->display));
	put_coding(tree, arena_printf(tree->arena, "%.*s.code.coding.%d", STR_ARG(path), coding), JOURNAL_SYSTEM,
	    str_from_z(field->name), STR_NONE);
	put_text(tree, under(tree, path, "code.text"), str_from_z(field->label));
	put_any(tree, under(tree, path, "value"), field, text, unit);
}

static void
put_list(struct tree *tree, const struct journal_field *field, str codes)
{
	str code;

	for (int i = 0; codes.p; i++) {
		codes = str_cut(codes, ',', &code);
		put_concept(tree, arena_printf(tree->arena, "%s.%d.code", field->path, i), field->codes, code);
	}
}

static void
put_field(struct tree *tree, const struct journal_field *field, str text, const struct journal_unit *unit)
{
	str path = str_from_z(field->path), rest = text, one;

	switch (field->shape) {
	case SHAPE_PLAIN: put_text(tree, path, text); break;
	case SHAPE_CONCEPT: put_concept(tree, path, field->codes, text); break;
	case SHAPE_QUANTITY: put_quantity(tree, path, field, text, unit); break;
	case SHAPE_LIST: put_list(tree, field, text); break;
	case SHAPE_COMPONENT: put_component(tree, field, text, unit); break;
	case SHAPE_EXTENSION:
		while (rest.p) {
			one = rest;
			rest = field->kind == FIELD_CODES ? str_cut(rest, ',', &one) : STR_NONE;
			put_extension(tree, field, one, unit);
		}
	}
}

static void
put_said(struct tree *tree, const char *url, str text)
{
	str path = arena_printf(tree->arena, "extension.%d", tree->extensions++);

	put_text(tree, under(tree, path, "url"), str_from_z(url));
	put_text(tree, under(tree, path, "valueString"), text);
}

static void
put_file(struct tree *tree, const struct journal_file *file, size_t n)
{
	str path = arena_printf(tree->arena, "content.%zu.attachment", n);

	put_text(tree, under(tree, path, "extension.0.url"), S(FILE_NAME_URL));
	put_text(tree, under(tree, path, "extension.0.valueString"), file->name);
	put_text(tree, under(tree, path, "contentType"), file->content_type);
	put_text(tree, under(tree, path, "url"), arena_printf(tree->arena, "Binary/%.*s", STR_ARG(file->id)));
	put_raw(tree, under(tree, path, "size"), arena_printf(tree->arena, "%lld", (long long)file->bytes));
	put_text(tree, under(tree, path, "title"), file->title);
}

str
journal_to_fhir(struct arena *arena, const struct journal_log *log, str patient, const struct journal_values *values)
{
	struct tree tree = {.arena = arena};
	str reference = arena_printf(arena, "Patient/%.*s", STR_ARG(patient));
	struct buf out = BUF_INIT(arena);
	struct json_writer w = JSON_WRITER(&out);

	put_text(&tree, S("resourceType"), str_from_z(resource_type_name(log->type)));
	put_text(&tree, S("meta.tag.0.system"), S(JOURNAL_SUPPLIED_SYSTEM));
	put_text(&tree, S("meta.tag.0.code"), S(JOURNAL_SUPPLIED));
	put_text(&tree, S("meta.tag.1.system"), S(JOURNAL_SYSTEM));
	put_text(&tree, S("meta.tag.1.code"), str_from_z(log->name));
	if (values->origin.n) {
		put_text(&tree, S("identifier.0.system"), S(JOURNAL_SYSTEM ":origin"));
		put_text(&tree, S("identifier.0.value"), values->origin);
	}
	for (size_t i = 0; i < log->constant_count; i++)
		put_raw(&tree, str_from_z(log->constants[i].path), str_from_z(log->constants[i].json));
	put_text(&tree, arena_printf(arena, "%s.reference", log->subject), reference);
	if (log->by)
		put_text(&tree, arena_printf(arena, "%s.reference", log->by), reference);
	for (size_t i = 0; i < log->field_count; i++)
		if (values->text[i].n)
			put_field(&tree, &log->fields[i], values->text[i], values->unit[i]);
	for (size_t i = 0; i < values->file_count; i++)
		put_file(&tree, &values->files[i], i);
	if (values->by.n)
		put_said(&tree, ENTERED_BY_URL, values->by);
	if (values->source.n)
		put_said(&tree, SOURCE_URL, values->source);
	write_node(&w, &tree.root);
	json_write_done(&w);
	return buf_str(&out);
}

/* ---- reading ---- */

static str
concept_value(const struct journal_codes *codes, const struct json_value *concept)
{
	json_each_item (json_get(concept, "coding"), coding)
		if (str_equal(json_text_at(coding, "system"), S(JOURNAL_SYSTEM)) &&
		    journal_code_find(codes, json_text_at(coding, "code")))
			return json_text_at(coding, "code");
	return json_text_at(concept, "text");
}

static void
read_quantity(struct arena *arena, const struct journal_field *field, const struct json_value *quantity, str *text,
    const struct journal_unit **unit)
{
	const struct journal_unit *found;
	int64_t nano;

	json_each_item (json_get(quantity, "extension"), extension)
		if (str_equal(json_text_at(extension, "url"), S(TYPED_URL)))
			quantity = json_get(extension, "valueQuantity");
	found = journal_unit_find(field->units, json_text_at(quantity, "code"));
	if (!found || !journal_number_parse(json_number_text(json_get(quantity, "value")), &nano))
		return;
	*text = journal_number_text(arena, nano, JOURNAL_DECIMALS_IN);
	*unit = found;
}

static void
read_any(struct arena *arena, const struct journal_field *field, const struct json_value *holder, str *text,
    const struct journal_unit **unit)
{
	const struct json_value *yes = json_get(holder, "valueBoolean");

	switch (field->kind) {
	case FIELD_NUMBER: read_quantity(arena, field, json_get(holder, "valueQuantity"), text, unit); return;
	case FIELD_CODE:
	case FIELD_CODES: *text = concept_value(field->codes, json_get(holder, "valueCodeableConcept")); return;
	case FIELD_YES: *text = !yes ? STR_NONE : json_bool(yes) ? S("yes") : S("no"); return;
	case FIELD_DAY:
	case FIELD_TIME: *text = json_text_at(holder, "valueDateTime"); return;
	case FIELD_TEXT:
	case FIELD_LONG: *text = json_text_at(holder, "valueString"); return;
	}
}

static void
join(struct arena *arena, str *list, str one)
{
	if (one.n)
		*list = list->n ? arena_printf(arena, "%.*s,%.*s", STR_ARG(*list), STR_ARG(one)) : one;
}

static void
read_extensions(struct arena *arena, const struct journal_field *field, const struct json_value *json, str *text,
    const struct journal_unit **unit)
{
	str url = arena_printf(arena, JOURNAL_SYSTEM ":%s", field->name);

	json_each_item (json_get(json, "extension"), extension) {
		str one = STR_NONE;

		if (!str_equal(json_text_at(extension, "url"), url))
			continue;
		read_any(arena, field, extension, &one, unit);
		if (field->kind == FIELD_CODES)
			join(arena, text, one);
		else
			*text = one;
	}
}

static void
read_component(struct arena *arena, const struct journal_field *field, const struct json_value *json, str *text,
    const struct journal_unit **unit)
{
	json_each_item (json_get(json, "component"), component)
		json_each_item (json_path(component, "code.coding"), coding)
			if (str_equal(json_text_at(coding, "system"), S(JOURNAL_SYSTEM)) &&
			    str_equal(json_text_at(coding, "code"), str_from_z(field->name)))
				read_any(arena, field, component, text, unit);
}

static str
said(const struct json_value *json, const char *url)
{
	json_each_item (json_get(json, "extension"), extension)
		if (str_equal(json_text_at(extension, "url"), str_from_z(url)))
			return json_text_at(extension, "valueString");
	return STR_NONE;
}

static void
read_files(const struct json_value *json, struct journal_values *out)
{
	json_each_item (json_get(json, "content"), content) {
		const struct json_value *attachment = json_get(content, "attachment");
		str url = json_text_at(attachment, "url"), name = said(attachment, FILE_NAME_URL);
		struct journal_file *file = &out->files[out->file_count];

		if (!str_starts(url, S("Binary/")) || out->file_count == JOURNAL_FILES_MAX)
			continue;
		*file = (struct journal_file){.id = str_drop(url, 7),
		    .title = json_text_at(attachment, "title"),
		    .content_type = json_text_at(attachment, "contentType")};
		file->name = name.n ? name : file->title;
		(void)json_to_int64(json_get(attachment, "size"), &file->bytes);
		out->file_count++;
	}
}

void
journal_from_fhir(
    struct arena *arena, const struct journal_log *log, const struct json_value *json, struct journal_values *out)
{
	*out = (struct journal_values){.by = said(json, ENTERED_BY_URL), .source = said(json, SOURCE_URL)};
	if (log->has_files)
		read_files(json, out);
	if (str_equal(json_text_at(json, "identifier.0.system"), S(JOURNAL_SYSTEM ":origin")))
		out->origin = json_text_at(json, "identifier.0.value");
	for (size_t i = 0; i < log->field_count; i++) {
		const struct journal_field *field = &log->fields[i];
		str *text = &out->text[i];

		switch (field->shape) {
		case SHAPE_PLAIN: *text = json_text_at(json, field->path); break;
		case SHAPE_CONCEPT: *text = concept_value(field->codes, json_path(json, field->path)); break;
		case SHAPE_QUANTITY:
			read_quantity(arena, field, json_path(json, field->path), text, &out->unit[i]);
			break;
		case SHAPE_LIST:
			json_each_item (json_path(json, field->path), item)
				join(arena, text, concept_value(field->codes, json_get(item, "code")));
			break;
		case SHAPE_COMPONENT: read_component(arena, field, json, text, &out->unit[i]); break;
		case SHAPE_EXTENSION: read_extensions(arena, field, json, text, &out->unit[i]); break;
		}
	}
}

int64_t
journal_log_said(const struct json_value *json)
{
	json_each_item (json_path(json, "meta.tag"), tag) {
		const struct journal_log *log;

		if (!str_equal(json_text_at(tag, "system"), S(JOURNAL_SYSTEM)))
			continue;
		if (str_equal(json_text_at(tag, "code"), S(JOURNAL_ANSWERS_SAVED)))
			return JOURNAL_ANSWERS_HALF;
		if (str_equal(json_text_at(tag, "code"), S(JOURNAL_PAPERS_TAG)))
			return JOURNAL_PAPERS;
		log = journal_log_find(json_text_at(tag, "code"));
		return log ? log->number : -1;
	}
	return 0;
}
