// SPDX-License-Identifier: Apache-2.0
// Documents and photos of the patient in a browser, with JavaScript and without: several files at once, words for pictures, the nurse's
// view, her comment and its answer, the plot in a message, and a daughter who fills in a questionnaire.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { deflateSync } from 'node:zlib';
import { browser, english, forget, nothingWrong, Person, shot, text } from './lib.mjs';
import { equal, finish, folder, link, must, ok, salve, serve, test } from '../journeys/lib.mjs';

const place = folder();
const at = ['--data', join(place, 'data')];
must(salve(...at, 'simulate', '--patients', '4', '--seed', '3'));
const server = await serve(at, ['--rate-factor', '1000']);
const chrome = await browser();
const kinds = [{ name: 'desk', width: 1280, javaScriptEnabled: true }, { name: 'phone', width: 320, javaScriptEnabled: true },
  { name: 'plain', width: 390, javaScriptEnabled: false }];

// A picture that browsers draw: one colour, 320 by 200.
function picture(name, red, green, blue) {
  const crc = (bytes) => {
    let c = ~0;
    for (const byte of bytes) { c ^= byte; for (let bit = 0; bit < 8; bit++) c = c & 1 ? (c >>> 1) ^ 0xedb88320 : c >>> 1; }
    return ~c >>> 0;
  };
  const chunk = (type, data) => {
    const body = Buffer.concat([Buffer.from(type), data]), out = Buffer.alloc(8);
    out.writeUInt32BE(data.length, 0);
    out.writeUInt32BE(crc(body), 4);
    return Buffer.concat([out.subarray(0, 4), body, out.subarray(4)]);
  };
  const head = Buffer.alloc(13);
  head.writeUInt32BE(320, 0); head.writeUInt32BE(200, 4); head[8] = 8; head[9] = 2;
  const rows = Buffer.concat(Array.from({ length: 200 }, () => Buffer.concat([Buffer.from([0]), Buffer.alloc(960, Buffer.from([red, green, blue]))])));
  const path = join(place, name);
  writeFileSync(path, Buffer.concat([Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'), chunk('IHDR', head), chunk('IDAT', deflateSync(rows)), chunk('IEND', Buffer.alloc(0))]));
  return path;
}
const front = picture('card-front.png', 120, 160, 210), back = picture('card-back.png', 210, 160, 120), rash = picture('IMG_2041.png', 200, 90, 90);
writeFileSync(join(place, 'tool.exe'), Buffer.from('MZ\x90\x00', 'latin1'));

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
  await nurse.page.goto(`${server.origin}/patients?q=${encodeURIComponent(name)}`);
  const chart = new URL(await nurse.page.locator('main .row a').first().getAttribute('href'), server.origin).pathname.replace(/\/record.*/, '');
  const card = `My card (${kind.name})`;

  await test(`${kind.name}: front and back of a card in one go, and words for what they show`, async () => {
    await patient.visit('/journal/documents');
    await patient.page.getByRole('link', { name: 'Add a document or photo' }).click();
    await patient.check();
    await shot(patient, 'documents-new');
    await patient.page.getByLabel('What it is').fill(card);
    await patient.page.getByLabel('What kind it is').selectOption('insurance');
    await patient.page.getByLabel('Choose files').setInputFiles([front, back]);
    await patient.press('Save');
    await patient.check();
    ok((await text(patient)).includes('say in a few words what your pictures show'), 'asked for words');
    await shot(patient, 'documents-words');
    await patient.page.getByLabel('What does file 1 show?').fill('Front of my insurance card');
    await patient.page.getByLabel('What does file 2 show?').fill('Back of my insurance card');
    await patient.press('Save');
    await patient.check();
    equal(await patient.page.getByAltText('Back of my insurance card').count(), 1);
    ok(await patient.page.getByAltText('Front of my insurance card').evaluate((image) => image.complete && image.naturalWidth === 320).catch(() => true), 'drawn');
    await shot(patient, 'documents-entry');
  });

  await test(`${kind.name}: what is not taken is named, the others are kept, and nothing typed is lost`, async () => {
    await patient.page.goto(`${server.origin}/journal/documents/new`);
    await patient.page.getByLabel('What it is').fill('Rash on my arm');
    await patient.page.getByLabel('Choose files').setInputFiles([rash, join(place, 'tool.exe')]);
    await patient.page.getByRole('textbox', { name: 'Month' }).fill('13');
    await patient.press('Save');
    forget(patient, 400);
    await shot(patient, 'documents-wrong');
    ok((await text(patient)).includes('tool.exe: Files of this kind are not taken.'), 'named');
    ok((await text(patient)).includes('Your files are saved'), 'the other is kept');
    equal(await patient.page.getByLabel('What it is').inputValue(), 'Rash on my arm');
    await patient.page.getByRole('textbox', { name: 'Month' }).fill('3');
    await patient.page.getByLabel('What does file 1 show?').fill('Red spots on my left arm');
    await patient.press('Save');
    ok((await text(patient)).includes('Rash on my arm'), 'mended');
    await patient.page.goto(`${server.origin}/journal/documents/new`);
    await patient.press('Save');
    forget(patient, 400);
    ok((await text(patient)).includes('Choose a file, or take a photo.'), 'asked for a file');
  });

  await test(`${kind.name}: the nurse sees it when it is shared, takes it into the record, and comments`, async () => {
    await share(patient, 'documents', []);
    await nurse.page.goto(`${server.origin}${chart}/journal/documents`);
    forget(nurse, 404);
    ok(!(await nurse.page.content()).includes('Rash on my arm'), 'private');
    await share(patient, 'documents', ['Your care team']);
    await nurse.visit(`${chart}/journal/documents`);
    await nurse.page.getByRole('link', { name: 'Rash on my arm' }).first().click();
    await nurse.check();
    equal(await nurse.page.getByAltText('Red spots on my left arm').count(), 1);
    await shot(nurse, `documents-nurse-${kind.name}`);
    await nurse.press('Take it into the record');
    ok((await text(nurse)).includes('In the record since'), 'taken in');
    await nurse.page.getByRole('link', { name: 'Comment on it' }).click();
    await nurse.check();
    await shot(nurse, `documents-comment-${kind.name}`);
    await nurse.press('Send');
    forget(nurse, 400);
    ok((await text(nurse)).includes('There is 1 thing to mend'), 'words are needed');
    await nurse.page.getByLabel('Your comment').fill('This looks like hives. Does it itch?');
    await nurse.press('Send');
    await nurse.check();
    ok((await text(nurse)).includes('wrote about this entry'), 'said on the entry');
    await nurse.page.goto(`${server.origin}${chart}/journal/documents`);
    await nurse.press('I have looked at these');
  });

  await test(`${kind.name}: the patient sees who has seen it, and answers the comment`, async () => {
    await patient.visit('/journal/documents');
    ok((await text(patient)).includes('with a comment'), 'in the list');
    await shot(patient, 'documents-list');
    await patient.page.getByRole('link', { name: 'Rash on my arm' }).first().click();
    await patient.check();
    ok((await text(patient)).includes('Seen by the care team'), 'seen');
    await shot(patient, 'documents-commented');
    await patient.page.getByRole('link', { name: /^Open the conversation/ }).first().click();
    await patient.check();
    ok((await text(patient)).includes('Does it itch?'), 'the comment');
    ok((await text(patient)).includes('Rash on my arm'), 'what it is about');
    await shot(patient, 'documents-conversation');
    await patient.page.getByLabel('Write an answer').fill('Yes, at night.');
    await patient.press('Send');
    await patient.press('Send now');
    await patient.page.getByText('Yes, at night.').first().waitFor();
  });

  await test(`${kind.name}: a document goes to the team as a message, a plot with its table too`, async () => {
    await patient.page.goto(`${server.origin}/journal/documents`);
    await patient.page.getByRole('link', { name: card }).first().click();
    await patient.press('Send this to my team');
    await patient.check();
    ok((await text(patient)).includes('card-front.png'), 'the files');
    for (const value of ['180', '182.5', '181']) {
      await patient.page.goto(`${server.origin}/journal/weight/new`);
      await patient.page.getByRole('textbox', { name: 'Weight' }).fill(value);
      await patient.press('Save');
    }
    await patient.page.goto(`${server.origin}/journal/weight`);
    await patient.press('Put them into a message');
    await patient.check();
    ok((await patient.page.getByRole('textbox', { name: 'Your message' }).inputValue()).includes('182.5 lb'), 'the table');
    ok((await text(patient)).includes('Plot of Body weight'), 'the plot');
    await shot(patient, 'documents-plot-message');
    const file = await patient.page.getByRole('link', { name: /^Plot of Body weight/ }).first().getAttribute('href');
    const plot = await (await patient.context.request.get(`${server.origin}${file}?show=yes`)).body();
    equal(plot.subarray(1, 4).toString(), 'PNG');
    if (process.env.SALVE_SCREENSHOTS) writeFileSync(join(process.env.SALVE_SCREENSHOTS, 'documents-plot.png'), plot);
    ok(!(await patient.page.getByRole('textbox', { name: 'Your message' }).inputValue()).includes('today'), 'days as in a calendar');
    await patient.press('Send message');
    await patient.press('Send now');
    await nurse.page.goto(`${server.origin}/inbox`);
    await nurse.page.getByRole('link', { name: 'My readings: Body weight' }).first().click();
    await nurse.check();
    ok(await nurse.page.getByAltText(/^Plot of Body weight/).first().isVisible(), 'the plot is seen without a press');
    await shot(nurse, `documents-plot-nurse-${kind.name}`);
  });

  await test(`${kind.name}: a daughter fills in a questionnaire in her own name, where it is shared`, async () => {
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
    await helper.page.goto(`${server.origin}/questionnaires`);
    forget(helper, 404);
    ok(!(await helper.page.content()).includes('AUDIT-C'), 'not yet');
    await patient.page.goto(`${server.origin}/journal/questionnaires/sharing`);
    await patient.page.getByRole('checkbox').nth(1).check({ force: true });
    await patient.press('Save');
    await helper.visit('/questionnaires/gad-7');
    ok((await text(helper)).includes('with your name'), 'said beforehand');
    await shot(helper, 'documents-daughter');
    for (const group of await helper.page.locator('main').getByRole('group').all()) await group.getByRole('radio').first().check({ force: true });
    await helper.press('Finish');
    ok((await text(helper)).includes('Thank you'), 'kept');
    await patient.visit('/journal/questionnaires');
    ok(/ for /.test(await text(patient)), 'in her name');
    await helper.page.goto(`${server.origin}/acting`);
    await patient.page.goto(`${server.origin}/sharing`);
    await patient.page.getByRole('button', { name: /^End it now/ }).first().click();
    await patient.page.waitForLoadState('load');
  });

  if (kind.name === 'desk') await test('documents come along in the download of everything', async () => {
    await patient.visit('/record/documents');
    await patient.page.goto(`${server.origin}/journal/documents?print=1`);
    await shot(patient, 'documents-print');
    const found = await (await patient.context.request.get(`${server.origin}/download/salve-record.json`)).text();
    ok(found.includes('Rash on my arm') && found.includes('"resourceType":"Binary"'), 'as FHIR');
  });

  await test(`${kind.name}: nothing was wrong on any of these pages`, async () => {
    nothingWrong(patient, helper, nurse);
  });
  for (const person of [patient, helper, nurse]) await person.close();
}
await chrome.close();
await server.stop();
finish();
