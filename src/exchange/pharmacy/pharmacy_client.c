/* SPDX-License-Identifier: Apache-2.0 */
/* The line to the pharmacy: one HTTPS request through libcurl.  No redirects; plain http on this machine only, which
 * pharmacy_settings_set sees to; an answer of bounded size. */
#include <curl/curl.h>

#include "exchange/pharmacy/pharmacy_internal.h"

#define CONNECT_SECONDS  10
#define ANSWER_SECONDS   30
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
headers_of(struct cx *cx, const struct pharmacy_settings *settings)
{
	struct curl_slist *headers = curl_slist_append(NULL, "Content-Type: application/fhir+json");

	headers = curl_slist_append(headers, "Accept: application/fhir+json");
	headers = curl_slist_append(headers, "Expect:");
	return curl_slist_append(
	    headers, arena_printf(cx->arena, "Authorization: Bearer %.*s", STR_ARG(settings->token)).p);
}

fallible
pharmacy_talk(struct cx *cx, const struct pharmacy_settings *settings, str path, str post, struct pharmacy_answer *out)
{
	CURL *curl = curl_easy_init();
	struct buf body = BUF_INIT(cx->arena);
	struct curl_slist *headers;
	CURLcode code;

	if (!curl)
		return ERR(ERR_BUSY, "The service is very busy.", "pharmacy: no curl handle");
	headers = headers_of(cx, settings);
	curl_easy_setopt(curl, CURLOPT_URL,
	    arena_z(cx->arena,
		path.n ? arena_printf(cx->arena, "%.*s/%.*s", STR_ARG(settings->url), STR_ARG(path)) : settings->url));
	curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, "http,https");
	curl_easy_setopt(curl, CURLOPT_HTTPHEADER, headers);
	if (post.p) {
		curl_easy_setopt(curl, CURLOPT_POSTFIELDS, post.p);
		curl_easy_setopt(curl, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)post.n);
	}
	curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, take_bytes);
	curl_easy_setopt(curl, CURLOPT_WRITEDATA, &body);
	curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
	curl_easy_setopt(curl, CURLOPT_CONNECTTIMEOUT, (long)CONNECT_SECONDS);
	curl_easy_setopt(curl, CURLOPT_TIMEOUT, (long)ANSWER_SECONDS);
	code = curl_easy_perform(curl);
	*out = (struct pharmacy_answer){.body = buf_str(&body)};
	curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &out->status);
	curl_slist_free_all(headers);
	curl_easy_cleanup(curl);
	if (code != CURLE_OK)
		return err_logged(
		    cx->arena, ERR_BUSY, "The pharmacy cannot be reached.", "pharmacy: %s", curl_easy_strerror(code));
	return NULL;
}
