/* SPDX-License-Identifier: Apache-2.0 */
/* Starting and stopping: the library, the workers, the helper threads. */
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include "platform/http/http_internal.h"
#include "platform/http/intake.h"
#include "platform/http/listen.h"

#define PEM_BYTES_MAX    ((size_t)256 * 1024)
#define WORKERS_PER_CORE 4
#define WORKERS_MIN      16
#define ANSWER_HEAD_BYTES \
	((size_t)16 * 1024) /* of a connection's memory, for the answer's headers and a block of body */

static fallible
read_pem(struct arena *arena, const char *path, const char **out)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	char *text = arena_text(arena, PEM_BYTES_MAX);
	ssize_t n = fd < 0 ? -1 : read(fd, text, PEM_BYTES_MAX - 1);

	if (fd >= 0)
		close(fd);
	if (n <= 0)
		return err_said(arena, ERR_INVALID, "%s cannot be read. It should be a PEM file.", path);
	text[n] = '\0';
	*out = text;
	return NULL;
}

static void
library_log(void *cls, const char *format, va_list args)
{
	(void)cls, (void)format, (void)args; /* it complains about clients, with their bytes: not for our log */
}

/* The library itself takes a value apart in a copy; ours is done by router.c, on the text as it came. */
static size_t
leave_escaped(void *cls, struct MHD_Connection *connection, char *text)
{
	(void)cls, (void)connection;
	return strlen(text);
}

static void
fill_limits(struct http_limits *to, const struct http_limits *from)
{
	*to = from ? *from : (struct http_limits){0};
#define FILL(member, figure)                   \
	do {                                   \
		if (!to->member)               \
			to->member = (figure); \
	} while (0)
	FILL(queue_max, HTTP_QUEUE_MAX);
	FILL(events_max, HTTP_EVENTS_MAX);
	FILL(rate_factor, 1);
	FILL(header_ms, HTTP_HEADER_SECONDS_MAX * SECOND_MS);
	FILL(body_ms, HTTP_BODY_SECONDS_MAX * SECOND_MS);
	FILL(idle_ms, HTTP_IDLE_SECONDS_MAX * SECOND_MS);
	FILL(stall_ms, HTTP_STALL_SECONDS_MAX * SECOND_MS);
	FILL(events_ping_ms, HTTP_EVENTS_PING_SECONDS * SECOND_MS);
	FILL(events_recheck_ms, HTTP_EVENTS_RECHECK_SECONDS * SECOND_MS);
	FILL(events_queue_bytes, HTTP_EVENTS_BYTES_MAX);
#undef FILL
}

static int
cores(void)
{
	long n = sysconf(_SC_NPROCESSORS_ONLN);

	return n < 1 ? 1 : n > 64 ? 64 : (int)n;
}

static void
init_locks(struct http_server *server)
{
	pthread_condattr_t attributes;

	pthread_mutex_init(&server->lock, NULL);
	pthread_mutex_init(&server->connections_lock, NULL);
	pthread_mutex_init(&server->queue.lock, NULL);
	pthread_cond_init(&server->queue.filled, NULL);
	pthread_condattr_init(&attributes);
	pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
	pthread_cond_init(&server->idle, &attributes);
	pthread_condattr_destroy(&attributes);
	server->connections.next = server->connections.previous = &server->connections;
}

static fallible
start_threads(struct http_server *server)
{
	int wanted = server->options.workers ? server->options.workers : WORKERS_PER_CORE * cores();

	if (!server->options.workers && wanted < WORKERS_MIN)
		wanted = WORKERS_MIN;
	server->workers = ARENA_ARRAY(server->arena, pthread_t, (size_t)wanted);
	server->events = events_new(server);
	if (!server->events || pthread_create(&server->reaper, NULL, reaper_run, server) != 0)
		return ERR(ERR_BROKEN, "The system gives no more threads.", "pthread_create failed");
	for (; server->worker_count < wanted; server->worker_count++)
		if (pthread_create(&server->workers[server->worker_count], NULL, worker_run, server) != 0)
			return ERR(ERR_BROKEN, "The system gives no more threads.", "pthread_create failed");
	return NULL;
}

static fallible
start_library(struct http_server *server, int fd, const char *certificate, const char *key)
{
	struct MHD_OptionItem more[8];
	int n = 0;
	unsigned flags = MHD_USE_EPOLL_INTERNAL_THREAD | MHD_ALLOW_SUSPEND_RESUME | MHD_USE_ERROR_LOG;

	if (certificate) {
		flags |= MHD_USE_TLS;
		more[n++] = (struct MHD_OptionItem){MHD_OPTION_HTTPS_MEM_CERT, 0, (void *)(uintptr_t)certificate};
		more[n++] = (struct MHD_OptionItem){MHD_OPTION_HTTPS_MEM_KEY, 0, (void *)(uintptr_t)key};
		more[n++] = (struct MHD_OptionItem){MHD_OPTION_HTTPS_PRIORITIES, 0,
		    (void *)(uintptr_t) "SECURE128:-VERS-ALL:+VERS-TLS1.3:+VERS-TLS1.2:-RSA:-CIPHER-ALL:+AES-256-GCM:+"
					"AES-128-GCM:"
					"+CHACHA20-POLY1305"};
	}
	if (cores() > 1) /* a pool of one is refused by the library */
		more[n++] = (struct MHD_OptionItem){MHD_OPTION_THREAD_POOL_SIZE, cores(), NULL};
	if (!server->options.behind_proxy)
		more[n++] = (struct MHD_OptionItem){MHD_OPTION_PER_IP_CONNECTION_LIMIT, HTTP_CONNECTIONS_PER_IP, NULL};
	more[n] = (struct MHD_OptionItem){MHD_OPTION_END, 0, NULL};
	server->daemon = MHD_start_daemon(flags, 0, NULL, NULL, intake_handle, server, MHD_OPTION_EXTERNAL_LOGGER,
	    library_log, NULL, MHD_OPTION_LISTEN_SOCKET, fd, MHD_OPTION_CONNECTION_MEMORY_LIMIT,
	    (size_t)HTTP_HEADER_BYTES_MAX + ANSWER_HEAD_BYTES, MHD_OPTION_CONNECTION_LIMIT,
	    (unsigned)HTTP_CONNECTIONS_MAX, MHD_OPTION_CONNECTION_TIMEOUT,
	    (unsigned)((server->limits.idle_ms + SECOND_MS - 1) / SECOND_MS), MHD_OPTION_STRICT_FOR_CLIENT, 1,
	    MHD_OPTION_UNESCAPE_CALLBACK, leave_escaped, NULL, MHD_OPTION_URI_LOG_CALLBACK, intake_target, server,
	    MHD_OPTION_NOTIFY_CONNECTION, connection_notify, server, MHD_OPTION_NOTIFY_COMPLETED, intake_completed,
	    server, MHD_OPTION_SIGPIPE_HANDLED_BY_APP, 1, MHD_OPTION_ARRAY, more, MHD_OPTION_END);
	if (!server->daemon)
		return certificate
		           ? ERR(ERR_INVALID, "The certificate and its key do not fit together, or are not PEM files.",
				 "MHD_start_daemon failed with TLS")
		           : ERR(ERR_BROKEN, "The web server could not be started.", "MHD_start_daemon failed");
	return NULL;
}

/* ---- stopping ---- */

/* Wait until `*figure` is 0, or `until_ms` of the monotonic clock; under the lock. */
static void
wait_for_zero(struct http_server *server, bool (*is_zero)(struct http_server *), int64_t until_ms)
{
	pthread_mutex_lock(&server->lock);
	while (!is_zero(server) && monotonic_ms() < until_ms) {
		struct timespec soon;

		clock_gettime(CLOCK_MONOTONIC, &soon);
		soon.tv_nsec += 50 * 1000000L;
		soon.tv_sec += soon.tv_nsec / 1000000000;
		soon.tv_nsec %= 1000000000;
		pthread_cond_timedwait(&server->idle, &server->lock, &soon);
	}
	pthread_mutex_unlock(&server->lock);
}

static bool
nothing_is_open(struct http_server *server)
{
	return atomic_load(&server->open_requests) == 0;
}

static bool
nothing_is_in_flight(struct http_server *server)
{
	return server->in_flight == 0;
}

static void
close_queue(struct queue *queue)
{
	pthread_mutex_lock(&queue->lock);
	queue->is_closed = true;
	pthread_cond_broadcast(&queue->filled);
	pthread_mutex_unlock(&queue->lock);
}

static void
release(struct http_server *server)
{
	struct MHD_Response *const fixed[] = {
	    server->refuse_400, server->refuse_431, server->refuse_501, server->refuse_503};

	for (size_t i = 0; i < sizeof(fixed) / sizeof(fixed[0]); i++)
		if (fixed[i])
			MHD_destroy_response(fixed[i]);
	while (server->pool) {
		struct request *next = server->pool->next;

		arena_release(&server->pool->arena);
		free(server->pool);
		server->pool = next;
	}
	if (server->events)
		events_free(server->events);
	rate_table_release(server->rates);
	pthread_mutex_destroy(&server->queue.lock);
	pthread_cond_destroy(&server->queue.filled);
	pthread_mutex_destroy(&server->lock);
	pthread_mutex_destroy(&server->connections_lock);
	pthread_cond_destroy(&server->idle);
}

void
http_stop(struct http_server *server, int64_t drain_ms)
{
	int fd = server->daemon ? MHD_quiesce_daemon(server->daemon) : -1;

	atomic_store(&server->is_draining, true);
	if (server->events)
		events_stop(server->events);
	wait_for_zero(server, nothing_is_open, monotonic_ms() + drain_ms);
	atomic_store(&server->is_stopping, true);
	close_queue(&server->queue);
	for (int i = 0; i < server->worker_count; i++)
		pthread_join(server->workers[i], NULL);
	wait_for_zero(server, nothing_is_in_flight, INT64_MAX); /* the journal always reports back */
	atomic_store(&server->reaper_ends, true);
	if (server->reaper)
		pthread_join(server->reaper, NULL);
	if (server->daemon)
		MHD_stop_daemon(server->daemon);
	if (fd >= 0)
		close(fd);
	release(server);
}

/* ---- starting ---- */

static fallible
prepare(struct http_server *server, const char **certificate, const char **key)
{
	const struct http_options *options = &server->options;

	if (!options->gate || !options->gate->identify)
		return ERR(ERR_BROKEN, "The web server could not be started.", "no gate");
	TRY(router_compile(server->arena, options->route_tables, &server->router));
	if (options->tls_certificate_pem) {
		if (!options->tls_key_pem)
			return ERR(ERR_INVALID, "A certificate needs its key (--tls-key).", "certificate without key");
		TRY(read_pem(server->arena, options->tls_certificate_pem, certificate));
		TRY(read_pem(server->arena, options->tls_key_pem, key));
	}
	server->refuse_400 = response_fixed("This is not a well-formed request.\n", NULL);
	server->refuse_431 = response_fixed("The request has too many headers.\n", NULL);
	server->refuse_501 = response_fixed("This transfer coding is not known here.\n", NULL);
	server->refuse_503 = response_fixed("There is too much to do right now. Please try again in a moment.\n", "1");
	if (!server->refuse_400 || !server->refuse_431 || !server->refuse_501 || !server->refuse_503)
		return ERR(ERR_BROKEN, "The web server could not be started.", "no memory for fixed answers");
	return NULL;
}

fallible
http_start(struct arena *arena, const struct http_options *options, struct http_server **out)
{
	struct http_server *server = ARENA_NEW(arena, struct http_server);
	const char *certificate = NULL, *key = NULL;
	const struct err *error;
	int fd = -1;

	server->arena = arena;
	server->options = *options;
	server->is_tls = options->tls_certificate_pem != NULL;
	server->origin_is_https = str_starts(str_from_z(options->public_origin), S("https://"));
	server->library_folds = str_starts(str_from_z(MHD_get_version()), S("0."));
	fill_limits(&server->limits, options->limits);
	init_locks(server);
	server->rates = rate_table_new(arena, server->limits.rate_factor);
	signal(SIGPIPE, SIG_IGN);
	error = prepare(server, &certificate, &key);
	if (!error)
		error = listen_open(arena, options, &fd, &server->port);
	if (!error)
		error = start_threads(server);
	if (!error)
		error = start_library(server, fd, certificate, key);
	if (key)
		explicit_bzero((void *)(uintptr_t)key, strlen(key)); /* GnuTLS has its own copy */
	if (!error) {
		*out = server;
		return NULL;
	}
	if (fd >= 0)
		close(fd);
	http_stop(server, 0);
	return error;
}

int
http_port(const struct http_server *server)
{
	return server->port;
}

struct events *
http_events(struct http_server *server)
{
	return server->events;
}
