/* SPDX-License-Identifier: Apache-2.0 */
/* Against a mail server of our own on the loopback that speaks SMTP and keeps what it was given. */
#include "people.h"

#include <arpa/inet.h>
#include <pthread.h>
#include <stdio.h>
#include <sys/socket.h>
#include <unistd.h>

#include "care/notify/notify.h"

struct mail_server {
	int listener, port;
	pthread_t thread;
	bool refuse; /* every recipient, for good */
	char mail[8192];
	size_t n;
	int mails;
};

static void
answer(int fd, const char *line)
{
	ssize_t written = write(fd, line, strlen(line));

	(void)written;
}

static void
talk(struct mail_server *server, int fd)
{
	FILE *in = fdopen(fd, "r");
	char line[1024];
	bool data = false;

	answer(fd, "220 here\r\n");
	while (fgets(line, sizeof(line), in)) {
		if (data) {
			if (strcmp(line, ".\r\n") == 0) {
				data = false;
				server->mails++;
				answer(fd, "250 kept\r\n");
			} else if (server->n + strlen(line) < sizeof(server->mail)) {
				memcpy(server->mail + server->n, line, strlen(line));
				server->n += strlen(line);
			}
		} else if (strncmp(line, "RCPT", 4) == 0 && server->refuse) {
			answer(fd, "550 nobody here\r\n");
		} else if (strncmp(line, "DATA", 4) == 0) {
			data = true;
			answer(fd, "354 go on\r\n");
		} else if (strncmp(line, "QUIT", 4) == 0) {
			answer(fd, "221 bye\r\n");
			break;
		} else {
			answer(fd, "250 ok\r\n");
		}
	}
	fclose(in);
}

static void *
serve_mail(void *arg)
{
	struct mail_server *server = arg;
	int fd;

	while ((fd = accept(server->listener, NULL, NULL)) >= 0)
		talk(server, fd);
	return NULL;
}

static void
start(struct mail_server *server)
{
	struct sockaddr_in at = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	socklen_t n = sizeof(at);

	*server = (struct mail_server){.listener = socket(AF_INET, SOCK_STREAM, 0)};
	assert_int_equal(bind(server->listener, (struct sockaddr *)&at, sizeof(at)), 0);
	assert_int_equal(listen(server->listener, 4), 0);
	assert_int_equal(getsockname(server->listener, (struct sockaddr *)&at, &n), 0);
	server->port = ntohs(at.sin_port);
	assert_int_equal(pthread_create(&server->thread, NULL, serve_mail, server), 0);
}

static void
stop(struct mail_server *server)
{
	shutdown(server->listener, SHUT_RDWR);
	close(server->listener);
	pthread_join(server->thread, NULL);
}

static void
set_mail(struct world *world, int port)
{
	str url = arena_printf(&world->arena, "smtp://127.0.0.1:%d", port);

	assert_ok(mail_settings_set(
	    &world->cx, &(struct mail_settings){
			    .url = url, .from = S("salve@clinic.example"), .portal = S("https://portal.example")}));
}

static struct outbox_item
notice(struct world *world, account_id account)
{
	str payload =
	    arena_printf(&world->arena, "{\"reason\":\"message\",\"account\":\"%.*s\",\"thread\":\"CANARY-4711\"}",
		STR_ARG(uuid_text(&world->arena, account.v)));

	return (struct outbox_item){.id = uuid_new(world->cx.now), .kind = S("notice"), .payload = payload};
}

static void
a_notice_says_sign_in_and_nothing_else(void **state)
{
	struct world *world = *state;
	struct people p;
	struct mail_server server;
	struct outbox_item item;

	people_setup(world, &p);
	start(&server);
	set_mail(world, server.port);
	assert_ok(mail_address_set(&world->cx, p.maria_account, S("maria@home.example")));
	item = notice(world, p.maria_account);
	assert_ok(notice_deliver(&world->cx, &item));
	assert_int_equal(server.mails, 1);
	assert_non_null(strstr(server.mail, "To: <maria@home.example>"));
	assert_non_null(strstr(server.mail, "Sign in to read it:"));
	assert_non_null(strstr(server.mail, "https://portal.example"));
	assert_null(strstr(server.mail, "CANARY"));
	assert_null(strstr(server.mail, "Maple"));
	assert_null(strstr(server.mail, "pez")); /* her family name */
	/* the second within a quarter of an hour is not a mail; later it is */
	assert_ok(notice_deliver(&world->cx, &item));
	assert_int_equal(server.mails, 1);
	world->cx.now = instant_add_ms(world->cx.now, NOTICE_QUIET_MS);
	assert_ok(notice_deliver(&world->cx, &item));
	assert_int_equal(server.mails, 2);
	stop(&server);
}

static void
a_reminder_of_a_visit_holds_nothing_of_the_visit(void **state)
{
	struct world *world = *state;
	struct people p;
	struct mail_server server;
	struct outbox_item item;

	people_setup(world, &p);
	start(&server);
	set_mail(world, server.port);
	assert_ok(mail_address_set(&world->cx, p.maria_account, S("maria@home.example")));
	item = notice(world, p.maria_account);
	item.payload = arena_printf(&world->arena,
	    "{\"reason\":\"visit-reminder\",\"account\":\"%.*s\",\"appointment\":\"CANARY-4711\",\"start\":"
	    "1795700000000}",
	    STR_ARG(uuid_text(&world->arena, p.maria_account.v)));
	assert_ok(notice_deliver(&world->cx, &item));
	assert_int_equal(server.mails, 1);
	assert_non_null(strstr(server.mail, "Subject: A reminder: you have an appointment soon"));
	assert_non_null(strstr(server.mail, "Sign in to see when and where:"));
	assert_null(strstr(server.mail, "CANARY"));
	assert_null(strstr(server.mail, "1795700000000"));
	assert_null(strstr(server.mail, "Maple"));
	assert_null(strstr(server.mail, "Cedar"));
	assert_null(strstr(server.mail, "pez"));
	stop(&server);
}

static void
without_an_address_or_a_mail_server_there_is_no_mail(void **state)
{
	struct world *world = *state;
	struct people p;
	struct outbox_item item;

	people_setup(world, &p);
	item = notice(world, p.ana);
	assert_ok(notice_deliver(&world->cx, &item));
	set_mail(world, 9);
	assert_ok(notice_deliver(&world->cx, &item));
	assert_ok(mail_address_set(&world->cx, p.ana, S("ana@clinic.example")));
	assert_ok(mail_address_set(&world->cx, p.ana, S("")));
	assert_ok(notice_deliver(&world->cx, &item));
}

static void
an_absent_server_is_tried_again_and_a_refusal_is_noted(void **state)
{
	struct world *world = *state;
	struct people p;
	struct mail_server server;
	struct outbox_item item;
	struct mail_trouble trouble;
	struct db_rows rows;
	bool found;

	people_setup(world, &p);
	start(&server);
	server.refuse = true;
	set_mail(world, server.port);
	assert_ok(mail_address_set(&world->cx, p.ana, S("ana@clinic.example")));
	item = notice(world, p.ana);
	assert_ok(notice_deliver(&world->cx, &item));
	assert_ok(mail_trouble_of(&world->cx, p.ana, &trouble, &found));
	assert_true(found);
	assert_int_equal(trouble.answer, 550);
	assert_ok(mail_troubles(&world->cx, p.facility.id, 10, &rows));
	assert_int_equal(rows.count, 1);
	assert_ok(mail_troubles(&world->cx, (facility_id){uuid_new(world->cx.now)}, 10, &rows));
	assert_int_equal(rows.count, 0);
	server.refuse = false;
	assert_ok(notice_deliver(&world->cx, &item)); /* nothing more is sent there */
	assert_int_equal(server.mails, 0);
	assert_ok(mail_address_set(&world->cx, p.ana, S("ana.ruiz@clinic.example")));
	assert_ok(mail_trouble_of(&world->cx, p.ana, &trouble, &found));
	assert_false(found);
	assert_ok(notice_deliver(&world->cx, &item));
	assert_int_equal(server.mails, 1);
	stop(&server);
	world->cx.now = instant_add_ms(world->cx.now, NOTICE_QUIET_MS);
	assert_fails(notice_deliver(&world->cx, &item), ERR_BUSY);
}

static struct outbox_item
notice_of(struct world *world, account_id account, const char *reason, bool daily)
{
	str payload = arena_printf(&world->arena, "{\"reason\":\"%s\",\"account\":\"%.*s\"%s}", reason,
	    STR_ARG(uuid_text(&world->arena, account.v)), daily ? ",\"daily\":true" : "");

	return (struct outbox_item){.id = uuid_new(world->cx.now), .kind = S("notice"), .payload = payload};
}

static void
one_a_day_is_one_a_day_and_what_is_late_is_always_told(void **state)
{
	struct world *world = *state;
	struct people p;
	struct mail_server server;
	struct outbox_item daily, late, given;

	people_setup(world, &p);
	start(&server);
	set_mail(world, server.port);
	assert_ok(mail_address_set(&world->cx, p.ana, S("ana@clinic.example")));
	daily = notice_of(world, p.ana, "message", true);
	late = notice_of(world, p.ana, "due", true);
	given = notice_of(world, p.ana, "assigned", true);
	assert_ok(notice_deliver(&world->cx, &daily));
	world->cx.now = instant_add_ms(world->cx.now, NOTICE_DAY_MS - 1);
	assert_ok(notice_deliver(&world->cx, &daily));
	assert_int_equal(server.mails, 1);
	world->cx.now = instant_add_ms(world->cx.now, 1);
	assert_ok(notice_deliver(&world->cx, &daily));
	assert_int_equal(server.mails, 2);
	assert_ok(notice_deliver(&world->cx, &late));
	assert_ok(notice_deliver(&world->cx, &given));
	assert_int_equal(server.mails, 4);
	assert_non_null(strstr(server.mail, "must be answered soon"));
	assert_non_null(strstr(server.mail, "was given to you"));
	stop(&server);
}

static struct outbox_item
notice_about_bo(struct world *world, const struct people *p)
{
	struct outbox_item item = notice(world, p->maria_account);

	item.patient = p->bo;
	item.payload = arena_printf(&world->arena, "{\"reason\":\"message\",\"account\":\"%.*s\",\"delegate\":true}",
	    STR_ARG(uuid_text(&world->arena, p->maria_account.v)));
	return item;
}

/* As the queue does: with a look of its own at the database. */
static void
deliver_now(struct world *world, const struct outbox_item *item)
{
	db_refresh(&world->cx);
	assert_ok(notice_deliver(&world->cx, item));
}

static void
a_delegate_is_told_only_while_the_permission_holds(void **state)
{
	struct world *world = *state;
	struct people p;
	struct mail_server server;
	struct outbox_item item;
	struct cx bo, maria;
	struct delegation d;
	str code;

	people_setup(world, &p);
	start(&server);
	set_mail(world, server.port);
	assert_ok(mail_address_set(&world->cx, p.maria_account, S("maria@home.example")));
	item = notice_about_bo(world, &p);
	deliver_now(world, &item); /* never given */
	assert_int_equal(server.mails, 0);
	bo = people_as(world, p.bo_account);
	assert_ok(delegation_offer(&bo,
	    &(struct delegation_new){.key = uuid_new(bo.now),
		.called = S("Maria"),
		.rights = RIGHT_MESSAGES_READ,
		.since = INSTANT_NONE,
		.until = instant_add_ms(bo.now, 7 * DAY_MS)},
	    &code));
	maria = people_as(world, p.maria_account);
	assert_ok(delegation_accept(&maria, code, &d));
	deliver_now(world, &item); /* she does not want to be told */
	assert_int_equal(server.mails, 0);
	assert_ok(delegation_set_notices(&maria, d.id, true));
	deliver_now(world, &item);
	assert_int_equal(server.mails, 1);
	world->cx.now = instant_add_ms(world->cx.now, 7 * DAY_MS);
	deliver_now(world, &item); /* it ran out */
	world->cx.now = instant_add_ms(world->cx.now, -DAY_MS);
	deliver_now(world, &item);
	assert_int_equal(server.mails, 2);
	assert_ok(delegation_withdraw(&bo, d.id));
	world->cx.now = instant_add_ms(world->cx.now, HOUR_MS);
	deliver_now(world, &item); /* withdrawn */
	assert_int_equal(server.mails, 2);
	db_release(&bo);
	db_release(&maria);
	stop(&server);
}

/* Each reason asks for the right that it is about, and the mail says neither of whom nor of what. */
static void
a_delegate_is_told_of_what_they_may_and_chose(void **state)
{
	static const struct {
		const char *reason;
		unsigned right;
	} all[] = {{"medicines", RIGHT_PRESCRIPTIONS}, {"visit", RIGHT_APPOINTMENTS},
	    {"visit-reminder", RIGHT_APPOINTMENTS}, {"message", RIGHT_MESSAGES_READ}};
	struct world *world = *state;
	struct people p;
	struct mail_server server;
	struct outbox_item item;
	struct cx maria;
	delegation_id id;
	int mails = 0;

	people_setup(world, &p);
	start(&server);
	set_mail(world, server.port);
	assert_ok(mail_address_set(&world->cx, p.maria_account, S("maria@home.example")));
	id = people_delegate(world, &p, RIGHTS_TOLD | RIGHT_RECORD_READ);
	maria = people_as(world, p.maria_account);
	for (size_t i = 0; i < sizeof(all) / sizeof(all[0]); i++) {
		item = notice_about_bo(world, &p);
		item.payload = arena_printf(&world->arena, "{\"reason\":\"%s\",\"account\":\"%.*s\",\"delegate\":true}",
		    all[i].reason, STR_ARG(uuid_text(&world->arena, p.maria_account.v)));
		db_refresh(&maria);
		assert_ok(delegation_set_notices(&maria, id, RIGHTS_TOLD & ~all[i].right));
		deliver_now(world, &item);
		assert_int_equal(server.mails, mails);
		db_refresh(&maria);
		assert_ok(delegation_set_notices(&maria, id, all[i].right));
		world->cx.now = instant_add_ms(world->cx.now, HOUR_MS);
		deliver_now(world, &item);
		assert_int_equal(server.mails, ++mails);
		assert_null(memmem(server.mail, server.n, "Bo", sizeof("Bo") - 1));
		assert_null(memmem(server.mail, server.n, "Lee", sizeof("Lee") - 1));
		assert_null(memmem(server.mail, server.n, "refill", sizeof("refill") - 1));
		assert_null(memmem(server.mail, server.n, "medicine", sizeof("medicine") - 1));
	}
	db_release(&maria);
	stop(&server);
}

static void
addresses_and_settings_are_checked(void **state)
{
	struct world *world = *state;
	struct people p;
	static const char *const bad[] = {
	    "ana", "ana@", "@x.org", "a b@x.org", "a@b@c.org", "a@x", "a@x.org\r\nBcc: b@x.org", "<a@x.org>"};
	str address;

	people_setup(world, &p);
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		assert_fails(mail_address_set(&world->cx, p.ana, str_from_z(bad[i])), ERR_INVALID);
	assert_ok(mail_address_set(&world->cx, p.ana, S(" ana.ruiz+x@clinic.example ")));
	assert_ok(mail_address_get(&world->cx, p.ana, &address));
	assert_str_equal(address, "ana.ruiz+x@clinic.example");
	assert_fails(mail_settings_set(&world->cx, &(struct mail_settings){.url = S("http://x")}), ERR_INVALID);
	assert_fails(
	    mail_settings_set(&world->cx, &(struct mail_settings){.url = S("smtp://x"), .from = S("x")}), ERR_INVALID);
}

int
main(void)
{
	const struct CMUnitTest list[] = {
	    WORLD_TEST(a_notice_says_sign_in_and_nothing_else),
	    WORLD_TEST(a_reminder_of_a_visit_holds_nothing_of_the_visit),
	    WORLD_TEST(without_an_address_or_a_mail_server_there_is_no_mail),
	    WORLD_TEST(an_absent_server_is_tried_again_and_a_refusal_is_noted),
	    WORLD_TEST(one_a_day_is_one_a_day_and_what_is_late_is_always_told),
	    WORLD_TEST(a_delegate_is_told_only_while_the_permission_holds),
	    WORLD_TEST(a_delegate_is_told_of_what_they_may_and_chose),
	    WORLD_TEST(addresses_and_settings_are_checked),
	};

	return cmocka_run_group_tests_name("notify", list, NULL, NULL);
}
