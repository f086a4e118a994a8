/* SPDX-License-Identifier: Apache-2.0 */
/* `salve account add`, `salve account link`, `salve token make`: the first administrator, and what a demonstration needs. */
#include <getopt.h>
#include <stdio.h>
#include <termios.h>
#include <unistd.h>

#include "app/commands.h"
#include "trust/audit/audit.h"
#include "trust/identity/identity.h"

#define LINK_HOURS_DEFAULT 12
#define TOKEN_DAYS_DEFAULT 30

const char account_add_usage[] =
    "usage: salve account add --login NAME --name \"Full Name\" --role ROLE [--title TITLE] [--facility NAME] [--zone "
    "ZONE]\n"
    "\n"
    "  ROLE      physician, nurse, pharmacist, clerk, social-worker, associate, coordinator, administrator\n"
    "  --facility  its name; made when there is none of this name (then --zone, such as America/New_York, is needed "
    "too)\n"
    "\n"
    "Asks for the password on standard input. The code from a phone is set up at the first sign-in.";
const char account_link_usage[] =
    "usage: salve account link --login NAME [--hours N]\n\n"
    "Prints a link that signs in without a password. For demonstrations with simulated people only:\n"
    "whoever has the link is that person.";
const char token_make_usage[] =
    "usage: salve token make --login NAME --scope \"user/*.rs\" [--label TEXT] [--days N]\n\n"
    "Makes a token for a program that acts as this account, within these SMART scopes. It is shown once.";

static fallible
read_password(struct arena *arena, str *out)
{
	struct termios before, silent;
	bool terminal = isatty(STDIN_FILENO) && tcgetattr(STDIN_FILENO, &before) == 0;
	char line[PASSWORD_CHARS_MAX * 4 + 2];
	char *got;

	if (terminal) {
		fputs("Password: ", stderr);
		silent = before;
		silent.c_lflag &= ~(tcflag_t)ECHO;
		tcsetattr(STDIN_FILENO, TCSAFLUSH, &silent);
	}
	got = fgets(line, sizeof(line), stdin);
	if (terminal) {
		tcsetattr(STDIN_FILENO, TCSAFLUSH, &before);
		fputs("\n", stderr);
	}
	if (!got)
		return ERR(ERR_INVALID, "Give the password on standard input.", "no password");
	line[strcspn(line, "\n")] = '\0';
	*out = arena_str(arena, str_from_z(line));
	secret_wipe(line, sizeof(line));
	return NULL;
}

struct wish {
	const char *login, *name, *role, *title, *facility, *zone, *scope, *label;
	int64_t hours, days;
};

static const struct option options[] = {{"login", required_argument, NULL, 'l'}, {"name", required_argument, NULL, 'n'},
    {"role", required_argument, NULL, 'r'}, {"title", required_argument, NULL, 't'},
    {"facility", required_argument, NULL, 'f'}, {"zone", required_argument, NULL, 'z'},
    {"scope", required_argument, NULL, 's'}, {"label", required_argument, NULL, 'b'},
    {"hours", required_argument, NULL, 'h'}, {"days", required_argument, NULL, 'd'}, {0}};

static bool
read_wish(int argc, char **argv, struct wish *out)
{
	int c;

	*out = (struct wish){.hours = LINK_HOURS_DEFAULT, .days = TOKEN_DAYS_DEFAULT, .label = "command line"};
	while ((c = getopt_long(argc, argv, "", options, NULL)) != -1) {
		switch (c) {
		case 'l': out->login = optarg; break;
		case 'n': out->name = optarg; break;
		case 'r': out->role = optarg; break;
		case 't': out->title = optarg; break;
		case 'f': out->facility = optarg; break;
		case 'z': out->zone = optarg; break;
		case 's': out->scope = optarg; break;
		case 'b': out->label = optarg; break;
		case 'h':
			if (!str_to_int64(str_from_z(optarg), &out->hours) || out->hours < 1)
				return false;
			break;
		case 'd':
			if (!str_to_int64(str_from_z(optarg), &out->days) || out->days < 1)
				return false;
			break;
		default: return false;
		}
	}
	return optind == argc && out->login;
}

struct adding {
	struct account_sealed *account;
	account_id id;
};

static const struct err *
add(struct tx *tx, void *arg)
{
	struct adding *in = arg;

	audit_add(tx, &(struct audit){.action = AUDIT_ADMINISTER, .subject = AUDIT_ACCOUNT, .item = in->id.v});
	return account_put(tx, in->account);
}

static fallible
add_account(struct app *app, const struct wish *wish)
{
	struct cx cx;
	struct adding adding = {0};
	struct account_new in = {
	    .login = str_from_z(wish->login), .name = str_from_z(wish->name), .title = str_from_z(wish->title)};

	if (!staff_role_parse(str_from_z(wish->role), &in.role))
		return ERR(ERR_INVALID, "There is no such role. See: salve account add --help", "unknown role");
	TRY(app_open(app, true));
	TRY(read_password(&app->arena, &in.password));
	cx = app_cx(app);
	TRY(app_facility(&cx, wish->facility, wish->zone, &in.facility));
	adding.id = in.id = (account_id){uuid_new(cx.now)};
	TRY(account_seal(&cx, &in, &adding.account));
	TRY(db_write(&cx, add, &adding));
	db_release(&cx);
	printf("Made the account \"%s\".\n", wish->login);
	return NULL;
}

int
account_add_run(struct app *app, int argc, char **argv)
{
	struct wish wish;
	const struct err *error;

	if (!read_wish(argc, argv, &wish) || !wish.name || !wish.role)
		return usage_error(command_find("account add"));
	error = add_account(app, &wish);
	return error ? complain(error) : EXIT_OK;
}

static fallible
make_link(struct app *app, const struct wish *wish)
{
	struct account account;
	struct cx cx;
	str token;

	TRY(app_open(app, false));
	cx = app_cx(app);
	TRY(account_by_login(&cx, str_from_z(wish->login), &account));
	TRY(sign_in_link_make(&cx, account.id, wish->hours * HOUR_MS, &token));
	db_release(&cx);
	printf("/sign-in/link/%.*s\n", STR_ARG(token));
	return NULL;
}

int
account_link_run(struct app *app, int argc, char **argv)
{
	struct wish wish;
	const struct err *error;

	if (!read_wish(argc, argv, &wish))
		return usage_error(command_find("account link"));
	error = make_link(app, &wish);
	return error ? complain(error) : EXIT_OK;
}

static fallible
make_token(struct app *app, const struct wish *wish)
{
	struct account account;
	struct cx cx;
	str token;

	TRY(app_open(app, false));
	cx = app_cx(app);
	TRY(account_by_login(&cx, str_from_z(wish->login), &account));
	TRY(api_token_make(
	    &cx, account.id, str_from_z(wish->label), str_from_z(wish->scope), wish->days * DAY_MS, &token));
	db_release(&cx);
	printf("%.*s\n", STR_ARG(token));
	return NULL;
}

int
token_make_run(struct app *app, int argc, char **argv)
{
	struct wish wish;
	const struct err *error;

	if (!read_wish(argc, argv, &wish) || !wish.scope)
		return usage_error(command_find("token make"));
	error = make_token(app, &wish);
	return error ? complain(error) : EXIT_OK;
}
