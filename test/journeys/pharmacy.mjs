// SPDX-License-Identifier: Apache-2.0
// Refills go to another system: a second Salve with its own data and its FHIR interface stands for the pharmacy, whose people change the
// Task and add the dispense.  The line loses answers, the pharmacy is away, it refuses; and the server is killed again and again while a
// patient asks: each request is there once, is filled once, and ends where a person sees it.  On SQLite, and on PostgreSQL where it is set.
import { spawnSync } from 'node:child_process';
import http from 'node:http';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Client, equal, field, finish, folder, link, must, ok, salve, serve, test } from './lib.mjs';

const home = folder();
const database = process.env.SALVE_JOURNEY_DB; // ours; the second time round
const ours = ['--data', join(home, 'ours'), ...(database ? ['--db', database] : [])];
const theirs = ['--data', join(home, 'theirs')];
for (const at of [ours, theirs]) must(salve(...at, 'simulate', '--patients', '12', '--seed', '3')); // the same people in both

// The line. `lose`: of each request so many answers are lost on the way back, after the pharmacy did its part.
let other;
let lose = 0;
const posts = new Map(); // how often each Task was posted
const line = http.createServer((request, response) => {
  const chunks = [];
  request.on('data', (chunk) => chunks.push(chunk));
  request.on('end', () => {
    const posted = request.method === 'POST' && /"Task\/([0-9a-f-]{36})"/.exec(Buffer.concat(chunks).toString())?.[1];
    if (posted) posts.set(posted, (posts.get(posted) ?? 0) + 1);
    const onward = http.request(new URL(request.url, other.origin), { method: request.method, headers: request.headers }, (answer) => {
      const parts = [];
      answer.on('data', (part) => parts.push(part));
      answer.on('end', () => {
        if (posted && posts.get(posted) <= lose) { request.socket.destroy(); return; }
        response.writeHead(answer.statusCode, answer.headers);
        response.end(Buffer.concat(parts));
      });
    });
    onward.on('error', () => request.socket.destroy());
    onward.end(Buffer.concat(chunks));
  });
});
await new Promise((resolve) => line.listen(0, '127.0.0.1', resolve));
line.unref();

function useToken(scope) {
  const file = join(home, 'token');
  writeFileSync(file, must(salve(...theirs, 'token', 'make', '--login', 'pharmacist', '--scope', scope)).out);
  must(salve(...ours, 'pharmacy', 'fhir', `http://127.0.0.1:${line.address().port}/fhir`, '--token-file', file, '--every', '2'));
}
const key = must(salve(...theirs, 'token', 'make', '--login', 'pharmacist', '--scope', 'user/*.cruds')).out.trim();
async function there(method, path, body) {
  const answer = await new Client(other.origin).ask(method, `/fhir/${path}`, { headers: { Authorization: `Bearer ${key}`, 'Content-Type': 'application/fhir+json' },
    body: body && JSON.stringify(body) });
  return answer.status < 300 && answer.text ? JSON.parse(answer.text) : { status: answer.status };
}
async function until(what, words, seconds = 60) {
  for (let i = 0; i < 4 * seconds; i++) {
    const found = await what();
    if (found) return found;
    await new Promise((resolve) => setTimeout(resolve, 250));
  }
  throw new Error(`never: ${words}`);
}

// Patients of the nurse's team with at least so many boxes.
let server = await serve(ours, ['--rate-factor', '1000']);
other = await serve(theirs, ['--rate-factor', '1000']);
let patient;
async function somebodyWith(count) {
  for (let n = 1; n <= 12; n++) {
    const client = await new Client(server.origin).signIn(link(ours, n === 1 ? 'patient' : `patient${n}`));
    const page = (await client.get('/prescriptions')).text;
    if ((page.match(/name="rx"/g) ?? []).length >= count) return { client, login: n === 1 ? 'patient' : `patient${n}` };
  }
  throw new Error('nobody can refill so much');
}
({ client: patient } = await somebodyWith(4));
const boxes = async () => [...(await patient.get('/prescriptions')).text.matchAll(/name="rx" value="([^"]+)"/g)].map((m) => m[1]);
async function ask(...ids) {
  const page = (await patient.get('/prescriptions')).text;
  const fields = new URLSearchParams({ s: field(page, 's'), key: field(page, 'key') });
  for (const id of ids) fields.append('rx', id);
  const answer = await patient.post('/prescriptions/refill', fields);
  equal(answer.status, 303, `asking: ${answer.text.slice(0, 500)}`);
  return fields;
}
// The request of a prescription, by its page.
async function requestOf(rx) {
  const page = (await patient.get(`/prescriptions/${rx}`)).text;
  return /\/prescriptions\/requests\/([0-9a-f-]{36})/.exec(page)?.[1];
}
const follow = async (id) => (await patient.get(`/prescriptions/requests/${id}`)).text;

await test('a request arrives once though its answer was lost twice, and comes back shipped', async () => {
  useToken('user/*.cruds');
  const [rx] = await boxes();
  lose = 2;
  const form = await ask(rx);
  const id = await requestOf(rx);
  const task = await until(async () => { const t = await there('GET', `Task/${id}`); return t.resourceType && t; }, 'the task is there');
  equal(task.meta.versionId, '1', 'it stands there once');
  equal(task.focus.reference, `MedicationRequest/${rx}`, 'for the prescription');
  await until(async () => posts.get(id) === 3 && (await follow(id)).includes('Sent to the pharmacy, '), 'noted as sent');
  equal((await patient.post('/prescriptions/refill', form)).status, 303, 'the same form again');
  equal(posts.get(id), 3, 'is no second request');
  lose = 0;
  await there('PUT', `Task/${id}`, { ...task, status: 'accepted' });
  await until(async () => (await follow(id)).includes('The pharmacy has it, '), 'acknowledged');
  const dispense = await there('POST', 'MedicationDispense', { resourceType: 'MedicationDispense', status: 'completed', medicationCodeableConcept: { text: 'as ordered' },
    subject: task.for, authorizingPrescription: [task.focus], quantity: { value: 90 }, daysSupply: { value: 90, code: 'd' }, whenHandedOver: new Date().toISOString() });
  const shipped = { ...task, status: 'completed', businessStatus: { text: 'shipped' }, output: [
    { type: { text: 'dispense' }, valueReference: { reference: `MedicationDispense/${dispense.id}` } }, { type: { text: 'tracking' }, valueString: 'UPS 1Z999' }] };
  await there('PUT', `Task/${id}`, shipped);
  await until(async () => (await follow(id)).includes('1Z999'), 'shipped with its number');
  const page = (await patient.get(`/prescriptions/${rx}`)).text;
  ok(page.includes('Shipped'), 'the prescription says so');
  await there('PUT', `Task/${id}`, { ...shipped, note: [{ text: 'said once more' }] });
  await new Promise((resolve) => setTimeout(resolve, 5000));
  equal((await follow(id)).split('The pharmacy filled it').length - 1, 1, 'said twice it is one fill');
});

await test('a rejection reaches patient and team with its reason', async () => {
  const [rx] = await boxes();
  await ask(rx);
  const id = await requestOf(rx);
  const task = await until(async () => { const t = await there('GET', `Task/${id}`); return t.resourceType && t; }, 'the task is there');
  await there('PUT', `Task/${id}`, { ...task, status: 'rejected', statusReason: { text: 'Recalled by the maker' } });
  await until(async () => (await follow(id)).includes('Recalled by the maker'), 'the reason');
  const nurse = await new Client(server.origin).signIn(link(ours, 'pharmacist'));
  ok((await nurse.get('/refills')).text.includes('Recalled by the maker'), 'in the list of the team');
});

await test('what the pharmacy does not take becomes a problem, and is sent again', async () => {
  useToken('user/*.rs'); // reads only
  const [rx] = await boxes();
  await ask(rx);
  const id = await requestOf(rx);
  await until(async () => (await follow(id)).includes('Not handed over yet'), 'not taken');
  const nurse = await new Client(server.origin).signIn(link(ours, 'pharmacist'));
  const page = (await nurse.get('/refills')).text;
  ok(page.includes(id), 'in the list of the team');
  useToken('user/*.cruds');
  equal((await nurse.post(`/refills/${id}`, { s: field(page, 's'), do: 'again', words: '' })).status, 303, 'again');
  await until(async () => (await there('GET', `Task/${id}`)).resourceType, 'it arrived');
});

await test('killed again and again while a patient asks: once each, all of them handed over', async () => {
  const found = await somebodyWith(3);
  patient = found.client;
  const wanted = (await boxes()).slice(0, 3);
  const form = new URLSearchParams({ key: '01a2f36b-d378-7e6f-b01f-965b96157993' });
  for (const id of wanted) form.append('rx', id);
  for (let round = 0; round < 12; round++) {
    const page = (await patient.get('/prescriptions')).text;
    form.set('s', field(page, 's'));
    const asked = patient.post('/prescriptions/refill', form).catch(() => undefined);
    await new Promise((resolve) => setTimeout(resolve, round * 7)); // at another moment each time
    await server.kill();
    await asked;
    server = await serve(ours, ['--rate-factor', '1000']);
    patient.origin = server.origin;
  }
  form.set('s', field((await patient.get('/prescriptions')).text, 's'));
  equal((await patient.post('/prescriptions/refill', form)).status, 303, 'and asked to the end');
  const list = (await patient.get('/prescriptions/requests')).text;
  for (const rx of wanted) {
    const id = await requestOf(rx);
    ok(list.split(`requests/${id}`).length === 2, 'one request each');
    const task = await until(async () => { const t = await there('GET', `Task/${id}`); return t.resourceType && t; }, 'handed over', 200); // who died held it for two minutes at most
    equal(task.meta.versionId, '1', 'once');
  }
});

await test('the trail is whole', async () => { must(salve(...ours, 'audit', 'verify')); must(salve(...theirs, 'audit', 'verify')); });
await server.stop();
await other.stop();
line.close();

const url = process.env.SALVE_TEST_POSTGRES;
if (url && !database) await test('all of it on PostgreSQL', async () => {
  const schema = `ph_${process.pid}`;
  equal(spawnSync('psql', [url, '-qc', `CREATE SCHEMA ${schema}`], { encoding: 'utf8' }).status, 0, 'CREATE SCHEMA');
  const again = spawnSync(process.execPath, process.argv.slice(1), { encoding: 'utf8', env: { ...process.env, SALVE_JOURNEY_DB: `${url} options='-c search_path=${schema}'` } });
  spawnSync('psql', [url, '-qc', `DROP SCHEMA ${schema} CASCADE`]);
  equal(again.status, 0, again.stdout + again.stderr);
});
finish();
