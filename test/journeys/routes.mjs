// SPDX-License-Identifier: Apache-2.0
// Every row of the route table asked as the wrong person: nobody, the wrong kind, another patient, another site.  The rows
// come from the program itself, so that a new route cannot be forgotten.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Client, equal, finish, folder, link, must, ok, root, salve, serve, test } from './lib.mjs';

const data = join(folder(), 'data');
const at = ['--data', data];
must(salve(...at, 'simulate', '--patients', '4', '--seed', '3'));
const listing = must(salve(...at, 'routes')).out;

// "GET  /record/labs   page  patient,care_team  ..." : method, pattern and what else the program says of it.
const rows = listing.trim().split('\n').map((line) => ({ line, method: line.trim().split(/\s+/)[0], pattern: line.trim().split(/\s+/)[1] }));

await test('the surface is the one that was reviewed', async () => {
  const golden = readFileSync(join(root, 'test/golden/routes.out'), 'utf8');
  equal(listing, golden, 'salve routes differs from test/golden/routes.out; look at the new doors, then regenerate it');
});

const server = await serve(at, ['--rate-factor', '1000']);
const people = {};
for (const login of ['patient', 'patient2', 'nurse', 'nurse2', 'administrator'])
  people[login] = await new Client(server.origin).signIn(link(at, login));
const nobody = new Client(server.origin);

// A path of the row with ids that exist for patient 1 where that matters, unknown ones elsewhere.
const fhir = { headers: { Accept: 'application/fhir+json' } };
const own = JSON.parse((await people.patient.get('/fhir/Patient', fhir)).text).entry[0].resource.id;
const unknown = '00000000-0000-4000-8000-000000000000';
function pathOf(pattern) {
  return pattern.replace(/\{patient\}/g, own).replace(/\{type\}/g, 'Observation').replace(/\{[a-z_.]+\}/g, unknown);
}
const open = (row) => /\banyone\b/.test(row.line);

await test('whoever is nobody gets no further than the doors meant for everyone', async () => {
  for (const row of rows.filter((r) => !open(r))) {
    const client = new Client(server.origin);
    const answer = await client.ask(row.method, pathOf(row.pattern), { headers: row.method === 'GET' ? {} : { 'Sec-Fetch-Site': 'same-origin' }, body: row.method === 'GET' ? undefined : '' });
    ok([303, 401, 403, 404, 413].includes(answer.status), `${row.method} ${row.pattern} answered ${answer.status} to nobody`);
    if (answer.status === 303) ok(answer.headers.location.startsWith('/sign-in'), `${row.pattern} sent nobody to ${answer.headers.location}`);
  }
});

// Somebody who acts for patient 1 and was given everything that can be given.
// The value that forms of this person carry comes from a page that holds one.
const fill = async (client, page, path, fields) => client.post(path, { s: /name="s" value="([^"]+)"/.exec((await client.get(page)).text)[1], ...fields });
const text = (html) => html.replace(/<[^>]*>/g, ' ');
const offered = await fill(people.patient, '/sharing/new', '/sharing/new', { called: 'Neighbor', 'messages-read': 'yes', 'messages-write': 'yes', 'record-read': 'yes' });
const code = /[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4}/.exec(text(offered.text))[0];
people.delegate = await new Client(server.origin).signIn(link(at, 'patient2'));
await fill(people.delegate, '/sharing/accept', '/sharing/accept/answer', { code, do: 'accept' });
const choice = await people.delegate.get('/acting');
await fill(people.delegate, '/acting', '/acting', { patient: /name="patient" value="([^"]+)"/.exec(choice.text)[1] });

await test('the wrong kind of person is refused by every row', async () => {
  const kinds = { patient: 'patient', "care-team": 'nurse', administrator: 'administrator', delegate: 'delegate' };
  for (const row of rows.filter((r) => !open(r))) {
    for (const [kind, login] of Object.entries(kinds)) {
      if (new RegExp(`\\b${kind}\\b`).test(row.line)) continue;
      const answer = await people[login].ask(row.method, pathOf(row.pattern), { headers: row.method === 'GET' ? {} : { 'Sec-Fetch-Site': 'same-origin' }, body: row.method === 'GET' ? undefined : '' });
      ok([403, 404, 413].includes(answer.status), `${row.method} ${row.pattern} answered ${answer.status} to ${login}`);
    }
  }
});

await test('what another site sends is refused by every row that writes', async () => {
  const others = rows.filter((r) => / any-site$/.test(r.line)); // for programs of other sites, by a secret in the address
  ok(others.length && others.every((r) => /who=anyone /.test(r.line) && r.pattern.startsWith('/shl/')), 'only share links are for other sites');
  for (const row of rows.filter((r) => r.method !== 'GET' && !others.includes(r))) {
    for (const headers of [{ 'Sec-Fetch-Site': 'cross-site' }, { 'Sec-Fetch-Site': 'same-site' }, { Origin: 'https://evil.example' }, { Origin: 'null' }, {}]) {
      const answer = await people.patient.ask(row.method, pathOf(row.pattern), { headers, body: '' });
      ok([403, 404, 413].includes(answer.status), `${row.method} ${row.pattern} answered ${answer.status} to ${JSON.stringify(headers)}`);
    }
  }
});

await test('a form without the session-bound value is refused by every page row that writes', async () => {
  for (const row of rows.filter((r) => r.method === 'POST' && !open(r) && / face=page /.test(r.line))) {
    const login = /\bpatient\b/.test(row.line) ? 'patient' : /\bcare-team\b/.test(row.line) ? 'nurse' : 'administrator';
    const answer = await people[login].post(pathOf(row.pattern), { a: 'b' });
    ok([403, 404, 413].includes(answer.status), `${row.method} ${row.pattern} answered ${answer.status} without the value`);
  }
});

await test('another patient, and a nurse of another team, find nothing of a patient', async () => {
  const observation = JSON.parse((await people.patient.get('/fhir/Observation?_count=1', fhir)).text).entry[0].resource.id;
  for (const login of ['patient2', 'nurse2', 'administrator']) {
    for (const path of [`/fhir/Patient/${own}`, `/fhir/Observation/${observation}`, `/fhir/Observation/${observation}/_history`]) {
      const answer = await people[login].get(path, fhir);
      ok([403, 404].includes(answer.status), `${path} answered ${answer.status} to ${login}`);
    }
    const found = await people[login].get(`/fhir/Observation?patient=${own}`, fhir);
    ok(found.status >= 400 || JSON.parse(found.text).total === 0 || !(JSON.parse(found.text).entry ?? []).some((e) => e.resource.resourceType === 'Observation'), `${login} finds observations of another patient`);
  }
  for (const row of rows.filter((r) => r.method === 'GET' && r.pattern.includes('{patient}'))) {
    for (const login of ['nurse2', 'patient2', 'administrator']) {
      if (login === 'administrator' && /^\/(admin|api\/office)\//.test(row.pattern)) continue; // who belongs to which team: names, no record
      const answer = await people[login].get(pathOf(row.pattern));
      ok([403, 404].includes(answer.status), `${row.pattern} answered ${answer.status} to ${login}`);
    }
  }
});

await test('the right people do get in', async () => {
  for (const row of rows.filter((r) => r.method === 'GET' && !r.pattern.includes('{') && !open(r) && r.pattern !== '/events')) {
    const login = /\bpatient\b/.test(row.line) ? 'patient' : /\bcare-team\b/.test(row.line) ? 'nurse' : 'administrator';
    const answer = await people[login].get(row.pattern, row.pattern.startsWith('/fhir') ? fhir : {});
    ok([200, 400].includes(answer.status) || (row.pattern.startsWith('/fhir') && answer.status < 500), `${row.pattern} answered ${answer.status} to ${login}`);
  }
});

await server.stop();
finish();
