/* SPDX-License-Identifier: Apache-2.0 */
#include <curl/curl.h>

#include "platform/http/outbound.h"

#define CONNECT_SECONDS 10

/* ---- what may be asked ---- */

/* The host and nothing longer: "http://localhost.example.org" is somebody else. */
static bool
is_this_machine(str url)
{
	static const char *const hosts[] = {"http://127.0.0.1", "http://localhost", "http://[::1]"};

	for (size_t i = 0; i < sizeof(hosts) / sizeof(hosts[0]); i++) {
		str host = str_from_z(hosts[i]), rest;

		if (!str_starts(url, host))
			continue;
		rest = str_drop(url, host.n);
		if (!rest.n || rest.p[0] == ':' || rest.p[0] == '/')
			return true;
	}
	return false;
}

static bool
is_visible(str text)
{
	for (size_t i = 0; i < text.n; i++)
		if (text.p[i] <= ' ' || text.p[i] >= 0x7f)
			return false;
	return text.n > 0;
}

bool
outbound_url_ok(str url)
{
	if (!is_visible(url) || url.n > OUTBOUND_URL_BYTES_MAX || str_contains(url, S("@")) ||
	    str_contains(url, S("#")))
		return false;
	return is_this_machine(url) || (str_starts(url, S("https://")) && url.n > sizeof("https://") - 1);
}

bool
outbound_token_ok(str token)
{
	return is_visible(token);
}

/* ---- asking ---- */

static size_t
take_bytes(char *bytes, size_t size, size_t count, void *arg)
{
	struct buf *body = arg;

	if (body->n + size * count > OUTBOUND_ANSWER_BYTES_MAX)
		return 0; /* ends the transfer with an error */
	buf_add_bytes(body, bytes, size * count);
	return size * count;
}

static struct curl_slist *
headers_of(struct arena *arena, const struct outbound_call *call)
{
	struct curl_slist *headers = curl_slist_append(NULL, "Expect:");

	headers = curl_slist_append(headers, arena_printf(arena, "Content-Type: %s", call->content_type).p);
	headers = curl_slist_append(headers, arena_printf(arena, "Accept: %s", call->content_type).p);
	return curl_slist_append(headers, arena_printf(arena, "Authorization: Bearer %.*s", STR_ARG(call->token)).p);
}

fallible
outbound_ask(struct cx *cx, const struct outbound_call *call, struct outbound_answer *out)
{
	CURL *curl = curl_easy_init();
	struct buf body = BUF_INIT(cx->arena);
	struct curl_slist *headers;
	CURLcode code;

	if (!curl)
		return ERR(ERR_BUSY, "The service is very busy.", "no curl handle");
	headers = headers_of(cx->arena, call);
	curl_easy_setopt(curl, CURLOPT_URL, arena_z(cx->arena, call->url));
	curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, "http,https");
	curl_easy_setopt(curl, CURLOPT_HTTPHEADER, headers);
	if (call->body.p) {
		curl_easy_setopt(curl, CURLOPT_POSTFIELDS, call->body.p);
		curl_easy_setopt(curl, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)call->body.n);
	}
	curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, take_bytes);
	curl_easy_setopt(curl, CURLOPT_WRITEDATA, &body);
	curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
	curl_easy_setopt(curl, CURLOPT_CONNECTTIMEOUT, (long)CONNECT_SECONDS);
	curl_easy_setopt(curl, CURLOPT_TIMEOUT, (long)call->seconds);
	code = curl_easy_perform(curl);
	*out = (struct outbound_answer){.body = buf_str(&body)};
	curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &out->status);
	curl_slist_free_all(headers);
	curl_easy_cleanup(curl);
	if (code != CURLE_OK)
		return err_logged(cx->arena, ERR_BUSY, "The other system cannot be reached.", "outbound: %s",
		    curl_easy_strerror(code));
	return NULL;
}
