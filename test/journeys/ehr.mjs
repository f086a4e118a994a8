// SPDX-License-Identifier: Apache-2.0
// A conversation becomes a chart note and goes to another system: a second Salve with its own data and its FHIR interface.  The
// line between them loses answers, the other system is away and comes back, and it refuses: the note is there once, or a person
// reads why not and works it off.
import http from 'node:http';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Client, equal, field, finish, folder, link, must, ok, salve, serve, test } from './lib.mjs';

const home = folder();
const ours = ['--data', join(home, 'ours')];
const theirs = ['--data', join(home, 'theirs')];
for (const at of [ours, theirs]) must(salve(...at, 'simulate', '--patients', '3', '--seed', '9')); // the same people in both

// The line to the other system. `lose`: so many answers are lost on the way back, after the other system did its part.
let other;
let lose = 0;
let asked = 0;
const line = http.createServer((request, response) => {
  const chunks = [];
  request.on('data', (chunk) => chunks.push(chunk));
  request.on('end', () => {
    asked++;
    const onward = http.request(new URL(request.url, other.origin), { method: request.method, headers: request.headers }, (answer) => {
      const parts = [];
      answer.on('data', (part) => parts.push(part));
      answer.on('end', () => {
        if (lose > 0) { lose--; request.socket.destroy(); return; }
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
  writeFileSync(file, must(salve(...theirs, 'token', 'make', '--login', 'nurse', '--scope', scope)).out);
  must(salve(...ours, 'ehr', 'set', `http://127.0.0.1:${line.address().port}/fhir`, '--token-file', file));
}

async function there(path) {
  const token = must(salve(...theirs, 'token', 'make', '--login', 'nurse', '--scope', 'user/*.rs')).out.trim();
  const answer = await new Client(other.origin).get(`/fhir/${path}`, { headers: { Authorization: `Bearer ${token}` } });
  return answer.status === 200 ? JSON.parse(answer.text) : undefined;
}

// Ask until the page says it.
async function until(client, path, words) {
  for (let i = 0; i < 240; i++) {
    const page = (await client.get(path)).text;
    if (page.includes(words)) return page;
    await new Promise((resolve) => setTimeout(resolve, 250));
  }
  throw new Error(`${path} never said "${words}"`);
}

const server = await serve(ours, ['--rate-factor', '1000']);
other = await serve(theirs);
const patient = await new Client(server.origin).signIn(link(ours, 'patient'));
const nurse = await new Client(server.origin).signIn(link(ours, 'nurse'));
let chart;

async function keep(fields) {
  const page = (await nurse.get(chart)).text;
  const answer = await nurse.post(chart, { s: field(page, 's'), key: field(page, 'key'), title: '1', comment: '', ...fields });
  equal(answer.status, 303, `keeping the note: ${answer.text.slice(0, 2000)}`);
  return field(page, 'key');
}

await test('without another system the note is kept in this record, and says so', async () => {
  const form = (await patient.get('/messages/new')).text;
  const sent = await patient.post('/messages/new', {
    s: field(form, 's'), key: field(form, 'key'), do: 'now', category: 'medication', team: field(form, 'team'), subject: 'Two pills', body: 'May I take both?',
  });
  equal(sent.status, 303, 'sending');
  const id = /\/messages\/([0-9a-f-]{36})/.exec(sent.headers.location)[1];
  const desk = (await nurse.get(`/inbox/${id}`)).text;
  ok(desk.includes(`/inbox/${id}/chart`), 'the desk links to the chart note');
  chart = `/inbox/${id}/chart`;
  ok((await nurse.get(chart)).text.includes('The patient waits for an answer'), 'nothing to keep before an answer');
  const answered = await nurse.post(`/inbox/${id}/reply`, { s: field(desk, 's'), key: field(desk, 'key'), seen: '1', do: 'complete', body: 'Yes, with food.' });
  equal(answered.status, 303, 'answering');
  const key = await keep({ message: '1' });
  ok((await nurse.get(chart)).text.includes('kept in this record'), 'the state is told');
  equal(await there(`DocumentReference/${key}`), undefined, 'nothing left');
  ok((await nurse.get(`/inbox/${id}`)).text.includes('Kept in the chart'), 'the desk says that it is in the chart');
});

await test('an addendum with credit arrives once, though its answer was lost twice', async () => {
  useToken('user/*.cruds');
  lose = 2;
  asked = 0;
  const key = await keep({ message: '2', clinic: '323', procedure: '98970', minutes: '12' });
  await until(nurse, chart, 'the other system has it');
  equal(asked, 3, 'it was sent three times');
  const note = await there(`DocumentReference/${key}`);
  equal(note?.meta.versionId, '1', 'and stands there once');
  ok(Buffer.from(note.content[0].attachment.data, 'base64').toString().includes('Yes, with food.'), 'with its words');
  const history = await there(`DocumentReference/${key}/_history`);
  equal(history.total, 1, 'one version');
  const visit = await there(note.context.encounter[0].reference);
  equal(visit.serviceType.coding[0].code, '323', 'the clinic');
  equal(visit.length.value, 12, 'the minutes');
});

await test('while the other system is away the note waits, and goes when it is back', async () => {
  await other.stop();
  const key = await keep({ message: '1' });
  await until(nurse, chart, 'on its way to the other system');
  await new Promise((resolve) => setTimeout(resolve, 1500));
  ok((await nurse.get(chart)).text.includes('on its way to the other system'), 'it still waits');
  other = await serve(theirs);
  await until(nurse, chart, 'the other system has it');
  for (let i = 0; i < 120 && !(await there(`DocumentReference/${key}`)); i++) await new Promise((resolve) => setTimeout(resolve, 250));
  equal((await there(`DocumentReference/${key}`))?.status, 'current', 'it arrived');
});

await test('what the other system refuses stands in a list with its reason, and is sent again', async () => {
  useToken('user/*.rs'); // reads only
  const key = await keep({ message: '2' });
  const page = await until(nurse, '/inbox/errors', 'The other system says: 403');
  ok(page.includes(key), 'the note is listed');
  ok((await nurse.get('/inbox?show=reminders')).text.includes('Two pills'), 'its author is reminded');
  const stranger = await new Client(server.origin).signIn(link(ours, 'patient'));
  equal((await stranger.get('/inbox/errors')).status, 403, 'a patient does not see the list');
  useToken('user/*.cruds');
  equal((await nurse.post(`/inbox/errors/${key}/retry`, { s: field(page, 's') })).status, 303, 'again');
  await until(nurse, '/inbox/errors', 'All is well');
  for (let i = 0; i < 120 && !(await there(`DocumentReference/${key}`)); i++) await new Promise((resolve) => setTimeout(resolve, 250));
  equal((await there(`DocumentReference/${key}`))?.status, 'current', 'it arrived');
});

await test('or it stays here only, with a reason', async () => {
  useToken('user/*.rs');
  const key = await keep({ message: '2' });
  const page = await until(nurse, '/inbox/errors', 'The other system says: 403');
  equal((await nurse.post(`/inbox/errors/${key}/end`, { s: field(page, 's'), reason: '' })).status, 400, 'a reason is asked for');
  equal((await nurse.post(`/inbox/errors/${key}/end`, { s: field(page, 's'), reason: 'Written there by hand' })).status, 303, 'ended');
  const kept = (await nurse.get(chart)).text;
  ok(kept.includes('kept in this record only') && kept.includes('Written there by hand'), 'state and reason are told');
  must(salve(...ours, 'ehr', 'off'));
  ok(must(salve(...ours, 'ehr')).out.includes('only'), 'and switched off');
});

await test('the trail is whole', async () => { must(salve(...ours, 'audit', 'verify')); must(salve(...theirs, 'audit', 'verify')); });
await server.stop();
await other.stop();
line.close();
finish();
