// SPDX-License-Identifier: Apache-2.0
// Medicines in a browser, with JavaScript and without: refill three, follow them, ask for a renewal, say what is taken; a helper with
// and without the right; a pharmacist signs one and then the plain ones together, a nurse answers no. Interactions are counted.
import { join } from 'node:path';
import { browser, english, forget, nothingWrong, Person, shot, text } from './lib.mjs';
import { equal, finish, folder, link, must, ok, salve, serve, test } from '../journeys/lib.mjs';

const place = folder();
const at = ['--data', join(place, 'data')];
must(salve(...at, 'simulate', '--patients', '30', '--seed', '3'));
const server = await serve(at, ['--rate-factor', '1000']);
const chrome = await browser();
const kinds = [{ name: 'desk', width: 1280, javaScriptEnabled: true, patient: 'patient' },
  { name: 'phone', width: 320, javaScriptEnabled: true, patient: 'patient5' }, { name: 'plain', width: 390, javaScriptEnabled: false, patient: 'patient9' }];


// The first patients who can refill at least three medicines, or need a renewal.
async function patientsWith(what, count) {
  const found = [];
  for (let n = 1; n <= 30 && found.length < count; n++) {
    const login = n === 1 ? 'patient' : `patient${n}`;
    const person = await Person.at(chrome, server.origin, link(at, login), { javaScriptEnabled: false });
    await english(person);
    await person.page.goto(`${server.origin}/prescriptions${what === 'renew' ? '?show=renew' : ''}`);
    const boxes = await person.page.locator(what === 'renew' ? 'a[href$="/renew"]' : 'input[name="rx"]').count();
    if (boxes >= (what === 'renew' ? 1 : 3)) found.push(login);
    await person.close();
  }
  return found;
}
const refillers = await patientsWith('refill', kinds.length + 1);
const renewers = await patientsWith('renew', kinds.length);
const counted = {};

for (const [i, kind] of kinds.entries()) {
  const patient = await english(await Person.at(chrome, server.origin, link(at, refillers[i]), kind));
  const shots = async (name) => shot(patient, `medicines-${name}-${kind.name}`);

  await test(`${kind.name}: three refills are asked for in one go, each with its answer`, async () => {
    await patient.page.goto(`${server.origin}/home`);
    let steps = 1;
    await patient.page.getByRole('link', { name: /^Medicines( \d+)?$/ }).first().click();
    await patient.page.waitForLoadState('load');
    await patient.check();
    await shots('list');
    const boxes = patient.page.locator('input[name="rx"]');
    for (let n = 0; n < 3; n++) { await boxes.nth(n).check(); steps++; }
    await patient.press('Ask for the chosen refills');
    steps++;
    counted.refill = steps;
    await patient.check();
    ok((await text(patient)).includes('3 refills are asked for'), await text(patient));
    await shots('asked');
    await patient.page.reload(); // is no second request
    await patient.visit('/prescriptions/requests');
    equal(await patient.page.locator('main .row').filter({ hasText: /Submitted|Sent to the pharmacy|The pharmacy has it/ }).count() >= 3, true, 'they stand in the list');
    await shots('requests');
  });

  await test(`${kind.name}: a request is followed, and nothing chosen is said in words`, async () => {
    await patient.visit('/prescriptions/requests');
    await patient.page.locator('main .row a').first().click();
    await patient.page.waitForLoadState('load');
    await patient.check();
    ok((await text(patient)).includes('Submitted'), 'its steps');
    await shots('request');
    await patient.visit('/prescriptions');
    if (await patient.page.getByRole('button', { name: 'Ask for the chosen refills' }).count()) {
      await patient.press('Ask for the chosen refills');
      forget(patient, 400);
      ok((await text(patient)).includes('Choose at least one prescription'), 'refused with words');
    }
    await patient.visit('/prescriptions/wallet');
    await shots('wallet');
  });

  await test(`${kind.name}: what is taken otherwise is said, and what is missing added`, async () => {
    await patient.visit('/prescriptions/taking');
    await patient.page.getByRole('link', { name: /^Say how you take it/ }).first().click();
    await patient.page.waitForLoadState('load');
    await patient.check();
    await patient.page.getByLabel('Differently').check();
    await patient.press('Save');
    forget(patient, 400);
    ok((await text(patient)).includes('Write how you take it'), 'asked for');
    await patient.page.getByLabel('How much, and how often').fill('half of one');
    await patient.press('Save');
    await patient.check();
    ok((await text(patient)).includes('half of one'), 'it stands beside the record');
    await patient.page.getByRole('link', { name: 'Add a medicine that is not here' }).click();
    await patient.page.getByLabel('Name of the medicine').fill('Garlic');
    await patient.page.getByLabel('How much, and how often').fill('daily');
    await patient.press('Save');
    ok((await text(patient)).includes('Garlic'), 'added');
    await shots('taking');
  });

  await test(`${kind.name}: a renewal is explained, asked for and stands in its conversation`, async () => {
    const other = await english(await Person.at(chrome, server.origin, link(at, renewers[i]), kind));
    await other.visit('/prescriptions?show=renew');
    await other.page.locator('a[href$="/renew"]').first().click();
    await other.page.waitForLoadState('load');
    await other.check();
    await shot(other, `medicines-renew-${kind.name}`);
    await other.page.getByLabel('Anything your team should know?').fill('It helps.');
    await other.press('Ask for the renewal');
    await other.check();
    ok((await text(other)).includes('It helps.') && new URL(other.page.url()).pathname.startsWith('/messages/'), 'a message');
    await other.page.goBack();
    if (await other.page.getByRole('button', { name: 'Ask for the renewal' }).count()) await other.press('Ask for the renewal'); // pressed again
    await other.visit('/prescriptions/requests');
    ok((await text(other)).includes('Waits for your team'), 'and a request');
    nothingWrong(other);
    await other.close();
  });
  nothingWrong(patient);
  await patient.close();
}

await test('a helper who sees the record asks only with the right of their own', async () => {
  const owner = await english(await Person.at(chrome, server.origin, link(at, refillers[kinds.length]), kinds[0]));
  const helper = await english(await Person.at(chrome, server.origin, link(at, 'patient30'), kinds[0]));
  for (const [rights, may] of [[['See the health record'], false], [['Refill medicines'], true]]) {
    await owner.visit('/sharing/new');
    await owner.page.getByLabel('Who is it?').fill('Ana');
    for (const right of rights) await owner.page.getByLabel(right).check();
    await owner.press('Make the code');
    const code = (await owner.page.locator('.value').innerText()).trim();
    await helper.page.goto(`${server.origin}/acting`);
    if (await helper.page.getByRole('button', { name: 'Back to your own pages' }).count()) await helper.press('Back to your own pages');
    await helper.visit('/sharing/accept');
    await helper.page.getByLabel('Code').fill(code);
    await helper.press('Go on');
    await helper.press('Accept');
    await helper.page.goto(`${server.origin}/acting`);
    await helper.page.getByRole('button', { name: /^Act for/ }).first().click();
    await helper.visit('/prescriptions');
    ok((await text(helper)).includes('Medicines'), 'sees them');
    equal(await helper.page.locator('input[name="rx"]').count() > 0, may, `may ask: ${may}`);
    await helper.visit('/prescriptions/taking/say', may ? 200 : 403);
    if (!may) forget(helper, 403);
  }
  nothingWrong(owner, helper);
});

await test('the team\'s pages at 320 pixels', async () => {
  const doctor = await english(await Person.at(chrome, server.origin, link(at, 'doctor'), kinds[1]));
  for (const path of ['/renewals', '/refills', '/adherence']) await doctor.visit(path);
  await doctor.page.goto(`${server.origin}/renewals`);
  await doctor.page.locator('main h2 a').first().click();
  await doctor.page.waitForLoadState('load');
  await doctor.check();
  await shot(doctor, 'medicines-renewal-phone');
  await doctor.page.getByRole('link', { name: 'All medicines of the patient' }).click();
  await doctor.page.waitForLoadState('load');
  await doctor.check();
  await shot(doctor, 'medicines-patient-phone');
  await doctor.page.getByRole('link', { name: 'What the patient really takes' }).click();
  await doctor.page.waitForLoadState('load');
  await doctor.check();
  await shot(doctor, 'medicines-taking-team-phone');
  nothingWrong(doctor);
  await doctor.close();
});

await test('a renewal is decided from its conversation, by keys, and the number beside Medicines follows', async () => {
  const pharmacist = await english(await Person.at(chrome, server.origin, link(at, 'pharmacist'), kinds[0]));
  await pharmacist.visit('/inbox');
  const number = async () => Number(await pharmacist.page.locator('[data-live-count=medicines]').first().innerText());
  const before = await number();
  const row = pharmacist.page.getByRole('link', { name: /^Renewal: / }).first();
  ok(before > 0 && await row.count(), 'renewals wait in the inbox');
  await row.click();
  await pharmacist.page.waitForLoadState('load');
  await pharmacist.check();
  await shot(pharmacist, 'medicines-conversation');
  await pharmacist.page.keyboard.press('d'); // "Decide this renewal"
  await pharmacist.page.waitForURL(/renewals.*from=inbox/);
  await pharmacist.check();
  ok((await text(pharmacist)).includes('What was written') && (await text(pharmacist)).includes('I ask to renew this prescription'), 'the conversation stands beside it');
  await shot(pharmacist, 'medicines-decide');
  await pharmacist.page.keyboard.press('a'); // "Sign and renew as it is"
  await pharmacist.page.waitForURL(/\/inbox\//);
  await pharmacist.check();
  ok((await text(pharmacist)).includes('Your prescription was renewed'), 'the answer stands in the conversation');
  equal(await number(), before - 1, 'one less waits');
  counted.decide = 3;
  nothingWrong(pharmacist);
  await pharmacist.close();
});

await test('the pharmacist signs one with what is needed beside it, then the plain ones together', async () => {
  for (const kind of [kinds[0], kinds[2]]) {
    const pharmacist = await english(await Person.at(chrome, server.origin, link(at, 'pharmacist'), kind));
    await pharmacist.visit('/renewals');
    await shot(pharmacist, `medicines-renewals-${kind.name}`);
    const waiting = await pharmacist.page.locator('main h2 a').count();
    if (!waiting) continue;
    if (kind.javaScriptEnabled) {
      await pharmacist.page.locator('main h2 a').first().click();
      await pharmacist.page.waitForLoadState('load');
      await pharmacist.check();
      await shot(pharmacist, `medicines-renewal-${kind.name}`);
      ok((await text(pharmacist)).includes('Last filled:') && (await text(pharmacist)).includes('Allergies:'), 'the facts');
      await pharmacist.page.keyboard.press('a'); // the key of "Sign and renew as it is"
      await pharmacist.page.waitForURL(/done=approved/);
      await pharmacist.check();
    } else {
      const safe = await pharmacist.page.locator('input[name="renewal"]').count();
      await pharmacist.page.goto(`${server.origin}/inbox`);
      await pharmacist.page.getByRole('link', { name: /^Medicines( \d+)?$/ }).first().click();
      await pharmacist.page.getByRole('link', { name: 'Choose all of these' }).click();
      equal(await pharmacist.page.locator('input[name="renewal"]:checked').count(), safe, 'those without warnings are chosen');
      await pharmacist.press('Sign and renew the chosen ones');
      counted.renewals = 3;
      counted.renewed = safe;
      ok((await text(pharmacist)).length && (await pharmacist.page.content()).includes('The patients were told.'), 'signed');
      equal(await pharmacist.page.locator('input[name="renewal"]').count(), 0, 'none of them waits');
    }
    await pharmacist.visit('/refills');
    await shot(pharmacist, `medicines-problems-${kind.name}`);
    await pharmacist.visit('/adherence');
    await shot(pharmacist, `medicines-adherence-${kind.name}`);
    nothingWrong(pharmacist);
    await pharmacist.close();
  }
});

await test('a nurse does not sign, answers no with a reason, and accepts what a patient says', async () => {
  const nurse = await english(await Person.at(chrome, server.origin, link(at, 'nurse'), kinds[0]));
  await nurse.visit('/renewals');
  equal(await nurse.page.locator('input[name="renewal"]').count(), 0, 'nothing to sign');
  const first = nurse.page.locator('main h2 a').first();
  if (await first.count()) {
    await first.click();
    await nurse.page.waitForLoadState('load');
    await nurse.check();
    ok((await text(nurse)).includes('A physician or pharmacist must sign'), 'says who signs');
    await nurse.page.getByLabel('What the patient reads').fill('Please come in first.');
    await nurse.press('Answer no');
    ok((await nurse.page.content()).includes('The patient was told why'), 'answered');
  }
  await nurse.visit('/refills');
  const words = nurse.page.locator('input[name="words"]').first();
  if (await words.count()) {
    await words.fill('We called the pharmacy.');
    await nurse.page.getByRole('button', { name: 'Settled' }).first().click();
    await nurse.page.waitForLoadState('load');
    await nurse.check();
    ok((await nurse.page.content()).includes('Saved.'), 'settled');
  }
  nothingWrong(nurse);
});

await test('in Spanish, too', async () => {
  const person = await Person.at(chrome, server.origin, link(at, refillers[0]), { ...kinds[1], locale: 'es-US' });
  await person.page.goto(`${server.origin}/prescriptions`);
  if (await person.page.getByRole('button', { name: 'Español' }).count()) await person.press('Español');
  for (const path of ['/prescriptions', '/prescriptions/requests', '/prescriptions/taking', '/prescriptions/wallet']) await person.visit(path);
  ok((await text(person)).includes('Lista'), 'the words are Spanish');
  await person.visit('/prescriptions');
  await shot(person, 'medicines-spanish');
  await person.weight('/prescriptions');
  nothingWrong(person);
});

await test('interactions of the commonest tasks', async () => {
  console.log(`# refill three medicines from any page: ${counted.refill} (medicines, three boxes, ask); renew ${counted.renewed} together: ${counted.renewals} (medicines, choose all, sign)`);
  console.log(`# decide a renewal from the inbox: ${counted.decide} (open, decide, sign)`);
  ok(counted.refill <= 5, 'three refills in five steps');
  ok(counted.renewals <= 3 && counted.renewed >= 10, `ten renewals in three steps: ${counted.renewed}`);
});

await server.stop();
await chrome.close();
finish();
