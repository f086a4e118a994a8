/* SPDX-License-Identifier: Apache-2.0 */
/* The rules of wellness reminders, as published; codes are those of CVX, LOINC and SNOMED CT that records use.  A rule may be added;
 * a number never changes its meaning. */
#include "care/reminders/reminders.h"
#include "platform/pages/i18n.h"

#define CVX(c)    "http://hl7.org/fhir/sid/cvx|" c
#define LOINC(c)  "http://loinc.org|" c
#define SNOMED(c) "http://snomed.info/sct|" c
#define ACIP      "CDC, Advisory Committee on Immunization Practices, adult schedule 2025"

const struct reminder_rule reminder_rules[] = {
    {1, "influenza", TR("Flu vaccine"), TR("One shot each year."), TR("For everybody from 6 months of age on."), ACIP,
	1, 0, SEX_ANY, 0, 1,
	{{RESOURCE_IMMUNIZATION, "vaccine-code", 12,
	    {CVX("88"), CVX("140"), CVX("141"), CVX("150"), CVX("155"), CVX("158"), CVX("161"), CVX("166"), CVX("168"),
		CVX("171"), CVX("185"), CVX("186"), CVX("197"), CVX("205")}}}},
    {2, "tetanus", TR("Tetanus and diphtheria vaccine"), TR("A booster every 10 years."), TR("For all adults."), ACIP,
	19, 0, SEX_ANY, 0, 1,
	{{RESOURCE_IMMUNIZATION, "vaccine-code", 120,
	    {CVX("09"), CVX("9"), CVX("113"), CVX("115"), CVX("138"), CVX("139"), CVX("196")}}}},
    {3, "shingles", TR("Shingles vaccine"), TR("Two shots, once in life."), TR("For adults from 50 years on."), ACIP,
	50, 0, SEX_ANY, 0, 2, {{RESOURCE_IMMUNIZATION, "vaccine-code", 0, {CVX("187")}}}},
    {4, "pneumococcus", TR("Pneumonia vaccine"), TR("Once, for most people."), TR("For adults from 50 years on."), ACIP,
	50, 0, SEX_ANY, 0, 1,
	{{RESOURCE_IMMUNIZATION, "vaccine-code", 0, {CVX("33"), CVX("133"), CVX("215"), CVX("216")}}}},
    {5, "colorectal", TR("Colon cancer check"), TR("A look into the colon every 10 years, or a stool test each year."),
	TR("For adults from 45 to 75 years."), "US Preventive Services Task Force, 2021", 45, 75, SEX_ANY, 0, 1,
	{{RESOURCE_PROCEDURE, "code", 120, {SNOMED("73761001")}},
	    {RESOURCE_OBSERVATION, "code", 12, {LOINC("57905-2"), LOINC("29771-3")}}}},
    {6, "breast", TR("Breast cancer check"), TR("A mammogram every 2 years."), TR("For women from 40 to 74 years."),
	"US Preventive Services Task Force, 2024", 40, 74, SEX_FEMALE, 0, 1,
	{{RESOURCE_PROCEDURE, "code", 24, {SNOMED("71651007")}},
	    {RESOURCE_DIAGNOSTIC_REPORT, "code", 24, {LOINC("24606-6")}}}},
    {7, "cervical", TR("Cervical cancer check"), TR("A smear every 3 years, or an HPV test every 5 years."),
	TR("For women from 21 to 65 years."), "US Preventive Services Task Force, 2018", 21, 65, SEX_FEMALE, 0, 1,
	{{RESOURCE_OBSERVATION, "code", 36, {LOINC("10524-7")}}, {RESOURCE_OBSERVATION, "code", 60, {LOINC("21440-3")}},
	    {RESOURCE_DIAGNOSTIC_REPORT, "code", 36, {LOINC("10524-7")}}}},
    {8, "blood-pressure", TR("Blood pressure"), TR("A reading each year."), TR("For adults from 40 years on."),
	"US Preventive Services Task Force, 2021", 40, 0, SEX_ANY, 0, 1,
	{{RESOURCE_OBSERVATION, "code", 12, {LOINC("85354-9"), LOINC("55284-4"), LOINC("8480-6")}}}},
    {9, "diabetes", TR("Diabetes check"), TR("A blood sugar test every 3 years."),
	TR("For adults from 35 to 70 years with a body mass index of 25 or more."),
	"US Preventive Services Task Force, 2021", 35, 70, SEX_ANY, 25, 1,
	{{RESOURCE_OBSERVATION, "code", 36, {LOINC("4548-4"), LOINC("1558-6"), LOINC("2339-0"), LOINC("2345-7")}}}},
    {0},
};

const struct reminder_rule *
reminder_rule_by_code(str code)
{
	for (const struct reminder_rule *rule = reminder_rules; rule->number; rule++)
		if (str_equal(code, str_from_z(rule->code)))
			return rule;
	return NULL;
}
