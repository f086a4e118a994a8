// SPDX-License-Identifier: Apache-2.0
// What the operator meets: starting, stopping, wrong keys, taken ports, a second server, a changed trail, a full disk.
import { readFileSync, writeFileSync, chmodSync, renameSync, copyFileSync, existsSync, mkdirSync } from 'node:fs';
import { createServer } from 'node:net';
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { Client, equal, field, finish, folder, link, must, ok, salve, serve, test } from './lib.mjs';

const data = join(folder(), 'data');
const at = ['--data', data];

await test('a clinic is simulated, and the same database is not simulated twice', async () => {
  const report = JSON.parse(must(salve(...at, 'simulate', '--patients', '6', '--seed', '7', '--json')).out);
  equal(report.patients, 6, 'patients');
  ok(report.resources > 600, `only ${report.resources} resources`);
  const again = salve(...at, 'simulate', '--patients', '6');
  equal(again.code, 1, 'exit code');
  ok(/holds a clinic already/.test(again.err), again.err);
});

await test('the same seed and day give the same clinic', async () => {
  const one = join(folder(), 'a');
  const two = join(folder(), 'b');
  for (const path of [one, two]) must(salve('--data', path, 'simulate', '--patients', '3', '--seed', '5', '--until', '2026-11-20'));
  const bundles = [];
  for (const path of [one, two]) {
    const server = await serve(['--data', path]);
    const client = await new Client(server.origin).signIn(link(['--data', path], 'patient'));
    const answer = await client.get('/fhir/Observation?_count=1000', { headers: { Accept: 'application/fhir+json' } });
    bundles.push(JSON.parse(answer.text).entry.map((entry) => ({ ...entry.resource, meta: undefined })));
    await server.stop();
  }
  equal(JSON.stringify(bundles[0]), JSON.stringify(bundles[1]), 'observations');
});

await test('unknown commands and options are refused with words and exit code 2', async () => {
  equal(salve('sing').code, 2, 'unknown command');
  equal(salve(...at, 'serve', '--sing').code, 2, 'unknown option');
  ok(/usage/.test(salve(...at, 'serve', '--sing').err), 'usage is shown');
  equal(salve('serve', '--help').code, 0, 'help');
  for (const command of ['serve', 'import fhir', 'simulate', 'account add', 'token make', 'audit verify', 'routes', 'doctor', 'scanner'])
    ok(/^usage: salve/.test(must(salve(...command.split(' '), '--help')).out), `${command} --help`);
});

await test('a server starts, answers, refuses a second one on its data, and stops politely', async () => {
  const server = await serve(at);
  const client = new Client(server.origin);
  equal((await client.get('/healthz')).text, 'ok\n', '/healthz');
  equal((await client.get('/readyz')).status, 200, '/readyz');
  const second = salve(...at, 'serve', '--port', '0');
  equal(second.code, 1, 'exit code of the second');
  ok(/Another server is running/.test(second.err), second.err);
  const { code } = await server.stop();
  equal(code, 0, 'exit code');
});

await test('a port in use is said with what to do', async () => {
  const taken = createServer();
  await new Promise((resolve) => taken.listen(0, '127.0.0.1', resolve));
  const done = salve(...at, 'serve', '--port', String(taken.address().port));
  taken.close();
  equal(done.code, 1, 'exit code');
  ok(/in use/.test(done.err) && /--port/.test(done.err), done.err);
});

await test('plain text is served on the loopback only', async () => {
  const done = salve(...at, 'serve', '--address', '0.0.0.0', '--port', '0');
  equal(done.code, 1, 'exit code');
  ok(/TLS|tls/.test(done.err), done.err);
});

await test('a missing, open, damaged or foreign key is named, and nothing is harmed', async () => {
  const key = join(data, 'installation.key');
  const kept = `${key}.kept`;
  chmodSync(key, 0o644);
  ok(/chmod 600/.test(salve(...at, 'doctor').out), 'an open key');
  chmodSync(key, 0o600);
  renameSync(key, kept);
  const missing = salve(...at, 'audit', 'verify');
  equal(missing.code, 1, 'missing key');
  ok(/backup/.test(missing.err), missing.err);
  writeFileSync(key, 'nonsense\n', { mode: 0o600 });
  ok(/damaged/.test(salve(...at, 'audit', 'verify').err), 'a damaged key');
  writeFileSync(key, `${'ab'.repeat(32)}\n`, { mode: 0o600 });
  ok(/does not belong to this database/.test(salve(...at, 'audit', 'verify').err), 'a foreign key');
  renameSync(kept, key);
  must(salve(...at, 'audit', 'verify'));
});

await test('one flipped byte of the trail is found', async () => {
  const copy = join(folder(), 'copy');
  mkdirSync(copy);
  for (const name of ['installation.key', 'salve.db']) copyFileSync(join(data, name), join(copy, name));
  must(salve('--data', copy, 'audit', 'verify'));
  const bytes = readFileSync(join(copy, 'salve.db'));
  const patient = must(spawn(copy));
  // Every entry begins with its version and kind; find one and change a bit of whose data it was about.
  const at_ = bytes.indexOf(patient);
  ok(at_ > 0, 'the entry was not found in the file');
  bytes[at_ + 30] ^= 1;
  writeFileSync(join(copy, 'salve.db'), bytes);
  const done = salve('--data', copy, 'audit', 'verify');
  equal(done.code, 1, 'exit code');
  ok(/THE TRAIL WAS CHANGED/.test(done.out), done.out);
  equal(salve('--data', copy, 'doctor').code, 1, 'doctor');

  function spawn(path) {
    const found = spawnSync('python3', ['-c',
      'import sqlite3,sys;c=sqlite3.connect(sys.argv[1]);r=c.execute("SELECT entries FROM journal_block ORDER BY sequence DESC LIMIT 1").fetchone()[0];sys.stdout.buffer.write(r[:60])',
      join(path, 'salve.db')]);
    const result = { code: found.status, out: '', err: String(found.stderr) };
    if (found.status === 0) return Object.assign(Buffer.from(found.stdout), { code: 0 });
    return result;
  }
});

await test('neither names nor messages nor notes can be read in the database file', async () => {
  const server = await serve(at);
  const client = await new Client(server.origin).signIn(link(at, 'patient'));
  const person = JSON.parse((await client.get('/fhir/Patient', { headers: { Accept: 'application/fhir+json' } })).text).entry[0].resource;
  await server.stop();
  const file = readFileSync(join(data, 'salve.db'));
  for (const secret of [person.name[0].family, person.birthDate, 'refills on the bottle', 'Could you renew', 'blood pressure', 'lisinopril', 'Visit note', 'Oral Tablet'])
    equal(file.indexOf(secret), -1, `"${secret}" in the file`);
  ok(file.indexOf('CREATE TABLE') > 0, 'this is the database');
});

await test('a database that is gone is answered with words, and served again when it is back', async () => {
  const copy = join(folder(), 'copy');
  mkdirSync(copy);
  for (const name of ['installation.key', 'salve.db']) copyFileSync(join(data, name), join(copy, name));
  renameSync(join(copy, 'salve.db'), join(copy, 'away.db'));
  writeFileSync(join(copy, 'salve.db'), 'this is no database, only some text that is long enough to be read as one page of it'.repeat(60));
  const done = salve('--data', copy, 'doctor');
  equal(done.code, 1, 'exit code');
  ok(/BAD/.test(done.out), done.out);
  renameSync(join(copy, 'away.db'), join(copy, 'salve.db'));
  must(salve('--data', copy, 'doctor'));
});

await test('a broken import is named with line and column, and the rest is imported', async () => {
  const files = folder();
  writeFileSync(join(files, 'good.json'), JSON.stringify({ resourceType: 'Patient', id: 'p1', gender: 'female', name: [{ family: 'Doe', given: ['Jo'] }], birthDate: '1970-01-02' }));
  writeFileSync(join(files, 'broken.json'), '{"resourceType": "Bundle",\n "type": "collection",\n "entry": [}');
  writeFileSync(join(files, 'strange.json'), JSON.stringify({ resourceType: 'Starship', id: 'x' }));
  const done = salve('--data', join(files, 'data'), 'import', 'fhir', '--facility', 'Test Clinic', '--zone', 'America/New_York', files);
  equal(done.code, 3, 'exit code');
  ok(/broken\.json/.test(done.out) && /3/.test(done.out), done.out);
  ok(/Starship|strange\.json/.test(done.out), done.out);
  const again = salve('--data', join(files, 'data'), 'import', 'fhir', '--json', join(files, 'good.json'));
  equal(again.code, 0, 'second import');
});

finish();
