// SPDX-License-Identifier: Apache-2.0
// A full disk: the server says so, loses nothing that it acknowledged, and goes on when there is room again.  The disk is a
// small file system in memory, mounted in a name space of the test's own.
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { readdirSync, rmSync, writeFileSync } from 'node:fs';
import { Client, equal, field, finish, folder, link, must, ok, salve, serve, test } from './lib.mjs';

// Started again inside a mount name space, where a small disk can be mounted without touching the machine.
if (!process.env.SMALL_DISK) {
  const place = folder();
  // "unchanged": in a plain chroot the root is no mount point whose propagation could be changed; so the disk is unmounted here.
  const inner = spawnSync('unshare', ['--mount', '--propagation', 'unchanged', ...(process.getuid() === 0 ? [] : ['--map-root-user']), 'sh', '-c',
    'mount -t tmpfs -o size=16m small "$SMALL_DISK" || exit 1; "$0" "$1"; code=$?; umount "$SMALL_DISK"; exit $code', process.execPath, new URL(import.meta.url).pathname],
    { env: { ...process.env, SMALL_DISK: place }, stdio: ['ignore', 'pipe', 'inherit'], encoding: 'utf8' });
  process.stdout.write(inner.stdout);
  process.exit(inner.status ?? 1);
}

const data = join(process.env.SMALL_DISK, 'data');
const at = ['--data', data];
must(salve(...at, 'simulate', '--patients', '2', '--seed', '2'));
const server = await serve(at, ['--rate-factor', '1000']);
const patient = await new Client(server.origin).signIn(link(at, 'patient'));

async function send(subject, body) {
  const page = (await patient.get('/messages/new')).text;
  return patient.post('/messages/new', { s: field(page, 's'), key: field(page, 'key'), do: 'now', category: 'general', team: field(page, 'team'), subject, body });
}

const acknowledged = [];
await test('with room, messages are sent', async () => {
  const answer = await send('With room', 'There is room.');
  equal(answer.status, 303, `status (${answer.text.slice(0, 300)})`);
  acknowledged.push('With room');
});

await test('a full disk is said with words, and what was written comes back with the page', async () => {
  for (let i = 0, size = 1 << 20; size >= 512; i++) {
    try { writeFileSync(join(process.env.SMALL_DISK, `ballast-${i}`), Buffer.alloc(size)); } catch { size >>= 1; }
  }
  let refused;
  for (let i = 0; i < 200 && !refused; i++) {
    const answer = await send(`Nearly full ${i}`, 'x'.repeat(500) + Math.random());
    if (answer.status === 303) acknowledged.push(`Nearly full ${i}`);
    else refused = answer;
  }
  ok(refused, 'the disk never became full');
  equal(refused.status, 503, 'status');
  ok(/no space|busy|try again/i.test(refused.text), refused.text.slice(0, 2000));
  ok(refused.text.includes('x'.repeat(500)), 'what was written is not on the page');
  equal((await patient.get('/healthz')).status, 200, 'health');
});

await test('with room again it goes on, and nothing acknowledged is missing', async () => {
  for (const name of readdirSync(process.env.SMALL_DISK)) if (name.startsWith('ballast')) rmSync(join(process.env.SMALL_DISK, name));
  const answer = await send('After', 'There is room again.');
  equal(answer.status, 303, 'status');
  acknowledged.push('After');
  const seen = [];
  for (let page = 1; page < 40; page++) {
    const text = (await patient.get(`/messages?page=${page}`)).text;
    seen.push(text);
    if (!text.includes(`page=${page + 1}`)) break;
  }
  for (const subject of acknowledged) ok(seen.some((text) => text.includes(subject)), `"${subject}" was acknowledged and is missing`);
});

await server.stop();
await test('the trail is whole', async () => { must(salve(...at, 'audit', 'verify')); });
finish();
