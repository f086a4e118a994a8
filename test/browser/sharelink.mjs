// SPDX-License-Identifier: Apache-2.0
// A summary by link, in a browser: the patient makes a link with a passcode, another browser opens it, a wrong passcode and the right
// one, the patient sees when it was opened, ends it, and it opens nothing any more; links run out by the clock; programs of other
// sites read it too; without JavaScript the viewer says what to do.
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { browser, english, forget, nothingWrong, Person, shot } from './lib.mjs';
import { equal, finish, folder, link, must, ok, root, salve, serve, test, timeIs } from '../journeys/lib.mjs';

const { compactDecrypt } = createRequire(join(root, 'test/conformance/package.json'))('jose');
const at = ['--data', join(folder(), 'data')];
timeIs('2026-11-20 15:00:00');
must(salve(...at, 'simulate', '--patients', '4', '--seed', '3'));
let server = await serve(at, ['--rate-factor', '1000']);
const chrome = await browser();
const kinds = [{ name: 'desk', width: 1280, javaScriptEnabled: true }, { name: 'phone', width: 390, javaScriptEnabled: true },
  { name: 'plain', width: 320, javaScriptEnabled: false }];

const main = (person) => person.page.locator('main').innerText();

// Makes a link and gives back { link, passcode, payload }.
async function make(patient, label, { lasts = '1 day', guard = 'Make a passcode for me', own, parts } = {}) {
  await patient.page.goto(`${server.origin}/share-links/new`);
  if (parts) {
    await patient.page.getByLabel('Only these parts').check();
    for (const part of parts) await patient.page.getByLabel(part, { exact: true }).check();
  }
  await patient.page.getByLabel(lasts, { exact: true }).check();
  await patient.page.getByLabel(guard).check();
  if (own) await patient.page.getByLabel('Your own passcode').fill(own);
  await patient.page.getByLabel('Name of the link').fill(label);
  await patient.press('Make the link');
  await patient.check();
  const text = await patient.page.locator('#share-link').inputValue();
  const passcode = (await patient.page.locator('.value').count()) ? (await patient.page.locator('.value').innerText()).trim() : own;
  const payload = JSON.parse(Buffer.from(text.split('shlink:/')[1], 'base64url').toString());
  return { link: text, passcode, payload };
}

async function openWith(holder, who, passcode) {
  await holder.page.getByLabel('Who are you?').fill(who);
  if (passcode !== undefined) await holder.page.getByLabel('Passcode').fill(passcode);
  await holder.page.getByRole('button', { name: 'Open the summary' }).click();
}

for (const kind of kinds) {
  const patient = await Person.at(chrome, server.origin, link(at, 'patient'), kind);
  const holder = await Person.at(chrome, server.origin, null, kind);
  await english(patient);
  let made;

  await test(`${kind.name}: the patient makes a link and sees it once, with a code to scan and a passcode`, async () => {
    await patient.visit('/share-links');
    await shot(patient, `sharelink-none-${kind.name}`);
    await patient.visit('/share-links/new');
    await shot(patient, `sharelink-new-${kind.name}`);
    made = await make(patient, `for Dr. Lee ${kind.name}`);
    await shot(patient, `sharelink-made-${kind.name}`);
    ok(/^\d{6}$/.test(made.passcode), 'a passcode of six digits');
    ok(await patient.page.locator('svg.qr').count(), 'a code to scan');
    equal(made.payload.flag, 'P');
    equal(made.payload.v, 1);
    ok(made.payload.url.startsWith(`${server.origin}/shl/`) && made.payload.url.length <= 128, made.payload.url);
    await patient.visit('/share-links');
    const html = await patient.page.content();
    ok(!html.includes(made.payload.key) && !html.includes(made.passcode) && !html.includes(made.payload.url), 'never again');
    ok((await main(patient)).includes('Not opened yet.'), 'not opened yet');
  });

  if (!kind.javaScriptEnabled) {
    await test(`${kind.name}: without JavaScript the viewer says in words what to do`, async () => {
      await holder.page.goto(made.link);
      await holder.check();
      ok((await main(holder)).includes('Or open the link on another phone or computer.'), 'what to do');
      await shot(holder, `sharelink-viewer-${kind.name}`);
    });
  } else {
    await test(`${kind.name}: another browser asks for the passcode, refuses a wrong one, and shows the summary`, async () => {
      await holder.page.goto(made.link);
      await holder.page.getByLabel('Who are you?').waitFor();
      await holder.check();
      ok((await main(holder)).includes(`for Dr. Lee ${kind.name}`), 'the name of the link');
      await shot(holder, `sharelink-ask-${kind.name}`);
      await openWith(holder, 'Dr. Lee', '000000' === made.passcode ? '000001' : '000000');
      await holder.page.getByText('Tries left: 4').waitFor();
      forget(holder, 401);
      await holder.check();
      await openWith(holder, 'Dr. Lee', made.passcode);
      await holder.page.getByRole('heading', { name: 'Medicines' }).waitFor();
      await holder.check();
      forget(holder, 401);
      await shot(holder, `sharelink-summary-${kind.name}`);
      const text = await main(holder);
      ok(text.includes('Allergies') && text.includes('Health problems') && text.includes('Born'), 'sections and person');
    });

    await test(`${kind.name}: the patient sees when it was opened and by whom, and finds it in the trail`, async () => {
      await patient.visit('/share-links');
      ok(/Opened 1 time/.test(await main(patient)) && (await main(patient)).includes('Dr. Lee'), 'the opening');
      await shot(patient, `sharelink-list-${kind.name}`);
      let trail = '';
      for (let tries = 0; tries < 40 && !trail.includes('Somebody with a link that you made opened your health summary'); tries++) {
        await new Promise((resolve) => setTimeout(resolve, 100));
        await patient.page.goto(`${server.origin}/looked`);
        trail = await main(patient);
      }
      ok(trail.includes('Somebody with a link that you made opened your health summary'), trail.slice(0, 400));
      ok(trail.includes('was refused to see your health summary'), 'the wrong passcode too');
      await patient.check();
      await shot(patient, `sharelink-looked-${kind.name}`);
    });
  }

  await test(`${kind.name}: ended by the patient, it opens nothing any more, and says so kindly`, async () => {
    await patient.visit('/share-links');
    await patient.press(`End it now: for Dr. Lee ${kind.name}`);
    await patient.check();
    ok((await main(patient)).includes('You ended it on'), 'the list says so');
    if (kind.javaScriptEnabled) {
      await holder.page.goto('about:blank');
      await holder.page.goto(made.link);
      await openWith(holder, 'Dr. Lee', made.passcode);
      await holder.page.getByText('This link does not work any more.').waitFor();
      forget(holder, 404);
      await holder.check();
      await shot(holder, `sharelink-over-${kind.name}`);
    }
    const answer = await fetch(made.payload.url, { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify({ recipient: 'x', passcode: made.passcode }) });
    equal(answer.status, 404);
  });

  await test(`${kind.name}: a form with nothing chosen is refused with words`, async () => {
    await patient.page.goto(`${server.origin}/share-links/new`);
    await patient.page.getByLabel('Only these parts').check();
    await patient.page.getByLabel('I choose my own passcode').check();
    await patient.press('Make the link');
    forget(patient, 400);
    ok((await main(patient)).includes('Choose at least one part.') && (await main(patient)).includes('Write your passcode.'), 'both');
    await shot(patient, `sharelink-error-${kind.name}`);
  });

  await test(`${kind.name}: nothing is wrong on any page`, async () => nothingWrong(patient, holder));
  await patient.close();
  await holder.close();
}

const patient = await Person.at(chrome, server.origin, link(at, 'patient'));
await english(patient);
const manifest = (made, body) => fetch(made.payload.url, { method: 'POST', headers: { 'Content-Type': 'application/json', Origin: 'https://viewer.example' }, body: JSON.stringify(body) });
const unlocked = async (jwe, made) => {
  const { plaintext, protectedHeader } = await compactDecrypt(jwe, Buffer.from(made.payload.key, 'base64url'));
  equal(`${protectedHeader.alg} ${protectedHeader.enc} ${protectedHeader.cty}`, 'dir A256GCM application/fhir+json');
  return JSON.parse(new TextDecoder().decode(plaintext));
};

await test('a program of another site may ask, gets the file inside, and another library unlocks it', async () => {
  const made = await make(patient, 'for programs', { guard: 'I choose my own passcode', own: 'silver birch' });
  const asked = await fetch(made.payload.url, { method: 'OPTIONS', headers: { Origin: 'https://viewer.example', 'Access-Control-Request-Method': 'POST', 'Access-Control-Request-Headers': 'content-type' } });
  equal(asked.status, 204);
  equal(asked.headers.get('access-control-allow-origin'), '*');
  ok(asked.headers.get('access-control-allow-headers').toLowerCase().includes('content-type'), 'the header of JSON');
  const wrong = await manifest(made, { recipient: 'viewer', passcode: 'golden oak' });
  equal(wrong.status, 401);
  equal((await wrong.json()).remainingAttempts, 4);
  equal(wrong.headers.get('access-control-allow-origin'), '*');
  const answer = await manifest(made, { recipient: 'viewer', passcode: 'silver birch' });
  equal(answer.status, 200);
  const file = (await answer.json()).files[0];
  equal(file.contentType, 'application/fhir+json');
  const bundle = await unlocked(file.embedded, made);
  equal(`${bundle.resourceType} ${bundle.type}`, 'Bundle document');
  const apart = (await (await manifest(made, { recipient: 'viewer', passcode: 'silver birch', embeddedLengthMax: 100 })).json()).files[0];
  ok(!apart.embedded && apart.location.startsWith(made.payload.url), 'too long to be inside');
  const fetched = await fetch(apart.location);
  equal(fetched.headers.get('content-type'), 'application/jose');
  equal((await unlocked(await fetched.text(), made)).id, bundle.id);
});

await test('a link without passcode gives the file directly, and only the parts that were chosen', async () => {
  const made = await make(patient, 'vaccines', { guard: 'No passcode', parts: ['Vaccines'], lasts: '1 hour' });
  equal(made.payload.flag, 'U');
  equal((await fetch(made.payload.url)).status, 400, 'who does not say who they are');
  const answer = await fetch(`${made.payload.url}?recipient=School`);
  equal(answer.headers.get('content-type'), 'application/jose');
  const bundle = await unlocked(await answer.text(), made);
  const kinds_ = new Set(bundle.entry.map((entry) => entry.resource.resourceType));
  ok(kinds_.has('Immunization') && !kinds_.has('Observation') && !kinds_.has('Procedure'), [...kinds_].join(' '));
});

await test('a link runs out by the clock', async () => {
  const made = await make(patient, 'for an hour', { guard: 'No passcode', lasts: '1 hour' });
  await patient.close();
  await server.stop();
  const port = new URL(server.origin).port;
  timeIs('2026-11-20 16:30:00');
  server = await serve(at, ['--rate-factor', '1000', '--port', port]);
  equal((await fetch(`${made.payload.url}?recipient=School`)).status, 404);
  const later = await Person.at(chrome, server.origin, link(at, 'patient'));
  await later.visit('/share-links');
  ok((await main(later)).includes('Ran out on'), 'the list says so');
  nothingWrong(later);
  await later.close();
});

await chrome.close();
await server.stop();
finish();
