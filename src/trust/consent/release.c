/* SPDX-License-Identifier: Apache-2.0 */
/* Who may set which rule of release, and within which limits. */
#include "platform/format/utf8.h"
#include "platform/pages/i18n.h"
#include "trust/consent/release_internal.h"

static const char *const class_words[RELEASE_CLASSES] = {
    [RELEASE_LABS] = TR("Lab results"),
    [RELEASE_MICROBIOLOGY] = TR("Microbiology"),
    [RELEASE_PATHOLOGY] = TR("Pathology"),
    [RELEASE_IMAGING] = TR("Imaging"),
    [RELEASE_HEART] = TR("Heart tests"),
    [RELEASE_REPORTS] = TR("Other reports"),
    [RELEASE_NOTES] = TR("Notes"),
    [RELEASE_DISCHARGE] = TR("Discharge summaries"),
    [RELEASE_DOCUMENTS] = TR("Documents"),
    [RELEASE_PROBLEMS] = TR("Health problems"),
    [RELEASE_MESSAGE_NOTES] = TR("Notes made from messages"),
};

const char *release_class_words(enum release_class class)
{
	assert(class > 0 && class < RELEASE_CLASSES);
	return class_words[class];
}

fallible
release_rules(struct cx *cx, patient_id patient, enum access_why why, struct db_rows *out)
{
	*out = (struct db_rows){0};
	return access_is_patient_side(why) ? release_rows_between(cx, patient, out) : NULL;
}

fallible
release_passes(struct cx *cx, patient_id patient, int64_t type, struct db_rows *out)
{
	return release_rows_passes(cx, patient, type, out);
}

/* ---- checks ---- */

static fallible
check(const struct release_rule *rule, bool by_facility)
{
	bool waits = rule->mode == RELEASE_ASK || (rule->mode == RELEASE_DISCUSSED && !by_facility);

	if (rule->class < 1 || rule->class >= RELEASE_CLASSES)
		return ERR(ERR_INVALID, TR("There is no such part of the record."), "unknown release class");
	if (rule->mode == RELEASE_AFTER ? rule->hours < 1 || rule->hours > RELEASE_HOURS_MAX : rule->hours != 0)
		return ERR(ERR_INVALID, TR("Give a whole number of hours, from 1 to 2160 (90 days)."), "release hours");
	if (!waits && rule->mode != RELEASE_AFTER && rule->mode != RELEASE_AT_ONCE)
		return ERR(ERR_INVALID, TR("Choose one of the ways that are offered."), "release mode");
	return NULL;
}

static fallible
check_code(str code)
{
	if (utf8_count(code) > RELEASE_CODE_CHARS_MAX || !utf8_is_clean_line(code) || str_contains(code, S(" ")))
		return ERR(ERR_INVALID,
		    TR("Give one code without spaces, such as 5221-7, or with its system, such as "
		       "http://loinc.org|5221-7."),
		    "release code");
	return NULL;
}

/* ---- the facility ---- */

fallible
release_rules_of_office(struct cx *cx, struct db_rows *out)
{
	TRY(office_check(cx, cx->who.facility));
	return release_rows_of_facility(cx, cx->who.facility, out);
}

static void
audit_office(struct tx *tx)
{
	audit_add(
	    tx, &(struct audit){.action = AUDIT_ADMINISTER, .subject = AUDIT_FACILITY, .item = tx->cx->who.facility.v});
}

struct setting {
	struct release_rule *rules;
	size_t count;
};

static const struct err *
set_rules(struct tx *tx, void *arg)
{
	const struct setting *in = arg;

	for (size_t i = 0; i < in->count; i++) {
		const struct release_rule *rule = &in->rules[i];

		if (rule->mode == RELEASE_AT_ONCE && !rule->code.n)
			TRY(release_row_remove(tx, tx->cx->who.facility, (enum release_class)rule->class, rule->code));
		else
			TRY(release_row_put(tx, tx->cx->who.facility, rule));
	}
	audit_office(tx);
	return NULL;
}

fallible
release_rules_set(struct cx *cx, const struct release_rule *rules, size_t count)
{
	struct setting in = {ARENA_ARRAY(cx->arena, struct release_rule, count + 1), count};
	struct db_rows rows;

	TRY(office_check(cx, cx->who.facility));
	for (size_t i = 0; i < count; i++) {
		in.rules[i] = rules[i];
		in.rules[i].code = rules[i].code.p ? str_trim(rules[i].code) : S("");
		TRY(check(&in.rules[i], true));
		TRY(check_code(in.rules[i].code));
	}
	TRY(release_rows_of_facility(cx, cx->who.facility, &rows));
	if (rows.count + count > RELEASE_CODES_MAX + RELEASE_CLASSES)
		return ERR(ERR_INVALID, TR("There are 200 rules already. Remove one that is not needed any more."),
		    "too many rules for codes");
	return db_write(cx, set_rules, &in);
}

struct removal {
	enum release_class class;
	str code;
};

static const struct err *
remove_rule(struct tx *tx, void *arg)
{
	const struct removal *removal = arg;

	TRY(release_row_remove(tx, tx->cx->who.facility, removal->class, removal->code));
	audit_office(tx);
	return NULL;
}

fallible
release_rule_remove(struct cx *cx, enum release_class class, str code)
{
	struct removal removal = {class, code.p ? code : S("")};

	TRY(office_check(cx, cx->who.facility));
	return db_write(cx, remove_rule, &removal);
}

/* ---- the patient ---- */

fallible
release_pacing(struct cx *cx, patient_id patient, struct release_rule out[RELEASE_CLASSES])
{
	struct db_rows rows;
	const struct release_rule *chosen;
	enum access_why why;

	TRY(access_check(cx, patient, RIGHT_OWN, &why));
	TRY(release_rows_pacing(cx, patient, &rows));
	for (int i = 0; i < RELEASE_CLASSES; i++)
		out[i] = (struct release_rule){.class = i, .mode = RELEASE_AT_ONCE, .since = INSTANT_NONE};
	chosen = rows.items;
	for (size_t i = 0; i < rows.count; i++)
		if (chosen[i].class > 0 && chosen[i].class < RELEASE_CLASSES)
			out[chosen[i].class] = chosen[i];
	return NULL;
}

struct choosing {
	patient_id patient;
	struct release_rule choice;
};

static const struct err *
choose(struct tx *tx, void *arg)
{
	const struct choosing *in = arg;

	TRY(release_row_choose(tx, in->patient, &in->choice));
	audit_add(
	    tx, &(struct audit){
		    .action = AUDIT_CHOOSE, .subject = AUDIT_RELEASE, .patient = in->patient, .why = ACCESS_SELF});
	return NULL;
}

fallible
release_pacing_set(struct cx *cx, patient_id patient, const struct release_rule *choice)
{
	struct choosing in = {patient, *choice};
	enum access_why why;

	TRY(access_check(cx, patient, RIGHT_OWN, &why));
	if (choice->own)
		TRY(check(choice, false));
	return db_write(cx, choose, &in);
}

/* ---- one entry ---- */

struct letting {
	const struct release_let *let;
	enum access_why why;
};

static const struct err *
let_through(struct tx *tx, void *arg)
{
	const struct letting *in = arg;
	bool added;

	TRY(release_row_pass(tx, in->let, in->why == ACCESS_CARE_TEAM, &added));
	if (added)
		audit_add(tx, &(struct audit){.action = AUDIT_RELEASE_ITEM,
				  .subject = in->let->subject,
				  .patient = in->let->patient,
				  .item = in->let->item,
				  .why = (int)in->why});
	return NULL;
}

fallible
release_let_through(struct cx *cx, const struct release_let *in)
{
	struct letting letting = {.let = in};

	TRY(access_check(cx, in->patient, RIGHT_RECORD_READ, &letting.why));
	if (letting.why != ACCESS_CARE_TEAM)
		TRY(access_check(cx, in->patient, RIGHT_OWN, &letting.why));
	return db_write(cx, let_through, &letting);
}
