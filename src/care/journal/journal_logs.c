/* SPDX-License-Identifier: Apache-2.0 */
/* The logs of what a person measures, by number.  Ranges say what is asked about ("Is this right?"), not what is healthy: they are wide
 * enough that nothing is asked in everyday use. */
#include "care/journal/journal_codes.h"
#include "platform/pages/i18n.h"

#define UNITS(list)                                                        \
	{                                                                  \
		.items = (list), .count = sizeof(list) / sizeof((list)[0]) \
	}

static const struct journal_unit pressure[] = {{"mm[Hg]", "mmHg", 1, 0, 1, 0}};
/* Glucose weighs 180.156 g/mol: 1 mmol/L is 18.0156 mg/dL. */
static const struct journal_unit glucose[] = {
    {"mg/dL", "mg/dL", 1, 0, 1, 0, .us = true}, {"mmol/L", "mmol/L", 180156, 0, 10000, 1}};
/* Cholesterol weighs 386.65 g/mol. */
static const struct journal_unit lipids[] = {
    {"mg/dL", "mg/dL", 1, 0, 1, 0, .us = true}, {"mmol/L", "mmol/L", 38665, 0, 1000, 2}};
static const struct journal_unit temperature[] = {
    {"Cel", "°C", 1, 0, 1, 1}, {"[degF]", "°F", 5, -160, 9, 1, .us = true}};
/* NIST Handbook 44: a pound is 0.45359237 kg. */
static const struct journal_unit weight[] = {
    {"kg", "kg", 1, 0, 1, 1}, {"[lb_av]", "lb", 45359237, 0, 100000000, 1, .us = true}};
static const struct journal_unit beats[] = {{"/min", TR("beats a minute"), 1, 0, 1, 0}};
static const struct journal_unit breaths[] = {{"/min", TR("breaths a minute"), 1, 0, 1, 0}};
static const struct journal_unit pain[] = {{"{score}", TR("of 10"), 1, 0, 1, 0}};
static const struct journal_unit ratio[] = {{"{INR}", "INR", 1, 0, 1, 1}};
static const struct journal_unit percent[] = {{"%", "%", 1, 0, 1, 0}};
static const struct journal_unit oxygen_flow[] = {{"L/min", "L/min", 1, 0, 1, 1}};

static const struct journal_units PRESSURE = UNITS(pressure), GLUCOSE = UNITS(glucose), LIPIDS = UNITS(lipids),
				  TEMPERATURE = UNITS(temperature), WEIGHT = UNITS(weight), BEATS = UNITS(beats),
				  BREATHS = UNITS(breaths), PAIN = UNITS(pain), RATIO = UNITS(ratio),
				  PERCENT = UNITS(percent), OXYGEN_FLOW = UNITS(oxygen_flow);

#define NOTE_AND_DEVICE                                                                            \
	{"device", TR("Device"), FIELD_TEXT, SHAPE_PLAIN, "device.display", .detail = true,        \
	    .hint = TR("Such as the name of your meter.")},                                        \
	{                                                                                          \
		"comments", TR("Comments"), FIELD_LONG, SHAPE_PLAIN, "note.0.text", .detail = true \
	}
#define WHEN                                                                                     \
	{                                                                                        \
		"at", TR("When"), FIELD_TIME, SHAPE_PLAIN, "effectiveDateTime", .required = true \
	}

static const struct journal_field blood_pressure[] = {
    {"systolic", TR("Upper number (systolic)"), FIELD_NUMBER, SHAPE_COMPONENT, .required = true, .units = &PRESSURE,
	.low = 60, .high = 240, .loinc = "8480-6", .display = "Systolic blood pressure"},
    {"diastolic", TR("Lower number (diastolic)"), FIELD_NUMBER, SHAPE_COMPONENT, .required = true, .units = &PRESSURE,
	.low = 30, .high = 140, .loinc = "8462-4", .display = "Diastolic blood pressure"},
    WHEN,
    NOTE_AND_DEVICE,
};
static const struct journal_field blood_sugar[] = {
    {"value", TR("Blood sugar"), FIELD_NUMBER, SHAPE_QUANTITY, "valueQuantity", .required = true, .units = &GLUCOSE,
	.low = 40, .high = 500},
    WHEN,
    {"meal", TR("Around a meal"), FIELD_CODE, SHAPE_COMPONENT, .codes = &JOURNAL_MEALS},
    {"method", TR("How it was measured"), FIELD_CODE, SHAPE_CONCEPT, "method", .codes = &JOURNAL_METHODS,
	.detail = true},
    NOTE_AND_DEVICE,
};
static const struct journal_field body_temperature[] = {
    {"value", TR("Temperature"), FIELD_NUMBER, SHAPE_QUANTITY, "valueQuantity", .required = true, .units = &TEMPERATURE,
	.low = 34, .high = 41},
    WHEN,
    {"site", TR("Where it was measured"), FIELD_CODE, SHAPE_CONCEPT, "bodySite", .codes = &JOURNAL_SITES,
	.detail = true},
    NOTE_AND_DEVICE,
};
static const struct journal_field body_weight[] = {
    {"value", TR("Weight"), FIELD_NUMBER, SHAPE_QUANTITY, "valueQuantity", .required = true, .units = &WEIGHT,
	.low = 25, .high = 250},
    WHEN,
    NOTE_AND_DEVICE,
};
static const struct journal_field cholesterol[] = {
    {"total", TR("Total cholesterol"), FIELD_NUMBER, SHAPE_COMPONENT, .required = true, .units = &LIPIDS, .low = 60,
	.high = 500, .loinc = "2093-3", .display = "Cholesterol [Mass/volume] in Serum or Plasma"},
    {"hdl", TR("HDL"), FIELD_NUMBER, SHAPE_COMPONENT, .units = &LIPIDS, .low = 10, .high = 150, .loinc = "2085-9",
	.display = "Cholesterol in HDL [Mass/volume] in Serum or Plasma"},
    {"ldl", TR("LDL"), FIELD_NUMBER, SHAPE_COMPONENT, .units = &LIPIDS, .low = 10, .high = 400, .loinc = "18262-6",
	.display = "Cholesterol in LDL [Mass/volume] in Serum or Plasma by Direct assay"},
    WHEN,
    NOTE_AND_DEVICE,
};
static const struct journal_field heart_rate[] = {
    {"value", TR("Heart rate"), FIELD_NUMBER, SHAPE_QUANTITY, "valueQuantity", .required = true, .units = &BEATS,
	.low = 35, .high = 180},
    WHEN,
    NOTE_AND_DEVICE,
};
static const struct journal_field pain_level[] = {
    {"value", TR("Pain from 0 (none) to 10 (worst)"), FIELD_NUMBER, SHAPE_QUANTITY, "valueQuantity", .required = true,
	.units = &PAIN, .low = 0, .high = 10},
    WHEN,
    {"place", TR("Where it hurts"), FIELD_CODE, SHAPE_CONCEPT, "bodySite", .codes = &JOURNAL_PAIN_PLACES},
    NOTE_AND_DEVICE,
};
static const struct journal_field inr[] = {
    {"value", TR("INR"), FIELD_NUMBER, SHAPE_QUANTITY, "valueQuantity", .required = true, .units = &RATIO, .low = 1,
	.high = 6},
    WHEN,
    {"target-low", TR("Lower end of your target"), FIELD_NUMBER, SHAPE_COMPONENT, .units = &RATIO, .low = 1, .high = 5},
    {"target-high", TR("Upper end of your target"), FIELD_NUMBER, SHAPE_COMPONENT, .units = &RATIO, .low = 1,
	.high = 5},
    {"location", TR("Where it was measured"), FIELD_TEXT, SHAPE_EXTENSION, .detail = true},
    {"provider", TR("Who follows it"), FIELD_TEXT, SHAPE_EXTENSION, .detail = true},
    NOTE_AND_DEVICE,
};
static const struct journal_field oxygen[] = {
    {"value", TR("Oxygen level (SpO2)"), FIELD_NUMBER, SHAPE_QUANTITY, "valueQuantity", .required = true,
	.units = &PERCENT, .low = 80, .high = 100},
    WHEN,
    {"breaths", TR("Breaths a minute"), FIELD_NUMBER, SHAPE_COMPONENT, .units = &BREATHS, .low = 6, .high = 40,
	.loinc = "9279-1", .display = "Respiratory rate"},
    {"oxygen-device", TR("Oxygen is given by"), FIELD_CODE, SHAPE_COMPONENT, .codes = &JOURNAL_OXYGEN_DEVICES,
	.detail = true},
    {"setting", TR("Oxygen setting"), FIELD_NUMBER, SHAPE_COMPONENT, .units = &OXYGEN_FLOW, .low = 0, .high = 15,
	.loinc = "3151-8", .display = "Inhaled oxygen flow rate", .detail = true},
    {"symptom", TR("How you feel"), FIELD_CODE, SHAPE_COMPONENT, .codes = &JOURNAL_OXYGEN_SYMPTOMS},
    {"other-symptom", TR("Another symptom"), FIELD_TEXT, SHAPE_COMPONENT, .detail = true},
    NOTE_AND_DEVICE,
};

/* ---- what every entry of a kind says ---- */

#define CATEGORY(code, display)                                                                           \
	{"category.0.coding.0.system", "\"http://terminology.hl7.org/CodeSystem/observation-category\""}, \
	    {"category.0.coding.0.code", "\"" code "\""},                                                 \
	{                                                                                                 \
		"category.0.coding.0.display", "\"" display "\""                                          \
	}
#define LOINC(n, code, display)                                                                           \
	{"code.coding." n ".system", "\"http://loinc.org\""}, {"code.coding." n ".code", "\"" code "\""}, \
	{                                                                                                 \
		"code.coding." n ".display", "\"" display "\""                                            \
	}
#define FINAL                         \
	{                             \
		"status", "\"final\"" \
	}
#define VITAL CATEGORY("vital-signs", "Vital Signs")
#define LAB   CATEGORY("laboratory", "Laboratory")

static const struct journal_constant pressure_is[] = {FINAL, VITAL,
    LOINC("0", "85354-9", "Blood pressure panel with all children optional"), {"code.text", "\"Blood pressure\""}};
static const struct journal_constant sugar_is[] = {FINAL, LAB,
    LOINC("0", "41653-7", "Glucose [Mass/volume] in Capillary blood by Glucometer"), {"code.text", "\"Blood sugar\""}};
static const struct journal_constant temperature_is[] = {
    FINAL, VITAL, LOINC("0", "8310-5", "Body temperature"), {"code.text", "\"Body temperature\""}};
static const struct journal_constant weight_is[] = {
    FINAL, VITAL, LOINC("0", "29463-7", "Body weight"), {"code.text", "\"Body weight\""}};
static const struct journal_constant cholesterol_is[] = {FINAL, LAB,
    LOINC("0", "57698-3", "Lipid panel with direct LDL - Serum or Plasma"), {"code.text", "\"Cholesterol\""}};
static const struct journal_constant heart_is[] = {
    FINAL, VITAL, LOINC("0", "8867-4", "Heart rate"), {"code.text", "\"Heart rate\""}};
static const struct journal_constant pain_is[] = {FINAL, VITAL,
    LOINC("0", "72514-3", "Pain severity - 0-10 verbal numeric rating [Score] - Reported"), {"code.text", "\"Pain\""}};
static const struct journal_constant inr_is[] = {
    FINAL, LAB, LOINC("0", "34714-6", "INR in Blood by Coagulation assay"), {"code.text", "\"INR\""}};
static const struct journal_constant oxygen_is[] = {FINAL, VITAL,
    LOINC("0", "2708-6", "Oxygen saturation in Arterial blood"),
    LOINC("1", "59408-5", "Oxygen saturation in Arterial blood by Pulse oximetry"), {"code.text", "\"Oxygen level\""}};

#define MEASURED(number_, name_, title_, one_, loinc_, constants_, fields_, plotted_)                              \
	{                                                                                                          \
		.number = (number_), .name = (name_), .title = (title_), .one = (one_), .group = JOURNAL_MEASURES, \
		.type = RESOURCE_OBSERVATION, .subject = "subject", .by = "performer.0", .date = "date",           \
		.constants = (constants_), .constant_count = sizeof(constants_) / sizeof((constants_)[0]),         \
		.fields = (fields_), .field_count = sizeof(fields_) / sizeof((fields_)[0]), .loinc = (loinc_),     \
		.plotted = (plotted_)                                                                              \
	}

const struct journal_log journal_logs_measured[] = {
    MEASURED(
	1, "blood-pressure", TR("Blood pressure"), TR("a blood pressure"), "85354-9", pressure_is, blood_pressure, 2),
    MEASURED(4, "weight", TR("Body weight"), TR("a weight"), "29463-7", weight_is, body_weight, 1),
    MEASURED(2, "blood-sugar", TR("Blood sugar"), TR("a blood sugar"), "41653-7", sugar_is, blood_sugar, 1),
    MEASURED(6, "heart-rate", TR("Heart rate"), TR("a heart rate"), "8867-4", heart_is, heart_rate, 1),
    MEASURED(9, "oxygen", TR("Oxygen level"), TR("an oxygen level"), "2708-6", oxygen_is, oxygen, 1),
    MEASURED(
	3, "temperature", TR("Body temperature"), TR("a temperature"), "8310-5", temperature_is, body_temperature, 1),
    MEASURED(7, "pain", TR("Pain"), TR("a pain level"), "72514-3", pain_is, pain_level, 1),
    MEASURED(8, "inr", TR("INR"), TR("an INR"), "34714-6", inr_is, inr, 1),
    MEASURED(
	5, "cholesterol", TR("Cholesterol"), TR("a cholesterol result"), "57698-3", cholesterol_is, cholesterol, 1),
};
const size_t journal_logs_measured_count = sizeof(journal_logs_measured) / sizeof(journal_logs_measured[0]);
