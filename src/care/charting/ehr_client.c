/* SPDX-License-Identifier: Apache-2.0 */
/* The line to the EHR: one HTTPS request through libcurl.  No redirects; plain http on this machine only, which
 * ehr_settings_set sees to; an answer of bounded size. */
#include <curl/curl.h>

#include "care/charting/charting_internal.h"

#define CONNECT_SECONDS  10
#define ANSWER_SECONDS   60
#define ANSWER_BYTES_MAX ((size_t)1024 * 1024)

static size_t
take_bytes(char *bytes, size_t size, size_t count, void *arg)
{
	struct buf *body = arg;

	if (body->n + size * count > ANSWER_BYTES_MAX)
		return 0; /* ends the transfer with an error */
	buf_add_bytes(body, bytes, size * count);
	return size * count;
}

static struct curl_slist *
headers_of(struct cx *cx, const struct ehr_settings *settings)
{
	struct curl_slist *headers = curl_slist_append(NULL, "Content-Type: application/fhir+json");

	headers = curl_slist_append(headers, "Accept: application/fhir+json");
	headers = curl_slist_append(headers, "Expect:");
	return curl_slist_append(
	    headers, arena_printf(cx->arena, "Authorization: Bearer %.*s", STR_ARG(settings->token)).p);
}

fallible
ehr_post(struct cx *cx, const struct ehr_settings *settings, str bundle, struct ehr_answer *out)
{
	CURL *curl = curl_easy_init();
	struct buf body = BUF_INIT(cx->arena);
	struct curl_slist *headers;
	CURLcode code;

	if (!curl)
		return ERR(ERR_BUSY, "The service is very busy.", "ehr: no curl handle");
	headers = headers_of(cx, settings);
	curl_easy_setopt(curl, CURLOPT_URL, arena_z(cx->arena, settings->url));
	curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, "http,https");
	curl_easy_setopt(curl, CURLOPT_HTTPHEADER, headers);
	curl_easy_setopt(curl, CURLOPT_POSTFIELDS, bundle.p);
	curl_easy_setopt(curl, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)bundle.n);
	curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, take_bytes);
	curl_easy_setopt(curl, CURLOPT_WRITEDATA, &body);
	curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
	curl_easy_setopt(curl, CURLOPT_CONNECTTIMEOUT, (long)CONNECT_SECONDS);
	curl_easy_setopt(curl, CURLOPT_TIMEOUT, (long)ANSWER_SECONDS);
	code = curl_easy_perform(curl);
	*out = (struct ehr_answer){.body = buf_str(&body)};
	curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &out->status);
	curl_slist_free_all(headers);
	curl_easy_cleanup(curl);
	if (code != CURLE_OK)
		return err_logged(
		    cx->arena, ERR_BUSY, "The other system cannot be reached.", "ehr: %s", curl_easy_strerror(code));
	return NULL;
}
