// SPDX-License-Identifier: Apache-2.0
// One person acts for another, in a browser, with JavaScript and without: the patient gives a permission, the other takes it
// with the code, writes, the nurse sees both names, the patient ends it, and the next click is gone.
import { join } from 'node:path';
import { browser, forget, nothingWrong, Person, shot } from './lib.mjs';
import { equal, finish, folder, link, must, ok, salve, serve, test } from '../journeys/lib.mjs';

const place = folder();
const at = ['--data', join(place, 'data')];
must(salve(...at, 'simulate', '--patients', '4', '--seed', '3'));
const server = await serve(at, ['--rate-factor', '1000']);
const chrome = await browser();
const kinds = [{ name: 'desk', width: 1280, javaScriptEnabled: true }, { name: 'phone', width: 320, javaScriptEnabled: true },
  { name: 'plain', width: 390, javaScriptEnabled: false }];

const heading = (person) => person.page.locator('h1').first().innerText();
async function nameOf(login) {
  const person = await Person.at(chrome, server.origin, link(at, login));
  await person.page.goto(`${server.origin}/account`);
  const name = (await person.page.locator('.account-name').innerText()).trim();
  await person.close();
  return name;
}
const [bo, ana] = [await nameOf('patient'), await nameOf('patient3')];

async function make(person, rights) {
  await person.visit('/sharing/new');
  await person.page.getByLabel('Who is it?').fill('Ana');
  await person.page.getByLabel('Who are they to you?').fill('my daughter');
  for (const right of rights) await person.page.getByLabel(right).check();
  await shot(person, `sharing-offer-${person.kind}`);
  await person.press('Make the code');
  await shot(person, `sharing-code-${person.kind}`);
  return (await person.page.locator('.value').innerText()).trim();
}

for (const kind of process.env.SALVE_KIND ? kinds.filter((k) => k.name === process.env.SALVE_KIND) : kinds) {
  const patient = await Person.at(chrome, server.origin, link(at, 'patient'), kind);
  const helper = await Person.at(chrome, server.origin, link(at, 'patient3'), kind);
  const nurse = await Person.at(chrome, server.origin, link(at, 'nurse'), { javaScriptEnabled: kind.javaScriptEnabled });
  patient.kind = helper.kind = kind.name;
  for (const person of [patient, helper, nurse]) if (await person.page.getByRole('button', { name: 'English' }).count()) await person.press('English');
  const subject = `For the ${kind.name}`;
  let code;

  await test(`${kind.name}: the patient gives a permission and sees its code once`, async () => {
    await patient.visit('/sharing');
    await patient.page.goto(`${server.origin}/sharing/new`);
    await patient.page.getByLabel('Who is it?').fill('Ana');
    await patient.press('Make the code');
    forget(patient, 400);
    ok((await patient.page.content()).includes('Choose at least one thing'), 'refused with words');
    code = await make(patient, ['Read messages', 'Write messages']);
    ok(/^[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4}$/.test(code), code);
    await patient.visit('/sharing');
    ok(!(await patient.page.content()).includes(code), 'the code is not shown again');
    await shot(patient, `sharing-${kind.name}`);
  });

  await test(`${kind.name}: the other types it, reads what it gives and what not, and accepts`, async () => {
    await helper.visit('/sharing/accept');
    await helper.page.getByLabel('Code').fill('0000 0000 0000');
    await helper.press('Go on');
    forget(helper, 404);
    ok((await helper.page.content()).includes('This code does not fit'), 'a wrong code');
    await helper.page.getByLabel('Code').fill(code.toLowerCase().replaceAll('-', ' '));
    await helper.press('Go on');
    equal(await heading(helper), `Act for ${bo}?`);
    const text = await helper.page.locator('main').innerText();
    ok(text.indexOf('Write messages') < text.indexOf('You may not') && text.indexOf('See the health record') > text.indexOf('You may not'), 'what is given and what is not');
    await shot(helper, `sharing-accept-${kind.name}`);
    await helper.press('Accept');
    await helper.visit('/acting');
    await shot(helper, `sharing-acting-${kind.name}`);
    await helper.press(`Act for ${bo}`);
    equal(new URL(helper.page.url()).pathname, '/messages');
  });

  await test(`${kind.name}: a line on every page says for whom, and the record stays shut`, async () => {
    for (const path of ['/acting', '/messages', '/messages/terms', '/messages/search', '/account']) {
      await helper.visit(path);
      ok(await helper.page.getByText(`You are acting for ${bo}.`).first().isVisible(), path);
    }
    await helper.visit('/record', 404);
    forget(helper, 404);
    await helper.visit('/looked', 403);
    forget(helper, 403);
  });

  await test(`${kind.name}: both names stand on what is written, for each of them and for the team`, async () => {
    await helper.page.goto(`${server.origin}/messages/terms`);
    if (await helper.page.getByRole('button', { name: 'I keep to these terms' }).count()) await helper.press('I keep to these terms');
    await helper.visit('/messages/new');
    await helper.page.getByLabel('General').check();
    await helper.page.getByLabel('Subject').fill(subject);
    await helper.page.getByLabel('Your message').fill('May the tablets be taken at night?');
    await helper.press('Send message');
    if (await helper.page.getByRole('button', { name: 'Send now' }).count()) await helper.press('Send now');
    await helper.page.goto(`${server.origin}/messages?folder=sent`);
    await helper.page.getByRole('link', { name: subject }).click();
    await helper.page.waitForLoadState('load');
    await helper.check();
    ok((await helper.page.content()).includes(`${ana} for ${bo}`), 'the helper sees both names');
    await shot(helper, `sharing-thread-${kind.name}`);
    await patient.page.goto(`${server.origin}/messages`);
    await patient.page.getByRole('link', { name: subject }).click();
    ok((await patient.page.content()).includes(`${ana} for ${bo}`), 'the patient sees both names');
    await nurse.visit('/inbox?show=open');
    ok((await nurse.page.content()).includes(`${ana} for ${bo}`), 'the inbox shows both names');
    await nurse.page.getByRole('link', { name: subject }).click();
    await nurse.page.waitForLoadState('load');
    await nurse.check();
    const desk = await nurse.page.locator('main').innerText();
    ok(desk.includes(`${ana} for ${bo}`), 'the conversation shows both names');
    ok(desk.includes('Who may act for the patient') && desk.includes('my daughter'), 'and who may act');
    await shot(nurse, `sharing-desk-${kind.name}`);
  });

  await test(`${kind.name}: a page that was opened for the patient is not sent as oneself`, async () => {
    await helper.page.goto(`${server.origin}/messages/new`);
    const other = await helper.context.newPage(); // the second tab
    await other.goto(`${server.origin}/acting`);
    await other.getByRole('button', { name: 'Back to your own pages' }).click();
    await other.waitForLoadState('load');
    equal(new URL(other.url()).pathname, '/home');
    await other.close();
    await helper.page.getByLabel('General').check();
    await helper.page.getByLabel('Your message').fill('This must not leave.');
    await helper.press('Send message');
    forget(helper, 403);
    ok((await helper.page.content()).includes('while you acted for somebody else'), 'refused with words');
    ok(await helper.page.getByText('This must not leave.').isVisible(), 'and the text is there to be copied');
    await helper.page.goto(`${server.origin}/messages?folder=sent`);
    ok(!(await helper.page.content()).includes(subject), 'her own folder holds nothing of it');
    await helper.page.goto(`${server.origin}/acting`);
    await helper.press(`Act for ${bo}`);
  });

  await test(`${kind.name}: the patient ends it, and the next click is gone`, async () => {
    await patient.visit('/sharing');
    await patient.press(`End it now: ${ana}`);
    await patient.check();
    ok((await patient.page.content()).includes('Nobody acts for you'), 'nobody is left');
    await helper.visit('/messages', 404);
    forget(helper, 404);
    ok(await helper.page.getByText(`You can no longer act for ${bo}.`).first().isVisible(), 'and says so');
    await shot(helper, `sharing-over-${kind.name}`);
    await helper.press('Back to your own pages');
    equal(new URL(helper.page.url()).pathname, '/home');
    await patient.visit('/looked');
    ok((await patient.page.content()).includes(ana), 'the trail names her');
    ok((await patient.page.content()).includes('because you let them act for you'), 'and by what right');
    await shot(patient, `sharing-looked-${kind.name}`);
  });

  await test(`${kind.name}: somebody without an account makes one with the code, in Spanish too`, async () => {
    code = await make(patient, ['See the health record']);
    const carla = await Person.at(chrome, server.origin, null, { ...kind, locale: 'es-US' });
    carla.kind = kind.name;
    await carla.visit('/sharing/accept');
    await carla.page.getByLabel('Código').fill(code);
    await carla.press('Continuar');
    await shot(carla, `sharing-new-${kind.name}`);
    await carla.page.getByLabel('Su nombre').fill('Carla Díaz');
    await carla.page.getByLabel('Elija un nombre de usuario').fill(`carla-${kind.name}`);
    await carla.page.getByLabel('Elija una contraseña').fill('una frase bastante larga');
    await carla.press('Crear mi cuenta y aceptar');
    await carla.check();
    await carla.press(`Actuar en nombre de ${bo}`);
    equal(new URL(carla.page.url()).pathname, '/record');
    ok(await carla.page.getByText(`Usted actúa en nombre de ${bo}.`).first().isVisible(), 'the line in Spanish');
    await carla.visit('/messages', 404);
    forget(carla, 404);
    nothingWrong(carla);
    await carla.close();
    await patient.visit('/sharing');
    await patient.press('End it now: Carla Díaz');
  });

  await test(`${kind.name}: what was written for somebody outlives the session, and is sent for nobody else`, async () => {
    const password = 'a sentence that is long enough';
    const signIn = async (person, text) => {
      await person.page.context().clearCookies();
      await person.press('Send message');
      ok((await person.page.content()).includes(text), 'the text is kept while signing in');
      await person.page.getByLabel('Sign-in name').fill(`dora-${kind.name}`);
      await person.page.getByLabel('Password').fill(password);
      await person.press('Sign in');
      equal(await heading(person), 'Your text is still here');
      ok(await person.page.getByText(text).isVisible(), 'and after it');
      forget(person, 401); // the browser's own word for the refused form
    };
    const write = async (person, subject, text) => {
      await person.visit('/messages/new');
      await person.page.getByLabel('General').check();
      await person.page.getByLabel('Subject').fill(subject);
      await person.page.getByLabel('Your message').fill(text);
    };
    code = await make(patient, ['Read messages', 'Write messages']);
    const dora = await Person.at(chrome, server.origin, null, kind);
    await dora.visit('/sharing/accept');
    await dora.page.getByLabel('Code').fill(code);
    await dora.press('Go on');
    await dora.page.getByLabel('Your name').fill('Dora Díaz');
    await dora.page.getByLabel('Choose a sign-in name').fill(`dora-${kind.name}`);
    await dora.page.getByLabel('Choose a password').fill(password);
    await dora.press('Make my account and accept');
    await dora.press(`Act for ${bo}`);
    await dora.page.goto(`${server.origin}/messages/terms`);
    await dora.press('I keep to these terms');

    await write(dora, `Kept ${kind.name}`, 'These words outlive the session.');
    await signIn(dora, 'These words outlive the session.');
    ok(await dora.page.getByText(`You are acting for ${bo}.`).first().isVisible(), 'and she acts for the same patient');
    await shot(dora, 'sharing-resume');
    await dora.press('Go on and send it');
    if (await dora.page.getByRole('button', { name: 'Send now' }).count()) await dora.press('Send now');
    await dora.page.goto(`${server.origin}/messages?folder=sent`);
    await dora.page.getByRole('link', { name: `Kept ${kind.name}` }).click();
    await dora.check();
    ok((await dora.page.content()).includes(`Dora Díaz for ${bo}`), 'sent for the patient');

    // somebody else signs in at the same browser: what she wrote is neither shown nor sent in their name
    await write(dora, `Hers ${kind.name}`, 'Only Dora wrote these words.');
    await dora.page.context().clearCookies();
    await dora.press('Send message');
    await dora.page.getByLabel('Sign-in name').fill(`carla-${kind.name}`);
    await dora.page.getByLabel('Password').fill('una frase bastante larga');
    await dora.press('Sign in');
    ok(!(await dora.page.content()).includes('Only Dora wrote these words.'), 'another person sees what she wrote');
    equal(await dora.page.locator('form[action="/messages/new"]').count(), 0);
    forget(dora, 401);
    await dora.page.context().clearCookies();
    await dora.page.goto(`${server.origin}/sign-in`);
    await dora.page.getByLabel('Sign-in name').fill(`dora-${kind.name}`);
    await dora.page.getByLabel('Password').fill(password);
    await dora.press('Sign in');
    await dora.page.goto(`${server.origin}/acting`);
    await dora.press(`Act for ${bo}`);

    await write(dora, `Not sent ${kind.name}`, 'These words belong to nobody now.');
    await patient.visit('/sharing');
    await patient.press('End it now: Dora Díaz');
    await signIn(dora, 'These words belong to nobody now.');
    ok((await dora.page.content()).includes('may no longer act for them'), 'refused with words');
    equal(await dora.page.getByRole('button', { name: 'Go on and send it' }).count(), 0);
    await shot(dora, 'sharing-resume-over');
    await patient.page.goto(`${server.origin}/messages?folder=sent`);
    ok(!(await patient.page.content()).includes(`Not sent ${kind.name}`), 'nothing was sent');
    nothingWrong(dora);
    await dora.close();
  });

  for (const person of [patient, helper, nurse]) {
    await test(`${kind.name}: nothing is wrong on any page`, async () => nothingWrong(person));
    await person.close();
  }
}

await chrome.close();
await server.stop();
finish();
