// SPDX-License-Identifier: Apache-2.0
// When results reach the patient, what the patient asks to have corrected, and what is due for their health: as the patient, the
// nurse and the office, on a phone and at a desk, with JavaScript and without, looked at by axe.
import { join } from 'node:path';
import { Client, equal, finish, folder, link, must, ok, salve, serve, test } from '../journeys/lib.mjs';
import { browser, english, forget, nothingWrong, Person, shot, text } from './lib.mjs';

const data = join(folder(), 'data');
const at = ['--data', data];
must(salve(...at, 'simulate', '--patients', '6', '--seed', '11'));
const server = await serve(at);
const chrome = await browser();
const kinds = [{ name: 'desk' }, { name: 'phone', width: 320 }, { name: 'plain', javaScriptEnabled: false }];
const program = new Client(server.origin);
const headers = { Authorization: `Bearer ${must(salve(...at, 'token', 'make', '--login', 'nurse', '--scope', 'user/*.cruds')).out.trim()}`,
  'Content-Type': 'application/fhir+json', Accept: 'application/fhir+json' };

const has = async (person, word, what) => ok((await text(person)).includes(word), `${what}: no "${word}" in\n${await text(person)}`);
const hasNot = async (person, word, what) => ok(!(await text(person)).includes(word), `${what}: "${word}" is there`);

async function people(kind) {
  const found = {};
  for (const login of ['patient', 'nurse', 'administrator']) found[login] = await Person.at(chrome, server.origin, link(at, login), kind);
  await found.patient.visit('/home');
  await english(found.patient);
  const own = await (await found.patient.context.request.get(new URL('/fhir/Patient', server.origin).href, { headers: { Accept: 'application/fhir+json' } })).json();
  found.id = own.entry[0].resource.id;
  return found;
}

// A result of the laboratory comes in.
async function result(id, name, system = 'laboratory') {
  const answer = await program.ask('POST', '/fhir/Observation', { headers, body: JSON.stringify({ resourceType: 'Observation', status: 'final',
    category: [{ coding: [{ system: 'http://terminology.hl7.org/CodeSystem/observation-category', code: system }] }],
    code: { coding: [{ system: 'http://loinc.org', code: '2532-0', display: name }], text: name }, subject: { reference: `Patient/${id}` },
    effectiveDateTime: new Date().toISOString(), issued: new Date().toISOString(),
    valueQuantity: { value: 412, unit: 'U/L', system: 'http://unitsofmeasure.org', code: 'U/L' } }) });
  equal(answer.status, 201, answer.text.slice(0, 300));
}

async function choose(person, group, option) {
  await person.page.getByRole('group', { name: group }).getByLabel(new RegExp(`^${option}`)).check();
}

for (const kind of kinds) {
  const { patient, nurse, administrator: office, id } = await people(kind);

  await test(`${kind.name}: a patient chooses to be asked; what comes waits on every page until they open it`, async () => {
    const name = `Lactate dehydrogenase ${kind.name}`;
    await patient.visit('/record');
    await patient.page.getByRole('link', { name: 'When new results reach you' }).click();
    await patient.check();
    await shot(patient, 'pace');
    await patient.page.getByRole('link', { name: 'Lab results' }).click();
    await patient.check();
    await choose(patient, 'When do you want to see them?', 'Some days later');
    await patient.page.getByLabel('How many days later?').fill('900');
    await patient.press('Save');
    await patient.check();
    await has(patient, 'Give a number of days from 1 to 90.', 'too many days');
    equal(await patient.page.getByLabel('How many days later?').inputValue(), '900', 'what was typed is gone');
    forget(patient, 400); // that was the refusal
    await choose(patient, 'When do you want to see them?', 'Ask me each time');
    await shot(patient, 'pace-choice');
    await patient.press('Save');
    await patient.check();
    await has(patient, 'Your choice: ask each time', 'the choice is not told');

    await result(id, name);
    await patient.visit('/record/labs');
    await hasNot(patient, name, 'the list of results');
    await patient.visit(`/record/labs?q=${encodeURIComponent('dehydrogenase ' + kind.name)}`);
    await hasNot(patient, name, 'the search');
    await patient.visit('/home');
    await hasNot(patient, name, 'the home page');
    await patient.visit('/record');
    await has(patient, 'waits for you', 'no card says that something waits');
    await patient.page.getByRole('link', { name: 'See what waits' }).click();
    await patient.check();
    await shot(patient, 'waiting');
    await hasNot(patient, '412', 'the value is told before it is opened');

    await nurse.visit(`/patients/${id}/record/labs`);
    await has(nurse, name, 'the care team sees it');
    await nurse.visit(`/patients/${id}/record/waiting`);
    await has(nurse, name, 'the care team sees what the patient does not see yet');
    await shot(nurse, 'waiting-team');

    await patient.page.locator('main form button').first().click();
    await patient.page.waitForLoadState('load');
    await patient.visit('/record/labs');
    await has(patient, name, 'opened');
    nothingWrong(patient, nurse);
  });

  await test(`${kind.name}: the office holds a part back with a reason that the patient reads; the nurse lets one through`, async () => {
    const name = `Blood count ${kind.name}`;
    await patient.visit('/record/pace/1');
    await choose(patient, 'When do you want to see them?', 'As my clinic does it');
    await patient.press('Save');
    await office.visit('/admin/release');
    await shot(office, 'release-rules');
    const row = office.page.getByRole('group', { name: 'Lab results' });
    await row.getByLabel('When').selectOption({ index: 1 });
    await row.getByLabel('Hours').fill('many');
    await office.press('Save');
    await office.check();
    ok(/Error/.test(await office.page.title()), 'hours that are none were taken');
    equal(await office.page.getByRole('group', { name: 'Lab results' }).getByLabel('Hours').inputValue(), 'many', 'what was typed is gone');
    forget(office, 400);
    await office.page.getByRole('group', { name: 'Lab results' }).getByLabel('Hours').fill('72');
    await office.press('Save');
    await office.check();
    await result(id, name);
    await patient.visit('/record/pace');
    await has(patient, 'Your clinic shows them 3 days later.', 'the rule of the clinic is told');
    await patient.visit('/record/labs');
    await hasNot(patient, name, 'the list of results');
    await patient.visit('/record/waiting');
    await shot(patient, 'held');
    equal(await patient.page.locator('main form').count(), 0, 'what the clinic holds cannot be opened by the patient');
    const record = await (await patient.context.request.get(new URL('/download/salve-record.txt?messages=no', server.origin).href)).text();
    ok(!record.includes(name) && /hold/.test(record), 'the download hides it and says so');

    await nurse.visit(`/patients/${id}/record/waiting`);
    await nurse.page.locator('main form button').first().click();
    await nurse.page.waitForLoadState('load');
    await nurse.check();
    await patient.visit('/record/labs');
    await has(patient, name, 'let through by the nurse');
    await office.visit('/admin/release');
    await office.page.getByRole('group', { name: 'Lab results' }).getByLabel('When').selectOption({ index: 0 });
    await office.press('Save');
    await office.check();
    nothingWrong(patient, nurse, office);
  });

  await test(`${kind.name}: a correction is asked for from the entry, given more time, refused, answered with the patient's words`, async () => {
    await patient.visit('/record/problems');
    await patient.page.locator('main a[href^="/record/problems/"]').first().click();
    await patient.page.waitForLoadState('load');
    const entry = patient.page.url();
    await patient.page.getByRole('link', { name: 'Something is wrong here' }).click();
    await patient.page.waitForLoadState('load');
    await patient.check();
    await has(patient, 'About:', 'the entry is named');
    await patient.press('Send the request');
    await patient.check();
    ok(/Error/.test(await patient.page.title()), 'an empty request was taken');
    forget(patient, 400);
    await patient.page.getByLabel('What is wrong, and how should it be?').fill(`It was the left knee (${kind.name}).`);
    await shot(patient, 'correction-new');
    await patient.press('Send the request');
    await patient.check();
    const own = patient.page.url().split('?')[0];
    await patient.visit('/corrections');
    await shot(patient, 'corrections');
    await patient.page.locator('.rows a').first().click();
    await patient.page.waitForLoadState('load');
    await patient.check();
    await has(patient, 'An answer is due by', 'the day of the answer');
    const request = patient.page.url();
    ok(own.includes('/corrections'), own);

    await office.visit('/admin/people');
    await office.page.getByRole('link', { name: 'Corrections and limits' }).click();
    await office.check();
    await shot(office, 'corrections-office');
    await office.page.locator('.rows a').first().click();
    await office.page.waitForLoadState('load');
    await office.check();
    await has(office, `the left knee (${kind.name})`, 'what was asked');
    await office.page.getByLabel('Reason', { exact: true }).fill('The surgeon is away until Monday.');
    await office.press('Take 30 days more');
    await office.check();
    await patient.page.goto(request);
    await has(patient, 'The surgeon is away until Monday.', 'the patient reads why it takes longer');

    await choose(office, 'What does the clinic say?', 'We refuse');
    await office.page.getByLabel('What the patient reads').fill('The picture of that day shows the right knee.');
    await office.press('Send the answer');
    await office.check();
    ok(/Error/.test(await office.page.title()), 'a refusal without a reason was taken');
    forget(office, 400);
    equal(await office.page.getByLabel('What the patient reads').inputValue(), 'The picture of that day shows the right knee.', 'the words are gone');
    await office.page.getByLabel('Reason, if refused').selectOption({ label: 'It is accurate and complete.' });
    await shot(office, 'correction-office');
    await office.press('Send the answer');
    await office.check();

    await patient.page.goto(request);
    await patient.check();
    await has(patient, 'shows the right knee', 'the answer');
    await has(patient, 'It is accurate and complete.', 'the reason in law');
    await patient.page.getByLabel('Your words').fill('I have a picture that shows the left one.');
    await patient.press('Add my words');
    await patient.check();
    await shot(patient, 'correction-refused');
    await patient.page.goto(entry);
    await patient.check();
    await has(patient, 'Documents about this entry', 'what was asked stands beside the entry');
    await has(patient, 'Request to correct', 'what was asked stands beside the entry');
    await nurse.visit(`/patients/${id}${new URL(entry).pathname}`);
    await has(nurse, 'Request to correct', 'the care team reads it there too');
    nothingWrong(patient, office);
  });

  await test(`${kind.name}: a limit on sharing that was paid for cannot be refused; a request is withdrawn`, async () => {
    await patient.visit('/corrections/new?kind=restriction');
    await patient.page.getByLabel('What should not be shared, and with whom?').fill(`The test of May, with my health plan (${kind.name}).`);
    await patient.page.getByLabel('I paid for this care myself, in full').check();
    await patient.press('Send the request');
    await patient.check();
    await office.visit('/admin/corrections');
    await office.page.locator('.rows a').first().click();
    await office.page.waitForLoadState('load');
    await has(office, 'Paid for by the patient, in full.', 'that it was paid');
    await choose(office, 'What does the clinic say?', 'We refuse');
    await office.page.getByLabel('Reason, if refused').selectOption({ label: 'The clinic could not keep such a promise.' });
    await office.page.getByLabel('What the patient reads').fill('We agree, of course.');
    await office.press('Send the answer');
    await office.check();
    await has(office, '45 CFR 164.522', 'the law is named');
    forget(office, 400);
    await choose(office, 'What does the clinic say?', 'We agree');
    await office.press('Send the answer');
    await office.check();
    await patient.visit('/corrections');
    await patient.page.locator('.rows a').first().click();
    await patient.page.waitForLoadState('load');
    await has(patient, 'We agree, of course.', 'the answer');

    await patient.visit('/corrections/new');
    await patient.page.getByLabel('What is wrong, and how should it be?').fill('Never mind.');
    await patient.press('Send the request');
    await patient.visit('/corrections');
    await patient.page.locator('.rows a').first().click();
    await patient.page.waitForLoadState('load');
    await patient.press('Withdraw the request');
    await patient.check();
    await office.visit('/admin/corrections?show=over');
    await shot(office, 'corrections-over');
    nothingWrong(patient, office);
  });

  await test(`${kind.name}: what is due says why and by whose schedule; patient and nurse answer it`, async () => {
    await patient.visit('/record');
    await patient.page.getByRole('link', { name: 'Vaccines and checks' }).click();
    await patient.check();
    await shot(patient, 'reminders');
    await has(patient, 'Source:', 'the source of the rule');
    const card = patient.page.locator('main .card', { has: patient.page.getByRole('link', { name: /^Answer:/ }) }).first();
    const title = await card.locator('h2').innerText();
    await card.getByRole('link', { name: /^Answer:/ }).click();
    await patient.page.waitForLoadState('load');
    await patient.check();
    await patient.press('Save');
    await patient.check();
    ok(/Error/.test(await patient.page.title()), 'no answer was taken');
    forget(patient, 400);
    await patient.page.locator('input[name=answer]').last().check();
    await shot(patient, 'reminder');
    await patient.press('Save');
    await patient.check();
    await has(patient, title, 'back at the list');

    await nurse.visit(`/patients/${id}/reminders`);
    await shot(nurse, 'reminders-team');
    const link = nurse.page.getByRole('link', { name: `Answer: ${title}` });
    ok(await link.count(), 'the team can answer it too');
    await link.first().click();
    await nurse.page.waitForLoadState('load');
    await nurse.check();
    await nurse.page.locator('input[name=answer]').first().check();
    await nurse.page.getByRole('group', { name: 'When was it done?' }).locator('input, select').nth(0).waitFor();
    const [month, day, year] = await nurse.page.getByRole('group', { name: 'When was it done?' }).locator('input, select').all();
    if ((await month.evaluate((e) => e.tagName)) === 'SELECT') await month.selectOption({ index: 1 }); else await month.fill('1');
    await day.fill('2');
    await year.fill(String(new Date().getFullYear()));
    await nurse.press('Save');
    await nurse.check();
    await shot(nurse, 'reminders-team-answered');
    await patient.visit('/reminders');
    await has(patient, 'care team', 'who said that it was done');
    nothingWrong(patient, nurse);
  });

  for (const person of [patient, nurse, office]) await person.close();
}

await test('the pages speak Spanish', async () => {
  const patient = await Person.at(chrome, server.origin, link(at, 'patient'), { width: 320 });
  await patient.page.goto(new URL('/home', server.origin).href);
  if (await patient.page.getByRole('button', { name: 'Español' }).count()) await patient.press('Español');
  for (const path of ['/record/pace', '/record/pace/1', '/record/waiting', '/corrections', '/corrections/new', '/corrections/new?kind=restriction', '/reminders']) {
    await patient.visit(path);
    equal(await patient.page.locator('html').getAttribute('lang'), 'es', path);
  }
  await shot(patient, 'reminders-es');
  nothingWrong(patient);
  await patient.close();
});

await chrome.close();
await server.stop();
finish();
