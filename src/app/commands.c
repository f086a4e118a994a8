/* SPDX-License-Identifier: Apache-2.0 */
/* The commands, one file each in cli/. */
#include "app/commands.h"

const struct command commands[] = {
    {"serve", "answer browsers and programs", serve_usage, serve_run},
    {"import fhir", "bring in FHIR R4 files", import_usage, import_run},
    {"import zip", "bring in what a patient took along from another clinic", import_zip_usage, import_zip_run},
    {"import apple-health", "bring in what a patient's phone exported", import_apple_usage, import_apple_run},
    {"simulate", "make a believable clinic", simulate_usage, simulate_command_run},
    {"account add", "make a staff account", account_add_usage, account_add_run},
    {"account link", "print a sign-in link (demonstrations only)", account_link_usage, account_link_run},
    {"token make", "make a token for a program", token_make_usage, token_make_run},
    {"mail", "where notices go out", mail_usage, mail_run},
    {"scanner", "which virus scanner looks at files", scanner_usage, scanner_run},
    {"ehr", "where chart notes go", ehr_usage, ehr_run},
    {"pharmacy", "where refill requests go", pharmacy_usage, pharmacy_run},
    {"audit verify", "check that the trail was not changed", audit_verify_usage, audit_verify_run},
    {"routes", "print every address the program answers", routes_usage, routes_run},
    {"doctor", "check the installation", doctor_usage, doctor_run},
    {0},
};

const struct command *
command_find(const char *name)
{
	for (const struct command *c = commands; c->name; c++)
		if (strcmp(c->name, name) == 0)
			return c;
	return NULL;
}
