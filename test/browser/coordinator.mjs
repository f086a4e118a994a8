// SPDX-License-Identifier: Apache-2.0
// A coordinator's and administrator's day in a browser: settings, a team made and filled, why a patient belongs to it, a block
// that the patient reads, somebody away, a team closed with open messages.  With JavaScript and without, at 320 and 1280 pixels,
// and every page on the way looked at by axe.
import { join } from 'node:path';
import { equal, finish, folder, link, must, ok, salve, serve, test } from '../journeys/lib.mjs';
import { browser, Person } from './lib.mjs';

const data = join(folder(), 'data');
const at = ['--data', data];
must(salve(...at, 'simulate', '--patients', '6', '--seed', '11'));
const server = await serve(at);
const chrome = await browser();
const shots = process.env.SALVE_SCREENSHOTS;

function nothingWrong(...people) {
  const wrong = people.flatMap((person) => person.wrong.splice(0));
  if (wrong.length) throw new Error([...new Set(wrong)].slice(0, 20).join('\n'));
}

async function shot(person, name) {
  if (shots) await person.page.screenshot({ path: join(shots, `${name}-${person.page.viewportSize().width}.png`), fullPage: true });
}

async function journey({ javaScriptEnabled, width, name }) {
  const office = await Person.at(chrome, server.origin, link(at, 'administrator'), { javaScriptEnabled, width });
  const patient = await Person.at(chrome, server.origin, link(at, 'patient'), { javaScriptEnabled, width });
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

  // the team is closed
  await office.visit(team);
  await page.locator('#field-successor').selectOption({ index: 2 });
  await office.press('Close the team');
  await office.check();
  ok((await page.content()).includes('The team was closed.'), 'the team is open');
  await office.visit(file.replace(server.origin, ''));
  ok((await page.locator('tr').filter({ has: page.locator('th', { hasText: name }) }).first().innerText()).includes('over'), 'the panel did not move');
  nothingWrong(office, patient);
  await office.close();
  await patient.close();
}

async function fillDay(page, name, day) {
  await page.locator(`#field-${name}`).fill(String(day.getMonth() + 1));
  await page.locator(`#day-${name}`).fill(String(day.getDate()));
  await page.locator(`#year-${name}`).fill(String(day.getFullYear()));
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

await chrome.close();
await server.stop();
finish();
