/* SPDX-License-Identifier: Apache-2.0 */
/* Lists of codes: readings, food, activity, medicines, goals, people. */
#include "care/journal/journal_codes.h"

#include "platform/pages/i18n.h"

#define CODES(list)                                                        \
	{                                                                  \
		.items = (list), .count = sizeof(list) / sizeof((list)[0]) \
	}

static const struct journal_code methods[] = {
    {"clinical-lab", TR("Clinical lab")},
    {"lancet", TR("Finger stick (sterile lancet)")},
    {"transcutaneous", TR("Sensor on the skin")},
    {"implant", TR("Implanted sensor")},
    {"other", TR("Other")},
};
const struct journal_codes JOURNAL_METHODS = CODES(methods);

static const struct journal_code meals[] = {
    {"fasting", TR("Before breakfast (fasting)")},
    {"before-meal", TR("Before a meal")},
    {"after-meal", TR("After a meal")},
    {"bedtime", TR("At bedtime")},
    {"other", TR("Another time")},
};
const struct journal_codes JOURNAL_MEALS = CODES(meals);

static const struct journal_code sites[] = {
    {"underarm", TR("Underarm"), "http://snomed.info/sct", "91470000"},
    {"rectum", TR("Rectum"), "http://snomed.info/sct", "34402009"},
    {"mouth", TR("Mouth"), "http://snomed.info/sct", "74262004"},
    {"groin", TR("Groin"), "http://snomed.info/sct", "26893007"},
    {"ear", TR("Ear"), "http://snomed.info/sct", "117590005"},
    {"other", TR("Other")},
};
const struct journal_codes JOURNAL_SITES = CODES(sites);

static const struct journal_code oxygen_devices[] = {
    {"none", TR("None")},
    {"nasal-cannula", TR("Nasal cannula"), "http://snomed.info/sct", "336623009"},
    {"face-mask", TR("Face mask")},
    {"rebreather-partial", TR("Partial rebreather mask")},
    {"rebreather-non", TR("Non-rebreather mask")},
    {"simple-mask", TR("Simple mask")},
    {"venturi", TR("Venturi mask")},
    {"tracheostomy", TR("Tracheostomy mask")},
    {"hood", TR("Hood")},
    {"tent", TR("Tent")},
    {"ocd", TR("Oxygen conserving device")},
    {"other", TR("Other")},
};
const struct journal_codes JOURNAL_OXYGEN_DEVICES = CODES(oxygen_devices);

static const struct journal_code oxygen_symptoms[] = {
    {"none", TR("None")},
    {"short-of-breath", TR("Short of breath"), "http://snomed.info/sct", "267036007"},
    {"dizziness", TR("Dizziness"), "http://snomed.info/sct", "404640003"},
    {"nausea", TR("Nausea"), "http://snomed.info/sct", "422587007"},
    {"confusion", TR("Confusion"), "http://snomed.info/sct", "286933003"},
    {"fainting", TR("Fainting"), "http://snomed.info/sct", "271594007"},
    {"nervousness", TR("Nervousness"), "http://snomed.info/sct", "424196004"},
    {"other", TR("Other")},
};
const struct journal_codes JOURNAL_OXYGEN_SYMPTOMS = CODES(oxygen_symptoms);

static const struct journal_code provider_types[] = {
    {"primary", TR("Primary care")},
    {"specialist", TR("Specialist")},
    {"dentist", TR("Dentist")},
    {"eye", TR("Eye doctor")},
    {"other", TR("Other")},
};
const struct journal_codes JOURNAL_PROVIDER_TYPES = CODES(provider_types);

static const struct journal_code facility_types[] = {
    {"va", TR("VA")},
    {"non-va", TR("Not VA")},
};
const struct journal_codes JOURNAL_FACILITY_TYPES = CODES(facility_types);

static const struct journal_code food_meals[] = {
    {"breakfast", TR("Breakfast")},
    {"lunch", TR("Lunch")},
    {"dinner", TR("Dinner")},
    {"snack", TR("Snack")},
    {"water", TR("Water")},
};
const struct journal_codes JOURNAL_FOOD_MEALS = CODES(food_meals);

static const struct journal_code preparations[] = {
    {"raw", TR("Raw")},
    {"baked", TR("Baked")},
    {"boiled", TR("Boiled or steamed")},
    {"fried", TR("Fried")},
    {"grilled", TR("Grilled")},
    {"microwaved", TR("Microwaved")},
    {"ready", TR("Ready made")},
    {"other", TR("Other")},
};
const struct journal_codes JOURNAL_PREPARATIONS = CODES(preparations);

static const struct journal_code activity_types[] = {
    {"aerobic", TR("Endurance: walking, running, cycling")},
    {"strength", TR("Strength")},
    {"flexibility", TR("Stretching")},
    {"balance", TR("Balance")},
    {"sport", TR("Sport or game")},
    {"chores", TR("House and garden")},
    {"other", TR("Other")},
};
const struct journal_codes JOURNAL_ACTIVITY_TYPES = CODES(activity_types);

static const struct journal_code measures[] = {
    {"minutes", TR("Minutes")},
    {"hours", TR("Hours")},
    {"miles", TR("Miles")},
    {"kilometers", TR("Kilometers")},
    {"steps", TR("Steps")},
    {"laps", TR("Laps")},
};
const struct journal_codes JOURNAL_MEASURES_OF = CODES(measures);

static const struct journal_code intensities[] = {
    {"light", TR("Light")},
    {"moderate", TR("Moderate")},
    {"hard", TR("Hard")},
};
const struct journal_codes JOURNAL_INTENSITIES = CODES(intensities);

static const struct journal_code day_times[] = {
    {"morning", TR("Morning")},
    {"midday", TR("Midday")},
    {"afternoon", TR("Afternoon")},
    {"evening", TR("Evening")},
    {"night", TR("Night")},
};
const struct journal_codes JOURNAL_DAY_TIMES = CODES(day_times);

static const struct journal_code medicine_states[] = {
    {"active", TR("I take it now")},
    {"stopped", TR("I stopped")},
    {"on-hold", TR("I take a break")},
};
const struct journal_codes JOURNAL_MEDICINE_STATES = CODES(medicine_states);

static const struct journal_code medicine_kinds[] = {
    {"prescription", TR("Prescription from elsewhere")},
    {"over-the-counter", TR("Without prescription")},
    {"herbal", TR("Herbal")},
    {"supplement", TR("Vitamin or supplement")},
    {"other", TR("Other")},
};
const struct journal_codes JOURNAL_MEDICINE_KINDS = CODES(medicine_kinds);

static const struct journal_code goal_states[] = {
    {"active", TR("I work on it")},
    {"on-hold", TR("It waits")},
    {"completed", TR("I reached it")},
    {"cancelled", TR("I gave it up")},
};
const struct journal_codes JOURNAL_GOAL_STATES = CODES(goal_states);

static const struct journal_code goal_areas[] = {
    {"food", TR("Eating")},
    {"activity", TR("Moving")},
    {"weight", TR("Weight")},
    {"smoking", TR("Smoking")},
    {"stress", TR("Stress and sleep")},
    {"medicines", TR("Medicines")},
    {"numbers", TR("My readings")},
    {"other", TR("Other")},
};
const struct journal_codes JOURNAL_GOAL_AREAS = CODES(goal_areas);

static const struct journal_code genders[] = {
    {"female", TR("Female")},
    {"male", TR("Male")},
    {"other", TR("Other")},
    {"unknown", TR("I would rather not say")},
};
const struct journal_codes JOURNAL_GENDERS = CODES(genders);

static const struct journal_code blood_types[] = {
    {"a-pos", TR("A positive")},
    {"a-neg", TR("A negative")},
    {"b-pos", TR("B positive")},
    {"b-neg", TR("B negative")},
    {"ab-pos", TR("AB positive")},
    {"ab-neg", TR("AB negative")},
    {"o-pos", TR("O positive")},
    {"o-neg", TR("O negative")},
    {"unknown", TR("Not known")},
};
const struct journal_codes JOURNAL_BLOOD_TYPES = CODES(blood_types);

static const struct journal_code marital[] = {
    {"married", TR("Married")},
    {"single", TR("Never married")},
    {"divorced", TR("Divorced")},
    {"widowed", TR("Widowed")},
    {"separated", TR("Separated")},
    {"partner", TR("With a partner")},
};
const struct journal_codes JOURNAL_MARITAL = CODES(marital);

static const struct journal_code va_relations[] = {
    {"veteran", TR("Veteran")},
    {"active-duty", TR("On active duty")},
    {"reserve", TR("Guard or Reserve")},
    {"family", TR("Family of a Veteran")},
    {"caregiver", TR("Caregiver")},
    {"employee", TR("Employee")},
    {"champva", TR("CHAMPVA")},
    {"none", TR("None")},
};
const struct journal_codes JOURNAL_VA_RELATIONS = CODES(va_relations);

static const struct journal_code contact_ways[] = {
    {"home-phone", TR("Home telephone")},
    {"mobile-phone", TR("Mobile telephone")},
    {"work-phone", TR("Work telephone")},
    {"email", TR("E-mail")},
    {"mail", TR("Letter")},
};
const struct journal_codes JOURNAL_CONTACT_WAYS = CODES(contact_ways);

static const struct journal_code contact_relations[] = {
    {"spouse", TR("Husband or wife"), "http://terminology.hl7.org/CodeSystem/v3-RoleCode", "SPS"},
    {"partner", TR("Partner"), "http://terminology.hl7.org/CodeSystem/v3-RoleCode", "DOMPART"},
    {"parent", TR("Parent"), "http://terminology.hl7.org/CodeSystem/v3-RoleCode", "PRN"},
    {"child", TR("Child"), "http://terminology.hl7.org/CodeSystem/v3-RoleCode", "CHILD"},
    {"sibling", TR("Brother or sister"), "http://terminology.hl7.org/CodeSystem/v3-RoleCode", "SIB"},
    {"relative", TR("Another relative"), "http://terminology.hl7.org/CodeSystem/v3-RoleCode", "EXT"},
    {"friend", TR("Friend"), "http://terminology.hl7.org/CodeSystem/v3-RoleCode", "FRND"},
    {"neighbor", TR("Neighbor"), "http://terminology.hl7.org/CodeSystem/v3-RoleCode", "NBOR"},
    {"other", TR("Other")},
};
const struct journal_codes JOURNAL_CONTACT_RELATIONS = CODES(contact_relations);

static const struct journal_code pain_places[] = {
    {"head", TR("Head")},
    {"neck", TR("Neck")},
    {"back", TR("Back")},
    {"chest", TR("Chest")},
    {"belly", TR("Belly")},
    {"arm", TR("Arm or hand")},
    {"leg", TR("Leg or foot")},
    {"joint", TR("Joints")},
    {"other", TR("Other")},
};
const struct journal_codes JOURNAL_PAIN_PLACES = CODES(pain_places);

static const struct journal_code document_kinds[] = {
    {"letter", TR("Letter from a doctor or clinic")},
    {"photo", TR("Photo, such as of your skin"), "http://loinc.org", "72170-4"},
    {"labs", TR("Lab results"), "http://loinc.org", "11502-2"},
    {"imaging", TR("X-ray or scan report"), "http://loinc.org", "18748-4"},
    {"vaccines", TR("Vaccine card"), "http://loinc.org", "11369-6"},
    {"prescription", TR("Prescription or list of medicines"), "http://loinc.org", "57828-6"},
    {"insurance", TR("Insurance card, front and back"), "http://loinc.org", "64290-0"},
    {"directive", TR("Advance directive"), "http://loinc.org", "42348-3"},
    {"form", TR("Form to fill in or sign")},
    {"other", TR("Something else")},
};
const struct journal_codes JOURNAL_DOCUMENT_KINDS = CODES(document_kinds);
