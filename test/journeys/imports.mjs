// SPDX-License-Identifier: Apache-2.0
// An export of Apple Health is imported while the program is killed again and again: what stands in the log afterwards is what an import
// that nothing disturbed gives, entry for entry. On the command line and in the server.
import { execFileSync, spawn } from 'node:child_process';
import { cpSync } from 'node:fs';
import { join } from 'node:path';
import { binary, Client, equal, finish, folder, link, must, ok, root, salve, serve, test } from './lib.mjs';

const KILLS = process.argv.includes('--long') || process.env.SALVE_LONG ? 40 : 5;
const SILENT_MS = 8500; // so long after its last sign of life an import is anybody's
const place = folder();
const calm = ['--data', join(place, 'calm')];
const rough = ['--data', join(place, 'rough')];
const file = join(place, 'export.xml');
must(salve(...calm, 'simulate', '--patients', '2', '--seed', '4'));
cpSync(join(place, 'calm'), join(place, 'rough'), { recursive: true }); // the same patient, the same keys
execFileSync(join(root, 'tools/make-health-export'), ['--mb', '25', file], { stdio: 'ignore' });
const importing = ['import', 'apple-health', '--patient', 'patient', '--json', file];

// Every entry that came from the file, as lines of FHIR without when they were written.
async function entries(at) {
  const server = await serve(at, ['--rate-factor', '1000']);
  const patient = await new Client(server.origin).signIn(link(at, 'patient'));
  const answer = await patient.get('/download/salve-record.ndjson');
  await server.stop();
  equal(answer.status, 200);
  return answer.text.split('\n').filter((line) => line.includes('Apple Health')).map((line) => line.replace(/"lastUpdated":"[^"]*"/, '')).sort();
}

const begun = Date.now();
const whole = JSON.parse(must(salve(...calm, ...importing)).out);
const took = Date.now() - begun;
const expected = await entries(calm);

await test('an import that nothing disturbs keeps what it says, with its source in the download', () => {
  ok(whole.kept > 250, `${whole.kept} kept`);
  equal(expected.length, whole.kept);
  ok(expected.every((line) => line.includes('urn:salve:journal:source')), 'each says where it comes from');
});

await test('the same file again keeps nothing', () => {
  equal(JSON.parse(must(salve(...calm, ...importing)).out).kept, whole.kept); // it is the same import, told again
});

await test(`${KILLS} kills on the way change nothing in the end`, async () => {
  let interrupted = 0;
  for (let i = 0; i < KILLS; i += 1) {
    const child = spawn(binary, [...rough, ...importing], { stdio: 'ignore' });
    const ended = new Promise((done) => child.on('exit', (code, signal) => done(signal)));
    const wait = i ? SILENT_MS + took * (0.2 + 0.7 * Math.random()) : took * 0.1; // the first is early: `took` may have been a slow moment
    const timer = setTimeout(() => child.kill('SIGKILL'), wait);
    interrupted += (await ended) === 'SIGKILL';
    clearTimeout(timer);
  }
  ok(interrupted > 0, 'hardly ever interrupted: the test tests nothing');
  const outcome = JSON.parse(must(salve(...rough, ...importing)).out);
  equal(outcome.kept, whole.kept);
  equal(outcome.read, whole.read);
  equal(JSON.stringify(await entries(rough)), JSON.stringify(expected));
  console.log(`# interrupted ${interrupted} times`);
});

await test('the trail is whole after all of it', () => {
  must(salve(...rough, 'audit', 'verify'));
});
finish();
