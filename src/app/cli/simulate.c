/* SPDX-License-Identifier: Apache-2.0 */
/* `salve simulate`: a believable clinic in an empty database. */
#include <getopt.h>
#include <stdio.h>
#include <unistd.h>

#include "app/commands.h"
#include "exchange/simulate/simulate.h"
#include "platform/format/fhir_date.h"

#define PATIENTS_DEFAULT 100
#define SEED_DEFAULT     1

const char simulate_usage[] =
    "usage: salve simulate [--patients N] [--seed S] [--until DATE] [--json] [--quiet]\n"
    "\n"
    "  --patients N   how many (100); a team has about 1,200, a small clinic two teams\n"
    "  --seed S       the same seed gives the same clinic (1)\n"
    "  --until DATE   the day it is simulated up to, such as 2026-11-22 (today)\n"
    "\n"
    "Makes facilities, care teams, patients with records of five years, and their messages. All people are invented.\n"
    "Prints the sign-in name of one of each kind; they sign in with links (salve account link).";

struct wish {
	struct simulate_options options;
	int64_t seed;
	bool json, quiet;
};

static bool
read_wish(int argc, char **argv, struct wish *out)
{
	static const struct option options[] = {{"patients", required_argument, NULL, 'p'},
	    {"seed", required_argument, NULL, 's'}, {"until", required_argument, NULL, 'u'},
	    {"json", no_argument, NULL, 'j'}, {"quiet", no_argument, NULL, 'q'}, {0}};
	struct fhir_date until;
	int c;

	*out = (struct wish){.options = {.patients = PATIENTS_DEFAULT, .until = INSTANT_NONE}, .seed = SEED_DEFAULT};
	while ((c = getopt_long(argc, argv, "", options, NULL)) != -1) {
		switch (c) {
		case 'p':
			if (!str_to_int64(str_from_z(optarg), &out->options.patients))
				return false;
			break;
		case 's':
			if (!str_to_int64(str_from_z(optarg), &out->seed) || out->seed < 0)
				return false;
			break;
		case 'u':
			if (!fhir_date_parse(FHIR_DATE, str_from_z(optarg), &until))
				return false;
			out->options.until = instant_add_ms(until.low, 20 * HOUR_MS);
			break;
		case 'j': out->json = true; break;
		case 'q': out->quiet = true; break;
		default: return false;
		}
	}
	out->options.seed = (uint64_t)out->seed;
	return optind == argc;
}

static void
show(void *arg, const struct simulate_progress *p)
{
	int64_t *shown = arg, now = monotonic_ms();

	if (now - *shown < 200 && p->patients_done < p->patients)
		return;
	*shown = now;
	fprintf(stderr, "\r%3d %%  %lld of %lld patients  %lld resources  %lld messages ",
	    (int)(p->patients_done * 100 / p->patients), (long long)p->patients_done, (long long)p->patients,
	    (long long)p->resources, (long long)p->messages);
	fflush(stderr);
}

static void
print(const struct simulate_report *r, bool json)
{
	int64_t rate = r->milliseconds ? r->resources * 1000 / r->milliseconds : r->resources;

	if (json) {
		printf("{\"facilities\":%lld,\"teams\":%lld,\"staff\":%lld,\"patients\":%lld,\"resources\":%lld,"
		       "\"threads\":%lld,"
		       "\"messages\":%lld,\"milliseconds\":%lld,\"logins\":{\"patient\":\"%.*s\",\"nurse\":\"%.*s\","
		       "\"physician\":\"%.*s\",\"administrator\":\"%.*s\"}}\n",
		    (long long)r->facilities, (long long)r->teams, (long long)r->staff, (long long)r->patients,
		    (long long)r->resources, (long long)r->threads, (long long)r->messages, (long long)r->milliseconds,
		    STR_ARG(r->patient_login), STR_ARG(r->nurse_login), STR_ARG(r->physician_login),
		    STR_ARG(r->administrator_login));
		return;
	}
	printf("%lld facilities, %lld teams, %lld staff, %lld patients, %lld resources, %lld threads with %lld messages"
	       " (%lld resources/s)\n",
	    (long long)r->facilities, (long long)r->teams, (long long)r->staff, (long long)r->patients,
	    (long long)r->resources, (long long)r->threads, (long long)r->messages, (long long)rate);
	printf("sign-in names: %.*s, %.*s, %.*s, %.*s\n", STR_ARG(r->patient_login), STR_ARG(r->nurse_login),
	    STR_ARG(r->physician_login), STR_ARG(r->administrator_login));
}

static int
make_clinic(struct app *app, struct wish *wish)
{
	struct simulate_report report;
	struct cx cx;
	int64_t shown = 0;
	const struct err *error = app_open(app, true);

	if (error)
		return complain(error);
	cx = app_cx(app);
	if (!wish->quiet && isatty(STDERR_FILENO)) {
		wish->options.progress = show;
		wish->options.progress_arg = &shown;
	}
	error = simulate_run(&cx, &wish->options, &report);
	db_release(&cx);
	if (wish->options.progress)
		fputc('\n', stderr);
	if (error)
		return complain(error);
	print(&report, wish->json);
	return EXIT_OK;
}

int
simulate_command_run(struct app *app, int argc, char **argv)
{
	struct wish wish;

	if (!read_wish(argc, argv, &wish))
		return usage_error(command_find("simulate"));
	return make_clinic(app, &wish);
}
