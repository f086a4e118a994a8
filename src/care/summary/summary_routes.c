/* SPDX-License-Identifier: Apache-2.0 */
/* The CCD shown in the browser, and the IPS as FHIR's operation $summary.  As files they are among the downloads (care/bluebutton). */
#include "care/record/record_api.h"
#include "care/summary/summary.h"
#include "trust/portal/portal.h"

static const struct record_choice everything = {.since = {INT64_MIN}, .until = {INT64_MIN}};

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

/* ---- the IPS ---- */

/* GET [base]/Patient/[id]/$summary (HL7 IPS, operation summary). */
static fallible
get_summary(struct cx *cx, struct request *rq)
{
	struct page_cx px = {.arena = cx->arena, .lang = cx->lang, .now = cx->now};
	struct resource resource;
	str bundle;

	TRY(resource_get(cx, RESOURCE_PATIENT, request_param(rq, "id"), &resource));
	TRY(audit_document(cx, resource.patient, AUDIT_VIEW));
	TRY(summary_ips(cx, &px, resource.patient, &everything,
	    arena_printf(cx->arena, "%.*s/fhir", STR_ARG(request_origin(rq))), &bundle));
	return respond(rq, 200, FHIR_JSON, bundle);
}

const struct route summary_routes[] = {
    {GET, "/download/show/" SUMMARY_CCD_NAME, get_ccd, .who = WHO_PATIENT | WHO_DELEGATE, .face = FACE_PLAIN,
	.rate = RATE_HEAVY},
    {GET, "/download/show/" SUMMARY_XSL_NAME, get_stylesheet, .who = WHO_PATIENT | WHO_DELEGATE, .face = FACE_PLAIN},
    {GET, "/fhir/Patient/{id}/$summary", get_summary, .who = WHO_PATIENT | WHO_CARE_TEAM | WHO_DELEGATE,
	.scope = "*.rs", .face = FACE_FHIR, .rate = RATE_HEAVY},
    {0},
};
