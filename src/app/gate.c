/* SPDX-License-Identifier: Apache-2.0 */
/* What the router asks: who is there (portal), and how an error looks for a person (portal) and for a program (record, the API). */
#include "app/app.h"
#include "care/record/record_api.h"
#include "exchange/api/api.h"
#include "trust/portal/portal.h"

static const struct err *
show_error(struct cx *cx, struct request *rq, int status, const struct err *error)
{
	switch (request_face(rq)) {
	case FACE_PAGE: return portal_show_error(cx, rq, status, error);
	case FACE_FHIR: return fhir_show_error(cx, rq, status, error);
	case FACE_JSON: return api_show_error(cx, rq, status, error);
	case FACE_EVENTS:
	case FACE_PLAIN: break; /* the router's line of text */
	}
	return NULL;
}

const struct http_gate app_gate = {
    .identify = portal_identify,
    .form_token_ok = portal_form_token_ok,
    .show_error = show_error,
    .sign_in_path = "/sign-in",
};
