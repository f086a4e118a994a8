/* SPDX-License-Identifier: Apache-2.0 */
/* What a record holds beside visits: examinations with their reports, cultures and tissue, procedures, implants, plans with goals,
 * insurance, whom to call, papers.  Chance of its own, so that it shifts nothing else. */
#include "exchange/simulate/sim_record.h"
#include "platform/format/base64.h"
#include "platform/format/fhir_date.h"
#include "platform/pages/pdf.h"

#define CATEGORY_REPORT "http://terminology.hl7.org/CodeSystem/v2-0074"
#define HYPERTENSION    "38341003"
#define DIABETES        "44054006"

struct other {
	struct sim *sim;
	const struct sim_patient *p;
	struct sim_random random;
	struct uuid id; /* of the resource at hand */
	instant at;
};

static const struct {
	struct sim_code code; /* LOINC */
	const char *words, *category, *conclusion;
	int age_min, percent;
	bool women_only;
} exams[] = {
    {{"36643-5", "XR Chest 2 Views"}, "X-ray of the chest", "RAD",
	"Heart size normal. Lungs clear. No fluid, no fracture. No change from the earlier pictures.", 18, 35, false},
    {{"24606-6", "MG Breast Screening"}, "Mammogram", "RAD",
	"No mass, no suspicious calcification. BI-RADS 1. Next screening in two years.", 40, 70, true},
    {{"38268-9", "DXA Bone density"}, "Bone density", "RAD",
	"T-score -1.4 at the hip: bone density somewhat low (osteopenia).", 60, 30, false},
    {{"30704-1", "MR Knee WO contrast"}, "MRI of the knee", "RAD",
	"Wear of the inner meniscus. Ligaments whole. A little fluid in the joint.", 35, 10, false},
    {{"11524-6", "EKG study"}, "Heart tracing (ECG)", "EC",
	"Regular rhythm, 72 beats a minute. No sign of an earlier heart attack.", 40, 45, false},
    {{"34552-0", "2D echocardiogram"}, "Ultrasound of the heart", "CUS",
	"Pumping function normal (ejection fraction 60 %). Valves work well.", 55, 15, false},
    {{"630-4", "Bacteria identified in Urine by Culture"}, "Urine culture", "MB",
	"Escherichia coli, more than 100,000 per mL. Nitrofurantoin works, trimethoprim does not.", 18, 15, false},
    {{"11529-5", "Surgical pathology study"}, "Tissue from the bowel", "SP",
	"Two small polyps (tubular adenoma), taken out whole. No cancer.", 50, 20, false},
};

static const struct {
	struct sim_code code; /* SNOMED CT */
	const char *words;
	int age_min, percent;
} procedures[] = {
    {{"73761001", "Colonoscopy"}, "Looking into the bowel (colonoscopy)", 50, 45},
    {{"54885007", "Extraction of cataract"}, "Cataract operation", 65, 25},
    {{"609588000", "Total replacement of knee joint"}, "Artificial knee", 60, 10},
    {{"307280005", "Implantation of cardiac pacemaker"}, "Pacemaker put in", 65, 6},
    {{"80146002", "Appendectomy"}, "Appendix taken out", 20, 12},
    {{"700070005", "Optical coherence tomography of retina"}, "Picture of the back of the eye", 50, 25},
};
enum { KNEE = 2, PACEMAKER = 3, PROCEDURES = sizeof(procedures) / sizeof(procedures[0]) };

static void
begin(struct other *o, struct json_writer *w, struct buf *json, const char *type)
{
	*json = (struct buf)BUF_INIT(o->sim->cx->arena);
	o->id = sim_uuid(&o->random);
	sim_begin(w, json, type, o->id);
}

static void
finish(struct other *o, struct json_writer *w, struct buf *json)
{
	json_write_end(w);
	json_write_done(w);
	sim_add(o->sim, o->p->id, o->id, json);
}

static void
subject(const struct other *o, struct json_writer *w, const char *name)
{
	sim_reference(w, name, "Patient", o->p->id.v, STR_NONE);
}

/* A moment of the last `years`, at which the clinic is open. */
static void
some_time(struct other *o, int years)
{
	int64_t day = o->sim->until.ms / DAY_MS - sim_between(&o->random, 20, years * 365);

	o->at = (instant){day * DAY_MS + 15 * HOUR_MS + sim_between(&o->random, 0, 12) * 30 * MINUTE_MS};
}

static void
words_only(struct json_writer *w, const char *name, const char *words)
{
	json_put_object(w, name);
	json_put_text(w, "text", str_from_z(words));
	json_write_end(w);
}

/* ---- examinations and procedures ---- */

static void
exam(struct other *o, size_t i)
{
	struct json_writer w;
	struct buf json;

	some_time(o, SIM_YEARS);
	begin(o, &w, &json, "DiagnosticReport");
	json_put_text(&w, "status", S("final"));
	sim_category(&w, CATEGORY_REPORT, exams[i].category);
	sim_concept(&w, "code", SIM_LOINC, exams[i].code.code, exams[i].code.display, exams[i].words);
	subject(o, &w, "subject");
	sim_time(&w, "effectiveDateTime", o->at);
	sim_time(&w, "issued", instant_add_ms(o->at, 26 * HOUR_MS));
	json_put_array(&w, "performer");
	sim_reference(&w, NULL, "Practitioner", o->p->team->members[0].practitioner, o->p->team->members[0].name);
	json_write_end(&w);
	json_put_text(&w, "conclusion", str_from_z(exams[i].conclusion));
	finish(o, &w, &json);
}

static void
procedure(struct other *o, size_t i)
{
	struct json_writer w;
	struct buf json;

	some_time(o, 2 * SIM_YEARS);
	begin(o, &w, &json, "Procedure");
	json_put_text(&w, "status", S("completed"));
	sim_concept(&w, "code", SIM_SNOMED, procedures[i].code.code, procedures[i].code.display, procedures[i].words);
	subject(o, &w, "subject");
	sim_time(&w, "performedDateTime", o->at);
	json_put_array(&w, "performer");
	json_write_object(&w);
	sim_reference(&w, "actor", "Practitioner", o->p->team->members[0].practitioner, o->p->team->members[0].name);
	json_write_end(&w);
	json_write_end(&w);
	finish(o, &w, &json);
}

static void
implant(struct other *o, const char *code, const char *display, const char *maker, const char *model)
{
	struct json_writer w;
	struct buf json;

	begin(o, &w, &json, "Device");
	json_put_array(&w, "udiCarrier");
	json_write_object(&w);
	json_put_text(&w, "deviceIdentifier",
	    arena_printf(o->sim->cx->arena, "%014lld", (long long)sim_between(&o->random, 1, 99999999999999)));
	json_write_end(&w);
	json_write_end(&w);
	json_put_text(&w, "status", S("active"));
	json_put_text(&w, "manufacturer", str_from_z(maker));
	sim_day(&w, "manufactureDate", instant_add_ms(o->at, -200 * DAY_MS));
	json_put_text(
	    &w, "lotNumber", arena_printf(o->sim->cx->arena, "L%05lld", (long long)sim_between(&o->random, 0, 99999)));
	json_put_text(&w, "serialNumber",
	    arena_printf(o->sim->cx->arena, "SN-%07lld", (long long)sim_between(&o->random, 0, 9999999)));
	json_put_text(&w, "modelNumber", str_from_z(model));
	sim_concept(&w, "type", SIM_SNOMED, code, display, NULL);
	subject(o, &w, "patient");
	finish(o, &w, &json);
}

/* ---- plans and goals ---- */

/* The id of a goal that is measured. */
static struct uuid
goal(struct other *o, const char *words, const struct sim_code *measure, double most, int decimals, const char *unit,
    const char *ucum)
{
	struct json_writer w;
	struct buf json;

	begin(o, &w, &json, "Goal");
	json_put_text(&w, "lifecycleStatus", S("active"));
	sim_concept(&w, "achievementStatus", "http://terminology.hl7.org/CodeSystem/goal-achievement", "in-progress",
	    "In Progress", NULL);
	words_only(&w, "description", words);
	subject(o, &w, "subject");
	sim_day(&w, "startDate", o->at);
	json_put_array(&w, "target");
	json_write_object(&w);
	sim_concept(&w, "measure", SIM_LOINC, measure->code, measure->display, NULL);
	sim_quantity(&w, "detailQuantity", most, decimals, unit, ucum);
	sim_day(&w, "dueDate", instant_add_ms(o->sim->until, 120 * DAY_MS));
	json_write_end(&w);
	json_write_end(&w);
	finish(o, &w, &json);
	return o->id;
}

static void
care_plan(struct other *o, const char *title, const char *const *steps, size_t count, struct uuid goal_id)
{
	struct json_writer w;
	struct buf json;

	begin(o, &w, &json, "CarePlan");
	json_put_text(&w, "status", S("active"));
	json_put_text(&w, "intent", S("plan"));
	sim_category(&w, "http://hl7.org/fhir/us/core/CodeSystem/careplan-category", "assess-plan");
	json_put_text(&w, "title", str_from_z(title));
	subject(o, &w, "subject");
	json_put_object(&w, "period");
	sim_day(&w, "start", o->at);
	json_write_end(&w);
	json_put_array(&w, "goal");
	sim_reference(&w, NULL, "Goal", goal_id, STR_NONE);
	json_write_end(&w);
	json_put_array(&w, "activity");
	for (size_t i = 0; i < count; i++) {
		json_write_object(&w);
		json_put_object(&w, "detail");
		json_put_text(&w, "status", S("in-progress"));
		json_put_text(&w, "description", str_from_z(steps[i]));
		json_write_end(&w);
		json_write_end(&w);
	}
	json_write_end(&w);
	finish(o, &w, &json);
}

static bool
is_ill(const struct sim_patient *p, const char *snomed)
{
	for (size_t i = 0; i < SIM_ILLNESSES; i++)
		if (p->ill[i] && strcmp(sim_illnesses[i].snomed.code, snomed) == 0)
			return true;
	return false;
}

static void
plans(struct other *o)
{
	static const char *const pressure[] = {"Measure the blood pressure at home three times a week",
	    "Less salt: no more than a teaspoon a day", "Walk 30 minutes on most days"};
	static const char *const sugar[] = {
	    "Measure the blood sugar before breakfast", "Have the eyes and feet looked at once a year"};
	static const struct sim_code systolic = {"8480-6", "Systolic blood pressure"};
	static const struct sim_code a1c = {"4548-4", "Hemoglobin A1c/Hemoglobin.total in Blood"};

	some_time(o, 1);
	if (is_ill(o->p, HYPERTENSION))
		care_plan(o, "Plan for high blood pressure", pressure, 3,
		    goal(o, "Blood pressure below 130", &systolic, 130, 0, "mmHg", "mm[Hg]"));
	if (is_ill(o->p, DIABETES))
		care_plan(o, "Plan for diabetes", sugar, 2, goal(o, "A1c below 7.5 %", &a1c, 7.5, 1, "%", "%"));
}

/* ---- insurance, whom to call, papers ---- */

static void
coverage(struct other *o)
{
	struct json_writer w;
	struct buf json;
	bool medicare = o->p->age >= 65;

	begin(o, &w, &json, "Coverage");
	json_put_text(&w, "status", S("active"));
	sim_concept(&w, "type", "http://terminology.hl7.org/CodeSystem/v3-ActCode", medicare ? "RETIRE" : "EHCPOL",
	    medicare ? "retiree health program" : "extended healthcare", NULL);
	json_put_text(&w, "subscriberId",
	    arena_printf(o->sim->cx->arena, "%09lld", (long long)sim_between(&o->random, 1, 999999999)));
	subject(o, &w, "beneficiary");
	sim_concept(
	    &w, "relationship", "http://terminology.hl7.org/CodeSystem/subscriber-relationship", "self", "Self", NULL);
	json_put_object(&w, "period");
	sim_day(&w, "start", instant_add_ms(o->sim->until, -sim_between(&o->random, 200, 2000) * DAY_MS));
	json_write_end(&w);
	json_put_array(&w, "payor");
	json_write_object(&w);
	json_put_text(&w, "display", medicare ? S("Medicare") : S("Cedar Mutual"));
	json_write_end(&w);
	json_write_end(&w);
	json_put_array(&w, "class");
	json_write_object(&w);
	words_only(&w, "type", "plan");
	json_put_text(&w, "value", medicare ? S("PART-B") : S("SILVER-2"));
	json_put_text(&w, "name", medicare ? S("Medicare Part B") : S("Cedar Mutual Silver"));
	json_write_end(&w);
	json_write_end(&w);
	finish(o, &w, &json);
}

static void
whom_to_call(struct other *o)
{
	static const char *const kin[][2] = {
	    {"WIFE", "wife"}, {"HUSB", "husband"}, {"DAUC", "daughter"}, {"SONC", "son"}};
	size_t i = (size_t)sim_between(&o->random, 0, 3);
	struct json_writer w;
	struct buf json;

	if (i < 2)
		i = o->p->female ? 1 : 0;
	begin(o, &w, &json, "RelatedPerson");
	json_put_bool(&w, "active", true);
	subject(o, &w, "patient");
	json_put_array(&w, "relationship");
	sim_concept(&w, NULL, "http://terminology.hl7.org/CodeSystem/v3-RoleCode", kin[i][0], kin[i][1], NULL);
	json_write_end(&w);
	json_put_array(&w, "name");
	json_write_object(&w);
	json_put_text(&w, "text",
	    arena_printf(o->sim->cx->arena, "%s %.*s",
		(i % 2 ? sim_given_male : sim_given_female)[sim_between(&o->random, 0, SIM_GIVEN - 1)],
		STR_ARG(o->p->family)));
	json_write_end(&w);
	json_write_end(&w);
	json_put_array(&w, "telecom");
	json_write_object(&w);
	json_put_text(&w, "system", S("phone"));
	json_put_text(
	    &w, "value", arena_printf(o->sim->cx->arena, "555-01%02lld", (long long)sim_between(&o->random, 0, 99)));
	json_write_end(&w);
	json_write_end(&w);
	finish(o, &w, &json);
}

static const struct err *
into_text(void *arg, str bytes)
{
	buf_add(arg, bytes);
	return NULL;
}

/* An advance directive, as a scan of the paper would come: a PDF. */
static fallible
directive_pdf(const struct other *o, struct buf *out)
{
	struct sink sink = {into_text, out};
	struct pdf *pdf;

	TRY(pdf_begin(&pdf,
	    &(struct pdf_options){.sink = &sink, .title = S("Advance directive"), .lang = S("en"), .made = o->at}));
	pdf_heading(pdf, 1, S("Advance directive"), STR_NONE);
	pdf_pair(
	    pdf, S("Name"), arena_printf(o->sim->cx->arena, "%.*s %.*s", STR_ARG(o->p->given), STR_ARG(o->p->family)));
	pdf_pair(pdf, S("Date of birth"), fhir_date_text(o->sim->cx->arena, o->p->born));
	pdf_text(
	    pdf, S("If I cannot speak for myself, the person named as my health care agent decides for me. I want to "
		   "be kept free of pain. I do not want to be kept alive by machines when there is no hope that I "
		   "wake up."));
	return pdf_end(pdf);
}

static void
directive(struct other *o)
{
	struct arena *arena = o->sim->cx->arena;
	struct buf json, pdf = BUF_INIT(arena);
	struct json_writer w;

	some_time(o, 3);
	if (!o->sim->error)
		o->sim->error = directive_pdf(o, &pdf);
	if (o->sim->error)
		return;
	begin(o, &w, &json, "DocumentReference");
	json_put_text(&w, "status", S("current"));
	sim_concept(&w, "type", SIM_LOINC, "42348-3", "Advance healthcare directives", "Advance directive");
	subject(o, &w, "subject");
	sim_time(&w, "date", o->at);
	json_put_array(&w, "content");
	json_write_object(&w);
	json_put_object(&w, "attachment");
	json_put_text(&w, "contentType", S("application/pdf"));
	json_put_text(&w, "data", base64_encode(arena, buf_str(&pdf)));
	json_put_text(&w, "title", S("Advance directive"));
	json_write_end(&w);
	json_write_end(&w);
	json_write_end(&w);
	finish(o, &w, &json);
}

/* ---- all of it ---- */

void
sim_other(struct sim *sim, const struct sim_patient *patient, bool shown)
{
	struct other o = {.sim = sim, .p = patient};
	uint64_t seed;

	memcpy(&seed, patient->id.v.bytes, sizeof(seed));
	o.random = sim_branch(seed, 1);
	for (size_t i = 0; i < sizeof(exams) / sizeof(exams[0]); i++)
		if ((!exams[i].women_only || patient->female) && patient->age >= exams[i].age_min &&
		    (sim_chance(&o.random, exams[i].percent) || shown))
			exam(&o, i);
	for (size_t i = 0; i < PROCEDURES; i++) {
		if (patient->age < procedures[i].age_min ||
		    !(sim_chance(&o.random, procedures[i].percent) || (shown && i <= KNEE)))
			continue;
		procedure(&o, i);
		if (i == KNEE)
			implant(&o, "303533002", "Knee joint prosthesis", "Arbor Orthopedics", "K-300");
		if (i == PACEMAKER)
			implant(&o, "14106009", "Cardiac pacemaker", "Tilia Cardio", "Duo 7");
	}
	plans(&o);
	coverage(&o);
	whom_to_call(&o);
	if (shown || sim_chance(&o.random, 5))
		directive(&o);
}
