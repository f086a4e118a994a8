/* SPDX-License-Identifier: Apache-2.0 */
/* The client of clamd.  Every wait has an end: a scanner that hangs is a scanner that is away. */
#include "care/attachments/scanner.h"

#include <errno.h>
#include <netdb.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "care/attachments/attachments_store.h"

#define PING_MS           1500  /* to connect and to say PONG */
#define SCAN_MS           20000 /* a file of 25 MB with archives inside */
#define ANSWER_BYTES_MAX  1024
#define FINDING_CHARS_MAX 100
#define ADDRESS_CHARS_MAX 200
#define UNIX_PREFIX       "unix:"

static const struct err *
away(void)
{
	return ERR(ERR_BUSY, "The virus scanner does not answer.", "the virus scanner is away or too slow");
}

/* ---- which one ---- */

static bool
address_is_sound(str address)
{
	str host, port = str_cut(address, ':', &host);
	int64_t number;

	if (address.n > ADDRESS_CHARS_MAX || memchr(address.p, '\0', address.n))
		return false;
	if (str_starts(address, S(UNIX_PREFIX)))
		return str_starts(port, S("/")) && port.n < sizeof(((struct sockaddr_un *)NULL)->sun_path);
	return host.n > 0 && str_to_int64(port, &number) && number > 0 && number < 65536;
}

static const struct err *
put(struct tx *tx, void *arg)
{
	return scanner_row_put(tx, *(str *)arg);
}

fallible
scanner_set(struct cx *cx, str address)
{
	if (address.n && !address_is_sound(address))
		return ERR(ERR_INVALID, "Give the scanner as unix:/path/of/its/socket or as host:port.",
		    "bad address of a scanner");
	return db_write(cx, put, &address);
}

fallible
scanner_get(struct cx *cx, str *address)
{
	bool found;

	TRY(scanner_row_get(cx, address, &found));
	if (!found || address->n == 0)
		*address = STR_NONE;
	return NULL;
}

/* ---- connecting ---- */

/* Wait for `events`; false when the time is up. */
static bool
wait_for(int fd, short events, int64_t until_ms)
{
	struct pollfd one = {.fd = fd, .events = events};
	int64_t left = until_ms - monotonic_ms();

	return left > 0 && poll(&one, 1, (int)left) == 1;
}

/* A connection to `to`, not blocking; -1 when there is none in time. */
static int
connect_within(int family, const struct sockaddr *to, socklen_t n, int64_t until_ms)
{
	int fd = socket(family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0), error = 0;
	socklen_t error_n = sizeof(error);

	if (fd < 0)
		return -1;
	if (connect(fd, to, n) == 0)
		return fd;
	if (errno == EINPROGRESS && wait_for(fd, POLLOUT, until_ms) &&
	    getsockopt(fd, SOL_SOCKET, SO_ERROR, &error, &error_n) == 0 && error == 0)
		return fd;
	close(fd);
	return -1;
}

static int
connect_host(struct cx *cx, str address, int64_t until_ms)
{
	struct addrinfo *found, wanted = {.ai_socktype = SOCK_STREAM};
	str host, port = str_cut(address, ':', &host);
	int fd = -1;

	if (getaddrinfo(arena_z(cx->arena, host), arena_z(cx->arena, port), &wanted, &found) != 0)
		return -1;
	for (struct addrinfo *one = found; one && fd < 0; one = one->ai_next)
		fd = connect_within(one->ai_family, one->ai_addr, one->ai_addrlen, until_ms);
	freeaddrinfo(found);
	return fd;
}

static int
connect_to(struct cx *cx, str address, int64_t until_ms)
{
	struct sockaddr_un to = {.sun_family = AF_UNIX};
	str path = str_drop(address, sizeof(UNIX_PREFIX) - 1);

	if (!str_starts(address, S(UNIX_PREFIX)))
		return connect_host(cx, address, until_ms);
	if (path.n >= sizeof(to.sun_path))
		return -1;
	memcpy(to.sun_path, path.p, path.n);
	return connect_within(AF_UNIX, (struct sockaddr *)&to, sizeof(to), until_ms);
}

/* ---- talking ---- */

/* Everything, or false: the time is up or the other side has closed. */
static bool
send_all(int fd, str bytes, int64_t until_ms)
{
	while (bytes.n) {
		ssize_t n = send(fd, bytes.p, bytes.n, MSG_NOSIGNAL);

		if (n > 0)
			bytes = str_drop(bytes, (size_t)n);
		else if (n < 0 && errno != EAGAIN && errno != EINTR)
			return false;
		else if (!wait_for(fd, POLLOUT, until_ms))
			return false;
	}
	return true;
}

/* The answer up to its NUL (commands begin with 'z') or the end. */
static fallible
read_answer(struct cx *cx, int fd, int64_t until_ms, str *out)
{
	char *text = arena_text(cx->arena, ANSWER_BYTES_MAX);
	size_t n = 0;

	while (n < ANSWER_BYTES_MAX && !memchr(text, '\0', n)) {
		ssize_t got = recv(fd, text + n, ANSWER_BYTES_MAX - n, 0);

		if (got == 0)
			break;
		if (got > 0)
			n += (size_t)got;
		else if ((errno != EAGAIN && errno != EINTR) || !wait_for(fd, POLLIN, until_ms))
			return away();
	}
	*out = str_trim((str){text, strnlen(text, n)});
	return NULL;
}

fallible
scanner_ping(struct cx *cx, str address, str *version)
{
	int64_t until_ms = monotonic_ms() + PING_MS;
	int fd = connect_to(cx, address, until_ms);
	const struct err *error;

	if (fd < 0)
		return away();
	error = send_all(fd, (str){"zVERSION", sizeof("zVERSION")}, until_ms) ? read_answer(cx, fd, until_ms, version)
	                                                                      : away();
	close(fd);
	TRY(error);
	return version->n ? NULL : away();
}

fallible
scan_begin(struct cx *cx, str address, struct scan *out)
{
	str version;

	TRY(scanner_ping(cx, address, &version)); /* one that hangs is known at once */
	*out = (struct scan){.until_ms = monotonic_ms() + SCAN_MS};
	out->fd = connect_to(cx, address, out->until_ms);
	if (out->fd < 0)
		return away();
	if (send_all(out->fd, (str){"zINSTREAM", sizeof("zINSTREAM")}, out->until_ms))
		return NULL;
	scan_drop(out);
	return away();
}

void
scan_drop(struct scan *scan)
{
	close(scan->fd);
	scan->fd = -1;
}

/* One chunk: its length as four bytes, the highest first, then its bytes. An empty one ends the stream. */
static bool
send_chunk(struct scan *scan, str bytes)
{
	const unsigned char head[4] = {(unsigned char)(bytes.n >> 24), (unsigned char)(bytes.n >> 16),
	    (unsigned char)(bytes.n >> 8), (unsigned char)bytes.n};

	return send_all(scan->fd, (str){(const char *)head, sizeof(head)}, scan->until_ms) &&
	       send_all(scan->fd, bytes, scan->until_ms);
}

fallible
scan_add(struct scan *scan, str bytes)
{
	if (bytes.n && !scan->is_cut)
		scan->is_cut = !send_chunk(scan, bytes);
	if (monotonic_ms() < scan->until_ms)
		return NULL;
	scan_drop(scan);
	return away();
}

fallible
scan_end(struct cx *cx, struct scan *scan, enum scan_verdict *verdict, str *finding)
{
	const struct err *error;
	str answer;

	if (!scan->is_cut)
		scan->is_cut = !send_chunk(scan, S(""));
	error = read_answer(cx, scan->fd, scan->until_ms, &answer);
	scan_drop(scan);
	TRY(error);
	if (scan_answer_read(answer, verdict, finding))
		return NULL;
	return err_logged(cx->arena, ERR_BUSY, "The virus scanner could not check the file.", "clamd: %.*s",
	    STR_ARG(str_take(answer, FINDING_CHARS_MAX)));
}

static bool
is_printable(str text)
{
	for (size_t i = 0; i < text.n; i++)
		if (text.p[i] < ' ' || text.p[i] > '~')
			return false;
	return true;
}

bool
scan_answer_read(str answer, enum scan_verdict *verdict, str *finding)
{
	str text = answer;

	if (!str_starts(text, S("stream: ")) || !is_printable(text))
		return false;
	text = str_drop(text, 8);
	if (str_equal(text, S("OK"))) {
		*verdict = VERDICT_CLEAN;
		*finding = STR_NONE;
		return true;
	}
	if (!str_ends(text, S(" FOUND")) || text.n == 6)
		return false;
	*verdict = VERDICT_INFECTED;
	*finding = str_take(str_take(text, text.n - 6), FINDING_CHARS_MAX);
	return true;
}
