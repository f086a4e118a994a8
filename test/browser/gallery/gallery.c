/* SPDX-License-Identifier: Apache-2.0 */
/* gallery FOLDER: writes sample pages with all they load into FOLDER, to be looked at and to be checked.  Serve the folder
 * as the root of a web server. */
#include "browser/gallery/gallery.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

#include "platform/http/http.h"

static void
write_file(const char *folder, const char *name, const void *bytes, size_t n)
{
	char path[1024];
	FILE *file;

	snprintf(path, sizeof(path), "%s/%s", folder, name);
	file = fopen(path, "wb");
	if (!file || fwrite(bytes, 1, n, file) != n || fclose(file) != 0) {
		perror(path);
		exit(1);
	}
}

static const struct nav_item patient_nav[] = {{"/", "Home"}, {"/messages", "Messages", COUNT_UNREAD},
    {"/record", "Record"}, {"/medicines", "Medicines"}, {"/appointments", "Appointments"}, {"/log", "My health log"},
    {0}};
static const struct nav_item team_nav[] = {{"/inbox", "Inbox", COUNT_UNREAD}, {"/patients", "Patients"},
    {"/tasks", "Tasks", COUNT_TASKS}, {"/schedule", "Schedule"}, {"/reports", "Reports"}, {0}};
static const struct nav_item account_nav[] = {{"/profile", "Profile"}, {"/who-looked", "Who looked at my record"}, {0}};

static struct plot
lab_plot(struct arena *arena, instant now)
{
	static const double clinic[] = {8.2, 7.9, 7.6, 7.1}, mine[] = {7.8, 7.4, 7.0};
	struct plot_point *a = ARENA_ARRAY(arena, struct plot_point, 4), *b = ARENA_ARRAY(arena, struct plot_point, 3);
	struct plot_series *series = ARENA_ARRAY(arena, struct plot_series, 2);

	for (int i = 0; i < 4; i++)
		a[i] = (struct plot_point){instant_add_ms(now, (i - 4) * 91 * DAY_MS), clinic[i], PLOT_SINGLE,
		    arena_printf(arena, "%.1f %%", clinic[i])};
	for (int i = 0; i < 3; i++)
		b[i] = (struct plot_point){instant_add_ms(now, (i * 80 - 300) * DAY_MS), mine[i], PLOT_SINGLE,
		    arena_printf(arena, "%.1f %%", mine[i])};
	series[0] = (struct plot_series){S("Clinic"), a, 4};
	series[1] = (struct plot_series){S("My readings"), b, 3};
	return (struct plot){.title = S("Hemoglobin A1c"),
	    .unit = S("%"),
	    .words = S("7.1 %, down from 8.2 %"),
	    .range_low = 4,
	    .range_high = 5.6,
	    .series = series,
	    .series_count = 2};
}

static struct plot
pressure_plot(struct arena *arena, instant now)
{
	struct plot_point *a = ARENA_ARRAY(arena, struct plot_point, 14);
	struct plot_series *series = ARENA_ARRAY(arena, struct plot_series, 1);

	for (int i = 0; i < 14; i++)
		a[i] = (struct plot_point){
		    instant_add_ms(now, (i - 14) * DAY_MS), 128 + 9 * sin(i), 82 + 5 * sin(i * 2), S("reading")};
	series[0] = (struct plot_series){S("My readings"), a, 14};
	return (struct plot){.title = S("Blood pressure"),
	    .unit = S("mmHg"),
	    .words = S("About 128/82 over two weeks"),
	    .series = series,
	    .series_count = 1};
}

static void
fill(struct arena *arena, struct gallery *v, instant now)
{
	static const char *const who[] = {"Bo Lee", "Maria Gonzalez", "James O'Neill",
	    "Wilhelmina Featherstonehaugh-Cholmondeley", "Ada King", "Chen Wei", "Fatima Haddad", "Olu Adebayo",
	    "Sam Fox", "Rosa Diaz"};
	static const char *const about[] = {"Refill of lisinopril <10 mg>", "Dizzy since the new pill",
	    "Can I move my visit to next week?",
	    "Question about the blood test that Dr. Okafor ordered on Monday and whether I must fast for it",
	    "Thank you"};
	static const struct {
		enum status_kind kind;
		const char *word;
	} states[] = {{STATUS_DANGER, "Past due"}, {STATUS_WARNING, "Due today"}, {STATUS_NEW, "New"},
	    {STATUS_PLAIN, "With Ben"}, {STATUS_GOOD, "Answered"}};

	*v = (struct gallery){
	    .labs = lab_plot(arena, now), .pressure = pressure_plot(arena, now), .row_count = 10, .now = now};
	for (int i = 0; i < 10; i++)
		v->rows[i] = (struct gallery_row){str_from_z(who[i]), str_from_z(about[i % 5]), S("Team Maple"),
		    S("/inbox/1"), instant_add_ms(now, -i * i * 5 * HOUR_MS), states[i / 2].kind,
		    str_from_z(states[i / 2].word), i < 5};
	v->steps[0] = (struct step){S("Sent"), S("2 March, 8:10 am"), false};
	v->steps[1] = (struct step){S("With the team"), S("2 March, 8:10 am"), false};
	v->steps[2] = (struct step){S("Opened"), S("2 March, 9:32 am"), true};
	v->steps[3] = (struct step){S("Answered"), STR_NONE, false};
	v->steps[4] = (struct step){S("Filed"), STR_NONE, false};
	form_error_add(arena, &v->errors, S("subject"), S("Write a subject of a few words"));
	form_error_add(arena, &v->errors, S("since"), S("There is no month 13. Write a month from 1 to 12"));
}

int
main(int argc, char **argv)
{
	static const struct {
		const char *file, *title, *active;
		void (*draw)(struct buf *, const struct page_cx *, const struct gallery *);
		enum { PATIENT, TEAM, NOBODY } who;
	} pages[] = {
	    {"home.html", "Home", "/", gallery_home, PATIENT},
	    {"labs.html", "Hemoglobin A1c", "/record", gallery_labs, PATIENT},
	    {"write.html", "Error: Write to your team", "/messages", gallery_write, PATIENT},
	    {"thread.html", "Blood pressure", "/messages", gallery_thread, PATIENT},
	    {"inbox.html", "Inbox: 5 due today", "/inbox", gallery_inbox, TEAM},
	    {"sign-in.html", "Sign in", NULL, gallery_sign_in, NOBODY},
	};
	struct arena arena = ARENA_INIT;
	instant now = {INT64_C(1772565000000)}; /* 3 March 2026, 14:10 in New York */
	const struct zone *zone;
	struct gallery v;
	char folder[1000];

	if (argc != 2 || zone_find(S("America/New_York"), &zone)) {
		fputs("usage: gallery FOLDER\n", stderr);
		return 2;
	}
	fill(&arena, &v, now);
	for (int i = 0; i < (int)(sizeof(pages) / sizeof(*pages)) * LANG_COUNT; i++) {
		int n = i / LANG_COUNT;
		struct buf out = BUF_INIT(&arena);
		struct page_cx px = {.arena = &arena,
		    .lang = (enum lang)(i % LANG_COUNT),
		    .zone = zone,
		    .now = now,
		    .path = S("/"),
		    .title = str_from_z(pages[n].title),
		    .active = pages[n].active,
		    .form_token = S("t0ken"),
		    .nav = pages[n].who == PATIENT ? patient_nav
		           : pages[n].who == TEAM  ? team_nav
		                                   : NULL,
		    .account = account_nav,
		    .counts = {[COUNT_UNREAD] = 2},
		    .person_name = pages[n].who == PATIENT ? S("Maria Gonzalez")
		                   : pages[n].who == TEAM  ? S("Ana Ruiz")
		                                           : STR_NONE,
		    .person_role = pages[n].who == TEAM ? S("Nurse, Team Maple") : STR_NONE,
		    .acting_for = n == 1 ? S("You are acting for Bo Lee.") : STR_NONE,
		    .flash = n == 3 ? S("Your message was sent.") : STR_NONE,
		    .flash_kind = NOTICE_GOOD,
		    .dense = pages[n].who == TEAM};
		str name = arena_printf(&arena, "%s%s", px.lang == LANG_ES ? "es-" : "", pages[n].file);

		v.labs.lang = v.pressure.lang = px.lang;
		pages[n].draw(&out, &px, &v);
		write_file(argv[1], arena_z(&arena, name), out.p, out.n);
	}
	snprintf(folder, sizeof(folder), "%s/assets", argv[1]);
	mkdir(folder, 0755);
	for (size_t i = 0; i < asset_count; i++)
		write_file(argv[1], assets[i].path + 1, assets[i].bytes, assets[i].n);
	arena_release(&arena);
	return 0;
}
