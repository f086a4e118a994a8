/* SPDX-License-Identifier: Apache-2.0 */
/* Build-time program: turns files into a C table of `struct asset` (platform/http/http.h), each under a name that holds a
 * hash of its content, with gzip and brotli variants where they are smaller.
 *
 *	mkassets OUT.c FILE...
 *
 * brotli is taken from the `brotli` program when there is one; without it that variant is left out. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>
#include <zlib.h>

#include "platform/base/base.h"

#define ASSET_BYTES_MAX ((size_t)4 * 1024 * 1024)

static _Noreturn void
fail(const char *what, const char *path)
{
	fprintf(stderr, "mkassets: %s: %s\n", path, what);
	exit(1);
}

static str
read_all(struct arena *arena, int fd)
{
	struct buf bytes = BUF_INIT(arena);
	ssize_t n;

	while ((n = read(fd, buf_reserve(&bytes, 65536), 65536)) > 0) {
		bytes.n += (size_t)n;
		if (bytes.n > ASSET_BYTES_MAX)
			fail("larger than 4 MB", "asset");
	}
	return n < 0 ? STR_NONE : buf_str(&bytes);
}

static str
read_file(struct arena *arena, const char *path)
{
	FILE *file = fopen(path, "rb");
	str bytes = file ? read_all(arena, fileno(file)) : STR_NONE;

	if (!bytes.p)
		fail("cannot be read", path);
	fclose(file);
	return bytes;
}

static const char *
content_type_of(str name)
{
	static const struct {
		const char *ending, *type;
	} types[] = {{".css", "text/css; charset=utf-8"}, {".js", "text/javascript; charset=utf-8"},
	    {".svg", "image/svg+xml"}, {".ico", "image/vnd.microsoft.icon"}, {".png", "image/png"},
	    {".txt", "text/plain; charset=utf-8"}, {".webmanifest", "application/manifest+json"},
	    {".woff2", "font/woff2"}};

	for (size_t i = 0; i < sizeof(types) / sizeof(types[0]); i++)
		if (str_ends(name, str_from_z(types[i].ending)))
			return types[i].type;
	return NULL;
}

static str
gzipped(struct arena *arena, str bytes)
{
	z_stream zip = {0};
	size_t bound;
	char *out;

	if (deflateInit2(&zip, 9, Z_DEFLATED, 15 + 16, 9, Z_DEFAULT_STRATEGY) != Z_OK)
		return STR_NONE;
	bound = deflateBound(&zip, bytes.n);
	out = arena_text(arena, bound);
	zip.next_in = (Bytef *)(uintptr_t)bytes.p;
	zip.avail_in = (uInt)bytes.n;
	zip.next_out = (Bytef *)out;
	zip.avail_out = (uInt)bound;
	if (deflate(&zip, Z_FINISH) != Z_STREAM_END)
		fail("gzip failed", "asset");
	deflateEnd(&zip);
	return (str){out, bound - zip.avail_out};
}

static str
brotlied(struct arena *arena, const char *path)
{
	int ends[2], status;
	pid_t child;
	str bytes;

	if (pipe(ends) != 0 || (child = fork()) < 0)
		fail(strerror(errno), path);
	if (child == 0) {
		dup2(ends[1], STDOUT_FILENO);
		close(ends[0]);
		close(ends[1]);
		execlp("brotli", "brotli", "-q", "11", "-c", "--", path, (char *)NULL);
		_exit(127);
	}
	close(ends[1]);
	bytes = read_all(arena, ends[0]);
	close(ends[0]);
	if (waitpid(child, &status, 0) != child || !WIFEXITED(status) || WEXITSTATUS(status) != 0)
		return STR_NONE;
	return bytes;
}

static void
print_bytes(FILE *out, size_t index, const char *variant, str bytes)
{
	if (!bytes.p)
		return;
	fprintf(out, "static const unsigned char asset_%zu%s[] = {", index, variant);
	for (size_t i = 0; i < bytes.n; i++)
		fprintf(out, "%s%u,", i % 24 ? "" : "\n", (unsigned)(unsigned char)bytes.p[i]);
	fputs("\n};\n", out);
}

/* "app.css" with the hash before its ending: "app.0123456789abcdef.css". */
static str
hashed_name(struct arena *arena, str name, str bytes)
{
	size_t dot = name.n;

	while (dot > 0 && name.p[dot - 1] != '.')
		dot--;
	return arena_printf(arena, "%.*s%016llx.%.*s", (int)dot, name.p, (unsigned long long)str_hash(bytes),
	    STR_ARG(str_drop(name, dot)));
}

static void
add_asset(struct arena *arena, FILE *out, struct buf *rows, size_t index, const char *path)
{
	const char *slash = strrchr(path, '/');
	str name = str_from_z(slash ? slash + 1 : path), bytes = read_file(arena, path);
	str gzip = gzipped(arena, bytes), brotli = brotlied(arena, path);

	if (!content_type_of(name))
		fail("has an ending without a known content type", path);
	if (gzip.n >= bytes.n)
		gzip = STR_NONE;
	if (brotli.n >= bytes.n)
		brotli = STR_NONE;
	print_bytes(out, index, "", bytes.n ? bytes : S("\n"));
	print_bytes(out, index, "_gzip", gzip);
	print_bytes(out, index, "_brotli", brotli);
	buf_printf(rows, "\t{\"/assets/%.*s\", \"%.*s\", \"%s\", asset_%zu, ", STR_ARG(hashed_name(arena, name, bytes)),
	    STR_ARG(name), content_type_of(name), index);
	if (gzip.p)
		buf_printf(rows, "asset_%zu_gzip, ", index);
	else
		buf_add(rows, S("NULL, "));
	if (brotli.p)
		buf_printf(rows, "asset_%zu_brotli", index);
	else
		buf_add(rows, S("NULL"));
	buf_printf(rows, ", %zu, %zu, %zu},\n", bytes.n, gzip.n, brotli.n);
}

int
main(int argc, char **argv)
{
	struct arena arena = ARENA_INIT;
	struct buf rows = BUF_INIT(&arena);
	FILE *out;

	if (argc < 3)
		fail("usage: mkassets OUT.c FILE...", "arguments");
	out = fopen(argv[1], "w");
	if (!out)
		fail("cannot be written", argv[1]);
	fputs("/* Made by tools/mkassets. */\n#include \"platform/http/http.h\"\n", out);
	for (int i = 2; i < argc; i++)
		add_asset(&arena, out, &rows, (size_t)(i - 2), argv[i]);
	fprintf(out, "const struct asset assets[] = {\n%.*s};\nconst size_t asset_count = %d;\n",
	    STR_ARG(buf_str(&rows)), argc - 2);
	if (fclose(out) != 0)
		fail("cannot be written", argv[1]);
	arena_release(&arena);
	return 0;
}
