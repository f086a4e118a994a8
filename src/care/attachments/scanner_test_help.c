/* SPDX-License-Identifier: Apache-2.0 */
#include "care/attachments/scanner_test_help.h"

#include <arpa/inet.h>
#include <sys/socket.h>
#include <unistd.h>

#include "care/attachments/scanner.h"

static bool
take(int fd, void *to, size_t n)
{
	return recv(fd, to, n, MSG_WAITALL) == (ssize_t)n;
}

/* Read the stream to its end, so that the client has sent everything. */
static void
talk(const struct scanner *scanner, int fd)
{
	char word[16] = {0}, piece[4096];
	unsigned char head[4];
	size_t n = 0;

	while (n < sizeof(word) - 1 && take(fd, word + n, 1) && word[n])
		n++;
	if (strcmp(word, "zVERSION") == 0) {
		(void)!write(fd, "ClamAV of a test", sizeof("ClamAV of a test"));
		return;
	}
	while (take(fd, head, 4)) {
		size_t left = (size_t)head[0] << 24 | (size_t)head[1] << 16 | (size_t)head[2] << 8 | head[3];

		if (left == 0)
			break;
		while (left && take(fd, piece, left < sizeof(piece) ? left : sizeof(piece)))
			left -= left < sizeof(piece) ? left : sizeof(piece);
	}
	if (scanner->answer)
		(void)!write(fd, scanner->answer, strlen(scanner->answer) + 1);
}

static void *
serve(void *arg)
{
	struct scanner *scanner = arg;
	int fd;

	while ((fd = accept(scanner->listener, NULL, NULL)) >= 0) {
		talk(scanner, fd);
		close(fd);
	}
	return NULL;
}

void
scanner_start(struct world *world, struct scanner *scanner, const char *answer)
{
	struct sockaddr_in at = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	socklen_t n = sizeof(at);

	*scanner = (struct scanner){.listener = socket(AF_INET, SOCK_STREAM, 0), .answer = answer};
	assert_int_equal(bind(scanner->listener, (struct sockaddr *)&at, sizeof(at)), 0);
	assert_int_equal(listen(scanner->listener, 4), 0);
	assert_int_equal(getsockname(scanner->listener, (struct sockaddr *)&at, &n), 0);
	scanner->address = arena_printf(&world->arena, "127.0.0.1:%d", ntohs(at.sin_port));
	assert_int_equal(pthread_create(&scanner->thread, NULL, serve, scanner), 0);
	assert_ok(scanner_set(&world->cx, scanner->address));
}

void
scanner_stop(struct scanner *scanner)
{
	shutdown(scanner->listener, SHUT_RDWR);
	close(scanner->listener);
	pthread_join(scanner->thread, NULL);
}
