/* SPDX-License-Identifier: Apache-2.0 */
/* The report of an import in words and as JSON. */
#include "exchange/fhir_import/fhir_import.h"
#include "platform/format/json_write.h"

static int64_t
stored(const struct fhir_import_count *count)
{
	return count->added + count->changed + count->unchanged;
}

static int64_t
per_second(const struct fhir_import_report *report)
{
	return stored(&report->total) * 1000 / (report->ms > 0 ? report->ms : 1);
}

/* ---- words ---- */

static void
print_row(struct buf *out, const char *name, const struct fhir_import_count *count)
{
	buf_printf(out, "%-28s %9lld %9lld %9lld %9lld\n", name, (long long)count->added, (long long)count->changed,
	    (long long)count->unchanged, (long long)count->refused);
}

static void
print_problem(struct buf *out, const struct fhir_import_problem *problem)
{
	buf_add(out, problem->path);
	if (problem->line)
		buf_printf(out, ":%lld", (long long)problem->line);
	if (problem->line && problem->column)
		buf_printf(out, ":%lld", (long long)problem->column);
	if (problem->entry && !problem->line)
		buf_printf(out, ": entry %lld", (long long)problem->entry);
	if (problem->type.n)
		buf_printf(out, " (%.*s)", STR_ARG(problem->type));
	buf_printf(out, ": %.*s\n", STR_ARG(problem->reason));
}

static void
print_words(struct buf *out, const struct fhir_import_report *report)
{
	buf_printf(out, "%-28s %9s %9s %9s %9s\n", "", "new", "changed", "unchanged", "refused");
	for (resource_type type = 0; type <= resource_type_count(); type++) {
		const struct fhir_import_count *count = &report->by_type[type];

		if (stored(count) || count->refused)
			print_row(out, type ? resource_type_name(type) : "(unknown)", count);
	}
	print_row(out, "All", &report->total);
	buf_printf(out,
	    "%lld files, %lld of them broken; %lld patients new or changed; %lld references lead nowhere.\n",
	    (long long)report->files, (long long)report->files_broken, (long long)report->patients,
	    (long long)report->unresolved);
	buf_printf(out, "%lld resources in %lld.%lld s: %lld per second.\n", (long long)stored(&report->total),
	    (long long)report->ms / 1000, (long long)report->ms % 1000 / 100, (long long)per_second(report));
	if (report->problems_all) {
		buf_printf(out, "Not taken in: %lld\n", (long long)report->problems_all);
		for (size_t i = 0; i < report->problem_count; i++)
			print_problem(out, &report->problems[i]);
		if (report->problems_all > (int64_t)report->problem_count)
			buf_printf(out, "... and %lld more.\n",
			    (long long)(report->problems_all - (int64_t)report->problem_count));
	}
}

/* ---- JSON ---- */

static void
write_count(struct json_writer *w, const char *name, const struct fhir_import_count *count)
{
	json_put_object(w, name);
	json_put_int64(w, "new", count->added);
	json_put_int64(w, "changed", count->changed);
	json_put_int64(w, "unchanged", count->unchanged);
	json_put_int64(w, "refused", count->refused);
	json_write_end(w);
}

static void
write_problem(struct json_writer *w, const struct fhir_import_problem *problem)
{
	json_write_object(w);
	json_put_text(w, "path", problem->path);
	if (problem->line)
		json_put_int64(w, "line", problem->line);
	if (problem->column)
		json_put_int64(w, "column", problem->column);
	if (problem->entry)
		json_put_int64(w, "entry", problem->entry);
	json_put_text(w, "type", problem->type);
	json_put_text(w, "reason", problem->reason);
	json_write_end(w);
}

static void
print_json(struct buf *out, const struct fhir_import_report *report)
{
	struct json_writer w = JSON_WRITER(out);

	json_write_object(&w);
	json_put_object(&w, "types");
	for (resource_type type = 0; type <= resource_type_count(); type++)
		if (stored(&report->by_type[type]) || report->by_type[type].refused)
			write_count(&w, type ? resource_type_name(type) : "unknown", &report->by_type[type]);
	json_write_end(&w);
	write_count(&w, "total", &report->total);
	json_put_int64(&w, "files", report->files);
	json_put_int64(&w, "filesBroken", report->files_broken);
	json_put_int64(&w, "patients", report->patients);
	json_put_int64(&w, "unresolvedReferences", report->unresolved);
	json_put_int64(&w, "bytes", report->bytes);
	json_put_int64(&w, "milliseconds", report->ms);
	json_put_int64(&w, "resourcesPerSecond", per_second(report));
	json_put_int64(&w, "problemCount", report->problems_all);
	json_put_array(&w, "problems");
	for (size_t i = 0; i < report->problem_count; i++)
		write_problem(&w, &report->problems[i]);
	json_write_end(&w);
	json_write_end(&w);
	json_write_done(&w);
	buf_add_char(out, '\n');
}

void
fhir_import_report_print(struct buf *out, const struct fhir_import_report *report, bool json)
{
	if (json)
		print_json(out, report);
	else
		print_words(out, report);
}
