/* SPDX-License-Identifier: Apache-2.0 */
/* Serving what tools/mkassets built in.  A hashed name never changes its content, so it may be kept for a year; the plain
 * name answers too (pages that are open during an upgrade), but for a minute only. */
#include <stdio.h>
#include <stdlib.h>

#include "platform/http/http_internal.h"

static const struct asset *
asset_by_name(str name)
{
	for (size_t i = 0; i < asset_count; i++)
		if (str_equal(str_from_z(assets[i].name), name))
			return &assets[i];
	return NULL;
}

static const struct asset *
asset_by_path(str path)
{
	for (size_t i = 0; i < asset_count; i++)
		if (str_equal(str_from_z(assets[i].path), path))
			return &assets[i];
	return NULL;
}

str
asset_path(const char *name)
{
	const struct asset *asset = asset_by_name(str_from_z(name));

	if (!asset) {
		fprintf(stderr, "salve: no asset \"%s\" (assets/meson.build lists them)\n", name);
		abort();
	}
	return str_from_z(asset->path);
}

static fallible
send_asset(struct request *rq, const struct asset *asset, str cache)
{
	str bytes = {(const char *)asset->bytes, asset->n};
	str etag = arena_printf(&rq->arena, "\"%s\"", asset->path + sizeof("/assets/") - 1);

	respond_header(rq, "Cache-Control", cache);
	respond_header(rq, "ETag", etag);
	if (asset->bytes_gzip || asset->bytes_brotli)
		respond_header(rq, "Vary", S("Accept-Encoding"));
	if (request_has_etag(rq, etag))
		return respond_not_modified(rq);
	if (asset->bytes_brotli && request_accepts_coding(rq, "br")) {
		bytes = (str){(const char *)asset->bytes_brotli, asset->n_brotli};
		respond_header(rq, "Content-Encoding", S("br"));
	} else if (asset->bytes_gzip && request_accepts_coding(rq, "gzip")) {
		bytes = (str){(const char *)asset->bytes_gzip, asset->n_gzip};
		respond_header(rq, "Content-Encoding", S("gzip"));
	}
	return respond(rq, 200, asset->content_type, bytes);
}

static fallible
get_asset(struct cx *cx, struct request *rq)
{
	const struct asset *asset = asset_by_path(request_path(rq));

	(void)cx;
	if (asset)
		return send_asset(rq, asset, S("public, max-age=31536000, immutable"));
	asset = asset_by_name(request_param(rq, "name"));
	if (asset)
		return send_asset(rq, asset, S("public, max-age=60"));
	return ERR(ERR_GONE, "There is no such file.", "no such asset");
}

static fallible
get_robots(struct cx *cx, struct request *rq)
{
	const struct asset *asset = asset_by_name(S("robots.txt"));

	(void)cx;
	if (!asset)
		return ERR(ERR_GONE, "There is no such file.", "no robots.txt built in");
	return send_asset(rq, asset, S("public, max-age=86400"));
}

const struct route asset_routes[] = {
    {GET, "/assets/{name}", get_asset, .who = WHO_ANYONE, .face = FACE_PLAIN, .rate = RATE_NONE},
    {GET, "/robots.txt", get_robots, .who = WHO_ANYONE, .face = FACE_PLAIN, .rate = RATE_NONE},
    {0},
};
