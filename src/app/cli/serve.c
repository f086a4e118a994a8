/* SPDX-License-Identifier: Apache-2.0 */
/* `salve serve`: the server, from start to a drained stop.  Settings come from the configuration file, then from the command
 * line. */
#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/file.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "app/commands.h"
#include "trust/identity/identity.h"

#define DRAIN_MS        10000
#define FIRST_FD        3 /* of systemd's socket activation */
#define CONFIG_LINES    200
#define DEMO_LINK_MS    (12 * HOUR_MS)
#define DEFAULT_PORT    8080
#define RATE_FACTOR_MAX 1000

const char serve_usage[] =
    "usage: salve [--data DIR | --db URL] serve [OPTIONS]\n"
    "\n"
    "  --address ADDRESS       where to listen (127.0.0.1); other addresses need TLS or --behind-proxy\n"
    "  --port PORT             8080; 0 takes any free one\n"
    "  --tls-certificate FILE  PEM, with its chain\n"
    "  --tls-key FILE          PEM\n"
    "  --public-origin URL     how browsers reach it, such as https://portal.example.org\n"
    "  --behind-proxy          a proxy in front does TLS and sets X-Forwarded-For\n"
    "  --workers N             requests worked on at one time\n"
    "  --rate-factor N         let each caller do N times as much a second (1): for load tests\n"
    "  --demo-logins           print sign-in links of a simulated clinic's people\n"
    "\n"
    "The same names without dashes stand in the file given by --config, one \"name = value\" a line.\n"
    "Prints the address when it is ready; stops politely at SIGTERM or Ctrl-C.";

static const struct option options[] = {{"address", required_argument, NULL, 'a'},
    {"port", required_argument, NULL, 'p'}, {"tls-certificate", required_argument, NULL, 'c'},
    {"tls-key", required_argument, NULL, 'k'}, {"public-origin", required_argument, NULL, 'o'},
    {"behind-proxy", no_argument, NULL, 'b'}, {"workers", required_argument, NULL, 'w'},
    {"rate-factor", required_argument, NULL, 'f'}, {"demo-logins", no_argument, NULL, 'l'}, {0}};

static fallible
number_in(struct arena *arena, const char *name, const char *text, int64_t least, int64_t most, int *out)
{
	int64_t value;

	if (!str_to_int64(str_from_z(text), &value) || value < least || value > most)
		return err_said(arena, ERR_INVALID, "%s must be a number from %lld to %lld.", name, (long long)least,
		    (long long)most);
	*out = (int)value;
	return NULL;
}

static fallible
set_rate_factor(struct arena *arena, struct http_options *out, const char *value)
{
	struct http_limits *limits = ARENA_NEW(arena, struct http_limits);

	TRY(number_in(arena, "rate-factor", value, 1, RATE_FACTOR_MAX, &limits->rate_factor));
	out->limits = limits;
	return NULL;
}

static fallible
set(struct arena *arena, struct http_options *out, int option, const char *value)
{
	switch (option) {
	case 'a': out->address = value; return NULL;
	case 'p': return number_in(arena, "port", value, 0, 65535, &out->port);
	case 'c': out->tls_certificate_pem = value; return NULL;
	case 'k': out->tls_key_pem = value; return NULL;
	case 'o': out->public_origin = value; return NULL;
	case 'f': return set_rate_factor(arena, out, value);
	case 'b': out->behind_proxy = true; return NULL;
	default: return number_in(arena, "workers", value, 1, 1024, &out->workers);
	}
}

static fallible
read_config_line(struct arena *arena, struct http_options *out, const char *path, int number, str line)
{
	str name, value = str_cut(line, '=', &name);

	name = str_trim(name);
	value = str_trim(value);
	if (name.n == 0 || name.p[0] == '#')
		return NULL;
	for (const struct option *o = options; o->name; o++) {
		if (str_equal(name, str_from_z(o->name))) {
			if (o->has_arg == no_argument && !str_equal(value, S("yes")))
				return NULL;
			return set(arena, out, o->val, arena_z(arena, value));
		}
	}
	return err_said(arena, ERR_INVALID, "%s, line %d: there is no setting of this name.", path, number);
}

static fallible
read_config(struct arena *arena, struct http_options *out, const char *path)
{
	char line[4096];
	FILE *file = fopen(path, "re");
	const struct err *error = NULL;

	if (!file)
		return err_said(arena, ERR_INVALID, "The configuration %s cannot be read: %s.", path, strerror(errno));
	for (int number = 1; !error && number <= CONFIG_LINES && fgets(line, sizeof(line), file); number++)
		error = read_config_line(arena, out, path, number, arena_str(arena, str_from_z(line)));
	fclose(file);
	return error;
}

/* One server per data directory: two would each believe to own the jobs and the port. */
static fallible
lock_data(struct arena *arena, const char *data)
{
	const char *path = arena_printf(arena, "%s/serve.lock", data).p;
	int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);

	if (fd < 0)
		return err_said(arena, ERR_INVALID, "%s cannot be made: %s.", path, strerror(errno));
	if (flock(fd, LOCK_EX | LOCK_NB) != 0) {
		close(fd);
		return err_said(arena, ERR_BUSY,
		    "Another server is running on the data directory %s. Stop it first, or give another --data.", data);
	}
	return NULL; /* held, with its descriptor, until the process ends */
}

/* One of each kind of person, with a way in that exists in demonstrations only. */
static fallible
print_demo_logins(struct app *app, const char *origin)
{
	static const struct {
		const char *kind, *login;
	} people[] = {
	    {"patient", "patient"}, {"nurse", "nurse"}, {"physician", "doctor"}, {"administrator", "administrator"}};
	struct cx cx = app_cx(app);

	puts("\nSign in as (each link works for 12 hours; all people are invented):");
	for (size_t i = 0; i < sizeof(people) / sizeof(people[0]); i++) {
		struct account account;
		str token;

		TRY(account_by_login(&cx, str_from_z(people[i].login), &account));
		TRY(sign_in_link_make(&cx, account.id, DEMO_LINK_MS, &token));
		printf("  %-14s %-22.*s %s/sign-in/link/%.*s\n", people[i].kind, STR_ARG(account.name), origin,
		    STR_ARG(token));
	}
	db_release(&cx);
	puts("\nStop with Ctrl-C.");
	return NULL;
}

/* Tell systemd, when it asked to be told. */
static void
notify_ready(void)
{
	const char *path = getenv("NOTIFY_SOCKET");
	struct sockaddr_un to = {.sun_family = AF_UNIX};
	size_t n = path ? strlen(path) : 0;
	int fd;

	if (n == 0 || n >= sizeof(to.sun_path))
		return;
	memcpy(to.sun_path, path, n);
	if (to.sun_path[0] == '@')
		to.sun_path[0] = '\0';
	fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	if (fd < 0)
		return;
	if (sendto(fd, "READY=1", 7, MSG_NOSIGNAL, (struct sockaddr *)&to, (socklen_t)(sizeof(sa_family_t) + n)) < 0)
		LOG(LOG_WARN, "notify_failed", LOG_INT("errno", errno));
	close(fd);
}

static int
activated_fd(void)
{
	const char *pid = getenv("LISTEN_PID"), *count = getenv("LISTEN_FDS");
	int64_t owner, fds;

	if (!pid || !count || !str_to_int64(str_from_z(pid), &owner) || !str_to_int64(str_from_z(count), &fds))
		return -1;
	return owner == getpid() && fds >= 1 ? FIRST_FD : -1;
}

static fallible
serve(struct app *app, struct http_options *http, bool demo_logins)
{
	struct http_server *server;
	struct jobs *jobs, *slow_jobs, *import_jobs;
	sigset_t signals;
	const char *origin;
	int signal_number;

	sigemptyset(&signals);
	sigaddset(&signals, SIGTERM);
	sigaddset(&signals, SIGINT);
	pthread_sigmask(SIG_BLOCK, &signals, NULL); /* before any thread, so that only sigwait sees them */
	signal(SIGPIPE, SIG_IGN);
	TRY(app_open(app, true));
	TRY(lock_data(&app->arena, app->flags.data));
	http->db = app->db;
	http->vault = app->vault;
	TRY(http_start(&app->arena, http, &server));
	TRY(jobs_start(&app->arena,
	    &(struct jobs_options){.db = app->db,
		.vault = app->vault,
		.events = http_events(server),
		.kinds = app_outbox_kinds,
		.timers = app_timers},
	    &jobs));
	TRY(jobs_start(&app->arena,
	    &(struct jobs_options){.db = app->db,
		.vault = app->vault,
		.events = http_events(server),
		.kinds = app_no_outbox_kinds,
		.timers = app_slow_timers,
		.lease = "slow jobs"},
	    &slow_jobs));
	TRY(jobs_start(&app->arena,
	    &(struct jobs_options){.db = app->db,
		.vault = app->vault,
		.events = http_events(server),
		.kinds = app_no_outbox_kinds,
		.timers = app_import_timers,
		.lease = "imports"},
	    &import_jobs));
	origin = arena_printf(
	    &app->arena, "%s://%s:%d", http->tls_key_pem ? "https" : "http", http->address, http_port(server))
	             .p;
	printf("Salve answers at %s\n", origin);
	if (demo_logins)
		TRY(print_demo_logins(app, origin));
	fflush(stdout);
	notify_ready();
	sigwait(&signals, &signal_number);
	http_stop(server, DRAIN_MS);
	jobs_stop(import_jobs);
	jobs_stop(slow_jobs);
	jobs_stop(jobs);
	return NULL;
}

int
serve_run(struct app *app, int argc, char **argv)
{
	struct http_options http = {.address = "127.0.0.1",
	    .port = DEFAULT_PORT,
	    .listen_fd = activated_fd(),
	    .route_tables = app_routes,
	    .gate = &app_gate};
	const struct err *error = NULL;
	bool demo_logins = false;
	int c;

	if (app->flags.config)
		error = read_config(&app->arena, &http, app->flags.config);
	while (!error && (c = getopt_long(argc, argv, "", options, NULL)) != -1) {
		if (c == '?')
			return usage_error(command_find("serve"));
		if (c == 'l')
			demo_logins = true;
		else
			error = set(&app->arena, &http, c, optarg);
	}
	if (!error && optind < argc)
		return usage_error(command_find("serve"));
	if (!error)
		error = serve(app, &http, demo_logins);
	return error ? complain(error) : EXIT_OK;
}
