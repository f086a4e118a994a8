// SPDX-License-Identifier: Apache-2.0
// Notices through a real mail server (OpenSMTPD on the loopback, delivering into folders): who is told, in which language, that
// nothing of what was written leaves the house, and what becomes of an address that the server refuses.  OpenSMTPD needs root.
import { spawn, spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import net from 'node:net';
import { join } from 'node:path';
import { Client, equal, field, finish, folder, link, must, ok, salve, serve, test } from './lib.mjs';

const place = folder();
chmodSync(place, 0o755); // the server's own users deliver below it
const data = join(place, 'data');
const mails = join(place, 'mail');
const at = ['--data', data];

// ---- the mail server ----

const smtpd = ['/usr/sbin/smtpd', '/usr/local/sbin/smtpd'].find((path) => spawnSync('test', ['-x', path]).status === 0);
if (!smtpd) throw new Error('the package opensmtpd is missing: ./dev setup test installs it');

async function freePort() {
  const server = net.createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => server.on('listening', resolve));
  const { port } = server.address();
  await new Promise((resolve) => server.close(resolve));
  return port;
}

function answers(port) {
  return new Promise((resolve) => {
    const socket = net.connect(port, '127.0.0.1');
    socket.on('data', () => { socket.destroy(); resolve(true); });
    socket.on('error', () => resolve(false));
  });
}

async function startMailServer() {
  const port = await freePort();
  const conf = join(place, 'smtpd.conf');
  mkdirSync(mails);
  chmodSync(mails, 0o777);
  writeFileSync(conf, `table known { "patient@home.example", "nurse@home.example" }
table owners { "@home.example" = "nobody" }
listen on 127.0.0.1 port ${port} hostname mail.example
action "keep" maildir "${mails}/%{rcpt.user}" virtual <owners>
match from any for domain "home.example" rcpt-to <known> action "keep"
`);
  const child = spawn(smtpd, ['-d', '-f', conf], { stdio: ['ignore', 'ignore', 'pipe'] });
  let log = '';
  child.stderr.on('data', (bytes) => { log += bytes; });
  const ended = new Promise((resolve) => child.on('exit', resolve));
  process.on('exit', () => child.kill('SIGTERM'));
  for (let wait = 0; wait < 100; wait++) {
    if (await answers(port)) return { port, stop: () => { child.kill('SIGTERM'); return ended; } };
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error(`the mail server does not answer: ${log}`);
}

function mailsOf(user) {
  try {
    const dir = join(mails, user, 'new');
    return readdirSync(dir).map((name) => readFileSync(join(dir, name), 'utf8'));
  } catch {
    return [];
  }
}

async function waitFor(what, seconds, look) {
  for (let wait = 0; wait < seconds * 10; wait++) {
    const found = await look();
    if (found) return found;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error(`${what}: not within ${seconds} s`);
}

// ---- the clinic ----

must(salve(...at, 'simulate', '--patients', '2', '--seed', '4'));
const mailServer = await startMailServer();
must(salve(...at, 'mail', '--url', `smtp://127.0.0.1:${mailServer.port}`, '--from', 'salve@clinic.example', '--portal', 'https://portal.example'));
const server = await serve(at, ['--rate-factor', '1000']);
const patient = await new Client(server.origin).signIn(link(at, 'patient'));
const nurse = await new Client(server.origin).signIn(link(at, 'nurse'));
const root = await new Client(server.origin).signIn(link(at, 'administrator'));

async function choose(client, choice, email) {
  const page = (await client.get('/account/notices')).text;
  return client.post('/account/notices', { s: field(page, 's'), choice, email });
}

async function write(words) {
  const page = (await patient.get('/messages/new')).text;
  const sent = await patient.post('/messages/new', { s: field(page, 's'), key: field(page, 'key'), category: 'general', team: field(page, 'team'), subject: `Subject ${words}`, body: `Body ${words}`, do: 'now' });
  equal(sent.status, 303, 'sending');
  return /\/messages\/([0-9a-f-]{36})/.exec(sent.headers.location)[1];
}

await test('people give their address themselves, and a wrong one is told at once', async () => {
  equal((await choose(patient, 'each', 'patient@home')).status, 400, 'half an address');
  equal((await choose(patient, 'each', 'patient@home.example')).status, 303, 'the address');
  equal((await choose(nurse, 'each', 'nurse@home.example')).status, 303, 'the address');
});

let thread;
await test('a message makes a mail for the team that says nothing but "sign in"', async () => {
  thread = await write('CANARY-4711');
  const [mail] = await waitFor('the mail', 20, () => mailsOf('nurse').length && mailsOf('nurse'));
  ok(mail.includes('Subject: You have a new message in Salve'), `another subject: ${mail}`);
  ok(mail.includes('Sign in to read it:') && mail.includes('https://portal.example'), 'it does not say where');
  for (const secret of ['CANARY', 'Subject C', thread, 'Maple', 'patient@']) ok(!mail.includes(secret), `the mail says ${secret}`);
});

await test('the answer is told to the patient, in the language of the patient', async () => {
  const lang = await patient.post('/language', { s: field((await patient.get('/account')).text, 's'), lang: 'es', next: '/home' });
  equal(lang.status, 303, 'the language');
  const desk = (await nurse.get(`/inbox/${thread}`)).text;
  const answer = await nurse.post(`/inbox/${thread}/reply`, { s: field(desk, 's'), key: field(desk, 'key'), seen: '1', body: 'CANARY-4712 answer', do: 'send' });
  equal(answer.status, 303, 'the answer');
  const [mail] = await waitFor('the mail', 20, () => mailsOf('patient').length && mailsOf('patient'));
  ok(mail.includes('Tiene un mensaje nuevo') || mail.includes('mensaje'), `not in Spanish: ${mail}`);
  ok(!mail.includes('CANARY'), 'the mail says what was written');
});

await test('an address that the server refuses is listed, told to its owner, and mended by them', async () => {
  equal((await choose(nurse, 'each', 'gone@home.example')).status, 303, 'the address');
  await write('CANARY-4713');
  await waitFor('the trouble', 20, async () => (await nurse.get('/account/notices')).text.includes('Your e-mail address does not work'));
  const system = (await root.get('/admin')).text;
  ok(system.includes('550') && system.includes('Refused for good'), 'the list does not show it');
  ok(!system.includes('gone@'), 'the list shows the address');
  ok(!system.includes('These could not be delivered'), 'it was given up as a delivery');
  await choose(nurse, 'each', 'nurse@home.example');
  ok(!(await nurse.get('/account/notices')).text.includes('does not work'), 'the trouble stays');
  ok((await root.get('/admin')).text.includes('The mail server took every address.'), 'the list still shows it');
});

await test('while the mail server is away mails wait and nothing is lost', async () => {
  const before = mailsOf('nurse').length;
  await mailServer.stop();
  await write('CANARY-4714');
  await waitFor('the delivery', 20, async () => /deliver(y is|ies are) waiting/.test((await root.get('/admin')).text));
  ok(!(await root.get('/admin')).text.includes('These could not be delivered'), 'given up at once');
  equal(mailsOf('nurse').length, before, 'mails');
});

await server.stop();
finish();
