/* SPDX-License-Identifier: Apache-2.0 */
/* From a path to a route row.  The rows are compiled once into a tree by path segment; at every level a literal segment
 * wins over a {parameter}, and that over a {tail...}.  The walk goes back when a literal leads nowhere, so
 * "/teams/new/members" still finds "/teams/{team}/members" beside "/teams/new". */
#include <stdlib.h>

#include "platform/http/http_internal.h"

struct node {
	str literal;                  /* of the segment that leads here */
	LIST(struct node *) literals; /* sorted */
	struct node *param;
	struct compiled_route *rows[METHODS], *tails[METHODS];
};

struct router {
	struct node root;
	const struct route *const *tables;
};

static const char *const METHOD_NAMES[METHODS] = {
    [GET] = "GET", [POST] = "POST", [PUT] = "PUT", [DELETE] = "DELETE", [HEAD] = "HEAD"};

const char *
method_name(enum http_method method)
{
	return METHOD_NAMES[method] ? METHOD_NAMES[method] : "?";
}

/* ---- compiling ---- */

static const struct err *
bad_row(struct arena *arena, const struct route *route, const char *why)
{
	return err_said(arena, ERR_INVALID, "Route %s %s %s.", method_name(route->method),
	    route->pattern ? route->pattern : "?", why);
}

static struct node *
literal_child(struct arena *arena, struct node *node, str literal)
{
	struct node *child;

	for (size_t i = 0; i < node->literals.count; i++)
		if (str_equal(node->literals.items[i]->literal, literal))
			return node->literals.items[i];
	child = ARENA_NEW(arena, struct node);
	child->literal = literal;
	*LIST_ADD(arena, &node->literals) = child;
	return child;
}

static fallible
check_row(struct arena *arena, const struct route *route)
{
	if (route->method < GET || route->method > DELETE)
		return bad_row(arena, route, "has no method of its own (GET rows answer HEAD)");
	if (!route->pattern || route->pattern[0] != '/')
		return bad_row(arena, route, "does not begin with '/'");
	if (!route->handler)
		return bad_row(arena, route, "has no handler");
	if (!route->who)
		return bad_row(arena, route, "does not say who may call it");
	if (route->rate == RATE_NONE && !(route->who & WHO_ANYONE))
		return bad_row(arena, route, "has no rate limit, which is only for what anyone may call");
	if (route->any_site && route->who != WHO_ANYONE)
		return bad_row(arena, route, "is for other sites: then it is for anyone and knows nobody");
	if (route->method == GET && (route->writes || route->body_bytes_max))
		return bad_row(arena, route, "is a GET: it may not write or take a body");
	return NULL;
}

static fallible
add_row(struct arena *arena, struct router *router, const struct route *route)
{
	struct compiled_route *row = ARENA_NEW(arena, struct compiled_route);
	struct node *node = &router->root;
	struct compiled_route **place = node->rows;
	str rest = str_drop(str_from_z(route->pattern), 1), segment;
	int depth = 0;

	TRY(check_row(arena, route));
	row->route = route;
	while (rest.p) {
		rest = str_cut(rest, '/', &segment);
		if (++depth > HTTP_PATH_SEGMENTS_MAX)
			return bad_row(arena, route, "is too deep");
		if (!str_starts(segment, S("{"))) {
			if (segment.n == 0 && (rest.p || depth > 1))
				return bad_row(arena, route, "has an empty segment");
			if (segment.n) /* the root itself is "/" */
				node = literal_child(arena, node, segment);
			place = node->rows;
			continue;
		}
		if (segment.n < 3 || !str_ends(segment, S("}")) || row->name_count == ROUTE_PARAMS_MAX)
			return bad_row(arena, route, "has a malformed parameter or too many");
		segment = str_slice(segment.p + 1, segment.p + segment.n - 1);
		if (str_ends(segment, S("..."))) {
			if (rest.p)
				return bad_row(arena, route, "has something behind its tail");
			segment.n -= 3;
			place = node->tails;
		} else {
			if (!node->param)
				node->param = ARENA_NEW(arena, struct node);
			node = node->param;
			place = node->rows;
		}
		row->names[row->name_count++] = segment;
	}
	if (place[route->method])
		return err_said(arena, ERR_INVALID, "Routes %s %s and %s clash.", method_name(route->method),
		    place[route->method]->route->pattern, route->pattern);
	place[route->method] = row;
	return NULL;
}

static int
compare_nodes(const void *a, const void *b)
{
	return str_compare((*(struct node *const *)a)->literal, (*(struct node *const *)b)->literal);
}

static void
sort_node(struct node *node)
{
	if (node->literals.count)
		qsort(node->literals.items, node->literals.count, sizeof(struct node *), compare_nodes);
	for (size_t i = 0; i < node->literals.count; i++)
		sort_node(node->literals.items[i]);
	if (node->param)
		sort_node(node->param);
}

fallible
router_compile(struct arena *arena, const struct route *const *tables, struct router **out)
{
	struct router *router = ARENA_NEW(arena, struct router);

	router->tables = tables;
	for (const struct route *const *table = tables; *table; table++)
		for (const struct route *route = *table; route->method; route++)
			TRY(add_row(arena, router, route));
	sort_node(&router->root);
	*out = router;
	return NULL;
}

/* ---- matching ---- */

struct walk {
	enum http_method method;
	str segments[HTTP_PATH_SEGMENTS_MAX]; /* decoded */
	size_t count;
	str rests[HTTP_PATH_SEGMENTS_MAX]; /* from this segment to the end, decoded as one */
	struct route_match *match;
	str params[ROUTE_PARAMS_MAX];
	size_t param_count;
};

static struct node *
find_literal(const struct node *node, str literal)
{
	size_t low = 0, high = node->literals.count;

	while (low < high) {
		size_t middle = (low + high) / 2;
		int order = str_compare(node->literals.items[middle]->literal, literal);

		if (order == 0)
			return node->literals.items[middle];
		if (order < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return NULL;
}

/* The pattern fits. True when it has the method too, which ends the walk. */
static bool
arrive(struct walk *walk, struct compiled_route *const *rows)
{
	enum http_method method = walk->method == HEAD ? GET : walk->method;

	for (int i = GET; i <= DELETE; i++)
		if (rows[i]) {
			walk->match->allowed |= 1u << i;
			walk->match->face = rows[i]->route->face;
		}
	if (!method || !rows[method])
		return false;
	walk->match->found = rows[method];
	walk->match->face = rows[method]->route->face;
	memcpy(walk->match->params, walk->params, sizeof(walk->params));
	return true;
}

/* Recursion is as deep as the deepest pattern, and visits each node at most once. */
static bool
walk_node(struct walk *walk, const struct node *node, size_t at)
{
	const struct node *child;

	if (at == walk->count)
		return arrive(walk, node->rows);
	child = find_literal(node, walk->segments[at]);
	if (child && walk_node(walk, child, at + 1))
		return true;
	if (node->param && walk->segments[at].n && walk->param_count < ROUTE_PARAMS_MAX) {
		walk->params[walk->param_count++] = walk->segments[at];
		if (walk_node(walk, node->param, at + 1))
			return true;
		walk->param_count--;
	}
	if (walk->rests[at].n && walk->param_count < ROUTE_PARAMS_MAX) {
		walk->params[walk->param_count] = walk->rests[at];
		return arrive(walk, node->tails);
	}
	return false;
}

/* How errors under an unknown path look: as the rows under the same first segment do. */
static enum face
face_beside(const struct router *router, str first)
{
	for (const struct route *const *table = router->tables; *table; table++)
		for (const struct route *route = *table; route->method; route++) {
			str head;

			str_cut(str_drop(str_from_z(route->pattern), 1), '/', &head);
			if (str_equal(head, first))
				return route->face;
		}
	return FACE_PAGE;
}

static bool
split_path(struct walk *walk, struct arena *arena, str raw_path)
{
	str rest = str_drop(raw_path, 1);

	if (!str_starts(raw_path, S("/")) || !uri_decode(arena, raw_path, URI_PLUS_IS_PLUS, &walk->match->path))
		return false;
	while (rest.p && rest.n) {
		str whole = rest, segment;

		if (walk->count == HTTP_PATH_SEGMENTS_MAX)
			return true; /* deeper than any pattern but a tail's, which has the whole rest */
		if (!uri_decode(arena, whole, URI_PLUS_IS_PLUS, &walk->rests[walk->count]))
			return false;
		rest = str_cut(rest, '/', &segment);
		if (!uri_decode(arena, segment, URI_PLUS_IS_PLUS, &segment) || str_equal(segment, S(".")) ||
		    str_equal(segment, S("..")))
			return false;
		walk->segments[walk->count++] = segment;
		if (rest.p && rest.n == 0) { /* a slash at the end is a segment of its own, which no pattern has */
			if (walk->count < HTTP_PATH_SEGMENTS_MAX)
				walk->segments[walk->count++] = S("");
		}
	}
	return true;
}

void
router_match(
    const struct router *router, struct arena *arena, enum http_method method, str raw_path, struct route_match *out)
{
	struct walk walk = {.method = method, .match = out};

	*out = (struct route_match){.face = FACE_PAGE};
	out->path_is_sound = split_path(&walk, arena, raw_path);
	if (!out->path_is_sound)
		return;
	if (!walk_node(&walk, &router->root, 0) && !out->allowed && walk.count)
		out->face = face_beside(router, walk.segments[0]);
}

str
route_match_param(const struct route_match *match, str name)
{
	for (size_t i = 0; match->found && i < match->found->name_count; i++)
		if (str_equal(match->found->names[i], name))
			return match->params[i];
	return STR_NONE;
}

/* ---- printing ---- */

static int
compare_routes(const void *a, const void *b)
{
	const struct route *left = *(const struct route *const *)a, *right = *(const struct route *const *)b;
	int order = strcmp(left->pattern, right->pattern);

	return order ? order : (int)left->method - (int)right->method;
}

static void
print_who(struct buf *out, unsigned who)
{
	static const struct {
		unsigned bit;
		const char *name;
	} kinds[] = {{WHO_ANYONE, "anyone"}, {WHO_PATIENT, "patient"}, {WHO_DELEGATE, "delegate"},
	    {WHO_CARE_TEAM, "care-team"}, {WHO_COORDINATOR, "coordinator"}, {WHO_ADMINISTRATOR, "administrator"},
	    {WHO_SYSTEM, "system"}};
	bool first = true;

	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
		if (who & kinds[i].bit) {
			buf_printf(out, "%s%s", first ? "" : ",", kinds[i].name);
			first = false;
		}
}

void
routes_print(struct buf *out, const struct route *const *route_tables)
{
	static const char *const faces[] = {"page", "fhir", "json", "events", "plain"};
	static const char *const rates[] = {"usual", "sign-in", "code", "heavy", "none"};
	LIST(const struct route *) rows = {0};

	for (const struct route *const *table = route_tables; *table; table++)
		for (const struct route *route = *table; route->method; route++)
			*LIST_ADD(out->arena, &rows) = route;
	if (rows.count)
		qsort(rows.items, rows.count, sizeof(rows.items[0]), compare_routes);
	for (size_t i = 0; i < rows.count; i++) {
		const struct route *route = rows.items[i];

		buf_printf(out, "%-6s %s who=", method_name(route->method), route->pattern);
		print_who(out, route->who);
		buf_printf(out, " scope=%s body=%zu face=%s rate=%s%s%s\n", route->scope ? route->scope : "-",
		    route->body_bytes_max, faces[route->face], rates[route->rate], route->writes ? " writes" : "",
		    route->any_site ? " any-site" : "");
	}
}
