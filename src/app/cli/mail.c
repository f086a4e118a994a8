/* SPDX-License-Identifier: Apache-2.0 */
/* `salve mail`: where notices go out, and to which address a person is told. */
#include <getopt.h>
#include <stdio.h>

#include "app/commands.h"
#include "care/notify/notify.h"

const char mail_usage[] = "usage: salve mail --url smtp://HOST:25 --from ADDRESS --portal https://portal.example.org\n"
			  "       salve mail --off\n"
			  "       salve mail --login NAME --email ADDRESS     (an empty ADDRESS removes it)\n"
			  "\n"
			  "Sets the mail server for notices, or the address at which one person is told. Mails say "
			  "\"sign in to read\" and nothing\n"
			  "else. Servers that are not on this machine must offer TLS.";

struct wish {
	struct mail_settings settings;
	str login, email;
	bool off;
};

static bool
read_wish(int argc, char **argv, struct wish *out)
{
	static const struct option options[] = {{"url", required_argument, NULL, 'u'},
	    {"from", required_argument, NULL, 'f'}, {"portal", required_argument, NULL, 'p'},
	    {"login", required_argument, NULL, 'l'}, {"email", required_argument, NULL, 'e'},
	    {"off", no_argument, NULL, 'o'}, {0}};
	int c;

	*out = (struct wish){0};
	while ((c = getopt_long(argc, argv, "", options, NULL)) != -1) {
		switch (c) {
		case 'u': out->settings.url = str_from_z(optarg); break;
		case 'f': out->settings.from = str_from_z(optarg); break;
		case 'p': out->settings.portal = str_from_z(optarg); break;
		case 'l': out->login = str_from_z(optarg); break;
		case 'e': out->email = str_from_z(optarg); break;
		case 'o': out->off = true; break;
		default: return false;
		}
	}
	return optind == argc && (out->off || out->settings.url.p || (out->login.p && out->email.p));
}

static fallible
set(struct app *app, const struct wish *wish)
{
	struct account account;
	struct cx cx;

	TRY(app_open(app, false));
	cx = app_cx(app);
	if (wish->login.p) {
		TRY(account_by_login(&cx, wish->login, &account));
		TRY(mail_address_set(&cx, account.id, wish->email));
	} else {
		TRY(mail_settings_set(&cx, &wish->settings));
	}
	db_release(&cx);
	return NULL;
}

int
mail_run(struct app *app, int argc, char **argv)
{
	struct wish wish;
	const struct err *error;

	if (!read_wish(argc, argv, &wish))
		return usage_error(command_find("mail"));
	error = set(app, &wish);
	return error ? complain(error) : EXIT_OK;
}
