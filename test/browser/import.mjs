// SPDX-License-Identifier: Apache-2.0
// Files into the health log in a browser, with JavaScript (in pieces, with numbers, going on after a break) and without: a table with its
// columns, what cannot be read and mended, an export of Apple Health, taking an import back, in English and Spanish, by keyboard.
import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { browser, english, nothingWrong, Person, shot, text } from './lib.mjs';
import { equal, finish, folder, link, must, ok, salve, serve, test } from '../journeys/lib.mjs';

const place = folder();
const at = ['--data', join(place, 'data')];
const source = process.env.SALVE_SOURCE ?? new URL('../..', import.meta.url).pathname;
must(salve(...at, 'simulate', '--patients', '4', '--seed', '3'));
const server = await serve(at, ['--rate-factor', '1000']);
const chrome = await browser();
const kinds = [{ name: 'desk', width: 1280, javaScriptEnabled: true }, { name: 'phone', width: 320, javaScriptEnabled: true },
  { name: 'plain', width: 390, javaScriptEnabled: false }];
const table = (year) => `Date,Time,SYS (mmHg),DIA (mmHg),Notes\n${year}-03-01,08:15,128,82,after coffee\n${year}-03-02,8:20 pm,131,85,\n${year}-03-03,08:00,12x,80,=1+1\n`;

async function send(person, name, body) {
  await person.page.goto(`${server.origin}/imports`);
  await person.page.getByLabel('Choose a file').setInputFiles({ name, mimeType: 'text/csv', buffer: Buffer.from(body) });
  await Promise.all([person.page.waitForURL(/\/imports\/[0-9a-f-]{36}$/), person.page.getByRole('button', { name: 'Send the file' }).click()]);
  await person.page.waitForLoadState('load');
}

// The page says so itself with JavaScript; without it one looks again.
async function until(person, words) {
  for (let i = 0; i < 120; i += 1) {
    if ((await text(person)).includes(words)) return;
    await person.page.waitForTimeout(500);
    await person.page.reload();
  }
  throw new Error(`never: ${words}\n${await text(person)}`);
}

for (const kind of process.env.SALVE_KIND ? kinds.filter((k) => k.name === process.env.SALVE_KIND) : kinds) {
  const patient = await Person.at(chrome, server.origin, link(at, kind.name === 'desk' ? 'patient' : kind.name === 'phone' ? 'patient2' : 'patient3'), kind);
  await english(patient);
  const year = 2021;

  await test(`${kind.name}: from the health log to a file is one press`, async () => {
    await patient.visit('/journal');
    await patient.page.getByRole('link', { name: 'Bring in a file from a meter, an app or a phone' }).click();
    await patient.page.waitForLoadState('load');
    await patient.check();
    await shot(patient, 'import-choose');
  });

  await test(`${kind.name}: a table asks what its columns are, and shows what would be kept`, async () => {
    await send(patient, 'cuff.csv', table(year));
    ok((await text(patient)).includes('What are the columns?'), 'asked');
    equal(await patient.page.getByLabel('Upper number (systolic)').inputValue(), '2');
    await patient.check();
    await shot(patient, 'import-columns');
    await patient.press('Show me what would be kept');
    ok((await text(patient)).includes('2 entries would be kept.'), 'shown');
    ok((await text(patient)).includes('1 row or entry cannot be read.'), 'refused');
    await patient.check();
    await shot(patient, 'import-asking');
  });

  await test(`${kind.name}: what cannot be read comes back as a table with the reason`, async () => {
    const path = await patient.page.getByRole('link', { name: 'Get them as a table, with the reasons' }).getAttribute('href');
    const answer = await patient.context.request.get(`${server.origin}${path}`);
    const rows = (await answer.text()).replace(/^\ufeff/, '').split('\r\n');
    equal(rows[0], 'Line,Reason,Date,Time,SYS (mmHg),DIA (mmHg),Notes');
    ok(rows[1].startsWith('4,') && rows[1].endsWith("'=1+1"), rows[1]);
  });

  await test(`${kind.name}: it is kept when the person says so, with its source, and can be taken back`, async () => {
    await patient.press('Keep these entries');
    await until(patient, '2 entries were kept.');
    await patient.check();
    await shot(patient, 'import-kept');
    const report = patient.page.url();
    await patient.page.getByRole('link', { name: 'Blood pressure', exact: true }).first().click();
    await patient.page.waitForLoadState('load');
    await patient.page.goto(`${patient.page.url()}?span=all`);
    await patient.page.getByRole('link', { name: /(^|\s)2$/ }).last().click(); // they are years old: behind the newer ones
    await patient.page.waitForLoadState('load');
    ok((await text(patient)).includes('128/82 mmHg'), `in the log: ${await text(patient)}`);
    await patient.page.goto(report);
    await patient.page.getByText('Take the whole import back').click();
    await patient.press('Take it all back');
    await until(patient, 'Taken back');
    await patient.check();
  });

  await test(`${kind.name}: what was mended is loaded again`, async () => {
    await send(patient, 'mended.csv', `Line,Reason,Date,Time,SYS (mmHg),DIA (mmHg),Notes\n4,not a number,${year}-03-03,08:00,129,80,'=1+1\n`);
    await patient.press('Show me what would be kept');
    ok((await text(patient)).includes('1 entry would be kept.'), 'one');
    ok((await text(patient)).includes('=1+1'), 'the note as it was');
    await patient.press('Stop and delete the file here');
    equal(new URL(patient.page.url()).pathname, '/imports');
  });

  await test(`${kind.name}: an export of Apple Health is read, and says what was left aside`, async () => {
    const file = join(place, `export-${kind.name}.zip`);
    execFileSync(join(source, 'tools/make-health-export'), ['--mb', '6', '--zip', file]);
    await patient.page.goto(`${server.origin}/imports`);
    await patient.page.getByLabel('Choose a file').setInputFiles(file);
    await Promise.all([patient.page.waitForURL(/\/imports\/[0-9a-f-]{36}$/), patient.page.getByRole('button', { name: 'Send the file' }).click()]);
    await until(patient, 'Nothing is kept yet');
    await patient.check();
    await shot(patient, 'import-apple');
    ok((await text(patient)).includes('the health log has no place for it'), 'said');
    await patient.press('Keep these entries');
    await until(patient, 'entries were kept.');
    await patient.check();
  });

  await test(`${kind.name}: what is no such file is refused with a way out`, async () => {
    await send(patient, 'page.html', '<html><body></body></html>');
    await until(patient, 'It did not work');
    ok((await text(patient)).includes('no export of Apple Health'), 'why');
    await patient.check();
    await shot(patient, 'import-failed');
    await patient.press('Stop and delete the file here');
  });

  if (kind.javaScriptEnabled) {
    await test(`${kind.name}: a line that breaks is waited for; the same file goes on where it stopped`, async () => {
      const file = join(place, `long-${kind.name}.json`);
      writeFileSync(file, `{"resourceType":"Bundle","entry":[],"note":"${'x'.repeat(9 * 1024 * 1024)}"}`);
      let pieces = 0;
      await patient.page.route('**/pieces/*', (route) => { pieces += 1; return pieces === 2 ? route.abort() : route.continue(); });
      await patient.page.goto(`${server.origin}/imports`);
      await patient.page.getByLabel('Choose a file').setInputFiles(file);
      await patient.page.getByRole('button', { name: 'Send the file' }).click();
      await patient.page.getByText('No connection.').waitFor();
      await shot(patient, 'import-broken');
      await patient.page.goto(`${server.origin}/imports`);
      ok((await text(patient)).includes('The file is not whole yet'), 'told in the list');
      const places = [];
      await patient.page.unroute('**/pieces/*');
      await patient.page.route('**/pieces/*', (route) => { places.push(Number(route.request().url().split('/').pop())); return route.continue(); });
      await patient.page.getByLabel('Choose a file').setInputFiles(file);
      await Promise.all([patient.page.waitForURL(/\/imports\/[0-9a-f-]{36}$/), patient.page.getByRole('button', { name: 'Send the file' }).click()]);
      equal(places[0], 4 * 1024 * 1024);
      await until(patient, 'There is nothing new to keep in this file.');
      await patient.press('Stop and delete the file here');
      patient.wrong = patient.wrong.filter((line) => !line.includes('ERR_FAILED'));
    });
  }

  await test(`${kind.name}: by keyboard alone, in Spanish`, async () => {
    await patient.page.goto(`${server.origin}/imports`);
    await patient.press('Español');
    await patient.check();
    await shot(patient, 'import-spanish');
    await patient.page.getByLabel('Elija un archivo').setInputFiles({ name: 'peso.csv', mimeType: 'text/csv', buffer: Buffer.from('Fecha;Peso (kg)\n04/03/2021;81,5\n') });
    await patient.page.getByRole('button', { name: 'Enviar el archivo' }).focus();
    await Promise.all([patient.page.waitForURL(/\/imports\/[0-9a-f-]{36}$/), patient.page.keyboard.press('Enter')]);
    await patient.page.waitForLoadState('load');
    await patient.page.getByRole('button', { name: 'Mostrar qué se guardaría' }).focus();
    await Promise.all([patient.page.waitForNavigation(), patient.page.keyboard.press('Enter')]);
    ok((await text(patient)).includes('Se guardaría 1 anotación.'), 'shown');
    ok((await text(patient)).includes('81.5 kg'), 'read with a comma');
    await patient.check();
    await patient.page.getByRole('button', { name: 'Guardar estas anotaciones' }).focus();
    await Promise.all([patient.page.waitForNavigation(), patient.page.keyboard.press('Enter')]);
    await until(patient, 'Se guardó 1 anotación.');
    await patient.press('English');
  });

  await test(`${kind.name}: every page was right`, () => nothingWrong(patient));
  await patient.close();
}
await chrome.close();
await server.stop();
finish();
