// SPDX-License-Identifier: Apache-2.0
// How long until the other person's screen shows it: an app sends messages with a patient's token, and Chromium shows the nurse's
// inbox.  From the answer to the sender, when the message is durable, until the subject stands in the page.  Prints one line of
// JSON.
import { randomUUID } from 'node:crypto';
import { folder, link, must, salve, serve } from '../test/journeys/lib.mjs';
import { browser, Person } from '../test/browser/lib.mjs';

const sends = Number(process.argv[2] ?? 60);
const at = ['--data', `${folder()}/data`];
must(salve(...at, 'simulate', '--patients', '20', '--seed', '1'));
const server = await serve(at, ['--rate-factor', '1000']);
const token = must(salve(...at, 'token', 'make', '--login', 'patient', '--scope', 'patient/*.cruds')).out.trim();
const nurses = must(salve(...at, 'token', 'make', '--login', 'nurse', '--scope', 'user/*.cruds')).out.trim();
const headers = { Authorization: `Bearer ${token}`, 'Content-Type': 'application/json' };
const { teams } = await (await fetch(`${server.origin}/api/teams`, { headers })).json();
const chrome = await browser();
const nurse = await Person.at(chrome, server.origin, link(at, 'nurse'));
await nurse.page.goto(`${server.origin}/inbox`);
await nurse.page.evaluate(() => {
  window.shown = new Map();
  new MutationObserver(() => {
    for (const found of document.body.innerText.matchAll(/Measured \d+/g)) if (!window.shown.has(found[0])) window.shown.set(found[0], Date.now());
  }).observe(document.body, { childList: true, subtree: true, characterData: true });
});
const took = [];
for (let i = 0; i < sends; i++) {
  const subject = `Measured ${i + 1000}`;
  const body = JSON.stringify({ key: randomUUID(), team: teams[0].id, subject, body: 'May I take both together?' });
  const answer = await fetch(`${server.origin}/api/conversations`, { method: 'POST', headers, body });
  const sent = Date.now();
  if (answer.status !== 201) throw new Error(`${answer.status}: ${await answer.text()}`);
  await nurse.page.waitForFunction((words) => window.shown.has(words), subject, { polling: 5, timeout: 10000 });
  const { conversation } = await answer.json();
  took.push(await nurse.page.evaluate((words) => window.shown.get(words), subject) - sent);
  // worked off at once, so that the next one stands on the first page too
  const done = await fetch(`${server.origin}/api/conversations/${conversation.id}/do/complete`,
    { method: 'POST', headers: { ...headers, Authorization: `Bearer ${nurses}` }, body: '{"how":"no-need"}' });
  if (done.status !== 200) throw new Error(`${done.status}: ${await done.text()}`);
}
took.sort((a, b) => a - b);
console.log(JSON.stringify({ sends, p50_ms: took[Math.floor(sends / 2)], p99_ms: took[Math.ceil(sends * 0.99) - 1], max_ms: took[sends - 1] }));
await chrome.close();
await server.stop();
