// SPDX-License-Identifier: Apache-2.0
// Files with messages and a real virus scanner: clamd with a signature database of one line, on a socket of our own.  Clean
// files pass, the EICAR test string is refused and not kept, and while the scanner is away files are held and not lost.
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, writeFileSync } from 'node:fs';
import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { Client, equal, field, finish, folder, link, must, ok, salve, serve, test } from './lib.mjs';

const place = folder();
const at = ['--data', join(place, 'data')];
const socket = join(place, 'clamd.ctl');
// In two pieces, so that no scanner of the machine itself takes this file for one.
const eicar = 'X5O!P%@AP[4\\PZX54(P^)7CC)7}$' + 'EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*';
const png = Buffer.concat([Buffer.from('89504e470d0a1a0a0000000d49484452', 'hex'), Buffer.alloc(500000, 7)]);
const user = spawnSync('id', ['-un'], { encoding: 'utf8' }).stdout.trim();

async function until(what, done, ms = 60000) {
  const end = Date.now() + ms;
  while (!(await done())) {
    if (Date.now() > end) throw new Error(`not within ${ms} ms: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
}

let scanner;
async function startScanner() {
  const text = `LocalSocket ${socket}\nDatabaseDirectory ${place}\nTemporaryDirectory ${place}\nForeground yes\nUser ${user}\n`
    + 'FixStaleSocket yes\nAlertExceedsMax yes\nAlertEncrypted yes\nStreamMaxLength 30M\nConcurrentDatabaseReload no\n';
  const md5 = createHash('md5').update(eicar).digest('hex');
  writeFileSync(join(place, 'test.hdb'), `${md5}:${eicar.length}:Eicar-Test-Signature\n`);
  writeFileSync(join(place, 'clamd.conf'), text);
  scanner = spawn('clamd', ['--config-file', join(place, 'clamd.conf')], { stdio: 'ignore' });
  process.on('exit', () => scanner.kill('SIGKILL'));
  await until('clamd answers', () => existsSync(socket) && salve(...at, 'scanner').code === 0);
}
const stopScanner = () => new Promise((resolve) => { scanner.on('exit', resolve); scanner.kill('SIGTERM'); });

// A form with files, as a browser sends it.
function upload(client, path, fields, files = []) {
  const pieces = [];
  for (const [name, value] of Object.entries(fields))
    pieces.push(Buffer.from(`--XyZ\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`));
  for (const [name, bytes] of files)
    pieces.push(Buffer.from(`--XyZ\r\nContent-Disposition: form-data; name="file"; filename="${name}"\r\n`
      + 'Content-Type: application/octet-stream\r\n\r\n'), Buffer.from(bytes), Buffer.from('\r\n'));
  pieces.push(Buffer.from('--XyZ--\r\n'));
  return client.ask('POST', path, { body: Buffer.concat(pieces),
    headers: { 'Content-Type': 'multipart/form-data; boundary=XyZ', 'Sec-Fetch-Site': 'same-origin' } });
}

must(salve(...at, 'simulate', '--patients', '4', '--seed', '3'));
must(salve(...at, 'scanner', 'set', `unix:${socket}`));
await startScanner();
const server = await serve(at);
const patient = await new Client(server.origin).signIn(link(at, 'patient'));
const nurse = await new Client(server.origin).signIn(link(at, 'nurse'));

async function form() {
  const page = (await patient.get('/messages/new')).text;
  return { s: field(page, 's'), key: field(page, 'key'), category: 'general', body: 'Please look at this.',
    team: /name="team" value="([^"]+)"/.exec(page)[1] };
}
const send = (fields, files) => upload(patient, '/messages/new', { ...fields, do: 'now' }, files);
const openedByTheNurse = async (path) => (await nurse.get(path.replace('/messages/', '/inbox/').replace(/\?.*/, ''))).text;
const fileIn = (page) => /\/messages\/files\/[0-9a-f-]+/.exec(page)?.[0];

await test('the doctor tells which scanner is there', () => {
  ok(/ok +scanner +ClamAV/.test(must(salve(...at, 'doctor')).out), salve(...at, 'doctor').out);
});

await test('a clean file passes and arrives as it was', async () => {
  const answer = await send(await form(), [['photo.png', png]]);
  equal(answer.status, 303, answer.text.slice(0, 500));
  const page = await openedByTheNurse(answer.headers.location);
  const file = await nurse.get(fileIn(page));
  equal(file.status, 200, 'the file');
  equal(file.headers['content-type'], 'image/png', 'type');
  ok(!page.includes('Being checked'), 'a verdict at once');
});

await test('the test virus is refused with its name, nothing of it is kept, and the text stays', async () => {
  const fields = await form();
  const answer = await send(fields, [['list.txt', eicar]]);
  equal(answer.status, 400, 'status');
  ok(answer.text.includes('list.txt: The virus scanner found “Eicar-Test-Signature'), answer.text.slice(0, 3000));
  ok(answer.text.includes('Please look at this.'), 'the text');
  ok(!(await patient.get(`/messages/new?draft=${fields.key}`)).text.includes('list.txt'), 'not kept');
});

async function documentForm() {
  const page = (await patient.get('/journal/documents/new')).text;
  return { s: field(page, 's'), key: field(page, 'key'), title: 'My letter', 'day.year': '2026', 'day.month': '3', 'day.day': '1' };
}
const bring = async (files) => upload(patient, '/journal/documents/new', await documentForm(), files);

await test('a document of the health log is scanned alike', async () => {
  const clean = await bring([['letter.png', png]]);
  equal(clean.status, 303, clean.text.slice(0, 500));
  ok((await patient.get(clean.headers.location)).text.includes('letter.png'), 'kept');
  const bad = await bring([['list.txt', eicar], ['photo.png', png]]);
  equal(bad.status, 400, 'status');
  ok(bad.text.includes('list.txt: The virus scanner found “Eicar-Test-Signature'), 'named');
  ok(bad.text.includes('Your files are saved'), 'the other is kept');
});

let held;
await test('while the scanner is away the text goes at once and files are held on both sides', async () => {
  await stopScanner();
  const answer = await send(await form(), [['later.png', png], ['evil.txt', eicar]]);
  equal(answer.status, 303, answer.text.slice(0, 500));
  held = answer.headers.location;
  for (const page of [(await patient.get(held)).text, await openedByTheNurse(held)]) {
    ok(page.includes('Please look at this.'), 'the text');
    equal(page.split('Being checked for viruses').length - 1, 2, 'held files');
    ok(!fileIn(page), 'no way to a held file');
  }
  ok(/BAD +scanner .*2 attached files are held/.test(salve(...at, 'doctor').out), salve(...at, 'doctor').out);
});

let waiting;
await test('a document is held too, and says so', async () => {
  const answer = await bring([['later.png', png], ['evil.txt', eicar]]);
  equal(answer.status, 303, answer.text.slice(0, 500));
  waiting = answer.headers.location.replace(/\/edit.*/, '');
  const page = (await patient.get(waiting)).text;
  equal(page.split('Being checked for viruses').length - 1, 2, 'held files');
  ok(!/\/record\/files\//.test(page), 'no way to a held file');
  ok((await patient.get('/journal/documents')).text.includes('Being checked for viruses'), 'in the list');
});

await test('when the scanner is back, held files are checked: the clean one arrives, the other is deleted', async () => {
  await startScanner();
  await until('checked', async () => !(await openedByTheNurse(held)).includes('Being checked'), 150000);
  const page = (await patient.get(held)).text;
  ok(page.includes('later.png') && fileIn(page), 'the clean one');
  ok(/evil\.txt[\s\S]*Not kept: the virus scanner found “Eicar-Test-Signature/.test(page), 'the other');
  equal((await nurse.get(fileIn(page))).status, 200, 'download');
});

await test('and the files of the document: one can be opened, of the other it says what was found', async () => {
  await until('checked', async () => !(await patient.get(waiting)).text.includes('Being checked'), 150000);
  const page = (await patient.get(waiting)).text;
  ok(page.includes('Not kept: the virus scanner found “Eicar-Test-Signature'), 'what was found');
  const file = /\/record\/files\/DocumentReference\/[0-9a-f-]+\/1/.exec(page)?.[0];
  const answer = await patient.get(file);
  equal(answer.status, 200, 'the clean one');
  equal(answer.headers['content-type'], 'image/png', 'type');
});

await stopScanner();
await server.stop();
finish();
