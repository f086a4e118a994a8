// SPDX-License-Identifier: Apache-2.0
// The patient's mailbox in a browser, with JavaScript and without, on a desk and on a phone: axe and the validator look at
// every page.
import { writeFileSync } from 'node:fs';
import { deflateSync } from 'node:zlib';
import { join } from 'node:path';
import { browser, Person, shot } from './lib.mjs';
import { equal, finish, folder, link, must, ok, salve, serve, test } from '../journeys/lib.mjs';

const place = folder();
const at = ['--data', join(place, 'data')];
must(salve(...at, 'simulate', '--patients', '4', '--seed', '3'));
const server = await serve(at);
const chrome = await browser();
const kinds = [{ name: 'desk', width: 1280, javaScriptEnabled: true }, { name: 'phone', width: 320, javaScriptEnabled: true },
  { name: 'plain', width: 390, javaScriptEnabled: false }];

// A true picture of one colour, so that browsers draw it.
function png(width, height) {
  const table = Array.from({ length: 256 }, (_, n) => { let c = n; for (let k = 0; k < 8; k++) c = c & 1 ? 0xedb88320 ^ (c >>> 1) : c >>> 1; return c >>> 0; });
  const crc = (bytes) => { let c = 0xffffffff; for (const b of bytes) c = table[(c ^ b) & 255] ^ (c >>> 8); return (c ^ 0xffffffff) >>> 0; };
  const piece = (kind, body) => {
    const all = Buffer.concat([Buffer.from(kind), body]), head = Buffer.alloc(4), tail = Buffer.alloc(4);
    head.writeUInt32BE(body.length);
    tail.writeUInt32BE(crc(all));
    return Buffer.concat([head, all, tail]);
  };
  const head = Buffer.alloc(13);
  head.writeUInt32BE(width, 0);
  head.writeUInt32BE(height, 4);
  head.set([8, 2, 0, 0, 0], 8);
  const rows = Buffer.alloc(height * (1 + 3 * width), 120);
  for (let y = 0; y < height; y++) rows[y * (1 + 3 * width)] = 0;
  return Buffer.concat([Buffer.from('89504e470d0a1a0a', 'hex'), piece('IHDR', head), piece('IDAT', deflateSync(rows)), piece('IEND', Buffer.alloc(0))]);
}

// One page, 200 by 200, all red.
function redPdf() {
  const content = '1 0 0 rg 0 0 200 200 re f';
  const objects = ['<</Type/Catalog/Pages 2 0 R>>', '<</Type/Pages/Kids[3 0 R]/Count 1>>',
    '<</Type/Page/Parent 2 0 R/MediaBox[0 0 200 200]/Contents 4 0 R>>', `<</Length ${content.length}>>stream\n${content}\nendstream`];
  const at = [];
  let out = '%PDF-1.4\n';
  objects.forEach((object, i) => { at.push(out.length); out += `${i + 1} 0 obj${object}endobj\n`; });
  const table = at.map((n) => `${String(n).padStart(10, '0')} 00000 n \n`).join('');
  return Buffer.from(`${out}xref\n0 5\n0000000000 65535 f \n${table}trailer<</Size 5/Root 1 0 R>>\nstartxref\n${out.length}\n%%EOF`);
}

// What part of a screenshot is red.
async function redness(page) {
  const picture = (await page.screenshot()).toString('base64');
  const blank = await page.context().newPage();
  const part = await blank.evaluate(async (source) => {
    const image = await createImageBitmap(await (await fetch(`data:image/png;base64,${source}`)).blob());
    const canvas = new OffscreenCanvas(image.width, image.height), pen = canvas.getContext('2d');
    pen.drawImage(image, 0, 0);
    const { data } = pen.getImageData(0, 0, image.width, image.height);
    let red = 0;
    for (let i = 0; i < data.length; i += 4) red += data[i] > 200 && data[i + 1] < 80 && data[i + 2] < 80;
    return red / (data.length / 4);
  }, picture);
  await blank.close();
  return part;
}

for (const kind of kinds) {
  const patient = await Person.at(chrome, server.origin, link(at, 'patient'), kind);
  const { page } = patient;

  await test(`${kind.name}: a picture is attached, removed, attached again and sent; the nurse looks at it`, async () => {
    writeFileSync(join(place, 'rash.png'), png(200, 100));
    writeFileSync(join(place, 'tool.exe'), Buffer.from([77, 90, 144, 0, 3]));
    await patient.visit('/messages/new');
    await page.getByLabel('General').check();
    await page.getByLabel('Your message').fill(`My rash, from the ${kind.name}.`);
    await page.getByLabel('Choose files').setInputFiles(join(place, 'tool.exe'));
    await patient.press('Attach');
    patient.wrong = patient.wrong.filter((line) => !line.includes('status of 400')); // the console's word for a form with errors
    ok((await page.content()).includes('tool.exe: Files of this kind are not taken.'), 'refused with its name');
    await page.getByLabel('Choose files').setInputFiles(join(place, 'rash.png'));
    await patient.press('Attach');
    await patient.check();
    await shot(patient, `files-form-${kind.name}`);
    equal(await page.getByLabel('Your message').inputValue(), `My rash, from the ${kind.name}.`, 'the text');
    await page.getByRole('button', { name: 'Remove rash.png' }).click();
    await page.waitForLoadState('load');
    equal(await page.getByRole('button', { name: 'Remove rash.png' }).count(), 0, 'removed');
    await page.getByLabel('Choose files').setInputFiles(join(place, 'rash.png'));
    await patient.press('Send message');
    await patient.check();
    await shot(patient, `sending-${kind.name}`);
    await patient.press('Undo');
    equal(await page.getByLabel('Your message').inputValue(), `My rash, from the ${kind.name}.`, 'taken back');
    await patient.press('Send message');
    await patient.press('Send now');
    await patient.check();
    ok(await page.getByAltText('rash.png').isVisible(), 'a small picture is seen without a press');
    if (patient.javaScript) {
      await page.waitForFunction(() => document.querySelector('.file-picture')?.naturalWidth === 200);
      await patient.check();
    }
    await shot(patient, `files-thread-${kind.name}`);
    const nurse = await Person.at(chrome, server.origin, link(at, 'nurse'), kind);
    await nurse.visit(new URL(page.url()).pathname.replace('/messages/', '/inbox/'));
    ok((await nurse.page.content()).includes('rash.png'), 'the nurse sees it');
    await shot(nurse, `files-desk-${kind.name}`);
    equal(nurse.wrong.join('\n'), '', 'what is wrong for the nurse');
    await nurse.close();
  });

  await test(`${kind.name}: an answer leaves by itself; messages are switched off and on`, async () => {
    await page.getByLabel('Write an answer').fill(`And another thing, from the ${kind.name}.`);
    await patient.press('Send');
    await patient.check();
    ok((await page.content()).includes('Sending in'), 'it waits');
    if (patient.javaScript) await page.getByText('Your message was sent.').waitFor({ timeout: 20000 });
    else for (let i = 0; i < 20 && (await page.content()).includes('Sending'); i++) { await page.waitForTimeout(1000); await page.reload(); }
    await page.getByRole('link', { name: 'Open the conversation' }).click();
    await page.waitForLoadState('load');
    ok((await page.content()).includes(`And another thing, from the ${kind.name}.`), 'it is there');
    await patient.visit('/messages/terms');
    await shot(patient, `terms-${kind.name}`);
    await patient.press('Switch messages off');
    await patient.visit('/messages');
    ok((await page.content()).includes('Messages are switched off'), 'off');
    await shot(patient, `messages-off-${kind.name}`);
    await patient.visit('/messages/terms');
    await patient.press('I accept these terms');
    await patient.check();
  });

  await test(`${kind.name}: a folder is made, a conversation is filed in it, deleted, found by a search and brought back`, async () => {
    await patient.visit('/messages/folders');
    await page.getByLabel('Name', { exact: true }).fill(`Skin ${kind.name}`);
    await patient.press('Make the folder');
    await patient.check();
    await shot(patient, `folders-${kind.name}`);
    await patient.visit('/messages/search');
    await page.getByLabel('Words in subject or text').fill(`rash ${kind.name}`);
    await page.getByLabel('Only with files').check();
    await patient.press('Search');
    await patient.check();
    await shot(patient, `search-${kind.name}`);
    equal(await page.locator('ul.rows li').count(), 1, 'found');
    await page.locator('ul.rows li a').click();
    await page.waitForLoadState('load');
    for (const [to, place] of [[`Skin ${kind.name}`, null], ['Deleted', '/messages?folder=deleted'], ['Inbox', '/messages']]) {
      const thread = page.url();
      await page.getByLabel('Move this conversation to').selectOption({ label: to });
      await patient.press('Move');
      if (!place) continue;
      await patient.visit(place);
      ok((await page.content()).includes(new URL(thread).pathname), `in ${to}`);
      await page.goto(thread);
    }
    for (const folder of ['inbox', 'sent', 'drafts', 'deleted']) await patient.visit(`/messages?folder=${folder}`);
    await shot(patient, `deleted-${kind.name}`);
    await patient.visit('/messages');
    await shot(patient, `inbox-${kind.name}`);
    await patient.visit('/record/labs');
    await page.locator('main a[href^="/record/labs/"]').first().click();
    await page.waitForLoadState('load');
    await page.getByRole('link', { name: 'Ask my team about this' }).first().click();
    await page.waitForLoadState('load');
    await patient.check();
    ok((await page.getByLabel('Subject').inputValue()).startsWith('About: '), 'the subject proposed');
    ok(await page.getByLabel('Test result').isChecked(), 'the kind proposed');
    ok(await page.locator('#field-about').isChecked(), 'what it is about');
    await shot(patient, `about-form-${kind.name}`);
    await page.getByLabel('Your message').fill(`Is this result good? From the ${kind.name}.`);
    await patient.press('Save draft');
    ok(await page.locator('#field-about').isChecked(), 'the draft keeps it');
    await patient.visit(`/messages/teams?draft=${new URL(page.url()).searchParams.get('draft')}`);
    await shot(patient, `teams-${kind.name}`);
    await page.getByLabel('First in the list').first().check();
    await patient.press('Save');
    equal(await page.getByLabel('Your message').inputValue(), `Is this result good? From the ${kind.name}.`, 'nothing typed is lost');
    await patient.press('Send message');
    await patient.press('Send now');
    await patient.check();
    await shot(patient, `about-thread-${kind.name}`);
    const thread = new URL(page.url()).pathname;
    await page.locator('.about a').click();
    await page.waitForLoadState('load');
    ok(new URL(page.url()).pathname.startsWith('/record/labs/'), 'the link leads to the result');
    const reader = await Person.at(chrome, server.origin, link(at, 'nurse'), kind);
    await reader.visit(thread.replace('/messages/', '/inbox/'));
    await shot(reader, `about-desk-${kind.name}`);
    await reader.page.locator('.about a').click();
    await reader.page.waitForLoadState('load');
    ok(/^\/patients\/.*\/record\/labs\//.test(new URL(reader.page.url()).pathname), 'and the team to theirs');
    equal(reader.wrong.join('\n'), '', 'what is wrong for the nurse');
    await reader.close();
    await patient.visit('/account/signature');
    await page.getByLabel('Name').fill('Omar Davis');
    await patient.press('Save');
    await patient.check();
  });

  await test(`${kind.name}: words of emergency stop for a question, and the message goes on as urgent`, async () => {
    await patient.visit('/messages/new');
    await page.getByLabel('General').check();
    await page.getByLabel('Your message').fill(`I have chest pain, on the ${kind.name}.`);
    await patient.press('Send message');
    ok((await page.content()).includes('Is this an emergency?'), 'the question');
    if (patient.javaScript) await patient.check();
    await shot(patient, `crisis-${kind.name}`);
    await patient.press('Send anyway, marked urgent');
    await patient.press('Send now');
    const nurse = await Person.at(chrome, server.origin, link(at, 'nurse'), kind);
    await nurse.visit(new URL(page.url()).pathname.replace('/messages/', '/inbox/'));
    ok((await nurse.page.content()).includes('found these words in what the patient wrote: chest pain.'), 'the reason for the team');
    await shot(nurse, `crisis-desk-${kind.name}`);
    equal(nurse.wrong.join('\n'), '', 'what is wrong for the nurse');
    await nurse.close();
    const office = await Person.at(chrome, server.origin, link(at, 'administrator'), kind);
    await office.visit('/admin/words');
    equal(office.wrong.join('\n'), '', 'what is wrong for the office');
    await office.close();
  });

  if (kind.javaScriptEnabled) await test(`${kind.name}: a PDF opens in the browser's viewer, in a sandbox`, async () => {
    writeFileSync(join(place, 'letter.pdf'), redPdf());
    await patient.visit('/messages/new');
    await page.getByLabel('General').check();
    await page.getByLabel('Your message').fill(`My letter, from the ${kind.name}.`);
    await page.getByLabel('Choose files').setInputFiles(join(place, 'letter.pdf'));
    await patient.press('Send message');
    await patient.press('Send now');
    const path = await page.locator('a[href*="/messages/files/"][href*="show"]').first().getAttribute('href');
    const viewer = await patient.context.newPage();
    const headers = (await patient.context.request.get(new URL(path, server.origin).href)).headers();
    await viewer.goto(new URL(path, server.origin).href);
    ok(headers['content-security-policy'].startsWith("sandbox; default-src 'none'"), headers['content-security-policy']);
    equal(headers['x-content-type-options'], 'nosniff', 'the type is not guessed');
    ok(headers['content-disposition'].startsWith('inline; filename="letter.pdf"'), headers['content-disposition']);
    let part = 0;
    for (let i = 0; i < 20 && part < 0.05; i++) { await viewer.waitForTimeout(500); part = await redness(viewer); }
    ok(part >= 0.05, `the page is drawn: ${part} of it is red`);
    await viewer.close();
  });

  equal(patient.wrong.join('\n'), '', `what is wrong on the ${kind.name}`);
  await patient.close();
}

await chrome.close();
await server.stop();
finish();
