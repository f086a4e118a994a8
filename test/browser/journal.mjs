// SPDX-License-Identifier: Apache-2.0
// The health log in a browser, with JavaScript and without: today's reading in two presses from home, what is unusual is asked about, the
// switch of each log for the nurse and for a daughter, a target, a limit that tells the team once, an entry taken into the record, print.
import { join } from 'node:path';
import { browser, english, forget, nothingWrong, Person, shot, text } from './lib.mjs';
import { equal, finish, folder, link, must, ok, salve, serve, test } from '../journeys/lib.mjs';

const place = folder();
const at = ['--data', join(place, 'data')];
must(salve(...at, 'simulate', '--patients', '4', '--seed', '3'));
const server = await serve(at, ['--rate-factor', '1000']);
const chrome = await browser();
const kinds = [{ name: 'desk', width: 1280, javaScriptEnabled: true }, { name: 'phone', width: 320, javaScriptEnabled: true },
  { name: 'plain', width: 390, javaScriptEnabled: false }];
// The presses, counted: what a person does beside typing.
async function follow(person, name) {
  await person.page.getByRole('link', { name }).first().click();
  await person.page.waitForLoadState('load');
}

async function share(person, log, who) {
  await person.page.goto(`${server.origin}/journal/${log}/sharing`);
  for (const box of await person.page.getByRole('checkbox').all()) await box.uncheck({ force: true });
  for (const name of who) await person.page.getByLabel(name).check({ force: true });
  await person.press('Save');
}

for (const kind of process.env.SALVE_KIND ? kinds.filter((k) => k.name === process.env.SALVE_KIND) : kinds) {
  const patient = await Person.at(chrome, server.origin, link(at, 'patient'), kind);
  const helper = await Person.at(chrome, server.origin, link(at, 'patient3'), kind);
  const nurse = await Person.at(chrome, server.origin, link(at, 'nurse'), { javaScriptEnabled: kind.javaScriptEnabled });
  for (const person of [patient, helper, nurse]) await english(person);
  await patient.page.goto(`${server.origin}/account`);
  const name = (await patient.page.locator('.account-name').innerText()).trim();
  const number = kind.name === 'desk' ? '141' : kind.name === 'phone' ? '142' : '143';
  await nurse.page.goto(`${server.origin}/patients?q=${encodeURIComponent(name)}`);
  const chart = new URL(await nurse.page.locator('main .row a').first().getAttribute('href'), server.origin).pathname.replace(/\/record.*/, '');

  await test(`${kind.name}: a reading is two presses away from home`, async () => {
    await patient.visit('/home');
    await shot(patient, 'journal-home');
    await follow(patient, 'Write down: Blood pressure');
    await patient.check();
    await shot(patient, 'journal-new');
    await patient.page.getByLabel('Upper number (systolic)').fill(number);
    await patient.page.getByLabel('Lower number (diastolic)').fill('88');
    await patient.press('Save');
    await patient.check();
    ok((await text(patient)).includes(`${number}/88 mmHg`), 'the reading is on the page');
    await shot(patient, 'journal-log');
  });

  await test(`${kind.name}: what is unusual is asked about and then kept; what is no number is refused with words`, async () => {
    await patient.page.goto(`${server.origin}/journal/blood-pressure/new`);
    await patient.page.getByLabel('Upper number (systolic)').fill('12x');
    await patient.page.getByLabel('Lower number (diastolic)').fill('80');
    await patient.press('Save');
    forget(patient, 400);
    ok((await text(patient)).includes('There is 1 thing to mend'), 'refused');
    await patient.page.getByLabel('Upper number (systolic)').fill('250');
    await patient.press('Save');
    forget(patient, 400);
    ok((await text(patient)).includes('Is this right?'), 'asked');
    await shot(patient, 'journal-asked');
    await patient.page.getByLabel('Yes, this is right. Keep it.').check({ force: true });
    await patient.press('Save');
    ok((await text(patient)).includes('250/80 mmHg'), 'kept');
  });

  await test(`${kind.name}: a correction keeps what was there before`, async () => {
    await follow(patient, '250/80 mmHg');
    await follow(patient, 'Correct it');
    await patient.check();
    await patient.page.getByLabel('Upper number (systolic)').fill('150');
    await patient.press('Save');
    await patient.check();
    ok((await text(patient)).includes('250/80 mmHg'), 'what it said before');
    await shot(patient, 'journal-entry');
  });

  await test(`${kind.name}: weight is kept in pounds and the same again is one press`, async () => {
    await patient.page.goto(`${server.origin}/journal/weight/new`);
    await patient.page.getByRole('textbox', { name: 'Weight' }).fill('182.5');
    await patient.press('Save');
    ok((await text(patient)).includes('182.5 lb'), 'in pounds');
    await follow(patient, 'The same again');
    equal(await patient.page.getByRole('textbox', { name: 'Weight' }).inputValue(), '182.5');
    await patient.press('Save and write down another');
    await patient.page.getByRole('textbox', { name: 'Weight' }).fill('184');
    await patient.press('Save');
    await patient.visit('/journal/weight');
    await shot(patient, 'journal-weight');
  });

  await test(`${kind.name}: the nurse sees nothing of it until it is shared, and nothing again afterwards`, async () => {
    await share(patient, 'blood-pressure', []);
    await nurse.visit(`${chart}/journal`);
    ok(!(await text(nurse)).includes('Blood pressure'), 'private');
    await nurse.page.goto(`${server.origin}${chart}/journal/blood-pressure`);
    forget(nurse, 404);
    ok(!(await nurse.page.content()).includes(`${number}/88`), 'not there');
    await patient.visit('/journal/blood-pressure/sharing');
    await shot(patient, 'journal-sharing');
    await share(patient, 'blood-pressure', ['Your care team']);
    ok((await text(patient)).includes('Shared with your care team'), 'said on the page');
    await nurse.visit(`${chart}/journal`);
    await shot(nurse, `journal-team-${kind.name}`);
    await follow(nurse, 'Blood pressure');
    await nurse.check();
    ok((await text(nurse)).includes(`${number}/88 mmHg`), 'shared');
    ok((await text(nurse)).includes('Entered by the patient'), 'marked');
    await nurse.press('I have looked at these');
    ok((await text(nurse)).includes('Last looked at by'), 'seen');
    await shot(nurse, `journal-team-log-${kind.name}`);
    await nurse.page.getByRole('link', { name: `${number}/88 mmHg` }).first().click();
    await nurse.press('Take it into the record');
    await nurse.check();
    ok((await text(nurse)).includes('In the record since'), 'taken in');
  });

  if (kind.name !== 'phone') await test(`${kind.name}: a limit that the patient agreed to tells the team once`, async () => {
    await nurse.visit(`${chart}/journal/blood-pressure/targets`);
    await nurse.page.getByLabel('Tell the team: readings over a limit').check({ force: true });
    await nurse.page.getByLabel('Upper end, the limit').fill('160');
    await nurse.page.getByRole('textbox', { name: 'Readings in a row' }).fill('2');
    await nurse.page.getByLabel('Within how many days').fill('3');
    await nurse.press('Save');
    await nurse.check();
    ok((await text(nurse)).includes('in a row over 160 mmHg'), 'set');
    await shot(nurse, `journal-limit-${kind.name}`);
    await patient.visit('/journal/blood-pressure');
    await patient.page.getByRole('button', { name: /^I agree/ }).first().click();
    await patient.page.waitForLoadState('load');
    for (const value of ['171', '172', '173']) {
      await patient.page.goto(`${server.origin}/journal/blood-pressure/new`);
      await patient.page.getByLabel('Upper number (systolic)').fill(value);
      await patient.page.getByLabel('Lower number (diastolic)').fill('90');
      await patient.press('Save');
    }
    await patient.visit('/journal');
    ok((await text(patient)).includes('Limits that were crossed'), 'the patient sees it');
    await nurse.visit(`${chart}/journal`);
    equal(await nurse.page.getByRole('button', { name: 'Done with this' }).count(), 1);
    await shot(nurse, `journal-alert-${kind.name}`);
    await nurse.press('Done with this');
    equal(await nurse.page.getByRole('button', { name: 'Done with this' }).count(), 0);
    await nurse.page.goto(`${server.origin}${chart}/journal/blood-pressure/targets`);
    await nurse.page.getByRole('button', { name: /^End it/ }).first().click();
    await nurse.page.waitForLoadState('load');
    await share(patient, 'blood-pressure', []);
    await nurse.visit(`${chart}/journal`);
    ok(!(await text(nurse)).includes('Blood pressure'), 'private again');
  });

  await test(`${kind.name}: a daughter writes in the log that is shared with her, and sees no other`, async () => {
    await patient.page.goto(`${server.origin}/sharing/new`);
    await patient.page.getByLabel('Who is it?').fill('Ana');
    await patient.page.getByLabel('Write in the health log').check({ force: true });
    await patient.press('Make the code');
    const code = (await patient.page.locator('.value').innerText()).trim();
    await helper.page.goto(`${server.origin}/sharing/accept`);
    await helper.page.getByLabel('Code').fill(code);
    await helper.press('Go on');
    await helper.press('Accept');
    await helper.page.goto(`${server.origin}/acting`);
    await helper.page.getByRole('button', { name: /^Act for/ }).first().click();
    await helper.page.waitForLoadState('load');
    await helper.visit('/journal');
    ok((await text(helper)).includes('Nothing is shared with you'), 'nothing yet');
    await patient.page.goto(`${server.origin}/journal/weight/sharing`);
    await patient.page.getByRole('checkbox').nth(1).check({ force: true });
    await patient.press('Save');
    await helper.visit('/journal');
    ok((await text(helper)).includes('Body weight'), 'her log');
    ok(!(await text(helper)).includes('Blood pressure'), 'not the other');
    await helper.page.goto(`${server.origin}/journal/weight/new`);
    await helper.page.getByRole('textbox', { name: 'Weight' }).fill('183');
    await helper.press('Save');
    await helper.check();
    ok((await text(helper)).includes('183 lb'), 'written');
    await shot(helper, 'journal-daughter');
    await patient.visit('/journal/weight');
    ok(/183 lb/.test(await text(patient)), 'the patient sees it');
    await helper.page.goto(`${server.origin}/acting`);
    await patient.page.goto(`${server.origin}/sharing`);
    await patient.page.getByRole('button', { name: /^End it now/ }).first().click();
    await patient.page.waitForLoadState('load');
  });

  await test(`${kind.name}: the readings go into a message in one press`, async () => {
    await patient.page.goto(`${server.origin}/journal/weight`);
    await patient.press('Put them into a message');
    await patient.check();
    ok((await patient.page.getByRole('textbox', { name: 'Your message' }).inputValue()).includes('183 lb'), 'the table');
    await shot(patient, 'journal-message');
  });

  await test(`${kind.name}: every other log takes an entry, and the wallet card prints`, async () => {
    await patient.page.goto(`${server.origin}/journal/allergies/new`);
    await patient.check();
    await patient.page.getByLabel('What you are allergic to').fill('Penicillin');
    await patient.page.getByLabel('What happens').fill('Rash');
    await patient.press('Save');
    await patient.page.goto(`${server.origin}/journal/contacts/new`);
    await patient.page.getByRole('textbox', { name: 'Name' }).fill('Rosa Lopez');
    await patient.page.getByRole('textbox', { name: 'Telephone', exact: true }).fill('555-0134');
    await patient.press('Save');
    await patient.page.goto(`${server.origin}/journal/family/new`);
    await patient.check();
    await shot(patient, 'journal-family');
    await patient.page.getByLabel('Who it is').selectOption('mother');
    await patient.page.getByLabel('Diabetes, type 2').check({ force: true });
    await patient.press('Save');
    ok((await text(patient)).includes('Mother'), 'a relative');
    await patient.visit('/journal/wallet-card?print=1');
    ok((await text(patient)).includes('Rosa Lopez'), 'on the card');
    await shot(patient, 'journal-wallet');
    if (kind.name === 'phone') for (const log of ['goals', 'food', 'activity', 'medicines', 'immunizations', 'about-me', 'oxygen', 'inr'])
      await patient.visit(`/journal/${log}/new`); // the narrowest width shows what is too wide
    await patient.visit('/journal');
    await shot(patient, 'journal');
    await patient.page.goto(`${server.origin}/journal/blood-pressure?print=1`);
    await shot(patient, 'journal-print');
  });

  if (kind.name !== 'plain') await test(`${kind.name}: a reminder is set, and the log in Spanish`, async () => {
    await patient.visit('/journal/weight/reminder');
    await patient.page.getByRole('textbox', { name: 'Time of day' }).fill('7:30 am');
    await patient.page.getByLabel('Monday').check({ force: true });
    await patient.press('Save');
    await patient.page.goto(`${server.origin}/journal/weight/reminder`);
    equal(await patient.page.getByRole('textbox', { name: 'Time of day' }).inputValue(), '7:30');
    ok(await patient.page.getByLabel('Monday').isChecked(), 'kept');
    await patient.press('Español');
    await patient.visit('/journal/blood-pressure/new');
    ok((await text(patient)).includes('Número de arriba (sistólica)'), 'in Spanish');
    await shot(patient, 'journal-spanish');
    await patient.press('English');
  });

  await test(`${kind.name}: a questionnaire is saved half-way, asks what depends on answers, and says its score`, async () => {
    await patient.visit('/questionnaires');
    await follow(patient, 'Alcohol in the last year (AUDIT-C)');
    await patient.check();
    equal(await patient.page.getByRole('radio').count(), 5);
    await patient.page.getByLabel('2 to 3 times a week').check({ force: true });
    await patient.press('Save and go on later');
    ok((await text(patient)).includes('begun'), 'begun');
    await follow(patient, 'Alcohol in the last year (AUDIT-C)');
    ok(await patient.page.getByLabel('2 to 3 times a week').isChecked(), 'still there');
    equal(await patient.page.getByRole('radio').count(), 15);
    await patient.page.getByLabel('1 or 2').check({ force: true });
    await patient.page.getByLabel('Less than monthly').check({ force: true });
    await patient.press('Finish');
    ok((await text(patient)).includes('Score: 4'), 'the score');
    await patient.visit('/journal/questionnaires');
    ok((await text(patient)).includes('AUDIT-C'), 'in the log');
  });

  await test(`${kind.name}: thoughts of self-harm show whom to call at once, and the team sees it as urgent`, async () => {
    await patient.visit('/questionnaires/phq-9');
    // By keyboard alone: Tab reaches each question, the arrows choose.
    await patient.page.locator('#field-q2-0, [name=q2]').first().focus();
    for (let question = 0; question < 9; question++) {
      await patient.page.keyboard.press('Space');
      for (let step = 0; step < (question === 8 ? 2 : 1); step++) await patient.page.keyboard.press('ArrowDown');
      await patient.page.keyboard.press('Tab');
    }
    await shot(patient, 'questionnaire-phq9');
    await patient.press('Finish');
    await shot(patient, 'questionnaire-danger');
    ok((await text(patient)).includes('You are not alone'), 'the crisis path');
    ok((await text(patient)).includes('Your care team was told, as urgent'), 'told');
    ok((await text(patient)).includes('Score: 10'), 'the score');
    await nurse.visit('/inbox');
    ok((await text(nurse)).includes('Urgent: answers to a questionnaire'), 'in the inbox');
  });

  await test(`${kind.name}: the form before a visit works with every kind of question`, async () => {
    await patient.visit('/questionnaires/pre-visit');
    await patient.page.getByLabel('What do you want to talk about?').fill('My knee');
    await patient.page.getByRole('group', { name: 'Did your medicines change' }).getByLabel('Yes').check({ force: true });
    await patient.press('Finish');
    ok((await text(patient)).includes('There are more questions'), 'asked for more, without blame');
    await patient.check();
    await patient.page.getByLabel('Which medicines changed').fill('Lisinopril, twice as much');
    await patient.page.getByLabel('How many hours do you sleep?').fill('six');
    await patient.press('Finish');
    forget(patient, 400);
    ok((await text(patient)).includes('Write a number, such as 7.5.'), 'refused with words');
    await patient.page.getByLabel('How many hours do you sleep?').fill('6.5');
    await patient.page.getByLabel('Walking').check({ force: true });
    await shot(patient, 'questionnaire-visit');
    await patient.press('Finish');
    ok((await text(patient)).includes('Lisinopril, twice as much'), 'kept');
  });

  await test(`${kind.name}: nothing was wrong on any of these pages`, async () => {
    nothingWrong(patient, helper, nurse);
  });
  for (const person of [patient, helper, nurse]) await person.close();
}
await chrome.close();
await server.stop();
finish();
