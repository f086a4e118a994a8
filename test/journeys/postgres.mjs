// SPDX-License-Identifier: Apache-2.0
// The whole program on PostgreSQL: a clinic is simulated, a patient writes, the nurse answers, the trail is whole, and the
// database that goes away for a moment is said with words.
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { Client, equal, field, finish, folder, link, must, ok, salve, serve, test } from './lib.mjs';

const url = process.env.SALVE_TEST_POSTGRES;
if (!url) throw new Error('SALVE_TEST_POSTGRES is not set: run the tests with ./dev test');
const schema = `j_${process.pid}`;
const psql = (sql) => spawnSync('psql', [url, '-qc', sql], { encoding: 'utf8' });
const at = ['--data', join(folder(), 'data'), '--db', `${url} options='-c search_path=${schema}'`];
equal(psql(`CREATE SCHEMA ${schema}`).status, 0, 'CREATE SCHEMA');

await test('a clinic is simulated', async () => {
  ok(/4 patients/.test(must(salve(...at, 'simulate', '--patients', '4', '--seed', '6')).out), 'report');
});

const server = await serve(at);
await test('a patient writes, the nurse answers and completes, the patient reads', async () => {
  const patient = await new Client(server.origin).signIn(link(at, 'patient'));
  const nurse = await new Client(server.origin).signIn(link(at, 'nurse'));
  const page = (await patient.get('/messages/new')).text;
  const sent = await patient.post('/messages/new', { s: field(page, 's'), key: field(page, 'key'), do: 'now', category: 'general', team: field(page, 'team'), subject: 'On PostgreSQL', body: 'Does it arrive?' });
  equal(sent.status, 303, `sending (${sent.text.slice(0, 300)})`);
  const inbox = (await nurse.get('/inbox')).text;
  const thread = /href="(\/inbox\/[0-9a-f-]{36})[^"]*"[^>]*>On PostgreSQL/.exec(inbox)?.[1];
  ok(thread, 'the message is not in the inbox');
  const desk = (await nurse.get(thread)).text;
  const answered = await nurse.post(`${thread}/reply`, { s: field(desk, 's'), key: field(desk, 'key'), thread: field(desk, 'thread'), seen: field(desk, 'seen'), body: 'It arrived.', do: 'complete' });
  equal(answered.status, 303, `answering (${answered.text.slice(0, 300)})`);
  const read = await patient.get(sent.headers.location, { follow: true });
  ok(read.text.includes('It arrived.'), 'the answer is not there');
});

await test('a lost database is said with words, and the server goes on when it is back', async () => {
  const patient = await new Client(server.origin).signIn(link(at, 'patient'));
  psql("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid() AND application_name = ''");
  let worst = 200;
  for (let i = 0; i < 30; i++) {
    const { status } = await patient.get('/messages');
    if (status !== 200) worst = status;
  }
  ok([200, 503].includes(worst), `answered ${worst}`);
  equal((await patient.get('/messages')).status, 200, 'back again');
});
await server.stop();

await test('the trail is whole', async () => { must(salve(...at, 'audit', 'verify')); });
psql(`DROP SCHEMA ${schema} CASCADE`);
finish();
