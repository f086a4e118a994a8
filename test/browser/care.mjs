// SPDX-License-Identifier: Apache-2.0
// The main journey in two browsers: a patient reads a lab trend and writes, a nurse sees it without reloading, answers and
// completes, the patient reads the answer and who looked.  With JavaScript and without, in English and in Spanish, and every
// page on the way looked at by axe.
import { join } from 'node:path';
import { equal, finish, folder, link, must, ok, salve, serve, test } from '../journeys/lib.mjs';
import { browser, nothingWrong, Person } from './lib.mjs';

const data = join(folder(), 'data');
const at = ['--data', data];
must(salve(...at, 'simulate', '--patients', '6', '--seed', '11'));
const server = await serve(at);
const chrome = await browser();

async function journey({ javaScriptEnabled, width, subject }) {
  const patient = await Person.at(chrome, server.origin, link(at, 'patient'), { javaScriptEnabled, width });
  const nurse = await Person.at(chrome, server.origin, link(at, 'nurse'), { javaScriptEnabled });

  // reads a lab trend
  await patient.visit('/home');
  await patient.visit('/record/labs');
  await patient.page.getByRole('link', { name: /Hemoglobin A1c/ }).first().click();
  await patient.page.waitForLoadState('load');
  await patient.check();
  ok(await patient.page.locator('svg[role=img]').count(), 'no trend is drawn');

  // the nurse is at the inbox before anything is sent
  await nurse.visit('/inbox');

  // writes
  await patient.visit('/messages/new');
  const medicine = patient.page.locator('input[name=category][value=medication]');
  await medicine.check();
  const team = patient.page.locator('input[name=team]').first();
  await team.check();
  await patient.page.locator('[name=subject]').fill(subject);
  await patient.page.locator('[name=body]').fill(`Could you look at my blood sugar, please? ${subject}`);
  await patient.press('Send message');
  await patient.check();
  await patient.press('Send now');
  await patient.check();
  ok((await patient.page.content()).includes(subject), 'the patient does not see what was sent');
  const thread = patient.page.url();

  // the nurse sees it without reloading (with JavaScript), opens, answers and completes
  if (!javaScriptEnabled) await nurse.visit('/inbox');
  const row = nurse.page.getByRole('link', { name: new RegExp(subject) }).first();
  await row.waitFor({ timeout: 10000 }).catch(() => { throw new Error('the nurse does not see the message'); });
  await row.click();
  await nurse.page.waitForLoadState('load');
  await nurse.check();
  await nurse.press('Take it');
  await patient.page.goto(thread);
  ok(/opened|Opened/.test(await patient.page.content()), 'the patient does not see that it was opened');
  await nurse.page.locator('textarea[name=body]').fill(`Your sugar is better than last time. ${subject}`);
  await nurse.press('Send and complete');
  await nurse.check();

  // the patient reads the answer
  if (javaScriptEnabled) {
    await patient.page.getByText('Your sugar is better than last time.').first().waitFor({ timeout: 10000 }).catch(async () => {
      // the page offers what is new instead of moving what is being read
      await patient.page.reload();
    });
  } else {
    await patient.page.reload();
  }
  await patient.page.goto(thread);
  ok((await patient.page.content()).includes('Your sugar is better than last time.'), 'the answer is not there');
  await patient.check();
  await new Promise((resolve) => setTimeout(resolve, 1500));
  await patient.visit('/looked');
  ok(/nurse/.test(await patient.page.content()), 'the trail does not show the nurse');
  nothingWrong(patient, nurse);
  await patient.close();
  await nurse.close();
}

await test('a patient writes, the nurse sees it live, answers and completes (desk)', () => journey({ javaScriptEnabled: true, width: 1280, subject: 'Sugar question one' }));
await test('the same on a phone', () => journey({ javaScriptEnabled: true, width: 390, subject: 'Sugar question two' }));
await test('the same without JavaScript', () => journey({ javaScriptEnabled: false, width: 390, subject: 'Sugar question three' }));

const pages = {
  patient: ['/home', '/messages', '/messages/new', '/record', '/record/labs', '/record/vitals', '/record/medicines', '/record/problems', '/record/allergies', '/record/immunizations', '/record/visits', '/record/procedures', '/record/notes', '/record/reports', '/record/documents', '/record/care-team', '/record/plans', '/record/devices', '/record/insurance', '/record/details', '/record/waiting', '/record/pace', '/record/pace/1', '/reminders', '/reminders/influenza', '/corrections', '/corrections/new', '/corrections/new?kind=restriction', '/record/other', '/looked', '/appointments', '/appointments/new', '/appointments/ask', '/appointments/reminders', '/download', '/account', '/account/code', '/notices'],
  nurse: ['/inbox', '/schedule', '/schedule/requests', '/inbox?filter=completed', '/patients', '/account'],
  doctor: ['/inbox', '/patients'],
  administrator: ['/admin', '/admin/schedule', '/admin/schedule/kinds/new', '/admin/schedule/hours/new', '/admin/teams', '/admin/people', '/admin/tokens', '/admin/release', '/admin/corrections', '/account'],
};

for (const width of [320, 1280]) {
  await test(`every main page at ${width} px: axe, HTML, nothing sideways, weight`, async () => {
    for (const [login, paths] of Object.entries(pages)) {
      const person = await Person.at(chrome, server.origin, link(at, login), { width });
      for (const path of paths) {
        await person.visit(path);
        if (width === 320) await person.weight(path);
      }
      if (width === 320) console.log(`# ${login}: ${[...person.weights].map(([path, bytes]) => `${path} ${(bytes / 1024).toFixed(1)}`).join(', ')} KB`);
      nothingWrong(person);
      await person.close();
    }
  });
}

await test('every main page in Spanish has no English left in its frame', async () => {
  const person = await Person.at(chrome, server.origin, link(at, 'patient'), { width: 390 });
  await person.page.goto(`${server.origin}/home`);
  await person.page.getByRole('button', { name: /Español/ }).click();
  await person.page.waitForLoadState('load');
  for (const path of pages.patient) {
    await person.visit(path);
    equal(await person.page.locator('html').getAttribute('lang'), 'es', `lang of ${path}`);
    const frame = `${await person.page.locator('header').first().innerText()} ${await person.page.locator('h1').first().innerText()}`;
    ok(!/\b(Messages|Record|Home|Visits|Medicines|Your|Sign out)\b/.test(frame), `${path}: ${frame}`);
  }
  nothingWrong(person);
  await person.close();
});

await test('signing in with a password, by keyboard alone', async () => {
  const person = await Person.at(chrome, server.origin, null, { width: 390 });
  await person.visit('/');
  await person.visit('/sign-in');
  await person.page.keyboard.press('Tab');
  equal(await person.page.evaluate(() => document.activeElement.className), 'skip', 'the first stop is the skip link');
  await person.page.locator('[name=login]').focus();
  await person.page.keyboard.type('nobody');
  await person.page.keyboard.press('Tab');
  await person.page.keyboard.type('a wrong sentence here');
  await person.page.keyboard.press('Enter');
  await person.page.getByText('is not right').first().waitFor();
  ok(/not right/.test(await person.page.content()), 'no words for a wrong password');
  person.wrong = person.wrong.filter((line) => !/403/.test(line)); // the browser notes the refusal itself
  nothingWrong(person);
  await person.close();
});

await test('a form that outlives its session is not lost', async () => {
  const person = await Person.at(chrome, server.origin, link(at, 'patient2'), { width: 390 });
  await person.visit('/messages/new');
  await person.page.locator('input[name=category]').first().check();
  await person.page.locator('input[name=team]').first().check();
  await person.page.locator('[name=subject]').fill('Written before');
  await person.page.locator('[name=body]').fill('These words must not be lost.');
  await person.context.clearCookies();
  await person.press('Send message');
  ok((await person.page.content()).includes('These words must not be lost.'), 'the sign-in page lost the text');
  await person.close();
});

await chrome.close();
await server.stop();
finish();
