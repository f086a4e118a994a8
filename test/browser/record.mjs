// SPDX-License-Identifier: Apache-2.0
// Every part of the record as the patient and as the nurse: the list, its filters, an entry, the print view; on a phone and at a
// desk, looked at by axe, and once without JavaScript.
import { join } from 'node:path';
import { equal, finish, folder, link, must, ok, salve, serve, test } from '../journeys/lib.mjs';
import { browser, nothingWrong, Person, shot } from './lib.mjs';

const data = join(folder(), 'data');
const at = ['--data', data];
must(salve(...at, 'simulate', '--patients', '6', '--seed', '11'));
const server = await serve(at);
const chrome = await browser();
const parts = ['labs', 'vitals', 'medicines', 'problems', 'allergies', 'immunizations', 'visits', 'procedures', 'notes', 'reports', 'documents', 'care-team',
  'plans', 'devices', 'insurance', 'details', 'other'];

// The list of a part, the first entry of it, both as they are printed.
async function look(person, base, part) {
  const list = `${base}/${part}`;
  await person.visit(list);
  await shot(person, `${part}-list`);
  await person.visit(`${list}?print=1`);
  const entry = await person.page.locator(`main a[href^="${list}/"]`).first();
  if (!(await entry.count())) return false;
  const path = await entry.getAttribute('href');
  await person.visit(path);
  await shot(person, `${part}-entry`);
  await person.visit(`${path}?print=1`);
  return true;
}

async function everyPart(person, base) {
  let seen = 0;
  for (const part of parts) seen += await look(person, base, part);
  ok(seen >= (base === '/record' ? 15 : 9), `only ${seen} parts have an entry`);
  nothingWrong(person);
  await person.close();
}

for (const width of [390, 1280]) {
  await test(`every part of the record as the patient, ${width} pixels wide`, async () => {
    await everyPart(await Person.at(chrome, server.origin, link(at, 'patient'), { width }), '/record');
  });
  await test(`every part of a patient's record as the nurse, ${width} pixels wide`, async () => {
    const nurse = await Person.at(chrome, server.origin, link(at, 'nurse'), { width });
    await nurse.visit('/patients');
    await everyPart(nurse, await nurse.page.locator('main a[href$="/record"]').first().getAttribute('href'));
  });
}

await test('every part of the record without JavaScript', async () => {
  await everyPart(await Person.at(chrome, server.origin, link(at, 'patient'), { width: 390, javaScriptEnabled: false }), '/record');
});

await test('a list is cut by year, by days and by kind, and says what it leaves out', async () => {
  const person = await Person.at(chrome, server.origin, link(at, 'patient'), { width: 390 });
  const rows = () => person.page.locator('main .rows > .row').count();
  await person.visit('/record/visits');
  const all = await rows();
  ok(all > 2, 'too few visits to cut');
  const year = await person.page.locator('[name=year] option').nth(1).getAttribute('value');
  await person.page.locator('[name=year]').selectOption(year);
  await person.press('Show');
  await person.check();
  const ofYear = await rows();
  ok(ofYear > 0 && ofYear < all, `${ofYear} of ${all} visits in ${year}`);
  equal(await person.page.locator('[name=year]').inputValue(), year, 'the year stays chosen');

  await person.visit(`/record/visits?from=${year}-01-01&until=${year}-12-31`);
  equal(await rows(), ofYear, 'the days of a year are the year');
  equal(await person.page.locator('[name=from]').inputValue(), `${year}-01-01`, 'the first day stays typed');
  await person.visit('/record/visits?from=2200-01-01');
  ok(/Nothing fits your search/.test(await person.page.content()), 'no words for an empty list');
  await person.visit('/record/visits?from=never&until=2020-13-45');
  equal(await rows(), all, 'what is no day is no filter');
  await person.visit('/record/visits?kind=appointments');
  ok((await rows()) < all, 'appointments are not all visits');
  await person.visit('/record/labs?q=glucose');
  await shot(person, 'labs-found');
  ok(/glucose/i.test(await person.page.locator('main table').innerText()), 'glucose is not found');
  await person.visit('/record/problems?show=current');
  await shot(person, 'problems-current');
  nothingWrong(person);
  await person.close();
});

await test('a document is opened by the browser, as a PDF that may do nothing', async () => {
  const person = await Person.at(chrome, server.origin, link(at, 'patient'), { width: 390 });
  await person.visit('/record/documents');
  await person.page.getByRole('link', { name: 'Advance directive' }).first().click();
  await person.check();
  const opens = await person.page.getByRole('link', { name: /^Open in a new tab/ }).getAttribute('href');
  const answer = await person.context.request.get(new URL(opens, server.origin).href);
  equal(answer.headers()['content-type'], 'application/pdf');
  ok(/^inline; filename="Advance-directive.pdf"/.test(answer.headers()['content-disposition']), answer.headers()['content-disposition']);
  ok(answer.headers()['content-security-policy'].startsWith("sandbox; default-src 'none'"), 'nothing in it runs');
  nothingWrong(person);
  await person.close();
});

await chrome.close();
await server.stop();
finish();
