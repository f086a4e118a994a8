/* SPDX-License-Identifier: Apache-2.0 */
/* The listening socket: opened here or adopted, and whether plain text may be spoken on it. */
#include "platform/http/listen.h"

#include <errno.h>
#include <fcntl.h>
#include <netdb.h>
#include <netinet/in.h>
#include <stdio.h>
#include <sys/socket.h>
#include <unistd.h>

#define BACKLOG 1024

static bool
is_loopback(const struct sockaddr_storage *address)
{
	if (address->ss_family == AF_INET) {
		struct sockaddr_in in;

		memcpy(&in, address, sizeof(in));
		return ntohl(in.sin_addr.s_addr) >> 24 == 127;
	}
	if (address->ss_family == AF_INET6) {
		struct sockaddr_in6 in6;

		memcpy(&in6, address, sizeof(in6));
		return IN6_IS_ADDR_LOOPBACK(&in6.sin6_addr);
	}
	return address->ss_family == AF_UNIX;
}

static int
port_of(const struct sockaddr_storage *address)
{
	struct sockaddr_in in;
	struct sockaddr_in6 in6;

	memcpy(&in, address, sizeof(in));
	memcpy(&in6, address, sizeof(in6));
	return address->ss_family == AF_INET    ? ntohs(in.sin_port)
	       : address->ss_family == AF_INET6 ? ntohs(in6.sin6_port)
	                                        : 0;
}

static fallible
bind_failed(struct arena *arena, int port, int error)
{
	if (error == EADDRINUSE)
		return err_said(arena, ERR_BUSY,
		    "Port %d is in use by another program. Stop it or choose another with --port.", port);
	if (error == EACCES)
		return err_said(arena, ERR_INVALID,
		    "Port %d may only be opened by the system's administrator. Choose one from 1024 on with --port.",
		    port);
	return err_said(arena, ERR_INVALID, "This machine has no such address to listen on (%s).", strerror(error));
}

static fallible
open_socket(struct arena *arena, const struct http_options *options, int *out)
{
	struct addrinfo hints = {.ai_flags = AI_NUMERICHOST | AI_NUMERICSERV | AI_PASSIVE, .ai_socktype = SOCK_STREAM};
	struct addrinfo *found;
	char port[12];
	int fd, failed, one = 1;

	snprintf(port, sizeof(port), "%d", options->port);
	if (options->port < 0 || options->port > 65535 ||
	    getaddrinfo(options->address ? options->address : "127.0.0.1", port, &hints, &found) != 0)
		return ERR(ERR_INVALID, "The address to listen on is not an IP address and a port from 0 to 65535.",
		    "bad listen address");
	fd = socket(found->ai_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (fd >= 0)
		setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof(one));
	failed = fd < 0 || bind(fd, found->ai_addr, found->ai_addrlen) != 0 || listen(fd, BACKLOG) != 0 ? errno : 0;
	freeaddrinfo(found);
	if (failed) {
		if (fd >= 0)
			close(fd);
		return bind_failed(arena, options->port, failed);
	}
	*out = fd;
	return NULL;
}

static fallible
adopt_socket(int fd)
{
	int listens = 0, flags = fcntl(fd, F_GETFL);
	socklen_t n = sizeof(listens);

	if (flags < 0 || getsockopt(fd, SOL_SOCKET, SO_ACCEPTCONN, &listens, &n) != 0 || !listens)
		return ERR(
		    ERR_INVALID, "The descriptor to listen on is no listening socket.", "listen_fd does not listen");
	if (fcntl(fd, F_SETFL, flags | O_NONBLOCK) != 0 || fcntl(fd, F_SETFD, FD_CLOEXEC) != 0)
		return ERR(ERR_BROKEN, "The listening socket cannot be used.", "fcntl on listen_fd failed");
	return NULL;
}

fallible
listen_open(struct arena *arena, const struct http_options *options, int *fd_out, int *port_out)
{
	struct sockaddr_storage address = {0};
	socklen_t n = sizeof(address);
	int fd = options->listen_fd;

	if (fd >= 0)
		TRY(adopt_socket(fd));
	else
		TRY(open_socket(arena, options, &fd));
	if (getsockname(fd, (struct sockaddr *)&address, &n) != 0) {
		close(fd);
		return ERR(ERR_BROKEN, "The listening socket cannot be used.", "getsockname failed");
	}
	if (!options->tls_certificate_pem && !options->behind_proxy && !is_loopback(&address)) {
		close(fd);
		return ERR(ERR_INVALID,
		    "Other machines could reach this address, so it needs a certificate (--tls-certificate and "
		    "--tls-key) or a "
		    "proxy in front (--behind-proxy). Without either, listen on 127.0.0.1.",
		    "plain text on an address that is not loopback");
	}
	*fd_out = fd;
	*port_out = port_of(&address);
	return NULL;
}
