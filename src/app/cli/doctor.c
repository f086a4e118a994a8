/* SPDX-License-Identifier: Apache-2.0 */
/* `salve doctor`: is everything this installation stands on as it should be?  Each check says what it saw and, when it is
 * not well, what to do. */
#include <getopt.h>
#include <stdio.h>
#include <sys/statvfs.h>

#include "app/commands.h"
#include "care/appointments/appointments.h"
#include "care/attachments/attachments.h"
#include "care/messaging/messaging.h"
#include "platform/format/json_write.h"
#include "trust/audit/audit.h"
#include "trust/identity/identity.h"

#define FREE_BYTES_LEAST ((uint64_t)1 << 30) /* less than 1 GiB free is worth a warning */

const char doctor_usage[] =
    "usage: salve doctor [--json]\n\n"
    "Checks key, database, trail, deliveries, messages, appointments, virus scanner, time zones and disk "
    "space. Exit code 0: all is well;\n"
    "1: something needs a person.";

struct finding {
	const char *check;
	bool well;
	str words;
};

static struct finding
check_trail(struct cx *cx)
{
	struct journal_report report;
	const struct err *error = audit_verify(cx, &report);

	if (error)
		return (struct finding){"trail", false, str_from_z(error->say)};
	return (struct finding){"trail", report.intact,
	    report.intact ? arena_printf(cx->arena, "whole, %lld entries", (long long)report.entries)
			  : arena_printf(cx->arena, "changed: %.*s. Compare with a backup and find out who had access.",
				STR_ARG(report.reason))};
}

static struct finding
check_deliveries(struct cx *cx)
{
	int64_t waiting, given_up;
	const struct err *error = outbox_count(cx, OUTBOX_WAITING, &waiting);

	if (!error)
		error = outbox_count(cx, OUTBOX_GIVEN_UP, &given_up);
	if (error)
		return (struct finding){"deliveries", false, str_from_z(error->say)};
	return (struct finding){"deliveries", given_up == 0,
	    arena_printf(cx->arena, "%lld waiting, %lld given up%s", (long long)waiting, (long long)given_up,
		given_up ? ": see the System page" : "")};
}

static struct finding
check_messages(struct cx *cx)
{
	struct buf trouble = BUF_INIT(cx->arena);
	const struct err *error = messaging_check_invariants(cx, &trouble);

	if (error)
		return (struct finding){"messages", false, str_from_z(error->say)};
	return (struct finding){"messages", trouble.n == 0,
	    trouble.n ? buf_str(&trouble) : S("every open conversation has a team and a date; counts are right")};
}

static struct finding
check_appointments(struct cx *cx)
{
	struct buf trouble = BUF_INIT(cx->arena);
	const struct err *error = appointments_check_invariants(cx, &trouble);

	if (error)
		return (struct finding){"appointments", false, str_from_z(error->say)};
	return (struct finding){"appointments", trouble.n == 0,
	    trouble.n ? buf_str(&trouble) : S("no seat is given twice; every request has somebody whose turn it is")};
}

static struct finding
check_scanner(struct cx *cx)
{
	struct attachment_figures figures;
	str address, version;
	const struct err *error = scanner_get(cx, &address), *away;

	if (!error)
		error = attachment_figures(cx, &figures);
	if (error)
		return (struct finding){"scanner", false, str_from_z(error->say)};
	if (!address.p)
		return (struct finding){"scanner", figures.held == 0,
		    arena_printf(
			cx->arena, "none is set: %lld attached files were not scanned", (long long)figures.unchecked)};
	away = scanner_ping(cx, address, &version);
	return (struct finding){"scanner", !away,
	    away ? arena_printf(cx->arena, "%.*s does not answer: %lld attached files are held until it does",
		       STR_ARG(address), (long long)figures.held)
		 : arena_printf(cx->arena, "%.*s; %lld files held, %lld infected, %lld not scanned", STR_ARG(version),
		       (long long)figures.held, (long long)figures.infected, (long long)figures.unchecked)};
}

static struct finding
check_zones(struct cx *cx)
{
	struct db_rows rows;
	const struct facility *facility;
	const struct zone *zone;
	const struct err *error = facility_list(cx, &rows);

	if (error)
		return (struct finding){"time zones", false, str_from_z(error->say)};
	facility = rows.items;
	for (size_t i = 0; i < rows.count; i++)
		if (zone_find(facility[i].zone, &zone))
			return (struct finding){"time zones", false,
			    arena_printf(
				cx->arena, "%.*s is unknown: install the package tzdata", STR_ARG(facility[i].zone))};
	return (struct finding){"time zones", true, arena_printf(cx->arena, "%zu facilities", rows.count)};
}

static struct finding
check_disk(struct cx *cx, const char *data)
{
	struct statvfs st;
	uint64_t available;

	if (statvfs(data, &st) != 0)
		return (struct finding){"disk", false, S("the data directory cannot be looked at")};
	available = (uint64_t)st.f_bavail * st.f_frsize;
	return (struct finding){"disk", available >= FREE_BYTES_LEAST,
	    arena_printf(cx->arena, "%llu MiB free%s", (unsigned long long)(available >> 20),
		available >= FREE_BYTES_LEAST ? "" : ": make room soon, nothing can be saved on a full disk")};
}

static void
print(struct arena *arena, const struct finding *findings, size_t count, bool json)
{
	struct buf out = BUF_INIT(arena);
	struct json_writer w = JSON_WRITER(&out);

	if (!json) {
		for (size_t i = 0; i < count; i++)
			printf("%-4s %-12s %.*s\n", findings[i].well ? "ok" : "BAD", findings[i].check,
			    STR_ARG(findings[i].words));
		return;
	}
	json_write_array(&w);
	for (size_t i = 0; i < count; i++) {
		json_write_object(&w);
		json_put_text(&w, "check", str_from_z(findings[i].check));
		json_put_bool(&w, "well", findings[i].well);
		json_put_text(&w, "words", findings[i].words);
		json_write_end(&w);
	}
	json_write_end(&w);
	json_write_done(&w);
	printf("%.*s\n", STR_ARG(buf_str(&out)));
}

int
doctor_run(struct app *app, int argc, char **argv)
{
	static const struct option options[] = {{"json", no_argument, NULL, 'j'}, {0}};
	struct finding findings[9];
	size_t count = 0;
	bool json = false, well = true;
	const struct err *error;
	int c;

	while ((c = getopt_long(argc, argv, "", options, NULL)) != -1) {
		if (c == '?')
			return usage_error(command_find("doctor"));
		json = true;
	}
	error = app_open(app, false);
	findings[count++] = (struct finding){
	    "database", !error, error ? str_from_z(error->say) : S("open, key fits, schema is current")};
	if (!error) {
		struct cx cx = app_cx(app);
		findings[count++] = check_trail(&cx);
		findings[count++] = check_deliveries(&cx);
		findings[count++] = check_messages(&cx);
		findings[count++] = check_appointments(&cx);
		findings[count++] = check_scanner(&cx);
		findings[count++] = check_zones(&cx);
		db_release(&cx);
	}
	{
		struct cx cx = {.arena = &app->arena};
		findings[count++] = check_disk(&cx, app->flags.data);
	}
	print(&app->arena, findings, count, json);
	for (size_t i = 0; i < count; i++)
		well = well && findings[i].well;
	return well ? EXIT_OK : EXIT_FAILED;
}
