/* SPDX-License-Identifier: Apache-2.0 */
/* Names, addresses, and who did what: people and organisations as CDA writes them.  What is not known says so. */
#include "care/summary/ccd_internal.h"

static void
unknown(struct xml_writer *x, const char *element)
{
	xml_empty(x, element, "nullFlavor", S("UNK"), NULL);
}

static void
leaf_or_unknown(struct xml_writer *x, const char *element, str text)
{
	if (text.n)
		xml_leaf(x, element, text);
	else
		unknown(x, element);
}

/* ---- names ---- */

void
ccd_name(struct xml_writer *x, const struct json_value *name)
{
	bool given = false;

	xml_begin(x, "name");
	if (!json_get(name, "family") && !json_get(name, "given") && json_text_at(name, "text").n) {
		xml_text(x, json_text_at(name, "text"));
		xml_end(x);
		return;
	}
	if (str_equal(json_text_at(name, "use"), S("official")))
		xml_attribute(x, "use", S("L"));
	json_each_item (json_get(name, "prefix"), prefix)
		xml_leaf(x, "prefix", json_text(prefix));
	json_each_item (json_get(name, "given"), one) {
		xml_leaf(x, "given", json_text(one));
		given = true;
	}
	if (!given)
		unknown(x, "given");
	leaf_or_unknown(x, "family", json_text_at(name, "family"));
	json_each_item (json_get(name, "suffix"), suffix)
		xml_leaf(x, "suffix", json_text(suffix));
	xml_end(x);
}

/* ---- addresses ---- */

#define STREET_LINES_MAX 4 /* US Realm Address */

void
ccd_address(struct xml_writer *x, const struct json_value *address)
{
	str use = json_text_at(address, "use"), country = json_text_at(address, "country");
	size_t lines = 0;

	xml_begin(x, "addr");
	if (!address) {
		xml_attribute(x, "nullFlavor", S("UNK"));
		xml_end(x);
		return;
	}
	if (use.n)
		xml_attribute(x, "use",
		    str_equal(use, S("home"))   ? S("HP")
		    : str_equal(use, S("work")) ? S("WP")
		    : str_equal(use, S("temp")) ? S("TMP")
						: S("H"));
	json_each_item (json_get(address, "line"), line)
		if (json_text(line).n && lines++ < STREET_LINES_MAX)
			xml_leaf(x, "streetAddressLine", json_text(line));
	if (!lines)
		unknown(x, "streetAddressLine");
	leaf_or_unknown(x, "city", json_text_at(address, "city"));
	leaf_or_unknown(x, "state", json_text_at(address, "state"));
	leaf_or_unknown(x, "postalCode", json_text_at(address, "postalCode"));
	if (country.n)
		xml_leaf(x, "country", country);
	xml_end(x);
}

/* ---- telecoms ---- */

/* "(555) 010-2000" as "tel:(555)010-2000": a URL has no blanks. */
static str
telecom_url(struct arena *arena, str system, str value)
{
	struct buf out = BUF_INIT(arena);
	bool has_scheme =
	    str_starts(value, S("tel:")) || str_starts(value, S("mailto:")) || str_starts(value, S("http"));

	if (!has_scheme)
		buf_add(&out, str_equal(system, S("email")) ? S("mailto:")
			      : str_equal(system, S("url")) ? S("")
			      : str_equal(system, S("fax")) ? S("fax:")
							    : S("tel:"));
	for (size_t i = 0; i < value.n; i++)
		if ((unsigned char)value.p[i] > ' ')
			buf_add_char(&out, value.p[i]);
	return buf_str(&out);
}

void
ccd_telecoms(struct xml_writer *x, struct arena *arena, const struct json_value *telecoms)
{
	bool any = false;

	json_each_item (telecoms, one) {
		str value = json_text_at(one, "value"), use = json_text_at(one, "use");

		if (!value.n)
			continue;
		xml_begin(x, "telecom");
		xml_attribute(x, "use",
		    str_equal(use, S("home"))     ? S("HP")
		    : str_equal(use, S("work"))   ? S("WP")
		    : str_equal(use, S("mobile")) ? S("MC")
						  : STR_NONE);
		xml_attribute(x, "value", telecom_url(arena, json_text_at(one, "system"), value));
		xml_end(x);
		any = true;
	}
	if (!any)
		unknown(x, "telecom");
}

/* ---- who did it ---- */

/* Who is meant, as far as the record can tell. */
struct party {
	const struct json_value *person, *organization; /* parsed; NULL: not known */
	str id, npi, words;
	resource_type type;
};

static fallible
resolve(struct ccd_entry *e, str reference, const struct json_value **out, resource_type *type)
{
	struct resource resource;
	bool found;

	*out = NULL;
	if (str_starts(reference, S("#"))) {
		json_each_item (json_get(e->json, "contained"), item)
			if (str_equal(json_text_at(item, "id"), str_drop(reference, 1))) {
				*out = item;
				*type = resource_type_find(json_text_at(item, "resourceType"));
			}
		return NULL;
	}
	TRY(resource_resolve(e->cx, reference, &resource, &found));
	if (!found)
		return NULL;
	*type = (resource_type)resource.type;
	return json_parse(e->cx->arena, resource.body, out, NULL);
}

static str
identifier_of(const struct json_value *json, str system)
{
	json_each_item (json_get(json, "identifier"), one)
		if (str_equal(json_text_at(one, "system"), system))
			return json_text_at(one, "value");
	return STR_NONE;
}

static fallible
find_party(struct ccd_entry *e, const struct json_value *reference, struct party *out)
{
	const struct json_value *json, *role;
	resource_type type = 0;

	*out = (struct party){.words = json_text_at(reference, "display")};
	TRY(resolve(e, json_text_at(reference, "reference"), &json, &type));
	if (type == RESOURCE_PRACTITIONER_ROLE) {
		role = json;
		if (json_text_at(role, "organization.reference").n)
			TRY(resolve(e, json_text_at(role, "organization.reference"), &out->organization, &type));
		TRY(resolve(e, json_text_at(role, "practitioner.reference"), &json, &type));
	}
	if (!json)
		return NULL;
	out->type = type;
	out->id = json_text_at(json, "id");
	out->npi = identifier_of(json, S("http://hl7.org/fhir/sid/us-npi"));
	if (json_kind(json_get(json, "name")) == JSON_ARRAY)
		out->person = json;
	else if (json_get(json, "name"))
		out->organization = json;
	return NULL;
}

static void
party_id(struct ccd_entry *e, const struct party *party)
{
	if (party->npi.n)
		xml_empty(e->x, "id", "root", S(OID_NPI), "extension", party->npi, NULL);
	else if (resource_id_is_uuid(party->id))
		xml_empty(e->x, "id", "root", party->id, NULL);
	else if (party->id.n)
		xml_empty(e->x, "id", "root", ccd_uuid_of(e->cx->arena, str_from_z(resource_type_name(party->type))),
		    "extension", party->id, NULL);
	else
		xml_empty(e->x, "id", "nullFlavor", S("UNK"), NULL);
}

static void
party_organization(struct ccd_entry *e, const struct json_value *organization)
{
	str id = json_text_at(organization, "id");

	xml_begin(e->x, "representedOrganization");
	if (resource_id_is_uuid(id))
		xml_empty(e->x, "id", "root", id, NULL);
	else
		xml_empty(e->x, "id", "root", ccd_uuid_of(e->cx->arena, S("Organization")), "extension", id, NULL);
	leaf_or_unknown(e->x, "name", json_text_at(organization, "name"));
	ccd_telecoms(e->x, e->cx->arena, json_get(organization, "telecom"));
	ccd_address(e->x, json_at(json_get(organization, "address"), 0));
	xml_end(e->x);
}

fallible
ccd_assigned(struct ccd_entry *e, const char *element, const struct json_value *reference)
{
	const struct json_value *json;
	struct party party;

	TRY(find_party(e, reference, &party));
	json = party.person ? party.person : party.organization;
	xml_begin(e->x, element);
	party_id(e, &party);
	ccd_address(e->x, json_at(json_get(json, "address"), 0));
	ccd_telecoms(e->x, e->cx->arena, json_get(json, "telecom"));
	if (party.person || (!party.organization && party.words.n)) {
		xml_begin(e->x, "assignedPerson");
		if (party.person)
			ccd_name(e->x, json_at(json_get(party.person, "name"), 0));
		else
			xml_leaf(e->x, "name", party.words);
		xml_end(e->x);
	}
	if (party.organization)
		party_organization(e, party.organization);
	xml_end(e->x);
	return NULL;
}

fallible
ccd_author(struct ccd_entry *e, const struct json_value *reference, str time)
{
	if (!reference && !time.n)
		return NULL;
	xml_begin(e->x, "author");
	ccd_template(e->x, "4.119", NULL);
	ccd_time(e, "time", time);
	TRY(ccd_assigned(e, "assignedAuthor", reference));
	xml_end(e->x);
	return NULL;
}

fallible
ccd_performer(struct ccd_entry *e, const struct json_value *reference)
{
	if (!reference)
		return NULL;
	xml_begin(e->x, "performer");
	TRY(ccd_assigned(e, "assignedEntity", reference));
	xml_end(e->x);
	return NULL;
}
