/* SPDX-License-Identifier: Apache-2.0 */
/* The documents as downloads of the patient, and the IPS as FHIR's operation $summary. */
#include "care/record/record_api.h"
#include "care/summary/summary.h"
#include "platform/format/zip.h"
#include "trust/portal/portal.h"

static const struct record_choice everything = {.since = {INT64_MIN}, .until = {INT64_MIN}};

static str
fhir_base_of(struct cx *cx, struct request *rq)
{
	str host = request_header(rq, "Host");
	struct buf out = BUF_INIT(cx->arena);

	buf_add_z(&out, request_is_secure(rq) ? "https://" : "http://");
	for (size_t i = 0; i < host.n; i++)
		if ((unsigned char)host.p[i] > ' ')
			buf_add_char(&out, host.p[i]);
	buf_add(&out, S("/fhir"));
	return buf_str(&out);
}

/* Written into the trail before the first byte leaves. */
static fallible
audit_document(struct cx *cx, patient_id patient, enum audit_action action)
{
	enum access_why why;

	TRY(access_check(cx, patient, RIGHT_RECORD_READ, &why));
	audit_add_read(
	    cx, &(struct audit){.action = action, .subject = AUDIT_SUMMARY, .patient = patient, .why = (int)why});
	return NULL;
}

static const struct err *
to_client(void *arg, str bytes)
{
	return respond_stream_write(arg, bytes);
}

/* ---- the CCD ---- */

/* Browsers ask script-src for the stylesheet, and it brings one block of style along, in which no outside text stands. */
#define CCD_POLICY \
	"default-src 'none'; script-src 'self'; style-src 'unsafe-inline'; base-uri 'none'; frame-ancestors 'none'"

/* Shown in the browser with its stylesheet beside it; saved as any page is. */
static fallible
get_ccd(struct cx *cx, struct request *rq)
{
	struct sink sink = {to_client, rq};
	struct page_cx px;

	TRY(page_cx_for(cx, rq, S("CCD"), NULL, &px));
	TRY(audit_document(cx, cx->who.patient, AUDIT_DOWNLOAD));
	respond_header(rq, "Content-Disposition", S("inline; filename=\"" SUMMARY_CCD_NAME "\""));
	respond_header(rq, "Content-Security-Policy", S(CCD_POLICY));
	respond_header(rq, "Cache-Control", S("no-store"));
	TRY(respond_stream_begin(rq, 200, "application/xml; charset=utf-8"));
	return summary_ccd(cx, &px, cx->who.patient, &everything, &sink);
}

static fallible
get_stylesheet(struct cx *cx, struct request *rq)
{
	(void)cx;
	respond_header(rq, "Cache-Control", S("max-age=3600"));
	return respond(rq, 200, "application/xslt+xml; charset=utf-8", summary_ccd_stylesheet());
}

static const struct err *
to_zip(void *arg, str bytes)
{
	return zip_write(arg, bytes);
}

static fallible
write_zip(struct cx *cx, const struct page_cx *px, struct zip_writer *zip)
{
	struct sink into = {to_zip, zip};

	TRY(zip_file(zip, S(SUMMARY_CCD_NAME)));
	TRY(summary_ccd(cx, px, cx->who.patient, &everything, &into));
	TRY(zip_file(zip, S(SUMMARY_XSL_NAME)));
	TRY(zip_write(zip, summary_ccd_stylesheet()));
	return zip_end(zip);
}

static fallible
get_ccd_zip(struct cx *cx, struct request *rq)
{
	struct sink sink = {to_client, rq};
	struct zip_writer zip;
	const struct err *error;
	struct page_cx px;

	TRY(page_cx_for(cx, rq, S("CCD"), NULL, &px));
	TRY(audit_document(cx, cx->who.patient, AUDIT_DOWNLOAD));
	respond_header(rq, "Content-Disposition", S("attachment; filename=\"salve-ccd.zip\""));
	respond_header(rq, "Cache-Control", S("no-store"));
	TRY(respond_stream_begin(rq, 200, "application/zip"));
	TRY(zip_begin(&zip, cx->arena, &sink, cx->now));
	error = write_zip(cx, &px, &zip);
	if (error)
		zip_abandon(&zip);
	return error;
}

/* ---- the IPS ---- */

static fallible
respond_ips(struct cx *cx, struct request *rq, patient_id patient, enum audit_action action)
{
	struct page_cx px = {.arena = cx->arena, .lang = cx->lang, .now = cx->now};
	str bundle;

	TRY(audit_document(cx, patient, action));
	TRY(summary_ips(cx, &px, patient, &everything, fhir_base_of(cx, rq), &bundle));
	return respond(rq, 200, FHIR_JSON, bundle);
}

static fallible
get_ips(struct cx *cx, struct request *rq)
{
	respond_header(rq, "Content-Disposition", S("attachment; filename=\"salve-summary.json\""));
	respond_header(rq, "Cache-Control", S("no-store"));
	return respond_ips(cx, rq, cx->who.patient, AUDIT_DOWNLOAD);
}

/* GET [base]/Patient/[id]/$summary (HL7 IPS, operation summary). */
static fallible
get_summary(struct cx *cx, struct request *rq)
{
	struct resource resource;

	TRY(resource_get(cx, RESOURCE_PATIENT, request_param(rq, "id"), &resource));
	return respond_ips(cx, rq, resource.patient, AUDIT_VIEW);
}

const struct route summary_routes[] = {
    {GET, "/download/" SUMMARY_CCD_NAME, get_ccd, .who = WHO_PATIENT | WHO_DELEGATE, .face = FACE_PLAIN,
	.rate = RATE_HEAVY},
    {GET, "/download/" SUMMARY_XSL_NAME, get_stylesheet, .who = WHO_PATIENT | WHO_DELEGATE, .face = FACE_PLAIN},
    {GET, "/download/salve-ccd.zip", get_ccd_zip, .who = WHO_PATIENT | WHO_DELEGATE, .face = FACE_PLAIN,
	.rate = RATE_HEAVY},
    {GET, "/download/salve-summary.json", get_ips, .who = WHO_PATIENT | WHO_DELEGATE, .face = FACE_PLAIN,
	.rate = RATE_HEAVY},
    {GET, "/fhir/Patient/{id}/$summary", get_summary, .who = WHO_PATIENT | WHO_CARE_TEAM | WHO_DELEGATE,
	.scope = "*.rs", .face = FACE_FHIR, .rate = RATE_HEAVY},
    {0},
};
