/* SPDX-License-Identifier: Apache-2.0 */
/* What a server listens on: ports, sockets of others, loopback, proxies, TLS. */
#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdio.h>
#include <sys/socket.h>
#include <unistd.h>

#include "platform/http/http_test_client.h"

static fallible
answer(struct cx *cx, struct request *rq)
{
	(void)cx;
	respond_cookie(rq, "who", S("x"), (struct cookie_options){.max_age_seconds = -1, .script_may_read = true});
	return respond(rq, 200, "text/plain", request_remote(rq));
}

static const struct err *
nobody(struct cx *cx, struct request *rq)
{
	(void)rq;
	cx->who.is = WHO_ANYONE;
	return NULL;
}

static const struct route one_route[] = {{GET, "/", answer, .who = WHO_ANYONE}, {0}};
static const struct route *const one_table[] = {one_route, NULL};
static const struct http_gate open_gate = {.identify = nobody};

static struct http_options
usual_options(void)
{
	return (struct http_options){
	    .address = "127.0.0.1", .listen_fd = -1, .route_tables = one_table, .gate = &open_gate, .workers = 2};
}

static void
a_port_in_use_is_told_in_words(void **state)
{
	struct trial *trial = trial_start(NULL, 1);
	struct http_options options = usual_options();
	struct http_server *server;
	const struct err *error;

	(void)state;
	options.port = http_port(trial->server);
	error = http_start(&trial->arena, &options, &server);
	assert_non_null(error);
	assert_int_equal(error->code, ERR_BUSY);
	assert_true(str_equal(str_from_z(error->say),
	    arena_printf(&trial->arena, "Port %d is in use by another program. Stop it or choose another with --port.",
		options.port)));
	trial_stop(trial, 1000);
}

static void
plain_text_is_spoken_on_loopback_only(void **state)
{
	struct arena arena = ARENA_INIT;
	struct http_options options = usual_options();
	struct http_server *server;

	(void)state;
	options.address = "0.0.0.0";
	assert_fails(http_start(&arena, &options, &server), ERR_INVALID);
	options.address = "::";
	assert_fails(http_start(&arena, &options, &server), ERR_INVALID);
	options.address = "not an address";
	assert_fails(http_start(&arena, &options, &server), ERR_INVALID);
	options.address = "0.0.0.0";
	options.behind_proxy = true;
	assert_ok(http_start(&arena, &options, &server));
	http_stop(server, 0);
	options = usual_options();
	options.tls_certificate_pem = "/nonexistent.pem";
	options.tls_key_pem = "/nonexistent.pem";
	assert_fails(http_start(&arena, &options, &server), ERR_INVALID);
	arena_release(&arena);
}

static void
behind_a_proxy_its_words_are_trusted(void **state)
{
	struct trial trial = {0};
	struct http_options options = usual_options();
	struct reply reply;

	(void)state;
	options.behind_proxy = true;
	assert_ok(http_start(&trial.arena, &options, &trial.server));
	reply = client_get(&trial, "/", "X-Forwarded-For: 6.6.6.6, 203.0.113.9\r\nX-Forwarded-Proto: https\r\n");
	assert_str_equal(reply.body, "203.0.113.9");
	assert_str_equal(reply_header(reply, "Set-Cookie"), "__Host-who=x; Path=/; SameSite=Lax; Secure; Max-Age=0");
	assert_true(reply_header(reply, "Strict-Transport-Security").n > 0);
	reply = client_get(&trial, "/", "X-Forwarded-For: junk\r\n");
	assert_str_equal(reply.body, "127.0.0.1");
	assert_null(reply_header(reply, "Strict-Transport-Security").p);
	http_stop(trial.server, 0);
	arena_release(&trial.arena);
}

static void
a_listening_socket_can_be_adopted(void **state)
{
	struct trial trial = {0};
	struct http_options options = usual_options();
	struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	int fd = socket(AF_INET, SOCK_STREAM, 0), not_listening = socket(AF_INET, SOCK_STREAM, 0);

	(void)state;
	assert_int_equal(bind(fd, (struct sockaddr *)&address, sizeof(address)), 0);
	assert_int_equal(listen(fd, 16), 0);
	options.listen_fd = dup(fd); /* the old process keeps its own */
	assert_ok(http_start(&trial.arena, &options, &trial.server));
	assert_str_equal(client_get(&trial, "/", "").body, "127.0.0.1");
	http_stop(trial.server, 0);
	options.listen_fd = dup(fd); /* and the next one goes on with it */
	assert_ok(http_start(&trial.arena, &options, &trial.server));
	assert_int_equal(client_get(&trial, "/", "").status, 200);
	http_stop(trial.server, 0);
	options.listen_fd = not_listening;
	assert_fails(http_start(&trial.arena, &options, &trial.server), ERR_INVALID);
	close(fd);
	close(not_listening);
	arena_release(&trial.arena);
}

static void
with_a_certificate_it_speaks_tls(void **state)
{
	struct trial trial = {0};
	struct http_options options = usual_options();
	char folder[] = "/tmp/salve-tls-XXXXXX";
	struct buf out = BUF_INIT(&trial.arena);
	const char *command;
	FILE *curl;

	(void)state;
	assert_non_null(mkdtemp(folder));
	command = arena_z(&trial.arena,
	    arena_printf(&trial.arena,
		"openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 1 -subj /CN=localhost "
		"-addext subjectAltName=IP:127.0.0.1 -keyout %s/key.pem -out %s/cert.pem 2>/dev/null",
		folder, folder));
	assert_int_equal(system(command), 0);
	options.tls_certificate_pem = arena_z(&trial.arena, arena_printf(&trial.arena, "%s/cert.pem", folder));
	options.tls_key_pem = arena_z(&trial.arena, arena_printf(&trial.arena, "%s/key.pem", folder));
	assert_ok(http_start(&trial.arena, &options, &trial.server));
	command = arena_z(
	    &trial.arena, arena_printf(&trial.arena, "curl -s -i --max-time 10 --cacert %s https://127.0.0.1:%d/",
			      options.tls_certificate_pem, http_port(trial.server)));
	curl = popen(command, "r");
	assert_non_null(curl);
	out.n = fread(buf_reserve(&out, 8192), 1, 8192, curl);
	assert_int_equal(pclose(curl), 0);
	assert_true(str_contains(buf_str(&out), S("Set-Cookie: __Host-who=x")));
	assert_true(str_ends(buf_str(&out), S("\r\n\r\n127.0.0.1")));
	http_stop(trial.server, 0);
	unlink(options.tls_certificate_pem);
	unlink(options.tls_key_pem);
	rmdir(folder);
	arena_release(&trial.arena);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(a_port_in_use_is_told_in_words),
	    cmocka_unit_test(plain_text_is_spoken_on_loopback_only),
	    cmocka_unit_test(behind_a_proxy_its_words_are_trusted),
	    cmocka_unit_test(a_listening_socket_can_be_adopted),
	    cmocka_unit_test(with_a_certificate_it_speaks_tls),
	};

	log_set_level(LOG_ERROR);
	return cmocka_run_group_tests_name("http_start", tests, NULL, NULL);
}
