// SPDX-License-Identifier: Apache-2.0
// What a team does with messages beside answering, in the browser: a mixed queue cleared by keyboard alone, messages handed on,
// taken back, joined, one text to many; the same by plain forms without JavaScript.  Every page on the way is looked at by axe.
// The five commonest tasks are counted in interactions (keys pressed and things clicked, typed text aside).
import { join } from 'node:path';
import { Client, equal, finish, folder, link, must, ok, salve, serve, test } from '../journeys/lib.mjs';
import { browser, nothingWrong, Person } from './lib.mjs';

const INTERACTIONS_MAX = 5;
const QUEUE = 50;

const data = join(folder(), 'data');
const at = ['--data', data];
must(salve(...at, 'simulate', '--patients', '30', '--seed', '5'));
const server = await serve(at, ['--rate-factor', '1000']);
const chrome = await browser();
const patient = await Person.at(chrome, server.origin, link(at, 'patient'));
const nurse = await Person.at(chrome, server.origin, link(at, 'nurse'));
const count = new Map();

// The patient writes as their browser does; gives back the thread's path.
async function write(subject, body = `${subject}, please.`, how = 'now') {
  const client = new Client(server.origin);
  await client.signIn(new URL(link(at, 'patient'), server.origin).pathname);
  const form = await client.get('/messages/new');
  const field = (name) => new RegExp(`name="${name}"[^>]*value="([^"]*)"`).exec(form.text)?.[1];
  const answer = await client.post('/messages/new', {
    s: field('s'), key: field('key'), team: field('team'), category: 'medication', subject, body, do: how,
  });
  if (answer.status !== 303) throw new Error(`the message was not taken: ${answer.status}`);
  const waits = /^\/messages\/sending\/(.*)$/.exec(answer.headers.location); // time to think again: not here
  if (!waits) return answer.headers.location.split('?')[0];
  const sent = await client.post(`/messages/draft/${waits[1]}/send`, { s: field('s') });
  return sent.headers.location.split('?')[0];
}

// Counts what a person presses. Text that is typed does not count.
function hands(person) {
  let n = 0;
  const settle = () => person.page.waitForLoadState('load');
  return {
    async press(key) { n++; await person.page.keyboard.press(key); await settle(); },
    async type(text) { await person.page.keyboard.insertText(text); },
    async choose(label) { n++; await person.page.keyboard.type(label); await settle(); }, // in a list: the word that is typed picks
    async arrive(url) { await person.page.waitForURL(url); await settle(); },
    count: () => n,
  };
}

async function openByKey(subject) {
  await nurse.page.goto(`${server.origin}/inbox`);
  await nurse.page.locator('[data-row]', { hasText: subject }).first().focus();
  const h = hands(nurse);
  await h.press('o');
  await h.arrive(/\/inbox\/[0-9a-f-]{36}/);
  return h;
}

await test('a refill question is answered and completed by keyboard', async () => {
  const thread = await write('Refill before Friday');
  const h = await openByKey('Refill before Friday');
  await nurse.check();
  await h.press('r');
  await h.type('It is on its way.');
  await h.press('Control+Enter');
  await h.arrive(/done=completed/);
  count.set('answer a refill question', h.count());
  await patient.visit(thread);
  ok((await patient.page.content()).includes('It is on its way.'), 'the patient does not read the answer');
  nothingWrong(nurse, patient);
});

await test('a conversation is given to a colleague', async () => {
  await write('For the physician');
  const h = await openByKey('For the physician');
  await h.press('s');
  const name = await nurse.page.locator('#field-assign_to option').nth(1).innerText();
  await h.choose(name.slice(0, 6));
  await h.press('Enter');
  await nurse.press('Give').catch(() => {});
  await h.arrive(/done=assigned/);
  count.set('assign', h.count());
  await nurse.check();
  nothingWrong(nurse);
});

await test('a misrouted message goes to the right team, and the patient reads why', async () => {
  const thread = await write('Wrong team');
  const h = await openByKey('Wrong team');
  await h.press('t');
  await h.type('The other team makes these appointments.');
  await h.press('Tab');
  const name = await nurse.page.locator('#field-route_to option').nth(1).innerText();
  await h.choose(name.slice(0, 6));
  await h.press('Enter');
  await nurse.press('Send on').catch(() => {});
  await h.arrive(/done=rerouted/);
  nurse.wrong = nurse.wrong.filter((line) => !/status of 404/.test(line)); // its open page asked once more for what is not theirs
  count.set('re-route', h.count());
  await nurse.check();
  ok(!(await nurse.page.locator('#inbox').innerText()).includes('Wrong team'), 'it is still in the inbox');
  await patient.visit(thread);
  ok((await patient.page.content()).includes('The other team makes these appointments.'), 'the patient does not read the reason');
  nothingWrong(nurse, patient);
});

await test('a conversation is completed with a note for the team', async () => {
  const thread = await write('Called back');
  const h = await openByKey('Called back');
  await h.press('n');
  await h.type('Reached her daughter; all is well.');
  await h.press('Control+Enter');
  await h.arrive(/done=noted/);
  await h.press('c');
  await h.arrive(/done=completed/);
  count.set('complete with note', h.count());
  await patient.visit(thread);
  ok(!(await patient.page.content()).includes('Reached her daughter'), 'the patient reads a note of the team');
  nothingWrong(nurse, patient);
});

await test('one text goes to many patients', async () => {
  await nurse.page.goto(`${server.origin}/inbox`);
  const h = hands(nurse);
  await h.press('b');
  await h.arrive(/\/inbox\/broadcast/);
  await nurse.check();
  await nurse.page.locator('#field-body').focus();
  await h.type('Flu shots are here. Come by on Friday.');
  await h.press('Control+Enter');
  await nurse.page.getByRole('button', { name: /^Send to \d+ patients$/ }).waitFor();
  await nurse.check();
  await h.press('y');
  await h.arrive(/\/inbox\/broadcast\/[0-9a-f-]{36}/);
  count.set('broadcast', h.count());
  await nurse.page.waitForFunction(() => /\d+ patients have it/.test(document.body.innerText) && !/still to be written/.test(document.body.innerText), null, { polling: 500, timeout: 20000 })
    .catch(async () => { await nurse.page.reload(); });
  ok(/[2-9]\d* patients have it|1\d+ patients have it/.test(await nurse.page.locator('main').innerText()), await nurse.page.locator('main').innerText());
  await patient.visit('/messages');
  ok((await patient.page.content()).includes('General question'), 'the patient has no such conversation');
  nothingWrong(nurse, patient);
});

await test('an answer is taken back before it is read, and duplicates are joined', async () => {
  const first = await write('Dizzy since Monday');
  const second = await write('Dizzy since Monday again');
  await openByKey('Dizzy since Monday again');
  await nurse.page.locator('textarea[name=body]').fill('This was meant for somebody else.');
  await nurse.press('Send, keep open');
  await nurse.press('Take it back');
  await nurse.check();
  ok((await nurse.page.content()).includes('Taken back'), 'nothing tells that it was taken back');
  await patient.visit(second);
  ok(!(await patient.page.content()).includes('meant for somebody else'), 'the patient reads what was taken back');
  ok((await patient.page.content()).includes('took a message back'), 'the patient is not told');
  await nurse.page.locator('summary', { hasText: 'Join with another' }).click();
  await nurse.page.locator('#field-merge_into').selectOption({ label: 'Dizzy since Monday' });
  await nurse.press('Join');
  await nurse.check();
  equal(new URL(nurse.page.url()).pathname, first.replace('/messages', '/inbox'));
  await patient.visit(second);
  ok((await patient.page.content()).includes('Open the other conversation'), 'the patient is not led on');
  nothingWrong(nurse, patient);
});

await test('the same deeds by plain forms, without JavaScript, at 320 px', async () => {
  const plain = await Person.at(chrome, server.origin, link(at, 'nurse'), { javaScriptEnabled: false, width: 320 });
  await write('By plain forms');
  await plain.visit('/inbox');
  await plain.page.getByRole('link', { name: 'By plain forms' }).first().click();
  await plain.check();
  await plain.page.locator('summary', { hasText: 'Note for the team' }).click();
  await plain.press('Keep the note'); // empty: refused, with words beside the field
  await plain.page.locator('#field-note_text').fill('Without a script.');
  await plain.press('Keep the note');
  ok((await plain.page.content()).includes('Without a script.'), 'the note is not there');
  await plain.page.locator('summary', { hasText: 'Remind me' }).click();
  await plain.press('Remind me');
  await plain.visit('/inbox?show=reminders');
  ok((await plain.page.content()).includes('By plain forms'), 'no reminder is listed');
  await plain.page.getByRole('link', { name: 'By plain forms' }).first().click();
  await plain.page.locator('summary', { hasText: 'Show it to colleagues' }).click();
  await plain.page.locator('input[name=forward_to]').first().check();
  await plain.press('Show it');
  ok((await plain.page.content()).includes('for information'), 'nothing tells that it was shown');
  await plain.check();
  plain.wrong = plain.wrong.filter((line) => !/status of 400/.test(line)); // the browser notes the refusal itself
  nothingWrong(plain);
  await plain.close();
});

await test('a colleague sees who is writing, and a list is kept by name', async () => {
  await write('Who is writing');
  const doctor = await Person.at(chrome, server.origin, link(at, 'doctor'));
  for (const one of [nurse, doctor]) {
    await one.page.goto(`${server.origin}/inbox`);
    await one.page.getByRole('link', { name: 'Who is writing' }).first().click();
    await one.page.waitForLoadState('load');
  }
  await doctor.page.waitForTimeout(500); // its stream of events is open
  await nurse.page.locator('#field-body').pressSequentially('Let me see');
  await doctor.page.getByText('is writing an answer').waitFor();
  await doctor.check();
  equal(await nurse.page.locator('#typing').innerText(), '', 'one reads of oneself');
  await nurse.visit('/inbox?show=mine');
  await nurse.page.locator('summary', { hasText: 'My lists' }).click();
  await nurse.page.locator('#field-view_name').fill('What I hold');
  await nurse.page.locator('#field-first').check();
  await nurse.press('Keep');
  await nurse.check();
  await nurse.visit('/inbox');
  ok(nurse.page.url().includes('show=mine'), `the inbox begins with ${nurse.page.url()}`);
  await nurse.page.locator('summary', { hasText: 'My lists' }).click();
  await nurse.press('Remove What I hold');
  nothingWrong(nurse, doctor);
  await doctor.close();
});

await test('an answer begins with a template, its fields filled', async () => {
  await write('Same as always');
  await nurse.visit('/templates');
  const html = await nurse.page.content();
  ok(html.includes('{patient}'), 'nothing tells of the fields');
  await nurse.page.locator('[name=name]').first().fill('Greeting');
  await nurse.page.locator('[name=body]').first().fill('Good day {patient}, this is {me}.');
  await nurse.page.locator('main form button').first().click();
  await nurse.page.waitForLoadState('load');
  await nurse.visit('/inbox');
  await nurse.page.getByRole('link', { name: 'Same as always' }).first().click();
  await nurse.page.locator('summary', { hasText: 'Use a template' }).click();
  await nurse.page.locator('#field-template').selectOption({ label: 'Greeting' });
  await nurse.press('Put it into the answer');
  await nurse.check();
  const text = await nurse.page.locator('#field-body').inputValue();
  ok(/^Good day \S.*, this is \S.*\.$/.test(text) && !text.includes('{'), text);
  nothingWrong(nurse);
});

await test('the list is put in another order, and j and k follow it', async () => {
  await write('Calm question');
  await write('Urgent question', 'I have chest pain.', 'urgent');
  const rows = () => nurse.page.locator('[data-row]').allInnerTexts();
  await nurse.visit('/inbox?show=open');
  equal((await rows())[0], 'Urgent question', 'what is urgent stands first');
  await nurse.page.keyboard.press('j');
  equal(await nurse.page.evaluate(() => document.activeElement.innerText), 'Urgent question', 'the keyboard begins there');
  await nurse.page.getByRole('link', { name: 'Since', exact: true }).click();
  await nurse.page.waitForLoadState('load');
  await nurse.check();
  const aged = await rows();
  ok(aged.indexOf('Urgent question') > aged.indexOf('Calm question'), aged.join(', '));
  await nurse.page.keyboard.press('j');
  equal(await nurse.page.evaluate(() => document.activeElement.innerText), aged[0], 'j follows the order');
  nothingWrong(nurse);
});

await test('a list of staff is informed by one choice', async () => {
  const office = await Person.at(chrome, server.origin, link(at, 'administrator'));
  await office.visit('/admin/lists');
  await office.page.getByLabel('Name of the list').fill('Everybody here');
  for (const box of await office.page.locator('main input[type=checkbox]').all()) await box.check();
  await office.press('Save');
  const path = (await write('To be shown')).replace('/messages/', '/inbox/');
  await nurse.visit(path);
  await nurse.page.getByText('Show it to colleagues').click();
  await nurse.page.getByLabel('Everybody here').check();
  await nurse.press('Show it');
  await nurse.check();
  ok((await nurse.page.content()).includes('shown to the list Everybody here for information'), 'the event');
  nothingWrong(nurse, office);
  await office.close();
});

await test(`a queue of ${QUEUE} mixed messages is cleared without a mouse`, async () => {
  for (let i = 0; i < QUEUE; i++) await write(`Question ${i}`);
  await nurse.page.goto(`${server.origin}/inbox`);
  const h = hands(nurse);
  const open = async () => Number(/\d+/.exec(await nurse.page.locator('#filters li').first().innerText())[0]);
  const before = await open();
  ok(before >= QUEUE, `only ${before} are open`);
  for (let i = 0; i < before; i++) {
    await h.press('o');
    await h.arrive(/\/inbox\/[0-9a-f-]{36}/);
    if (i % 5 === 4 || await nurse.page.locator('#field-body').count() === 0) {
      await h.press('c'); // called, or answered before
    } else {
      await h.press('r');
      await h.type(`Answer ${i}`);
      await h.press('Control+Enter');
    }
    await h.arrive(/done=completed/);
  }
  equal(await open(), 0, 'open after all');
  console.log(`# ${before} conversations in ${h.count()} interactions`);
  await nurse.check();
  nothingWrong(nurse);
});

await test(`each of the five commonest tasks takes at most ${INTERACTIONS_MAX} interactions`, async () => {
  equal(count.size, 5);
  for (const [task, n] of count) {
    console.log(`# ${task}: ${n}`);
    ok(n <= INTERACTIONS_MAX, `${task} takes ${n}`);
  }
});

await chrome.close();
await server.stop();
finish();
