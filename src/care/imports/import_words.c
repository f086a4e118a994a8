/* SPDX-License-Identifier: Apache-2.0 */
/* Imports in words of the person's language. */
#include "care/imports/imports_internal.h"

const struct err *
import_unreadable(struct cx *cx, const struct err *error, const char *words, int64_t line)
{
	const struct page_cx scratch = {.arena = cx->arena, .lang = cx->lang}, *px = &scratch;
	str text = tr(px->lang, words);

	if (!error || error->code != ERR_INVALID)
		return error;
	if (line)
		text = TF2("%1 (line %2)", text, line);
	return err_said(cx->arena, ERR_INVALID, "%.*s", STR_ARG(text));
}

str
import_tally_words(const struct page_cx *px, const struct import_tally *tally)
{
	const struct journal_log *log = journal_log_of(tally->log);
	static const struct {
		const char *name, *words;
	} known[] = {
	    {"BloodPressureSystolic", TR("Blood pressure, upper numbers")},
	    {"BloodPressureDiastolic", TR("Blood pressure, lower numbers")},
	    {"RestingHeartRate", TR("Resting heart rate")},
	    {"StepCount", TR("Steps")},
	    {"DistanceWalkingRunning", TR("Walking and running")},
	    {"DistanceCycling", TR("Cycling")},
	    {"AppleExerciseTime", TR("Exercise")},
	    {"Workout", TR("Workouts")},
	    {"...", TR("Other kinds")},
	    {"?", TR("What could not be read")},
	};

	for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++)
		if (str_equal(tally->name, str_from_z(known[i].name)))
			return tr(px->lang, known[i].words);
	return log ? tr(px->lang, log->title) : tally->name;
}

str
import_aside_words(const struct page_cx *px, enum import_aside why)
{
	switch (why) {
	case ASIDE_NO_LOG: return T("the health log has no place for it");
	case ASIDE_CLOSED: return T("this log is not shared with you");
	case ASIDE_HALF: return T("one half of a blood pressure without the other");
	case ASIDE_TODAY: return T("the day was not over when the file was made");
	case ASIDE_FEWER: return T("another app or device counted more that day");
	case ASIDE_ERROR: return T("marked as a mistake in the file");
	case ASIDE_MORE: return T("more entries than one import takes");
	case ASIDE_KINDS: break;
	}
	return S("");
}

str
import_kind_words(const struct page_cx *px, int64_t kind)
{
	switch ((enum import_kind)kind) {
	case IMPORT_CSV: return T("Table (CSV)");
	case IMPORT_FHIR: return T("FHIR file");
	case IMPORT_APPLE: return T("Apple Health");
	case IMPORT_UNKNOWN: break;
	}
	return T("File");
}
