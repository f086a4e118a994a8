// SPDX-License-Identifier: Apache-2.0
// The server is killed while several patients book the same open times, move and call off: what was acknowledged stands, once; what
// was not answered can be sent again with the same key; no seat is ever given twice.  On SQLite, and on PostgreSQL where it is set.
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { Client, equal, field, finish, folder, link, must, ok, salve, serve, test } from './lib.mjs';

const ROUNDS = process.argv.includes('--long') || process.env.SALVE_LONG ? 1000 : 25;
const PATIENTS = 4;
const WAIT_MS = 250; // at most so long from start to kill, at random; longer where each statement crosses a socket

async function play(name, at, wait) {
  must(salve(...at, 'simulate', '--patients', String(PATIENTS), '--seed', '11'));
  const logins = [...Array(PATIENTS).keys()].map((i) => (i ? `patient${i + 1}` : 'patient'));
  const clients = new Map();
  const open = []; // { login, fields } sent and not answered
  const booked = new Map(); // path of a visit -> state that was acknowledged last
  let answered = 0;

  const slotsOf = (page) => [...page.matchAll(/name="slot" value="([0-9a-f-]{36})"/g)].map((m) => m[1]);

  async function writer(login, state) {
    const patient = clients.get(login);
    const mine = [...booked].filter(([, of]) => of.login === login && of.state === 'booked').map(([path]) => path);
    while (!state.dead) {
      try {
        if (mine.length > 2) {
          const path = mine.pop();
          const page = (await patient.get(`${path}/cancel`)).text;
          const of = booked.get(path);
          booked.set(path, { login, state: 'unsure' });
          const answer = await patient.post(`${path}/cancel`, { s: field(page, 's'), reason: 'better', words: '' });
          if (answer.status === 303) booked.set(path, { login, state: 'called off' });
          else if (of) booked.set(path, of);
          continue;
        }
        const page = (await patient.get('/appointments/new')).text;
        const slots = slotsOf(page).slice(0, 4); // few, so that all want the same
        if (!slots.length) continue;
        const attempt = { login, fields: { key: field(page, 'key'), slot: slots[Math.floor(Math.random() * slots.length)], reason: name } };
        open.push(attempt);
        const answer = await patient.post('/appointments/book', { s: field(page, 's'), ...attempt.fields });
        if (![303, 400, 409, 503, 429].includes(answer.status)) throw new Error(`${answer.status} ${answer.text.slice(0, 300)}`);
        if (answer.status === 503 || answer.status === 429) continue;
        open.splice(open.indexOf(attempt), 1);
        if (answer.status !== 303) continue;
        answered++;
        mine.push(answer.headers.location.split('?')[0]);
        booked.set(mine.at(-1), { login, state: 'booked' });
      } catch (error) {
        if (!state.dead) throw error;
      }
    }
  }

  // As a person would press the button again.
  async function again(attempt) {
    const patient = clients.get(attempt.login);
    const page = (await patient.get('/appointments/new')).text;
    const answer = await patient.post('/appointments/book', { s: field(page, 's'), ...attempt.fields });
    ok([303, 409, 400].includes(answer.status), `booking again: ${answer.status}`);
    if (answer.status === 303) booked.set(answer.headers.location.split('?')[0], { login: attempt.login, state: 'booked' });
  }

  await test(`${name}: ${ROUNDS} kills while people book`, async () => {
    const doors = logins.map((login) => link(at, login));
    for (let round = 0; round < ROUNDS; round++) {
      const server = await serve(at, ['--rate-factor', '1000']);
      for (const [i, login] of logins.entries())
        if (clients.has(login)) clients.get(login).origin = server.origin;
        else clients.set(login, await new Client(server.origin).signIn(doors[i]));
      for (const attempt of open.splice(0)) await again(attempt);
      const state = { dead: false };
      const writers = logins.map((login) => writer(login, state));
      await new Promise((resolve) => setTimeout(resolve, 30 + Math.random() * wait));
      state.dead = true;
      await server.kill();
      await Promise.all(writers);
    }
    ok(answered > ROUNDS / 5, `only ${answered} bookings were answered: the test tests nothing`);
    console.log(`# ${answered} bookings answered, ${open.length} open at the end`);
  });

  await test(`${name}: what was acknowledged stands`, async () => {
    const server = await serve(at, ['--rate-factor', '1000']);
    for (const login of logins) clients.get(login).origin = server.origin;
    for (const attempt of open.splice(0)) await again(attempt);
    for (const [path, { login, state }] of booked) {
      if (state === 'unsure') continue;
      const page = await clients.get(login).get(path);
      equal(page.status, 200, path);
      ok(new RegExp(`class="status status-[a-z]+">${state}</span>`).test(page.text), `${path} is not ${state}`);
    }
    await server.stop();
  });

  await test(`${name}: no seat is given twice, no request is without somebody, the trail is whole`, async () => {
    const doctor = salve(...at, 'doctor');
    ok(/ok +appointments/.test(doctor.out), doctor.out);
    ok(/ok +messages/.test(doctor.out), doctor.out);
    must(salve(...at, 'audit', 'verify'));
  });
}

await play('sqlite', ['--data', join(folder(), 'data')], WAIT_MS);
const url = process.env.SALVE_TEST_POSTGRES;
if (url) {
  const schema = `a_${process.pid}`;
  equal(spawnSync('psql', [url, '-qc', `CREATE SCHEMA ${schema}`], { encoding: 'utf8' }).status, 0, 'CREATE SCHEMA');
  await play('postgres', ['--data', join(folder(), 'data'), '--db', `${url} options='-c search_path=${schema}'`], 6 * WAIT_MS);
  spawnSync('psql', [url, '-qc', `DROP SCHEMA ${schema} CASCADE`]);
}
finish();
