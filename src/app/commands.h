/* SPDX-License-Identifier: Apache-2.0 */
#ifndef SALVE_COMMANDS_H
#define SALVE_COMMANDS_H

#include "app/app.h"

#define COMMAND(name)                     \
	extern const char name##_usage[]; \
	int name##_run(struct app *app, int argc, char **argv)

COMMAND(serve);
COMMAND(import);
COMMAND(import_zip);
COMMAND(import_apple);
extern const char simulate_usage[];
int simulate_command_run(struct app *app, int argc, char **argv); /* simulate_run is the simulator's own */
COMMAND(account_add);
COMMAND(account_link);
COMMAND(token_make);
COMMAND(audit_verify);
COMMAND(mail);
COMMAND(scanner);
COMMAND(routes);
COMMAND(ehr);
COMMAND(pharmacy);
COMMAND(doctor);

#endif
