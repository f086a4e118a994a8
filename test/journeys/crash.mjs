// SPDX-License-Identifier: Apache-2.0
// The server is killed while people send; whatever it acknowledged is there, once; what it did not answer can be sent again with
// the same key and becomes one message.
import { join } from 'node:path';
import { Client, equal, field, finish, folder, link, must, ok, salve, serve, test } from './lib.mjs';

const ROUNDS = process.argv.includes('--long') || process.env.SALVE_LONG ? 5000 : 200;
const WAIT_MS = 120; // at most so long from start to kill, at random
const data = join(folder(), 'data');
const at = ['--data', data];
must(salve(...at, 'simulate', '--patients', '2', '--seed', '4'));
const attempts = []; // { subject, fields, acknowledged }

async function writer(patient, round, n, state) {
  for (let i = 0; !state.dead; i++) {
    const subject = `Round ${round} writer ${n} number ${i}`;
    let attempt;
    try {
      const form = await patient.get('/messages/new');
      if (form.status !== 200) continue; // busy, or too much at once: no form, nothing to send
      const page = form.text;
      attempt = { subject, acknowledged: false, fields: { key: field(page, 'key'), category: 'general', team: field(page, 'team'), subject, body: 'Words.', do: n % 2 ? 'now' : 'send' } }; // half of them leave after a while
      attempts.push(attempt);
      const answer = await patient.post('/messages/new', { s: field(page, 's'), ...attempt.fields });
      if (answer.status === 303) attempt.acknowledged = true;
      else if (answer.status !== 503 && answer.status !== 429) throw new Error(`${answer.status} ${answer.text.slice(0, 300)}`);
    } catch (error) {
      if (!state.dead) throw error;
    }
  }
}

// What was not answered is sent again with its key, as a person would press "Send" again.
async function sendAgain(patient, attempt) {
  const page = (await patient.get('/messages/new')).text;
  const answer = await patient.post('/messages/new', { s: field(page, 's'), ...attempt.fields, do: 'now' });
  equal(answer.status, 303, `sending "${attempt.subject}" again`);
  attempt.acknowledged = true;
}

await test(`${ROUNDS} kills in the middle of sending lose nothing that was acknowledged`, async () => {
  const cookies = link(at, 'patient');
  let patient;
  for (let round = 0; round < ROUNDS; round++) {
    const server = await serve(at, ['--rate-factor', '1000']);
    if (patient) patient.origin = server.origin;
    else patient = await new Client(server.origin).signIn(cookies); // the session outlives every kill
    for (const attempt of attempts) if (!attempt.acknowledged) await sendAgain(patient, attempt);
    const state = { dead: false };
    const writers = [0, 1, 2, 3].map((n) => writer(patient, round, n, state));
    await new Promise((resolve) => setTimeout(resolve, Math.random() * WAIT_MS));
    state.dead = true;
    await server.kill();
    await Promise.all(writers);
  }
  ok(attempts.length > ROUNDS, 'hardly anything was ever sent: the test tests nothing');
  console.log(`# ${attempts.length} messages`);
});

await test('what was not answered is sent again with its key: one message each', async () => {
  const server = await serve(at, ['--rate-factor', '1000']);
  const patient = await new Client(server.origin).signIn(link(at, 'patient'));
  for (const attempt of attempts) if (!attempt.acknowledged) await sendAgain(patient, attempt);
  for (let wait = 0; wait < 300 && (await patient.get('/messages')).text.includes('On its way'); wait++) await new Promise((resolve) => setTimeout(resolve, 200));
  const text = (await patient.get('/download/salve-record.txt')).text;
  const times = new Map();
  for (const [subject] of text.matchAll(/Round \d+ writer \d+ number \d+/g)) times.set(subject, (times.get(subject) ?? 0) + 1);
  const each = times.get(attempts[0].subject); // how often the download names a thread
  ok(each >= 1, 'the download names no thread');
  for (const { subject } of attempts) equal(times.get(subject), each, `"${subject}" stands in the record so many times`);
  await server.stop();
});

await test('the trail is whole after the kills', async () => { must(salve(...at, 'audit', 'verify')); });
await test('all that is derived equals a recount', async () => { must(salve(...at, 'doctor')); });
finish();
