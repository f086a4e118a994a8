// SPDX-License-Identifier: Apache-2.0
// The Blue Button in a browser: parts and days are chosen and counted, each form is taken, the ZIP is prepared, fetched in pieces
// after the line broke, and read without a connection; a long record is prepared first; the nurse takes one for a patient and the
// patient sees that. On a phone, at a desk, and without JavaScript.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { browser, english, nothingWrong, Person, shot } from './lib.mjs';
import { Client, equal, finish, folder, link, must, ok, salve, serve, test } from '../journeys/lib.mjs';

const home = folder();
const at = ['--data', join(home, 'data')];
must(salve(...at, 'simulate', '--patients', '6', '--seed', '5'));
const server = await serve(at, ['--rate-factor', '1000']);
const chrome = await browser();
const kinds = [{ name: 'desk', width: 1280, javaScriptEnabled: true }, { name: 'phone', width: 390, javaScriptEnabled: true },
  { name: 'plain', width: 320, javaScriptEnabled: false }];

const main = (person) => person.page.locator('main').innerText();
const number = (text) => Number(text.replace(/[^0-9]/g, ''));
const sha256 = (bytes) => createHash('sha256').update(bytes).digest('hex');
const bytesOf = async (person, path, headers = {}) => {
  const answer = await person.context.request.get(new URL(path, server.origin).href, { headers });
  return { status: answer.status(), headers: answer.headers(), body: await answer.body() };
};

// The page of a prepared download until it is ready; without JavaScript somebody presses "Look again".
async function untilReady(person) {
  for (let tries = 0; tries < 300 && !(await person.page.getByRole('link', { name: 'Save the file' }).count()); tries++) {
    if (!person.javaScript) await person.page.getByRole('link', { name: 'Look again' }).click();
    await person.page.waitForTimeout(100);
  }
  ok(await person.page.getByRole('link', { name: 'Save the file' }).count(), `never ready: ${await main(person)}`);
  await person.check();
}

// A file in two pieces, as a browser goes on after the line broke.
async function inPieces(person, path) {
  const whole = await bytesOf(person, path);
  equal(whole.status, 200);
  equal(Number(whole.headers['content-length']), whole.body.length, 'the length that was said');
  const half = Math.floor(whole.body.length / 2);
  const first = await bytesOf(person, path, { Range: `bytes=0-${half - 1}` });
  const rest = await bytesOf(person, path, { Range: `bytes=${half}-`, 'If-Range': whole.headers.etag });
  equal(first.status, 206);
  equal(rest.status, 206);
  equal(rest.headers['content-range'], `bytes ${half}-${whole.body.length - 1}/${whole.body.length}`);
  ok(Buffer.concat([first.body, rest.body]).equals(whole.body), 'the pieces are the whole');
  equal((await bytesOf(person, path, { Range: `bytes=${half}-`, 'If-Range': '"another"' })).status, 200, 'another file is sent whole');
  return whole.body;
}

for (const kind of kinds) {
  const patient = await Person.at(chrome, server.origin, link(at, 'patient'), kind);
  await english(patient);

  await test(`${kind.name}: parts and days are chosen, counted, and the text has just these`, async () => {
    await patient.visit('/download');
    await shot(patient, `bluebutton-${kind.name}`);
    const all = number(/has ([\d,]+) entries/.exec(await main(patient))[1]);
    for (const box of await patient.page.locator('input[name=part]').all()) await box.uncheck();
    await patient.page.locator('input[name=part][value=medicines]').check();
    await patient.page.getByLabel('Without messages').check();
    await patient.press('Show what that is');
    await patient.check();
    await shot(patient, `bluebutton-chosen-${kind.name}`);
    const [, some, of] = /([\d,]+) entr(?:y|ies) of ([\d,]+)/.exec(await main(patient));
    equal(number(of), all, 'entries of the whole');
    ok(number(some) > 0 && number(some) < all, `${some} of ${of}`);
    const text = (await bytesOf(patient, await patient.page.getByRole('link', { name: 'Download: Plain text' }).getAttribute('href'))).body.toString();
    ok(/medicines/i.test(text), 'the part that was chosen');
    ok(/not asked for/i.test(text), 'what was left out, and why');
    const days = `${await patient.page.evaluate(() => location.search).catch(() => '')}`;
    ok(kind.javaScriptEnabled ? days.includes('part=medicines') : true, 'the choice stands in the address');
  });

  await test(`${kind.name}: a day that is none is refused with words`, async () => {
    await patient.page.goto(`${server.origin}/download?from.month=13&from.day=40&from.year=2020`);
    await patient.check();
    ok((await main(patient)).includes('Give days such as 12 24 2026, or leave them empty.'), 'what to do');
    await shot(patient, `bluebutton-wrong-${kind.name}`);
    patient.wrong = patient.wrong.filter((line) => !line.includes('status of 400'));
  });

  await test(`${kind.name}: the ZIP is prepared, told when it is ready, and fetched in pieces`, async () => {
    await patient.visit('/download');
    await patient.press('Prepare it for later');
    await patient.check();
    await shot(patient, `bluebutton-waits-${kind.name}`);
    await untilReady(patient);
    await shot(patient, `bluebutton-ready-${kind.name}`);
    const zip = await inPieces(patient, await patient.page.getByRole('link', { name: 'Save the file' }).getAttribute('href'));
    equal(sha256(zip), (await patient.page.locator('main code').innerText()).trim(), 'the check sum on the page');
    const place = join(home, `zip-${kind.name}`);
    mkdirSync(place);
    writeFileSync(join(place, 'all.zip'), zip);
    equal(spawnSync('python3', ['-m', 'zipfile', '-e', join(place, 'all.zip'), place]).status, 0, 'another program unpacks it');
    const page = readdirSync(place).find((name) => name === 'index.html');
    ok(page, `no index.html among ${readdirSync(place).join(' ')}`);
    const reader = new Person();
    Object.assign(reader, { origin: '', wrong: [], javaScript: true, page: await patient.context.browser().newPage({ viewport: { width: kind.width, height: 900 } }) });
    await reader.page.goto(pathToFileURL(join(place, page)).href);
    await shot(reader, `bluebutton-offline-${kind.name}`);
    const broken = await reader.page.evaluate(() => [...document.querySelectorAll('a[href]')].map((a) => a.href)).then((all) => all.filter((href) => !href.startsWith('file:')));
    equal(broken.join(' '), '', 'links that lead out of the ZIP');
    await reader.page.close();
  });

  await test(`${kind.name}: a prepared file is deleted, and is gone`, async () => {
    const path = await patient.page.getByRole('link', { name: 'Save the file' }).getAttribute('href');
    await patient.press('Delete it here');
    await patient.check();
    equal((await bytesOf(patient, path)).status, 404);
  });

  await test(`${kind.name}: nothing is wrong on any page`, async () => {
    nothingWrong(patient);
    await patient.close();
  });
}

await test('every form is taken with one press, and is what it says', async () => {
  const patient = await Person.at(chrome, server.origin, link(at, 'patient'));
  await patient.visit('/download');
  const begins = { 'salve-record.pdf': '%PDF-', 'salve-record.txt': '', 'salve-everything.zip': 'PK', 'salve-record.json': '{"resourceType":"Bundle"',
    'salve-record.ndjson': '{', 'salve-summary.json': '{"resourceType":"Bundle"', 'ccd.xml': '<?xml', 'salve-tables.zip': 'PK' };
  for (const [file, first] of Object.entries(begins)) {
    const [download] = await Promise.all([patient.page.waitForEvent('download'), patient.page.locator(`main a[href^="/download/${file}"]`).click()]);
    equal(download.suggestedFilename(), file);
    await download.saveAs(join(home, file));
    const bytes = (await bytesOf(patient, `/download/${file}`)).body;
    ok(bytes.length > 500 && bytes.subarray(0, first.length).toString() === first, `${file}: ${bytes.subarray(0, 30)}`);
  }
  nothingWrong(patient);
  await patient.close();
});

await test('a nurse takes the record of a patient, and the patient sees that', async () => {
  const nurse = await Person.at(chrome, server.origin, link(at, 'nurse'));
  await nurse.visit('/patients');
  const record = await nurse.page.locator('main a[href$="/record"]').first().getAttribute('href');
  await nurse.visit(record.replace(/record$/, 'download'));
  await shot(nurse, 'bluebutton-nurse');
  ok(!(await main(nurse)).includes('Prepare'), 'the team takes what is there at once');
  const pdf = await bytesOf(nurse, await nurse.page.getByRole('link', { name: 'Download: PDF' }).getAttribute('href'));
  equal(pdf.body.subarray(0, 5).toString(), '%PDF-');
  const patient = await Person.at(chrome, server.origin, link(at, 'patient'));
  const mine = JSON.parse((await bytesOf(patient, '/fhir/Patient', { Accept: 'application/fhir+json' })).body).entry[0].resource.id;
  if (record.includes(mine)) {
    await patient.visit('/looked');
    ok(/downloaded/i.test(await main(patient)), 'the trail tells it');
  }
  nothingWrong(nurse, patient);
  await nurse.close();
  await patient.close();
});

await test('a long record is prepared before it is fetched', async () => {
  const token = must(salve(...at, 'token', 'make', '--login', 'nurse', '--scope', 'user/*.cruds')).out.trim();
  const program = new Client(server.origin);
  const headers = { Authorization: `Bearer ${token}`, 'Content-Type': 'application/fhir+json', Accept: 'application/fhir+json' };
  const patient = await Person.at(chrome, server.origin, link(at, 'patient'), { width: 390 });
  const own = JSON.parse((await bytesOf(patient, '/fhir/Patient', { Accept: 'application/fhir+json' })).body).entry[0].resource.id;
  for (let part = 0; part < 20; part++) {
    const entry = Array.from({ length: 550 }, (_, n) => ({ request: { method: 'POST', url: 'Observation' }, resource: { resourceType: 'Observation', status: 'final',
      code: { coding: [{ system: 'http://loinc.org', code: '8867-4', display: 'Heart rate' }] }, subject: { reference: `Patient/${own}` },
      effectiveDateTime: new Date(Date.UTC(2020, 0, 1) + (part * 550 + n) * 3600e3).toISOString(), valueQuantity: { value: 60 + (n % 30), unit: '/min', system: 'http://unitsofmeasure.org', code: '/min' } } }));
    const answer = await program.ask('POST', '/fhir', { headers, body: JSON.stringify({ resourceType: 'Bundle', type: 'transaction', entry }) });
    equal(answer.status, 200, answer.text.slice(0, 300));
  }
  await english(patient);
  await patient.visit('/download');
  await shot(patient, 'bluebutton-long');
  ok((await main(patient)).includes('Your record is long.'), 'why it is not there at once');
  equal(await patient.page.getByRole('link', { name: 'Download: PDF' }).count(), 0, 'ways to wait at an open line');
  equal(await patient.page.getByRole('button', { name: 'Prepare: PDF', exact: true }).count(), 0, 'more entries than one PDF takes');
  await patient.press('Prepare: PDF files in a ZIP');
  await untilReady(patient);
  await shot(patient, 'bluebutton-long-ready');
  const zip = await inPieces(patient, await patient.page.getByRole('link', { name: 'Save the file' }).getAttribute('href'));
  equal(zip.subarray(0, 2).toString(), 'PK');
  const names = zip.toString('latin1').match(/\d\d-[a-z0-9-]+\.pdf/g);
  ok(names.includes('00-read-first.pdf') && names.some((name) => name.endsWith('-2.pdf')), `the files of a long record: ${names}`);
  nothingWrong(patient);
  await patient.close();
});

await chrome.close();
await server.stop();
finish();
