/* SPDX-License-Identifier: Apache-2.0 */
/* The CapabilityStatement, from the tables of the model. */
#include "care/record/record_api_internal.h"

#include "care/record/record_model.h"
#include "platform/format/json_write.h"

static void
add_code(struct json_writer *w, const char *code)
{
	json_write_object(w);
	json_put_text(w, "code", str_from_z(code));
	json_write_end(w);
}

static void
add_param(struct json_writer *w, const char *name, const char *type)
{
	json_write_object(w);
	json_put_text(w, "name", str_from_z(name));
	json_put_text(w, "type", str_from_z(type));
	json_write_end(w);
}

static void
add_type(struct json_writer *w, resource_type type)
{
	static const char *const interactions[] = {
	    "read", "vread", "update", "delete", "history-instance", "create", "search-type"};
	static const char *const kinds[] = {[PARAM_TOKEN] = "token",
	    [PARAM_DATE] = "date",
	    [PARAM_REFERENCE] = "reference",
	    [PARAM_STRING] = "string",
	    [PARAM_PERSON] = "string"};
	size_t count;
	const struct param_row *rows = param_rows(type, &count);

	json_write_object(w);
	json_put_text(w, "type", str_from_z(resource_type_name(type)));
	json_put_array(w, "interaction");
	for (size_t i = 0; i < sizeof(interactions) / sizeof(interactions[0]); i++)
		add_code(w, interactions[i]);
	json_write_end(w);
	json_put_text(w, "versioning", S("versioned-update"));
	json_put_bool(w, "readHistory", true);
	json_put_bool(w, "updateCreate", true);
	json_put_bool(w, "conditionalCreate", true);
	json_put_text(w, "conditionalRead", S("not-match"));
	json_put_array(w, "searchParam");
	add_param(w, "_id", "token");
	add_param(w, "_lastUpdated", "date");
	if (resource_type_in_patient_compartment(type) && type != RESOURCE_PATIENT)
		add_param(w, "patient", "reference");
	for (size_t i = 0; i < count; i++)
		add_param(w, param_name(&rows[i]), kinds[rows[i].kind]);
	json_write_end(w);
	json_write_end(w);
}

fallible
fhir_metadata(struct cx *cx, struct request *rq)
{
	struct buf out = BUF_INIT(cx->arena);
	struct json_writer w = JSON_WRITER(&out);

	json_write_object(&w);
	json_put_text(&w, "resourceType", S("CapabilityStatement"));
	json_put_text(&w, "status", S("active"));
	json_put_text(&w, "date", S("2026-01-01"));
	json_put_text(&w, "kind", S("instance"));
	json_put_object(&w, "software");
	json_put_text(&w, "name", S("Salve"));
	json_write_end(&w);
	json_put_object(&w, "implementation");
	json_put_text(&w, "description", S("Salve"));
	json_put_text(&w, "url", fhir_base(cx, rq));
	json_write_end(&w);
	json_put_text(&w, "fhirVersion", S("4.0.1"));
	json_put_array(&w, "format");
	json_write_text(&w, S("json"));
	json_write_text(&w, S("application/fhir+json"));
	json_write_end(&w);
	json_put_array(&w, "rest");
	json_write_object(&w);
	json_put_text(&w, "mode", S("server"));
	json_put_array(&w, "resource");
	for (resource_type type = 1; type <= resource_type_count(); type++)
		if (resource_type_in_patient_compartment(type) || resource_type_may_be_common(type))
			add_type(&w, type);
	json_write_end(&w);
	json_put_array(&w, "interaction");
	add_code(&w, "transaction");
	add_code(&w, "batch");
	json_write_end(&w);
	json_write_end(&w);
	json_write_end(&w);
	json_write_end(&w);
	json_write_done(&w);
	return respond(rq, 200, FHIR_JSON, buf_str(&out));
}
