/* SPDX-License-Identifier: Apache-2.0 */
/* SMTP through libcurl.  TLS is demanded wherever the server is not on this machine. */
#include <curl/curl.h>

#include "care/notify/notify_internal.h"

#define CONNECT_SECONDS 10
#define SEND_SECONDS    60

struct reading {
	str rest;
};

static size_t
give_bytes(char *to, size_t size, size_t count, void *arg)
{
	struct reading *reading = arg;
	size_t n = size * count < reading->rest.n ? size * count : reading->rest.n;

	if (n)
		memcpy(to, reading->rest.p, n);
	reading->rest = str_drop(reading->rest, n);
	return n;
}

static bool
is_on_this_machine(str url)
{
	return str_starts(url, S("smtp://127.0.0.1")) || str_starts(url, S("smtp://localhost")) ||
	       str_starts(url, S("smtp://[::1]"));
}

static fallible
outcome(struct cx *cx, CURL *curl, CURLcode code, int64_t *said)
{
	long answer = 0;

	if (code == CURLE_OK)
		return NULL;
	curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &answer);
	*said = answer;
	if (answer >= 500 && answer <= 599) /* the server will say the same tomorrow */
		return err_logged(
		    cx->arena, ERR_INVALID, "The mail server refused this address.", "mail: refused with %ld", answer);
	return err_logged(cx->arena, ERR_BUSY, "The mail server cannot be reached.", "mail: %s (%ld)",
	    curl_easy_strerror(code), answer);
}

fallible
mail_send(struct cx *cx, const struct mail_settings *settings, str to, str text, int64_t *answer)
{
	CURL *curl = curl_easy_init();
	struct curl_slist *recipients;
	struct reading reading = {text};
	const struct err *error;

	if (!curl)
		return ERR(ERR_BUSY, "The service is very busy.", "mail: no curl handle");
	recipients = curl_slist_append(NULL, arena_printf(cx->arena, "<%.*s>", STR_ARG(to)).p);
	curl_easy_setopt(curl, CURLOPT_URL, arena_z(cx->arena, settings->url));
	curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, "smtp,smtps");
	curl_easy_setopt(
	    curl, CURLOPT_USE_SSL, is_on_this_machine(settings->url) ? (long)CURLUSESSL_TRY : (long)CURLUSESSL_ALL);
	curl_easy_setopt(curl, CURLOPT_MAIL_FROM, arena_printf(cx->arena, "<%.*s>", STR_ARG(settings->from)).p);
	curl_easy_setopt(curl, CURLOPT_MAIL_RCPT, recipients);
	curl_easy_setopt(curl, CURLOPT_READFUNCTION, give_bytes);
	curl_easy_setopt(curl, CURLOPT_READDATA, &reading);
	curl_easy_setopt(curl, CURLOPT_UPLOAD, 1L);
	curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
	curl_easy_setopt(curl, CURLOPT_CONNECTTIMEOUT, (long)CONNECT_SECONDS);
	curl_easy_setopt(curl, CURLOPT_TIMEOUT, (long)SEND_SECONDS);
	error = outcome(cx, curl, curl_easy_perform(curl), answer);
	curl_slist_free_all(recipients);
	curl_easy_cleanup(curl);
	return error;
}
