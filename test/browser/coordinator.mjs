// SPDX-License-Identifier: Apache-2.0
// A coordinator's and administrator's day in a browser: settings, a team made and filled, why a patient belongs to it, a block
// that the patient reads, somebody away, figures, what is to be tidied up, what went to and fro with a patient, a team closed with
// open messages.  With JavaScript and without, at 320 and 1280 pixels, and every page on the way looked at by axe.
import { join } from 'node:path';
import { equal, finish, folder, link, must, ok, salve, serve, test } from '../journeys/lib.mjs';
import { browser, nothingWrong, Person, shot } from './lib.mjs';

const data = join(folder(), 'data');
const at = ['--data', data];
must(salve(...at, 'simulate', '--patients', '6', '--seed', '11'));
const server = await serve(at);
const chrome = await browser();

async function journey({ javaScriptEnabled, width, name }) {
  const office = await Person.at(chrome, server.origin, link(at, 'administrator'), { javaScriptEnabled, width });
  const patient = await Person.at(chrome, server.origin, link(at, 'patient'), { javaScriptEnabled, width });
  const nurse = await Person.at(chrome, server.origin, link(at, 'nurse'), { javaScriptEnabled, width });
  const { page } = office;

  // a setting
  await office.visit('/admin/settings');
  await shot(office, 'settings');
  await page.locator('#field-reply_window_days').fill('60');
  await office.press('Save');
  await office.check();
  ok((await page.content()).includes('The settings were saved.'), 'the setting was not saved');
  equal(await page.locator('#field-reply_window_days').inputValue(), '60', 'the setting is another');

  // a team: a code is refused with what was typed, words are taken
  await office.visit('/admin/teams/new');
  await page.locator('#field-name').fill('CVC_FOOT 3');
  await page.locator('#field-care').fill('Foot care');
  await page.locator('#field-place').fill('Ground floor');
  await page.locator('#field-takes_messages').check();
  await office.press('Make the team');
  ok((await page.content()).includes('not a code'), 'a bare code was taken');
  office.wrong = office.wrong.filter((line) => !line.includes('status of 400')); // that was the refusal
  equal(await page.locator('#field-care').inputValue(), 'Foot care', 'what was typed is gone');
  await page.locator('#field-name').fill(name);
  await office.press('Make the team');
  await office.check();
  const team = page.url().split('?')[0];
  await page.locator('#field-account').selectOption({ index: 1 });
  await office.press('Add to the team');
  await office.check();
  await shot(office, 'team');
  await office.visit('/admin/teams');
  await shot(office, 'teams');

  // why a patient belongs to it
  await office.visit('/admin/people');
  await page.getByRole('link', { name: 'Find a patient' }).click();
  await page.waitForLoadState('load');
  const family = await nameOfPatient(patient);
  await page.locator('input[name=q]').fill(family);
  await Promise.all([page.waitForURL(/q=/), page.locator('input[name=q]').press('Enter')]);
  await page.waitForLoadState('load');
  await office.check();
  await page.locator('.rows a').first().click();
  await page.waitForLoadState('load');
  await office.check();
  const file = page.url().split('?')[0];
  await open(page, 'Add to a team');
  await page.locator('#field-team').selectOption({ label: name });
  await page.locator('#field-reason').fill('Visit in Foot care');
  await page.getByRole('button', { name: 'Add to the team', exact: true }).click();
  await page.waitForLoadState('load');
  await office.check();
  ok((await page.content()).includes('Visit in Foot care'), 'the reason is not shown');

  // a block, which the patient reads with the number to call and without the reason
  await open(page, 'Block this patient');
  await page.locator('#field-where').selectOption({ label: name });
  await page.locator('input[name=code][value="5"]').check();
  await page.locator('#field-note').fill('SECRET forty a day');
  const soon = new Date(Date.now() + 30 * 86400000);
  await page.locator('#field-review').fill(String(soon.getMonth() + 1));
  await page.locator('#day-review').fill(String(soon.getDate()));
  await page.locator('#year-review').fill(String(soon.getFullYear()));
  await office.press('Block');
  await office.check();
  await shot(office, 'patient');
  await patient.visit('/messages');
  const told = await patient.page.content();
  ok(told.includes(`${name}: You cannot send messages to this team`), 'the patient is not told');
  ok(!told.includes('SECRET'), 'the patient reads the note');
  await shot(patient, 'blocked');
  await office.visit('/admin/blocks');
  await shot(office, 'blocks');
  await office.press('End the block');
  await patient.visit('/messages');
  ok(!(await patient.page.content()).includes('You cannot send messages to this team'), 'the block is still told');

  // somebody away
  await office.visit('/cover');
  await page.locator('#field-away').selectOption({ index: 1 });
  await page.locator('#field-by').selectOption({ index: 2 });
  await fillDay(page, 'since', soon);
  await fillDay(page, 'until', new Date(soon.getTime() + 5 * 86400000));
  await office.press('Save');
  await office.check();
  ok((await page.content()).includes('nothing changes hands'), 'the cover was not kept');
  await shot(office, 'cover');
  await office.press('End it');

  // a list of staff and a template
  await office.visit('/admin/lists');
  await page.locator('#field-name').fill(`${name} people`);
  await page.locator('input[name^=a_]').first().check();
  await office.press('Save');
  await office.check();
  await shot(office, 'lists');
  await office.visit('/templates');
  await page.locator('#field-scope').selectOption('facility');
  await page.locator('#field-name').fill(`${name} greeting`);
  await page.locator('#field-body').fill('Dear {patient}, thank you for your message.');
  await office.press('Save');
  await office.check();
  await shot(office, 'templates');

  await reports(office);
  await tidyingUp(office, name);
  await toAndFro(office, nurse, file.replace(server.origin, ''));

  // the team is closed while the patient waits for an answer: another team has it at once, and the patient reads which
  const waiting = await asks(patient, name, `Blisters, ${name}`);
  await office.visit(team);
  await page.locator('#field-successor').selectOption({ label: 'Maple Team' });
  await office.press('Close the team');
  await office.check();
  ok((await page.content()).includes('The team was closed.'), 'the team is open');
  await office.visit(file.replace(server.origin, ''));
  ok((await page.locator('tr').filter({ has: page.locator('th', { hasText: name }) }).first().innerText()).includes('over'), 'the panel did not move');
  await nurse.visit('/inbox');
  ok((await nurse.page.innerText('main')).includes(`Blisters, ${name}`), 'the message of the closed team waits nowhere');
  await patient.visit(waiting);
  ok((await patient.page.innerText('main')).includes('With Maple Team'), 'the patient does not read who has it now');
  await shot(patient, 'moved');
  nothingWrong(office, patient, nurse);
  await office.close();
  await patient.close();
  await nurse.close();
}

// Figures on the page, in the plot and in the file are the same; days that cannot be are said at their field.
async function reports(office) {
  const { page } = office;
  await office.visit('/reports');
  await page.locator('#field-period').selectOption('year');
  await office.press('Show');
  await office.check();
  await shot(office, 'reports');
  const asked = page.locator('tr').filter({ has: page.locator('th', { hasText: 'Questions that came in' }) }).locator('td').first();
  const questions = (await asked.innerText()).match(/\d+/)[0];
  ok(Number(questions) > 10, `only ${questions} questions`);
  equal(await page.locator('svg.plot[role=img]').count(), 3, 'the plots are not there');
  ok(/\d+ from patients/.test(await page.locator('svg.plot desc').first().textContent()), 'the plot is not described');
  const file = await office.context.request.get(new URL(await page.getByRole('link', { name: /CSV/ }).getAttribute('href'), server.origin).href);
  equal(file.headers()['content-type'], 'text/csv; charset=utf-8', 'the file is no CSV');
  ok((await file.text()).split('\r\n').some((row) => /^[^,]+,"",[^,]+,[^,]+,questions,"",count,/.test(row) && row.includes(`count,${questions},`)), 'the file says something else');
  await page.locator('#field-period').selectOption('own');
  await page.locator('#field-from').fill('2026-05-02');
  await page.locator('#field-to').fill('2026-05-01');
  await office.press('Show');
  await office.check();
  ok((await page.content()).includes('The last day is before the first.'), 'days in the wrong order were taken');
  office.wrong = office.wrong.filter((line) => !line.includes('status of 400')); // that was the refusal
  equal(await page.locator('#field-from').inputValue(), '2026-05-02', 'what was typed is gone');
}

// A line leads to where it is mended.
async function tidyingUp(office, name) {
  const { page } = office;
  await office.visit('/admin/teams');
  await page.getByRole('link', { name: 'Tidy up' }).click();
  await page.waitForLoadState('load');
  await office.check();
  await shot(office, 'cleanup');
  ok((await page.content()).includes('Teams that say no hours'), 'teams without hours are not listed');
  await page.locator('section').filter({ has: page.locator('h2', { hasText: 'Teams that say no hours' }) }).getByRole('link', { name }).click();
  await page.waitForLoadState('load');
  equal(await page.locator('#field-name').inputValue(), name, 'the line leads elsewhere');
}

// The office sees that there was something; the nurse opens it.
async function toAndFro(office, nurse, file) {
  await office.visit(file);
  await office.page.getByRole('link', { name: 'Messages to and fro' }).click();
  await office.page.waitForLoadState('load');
  await office.check();
  await shot(office, 'to-and-fro-office');
  ok((await office.page.content()).includes('Came to the team'), 'teams are not told');
  equal(await office.page.locator('main a[href^="/inbox/"]').count(), 0, 'the office is led into a conversation');

  await nurse.visit('/inbox?show=completed');
  await nurse.page.locator('.inbox a').first().click();
  await nurse.page.waitForLoadState('load');
  await nurse.page.getByRole('link', { name: 'Messages to and fro' }).click();
  await nurse.page.waitForLoadState('load');
  await nurse.check();
  await shot(nurse, 'to-and-fro');
  ok((await nurse.page.content()).includes('the patient, wrote'), 'messages are not told');
  await nurse.page.locator('#field-kind').selectOption('messages');
  await nurse.press('Show');
  await nurse.check();
  ok(!(await nurse.page.locator('.timeline').innerText()).includes('Notices'), 'the filter did nothing');
  await nurse.page.locator('.timeline a').first().click();
  await nurse.page.waitForLoadState('load');
  ok(/\/inbox\/[0-9a-f-]{36}/.test(nurse.page.url()), 'the conversation does not open');
  await nurse.visit('/reports');
  ok((await nurse.page.content()).includes('You see your own load.'), 'the nurse sees the load of others');
  await shot(nurse, 'reports-nurse');
}

async function fillDay(page, name, day) {
  await page.locator(`#field-${name}`).fill(String(day.getMonth() + 1));
  await page.locator(`#day-${name}`).fill(String(day.getDate()));
  await page.locator(`#year-${name}`).fill(String(day.getFullYear()));
}

// The patient writes to that team; gives back the path of the conversation.
async function asks(patient, team, subject) {
  await patient.visit('/messages/new');
  await patient.page.locator('input[name=category]').first().check();
  await patient.page.locator('label', { hasText: team }).first().click();
  await patient.page.locator('[name=subject]').fill(subject);
  await patient.page.locator('[name=body]').fill('They do not heal. What can I do?');
  await patient.press('Send message');
  await patient.press('Send now');
  await patient.check();
  return new URL(patient.page.url()).pathname;
}

// Opens a fold; without JavaScript a fold opens as well.
async function open(page, label) {
  await page.locator('summary', { hasText: label }).click();
}

async function nameOfPatient(patient) {
  await patient.visit('/account');
  const words = (await patient.page.locator('.account-name, header').first().innerText()).match(/\p{Lu}\p{Ll}+(?: \p{Lu}\p{Ll}+)+/u);
  return (words ? words[0] : '').split(' ').pop();
}

await test('settings, teams, panels, blocks and cover, with JavaScript at 1280 pixels', () => journey({ javaScriptEnabled: true, width: 1280, name: 'Cedar Team' }));
await test('the same without JavaScript at 320 pixels', () => journey({ javaScriptEnabled: false, width: 320, name: 'Willow Team' }));

await test('the same with JavaScript at 320 pixels', () => journey({ javaScriptEnabled: true, width: 320, name: 'Rowan Team' }));
await test('reports, tidying up and what went to and fro in Spanish', async () => {
  const office = await Person.at(chrome, server.origin, link(at, 'administrator'), { width: 320 });
  await office.page.goto(`${server.origin}/reports`);
  await office.page.getByRole('button', { name: 'Español' }).or(office.page.getByRole('link', { name: 'Español' })).click();
  await office.page.waitForLoadState('load');
  await office.visit('/reports?period=year');
  const words = await office.page.locator('main').innerText();
  ok(words.includes('Preguntas que llegaron') && words.includes('Mensajes a lo largo del tiempo'), 'the report is not in Spanish');
  await shot(office, 'reports-es');
  await office.visit('/admin/cleanup');
  ok((await office.page.content()).includes('Equipos sin horario'), 'the clean-up list is not in Spanish');
  nothingWrong(office);
  await office.close();
});

await chrome.close();
await server.stop();
finish();
