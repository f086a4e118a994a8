// SPDX-License-Identifier: Apache-2.0
// Visits in a browser, with JavaScript and without: a patient books, writes what they want to talk about, moves it, calls it off, asks
// for another; the clerk answers with one button; the nurse's day shows who comes and why; a helper with the right alone does the
// same for the patient; the office opens hours.  Booking and calling off are counted in interactions (things clicked, keys pressed;
// typed text aside).
import { join } from 'node:path';
import { equal, finish, folder, link, must, ok, salve, serve, test } from '../journeys/lib.mjs';
import { browser, english, forget, nothingWrong, Person, shot, text } from './lib.mjs';

const at = ['--data', join(folder(), 'data')];
must(salve(...at, 'simulate', '--patients', '8', '--seed', '11'));
const server = await serve(at, ['--rate-factor', '1000']);
const chrome = await browser();
const kinds = [{ name: 'desk', width: 1280, javaScriptEnabled: true }, { name: 'phone', width: 320, javaScriptEnabled: true },
  { name: 'plain', width: 390, javaScriptEnabled: false }];
const INTERACTIONS_MAX = 5;

const idOf = (person) => new URL(person.page.url()).pathname.split('/').pop();

async function follow(person, name, count) {
  await person.page.getByRole('link', { name }).first().click();
  await person.page.waitForLoadState('load');
  await person.check();
  return count + 1;
}

for (const kind of process.env.SALVE_KIND ? kinds.filter((k) => k.name === process.env.SALVE_KIND) : kinds) {
  const patient = await Person.at(chrome, server.origin, link(at, 'patient'), kind);
  const clerk = await Person.at(chrome, server.origin, link(at, 'clerk'), kind);
  for (const person of [patient, clerk]) await english(person);
  let visit;
  let day;

  await test(`${kind.name}: a patient books an open time in a few interactions`, async () => {
    let n = 0;
    await patient.visit('/home');
    n = await follow(patient, 'Appointments', n);
    n = await follow(patient, 'Make an appointment', n);
    n = await follow(patient, /^Follow-up/, n);
    await patient.page.locator('input[name=slot]').nth(1).check();
    await patient.page.getByLabel(/What is it about/).fill(`My knee, by ${kind.name}`);
    await patient.press('Book this visit');
    n += 2;
    await patient.check();
    ok((await text(patient)).includes('Your visit is booked'), 'no confirmation');
    ok((await text(patient)).includes(`My knee, by ${kind.name}`), 'the reason is not there');
    ok((await text(patient)).includes('How to get there'), 'no directions');
    visit = patient.page.url().split('?')[0];
    await shot(patient, `visit-${kind.name}`);
    console.log(`# book: ${n} interactions from the home page`);
    ok(n <= INTERACTIONS_MAX, `${n} interactions`);
    const calendar = await patient.context.request.get(`${visit}/visit.ics`);
    ok((await calendar.text()).startsWith('BEGIN:VCALENDAR'), 'no calendar file');
    day = (await calendar.text()).match(/DTSTART;TZID=[^:]+:(\d{4})(\d\d)(\d\d)/).slice(1).join('-');
  });

  await test(`${kind.name}: what they want to talk about stands in the team's day`, async () => {
    await patient.page.getByLabel('Your list for the visit').fill(`1. Stairs (${kind.name})\n2. Tablets`);
    await patient.press('Save my list');
    await patient.check();
    await clerk.visit(`/schedule?day=${day}`);
    ok((await text(clerk)).includes(`1. Stairs (${kind.name})`), 'the agenda is not in the day');
    await shot(clerk, `day-${kind.name}`);
  });

  await test(`${kind.name}: a questionnaire before the visit is asked for, begun, finished, and read beside it`, async () => {
    await clerk.visit(`/schedule?day=${day}`);
    await clerk.page.locator(`a[href$="/appointments/${visit.split('/').pop()}"]`).first().click();
    await clerk.page.waitForLoadState('load');
    await clerk.page.getByLabel('Ask the patient to fill in').selectOption('gad-7');
    await clerk.press('Ask for it');
    await clerk.check();
    ok((await text(clerk)).includes('not answered yet'), 'not asked');
    await shot(clerk, `asked-${kind.name}`);
    await patient.visit('/home');
    ok((await text(patient)).includes('To do before your visit'), 'not on the first page');
    await shot(patient, `to-do-${kind.name}`);
    await follow(patient, /^Fill in: /, 0);
    await shot(patient, `questionnaire-${kind.name}`);
    ok((await text(patient)).includes('they see your answers beside the visit'), 'does not say who reads it');
    const names = await patient.page.$$eval('input[type=radio]', (all) => [...new Set(all.map((one) => one.name))]);
    await patient.page.locator(`input[name=${names[0]}]`).nth(1).check();
    await patient.press('Save and go on later');
    await patient.check();
    ok((await text(patient)).includes('begun'), 'half-way answers are not said to be there');
    await shot(patient, `begun-${kind.name}`);
    await follow(patient, /^Fill in: /, 0);
    ok(await patient.page.locator(`input[name=${names[0]}]`).nth(1).isChecked(), 'what was begun is not there');
    for (const name of names) await patient.page.locator(`input[name=${name}]`).nth(1).check();
    await patient.press('Finish');
    await patient.check();
    ok((await text(patient)).includes('Your team sees them beside your visit'), 'does not say who reads it now');
    await shot(patient, `handed-in-${kind.name}`);
    await clerk.visit(`/schedule?day=${day}`);
    ok(/answered/.test(await text(clerk)), 'not in the day');
    await shot(clerk, `day-answered-${kind.name}`);
    await patient.visit('/home');
    ok(!(await text(patient)).includes('To do before your visit'), 'still to do');
    await patient.visit(new URL(visit).pathname);
  });

  if (kind.name !== 'phone') await test(`${kind.name}: a visit moves to another open time, and what is forgotten is said`, async () => {
    await patient.page.goto(`${visit}/change`);
    await patient.check();
    const before = await text(patient);
    await patient.page.locator('input[name=slot]').last().check();
    await patient.press('Take this time');
    await patient.check();
    const after = await text(patient);
    ok(after.includes('Your visit has a new time'), `${before}\n=> ${after}`);
  });

  await test(`${kind.name}: calling off needs a reason and frees the time`, async () => {
    let n = 0;
    await patient.page.goto(visit);
    n = await follow(patient, 'Call it off', n);
    await shot(patient, `cancel-${kind.name}`);
    await patient.page.getByLabel('I feel better and do not need it').check();
    await patient.press('Call off the visit');
    n += 2;
    await patient.check();
    ok((await text(patient)).includes('called off'), 'not called off');
    ok((await text(patient)).includes('I feel better'), 'the reason is not shown');
    console.log(`# call off: ${n} interactions from the visit`);
    ok(n <= INTERACTIONS_MAX, `${n} interactions`);
    await follow(patient, 'The conversation about this visit', 0); // the team reads it there
    ok((await text(patient)).includes('I feel better'), 'the conversation does not tell');
  });

  await test(`${kind.name}: a request with a wish is booked by the clerk with one button and answered in the conversation`, async () => {
    await patient.visit('/appointments/new');
    await follow(patient, 'Ask your team for a visit', 0);
    const kindName = await patient.page.locator('select[name=kind] option').nth(1).getAttribute('value');
    await patient.page.locator('select[name=kind]').selectOption(kindName);
    await patient.page.getByLabel('What is it for?').fill(`A form for work (${kind.name})`);
    await patient.page.locator('input[name=slot]').first().check();
    await patient.page.getByLabel('When could you come?').fill('Mornings are best.');
    await shot(patient, `ask-${kind.name}`);
    await patient.press('Send the request');
    await patient.check();
    ok((await text(patient)).includes('asked for'), 'no state');
    const asked = patient.page.url().split('?')[0];
    await clerk.visit('/schedule');
    const n = await follow(clerk, /waits? for an answer/, 0);
    const card = clerk.page.locator('li.card', { hasText: `A form for work (${kind.name})` });
    await shot(clerk, `requests-${kind.name}`);
    console.log(`# book what is proposed: ${n + 1} interactions from the schedule`);
    await card.getByRole('button', { name: /^Book / }).first().click();
    await clerk.page.waitForLoadState('load');
    await clerk.check();
    ok((await text(clerk)).includes('Booked. The patient was told.') || (await clerk.page.content()).includes('Booked. The patient was told.'), 'no word of success');
    await patient.page.goto(asked);
    await patient.check();
    ok((await text(patient)).includes('booked'), 'the patient does not see it');
    await follow(patient, 'The conversation about this visit', 0);
    ok((await text(patient)).includes('Your visit is booked.'), 'not answered in the conversation');
    await patient.visit('/home');
    ok(/Next visit/.test(await text(patient)), 'not on the home page');
  });

  if (kind.name !== 'phone') await test(`${kind.name}: in the inbox the proposed time is a button of the conversation`, async () => {
    await patient.visit('/appointments/new');
    await follow(patient, 'Ask your team for a visit', 0);
    await patient.page.locator('select[name=kind]').selectOption({ index: 2 });
    await patient.page.getByLabel('What is it for?').fill(`By the inbox (${kind.name})`);
    await patient.page.locator('input[name=slot]').nth(2).check();
    await patient.press('Send the request');
    const thread = await patient.page.getByRole('link', { name: 'The conversation about this visit' }).getAttribute('href');
    await clerk.visit('/inbox');
    ok(await clerk.page.locator(`a[href*="${thread.split('/').pop()}"]`).count(), 'the request is not in the inbox');
    await clerk.visit(`/inbox/${thread.split('/').pop()}`);
    await shot(clerk, `inbox-${kind.name}`);
    await clerk.page.getByRole('button', { name: /^Book / }).first().click();
    await clerk.page.waitForLoadState('load');
    await clerk.check();
    ok((await text(clerk)).includes('Your visit is booked.'), 'the conversation is not answered');
    equal(await clerk.page.getByRole('button', { name: /^Book / }).count(), 0, 'the button is still there');
  });

  if (kind.name !== 'phone') await test(`${kind.name}: the clerk offers times, the patient takes one`, async () => {
    await patient.visit('/appointments/ask');
    await patient.page.getByLabel('What is it for?').fill(`To talk (${kind.name})`);
    await patient.press('Send the request');
    await patient.check();
    const asked = patient.page.url().split('?')[0];
    await clerk.visit('/schedule/requests');
    const card = clerk.page.locator('li.card', { hasText: `To talk (${kind.name})` });
    await card.getByRole('link', { name: 'Offer times, book another, or refuse' }).click();
    await clerk.page.waitForLoadState('load');
    await clerk.check();
    await clerk.press('Offer these times');
    forget(clerk, 400);
    ok((await text(clerk)).includes('Choose at least one time to offer'), 'an offer of nothing');
    await clerk.page.locator('input[name=slot]').nth(5).check();
    await clerk.page.locator('input[name=slot]').nth(7).check();
    await shot(clerk, `offer-${kind.name}`);
    await clerk.press('Offer these times');
    await clerk.check();
    await patient.page.goto(asked);
    await patient.check();
    await patient.page.locator('input[name=slot]').nth(1).check();
    await shot(patient, `choose-${kind.name}`);
    await patient.press('Take this time');
    await patient.check();
    ok((await text(patient)).includes('Your visit is booked'), 'not booked');
    await patient.page.goto(`${asked}/cancel`);
    await patient.page.getByLabel('I have no way to get there').check();
    await patient.press('Call off the visit');
  });

  if (kind.name !== 'phone') await test(`${kind.name}: a visit that took place has a summary, reminders are chosen`, async () => {
    await patient.visit('/appointments');
    await patient.page.locator('a[href*="/after/"]').first().click();
    await patient.page.waitForLoadState('load');
    await patient.check();
    ok(/What was written/.test(await text(patient)), 'no notes');
    await patient.visit('/appointments/reminders');
    await patient.page.getByLabel('The day before').check();
    await patient.press('Save');
    await patient.check();
    equal(await patient.page.getByLabel('The day before').isChecked(), true, 'the choice is kept');
  });

  nothingWrong(patient, clerk);
  await patient.close();
  await clerk.close();
}

await test('a helper with the right to appointments alone books and sees nothing else', async () => {
  const patient = await Person.at(chrome, server.origin, link(at, 'patient'), { width: 390 });
  const helper = await Person.at(chrome, server.origin, link(at, 'patient3'), { width: 390 });
  for (const person of [patient, helper]) await english(person);
  await patient.visit('/sharing/new');
  await patient.page.getByLabel('Who is it?').fill('Ana');
  await patient.page.getByLabel('Make and change appointments').check();
  await patient.press('Make the code');
  const code = (await patient.page.locator('.value').innerText()).trim();
  await helper.visit('/sharing/accept');
  await helper.page.getByLabel('Code').fill(code);
  await helper.press('Go on');
  await helper.press('Accept');
  await helper.visit('/acting');
  await helper.page.getByRole('button', { name: /^Act for / }).click();
  await helper.page.waitForLoadState('load');
  equal(new URL(helper.page.url()).pathname, '/appointments');
  await helper.check();
  await helper.visit('/appointments/new');
  await helper.page.locator('input[name=slot]').nth(6).check();
  await helper.press('Book this visit');
  await helper.check();
  ok((await text(helper)).includes('Your visit is booked'), 'the helper cannot book');
  const visit = idOf(helper);
  await shot(helper, 'helper-visit');
  await patient.visit(`/appointments/${visit}`);
  for (const path of ['/record', '/messages']) {
    await helper.visit(path, 404);
    forget(helper, 404);
  }
  nothingWrong(patient, helper);
  await patient.close();
  await helper.close();
});

await test('the office makes a kind and opens hours; the nurse sees the day at 320 px', async () => {
  const office = await Person.at(chrome, server.origin, link(at, 'coordinator'), { width: 390 });
  await office.visit('/admin/schedule');
  await shot(office, 'office');
  await office.visit('/admin/schedule/kinds/new');
  await office.page.getByLabel('Name, as patients read it').fill('Foot care');
  await office.press('Save');
  await office.check();
  await office.visit('/admin/schedule/hours/new');
  await office.page.getByLabel('Kind of visit').selectOption({ label: 'Foot care' });
  await office.page.locator('select[name=team]').selectOption({ index: 1 });
  await office.page.locator('select[name=account]').selectOption({ index: 1 });
  await office.page.getByLabel('From', { exact: true }).fill('17:00');
  await office.page.getByLabel('Until').fill('16:00');
  await office.press('Save and make the times');
  forget(office, 400);
  ok((await text(office)).includes('The hours must be long enough'), 'wrong hours are not told');
  await office.page.getByLabel('Until').fill('18:00');
  await office.press('Save and make the times');
  await office.check();
  ok((await text(office)).includes('Foot care'), 'the hours are not listed');
  const nurse = await Person.at(chrome, server.origin, link(at, 'nurse'), { width: 320 });
  await nurse.visit('/schedule');
  await nurse.visit('/schedule/requests');
  nothingWrong(office, nurse);
  await office.close();
  await nurse.close();
});

await test('the pages speak Spanish', async () => {
  const patient = await Person.at(chrome, server.origin, link(at, 'patient'), { width: 390 });
  await patient.page.goto(`${server.origin}/home`);
  await patient.page.getByRole('button', { name: /Español/ }).click();
  await patient.page.waitForLoadState('load');
  for (const path of ['/appointments', '/appointments/new', '/appointments/ask', '/appointments/reminders']) {
    await patient.visit(path);
    ok(!/\b(Appointments|Make an appointment|Choose a time|Ask your team)\b/.test(await text(patient)), `${path} in English`);
    await shot(patient, `es${path.replaceAll('/', '-')}`);
  }
  nothingWrong(patient);
  await patient.close();
});

await chrome.close();
await server.stop();
finish();
