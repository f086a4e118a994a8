/* SPDX-License-Identifier: Apache-2.0 */
/* Deadlines of a connection.  libmicrohttpd's own time-out counts idle time, so a client that drips one byte a second
 * would live for ever; the reaper looks at how long a phase lasts as a whole.  The entry leaves the list before the
 * descriptor is closed, so a shutdown under the lock never meets a descriptor that was given to someone else. */
#include <stdlib.h>
#include <sys/socket.h>
#include <time.h>

#include "platform/http/http_internal.h"

#define REAPER_MS 100

void
connection_enter(struct connection *connection, enum phase phase)
{
	if (!connection)
		return;
	atomic_store(&connection->since_ms, monotonic_ms());
	atomic_store(&connection->phase, (int)phase);
}

void
connection_cut(struct http_server *server, struct connection *connection)
{
	pthread_mutex_lock(&server->connections_lock);
	if (connection && connection->next)
		shutdown(connection->fd, SHUT_RDWR);
	pthread_mutex_unlock(&server->connections_lock);
}

void
connection_notify(
    void *cls, struct MHD_Connection *mhd, void **socket_context, enum MHD_ConnectionNotificationCode code)
{
	struct http_server *server = cls;
	struct connection *connection = *socket_context;

	if (code == MHD_CONNECTION_NOTIFY_STARTED) {
		const union MHD_ConnectionInfo *info = MHD_get_connection_info(mhd, MHD_CONNECTION_INFO_CONNECTION_FD);

		connection = info ? calloc(1, sizeof(*connection)) : NULL;
		*socket_context = connection;
		if (!connection)
			return;
		connection->fd = info->connect_fd;
		connection_enter(connection, PHASE_FIRST);
		pthread_mutex_lock(&server->connections_lock);
		connection->next = server->connections.next;
		connection->previous = &server->connections;
		connection->next->previous = connection;
		server->connections.next = connection;
		pthread_mutex_unlock(&server->connections_lock);
	} else if (connection) {
		pthread_mutex_lock(&server->connections_lock);
		connection->next->previous = connection->previous;
		connection->previous->next = connection->next;
		pthread_mutex_unlock(&server->connections_lock);
		free(connection);
	}
}

static bool
is_overdue(const struct http_server *server, struct connection *connection, int64_t now_ms)
{
	int64_t age_ms = now_ms - atomic_load(&connection->since_ms);
	const struct http_limits *limits = &server->limits;

	switch ((enum phase)atomic_load(&connection->phase)) {
	case PHASE_FIRST:
	case PHASE_HEADER: return age_ms > limits->header_ms;
	case PHASE_IDLE:
		return age_ms > limits->idle_ms + limits->header_ms; /* the next request line began somewhere in it */
	case PHASE_BODY: return age_ms > limits->body_ms + atomic_load(&connection->body_more_ms);
	case PHASE_BUSY: break;
	}
	return false;
}

void *
reaper_run(void *cls)
{
	struct http_server *server = cls;
	const struct timespec pause = {.tv_nsec = REAPER_MS * 1000000L};

	while (!atomic_load(&server->reaper_ends)) {
		int64_t now_ms = monotonic_ms();

		pthread_mutex_lock(&server->connections_lock);
		for (struct connection *at = server->connections.next; at != &server->connections; at = at->next)
			if (is_overdue(server, at, now_ms)) {
				shutdown(at->fd, SHUT_RDWR);
				connection_enter(at, PHASE_BUSY); /* once is enough */
			}
		pthread_mutex_unlock(&server->connections_lock);
		nanosleep(&pause, NULL);
	}
	return NULL;
}
