// SPDX-License-Identifier: Apache-2.0
// Days that matter, in a browser: a message before Thanksgiving that nobody answers until it is late, and a week in which one
// nurse stands in for another.  The program runs on a clock of its own, set anew for each day.
import { join } from 'node:path';
import { equal, finish, folder, link, must, ok, salve, salveReading, serve, test, timeIs } from '../journeys/lib.mjs';
import { browser, nothingWrong, Person, shot } from './lib.mjs';

const data = join(folder(), 'data');
const at = ['--data', data];
const chrome = await browser();
let server;

// The server as it is at this time.
async function on(time) {
  if (server) await server.stop();
  timeIs(time);
  server = await serve(at);
}

async function person(login, kind) {
  return Person.at(chrome, server.origin, link(at, login), kind);
}

async function writes(patient, subject) {
  await patient.visit('/messages/new');
  await patient.page.locator('input[name=category]').first().check();
  await patient.page.locator('input[name=team]').first().check();
  await patient.page.locator('[name=subject]').fill(subject);
  await patient.page.locator('[name=body]').fill(`May I take both tablets together? ${subject}`);
  await patient.press('Send message');
  await patient.press('Send now');
  await patient.check();
  return new URL(patient.page.url()).pathname;
}

const kinds = [
  { javaScriptEnabled: true, width: 1280, name: 'with JavaScript at 1280 pixels' },
  { javaScriptEnabled: false, width: 320, name: 'without JavaScript at 320 pixels' },
];

async function rowOf(nurse, subject) {
  await nurse.visit('/inbox?show=open');
  return nurse.page.locator('li.row', { hasText: subject }).first().innerText();
}

async function count(nurse, filter) {
  return Number(await nurse.page.locator('.filters li', { hasText: filter }).locator('.count').innerText());
}

// The clock ticks every few seconds: until the page says so.
async function until(look, what) {
  for (let tries = 0; tries < 60; tries++) {
    if (await look()) return;
    await new Promise((resolve) => setTimeout(resolve, 250));
  }
  throw new Error(what);
}

timeIs('2026-11-20 15:00:00');
must(salve(...at, 'simulate', '--patients', '6', '--seed', '11'));

// ---- Thanksgiving: 26 November 2026 is a Thursday; the clinic is in New York (five hours behind) and promises 3 business days ----

const asked = (kind) => `Before the holiday ${kind.width}`;

await on('2026-11-25 20:00:00');
for (const kind of kinds)
  await test(`${kind.name}: a question on Wednesday afternoon is promised over holiday and weekend`, async () => {
    const patient = await person('patient', kind);
    kind.thread = await writes(patient, asked(kind));
    ok((await patient.page.innerText('main')).includes('Your team answers by Tuesday, 1 December 2026.'), 'the promise is another');
    await shot(patient, 'promise');
    nothingWrong(patient);
    await patient.close();
  });

await on('2026-11-30 15:00:00');
for (const kind of kinds)
  await test(`${kind.name}: on Monday nothing of it is late, though five days have passed`, async () => {
    const nurse = await person('nurse', kind);
    ok(!(await rowOf(nurse, asked(kind))).includes('Overdue'), 'the holiday was counted');
    nothingWrong(nurse);
    await nurse.close();
  });

await on('2026-12-02 14:30:00');
for (const kind of kinds)
  await test(`${kind.name}: on Wednesday it is late, the team was reminded once, and the patient reads the truth`, async () => {
    const nurse = await person('nurse', kind);
    await until(async () => (await rowOf(nurse, asked(kind))).includes('Overdue, 1 reminder'), 'it did not escalate');
    await nurse.visit('/inbox?show=escalated');
    ok((await nurse.page.innerText('main')).includes(asked(kind)), 'it is not among the escalated ones');
    await shot(nurse, 'escalated');
    const patient = await person('patient', kind);
    await patient.visit(kind.thread);
    ok((await patient.page.innerText('main')).includes('late'), 'the patient is not told');
    await shot(patient, 'late');
    nothingWrong(nurse, patient);
    await nurse.close();
    await patient.close();
  });

await on('2026-12-03 16:00:00');
for (const kind of kinds)
  await test(`${kind.name}: a day later it is reminded again; an answer ends it`, async () => {
    const nurse = await person('nurse', kind);
    await until(async () => (await rowOf(nurse, asked(kind))).includes('Overdue, 2 reminders'), 'it did not escalate again');
    await nurse.visit('/inbox?show=escalated');
    const before = await count(nurse, 'Escalated');
    await nurse.page.getByRole('link', { name: asked(kind) }).click();
    await nurse.page.waitForLoadState('load');
    await nurse.page.locator('textarea[name=body]').fill('Yes, with a glass of water. I am sorry that this took so long.');
    await nurse.press('Send and complete');
    await nurse.visit('/inbox?show=escalated');
    equal(await count(nurse, 'Escalated'), before - 1, 'it is still escalated');
    nothingWrong(nurse);
    await nurse.close();
  });

// ---- a week in which somebody else stands in ----

const inWeek = (kind) => `While you are away ${kind.width}`;

await on('2026-12-04 15:00:00');
const office = await person('administrator', {});
await office.visit('/admin/settings');
const facility = await office.page.locator('#field-name').inputValue();
await office.close();
must(salveReading('a long enough password\n', ...at, 'account', 'add', '--login', 'standin', '--name', 'Ines Duarte', '--role', 'nurse',
  '--facility', facility));

for (const kind of kinds)
  await test(`${kind.name}: the week before, a nurse names who stands in, and everybody sees it`, async () => {
    const nurse = await person('nurse', kind);
    await nurse.visit('/cover');
    await nurse.page.locator('#field-away').selectOption({ label: 'I am away' });
    await nurse.page.locator('#field-by').selectOption({ label: 'Ines Duarte' });
    for (const [name, day] of [['since', '7'], ['until', '11']]) {
      await nurse.page.locator(`#field-${name}`).fill('12');
      await nurse.page.locator(`#day-${name}`).fill(day);
      await nurse.page.locator(`#year-${name}`).fill('2026');
    }
    await nurse.press('Save');
    await nurse.check();
    const doctor = await person('doctor', kind);
    await doctor.visit('/cover');
    ok((await doctor.page.innerText('main')).includes('Ines Duarte'), 'the doctor does not see who stands in');
    const standIn = await person('standin', kind);
    await standIn.visit('/inbox');
    equal(await count(standIn, 'Open'), 0, 'somebody who stands in next week sees the work already');
    nothingWrong(nurse, doctor, standIn);
    await Promise.all([nurse, doctor, standIn].map((one) => one.close()));
    if (kind === kinds[0]) { // the second one names it anew
      const again = await person('nurse', kind);
      await again.visit('/cover');
      await again.press('End it');
      nothingWrong(again);
      await again.close();
    }
  });

await on('2026-12-08 15:00:00');
for (const kind of kinds)
  await test(`${kind.name}: in that week the stand-in sees the team's work, answers, and the patient reads the name`, async () => {
    const patient = await person('patient', kind);
    const thread = await writes(patient, inWeek(kind));
    const standIn = await person('standin', kind);
    await standIn.visit('/inbox');
    await standIn.page.getByRole('link', { name: inWeek(kind) }).first().click();
    await standIn.page.waitForLoadState('load');
    await standIn.check();
    await shot(standIn, 'standing-in');
    kind.desk = new URL(standIn.page.url()).pathname;
    await standIn.page.locator('textarea[name=body]').fill('I stand in this week. Yes, you may.');
    await standIn.press('Send and complete');
    await standIn.check();
    await patient.visit(thread);
    const read = await patient.page.innerText('main');
    ok(read.includes('I stand in this week.') && read.includes('Ines Duarte'), 'the patient does not read the answer with its name');
    nothingWrong(patient, standIn);
    await patient.close();
    await standIn.close();
  });

await on('2026-12-14 15:00:00');
for (const kind of kinds)
  await test(`${kind.name}: after it the stand-in sees nothing of it any more, and the nurse has everything`, async () => {
    const standIn = await person('standin', kind);
    await standIn.visit('/inbox');
    equal(await count(standIn, 'Open'), 0, 'the stand-in still sees the work');
    await standIn.visit(kind.desk, 404);
    standIn.wrong = standIn.wrong.filter((line) => !line.includes('status of 404'));
    const nurse = await person('nurse', kind);
    await nurse.visit(kind.desk);
    ok((await nurse.page.innerText('main')).includes('I stand in this week.'), 'the nurse does not find the answer');
    nothingWrong(standIn, nurse);
    await standIn.close();
    await nurse.close();
  });

await test('the trail is whole', async () => { must(salve(...at, 'audit', 'verify')); });

await chrome.close();
await server.stop();
finish();
